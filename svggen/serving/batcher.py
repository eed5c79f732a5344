"""The queue: requests of all callers wait here, and each replica takes as many of them as it draws together.

Contract. ``place()`` reserves a place or raises ``QueueFull`` with the seconds after which it may be worth asking
again; ``submit(place, request)`` gives a ``Job``, whose ``future`` gets the drafts. A job waits for companions at most
``max_wait`` seconds from its arrival, and not at all while another replica is idle. A job that was cancelled before its
turn is never drawn; one that has waited for longer than its own budget ends in ``WaitedTooLong``. All of this runs on
one event loop; the replicas draw in threads, one each.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from svggen.errors import ModelError
from svggen.models.base import Draft, DrawRequest
from svggen.serving.options import Options
from svggen.serving.replicas import Answer, Replica

__all__ = ["Batcher", "Job", "Place", "QueueFull", "WaitedTooLong"]


class QueueFull(Exception):
    """No place is free; retry_after: seconds, at least 1."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"the queue is full; try again in {retry_after} s")


class WaitedTooLong(Exception):
    """The request's budget was over before its turn came."""


@dataclass(eq=False)
class Place:
    """A place in the queue, held from before the body is read until the drawing begins."""

    _batcher: Batcher
    _held: bool = True

    def free(self) -> None:
        """May be called twice."""
        if self._held:
            self._held = False
            self._batcher.waiting -= 1


@dataclass(eq=False)
class Job:
    """One request on its way. started: done when it is being drawn; batch: how many are drawn together with it."""

    request: DrawRequest
    place: Place
    arrived: float
    future: asyncio.Future[list[Draft]]
    started: asyncio.Future[None]
    batch: int = 0
    waited: float = 0.0


class Batcher:
    """See the head of this file. on_batch: told the size of each batch when it begins."""

    def __init__(self, replicas: Sequence[Replica], options: Options, on_batch: Callable[[int], None]) -> None:
        self.replicas, self.options = list(replicas), options
        self.waiting = self.running = 0
        self._on_batch = on_batch
        self._queue: asyncio.Queue[Job] = asyncio.Queue()
        self._idle = 0
        self._seconds = 1.0  # a drawing takes, on the average
        self._threads = [ThreadPoolExecutor(1, f"replica-{i}") for i in range(len(self.replicas))]
        self._tasks: list[asyncio.Task[None]] = []

    async def load(self) -> None:
        """Load every replica, side by side; the first ModelError is raised when all have come to an end."""
        loop = asyncio.get_running_loop()
        loads = [loop.run_in_executor(t, r.load) for r, t in zip(self.replicas, self._threads, strict=True)]
        failed = [e for e in await asyncio.gather(*loads, return_exceptions=True) if isinstance(e, BaseException)]
        if failed:
            raise failed[0]
        pairs = zip(self.replicas, self._threads, strict=True)
        self._tasks = [loop.create_task(self._work(r, t), name=f"replica-{r.name}") for r, t in pairs]

    async def close(self, *, wait: bool = True) -> None:
        """Ends the workers; whoever still waits is cancelled. wait: for what is being drawn; else its thread is left to
        itself. May be called twice."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while not self._queue.empty():
            self._queue.get_nowait().future.cancel()
        loop, threads, self._threads = asyncio.get_running_loop(), self._threads, []
        for replica, thread in zip(self.replicas, threads, strict=False):
            if wait:
                await loop.run_in_executor(thread, replica.close)
            thread.shutdown(wait=False)

    def place(self) -> Place:
        if self.waiting >= self.options.max_queue:
            ahead = self.waiting / len(self.replicas)
            raise QueueFull(max(1, min(60, math.ceil(ahead * self._seconds))))
        self.waiting += 1
        return Place(self)

    def submit(self, place: Place, request: DrawRequest) -> Job:
        loop = asyncio.get_running_loop()
        job = Job(request, place, time.monotonic(), loop.create_future(), loop.create_future())
        self._queue.put_nowait(job)
        return job

    # ---------------------------------------------------------------------------------------------------- the workers

    async def _work(self, replica: Replica, thread: ThreadPoolExecutor) -> None:
        while True:
            batch = [job for job in await self._collect(replica) if self._due(job)]
            if not batch:
                continue
            began = time.monotonic()
            for job in batch:
                job.batch, job.waited = len(batch), began - job.arrived
                job.place.free()
                job.started.set_result(None)
            self._on_batch(len(batch))
            self.running += len(batch)
            try:
                requests = [job.request for job in batch]
                answers = await asyncio.get_running_loop().run_in_executor(thread, replica.draw, requests)
            except Exception as error:  # a replica that breaks its promise: told to its callers, and the queue goes on
                answers = [error] * len(batch)
            finally:
                self.running -= len(batch)
            self._seconds += 0.2 * ((time.monotonic() - began) / len(batch) - self._seconds)
            for job, answer in zip(batch, answers, strict=True):
                _settle(job, answer)

    async def _collect(self, replica: Replica) -> list[Job]:
        """At least one job, and those that come in time to go with it."""
        self._idle += 1
        try:
            first = await self._queue.get()
        finally:
            self._idle -= 1
        batch = [first]
        most = self.options.max_batch if replica.batches else 1
        until = first.arrived + self.options.max_wait
        while len(batch) < most and not self._idle:
            if self._queue.empty():
                left = until - time.monotonic()
                if left <= 0:
                    break
                try:
                    async with asyncio.timeout(left):
                        batch.append(await self._queue.get())
                except TimeoutError:
                    break
            else:
                batch.append(self._queue.get_nowait())
        return batch

    def _due(self, job: Job) -> bool:
        """Is it still wanted?"""
        if not job.future.done() and time.monotonic() - job.arrived > max(1.0, job.request.budget.seconds):
            job.future.set_exception(WaitedTooLong())
        if job.future.done():
            job.place.free()
            return False
        return True


def _settle(job: Job, answer: Answer) -> None:
    if job.future.done():  # its caller has gone meanwhile
        return
    if isinstance(answer, Exception):
        job.future.set_exception(answer if isinstance(answer, ModelError) else _plain(answer))
    else:
        job.future.set_result(answer)


def _plain(error: Exception) -> Exception:
    """An exception that a future takes: asyncio refuses StopIteration."""
    return error if not isinstance(error, StopIteration) else RuntimeError("the model raised StopIteration")
