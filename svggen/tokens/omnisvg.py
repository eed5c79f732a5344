"""OmniSVG's ids and back: 1.1 in its sizes 8B and 4B, and the first release (3B).

Contract. ``decode(ids, variant)`` reads ids as the released decoder does and mends what that one gets wrong: every
argument must be of its class, and what does not fit is passed over up to the next command or colour; ids that mean
nothing are skipped; what was drawn already, from the same point, is not drawn again (the loops that sampling falls
into); a drawing that was cut off is closed. It never raises for a list of whole numbers. ``encode(icon, variant)``
gives the ids of an icon: strokes become outlines (``flat.py``), the canvas 200 x 200 whole steps, colours 12 bits.
``encode(decode(ids)) == ids`` for what ``encode`` gave. Neither has BOS and EOS: see ``framed``.

The ids, with B = 152064 (8B) or 151936 (4B, 3B): commands M L C A Z at B + 3 .. B + 7, the point (x, y) at
B + 8 + 200 y + x, then colours, then the arc's scalars 0..99 (1.1 only: the first release says rotation and flags as
the x of a point). A path is its segments and one colour: M has two points (where the pen was, where it goes), L one, C
three, A a point of radii, rotation, two flags and its end, Z the point where it closes. In the first release the i-th
colour belongs to the i-th path, and a path begins at an M with two equal points; its white and its EOS are one id,
which is white where a path still lacks its colour.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from svggen.errors import TokenError
from svggen.icon.types import Icon, Look, Path, Point, Segment, Shape
from svggen.tokens.pen import Pen, shown

__all__ = ["SIDE", "VARIANTS", "Layout", "decode", "encode", "from_text", "layout", "read", "to_text"]

SIDE: Final = 200
"""Steps of the canvas in x and in y: coordinates are 0..199."""

_GREY: Final = "#808080"
_COMMANDS: Final = "MLCAZ"
_POINTS: Final = SIDE * SIDE
_SCALARS: Final = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the ids of one release lie. ``paint``: the id of "none", followed by currentColor and the 4,096 colours.
    ``greys``: ids from the last colour's up to here are read as colours too. ``scalars``: the first of 0..99, or None.
    ``rows``: how many rows the embedding table of the weights has."""

    name: str
    base: int
    paint: int
    greys: int
    scalars: int | None
    bos: int
    eos: int
    rows: int
    pad: int = 151643

    def command(self, op: str) -> int:
        return self.base + 3 + _COMMANDS.index(op)

    def point(self, x: float, y: float) -> int:
        return self.base + 8 + SIDE * int(y) + int(x)

    def colour(self, colour: str) -> int:
        """``none``, ``currentColor`` or ``#rrggbb``; of each channel the upper four bits are kept."""
        if colour in ("none", "currentColor"):
            return self.paint + (colour == "currentColor")
        return self.paint + 2 + int(colour[1] + colour[3] + colour[5], 16)


def _v11(name: str, base: int) -> Layout:
    return Layout(name, base, base + 40011, base + 44500, base + 44501, 196998, 196999, 197000)


VARIANTS: Final = {
    "omnisvg-8b": _v11("omnisvg-8b", 152064),
    "omnisvg-4b": _v11("omnisvg-4b", 151936),
    "omnisvg-3b": Layout("omnisvg-3b", 151936, 191944, 196042, None, 151643, 196041, 196042),
}
"""Name -> layout. 3B is the first release, of July 2025."""

_Token: TypeAlias = tuple[str, Point, str]
"""(class, numbers, colour): a letter of M L C A Z; "." a point; "#" a scalar (x alone); "=" a colour."""


def layout(variant: str) -> Layout:
    """By name, with or without ``omnisvg-``; raises TokenError for another."""
    name = variant.lower()
    found = VARIANTS.get(name) or VARIANTS.get(f"omnisvg-{name}")
    if found is None:
        raise TokenError(f"there is no OmniSVG variant {variant!r}: it is one of {', '.join(VARIANTS)}")
    return found


# ------------------------------------------------------------------------------------------------------------ reading


def decode(ids: Iterable[int], variant: str = "omnisvg-8b") -> Icon:
    """The icon that the ids draw, viewBox 0 0 200 200; without a shape where they draw nothing. A path of colour "none"
    is kept, and paints nothing. Raises TokenError only for what is no whole number, with its position."""
    shapes = [Shape(path, Look(fill=colour)) for path, colour in read(ids, variant)]
    return Icon((0.0, 0.0, float(SIDE), float(SIDE)), tuple(shapes))


def read(ids: Iterable[int], variant: str = "omnisvg-8b") -> list[tuple[Path, str]]:
    """The paths that the ids draw, in order, each with its colour (``none``, ``currentColor``, ``#rrggbb``)."""
    form = layout(variant)
    tokens = [t for t in (_token(n, form) for n in _whole(ids)) if t is not None]
    found = _first_release(tokens) if form.scalars is None else _by_colour(tokens)
    pen = Pen[tuple[Path, str]]()  # a path that was painted already, in a run of paths, is not painted again
    for path, colour in found:
        if path.segments:
            pen.add((path, colour), None)
    return pen.items


