"""A studio over a memory in dicts and a scripted model, and a page of it that is looked at without a browser."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from agent.parts import Parts
from agent.settings import Settings
from agent.ui.studio import Studio
from memory.fake import FakeMemory
from memory.records import Tenant
from svggen.models.base import Draft, DrawRequest
from svggen.models.fake import FakeSvgModel

ADA = Tenant("ada")


class Gated(FakeSvgModel):
    """Waits before it answers, once it is told to: ``gate.clear()``."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.inside = threading.Event(), threading.Event()
        self.gate.set()

    def generate(self, request: DrawRequest) -> list[Draft]:
        self.inside.set()
        assert self.gate.wait(20)
        return super().generate(request)


def studio_of(memory: FakeMemory, model: Any, home: Path, **options: Any) -> Studio:
    parts = Parts(Settings(home), memory)
    return Studio(parts, user="ada", model=model, **{"rounds": 1, "n": 3, "wait": 0.2, **options})


async def until(true: Callable[[], Any], what: str = "", seconds: float = 15.0) -> None:
    """Waits until it is so."""
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never came: {what or true}")


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 50))  # type: ignore[arg-type]
