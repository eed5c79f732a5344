"""CairoSVG, resvg and skia-python on what our serialiser writes: speed and pixel differences, side by side in one run.

``python tests/bench/bench_render.py [--corpus DIR] [--count 500]``: some icons of each of ten sets of @iconify/json
(``--corpus``, else ``$MNEMICON_CORPUS``, else build/corpus/package/json), at 64 and 256 px, in this process and through
the worker. A difference is the mean absolute difference of all channels over white, in percent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from svggen.icon import Icon, parse_iconify, serialise
from svggen.render.client import Worker
from svggen.render.engines import ENGINES, available
from svggen.render.renderers import CairoRenderer, ResvgRenderer, SkiaRenderer, WorkerRenderer, svg_text

SETS = tuple("lucide tabler ph icon-park-twotone material-symbols fluent carbon fluent-color duo-icons noto".split())
RENDERERS: dict[str, type[WorkerRenderer]] = {
    "cairosvg": CairoRenderer,
    "resvg": ResvgRenderer,
    "skia": SkiaRenderer,
}
SIZES = (64, 256)


def icons_of(folder: Path, count: int) -> list[tuple[str, Icon]]:
    """``count`` icons in all, evenly from each set, as (set:name, icon)."""
    out: list[tuple[str, Icon]] = []
    for name in SETS:
        data = json.loads((folder / f"{name}.json").read_text())
        keys = sorted(k for k, v in data["icons"].items() if not v.get("hidden"))
        each = max(1, count // len(SETS))
        for key in keys[:: max(1, len(keys) // each)][:each]:
            icon = data["icons"][key]
            width, height = icon.get("width", data.get("width", 16)), icon.get("height", data.get("height", 16))
            out.append((f"{name}:{key}", parse_iconify(icon["body"], width, height)))
    return out


def clock(work: Any, items: list[Any]) -> float:
    """Items per second, best of two runs."""
    best = 0.0
    for _ in range(2):
        start = time.perf_counter()
        for item in items:
            work(item)
        best = max(best, len(items) / (time.perf_counter() - start))
    return best


def speeds(icons: list[Icon], console: Console) -> None:
    table = Table(title=f"Icons per second, {len(icons)} icons, one process", title_justify="left")
    table.add_column("renderer")
    for size in SIZES:
        for way in ("in process", "worker, one by one", "worker, batch"):
            table.add_column(f"{size} px {way}", justify="right")
    for name in RENDERERS:
        if name not in available():
            table.add_row(name, *["not installed"] * 6)
            continue
        row = []
        for size in SIZES:
            texts = [svg_text(icon, size, "#000000") for icon in icons]
            draw, renderer = ENGINES[name], RENDERERS[name]()
            renderer.render(icons[0], size)
            row.append(clock(lambda text, draw=draw, size=size: draw(text, size, (255, 255, 255)).rgba(), texts))
            row.append(clock(lambda icon, renderer=renderer, size=size: renderer.render(icon, size), icons))
            row.append(
                clock(lambda many, renderer=renderer, size=size: renderer.render_many(many, size), [icons]) * len(icons)
            )
        table.add_row(name, *(f"{v:,.0f}" for v in row))
    console.print(table)


def differences(named: list[tuple[str, Icon]], console: Console) -> None:
    """Pairwise, on all icons; then without those that carry a clip or mask, which CairoSVG is not given."""
    plain = [n for n, (_key, icon) in enumerate(named) if not any(s.clip for s in icon.shapes)]
    table = Table(title="Pixel differences over white, mean %, and icons over 2 %", title_justify="left")
    table.add_column("pair")
    for size in SIZES:
        table.add_column(f"{size} px: mean", justify="right")
        table.add_column("median", justify="right")
        table.add_column("> 2 %", justify="right")
        table.add_column(f"without clips ({len(plain)}): > 2 %", justify="right")
    worst: dict[str, str] = {}
    rows: dict[str, list[str]] = {}
    for size in SIZES:
        pictures = {
            name: RENDERERS[name]().render_many([icon for _key, icon in named], size).astype(np.int16)
            for name in RENDERERS
            if name in available()
        }
        for a, b in combinations(pictures, 2):
            gap = 100 * np.abs(pictures[a] - pictures[b])[..., :3].mean(axis=(1, 2, 3)) / 255
            rows.setdefault(f"{a} - {b}", []).extend(
                [f"{gap.mean():.2f}", f"{np.median(gap):.2f}", str((gap > 2).sum()), str((gap[plain] > 2).sum())]
            )
            order = np.argsort(gap)[::-1][:4]
            worst[f"{a} - {b}"] = ", ".join(f"{named[n][0]} {gap[n]:.1f} %" for n in order if gap[n] > 2)
    for pair, row in rows.items():
        table.add_row(pair, *row)
    console.print(table)
    for pair, names in worst.items():
        console.print(f"{pair}, worst at {SIZES[-1]} px: {names or 'none over 2 %'}")


def round_trips(icon: Icon, console: Console) -> None:
    table = Table(title="One 24 px icon at 96 px through the worker, ms", title_justify="left")
    for column in ("renderer", "start to first picture", "alpha, median", "of it serialising"):
        table.add_column(column, justify="right")
    for name in RENDERERS:
        if name not in available():
            continue
        start = time.perf_counter()
        renderer = RENDERERS[name](Worker(name))
        renderer.ink_many([icon], 96)
        first = time.perf_counter() - start
        times = []
        for _ in range(300):
            start = time.perf_counter()
            renderer.ink_many([icon], 96)
            times.append(time.perf_counter() - start)
        renderer.close()
        start = time.perf_counter()
        for _ in range(300):
            serialise(icon)
        writing = (time.perf_counter() - start) / 300
        table.add_row(name, f"{1e3 * first:.0f}", f"{1e3 * float(np.median(times)):.2f}", f"{1e3 * writing:.2f}")
    console.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    folder = Path(options.corpus or os.environ.get("MNEMICON_CORPUS") or "build/corpus/package/json")
    if not folder.is_dir():
        raise SystemExit(f"no corpus at {folder}: give --corpus or MNEMICON_CORPUS (package/json of @iconify/json)")
    console = Console(width=150)
    named = icons_of(folder, options.count)
    console.print(f"{len(named)} icons of {len(SETS)} sets, as our serialiser writes them")
    speeds([icon for _name, icon in named], console)
    differences(named, console)
    round_trips(named[0][1], console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
