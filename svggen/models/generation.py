"""Sampling from a transformers model: n rows in one batch, each with its own end.

Contract. ``sampled`` runs ``model.generate`` on one prompt and gives a ``Row`` for each of n candidates: its new ids,
without what ended it, and how it ended. Equal inputs, seed and n give equal rows as long as the time does not run out;
the caller's random numbers stay as they are. One call at a time in a process (torch has one generator for all).
A row ends where the model ends it or ``stop`` does ("closed"), where it goes in circles ("loop": cut back to the first
time round), where the time is over ("timeout") or the length ("length").

Errors: ``ModelError`` where torch or transformers are missing or fail (memory, logits that are no numbers).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from svggen.errors import ModelError
from svggen.models.checkpoints import needs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

__all__ = ["Ended", "Guard", "Row", "Sampling", "device_and_dtype", "sampled"]

Ended: TypeAlias = Literal["closed", "length", "loop", "timeout"]

TAIL = 32
"""New ids that ``stop`` is shown."""
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Sampling:
    """How ids are drawn. temperature 0: the likeliest each time (one row, as all would be equal). top_p (0..1], top_k
    (0: all). repetition_penalty: 1 is none; as transformers has it, over prompt and drawing."""

    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 50
    repetition_penalty: float = 1.0
    max_new_tokens: int = 1536

    def within(self, tokens: int) -> Sampling:
        """The same with at most so many new tokens."""
        return replace(self, max_new_tokens=max(1, min(self.max_new_tokens, tokens)))


@dataclass(frozen=True)
class Row:
    """New ids of one candidate, without the id that ended it, and how it ended."""

    ids: tuple[int, ...]
    ended: Ended


@dataclass(frozen=True)
class Guard:
    """What counts as going in circles: the same run of at most ``longest`` ids, ``times`` in a row or more, over
    ``span`` ids or more. It is looked for every ``every`` steps."""

    longest: int = 64
    times: int = 4
    span: int = 128
    every: int = 16

    @property
    def window(self) -> int:
        """Ids that must be seen to find any circle."""
        return max(self.longest * self.times, self.span) + self.longest

    def circle(self, ids: npt.NDArray[np.int64]) -> int:
        """How many of the last ids only repeat what is before them; 0 where they do not go in circles."""
        best = 0
        for run in range(1, min(self.longest, len(ids) // self.times) + 1):
            if ids[-1] != ids[-1 - run]:
                continue
            other = (ids[run:] != ids[:-run])[::-1]
            same = int(other.argmax()) if other.any() else len(other)
            if same + run >= max(self.times * run, self.span):
                best = max(best, same)
        return best


def device_and_dtype() -> tuple[str, Any]:
    """("cuda", bfloat16) where there is a GPU (float16 where it has no bfloat16), else ("cpu", float32)."""
    needs("gpu", "torch")
    import torch

    if not torch.cuda.is_available():
        return "cpu", torch.float32
    return "cuda", torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16


def sampled(
    model: Any, inputs: Mapping[str, Any], sampling: Sampling, *, n: int, seed: int, seconds: float,
    eos: int | Sequence[int], pad: int, processors: Sequence[Any] = (),
    stop: Callable[[Sequence[int]], bool] | None = None, guard: Guard | None = Guard(),
) -> list[Row]:  # fmt: skip
    """n rows for one prompt (one at temperature 0). inputs: what ``generate`` takes, batch of one (``input_ids`` with
    ``attention_mask``, or ``inputs_embeds``; pictures), on the model's device. processors: LogitsProcessors; they come
    after the repetition penalty and before temperature, top-k and top-p. stop: is shown the last ``TAIL`` new ids of a
    row and says whether it ends here. seconds: from now, waiting for other calls included.

    Raises ModelError."""
    needs("gpu", "torch", "transformers")
    until = time.monotonic() + seconds
    rows = n if sampling.temperature > 0 else min(n, 1)
    if rows < 1:
        return []
    if not _ONE_AT_A_TIME.acquire(timeout=max(0.0, seconds)):
        return [Row((), "timeout")] * rows
    try:
        ends = {eos} if isinstance(eos, int) else set(eos)
        watch = _Watch(rows, ends, until, stop, guard)
        with _plain(model), _seeded(seed):
            _generate(model, inputs, _config(sampling, rows, ends, pad), [*processors, *_likeliest(sampling)], watch)
    finally:
        _ONE_AT_A_TIME.release()
    return watch.rows()


def _generate(model: Any, inputs: Mapping[str, Any], config: Any, processors: Sequence[Any], watch: _Watch) -> None:
    import torch
    from transformers import LogitsProcessorList, StoppingCriteriaList

    known = inputs.get("input_ids")
    watch.prompt = 0 if known is None else int(known.shape[1])
    try:
        with torch.inference_mode():
            model.generate(
                **inputs, generation_config=config, logits_processor=LogitsProcessorList(processors),
                stopping_criteria=StoppingCriteriaList([_criterion(watch)]),
            )  # fmt: skip
    except torch.OutOfMemoryError as error:
        raise ModelError("the GPU's memory is full: ask for fewer candidates, or a smaller model") from error
    except (RuntimeError, ValueError, IndexError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(f"the model failed while it drew: {why:.200}") from error


def _config(sampling: Sampling, rows: int, ends: set[int], pad: int) -> Any:
    from transformers import GenerationConfig

    how: dict[str, Any] = {"do_sample": False}
    if sampling.temperature > 0:
        how = {"do_sample": True, "temperature": 1.0, "top_p": 1.0, "top_k": 0, "num_return_sequences": rows}
        if not sampling.top_k:
            how |= {"temperature": float(sampling.temperature), "top_p": float(sampling.top_p)}
    made: Any = GenerationConfig
    return made(
        **how, repetition_penalty=float(sampling.repetition_penalty), max_new_tokens=int(sampling.max_new_tokens),
        eos_token_id=sorted(ends), pad_token_id=pad, use_cache=True,
    )  # fmt: skip


def _likeliest(sampling: Sampling) -> list[Any]:
    """Temperature, top-k and top-p in one, among k ids: transformers sorts all of them for top-p, which are 197,000 in
    an OmniSVG, for each row in each step."""
    if sampling.temperature <= 0 or not sampling.top_k:
        return []
    import torch
    from transformers import LogitsProcessor

    class Likeliest(LogitsProcessor):
        def __call__(self, input_ids: Any, scores: Any) -> Any:
            ids = _first(scores, min(sampling.top_k, scores.shape[-1]))
            best = scores.gather(-1, ids) / sampling.temperature
            shares = best.softmax(-1)
            before = shares.cumsum(-1) - shares
            best = best.masked_fill(before >= sampling.top_p, float("-inf"))
            return torch.full_like(scores, float("-inf")).scatter_(1, ids, best)

    return [Likeliest()]


def _first(scores: Tensor, k: int) -> Tensor:
    """The k likeliest ids of each row, of equal ones the lower id first: in bfloat16 many are equal, and a GPU's topk
    takes any of them, now this one and now that."""
    import torch

    bits = scores.float().view(torch.int32).long()
    order = torch.where(bits < 0, bits ^ 0x7FFFFFFF, bits)  # as whole numbers in the order of the floats
    keys = (order << 20) - torch.arange(scores.shape[-1], device=scores.device)
    return torch.topk(keys, k).indices


@contextmanager
def _plain(model: Any) -> Iterator[None]:
    """The model without generation settings of its own: what is not said here is transformers' default."""
    from transformers import GenerationConfig

    own = model.generation_config
    made: Any = GenerationConfig
    model.generation_config = made()
    try:
        yield
    finally:
        model.generation_config = own


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    import torch

    devices = range(torch.cuda.device_count()) if torch.cuda.is_available() else ()
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed % 2**63)
        yield


