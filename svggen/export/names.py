"""Safe names for icons: kebab-case for files, classes and ids, PascalCase for components.

Contract. Whatever the words are, a name matches ``[a-z0-9]+(-[a-z0-9]+)*`` (which is Iconify's rule too, is an XML id
with a letter before it where one is needed, and can leave no folder), is at most 48 characters, and is no name that
Windows, a bundler or a JavaScript object reserves. A component ends or begins with "Icon": so it can neither be a
keyword nor hide a global (``Map``, ``Symbol``) or an HTML element (``Menu``, ``Link``). Within one export names are
unique, and components too where case does not count. Same items in the same order: same names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from svggen.export.items import Entry, Item, plain_title

__all__ = ["NAME", "entries", "kebab", "pascal"]

MAX_NAME = 48
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset({
    "con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10)),
    "index", "types", "constructor", "prototype",
})  # fmt: skip
"""File names of Windows, files that an export writes itself, and keys that every JavaScript object answers to."""
_LETTERS = str.maketrans({
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d",
    "Ð": "d", "þ": "th", "Þ": "th", "ł": "l", "Ł": "l", "ı": "i", "'": "", "’": "", "&": " and ", "+": " plus ",
})  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


def kebab(words: str) -> str:
    """ "A rounded Coffee-cup!" -> "a-rounded-coffee-cup"; accents are dropped, pictographs spelled ("☕" ->
    "coffee-cup"). "" where no Latin letter and no digit is left."""
    from svggen.words.clean import emoji_words

    text = words[:1000].translate(_LETTERS)
    text = "".join(f" {emoji_words(c)} " if unicodedata.category(c) == "So" else c for c in text)
    text = unicodedata.normalize("NFKD", _CAMEL.sub("-", text))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    if len(slug) > MAX_NAME:
        cut = slug[:MAX_NAME]
        slug = (cut if slug[MAX_NAME] == "-" else cut.rpartition("-")[0] or cut).strip("-")
    return f"{slug}-icon" if slug in RESERVED else slug


def pascal(name: str) -> str:
    """A kebab-case name as a component's: "paper-plane" -> "PaperPlaneIcon", "24-hours" -> "Icon24Hours"."""
    joined = "".join(word.capitalize() for word in name.split("-"))
    if joined[0].isdigit():
        return f"Icon{joined}"
    return joined if joined.endswith("Icon") else f"{joined}Icon"


class _Taken:
    """The names given so far."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._components: set[str] = set()
        self._next: dict[str, int] = {}

    def take(self, name: str) -> bool:
        """Whether the name was free; it is not any more."""
        component = pascal(name).casefold()
        if name in self._names or component in self._components:
            return False
        self._names.add(name)
        self._components.add(component)
        return True

    def first(self, base: str) -> str:
        """``base``, or with the first number that is free: "bell", "bell-2", "bell-3"."""
        if self.take(base):
            return base
        number = self._next.get(base, 2)
        while not self.take(f"{base}-{number}"):
            number += 1
        self._next[base] = number + 1
        return f"{base}-{number}"


def entries(items: Iterable[Item], known: Mapping[str, str] | None = None) -> list[Entry]:
    """Each item with its names, in the same order. known: names of an earlier export by icon id, which stay. Words
    without a Latin letter or digit give "icon-" and the first eight digits of the id. An alias that is taken already is
    left out."""
    listed = list(items)
    taken = _Taken()
    given: dict[int, str] = {}
    for place, item in enumerate(listed):
        name = (known or {}).get(item.id)
        if name is not None and taken.take(name):
            given[place] = name
    for place, item in enumerate(listed):
        if place not in given:
            given[place] = taken.first(kebab(item.words) or f"icon-{item.id[:8]}")
    found = []
    for place, item in enumerate(listed):
        aliases = tuple(a for a in map(kebab, item.aliases) if a and taken.take(a))
        name = given[place]
        found.append(Entry(item, name, pascal(name), aliases, plain_title(item.words) or name))
    return found
