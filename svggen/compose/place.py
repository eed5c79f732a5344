"""One thing in or on another: container, mark inside, badge in a corner, slash. See the package for the contract."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from svggen.compose import containers
from svggen.compose.booleans import (
    Polygon,
    area_of_path,
    area_size,
    difference,
    fill_shape,
    grow,
    hull,
    icon_area,
    intersection,
    polygon_size,
    polygons,
    shape_area,
    solid,
)
from svggen.compose.cutting import Zone, cut, hull_zone, place_icon
from svggen.compose.marks import Pen, mark_icon, pen_for
from svggen.errors import GeometryError
from svggen.geometry import Affine, flatten, ink_bounds, subpaths, to_path
from svggen.icon import Icon, Line, Look, Path, Shape
from svggen.style import StyleSpec

CANVAS = (0.0, 0.0, 24.0, 24.0)
CLEAR = 1.5  # px: the gap that a badge must keep (Octicons: 1.5 px around modifiers)
SMALLEST_INSIDE = 6.0  # px: a mark smaller than that is not read at 16 px


@dataclass(frozen=True, slots=True)
class Composed:
    """The icon and what was done, in order, in plain words."""

    icon: Icon
    steps: tuple[str, ...]


def padding_of(icon: Icon, style: StyleSpec) -> float:
    """The style's padding, else the icon's own, within 1..3 px."""
    if style.padding is not None:
        return min(max(style.padding, 0.0), 4.0)
    box = ink_bounds(icon)
    own = min(box[0], box[1], 24 - box[2], 24 - box[3]) if box else 2.0
    return min(max(own, 1.0), 3.0)


def strong(icon: Icon) -> Icon:
    """Without the light tone of a duotone: what reads as ink."""
    kept = tuple(s for s in icon.shapes if _opacity(s.look) >= 0.6)
    return replace(icon, shapes=kept) if kept else icon


def _opacity(look: Look) -> float:
    fill = look.fill_opacity if look.fill != "none" else 0.0
    stroke = look.stroke_opacity if look.stroke != "none" else 0.0
    return look.opacity * max(fill, stroke)


def outline_points(icon: Icon) -> Polygon:
    """The vertices of the convex hull of the ink."""
    parts = polygons(icon_area(icon))
    return hull(np.concatenate(parts)) if parts else np.zeros((0, 2))


def about(k: float, source: tuple[float, float], target: tuple[float, float]) -> Affine:
    """Scale by k so that ``source`` comes to lie on ``target``."""
    return (k, 0.0, 0.0, k, target[0] - k * source[0], target[1] - k * source[1])


def bolder(icon: Icon, by: float) -> Icon:
    """Fills thickened by ``by`` px in all (half on each side); strokes untouched. For lines that are drawn as fills."""
    if by < 0.05:
        return icon
    shapes = []
    for s in icon.shapes:
        light = s.look.fill_opacity * s.look.opacity < 0.6
        if s.look.fill == "none" or s.look.stroke != "none" or light:
            shapes.append(s)
            continue
        try:
            grown = fill_shape(grow(area_of_path(to_path(s.geometry), s.look.fill_rule == "evenodd"), by / 2), s.look)
        except GeometryError:  # then it stays a little thinner
            grown = None
        shapes.append(grown or s)
    return replace(icon, shapes=tuple(shapes))


def shrink(icon: Icon, k: float, source: tuple[float, float], target: tuple[float, float], pen: Pen) -> Icon:
    """The icon scaled with its line width kept, also where its lines are drawn as fills."""
    small = place_icon(icon, about(k, source, target))
    if pen.mode != "color" and k < 1:
        return bolder(small, min(pen.width * (1 - k), 0.35 if pen.mode == "filled" else 0.8))
    return small


def within_canvas(icon: Icon, pen: Pen, padding: float = 1.0) -> Composed:
    """The icon shrunk and moved as far as it must to keep ``padding`` px from every edge."""
    box = ink_bounds(icon)
    if box is None or (min(box[0], box[1]) >= padding - 0.01 and max(box[2], box[3]) <= 24 - padding + 0.01):
        return Composed(icon, ())
    stroked = 0.0 if all(s.look.stroke == "none" for s in icon.shapes) else pen.width
    span = max(box[2] - box[0], box[3] - box[1])
    k = min(1.0, (24 - 2 * padding - stroked) / max(span - stroked, 0.1))
    mid = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    half_w, half_h = ((box[2] - box[0] - stroked) * k + stroked) / 2, ((box[3] - box[1] - stroked) * k + stroked) / 2
    at = (
        min(max(mid[0], padding + half_w), 24 - padding - half_w),
        min(max(mid[1], padding + half_h), 24 - padding - half_h),
    )
    return Composed(shrink(icon, k, mid, at, pen), (f"moved it {padding:g} px away from the edge",))


def middle(icon: Icon) -> tuple[float, float]:
    box = ink_bounds(icon) or CANVAS
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def knock_out(shapes: tuple[Shape, ...], icon: Icon) -> tuple[Shape, ...]:
    """Fills with the ink of ``icon`` taken out of them."""
    ink = icon_area(icon)
    out = []
    for s in shapes:
        left = fill_shape(difference(shape_area(s), ink), s.look)
        if left:
            out.append(left)
    return tuple(out)


def _largest(
    points: Polygon,
    centre: tuple[float, float],
    region: Zone,
    at: tuple[float, float],
    pen: float,
    gap: float,
    limit: float,
) -> float:
    """The largest k <= limit at which the hull, scaled about ``centre`` and put ``at``, keeps ``gap`` to the region's
    edge.

    ``pen``: line width, which does not scale: the hull of the ink shrinks by half a pen before scaling."""
    lo, hi = 0.05, limit
    away = points - np.asarray(centre)
    length = np.maximum(np.sqrt((away**2).sum(1)), 1e-9)
    bones = away * np.maximum(1 - pen / 2 / length, 0.0)[:, None]
    for _ in range(12):
        k = (lo + hi) / 2
        if region.distance(bones * k + np.asarray(at)).max() <= -(gap + pen / 2):
            lo = k
        else:
            hi = k
    return lo


def container(icon: Icon, kind: str, style: StyleSpec | None = None) -> Composed:
    """The icon inside an outline (``kind``: one of containers.KINDS), solid with the glyph cut out of it in filled
    styles, a
    light area behind it in duotone."""
    style = style or StyleSpec()
    pen = pen_for(icon, style)
    padding = min(padding_of(icon, style), 2.0) if style.padding is None else padding_of(icon, style)
    frame = Shape(containers.outline(kind, pen, padding), pen.line)
    edge = Zone(tuple(polygons(solid(shape_area(replace(frame, look=pen.solid))))))
    at = containers.centre(kind)
    stroked = 0.0 if all(s.look.stroke == "none" for s in icon.shapes) else pen.width
    from_edge = pen.width / 2 + max(0.9 * pen.width, 1.4) if pen.mode in {"outline", "duotone"} else 2.2
    points, mid = outline_points(icon), middle(icon)
    k = _largest(points, mid, edge, at, stroked, from_edge, 0.8)
    small = shrink(icon, k, mid, at, pen)
    words = f"put it in a {kind.replace('-', ' ')}, glyph at {k:.0%} with the line width kept"
    if pen.mode in {"filled", "color"}:
        plate = Shape(frame.geometry, replace(pen.solid, stroke=pen.paint, stroke_width=pen.width, join="round"))
        if pen.mode == "filled":
            return Composed(Icon(CANVAS, knock_out((plate,), small)), (words + ", cut out of the solid shape",))
        plate = replace(plate, look=replace(plate.look, fill_opacity=pen.light, stroke="none"))
        return Composed(Icon(CANVAS, (plate, *small.shapes)), (words + ", over a light shape",))
    if pen.mode == "duotone":
        light = Shape(frame.geometry, replace(pen.solid, fill_opacity=pen.light))
        return Composed(Icon(CANVAS, (light, frame, *small.shapes)), (words + ", over a light shape",))
    return Composed(Icon(CANVAS, (frame, *small.shapes)), (words,))


@dataclass(frozen=True, slots=True)
class Room:
    """An empty place in an icon: its middle, and the radius of the largest circle in it, px."""

    x: float
    y: float
    radius: float
    region: Zone


def room(icon: Icon, pen: Pen | None = None) -> Room | None:
    """The largest empty place within the ink (filled icons: within the solid area), or None where there is none."""
    pen = pen or pen_for(icon, StyleSpec())
    ink = icon_area(strong(icon))
    filled = pen.mode in {"filled", "color"}
    region = Zone(tuple(polygons(ink if filled else difference(solid(ink), ink))))
    if not region.outlines:
        return None
    every = np.concatenate(region.outlines)
    (x0, y0), (x1, y1) = every.min(0).tolist(), every.max(0).tolist()
    if min(x1 - x0, y1 - y0) < 3:
        return None
    xs, ys = np.meshgrid(np.arange(x0 + 0.5, x1, 0.5), np.arange(y0 + 0.5, y1, 0.5))
    grid = np.stack([xs.ravel(), ys.ravel()], axis=1)
    depth = -region.distance(grid)
    best = float(depth.max())
    if best <= 0:
        return None
    level = grid[depth >= best - 0.3]  # a plateau (a wide body) is entered in its middle
    near = level[np.argmin(((level - level.mean(0)) ** 2).sum(1))]
    return Room(float(near[0]), float(near[1]), best, region)


def emptied(icon: Icon, pen: Pen | None = None) -> Icon:
    """An outline without what lies in its largest empty place (the days of a calendar, the lines of a text): room for
    a mark.

    The icon itself where nothing lies there, or where what lies there touches the rest."""
    pen = pen or pen_for(icon, StyleSpec())
    if pen.mode in {"filled", "color"}:
        return icon
    ink = icon_area(strong(icon))
    holes = polygons(difference(solid(ink), ink))
    if not holes:
        return icon
    frame = Zone((max(holes, key=polygon_size),))
    shapes: list[Shape] = []
    dropped = 0
    for shape in icon.shapes:
        kept = []
        for sub in subpaths(to_path(shape.geometry)):
            points = np.concatenate([p for p, _ in flatten(sub, 0.05)] or [np.zeros((1, 2))])
            if float(frame.distance(points).max()) < -0.4:
                dropped += 1
            else:
                kept.append(sub)
        if len(kept) == len(subpaths(to_path(shape.geometry))):
            shapes.append(shape)
        elif kept:
            shapes.append(replace(shape, geometry=Path(tuple(s for k in kept for s in k.segments))))
    return replace(icon, shapes=tuple(shapes)) if dropped and shapes else icon


def inside(
    base: Icon, mark: Icon | str, style: StyleSpec | None = None, smallest: float = SMALLEST_INSIDE
) -> Composed | None:
    """The mark in the base's largest empty place; None where that is too small for it to be read."""
    style = style or StyleSpec()
    pen = pen_for(base, style)
    found = room(base, pen)
    steps: tuple[str, ...] = ()
    bare = emptied(base, pen)
    if bare is not base:
        base, steps = bare, ("left out its inner details",)
        found = room(base, pen)
    if found is None or found.radius < 2.2:
        return None
    glyph, name = _mark(mark, pen, 9.0)
    points, mid = outline_points(glyph), middle(glyph)
    gap = max(0.75 * pen.width, 1.2) if pen.mode in {"outline", "duotone"} else 1.6
    stroked = 0.0 if all(s.look.stroke == "none" for s in glyph.shapes) else pen.width
    box = ink_bounds(glyph) or CANVAS
    across = max(box[2] - box[0], box[3] - box[1])
    limit = 1.1 if isinstance(mark, str) else min(10.0 / across, 1.0)
    k = _largest(points, mid, found.region, (found.x, found.y), stroked, gap, limit)
    seen = (across - stroked) * k + stroked
    if seen < smallest:
        return None
    small = shrink(glyph, k, mid, (found.x, found.y), pen)
    step = f"put {name} inside, {seen:.1f} px across"
    if pen.mode == "filled":
        return Composed(
            replace(base, shapes=knock_out(base.shapes, small)), (*steps, step + ", cut out of the solid shape")
        )
    return Composed(replace(base, shapes=(*base.shapes, *small.shapes)), (*steps, step))


