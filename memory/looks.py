"""Looks: what the user's own icons show, and how near an icon comes to it.

Contract. ``own_style_of`` reads what was measured when the icons were written; ``Wanted`` scores looks. Two measures
make a look's score: the distance of the style vector (``svggen.style``: what can be named), and, while the wish is the
own look itself, how well the icon would sit among the own icons as the eye sees them (``memory.eye``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory.eye import Eye, cosine
from svggen.style import StyleSpec

if TYPE_CHECKING:
    import numpy as np

    from memory.exemplars import ExemplarBook

__all__ = ["JUDGE_WEIGHT", "OWN_ICONS", "OwnStyle", "Wanted", "own_style_of", "style_score"]

OWN_ICONS = 200  # newest own icons that make the own style: taste drifts, and reading them takes 3 ms
STYLE_SCALE = 2.0  # vector distance at which the style score is a half: two sets that look unlike
JUDGE_WEIGHT = 0.15
"""Of the look, what the eye decides. Less than in a search for icons to be taken as they are, since what is restyled
loses most of what the eye minds: on tests/bench/bench_sets.py 0, 0.15 and 0.3 bring the set's own icon into the five
most similar for 55, 57 and 60 % of the drawings, at a style distance of 0.064, 0.064 and 0.066."""


@dataclass(frozen=True)
class OwnStyle:
    """What the user's own icons show. n: how many were read. judge_style: the mean of what the eye sees of their style
    (32 numbers); eye: its name."""

    spec: StyleSpec = field(default_factory=StyleSpec)
    vector: np.ndarray | None = None
    n: int = 0
    count: int = 0
    judge_style: np.ndarray | None = None
    eye: str = ""


def own_style_of(exemplars: ExemplarBook, project: str | None) -> OwnStyle:
    """Of the newest 200 icons; of the project's own where it has at least three."""
    import numpy as np

    from svggen.style.sets import set_of

    where = {"project": project} if project is not None and exemplars.count({"project": project}) >= 3 else None
    newest = exemplars.newest(OWN_ICONS, where)
    measured = [(m, v["style"]) for found, v in newest if "style" in v and (m := found.member) is not None]
    if not measured:
        return OwnStyle(n=len(newest), count=exemplars.count())
    shared = set_of([member for member, _ in measured], np.stack([vector for _, vector in measured]))
    seen = [v["look"] for _, v in newest if "look" in v]
    mean = np.mean(seen, axis=0).astype(np.float32) if seen else None
    return OwnStyle(shared.spec, shared.vector, len(newest), exemplars.count(), mean, exemplars.eye.name)


@dataclass(frozen=True)
class Wanted:
    """vector: the wanted style vector, None where nothing is known of the look; judge_style: the eye's mean of the own
    icons, None where there are none or the wish departs from them."""

    vector: np.ndarray | None = None
    judge_style: np.ndarray | None = None

    def of(self, vectors: Mapping[str, np.ndarray], eye: Eye) -> float:
        """0..1 for an icon with these vectors; 0.5 where it was not measured, or nothing is wanted."""
        if self.vector is None or "style" not in vectors:
            return 0.5
        from svggen.style import vector_distance

        near = style_score(vector_distance(vectors["style"], self.vector))
        if self.judge_style is None or "look" not in vectors:
            return near
        fit = eye.fits(cosine(vectors["look"], self.judge_style))
        return round((1 - JUDGE_WEIGHT) * near + JUDGE_WEIGHT * fit, 6)


def style_score(distance: float) -> float:
    """1 for the same look, 0.8 at distance 1 (a typical member of one set), 0.5 at 2: as the library scores its own."""
    return round(1 / (1 + (distance / STYLE_SCALE) ** 2), 6)
