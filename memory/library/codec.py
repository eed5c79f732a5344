"""Icons as bytes: small, exact, quick to read.

Contract. ``encode(icon, looks)`` writes a canonical icon on a 24 x 24 canvas; ``decode`` gives the equal icon back.
Coordinates are whole numbers of 1/100 unit (1/1000 where the icon says so), arc radii of 1/1000; everything about paint
is an index into ``looks``, a table shared by the whole library. Damaged bytes raise ``LibraryError``; nothing but
dataclasses of numbers and colours can come out.

An icon is two streams, which compress better apart than mixed:
  ops    scale; number of shapes; for each shape: [CLIP kind n shape...] geometry, look; a path is its commands and END
  nums   zigzag varints, path coordinates relative to the pen
A block joins 32 icons: the lengths of their streams, all ops, all nums; compressed as one raw LZMA2 stream.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from memory.errors import LibraryError
from svggen.icon import (
    Circle,
    Clip,
    Ellipse,
    Geometry,
    Icon,
    Line,
    LinearGradient,
    Look,
    Paint,
    Path,
    Polygon,
    Polyline,
    RadialGradient,
    Rect,
    Segment,
    Shape,
    Stop,
)

__all__ = ["BLOCK", "Looks", "NotExact", "decode", "decode_block", "encode", "encode_block", "read_looks"]

BLOCK: Final = 32
"""Icons of a block: reading one decompresses about 10 kB, which takes 0.2 ms."""
CANVAS: Final = (0.0, 0.0, 24.0, 24.0)
_PRESET: Final = 9 | lzma.PRESET_EXTREME
_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": _PRESET, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 0}]
_M, _L, _H, _V, _C, _S, _A, _ROUND, _Z, _END = 0, 1, 2, 3, 4, 5, 6, 10, 14, 15
_PATH, _CIRCLE, _ELLIPSE, _RECT, _ROUNDED, _RECT2, _LINE, _POLYLINE, _POLYGON, _CLIP = range(16, 26)


class NotExact(ValueError):
    """The icon has a number that the scale cannot hold; the builder tries the finer scale, then drops the icon."""


class Looks:
    """The table of looks while it is being built; ``index`` adds what is new."""

    def __init__(self) -> None:
        self._known: dict[Look, int] = {}

    def index(self, look: Look) -> int:
        return self._known.setdefault(look, len(self._known))

    def to_bytes(self) -> bytes:
        rows = [
            [_paint_row(look.fill), look.fill_opacity, look.fill_rule, _paint_row(look.stroke), look.stroke_width,
             look.stroke_opacity, look.cap, look.join, look.miter_limit, look.dash, look.dash_offset, look.opacity]
            for look in self._known
        ]  # fmt: skip
        return json.dumps(rows, separators=(",", ":")).encode()


def read_looks(data: bytes) -> list[Look]:
    """The table that ``Looks.to_bytes`` wrote."""
    looks = []
    for row in json.loads(data):
        fill, fill_opacity, rule, stroke, width, stroke_opacity, cap, join, miter, dash, offset, opacity = row
        ends = (width, stroke_opacity, cap, join, miter, tuple(dash), offset, opacity)
        looks.append(Look(_paint(fill), fill_opacity, rule, _paint(stroke), *ends))
    return looks


def _paint_row(paint: Paint) -> Any:
    if isinstance(paint, str):
        return paint
    stops = [[s.offset, s.color, s.opacity] for s in paint.stops]
    if isinstance(paint, LinearGradient):
        return [[paint.x1, paint.y1, paint.x2, paint.y2], stops, paint.spread, paint.transform]
    return [[paint.cx, paint.cy, paint.r, paint.fx, paint.fy], stops, paint.spread, paint.transform]


def _paint(row: Any) -> Paint:
    if isinstance(row, str):
        return row
    numbers, stops, spread, transform = row
    kind: Callable[..., Paint] = LinearGradient if len(numbers) == 4 else RadialGradient
    return kind(*numbers, tuple(Stop(*stop) for stop in stops), spread, tuple(transform) if transform else None)


# ---------------------------------------------------------------------------------------------------------------- write


class _Writer:
    def __init__(self, looks: Looks, scale: int) -> None:
        self.looks = looks
        self.scale = scale
        self.ops = bytearray()
        self.nums = bytearray()

    def whole(self, value: float, scale: int) -> int:
        n = round(value * scale)
        if n / scale != value:
            raise NotExact(f"{value!r} at 1/{scale}")
        return n

    def put(self, n: int) -> None:
        _varint(self.nums, n << 1 if n >= 0 else (-n << 1) - 1)

    def values(self, *values: float) -> None:
        for value in values:
            self.put(self.whole(value, self.scale))

    def shapes(self, shapes: Sequence[Shape]) -> None:
        _varint(self.ops, len(shapes))
        for shape in shapes:
            if shape.clip is not None:
                self.ops.append(_CLIP)
                self.ops.append(shape.clip.kind == "mask")
                self.shapes(shape.clip.shapes)
            self.geometry(shape.geometry)
            _varint(self.ops, self.looks.index(shape.look))

    def geometry(self, g: Geometry) -> None:
        match g:
            case Path():
                self.ops.append(_PATH)
                self.path(g.segments)
                self.ops.append(_END)
            case Circle():
                self.ops.append(_CIRCLE)
                self.values(g.cx, g.cy, g.r)
            case Ellipse():
                self.ops.append(_ELLIPSE)
                self.values(g.cx, g.cy, g.rx, g.ry)
            case Rect():
                radii = () if g.rx == g.ry == 0 else (g.rx,) if g.rx == g.ry else (g.rx, g.ry)
                self.ops.append(_RECT + len(radii))
                self.values(g.x, g.y, g.width, g.height, *radii)
            case Line():
                self.ops.append(_LINE)
                self.values(g.x1, g.y1, g.x2, g.y2)
            case Polyline() | Polygon():
                self.ops.append(_POLYLINE if isinstance(g, Polyline) else _POLYGON)
                _varint(self.ops, len(g.points))
                for point in g.points:
                    self.values(*point)

    def path(self, segments: Sequence[Segment]) -> None:
        x = y = start_x = start_y = 0  # the pen, in steps
        mirror: tuple[int, int] | None = None
        for command, args in segments:
            if command == "Z":
                self.ops.append(_Z)
                x, y, mirror = start_x, start_y, None
                continue
            end_x, end_y = self.whole(args[-2], self.scale), self.whole(args[-1], self.scale)
            mirrored = None
            if command == "C":
                a, b, c, d = (self.whole(v, self.scale) for v in args[:4])
                if (a, b) == (mirror or (x, y)):
                    self.ops.append(_S)
                else:
                    self.ops.append(_C)
                    self.put(a - x)
                    self.put(b - y)
                self.put(c - end_x)
                self.put(d - end_y)
                mirrored = (2 * end_x - c, 2 * end_y - d)
            elif command == "A":
                self.arc(args)
            elif command == "L" and (end_x == x or end_y == y):
                self.ops.append(_V if end_x == x else _H)
                self.put(end_y - y if end_x == x else end_x - x)
                x, y, mirror = end_x, end_y, None
                continue
            else:
                self.ops.append(_L if command == "L" else _M)
            self.put(end_x - x)
            self.put(end_y - y)
            if command == "M":
                start_x, start_y = end_x, end_y
            x, y, mirror = end_x, end_y, mirrored

    def arc(self, args: tuple[float, ...]) -> None:
        rx, ry, rotation, large, sweep = args[:5]
        flags = 2 * int(large) + int(sweep)
        if rx == ry and rotation == 0:
            self.ops.append(_ROUND + flags)
            self.put(self.whole(rx, 1000))
        else:
            self.ops.append(_A + flags)
            for value in (rx, ry, rotation):
                self.put(self.whole(value, 1000))


def encode(icon: Icon, looks: Looks) -> tuple[bytes, bytes]:
    """(ops, nums) of a canonical icon; raises NotExact where neither scale can hold it."""
    if icon.viewbox != CANVAS:
        raise NotExact(f"viewBox {icon.viewbox}")
    for scale in (100, 1000):
        writer = _Writer(looks, scale)
        writer.ops.append(scale == 1000)
        try:
            writer.shapes(icon.shapes)
        except NotExact:
            if scale == 1000:
                raise
            continue
        break
    return bytes(writer.ops), bytes(writer.nums)


def encode_block(icons: Sequence[tuple[bytes, bytes]]) -> bytes:
    """At most BLOCK icons as one compressed block."""
    head = bytearray()
    _varint(head, len(icons))
    for ops, nums in icons:
        _varint(head, len(ops))
        _varint(head, len(nums))
    raw = bytes(head) + b"".join(ops for ops, _ in icons) + b"".join(nums for _, nums in icons)
    return lzma.compress(raw, format=lzma.FORMAT_RAW, filters=_FILTERS)


def _varint(out: bytearray, n: int) -> None:
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)


# ----------------------------------------------------------------------------------------------------------------- read


class Packed(NamedTuple):
    """One icon's streams, not yet read."""

    ops: bytes
    nums: bytes


