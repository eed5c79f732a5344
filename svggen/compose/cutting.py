"""Cutting a clear gap: strokes are split on their centre-lines, fills are subtracted from; no masks, no clips.

Contract. ``cut(icon, zone, gap)`` gives the icon without any ink nearer than ``gap`` to the zone. Lines and curves are
split at the parameter where they enter the zone (found by bisection to 1e-4 of a segment); arcs stay arcs of the same
circle. Pieces shorter than their own width, and specks of fill, are dropped with it. Lengths are canvas units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from svggen.compose.booleans import (
    Area,
    Polygon,
    area_of_path,
    difference,
    exclusive,
    fill_shape,
    grow,
    hull,
    icon_area,
    intersection,
    polygon_area,
    polygon_size,
    polygons,
    solid,
    union,
    within,
)
from svggen.geometry import Affine, bounds, path_length, subpaths, to_path, transform_shape
from svggen.geometry.arcs import centre_form
from svggen.icon import Icon, Look, Path, Point, Segment, Shape

SAMPLES = 24  # of a segment, to find where it enters and leaves a zone; entries nearer than 1/24 of it count as one


@dataclass(frozen=True)
class Zone:
    """A region that must stay clear: the inside of the outlines, which do not cross; one within another is a hole.
    ``reach``: added all around."""

    outlines: tuple[Polygon, ...]
    reach: float = 0.0

    def distance(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Signed distance (n,) of points (n, 2) to the zone; negative inside."""
        best = np.full(len(points), np.inf)
        inside = np.zeros(len(points), dtype=bool)
        for outline in self.outlines:
            a, b = outline, np.roll(outline, -1, axis=0)
            ab = b - a
            ap = points[:, None, :] - a[None, :, :]
            t = np.clip((ap * ab).sum(-1) / np.maximum((ab * ab).sum(-1), 1e-12), 0.0, 1.0)
            best = np.minimum(best, np.sqrt(((ap - t[..., None] * ab) ** 2).sum(-1)).min(axis=1))
            inside ^= within(points, outline)  # an outline within another is its hole
        return np.where(inside, -best, best) - self.reach

    def area(self, grown: float) -> Area:
        whole = polygon_area(self.outlines[0])
        for outline in self.outlines[1:]:
            whole = exclusive(whole, polygon_area(outline))
        return grow(whole, self.reach + grown)


def hull_zone(icon: Icon) -> Zone:
    """The convex hull of an icon's ink."""
    points = [p for p in polygons(icon_area(icon)) if len(p)]
    return Zone((hull(np.concatenate(points)),)) if points else Zone(())


def silhouette_zone(icon: Icon) -> Zone:
    """The icon's ink with its holes filled."""
    return Zone(tuple(polygons(solid(icon_area(icon)))))


def cut(icon: Icon, zone: Zone, gap: float) -> Icon:
    """The icon without ink nearer than ``gap`` to the zone."""
    if not zone.outlines:
        return icon
    shapes: list[Shape] = []
    for shape in icon.shapes:
        shapes += cut_shape(shape, zone, gap)
    return replace(icon, shapes=tuple(shapes))


def cut_shape(shape: Shape, zone: Zone, gap: float) -> list[Shape]:
    look = shape.look
    out: list[Shape] = []
    if look.fill != "none":
        path = to_path(shape.geometry)
        area = area_of_path(path, look.fill_rule == "evenodd")
        away = gap + (look.stroke_width / 2 if look.stroke != "none" else 0.0)
        clear = zone.area(away)
        if not intersection(area, clear).isEmpty():
            left = _without_specks(difference(area, clear), replace(zone, reach=zone.reach + away))
            filled = fill_shape(left, replace(look, stroke="none"))
            out += [filled] if filled else []
        elif look.stroke == "none":
            return [shape]
        else:
            out.append(replace(shape, look=replace(look, stroke="none")))
    if look.stroke != "none" and look.stroke_width > 0:
        out += _cut_stroke(replace(shape, look=replace(look, fill="none")), zone, gap)
    if len(out) == 2 and out[0].geometry == out[1].geometry == shape.geometry:
        return [shape]  # untouched: fill and stroke stay together
    return out


SPECK = 4.0
"""Square px: what a cut leaves of a part is dropped below this; parts that were that small before stay."""


def _without_specks(area: Area, edge: Zone) -> Area:
    """Without the small remains that the cut along ``edge`` made."""
    specks = [
        grow(polygon_area(p), 0.05)
        for p in polygons(area)
        if polygon_size(p) < SPECK and float(np.abs(edge.distance(p)).min()) < 0.06
    ]
    return difference(area, union(specks)) if specks else area


def _cut_stroke(shape: Shape, zone: Zone, gap: float) -> list[Shape]:
    look = shape.look
    # The end of a cut line reaches half a width further where its cap is round or square.
    reach = gap + (look.stroke_width / 2 if look.cap != "butt" else look.stroke_width / 4)
    grown = replace(zone, reach=zone.reach + reach)
    kept: list[Path] = []
    touched = False
    for sub in subpaths(to_path(shape.geometry)):
        pieces = split(sub, grown)
        if pieces is None:
            kept.append(sub)
        else:
            touched = True
            kept += [p for p in pieces if path_length(p) >= max(0.8, 0.8 * look.stroke_width)]
    if not touched:
        return [shape]
    if not kept:
        return []
    return [replace(shape, geometry=Path(tuple(s for p in kept for s in p.segments)))]


