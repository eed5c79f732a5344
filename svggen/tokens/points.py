"""Points as icon tokens.

Contract. ``snap`` brings a coordinate to the grid (0..192). ``point`` says a point by itself, ``anchor`` and ``handle``
as briefly as it can be said from another: an anchor (the end of a segment) by POINT where it lies on the half-pixel
grid, a handle (a control point of a curve) by NEAR before all.
"""

from __future__ import annotations

import math

from svggen.tokens import vocabulary as v
from svggen.tokens.asks import Spot

__all__ = ["anchor", "handle", "point", "snap"]


def snap(value: float) -> int:
    return min(v.GRID, max(0, math.floor(value * 8 + 0.5)))


def point(p: Spot) -> list[int]:
    x, y = p
    if x % 4 == 0 and y % 4 == 0:
        return [v.POINT0 + y // 4 * v.POINT_SIDE + x // 4]
    return [v.CELL0 + y // 8 * v.CELLS + x // 8, v.SUB0 + y % 8 * 8 + x % 8]


def _near(p: Spot, origin: Spot) -> list[int] | None:
    dx, dy = p[0] - origin[0], p[1] - origin[1]
    if max(abs(dx), abs(dy)) > v.NEAR_REACH:
        return None
    return [v.NEAR0 + (dy + v.NEAR_REACH) * v.NEAR_SIDE + dx + v.NEAR_REACH]


def anchor(p: Spot, pen: Spot) -> list[int]:
    """An anchor: POINT where it is on the half-pixel grid, NEAR where it is near, else CELL and SUB."""
    return ((p[0] % 4 or p[1] % 4) and _near(p, pen)) or point(p)


def handle(p: Spot, origin: Spot) -> list[int]:
    """A control point: NEAR before all."""
    return _near(p, origin) or point(p)
