"""Colours: the tones of a drawing, painted from a palette.

Contract. Tone 0 takes the first colour of the palette. A second tone takes the second colour, if there is one, else
the first at ``secondary_opacity``. In colour drawings the colours in use are mapped by lightness. Without a
palette, colours stay; what has no colour of its own is drawn in the text colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from svggen.icon import LinearGradient, Look, Paint, RadialGradient, Shape
from svggen.restyle.job import Job, Part, has_fill, has_stroke
from svggen.style.colours import oklab
from svggen.style.words import colour_name

__all__ = ["DEFAULT_SECOND", "contrasting", "lightness", "map_colours", "paint_tones", "seen_colour", "tints"]

DEFAULT_SECOND: Final = 0.2
"""Opacity of a second tone where neither the wish nor the icon names one (as in Phosphor's duotone)."""


_WHITE: Final = 0.97  # Oklab lightness
_PALE: Final = 0.82  # hardly seen on white


def paint_tones(job: Job, palette: Sequence[str], second_opacity: float | None) -> None:
    """Paint every part by its tone."""
    painted: list[Part] = []
    for part in job.parts:
        if part.tone == 0:
            colour, opacity = palette[0], 1.0
        elif len(palette) > 1:
            colour = palette[1 + (part.tone - 1) % (len(palette) - 1)]
            opacity = 1.0 if second_opacity is None or palette[1] != palette[0] else second_opacity
        else:
            colour, opacity = palette[0], DEFAULT_SECOND if second_opacity is None else second_opacity
        painted.append(replace(part, shape=_painted(part.shape, colour, opacity)))
    _say(job, painted, palette)


def contrasting(palette: Sequence[str]) -> tuple[str, ...]:
    """For flat areas: the first colour that shows on white, then the others by how well they stand out from it,
    those that show on white before those that do not."""
    body = next((c for c in palette if oklab(c)[0] < _PALE), palette[0])
    first = oklab(body)
    others = [c for c in palette if c != body]
    return body, *sorted(others, key=lambda c: (oklab(c)[0] >= _PALE, -math.dist(first, oklab(c))))


def tints(palette: Sequence[str]) -> tuple[str, ...]:
    """For tones under lines: the palette without whites, as long as two colours are left."""
    kept = (palette[0], *(c for c in palette[1:] if oklab(c)[0] < _WHITE))
    return kept if len(kept) > 1 else tuple(palette)


def _painted(shape: Shape, colour: str, opacity: float) -> Shape:
    look = shape.look
    fill: Paint = colour if has_fill(shape) else "none"
    stroke: Paint = colour if has_stroke(shape) else "none"
    return replace(
        shape,
        look=replace(look, fill=fill, stroke=stroke, fill_opacity=1.0, stroke_opacity=1.0, opacity=opacity),
    )


def map_colours(job: Job, palette: Sequence[str]) -> None:
    """Colours in use to colours of the palette, dark to dark and light to light, so that what stands out still does.

    Lines, where the drawing has them, take the first colour. White stays white where the palette has none: it is paper.
    """
    table = _table(job, palette)

    def mapped(colour: str) -> str:
        if colour in table:
            return table[colour]
        lab = oklab(colour)
        return table[min(table, key=lambda c: math.dist(lab, oklab(c)))]

    def paint(value: Paint) -> Paint:
        if isinstance(value, str):
            return value if value == "none" else mapped(value)
        stops = tuple(replace(s, color=mapped(s.color)) for s in value.stops)
        if len({(s.color, s.opacity) for s in stops}) == 1:
            return stops[0].color
        return replace(value, stops=stops)

    painted = [
        replace(
            p,
            shape=replace(
                p.shape, look=replace(p.shape.look, fill=paint(p.shape.look.fill), stroke=paint(p.shape.look.stroke))
            ),
        )
        for p in job.parts
    ]
    _say(job, painted, palette)


def _table(job: Job, palette: Sequence[str]) -> dict[str, str]:
    used = list(job.look.colours.palette)
    table: dict[str, str] = {}
    if not any(oklab(c)[0] > _WHITE for c in palette):
        table.update({c: c for c in used[1:] if oklab(c)[0] > _WHITE})
    strokes = [p.shape.look.stroke for p in job.parts if has_stroke(p.shape)]
    free = list(palette)
    if 2 * len(strokes) >= len(job.parts):
        main = max(used, key=strokes.count)
        table[main] = palette[0]
        free = free[1:] or free
    rest = sorted((c for c in used if c not in table), key=lambda c: oklab(c)[0])
    scale = sorted(free, key=lambda c: oklab(c)[0])
    if len(rest) == 1:
        table[rest[0]] = free[0]
    for i, colour in enumerate(rest if len(rest) > 1 else []):
        table[colour] = scale[round(i * (len(scale) - 1) / (len(rest) - 1))]
    return table


def _say(job: Job, painted: list[Part], palette: Sequence[str]) -> None:
    def colours(parts: Sequence[Part]) -> set[object]:
        return {v for p in parts for v in (p.shape.look.fill, p.shape.look.stroke) if v != "none"}

    if colours(painted) != colours(job.parts):
        used = [c for c in palette if c in colours(painted)]
        job.steps.append(f"painted {' and '.join(colour_name(c) for c in used[:3]) or 'anew'}")
    job.parts = painted


def lightness(shape: Shape) -> float:
    """Oklab lightness (0 black .. 1 white) of a shape's main colour, seen on white."""
    return seen_colour(shape)[0]


def seen_colour(shape: Shape) -> tuple[float, float, float]:
    """A shape's main colour in Oklab, seen on white."""
    look: Look = shape.look
    paint = look.fill if has_fill(shape) else look.stroke
    share = look.opacity * (look.fill_opacity if has_fill(shape) else look.stroke_opacity)
    colour = _mean(paint) if isinstance(paint, (LinearGradient, RadialGradient)) else paint
    light, a, b = oklab(colour) if colour != "none" else (1.0, 0.0, 0.0)
    return 1 - (1 - light) * share, a * share, b * share


def _mean(gradient: LinearGradient | RadialGradient) -> str:
    stops = gradient.stops
    return stops[len(stops) // 2].color if stops else "currentColor"
