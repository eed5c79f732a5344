"""Words of names, tags and queries, brought to one form so that they meet.

Contract. ``tokens`` (``svggen.spelling``) brings what is stored and what is asked to the same words. synonyms.txt is
our own table of words that drawers of icons use for the same picture; ``alternatives(phrase)`` looks a phrase up in it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from svggen.spelling import singular, tokens

__all__ = ["CONTAINERS", "MINOR", "NEGATIVE", "STOP", "alternatives", "longest_synonym", "singular", "tokens", "weight"]

STOP = frozenset(
    "a an the of with and or in on for to at by from my our your its is as that this into over some one "
    "icon icons symbol glyph pictogram logo sign image-of".split()
)
"""Words of a query that name no picture; kept where nothing else is left."""

MINOR = frozenset(
    "alt alternate simple small large big medium variant basic default symbol general common shape o".split()
)
"""Words of an icon's name that hardly change what it shows."""

NEGATIVE = frozenset(
    "off slash disabled cancel cancelled x no not cross crossed remove removed delete error alert warning blocked ban "
    "broken crack missing unavailable denied".split()
)
"""Words of an icon's name that turn its meaning; an icon with one of them that was not asked for is a poor match."""

CONTAINERS = frozenset("circle circled square squared box rectangle hexagon octagon diamond pentagon triangle".split())


def weight(token: str) -> float:
    """How much a word of an icon's name adds to what it shows, against a plain noun's 1."""
    if token in NEGATIVE:
        return 1.7
    if token in MINOR or token.isdigit():
        return 0.3
    return 0.8 if token in CONTAINERS else 1.0


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], dict[tuple[str, ...], float]]:
    """phrase -> its alternatives, each with a factor: 0.95 for another name, 0.85 for what usually stands for it."""
    table: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
    for line in (Path(__file__).parent / "synonyms.txt").read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        left, arrow, right = line.partition(">")
        sources = [tokens(part) for part in left.split(",")]
        targets = [tokens(part) for part in right.split(",")] if arrow else sources
        for source in sources:
            known = table.setdefault(source, {})
            for target in targets:
                if target != source:
                    known[target] = max(known.get(target, 0.0), 0.85 if arrow else 0.95)
    return table


def alternatives(phrase: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """Other phrases for the same picture with a factor below 1, from our own table."""
    return _table().get(phrase, {})


def longest_synonym(words: tuple[str, ...], start: int) -> int:
    """How many words from ``start`` on are one phrase of the table (1 where none is)."""
    table = _table()
    for end in range(min(len(words), start + 4), start + 1, -1):
        if words[start:end] in table:
            return end - start
    return 1
