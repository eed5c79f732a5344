"""Set continuation: eight icons of a set that the library has never seen are owned; can the agent draw the next twenty?

For every style group of the validation sets the agent is asked, by name, for concepts of that set. Arms, side by side:

    no memory   design_icon for a user of whom nothing is known
    memory      design_icon for a user who owns eight icons of the set
    as it is    the library's best match for the name and the look of the eight icons, not edited
    real        the set's own icon for that name (what a perfect answer would score)

Measured for each arm, against the set's own icons (up to 120 of them, the asked ones left out):

    style       StyleSpec distance of the drawing to the set's measured StyleSpec, 0 (same) .. 1; this is the ratio that
                the goal speaks of (memory / no memory)
    in spreads  distance of the style vector from the set's centre, in units of the median distance of real members
    top-1, top-5  concept hits: how often the real icon of the asked name is among the 1 / 5 most similar of the set's
                icons to the drawing (similarity of blurred ink and edge orientation, style taken out as far as a
                bounding-box normalisation can); chance is 1 / 120
    knows       the agent's own word: passed its critic's concept threshold
    must        share with no finding of level "must", the rules read for the set's measured style
    judge style    share of real icons that sit less well in their own set than the drawing in this one, as the judge
                sees it (svggen.judge; none of these sets was in its training); the mean over the drawings
    judge concept  share of real icons that show what they are named after less surely than the drawing the asked name
    judge top-5    how often the asked name is among the 5 nearest to the drawing, in the judge's space, of all names of
                the group

Run:  python tests/bench/bench_sets.py [--corpus DIR] [--groups NAME ...] [--asks 20] [--out DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("MEM0_TELEMETRY", "False")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from rich.console import Console
from rich.table import Table

from svggen import style as st
from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas
from svggen.icon import Icon, icon_id, parse_iconify
from svggen.judge import default_judge
from svggen.lint import lint
from svggen.render import contact_sheet, inks

MEMORY_ICONS = 8
SET_SAMPLE = 120
SEED = 20261123


def _no_suffix(*suffixes: str) -> Callable[[str], str | None]:
    return lambda name: None if name.endswith(suffixes) else name


def _suffix(suffix: str) -> Callable[[str], str | None]:
    return lambda name: name[: -len(suffix)] if name.endswith(suffix) else None


# group -> (set, how a name becomes a subject; None leaves the icon out)
GROUPS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "mynaui": ("mynaui", _no_suffix("-solid")),
    "mynaui-solid": ("mynaui", _suffix("-solid")),
    "ix": ("ix", _no_suffix("-filled")),
    "f7": ("f7", _no_suffix("-fill")),
    "f7-fill": ("f7", _suffix("-fill")),
    "stash": ("stash", _no_suffix("-duotone", "-light", "-solid")),
    "stash-solid": ("stash", _suffix("-solid")),
    "stash-duotone": ("stash", _suffix("-duotone")),
    "jam": ("jam", _no_suffix("-f")),
    "garden": ("garden", _suffix("-16")),
    "glyphs-poly": ("glyphs-poly", lambda n: n),
    "octicon": ("octicon", _suffix("-24")),
    "flowbite-outline": ("flowbite", _suffix("-outline")),
    "flowbite-solid": ("flowbite", _suffix("-solid")),
    "lsicon-outline": ("lsicon", _suffix("-outline")),
    "lsicon-filled": ("lsicon", _suffix("-filled")),
    "marketeq": ("marketeq", lambda n: n),
    "radix": ("radix-icons", lambda n: n),
}
GARDEN_FILL = re.compile(r"-fill$|-stroke$|-o$|-alt$|-\d+$")
BRANDISH = re.compile(
    "|".join(
        """logo brand google github gitlab facebook twitter apple amazon android microsoft discord slack figma npm html
        css3 windows whatsapp youtube paypal visa mastercard linkedin instagram tiktok telegram spotify bitcoin dribbble
        behance
        medium reddit pinterest copilot mona octocat vercel framer notion modulz stitches codesandbox zendesk""".split()
    )
)


@dataclass(frozen=True)
class Group:
    name: str
    icons: dict[str, Icon]  # subject -> icon on the 24 canvas


def load_group(corpus: Path, name: str) -> Group:
    """The icons of one style group that parse, by subject; brands and one-letter names are left out."""
    set_name, subject_of = GROUPS[name]
    data = json.loads((corpus / f"{set_name}.json").read_text())
    icons: dict[str, Icon] = {}
    for raw, row in sorted(data["icons"].items()):
        subject = subject_of(raw)
        if row.get("hidden") or subject is None or BRANDISH.search(raw):
            continue
        subject = GARDEN_FILL.sub("", subject).replace("-", " ").strip()
        if len(re.sub(r"[^a-z]", "", subject)) < 3 or subject in icons:
            continue
        width = row.get("width", data.get("width", 16))
        height = row.get("height", data.get("height", 16))
        try:
            icons[subject] = fit_canvas(
                parse_iconify(row["body"], width, height, row.get("left", 0), row.get("top", 0))
            )
        except SvgGenError:
            continue
    return Group(name, icons)


def pictures(icons: list[Icon]) -> np.ndarray:
    """(n, d) unit vectors of what is drawn, whatever its weight: ink cropped to its box, scaled to 32 px and blurred,
    beside a histogram of edge orientations on an 8 x 8 grid (8 bins)."""
    from scipy import ndimage

    out = []
    for picture in inks(icons, 96):
        rows, columns = np.where(picture > 0.1)
        if not len(rows):
            out.append(np.zeros(32 * 32 + 8 * 8 * 8))
            continue
        box = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        side = max(box.shape)
        square = np.zeros((side, side))
        top, left = (side - box.shape[0]) // 2, (side - box.shape[1]) // 2
        square[top : top + box.shape[0], left : left + box.shape[1]] = box
        small = ndimage.zoom(square, 64 / side, order=1)[:64, :64]
        small = np.pad(small, ((0, 64 - small.shape[0]), (0, 64 - small.shape[1])))
        blurred = ndimage.gaussian_filter(small, 2.5)
        dy, dx = np.gradient(ndimage.gaussian_filter(small, 1.2))
        strength, angle = np.hypot(dx, dy), np.mod(np.arctan2(dy, dx), np.pi)
        bins = np.minimum((angle / np.pi * 8).astype(int), 7)
        histogram = np.zeros((8, 8, 8))
        y, x = np.indices(small.shape) // 8
        np.add.at(histogram, (y, x, bins), strength)
        first = blurred[::2, ::2].ravel()
        second = ndimage.gaussian_filter(histogram, (0.7, 0.7, 0.5)).ravel()
        out.append(
            np.concatenate([first / (np.linalg.norm(first) + 1e-9), 1.5 * second / (np.linalg.norm(second) + 1e-9)])
        )
    found = np.asarray(out)
    return found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9)


@dataclass
class Row:
    """What one arm drew for one subject."""

    icon: Icon | None
    knows: bool
    seconds: float


def ask(prompt: str, user: str, home: Path) -> Row:
    from agent.tool import design_icon
    from svggen.icon import parse

    began = time.perf_counter()
    result = design_icon(prompt, user=user, home=home, n=4, rounds=2, seed=7)
    took = time.perf_counter() - began
    icon = fit_canvas(parse(result.svg)) if result.svg else None
    return Row(icon, result.passed, took)


def nearest(subject: str, vector: np.ndarray, judge_style: np.ndarray) -> Row:
    from memory.library import open_library

    library = open_library()
    began = time.perf_counter()
    hits = library.search(subject, limit=1, style=vector, judge_style=judge_style)
    icon = fit_canvas(library.icon(hits[0].index)) if hits else None
    return Row(icon, bool(hits) and hits[0].concept_score >= 0.6, time.perf_counter() - began)


def run_group(corpus: Path, name: str, asks: int, home: Path) -> dict[str, Any] | None:
    from memory.memory import open_memory
    from memory.records import Exemplar, Tenant

    group = load_group(corpus, name)
    rng = random.Random(f"{SEED}/{name}")
    subjects = sorted(group.icons)
    if len(subjects) < MEMORY_ICONS + asks + 20:
        return None
    rng.shuffle(subjects)
    owned, asked = subjects[:MEMORY_ICONS], subjects[MEMORY_ICONS : MEMORY_ICONS + asks]
    others = subjects[MEMORY_ICONS + asks :][:SET_SAMPLE]
    members = [group.icons[s] for s in owned + others]
    truth = st.measure_set(members)
    own_distance = np.median([np.linalg.norm(v - truth.vector) for v in st.style_vectors(members)])

    user = f"set-{name}"
    memory = open_memory(home)
    tenant = Tenant(user)
    memory.add_exemplars(
        tenant,
        [
            Exemplar(
                icon_id(group.icons[s]),
                s,
                group.icons[s],
                tuple(s.split()),
                f"set {name}",
                "validation",
                "2026-11-23T00:00:00Z",
            )
            for s in owned
        ],
    )
    memory.close()
    eight = st.measure_set([group.icons[s] for s in owned])
    seen = default_judge().see([group.icons[s] for s in owned]).style.mean(0)

    gallery = [*asked, *others]
    gallery_pictures = pictures([group.icons[s] for s in gallery])
    arms: dict[str, list[Row]] = {"no memory": [], "memory": [], "as it is": [], "real": []}
    for subject in asked:
        arms["no memory"].append(ask(subject, f"nobody-{name}", home))
        arms["memory"].append(ask(subject, user, home))
        arms["as it is"].append(nearest(subject, eight.vector, seen))
        arms["real"].append(Row(group.icons[subject], True, 0.0))
    judged = JudgedGroup.of(members, subjects)
    table: dict[str, dict[str, float]] = {}
    for arm, rows in arms.items():
        drawn = [(i, row.icon) for i, row in enumerate(rows) if row.icon is not None]
        icons = [icon for _, icon in drawn]
        specs = st.measure_many(icons)
        vectors = st.style_vectors(icons)
        ranks = []
        if arm != "real":
            likeness = pictures(icons) @ gallery_pictures.T
            ranks = [int((row > row[i]).sum()) for (i, _), row in zip(drawn, likeness, strict=True)]
        table[arm] = {
            "style": float(np.mean([st.distance(spec, truth.spec) for spec in specs])),
            "in spreads": float(np.median([np.linalg.norm(v - truth.vector) for v in vectors]) / own_distance),
            "top-1": float(np.mean([r < 1 for r in ranks])) if ranks else 1.0,
            "top-5": float(np.mean([r < 5 for r in ranks])) if ranks else 1.0,
            "knows": float(np.mean([row.knows for row in rows])),
            "must": float(np.mean([not any(f.level == "must" for f in lint(icon, truth.spec)) for icon in icons])),
            "seconds": float(np.median([row.seconds for row in rows])),
            "drawn": len(drawn) / len(rows),
            **judged.scores(icons, [asked[i] for i, _ in drawn]),
        }
    return {
        "group": name,
        "table": table,
        "owned": owned,
        "asked": asked,
        "arms": arms,
        "icons": group.icons,
        "spec": truth.spec,
    }


@dataclass(frozen=True)
class JudgedGroup:
    """The judge's view of a group: the mean style of its members and the vectors of all its names."""

    style: np.ndarray
    names: list[str]
    vectors: np.ndarray

    @classmethod
    def of(cls, members: list[Icon], names: list[str]) -> JudgedGroup:
        judge = default_judge()
        mean = judge.see(members).style.mean(0)
        return cls(mean / np.linalg.norm(mean), names, judge.text(names))

    def scores(self, icons: list[Icon], subjects: list[str]) -> dict[str, float]:
        judge = default_judge()
        seen = judge.see(icons)
        likeness = seen.concept @ self.vectors.T
        own = likeness[np.arange(len(icons)), [self.names.index(subject) for subject in subjects]]
        return {
            "judge style": float(np.mean([judge.score("style", float(c)) for c in seen.style @ self.style])),
            "judge concept": float(np.mean([judge.score("concept", float(c)) for c in own])),
            "judge top-5": float(np.mean((likeness > own[:, None]).sum(1) < 5)),
        }


