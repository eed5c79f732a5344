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
