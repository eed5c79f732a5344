"""FakeSvgModel: an SvgModel for tests. Answers what was enqueued; otherwise a circle whose size depends on the
request."""

from __future__ import annotations

from svggen.icon import Circle, Icon, Look, Shape
from svggen.models.base import Draft, DrawRequest

_LINE = Look(fill="none", stroke="currentColor", stroke_width=2.0, cap="round", join="round")


class FakeSvgModel:
    """``enqueue(drafts)`` scripts the next answers, in order; ``history`` lists every request that came."""

    name = "fake"
    revision = "1"

    def __init__(self) -> None:
        self.history: list[DrawRequest] = []
        self._queue: list[list[Draft]] = []

    def enqueue(self, *drafts: Draft) -> None:
        self._queue.append(list(drafts))

    def generate(self, request: DrawRequest) -> list[Draft]:
        self.history.append(request)
        if self._queue:
            return self._queue.pop(0)[: request.n]
        if not request.words.strip():
            return [Draft(None, self.name, self.revision, request.seed, confidence=0.0, failure="unknown_subject")]
        size = 4 + int(request.id[:8], 16) % 5
        sources = tuple((r.id, r.source, r.licence) for r in request.references[:1])
        return [
            Draft(Icon((0, 0, 24, 24), (Shape(Circle(12, 12, size + i * 0.25), _LINE),)), self.name, self.revision,
                  request.seed, confidence=1 / (1 + i), sources=sources, steps=("drew a circle",))
            for i in range(request.n)
        ]  # fmt: skip

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return self.generate(request)
