"""The vocabulary of our own icon tokens: which id is what.

Contract. Ids are stable: weights depend on them, so that a change needs a new ``VERSION``. Numbers are whole eighths of
a pixel on a 24 px canvas, 0..192 (192 steps: an eighth is exact for sets drawn on 24 px, which 200 steps are not). A
point is one token where it lies on the half-pixel grid (POINT) or near the point that it is told from (NEAR), else two:
the pixel (CELL) and the place in it (SUB). The names are what ``to_text`` prints.

    0..7      PAD BOS EOS, and marks that stand in a model's context only: an exemplar begins, a slot that is filled
              with a vector (text, style, picture), a gap to be filled in
    8..       paint: how a shape is painted, tones, cap and join, hexadecimal digits of palette colours
    then      drawing commands, lengths, points; last what conditions a model: style, kind and length words
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ARC",
    "BOS",
    "BOTH",
    "BOTH_EVENODD",
    "CAPS",
    "CELL0",
    "CELLS",
    "CIRCLE",
    "CLOSE",
    "COLORS",
    "CUBIC",
    "DOT",
    "ELLIPSE",
    "END_OF_DRAWING",
    "EOS",
    "FILL",
    "FILL_EVENODD",
    "GAP",
    "GRID",
    "HALF",
    "HEX0",
    "IMAGE_SLOT",
    "INK",
    "JOINS",
    "LENGTH0",
    "LENGTHS",
    "LINE",
    "MOVE",
    "NAMES",
    "NEAR0",
    "NEAR_REACH",
    "NEAR_SIDE",
    "PAD",
    "PALETTE",
    "PATH",
    "PEN0",
    "POINT0",
    "POINT_SIDE",
    "QUARTER",
    "RECT",
    "ROUND_RECT",
    "SAME_IDEA",
    "SAME_SET",
    "SIZE",
    "SMOOTH",
    "SOFT0",
    "STEP",
    "STROKE",
    "STYLE_SLOT",
    "SUB0",
    "TEXT_SLOT",
    "TONE0",
    "VERSION",
    "VOCAB_SIZE",
    "WORDS",
    "WORD_IDS",
]

VERSION: Final = 1
SIZE: Final = 24.0
"""Side of the canvas in px."""
GRID: Final = 192
"""Steps of the grid along a side."""
STEP: Final = SIZE / GRID

CAPS: Final = ("butt", "round", "square")
JOINS: Final = ("miter", "round", "bevel")
COLORS: Final = 8
"""Most colours of a palette."""
NEAR_REACH: Final = 12
"""A NEAR point lies at most so many eighths from the point that it is told from, in x and in y."""
NEAR_SIDE: Final = 2 * NEAR_REACH + 1
POINT_SIDE: Final = 49  # 0, 0.5 .. 24
CELLS: Final = 25  # 0 .. 24
LENGTHS: Final = 192

WORDS: Final[tuple[str, ...]] = (
    *(f"mode_{m}" for m in ("outline", "filled", "duotone", "color")),
    *(f"width_{w}" for w in range(1, 17)),  # quarter pixels of stroke, 16: 4 px and more
    "ends_round",
    "ends_sharp",
    *(f"size_{n}" for n in (16, 24, 32, 48, 64, 96, 128, 192, 256, 512)),  # at most so many tokens of drawing
    *(f"kind_{k}" for k in ("ui", "map", "thematic", "emoji")),
    "from_words",
    "from_picture",
    "from_gap",
    "shifted",  # of drawings that training moved (svggen.training.vary): nobody asks for them
    "mirrored",
)
"""What conditions a model beside words, vectors and exemplars."""

NAMES: Final[list[str]] = []


def _range(*names: str) -> int:
    """Appends the names; the id of the first."""
    first = len(NAMES)
    NAMES.extend(names)
    return first


PAD: Final = _range("pad")
BOS: Final = _range("begin")
EOS: Final = _range("end")
SAME_IDEA: Final = _range("same_idea")
SAME_SET: Final = _range("same_set")
TEXT_SLOT: Final = _range("text")
STYLE_SLOT: Final = _range("style")
IMAGE_SLOT: Final = _range("image")
GAP: Final = _range("gap")

FILL: Final = _range("fill")
FILL_EVENODD: Final = _range("fill_evenodd")
STROKE: Final = _range("stroke")
BOTH: Final = _range("both")
BOTH_EVENODD: Final = _range("both_evenodd")
INK: Final = _range("ink")
SOFT0: Final = _range(*(f"soft{n}" for n in range(1, 10)))  # currentColor at opacity 0.1 .. 0.9
TONE0: Final = _range(*(f"color{n}" for n in range(1, COLORS + 1)))
PEN0: Final = _range(*(f"pen_{cap}_{join}" for cap in CAPS for join in JOINS))
PALETTE: Final = _range("palette")
HEX0: Final = _range(*(f"hex{n:x}" for n in range(16)))

PATH: Final = _range("path")
MOVE: Final = _range("move")
CLOSE: Final = _range("close")
CUBIC: Final = _range("cubic")
SMOOTH: Final = _range("smooth")
ARC: Final = _range("arc_left", "arc_right")  # + sweep flag
QUARTER: Final = _range("quarter_left", "quarter_right")
HALF: Final = _range("half_left", "half_right")
CIRCLE: Final = _range("circle")
ELLIPSE: Final = _range("ellipse")
RECT: Final = _range("rect")
ROUND_RECT: Final = _range("round_rect")
LINE: Final = _range("line")
DOT: Final = _range("dot")

LENGTH0: Final = _range(*(f"len{n / 8:g}" for n in range(1, LENGTHS + 1)))
POINT0: Final = _range(*(f"{x / 2:g},{y / 2:g}" for y in range(POINT_SIDE) for x in range(POINT_SIDE)))
CELL0: Final = _range(*(f"cell{x},{y}" for y in range(CELLS) for x in range(CELLS)))
SUB0: Final = _range(*(f"+{x / 8:g},{y / 8:g}" for y in range(8) for x in range(8)))
NEAR0: Final = _range(
    *(f"by{x / 8:g},{y / 8:g}" for y in range(-NEAR_REACH, NEAR_REACH + 1) for x in range(-NEAR_REACH, NEAR_REACH + 1))
)
END_OF_DRAWING: Final = len(NAMES)
"""Ids from here on condition a model and are never drawn."""
_words0 = _range(*(f"<{word}>" for word in WORDS))
WORD_IDS: Final = {word: _words0 + n for n, word in enumerate(WORDS)}
_range(*(f"spare{n}" for n in range(-len(NAMES) % 64)))
VOCAB_SIZE: Final = len(NAMES)
"""A multiple of 64, which suits matrix units."""
