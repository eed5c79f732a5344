"""Least squares: a net moved as a whole until it lies on measured points.

Contract. ``refine`` changes node places, arc bulges, cubic handles and, where asked, half a line width, so that every
point lies at that distance from its own piece (0: on it), by damped Gauss-Newton steps with weights that let go of
points which no small change can explain (S. Geman and D. McClure, 1987). Pieces that meet nearly straight are drawn
towards meeting straight.
"""

from __future__ import annotations

import math
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.models.trace.net import Floats, Net, Seg, distances, nearest_owner

__all__ = ["refine"]

_DELTA: Final = 1e-4
_MOST_MOVE: Final = 0.25
_SMOOTHNESS: Final = 1.0
"""Weight of a squared angle (radians) between pieces that meet nearly straight, against squared units of a point."""
_NEARLY: Final = math.radians(20)
_KINK: Final = 0.2  # radians beyond which a break is thought to be meant
_HELD: Final = 1e9


def refine(
    net: Net,
    points: Floats,
    *,
    owner: npt.NDArray[np.int64] | None = None,
    half: float | None = None,
    free_half: bool = True,
    held: set[int] | None = None,
    weights: Floats | None = None,
    scale: float = 0.12,
    rounds: int = 5,
    hold: float = 0.02,
) -> float:
    """Moves ``net`` in place; gives the half width (0 where none was given).

    owner: the piece of each point, the nearest (found anew each round) where None. free_half: is the half width to be
    found too? held: nodes that stay. weights: of the points. scale: units beyond which a residual counts less. hold:
    how strongly everything wants to stay where it is, against one point's pull.
    """
    starts = list(np.cumsum([2 * len(net.nodes), *(len(s.shape) for s in net.segs)]))
    wide = half is not None and free_half
    total = int(starts[-1]) + wide
    width = half
    joints = _joints(net)
    for _ in range(rounds):
        mine = nearest_owner(net, points)[0] if owner is None else owner
        matrix, right = np.eye(total) * hold, np.zeros(total)
        for node in held or ():
            matrix[2 * node, 2 * node] = matrix[2 * node + 1, 2 * node + 1] = _HELD
        for k, seg in enumerate(net.segs):
            chosen = mine == k
            if seg.a == seg.b or not chosen.any():
                continue
            residual, jacobian = _linear(net, seg, points[chosen], width, wide)
            pull = (1.0 if weights is None else weights[chosen]) / (1.0 + (residual / scale) ** 2) ** 2
            where = np.array([*_indices(net, starts, k), *([total - 1] if wide else [])])
            weighted = jacobian * pull[:, None]
            matrix[np.ix_(where, where)] += weighted.T @ jacobian
            right[where] -= weighted.T @ residual
        _draw_straight(net, joints, starts, matrix, right)
        move = np.clip(np.linalg.solve(matrix, right), -_MOST_MOVE, _MOST_MOVE)
        net.nodes += move[: 2 * len(net.nodes)].reshape(-1, 2)
        for seg, start in zip(net.segs, starts[:-1], strict=True):
            seg.shape = seg.shape + move[start : start + len(seg.shape)]
        if width is not None and wide:
            width = max(0.05, width + float(move[-1]))
        if float(np.abs(move).max(initial=0.0)) < 1e-3:
            break
    return width or 0.0


def _draw_straight(net: Net, joints: list[tuple[End, End]], starts: list[int], matrix: Floats, right: Floats) -> None:
    for first, second in joints:
        index = [*_indices(net, starts, first[0]), *_indices(net, starts, second[0])]
        angle, slope = _bend(net, first, second)
        pull = _SMOOTHNESS / (1.0 + (angle / _KINK) ** 2) ** 2
        np.add.at(matrix, np.ix_(index, index), pull * np.outer(slope, slope))
        np.add.at(right, index, -pull * angle * slope)


