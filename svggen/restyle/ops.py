"""Areas: union, difference, strokes turned into areas, through skia's path operations; in and out are our own paths.

Contract. An ``Area`` is a skia path in even-odd form, in units of the 24 px canvas. skia is imported on the first call
(about 0.1 s). ``to_path`` writes lines, circular arcs where the curve is one within ``_ARC_ERROR``, and cubics; pieces
shorter than ``_SHORT`` and contours smaller than ``_SPECK`` square units are left out. skia's operations fail on rare
geometry: that is ``GeometryError``, never a wrong picture in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from svggen.errors import GeometryError
from svggen.geometry import to_path as geometry_path
from svggen.icon import Geometry, Path, Point, Segment, Shape

__all__ = [
    "Area",
    "area_of",
    "contours",
    "covers",
    "difference",
    "empty",
    "from_geometry",
    "grow",
    "holes",
    "intersection",
    "islands",
    "outlines",
    "ring",
    "simplify",
    "size",
    "stroke",
    "to_path",
    "union",
]

Area: TypeAlias = Any  # skia.Path; skia ships no types

_ARC_ERROR: Final = 0.012
_SHORT: Final = 0.012
_SPECK: Final = 0.03
_FINE: Final = 32.0  # resolution scale of the stroker: offset curves within 1 / (4 * 32) units


@cache
def _skia() -> Any:
    import skia

    return skia


def empty() -> Area:
    return _skia().Path()


def from_geometry(geometry: Geometry, rule: str = "nonzero") -> Area:
    """The area that the geometry's fill covers (not yet simplified)."""
    skia = _skia()
    out = skia.Path()
    for command, v in geometry_path(geometry).segments:
        if command == "M":
            out.moveTo(*v)
        elif command == "L":
            out.lineTo(*v)
        elif command == "C":
            out.cubicTo(*v)
        elif command == "Z":
            out.close()
        else:
            large = skia.Path.kLarge_ArcSize if v[3] else skia.Path.kSmall_ArcSize
            sweep = skia.PathDirection.kCW if v[4] else skia.PathDirection.kCCW
            out.arcTo(v[0], v[1], v[2], large, sweep, v[5], v[6])
    out.setFillType(skia.PathFillType.kEvenOdd if rule == "evenodd" else skia.PathFillType.kWinding)
    return out


def area_of(shape: Shape) -> Area:
    """All the ink of a shape, fill and stroke, as one simplified area."""
    look = shape.look
    parts: list[Area] = []
    if look.fill != "none" and look.fill_opacity > 0:
        parts.append(simplify(from_geometry(shape.geometry, look.fill_rule)))
    if look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0:
        line = from_geometry(shape.geometry)
        parts.append(stroke(line, look.stroke_width, look.cap, look.join, look.miter_limit, look.dash, look.dash_offset))
    return union(parts)


def stroke(
    line: Area,
    width: float,
    cap: str = "butt",
    join: str = "miter",
    miter_limit: float = 4.0,
    dash: Sequence[float] = (),
    dash_offset: float = 0.0,
) -> Area:
    """The area that a pen of this width leaves along the path."""
    skia = _skia()
    paint = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width, StrokeMiter=miter_limit)
    paint.setStrokeCap(
        {"butt": skia.Paint.kButt_Cap, "round": skia.Paint.kRound_Cap, "square": skia.Paint.kSquare_Cap}[cap]
    )
    paint.setStrokeJoin(
        {"miter": skia.Paint.kMiter_Join, "round": skia.Paint.kRound_Join, "bevel": skia.Paint.kBevel_Join}[join]
    )
    if dash:
        lengths = list(dash) * (2 if len(dash) % 2 else 1)
        paint.setPathEffect(skia.DashPathEffect.Make(lengths, dash_offset))
    out = skia.Path()
    paint.getFillPath(line, out, None, _FINE)
    return simplify(out)


def grow(area: Area, by: float, join: str = "round") -> Area:
    """The area with its edge moved outwards by ``by`` units (inwards where negative)."""
    if abs(by) < 1e-4:
        return area
    edge = stroke(area, 2 * abs(by), "butt", join)
    return union([area, edge]) if by > 0 else difference(area, edge)


def ring(area: Area, width: float, join: str = "round") -> Area:
    """The part of the area within ``width`` of its edge."""
    return intersection(area, stroke(area, 2 * width, "butt", join))


def union(areas: Iterable[Area]) -> Area:
    skia = _skia()
    total = None
    for area in areas:
        total = area if total is None else _op(total, area, skia.kUnion_PathOp)
    return empty() if total is None else total


