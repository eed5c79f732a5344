"""StarVector's net: a vision transformer, an adapter, and a code model that is shown the picture as its first tokens.

Contract. ``build(config, tensors)`` makes the modules of the shapes that the tensors have, without weights (inside
``checkpoints.empty``); what shapes do not tell comes from the checkpoint's own ``config.json``. ``Vision`` is both
encoders: CLIP ViT-L/14 without its last layer (1B) and SigLIP (8B). ``module_tensors`` brings the keys of a checkpoint
to the names of these modules. The code models are transformers' own. Errors: ``WeightsError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from svggen.errors import WeightsError
from svggen.models.checkpoints import same

__all__ = ["Adapter", "StarVectorNet", "Vision", "VisionShape", "build", "module_tensors"]

_HEAD: Final = 64
"""Width of an attention head in both vision encoders."""


@dataclass(frozen=True)
class VisionShape:
    """width, layers, inner: of the transformer; patch: px; places: patches of a picture. clip: with a class token, a
    norm before the layers and CLIP's activation; else as SigLIP."""

    width: int
    layers: int
    inner: int
    patch: int
    places: int
    clip: bool

    @property
    def side(self) -> int:
        """px of the square picture."""
        return int(self.places**0.5) * self.patch

    @property
    def tokens(self) -> int:
        return self.places + self.clip


class _Layer(nn.Module):
    def __init__(self, shape: VisionShape) -> None:
        super().__init__()
        eps = 1e-5 if shape.clip else 1e-6
        self.heads = max(1, shape.width // _HEAD)
        self.quick = shape.clip
        self.norm1, self.norm2 = nn.LayerNorm(shape.width, eps=eps), nn.LayerNorm(shape.width, eps=eps)
        self.q, self.k, self.v, self.out = (nn.Linear(shape.width, shape.width) for _ in range(4))
        self.up, self.down = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        seen = self.norm1(x)
        q, k, v = (one(seen).unflatten(-1, (self.heads, -1)).transpose(1, 2) for one in (self.q, self.k, self.v))
        x = x + self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        inner = self.up(self.norm2(x))
        inner = inner * torch.sigmoid(1.702 * inner) if self.quick else F.gelu(inner, approximate="tanh")
        out: Tensor = x + self.down(inner)
        return out


class Vision(nn.Module):
    """Pixels (n, 3, side, side) -> (n, tokens, width)."""

    def __init__(self, shape: VisionShape) -> None:
        super().__init__()
        self.shape = shape
        self.patches = nn.Conv2d(3, shape.width, shape.patch, stride=shape.patch, bias=not shape.clip)
        self.positions = nn.Parameter(torch.empty(shape.tokens, shape.width))
        if shape.clip:
            self.whole = nn.Parameter(torch.empty(shape.width))
            self.before = nn.LayerNorm(shape.width)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width, eps=1e-5 if shape.clip else 1e-6)

    def forward(self, pixels: Tensor) -> Tensor:
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        if self.shape.clip:
            x = torch.cat([self.whole.expand(len(x), 1, -1), x], 1)
        x = x + self.positions
        if self.shape.clip:
            x = self.before(x)
        for layer in self.layers:
            x = layer(x)
        normed: Tensor = self.norm(x)
        return normed


class Adapter(nn.Module):
    """(n, tokens, vision width) -> (n, tokens, width of the code model); its dropout is for training alone."""

    def __init__(self, vision: int, inner: int, width: int, tokens: int, norm: str) -> None:
        super().__init__()
        self.c_fc, self.c_proj = nn.Linear(vision, inner), nn.Linear(inner, width)
        self.norm: nn.Module = nn.BatchNorm1d(tokens) if norm == "batch_norm" else nn.LayerNorm([tokens, width])

    def forward(self, x: Tensor) -> Tensor:
        adapted: Tensor = self.norm(self.c_proj(F.silu(self.c_fc(x))))
        return adapted


