"""The SvgModel of IconLM: a request becomes a prompt, the judge looks at what was drawn, the best become drafts.

Contract. ``generate`` is a pure function of the request but for ``Draft.seconds``, as long as the budget of seconds
does not run out. It samples ``SAMPLES`` candidates (more where more drafts are asked for), drops repeats, and ranks
them by how surely the judge sees what was asked (by likeness to the picture, where there is one), then by the style of
the user's own icons. ``confidence`` is ``sure(score)`` of the judge's calibrated concept score; below ``KNOWN`` the
note says that the judge does not recognise it. Drafts are restyled to what the style asks for, as the library's are.
Exemplars are shown in context: of the user's own set for their look, one of the library for its subject. A drawing
that repeats a training icon names its set and licence among its sources (``seen.py``).

``generate_many`` draws several requests together, each as ``generate`` would draw it.

Errors: ``WeightsError`` where the weights are missing or damaged; a request that cannot be drawn is a failed draft.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from svggen.errors import InvalidPictureError, SvgGenError
from svggen.models.base import KNOWN, Draft, DrawRequest, Reference, failed
from svggen.models.judged import Ranked, ranked, set_style, sure
from svggen.models.judged import picture as seen_by_judge
from svggen.tokens.prompt import Exemplar, Prompt, PromptStyle, prompt, spoken_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon
    from svggen.judge import Judge
    from svggen.models.iconlm.decoder import Decoder
    from svggen.models.iconlm.sampling import Asked, Sampled

    Floats: TypeAlias = npt.NDArray[np.float32]
    Pixels: TypeAlias = npt.NDArray[np.uint8]

__all__ = ["IconLM", "knows", "sure"]

SAMPLES = 8
"""Candidates a request; one batch, so that eight cost little more than four."""
LONGEST = 256
"""Tokens of a drawing; 95 % of the icons that it has learned are shorter."""
SHOWN = 160
"""Tokens of an exemplar at most."""
TEMPERATURE, TOP_P = 0.8, 0.95
OWN, IDEAS = 2, 1
"""Own icons and library icons shown in context."""
GUESS = 0.4
"""The most that a drawing of words that training never met may claim."""


@lru_cache(maxsize=1)
def _met() -> frozenset[str]:
    """Every word of the concepts that the training icons are named after."""
    from svggen.judge.labels import shipped_labels

    return frozenset(" ".join(shipped_labels().words).replace("-", " ").split())


def knows(words: str) -> bool:
    """Has training met every word that says something? Of others a text vector still says something, and the judge may
    even find it in a scribble; but what is drawn of them is a guess."""
    from svggen.spelling import tokens

    spoken = [word for one in spoken_words(words) for word in tokens(one)]
    return bool(spoken) and all(word in _met() for word in spoken)


@dataclass(frozen=True)
class _Begun:
    """A request on its way: what it shows the net, and what is to be sampled."""

    request: DrawRequest
    started: float
    words: str
    picture: Pixels | None
    style: Floats | None
    shown: Sequence[Reference]
    asked: Asked


class IconLM:
    """See the head of this file. path: other weights of one's own (any digest); None: those that ship."""

    name = "iconlm"

    def __init__(self, path: Path | None = None, *, samples: int = SAMPLES) -> None:
        from svggen.models.iconlm.weights import SHA256

        self._path, self.samples = path, samples
        self.revision = SHA256[:12] if path is None else "own"
        self._lock = threading.Lock()
        self._own: Decoder | None = None

    def decoder(self) -> Decoder:
        """The net, loaded when it is first needed (about 0.2 s)."""
        if self._path is None:
            return _shipped()
        with self._lock:
            if self._own is None:
                from svggen.models.iconlm.decoder import Decoder
                from svggen.models.iconlm.weights import load

                self._own = Decoder(load(self._path))
            return self._own

    def generate(self, request: DrawRequest) -> list[Draft]:
        return self.generate_many([request])[0]

    def generate_many(self, requests: Sequence[DrawRequest]) -> list[list[Draft]]:
        """The drafts of each request: those that ``generate`` gives, all sampled in one batch. Their seconds all count
        from its beginning."""
        from svggen.models.iconlm.sampling import sample_together

        begun = [self._begin(request) for request in requests]
        asked = [one for one in begun if isinstance(one, _Begun)]
        drawn = iter(sample_together(self.decoder(), [one.asked for one in asked]) if asked else [])
        return [self._end(one, next(drawn)) if isinstance(one, _Begun) else one for one in begun]

    def _begin(self, request: DrawRequest) -> _Begun | list[Draft]:
        """What is to be sampled, or the answer where nothing is."""
        started = time.perf_counter()
        if request.n < 1:
            return []
        words = " ".join(request.words.split())[:200]
        picture: Pixels | None = None
        try:
            picture = seen_by_judge(request.image)
        except InvalidPictureError as error:
            return [failed(self, request, "unknown_subject", f"the picture cannot be read: {error}", started)]
        if not any(c.isalnum() for c in words) and picture is None:
            return [failed(self, request, "unknown_subject", "the words name nothing to draw", started)]
        shown = _exemplars(request.references)
        style = set_style(request)
        asked = self._prompt(request, words, picture, style is not None, [exemplar for exemplar, _ in shown])
        sampled = self._asked(request, self._inputs(asked, style, picture))
        return _Begun(request, started, words, picture, style, [reference for _, reference in shown], sampled)

    def _end(self, one: _Begun, drawn: Sequence[Sampled]) -> list[Draft]:
        """The drafts of what was sampled, best first."""
        from svggen.tokens.icon import decode

        request = one.request
        drawings = [found.ids for found in drawn if found.ids]
        if not drawings:
            said = "no drawing was finished in the time that was given"
            return [failed(self, request, "timeout", said, one.started)]
        styled = [_styled(decode(ids), request) for ids in drawings]
        found = ranked(styled, one.words, request.n, seen=one.picture, style=one.style, judge=_judge())
        return [self._draft(one, best, drawings[best.at]) for best in found]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)

    # ------------------------------------------------------------------------------------------------------ the prompt

    def _prompt(
        self, request: DrawRequest, words: str, picture: Pixels | None, styled: bool, exemplars: Sequence[Exemplar]
    ) -> Prompt:
        style = request.style
        mode = style.mode if style.mode in ("outline", "filled", "duotone", "color") else None
        stroked = mode in (None, "outline")
        return prompt(
            [words] if words else [],
            PromptStyle(
                mode=mode,
                stroke_width=style.stroke_width if stroked else None,
                round_ends=None if style.cap is None or not stroked else style.cap == "round",
                kind="ui",
            ),
            size=None if picture is not None else 64 if stroked else 96,
            style_vector=styled,
            task="words" if picture is None else "picture",
            exemplars=exemplars if picture is None else (),
        )

    def _inputs(self, asked: Prompt, style: Floats | None, picture: Pixels | None) -> Floats:
        """float32 (P, width): tokens, and the vectors in their slots."""
        from svggen.models.iconlm.inputs import inputs, patch_inputs
        from svggen.text import default_text_encoder

        return inputs(
            self.decoder().weights,
            asked,
            default_text_encoder().embed,
            style=style,
            patches=None if picture is None else patch_inputs(picture, _judge().see(picture[None]).patches[0]),
        )

    def _asked(self, request: DrawRequest, inputs: Floats) -> Asked:
        from svggen.models.iconlm.sampling import Asked

        return Asked(
            inputs,
            max(self.samples, request.n + 2),
            seed=request.seed % 2**32,
            temperature=TEMPERATURE,
            top_p=TOP_P,
            longest=max(32, min(LONGEST, request.budget.tokens)),
            deadline=time.monotonic() + request.budget.seconds,
        )

    # ----------------------------------------------------------------------------------------------------- the answers

    def _draft(self, begun: _Begun, best: Ranked, ids: Sequence[int]) -> Draft:
        request, traced = begun.request, begun.picture is not None
        confidence = best.confidence
        if not traced and not knows(request.words):
            confidence = min(confidence, GUESS)
        how = "from the picture" if traced else "from the words"
        steps = [f"IconLM drew {len(ids)} tokens {how}"]
        sources = [(r.id, r.source, r.licence) for r in begun.shown]
        heart = _by_heart(ids) if self._path is None else None
        if heart is not None:
            steps.append(f"it is an icon of {heart[0]} ({heart[1]}) that it knows by heart")
            sources.insert(0, (f"{heart[0]}:by heart", *heart))
        steps += [f"with {r.name!r} from {'your own' if r.origin == 'own' else r.source} in view" for r in begun.shown]
        notes = () if confidence >= KNOWN else (f"the judge is not sure that this shows {request.words!r}",)
        return Draft(
            icon=best.icon, model=self.name, revision=self.revision, seed=request.seed, confidence=round(confidence, 4),
            sources=tuple(sources), steps=tuple(steps), notes=notes, tokens=len(ids),
            seconds=time.perf_counter() - begun.started,
        )  # fmt: skip


