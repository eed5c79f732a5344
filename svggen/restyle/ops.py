"""Areas: union, difference, strokes turned into areas, through skia's path operations; in and out are our own paths.

Contract. An ``Area`` is a skia path in even-odd form, in units of the 24 px canvas. skia is imported on the first
call (about 0.1 s). ``to_path`` writes lines, circular arcs and cubics (``contour.tidy``); contours smaller than
``_SPECK`` square units are left out. skia's operations fail on rare geometry: that is ``GeometryError``, never a
wrong picture in silence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from svggen.errors import GeometryError
from svggen.geometry import reverse
from svggen.geometry import to_path as geometry_path
from svggen.icon import Geometry, Path, Point, Segment, Shape
from svggen.restyle.contour import even_steps, hull, sampled, shoelace, signed_size, steps, tidy

__all__ = [
    "Area",
    "area_of",
    "bridged",
    "contours",
    "covers",
    "difference",
    "empty",
    "from_geometry",
    "grow",
    "holes",
    "intersection",
    "islands",
    "length",
    "opened",
    "outlines",
    "ring",
    "simplify",
    "size",
    "solidity",
    "stroke",
    "to_path",
    "union",
    "without_crumbs",
    "wound",
]

Area: TypeAlias = Any  # skia.Path; skia ships no types

_SPECK: Final = 0.03
_NUDGES: Final = (0.0, 2e-4, -7e-4)
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
        parts.append(
            stroke(line, look.stroke_width, look.cap, look.join, look.miter_limit, look.dash, look.dash_offset)
        )
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
    skia = _skia()
    failed: RuntimeError | None = None
    for nudge in _NUDGES:  # edges that coincide almost are what skia fails on
        try:
            return skia.Op(a, _moved(b, nudge), kind)
        except RuntimeError as error:
            failed = error
    raise GeometryError("these areas cannot be combined") from failed


def simplify(area: Area) -> Area:
    """The same area without overlaps, in even-odd form."""
    skia = _skia()
    failed: RuntimeError | None = None
    for nudge in _NUDGES:
        try:
            return skia.Simplify(_moved(area, nudge))
        except RuntimeError as error:
            failed = error
    raise GeometryError("this area cannot be simplified") from failed


def _moved(area: Area, by: float) -> Area:
    """Moved and swollen by a hair, so that coordinates which fell together no longer do."""
    if by == 0:
        return area
    skia = _skia()
    matrix = skia.Matrix()
    matrix.setAll(1 + by, by / 3, by, -by / 2, 1 + by / 2, -by, 0, 0, 1)
    moved = skia.Path()
    area.transform(matrix, moved)
    return moved


def contours(area: Area) -> list[tuple[Area, float]]:
    """The closed contours of a simplified area, each as an area of its own with its size in square units (positive)."""
    return [(_lone(segments), abs(signed_size(segments))) for segments in _split(area)]


def islands(area: Area) -> list[Area]:
    """The connected pieces of a simplified area, holes included, the largest first."""
    rings = sorted(contours(area), key=lambda c: -c[1])
    nested = [
        (path, sized, sum(_inside(path, other) for other, _ in rings if other is not path)) for path, sized in rings
    ]
    outer = [(path, [path], sized) for path, sized, depth in nested if depth % 2 == 0]
    for path, _, depth in nested:
        if depth % 2:
            around = [o for o in outer if _inside(path, o[0])]
            if around:
                min(around, key=lambda o: o[2])[1].append(path)
    return [_together(parts) for _, parts, _ in outer]


def _inside(inner: Area, outer: Area) -> bool:
    a, b = inner.computeTightBounds(), outer.computeTightBounds()  # of the outline, not of its handles
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


def bridged(spaces: Sequence[Area]) -> tuple[Area, float]:
    """Spaces and the wall between the last and the others (a closing by half its thickness, at most 2 units), and
    the share of the last one's edge that lies along that wall."""
    import numpy as np

    steps = [step for s in _split(spaces[-1]) for step in even_steps(s)]
    points = np.array([q for _, q in steps])
    lengths = np.array([math.dist(p, q) for p, q in steps])
    others = np.array([q for a in spaces[:-1] for s in _split(a) for _, q in even_steps(s)])
    away = np.sqrt(((points[:, None] - others[None]) ** 2).sum(axis=2)).min(axis=1)
    wall = float(away.min())
    shared = float(lengths[away < 1.1 * wall + 0.15].sum() / max(lengths.sum(), 1e-9))
    reach = min(wall, 4.0) / 2 + 0.05
    return grow(grow(union(spaces), reach, "miter"), -reach, "miter"), shared


def outlines(area: Area) -> list[tuple[Area, float]]:
    """The outermost contours of a simplified area, filled, with their sizes."""
    rings = contours(area)
    return [
        (path, sized)
        for path, sized in rings
        if not any(_inside(path, other) for other, _ in rings if other is not path)
    ]


def solidity(area: Area) -> float:
    """Size against the size of the convex hull, 0..1."""
    around = shoelace(hull([point for segments in _split(area) for point in sampled(segments)]))
    return size(area) / abs(around) if abs(around) > 1e-9 else 1.0


def opened(area: Area, by: float) -> Area:
    """Without what is thinner than twice ``by`` (a morphological opening)."""
    return grow(grow(area, -by), by)


def without_crumbs(area: Area, least: float) -> Area:
    """Without pieces smaller than ``least`` square units."""
    pieces = islands(area)
    kept = [p for p in pieces if size(p) >= least]
    return area if len(kept) == len(pieces) else union(kept)


def length(area: Area) -> float:
    """Length of all its edges."""
    return sum(math.dist(a, b) for segments in _split(area) for a, b in steps(segments))


def covers(area: Area, x: float, y: float) -> bool:
    return bool(area.contains(x, y))


def wound(area: Area) -> Path:
    """The edge as ``to_path`` writes it, with outer contours turning positively at their convex corners and holes
    the other way round: the ink of every contour lies on the same side."""
    rings = [(path, segments) for path, segments in ((_lone(s), s) for s in _split(area))]
    out: list[Segment] = []
    for path, segments in rings:
        if abs(signed_size(segments)) < _SPECK:
            continue
        hole = sum(_inside(path, other) for other, _ in rings if other is not path) % 2 == 1
        clean = Path(tuple(tidy(segments)))
        out.extend(clean.segments if (signed_size(segments) > 0) != hole else reverse(clean).segments)
    return Path(tuple(out))


def size(area: Area) -> float:
    """Square units of a simplified area."""
    rings = [(_lone(s), abs(signed_size(s))) for s in _split(area)]
    if len(rings) == 1:
        return rings[0][1]
    return sum(
        sized if sum(_inside(path, other) for other, _ in rings if other is not path) % 2 == 0 else -sized
        for path, sized in rings
    )


def _lone(segments: Sequence[Segment]) -> Area:
    return from_geometry(Path(tuple(segments)), "evenodd")


def to_path(area: Area) -> Path:
    """The area's edge as lines, arcs and cubics; fill it with the even-odd rule."""
    out: list[Segment] = []
    for segments in _split(area):
        if abs(signed_size(segments)) >= _SPECK:
            out.extend(tidy(segments))
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
