"""Style words: from "thin", "1.5px strokes, round caps" and "not filled" to fields of a StyleSpec.

Contract. ``find(text)`` reads lower-case text and gives each style phrase with its place, the fields that it sets, and
whether it is negated ("no gradients", "never filled"). Numbers of words without a number are for a 24 px canvas and
are given in ``WEIGHTS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from agent.brief import colours, numerals
from agent.brief.style_table import (
    ADJECTIVE,
    ADJECTIVE_COMPOUNDS,
    ADJECTIVES,
    BRAND,
    COMPARED,
    FORBIDDEN,
    NEGATION,
    OPPOSITES,
    RULES,
    THING_WORD,
    THINGS,
    WEIGHTS,
)

__all__ = ["OPPOSITES", "Found", "find", "plain"]


@dataclass(frozen=True, slots=True)
class Found:
    """fields: StyleSpec fields. avoid: what a negation of it is called. brand: "our brand colour" was said. ``negated``
    phrases start at the negation."""

    start: int
    end: int
    fields: dict[str, Any] = field(default_factory=dict)
    avoid: str = ""
    negated: bool = False
    brand: bool = False


_COMPILED = tuple((re.compile(pattern), fields, name) for pattern, fields, name in RULES)


def find(text: str, knows: Callable[[str], bool] | None = None, *, things: bool = False) -> list[Found]:
    """Every style phrase of ``text`` (lower case), in order of place, none overlapping another.

    things: give what may be avoided by name ("gradients") even where nothing negates it, without fields.
    """
    text, numbers = numerals.plain(text)
    taken = bytearray(len(text))
    found: list[Found] = []
    for item in _candidates(text, knows):
        if not any(taken[item.start : item.end]):
            item = _intensify(item, text)
            taken[item.start : item.end] = b"\x01" * (item.end - item.start)
            found.append(_negate(item, text, taken))
    for item in _things(text):
        if not any(taken[item.start : item.end]):
            item = _negate(item, text, taken)
            if item.negated or things:
                taken[item.start : item.end] = b"\x01" * (item.end - item.start)
                found.append(item)
    for a, b in numbers:  # digits stand at the end of the words that they were
        found = [replace(f, start=min(f.start, a)) if f.start < b and a < f.end else f for f in found]
    return _with_both(sorted(found, key=lambda f: f.start), text)


def _with_both(found: list[Found], text: str) -> list[Found]:
    """ "Never red and blue": a ban on the first of two colours is one on the second."""
    out: list[Found] = []
    for item in found:
        before = out[-1] if out else None
        if (
            before is not None
            and before.negated
            and "palette" in before.fields
            and "palette" in item.fields
            and _JOINED.fullmatch(text[before.end : item.start])
        ):
            item = replace(item, negated=True)
        out.append(item)
    return out


_JOINED = re.compile(r"\s*,?\s*(?:and|or|nor|&|/)\s*")
_INTENSE = re.compile(
    r"(?:\b(?:(?P<much>very|really|extremely|super|ultra|extra|incredibly|ever so)|quite|rather|fairly)[ ,-]+)+$"
)
"""Before a style word, any number of times: part of it, never of the subject."""
_MUCH = {name: WEIGHTS[f"very {name}"] for name in ("thin", "thick", "bold")}


def _intensify(item: Found, text: str) -> Found:
    """Extend over the intensifiers before the phrase; "extremely thin" is as "very thin"."""
    begin = max(0, item.start - 80)
    m = _INTENSE.search(text[begin : item.start])
    if not m:
        return item
    fields_ = item.fields
    if m["much"] and fields_.get("stroke_width") == WEIGHTS.get(item.avoid):
        fields_ = {**fields_, "stroke_width": _MUCH.get(item.avoid, fields_.get("stroke_width"))}
    return replace(item, start=begin + m.start(), fields=fields_)


def _candidates(text: str, knows: Callable[[str], bool] | None) -> Iterator[Found]:
    for pattern, fields, name in _COMPILED:
        for m in pattern.finditer(text):
            values = fields(m) if callable(fields) else dict(fields)
            if values and not _is_thing(m, text):
                yield Found(m.start(), m.end(), values, m.expand(name) if "\\" in name else name)
    for m in BRAND.finditer(text):
        yield Found(m.start(), m.end(), brand=True, avoid="brand colour")
    for c in colours.find(text, knows):
        name_ = c.value if c.name[0] == "#" or c.name.startswith("rgb") else c.name
        said = _THE_COLOUR.search(text[max(0, c.start - 16) : c.start])
        if said:  # "the colour" belongs to the phrase unless another phrase ("flat colour") has it
            yield Found(c.start - len(said.group()), c.end, {"palette": [c.value]}, name_)
        yield Found(c.start, c.end, {"palette": [c.value]}, name_)
    compounds = [m.span() for m in ADJECTIVE_COMPOUNDS.finditer(text)]
    for m in ADJECTIVE.finditer(text):
        if any(a <= m.start() < b for a, b in compounds) or not _adjective(m, text):
            continue
        fields_, name_ = ADJECTIVES[m[1]]
        yield Found(m.start(), m.end(), dict(fields_), name_)


_THE_COLOUR = re.compile(r"\b(?:the )?colou?rs?\s*[:=]?\s*$")


def _things(text: str) -> Iterator[Found]:
    """What may be avoided by its name, wherever it stands; the caller looks for what negates it."""
    for m in THING_WORD.finditer(text):
        name = next(name for i, name in enumerate(THINGS) if m[f"t{i}"])
        yield Found(m.start(), m.end(), {}, name)


def _is_thing(m: re.Match[str], text: str) -> bool:
    """ "solid" or "filled" as the whole text may still be style; "a hollow" is not looked into. Compounds stay
    subjects."""
    return bool(re.match(r"[ -](?:state|angles|geometry|waste)\b", text[m.end() :]))


def _adjective(m: re.Match[str], text: str) -> bool:
    """Is this adjective a style word here? It is before a noun, after "make it", between commas, or in a list of
    wishes."""
    after = text[m.end() :]
    before = text[: m.start()].rstrip()
    if m[1] in ("outline", "fill"):
        return (bool(re.match(r"\s+[a-z]", after)) and not re.search(r"\b(?:the|with|to|remove)$", before)) or (
            bool(
                re.search(
                    r"(?:,|\b(?:in|it|be|as|but|and|always|only|prefer|like|use|to|into|try|want|do|go))$", before
                )
            )
            and m[1] == "outline"
        )
    return True


def _negate(item: Found, text: str, taken: bytearray) -> Found:
    """Extend over a negation that stands right before the phrase, or before a list that the phrase is in."""
    window_start = max(0, item.start - 60)
    window = text[window_start : item.start]
    m = NEGATION.search(window)
    if m:
        start = window_start + m.start()
        taken[start : item.start] = b"\x01" * (item.start - start)
        return Found(start, item.end, item.fields, item.avoid, True, item.brand)
    after = FORBIDDEN.match(text[item.end : item.end + 60])
    if after:
        taken[item.end : item.end + after.end()] = b"\x01" * after.end()
        return Found(item.start, item.end + after.end(), item.fields, item.avoid, True, item.brand)
    listed = _LISTED.search(text[max(0, item.start - 80) : item.start])
    if listed and (listed["join"] != "and" or not item.fields or not _EITHER.fullmatch(listed["head"])):
        return Found(item.start, item.end, item.fields, item.avoid, True, item.brand)
    return item


_LISTED = re.compile(
    r"\b(?P<head>no|not|never|without|avoid|neither|avoids|avoiding|bans?|banned:?|forbidden:?|forbids?|hates?|dislikes?|loathe|despise|"
    r"(?:can't|cannot) stand|"
    r"clear of|away from|free of|fan of)\b[^.;]{0,60}\b(?P<join>or|nor|and)\s+(?:any )?$"
)
"""A list that a negation opens: "no gradients or shadows"."""
_EITHER = re.compile("no|not|never")
"""After these an "and" may begin something that is wanted: "no fills and thick lines"."""


def _padded(word: str, m: re.Match[str]) -> str:
    return word.rjust(len(m.group()))


def plain(text: str) -> str:
    """``text`` with comparatives in their plain form, padded to the same length."""
    for pattern, word in COMPARED:
        text = pattern.sub(partial(_padded, word), text)
    return text
