"""What the grammar of icon tokens asks for next, and which ids answer it.

Contract. An ``Ask`` names classes of ids and conditions on the points among them. ``ask_mask`` is the boolean mask over
the vocabulary that it stands for, ``sub_mask`` the one for the place within a cell; ``answers`` says the same of one id
without making a mask, and ``spot`` which point an id means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.tokens import vocabulary as v

__all__ = ["Ask", "Mask", "Spot", "answers", "ask_mask", "spot", "sub_mask"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Spot: TypeAlias = tuple[int, int]  # a point in eighths of a pixel


@dataclass(frozen=True, slots=True)
class Ask:
    """What the grammar wants next: any id of ``classes``; points under conditions."""

    classes: tuple[str, ...]
    origin: Spot | None = None  # NEAR is told from here
    bad: frozenset[Spot] = frozenset()  # points that may not be meant
    above: Spot | None = None  # both coordinates must be greater (corner of a rectangle)
    apart: Spot | None = None  # both coordinates must differ (end of a quarter turn)
    room: int = 0  # so many eighths must be left to the right and below
    longest: int = v.LENGTHS
    least: int = 1
    tones: int = 0

    def opens(self, cell: Spot) -> bool:
        """Is some place in this cell that no POINT says not forbidden? (``bad`` holds too few to close a cell.)"""
        x, y = cell
        if (x == 24 and y == 24) or (self.room and (x == 24 or y == 24)):
            return False  # the last row and column hold the canvas's own edge only
        if self.above is not None and (8 * x + 7 <= self.above[0] or 8 * y + 7 <= self.above[1]):
            return False
        on_edge = (x == 24 and self.apart is not None and self.apart[0] == v.GRID) or (
            y == 24 and self.apart is not None and self.apart[1] == v.GRID
        )
        return not on_edge

    def forbids(self, p: Spot) -> bool:
        x, y = p
        if p in self.bad or not (0 <= x <= v.GRID - self.room and 0 <= y <= v.GRID - self.room):
            return True
        if self.above is not None and (x <= self.above[0] or y <= self.above[1]):
            return True
        return self.apart is not None and (x == self.apart[0] or y == self.apart[1])


def _span(first: int, count: int) -> Mask:
    mask = np.zeros(v.VOCAB_SIZE, np.bool_)
    mask[first : first + count] = True
    return mask


@lru_cache(maxsize=1)
def _classes() -> dict[str, Mask]:
    single = {
        "eos": v.EOS, "palette": v.PALETTE, "path": v.PATH, "move": v.MOVE, "close": v.CLOSE, "cubic": v.CUBIC,
        "smooth": v.SMOOTH, "circle": v.CIRCLE, "ellipse": v.ELLIPSE, "rect": v.RECT, "round_rect": v.ROUND_RECT,
        "line": v.LINE, "dot": v.DOT,
    }  # fmt: skip
    masks = {name: _span(first, 1) for name, first in single.items()}
    masks |= {
        "look": _span(v.FILL, 5),
        "hex": _span(v.HEX0, 16),
        "pen": _span(v.PEN0, 9),
        "arc": _span(v.ARC, 2),
        "quarter": _span(v.QUARTER, 2),
        "half": _span(v.HALF, 2),
        "length": _span(v.LENGTH0, v.LENGTHS),
        "tone": _span(v.INK, 10 + v.COLORS),
        "point": _span(v.POINT0, v.POINT_SIDE**2),
        "cell": _span(v.CELL0, v.CELLS**2),
        "sub": _span(v.SUB0, 64),
        "near": _span(v.NEAR0, v.NEAR_SIDE**2),
    }
    return masks


@lru_cache(maxsize=4096)
def _static(classes: tuple[str, ...]) -> Mask:
    masks = _classes()
    mask: Mask = np.logical_or.reduce([masks[name] for name in classes])
    mask.setflags(write=False)
    return mask


@lru_cache(maxsize=1)
def _spots() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(POINT ids' x and y in eighths, NEAR ids' dx and dy)."""
    y, x = np.divmod(np.arange(v.POINT_SIDE**2), v.POINT_SIDE)
    dy, dx = np.divmod(np.arange(v.NEAR_SIDE**2), v.NEAR_SIDE)
    return (
        np.stack([x * 4, y * 4]).astype(np.int32),
        np.stack([dx - v.NEAR_REACH, dy - v.NEAR_REACH]).astype(np.int32),
    )


