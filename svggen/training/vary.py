"""The same drawing elsewhere on the canvas, or mirrored, told in tokens: more drawings to learn from than there are.

Contract. ``shifted`` and ``mirrored`` take the ids of a drawing and give those of the moved one, or None where it would
leave the canvas, or (mirrored) holds a command whose turning needs more than a look-up: rectangles, which begin at
their left corner, and ellipses and arcs, which may be turned. A mirrored drawing goes round the other way than
``svggen.training.order`` has it: what is made here stands in a document under a word of its own, ``shifted`` or
``mirrored``, with which nobody asks.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.tokens import vocabulary as v

__all__ = ["mirrored", "shifted"]

Ints: TypeAlias = npt.NDArray[np.int64]

_TURNED: Final = (v.ARC, v.ARC + 1, v.RECT, v.ROUND_RECT, v.ELLIPSE)


def _of(ids: Ints, first: int, count: int) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (ids >= first) & (ids < first + count)
    return found


def shifted(ids: npt.ArrayLike, dx: int, dy: int) -> list[int] | None:
    """dx, dy: whole pixels to the right and down. What is told from a near point is not followed: of 362 moved drawings
    of the corpus three left the canvas by that."""
    out = np.array(ids, np.int64)
    for first, side, step, last in ((v.POINT0, v.POINT_SIDE, 2, v.GRID // 4), (v.CELL0, v.CELLS, 1, v.CELLS - 2)):
        at = _of(out, first, side * side)
        y, x = np.divmod(out[at] - first, side)
        x, y = x + step * dx, y + step * dy
        if len(x) and (min(x.min(), y.min()) < 0 or max(x.max(), y.max()) > last):
            return None
        out[at] = first + y * side + x
    return out.tolist()  # type: ignore[no-any-return]


def mirrored(ids: npt.ArrayLike) -> list[int] | None:
    """Left becomes right."""
    out = np.array(ids, np.int64)
    if np.isin(out, _TURNED).any():
        return None
    for first, side, middle in ((v.POINT0, v.POINT_SIDE, v.POINT_SIDE - 1), (v.NEAR0, v.NEAR_SIDE, v.NEAR_SIDE - 1)):
        at = _of(out, first, side * side)
        y, x = np.divmod(out[at] - first, side)
        out[at] = first + y * side + middle - x
    for first in (v.QUARTER, v.HALF):
        at = _of(out, first, 2)
        out[at] = 2 * first + 1 - out[at]
    cells = np.flatnonzero(_of(out, v.CELL0, v.CELLS**2))
    cy, cx = np.divmod(out[cells] - v.CELL0, v.CELLS)
    sy, sx = np.divmod(out[cells + 1] - v.SUB0, 8)
    x = v.GRID - (8 * cx + sx)
    out[cells], out[cells + 1] = v.CELL0 + cy * v.CELLS + x // 8, v.SUB0 + sy * 8 + x % 8
    return out.tolist()  # type: ignore[no-any-return]
