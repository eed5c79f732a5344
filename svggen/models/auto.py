"""AutoModel: whoever can. The picture's tracer for a picture; for words the library, and IconLM where it knows nothing.

Contract. ``generate`` gives the library's drafts. Where the surest of them is below ``KNOWN`` (no exemplar shows the
subject) and training has met the words, IconLM draws too, and the surest of both come first. With a picture the tracer
draws. A model whose weights are missing is passed over, with a note in the drafts of the others.

Why not always both: side by side they do no better (tests/bench/bench_models.py, 90 asks: the set's own icon among the
five most similar .611 with both and with "auto", .589 with the library alone) and take ten times as long.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from svggen.errors import ModelError
from svggen.models.base import KNOWN, Draft, DrawRequest

if TYPE_CHECKING:
    from svggen.models.base import SvgModel

__all__ = ["AutoModel"]


class AutoModel:
    """See the head of this file."""

    name = "auto"
    revision = "1"

    @cached_property
    def _library(self) -> SvgModel:
        from svggen.models.library import LibraryModel

        return LibraryModel()

    @cached_property
    def _iconlm(self) -> SvgModel:
        from svggen.models.iconlm import IconLM

        return IconLM()

    @cached_property
    def _trace(self) -> SvgModel:
        from svggen.models.trace import TraceModel

        return TraceModel()

    def generate(self, request: DrawRequest) -> list[Draft]:
        if request.n < 1:
            return []
        if request.image is not None:
            return self._trace.generate(request)
        drafts = self._library.generate(request)
        drawn = [d for d in drafts if d.icon is not None]
        if request.edit is not None or (drawn and drawn[0].confidence >= KNOWN):
            return drafts
        from svggen.models.iconlm import knows

        if not knows(request.words):
            return drafts
        try:
            others = [d for d in self._iconlm.generate(request) if d.icon is not None]
        except ModelError as error:
            return [replace(d, notes=(*d.notes, f"iconlm could not be asked: {error}")) for d in drafts]
        merged = sorted([*drawn, *others], key=lambda d: -d.confidence)[: request.n]
        return merged or drafts

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)
