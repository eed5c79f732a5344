"""Two ideas in one icon: containers, badges, marks inside, pairs, copies, slashes, mirrored and turned variants.

Contract. Pure functions on icons of a 24 px canvas (``svggen.geometry.fit_canvas`` makes one); they answer
``Composed``: the
icon, fitted to the canvas, and what was done in plain words. Line widths stay what they are while geometry scales.
Gaps are
cut into the geometry itself (no masks, no clips in the result). Lengths are px at 24.

    booleans.py  areas joined and subtracted (skia)     marks.py       check, plus, heart ... and the Pen
    cutting.py   strokes split where a gap begins       containers.py  circle, shield ... as outlines
    place.py     container, badge, inside, slash        group.py       beside, behind, stack, repeat, mirror, rotate
"""

from __future__ import annotations

from svggen.compose.group import behind, beside, mirror, repeat, rotate, stack
from svggen.compose.marks import Pen, mark_icon, pen_for
from svggen.compose.place import Composed, badge, container, emptied, inside, room, slash, within_canvas

__all__ = [
    "Composed",
    "Pen",
    "badge",
    "behind",
    "beside",
    "container",
    "emptied",
    "inside",
    "mark_icon",
    "mirror",
    "pen_for",
    "repeat",
    "room",
    "rotate",
    "slash",
    "stack",
    "within_canvas",
]
