"""Build memory/library/data (icons.bin, judge.bin), NOTICE and LICENSES/ from pinned npm packages.

    python scripts/build_library.py [--limit N] [--out FILE] [--iconify FOLDER] [--no-style]
    python scripts/build_library.py --judge           what the judge sees in the icons of icons.bin, alone: a new judge

Same packages, same code: same bytes. Takes about half an hour and 2 GB, the judge's part ten minutes of it; what was
parsed and measured is kept under build/library, so that a run that was cut off goes on where it stopped. ``--limit``
takes N icons of each set, for trying; ``--iconify`` reads the sets from an unpacked copy of the package.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402

from memory.embedding import MODEL_SHA256, default_embedder  # noqa: E402
from memory.library import judged  # noqa: E402
from memory.library import library as shipped  # noqa: E402
from memory.library.builder.assemble import assemble  # noqa: E402
from memory.library.builder.convert import convert  # noqa: E402
from memory.library.builder.judged import chunk_paths, judged_sections, look  # noqa: E402
from memory.library.builder.notice import notice  # noqa: E402
from memory.library.library import Library  # noqa: E402
from memory.library.pack import write_pack  # noqa: E402
from svggen.icon import Icon, icon_id  # noqa: E402
from svggen.judge.judge import default_judge  # noqa: E402
from svggen.judge.weights import SHA256 as JUDGE_SHA256  # noqa: E402
from svggen.style import STYLE_DIMS, analyse_many  # noqa: E402
from svggen.style.vector import Seen, to_vector  # noqa: E402
from svggen.training.choose import Candidate, candidates, share  # noqa: E402
from svggen.training.describe import Drawing, describe, part_words  # noqa: E402
from svggen.training.sets import sets  # noqa: E402
from svggen.training.sources import ICONS, load_set, own_tags  # noqa: E402

CACHE = REPOSITORY / "build"
LICENCES = ("MIT", "ISC", "Apache-2.0", "CC0-1.0")
SAMPLED = ("lucide", "mdi", "carbon", "dinkie-icons", "icon-park", "ic", "fluent-emoji-flat")
"""Sets whose first icons stand for all when it is asked whether the measure of style is still the same."""
Key = tuple[str, str]
Style = tuple[npt.NDArray[np.float32], str]
console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--limit", type=int, default=0, help="at most N icons of each set")
    parser.add_argument("--out", type=Path, default=shipped.DATA)
    parser.add_argument("--iconify", type=Path, help="folder with the unpacked <set>.json files")
    parser.add_argument("--no-style", action="store_true", help="without style vectors, for a quick look")
    parser.add_argument("--measure", metavar="K/N", help="only measure every Nth icon from the Kth on, and stop")
    parser.add_argument("--ready", action="store_true", help="leave out icons that are not yet measured")
    parser.add_argument(
        "--judge",
        metavar="K/N",
        nargs="?",
        const="1/1",
        help="only judge.bin, beside the library that is there; K/N: look at every Nth part from the Kth on, and stop",
    )
    arguments = parser.parse_args()
    if arguments.judge:
        build_judged(arguments.out, arguments.judge)
        return

    rules = tomllib.loads((REPOSITORY / "memory/library/sets.toml").read_text(encoding="utf-8"))
    for name, rule in rules.items():
        rule["brands"] = sets()[name].get("brands", [])
    chosen, infos = choose(rules, arguments.iconify, arguments.limit)
    icons = converted(chosen, rules)
    kept = without_duplicates([c for c in chosen if (c.set_name, c.name) in icons], icons)
    drawings = described(kept, rules)
    drawn = Counter(d.concept for d in drawings)
    keys = [(c.set_name, c.name) for d in drawings for c in d.icons]
    styles: dict[Key, Style]
    if arguments.no_style:
        styles = blank_styles(keys)
    else:
        urgent = sorted((-drawn[d.concept], c.set_name, c.name) for d in drawings for c in d.icons)
        styles = measured([(s, n) for _, s, n in urgent], icons, arguments.measure or "1/1", arguments.ready)
        if arguments.measure:
            return
        drawings = described([c for c in kept if (c.set_name, c.name) in styles], rules)
    keys = [(c.set_name, c.name) for d in drawings for c in d.icons]
    entries = [set_entry(name, rules[name], infos[name]) for name in rules]
    console.print(f"{len(keys):,} icons, {len(drawings):,} drawings; texts are embedded")
    meta, sections = assemble(drawings, icons, styles, entries, embedded)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    digest = write_pack(arguments.out, meta, sections)
    console.print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.2f} MB, header {digest}")
    if arguments.out == shipped.DATA:
        publish(digest, meta["sets"])
    if not arguments.no_style:
        build_judged(arguments.out, "1/1")


def build_judged(library_path: Path, part: str) -> None:
    """Write judge.bin beside a library; what was seen is kept under build/library."""
    library = Library(library_path)
    paths = chunk_paths(library, JUDGE_SHA256, CACHE / "library")
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    look(library, default_judge(), paths, part, lambda rows: track(rows, "the judge looks", console=console))
    if part != "1/1":
        return
    meta, sections = judged_sections(library, default_judge(), JUDGE_SHA256, paths, embedded(library.concepts()))
    target = library_path.with_name(judged.FILE)
    beside = target.with_suffix(".part")
    digest = write_pack(beside, meta, sections)
    beside.replace(target)
    console.print(f"{target}: {target.stat().st_size / 1e6:.2f} MB, header {digest}")
    if library_path == shipped.DATA:
        set_digest(REPOSITORY / "memory/library/judged.py", digest)


def described(kept: list[Candidate], rules: Mapping[str, Any]) -> list[Drawing]:
    """The drawings in the order of the file: sets as in sets.toml, concepts and icons by name."""
    drawings = describe(kept, own_tags(CACHE / "npm"))
    order = {name: i for i, name in enumerate(rules)}
    drawings.sort(key=lambda d: (order[d.set_name], d.concept))
    for drawing in drawings:
        drawing.icons.sort(key=lambda c: c.name)
    return drawings


def choose(rules: Mapping[str, Any], iconify: Path | None, limit: int) -> tuple[list[Candidate], dict[str, Any]]:
    """(the icons of every set that may enter, what the registry says of each set)."""
    found: dict[str, list[Candidate]] = {}
    infos: dict[str, Any] = {}
    for name, rule in track(rules.items(), "choosing", console=console):
        data = load_set(name, CACHE / "npm", iconify)
        infos[name] = data["info"]
        spdx = data["info"]["license"]["spdx"]
        if rule["licence"] not in LICENCES or spdx != rule["licence"]:
            raise SystemExit(f"{name}: sets.toml says {rule['licence']}, the registry {spdx}")
        found[name] = candidates(name, rule, data)
    part_words([candidate for items in found.values() for candidate in items])
    drawn: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, items in found.items():
        for candidate in items:
            drawn[candidate.concept].add(rules[name]["family"])
    popularity = {concept: len(families) for concept, families in drawn.items()}
    chosen = []
    for name, items in found.items():
        items = share(items, rules[name].get("share", len(items)), popularity)
        chosen += items[:limit] if limit else items
    return chosen, infos


def converted(chosen: list[Candidate], rules: Mapping[str, Any]) -> dict[Key, Icon]:
    """Every icon that passes, on its 24 px canvas; a set's are kept under build/library as long as a sample comes out
    the same."""
    done: dict[Key, Icon] = {}
    refused: Counter[str] = Counter()
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in chosen:
        groups[candidate.set_name].append(candidate)
    for name, items in track(groups.items(), "converting", console=console):
        text = "\0".join(f"{c.name}\0{c.body}\0{c.box}" for c in items)
        sample = [convert(c, rules[name]["kind"]) for c in items[:: len(items) // 8 + 1]]
        stamp = hashlib.sha256(text.encode() + repr(sample).encode()).hexdigest()[:16]
        path = CACHE / "library" / f"{name}-{stamp}.pickle"
        if path.exists():
            results: dict[str, tuple[Icon | None, str]] = pickle.loads(path.read_bytes())
        else:
            results = {}
            for c in items:
                result = convert(c, rules[name]["kind"])
                results[c.name] = (result.icon, result.reason)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pickle.dumps(results))
        for c in items:
            icon, reason = results[c.name]
            if icon is None:
                refused[reason] += 1
            else:
                done[c.set_name, c.name] = icon
    console.print(f"{len(done):,} converted; left out: {dict(refused)}")
    return done


def without_duplicates(chosen: list[Candidate], icons: Mapping[Key, Icon]) -> list[Candidate]:
    """Each picture of a set once; the other names of a dropped copy go to the one that stays."""
    first: dict[Key, Candidate] = {}
    kept = []
    for candidate in chosen:
        key = (candidate.set_name, icon_id(icons[candidate.set_name, candidate.name]))
        held = first.setdefault(key, candidate)
        if held is candidate:
            kept.append(candidate)
        else:
            held.aliases |= candidate.aliases
            if candidate.concept != held.concept:
                held.aliases.add(" ".join(candidate.concept))
    console.print(f"{len(chosen) - len(kept):,} copies within a set left out")
    return kept


def measured(keys: list[Key], icons: Mapping[Key, Icon], part: str, ready: bool) -> dict[Key, Style]:
    """Style vector and mode of every icon, most drawn concepts first. The raw features are kept under build/library by
    icon id as long as the measure gives the same on a sample; the weights that turn them into vectors may change.
    part "2/3" measures every third icon, from the second on; ready takes what is measured and leaves out the rest."""
    sample = [icons[key] for name in SAMPLED for key in sorted(key for key in icons if key[0] == name)[:24]]
    seen = [(a.spec.mode, astuple(a.seen)) for a in analyse_many(sample)]
    stamp = hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
    known: dict[str, tuple[Seen, str]] = {}
    for path in sorted((CACHE / "library").glob(f"styles-{stamp}*.pickle")):
        known |= pickle.loads(path.read_bytes())
    ids = {key: icon_id(icons[key]) for key in keys}
    number, parts = (int(n) for n in part.split("/"))
    missing = [] if ready else [key for key in keys if ids[key] not in known][number - 1 :: parts]
    fresh: dict[str, tuple[Seen, str]] = {}
    path = CACHE / "library" / f"styles-{stamp}-{number}-{parts}-{len(known)}.pickle"
    for start in track(range(0, len(missing), 256), f"measuring {len(missing):,}", console=console):
        some = missing[start : start + 256]
        for key, found in zip(some, analyse_many([icons[key] for key in some]), strict=True):
            fresh[ids[key]] = (found.seen, found.spec.mode or "outline")
        if start // 256 % 8 == 7 or start + 256 >= len(missing):
            path.with_suffix(".part").write_bytes(pickle.dumps(fresh))
            path.with_suffix(".part").replace(path)
    known |= fresh
    return {key: (to_vector(known[ids[key]][0]), known[ids[key]][1]) for key in keys if ids[key] in known}


def blank_styles(keys: list[Key]) -> dict[Key, Style]:
    return {key: (np.zeros(STYLE_DIMS, np.float32), "outline") for key in keys}


def embedded(texts: Any) -> npt.NDArray[np.float32]:
    """The text vectors; kept under build/library by text and version of the weights."""
    path = CACHE / "library" / f"texts-{MODEL_SHA256[:16]}.pickle"
    known: dict[str, npt.NDArray[np.float32]] = pickle.loads(path.read_bytes()) if path.exists() else {}
    missing = sorted({t for t in texts if t not in known}, key=lambda t: (len(t), t))
    for start in track(range(0, len(missing), 512), "embedding", console=console):
        part = missing[start : start + 512]
        known.update(zip(part, default_embedder().embed(part), strict=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(known))
    return np.stack([known[text] for text in texts])


def set_entry(name: str, rule: Mapping[str, Any], info: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "name": info["name"],
        "author": info["author"]["name"],
        "url": info["author"].get("url", ""),
        "licence": rule["licence"],
        "licence_url": info["license"].get("url", ""),
        "kind": rule["kind"],
        "family": rule["family"],
        "source": ICONS,
    }


def publish(digest: str, sets: list[dict[str, Any]]) -> None:
    """Write the digest into the code, and NOTICE."""
    set_digest(REPOSITORY / "memory/library/library.py", digest)
    (REPOSITORY / "NOTICE").write_text(notice(sets, ICONS), encoding="utf-8")


def set_digest(module: Path, digest: str) -> None:
    code = re.sub(r'^(HEADER_SHA256: Final = )"[^"]*"', rf'\1"{digest}"', module.read_text("utf-8"), flags=re.M)
    module.write_text(code, encoding="utf-8")


if __name__ == "__main__":
    main()
