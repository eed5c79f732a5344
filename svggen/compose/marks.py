"""The small signs that go on other icons (check, plus, heart ...), drawn with the pen of the icon that they join.

Contract. ``mark_icon(kind, pen, size)`` gives shapes centred on (0, 0) whose ink is ``size`` across for a sign that
fills
its 10 x 10 box; None for a kind that is not drawn here. The drawings are our own, in units of that box (centre-lines).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from svggen.compose.cutting import place_shape
from svggen.geometry import path_length, signed_area, to_path
from svggen.icon import Circle, Geometry, Icon, Line, Look, Paint, Path, Point, Polygon, Polyline, Rect, Segment, Shape
from svggen.style import StyleSpec

Manner: TypeAlias = Literal["line", "closed", "dot"]
"""line: always stroked; closed: stroked in outlines, solid in filled icons; dot: always solid."""


@dataclass(frozen=True, slots=True)
class Pen:
    """What is drawn with. width: px at 24. light: opacity of the second tone of a duotone."""

    width: float = 2.0
    cap: Literal["butt", "round", "square"] = "round"
    join: Literal["miter", "round", "bevel"] = "round"
    paint: Paint = "currentColor"
    mode: Literal["outline", "filled", "duotone", "color"] = "outline"
    light: float = 0.3
    radius: float = 2.0

    @property
    def line(self) -> Look:
        return Look(fill="none", stroke=self.paint, stroke_width=self.width, cap=self.cap, join=self.join)

    @property
    def solid(self) -> Look:
        return Look(fill=self.paint)


def pen_for(icons: Icon | tuple[Icon, ...], style: StyleSpec) -> Pen:
    """The pen that a style and the icons that it joins call for: the style's fields first, then what the icons use."""
    shapes = [s for icon in (icons if isinstance(icons, tuple) else (icons,)) for s in icon.shapes]
    strokes = [s.look for s in shapes if s.look.stroke != "none" and s.look.stroke_width > 0]
    fills = [s.look for s in shapes if s.look.fill != "none"]
    faint = [k.fill_opacity * k.opacity for k in fills if 0.05 < k.fill_opacity * k.opacity < 0.7]
    look = max(strokes, key=strokes.count) if strokes else None
    seen = 2.0 if look or style.stroke_width else seen_width(shapes)
    mode = style.mode or ("duotone" if faint else "outline" if look or seen < 2.3 else "filled")
    strong = [k for k in fills if k.fill_opacity * k.opacity >= 0.7] or fills
    paint = look.stroke if look else strong[-1].fill if strong else "currentColor"
    width = style.stroke_width or (look.stroke_width if look else min(seen, 2.0) if mode == "filled" else seen)
    return Pen(
        width=max(width, 1.5) if mode == "filled" else width,
        cap=style.cap or (look.cap if look else "round"),
        join=style.join or (look.join if look else "round"),
        paint=paint,
        mode=mode,
        light=style.secondary_opacity or (faint[0] if faint else 0.3),
        radius=2.0 if style.corner_radius is None else style.corner_radius,
    )


def seen_width(shapes: list[Shape]) -> float:
    """The mean width of what is drawn as fills, px: twice the area over the length of its edge (exact for long
    lines)."""
    from svggen.compose.booleans import area_of_path, path_of_area, union

    strong = [s for s in shapes if s.look.fill != "none" and s.look.fill_opacity * s.look.opacity >= 0.7]
    path = path_of_area(union([area_of_path(to_path(s.geometry), s.look.fill_rule == "evenodd") for s in strong]))
    edge = path_length(path)
    return min(max(2 * abs(signed_area(path)) / edge, 0.5), 4.0) if edge > 1 else 2.0


def _lines(*runs: tuple[Point, ...], closed: bool = False) -> Path:
    out: list[Segment] = []
    for run in runs:
        out.append(("M", run[0]))
        out += [("L", p) for p in run[1:]]
        if closed:
            out.append(("Z", ()))
    return Path(tuple(out))