def decode_block(data: bytes) -> list[Packed]:
    """The icons of a block; raises LibraryError where it is damaged."""
    try:
        raw = lzma.decompress(data, format=lzma.FORMAT_RAW, filters=_FILTERS)
        head = _Reader(raw, b"", [])
        sizes = [(head.count(), head.count()) for _ in range(head.count())]
    except (lzma.LZMAError, IndexError, EOFError) as error:
        raise LibraryError(f"a block of the icon library is damaged: {error}") from error
    at = head.at
    middle = at + sum(ops for ops, _ in sizes)
    out = []
    for ops, nums in sizes:
        out.append(Packed(raw[at : at + ops], raw[middle : middle + nums]))
        at += ops
        middle += nums
    return out


def decode(packed: Packed, looks: Sequence[Look]) -> Icon:
    """The icon; raises LibraryError where its bytes are damaged."""
    try:
        reader = _Reader(packed.ops, packed.nums, looks)
        reader.step = 1000 if reader.count() else 100
        return Icon(CANVAS, reader.shapes())
    except (IndexError, ValueError) as error:
        raise LibraryError(f"an icon of the library is damaged: {error}") from error


class _Reader:
    def __init__(self, ops: bytes, nums: bytes, looks: Sequence[Look]) -> None:
        self.ops = ops
        self.looks = looks
        self.at = 0
        self.step = 100
        self.numbers = _numbers(nums)
        self.next = 0

    def count(self) -> int:
        n = shift = 0
        while True:
            byte = self.ops[self.at]
            self.at += 1
            n |= (byte & 127) << shift
            if byte < 128:
                return n
            shift += 7

    def values(self, n: int) -> list[float]:
        start = self.next
        self.next += n
        taken = self.numbers[start : self.next]
        if len(taken) < n:
            raise IndexError("too few numbers")
        return [v / self.step for v in taken]

    def shapes(self) -> tuple[Shape, ...]:
        out = []
        for _ in range(self.count()):
            tag = self.count()
            clip = None
            if tag == _CLIP:
                kind = self.count()
                clip = Clip(self.shapes(), "mask" if kind else "clip")
                tag = self.count()
            geometry = self.geometry(tag)
            out.append(Shape(geometry, self.looks[self.count()], clip))
        return tuple(out)

    def geometry(self, tag: int) -> Geometry:
        if tag == _PATH:
            return Path(self.path())
        if tag == _CIRCLE:
            return Circle(*self.values(3))
        if tag == _ELLIPSE:
            return Ellipse(*self.values(4))
        if tag in (_RECT, _ROUNDED, _RECT2):
            x, y, width, height, *radii = self.values(4 + tag - _RECT)
            return Rect(x, y, width, height, radii[0] if radii else 0.0, radii[-1] if radii else 0.0)
        if tag == _LINE:
            return Line(*self.values(4))
        if tag in (_POLYLINE, _POLYGON):
            flat = self.values(2 * self.count())
            points = tuple(zip(flat[::2], flat[1::2], strict=True))
            return Polyline(points) if tag == _POLYLINE else Polygon(points)
        raise ValueError(f"geometry {tag}")

    def path(self) -> tuple[Segment, ...]:
        out: list[Segment] = []
        ops, numbers, step = self.ops, self.numbers, self.step
        at, i = self.at, self.next
        x = y = start_x = start_y = mirror_x = mirror_y = 0
        while (op := ops[at]) != _END:
            at += 1
            if op == _Z:
                out.append(("Z", ()))
                x, y = start_x, start_y
            elif op == _C or op == _S:
                if op == _C:
                    a, b = x + numbers[i], y + numbers[i + 1]
                    i += 2
                else:
                    a, b = mirror_x, mirror_y
                c, d = numbers[i], numbers[i + 1]
                x += numbers[i + 2]
                y += numbers[i + 3]
                i += 4
                out.append(("C", (a / step, b / step, (x + c) / step, (y + d) / step, x / step, y / step)))
                mirror_x, mirror_y = x - c, y - d
                continue
            elif op >= _A:
                flags = (op - _A) % 4
                if op >= _ROUND:
                    rx = ry = numbers[i] / 1000
                    rotation = 0.0
                    i += 1
                else:
                    rx, ry, rotation = numbers[i] / 1000, numbers[i + 1] / 1000, numbers[i + 2] / 1000
                    i += 3
                x += numbers[i]
                y += numbers[i + 1]
                i += 2
                out.append(("A", (rx, ry, rotation, float(flags >> 1), float(flags & 1), x / step, y / step)))
            else:
                if op != _V:
                    x += numbers[i]
                    i += 1
                if op != _H:
                    y += numbers[i]
                    i += 1
                if op == _M:
                    start_x, start_y = x, y
                out.append(("M" if op == _M else "L", (x / step, y / step)))
            mirror_x, mirror_y = x, y
        self.at, self.next = at + 1, i
        return tuple(out)


def _numbers(data: bytes) -> list[int]:
    """Every zigzag varint of the stream."""
    out = []
    n = shift = 0
    for byte in data:
        n |= (byte & 127) << shift
        if byte > 127:
            shift += 7
        else:
            out.append(-(n + 1 >> 1) if n & 1 else n >> 1)
            n = shift = 0
    return out
