"""Areas: what a shape covers, joined and subtracted, through skia's path operations.

Contract. ``Area`` wraps a skia path in canvas units; skia is imported on first use. Circular arcs stay arcs on the way
back (exact), other curves become cubics. Results are paths under the even-odd rule, made nonzero where skia can.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from svggen.geometry import to_path
from svggen.geometry.arcs import arc_to_cubics
from svggen.icon import Icon, Look, Path, Point, Segment, Shape

Area: TypeAlias = Any
"""A skia.Path; skia ships no types."""

Polygon: TypeAlias = NDArray[np.float64]
"""(n, 2) vertices of a closed outline."""


def _skia() -> Any:
    import skia

    return skia


def area_of_path(path: Path, evenodd: bool = False) -> Area:
    """The filled inside of a path."""
    skia = _skia()
    out = skia.Path()
    at: Point = (0.0, 0.0)
    start = at
    for op, v in path.segments:
        if op == "M":
            out.moveTo(v[0], v[1])
            start = (v[0], v[1])
        elif op == "L":
            out.lineTo(v[0], v[1])
        elif op == "C":
            out.cubicTo(*v)
        elif op == "A":
            for _, c in arc_to_cubics(at, v):
                out.cubicTo(*c) if len(c) == 6 else out.lineTo(*c)
        elif op == "Z":
            out.close()
            at = start
        if v:
            at = (v[-2], v[-1])
    out.setFillType(skia.PathFillType.kEvenOdd if evenodd else skia.PathFillType.kWinding)
    return out


def stroke_area(path: Path, width: float, cap: str = "round", join: str = "round", miter: float = 4.0) -> Area:
    """What a stroke of ``width`` along the path covers."""
    skia = _skia()
    paint = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width)
    paint.setStrokeCap({"butt": skia.Paint.kButt_Cap, "round": skia.Paint.kRound_Cap, "square": skia.Paint.kSquare_Cap}[cap])
    paint.setStrokeJoin(
        {"miter": skia.Paint.kMiter_Join, "round": skia.Paint.kRound_Join, "bevel": skia.Paint.kBevel_Join}[join]
    )
    paint.setStrokeMiter(miter)
    out = skia.Path()
    paint.getFillPath(area_of_path(path), out, None, 8.0)  # 8: precise to an eighth of a hundredth px at 24
    return out


def shape_area(shape: Shape) -> Area:
    """All that the shape covers: fill and stroke."""
    path, look = to_path(shape.geometry), shape.look
    parts = []
    if look.fill != "none":
        parts.append(area_of_path(path, look.fill_rule == "evenodd"))
    if look.stroke != "none" and look.stroke_width > 0:
        parts.append(stroke_area(path, look.stroke_width, look.cap, look.join, look.miter_limit))
    return union(parts)


def icon_area(icon: Icon) -> Area:
    return union([shape_area(s) for s in icon.shapes])


def union(areas: Iterable[Area]) -> Area:
    skia = _skia()
    builder = skia.OpBuilder()
    for area in areas:
        builder.add(area, skia.PathOp.kUnion_PathOp)
    return builder.resolve()


def difference(a: Area, b: Area) -> Area:
    skia = _skia()
    return skia.Op(a, b, skia.PathOp.kDifference_PathOp)


def intersection(a: Area, b: Area) -> Area:
    skia = _skia()
    return skia.Op(a, b, skia.PathOp.kIntersect_PathOp)


def grow(area: Area, by: float) -> Area:
    """Every point within ``by`` of the area (round corners); ``by`` < 0 shrinks it."""
    if abs(by) < 1e-6:
        return area
    skia = _skia()
    paint = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=2 * abs(by))
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    edge = skia.Path()
    paint.getFillPath(area, edge, None, 8.0)
    return union([area, edge]) if by > 0 else difference(area, edge)


def solid(area: Area) -> Area:
    """The area with its holes filled: the silhouette."""
    skia = _skia()
    return union([_contour(skia, polygon) for polygon in polygons(area)])


def _contour(skia: Any, polygon: Polygon) -> Area:
    out = skia.Path()
    out.addPoly([skia.Point(float(x), float(y)) for x, y in polygon], True)
    return out


def polygon_area(points: Polygon) -> Area:
    return _contour(_skia(), points)


def _verbs(area: Area) -> Iterable[tuple[str, list[Point]]]:
    skia = _skia()
    names = {
        skia.Path.kMove_Verb: "M", skia.Path.kLine_Verb: "L", skia.Path.kQuad_Verb: "Q", skia.Path.kConic_Verb: "K",
        skia.Path.kCubic_Verb: "C", skia.Path.kClose_Verb: "Z",
    }  # fmt: skip
    for verb, points in area:
        if verb in names:
            yield names[verb], [(p.x(), p.y()) for p in points]


def _conic(p: list[Point]) -> list[Segment]:
    """A conic as skia makes it, from circles only: the two legs are equal, so it is an arc of a circle, exactly."""
    (x0, y0), (x1, y1), (x2, y2) = p
    ax, ay, bx, by = x1 - x0, y1 - y0, x2 - x1, y2 - y1
    la, lb = math.hypot(ax, ay), math.hypot(bx, by)
    if min(la, lb) < 1e-4:
        return [("L", (x2, y2))]
    turn = math.atan2(ax * by - ay * bx, ax * bx + ay * by)
    if abs(turn) < 1e-3:
        return [("L", (x2, y2))]
    if abs(la - lb) > 0.02 * max(la, lb):  # of an ellipse: a cubic through the same tangents
        k = 4 / 3 * math.tan(abs(turn) / 4) / math.tan(abs(turn) / 2) if abs(turn) < 3.1 else 0.55
        return [("C", (x0 + ax * k, y0 + ay * k, x2 - bx * k, y2 - by * k, x2, y2))]
    radius = (la + lb) / 2 / math.tan(abs(turn) / 2)
    return [("A", (radius, radius, 0.0, 0.0, 1.0 if turn > 0 else 0.0, x2, y2))]


def path_of_area(area: Area) -> tuple[Path, bool]:
    """(path of M L C A Z, True where it needs the even-odd rule)."""
    skia = _skia()
    evenodd = area.getFillType() == skia.PathFillType.kEvenOdd
    try:
        area, evenodd = skia.AsWinding(area), False
    except RuntimeError:  # skia's way of saying that these contours have no nonzero form it can find
        pass
    out: list[Segment] = []
    for op, p in _verbs(area):
        if op == "M":
            out.append(("M", p[0]))
        elif op == "L":
            out.append(("L", p[1]))
        elif op == "Q":
            (x0, y0), (x1, y1), (x2, y2) = p
            out.append(("C", (x0 + 2 / 3 * (x1 - x0), y0 + 2 / 3 * (y1 - y0), x2 + 2 / 3 * (x1 - x2), y2 + 2 / 3 * (y1 - y2), x2, y2)))
        elif op == "K":
            out += _conic(p)
        elif op == "C":
            out.append(("C", (*p[1], *p[2], *p[3])))
        else:
            out.append(("Z", ()))
    return Path(tuple(out)), evenodd


def polygons(area: Area, step: float = 0.25) -> list[Polygon]:
    """The outlines as polygons, curves sampled about every ``step``."""
    from svggen.geometry import flatten

    path, _ = path_of_area(area)
    return [points for points, _ in flatten(path, step / 10) if len(points) >= 3]


def hull(points: Polygon) -> Polygon:
    """The convex hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted({(round(float(x), 4), round(float(y), 4)) for x, y in points})
    if len(ordered) < 3:
        return np.asarray(ordered, dtype=np.float64).reshape(-1, 2)

    def half(seq: Iterable[Point]) -> list[Point]:
        out: list[Point] = []
        for p in seq:
            while len(out) >= 2 and _turn(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out

    lower, upper = half(ordered), half(reversed(ordered))
    return np.asarray(lower[:-1] + upper[:-1], dtype=np.float64)


def _turn(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def fill_shape(area: Area, look: Look) -> Shape | None:
    """The area painted with the fill of ``look``; None where nothing is left."""
    path, evenodd = path_of_area(area)
    if not path.segments:
        return None
    paint = look.fill if look.fill != "none" else look.stroke
    opacity = look.fill_opacity if look.fill != "none" else look.stroke_opacity
    return Shape(path, Look(fill=paint, fill_opacity=opacity, fill_rule="evenodd" if evenodd else "nonzero", opacity=look.opacity))
