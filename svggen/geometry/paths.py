"""Path algebra on M L C A Z: any geometry as a path, sub-paths, transform, reverse, length, area."""

from __future__ import annotations

import math

from svggen.geometry.affine import IDENTITY, Affine
from svggen.geometry.arcs import centre_form, transform_oval
from svggen.icon.types import (
    Circle,
    Ellipse,
    Geometry,
    Line,
    Path,
    Point,
    Polygon,
    Rect,
    Segment,
)

__all__ = [
    "drop_degenerate",
    "path_length",
    "reverse",
    "signed_area",
    "subpaths",
    "to_path",
    "transform_path",
]

# Gauss-Legendre, 8 points on [-1, 1]: lengths of cubics and elliptical arcs to about 1e-6 for icon curves.
_GAUSS = (
    (0.1834346424956498, 0.362683783378362),
    (0.525532409916329, 0.3137066458778873),
    (0.7966664774136267, 0.2223810344533745),
    (0.9602898564975363, 0.1012285362903763),
)


def to_path(geometry: Geometry) -> Path:
    """The same outline as a path. Circles and ellipses are four quarter arcs from their rightmost point, clockwise on
    screen (SVG 2, 10.3-10.4), rounded corners of rectangles are arcs; curves are exact."""
    if isinstance(geometry, Path):
        return geometry
    if isinstance(geometry, Circle):
        return _oval(geometry.cx, geometry.cy, geometry.r, geometry.r)
    if isinstance(geometry, Ellipse):
        return _oval(geometry.cx, geometry.cy, geometry.rx, geometry.ry)
    if isinstance(geometry, Rect):
        return _rect(geometry)
    if isinstance(geometry, Line):
        return Path((("M", (geometry.x1, geometry.y1)), ("L", (geometry.x2, geometry.y2))))
    segments: list[Segment] = [("L", p) for p in geometry.points]
    if segments:
        segments[0] = ("M", geometry.points[0])
        if isinstance(geometry, Polygon):
            segments.append(("Z", ()))
    return Path(tuple(segments))


def _oval(cx: float, cy: float, rx: float, ry: float) -> Path:
    def quarter(x: float, y: float) -> Segment:
        return ("A", (rx, ry, 0.0, 0.0, 1.0, x, y))

    return Path(
        (
            ("M", (cx + rx, cy)),
            quarter(cx, cy + ry),
            quarter(cx - rx, cy),
            quarter(cx, cy - ry),
            quarter(cx + rx, cy),
            ("Z", ()),
        )
    )


def _rect(g: Rect) -> Path:
    x, y, r, b = g.x, g.y, g.x + g.width, g.y + g.height
    rx, ry = min(g.rx, g.width / 2), min(g.ry, g.height / 2)
    if rx <= 0 or ry <= 0:
        return Path((("M", (x, y)), ("L", (r, y)), ("L", (r, b)), ("L", (x, b)), ("Z", ())))
    out: list[Segment] = [("M", (x + rx, y))]
    at = (x + rx, y)
    for line, corner in (
        ((r - rx, y), (r, y + ry)),
        ((r, b - ry), (r - rx, b)),
        ((x + rx, b), (x, b - ry)),
        ((x, y + ry), (x + rx, y)),
    ):
        if line != at:
            out.append(("L", line))
        out.append(("A", (rx, ry, 0.0, 0.0, 1.0, *corner)))
        at = corner
    out.append(("Z", ()))
    return Path(tuple(out))


