"""Elliptical arcs: centre form, splitting, the image under an affine map, cubic approximation.

Endpoint to centre conversion: SVG 2, appendix B.2.4; radii that are too small are scaled up (B.2.5).
An arc's arguments are those of a Segment: (rx, ry, rotation in degrees, large, sweep, x, y).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from svggen.geometry.affine import Affine, is_similarity, mean_scale
from svggen.icon.types import Point, Segment

__all__ = ["Arc", "arc_to_cubics", "centre_form", "split_arc", "transform_oval"]

_HALF_PI = math.pi / 2


@dataclass(frozen=True, slots=True)
class Arc:
    """Centre form: from angle ``start`` through ``sweep`` radians (signed, |sweep| <= 2 pi) on the ellipse with radii
    rx, ry turned by ``phi`` radians."""

    cx: float
    cy: float
    rx: float
    ry: float
    phi: float
    start: float
    sweep: float

    def point(self, t: float) -> Point:
        """The point at fraction t (0..1)."""
        angle = self.start + self.sweep * t
        x, y = self.rx * math.cos(angle), self.ry * math.sin(angle)
        cos, sin = math.cos(self.phi), math.sin(self.phi)
        return (self.cx + cos * x - sin * y, self.cy + sin * x + cos * y)


def centre_form(start: Point, args: tuple[float, ...]) -> Arc | None:
    """None for an arc that is a straight line (a zero radius) or goes nowhere."""
    rx, ry, turn, large, sweep, x, y = args
    rx, ry = abs(rx), abs(ry)
    x0, y0 = start
    if rx == 0 or ry == 0 or (x0 == x and y0 == y):
        return None
    phi = math.radians(turn)
    cos, sin = math.cos(phi), math.sin(phi)
    dx, dy = (x0 - x) / 2, (y0 - y) / 2
    xp, yp = cos * dx + sin * dy, -sin * dx + cos * dy
    lam = (xp / rx) ** 2 + (yp / ry) ** 2
    if lam > 1:
        grow = math.sqrt(lam)
        rx, ry = rx * grow, ry * grow
        cxp = cyp = 0.0
    else:
        den = (rx * yp) ** 2 + (ry * xp) ** 2
        if den == 0:  # the chord is too short to be told from nothing
            return None
        co = math.sqrt(max(0.0, (rx * ry) ** 2 / den - 1.0))
        if bool(large) == bool(sweep):
            co = -co
        cxp, cyp = co * rx * yp / ry, -co * ry * xp / rx
    cx = cos * cxp - sin * cyp + (x0 + x) / 2
    cy = sin * cxp + cos * cyp + (y0 + y) / 2
    a0 = math.atan2((yp - cyp) / ry, (xp - cxp) / rx)
    a1 = math.atan2((-yp - cyp) / ry, (-xp - cxp) / rx)
    delta = a1 - a0
    if sweep and delta < 0:
        delta += 2 * math.pi
    elif not sweep and delta > 0:
        delta -= 2 * math.pi
    return Arc(cx, cy, rx, ry, phi, a0, delta)


def split_arc(start: Point, args: tuple[float, ...], pieces: int = 2) -> list[Segment]:
    """Equal arcs that together draw the same; the last ends exactly where the arc ended."""
    arc = centre_form(start, args)
    if arc is None:
        return [("L", (args[5], args[6]))]
    out: list[Segment] = []
    large = 1.0 if abs(arc.sweep) / pieces > math.pi else 0.0
    for i in range(1, pieces + 1):
        x, y = arc.point(i / pieces) if i < pieces else (args[5], args[6])
        out.append(("A", (arc.rx, arc.ry, args[2], large, args[4], x, y)))
    return out


def arc_to_cubics(start: Point, args: tuple[float, ...]) -> list[Segment]:
    """Cubics, one per quarter turn at most: error below 0.03 % of the radius."""
    arc = centre_form(start, args)
    if arc is None:
        return [("L", (args[5], args[6]))]
    n = max(1, math.ceil(abs(arc.sweep) / _HALF_PI - 1e-9))
    step = arc.sweep / n
    k = 4 / 3 * math.tan(step / 4)
    cos_phi, sin_phi = math.cos(arc.phi), math.sin(arc.phi)

    def place(u: float, v: float) -> Point:
        x, y = arc.rx * u, arc.ry * v
        return (arc.cx + cos_phi * x - sin_phi * y, arc.cy + sin_phi * x + cos_phi * y)

    out: list[Segment] = []
    for i in range(n):
        a, b = arc.start + step * i, arc.start + step * (i + 1)
        ca, sa, cb, sb = math.cos(a), math.sin(a), math.cos(b), math.sin(b)
        end = place(cb, sb) if i < n - 1 else (args[5], args[6])
        out.append(("C", (*place(ca - k * sa, sa + k * ca), *place(cb + k * sb, sb - k * cb), *end)))
    return out


def transform_oval(m: Affine, oval: tuple[float, ...]) -> tuple[float, float, float]:
    """(rx, ry, rotation in degrees) of the image of an ellipse with these, by the SVD of the mapped ellipse. Radii are
    taken as written: those too small for their chord stay too small by the same factor."""
    rx, ry, turn = oval
    a, b, c, d = m[:4]
    if rx == ry and is_similarity(m):
        r = rx * mean_scale(m)
        return (r, r, 0.0)
    if turn % 180.0 == 0 and b == 0 and c == 0:
        return (rx * abs(a), ry * abs(d), 0.0)
    phi = math.radians(turn)
    cos, sin = math.cos(phi), math.sin(phi)
    # the columns of (linear part) x (rotation) x diag(rx, ry)
    big, small, angle = _svd(
        (a * cos + c * sin) * rx, (-a * sin + c * cos) * ry, (b * cos + d * sin) * rx, (-b * sin + d * cos) * ry
    )
    return (big, small, math.degrees(angle) % 180.0)


def _svd(p: float, q: float, r: float, s: float) -> tuple[float, float, float]:
    """Singular values of [[p, q], [r, s]] (larger first) and the direction of the larger axis, in radians."""
    e, f, g, h = (p + s) / 2, (p - s) / 2, (r + q) / 2, (r - q) / 2
    u, v = math.hypot(e, h), math.hypot(f, g)
    angle = (math.atan2(g, f) + math.atan2(h, e)) / 2
    return u + v, abs(u - v), angle
