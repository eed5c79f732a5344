"""Stand-ins for the agent's surroundings: a memory in dicts, a scripted model, a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import NOW, NoLibrary

from agent.drawings import Drawings
from agent.state import IconContext
from memory.embedding import FakeEmbedder
from memory.fake import FakeMemory
from svggen.models.fake import FakeSvgModel


@pytest.fixture
def memory() -> FakeMemory:
    ids = iter(range(1, 10**6))
    return FakeMemory(embedder=FakeEmbedder(), library=NoLibrary(), clock=lambda: NOW, ids=lambda: f"p{next(ids)}")


@pytest.fixture
def model() -> FakeSvgModel:
    return FakeSvgModel()


@pytest.fixture
def context(memory: FakeMemory, model: FakeSvgModel, tmp_path: Path) -> Callable[..., IconContext]:
    def make(**options: Any) -> IconContext:
        given = {
            "memory": memory,
            "models": (model,),
            "drawings": Drawings(tmp_path / "home", options.get("user", "default")),
            "clock": lambda: NOW,
        }
        return IconContext(**{**given, **options})

    return make


@pytest.fixture
def run(context: Callable[..., IconContext]) -> Iterator[Callable[..., dict[str, Any]]]:
    """One run of the graph without a checkpointer; the whole state."""
    from agent.graph import build_graph
    from agent.state import IconState

    graph = build_graph().compile()

    def go(
        prompt: str, *, edit: str | None = None, style: dict[str, Any] | None = None, **options: Any
    ) -> dict[str, Any]:
        made = context(**options)
        return dict(
            graph.invoke(
                {"prompt": prompt, "edit": edit, "style": style},
                context=made,
                output_keys=list(IconState.__annotations__),
            )
        )

    yield go
