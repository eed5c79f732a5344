"""How well style is measured, and the learning of the style vector's weights.

    python tests/bench/bench_style.py --icons DIR            the tables (DIR holds the json folder of @iconify/json)
    python tests/bench/bench_style.py --icons DIR --learn    prints the weights for svggen/style/vector.py

Truth is what the sets' own guidelines say. Weights: features are divided by their spread within a group (a set and
one of its styles, 200 icons each), then one weight a feature is fitted so that an icon is nearest to the mean of
its own group (softmax over negative squared distances, half the icons make the means, L-BFGS, pulled towards equal
weights)."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from svggen.errors import SvgGenError
from svggen.icon import Icon, parse_iconify
from svggen.style import analyse_many, describe, measure_set

# set, suffix of the style ("" for the rest), true line width, mode, pixel art
TRUTH: tuple[tuple[str, str, float | None, str, bool], ...] = (
    ("lucide", "", 2.0, "outline", False),
    ("tabler", "", 2.0, "outline", False),
    ("ph", "thin", 0.75, "outline", False),
    ("ph", "light", 1.125, "outline", False),
    ("ph", "", 1.5, "outline", False),
    ("ph", "bold", 2.25, "outline", False),
    ("ph", "duotone", 1.5, "duotone", False),
    ("ph", "fill", None, "filled", False),
    ("hugeicons", "", 1.5, "outline", False),
    ("material-symbols", "outline", 2.0, "outline", False),
    ("material-symbols-light", "outline", 1.0, "outline", False),
    ("carbon", "", 1.5, "outline", False),
    ("bi", "", 1.5, "outline", False),
    ("heroicons", "", 1.5, "outline", False),
    ("charm", "", 2.25, "outline", False),
    ("icon-park-outline", "", 2.0, "outline", False),
    ("icon-park", "", 2.0, "color", False),
    ("memory", "", 2.18, "outline", True),
    ("dinkie-icons", "", 2.0, "outline", True),
    ("duo-icons", "", None, "duotone", False),
    ("icon-park-twotone", "", 2.0, "duotone", False),
    ("fluent-color", "", None, "color", False),
    ("fluent-emoji-flat", "", None, "color", False),
    ("mdi", "", None, "filled", False),
    ("bxs", "", None, "filled", False),
)


class Corpus:
    """The json files of @iconify/json, read once; icons by set and style suffix."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, dict[str, Any]] = {}

    def data(self, name: str) -> dict[str, Any]:
        if name not in self._read:
            self._read[name] = json.loads((self.folder / f"{name}.json").read_text())
        return self._read[name]

    def styles(self, name: str) -> dict[str, list[str]]:
        """Icon names by style suffix; suffixes that only give a size count as no style."""
        data = self.data(name)
        suffixes = sorted((s for s in data.get("suffixes") or {} if s and not s.isdigit()), key=len, reverse=True)
        groups: dict[str, list[str]] = {}
        for icon, entry in data["icons"].items():
            if entry.get("hidden"):
                continue
            suffix = next((s for s in suffixes if icon.endswith(f"-{s}")), "")
            groups.setdefault(suffix, []).append(icon)
        return groups

    def sample(self, name: str, suffix: str, n: int, seed: int = 1) -> list[Icon]:
        data = self.data(name)
        names = sorted(self.styles(name).get(suffix, []))
        random.Random(seed).shuffle(names)
        icons: list[Icon] = []
        for icon in names:
            entry = data["icons"][icon]
            width, height = entry.get("width", data.get("width", 16)), entry.get("height", data.get("height", 16))
            try:
                icons.append(parse_iconify(entry["body"], width, height, entry.get("left", 0), entry.get("top", 0)))
            except SvgGenError:
                continue
            if len(icons) == n:
                break
        return icons


def truth_table(corpus: Corpus, n: int, console: Console) -> None:
    table = Table(title=f"measure: {n} icons a set against the sets' own guidelines")
    for column in ("set", "true px", "median", "p90 error", "found", "mode", "pixel art", "ms", "in words"):
        table.add_column(column)
    for name, suffix, width, mode, pixels in TRUTH:
        icons = corpus.sample(name, suffix, n)
        start = time.perf_counter()
        looks = analyse_many(icons)
        spent = (time.perf_counter() - start) / max(len(icons), 1) * 1000
        widths = [a.spec.stroke_width for a in looks if a.spec.stroke_width is not None]
        errors = sorted(abs(w - width) for w in widths) if width else []
        table.add_row(
            f"{name} {suffix}".strip(),
            f"{width:g}" if width else "-",
            f"{statistics.median(widths):.3f}" if widths else "-",
            f"{errors[int(0.9 * len(errors))]:.3f}" if errors else "-",
            f"{len(widths)}/{len(looks)}",
            f"{mode} {sum(a.spec.mode == mode for a in looks) / len(looks):.0%}",
            f"{sum(bool(a.spec.pixel_art) == pixels for a in looks) / len(looks):.0%}",
            f"{spent:.1f}",
            describe(measure_set(icons).spec),
        )
    console.print(table)


