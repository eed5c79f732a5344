"""Pictures to icons: VTracer as it comes, VTracer set for icons, and our tracing, side by side in one run.

``python tests/bench/bench_trace.py [--corpus DIR] [--count 200] [--seed 7] [--sizes 128 512] [--sheet FILE.png]``:
icons drawn by lot from sets that this project neither ships nor trains on, rendered on white by the delivery renderer
at 128 and 512 px, traced, rendered at 256 px and compared with the icon's own rendering at 256 px (by
svggen/models/trace/compare.py). Commands are path segments and primitives, bytes those of the SVG as each way writes
it, seconds those of the tracing alone.

A further way is one more entry of ``WAYS``: a function from PNG bytes to a ``Result``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas
from svggen.icon import Icon, parse, parse_iconify, serialise
from svggen.models.trace.compare import SIDE, ink_overlap, mean_squared_error, ssim
from svggen.models.trace.explain import commands
from svggen.models.trace.outlines import vtracer_svg
from svggen.models.trace.tracing import trace
from svggen.pictures import load_picture
from svggen.render import contact_sheet, png
from svggen.render.renderers import default_renderer

SETS = tuple(
    "mynaui ix f7 stash jam garden glyphs-poly octicon flowbite lsicon marketeq radix-icons".split()
)  # looked at for choosing and reporting only
BLANK = Icon((0.0, 0.0, 24.0, 24.0), ())


@dataclass(frozen=True)
class Result:
    """svg: as the way writes it. icon: what is drawn of it, on a 24 px canvas. seconds: of the tracing. ink, ground:
    what currentColor stands for, and what is below the icon, where the way says so (our tracing writes a single ink of
    any colour as currentColor)."""

    svg: str
    icon: Icon
    seconds: float
    ink: str = "#000000"
    ground: str = "#ffffff"


def vtracer_way(**options: Any) -> Callable[[bytes], Result]:
    def run(picture: bytes) -> Result:
        start = time.perf_counter()
        svg = vtracer_svg(picture, **options)
        seconds = time.perf_counter() - start
        side = load_picture(picture).shape[0]
        try:
            icon = fit_canvas(parse(svg.replace("<svg ", f'<svg viewBox="0 0 {side} {side}" ', 1)))
        except SvgGenError:  # nothing was darker than its threshold
            icon = BLANK
        return Result(svg, icon, seconds)

    return run


def ours(picture: bytes) -> Result:
    start = time.perf_counter()
    found = trace(load_picture(picture))
    svg = serialise(found.icon)
    seconds = time.perf_counter() - start
    ink, ground = ("#{:02x}{:02x}{:02x}".format(*c) for c in (found.ink, found.ground))
    return Result(svg, found.icon, seconds, ink, ground)


def iconlm(data: bytes) -> Result:
    """IconLM's best of eight from the picture alone, by overlap of ink; it has no say in colours."""
    from svggen.models import DrawRequest, get_model

    global _iconlm
    if _iconlm is None:
        _iconlm = get_model("iconlm")
    began = time.perf_counter()
    (draft,) = _iconlm.generate(DrawRequest("", image=data, n=1))
    took = time.perf_counter() - began
    return Result(serialise(draft.icon), draft.icon, took) if draft.icon is not None else Result("", BLANK, took)


_iconlm: Any = None
ICONS = {"mode": "spline", "filter_speckle": 4, "corner_threshold": 60, "length_threshold": 4.0, "splice_threshold": 45,
         "path_precision": 2}  # fmt: skip
WAYS: dict[str, Callable[[bytes], Result]] = {
    "VTracer, its defaults": vtracer_way(),
    "VTracer, black and white": vtracer_way(colormode="binary", **ICONS),
    "VTracer, poster of few colours": vtracer_way(
        colormode="color", hierarchical="stacked", color_precision=3, layer_difference=48, **ICONS
    ),
    "trace": ours,
    "IconLM, picture -> icon": iconlm,
}
"""Name -> a way from PNG bytes to an icon."""