def difference(a: Area, b: Area) -> Area:
    return _op(a, b, _skia().kDifference_PathOp)


def intersection(a: Area, b: Area) -> Area:
    return _op(a, b, _skia().kIntersect_PathOp)


def _op(a: Area, b: Area, kind: Any) -> Area:
    try:
        return _skia().Op(a, b, kind)
    except RuntimeError as error:
        raise GeometryError("these areas cannot be combined") from error


def simplify(area: Area) -> Area:
    """The same area without overlaps, in even-odd form."""
    try:
        return _skia().Simplify(area)
    except RuntimeError as error:
        raise GeometryError("this area cannot be simplified") from error


def contours(area: Area) -> list[tuple[Area, float]]:
    """The closed contours of a simplified area, each as an area of its own with its size in square units (positive)."""
    skia = _skia()
    found: list[tuple[Area, float]] = []
    for segments in _split(area):
        path = from_geometry(Path(tuple(segments)), "evenodd")
        path.setFillType(skia.PathFillType.kEvenOdd)
        found.append((path, abs(_signed(segments))))
    return found


def islands(area: Area) -> list[Area]:
    """The connected pieces of a simplified area, holes included, the largest first."""
    rings = sorted(contours(area), key=lambda c: -c[1])
    nested = [(path, sized, sum(_inside(path, other) for other, _ in rings if other is not path)) for path, sized in rings]
    outer = [(path, [path], sized) for path, sized, depth in nested if depth % 2 == 0]
    for path, _, depth in nested:
        if depth % 2:
            around = [o for o in outer if _inside(path, o[0])]
            if around:
                min(around, key=lambda o: o[2])[1].append(path)
    return [_together(parts) for _, parts, _ in outer]


def _inside(inner: Area, outer: Area) -> bool:
    a, b = inner.getBounds(), outer.getBounds()
    if not (b.left() - 1e-3 <= a.left() and b.top() - 1e-3 <= a.top() and a.right() <= b.right() + 1e-3):
        return False
    point = inner.getPoint(0)
    return bool(a.bottom() <= b.bottom() + 1e-3 and outer.contains(point.x(), point.y()))


def _together(parts: Sequence[Area]) -> Area:
    skia = _skia()
    out = skia.Path()
    for part in parts:
        out.addPath(part)
    out.setFillType(skia.PathFillType.kEvenOdd)
    return out


def holes(area: Area) -> list[tuple[Area, float]]:
    """The enclosed spaces of a simplified area that belong to its outermost pieces and theirs, with their sizes."""
    rings = contours(area)
    return [
        (path, sized)
        for path, sized in rings
        if sum(_inside(path, other) for other, _ in rings if other is not path) % 2 == 1
    ]


def outlines(area: Area) -> list[tuple[Area, float]]:
    """The outermost contours of a simplified area, filled, with their sizes."""
    rings = contours(area)
    return [
        (path, sized)
        for path, sized in rings
        if not any(_inside(path, other) for other, _ in rings if other is not path)
    ]


def covers(area: Area, x: float, y: float) -> bool:
    return bool(area.contains(x, y))


def size(area: Area) -> float:
    """Square units of a simplified area (its contours nest, so holes carry the other sign after ``AsWinding``)."""
    try:
        wound = _skia().AsWinding(area)
    except (RuntimeError, AttributeError) as error:
        raise GeometryError("this area has no size") from error
    return abs(sum(_signed(s) for s in _split(wound)))


def to_path(area: Area) -> Path:
    """The area's edge as lines, arcs and cubics; fill it with the even-odd rule."""
    out: list[Segment] = []
    for segments in _split(area):
        if abs(_signed(segments)) >= _SPECK:
            out.extend(_tidy(segments))
    return Path(tuple(out))


def _split(area: Area) -> list[list[Segment]]:
    skia = _skia()
    iterator = skia.Path.Iter(area, True)
    verb_of = skia.Path.Verb
    found: list[list[Segment]] = []
    current: list[Segment] = []
    while True:
        verb, points = iterator.next()
        p = [(q.x(), q.y()) for q in points]
        if verb == verb_of.kDone_Verb:
            break
        if verb == verb_of.kMove_Verb:
            current = [("M", p[0])]
            found.append(current)
        elif verb == verb_of.kLine_Verb:
            if math.dist(p[0], p[1]) > 1e-5:
                current.append(("L", p[1]))
        elif verb == verb_of.kQuad_Verb:
            current.append(_quad(*p))
        elif verb == verb_of.kConic_Verb:
            current.extend(_conic(p[0], p[1], p[2], iterator.conicWeight()))
        elif verb == verb_of.kCubic_Verb:
            current.append(("C", (*p[1], *p[2], *p[3])))
        else:
            current.append(("Z", ()))
    return [s for s in found if len(s) > 2]


