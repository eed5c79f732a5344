"""A closed contour as few lines, arcs and cubics.

Contract. ``fit_contour`` gives a closed ``Net`` (segment k runs from node k to node k + 1, the last to node 0) whose
pieces lie within about ``tolerance`` of the points; ``None`` where the contour is too short to say. The cheapest chain
of lines and arcs is found by dynamic programming between the corners (a line costs 1, an arc 1.4, and the worst
deviation a share), then all nodes are moved at once by least squares, then runs of arcs become one cubic where one
does. ``fit_open`` is the same for an open polyline (a centre line).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.models.trace.net import Floats, Net, Seg, distances, sample
from svggen.models.trace.refine import refine

__all__ = ["deviation", "fit_closed", "fit_open"]

_ARC: Final = 1.4
_CUBIC: Final = 1.7
_MISFIT: Final = 0.35
_SETTLE: Final = 4  # times that points and pieces are matched anew
_KNOTS: Final = 80
_PORTION: Final = 14
_FEW: Final = 170  # points of a run that are looked at; each stands for those beside it
_CORNER: Final = math.radians(38)
_SPREAD: Final = 1.9  # how much more the direction may turn around a corner than at it
_SMOOTH: Final = math.radians(24)  # pieces that meet at less may become one cubic

Indices = npt.NDArray[np.int64]


def fit_closed(points: Floats, tolerance: float, pixel: float) -> Net | None:
    """points: (N, 2) evenly spaced. pixel: units of one pixel of the picture; corners are rounded by about that."""
    n = len(points)
    if n < 12:
        return None
    step = float(np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1).mean())
    corners, places = _corners(points, step, pixel)
    if len(corners) == 0:
        first = int(np.argmin(points[:, 0] + 1e-3 * points[:, 1]))
        corners, places = np.array([first]), points[[first]]
    ring = points.copy()
    ring[corners] = places
    blunt = np.zeros(n, bool)
    near = math.ceil((0.6 * pixel + 0.04) / step)
    for c in corners:
        blunt[np.arange(c - near, c + near + 1) % n] = True
    ring = np.roll(ring, -int(corners[0]), axis=0)
    blunt = np.roll(blunt, -int(corners[0]))
    marks = [*((corners - corners[0]) % n), n]
    ring, blunt = np.concatenate([ring, ring[:1]]), np.concatenate([blunt, blunt[:1]])
    knots, segs = [], []
    for start, end in pairwise(marks):
        found = _chain(ring[start : end + 1], blunt[start : end + 1], tolerance)
        for i, _, kind, shape in found:
            knots.append(start + i)
            segs.append((kind, shape))
    if len(knots) < 2:
        return None
    net = Net(ring[knots].copy(), [Seg(k, (k + 1) % len(knots), kind, shape) for k, (kind, shape) in enumerate(segs)])
    return _polished(net, ring[:-1], np.array(knots), blunt[:-1], tolerance, closed=True)


def fit_open(points: Floats, tolerance: float, blunt: npt.NDArray[np.bool_]) -> Net:
    """An open polyline of evenly spaced points as lines and arcs; its ends stay. blunt: points that are less sure."""
    found = _chain(points, blunt, tolerance)
    knots = [f[0] for f in found] + [len(points) - 1]
    return Net(points[knots].copy(), [Seg(k, k + 1, f[2], f[3]) for k, f in enumerate(found)])


# ---------------------------------------------------------------------------------------------------------- corners


def _corners(points: Floats, step: float, pixel: float) -> tuple[Indices, Floats]:
    """Where the direction breaks, in order, and the place that the sides on both sides point to."""
    n = len(points)
    k = max(2, min(round((0.26 + 0.6 * pixel) / step), n // 8))
    turn = np.abs(_turn(points - np.roll(points, k, axis=0), np.roll(points, -k, axis=0) - points))
    wide = np.abs(
        _turn(
            np.roll(points, k, axis=0) - np.roll(points, 2 * k, axis=0),
            np.roll(points, -2 * k, 0) - np.roll(points, -k, 0),
        )
    )
    high = np.max([np.roll(turn, j) for j in range(-k, k + 1)], axis=0)
    found = np.flatnonzero((turn >= high) & (turn > _CORNER) & ((wide < _SPREAD * turn) | (turn > math.radians(100))))
    kept = [int(i) for j, i in enumerate(found) if j == 0 or i - found[j - 1] > k // 2]
    places = np.array([_meeting(points, i, k, pixel) for i in kept]).reshape(-1, 2)
    return np.array(kept, dtype=np.int64), places


def _turn(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1)))


def _meeting(points: Floats, i: int, k: int, pixel: float) -> Floats:
    """Where the sides before and after point i would meet, if that is near it."""
    n = len(points)
    gap = max(1, k // 2)
    a, b = points[(i - gap - k) % n], points[(i - gap) % n]
    c, d = points[(i + gap) % n], points[(i + gap + k) % n]
    u, v = b - a, d - c
    cross = float(u[0] * v[1] - u[1] * v[0])
    if abs(cross) < 0.2 * float(np.linalg.norm(u) * np.linalg.norm(v)):
        return np.asarray(points[i])
    t = float((c - a)[0] * v[1] - (c - a)[1] * v[0]) / cross
    place: Floats = a + t * u
    near = float(np.linalg.norm(place - points[i])) < 0.12 + 0.8 * pixel
    return np.asarray(place if near else points[i])


# ------------------------------------------------------------------------------------------------ dynamic programming


def _chain(points: Floats, blunt: npt.NDArray[np.bool_], tolerance: float) -> list[tuple[int, int, Any, Floats]]:
    """(from, to, kind, shape) of the cheapest chain of lines and arcs along an open run."""
    slack = np.where(blunt, 3.0, 1.0)
    n = len(points)
    whole = _whole(points, slack, tolerance)
    if whole is not None:
        return [(0, n - 1, *whole)]
    thin = max(1, n // _FEW)
    if thin > 1:
        some = np.unique(np.append(np.arange(0, n, thin), n - 1))
        return [
            (int(some[i]), int(some[j]), kind, shape)
            for i, j, kind, shape in _cheapest(points[some], slack[some], tolerance)
        ]
    return _cheapest(points, slack, tolerance)


def _whole(points: Floats, slack: Floats, tolerance: float) -> tuple[Any, Floats] | None:
    """All of the run as one line or arc, where that is beyond doubt."""
    line, arc, bulge = _misfits(points, 0, np.array([len(points) - 1]), slack)
    if line[0] < 0.6 * tolerance:
        return "L", np.zeros(0)
    return ("A", bulge[:1]) if arc[0] < 0.5 * tolerance and line[0] > 1.5 * tolerance else None


def _cheapest(points: Floats, slack: Floats, tolerance: float) -> list[tuple[int, int, Any, Floats]]:
    n = len(points)
    knots = np.unique(np.round(np.linspace(0, n - 1, min(n, _KNOTS))).astype(np.int64))
    m = len(knots)
    cost, back = np.full(m, np.inf), [(0, "L", 0.0)] * m
    cost[0] = 0.0
    for i in range(m - 1):
        if not math.isfinite(cost[i]):
            continue
        for begin in range(i + 1, m, _PORTION):  # once nothing of a portion fits, what is longer will not
            many = knots[begin : begin + _PORTION]
            line, arc, bulge = _misfits(points, int(knots[i]), many, slack)
            lines = cost[i] + 1.0 + _MISFIT * (line / tolerance) ** 2
            arcs = cost[i] + _ARC + _MISFIT * (arc / tolerance) ** 2
            lines[line > tolerance], arcs[arc > tolerance] = np.inf, np.inf
            if begin == i + 1 and not math.isfinite(min(lines[0], arcs[0])):
                lines[0] = cost[i] + 3.0  # the shortest piece is always allowed
            for j in range(len(many)):
                best, kind = (lines[j], "L") if lines[j] <= arcs[j] else (arcs[j], "A")
                if best < cost[begin + j]:
                    cost[begin + j] = best
                    back[begin + j] = (i, kind, float(bulge[j]))
            if min(line.min(), arc.min()) > (1.0 if begin > i + 1 else 2.0) * tolerance:
                break
    out: list[tuple[int, int, Any, Floats]] = []
    at = m - 1
    while at > 0:
        i, kind, bulge_ = back[at]
        shape = np.array([bulge_]) if kind == "A" else np.zeros(0)
        out.append((int(knots[i]), int(knots[at]), kind, shape))
        at = i
    return out[::-1]


def _misfits(points: Floats, i: int, ends: Indices, slack: Floats) -> tuple[Floats, Floats, Floats]:
    """For pieces from point i to each end: the worst deviation of a line and of the best arc through both, and that
    arc's sagitta."""
    last = int(ends[-1])
    rel = points[i : last + 1] - points[i]
    chord = rel[ends - i]
    length = np.maximum(np.hypot(chord[:, 0], chord[:, 1]), 1e-9)
    unit = chord / length[:, None]
    u = unit @ rel.T
    v = unit[:, :1] * rel[:, 1] - unit[:, 1:] * rel[:, 0]
    inside = np.arange(len(rel))[None] < (ends - i)[:, None]
    ease = slack[i : last + 1]
    over = np.maximum(np.maximum(-u, u - length[:, None]), 0.0)  # a line that is passed and come back to is none
    line = np.where(inside, np.maximum(np.abs(v), over) / ease, 0.0).max(axis=1)
    h = u * u - u * length[:, None] + v * v
    vv = np.where(inside, v * v, 0.0).sum(axis=1)
    k = np.where(inside, h * v, 0.0).sum(axis=1) / np.maximum(2 * vv, 1e-12)
    radius = np.hypot(length / 2, k)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(rel, axis=0).T))])[ends - i]
    off = np.abs(np.hypot(u - length[:, None] / 2, v - k[:, None]) - radius[:, None])
    side = np.sign(np.where(inside, v, 0.0).sum(axis=1))
    arc = np.where(inside, off / ease, 0.0).max(axis=1)
    wrong = np.where(inside, v * side[:, None], 0.0).min(axis=1) < -2.0 * np.maximum(arc, 0.01)
    sagitta = k + side * radius
    round_ = length < 0.12 * along  # nearly all of a circle: its chord says nothing
    line = np.where(round_, np.inf, line)
    arc = np.where((radius > 80) | wrong | round_ | (side == 0) | (np.abs(sagitta) < 0.01), np.inf, arc)
    return line, arc, sagitta


