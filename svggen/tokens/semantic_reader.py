"""The semantic tokens of LLM4SVG -> SVG text -> Icon (``semantic.py`` says what they are).

Contract. Each value is checked against what its attribute may hold before it is written into SVG text, and the text
goes through ``svggen.icon.parse`` like any other. A mistake is ``TokenError`` with its position and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from svggen.errors import SvgGenError, TokenError
from svggen.icon import Icon, parse
from svggen.tokens.semantic_words import ATTRIBUTES, COMMANDS, Piece, word

__all__ = ["read_pieces"]

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,12}\.?[0-9]{0,12}|\.[0-9]{1,12})(?:[eE][-+]?[0-9]{1,3})?")
_LENGTH = re.compile(_NUMBER.pattern + r"(?:px|%)?")
_ID = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
_TRANSFORM = re.compile(r"(?:[A-Za-z]{1,12}\s*\([-+0-9.eE ]*\)\s*)+")
_LETTERS: Final = frozenset("MmLlHhVvCcSsQqTtAaZz")
_ARITY: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_WORDS: Final = {"stroke-linecap": ("butt", "round", "square"), "font-style": ("normal", "italic", "oblique")}
_TEXT: Final = ("font-family", "text-content")
_GRADIENTS: Final = ("svg_linearGradient", "svg_radialGradient")
_END: Final = Piece(-1, "", "the end")


def read_pieces(pieces: Sequence[Piece]) -> Icon:
    """The icon; raises TokenError."""
    text = _Reader(pieces).svg()
    try:
        return parse(text)
    except SvgGenError as error:
        raise TokenError(f"the drawing cannot be used: {error}") from error


class _Reader:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._next = 0
        self._groups = 0
        self._gradient = ""  # the element that takes stops, while it is open
        self._out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128">']

    # ----------------------------------------------------------------------------------------------------- the pieces

    @property
    def _piece(self) -> Piece:
        return self._pieces[self._next] if self._next < len(self._pieces) else _END

    def _take(self) -> Piece:
        piece = self._piece
        self._next += 1
        return piece

    def _wrong(self, expected: str, piece: Piece) -> TokenError:
        at = piece.at if piece is not _END else (self._pieces[-1].at + 1 if self._pieces else 0)
        found = word(piece.name) if piece.name else repr(piece.text[:40]) if piece is not _END else "the end"
        return TokenError(f"expected {expected}, found {found}", at)

    def _values(self) -> list[Piece]:
        """The text up to the next word."""
        start = self._next
        while self._piece.name is None:
            self._next += 1
        return list(self._pieces[start : self._next])

    # ------------------------------------------------------------------------------------------------------ elements

    def svg(self) -> str:
        first = self._take()
        if first.name != "START_OF_SVG":
            raise self._wrong(word("START_OF_SVG"), first)
        while True:
            piece = self._take()
            name = piece.name
            if name == "END_OF_SVG" and not self._groups:
                break
            if name == "start_of_g":
                self._group()
            elif name == "end_of_g" and self._groups:
                self._close_gradient()
                self._groups -= 1
                self._out.append("</g>")
            elif name is not None and name.startswith("svg_"):
                self._element(piece)
            else:
                close = word("end_of_g" if self._groups else "END_OF_SVG")
                raise self._wrong(f"an element or {close}", piece)
        self._close_gradient()
        if self._next < len(self._pieces):
            raise self._wrong(f"nothing after {word('END_OF_SVG')}", self._piece)
        return "".join([*self._out, "</svg>"])

    def _group(self) -> None:
        self._close_gradient()
        self._groups += 1
        self._values()  # attributes of a group that were left as text stand on its elements too
        self._out.append(f"<g{self._attributes('g')}>")

    def _element(self, piece: Piece) -> None:
        name = piece.name or ""
        if name == "svg_stop":
            if not self._gradient:
                raise self._wrong("a gradient before its stops", piece)
        else:
            self._close_gradient()
        tag = name.removeprefix("svg_")
        opened = f"<{tag}{self._attributes(tag)}"
        if name in _GRADIENTS:
            self._gradient = tag
            self._out.append(opened + ">")
        else:
            self._out.append(opened + "/>")

    def _close_gradient(self) -> None:
        if self._gradient:
            self._out.append(f"</{self._gradient}>")
            self._gradient = ""

    def _attributes(self, tag: str) -> str:
        found: dict[str, str] = {}
        while self._piece.name in ATTRIBUTES:
            piece = self._take()
            name = piece.name or ""
            if name == "path_d" and tag != "path":
                raise self._wrong(f"an attribute of a {tag}", piece)
            value = self._path_data() if name == "path_d" else self._value(name)
            key = _written(name, tag)
            if key in found:
                raise self._wrong(f"{word(name)} once", piece)
            if name not in _TEXT:  # letters are not drawn
                found[key] = value
        return "".join([f" {key}={quoteattr(value)}" for key, value in found.items()])

    # -------------------------------------------------------------------------------------------------------- values

    def _value(self, name: str) -> str:
        values = self._values()
        text = " ".join([v.text for v in values])
        first = values[0] if values else self._piece
        if name in _TEXT:
            return ""
        if not values:
            raise self._wrong(f"a value for {word(name)}", first)
        if name == "points":
            return self._points(values)
        kind, fits = self._kind(name, text)
        if not fits:
            raise self._wrong(f"{kind} for {word(name)}", first)
        if len(values) > 1 and name not in ("fill", "stroke", "transform", "gradientTransform"):
            raise self._wrong(f"one value for {word(name)}", values[1])
        return text

    def _kind(self, name: str, text: str) -> tuple[str, bool]:
        """What the attribute may hold, and whether the text is that."""
        if name in ("fill", "stroke"):
            from svggen.safety import parse_colour

            local = text.startswith("url(#") and text.endswith(")") and _ID.fullmatch(text[5:-1]) is not None
            return "a colour", local or parse_colour(text) is not None
        if name in _WORDS:
            return " or ".join(_WORDS[name]), text in _WORDS[name]
        if name in ("transform", "gradientTransform"):
            return "transform functions", len(text) < 4096 and _TRANSFORM.fullmatch(text) is not None
        if name == "tag_id":
            return "a name", _ID.fullmatch(text) is not None
        if name == "href":
            return "#name", text.startswith("#") and _ID.fullmatch(text[1:]) is not None
        return "a number", _LENGTH.fullmatch(text.split(" ", 1)[0]) is not None

    def _numbers(self, values: Sequence[Piece]) -> list[str]:
        for value in values:
            if not _NUMBER.fullmatch(value.text):
                raise self._wrong("a number", value)
        return [value.text for value in values]

    def _points(self, values: Sequence[Piece]) -> str:
        numbers = self._numbers(values)
        if len(numbers) < 4 or len(numbers) % 2:
            raise self._wrong("two or more points of two numbers", values[-1])
        return " ".join(numbers)

    def _path_data(self) -> str:
        out: list[str] = []
        while True:
            piece = self._piece
            letter = COMMANDS.get(piece.name or "") or _letter(piece)
            if not letter:
                if piece.name is None:
                    raise self._wrong("a path command", piece)
                break
            self._next += 1
            if not out and letter not in "mM":
                raise self._wrong(word("moveto"), piece)
            out.append(letter + " ".join(self._arguments(letter)))
        if not out:
            raise self._wrong(word("moveto"), self._piece)
        return "".join(out)

    def _arguments(self, letter: str) -> list[str]:
        start = self._next
        while self._piece.name is None and not _letter(self._piece):
            self._next += 1
        values = self._pieces[start : self._next]
        numbers = self._numbers(values)
        each = _ARITY[letter.lower()]
        if each == 0 and numbers:
            raise self._wrong("no number after the end of a path", values[0])
        if each and (not numbers or len(numbers) % each):
            raise self._wrong(f"{each} numbers each for {letter!r}", self._piece)
        if each == 7:
            for i, value in enumerate(values):
                if i % 7 in (3, 4) and value.text not in ("0", "1"):
                    raise self._wrong("a flag, 0 or 1", value)
        return numbers


def _letter(piece: Piece) -> str:
    """The command of SVG that the text is (absolute ones have no word): ``L`` or ``[L]``; "" for another text."""
    text = piece.text[1:-1] if piece.text.startswith("[") and piece.text.endswith("]") else piece.text
    return text if piece.name is None and text in _LETTERS else ""


def _written(name: str, tag: str) -> str:
    """The attribute's name in SVG."""
    if tag == "stop" and name in ("fill", "opacity"):
        return "stop-color" if name == "fill" else "stop-opacity"
    return {"tag_id": "id", "path_d": "d"}.get(name, name)
