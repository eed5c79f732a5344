"""IconLM as a torch network: a Llama decoder whose input may hold vectors as well as tokens.

Contract. ``IconNet(config)`` has the layers, names and arithmetic of transformers' ``LlamaForCausalLM`` (RMS norm,
rotary positions in half-turned layout, grouped queries, SwiGLU, own output head), so that ``to_llama`` is a renaming
and every serving tool of that family works. Beside it: three linear maps that bring text vectors (384), style vectors
(32) and picture patches (224) to the model's width, where the slot tokens stand in the sequence.

Rows hold several documents side by side; a position sees its own document's past only. ``attention``: "flex" (fused,
CUDA) or "dense" (a mask of T x T, anywhere).

``export`` writes one safetensors file: matrices as int8 with a float16 scale a row (symmetric, largest value 127),
everything else float16; ``svggen.models.iconlm`` reads it without torch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from svggen.tokens.vocabulary import VERSION, VOCAB_SIZE

__all__ = ["PATCH_INPUT", "IconNet", "LmConfig", "Rows", "export", "load_net", "to_llama"]

PATCHES = 64
PATCH_INPUT = 160 + 64
"""Width of a picture's patch: the judge's features and the darkness of its 8 x 8 pixels."""
TEXT_DIMS, STYLE_DIMS = 384, 32


@dataclass(frozen=True)
class LmConfig:
    """The shape of the net. heads must divide width, key_heads heads."""

    width: int = 512
    layers: int = 8
    heads: int = 8
    key_heads: int = 4
    inner: int = 1536
    vocabulary: int = VOCAB_SIZE
    positions: int = 2048
    theta: float = 10_000.0
    dropout: float = 0.1

    @property
    def head(self) -> int:
        return self.width // self.heads


class Rows(NamedTuple):
    """B rows of T positions. ids, positions (within the document), documents int64 (B, T); weights float32 (B, T): of
    predicting the id at that position. Slots, padded with position -1: text (B, S), style (B, S'), picture (B, S'');
    their values: text (B, S, 384), style (B, S', 32), patches (B, S'', 64, 224)."""

    ids: Tensor
    positions: Tensor
    documents: Tensor
    weights: Tensor
    text_at: Tensor
    text: Tensor
    style_at: Tensor
    style: Tensor
    picture_at: Tensor
    patches: Tensor


class RmsNorm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), 1e-5)


class Attention(nn.Module):
    def __init__(self, c: LmConfig) -> None:
        super().__init__()
        self.c = c
        self.q_proj = nn.Linear(c.width, c.heads * c.head, bias=False)
        self.k_proj = nn.Linear(c.width, c.key_heads * c.head, bias=False)
        self.v_proj = nn.Linear(c.width, c.key_heads * c.head, bias=False)
        self.o_proj = nn.Linear(c.heads * c.head, c.width, bias=False)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], mask: Any) -> Tensor:
        b, t, _ = x.shape
        c = self.c
        q = _turned(self.q_proj(x).view(b, t, c.heads, c.head).transpose(1, 2), turn)
        k = _turned(self.k_proj(x).view(b, t, c.key_heads, c.head).transpose(1, 2), turn)
        v = self.v_proj(x).view(b, t, c.key_heads, c.head).transpose(1, 2)
        if isinstance(mask, Tensor):
            again = c.heads // c.key_heads  # no fused kernel knows grouped queries and a mask at once
            k, v = k.repeat_interleave(again, 1), v.repeat_interleave(again, 1)
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        else:
            from torch.nn.attention.flex_attention import flex_attention

            y = flex_attention(q, k, v, block_mask=mask, enable_gqa=True)
        return self.o_proj(y.transpose(1, 2).reshape(b, t, c.heads * c.head))  # type: ignore[no-any-return]


