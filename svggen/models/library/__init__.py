"""LibraryModel: draws from exemplars. It picks those that depict the request, restyles them, and composes the rest.

Contract. ``generate`` is a pure function of the request (no memory, no clock but for ``Draft.seconds``): equal
requests give equal
drafts. It answers at most n drafts that differ in what they show (raster IoU < 0.9), best first, and never raises for a
request that it cannot draw. ``confidence`` is the least sure of the parts; a subject that no exemplar shows gives the
nearest
ideas with a confidence of at most 0.35 and a note that says so.

    naming.py  what a name says that an icon shows     draw.py   restyle and compose
    pick.py    choosing exemplars                      edits.py  changing the icon that is there
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from svggen.models.base import KNOWN, Draft, DrawRequest, failed
from svggen.models.distinct import distinct
from svggen.words import Scene, parse_words

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.models.library.draw import Drawing
    from svggen.models.library.pick import Plan

__all__ = ["LibraryModel"]

UNSURE = 0.35
"""The most that a drawing of an unknown subject may claim."""
SPARE = 2
"""Drawn beyond n, so that the measured look can choose and repeats can be dropped; each costs about 25 ms."""


class LibraryModel:
    """The built-in model. See the module."""

    name = "library"
    revision = "1"

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        if request.edit is not None and request.edits:
            return self._edited(request, started)
        scene = parse_words(request.words)
        if not scene.subject.name or request.n < 1:
            return [failed(self, request, "unknown_subject", "the words name nothing to draw", started)][
                : max(request.n, 0)
            ]
        chosen = self._plans(request, scene)
        if not chosen:
            note = f"no exemplar shows {scene.subject.name!r}, and none is near"
            return [failed(self, request, "unknown_subject", note, started)]
        first = _variants(chosen, scene, request.n + SPARE)
        drawings = self._draw(request, scene, first)
        ranked = _different(_ranked(drawings, request), request.n)
        if len(ranked) < request.n:  # many were one drawing: a second helping
            more = [p for p in chosen if not any(p.base.id == f.base.id for f in first)][: request.n]
            drawings += self._draw(request, scene, more)
            ranked = _different(_ranked(drawings, request), request.n)
        if not ranked:
            return [failed(self, request, "blank", "the exemplars hold nothing that can be drawn", started)]
        return [self._draft(d, request, scene, started) for d in ranked]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)

    def _plans(self, request: DrawRequest, scene: Scene) -> list[Plan]:
        from svggen.models.library.pick import plans

        chosen = plans(request, scene)
        if any(h.rule == "concept" for h in request.hints) and len(chosen) > request.n:
            chosen = chosen[request.n :]  # what was tried first did not convince: others now
        return chosen

    def _draw(self, request: DrawRequest, scene: Scene, todo: list[Plan]) -> list[Drawing]:
        from svggen.models.library.draw import carry_out, prepare

        prepare(todo)
        drawings = [carry_out(plan, scene, request.style) for plan in todo]
        kept = [d for d in drawings if d is not None]
        for drawing in kept:
            _mend(drawing, request)
        return kept

    def _edited(self, request: DrawRequest, started: float) -> list[Draft]:
        from svggen.models.library.edits import edit

        drawing = edit(request)
        _mend(drawing, request)
        return [self._draft(drawing, request, None, started)][: max(request.n, 0)]

    def _draft(self, drawing: Drawing, request: DrawRequest, scene: Scene | None, started: float) -> Draft:
        notes = list(drawing.notes)
        confidence = drawing.sure
        if scene is not None:
            from svggen.models.library.pick import nearest_names

            if confidence < KNOWN:
                confidence = min(confidence, UNSURE)
                what = " with ".join([scene.subject.name, *drawing.lacks])
                notes.insert(0, f"no exemplar shows {what!r}; nearest: {nearest_names(request)}")
            if scene.without:
                notes.append("not checked: without " + ", ".join(scene.without))
        if request.image is not None:
            notes.append("the reference picture was not used: this model draws from exemplars")
        return Draft(
            icon=drawing.icon, model=self.name, revision=self.revision, seed=request.seed,
            confidence=round(max(0.0, min(confidence, 1.0)), 4), sources=tuple(dict.fromkeys(drawing.sources)),
            steps=tuple(drawing.steps), notes=tuple(dict.fromkeys(notes)), seconds=time.perf_counter() - started,
        )  # fmt: skip


def _variants(chosen: list[Plan], scene: Scene, most: int) -> list[Plan]:
    """The first plans, and for the best composed mark also the other place that it could go to."""
    from svggen.models.library.pick import families

    out = families(chosen, most)
    first = next((p for p in out if "mark" in p.todo), None)
    if first and scene.mark and scene.mark.where == "auto" and most > 2:
        out = [*out[: most - 1], replace(first, corner=True)]
    return out


def _ranked(drawings: Sequence[Drawing], request: DrawRequest) -> list[Drawing]:
    """Best first: how surely it shows what was asked, how near its measured look is to the wanted one, how simple it
    is."""
    import numpy as np

    from svggen.models.library.pick import PUT_TOGETHER, SURER, TIE
    from svggen.style import analyse_many, distance, vector_distance

    if not drawings:
        return []
    seen = analyse_many([d.icon for d in drawings])
    target = None if request.set_vector is None else np.asarray(request.set_vector, dtype=np.float32)
    asked = bool(request.style.to_dict())

    def look(i: int) -> float:
        near = []
        if asked:
            near.append(1.0 - distance(seen[i].spec, request.style))
        if target is not None and target.shape == seen[i].vector.shape:
            near.append(float(np.exp(-max(0.0, vector_distance(seen[i].vector, target) - 1.0) / 4.0)))
        prior = drawings[i].prior
        measured = 0.7 * sum(near) / len(near) + 0.3 * prior if near else prior
        return measured * _simplicity(drawings[i].icon) - PUT_TOGETHER / 2 * drawings[i].composed

    best = max(d.sure for d in drawings)
    keys = [
        (int((best - d.sure) / TIE), round(SURER * (best - d.sure) - look(i), 6), i) for i, d in enumerate(drawings)
    ]
    return [drawings[i] for _, _, i in sorted(keys)]


def _simplicity(icon: Icon) -> float:
    """1 for up to 30 segments, falling to 0.75 at 150 (rule 12: more than that is probably two icons)."""
    from svggen.geometry import to_path

    count = sum(len(to_path(s.geometry).segments) for s in icon.shapes)
    return 1.0 - 0.25 * min(max(count - 30, 0) / 120, 1.0)


def _mend(drawing: Drawing, request: DrawRequest) -> None:
    """Apply the repair of each finding that the critique named and that has one."""
    from svggen.lint import lint, repair
    from svggen.lint.rules import RULES

    named = {h.rule for h in request.hints} & {rule.id for rule in RULES}
    if not named:
        return
    findings = [f for f in lint(drawing.icon, request.style) if f.rule in named and f.fixable]
    if findings:
        mended = repair(drawing.icon, findings, request.style)
        drawing.icon = mended.icon
        drawing.steps += mended.steps


def _different(drawings: list[Drawing], n: int) -> list[Drawing]:
    """The first n that do not repeat one before them."""
    return [drawings[i] for i in distinct([d.icon for d in drawings], n)]
