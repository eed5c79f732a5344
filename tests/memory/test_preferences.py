"""Mem0 behind our table: what it writes, keeps and finds; and what changes when the embedder does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from memory_helpers import Clock, NoLibrary, make_icon

import memory as package
from memory.embedding import FakeEmbedder
from memory.memory import EmbeddedMemory
from memory.preferences import Mem0Preferences
from memory.records import RecallQuery, Statement, Tenant

ANNA = Tenant("anna")


def opened(home: Path, dims: int = 64) -> EmbeddedMemory:
    return EmbeddedMemory(home, embedder=FakeEmbedder(dims), library=NoLibrary(), clock=Clock())


def say(slot: str, value: Any, words: str = "said") -> Statement:
    return Statement(slot, value, "", words)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[EmbeddedMemory]:
    made = opened(tmp_path / "home")
    yield made
    made.close()


def book(memory: EmbeddedMemory) -> Mem0Preferences:
    books = memory._books(ANNA)
    assert books is not None
    assert isinstance(books.preferences, Mem0Preferences)
    return books.preferences


def test_mem0_wrote_the_rows_and_keeps_their_history(memory: EmbeddedMemory) -> None:
    memory.remember(ANNA, [say("style.cap", "round")])
    memory.remember(ANNA, [say("style.cap", "butt")])
    rows, notes = book(memory).rows(history=True)
    assert notes == []
    assert rows[0].superseded_by == rows[1].preference.id
    engine = book(memory)._mem0()
    assert engine.get(rows[0].key)["memory"] == "cap round"
    assert [h["event"] for h in book(memory).history(rows[0])] == ["ADD", "UPDATE"]
    assert [h["event"] for h in book(memory).history(rows[1])] == ["ADD"]
    assert len(engine.get_all(filters={"user_id": "anna"}, top_k=100)["results"]) == 2


def test_semantic_search_finds_active_rows_of_this_user_only(memory: EmbeddedMemory) -> None:
    memory.remember(ANNA, [say("style.stroke_width", 1.5), say("brand_color", "#112233"), say("style.cap", "round")])
    memory.remember(ANNA, [say("style.stroke_width", 2.5)])
    memory.remember(Tenant("ben"), [say("style.stroke_width", 4.0)])
    found = memory.search_preferences(ANNA, "stroke width", limit=2)
    assert found[0].value == 2.5
    assert {p.value for p in memory.search_preferences(ANNA, "stroke width", limit=50)} == {2.5, "#112233", "round"}
    assert memory.search_preferences(Tenant("nobody"), "stroke width") == []
    assert memory.search_preferences(ANNA, "  ") == []


def test_another_embedder_means_new_vectors_not_mixed_ones(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = opened(home, 64)
    first.remember(ANNA, [say("style.cap", "round")])
    for name in ("cup", "house", "arrow"):
        first.accept(ANNA, make_icon(name, tags=("x",)))
    first.reject(ANNA, "lib:1", "no")
    before = list(first.export(ANNA))
    first.close()
    second = opened(home, 48)
    assert list(second.export(ANNA)) == before
    assert second.recall(ANNA, RecallQuery("cup", ("cup",))).references[0].name == "cup"
    assert {len(r["vectors"]["text"]) for r in second.snapshot(ANNA) if r["type"] == "exemplar"} == {48}
    assert second.search_preferences(ANNA, "cap round")[0].value == "round"
    second.close()


def test_public_names_are_sorted_and_there() -> None:
    assert list(package.__all__) == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = (
        "numpy scipy torch transformers onnxruntime tokenizers mem0 qdrant_client qdrant_edge pydantic lxml langgraph"
    )
    script = f"import memory, sys; print([m for m in {heavy.split()!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert (out.stdout.strip(), out.stderr) == ("[]", "")
