"""The centre lines of a piece of ink, as a graph of pixel chains.

Contract. ``skeleton_of`` takes a boolean mask whose pixels are ``1 / unit`` of the canvas and gives the graph of its
medial axis in canvas units, spurs into corners cut off, junctions that belong together joined, or None where the ink
is no line: its width (twice the distance to the edge along the axis) is not the same nearly everywhere.

Thinning: Z. Guo and R. W. Hall (Parallel thinning with two-subiteration algorithms, 1989), which, unlike the better
known one of Zhang and Suen, does not eat diagonal lines from their ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.lean import lean_ndimage
from svggen.models.trace.net import Floats

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["Skeleton", "skeleton_of", "thinned"]

Mask = npt.NDArray[np.bool_]

_CONSTANT: Final = 0.22  # share of the half width by which the axis may differ
_ENOUGH: Final = 0.72  # share of the axis that must have that width
_WIDEST: Final = 5.0  # units; a wider line is an area
_EIGHT: Final = np.ones((3, 3), bool)


@dataclass(eq=False)
class Edge:
    """Between nodes ``a`` and ``b`` (-1, -1: a ring): its pixel centres in order, in units."""

    a: int
    b: int
    points: Floats

    @property
    def length(self) -> float:
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum()) if len(self.points) > 1 else 0.0


@dataclass
class Skeleton:
    """nodes: place of each junction and free end. half: half the line width, units."""

    nodes: dict[int, Floats]
    edges: list[Edge]
    half: float

    def degree(self, node: int) -> int:
        return sum((e.a == node) + (e.b == node) for e in self.edges)


def thinned(mask: Mask) -> Mask:
    """One pixel wide, connected as the mask is."""
    image = np.pad(mask, 1).astype(np.uint8)
    while True:
        gone = 0
        for first in (True, False):
            p2, p3, p4, p5, p6, p7, p8, p9 = (p.astype(bool) for p in _around(image))
            inner = image[1:-1, 1:-1]
            parts = sum(
                (~a & (b | c)).astype(np.uint8) for a, b, c in ((p2, p3, p4), (p4, p5, p6), (p6, p7, p8), (p8, p9, p2))
            )
            one = sum((a | b).astype(np.uint8) for a, b in ((p9, p2), (p3, p4), (p5, p6), (p7, p8)))
            two = sum((a | b).astype(np.uint8) for a, b in ((p2, p3), (p4, p5), (p6, p7), (p8, p9)))
            near = np.minimum(one, two)
            free = ~((p6 | p7 | ~p9) & p8) if first else ~((p2 | p3 | ~p5) & p4)
            drop = (inner == 1) & (parts == 1) & (near >= 2) & (near <= 3) & free
            gone += int(drop.sum())
            inner[drop] = 0
        if not gone:
            return image[1:-1, 1:-1].astype(bool)


def _around(p: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], ...]:
    return (
        p[:-2, 1:-1], p[:-2, 2:], p[1:-1, 2:], p[2:, 2:], p[2:, 1:-1], p[2:, :-2], p[1:-1, :-2], p[:-2, :-2],
    )  # fmt: skip


def skeleton_of(mask: Mask, unit: float) -> Skeleton | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    top, left = int(rows[0]) - 2, int(columns[0]) - 2
    cut = np.pad(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 2)
    depth = ndimage.distance_transform_edt(cut) - 0.5
    if 2 * float(depth.max()) / unit > _WIDEST * 1.4:
        return None
    thin = thinned(cut)
    axis = depth[thin]
    if not len(axis):
        return None
    half = float(np.median(axis))
    if float(cut.sum()) < 4.2 * half * half or (np.abs(axis - half) < _CONSTANT * half + 0.7).mean() < _ENOUGH:
        return None
    graph = _graph(thin, depth)
    _prune(graph, depth, half)
    _unloop(graph, half)
    _join(graph, half)
    _dissolve(graph)
    if not graph.edges:
        return None
    for edge in graph.edges:
        edge.points = (edge.points + np.array([left, top]) + 0.5) / unit
    nodes = {k: (p + np.array([left, top]) + 0.5) / unit for k, p in graph.nodes.items()}
    return Skeleton(nodes, graph.edges, half / unit)


def _graph(thin: Mask, depth: Floats) -> Skeleton:
    near = ndimage.convolve(thin.astype(np.uint8), np.ones((3, 3), np.uint8), mode="constant") - 1
    crossing = thin & (near >= 3)
    labels, count = ndimage.label(crossing, _EIGHT)
    nodes: dict[int, Floats] = {}
    for k in range(1, count + 1):
        y, x = np.nonzero(labels == k)
        nodes[k] = np.array([x.mean(), y.mean()])
    chains, many = ndimage.label(thin & ~crossing, _EIGHT)
    edges: list[Edge] = []
    fresh = count
    boxes = ndimage.find_objects(chains)
    for k in range(1, many + 1):
        box = boxes[k - 1]
        ys, xs = np.nonzero(chains[box] == k)
        pixels = [(int(x) + box[1].start, int(y) + box[0].start) for x, y in zip(xs, ys, strict=True)]
        ordered = _ordered(pixels)
        ends: list[int] = []
        touching = [_touching(labels, p) for p in (ordered[0], ordered[-1])]
        closed = len(ordered) > 8 and _beside(ordered[0], ordered[-1]) and not any(touching)
        if closed:
            edges.append(Edge(-1, -1, np.array(ordered, float)))
            continue
        if len(ordered) == 1 and len(touching[0]) > 1:
            ends = touching[0][:2]
        else:
            for which, place in ((touching[0], ordered[0]), (touching[1], ordered[-1])):
                if which:
                    ends.append(which[0])
                else:
                    fresh += 1
                    nodes[fresh] = np.array(place, float)
                    ends.append(fresh)
        edges.append(Edge(ends[0], ends[1], np.array(ordered, float)))
    return Skeleton(nodes, edges, 0.0)


def _beside(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= 1


def _touching(labels: npt.NDArray[Any], p: tuple[int, int]) -> list[int]:
    around = labels[p[1] - 1 : p[1] + 2, p[0] - 1 : p[0] + 2]
    return [int(v) for v in np.unique(around) if v]


def _ordered(pixels: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pixels of a chain from one end to the other."""
    left = set(pixels)

    def around(p: tuple[int, int]) -> list[tuple[int, int]]:
        x, y = p
        steps = ((0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1))
        return [(x + i, y + j) for i, j in steps if (x + i, y + j) in left]

    ends = sorted(p for p in pixels if len(around(p)) <= 1)
    at = ends[0] if ends else min(pixels)
    out = [at]
    left.discard(at)
    while True:
        following = around(at)
        if not following:
            return out
        at = following[0]
        left.discard(at)
        out.append(at)


