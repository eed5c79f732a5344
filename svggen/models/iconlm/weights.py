"""IconLM's weights: one safetensors file, checked and laid out for the decoder.

Contract. ``load(path, sha256)`` reads what ``svggen.training.lm_net.export`` wrote: int8 matrices with a float16 scale a
row become float32, transposed so that a step is ``x @ matrix``; query, key and value are one matrix, gate and up
another. Errors: ``WeightsError`` (the operator) for a file that is missing, truncated, of another digest or version.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.checked import checked_bytes
from svggen.errors import WeightsError
from svggen.tokens.vocabulary import VERSION, VOCAB_SIZE

__all__ = ["WEIGHTS", "Config", "Weights", "load"]

Floats: TypeAlias = npt.NDArray[np.float32]

WEIGHTS = Path(__file__).resolve().parents[2] / "weights" / "iconlm" / "iconlm.safetensors"


@dataclass(frozen=True)
class Config:
    """The shape of the net, as the file says it."""

    width: int
    layers: int
    heads: int
    key_heads: int
    inner: int
    vocabulary: int
    positions: int
    theta: float
    dropout: float = 0.0

    @property
    def head(self) -> int:
        return self.width // self.heads


@dataclass(frozen=True)
class LayerWeights:
    """norm1, norm2 (width,); qkv (width, (heads + 2 key heads) x head); out; gate_up (width, 2 inner); down."""

    norm1: Floats
    norm2: Floats
    qkv: Floats
    out: Floats
    gate_up: Floats
    down: Floats


@dataclass(frozen=True)
class Weights:
    """Everything that is learned. tokens (vocabulary, width); head (width, vocabulary); text (384, width), style
    (32, width), patch (224, width) with their biases; patch_positions (64, width)."""

    config: Config
    facts: dict[str, Any]
    digest: str
    tokens: Floats
    layers: tuple[LayerWeights, ...]
    norm: Floats
    head: Floats
    text: tuple[Floats, Floats]
    style: tuple[Floats, Floats]
    patch: tuple[Floats, Floats]
    patch_positions: Floats


def load(path: Path = WEIGHTS, sha256: str | None = None) -> Weights:
    """Reads and checks the file; ``sha256`` None takes any digest (weights of the user's own)."""
    from safetensors import SafetensorError
    from safetensors.numpy import load as read

    data = _any_bytes(path) if sha256 is None else checked_bytes(path, sha256, "IconLM's weights")
    try:
        arrays = read(data)
        about = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
        config = Config(**json.loads(about["config"]))
        if int(about["version"]) != VERSION or config.vocabulary != VOCAB_SIZE:
            raise WeightsError(f"{path} was trained for icon tokens of version {about['version']}, this is {VERSION}")
        facts = json.loads(about["facts"])
        return _laid_out(arrays, config, facts, hashlib.sha256(data).hexdigest())
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise WeightsError(f"{path} holds no weights of IconLM: {error}") from error


def _any_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"IconLM's weights {path} cannot be read: {error.strerror}") from error


def _laid_out(arrays: dict[str, npt.NDArray[Any]], config: Config, facts: dict[str, Any], digest: str) -> Weights:
    def get(name: str) -> Floats:
        value = arrays[name]
        if f"{name}.scale" in arrays:
            return value.astype(np.float32) * arrays[f"{name}.scale"].astype(np.float32)[:, None]
        return value.astype(np.float32)

    def matrix(*names: str) -> Floats:
        return np.ascontiguousarray(np.concatenate([get(f"{name}.weight") for name in names]).T)

    layers = []
    for n in range(config.layers):
        at = f"layers.{n}."
        layers.append(
            LayerWeights(
                norm1=get(f"{at}input_layernorm.weight"),
                norm2=get(f"{at}post_attention_layernorm.weight"),
                qkv=matrix(*(f"{at}self_attn.{p}_proj" for p in "qkv")),
                out=matrix(f"{at}self_attn.o_proj"),
                gate_up=matrix(f"{at}mlp.gate_proj", f"{at}mlp.up_proj"),
                down=matrix(f"{at}mlp.down_proj"),
            )
        )
    return Weights(
        config, facts, digest, get("embed_tokens.weight"), tuple(layers), get("norm.weight"), matrix("lm_head"),
        (matrix("text_in"), get("text_in.bias")), (matrix("style_in"), get("style_in.bias")),
        (matrix("patch_in"), get("patch_in.bias")), get("patch_positions"),
    )  # fmt: skip
