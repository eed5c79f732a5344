"""How like two pictures are: SSIM, mean squared error, overlap of the ink.

Contract. Pictures are RGB arrays (height, width, 3), 0..255, of one shape. ``ssim`` is the mean structural similarity
of Z. Wang, A. Bovik, H. Sheikh and E. Simoncelli (Image quality assessment, 2004): Gaussian window of 11 px and sigma
1.5, K1 = 0.01, K2 = 0.03, on the luminance, over all pixels (edges are mirrored).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.lean import lean_ndimage

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["SIDE", "ink_overlap", "luminance", "mean_squared_error", "resized", "ssim"]

SIDE: Final = 256
"""px of the side at which pictures are compared."""

Array = npt.NDArray[np.float32]

_SIGMA: Final = 1.5
_RADIUS: Final = 5  # a window of 11 px
_C1: Final = (0.01 * 255) ** 2
_C2: Final = (0.03 * 255) ** 2


def resized(picture: npt.NDArray[Any], side: int = SIDE) -> npt.NDArray[np.uint8]:
    """uint8 (side, side, 3): a square picture at another size; means of pixels where it shrinks, cubic where it
    grows."""
    from PIL import Image

    if picture.shape[:2] == (side, side):
        return picture.astype(np.uint8)
    way = Image.Resampling.BOX if picture.shape[0] > side else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(picture.astype(np.uint8)).resize((side, side), way))


def luminance(picture: npt.NDArray[Any]) -> Array:
    """float32 (h, w), 0..255: ITU-R BT.601, as for grey pictures."""
    out: Array = picture[..., :3].astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return out


def ssim(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """-1..1, 1 for equal pictures."""
    x, y = luminance(a), luminance(b)
    mx, my = _blur(x), _blur(y)
    vx, vy, both = _blur(x * x) - mx * mx, _blur(y * y) - my * my, _blur(x * y) - mx * my
    score = ((2 * mx * my + _C1) * (2 * both + _C2)) / ((mx * mx + my * my + _C1) * (vx + vy + _C2))
    return float(score.mean())


def _blur(x: Array) -> Array:
    return np.asarray(ndimage.gaussian_filter(x, _SIGMA, truncate=_RADIUS / _SIGMA, mode="reflect"), np.float32)


def mean_squared_error(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """0..1: channels as shares of white."""
    gap = (a[..., :3].astype(np.float32) - b[..., :3].astype(np.float32)) / 255
    return float((gap * gap).mean())


def ink_overlap(a: npt.NDArray[Any], b: npt.NDArray[Any], ground: tuple[int, int, int] = (255, 255, 255)) -> float:
    """0..1: intersection over union of the pixels that differ from the ground by more than a quarter of white."""
    inks = [np.abs(p[..., :3].astype(np.int16) - np.array(ground)).max(axis=-1) > 64 for p in (a, b)]
    either = int(np.logical_or(*inks).sum())
    return float(np.logical_and(*inks).sum()) / either if either else 1.0
