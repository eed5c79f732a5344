"""The studio: what all pages of one server share. One user, one home; conversations, memory, downloads.

Contract. Lives on the server's event loop; everything that blocks is done by ``work`` in a few threads. Errors of what
it calls pass through (TenantError for a name, MemoryError_ where memory cannot be used). Nothing here knows of NiceGUI.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from agent.session import Session, session_names
from agent.ui.live import Live
from memory.paths import check_tenant
from memory.records import Tenant

if TYPE_CHECKING:
    from agent.drawings import Drawings
    from agent.parts import Parts
    from agent.state import Json
    from agent.ui.importing import Import
    from memory.memory import Memory
    from memory.records import Exemplar
    from svggen.models.base import SvgModel

__all__ = ["Download", "Studio"]

T = TypeVar("T")
THREADS = 4
WAIT = 5.0
"""Seconds that a message waits for another program that holds the same session."""
FRESH = 120.0
"""Seconds that the list of the user's icons is kept."""
KEPT = 600.0
"""Seconds that a download and a picture that was put down are kept."""


@dataclass(frozen=True)
class Download:
    """A file that waits to be fetched."""

    name: str
    media: str
    data: bytes
    at: float


class Studio:
    """See the head of this file. model, n, rounds, seconds, seed: as for ``agent.session.Session``."""

    def __init__(
        self, parts: Parts, *, user: str = "default", project: str | None = None, model: SvgModel | str | None = None,
        n: int = 4, rounds: int = 2, seconds: float = 20.0, seed: int = 0, wait: float = WAIT,
    ) -> None:  # fmt: skip
        self.tenant = check_tenant(Tenant(user, project))
        self.parts, self.n, self.seed = parts, n, seed
        self._model = model
        self._options: dict[str, Any] = {"n": n, "rounds": rounds, "seconds": seconds, "seed": seed, "wait": wait}
        self._pool = ThreadPoolExecutor(THREADS, "mnemicon-ui")
        self._lives: dict[str, Live] = {}
        self._downloads: dict[str, Download] = {}
        self._pictures: dict[str, tuple[bytes, float]] = {}
        self.imports: dict[str, Import] = {}
        self._listeners: list[Callable[[str], None]] = []
        self._icons: tuple[list[Exemplar] | None, float] = (None, 0.0)

    def listen(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Is told what changed: "memory", "sessions", "import". Gives what ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def tell(self, what: str) -> None:
        if what == "memory":
            self._icons = (None, 0.0)
        for listener in list(self._listeners):
            listener(what)

    async def work(self, task: Callable[[], T]) -> T:
        """What blocks, in a thread of the studio's own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, task)

    def close(self) -> None:
        """Waits for nothing: a turn that is cut off goes on when its conversation is opened again."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ---------------------------------------------------------------------------------------------------- conversations

    def live(self, name: str) -> Live:
        """The conversation of that name; TenantError for a name that is not allowed."""
        check_tenant(Tenant(self.tenant.user, self.tenant.project, name))
        found = self._lives.get(name)
        if found is None:
            found = self._lives[name] = Live(self, name)
        return found

    def session(self, name: str, *, model: Any = None) -> Session:
        """A handle on the kept conversation; the model is the studio's own where none is handed over."""
        user, project = self.tenant.user, self.tenant.project
        chosen = self._model if model is None else model
        return Session(name, user=user, project=project, parts=self.parts, model=chosen, **self._options)

    def model(self, *, image: bool) -> SvgModel:
        return self.parts.model(self._model, image=image)

    def sessions(self) -> list[Json]:
        """The kept conversations, the last used first (blocks)."""
        return session_names(self.tenant.user, home=self.parts.home)

    async def delete(self, name: str) -> None:
        """The conversation is gone for good; SessionBusy while a message of it is being answered."""
        from agent.errors import SessionBusy

        live = self._lives.get(name)
        if live is not None and live.pending is not None:
            raise SessionBusy(f"a message of {name!r} is being answered: delete it when that is done")
        await self.work(self.session(name).delete)
        self._lives.pop(name, None)
        self.tell("sessions")

    # ---------------------------------------------------------------------------------------------- memory and drawings

    def memory(self) -> Memory:
        """MemoryUnavailable where it cannot be opened."""
        from memory.errors import MemoryUnavailable

        found = self.parts.memory()
        if found is None:
            raise MemoryUnavailable(self.parts.trouble or "there is no memory here")
        return found

    def icons(self) -> list[Exemplar]:
        """The user's own, newest first (blocks: every drawing is read through svggen.safety). Kept until something of
        memory has changed here, and at most ``FRESH`` seconds, for what other programs change."""
        kept, at = self._icons
        if kept is None or time.monotonic() - at > FRESH:
            kept = list(self.memory().exemplars(self.tenant))[::-1]
            self._icons = (kept, time.monotonic())
        return kept

    @property
    def drawings(self) -> Drawings:
        return self.parts.drawings(self.tenant.user)

    # ----------------------------------------------------------------------------------------------- what is in passing

    def offer(self, name: str, media: str, data: bytes) -> str:
        """Keeps a file to be fetched; gives its address."""
        self._sweep()
        key = secrets.token_urlsafe(24)
        self._downloads[key] = Download(name, media, data, time.monotonic())
        return f"/ui/get/{key}"

    def fetch(self, key: str) -> Download | None:
        self._sweep()
        return self._downloads.get(key)

    def put_down(self, picture: bytes) -> str:
        """Keeps a picture until the message comes that it belongs to; gives its key."""
        self._sweep()
        key = secrets.token_urlsafe(24)
        self._pictures[key] = (picture, time.monotonic())
        return key

    def pick_up(self, key: str) -> bytes | None:
        found = self._pictures.get(key)
        return found[0] if found else None

    def _sweep(self) -> None:
        old = time.monotonic() - KEPT
        self._downloads = {k: d for k, d in self._downloads.items() if d.at > old}
        self._pictures = {k: p for k, p in self._pictures.items() if p[1] > old}