def groups(corpus: Corpus, sets: Sequence[str], n: int) -> dict[str, list[Icon]]:
    found: dict[str, list[Icon]] = {}
    for name in sets:
        for suffix, names in corpus.styles(name).items():
            if len(names) >= 60:
                icons = corpus.sample(name, suffix, n)
                if len(icons) >= 50:
                    found[f"{name}:{suffix}"] = icons
    return found


def retrieval(vectors: dict[str, np.ndarray], refs: int = 8, seed: int = 0) -> tuple[float, float, float]:
    """Share of icons whose own group's mean of ``refs`` icons is nearest; is among the 3 nearest; mean rank share."""
    rng = np.random.default_rng(seed)
    names = sorted(vectors)
    means, rest = [], []
    for name in names:
        order = rng.permutation(len(vectors[name]))
        means.append(vectors[name][order[:refs]].mean(axis=0))
        rest.append(vectors[name][order[refs:]])
    centre = np.stack(means)
    first = third = total = 0
    ranks = 0.0
    for g, rows in enumerate(rest):
        away = ((rows[:, None] - centre[None]) ** 2).sum(axis=2)
        rank = (away < away[:, g : g + 1]).sum(axis=1)
        first, third, total = first + int((rank == 0).sum()), third + int((rank < 3).sum()), total + len(rows)
        ranks += float(rank.sum())
    return first / total, third / total, ranks / total / (len(names) - 1)


def learn(raw: dict[str, np.ndarray], seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centre, scale and weight of each feature; raw features hold NaN where an icon does not show one."""
    from scipy.optimize import minimize

    pooled = np.concatenate([rows for rows in raw.values()])
    centre = np.nanmean(pooled, axis=0)
    within = np.sqrt(
        np.nanmean(np.stack([np.nanvar(np.where(np.isnan(r), centre, r), axis=0) for r in raw.values()]), axis=0)
    )
    scale = 0.8 * within + 0.2 * np.nanstd(pooled, axis=0) + 0.02
    rng = np.random.default_rng(seed)
    means, rows, labels = [], [], []
    for g, values in enumerate(raw.values()):
        normal = np.nan_to_num(np.clip((values - centre) / scale, -3, 3), nan=0.0)[rng.permutation(len(values))]
        half = len(normal) // 2
        means.append(normal[:half].mean(axis=0))
        rows.append(normal[half : half + 60])
        labels += [g] * len(rows[-1])
    x, m, y = np.concatenate(rows), np.stack(means), np.array(labels)
    apart = (x[:, None, :] - m[None]) ** 2  # icons x groups x features

    def loss(log_weight: np.ndarray) -> tuple[float, np.ndarray]:
        w2 = np.exp(2 * log_weight)
        logits = -apart @ w2
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        value = -np.log(p[np.arange(len(y)), y] + 1e-12).mean()
        p[np.arange(len(y)), y] -= 1
        slope = -np.einsum("ig,igf->f", p, apart) / len(y) * 2 * w2
        mean = log_weight.mean()
        return value + 0.01 * ((log_weight - mean) ** 2).sum(), slope + 0.02 * (log_weight - mean)

    best = minimize(loss, np.full(x.shape[1], -0.5), jac=True, method="L-BFGS-B", bounds=[(-2.5, 1.2)] * x.shape[1])
    weight = np.exp(best.x)
    typical = [np.linalg.norm((r - r.mean(axis=0)) * weight, axis=1) for r in rows]
    return centre, scale, weight / np.median(np.concatenate(typical))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--icons", type=Path, required=True, help="folder of <set>.json files")
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--sets", nargs="*", default=[], help="sets for retrieval and learning")
    parser.add_argument("--learn", action="store_true")
    options = parser.parse_args()
    console = Console(width=180)
    corpus = Corpus(options.icons)
    if not options.learn:
        truth_table(corpus, options.n, console)
    if not options.sets:
        return
    start = time.perf_counter()
    looks = {
        name: analyse_many(icons)
        for name, icons in groups(corpus, options.sets, 200 if options.learn else options.n).items()
    }
    console.print(
        f"{sum(map(len, looks.values()))} icons of {len(looks)} groups in {time.perf_counter() - start:.0f} s"
    )
    if options.learn:
        from dataclasses import astuple

        raw = {
            name: np.array([[np.nan if v is None else v for v in astuple(a.seen)] for a in found])
            for name, found in looks.items()
        }
        for label, values in zip(("_CENTRE", "_SCALE", "_WEIGHT"), learn(raw), strict=True):
            console.print(f"{label} = np.array([{', '.join(f'{v:.4g}' for v in values)}])", soft_wrap=True)
    else:
        first, third, rank = retrieval({name: np.stack([a.vector for a in found]) for name, found in looks.items()})
        console.print(
            f"nearest of {len(looks)} group means (8 icons each): own group {first:.1%}, in the first 3 {third:.1%}, "
            f"mean rank {rank:.1%} of the groups"
        )


if __name__ == "__main__":
    main()
