"""TraceModel: draws what a picture shows. VTracer finds the contours, the rest makes an icon of them.

Contract. ``generate`` reads ``request.image`` (PNG, JPEG ...) and nothing of the words: without a picture its draft is
an ``unknown_subject``; a picture that cannot be read is a ``parse_error``, one that shows nothing to trace (a single
colour, noise) ``blank``. Otherwise it answers at most n drafts that differ: in the wanted style where one is asked for,
as the picture is, and in one colour where the picture has several. ``confidence`` is the similarity (SSIM at 256 px) of
the plain tracing to the picture. Equal requests give equal drafts. Raises ModelError where VTracer is not installed.

    layers.py    ground, inks, coverage        skeleton.py  thinning, graphs of centre lines
    outlines.py  VTracer, exact contours       strokes.py   centre lines fitted to contours
    pieces.py    connected pieces              trails.py    strokes written as shapes
    fit.py       lines, arcs, cubics           reshape.py   with more pieces, with fewer
    net.py       nodes and pieces              explain.py   which explanation holds
    refine.py    least squares                 snap.py      the grid
    primitives.py  circles, rectangles         compare.py   SSIM and others      tracing.py  all of it in a row

How it came about (tests/bench/bench_trace.py has the numbers): contours are moved onto the level 0.5 of the coverage,
which puts them right to about 1/100 unit at 512 px; every fit is least squares on those points, and every plainer
explanation must look as like the picture as the plain outline does.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from svggen.errors import InvalidPictureError
from svggen.models.base import Draft, DrawRequest, failed

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.models.trace.tracing import Traced
    from svggen.style import StyleSpec

__all__ = ["TraceModel"]

_KEPT = 4  # tracings remembered: the rounds of one request ask for the same picture again


class TraceModel:
    """The model for pictures. See the module."""

    name = "trace"
    revision = "1"

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Traced] = OrderedDict()

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        if request.n < 1:
            return []
        if request.image is None:
            note = "there is no picture to trace: this model draws from a picture alone"
            return [failed(self, request, "unknown_subject", note, started)]
        from svggen.pictures import load_picture

        try:
            picture = load_picture(request.image)
        except InvalidPictureError as error:
            return [failed(self, request, "parse_error", str(error), started)]
        try:
            traced = self._traced(request.image, picture)
        except InvalidPictureError as error:
            return [failed(self, request, "blank", str(error), started)]
        sure = max(0.0, min(traced.ssim, 1.0))
        told = _told(traced)
        drafts: dict[Icon, Draft] = {}
        for icon, steps, notes in _versions(traced.icon, request.style):
            drafts.setdefault(
                icon,
                Draft(
                    icon, self.name, self.revision, request.seed, confidence=round(sure, 4), steps=(told, *steps),
                    notes=notes, seconds=time.perf_counter() - started,
                ),
            )  # fmt: skip
        return list(drafts.values())[: request.n]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)

    def _traced(self, image: bytes, picture: object) -> Traced:
        import hashlib

        from svggen.models.trace.tracing import trace

        key = hashlib.sha256(image).digest()
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = trace(picture)  # type: ignore[arg-type]
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


def _told(traced: Traced) -> str:
    parts = ", ".join(f"{count} {kind}" for kind, count in sorted(traced.kinds.items()))
    return f"traced the picture ({parts}; {traced.commands} commands, similarity {traced.ssim:.3f})"


def _versions(icon: Icon, style: StyleSpec) -> list[tuple[Icon, tuple[str, ...], tuple[str, ...]]]:
    """(icon, steps, notes) of each way to give the tracing, the wanted one first."""
    from svggen.icon import icon_id, parse, serialise
    from svggen.models.svgtext import restyled

    plain = parse(serialise(icon))
    out = []
    wanted = style.to_dict()
    if wanted:
        out.append(restyled(plain, style))
    out.append((plain, (), ()))
    colours = {str(p) for s in plain.shapes for p in (s.look.fill, s.look.stroke)} - {"none", "currentColor"}
    if colours:
        one, steps, notes = restyled(plain, replace(style, palette=("currentColor",)))
        out.append((one, steps, notes))
    fresh: dict[str, tuple[Icon, tuple[str, ...], tuple[str, ...]]] = {}
    for version in out:
        fresh.setdefault(icon_id(version[0]), version)
    return list(fresh.values())
