"""The read path with a library: where style and references come from, and what happens when a part is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from memory_helpers import Clock, make_icon

from memory.embedding import FakeEmbedder
from memory.errors import EmbedderError, LibraryError
from memory.fake import FakeMemory
from memory.memory import EmbeddedMemory
from memory.records import RecallQuery, Statement, Tenant
from memory.wish import wanted_vector
from svggen.style import StyleSpec, measure, style_vector, vector_distance

ANNA = Tenant("anna")


@dataclass(frozen=True)
class Hit:
    index: int
    id: str
    name: str
    set: str
    licence: str
    tags: tuple[str, ...]
    concept_score: float
    style_score: float
    score: float
    why: str


class FakeLibrary:
    """Icons of the test shapes in two widths, found by exact name."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.icons = [make_icon(n, width=w) for n in ("cup", "bell", "calendar") for w in (1.0, 2.0)]

    def search(self, query: str, *, limit: int = 24, style: np.ndarray | None = None) -> list[Hit]:
        self.asked.append((query, style))
        hits = []
        for i, e in enumerate(self.icons):
            if e.name == query:
                name = f"set{i % 2}"
                look = 0.0 if style is None else 1 / (1 + vector_distance(style, style_vector(e.icon)) ** 2 / 4)
                total = 1.0 if style is None else 0.5 + 0.5 * look
                hits.append(Hit(i, f"{name}:{e.name}", e.name, name, "MIT", (), 1.0, look, total, f"named {query!r}"))
        return sorted(hits, key=lambda h: -h.score)[:limit]

    def icon(self, index: int) -> Any:
        return self.icons[index].icon


def memory_with(library: Any, **other: Any) -> FakeMemory:
    return FakeMemory(embedder=FakeEmbedder(), library=library, clock=Clock(), **other)


def say(slot: str, value: Any) -> Statement:
    return Statement(slot, value, "", "said")


def test_a_stranger_gets_the_library_for_each_concept() -> None:
    got = memory_with(FakeLibrary()).recall(ANNA, RecallQuery("cup with a bell", ("cup", "bell")))
    assert [(r.name, r.concept, r.origin, r.licence) for r in got.references] == [
        ("cup", "cup", "library", "MIT"),
        ("cup", "cup", "library", "MIT"),
        ("bell", "bell", "library", "MIT"),
        ("bell", "bell", "library", "MIT"),
    ]
    assert got.references[0].why == "named 'cup'"
    assert got.set_vector is None
    assert got.style == StyleSpec()
    assert got.notes == ()


def test_own_icons_come_first_and_pull_the_library_towards_their_look() -> None:
    library = FakeLibrary()
    memory = memory_with(library)
    for name in ("cup", "house", "arrow"):
        memory.accept(ANNA, make_icon(name, width=2.0))
    got = memory.recall(ANNA, RecallQuery("cup bell", ("cup", "bell")))
    assert next(r.origin for r in got.references if r.concept == "cup") == "own"
    first_bell = next(r for r in got.references if r.concept == "bell")
    assert measure(first_bell.icon).stroke_width == pytest.approx(2.0, abs=0.15)
    assert library.asked[-1][1] is not None
    assert {r.name for r in got.references if r.concept_score == 0} == {"house", "arrow"}


def test_the_wanted_look_is_the_own_look_moved_by_the_wish() -> None:
    library = FakeLibrary()
    memory = memory_with(library)
    for name in ("cup", "house", "arrow"):
        memory.accept(ANNA, make_icon(name, width=2.0))
    memory.remember(ANNA, [say("style.stroke_width", 1.0)])
    got = memory.recall(ANNA, RecallQuery("bell", ("bell",)))
    first_bell = next(r for r in got.references if r.concept == "bell")
    assert measure(first_bell.icon).stroke_width == pytest.approx(1.0, abs=0.15)


def test_a_wish_without_own_icons_pulls_too() -> None:
    memory = memory_with(FakeLibrary())
    for width in (1.0, 2.0):
        got = memory.recall(ANNA, RecallQuery("bell", ("bell",), style=StyleSpec(stroke_width=width, cap="round")))
        assert measure(got.references[0].icon).stroke_width == pytest.approx(width, abs=0.15)


def test_wanted_vector() -> None:
    own_icon = make_icon("cup", width=2.0).icon
    own, vector = measure(own_icon), style_vector(own_icon)
    assert wanted_vector(StyleSpec(), StyleSpec(), None) is None
    assert wanted_vector(StyleSpec(palette=("#112233",), grid=16), StyleSpec(), None) is None
    assert wanted_vector(own, own, vector) is vector
    thin_icon = make_icon("cup", width=1.0).icon
    moved = wanted_vector(StyleSpec(stroke_width=1.0), own, vector)
    assert moved is not None
    assert vector_distance(moved, style_vector(thin_icon)) < vector_distance(vector, style_vector(thin_icon))
    for spec in (
        StyleSpec(mode="filled"),
        StyleSpec(cap="butt", join="miter"),
        StyleSpec(corner_radius=0.0, padding=4.0, detail=0.1, pixel_art=True),
    ):
        far = wanted_vector(spec, own, vector)
        assert far is not None
        assert np.isfinite(far).all()
        assert vector_distance(far, vector) > 0.1


