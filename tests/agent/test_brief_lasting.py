"""Freely worded clauses: what lasts, what does not, and that nothing is stored where it is not sure."""

# ruff: noqa: E501 - a row of a table is read best as one line

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from agent.brief import BriefContext, lasting, numerals, understand
from agent.brief.lasting_cues import CUES
from agent.brief.lasting_examples import EXAMPLES, KINDS, clauses
from memory.embedding import default_embedder

W, CAP, MODE, PAL, GRID = "style.stroke_width", "style.cap", "style.mode", "style.palette", "style.grid"
SOFT = {"style.corner_radius": 2.0, "style.join": "round"}
HARD = {"style.corner_radius": 0.0, "style.join": "miter"}

LASTS: list[tuple[str, dict[str, Any]]] = [
    ("our house look is thin outlines", {W: 1.25, MODE: "outline"}),
    ("everything we ship should be duotone", {MODE: "duotone"}),
    ("keep lines at one and a half pixels across the product", {W: 1.5}),
    ("I can't stand filled icons", {"avoid:filled": True}),
    ("stick to rounded ends", {CAP: "round"}),
    ("we go for soft corners in this company", SOFT),
    ("squared-off ends for all icons please", {CAP: "square"}),
    ("no solid shapes in anything you make", {"avoid:filled": True}),
    ("we steer clear of gradients", {"avoid:gradients": True}),
    ("gradients are off limits for our brand", {"avoid:gradients": True}),
    ("all our pictograms are two-tone", {MODE: "duotone"}),
    ("hairline strokes on every symbol, whatever I ask for", {W: 0.75}),
    ("in this house we keep corners boxy", HARD),
    ("our icons have lines of two and a half pixels", {W: 2.5}),
    ("the firm's official colour is bottle green", {"brand_color": "#006a4e"}),
    ("our corporate identity colour is navy", {"brand_color": "#000080"}),
    ("please make sure every glyph is outline-only", {MODE: "outline"}),
    ("the design team wants blunt stroke ends in all assets", {CAP: "butt"}),
    ("we work on a twenty by twenty grid", {GRID: 20}),
    ("our set is shadow-free", {"avoid:shadows": True}),
    ("I'm partial to chunky lines", {W: 3.0}),
    ("we're not keen on sharp corners", {"avoid:sharp corners": True}),
    ("colour policy: teal on all icons", {PAL: ["#008080"]}),
    ("This arrow can be red, but everything else stays black", {PAL: ["#000000"]}),
    ("stroke-linecap: round on every icon", {CAP: "round"}),
    ("my team avoids drop shadows and gradients", {"avoid:shadows": True, "avoid:gradients": True}),
]  # fmt: skip

PASSES = [
    "could you try it thinner?", "a big red heart", "make this one red", "this time without outline",
    "hmm, can we see that with thick lines?", "I want the roof in red", "the lid should be teal",
    "our login page needs a red padlock", "for the poster I need a filled star", "my mum knitted a teal scarf",
    "does teal suit our brand?", "do you like rounded corners?", "their icons are all filled", "we had thin lines before",
    "somebody should look into duotone", "not sure about gradients", "give me a house for our site in navy",
    "I'd love a chunky robot", "we need a bold arrow", "the umbrella could have thicker lines",
    "what if our icons were duotone?", "she likes teal", "a bell with round caps for my app", "maybe we should go duotone",
]  # fmt: skip


@pytest.fixture(scope="module")
def embed() -> Iterator[Callable[[Sequence[str]], Any]]:
    yield default_embedder().embed


@pytest.mark.parametrize(("text", "slots"), LASTS, ids=[r[0] for r in LASTS])
def test_what_lasts(text: str, slots: dict[str, Any], embed: Callable[[Sequence[str]], Any]) -> None:
    brief = understand(text, context=BriefContext(has_icon=True, candidates=4, embed=embed))
    assert {s.slot: s.value for s in brief.statements} == slots
    assert brief.kind == "remember" and brief.subject == "" and brief.notes == ()
    assert all(s.origin == "stated" and s.quote for s in brief.statements)


@pytest.mark.parametrize("chat", [False, True], ids=["alone", "chat"])
@pytest.mark.parametrize("vectors", [False, True], ids=["words", "vectors"])
@pytest.mark.parametrize("text", PASSES)
def test_what_does_not_last(text: str, vectors: bool, chat: bool, embed: Callable[[Sequence[str]], Any]) -> None:
    context = BriefContext(has_icon=chat, candidates=4 * chat, embed=embed if vectors else None)
    assert understand(text, context=context).statements == ()


def test_without_vectors_the_words_decide_and_store_nothing_wrong() -> None:
    had = [(slots, {s.slot: s.value for s in understand(text).statements}) for text, slots in LASTS]
    assert all(not got or got == slots for slots, got in had)
    assert sum(got == slots for slots, got in had) >= 20


@pytest.mark.parametrize("text", ["paper plane", "a teal umbrella", "draw me a thin bell in our shop's style", "a bell with round caps for my app", "could you make it thinner?", "I need a red house", "always 2px strokes", "just this once filled icons"])  # fmt: skip
def test_what_the_rules_decide_is_not_embedded(text: str) -> None:
    def embed(texts: Sequence[str]) -> Any:
        raise AssertionError(f"embedded {texts}")

    understand(text, context=BriefContext(embed=embed))


