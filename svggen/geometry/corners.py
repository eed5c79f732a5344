"""Rounding of real corners.

A corner is a junction where the direction breaks by more than 15 degrees (below that it is a curve drawn in pieces) and
less than 175 (a stroke that turns back on itself has no fillet). Between two straight edges the fillet is a circular
arc, tangent to both; where a curve takes part, a cubic with the same tangents.
"""

from __future__ import annotations

import math

from svggen.errors import GeometryError
from svggen.geometry.arcs import centre_form
from svggen.geometry.paths import path_length, subpaths
from svggen.icon.types import Path, Point, Segment

__all__ = ["corner_angles", "round_corners", "split_segment", "tangents"]

_MIN_BREAK = math.radians(15)
_MAX_BREAK = math.radians(175)
_STRAIGHT = 1e-9


def round_corners(path: Path, radius: float) -> Path:
    """Every corner with a fillet of ``radius`` (user units), less where an edge is too short: a fillet takes at most
    half of the shorter of its two edges. Ends of open sub-paths stay. 0 changes nothing; raises GeometryError below
    0."""
    if not 0 <= radius < math.inf:
        raise GeometryError(f"radius must be 0 or more: {radius}")
    if radius == 0:
        return path
    out: list[Segment] = []
    for sub in subpaths(path):
        out.extend(_round_one(sub, radius))
    return Path(tuple(out))


def corner_angles(path: Path) -> list[tuple[Point, float]]:
    """(point, break in radians) of each corner, closing corners included."""
    out = []
    for sub in subpaths(path):
        pieces, closed = _edges(sub)
        for i in range(len(pieces) if closed else len(pieces) - 1):
            start, segment = pieces[i]
            following = pieces[(i + 1) % len(pieces)]
            angle = abs(_break(tangents(start, segment)[1], tangents(*following)[0]))
            if _MIN_BREAK < angle:
                out.append((_end(segment), angle))
    return out


def _end(segment: Segment) -> Point:
    return (segment[1][-2], segment[1][-1])


def _edges(sub: Path) -> tuple[list[tuple[Point, Segment]], bool]:
    """(start, segment) of each edge longer than nothing, the closing line written out; and whether it is closed."""
    start: Point = (sub.segments[0][1][0], sub.segments[0][1][1])
    closed = sub.segments[-1][0] == "Z"
    at, out = start, []
    for segment in sub.segments[1:]:
        if segment[0] == "Z":
            segment = ("L", start)
            if math.dist(at, start) <= _STRAIGHT:
                break
        if segment[0] != "L" or math.dist(at, segment[1]) > _STRAIGHT:
            out.append((at, segment))
            at = _end(segment)
    return out, closed


def tangents(start: Point, segment: Segment) -> tuple[Point, Point]:
    """Unit directions at the beginning and the end of a segment; (0, 0) where there is none."""
    op, v = segment
    end = _end(segment)
    if op == "C":
        points = [start, (v[0], v[1]), (v[2], v[3]), end]
        head = next((p for p in points[1:] if math.dist(p, start) > _STRAIGHT), end)
        tail = next((p for p in reversed(points[:3]) if math.dist(p, end) > _STRAIGHT), start)
        return _unit(start, head), _unit(tail, end)
    arc = centre_form(start, v) if op == "A" else None
    if arc is None:
        direction = _unit(start, end)
        return direction, direction
    out = []
    for angle in (arc.start, arc.start + arc.sweep):
        dx, dy = -arc.rx * math.sin(angle), arc.ry * math.cos(angle)
        cos, sin = math.cos(arc.phi), math.sin(arc.phi)
        sign = 1 if arc.sweep > 0 else -1
        out.append(_unit((0.0, 0.0), (sign * (cos * dx - sin * dy), sign * (sin * dx + cos * dy))))
    return out[0], out[1]


def _unit(a: Point, b: Point) -> Point:
    length = math.dist(a, b)
    return ((b[0] - a[0]) / length, (b[1] - a[1]) / length) if length > 0 else (0.0, 0.0)


def _break(u: Point, v: Point) -> float:
    """The signed turn from u to v; positive is clockwise on screen."""
    return math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])


