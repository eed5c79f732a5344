"""One look at an icon: picture, geometry and colours joined to a StyleSpec and a style vector.

Contract. ``analyse`` renders once at ``raster.SIZE`` px (and once small where there are several colours) and keeps
the last ``KEPT`` results by icon id. Lengths are units of a 24 px canvas; the icon's viewBox is fitted and centred
first.

How each field comes about:
- stroke_width: of true strokes where they are most of the drawing and agree with the picture within 20 %; else the
  ridge of the distance transform (``raster.py``). None where nothing is a line.
- mode: color from two hues or a gradient; duotone from two tones (opacity, or two shades of one colour); filled where
  ``_FILLED`` of the ink is deeper than a line, or the lines are of no one width; else outline.
- cap, join, corner_radius: ``outline.py``; the radius is the median of the rounded corners, or 0 where most are sharp.
- padding: (24 - longer side of the ink) / 2. detail: 1 - exp(-L / 288), L the length of all edges of the ink in units.
- grid: the canvas size written in the viewBox, or for large canvases (above 64) the one of 16, 20, 24, 32 on whose
  half pixels most coordinates lie. pixel_art: edges along the axes only, with stair steps.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from svggen.icon import Icon, icon_id
from svggen.render import default_renderer, inks
from svggen.style import colours as palettes
from svggen.style import outline, raster
from svggen.style.colours import Colours
from svggen.style.outline import Outline
from svggen.style.raster import Ink
from svggen.style.spec import RANGES, Cap, Join, Mode, StyleSpec
from svggen.style.vector import Seen, to_vector

__all__ = ["KEPT", "Analysis", "analyse", "analyse_many"]

KEPT: Final = 512
_BATCH: Final = 64
_FILLED: Final = 0.42  # of the ink deeper than a line
_GRIDS: Final = (24, 16, 20, 32)

_kept: OrderedDict[str, Analysis] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Analysis:
    """spec and vector, and what they rest on: ``ink`` (pixels), ``outline`` (geometry), ``colours``, ``seen`` (the raw
    features of the vector). ``box`` is the ink's extent on the 24 px canvas, None for a blank icon."""

    spec: StyleSpec
    vector: npt.NDArray[np.float32]
    ink: Ink
    outline: Outline
    colours: Colours
    seen: Seen

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        return self.ink.box


def analyse(icon: Icon) -> Analysis:
    return analyse_many([icon])[0]


def analyse_many(icons: Sequence[Icon]) -> list[Analysis]:
    ids = [icon_id(icon) for icon in icons]
    with _lock:
        found = {i: _kept[i] for i in ids if i in _kept}
        for i in found:
            _kept.move_to_end(i)
    missing = [(i, icon) for i, icon in dict(zip(ids, icons, strict=True)).items() if i not in found]
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        fresh = dict(zip((i for i, _ in batch), _look([icon for _, icon in batch]), strict=True))
        found.update(fresh)
        with _lock:
            _kept.update(fresh)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return [found[i] for i in ids]


def _look(icons: Sequence[Icon]) -> list[Analysis]:
    pictures = inks(icons, raster.SIZE)
    declared = [palettes.declared(icon) for icon in icons]
    several = [i for i, (names, _) in enumerate(declared) if len(names) > 1]
    pixels: dict[int, npt.NDArray[np.uint8]] = {}
    if several:
        drawn = default_renderer().render_many(
            [icons[i] for i in several], palettes.SIZE, color=palettes.STAND_IN, background=None
        )
        pixels = dict(zip(several, drawn, strict=True))
    return [
        _join(icon, raster.look_at(picture), palettes.count(names, gradient, pixels.get(i)))
        for i, (icon, picture, (names, gradient)) in enumerate(zip(icons, pictures, declared, strict=True))
    ]


