"""Restyle: make an icon obey a StyleSpec.

Contract. ``restyle(icon, spec)`` redraws on a 24 px canvas (delivered on ``spec.grid``): line width, caps, joins
and corners of true strokes and of outlines that are drawn as fills; outline from filled and filled from outline;
second tones; colours; padding; pixels. Fields that are None stay as the icon has them. ``steps`` says what was
done, ``refused`` what the geometry did not allow, both in plain words. The result is never blank and never loses a
part of the drawing in silence; an icon with nothing to draw comes back as it was.

    job.py     parts with tones, the log        lines.py   width, caps, joins, size     paint.py   colours
    plan.py    which change, in which order     edges.py   corners of real geometry     pixels.py  pixel art
                                            corners.py which radius where
    ops.py     areas (skia path operations)     modes.py   outline, filled, duotone     flat.py    flat colour
    contour.py tidy contours                    caps.py    line ends                    unclip.py  clips and masks
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
