"""The three renderers as plain functions, run only inside the worker process (``worker.py``).

Contract. ``ENGINES[name](svg, size, background) -> Picture``: ``svg`` is UTF-8 text written by our own serialiser with
width = height = ``size`` on the root element and ``currentColor`` already replaced; ``background`` is (r, g, b) or None
for a transparent ground. A Picture gives raw RGBA (not premultiplied, rows top down, ``4 * size * size`` bytes), its
alpha channel alone (``size * size`` bytes), or a PNG. An engine that is not installed is left out of ``available()``.

Traps closed here (each met on real icons):
- ``skia.MemoryStream(bytes)`` does not own its bytes: a copy is made with ``skia.Data.MakeWithCopy``.
- ``resvg.render`` takes its transform row-wise: the identity is (1, 0, 0, 0, 1, 0), and it renders at the size written
  in the file. Its errors are ``PanicException``, which is no ``Exception``; the worker catches BaseException for it.
- CairoSVG keeps premultiplied BGRA in native byte order; Pillow turns it round without numpy.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

__all__ = ["ENGINES", "Background", "Picture", "available"]

Background: TypeAlias = tuple[int, int, int] | None


class Picture(NamedTuple):
    """One rendering; each field makes its bytes when called, so that nothing is encoded that nobody asked for."""

    rgba: Callable[[], bytes]
    alpha: Callable[[], bytes]
    png: Callable[[], bytes]


def skia_picture(svg: bytes, size: int, background: Background) -> Picture:
    """skia-python: raw pixels, no PNG in between."""
    import skia

    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream.Make(skia.Data.MakeWithCopy(svg)))
    if dom is None:
        raise ValueError("skia cannot read this SVG")
    surface = skia.Surface.MakeRasterN32Premul(size, size)
    if surface is None:
        raise MemoryError(f"skia has no surface of {size} px")
    canvas = surface.getCanvas()
    canvas.clear(0 if background is None else skia.Color(*background))
    dom.setContainerSize(skia.Size(size, size))
    dom.render(canvas)

    def read(color: Any, alpha: Any, width: int) -> bytes:
        pixels = bytearray(size * size * width)
        if not surface.readPixels(skia.ImageInfo.Make(size, size, color, alpha), pixels, size * width):
            raise ValueError("skia cannot give its pixels")
        return bytes(pixels)

    return Picture(
        rgba=lambda: read(skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kUnpremul_AlphaType, 4),
        alpha=lambda: read(skia.ColorType.kAlpha_8_ColorType, skia.AlphaType.kPremul_AlphaType, 1),
        png=lambda: bytes(surface.makeImageSnapshot().encodeToData(skia.EncodedImageFormat.kPNG, 100)),
    )


_resvg_options: Any = None


def resvg_picture(svg: bytes, size: int, background: Background) -> Picture:
    """resvg: PNG bytes, decoded by Pillow."""
    import resvg
    from PIL import Image

    global _resvg_options
    if _resvg_options is None:
        _resvg_options = resvg.usvg.Options.default()
    tree = resvg.usvg.Tree.from_str(svg.decode(), _resvg_options)
    ground = None if background is None else (*background, 255)
    data = bytes(resvg.render(tree, (1, 0, 0, 0, 1, 0), bg_color=ground))

    def image() -> Any:
        picture = Image.open(io.BytesIO(data)).convert("RGBA")
        if picture.size != (size, size):
            raise ValueError(f"resvg drew {picture.size} instead of {size} px")
        return picture

    return Picture(rgba=lambda: image().tobytes(), alpha=lambda: image().getchannel("A").tobytes(), png=lambda: data)


def cairo_picture(svg: bytes, size: int, background: Background) -> Picture:
    """CairoSVG: the surface's own pixels; PNG written by cairo."""
    from cairosvg.parser import Tree
    from cairosvg.surface import PNGSurface
    from PIL import Image

    color = None if background is None else "#{:02x}{:02x}{:02x}".format(*background)
    out = io.BytesIO()
    surface = PNGSurface(Tree(bytestring=svg), out, 96, output_width=size, output_height=size, background_color=color)
    target = surface.cairo

    def image() -> Any:
        target.flush()
        data, stride = bytes(target.get_data()), target.get_stride()
        return Image.frombuffer("RGBa", (size, size), data, "raw", "BGRa", stride, 1).convert("RGBA")

    def png() -> bytes:
        surface.finish()
        return out.getvalue()

    return Picture(rgba=lambda: image().tobytes(), alpha=lambda: image().getchannel("A").tobytes(), png=png)


ENGINES: dict[str, Callable[[bytes, int, Background], Picture]] = {
    "skia": skia_picture,
    "resvg": resvg_picture,
    "cairosvg": cairo_picture,
}


def available() -> tuple[str, ...]:
    """Names of the engines that can be used, fastest first; found without importing them."""
    return tuple(
        name for name in ENGINES if importlib.util.find_spec(name) is not None and (name != "cairosvg" or has_cairo())
    )


@lru_cache(maxsize=1)
def has_cairo() -> bool:
    """Whether the C library that CairoSVG draws with can be loaded: pip does not bring it."""
    import ctypes
    import ctypes.util

    for name in ("libcairo.so.2", "libcairo.2.dylib", "libcairo-2.dll"):
        try:
            ctypes.CDLL(name)
            return True
        except OSError:
            continue
    return ctypes.util.find_library("cairo") is not None
