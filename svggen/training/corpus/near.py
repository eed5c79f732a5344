"""Copies: the same icon in several sets, and icons that nearly repeat another of their family.

Contract. ``repeats`` says for each of a list of drawings of one concept by one family which earlier one it nearly
repeats, by hash and by ink. Pure numpy, no rendering: the pictures that were hashed are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]

__all__ = ["BITS_APART", "INK_APART", "hamming", "repeats", "same_ink"]

BITS_APART: Final = 4
"""Bits of 63 by which the hashes of near copies may differ; symmetric drawings lose more to noise than others."""
INK_APART: Final = 0.08
"""Share of the larger ink by which their pictures may differ, pixel by pixel. Of 40 pairs looked at between .055 and
.08 all were one drawing with other corners or another tone (the tone is why the mode must be one); from .09 on one in
ten had another sign in it."""


def hamming(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Bits that differ, broadcast."""
    bits: npt.NDArray[np.int64] = np.bitwise_count(one ^ other).astype(np.int64)
    return bits


def same_ink(one: Picture, other: Picture) -> bool:
    """Whether two pictures, uint8 of one shape, differ by no more than INK_APART of the larger ink."""
    apart = int(np.abs(one.astype(np.int16) - other).sum())
    return apart <= INK_APART * max(int(one.sum(dtype=np.int64)), int(other.sum(dtype=np.int64)))


def repeats(hashes: npt.NDArray[np.uint64], pictures: Picture, modes: Sequence[str]) -> list[int]:
    """For each drawing, in order of preference, the number of the kept one that it nearly repeats; -1 where it stays.

    hashes (n,), pictures uint8 (n, pixels), modes n: only what is drawn in one mode can be a copy."""
    found: list[int] = []
    kept: list[int] = []
    for i in range(len(hashes)):
        bits = hamming(hashes[kept], hashes[i])
        near = (
            k
            for k, apart in zip(kept, bits, strict=True)
            if apart <= BITS_APART and modes[k] == modes[i] and same_ink(pictures[k], pictures[i])
        )
        held = next(near, -1)
        found.append(held)
        if held < 0:
            kept.append(i)
    return found
