"""Contours as lists of segments: size, sample points, hull, and the tidying of what path operations leave.

Contract. A contour is M, then L, C and circular A segments, then Z, in units of the 24 px canvas. ``tidy`` joins
pieces shorter than ``_SHORT``, merges straight runs and writes runs of curves as arcs where they are arcs within
``_ARC_ERROR``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from svggen.icon import Point, Segment

__all__ = ["along", "even_steps", "hull", "sampled", "shoelace", "signed_size", "steps", "tidy"]

_ARC_ERROR: Final = 0.012
_SHORT: Final = 0.012


def signed_size(segments: Sequence[Segment]) -> float:
    """Twice-free shoelace over the end points and the middles of curves: close enough to compare sizes."""
    return shoelace(sampled(segments))


def sampled(segments: Sequence[Segment]) -> list[Point]:
    """The end points of all segments, and three points within each curve."""
    points: list[Point] = []
    at: Point = (0.0, 0.0)
    for command, v in segments:
        if command == "Z":
            continue
        if command in ("C", "A"):
            points.extend(along(at, (command, v), (0.25, 0.5, 0.75)))
        at = (v[-2], v[-1])
        points.append(at)
    return points


def shoelace(points: Sequence[Point]) -> float:
    """Signed area of the closed polygon."""
    shifted = [*points[1:], *points[:1]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, shifted, strict=True)) / 2


def along(start: Point, segment: Segment, at: Iterable[float]) -> list[Point]:
    command, v = segment
    if command == "C":
        x1, y1, x2, y2, x3, y3 = v
        found = []
        for t in at:
            u = 1 - t
            a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            found.append((a * start[0] + b * x1 + c * x2 + d * x3, a * start[1] + b * y1 + c * y2 + d * y3))
        return found
    if command == "A":
        cx, cy, radius, a0, delta = circle_of(start, v)
        return [(cx + radius * math.cos(a0 + delta * t), cy + radius * math.sin(a0 + delta * t)) for t in at]
    return [(start[0] + (v[0] - start[0]) * t, start[1] + (v[1] - start[1]) * t) for t in at]


def circle_of(start: Point, v: Sequence[float]) -> tuple[float, float, float, float, float]:
    """Centre, radius, start angle and signed angle of a circular arc."""
    ex, ey = v[-2], v[-1]
    radius = max(v[0], math.dist(start, (ex, ey)) / 2)
    mx, my = (start[0] + ex) / 2, (start[1] + ey) / 2
    half = math.dist(start, (ex, ey)) / 2
    lift = math.sqrt(max(radius * radius - half * half, 0.0)) / (2 * half)
    way = 1.0 if bool(v[3]) != bool(v[4]) else -1.0
    cx, cy = mx - way * lift * (ey - start[1]), my + way * lift * (ex - start[0])
    a0, a1 = math.atan2(start[1] - cy, start[0] - cx), math.atan2(ey - cy, ex - cx)
    delta = a1 - a0
    if v[4] and delta < 0:
        delta += 2 * math.pi
    elif not v[4] and delta > 0:
        delta -= 2 * math.pi
    return cx, cy, radius, a0, delta


def steps(segments: Sequence[Segment]) -> Iterable[tuple[Point, Point]]:
    at: Point = (segments[0][1][0], segments[0][1][1])
    start = at
    for command, v in segments[1:]:
        if command == "Z":
            yield at, start
            continue
        for p in along(at, (command, v), (0.25, 0.5, 0.75, 1.0) if command != "L" else (1.0,)):
            yield at, p
            at = p


def even_steps(segments: Sequence[Segment]) -> Iterable[tuple[Point, Point]]:
    """Steps along a contour of at most about half a unit."""
    for a, b in steps(segments):
        n = max(int(math.dist(a, b) / 0.5), 1)
        for k in range(n):
            yield (
                (a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n),
                (a[0] + (b[0] - a[0]) * (k + 1) / n, a[1] + (b[1] - a[1]) * (k + 1) / n),
            )


def hull(points: Iterable[Point]) -> list[Point]:
    """Convex hull (A. M. Andrew, 1979)."""
    ordered = sorted(set(points))
    halves: list[list[Point]] = []
    for run in (ordered, ordered[::-1]):
        chain: list[Point] = []
        for p in run:
            while len(chain) > 1 and (
                (chain[-1][0] - chain[-2][0]) * (p[1] - chain[-2][1])
                - (chain[-1][1] - chain[-2][1]) * (p[0] - chain[-2][0])
                <= 0
            ):
                chain.pop()
            chain.append(p)
        halves.append(chain[:-1])
    return halves[0] + halves[1]


def tidy(segments: Sequence[Segment]) -> list[Segment]:
    """One contour with short pieces joined, straight runs merged and runs of curves written as arcs where they are."""
    items = _without_short(segments)
    if len(items) < 3:
        return []
    start: Point = (items[0][1][0], items[0][1][1])
    out: list[Segment] = [items[0]]
    at = start
    i = 1
    while i < len(items):
        command, v = items[i]
        if command == "Z":
            break
        if command == "L":
            j = _straight_run(items, i, at)
            end = items[j - 1][1]
            out.append(("L", (end[0], end[1])))
            at, i = (end[0], end[1]), j
            continue
        j, arcs = _arc_run(items, i, at)
        if arcs:
            out.extend(arcs)
            end = items[j - 1][1]
            at, i = (end[-2], end[-1]), j
        else:
            out.append((command, v))
            at, i = (v[-2], v[-1]), i + 1
    if len(out) > 1 and out[-1][0] == "L" and math.dist(out[-1][1], start) < 1e-3:
        out.pop()
    out.append(("Z", ()))
    return out if len(out) > 2 else []


def _without_short(segments: Sequence[Segment]) -> list[Segment]:
    out: list[Segment] = [segments[0]]
    at = segments[0][1]
    for command, v in segments[1:]:
        if command == "Z":
            out.append((command, v))
            continue
        end = (v[-2], v[-1])
        if math.dist(at, end) < _SHORT and not (command == "A" and v[3]):
            if len(out) > 1 and out[-1][0] != "Z":  # let the piece before end where this one would
                last, w = out[-1]
                out[-1] = (last, (*w[:-2], *end))
                at = end
            continue
        out.append((command, v))
        at = end
    return out


def _straight_run(items: Sequence[Segment], i: int, at: Point) -> int:
    """Index after the last of the lines from i on that lie on one straight line."""
    j = i + 1
    while j < len(items) and items[j][0] == "L":
        end = items[j][1]
        length = math.dist(at, (end[0], end[1]))
        if length < 1e-9:
            break
        away = max(
            abs((end[0] - at[0]) * (items[k][1][1] - at[1]) - (end[1] - at[1]) * (items[k][1][0] - at[0])) / length
            for k in range(i, j)
        )
        ahead = all(
            (end[0] - at[0]) * (items[k][1][0] - at[0]) + (end[1] - at[1]) * (items[k][1][1] - at[1]) > 0
            and math.dist(at, (items[k][1][0], items[k][1][1])) < length
            for k in range(i, j)
        )
        if away > 0.004 or not ahead:
            break
        j += 1
    return j


def _arc_run(items: Sequence[Segment], i: int, at: Point) -> tuple[int, list[Segment]]:
    """The longest run of curves from i on that is one circle; the arcs to write for it (none where it is no circle)."""
    points: list[Point] = [at]
    best: tuple[int, list[Segment]] = (i, [])
    here = at
    j = i
    while j < len(items) and items[j][0] in ("C", "A") and j - i < 48:
        points.extend(along(here, items[j], (0.17, 0.33, 0.5, 0.67, 0.83)))
        here = (items[j][1][-2], items[j][1][-1])
        points.append(here)
        j += 1
        arcs = _as_arcs(points)
        if not arcs:
            break
        best = (j, arcs)
    return best


def _as_arcs(points: Sequence[Point]) -> list[Segment]:
    """One arc (two from half a circle on) through the points, if all lie within _ARC_ERROR of one circle."""
    third = len(points) // 3
    a, b, c = points[0], points[third], points[min(2 * third, len(points) - 1)]
    d = 2 * (a[0] * (b[1] - c[1]) + b[0] * (c[1] - a[1]) + c[0] * (a[1] - b[1]))
    if abs(d) < 1e-7:
        return []
    sa, sb, sc = (p[0] ** 2 + p[1] ** 2 for p in (a, b, c))
    cx = (sa * (b[1] - c[1]) + sb * (c[1] - a[1]) + sc * (a[1] - b[1])) / d
    cy = (sa * (c[0] - b[0]) + sb * (a[0] - c[0]) + sc * (b[0] - a[0])) / d
    radius = math.dist((cx, cy), a)
    if radius > 60 or any(abs(math.dist((cx, cy), p) - radius) > _ARC_ERROR for p in points):
        return []
    total = 0.0
    for p, q in pairwise(points):
        step = math.atan2(
            (p[0] - cx) * (q[1] - cy) - (p[1] - cy) * (q[0] - cx), (p[0] - cx) * (q[0] - cx) + (p[1] - cy) * (q[1] - cy)
        )
        if total * step < -1e-6:
            return []
        total += step
    sweep = 1.0 if total > 0 else 0.0
    end = points[-1]
    if abs(total) < math.radians(170):
        return [("A", (radius, radius, 0.0, 0.0, sweep, end[0], end[1]))]
    if abs(total) > 2 * math.pi + 0.01:
        return []
    angle = math.atan2(a[1] - cy, a[0] - cx) + total / 2
    middle = (cx + radius * math.cos(angle), cy + radius * math.sin(angle))
    return [("A", (radius, radius, 0.0, 0.0, sweep, *middle)), ("A", (radius, radius, 0.0, 0.0, sweep, end[0], end[1]))]