def _join(icon: Icon, ink: Ink, colours: Colours) -> Analysis:
    x, y, w, h = icon.viewbox
    scale = 24.0 / max(w, h)
    shift = ((24.0 - w * scale) / 2 - x * scale, (24.0 - h * scale) / 2 - y * scale)
    lines = ink.width if ink.solid_share < 0.75 else None
    drawn = outline.read(icon, scale, shift, ink.full, lines)
    width = _width(ink, drawn)
    mode = _mode(ink, colours, drawn)
    spec = StyleSpec() if ink.box is None else _spec(icon, ink, colours, drawn, width, mode)
    seen = _features(ink, colours, drawn, width, mode)
    return Analysis(spec, to_vector(seen), ink, drawn, colours, seen)


def _width(ink: Ink, drawn: Outline) -> float | None:
    stroke = _median(drawn.stroke)
    if stroke is None:
        return ink.width
    if ink.width is None:  # dots and short dashes: no ridge, yet drawn with a pen
        return stroke if drawn.fill_length == 0 else None
    near = abs(math.log(stroke / ink.width)) < math.log(1.2) if stroke > 0 else False
    length = sum(v for _, v in drawn.stroke)
    return (
        stroke
        if near or (length > 2 * drawn.fill_length and drawn.dashed == 0 and ink.solid_share < 0.3)
        else ink.width
    )


def _mode(ink: Ink, colours: Colours, drawn: Outline) -> Mode:
    if colours.hues > 1 or colours.gradient > 0.34 or len(colours.palette) > 2:
        return "color"
    if ink.second_share > 0.03 or (len(colours.palette) == 2 and min(colours.shares) > 0.04):
        return "duotone"
    only_strokes = bool(drawn.stroke) and drawn.fill_length == 0
    return "outline" if only_strokes or _as_lines(ink) > 0.5 else "filled"


def _as_lines(ink: Ink) -> float:
    """0 (areas) .. 1 (lines): thin against its own width, of one width (line sets: at least 0.6 of the ridge in 95
    % of the icons; filled sets: 0.5 in the middle), and no wider than the heaviest line sets."""
    if ink.width is None:
        return 0.0
    thin = 1 - min(max((ink.solid_share - _FILLED + 0.22) / 0.44, 0.0), 1.0)
    even = min(max((ink.line_share - 0.3) / 0.3, 0.0), 1.0)
    light = 1 - min(max((ink.width - 3.1) / 0.9, 0.0), 1.0)
    return min(thin, even, light)


def _spec(icon: Icon, ink: Ink, colours: Colours, drawn: Outline, width: float | None, mode: Mode) -> StyleSpec:
    x0, y0, x1, y1 = ink.box or (0.0, 0.0, 24.0, 24.0)
    opacity = None
    if mode == "duotone":
        opacity = ink.second_alpha if ink.second_share > 0.03 else colours.tone
    pixels = _pixel_art(drawn)
    radius = 0.0 if pixels else outline.corner_radius(drawn.corners)
    as_line = width is not None and (mode != "filled" or (ink.line_share > 0.5 and width < 3.4))
    return StyleSpec(
        stroke_width=_in("stroke_width", width) if as_line else None,
        cap=_cap(drawn) if as_line else None,
        join="miter" if pixels else _join_kind(drawn),
        corner_radius=_in("corner_radius", radius),
        mode=mode,
        palette=colours.palette,
        secondary_opacity=_in("secondary_opacity", opacity),
        grid=_grid(icon, drawn),
        padding=_in("padding", (24.0 - max(x1 - x0, y1 - y0)) / 2),
        detail=_in("detail", _detail(ink, drawn)),
        pixel_art=pixels,
    )


