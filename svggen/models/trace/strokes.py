"""A piece of ink as lines of one width: the skeleton's graph, fitted to the contours, written as strokes.

Contract. ``strokes_of`` gives centre lines in units of the 24 px canvas with one line width, or None where the piece is
no line drawing. Every contour point of a line lies half a width from its centre line: all nodes, bulges and the width
are found at once by least squares over that. Whether the result is good enough is for the caller to see by rendering
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from svggen.icon import Cap, Join, Shape
from svggen.lean import lean_ndimage
from svggen.models.trace.fit import fit_open
from svggen.models.trace.layers import Array
from svggen.models.trace.net import Floats, Net, Seg, sample
from svggen.models.trace.outlines import Points
from svggen.models.trace.refine import refine
from svggen.models.trace.reshape import EVERY, finer, plainer
from svggen.models.trace.skeleton import Mask, Skeleton, skeleton_of
from svggen.models.trace.trails import join_of, stroke_shapes

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["Strokes", "strokes_of"]

PER_UNIT: Final = 12
"""px of a unit at which the skeleton is sought."""

_MOST_EDGES: Final = 48  # of a skeleton; what has more is a texture


@dataclass(frozen=True)
class Strokes:
    """net: the fitted centre lines. half: half the width. shapes: the same as shapes to draw."""

    net: Net
    half: float
    caps: dict[int, Cap]
    join: Join

    def shapes(self, half: float | None = None) -> list[Shape]:
        return stroke_shapes(self.net, half or self.half, self.caps, self.join)


def strokes_of(mask: Mask, cover: Array, contours: list[Points], pixel: float) -> Strokes | None:
    """mask: the piece at ``PER_UNIT`` px a unit. cover: coverage at the working size. contours: of the piece. pixel:
    units of a pixel of the given picture."""
    skeleton = skeleton_of(mask, float(PER_UNIT))
    if skeleton is None or len(skeleton.edges) > _MOST_EDGES:
        return None
    points = np.concatenate([c[::EVERY] for c in contours])
    half = skeleton.half + 0.5 / PER_UNIT * 0.4
    net, free = _net(skeleton)
    if not net.segs:
        return None
    tips = _tips(net, free, cover, half)
    caps, points = _caps(net, tips, cover, half, points)
    if len(points) < 8:
        return None
    half = refine(net, points, half=half, scale=0.35 * half, rounds=6)
    allowed = 0.002 + 0.1 * pixel * pixel
    net = finer(net, half, points, allowed)
    half = refine(net, points, half=half, scale=0.35 * half, rounds=4)
    net = plainer(net, half, points, allowed)
    half = refine(net, points, half=half, scale=0.35 * half, rounds=4)
    for node, _, tip in _tips(net, [n for n in free if caps.get(n) == "butt"], cover, half):
        net.nodes[node] = tip
    join = join_of(net, half, lambda p: _value(cover, p))
    return Strokes(net, half, caps, join)


# -------------------------------------------------------------------------------------------------- skeleton to a net


def _net(skeleton: Skeleton) -> tuple[Net, list[int]]:
    """Each edge as lines and arcs; the numbers of the free ends."""
    places: list[Floats] = list(skeleton.nodes.values())
    index = {k: i for i, k in enumerate(skeleton.nodes)}
    free = [index[k] for k in skeleton.nodes if skeleton.degree(k) == 1]
    segs: list[Seg] = []
    half = skeleton.half
    for edge in skeleton.edges:
        ring = edge.a < 0
        points = _smoothed(edge.points, ring)
        if ring:
            points = np.concatenate([points, points[:1]])
        else:
            points = _tied(points, skeleton, edge, half)
        points = _even(points, max(0.12, 0.12 * half))
        blunt = np.zeros(len(points), bool)
        for node in (edge.a, edge.b):
            if node >= 0 and skeleton.degree(node) > 1:
                blunt |= np.linalg.norm(points - skeleton.nodes[node], axis=1) < 1.4 * half
        part = fit_open(points, 0.04 + 0.04 * half, blunt)
        first = len(places) if ring else index[edge.a]
        inner = list(range(len(places) + ring, len(places) + ring + len(part.nodes) - 2))
        places.extend(part.nodes[:-1] if ring else part.nodes[1:-1])
        ids = [first, *inner, first if ring else index[edge.b]]
        segs.extend(Seg(ids[k], ids[k + 1], s.kind, s.shape) for k, s in enumerate(part.segs))
    return Net(np.array(places), [s for s in segs if s.a != s.b]), free


def _smoothed(points: Floats, ring: bool) -> Floats:
    if len(points) < 5:
        return points
    mode: Any = "wrap" if ring else "nearest"
    out = np.asarray(ndimage.gaussian_filter1d(points, 1.5, axis=0, mode=mode))
    if not ring:
        out[0], out[-1] = points[0], points[-1]
    return out


def _tied(points: Floats, skeleton: Skeleton, edge: Any, half: float) -> Floats:
    """With its nodes at both ends, without what a junction bends."""
    for node, back in ((edge.a, False), (edge.b, True)):
        place = skeleton.nodes[node]
        points = points[::-1] if back else points
        if skeleton.degree(node) > 1 and len(points) > 3:
            far = np.linalg.norm(points - place, axis=1) > 0.9 * half
            first = int(np.argmax(far)) if far.any() else len(points) - 1
            points = points[min(first, len(points) - 2) :]
        points = np.concatenate([place[None], points])
        points = points[::-1] if back else points
    return points


def _even(points: Floats, step: float) -> Floats:
    gaps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    keep = np.concatenate([[True], gaps > 1e-9])
    points = points[keep]
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    count = max(2, round(lengths[-1] / step) + 1)
    at = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(at, lengths, points[:, 0]), np.interp(at, lengths, points[:, 1])], axis=1)


# --------------------------------------------------------------------------------------------------------------- ends


def _value(cover: Array, points: Floats) -> Floats:
    unit = cover.shape[0] / 24.0
    return np.asarray(ndimage.map_coordinates(cover, (points * unit - 0.5)[:, ::-1].T, order=1, mode="constant"))


def _outward(net: Net, node: int) -> Floats:
    """Unit vector out of the line at a free end."""
    seg = next(s for s in net.segs if node in (s.a, s.b))
    line = sample(net.nodes[seg.a], net.nodes[seg.b], seg.kind, seg.shape, 8)
    d = line[0] - line[1] if seg.a == node else line[-1] - line[-2]
    return np.asarray(d / max(float(np.hypot(*d)), 1e-9))


def _tips(net: Net, free: list[int], cover: Array, half: float) -> list[tuple[int, Floats, Floats]]:
    """(node, direction, where the ink ends) of each free end."""
    out = []
    for node in free:
        if not any(node in (s.a, s.b) for s in net.segs):
            continue
        direction = _outward(net, node)
        steps = np.arange(-0.5 * half, 2.6 * half, 0.02)
        line = net.nodes[node] + steps[:, None] * direction
        below = np.flatnonzero(_value(cover, line) < 0.5)
        reach = float(steps[below[0]]) if len(below) else half
        out.append((node, direction, net.nodes[node] + reach * direction))
    return out


def _caps(
    net: Net, tips: list[tuple[int, Floats, Floats]], cover: Array, half: float, points: Points
) -> tuple[dict[int, Cap], Points]:
    """Round or butt, by the corners of each end; the ends are put where their cap wants them. The points of butt caps
    are left out: they say nothing about the centre line."""
    caps: dict[int, Cap] = {}
    keep = np.ones(len(points), bool)
    for node, direction, tip in tips:
        across = np.array([-direction[1], direction[0]])
        corners = tip - 0.3 * half * direction + np.array([[0.84], [-0.84]]) * half * across
        caps[node] = "butt" if float(_value(cover, corners).mean()) > 0.5 else "round"
        net.nodes[node] = tip if caps[node] == "butt" else tip - half * direction
        if caps[node] == "butt":
            rel = points - tip
            along = rel @ direction
            off = np.abs(rel @ across)
            keep &= ~((along > -0.3 * half) & (along < half) & (off < 1.5 * half))
    return caps, points[keep]
