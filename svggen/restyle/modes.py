"""Outline from filled, filled from outline, duotone and colour layers, colour flattened.

Contract. Works on areas (``ops.py``); the outer edge of the drawing stays where it is. What the geometry does not allow is
refused in words and left as it was: an open line has no inside to fill; a solid area thinner than two lines and a gap
cannot be hollowed and stays solid.
"""

from __future__ import annotations

from typing import Final

from svggen.restyle import ops
from svggen.restyle.job import Job, Part, has_fill, has_stroke, line, number, solid

__all__ = ["fill_in", "flatten_colours", "hollow", "layer", "merge_tones"]

_MAIN_HOLE: Final = 0.16  # a space this large, against the largest of its piece, is a part of the body
_LEAST_HOLE: Final = 1.0  # square units


def ink_of(parts: list[Part]) -> ops.Area:
    return ops.union(ops.area_of(p.shape) for p in parts)


def fill_in(job: Job) -> bool:
    """Filled from outline: closed outlines become solid, the lines inside them become gaps. False if nothing is closed."""
    width = job.width or 1.5
    ink = ink_of(job.tone(0))
    bodies: list[ops.Area] = []
    whole: list[ops.Area] = []
    opened = 0
    for piece in ops.islands(ink):
        spaces = ops.holes(piece)
        top = max((s for _, s in spaces), default=0.0)
        taken = [path for path, s in spaces if s >= max(_MAIN_HOLE * top, _LEAST_HOLE)]
        opened += not taken
        bodies.extend(taken)
        whole.append(ops.union([piece, *taken]))
    if not bodies:
        job.refused.append("filled from outline: no line is closed, so there is nothing to fill")
        return False
    filled = _outermost(whole)
    rim = ops.grow(filled, -1.02 * width, "round")
    inner = ops.intersection(ops.intersection(ink, rim), ops.union(bodies_filled(bodies, whole)))
    inner = _without_crumbs(inner, 0.15 * width * width)
    result = ops.difference(filled, inner)
    result = _without_crumbs(result, 0.3 * width * width)
    path = ops.to_path(result)
    if not path.segments:
        job.refused.append("filled from outline: nothing would be left")
        return False
    job.parts = [solid(path)]
    job.steps.append("filled: closed outlines are solid, lines inside them are gaps")
    if opened:
        job.refused.append(f"filled from outline: {opened} open line{'s' if opened > 1 else ''} stay{'' if opened > 1 else 's'} a line")
    return True


def bodies_filled(bodies: list[ops.Area], whole: list[ops.Area]) -> list[ops.Area]:
    """The filled pieces that have a body at all: lines inside these are gaps, free lines beside them stay lines."""
    return [w for w in whole if any(ops.size(ops.intersection(w, b)) > 0 for b in bodies)]


def _outermost(pieces: list[ops.Area]) -> ops.Area:
    return ops.union(pieces)


def _without_crumbs(area: ops.Area, least: float) -> ops.Area:
    """Without pieces smaller than ``least`` square units."""
    pieces = ops.islands(area)
    kept = [p for p in pieces if ops.size(p) >= least]
    return area if len(kept) == len(pieces) else ops.union(kept)


def hollow(job: Job, width: float) -> bool:
    """Outline from filled: every solid area becomes its rim, as wide as a line, inside its old edge; gaps that cut details
    out of a solid area become lines. False if nothing is thick enough."""
    ink = ink_of(job.parts)
    core = ops.grow(ink, -width, "round")
    core = _without_crumbs(ops.grow(ops.grow(core, -0.2), 0.2), 0.5 * width * width)
    if ops.size(core) < 0.3:
        job.refused.append("outline from filled: every part is thinner than two lines")
        return False
    gaps, spaces = _gaps(ink, width)
    body = ops.union([ink, *gaps]) if gaps else ink
    core = _without_crumbs(_opened(ops.grow(body, -width, "round"), 0.2), 0.5 * width * width)
    rim = ops.difference(body, core)
    lines = [_as_line(gap, width) for gap in gaps]
    path = ops.to_path(ops.union([rim, *lines]))
    job.parts = [solid(path)]
    job.width = width
    job.steps.append(f"outline: solid areas became {number(width)} px lines")
    del spaces
    return True


def _opened(area: ops.Area, by: float) -> ops.Area:
    return ops.grow(ops.grow(area, -by), by)


def _gaps(ink: ops.Area, width: float) -> tuple[list[ops.Area], int]:
    """Spaces inside solid areas that are lines themselves (at most 1.8 line widths wide): details cut out."""
    found = []
    spaces = ops.holes(ink)
    for path, sized in spaces:
        if sized >= 0.1 and ops.size(ops.grow(path, -0.9 * width)) < 0.02:
            found.append(path)
    return found, len(spaces)


def _as_line(gap: ops.Area, width: float) -> ops.Area:
    """A gap drawn as ink, brought near to the line width."""
    size = ops.size(gap)
    edge = gap_length(gap)
    seen = 2 * size / edge if edge > 0 else width
    by = (width - seen) / 2
    return ops.grow(gap, min(max(by, -0.4 * seen), 0.5 * width)) if abs(by) > 0.05 else gap


def gap_length(area: ops.Area) -> float:
    from svggen.geometry import path_length

    return path_length(ops.to_path(area))