class Mlp(nn.Module):
    def __init__(self, c: LmConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(c.width, c.inner, bias=False)
        self.up_proj = nn.Linear(c.width, c.inner, bias=False)
        self.down_proj = nn.Linear(c.inner, c.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))  # type: ignore[no-any-return]


class Layer(nn.Module):
    def __init__(self, c: LmConfig) -> None:
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = RmsNorm(c.width), RmsNorm(c.width)
        self.self_attn, self.mlp = Attention(c), Mlp(c)
        self.drop = nn.Dropout(c.dropout)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], mask: Any) -> Tensor:
        x = x + self.drop(self.self_attn(self.input_layernorm(x), turn, mask))
        return x + self.drop(self.mlp(self.post_attention_layernorm(x)))  # type: ignore[no-any-return]


class IconNet(nn.Module):
    """See the head of this file."""

    def __init__(self, config: LmConfig) -> None:
        super().__init__()
        c = self.config = config
        self.embed_tokens = nn.Embedding(c.vocabulary, c.width)
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.layers))
        self.norm = RmsNorm(c.width)
        self.lm_head = nn.Linear(c.width, c.vocabulary, bias=False)
        self.text_in = nn.Linear(TEXT_DIMS, c.width)
        self.style_in = nn.Linear(STYLE_DIMS, c.width)
        self.patch_in = nn.Linear(PATCH_INPUT, c.width)
        self.patch_positions = nn.Parameter(torch.zeros(PATCHES, c.width))
        self.drop = nn.Dropout(c.dropout)
        for name, p in self.named_parameters():
            if p.ndim == 2:
                deep = name.endswith(("o_proj.weight", "down_proj.weight"))
                scale = 0.02 if "embed" in name or "position" in name else 1 / math.sqrt(p.shape[1])
                nn.init.normal_(p, std=scale / math.sqrt(2 * c.layers) if deep else scale)
        nn.init.zeros_(self.lm_head.weight)

    def embed(self, rows: Rows) -> Tensor:
        """(B, T, width): token embeddings, with the vectors added where their slots are."""
        x = self.embed_tokens(rows.ids)
        b, t, width = x.shape
        flat = x.reshape(b * t, width)
        offset = torch.arange(b, device=x.device)[:, None] * t
        for at, values in ((rows.text_at, self.text_in(rows.text)), (rows.style_at, self.style_in(rows.style))):
            there = (at >= 0)[..., None]
            flat = flat.index_add(
                0, (offset + at.clamp(min=0)).flatten(), (values * there).reshape(-1, width).to(flat.dtype)
            )
        at = rows.picture_at
        if at.shape[1]:
            seen = self.patch_in(rows.patches) + self.patch_positions
            seen = seen * (at >= 0)[..., None, None]
            where = (offset + at.clamp(min=0))[..., None] + torch.arange(PATCHES, device=x.device)
            where = where * (at >= 0)[..., None]
            flat = flat.index_add(0, where.flatten(), seen.reshape(-1, width).to(flat.dtype))
        out: Tensor = flat.view(b, t, width)
        return out

    def hidden(self, rows: Rows, mask: Any) -> Tensor:
        """(B, T, width) before the head."""
        x = self.drop(self.embed(rows))
        turn = rotary(rows.positions, self.config, x.dtype)
        for layer in self.layers:
            x = layer(x, turn, mask)
        return self.norm(x)  # type: ignore[no-any-return]

    def forward(self, rows: Rows, mask: Any) -> Tensor:
        """Mean cross-entropy of the weighted positions, in nats a token."""
        x = self.hidden(rows, mask)[:, :-1]
        target, weight = rows.ids[:, 1:], rows.weights[:, 1:]
        logits = self.lm_head(x).float()
        loss = F.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none")
        return (loss * weight.flatten()).sum() / weight.sum().clamp(min=1.0)


