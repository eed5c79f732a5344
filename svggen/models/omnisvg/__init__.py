"""OmniSVG: Qwen2.5-VL with ids of its own for paths on a grid of 200 x 200; from words, or from a picture.

    model.py    the SvgModel             loading.py  the published checkpoints, 1.1 in 8B and 4B, and the first (3B)
    inputs.py   caption, prompt, patches mask.py     the grammar of its ids as a LogitsProcessor

The ids themselves: ``svggen.tokens.omnisvg`` and ``svggen.tokens.omnisvg_grammar``. The weights (Apache-2.0; the base
of 4B and 3B is under the Qwen Research licence, not for commercial use) are not shipped.
"""

from __future__ import annotations

from svggen.errors import ModelError
from svggen.models.omnisvg.inputs import Prompts
from svggen.models.omnisvg.loading import REPOSITORIES, missing
from svggen.models.omnisvg.model import OmniSVG

__all__ = ["REPOSITORIES", "OmniSVG", "Prompts", "missing", "open_model"]


def open_model(name: str, argument: str | None = None) -> OmniSVG:
    """The model by name (omnisvg-8b, omnisvg-4b, omnisvg-3b); argument: a folder of weights, None for the Hugging Face
    cache. Nothing is read before the first drawing, but whether a folder is there."""
    from svggen.models.checkpoints import locate

    if name not in REPOSITORIES:
        raise ModelError(f"there is no {name!r:.40}: it is one of {', '.join(REPOSITORIES)}")
    if argument is not None:
        locate(name, REPOSITORIES[name][0], argument)
    return OmniSVG(name, argument)
