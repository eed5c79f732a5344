"""Line ends of outlines that are drawn as fills (those of true strokes are attributes: ``lines.set_pen``).

Contract. ``recap`` rewrites the ends of lines in the edge of a filled outline: a round end is a half turn of about
half the line width, a square one a straight piece of about one line width between two right angles. The line keeps
its seen length. Ends that are neither (tapered, cut at an angle, or between short edges) stay as they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from svggen.geometry import subpaths
from svggen.icon import Path, Point, Segment
from svggen.restyle.contour import tidy
from svggen.style.outline import piece_of

__all__ = ["recap"]

_HALF_TURN: Final = (math.radians(150), math.radians(210))
_WIDTH: Final = (0.75, 1.3)


def recap(path: Path, width: float, *, rounded: bool) -> tuple[Path, int]:
    """The path (as ``ops.wound`` writes it) with its line ends made round or square, and how many were changed."""
    out: list[Segment] = []
    changed = 0
    for sub in subpaths(path):
        pieces = _pieces(sub)
        new, n = _rounded(pieces, width) if rounded else _squared(pieces, width)
        changed += n
        out.extend(tidy(_write(new)) if n else sub.segments)
    return Path(tuple(out)), changed


Edge = tuple[Point, Segment]


def _pieces(sub: Path) -> list[Edge]:
    start: Point = (sub.segments[0][1][0], sub.segments[0][1][1])
    at = start
    pieces: list[Edge] = []
    for command, v in sub.segments[1:]:
        if command == "Z":
            if math.dist(at, start) > 1e-4:
                pieces.append((at, ("L", start)))
            break
        pieces.append((at, (command, v)))
        at = (v[-2], v[-1])
    return pieces


def _write(pieces: Sequence[Edge]) -> list[Segment]:
    return [("M", pieces[0][0]), *(segment for _, segment in pieces), ("Z", ())]


def _end(edge: Edge) -> Point:
    return edge[1][1][-2], edge[1][1][-1]


def _squared(pieces: list[Edge], width: float) -> tuple[list[Edge], int]:
    """Half turns become three straight pieces."""
    n = len(pieces)
    start = next((i for i in range(n) if pieces[i][1][0] == "L" and pieces[i - 1][1][0] != "L"), None)
    if start is None:
        return pieces, 0
    pieces = pieces[start:] + pieces[:start]
    out: list[Edge] = []
    changed = i = 0
    while i < n:
        j, turn, length = i, 0.0, 0.0
        while j < n and pieces[j][1][0] != "L" and length < 2.4 * width:
            piece = piece_of(*pieces[j])
            if piece.turn <= 0:
                break
            turn, length, j = turn + piece.turn, length + piece.length, j + 1
        a, b = pieces[i][0], _end(pieces[j - 1]) if j > i else pieces[i][0]
        apart = math.dist(a, b)
        if (
            j > i
            and _HALF_TURN[0] < turn < _HALF_TURN[1]
            and _WIDTH[0] * width < apart < _WIDTH[1] * width
            and length < 1.9 * width
        ):
            t = piece_of(*pieces[i]).t0
            reach = apart / 2
            c, d = (a[0] + t[0] * reach, a[1] + t[1] * reach), (b[0] + t[0] * reach, b[1] + t[1] * reach)
            out += [(a, ("L", c)), (c, ("L", d)), (d, ("L", b))]
            changed += 1
            i = j
        else:
            out.append(pieces[i])
            i += 1
    return out, changed


def _rounded(pieces: list[Edge], width: float) -> tuple[list[Edge], int]:
    """Straight ends become half turns; the edges beside them are cut back by half a width."""
    n = len(pieces)
    ends = [i for i in range(n) if n > 3 and _is_end(pieces, i, width)]
    if not ends:
        return pieces, 0
    new = list(pieces)
    changed = 0
    for i in ends:
        before, end, after = new[i - 1], new[i], new[(i + 1) % n]
        reach = math.dist(end[0], _end(end)) / 2
        t = piece_of(*before).t1
        a = (end[0][0] - t[0] * reach, end[0][1] - t[1] * reach)
        b = (_end(end)[0] - t[0] * reach, _end(end)[1] - t[1] * reach)
        room = min(math.dist(before[0], end[0]), math.dist(after[0], _end(after)))
        if before[1][0] != "L" or after[1][0] != "L" or room < 1.05 * reach:
            continue
        new[i - 1] = (before[0], ("L", a))
        new[i] = (a, ("A", (reach, reach, 0.0, 0.0, 1.0, *b)))
        new[(i + 1) % n] = (b, after[1])
        changed += 1
    return new, changed


def _is_end(pieces: Sequence[Edge], i: int, width: float) -> bool:
    n = len(pieces)
    edge = pieces[i]
    if edge[1][0] != "L" or not _WIDTH[0] * width < math.dist(edge[0], _end(edge)) < _WIDTH[1] * width:
        return False
    before, here, after = piece_of(*pieces[i - 1]), piece_of(*edge), piece_of(*pieces[(i + 1) % n])
    if min(before.length, after.length) < 1.05 * width:
        return False
    right = math.radians(80), math.radians(100)
    return all(right[0] < _angle(u, v) < right[1] for u, v in ((before.t1, here.t0), (here.t1, after.t0)))


def _angle(u: Point, v: Point) -> float:
    return math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])
