"""Corners and line ends of real geometry: rounded, sharpened, capped.

Contract. A sub-path is read as edges and the corners between them; a fillet (a circular turn between two straight
edges) is a corner with a radius. ``reshape`` gives every corner a new radius and writes the sub-path back; what is no
corner between straight edges stays as it is, to the digit. Radii are cut back where the edges are too short for them.
Angles are radians, positive towards (-y, x) as everywhere in this package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from svggen.geometry import subpaths
from svggen.icon import Path, Point, Segment
from svggen.style.outline import piece_of

__all__ = ["Beyond", "Corner", "Radius", "reshape"]

_MAX_FILLET: Final = 8.0
_SMOOTH: Final = math.radians(9)
_FILLET: Final = (math.radians(35), math.radians(145))
_LEAST: Final = math.radians(20)


Beyond: TypeAlias = tuple[bool, float, float]


@dataclass(frozen=True, slots=True)
class Corner:
    """at: where its two straight edges meet. inward: unit vector along the bisector, to the inside of the turn.
    radius: as drawn (0 sharp). angle: signed turning. closed: of a closed sub-path. room: the shorter of the two
    edges, from corner to corner. beyond: what follows the two edges, at either end: (straight, length, turning)."""

    at: Point
    inward: Point
    radius: float
    angle: float
    closed: bool
    room: float
    beyond: tuple[Beyond, Beyond] = ((True, 99.0, 0.0), (True, 99.0, 0.0))


Radius: TypeAlias = Callable[[Corner], float]


@dataclass(slots=True)
class _Edge:
    """straight: from a to b. curve: the segment as written."""

    a: Point
    b: Point
    segment: Segment
    straight: bool
    radius_after: float | None = None  # of the corner with the next edge, where both are straight
    angle_after: float = 0.0


def reshape(path: Path, radius: Radius) -> tuple[Path, int]:
    """The path with new corner radii, and how many corners changed by more than 0.02."""
    out: list[Segment] = []
    changed = 0
    for sub in subpaths(path):
        segments, n = _reshape_one(sub, radius)
        out.extend(segments)
        changed += n
    return Path(tuple(out)), changed


def _reshape_one(sub: Path, radius: Radius) -> tuple[Sequence[Segment], int]:
    edges, closed = _edges(sub)
    edges = _find_corners(edges, closed)
    corners = [(i, e) for i, e in enumerate(edges) if e.radius_after is not None]
    if not corners:
        return sub.segments, 0
    cut: dict[int, tuple[float, float]] = {}  # edge index -> (distance cut off at its corner, radius)
    changed = 0
    for i, edge in corners:
        after = edges[(i + 1) % len(edges)]
        room = min(math.dist(edge.a, edge.b), math.dist(after.a, after.b))
        old = edge.radius_after or 0.0
        u, v = _unit(edge.a, edge.b), _unit(after.a, after.b)
        across = _unit((0.0, 0.0), (v[0] - u[0], v[1] - u[1]))
        beyond = (_beyond(edges, i - 1, closed), _beyond(edges, i + 2, closed))
        corner = Corner(edge.b, across, old, edge.angle_after, closed, room, beyond)
        new = max(radius(corner), 0.0)
        cut[i] = (new * math.tan(abs(edge.angle_after) / 2), new)
        changed += abs(new - old) > 0.02
    if not changed:
        return sub.segments, 0
    return _write(edges, closed, _fit(edges, cut)), changed


def _beyond(edges: Sequence[_Edge], i: int, closed: bool) -> Beyond:
    if not closed and not 0 <= i < len(edges):
        return False, 0.0, math.pi
    edge = edges[i % len(edges)]
    if edge.straight:
        return True, math.dist(edge.a, edge.b), 0.0
    piece = piece_of(edge.a, edge.segment)
    return False, piece.length, piece.turn


def _edges(sub: Path) -> tuple[list[_Edge], bool]:
    start: Point = (sub.segments[0][1][0], sub.segments[0][1][1])
    at, closed = start, False
    edges: list[_Edge] = []
    for command, v in sub.segments[1:]:
        if command == "Z":
            closed = True
            if math.dist(at, start) > 1e-3:
                edges.append(_Edge(at, start, ("L", start), True))
            at = start
            continue
        end: Point = (v[-2], v[-1])
        if math.dist(at, end) > 1e-6 or command != "L":
            edges.append(_Edge(at, end, (command, v), command == "L"))
        at = end
    if edges and not closed and len(edges) > 2 and math.dist(edges[0].a, edges[-1].b) < 1e-3:
        closed = True
    return edges, closed


def _find_corners(edges: list[_Edge], closed: bool) -> list[_Edge]:
    """Fillets are taken out and their neighbours prolonged to where they meet."""
    n = len(edges)
    drop: set[int] = set()
    for i in range(n):
        if edges[i].straight or i in drop or not (closed or 0 < i < n - 1):
            continue
        before, fillet, after = edges[i - 1], edges[i], edges[(i + 1) % n]
        if n < 3 or not (before.straight and after.straight) or (i - 1) % n in drop:
            continue
        found = _fillet(before, fillet, after)
        if found is None:
            continue
        meeting, radius, angle = found
        before.b, after.a = meeting, meeting
        before.radius_after, before.angle_after = radius, angle
        drop.add(i)
    kept = [e for i, e in enumerate(edges) if i not in drop]
    for i, edge in enumerate(kept):
        if edge.radius_after is not None or not edge.straight or (i == len(kept) - 1 and not closed):
            continue
        after = kept[(i + 1) % len(kept)]
        if after is edge or not after.straight:
            continue
        angle = _angle(_unit(edge.a, edge.b), _unit(after.a, after.b))
        if _LEAST < abs(angle) < math.radians(160):
            edge.radius_after, edge.angle_after = 0.0, angle
    return kept


def _fillet(before: _Edge, curve: _Edge, after: _Edge) -> tuple[Point, float, float] | None:
    """Where the two straight edges meet, the fillet's radius and turning; None where the curve is no fillet."""
    u, v = _unit(before.a, before.b), _unit(after.a, after.b)
    piece = piece_of(curve.a, curve.segment)
    turn, t0, t1 = piece.turn, piece.t0, piece.t1
    if not _FILLET[0] < abs(turn) < _FILLET[1]:
        return None
    if abs(_angle(u, t0)) > _SMOOTH or abs(_angle(t1, v)) > _SMOOTH:
        return None
    radius = piece.length / abs(turn)
    cross = u[0] * v[1] - u[1] * v[0]
    if radius > _MAX_FILLET or abs(cross) < 0.2:
        return None
    along = ((curve.b[0] - curve.a[0]) * v[1] - (curve.b[1] - curve.a[1]) * v[0]) / cross
    back = (u[0] * (curve.b[1] - curve.a[1]) - u[1] * (curve.b[0] - curve.a[0])) / cross
    if along <= 0 or back <= 0 or not 0.6 < along / back < 1.67:
        return None
    return (curve.a[0] + u[0] * along, curve.a[1] + u[1] * along), radius, turn


