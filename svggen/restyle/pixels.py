"""Pixel art from any drawing: the ink on a coarse grid, its outline as axis-parallel steps.

Contract. A cell is ink where its middle is. Lines should be a whole number of cells wide (``line_width``) before
they come here. The outline is traced cell by cell into closed rectilinear paths, one for each tone."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from svggen.errors import GeometryError
from svggen.icon import Icon, Path, Point, Segment
from svggen.render import inks
from svggen.restyle.job import CANVAS, Job, Part, solid

__all__ = ["cells_of", "line_width", "pixelate", "trace"]

_CELLS: Final = 24
_FINE: Final = 8  # samples along the side of a cell

Mask = npt.NDArray[np.bool_]


def cells_of(grid: int | None) -> int:
    """Cells along the canvas: the wished grid where it is one of pixels, else 24."""
    return grid if grid is not None and 10 <= grid <= 32 else _CELLS


def line_width(wished: float | None, cells: int) -> float:
    """The whole number of cells nearest to the wished line width, in units; 2 px without a wish."""
    cell = CANVAS / cells
    return max(round((wished or 2.0) / cell), 1) * cell


def pixelate(job: Job, cells: int) -> None:
    """Replace each tone's parts by pixels."""
    tones = sorted({p.tone for p in job.parts})
    masks = [_mask(job.tone(tone), cells) for tone in tones]
    parts: list[Part] = []
    taken = np.zeros((cells, cells), bool)
    for tone, mask in sorted(zip(tones, masks, strict=True), key=lambda t: t[0]):
        own = mask & ~taken
        taken |= own
        if own.any():
            parts.append(solid(trace(own, CANVAS / cells), tone))
    if not parts:
        raise GeometryError("nothing is left on so coarse a grid")
    job.parts = parts[::-1]
    job.steps.append(f"pixels on a {cells} x {cells} grid")


def _mask(parts: list[Part], cells: int) -> Mask:
    """Cells whose middle is ink. A line of k cells covers exactly k middles across, wherever it lies."""
    icon = Icon((0.0, 0.0, CANVAS, CANVAS), tuple(p.shape for p in parts))
    alpha = inks([icon], cells * _FINE)[0]
    middle = alpha[_FINE // 2 :: _FINE, _FINE // 2 :: _FINE]
    return np.asarray(middle >= 0.5 * (float(alpha.max()) or 1.0), bool)


def trace(mask: Mask, cell: float) -> Path:
    """The edge of the cells as closed rectilinear sub-paths, ink on the right hand; even-odd and nonzero agree."""
    padded = np.pad(mask, 1)
    after: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for y, x in zip(*np.nonzero(padded), strict=True):
        row, column = int(y), int(x)
        for inside, a, b in (
            (padded[row - 1, column], (column, row), (column + 1, row)),
            (padded[row, column + 1], (column + 1, row), (column + 1, row + 1)),
            (padded[row + 1, column], (column + 1, row + 1), (column, row + 1)),
            (padded[row, column - 1], (column, row + 1), (column, row)),
        ):
            if not inside:
                after.setdefault(a, []).append(b)
    segments: list[Segment] = []
    while after:
        start = min(after)
        loop = [start]
        at = start
        while True:
            choices = after[at]
            step = choices.pop() if len(choices) == 1 else choices.pop(_right_turn(loop, at, choices))
            if not choices:
                del after[at]
            if step == start:
                break
            loop.append(step)
            at = step
        corners = _corners(loop)
        points: list[Point] = [((x - 1) * cell, (y - 1) * cell) for x, y in corners]
        segments.append(("M", points[0]))
        segments.extend(("L", p) for p in points[1:])
        segments.append(("Z", ()))
    return Path(tuple(segments))


def _right_turn(loop: list[tuple[int, int]], at: tuple[int, int], choices: list[tuple[int, int]]) -> int:
    """Where two cells touch at a corner only, keep them apart: turn right."""
    if len(loop) < 2:
        return 0
    dx, dy = at[0] - loop[-2][0], at[1] - loop[-2][1]
    return max(range(len(choices)), key=lambda i: dx * (choices[i][1] - at[1]) - dy * (choices[i][0] - at[0]))


def _corners(loop: list[tuple[int, int]]) -> list[tuple[int, int]]:
    n = len(loop)
    return [
        loop[i]
        for i in range(n)
        if (loop[i][0] - loop[i - 1][0], loop[i][1] - loop[i - 1][1])
        != (loop[(i + 1) % n][0] - loop[i][0], loop[(i + 1) % n][1] - loop[i][1])
    ]
