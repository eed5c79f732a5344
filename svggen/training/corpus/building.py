"""The corpus from the registry: choose, convert in two processes, drop copies, write.

Contract. ``build(out)`` leaves a Parquet file (see ``table.py``) and a datasheet beside it, or raises CorpusError (or
what interrupted it) and leaves what was there before. What was converted is kept for each set under ``cache/made``; a
run that was cut off goes on there, and a set is converted again only where its icons or our code changed. Only sets
that are named in ``svggen/training/sets.toml`` are opened. Same package, same code: same table. Measured on two cores:
3.5 minutes for 84 sets and 149,000 icons, half a minute where all are found converted; 1.2 GB at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from svggen.errors import CorpusError
from svggen.training.choose import Candidate, candidates
from svggen.training.corpus.assemble import assemble
from svggen.training.corpus.convert import alone, convert
from svggen.training.corpus.datasheet import datasheet
from svggen.training.corpus.table import arrow, ready, write, written
from svggen.training.describe import part_words
from svggen.training.sets import sets
from svggen.training.sources import ICONS, load_set, own_tags, unpack_sets

__all__ = ["LICENCES", "Built", "Report", "build", "default_cache"]

LICENCES: Final = frozenset({"MIT", "ISC", "Apache-2.0", "CC0-1.0", "BSD-3-Clause"})
"""Permissive: what may be learned from without a question."""
Report = Callable[[str, int, int], None]
"""Called with what is being done ("converting tabler": the first word is the stage), how many sets or icons of the
stage are done, and of how many."""
Tags = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Built:
    """What ``build`` did. rows: icons kept, by split; near: near copies beside them, by split; dropped: icons left out,
    by reason; converted: icons whose conversion was not found in the cache."""

    path: Path
    datasheet: Path
    rows: Mapping[str, int]
    near: Mapping[str, int]
    dropped: Mapping[str, int]
    sets: int
    converted: int


def default_cache() -> Path:
    """The user's cache folder of this program; the corpus is written there too unless it is told otherwise."""
    from platformdirs import user_cache_path

    return user_cache_path("mnemicon") / "corpus"


def build(
    out: Path | None = None,
    *,
    cache: Path | None = None,
    iconify: Path | None = None,
    only: Sequence[str] = (),
    limit: int = 0,
    tags: Tags | None = None,
    report: Report | None = None,
) -> Built:
    """Builds the corpus.

    out: default icons.parquet in the cache. cache: default ``default_cache()``. iconify: folder of unpacked set files,
    instead of the registry's package. only: these sets, default all. limit: at most so many icons of each set, 0 for
    all. tags: {set: {name: tags}}, instead of those that the sets' own packages publish."""
    arrow()
    say: Report = report or (lambda what, done, total: None)
    rules = _rules(only)
    cache = cache if cache is not None else default_cache()
    out = out if out is not None else cache / "icons.parquet"
    ready(out)
    dropped: Counter[str] = Counter()
    with alone(cache):
        chosen = _choose(rules, cache, iconify, limit, dropped, say)
        if tags is None:
            say("reading tags", 0, 1)
            tags = own_tags(cache / "npm")
        results, converted = convert(chosen, cache / "made", say)
    say("removing copies", 0, 1)
    items = [(c, m) for name, listed in chosen.items() for c, m in zip(listed, results[name], strict=True)]
    dropped.update(m.reason for _, m in items if m.reason)
    table = assemble([(c, m) for c, m in items if not m.reason], rules, tags, ICONS, dropped)
    left_out = {reason: count for reason, count in sorted(dropped.items()) if count}
    say("writing", 0, 1)
    sheet = out.with_suffix(".datasheet.md")
    write(table, out, {"source": ICONS, "sets": list(rules), "limit": limit, "dropped": left_out})
    text = datasheet(table, rules, left_out, ICONS)
    written(sheet, lambda part: part.write_text(text, encoding="utf-8"))
    kept: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for split, stays in zip(table["split"].to_pylist(), table["kept"].to_pylist(), strict=True):
        kept[stays][split] += 1
    return Built(out, sheet, dict(kept[True]), dict(kept[False]), left_out, len(rules), converted)


def _rules(only: Sequence[str]) -> dict[str, dict[str, Any]]:
    rules = sets()
    unknown = [name for name in only if name not in rules]
    if unknown:
        raise CorpusError(f"{', '.join(unknown)}: not in the corpus; it is made of {', '.join(sorted(rules))}")
    wrong = [name for name, rule in rules.items() if rule["licence"] not in LICENCES]
    if wrong:
        raise CorpusError(f"sets.toml lists {wrong[0]} under {rules[wrong[0]]['licence']}, which is not permissive")
    return {name: rule for name, rule in rules.items() if not only or name in only}


def _choose(
    rules: Mapping[str, Mapping[str, Any]],
    cache: Path,
    iconify: Path | None,
    limit: int,
    dropped: Counter[str],
    say: Report,
) -> dict[str, list[Candidate]]:
    """The icons of every set that may enter, words taken apart as the sets that are trained on write them."""
    if iconify is None:
        say(f"fetching {ICONS}", 0, 1)
        iconify = unpack_sets(rules, cache / "npm")
    chosen: dict[str, list[Candidate]] = {}
    for number, (name, rule) in enumerate(rules.items()):
        say(f"choosing from {name}", number, len(rules))
        items = _of_set(name, rule, load_set(name, cache / "npm", iconify), iconify, dropped)
        chosen[name] = items[:limit] if limit else items
    say("choosing", len(rules), len(rules))
    trained = [c for name, items in chosen.items() if rules[name]["use"] == "train" for c in items]
    part_words([c for items in chosen.values() for c in items], trained)
    return chosen


def _of_set(
    name: str, rule: Mapping[str, Any], data: Mapping[str, Any], folder: Path, dropped: Counter[str]
) -> list[Candidate]:
    licence = data["info"]["license"]["spdx"]
    if licence != rule["licence"]:
        raise CorpusError(f"{name}: sets.toml says {rule['licence']}, the registry {licence}; ask before it is used")
    try:
        items = candidates(name, rule, data, takes=None, left_out=dropped)
        if not all(isinstance(c.body, str) and all(isinstance(v, int | float) for v in c.box) for c in items):
            raise TypeError("an icon without text or size")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CorpusError(f"{folder / name}.json is no Iconify set ({error}); delete it and run again") from error
    return items
