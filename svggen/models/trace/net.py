"""A drawing of nodes joined by lines, arcs and cubics, and how far points are from it. Units of the 24 px canvas.

Contract. An arc is held by its two nodes and its sagitta: the signed height of its middle over the chord, positive on
the side of (-dy, dx). Radius and centre follow; half circles and more need no flag. A cubic is held by its nodes and
two handles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from svggen.icon import Point, Segment

__all__ = [
    "Floats",
    "Net",
    "Seg",
    "arc_of",
    "arc_segments",
    "distances",
    "nearest_owner",
    "sample",
    "segment_of",
]

Floats = npt.NDArray[np.float64]

_HALF: Final = 0.03  # units by which an arc's height may miss half a circle and be taken for it


@dataclass
class Seg:
    """From node ``a`` to node ``b``; ``shape``: () for a line, (sagitta,) for an arc, (x1, y1, x2, y2) for a cubic."""

    a: int
    b: int
    kind: Literal["L", "A", "C"]
    shape: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass
class Net:
    nodes: Floats
    segs: list[Seg]

    def copy(self) -> Net:
        return Net(self.nodes.copy(), [Seg(s.a, s.b, s.kind, s.shape.copy()) for s in self.segs])


def arc_of(p: Floats, q: Floats, sagitta: float) -> tuple[Floats, float, Floats, float]:
    """Centre, radius, unit vector from the centre to the middle of the arc, half its angle."""
    chord = q - p
    length = float(np.hypot(chord[0], chord[1]))
    length, height = max(length, 1e-9), max(abs(sagitta), 1e-9)
    radius = (length * length / 4 + height * height) / (2 * height)
    normal = np.array([-chord[1], chord[0]]) / length * math.copysign(1.0, sagitta)
    return (p + q) / 2 + normal * (height - radius), radius, normal, 2 * math.atan2(2 * height, length)


def _straight(p: Floats, q: Floats, sagitta: float) -> bool:
    return abs(sagitta) < 1e-4 or float(np.hypot(*(q - p))) < 1e-6


def distances(points: Floats, p: Floats, q: Floats, kind: str, shape: Floats, *, bounded: bool) -> Floats:
    """Of each point to one segment: signed and to the endless line or circle, or (``bounded``) plain and to the piece
    itself."""
    if kind == "C":
        return _from_polyline(points, sample(p, q, kind, shape, 24), bounded)
    if kind == "A" and not _straight(p, q, float(shape[0])):
        centre, radius, middle, half = arc_of(p, q, float(shape[0]))
        out = points - centre
        away = np.hypot(out[:, 0], out[:, 1])
        if not bounded:
            return np.asarray(away - radius)
        within = out @ middle >= away * math.cos(min(half, math.pi)) - 1e-12
        ends = np.minimum(np.hypot(*(points - p).T), np.hypot(*(points - q).T))
        return np.asarray(np.where(within, np.abs(away - radius), ends))
    return _from_line(points, p, q, bounded)


def _from_line(points: Floats, p: Floats, q: Floats, bounded: bool) -> Floats:
    dx, dy = float(q[0] - p[0]), float(q[1] - p[1])
    length = max(math.hypot(dx, dy), 1e-9)
    x, y = points[:, 0] - p[0], points[:, 1] - p[1]
    across = (x * dy - y * dx) / length
    if not bounded:
        return np.asarray(-across)
    along = (x * dx + y * dy) / length
    over = np.maximum(np.maximum(-along, along - length), 0.0)
    return np.asarray(np.hypot(across, over))


def _from_polyline(points: Floats, line: Floats, bounded: bool) -> Floats:
    a, d = line[:-1], np.diff(line, axis=0)
    size = np.maximum((d * d).sum(axis=1), 1e-18)
    rel = points[:, None] - a[None]
    t = (rel * d).sum(axis=2) / size
    if bounded or len(d) > 1:
        t = np.clip(t, 0.0, 1.0)
    gap = rel - t[..., None] * d
    square = (gap * gap).sum(axis=2)
    best = np.argmin(square, axis=1)
    rows = np.arange(len(points))
    if bounded:
        return np.asarray(np.sqrt(square[rows, best]))
    cross = d[best, 0] * rel[rows, best, 1] - d[best, 1] * rel[rows, best, 0]
    if len(d) > 1:
        return np.asarray(np.copysign(np.sqrt(square[rows, best]), cross))
    return np.asarray(cross / np.sqrt(size[best]))


def sample(p: Floats, q: Floats, kind: str, shape: Floats, count: int) -> Floats:
    """(count + 1, 2): evenly spaced in the parameter, both ends included."""
    t = np.linspace(0.0, 1.0, count + 1)[:, None]
    if kind == "C":
        s = 1 - t
        return np.asarray(s**3 * p + 3 * s * s * t * shape[:2] + 3 * s * t * t * shape[2:] + t**3 * q)
    if kind == "A" and not _straight(p, q, float(shape[0])):
        centre, radius, middle, half = arc_of(p, q, float(shape[0]))
        turn = -math.copysign(1.0, float(shape[0]))  # the way the angle runs from p to q
        base = math.atan2(middle[1], middle[0])
        angle = base + turn * -half + turn * 2 * half * t[:, 0]
        return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], axis=1)
    return np.asarray(p + (q - p) * t)


def nearest_owner(net: Net, points: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """For each point the nearest segment, and how far it is."""
    table = np.stack(
        [distances(points, net.nodes[s.a], net.nodes[s.b], s.kind, s.shape, bounded=True) for s in net.segs]
    )
    owner = np.argmin(table, axis=0)
    return owner, table[owner, np.arange(len(points))]


def segment_of(p: Sequence[float] | Floats, q: Sequence[float] | Floats, kind: str, shape: Floats) -> list[Segment]:
    """As path segments from p (which is where the pen is) to q."""
    start, end = np.asarray(p, float), np.asarray(q, float)
    to: Point = (float(end[0]), float(end[1]))
    if kind == "C":
        x1, y1, x2, y2 = (float(v) for v in shape)
        return [("C", (x1, y1, x2, y2, *to))]
    if kind == "A" and not _straight(start, end, float(shape[0])):
        return arc_segments((float(start[0]), float(start[1])), to, abs(float(shape[0])), float(shape[0]) < 0)
    return [("L", to)]


def arc_segments(p: Point, q: Point, height: float, sweep: bool, radius: float | None = None) -> list[Segment]:
    """The circular arc of this height over its chord. Near half a circle a radius that is rounded by a thousandth moves
    the middle by a tenth: within ``_HALF`` it is made half a circle (a radius just too short, which SVG scales up,
    says so exactly), else it is cut in two. radius: where it is known better than the height says."""
    length = math.dist(p, q)
    if abs(height - length / 2) < _HALF:
        r = math.floor(length * 500 - 0.5) / 1000
        return [("A", (r, r, 0.0, 0.0, float(sweep), *q))]
    r = radius or (length * length / 4 + height * height) / (2 * height)
    large = height > length / 2
    fall = math.sqrt(max(r * r - length * length / 4, 0.0))
    if fall * 12 < r:
        side = height if not sweep else -height
        nx, ny = -(q[1] - p[1]) / length, (q[0] - p[0]) / length
        middle = ((p[0] + q[0]) / 2 + side * nx, (p[1] + q[1]) / 2 + side * ny)
        return [("A", (r, r, 0.0, 0.0, float(sweep), *end)) for end in (middle, q)]
    return [("A", (r, r, 0.0, float(large), float(sweep), *q))]
