"""The fields in which an icon can leave its set, and the three kinds of rule that a field can have.

Contract. ``FIELDS`` in the order in which findings are told. Lengths are units of a 24 px canvas, shares 0..1. A field
reads its number or its words off ``Facts``; nothing here measures. The floors are what nobody sees; agreement, gaps and
sides were chosen by tests/bench/bench_audit.py, so that clean sets flag few icons and faults are found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from svggen.style.spec import CHOICES

if TYPE_CHECKING:
    from svggen.sets.facts import Facts

__all__ = ["BY_ID", "CUT", "FIELDS", "SAME", "Among", "Between", "Field", "Near", "Rule", "longer_side"]

Kind: TypeAlias = Literal["near", "between", "among"]

SAME: Final = 0.12
"""Share of a line width within which nobody sees the difference."""
CUT: Final = 0.3
"""Units beyond the canvas from which ink is cut off: of 8,400 icons of 42 sets one goes further."""
_EVIDENCE: Final = 1.9
"""Weight of line ends (2 an open stroke) or joins from which they are seen."""
_CORNERS: Final = 6.0
"""Weight of corners (units of the straight lines beside them) from which they are seen."""
_SIMPLE: Final = 5.0
"""Length of all edges, in lengths of the longer side, below which a drawing is a stroke or two."""


@dataclass(frozen=True, slots=True)
class Near:
    """A number that nearly all icons share, and how far from it is still the same."""

    value: float
    within: float


@dataclass(frozen=True, slots=True)
class Between:
    """A number that varies. low, high: None leaves that side open. usual: the set's median."""

    low: float | None
    high: float | None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Among:
    """A choice that nearly all icons share."""

    allowed: tuple[str, ...]


Rule: TypeAlias = Near | Between | Among


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is measured. number, words: what an icon has, None or empty where it does not show it. what, unit:
    for people. choices: the words there are, where they are known. floor: the least difference that anybody sees. gap:
    how far beyond the bulk of a set its fences stand, in the bulk's own half width. sides: which fences there are.
    agree: share of the icons that must agree for a norm. variant: what a style word in a name ("-fill") explains."""

    id: str
    kind: Kind
    what: str
    unit: str = ""
    number: Callable[[Facts], float | None] = lambda facts: None
    words: Callable[[Facts], tuple[str, ...]] = lambda facts: ()
    choices: tuple[str, ...] = ()
    floor: float = 0.0
    gap: float = 1.4
    sides: Literal["both", "low", "high"] = "both"
    agree: float = 0.8
    variant: bool = False


def longer_side(f: Facts) -> float | None:
    """Of the ink, in units; None for a blank icon."""
    return None if f.box is None else max(f.box[2] - f.box[0], f.box[3] - f.box[1])


def _optical_size(f: Facts) -> float | None:
    """The longer side. A chevron, a dot or a minus is small in every set: of so simple a drawing nothing is said unless
    it is large."""
    size = longer_side(f)
    if size is None or size <= 0:
        return None
    edges = -288.0 * math.log(1 - min(f.member.spec.detail or 0.0, 0.999))  # how svggen.style makes detail of them
    return None if edges < _SIMPLE * size and size < 20 else size


def _margin(f: Facts) -> float | None:
    return None if f.box is None else min(f.box[0], f.box[1], 24 - f.box[2], 24 - f.box[3])


def _middle(axis: int) -> Callable[[Facts], float | None]:
    return lambda f: None if f.box is None else (f.box[axis] + f.box[axis + 2]) / 2 - 12


def _width(f: Facts) -> float | None:
    return f.member.spec.stroke_width if f.member.spec.mode in ("outline", "duotone", "color") else None


def _tone(f: Facts) -> float | None:
    return f.member.spec.secondary_opacity if f.member.spec.mode == "duotone" else None


def _radius(f: Facts) -> float | None:
    return f.radius if f.radius and f.rounded >= _CORNERS else None


def _corners(f: Facts) -> tuple[str, ...]:
    total = f.sharp + f.rounded
    if total < _CORNERS:
        return ()
    share = f.sharp / total
    return ("sharp",) if share >= 0.6 else ("rounded",) if share <= 0.4 else ()


def _choice(weights: tuple[float, float, float], words: tuple[str, str, str]) -> tuple[str, ...]:
    best = max(range(3), key=weights.__getitem__)
    clear = weights[best] >= _EVIDENCE and weights[best] >= 0.7 * sum(weights)
    return (words[best],) if clear else ()


def _mode(f: Facts) -> tuple[str, ...]:
    """The mode where it is plain to see: an outline with a solid spot is not filled, nor is a heavy arrow."""
    mode = f.member.spec.mode or "outline"
    if mode == "filled":
        return ("filled",) if f.member.modes[1] > 0.9 and f.solid > 0.6 and f.ink > 0.22 else ()
    return (mode,)


def _canvas(f: Facts) -> tuple[str, ...]:
    return (f"{f.canvas[0]:g}x{f.canvas[1]:g}",)


FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "mode", "among", "drawn", words=_mode, choices=CHOICES["mode"],
        agree=0.965, variant=True,
    ),
    Field("stroke_width", "near", "line width", "px", number=_width, floor=0.12, agree=0.6, variant=True),
    Field(
        "cap", "among", "line ends", words=lambda f: _choice(f.caps, ("butt", "round", "square")),
        choices=CHOICES["cap"], agree=0.94, variant=True,
    ),
    Field(
        "join", "among", "line joins", words=lambda f: _choice(f.joins, ("miter", "round", "bevel")),
        choices=CHOICES["join"], agree=0.96, variant=True,
    ),
    Field(
        "corners", "among", "corners", words=_corners, choices=("sharp", "rounded"), agree=0.96, variant=True
    ),
    Field("corner_radius", "between", "corner radius", "px", number=_radius, floor=2.75, gap=2.1, variant=True),
    Field("colours", "among", "colour", words=lambda f: f.palette, agree=0.6, variant=True),
    Field("secondary_opacity", "near", "opacity of the second tone", number=_tone, floor=0.08, variant=True),
    Field("canvas", "among", "canvas", words=_canvas, agree=0.96),
    Field("cut_off", "between", "ink beyond the canvas", "px", number=lambda f: f.cut, sides="high", agree=0.97),
    Field("size", "between", "size of the ink", "px", number=_optical_size, floor=2.2, gap=1.4),
    Field("padding", "between", "padding", "px", number=_margin, floor=0.77, gap=0.98, sides="low"),
    Field("centre_x", "between", "distance to the right of the middle", "px", number=_middle(0), floor=1.54),
    Field("centre_y", "between", "distance below the middle", "px", number=_middle(1), floor=1.54),
    Field("ink", "between", "ink", number=lambda f: f.ink if f.ink > 0 else None, floor=0.077, variant=True),
    Field("density", "between", "darkest spot", number=lambda f: f.density, floor=0.154, variant=True),
    Field(
        "solid", "between", "share of solid areas", number=lambda f: f.solid, floor=0.33, gap=1.82, sides="high",
        variant=True,
    ),
    Field("on_grid", "between", "share of points on the grid", number=lambda f: f.on_grid, floor=0.165, sides="low"),
    Field("look", "between", "strangeness of look", floor=0.028, gap=1.12, sides="high", variant=True),
)  # fmt: skip

BY_ID: Final[Mapping[str, Field]] = {f.id: f for f in FIELDS}
