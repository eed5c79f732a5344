"""One order for each drawing: what a designer's program happened to write first is nothing to be learned.

Contract. ``ordered(icon)`` paints the same picture. Where everything is painted in one tone: strokes become one shape a
sub-path, closed sub-paths begin at their topmost anchor (of two, the left one) and strokes go clockwise, open strokes
begin at their upper end, and shapes come largest first. Where tones cover each other, only sub-paths are turned.
"""

from __future__ import annotations

from dataclasses import replace

from svggen.geometry import bounds, reverse, signed_area, subpaths
from svggen.icon.types import Icon, Look, Path, Point, Segment, Shape

__all__ = ["ordered"]


def ordered(icon: Icon) -> Icon:
    """The same picture, told in one order."""
    shapes = [piece for shape in icon.shapes for piece in _pieces(shape)]
    if len({_tone(shape.look) for shape in shapes}) == 1 and all(shape.clip is None for shape in shapes):
        looks: dict[Look, float] = {}
        for shape in shapes:
            looks[shape.look] = max(looks.get(shape.look, 0.0), _extent(shape.geometry))
        shapes.sort(key=lambda s: (-looks[s.look], repr(s.look), -_extent(s.geometry), *_corner(s.geometry)))
    return Icon(icon.viewbox, tuple(shapes))


def _tone(look: Look) -> tuple[object, ...]:
    paints = {
        (paint, round(opacity * look.opacity, 2))
        for paint, opacity in ((look.fill, look.fill_opacity), (look.stroke, look.stroke_opacity))
        if paint != "none"
    }
    return tuple(sorted(paints, key=repr))


def _pieces(shape: Shape) -> list[Shape]:
    if not isinstance(shape.geometry, Path):
        return [shape]
    stroked_only = shape.look.fill == "none"
    subs = [_turned(sub, stroked_only) for sub in subpaths(shape.geometry)]
    if stroked_only and shape.look.stroke_opacity * shape.look.opacity == 1:
        return [replace(shape, geometry=sub) for sub in subs]
    subs.sort(key=lambda sub: (-_extent(sub), *_corner(sub)))
    return [replace(shape, geometry=Path(tuple(s for sub in subs for s in sub.segments)))]


def _turned(sub: Path, stroked_only: bool) -> Path:
    """The sub-path from its topmost anchor (closed), or from its upper end (open stroke)."""
    segments = sub.segments
    if segments[-1][0] != "Z":
        if not stroked_only or len(segments) < 2:
            return sub
        first, last = segments[0][1], segments[-1][1][-2:]
        return sub if (first[1], first[0]) <= (last[1], last[0]) else reverse(sub)
    if stroked_only and signed_area(sub) < 0:
        segments = reverse(sub).segments
    start: Point = (segments[0][1][0], segments[0][1][1])
    body = list(segments[1:-1])
    if not body:
        return sub
    if body[-1][1][-2:] != start:
        body.append(("L", start))
    ends = [step[1][-2:] for step in body]
    top = min(range(len(ends)), key=lambda i: (ends[i][1], ends[i][0]))
    turned: list[Segment] = [("M", (ends[top][0], ends[top][1])), *body[top + 1 :], *body[: top + 1]]
    if turned[-1][0] == "L":
        turned.pop()
    return Path((*turned, ("Z", ())))


def _extent(geometry: object) -> float:
    x0, y0, x1, y1 = bounds(geometry) or (0.0, 0.0, 0.0, 0.0)  # type: ignore[arg-type]
    return round((x1 - x0 + 0.5) * (y1 - y0 + 0.5))


def _corner(geometry: object) -> tuple[float, float]:
    x0, y0, _, _ = bounds(geometry) or (0.0, 0.0, 0.0, 0.0)  # type: ignore[arg-type]
    return (round(y0, 1), round(x0, 1))
