"""The SvgModel of OmniSVG: words or a picture in, drawings under the grammar's mask out, the judge ranks them.

Contract. ``generate`` is a pure function of the request but for ``Draft.seconds``, as long as the budget of seconds
does not run out; the budget counts from when the weights are in memory (they are loaded once, on first use). A picture
is redrawn, words are made a caption. ``SAMPLES`` candidates in one batch; those that ended by themselves come before
those that went in circles and were cut. A drawing that the budget of tokens broke off does not exist: the mask closes
it, and a note says so. One that the time broke off is none.

Errors: ``ModelError`` and ``WeightsError`` (see ``loading.py``); what cannot be drawn is a failed draft.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import InvalidPictureError
from svggen.models.base import Draft, DrawRequest, Failure, failed
from svggen.models.checkpoints import fingerprint, revision
from svggen.models.generation import Guard, Row, Sampling, sampled
from svggen.models.omnisvg.inputs import Prompts, caption, own_prompts, patches, prompt_ids
from svggen.models.omnisvg.loading import REPOSITORIES, Loaded, load, places
from svggen.tokens.omnisvg import Layout, decode, layout
from svggen.tokens.omnisvg_grammar import SHORTEST

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.models.judged import Drawn

__all__ = ["OmniSVG"]

SAMPLES: Final = 8
"""Candidates a request, in one batch: four and four to spare, as the authors draw them."""
LONGEST: Final = 1536
"""Ids of a drawing, the authors' default; training had 2,048 at most."""
ICON: Final = Sampling(0.5, 0.88, 50, 1.05, LONGEST)
ILLUSTRATION: Final = Sampling(0.6, 0.90, 60, 1.03, LONGEST)
PICTURE: Final = Sampling(0.3, 0.90, 50, 1.05, LONGEST)
FIRST_WORDS: Final = Sampling(0.8, 0.95, 50, 1.05, LONGEST)
"""Of the first release (3B); its pictures are drawn with the likeliest ids."""
FIRST_PICTURE: Final = Sampling(0.1, 0.001, 1, 1.0, LONGEST)
"""As published for each task."""
_SCENES: Final = frozenset("illustration scene landscape character portrait poster background".split())
CIRCLES: Final = Guard(longest=64, times=3, span=30, every=16)
"""Points are absolute: a run of ids said three times over draws over itself."""
_NEVER: Final = 151645
"""An id that the mask lets nobody draw: generate wants one that ends a row."""


