"""How usual a drawing of a concept is among all that are known: the picture that most sets agree on.

Contract. ``usual(icons)`` looks only at what is drawn, not at how heavily: ink cropped to its box, scaled to ``GRID``
px, blurred, beside its silhouette (holes filled), so that the outline and the filled form of one glyph are alike.
Deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from svggen.icon import Icon

GRID: Final = 24
"""Side of the compared pictures in px: coarse enough that two hands' bells are alike."""
LEAST: Final = 4
"""Fewer drawings than this agree on nothing."""


def usual(icons: Sequence[Icon]) -> list[float]:
    """For each icon, 0..1: its mean likeness (cosine) to the more similar half of the others; 0 for all where there are
    fewer than ``LEAST``."""
    if len(icons) < LEAST:
        return [0.0] * len(icons)
    from scipy import ndimage

    from svggen.render import inks

    seen = []
    for picture in inks(icons, 48):
        rows, columns = np.where(picture > 0.15)
        if not len(rows):
            seen.append(np.zeros(2 * GRID * GRID))
            continue
        box = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        side = max(box.shape)
        square = np.zeros((side, side))
        top, left = (side - box.shape[0]) // 2, (side - box.shape[1]) // 2
        square[top : top + box.shape[0], left : left + box.shape[1]] = box
        index = (np.arange(GRID) * side / GRID).astype(int)
        small = ndimage.gaussian_filter(square, side / 24)[np.ix_(index, index)]
        body = ndimage.gaussian_filter(ndimage.binary_fill_holes(square > 0.3).astype(float), side / 24)
        both = [v.ravel() / (np.linalg.norm(v) + 1e-9) for v in (small - small.mean(), body[np.ix_(index, index)])]
        seen.append(np.concatenate(both) / np.sqrt(2))
    stack = np.asarray(seen)
    alike = stack @ stack.T
    np.fill_diagonal(alike, -1.0)
    near = max(1, (len(icons) - 1) // 2)
    return [float(np.clip(np.sort(row)[-near:].mean(), 0.0, 1.0)) for row in alike]
