"""One icon on the linter's desk: the icon, the wanted style, and everything that several rules ask of its geometry.

Contract. ``Case(icon, style, ...)`` is immutable in effect; its answers are computed once, when first asked. Lengths
are units of a 24 px canvas (the icon's own viewBox is scaled, not changed).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from svggen.geometry.arcs import Arc, centre_form
from svggen.icon import Circle, Ellipse, Icon, Line, Path, Point, Polygon, Polyline, Rect, Shape
from svggen.lint.seen import Seen
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from svggen.lint import SetStats
    from svggen.lint.seen import Floats

__all__ = ["Case", "Corner", "colors", "filled", "open_ends", "quarter_radius", "sharp_turns", "stroked"]

Corner = tuple[float, float, float]
"""A join of two segments: (turn in degrees, bend before, bend after); bends are 1.0 where the segment is curved."""


class Case:
    """See the head of this file."""

    def __init__(
        self,
        icon: Icon,
        style: StyleSpec | None = None,
        set_stats: SetStats | None = None,
        name: str | None = None,
        ink: Floats | None = None,
    ) -> None:
        self.icon, self.set_stats, self.name = icon, set_stats, name
        self.style = style or StyleSpec()
        self._ink = ink

    @cached_property
    def seen(self) -> Seen:
        if self._ink is None:
            from svggen.render import ink

            self._ink = ink(self.icon, 96)
        return Seen(self._ink)

    @cached_property
    def side(self) -> float:
        """The longer side of the viewBox, own units."""
        return max(self.icon.viewbox[2], self.icon.viewbox[3])

    @cached_property
    def unit(self) -> float:
        """Units of a 24 px canvas per own unit."""
        return 24.0 / self.side

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that leave ink."""
        return tuple(s for s in self.icon.shapes if s.look.opacity > 0 and (filled(s) or stroked(s)))

    @cached_property
    def strokes(self) -> tuple[Shape, ...]:
        return tuple(s for s in self.shapes if stroked(s))

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Stroke width of each stroked shape, units."""
        return tuple(s.look.stroke_width * self.unit for s in self.strokes)

    @cached_property
    def lines_only(self) -> bool:
        """Drawn with the pen: at least half of the shapes are strokes without a fill."""
        pen = sum(1 for s in self.strokes if not filled(s))
        return pen * 2 >= len(self.shapes) > 0

    @cached_property
    def colors(self) -> tuple[str, ...]:
        """Distinct colours in use, sorted; gradients give those of their stops."""
        return tuple(sorted({c for s in self.shapes for c in colors(s)}))

    @cached_property
    def mode(self) -> str:
        """The wanted mode, or where it is free, what the drawing shows: "color", "outline" or "filled"."""
        if self.style.mode:
            return self.style.mode
        if len(self.colors) > 1:
            return "color"
        return "outline" if self.lines_only else "filled"

    @cached_property
    def pixel_art(self) -> bool:
        return bool(self.style.pixel_art)

    @cached_property
    def anchors(self) -> tuple[float, ...]:
        """Coordinates that a designer sets (ends, centres, corners), own units, from the viewBox's origin."""
        x0, y0 = self.icon.viewbox[:2]
        return tuple(v for s in self.shapes for x, y in _anchors(s) for v in (x - x0, y - y0))

    @cached_property
    def commands(self) -> int:
        """Drawing commands: segments of paths without M and Z, one for any other shape."""
        return sum(
            sum(1 for c, _v in s.geometry.segments if c not in "MZ") if isinstance(s.geometry, Path) else 1
            for s in self.shapes
        )

    @cached_property
    def elements(self) -> int:
        """Sub-paths of strokes and other shapes; a filled path is one element however many holes it has."""
        return sum(
            sum(1 for c, _v in s.geometry.segments if c == "M") if isinstance(s.geometry, Path) and stroked(s) else 1
            for s in self.shapes
        )

    @cached_property
    def corners(self) -> tuple[Corner, ...]:
        """Every join inside the paths."""
        return tuple(c for s in self.shapes if isinstance(s.geometry, Path) for c in _corners(s.geometry, self.unit))

    @cached_property
    def radii(self) -> tuple[tuple[float, float], ...]:
        """(corner radius, shorter side or inf) of rectangles and of quarter-circle corners in paths, units."""
        out: list[tuple[float, float]] = []
        for shape in self.shapes:
            g = shape.geometry
            if isinstance(g, Rect):
                out.append((max(g.rx, g.ry) * self.unit, min(g.width, g.height) * self.unit))
            elif isinstance(g, Path):
                out += [(r * self.unit, math.inf) for r in _quarters(g)]
        return tuple(out)


def filled(shape: Shape) -> bool:
    look = shape.look
    return look.fill != "none" and look.fill_opacity > 0 and not isinstance(shape.geometry, Line)


def stroked(shape: Shape) -> bool:
    look = shape.look
    return look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0


