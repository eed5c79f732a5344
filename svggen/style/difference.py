"""Distance between two StyleSpecs, field by field.

Contract. Each field that both specs set gives a difference of 0 (the same) to 1 (as different as that field can look);
fields that either leaves free say nothing. The distance is the weighted mean over the fields compared. The weights are
judgement: what a reader of an icon set sees first (mode, then line width, then colour) weighs most.
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any, Final, NamedTuple

from svggen.style.spec import StyleSpec

__all__ = ["WEIGHTS", "Difference", "differences", "distance"]

WEIGHTS: Final[dict[str, float]] = {
    "mode": 5.0,
    "stroke_width": 4.0,
    "palette": 3.0,
    "pixel_art": 3.0,
    "corner_radius": 2.0,
    "cap": 1.5,
    "join": 1.5,
    "padding": 1.5,
    "secondary_opacity": 1.0,
    "detail": 0.5,
    "grid": 0.25,
}
"""Weight of each field in ``distance``."""

_CHOICES: Final[dict[frozenset[str], float]] = {
    frozenset({"butt", "square"}): 0.15,  # drawn as a fill, the two cannot be told apart
    frozenset({"miter", "bevel"}): 0.5,
    frozenset({"outline", "duotone"}): 0.5,
    frozenset({"filled", "duotone"}): 0.6,
    frozenset({"filled", "color"}): 0.6,
    frozenset({"duotone", "color"}): 0.6,
}
_FULL: Final[dict[str, float]] = {"corner_radius": 3.0, "padding": 3.0, "secondary_opacity": 0.6, "detail": 0.6}
"""The difference of a number that counts as 1."""


class Difference(NamedTuple):
    """field, its two values, and its share (0..1) of the whole distance."""

    field: str
    a: Any
    b: Any
    weight: float


def distance(a: StyleSpec, b: StyleSpec) -> float:
    """0 (the same in every field that both set, or nothing to compare) .. 1 (nothing in common)."""
    return sum(d.weight for d in differences(a, b))


def differences(a: StyleSpec, b: StyleSpec) -> list[Difference]:
    """The fields that differ, the most visible first; their weights add up to ``distance``."""
    compared = [
        (f.name, x, y)
        for f in fields(StyleSpec)
        if (x := getattr(a, f.name)) is not None and (y := getattr(b, f.name)) is not None
    ]
    total = sum(WEIGHTS[name] for name, _, _ in compared)
    found = [Difference(name, x, y, WEIGHTS[name] * _apart(name, x, y) / total) for name, x, y in compared]
    return sorted((d for d in found if d.weight > 0), key=lambda d: -d.weight)


def _apart(name: str, x: Any, y: Any) -> float:
    if x == y:
        return 0.0
    if name in ("mode", "cap", "join"):
        return _CHOICES.get(frozenset({x, y}), 1.0)
    if name == "pixel_art":
        return 1.0
    if name == "palette":
        return palette_apart(x, y)
    if name in ("stroke_width", "grid"):  # a factor of two looks as different as the field can
        return min(abs(math.log2(x / y)), 1.0)
    return float(min(abs(x - y) / _FULL[name], 1.0))


def palette_apart(x: tuple[str, ...], y: tuple[str, ...]) -> float:
    """0..1: mean distance from each colour, weighted by rank, to its nearest in the other palette, both ways."""

    def one_way(p: tuple[str, ...], q: tuple[str, ...]) -> float:
        ranks = [0.5**i for i in range(len(p))]
        return sum(r * min(_colour_apart(c, d) for d in q) for c, r in zip(p, ranks, strict=True)) / sum(ranks)

    return (one_way(x, y) + one_way(y, x)) / 2


def _colour_apart(a: str, b: str) -> float:
    """0..1 in a plain luma-chroma space; currentColor is drawn black unless a page says otherwise."""
    (ya, ua, va), (yb, ub, vb) = (_luma_chroma("#000000" if c == "currentColor" else c) for c in (a, b))
    return min(math.sqrt((ya - yb) ** 2 + (ua - ub) ** 2 + (va - vb) ** 2) / 0.75, 1.0)


def _luma_chroma(colour: str) -> tuple[float, float, float]:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    return luma, b - luma, r - luma
