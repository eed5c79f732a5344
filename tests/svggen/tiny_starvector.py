"""Checkpoints of StarVector's layout in miniature: the same files and keys, random weights, a tokenizer of bytes.

``write(folder, name)`` gives a folder as a download would leave it: ``config.json``, ``tokenizer.json`` and two
safetensors with their index. The keys and shapes are written out here as the published code makes them, not taken from
the modules that read them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKS = ("<|endoftext|>", "[PAD]", "<svg-start>", "<image-start>", "<caption-start>", "<svg-end>")


@dataclass(frozen=True)
class Size:
    """rows, width, head, key_heads, layers, inner, positions: of the code model (key_heads of the second alone); seen,
    seen_layers, seen_inner, side: of the vision encoder (side: patches in x)."""

    rows: int = 256 + len(MARKS)
    width: int = 32
    head: int = 8
    key_heads: int = 2
    layers: int = 2
    inner: int = 48
    positions: int = 512
    seen: int = 64
    seen_layers: int = 2
    seen_inner: int = 96
    side: int = 4


def config(name: str, adapter_norm: str, size: Size) -> dict[str, Any]:
    second = name == "starvector-8b"
    return {
        "architectures": ["StarVectorForCausalLM"], "model_type": "starvector", "adapter_norm": adapter_norm,
        "image_encoder_type": "siglip_384" if second else "clip", "image_size": 384 if second else 224,
        "starcoder_model_name": "bigcode/starcoder2-7b" if second else "bigcode/starcoderbase-1b",
        "hidden_size": size.width, "num_attention_heads": size.width // size.head, "num_hidden_layers": size.layers,
        "num_kv_heads": size.key_heads, "max_length": size.positions, "max_length_train": size.positions,
        "max_position_embeddings": size.positions, "vocab_size": size.rows,
        "torch_dtype": "bfloat16" if second else "float32", "use_cache": True,
    }  # fmt: skip


def write(
    folder: Path, name: str = "starvector-1b", *, adapter_norm: str = "layer_norm", head: bool = False,
    size: Size = Size(), device: str = "cpu", words: Any = None,
) -> Path:  # fmt: skip
    """head: the file holds a head beside the embedding, another one. device: where the weights are drawn. words: a
    tokenizer (None: one of bytes)."""
    from safetensors.torch import save_file

    second = name == "starvector-8b"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config(name, adapter_norm, size)))
    (tokenizer(second) if words is None else words).save(str(folder / "tokenizer.json"))
    shapes = {**(_starcoder2(size) if second else _starcoder(size)), **(_siglip(size) if second else _clip(size))}
    shapes |= _adapter(adapter_norm, size.side**2 + (not second), size)
    if head:
        shapes["model.svg_transformer.transformer.lm_head.weight"] = (size.rows, size.width)
    tensors = _random(shapes, second, device)
    parts = [
        {k: v for k, v in tensors.items() if k.startswith("model.svg_transformer")},
        {k: v for k, v in tensors.items() if not k.startswith("model.svg_transformer")},
    ]
    index: dict[str, str] = {}
    for n, part in enumerate(parts, 1):
        file = f"model-{n:05}-of-00002.safetensors"
        save_file(part, folder / file, metadata={"format": "pt"})
        index |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    return folder


def _random(shapes: dict[str, tuple[int, ...]], half: bool, device: str) -> dict[str, Any]:
    import torch

    made = torch.Generator(device).manual_seed(5)
    out: dict[str, Any] = {}
    for key, shape in shapes.items():
        value = torch.randn(shape, generator=made, device=device) * (0.1 if len(shape) < 2 else 1.7 / shape[-1] ** 0.5)
        if "norm" in key or ".ln_" in key:
            value += key.endswith("weight")
        if key.endswith("running_var"):
            value = value.abs() + 0.5
        out[key] = value.to(torch.bfloat16 if half else torch.float32).cpu()
        if key.endswith("num_batches_tracked"):
            out[key] = torch.tensor(3)
    return out


def tokenizer(second: bool) -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = {char: n + 1 for n, char in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    made = Tokenizer(models.BPE(vocab={MARKS[0]: 0, **alphabet}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in MARKS[:2]])
    made.add_tokens([AddedToken(mark, normalized=False) for mark in (MARKS[2:] if second else MARKS[2:5])])
    return made


# ------------------------------------------------------------------------------------------------------ keys and shapes


def _norm(name: str, *shape: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": shape, f"{name}.bias": shape}


def _linear(name: str, to: int, of: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (to, of), f"{name}.bias": (to,)}


def _starcoder(size: Size) -> dict[str, tuple[int, ...]]:
    at, w = "model.svg_transformer.transformer.transformer.", size.width
    out: dict[str, tuple[int, ...]] = {f"{at}wte.weight": (size.rows, w), f"{at}wpe.weight": (size.positions, w)}
    for n in range(size.layers):
        layer = f"{at}h.{n}."
        out |= _norm(f"{layer}ln_1", w) | _norm(f"{layer}ln_2", w)
        out |= _linear(f"{layer}attn.c_attn", w + 2 * size.head, w) | _linear(f"{layer}attn.c_proj", w, w)
        out |= _linear(f"{layer}mlp.c_fc", size.inner, w) | _linear(f"{layer}mlp.c_proj", w, size.inner)
    return out | _norm(f"{at}ln_f", w)


def _starcoder2(size: Size) -> dict[str, tuple[int, ...]]:
    at, w, keys = "model.svg_transformer.transformer.model.", size.width, size.key_heads * size.head
    out: dict[str, tuple[int, ...]] = {f"{at}embed_tokens.weight": (size.rows, w)}
    for n in range(size.layers):
        layer = f"{at}layers.{n}."
        out |= _norm(f"{layer}input_layernorm", w) | _norm(f"{layer}post_attention_layernorm", w)
        for part, to in (("q", w), ("k", keys), ("v", keys), ("o", w)):
            out |= _linear(f"{layer}self_attn.{part}_proj", to, w)
        out |= _linear(f"{layer}mlp.c_fc", size.inner, w) | _linear(f"{layer}mlp.c_proj", w, size.inner)
    return out | _norm(f"{at}norm", w)


def _clip(size: Size) -> dict[str, tuple[int, ...]]:
    at, w = "model.image_encoder.visual_encoder.", size.seen
    out: dict[str, tuple[int, ...]] = {
        f"{at}conv1.weight": (w, 3, 14, 14), f"{at}class_embedding": (w,),
        f"{at}positional_embedding": (size.side**2 + 1, w),
    }  # fmt: skip
    for n in range(size.seen_layers):
        layer = f"{at}transformer.resblocks.{n}."
        out |= {f"{layer}attn.in_proj_weight": (3 * w, w), f"{layer}attn.in_proj_bias": (3 * w,)}
        out |= _linear(f"{layer}attn.out_proj", w, w) | _norm(f"{layer}ln_1", w) | _norm(f"{layer}ln_2", w)
        out |= _linear(f"{layer}mlp.c_fc", size.seen_inner, w) | _linear(f"{layer}mlp.c_proj", w, size.seen_inner)
    return out | _norm(f"{at}ln_pre", w) | _norm("model.image_encoder.ln_vision", w)


def _siglip(size: Size) -> dict[str, tuple[int, ...]]:
    at, w, inner = "model.image_encoder.visual_encoder.", size.seen, size.seen_inner
    out: dict[str, tuple[int, ...]] = {
        f"{at}embeddings.patch_embedding.weight": (w, 3, 16, 16), f"{at}embeddings.patch_embedding.bias": (w,),
        f"{at}embeddings.position_embedding.weight": (size.side**2, w), f"{at}head.probe": (1, 1, w),
        f"{at}head.attention.in_proj_weight": (3 * w, w), f"{at}head.attention.in_proj_bias": (3 * w,),
    }  # fmt: skip
    for n in range(size.seen_layers):
        layer = f"{at}encoder.layers.{n}."
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            out |= _linear(f"{layer}self_attn.{part}", w, w)
        out |= _norm(f"{layer}layer_norm1", w) | _norm(f"{layer}layer_norm2", w)
        out |= _linear(f"{layer}mlp.fc1", inner, w) | _linear(f"{layer}mlp.fc2", w, inner)
    out |= _linear(f"{at}head.attention.out_proj", w, w) | _norm(f"{at}head.layernorm", w)
    out |= _linear(f"{at}head.mlp.fc1", inner, w) | _linear(f"{at}head.mlp.fc2", w, inner)
    return out | _norm(f"{at}post_layernorm", w)


def _adapter(norm: str, tokens: int, size: Size) -> dict[str, tuple[int, ...]]:
    at, seen = "model.image_projection.", size.seen
    out = _linear(f"{at}c_fc", 2 * seen, seen) | _linear(f"{at}c_proj", size.width, 2 * seen)
    if norm == "batch_norm":
        out |= {f"{at}norm.running_mean": (tokens,), f"{at}norm.running_var": (tokens,)}
        return out | _norm(f"{at}norm", tokens) | {f"{at}norm.num_batches_tracked": ()}
    return out | _norm(f"{at}norm", tokens, size.width)
