"""What a reading in progress holds, and the small readings that every rule uses: noun phrases, marks, counts, sides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from svggen.words import nouns
from svggen.words import patterns as rx
from svggen.words import tables as t
from svggen.words.scene import Mark, Relation, Side, Thing, Turn, Where


@dataclass
class Reading:
    """What has been understood so far; ``text`` is what has not."""

    text: str
    container: str | None = None
    mark: Mark | None = None
    where: Where = "auto"
    companions: list[Thing] = field(default_factory=list)
    relation: Relation = "beside"
    slash: bool = False
    turn: Turn = field(default_factory=Turn)
    details: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)

    def cut(self, m: re.Match[str]) -> None:
        self.text = " ".join(f"{self.text[: m.start()]} {self.text[m.end() :]}".split())


def strip_fillers(s: str) -> str:
    words = s.split()
    start = 0
    while start < len(words) and (words[start] in t.FILLERS or words[start] in t.GREETINGS or words[start] in ",."):
        start += 1
    if start == len(words):  # only fillers: the last one that can be a subject is ("help", "like", "app")
        alone = [w for w in words if w in t.FILLER_NOUNS]
        return alone[-1] if len(alone) == 1 and len(words) <= 3 else ""
    if (
        start and words[start - 1] in t.FILLER_NOUNS and words[start] in t.AFTER_FILLER_NOUN
    ):  # "help center", "like button"
        start -= 1
    kept = [w for w in words[start:] if w not in t.NOISE] or words[start:]
    return " ".join(kept)


def drop_quality(words: list[str]) -> list[str]:
    kept = [w for w in words if w not in t.QUALITY and not re.fullmatch(r"\d{1,4}(?:px|x\d{1,4})", w)]
    return kept or words


def tidy(words: list[str]) -> str:
    words = [w for w in words if w not in ",." and w not in {"a", "an", "the", "its"}]
    return " ".join(words).replace("_", " ").strip()


def name_of(words: str) -> str:
    """A noun phrase without articles, quality words and loose prepositions."""
    return " ".join(noun_words(words)).replace("_", " ")


def noun_words(words: str) -> list[str]:
    kept = [w for w in words.split() if w not in t.STOP_WORDS or w in {"of", "x", "add", "not"}]
    kept = drop_quality(kept)
    while kept and kept[0] == "of":
        kept.pop(0)
    while kept and kept[-1] in {"of", "and", "with"}:
        kept.pop()
    if len(kept) > 1 and kept[0] in t.COLOURS and " ".join(kept[:2]) not in t.COLOUR_THINGS:
        kept.pop(0)
    return kept


def singular(name: str) -> str:
    head, _, last = name.rpartition(" ")
    return f"{head} {nouns.singular_of(last)}".strip()


def mark_of(words: str, where: Where = "auto") -> Mark:
    bare = re.sub(r"^(?:an?|the|its|one|some)\s", "", words.strip())
    name = name_of(words) or bare
    kind = t.MARK_OF.get(bare) or t.MARK_OF.get(name) or t.MARK_OF.get(singular(name))
    if kind is None and name.startswith("number of "):
        kind = "dot"
    if kind is None and name.split()[-1:] in (["badge"], ["sign"], ["mark"], ["symbol"]):
        kind = t.MARK_OF.get(" ".join(name.split()[:-1]))
        name = name if kind else " ".join(name.split()[:-1]) if name.endswith(" badge") else name
    if kind is None:
        return Mark("other", singular(name), where)
    return Mark(kind, t.MARK_CONCEPT.get(kind, kind), where)


def count_of(s: str) -> tuple[int, str]:
    m = rx.COUNT.match(s)
    if not m:
        return 1, s
    rest = m["rest"]
    first = rest.split()[0]
    if first in t.NOT_AFTER_NUMBER or (
        m["n"] in {"double", "twin", "triple", "several", "many"} and nouns.singular_of(first) == first
    ):
        return 1, s
    if first in nouns.PAIR_NOUNS and "pair" in m["n"]:
        return 1, rest
    return t.NUMBERS.get(m["n"]) or t.COUNT_PHRASES[m["n"]], rest


def side_of(words: list[str]) -> Side | None:
    """One of the eight directions: ["up"], ["top", "right"]; None for ["left", "right"]."""
    sides = [t.SIDES[w] for w in words]
    if len(sides) == 1:
        return cast(Side, sides[0])
    upright = next((x for x in sides if x in {"up", "down"}), None)
    level = next((x for x in sides if x in {"left", "right"}), None)
    return cast(Side, f"{upright}-{level}") if upright and level else None