# ------------------------------------------------------------------------------------------------------------ polish


def _owners(knots: Indices, n: int) -> Indices:
    owner = np.zeros(n, np.int64)
    for k in range(len(knots)):
        end = knots[k + 1] if k + 1 < len(knots) else n
        owner[knots[k] : end] = k
    return owner


def _polished(net: Net, points: Floats, knots: Indices, blunt: Any, tolerance: float, *, closed: bool) -> Net:
    owner = _owners(knots, len(points))
    weights = np.where(blunt, 0.05, 1.0)
    for _ in range(_SETTLE):
        refine(net, points, owner=owner, weights=weights, scale=2 * tolerance, rounds=3, hold=0.05)
        owner = _settled(net, points, owner)
    net, owner = _cubics(net, points, owner, tolerance)
    if any(s.kind == "C" for s in net.segs):
        refine(net, points, owner=owner, weights=weights, scale=2 * tolerance, rounds=3, hold=0.05)
    return net


def _settled(net: Net, points: Floats, owner: Indices) -> Indices:
    """Points beside a node go to whichever of its two pieces is nearer."""
    count = len(net.segs)
    out = owner.copy()
    table = [owner, (owner + 1) % count, (owner - 1) % count]
    best = np.full(len(points), np.inf)
    for k, seg in enumerate(net.segs):
        mine = np.flatnonzero((table[0] == k) | (table[1] == k) | (table[2] == k))
        gap = distances(points[mine], net.nodes[seg.a], net.nodes[seg.b], seg.kind, seg.shape, bounded=True)
        better = gap < best[mine] - 1e-6
        best[mine[better]] = gap[better]
        out[mine[better]] = k
    return out


