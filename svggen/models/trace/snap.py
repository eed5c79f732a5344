"""Numbers of a traced shape put on a grid without bending what is round.

Contract. ``snapped`` moves points by a rounding of numbers (``nearly``, or whole steps). An arc keeps its height over
the chord between its moved ends, so that its middle stays where it was; its radius is rounded too where that moves the
middle by less than ``_LIFT``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from svggen.icon import Circle, Ellipse, Geometry, Line, Path, Point, Polygon, Polyline, Rect, Segment, Shape
from svggen.models.trace.net import arc_segments

__all__ = ["nearly", "rounded_width", "snapped"]

_NEAR: Final = 0.035  # units from a grid value that is taken for it
_LIFT: Final = 0.02

Rounding = Callable[[float], float]


def nearly(v: float) -> float:
    """To a whole quarter or eighth that is near, else to a hundredth."""
    for step in (0.5, 0.25, 0.125):
        if abs(round(v / step) * step - v) < _NEAR:
            return round(v / step) * step
    return round(v, 2)


def rounded_width(width: float) -> float:
    """A stroke width at a half, quarter or eighth that is near, else at a hundredth."""
    return nearly(width)


def snapped(shape: Shape, q: Rounding) -> Shape:
    return replace(shape, geometry=_geometry(shape.geometry, q))


def _geometry(g: Geometry, q: Rounding) -> Geometry:
    if isinstance(g, Path):
        return Path(_segments(g.segments, q))
    if isinstance(g, Circle):
        return Circle(q(g.cx), q(g.cy), _size(g.r, q))
    if isinstance(g, Ellipse):
        return Ellipse(q(g.cx), q(g.cy), _size(g.rx, q), _size(g.ry, q))
    if isinstance(g, Rect):
        x, y = q(g.x), q(g.y)
        radius = q(g.rx) if min(g.width, g.height) > 2.02 * g.rx else 1e6  # a pill stays one
        width, height = _size(q(g.x + g.width) - x, q), _size(q(g.y + g.height) - y, q)
        radius = min(radius, width / 2, height / 2)
        return Rect(x, y, width, height, radius, radius)
    if isinstance(g, Line):
        return Line(q(g.x1), q(g.y1), q(g.x2), q(g.y2))
    assert isinstance(g, Polyline | Polygon)
    return type(g)(tuple([(q(x), q(y)) for x, y in g.points]))


def _size(v: float, q: Rounding) -> float:
    return q(v) or v


def _segments(segments: tuple[Segment, ...], q: Rounding) -> tuple[Segment, ...]:
    out: list[Segment] = []
    raw: Point = (0.0, 0.0)
    at: Point = (0.0, 0.0)
    for op, v in segments:
        if op == "Z":
            out.append((op, v))
            continue
        end, to = (v[-2], v[-1]), (q(v[-2]), q(v[-1]))
        if op == "A":
            out.extend(_arc(raw, v, at, to, q))
        elif op == "C":
            moved_start, moved_end = (at[0] - raw[0], at[1] - raw[1]), (to[0] - end[0], to[1] - end[1])
            first = (q(v[0] + moved_start[0]), q(v[1] + moved_start[1]))
            second = (q(v[2] + moved_end[0]), q(v[3] + moved_end[1]))
            out.append(("C", (*first, *second, *to)))
        elif op == "M" or to != at:
            out.append((op, to))
        raw, at = end, to
    return tuple(out)


def _arc(raw: Point, v: tuple[float, ...], at: Point, to: Point, q: Rounding) -> list[Segment]:
    """The circular arc between the moved ends with the height of the old one."""
    chord, length = math.dist(raw, (v[5], v[6])), math.dist(at, to)
    radius = max(v[0], chord / 2)
    fall = math.sqrt(max(radius * radius - chord * chord / 4, 0.0))
    height = radius + fall if v[3] else radius - fall
    if length < 1e-9:
        return []
    if height < 1e-3:
        return [("L", to)]
    fresh = (length * length / 4 + height * height) / (2 * height)
    for r in (q(fresh), round(fresh, 1), round(fresh, 2)):
        if r < length / 2:
            continue
        fall = math.sqrt(r * r - length * length / 4)
        moved = r + fall if height > length / 2 else r - fall
        if abs(moved - height) < _LIFT:
            return arc_segments(at, to, moved, bool(v[4]), r)
    return arc_segments(at, to, height, bool(v[4]))