@lru_cache(maxsize=1)
def _places() -> npt.NDArray[np.int32]:
    """SUB ids' x and y in eighths, within their cell."""
    y, x = np.divmod(np.arange(64), 8)
    return np.stack([x, y]).astype(np.int32)


@lru_cache(maxsize=1)
def _off_half() -> Mask:
    off: Mask = (_places() % 4 != 0).any(0)
    return off


def _possible(ask: Ask, xy: npt.NDArray[np.int32]) -> Mask:
    """Which of the points (2, n) the ask does not forbid."""
    x, y = xy
    most = v.GRID - ask.room
    ok: Mask = (x >= 0) & (x <= most) & (y >= 0) & (y <= most)
    if ask.above is not None:
        ok &= (x > ask.above[0]) & (y > ask.above[1])
    if ask.apart is not None:
        ok &= (x != ask.apart[0]) & (y != ask.apart[1])
    for bx, by in ask.bad:
        ok &= (x != bx) | (y != by)
    return ok


def ask_mask(ask: Ask) -> Mask:
    """bool (VOCAB_SIZE,): the ids that answer the ask, as a fresh mask."""
    mask = _static(ask.classes).copy()
    points, nears = _spots()
    if "point" in ask.classes:
        mask[v.POINT0 : v.POINT0 + v.POINT_SIDE**2] = _possible(ask, points)
    if "near" in ask.classes and ask.origin is not None:
        mask[v.NEAR0 : v.NEAR0 + v.NEAR_SIDE**2] = _possible(ask, nears + np.array(ask.origin, np.int32)[:, None])
    if "cell" in ask.classes:
        _close_cells(ask, mask[v.CELL0 : v.CELL0 + v.CELLS**2].reshape(v.CELLS, v.CELLS))
    if "length" in ask.classes:
        mask[v.LENGTH0 : v.LENGTH0 + ask.least - 1] = False
        mask[v.LENGTH0 + ask.longest : v.LENGTH0 + v.LENGTHS] = False
    if "tone" in ask.classes:
        mask[v.TONE0 + ask.tones : v.TONE0 + v.COLORS] = False
    return mask


def _close_cells(ask: Ask, cells: Mask) -> None:
    """Takes out the cells of which ``Ask.opens`` says no; cells (y, x)."""
    if ask.above is not None:
        cells[:, : (ask.above[0] + 1) // 8] = False
        cells[: (ask.above[1] + 1) // 8] = False
    for axis, edge in enumerate((cells[:, 24], cells[24])):
        if ask.room or (ask.apart is not None and ask.apart[axis] == v.GRID):
            edge[:] = False
    cells[24, 24] = False


def sub_mask(ask: Ask, cell: Spot) -> Mask:
    """The places in a cell that the ask does not forbid, those of the half-pixel grid (POINT says them) left out."""
    mask = np.zeros(v.VOCAB_SIZE, np.bool_)
    mask[v.SUB0 : v.SUB0 + 64] = _off_half() & _possible(ask, _places() + 8 * np.array(cell, np.int32)[:, None])
    return mask


def answers(ask: Ask, token: int) -> bool:
    """``ask_mask(ask)[token]``, without the mask: the quick way for what is only read."""
    if not 0 <= token < v.VOCAB_SIZE or not _static(ask.classes)[token]:
        return False
    if v.LENGTH0 <= token < v.LENGTH0 + v.LENGTHS:
        return ask.least <= token - v.LENGTH0 + 1 <= ask.longest
    if v.TONE0 <= token < v.TONE0 + v.COLORS:
        return token - v.TONE0 < ask.tones
    if v.CELL0 <= token < v.SUB0:
        y, x = divmod(token - v.CELL0, v.CELLS)
        return ask.opens((x, y))
    return token < v.POINT0 or not ask.forbids(spot(ask, token))


def spot(ask: Ask, token: int) -> Spot:
    """The point that a POINT or NEAR id means."""
    if token >= v.NEAR0:
        assert ask.origin is not None
        dy, dx = divmod(token - v.NEAR0, v.NEAR_SIDE)
        return (ask.origin[0] + dx - v.NEAR_REACH, ask.origin[1] + dy - v.NEAR_REACH)
    y, x = divmod(token - v.POINT0, v.POINT_SIDE)
    return (x * 4, y * 4)
