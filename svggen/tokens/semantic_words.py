"""The 58 words of LLM4SVG's semantic tokens, and a token as it is read: what reader and writer share.

Contract. ``NAMES`` in the order of the ids; the names are those of the published representation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ATTRIBUTES", "COMMANDS", "NAMES", "NUMBERS", "SIDE", "Piece", "number_word", "word"]

SIDE: Final = 128.0
"""Side of the canvas in user units."""

_CONTAINERS: Final = ("START_OF_SVG", "END_OF_SVG", "start_of_g", "end_of_g")
_ELEMENTS: Final = tuple(
    "svg_" + name
    for name in "path circle rect ellipse polygon line polyline text linearGradient radialGradient stop".split()
)
COMMANDS: Final = {
    "moveto": "m",
    "lineto": "l",
    "horizontal_lineto": "h",
    "vertical_lineto": "v",
    "curveto": "c",
    "smooth_curveto": "s",
    "quadratic_bezier_curve": "q",
    "smooth_quadratic_bezier_curveto": "t",
    "elliptical_Arc": "a",
    "close_the_path": "z",
}
"""Word -> command of SVG."""
ATTRIBUTES: Final = tuple(
    "tag_id path_d fill stroke-width stroke-linecap stroke opacity transform gradientTransform offset width height cx "
    "cy rx ry r points x1 y1 x2 y2 x y fr fx fy href rotate font-size font-style font-family text-content".split()
)
NAMES: Final = (*_CONTAINERS, *_ELEMENTS, *COMMANDS, *ATTRIBUTES)
"""All 58 words."""


NUMBERS: Final = range(-128, 129)
"""Whole numbers that may be words of their own: every step across the canvas."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token as it is read: ``name`` of one of the 58, or None and ``text``; ``at`` is its place in the list."""

    at: int
    name: str | None
    text: str


def word(name: str) -> str:
    """How one of the 58 is written."""
    return f"<|{name}|>"


def number_word(number: int) -> str:
    """How one of ``NUMBERS`` is written where numbers are words."""
    return f"<|{number}|>"
