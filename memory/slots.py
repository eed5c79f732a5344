"""The slots that a preference may fill, and the values that each takes.

Contract. ``check(slot, value)`` gives the canonical slot and value or raises RecordError naming the field. Nothing
that is not listed here can be remembered, so free text cannot enter memory as anything but a short name or a colour:

    style.<field>          a StyleSpec field; the value is checked by StyleSpec
    brand_color            "#rrggbb"
    avoid:<thing>          True (never), or False (the ban is lifted); thing: 1..5 plain words, at most 40
                           characters, or a colour as #rrggbb
    vocabulary:<concept>   what to draw for it: 1..6 plain words, at most 60 characters; concept alike

``describe`` says a slot and value in words of our own; what the user said is kept elsewhere, as a quote.
"""

from __future__ import annotations

import re
from typing import Any

from memory.errors import RecordError
from svggen.errors import StyleError
from svggen.style import RANGES, StyleSpec

__all__ = ["STYLE", "check", "clean", "describe", "plain_words"]

STYLE = "style."
_HEX = re.compile(r"#[0-9a-f]{6}")
_SHORT_HEX = re.compile(r"#[0-9a-f]{3}")
_WORDS = re.compile(r"[\w][\w '&+/.-]*")
_UNITS = {"stroke_width": " px at 24 px", "corner_radius": " px at 24 px", "padding": " px at 24 px", "grid": " px"}


def check(slot: str, value: Any) -> tuple[str, Any]:
    """(slot, value) in canonical form; raises RecordError."""
    if not isinstance(slot, str):
        raise RecordError(f"slot must be text, not {type(slot).__name__}")
    slot = slot.strip()
    if slot.startswith(STYLE):
        return slot, _style_value(slot.removeprefix(STYLE), value)
    if slot == "brand_color":
        return slot, _colour(value)
    kind, colon, name = slot.partition(":")
    if colon and kind == "avoid":
        if not isinstance(value, bool):
            raise RecordError(f"avoid: the value must be true or false, not {value!r:.60}")
        thing = name.strip().lower()
        return f"avoid:{thing if _HEX.fullmatch(thing) else plain_words(name, 'avoid', 40, 5)}", value
    if colon and kind == "vocabulary":
        concept = plain_words(name, "vocabulary", 60, 6)
        return f"vocabulary:{concept}", plain_words(value, f"vocabulary:{concept}", 60, 6)
    raise RecordError(
        f"unknown slot {slot!r:.60}; known: style.<field>, brand_color, avoid:<thing>, vocabulary:<concept>"
    )


def plain_words(text: Any, field: str, characters: int, words: int) -> str:
    """``text`` in lower case with single spaces, if it is that short and holds letters, digits and ' & + / . - only."""
    if not isinstance(text, str):
        raise RecordError(f"{field}: words are needed, not {type(text).__name__}")
    out = " ".join(text.lower().split())
    if not _WORDS.fullmatch(out) or len(out) > characters or len(out.split()) > words:
        raise RecordError(
            f"{field}: {out[:60]!r} is not a name of 1 to {words} plain words, at most {characters} characters"
        )
    return out


def clean(text: Any, limit: int) -> str:
    """One line of printable text, at most ``limit`` characters: what is kept of words that are only ever quoted."""
    if not isinstance(text, str):
        return ""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: limit * 4]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def describe(slot: str, value: Any) -> str:
    """A checked slot and value in our own words, e.g. "stroke width 1.5 px at 24 px", "draw a cog for settings"."""
    if slot.startswith(STYLE):
        field = slot.removeprefix(STYLE)
        if isinstance(value, bool):
            return f"{'' if value else 'no '}{field.replace('_', ' ')}"
        shown = (
            ", ".join(value) if isinstance(value, list | tuple) else f"{value:g}" if isinstance(value, float) else value
        )
        return f"{field.replace('_', ' ')} {shown}{_UNITS.get(field, '')}"
    if slot == "brand_color":
        return f"brand colour {value}"
    kind, _, name = slot.partition(":")
    if kind == "avoid":
        return f"avoid {name}" if value else f"{name} is allowed again"
    return f"draw {value} for {name}"


def _style_value(field: str, value: Any) -> Any:
    if value is None:
        raise RecordError(f"style.{field}: a value is needed")
    try:
        checked = StyleSpec.from_dict({field: value}).to_dict()[field]
        return float(checked) if field in RANGES and field != "grid" else checked
    except (StyleError, TypeError) as error:
        raise RecordError(f"style.{field}: {error}") from error


def _colour(value: Any) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    if _SHORT_HEX.fullmatch(text):
        text = "#" + "".join(2 * c for c in text[1:])
    if not _HEX.fullmatch(text):
        raise RecordError(f"brand_color: {value!r:.60} is not #rrggbb")
    return text
