"""Which icons of a set enter the library, and what each of them shows.

Contract. ``candidates(name, rule, data)`` gives a ``Candidate`` for every icon of an Iconify set that is not hidden, a
trade mark, a flag, a skin tone or a variant that ``sets.toml`` leaves out. The concept is the name without its style
words, sizes and variant numbers, as ``text.tokens``; the variant is what was taken off ("outline", "24 filled").
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from memory.library.text import tokens

__all__ = ["TAKES", "Candidate", "candidates", "share"]

TAKES = 3
"""At most so many takes of one drawing in one style ("home 01" to "home 12")."""
_ALWAYS = frozenset("outline outlined filled solid duotone twotone ltr rtl".split())
_IF_BASE = frozenset("fill line o rounded sharp small light bold thin".split())
"""Style only where the name without it is an icon of the same set (fill: "paint fill"; light: "traffic light")."""
_NUMBERED = frozenset(
    "hugeicons tdesign mingcute lineicons griddy-icons boxicons bx bxs icon-park icon-park-outline icon-park-solid "
    "icon-park-twotone carbon at-icons heroicons bi pinhead osmic qlementine-icons healthicons meteor-icons".split()
)
"""Sets that number variants of one drawing."""
_COUNTS = frozenset(
    "battery number dice die clock signal wifi level stage heading h web mp usb g uv beaufort grid column row rating "
    "circle square hexagon octagon pentagon rotate time replay forward rewind timer speed layout columns key keycap "
    "hours screw format chip filter looks brightness counter mobiledata filter audio steps plus bars kilometer".split()
)
"""Words after which a number is part of the picture ("battery 3")."""
_WORDED = frozenset("one two three four five six seven".split())
_SKIN = re.compile(r"-(?:medium-)?(?:light|dark|medium)(?:-skin-tone)?$|skin-tone")
_FLAG = re.compile(r"^flag-(?:for-|of-)|-flag-[a-z]{2}$|^(?:flags?-)?[a-z]{2}-flag$|^flag-[a-z]{2}$")
_CODE = re.compile(r"^u(?:ni)?[0-9a-f]{4,5}$|^otfeature")
_BRAND_MARK = re.compile(r"^(?:brand|logo|bxl)-|-logo(?:-|$)|^logos?-|-brand$")


@dataclass
class Candidate:
    """One icon on its way in. tags: the set's own words for it; aliases: its other names; both not yet normalised."""

    set_name: str
    name: str
    concept: tuple[str, ...]
    variant: str
    body: str
    box: tuple[float, float, float, float]  # left, top, width, height
    aliases: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    categories: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _brands() -> tuple[frozenset[str], frozenset[str]]:
    """(names that are brands as a whole, first words that are brands wherever they stand)."""
    whole: set[str] = set()
    first: set[str] = set()
    for line in (Path(__file__).parent / "brands.txt").read_text(encoding="utf-8").splitlines():
        for word in line.partition("#")[0].split():
            (first if word.endswith("*") else whole).add(word.rstrip("*"))
    return frozenset(whole | first), frozenset(first)


def _is_brand(name: str, base: str, rule: Mapping[str, Any], categories: tuple[str, ...]) -> bool:
    whole, first = _brands()
    own = rule.get("brands", ())
    if _BRAND_MARK.search(name) or "Brand / Logo" in categories or base in whole or base in own:
        return True
    words = base.split("-")
    begins = {"-".join(words[:n]) for n in range(1, len(words))}
    return bool(begins & first) or any(len(word) > 5 and "-" not in word for word in begins.intersection(own))


def _split(name: str, data: Mapping[str, Any], names: frozenset[str]) -> tuple[str, str]:
    """(base name, variant): by the set's own table of suffixes or prefixes, else by style words at the end."""
    variant = ""
    for prefix in sorted(data.get("prefixes", {}), key=len, reverse=True):
        if prefix and name.startswith(f"{prefix}-"):
            return name[len(prefix) + 1 :], prefix
    for suffix in sorted(data.get("suffixes", {}), key=len, reverse=True):
        if suffix and name.endswith(f"-{suffix}"):
            name, variant = name[: -len(suffix) - 1], suffix
            break
    words = name.split("-")
    taken: list[str] = []
    while len(words) > 1:
        last, rest = words[-1], "-".join(words[:-1])
        if last in _ALWAYS or (last in _IF_BASE and rest in names):
            taken.insert(0, words.pop())
        else:
            break
    return "-".join(words), "-".join([*taken, variant] if variant else taken)


