"""A judge of random weights, for tests of everything but what it has learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from svggen.judge.weights import VERSION, _shapes

FACTS: dict[str, Any] = {
    "version": VERSION,
    "calibration": {
        "concept": np.linspace(-0.2, 0.8, 101).tolist(),
        "style": np.linspace(0.5, 1.0, 101).tolist(),
        "concept_other": np.linspace(-0.5, 0.3, 101).tolist(),
        "style_other": np.linspace(-0.5, 0.9, 101).tolist(),
    },
}


def tensors(seed: int = 0) -> dict[str, Any]:
    """As training writes them: convolutions (outputs, inputs, 3, 3), linear layers (outputs, inputs), fp16."""
    generator = np.random.default_rng(seed)
    out = {}
    for name, shape in _shapes().items():
        if len(shape) == 1 or name == "positions":
            value = generator.normal(0, 0.1, shape) + (1.0 if "norm" in name and name.endswith("weight") else 0.0)
        elif shape[0] % 9 == 0 and name.startswith(("stem", "down", "blocks")):
            value = generator.normal(0, shape[0] ** -0.5, (shape[1], shape[0] // 9, 3, 3))
        else:
            value = generator.normal(0, shape[0] ** -0.5, shape[::-1])
        out[name] = np.ascontiguousarray(value, np.float16)
    return out


def write(path: Path, *, facts: dict[str, Any] | None = None, drop: str = "", **change: Any) -> Path:
    """A judge's file; ``drop`` leaves a tensor out, ``change`` replaces facts."""
    kept = {name: value for name, value in tensors().items() if name != drop}
    path.write_bytes(save(kept, {"judge": json.dumps({**(FACTS if facts is None else facts), **change})}))
    return path