class StarVectorNet(nn.Module):
    """vision, adapter, language (transformers' GPTBigCodeForCausalLM or Starcoder2ForCausalLM)."""

    def __init__(self, vision: VisionShape, adapter: Adapter, language: Any) -> None:
        super().__init__()
        self.vision, self.adapter, self.language = Vision(vision), adapter, language

    def shown(self, pixels: Tensor, ids: Tensor) -> Tensor:
        """(1, tokens + ids, width): the picture, then what is written already."""
        return torch.cat([self.adapter(self.vision(pixels)), self.language.get_input_embeddings()(ids)], 1)


# ------------------------------------------------------------------------------------------------------------ the keys

_PREFIXES: Final = (
    ("svg_transformer.transformer.", "language."),
    ("image_encoder.ln_vision.", "vision.norm."),
    ("image_encoder.visual_encoder.", "vision."),
    ("image_projection.", "adapter."),
)
_VISION: Final = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"^(conv1|embeddings\.patch_embedding)\.", "patches."),
        (r"^(positional_embedding|embeddings\.position_embedding\.weight)$", "positions"),
        (r"^class_embedding$", "whole"),
        (r"^ln_pre\.", "before."),
        (r"^post_layernorm\.", "norm."),
        (r"^(transformer\.resblocks|encoder\.layers)\.", "layers."),
        (r"\.(ln_1|layer_norm1)\.", ".norm1."),
        (r"\.(ln_2|layer_norm2)\.", ".norm2."),
        (r"\.(mlp\.c_fc|mlp\.fc1)\.", ".up."),
        (r"\.(mlp\.c_proj|mlp\.fc2)\.", ".down."),
        (r"\.(attn|self_attn)\.out_proj\.", ".out."),
        (r"\.self_attn\.([qkv])_proj\.", r".\1."),
    )
)
_UNUSED: Final = re.compile(
    r"^vision\.head\.|position_ids$|\.attn\.(masked_)?bias$|rotary_emb\.inv_freq$|^language\.transformer\.bias$"
)
"""SigLIP's pooling head, and tables that are computed."""


