"""The datasheet of the corpus, in Markdown: where it is from, what is in it, what was left out and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from svggen.training.corpus.near import BITS_APART, INK_APART

__all__ = ["datasheet"]

_HEAD = """# Icon corpus: datasheet

**Made by** `mnemicon corpus build` from the npm package `{source}` and the tags that some of its sets publish in
packages of their own. **For** training and choosing the models of Mnemicon. **Rows:** {kept:,} icons of {sets} sets,
and {near:,} near copies (`kept` is false) beside them.

**Licences.** Permissive only, each compared with the registry's own entry. Every row names its set, its licence and its
package; who ships icons of the corpus must name their authors.

**Made how.** Each icon is fitted to a 24 x 24 canvas, rounded to 1/100 px and written in one canonical form. Hidden,
animated, blank and broken icons, trade marks, flags, skin tones and masks that are no mere tones are left out. Of equal
pictures in several sets the first stays and takes the names of the others. A near copy repeats an icon of the same
family, concept and mode: hashes within {bits} of 63 bits and ink within {ink:.0%}. A validation icon that is equal to
one that is trained on is left out; one that nearly is carries the flag `twin`.

**Known limits.** `concept` is a name without its style words: the same name is not always the same picture, and
synonyms are different concepts unless an alias joins them. `mode` is judged cheaply (93 % agree with the measured
mode). Names are English. Material and Fluent are a quarter of it: draw by family, not by row.
"""
_REASONS = {
    "BudgetError": "too large for the reader",
    "InvalidSvgError": "cannot be read",
    "UnsafeSvgError": "refused by the reader",
    "clip or mask": "clip or mask that is no mere tone",
    "in train too": "validation icon equal to one of train",
    "same picture": "same picture as another icon",
    "variant": "size that the set has too often",
}


def datasheet(table: Any, rules: Mapping[str, Mapping[str, Any]], dropped: Mapping[str, int], source: str) -> str:
    """Counts by split, licence, kind, mode and set; lengths; what was left out and why. dropped: by reason."""
    wanted = ("split", "kept", "set", "licence", "mode", "kind", "n_commands", "family", "concept", "tags", "aliases")
    columns = {name: table[name].to_pylist() for name in (*wanted, "categories", "group", "flags")}
    kept = [i for i, stays in enumerate(columns["kept"]) if stays]
    by_set = Counter(columns["set"][i] for i in kept)
    parts = [
        _HEAD.format(
            source=source,
            kept=len(kept),
            sets=len(by_set),
            near=table.num_rows - len(kept),
            bits=BITS_APART,
            ink=INK_APART,
        )
    ]
    for title, key in (("Licences", "licence"), ("Kinds", "kind"), ("Modes", "mode")):
        parts += [f"## {title}", "", *_counted(columns, kept, key)]
    parts += ["## Words", "", *_words(columns, kept)]
    parts += ["## Lengths", "", "Drawing commands: segments of paths, and one for any other shape.", ""]
    parts += _lengths(columns, kept)
    parts += ["## Left out", ""]
    left = sorted(dropped.items(), key=lambda item: -item[1])
    parts += _table(("why", "icons"), [(_REASONS.get(reason, reason), count) for reason, count in left])
    near = Counter(name for name, stays in zip(columns["set"], columns["kept"], strict=True) if not stays)
    parts += ["## Sets", ""]
    parts += _table(
        ("set", "use", "family", "kind", "licence", "kept", "near copies"),
        [(n, r["use"], r["family"], r["kind"], r["licence"], by_set[n], near[n]) for n, r in rules.items()],
    )
    return "\n".join(parts).rstrip() + "\n"


def _counted(columns: Mapping[str, list[Any]], kept: Sequence[int], key: str) -> list[str]:
    counts = Counter((columns[key][i], columns["split"][i]) for i in kept)
    names = sorted({name for name, _ in counts}, key=lambda n: -counts[n, "train"])
    return _table((key, "train", "validation"), [(n, counts[n, "train"], counts[n, "validation"]) for n in names])


def _words(columns: Mapping[str, list[Any]], kept: Sequence[int]) -> list[str]:
    rows = []
    for split in ("train", "validation"):
        some = [i for i in kept if columns["split"][i] == split]
        families: dict[str, set[str]] = defaultdict(set)
        for i in some:
            families[columns["concept"][i]].add(columns["family"][i])
        shared = [len(f) for f in families.values()]
        rows.append(
            (
                split,
                len(some),
                *(sum(1 for i in some if columns[key][i]) for key in ("tags", "aliases", "categories")),
                len(shared),
                *(sum(1 for n in shared if n >= least) for least in (2, 5, 10)),
                len({columns["group"][i] for i in some}),
            )
        )
    head = ("split", "icons", "with tags", "aliases", "categories", "concepts", "of 2 families", "of 5", "of 10")
    return _table((*head, "style groups"), rows)


def _lengths(columns: Mapping[str, list[Any]], kept: Sequence[int]) -> list[str]:
    lengths: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i in kept:
        for mode in (columns["mode"][i], "all"):
            lengths[columns["split"][i], mode].append(columns["n_commands"][i])
    rows = [
        (split, mode, len(some), *(int(np.percentile(some, p)) for p in (10, 50, 90, 99)))
        for (split, mode), some in sorted(lengths.items())
    ]
    return _table(("split", "mode", "icons", "p10", "p50", "p90", "p99"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(f"{v:,}" if isinstance(v, int) else str(v) for v in row) + " |" for row in rows]
    return [*lines, ""]
