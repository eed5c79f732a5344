"""Repairs that need no model: each takes a Case and gives a better Icon, or None where it has none to offer.

Contract. A repair changes geometry by as little as its rule needs and keeps the viewBox unless the rule is about it. It
promises nothing about other rules: ``repair`` in ``fix.py`` lints its result again and keeps it only if nothing got
worse. Lengths are units of a 24 px canvas unless named "own".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from svggen.geometry import shape_bounds, subpaths, to_path, transform_icon, transform_shape
from svggen.icon import Icon, Look, Path, Point, Rect, Shape
from svggen.lint.case import Case, filled, open_ends, sharp_turns, stroked
from svggen.lint.drawing_rules import RADIUS, common, radius_limit, usual
from svggen.lint.picture_rules import gap_limit, margin_limit

__all__ = [
    "adapt_colour",
    "centre",
    "clamp_radius",
    "drop_needless",
    "fit_live_area",
    "open_gap",
    "recolour",
    "scale_to_keylines",
    "square",
    "unify_caps",
    "unify_widths",
]

MANY = 200
"""Repairs that compare every part with every other leave icons of more parts than this alone."""
SPECK = 0.5
"""A shape whose ink, stroke included, is smaller than this both ways is a speck, units."""


def _with_looks(case: Case, change: Callable[[Shape], Look]) -> Icon | None:
    shapes = tuple(replace(s, look=change(s)) for s in case.icon.shapes)
    return None if shapes == case.icon.shapes else replace(case.icon, shapes=shapes)


def drop_needless(case: Case) -> Icon | None:
    """Without shapes that leave no ink, exact duplicates of an opaque shape, and specks; never without all of them."""
    x0, y0, width, height = case.icon.viewbox
    inked = {id(s) for s in case.shapes}
    before: set[Shape] = set()
    kept: list[Shape] = []
    for shape in case.icon.shapes:
        box = shape_bounds(shape)
        if box is None or id(shape) not in inked:
            continue
        outside = box[2] <= x0 or box[3] <= y0 or box[0] >= x0 + width or box[1] >= y0 + height
        speck = max(box[2] - box[0], box[3] - box[1]) * case.unit < SPECK
        if outside or speck or (shape in before and _opaque(shape.look)):
            continue
        before.add(shape)
        kept.append(shape)
    return None if not kept or len(kept) == len(case.icon.shapes) else replace(case.icon, shapes=tuple(kept))


def _opaque(look: Look) -> bool:
    return look.opacity == look.fill_opacity == look.stroke_opacity == 1


def square(case: Case) -> Icon | None:
    """The canvas made square around the drawing; nothing is scaled."""
    x, y, width, height = case.icon.viewbox
    side = max(width, height)
    return replace(case.icon, viewbox=(x - (side - width) / 2, y - (side - height) / 2, side, side))


def unify_widths(case: Case) -> Icon | None:
    """All strokes as wide as the style asks, or as most of them are; outlines of filled areas keep theirs."""
    pen = [s for s in case.strokes if not filled(s)] or list(case.strokes)
    if not pen:
        return None
    wanted = case.style.stroke_width if case.mode in ("outline", "duotone") else None
    target = (wanted or common(s.look.stroke_width * case.unit for s in pen)) / case.unit
    outlines_too = all(filled(s) for s in pen)

    def look(shape: Shape) -> Look:
        mine = stroked(shape) and (outlines_too or not filled(shape))
        return replace(shape.look, stroke_width=target) if mine else shape.look

    return _with_looks(case, look)


def unify_caps(case: Case) -> Icon | None:
    """All line caps and joins as the style asks, or as most of them are."""
    if not case.strokes:
        return None
    cap = usual([s.look.cap for s in case.strokes if open_ends(s)], case.style.cap)
    join = usual([s.look.join for s in case.strokes if sharp_turns(s)], case.style.join)

    def look(shape: Shape) -> Look:
        # The words come from Look and StyleSpec, whose types allow no others.
        return replace(shape.look, cap=cap, join=join) if stroked(shape) else shape.look  # type: ignore[arg-type]

    return _with_looks(case, look)


def recolour(case: Case) -> Icon | None:
    """One plain colour for all, where the style asks for one; tones that are opacities stay."""
    palette = case.style.palette
    if not palette or len(palette) != 1 or case.style.mode == "color":
        return None
    return _paint(case, lambda _c: palette[0])


def adapt_colour(case: Case) -> Icon | None:
    """Greys, black and white become currentColor, which adapts to its ground; a hue was chosen, and stays."""
    if len(case.colors) != 1 or case.style.palette is not None:
        return None
    digits = case.colors[0][1:]
    channels = [int(digits[i : i + 2], 16) for i in (0, 2, 4)]
    return _paint(case, lambda _c: "currentColor") if max(channels) - min(channels) <= 24 else None


def _paint(case: Case, change: Callable[[str], str]) -> Icon | None:
    def look(shape: Shape) -> Look:
        old = shape.look
        fill = change(old.fill) if isinstance(old.fill, str) and old.fill != "none" else old.fill
        stroke = change(old.stroke) if isinstance(old.stroke, str) and old.stroke != "none" else old.stroke
        return replace(old, fill=fill, stroke=stroke)

    return _with_looks(case, look)


def fit_live_area(case: Case) -> Icon | None:
    """Moved into the safe zone, and shrunk around its middle where it is too large for it; strokes keep their width."""
    x0, y0, x1, y1 = case.seen.box
    limit = margin_limit(case)
    room = 24 - 2 * limit
    size = max(x1 - x0, y1 - y0)
    if size <= room + 0.05:
        dx, dy = _into(x0, x1, limit), _into(y0, y1, limit)
        return _moved(case, dx, dy)
    pen = max(case.widths, default=0.0)
    scale = (room - pen) / max(size - pen, 1e-6)
    if not 0.5 <= scale < 1:
        return None
    return _scaled(case, scale, ((x0 + x1) / 2, (y0 + y1) / 2), (12.0, 12.0))


def scale_to_keylines(case: Case) -> Icon | None:
    """Scaled around its middle so that the ink spans 20 px (or what the style's padding leaves); at most 2.5 times."""
    x0, y0, x1, y1 = case.seen.box
    pen, size = max(case.widths, default=0.0), max(x1 - x0, y1 - y0)
    wanted = 20.0 if case.style.padding is None else 24 - 2 * case.style.padding
    scale = (wanted - pen) / max(size - pen, 1e-6)
    if not 0.5 <= scale <= 2.5:
        return None
    return _scaled(case, scale, ((x0 + x1) / 2, (y0 + y1) / 2), (12.0, 12.0))


def _into(low: float, high: float, limit: float) -> float:
    """How far the span must move to lie in limit .. 24 - limit, in half px where that fits."""
    if low < limit:
        move = math.ceil((limit - low - 0.05) * 2) / 2
        return move if high + move <= 24 - limit + 0.05 else limit - low
    if high > 24 - limit:
        move = math.floor((24 - limit - high + 0.05) * 2) / 2
        return move if low + move >= limit - 0.05 else 24 - limit - high
    return 0.0


def _moved(case: Case, dx: float, dy: float) -> Icon | None:
    if abs(dx) + abs(dy) < 0.02:
        return None
    return transform_icon(case.icon, (1.0, 0.0, 0.0, 1.0, dx / case.unit, dy / case.unit))


def _scaled(case: Case, scale: float, middle: Point, to: Point) -> Icon:
    """Scaled about ``middle``, which goes to ``to`` (units); stroke widths stay as they were."""
    x, y, width, height = case.icon.viewbox
    left, top = x - (case.side - width) / 2, y - (case.side - height) / 2
    e = left * (1 - scale) + (to[0] - middle[0] * scale) / case.unit
    f = top * (1 - scale) + (to[1] - middle[1] * scale) / case.unit
    scaled = transform_icon(case.icon, (scale, 0.0, 0.0, scale, e, f))
    if len(scaled.shapes) != len(case.icon.shapes):
        return scaled
    shapes = tuple(
        replace(new, look=replace(new.look, stroke_width=old.look.stroke_width)) if stroked(old) else new
        for new, old in zip(scaled.shapes, case.icon.shapes, strict=True)
    )
    return replace(scaled, shapes=shapes)


def centre(case: Case) -> Icon | None:
    """Moved by half px towards the middle, as far as the safe zone lets it.

    What is brought to the middle lies halfway between the centre of gravity and the centre of the ink's box: the first
    alone would push one-sided drawings against an edge.
    """
    x, y = case.seen.centroid
    x0, y0, x1, y1 = case.seen.box
    limit = margin_limit(case)

    def step(weight: float, low: float, high: float) -> float:
        wanted = round(24 - weight - (low + high) / 2) / 2
        least = math.ceil((limit - low - 0.05) * 2) / 2
        return max(least, min(math.floor((24 - limit - high + 0.05) * 2) / 2, wanted))

    return _moved(case, step(x, x0, x1), step(y, y0, y1))


def clamp_radius(case: Case) -> Icon | None:
    """Rectangles' corners brought to the style's radius; corners inside paths are for restyle."""
    wanted, limit = case.style.corner_radius, radius_limit(case)

    def fix(shape: Shape) -> Shape:
        g = shape.geometry
        if not isinstance(g, Rect):
            return shape
        side, radius = min(g.width, g.height) * case.unit, max(g.rx, g.ry) * case.unit
        if radius >= side / 2 - 0.3:
            return shape
        low = wanted - RADIUS[0] if wanted is not None and side >= 8 else 0.0
        if low <= radius <= limit:
            return shape
        target = min(wanted if wanted is not None else limit, side / 2) / case.unit
        return replace(shape, geometry=replace(g, rx=target, ry=target))

    shapes = tuple(fix(s) for s in case.icon.shapes)
    return None if shapes == case.icon.shapes else replace(case.icon, shapes=shapes)


def open_gap(case: Case) -> Icon | None:
    """The smaller of two parts that are too close moves away by what is missing (at most 1 px), or shrinks a little.

    Only parts that are whole shapes or whole sub-paths can move. Directions are tried in order of how well they point
    away from the other part; the first that opens the gap wins.
    """
    found = case.seen.gap
    if found is None or len(pieces := _pieces(case.icon)) > MANY:
        return None
    width, a, b = found
    areas = case.seen.areas()
    small = a if areas[a - 1] <= areas[b - 1] else b
    mine = [i for i, (_s, piece) in enumerate(pieces) if _label_of(case, piece) == small]
    if not mine or len(mine) == len(pieces):
        return None
    missing = math.ceil((gap_limit(case) - width + 0.05) * 4) / 4
    boxes = [box for i in mine if (box := shape_bounds(pieces[i][1])) is not None]
    if not boxes or missing > 1.0:
        return None
    cx = (min(bx[0] for bx in boxes) + max(bx[2] for bx in boxes)) / 2
    cy = (min(bx[1] for bx in boxes) + max(bx[3] for bx in boxes)) / 2
    d = missing / case.unit
    moves = [(d, 0.0), (-d, 0.0), (0.0, d), (0.0, -d), (d, d), (d, -d), (-d, d), (-d, -d)]
    options = [(1.0, 0.0, 0.0, 1.0, x, y) for x, y in moves]
    options += [(s, 0.0, 0.0, s, cx * (1 - s), cy * (1 - s)) for s in (0.85, 0.7)]
    best: tuple[float, Icon] | None = None
    for affine in options:
        icon = _reassembled(case.icon, pieces, set(mine), affine)
        trial = Case(icon, case.style, case.set_stats, case.name)
        got = trial.seen.gap
        same_parts = trial.seen.parts[1] == case.seen.parts[1]
        if got is not None and same_parts and trial.seen.margin >= min(case.seen.margin, margin_limit(case)) - 0.05:
            if got[0] >= gap_limit(case):
                return icon
            if got[0] > width + 0.1 and (best is None or got[0] > best[0]):
                best = (got[0], icon)
    return best[1] if best else None


def _pieces(icon: Icon) -> list[tuple[int, Shape]]:
    """(index of its shape, piece): a stroked path by its sub-paths, everything else whole."""
    out: list[tuple[int, Shape]] = []
    for index, shape in enumerate(icon.shapes):
        if isinstance(shape.geometry, Path) and not filled(shape):
            out += [(index, replace(shape, geometry=part)) for part in subpaths(shape.geometry)]
        else:
            out.append((index, shape))
    return out


def _label_of(case: Case, piece: Shape) -> int:
    """The ink component under the first point of a piece; 0 where there is none."""
    path = to_path(piece.geometry)
    labels, _count = case.seen.parts
    x0, y0, width, height = case.icon.viewbox
    left, top = x0 - (case.side - width) / 2, y0 - (case.side - height) / 2
    for command, v in path.segments:
        if command == "Z":
            continue
        column, row = int((v[-2] - left) * case.unit * 4), int((v[-1] - top) * case.unit * 4)
        if 0 <= column < 96 and 0 <= row < 96 and labels[row, column]:
            return int(labels[row, column])
    return 0


def _reassembled(
    icon: Icon,
    pieces: list[tuple[int, Shape]],
    chosen: set[int],
    affine: tuple[float, float, float, float, float, float],
) -> Icon:
    """The icon with the chosen pieces transformed (their strokes keep their width)."""
    shapes: list[Shape] = []
    for index, shape in enumerate(icon.shapes):
        mine = [(n, piece) for n, (owner, piece) in enumerate(pieces) if owner == index]
        if not any(n in chosen for n, _piece in mine):
            shapes.append(shape)
            continue
        parts = [transform_shape(p, affine) if n in chosen else p for n, p in mine]
        if len(parts) == 1:
            shapes.append(replace(parts[0], look=shape.look))
            continue
        segments = tuple(s for p in parts if isinstance(p.geometry, Path) for s in p.geometry.segments)
        shapes.append(replace(shape, geometry=Path(segments)))
    return replace(icon, shapes=tuple(shapes))
