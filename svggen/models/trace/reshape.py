"""Centre lines with a piece more where the contours ask for it, and without those that they do not ask for.

Contract. ``finer`` and ``plainer`` give a changed copy of a net at a fixed half width. Every change is tried where it
is: the pieces around it are fitted anew, all others stay, and it is kept if the squared misfit there (integrated along
the contours) becomes so much smaller, or grows by so little, as ``allowed`` says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from svggen.models.trace.net import Floats, Net, Seg, arc_of, distances, nearest_owner, sample
from svggen.models.trace.outlines import STEP, Points
from svggen.models.trace.refine import refine

__all__ = ["EVERY", "finer", "plainer"]

EVERY: Final = 2
"""Of the contour points one in so many is fitted."""

_MOST_TRIES: Final = 220
_MOST_FINER: Final = 24


@dataclass(frozen=True)
class Change:
    """One thing to try: its name (tried once at one place), how likely it looks (least first), by how many pieces it is
    plainer (below zero: finer), the nodes that it touches, and the changed net."""

    key: tuple[Any, ...]
    order: float
    gain: float
    touched: frozenset[int]
    make: Callable[[], Net | None]


def _capped(gap: Floats, half: float) -> Floats:
    """Squared misfits; the corners of caps and mitres, which no centre line explains, are capped."""
    short = np.minimum(np.abs(gap - half), 0.3 * half + 0.05)
    return np.asarray(short * short)


def _around(net: Net, touched: Iterable[int]) -> tuple[list[int], set[int]]:
    """The pieces at the touched nodes and their neighbours; the nodes that may move."""
    nodes = set(touched)
    near = [s for s in net.segs if s.a in nodes or s.b in nodes]
    free = nodes | {n for s in near for n in (s.a, s.b)}
    return [k for k, s in enumerate(net.segs) if s.a in free or s.b in free], free


@dataclass
class _State:
    """The net with, for every contour point, its piece and how far that is."""

    net: Net
    half: float
    points: Points

    def __post_init__(self) -> None:
        self.net.segs = _distinct(self.net, self.half)
        self.owner, self.gap = nearest_owner(self.net, self.points)

    def attempt(self, change: Change) -> tuple[float, Net] | None:
        """By how much the misfit grows, and the changed net."""
        fresh = change.make()
        if fresh is None or not fresh.segs:
            return None
        before, _ = _around(self.net, change.touched)
        after, free = _around(fresh, change.touched | set(range(len(self.net.nodes), len(fresh.nodes))))
        mine = np.isin(self.owner, before)
        some = self.points[mine]
        if not len(some):
            return 0.0, fresh
        if after:
            part = Net(fresh.nodes, [fresh.segs[k] for k in after])
            held = {n for s in part.segs for n in (s.a, s.b)} - free
            refine(part, some, half=self.half, free_half=False, held=held, scale=0.35 * self.half, rounds=5)
        was = float(_capped(self.gap[mine], self.half).sum())
        now = float(_capped(nearest_owner(fresh, some)[1], self.half).sum())
        return (now - was) * STEP * EVERY, fresh


def _distinct(net: Net, half: float) -> list[Seg]:
    """Without pieces from a node to itself, and pieces between the same nodes that lie on each other."""
    kept: dict[tuple[int, int], list[float]] = {}
    out = []
    for s in net.segs:
        ends = (min(s.a, s.b), max(s.a, s.b))
        height = (float(s.shape[0]) if s.kind == "A" else 0.0) * (1 if s.a < s.b else -1)
        if s.a == s.b or any(abs(height - other) < 0.3 * half for other in kept.get(ends, ())):
            continue
        kept.setdefault(ends, []).append(height)
        out.append(s)
    return out


def finer(net: Net, half: float, points: Points, allowed: float) -> Net:
    """With pieces bent or cut in two where the contours are far from them: the axis had rounded something away."""
    state = _State(net, half, points)
    given_up: set[tuple[int, int]] = set()
    for _ in range(_MOST_FINER):
        net = state.net
        share = np.bincount(state.owner, _capped(state.gap, half), minlength=len(net.segs)) * STEP * EVERY
        worst = [int(k) for k in np.argsort(-share) if (net.segs[k].a, net.segs[k].b) not in given_up]
        if not worst or share[worst[0]] < 5 * allowed:
            break
        k = worst[0]
        seg, mine = net.segs[k], state.owner == k
        best: tuple[float, Net] | None = None
        for fresh in _finer(net, k, points[mine], np.abs(state.gap[mine] - half)):
            found = state.attempt(Change((), 0.0, -1.0, frozenset((seg.a, seg.b)), partial(_as_is, fresh)))
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        if best is not None and best[0] < -3 * allowed:
            state = _State(best[1], half, points)
        else:
            given_up.add((seg.a, seg.b))
    return state.net


def plainer(net: Net, half: float, points: Points, allowed: float) -> Net:
    """Without the pieces that the contours do not ask for."""
    state = _State(net, half, points)
    tried: set[tuple[Any, ...]] = set()
    progress = True
    while progress and len(tried) < _MOST_TRIES:
        progress = False
        for change in _changes(state.net, half):
            if change.key in tried:
                continue
            found = state.attempt(change)
            if found is not None and found[0] <= allowed * change.gain:
                state = _State(found[1], half, points)
                tried = {key for key in tried if not change.touched & set(key[1:])}
                progress = True
                break
            tried.add(change.key)
            if len(tried) >= _MOST_TRIES:
                break
    return state.net


def _changes(net: Net, half: float) -> list[Change]:
    """The same drawing with one piece less or a plainer one, the likeliest first."""
    at: dict[int, list[int]] = {}
    for k, s in enumerate(net.segs):
        at.setdefault(s.a, []).append(k)
        at.setdefault(s.b, []).append(k)
    out: list[Change] = []
    for node, mine in at.items():
        if len(mine) == 2 and mine[0] != mine[1]:
            found = _merged(net, node, mine[0], mine[1])
            if found is not None:
                ends = frozenset(n for k in mine for n in (net.segs[k].a, net.segs[k].b))
                out.append(Change(("merge", *sorted(ends)), found[0], 1.0, ends, partial(_as_is, found[1])))
    for k, s in enumerate(net.segs):
        length = float(np.hypot(*(net.nodes[s.a] - net.nodes[s.b])))
        inner = len(at[s.a]) >= 2 and len(at[s.b]) >= 2
        ends = frozenset((s.a, s.b))
        if length < 1.2 * half and inner and s.a != s.b and len(net.segs) > 2:
            out.append(Change(("join", s.a, s.b), 0.3 + length, 1.0, ends, partial(_contracted, net, k)))
        if s.kind == "A" and abs(float(s.shape[0])) < 0.25 * half:
            height = abs(float(s.shape[0]))
            out.append(Change(("straight", s.a, s.b), height, 0.4, ends, partial(_straightened, net, k)))
        if s.kind == "L" and length < 4.0 and len(at[s.a]) == len(at[s.b]) == 2:
            out.append(Change(("bend", s.a, s.b), 1.0 + length, -0.4, ends, partial(_bent, net, k)))
        if length < 3 * half and len(net.segs) > 1 and min(len(at[s.a]), len(at[s.b])) == 1:
            out.append(Change(("drop", s.a, s.b), 0.2 + length, 1.0, ends, partial(_without, net, k)))
    out.extend(_welds(net, half, at))
    return sorted(out, key=lambda c: c.order)


def _without(net: Net, k: int) -> Net:
    out = net.copy()
    out.segs.pop(k)
    return out


def _welds(net: Net, half: float, at: Iterable[int]) -> list[Change]:
    """Nodes that lie on each other and are not joined, as one."""
    out = []
    known = sorted(at)
    joined = {frozenset((s.a, s.b)) for s in net.segs}
    for i, a in enumerate(known):
        for b in known[i + 1 :]:
            apart = float(np.hypot(*(net.nodes[a] - net.nodes[b])))
            if apart < 0.4 * half and frozenset((a, b)) not in joined:
                out.append(Change(("weld", a, b), apart, 0.5, frozenset((a, b)), partial(_welded, net, a, b)))
    return out


def _welded(net: Net, a: int, b: int) -> Net:
    out = net.copy()
    out.nodes[a] = (out.nodes[a] + out.nodes[b]) / 2
    for s in out.segs:
        s.a, s.b = (a if n == b else n for n in (s.a, s.b))
    out.segs = [s for s in out.segs if s.a != s.b]
    return out


def _as_is(net: Net) -> Net:
    return net


def _straightened(net: Net, k: int) -> Net:
    out = net.copy()
    out.segs[k] = Seg(out.segs[k].a, out.segs[k].b, "L")
    return out


def _finer(net: Net, k: int, points: Points, gap: Floats) -> list[Net]:
    """Piece k bent either way, and cut in two where it is worst."""
    seg = net.segs[k]
    p, q = net.nodes[seg.a], net.nodes[seg.b]
    length = float(np.hypot(*(q - p)))
    out = []
    if seg.kind == "L":
        for side in (0.15, -0.15):
            bent = net.copy()
            bent.segs[k] = Seg(seg.a, seg.b, "A", np.array([side * length]))
            out.append(bent)
    line = sample(p, q, seg.kind, seg.shape, 20)
    at = points[np.argmax(gap)]
    place = int(np.clip(np.argmin(np.hypot(*(line - at).T)), 5, 15))
    for cut_at in sorted({place, 10}):
        cut = net.copy()
        cut.nodes = np.concatenate([cut.nodes, line[cut_at][None]])
        fresh = len(cut.nodes) - 1
        cut.segs[k] = Seg(seg.a, fresh, "A", _height(line[: cut_at + 1], length))
        cut.segs.append(Seg(fresh, seg.b, "A", _height(line[cut_at:], length)))
        out.append(cut)
    return out


def _height(line: Floats, length: float) -> Floats:
    """Sagitta of the part of an arc, never quite none so that it can bend either way."""
    p, q = line[0], line[-1]
    chord = q - p
    height = float((line[len(line) // 2] - p) @ np.array([-chord[1], chord[0]])) / max(float(np.hypot(*chord)), 1e-9)
    return np.array([height if abs(height) > 0.002 * length else 0.002 * length])


def _bent(net: Net, k: int) -> Net | None:
    """A short line between two that turn the same way, as a fillet."""
    s = net.segs[k]
    turns = []
    chord = net.nodes[s.b] - net.nodes[s.a]
    for node, sign in ((s.a, 1.0), (s.b, -1.0)):
        other = next((o for o in net.segs if o is not s and node in (o.a, o.b)), None)
        if other is None:
            return None
        line = sample(net.nodes[other.a], net.nodes[other.b], other.kind, other.shape, 8)
        line = line if other.b == node else line[::-1]
        way = (line[-1] - line[-2]) * sign
        turns.append(sign * math.atan2(way[0] * chord[1] - way[1] * chord[0], float(way @ chord)))
    if min(abs(t) for t in turns) < 0.15 or max(abs(t) for t in turns) > 1.3 or (turns[0] > 0) != (turns[1] > 0):
        return None
    out = net.copy()
    height = float(np.hypot(*chord)) / 2 * math.tan((turns[0] + turns[1]) / 4)
    out.segs[k] = Seg(s.a, s.b, "A", np.array([-height]))
    return out


def _merged(net: Net, node: int, first: int, second: int) -> tuple[float, Net] | None:
    """Two pieces that meet at a node as one; how unlikely that looks."""
    a, b = net.segs[first], net.segs[second]
    start = a.a if a.b == node else a.b
    end = b.b if b.a == node else b.a
    p, q = net.nodes[start], net.nodes[end]
    chord = q - p
    length = float(np.hypot(*chord))
    if start == end or length < 1e-6:
        return None
    lines = [
        sample(net.nodes[s.a], net.nodes[s.b], s.kind, s.shape, 12)[:: 1 if way else -1]
        for s, way in ((a, a.b == node), (b, b.a == node))
    ]
    points = np.concatenate([lines[0], lines[1][1:]])
    height = ((points - p) @ np.array([-chord[1], chord[0]])) / length
    out = net.copy()
    out.segs = [s for k, s in enumerate(out.segs) if k not in (first, second)]
    most = float(np.abs(height).max())
    if a.kind == b.kind == "L" and most < 0.1 + 0.03 * length:
        out.segs.append(Seg(start, end, "L"))
        return most, out
    if a.kind == b.kind == "L" and most > 0.3 * length:
        return None
    middle = _sagitta(net, [s for s in (a, b) if s.kind == "A"], p, q, points, height)
    if abs(middle) < 1e-3:
        return None
    shape = np.array([middle])
    off = float(distances(points, p, q, "A", shape, bounded=True).max())
    if off > 0.7:
        return None
    if abs(middle) > 0.8 * length and float(np.hypot(*np.diff(points, axis=0).T).sum()) < 5.0:
        return None
    out.segs.append(Seg(start, end, "A", shape))
    return 0.1 + off, out


def _sagitta(net: Net, arcs: list[Seg], p: Floats, q: Floats, points: Floats, height: Floats) -> float:
    """Of the arc from p to q: on the circle of the longest arc where there is one, else through the farthest point."""
    if not arcs:
        return float(height[np.argmax(np.abs(height))])
    circles = [arc_of(net.nodes[s.a], net.nodes[s.b], float(s.shape[0])) for s in arcs]
    centre, radius, _, _ = max(circles, key=lambda c: c[1] * c[3])
    chord = q - p
    length = float(np.hypot(*chord))
    side = math.copysign(1.0, float(height[np.argmax(np.abs(height))]))
    middle = float((centre - p) @ np.array([-chord[1], chord[0]])) / length
    return side * (radius + side * middle)


def _contracted(net: Net, k: int) -> Net:
    out = net.copy()
    gone = out.segs.pop(k)
    out.nodes[gone.a] = (out.nodes[gone.a] + out.nodes[gone.b]) / 2
    for s in out.segs:
        s.a = gone.a if s.a == gone.b else s.a
        s.b = gone.a if s.b == gone.b else s.b
    out.segs = [s for s in out.segs if s.a != s.b]
    return out