def transform_path(path: Path, m: Affine) -> Path:
    """The image of a path; arcs stay arcs under every map that does not flatten the plane."""
    if m == IDENTITY:
        return path
    a, b, c, d, e, f = m
    out: list[Segment] = []
    ovals: dict[tuple[float, ...], tuple[float, ...]] = {}  # arcs of a path share a few radii
    for op, v in path.segments:
        if op == "C":
            x1, y1, x2, y2, x, y = v
            out.append(
                (
                    "C",
                    (
                        a * x1 + c * y1 + e,
                        b * x1 + d * y1 + f,
                        a * x2 + c * y2 + e,
                        b * x2 + d * y2 + f,
                        a * x + c * y + e,
                        b * x + d * y + f,
                    ),
                )
            )
        elif op == "A":
            oval = v[:3]
            if oval not in ovals:
                ovals[oval] = transform_oval(m, oval)
            sweep = v[4] if a * d - b * c > 0 else 1.0 - v[4]
            x, y = v[5], v[6]
            out.append(("A", (*ovals[oval], v[3], sweep, a * x + c * y + e, b * x + d * y + f)))
        elif op == "Z":
            out.append(("Z", ()))
        else:
            x, y = v
            out.append((op, (a * x + c * y + e, b * x + d * y + f)))
    return Path(tuple(out))


def subpaths(path: Path) -> list[Path]:
    """The path cut at each M; every piece begins with its own M (after a Z that no M follows, one is put in)."""
    out: list[Path] = []
    current: list[Segment] = []
    start: Point = (0.0, 0.0)
    for segment in path.segments:
        op, v = segment
        if op == "M":
            if current:
                out.append(Path(tuple(current)))
            current, start = [segment], (v[0], v[1])
            continue
        if not current:
            current = [("M", start)]
        current.append(segment)
        if op == "Z":
            out.append(Path(tuple(current)))
            current = []
    if current:
        out.append(Path(tuple(current)))
    return out


def reverse(path: Path) -> Path:
    """The same outline drawn the other way round; each sub-path keeps its place and, when closed, its start."""
    out: list[Segment] = []
    for sub in subpaths(path):
        out.extend(_reverse_one(sub.segments))
    return Path(tuple(out))


def _reverse_one(segments: tuple[Segment, ...]) -> list[Segment]:
    closed = segments[-1][0] == "Z"
    body = segments[1:-1] if closed else segments[1:]
    first: Point = (segments[0][1][0], segments[0][1][1])
    points = [first] + [(v[-2], v[-1]) for _, v in body]
    out: list[Segment] = [("M", first if closed else points[-1])]
    if closed and points[-1] != first:
        out.append(("L", points[-1]))  # the closing line, now drawn first
    for i in range(len(body) - 1, -1, -1):
        op, v = body[i]
        to = points[i]
        if op == "L":
            if closed and i == 0 and points[-1] != first:
                break  # Z draws it
            out.append(("L", to))
        elif op == "C":
            out.append(("C", (v[2], v[3], v[0], v[1], *to)))
        else:
            out.append(("A", (v[0], v[1], v[2], v[3], 0.0 if v[4] else 1.0, *to)))
    if closed:
        out.append(("Z", ()))
    return out


def drop_degenerate(path: Path, tolerance: float = 1e-6, *, stroked: bool = False) -> Path:
    """Without the sub-paths that paint nothing. For a fill (``stroked=False``) those that enclose no area; for a stroke
    only bare M's: a line of no length with a round or square cap is a dot, and icon sets draw dots that way. Steps
    shorter than ``tolerance`` (user units) inside a longer sub-path go too."""
    out: list[Segment] = []
    for sub in subpaths(path):
        segments = [sub.segments[0]]
        at = sub.segments[0][1]
        for op, v in sub.segments[1:]:
            still = op != "Z" and math.dist(at, v[-2:]) <= tolerance
            if still and (op == "L" or (op == "A") or (op == "C" and _tight(at, v, tolerance))):
                continue
            segments.append((op, v))
            at = v[-2:] if op != "Z" else at
        drawn = [s for s in segments if s[0] != "Z"]
        if len(drawn) < 2:
            if stroked and len(sub.segments) > 1:
                out.extend(sub.segments)  # a dot
            continue
        if not stroked and abs(signed_area(Path(tuple(segments)))) <= tolerance * max(1.0, path_length(sub)):
            if not _encloses(segments):
                continue
        out.extend(segments)
    return Path(tuple(out))


def _tight(at: tuple[float, ...], v: tuple[float, ...], tolerance: float) -> bool:
    return math.dist(at, v[0:2]) <= tolerance and math.dist(at, v[2:4]) <= tolerance