def _by_heart(ids: Sequence[int]) -> tuple[str, str] | None:
    """(set, licence) of the training icon that the ids repeat."""
    from svggen.models.iconlm.seen import repeated

    return repeated(ids)


@lru_cache(maxsize=1)
def _shipped() -> Decoder:
    from svggen.models.iconlm.decoder import Decoder
    from svggen.models.iconlm.weights import SHA256, WEIGHTS, load

    return Decoder(load(WEIGHTS, SHA256))


def _judge() -> Judge:
    from svggen.judge import default_judge

    return default_judge()


def _exemplars(references: Sequence[Reference]) -> list[tuple[Exemplar, Reference]]:
    """Own icons for their look, and of the library's the surest for its subject, where their drawings are short
    enough."""
    from svggen.tokens.icon import encode

    own = sorted((r for r in references if r.origin in ("own", "given")), key=lambda r: (-r.concept_score, r.id))
    others = sorted((r for r in references if r.origin == "library"), key=lambda r: (-r.concept_score, r.id))
    found: list[tuple[Exemplar, Reference]] = []
    for reference in own:
        if len(found) >= OWN:
            break
        found += _shown(reference, encode, same_idea=False)
    shown: list[tuple[Exemplar, Reference]] = []
    for reference in others:
        if reference.concept_score < KNOWN or len(shown) >= IDEAS:
            break
        shown += _shown(reference, encode, same_idea=True)
    return [*found, *shown]


def _shown(reference: Reference, encode: Any, *, same_idea: bool) -> list[tuple[Exemplar, Reference]]:
    try:
        drawing = tuple(encode(reference.icon))
    except SvgGenError:
        return []
    if len(drawing) > SHOWN:
        return []
    return [(Exemplar(drawing, reference.name.replace("-", " "), same_idea), reference)]


def _styled(icon: Icon, request: DrawRequest) -> Icon:
    """The drawing in the wanted style; as it was drawn where the geometry does not allow that."""
    if not request.style.to_dict():
        return icon
    from svggen.restyle import restyle

    try:
        return restyle(icon, request.style).icon
    except SvgGenError:
        return icon