def _fit(edges: Sequence[_Edge], cut: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Cut the radii back so that the two corners of an edge never take more than its length."""
    n = len(edges)
    share = {i: 1.0 for i in cut}
    for k, edge in enumerate(edges):
        mine = [i for i in ((k - 1) % n, k) if i in cut]
        taken = sum(cut[i][0] for i in mine)
        length = math.dist(edge.a, edge.b)
        if edge.straight and taken > 0.995 * length:
            for i in mine:
                share[i] = min(share[i], 0.995 * length / taken)
    return {i: (d * share[i], r * share[i]) for i, (d, r) in cut.items()}


def _write(edges: Sequence[_Edge], closed: bool, cut: dict[int, tuple[float, float]]) -> list[Segment]:
    n = len(edges)
    first = cut.get(n - 1, (0.0, 0.0))[0] if closed and edges[0].straight else 0.0
    start = _towards(edges[0].a, edges[0].b, first)
    out: list[Segment] = [("M", start)]
    for i, edge in enumerate(edges):
        if not edge.straight:
            out.append(edge.segment)
            continue
        distance, radius = cut.get(i, (0.0, 0.0))
        out.append(("L", _towards(edge.b, edge.a, distance)))
        if radius > 1e-3:
            after = edges[(i + 1) % n]
            end = _towards(after.a, after.b, distance)
            out.append(("A", (radius, radius, 0.0, 0.0, 1.0 if edge.angle_after > 0 else 0.0, *end)))
    if closed:
        if out[-1][0] == "L" and math.dist(out[-1][1], start) < 1e-6:
            out.pop()
        out.append(("Z", ()))
    return out


def _towards(a: Point, b: Point, distance: float) -> Point:
    if distance == 0:
        return a
    u = _unit(a, b)
    return a[0] + u[0] * distance, a[1] + u[1] * distance


def _unit(a: Point, b: Point) -> Point:
    h = math.dist(a, b)
    return ((b[0] - a[0]) / h, (b[1] - a[1]) / h) if h > 1e-12 else (1.0, 0.0)


def _angle(u: Point, v: Point) -> float:
    return math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])
