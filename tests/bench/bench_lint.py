"""Pass rates of the design rules on unmodified Lucide and Tabler, and time: ``python tests/bench/bench_lint.py``.

The claim: at least 97 % of the icons of both sets pass every ``must`` rule. The corpus is the folder of @iconify/json's
set files: ``--corpus``, else ``$MNEMICON_CORPUS``, else build/corpus/package/json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from svggen.icon import Icon, parse_iconify
from svggen.lint import RULES, Finding, lint, lint_many, repair

CLAIM = 0.97


def corpus(argument: str | None = None) -> Path:
    folder = Path(argument or os.environ.get("MNEMICON_CORPUS") or "build/corpus/package/json")
    if not folder.is_dir():
        raise SystemExit(f"no corpus at {folder}: give --corpus or MNEMICON_CORPUS (package/json of @iconify/json)")
    return folder


def icons_of(folder: Path, name: str) -> dict[str, Icon]:
    """All icons of a set by name, those marked hidden left out."""
    data = json.loads((folder / f"{name}.json").read_text())
    width, height = data.get("width", 16), data.get("height", 16)
    return {
        key: parse_iconify(
            icon["body"],
            icon.get("width", width),
            icon.get("height", height),
            icon.get("left", data.get("left", 0)),
            icon.get("top", data.get("top", 0)),
        )
        for key, icon in data["icons"].items()
        if not icon.get("hidden")
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("--sets", default="lucide,tabler")
    parser.add_argument("--show", type=int, default=0, help="print the names of this many icons that break a must rule")
    options = parser.parse_args()
    folder, console = corpus(options.corpus), Console(width=120)
    table = Table(title="Icons that keep the rule, %, unmodified", title_justify="left")
    for column in ("#", "rule", "level"):
        table.add_column(column)
    results: dict[str, list[list[Finding]]] = {}
    sizes: dict[str, int] = {}
    speed = Table(title="Time", title_justify="left")
    for column in ("set", "icons", "batch, icons/s", "one by one, ms median", "p95", "repair, ms median"):
        speed.add_column(column, justify="right")
    for name in options.sets.split(","):
        icons = icons_of(folder, name)
        table.add_column(f"{name} ({len(icons)})", justify="right")
        start = time.perf_counter()
        results[name] = lint_many(list(icons.values()), names=list(icons))
        batch = len(icons) / (time.perf_counter() - start)
        sizes[name] = len(icons)
        some = list(icons.values())[:: max(1, len(icons) // 300)]
        single = sorted(_timed(lint, icon) for icon in some)
        mended = [_timed(repair, icon) for icon in some[::5]]
        speed.add_row(
            name,
            str(len(icons)),
            f"{batch:.0f}",
            f"{statistics.median(single):.2f}",
            f"{single[int(len(single) * 0.95)]:.2f}",
            f"{statistics.median(mended):.2f}",
        )
        broke = [
            (key, [f.message for f in found if f.level == "must"])
            for key, found in zip(icons, results[name], strict=True)
        ]
        for key, messages in [b for b in broke if b[1]][: options.show]:
            console.print(f"{name}:{key}", messages)
    broken = {name: Counter(f.rule for findings in found for f in findings) for name, found in results.items()}
    for rule in RULES:
        table.add_row(
            str(rule.number),
            rule.id,
            rule.level,
            *(f"{100 * (1 - broken[n][rule.id] / sizes[n]):.2f}" for n in results),
        )
    table.add_section()
    kept = {n: sum(not any(f.level == "must" for f in found) for found in r) / sizes[n] for n, r in results.items()}
    clean = {n: sum(not found for found in r) / sizes[n] for n, r in results.items()}
    table.add_row("", "every must rule", f">= {CLAIM:.0%}", *(f"[bold]{100 * v:.2f}[/bold]" for v in kept.values()))
    table.add_row("", "every rule", "", *(f"{100 * v:.2f}" for v in clean.values()))
    console.print(table)
    console.print(speed)
    return 0 if all(v >= CLAIM for v in kept.values()) else 1


def _timed(work: object, icon: Icon) -> float:
    start = time.perf_counter()
    work(icon)  # type: ignore[operator]
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
