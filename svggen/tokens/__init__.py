"""Icons as sequences of tokens, in our own representation and in those of published models.

Contract. ``get_codec(name)`` gives a ``Codec``: icons to ids and back, ids to readable words and back, with one
signature for all. Nothing is imported until a codec is asked for. Errors: ``TokenError`` (position, what was expected)
for a sequence that is no drawing, or for a name that is none of ``CODECS``.

    icon          our own ids                                   icon.py
    omnisvg-8b    OmniSVG 1.1 on Qwen2.5-VL-7B                  omnisvg.py, flat.py, rounding.py, pen.py
    omnisvg-4b    OmniSVG 1.1 on Qwen2.5-VL-3B
    omnisvg-3b    OmniSVG as first released
    llm4svg       semantic tokens of LLM4SVG, a text form       semantic.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svggen.errors import TokenError

if TYPE_CHECKING:
    from svggen.icon.types import Icon

__all__ = ["CODECS", "Codec", "get_codec"]


@dataclass(frozen=True, slots=True)
class Codec:
    """One representation. ``text_form``: its own form is a list of words, and ids are only a way to number them.
    ``encode`` raises GeometryError where an area cannot be worked out, and TokenError where nothing can be said of an
    icon; ``decode`` and ``read`` (words to icon) raise TokenError, but for OmniSVG, which mends what it reads."""

    name: str
    text_form: bool
    encode: Callable[[Icon], list[int]]
    decode: Callable[[Sequence[int]], Icon]
    to_text: Callable[[Sequence[int]], list[str]]
    from_text: Callable[[Sequence[str]], list[int]]
    read: Callable[[Sequence[str]], Icon]


def _icon() -> Codec:
    from svggen.tokens import icon

    return Codec(
        "icon", False, icon.encode, icon.decode, icon.to_text, icon.from_text, lambda w: icon.decode(icon.from_text(w))
    )


def _omnisvg(variant: str) -> Codec:
    from svggen.tokens import omnisvg as o

    return Codec(
        variant,
        False,
        lambda icon: o.encode(icon, variant),
        lambda ids: o.decode(ids, variant),
        lambda ids: o.to_text(ids, variant),
        lambda words: o.from_text(words, variant),
        lambda words: o.decode(o.from_text(words, variant), variant),
    )


def _semantic() -> Codec:
    from svggen.tokens import semantic

    return Codec("llm4svg", True, semantic.encode, semantic.decode, semantic.to_text, semantic.from_text, semantic.read)


CODECS: Final[dict[str, Callable[[], Codec]]] = {
    "icon": _icon,
    "omnisvg-8b": lambda: _omnisvg("omnisvg-8b"),
    "omnisvg-4b": lambda: _omnisvg("omnisvg-4b"),
    "omnisvg-3b": lambda: _omnisvg("omnisvg-3b"),
    "llm4svg": _semantic,
}
"""Name -> what makes the codec."""


def get_codec(name: str) -> Codec:
    """The codec of this name; raises TokenError for another."""
    if name not in CODECS:
        raise TokenError(f"there is no representation {name!r}: it is one of {', '.join(CODECS)}")
    return CODECS[name]()
