"""Sampling of icons: the grammar's mask on every step, the candidates of one or more prompts in one batch.

Contract. ``sample(decoder, inputs, n, ...)`` continues one prompt n times and returns ``Sampled`` for each: its ids
(EOS last) and the mean log-probability of its tokens under the model (nats, of the distribution before temperature and
after the mask). Equal arguments give equal icons. Every result decodes: nothing that the grammar forbids can be drawn,
and it leads each drawing to its end within ``longest``. Where ``deadline`` passes, what is unfinished is given up.
``sample_together`` does it for several prompts at once and gives, to the last bit, what ``sample`` gives for each.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.models.iconlm.decoder import Decoder, Rows, step_together
from svggen.threads import one_thread
from svggen.tokens.grammar import Grammar

__all__ = ["Asked", "Sampled", "sample", "sample_together"]

Floats: TypeAlias = npt.NDArray[np.float32]
_FEW = 64
"""So many of the likeliest mostly hold all that is asked for: a whole vocabulary need not be sorted."""


@dataclass(frozen=True)
class Asked:
    """One prompt: its vectors (P, width), how many candidates, and how. temperature 0 takes the likeliest token.
    deadline: time.monotonic()."""

    inputs: Floats
    n: int
    seed: int = 0
    temperature: float = 0.8
    top_p: float = 0.95
    longest: int = 256
    deadline: float | None = None


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


class _Going:
    """The candidates of one prompt that are not finished."""

    def __init__(self, decoder: Decoder, asked: Asked) -> None:
        self.asked = asked
        context = decoder.prefill(asked.inputs)
        self.batch = Rows(decoder, context, asked.n, asked.longest)
        self.rows = [
            _Row(i, Grammar(limit=asked.longest), np.random.default_rng([asked.seed, i])) for i in range(asked.n)
        ]
        self.logits: Floats = np.repeat(context.logits, asked.n, 0)
        self.out = [Sampled() for _ in range(asked.n)]

    def draw(self) -> None:
        """One more token of each; what has ended is put out, and past the deadline nothing goes on."""
        for row, scores in zip(self.rows, self.logits, strict=True):
            _draw(row, scores, self.asked.temperature, self.asked.top_p)
        open_ = np.array([not row.grammar.ended for row in self.rows])
        for row in self.rows:
            if row.grammar.ended:
                self.out[row.number] = Sampled(row.ids, row.total / len(row.ids))
        if not open_.all():
            self.rows = [row for row in self.rows if not row.grammar.ended]
            self.batch.keep(open_)
        if self.asked.deadline is not None and time.monotonic() > self.asked.deadline:
            self.rows = []


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
    """Of one prompt; the arguments are the fields of ``Asked``."""
    return sample_together(decoder, [Asked(inputs, n, seed, temperature, top_p, longest, deadline)])[0]


@one_thread()
def sample_together(decoder: Decoder, prompts: Sequence[Asked]) -> list[list[Sampled]]:
    """The candidates of each prompt, in order."""
    every = [_Going(decoder, asked) for asked in prompts]
    going = [one for one in every if one.rows]
    while going:
        for one in going:
            one.draw()
        going = [one for one in going if one.rows]
        if going:
            last = [row.ids[-1] for one in going for row in one.rows]
            logits = step_together([one.batch for one in going], decoder.weights.tokens[last])
            parts = np.split(logits, np.cumsum([len(one.rows) for one in going])[:-1])
            for one, part in zip(going, parts, strict=True):
                one.logits = part
    return [one.out for one in every]


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
