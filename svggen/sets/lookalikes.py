"""Look-alikes: pairs of icons that a user would take for one another at 16 px.

Contract. ``look_alikes(facts)`` gives pairs of positions, the most alike first. Two icons are compared with their ink
in the middle of 16 px. ``difference`` is what the eye has to go by: the strongest difference of any spot, 0 (none) to 1
(ink against ground), after a blur of a pixel. ``judge`` is the cosine of what the judge says they show. Alike are pairs
without a spot that differs by ``SPOT``, and those with no more than ``SPOT_SEEN`` that show the same to the judge
(``SAME``: a plug and a rounder plug). Both limits were chosen by eye on pairs of Lucide and MDI, among whose 1,854 and
4,890 icons they find some 70 each.

2,000 icons take half a second, 10,000 a quarter of a minute: only pairs whose blurred pictures, or whose meanings, are
nearly parallel are looked at spot by spot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from svggen.lean import lean_ndimage
from svggen.sets.facts import Facts

__all__ = ["SAME", "SPOT", "SPOT_SEEN", "Pair", "look_alikes"]

Floats = npt.NDArray[np.float32]

SPOT: Final = 0.25
SPOT_SEEN: Final = 0.5
SAME: Final = 0.9
_PARALLEL: Final = 0.93
"""Cosine of two blurred pictures below which no pair was found to differ by less than ``SPOT``."""
_ROWS: Final = 1024
_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions a < b; difference 0..1; judge -1..1."""

    a: int
    b: int
    difference: float
    judge: float

    @property
    def same(self) -> bool:
        """Whether no spot of them differs that anybody could see."""
        return self.difference < 0.03


def look_alikes(facts: Sequence[Facts]) -> list[Pair]:
    if len(facts) < 2:
        return []
    lean_ndimage()
    from scipy import ndimage

    small = np.stack([255 - f.small for f in facts]).astype(np.float32) / 255.0
    concept = np.stack([f.concept for f in facts]).astype(np.float32)
    soft = ndimage.gaussian_filter(small.max(axis=3), (0, 0.7, 0.7)).reshape(len(facts), -1)
    soft /= np.linalg.norm(soft, axis=1, keepdims=True) + 1e-9
    found: list[Pair] = []
    for a, b, judged in _near(soft, concept):
        spots = ndimage.gaussian_filter(np.abs(small[a] - small[b]).max(axis=3), (0, 0.8, 0.8)).max(axis=(1, 2))
        alike = (spots < SPOT) | ((spots < SPOT_SEEN) & (judged >= SAME))
        found += [
            Pair(int(i), int(j), round(float(d), 4), round(float(s), 4))
            for i, j, d, s in zip(a[alike], b[alike], spots[alike], judged[alike], strict=True)
        ]
    return sorted(found, key=lambda pair: (pair.difference, -pair.judge, pair.a, pair.b))


def _near(soft: Floats, concept: Floats) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]]:
    """Pairs worth a look, some thousands at a time: first and second positions, and the judge's cosine."""
    blank = soft.max(axis=1) <= 0
    for start in range(0, len(soft), _ROWS):
        rows = slice(start, start + _ROWS)
        likeness, meaning = soft[rows] @ soft[start:].T, concept[rows] @ concept[start:].T
        near = np.triu((likeness >= _PARALLEL) | (meaning >= SAME), 1)
        near[blank[rows]] = False
        near[:, blank[start:]] = False
        first, second = np.nonzero(near)
        for at in range(0, len(first), _AT_ONCE):
            i, j = first[at : at + _AT_ONCE], second[at : at + _AT_ONCE]
            yield i + start, j + start, meaning[i, j]
