"""The SvgModel seam: what is asked of a model that draws, and what it answers.

Contract. A ``DrawRequest`` holds everything that may shape a drawing and nothing else: two equal requests with the same
model and seed give equal drafts. Requests are content-addressed (``DrawRequest.id``: sha256 over canonical JSON).
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from svggen.icon import Icon
from svggen.style import StyleSpec

KNOWN = 0.5
"""Concept score of a reference, or confidence of a draft, from which it is an answer to what was asked: below it is an
idea."""

Failure: TypeAlias = Literal["not_closed", "loop", "parse_error", "unsafe", "blank", "timeout", "unknown_subject"]


@dataclass(frozen=True)
class Reference:
    """An exemplar as a model sees it: an icon, what it depicts, and where it may be taken from.

    ``concept`` is the part of the request that it was recalled for ("calendar" in "calendar with a check mark").
    ``concept_score`` (0..1): how surely it depicts that concept; 1 is an exact name or tag; 0 marks a pure style
    reference (an own icon of another subject). ``style_score`` (0..1): how near its look is to the wanted style.
    ``recognised`` (0..1): the share of real icons that show what they are named after less surely, as the judge sees
    it; None where nobody looked.
    """

    id: str
    name: str
    concept: str
    icon: Icon
    origin: Literal["own", "library", "given"]
    source: str  # icon set, or "accepted", "imported"
    licence: str
    concept_score: float
    style_score: float
    tags: tuple[str, ...] = ()
    why: str = ""
    recognised: float | None = None


@dataclass(frozen=True)
class Hint:
    """One finding of the critique, turned to the model: which rule, what was measured, what to do about it."""

    rule: str
    message: str
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Budget:
    seconds: float = 10.0
    tokens: int = 4096


@dataclass(frozen=True)
class DrawRequest:
    """Everything that may shape a drawing.

    words: the subject as the user put it, style words and memory statements taken out ("calendar with a check mark").
    style: the wanted style; fields that are None are free. ``set_vector``: mean style vector of the user's set
    (svggen.style.style_vector), or None where no set is known. ``set_style``: the mean of the judge's style vectors of
    that set (svggen.judge, 32 numbers, of any length). edit: the icon to change, with ``edits`` the changes
    asked for, as plain strings (``svggen.models.library.edits``). image: PNG or JPEG bytes of a reference picture.
    draft: the best drawing of the round before, with ``hints`` what the critique found in it; a model that can mend a
    drawing mends it, the others draw anew.
    """

    words: str
    style: StyleSpec = field(default_factory=StyleSpec)
    references: tuple[Reference, ...] = ()
    set_vector: tuple[float, ...] | None = None
    set_style: tuple[float, ...] | None = None
    image: bytes | None = None
    edit: Icon | None = None
    edits: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    draft: Icon | None = None
    n: int = 4
    seed: int = 0
    budget: Budget = field(default_factory=Budget)

    def canonical(self) -> dict[str, Any]:
        """The request as JSON-ready data; icons and pictures are replaced by their sha256."""
        from svggen.icon import icon_id  # the id of an icon is the sha256 of its canonical bytes

        return {
            "words": self.words,
            "style": self.style.to_dict(),
            "references": [
                [r.id, r.concept, round(r.concept_score, 6), round(r.style_score, 6), r.recognised]
                for r in self.references
            ],
            "set_vector": None if self.set_vector is None else [round(x, 6) for x in self.set_vector],
            "set_style": None if self.set_style is None else [round(x, 6) for x in self.set_style],
            "image": None if self.image is None else hashlib.sha256(self.image).hexdigest(),
            "edit": None if self.edit is None else icon_id(self.edit),
            "edits": list(self.edits),
            "hints": [[h.rule, h.message] for h in self.hints],
            "draft": None if self.draft is None else icon_id(self.draft),
            "n": self.n,
            "seed": self.seed,
            "budget": [self.budget.seconds, self.budget.tokens],
        }

    @property
    def id(self) -> str:
        return hashlib.sha256(
            json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        ).hexdigest()


@dataclass(frozen=True)
class Draft:
    """One drawing and how it came about; ``icon`` is None exactly when ``failure`` is set and nothing could be drawn.

    confidence (0..1): the model's own word on "does it show what was asked". sources: (reference id, set, licence) of
    every icon that it was adapted from. steps: what was done, in order, in plain words (shown by ``mnemicon why``).
    """

    icon: Icon | None
    model: str
    revision: str
    seed: int
    confidence: float = 1.0
    sources: tuple[tuple[str, str, str], ...] = ()
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tokens: int = 0
    seconds: float = 0.0
    failure: Failure | None = None


@runtime_checkable
class SvgModel(Protocol):
    """Draws. ``generate`` returns at most ``request.n`` drafts, best first, and never raises for a request that it
    cannot draw: it answers a draft with a ``failure``. Errors of its own machinery are ``svggen.errors.ModelError``."""

    name: str
    revision: str

    def generate(self, request: DrawRequest) -> list[Draft]: ...

    async def agenerate(self, request: DrawRequest) -> list[Draft]: ...


def failed(model: SvgModel, request: DrawRequest, failure: Failure, note: str, started: float) -> Draft:
    """The draft of a model that could not draw; started: time.perf_counter() when the request came."""
    return Draft(
        None, model.name, model.revision, request.seed, confidence=0.0, notes=(note,), failure=failure,
        seconds=time.perf_counter() - started,
    )  # fmt: skip
