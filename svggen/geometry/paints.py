"""Gradients under affine maps.

A linear gradient's offset is an affine function of the place, so its image under any map that does not flatten the
plane is a linear gradient again: no matrix is ever needed. A radial gradient stays one under a similarity; otherwise it
keeps its circle and gains a matrix.
"""

from __future__ import annotations

from dataclasses import replace
from typing import overload

from svggen.geometry.affine import IDENTITY, Affine, apply, compose, determinant, is_similarity, mean_scale
from svggen.icon.types import LinearGradient, Paint, RadialGradient

__all__ = ["bake", "transform_paint"]


def transform_paint(paint: Paint, m: Affine) -> Paint:
    """The paint as it looks after the shape and its paint were mapped by ``m``; colours are returned as they are."""
    if isinstance(paint, str) or m == IDENTITY:
        return paint
    matrix = m if paint.transform is None else compose(m, paint.transform)
    return bake(paint, matrix)


@overload
def bake(gradient: LinearGradient, matrix: Affine | None = None) -> LinearGradient: ...


@overload
def bake(gradient: RadialGradient, matrix: Affine | None = None) -> RadialGradient: ...


def bake(gradient: LinearGradient | RadialGradient, matrix: Affine | None = None) -> LinearGradient | RadialGradient:
    """The gradient with ``matrix`` (default: its own) in place of its own, written into its numbers where that is
    exact."""
    m = gradient.transform if matrix is None else matrix
    if m is None or m == IDENTITY:
        return replace(gradient, transform=None)
    if isinstance(gradient, LinearGradient):
        return _linear(gradient, m)
    if is_similarity(m):
        (cx, cy), (fx, fy) = apply(m, gradient.cx, gradient.cy), apply(m, gradient.fx, gradient.fy)
        return replace(gradient, cx=cx, cy=cy, r=gradient.r * mean_scale(m), fx=fx, fy=fy, transform=None)
    return replace(gradient, transform=m)


def _linear(g: LinearGradient, m: Affine) -> LinearGradient:
    start = apply(m, g.x1, g.y1)
    det = determinant(m)
    dx, dy = g.x2 - g.x1, g.y2 - g.y1
    size = dx * dx + dy * dy
    if abs(det) <= 1e-12 * sum([v * v for v in m[:4]]) or size == 0:  # painted with the last colour (SVG 2, 14.2.2)
        return replace(g, x1=start[0], y1=start[1], x2=start[0], y2=start[1], transform=None)
    # offset(p) = n . (p - start), n = (dx, dy) / size; normals map by the inverse transpose
    nx, ny = dx / size, dy / size
    a, b, c, d = m[:4]
    ux, uy = (d * nx - b * ny) / det, (-c * nx + a * ny) / det
    length = ux * ux + uy * uy
    x2, y2 = start[0] + ux / length, start[1] + uy / length
    return replace(g, x1=start[0], y1=start[1], x2=x2, y2=y2, transform=None)
