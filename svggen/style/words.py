"""A StyleSpec in words: one line that a person reads, for ``why``, findings and memory."""

from __future__ import annotations

import colorsys
from typing import Final

from svggen.style.spec import StyleSpec

__all__ = ["colour_name", "describe"]

_HUES: Final = (
    (14, "red"),
    (40, "orange"),
    (66, "yellow"),
    (90, "lime"),
    (158, "green"),
    (190, "teal"),
    (208, "sky blue"),
    (252, "blue"),
    (292, "purple"),
    (334, "pink"),
    (361, "red"),
)
"""Upper hue angle in degrees of each colour word."""

_CORNERS: Final = {"miter": "mitred corners", "round": "round corners", "bevel": "bevelled corners"}


def describe(spec: StyleSpec) -> str:
    """For instance ``1.5 px round outline, teal, 2 px corners``; ``any style`` for a spec without fields."""
    parts = [p for p in (_lines(spec), _colours(spec), _corners(spec)) if p]
    if spec.pixel_art:
        parts.insert(0, "pixel art")
    if spec.padding is not None:
        parts.append(f"{spec.padding:.2g} px padding")
    if spec.grid is not None and spec.grid != 24:
        parts.append(f"{spec.grid} px grid")
    return ", ".join(parts) or "any style"


def _lines(spec: StyleSpec) -> str:
    mode = {"outline": "outline", "filled": "filled", "duotone": "duotone", "color": "colour", None: ""}[spec.mode]
    if spec.mode == "filled" and spec.stroke_width is None:
        return "filled"
    words = []
    if spec.stroke_width is not None:
        words.append(f"{spec.stroke_width:.3g} px")
    if spec.cap is not None:
        words.append(spec.cap)
    if mode:
        words.append(mode)
    elif words:
        words.append("strokes")
    text = " ".join(words)
    if spec.mode == "duotone" and spec.secondary_opacity is not None:
        text += f" (second tone {round(spec.secondary_opacity * 100)} %)"
    return text


def _corners(spec: StyleSpec) -> str:
    radius = spec.corner_radius
    if radius is None:
        return _CORNERS[spec.join] if spec.join else ""
    if radius >= 0.15:
        return f"{radius:.2g} px corners"
    return "sharp corners" if spec.join != "round" else "corners round by the line only"


def _colours(spec: StyleSpec) -> str:
    palette = spec.palette
    if palette is None or palette == ("currentColor",):
        return ""
    names = list(dict.fromkeys(colour_name(c) for c in palette))
    if len(names) > 3:
        names = [*names[:3], f"{len(palette) - 3} more colours" if len(palette) > 4 else "one more colour"]
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]


def colour_name(colour: str) -> str:
    """A plain word for a colour; ``the text colour`` for currentColor."""
    if colour == "currentColor":
        return "the text colour"
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if lightness < 0.08:
        return "black"
    if lightness > 0.96:
        return "white"
    if saturation < 0.12 or max(red, green, blue) - min(red, green, blue) < 0.07:
        return "light grey" if lightness > 0.7 else "dark grey" if lightness < 0.32 else "grey"
    name = next(word for top, word in _HUES if hue * 360 < top)
    if name == "orange" and lightness < 0.35:
        return "brown"
    if name == "blue" and lightness < 0.25:
        return "navy"
    return f"dark {name}" if lightness < 0.2 else f"light {name}" if lightness > 0.82 else name
