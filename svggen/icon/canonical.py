"""The canonical form of an Icon: rounded numbers, one spelling for each look, nothing that paints nothing.

Contract. ``canonical(canonical(icon)) == canonical(icon)``. Every decision (drop, merge, turn into) is made on the
rounded numbers, never on raw ones, so that writing an icon and reading it again decides the same.

Precision. Coordinates keep as many decimals as make the step at most 1/10,000 of the viewBox's longer side: 3 decimals
for sides of 10 to 99.9 (16, 20, 24, 32, 48 ...), 2 up to 999, 4 below 10. At 24 px on screen that is 1/400 px at worst.
Opacities, arc rotations, miter limits: 3 decimals. Gradient offsets: 4. Gradient matrices: 6 significant digits.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from svggen.errors import BudgetError, GeometryError
from svggen.icon.types import (
    Circle,
    Clip,
    Ellipse,
    Geometry,
    Icon,
    Line,
    LinearGradient,
    Look,
    Paint,
    Path,
    Polygon,
    Polyline,
    RadialGradient,
    Rect,
    Segment,
    Shape,
    Stop,
)

__all__ = ["NUMBER_LIMIT", "add_arc", "canonical", "canonical_viewbox", "precision"]

NUMBER_LIMIT = 1e6
"""Largest absolute value of a coordinate or length in user units."""

_STEPS_PER_SIDE = 10_000
_MAX_DIGITS = 9
_DEFAULT = Look()


def precision(viewbox: tuple[float, float, float, float]) -> int:
    """Decimals kept for coordinates in this viewBox, 0..9."""
    side = max(viewbox[2], viewbox[3])
    digits, step = 0, 1.0
    while step * _STEPS_PER_SIDE > side and digits < _MAX_DIGITS:
        digits += 1
        step = float(10**-digits)
    return digits


def canonical(icon: Icon, rounded: Collection[int] = ()) -> Icon:
    """The canonical form; raises BudgetError for a number that is not finite or beyond +-1e6, GeometryError for a
    viewBox without area."""
    viewbox, digits = canonical_viewbox(icon.viewbox)
    clips: dict[Clip, Clip | None] = {}
    shapes = []
    for shape in icon.shapes:
        done = _shape(shape, digits, rounded)
        if done is None:
            continue
        if shape.clip is not None:
            clip = clips[shape.clip] if shape.clip in clips else clips.setdefault(shape.clip, _clip(shape.clip, digits))
            if clip is None:
                continue  # seen through nothing
            if not _covers(clip, done, viewbox):
                done = Shape(done.geometry, done.look, clip)
        shapes.append(done)
    return Icon(viewbox, tuple(shapes))


@lru_cache(maxsize=256)
def canonical_viewbox(raw: tuple[float, float, float, float]) -> tuple[tuple[float, float, float, float], int]:
    box = raw
    for _ in range(4):  # 9.99999 has 4 decimals, what it rounds to has 3: repeat until it stands
        digits = precision(box)
        x, y, w, h = _numbers(box, digits)
        if (x, y, w, h) == box:
            break
        box = (x, y, w, h)
    if not (box[2] > 0 and box[3] > 0):
        raise GeometryError(f"viewBox without area: {raw}")
    return box, digits


def _number(value: float, digits: int) -> float:
    rounded = round(float(value), digits) + 0.0  # + 0.0 turns -0.0 into 0.0
    if not -NUMBER_LIMIT <= rounded <= NUMBER_LIMIT:
        raise BudgetError(f"number {value:g}", limit=f"numbers are finite and within +-{NUMBER_LIMIT:g}")
    return rounded


def _numbers(values: tuple[float, ...], digits: int) -> tuple[float, ...]:
    return tuple([_number(v, digits) for v in values])


def _shape(shape: Shape, digits: int, rounded: Collection[int] = ()) -> Shape | None:
    geometry = shape.geometry if id(shape.geometry) in rounded else _geometry(shape.geometry, digits)
    if geometry is None:
        return None
    look = shape.look
    line = isinstance(geometry, Line)
    if isinstance(look.fill, str) and isinstance(look.stroke, str):
        seen = _plain_look(look, digits, line)
    else:
        seen = _look(look, digits, line)
    return None if seen is None else Shape(geometry, seen)


# ---------------------------------------------------------------------------------------------------------- geometry


def _geometry(g: Geometry, d: int) -> Geometry | None:
    if isinstance(g, Path):
        segments = _segments(g.segments, d)
        return Path(segments) if segments else None
    if isinstance(g, Circle):
        cx, cy, r = _numbers((g.cx, g.cy, g.r), d)
        return Circle(cx, cy, r) if r > 0 else None
    if isinstance(g, Ellipse):
        cx, cy, rx, ry = _numbers((g.cx, g.cy, g.rx, g.ry), d)
        if rx <= 0 or ry <= 0:
            return None
        return Circle(cx, cy, rx) if rx == ry else Ellipse(cx, cy, rx, ry)
    if isinstance(g, Rect):
        x, y, w, h, rx, ry = _numbers((g.x, g.y, g.width, g.height, g.rx, g.ry), d)
        if w <= 0 or h <= 0:
            return None
        rx, ry = min(rx, _number(w / 2, d)), min(ry, _number(h / 2, d))
        return Rect(x, y, w, h, rx, ry) if rx > 0 and ry > 0 else Rect(x, y, w, h)
    if isinstance(g, Line):
        x1, y1, x2, y2 = _numbers((g.x1, g.y1, g.x2, g.y2), d)
        return Line(x1, y1, x2, y2)
    return _points(g, d)


def _points(g: Polyline | Polygon, d: int) -> Polyline | Polygon | None:
    points = tuple([(_number(x, d), _number(y, d)) for x, y in g.points])
    return type(g)(points) if len(points) >= 2 else None


def _segments(segments: tuple[Segment, ...], d: int) -> tuple[Segment, ...]:
    """Rounded; each sub-path begins with one M; an M that nothing follows, and an arc that goes nowhere, are
    dropped."""
    out: list[Segment] = []
    x = y = sx = sy = 0.0  # the raw pen and the raw start of the sub-path
    drawn = moved = False  # is the M of this sub-path in ``out``? was there an M since the last Z?
    values: list[float] = []
    for op, v in segments:
        if op == "M":
            x, y = sx, sy = v[0], v[1]
            drawn, moved = False, True
            continue
        if op == "Z" and not (drawn or moved):
            continue
        if not drawn:
            if out and out[-1][0] == "M":
                out.pop()
            out.append(("M", (round(x, d), round(y, d))))
            drawn = True
        if op == "Z":
            out.append(("Z", ()))
            x, y, drawn, moved = sx, sy, False, False
            continue
        values.extend(v)
        if op == "A":
            add_arc(out, (x, y), v, d)
        else:
            out.append((op, tuple([round(c, d) for c in v])))
        x, y = v[-2], v[-1]
    if values:
        total = sum(values)  # NaN hides from max and min, not from a sum
        if not (max(values) <= NUMBER_LIMIT and min(values) >= -NUMBER_LIMIT and total == total):
            raise BudgetError("path coordinate", limit=f"numbers are finite and within +-{NUMBER_LIMIT:g}")
    if out and out[-1][0] == "M":
        out.pop()
    return tuple(out)


def add_arc(out: list[Segment], start: tuple[float, float], v: tuple[float, ...], d: int) -> None:
    """Appends the canonical form of one arc, given the raw point where it begins."""
    rx, ry = round(abs(v[0]), d), round(abs(v[1]), d)
    ex, ey = round(v[5], d), round(v[6], d)
    if rx == 0 or ry == 0:
        out.append(("L", (ex, ey)))
        return
    if start == (v[5], v[6]):
        return  # paints nothing (SVG 2, 9.5.1)
    unit = 10.0**-d
    turn = 0.0 if rx == ry else round(v[2] % 180.0, 3) % 180.0
    arc = ("A", (rx, ry, turn, 1.0 if v[3] else 0.0, 1.0 if v[4] else 0.0, ex, ey))
    if abs(v[5] - start[0]) > 22 * unit:  # far apart whatever rounding does: neither of the cases below
        out.append(arc)
        return
    sx, sy = round(start[0], d), round(start[1], d)
    near = 20 * unit
    if v[3] and -near < ex - sx < near and -near < ey - sy < near:
        # nearly a full turn: rounding could flip it into nothing, so it is written as two arcs
        from svggen.geometry.arcs import split_arc

        for op, piece in split_arc(start, v):
            if op == "A":
                add_arc(out, start, (*piece[:3], 0.0, *piece[4:]), d)
            start = (piece[-2], piece[-1])
        return
    if ex != sx or ey != sy:
        out.append(arc)


# -------------------------------------------------------------------------------------------------------------- look


def _look(look: Look, d: int, line: bool = False) -> Look | None:
    """One spelling for what is seen, or None when nothing is. A shape with one paint carries all its alpha in
    ``opacity``."""
    fill, fill_alpha = ("none", 1.0) if line else _paint(look.fill, d)
    stroke, stroke_alpha = _paint(look.stroke, d)
    opacity = _unit(look.opacity)
    fill_opacity = _unit(look.fill_opacity * fill_alpha)
    stroke_opacity = _unit(look.stroke_opacity * stroke_alpha)
    width = _number(look.stroke_width, d)
    if fill_opacity == 0:
        fill = "none"
    if stroke_opacity == 0 or width <= 0:
        stroke = "none"
    filled, stroked = fill != "none", stroke != "none"
    if not (filled or stroked) or opacity == 0:
        return None
    if filled != stroked:
        opacity = _unit(
            look.opacity * (look.fill_opacity * fill_alpha if filled else look.stroke_opacity * stroke_alpha)
        )
        fill_opacity = stroke_opacity = 1.0
        if opacity == 0:
            return None
    dash = _dash(look.dash, d) if stroked else ()
    return Look(
        fill=fill,
        fill_opacity=fill_opacity if filled else 1.0,
        fill_rule=look.fill_rule if filled else "nonzero",
        stroke=stroke,
        stroke_width=width if stroked else 1.0,
        stroke_opacity=stroke_opacity if stroked else 1.0,
        cap=look.cap if stroked else "butt",
        join=look.join if stroked else "miter",
        miter_limit=max(1.0, _number(look.miter_limit, 3))
        if stroked and look.join == "miter"
        else _DEFAULT.miter_limit,
        dash=dash,
        dash_offset=_number(look.dash_offset, d) if dash else 0.0,
        opacity=opacity,
    )


_plain_look = lru_cache(maxsize=4096)(_look)  # most shapes of most icons share a handful of looks


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, float(value))), 3)


def _dash(dash: tuple[float, ...], d: int) -> tuple[float, ...]:
    """Rounded; () for a solid line. A pattern finer than 20 steps (1/500 of the side) is seen as solid: it is dropped,
    since dashing it would cost a renderer millions of pieces."""
    rounded = _numbers(dash, d)
    if not rounded or min(rounded) < 0 or sum(rounded) < 20 * 10.0**-d:
        return ()
    return rounded if len(rounded) % 2 == 0 else rounded * 2


def _paint(paint: Paint, d: int) -> tuple[Paint, float]:
    """The canonical paint, and the alpha that it carried (a gradient of one stop is that stop's colour)."""
    if isinstance(paint, str):
        return paint, 1.0
    if isinstance(paint, LinearGradient):
        if paint.transform is not None:
            from svggen.geometry.paints import bake

            paint = bake(paint)
    elif paint.transform is not None:
        from svggen.geometry.paints import bake

        a, b, c, e, f, g = [round(float(f"{v:.6g}"), 9) + 0.0 for v in paint.transform]
        if abs(a * e - b * c) < 1e-12:  # it flattens the circle: painted with the last colour
            paint = RadialGradient(0.0, 0.0, 0.0, 0.0, 0.0, paint.stops)
        else:
            paint = bake(paint, (a, b, c, e, f, g))
    stops = _stops(paint.stops)
    if not stops:
        return "none", 1.0
    if len(stops) == 1:
        return stops[0].color, stops[0].opacity
    if isinstance(paint, LinearGradient):
        x1, y1, x2, y2 = _numbers((paint.x1, paint.y1, paint.x2, paint.y2), d)
        if (x1, y1) == (x2, y2):
            return stops[-1].color, stops[-1].opacity
        return LinearGradient(x1, y1, x2, y2, stops, paint.spread), 1.0
    # with a matrix, the circle lives in the matrix's own space, where the icon's step means nothing
    kept = d if paint.transform is None else 6
    cx, cy, r, fx, fy = _numbers((paint.cx, paint.cy, paint.r, paint.fx, paint.fy), kept)
    if r <= 0:
        return stops[-1].color, stops[-1].opacity
    return RadialGradient(cx, cy, r, fx, fy, stops, paint.spread, paint.transform), 1.0


def _stops(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    out, last = [], 0.0
    for stop in stops:  # offsets never decrease (SVG 2, 14.2.4)
        last = max(last, round(min(1.0, max(0.0, float(stop.offset))), 4))
        out.append(Stop(last, stop.color, _unit(stop.opacity)))
    return tuple(out)


# -------------------------------------------------------------------------------------------------------------- clip


def _clip(clip: Clip, d: int) -> Clip | None:
    """Rounded, or None when nothing can be seen through it."""
    shapes = []
    for shape in clip.shapes:
        if clip.kind == "clip":
            geometry = _geometry(shape.geometry, d)
            if geometry is not None and not isinstance(geometry, Line):
                shapes.append(Shape(geometry, Look(fill_rule=shape.look.fill_rule)))
        else:
            done = _shape(shape, d)
            if done is not None:
                shapes.append(done)
    return Clip(tuple(shapes), clip.kind) if shapes else None


def _covers(clip: Clip, shape: Shape, viewbox: tuple[float, float, float, float]) -> bool:
    """Does the clip cut nothing of the shape? (Only plain rectangles are asked: design tools write them by habit.)"""
    if clip.kind != "clip" or len(clip.shapes) != 1:
        return False
    rect = clip.shapes[0].geometry
    if not isinstance(rect, Rect) or rect.rx:
        return False
    x, y, w, h = viewbox
    if rect.x <= x and rect.y <= y and rect.x + rect.width >= x + w and rect.y + rect.height >= y + h:
        return True
    from svggen.geometry.bounds import shape_bounds

    box = shape_bounds(shape)
    return box is not None and (
        rect.x <= box[0] and rect.y <= box[1] and rect.x + rect.width >= box[2] and rect.y + rect.height >= box[3]
    )
