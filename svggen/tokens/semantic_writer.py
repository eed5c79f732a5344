"""Icon -> the semantic tokens of LLM4SVG (``semantic.py`` says what they are).

All lengths are whole steps of a 128 x 128 canvas, hundredths or whole units, so that relative ones add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from svggen.geometry import fit_canvas, split_arc
from svggen.icon.types import Circle, Ellipse, Geometry, Icon, Line, Look, Paint, Path, Polygon, Rect, Shape
from svggen.tokens.semantic_words import NUMBERS, SIDE, number_word, word

__all__ = ["write"]

_DOT: Final = 100  # steps in one user unit


def write(icon: Icon, *, whole: bool = False) -> list[str]:
    """whole: lengths are whole user units, and each of ``NUMBERS`` is a word."""
    writer = _Writer(whole)
    out = [word("START_OF_SVG")]
    for shape in _plain_shapes(icon):
        element = list(writer.element(shape.geometry))
        if element:
            out.extend([*element, *writer.look(shape.look)])
    return [*out, word("END_OF_SVG")]


# -------------------------------------------------------------------------------------------------- what has no words


def _plain_shapes(icon: Icon) -> Iterator[Shape]:
    """On the canvas, without clips, gradients, dashes, even-odd fills, and with one opacity each."""
    if any(s.clip is not None for s in icon.shapes):
        from svggen.restyle.unclip import without_clips

        icon = without_clips(fit_canvas(icon, 24.0))
    for shape in icon.shapes:
        for part in _parts(shape):
            yield fit_canvas(Icon(icon.viewbox, (_spelled(part, icon),)), SIDE).shapes[0]


def _parts(shape: Shape) -> list[Shape]:
    look = shape.look
    fill, fill_alpha = _flat(look.fill)
    stroke, stroke_alpha = _flat(look.stroke)
    fill_alpha, stroke_alpha = fill_alpha * look.fill_opacity, stroke_alpha * look.stroke_opacity
    filled = fill != "none" and fill_alpha > 0
    lined = stroke != "none" and stroke_alpha > 0 and look.stroke_width > 0
    if isinstance(shape.geometry, Line):
        filled = False
    whole = replace(look, fill=fill, stroke=stroke, fill_opacity=1.0, stroke_opacity=1.0)
    if filled and lined and fill_alpha == stroke_alpha == 1 and look.fill_rule == "nonzero" and not look.dash:
        return [replace(shape, look=whole)]
    out = []
    if filled:
        out.append(replace(shape, look=replace(whole, stroke="none", opacity=look.opacity * fill_alpha)))
    if lined:
        out.append(replace(shape, look=replace(whole, fill="none", opacity=look.opacity * stroke_alpha)))
    return out


def _flat(paint: Paint) -> tuple[str, float]:
    if isinstance(paint, str):
        return paint, 1.0
    return (paint.stops[0].color, paint.stops[0].opacity) if paint.stops else ("none", 1.0)


def _spelled(shape: Shape, icon: Icon) -> Shape:
    """An even-odd fill as a non-zero one, a dashed line as its area."""
    look = shape.look
    dashed = bool(look.dash) and look.stroke != "none"
    evenodd = look.fill != "none" and look.fill_rule == "evenodd" and isinstance(shape.geometry, Path)
    if not (dashed or evenodd):
        return shape
    from svggen.geometry import transform_path
    from svggen.tokens.flat import nonzero

    small = fit_canvas(Icon(icon.viewbox, (shape,)), 24.0).shapes[0]
    x, y, w, h = icon.viewbox
    scale = max(w, h) / 24.0
    place = (scale, 0.0, 0.0, scale, x + (w - 24 * scale) / 2, y + (h - 24 * scale) / 2)
    paint = look.stroke if dashed else look.fill
    return Shape(transform_path(nonzero(small), place), Look(fill=paint, opacity=look.opacity))


# ------------------------------------------------------------------------------------------------------------ elements


class _Writer:
    """Elements, their geometry and their look, in steps of one size."""

    def __init__(self, whole: bool) -> None:
        self._dot = 1 if whole else _DOT
        self._whole = whole

    def _steps(self, value: float) -> int:
        return round(value * self._dot)

    def _number(self, steps: int) -> str:
        """``12``, ``-0.5``, ``3.25``; as a word where whole numbers are words."""
        if self._whole:
            return number_word(steps) if steps in NUMBERS else str(steps)
        return _hundredths(steps)

    def _values(self, **given: float) -> Iterator[str]:
        for name, value in given.items():
            yield from (word(name), self._number(self._steps(value)))

    def element(self, g: Geometry) -> Iterator[str]:
        """The element and its geometry; nothing where rounding leaves nothing of it."""
        steps, values = self._steps, self._values
        if isinstance(g, Path):
            data = list(self._path(g))
            if data:
                yield from (word("svg_path"), word("path_d"), *data)
        elif isinstance(g, Circle):
            if steps(g.r) > 0:
                yield from (word("svg_circle"), *values(cx=g.cx, cy=g.cy, r=g.r))
        elif isinstance(g, Ellipse):
            if steps(g.rx) > 0 and steps(g.ry) > 0:
                yield from (word("svg_ellipse"), *values(cx=g.cx, cy=g.cy, rx=g.rx, ry=g.ry))
        elif isinstance(g, Rect):
            if steps(g.width) > 0 and steps(g.height) > 0:
                yield from (word("svg_rect"), *values(x=g.x, y=g.y, width=g.width, height=g.height), *self._corners(g))
        elif isinstance(g, Line):
            yield from (word("svg_line"), *values(x1=g.x1, y1=g.y1, x2=g.x2, y2=g.y2))
        else:
            numbers = [self._number(steps(c)) for point in g.points for c in point]
            yield from (word("svg_polygon" if isinstance(g, Polygon) else "svg_polyline"), word("points"), *numbers)

    def _corners(self, g: Rect) -> Iterator[str]:
        """Radii of at most half a side, also after rounding."""
        rx, ry = self._steps(g.rx), self._steps(g.ry)
        half = self._steps(g.width) // 2, self._steps(g.height) // 2
        if rx == ry:
            rx = ry = min(rx, *half)
        rx, ry = min(rx, half[0]), min(ry, half[1])
        if rx > 0 and ry > 0:
            yield from (word("rx"), self._number(rx))
            if rx != ry:
                yield from (word("ry"), self._number(ry))

    def look(self, look: Look) -> Iterator[str]:
        yield from (word("fill"), str(look.fill))
        if look.stroke != "none":
            width = self._number(max(1, self._steps(look.stroke_width)))
            yield from (word("stroke"), str(look.stroke), word("stroke-width"), width)
            if look.cap != "butt":
                yield from (word("stroke-linecap"), look.cap)
        opacity = round(look.opacity * _DOT)
        if opacity < _DOT:
            yield from (word("opacity"), _hundredths(max(1, opacity)))

    def _path(self, path: Path) -> Iterator[str]:
        """Relative commands; the first move is from 0 0. A move that nothing follows is left out."""
        steps, delta = self._steps, self._delta
        at = start = (0, 0)
        control: tuple[int, int] | None = None  # the last control point of a curve, for the smooth one
        moved: tuple[int, int] | None = None
        raw = (0.0, 0.0)
        for op, v in path.segments:
            if op == "M":
                moved, raw, control = (steps(v[0]), steps(v[1])), (v[0], v[1]), None
                continue
            if moved is not None:
                yield from (word("moveto"), *delta(at, moved))
                at = start = moved
                moved = None
            if op == "Z":
                yield word("close_the_path")
                at, control = start, None
                continue
            end = (steps(v[-2]), steps(v[-1]))
            if op == "L":
                yield from self._line(at, end)
                control = None
            elif op == "C":
                first, second = (steps(v[0]), steps(v[1])), (steps(v[2]), steps(v[3]))
                smooth = control is not None and first == (2 * at[0] - control[0], 2 * at[1] - control[1])
                if smooth:
                    yield from (word("smooth_curveto"), *delta(at, second, end))
                else:
                    yield from (word("curveto"), *delta(at, first, second, end))
                control = second
            else:
                control = None
                for piece in [v] if end != at else [p for _, p in split_arc(raw, v) if len(p) == 7]:
                    to = (steps(piece[5]), steps(piece[6]))
                    yield from self._arc(at, to, piece)
                    at = to
            at, raw = end, (v[-2], v[-1])

    def _line(self, at: tuple[int, int], end: tuple[int, int]) -> Iterator[str]:
        dx, dy = end[0] - at[0], end[1] - at[1]
        if dy == 0:
            yield from (word("horizontal_lineto"), self._number(dx))
        elif dx == 0:
            yield from (word("vertical_lineto"), self._number(dy))
        else:
            yield from (word("lineto"), self._number(dx), self._number(dy))

    def _arc(self, at: tuple[int, int], end: tuple[int, int], v: tuple[float, ...]) -> Iterator[str]:
        rx, ry = self._steps(v[0]), self._steps(v[1])
        if rx == 0 or ry == 0:
            yield from self._line(at, end)
        elif at != end:
            turn = 0 if rx == ry else self._steps(v[2])
            flags = [self._number(self._dot if flag else 0) for flag in v[3:5]]
            radii = (self._number(rx), self._number(ry))
            yield from (word("elliptical_Arc"), *radii, self._number(turn), *flags, *self._delta(at, end))

    def _delta(self, at: tuple[int, int], *points: tuple[int, int]) -> list[str]:
        return [self._number(c - at[i]) for point in points for i, c in enumerate(point)]


def _hundredths(steps: int) -> str:
    whole, rest = divmod(abs(steps), _DOT)
    sign = "-" if steps < 0 else ""
    return f"{sign}{whole}" if rest == 0 else f"{sign}{whole}.{rest:02d}".rstrip("0")
