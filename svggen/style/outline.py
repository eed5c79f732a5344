"""What the geometry tells of a style: caps, joins, corner radii, directions.

Contract. Works on the resolved geometry of an icon, in units of a 24 px canvas (``scale`` and ``shift`` bring it
there). True strokes are read from their attributes and centre lines. Outlines that are drawn as fills are read from
their edges: a half turn within about half a line width is a round cap, two right angles a line width apart are a
butt cap; an outer corner of radius R belongs to a centre line of radius R - w/2. Which side of an edge is ink is
looked up in the picture. Every count is weighted by what it covers, so that a tiny detail does not outvote a frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from svggen.geometry import to_path
from svggen.icon import Icon, Segment, Shape
from svggen.style.raster import PER_UNIT, SIZE

__all__ = ["Outline", "Piece", "corner_radius", "piece_of", "read"]

_SHARP: Final = math.radians(18)  # a joint that turns less is smooth
_CORNER: Final = (math.radians(50), math.radians(130))
_MAX_RADIUS: Final = 6.0  # units; a wider turn is a curve, not a rounded corner
_RIGHT: Final = (math.radians(75), math.radians(105))
_OPEN_WEIGHT: Final = 0.05  # a chevron's corner is sharp in every round set: it says little
_OTHER_WEIGHT: Final = 0.3  # the tips of stars and triangles say less than right angles
_ROUNDED: Final = 0.35  # share of rounded corners from which a drawing counts as rounded


class Piece(NamedTuple):
    """A segment: start point, unit tangents at both ends, length, signed turning (radians), straight or not."""

    x: float
    y: float
    t0: tuple[float, float]
    t1: tuple[float, float]
    length: float
    turn: float
    straight: bool


class Corner(NamedTuple):
    """A turn of the edge or centre line: radius (0 is sharp), signed angle, the straight lengths beside it, where."""

    radius: float
    angle: float
    before: float
    after: float
    sharp: bool


@dataclass(slots=True)
class Outline:
    """Sums over an icon. caps, joins: weight of each kind. corners: (radius, weight). lengths of all edges, of those
    along the axes, on diagonals and curved; steps: stair steps (a right turn and a left turn one pixel apart); stroke:
    (width, length) of true strokes; vertices: all coordinates."""

    caps: dict[str, float] = field(default_factory=lambda: {"butt": 0.0, "round": 0.0, "square": 0.0})
    joins: dict[str, float] = field(default_factory=lambda: {"miter": 0.0, "round": 0.0, "bevel": 0.0})
    corners: list[tuple[float, float]] = field(default_factory=list)
    length: float = 0.0
    axis: float = 0.0
    diagonal: float = 0.0
    curved: float = 0.0
    steps: float = 0.0
    sharp: float = 0.0
    soft: float = 0.0
    contours: int = 0
    stroke: list[tuple[float, float]] = field(default_factory=list)
    fill_length: float = 0.0
    dashed: float = 0.0
    vertices: list[float] = field(default_factory=list)


def read(
    icon: Icon, scale: float, shift: tuple[float, float], alpha: npt.NDArray[np.float32], width: float | None
) -> Outline:
    """Read all visible shapes; ``width`` is the seen line width, or None where the icon has no lines."""
    out = Outline()
    for shape in icon.shapes:
        parts = shape.clip.shapes if shape.clip is not None and shape.clip.kind == "mask" else (shape,)
        for part in parts:
            _read_shape(part, scale, shift, alpha, width, out)
    return out


def _read_shape(
    shape: Shape,
    scale: float,
    shift: tuple[float, float],
    alpha: npt.NDArray[np.float32],
    width: float | None,
    out: Outline,
) -> None:
    look = shape.look
    stroked = look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0
    filled = look.fill != "none" and look.fill_opacity > 0
    if not (stroked or filled) or look.opacity == 0:
        return
    for pieces, closed in _walk(to_path(shape.geometry).segments, scale, shift, out.vertices):
        if not pieces:
            continue
        out.contours += 1
        _directions(pieces, out)
        corners = _corners(pieces, closed)
        if stroked and not (filled and look.fill == look.stroke and look.fill_opacity == 1.0):
            length = sum(p.length for p in pieces)
            out.stroke.append((look.stroke_width * scale, length))
            out.dashed += length if look.dash else 0.0
            _read_stroke(corners, closed, look.cap, look.join, out)
        else:
            out.fill_length += sum(p.length for p in pieces) / 2
            _read_edge(pieces, corners, closed, alpha, width, out)


def _read_stroke(corners: Sequence[Corner], closed: bool, cap: str, join: str, out: Outline) -> None:
    out.caps[cap] += 1e-3 if closed else 2.0
    for corner in corners:
        if corner.sharp:
            out.joins[join] += 1.0
            out.sharp += 1.0
        else:
            out.soft += 1.0
        if _CORNER[0] <= abs(corner.angle) <= _CORNER[1] and corner.radius <= _MAX_RADIUS:
            weight = _weight(corner, not closed)
            out.corners.append((corner.radius, weight))
    out.joins[join] += 1e-3


def _read_edge(
    pieces: Sequence[Piece],
    corners: Sequence[Corner],
    closed: bool,
    alpha: npt.NDArray[np.float32],
    width: float | None,
    out: Outline,
) -> None:
    side = _ink_side(pieces, alpha)
    half = width / 2 if width is not None else 0.0
    before = dict(out.caps)
    if width is not None:
        _caps(_contour_runs(pieces, closed), corners, side, width, out)
    capped = any(out.caps[k] > before[k] for k in before)
    for corner in corners:
        convex = corner.angle * side > 0
        if corner.sharp:
            out.sharp += 1.0
        else:
            out.soft += 1.0
        if not _CORNER[0] <= abs(corner.angle) <= _CORNER[1]:
            continue
        weight = _weight(corner, capped)
        if width is None:
            _read_solid_corner(corner, convex, weight, out)
        elif convex:
            if _is_cap_corner(corner, width):
                continue
            if corner.radius < 0.25 * half:
                out.joins["miter"] += 1.0
            elif corner.radius < 1.4 * half:
                out.joins["round"] += 1.0
            if corner.radius - half <= _MAX_RADIUS:
                out.corners.append((max(corner.radius - half, 0.0) if corner.radius > 1.15 * half else 0.0, weight))
        elif corner.radius > 0.1 and corner.radius <= _MAX_RADIUS:
            out.corners.append((corner.radius + half, weight))


def _weight(corner: Corner, open_end: bool) -> float:
    weight = min(corner.before, corner.after, 4.0)
    if corner.sharp and open_end:
        weight *= _OPEN_WEIGHT
    return weight if _RIGHT[0] <= abs(corner.angle) <= _RIGHT[1] else weight * _OTHER_WEIGHT


def corner_radius(corners: Sequence[tuple[float, float]]) -> float | None:
    """The radius of (radius, weight) corners: 0 where fewer than a third are rounded, else the median of those that
    are; None where there is too little to tell."""
    total = sum(w for _, w in corners)
    if total < 0.25:
        return None
    rounded = sorted((r, w) for r, w in corners if r >= 0.2)
    share = sum(w for _, w in rounded)
    if share < _ROUNDED * total:
        return 0.0
    reached = 0.0
    for radius, weight in rounded:
        reached += weight
        if reached >= share / 2:
            return radius
    return None


def _is_cap_corner(corner: Corner, width: float) -> bool:
    return corner.sharp and min(corner.before, corner.after) < 1.1 * width


def _read_solid_corner(corner: Corner, convex: bool, weight: float, out: Outline) -> None:
    if convex and corner.radius <= _MAX_RADIUS:
        out.corners.append((corner.radius, weight))
        out.joins["miter" if corner.radius < 0.15 else "round"] += 1.0


def _caps(pieces: Sequence[Piece], corners: Sequence[Corner], side: int, width: float, out: Outline) -> None:
    """Round caps: half turns of about half the width. Butt caps: straight ends one width long between right angles."""
    for corner in corners:
        if (
            corner.angle * side > math.radians(140)
            and abs(corner.angle) < math.radians(220)
            and 0.6 * width / 2 < corner.radius < 1.4 * width / 2
        ):
            out.caps["round"] += 1.0
    n = len(pieces)
    for i in range(n):
        piece = pieces[i]
        if not (piece.straight and 0.75 * width < piece.length < 1.3 * width):
            continue
        before, after = pieces[i - 1], pieces[(i + 1) % n]
        if not (before.straight or before.length > width) or not (after.straight or after.length > width):
            continue
        if min(before.length, after.length) < 1.2 * width:
            continue
        first, second = _angle(before.t1, piece.t0) * side, _angle(piece.t1, after.t0) * side
        if math.radians(70) < first < math.radians(110) and math.radians(70) < second < math.radians(110):
            out.caps["butt"] += 1.0


def _directions(pieces: Sequence[Piece], out: Outline) -> None:
    last: tuple[float, float] | None = None
    for piece in pieces:
        out.length += piece.length
        if not piece.straight:
            out.curved += piece.length
            last = None
            continue
        x, y = abs(piece.t0[0]), abs(piece.t0[1])
        if min(x, y) < 0.03:
            out.axis += piece.length
        elif abs(x - y) < 0.08:
            out.diagonal += piece.length
        turn = 0.0 if last is None else _angle(last, piece.t0)
        if last is not None and abs(abs(turn) - math.pi / 2) < 0.05 and piece.length < 2.2:
            out.steps += 1.0
        last = piece.t1


def _corners(pieces: Sequence[Piece], closed: bool) -> list[Corner]:
    """Turns of a contour: sharp joints, and runs of curves that bend one way with one radius."""
    runs = _contour_runs(pieces, closed)
    found: list[Corner] = []
    n = len(runs)
    for i, run in enumerate(runs):
        before = runs[i - 1] if (i > 0 or closed) else None
        after = runs[(i + 1) % n] if (i < n - 1 or closed) else None
        if not run.straight and abs(run.turn) > math.radians(25) and before is not None and after is not None:
            found.append(Corner(run.length / abs(run.turn), run.turn, before.length, after.length, False))
        if after is not None and n > 1:
            angle = _angle(run.t1, after.t0)
            if abs(angle) > _SHARP:
                found.append(Corner(0.0, angle, run.length, after.length, True))
    return found


def _contour_runs(pieces: Sequence[Piece], closed: bool) -> list[Piece]:
    runs = _runs(pieces)
    if closed and len(runs) > 1 and _joins(runs[-1], runs[0]):
        runs = [_merge(runs[-1], runs[0]), *runs[1:-1]]
    return runs


def _runs(pieces: Sequence[Piece]) -> list[Piece]:
    runs: list[Piece] = []
    for piece in pieces:
        if runs and _joins(runs[-1], piece):
            runs[-1] = _merge(runs[-1], piece)
        else:
            runs.append(piece)
    return runs


def _joins(a: Piece, b: Piece) -> bool:
    """Whether b continues a: a straight line goes on, or a curve bends on with about the same radius."""
    if a.straight != b.straight or abs(_angle(a.t1, b.t0)) > _SHARP:
        return False
    if a.straight:
        return abs(_angle(a.t1, b.t0)) < 0.02
    if a.turn * b.turn <= 0:
        return False
    ratio = (a.length / abs(a.turn)) / (b.length / abs(b.turn))
    return 0.45 < ratio < 2.2


def _merge(a: Piece, b: Piece) -> Piece:
    turn = a.turn + b.turn + (0.0 if a.straight else _angle(a.t1, b.t0))
    return Piece(a.x, a.y, a.t0, b.t1, a.length + b.length, turn, a.straight)


def _ink_side(pieces: Sequence[Piece], alpha: npt.NDArray[np.float32]) -> int:
    """+1 where the ink lies towards (-ty, tx) of the direction of travel, -1 on the other side; by the longest
    pieces."""
    vote = 0.0
    for piece in sorted(pieces, key=lambda p: -p.length)[:4]:
        tx, ty = piece.t0
        if not piece.straight:
            along = min(piece.length * 0.05, 0.2)
        else:
            along = piece.length / 2
        x, y = piece.x + tx * along, piece.y + ty * along
        vote += piece.length * (_at(alpha, x - ty * 0.2, y + tx * 0.2) - _at(alpha, x + ty * 0.2, y - tx * 0.2))
    return 1 if vote >= 0 else -1


def _at(alpha: npt.NDArray[np.float32], x: float, y: float) -> float:
    i, j = int(y * PER_UNIT), int(x * PER_UNIT)
    return float(alpha[i, j]) if 0 <= i < SIZE and 0 <= j < SIZE else 0.0


def _angle(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])


def _walk(
    segments: Iterable[Segment], scale: float, shift: tuple[float, float], vertices: list[float]
) -> Iterator[tuple[list[Piece], bool]]:
    """Sub-paths as pieces on the 24 px canvas, with whether they are closed."""
    pieces: list[Piece] = []
    x = y = sx = sy = 0.0
    closed = False
    dx, dy = shift
    for command, v in segments:
        if command == "M":
            if pieces:
                yield pieces, closed or math.hypot(x - sx, y - sy) < 0.01
            pieces, closed = [], False
            x = sx = v[0] * scale + dx
            y = sy = v[1] * scale + dy
            continue
        if command == "Z":
            if math.hypot(sx - x, sy - y) > 1e-3:
                pieces.append(_line(x, y, sx, sy))
            closed, x, y = True, sx, sy
            continue
        ex, ey = v[-2] * scale + dx, v[-1] * scale + dy
        vertices.extend((ex, ey))
        if command == "L":
            piece = _line(x, y, ex, ey)
        elif command == "C":
            piece = _cubic(x, y, v[0] * scale + dx, v[1] * scale + dy, v[2] * scale + dx, v[3] * scale + dy, ex, ey)
        else:
            piece = _arc(x, y, v[0] * scale, v[1] * scale, v[2], v[3] != 0, v[4] != 0, ex, ey)
        if piece.length > 1e-3:
            pieces.append(piece)
        x, y = ex, ey
    if pieces:
        yield pieces, closed or math.hypot(x - sx, y - sy) < 0.01


def piece_of(start: tuple[float, float], segment: Segment) -> Piece:
    """One drawing segment (L, C or A) that starts at ``start``, in its own units."""
    command, v = segment
    x, y = start
    if command == "L":
        return _line(x, y, v[0], v[1])
    if command == "C":
        return _cubic(x, y, v[0], v[1], v[2], v[3], v[4], v[5])
    return _arc(x, y, v[0], v[1], v[2], v[3] != 0, v[4] != 0, v[5], v[6])


def _line(x: float, y: float, ex: float, ey: float) -> Piece:
    length = math.hypot(ex - x, ey - y)
    t = ((ex - x) / length, (ey - y) / length) if length else (1.0, 0.0)
    return Piece(x, y, t, t, length, 0.0, True)


def _cubic(x0: float, y0: float, x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> Piece:
    legs = [(x1 - x0, y1 - y0), (x2 - x1, y2 - y1), (x3 - x2, y3 - y2)]
    units = [(a / h, b / h, h) for a, b in legs if (h := math.hypot(a, b)) > 1e-6]
    if not units:
        return Piece(x0, y0, (1.0, 0.0), (1.0, 0.0), 0.0, 0.0, True)
    turn = sum(_angle((a[0], a[1]), (b[0], b[1])) for a, b in pairwise(units))
    length = (sum(u[2] for u in units) + math.hypot(x3 - x0, y3 - y0)) / 2
    t0, t1 = (units[0][0], units[0][1]), (units[-1][0], units[-1][1])
    straight = all(abs(_angle((a[0], a[1]), (b[0], b[1]))) < 0.04 for a, b in pairwise(units))
    return Piece(x0, y0, t0, t1, length, 0.0 if straight else turn, straight)


def _arc(
    x: float, y: float, rx: float, ry: float, rotation: float, large: bool, sweep: bool, ex: float, ey: float
) -> Piece:
    """SVG 1.1 appendix F.6.5, endpoint to centre; the tangent of an ellipse's arc is exact, its length is of the mean
    radius."""
    if rx <= 1e-6 or ry <= 1e-6 or math.hypot(ex - x, ey - y) < 1e-6:
        return _line(x, y, ex, ey)
    phi = math.radians(rotation)
    cos, sin = math.cos(phi), math.sin(phi)
    hx, hy = (x - ex) / 2, (y - ey) / 2
    ux, uy = (cos * hx + sin * hy) / rx, (-sin * hx + cos * hy) / ry
    reach = ux * ux + uy * uy
    if reach > 1:
        grow = math.sqrt(reach)
        rx, ry, ux, uy, reach = rx * grow, ry * grow, ux / grow, uy / grow, 1.0
    k = math.sqrt(max(1 / reach - 1, 0.0)) * (1 if large != sweep else -1)
    cx, cy = k * uy, -k * ux  # centre in unit-circle coordinates; start is (ux, uy), end (-ux, -uy)
    a0, a1 = math.atan2(uy - cy, ux - cx), math.atan2(-uy - cy, -ux - cx)
    delta = a1 - a0
    if sweep and delta < 0:
        delta += 2 * math.pi
    elif not sweep and delta > 0:
        delta -= 2 * math.pi
    way = 1.0 if sweep else -1.0

    def tangent(angle: float) -> tuple[float, float]:
        px, py = -math.sin(angle) * rx * way, math.cos(angle) * ry * way
        h = math.hypot(px, py)
        return (cos * px - sin * py) / h, (sin * px + cos * py) / h

    return Piece(x, y, tangent(a0), tangent(a1), abs(delta) * (rx + ry) / 2, delta, False)
