"""Does the audit find what is wrong with a set, and nothing else? Does unify mend it, do the gaps hold?

    python tests/bench/bench_audit.py [--corpus DIR] [--n 200] [--faults 6] [--at-once 2]
                                      [--only clean faults unify gaps speed]

Clean: ``--n`` icons of each set, brand marks left out, nothing done to them: the share that is flagged (goal: under
5 %). The twelve validation sets were not looked at while the limits of ``svggen.sets`` were chosen, and the judge never
saw them.

Faults: some icons of each set (``--at-once``) are replaced by faulty copies, and the whole set is audited. "seen"
counts the faults that a person sees, which is to say:

    foreign     an icon of another set, fitted to the canvas; seen where the two sets differ in mode or colour, or by a
                quarter in line width
    thicker     lines of 1.5 times the width; seen where the set is drawn with lines of one width
    scaled      80 %, lines and all; seen where the icon was no smaller than most of its set
    caps        square instead of round, or round instead of butt; seen with two open ends or more, where the set agrees
    colour      crimson; always seen where the set has one colour
    corners     sharp instead of rounded, or rounded instead of sharp; seen where the set agrees, with long corners
    edge        up to the edge of the canvas; seen where nine in ten of the set keep half a px
    small       4 px more padding, lines as they were; seen as scaled is
    shift       3 px aside; seen where the set is centred
    mode        solid instead of outlines and the reverse; seen where a tenth of the ink changed and the set agrees

Unify: 90 icons of a set with ten of three others each: how many leave the style before and after. Gaps: of each set
that pairs names, the companions of 30 names are taken out; which are missed? And how many of those that half of a set
lacks has the whole set? Speed: 2,000 files, and 10,000 of which 100 are broken, through the command line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas, transform_icon
from svggen.icon import Icon, parse_iconify, serialise
from svggen.lint.case import open_ends
from svggen.render import inks
from svggen.restyle import restyle
from svggen.sets.audit import Audit, Item, audit
from svggen.sets.facts import Facts, facts_of
from svggen.sets.fields import Among, Near
from svggen.sets.gaps import gaps
from svggen.sets.rules import Rules
from svggen.sets.unify import audited_again, unify
from svggen.sets.variants import variants
from svggen.style import StyleSpec

SEED = 20261124
# group: set, what its names end in, what they must not end in
GROUPS: dict[str, tuple[str, str, str]] = {
    "lucide": ("lucide", "", ""),
    "tabler": ("tabler", "", "-filled"),
    "tabler-filled": ("tabler", "-filled", ""),
    "ph": ("ph", "", "-(?:bold|fill|duotone|thin|light)"),
    "ph-bold": ("ph", "-bold", ""),
    "ph-fill": ("ph", "-fill", ""),
    "ph-duotone": ("ph", "-duotone", ""),
    "heroicons": ("heroicons", "", "-solid"),
    "heroicons-solid": ("heroicons", "-solid", "-(?:16|20)-solid"),
    "mdi": ("mdi", "", "-outline"),
    "mdi-outline": ("mdi", "-outline", ""),
    "carbon": ("carbon", "", "-filled"),
    "hugeicons": ("hugeicons", "", ""),
    "ri-line": ("ri", "-line", ""),
    "ri-fill": ("ri", "-fill", ""),
    "bi": ("bi", "", "-fill"),
    "bi-fill": ("bi", "-fill", ""),
    "ion-outline": ("ion", "-outline", ""),
    "fluent-24-regular": ("fluent", "-24-regular", ""),
    "fluent-24-filled": ("fluent", "-24-filled", ""),
    "material-symbols": ("material-symbols", "", "-(?:outline|rounded|sharp)"),
    "ms-outline-rounded": ("material-symbols", "-outline-rounded", ""),
    "icon-park-outline": ("icon-park-outline", "", ""),
    "icon-park": ("icon-park", "", ""),
    "tdesign": ("tdesign", "", "-filled"),
    "mingcute-line": ("mingcute", "-line", ""),
    "mingcute-fill": ("mingcute", "-fill", ""),
    "memory": ("memory", "", ""),
    "gg": ("gg", "", ""),
    "bxs": ("bxs", "", ""),
    "vadivam": ("vadivam", "", ""),
    "fluent-color": ("fluent-color", "", ""),
    # validation
    "mynaui": ("mynaui", "", "-solid"),
    "mynaui-solid": ("mynaui", "-solid", ""),
    "ix": ("ix", "", "-filled"),
    "f7": ("f7", "", "-fill"),
    "f7-fill": ("f7", "-fill", ""),
    "stash": ("stash", "", "-(?:light|duotone|solid)"),
    "stash-solid": ("stash", "-solid", ""),
    "jam": ("jam", "", "-f"),
    "octicon-24": ("octicon", "-24", "-fill-24"),
    "flowbite-outline": ("flowbite", "-outline", ""),
    "flowbite-solid": ("flowbite", "-solid", ""),
    "lsicon-outline": ("lsicon", "-outline", ""),
    "lsicon-filled": ("lsicon", "-filled", ""),
    "marketeq": ("marketeq", "", ""),
    "radix-icons": ("radix-icons", "", ""),
}
VALIDATION = frozenset(
    {"mynaui", "ix", "f7", "stash", "jam", "octicon", "flowbite", "lsicon", "marketeq", "radix-icons"}
)
MARKS = """google github gitlab facebook twitter apple amazon android microsoft discord slack figma npm html5? css3?
    windows whatsapp youtube paypal visa mastercard amex linkedin instagram tiktok telegram spotify
    bitcoin dribbble behance medium reddit pinterest copilot mona octocat vercel framer notion modulz
    codesandbox zendesk git react vue vuejs laravel redis ibm yahoo audi cisco discover meta openai
    snapchat nvidia intel adobe aws azure docker nodejs python java rust swift uber airbnb netflix twitch
    steam xbox playstation nintendo shopify stripe unionpay trello tumblr patreon chanel"""
BRANDS = re.compile(rf"logo|brand|(?:^|-)(?:{'|'.join(MARKS.split())})(?:-|$)")
FAULTS = ("foreign", "thicker", "scaled", "caps", "colour", "corners", "edge", "small", "shift", "mode")


@dataclass
class Group:
    """A style of one set: names, icons and their facts."""

    name: str
    names: list[str]
    icons: list[Icon]

    @cached_property
    def facts(self) -> list[Facts]:
        return facts_of(self.icons)

    @cached_property
    def items(self) -> list[Item]:
        return [Item(f"{name}.svg", icon) for name, icon in zip(self.names, self.icons, strict=True)]

    @cached_property
    def clean(self) -> Audit:
        return audit(self.items, Rules(), facts=self.facts)

    @property
    def validation(self) -> bool:
        return GROUPS[self.name][0] in VALIDATION

    @property
    def lines(self) -> bool:
        """Whether the set is drawn with lines of one width."""
        return isinstance(self.clean.groups[0].norm.rules.get("stroke_width"), Near)


def load(corpus: Path, name: str, n: int) -> Group:
    set_name, ends, not_ends = GROUPS[name]
    data = json.loads((corpus / f"{set_name}.json").read_text(encoding="utf-8"))
    width, height = data.get("width", 16), data.get("height", 16)
    keys = [
        key
        for key, icon in data["icons"].items()
        if not icon.get("hidden") and key.endswith(ends) and not BRANDS.search(key)
        and not (not_ends and re.search(f"{not_ends}$", key))
    ]  # fmt: skip
    random.Random(SEED).shuffle(sorted_keys := sorted(keys))
    names, icons = [], []
    for key in sorted_keys:
        row = data["icons"][key]
        try:
            icon = parse_iconify(
                row["body"], row.get("width", width), row.get("height", height), row.get("left", 0), row.get("top", 0)
            )
        except SvgGenError:
            continue
        names.append(key)
        icons.append(icon)
        if len(icons) == n:
            break
    return Group(name, names, icons)


# -- faults ------------------------------------------------------------------------------------------------------------


def _strokes(icon: Icon) -> list[int]:
    return [i for i, s in enumerate(icon.shapes) if s.look.stroke != "none" and s.look.stroke_width > 0]


def _looks(icon: Icon, **change: object) -> Icon:
    return Icon(
        icon.viewbox,
        tuple(
            replace(s, look=replace(s.look, **{k: v(s.look) if callable(v) else v for k, v in change.items()}))  # type: ignore[arg-type]
            for s in icon.shapes
        ),
    )


def _back(icon: Icon, done: Icon) -> Icon:
    """A restyled icon on its own canvas again."""
    square = icon.viewbox[:2] == (0.0, 0.0) and icon.viewbox[2] == icon.viewbox[3]
    return fit_canvas(done, icon.viewbox[2]) if square else done


def _moved(icon: Icon, scale: float, dx: float = 0.0, dy: float = 0.0) -> Icon:
    x, y, w, h = icon.viewbox
    cx, cy, unit = x + w / 2, y + h / 2, max(w, h) / 24
    matrix = (scale, 0.0, 0.0, scale, cx - scale * cx + dx * unit, cy - scale * cy + dy * unit)
    return Icon(icon.viewbox, transform_icon(icon, matrix).shapes)


def thicker(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    if 2 * len(_strokes(icon)) >= len(icon.shapes):
        return _looks(icon, stroke_width=lambda look: look.stroke_width * 1.5)
    width = f.member.spec.stroke_width
    return None if width is None else _back(icon, restyle(icon, StyleSpec(stroke_width=min(6.0, 1.5 * width))).icon)


def scaled(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    return _moved(icon, 0.8)


def caps(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    round_now = f.caps[1] >= f.caps[0] + f.caps[2]
    cap, join = ("square", "miter") if round_now else ("round", "round")
    if _strokes(icon):
        return _looks(icon, cap=cap, join=join)
    if f.member.spec.cap is None:
        return None
    return _back(icon, restyle(icon, StyleSpec(cap="butt" if round_now else "round", join=join)).icon)  # type: ignore[arg-type]


def colour(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    if len(f.palette) > 1:
        return None

    def crimson(paint: str) -> Callable[[object], object]:
        return lambda look: (
            "#e11d48"
            if isinstance(getattr(look, paint), str) and getattr(look, paint) != "none"
            else getattr(look, paint)
        )

    return _looks(icon, fill=crimson("fill"), stroke=crimson("stroke"))


def corners(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    if f.sharp + f.rounded < 6:
        return None
    return _back(icon, restyle(icon, StyleSpec(corner_radius=0.0 if f.rounded > f.sharp else 3.0)).icon)


def edge(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    return _back(icon, restyle(icon, StyleSpec(padding=0.0)).icon)


def small(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    padding = f.member.spec.padding
    if padding is None or padding > 4:
        return None
    return _back(icon, restyle(icon, StyleSpec(padding=padding + 4)).icon)


def shift(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    return _moved(icon, 1.0, *rng.choice([(3, 0), (-3, 0), (0, 3), (0, -3)]))


def mode(icon: Icon, f: Facts, rng: random.Random) -> Icon | None:
    now = f.member.spec.mode
    if now not in ("outline", "filled"):
        return None
    return _back(icon, restyle(icon, StyleSpec(mode="filled" if now == "outline" else "outline")).icon)


MAKE: dict[str, Callable[[Icon, Facts, random.Random], Icon | None]] = {
    "thicker": thicker, "scaled": scaled, "caps": caps, "colour": colour, "corners": corners, "edge": edge,
    "small": small, "shift": shift, "mode": mode,
}  # fmt: skip


def changed(a: Icon, b: Icon) -> float:
    """Share of the ink that differs."""
    one, two = inks([a, b], 96)
    return float(np.abs(one - two).sum() / max(float(one.sum()), 1.0))


def seen(fault: str, group: Group, icon: Icon, facts: Facts, faulty: Icon, other: Group | None) -> bool:
    """Whether a person sees the fault: see the head of this file."""
    rules = group.clean.groups[0].norm.rules
    all_facts = group.facts
    if fault == "foreign":
        assert other is not None
        mine, theirs = group.clean.style, other.clean.style
        widths = (mine.stroke_width, theirs.stroke_width)
        apart = None not in widths and max(widths) >= 1.25 * min(widths)  # type: ignore[type-var, operator]
        return mine.mode != theirs.mode or (mine.palette != theirs.palette) or apart
    if fault == "thicker":
        return group.lines
    if fault in ("scaled", "small"):
        return _side(facts) >= float(np.median([_side(f) for f in all_facts])) - 0.5
    if fault == "caps":
        ends = sum(open_ends(s) for s in icon.shapes if s.look.stroke != "none") if _strokes(icon) else sum(facts.caps)
        return "cap" in rules and ends >= 2 and changed(icon, faulty) > 0.01
    if fault == "corners":
        return "corners" in rules and changed(icon, faulty) > 0.02
    if fault == "edge":
        keeps = float(np.quantile([_margin(f) for f in all_facts], 0.1)) >= 0.5
        return keeps and changed(icon, faulty) > 0.05
    if fault == "shift":
        return all(f"centre_{axis}" in rules for axis in "xy")
    if fault == "mode":
        return isinstance(rules.get("mode"), Among) and changed(icon, faulty) > 0.1
    return True


def _side(f: Facts) -> float:
    return 0.0 if f.box is None else max(f.box[2] - f.box[0], f.box[3] - f.box[1])


def _margin(f: Facts) -> float:
    return 0.0 if f.box is None else min(f.box[0], f.box[1], 24 - f.box[2], 24 - f.box[3])


def injected(
    group: Group, groups: list[Group], fault: str, count: int, at_once: int, rng: random.Random
) -> list[tuple[bool, bool]]:
    """(seen, found) of ``count`` faults, some at a time in the set."""
    made: list[tuple[int, Icon, bool]] = []
    others = [g for g in groups if GROUPS[g.name][0] != GROUPS[group.name][0]]
    for at in rng.sample(range(len(group.icons)), len(group.icons)):
        if len(made) == count:
            break
        if fault == "foreign":
            other = rng.choice(others)
            icon = fit_canvas(rng.choice(other.icons), max(group.icons[0].viewbox[2:]))
            made.append((at, icon, seen(fault, group, icon, group.facts[at], icon, other)))
            continue
        faulty = MAKE[fault](group.icons[at], group.facts[at], rng)
        if faulty is None or not faulty.shapes:
            continue
        if fault == "colour" or changed(group.icons[at], faulty) > 0.002:
            made.append((at, faulty, seen(fault, group, group.icons[at], group.facts[at], faulty, None)))
    out = []
    for start in range(0, len(made), at_once):
        part = made[start : start + at_once]
        items, facts = list(group.items), list(group.facts)
        for (at, icon, _), fresh in zip(part, facts_of([icon for _, icon, _ in part]), strict=True):
            items[at], facts[at] = Item(items[at].file, icon), fresh
        found = audit(items, Rules(look_alikes="off"), facts=facts)
        out += [(visible, found.icons[at].outlier) for at, _, visible in part]
    return out


# -- tables ------------------------------------------------------------------------------------------------------------


def clean_table(groups: list[Group], console: Console) -> None:
    table = Table(title="clean sets")
    for column in ("set", "icons", "flagged", "by", "rules it does not keep", "look-alikes"):
        table.add_column(column, justify="left" if column in ("set", "by") else "right")
    shares: dict[bool, list[float]] = defaultdict(list)
    for group in groups:
        found = group.clean
        odd = [icon for icon in found.icons if icon.outlier]
        shares[group.validation].append(len(odd) / len(group.icons))
        by = Counter(icon.findings[0].rule for icon in odd)
        table.add_row(
            group.name + ("*" if group.validation else ""),
            str(len(group.icons)),
            f"{len(odd) / len(group.icons):.1%}",
            ", ".join(f"{rule} {n}" for rule, n in by.most_common(4)),
            ", ".join(f"{rule} {share:.0%}" for rule, share in found.groups[0].others.items()),
            str(len(found.alike)),
        )
    console.print(table)
    both = shares[False] + shares[True]
    console.print(
        f"mean {np.mean(both):.1%}, of validation sets* {np.mean(shares[True]) if shares[True] else 0:.1%}; "
        f"under 5 %: {sum(s < 0.05 for s in both)} of {len(both)} sets, at most {max(both):.1%}"
    )


def fault_table(groups: list[Group], count: int, at_once: int, console: Console) -> None:
    results: dict[str, dict[str, list[tuple[bool, bool]]]] = {fault: defaultdict(list) for fault in FAULTS}
    for group in groups:
        rng = random.Random(f"{SEED}/{group.name}")
        for fault in FAULTS:
            found = injected(group, groups, fault, count, at_once, rng)
            kind = "lines" if group.lines else "areas"
            results[fault][kind] += found
            if group.validation:
                results[fault]["validation"] += found
            results[fault]["all"] += found
    table = Table(
        title=f"{count} faults of each kind in each set, {at_once} at a time: found, of those that a person sees"
    )
    for column in ("fault", "seen: all sets", "line sets", "other sets", "validation sets", "every one"):
        table.add_column(column, justify="right")

    def share(rows: list[tuple[bool, bool]], only_seen: bool = True) -> str:
        kept = [hit for visible, hit in rows if visible or not only_seen]
        return f"{np.mean(kept):.0%} of {len(kept)}" if kept else "-"

    for fault in FAULTS:
        rows = results[fault]
        table.add_row(
            fault, share(rows["all"]), share(rows["lines"]), share(rows["areas"]), share(rows["validation"]),
            share(rows["all"], False),
        )  # fmt: skip
    console.print(table)


def unify_table(groups: list[Group], console: Console) -> None:
    by_name = {group.name: group for group in groups}
    table = Table(title="unify: 90 icons with ten of three others each")
    for column in ("set", "others", "off style", "after", "changed", "nearer", "left", "s"):
        table.add_column(column, justify="right")
    cases = (
        ("lucide", ("hugeicons", "ph-bold", "tdesign")),
        ("ph", ("lucide", "mdi-outline", "heroicons")),
        ("heroicons", ("tabler", "mingcute-line", "ms-outline-rounded")),
        ("mdi-outline", ("lucide", "ph-bold", "vadivam")),
        ("tabler-filled", ("lucide", "heroicons", "ph")),
        ("lucide", ("ph-fill", "mdi", "bxs")),
    )
    for name, others in cases:
        if name not in by_name or any(other not in by_name for other in others):
            continue
        items = list(by_name[name].items[:90])
        for other in others:
            items += [Item(f"{other}-{item.file}", item.icon) for item in by_name[other].items[:10]]
        began = time.perf_counter()
        found = audit(items, Rules(look_alikes="off"))
        done = unify(items, found)
        after = audited_again(found, items, done, Rules(look_alikes="off"))
        counts = Counter(each.status for each in done)
        table.add_row(
            name, ", ".join(others), str(sum(each.status != "kept" for each in done)),
            f"{counts['partly'] + counts['left']} ({sum(icon.outlier for icon in after.icons)} by a new audit)",
            str(counts["changed"]), str(counts["partly"]), str(counts["left"]), f"{time.perf_counter() - began:.0f}",
        )  # fmt: skip
    console.print(table)


def gaps_table(corpus: Path, console: Console) -> None:
    table = Table(
        title="gaps: companions that were taken out and are missed; and what half a set lacks, the whole set has"
    )
    for column in ("set", "names", "missed", "of the offers of half a set, real", "offers for the whole set"):
        table.add_column(column, justify="right")
    for name in ("lucide", "tabler", "ph", "mdi", "heroicons", "carbon", "bi", "mynaui", "f7", "radix-icons"):
        data = json.loads((corpus / f"{name}.json").read_text(encoding="utf-8"))
        keys = sorted(key for key, icon in data["icons"].items() if not icon.get("hidden"))
        stems = sorted({each.stem for each in variants(keys)})
        whole = set(stems)
        rng = random.Random(f"{SEED}/{name}")
        paired = [stem for stem in stems if any(gap.name == stem for gap in gaps([s for s in stems if s != stem]))][:0]
        taken: list[str] = []
        for gap in gaps(rng.sample(stems, len(stems) // 2)):
            if gap.name in whole and len(taken) < 30:
                taken.append(gap.name)
        missed = {gap.name for gap in gaps([stem for stem in stems if stem not in taken])}
        offers = [gap for gap in gaps(rng.sample(stems, len(stems) // 2)) if gap.kind != "twin"]
        real = sum(gap.name in whole for gap in offers)
        table.add_row(
            name, f"{len(stems):,}", f"{sum(t in missed for t in taken)} of {len(taken)}",
            f"{real / max(len(offers), 1):.0%} of {len(offers)}", str(len(gaps(stems)) + len(paired)),
        )  # fmt: skip
    console.print(table)


def speed(corpus: Path, console: Console) -> None:
    """Wall time of the command, in a process of its own."""
    data = {name: load(corpus, name, 10**6) for name in ("lucide", "tabler", "mdi")}
    texts = [serialise(icon) for group in data.values() for icon in group.icons]
    for n, broken in ((2_000, 0), (10_000, 100)):
        with tempfile.TemporaryDirectory() as folder:
            for i in range(n):
                path = Path(folder) / f"{i // 500:03}" / f"icon{i:05}.svg"
                path.parent.mkdir(exist_ok=True)
                path.write_text("<svg" if broken and i % (n // broken) == 0 else texts[i % len(texts)])
            began, used = time.perf_counter(), os.times()
            code = [sys.executable, "-c", "import sys; from agent.cli import main; sys.exit(main(sys.argv[1:]))"]
            done = subprocess.run(
                [*code, "audit", folder, "--json", "--sheet", f"{folder}/sheet.png"],
                cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True,
            )  # fmt: skip
            after = os.times()
            answer = json.loads(done.stdout)
            unread = sum(f["rule"] == "broken-file" for icon in answer["icons"] for f in icon["findings"])
            cpu = after.children_user + after.children_system - used.children_user - used.children_system
            console.print(
                f"{n:,} files, {unread} broken: {time.perf_counter() - began:.0f} s ({cpu:.0f} s of CPU time), exit "
                f"{done.returncode}, {len(answer['look_alikes'])} look-alike pairs"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--corpus", type=Path, default=Path(os.environ.get("MNEMICON_CORPUS", "build/corpus/package/json"))
    )
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--faults", type=int, default=6)
    parser.add_argument("--at-once", type=int, default=2, help="faulty icons among the --n of a set at one time")
    parser.add_argument("--groups", nargs="*", default=list(GROUPS))
    parser.add_argument("--only", nargs="*", default=["clean", "faults", "unify", "gaps", "speed"])
    options = parser.parse_args()
    console = Console(width=170)
    if not options.corpus.is_dir():
        console.print(f"no icon sets in {options.corpus}: make corpus fetches them, or name their folder with --corpus")
        return 2
    if {"clean", "faults", "unify"} & set(options.only):
        groups = [load(options.corpus, name, options.n) for name in options.groups]
        if "clean" in options.only:
            clean_table(groups, console)
        if "faults" in options.only:
            fault_table(groups, options.faults, options.at_once, console)
        if "unify" in options.only:
            unify_table(groups, console)
    if "gaps" in options.only:
        gaps_table(options.corpus, console)
    if "speed" in options.only:
        speed(options.corpus, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
