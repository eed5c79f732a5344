"""The style that a set of icons shares, and how far its members spread.

Contract. Robust against odd members: medians for numbers, the most frequent for choices. ``spread`` holds, for each
field that the spec sets, the median absolute deviation (numbers) or the share of members that differ (choices,
palette). ``vector`` is the mean style vector, ``vector_spread`` the median distance of a member from it (never
below ``_LEAST``: eight exact copies are still drawn by a hand)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.icon import Icon
from svggen.style.analysis import Analysis, analyse, analyse_many
from svggen.style.outline import corner_radius
from svggen.style.spec import Mode, StyleSpec

__all__ = ["SetStyle", "measure_set", "set_distance"]

_LEAST: Final = 0.35
_MAX_PALETTE: Final = 8


@dataclass(frozen=True)
class SetStyle:
    """spec: what the set shares. spread: see the head of this file. vector: float32 (STYLE_DIMS,). n: icons
    measured."""

    spec: StyleSpec
    spread: dict[str, float]
    vector: npt.NDArray[np.float32]
    vector_spread: float
    n: int


def measure_set(icons: Sequence[Icon]) -> SetStyle:
    if not icons:
        raise ValueError("a set's style needs at least one icon")
    looks = [a for a in analyse_many(icons) if a.box is not None]
    if not looks:
        raise ValueError("every icon of the set is blank")
    spec, spread = _shared(looks)
    vectors = np.stack([a.vector for a in looks])
    vector = vectors.mean(axis=0)
    away = np.linalg.norm(vectors - vector, axis=1)
    return SetStyle(spec, spread, vector.astype(np.float32), max(float(np.median(away)), _LEAST), len(looks))


def set_distance(icon: Icon, style: SetStyle) -> float:
    return float(np.linalg.norm(analyse(icon).vector - style.vector)) / style.vector_spread


def _shared(looks: Sequence[Analysis]) -> tuple[StyleSpec, dict[str, float]]:
    mode = _shared_mode(looks)
    values: dict[str, Any] = {}
    spread: dict[str, float] = {}
    for f in fields(StyleSpec):
        shown = [v for a in looks if (v := getattr(a.spec, f.name)) is not None]
        if len(shown) < 0.25 * len(looks):
            continue  # a rare exception is no property of the set
        rule = _RULES.get(f.name, _number)
        values[f.name], spread[f.name] = rule(shown)
    values["mode"] = mode
    spread["mode"] = sum(a.spec.mode != mode for a in looks) / len(looks)
    radius = _pooled_radius(looks)
    if radius is not None and "corner_radius" in values:
        values["corner_radius"] = round(radius, 3)
    if mode != "duotone":
        values.pop("secondary_opacity", None)
        spread.pop("secondary_opacity", None)
    if (mode == "color" and not _has_lines(looks)) or (mode == "duotone" and _rare("stroke_width", looks, 0.75)):
        for name in ("stroke_width", "cap"):
            values.pop(name, None)
            spread.pop(name, None)
    if mode == "filled" and _rare("stroke_width", looks, 0.5):
        for name in ("stroke_width", "cap"):
            values.pop(name, None)
            spread.pop(name, None)
    return StyleSpec(**values), spread


def _rare(name: str, looks: Sequence[Analysis], share: float) -> bool:
    return sum(getattr(a.spec, name) is not None for a in looks) < share * len(looks)


def _has_lines(looks: Sequence[Analysis]) -> bool:
    """Whether most members are drawn with lines: strokes, or ink that is no deeper than a line."""
    return sum(bool(a.outline.stroke) or a.ink.solid_share < 0.3 for a in looks) > 0.6 * len(looks)


def _shared_mode(looks: Sequence[Analysis]) -> Mode:
    """By mean membership: the arrows of a filled set are lines, and yet the set is filled."""
    names: tuple[Mode, ...] = ("outline", "filled", "duotone", "color")
    return max(names, key=lambda name: sum(getattr(a.seen, name) for a in looks))


def _number(values: Sequence[float]) -> tuple[float, float]:
    middle = median(values)
    return round(middle, 3), median(abs(v - middle) for v in values)


def _choice(values: Sequence[Any]) -> tuple[Any, float]:
    best, n = Counter(values).most_common(1)[0]
    return best, 1 - n / len(values)


def _pooled_radius(looks: Sequence[Analysis]) -> float | None:
    """Over the corners of all members, each member with the same weight."""
    pooled: list[tuple[float, float]] = []
    for look in looks:
        total = sum(w for _, w in look.outline.corners)
        if total >= 0.25:
            pooled.extend((min(r, 8.0), w / total) for r, w in look.outline.corners)
    return corner_radius(pooled)


def _palette(values: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], float]:
    """The most frequent palette if half the set has it; else its colours by weight of use over the set."""
    best, n = Counter(values).most_common(1)[0]
    if n >= 0.5 * len(values):
        return best, 1 - n / len(values)
    weight: Counter[str] = Counter()
    for palette in values:
        for rank, colour in enumerate(palette):
            weight[colour] += 0.5**rank  # type: ignore[assignment]  # a Counter of floats works; typeshed says int
    kept = [c for c, w in weight.most_common(_MAX_PALETTE) if w >= 0.05 * len(values)] or [weight.most_common(1)[0][0]]
    common = set(kept)
    missing = sum(1 - len(common & set(p)) / len(p) for p in values) / len(values)
    return tuple(kept), missing


_RULES: Final[dict[str, Callable[[Any], tuple[Any, float]]]] = {
    "cap": _choice,
    "join": _choice,
    "mode": _choice,
    "grid": _choice,
    "pixel_art": _choice,
    "palette": _palette,
}
