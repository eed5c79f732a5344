"""Centre lines as shapes: which pieces follow each other in one stroke, and how they are written.

Contract. ``trails`` orders the pieces of a net into runs, each piece in one run: through every node where two meet, and
straight on through junctions. ``stroke_shapes`` writes closed runs that are circles, ellipses or rectangles as such,
single straight ones as lines, and the others together as one path.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np

from svggen.icon import Cap, Geometry, Join, Line, Look, Path, Segment, Shape
from svggen.models.trace.net import Floats, Net, Seg, arc_of, sample, segment_of
from svggen.models.trace.primitives import primitive_of

__all__ = ["Step", "closed_path", "join_of", "stroke_shapes", "trails"]

Step: TypeAlias = tuple[int, bool]
"""A piece of the net, and whether it is travelled from its node a to its node b."""

_THROUGH: Final = math.radians(32)  # lines that meet at a junction at less go through it
_BREAK: Final = math.radians(25)  # a corner whose join can be seen
_COLLINEAR: Final = math.radians(2.5)
_SAME_CIRCLE: Final = 0.025
_PRIMITIVE: Final = 0.05


def _start(net: Net, step: Step) -> int:
    seg = net.segs[step[0]]
    return seg.a if step[1] else seg.b


def _end(net: Net, step: Step) -> int:
    seg = net.segs[step[0]]
    return seg.b if step[1] else seg.a


def _line(net: Net, step: Step, count: int = 12) -> Floats:
    seg = net.segs[step[0]]
    line = sample(net.nodes[seg.a], net.nodes[seg.b], seg.kind, seg.shape, count)
    return line if step[1] else line[::-1]


def _way(net: Net, step: Step, at_end: bool) -> Floats:
    """Unit direction of travel where a piece is entered or left."""
    line = _line(net, step)
    d = line[-1] - line[-2] if at_end else line[1] - line[0]
    return np.asarray(d / max(float(np.hypot(*d)), 1e-12))


def _turn(u: Floats, v: Floats) -> float:
    return math.atan2(float(u[0] * v[1] - u[1] * v[0]), float(u @ v))


def trails(net: Net) -> list[tuple[list[Step], bool]]:
    """(steps, closed) of each run."""
    partner = _partners(net)
    left = set(range(len(net.segs)))
    out: list[tuple[list[Step], bool]] = []
    while left:
        first: Step = (min(left), True)
        run = [first]
        left.discard(first[0])
        closed = False
        for forward in (True, False):
            while not closed:
                k, way = run[-1] if forward else run[0]
                following = partner.get((k, way if forward else not way))
                if following is None:
                    break
                if following[0] not in left:
                    closed = following[0] == (run[0][0] if forward else run[-1][0]) and len(run) > 1
                    break
                left.discard(following[0])
                if forward:
                    run.append((following[0], not following[1]))
                else:
                    run.insert(0, (following[0], following[1]))
        out.append((run, closed))
    return out


def _partners(net: Net) -> dict[tuple[int, bool], tuple[int, bool]]:
    """Which end of which piece follows each end (piece, True for the end at node b)."""
    at: dict[int, list[tuple[int, bool]]] = {}
    for k, seg in enumerate(net.segs):
        at.setdefault(seg.a, []).append((k, False))
        at.setdefault(seg.b, []).append((k, True))
    out: dict[tuple[int, bool], tuple[int, bool]] = {}
    for ends in at.values():
        ways = [_way(net, e, True) for e in ends]  # towards the node: travelled so that it is left there
        pairs = sorted((abs(_turn(ways[i], -ways[j])), i, j) for i in range(len(ends)) for j in range(i + 1, len(ends)))
        used: set[int] = set()
        for turn, i, j in pairs:
            if i in used or j in used or (len(ends) > 2 and turn > _THROUGH):
                continue
            used |= {i, j}
            out[ends[i]], out[ends[j]] = ends[j], ends[i]
    return out


def join_of(net: Net, half: float, value: Callable[[Floats], Floats]) -> Join:
    """Round or mitred, by the tips of the corners. value: coverage at places."""
    probes = []
    for run, closed in trails(net):
        for a, b in zip(run, [*run[1:], *(run[:1] if closed else [])], strict=False):
            out, into = _way(net, a, True), _way(net, b, False)
            turn = abs(_turn(out, into))
            tip = half / math.cos(turn / 2) if turn < math.radians(125) else 0.0
            if turn < _BREAK or tip - half < 0.1:
                continue
            bisector = (out - into) / max(float(np.hypot(*(out - into))), 1e-12)
            probes.append(net.nodes[_start(net, b)] + bisector * (half + 0.5 * (tip - half)))
    if not probes:
        return "round"
    return "miter" if float((value(np.array(probes)) > 0.5).mean()) > 0.5 else "round"


def stroke_shapes(net: Net, half: float, caps: Mapping[int, Cap], join: Join) -> list[Shape]:
    """caps: of the free ends, by node. A run takes the cap of its ends (round before butt, where they differ); without
    one it takes that of most ends."""
    votes = list(caps.values())
    usual: Cap = "butt" if votes.count("butt") * 2 > len(votes) else "round"
    geometries: list[tuple[Geometry, Cap]] = []
    segments: dict[Cap, list[Segment]] = {}
    for run, closed in trails(net):
        if closed:
            outline = np.concatenate([_line(net, s, 24)[:-1] for s in run])
            found = primitive_of(outline, _PRIMITIVE)
            if found is not None:
                geometries.append((found, usual))
                continue
        ends = {caps[n] for n in (_start(net, run[0]), _end(net, run[-1])) if n in caps and not closed}
        cap: Cap = usual if not ends else "butt" if ends == {"butt"} else "round"
        pieces = _joined(net, run, closed)
        if len(pieces) == 1 and pieces[0][2] == "L" and not closed:
            (x1, y1), (x2, y2) = pieces[0][0], pieces[0][1]
            geometries.append((Line(float(x1), float(y1), float(x2), float(y2)), cap))
            continue
        segments.setdefault(cap, []).extend(_written(pieces, closed))
    geometries.extend((Path(tuple(some)), cap) for cap, some in segments.items())
    return [
        Shape(g, Look(fill="none", stroke="currentColor", stroke_width=2 * half, cap=cap, join=join))
        for g, cap in geometries
    ]


Piece: TypeAlias = tuple[Floats, Floats, str, Floats]


def _joined(net: Net, run: list[Step], closed: bool) -> list[Piece]:
    """(from, to, kind, shape) along the run; straight on is one line, one circle one arc."""
    pieces: list[Piece] = []
    for step in run:
        seg = net.segs[step[0]]
        p, q = net.nodes[_start(net, step)], net.nodes[_end(net, step)]
        pieces.append((p, q, seg.kind, _turned(seg, step[1])))
    k = 0
    while k < len(pieces) and len(pieces) > 1:
        after = (k + 1) % len(pieces)
        if after == 0 and (not closed or len(pieces) < 3):
            break
        one = _one(pieces[k], pieces[after])
        if one is None:
            k += 1
            continue
        pieces[k] = one
        pieces.pop(after)
        if after == 0:
            break
    return pieces


def _turned(seg: Seg, forward: bool) -> Floats:
    if forward or seg.kind == "L":
        return seg.shape
    return -seg.shape if seg.kind == "A" else np.array([*seg.shape[2:], *seg.shape[:2]])


def _one(a: Piece, b: Piece) -> Piece | None:
    if a[2] == b[2] == "L":
        u, v = a[1] - a[0], b[1] - b[0]
        off = abs(float(u[0] * v[1] - u[1] * v[0])) / max(float(np.hypot(*(b[1] - a[0]))), 1e-9)
        return (a[0], b[1], "L", a[3]) if abs(_turn(u, v)) < _COLLINEAR and off < 0.03 else None
    if a[2] == b[2] == "A" and (a[3][0] > 0) == (b[3][0] > 0):
        return _one_arc(a, b)
    return None


def _one_arc(a: Piece, b: Piece) -> Piece | None:
    """The arc through both ends and the place between, if both arcs lie on it and it is well below a full turn."""
    p, m, q = a[0], a[1], b[1]
    first, second = arc_of(p, m, float(a[3][0])), arc_of(m, q, float(b[3][0]))
    half = first[3] + second[3]
    length = float(np.hypot(*(q - p)))
    if half > math.radians(160) or length < 0.2:
        return None
    u, v = m - p, q - p
    cross = float(u[0] * v[1] - u[1] * v[0])
    if abs(cross) < 1e-9:
        return None
    uu, vv = float(u @ u), float(v @ v)
    centre = p + np.array([v[1] * uu - u[1] * vv, u[0] * vv - v[0] * uu]) / (2 * cross)
    radius = float(np.hypot(*(p - centre)))
    for start, end, shape in ((p, m, a[3]), (m, q, b[3])):
        line = sample(start, end, "A", shape, 4)[1:-1]
        if float(np.abs(np.hypot(*(line - centre).T) - radius).max()) > _SAME_CIRCLE:
            return None
    height = radius - math.copysign(math.sqrt(max(radius * radius - length * length / 4, 0.0)), math.cos(half))
    return (p, q, "A", np.array([math.copysign(height, float(a[3][0]))]))


def _written(pieces: list[Piece], closed: bool) -> list[Segment]:
    x, y = pieces[0][0]
    out: list[Segment] = [("M", (float(x), float(y)))]
    for p, q, kind, shape in pieces:
        out.extend(segment_of(p, q, kind, shape))
    if closed:
        if out[-1][0] == "L" and len(out) > 3:
            out.pop()
        out.append(("Z", ()))
    return out


def closed_path(net: Net) -> list[Segment]:
    """A closed contour (segment k from node k to node k + 1) as path segments."""
    return _written(_joined(net, [(k, True) for k in range(len(net.segs))], True), True)
