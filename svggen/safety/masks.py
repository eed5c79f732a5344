"""Small helpers on clips."""

from __future__ import annotations

from dataclasses import replace

from svggen.icon.types import Clip, Paint, Rect, Shape

__all__ = ["as_luminance", "inside"]


def as_luminance(shape: Shape) -> Shape:
    """A shape of an alpha mask as one of a luminance mask: every colour white, so that light says what alpha said."""
    look = shape.look
    return Shape(shape.geometry, replace(look, fill=_white(look.fill), stroke=_white(look.stroke)))


def _white(paint: Paint) -> Paint:
    if isinstance(paint, str):
        return paint if paint == "none" else "#ffffff"
    return replace(paint, stops=tuple([replace(s, color="#ffffff") for s in paint.stops]))


def inside(inner: Clip, _outer: Clip) -> bool:
    """May the outer clip take the inner one's place? Only where the inner is a plain rectangle, which design tools
    write around whole drawings by habit."""
    return inner.kind == "clip" and len(inner.shapes) == 1 and isinstance(inner.shapes[0].geometry, Rect)
