"""Which icons of a set enter the corpus or the library, and what each of them shows.

Contract. ``candidates(name, rule, data)`` gives a ``Candidate`` for every icon of an Iconify set that is not hidden, a
trade mark, a flag, a skin tone or a variant that ``sets.toml`` leaves out. The concept is the name without its style
words, sizes and variant numbers, as ``text.tokens``; the variant is what was taken off ("outline", "24 filled").
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from svggen.spelling import tokens

__all__ = ["TAKES", "Candidate", "candidates", "share"]

TAKES = 3
"""At most so many takes of one drawing in one style ("home 01" to "home 12") enter the library."""
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
_BRAND_CATEGORIES = frozenset({"Brand / Logo", "Brands", "Logos"})
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
    if _BRAND_MARK.search(name) or _BRAND_CATEGORIES.intersection(categories) or base in whole or base in own:
        return True
    words = base.split("-")
    begins = {"-".join(words[:n]) for n in range(1, len(words))}
    return bool(begins & first) or any(len(word) > 5 and "-" not in word for word in begins.intersection(own))


def _split(name: str, data: Mapping[str, Any], names: frozenset[str], styles: Collection[str] = ()) -> tuple[str, str]:
    """(base name, variant): by the set's own table of suffixes or prefixes, then by style words at the end, those of
    this set (``styles``) and those of all."""
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
        if last in _ALWAYS or last in styles or (last in _IF_BASE and rest in names):
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
    if (
        chosen and chosen[0][:1].isdigit() and not rule.get("every_size")
    ):  # of a set in sizes one is enough; the light weight has a size of its own
        best = chosen[0].split("-")[0]
        chosen = [w for w in chosen if w.split("-")[0] == best or w.endswith("light")]
    return variant in chosen if chosen else variant == min(present)


def candidates(
    set_name: str,
    rule: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    takes: int | None = TAKES,
    left_out: Counter[str] | None = None,
) -> list[Candidate]:
    """Every icon of the set that may enter, in the order of the file. takes: at most so many takes of one drawing in
    one style, None for all; left_out: counts by reason what does not enter."""
    refused: Counter[str] = Counter() if left_out is None else left_out
    icons: Mapping[str, Any] = data["icons"]
    names = frozenset(icons)
    categories: dict[str, list[str]] = defaultdict(list)
    for category, members in data.get("categories", {}).items():
        for member in members:
            categories[member].append(category)
    styles = rule.get("styles", ())
    parts = {name: _split(name, data, names, styles) for name in icons if not icons[name].get("hidden")}
    refused["hidden"] += len(icons) - len(parts)
    variants: dict[str, set[str]] = defaultdict(set)
    for base, variant in parts.values():
        variants[base].add(variant)
    found: dict[str, Candidate] = {}
    for name, (base, variant) in parts.items():
        of = tuple(categories.get(name, ()))
        icon = icons[name]
        concept = _concept(set_name, base)
        reason = _refusal(name, base, rule, of) or _unfit(concept, icon["body"])
        if not reason and not _kept(variant, rule, variants[base]):
            reason = "variant"
        if reason:
            refused[reason] += 1
            continue
        width = icon.get("width", data.get("width", 16))
        height = icon.get("height", data.get("height", 16))
        box = (icon.get("left", 0), icon.get("top", 0), width, height)
        found[name] = Candidate(set_name, name, concept, variant, icon["body"], box, categories=of)
    _fold_aliases(set_name, data, names, styles, found)
    numbered: Counter[tuple[tuple[str, ...], str]] = Counter()
    kept = []
    for candidate in found.values():
        numbered[candidate.concept, candidate.variant] += 1
        if takes is None or numbered[candidate.concept, candidate.variant] <= takes:
            kept.append(candidate)
    refused["further take"] += len(found) - len(kept)
    return kept


def _refusal(name: str, base: str, rule: Mapping[str, Any], categories: tuple[str, ...]) -> str:
    """Why an icon of this name stays outside; "" where nothing speaks against it."""
    if _is_brand(name, base, rule, categories):
        return "brand"
    if _FLAG.search(base) or (rule["kind"] == "emoji" and "Flags" in categories):
        return "flag"
    if _CODE.search(base):
        return "code"
    return "skin tone" if rule["kind"] == "emoji" and _SKIN.search(name) else ""


def _unfit(concept: tuple[str, ...], body: str) -> str:
    if not concept:
        return "no name"
    if "<animate" in body:
        return "animated"
    return "picture" if "<image" in body else ""


def _fold_aliases(
    set_name: str,
    data: Mapping[str, Any],
    names: frozenset[str],
    styles: Collection[str],
    found: Mapping[str, Candidate],
) -> None:
    """Another name of an icon becomes its alias; names that turn or mirror their parent are left out."""
    for alias, entry in data.get("aliases", {}).items():
        parent = found.get(entry.get("parent", ""))
        if parent is None or any(key in entry for key in ("rotate", "hFlip", "vFlip")):
            continue
        other = _concept(set_name, _split(alias, data, names, styles)[0])
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
