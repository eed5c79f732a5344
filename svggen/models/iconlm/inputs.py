"""A prompt as the decoder's input vectors: embeddings of its ids, with texts, style and picture added in their slots.

Contract. ``inputs(weights, prompt, embed)`` gives float32 (P, width), what ``svggen.training.lm_net.IconNet.embed``
computes for the same prompt. ``patch_inputs`` joins what the judge sees of a picture with the picture itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.models.iconlm.weights import Weights
from svggen.tokens.prompt import PATCHES, Prompt

__all__ = ["inputs", "patch_inputs"]

Floats: TypeAlias = npt.NDArray[np.float32]


def inputs(
    weights: Weights,
    prompt: Prompt,
    embed: Callable[[Sequence[str]], Floats],
    *,
    style: Floats | None = None,
    patches: Floats | None = None,
) -> Floats:
    """embed: texts -> (n, 384), the frozen text encoder's. style: (32,), the judge's, where the prompt has a slot for
    it. patches: (64, 224) of ``patch_inputs``, where it has a picture. ValueError where one is due and missing."""
    out: Floats = weights.tokens[prompt.ids]
    if prompt.texts:
        matrix, bias = weights.text
        out[[at for at, _ in prompt.texts]] += embed([text for _, text in prompt.texts]) @ matrix + bias
    if prompt.style is not None:
        if style is None:
            raise ValueError("the prompt has a slot for a style vector, and none is given")
        matrix, bias = weights.style
        out[prompt.style] += style.astype(np.float32) @ matrix + bias
    if prompt.picture is not None:
        if patches is None:
            raise ValueError("the prompt has slots for a picture, and none is given")
        matrix, bias = weights.patch
        out[prompt.picture : prompt.picture + PATCHES] += patches @ matrix + bias + weights.patch_positions
    return out


def patch_inputs(picture: npt.NDArray[np.uint8], patches: Floats) -> Floats:
    """(64, 224) of a picture uint8 (64, 64, 3) and the judge's patches (64, 160): its features, then the darkness of
    the 8 x 8 pixels of each place."""
    dark = 1.0 - picture.astype(np.float32).mean(-1) / 255
    pixels = dark.reshape(8, 8, 8, 8).transpose(0, 2, 1, 3).reshape(PATCHES, 64)
    return np.concatenate([patches.astype(np.float32), pixels], -1)
