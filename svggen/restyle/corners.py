"""Corner radii of a drawing, towards the wished one.

Contract. The icon's own scale of radii is kept: if its corners measure r and R is wished, a corner of r becomes R
and one of r / 2 becomes R / 2. Sharp corners of a rounded drawing are meant and stay. Where the drawing is sharp
all through, right angles of closed outlines get R. Outlines drawn as fills get R + w/2 outside and R - w/2 inside,
so that the line keeps its width round the corner; joins and the roundness of outer edges follow from the same
numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from svggen.geometry import to_path
from svggen.icon import Path, Point, Rect, Shape
from svggen.restyle import caps, edges, ops
from svggen.restyle.job import Job, Part, has_fill, has_stroke, number

__all__ = ["set_corners", "set_ends"]

_ROUNDED: Final = 0.2
_TIP: Final = 0.8  # units by which sharpening may lengthen a pointed corner
_SAME: Final = (0.7, 1.4)  # a radius within these factors of the main one becomes the wished one


def set_corners(job: Job) -> None:
    """Set corner radii (and joins of filled outlines) of every part."""
    wished, have = job.spec.corner_radius, job.look.spec.corner_radius
    join = job.spec.join
    same_corners = wished is None or (have is not None and abs(wished - have) < 0.06)
    if same_corners and join in (None, job.look.spec.join):
        return
    changed = 0
    parts: list[Part] = []
    for part in job.parts:
        if part.tone and has_fill(part.shape) and not has_stroke(part.shape) and job.width is not None:
            parts.append(part)  # lies under lines, whose corners cover its own
            continue
        shape, n = _set(job, part.shape, wished, have)
        parts.append(replace(part, shape=shape))
        changed += n
    job.parts = parts
    if changed and wished is not None:
        job.steps.append(f"corners -> {number(wished)}")


def set_ends(job: Job) -> None:
    """Line ends of outlines that are drawn as fills."""
    cap = job.spec.cap
    if cap is None or job.width is None or cap == job.look.spec.cap:
        return
    if cap != "round" and job.look.spec.cap in ("butt", "square"):
        return
    changed = 0
    parts: list[Part] = []
    for part in job.parts:
        shape = part.shape
        if part.tone == 0 and has_fill(shape) and not has_stroke(shape):
            path, n = caps.recap(
                ops.wound(ops.simplify(ops.from_geometry(shape.geometry, shape.look.fill_rule))),
                job.width,
                rounded=cap == "round",
            )
            if n:
                shape = replace(shape, geometry=path, look=replace(shape.look, fill_rule="evenodd"))
                changed += n
        parts.append(replace(part, shape=shape))
    job.parts = parts
    if changed:
        job.steps.append(f"line ends -> {cap}")


def _set(job: Job, shape: Shape, wished: float | None, have: float | None) -> tuple[Shape, int]:
    lined = has_stroke(shape)
    if lined or job.width is None or not has_fill(shape):
        if wished is None:
            return shape, 0
        if isinstance(shape.geometry, Rect):
            return _set_rect(shape, wished, have)
        path, n = edges.reshape(to_path(shape.geometry), lambda c: _centre(c, c.radius, wished, have))
        return (replace(shape, geometry=path), n) if n else (shape, 0)
    return _set_outline(job, shape, wished, have)


def _set_rect(shape: Shape, wished: float, have: float | None) -> tuple[Shape, int]:
    rect = shape.geometry
    assert isinstance(rect, Rect)
    limit = min(rect.width, rect.height) / 2
    old = min(rect.rx, limit)
    if old > 0.97 * limit and old > 1.0:  # a pill or a disc
        return shape, 0
    corner = edges.Corner((rect.x, rect.y), (0.7, 0.7), old, math.pi / 2, True, 2 * limit)
    new = min(_centre(corner, old, wished, have), limit)
    if abs(new - old) < 0.02:
        return shape, 0
    return replace(shape, geometry=replace(rect, rx=new, ry=new)), 4


def _centre(corner: edges.Corner, radius: float, wished: float, have: float | None) -> float:
    """The new radius of a centre line's corner that has ``radius`` now."""
    if radius >= _ROUNDED:
        if wished < 0.05:
            reach = radius * (1 / max(math.cos(abs(corner.angle) / 2), 0.05) - 1)
            return 0.0 if reach < _TIP or abs(corner.angle) < math.radians(100) else radius
        if have is None or have < _ROUNDED:
            return min(wished, 0.5 * corner.room + radius)
        ratio = radius / have
        new = wished if _SAME[0] < ratio < _SAME[1] else wished * ratio
        tip = 1 / max(math.cos(abs(corner.angle) / 2), 0.05) - 1
        return new if new < radius else max(radius, min(new, new * 0.5 / max(tip, 0.01)))
    if wished < _ROUNDED or (have is not None and have >= _ROUNDED) or not corner.closed:
        return radius
    tip = 1 / max(math.cos(abs(corner.angle) / 2), 0.05) - 1  # what rounding takes off the tip, in radii
    right = abs(abs(corner.angle) - math.pi / 2) < math.radians(12)
    return min(wished if right else wished * min(0.7, 0.3 / max(tip, 0.01)), 0.4 * corner.room)


