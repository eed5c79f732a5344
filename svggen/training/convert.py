"""The text of an icon of a set -> a canonical Icon on a 24 px canvas, or the reason why not.

Contract. ``fitted(body, box)`` returns ``(icon, "")`` with the icon canonical and its coordinates on a grid of 1/100
unit, or ``(None, reason)``: the name of the parser's error, "clip or mask", "blank" or "beyond the canvas". Nothing is
rendered but a mask and what is to stand in for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas, ink_bounds, quantise
from svggen.icon import Icon, canonical, parse_iconify
from svggen.render import inks

__all__ = ["CANVAS", "GRID", "fitted", "without_mask"]

CANVAS: Final = 24.0
"""Side of the canvas in px: what two thirds of the sets are drawn on."""
GRID: Final = 0.01
"""Step of the coordinates in px of that canvas."""
SAME: Final = 0.03
"""Share of the ink by which a picture without its mask may differ."""


def fitted(body: str, box: tuple[float, float, float, float]) -> tuple[Icon | None, str]:
    """One icon on the canvas; ``box`` is left, top, width, height of its own."""
    left, top, width, height = box
    try:
        icon = fit_canvas(parse_iconify(body, width, height, left, top), CANVAS)
        icon = canonical(quantise(icon, GRID))
    except SvgGenError as error:
        return None, type(error).__name__
    if any(shape.clip is not None for shape in icon.shapes):
        layered = without_mask(icon)
        if layered is None:
            return None, "clip or mask"
        icon = canonical(layered)
    bounds = ink_bounds(icon)
    if bounds is None or bounds[2] - bounds[0] < 1 or bounds[3] - bounds[1] < 1:
        return None, "blank"
    if bounds[0] < -2 or bounds[1] < -2 or bounds[2] > 26 or bounds[3] > 26:
        return None, "beyond the canvas"
    return icon, ""


def without_mask(icon: Icon) -> Icon | None:
    """A sheet of colour seen through a mask of greys (how icon-park writes its two tones), as layers of that colour
    whose opacities are the greys; None where the mask cuts holes, is more than that, or the layers look otherwise."""
    if len(icon.shapes) != 1:
        return None
    sheet = icon.shapes[0]
    clip = sheet.clip
    if clip is None or clip.kind != "mask" or sheet.look.fill != "currentColor" or sheet.look.stroke != "none":
        return None
    layers = []
    for shape in clip.shapes:
        fill, stroke = _grey(shape.look.fill), _grey(shape.look.stroke)
        if shape.clip is not None or shape.look.opacity != 1 or fill is None or stroke is None:
            return None
        look = replace(
            shape.look,
            fill="none" if shape.look.fill == "none" else "currentColor",
            stroke="none" if shape.look.stroke == "none" else "currentColor",
            fill_opacity=round(fill * shape.look.fill_opacity, 2),
            stroke_opacity=round(stroke * shape.look.stroke_opacity, 2),
        )
        layers.append(replace(shape, look=look))
    layered = replace(icon, shapes=tuple(layers))
    before, after = inks([icon, layered], 48)
    return layered if abs(before - after).sum() <= SAME * before.sum() else None


def _grey(paint: object) -> float | None:
    """The luminance of a grey, 0..1 (1 for none); None for black, a colour or a gradient."""
    if paint == "none":
        return 1.0
    if not isinstance(paint, str) or not paint.startswith("#") or paint[1:3] != paint[3:5] or paint[3:5] != paint[5:7]:
        return None
    level = int(paint[1:3], 16)
    return level / 255 if level else None