def _prune(graph: Skeleton, depth: Floats, half: float) -> None:
    """Spurs that run into a corner go: they are short and end where there is hardly any depth."""
    kept = []
    for edge in graph.edges:
        free = [n for n in (edge.a, edge.b) if n >= 0 and graph.degree(n) == 1]
        if len(free) == 1 and edge.a != edge.b:
            at = edge.points.astype(int)
            along = depth[at[:, 1], at[:, 0]]
            deep = float(along[-1] if edge.b == free[0] else along[0])
            if deep < 0.6 * half and float((along >= 0.9 * half).mean()) < 0.35 and edge.length < 4 * half:
                del graph.nodes[free[0]]
                continue
        kept.append(edge)
    graph.edges = kept
    for edge in graph.edges:  # what is left of a free end in the corner of a cap
        for node, back in ((edge.a, False), (edge.b, True)):
            if node < 0 or graph.degree(node) != 1 or edge.a == edge.b:
                continue
            points = edge.points[::-1] if back else edge.points
            deep = depth[points[:, 1].astype(int), points[:, 0].astype(int)]
            good = np.flatnonzero(deep >= 0.8 * half)
            first = int(good[0]) if len(good) else 0
            points = points[first:]
            graph.nodes[node] = points[0]
            edge.points = points[::-1] if back else points


def _join(graph: Skeleton, half: float) -> None:
    """Junctions nearer than a line is wide are one."""
    while True:
        short = [
            e
            for e in graph.edges
            if e.a != e.b and e.length < 1.1 * half and graph.degree(e.a) > 2 and graph.degree(e.b) > 2
        ]
        if not short:
            break
        edge = min(short, key=lambda e: e.length)
        graph.edges = [e for e in graph.edges if e is not edge]
        graph.nodes[edge.a] = (graph.nodes[edge.a] + graph.nodes[edge.b]) / 2
        del graph.nodes[edge.b]
        for other in graph.edges:
            other.a = edge.a if other.a == edge.b else other.a
            other.b = edge.a if other.b == edge.b else other.b
        _unloop(graph, half)


def _unloop(graph: Skeleton, half: float) -> None:
    """A loop around less than a line's width is none: the axis had a hole of a few pixels."""
    graph.edges = [e for e in graph.edges if not (e.a == e.b >= 0 and e.length < 4 * half)]


def _dissolve(graph: Skeleton) -> None:
    """Junctions that only two edges are left at are none."""
    for node in list(graph.nodes):
        mine = [e for e in graph.edges if node in (e.a, e.b)]
        if len(mine) == 1 and mine[0].a == mine[0].b:
            mine[0].points = np.concatenate([mine[0].points, graph.nodes[node][None]])
            mine[0].a = mine[0].b = -1
            del graph.nodes[node]
        elif len(mine) == 2 and graph.degree(node) == 2:
            a, b = mine
            first = a.points if a.b == node else a.points[::-1]
            start = a.a if a.b == node else a.b
            second = b.points if b.a == node else b.points[::-1]
            end = b.b if b.a == node else b.a
            graph.edges = [e for e in graph.edges if e is not a and e is not b]
            graph.edges.append(Edge(start, end, np.concatenate([first, graph.nodes[node][None], second])))
            del graph.nodes[node]
        elif not mine:
            del graph.nodes[node]
