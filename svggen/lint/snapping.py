"""The repair of rule 11: anchors onto the pixel grid, without breaking a join.

Contract. ``snap(case) -> Icon | None``: no anchor moves more than SNAP units of a 24 px canvas, points that were equal
stay equal, radii and arcs keep their size, and control points of curves move with their anchors.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from svggen.icon import Circle, Ellipse, Icon, Line, Path, Point, Polygon, Polyline, Rect, Segment, Shape
from svggen.lint.case import Case
from svggen.lint.drawing_rules import grid_step
from svggen.lint.repairs import MANY

__all__ = ["SNAP", "snap"]

SNAP = 0.26
"""Farthest a point may move when it is snapped, units."""


def snap(case: Case) -> Icon | None:
    """Anchors on the half-pixel grid (quarter for fine strokes), where none has to move more than SNAP.

    Every coordinate value is snapped alike, so that what met still meets; a shape with a point that would move too far
    is left alone, and with it every shape that touches one of its points. Control points move with their anchors.
    """
    step = grid_step(case)
    if step is None or len(case.icon.shapes) > MANY:
        return None
    x0, y0 = case.icon.viewbox[:2]

    def near(value: float, origin: float) -> float:
        return origin + round((value - origin) / step) * step

    def move(p: Point) -> Point:
        return (near(p[0], x0), near(p[1], y0))

    far = SNAP / case.unit
    points = [_points(s) for s in case.icon.shapes]
    fixed = {p for ps in points for p in ps if math.dist(p, move(p)) > far}
    frozen: set[int] = set()
    while True:  # a join must not break: what touches a shape that stays, stays
        more = {i for i, ps in enumerate(points) if i not in frozen and any(p in fixed for p in ps)}
        if not more:
            break
        frozen |= more
        fixed |= {p for i in more for p in points[i]}
    shapes = tuple(s if i in frozen else _snapped(s, move, near, (x0, y0)) for i, s in enumerate(case.icon.shapes))
    return None if shapes == case.icon.shapes else replace(case.icon, shapes=shapes)


def _points(shape: Shape) -> list[Point]:
    g = shape.geometry
    if isinstance(g, Path):
        return [(v[-2], v[-1]) for c, v in g.segments if c != "Z"]
    if isinstance(g, Line):
        return [(g.x1, g.y1), (g.x2, g.y2)]
    if isinstance(g, (Polyline, Polygon)):
        return list(g.points)
    if isinstance(g, Rect):
        return [(g.x, g.y), (g.x + g.width, g.y + g.height)]
    return [(g.cx, g.cy)]


def _snapped(shape: Shape, move: Callable[[Point], Point], near: Callable[[float, float], float], o: Point) -> Shape:
    g = shape.geometry
    if isinstance(g, Path):
        return replace(shape, geometry=_snapped_path(g, move))
    if isinstance(g, Line):
        (x1, y1), (x2, y2) = move((g.x1, g.y1)), move((g.x2, g.y2))
        return replace(shape, geometry=Line(x1, y1, x2, y2))
    if isinstance(g, Polyline):
        return replace(shape, geometry=Polyline(tuple(move(p) for p in g.points)))
    if isinstance(g, Polygon):
        return replace(shape, geometry=Polygon(tuple(move(p) for p in g.points)))
    if isinstance(g, Rect):
        (x, y), (x1, y1) = move((g.x, g.y)), move((g.x + g.width, g.y + g.height))
        if x1 <= x or y1 <= y:
            return shape
        return replace(shape, geometry=replace(g, x=x, y=y, width=x1 - x, height=y1 - y))
    if isinstance(g, (Circle, Ellipse)):
        cx, cy = move((g.cx, g.cy))
        return replace(shape, geometry=replace(g, cx=cx, cy=cy))
    return shape


def _snapped_path(path: Path, move: Callable[[Point], Point]) -> Path:
    out: list[Segment] = []
    at: Point = (0.0, 0.0)
    for command, v in path.segments:
        if command == "Z":
            out.append((command, v))
            continue
        end = (v[-2], v[-1])
        new = move(end)
        if command == "C":
            before = move(at)
            ax, ay, ex, ey = before[0] - at[0], before[1] - at[1], new[0] - end[0], new[1] - end[1]
            out.append(("C", (v[0] + ax, v[1] + ay, v[2] + ex, v[3] + ey, *new)))
        else:
            out.append((command, (*v[:-2], *new)))
        at = end
    return Path(tuple(out))
