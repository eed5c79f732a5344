"""Drafts of what a language model wrote as text: one way for chat models and for those of Hugging Face.

Contract. ``read`` takes an answer's text to an icon on the wanted canvas, in the wanted style, or to the reason why
not (``svggen.models.svgtext``). ``drafts_of`` makes drafts of several: whole drawings ranked by the judge, repeats left
out; those that broke off only where none is whole; then the failures; at most n.

``confidence`` is part trust, part the judge: a model that was asked for a bell and wrote an icon is taken at its word
as far as ``trust``, and the judge's doubt decides over the rest (it recognises 46 of 100 real icons).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svggen.models.base import Draft, DrawRequest, Failure, Reference

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.models.base import SvgModel

__all__ = ["TRUST", "Written", "drafts_of", "read", "sources_of"]

TRUST: Final = 0.5
"""Confidence of a drawing that the judge does not recognise at all; one that it surely recognises has 1."""


@dataclass(frozen=True)
class Written:
    """One answer, read: an icon, or why there is none. tokens: written. served: the exact model, where it is another
    word than the model's revision. cut: the drawing broke off."""

    icon: Icon | None
    failure: Failure | None
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tokens: int = 0
    served: str = ""
    cut: bool = False


def read(
    text: str, request: DrawRequest, steps: tuple[str, ...], notes: tuple[str, ...] = (), *, tokens: int = 0,
    served: str = "",
) -> Written:  # fmt: skip
    """Never raises for what the text says."""
    from svggen.models.svgtext import finished, read_answer

    answer = read_answer(text)
    notes = (*answer.notes, *notes)
    if answer.icon is None:
        return Written(None, answer.failure, steps, notes, tokens, served, answer.cut)
    icon, more, refused = finished(answer.icon, request)
    return Written(icon, None, (*steps, *more), (*notes, *refused), tokens, served, answer.cut)


def drafts_of(
    model: SvgModel, request: DrawRequest, written: Sequence[Written], started: float, *,
    sources: tuple[tuple[str, str, str], ...] = (), notes: tuple[str, ...] = (), trust: float = TRUST,
) -> list[Draft]:  # fmt: skip
    """See the head of this file. started: time.perf_counter() when the request came. notes: of every draft."""
    from svggen.models.judged import picture, ranked, set_style

    drawn = [w for w in written if w.icon is not None]
    taken = [w for w in drawn if not w.cut] or drawn
    icons = [w.icon for w in taken if w.icon is not None]
    words = " ".join(request.words.split())[:200]

    def draft(w: Written, icon: Icon | None, confidence: float) -> Draft:
        return Draft(
            icon, model.name, w.served or model.revision, request.seed, round(confidence, 4),
            sources if icon is not None else (), w.steps, (*w.notes, *notes), w.tokens, time.perf_counter() - started,
            w.failure,
        )  # fmt: skip

    ranking = ranked(icons, words, request.n, seen=picture(request.image), style=set_style(request)) if icons else []
    out = [draft(taken[one.at], one.icon, trust + (1 - trust) * one.confidence) for one in ranking]
    out += [draft(w, None, 0.0) for w in written if w.failure is not None]
    return out[: request.n]


def sources_of(shown: Sequence[Reference]) -> tuple[tuple[str, str, str], ...]:
    """Every icon in view may have been adapted."""
    return tuple((r.id, r.source, r.licence) for r in shown)
