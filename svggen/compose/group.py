"""Things together: beside, behind, stacked, repeated; mirrored and turned. See the package for the contract."""

from __future__ import annotations

import math
from dataclasses import replace

from svggen.compose.booleans import fill_shape, shape_area
from svggen.compose.cutting import cut, place_icon, silhouette_zone
from svggen.compose.marks import Pen, pen_for
from svggen.compose.place import CANVAS, CLEAR, Composed, middle, padding_of, shrink
from svggen.geometry import ink_bounds, rotation, transform_icon
from svggen.icon import Icon, Look, Shape
from svggen.style import StyleSpec

Box = tuple[float, float, float, float]


def _into(icon: Icon, box: Box, pen: Pen) -> Icon:
    """The icon's ink fitted into the box, centred, line width kept."""
    ink = ink_bounds(icon) or CANVAS
    stroked = 0.0 if all(s.look.stroke == "none" for s in icon.shapes) else pen.width
    k = min(
        (box[2] - box[0] - stroked) / max(ink[2] - ink[0] - stroked, 0.5),
        (box[3] - box[1] - stroked) / max(ink[3] - ink[1] - stroked, 0.5),
    )
    return shrink(icon, min(k, 1.25), middle(icon), ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), pen)


def _scale(icon: Icon, width: float, height: float) -> float:
    box = ink_bounds(icon) or CANVAS
    return min(width / max(box[2] - box[0], 0.5), height / max(box[3] - box[1], 0.5))


def beside(a: Icon, b: Icon, style: StyleSpec | None = None) -> Composed:
    """Side by side, a on the left, the wider one with more of the canvas; where they would become too small for their
    line
    width, b stands behind a."""
    style = style or StyleSpec()
    pen = pen_for((a, b), style)
    pad = min(padding_of(a, style), 2.0)
    gap = max(CLEAR, 0.8 * pen.width)
    shares = []
    for icon in (a, b):
        box = ink_bounds(icon) or CANVAS
        shares.append(min(max((box[2] - box[0]) / max(box[3] - box[1], 1.0), 0.5), 2.0))
    free = 24 - 2 * pad - gap
    split = pad + free * shares[0] / sum(shares)
    scale = min(_scale(a, split - pad, 24 - 2 * pad), _scale(b, 24 - pad - split - gap, 24 - 2 * pad))
    if scale < 0.38 + 0.09 * pen.width:  # 0.56 at 2 px, 0.515 at 1.5 px: below it the counters of most line icons close
        return behind(a, b, style)
    left = _into(a, (pad, pad, split, 24 - pad), pen)
    right = _into(b, (split + gap, pad, 24 - pad, 24 - pad), pen)
    low = max((ink_bounds(left) or CANVAS)[3], (ink_bounds(right) or CANVAS)[3])  # both stand on one line
    stood = [place_icon(i, (1, 0, 0, 1, 0, low - (ink_bounds(i) or CANVAS)[3])) for i in (left, right)]
    shapes = (*stood[0].shapes, *stood[1].shapes)
    return Composed(_centred(Icon(CANVAS, shapes)), ("put both side by side on one base line",))


def stack(a: Icon, b: Icon, style: StyleSpec | None = None) -> Composed:
    """a above b."""
    style = style or StyleSpec()
    pen = pen_for((a, b), style)
    pad = min(padding_of(a, style), 2.0)
    gap = max(CLEAR, 0.8 * pen.width)
    split = pad + (24 - 2 * pad - gap) * 0.55
    upper = _into(a, (pad, pad, 24 - pad, split), pen)
    lower = _into(b, (pad, split + gap, 24 - pad, 24 - pad), pen)
    return Composed(_centred(Icon(CANVAS, (*upper.shapes, *lower.shapes))), ("put the first above the second",))


def behind(front: Icon, back: Icon, style: StyleSpec | None = None) -> Composed:
    """The back one peeps out at the top right behind the front one, cut by its silhouette with a clear gap."""
    style = style or StyleSpec()
    pen = pen_for((front, back), style)
    pad = min(padding_of(front, style), 2.0)
    near = _into(front, (pad, 8.2, 19.2, 24 - pad), pen)
    ink = ink_bounds(near) or CANVAS
    near = place_icon(near, (1, 0, 0, 1, pad - ink[0], 24 - pad - ink[3]))
    far = _into(back, (10.2, pad, 24 - pad, 24 - pad - 8.2), pen)
    gap = max(CLEAR, 0.75 * pen.width)
    far = cut(far, silhouette_zone(near), gap)
    return Composed(
        Icon(CANVAS, (*far.shapes, *near.shapes)),
        (f"put the second behind the first at the top right, cut with a clear gap of {gap:.1f} px",),
    )


_GRID = {4: (2, 2), 5: (3, 2), 6: (3, 2), 7: (3, 3), 8: (3, 3), 9: (3, 3)}


