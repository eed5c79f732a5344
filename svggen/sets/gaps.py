"""Gaps: companions that a set lacks: plus without minus, up without down, an icon without the filled twin of its
neighbours.

Contract. ``gaps(files) -> list[Gap]``, the likeliest first. Only names are looked at (``variants.py``: style words are
no part of them). Pairs are those of ``companions.toml``, each counted in 66 families of icon sets; what the set itself
does counts with them: one that never pairs two words is not told to. A companion that is there under another of its
names is there. A family of variants ("-filled") is missed where at least ``TWINS`` of the icons have it.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from svggen.sets.variants import Named, variants

__all__ = ["LIKELY", "TWINS", "Gap", "gaps"]

LIKELY: Final = 0.5
"""Share of names with a word, in this set and others, whose companion is there, from which it is missed."""
TWINS: Final = 0.4
_OTHERS: Final = 6.0
"""Names that the other sets' word counts for."""
_LEAST: Final = 8
"""Icons of a variant from which it is one."""
_LETTERS: Final = frozenset({"letter", "alpha", "alphabet", "number", "numeric"})
_WAYS: Final = frozenset({"horizontal", "vertical"})
_TABLES: Final = Path(__file__).with_name("companions.toml")
_BRANDS: Final = Path(__file__).parents[1] / "training" / "brands.txt"


@dataclass(frozen=True, slots=True)
class Gap:
    """name: what is missing, as a file would be called. of: the icon that it belongs to. kind: "word" (up, down),
    "name" (lock, unlock), "base" (bell-off without bell), "twin" (a variant). pair: the two. sets: families of sets
    that have the pair, 0 where only this set says so. share: how sure, 0..1. prompt: the words to draw it by."""

    name: str
    of: str
    kind: Literal["word", "name", "base", "twin"]
    pair: tuple[str, str]
    sets: int
    share: float
    prompt: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "of": self.of,
            "kind": self.kind,
            "pair": list(self.pair),
            "sets": self.sets,
            "share": round(self.share, 3),
            "prompt": self.prompt,
        }


def gaps(files: Sequence[str]) -> list[Gap]:
    """files: relative paths or names, with or without the folders above them."""
    named = [each for each in variants(list(files)) if each.stem]
    stems = {each.stem for each in named}
    found: dict[str, Gap] = {}
    for gap in (*_names(stems), *_words(stems), *_endings(stems)):
        known = found.get(gap.name)
        if gap.name not in stems and (known is None or gap.share > known.share):
            found[gap.name] = gap
    missing = list(found.values()) + list(_twins(named))
    return sorted(missing, key=lambda gap: (-gap.share, gap.name))


@lru_cache(maxsize=1)
def _companions() -> dict[str, Any]:
    return tomllib.loads(_TABLES.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _brands() -> frozenset[str]:
    """First words of names that are trade marks: "google-plus" has no google-minus."""
    lines = _BRANDS.read_text(encoding="utf-8").splitlines()
    words = (word for line in lines for word in line.partition("#")[0].split())
    return frozenset(word.rstrip("*").partition("-")[0] for word in words if word.endswith("*"))


def _prompt(stem: str) -> str:
    return stem.replace("-", " ")


def _names(stems: set[str]) -> Iterator[Gap]:
    for row in _companions()["names"]:
        here = [name for name in row["names"] if name in stems]
        if not here or stems & set(row["companions"]):
            continue
        words = set(here[0].split("-"))
        companion = max(row["companions"], key=lambda name: len(words.intersection(name.split("-"))))
        yield Gap(companion, here[0], "name", (here[0], companion), row["sets"], row["share"], _prompt(companion))


def _words(stems: set[str]) -> Iterator[Gap]:
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for stem in stems:
        words = stem.split("-")
        for i, word in enumerate(words):
            places[word]["-".join([*words[:i], "*", *words[i + 1 :]])] = stem
    sides: dict[str, list[str]] = defaultdict(list)
    for row in _companions()["words"]:
        sides[row["word"]].append(row["companion"])
    for row in _companions()["words"]:
        word, companion = row["word"], row["companion"]
        mine = places.get(word, {})
        met = mine.keys() & places.get(companion, {}).keys()
        others_here = max(len(mine) - 1, len(met))  # without the name that is asked for
        share = (len(met) + _OTHERS * row["share"]) / (others_here + _OTHERS)
        if share < LIKELY:
            continue
        others = [set(places.get(other, ())) for other in sides[word]]
        for place, stem in mine.items():
            if (
                place not in met
                and not any(place in other for other in others)
                and not _alone(stem, word, companion, stems)
            ):
                name = place.replace("*", companion)
                yield Gap(name, stem, "word", (word, companion), row["sets"], share, _prompt(name))


def _alone(stem: str, word: str, companion: str, stems: set[str]) -> bool:
    """Whether a name needs no companion: a trade mark, a letter of the alphabet, one that names both sides ("up-down"),
    one whose other side is the plain name ("dots-vertical" and "dots")."""
    words = stem.split("-")
    if companion in words or words[0] in _LETTERS or _branded(stem):
        return True
    return word in _WAYS and "-".join(w for w in words if w != word) in stems


def _branded(stem: str) -> bool:
    first, _, rest = stem.partition("-")
    return first in _brands() or (rest in _brands() and len(rest) > 4)


def _endings(stems: set[str]) -> Iterator[Gap]:
    also = {name for row in _companions()["names"] for name in row["names"]}  # those have their own row
    for row in _companions()["endings"]:
        ending = f"-{row['word']}"
        for stem in sorted(stems):
            base = stem.removesuffix(ending)
            if base != stem and stem not in also and base not in stems and not _branded(stem):
                yield Gap(base, stem, "base", (stem, base), row["sets"], row["share"], _prompt(base))


def _twins(named: Sequence[Named]) -> Iterator[Gap]:
    by_variant: dict[str, set[str]] = defaultdict(set)
    for each in named:
        by_variant[each.variant].add(each.stem)
    every = {each.stem for each in named}
    for variant, have in by_variant.items():
        share = len(have) / len(every)
        if len(have) < _LEAST or len(by_variant) < 2 or share < TWINS:
            continue
        for stem in sorted(every - have):
            name = f"{stem}-{variant}" if variant else stem
            of = next(f"{stem}-{v}" if v else stem for v, s in sorted(by_variant.items()) if stem in s)
            prompt = f"{variant.replace('-', ' ')} {_prompt(stem)}".strip()
            yield Gap(name, of, "twin", ("", variant), 0, share, prompt)
