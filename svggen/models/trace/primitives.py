"""Circles, ellipses and rectangles that a closed outline is.

Contract. ``primitive_of`` gives the simplest of circle, upright ellipse and upright rectangle (with one corner radius)
that the outline is within ``tolerance`` (units) of, or None.
"""

from __future__ import annotations

import math

import numpy as np

from svggen.icon import Circle, Ellipse, Rect
from svggen.models.trace.net import Floats

__all__ = ["circle_of", "ellipse_of", "primitive_of", "rect_of"]


def primitive_of(points: Floats, tolerance: float) -> Circle | Ellipse | Rect | None:
    if len(points) < 8:
        return None
    return circle_of(points, tolerance) or rect_of(points, tolerance) or ellipse_of(points, tolerance)


def circle_of(points: Floats, tolerance: float) -> Circle | None:
    """By least squares on x^2 + y^2 = 2 a x + 2 b y + c."""
    matrix = np.column_stack([2 * points, np.ones(len(points))])
    (a, b, c), *_ = np.linalg.lstsq(matrix, (points**2).sum(axis=1), rcond=None)
    square = c + a * a + b * b
    if square <= 0:
        return None
    radius = float(np.sqrt(square))
    off = np.abs(np.hypot(points[:, 0] - a, points[:, 1] - b) - radius)
    return Circle(float(a), float(b), radius) if _within(off, tolerance) and _round(points, a, b) else None


def _within(off: Floats, tolerance: float) -> bool:
    """Nearly all within the tolerance, and none far beyond it: where inks meet a contour has a dent."""
    return float(np.quantile(off, 0.97)) <= tolerance and float(off.max()) <= 2 * tolerance


def _round(points: Floats, x: float, y: float) -> bool:
    """Do the points go all the way round?"""
    angles = np.sort(np.arctan2(points[:, 1] - y, points[:, 0] - x))
    gaps = np.diff(np.concatenate([angles, angles[:1] + 2 * np.pi]))
    return float(gaps.max()) < 0.9


def ellipse_of(points: Floats, tolerance: float) -> Ellipse | None:
    """By least squares on A x^2 + B y^2 + C x + D y = 1, about the middle of the points."""
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    size = float(np.ptp(points, axis=0).max()) / 2
    if size < 1e-6:
        return None
    x, y = ((points - middle) / size).T
    (a, b, c, d), *_ = np.linalg.lstsq(np.column_stack([x * x, y * y, x, y]), np.ones(len(points)), rcond=None)
    if a <= 1e-9 or b <= 1e-9:
        return None
    cx, cy = -c / (2 * a), -d / (2 * b)
    full = 1 + a * cx * cx + b * cy * cy
    rx, ry = float(np.sqrt(full / a)), float(np.sqrt(full / b))
    value = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 - 1
    slope = 2 * np.hypot((x - cx) / rx**2, (y - cy) / ry**2)
    off = np.abs(value) / np.maximum(slope, 1e-9) * size
    if not _within(off, tolerance):
        return None
    return Ellipse(float(middle[0] + cx * size), float(middle[1] + cy * size), rx * size, ry * size)


def rect_of(points: Floats, tolerance: float) -> Rect | None:
    low, high = points.min(axis=0), points.max(axis=0)
    near = max(0.08, tolerance)
    sides = []
    for axis in (0, 1):
        for edge in (low[axis], high[axis]):
            on = points[np.abs(points[:, axis] - edge) < near, axis]
            sides.append(float(np.median(on)))
    x0, x1, y0, y1 = sides
    width, height = x1 - x0, y1 - y0
    if min(width, height) < 0.05:
        return None
    gaps = []
    for sx, sy in ((x0, y0), (x1, y0), (x0, y1), (x1, y1)):
        gaps.append(float((np.abs(points[:, 0] - sx) + np.abs(points[:, 1] - sy)).min()))
    radius = float(np.mean(gaps)) / (2 - math.sqrt(2))
    radius = min(max(0.0, radius), min(width, height) / 2)
    corner = np.minimum(np.abs(points[:, 0] - x0), np.abs(points[:, 0] - x1)) + np.minimum(
        np.abs(points[:, 1] - y0), np.abs(points[:, 1] - y1)
    )
    sharp = points[corner > 4 * tolerance]  # pixels round every corner a little
    if len(sharp) > 4 and _rect_distance(sharp, (x0, y0, x1, y1), 0.0) <= tolerance:
        return Rect(x0, y0, width, height)
    best: tuple[float, float] | None = None
    for r in (radius, 0.0, min(width, height) / 2):
        off = _rect_distance(points, (x0, y0, x1, y1), r)
        if best is None or off < best[0] - 1e-3:
            best = (off, r)
    if best is None or best[0] > tolerance:
        return None
    r = best[1] if best[1] > 0.04 else 0.0
    return Rect(x0, y0, width, height, r, r)


def _rect_distance(points: Floats, box: tuple[float, float, float, float], r: float) -> float:
    x0, y0, x1, y1 = box
    half = np.array([(x1 - x0) / 2, (y1 - y0) / 2])
    q = np.abs(points - np.array([(x0 + x1) / 2, (y0 + y1) / 2])) - (half - r)
    outside = np.hypot(*np.maximum(q, 0).T)
    return float(np.abs(outside + np.minimum(q.max(axis=1), 0) - r).max())