def module_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Under the names of ``StarVectorNet``; CLIP's query, key and value, which are one tensor there, as three views.
    Keys that belong to no part stay as they are."""
    found: dict[str, Tensor] = {}
    for key, value in tensors.items():
        name = _name(key)
        if _UNUSED.search(name):
            continue
        if ".attn.in_proj_" in name:
            layer, _, kind = name.partition(".attn.in_proj_")
            for part, view in zip("qkv", value.chunk(3), strict=True):
                found[f"{layer}.{part}.{kind}"] = view
        else:
            found[name] = value
    return found


def _name(key: str) -> str:
    own = key.removeprefix("model.")
    for prefix, part in _PREFIXES:
        if own.startswith(prefix):
            rest = own.removeprefix(prefix)
            if part == "vision.":
                for pattern, name in _VISION:
                    rest = pattern.sub(name, rest)
            return part + rest
    return key


# ---------------------------------------------------------------------------------------------------------- the shapes


def build(config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> StarVectorNet:
    """The net of these tensors (``module_tensors``); WeightsError where they are no StarVector."""
    try:
        vision = _vision_shape(config, tensors)
        inner, seen = tensors["adapter.c_fc.weight"].shape
        width = tensors["adapter.c_proj.weight"].shape[0]
        norm = str(config.get("adapter_norm", "layer_norm"))
        if norm not in ("layer_norm", "batch_norm"):
            raise WeightsError(f"config.json names the adapter_norm {norm!r:.40}: it is layer_norm or batch_norm")
        second = "starcoder2" in str(config.get("starcoder_model_name", ""))
        language = _starcoder2(config, tensors) if second else _starcoder(tensors)
        return StarVectorNet(vision, Adapter(seen, inner, width, vision.tokens, norm), language)
    except KeyError as error:
        raise WeightsError(f"these are no weights of StarVector: they have no {error.args[0]}") from error
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise WeightsError(f"config.json and the weights do not fit each other: {error!s:.200}") from error


def _layers(tensors: Mapping[str, Tensor], prefix: str) -> int:
    found = {key[len(prefix) :].partition(".")[0] for key in tensors if key.startswith(prefix)}
    return len(found)


def _vision_shape(config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> VisionShape:
    kind = str(config.get("image_encoder_type", "clip"))
    if kind != "clip" and "siglip" not in kind:
        raise WeightsError(f"config.json names the image encoder {kind!r:.40}: it is clip or siglip")
    clip = kind == "clip"
    width, _, patch, _ = tensors["vision.patches.weight"].shape
    places = tensors["vision.positions"].shape[0] - clip
    inner = tensors["vision.layers.0.up.weight"].shape[0]
    return VisionShape(width, _layers(tensors, "vision.layers."), inner, patch, places, clip)


def _tied(tensors: Mapping[str, Tensor], embedding: str) -> bool:
    """Is the head the embedding? It is where the file holds one of them, or both alike."""
    head, table = tensors.get("language.lm_head.weight"), tensors.get(embedding)
    if head is None and table is None:
        raise KeyError(embedding)
    return head is None or table is None or same(head, table)


def _table(tensors: Mapping[str, Tensor], embedding: str) -> Tensor:
    return tensors[embedding if embedding in tensors else "language.lm_head.weight"]


def _starcoder(tensors: Mapping[str, Tensor]) -> Any:
    from transformers import GPTBigCodeConfig, GPTBigCodeForCausalLM

    embedding = "language.transformer.wte.weight"
    tied = _tied(tensors, embedding)
    rows, width = _table(tensors, embedding).shape
    head = (tensors["language.transformer.h.0.attn.c_attn.weight"].shape[0] - width) // 2  # one key, one value
    settings: Any = GPTBigCodeConfig
    config = settings(
        vocab_size=rows, n_positions=tensors["language.transformer.wpe.weight"].shape[0], n_embd=width,
        n_layer=_layers(tensors, "language.transformer.h."), n_head=width // head,
        n_inner=tensors["language.transformer.h.0.mlp.c_fc.weight"].shape[0], multi_query=True,
        activation_function="gelu_pytorch_tanh", tie_word_embeddings=tied, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    config._attn_implementation = "sdpa"
    made: Any = GPTBigCodeForCausalLM
    return made(config)


def _starcoder2(config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Any:
    """rope, sliding window and context are those of starcoder2-7b, unless config.json says others."""
    from transformers import Starcoder2Config, Starcoder2ForCausalLM

    embedding = "language.model.embed_tokens.weight"
    tied = _tied(tensors, embedding)
    rows, width = _table(tensors, embedding).shape
    keys = int(config.get("num_kv_heads", 4))
    head = tensors["language.model.layers.0.self_attn.k_proj.weight"].shape[0] // keys
    settings: Any = Starcoder2Config
    made_of = settings(
        vocab_size=rows, hidden_size=width, num_hidden_layers=_layers(tensors, "language.model.layers."),
        intermediate_size=tensors["language.model.layers.0.mlp.c_fc.weight"].shape[0],
        num_attention_heads=width // head, num_key_value_heads=keys, hidden_act="gelu_pytorch_tanh",
        max_position_embeddings=int(config.get("max_position_embeddings", 16384)),
        rope_theta=float(config.get("rope_theta", 1e6)), sliding_window=int(config.get("sliding_window", 4096)),
        norm_epsilon=1e-5, use_bias=True, tie_word_embeddings=tied, bos_token_id=0, eos_token_id=0,
        residual_dropout=0.0, embedding_dropout=0.0, attention_dropout=0.0,
    )  # fmt: skip
    made_of._attn_implementation = "sdpa"
    made: Any = Starcoder2ForCausalLM
    return made(made_of)