def rotary(positions: Tensor, c: LmConfig, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """cos and sin (B, 1, T, head)."""
    rate = c.theta ** (-torch.arange(0, c.head, 2, device=positions.device).float() / c.head)
    angle = positions[:, None, :, None].float() * rate
    angle = torch.cat([angle, angle], -1)
    return angle.cos().to(dtype), angle.sin().to(dtype)


def _turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    a, b = x.chunk(2, -1)
    return x * turn[0] + torch.cat([-b, a], -1) * turn[1]


def document_mask(documents: Tensor, kind: str) -> Any:
    """What a position may see: its own document, up to itself. A bool tensor (B, 1, T, T), or a block mask."""
    b, t = documents.shape
    if kind == "dense":
        same = documents[:, :, None] == documents[:, None, :]
        causal = torch.ones(t, t, dtype=torch.bool, device=documents.device).tril()
        return (same & causal)[:, None]
    from torch.nn.attention.flex_attention import create_block_mask

    def seen(row: Tensor, head: Tensor, q: Tensor, k: Tensor) -> Tensor:
        return (q >= k) & (documents[row, q] == documents[row, k])

    return create_block_mask(seen, b, None, t, t, device=documents.device, _compile=True)


# ------------------------------------------------------------------------------------------------------------- files

_LLAMA = {"embed_tokens.": "model.embed_tokens.", "layers.": "model.layers.", "norm.": "model.norm."}


def to_llama(net: IconNet) -> Any:
    """A ``transformers.LlamaForCausalLM`` of the same weights; vectors enter it as ``inputs_embeds``."""
    from transformers import LlamaConfig, LlamaForCausalLM

    c = net.config
    llama = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=c.vocabulary, hidden_size=c.width, intermediate_size=c.inner, num_hidden_layers=c.layers,
            num_attention_heads=c.heads, num_key_value_heads=c.key_heads, head_dim=c.head,
            max_position_embeddings=c.positions, rms_norm_eps=1e-5, hidden_act="silu", tie_word_embeddings=False,
            rope_parameters={"rope_type": "default", "rope_theta": c.theta},
            bos_token_id=1, eos_token_id=2, pad_token_id=0,
        )
    )  # fmt: skip
    state = {}
    for name, value in net.state_dict().items():
        if name.startswith(("text_in", "style_in", "patch")):
            continue
        prefix = next((p for p in _LLAMA if name.startswith(p)), "")
        state[_LLAMA.get(prefix, prefix) + name[len(prefix) :]] = value
    llama.load_state_dict(state, strict=True)
    llama.train(False)
    return llama


def export(net: IconNet, path: Path, facts: Mapping[str, Any]) -> None:
    """The weights in one file, written beside and renamed."""
    from safetensors.torch import save_file

    tensors: dict[str, Tensor] = {}
    for name, value in net.state_dict().items():
        value = value.detach().float().cpu()
        if value.ndim == 2 and min(value.shape) >= 64:
            scale = (value.abs().amax(1) / 127).clamp(min=1e-8).half()
            tensors[name] = torch.round(value / scale.float()[:, None]).clamp(-127, 127).to(torch.int8)
            tensors[f"{name}.scale"] = scale
        else:
            tensors[name] = value.half()
    header = {"version": str(VERSION), "config": json.dumps(asdict(net.config)), "facts": json.dumps(dict(facts))}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    save_file({k: v.contiguous() for k, v in tensors.items()}, beside, metadata=header)
    beside.replace(path)


def load_net(path: Path) -> IconNet:
    """The net of an exported file (its matrices as rounded there), in evaluation mode."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        config = LmConfig(**json.loads(file.metadata()["config"]))
        names = set(file.keys())
        state = {}
        for name in names:
            if name.endswith(".scale") and name[: -len(".scale")] in names:
                continue
            value = file.get_tensor(name).float()
            if f"{name}.scale" in names:
                value = value * file.get_tensor(f"{name}.scale").float()[:, None]
            state[name] = value
    net = IconNet(config)
    net.load_state_dict(state, strict=True)
    return net.eval()
