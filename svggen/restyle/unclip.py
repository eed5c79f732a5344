"""Clips and masks turned into plain shapes, so that what is seen is what is changed.

Contract. A clip cuts by area. In a mask, light shapes show, dark ones hide and greys show faintly: the masked paint
is drawn through the mask's own shapes, later dark ones cut out of earlier ones. Strokes of the mask stay strokes
where nothing is cut from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from svggen.icon import Clip, Icon, Look, Shape
from svggen.restyle import ops
from svggen.restyle.job import has_fill, has_stroke

__all__ = ["without_clips"]

_COVERS: Final = 0.9  # of the canvas: a shape this large shows the whole mask


def without_clips(icon: Icon) -> Icon:
    """The same picture without clips."""
    if all(shape.clip is None for shape in icon.shapes):
        return icon
    shapes: list[Shape] = []
    for shape in icon.shapes:
        if shape.clip is None:
            shapes.append(shape)
        elif shape.clip.kind == "clip":
            shapes.extend(_clipped(shape, shape.clip))
        else:
            shapes.extend(_masked(shape, shape.clip, icon))
    return Icon(icon.viewbox, tuple(shapes))


def _clipped(shape: Shape, clip: Clip) -> list[Shape]:
    window = ops.union(ops.simplify(ops.from_geometry(s.geometry, s.look.fill_rule)) for s in clip.shapes)
    bare = replace(shape, clip=None)
    found = []
    for part in _fill_and_stroke(bare):
        area = ops.area_of(part)
        outside = ops.size(ops.difference(area, window))
        if outside < 0.02:
            found.append(part)
            continue
        path = ops.to_path(ops.intersection(area, window))
        if path.segments:
            found.append(_filled_like(part, path))
    return found


def _fill_and_stroke(shape: Shape) -> list[Shape]:
    look = shape.look
    both = has_fill(shape) and has_stroke(shape)
    if not both:
        return [shape]
    return [replace(shape, look=replace(look, stroke="none")), replace(shape, look=replace(look, fill="none"))]


def _filled_like(shape: Shape, path: object) -> Shape:
    look = shape.look
    if has_fill(shape):
        fill, opacity = look.fill, look.fill_opacity
    else:
        fill, opacity = look.stroke, look.stroke_opacity
    return Shape(path, Look(fill=fill, fill_opacity=opacity, fill_rule="evenodd", opacity=look.opacity))  # type: ignore[arg-type]


def _masked(shape: Shape, mask: Clip, icon: Icon) -> list[Shape]:
    window = ops.area_of(replace(shape, clip=None))
    whole = ops.size(window) >= _COVERS * icon.viewbox[2] * icon.viewbox[3]
    paint = shape.look.fill if has_fill(shape) else shape.look.stroke
    shown: list[tuple[Shape, float]] = []
    for part in (p for s in mask.shapes for p in _fill_and_stroke(s)):
        light = _luminance(part)
        if light < 0.02:
            shown = _cut(shown, ops.area_of(part))
        else:
            shown.append((part, light))
    found: list[Shape] = []
    for part, light in shown:
        bare = replace(part, clip=None)
        if not whole:
            path = ops.to_path(ops.intersection(ops.area_of(bare), window))
            if not path.segments:
                continue
            bare = _filled_like(bare, path)
        look = replace(
            bare.look,
            fill=paint if has_fill(bare) else "none",
            stroke=paint if has_stroke(bare) else "none",
            fill_opacity=1.0,
            stroke_opacity=1.0,
            opacity=shape.look.opacity * light,
        )
        found.append(replace(bare, look=look))
    return found


def _cut(shown: list[tuple[Shape, float]], hole: ops.Area) -> list[tuple[Shape, float]]:
    kept: list[tuple[Shape, float]] = []
    for part, light in shown:
        area = ops.area_of(part)
        if ops.size(ops.intersection(area, hole)) < 0.02:
            kept.append((part, light))
            continue
        path = ops.to_path(ops.difference(area, hole))
        if path.segments:
            kept.append((_filled_like(part, path), light))
    return kept


def _luminance(shape: Shape) -> float:
    """What a mask lets through: linear luminance times opacity, 0..1 (CSS Masking 1, 7.10.1)."""
    look = shape.look
    paint = look.fill if has_fill(shape) else look.stroke
    opacity = look.opacity * (look.fill_opacity if has_fill(shape) else look.stroke_opacity)
    if not isinstance(paint, str):
        paint = paint.stops[0].color if paint.stops else "#000000"
    if paint == "none" or not (has_fill(shape) or has_stroke(shape)):
        return 0.0
    value = "#000000" if paint == "currentColor" else paint
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return opacity * sum(w * c for w, c in zip((0.2125, 0.7154, 0.0721), channels, strict=True))
