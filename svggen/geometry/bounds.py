"""Bounding boxes, exact for lines, cubics and arcs: (x0, y0, x1, y1) in user units, x0 <= x1, y0 <= y1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from svggen.geometry.arcs import centre_form
from svggen.icon.types import Circle, Ellipse, Geometry, Icon, Line, Path, Point, Rect, Shape

__all__ = ["Box", "bounds", "ink_bounds", "shape_bounds", "union"]

Box: TypeAlias = tuple[float, float, float, float]


def bounds(geometry: Geometry) -> Box | None:
    """Of the outline itself, without stroke; None for a path without a point."""
    if isinstance(geometry, Path):
        return _path(geometry)
    if isinstance(geometry, Circle):
        g = geometry
        return (g.cx - g.r, g.cy - g.r, g.cx + g.r, g.cy + g.r)
    if isinstance(geometry, Ellipse):
        e = geometry
        return (e.cx - e.rx, e.cy - e.ry, e.cx + e.rx, e.cy + e.ry)
    if isinstance(geometry, Rect):
        return (geometry.x, geometry.y, geometry.x + geometry.width, geometry.y + geometry.height)
    if isinstance(geometry, Line):
        line = geometry
        return (min(line.x1, line.x2), min(line.y1, line.y2), max(line.x1, line.x2), max(line.y1, line.y2))
    return _around(geometry.points)


def _around(points: Sequence[Point]) -> Box | None:
    xs, ys = zip(*points, strict=True) if points else ((), ())
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _path(path: Path) -> Box | None:
    points: list[Point] = []
    at: Point = (0.0, 0.0)
    start: Point = at
    for op, v in path.segments:
        if op == "Z":
            at = start
            continue
        end = (v[-2], v[-1])
        if op == "C":
            points.extend(_cubic_extremes(at, v))
        elif op == "A":
            points.extend(_arc_extremes(at, v))
        elif op == "M":
            start = end
        points.append(end)
        at = end
    return _around(points)


def _cubic_extremes(p: Point, v: tuple[float, ...]) -> list[Point]:
    """Where the curve turns back in x or y, outside the box of its ends."""
    out = []
    for axis in (0, 1):
        p0, p1, p2, p3 = p[axis], v[axis], v[2 + axis], v[4 + axis]
        low, high = (p0, p3) if p0 <= p3 else (p3, p0)
        if low <= p1 <= high and low <= p2 <= high:
            continue
        a, b, c = -p0 + 3 * p1 - 3 * p2 + p3, 2 * (p0 - 2 * p1 + p2), p1 - p0
        for t in _roots(a, b, c):
            if 0 < t < 1:
                s = 1 - t
                u, w, x, y = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
                out.append((u * p[0] + w * v[0] + x * v[2] + y * v[4], u * p[1] + w * v[1] + x * v[3] + y * v[5]))
    return out


def _roots(a: float, b: float, c: float) -> tuple[float, ...]:
    """Real roots of a t^2 + b t + c, without cancellation."""
    if abs(a) < 1e-12 * (abs(b) + abs(c)):
        return (-c / b,) if b else ()
    disc = b * b - 4 * a * c
    if disc < 0:
        return ()
    q = -(b + math.copysign(math.sqrt(disc), b)) / 2
    return (q / a, c / q) if q else (0.0,)


def _arc_extremes(p: Point, v: tuple[float, ...]) -> list[Point]:
    arc = centre_form(p, v)
    if arc is None:
        return []
    cos, sin = math.cos(arc.phi), math.sin(arc.phi)
    tx = math.atan2(-arc.ry * sin, arc.rx * cos)
    ty = math.atan2(arc.ry * cos, arc.rx * sin)
    out = []
    for angle in (tx, tx + math.pi, ty, ty + math.pi):
        turn = (angle - arc.start) % (2 * math.pi)
        if arc.sweep < 0:
            turn -= 2 * math.pi
        t = turn / arc.sweep if arc.sweep else 2.0
        if 0 < t < 1:
            out.append(arc.point(t))
    return out


def shape_bounds(shape: Shape) -> Box | None:
    """With the stroke: half its width on every side (miter points are ignored, square caps too). Clips are ignored."""
    box = bounds(shape.geometry)
    if box is None or shape.look.stroke == "none":
        return box
    half = shape.look.stroke_width / 2
    return (box[0] - half, box[1] - half, box[2] + half, box[3] + half)


def union(boxes: Iterable[Box | None]) -> Box | None:
    real = [b for b in boxes if b is not None]
    if not real:
        return None
    return (min(b[0] for b in real), min(b[1] for b in real), max(b[2] for b in real), max(b[3] for b in real))


def ink_bounds(icon: Icon) -> Box | None:
    """Of everything that is painted, strokes included, cut by geometric clips (by their boxes), not by the viewBox.
    None for an empty icon."""
    return union([_clipped(s) for s in icon.shapes])


def _clipped(shape: Shape) -> Box | None:
    box = shape_bounds(shape)
    if box is None or shape.clip is None:
        return box
    window = union([bounds(s.geometry) for s in shape.clip.shapes])
    if window is None:
        return None
    x0, y0 = max(box[0], window[0]), max(box[1], window[1])
    x1, y1 = min(box[2], window[2]), min(box[3], window[3])
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None