def _mark(mark: Icon | str, pen: Pen, size: float) -> tuple[Icon, str]:
    """(the mark as shapes, its name). Raises KeyError for a kind that is not drawn here."""
    if isinstance(mark, Icon):
        return mark, "the second sign"
    drawn = mark_icon(mark, pen, size)
    if drawn is None:
        raise KeyError(mark)
    return drawn, f"a {mark.replace('-', ' ')}"


_CORNERS = {"top-left": (-1, -1), "top-right": (1, -1), "bottom-left": (-1, 1), "bottom-right": (1, 1)}


def badge(base: Icon, mark: Icon | str, corner: str = "bottom-right", style: StyleSpec | None = None) -> Composed:
    """The mark in a corner of the base, with a clear gap of at least 1.5 px cut around it; the base shrinks a little
    towards
    the other corner where the mark would take too much of it."""
    style = style or StyleSpec()
    pen = pen_for(base, style)
    size = (6.4 if mark == "dot" else 9.6 if pen.width >= 1.75 else 9.0) + (0.0 if pen.mode != "filled" else 0.4)
    glyph, name = _mark(mark, pen, size)
    box = ink_bounds(glyph) or CANVAS
    mid = middle(glyph)
    k = 1.0
    if isinstance(mark, Icon):
        stroked = 0.0 if all(s.look.stroke == "none" for s in glyph.shapes) else pen.width
        k = (size + 1.0 - stroked) / max(box[2] - box[0] - stroked, box[3] - box[1] - stroked, 1.0)
    sx, sy = _CORNERS[corner]
    pad = min(padding_of(base, style), 2.0)
    half_w, half_h = (box[2] - box[0]) * k / 2, (box[3] - box[1]) * k / 2
    edge_x, edge_y = 12.0 - pad - half_w, 12.0 - pad - half_h
    if mark == "dot":
        edge_x, edge_y = edge_x - 0.6, edge_y - 0.6
    at = (12.0 + sx * edge_x, 12.0 + sy * edge_y)
    placed = shrink(glyph, k, mid, at, pen)
    zone = hull_zone(placed)
    gap = max(CLEAR, 0.75 * pen.width)
    body = base
    steps = []
    taken = _taken(body, zone, gap)
    if taken > 0.24 and mark != "dot":
        ink = ink_bounds(base) or CANVAS
        half = 0.0 if all(s.look.stroke == "none" for s in base.shapes) else pen.width / 2
        pin = (ink[0] + half if sx > 0 else ink[2] - half, ink[1] + half if sy > 0 else ink[3] - half)
        scale = 0.88
        body = shrink(base, scale, pin, pin, pen)
        steps.append(f"shrank it to {scale:.0%} to make room")
    body = cut(body, zone, gap)
    where = corner.replace("-", " ")
    steps.append(f"put {name} at the {where} and cut a clear gap of {gap:.1f} px around it")
    return Composed(replace(base, shapes=(*body.shapes, *placed.shapes)), tuple(steps))


