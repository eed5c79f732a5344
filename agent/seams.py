"""Where a recording or a replay stands between the agent and what it asks: memory, models, judge, clock.

Contract. ``active()`` is the tape of this context, else that of the process; None, and nothing else happens, where
neither is there. ``taped`` puts a function behind it, ``part`` a method of ``agent.parts.Parts``. Importing this loads
nothing. What a tape does is its own: ``agent.replay``.

A context's tape is a context variable: LangGraph's nodes, ``asyncio.to_thread`` and our own threads carry it. A thread
that carries no context (an executor of the host's) finds the tape of the process: the outermost recording or replay
that is open, or the recording that ``MNEMICON_RECORD`` in the environment asks for.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from pathlib import Path

    from agent.drawings import Drawings
    from agent.llm import Llm
    from agent.parts import Parts
    from memory.memory import Memory
    from svggen.models.base import SvgModel

__all__ = ["RECORD", "Tape", "active", "now", "part", "quiet", "recorded", "taped", "using"]

P = ParamSpec("P")
R = TypeVar("R")

RECORD = "MNEMICON_RECORD"
"""Names the bundle that every process of ours is recorded into."""


class Tape(Protocol):
    """A recording, or a replay. ``real`` is what would be without it."""

    def call(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any: ...

    def parts(self, home: Path | str | None) -> Parts | None: ...

    def memory(self, parts: Parts, real: Callable[[], Memory | None]) -> Memory | None: ...

    def model(
        self, parts: Parts, real: Callable[[], SvgModel], model: SvgModel | str | None, *, image: bool = False
    ) -> SvgModel: ...

    def llm(self, parts: Parts, real: Callable[[], Llm | None]) -> Llm | None: ...

    def drawings(self, parts: Parts, real: Callable[[], Drawings], user: str) -> Drawings: ...

    def now(self) -> datetime: ...


_here: ContextVar[Tape | None] = ContextVar("mnemicon_tape", default=None)
_quiet: ContextVar[bool] = ContextVar("mnemicon_quiet", default=False)
_everywhere: list[Tape] = []
_lock = threading.Lock()


def active() -> Tape | None:
    if _quiet.get():
        return None
    found = _here.get()
    if found is not None:
        return found
    if _everywhere:
        return _everywhere[0]
    return _of_process() if os.environ.get(RECORD) else None


def _of_process() -> Tape:
    from agent.replay.joining import recorder_of_process

    return recorder_of_process(os.environ[RECORD])


@contextmanager
def using(tape: Tape) -> Iterator[None]:
    """The tape of this context, and where none is open yet of the threads without one."""
    with _lock:
        first = not _everywhere
        if first:
            _everywhere.append(tape)
    token = _here.set(tape)
    try:
        yield
    finally:
        _here.reset(token)
        if first:
            with _lock:
                _everywhere.remove(tape)


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing in here is recorded or replayed."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def now() -> datetime:
    """The time in UTC; of a recorded call, or of its replay, the time at which it was called."""
    tape = active()
    return datetime.now(UTC) if tape is None else tape.now()


def recorded(memory: Memory, home: Path) -> Memory:
    """A memory that was opened without ``Parts``, recorded where a recording is under way."""
    tape = active()
    around = getattr(tape, "around", None)
    return memory if around is None else cast("Memory", around(memory, home))


def taped(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function that a tape calls in our place. name: of its entry in ``agent.replay.calls``, or in ``…functions``
    for one that only asks something."""

    def around(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def inner(*arguments: P.args, **options: P.kwargs) -> R:
            tape = active()
            if tape is None:
                return function(*arguments, **options)
            return cast(R, tape.call(name, function, arguments, dict(options)))

        return inner

    return around


def part(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A method of Parts that a tape answers by its method of that name."""

    def around(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def inner(*arguments: P.args, **options: P.kwargs) -> R:
            tape = active()
            if tape is None:
                return method(*arguments, **options)
            parts, *given = arguments
            real = partial(cast(Any, method), parts, *given, **options)
            return cast(R, getattr(tape, name)(parts, real, *given, **options))

        return inner

    return around
