"""HiVG's drawing tokens as text, both ways: what HiVG-3B writes, and icons in its form.

Contract. ``svg_text(text)`` turns the token text of a model's answer into SVG text, which is still to be read by
``svggen.icon.parse``; it never raises for what a model wrote but for a text without ``<svg>``. ``decode(text)`` is both
steps; ``encode(icon, canvas)`` writes an icon, every point within half a unit of the canvas. It writes arcs as curves:
a radius that is rounded as well moves the middle of an arc by many units.

The form, as the published code and paper describe it:

    <svg>viewBox=0 0 224 224<path>fill=#ff8800 opacity=.5<cmd_M><P_100><P_20><cmd_l><d_5><d_-3><cmd_z></path></svg>

Tags are tokens, attributes stand between them as plain text, without quotes. A path begins each sub-path with ``cmd_M``
and two absolute ``<P_n>``; everything else is relative (``<d_n>``) to where the pen is, of fixed arity; arcs have their
radii and turn as plain numbers, then ``<large_0|1>`` and ``<sweep_0|1>``, then two ``<d_n>``. Polygons and polylines
have their points as ``cmd_M`` and ``cmd_l``. Canvases: 224 (n up to 234) and 784 (n up to 794).

Every argument is checked for its class: a command that lacks one is dropped, and reading goes on at the next token that
begins something. Learned segments (``<SEG_n>``) cannot be read without the table they were learned with: they are
dropped and counted. How the tags are spelled, and which canvas a checkpoint uses, is unchecked with real weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from svggen.errors import TokenError

if TYPE_CHECKING:
    from svggen.icon import Icon, Shape

__all__ = ["CANVASES", "Decoded", "decode", "encode", "svg_text"]

CANVASES: Final = {224: 234, 784: 794}
"""Side of a canvas -> the greatest coordinate that has a token."""

_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*(?:_-?[A-Za-z0-9]+)?)>")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*+)=((?:(?!\s+[A-Za-z][\w:-]*+=)[^<>])*+)")
_TEXT: Final = 2000  # characters between two tags: no attributes of an icon are longer
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_COMMANDS: Final = {
    "M": "PP", "L": "PP", "H": "P", "V": "P", "C": "PPPPPP", "S": "PPPP", "Q": "PPPP", "T": "PP", "A": "rrrlsPP",
    "m": "dd", "l": "dd", "h": "d", "v": "d", "c": "dddddd", "s": "dddd", "q": "dddd", "t": "dd", "a": "rrrlsdd",
    "Z": "", "z": "",
}  # fmt: skip
"""Command -> the classes of its arguments: P absolute, d relative, r a plain number, l and s the flags of an arc."""
_LEAVES: Final = frozenset(("rect", "circle", "ellipse", "line", "use", "stop", "image"))
_POINTS: Final = frozenset(("polygon", "polyline"))
_HOLDERS: Final = frozenset(
    "svg g defs linearGradient radialGradient clipPath mask pattern marker symbol filter".split()
)
_SILENT: Final = frozenset(("xmlns", "version", "enable-background", "text", "css"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """svg: the whole document. closed: the text ended with ``</svg>``. dropped: commands that lacked an argument, and
    tokens that belong to nothing. segments: learned segments that could not be read."""

    svg: str
    closed: bool
    dropped: int = 0
    segments: int = 0


def svg_text(text: str, canvas: int = 0) -> Decoded:
    """The last drawing of a model's answer. canvas: that of the checkpoint where the text names no viewBox; 0: the
    smallest that holds its absolute coordinates. Raises TokenError where there is no ``<svg>``."""
    start = text.rfind("<svg>")
    if start < 0:
        raise TokenError("the text holds no <svg> token")
    end = text.find("</svg>", start)
    reader = _Reader(text[start : end if end >= 0 else len(text)])
    return Decoded(reader.document(canvas), end >= 0, reader.dropped, reader.segments)


def decode(text: str, canvas: int = 0) -> Icon:
    """The icon that the token text describes; raises TokenError, or what ``svggen.icon.parse`` raises."""
    from svggen.icon import parse

    return parse(svg_text(text, canvas).svg)


# ------------------------------------------------------------------------------------------------------------- reading


class _Reader:
    """Tokens as (kind, value): tag, end, word (a token of a path) or text; one element after the other."""

    def __init__(self, text: str) -> None:
        self.dropped = self.segments = 0
        self._reach = 0
        self._tokens = list(_tokens(text))
        self._at = 0

    def document(self, canvas: int) -> str:
        out: list[str] = []
        while self._at < len(self._tokens):
            kind, value = self._tokens[self._at]
            self._at += 1
            if kind == "tag" and value == "svg":
                continue
            if kind == "tag":
                out.append(self._element(value))
            elif kind == "end" and value in _HOLDERS:
                out.append(f"</{value}>")
            elif kind == "word":
                self._stray(value)
        side = canvas or next((c for c, most in CANVASES.items() if self._reach <= most), max(CANVASES))
        head = dict(self._attributes_at(1))
        head.setdefault("viewBox", f"0 0 {side} {side}")
        return f'<svg xmlns="http://www.w3.org/2000/svg"{_written(head)}>{"".join(out)}</svg>'

    def _element(self, name: str) -> str:
        """From behind its tag to its end, or to the next tag."""
        attributes = dict(self._attributes_at(self._at))
        if name == "path":
            return f'<path d="{" ".join(self._commands())}"{_written(attributes)}/>'
        if name in _POINTS:
            return f'<{name} points="{" ".join(_points(self._commands()))}"{_written(attributes)}/>'
        if name in _LEAVES:
            return f"<{name}{_written(attributes)}/>"
        if name in _HOLDERS:
            return f"<{name}{_written(attributes)}>"
        return ""  # text, style sheets, parts of filters: nothing of an icon

    def _attributes_at(self, at: int) -> Iterator[tuple[str, str]]:
        while at < len(self._tokens) and self._tokens[at][0] == "text":
            for name, value in _ATTRIBUTE.findall(self._tokens[at][1]):
                if name not in _SILENT:
                    yield name, value.strip()
            at += 1

    def _commands(self) -> Iterator[str]:
        """The commands up to the next tag; the attributes between them were read before."""
        while self._at < len(self._tokens) and self._tokens[self._at][0] not in ("tag", "end"):
            kind, value = self._tokens[self._at]
            self._at += 1
            if kind != "word":
                continue
            letter = value.removeprefix("cmd_")
            if letter == value or letter not in _COMMANDS:
                self._stray(value)
                continue
            arguments = self._arguments(_COMMANDS[letter])
            if arguments is None:
                self.dropped += 1
            else:
                yield letter + " ".join(arguments)

    def _arguments(self, classes: str) -> list[str] | None:
        """Arguments of these classes from here on; None, and nothing taken, where there are none."""
        at = self._at
        found: list[str] = []
        plain: list[str] = []
        for wanted in classes:
            if wanted == "r":
                if not plain:
                    if at >= len(self._tokens) or self._tokens[at][0] != "text":
                        return None
                    plain = _NUMBER.findall(self._tokens[at][1])
                    if len(plain) != classes.count("r"):
                        return None
                    at += 1
                found.append(plain[len(found)])
                continue
            value = self._tokens[at][1] if at < len(self._tokens) and self._tokens[at][0] == "word" else ""
            prefix, _, number = value.partition("_")
            if prefix != {"l": "large", "s": "sweep"}.get(wanted, wanted) or not _whole(number, wanted):
                return None
            if wanted == "P":
                self._reach = max(self._reach, int(number))
            found.append(number)
            at += 1
        self._at = at
        return found

    def _stray(self, value: str) -> None:
        if value.startswith("SEG_"):
            self.segments += 1
        else:
            self.dropped += 1


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    last = 0
    for found in _TOKEN.finditer(text):
        between = text[last : found.start()]
        if between.strip():
            yield "text", between[:_TEXT]
        last = found.end()
        name = found[2]
        yield ("word" if "_" in name else "end" if found[1] else "tag"), name
    if text[last:].strip():
        yield "text", text[last : last + _TEXT]


def _whole(number: str, wanted: str) -> bool:
    if wanted in "ls":
        return number in ("0", "1")
    return bool(re.fullmatch(r"\d{1,4}" if wanted == "P" else r"-?\d{1,4}", number))


def _points(commands: Iterator[str]) -> Iterator[str]:
    """The points of a polygon, whose commands are those of a path."""
    x = y = 0
    for command in commands:
        letter, numbers = command[0], [int(n) for n in command[1:].split()] if command[0] in "MLml" else []
        if len(numbers) == 2:
            x, y = (numbers[0], numbers[1]) if letter in "ML" else (x + numbers[0], y + numbers[1])
            yield f"{x},{y}"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


# ------------------------------------------------------------------------------------------------------------- writing


def encode(icon: Icon, canvas: int = 224) -> str:
    """The icon as token text. Raises TokenError for a canvas that is none of ``CANVASES``, and for gradients, clips and
    masks, which this writes no tokens for."""
    from svggen.geometry import fit_canvas
    from svggen.icon import canonical

    if canvas not in CANVASES:
        raise TokenError(f"a canvas of {canvas}; known: {', '.join(map(str, CANVASES))}")
    fitted = canonical(fit_canvas(icon, float(canvas)))
    shapes = "".join(_shape(shape, CANVASES[canvas]) for shape in fitted.shapes)
    return f"<svg>viewBox=0 0 {canvas} {canvas}{shapes}</svg>"


def _shape(shape: Shape, most: int) -> str:
    from svggen.geometry import to_path

    look = shape.look
    if shape.clip is not None or not isinstance(look.fill, str) or not isinstance(look.stroke, str):
        raise TokenError("gradients, clips and masks have no tokens here")
    said = {"fill": look.fill, "fill-opacity": look.fill_opacity, "fill-rule": look.fill_rule, "opacity": look.opacity}
    if look.stroke != "none":
        said |= {
            "stroke": look.stroke, "stroke-width": look.stroke_width, "stroke-linecap": look.cap,
            "stroke-linejoin": look.join, "stroke-opacity": look.stroke_opacity,
        }  # fmt: skip
    plain = {"fill-opacity": 1.0, "fill-rule": "nonzero", "opacity": 1.0, "stroke-opacity": 1.0}
    written = [f"{k}={v:g}" if isinstance(v, float) else f"{k}={v}" for k, v in said.items() if plain.get(k) != v]
    commands = "".join(_pen(to_path(shape.geometry).segments, most))
    return f"<path>{' '.join(written)}{commands}</path>"


def _pen(segments: tuple[tuple[str, tuple[float, ...]], ...], most: int) -> Iterator[str]:
    """Tokens of a path; the pen stands where the tokens before have left it, so that rounding does not add up."""
    x = y = sx = sy = 0
    for op, values in _without_arcs(segments):
        if op == "Z":
            yield "<cmd_z>"
            x, y = sx, sy
        elif op == "M":
            x, y = sx, sy = (max(0, min(most, round(values[0]))), max(0, min(most, round(values[1]))))
            yield f"<cmd_M><P_{x}><P_{y}>"
        else:
            offsets = [max(-most, min(most, round(v - (y if i % 2 else x)))) for i, v in enumerate(values)]
            yield f"<cmd_{op.lower()}>" + "".join(f"<d_{v}>" for v in offsets)
            x, y = x + offsets[-2], y + offsets[-1]


def _without_arcs(segments: tuple[tuple[str, tuple[float, ...]], ...]) -> Iterator[tuple[str, tuple[float, ...]]]:
    from svggen.geometry import arc_to_cubics

    at: tuple[float, float] = (0.0, 0.0)
    start = at
    for op, values in segments:
        if op == "A":
            yield from arc_to_cubics(at, values)
        else:
            yield op, values
        if op == "Z":
            at = start
        else:
            at = (values[-2], values[-1])
            start = at if op == "M" else start
