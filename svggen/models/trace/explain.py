"""What a piece of ink is: a primitive, a stroked primitive, strokes, or else a filled outline.

Contract. ``explained`` gives each piece shapes in ``currentColor``. A plainer explanation is taken only if its own
rendering is as like the piece as the filled outline's within ``EASE``; likeness is the mean distance between the edges:
the area of ink that differs, divided by the length of the piece's contours, in units of the 24 px canvas.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from svggen.geometry import to_path
from svggen.icon import Circle, Ellipse, Geometry, Icon, Line, Look, Path, Rect, Segment, Shape
from svggen.lean import lean_ndimage
from svggen.models.trace.compare import SIDE
from svggen.models.trace.fit import fit_closed
from svggen.models.trace.layers import Array
from svggen.models.trace.net import arc_segments
from svggen.models.trace.pieces import Piece
from svggen.models.trace.primitives import circle_of, primitive_of
from svggen.models.trace.snap import nearly, rounded_width, snapped
from svggen.models.trace.strokes import strokes_of
from svggen.models.trace.trails import closed_path
from svggen.render import inks

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["CANVAS", "EASE", "commands", "explained"]

CANVAS: Final = (0.0, 0.0, 24.0, 24.0)

EASE: Final = (0.005, 0.03)
"""Units by which a plainer explanation may be less like the piece, and how many more for each unit of a pixel."""
EASE_WORST: Final = (0.05, 0.2)
"""The same for the worst place: the ink that differs there, within a unit of edge."""
_STEPS: Final = (0.25, 0.125)
_SNAPPED: Final = (0.002, 0.02)  # units that snapping may cost, and how many more for each unit of a pixel
_SNAPPED_WORST: Final = (0.012, 0.1)
_WINDOW: Final = 11  # px of a unit
_MOST_STROKES: Final = 60  # pieces whose centre lines are sought; a picture with more is no line drawing
_LINE: Final = 2.5  # widths that a lone line is long, at least
_SAME_WIDTH: Final = 0.1


@dataclass
class Explanation:
    kind: str
    shapes: list[Shape]
    error: float = math.inf
    worst: float = math.inf


def commands(shapes: Sequence[Shape]) -> int:
    """Path segments, and one for each primitive."""
    return sum(len(s.geometry.segments) if isinstance(s.geometry, Path) else 1 for s in shapes)


def explained(pieces: Sequence[Piece], cover: Array, pixel: float) -> list[Explanation]:
    """pixel: units of a pixel of the given picture."""
    best: list[Explanation] = []
    for number, piece in enumerate(pieces):
        options = [_filled(piece, pixel), *_stroked_primitive(piece, pixel)]
        if number < _MOST_STROKES:
            strokes = strokes_of(piece.mask, cover, piece.contours, pixel)
            if strokes is not None:
                options.append(Explanation("strokes", strokes.shapes()))
        _measure(options, piece)
        first = options[0]
        mean, worst = (a + b * pixel for a, b in (EASE, EASE_WORST))
        good = [o for o in options if o.error <= first.error + mean and o.worst <= first.worst + worst]
        best.append(min(good, key=lambda o: (commands(o.shapes), _strange(o), o.error)))
    width = _common_width(best)
    return [_snapped(e, p, width, pixel) for e, p in zip(best, pieces, strict=True)]


def _strange(option: Explanation) -> int:
    """Of equally plain explanations the least strange: a long thin bar is a line, a short one a rectangle."""
    if option.kind != "strokes":
        return 1
    (shape,) = option.shapes[:1]
    g = shape.geometry
    long = isinstance(g, Line) and math.hypot(g.x2 - g.x1, g.y2 - g.y1) > _LINE * shape.look.stroke_width
    return 0 if long or not isinstance(g, Line) else 2


def _measure(options: Sequence[Explanation], piece: Piece) -> None:
    pictures = inks([Icon(CANVAS, tuple(o.shapes)) for o in options], SIDE)
    for option, picture in zip(options, pictures, strict=True):
        gap = np.abs(picture - piece.target)
        option.error = float(gap.sum()) * (24.0 / SIDE) ** 2 / max(piece.edge, 1e-6)
        option.worst = float(ndimage.uniform_filter(gap, _WINDOW).max()) * _WINDOW * (24.0 / SIDE)


# -------------------------------------------------------------------------------------------------------- filled


def _tolerance(pixel: float) -> float:
    """How far a fitted outline may be from its points: what half a grey level and a rounded corner of a pixel move
    them."""
    return 0.03 + 0.27 * pixel


def _filled(piece: Piece, pixel: float) -> Explanation:
    tolerance = _tolerance(pixel)
    if len(piece.contours) == 1:
        found = primitive_of(piece.contours[0], tolerance)
        if found is not None:
            return Explanation("primitive", [Shape(found)])
    segments: list[Segment] = []
    for contour in piece.contours:
        segments.extend(_contour(contour, tolerance, pixel))
    look = Look(fill_rule="evenodd") if len(piece.contours) > 1 else Look()
    return Explanation("outline", [Shape(Path(tuple(segments)), look)])


def _contour(contour: np.ndarray, tolerance: float, pixel: float) -> list[Segment]:
    circle = circle_of(contour, tolerance)
    if circle is not None:
        return _circle_path(circle)
    net = fit_closed(contour, tolerance, pixel)
    if net is None:
        points = [(float(x), float(y)) for x, y in contour[:: max(1, len(contour) // 12)]]
        return [("M", points[0]), *[("L", p) for p in points[1:]], ("Z", ())]
    return closed_path(net)


def _circle_path(c: Circle) -> list[Segment]:
    left, right = (c.cx - c.r, c.cy), (c.cx + c.r, c.cy)
    return [("M", left), *arc_segments(left, right, c.r, True), *arc_segments(right, left, c.r, True), ("Z", ())]


# ------------------------------------------------------------------------------------------------------- stroked


def _stroked_primitive(piece: Piece, pixel: float) -> list[Explanation]:
    """A ring or frame between two outlines of one kind."""
    if len(piece.contours) != 2:
        return []
    tolerance = _tolerance(pixel)
    outer, inner = (primitive_of(c, tolerance) for c in piece.contours)
    near = 0.05 + 0.25 * pixel
    found: tuple[Geometry, float, bool] | None = None
    if isinstance(outer, Circle) and isinstance(inner, Circle):
        if math.hypot(outer.cx - inner.cx, outer.cy - inner.cy) < near:
            width = outer.r - inner.r
            found = Circle((outer.cx + inner.cx) / 2, (outer.cy + inner.cy) / 2, (outer.r + inner.r) / 2), width, True
    elif isinstance(outer, Rect) and isinstance(inner, Rect):
        found = _frame(outer, inner, near)
    elif isinstance(outer, Ellipse) and isinstance(inner, Ellipse):
        dx, dy = outer.rx - inner.rx, outer.ry - inner.ry
        if math.hypot(outer.cx - inner.cx, outer.cy - inner.cy) < near and abs(dx - dy) < 2 * near:
            middle = Ellipse(outer.cx, outer.cy, (outer.rx + inner.rx) / 2, (outer.ry + inner.ry) / 2)
            found = middle, (dx + dy) / 2, True
    if found is None or found[1] <= 0.05:
        return []
    geometry, width, smooth = found
    look = Look(fill="none", stroke="currentColor", stroke_width=width, join="round" if smooth else "miter")
    if smooth:
        look = replace(look, cap="round")
    return [Explanation("stroked primitive", [Shape(geometry, look)])]


def _frame(outer: Rect, inner: Rect, near: float) -> tuple[Geometry, float, bool] | None:
    insets = [
        inner.x - outer.x,
        inner.y - outer.y,
        outer.x + outer.width - inner.x - inner.width,
        outer.y + outer.height - inner.y - inner.height,
    ]
    width = float(np.mean(insets))
    if max(abs(v - width) for v in insets) > near:
        return None
    half = width / 2
    radius = max(0.0, outer.rx - half)
    if inner.rx > 0.1:
        radius = (radius + inner.rx + half) / 2
    radius = radius if radius > 0.12 else 0.0
    middle = Rect(outer.x + half, outer.y + half, outer.width - width, outer.height - width, radius, radius)
    return middle, width, outer.rx > 0.1


# ------------------------------------------------------------------------------------------------------- snapping


def _common_width(found: Sequence[Explanation]) -> float | None:
    """The stroke width of most of the ink, on the grid where it nearly is."""
    stroked = [s for e in found for s in e.shapes if s.look.stroke != "none"]
    if not stroked:
        return None
    counts = [len(to_path(s.geometry).segments) for s in stroked]
    return rounded_width(float(np.median(np.repeat([s.look.stroke_width for s in stroked], counts))))


def _snapped(e: Explanation, piece: Piece, width: float | None, pixel: float) -> Explanation:
    """On the coarsest grid that does not make it less like the piece."""
    plain = [_with_width(s, width) for s in e.shapes]
    ways = [lambda v, step=step: round(v / step) * step for step in _STEPS]
    options = [Explanation(e.kind, [snapped(s, way) for s in plain]) for way in [*ways, nearly]]
    options.append(Explanation(e.kind, plain))
    _measure(options, piece)
    mean, worst = (a + b * pixel for a, b in (_SNAPPED, _SNAPPED_WORST))
    for option in options:
        if option.error <= e.error + mean and option.worst <= e.worst + worst:
            return option
    return e


def _with_width(shape: Shape, width: float | None) -> Shape:
    own = shape.look.stroke_width
    if shape.look.stroke == "none":
        return shape
    if width is not None and abs(own - width) < _SAME_WIDTH * width:
        return Shape(shape.geometry, replace(shape.look, stroke_width=width))
    return Shape(shape.geometry, replace(shape.look, stroke_width=rounded_width(own)))