def _in(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    low, high = RANGES[name]
    return round(min(max(value, low), high), 3)


def _cap(drawn: Outline) -> Cap | None:
    best: Cap = max(("round", "butt", "square"), key=lambda k: drawn.caps[k])
    return best if drawn.caps[best] > 0 else None


def _join_kind(drawn: Outline) -> Join | None:
    best: Join = max(("round", "miter", "bevel"), key=lambda k: drawn.joins[k])
    if drawn.joins[best] > 0:
        return best
    return "round" if drawn.caps["round"] > 0 else None


def _median(weighted: Sequence[tuple[float, float]]) -> float | None:
    total = sum(w for _, w in weighted)
    if total <= 0:
        return None
    reached = 0.0
    for value, weight in sorted(weighted):
        reached += weight
        if reached >= total / 2:
            return value
    return None


def _edges(ink: Ink, drawn: Outline) -> float:
    """Length of all edges of the ink: strokes have two."""
    return 2 * sum(v for _, v in drawn.stroke) + 2 * drawn.fill_length


def _detail(ink: Ink, drawn: Outline) -> float:
    return 1 - math.exp(-_edges(ink, drawn) / 288.0)


def _pixel_art(drawn: Outline) -> bool:
    return drawn.length > 0 and drawn.axis > 0.985 * drawn.length and drawn.steps >= 3


def _grid(icon: Icon, drawn: Outline) -> int | None:
    side = max(icon.viewbox[2], icon.viewbox[3])
    if 8 <= side <= 64:
        return round(side)
    if not drawn.vertices:
        return None
    at = np.asarray(drawn.vertices[:400]) / 24.0
    fits = {g: float((np.abs(at * g * 2 - np.rint(at * g * 2)) < 0.06).mean()) for g in _GRIDS}
    best = max(fits, key=lambda g: fits[g])
    return best if fits[best] > fits[24] + 0.4 else 24


def _features(ink: Ink, colours: Colours, drawn: Outline, width: float | None, mode: Mode) -> Seen:
    x0, y0, x1, y1 = ink.box or (0.0, 0.0, 0.0, 0.0)
    side, short = max(x1 - x0, y1 - y0), min(x1 - x0, y1 - y0)
    length = drawn.length or 1.0
    caps, joins = sum(drawn.caps.values()), sum(drawn.joins.values())
    turns = drawn.sharp + drawn.soft
    corner_weight = sum(w for _, w in drawn.corners)
    radius = outline.corner_radius(drawn.corners)
    outlined = _as_lines(ink) if ink.box else 0.0
    one_tone = 1.0 if mode in ("outline", "filled") else 0.0
    return Seen(
        line_width=math.log2(width / 1.75) if width else None,
        line_ink=1 - ink.solid_share if width else 0.0,
        line_share=ink.line_share,
        line_spread=min(ink.spread, 1.5),
        density=ink.area / (side * side) if side > 0 else 0.0,
        cap_round=(drawn.caps["round"] * 2 - caps) / caps if caps > 0.5 else None,
        join_round=(drawn.joins["round"] * 2 - joins) / joins if joins > 0.5 else None,
        sharp=drawn.sharp / turns if turns else None,
        radius=math.log2(1 + min(radius, 8.0)) if radius is not None else None,
        square_corners=sum(w for r, w in drawn.corners if r < 0.2) / corner_weight if corner_weight > 0 else None,
        outline=outlined * one_tone,
        filled=(1 - outlined) * one_tone,
        duotone=1.0 if mode == "duotone" else 0.0,
        color=1.0 if mode == "color" else 0.0,
        second_share=ink.second_share,
        second_contrast=(1 - ink.second_alpha) if ink.second_share > 0.03 else 0.0,
        colours=math.log2(sum(s > 0.03 for s in colours.shares) or 1),
        chroma=colours.chroma,
        hue_x=colours.hue_x,
        hue_y=colours.hue_y,
        lightness=colours.lightness,
        lightness_spread=colours.lightness_spread,
        gradient=colours.gradient,
        size=side / 24.0,
        aspect=short / side if side > 0 else 1.0,
        detail=_detail(ink, drawn),
        axis=drawn.axis / length,
        diagonal=drawn.diagonal / length,
        curved=drawn.curved / length,
        steps=math.tanh(drawn.steps / 6.0) * (1.0 if _pixel_art(drawn) else 0.3),
        parts=math.log2(1 + ink.parts),
        holes=math.log2(1 + ink.holes),
    )
