"""What a model has drawn, ranked by the judge: one way for every model that draws several candidates.

Contract. ``ranked(icons, ...)`` gives the candidates best first, repeats left out, at most n: by how surely the judge
sees what was asked (by likeness to the picture, where there is one), then by the style of the user's own icons.
``confidence`` is ``sure(score)`` of the judge's calibrated concept score, or the likeness. ``picture`` reads a
picture as the judge sees it. ``drafts`` makes drafts of drawings, those that were finished before those that broke off.
Errors: ``InvalidPictureError``, ``WeightsError`` (the judge's), ``RenderError``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from svggen.models.base import KNOWN, Draft
from svggen.models.distinct import distinct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon
    from svggen.judge import Judge
    from svggen.models.base import DrawRequest, SvgModel

    Floats: TypeAlias = npt.NDArray[np.float32]
    Pixels: TypeAlias = npt.NDArray[np.uint8]

__all__ = ["Drawn", "Ranked", "drafts", "picture", "ranked", "set_style", "sure"]

STYLE_WEIGHT = 0.15
"""Of the style's cosine beside the concept's score 0..1."""


@dataclass(frozen=True)
class Ranked:
    """at: which of the icons given; score 0..1: of the judge, or likeness to the picture; confidence 0..1."""

    at: int
    icon: Icon
    score: float
    confidence: float


@dataclass(frozen=True)
class Drawn:
    """A candidate in the wanted style. tokens: of its drawing; whole: it was finished, not broken off and mended."""

    icon: Icon
    tokens: int
    whole: bool
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()


def drafts(model: SvgModel, request: DrawRequest, drawn: Sequence[Drawn], started: float) -> list[Draft]:
    """Of the whole ones, or where there are none of all: at most n, best first. started: time.perf_counter() when the
    request came."""
    words = " ".join(request.words.split())[:200]
    taken = [d for d in drawn if d.whole] or list(drawn)
    seen = picture(request.image)
    out = []
    for one in ranked([d.icon for d in taken], words, request.n, seen=seen, style=set_style(request)):
        d = taken[one.at]
        unsure = seen is None and one.confidence < KNOWN
        notes = (*d.notes, f"the judge is not sure that this shows {words!r}") if unsure else d.notes
        draft = Draft(
            icon=d.icon, model=model.name, revision=model.revision, seed=request.seed,
            confidence=round(one.confidence, 4), steps=d.steps, notes=notes, tokens=d.tokens,
            seconds=time.perf_counter() - started,
        )  # fmt: skip
        out.append(draft)
    return out


def ranked(
    icons: Sequence[Icon], words: str, n: int, *, seen: Pixels | None = None, style: Floats | None = None,
    judge: Judge | None = None,
) -> list[Ranked]:  # fmt: skip
    """See the head of this file. seen: the picture that was to be drawn (``picture``); style: of the user's set
    (``set_style``); judge: None is the one that ships."""
    import numpy as np

    if not icons:
        return []
    judge = _judge() if judge is None else judge
    looks = judge.see(list(icons))
    scores = judge.concept_scores(looks, words) if seen is None else _likeness(icons, seen)
    fits = looks.style @ style if style is not None else np.zeros(len(icons))
    order = sorted(range(len(icons)), key=lambda i: (-round(scores[i] + STYLE_WEIGHT * float(fits[i]), 6), i))
    kept = [order[k] for k in distinct([icons[i] for i in order], n)]
    return [Ranked(i, icons[i], scores[i], scores[i] if seen is not None else sure(scores[i])) for i in kept]


def sure(score: float) -> float:
    """Confidence 0..1 of a calibrated concept score (the share of real icons that are recognised less surely). Half at
    .45: there the cosine is .25, which the names of other icons reach in 5 % of the cases."""
    return max(0.0, min(1.0, score / 0.9))


def picture(image: bytes | None) -> Pixels | None:
    """The picture as the judge sees it."""
    if image is None:
        return None
    from svggen.judge import seen_picture
    from svggen.pictures import load_picture

    pixels: Any = seen_picture(load_picture(image))
    return pixels  # type: ignore[no-any-return]


def set_style(request: DrawRequest) -> Floats | None:
    """The judge's mean style vector of the user's set, else of the icons that are shown as the user's own; None where
    there are none."""
    import numpy as np

    if request.set_style is not None:
        return np.asarray(request.set_style, np.float32)
    own = [r.icon for r in request.references if r.origin in ("own", "given")]
    if not own:
        return None
    mean = _judge().see(own[:8]).style.mean(0)
    out: Floats = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return out


def _likeness(icons: Sequence[Icon], seen: Pixels) -> list[float]:
    """0..1: the overlap of ink of each icon and the picture (both 64 px): sum of the lesser over sum of the greater."""
    import numpy as np

    from svggen.judge.pictures import pictures

    wanted = 1.0 - seen.astype(np.float32).mean(-1) / 255
    drawn = 1.0 - pictures(icons).astype(np.float32).mean(-1) / 255
    return [float(np.minimum(d, wanted).sum() / max(1e-6, np.maximum(d, wanted).sum())) for d in drawn]


def _judge() -> Judge:
    from svggen.judge import default_judge

    return default_judge()
