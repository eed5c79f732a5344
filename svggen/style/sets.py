"""The style that a set of icons shares, and how far its members spread.

Contract. A ``Member`` is what one icon contributes; it is small and JSON-ready, so that who keeps icons can keep it
beside them and need not measure again. Robust against odd members: medians for numbers, the most frequent for choices.
``spread`` holds, for each field that the spec sets, the median absolute deviation (numbers) or the share of members
that differ (choices, palette). ``vector`` is the mean style vector, ``vector_spread`` the median distance of a member
from it (never below ``_LEAST``: eight exact copies are still drawn by a hand)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.errors import StyleError
from svggen.icon import Icon
from svggen.style.analysis import Analysis, analyse, analyse_many
from svggen.style.outline import corner_radius
from svggen.style.spec import Mode, StyleSpec

__all__ = ["Member", "SetStyle", "measure_set", "member_of", "set_distance", "set_of"]

_LEAST: Final = 0.35
_MAX_PALETTE: Final = 8
_MAX_CORNERS: Final = 24
_LEAST_CORNER: Final = 0.25  # summed weight below which an icon has no corners to speak of
_MODES: Final[tuple[Mode, ...]] = ("outline", "filled", "duotone", "color")


@dataclass(frozen=True)
class SetStyle:
    """spec: what the set shares. spread: see the head of this file. vector: float32 (STYLE_DIMS,). n: icons
    measured."""

    spec: StyleSpec
    spread: dict[str, float]
    vector: npt.NDArray[np.float32]
    vector_spread: float
    n: int


@dataclass(frozen=True)
class Member:
    """What one icon contributes to its set.

    spec: as measured. modes: membership of outline, filled, duotone, color, each 0..1. lines: drawn with lines, strokes
    or ink no deeper than a line. corners: (radius in units of a 24 px canvas, weight), at most ``_MAX_CORNERS``.
    """

    spec: StyleSpec
    modes: tuple[float, float, float, float]
    lines: bool
    corners: tuple[tuple[float, float], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "spec": self.spec.to_dict(),
            "modes": list(self.modes),
            "lines": self.lines,
            "corners": [list(pair) for pair in self.corners],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Member:
        """The inverse of ``to_dict``; StyleError for anything else."""
        try:
            modes = tuple(float(x) for x in data["modes"])
            corners = tuple((float(radius), float(weight)) for radius, weight in data["corners"])
            if len(modes) != len(_MODES) or not all(map(math.isfinite, chain(modes, *corners))):
                raise ValueError("numbers missing or not finite")
            return cls(StyleSpec.from_dict(data["spec"]), modes, bool(data["lines"]), corners)  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError) as error:
            raise StyleError(f"not a measured member of a set: {error!r}") from error


def member_of(look: Analysis) -> Member:
    total = sum(weight for _, weight in look.outline.corners)
    kept = sorted(look.outline.corners, key=lambda pair: -pair[1])[:_MAX_CORNERS] if total >= _LEAST_CORNER else []
    return Member(
        look.spec,
        tuple(round(float(getattr(look.seen, name)), 4) for name in _MODES),  # type: ignore[arg-type]
        bool(look.outline.stroke) or look.ink.solid_share < 0.3,
        tuple((round(min(radius, 8.0), 3), round(weight / total, 4)) for radius, weight in kept),
    )


def measure_set(icons: Sequence[Icon]) -> SetStyle:
    if not icons:
        raise ValueError("a set's style needs at least one icon")
    looks = [a for a in analyse_many(icons) if a.box is not None]
    if not looks:
        raise ValueError("every icon of the set is blank")
    return set_of([member_of(look) for look in looks], np.stack([look.vector for look in looks]))


def set_of(members: Sequence[Member], vectors: npt.NDArray[np.float32]) -> SetStyle:
    """The same from what was measured before; ``vectors`` is (n, STYLE_DIMS), one for each member."""
    if not members or len(members) != len(vectors):
        raise ValueError("a set's style needs members, and a vector for each")
    spec, spread = _shared(members)
    vector = vectors.mean(axis=0)
    away = np.linalg.norm(vectors - vector, axis=1)
    return SetStyle(spec, spread, vector.astype(np.float32), max(float(np.median(away)), _LEAST), len(members))


def set_distance(icon: Icon, style: SetStyle) -> float:
    return float(np.linalg.norm(analyse(icon).vector - style.vector)) / style.vector_spread


def _shared(looks: Sequence[Member]) -> tuple[StyleSpec, dict[str, float]]:
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


def _rare(name: str, looks: Sequence[Member], share: float) -> bool:
    return sum(getattr(a.spec, name) is not None for a in looks) < share * len(looks)


def _has_lines(looks: Sequence[Member]) -> bool:
    """Whether most members are drawn with lines."""
    return sum(a.lines for a in looks) > 0.6 * len(looks)


def _shared_mode(looks: Sequence[Member]) -> Mode:
    """By mean membership: the arrows of a filled set are lines, and yet the set is filled."""
    return max(_MODES, key=lambda name: sum(a.modes[_MODES.index(name)] for a in looks))


def _number(values: Sequence[float]) -> tuple[float, float]:
    middle = median(values)
    return round(middle, 3), median(abs(v - middle) for v in values)


def _choice(values: Sequence[Any]) -> tuple[Any, float]:
    best, n = Counter(values).most_common(1)[0]
    return best, 1 - n / len(values)


def _pooled_radius(looks: Sequence[Member]) -> float | None:
    """Over the corners of all members, each member with the same weight."""
    return corner_radius([pair for look in looks for pair in look.corners])


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