def _cubics(net: Net, points: Floats, owner: Indices, tolerance: float) -> tuple[Net, Indices]:
    """Runs of arcs and short lines that meet smoothly become one cubic where one lies as near."""
    count = len(net.segs)
    groups: list[list[int]] = []
    k = 0
    taken: dict[int, Floats] = {}
    while k < count:
        size, shape = 1, None
        for many in range(min(5, count - k), 1, -1):
            if not _soft(net, k, many):
                continue
            some = points[(owner >= k) & (owner < k + many)]
            shape = _cubic(net.nodes[net.segs[k].a], net.nodes[net.segs[k + many - 1].b], some, tolerance)
            if shape is not None:
                size = many
                break
        if shape is not None:
            taken[len(groups)] = shape
        groups.append(list(range(k, k + size)))
        k += size
    if not taken or len(groups) < 2:
        return net, owner
    nodes = np.array([net.nodes[net.segs[g[0]].a] for g in groups])
    segs = []
    fresh = owner.copy()
    for index, group in enumerate(groups):
        old = net.segs[group[0]]
        kind: Any = "C" if index in taken else old.kind
        segs.append(Seg(index, (index + 1) % len(groups), kind, taken.get(index, old.shape)))
        fresh[np.isin(owner, group)] = index
    return Net(nodes, segs), fresh


