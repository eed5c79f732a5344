"""The grammar of our icon tokens: which id may come next, and what has been drawn so far.

Contract. ``Grammar()`` reads one drawing, token by token, from the token after BOS to EOS: ``allowed()`` is a boolean
mask over the vocabulary, ``push(id)`` takes one id and raises ``TokenError`` for one that is not allowed. Every
sequence that ends has drawn at least one shape, and ``shapes()`` gives them: valid, finite, on the grid and of plain
paint. What the mask rules out beside ill-formed sequences: segments without length, a step that this sub-path has made
already (the loops that sampling falls into), arcs that cannot span their ends, corners larger than their rectangle,
a fill that encloses nothing. With ``limit`` the mask leads a drawing to its end before it is ``limit`` tokens long.

The rules are written once, as a generator that asks for tokens in turn (``_drawing``), and serve as decoding
constraint, validator and decoder. Points are told end first: a cubic is its end, then both control points.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from svggen.errors import TokenError
from svggen.icon.types import Circle, Ellipse, Geometry, Line, Look, Path, Rect, Segment, Shape
from svggen.tokens import vocabulary as v
from svggen.tokens.asks import Ask, Mask, Spot, answers, ask_mask, spot, sub_mask

__all__ = ["LONGEST", "Grammar", "Mask"]

LONGEST: Final = 1024
"""Default limit of a drawing, in tokens."""
_TAIL: Final = 28
"""Tokens that the longest shape without freedom may still need: below this many left, no new shape begins."""
_LAST: Final = 14
"""Below this many left, a path draws no curves any more."""
_OVER: Final = 4
"""Below this many left, a path that may end does."""
_DOT: Final = 0.01  # px: the length of a line that is drawn as a dot, for readers that skip lines without length


Talk: TypeAlias = Generator[Ask, int, None]


@dataclass
class Grammar:
    """One drawing as it is read. ``limit``: most tokens, EOS included."""

    limit: int = LONGEST
    _shapes: list[Shape] = field(default_factory=list)
    _colors: list[str] = field(default_factory=list)
    _fill: str = "none"
    _look: Look = field(default_factory=Look)
    _count: int = 0
    _ended: bool = False
    _cell: Spot | None = None  # a CELL has been read, its SUB not yet

    def __post_init__(self) -> None:
        self._talk = self._drawing()
        self._ask: Ask = next(self._talk)

    @property
    def ended(self) -> bool:
        """EOS has been read."""
        return self._ended

    @property
    def count(self) -> int:
        """Tokens read so far."""
        return self._count

    def shapes(self) -> tuple[Shape, ...]:
        """What is drawn and finished so far."""
        return tuple(self._shapes)

    def allowed(self) -> Mask:
        """bool (VOCAB_SIZE,): the ids that may come next; all False after EOS."""
        if self._ended:
            return np.zeros(v.VOCAB_SIZE, np.bool_)
        if self._cell is not None:
            return sub_mask(self._ask, self._cell)
        return ask_mask(self._ask)

    def push(self, token: int) -> None:
        """Takes one id. TokenError (with its position, counted from 0 after BOS) where it is not allowed."""
        if self._ended:
            raise TokenError("the drawing has ended", self._count)
        if self._cell is not None:
            due, ok = f"a place in the pixel {self._cell}", 0 <= token - v.SUB0 < 64
            ok = ok and bool(sub_mask(self._ask, self._cell)[token])
        else:
            due, ok = " or ".join(self._ask.classes), answers(self._ask, token)
        if not ok:
            raise TokenError(f"{_say(token)} where {due} is due", self._count)
        self._count += 1
        try:
            self._ask = self._talk.send(token)
        except StopIteration:
            self._ended = True

    # ---------------------------------------------------------------------------------------------------- the grammar

    def _left(self) -> int:
        return self.limit - self._count

    def _drawing(self) -> Talk:
        token = yield Ask(("palette", "look"))
        while token == v.PALETTE:
            digits = []
            for _ in range(3):
                digits.append((yield Ask(("hex",))) - v.HEX0)
            self._colors.append("#" + "".join(f"{d:x}{d:x}" for d in digits))
            more = ("palette", "look") if len(self._colors) < v.COLORS else ("look",)
            token = yield Ask(more)
        while token != v.EOS:
            if v.FILL <= token <= v.BOTH_EVENODD:
                yield from self._paint(token)
                token = yield Ask(self._figures())
            token = yield from self._figure(token)

    def _figures(self) -> tuple[str, ...]:
        names: tuple[str, ...] = ("path", "circle", "ellipse", "rect", "round_rect")
        if self._look.fill == "none":
            names += ("line",)
            if self._look.cap != "butt":
                names += ("dot",)
        return names

    def _after(self) -> tuple[str, ...]:
        """What may follow a finished figure."""
        return ("eos",) if self._left() <= _TAIL else ("eos", "look", *self._figures())

    def _paint(self, token: int) -> Talk:
        """A look: what is painted, in which tones, with which pen."""
        fill: tuple[str, float] = ("none", 1.0)
        stroke: tuple[str, float] = ("none", 1.0)
        look = Look(fill_rule="evenodd" if token in (v.FILL_EVENODD, v.BOTH_EVENODD) else "nonzero")
        if token != v.STROKE:
            fill = self._tone((yield Ask(("tone",), tones=len(self._colors))))
        width, cap, join = 8, 0, 0
        if token not in (v.FILL, v.FILL_EVENODD):
            stroke = self._tone((yield Ask(("tone",), tones=len(self._colors))))
            width = (yield Ask(("length",), longest=64)) - v.LENGTH0 + 1
            cap, join = divmod((yield Ask(("pen",))) - v.PEN0, 3)
        self._look = Look(
            fill=fill[0], fill_opacity=fill[1], fill_rule=look.fill_rule, stroke=stroke[0], stroke_opacity=stroke[1],
            stroke_width=width / 8 if stroke[0] != "none" else 1.0,
            cap=v.CAPS[cap] if stroke[0] != "none" else "butt",
            join=v.JOINS[join] if stroke[0] != "none" else "miter",
        )  # fmt: skip

    def _tone(self, token: int) -> tuple[str, float]:
        if token >= v.TONE0:
            return (self._colors[token - v.TONE0], 1.0)
        return ("currentColor", 1.0 if token == v.INK else (token - v.SOFT0 + 1) / 10)

    def _add(self, geometry: Geometry) -> None:
        self._shapes.append(Shape(geometry, self._look))

    def _at(self, ask: Ask) -> Generator[Ask, int, Spot]:
        """One point."""
        token = yield ask
        return (yield from self._place(ask, token))

    def _place(self, ask: Ask, token: int) -> Generator[Ask, int, Spot]:
        """The point that begins with this token: done, or its SUB is still to come."""
        if not v.CELL0 <= token < v.SUB0:
            return spot(ask, token)
        y, x = divmod(token - v.CELL0, v.CELLS)
        self._cell = (x, y)
        sub = yield ask
        self._cell = None
        sy, sx = divmod(sub - v.SUB0, 8)
        return (x * 8 + sx, y * 8 + sy)

    def _figure(self, token: int) -> Generator[Ask, int, int]:
        """One shape; returns the token that follows it."""
        if token == v.PATH:
            return (yield from self._path())
        free = ("point", "cell")
        room = 1 if token == v.RECT else 2 if token == v.ROUND_RECT else 0
        start = yield from self._at(Ask(free, room=room))
        x, y = start[0] / 8, start[1] / 8
        if token == v.DOT:
            self._add(Path((("M", (x, y)), ("L", (round(x + _DOT, 3), y)))))
        elif token == v.CIRCLE:
            self._add(Circle(x, y, ((yield Ask(("length",))) - v.LENGTH0 + 1) / 8))
        elif token == v.ELLIPSE:
            rx = (yield Ask(("length",))) - v.LENGTH0 + 1
            ry = (yield Ask(("length",))) - v.LENGTH0 + 1
            self._add(Ellipse(x, y, rx / 8, ry / 8) if rx != ry else Circle(x, y, rx / 8))
        elif token == v.LINE:
            end = yield from self._at(Ask((*free, "near"), origin=start, bad=frozenset({start})))
            self._add(Line(x, y, end[0] / 8, end[1] / 8))
        else:
            least = (start[0] + max(0, room - 1), start[1] + max(0, room - 1))
            end = yield from self._at(Ask((*free, "near"), origin=start, above=least))
            w, h = end[0] - start[0], end[1] - start[1]
            r = 0
            if token == v.ROUND_RECT:
                r = (yield Ask(("length",), longest=min(w, h) // 2)) - v.LENGTH0 + 1
            self._add(Rect(x, y, w / 8, h / 8, r / 8, r / 8))
        return (yield Ask(self._after()))

    def _path(self) -> Generator[Ask, int, int]:
        """The sub-paths of one path; returns the token that follows."""
        out: list[Segment] = []
        filled = self._look.fill != "none"
        stroked = self._look.stroke != "none"
        while True:
            start = yield from self._at(Ask(("point", "cell")))
            out.append(("M", (start[0] / 8, start[1] / 8)))
            token = yield from self._run(start, out, filled, stroked)
            if token == v.CLOSE or (filled and not stroked):
                out.append(("Z", ()))
            if token == v.CLOSE:
                token = yield Ask((*self._after(), "move") if filled and self._left() > _TAIL else self._after())
            if token != v.MOVE:
                self._add(Path(tuple(out)))
                return token

    def _run(self, start: Spot, out: list[Segment], filled: bool, stroked: bool) -> Generator[Ask, int, int]:
        """The segments of one sub-path; returns the token after it: CLOSE, MOVE or what follows the path."""
        pen, control = start, None  # control: the second control point of a cubic just drawn
        made: dict[Spot, set[Spot]] = {}
        count, curves = 0, False
        while True:
            closed_area = count >= 2 or curves
            may_end = closed_area if filled else count > 0
            names: tuple[str, ...] = () if may_end and self._left() <= _OVER else ("point", "near")
            if self._left() > _LAST or not may_end:
                names += ("cell",)
            if self._left() > _LAST:
                names += ("cubic", "arc", "quarter", "half", *(("smooth",) if control is not None else ()))
            if stroked and closed_area:
                names += ("close",)
            if may_end:
                names += self._after()
                if filled and self._left() > _TAIL:
                    names += ("move",)
            bad = frozenset({pen} | made.get(pen, set()))
            ask = Ask(names, origin=pen, bad=bad)
            token = yield ask
            if token < v.POINT0 and not v.CUBIC <= token < v.CIRCLE:
                return token
            if token >= v.POINT0:
                end = yield from self._place(ask, token)
                out.append(("L", (end[0] / 8, end[1] / 8)))
                control = None
            else:
                end, control, segment = yield from self._curve(token, pen, control, bad)
                out.append(segment)
                curves = True
            made.setdefault(pen, set()).add(end)
            pen = end
            count += 1

    def _curve(
        self, token: int, pen: Spot, control: Spot | None, bad: Collection[Spot]
    ) -> Generator[Ask, int, tuple[Spot, Spot | None, Segment]]:
        """One cubic or arc from the pen: (its end, its second control point, the segment)."""
        turn = v.QUARTER <= token < v.QUARTER + 2
        bad = frozenset(bad)
        end = yield from self._at(Ask(("point", "cell", "near"), origin=pen, bad=bad, apart=pen if turn else None))
        x, y = end[0] / 8, end[1] / 8
        if token in (v.CUBIC, v.SMOOTH):
            first = pen
            if token == v.CUBIC:
                first = yield from self._at(Ask(("near", "point", "cell"), origin=pen))
            elif control is not None:
                first = _clip((2 * pen[0] - control[0], 2 * pen[1] - control[1]))
            second = yield from self._at(Ask(("near", "point", "cell"), origin=end))
            values = (first[0] / 8, first[1] / 8, second[0] / 8, second[1] / 8, x, y)
            return end, second, ("C", values)
        dx, dy = abs(end[0] - pen[0]) / 8, abs(end[1] - pen[1]) / 8
        sweep = float(token % 2 != v.ARC % 2)
        if turn:
            return end, None, ("A", (dx, dy, 0.0, 0.0, sweep, x, y))
        chord = (dx * dx + dy * dy) ** 0.5
        if token >= v.HALF:
            r = round(chord / 2, 3)
            return end, None, ("A", (r, r, 0.0, 0.0, sweep, x, y))
        least = min(v.LENGTHS, int(chord * 4) + 1)  # more than half the chord, in eighths
        radius = (yield Ask(("length",), least=least)) - v.LENGTH0 + 1
        return end, None, ("A", (radius / 8, radius / 8, 0.0, 0.0, sweep, x, y))


def _clip(p: Spot) -> Spot:
    return (min(max(p[0], 0), v.GRID), min(max(p[1], 0), v.GRID))


def _say(token: int) -> str:
    return repr(v.NAMES[token]) if 0 <= token < v.VOCAB_SIZE else f"{token}, which is no id of 0..{v.VOCAB_SIZE - 1},"