def _set_outline(job: Job, shape: Shape, wished: float | None, have: float | None) -> tuple[Shape, int]:
    """Corners of an outline drawn as a fill: the two sides of a line's corner are found and changed together."""
    width = job.width or 0.0
    join = job.spec.join or job.look.spec.join
    path = ops.wound(ops.simplify(ops.from_geometry(shape.geometry, shape.look.fill_rule)))
    found: list[edges.Corner] = []
    edges.reshape(path, lambda c: found.append(c) or c.radius)  # type: ignore[func-returns-value]  # only collects
    new = _paired(found, width, wished if wished is not None else have, have, join)
    reshaped, n = edges.reshape(path, lambda c: new.get(c.at, c.radius))
    if not n:
        return shape, 0
    return replace(shape, geometry=Path(reshaped.segments), look=replace(shape.look, fill_rule="evenodd")), n


def _paired(
    found: list[edges.Corner], width: float, wished: float | None, have: float | None, join: str | None
) -> dict[Point, float]:
    """New radii by corner point. Outer corner and inner corner of one line lie w / cos(turn / 2) apart on one
    bisector."""
    inner = [c for c in found if c.angle < 0]
    new: dict[Point, float] = {}
    for corner in found:
        if corner.angle <= 0 or _at_end(corner, width):
            continue
        apart = width / max(math.cos(abs(corner.angle) / 2), 0.2)
        x, y = corner.at[0] + corner.inward[0] * apart, corner.at[1] + corner.inward[1] * apart
        mate = min(inner, key=lambda c: math.dist(c.at, (x, y)), default=None)
        if mate is None or math.dist(mate.at, (x, y)) > 0.3 * width:
            continue
        half = width / 2
        centre = corner.radius - half if corner.radius > 1.15 * half else 0.0
        if mate.radius > 0.1:
            centre = max(centre, (centre + mate.radius + half) / 2)
        line = edges.Corner(
            corner.at, corner.inward, centre, corner.angle, not _chevron(corner, width), mate.room + width
        )
        turned = centre if wished is None else _centre(line, centre, wished, have)
        if turned > 0.05:
            new[corner.at], new[mate.at] = turned + half, max(turned - half, 0.0)
        else:
            new[corner.at] = half if join == "round" else 0.0 if join is not None else min(corner.radius, half)
            new[mate.at] = 0.0
    return new


def _at_end(corner: edges.Corner, width: float) -> bool:
    """Whether this is a corner of the square end of a line."""
    return corner.room < 1.15 * width and corner.radius < 0.6 * width


def _chevron(corner: edges.Corner, width: float) -> bool:
    """Whether the line ends where one of the corner's edges ends."""
    return any(
        (straight and length < 1.3 * width) or (not straight and abs(turn) > math.radians(140) and length < 2.2 * width)
        for straight, length, turn in corner.beyond
    )
