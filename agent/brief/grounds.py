"""Does it stand in the user's own words? What a language model claims is checked against the message itself.

Contract. ``own_words`` gives the message without markup, in which files and other people's text come. ``stands_in`` is
literal, but for case and spaces. ``borne_out`` asks whether a quote of the message bears out a slot and a value: the
rules read it there, or its number, its colour or its words stand there. What no evidence is found for is not
remembered, however sure the model is: a text that talks a model into something gains nothing by it. Never raises.

The price: a preference stated in a language that the rules do not read is remembered only where a number, a colour in
hexadecimal or the thing's own name stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from agent.brief import colours, intents, numerals, statements
from agent.brief.clauses import asks_to_draw, lower_case
from agent.brief.lasting_cues import names_one_thing
from agent.brief.understand import understand_statements
from agent.wishes import contradicts, same_colour

__all__ = [
    "borne_out",
    "colours_said",
    "has_words",
    "one_off",
    "own_words",
    "says_forget",
    "stands_in",
    "without_markup",
]

READ = 2000
"""Characters of a message that a language model is given."""
STEM = 5
"""Letters by which two forms of a word are the same ("gradient", "gradients")."""
_DRAWING = re.compile(r"<(?:\?xml|!doctype|svg)\b.*?(?:</svg\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[a-z/!?][^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_LONG = re.compile(r"\S{60,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
_SPEAKS = re.compile(
    r"\b(?:is|are|isn't|aren't|makes?|looks?|feels?|gives?|gets?|goes|stays?|belongs?|fits?|suits?|means?|hurts?|never|always)\b"
)
"""Verbs by which "a gradient makes us shudder" is no description of a thing to draw."""
_NOT = re.compile(
    r"\b(?:no|not|never|nor|none|nobody|nothing|without|don't|doesn't|isn't|aren't|won't|can't|cannot|hate|hates|dislike\w*|"
    r"loathe|detest|avoid|ban|banned|ugly|awful|less|nicht|nie|kein\w*|ohne|jamais|sans|pas|nunca|sin)\b|[不别別勿]"
)
"""Words that turn a wish round."""
_SMALL = frozenset("a an and any for in of on or the to with".split())


def without_markup(text: str) -> str:
    """An SVG is left out with all that stands in it, comments likewise; of other tags what stands between them
    stays. "<3" and "2 < 3" are no tags."""
    return _TAG.sub(" ", _DRAWING.sub(" ", text)) if "<" in text else text


def own_words(text: str) -> str:
    """One line, at most ``READ`` characters, without markup and long codes (data URIs), typographic quotes plain."""
    text = unicodedata.normalize("NFKC", text[: READ * 8]).replace("’", "'").replace("‘", "'")
    text = text.replace("“", '"').replace("”", '"')
    text = _LONG.sub(" ", without_markup(text))
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())[:READ]


def stands_in(quote: str, words: str) -> bool:
    """Is ``quote`` (two letters or more) a part of ``words``, case and spaces aside?"""
    plain = own_words(quote).casefold().strip(" .,;:!\"'")
    return sum(c.isalnum() for c in plain) >= 2 and plain in words.casefold()


def one_off(quote: str) -> bool:
    """Do the rules read a wish for one drawing in it: "just this once in red", "a red bell", "draw ..."?"""
    lower = lower_case(quote)
    thing = names_one_thing(lower) and not _SPEAKS.search(lower)
    return bool(statements.ONE_OFF.search(lower)) or asks_to_draw(lower) or thing


def borne_out(quote: str, slot: str, value: Any) -> Any:
    """The value that the quote bears out for the slot, None where it bears out none. slot, value: as
    ``memory.slots.check`` gives them. Where the rules read the slot in these words, their reading is taken."""
    read = {s.slot: s.value for s in understand_statements(quote).statements}
    lower = lower_case(quote)
    if slot.startswith("style.") and _NOT.search(lower):
        return None  # "filled icons are never welcome", "not above 2 px": what is wanted is told by exclusion only
    if slot in read:
        return read[slot]
    if _contradicted(read, slot, value):
        return None
    kind, _, name = slot.partition(":")
    if slot in ("brand_color", "style.palette"):
        said = colours_said([value] if slot == "brand_color" else list(value), lower)
        return said if said is None or slot == "style.palette" else said[0]
    if kind in ("avoid", "vocabulary"):
        there = has_words(name, lower) and (kind == "avoid" or has_words(str(value), lower))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        there = _has_number(float(value), lower)
    else:
        there = has_words(slot.removeprefix("style.").replace("_", " ") if isinstance(value, bool) else value, lower)
    return value if there else None


def colours_said(values: Sequence[str], lower: str) -> list[str] | None:
    """The colours as ``lower`` (lower case) names them, or writes them in hexadecimal; None where it does not. What a
    model calls teal need not be the teal of CSS: the nearest of the same name is taken."""
    named = [c.value for c in (*colours.find(lower), *colours.find(f"in {lower}"))]
    out: list[str] = []
    for value in values:
        near = value if value in named else next((n for n in named if same_colour(n, value)), None)
        if near is None and value not in lower:
            return None
        out.append(near or value)
    return out or None


def says_forget(quote: str, slot: str) -> bool:
    """Does the quote ask to forget the slot?"""
    lower = lower_case(quote)
    asked = intents.forget(lower)
    if asked:
        return slot in asked or "*" in asked
    name = slot.rpartition(":")[2] if ":" in slot else slot.removeprefix("style.").replace("_", " ")
    return bool(_FORGETS.search(lower)) and (intents.slot_of(lower) == slot or has_words(name, lower))


_FORGETS = re.compile(
    r"\b(?:forget|unlearn|erase|delete|drop|remove|scratch|stop|no longer|clear|lift|undo)\b|忘|刪|删|取消"
)


def _contradicted(read: dict[str, Any], slot: str, value: Any) -> bool:
    """Do the rules read the opposite in the same words: "never filled" and mode filled?"""
    if slot.startswith("style."):
        return any(
            contradicts(other.partition(":")[2], slot.removeprefix("style."), value)
            for other, banned in read.items()
            if other.startswith("avoid:") and banned is True
        )
    if slot.startswith("avoid:") and value is True:
        return any(
            contradicts(slot.partition(":")[2], other.removeprefix("style."), wished)
            for other, wished in read.items()
            if other.startswith("style.")
        )
    return False


def has_words(name: str, lower: str) -> bool:
    """Every content word of ``name`` stands in ``lower``, in some form."""
    wanted = [w for w in re.findall(r"[^\W_]+", name.lower()) if w not in _SMALL]
    have = re.findall(r"[^\W_]+", lower)
    return bool(wanted) and all(any(_alike(w, h) for h in have) or (not w.isascii() and w in lower) for w in wanted)


def _alike(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 4 and a[:STEM] == b[:STEM]) or a.rstrip("s") == b.rstrip("s")


def _has_number(value: float, lower: str) -> bool:
    found = {float(n.replace(",", ".")) for n in _NUMBER.findall(numerals.plain(lower)[0])}
    return value in found
