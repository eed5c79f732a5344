"""Curves as polylines, as numpy arrays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from svggen.geometry.arcs import centre_form
from svggen.icon.types import Path, Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["flatten", "flatten_points"]

_MAX_PIECES = 256


def flatten(path: Path, tolerance: float = 0.05) -> list[tuple[NDArray[np.float64], bool]]:
    """One (points, closed) per sub-path: points is (N, 2) float64, N >= 1, no curve further than ``tolerance`` (user
    units) from it. A closed polyline does not repeat its first point. numpy is imported here, not with the module."""
    import numpy

    return [
        (numpy.array(points, dtype=numpy.float64).reshape(-1, 2), closed)
        for points, closed in flatten_points(path, tolerance)
    ]


def flatten_points(path: Path, tolerance: float = 0.05) -> list[tuple[list[Point], bool]]:
    """The same as plain tuples."""
    out: list[tuple[list[Point], bool]] = []
    points: list[Point] = []
    start: Point = (0.0, 0.0)
    for op, v in path.segments:
        if op == "M":
            if points:
                out.append((points, False))
            start = (v[0], v[1])
            points = [start]
            continue
        if not points:
            points = [start]
        if op == "Z":
            if len(points) > 1 and math.dist(points[-1], start) < 1e-9:
                points.pop()
            out.append((points, True))
            points = []
        elif op == "L":
            points.append((v[0], v[1]))
        elif op == "C":
            points.extend(_cubic(points[-1], v, tolerance))
        else:
            points.extend(_arc(points[-1], v, tolerance))
    if points:
        out.append((points, False))
    return out


def _cubic(p: Point, v: tuple[float, ...], tolerance: float) -> list[Point]:
    """Even steps in t; their number from the second difference (error <= sqrt(3)/18 |dd| / n^2 x 3 for a cubic)."""
    x0, y0 = p
    x1, y1, x2, y2, x3, y3 = v
    bend = max(math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3))
    n = min(_MAX_PIECES, max(1, math.ceil(math.sqrt(0.75 * bend / tolerance))))
    out: list[Point] = []
    for i in range(1, n):
        t = i / n
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        out.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    out.append((x3, y3))
    return out


def _arc(p: Point, v: tuple[float, ...], tolerance: float) -> list[Point]:
    """Even steps in angle: the sagitta of a step is r (1 - cos(step / 2)) for the larger radius r."""
    arc = centre_form(p, v)
    if arc is None:
        return [(v[5], v[6])]
    r = max(arc.rx, arc.ry)
    step = 2 * math.acos(max(-1.0, 1 - tolerance / r)) if tolerance < r else math.pi / 2
    n = min(_MAX_PIECES, max(1, math.ceil(abs(arc.sweep) / step)))
    return [arc.point(i / n) for i in range(1, n)] + [(v[5], v[6])]
