"""The style vector: 32 features of an icon's look, weighted so that plain Euclidean distance is style distance.

Contract. ``to_vector`` gives float32 (DIMS,), finite, every component within +-``_CLIP`` weights. A feature that an icon does not
show (caps of a ring) takes the mean over all icons, so that it neither attracts nor repels.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["DIMS", "Seen", "to_vector"]

_CLIP: Final = 3.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The raw features. line_width: log2 of the width in 1.75 px. line_ink: share of the ink in lines. line_share,
    line_spread: of the ridge (see ``raster.Ink``). density: ink in the square around it. cap_round, join_round: -1..1.
    sharp: share of sharp turns. radius: log2(1 + corner radius). square_corners: share of sharp corners. outline, filled,
    duotone, color: membership 0..1. second_share, second_contrast: of a lighter tone. colours: log2 of their number.
    chroma .. lightness_spread: Oklab means. gradient: share. size: longer side / 24. aspect: short / long side. detail: see
    ``analysis``. axis, diagonal, curved: shares of the edge length. steps: stair steps. parts, holes: log2(1 + n)."""

    line_width: float | None
    line_ink: float
    line_share: float
    line_spread: float
    density: float
    cap_round: float | None
    join_round: float | None
    sharp: float | None
    radius: float | None
    square_corners: float | None
    outline: float
    filled: float
    duotone: float
    color: float
    second_share: float
    second_contrast: float
    colours: float
    chroma: float
    hue_x: float
    hue_y: float
    lightness: float
    lightness_spread: float
    gradient: float
    size: float
    aspect: float
    detail: float
    axis: float
    diagonal: float
    curved: float
    steps: float
    parts: float
    holes: float


DIMS: Final = len(fields(Seen))

# Learned weights: filled in by tests/bench/bench_style.py --learn (see below).
_CENTRE: Final = np.zeros(DIMS)
_SCALE: Final = np.ones(DIMS)
_WEIGHT: Final = np.ones(DIMS)


def to_vector(seen: Seen) -> npt.NDArray[np.float32]:
    """Centred on the mean of all icons, divided by the spread within a set, clipped, weighted."""
    raw = np.array([np.nan if v is None else v for v in astuple(seen)], np.float64)
    normal = np.clip((raw - _CENTRE) / _SCALE, -_CLIP, _CLIP)
    return (np.nan_to_num(normal, nan=0.0) * _WEIGHT).astype(np.float32)
