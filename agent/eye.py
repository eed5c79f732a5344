"""The critic's eye: what the judge, who has seen only icons, says of the candidates.

Contract. ``look(icons, words, set_style)`` gives one ``Look`` for each icon, in one batch (about 6 ms an icon, 60 ms
once to load); an empty list where the judge cannot be used (its file is missing or damaged; ``doctor`` says so), so
that the critic judges without it. Scores are shares of real icons: .5 is an ordinary icon.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.seams import taped
from svggen.errors import RenderError, WeightsError

if TYPE_CHECKING:
    from svggen.icon import Icon

__all__ = ["Look", "look"]


@dataclass(frozen=True, slots=True)
class Look:
    """concept: the share of real icons that show their subject less surely. style: the share of real icons that sit
    less well in their own set; None where no set is known."""

    concept: float
    style: float | None = None


@taped("eye")
def look(icons: Sequence[Icon], words: str, set_style: Sequence[float] | None = None) -> list[Look]:
    """One Look an icon. words: the subject; set_style: the mean of the judge's style vectors of the user's icons."""
    if not icons or not any(c.isalnum() for c in words):
        return []
    with contextlib.suppress(WeightsError, RenderError):
        import numpy as np

        from svggen.judge import default_judge

        judge = default_judge()
        seen = judge.see(list(icons))
        concepts = judge.concept_scores(seen, words)
        if set_style is None:
            return [Look(round(c, 4)) for c in concepts]
        styles = judge.style_scores(seen, np.asarray(set_style, np.float32))
        return [Look(round(c, 4), round(s, 4)) for c, s in zip(concepts, styles, strict=True)]
    return []
