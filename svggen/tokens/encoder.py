"""Icon -> our icon tokens: onto the grid, into the shortest command that draws the same.

Contract: see ``svggen.tokens.icon``, whose ``encode`` this is. What is written has been read by ``Grammar`` before it
is returned, so that it decodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from svggen.errors import TokenError
from svggen.geometry import fit_canvas, subpaths, to_path
from svggen.icon.types import (
    Icon,
    Line,
    LinearGradient,
    Look,
    Paint,
    Path,
    RadialGradient,
    Shape,
)
from svggen.tokens import vocabulary as v
from svggen.tokens.asks import Spot
from svggen.tokens.curves import Step, steps
from svggen.tokens.figures import drawn_figure, plain_figure
from svggen.tokens.grammar import Grammar
from svggen.tokens.points import anchor, handle, point

__all__ = ["encode"]

Tone: TypeAlias = str | int
"""A palette colour, or the tenths of the ink (10: all of it)."""

_SETTLES: Final = 6
_FAINT: Final = 0.05
"""What is painted fainter is not seen."""


def encode(icon: Icon) -> list[int]:
    """The ids of the icon's drawing, EOS last; see ``svggen.tokens.icon``. What rounding has made straight or round is
    said so: the drawing is encoded again until it says the same."""
    ids = _encode(icon)
    for _ in range(_SETTLES):
        again = _encode(Icon((0.0, 0.0, v.SIZE, v.SIZE), _drawn(ids)))
        if again == ids:
            break
        ids = again
    return ids


def _drawn(ids: list[int]) -> tuple[Shape, ...]:
    grammar = Grammar(limit=len(ids) + 64)
    for token in ids:
        grammar.push(token)
    return grammar.shapes()


def _encode(icon: Icon) -> list[int]:
    icon = fit_canvas(icon, v.SIZE)
    if any(shape.clip is not None for shape in icon.shapes):
        from svggen.restyle.unclip import without_clips  # path operations: only where there is something to cut

        icon = without_clips(icon)
    writer = _Writer()
    looks = [(shape, *_tones(shape.look)) for shape in icon.shapes]
    writer.choose_palette([tone for _, fill, stroke in looks for tone in (fill, stroke) if isinstance(tone, str)])
    for shape, fill, stroke in looks:
        if fill is not None or stroke is not None:
            writer.shape(shape, fill, stroke)
    if not writer.drawn:
        raise TokenError("the icon draws nothing on a grid of eighths of a pixel")
    return [*writer.palette_ids(), *writer.out, v.EOS]


def _tones(look: Look) -> tuple[Tone | None, Tone | None]:
    """(fill, stroke): None where nothing is painted."""
    width = look.stroke_width if look.stroke_width > 0 else 0.0
    return (
        _tone(look.fill, look.fill_opacity * look.opacity),
        _tone(look.stroke, look.stroke_opacity * look.opacity) if width else None,
    )


def _tone(paint: Paint, opacity: float) -> Tone | None:
    if isinstance(paint, LinearGradient | RadialGradient):
        if not paint.stops:
            return None
        stop = paint.stops[len(paint.stops) // 2]
        paint, opacity = stop.color, opacity * stop.opacity
    if paint == "none" or opacity < _FAINT:
        return None
    if paint == "currentColor":
        return max(1, min(10, round(opacity * 10)))
    channels = (int(paint[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round((255 - (255 - c) * opacity) / 17):x}" for c in channels)


@dataclass
class _Writer:
    """Writes one drawing. ``out``: everything after the palette."""

    out: list[int] = field(default_factory=list)
    drawn: bool = False
    _palette: list[str] = field(default_factory=list)
    _look: tuple[int, ...] = ()

    # ---------------------------------------------------------------------------------------------------------- paint

    def choose_palette(self, colors: list[str]) -> None:
        """The colours used most, in the order of first use."""
        counts: dict[str, int] = {}
        for color in colors:
            counts[color] = counts.get(color, 0) + 1
        kept = set(sorted(counts, key=lambda c: -counts[c])[: v.COLORS])
        self._palette = [color for color in counts if color in kept]

    def palette_ids(self) -> list[int]:
        return [i for color in self._palette for i in (v.PALETTE, *(v.HEX0 + int(digit, 16) for digit in color[1:]))]

    def _tone_id(self, tone: Tone) -> int:
        if isinstance(tone, int):
            return v.INK if tone == 10 else v.SOFT0 + tone - 1

        def far(color: str) -> int:
            return sum((int(a, 16) - int(b, 16)) ** 2 for a, b in zip(color[1:], tone[1:], strict=True))

        return v.TONE0 + min(range(len(self._palette)), key=lambda i: far(self._palette[i]))

    def _say_look(self, look: Look, fill: Tone | None, stroke: Tone | None, evenodd: bool) -> None:
        if fill is None:
            said: list[int] = [v.STROKE]
        elif stroke is None:
            said = [v.FILL + evenodd]
        else:
            said = [v.BOTH + evenodd]
        if fill is not None:
            said.append(self._tone_id(fill))
        if stroke is not None:
            width = max(1, min(64, round(look.stroke_width * 8)))
            pen = v.PEN0 + 3 * v.CAPS.index(look.cap) + v.JOINS.index(look.join)
            said += [self._tone_id(stroke), v.LENGTH0 + width - 1, pen]
        if tuple(said) != self._look:
            self._look = tuple(said)
            self.out += said

    # --------------------------------------------------------------------------------------------------------- shapes

    def shape(self, shape: Shape, fill: Tone | None, stroke: Tone | None) -> None:
        look, geometry = shape.look, shape.geometry
        filled, stroked = fill is not None, stroke is not None
        plain = plain_figure(geometry, filled)
        bare: list[int] = []  # what has no area to fill and is drawn as a line only
        parts: list[list[int]] = []
        if plain is not None:
            parts = [plain]
        elif isinstance(geometry, Line) and not stroked:
            return
        else:
            pieces = subpaths(to_path(geometry))
            alone = len(pieces) == 1 or not filled  # among others a figure must keep its direction: it may be a hole
            for piece in pieces:
                ids, has_area = _sub(piece, filled, stroked, look, alone)
                if has_area or not filled:
                    parts += [ids] if ids else []
                else:
                    bare += ids
            if filled and parts:
                parts = [_joined(parts)]
        several = any(v.MOVE in part for part in parts)
        if parts:
            self._say_look(look, fill, stroke, several and look.fill_rule == "evenodd")
            self.out += [i for part in parts for i in part]
        if bare:
            self._say_look(look, None, stroke, False)
            self.out += bare
        self.drawn |= bool(parts or bare)


def _sub(sub: Path, filled: bool, stroked: bool, look: Look, alone: bool) -> tuple[list[int], bool]:
    """(the ids of one sub-path as a path of its own, or as a simpler figure where it is one; whether it has an area).
    No ids where it paints nothing."""
    start, track, closed = steps(sub)
    if filled and not stroked:
        closed = True
    if closed and track and track[-1].kind == "L" and track[-1].end == start:
        track = track[:-1]
    if not track:
        return ([v.DOT, *point(start)] if stroked and look.cap != "butt" else []), not filled
    has_area = _has_area(start, track)
    if filled and not has_area:
        if not stroked:
            return [], False
        filled, closed = False, False
    figure = drawn_figure(start, track, closed, filled) if alone or not has_area else []
    if figure:
        return figure, has_area
    close = [v.CLOSE] if closed and stroked and _closes(track) else []
    return [v.PATH, *point(start), *_track(start, track), *close], has_area


def _joined(paths: list[list[int]]) -> list[int]:
    """The sub-paths of a fill as one path."""
    if len(paths) == 1:
        return paths[0]
    return [i for at, ids in enumerate(paths) for i in (v.MOVE if at else v.PATH, *ids[1:])]


def _closes(track: list[Step]) -> bool:
    """The grammar's condition for CLOSE."""
    return len(track) >= 2 or track[0].kind != "L"