def _taken(icon: Icon, zone: Zone, gap: float) -> float:
    """The share of the icon's ink (0..1) that a cut around the zone would remove."""
    ink = icon_area(icon)
    whole = area_size(ink)
    return area_size(intersection(ink, zone.area(gap))) / whole if whole > 1e-6 else 0.0


def slash(icon: Icon, style: StyleSpec | None = None) -> Composed:
    """Crossed out: a diagonal from corner to corner, with a clear gap cut along its upper side. It runs from the top
    left,
    or from the top right where the icon itself has its lines along the first diagonal."""
    style = style or StyleSpec()
    pen = pen_for(icon, style)
    pad = padding_of(icon, style)
    lo, hi = max(pad, 1.0) + pen.width / 2, 24 - max(pad, 1.0) - pen.width / 2
    if style.padding is None:
        lo, hi = min(lo, 3.0), max(hi, 21.0)
    gap = max(CLEAR, 0.8 * pen.width)
    falling, rising = _band(lo, hi, pen.width, gap, False), _band(lo, hi, pen.width, gap, True)
    up = _taken(icon, falling, 0.0) > 1.8 * _taken(icon, rising, 0.0) + 0.05
    body = cut(icon, rising if up else falling, 0.0)
    line = Line(lo, hi, hi, lo) if up else Line(lo, lo, hi, hi)
    return Composed(
        replace(icon, shapes=(*body.shapes, Shape(line, pen.line))),
        (f"crossed it out with a line of {pen.width:g} px and a clear gap of {gap:.1f} px along it",),
    )


def _band(lo: float, hi: float, width: float, gap: float, rising: bool) -> Zone:
    """The region of a diagonal line and of the gap on its upper side, as a zone. Strokes end at its edges: below they
    run
    into the line (the zone ends inside it), above they keep the gap."""
    d = 1 / math.sqrt(2)
    inner, outer = -width * 0.25, width / 2 + gap
    ends = np.array([(lo - 1.0, lo - 1.0), (hi + 1.0, hi + 1.0)])
    normal = np.array([d, -d])  # towards the upper right
    quad = np.array(
        [ends[0] + normal * inner, ends[0] + normal * outer, ends[1] + normal * outer, ends[1] + normal * inner]
    )
    if rising:
        quad[:, 0] = 24.0 - quad[:, 0]
    return Zone((quad,))
