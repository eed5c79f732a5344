"""IconLM: a small language model that draws icons token by token, from words, a picture, a style and exemplars.

    model.py     the SvgModel: a request as a prompt, candidates judged, the best as drafts
    seen.py      which set a drawing repeats, if it does
    sampling.py  n candidates in one batch under the grammar's mask
    decoder.py   the net in numpy, with key-value cache          weights.py  its file

What it is worth, what it was trained on and what it cannot do stands in ``svggen/weights/iconlm/MODEL-CARD.md``.
"""

from __future__ import annotations

from svggen.models.iconlm.model import IconLM, knows

__all__ = ["IconLM", "knows"]
