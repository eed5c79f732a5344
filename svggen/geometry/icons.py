"""Whole shapes and icons under affine maps; fitting a canvas; snapping to a grid.

Contract. Nothing here changes its argument. What comes back is not rounded (``svggen.icon.canonical`` rounds); strokes,
dashes, gradients and clips follow the map. An uneven map scales strokes by the geometric mean of its two stretches.
"""

from __future__ import annotations

from dataclasses import replace

from svggen.errors import GeometryError
from svggen.geometry.affine import IDENTITY, Affine, apply, determinant, is_similarity, mean_scale
from svggen.geometry.paints import transform_paint
from svggen.geometry.paths import to_path, transform_path
from svggen.icon.types import (
    Circle,
    Clip,
    Ellipse,
    Geometry,
    Icon,
    Line,
    Look,
    Path,
    Point,
    Polygon,
    Polyline,
    Rect,
    Segment,
    Shape,
)

__all__ = ["fit_canvas", "quantise", "transform_geometry", "transform_icon", "transform_look", "transform_shape"]


def transform_geometry(g: Geometry, m: Affine) -> Geometry:
    """The image; circles, ellipses and rectangles stay what they are where the map lets them, else they become
    paths."""
    if m == IDENTITY:
        return g
    if isinstance(g, Path):
        return transform_path(g, m)
    if isinstance(g, Line):
        return Line(*apply(m, g.x1, g.y1), *apply(m, g.x2, g.y2))
    if isinstance(g, Polyline | Polygon):
        return type(g)(tuple([apply(m, x, y) for x, y in g.points]))
    a, b, c, d = m[:4]
    upright, crossed = b == 0 and c == 0, a == 0 and d == 0
    if isinstance(g, Circle | Ellipse):
        rx, ry = (g.r, g.r) if isinstance(g, Circle) else (g.rx, g.ry)
        cx, cy = apply(m, g.cx, g.cy)
        if rx == ry and is_similarity(m):
            return Circle(cx, cy, rx * mean_scale(m))
        if upright:
            return Ellipse(cx, cy, rx * abs(a), ry * abs(d))
        if crossed:
            return Ellipse(cx, cy, ry * abs(c), rx * abs(b))
    elif upright or crossed:
        (x0, y0), (x1, y1) = apply(m, g.x, g.y), apply(m, g.x + g.width, g.y + g.height)
        sx, sy = (abs(a), abs(d)) if upright else (abs(c), abs(b))
        rx, ry = (g.rx, g.ry) if upright else (g.ry, g.rx)
        return Rect(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0), rx * sx, ry * sy)
    return transform_path(to_path(g), m)


def transform_look(look: Look, m: Affine) -> Look:
    scale = mean_scale(m)
    fill, stroke = transform_paint(look.fill, m), transform_paint(look.stroke, m)
    if scale == 1 and fill is look.fill and stroke is look.stroke:
        return look
    return replace(
        look,
        fill=fill,
        stroke=stroke,
        stroke_width=look.stroke_width * scale,
        dash=tuple([v * scale for v in look.dash]),
        dash_offset=look.dash_offset * scale,
    )


def transform_shape(shape: Shape, m: Affine) -> Shape:
    """Geometry, stroke, paints and clip. Raises GeometryError for a map that flattens the plane."""
    if determinant(m) == 0:
        raise GeometryError(f"the map {m} flattens the plane")
    clip = shape.clip
    if clip is not None:
        clip = Clip(tuple([transform_shape(s, m) for s in clip.shapes]), clip.kind)
    return Shape(transform_geometry(shape.geometry, m), transform_look(shape.look, m), clip)


def transform_icon(icon: Icon, m: Affine) -> Icon:
    """Every shape mapped; the viewBox stays."""
    return Icon(icon.viewbox, tuple([transform_shape(s, m) for s in icon.shapes]))


def fit_canvas(icon: Icon, size: float = 24.0) -> Icon:
    """The icon on a square canvas ``0 0 size size``: its viewBox is scaled evenly to fit, centred; strokes scale with
    it."""
    x, y, w, h = icon.viewbox
    if icon.viewbox == (0.0, 0.0, size, size):
        return icon
    s = size / max(w, h)
    m: Affine = (s, 0.0, 0.0, s, (size - w * s) / 2 - x * s, (size - h * s) / 2 - y * s)
    return Icon((0.0, 0.0, float(size), float(size)), transform_icon(icon, m).shapes)


def quantise(icon: Icon, step: float) -> Icon:
    """Coordinates, radii and sizes at whole multiples of ``step`` (user units); stroke widths, looks and clips stay. A
    shape that this would flatten to nothing keeps its own numbers."""
    if not step > 0:
        raise GeometryError(f"step must be positive: {step}")
    return Icon(icon.viewbox, tuple([replace(s, geometry=_snap(s.geometry, step)) for s in icon.shapes]))


def _snap(g: Geometry, step: float) -> Geometry:
    def q(v: float) -> float:
        return round(v / step) * step

    def at_least(v: float) -> float:
        return q(v) or (step if v > 0 else 0.0)

    if isinstance(g, Path):
        return Path(_snap_segments(g.segments, step))
    if isinstance(g, Circle):
        return Circle(q(g.cx), q(g.cy), at_least(g.r))
    if isinstance(g, Ellipse):
        return Ellipse(q(g.cx), q(g.cy), at_least(g.rx), at_least(g.ry))
    if isinstance(g, Rect):
        return Rect(q(g.x), q(g.y), at_least(g.width), at_least(g.height), q(g.rx), q(g.ry))
    if isinstance(g, Line):
        end = (q(g.x2), q(g.y2))
        return g if (q(g.x1), q(g.y1)) == end else Line(q(g.x1), q(g.y1), *end)
    points: list[Point] = []
    for x, y in g.points:
        p = (q(x), q(y))
        if not points or points[-1] != p:
            points.append(p)
    return type(g)(tuple(points)) if len(points) >= 2 else g


def _snap_segments(segments: tuple[Segment, ...], step: float) -> tuple[Segment, ...]:
    """Points to the grid; arc radii too, but never to nothing. An arc whose ends fall together is split first."""
    from svggen.geometry.arcs import split_arc

    out: list[Segment] = []
    at = raw = (0.0, 0.0)
    for op, v in segments:
        if op == "Z":
            out.append((op, v))
            continue
        end = (round(v[-2] / step) * step, round(v[-1] / step) * step)
        if op == "A":
            near = abs(end[0] - at[0]) + abs(end[1] - at[1]) <= 2 * step
            for _, piece in split_arc(raw, v) if v[3] and near else [(op, v)]:
                if len(piece) < 7:
                    continue
                to = (round(piece[5] / step) * step, round(piece[6] / step) * step)
                radii = [round(r / step) * step or r for r in piece[:2]]
                out.append(("A", (*radii, piece[2], piece[3], piece[4], *to)))
        else:
            out.append((op, tuple([round(c / step) * step for c in v])))
        at, raw = end, (v[-2], v[-1])
    return tuple(out)
