"""Outline from filled, filled from outline, and second tones.

Contract. Works on areas (``ops.py``); the outer edge of the drawing stays where it is. What the geometry does not
allow is refused in words and left as it was: an open line has no inside to fill; a solid area thinner than two
lines cannot be hollowed and stays solid. """

from __future__ import annotations

from typing import Final

from svggen.restyle import ops
from svggen.restyle.job import Job, Part, solid

__all__ = ["fill_in", "hollow", "ink_of", "layer", "merge_tones"]

_WAIST: Final = 0.035  # of solidity: a body may lose this much by a space that belongs to it; a handle costs more
_SHARED: Final = (0.4, 0.14)  # or, with this share of its edge along the body's, this much
_LEAST_BODY: Final = 0.05  # of the largest space of its piece
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
        if waist <= _WAIST or (shared >= _SHARED[0] and waist <= _SHARED[1]):
            body.append(path)
            joined = together
    return body


def fill_in(job: Job) -> bool:
    """Filled from outline: closed outlines become solid, the lines inside them become gaps. False if nothing is
    closed."""
    width = job.width or 1.5
    ink = ink_of(job.tone(0))
    pieces = [(piece, _bodies(piece)) for piece in ops.islands(ink)]
    if not any(bodies for _, bodies in pieces):
        job.refused.append("filled from outline: no line is closed, so there is nothing to fill")
        return False
    whole = [ops.union([piece, *bodies]) for piece, bodies in pieces if bodies]
    filled = ops.union([ink, *whole])
    inside = ops.grow(ops.union(whole), -1.02 * width)
    gaps = ops.opened(ops.intersection(ink, inside), 0.22 * width)
    gaps = ops.without_crumbs(gaps, 0.25 * width * width)
    result = ops.without_crumbs(ops.opened(ops.difference(filled, gaps), 0.08 * width), 0.3 * width * width)
    path = ops.to_path(result)
    if not path.segments:
        job.refused.append("filled from outline: nothing would be left")
        return False
    job.parts = [solid(path)]
    job.steps.append("filled: closed outlines are solid, lines inside them are gaps")
    opened = sum(not bodies and not _inside(piece, whole) for piece, bodies in pieces)
    if opened:
        lines = "1 open line stays a line" if opened == 1 else f"{opened} open lines stay lines"
        job.refused.append(f"filled from outline: {lines}")
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
    details = [p for p in ops.islands(over) if _is_detail(p, whole)]
    masses = [p for p in ops.islands(over) if not any(p is d for d in details)]
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
