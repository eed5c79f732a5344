"""New tokens for a tokenizer, and rows for them in the embedding table and the output head.

Contract. ``add_words(tokenizer, words)`` adds the tokens and gives their ids; ModelError where it has some already.
``grow(model, ids, words, tokenizer, how, seed)`` makes room (rows in multiples of 64, never fewer than there were) and
begins the new rows (``initial.py``), those of a head of its own from the head's rows. Rows that only pad are the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svggen.errors import ModelError
from svggen.training.finetune.initial import How, Rows, initial, statistics

if TYPE_CHECKING:
    import numpy.typing as npt

    from svggen.training.finetune.descriptions import NewWord

    Floats = npt.NDArray[np.float32]

__all__ = ["MULTIPLE", "add_words", "grow", "known_words", "tied"]

MULTIPLE: Final = 64
"""Rows of the table: matrix units are fed whole."""


def known_words(tokenizer: Any, words: Sequence[NewWord]) -> list[str]:
    """Which of the tokens the tokenizer has."""
    vocabulary = tokenizer.get_vocab()
    return [w.token for w in words if w.token in vocabulary]


def add_words(tokenizer: Any, words: Sequence[NewWord], name: str, *, keep: bool = False) -> list[int]:
    """The ids, in order. keep: the tokenizer has them all, and they stay; else it must have none."""
    from tokenizers import AddedToken

    known = known_words(tokenizer, words)
    if keep:
        if len(known) < len(words):
            raise ModelError(f"the tokenizer of {name} has {len(known)} of {len(words)} tokens: nothing to keep")
    elif known:
        raise ModelError(
            f"the tokenizer of {name} has {known[0]} and {len(known) - 1} more of the tokens already: it was "
            f"fine-tuned before; go on with --init keep, or take the model that it was made from"
        )
    else:
        # not special: what is decoded without special tokens still is the drawing
        tokenizer.add_tokens([AddedToken(w.token, normalized=False, special=False) for w in words])
    ids: list[int] = tokenizer.convert_tokens_to_ids([w.token for w in words])
    return ids


def tied(model: Any) -> bool:
    """Do table and head share their rows?"""
    head = model.get_output_embeddings()
    return head is None or head.weight is model.get_input_embeddings().weight


def grow(model: Any, ids: Sequence[int], words: Sequence[NewWord], tokenizer: Any, how: How, *, seed: int = 0) -> None:
    """Room and rows for the new tokens; in place. The tokenizer has them already."""
    import torch

    trained = min(ids)
    rows = model.get_input_embeddings().weight.shape[0]
    wanted = max(rows, -(-len(tokenizer) // MULTIPLE) * MULTIPLE)
    if wanted != rows:
        model.resize_token_embeddings(wanted, mean_resizing=False)
    described = _described(words, tokenizer, trained)
    values = [w.value for w in words]
    tables = [model.get_input_embeddings()] + ([] if tied(model) else [model.get_output_embeddings()])
    with torch.no_grad():
        for number, layer in enumerate(tables):
            weight = layer.weight
            old = weight[: min(trained, rows)].float().cpu().numpy()
            found = statistics(old)
            new = initial(how, found, _means(old, described, found), values, seed=seed + number)
            weight[min(trained, rows) :] = torch.from_numpy(found.mean).to(weight)
            weight[torch.tensor(ids)] = torch.from_numpy(new).to(weight)
            bias = getattr(layer, "bias", None)
            if bias is not None:
                bias[min(trained, rows) :] = bias[: min(trained, rows)].mean()


def _described(words: Sequence[NewWord], tokenizer: Any, trained: int) -> list[list[int]]:
    """The ids of each description's own words, of those that the base was trained with."""
    found: list[list[int]] = tokenizer([f" {w.description}" for w in words], add_special_tokens=False)["input_ids"]
    return [[i for i in ids if i < trained] for ids in found]


def _means(table: Floats, described: Sequence[Sequence[int]], rows: Rows) -> Floats:
    """The mean row of each description; the mean of all where a tokenizer knows no word of it."""
    return np.stack([table[list(ids)].mean(axis=0) if ids else rows.mean for ids in described]).astype(np.float32)
