"""Line width, caps, joins and optical size of what is drawn with lines.

Contract. ``fit_lines`` brings true strokes and outlines that are drawn as fills to one seen line width and one
optical size. Both come from one factor: with B the longer side of the ink and w the line width, the geometry
(centre lines) is scaled by s = (B' - w') / (B - w); then strokes get w' and filled outlines are grown by (w' - w s)
/ 2 at every edge, so that all ink ends B' long. Parts that an inward move would erase keep their size, and that is
reported."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from svggen.geometry import bounds, path_length, subpaths, to_path, transform_shape
from svggen.icon import Circle, Ellipse, Look, Path, Point, Polygon, Rect, Segment, Shape
from svggen.restyle import ops
from svggen.restyle.job import CANVAS, Job, Part, has_fill, has_stroke, number
from svggen.style import StyleSpec

__all__ = ["fit_lines", "fit_size", "set_pen"]

_UNIFY: Final = 1.45  # widths within this ratio of the main one become one width
_LEAST_SCALE: Final = 0.4


def fit_lines(job: Job) -> None:
    """Set line width and padding of an icon that has lines."""
    width, box = job.width, job.box
    assert width is not None
    target = job.spec.stroke_width or width
    side = max(box[2] - box[0], box[3] - box[1])
    wanted = side if job.spec.padding is None else CANVAS - 2 * job.spec.padding
    wanted = min(max(wanted, target * 1.5), CANVAS)
    scale = (wanted - target) / (side - width) if side - width > 0.5 else 1.0
    scale = min(max(scale, _LEAST_SCALE), 2.5)
    if abs(scale - 1) < 0.004:
        scale = 1.0
    if scale == 1.0 and abs(target - width) < 0.01:
        return
    matrix = _placing(box, scale, target - width * scale)
    job.parts = [_fit_part(job, part, matrix, scale, width, target) for part in job.parts]
    if abs(target - width) >= 0.01:
        job.steps.append(f"stroke {number(width)} -> {number(target)}")
    if job.spec.padding is not None and abs(wanted - side) >= 0.05:
        job.steps.append(f"size {number(side)} -> {number(wanted)}")
    job.width = target


def fit_size(job: Job) -> None:
    """Set the padding of an icon without lines: a plain scaling."""
    box = job.box
    side = max(box[2] - box[0], box[3] - box[1])
    wanted = side if job.spec.padding is None else CANVAS - 2 * job.spec.padding
    scale = wanted / side
    if abs(scale - 1) < 0.004:
        return
    matrix = _placing(box, scale, 0.0)
    job.parts = [replace(p, shape=transform_shape(p.shape, matrix)) for p in job.parts]
    if job.width is not None:
        job.width *= scale
    job.steps.append(f"size {number(side)} -> {number(wanted)}")


def _placing(
    box: tuple[float, float, float, float], scale: float, growth: float
) -> tuple[float, float, float, float, float, float]:
    """Scale about the centre of the ink; the ink's place on the canvas is kept where it fits, else pushed inside."""

    def shift(low: float, high: float) -> float:
        half = ((high - low) * scale + growth) / 2
        centre = (low + high) / 2
        off = centre - CANVAS / 2
        margin = CANVAS / 2 - half
        before = CANVAS / 2 - (high - low) / 2
        off = off * margin / before if before > 0.01 and margin > 0 else 0.0  # keep the balance of the two margins
        return CANVAS / 2 + off - centre * scale

    return scale, 0.0, 0.0, scale, shift(box[0], box[2]), shift(box[1], box[3])


def _fit_part(
    job: Job,
    part: Part,
    matrix: tuple[float, float, float, float, float, float],
    scale: float,
    width: float,
    target: float,
) -> Part:
    shape = transform_shape(part.shape, matrix)
    if has_stroke(shape):
        ratio = shape.look.stroke_width / (width * scale)
        drawn = target if 1 / _UNIFY < ratio < _UNIFY else target * ratio
        dash = tuple(d * drawn / shape.look.stroke_width for d in shape.look.dash)
        return replace(part, shape=replace(shape, look=replace(shape.look, stroke_width=drawn, dash=dash)))
    if part.tone > 0 or not has_fill(shape):
        return replace(part, shape=shape)
    return replace(part, shape=_grow_fill(job, shape, (target - width * scale) / 2))


