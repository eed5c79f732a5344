"""Restyle: make an icon obey a StyleSpec.

Contract. ``restyle(icon, spec)`` redraws on a 24 px canvas (delivered on ``spec.grid``): line width, caps, joins
and corners of true strokes and of outlines that are drawn as fills; outline from filled and filled from outline;
second tones; colours; padding; pixels. Fields that are None stay as the icon has them. ``steps`` says what was
done, ``refused`` what the geometry did not allow, both in plain words. The result is never blank and never loses a
part of the drawing in silence; how detailed it is stays as it is; an icon with nothing to draw comes back as it was.

    plan.py      which change, in which order        job.py     parts with tones, and the log
    modes.py     outline, filled, duotone            flat.py    flat colour drawings to lines or tones
    lines.py     width, optical size, pens           caps.py    line ends of filled outlines
    corners.py   which corner gets which radius      edges.py   corners of real geometry
    paint.py     colours                             pixels.py  pixel art
    ops.py       areas, by skia path operations      contour.py contours, tidied
    unclip.py    clips and masks as plain shapes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.style.spec import StyleSpec

__all__ = ["Restyled", "restyle"]


@dataclass(frozen=True)
class Restyled:
    """The new icon, what was done to it and what could not be done."""

    icon: Icon
    steps: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def restyle(icon: Icon, spec: StyleSpec) -> Restyled:
    """Make an icon obey a style; see the head of this file. Never raises for an icon that can be drawn."""
    from svggen.restyle.plan import run

    done, steps, refused = run(icon, spec)
    return Restyled(done, tuple(steps), tuple(refused))
