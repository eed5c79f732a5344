"""What Prometheus is told of a server.

Contract. One registry for each application; ``text()`` is the page. Outcomes of requests: drawn, failed (a draft that
says why), refused (limits, token, JSON), busy (queue full), unready (loading, draining, waited too long), gone (the
caller left), error (the model broke). No label comes from a caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from svggen.errors import ModelError
from svggen.models.base import Draft

__all__ = ["Metrics", "Outcome"]

Outcome: TypeAlias = Literal["drawn", "failed", "refused", "busy", "unready", "gone", "error"]
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
_SIZES = (1, 2, 4, 8, 16, 32)


class Metrics:
    """See the head of this file; ModelError where prometheus-client is not installed."""

    def __init__(self, model: str) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
        except ImportError as error:
            raise ModelError("serving needs prometheus-client; pip install 'mnemicon[serve]'") from error
        self.registry = own = CollectorRegistry()
        self._requests = Counter("mnemicon_requests", "Requests by outcome", ["outcome"], registry=own)
        self._seconds = Histogram("mnemicon_request_seconds", "From arrival to answer", buckets=_SECONDS, registry=own)
        self._waits = Histogram("mnemicon_queue_seconds", "Of that, in the queue", buckets=_SECONDS, registry=own)
        self._batches = Histogram("mnemicon_batch_size", "Requests drawn together", buckets=_SIZES, registry=own)
        self._drafts = Counter("mnemicon_drafts", "Drafts by failure", ["failure"], registry=own)
        self._tokens = Counter("mnemicon_tokens", "Tokens of all drafts", registry=own)
        self.waiting = Gauge("mnemicon_queue_depth", "Requests that wait", registry=own)
        self.running = Gauge("mnemicon_running", "Requests that are being drawn", registry=own)
        self.ready = Gauge("mnemicon_ready", "Does it take requests?", registry=own)
        self._info = Info("mnemicon_model", "The model that draws", registry=own)
        self._info.info({"model": model, "revision": ""})
        for outcome in ("drawn", "failed", "refused", "busy", "unready", "gone", "error"):
            self._requests.labels(outcome)  # there from the start, so that a rate can be taken

    def loaded(self, model: str, revision: str) -> None:
        self._info.info({"model": model, "revision": revision})

    def batch(self, size: int) -> None:
        self._batches.observe(size)

    def answered(self, outcome: Outcome, seconds: float, waited: float | None = None) -> None:
        """seconds: from arrival, which count where a model has answered; waited: of them in the queue, None where its
        turn never came."""
        self._requests.labels(outcome).inc()
        if outcome in ("drawn", "failed"):
            self._seconds.observe(seconds)
        if waited is not None:
            self._waits.observe(waited)

    def drafts(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self._drafts.labels(draft.failure or "none").inc()
            self._tokens.inc(max(0, draft.tokens))

    def text(self) -> bytes:
        from prometheus_client import generate_latest

        return generate_latest(self.registry)
