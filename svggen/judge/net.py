"""The judge's net in numpy: the forward pass, nothing else.

Contract. ``forward(tensors, pictures)`` takes uint8 (n, 64, 64, 3) on white and gives concept (n, 256) and style
(n, 32), float32 of unit length, and patches (n, 64, 160); equal to ``svggen.training.judge_net`` of the same file
within 1e-4. Convolutions are one matrix product each over gathered windows (rows x 9 inputs), in batches of ``BATCH``.
7.6 ms of one core a picture (OpenBLAS, AVX-512), five sixths of it in the convolutions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from svggen.judge.weights import Tensors

__all__ = ["BATCH", "forward", "project"]

Floats: TypeAlias = npt.NDArray[np.float32]
BATCH = 8
"""Pictures at once: the windows of the widest layer are then 7 MB, which stays near the processor."""
HEADS = 4


def forward(tensors: Tensors, pictures: npt.NDArray[np.uint8]) -> tuple[Floats, Floats, Floats]:
    """(concept, style, patches); see the head of this file."""
    parts = [_forward(tensors, pictures[start : start + BATCH]) for start in range(0, len(pictures), BATCH)]
    if not parts:
        return np.empty((0, 256), np.float32), np.empty((0, 32), np.float32), np.empty((0, 64, 160), np.float32)
    concept, style, patches = (np.concatenate(column) for column in zip(*parts, strict=True))
    return concept, style, patches


def project(tensors: Tensors, texts: Floats) -> Floats:
    """(n, 256) of unit length from frozen text vectors (n, 384)."""
    return _unit(_linear(tensors, "text_projection", np.asarray(texts, np.float32)))


def _forward(w: Tensors, pictures: npt.NDArray[np.uint8]) -> tuple[Floats, Floats, Floats]:
    n = len(pictures)
    x = 1.0 - pictures.astype(np.float32) / np.float32(255.0)
    x = _gelu(_conv(w, "stem1", x, 2))
    x16 = _blocks(w, "blocks16", _gelu(_conv(w, "stem2", x, 2)))
    x8 = _blocks(w, "blocks8", _gelu(_conv(w, "down8", x16, 2)))
    x4 = _gelu(_conv(w, "down4", x8, 2))
    x = x4.reshape(n, 16, -1) + w["positions"]
    layer = 0
    while f"layers.{layer}.qkv.weight" in w:
        x = _layer(w, f"layers.{layer}", x)
        layer += 1
    pooled = _norm(w, "norm", np.concatenate([x.mean(1), x.max(1)], 1))
    stats = np.concatenate([part for stage in (x16, x8, x4) for part in _moments(stage)], 1)
    style = _linear(w, "style2", _gelu(_linear(w, "style1", _norm(w, "style_norm", stats))))
    return _unit(_linear(w, "concept", pooled)), _unit(style), x8.reshape(n, 64, -1)


def _conv(w: Tensors, name: str, x: Floats, stride: int = 1) -> Floats:
    """3x3 over (n, side, side, channels), one pixel of padding."""
    n, side, _, channels = x.shape
    padded = np.zeros((n, side + 2, side + 2, channels), np.float32)
    padded[:, 1:-1, 1:-1] = x
    out = side // stride
    s0, s1, s2, s3 = padded.strides
    # Three neighbours of a row lie side by side in memory: each window is three runs of 3 x channels numbers.
    windows = np.lib.stride_tricks.as_strided(
        padded, (n, out, out, 3, 3 * channels), (s0, s1 * stride, s2 * stride, s1, s3), writeable=False
    ).reshape(n * out * out, 9 * channels)
    y = windows @ w[f"{name}.weight"]
    y += w[f"{name}.bias"]
    return y.reshape(n, out, out, -1)


def _blocks(w: Tensors, stage: str, x: Floats) -> Floats:
    block = 0
    while f"{stage}.{block}.first.weight" in w:
        y = _conv(w, f"{stage}.{block}.second", _gelu(_conv(w, f"{stage}.{block}.first", x)))
        y += x
        x = _gelu(y)
        block += 1
    return x


def _layer(w: Tensors, name: str, x: Floats) -> Floats:
    n, t, width = x.shape
    qkv = _linear(w, f"{name}.qkv", _norm(w, f"{name}.norm1", x))
    q, k, v = qkv.reshape(n, t, 3, HEADS, width // HEADS).transpose(2, 0, 3, 1, 4)
    weights = q @ k.swapaxes(2, 3) / np.float32((width // HEADS) ** 0.5)
    weights = np.exp(weights - weights.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    x = x + _linear(w, f"{name}.out", (weights @ v).swapaxes(1, 2).reshape(n, t, width))
    return x + _linear(w, f"{name}.down", _gelu(_linear(w, f"{name}.up", _norm(w, f"{name}.norm2", x))))


def _linear(w: Tensors, name: str, x: Floats) -> Floats:
    flat = x.reshape(-1, x.shape[-1]) @ w[f"{name}.weight"]
    flat += w[f"{name}.bias"]
    return flat.reshape(*x.shape[:-1], -1)


def _norm(w: Tensors, name: str, x: Floats) -> Floats:
    centred = x - x.mean(-1, keepdims=True)
    spread = np.square(centred).mean(-1, keepdims=True)
    out: Floats = centred / np.sqrt(spread + np.float32(1e-5)) * w[f"{name}.weight"] + w[f"{name}.bias"]
    return out


def _gelu(x: Floats) -> Floats:
    """The tanh form; overwrites its argument."""
    inner = np.square(x)
    inner *= np.float32(0.044715 * 0.7978845608)
    inner += np.float32(0.7978845608)
    inner *= x
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


def _moments(x: Floats) -> tuple[Any, Any]:
    """Mean and deviation over space, (n, channels) each."""
    flat = x.reshape(len(x), -1, x.shape[-1])
    mean = flat.mean(1)
    return mean, np.sqrt(np.square(flat - mean[:, None]).mean(1) + np.float32(1e-5))


def _unit(x: Floats) -> Floats:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)  # type: ignore[no-any-return]
