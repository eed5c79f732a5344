"""The Renderer protocol and its implementations, all apart from the caller in a worker process.

Contract. ``render(icon, size, color=..., background=...)`` gives uint8 (size, size, 4), RGBA, not premultiplied, rows
top down. ``color`` ("#rgb" or "#rrggbb") stands for ``currentColor``; ``background`` is a colour or None for a
transparent ground. The viewBox is fitted into the square and centred. Only an ``Icon`` is drawn, never foreign text:
what reaches a renderer is what our own serialiser wrote, always with an explicit size. Errors: ``RenderError`` (the
renderer failed, timed out or ran out of memory), ``ValueError`` (a size outside 1..4096 or a colour that is not hex).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from svggen.errors import RenderError
from svggen.render.client import Want, Worker

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon

    Pixels: TypeAlias = npt.NDArray[np.uint8]
    Ink: TypeAlias = npt.NDArray[np.float32]

__all__ = [
    "CairoRenderer",
    "FakeRenderer",
    "Renderer",
    "ResvgRenderer",
    "SkiaRenderer",
    "WorkerRenderer",
    "default_renderer",
    "delivery_renderer",
    "svg_text",
    "warm",
]

MAX_SIZE = 4096


@runtime_checkable
class Renderer(Protocol):
    """Icon in, pixels out (see the head of this file)."""

    name: str

    def render(
        self, icon: Icon, size: int, *, color: str = "#000000", background: str | None = "#ffffff"
    ) -> Pixels: ...


def rgb(color: str) -> tuple[int, int, int]:
    """(r, g, b), 0..255 each, of "#rgb" or "#rrggbb"; ValueError for anything else."""
    digits = color[1:] if color.startswith("#") else ""
    if len(digits) == 3:
        digits = "".join(c * 2 for c in digits)
    if len(digits) != 6 or not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        raise ValueError(f"not a colour: {color!r} (wanted #rgb or #rrggbb)")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


_ROOT_SIZE = re.compile(r'\s(?:width|height|preserveAspectRatio)="[^"]*"')


def svg_text(icon: Icon, size: int, color: str) -> bytes:
    """Our own serialisation with width = height = ``size`` and ``currentColor`` replaced by ``color``."""
    from svggen.icon import serialise

    if not 1 <= size <= MAX_SIZE:
        raise ValueError(f"size {size} px is outside 1..{MAX_SIZE}")
    red, green, blue = rgb(color)
    text = serialise(icon)
    start = text.index("<svg")
    end = text.index(">", start)
    closing = "/" if text[end - 1] == "/" else ""  # an icon without shapes may be one empty element
    root = _ROOT_SIZE.sub("", text[start : end - len(closing)]) + f' width="{size}" height="{size}"{closing}'
    # Our serialisation holds no text nodes, so the word can only stand where a colour does.
    return (root + text[end:]).replace("currentColor", f"#{red:02x}{green:02x}{blue:02x}").encode()


@functools.cache
def _worker(engine: str) -> Worker:
    return Worker(engine)


class WorkerRenderer:
    """A renderer in a worker process; one process for each engine, shared by all instances that are given none."""

    engine = ""

    def __init__(self, worker: Worker | None = None) -> None:
        self.name = self.engine
        self.worker = worker or _worker(self.engine)

    def render(self, icon: Icon, size: int, *, color: str = "#000000", background: str | None = "#ffffff") -> Pixels:
        pixels: Pixels = self.render_many([icon], size, color=color, background=background)[0]
        return pixels

    def render_many(
        self, icons: Sequence[Icon], size: int, *, color: str = "#000000", background: str | None = "#ffffff"
    ) -> Pixels:
        """uint8 (n, size, size, 4)."""
        return self._array(self._bytes(icons, size, "rgba", color, background), (len(icons), size, size, 4))

    def ink_many(self, icons: Sequence[Icon], size: int) -> Ink:
        """float32 (n, size, size), the alpha channel on a transparent ground, 0..1."""
        import numpy as np

        raw = self._array(self._bytes(icons, size, "alpha", "#000000", None), (len(icons), size, size))
        return raw.astype(np.float32) * np.float32(1 / 255)

    def png(self, icon: Icon, size: int, *, color: str = "#000000", background: str | None = "#ffffff") -> bytes:
        """PNG bytes, size x size px, RGBA."""
        return self._bytes([icon], size, "png", color, background)[0]

    def start(self) -> None:
        """Start the process without waiting for it."""
        self.worker.start()

    def close(self) -> None:
        self.worker.close()

    def _bytes(self, icons: Iterable[Icon], size: int, want: Want, color: str, background: str | None) -> list[bytes]:
        ground = None if background is None else rgb(background)
        return self.worker.pictures([svg_text(icon, size, color) for icon in icons], size, want, ground)

    def _array(self, parts: list[bytes], shape: tuple[int, ...]) -> Pixels:
        import numpy as np

        return np.frombuffer(bytearray().join(parts), dtype=np.uint8).reshape(shape)


class SkiaRenderer(WorkerRenderer):
    """skia-python."""

    engine = "skia"


class ResvgRenderer(WorkerRenderer):
    """resvg."""

    engine = "resvg"


class CairoRenderer(WorkerRenderer):
    """CairoSVG."""

    engine = "cairosvg"


_KINDS: tuple[type[WorkerRenderer], ...] = (SkiaRenderer, ResvgRenderer, CairoRenderer)


@functools.cache
def default_renderer() -> WorkerRenderer:
    """The fast one for the program's own looks: skia-python, else resvg, else CairoSVG, whichever is installed.

    Measured with tests/bench/bench_render.py (see ``svggen/render/__init__.py`` for the numbers).
    """
    from svggen.render.engines import available

    installed = available()
    for kind in _KINDS:
        if kind.engine in installed:
            return kind()
    raise RenderError("no renderer is installed: pip install skia-python, resvg or cairosvg")


@functools.cache
def delivery_renderer() -> WorkerRenderer:
    """The one that makes the PNG files that leave the program: CairoSVG; the default renderer where it is missing."""
    from svggen.render.engines import available

    return CairoRenderer() if "cairosvg" in available() else default_renderer()


def warm() -> None:
    """Start the default renderer's process without waiting; call it first thing, draw later."""
    default_renderer().start()