def _mirrored(half: list[Segment]) -> Path:
    """A closed path from its left half (from the bottom to the top of the axis x = 0), mirrored to the right."""
    points: list[Point] = [half[0][1][:2]]  # type: ignore[list-item]  # a segment's numbers come in pairs
    for _, v in half[1:]:
        points += [(v[i], v[i + 1]) for i in range(0, len(v), 2)]
    back = [(-x, y) for x, y in reversed(points)]
    out = list(half)
    i = 1
    for op, _ in reversed(half[1:]):
        n = 3 if op == "C" else 1
        out.append((op, tuple(c for p in back[i : i + n] for c in p)))
        i += n
    return Path((*out, ("Z", ())))


_STAR = tuple(
    (
        round((4.9 if i % 2 == 0 else 2.15) * math.sin(i * math.pi / 5), 3),
        round(0.35 - (4.9 if i % 2 == 0 else 2.15) * math.cos(i * math.pi / 5), 3),
    )
    for i in range(10)
)
_TEETH = tuple(
    (
        (round(3.1 * math.cos(a), 3), round(3.1 * math.sin(a), 3)),
        (round(4.5 * math.cos(a), 3), round(4.5 * math.sin(a), 3)),
    )
    for a in (math.pi / 6 + i * math.pi / 3 for i in range(6))
)
_HEART = _mirrored(
    [("M", (0, 4.2)), ("C", (-1.6, 2.9, -4.6, 1.0, -4.6, -1.5)), ("C", (-4.6, -3.1, -3.5, -4.0, -2.3, -4.0)),
     ("C", (-1.2, -4.0, -0.4, -3.4, 0, -2.4))]
)  # fmt: skip
_ARROW = ((0.0, -4.0), (0.0, 4.0)), ((-3.4, 0.7), (0.0, 4.0), (3.4, 0.7))


def _turned(runs: tuple[tuple[Point, ...], ...], quarter: int) -> Path:
    def turn(p: Point) -> Point:
        for _ in range(quarter):
            p = (-p[1], p[0])
        return p

    return _lines(*(tuple(turn(p) for p in run) for run in runs))


