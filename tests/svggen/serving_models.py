"""Models for the tests of serving: they tell what was asked of them, and draw when they are told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from svggen.errors import ModelError
from svggen.models import Draft, DrawRequest
from svggen.models.fake import FakeSvgModel


class Gated:
    """Draws like the fake, but only while ``gate`` is open; ``asked`` lists the batches. What the words say happens:
    "break", "unusable", "nothing", "short" (answers for one request too few), "kill company"."""

    name = "gated"
    revision = "1"

    def __init__(self, seconds: float = 0.0, *, open_: bool = True) -> None:
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.seconds = seconds
        self.asked: list[list[str]] = []
        self._fake = FakeSvgModel()
        if open_:
            self.gate.set()

    def generate(self, request: DrawRequest) -> list[Draft]:
        return self._draw([request])[0]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return self.generate(request)

    def _draw(self, requests: Sequence[DrawRequest]) -> list[list[Draft]]:
        self.asked.append([request.words for request in requests])
        self.begun.set()
        assert self.gate.wait(30)
        time.sleep(self.seconds)
        return [self._one(request, len(requests)) for request in requests]

    def _one(self, request: DrawRequest, company: int) -> list[Draft]:
        if "break" in request.words:
            raise ValueError(f"cannot draw {request.words}")
        if "kill company" in request.words and company > 1:
            raise RuntimeError("out of memory")
        if "unusable" in request.words:
            raise ModelError(f"no weights in /secret/place for {request.words}")
        return [] if "nothing" in request.words else self._fake.generate(request)


class Together(Gated):
    """The same for several requests in one go."""

    name = "together"

    def generate_many(self, requests: list[DrawRequest]) -> list[list[Draft]]:
        drawn = self._draw(requests)
        return drawn[:-1] if any("short" in request.words for request in requests) else drawn


class Slow(Gated):
    """Takes its time to load, or fails to."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__(open_=False)
        self.fails = fails

    def load(self) -> None:
        assert self.gate.wait(30)
        if self.fails:
            raise ModelError("its weights are cut short")
