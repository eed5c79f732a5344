"""Outlines on a grid of whole numbers, in as few ids of OmniSVG as keep their shape.

Contract. ``on_grid(path, top)`` gives the sub-paths of a filled outline with every number whole and within 0..top.
What it gave, it gives again. An arc stays one (6 ids) where it turns by more than a quarter and whole radii bring it
within about ``_ARC_ERROR`` of its place; smaller ones are cubics (4 ids), which lie closer. Curves whose control points
lie outside the grid are split until they do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Final

from svggen.geometry import arc_to_cubics, drop_degenerate, simplify, split_arc, split_segment, subpaths
from svggen.geometry.arcs import Arc, centre_form
from svggen.icon.types import Path, Point, Segment
from svggen.tokens.pen import Pen

__all__ = ["on_grid"]

_STRAIGHT: Final = 0.25  # steps: what bends less is a line
_ARC_ERROR: Final = 0.75  # steps: about what rounding moves a point by at most
_WHOLE: Final = math.radians(330)  # an arc that turns by more is written as two
_SPLITS: Final = 3  # how often a curve is halved at most
_OUT: Final = 0.5  # steps: control points this far outside are clamped


def on_grid(path: Path, top: int) -> list[list[Segment]]:
    """The sub-paths, each begun with M and ended with Z, without the closing line. Those that enclose nothing any more
    are left out; lines that are straight are one line."""
    grid = _Grid(top)
    out = Pen[list[Segment]]()
    for sub in subpaths(path):
        segments = _settled(grid.rounded(sub.segments))
        if segments:
            out.add(segments, None)
    return out.items


class _Grid:
    def __init__(self, top: int) -> None:
        self._top = top

    def _at(self, x: float, y: float) -> Point:
        return (float(min(self._top, max(0, round(x)))), float(min(self._top, max(0, round(y)))))

    def rounded(self, segments: tuple[Segment, ...]) -> list[Segment]:
        """One sub-path, its closing line and Z left out."""
        raw: Point = (segments[0][1][0], segments[0][1][1])
        out: list[Segment] = [("M", self._at(*raw))]
        for op, v in segments[1:]:
            pen: Point = (out[-1][1][-2], out[-1][1][-1])
            if op == "A":
                out.extend(self._arc(raw, v, pen, 0))
            elif op == "C":
                out.extend(self._cubic(raw, v, 0))
            elif op == "L":
                out.append(("L", self._at(*v)))
            else:
                break
            raw = (v[-2], v[-1])
        return out

    def _cubic(self, start: Point, v: tuple[float, ...], depth: int) -> list[Segment]:
        if depth < _SPLITS and not self._holds(v):
            first, second = split_segment(start, ("C", v), 0.5)
            middle = (first[1][4], first[1][5])
            return [*self._cubic(start, first[1], depth + 1), *self._cubic(middle, second[1], depth + 1)]
        return [("C", (*self._at(*v[0:2]), *self._at(*v[2:4]), *self._at(*v[4:6])))]

    def _holds(self, v: tuple[float, ...]) -> bool:
        """Do the control points lie on the grid?"""
        return all(-_OUT <= c <= self._top + _OUT for c in v[:4])

    def _arc(self, start: Point, v: tuple[float, ...], pen: Point, depth: int) -> list[Segment]:
        arc = centre_form(start, v)
        end = self._at(v[5], v[6])
        if arc is None:
            return [("L", end)]
        best = self._best_arc(arc, v, pen)
        if best is not None:
            cubics = arc_to_cubics(pen, best[1])
            if len(cubics) > 1 or not self._holds(cubics[0][1]):
                return [best]
        elif depth < _SPLITS and abs(arc.sweep) > math.pi / 2 + 1e-6:
            out: list[Segment] = []
            for op, piece in split_arc(start, v):
                out.extend(self._arc(start, piece, pen, depth + 1) if op == "A" else [(op, self._at(*piece))])
                start, pen = (piece[-2], piece[-1]), self._at(*piece[-2:])
            return out
        if end == pen:
            return []
        curves: list[Segment] = []
        for _, piece in arc_to_cubics(start, v):
            curves.extend(self._cubic(start, piece, depth))
            start = (piece[4], piece[5])
        return curves

    def _best_arc(self, arc: Arc, v: tuple[float, ...], pen: Point) -> Segment | None:
        """The arc with whole radii and a whole rotation that lies closest, or None where all lie too far off."""
        end = self._at(v[5], v[6])
        if end == pen or abs(arc.sweep) > _WHOLE:
            return None
        wanted = [arc.point(t) for t in (0.25, 0.5, 0.75)]
        reach = max(_ARC_ERROR, math.dist(arc.point(0.0), pen) + 0.1, math.dist(v[5:7], end) + 0.1)  # ends are clamped
        large = 1.0 if abs(arc.sweep) > math.pi + 1e-6 else 0.0
        best: tuple[float, float, Segment] | None = None
        for rx, ry, turn in self._ovals(v):
            args = (rx, ry, turn, large, v[4], *end)
            found = centre_form(pen, args)
            if found is None or abs(found.sweep) > _WHOLE:
                continue
            off = max(math.dist(found.point(t), p) for t, p in zip((0.25, 0.5, 0.75), wanted, strict=True))
            key = (off, abs(rx - v[0]) + abs(ry - v[1]))
            if best is None or key < best[:2]:
                flag = 1.0 if abs(found.sweep) > math.pi + 1e-6 else 0.0  # of a half turn either flag says the same
                best = (*key, ("A", (rx, ry, turn, flag, v[4], *end)))
        return best[2] if best is not None and best[0] <= reach else None

    def _ovals(self, v: tuple[float, ...]) -> Iterator[tuple[float, float, float]]:
        """Whole radii about those of the arc, with a whole rotation of 0..89 degrees."""
        rx, ry, turn = v[0], v[1], round(v[2]) % 180
        if turn >= 90:
            rx, ry, turn = ry, rx, turn - 90
        for dx, dy in product((0, -1, 1), repeat=2) if rx != ry else ((0, 0), (-1, -1), (1, 1)):
            a, b = (min(self._top, max(1, round(r) + d)) for r, d in ((rx, dx), (ry, dy)))
            yield float(a), float(b), float(turn) if a != b else 0.0


def _settled(segments: list[Segment]) -> list[Segment]:
    """Straight runs as one line, steps without length gone, until nothing changes; closed by a Z."""
    start = segments[0][1]
    body = segments
    while True:
        if body[-1][1][-2:] != start:
            body = [*body, ("L", start)]  # the closing line takes part, whether it was written or not
        body = _once(body)
        tidy = simplify(drop_degenerate(Path((*body, ("Z", ())))), _STRAIGHT).segments
        if len(tidy) < 3:
            return []
        again = list(tidy[:-1])
        if again == body or [*again, ("L", start)] == body:
            return list(tidy)
        body = again


def _once(segments: list[Segment]) -> list[Segment]:
    """Without what is drawn a second time from the same point."""
    pen = Pen[Segment]()
    pen.add(segments[0], None)
    for before, segment in pairwise(segments):
        pen.add(segment, before[1][-2:])
    return pen.items