def _round_one(sub: Path, radius: float) -> list[Segment]:
    edges, closed = _edges(sub)
    n = len(edges)
    if n < 2:
        return list(sub.segments)
    ends = [tangents(*e) for e in edges]
    lengths = [path_length(Path((("M", start), segment))) for start, segment in edges]
    # for the corner after edge i: how much is cut from both edges, and the turn
    cuts: list[tuple[float, float]] = []
    for i in range(n):
        j = (i + 1) % n
        turn = _break(ends[i][1], ends[j][0])
        if (not closed and j == 0) or not _MIN_BREAK < abs(turn) < _MAX_BREAK:
            cuts.append((0.0, 0.0))
            continue
        cut = min(radius * math.tan(abs(turn) / 2), lengths[i] / 2, lengths[j] / 2)
        cuts.append((cut, turn))
    out: list[Segment] = []
    for i, (start, segment) in enumerate(edges):
        before, (after, turn) = cuts[i - 1][0], cuts[i]
        at, trimmed = _trim(start, segment, before, after, lengths[i])
        if not out:
            out.append(("M", at))
        if math.dist(at, _end(trimmed)) > _STRAIGHT or trimmed[0] != "L":
            out.append(trimmed)
        if after > 0:
            out.append(_fillet(edges[i], edges[(i + 1) % n], _end(trimmed), cuts, lengths, i, turn))
    if closed:
        if out[-1][0] == "L" and cuts[-1][0] == 0 and math.dist(out[-1][1], out[0][1]) <= _STRAIGHT:
            out.pop()  # Z draws it
        out.append(("Z", ()))
    return out


def _fillet(
    edge: tuple[Point, Segment],
    following: tuple[Point, Segment],
    here: Point,
    cuts: list[tuple[float, float]],
    lengths: list[float],
    i: int,
    turn: float,
) -> Segment:
    j = (i + 1) % len(cuts)
    cut = cuts[i][0]
    there, rest = _trim(*following, cut, cuts[j][0], lengths[j])
    if edge[1][0] == "L" and following[1][0] == "L":
        r = cut / math.tan(abs(turn) / 2)
        return ("A", (r, r, 0.0, 0.0, 1.0 if turn > 0 else 0.0, *there))
    _, u = tangents(*_head(edge, cut, lengths[i]))
    v, _ = tangents(there, rest)
    actual = abs(_break(u, v))
    reach = math.dist(here, there) * (2 / 3) / (1 + math.cos(min(actual, _MAX_BREAK) / 2))
    return (
        "C",
        (here[0] + u[0] * reach, here[1] + u[1] * reach, there[0] - v[0] * reach, there[1] - v[1] * reach, *there),
    )


def _head(edge: tuple[Point, Segment], cut: float, length: float) -> tuple[Point, Segment]:
    return _trim(edge[0], edge[1], 0.0, cut, length)


def _trim(start: Point, segment: Segment, before: float, after: float, length: float) -> tuple[Point, Segment]:
    """The segment without ``before`` of its length at the beginning and ``after`` at the end."""
    if before <= 0 and after <= 0:
        return start, segment
    t0, t1 = before / length, 1 - after / length
    if segment[0] == "L":
        (x0, y0), (x1, y1) = start, _end(segment)
        return (x0 + (x1 - x0) * t0, y0 + (y1 - y0) * t0), ("L", (x0 + (x1 - x0) * t1, y0 + (y1 - y0) * t1))
    if t1 < 1:
        segment = split_segment(start, segment, _at_length(start, segment, t1, length))[0]
    if t0 > 0:
        kept = length - max(0.0, after)
        fraction = _at_length(start, segment, before / kept, kept)
        middle, rest = split_segment(start, segment, fraction)
        return _end(middle), rest
    return start, segment


def _at_length(start: Point, segment: Segment, share: float, length: float) -> float:
    """The parameter (0..1) at this share of the length, by bisection for cubics (error below 1e-4 of the length)."""
    if segment[0] != "C":
        return share
    low, high = 0.0, 1.0
    for _ in range(14):
        t = (low + high) / 2
        part = path_length(Path((("M", start), split_segment(start, segment, t)[0])))
        low, high = (t, high) if part < share * length else (low, t)
    return (low + high) / 2


def split_segment(start: Point, segment: Segment, t: float) -> tuple[Segment, Segment]:
    """The two parts of an L, C or A segment at parameter t (for arcs: share of the angle)."""
    op, v = segment
    if op == "L":
        middle = (start[0] + (v[0] - start[0]) * t, start[1] + (v[1] - start[1]) * t)
        return ("L", middle), segment
    if op == "C":
        p = [start, (v[0], v[1]), (v[2], v[3]), (v[4], v[5])]
        q = [_mix(p[0], p[1], t), _mix(p[1], p[2], t), _mix(p[2], p[3], t)]
        r = [_mix(q[0], q[1], t), _mix(q[1], q[2], t)]
        s = _mix(r[0], r[1], t)
        return ("C", (*q[0], *r[0], *s)), ("C", (*r[1], *q[2], *p[3]))
    arc = centre_form(start, v)
    if arc is None:
        return split_segment(start, ("L", (v[5], v[6])), t)

    def part(share: float, end: Point) -> Segment:
        large = 1.0 if abs(arc.sweep) * share > math.pi else 0.0
        return ("A", (arc.rx, arc.ry, v[2], large, v[4], *end))

    return part(t, arc.point(t)), part(1 - t, (v[5], v[6]))


def _mix(a: Point, b: Point, t: float) -> Point:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
