"""The parts of a running Mnemicon: opened once for each home, shared by every call of the process.

Contract. ``open_parts`` costs nothing before something is used. What is slow begins at once and side by side: the
render worker's process first (its imports run on the second core), the embedder's weights in a thread, while this
thread imports the graph.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.drawings import Drawings
from agent.seams import active, part
from agent.state import IconContext
from memory.paths import check_user

if TYPE_CHECKING:
    from agent.llm import Llm
    from agent.settings import Settings
    from memory.memory import Memory
    from svggen.models.base import SvgModel


def chosen_model(name: str | None, default: str, *, image: bool) -> str:
    """The name of the model that draws. A model that was asked for draws; where none was asked for, or "auto", a
    picture is traced, and words are left to the library, with IconLM for what it does not know."""
    asked = name or default
    return "trace" if asked == "auto" and image else asked


@dataclass
class Parts:
    """What is open of one home. ``memory`` given from outside is used as it is, for every user."""

    settings: Settings
    given_memory: Memory | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _memory: Memory | None = None
    trouble: str = ""
    _models: dict[str, SvgModel] = field(default_factory=dict)
    _llm: Llm | None = None

    @property
    def home(self) -> Path:
        return self.settings.home

    @part("memory")
    def memory(self) -> Memory | None:
        """The memory of this home; None where it cannot be opened (``trouble`` says why; the next call tries again)."""
        if self.given_memory is not None:
            return self.given_memory
        from memory.errors import MemoryError_
        from memory.memory import open_memory

        with self._lock:
            if self._memory is None:
                try:
                    self._memory = open_memory(
                        self.home,
                        qdrant_url=self.settings.qdrant_url,
                        qdrant_api_key=self.settings.qdrant_api_key,
                        embedder=self._embedder(),
                    )
                    self.trouble = ""
                except MemoryError_ as error:
                    self.trouble = f"memory is not available, drawing without it: {error}"
            return self._memory

    def _embedder(self) -> Any:
        if self.settings.embedder is None:
            return None  # the one that ships
        from memory.embedding import embedder

        return embedder(self.settings.embedder)

    @part("model")
    def model(self, model: SvgModel | str | None, *, image: bool = False) -> SvgModel:
        """By name (the settings' where None; see ``chosen_model``), kept for the process; a model that is handed over
        is used as it is. image: there is a picture to draw from."""
        if model is not None and not isinstance(model, str):
            return model
        name = chosen_model(model, self.settings.model, image=image)
        with self._lock:
            if name not in self._models:
                from svggen.models import get_model

                self._models[name] = get_model(name)
            return self._models[name]

    @part("llm")
    def llm(self) -> Llm | None:
        """The language model of the settings, kept for the process; opened when it is first asked. None where none is
        configured."""
        if self.settings.llm is None:
            return None
        from agent.llm import open_llm

        with self._lock:
            if self._llm is None:
                self._llm = open_llm(self.settings.llm, seconds=self.settings.llm_seconds)
            return self._llm

    @part("drawings")
    def drawings(self, user: str) -> Drawings:
        return Drawings(self.home, check_user(user))

    def context(self, user: str, **options: Any) -> IconContext:
        """An IconContext with this home's memory, drawings and language model in it."""
        shared = {"drawings": self.drawings(user), "llm": self.llm(), "vision": self.settings.vision}
        return IconContext(user=user, memory=self.memory(), **{**shared, **options})

    def close(self) -> None:
        with self._lock:
            if self._memory is not None:
                self._memory.close()
                self._memory = None


_parts: dict[Path, Parts] = {}
_guard = threading.Lock()


def open_parts(home: Path | str | None = None, *, memory: Memory | None = None) -> Parts:
    """The parts of a home (that of the settings where None), the same object for every call; in a replay the
    replay's."""
    from agent.settings import load

    tape = active()
    of_replay = tape.parts(home) if tape is not None else None
    if of_replay is not None:
        return of_replay
    settings = load(home=home)
    if memory is not None:
        return Parts(settings, memory)
    with _guard:
        found = _parts.get(settings.home)
        if found is None or found.settings != settings:
            if found is not None:
                found.close()
            found = _parts[settings.home] = Parts(settings)
        return found


def close_parts() -> None:
    """Close every home that this process has opened."""
    with _guard:
        for found in _parts.values():
            found.close()
        _parts.clear()


def warm() -> None:
    """Begin what is slow: the render worker in its own process, the embedder and the library in a thread."""
    from svggen.render import warm as warm_renderer

    warm_renderer()
    threading.Thread(target=_warm_memory, name="mnemicon-warm", daemon=True).start()


def _warm_memory() -> None:
    from memory.errors import EmbedderError, LibraryError

    with suppress(EmbedderError, LibraryError):  # whoever needs them will be told
        from memory.embedding import default_embedder
        from memory.library import open_library

        default_embedder().embed(["icon"])
        open_library()