_DRAWINGS: dict[str, tuple[tuple[Geometry, Manner], ...]] = {
    "check": ((Polyline(((-4.0, 0.4), (-1.3, 3.0), (4.0, -2.9))), "line"),),
    "plus": ((_lines(((0, -4.1), (0, 4.1)), ((-4.1, 0), (4.1, 0))), "line"),),
    "minus": ((Line(-4.1, 0, 4.1, 0), "line"),),
    "x": ((_lines(((-3.1, -3.1), (3.1, 3.1)), ((3.1, -3.1), (-3.1, 3.1))), "line"),),
    "alert": ((Line(0, -4.2, 0, 0.7), "line"), (Circle(0, 4.1, 0), "dot")),
    "question": (
        (Path((("M", (-2.8, -2.2)), ("A", (2.8, 2.8, 0, 0, 1, 2.8, -2.2)), ("C", (2.8, -0.3, 0, -0.3, 0, 1.2)))),
         "line"),
        (Circle(0, 4.3, 0), "dot"),
    ),
    "info": ((Line(0, -0.7, 0, 4.2), "line"), (Circle(0, -4.1, 0), "dot")),
    "dot": ((Circle(0, 0, 3.0), "dot"),),
    "heart": ((_HEART, "closed"),),
    "star": ((Polygon(_STAR), "closed"),),
    "lock": (
        (Rect(-3.9, -0.5, 7.8, 5.0, 1.2, 1.2), "closed"),
        (Path((("M", (-2.3, -0.5)), ("L", (-2.3, -2.2)), ("A", (2.3, 2.3, 0, 0, 1, 2.3, -2.2)), ("L", (2.3, -0.5)))),
         "line"),
    ),
    "search": ((Circle(-0.7, -0.7, 3.3), "line"), (Line(1.7, 1.7, 4.1, 4.1), "line")),
    "arrow-down": ((_turned(_ARROW, 0), "line"),),
    "arrow-left": ((_turned(_ARROW, 1), "line"),),
    "arrow-up": ((_turned(_ARROW, 2), "line"),),
    "arrow-right": ((_turned(_ARROW, 3), "line"),),
    "clock": ((Circle(0, 0, 4.2), "line"), (Polyline(((0, -1.9), (0, 0.2), (1.4, 0.9))), "line")),
    "edit": ((_lines(((1.9, -4.1), (4.1, -1.9), (-1.6, 3.7), (-4.2, 4.2), (-3.7, 1.6)), closed=True), "closed"),),
    "settings": ((Circle(0, 0, 2.3), "line"), (_lines(*_TEETH), "line")),
    "user": (
        (Circle(0, -2.3, 2.0), "closed"),
        (Path((("M", (-4.1, 4.2)), ("A", (4.1, 3.2, 0, 0, 1, 4.1, 4.2)))), "line"),
    ),
    "play": ((_lines(((-2.6, -4.0), (4.0, 0), (-2.6, 4.0)), closed=True), "closed"),),
    "pause": ((_lines(((-2.1, -3.8), (-2.1, 3.8)), ((2.1, -3.8), (2.1, 3.8))), "line"),),
    "share": (
        (Path((("M", (-4.0, 3.4)), ("C", (-4.0, 0.2, -1.6, -1.4, 3.6, -1.4)))), "line"),
        (Polyline(((0.8, -4.2), (3.8, -1.4), (0.8, 1.4))), "line"),
    ),
    "refresh": (
        (Path((("M", (4.0, 0.4)), ("A", (4.0, 4.0, 0, 1, 1, 2.9, -2.8)))), "line"),
        (Polyline(((3.9, -4.4), (3.9, -1.7), (1.2, -1.7))), "line"),
    ),
    "dollar": (
        (Path((("M", (2.7, -2.0)), ("C", (2.3, -3.0, 1.3, -3.3, 0, -3.3)), ("C", (-1.6, -3.3, -2.7, -2.7, -2.7, -1.6)),
               ("C", (-2.7, 0.9, 2.7, -0.8, 2.7, 1.7)), ("C", (2.7, 2.8, 1.6, 3.3, 0, 3.3)), ("C", (-1.4, 3.3, -2.5,
               2.9, -2.9, 2.0)))),
         "line"),
        (_lines(((0, -4.6), (0, -3.3)), ((0, 3.3), (0, 4.6))), "line"),
    ),
    "percent": ((Line(-3.4, 3.4, 3.4, -3.4), "line"), (Circle(-2.9, -2.9, 0), "dot"), (Circle(2.9, 2.9, 0), "dot")),
    "euro": ((Path((("M", (3.4, -2.9)), ("A", (4.2, 4.2, 0, 1, 0, 3.4, 2.9)))), "line"), (Line(-4.6, 0, 1.0, 0),
    "line")),
    "bolt": ((_lines(((1.2, -4.5), (-3.3, 0.9), (0, 0.9), (-1.2, 4.5), (3.3, -0.9), (0, -0.9)), closed=True),
    "closed"),),
}  # fmt: skip
KINDS = frozenset(_DRAWINGS)
_CORNERS_TO_SQUARE = {"lock"}


def mark_icon(kind: str, pen: Pen, size: float) -> Icon | None:
    """The sign as shapes around (0, 0), about ``size`` px of ink across; None for a kind that is not drawn here."""
    drawing = _DRAWINGS.get(kind)
    if drawing is None:
        return None
    k = max(size - pen.width, 2.0) / 8.4
    shapes = []
    for geometry, manner in drawing:
        if isinstance(geometry, Circle) and geometry.r == 0:  # a full stop: as heavy as the line
            geometry = Circle(geometry.cx, geometry.cy, max(0.58 * pen.width, 0.75) / k)
        if isinstance(geometry, Rect) and pen.radius == 0:
            geometry = replace(geometry, rx=0.0, ry=0.0)
        filled = manner == "dot" or (manner == "closed" and pen.mode in {"filled", "color"})
        look = pen.solid if filled else pen.line
        shapes.append(place_shape(Shape(geometry, look), (k, 0.0, 0.0, k, 0.0, 0.0)))
        if filled and manner == "closed":  # as large as its outlined sister
            shapes[-1] = replace(
                shapes[-1], look=replace(look, stroke=pen.paint, stroke_width=min(pen.width, 1.5), join=pen.join)
            )
    return Icon((0.0, 0.0, 24.0, 24.0), tuple(shapes))