def layer(job: Job, tones: int = 1) -> bool:
    """Put a lighter tone inside the closed outlines, under the lines. False if nothing is closed."""
    main = job.tone(0)
    ink = ink_of(main)
    width = job.width or 1.5
    spaces: list[tuple[ops.Area, float]] = []
    for piece in ops.islands(ink):
        own = ops.holes(piece)
        top = max((s for _, s in own), default=0.0)
        spaces.extend((path, s) for path, s in own if s >= max(_MAIN_HOLE * top, _LEAST_HOLE))
    outer = _not_nested(spaces)
    if not outer:
        job.refused.append("second tone: no line is closed, so there is nothing to tint")
        return False
    groups: list[list[ops.Area]] = [[] for _ in range(tones)]
    for i, (path, _) in enumerate(sorted(outer, key=lambda s: -s[1])):
        groups[min(i, tones - 1)].append(path)
    light: list[Part] = []
    for tone, paths in enumerate(groups, start=1):
        if not paths:
            continue
        under = ops.grow(ops.union(paths), 0.45 * width, "miter")
        inner = [path for path, _ in spaces if not any(path is o for o, _ in outer)]
        if inner:  # a ring inside a body keeps its empty middle
            under = ops.difference(under, ops.grow(ops.union(inner), 0.45 * width))
        path = ops.to_path(under)
        if path.segments:
            light.append(solid(path, tone))
    job.parts = [*light, *main]
    job.steps.append("second tone inside the closed outlines")
    return bool(light)


def _not_nested(spaces: list[tuple[ops.Area, float]]) -> list[tuple[ops.Area, float]]:
    return [
        (path, s)
        for path, s in spaces
        if not any(o > s and ops.size(ops.difference(path, other)) < 0.02 * s for other, o in spaces if other is not path)
    ]


def merge_tones(job: Job) -> None:
    """One tone from two: where the dark tone is a drawing of lines, the light one goes; else both become solid with a gap
    between them."""
    dark, light = job.tone(0), [p for p in job.parts if p.tone > 0]
    if not light:
        return
    if not dark:
        job.parts = [solid(ops.to_path(ink_of(light)))]
        return
    if job.look.spec.stroke_width is not None and job.look.ink.solid_share < 0.5:
        job.parts = dark
        job.steps.append("second tone left out: the lines carry the drawing")
        return
    over = ink_of(dark)
    under = _without_crumbs(ops.difference(ink_of(light), ops.grow(over, 1.0)), 0.5)
    job.parts = [solid(ops.to_path(ops.union([under, over])))]
    job.steps.append("two tones became one, with a gap of 1 px between them")


def flatten_colours(job: Job, want: str) -> None:
    """One or two tones from many colours.

    Line drawings with coloured areas keep their lines. Flat drawings: the visible areas, in order of drawing, are told
    apart by lightness; outlines and solids separate them by lines and gaps, duotone by tone.
    """
    strokes = [p for p in job.parts if has_stroke(p.shape)]
    if job.look.spec.stroke_width is not None and strokes and len(strokes) >= 0.5 * len(job.parts):
        alone = [p for p in job.parts if not has_stroke(p.shape) and has_fill(p.shape)]
        small = [p for p in alone if ops.size(ops.area_of(p.shape)) < 12.0]
        job.parts = [*(line(p.shape) for p in strokes), *(Part(p.shape, 0) for p in small)]
        job.steps.append("colours left out: the lines carry the drawing")
        return
    _from_regions(job, want)


def _from_regions(job: Job, want: str) -> None:
    from svggen.restyle.paint import lightness

    gap = 1.0
    seen: list[tuple[ops.Area, float]] = []
    covered = ops.empty()
    for part in reversed(job.parts):
        area = ops.area_of(part.shape)
        visible = ops.difference(area, covered)
        covered = ops.union([covered, area])
        if ops.size(visible) > 0.4:
            seen.append((visible, lightness(part.shape)))
    seen.reverse()
    seen = _joined(seen)
    if want == "duotone" and len(seen) > 1:
        middle = sorted(light for _, light in seen)
        limit = (middle[0] + middle[-1]) / 2
        dark = ops.union(a for a, light in seen if light <= limit)
        pale = ops.union(a for a, light in seen if light > limit)
        job.parts = [solid(ops.to_path(pale), 1), solid(ops.to_path(dark))]
        job.steps.append("colours became two tones, by lightness")
        return
    body = ops.empty()
    for area, _ in sorted(seen, key=lambda s: -ops.size(s[0])):
        kept = _without_crumbs(ops.difference(area, ops.grow(body, gap)), 0.6) if ops.size(body) > 0 else area
        body = ops.union([body, kept])
    job.parts = [solid(ops.to_path(body))]
    job.steps.append("colours became one: areas are parted by gaps of 1 px")


def _joined(seen: list[tuple[ops.Area, float]]) -> list[tuple[ops.Area, float]]:
    """Areas of nearly one lightness count as one."""
    groups: list[tuple[list[ops.Area], float]] = []
    for area, light in seen:
        for group in groups:
            if abs(group[1] - light) < 0.1:
                group[0].append(area)
                break
        else:
            groups.append(([area], light))
    return [(ops.union(areas), light) for areas, light in groups]