class FakeRenderer:
    """A renderer for tests: no process, no library; fills every shape's bounding box with its colour, in order.

    Deterministic and tiny; right about size, place, colour, opacity and ground, blind to form.
    """

    name = "fake"

    def render(self, icon: Icon, size: int, *, color: str = "#000000", background: str | None = "#ffffff") -> Pixels:
        import numpy as np

        from svggen.geometry import shape_bounds

        if not 1 <= size <= MAX_SIZE:
            raise ValueError(f"size {size} px is outside 1..{MAX_SIZE}")
        pixels: Any = np.zeros((size, size, 4), dtype=np.float64)
        if background is not None:
            pixels[:] = (*rgb(background), 255)
        x0, y0, width, height = icon.viewbox
        scale = size / max(width, height)
        left, top = (size - width * scale) / 2, (size - height * scale) / 2
        for shape in icon.shapes:
            box = shape_bounds(shape)
            look = shape.look
            stroked = look.fill == "none"
            paint = look.stroke if stroked else look.fill
            if box is None or paint == "none":
                continue
            if not isinstance(paint, str):
                paint = paint.stops[0].color if paint.stops else "currentColor"
            ink = rgb(color if paint == "currentColor" else paint)
            alpha = look.opacity * (look.stroke_opacity if stroked else look.fill_opacity)
            c0, c1 = (round((v - x0) * scale + left) for v in (box[0], box[2]))
            r0, r1 = (round((v - y0) * scale + top) for v in (box[1], box[3]))
            area = pixels[max(r0, 0) : max(r1, 0), max(c0, 0) : max(c1, 0)]
            under = area[..., 3:4] / 255
            total = alpha + under * (1 - alpha)
            if total.size:
                mixed = np.asarray(ink) * alpha + area[..., :3] * under * (1 - alpha)
                area[..., :3] = mixed / np.maximum(total, 1e-9)
                area[..., 3:4] = total * 255
        out: Pixels = np.rint(pixels).astype(np.uint8)
        return out
