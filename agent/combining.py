"""The combiner: an SvgModel that makes one icon of two candidates ("combine the first and third").

Contract. ``request.edit`` is the first, the only reference the second. What people mean by it is one of two things, and
both are drawn: the parts that only one of them has, added to the other (steam, a chimney: shapes that lie beside it and
not on it), and the drawing of one in the look of the other. Deterministic; what cannot be done is left out; where
nothing can, one draft says so.
"""

from __future__ import annotations

import time
from dataclasses import replace

from svggen.errors import SvgGenError
from svggen.icon import Icon, icon_id
from svggen.models.base import Draft, DrawRequest, failed

__all__ = ["Combiner"]

BESIDE = 0.7
"""Share of a part's ink that must lie off the other drawing for it to be a part of its own."""
SPECK = 0.002
"""Share of the canvas: less ink is no part."""
REACH = 2
"""Pixels of 96 around a line that still belong to it: half a pixel at 24."""


class Combiner:
    """See the head of this file."""

    name = "combiner"
    revision = "1"

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        if request.edit is None or not request.references:
            return [failed(self, request, "unknown_subject", "there are no two drawings to combine", started)]
        one, other = request.edit, request.references[0].icon
        made = [
            (added(one, other), "the parts of the second added to the first"),
            (added(other, one), "the parts of the first added to the second"),
            (in_the_look_of(one, other), "the first in the look of the second"),
            (in_the_look_of(other, one), "the second in the look of the first"),
        ]
        seen = {icon_id(one), icon_id(other)}
        drafts: list[Draft] = []
        for icon, how in made:
            if icon is None or icon_id(icon) in seen:
                continue
            seen.add(icon_id(icon))
            drafts.append(
                Draft(icon, self.name, self.revision, request.seed, round(1.0 - 0.1 * len(drafts), 2), steps=(how,),
                      seconds=time.perf_counter() - started)
            )  # fmt: skip
        none = "these two differ in nothing that could be joined"
        return drafts[: request.n] or [failed(self, request, "unknown_subject", none, started)]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return self.generate(request)


def added(icon: Icon, other: Icon) -> Icon | None:
    """``icon`` with the shapes of ``other`` that lie beside it; None where there are none."""
    from scipy.ndimage import maximum_filter

    from svggen.geometry import fit_canvas
    from svggen.render import inks

    icon, other = fit_canvas(icon), fit_canvas(other)
    parts = [replace(other, shapes=(shape,)) for shape in other.shapes]
    if not parts:
        return None
    drawn, *pieces = inks([icon, *parts], 96)
    near = maximum_filter(drawn, 2 * REACH + 1) > 0.1
    beside = [
        part.shapes[0]
        for part, ink in zip(parts, pieces, strict=True)
        if ink.mean() > SPECK and float(ink[~near].sum()) >= BESIDE * float(ink.sum())
    ]
    if not beside or len(beside) == len(parts):
        return None
    return replace(icon, shapes=(*icon.shapes, *beside))


def in_the_look_of(icon: Icon, other: Icon) -> Icon | None:
    """``icon`` in the measured style of ``other``."""
    from svggen.restyle import restyle
    from svggen.style import measure

    try:
        return restyle(icon, measure(other)).icon
    except SvgGenError:
        return None
