"""HfModel: a model of Hugging Face that writes SVG, in process or on a server, by its profile.

Contract. ``generate`` asks in the profile's words, draws several candidates in one batch (as many calls on a server),
reads what comes in the profile's form, and has the judge rank it. In process equal requests give equal drafts, as long
as the time does not run out; weights are loaded once, on first use, and the time counts from then. ``critic`` is the
model's own judgement of an icon, where its profile has a prompt for it (IntroSVG). Never raises for what a model said.

Errors: ``ModelError`` and ``WeightsError`` (see ``loading.py``), ``RemoteError`` (the server's), a wrong profile.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from svggen.errors import InvalidPictureError, ModelError
from svggen.models.base import Draft, DrawRequest, Failure, failed
from svggen.models.hf.asking import BLIND, Asked, asked, filled
from svggen.models.hf.critic import Criticism, criticism
from svggen.models.hf.forms import svg_of
from svggen.models.hf.profile import Profile, profile
from svggen.models.written import Written, drafts_of, read, sources_of

if TYPE_CHECKING:
    from pathlib import Path

    from svggen.icon import Icon
    from svggen.models.hf.engine import Answer, Engine

__all__ = ["HfModel"]

SAMPLES: Final = 4
"""Candidates at least: one batch, of which the judge takes the best."""
CRITIC_SECONDS: Final = 60.0
TRUST: Final = 0.35
"""What a drawing is worth that the judge does not recognise: these models are smaller than chat models, and some draw
something else."""


class HfModel:
    """name: of the profile. argument: a folder, the URL of an OpenAI-compatible server (``http://host:8000/v1``, with
    ``#NAME`` where it serves several models), for ``hf`` also a repository; None: the repository of the profile, as it
    lies in the Hugging Face cache. own_profile: instead of the one that is found."""

    def __init__(
        self, name: str, argument: str | None = None, *, own_profile: Profile | None = None, samples: int = SAMPLES
    ) -> None:  # fmt: skip
        from svggen.models.checkpoints import fingerprint
        from svggen.models.hf.engine import is_server, shown_name

        self._own, self._argument, self.samples = name, argument, samples
        self._served = is_server(argument)
        self.name = shown_name(name, argument)
        folder = None if self._served else _folder(name, argument)
        self._profile = own_profile or profile(name, folder)
        self.revision = "served" if self._served else "absent" if folder is None else fingerprint(folder)
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    @property
    def profile(self) -> Profile:
        return self._profile

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        if request.n < 1:
            return []
        what = self._asked(request, started)
        if isinstance(what, Draft):
            return [what]
        engine = self.engine()
        if what.picture is not None and not engine.sees:
            blind = self._asked(replace(request, image=None), started)
            if isinstance(blind, Draft):
                return [failed(self, request, "unknown_subject", f"{self.name} sees no pictures", started)]
            what = replace(blind, notes=(*blind.notes, BLIND))
        answers = engine.answers(
            what, n=max(self.samples, request.n), seed=request.seed, seconds=request.budget.seconds,
            tokens=request.budget.tokens,
        )  # fmt: skip
        written = [self._written(answer, request, what) for answer in answers]
        return drafts_of(
            self, request, written, started, sources=sources_of(what.shown), notes=(*what.notes, *engine.notes),
            trust=TRUST,
        )  # fmt: skip

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)

    def critic(self, icon: Icon, words: str, *, seconds: float = CRITIC_SECONDS) -> Criticism:
        """The model's word on an icon that was drawn for ``words``; raises ModelError where it judges nothing."""
        own = self._profile.critic
        if not own.prompt:
            raise ModelError(f"{self.name} judges no drawings: its profile has no critic")
        from svggen.models.hf.asking import written
        from svggen.render import png

        request = DrawRequest(words)
        drawing = written(icon, self._profile) if "{drawing}" in own.prompt else ""
        text = filled(own.prompt, request, drawing=drawing)
        what = Asked("critic", self._profile.prompt.system, text, png(icon, own.side))
        (answer, *_) = self.engine().answers(what, n=1, seed=0, seconds=seconds, tokens=100_000)
        return criticism(answer.text)

    def engine(self) -> Engine:
        """What answers, opened when it is first needed."""
        from svggen.models.checkpoints import fingerprint
        from svggen.models.hf.engine import Local, Served
        from svggen.models.hf.loading import load, place

        with self._lock:
            if self._engine is None:
                if self._served:
                    assert self._argument is not None
                    self._engine = Served(self._profile, self._argument)
                else:
                    folder = place(self._own, self._argument, self._profile)
                    self._engine = Local(self._profile, load(self._profile, folder))
                    self.revision = fingerprint(folder)
            return self._engine

    def _asked(self, request: DrawRequest, started: float) -> Asked | Draft:
        try:
            what = asked(self._profile, request)
        except InvalidPictureError as error:
            what = f"the picture cannot be read: {error}"
        return failed(self, request, "unknown_subject", what, started) if isinstance(what, str) else what

    def _written(self, answer: Answer, request: DrawRequest, what: Asked) -> Written:
        how = {"words": "from the words", "picture": "from the picture", "edit": "as it is to be changed"}
        said = how.get(what.mode, "from the draft and its faults")
        shown = [f"with {r.name!r} from {'your own' if r.origin == 'own' else r.source} in view" for r in what.shown]
        steps = (f"{self.name} wrote {answer.tokens:,} tokens {said}", *shown)
        if answer.ended == "timeout" and not answer.text:
            return Written(None, "timeout", steps, (f"no answer within {request.budget.seconds:g} s",))
        text, notes = svg_of(answer.text, self._profile)
        found = read(text, request, steps, notes, tokens=answer.tokens, served=answer.served)
        if found.icon is None and found.failure in ("not_closed", "parse_error"):
            ends: dict[str, Failure] = {"loop": "loop", "timeout": "timeout", "length": "not_closed"}
            failure = ends.get(answer.ended, found.failure)
            return Written(None, failure, found.steps, (*found.notes, *_ended(answer.ended)), found.tokens)
        return found


def _folder(name: str, argument: str | None) -> Path | None:
    """The folder of the weights, where it is here already."""
    from svggen.models.hf.loading import place

    try:
        return place(name, argument, profile(name))
    except ModelError:
        return None


def _ended(how: str) -> Sequence[str]:
    words = {"loop": "it went in circles", "timeout": "the time was over", "length": "the tokens were over"}
    return (words[how],) if how in words else ()
