"""Judge: vectors of what icons show and how they look, and the scores made of them.

Contract. ``Judge.see`` takes icons, or pictures uint8 (n, 64, 64, 3) on white, and gives ``Seen``; ``Judge.text``
brings phrases into the same space. ``score`` turns a cosine into the share of real icons, of sets the judge never
learned from, that score lower. ``default_judge`` is the one that ships, loaded once per process (60 ms), safe under
threads.

Errors: ``WeightsError`` (the operator: the judge's or the text encoder's file), ``RenderError`` (an icon that no
renderer draws).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from svggen.judge.weights import FILE, SHA256, read
from svggen.threads import one_thread

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon

    Floats: TypeAlias = npt.NDArray[np.float32]
    Pixels: TypeAlias = npt.NDArray[np.uint8]

__all__ = ["CONCEPT_DIMS", "STYLE_DIMS", "Judge", "Kind", "Seen", "default_judge"]

CONCEPT_DIMS, STYLE_DIMS = 256, 32
Kind: TypeAlias = Literal["concept", "concept_other", "style", "style_other"]
"""Whose cosines: of an icon and its own name, somebody else's name, its own set's mean style, another set's."""


@dataclass(frozen=True)
class Seen:
    """concept float32 (n, 256) and style (n, 32), rows of length 1; patches (n, 64, 160): 8 x 8 places, row by row."""

    concept: Floats
    style: Floats
    patches: Floats

    def __len__(self) -> int:
        return len(self.concept)


class Judge:
    """The net of one file. path: a safetensors file of ``svggen.training.judge``; sha256: its digest, None where it is
    one's own and is checked by its layout alone."""

    def __init__(self, path: Path = FILE, sha256: str | None = SHA256) -> None:
        self._tensors, self.facts = read(path, sha256)
        """What the header says: calibration, recipe, icons seen, report on the validation sets."""

    def see(self, things: Sequence[Icon] | Pixels) -> Seen:
        """Look at icons, or at pictures uint8 (n, 64, 64, 3); about 5 ms each on two cores, in batches of 8."""
        from svggen.judge.net import forward
        from svggen.judge.pictures import pictures

        pixels: Any = things if hasattr(things, "dtype") else pictures(things)
        if pixels.dtype != "uint8" or pixels.shape[1:] != (64, 64, 3):
            raise ValueError(f"pictures are uint8 (n, 64, 64, 3), not {pixels.dtype} {pixels.shape}")
        with one_thread():
            return Seen(*forward(self._tensors, pixels))

    def text(self, phrases: Sequence[str]) -> Floats:
        """float32 (n, 256), rows of length 1: a phrase is near what it is the name of."""
        from svggen.text import default_text_encoder

        return self.project(default_text_encoder().embed(phrases))

    def project(self, frozen: Floats) -> Floats:
        """float32 (n, 256) of frozen text vectors (n, 384): for who has them already."""
        from svggen.judge.net import project

        return project(self._tensors, frozen)

    def score(self, kind: Kind, value: float) -> float:
        """0..1: the share of real icons whose cosine of that kind is lower than ``value``."""
        import numpy as np

        quantiles = self.facts["calibration"][kind]
        return float(np.interp(value, quantiles, np.linspace(0, 1, len(quantiles)), left=0.0, right=1.0))

    def concept_scores(self, seen: Seen, words: str) -> list[float]:
        """0..1 of each: how surely it shows that, measured by how surely real icons show what they are named after."""
        return [self.score("concept", float(cosine)) for cosine in seen.concept @ self.text([words])[0]]

    def style_scores(self, seen: Seen, set_style: Floats) -> list[float]:
        """0..1 of each: how well it sits in a set, measured by how well real icons sit in theirs. set_style (32,): the
        mean of the style vectors of the set, of any length."""
        import numpy as np

        mean = np.asarray(set_style, np.float32)
        length = max(float(np.linalg.norm(mean)), 1e-9)
        return [self.score("style", float(cosine) / length) for cosine in seen.style @ mean]

    def concept_score(self, icon: Icon, words: str) -> float:
        """``concept_scores`` of one icon."""
        return self.concept_scores(self.see([icon]), words)[0]

    def style_score(self, icon: Icon, set_style: Floats) -> float:
        """``style_scores`` of one icon."""
        return self.style_scores(self.see([icon]), set_style)[0]


def default_judge() -> Judge:
    """The judge that ships, loaded once per process (also when two threads ask at the same time)."""
    with _LOADING:
        return _default()


_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def _default() -> Judge:
    return Judge()
