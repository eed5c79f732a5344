"""The colours that are seen of an icon: palette by area, hues, tones, gradients.

Contract. An icon with one flat colour is read without a picture. Otherwise the visible area of each declared colour is
counted in a picture of ``SIZE`` px: each well covered pixel goes to the nearest declared colour, so that what is hidden
under other shapes does not count. Colours nearer than ``_SAME`` count as one. Chroma and lightness are those of Oklab
(B. Ottosson, 2020): lightness 0..1, chroma 0..about 0.32, hue in radians.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from svggen.icon import Icon, Paint, Shape

__all__ = ["SIZE", "STAND_IN", "Colours", "count", "declared", "oklab"]

SIZE: Final = 64
STAND_IN: Final = "#010203"
"""Drawn for currentColor, so that it can be told from black."""

_SAME: Final = 0.045  # Oklab distance; about three just noticeable differences
_GREY: Final = 0.035  # chroma below which a colour has no hue
_HUE_APART: Final = math.radians(28)


@dataclass(frozen=True, slots=True)
class Colours:
    """palette: by visible area, the largest first; shares: their areas, summing to 1. hues: number of hues that
    differ. gradient: share of the painted shapes with a gradient between different colours. Means over the area:
    lightness, chroma, hue_x, hue_y (chroma times cosine and sine of the hue); lightness_spread is a standard
    deviation. tone: for two tones of one colour, how strong the lighter is against the darker, seen on white
    (0..1); else None."""

    palette: tuple[str, ...]
    shares: tuple[float, ...]
    hues: int
    gradient: float
    lightness: float
    lightness_spread: float
    chroma: float
    hue_x: float
    hue_y: float
    tone: float | None


def declared(icon: Icon) -> tuple[list[str], float]:
    """Every colour that may be seen, in order of drawing, and the share of gradients among the paints."""
    found: dict[str, None] = {}
    paints = gradients = 0
    for shape in icon.shapes:
        for paint in _paints(shape):
            paints += 1
            if isinstance(paint, str):
                found.setdefault(paint)
                continue
            colours = [s.color for s in paint.stops]
            gradients += len(set(colours)) > 1
            for colour in colours:
                found.setdefault(colour)
    return list(found), gradients / paints if paints else 0.0


def _paints(shape: Shape) -> list[Paint]:
    look = shape.look
    paints: list[Paint] = []
    if look.opacity > 0:
        if look.fill != "none" and look.fill_opacity > 0:
            paints.append(look.fill)
        if look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0:
            paints.append(look.stroke)
    return paints


def count(colours: Sequence[str], gradient: float, pixels: npt.NDArray[np.uint8] | None) -> Colours:
    """``colours`` as declared; ``pixels`` (SIZE, SIZE, 4) on a transparent ground with STAND_IN for currentColor,
    or None where there is at most one colour."""
    if len(colours) <= 1 or pixels is None:
        palette: tuple[str, ...] = tuple(colours) or ("currentColor",)
        shares: tuple[float, ...] = (1.0,)
    else:
        palette, shares = _by_area(colours, pixels)
    labs = [oklab(c) for c in palette]
    light = sum(s * lab[0] for s, lab in zip(shares, labs, strict=True))
    spread = math.sqrt(sum(s * (lab[0] - light) ** 2 for s, lab in zip(shares, labs, strict=True)))
    a = sum(s * lab[1] for s, lab in zip(shares, labs, strict=True))
    b = sum(s * lab[2] for s, lab in zip(shares, labs, strict=True))
    chroma = sum(s * math.hypot(lab[1], lab[2]) for s, lab in zip(shares, labs, strict=True))
    return Colours(palette, shares, _hues(labs, shares), gradient, light, spread, chroma, a, b, _tone(labs))


def _by_area(colours: Sequence[str], pixels: npt.NDArray[np.uint8]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    seen = pixels.reshape(-1, 4)
    seen = seen[seen[:, 3] > 40]
    if not len(seen):
        return (colours[0],), (1.0,)
    rgb = np.array([_rgb(c) for c in colours], np.float32)
    apart = ((seen[:, None, :3].astype(np.float32) - rgb[None]) ** 2).sum(axis=2)
    areas = np.bincount(apart.argmin(axis=1), weights=seen[:, 3] / 255.0, minlength=len(colours))
    order = np.argsort(-areas, kind="stable")
    merged: list[tuple[str, float]] = []
    for i in order:
        lab = oklab(colours[i])
        for j, (other, share) in enumerate(merged):
            if math.dist(lab, oklab(other)) < _SAME and (other == "currentColor") == (colours[i] == "currentColor"):
                merged[j] = (other, share + float(areas[i]))
                break
        else:
            merged.append((colours[i], float(areas[i])))
    total = sum(share for _, share in merged)
    kept = [(c, s / total) for c, s in sorted(merged, key=lambda m: -m[1]) if s / total >= 0.02][:8] or merged[:1]
    total = sum(share for _, share in kept)
    return tuple(c for c, _ in kept), tuple(s / total for _, s in kept)


def _hues(labs: Sequence[tuple[float, float, float]], shares: Sequence[float]) -> int:
    """Hues at least 28 degrees apart that cover 3 % or more; all greys together are one, if with a colour."""
    hues: list[float] = []
    grey = False
    for (_, a, b), share in zip(labs, shares, strict=True):
        if share < 0.03:
            continue
        if math.hypot(a, b) < _GREY:
            grey = True
            continue
        hue = math.atan2(b, a)
        if all(abs(math.remainder(hue - h, 2 * math.pi)) > _HUE_APART for h in hues):
            hues.append(hue)
    return len(hues) + (1 if grey and hues else 0) or 1


def _tone(labs: Sequence[tuple[float, float, float]]) -> float | None:
    if len(labs) != 2:
        return None
    dark, light = sorted(lab[0] for lab in labs)
    return (1 - light) / (1 - dark) if dark < 0.97 else None


def _rgb(colour: str) -> tuple[int, int, int]:
    value = STAND_IN if colour == "currentColor" else colour
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


@lru_cache(maxsize=4096)
def oklab(colour: str) -> tuple[float, float, float]:
    """Lightness, a, b of a ``#rrggbb`` or of currentColor, which counts as black."""
    if colour == "currentColor":
        return 0.0, 0.0, 0.0
    r, g, b = (_linear(v / 255) for v in _rgb(colour))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(v: float) -> float:
    return float(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4)