class OmniSVG:
    """See the head of this file. argument: a folder of weights; prompt_template: the user's turn for words, with
    ``{caption}`` where the caption goes, or all ``Prompts``; None: ``prompts.toml`` of the folder, else ours."""

    def __init__(
        self, name: str, argument: str | None = None, *, prompt_template: str | Prompts | None = None,
        samples: int = SAMPLES,
    ) -> None:  # fmt: skip
        self.name, self.samples = name, samples
        self._argument, self._template = argument, prompt_template
        self._form = layout(name)
        self._lock = threading.Lock()
        self._loaded: tuple[Loaded, Prompts] | None = None
        self.revision = revision(name, REPOSITORIES[name][0], argument)

    def loaded(self) -> tuple[Loaded, Prompts]:
        """The model, loaded when it is first needed."""
        with self._lock:
            if self._loaded is None:
                folder, base = places(self.name, self._argument)
                prompts = self._template if isinstance(self._template, Prompts) else own_prompts(folder)
                if isinstance(self._template, str):
                    prompts = replace(prompts, words=self._template)
                self._loaded = load(self.name, folder, base), prompts
                self.revision = fingerprint(folder)
            return self._loaded

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        if request.n < 1:
            return []
        words = " ".join(request.words.split())
        try:
            picture = _picture(request.image)
        except InvalidPictureError as error:
            return [failed(self, request, "unknown_subject", f"the picture cannot be read: {error}", started)]
        if not any(c.isalnum() for c in words) and picture is None:
            return [failed(self, request, "unknown_subject", "the words name nothing to draw", started)]
        if request.budget.tokens < SHORTEST:
            note = f"{request.budget.tokens} tokens are too few for a drawing"
            return [failed(self, request, "not_closed", note, started)]
        rows = self._rows(request, words, picture)
        drawn = [d for row in rows if row.ended in ("closed", "loop") for d in self._drawn(row, request)]
        if not drawn:
            return [self._failed(request, rows, started)]
        from svggen.models.judged import drafts

        return drafts(self, request, drawn, started)

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)

    # -------------------------------------------------------------------------------------------------------- sampling

    def _rows(self, request: DrawRequest, words: str, picture: npt.NDArray[np.uint8] | None) -> list[Row]:
        loaded, prompts = self.loaded()
        from svggen.models.omnisvg.mask import GrammarMask  # torch, which those without the weights may not have

        sampling = _sampling(self._form, words, picture is not None).within(request.budget.tokens)
        first = self._form.scalars is None
        rows = sampled(
            loaded.model,
            _inputs(loaded, prompts, caption(words, request.style), picture),
            sampling,
            n=max(self.samples, request.n) if sampling.top_k > 1 else 1,  # of one id to choose from all would be equal
            seed=request.seed,
            seconds=request.budget.seconds,
            eos=_NEVER if first else self._form.eos,
            pad=self._form.pad,
            processors=[GrammarMask(self._form, sampling.max_new_tokens)],
            stop=self._ends if first else None,
            guard=CIRCLES,
        )
        return [Row(row.ids[:-1], row.ended) if first and row.ended == "closed" else row for row in rows]

    def _ends(self, tail: Sequence[int]) -> bool:
        """The first release: white and the end are one id, and it is the end where a colour stands before it."""
        return len(tail) > 1 and tail[-1] == self._form.eos and tail[-2] >= self._form.paint

    # ----------------------------------------------------------------------------------------------------- the answers

    def _drawn(self, row: Row, request: DrawRequest) -> list[Drawn]:
        """The row's icon as it is wanted; none where it shows nothing."""
        from svggen.geometry import ink_bounds
        from svggen.models.judged import Drawn
        from svggen.models.svgtext import finished

        icon = decode(row.ids, self.name)
        if ink_bounds(icon) is None:
            return []
        icon, more, notes = finished(icon, request)
        if ink_bounds(icon) is None:
            return []
        how = "from the picture" if request.image is not None else "from the words"
        if row.ended == "loop":
            notes += ("it went in circles and was cut where it began to",)
        elif len(row.ids) >= min(LONGEST, request.budget.tokens) - SHORTEST:
            notes += (f"it was still drawing when its {len(row.ids)} tokens were over, and was closed there",)
        steps = (f"{self.name} drew {len(row.ids)} tokens {how}", *more)
        return [Drawn(icon, len(row.ids), row.ended == "closed", steps, notes)]

    def _failed(self, request: DrawRequest, rows: Sequence[Row], started: float) -> Draft:
        ((ended, _),) = Counter(row.ended for row in rows).most_common(1)
        why: dict[str, tuple[Failure, str]] = {
            "timeout": ("timeout", f"no drawing was finished within {request.budget.seconds:g} s"),
            "loop": ("loop", "every drawing went in circles before there was anything to see"),
            "length": ("not_closed", "no drawing was closed"),
            "closed": ("blank", "nothing of the drawings can be seen"),
        }
        failure, note = why[ended]
        return replace(failed(self, request, failure, note, started), tokens=max(len(row.ids) for row in rows))


def _picture(image: bytes | None) -> npt.NDArray[np.uint8] | None:
    from svggen.pictures import load_picture

    return None if image is None else load_picture(image)


def _sampling(form: Layout, words: str, pictured: bool) -> Sampling:
    if form.scalars is None:
        return FIRST_PICTURE if pictured else FIRST_WORDS
    if pictured:
        return PICTURE
    return ILLUSTRATION if _SCENES & set(words.lower().split()) else ICON


def _inputs(loaded: Loaded, prompts: Prompts, said: str, picture: npt.NDArray[np.uint8] | None) -> dict[str, Any]:
    """What generate takes, on the model's device."""
    import inspect

    import torch

    how = loaded.patching
    text = prompts.words.replace("{caption}", said) if picture is None else prompts.picture.replace("{caption}", said)
    ids = prompt_ids(loaded.tokenizer, prompts.system, text, 0 if picture is None else how.tokens)
    input_ids = torch.tensor([ids], device=loaded.device)
    out: dict[str, Any] = {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}
    if picture is not None:
        kind = next(loaded.model.parameters()).dtype
        out["pixel_values"] = torch.from_numpy(patches(picture, how)).to(loaded.device, kind)
        out["image_grid_thw"] = torch.tensor([[1, how.side, how.side]], device=loaded.device)
        if "mm_token_type_ids" in inspect.signature(loaded.model.forward).parameters:  # transformers 5
            out["mm_token_type_ids"] = (input_ids == loaded.image_token).to(torch.int)
    return out
