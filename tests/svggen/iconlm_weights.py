"""A tiny IconLM of random weights as a file, laid out as ``svggen.training.lm_net.export`` does; without torch."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from svggen.tokens.vocabulary import VERSION, VOCAB_SIZE

CONFIG = {"width": 64, "layers": 2, "heads": 2, "key_heads": 1, "inner": 64, "vocabulary": VOCAB_SIZE,
          "positions": 2048, "theta": 10000.0, "dropout": 0.0}  # fmt: skip


def tiny_weights(path: Path, *, version: int = VERSION, seed: int = 0) -> Path:
    """Writes the file; returns its path."""
    random = np.random.default_rng(seed)
    width, inner, head = CONFIG["width"], CONFIG["inner"], int(CONFIG["width"] / CONFIG["heads"])
    tensors: dict[str, np.ndarray] = {}

    def matrix(name: str, rows: int, columns: int) -> None:
        tensors[f"{name}.weight"] = random.integers(-127, 128, (rows, columns), dtype=np.int8)
        tensors[f"{name}.weight.scale"] = np.full(rows, 0.6 / (127 * columns**0.5), np.float16)

    matrix("embed_tokens", VOCAB_SIZE, int(width))
    matrix("lm_head", VOCAB_SIZE, int(width))
    for n in range(int(CONFIG["layers"])):
        at = f"layers.{n}."
        matrix(f"{at}self_attn.q_proj", int(width), int(width))
        for name in ("k_proj", "v_proj"):
            tensors[f"{at}self_attn.{name}.weight"] = random.normal(0, 0.1, (head, int(width))).astype(np.float16)
        matrix(f"{at}self_attn.o_proj", int(width), int(width))
        matrix(f"{at}mlp.gate_proj", int(inner), int(width))
        matrix(f"{at}mlp.up_proj", int(inner), int(width))
        matrix(f"{at}mlp.down_proj", int(width), int(inner))
        for name in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"{at}{name}.weight"] = np.ones(int(width), np.float16)
    tensors["norm.weight"] = np.ones(int(width), np.float16)
    for name, columns in (("text_in", 384), ("style_in", 32), ("patch_in", 224)):
        tensors[f"{name}.weight"] = random.normal(0, 0.05, (int(width), columns)).astype(np.float16)
        tensors[f"{name}.bias"] = np.zeros(int(width), np.float16)
    tensors["patch_positions"] = np.zeros((64, int(width)), np.float16)
    header = {"version": str(version), "config": json.dumps(CONFIG), "facts": "{}"}
    save_file(tensors, path, metadata=header)
    return path