def _encloses(segments: list[Segment]) -> bool:
    """A figure of eight has no net area and paints all the same: do its points leave one line?"""
    points: list[tuple[float, ...]] = []
    for op, v in segments:
        if op == "A":
            return True
        for i in range(0, len(v), 2):
            points.append(v[i : i + 2])
    x0, y0 = points[0][0], points[0][1]
    far = max(points, key=lambda p: (p[0] - x0) ** 2 + (p[1] - y0) ** 2)
    dx, dy = far[0] - x0, far[1] - y0
    reach = math.hypot(dx, dy)
    return any(abs((p[0] - x0) * dy - (p[1] - y0) * dx) > 1e-6 * reach * max(1.0, reach) for p in points)


def path_length(path: Path) -> float:
    """Length of everything drawn, closing lines included, in user units."""
    total = 0.0
    at = start = (0.0, 0.0)
    for op, v in path.segments:
        if op == "M":
            at = start = (v[0], v[1])
            continue
        if op == "Z":
            total += math.dist(at, start)
            at = start
            continue
        end = (v[-2], v[-1])
        if op == "L":
            total += math.dist(at, end)
        elif op == "C":
            total += _cubic_length(at, v)
        else:
            total += _arc_length(at, v)
        at = end
    return total


def _cubic_length(p: Point, v: tuple[float, ...]) -> float:
    x1, y1, x2, y2, x3, y3 = v
    ax, bx, cx = x1 - p[0], x2 - x1, x3 - x2
    ay, by, cy = y1 - p[1], y2 - y1, y3 - y2
    total = 0.0
    for half in (0.0, 0.5):
        for node, weight in _GAUSS:
            for sign in (-1, 1):
                t = half + 0.25 * (1 + sign * node)
                s = 1 - t
                u, w, z = 3 * s * s, 6 * s * t, 3 * t * t
                total += 0.25 * weight * math.hypot(u * ax + w * bx + z * cx, u * ay + w * by + z * cy)
    return total


def _arc_length(p: Point, v: tuple[float, ...]) -> float:
    arc = centre_form(p, v)
    if arc is None:
        return math.dist(p, v[5:7])
    if arc.rx == arc.ry:
        return arc.rx * abs(arc.sweep)
    total, parts = 0.0, 4
    for i in range(parts):
        for node, weight in _GAUSS:
            for sign in (-1, 1):
                angle = arc.start + arc.sweep * (i + 0.5 * (1 + sign * node)) / parts
                total += 0.5 * weight / parts * math.hypot(arc.rx * math.sin(angle), arc.ry * math.cos(angle))
    return total * abs(arc.sweep)


def signed_area(path: Path) -> float:
    """Net enclosed area in square user units, exact for every segment; positive is clockwise on screen. Open sub-paths
    count as closed, as a fill does."""
    total = 0.0  # twice the area: the sum of cross products
    at = start = (0.0, 0.0)
    for op, v in path.segments:
        if op == "M":
            total += at[0] * start[1] - at[1] * start[0]
            at = start = (v[0], v[1])
            continue
        if op == "Z":
            total += at[0] * start[1] - at[1] * start[0]
            at = start
            continue
        x0, y0 = at
        x, y = v[-2], v[-1]
        total += x0 * y - y0 * x
        if op == "C":
            total += _cubic_bulge(x0, y0, v)
        elif op == "A":
            arc = centre_form(at, v)
            if arc is not None:
                total += arc.rx * arc.ry * (arc.sweep - math.sin(arc.sweep))
        at = (x, y)
    total += at[0] * start[1] - at[1] * start[0]
    return total / 2


def _cubic_bulge(x0: float, y0: float, v: tuple[float, ...]) -> float:
    """Twice the signed area between a cubic and its chord (Green's theorem, relative to the start point)."""
    x1, y1, x2, y2, x3, y3 = v[0] - x0, v[1] - y0, v[2] - x0, v[3] - y0, v[4] - x0, v[5] - y0
    return 0.3 * (x1 * y2 - x2 * y1) + 0.3 * (x1 * y3 - x3 * y1) + 0.6 * (x2 * y3 - x3 * y2)
