"""Affine maps of the plane, as the six numbers (a, b, c, d, e, f) of SVG's ``matrix()``.

x' = a x + c y + e        y' = b x + d y + f
"""

from __future__ import annotations

import math
from typing import TypeAlias

__all__ = [
    "IDENTITY",
    "Affine",
    "apply",
    "compose",
    "determinant",
    "invert",
    "is_similarity",
    "mean_scale",
    "rotation",
    "scaling",
    "skew",
    "translation",
]

Affine: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def translation(dx: float, dy: float) -> Affine:
    return (1.0, 0.0, 0.0, 1.0, dx, dy)


def scaling(sx: float, sy: float | None = None, *, cx: float = 0.0, cy: float = 0.0) -> Affine:
    """Scale about (cx, cy); ``sy`` defaults to ``sx``. A factor of -1 mirrors."""
    sy = sx if sy is None else sy
    return (sx, 0.0, 0.0, sy, cx - sx * cx, cy - sy * cy)


def rotation(degrees: float, cx: float = 0.0, cy: float = 0.0) -> Affine:
    """Turn about (cx, cy); positive is clockwise on screen (y points down). Quarter turns are exact."""
    quarter = degrees / 90.0
    if quarter == int(quarter):
        cos, sin = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter) % 4]
    else:
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (cos, sin, -sin, cos, cx - cos * cx + sin * cy, cy - sin * cx - cos * cy)


def skew(degrees_x: float, degrees_y: float = 0.0) -> Affine:
    return (1.0, math.tan(math.radians(degrees_y)), math.tan(math.radians(degrees_x)), 1.0, 0.0, 0.0)


def compose(outer: Affine, inner: Affine) -> Affine:
    """First ``inner``, then ``outer``."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def apply(m: Affine, x: float, y: float) -> tuple[float, float]:
    return (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])


def determinant(m: Affine) -> float:
    return m[0] * m[3] - m[1] * m[2]


def invert(m: Affine) -> Affine:
    """Raises ZeroDivisionError for a map that flattens the plane."""
    det = determinant(m)
    a, b, c, d, e, f = m
    return (d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det)


def mean_scale(m: Affine) -> float:
    """By how much lengths grow; for an uneven map the geometric mean of its two stretches."""
    return math.sqrt(abs(determinant(m)))


def is_similarity(m: Affine) -> bool:
    """Does it keep shapes (even scale, any turn, mirror)? Relative tolerance 1e-9."""
    a, b, c, d = m[:4]
    size = a * a + b * b + c * c + d * d
    return abs(a * c + b * d) <= 1e-9 * size and abs(a * a + b * b - c * c - d * d) <= 1e-9 * size