class _Watch:
    """Looks at each new id of each row, and keeps where and how the row ended."""

    def __init__(
        self, rows: int, ends: set[int], until: float, stop: Callable[[Sequence[int]], bool] | None, guard: Guard | None
    ) -> None:
        self.prompt = 0
        self._ends, self._until, self._stop, self._guard = ends, until, stop, guard
        self._ids: list[list[int]] = [[] for _ in range(rows)]
        self._ended: list[Ended | None] = [None] * rows

    def step(self, new: Sequence[int]) -> list[bool]:
        """The next id of each row -> has the row ended?"""
        late = time.monotonic() >= self._until
        for at, token in enumerate(new):
            if self._ended[at] is None:
                self._ended[at] = self._look(self._ids[at], token, late)
        return [ended is not None for ended in self._ended]

    def _look(self, ids: list[int], token: int, late: bool) -> Ended | None:
        if token in self._ends:
            return "closed"
        ids.append(token)
        if self._stop is not None and self._stop(ids[-TAIL:]):
            return "closed"
        if self._guard is not None and len(ids) % self._guard.every == 0:
            import numpy as np

            again = self._guard.circle(np.asarray(ids[-self._guard.window :], np.int64))
            if again:
                del ids[-again:]
                return "loop"
        return "timeout" if late else None

    def rows(self) -> list[Row]:
        return [Row(tuple(ids), ended or "length") for ids, ended in zip(self._ids, self._ended, strict=True)]


def _criterion(watch: _Watch) -> Any:
    import torch
    from transformers import StoppingCriteria

    class Ends(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **more: Any) -> Any:
            return torch.tensor(watch.step(input_ids[:, -1].tolist()), device=input_ids.device)

    return Ends()