def _concept(set_name: str, base: str) -> tuple[str, ...]:
    if set_name == "osmic":
        base = re.sub(r"-\d+$", "", base)
    if set_name == "medical-icon":
        base = base.removeprefix("i-")
    words = base.split("-")
    if set_name in _NUMBERED:
        last = words[-1]
        number = last.isdigit() and len(last) <= 2 and words[-2:-1] and words[-2] not in _COUNTS
        if len(words) > 1 and (number or (set_name.startswith("icon-park") and last in _WORDED)):
            words.pop()
    return tokens(" ".join(words))


def _kept(variant: str, rule: Mapping[str, Any], available: Iterable[str]) -> bool:
    """Whether the variant is wanted, or stands in for wanted ones that this glyph does not have."""
    wanted: list[str] | None = rule.get("variants")
    if wanted is None:
        return True
    present = set(available)
    chosen = [w for w in wanted if w in present]
    if chosen and chosen[0][:1].isdigit():  # of a set in sizes one is enough; the light weight has a size of its own
        best = chosen[0].split("-")[0]
        chosen = [w for w in chosen if w.split("-")[0] == best or w.endswith("light")]
    return variant in chosen if chosen else variant == min(present)


def candidates(set_name: str, rule: Mapping[str, Any], data: Mapping[str, Any]) -> list[Candidate]:
    """Every icon of the set that may enter, in the order of the file."""
    icons: Mapping[str, Any] = data["icons"]
    names = frozenset(icons)
    categories: dict[str, list[str]] = defaultdict(list)
    for category, members in data.get("categories", {}).items():
        for member in members:
            categories[member].append(category)
    parts = {name: _split(name, data, names) for name in icons if not icons[name].get("hidden")}
    variants: dict[str, set[str]] = defaultdict(set)
    for base, variant in parts.values():
        variants[base].add(variant)
    emoji = rule["kind"] == "emoji"
    found: dict[str, Candidate] = {}
    for name, (base, variant) in parts.items():
        of = tuple(categories.get(name, ()))
        if _is_brand(name, base, rule, of) or _FLAG.search(base) or _CODE.search(base):
            continue
        if (emoji and ("Flags" in of or _SKIN.search(name))) or not _kept(variant, rule, variants[base]):
            continue
        concept = _concept(set_name, base)
        if not concept or "<animate" in icons[name]["body"] or "<image" in icons[name]["body"]:
            continue
        icon = icons[name]
        width = icon.get("width", data.get("width", 16))
        height = icon.get("height", data.get("height", 16))
        box = (icon.get("left", 0), icon.get("top", 0), width, height)
        found[name] = Candidate(set_name, name, concept, variant, icon["body"], box, categories=of)
    _fold_aliases(set_name, data, names, found)
    numbered: Counter[tuple[tuple[str, ...], str]] = Counter()
    kept = []
    for candidate in found.values():
        numbered[candidate.concept, candidate.variant] += 1
        if numbered[candidate.concept, candidate.variant] <= TAKES:
            kept.append(candidate)
    return kept


def _fold_aliases(
    set_name: str, data: Mapping[str, Any], names: frozenset[str], found: Mapping[str, Candidate]
) -> None:
    """Another name of an icon becomes its alias; names that turn or mirror their parent are left out."""
    for alias, entry in data.get("aliases", {}).items():
        parent = found.get(entry.get("parent", ""))
        if parent is None or any(key in entry for key in ("rotate", "hFlip", "vFlip")):
            continue
        other = _concept(set_name, _split(alias, data, names)[0])
        if other and other != parent.concept:
            parent.aliases.add(" ".join(other))


def share(items: list[Candidate], limit: int, popularity: Mapping[tuple[str, ...], int]) -> list[Candidate]:
    """At most ``limit`` of them: whole drawings (all variants) of the concepts that most sets draw, ties by name."""
    if len(items) <= limit:
        return items
    order = sorted({c.concept for c in items}, key=lambda concept: (-popularity.get(concept, 0), len(concept), concept))
    groups: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for item in items:
        groups[item.concept].append(item)
    kept: list[Candidate] = []
    for concept in order:
        if len(kept) + len(groups[concept]) > limit:
            break
        kept += groups[concept]
    chosen = {id(item) for item in kept}
    return [item for item in items if id(item) in chosen]
