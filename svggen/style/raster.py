"""What is seen of an icon's ink, in pixels: line width, solid areas, tones, extents.

Contract. The input is raw coverage (alpha 0..1) of the whole square canvas; ``SIZE`` px show 24 units, so one unit is
``PER_UNIT`` px. All results are units of a 24 px canvas. Nothing here knows how the icon was written.

Line width. On the medial axis (the ridge of the Euclidean distance transform) of a line, the distances to the edge
on both sides add up to its width. A pixel transform measures to pixel centres and would be biased by up to one
pixel; so the distance is corrected by the coverage of the nearest outside pixel (S. Gustavson and R. Strand,
Anti-aliased Euclidean distance transform, 2011), and the width is read across the ridge as d(p) + d(q) + step,
where q is the neighbour on the other side and step the distance from p to q along the normal: exact for straight
lines at any sub-pixel position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from svggen.lean import lean_ndimage

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["PER_UNIT", "SIZE", "Ink", "look_at"]

SIZE: Final = 192
PER_UNIT: Final = SIZE / 24.0

Array = npt.NDArray[np.float32]

_FLAT: Final = (
    0.46  # |central difference over 4 px| on the axis of a line is <= 0.25; on a corner's diagonal it is 0.71
)
_MODE_BAND: Final = 0.16  # half width (log) of the window that holds one line width
_MAX_LINE: Final = 5.0  # units; a wider "line" is an area
_SOLID: Final = 0.72  # ink deeper than this many line widths is no line: crossings and joins reach 0.5 .. 0.71


@dataclass(frozen=True, slots=True)
class Ink:
    """box: x0, y0, x1, y1 of all ink, or None for a blank icon. area: square units of ink (coverage summed). width:
    the line width of most line length, or None. spread: interquartile range of the ridge's widths around it,
    relative. line_share: share of the ridge length that has about that width. solid_share: share of the ink that is
    deeper than a line. second_share, second_alpha: area share and level of a lighter tone (0, 1 without one).
    parts, holes: connected pieces of ink, and of enclosed background. full: the coverage of the darker tone."""

    box: tuple[float, float, float, float] | None
    area: float
    width: float | None
    spread: float
    line_share: float
    solid_share: float
    second_share: float
    second_alpha: float
    parts: int
    holes: int
    full: Array


def look_at(alpha: Array) -> Ink:
    """Measure one picture of raw alpha, shape (SIZE, SIZE), 0..1."""
    box = _box(alpha)
    if box is None:
        return Ink(None, 0.0, None, 0.0, 0.0, 0.0, 0.0, 1.0, 0, 0, alpha)
    rows, columns = _crop(alpha)
    cut = np.pad(alpha[rows, columns], 2)
    share, level, full = _tones(cut)
    ink = full > 0.5
    if not ink.any():
        ink, full = cut > 0.5 * float(cut.max()), cut / float(cut.max())
    distance, normal = _distance(full, ink)
    widths, strengths = _ridge(distance, normal, ink)
    width, spread, line_share = _line(widths, strengths)
    solid = _solid_share(distance, ink, width)
    parts = int(ndimage.label(ink, structure=np.ones((3, 3)))[1])
    holes = int(ndimage.label(~ink)[1]) - 1
    area = float(alpha.sum()) / PER_UNIT**2
    canvas = np.zeros_like(alpha)
    canvas[rows, columns] = full[2:-2, 2:-2]
    return Ink(box, area, width, spread, line_share, solid, share, level, parts, max(holes, 0), canvas)


def _crop(alpha: Array) -> tuple[slice, slice]:
    rows = np.flatnonzero(alpha.max(axis=1) > 0.02)
    columns = np.flatnonzero(alpha.max(axis=0) > 0.02)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _box(alpha: Array) -> tuple[float, float, float, float] | None:
    """Extents with the partial cover of the outermost rows and columns counted."""
    top = float(alpha.max())
    if top < 0.02:
        return None
    ends = []
    for axis in (0, 1):
        cover = alpha.max(axis=axis) / top
        at = np.flatnonzero(cover > 0.08)
        first, last = int(at[0]), int(at[-1])
        ends.append((first + 1 - min(float(cover[first]), 1.0), last + min(float(cover[last]), 1.0)))
    (x0, x1), (y0, y1) = ends
    return x0 / PER_UNIT, y0 / PER_UNIT, x1 / PER_UNIT, y1 / PER_UNIT


def _tones(alpha: Array) -> tuple[float, float, Array]:
    """Share and level of a lighter tone, and the coverage of the darker one alone.

    A tone is a plateau: pixels whose four neighbours have the same alpha. Edges never are.
    """
    flat = (
        (np.abs(alpha[1:-1, 1:-1] - alpha[:-2, 1:-1]) < 0.02)
        & (np.abs(alpha[1:-1, 1:-1] - alpha[2:, 1:-1]) < 0.02)
        & (np.abs(alpha[1:-1, 1:-1] - alpha[1:-1, :-2]) < 0.02)
        & (np.abs(alpha[1:-1, 1:-1] - alpha[1:-1, 2:]) < 0.02)
    )
    levels = alpha[1:-1, 1:-1][flat & (alpha[1:-1, 1:-1] > 0.04)]
    top = float(alpha.max())
    light = levels[levels < 0.82 * top]
    dark = levels.size - light.size
    if light.size < 24 or light.size < 0.03 * levels.size:
        return 0.0, 1.0, alpha / top if top < 0.98 else alpha
    level = float(np.median(light))
    if dark < 24:
        return 0.0, 1.0, alpha / top
    full = np.clip((alpha - level) / (top - level), 0.0, 1.0).astype(np.float32)
    return light.size / levels.size, level / top, full


def _distance(cover: Array, ink: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Distance in px from each ink pixel's centre to the edge, and the larger component of its unit normal."""
    distance, nearest = ndimage.distance_transform_edt(ink, return_indices=True)
    d = distance.astype(np.float32)
    rows, columns = np.indices(ink.shape)
    dy, dx = nearest[0] - rows, nearest[1] - columns
    safe = np.maximum(d, 1.0)
    normal = (np.maximum(np.abs(dx), np.abs(dy)) / safe).astype(np.float32)
    outside = cover[nearest[0], nearest[1]]  # how far the edge reaches into the nearest outside pixel
    inside_y = np.clip(nearest[0] - np.sign(dy), 0, ink.shape[0] - 1)
    inside_x = np.clip(nearest[1] - np.sign(dx), 0, ink.shape[1] - 1)
    missing = 1.0 - cover[inside_y, inside_x]  # and how much is missing of the last inside pixel
    d = np.where(ink, d - 0.5 + outside - missing, 0.0)
    return d.astype(np.float32), normal


