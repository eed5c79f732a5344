"""Drawings told from repeats of one another.

Contract. ``distinct(icons, most)`` gives the positions of the first ``most`` icons that do not repeat one before them:
rasters at 48 px whose ink overlaps by ``SAME`` (intersection over union) or more are one drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svggen.icon import Icon

__all__ = ["SAME", "distinct"]

SAME = 0.9
"""Rasters that overlap by more (intersection over union) are one drawing."""


def distinct(icons: Sequence[Icon], most: int) -> list[int]:
    """Positions in the order given, at most so many."""
    import numpy as np

    from svggen.render import inks

    if not icons:
        return []
    pictures = np.asarray(inks(icons, 48)) > 0.4
    kept: list[int] = []
    for i in range(len(icons)):
        if len(kept) == most:
            break
        same = False
        for j in kept:
            both = float(np.logical_or(pictures[i], pictures[j]).sum())
            same = same or (both > 0 and float(np.logical_and(pictures[i], pictures[j]).sum()) / both >= SAME)
        if not same:
            kept.append(i)
    return kept
