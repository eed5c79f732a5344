"""StarVector: a picture in, SVG text out; CLIP and StarCoder (1B), SigLIP and StarCoder2 (8B).

    model.py  the SvgModel    loading.py  the published checkpoints    net.py  the modules, and their weights' keys

The weights (Apache-2.0; the code models below them are under BigCode OpenRAIL-M) are not shipped.
"""

from __future__ import annotations

from svggen.errors import ModelError
from svggen.models.starvector.loading import REPOSITORIES, missing
from svggen.models.starvector.model import StarVector

__all__ = ["REPOSITORIES", "StarVector", "missing", "open_model"]


def open_model(name: str, argument: str | None = None) -> StarVector:
    """The model by name (starvector-1b, starvector-8b); argument: a folder of weights, None for the Hugging Face cache.
    Nothing is loaded before the first drawing."""
    from svggen.models.checkpoints import locate

    if name not in REPOSITORIES:
        raise ModelError(f"there is no {name!r:.40}: it is one of {', '.join(REPOSITORIES)}")
    if argument is not None:
        locate(name, REPOSITORIES[name], argument)
    return StarVector(name, argument)