def open_ends(shape: Shape) -> bool:
    """Whether a stroke's line cap can be seen: a sub-path that does not close, a dot, or dashes."""
    g = shape.geometry
    if shape.look.dash or isinstance(g, (Line, Polyline)):
        return True
    if not isinstance(g, Path):
        return False
    previous = ""
    for command, _v in g.segments:
        if command == "M" and previous not in ("", "Z"):
            return True
        previous = command
    return previous != "Z"


def sharp_turns(shape: Shape) -> bool:
    """Whether a stroke's line join can be seen: two segments that meet at an angle of more than 10 degrees."""
    g = shape.geometry
    if isinstance(g, Rect):
        return g.rx == 0 or g.ry == 0
    if isinstance(g, (Polyline, Polygon)):
        return len(g.points) > 2
    return isinstance(g, Path) and any(turn > 10 for turn, _before, _after in _corners(g, 24.0))


def colors(shape: Shape) -> Iterator[str]:
    """Colours of one shape, those of gradient stops too."""
    look = shape.look
    for paint, used in ((look.fill, filled(shape)), (look.stroke, stroked(shape))):
        if used and isinstance(paint, str):
            yield paint
        elif used and not isinstance(paint, str):
            yield from (stop.color for stop in paint.stops)


def _anchors(shape: Shape) -> Iterator[Point]:
    g = shape.geometry
    if isinstance(g, Path):
        yield from ((v[-2], v[-1]) for c, v in g.segments if c != "Z")
    elif isinstance(g, (Circle, Ellipse)):
        yield (g.cx, g.cy)
    elif isinstance(g, Rect):
        yield (g.x, g.y)
        yield (g.x + g.width, g.y + g.height)
    elif isinstance(g, Line):
        yield (g.x1, g.y1)
        yield (g.x2, g.y2)
    elif isinstance(g, (Polyline, Polygon)):
        yield from g.points


def quarter_radius(start: Point, args: tuple[float, ...]) -> float | None:
    """The radius of an arc that turns a right-angled corner (a circle's quarter, 80 to 100 degrees), else None."""
    rx, ry, _rotation, large, _sweep, x, y = args
    chord = math.hypot(x - start[0], y - start[1])
    if large or abs(rx - ry) > 0.02 * rx or rx <= 0 or not 1.28 * rx <= chord <= 1.54 * rx:
        return None
    return rx


def _quarters(path: Path) -> Iterator[float]:
    """Radii of quarter arcs that stand between two straight segments (a circle made of four quarters has none)."""
    at: Point = (0.0, 0.0)
    segments = path.segments
    for i, (command, v) in enumerate(segments):
        if command == "A":
            before = segments[i - 1][0] if i else "M"
            after = segments[i + 1][0] if i + 1 < len(segments) else "M"
            if before == "L" and after in "LZ" and (radius := quarter_radius(at, v)) is not None:
                yield radius
        if command != "Z":
            at = (v[-2], v[-1])


def _corners(path: Path, unit: float) -> Iterator[Corner]:
    """Joins between consecutive segments of at least 0.3 units each, the closing one included."""
    at = start = (0.0, 0.0)
    last: tuple[Point, float] | None = None
    first: tuple[Point, float] | None = None
    for command, v in path.segments:
        if command == "M":
            at = start = (v[0], v[1])
            last = first = None
            continue
        end = start if command == "Z" else (v[-2], v[-1])
        if math.hypot(end[0] - at[0], end[1] - at[1]) * unit >= 0.3:
            head, tail = _tangents(at, end, command, v)
            bend = 0.0 if command in "LZ" else 1.0
            if last is not None:
                yield (_turn(last[0], head), last[1], bend)
            first, last = first or (head, bend), (tail, bend)
        elif command != "Z":
            last = None  # too short to judge the direction by
        if command == "Z":
            if first is not None and last is not None:
                yield (_turn(last[0], first[0]), last[1], first[1])
            last = first = None
        at = end


def _tangents(at: Point, end: Point, command: str, v: tuple[float, ...]) -> tuple[Point, Point]:
    """Directions in which a segment leaves ``at`` and arrives at ``end``."""
    chord = (end[0] - at[0], end[1] - at[1])
    if command == "C":
        points = (at, (v[0], v[1]), (v[2], v[3]), end)
        head = next((d for p in points[1:] if math.hypot(*(d := (p[0] - at[0], p[1] - at[1]))) > 1e-6), chord)
        tail = next((d for p in points[2::-1] if math.hypot(*(d := (end[0] - p[0], end[1] - p[1]))) > 1e-6), chord)
        return head, tail
    arc = centre_form(at, v) if command == "A" else None
    if arc is None:
        return chord, chord
    return _along(arc, arc.start), _along(arc, arc.start + arc.sweep)


def _along(arc: Arc, angle: float) -> Point:
    """The direction of travel on an arc at an angle of its own."""
    sign = 1.0 if arc.sweep > 0 else -1.0
    x, y = -arc.rx * math.sin(angle) * sign, arc.ry * math.cos(angle) * sign
    cos, sin = math.cos(arc.phi), math.sin(arc.phi)
    return (cos * x - sin * y, sin * x + cos * y)


def _turn(a: Point, b: Point) -> float:
    """Angle between two directions, 0..180 degrees."""
    return abs(math.degrees(math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])))
