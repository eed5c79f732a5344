"""Circles, ellipses, rectangles and lines: as the file names them, or as a path happens to draw them.

Contract. ``plain_figure(geometry, filled)`` gives the ids of a shape that is one of these, None where it is to be read
as a path; ``drawn_figure(...)`` those of a sub-path whose steps draw one exactly on the grid, [] for anything else.
"""

from __future__ import annotations

import math

from svggen.icon.types import Circle, Ellipse, Geometry, Line, Rect
from svggen.tokens import vocabulary as v
from svggen.tokens.asks import Spot
from svggen.tokens.curves import Step
from svggen.tokens.points import anchor, point, snap

__all__ = ["drawn_figure", "plain_figure"]


def plain_figure(geometry: Geometry, filled: bool) -> list[int] | None:
    """A circle, ellipse, rectangle or line that the file itself names; None where it is to be read as a path."""
    if isinstance(geometry, Circle):
        return [v.CIRCLE, *point((snap(geometry.cx), snap(geometry.cy))), _length(geometry.r)]
    if isinstance(geometry, Ellipse):
        rx, ry = _length(geometry.rx), _length(geometry.ry)
        centre = point((snap(geometry.cx), snap(geometry.cy)))
        return [v.ELLIPSE, *centre, rx, ry] if rx != ry else [v.CIRCLE, *centre, rx]
    if isinstance(geometry, Rect):
        if geometry.rx and round(geometry.rx * 8) != round(geometry.ry * 8):
            return None
        a = (snap(geometry.x), snap(geometry.y))
        b = (snap(geometry.x + geometry.width), snap(geometry.y + geometry.height))
        return _rect(a, b, math.floor(geometry.rx * 8 + 0.5))
    if isinstance(geometry, Line) and not filled:
        a, b = (snap(geometry.x1), snap(geometry.y1)), (snap(geometry.x2), snap(geometry.y2))
        return [v.LINE, *point(a), *anchor(b, a)] if a != b else None
    return None


def _length(value: float) -> int:
    return v.LENGTH0 + max(1, min(v.LENGTHS, math.floor(value * 8 + 0.5))) - 1


def _rect(a: Spot, b: Spot, radius: int) -> list[int]:
    """From the upper left to the lower right corner; at least an eighth wide and high."""
    a = (min(a[0], v.GRID - 1), min(a[1], v.GRID - 1))
    b = (max(b[0], a[0] + 1), max(b[1], a[1] + 1))
    radius = min(radius, (b[0] - a[0]) // 2, (b[1] - a[1]) // 2)
    if radius < 1:
        return [v.RECT, *point(a), *anchor(b, a)]
    if max(a) > v.GRID - 2:
        return [v.RECT, *point(a), *anchor(b, a)]
    return [v.ROUND_RECT, *point(a), *anchor(b, a), v.LENGTH0 + radius - 1]


def drawn_figure(start: Spot, track: list[Step], closed: bool, filled: bool) -> list[int]:
    """The circle, ellipse, rectangle or line that the steps draw; [] for anything else."""
    if not closed:
        line = len(track) == 1 and track[0].kind == "L" and not filled
        return [v.LINE, *point(start), *anchor(track[0].end, start)] if line else []
    kinds = "".join(step.kind for step in track)
    turns = {step.sweep for step in track if step.kind != "L"}
    ends = [step.end for step in track]
    if len(turns) > 1:
        return []
    if kinds == "HH" and ends[1] == start:
        return _disc([start, ends[0]])
    if kinds == "QQQQ" and ends[3] == start:
        return _disc([start, *ends[:3]])
    if kinds == "LLL":
        return _box([start, *ends])
    if kinds.count("Q") == 4 and set(kinds) == {"Q", "L"} and len(kinds) <= 8:
        return _round_box(start, track)
    return []


def _disc(points: list[Spot]) -> list[int]:
    """The circle or ellipse through its two or four extreme points, where its centre and radii are on the grid."""
    x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
    y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
    w, h = x1 - x0, y1 - y0
    if len(points) == 2:
        if w and h:
            return []
        w = h = max(w, h)
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    if w % 2 or h % 2 or cx % 1 or cy % 1:
        return []
    if len(points) == 4 and any((p[0] != cx) == (p[1] != cy) for p in points):
        return []
    centre = point((int(cx), int(cy)))
    if w == h:
        return [v.CIRCLE, *centre, v.LENGTH0 + w // 2 - 1]
    return [v.ELLIPSE, *centre, v.LENGTH0 + w // 2 - 1, v.LENGTH0 + h // 2 - 1]


def _box(corners: list[Spot]) -> list[int]:
    xs, ys = {p[0] for p in corners}, {p[1] for p in corners}
    if len(xs) != 2 or len(ys) != 2 or len(set(corners)) != 4:
        return []
    crossed = corners[0][0] != corners[1][0] and corners[0][1] != corners[1][1]
    return [] if crossed else _rect((min(xs), min(ys)), (max(xs), max(ys)), 0)


def _round_box(start: Spot, track: list[Step]) -> list[int]:
    points = [start, *(step.end for step in track)]
    if track[-1].kind != "L" and points[-1] != start:
        points.append(start)  # the closing line
    x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
    y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
    pen, radii = start, set()
    corners = set()
    for step in track:
        dx, dy = step.end[0] - pen[0], step.end[1] - pen[1]
        if step.kind == "Q":
            radii |= {abs(dx), abs(dy)}
            on_sides = (pen[0] in (x0, x1) and step.end[1] in (y0, y1)) or (
                pen[1] in (y0, y1) and step.end[0] in (x0, x1)
            )
            if not on_sides:
                return []
            corners.add((pen[0] + step.end[0] > x0 + x1, pen[1] + step.end[1] > y0 + y1))
        elif dx and dy:
            return []
        pen = step.end
    last = (start[0] - pen[0], start[1] - pen[1])
    if (last[0] and last[1]) or len(radii) != 1 or len(corners) != 4:
        return []
    (radius,) = radii
    if 2 * radius > min(x1 - x0, y1 - y0) or not _outward(start, track, x0, y0, x1, y1):
        return []
    return _rect((x0, y0), (x1, y1), radius)


def _outward(start: Spot, track: list[Step], x0: int, y0: int, x1: int, y1: int) -> bool:
    """Do the quarter turns bulge outwards? (Else they are bites out of the corners.) They do where the turns go the
    way that the corners are visited."""
    area, pen = 0, start
    for step in track:
        area += pen[0] * step.end[1] - pen[1] * step.end[0]
        pen = step.end
    area += pen[0] * start[1] - pen[1] * start[0]
    sweep = next(step.sweep for step in track if step.kind == "Q")
    return (area > 0) == (sweep == 1)
