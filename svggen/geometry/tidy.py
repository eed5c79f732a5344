"""Fewer segments for the same drawing."""

from __future__ import annotations

import math

from svggen.geometry.arcs import Arc, centre_form
from svggen.geometry.paths import subpaths
from svggen.icon.types import Path, Point, Segment

__all__ = ["simplify"]

_LOOK_BACK = 64  # points that one straight run may swallow before it starts anew: keeps the work linear


def simplify(path: Path, tolerance: float = 0.005, *, arcs: bool = False) -> Path:
    """The same drawing within ``tolerance`` (user units): points on a straight run go, cubics and arcs that are
    straight become lines, a line back to the start before a Z goes; with ``arcs``, cubics that are circular become
    arcs. A sub-path of no length (a dot) stays as it is. Corners, the order and the direction of sub-paths stay."""
    out: list[Segment] = []
    for sub in subpaths(path):
        out.extend(_simplify_one(sub.segments, tolerance, arcs))
    return Path(tuple(out))


def _simplify_one(segments: tuple[Segment, ...], tolerance: float, arcs: bool) -> list[Segment]:
    start: Point = (segments[0][1][0], segments[0][1][1])
    out: list[Segment] = [segments[0]]
    at = anchor = start  # anchor: where the present straight run began
    between: list[Point] = []
    closed = segments[-1][0] == "Z"
    for segment in segments[1:-1] if closed else segments[1:]:
        segment = _plainer(at, segment, tolerance, arcs)
        end = (segment[1][-2], segment[1][-1])
        if segment[0] != "L":
            anchor, between = end, []
            out.append(segment)
        elif end == at:
            continue
        elif out[-1][0] == "L" and len(between) < _LOOK_BACK and _straight(anchor, [*between, at], end, tolerance):
            between.append(at)
            out[-1] = segment
        else:
            anchor, between = at, []
            out.append(segment)
        at = end
    if len(out) == 1:
        return list(segments)  # a dot, or a bare M
    if closed:
        if out[-1][0] == "L" and out[-1][1] == start and len(out) > 2:
            out.pop()
        out.append(("Z", ()))
    return out


def _straight(a: Point, middle: list[Point], b: Point, tolerance: float) -> bool:
    """Do the points lie on the line from a to b, in order?"""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return False
    last = 0.0
    for x, y in middle:
        along = ((x - a[0]) * dx + (y - a[1]) * dy) / length
        if abs((x - a[0]) * dy - (y - a[1]) * dx) > tolerance * length or not last - 1e-9 <= along <= length + 1e-9:
            return False
        last = along
    return True


def _plainer(start: Point, segment: Segment, tolerance: float, arcs: bool) -> Segment:
    op, v = segment
    if op == "C":
        end = (v[4], v[5])
        if _straight(start, [(v[0], v[1]), (v[2], v[3])], end, tolerance):
            return ("L", end)
        return (_circular(start, v, tolerance) or segment) if arcs else segment
    if op == "A":
        arc = centre_form(start, v)
        if arc is None or _sagitta(arc) <= tolerance:
            return ("L", (v[5], v[6]))
    return segment


def _sagitta(arc: Arc) -> float:
    if abs(arc.sweep) >= math.pi:
        return math.inf
    return max(arc.rx, arc.ry) * (1 - math.cos(arc.sweep / 2))


def _circular(start: Point, v: tuple[float, ...], tolerance: float) -> Segment | None:
    """The arc through both ends and the middle, if the whole cubic lies on it and turns one way."""

    def at(t: float) -> Point:
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        return (a * start[0] + b * v[0] + c * v[2] + d * v[4], a * start[1] + b * v[1] + c * v[3] + d * v[5])

    middle, end = at(0.5), (v[4], v[5])
    centre = _circle_through(start, middle, end)
    if centre is None:
        return None
    r = math.dist(centre, start)
    if any(abs(math.dist(centre, at(i / 8)) - r) > tolerance for i in range(1, 8)):
        return None
    turn = (end[0] - start[0]) * (middle[1] - start[1]) - (end[1] - start[1]) * (middle[0] - start[0])
    side = (end[0] - start[0]) * (centre[1] - start[1]) - (end[1] - start[1]) * (centre[0] - start[0])
    if r > 1e4 * math.dist(start, end):
        return None
    large = 1.0 if (turn > 0) == (side > 0) and side != 0 else 0.0
    return ("A", (r, r, 0.0, large, 1.0 if turn < 0 else 0.0, *end))


def _circle_through(a: Point, b: Point, c: Point) -> Point | None:
    bx, by, cx, cy = b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]
    d = 2 * (bx * cy - by * cx)
    if abs(d) < 1e-12:
        return None
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    return (a[0] + (cy * b2 - by * c2) / d, a[1] + (bx * c2 - cx * b2) / d)
