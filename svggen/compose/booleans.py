"""Areas: what a shape covers, joined and subtracted, through skia's path operations.

Contract. ``Area`` wraps a skia path in canvas units; skia is imported on first use. Circular arcs stay arcs on the way
back (exact), other curves become cubics. Results mean the same under both fill rules. What skia cannot compute is a
GeometryError.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from svggen.errors import GeometryError
from svggen.geometry import reverse, signed_area, to_path
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
    paint.setStrokeCap(
        {"butt": skia.Paint.kButt_Cap, "round": skia.Paint.kRound_Cap, "square": skia.Paint.kSquare_Cap}[cap]
    )
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


_NUDGES = (0.0, 3e-4, -7e-4, 1.9e-3)
"""px: skia gives up on some coincident edges; moved by less than can be seen they are none."""


def _op(a: Area, b: Area, kind: str) -> Area:
    """Raises GeometryError where skia cannot do it, also after a nudge."""
    skia = _skia()
    operation = getattr(skia.PathOp, f"k{kind}_PathOp")
    for nudge in _NUDGES:
        moved = b
        if nudge:
            moved = skia.Path(b)
            moved.offset(nudge, 0.7 * nudge)
        try:
            return skia.Op(a, moved, operation)
        except RuntimeError:
            continue
    raise GeometryError(f"these outlines have no {kind.lower()} that can be computed")


def union(areas: Iterable[Area]) -> Area:
    """One after the other: skia's OpBuilder is faster, but now and then loses a hole."""
    out = _skia().Path()
    for area in areas:
        out = _op(out, area, "Union")
    return out


def difference(a: Area, b: Area) -> Area:
    return _op(a, b, "Difference")


def intersection(a: Area, b: Area) -> Area:
    return _op(a, b, "Intersect")


def exclusive(a: Area, b: Area) -> Area:
    """What lies in one of the two only."""
    return _op(a, b, "XOR")


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


def path_of_area(area: Area) -> Path:
    """The outlines as M L C A Z, holes wound against their surroundings (so that both fill rules mean the same).

    skia.AsWinding would do it, but fails on some contours and loses holes of others."""
    contours: list[list[Segment]] = []
    for op, p in _verbs(area):
        if op == "M":
            contours.append([("M", p[0])])
        elif op == "L":
            contours[-1].append(("L", p[1]))
        elif op == "Q":
            (x0, y0), (x1, y1), (x2, y2) = p
            c = (x0 + 2 / 3 * (x1 - x0), y0 + 2 / 3 * (y1 - y0), x2 + 2 / 3 * (x1 - x2), y2 + 2 / 3 * (y1 - y2))
            contours[-1].append(("C", (*c, x2, y2)))
        elif op == "K":
            contours[-1] += _conic(p)
        elif op == "C":
            contours[-1].append(("C", (*p[1], *p[2], *p[3])))
        elif contours:
            contours[-1].append(("Z", ()))
    paths = [Path(tuple(c)) for c in contours if len(c) > 2]
    sizes = [signed_area(p) for p in paths]
    depths = _depths(paths)
    wound = [
        p if (size > 0) == (depth % 2 == 0) else reverse(p) for p, size, depth in zip(paths, sizes, depths, strict=True)
    ]
    return Path(tuple(s for p in wound for s in p.segments))


def _depths(paths: list[Path]) -> list[int]:
    """In how many of the others each outline lies (they may touch, but do not cross)."""
    if len(paths) < 2:
        return [0] * len(paths)
    from svggen.geometry import flatten

    shown = [flatten(p, 0.05)[0][0] for p in paths]
    boxes = [(p.min(0), p.max(0)) for p in shown]
    out = []
    for i, points in enumerate(shown):
        lo, hi = boxes[i][0] - 1e-3, boxes[i][1] + 1e-3
        others = (j for j in range(len(shown)) if j != i)
        around = [j for j in others if (boxes[j][0] <= lo + 2e-3).all() and (boxes[j][1] >= hi - 2e-3).all()]
        some = (points + np.roll(points, -1, axis=0))[:: max(1, len(points) // 9)] / 2
        out.append(sum(bool(within(some, shown[j]).mean() > 0.5) for j in around))
    return out


def within(points: Polygon, outline: Polygon) -> NDArray[np.bool_]:
    """Which points (n, 2) lie inside a closed polygon."""
    a, b = outline, np.roll(outline, -1, axis=0)
    above_a, above_b = a[None, :, 1] > points[:, 1, None], b[None, :, 1] > points[:, 1, None]
    rise = b[:, 1] - a[:, 1]
    slope = (b[:, 0] - a[:, 0]) / np.where(rise == 0, 1e-12, rise)
    x_at = a[None, :, 0] + (points[:, 1, None] - a[None, :, 1]) * slope[None, :]
    crossings = ((above_a != above_b) & (points[:, 0, None] < x_at)).sum(axis=1)
    return np.asarray(crossings % 2 == 1, dtype=np.bool_)


def polygons(area: Area, step: float = 0.25) -> list[Polygon]:
    """The outlines as polygons, curves sampled about every ``step``."""
    from svggen.geometry import flatten

    path = path_of_area(area)
    return [points for points, _ in flatten(path, step / 10) if len(points) >= 3]


def polygon_size(points: Polygon) -> float:
    x, y = points[:, 0], points[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def area_size(area: Area) -> float:
    """Square px."""
    return abs(signed_area(path_of_area(area)))


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
    path = path_of_area(area)
    if not path.segments:
        return None
    paint = look.fill if look.fill != "none" else look.stroke
    opacity = look.fill_opacity if look.fill != "none" else look.stroke_opacity
    return Shape(
        path,
        Look(fill=paint, fill_opacity=opacity, opacity=look.opacity),
    )