def repeat(icon: Icon, n: int, style: StyleSpec | None = None) -> Composed:
    """n copies (2..9): two or three overlapped, the rear ones cut with a clear gap; narrow things side by side; more
    in rows."""
    style = style or StyleSpec()
    n = min(max(n, 1), 9)
    if n == 1:
        return Composed(icon, ())
    pen = pen_for(icon, style)
    pad = min(padding_of(icon, style), 2.0)
    box = ink_bounds(icon) or CANVAS
    width, height = box[2] - box[0], box[3] - box[1]
    gap = max(CLEAR, 0.75 * pen.width)
    if n > 3 or width * n + gap * (n - 1) <= 1.15 * height * 1.4:
        columns, rows = _GRID.get(n, (n, 1))
        return Composed(_centred(_rows(icon, n, columns, rows, pad, gap, pen)), (f"drew it {n} times, in rows",))
    if n == 3:
        return Composed(_trio(icon, pad, gap, pen), ("drew it 3 times, the rear ones cut with a clear gap",))
    span = 24 - 2 * pad
    size = span * 0.74
    small = _into(icon, (0, 0, size, size), pen)
    ink = ink_bounds(small) or CANVAS
    step_x = span - (ink[2] - ink[0])
    step_y = min(span - (ink[3] - ink[1]), 5.0)
    shapes = []
    for i in reversed(range(n)):
        copy = place_icon(small, (1, 0, 0, 1, pad - ink[0] + i * step_x, 24 - pad - ink[3] - i * step_y))
        if i > 0:
            front = place_icon(
                small, (1, 0, 0, 1, pad - ink[0] + (i - 1) * step_x, 24 - pad - ink[3] - (i - 1) * step_y)
            )
            copy = cut(copy, silhouette_zone(front), gap)
        shapes += list(copy.shapes)
    return Composed(
        _centred(Icon(CANVAS, tuple(shapes))),
        (f"drew it {n} times, the rear ones cut with a clear gap of {gap:.1f} px",),
    )


def _trio(icon: Icon, pad: float, gap: float, pen: Pen) -> Icon:
    """One in front in the middle, two higher behind it to the left and right."""
    span = 24 - 2 * pad
    small = _into(icon, (0, 0, (span - gap) / 2, span * 0.62), pen)
    ink = ink_bounds(small) or CANVAS
    width, height = ink[2] - ink[0], ink[3] - ink[1]

    def put(x: float, y: float) -> Icon:
        return place_icon(small, (1, 0, 0, 1, x - ink[0], y - ink[1]))

    front = put(12 - width / 2, 24 - pad - height)
    zone = silhouette_zone(front)
    rear = [cut(put(x, 24 - pad - height - min(span - height, 6.0)), zone, gap) for x in (pad, 24 - pad - width)]
    return Icon(CANVAS, (*rear[0].shapes, *rear[1].shapes, *front.shapes))


def _rows(icon: Icon, n: int, columns: int, rows: int, pad: float, gap: float, pen: Pen) -> Icon:
    width = (24 - 2 * pad - gap * (columns - 1)) / columns
    height = (24 - 2 * pad - gap * (rows - 1)) / rows
    shapes = []
    for i in range(n):
        row, column = divmod(i, columns)
        in_row = min(columns, n - row * columns)
        x = pad + column * (width + gap) + (columns - in_row) * (width + gap) / 2
        y = pad + row * (height + gap)
        shapes += list(_into(icon, (x, y, x + width, y + height), pen).shapes)
    return _legible(Icon(CANVAS, tuple(shapes)), min(width, height))


def _legible(icon: Icon, cell: float) -> Icon:
    """Lines of more than a fourth of the cell close the counters of what is drawn in it: they are made a fifth of it,
    and areas, so that no later step takes them for lines of the usual width."""
    out: list[Shape] = []
    for shape in icon.shapes:
        look = shape.look
        if look.stroke == "none" or look.stroke_width <= cell / 4:
            out.append(shape)
            continue
        thin = replace(shape, look=replace(look, stroke_width=max(cell / 5, 0.75)))
        drawn = fill_shape(
            shape_area(thin),
            Look(fill=look.stroke, fill_opacity=look.stroke_opacity, opacity=look.opacity),
        )
        out += [drawn] if drawn is not None else []
    return replace(icon, shapes=tuple(out))


def _centred(icon: Icon) -> Icon:
    x, y = middle(icon)
    return place_icon(icon, (1, 0, 0, 1, 12 - x, 12 - y))


def mirror(icon: Icon, axis: str = "horizontal") -> Composed:
    """Flipped left-right ("horizontal") or top-bottom ("vertical") about the middle of the canvas."""
    if axis not in {"horizontal", "vertical"}:
        raise ValueError(f"axis {axis!r}: 'horizontal' or 'vertical'")
    m = (-1.0, 0.0, 0.0, 1.0, 24.0, 0.0) if axis == "horizontal" else (1.0, 0.0, 0.0, -1.0, 0.0, 24.0)
    return Composed(
        transform_icon(icon, m), ("mirrored it left to right" if axis == "horizontal" else "mirrored it top to bottom",)
    )


def rotate(icon: Icon, degrees: float) -> Composed:
    """Turned clockwise about the middle of the canvas; made smaller where it would leave its padding."""
    turned = transform_icon(icon, rotation(degrees, 12.0, 12.0))
    before, after = ink_bounds(icon), ink_bounds(turned)
    if before and after and degrees % 90:
        room = 12 - min(before[0], before[1], 24 - before[2], 24 - before[3])
        reach = max(12 - after[0], 12 - after[1], after[2] - 12, after[3] - 12, 0.1)
        middle_x, middle_y = (after[0] + after[2]) / 2, (after[1] + after[3]) / 2
        half = max(after[2] - after[0], after[3] - after[1]) / 2
        if reach > room:
            pen = max((s.look.stroke_width for s in icon.shapes if s.look.stroke != "none"), default=0.0) / 2
            k = min(1.0, (room - pen) / max(half - pen, 0.1))
            turned = place_icon(turned, (k, 0, 0, k, 12 - k * middle_x, 12 - k * middle_y))
    shown = math.fmod(degrees, 360)
    return Composed(
        replace(turned, viewbox=icon.viewbox),
        (f"turned it {abs(shown):g} degrees {'clockwise' if shown >= 0 else 'counterclockwise'}",),
    )
