"""The judge: an image encoder that has seen only icons. What does this show, and whose hand could it be?

    judge = default_judge()
    seen = judge.see([icon])                          # concept (n, 256), style (n, 32), patches (n, 64, 160)
    judge.concept_score(icon, "coffee cup")           # the share of real icons that say less surely what they show
    judge.style_score(icon, own.style.mean(0))        # the share of real icons that sit less well in their own set

Contract. About 4 million parameters, 64 px, numpy alone, no torch and no network; the file is checked by digest. A
score is the share of real icons that score lower: 0.5 is an ordinary icon, not a coin toss. How it was trained and what
it is worth stands in ``svggen/weights/judge/MODEL-CARD.md``.

    pictures.py  what the judge sees       net.py       the net          weights.py  its file
    judge.py     vectors and scores        describe.py  labels and style of an SVG or a picture
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svggen.judge.describe import Description, Label
    from svggen.judge.judge import Judge, Seen, default_judge
    from svggen.judge.pictures import pictures, seen_picture

__all__ = ["Description", "Judge", "Label", "Seen", "default_judge", "pictures", "seen_picture"]

_HOME = {
    "Description": "describe",
    "Judge": "judge",
    "Label": "describe",
    "Seen": "judge",
    "default_judge": "judge",
    "pictures": "pictures",
    "seen_picture": "pictures",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
