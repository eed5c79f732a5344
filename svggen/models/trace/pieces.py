"""The connected pieces of a layer: their contours, their masks, and what of the coverage is theirs.

Contract. ``pieces_of`` leaves out specks (less than ``SPECK`` square units of ink) and pinholes. Everything is in units
of the 24 px canvas but the arrays: ``mask`` at ``PER_UNIT`` px a unit, ``target`` at ``SIDE`` px.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.lean import lean_ndimage
from svggen.models.trace.compare import SIDE
from svggen.models.trace.layers import Array
from svggen.models.trace.outlines import Points, outlines, signed_area
from svggen.models.trace.skeleton import Mask
from svggen.models.trace.strokes import PER_UNIT

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["SPECK", "Piece", "pieces_of"]

SPECK: Final = 0.25
"""Square units of ink below which a piece is dirt."""
_PINHOLE: Final = 0.08

_EIGHT: Final = np.ones((3, 3), bool)


@dataclass(frozen=True)
class Piece:
    """contours: the outer one first. edge: length of all contours, units."""

    contours: list[Points]
    mask: Mask
    target: Array
    edge: float

    @property
    def area(self) -> float:
        return float(self.target.sum()) * (24.0 / SIDE) ** 2


def pieces_of(cover: Array) -> list[Piece]:
    """Largest first."""
    small = _resized(cover, 24 * PER_UNIT)
    labels, count = ndimage.label(small > 0.5, _EIGHT)
    if not count:
        return []
    nearest = ndimage.distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
    owner = labels[nearest[0], nearest[1]]
    groups: dict[int, list[Points]] = {}
    for contour in outlines(cover, _PINHOLE):
        at = np.clip((contour * PER_UNIT).astype(int), 0, small.shape[0] - 1)
        groups.setdefault(int(np.bincount(owner[at[:, 1], at[:, 0]]).argmax()), []).append(contour)
    fine = _resized(cover, SIDE)
    where = np.clip(((np.arange(SIDE) + 0.5) * small.shape[0] / SIDE).astype(int), 0, small.shape[0] - 1)
    owners = owner[np.ix_(where, where)]
    out = []
    for k, contours in groups.items():
        contours = sorted(contours, key=lambda c: -abs(signed_area(c)))
        edge = sum(float(np.linalg.norm(c - np.roll(c, 1, axis=0), axis=1).sum()) for c in contours)
        piece = Piece(contours, labels == k, np.where(owners == k, fine, 0.0).astype(np.float32), edge)
        if abs(signed_area(contours[0])) >= SPECK and piece.area >= SPECK:
            out.append(piece)
    return sorted(out, key=lambda p: -p.area)


def _resized(cover: Array, side: int) -> Array:
    from PIL import Image

    way = Image.Resampling.BOX if cover.shape[0] > side else Image.Resampling.BICUBIC
    image: Any = Image.fromarray(np.ascontiguousarray(cover)).resize((side, side), way)
    out: npt.NDArray[np.float32] = np.clip(np.asarray(image, np.float32), 0, 1)
    return out
