"""Tokens per icon, and how near they stay: ours beside OmniSVG's ids, LLM4SVG's semantic form and plain SVG text.

    python tests/bench/bench_tokens.py [--corpus DIR] [--icons 2000] [--bpe o200k_base]

DIR holds the JSON files of ``@iconify/json`` (default: $MNEMICON_CORPUS, else build/corpus/package/json). The icons are
an even share of ten sets in a fixed random order, fitted to a 24 px canvas.

Tokens. Ours and OmniSVG's are counted as ids (ours with its end, OmniSVG's without BOS and EOS). The semantic form
counts one for each of its 58 words, and the byte-pair tokens of the text between them. Plain text is counted twice: as
our own canonical SVG, and as the icon set's file, which its makers have minified, with the root element that it needs.
The byte-pair tokenizer is a real one of today (``bpe-openai``: o200k_base, digits in groups of up to three), which is
kinder to numbers than those of the models that draw from text (Qwen, StarCoder: one token a digit).

Raster error: the mean of |original - decoded| at 100 px over all pixels, in % of full scale; "ink" compares coverage,
"paper" the picture on white, where a light tone and the grey that stands for it are the same.

Coordinate error: from each on-curve point of the original to the nearest point of the decoded outline, in px of the
24 px canvas; the mean over all points, and the mean over icons of the worst. For OmniSVG the original is the icon with
its strokes already turned into areas, so that only the grid is measured, not that step.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas, flatten, scaling, to_path, transform_path
from svggen.icon import Icon, parse_iconify, serialise
from svggen.icon import Path as Outline
from svggen.tokens import get_codec

SETS = ("lucide", "tabler", "hugeicons", "heroicons", "ph", "mdi", "carbon", "bi", "material-symbols", "fluent")
SIZE = 100  # px
BATCH = 100
WORD = re.compile(r"<\|[^|]*\|>")


@dataclass
class Sample:
    set: str
    name: str
    icon: Icon
    text: str  # the set's own file


@dataclass
class Measured:
    """Of one representation; NaN where it could not say an icon."""

    tokens: list[float] = field(default_factory=list)
    ink: list[float] = field(default_factory=list)
    paper: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)
    points: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def samples(corpus: Path, total: int, seed: int = 7) -> list[Sample]:
    out = []
    for name in SETS:
        data = json.loads((corpus / f"{name}.json").read_text())
        width, height = data.get("width", 16), data.get("height", 16)
        names = sorted(n for n, i in data["icons"].items() if not i.get("hidden"))
        random.Random(seed).shuffle(names)
        found = 0
        for key in names:
            if found == total // len(SETS):
                break
            icon = data["icons"][key]
            w, h = icon.get("width", width), icon.get("height", height)
            box = (icon.get("left", 0), icon.get("top", 0), w, h)
            try:
                parsed = fit_canvas(parse_iconify(icon["body"], w, h, box[0], box[1]), 24.0)
            except SvgGenError:
                continue  # not an icon that this program takes in (animated, text only)
            view = " ".join(f"{v:g}" for v in box)
            text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">{icon["body"]}</svg>'
            out.append(Sample(name, key, parsed, text))
            found += 1
    return out


# ------------------------------------------------------------------------------------------------------------- errors


def papers(icons: Sequence[Icon]) -> NDArray[np.float32]:
    """(n, SIZE, SIZE), 0 black .. 1 white: black ink on white paper, the mean of the channels."""
    from svggen.render import default_renderer

    renderer = default_renderer()
    pictures = [renderer.render(icon, SIZE, color="#000000", background="#ffffff")[..., :3] for icon in icons]
    return np.stack(pictures).astype(np.float32).mean(axis=3) / 255


def raster_errors(
    before: Sequence[Icon], after: Sequence[Icon], look: Callable[..., NDArray[np.float32]]
) -> list[float]:
    out: list[float] = []
    for at in range(0, len(before), BATCH):
        a, b = look(before[at : at + BATCH]), look(after[at : at + BATCH])
        out.extend(float(v) for v in 100 * np.abs(a - b).mean(axis=(1, 2)))
    return out


def on_curve(paths: Sequence[Outline]) -> NDArray[np.float64]:
    points = [v[-2:] for path in paths for op, v in path.segments if op != "Z"]
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def distances(points: NDArray[np.float64], paths: Sequence[Outline]) -> NDArray[np.float64]:
    """From each point to the nearest place on the outlines, in their units."""
    starts, ends = [], []
    for path in paths:
        for line, closed in flatten(path, 0.004):
            ring = np.vstack([line, line[:1]]) if closed or len(line) == 1 else line
            starts.append(ring[:-1])
            ends.append(ring[1:])
    if not starts or not len(points):
        return np.full(len(points), np.inf)
    a, b = np.concatenate(starts), np.concatenate(ends)
    along = b - a
    size = np.maximum((along**2).sum(axis=1), 1e-18)
    found = np.full(len(points), np.inf)
    for at in range(0, len(points), 64):
        p = points[at : at + 64, None]
        t = np.clip(((p - a) * along).sum(axis=2) / size, 0, 1)
        found[at : at + 64] = np.sqrt(((p - a - t[..., None] * along) ** 2).sum(axis=2)).min(axis=1)
    return found


def outlines(icon: Icon) -> list[Outline]:
    return [to_path(s.geometry) for s in fit_canvas(icon, 24.0).shapes]


def areas(icon: Icon) -> list[Outline]:
    """What OmniSVG's ids are made of."""
    from svggen.tokens.flat import fills

    return [transform_path(path, scaling(24 / 200)) for path, _ in fills(icon, 200.0)]


