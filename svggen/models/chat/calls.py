"""Several calls at once, within a time.

Contract. ``together`` and ``atogether`` make ``count`` calls, at most ``at_once`` of them side by side, and give what
each returned, the exception it raised, or ``LATE`` for those that the time did not suffice for. They return when the
time is over, whatever the calls do: a server that hangs is left to its own timeout, in a thread that keeps no program
from ending. The caller's context (LangSmith's traces, LangGraph's callbacks) goes along.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

__all__ = ["LATE", "atogether", "together"]


class _Late:
    def __repr__(self) -> str:
        return "LATE"


LATE: Final = _Late()


def together(call: Callable[[int], Any], count: int, *, seconds: float, at_once: int) -> list[Any]:
    """call: is given 0, 1, 2 ... and may be called from any thread."""
    found: list[Any] = [LATE] * count
    left = list(range(count - 1, -1, -1))
    until = time.monotonic() + seconds
    done = threading.Semaphore(0)

    def work() -> None:
        while time.monotonic() < until:
            try:
                at = left.pop()
            except IndexError:
                return
            try:
                found[at] = call(at)
            except BaseException as error:
                found[at] = error
            done.release()

    for _ in range(max(1, min(at_once, count))):
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), name="mnemicon-chat", daemon=True).start()
    for _ in range(count):
        if not done.acquire(timeout=max(0.0, until - time.monotonic())):
            break
    return list(found)


async def atogether(
    call: Callable[[int], Awaitable[Any]], count: int, *, seconds: float, at_once: int
) -> list[Any]:  # fmt: skip
    """The same for coroutines; those that are late are cancelled."""
    gate = asyncio.Semaphore(max(1, at_once))

    async def one(at: int) -> Any:
        async with gate:
            return await call(at)

    tasks = [asyncio.ensure_future(one(at)) for at in range(count)]
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=max(0.0, seconds))
    finally:
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    return [_outcome(task) for task in tasks]


def _outcome(task: asyncio.Task[Any]) -> Any:
    if task.cancelled():
        return LATE
    return task.exception() or task.result()
