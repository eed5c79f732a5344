"""IconLM's weights: one safetensors file, checked and laid out for the decoder.

Contract. ``load(path, sha256)`` reads what ``svggen.training.lm_net.export`` wrote: int8 matrices with a float16 scale
a row, (out, in), of which query, key and value become one, gate and up another. Errors: ``WeightsError`` (the operator)
for a file that is missing, cut short, of another digest or version, or that lacks a tensor.
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
from svggen.models.iconlm.product import Matrix
from svggen.tokens.vocabulary import VERSION, VOCAB_SIZE

__all__ = ["SHA256", "WEIGHTS", "Config", "Weights", "load"]

Floats: TypeAlias = npt.NDArray[np.float32]

WEIGHTS = Path(__file__).resolve().parents[2] / "weights" / "iconlm" / "iconlm.safetensors"
SHA256 = "5102c83b82263818fb80eea6fae7fa082833fe2f47ddc5909b7dfef3c8e52a8d"  # set by scripts/ship_iconlm.py


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
    """norm1, norm2 (width,); qkv ((heads + 2 key heads) x head, width); out (width, width); gate_up (2 inner, width);
    down (width, inner)."""

    norm1: Floats
    norm2: Floats
    qkv: Matrix
    out: Matrix
    gate_up: Matrix
    down: Matrix


@dataclass(frozen=True)
class Weights:
    """Everything that is learned. tokens, head (vocabulary, width); text (384, width), style (32, width), patch
    (224, width) with their biases; patch_positions (64, width)."""

    config: Config
    facts: dict[str, Any]
    digest: str
    tokens: Floats
    layers: tuple[LayerWeights, ...]
    norm: Floats
    head: Matrix
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
    def part(name: str) -> Matrix:
        value, scale = arrays[name], arrays.get(f"{name}.scale")
        if scale is None:
            return Matrix(value.astype(np.float32))
        return Matrix(value, scale.astype(np.float32))

    def get(name: str) -> Floats:
        found = part(name)
        return found.floats() if found.values.ndim == 2 else found.values

    def matrix(*names: str) -> Matrix:
        parts = [part(f"{name}.weight") for name in names]
        scales = [one.scale for one in parts if one.scale is not None]
        if len(scales) == len(parts):
            return Matrix(np.concatenate([one.values for one in parts]), np.concatenate(scales))
        return Matrix(np.concatenate([one.floats() for one in parts]))

    def bridge(name: str) -> tuple[Floats, Floats]:
        return np.ascontiguousarray(get(f"{name}.weight").T), get(f"{name}.bias")

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
    found = Weights(
        config, facts, digest, get("embed_tokens.weight"), tuple(layers), get("norm.weight"), matrix("lm_head"),
        bridge("text_in"), bridge("style_in"), bridge("patch_in"), get("patch_positions"),
    )  # fmt: skip
    _check(found)
    return found


def _check(weights: Weights) -> None:
    """ValueError where a shape is not what the file itself says of its net."""
    c = weights.config
    if c.width % c.heads or c.heads % c.key_heads or c.head % 2:
        raise ValueError(
            f"{c.width} is not {c.heads} heads of an even width, or {c.key_heads} of keys do not divide them"
        )
    wanted = {"tokens": (c.vocabulary, c.width), "head": (c.vocabulary, c.width), "norm": (c.width,)}
    layer = {
        "norm1": (c.width,), "norm2": (c.width,), "qkv": ((c.heads + 2 * c.key_heads) * c.head, c.width),
        "out": (c.width, c.width), "gate_up": (2 * c.inner, c.width), "down": (c.width, c.inner),
    }  # fmt: skip
    shapes = [(name, getattr(weights, name).shape, shape) for name, shape in wanted.items()]
    shapes += [(f"layers.{n}.{name}", getattr(one, name).shape, shape)
               for n, one in enumerate(weights.layers) for name, shape in layer.items()]  # fmt: skip
    for name, shape, right in shapes:
        if shape != right:
            raise ValueError(f"{name} is {shape}, wanted {right}")