def icons_of(folder: Path, count: int, seed: int) -> list[tuple[str, Icon]]:
    """``count`` icons in all, evenly from each set, drawn by lot, as (set:name, icon on 24 px)."""
    lot = random.Random(seed)
    out: list[tuple[str, Icon]] = []
    shares = [count * (i + 1) // len(SETS) - count * i // len(SETS) for i in range(len(SETS))]
    for name, share in zip(SETS, shares, strict=True):
        data = json.loads((folder / f"{name}.json").read_text())
        keys = sorted(k for k, v in data["icons"].items() if not v.get("hidden"))
        for key in lot.sample(keys, min(share, len(keys))):
            icon = data["icons"][key]
            box = [icon.get(k, data.get(k, default)) for k, default in
                   (("width", 16), ("height", 16), ("left", 0), ("top", 0))]  # fmt: skip
            out.append((f"{name}:{key}", fit_canvas(parse_iconify(icon["body"], *box))))
    return out


def measured(result: Result, wanted: np.ndarray) -> list[float]:
    seen = np.full((SIDE, SIDE, 4), 255)
    if result.icon.shapes:
        seen = default_renderer().render(result.icon, SIDE, color=result.ink, background=result.ground)
    return [
        ssim(seen, wanted), mean_squared_error(seen, wanted), ink_overlap(seen, wanted),
        float(commands(result.icon.shapes)), float(len(result.svg.encode())), result.seconds,
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=[128, 512])
    parser.add_argument("--sheet", type=Path, help="contact sheet of originals and tracings at the last size")
    options = parser.parse_args()
    folder = Path(options.corpus or os.environ.get("MNEMICON_CORPUS") or "build/corpus/package/json")
    if not folder.is_dir():
        raise SystemExit(f"no corpus at {folder}: give --corpus or MNEMICON_CORPUS (package/json of @iconify/json)")
    console = Console(width=150)
    named = icons_of(folder, options.count, options.seed)
    source = np.array([commands(icon.shapes) for _name, icon in named])
    console.print(
        f"{len(named)} icons of {len(SETS)} sets; as their authors wrote them {source.mean():.1f} commands on average"
    )
    drawn: list[tuple[Icon, str]] = []
    for size in options.sizes:
        drawn = report(named, size, console)
    if options.sheet:
        options.sheet.write_bytes(contact_sheet(drawn, sizes=(96,), title="originals and tracings"))
    return 0


def report(named: list[tuple[str, Icon]], size: int, console: Console) -> list[tuple[Icon, str]]:
    rows: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    drawn: list[tuple[Icon, str]] = []
    for name, icon in named:
        picture = png(icon, size)
        wanted = load_picture(png(icon, SIDE))
        for way, work in WAYS.items():
            try:
                result = work(picture)
            except SvgGenError as error:
                console.print(f"{way}: {name}: {error}")
                result = Result("", BLANK, 0.0)
            rows[way].append(measured(result, wanted))
            if way == "trace":
                drawn += [(icon, name), (result.icon, f"{rows[way][-1][0]:.3f}")]
    table = Table(
        title=f"{len(named)} pictures of {size} px: means (SSIM: mean, median, worst tenth)", title_justify="left"
    )
    for column in ("way", "SSIM", "median", "p10", "MSE", "ink IoU", "commands", "median", "bytes", "seconds"):
        table.add_column(column, justify="left" if column == "way" else "right")
    for way, values in rows.items():
        all_ = np.array(values)
        mean = all_.mean(axis=0)
        table.add_row(
            way, f"{mean[0]:.4f}", f"{np.median(all_[:, 0]):.4f}", f"{np.quantile(all_[:, 0], 0.1):.4f}",
            f"{mean[1]:.5f}", f"{mean[2]:.4f}", f"{mean[3]:.1f}", f"{np.median(all_[:, 3]):.0f}", f"{mean[4]:,.0f}",
            f"{mean[5]:.3f}",
        )  # fmt: skip
    console.print(table)
    mine = np.array(rows["trace"])
    for way, values in rows.items():
        if way != "trace":
            other = np.array(values)
            console.print(
                f"trace against {way}: {100 * (mine[:, 0] >= other[:, 0]).mean():.0f} % as like or more, "
                f"{other[:, 3].sum() / max(mine[:, 3].sum(), 1):.1f} times fewer commands"
            )
    return drawn


if __name__ == "__main__":
    sys.exit(main())
