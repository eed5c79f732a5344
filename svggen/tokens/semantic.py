"""LLM4SVG's semantic tokens and back: SVG as 58 words of its own and plain text for numbers, colours and names.

Contract. A drawing is a list of tokens: one of the 58 words, written ``<|name|>`` (``[<|name|>]`` is read too), or a
piece of plain text. It begins with ``<|START_OF_SVG|>``; then come elements, each its word, then attributes, each its
word and its value; a path's data are command words and their numbers; it ends with ``<|END_OF_SVG|>``. The canvas is
128 x 128, numbers are hundredths, colours hex. ``tokens(icon)`` writes and ``read(tokens)`` reads such a list; only
relative commands have words, and absolute ones are read as the letters that they are. What is read goes through
``svggen.safety``, as every SVG. What is not a drawing is ``TokenError``, with the position of the token.

Numbers as words. ``tokens(icon, whole=True)`` rounds lengths to whole units and writes each of ``NUMBERS`` as a word of
its own, ``<|12|>``: one id for a number, where a model has learned ids for them. ``read`` takes them in any place of a
number.

What has no word is brought near: gradients are their first stop, clips and even-odd fills plain areas, dashed lines the
area of their dashes; joins are mitred, since there is no word for another.

Ids. The base model's tokenizer decides what id a piece of text has, so that there are none to agree with. Ours: 0..57
the words, in the order of ``NAMES``; 58 + b the byte b of text in UTF-8, with a space between two pieces of text.

    semantic_words.py   the words             semantic_writer.py  Icon -> tokens
    semantic_reader.py  tokens -> SVG text -> Icon
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from svggen.errors import TokenError
from svggen.tokens.pen import shown
from svggen.tokens.semantic_words import ATTRIBUTES, COMMANDS, NAMES, NUMBERS, SIDE, Piece, number_word, word

if TYPE_CHECKING:
    from svggen.icon.types import Icon

__all__ = [
    "ATTRIBUTES",
    "COMMANDS",
    "NAMES",
    "NUMBERS",
    "SIDE",
    "VOCAB_SIZE",
    "Piece",
    "decode",
    "encode",
    "from_text",
    "join",
    "number_word",
    "pieces",
    "read",
    "to_text",
    "tokens",
    "word",
]

VOCAB_SIZE: Final = len(NAMES) + 256

_IDS: Final = {name: number for number, name in enumerate(NAMES)} | {"id": NAMES.index("tag_id")}
_BYTES: Final = len(NAMES)
_WORD = re.compile(r"\[?<\|([^|<>]{0,64})\|>\]?")
_NUMBER = re.compile(r"-?[0-9]{1,3}", re.ASCII)
_SPACE = re.compile(r"[\s,]+", re.ASCII)


# -------------------------------------------------------------------------------------------------------------- lists


def tokens(icon: Icon, *, whole: bool = False) -> list[str]:
    """The drawing as tokens, in hundredths, or (``whole``) in whole units and with words for numbers. Raises TokenError
    where rounding leaves nothing of it, GeometryError where an area cannot be worked out."""
    from svggen.tokens.semantic_writer import write

    written = write(icon, whole=whole)
    if len(written) < 3:
        step = "whole units" if whole else "hundredths"
        raise TokenError(f"nothing of the icon is left on a canvas of {SIDE:g} x {SIDE:g} in {step}")
    return written


def read(given: Iterable[str]) -> Icon:
    """The icon that the tokens draw, canonical, viewBox 0 0 128 128. A token may also hold several: the whole text of a
    model's answer is a list of one. Raises TokenError."""
    from svggen.tokens.semantic_reader import read_pieces

    return read_pieces(list(pieces(given)))


def join(given: Sequence[str]) -> str:
    """The tokens as the text that a language model is given: a space between pieces of text, none about words."""
    out: list[str] = []
    for before, token in zip(["<|", *given], given, strict=False):
        if not _WORD.fullmatch(token) and not _WORD.fullmatch(before) and out:
            out.append(" ")
        out.append(token)
    return "".join(out)


def pieces(given: Iterable[str]) -> Iterator[Piece]:
    """The tokens, told apart; raises TokenError for what is no text and for a word that is not one of the 58."""
    for at, token in enumerate(given):
        if not isinstance(token, str):
            raise TokenError(f"expected text, found {shown(token)}", at)
        yield from _split(token, at)


def _split(token: str, at: int) -> Iterator[Piece]:
    end = 0
    for match in _WORD.finditer(token):
        yield from _plain(token[end : match.start()], at)
        name = "tag_id" if match[1] == "id" else match[1]
        if _NUMBER.fullmatch(name) and int(name) in NUMBERS:
            yield Piece(at, None, name)
            end = match.end()
            continue
        if name not in _IDS:
            raise TokenError(f"expected one of the 58 words, found {match[0]!r}", at)
        yield Piece(at, name, match[0])
        end = match.end()
    yield from _plain(token[end:], at)


def _plain(text: str, at: int) -> Iterator[Piece]:
    for part in _SPACE.split(text):
        if part:
            yield Piece(at, None, part)


# ---------------------------------------------------------------------------------------------------------------- ids


def encode(icon: Icon) -> list[int]:
    """The ids of ``tokens(icon)``."""
    return from_text(tokens(icon))


def decode(ids: Iterable[int]) -> Icon:
    """As ``read``; positions of errors are indexes of ids."""
    from svggen.tokens.semantic_reader import read_pieces

    return read_pieces(list(_pieces_of_ids(ids)))


def from_text(given: Sequence[str]) -> list[int]:
    """The ids of tokens. Raises TokenError for what is no token; whether they draw anything is not asked."""
    out: list[int] = []
    plain = False
    for piece in pieces(given):
        if piece.name is not None:
            out.append(_IDS[piece.name])
        else:
            try:
                coded = piece.text.encode()
            except UnicodeEncodeError:
                raise TokenError(f"expected text, found lone surrogates in {piece.text[:40]!r}", piece.at) from None
            out.extend([_BYTES + b for b in (b" " + coded if plain else coded)])
        plain = piece.name is None
    return out


def to_text(ids: Iterable[int]) -> list[str]:
    """The tokens of ids; raises TokenError for what is no id."""
    return [piece.text if piece.name is None else word(piece.name) for piece in _pieces_of_ids(ids)]


def _pieces_of_ids(ids: Iterable[int]) -> Iterator[Piece]:
    run = bytearray()
    at = -1
    for at, number in enumerate(ids):
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < VOCAB_SIZE:
            raise TokenError(f"expected an id of 0..{VOCAB_SIZE - 1}, found {shown(number)}", at)
        if number >= _BYTES:
            run.append(number - _BYTES)
            continue
        yield from _text_of(run, at)
        yield Piece(at, NAMES[number], "")
    yield from _text_of(run, at + 1)


def _text_of(run: bytearray, end: int) -> Iterator[Piece]:
    """The pieces of text that the bytes spell, which end before ``end``; empties ``run``."""
    start, raw = end - len(run), bytes(run)
    run.clear()
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise TokenError("expected UTF-8, found bytes that are none", start + error.start) from None
    for match in re.finditer(rb"[^\s,]+", raw):
        yield Piece(start + match.start(), None, match[0].decode())
