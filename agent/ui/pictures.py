"""Icons as a page may show them: data URIs for ``<img>``, and what differs between two.

Contract. SVG text is read by ``svggen.safety`` and written anew by our own serialiser before it becomes a URI, whatever
its origin; one that cannot be read becomes the picture of a broken icon. In an ``<img>`` nothing of it could run or
load anyway. ``currentColor`` is the ink of the ground that the icon stands on.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from svggen.errors import SvgGenError
from svggen.icon import Circle, Icon, Line, Look, Shape, parse, serialise

__all__ = ["GROUNDS", "Compared", "compare", "png_uri", "uri"]

GROUNDS = {"light": "#17191c", "dark": "#f3f4f5"}
"""The ink on each ground."""
SIDE = 240
"""px of the picture that shows a difference."""
ONLY_A, ONLY_B, BOTH = (217, 72, 15), (28, 110, 200), (134, 142, 150)
"""Orange, blue, grey: told apart by every common kind of colour vision, on light and on dark."""

_LINE = Look(fill="none", stroke="currentColor", stroke_width=1.5, cap="round", join="round")
_BROKEN = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 8.5), _LINE), Shape(Line(6, 6, 18, 18), _LINE)))


@lru_cache(maxsize=8192)
def uri(svg: str, ground: str = "light") -> str:
    """``data:image/svg+xml,...`` of an SVG text for a ground of ``GROUNDS``."""
    try:
        text = serialise(parse(svg))
    except SvgGenError:
        text = serialise(_BROKEN)
    return "data:image/svg+xml," + quote(text.replace("<svg ", f'<svg color="{GROUNDS[ground]}" ', 1), safe="/:=,")


def png_uri(data: bytes, media: str = "image/png") -> str:
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


@dataclass(frozen=True)
class Compared:
    """picture: data URI; what only the first has is orange, what only the second has blue, the rest grey. changed:
    share of the ink of both that is not the same, 0..1. notes: how the measured styles differ, one line each."""

    picture: str
    changed: float
    notes: tuple[str, ...]


def compare(a: str, b: str) -> Compared:
    """Two SVG texts. SvgGenError where one cannot be read or rendered."""
    import numpy as np
    from PIL import Image

    from svggen.render import inks
    from svggen.style import differences, measure_many

    icons = [parse(a), parse(b)]
    first, second = inks(icons, SIDE)
    both = np.minimum(first, second)
    union = np.maximum(first, second)
    total = float(union.sum())
    pixels = np.zeros((SIDE, SIDE, 4), np.float32)
    for share, colour in ((both, BOTH), (first - both, ONLY_A), (second - both, ONLY_B)):
        pixels[..., :3] += share[..., None] * np.array(colour, np.float32)
    pixels[..., :3] /= np.maximum(union, 1e-6)[..., None]
    pixels[..., 3] = union * 255
    out = io.BytesIO()
    Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8), "RGBA").save(out, "PNG", optimize=True)
    styles = measure_many(icons)
    notes = tuple(f"{d.field.replace('_', ' ')}: {_plain(d.a)} → {_plain(d.b)}" for d in differences(*styles))
    return Compared(png_uri(out.getvalue()), 1.0 - float(both.sum()) / total if total else 0.0, notes)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)
