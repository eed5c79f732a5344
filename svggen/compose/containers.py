"""Containers: the outlines that a glyph can sit in, and how much room each leaves.

Contract. ``outline(kind, pen, padding)`` gives the geometry of the centre-line on a 24 px canvas. Proportions are our
own,
after the keylines of line icon sets: circle 20 px across, square 18 px, both of 2 px strokes (Lucide, Tabler).
"""

from __future__ import annotations

import math

from svggen.compose.marks import Pen
from svggen.icon import Circle, Geometry, Path, Point, Rect, Segment

KINDS = (
    "badge",
    "circle",
    "diamond",
    "hexagon",
    "octagon",
    "pentagon",
    "rounded-square",
    "shield",
    "square",
    "triangle",
)


def outline(kind: str, pen: Pen, padding: float) -> Geometry:
    """The centre-line of a container whose ink is ``padding`` px from the canvas edge along its longer side."""
    reach = 12.0 - padding - pen.width / 2  # from the centre to the centre-line
    if kind == "circle":
        return Circle(12.0, 12.0, reach)
    if kind in {"square", "rounded-square"}:
        half = reach * 0.92  # a square looks larger than a circle of the same width
        radius = {"square": min(pen.radius, 2.0), "rounded-square": max(2.5 * pen.radius, 4.5)}[kind]
        return Rect(12 - half, 12 - half, 2 * half, 2 * half, radius, radius)
    radius = 0.0 if pen.join == "miter" and pen.radius == 0 else max(1.0, pen.radius * 0.9)
    if kind == "shield":
        return _shield(reach)
    if kind == "badge":
        return _scallops(reach)
    sides, turn, grow = {
        "hexagon": (6, 0.0, 1.04), "octagon": (8, math.pi / 8, 1.06), "diamond": (4, 0.0, 1.08), "pentagon": (5, 0.0,
        1.05),
        "triangle": (3, 0.0, 1.34),
    }[kind]  # fmt: skip
    centre = 12.0 + {"triangle": 0.32 * reach, "pentagon": 0.06 * reach}.get(kind, 0.0)
    corners = [
        (
            12.0 + grow * reach * math.sin(turn + i * math.tau / sides),
            centre - grow * reach * math.cos(turn + i * math.tau / sides),
        )
        for i in range(sides)
    ]
    if kind == "triangle":
        corners = [(x, min(y, 12.0 + 0.86 * reach)) for x, y in corners]
        radius = min(radius, 2.0)
    return _rounded(corners, radius)


def centre(kind: str) -> Point:
    """Where a glyph looks centred in the container."""
    return 12.0, {"shield": 11.4, "triangle": 14.7, "pentagon": 12.4}.get(kind, 12.0)


def _rounded(corners: list[Point], radius: float) -> Path:
    """The polygon with its corners cut back and joined by circular arcs (radius 0: sharp)."""
    out: list[Segment] = []
    n = len(corners)
    for i, (x, y) in enumerate(corners):
        (px, py), (qx, qy) = corners[i - 1], corners[(i + 1) % n]
        before, after = math.hypot(px - x, py - y), math.hypot(qx - x, qy - y)
        dot = ((px - x) * (qx - x) + (py - y) * (qy - y)) / (before * after)
        half = math.acos(max(-1.0, min(1.0, dot))) / 2
        back = min(radius / math.tan(half), 0.45 * min(before, after)) if radius else 0.0
        a = (x + (px - x) * back / before, y + (py - y) * back / before)
        b = (x + (qx - x) * back / after, y + (qy - y) * back / after)
        out.append(("L" if out else "M", a))
        if back:
            r = back * math.tan(half)
            out.append(("A", (r, r, 0.0, 0.0, 1.0, *b)))
    return Path((*out, ("Z", ())))


def _shield(reach: float) -> Path:
    k = reach / 10.0

    def at(*v: float) -> tuple[float, ...]:
        return tuple(12.0 + c * k for c in v)

    return Path((
        ("M", at(0.0, -10.0)),
        ("C", at(2.4, -8.2, 5.2, -7.2, 8.3, -7.0)),
        ("L", at(8.3, 0.2)),
        ("C", at(8.3, 5.2, 4.6, 8.6, 0.0, 10.0)),
        ("C", at(-4.6, 8.6, -8.3, 5.2, -8.3, 0.2)),
        ("L", at(-8.3, -7.0)),
        ("C", at(-5.2, -7.2, -2.4, -8.2, 0.0, -10.0)),
        ("Z", ()),
    ))  # fmt: skip


def _scallops(reach: float, lobes: int = 8) -> Path:
    """A seal: ``lobes`` round bumps. Each bump is an arc between two notches on a circle of 0.87 of the reach."""
    inner = reach * 0.88
    notch = [
        (12.0 + inner * math.sin((i + 0.5) * math.tau / lobes), 12.0 - inner * math.cos((i + 0.5) * math.tau / lobes))
        for i in range(-1, lobes)
    ]
    chord = math.dist(notch[0], notch[1])
    rise = reach - inner * math.cos(math.pi / lobes)
    r = (chord * chord / 4 + rise * rise) / (2 * rise)
    out: list[Segment] = [("M", notch[0])]
    out += [("A", (r, r, 0.0, 0.0, 1.0, *p)) for p in notch[1:]]
    return Path((*out, ("Z", ())))