def sheet(result: dict[str, Any], path: Path) -> None:
    items: list[tuple[Icon, str]] = [(result["icons"][s], f"own: {s}") for s in result["owned"]]
    for index, subject in enumerate(result["asked"][:10]):
        for arm in ("real", "no memory", "memory", "as it is"):
            icon = result["arms"][arm][index].icon
            if icon is not None:
                items.append((icon, f"{arm}: {subject}"))
    path.write_bytes(
        contact_sheet(
            items, columns=8, title=f"{result['group']}: own icons, then real | no memory | memory | as it is"
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--corpus", type=Path, default=Path(os.environ.get("MNEMICON_CORPUS", "build/corpus/package/json"))
    )
    parser.add_argument("--groups", nargs="*", default=list(GROUPS))
    parser.add_argument("--asks", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("build/bench/sets"))
    options = parser.parse_args()
    console = Console(width=150)
    if not options.corpus.is_dir():
        console.print(f"no icon corpus at {options.corpus}; `make corpus` fetches it, or name it with --corpus")
        raise SystemExit(2)
    options.out.mkdir(parents=True, exist_ok=True)
    results = []
    with tempfile.TemporaryDirectory() as home:
        for name in options.groups:
            result = run_group(options.corpus, name, options.asks, Path(home))
            if result is None:
                console.print(f"{name}: too few icons, left out")
                continue
            sheet(result, options.out / f"{name}.png")
            results.append(result)
            before, after = (result["table"][arm]["style"] for arm in ("no memory", "memory"))
            ratio = after / max(1e-9, before)
            console.print(f"{name}: {before:.3f} -> {after:.3f} (x {ratio:.2f})  {st.describe(result['spec'])}")
    columns = (
        *("style", "in spreads", "top-1", "top-5", "knows", "must", "seconds"),
        *("judge style", "judge concept", "judge top-5"),
    )
    table = Table(title=f"Set continuation: {len(results)} groups, {MEMORY_ICONS} own icons, {options.asks} asked")
    table.add_column("group")
    table.add_column("arm")
    for column in columns:
        table.add_column(column, justify="right")
    for result in results:
        for arm, row in result["table"].items():
            table.add_row(result["group"], arm, *(f"{row[c]:.3f}" for c in columns))
        table.add_section()
    for arm in ("no memory", "memory", "as it is", "real"):
        table.add_row("ALL (mean)", arm, *(f"{np.mean([r['table'][arm][c] for r in results]):.3f}" for c in columns))
    console.print(table)
    without, with_ = (np.mean([r["table"][a]["style"] for r in results]) for a in ("no memory", "memory"))
    console.print(f"style distance with memory / without: {with_ / without:.3f} (goal: at most 0.333)")
    (options.out / "sets.json").write_text(
        json.dumps([{k: r[k] for k in ("group", "table", "owned", "asked")} for r in results], indent=1)
    )
    console.print(f"contact sheets and sets.json in {options.out}")


if __name__ == "__main__":
    main()