def split(sub: Path, zone: Zone) -> list[Path] | None:
    """The parts of one sub-path that lie outside the zone; None where it lies outside as a whole."""
    segments, closed = _explicit(sub)
    runs: list[list[Segment]] = []
    run: list[Segment] | None = None
    starts_outside = touched = False
    for i, (at, segment) in enumerate(segments):
        for lo, hi, outside in _spans(at, segment, zone):
            touched = touched or not outside
            if not outside:
                run = None
                continue
            piece = part(at, segment, lo, hi)
            if run is None:
                run = [("M", point_at(at, segment, lo))]
                runs.append(run)
                starts_outside = starts_outside or (i == 0 and lo == 0.0)
            run.append(piece)
    if not touched:
        return None
    if closed and starts_outside and run is not None and len(runs) > 1:  # the seam of a closed path is no end
        first = runs.pop(0)
        run += first[1:]
    return [Path(tuple(r)) for r in runs]


def _explicit(sub: Path) -> tuple[list[tuple[Point, Segment]], bool]:
    """(start, segment) of every drawn segment; Z becomes the line it draws."""
    out: list[tuple[Point, Segment]] = []
    at = start = (0.0, 0.0)
    closed = False
    for op, v in sub.segments:
        if op == "M":
            at = start = (v[0], v[1])
            continue
        if op == "Z":
            closed = True
            if math.dist(at, start) > 1e-6:
                out.append((at, ("L", start)))
            at = start
            continue
        out.append((at, (op, v)))
        at = (v[-2], v[-1])
    return out, closed or (len(out) > 1 and math.dist(at, start) < 1e-6)


def points_at(at: Point, segment: Segment, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (n, 2) of a segment at the parameters t (0..1)."""
    op, v = segment
    u = 1 - t
    if op == "C":
        p = np.array([at, v[0:2], v[2:4], v[4:6]], dtype=np.float64)
        w = np.stack([u**3, 3 * u * u * t, 3 * u * t * t, t**3], axis=1)
        return np.asarray(w @ p, dtype=np.float64)
    if op == "A" and (arc := centre_form(at, v)) is not None:
        return np.array([arc.point(float(x)) for x in t], dtype=np.float64)
    return np.stack([u * at[0] + t * v[-2], u * at[1] + t * v[-1]], axis=1)


def point_at(at: Point, segment: Segment, t: float) -> Point:
    x, y = points_at(at, segment, np.array([t]))[0]
    return float(x), float(y)


def _spans(at: Point, segment: Segment, zone: Zone) -> list[tuple[float, float, bool]]:
    """(from, to, outside) pieces of 0..1."""
    t = np.linspace(0.0, 1.0, SAMPLES + 1)
    outside = zone.distance(points_at(at, segment, t)) >= 0
    cuts = [0.0]
    for i in np.flatnonzero(outside[1:] != outside[:-1]):
        lo, hi, out_lo = float(t[i]), float(t[i + 1]), bool(outside[i])
        for _ in range(14):
            mid = (lo + hi) / 2
            if bool(zone.distance(points_at(at, segment, np.array([mid])))[0] >= 0) == out_lo:
                lo = mid
            else:
                hi = mid
        cuts.append((lo + hi) / 2)
    cuts.append(1.0)
    flags = [bool(outside[0])]
    for _ in range(len(cuts) - 2):
        flags.append(not flags[-1])
    return [(a, b, f) for a, b, f in zip(cuts, cuts[1:], flags, strict=False) if b - a > 1e-6]


def part(at: Point, segment: Segment, lo: float, hi: float) -> Segment:
    """The piece of a segment between two parameters, of the same kind: exact, not approximated."""
    op, v = segment
    if lo <= 0.0 and hi >= 1.0:
        return segment
    end = point_at(at, segment, hi)
    if op == "C":
        p0, p1, p2, p3 = (np.array(q, dtype=np.float64) for q in (at, v[0:2], v[2:4], v[4:6]))

        def blossom(a: float, b: float, c: float) -> NDArray[np.float64]:
            x = [p + a * (q - p) for p, q in ((p0, p1), (p1, p2), (p2, p3))]
            y = [p + b * (q - p) for p, q in pairwise(x)]
            return np.asarray(y[0] + c * (y[1] - y[0]), dtype=np.float64)

        c1, c2 = blossom(lo, lo, hi), blossom(lo, hi, hi)
        return ("C", (float(c1[0]), float(c1[1]), float(c2[0]), float(c2[1]), *end))
    if op == "A" and (arc := centre_form(at, v)) is not None:
        large = 1.0 if abs(arc.sweep) * (hi - lo) > math.pi else 0.0
        return ("A", (v[0], v[1], v[2], large, v[4], *end))
    return ("L", end)


# Placing: geometry moves and scales, the pen stays.


def place_shape(shape: Shape, m: Affine, keep_stroke: bool = True) -> Shape:
    moved = transform_shape(shape, m)
    if keep_stroke and shape.look.stroke != "none":
        moved = replace(moved, look=replace(moved.look, stroke_width=shape.look.stroke_width, dash=shape.look.dash))
    return moved


def place_icon(icon: Icon, m: Affine, keep_stroke: bool = True) -> Icon:
    """The icon transformed on its canvas; line widths stay as they are where ``keep_stroke``."""
    return replace(icon, shapes=tuple(place_shape(s, m, keep_stroke) for s in icon.shapes))


def line_box(icon: Icon) -> tuple[float, float, float, float] | None:
    """Bounds of the geometry without stroke widths."""
    boxes = [b for b in (bounds(s.geometry) for s in icon.shapes) if b]
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def pen_of(icon: Icon) -> Look | None:
    """The look of the icon's widest used stroke, or None where it has none."""
    strokes = [s.look for s in icon.shapes if s.look.stroke != "none" and s.look.stroke_width > 0]
    return max(strokes, key=lambda k: sum(x.stroke_width == k.stroke_width for x in strokes)) if strokes else None
