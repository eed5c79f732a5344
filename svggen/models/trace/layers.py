"""A picture as layers: its ground, its inks, and how much of each pixel every ink covers.

Contract. ``layers_of`` takes uint8 RGB (h, w, 3) of any shape and pads it to a square with the ground, centred. A layer
holds float32 coverage (side, side), 0..1, at the working size (``Layers.side`` px show the 24 units of the canvas) and
a colour. Bottom first; a lower layer reaches under the upper ones where it touches them, so that no seam shows.

The ground is the colour of most of the border and of its corners, else white. Inks are the colours of plateaus (pixels
like all their neighbours); an edge pixel is the mix of two of them that explains it best. A single ink (with lighter
tones of it) is ``currentColor``, its tones are opacities of it; up to ``MOST`` flat colours otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.lean import lean_ndimage

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["MOST", "Layer", "Layers", "layers_of"]

MOST: Final = 8
"""Inks at most."""

Array = npt.NDArray[np.float32]
Colour = tuple[int, int, int]

_LARGEST: Final = 640  # px; larger pictures are reduced first: contours are found to a fraction of a pixel anyway
_SMALLEST: Final = 400  # px; smaller ones are enlarged
_MOST_TIMES: Final = 20
_SAME: Final = 36.0  # RGB distance below which two plateaus are one ink
_FLAT: Final = 14  # greatest range of a channel within 3 x 3 px of a plateau
_LEAST: Final = 0.0006  # share of the picture that an ink must hold
_BORDER: Final = 0.5  # share of the border that the ground must hold
_MOSTLY_WHITE: Final = 0.55  # share of white from which white is the ground whatever the border is
_FAINT: Final = 24.0  # RGB distance to the ground below which nothing is seen
_ON_LINE: Final = 26.0  # RGB distance to the line from ground to ink that still counts as a tone of it
_REACH: Final = 0.45  # units that a lower layer reaches under an upper one


@dataclass(frozen=True)
class Layer:
    """color: "currentColor" or "#rrggbb"; opacity 0..1; cover: float32 (side, side)."""

    color: str
    opacity: float
    cover: Array


@dataclass(frozen=True)
class Layers:
    """ground and ink: RGB as seen (ink: what currentColor stands for). square: the picture, padded, uint8 (n, n, 3)."""

    side: int
    ground: Colour
    ink: Colour
    layers: tuple[Layer, ...]
    square: npt.NDArray[np.uint8]

    @property
    def pixel(self) -> float:
        """Units of one pixel of the given picture (not of the working size)."""
        return 24.0 / float(self.square.shape[0])


def layers_of(picture: npt.NDArray[np.uint8]) -> Layers:
    ground = _ground(picture)
    square = _square(_reduced(picture), ground)
    colours = _inks(square, ground)
    n = square.shape[0]
    times = 1 if n >= _SMALLEST else min(-(-_SMALLEST // n), _MOST_TIMES)
    side = n * times
    if not colours:
        return Layers(side, ground, (0, 0, 0), (), square)
    tones = _tones(colours, ground)
    covers = [_enlarged(c, side) for c in _covers(square, ground, colours, tones is not None)]
    if tones is not None:  # the strongest on top: a tone over it would let it through
        order = np.argsort(tones)
        ink = colours[int(order[-1])]
        looks = [("currentColor", float(t)) for t in tones]
    else:
        order = np.argsort([-int(ndimage.binary_fill_holes(c > 0.5).sum()) for c in covers])
        ink = (0, 0, 0)
        looks = [("#{:02x}{:02x}{:02x}".format(*c), 1.0) for c in colours]
    stacked = _stacked([covers[int(i)] for i in order], side, fill=tones is None)
    layers = [Layer(*looks[int(i)], cover) for i, cover in zip(order, stacked, strict=True)]
    return Layers(side, ground, ink, tuple(layers), square)


def _ground(picture: npt.NDArray[np.uint8]) -> Colour:
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).astype(np.int64)
    bins = (edge >> 4) @ np.array([256, 16, 1])
    values, counts = np.unique(bins, return_counts=True)
    middle = np.median(edge[bins == values[np.argmax(counts)]], axis=0)
    near = np.abs(edge - middle).max(axis=1) < _FLAT * 2
    corners = picture[[0, 0, -1, -1], [0, -1, 0, -1]].astype(np.int64)
    held = int((np.abs(corners - middle).max(axis=1) < _FLAT * 2).sum())
    white = float((picture.min(axis=2) >= 250).mean())
    if near.mean() < _BORDER or held < 3 or white > _MOSTLY_WHITE:  # a frame that touches the border is no ground
        return (255, 255, 255)
    r, g, b = (int(v) for v in np.median(edge[near], axis=0))
    return (255, 255, 255) if min(r, g, b) >= 250 else (r, g, b)


def _reduced(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    longer = max(picture.shape[:2])
    if longer <= _LARGEST:
        return picture
    from PIL import Image

    scale = 512 / longer
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def _square(picture: npt.NDArray[np.uint8], ground: Colour) -> npt.NDArray[np.uint8]:
    h, w = picture.shape[:2]
    n = max(h, w)
    if h == w:
        return picture
    out = np.empty((n, n, 3), np.uint8)
    out[:] = ground
    top, left = (n - h) // 2, (n - w) // 2
    out[top : top + h, left : left + w] = picture
    return out


def _flat(square: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    ranges = [
        ndimage.maximum_filter(square[..., c], 3).astype(np.int16) - ndimage.minimum_filter(square[..., c], 3)
        for c in range(3)
    ]
    flat: npt.NDArray[np.bool_] = np.max(ranges, axis=0) <= _FLAT
    return flat


def _inks(square: npt.NDArray[np.uint8], ground: Colour) -> list[Colour]:
    """The colours that are drawn, most frequent first; the farthest from the ground where nothing has a plateau."""
    away = np.linalg.norm(square.astype(np.float32) - np.array(ground, np.float32), axis=-1)
    seen = away > _FAINT
    if not seen.any():
        return []
    flat = square[_flat(square) & seen].astype(np.int64)
    inks: list[Any] = []
    if len(flat) >= 9:
        bins = (flat >> 3) @ np.array([1024, 32, 1])
        _, inverse, counts = np.unique(bins, return_inverse=True, return_counts=True)
        sums = np.stack([np.bincount(inverse, flat[:, c]) for c in range(3)], axis=1)
        held: list[float] = []
        for i in np.argsort(-counts, kind="stable")[:512]:
            mean = sums[i] / counts[i]
            near = [k for k, c in enumerate(inks) if np.linalg.norm(c - mean) < _SAME]
            if near:
                held[near[0]] += counts[i]
            else:
                inks.append(mean)
                held.append(float(counts[i]))
        least = max(9.0, _LEAST * away.size)
        order = sorted((k for k in range(len(inks)) if held[k] >= least), key=lambda k: -held[k])[:MOST]
        inks = [inks[k] for k in order]
    if not inks:
        inks = [np.median(square[away >= 0.97 * away.max()], axis=0)]
    return [(round(float(c[0])), round(float(c[1])), round(float(c[2]))) for c in inks]


def _tones(colours: list[Colour], ground: Colour) -> npt.NDArray[np.float64] | None:
    """How strong each ink is (0..1, the strongest 1) where all are tones of one ink over the ground, else None."""
    vectors = np.array(colours, np.float64) - np.array(ground, np.float64)
    lengths = np.linalg.norm(vectors, axis=1)
    strongest = vectors[np.argmax(lengths)]
    axis = strongest / np.linalg.norm(strongest)
    along = vectors @ axis
    off = np.linalg.norm(vectors - along[:, None] * axis, axis=1)
    if off.max() > _ON_LINE or along.min() <= 0:
        return None
    return np.asarray(np.round(along / along.max(), 2))


def _covers(square: npt.NDArray[np.uint8], ground: Colour, inks: list[Colour], tonal: bool) -> list[Array]:
    pixels = square.astype(np.float32)
    if len(inks) == 1:
        axis = np.array(inks[0], np.float32) - np.array(ground, np.float32)
        cover = ((pixels - np.array(ground, np.float32)) @ axis) / float(axis @ axis)
        return [np.clip(cover, 0, 1).astype(np.float32)]
    colours = np.array([ground, *inks], np.float32)
    nearest = np.argmin(((pixels[:, :, None] - colours) ** 2).sum(axis=-1), axis=-1)
    flat = _flat(square) & (((pixels - colours[nearest]) ** 2).sum(axis=-1) < _SAME**2)
    cover = np.where(flat[..., None], nearest[..., None] == np.arange(len(colours)), False).astype(np.float32)
    rows, columns = np.nonzero(~flat)
    values = pixels[rows, columns]
    near = _nearby(flat, nearest, len(colours))[rows, columns]
    best = np.full(len(values), np.inf, np.float32)
    found = np.zeros((len(values), 3), np.float32)  # first, second, share of the second
    for a, b in combinations(range(len(colours)), 2):
        axis = colours[b] - colours[a]
        share = np.clip((values - colours[a]) @ axis / float(axis @ axis), 0, 1)
        gap = np.linalg.norm(values - colours[a] - share[:, None] * axis, axis=1)
        gap = gap + 60.0 * (~near[:, a]) + 60.0 * (~near[:, b])  # an ink that is not there explains nothing
        better = gap < best
        best[better] = gap[better]
        found[better] = np.stack([np.full(len(values), a), np.full(len(values), b), share], axis=1)[better]
    first, second = found[:, 0].astype(int), found[:, 1].astype(int)
    np.add.at(cover, (rows, columns, first), 1 - found[:, 2])
    np.add.at(cover, (rows, columns, second), found[:, 2])
    return [cover[..., k] for k in range(1, len(colours))]


def _nearby(flat: npt.NDArray[np.bool_], nearest: npt.NDArray[Any], count: int) -> npt.NDArray[np.bool_]:
    """(h, w, count): is there a plateau of this colour within 3 px?"""
    return np.stack([ndimage.maximum_filter(flat & (nearest == k), 7) for k in range(count)], axis=-1)


def _enlarged(cover: Array, side: int) -> Array:
    if cover.shape[0] == side:
        return cover
    from PIL import Image

    image = Image.fromarray(cover).resize((side, side), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(image, np.float32), 0, 1)


def _stacked(covers: list[Array], side: int, *, fill: bool) -> list[Array]:
    """Lower layers reach under the upper ones; with ``fill``, holes that upper layers cover wholly are closed."""
    out = []
    reach = max(1, round(_REACH * side / 24))
    for i, cover in enumerate(covers):
        above = np.sum(covers[i + 1 :], axis=0) if i + 1 < len(covers) else None
        if above is None or not (above > 0.5).any():
            out.append(cover)
            continue
        own = cover > 0.5
        grown = cover
        if fill:
            gaps, count = ndimage.label(ndimage.binary_fill_holes(own) & ~own)
            open_ = np.unique(gaps[(gaps > 0) & (cover + above < 0.6)])
            covered = np.isin(gaps, [k for k in range(1, count + 1) if k not in open_])
            grown = np.where(covered, np.clip(cover + above, 0, 1), cover)
        near = ndimage.distance_transform_edt(grown <= 0.5) <= reach
        out.append(np.where(near, np.clip(grown + above, 0, 1), grown).astype(np.float32))
    return out
