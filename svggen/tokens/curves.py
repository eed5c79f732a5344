"""One sub-path on the grid: its segments as lines, quarter and half turns, arcs and cubics between grid points.

Contract. ``steps(sub)`` gives (start, steps, closed) of a path of one sub-path; points are whole eighths of a pixel,
0..192, steps of no length are left out. A curve becomes a QUARTER (of an upright ellipse), a HALF circle or a circular
ARC where that stays within ``CLOSE_ENOUGH`` of it, else a cubic. Arcs beyond half a turn are cut in two before anything
is rounded: near-full circles would flip otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from svggen.geometry import arc_to_cubics, simplify, split_arc
from svggen.geometry.arcs import centre_form
from svggen.icon.types import Path, Point, Segment
from svggen.tokens import vocabulary as v

__all__ = ["CLOSE_ENOUGH", "Step", "steps"]

Spot = tuple[int, int]

CLOSE_ENOUGH: Final = 0.05
"""px: rounding two ends moves a curve by up to 0.09."""
_TIDY: Final = 0.02
_OUTSIDE: Final = 0.1
_THIRDS: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Step:
    """kind: L line, C cubic, Q quarter turn, H half turn, A arc. radius: eighths. first, second: control points."""

    kind: Literal["L", "C", "Q", "H", "A"]
    end: Spot
    sweep: int = 0
    radius: int = 0
    first: Spot = (0, 0)
    second: Spot = (0, 0)


def _spot(x: float, y: float) -> Spot:
    return (
        min(v.GRID, max(0, math.floor(x * 8 + 0.5))),
        min(v.GRID, max(0, math.floor(y * 8 + 0.5))),
    )


def steps(sub: Path) -> tuple[Spot, list[Step], bool]:
    """(start, steps, whether it is closed by Z)."""
    sub = simplify(sub, _TIDY, arcs=True)
    at: Point = (sub.segments[0][1][0], sub.segments[0][1][1])
    start = pen = _spot(*at)
    out: list[Step] = []
    closed = False
    for op, values in sub.segments[1:]:
        if op == "Z":
            closed = True
            continue
        if op == "L":
            found = [Step("L", _spot(*values))]
        elif op == "C":
            found = _cubic(at, values, pen)
        else:
            found = _arc(at, values, pen)
        for step in found:
            if step.end != pen:
                out.append(step)
                pen = step.end
        at = (values[-2], values[-1])
    return start, out, closed


def _arc(at: Point, values: tuple[float, ...], pen: Spot) -> list[Step]:
    arc = centre_form(at, values)
    if arc is None:
        return [Step("L", _spot(values[5], values[6]))]
    pieces = math.ceil(abs(arc.sweep) / math.pi - 1e-3)
    found: list[Step] = []
    for segment in split_arc(at, values, pieces) if pieces > 1 else [("A", values)]:
        piece = segment[1]
        here = _one_arc(at, piece, pen) if segment[0] == "A" else [Step("L", _spot(*piece))]
        found += here
        pen = here[-1].end if here else pen
        at = (piece[-2], piece[-1])
    return found


def _one_arc(at: Point, values: tuple[float, ...], pen: Spot) -> list[Step]:
    """An arc of half a turn at most."""
    arc = centre_form(at, values)
    end = _spot(values[5], values[6])
    if arc is None:
        return [Step("L", end)]
    seen = [arc.point(t) for t in _THIRDS]
    if end == pen:
        if max(math.dist(p, at) for p in seen) < 0.2:
            return []
        return [s for piece in _pieces(at, values) for s in piece]
    sweep = 1 if arc.sweep > 0 else 0
    made = _best_arc(seen, pen, end, sweep, arc.rx if abs(arc.rx - arc.ry) < 0.01 else None)
    if made is not None:
        return [made]
    found: list[Step] = []
    for _, cubic in arc_to_cubics(at, values):
        if len(cubic) == 6:
            found += _plain_cubic(at, cubic, pen)
            pen = found[-1].end if found else pen
            at = (cubic[4], cubic[5])
        else:
            found.append(Step("L", _spot(*cubic)))
    return found


def _pieces(at: Point, values: tuple[float, ...]) -> list[list[Step]]:
    """A closed little arc, in two."""
    out = []
    pen = _spot(*at)
    for _, piece in split_arc(at, values, 2):
        if len(piece) == 7:
            end = _spot(piece[5], piece[6])
            arc = centre_form(at, piece)
            if arc is not None and end != pen:
                seen = [arc.point(t) for t in _THIRDS]
                sweep = 1 if arc.sweep > 0 else 0
                out.append([_best_arc(seen, pen, end, sweep, arc.rx) or Step("L", end)])
                pen = end
        at = (piece[-2], piece[-1])
    return out


def _best_arc(seen: list[Point], pen: Spot, end: Spot, sweep: int, radius: float | None) -> Step | None:
    """The shortest way to say an arc from pen to end that passes near the three points."""
    dx, dy = abs(end[0] - pen[0]), abs(end[1] - pen[1])
    tries: list[tuple[Step, float, float]] = []
    if dx and dy:
        tries.append((Step("Q", end, sweep), dx / 8, dy / 8))
    chord = math.hypot(dx, dy)
    tries.append((Step("H", end, sweep), chord / 16, chord / 16))
    if radius is not None:
        for r in sorted({math.floor(radius * 8 + 0.5) + d for d in (0, -1, 1)}, key=lambda r: abs(r - radius * 8)):
            if chord / 2 < r <= v.LENGTHS:
                tries.append((Step("A", end, sweep, r), r / 8, r / 8))
    for step, rx, ry in tries:
        made = centre_form((pen[0] / 8, pen[1] / 8), (rx, ry, 0.0, 0.0, float(sweep), end[0] / 8, end[1] / 8))
        if made is None:
            continue
        if all(math.dist(p, made.point(t)) <= CLOSE_ENOUGH for p, t in zip(seen, _THIRDS, strict=True)):
            return step
    return None


def _cubic(at: Point, values: tuple[float, ...], pen: Spot) -> list[Step]:
    """A quarter of an ellipse where it is one, else a cubic."""
    end = _spot(values[4], values[5])
    dx, dy = values[4] - at[0], values[5] - at[1]
    turn = dx * (values[1] - at[1]) - dy * (values[0] - at[0]) + dx * (values[3] - at[1]) - dy * (values[2] - at[0])
    if end[0] != pen[0] and end[1] != pen[1] and turn:
        sweep = 1 if turn < 0 else 0
        made = centre_form(at, (abs(dx), abs(dy), 0.0, 0.0, float(sweep), values[4], values[5])) if dx and dy else None
        if made is not None and all(_on(made.cx, made.cy, made.rx, made.ry, _bezier(at, values, t)) for t in _THIRDS):
            return [Step("Q", end, sweep)]
    return _plain_cubic(at, values, pen)


def _on(cx: float, cy: float, rx: float, ry: float, p: Point) -> bool:
    far = math.hypot((p[0] - cx) / rx, (p[1] - cy) / ry)
    return abs(far - 1) * min(rx, ry) <= CLOSE_ENOUGH / 2


def _bezier(at: Point, c: tuple[float, ...], t: float) -> Point:
    s = 1 - t
    a, b, d, e = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return (a * at[0] + b * c[0] + d * c[2] + e * c[4], a * at[1] + b * c[1] + d * c[3] + e * c[5])


def _plain_cubic(at: Point, values: tuple[float, ...], pen: Spot, halvings: int = 3) -> list[Step]:
    """One cubic; in pieces where its control points lie off the canvas."""
    end = _spot(values[4], values[5])
    if halvings and not all(-_OUTSIDE <= c <= v.SIZE + _OUTSIDE for c in values[:4]):
        parts: list[Step] = []
        for _, half in _halves(at, values):
            parts += _plain_cubic(at, half, pen, halvings - 1)
            pen = parts[-1].end if parts else pen
            at = (half[4], half[5])
        return parts
    if end != pen:
        return [Step("C", end, first=_spot(values[0], values[1]), second=_spot(values[2], values[3]))]
    if max(math.dist(at, _bezier(at, values, t)) for t in _THIRDS) < 0.2:
        return []
    found: list[Step] = []
    for _, part in _halves(at, values):
        middle = _spot(part[4], part[5])
        if middle != pen:
            found.append(Step("C", middle, first=_spot(*part[:2]), second=_spot(*part[2:4])))
            pen = middle
    return found


def _halves(at: Point, c: tuple[float, ...]) -> list[Segment]:
    """De Casteljau at the middle."""

    def mid(a: Point, b: Point) -> Point:
        return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)

    p0, p1, p2, p3 = at, (c[0], c[1]), (c[2], c[3]), (c[4], c[5])
    a, b, d = mid(p0, p1), mid(p1, p2), mid(p2, p3)
    e, f = mid(a, b), mid(b, d)
    g = mid(e, f)
    return [("C", (*a, *e, *g)), ("C", (*f, *d, *p3))]
