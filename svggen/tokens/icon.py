"""Our own icon tokens: icons as short sequences of discrete ids, and back.

Contract. ``encode(icon)`` gives the ids of a drawing, without BOS and with EOS at the end; ``decode(ids)`` the icon on
a 24 px canvas that they draw. On the grid of eighths the round trip is exact: ``encode(decode(ids)) == ids`` for what
``encode`` gave. Coordinates move by 1/16 px at most, and only off the grid. What the tokens cannot say is brought near:
gradients become their middle colour, colours 12 bits (at most 8 of them), opacities tenths of the ink (of a colour:
mixed with white), clips plain areas, dashes whole lines; circular and quarter-elliptic curves within 0.05 px become
arcs, others cubics.

Commands beside OmniSVG's five (M L C A Z): SMOOTH (a cubic that goes on straight), QUARTER and HALF turns, whose end
says all, and circle, ellipse, rectangle, rounded rectangle, line and dot as one thing each (as LLM4SVG's semantic
tokens). A line needs no command: a point alone draws it. What is painted, in which tone and with which pen is said when
it changes.

Errors: ``TokenError`` where ids are no drawing, or an icon draws nothing on the grid.
"""

from __future__ import annotations

from collections.abc import Sequence

from svggen.errors import TokenError
from svggen.icon.types import Icon
from svggen.tokens.encoder import encode
from svggen.tokens.grammar import Grammar
from svggen.tokens.vocabulary import BOS, EOS, NAMES, PAD, VERSION, VOCAB_SIZE

__all__ = ["VERSION", "VOCAB_SIZE", "decode", "encode", "from_text", "to_text"]


def decode(ids: Sequence[int]) -> Icon:
    """The icon that the ids draw, viewBox 0 0 24 24. A leading BOS and PAD after the end are passed over."""
    grammar = Grammar(limit=len(ids) + 64)
    for at, token in enumerate(ids):
        if isinstance(token, bool) or not isinstance(token, int):
            raise TokenError(f"{token!r} is no whole number", at)
        if (at == 0 and token == BOS) or (grammar.ended and token == PAD):
            continue
        if grammar.ended:
            raise TokenError("something follows the end of the drawing", at)
        try:
            grammar.push(token)
        except TokenError as error:  # which counts from the first token of the drawing
            raise TokenError(error.reason, at) from None
    if not grammar.ended:
        raise TokenError(f"the drawing does not end: {EOS} ('end') is missing after {len(ids)} tokens")
    return Icon((0.0, 0.0, 24.0, 24.0), grammar.shapes())


def to_text(ids: Sequence[int]) -> list[str]:
    """Each id as a readable word; raises TokenError for a number that is no id."""
    for at, token in enumerate(ids):
        if not 0 <= token < VOCAB_SIZE:
            raise TokenError(f"{token} is no id of 0..{VOCAB_SIZE - 1}", at)
    return [NAMES[token] for token in ids]


def from_text(tokens: Sequence[str]) -> list[int]:
    """The ids of readable words; raises TokenError for a word that is none."""
    ids = {name: token for token, name in enumerate(NAMES)}
    unknown = next((word for word in tokens if word not in ids), None)
    if unknown is not None:
        raise TokenError(f"{unknown!r} is no icon token; `mnemicon tokens encode` shows what they look like")
    return [ids[word] for word in tokens]
