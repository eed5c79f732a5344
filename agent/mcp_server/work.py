"""The threads that the server's calls are worked on in, and what becomes of a call that nobody waits for any more.

Contract. At most ``WORKERS`` calls run, ``WAITING`` wait, one more is ``Busy``. A call that is cancelled while it waits
is never begun; one that runs is told at its next stage (``Abandoned`` out of its progress), which is before anything is
kept. When the server ends, all of them are, and have ``LAST_WORDS`` seconds to stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import anyio

from agent.errors import AgentError

__all__ = ["Abandoned", "Busy", "Work"]

WORKERS = 4
"""Calls that are worked on at a time; a drawing itself uses two cores."""
WAITING = 32
"""Calls that may wait for one of them."""
LAST_WORDS = 5.0
"""Seconds."""

Json = dict[str, Any]
T = TypeVar("T")


class Abandoned(Exception):
    """Raised in the thread of a call that nobody waits for any more."""


class Busy(AgentError):
    """Too many calls wait already."""


class Work:
    """See the head of this file."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._calls: set[threading.Event] = set()

    def begin(self) -> None:
        """What is slow is loaded at once: a host starts its servers long before it calls them."""
        from agent.parts import warm

        warm()
        threading.Thread(target=_warm_graph, name="mnemicon-warm-graph", daemon=True).start()

    async def end(self) -> None:
        """Nobody waits for what is still being drawn."""
        for gone in self._calls:
            gone.set()
        pool, self._pool = self._pool, None
        if pool is not None:
            ender = threading.Thread(target=pool.shutdown, kwargs={"cancel_futures": True}, daemon=True)
            ender.start()
            with anyio.CancelScope(shield=True):  # the server may be ended by a cancellation
                await asyncio.to_thread(ender.join, LAST_WORDS)

    async def run(self, door: Callable[[Callable[[Json], None]], T], tell: Callable[[int, Json], Awaitable[None]]) -> T:
        """What the door gives. Its stages are told while it works, numbered from 1; who asked may have gone."""
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Json | None] = asyncio.Queue()
        gone = threading.Event()

        def step(event: Json) -> None:
            if gone.is_set():
                raise Abandoned
            loop.call_soon_threadsafe(events.put_nowait, event)

        async def telling() -> None:
            count = 0
            while (event := await events.get()) is not None:
                count += 1
                with contextlib.suppress(Exception):
                    await tell(count, event)

        teller = asyncio.create_task(telling())
        try:
            answer = await self.aside(lambda: door(step), gone)
            events.put_nowait(None)
            await teller
            return answer
        finally:
            teller.cancel()

    async def aside(self, door: Callable[[], T], gone: threading.Event | None = None) -> T:
        """What the door gives, worked on in a thread of ours."""
        gone = gone or threading.Event()
        if len(self._calls) >= WORKERS + WAITING:
            raise Busy("the server is busy with other calls: try again in a few seconds")
        if self._pool is None:
            self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="mnemicon-mcp")
        future = self._pool.submit(door)
        self._calls.add(gone)
        future.add_done_callback(lambda _: self._calls.discard(gone))
        try:
            return await asyncio.wrap_future(future)
        finally:
            gone.set()


def _warm_graph() -> None:
    from agent.graph import compiled

    compiled()
