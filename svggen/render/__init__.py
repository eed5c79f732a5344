"""Pixels of an Icon: arrays, PNG, contact sheets, a picture for the terminal.

``ink`` and ``inks`` are the program's own looks, through the fastest renderer that is equal on what our serialiser
writes; ``png`` is what is delivered, through CairoSVG. All real renderers run in worker processes with limits on time
and memory (``client.py``, ``worker.py``); ``warm()`` starts the process without waiting.

Why skia-python for the looks (tests/bench/bench_render.py, 500 icons of ten sets, two cores): at 64 px in one process
7,900 icons/s against 1,870 of resvg and 590 of CairoSVG; no picture differs from resvg's by more than 2 %, the mean is
0.3 % at 64 px and 0.1 % at 256 px. CairoSVG is as equal, but for masks, which it draws wrong by up to 28 %. Through the
worker one icon at 96 px takes 0.35 ms, the writing of its SVG included; the process is up in 0.1 to 0.2 s.

    renderers.py  the Renderer protocol and its kinds    client.py, worker.py, engines.py  the processes behind it
    sheet.py      contact sheets                         terminal.py                       half blocks
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from svggen.render.renderers import (
    CairoRenderer,
    FakeRenderer,
    Renderer,
    ResvgRenderer,
    SkiaRenderer,
    default_renderer,
    delivery_renderer,
    warm,
)
from svggen.render.sheet import contact_sheet
from svggen.render.terminal import terminal

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.render.renderers import Ink

__all__ = [
    "CairoRenderer",
    "FakeRenderer",
    "Renderer",
    "ResvgRenderer",
    "SkiaRenderer",
    "contact_sheet",
    "default_renderer",
    "delivery_renderer",
    "ink",
    "inks",
    "png",
    "terminal",
    "warm",
]


def ink(icon: Icon, size: int = 96) -> Ink:
    """float32 (size, size), 0..1: coverage, the alpha channel on a transparent ground, all paints alike.

    Opacity is kept: the light tone of a duotone icon shows as partial alpha.
    """
    one: Ink = inks([icon], size)[0]
    return one


def inks(icons: Sequence[Icon], size: int = 96) -> Ink:
    """float32 (n, size, size): ``ink`` of each icon, in one batch."""
    return default_renderer().ink_many(icons, size)


def png(icon: Icon, size: int, *, color: str = "#000000", background: str | None = "#ffffff") -> bytes:
    """PNG bytes, size x size px, for delivery: through CairoSVG.

    CairoSVG is wrong on masks and on part of the clips (mask icons come out wrong by 10 to 28 %), so that an icon that
    carries either goes through resvg (or skia, where resvg is not installed) instead.
    """
    if any(shape.clip is not None for shape in icon.shapes):
        return _clip_renderer().png(icon, size, color=color, background=background)
    return delivery_renderer().png(icon, size, color=color, background=background)


def _clip_renderer() -> SkiaRenderer | ResvgRenderer:
    from svggen.render.engines import available

    return ResvgRenderer() if "resvg" in available() else SkiaRenderer()