def test_what_is_not_sure_is_not_stored_and_said() -> None:
    text, verdict = next(
        (t, v)
        for t in (
            "we go for soft corners in this company",
            "we work on a twenty by twenty grid",
            "icons, rather rounded",
        )
        if (v := lasting.judge(t)).undecided
    )
    assert lasting.MAYBE <= verdict.lasting < lasting.SURE_CUES
    brief = understand(text)
    assert brief.statements == () and any("always ..." in n and text in n for n in brief.notes)


class Other:
    """An embedder that is not the one that the numbers were made for."""

    def __init__(self, dims: int) -> None:
        self.dims, self.calls = dims, 0

    def embed(self, texts: Sequence[str]) -> Any:
        self.calls += 1
        return np.eye(self.dims, dtype=np.float32)[: len(texts)]


@pytest.mark.parametrize("dims", [64, 384])
def test_vectors_of_another_model_are_not_used(dims: int) -> None:
    other = Other(dims)
    clause = "our house look is thin outlines"
    assert lasting.judge(clause, other.embed) == lasting.judge(clause, other.embed) == lasting.judge(clause)
    assert other.calls == 1


def test_an_embedder_that_fails_is_none() -> None:
    def embed(texts: Sequence[str]) -> Any:
        raise RuntimeError("no weights")

    assert lasting.judge("our house look is thin", embed) == lasting.judge("our house look is thin")


def test_shares(embed: Callable[[Sequence[str]], Any]) -> None:
    for clause in ("", "a", "our icons are thin", "x" * 10_000):
        for verdict in (lasting.judge(clause), lasting.judge(clause, embed)):
            assert set(verdict.shares) == set(KINDS) and abs(sum(verdict.shares.values()) - 1) < 1e-6
            assert all(share >= 0 for share in verdict.shares.values())


def test_the_examples_fill_and_have_every_kind() -> None:
    rows = list(clauses())
    assert len({text for _, text, _ in rows}) > 900 and not any("{" in text for _, text, _ in rows)
    for kind in KINDS:
        assert len(EXAMPLES[kind].strip().splitlines()) >= 30
    lines = [line for kind in KINDS for line in EXAMPLES[kind].strip().splitlines()]
    assert len(set(lines)) == len(lines)


@pytest.mark.slow
def test_the_shipped_numbers_are_those_of_the_examples(embed: Callable[[Sequence[str]], Any]) -> None:
    from agent.brief.lasting_train import TABLE, make

    assert make(embed) == TABLE.read_text("utf-8")


def test_the_numbers_fit_the_cues() -> None:
    from agent.brief import lasting_table as table

    assert table.KINDS == KINDS
    assert len(table.CUES_ALONE) == len(table.CUES_BESIDE) == len(CUES)


NUMBERS = [
    ("one and a half pixels", "1.5px"), ("a pixel and a half", "1.5px"), ("half a pixel", "0.5px"), ("two-pixel", "2px"),
    ("two point five px", "2.5px"), ("three quarters of a pixel", "0.75px"), ("one point seventy-five pixels", "1.75px"),
    ("twenty-four pixels", "24px"), ("twenty by twenty", "20x20"), ("2 and a half px", "2.5px"), ("sixty percent", "60%"),
    ("two arrows", "two arrows"), ("half circle", "half circle"), ("three by two", "three by two"), ("two points", "two points"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "digits"), NUMBERS, ids=[r[0] for r in NUMBERS])
def test_numbers_in_words(words: str, digits: str) -> None:
    text, spans = numerals.plain(f"lines of {words} wide")
    assert len(text) == len(f"lines of {words} wide") and text.split() == f"lines of {digits} wide".split()
    assert spans == ([(9, 9 + len(words))] if words != digits else [])


WIDER: list[tuple[str, str, dict[str, Any]]] = [
    ("a one pixel line bell", "bell", {"stroke_width": 1.0}),
    ("a bell with lines two and a half pixels wide", "bell", {"stroke_width": 2.5}),
    ("a bell with squared-off ends", "bell", {"cap": "square"}),
    ("a bell, soft corners", "bell", {"corner_radius": 2.0, "join": "round"}),
    ("a folder with boxy corners", "folder", {"corner_radius": 0.0, "join": "miter"}),
    ("a shadow-free box", "box", {}),
    ("a bell in bottle green", "bell", {"palette": ["#006a4e"]}),
    ("an electric blue guitar", "guitar", {"palette": ["#0892d0"]}),
    ("a bell with no fill and thick lines", "bell", {"stroke_width": 2.75, "mode": "outline"}),
    ("a wireframe globe", "globe", {"mode": "outline"}),
    ("two points connected", "two points connected", {}),
    ("a fat cat", "fat cat", {}),
    ("sugar-free drink", "sugar-free drink", {}),
    ("banned user", "banned user", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "subject", "style"), WIDER, ids=[r[0] for r in WIDER])
def test_wider_words_of_a_drawing(text: str, subject: str, style: dict[str, Any]) -> None:
    brief = understand(text)
    assert (brief.kind, brief.subject, brief.style.to_dict(), brief.statements) == ("draw", subject, style, ())


def test_understanding_is_fast(embed: Callable[[Sequence[str]], Any]) -> None:
    context = BriefContext(embed=embed)
    understand("our house look is thin outlines", context=context)
    start = time.perf_counter()
    for i in range(10):
        understand(f"paper plane {i}", context=context)
    assert (time.perf_counter() - start) / 10 < 0.02
