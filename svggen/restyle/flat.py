"""Flat colour drawings brought to one or two tones.

Contract. Line drawings with coloured areas keep their lines and lose the areas. Flat drawings are read as they are
seen: the visible part of each shape, in order of drawing, with its lightness. Two tones part them by lightness; one
tone parts them by gaps. What is lost (areas too small for a gap) is counted and reported."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from svggen.errors import GeometryError
from svggen.restyle import ops
from svggen.restyle.job import Job, Part, has_fill, has_stroke, line, solid
from svggen.restyle.modes import ink_of
from svggen.restyle.paint import lightness, seen_colour

__all__ = ["flatten_colours"]

_GAP: Final = 1.0
_ALIKE: Final = 0.1  # Oklab distance: seen as one area
_WHITE: Final = 0.9  # lightness of a glyph cut out of a coloured area
_SMALL: Final = 12.0  # square units; a filled area without a stroke, in a line drawing, is a dot up to this size
_LEAST: Final = 0.5

Lab = tuple[float, float, float]
Region = tuple[ops.Area, Lab]
"""An area as it is seen, with its colour in Oklab."""


def flatten_colours(job: Job, want: str, width: float) -> None:
    """Bring the job's parts to tone 0 (and 1 where ``want`` is duotone); ``width`` is that of new lines."""
    strokes = [p for p in job.parts if has_stroke(p.shape)]
    if job.look.spec.stroke_width is not None and strokes and 2 * len(strokes) >= len(job.parts):
        _keep_lines(job, strokes, want)
    elif want == "outline":
        _draw_edges(job, width)
    else:
        _from_regions(job, want)


def _keep_lines(job: Job, strokes: list[Part], want: str) -> None:
    alone = [p for p in job.parts if not has_stroke(p.shape) and has_fill(p.shape)]
    small = [p for p in alone if ops.size(ops.area_of(p.shape)) < _SMALL]
    drawn = [line(p.shape) for p in strokes]
    dots = [Part(p.shape) for p in small]
    tinted = [
        solid(ops.to_path(ops.simplify(ops.from_geometry(p.shape.geometry, p.shape.look.fill_rule))), 1)
        for p in strokes
        if has_fill(p.shape) and lightness_of_fill(p) < 0.97
    ]
    tinted += [solid(ops.to_path(ops.area_of(p.shape)), 1) for p in alone if p not in small]
    if want == "duotone" and tinted:
        job.parts = [*(p for p in tinted if p.shape.geometry.segments), *drawn, *dots]  # type: ignore[union-attr]
        job.steps.append("coloured areas became the second tone")
        return
    job.parts = [*drawn, *dots]
    job.steps.append("colours left out: the lines carry the drawing")


def lightness_of_fill(part: Part) -> float:
    return lightness(replace(part.shape, look=replace(part.shape.look, stroke="none")))


def _from_regions(job: Job, want: str) -> None:
    regions = _regions(job)
    if want == "duotone" and len(regions) > 1:
        lights = [lab[0] for _, lab in regions]
        limit = (min(lights) + max(lights)) / 2
        dark = ops.union(a for a, lab in regions if lab[0] <= limit)
        pale = ops.union(a for a, lab in regions if lab[0] > limit)
        job.parts = [solid(ops.to_path(pale), 1), solid(ops.to_path(dark))]
        job.steps.append("colours became two tones, by lightness")
        return
    whole = ink_of(job.parts)
    body, lost = _parted(regions)
    if ops.size(body) < 0.25 * ops.size(whole):
        body = whole
    job.parts = [solid(ops.to_path(body))]
    job.steps.append("colours became one: areas are parted by gaps of 1 px")
    if lost:
        job.refused.append(f"one colour: {lost} detail{'s' if lost > 1 else ''} too small for a gap left out")


def _draw_edges(job: Job, width: float) -> None:
    """Lines where areas meet: the rim of the whole inside its edge, and lines along the edges between areas of
    unlike lightness."""
    regions = _regions(job)
    whole = ops.simplify(ink_of(job.parts))
    drawn = [ops.ring(whole, width)]
    inside = ops.grow(whole, -0.6 * width)
    for area, (light, _, _) in regions[1:]:
        for piece in ops.islands(area):
            if ops.size(ops.grow(piece, -0.9 * width)) > 0.1:
                drawn.append(ops.intersection(ops.stroke(piece, width, "butt", "round"), whole))
            elif ops.size(piece) > _LEAST and (light < regions[0][1][0] + 0.25 or light > _WHITE):
                drawn.append(ops.intersection(piece, inside))
    ink = ops.without_crumbs(ops.opened(ops.union(drawn), 0.1 * width), 0.3 * width * width)
    path = ops.to_path(ink)
    if not path.segments:
        raise GeometryError("the areas are too small for lines")
    job.parts = [solid(path)]
    job.width = width
    job.steps.append("colours left out: lines where the areas meet")


def _regions(job: Job) -> list[Region]:
    """What is seen, one area for each colour, the largest first."""
    seen: list[Region] = []
    covered = ops.empty()
    for part in reversed(job.parts):
        area = ops.area_of(part.shape)
        visible = ops.difference(area, covered)
        covered = ops.union([covered, area])
        if ops.size(visible) > 0.2:
            seen.append((visible, seen_colour(part.shape)))
    groups: list[tuple[list[ops.Area], Lab]] = []
    for area, lab in seen:
        for group in groups:
            if math.dist(group[1], lab) < _ALIKE:
                group[0].append(area)
                break
        else:
            groups.append(([area], lab))
    merged = [(ops.union(areas), lab) for areas, lab in groups]
    return sorted(merged, key=lambda r: -ops.size(r[0]))


def _parted(regions: list[Region]) -> tuple[ops.Area, int]:
    """All areas in one tone, the smaller ones set off by a gap cut from the larger; those that would vanish become
    gaps themselves."""
    body = ops.empty()
    lost = 0
    for area, _ in regions:
        if ops.size(body) == 0:
            body = area
            continue
        for piece in ops.islands(area):
            if ops.size(piece) < _LEAST:
                lost += 1
                continue
            inner = ops.without_crumbs(ops.grow(piece, -_GAP), _LEAST)
            around = ops.size(ops.intersection(ops.grow(piece, 0.3), body)) > 0.02
            if ops.size(inner) > 0.2 * ops.size(piece):
                body = ops.union([body, inner if around else piece])
            elif not around:
                body = ops.union([body, piece])
    return body, lost
