"""The judge's file: read, checked, brought into the form that numpy multiplies fastest.

Contract. ``read(path, sha256)`` gives tensors (float32) and the facts of the header; ``WeightsError`` where the file is
missing, cut short, altered, no safetensors file, of another version, or lacks a tensor. sha256 None: a judge of one's
own, checked by its layout alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from svggen.checked import checked_bytes
from svggen.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Tensors: TypeAlias = dict[str, npt.NDArray[np.float32]]

__all__ = ["FILE", "SHA256", "VERSION", "read"]

FILE = Path(__file__).resolve().parents[1] / "weights" / "judge" / "judge.safetensors"
SHA256 = "67ac108467225503ac0edb5ce8ee2c562a6fa354cec4ec3f4c658486880f7089"  # set by scripts/ship_judge.py
VERSION = 1
"""Of the layout; svggen.training.judge_net writes it."""
_LINEAR = ("qkv", "out", "up", "down", "concept", "style1", "style2", "text_projection")


def read(path: Path, sha256: str | None) -> tuple[Tensors, dict[str, Any]]:
    """(tensors by name, header facts). Convolutions come as (9 x inputs, outputs), linear layers as (inputs,
    outputs)."""
    import numpy as np

    data = checked_bytes(path, sha256, "judge") if sha256 is not None else _bytes(path)
    facts = _facts(data, path)
    try:
        from safetensors.numpy import load

        raw = load(data)
    except Exception as error:  # safetensors has an error class of its own, numpy and json have theirs
        raise WeightsError(f"judge file {path} is damaged: {error}; train or install it again") from error
    tensors: Tensors = {}
    for name, value in raw.items():
        value = value.astype(np.float32)
        if value.ndim == 4:
            value = np.ascontiguousarray(value.transpose(2, 3, 1, 0).reshape(-1, len(value)))
        elif name.removesuffix(".weight").rpartition(".")[2] in _LINEAR and value.ndim == 2:
            value = np.ascontiguousarray(value.T)
        tensors[name] = value
    missing = sorted(set(_shapes()) - set(tensors))
    if missing:
        raise WeightsError(f"judge file {path} lacks {', '.join(missing[:3])}; train or install it again")
    for name, shape in _shapes().items():
        if tensors[name].shape != shape:
            raise WeightsError(f"judge file {path}: {name} is {tensors[name].shape}, wanted {shape}")
    return tensors, facts


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"judge file {path} cannot be read: {error.strerror}") from error


def _facts(data: bytes, path: Path) -> dict[str, Any]:
    """What the header says beside the tensors."""
    try:
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        facts = json.loads(header["__metadata__"]["judge"])
        version = facts["version"]
        calibration = {kind: [float(v) for v in facts["calibration"][kind]] for kind in ("concept", "style")}
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"judge file {path} is no judge, or is damaged; train or install it again") from error
    if version != VERSION:
        raise WeightsError(f"judge file {path} is of version {version}, this program reads {VERSION}")
    if any(len(values) < 2 for values in calibration.values()):
        raise WeightsError(f"judge file {path} holds no calibration; train it again")
    return {**facts, "calibration": {**facts["calibration"], **calibration}}


def _shapes() -> dict[str, tuple[int, ...]]:
    """Every tensor that the net reads."""
    out: dict[str, tuple[int, ...]] = {}

    def conv(name: str, inputs: int, outputs: int) -> None:
        out[f"{name}.weight"], out[f"{name}.bias"] = (9 * inputs, outputs), (outputs,)

    def linear(name: str, inputs: int, outputs: int) -> None:
        out[f"{name}.weight"], out[f"{name}.bias"] = (inputs, outputs), (outputs,)

    def norm(name: str, width: int) -> None:
        out[f"{name}.weight"] = out[f"{name}.bias"] = (width,)

    for name, inputs, outputs in (("stem1", 3, 48), ("stem2", 48, 96), ("down8", 96, 160), ("down4", 160, 256)):
        conv(name, inputs, outputs)
    for stage, blocks, width in (("blocks16", 2, 96), ("blocks8", 3, 160)):
        for block in range(blocks):
            conv(f"{stage}.{block}.first", width, width)
            conv(f"{stage}.{block}.second", width, width)
    out["positions"] = (16, 256)
    for layer in range(2):
        norm(f"layers.{layer}.norm1", 256)
        norm(f"layers.{layer}.norm2", 256)
        linear(f"layers.{layer}.qkv", 256, 768)
        linear(f"layers.{layer}.out", 256, 256)
        linear(f"layers.{layer}.up", 256, 768)
        linear(f"layers.{layer}.down", 768, 256)
    norm("norm", 512)
    linear("concept", 512, 256)
    norm("style_norm", 1024)
    linear("style1", 1024, 160)
    linear("style2", 160, 32)
    linear("text_projection", 384, 256)
    return out
