"""The style vector: 32 features of an icon's look, weighted so that plain Euclidean distance is style distance.

Contract. ``to_vector`` gives float32 (DIMS,), finite, every component within +-``_CLIP`` weights. A feature that an
icon does not show (caps of a ring) takes the mean over all icons, so that it neither attracts nor repels."""

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
    line_spread: of the ridge (see ``raster.Ink``). density: ink in the square around it. cap_round, join_round:
    -1..1. sharp: share of sharp turns. radius: log2(1 + corner radius). square_corners: share of sharp corners.
    outline, filled, duotone, color: membership 0..1. second_share, second_contrast: of a lighter tone. colours:
    log2 of their number. chroma .. lightness_spread: Oklab means. gradient: share. size: longer side / 24. aspect:
    short / long side. detail: see ``analysis``. axis, diagonal, curved: shares of the edge length. steps: stair
    steps. parts, holes: log2(1 + n)."""

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

# Learned by tests/bench/bench_style.py --learn on 21,430 icons of 113 styles of 70 openly licensed sets (200 icons
# each): mean over all icons, spread within a style (shrunk by a fifth towards the spread over all), and the weights
# that put an icon nearest to the mean of its own style, scaled so that a typical member is 1 away from it. Order as
# in ``Seen``.
_CENTRE: Final = np.array(
    [
        0.07141,
        0.7,
        0.7711,
        0.1295,
        0.3959,
        0.3827,
        0.1325,
        0.4817,
        0.8428,
        0.4904,
        0.6433,
        0.3004,
        0.03262,
        0.02371,
        0.01568,
        0.0237,
        0.0462,
        0.00282,
        0.0002175,
        -0.0008578,
        0.0143,
        0.004099,
        0.007636,
        0.8416,
        0.8834,
        0.3815,
        0.4338,
        0.08402,
        0.3907,
        0.07534,
        1.619,
        0.9863,
    ]
)
_SCALE: Final = np.array(
    [
        0.4808,
        0.3093,
        0.2759,
        0.2663,
        0.1617,
        0.6026,
        0.6875,
        0.28,
        0.7356,
        0.3981,
        0.3705,
        0.3622,
        0.1049,
        0.09459,
        0.07169,
        0.07583,
        0.1703,
        0.02959,
        0.02926,
        0.03129,
        0.05669,
        0.03858,
        0.05234,
        0.09727,
        0.163,
        0.1152,
        0.3192,
        0.1938,
        0.3116,
        0.1468,
        0.6192,
        0.8261,
    ]
)
_WEIGHT: Final = np.array(
    [
        0.4808,
        0.1893,
        0.1606,
        0.2979,
        0.2407,
        0.3015,
        0.3377,
        0.2971,
        0.2548,
        0.256,
        0.1762,
        0.1903,
        0.2237,
        0.1864,
        0.221,
        0.2214,
        0.2021,
        0.2296,
        0.2365,
        0.2211,
        0.2516,
        0.2014,
        0.3377,
        0.4677,
        0.2865,
        0.2185,
        0.2596,
        0.2297,
        0.1999,
        0.334,
        0.279,
        0.3091,
    ]
)


def to_vector(seen: Seen) -> npt.NDArray[np.float32]:
    """Centred on the mean of all icons, divided by the spread within a set, clipped, weighted."""
    raw = np.array([np.nan if v is None else v for v in astuple(seen)], np.float64)
    normal = np.clip((raw - _CENTRE) / _SCALE, -_CLIP, _CLIP)
    weighted: npt.NDArray[np.float32] = (np.nan_to_num(normal, nan=0.0) * _WEIGHT).astype(np.float32)
    return weighted