def _whole(ids: Iterable[int]) -> Iterator[int]:
    for at, value in enumerate(ids):
        try:
            if isinstance(value, bool):
                raise TypeError
            yield operator.index(value)
        except TypeError:
            raise TokenError(f"expected a whole number, found {shown(value)}", at) from None


def _token(n: int, form: Layout) -> _Token | None:
    at = n - form.base - 3
    if 0 <= at < 5:
        return (_COMMANDS[at], (0.0, 0.0), "")
    at -= 5
    if 0 <= at < _POINTS:
        return (".", (float(at % SIDE), float(at // SIDE)), "")
    if form.paint <= n < form.greys:
        return ("=", (0.0, 0.0), _colour(n - form.paint))
    if form.scalars is not None and 0 <= n - form.scalars < _SCALARS:
        return ("#", (float(n - form.scalars), 0.0), "")
    return None


def _colour(index: int) -> str:
    if index < 2:
        return ("none", "currentColor")[index]
    # the released decoder has two colours more than there are, and is grey for the rest
    if index < 4098:
        r, g, b = (index - 2) >> 8, (index - 2) >> 4 & 15, (index - 2) & 15
        return f"#{17 * r:02x}{17 * g:02x}{17 * b:02x}"
    return {4098: "#000000", 4099: "#000011"}.get(index, _GREY)


def _by_colour(tokens: Sequence[_Token]) -> Iterator[tuple[Path, str]]:
    """1.1: a colour ends the path; a path that the end cut off is black, and closed."""
    drawing = _Drawing()
    for op, points, colour in _commands(tokens, "." + "###" + "."):
        if op == "=":
            yield drawing.take(), colour
        else:
            drawing.step(op, points)
    yield drawing.take(closed=True), "#000000"


def _first_release(tokens: Sequence[_Token]) -> Iterator[tuple[Path, str]]:
    """3B: paths and colours counted apart; the id of white is the end where no path lacks its colour."""
    drawing = _Drawing()
    paths: list[Path] = []
    colours: list[str] = []
    begun = False
    for op, points, colour in _commands(tokens, "....."):
        if op == "=":
            if colour != "#ffffff" or len(colours) < len(paths) + begun:
                colours.append(colour)
            continue
        if op == "M" and points[0] == points[1] and begun:
            paths.append(drawing.take())
        begun = True
        drawing.step(op, points)
    cut = len(colours) <= len(paths)
    paths.append(drawing.take(closed=cut))
    colours.extend(["#000000"] * (len(paths) - len(colours)))
    return zip(paths, colours, strict=False)


def _commands(tokens: Sequence[_Token], arc: str) -> Iterator[tuple[str, list[Point], str]]:
    """(M, L, C, A or Z, its points, "") and ("=", [], colour) in order. A command whose arguments are not all there,
    each of its class, is passed over; reading goes on at what stands in their place."""
    wants = {"M": "..", "L": ".", "C": "...", "A": arc, "Z": "."}
    at = 0
    while at < len(tokens):
        op, _, colour = tokens[at]
        at += 1
        if op == "=":
            yield op, [], colour
        elif op in wants:
            given = tokens[at : at + len(wants[op])]
            fits = 0
            while fits < len(given) and given[fits][0] == wants[op][fits]:
                fits += 1
            at += fits
            if fits == len(wants[op]):
                yield op, [numbers for _, numbers, _ in given], ""


class _Drawing:
    """The path that is being read."""

    def __init__(self) -> None:
        self._pen = Pen[Segment]()
        self._path = Pen[tuple[Segment, ...]]()
        self._start: Point = (0.0, 0.0)
        self._at: Point = (0.0, 0.0)
        self._open = False

    def step(self, op: str, points: Sequence[Point]) -> None:
        end = points[-1]
        if op == "M":
            self._end_subpath()
            self._start = self._at = end
            self._open = True
            return
        if not self._open:
            return  # nothing is drawn before a move, nor after a close without one
        if op == "Z":
            if self._at != end:
                self._draw(("L", end))
            self._close()
        elif op == "L":
            self._draw(("L", end))
        elif op == "C":
            self._draw(("C", (*points[0], *points[1], *end)))
        else:
            (rx, ry), (turn, _), (large, _), (sweep, _) = points[:4]
            flags = (1.0 if large else 0.0, 1.0 if sweep else 0.0)
            self._draw(("A", (rx, ry, turn, *flags, *end)) if rx and ry else ("L", end))

    def _draw(self, segment: Segment) -> None:
        self._pen.add(segment, self._at)
        self._at = (segment[1][-2], segment[1][-1])

    def _close(self) -> None:
        if self._pen.items:
            self._pen.items.append(("Z", ()))
        self._end_subpath()

    def _end_subpath(self) -> None:
        if self._pen.items:
            self._path.add((("M", self._start), *self._pen.items), None)
        self._pen = Pen()
        self._open = False

    def take(self, closed: bool = False) -> Path:
        """The path up to here; a new one begins. ``closed``: its last sub-path was cut off, and is closed where that
        makes a difference to its line."""
        if closed and self._open and (len(self._pen.items) > 1 or any(op == "C" for op, _ in self._pen.items)):
            self._close()
        self._end_subpath()
        path = Path(tuple([s for sub in self._path.items for s in sub]))
        self._path = Pen()
        self._at = (0.0, 0.0)
        return path


# ------------------------------------------------------------------------------------------------------------ writing


def encode(icon: Icon, variant: str = "omnisvg-8b", *, framed: bool = False) -> list[int]:
    """The ids of an icon. ``framed``: with BOS before and EOS after, as a training sequence has them. Raises TokenError
    where nothing of the icon is left on the grid, GeometryError where an area cannot be worked out."""
    from svggen.tokens.flat import fills
    from svggen.tokens.rounding import on_grid

    form = layout(variant)
    paths = Pen[tuple[list[list[Segment]], int]]()  # gradients and tones may leave one path twice
    for path, colour in fills(icon, float(SIDE)):
        subs = on_grid(path, SIDE - 1)
        if subs:
            paths.add((subs, form.colour(colour)), None)
    out = [n for subs, paint in paths.items for n in (*_path_ids(subs, form), paint)]
    if not out:
        raise TokenError(f"nothing of the icon is left on the grid of {SIDE} x {SIDE}")
    return [form.bos, *out, form.eos] if framed else out


def _path_ids(subs: list[list[Segment]], form: Layout) -> Iterator[int]:
    pen: Point | None = None
    for segments in subs:
        start: Point = (segments[0][1][0], segments[0][1][1])
        before = start if pen is None else pen
        if pen == start and form.scalars is None:  # two equal points would begin a new path: any other will do
            before = (start[0] - 1 if start[0] else 1.0, start[1])
        yield from (form.command("M"), form.point(*before), form.point(*start))
        for op, v in segments[1:]:
            yield form.command(op)
            if op == "A":
                yield from _arc_ids(v, form)
            else:
                yield from [form.point(v[i], v[i + 1]) for i in range(0, len(v), 2)]
        yield form.point(*start)  # of the Z that ends every sub-path
        pen = start


def _arc_ids(v: tuple[float, ...], form: Layout) -> Iterator[int]:
    yield form.point(v[0], v[1])
    for value in v[2:5]:
        yield form.point(value, value) if form.scalars is None else form.scalars + int(value)
    yield form.point(v[5], v[6])


# --------------------------------------------------------------------------------------------------------------- text


def to_text(ids: Iterable[int], variant: str = "omnisvg-8b") -> list[str]:
    """One readable word an id: ``M``, ``(12,34)``, ``arc:1``, ``fill:#ff8800``, ``BOS``; ``id:7`` for what means
    nothing, or nothing that has a name of its own."""
    form = layout(variant)
    return [_word(n, form, at) for at, n in enumerate(_whole(ids))]


def _word(n: int, form: Layout, at: int) -> str:
    named = {form.eos: "EOS", form.pad: "PAD", form.bos: "BOS", form.base + 1: "MASK", form.base + 2: "EOM"}
    if n in named:
        return named[n]
    token = _token(n, form)
    if token is None:
        if abs(n) >= 10**18:
            raise TokenError(f"expected an id, found {shown(n)}", at)
        return f"id:{n}"
    op, (x, y), colour = token
    if op == "=":
        return f"fill:{colour}" if form.colour(colour) == n else f"id:{n}"
    return {".": f"({x:.0f},{y:.0f})", "#": f"arc:{x:.0f}"}.get(op, op)


def from_text(words: Sequence[str], variant: str = "omnisvg-8b") -> list[int]:
    """The ids of readable words; raises TokenError (position, what was expected) for a word that is none."""
    form = layout(variant)
    return [_id(word, form, at) for at, word in enumerate(words)]


def _id(word: object, form: Layout, at: int) -> int:
    named = {"EOS": form.eos, "PAD": form.pad, "BOS": form.bos, "MASK": form.base + 1, "EOM": form.base + 2}
    if isinstance(word, str) and len(word) < 40:
        if word in named:
            return named[word]
        if word in tuple(_COMMANDS):
            return form.command(word)
        found = _number_word(word, form)
        if found is not None:
            return found
    raise TokenError(f"expected a word such as M, (12,34), arc:1 or fill:#ff8800, found {shown(word)}", at)


def _number_word(word: str, form: Layout) -> int | None:
    kind, _, value = word.partition(":")
    if kind == "fill" and (value in ("none", "currentColor") or _is_hex(value)):
        return form.colour(value)
    try:
        if kind == "id":
            return int(value)
        if kind == "arc" and form.scalars is not None and 0 <= int(value) < _SCALARS:
            return form.scalars + int(value)
        x, y = [int(v) for v in word.removeprefix("(").removesuffix(")").split(",")]
    except ValueError:
        return None
    return form.point(x, y) if 0 <= x < SIDE and 0 <= y < SIDE else None


def _is_hex(value: str) -> bool:
    return len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdef" for c in value[1:])