def _has_area(start: Spot, track: list[Step]) -> bool:
    if any(step.kind != "L" for step in track):
        return True
    first = (track[0].end[0] - start[0], track[0].end[1] - start[1])
    return (
        any(first[0] * (s.end[1] - start[1]) - first[1] * (s.end[0] - start[0]) for s in track[1:]) and len(track) >= 2
    )


def _track(start: Spot, track: list[Step]) -> list[int]:
    """The ids of the steps; a step that this sub-path has made before goes by way of its middle."""
    out: list[int] = []
    pen, control = start, None
    made: set[tuple[Spot, Spot]] = set()
    for step in track:
        end = step.end
        if (pen, end) in made:
            for stop in _detour(pen, end, made):
                out += anchor(stop, pen)
                made.add((pen, stop))
                pen = stop
            control = None
            continue
        made.add((pen, end))
        if step.kind == "L":
            out += anchor(end, pen)
        elif step.kind == "C":
            goes_on = control is not None and step.first == _reflected(pen, control)
            out += [v.SMOOTH if goes_on else v.CUBIC, *anchor(end, pen)]
            if not goes_on:
                out += handle(step.first, pen)
            out += handle(step.second, end)
        else:
            command = {"Q": v.QUARTER, "H": v.HALF, "A": v.ARC}[step.kind]
            out += [command + step.sweep, *anchor(end, pen)]
            if step.kind == "A":
                out.append(v.LENGTH0 + step.radius - 1)
        control = step.second if step.kind == "C" else None
        pen = end
    return out


def _detour(pen: Spot, end: Spot, made: set[tuple[Spot, Spot]]) -> list[Spot]:
    """Stops on the way that make no step a second time."""
    middle = ((pen[0] + end[0]) // 2, (pen[1] + end[1]) // 2)
    for dx, dy in ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (2, 1), (1, 2), (3, 0), (0, 3)):
        stop = (min(v.GRID, max(0, middle[0] + dx)), min(v.GRID, max(0, middle[1] + dy)))
        if stop not in (pen, end) and (pen, stop) not in made and (stop, end) not in made:
            made.add((stop, end))
            return [stop, end]
    raise TokenError(f"a path goes from {pen} to {end} (eighths of a pixel) again and again")


def _reflected(pen: Spot, control: Spot) -> Spot:
    return (min(v.GRID, max(0, 2 * pen[0] - control[0])), min(v.GRID, max(0, 2 * pen[1] - control[1])))