def _indices(net: Net, starts: list[int], k: int) -> list[int]:
    seg = net.segs[k]
    return [2 * seg.a, 2 * seg.a + 1, 2 * seg.b, 2 * seg.b + 1, *range(starts[k], starts[k] + len(seg.shape))]


End: TypeAlias = tuple[int, bool]
"""A piece, and whether its end at node b is meant."""


def _joints(net: Net) -> list[tuple[End, End]]:
    """Ends of pieces that meet nearly straight, one of them curved: what was meant to be smooth."""
    at: dict[int, list[End]] = {}
    for k, seg in enumerate(net.segs):
        if seg.a != seg.b:
            at.setdefault(seg.a, []).append((k, False))
            at.setdefault(seg.b, []).append((k, True))
    out = []
    for ends in at.values():
        for i, first in enumerate(ends):
            for second in ends[i + 1 :]:
                kinds = net.segs[first[0]].kind + net.segs[second[0]].kind
                if first[0] != second[0] and (kinds != "LL" or len(ends) > 2):
                    angle = _angle(*_way(net, first), *_way(net, second))
                    if abs(angle) < _NEARLY:
                        out.append((first, second))
    return out


def _way(net: Net, end: End, values: Floats | None = None) -> tuple[float, float]:
    """Direction in which a piece leaves through one of its ends (not of unit length)."""
    seg = net.segs[end[0]]
    if values is None:
        values = np.concatenate([net.nodes[seg.a], net.nodes[seg.b], seg.shape])
    ax, ay, bx, by = (float(v) for v in values[:4])
    dx, dy = bx - ax, by - ay
    if seg.kind == "C":
        hx, hy, gx, gy = (float(v) for v in values[4:])
        return (bx - gx, by - gy) if end[1] else (ax - hx, ay - hy)
    if seg.kind == "A":
        half = 2 * math.atan2(2 * float(values[4]), math.hypot(dx, dy))  # signed
        cos, sin = math.cos(half), math.sin(half)
        if end[1]:
            return dx * cos + dy * sin, dy * cos - dx * sin
        return -(dx * cos - dy * sin), -(dy * cos + dx * sin)
    return (dx, dy) if end[1] else (-dx, -dy)


def _angle(ux: float, uy: float, vx: float, vy: float) -> float:
    """By how much two ends that leave through one node fail to be opposite."""
    return math.atan2(uy * vx - ux * vy, -(ux * vx + uy * vy))


def _bend(net: Net, first: End, second: End) -> tuple[float, Floats]:
    """The angle at a joint and its change with the parameters of both pieces."""
    parts = []
    for k, _ in (first, second):
        seg = net.segs[k]
        parts.append(np.concatenate([net.nodes[seg.a], net.nodes[seg.b], seg.shape]))
    u, v = _way(net, first, parts[0]), _way(net, second, parts[1])
    base = _angle(*u, *v)
    slope = []
    for which, values in enumerate(parts):
        for i in range(len(values)):
            moved = values.copy()
            moved[i] += _DELTA
            way = _way(net, (first, second)[which], moved)
            slope.append(((_angle(*way, *v) if which == 0 else _angle(*u, *way)) - base) / _DELTA)
    return base, np.array(slope)


def _linear(net: Net, seg: Seg, points: Floats, half: float | None, wide: bool) -> tuple[Floats, Floats]:
    """Residuals, and their change with each parameter of the piece (and, ``wide``, with the half width)."""
    bounded = half is not None
    values = np.concatenate([net.nodes[seg.a], net.nodes[seg.b], seg.shape])

    def at(v: Floats) -> Floats:
        return distances(points, v[:2], v[2:4], seg.kind, v[4:], bounded=bounded)

    base = at(values)
    columns: list[Any] = []
    for i in range(len(values)):
        moved = values.copy()
        moved[i] += _DELTA
        columns.append((at(moved) - base) / _DELTA)
    if wide:
        columns.append(np.full(len(points), -1.0))
    return base - (half or 0.0), np.stack(columns, axis=1)