def test_the_vocabulary_is_searched_in_the_library_too() -> None:
    library = FakeLibrary()
    memory = memory_with(library)
    memory.remember(ANNA, [say("vocabulary:alert", "bell")])
    got = memory.recall(ANNA, RecallQuery("an alert", ("alert",)))
    assert library.asked[0][0] == "bell"
    assert got.references[0].concept == "alert"
    assert "you draw 'bell' for 'alert'" in got.references[0].why


def test_a_rejected_library_icon_comes_later_and_says_so() -> None:
    memory = memory_with(FakeLibrary())
    query = RecallQuery("cup", ("cup",))
    first = memory.recall(ANNA, query).references[0].id
    memory.reject(ANNA, first, "handle on the wrong side")
    again = memory.recall(ANNA, query).references
    assert again[0].id != first
    assert "rejected 1 times" in again[-1].why


def test_brand_colour_is_the_palette_unless_one_is_stated_or_asked_for() -> None:
    memory = memory_with(None)
    memory.remember(ANNA, [say("brand_color", "#008080")])
    assert memory.recall(ANNA, RecallQuery("x")).style.palette == ("#008080",)
    wish = RecallQuery("x", style=StyleSpec(palette=("#ff0000",)))
    assert memory.recall(ANNA, wish).style.palette == ("#ff0000",)
    memory.remember(ANNA, [say("style.palette", ["#111111", "#eeeeee"])])
    got = memory.recall(ANNA, RecallQuery("x"))
    assert got.style.palette == ("#111111", "#eeeeee")
    assert got.brand_color == "#008080"


def test_the_project_s_own_icons_make_its_style() -> None:
    memory = memory_with(None)
    shop = Tenant("anna", "shop")
    for name in ("cup", "house", "arrow"):
        memory.add_exemplars(shop, [make_icon(name, width=3.0, project="shop")])
        memory.add_exemplars(ANNA, [make_icon(name, width=1.0), make_icon(name, width=1.1)])
    assert memory.recall(shop, RecallQuery("x")).style.stroke_width == pytest.approx(3.0, abs=0.2)
    assert memory.recall(ANNA, RecallQuery("x")).style.stroke_width == pytest.approx(1.05, abs=0.2)


@pytest.mark.parametrize("error", [LibraryError("no data file"), EmbedderError("no weights")])
def test_a_library_that_is_missing_is_a_note(error: Exception) -> None:
    class Broken:
        def search(self, *args: Any, **options: Any) -> Any:
            raise error

    memory = memory_with(Broken())
    memory.accept(ANNA, make_icon("cup"))
    got = memory.recall(ANNA, RecallQuery("cup", ("cup",)))
    assert got.references[0].origin == "own"
    assert got.notes == (f"the icon library is not available: {error}",)


def test_a_memory_that_is_down_leaves_the_library(tmp_path: Path) -> None:
    (tmp_path / "home" / "users").mkdir(parents=True)
    memory = EmbeddedMemory(tmp_path / "home", embedder=FakeEmbedder(), library=FakeLibrary())
    memory.accept(ANNA, make_icon("cup"))
    memory.close()
    (path,) = (tmp_path / "home").rglob("memory.db")
    path.write_bytes(b"garbage" * 1000)
    got = memory.recall(ANNA, RecallQuery("cup", ("cup",)))
    assert [r.origin for r in got.references] == ["library", "library"]
    assert len(got.notes) == 1
    assert "drawing without it" in got.notes[0]


def test_limits_are_kept() -> None:
    memory = memory_with(FakeLibrary())
    memory.add_exemplars(ANNA, [make_icon("cup", width=1 + i / 50) for i in range(60)])
    got = memory.recall(ANNA, RecallQuery("cup", ("cup",), per_concept=5, own=2))
    assert len(got.references) <= 7
    many = memory.recall(ANNA, RecallQuery("x", tuple(f"cup {i}" for i in range(50)), per_concept=2, own=0))
    assert len({r.concept for r in many.references}) <= 8
    none = memory.recall(ANNA, RecallQuery("cup", ("cup",), per_concept=0, own=0))
    assert none.references == ()


@pytest.mark.parametrize("words", ["", " ", "🙂", "x" * 10_000, "a " * 10_000, "日本", "'; DROP TABLE points; --", "*"])
def test_any_words_are_only_words(words: str) -> None:
    memory = memory_with(FakeLibrary())
    memory.accept(ANNA, make_icon("cup"))
    got = memory.recall(ANNA, RecallQuery(words, (words,)))
    assert got.own_count == 1
    assert len(list(memory.exemplars(ANNA))) == 1
