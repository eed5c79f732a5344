"""Sampling of icons: the grammar's mask on every step, n candidates in one batch.

Contract. ``sample(decoder, inputs, n, ...)`` continues one prompt n times and returns ``Sampled`` for each: its ids
(EOS last) and the mean log-probability of its tokens under the model (nats, of the distribution before temperature and
after the mask). Equal arguments give equal icons. Every result decodes: nothing that the grammar forbids can be drawn,
and it leads each drawing to its end within ``longest``. Where ``deadline`` passes, what is unfinished is given up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.models.iconlm.decoder import Decoder, Rows
from svggen.threads import one_thread
from svggen.tokens.grammar import Grammar

__all__ = ["Sampled", "sample"]

Floats: TypeAlias = npt.NDArray[np.float32]
_FEW = 64
"""So many of the likeliest mostly hold all that is asked for: a whole vocabulary need not be sorted."""


@dataclass
class Sampled:
    """ids: of the drawing; empty where the deadline came first. likelihood: mean log-probability, <= 0."""

    ids: list[int] = field(default_factory=list)
    likelihood: float = 0.0


@dataclass
class _Row:
    number: int
    grammar: Grammar
    random: np.random.Generator
    ids: list[int] = field(default_factory=list)
    total: float = 0.0


@one_thread()
def sample(
    decoder: Decoder,
    inputs: Floats,
    n: int,
    *,
    seed: int = 0,
    temperature: float = 0.8,
    top_p: float = 0.95,
    longest: int = 256,
    deadline: float | None = None,
) -> list[Sampled]:
    """inputs: the prompt's vectors (P, width). temperature 0 takes the likeliest token. deadline: time.monotonic()."""
    context = decoder.prefill(inputs)
    batch = Rows(decoder, context, n, longest)
    rows = [_Row(i, Grammar(limit=longest), np.random.default_rng([seed, i])) for i in range(n)]
    out = [Sampled() for _ in range(n)]
    logits: Floats = np.repeat(context.logits, n, 0)
    while rows:
        for row, scores in zip(rows, logits, strict=True):
            _draw(row, scores, temperature, top_p)
        open_ = np.array([not row.grammar.ended for row in rows])
        for row in rows:
            if row.grammar.ended:
                out[row.number] = Sampled(row.ids, row.total / len(row.ids))
        if not open_.all():
            rows = [row for row in rows if not row.grammar.ended]
            batch.keep(open_)
        if not rows or (deadline is not None and time.monotonic() > deadline):
            break
        logits = batch.step(decoder.weights.tokens[[row.ids[-1] for row in rows]])
    return out


def _draw(row: _Row, scores: Floats, temperature: float, top_p: float) -> None:
    """One more token of a row."""
    allowed = np.flatnonzero(row.grammar.allowed())
    scores = scores[allowed].astype(np.float64)
    scores -= scores.max()
    at = int(scores.argmax()) if temperature <= 0 else _chosen(scores / temperature, top_p, row.random.random())
    token = int(allowed[at])
    row.grammar.push(token)
    row.ids.append(token)
    row.total += float(scores[at]) - float(np.log(np.exp(scores).sum()))


def _chosen(scores: npt.NDArray[Any], top_p: float, luck: float) -> int:
    """The place that ``luck`` (0..1) falls on among the likeliest that hold ``top_p`` of all, likeliest first."""
    chance = np.exp(scores)
    wanted = top_p * float(chance.sum())
    few = np.sort(np.argpartition(-chance, _FEW)[:_FEW]) if len(chance) > _FEW else np.arange(len(chance))
    if chance[few].sum() < wanted:
        few = np.arange(len(chance))
    order = few[np.argsort(-chance[few], kind="stable")]
    heap = np.cumsum(chance[order])
    kept = min(len(order), int(np.searchsorted(heap, wanted)) + 1)
    return int(order[min(kept - 1, int(np.searchsorted(heap[:kept], luck * heap[kept - 1])))])
