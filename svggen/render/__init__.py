"""Pixels of an Icon: arrays, PNG, contact sheets, a picture for the terminal.

``ink`` and ``inks`` are the program's own looks, through the fastest renderer that is equal on what our serialiser
writes; ``png`` is what is delivered, through CairoSVG. All real renderers run in worker processes with limits on time
and memory (``client.py``, ``worker.py``); ``warm()`` starts the process without waiting.
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
    return inks([icon], size)[0]


def inks(icons: Sequence[Icon], size: int = 96) -> Ink:
    """float32 (n, size, size): ``ink`` of each icon, in one batch."""
    return default_renderer().ink_many(icons, size)


def png(icon: Icon, size: int, *, color: str = "#000000", background: str | None = "#ffffff") -> bytes:
    """PNG bytes, size x size px, for delivery: through CairoSVG.

    CairoSVG is wrong on masks and on part of the clips (10 to 26 % of the pixels of mask icons), so that an icon that
    carries either goes through resvg (or skia, where resvg is not installed) instead.
    """
    if any(shape.clip is not None for shape in icon.shapes):
        return _clip_renderer().png(icon, size, color=color, background=background)
    return delivery_renderer().png(icon, size, color=color, background=background)


def _clip_renderer() -> SkiaRenderer | ResvgRenderer:
    from svggen.render.engines import available

    return ResvgRenderer() if "resvg" in available() else SkiaRenderer()
