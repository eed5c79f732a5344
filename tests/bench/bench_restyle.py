"""How well restyling obeys: over whole sets, what is measured of the result against what was asked, and the time it
takes.

    python tests/bench/bench_restyle.py --icons DIR [--n 40]      (DIR holds the json folder of @iconify/json)

A width counts as obeyed within 0.15 px, padding within 0.2 px. "filled" and "duotone" can only be obeyed by
drawings with a closed line; the rest must say so in ``refused``: "said" is the share that either obeys or says why
not."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from svggen.restyle import Restyled, restyle
from svggen.style import StyleSpec, measure_many

sys.path.insert(0, str(Path(__file__).parent))
from bench_style import Corpus  # the reader of the sets

SETS: tuple[tuple[str, str], ...] = (
    ("lucide", ""),
    ("tabler", ""),
    ("ph", ""),
    ("ph", "fill"),
    ("ph", "duotone"),
    ("material-symbols", "outline"),
    ("material-symbols", "rounded"),
    ("mdi", ""),
    ("carbon", ""),
    ("fluent", "24-regular"),
    ("bi", ""),
    ("icon-park", ""),
    ("icon-park-twotone", ""),
    ("duo-icons", ""),
    ("fluent-color", ""),
    ("fluent-emoji-flat", ""),
)

WISHES: dict[str, StyleSpec] = {
    "1.5 px outline, padding 2": StyleSpec(stroke_width=1.5, mode="outline", padding=2),
    "2 px, butt, mitred, sharp": StyleSpec(stroke_width=2, mode="outline", cap="butt", join="miter", corner_radius=0.0),
    "2 px duotone": StyleSpec(stroke_width=2, mode="duotone", palette=("#0d9488",)),
    "filled": StyleSpec(mode="filled", palette=("#111827",)),
    "pixels": StyleSpec(pixel_art=True, grid=24),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--icons", type=Path, required=True, help="folder of <set>.json files")
    parser.add_argument("--n", type=int, default=40)
    options = parser.parse_args()
    corpus = Corpus(options.icons)
    console = Console(width=150)
    for wish, spec in WISHES.items():
        table = Table(title=f"{wish} ({options.n} icons a set)")
        for column in ("set", "width", "padding", "mode", "said", "commands p50", "ms p50", "ms p95"):
            table.add_column(column)
        for name, suffix in SETS:
            icons = corpus.sample(name, suffix, options.n, seed=3)
            done: list[Restyled] = []
            times: list[float] = []
            for icon in icons:
                start = time.process_time()
                done.append(restyle(icon, spec))
                times.append((time.process_time() - start) * 1000)
            if not done:
                continue
            table.add_row(f"{name} {suffix}".strip(), *row(done, spec), *timing(times))
        console.print(table)


def row(done: list[Restyled], spec: StyleSpec) -> list[str]:
    seen = measure_many([d.icon for d in done])

    def share(hits: list[bool]) -> str:
        return f"{sum(hits) / len(hits):.0%}"

    width = [s.stroke_width is not None and abs(s.stroke_width - (spec.stroke_width or 0)) <= 0.15 for s in seen]
    padding = [s.padding is not None and abs(s.padding - (spec.padding or 0)) <= 0.2 for s in seen]
    mode = [s.mode == spec.mode for s in seen]
    said = [m or bool(d.refused) for m, d in zip(mode, done, strict=True)]
    commands = [sum(len(getattr(s.geometry, "segments", ())) or 1 for s in d.icon.shapes) for d in done]
    return [
        share(width) if spec.stroke_width else "-",
        share(padding) if spec.padding else "-",
        share(mode) if spec.mode else "-",
        share(said) if spec.mode else "-",
        f"{statistics.median(commands):.0f}",
    ]


def timing(times: list[float]) -> list[str]:
    ordered = sorted(times)
    return [f"{statistics.median(ordered):.0f}", f"{ordered[int(0.95 * (len(ordered) - 1))]:.0f}"]


if __name__ == "__main__":
    main()
