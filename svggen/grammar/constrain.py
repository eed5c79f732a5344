"""The grammar as a mask over the logits of a transformers model.

Contract. ``GrammarProcessor`` is one LogitsProcessor for one call of ``generate``, with any number of rows: each row
has its own place in the grammar, and only ids that keep it there (or end a finished drawing) are left. Works with any
fast tokenizer: what counts are the bytes of the ids, so that an id may begin one element and end another. With a
``budget`` a row that comes near it is brought to an end: first where it can end as it is, at last with a few zeros
(``closed`` has those rows). No beam search: the rows must keep their order. torch is imported on use.

Errors: ``ModelError`` where llguidance is missing or cannot take the tokenizer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from svggen.errors import ModelError
from svggen.grammar import grammar_text
from svggen.models.checkpoints import needs

__all__ = ["GrammarProcessor"]

_LONGEST: Final = '<radialGradient id="a"><stop offset="0" stop-color="#000"/></radialGradient></defs>'
"""By so much one more id makes the way to an end longer at most: its ids must be left beside those of that way."""
RESERVE: Final = 64
"""Ids before the budget's end, beside that, from which on a row is ended where it can end as it is; at most half of
the budget."""
_PIECES: Final = (
    "</svg>", "</g>", "</defs>", "</linearGradient>", "</radialGradient>", "/>", '"/>', '">', ">", '"',
    ' viewBox="0 0 24 24', '<path d="M0 0L0 0', "M0 0", "L0 0", "0 0", " 0", "0", ".0", "none", "butt", "bevel",
    "evenodd", "repeat", "#000", "000", "00", "a", ")", "(", ' stop-color="', ' offset="', '<stop offset="', ' id="',
    ' d="', ' r="', ' cx="', ' cy="', ' rx="', ' ry="', ' x1="', ' y1="', ' x2="', ' y2="', ' width="', ' height="',
    ' points="', "/svg>", "svg>", "g>", "defs>", "linearGradient>",
)  # fmt: skip
"""What a drawing can be ended with, the shortest ways first; what the grammar forces between them is not listed."""
_CLEAN: Final = frozenset(("</svg>", "</g>", "/>", '"/>', ">", '">', '"'))
"""Of these, what adds nothing to the picture."""
_TOKENIZERS: OrderedDict[int, tuple[Any, Any]] = OrderedDict()
_KEPT: Final = 4
_LOCK = threading.Lock()


@dataclass(slots=True)
class _Row:
    """matcher: its place in the grammar; forced: ids that are to come; over: it has ended, or nothing is known of it
    any more."""

    matcher: Any
    forced: list[int] = field(default_factory=list)
    over: bool = False
    closed: bool = False


class GrammarProcessor:
    """``(input_ids, scores) -> scores`` with everything at minus infinity that the grammar does not allow.

    after: what the prompt has written already ("" or "<svg"). budget: new ids at most, those of ``max_new_tokens``.
    eos: ids that end a row (None: the tokenizer's). ``masked``: steps; use a new one for each call of generate."""

    def __init__(
        self, tokenizer: Any, *, after: str = "", budget: int | None = None, eos: int | Sequence[int] | None = None
    ) -> None:
        needs("gpu", "llguidance", "torch", "transformers")
        ends = tokenizer.eos_token_id if eos is None else eos
        self._eos = [ends] if isinstance(ends, int) else list(ends or ())
        if not self._eos:
            raise ModelError("the tokenizer names no id that ends a text: give eos")
        self._tokenizer = _wrapped(tokenizer, self._eos)
        self._margin = len(self._tokenizer.tokenize_str(_LONGEST))
        self._grammar, self._budget = grammar_text(after), budget
        self._rows: list[_Row] = []
        self._seen = 0
        self._start = 0
        self.masked = 0

    @property
    def closed(self) -> frozenset[int]:
        """Rows that were brought to an end because the budget was near."""
        return frozenset(at for at, row in enumerate(self._rows) if row.closed)

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        if not self._rows:
            self._begin(len(scores), int(input_ids.shape[1]))
        fresh = input_ids[:, self._seen :].tolist()
        self._seen = int(input_ids.shape[1])
        for row, ids in zip(self._rows, fresh, strict=True):
            self._follow(row, ids)
        self.masked += 1
        return scores.masked_fill(self._refused(scores), float("-inf"))

    def _begin(self, rows: int, prompt: int) -> None:
        from llguidance import LLMatcher

        first = LLMatcher(self._tokenizer, self._grammar)
        if first.is_error():
            raise ModelError(f"llguidance cannot read the grammar: {first.get_error():.200}")
        self._rows = [_Row(first.deep_copy()) for _ in range(rows)]
        self._seen = self._start = prompt

    def _follow(self, row: _Row, ids: list[int]) -> None:
        for token in ids:
            if row.over:
                return
            if token in self._eos or row.matcher.try_consume_tokens([token]) != 1:
                row.over = True
                return
            if row.forced:
                row.forced.pop(0)
        if self._budget is not None and not row.closed:
            self._hurry(row, self._budget - (self._seen - self._start))

    def _hurry(self, row: _Row, left: int) -> None:
        """Near the budget's end: the ids that end the drawing, the plainest way first."""
        assert self._budget is not None
        if left > min(RESERVE + self._margin, self._budget // 2) or row.matcher.is_accepting():
            return
        ids = self._ending(row, plain=True)
        if ids is None or len(ids) > left:
            ids = self._ending(row, plain=False)
            if ids is None or left > len(ids) + self._margin:
                return
        row.forced, row.closed = ids, True

    def _ending(self, row: _Row, plain: bool) -> list[int] | None:
        """Ids after which the drawing is whole; None where there is no such way (plain: without anything that would be
        seen)."""
        matcher = row.matcher.deep_copy()
        out: list[int] = []
        for _ in range(64):
            if matcher.is_accepting():
                return out
            text = matcher.compute_ff_bytes()
            ids = self._tokenizer.tokenize_bytes(text) if text else []
            if not ids or matcher.validate_tokens(ids) != len(ids):
                ids = self._piece(matcher, plain)
            if not ids:
                return None
            matcher.consume_tokens(ids)
            out += ids
        return None

    def _piece(self, matcher: Any, plain: bool) -> list[int]:
        for piece in _PIECES:
            if plain and piece not in _CLEAN:
                continue
            ids: list[int] = self._tokenizer.tokenize_str(piece)
            if ids and matcher.validate_tokens(ids) == len(ids):
                return ids
        return []

    def _refused(self, scores: Any) -> Any:
        """bool (rows, vocabulary) on the device of the scores."""
        import numpy as np
        import torch

        width = scores.shape[1]
        bits = np.full((len(self._rows), 4 * -(-max(width, self._tokenizer.vocab_size) // 32)), 255, np.uint8)
        for mask, row in zip(bits, self._rows, strict=True):
            ids: Sequence[int] = row.forced[:1]
            if row.over:
                ids = self._eos
            elif not ids:
                allowed = np.frombuffer(row.matcher.compute_bitmask(), np.uint8)
                mask[: len(allowed)] = ~allowed
                ids = () if allowed.any() else self._eos
            for token in ids:
                mask[token >> 3] &= ~(1 << (token & 7)) & 255
        if scores.device.type == "cpu":
            return torch.from_numpy(np.unpackbits(bits, axis=1, bitorder="little")).view(torch.bool)[:, :width]
        packed = torch.from_numpy(bits.view(np.int32)).to(scores.device)  # a thirtieth of what had to be moved else
        places = torch.arange(32, device=scores.device, dtype=torch.int32)
        return ((packed[:, :, None] >> places) & 1).flatten(1)[:, :width].bool()


def _wrapped(tokenizer: Any, eos: list[int]) -> Any:
    """llguidance's view of a tokenizer; making it takes a second for a large vocabulary, so that some are kept."""
    with _LOCK:
        known = _TOKENIZERS.get(id(tokenizer))
        if known is not None and known[0] is tokenizer and known[1].eos_tokens == eos:
            _TOKENIZERS.move_to_end(id(tokenizer))
            return known[1]
        from llguidance.hf import from_tokenizer

        try:
            made = from_tokenizer(tokenizer, eos_token=eos)
        except (ValueError, AttributeError, RuntimeError) as error:
            raise ModelError(f"llguidance cannot take this tokenizer: {error!s:.200}") from error
        _TOKENIZERS[id(tokenizer)] = (tokenizer, made)
        while len(_TOKENIZERS) > _KEPT:
            _TOKENIZERS.popitem(last=False)
        return made
