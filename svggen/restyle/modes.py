"""Outline from filled, filled from outline, and second tones.

Contract. Works on areas (``ops.py``); the outer edge of the drawing stays where it is. What the geometry does not
allow is refused in words and left as it was: an open line has no inside to fill; a solid area thinner than two
lines cannot be hollowed and stays solid."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from svggen.geometry import path_length, subpaths, to_path
from svggen.restyle import ops
from svggen.restyle.job import Job, Part, has_fill, has_stroke, solid

__all__ = ["even_lines", "fill_in", "flat_tones", "hollow", "ink_of", "layer", "merge_tones", "two_tone_lines"]

_WAIST: Final = 0.035  # of solidity: a body may lose this much by a space that belongs to it; a handle costs more
_HALVES: Final = ((0.3, 0.36, 0.16), (0.6, 0.25, 0.25))
"""A space of at least this size against the body, with at least this share of its edge along it, may cost this much."""
_LEAST_BODY: Final = 0.05  # of the largest space of its piece
_MAIN_LINE: Final = 0.6  # of the longest line: shorter ones are details
_DOT: Final = 1.35  # half width, in line widths, of the largest hole that is a dot and no space


def ink_of(parts: list[Part]) -> ops.Area:
    return ops.union(ops.area_of(p.shape) for p in parts)


def _bodies(piece: ops.Area) -> list[ops.Area]:
    """The enclosed spaces of a connected piece of line drawing that are its body.

    The largest space is; a further one is if both together are about as convex as the body alone: the two halves of a
    calendar are one body, the handle of a cup and the shackle of a lock are none of it.
    """
    spaces = sorted(ops.holes(piece), key=lambda s: -s[1])
    if not spaces:
        return []
    body, top = [spaces[0][0]], spaces[0][1]
    joined = spaces[0][0]
    for path, sized in spaces[1:]:
        if sized < _LEAST_BODY * top:
            continue
        together, shared = ops.bridged([*body, path])
        waist = ops.solidity(joined) - ops.solidity(together)
        half = any(sized >= a * top and shared >= b and waist <= c for a, b, c in _HALVES)
        if waist <= _WAIST or half:
            body.append(path)
            joined = together
    return body


def _solids(ink: ops.Area, width: float) -> tuple[ops.Area, ops.Area, int] | None:
    """A line drawing with its bodies filled, the lines inside them, the count of open lines; None if none is closed."""
    pieces = [(piece, _bodies(piece)) for piece in ops.islands(ink)]
    if not any(bodies for _, bodies in pieces):
        return None
    whole = [ops.union([piece, *bodies]) for piece, bodies in pieces if bodies]
    filled = ops.union([ink, *whole])
    inside = ops.grow(ops.union(whole), -1.02 * width)
    lines = ops.opened(ops.intersection(ink, inside), 0.22 * width)
    opened = sum(not bodies and not _inside(piece, whole) for piece, bodies in pieces)
    return filled, ops.without_crumbs(lines, 0.25 * width * width), opened


def fill_in(job: Job) -> bool:
    """Filled from outline: closed outlines become solid, the lines inside them become gaps. False if nothing is
    closed."""
    width = job.width or 1.5
    found = _solids(ink_of(job.tone(0)), width)
    if found is None:
        job.refused.append("filled from outline: no line is closed, so there is nothing to fill")
        return False
    filled, gaps, opened = found
    result = ops.without_crumbs(ops.opened(ops.difference(filled, gaps), 0.08 * width), 0.3 * width * width)
    path = ops.to_path(result)
    if not path.segments:
        job.refused.append("filled from outline: nothing would be left")
        return False
    job.parts = [solid(path)]
    job.steps.append("filled: closed outlines are solid, lines inside them are gaps")
    if opened:
        lines = "1 open line stays a line" if opened == 1 else f"{opened} open lines stay lines"
        job.refused.append(f"filled from outline: {lines}")
    return True


def flat_tones(job: Job, body: int = 0) -> bool:
    """Flat areas in two tones, without outlines: the body in tone ``body``, what is on it and beside it in the other
    (0 and 1). False if there is only one area to colour."""
    ink = ops.simplify(ink_of(job.parts))
    width = job.width or 1.5
    found = _solids(ink, width) if job.look.spec.mode == "outline" else None
    if found is not None:
        filled, details, _ = found
        rest = ops.islands(filled)
        areas = [rest[0], ops.union([details, *rest[1:]])]
    else:
        rest = ops.islands(ink)
        cut = ops.difference(ops.union(path for path, _ in ops.outlines(ink)), ink)
        gaps = [gap for gap in ops.islands(cut) if ops.size(gap) < 0.35 * ops.size(ink)]
        areas = [ops.union([rest[0], *gaps]), ops.union([*rest[1:], *gaps])]
    tones = (body, 1 - body)
    parts = [solid(path, tone) for tone, area in zip(tones, areas, strict=True) if (path := ops.to_path(area)).segments]
    if len(parts) < 2:
        job.refused.append("two tones: the drawing is one area")
        job.parts = [replace(p, tone=0) for p in parts] or job.parts
        return False
    job.parts = parts
    job.steps.append("flat areas: the body in one tone, what is on it and beside it in another")
    return True


def _inside(piece: ops.Area, whole: list[ops.Area]) -> bool:
    return any(ops.size(ops.difference(piece, w)) < 0.02 for w in whole if w is not piece)


def hollow(job: Job, width: float) -> bool:
    """Outline from filled: every solid area becomes its rim, as wide as a line, inside its old edge; narrow gaps
    that cut details out of a solid area become lines. False if nothing is thick enough."""
    ink = _even_lines(job, ops.simplify(ink_of(job.parts)), width)
    gaps, close = _spaces(ink, width)
    body = ops.union([ink, *gaps, *close])
    core = _core(body, width)
    if ops.size(core) < 0.3:
        job.refused.append("outline from filled: every part is thinner than two lines")
        return False
    rim = ops.difference(body, core)
    inner = [ops.ring(space, width) for space in close]
    core = ops.difference(core, ops.union(close)) if close else core
    path = ops.to_path(ops.union([rim, *inner, *(_as_line(gap, width) for gap in gaps)]))
    job.parts = [solid(path)]
    job.width = width
    job.steps.append(f"outline: solid areas became {_px(width)} lines")
    thin = sum(ops.size(ops.intersection(p, core)) < 0.05 for p in ops.islands(body))
    if thin:
        job.refused.append(
            f"outline from filled: {thin} part{'s' if thin > 1 else ''} thinner than two lines stayed solid"
        )
    return True


def even_lines(job: Job, width: float) -> None:
    """Bring the lines among solid areas to a width; the areas stay."""
    before = ops.simplify(ink_of(job.parts))
    after = _even_lines(job, before, width)
    if after is not before:
        job.parts = [solid(ops.to_path(after))]
        job.steps.append(f"lines among the areas -> {_px(width)}")


def _even_lines(job: Job, ink: ops.Area, width: float) -> ops.Area:
    """The ink with the lines among its solid areas brought to the wished width."""
    have = job.look.ink.width
    if have is None or job.look.ink.line_share < 0.25 or not 0.08 < abs(width - have) < 1.6 or have > 3.2:
        return ink
    thick = ops.opened(ink, 0.8 * have)
    if width < have:
        if job.look.ink.line_share < 0.55:
            return ink
        return ops.union([ops.grow(ink, (width - have) / 2), thick])
    thin = ops.without_crumbs(ops.difference(ink, ops.grow(thick, 0.05)), 1.5 * have * have)
    return ops.union([ink, ops.grow(thin, (width - have) / 2)])


def _px(width: float) -> str:
    return f"{width:.2f}".rstrip("0").rstrip(".") + " px"


def _core(body: ops.Area, width: float) -> ops.Area:
    """What is left white of a solid area inside its rim."""
    return ops.without_crumbs(ops.opened(ops.grow(body, -width), 0.22), 0.5 * width * width)


def _spaces(ink: ops.Area, width: float) -> tuple[list[ops.Area], list[ops.Area]]:
    """The spaces cut out of solid areas that need care: details (lines at most 1.8 line widths wide, and dots), and
    spaces so close to the outer edge that two rims would not fit between: these get their rim on their own side."""
    cut = ops.difference(ops.union(path for path, _ in ops.outlines(ink)), ink)
    thick = ops.opened(ink, 0.8 * width)
    core = _core(ink, width)
    details: list[ops.Area] = []
    close: list[ops.Area] = []
    for space in ops.islands(cut):
        sized = ops.size(space)
        if sized < 0.1:
            continue
        near = ops.difference(ops.grow(space, 2.2 * width), space)
        around = ops.size(ops.intersection(near, thick)) / max(ops.size(near), 1e-6)
        thin = ops.size(ops.grow(space, -0.9 * width)) < 0.02
        dot = len(ops.contours(space)) == 1 and ops.solidity(space) > 0.9
        if thin or (dot and ops.size(ops.grow(space, -_DOT * width)) < 0.02):
            if around > 0.75:
                details.append(space)
        elif around > 0.55 and ops.size(ops.intersection(near, core)) < 0.16 * ops.size(near):
            close.append(space)
    return details, close


def _as_line(gap: ops.Area, width: float) -> ops.Area:
    """A gap drawn as ink, brought near to the line width."""
    if ops.solidity(gap) > 0.9 and len(ops.contours(gap)) == 1:
        return gap
    edge = ops.length(gap)
    seen = 2 * ops.size(gap) / edge if edge > 0 else width
    by = (width - seen) / 2
    return ops.grow(gap, min(max(by, -0.4 * seen), 0.5 * width)) if abs(by) > 0.05 else gap


def layer(job: Job, tones: int = 1) -> bool:
    """Put lighter tones inside the closed outlines, under the lines: the largest space in the first. False if
    nothing is closed."""
    main = job.tone(0)
    width = job.width or 1.5
    pieces = ops.islands(ink_of(main))
    spaces = sorted(((path, ops.size(path)) for piece in pieces for path in _bodies(piece)), key=lambda s: -s[1])
    outer = [
        (p, s) for p, s in spaces if not any(o > s and ops.size(ops.difference(p, q)) < 0.02 * s for q, o in spaces)
    ]
    if not outer:
        job.refused.append("second tone: no line is closed, so there is nothing to tint")
        return False
    nested = [path for path, _ in spaces if not any(path is o for o, _ in outer)]
    groups: list[list[ops.Area]] = [[] for _ in range(tones)]
    for i, (path, _) in enumerate(outer):
        groups[min(i, tones - 1)].append(path)
    light: list[Part] = []
    for tone, paths in enumerate(groups, start=1):
        under = ops.grow(ops.union(paths), 0.45 * width, "miter")
        if nested:  # a ring inside a body keeps its empty middle
            under = ops.difference(under, ops.grow(ops.union(nested), 0.45 * width))
        path = ops.to_path(under)
        if path.segments:
            light.append(solid(path, tone))
    job.parts = [*light, *main]
    job.steps.append("second tone inside the closed outlines")
    return True


def merge_tones(job: Job) -> None:
    """One tone from two: where the dark tone is a drawing of lines, the light one goes; else both become solid with
    a gap between them."""
    dark, light = job.tone(0), [p for p in job.parts if p.tone > 0]
    if not light:
        return
    if not dark:
        job.parts = [solid(ops.to_path(ink_of(light)))]
        return
    if _under_lines(ink_of(light), ink_of(dark)):
        job.parts = dark
        job.steps.append("second tone left out: the lines carry the drawing")
        return
    over = ink_of(dark)
    job.width = None
    body = ink_of(light)
    whole = ops.union(path for path, _ in ops.outlines(ops.simplify(body)))
    pieces = [(piece, _is_detail(piece, whole)) for piece in ops.islands(over)]
    details = [piece for piece, detail in pieces if detail]
    masses = [piece for piece, detail in pieces if not detail]
    under = ops.difference(body, ops.union(details))
    if masses:
        under = ops.difference(under, ops.grow(ops.union(masses), 1.0))
    under = ops.without_crumbs(under, 0.5)
    job.parts = [solid(ops.to_path(ops.union([under, *masses])))]
    job.steps.append("two tones became one: thin dark details are gaps, dark areas stand off by 1 px")


def _is_detail(piece: ops.Area, body: ops.Area) -> bool:
    """A line or dot that lies within the light tone."""
    thin = ops.size(ops.grow(piece, -1.3)) < 0.05
    return thin and ops.size(ops.difference(piece, body)) < 0.1 * ops.size(piece)


def _under_lines(light: ops.Area, dark: ops.Area) -> bool:
    """Whether the light tone only fills what the dark lines enclose: its edge runs along them."""
    edge = ops.stroke(light, 0.5)
    return ops.size(ops.intersection(edge, ops.grow(dark, 0.2))) > 0.6 * ops.size(edge)


def two_tone_lines(job: Job) -> bool:
    """Two tones of lines: the longest line and what is nearly as long in the first, details in the second. False if the
    drawing is one line."""
    pieces: list[tuple[float, Part]] = []
    for part in job.tone(0):
        shape = part.shape
        if has_stroke(shape) and not has_fill(shape):
            for sub in subpaths(to_path(shape.geometry)):
                whole = len(subpaths(to_path(shape.geometry))) == 1
                own = shape if whole else replace(shape, geometry=sub)
                pieces.append((path_length(sub), Part(own)))
        else:
            area = ops.area_of(shape)
            pieces.extend((ops.length(island) / 2, solid(ops.to_path(island))) for island in ops.islands(area))
    longest = max((length for length, _ in pieces), default=0.0)
    job.parts = [replace(part, tone=0 if length >= _MAIN_LINE * longest else 1) for length, part in pieces]
    if not any(part.tone for part in job.parts):
        job.refused.append("second tone: the drawing is one line")
        return False
    job.steps.append("details in the second tone")
    return True
