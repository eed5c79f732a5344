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
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.errors import TokenError
from svggen.icon.types import Circle, Ellipse, Geometry, Line, Look, Path, Rect, Segment, Shape
from svggen.tokens import vocabulary as v

__all__ = ["LONGEST", "Grammar", "Mask"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Spot: TypeAlias = tuple[int, int]  # a point in eighths

LONGEST: Final = 1024
"""Default limit of a drawing, in tokens."""
_TAIL: Final = 28
"""Tokens that the longest shape without freedom may still need: below this many left, no new shape begins."""
_LAST: Final = 14
"""Below this many left, a path draws no curves any more."""
_OVER: Final = 4
"""Below this many left, a path that may end does."""
_DOT: Final = 0.01  # px: the length of a line that is drawn as a dot, for readers that skip lines without length


@dataclass(frozen=True, slots=True)
class _Ask:
    """What the generator wants next: any id of ``classes``; points under conditions."""

    classes: tuple[str, ...]
    origin: Spot | None = None  # NEAR is told from here
    bad: frozenset[Spot] = frozenset()  # points that may not be meant
    above: Spot | None = None  # both coordinates must be greater (corner of a rectangle)
    apart: Spot | None = None  # both coordinates must differ (end of a quarter turn)
    room: int = 0  # so many eighths must be left to the right and below
    longest: int = v.LENGTHS
    least: int = 1
    tones: int = 0

    def opens(self, cell: Spot) -> bool:
        """Is some place in this cell that no POINT says not forbidden? (``bad`` holds too few to close a cell.)"""
        x, y = cell
        if (x == 24 and y == 24) or (self.room and (x == 24 or y == 24)):
            return False  # the last row and column hold the canvas's own edge only
        if self.above is not None and (8 * x + 7 <= self.above[0] or 8 * y + 7 <= self.above[1]):
            return False
        on_edge = (x == 24 and self.apart is not None and self.apart[0] == v.GRID) or (
            y == 24 and self.apart is not None and self.apart[1] == v.GRID
        )
        return not on_edge

    def forbids(self, p: Spot) -> bool:
        x, y = p
        if p in self.bad or not (0 <= x <= v.GRID - self.room and 0 <= y <= v.GRID - self.room):
            return True
        if self.above is not None and (x <= self.above[0] or y <= self.above[1]):
            return True
        return self.apart is not None and (x == self.apart[0] or y == self.apart[1])


_Talk: TypeAlias = Generator[_Ask, int, None]


def _span(first: int, count: int) -> Mask:
    mask = np.zeros(v.VOCAB_SIZE, np.bool_)
    mask[first : first + count] = True
    return mask


@lru_cache(maxsize=1)
def _classes() -> dict[str, Mask]:
    single = {
        "eos": v.EOS, "palette": v.PALETTE, "path": v.PATH, "move": v.MOVE, "close": v.CLOSE, "cubic": v.CUBIC,
        "smooth": v.SMOOTH, "circle": v.CIRCLE, "ellipse": v.ELLIPSE, "rect": v.RECT, "round_rect": v.ROUND_RECT,
        "line": v.LINE, "dot": v.DOT,
    }  # fmt: skip
    masks = {name: _span(first, 1) for name, first in single.items()}
    masks |= {
        "look": _span(v.FILL, 5),
        "hex": _span(v.HEX0, 16),
        "pen": _span(v.PEN0, 9),
        "arc": _span(v.ARC, 2),
        "quarter": _span(v.QUARTER, 2),
        "half": _span(v.HALF, 2),
        "length": _span(v.LENGTH0, v.LENGTHS),
        "tone": _span(v.INK, 10 + v.COLORS),
        "point": _span(v.POINT0, v.POINT_SIDE**2),
        "cell": _span(v.CELL0, v.CELLS**2),
        "sub": _span(v.SUB0, 64),
        "near": _span(v.NEAR0, v.NEAR_SIDE**2),
    }
    return masks


@lru_cache(maxsize=4096)
def _static(classes: tuple[str, ...]) -> Mask:
    masks = _classes()
    mask: Mask = np.logical_or.reduce([masks[name] for name in classes])
    mask.setflags(write=False)
    return mask


@lru_cache(maxsize=1)
def _spots() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(POINT ids' x and y in eighths, NEAR ids' dx and dy)."""
    y, x = np.divmod(np.arange(v.POINT_SIDE**2), v.POINT_SIDE)
    dy, dx = np.divmod(np.arange(v.NEAR_SIDE**2), v.NEAR_SIDE)
    return (
        np.stack([x * 4, y * 4]).astype(np.int32),
        np.stack([dx - v.NEAR_REACH, dy - v.NEAR_REACH]).astype(np.int32),
    )


def _possible(ask: _Ask, xy: npt.NDArray[np.int32]) -> Mask:
    """Which of the points (2, n) the ask does not forbid."""
    x, y = xy
    most = v.GRID - ask.room
    ok: Mask = (x >= 0) & (x <= most) & (y >= 0) & (y <= most)
    if ask.above is not None:
        ok &= (x > ask.above[0]) & (y > ask.above[1])
    if ask.apart is not None:
        ok &= (x != ask.apart[0]) & (y != ask.apart[1])
    for bx, by in ask.bad:
        ok &= (x != bx) | (y != by)
    return ok


def _mask(ask: _Ask) -> Mask:
    """The ids that answer the ask, as a fresh mask."""
    mask = _static(ask.classes).copy()
    points, nears = _spots()
    if "point" in ask.classes:
        mask[v.POINT0 : v.POINT0 + v.POINT_SIDE**2] = _possible(ask, points)
    if "near" in ask.classes and ask.origin is not None:
        mask[v.NEAR0 : v.NEAR0 + v.NEAR_SIDE**2] = _possible(ask, nears + np.array(ask.origin, np.int32)[:, None])
    if "cell" in ask.classes:
        cells = mask[v.CELL0 : v.CELL0 + v.CELLS**2].reshape(v.CELLS, v.CELLS)
        if ask.above is not None:
            cells[:, : (ask.above[0] + 1) // 8] = False
            cells[: (ask.above[1] + 1) // 8] = False
        edge = (ask.room == 0 and not (ask.apart and ask.apart[0] == v.GRID),
                ask.room == 0 and not (ask.apart and ask.apart[1] == v.GRID))  # fmt: skip
        cells[:, 24] &= edge[0]
        cells[24] &= edge[1]
        cells[24, 24] = False
    if "length" in ask.classes:
        mask[v.LENGTH0 : v.LENGTH0 + ask.least - 1] = False
        mask[v.LENGTH0 + ask.longest : v.LENGTH0 + v.LENGTHS] = False
    if "tone" in ask.classes:
        mask[v.TONE0 + ask.tones : v.TONE0 + v.COLORS] = False
    return mask


def _sub_mask(ask: _Ask, cell: Spot) -> Mask:
    """The places in a cell that the ask does not forbid, those of the half-pixel grid (POINT says them) left out."""
    mask = np.zeros(v.VOCAB_SIZE, np.bool_)
    for sy in range(8):
        for sx in range(8):
            if (sx % 4 or sy % 4) and not ask.forbids((cell[0] * 8 + sx, cell[1] * 8 + sy)):
                mask[v.SUB0 + sy * 8 + sx] = True
    return mask


def _answers(ask: _Ask, token: int) -> bool:
    """``_mask(ask)[token]``, without the mask: the quick way for what is only read."""
    if not 0 <= token < v.VOCAB_SIZE or not _static(ask.classes)[token]:
        return False
    if v.LENGTH0 <= token < v.LENGTH0 + v.LENGTHS:
        return ask.least <= token - v.LENGTH0 + 1 <= ask.longest
    if v.TONE0 <= token < v.TONE0 + v.COLORS:
        return token - v.TONE0 < ask.tones
    if v.CELL0 <= token < v.SUB0:
        y, x = divmod(token - v.CELL0, v.CELLS)
        return ask.opens((x, y))
    return token < v.POINT0 or not ask.forbids(_spot(ask, token))


def _spot(ask: _Ask, token: int) -> Spot:
    """The point that a POINT or NEAR id means."""
    if token >= v.NEAR0:
        assert ask.origin is not None
        dy, dx = divmod(token - v.NEAR0, v.NEAR_SIDE)
        return (ask.origin[0] + dx - v.NEAR_REACH, ask.origin[1] + dy - v.NEAR_REACH)
    y, x = divmod(token - v.POINT0, v.POINT_SIDE)
    return (x * 4, y * 4)


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
        self._ask: _Ask = next(self._talk)

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
            return _sub_mask(self._ask, self._cell)
        return _mask(self._ask)

    def push(self, token: int) -> None:
        """Takes one id. TokenError (with its position, counted from 0 after BOS) where it is not allowed."""
        if self._ended:
            raise TokenError(f"token {self._count}: the drawing has ended")
        if self._cell is not None:
            if not 0 <= token - v.SUB0 < 64 or not _sub_mask(self._ask, self._cell)[token]:
                raise TokenError(f"token {self._count}: {_say(token)} where a place in the pixel {self._cell} is due")
            self._count += 1
            self._send(token)
        elif not _answers(self._ask, token):
            raise TokenError(f"token {self._count}: {_say(token)} where {' or '.join(self._ask.classes)} is due")
        else:
            self._count += 1
            self._send(token)

    def _send(self, token: int) -> None:
        try:
            self._ask = self._talk.send(token)
        except StopIteration:
            self._ended = True

    # ---------------------------------------------------------------------------------------------------- the grammar

    def _left(self) -> int:
        return self.limit - self._count

    def _drawing(self) -> _Talk:
        token = yield _Ask(("palette", "look"))
        while token == v.PALETTE:
            digits = []
            for _ in range(3):
                digits.append((yield _Ask(("hex",))) - v.HEX0)
            self._colors.append("#" + "".join(f"{d:x}{d:x}" for d in digits))
            more = ("palette", "look") if len(self._colors) < v.COLORS else ("look",)
            token = yield _Ask(more)
        while token != v.EOS:
            if v.FILL <= token <= v.BOTH_EVENODD:
                yield from self._paint(token)
                token = yield _Ask(self._figures())
            token = yield from self._figure(token)

    def _figures(self) -> tuple[str, ...]:
        names = ("path", "circle", "ellipse", "rect", "round_rect")
        if self._look.fill == "none":
            names += ("line",)
            if self._look.cap != "butt":
                names += ("dot",)
        return names

    def _after(self) -> tuple[str, ...]:
        """What may follow a finished figure."""
        return ("eos",) if self._left() <= _TAIL else ("eos", "look", *self._figures())

    def _paint(self, token: int) -> _Talk:
        """A look: what is painted, in which tones, with which pen."""
        fill: tuple[str, float] = ("none", 1.0)
        stroke: tuple[str, float] = ("none", 1.0)
        look = Look(fill_rule="evenodd" if token in (v.FILL_EVENODD, v.BOTH_EVENODD) else "nonzero")
        if token != v.STROKE:
            fill = self._tone((yield _Ask(("tone",), tones=len(self._colors))))
        width, cap, join = 8, 0, 0
        if token not in (v.FILL, v.FILL_EVENODD):
            stroke = self._tone((yield _Ask(("tone",), tones=len(self._colors))))
            width = (yield _Ask(("length",), longest=64)) - v.LENGTH0 + 1
            cap, join = divmod((yield _Ask(("pen",))) - v.PEN0, 3)
        self._look = Look(
            fill=fill[0], fill_opacity=fill[1], fill_rule=look.fill_rule, stroke=stroke[0], stroke_opacity=stroke[1],
            stroke_width=width / 8 if stroke[0] != "none" else 1.0,
            cap=v.CAPS[cap] if stroke[0] != "none" else "butt",  # type: ignore[arg-type]
            join=v.JOINS[join] if stroke[0] != "none" else "miter",  # type: ignore[arg-type]
        )  # fmt: skip

    def _tone(self, token: int) -> tuple[str, float]:
        if token >= v.TONE0:
            return (self._colors[token - v.TONE0], 1.0)
        return ("currentColor", 1.0 if token == v.INK else (token - v.SOFT0 + 1) / 10)

    def _add(self, geometry: Geometry) -> None:
        self._shapes.append(Shape(geometry, self._look))

    def _at(self, ask: _Ask) -> Generator[_Ask, int, Spot]:
        """One point."""
        token = yield ask
        return (yield from self._place(ask, token))

    def _place(self, ask: _Ask, token: int) -> Generator[_Ask, int, Spot]:
        """The point that begins with this token: done, or its SUB is still to come."""
        if not v.CELL0 <= token < v.SUB0:
            return _spot(ask, token)
        y, x = divmod(token - v.CELL0, v.CELLS)
        self._cell = (x, y)
        sub = yield ask
        self._cell = None
        sy, sx = divmod(sub - v.SUB0, 8)
        return (x * 8 + sx, y * 8 + sy)

    def _figure(self, token: int) -> Generator[_Ask, int, int]:
        """One shape; returns the token that follows it."""
        if token == v.PATH:
            return (yield from self._path())
        free = ("point", "cell")
        room = 1 if token == v.RECT else 2 if token == v.ROUND_RECT else 0
        start = yield from self._at(_Ask(free, room=room))
        x, y = start[0] / 8, start[1] / 8
        if token == v.DOT:
            self._add(Path((("M", (x, y)), ("L", (round(x + _DOT, 3), y)))))
        elif token == v.CIRCLE:
            self._add(Circle(x, y, ((yield _Ask(("length",))) - v.LENGTH0 + 1) / 8))
        elif token == v.ELLIPSE:
            rx = (yield _Ask(("length",))) - v.LENGTH0 + 1
            ry = (yield _Ask(("length",))) - v.LENGTH0 + 1
            self._add(Ellipse(x, y, rx / 8, ry / 8) if rx != ry else Circle(x, y, rx / 8))
        elif token == v.LINE:
            end = yield from self._at(_Ask((*free, "near"), origin=start, bad=frozenset({start})))
            self._add(Line(x, y, end[0] / 8, end[1] / 8))
        else:
            least = (start[0] + max(0, room - 1), start[1] + max(0, room - 1))
            end = yield from self._at(_Ask((*free, "near"), origin=start, above=least))
            w, h = end[0] - start[0], end[1] - start[1]
            r = 0
            if token == v.ROUND_RECT:
                r = (yield _Ask(("length",), longest=min(w, h) // 2)) - v.LENGTH0 + 1
            self._add(Rect(x, y, w / 8, h / 8, r / 8, r / 8))
        return (yield _Ask(self._after()))

    def _path(self) -> Generator[_Ask, int, int]:
        """The sub-paths of one path; returns the token that follows."""
        out: list[Segment] = []
        filled = self._look.fill != "none"
        stroked = self._look.stroke != "none"
        while True:
            start = yield from self._at(_Ask(("point", "cell")))
            out.append(("M", (start[0] / 8, start[1] / 8)))
            token = yield from self._run(start, out, filled, stroked)
            if token == v.CLOSE or (filled and not stroked):
                out.append(("Z", ()))
            if token == v.CLOSE:
                token = yield _Ask((*self._after(), "move") if filled and self._left() > _TAIL else self._after())
            if token != v.MOVE:
                self._add(Path(tuple(out)))
                return token

    def _run(
        self, start: Spot, out: list[Segment], filled: bool, stroked: bool
    ) -> Generator[_Ask, int, int]:
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
            ask = _Ask(names, origin=pen, bad=bad)
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
    ) -> Generator[_Ask, int, tuple[Spot, Spot | None, Segment]]:
        """One cubic or arc from the pen: (its end, its second control point, the segment)."""
        turn = v.QUARTER <= token < v.QUARTER + 2
        bad = frozenset(bad)
        end = yield from self._at(
            _Ask(("point", "cell", "near"), origin=pen, bad=bad, apart=pen if turn else None)
        )
        x, y = end[0] / 8, end[1] / 8
        if token in (v.CUBIC, v.SMOOTH):
            first = pen
            if token == v.CUBIC:
                first = yield from self._at(_Ask(("near", "point", "cell"), origin=pen))
            elif control is not None:
                first = _clip((2 * pen[0] - control[0], 2 * pen[1] - control[1]))
            second = yield from self._at(_Ask(("near", "point", "cell"), origin=end))
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
        radius = (yield _Ask(("length",), least=least)) - v.LENGTH0 + 1
        return end, None, ("A", (radius / 8, radius / 8, 0.0, 0.0, sweep, x, y))


def _clip(p: Spot) -> Spot:
    return (min(max(p[0], 0), v.GRID), min(max(p[1], 0), v.GRID))


def _say(token: int) -> str:
    return repr(v.NAMES[token]) if 0 <= token < v.VOCAB_SIZE else f"{token}, which is no id of 0..{v.VOCAB_SIZE - 1},"
