"""The decoder of IconLM in numpy: a Llama with key-value cache, for a few rows that share one prompt.

Contract. ``Decoder(weights)`` takes the arrays of ``weights.Weights``. ``prefill(x)`` runs a prompt of P input vectors
(P, width) once and returns a ``Context``; ``Rows(context, n)`` decodes n continuations of it side by side: ``step(ids)``
takes the last id of each row and gives logits float32 (rows, vocabulary). The prompt's keys and values are kept once
for all rows. ``keep(rows)`` drops rows that have ended. float32 throughout; the arithmetic is that of transformers'
Llama (rotary positions in half-turned layout, grouped queries), equal to about 1e-4.

Why numpy: a step of eight rows reads every weight once and does little else, so that memory decides; a framework adds
its own start (torch: seconds) and nothing to the speed (tests/bench/bench_iconlm.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.models.iconlm.weights import Weights

__all__ = ["Context", "Decoder", "Rows"]

Floats: TypeAlias = npt.NDArray[np.float32]


@dataclass
class Context:
    """What a prompt leaves behind: keys and values (layers, key heads, P, head), P, the logits after its last id."""

    keys: Floats
    values: Floats
    length: int
    logits: Floats


class Decoder:
    """The net; holds no state of a drawing."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        c = self.config = weights.config
        rate = c.theta ** (-np.arange(0, c.head, 2, dtype=np.float64) / c.head)
        angle = np.arange(c.positions)[:, None] * rate
        angle = np.concatenate([angle, angle], 1)
        self.cos, self.sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)

    def prefill(self, x: Floats) -> Context:
        """x: input vectors (P, width), P at least 1."""
        c = self.config
        p = len(x)
        keys = np.empty((c.layers, c.key_heads, p, c.head), np.float32)
        values = np.empty_like(keys)
        past = np.triu(np.full((p, p), -np.inf, np.float32), 1)
        group = c.heads // c.key_heads
        for n, layer in enumerate(self.weights.layers):
            h = _rms(x, layer.norm1)
            qkv = h @ layer.qkv
            q, k, v = self._heads(qkv, np.arange(p))
            keys[n], values[n] = k.transpose(1, 0, 2), v.transpose(1, 0, 2)
            scores = q.transpose(1, 0, 2).reshape(c.key_heads, group, p, c.head) @ keys[n][:, None].transpose(0, 1, 3, 2)
            weights = _softmax(scores * c.head**-0.5 + past)
            y = (weights @ values[n][:, None]).reshape(c.heads, p, c.head).transpose(1, 0, 2).reshape(p, -1)
            x = x + y @ layer.out
            x = x + self._mlp(x, n)
        return Context(keys, values, p, _rms(x[-1:], self.weights.norm) @ self.weights.head)

    def _heads(self, qkv: Floats, positions: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        """(q, k, v) as (rows, heads, head), q and k turned to their positions."""
        c = self.config
        n = len(qkv)
        q, k, v = np.split(qkv.reshape(n, -1, c.head), [c.heads, c.heads + c.key_heads], 1)
        cos, sin = self.cos[positions][:, None], self.sin[positions][:, None]
        return _turned(q, cos, sin), _turned(k, cos, sin), v

    def _mlp(self, x: Floats, n: int) -> Floats:
        layer = self.weights.layers[n]
        both = _rms(x, layer.norm2) @ layer.gate_up
        inner = both.shape[1] // 2
        gate, up = both[:, :inner], both[:, inner:]
        out: Floats = (gate / (1.0 + np.exp(-gate)) * up) @ layer.down
        return out


class Rows:
    """n continuations of one context, decoded together."""

    def __init__(self, decoder: Decoder, context: Context, n: int, longest: int) -> None:
        c = decoder.config
        self.decoder, self.context = decoder, context
        self.keys = np.empty((c.layers, n, c.key_heads, longest, c.head), np.float32)
        self.values = np.empty_like(self.keys)
        self.done = 0

    def keep(self, rows: npt.NDArray[np.bool_]) -> None:
        """Only these rows go on."""
        self.keys, self.values = self.keys[:, rows], self.values[:, rows]

    def step(self, x: Floats) -> Floats:
        """x: input vectors (rows, width) of the last ids -> logits (rows, vocabulary)."""
        d, c, context = self.decoder, self.decoder.config, self.context
        n, group, t = len(x), c.heads // c.key_heads, self.done
        positions = np.full(n, context.length + t)
        for at, layer in enumerate(d.weights.layers):
            q, k, v = d._heads(_rms(x, layer.norm1) @ layer.qkv, positions)
            keys, values = self.keys[at], self.values[at]
            keys[:, :, t], values[:, :, t] = k, v
            # by key head, all rows at once, over the shared prompt; by row and key head over what the row has drawn
            q = q.reshape(n, c.key_heads, group, c.head) * np.float32(c.head**-0.5)
            shared = q.transpose(1, 0, 2, 3).reshape(c.key_heads, n * group, c.head) @ context.keys[at].transpose(0, 2, 1)
            shared = shared.reshape(c.key_heads, n, group, -1).transpose(1, 0, 2, 3)
            own = q @ keys[:, :, : t + 1].transpose(0, 1, 3, 2)
            weights = _softmax(np.concatenate([shared, own], -1))
            p = context.length
            seen = weights[..., :p].transpose(1, 0, 2, 3).reshape(c.key_heads, n * group, p) @ context.values[at]
            y = seen.reshape(c.key_heads, n, group, c.head).transpose(1, 0, 2, 3)
            y = y + weights[..., p:] @ values[:, :, : t + 1]
            x = x + y.reshape(n, -1) @ layer.out
            x = x + d._mlp(x, at)
        self.done += 1
        logits: Floats = _rms(x, d.weights.norm) @ d.weights.head
        return logits


def _rms(x: Floats, weight: Floats) -> Floats:
    scale: Floats = 1.0 / np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1] + np.float32(1e-5))
    return x * scale * weight


def _softmax(x: Floats) -> Floats:
    x = np.exp(x - x.max(-1, keepdims=True))
    out: Floats = x / x.sum(-1, keepdims=True)
    return out


def _turned(x: Floats, cos: Floats, sin: Floats) -> Floats:
    half = x.shape[-1] // 2
    turned = np.concatenate([-x[..., half:], x[..., :half]], -1)
    out: Floats = x * cos + turned * sin
    return out
