"""The decoder of IconLM in numpy: a Llama with key-value cache, for a few rows that share one prompt.

Contract. ``Decoder(weights)`` takes the arrays of ``weights.Weights``. ``prefill(x)`` runs a prompt of P input vectors
(P, width) once and returns a ``Context``; ``Rows(context, n)`` decodes n continuations of it side by side: ``step(x)``
takes the input vector of the last id of each row and gives logits float32 (rows, vocabulary). The prompt's keys and
values are kept once for all rows. ``keep(rows)`` drops rows that have ended. ``step_together`` does the step of several
``Rows`` at once, with the very results of their own steps: they share the reading of the weights. The arithmetic is
that of transformers' Llama (rotary positions in half-turned layout, grouped queries); exact, it is equal to about 1e-4.

The matrices are multiplied by ``product.Product``: exact, or in int8 (the default; a quarter of the time). What that
costs in quality and wins in speed stands in tests/bench/bench_iconlm.py. All else is numpy: a framework would add its
own start (torch: seconds).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.models.iconlm.product import Product
from svggen.models.iconlm.weights import Weights

__all__ = ["Context", "Decoder", "Rows", "step_together"]

Floats: TypeAlias = npt.NDArray[np.float32]
_EPSILON = np.float32(1e-5)


@dataclass(frozen=True)
class _Layer:
    norm1: Floats
    norm2: Floats
    qkv: Product
    out: Product
    gate_up: Product
    down: Product


@dataclass(frozen=True)
class Context:
    """What a prompt leaves behind: keys and values (layers, key heads, P, head), P, the logits after its last id."""

    keys: Floats
    values: Floats
    length: int
    logits: Floats


class Decoder:
    """The net; holds no state of a drawing. exact: float32 throughout."""

    def __init__(self, weights: Weights, *, exact: bool = False) -> None:
        self.weights = weights
        self._layers = [
            _Layer(one.norm1, one.norm2, *(Product(m, exact=exact) for m in (one.qkv, one.out, one.gate_up, one.down)))
            for one in weights.layers
        ]
        self._head = Product(weights.head, exact=exact)
        c = self.config = weights.config
        rate = c.theta ** (-np.arange(0, c.head, 2, dtype=np.float64) / c.head)
        angle = np.arange(c.positions)[:, None] * rate
        angle = np.concatenate([angle, angle], 1)
        self._cos, self._sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)

    def prefill(self, x: Floats) -> Context:
        """x: input vectors (P, width), P at least 1."""
        c = self.config
        p = len(x)
        keys = np.empty((c.layers, c.key_heads, p, c.head), np.float32)
        values = np.empty_like(keys)
        places = np.arange(p)
        past = np.triu(np.full((p, p), -np.inf, np.float32), 1)
        group = c.heads // c.key_heads
        for n in range(c.layers):
            q, k, v = self.heads(x, n, places)
            keys[n], values[n] = k.transpose(1, 0, 2), v.transpose(1, 0, 2)
            q = q.transpose(1, 0, 2).reshape(c.key_heads, group * p, c.head)
            scores = (q @ keys[n].transpose(0, 2, 1)).reshape(c.key_heads, group, p, p)
            y = _softmax(scores + past).reshape(c.key_heads, group * p, p) @ values[n]
            x = self.fed(x, y.reshape(c.heads, p, c.head).transpose(1, 0, 2).reshape(p, -1), n)
        return Context(keys, values, p, self.logits(x[-1:]))

    def heads(
        self, x: Floats, n: int, places: npt.NDArray[np.int64], groups: Sequence[int] = ()
    ) -> tuple[Floats, Floats, Floats]:
        """Queries, keys and values of layer n as (rows, heads, head); q and k turned to their places in the text, int64
        (rows,). Queries are divided by the root of their width. groups: rows that are rounded together
        (``Product``)."""
        c, layer = self.config, self._layers[n]
        qkv = layer.qkv(_rms(x, layer.norm1), groups).reshape(len(x), -1, c.head)
        cos, sin = self._cos[places, None], self._sin[places, None]
        turned = _turned(qkv[:, : c.heads + c.key_heads], cos, sin)
        turned[:, : c.heads] *= np.float32(c.head**-0.5)
        return turned[:, : c.heads], turned[:, c.heads :], qkv[:, c.heads + c.key_heads :]

    def fed(self, x: Floats, seen: Floats, n: int, groups: Sequence[int] = ()) -> Floats:
        """x after layer n, which has seen (rows, width) by attention."""
        layer, inner = self._layers[n], self.config.inner
        x = x + layer.out(seen, groups)
        both = layer.gate_up(_rms(x, layer.norm2), groups)
        gate, up = both[:, :inner], both[:, inner:]
        open_ = np.exp(np.minimum(-gate, 80.0))  # SiLU, in place; e^80 is what float32 still holds
        open_ += 1.0
        np.divide(gate, open_, out=open_)
        open_ *= up
        x += layer.down(open_, groups)
        return x

    def logits(self, x: Floats, groups: Sequence[int] = ()) -> Floats:
        """(rows, vocabulary) after the last layer."""
        return self._head(_rms(x, self.weights.norm), groups)


class Rows:
    """n continuations of one context, decoded together, of at most ``longest`` steps."""

    def __init__(self, decoder: Decoder, context: Context, n: int, longest: int) -> None:
        c = decoder.config
        self.decoder, self.context = decoder, context
        self.keys = np.empty((c.layers, n, c.key_heads, longest, c.head), np.float32)
        self.values = np.empty_like(self.keys)
        self.done = 0

    def __len__(self) -> int:
        return self.keys.shape[1]

    def keep(self, rows: npt.NDArray[np.bool_]) -> None:
        """Only these rows go on."""
        left = np.flatnonzero(rows)
        for to, at in enumerate(left.tolist()):
            if to != at:  # rows move up into the places of those that have ended; nothing is allocated
                self.keys[:, to, :, : self.done] = self.keys[:, at, :, : self.done]
                self.values[:, to, :, : self.done] = self.values[:, at, :, : self.done]
        self.keys, self.values = self.keys[:, : len(left)], self.values[:, : len(left)]

    def step(self, x: Floats) -> Floats:
        """x: input vectors (rows, width) of the last ids -> logits (rows, vocabulary)."""
        return step_together([self], x)

    def seen(self, q: Floats, k: Floats, v: Floats, at: int) -> Floats:
        """(rows, heads x head): by key head over the shared prompt, all rows at once; by row and key head over what the
        row has drawn, k and v of this step being the last of it."""
        c, p, t = self.decoder.config, self.context.length, self.done + 1
        self.keys[at][:, :, self.done], self.values[at][:, :, self.done] = k, v
        n, group = len(q), c.heads // c.key_heads
        q = q.reshape(n, c.key_heads, group, c.head)
        shared = q.transpose(1, 0, 2, 3).reshape(c.key_heads, n * group, c.head)
        scores = np.empty((n, c.key_heads, group, p + t), np.float32)
        found = (shared @ self.context.keys[at].transpose(0, 2, 1)).reshape(c.key_heads, n, group, p)
        scores[..., :p] = found.transpose(1, 0, 2, 3)
        np.matmul(q, self.keys[at][:, :, :t].transpose(0, 1, 3, 2), out=scores[..., p:])
        weights = _softmax(scores)
        seen = weights[..., :p].transpose(1, 0, 2, 3).reshape(c.key_heads, n * group, p) @ self.context.values[at]
        y = weights[..., p:] @ self.values[at][:, :, :t]
        y += seen.reshape(c.key_heads, n, group, c.head).transpose(1, 0, 2, 3)
        out: Floats = y.reshape(n, -1)
        return out


def step_together(several: Sequence[Rows], x: Floats) -> Floats:
    """x: input vectors of the last ids of all their rows, one after the other -> logits (all rows, vocabulary). All are
    of one decoder."""
    d = several[0].decoder
    groups = [len(rows) for rows in several]
    ends = np.cumsum(groups)[:-1]
    places = np.repeat([rows.context.length + rows.done for rows in several], groups)
    x = np.ascontiguousarray(x, np.float32)
    for n in range(d.config.layers):
        parts = [np.split(part, ends) for part in d.heads(x, n, places, groups)]
        seen = [rows.seen(q, k, v, n) for rows, q, k, v in zip(several, *parts, strict=True)]
        x = d.fed(x, seen[0] if len(seen) == 1 else np.concatenate(seen), n, groups)
    for rows in several:
        rows.done += 1
    return d.logits(x, groups)


def _rms(x: Floats, weight: Floats) -> Floats:
    scale: Floats = np.float32(1.0) / np.sqrt(np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1]) + _EPSILON)
    return x * scale[:, None] * weight


def _softmax(x: Floats) -> Floats:
    """Over the last axis, in place."""
    x -= x.max(-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(-1, keepdims=True)
    return x


def _turned(x: Floats, cos: Floats, sin: Floats) -> Floats:
    half = x.shape[-1] // 2
    out: Floats = x * cos
    out[..., :half] -= x[..., half:] * sin[..., :half]
    out[..., half:] += x[..., :half] * sin[..., half:]
    return out