def _quad(a: Point, b: Point, c: Point) -> Segment:
    return (
        "C",
        (
            a[0] + 2 / 3 * (b[0] - a[0]),
            a[1] + 2 / 3 * (b[1] - a[1]),
            c[0] + 2 / 3 * (b[0] - c[0]),
            c[1] + 2 / 3 * (b[1] - c[1]),
            c[0],
            c[1],
        ),
    )


def _conic(a: Point, b: Point, c: Point, w: float) -> list[Segment]:
    """A conic as one or two cubics: split at its middle, whose halves are close to parabolas-as-cubics."""
    if math.dist(a, c) < 1e-6:
        return []
    legs = math.dist(a, b), math.dist(b, c)
    if abs(legs[0] - legs[1]) < 1e-3 * max(legs) and 0 < w < 1:
        half = math.acos(min(w, 1.0))  # a circle of which the conic shows 2 * half
        radius = legs[0] / math.tan(half)
        turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
        return [("A", (radius, radius, 0.0, 0.0, 1.0 if turn > 0 else 0.0, c[0], c[1]))]
    k = 4 * w / (3 * (1 + w))  # exact end tangents and middle point
    return [
        (
            "C",
            (
                a[0] + k * (b[0] - a[0]),
                a[1] + k * (b[1] - a[1]),
                c[0] + k * (b[0] - c[0]),
                c[1] + k * (b[1] - c[1]),
                c[0],
                c[1],
            ),
        )
    ]


def _signed(segments: Sequence[Segment]) -> float:
    """Twice-free shoelace over the end points and the middles of curves: close enough to compare sizes."""
    points: list[Point] = []
    at: Point = (0.0, 0.0)
    for command, v in segments:
        if command == "Z":
            continue
        if command in ("C", "A"):
            points.extend(_along(at, (command, v), (0.25, 0.5, 0.75)))
        at = (v[-2], v[-1])
        points.append(at)
    shifted = points[1:] + points[:1]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, shifted, strict=True)) / 2


def _along(start: Point, segment: Segment, at: Iterable[float]) -> list[Point]:
    command, v = segment
    if command == "C":
        x1, y1, x2, y2, x3, y3 = v
        found = []
        for t in at:
            u = 1 - t
            a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            found.append((a * start[0] + b * x1 + c * x2 + d * x3, a * start[1] + b * y1 + c * y2 + d * y3))
        return found
    if command == "A":
        cx, cy, radius, a0, delta = _circle(start, v)
        return [(cx + radius * math.cos(a0 + delta * t), cy + radius * math.sin(a0 + delta * t)) for t in at]
    return [(start[0] + (v[0] - start[0]) * t, start[1] + (v[1] - start[1]) * t) for t in at]


def _circle(start: Point, v: Sequence[float]) -> tuple[float, float, float, float, float]:
    """Centre, radius, start angle and signed angle of a circular arc."""
    ex, ey = v[-2], v[-1]
    radius = max(v[0], math.dist(start, (ex, ey)) / 2)
    mx, my = (start[0] + ex) / 2, (start[1] + ey) / 2
    half = math.dist(start, (ex, ey)) / 2
    lift = math.sqrt(max(radius * radius - half * half, 0.0)) / (2 * half)
    way = 1.0 if bool(v[3]) != bool(v[4]) else -1.0
    cx, cy = mx - way * lift * (ey - start[1]), my + way * lift * (ex - start[0])
    a0, a1 = math.atan2(start[1] - cy, start[0] - cx), math.atan2(ey - cy, ex - cx)
    delta = a1 - a0
    if v[4] and delta < 0:
        delta += 2 * math.pi
    elif not v[4] and delta > 0:
        delta -= 2 * math.pi
    return cx, cy, radius, a0, delta


def _tidy(segments: Sequence[Segment]) -> list[Segment]:
    """One contour with short pieces joined, straight runs merged and runs of curves written as arcs where they are."""
    items = _without_short(segments)
    if len(items) < 3:
        return []
    start: Point = (items[0][1][0], items[0][1][1])
    out: list[Segment] = [items[0]]
    at = start
    i = 1
    while i < len(items):
        command, v = items[i]
        if command == "Z":
            break
        if command == "L":
            j = _straight_run(items, i, at)
            end = items[j - 1][1]
            out.append(("L", (end[0], end[1])))
            at, i = (end[0], end[1]), j
            continue
        j, arcs = _arc_run(items, i, at)
        if arcs:
            out.extend(arcs)
            end = items[j - 1][1]
            at, i = (end[-2], end[-1]), j
        else:
            out.append((command, v))
            at, i = (v[-2], v[-1]), i + 1
    if len(out) > 1 and out[-1][0] == "L" and math.dist(out[-1][1], start) < 1e-3:
        out.pop()
    out.append(("Z", ()))
    return out if len(out) > 2 else []


