"""One memory of each kind, with a clock and ids that can be foreseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from memory_helpers import Clock, NoLibrary

from memory.embedding import FakeEmbedder
from memory.eye import FakeEye
from memory.fake import FakeMemory
from memory.memory import EmbeddedMemory, Memory, ServerMemory


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ids() -> Callable[[], str]:
    numbers = iter(range(1, 10**6))
    return lambda: f"p{next(numbers)}"


@pytest.fixture(params=["fake", "embedded", "server"])
def memory(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, ids: Callable[[], str]) -> Iterator[Memory]:
    """One of each implementation, with the fakes of embedder and eye and no library."""
    options: dict[str, Any] = {
        "embedder": FakeEmbedder(),
        "eye": FakeEye(),
        "library": NoLibrary(),
        "clock": clock,
        "ids": ids,
    }
    made: Any
    if request.param == "fake":
        made = FakeMemory(**options)
    elif request.param == "embedded":
        made = EmbeddedMemory(tmp_path / "home", **options)
    else:
        from qdrant_client import QdrantClient

        client = QdrantClient(":memory:")
        made = ServerMemory(tmp_path / "home", client, **options)
        request.addfinalizer(client.close)
    yield made
    made.close()
