"""Build svggen/sets/companions.toml and svggen/sets/styles.toml from the icon sets of svggen/training/sets.toml.

    python scripts/build_set_tables.py [--corpus FOLDER]      the json folder of @iconify/json; takes two minutes

companions.toml: which names come in pairs. Pairs are proposed in ``set_pairs.txt`` and counted in the sets: a pair
stays where at least ``FAMILIES`` families of sets have it, and a direction of it where at least half of the sets' names
that have the one have the other. A family counts once, whatever number of sets it has.

styles.toml: the measured style of every set and of its variants with at least 60 icons, from 150 icons each.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from svggen.errors import SvgGenError  # noqa: E402
from svggen.icon import Icon, parse_iconify  # noqa: E402
from svggen.sets.variants import variants  # noqa: E402
from svggen.style import measure_set  # noqa: E402
from svggen.training.sets import sets  # noqa: E402

FAMILIES = 5
SHARE = 0.5
LEAST = 60
SAMPLE = 150

PAIRS = Path(__file__).with_name("set_pairs.txt")


def proposed() -> dict[str, list[str]]:
    """The entries of each section of ``set_pairs.txt``: separated by commas, names one a line (a line that begins with
    a space goes on with the one before)."""
    found: dict[str, str] = {}
    section = ""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = ""
        elif line and not line.startswith("#"):
            found[section] += line if line.startswith(" ") else f"\n{line}"
    return {
        name: text.strip().splitlines() if name == "names" else [" ".join(each.split()) for each in text.split(",")]
        for name, text in found.items()
    }


def names_of(corpus: Path) -> dict[str, set[str]]:
    """Stems of every set, without style words, by family of sets."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, rule in sets().items():
        path = corpus / f"{name}.json"
        if rule["kind"] == "emoji" or not path.exists():
            continue
        data = json.loads(path.read_text(encoding="utf-8"))
        icons = [key for key, icon in data["icons"].items() if not icon.get("hidden")]
        found[rule["family"]] |= {each.stem for each in variants([*icons, *data.get("aliases", {})])}
    return found


def swaps(names: dict[str, set[str]], pairs: list[str]) -> Iterator[dict[str, Any]]:
    places: dict[str, dict[str, set[str]]] = {}
    for family, stems in names.items():
        here: dict[str, set[str]] = defaultdict(set)
        for stem in stems:
            words = stem.split("-")
            for i, word in enumerate(words):
                here[word].add("-".join([*words[:i], "*", *words[i + 1 :]]))
        places[family] = here
    for pair in dict.fromkeys(tuple(sorted(p.split())) for p in pairs):
        a, b = pair
        both = {f: len(here[a] & here[b]) for f, here in places.items() if here[a] & here[b]}
        if len(both) < FAMILIES:
            continue
        # each family counts with the square root of its names, so that no large set speaks for all
        weight = {f: len(places[f][a] | places[f][b]) ** -0.5 for f in both}
        either = {f for f, here in places.items() if here[a] or here[b]}
        total = {
            w: sum(len(places[f][w]) * weight.get(f, len(places[f][a] | places[f][b]) ** -0.5) for f in either)
            for w in pair
        }
        met = sum(n * weight[f] for f, n in both.items())
        for one, other in ((a, b), (b, a)):
            share = met / total[one]
            if share >= SHARE:
                yield {"word": one, "companion": other, "sets": len(both), "share": round(share, 3)}


def endings(names: dict[str, set[str]], words: list[str]) -> Iterator[dict[str, Any]]:
    for word in words:
        ending = f"-{word}"
        having = [(stems, [s for s in stems if s.endswith(ending)]) for stems in names.values()]
        having = [(stems, mine) for stems, mine in having if mine]
        if len(having) < FAMILIES:
            continue
        shares = [sum(m.removesuffix(ending) in stems for m in mine) / len(mine) for stems, mine in having]
        share = sum(shares) / len(shares)
        if share >= SHARE:
            yield {"word": word, "sets": len(having), "share": round(share, 3)}


def things(names: dict[str, set[str]], lines: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        first, second = ([n.strip() for n in side.split(",")] for side in line.split("/"))
        has = [{f for f, stems in names.items() if stems & set(side)} for side in (first, second)]
        both = has[0] & has[1]
        if len(both) < FAMILIES:
            continue
        for mine, theirs, of in ((first, second, has[0]), (second, first, has[1])):
            share = len(both) / len(of)
            if share >= SHARE:
                yield {"names": mine, "companions": theirs, "sets": len(both), "share": round(share, 3)}


def styles(corpus: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, rule in sets().items():
        if rule["kind"] != "ui":
            continue
        path = corpus / f"{name}.json"
        if not path.exists():
            continue
        data = json.loads(path.read_text(encoding="utf-8"))
        keys = sorted(key for key, icon in data["icons"].items() if not icon.get("hidden"))
        groups: dict[str, list[str]] = defaultdict(list)
        for key, each in zip(keys, variants(keys), strict=True):
            groups[each.variant].append(key)
        largest = max(groups, key=lambda v: len(groups[v]))
        for variant, members in sorted(groups.items()):
            if len(members) < LEAST and variant != largest:
                continue
            icons = list(_icons(data, members))
            if len(icons) >= 10:
                spec = measure_set(icons).spec.to_dict()
                for field in ("detail", "grid"):  # how much is drawn, and on what, is no style
                    spec.pop(field, None)
                yield f"{name}-{variant}" if variant else name, spec


def _icons(data: dict[str, Any], members: list[str]) -> Iterator[Icon]:
    random.Random(1).shuffle(members)
    width, height = data.get("width", 16), data.get("height", 16)
    for key in members[:SAMPLE]:
        icon = data["icons"][key]
        try:
            yield parse_iconify(
                icon["body"],
                icon.get("width", width),
                icon.get("height", height),
                icon.get("left", 0),
                icon.get("top", 0),
            )
        except SvgGenError:
            continue


def toml_row(row: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {json.dumps(value)}" for key, value in row.items())


def write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    print(f"{path}: {len(text):,} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=REPOSITORY / "build/corpus/package/json")
    corpus = parser.parse_args().corpus
    if not corpus.is_dir():
        print(f"no icon sets in {corpus}: make corpus fetches them, or name their folder with --corpus")
        return 2
    home = REPOSITORY / "svggen" / "sets"
    names, pairs = names_of(corpus), proposed()
    tables = {
        "words": sorted(swaps(names, pairs["words"]), key=lambda r: (-r["share"], r["word"])),
        "endings": list(endings(names, pairs["endings"])),
        "names": sorted(things(names, pairs["names"]), key=lambda r: (-r["share"], r["names"][0])),
    }
    by = "# Written by scripts/build_set_tables.py; not by hand.\n"
    text = by + (
        f"# Names that come in pairs, counted in {len(names)} families of icon sets. sets: families that have both;\n"
        "# share: of the names that have the one, those that have the other.\n"
    )
    for table, rows in tables.items():
        text += f"\n{table} = [\n" + "".join(f"  {{ {toml_row(row)} }},\n" for row in rows) + "]\n"
    write(home / "companions.toml", text)
    text = by + "# The measured style of openly licensed icon sets and of their variants.\n\n"
    write(home / "styles.toml", text + "".join(f"{name} = {{ {toml_row(spec)} }}\n" for name, spec in styles(corpus)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
