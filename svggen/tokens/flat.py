"""Icons as OmniSVG can hold them: areas filled with one colour under the non-zero rule.

Contract. ``fills`` turns every shape of an icon into outlines without strokes, clips, gradients and opacity, on a
square canvas of ``side`` units. An icon that is made of such outlines already, on that canvas and in whole numbers,
comes back as it is.

How a look is flattened: a gradient is its first stop; opacity is mixed over white paper; ``currentColor`` stays what it
is from half opacity on, below that it is the grey that black ink has on white paper. A dashed line is the area of its
dashes. What lies outside the canvas is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from svggen.geometry import (
    Affine,
    bounds,
    fit_canvas,
    reverse,
    scaling,
    signed_area,
    subpaths,
    to_path,
    transform_path,
)
from svggen.icon.types import Circle, Ellipse, Icon, Look, Paint, Path, Segment, Shape

__all__ = ["fills", "hexed", "nonzero", "over_white"]

_CANVAS: Final = 24.0  # the canvas that the area operations are tuned for
_SAME_AREA: Final = 0.02  # square units of that canvas
_OUTSIDE: Final = 0.0075  # of the side: what reaches this far out is clamped, what reaches further is cut off
_OPAQUE: Final = 0.5  # from here on currentColor stays what it is


def fills(icon: Icon, side: float) -> Iterator[tuple[Path, str]]:
    """(outline in units of the canvas 0..side, colour), in drawing order. The colour is ``currentColor`` or
    ``#rrggbb``. Raises GeometryError where an area cannot be worked out."""
    if any(s.clip is not None for s in icon.shapes):
        from svggen.restyle.unclip import without_clips

        icon = without_clips(fit_canvas(icon, _CANVAS))
    x, y, w, h = icon.viewbox
    scale = side / max(w, h)
    place: Affine = (scale, 0.0, 0.0, scale, (side - w * scale) / 2 - x * scale, (side - h * scale) / 2 - y * scale)
    for shape in icon.shapes:
        for part in _painted(shape):
            path = _outline(part, icon.viewbox, place, side)
            if path.segments:
                yield path, over_white(part.look)


def _painted(shape: Shape) -> list[Shape]:
    """One shape for the fill and one for the line, each with its own opacity; one for both of the same ink."""
    look = shape.look
    filled = look.fill != "none" and look.fill_opacity > 0
    lined = look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0
    fill = replace(look, stroke="none", opacity=look.opacity * look.fill_opacity, fill_opacity=1.0)
    line = replace(look, fill="none", opacity=look.opacity * look.stroke_opacity, stroke_opacity=1.0)
    if filled and lined and over_white(fill) == over_white(line):
        return [shape]
    out = [replace(shape, look=fill)] if filled else []
    return [*out, replace(shape, look=line)] if lined else out


def over_white(look: Look) -> str:
    """The one colour for a shape with one paint, or with two of the same."""
    line = look.fill == "none"
    colour, alpha = _first(look.stroke if line else look.fill)
    alpha *= look.opacity * (look.stroke_opacity if line else look.fill_opacity)
    if colour == "currentColor":
        return colour if alpha >= _OPAQUE else hexed([255 * (1 - alpha)] * 3)
    return hexed([255 + (int(colour[i : i + 2], 16) - 255) * alpha for i in (1, 3, 5)])


def hexed(channels: list[float]) -> str:
    """``#rrggbb`` of three numbers 0..255."""
    return "#" + "".join([f"{min(255, max(0, round(c))):02x}" for c in channels])


def _first(paint: Paint) -> tuple[str, float]:
    if isinstance(paint, str):
        return paint, 1.0
    return (paint.stops[0].color, paint.stops[0].opacity) if paint.stops else ("#000000", 1.0)


# ---------------------------------------------------------------------------------------------------------- outlines


def _outline(part: Shape, viewbox: tuple[float, float, float, float], place: Affine, side: float) -> Path:
    if part.look.stroke == "none" and part.look.fill_rule == "nonzero":
        path = transform_path(_few_arcs(part), place)
    else:
        small = fit_canvas(Icon(viewbox, (part,)), _CANVAS).shapes[0]
        path = transform_path(nonzero(small), scaling(side / _CANVAS))
    return path if _inside(path, side) else _cut(path, side)


def _few_arcs(shape: Shape) -> Path:
    """The outline; circles and ellipses as two half turns instead of four quarters."""
    g = shape.geometry
    if isinstance(g, Circle | Ellipse):
        rx, ry = (g.r, g.r) if isinstance(g, Circle) else (g.rx, g.ry)
        turn = (rx, ry, 0.0, 0.0, 1.0)
        right, left = (g.cx + rx, g.cy), (g.cx - rx, g.cy)
        return Path((("M", right), ("A", (*turn, *left)), ("A", (*turn, *right)), ("Z", ())))
    return to_path(g)


def nonzero(shape: Shape) -> Path:
    """All that the shape covers, as an outline for the non-zero rule; in units of a 24 px canvas. A fill keeps its own
    curves where turning some of its sub-paths round is enough."""
    from svggen.restyle import ops

    if shape.look.stroke == "none":
        own = _few_arcs(shape)
        if shape.look.fill_rule == "nonzero":
            return own
        wanted = ops.simplify(ops.from_geometry(own, "evenodd"))
        for path in (own, _alternating(own)):
            area = ops.simplify(ops.from_geometry(path))
            off = ops.union([ops.difference(area, wanted), ops.difference(wanted, area)])
            if ops.size(off) < _SAME_AREA:
                return path
        return ops.wound(wanted)
    return ops.wound(ops.area_of(shape))


def _alternating(path: Path) -> Path:
    """Sub-paths that lie within an odd number of others run the other way round than those that do not."""
    from svggen.restyle import ops

    parts = subpaths(path)
    areas = [ops.from_geometry(p) for p in parts]
    out: list[Segment] = []
    for part in parts:
        x, y = part.segments[0][1][:2]
        depth = sum(ops.covers(a, x, y) for p, a in zip(parts, areas, strict=True) if p is not part)
        positive = signed_area(part) > 0
        out.extend((part if positive == (depth % 2 == 0) else reverse(part)).segments)
    return Path(tuple(out))


def _inside(path: Path, side: float) -> bool:
    """Within the canvas, or as good as; what is on the grid already is never cut again."""
    values = [c for op, v in path.segments for c in (v[5:] if op == "A" else v)]
    if all(c == int(c) and 0 <= c < side for c in values):
        return True
    box, out = bounds(path), _OUTSIDE * side
    return box is None or (box[0] >= -out and box[1] >= -out and box[2] <= side + out and box[3] <= side + out)


def _cut(path: Path, side: float) -> Path:
    from svggen.restyle import ops

    small = ops.simplify(ops.from_geometry(transform_path(path, scaling(_CANVAS / side))))
    window = ops.from_geometry(Path((("M", (0, 0)), ("L", (24, 0)), ("L", (24, 24)), ("L", (0, 24)), ("Z", ()))))
    return transform_path(ops.wound(ops.intersection(small, window)), scaling(side / _CANVAS))