def _soft(net: Net, k: int, many: int) -> bool:
    pieces = net.segs[k : k + many]
    arcs = sum(s.kind == "A" for s in pieces)
    cost = sum(_ARC if s.kind == "A" else 1.0 for s in pieces)
    if (arcs < 2 and many < 3) or cost <= _CUBIC:
        return False
    turns = 0.0
    last: Floats | None = None
    for s in pieces:
        p, q = net.nodes[s.a], net.nodes[s.b]
        if s.kind == "L" and float(np.hypot(*(q - p))) > 1.2:
            return False
        line = sample(p, q, s.kind, s.shape, 16)
        head, tail = line[1] - line[0], line[-1] - line[-2]
        if last is not None and abs(float(_turn(last[None], head[None])[0])) > _SMOOTH:
            return False
        turns += abs(float(_turn(head[None], tail[None])[0]))
        last = tail
    return turns < math.radians(150)


def _cubic(p: Floats, q: Floats, points: Floats, tolerance: float) -> Floats | None:
    """The handles of the cubic from p to q nearest to the points (in order), if all lie within the tolerance."""
    if len(points) < 6:
        return None
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    t = (lengths + 1e-9) / (lengths[-1] + 2e-9)
    shape = np.zeros(4)
    for _ in range(5):
        s = 1 - t
        basis = np.stack([3 * s * s * t, 3 * s * t * t], axis=1)
        rest = points - (s**3)[:, None] * p - (t**3)[:, None] * q
        handles = np.linalg.lstsq(basis, rest, rcond=None)[0]
        shape = handles.ravel()
        line = sample(p, q, "C", shape, 48)
        d = np.diff(line, axis=0)
        rel = points[:, None] - line[None, :-1]
        share = np.clip((rel * d).sum(axis=2) / np.maximum((d * d).sum(axis=1), 1e-18), 0, 1)
        gap = ((rel - share[..., None] * d) ** 2).sum(axis=2)
        best = np.argmin(gap, axis=1)
        t = np.maximum.accumulate((best + share[np.arange(len(points)), best]) / 48)
    worst = float(np.abs(distances(points, p, q, "C", shape, bounded=True)).max())
    reach = float(np.abs(np.stack([shape[:2] - p, shape[2:] - q])).max())
    return shape if worst <= tolerance and reach < 3 * float(np.hypot(*(q - p))) + 0.5 else None


def deviation(net: Net, points: Floats) -> tuple[float, float]:
    """Mean and greatest distance of the points from the drawing."""
    gaps = np.stack(
        [distances(points, net.nodes[s.a], net.nodes[s.b], s.kind, s.shape, bounded=True) for s in net.segs]
    )
    nearest = gaps.min(axis=0)
    return float(nearest.mean()), float(nearest.max())
