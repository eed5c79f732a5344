"""Variants: what a name says of the style it is drawn in ("bell-fill", "24/outline/bell"), and what is left of it.

Contract. ``variants(paths)`` gives for each relative path ``Named(stem, variant)``: the name in lower-case words joined
by hyphens without its style words, and these words joined by hyphens ("" for none). A word at the end of a name counts
only where enough names of the set end in it ("sun-light" among 500 names is a light, not a weight); a folder counts
where all of its words are style words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final, NamedTuple

__all__ = ["STYLE_WORDS", "Named", "kebab", "variants"]

STYLE_WORDS: Final = frozenset(
    """fill filled solid outline outlined line lines linear stroke thin light regular medium bold bulk broken duotone
    duo twotone tone two-tone sharp round rounded mono multicolor multicolour color colour colored coloured flat curved
    mini micro small large""".split()
)
"""Words that name a style and not a thing, at the end of a name or as a folder."""
SIZES: Final = frozenset("12 14 15 16 18 20 22 24 28 30 32 36 40 48 56 64 96 128".split())
"""Sides of canvases: as a folder, or at the end of the names of a set that ends many so."""

_ENOUGH: Final = (8, 0.03)
"""Names, and share of the names, that end in a word before it is a style of this set."""
_ENOUGH_SIZES: Final = (12, 0.2)


class Named(NamedTuple):
    stem: str
    variant: str


def kebab(name: str) -> str:
    """ "ArrowUp_2" gives "arrow-up-2"; other scripts keep their letters; "" for a name without a letter or a digit."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return re.sub(r"[\W_]+", "-", spaced).strip("-").lower()


def variants(paths: Sequence[str]) -> list[Named]:
    names = [kebab(PurePath(path).stem) for path in paths]
    ends: Counter[str] = Counter()
    for name in names:
        for word in _style_tail(name.split("-")):
            ends[word] += 1
    known = {word for word, n in ends.items() if _enough(word, n, len(names))}
    return [_named(path, name, known) for path, name in zip(paths, names, strict=True)]


def _style_tail(words: Sequence[str]) -> set[str]:
    tail: set[str] = set()
    for word in reversed(words[1:]):
        if word not in STYLE_WORDS and word not in SIZES:
            break
        tail.add(word)
    return tail


def _enough(word: str, n: int, of: int) -> bool:
    least, share = _ENOUGH_SIZES if word in SIZES else _ENOUGH
    return n >= max(least, share * of)


def _named(path: str, name: str, known: set[str]) -> Named:
    words = name.split("-")
    tail: list[str] = []
    while len(words) > 1 and words[-1] in known:
        tail.insert(0, words.pop())
    folders = [
        word
        for part in PurePath(path).parts[:-1]
        if (parts := kebab(part).split("-")) and all(p in STYLE_WORDS or p in SIZES for p in parts)
        for word in parts
    ]
    return Named("-".join(words), "-".join(dict.fromkeys([*folders, *tail])))
