"""A server's life: loading, ready, draining, closed; and what happens to one request in it.

Contract. ``start()`` begins to load and returns; ``state`` says how far it is, ``trouble`` why it failed. ``ticket()``
admits a request or raises ``Refusal``; ``drain()`` lets nobody in any more and returns when the last has been answered
or, where ``drain_seconds`` are over or somebody is in a ``hurry``, been refused. Every request is counted and logged
once, by ``Ticket.close``: its id, outcome and times, never what it asks.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Sequence
from typing import Literal, TypeAlias

from svggen.models.base import Draft
from svggen.serving.batcher import Batcher, Job, Place, QueueFull
from svggen.serving.metrics import Metrics, Outcome
from svggen.serving.options import Options
from svggen.serving.replicas import Replica

__all__ = ["Refusal", "Service", "State", "Ticket", "log"]

State: TypeAlias = Literal["loading", "ready", "draining", "failed"]
log = logging.getLogger("svggen.serving")


class Refusal(Exception):
    """An answer that is no drawing. retry_after: seconds, 0: it makes no sense to ask again."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        field: str = "",
        retry_after: int = 0,
        outcome: Outcome = "refused",
    ) -> None:
        self.status, self.kind, self.message, self.field = status, kind, message, field
        self.retry_after, self.outcome = retry_after, outcome
        super().__init__(message)

    def body(self) -> dict[str, dict[str, str]]:
        error = {"kind": self.kind, "message": self.message}
        return {"error": error | ({"field": self.field} if self.field else {})}


class Service:
    """See the head of this file."""

    def __init__(self, replicas: Sequence[Replica], options: Options) -> None:
        self.options = options
        self.metrics = Metrics(replicas[0].name)
        self.batcher = Batcher(replicas, options, self.metrics.batch)
        self.state: State = "loading"
        self.trouble: BaseException | None = None
        self.settled, self.hurry = asyncio.Event(), asyncio.Event()
        self._open: set[Ticket] = set()
        self._cut = False
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._loading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loading = asyncio.create_task(self._load(), name="load")

    async def _load(self) -> None:
        try:
            await self.batcher.load()
        except Exception as error:
            self.state, self.trouble = "failed", error
            log.error("the model cannot be loaded: %s", error)  # nobody has asked anything yet: this is no content
        else:
            if self.state == "loading":
                self.state = "ready"
            first = self.batcher.replicas[0]
            self.metrics.loaded(first.name, first.revision)
        self.settled.set()

    @property
    def ready(self) -> bool:
        return self.state == "ready" and any(replica.lively for replica in self.batcher.replicas)

    def ticket(self, request_id: str) -> Ticket:
        """Lets a request in; Refusal 503 while there is nobody to draw, 429 where too many wait."""
        ticket = Ticket(self, request_id)
        try:
            if self.state != "ready":
                why = {"loading": "the model is being loaded", "draining": "this server is going away"}
                raise Refusal(
                    503, "NotReady", why.get(self.state, "the model cannot be loaded"), retry_after=5, outcome="unready"
                )
            ticket.place = self.batcher.place()
        except QueueFull as error:
            refusal = Refusal(429, "QueueFull", str(error), retry_after=error.retry_after, outcome="busy")
            ticket.close(refusal.outcome, refusal.status)
            raise refusal from None
        except Refusal as refusal:
            ticket.close(refusal.outcome, refusal.status)
            raise
        return ticket

    async def drain(self) -> int:
        """How many had to be refused in the end."""
        self.state = "draining"
        if self._loading is not None and not self._loading.done():
            self._cut = True
            return 0
        ends = [asyncio.create_task(event.wait()) for event in (self._nobody, self.hurry)]
        await asyncio.wait(ends, timeout=self.options.drain_seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        left = list(self._open)
        self._cut = bool(left)
        for ticket in left:
            ticket.abandon()
        return len(left)

    async def close(self) -> None:
        """Waits for what is being drawn or loaded, unless ``drain`` has given it up."""
        self.state = "draining"
        if self._loading is not None:
            if self._cut:
                self._loading.cancel()
            await asyncio.wait([self._loading])
        await self.batcher.close(wait=not self._cut)

    def page(self) -> bytes:
        """The metrics."""
        self.metrics.waiting.set(self.batcher.waiting)
        self.metrics.running.set(self.batcher.running)
        self.metrics.ready.set(float(self.ready))
        return self.metrics.text()

    def entered(self, ticket: Ticket) -> None:
        self._open.add(ticket)
        self._nobody.clear()

    def left(self, ticket: Ticket) -> None:
        self._open.discard(ticket)
        if not self._open:
            self._nobody.set()


class Ticket:
    """One request from its admission to its answer. reading: the time limit of its body, while that comes."""

    def __init__(self, service: Service, request_id: str) -> None:
        self.service, self.id = service, request_id
        self.place: Place | None = None
        self.job: Job | None = None
        self.reading: asyncio.Timeout | None = None
        self._began = time.monotonic()
        self._closed = False
        service.entered(self)

    def abandon(self) -> None:
        """Ends it now, wherever it is: whoever waits for it is told that the server goes away."""
        if self.job is not None:
            self.job.future.cancel()
        elif self.reading is not None:
            self.reading.reschedule(asyncio.get_running_loop().time())

    def close(
        self, outcome: Outcome, status: int, drafts: Sequence[Draft] = (), error: BaseException | None = None
    ) -> None:
        """Counts and logs it; only the first call does."""
        if self._closed:
            return
        self._closed = True
        self.service.left(self)
        if self.place is not None:
            self.place.free()
        if self.job is not None:
            self.job.future.cancel()
        seconds = time.monotonic() - self._began
        waited = self.job.waited if self.job is not None and self.job.batch else None
        self.service.metrics.answered(outcome, seconds, waited)
        self.service.metrics.drafts(drafts)
        log.info(
            "request=%s status=%d outcome=%s seconds=%.3f waited=%.3f batch=%d drafts=%d",
            self.id, status, outcome, seconds, waited or 0.0, 0 if self.job is None else self.job.batch, len(drafts),
        )  # fmt: skip
        if error is not None:
            log.error("request=%s broke: %s", self.id, told(error))


def told(error: BaseException) -> str:
    """What kind of error and where, and not its message: that may quote the request."""
    at = traceback.extract_tb(error.__traceback__)
    return type(error).__name__ + (f" at {at[-1].filename}:{at[-1].lineno}" if at else "")
