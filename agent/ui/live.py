"""A conversation that is open on the server: its turns are drawn here, whoever looks on.

Contract. A ``Live`` belongs to the server's event loop; what blocks is done in the studio's threads. A message runs to
its end whether or not a page is there to see it: a page that is opened again finds the progress, the drafts so far or
the result. Whoever shows it listens, and is told "progress" (stages, drafts) or "state" (everything else). What fails
is kept with its text and its reason until the next message. Nothing here knows of NiceGUI.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from agent.errors import SessionBusy
from agent.session import STALE
from svggen.icon import serialise

if TYPE_CHECKING:
    from agent.history import Turn
    from agent.state import Json
    from agent.ui.studio import Studio
    from svggen.models.base import Draft, DrawRequest, SvgModel

__all__ = ["Failed", "Live", "Pending", "Watched"]

Listener: TypeAlias = Callable[[str], None]
SHOWN_DRAFTS = 16
"""Drafts that are shown while the critic has not looked yet."""


class Watched:
    """A model that tells what it has drawn, before the critic looks at it."""

    def __init__(self, model: SvgModel, tell: Callable[[list[str]], None]) -> None:
        self._model, self._tell = model, tell
        self.name, self.revision = model.name, model.revision

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, request: DrawRequest) -> list[Draft]:
        drafts = self._model.generate(request)
        self._tell([serialise(draft.icon) for draft in drafts if draft.icon is not None])
        return drafts

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)


@dataclass
class Pending:
    """A message that is being answered. by: the page that sent it. stages: (stage, message), in order, each once.
    drafts: SVG texts in the order in which they were drawn."""

    text: str
    picture: bool = False
    by: object = None
    since: float = field(default_factory=time.monotonic)
    stages: list[tuple[str, str]] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Failed:
    """A message that was not answered: what it said, and why not."""

    text: str
    reason: str
    hint: str = ""
    picture: bytes | None = None
    edit: str | None = None


class Live:
    """See the head of this file. shown: what ``Session.send`` gave last, None before the first message."""

    def __init__(self, studio: Studio, name: str) -> None:
        self.studio, self.name = studio, name
        self.shown: Json | None = None
        self.turns: list[Turn] = []
        self.pending: Pending | None = None
        self.failed: Failed | None = None
        self.loaded = False
        self.last_by: object = None
        self._cut_off = False  # the last message failed in the middle: the session holds what is left of it
        self._listeners: list[Listener] = []
        self._task: asyncio.Task[None] | None = None

    # ------------------------------------------------------------------------------------------------------ who looks

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Gives what ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def _tell(self, what: str) -> None:
        for listener in list(self._listeners):
            listener(what)

    # --------------------------------------------------------------------------------------------------------- messages

    def open(self) -> None:
        """Reads what was said so far, once; a turn that was cut off is gone on with. Returns at once."""
        if not self.loaded and self._task is None:
            self._task = asyncio.create_task(self._load())

    def refresh(self) -> None:
        """Reads it again, where another program may have gone on with the conversation."""
        if self.pending is None and self._task is None:
            self._task = asyncio.create_task(self._load())

    def send(
        self, text: str, *, picture: bytes | None = None, edit: str | None = None, seen: int | None = None,
        by: object = None,
    ) -> str:  # fmt: skip
        """Begins to answer a message; "" or why it cannot be begun (the text is then still the sender's)."""
        if self.pending is not None:
            return "Another message is being answered: yours is kept until that is done."
        self._begin(Pending(text, picture is not None, by), picture, edit, seen)
        return ""

    def try_again(self, *, by: object = None) -> str:
        """The message that failed: from where it failed, where it had begun. "" or why not."""
        if self.pending is not None or self.failed is None:
            return "There is nothing to try again."
        failed = self.failed
        self._begin(Pending(failed.text, failed.picture is not None, by), failed.picture, failed.edit, None, again=True)
        return ""

    def dismiss(self) -> None:
        """The failure has been read."""
        if self.failed is not None:
            self.failed = None
            self._tell("state")

    async def settled(self) -> None:
        """Waits until nothing is being answered or read."""
        while self._task is not None:
            await asyncio.wait([self._task])
            await asyncio.sleep(0)

    # ------------------------------------------------------------------------------------------------------- inner part

    def _begin(
        self, pending: Pending, picture: bytes | None, edit: str | None, seen: int | None, *, again: bool = False
    ) -> None:
        self.pending, self.failed, before = pending, None, self._task
        self._task = asyncio.create_task(self._answer(pending, picture, edit, seen, before, again))
        self._tell("state")

    async def _load(self) -> None:
        session = self.studio.session(self.name)
        progress = self._progress(asyncio.get_running_loop(), "(the message that had been cut off)")

        def read() -> tuple[Json | None, list[Turn]]:
            shown = session.finish(progress) or session.now()
            return shown, session.turns()

        try:
            self.shown, self.turns = await self.studio.work(read)
            self.failed = None
        except Exception as error:
            self.failed = self._failure("", error)
        self._done()

    async def _answer(
        self, pending: Pending, picture: bytes | None, edit: str | None, seen: int | None,
        before: asyncio.Task[None] | None, again: bool,
    ) -> None:  # fmt: skip
        if before is not None:
            await asyncio.wait([before])
        loop = asyncio.get_running_loop()
        progress = self._progress(loop, pending.text)

        def drew(svgs: list[str]) -> None:
            loop.call_soon_threadsafe(self._drew, pending, svgs)

        def answer() -> tuple[Json, list[Turn]]:
            nonlocal seen
            if self._cut_off:
                done = self.studio.session(self.name).finish(progress)
                self._cut_off = False
                if done is not None and again:
                    return done, self.studio.session(self.name).turns()
                seen = done["turn"] if done is not None and seen is not None else seen
            model = Watched(self.studio.model(image=picture is not None), drew)
            session = self.studio.session(self.name, model=model)
            shown, values = session.run(pending.text, image=picture, edit=edit, seen=seen, progress=progress)
            return shown, list(values.get("turns") or ())

        try:
            shown, self.turns = await self.studio.work(answer)
            self.shown, self.last_by = shown, pending.by
            if shown.get("asks") == STALE:
                self.shown = {**shown, "asks": None}
                self.failed = Failed(pending.text, STALE, picture=picture, edit=edit)
        except Exception as error:
            self.failed = self._failure(pending.text, error, picture, edit)
            self._cut_off = not isinstance(error, SessionBusy)
        self._done()

    def _done(self) -> None:
        """A message that came while the conversation was being read is still to be answered then."""
        if self._task is asyncio.current_task():
            self.pending, self._task = None, None
        self.loaded = True
        self._tell("state")

    def _failure(self, text: str, error: Exception, picture: bytes | None = None, edit: str | None = None) -> Failed:
        from agent.cli.errors import explain

        outcome = explain(error)
        return Failed(text, outcome.message, outcome.hint, picture, edit)

    def _progress(self, loop: asyncio.AbstractEventLoop, text: str) -> Callable[[Json], None]:
        """For the drawing thread; the event loop writes it down."""

        def progress(event: Json) -> None:
            loop.call_soon_threadsafe(self._stage, text, str(event["stage"]), str(event["message"]))

        return progress

    def _stage(self, text: str, stage: str, message: str) -> None:
        if self._task is None:
            return  # a straggler of a turn that has ended
        if self.pending is None:
            self.pending = Pending(text)
            self._tell("state")
        stages = self.pending.stages
        if not stages or stages[-1] != (stage, message):
            stages.append((stage, message))
            self._tell("progress")

    def _drew(self, pending: Pending, svgs: list[str]) -> None:
        if self.pending is pending:
            pending.drafts = list(dict.fromkeys([*pending.drafts, *svgs]))[:SHOWN_DRAFTS]
            self._tell("progress")