def _grow_fill(job: Job, shape: Shape, by: float) -> Shape:
    if abs(by) < 0.004:
        return shape
    area = ops.from_geometry(shape.geometry, shape.look.fill_rule)
    join = job.spec.join or job.look.spec.join or "round"
    pieces = len(ops.contours(ops.simplify(area)))
    moved = ops.grow(ops.simplify(area), by, "miter" if join == "bevel" else join)
    if by < 0:
        moved, lost = _keep_lost(ops.simplify(area), moved, by)
        if lost:
            job.refused.append(f"thinner lines: {lost} part{'s' if lost > 1 else ''} thinner than the change kept")
    elif len(ops.contours(moved)) < pieces:
        job.refused.append("thicker lines: a narrow gap closed")
    path = ops.to_path(moved)
    if not path.segments:
        return shape
    return replace(shape, geometry=path, look=replace(shape.look, fill_rule="evenodd"))


def _keep_lost(before: ops.Area, after: ops.Area, by: float) -> tuple[ops.Area, int]:
    """Parts of ``before`` of which nothing is left, put back at a size that can be seen."""
    lost = []
    for piece in ops.islands(before):
        if ops.size(ops.intersection(piece, after)) < 0.02:
            lost.append(piece)
    return (ops.union([after, *lost]) if lost else after), len(lost)


def set_pen(job: Job, spec: StyleSpec) -> None:
    """Caps and joins of true strokes. A dot (a stroke without length) that a butt cap would erase becomes a short
    line."""
    cap, join = spec.cap, spec.join
    done: set[str] = set()
    parts: list[Part] = []
    for part in job.parts:
        look = part.shape.look
        if not has_stroke(part.shape) or ((cap or look.cap) == look.cap and (join or look.join) == look.join):
            parts.append(part)
            continue
        if cap is not None and cap != look.cap:
            done.add(f"caps {look.cap} -> {cap}")
        if join is not None and join != look.join:
            done.add(f"joins {look.join} -> {join}")
        pen = replace(part.shape, look=replace(look, cap=cap or look.cap, join=join or look.join))
        parts.extend(replace(part, shape=s) for s in (_dots(pen) if look.cap == "round" and cap == "butt" else [pen]))
    job.parts = _meet_corners(parts) if cap == "square" else parts
    job.steps.extend(sorted(done))


def _meet_corners(parts: list[Part]) -> list[Part]:
    """Square ends that meet another line's corner are cut back by half a width: they would stick out beside its tip."""
    tips: list[Point] = []
    for part in parts:
        if has_stroke(part.shape):
            for sub in subpaths(to_path(part.shape.geometry)):
                tips.extend((v[-2], v[-1]) for c, v in sub.segments[1:-1] if c != "Z")
    return [replace(p, shape=_cut_back(p.shape, tips)) if has_stroke(p.shape) else p for p in parts]


def _cut_back(shape: Shape, tips: list[Point]) -> Shape:
    if isinstance(shape.geometry, (Circle, Ellipse, Rect, Polygon)):
        return shape
    reach = shape.look.stroke_width / 2
    segments: list[Segment] = []
    changed = False
    for sub in subpaths(to_path(shape.geometry)):
        points = list(sub.segments)
        if points[-1][0] != "Z" and math.dist(points[0][1][:2], points[-1][1][-2:]) > reach:
            last = _shorter(points[-2][1][-2:], points[-1], tips, reach)
            changed |= last != points[-1]
            points[-1] = last
            if points[1][0] == "L":
                first = _shorter(points[1][1], points[0], tips, reach)
                changed |= first != points[0]
                points[0] = first
        segments.extend(points)
    return replace(shape, geometry=Path(tuple(segments))) if changed else shape


def _shorter(before: tuple[float, ...], end: Segment, tips: list[Point], reach: float) -> Segment:
    """A line's end, nearer to ``before`` by ``reach`` where it lies on a tip."""
    x, y = end[1][-2:]
    length = math.dist(before, (x, y))
    if end[0] not in "ML" or length < 3 * reach or not any(math.dist((x, y), t) < 0.2 * reach for t in tips):
        return end
    k = reach / length
    return end[0], (x + (before[0] - x) * k, y + (before[1] - y) * k)


def _dots(shape: Shape) -> list[Shape]:
    """The shape with its dots, if any, as squares of the line's width of their own."""
    width = shape.look.stroke_width
    whole = to_path(shape.geometry)
    kept: list[Path] = []
    dots: list[Path] = []
    for sub in subpaths(whole):
        (dots if path_length(sub) < 0.4 * width else kept).append(sub)
    if not dots:
        return [shape]
    fill = Look(fill=shape.look.stroke, fill_opacity=shape.look.stroke_opacity, opacity=shape.look.opacity)
    squares = []
    for dot in dots:
        box = bounds(dot)
        if box is None:
            continue
        x, y, h = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, width / 2
        squares.append(Shape(Polygon(((x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h))), fill))
    rest = Path(tuple(s for sub in kept for s in sub.segments))
    return ([replace(shape, geometry=rest)] if rest.segments else []) + squares
