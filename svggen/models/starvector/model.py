"""The SvgModel of StarVector: a picture in, SVG as text out, which is read, mended and compared with the picture.

Contract. ``generate`` is a pure function of the request but for ``Draft.seconds``, as long as the budget of seconds
does not run out; the budget counts from when the weights are in memory. ``SAMPLES`` candidates in one batch, each to
its own ``</svg>``; those that ended come before those that broke off and were mended. Words alone cannot be drawn: no
weights for them were ever published. With ``grammar`` only a safe icon can be written (``svggen.grammar``).

Errors: ``ModelError`` and ``WeightsError`` (see ``loading.py``); what cannot be drawn is a failed draft.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import InvalidPictureError
from svggen.models.base import Draft, DrawRequest, Failure, failed
from svggen.models.checkpoints import fingerprint, locate, revision
from svggen.models.generation import Row, Sampling, sampled
from svggen.models.starvector.loading import BEGINNING, REPOSITORIES, Loaded, load, pixels

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.models.judged import Drawn

__all__ = ["StarVector"]

SAMPLES: Final = 5
"""Candidates a request, in one batch, as in the paper."""
LONGEST: Final = 4000
"""Tokens of a drawing: the authors' advice where less ends before the drawing does."""
SAMPLING: Final = {
    "starvector-1b": Sampling(0.2, 0.95, 0, 1.0, LONGEST),
    "starvector-8b": Sampling(0.5, 0.9, 0, 1.0, LONGEST),
}
"""Of the authors' evaluations."""
_END: Final = "</svg>"
_FAILURES: Final[dict[str, tuple[Failure, str]]] = {
    "timeout": ("timeout", "no drawing was finished in the time that was given"),
    "loop": ("loop", "every drawing went in circles before there was anything to see"),
    "length": ("not_closed", "no drawing was closed within the tokens that were given"),
}


class StarVector:
    """See the head of this file. argument: a folder of weights; grammar: constrain the text; processors: makes further
    LogitsProcessors for one call, of the tokenizer (transformers')."""

    def __init__(
        self, name: str, argument: str | None = None, *, grammar: bool = False, samples: int = SAMPLES,
        processors: Callable[[Any], Sequence[Any]] | None = None,
    ) -> None:  # fmt: skip
        self.name, self.samples, self.grammar = name, samples, grammar
        self._argument, self._processors = argument, processors
        self.revision = revision(name, REPOSITORIES[name], argument)
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None

    def loaded(self) -> Loaded:
        """The model, loaded when it is first needed."""
        with self._lock:
            if self._loaded is None:
                folder = locate(self.name, REPOSITORIES[self.name], self._argument)
                self._loaded = load(self.name, folder)
                self.revision = fingerprint(folder)
            return self._loaded

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        if request.n < 1:
            return []
        if request.image is None:
            note = f"{self.name} draws from a picture alone: no weights for words were ever published"
            return [failed(self, request, "unknown_subject", note, started)]
        from svggen.pictures import load_picture

        try:
            picture = load_picture(request.image)
        except InvalidPictureError as error:
            return [failed(self, request, "unknown_subject", f"the picture cannot be read: {error}", started)]
        loaded = self.loaded()
        rows = self._rows(loaded, request, picture)
        drawn, refused = self._drawn(loaded, rows, request)
        if not drawn:
            return [self._failed(request, rows, refused, started)]
        from svggen.models.judged import drafts

        return drafts(self, request, drawn, started)

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)

    # -------------------------------------------------------------------------------------------------------- sampling

    def _rows(self, loaded: Loaded, request: DrawRequest, picture: npt.NDArray[np.uint8]) -> list[Row]:
        sampling = SAMPLING[self.name].within(min(request.budget.tokens, loaded.places))
        return sampled(
            loaded.net.language,
            shown(loaded, picture),
            sampling,
            n=max(self.samples, request.n),
            seed=request.seed,
            seconds=request.budget.seconds,
            eos=loaded.ends,
            pad=loaded.pad,
            processors=self._constraints(loaded, sampling.max_new_tokens),
            stop=lambda tail: loaded.tokenizer.decode(list(tail)).rstrip().endswith(_END),
        )

    def _constraints(self, loaded: Loaded, budget: int) -> list[Any]:
        made = [] if self._processors is None else list(self._processors(loaded.fast))
        if self.grammar:
            from svggen.grammar import logits_processor

            made.append(logits_processor(loaded.fast, after=BEGINNING, budget=budget, eos=loaded.ends))
        return made

    # ----------------------------------------------------------------------------------------------------- the answers

    def _drawn(
        self, loaded: Loaded, rows: Sequence[Row], request: DrawRequest
    ) -> tuple[list[Drawn], list[tuple[Failure, str]]]:
        """What the rows have drawn, in the wanted style, and why the others have nothing."""
        from svggen.models.judged import Drawn
        from svggen.models.svgtext import finished, read_answer

        drawn: list[Drawn] = []
        refused: list[tuple[Failure, str]] = []
        for row in rows:
            if row.ended == "timeout":
                refused.append(_FAILURES["timeout"])
                continue
            answer = read_answer(BEGINNING + loaded.tokenizer.decode(list(row.ids)))
            if answer.icon is None:
                why = _FAILURES.get(row.ended) if answer.failure != "unsafe" else None
                refused.append(why or (answer.failure or "parse_error", "; ".join(answer.notes)))
                continue
            icon, more, notes = finished(answer.icon, request)
            steps = (f"{self.name} wrote {len(row.ids)} tokens from the picture", *more)
            if row.ended == "loop":
                notes += ("it went in circles and was cut where it began to",)
            whole = row.ended == "closed" and not answer.cut
            drawn.append(Drawn(icon, len(row.ids), whole, steps, (*answer.notes, *notes)))
        return drawn, refused

    def _failed(
        self, request: DrawRequest, rows: Sequence[Row], refused: Sequence[tuple[Failure, str]], started: float
    ) -> Draft:
        common = Counter(failure for failure, _ in refused).most_common(1)[0][0]
        note = next(note for failure, note in refused if failure == common)
        return replace(failed(self, request, common, note, started), tokens=max(len(row.ids) for row in rows))


def shown(loaded: Loaded, picture: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """What generate takes: the picture and ``<svg`` as embeddings, on the model's device."""
    import torch

    shape = loaded.net.vision.shape
    kind = loaded.net.adapter.c_fc.weight.dtype
    seen = torch.from_numpy(pixels(picture, shape.side, shape.clip))[None].to(loaded.device, kind)
    with torch.inference_mode():
        embeds = loaded.net.shown(seen, torch.tensor([loaded.first], device=loaded.device))
    return {
        "inputs_embeds": embeds,
        "attention_mask": torch.ones(embeds.shape[:2], dtype=torch.long, device=seen.device),
    }
