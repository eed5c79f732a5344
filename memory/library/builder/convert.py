"""The text of an icon -> a canonical Icon on a 24 px canvas, packed; or the reason why it does not enter.

Contract. ``convert(candidate)`` returns a ``Converted`` whose ``reason`` is "" and whose ``icon`` is canonical, with
coordinates on a grid of 1/100 unit, or one with a reason and no icon. Nothing is rendered here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from memory.library.builder.choose import Candidate
from memory.library.codec import Looks, NotExact, encode
from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas, ink_bounds
from svggen.icon import Icon, canonical, parse_iconify, serialise
from svggen.geometry import quantise

__all__ = ["Converted", "convert"]

LIMIT_BYTES: Final = {"emoji": 4000}
LIMIT_BYTES_ELSE: Final = 3000
"""Canonical text longer than this is a drawing, not an icon: costly to keep and to show."""


@dataclass(frozen=True)
class Converted:
    icon: Icon | None
    reason: str = ""


def convert(candidate: Candidate, kind: str) -> Converted:
    left, top, width, height = candidate.box
    try:
        icon = fit_canvas(parse_iconify(candidate.body, width, height, left, top), 24.0)
        icon = canonical(quantise(icon, 0.01))
    except SvgGenError as error:
        return Converted(None, type(error).__name__)
    if any(shape.clip is not None for shape in icon.shapes):
        return Converted(None, "clip or mask")
    bounds = ink_bounds(icon)
    if bounds is None or bounds[2] - bounds[0] < 1 or bounds[3] - bounds[1] < 1:
        return Converted(None, "blank")
    if bounds[0] < -2 or bounds[1] < -2 or bounds[2] > 26 or bounds[3] > 26:
        return Converted(None, "beyond the canvas")
    if len(serialise(icon)) > LIMIT_BYTES.get(kind, LIMIT_BYTES_ELSE):
        return Converted(None, "too long")
    try:
        encode(icon, Looks())
    except NotExact:
        return Converted(None, "not exact")
    return Converted(replace(icon))
