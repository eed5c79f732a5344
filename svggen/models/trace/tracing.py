"""Picture in, icon out: the steps of the tracing, one after the other.

Contract. ``trace`` takes an RGB picture and gives a ``Traced``: an icon on a 24 px canvas that shows the whole picture
(its margins kept, padded to a square), and how like the picture it is. Raises InvalidPictureError where the picture
shows nothing (one colour), ModelError where VTracer fails.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from svggen.errors import InvalidPictureError
from svggen.icon import Icon, Path, Segment, Shape
from svggen.models.trace.compare import SIDE, ink_overlap, mean_squared_error, resized, ssim
from svggen.models.trace.explain import CANVAS, commands, explained
from svggen.models.trace.layers import Layer, Layers, layers_of
from svggen.models.trace.pieces import pieces_of
from svggen.render.renderers import default_renderer

__all__ = ["Traced", "painted", "trace"]


@dataclass(frozen=True)
class Traced:
    """icon: the drawing. ground, ink: RGB as seen in the picture (ink: what currentColor stands for). commands: path
    segments and primitives. ssim, mse, overlap: against the picture at 256 px, see compare.py. kinds: how many pieces
    were explained how. seconds: of the tracing."""

    icon: Icon
    ground: tuple[int, int, int]
    ink: tuple[int, int, int]
    commands: int
    ssim: float
    mse: float
    overlap: float
    kinds: dict[str, int]
    seconds: float


def trace(picture: npt.NDArray[np.uint8]) -> Traced:
    """picture: uint8 (h, w, 3), as ``svggen.pictures.load_picture`` gives it."""
    started = time.perf_counter()
    layers = layers_of(picture)
    shapes: list[Shape] = []
    kinds: dict[str, int] = {}
    for layer in layers.layers:
        drawn: list[Shape] = []
        for e in explained(pieces_of(layer.cover), layer.cover, layers.pixel):
            kinds[e.kind] = kinds.get(e.kind, 0) + 1
            drawn.extend(_coloured(s, layer) for s in e.shapes)
        shapes.extend(_together(drawn))
    if not shapes:
        raise InvalidPictureError("the picture shows nothing that could be traced: it is all of one colour")
    icon = Icon(CANVAS, tuple(shapes))
    seen, wanted = painted(icon, layers), resized(layers.square)
    return Traced(
        icon, layers.ground, layers.ink, commands(shapes), round(ssim(seen, wanted), 4),
        round(mean_squared_error(seen, wanted), 6), round(ink_overlap(seen, wanted, layers.ground), 4), kinds,
        round(time.perf_counter() - started, 4),
    )  # fmt: skip


def painted(icon: Icon, layers: Layers, side: int = SIDE) -> npt.NDArray[np.uint8]:
    """uint8 (side, side, 4): the icon in the picture's ink on its ground."""
    ink, ground = ("#{:02x}{:02x}{:02x}".format(*c) for c in (layers.ink, layers.ground))
    return default_renderer().render(icon, side, color=ink, background=ground)


def _coloured(shape: Shape, layer: Layer) -> Shape:
    look = replace(shape.look, opacity=layer.opacity)
    if look.stroke != "none":
        look = replace(look, stroke=layer.color)
    else:
        look = replace(look, fill=layer.color)
    return replace(shape, look=look)


def _together(shapes: list[Shape]) -> list[Shape]:
    """Paths of one look as one path, at the place of the first."""
    out: list[Shape] = []
    at: dict[object, int] = {}
    for shape in shapes:
        if isinstance(shape.geometry, Path) and shape.look in at:
            first = out[at[shape.look]]
            assert isinstance(first.geometry, Path)
            joined: tuple[Segment, ...] = first.geometry.segments + shape.geometry.segments
            out[at[shape.look]] = replace(first, geometry=Path(joined))
            continue
        if isinstance(shape.geometry, Path):
            at[shape.look] = len(out)
        out.append(shape)
    return out
