"""Everything that was chosen and converted -> the table: tags, copies, ids.

Contract. ``assemble(items, ...)`` is pure: same input, same table. Rows stand in the order of the items (sets as in
sets.toml, icons as in their file). Of equal icons in one split the first stays and takes the names of the others; one
of validation that is equal to one of train is left out, and gives it no name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from svggen.training.choose import Candidate
from svggen.training.corpus.near import repeats, same_ink
from svggen.training.corpus.rows import Made
from svggen.training.corpus.table import arrow, schema
from svggen.training.describe import describe

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["assemble"]

Item = tuple[Candidate, Made]


def assemble(
    items: Sequence[Item],
    rules: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, Mapping[str, tuple[str, ...]]],
    source: str,
    dropped: Counter[str],
) -> Any:
    """The table (pyarrow.Table); what is left out on the way is counted in ``dropped``."""
    rows, names = _without_copies(items, rules, dropped)
    drawings = {(d.set_name, d.concept): d for d in describe([c for c, _ in rows], tags)}
    near = _near(rows, rules)
    twins = _twins(rows, rules)
    columns: dict[str, list[Any]] = defaultdict(list)
    for i, (c, m) in enumerate(rows):
        rule, words = rules[c.set_name], drawings[c.set_name, c.concept]
        own = " ".join(c.concept)
        aliases = [*words.aliases, *sorted(names[i] - {own, *words.aliases})]
        row = {
            "id": m.id,
            "set": c.set_name,
            "family": rule["family"],
            "name": c.name,
            "concept": own,
            "variant": " ".join(c.variant.split("-")),
            "group": f"{c.set_name}|{c.variant}",
            "mode": m.mode,
            "tags": list(words.tags),
            "aliases": aliases,
            "categories": list(c.categories),
            "licence": rule["licence"],
            "kind": rule["kind"],
            "split": rule["use"],
            "provenance": f"{source}/{c.set_name}",
            "phash": m.phash,
            "near_of": rows[near[i]][1].id if near[i] >= 0 else "",
            "kept": near[i] < 0,
            "flags": [*m.flags, *(["twin"] if i in twins else [])],
            "source_grid": float(max(c.box[2], c.box[3])),
            "n_commands": m.n_commands,
            "svg": m.svg,
        }
        for key, value in row.items():
            columns[key].append(value)
    for key in ("concept", "group", "family"):
        columns[f"{key}_id"] = _numbered(columns[key])
    pa, wanted = arrow(), schema()
    arrays = []
    for spec in wanted:
        plain = spec.type.value_type if pa.types.is_dictionary(spec.type) else spec.type
        arrays.append(pa.array(columns[spec.name], plain).cast(spec.type))
    return pa.Table.from_arrays(arrays, schema=wanted)


def _numbered(values: Iterable[str]) -> list[int]:
    """For each value its place among the different ones, sorted."""
    listed = list(values)
    places = {value: i for i, value in enumerate(sorted(set(listed)))}
    return [places[value] for value in listed]


def _without_copies(
    items: Sequence[Item], rules: Mapping[str, Mapping[str, Any]], dropped: Counter[str]
) -> tuple[list[Item], list[set[str]]]:
    """(each picture once, the other names under which it was found)."""
    trained = {m.id for c, m in items if rules[c.set_name]["use"] == "train"}
    first: dict[str, int] = {}
    rows: list[Item] = []
    names: list[set[str]] = []
    for c, m in items:
        if rules[c.set_name]["use"] != "train" and m.id in trained:
            dropped["in train too"] += 1
            continue
        at = first.setdefault(m.id, len(rows))
        if at == len(rows):
            rows.append((c, m))
            names.append(set())
        else:
            dropped["same picture"] += 1
            names[at] |= {" ".join(c.concept)} | c.aliases
    return rows, names


def _near(rows: Sequence[Item], rules: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """For each row the row of its family and concept that it nearly repeats, or -1."""
    places = {name: i for i, name in enumerate(rules)}
    groups: dict[tuple[str, str, tuple[str, ...]], list[int]] = defaultdict(list)
    for i, (c, _) in enumerate(rows):
        rule = rules[c.set_name]
        groups[rule["use"], rule["family"], c.concept].append(i)
    near = [-1] * len(rows)
    for members in groups.values():
        if len(members) < 2:
            continue
        members.sort(key=lambda i: (places[rows[i][0].set_name], _preference(rows[i][0], rules), i))
        hashes = np.array([rows[i][1].phash for i in members], np.uint64)
        pictures = np.stack([_picture(rows[i][1]) for i in members])
        modes = [rows[i][1].mode for i in members]
        for i, held in zip(members, repeats(hashes, pictures, modes), strict=True):
            near[i] = members[held] if held >= 0 else -1
    return near


def _preference(candidate: Candidate, rules: Mapping[str, Mapping[str, Any]]) -> int:
    listed = rules[candidate.set_name].get("prefer", [])
    return listed.index(candidate.variant) if candidate.variant in listed else len(listed)


def _twins(rows: Sequence[Item], rules: Mapping[str, Mapping[str, Any]]) -> set[int]:
    """Validation rows that nearly repeat an icon of train, whatever either is called: a judge that learned the one has
    an easy time with the other, so that who reports may leave them out."""
    by_hash: dict[int, list[int]] = defaultdict(list)
    validation = []
    for i, (c, m) in enumerate(rows):
        if rules[c.set_name]["use"] == "train":
            by_hash[m.phash].append(i)
        else:
            validation.append(i)
    return {
        i
        for i in validation
        if any(same_ink(_picture(rows[i][1]), _picture(rows[k][1])) for k in by_hash.get(rows[i][1].phash, ()))
    }


def _picture(m: Made) -> npt.NDArray[np.uint8]:
    return np.frombuffer(m.ink, np.uint8)