# ------------------------------------------------------------------------------------------------------- measurements


def measure_codec(found: list[Sample], name: str, count: Callable[[list[int], list[str]], int]) -> Measured:
    codec = get_codec(name)
    out = Measured()
    before, after = [], []
    for sample in found:
        try:
            ids = codec.encode(sample.icon)
            decoded = codec.decode(ids)
        except SvgGenError as error:
            out.failed.append(f"{sample.set}:{sample.name} ({error})")
            out.tokens.append(np.nan)
            continue
        out.tokens.append(count(ids, codec.to_text(ids) if codec.text_form else []))
        before.append(sample.icon)
        after.append(decoded)
        if all(s.clip is None for s in sample.icon.shapes):
            source = areas(sample.icon) if name.startswith("omnisvg") else outlines(sample.icon)
            off = distances(on_curve(source), outlines(decoded))
            out.points.extend(float(v) for v in off)
            out.worst.append(float(off.max(initial=0.0)))
    from svggen.render import inks

    out.ink = raster_errors(before, after, lambda icons: inks(icons, SIZE))
    out.paper = raster_errors(before, after, papers)
    return out


def byte_pairs(encoding: str) -> Callable[[str], int] | None:
    """How many byte-pair tokens a text has; None where no tokenizer is installed."""
    try:
        from bpe_openai import get_encoding
    except ImportError:
        return None
    tokenizer = get_encoding(encoding)
    return lambda text: len(tokenizer.encode(text))


def measure(found: list[Sample], encoding: str) -> dict[str, Measured]:
    out = {
        "ours": measure_codec(found, "icon", lambda ids, _: len(ids)),
        "OmniSVG ids": measure_codec(found, "omnisvg-8b", lambda ids, _: len(ids)),
    }
    pairs = byte_pairs(encoding)
    if pairs is None:
        print("bpe-openai is not installed: the rows of text forms are left out (pip install -e '.[bench]')")
        return out
    from svggen.tokens.semantic import join

    def semantic(_: list[int], words: list[str]) -> int:
        text = join(words)
        return len(WORD.findall(text)) + sum(pairs(part) for part in WORD.split(text) if part)

    out["LLM4SVG semantic"] = measure_codec(found, "llm4svg", semantic)
    out["SVG text, canonical"] = Measured([pairs(serialise(s.icon)) for s in found])
    out["SVG text of the set"] = Measured([pairs(s.text) for s in found])
    return out


# -------------------------------------------------------------------------------------------------------------- tables


def at(values: Sequence[float], share: float) -> float:
    return float(np.nanpercentile(values, share)) if len(values) else float("nan")


def summary(results: dict[str, Measured], title: str) -> Table:
    table = Table(title=title)
    for column in ("", "tokens p50", "p90", "error % ink", "p90", "error % paper", "coord. px mean", "worst", "failed"):
        table.add_column(column, justify="left" if not column else "right")
    for name, m in results.items():
        exact = not m.ink
        cells = ["exact", "", "exact", "exact", ""] if exact else [
            f"{np.mean(m.ink):.3f}", f"{at(m.ink, 90):.3f}", f"{np.mean(m.paper):.3f}",
            f"{np.mean(m.points):.4f}", f"{np.mean(m.worst):.4f}",
        ]  # fmt: skip
        table.add_row(name, f"{at(m.tokens, 50):.0f}", f"{at(m.tokens, 90):.0f}", *cells, str(len(m.failed)))
    return table


def by_set(results: dict[str, Measured], found: list[Sample]) -> Table:
    table = Table(title="tokens per icon, p50 / p90, by set")
    table.add_column("")
    for name in SETS:
        table.add_column(name, justify="right")
    for name, m in results.items():
        cells = []
        for s in SETS:
            values = [t for t, sample in zip(m.tokens, found, strict=True) if sample.set == s]
            cells.append(f"{at(values, 50):.0f} / {at(values, 90):.0f}")
        table.add_row(name, *cells)
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--corpus", type=Path, default=Path(os.environ.get("MNEMICON_CORPUS", "build/corpus/package/json"))
    )
    parser.add_argument("--icons", type=int, default=2000)
    parser.add_argument("--bpe", default="o200k_base", help="encoding of bpe-openai")
    options = parser.parse_args()
    if not (options.corpus / "lucide.json").is_file():
        print(
            f"no icon sets in {options.corpus}: npm pack @iconify/json, unpack it, name its json folder with --corpus"
        )
        return 2
    warnings.simplefilter("ignore")
    found = samples(options.corpus, options.icons)
    results = measure(found, options.bpe)
    console = Console()
    if not console.is_terminal:
        console.width = 160
    console.print(summary(results, f"{len(found)} icons of {len(SETS)} sets"))
    console.print(by_set(results, found))
    ours, theirs = results["ours"].tokens, results["OmniSVG ids"].tokens
    each = np.array(ours) / np.array(theirs)
    shares = (at(ours, 50) / at(theirs, 50), at(ours, 90) / at(theirs, 90), float(np.nanmedian(each)))
    print("share of OmniSVG's tokens: {:.2f} at p50, {:.2f} at p90, {:.2f} icon by icon (median)".format(*shares))
    for name, m in results.items():
        for line in m.failed[:5]:
            print(f"{name} failed: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