def _without_short(segments: Sequence[Segment]) -> list[Segment]:
    out: list[Segment] = [segments[0]]
    at = segments[0][1]
    for command, v in segments[1:]:
        if command == "Z":
            out.append((command, v))
            continue
        end = (v[-2], v[-1])
        if math.dist(at, end) < _SHORT and not (command == "A" and v[3]):
            if len(out) > 1 and out[-1][0] != "Z":  # let the piece before end where this one would
                last, w = out[-1]
                out[-1] = (last, (*w[:-2], *end))
                at = end
            continue
        out.append((command, v))
        at = end
    return out


def _straight_run(items: Sequence[Segment], i: int, at: Point) -> int:
    """Index after the last of the lines from i on that lie on one straight line."""
    j = i + 1
    while j < len(items) and items[j][0] == "L":
        end = items[j][1]
        length = math.dist(at, (end[0], end[1]))
        if length < 1e-9:
            break
        away = max(
            abs((end[0] - at[0]) * (items[k][1][1] - at[1]) - (end[1] - at[1]) * (items[k][1][0] - at[0])) / length
            for k in range(i, j)
        )
        ahead = all(
            (end[0] - at[0]) * (items[k][1][0] - at[0]) + (end[1] - at[1]) * (items[k][1][1] - at[1]) > 0
            and math.dist(at, (items[k][1][0], items[k][1][1])) < length
            for k in range(i, j)
        )
        if away > 0.004 or not ahead:
            break
        j += 1
    return j


def _arc_run(items: Sequence[Segment], i: int, at: Point) -> tuple[int, list[Segment]]:
    """The longest run of curves from i on that is one circle; the arcs to write for it (none where it is no circle)."""
    points: list[Point] = [at]
    best: tuple[int, list[Segment]] = (i, [])
    here = at
    j = i
    while j < len(items) and items[j][0] in ("C", "A") and j - i < 48:
        points.extend(_along(here, items[j], (0.17, 0.33, 0.5, 0.67, 0.83)))
        here = (items[j][1][-2], items[j][1][-1])
        points.append(here)
        j += 1
        arcs = _as_arcs(points)
        if not arcs:
            break
        best = (j, arcs)
    return best


def _as_arcs(points: Sequence[Point]) -> list[Segment]:
    """One arc (two from half a circle on) through the points, if all lie within _ARC_ERROR of one circle."""
    third = len(points) // 3
    a, b, c = points[0], points[third], points[min(2 * third, len(points) - 1)]
    d = 2 * (a[0] * (b[1] - c[1]) + b[0] * (c[1] - a[1]) + c[0] * (a[1] - b[1]))
    if abs(d) < 1e-7:
        return []
    sa, sb, sc = (p[0] ** 2 + p[1] ** 2 for p in (a, b, c))
    cx = (sa * (b[1] - c[1]) + sb * (c[1] - a[1]) + sc * (a[1] - b[1])) / d
    cy = (sa * (c[0] - b[0]) + sb * (a[0] - c[0]) + sc * (b[0] - a[0])) / d
    radius = math.dist((cx, cy), a)
    if radius > 60 or any(abs(math.dist((cx, cy), p) - radius) > _ARC_ERROR for p in points):
        return []
    total = 0.0
    for p, q in zip(points, points[1:], strict=False):
        step = math.atan2(
            (p[0] - cx) * (q[1] - cy) - (p[1] - cy) * (q[0] - cx), (p[0] - cx) * (q[0] - cx) + (p[1] - cy) * (q[1] - cy)
        )
        if total * step < -1e-6:
            return []
        total += step
    sweep = 1.0 if total > 0 else 0.0
    end = points[-1]
    if abs(total) < math.radians(170):
        return [("A", (radius, radius, 0.0, 0.0, sweep, end[0], end[1]))]
    if abs(total) > 2 * math.pi + 0.01:
        return []
    angle = math.atan2(a[1] - cy, a[0] - cx) + total / 2
    middle = (cx + radius * math.cos(angle), cy + radius * math.sin(angle))
    return [("A", (radius, radius, 0.0, 0.0, sweep, *middle)), ("A", (radius, radius, 0.0, 0.0, sweep, end[0], end[1]))]