def _ridge(d: Array, normal: Array, ink: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Widths (units) at the pixels of the medial axis, and what length (units) each stands for."""
    c = d[2:-2, 2:-2]
    gx = (d[2:-2, 4:] - d[2:-2, :-4]) / 4
    gy = (d[4:, 2:-2] - d[:-4, 2:-2]) / 4
    on = ink[2:-2, 2:-2] & (gx * gx + gy * gy < _FLAT * _FLAT)
    on &= (
        (c >= d[1:-3, 2:-2] - 0.6)
        & (c >= d[3:-1, 2:-2] - 0.6)
        & (c >= d[2:-2, 1:-3] - 0.6)
        & (c >= d[2:-2, 3:-1] - 0.6)
    )
    if not on.any():
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    step = normal[2:-2, 2:-2][on]
    across_x = np.maximum(d[2:-2, 1:-3][on], d[2:-2, 3:-1][on])
    across_y = np.maximum(d[1:-3, 2:-2][on], d[3:-1, 2:-2][on])
    width = c[on] + np.minimum(across_x, across_y) + step
    strength = 0.5 * step  # a ridge shows about two pixels thick along an axis, thicker on a diagonal
    return (width / PER_UNIT).astype(np.float32), (strength / PER_UNIT).astype(np.float32)


def _line(widths: Array, strengths: Array) -> tuple[float | None, float, float]:
    """The line width of most length, its relative spread, and the share of the ridge near it."""
    possible = (widths > 0.2) & (widths < _MAX_LINE)
    total = float(strengths.sum())
    if total <= 0 or not possible.any():
        return None, 0.0, 0.0
    logs, weights = np.log(widths[possible]), strengths[possible]
    order = np.argsort(logs)
    logs, weights = logs[order], weights[order]
    cumulative = np.concatenate([[0.0], np.cumsum(weights)])
    low, high = np.searchsorted(logs, logs - _MODE_BAND), np.searchsorted(logs, logs + _MODE_BAND)
    held = cumulative[high] - cumulative[low]
    best = int(np.argmax(held))
    near = slice(int(low[best]), int(high[best]))
    width = float(np.exp(_weighted_quantile(logs[near], weights[near], 0.5)))
    if float(held[best]) < 1.2 * width:  # not longer than wide: a dot or a square, no line
        return None, 0.0, 0.0
    lower, upper = (_weighted_quantile(logs, weights, q) for q in (0.25, 0.75))
    return width, float(upper - lower), float(held[best]) / total


def _weighted_quantile(values: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], q: float) -> float:
    """Quantile of sorted values."""
    cumulative = np.cumsum(weights)
    at = int(np.searchsorted(cumulative, q * cumulative[-1]))
    return float(values[min(at, values.size - 1)])


def _solid_share(d: Array, ink: npt.NDArray[np.bool_], width: float | None) -> float:
    """Share of the ink that an opening by 1.44 line widths keeps: areas, not lines."""
    total = int(ink.sum())
    if width is None:
        return 1.0
    reach = _SOLID * width * PER_UNIT
    core = d > reach
    if not core.any():
        return 0.0
    kept = ndimage.distance_transform_edt(~core) <= reach + 0.5
    return float((kept & ink).sum()) / total
