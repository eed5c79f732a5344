"""The grammar of OmniSVG's ids as transformers' LogitsProcessor: a model under it draws nothing invalid, and ends.

Contract. ``grammar_mask(variant, budget)`` gives a processor for one call of ``generate``; the ids that it sees in the
first step are the prompt. Each row has a state of its own (``svggen.tokens.omnisvg_grammar``) and three points: where
the pen is, where the sub-path began, which was said last. All is done in tensors on the device, without waiting for
it: one row of a table of bool (states, rows of the embedding) a step, and two ids written over. ``budget``: new ids
that may be drawn; every drawing has its last colour and EOS within them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from transformers import LogitsProcessor

from svggen.errors import ModelError
from svggen.tokens.omnisvg import Layout, layout
from svggen.tokens.omnisvg_grammar import AWAY, FORCED, MOVES, SHORTEST, STATES, STAYS, TABLE, cost, kinds

__all__ = ["GrammarMask", "grammar_mask"]

_CLASSES = ("", "M", "L", "C", "A", "Z", "point", "scalar", "colour", "BOS", "EOS", "PAD")
"""What the table is looked up by; a kind of id lies within one of them."""
_AT = {name: n for n, name in enumerate(STATES)}
_LAST, _PEN, _START = 1, 2, 3


@dataclass(frozen=True)
class _Tables:
    """refused bool (states, ids): where one id alone may come, all. classes (ids,). follow (states, classes): the
    state after. cost (states,). forced (states,): whose point it is. away, moves, draws, still bool (states,)."""

    refused: torch.Tensor
    classes: torch.Tensor
    follow: torch.Tensor
    cost: torch.Tensor
    forced: torch.Tensor
    away: torch.Tensor
    moves: torch.Tensor
    draws: torch.Tensor


def _class_of(kind: str, form: Layout) -> str:
    if kind == "radii" or (form.scalars is None and kind in ("turn", "flag")):
        return "point"
    if kind in ("turn", "flag"):
        return "scalar"
    if form.eos < form.paint + 4098:  # the first release: white and EOS are one id
        return "colour" if kind == "EOS" else kind
    return kind


@lru_cache(maxsize=4)
def _tables(form: Layout, device: str) -> _Tables:
    ids = kinds(form)
    classes = torch.zeros(form.rows, dtype=torch.long)
    for kind in ("EOS", "BOS", "PAD", *"MLCAZ", "point", "colour", "turn"):
        for span in ids[kind]:
            classes[span.start : span.stop] = _CLASSES.index(_class_of(kind, form))
    allowed = torch.zeros(len(STATES), form.rows, dtype=torch.bool)
    follow = torch.full((len(STATES), len(_CLASSES)), _AT["done"], dtype=torch.long)
    for state, follows in TABLE.items():
        for kind, after in follows.items():
            row = allowed[_AT[state]]
            for span in ids[kind] if state not in FORCED else ():
                row[span.start : span.stop] = True
            of = {int(classes[span.start]) for span in ids[kind]}
            for one in of:
                follow[_AT[state], one] = _AT[after]
    moving = {state for state in TABLE if "point" in TABLE[state]} - set(STAYS)
    whose = {"last": _LAST, "pen": _PEN, "start": _START}
    away = AWAY if form.scalars is not None else (*AWAY, "to")
    costs = cost()
    return _Tables(
        (~allowed).to(device), classes.to(device), follow.to(device),
        torch.tensor([costs[s] for s in STATES], device=device),
        torch.tensor([whose[FORCED[s]] if s in FORCED else 0 for s in STATES], device=device),
        *(torch.tensor([s in which for s in STATES], device=device) for which in (away, MOVES, moving)),
    )  # fmt: skip


class GrammarMask(LogitsProcessor):
    """See the head of this file. ``produced``: new ids that were seen so far."""

    def __init__(self, form: Layout, budget: int) -> None:
        if budget < SHORTEST:
            raise ModelError(f"{budget} tokens are too few for a drawing: it takes {SHORTEST} at the least")
        self._form, self._budget = form, budget
        self._late = max(cost().values()) + 1
        self.produced = -1
        self._state: Any = None

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        if self._state is None:
            self._begin(len(input_ids), scores)
        else:
            self._advance(input_ids[:, -1])
        self.produced += 1
        return self._masked(scores)

    def _begin(self, rows: int, scores: Any) -> None:
        if scores.shape[-1] != self._form.rows:
            raise ModelError(
                f"the model scores {scores.shape[-1]} ids, {self._form.name} has {self._form.rows}: these are weights "
                f"of another release"
            )
        self._tables = _tables(self._form, str(scores.device))
        self._state = torch.full((rows,), _AT["begin"], dtype=torch.long, device=scores.device)
        self._last, self._pen, self._start = (torch.zeros_like(self._state) for _ in range(3))
        self._still = torch.zeros_like(self._state, dtype=torch.bool)

    def _advance(self, new: Any) -> None:
        """The ids that were drawn: the pen and the state of each row move on."""
        t, state = self._tables, self._state
        at_pen = new == self._pen
        first = state == _AT["control 1"]
        self._still = at_pen & (first | (self._still & (state == _AT["control 2"])))
        self._last = new
        self._pen = torch.where(t.draws[state], new, self._pen)
        self._start = torch.where(t.moves[state], new, self._start)
        self._state = t.follow[state, t.classes[new]]

    def _masked(self, scores: Any) -> Any:
        t, state = self._tables, self._state
        refused = t.refused[state]
        left = self._budget - self.produced
        if left <= self._late:
            too_far = t.cost[t.follow[state]] >= left
            refused |= too_far.gather(1, t.classes.expand(len(state), -1))
        nothing = float("-inf")
        scores = scores.masked_fill(refused, nothing)
        whose = t.forced[state]
        one = torch.where(whose == _LAST, self._last, torch.where(whose == _START, self._start, self._pen))
        away = t.away[state] | ((state == _AT["bend"]) & self._still)
        kept = scores.gather(1, one[:, None])[:, 0].masked_fill(away, nothing).masked_fill(whose > 0, 0.0)
        return scores.scatter_(1, one[:, None], kept[:, None])


def grammar_mask(variant: str, budget: int) -> GrammarMask:
    """A new processor for one call of ``generate``; raises ModelError where the budget is too small for a drawing."""
    return GrammarMask(layout(variant), budget)
