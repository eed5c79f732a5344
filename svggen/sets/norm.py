"""A set's norm: what its icons have in common, and where an icon leaves it.

Contract. ``learn(facts) -> Norm`` reads the norm off a set that may hold odd members; ``breaks(facts, norm, ...)``
gives for one icon the fields (``fields.py``) in which it stands outside. What a set does not agree on is no norm of it:
a field that has no rule finds nothing.

    Near     the median, where nearly all icons are within what nobody sees, or within four of their median deviations
    Between  fences beyond all but a few of the icons, and then some: what many do is no fault
    Among    what nearly all icons have

``look`` is the judge's word: 1 minus the mean cosine to the nearest tenth of the set, so that a few strangers do not
vouch for each other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.sets.facts import Facts
from svggen.sets.fields import CUT, FIELDS, SAME, Among, Between, Field, Near, Rule

__all__ = ["LEAST", "Break", "Norm", "breaks", "learn", "looks"]

LEAST: Final = 5
"""Icons without which a set has no norm of its own."""
_FENCED: Final = 12
"""Icons without which a number that varies has no fences."""
_MANY: Final = 100
_FAR: Final = 1.5
"""Beyond the middle four fifths, in their own half width: too far out to tell what is usual."""
_BULK: Final = 0.96
"""Share of a set on each side of the median that lies within the fences whatever it does."""
_SHOWN: Final = 0.25
"""Share of the icons that must show a number for it to be the set's."""
_MOST: Final = 0.6
"""Share of the icons that must show a number for it to be one that they all have."""
_MAJORITY: Final = 0.55
_NEARLY: Final = 0.75
"""Of the way to a fence: what counts where the judge, too, finds an icon nearly strange."""
_COMMON: Final = 0.05
"""Share of the icons that use a colour of the set's palette."""
_MOST_COLOURS: Final = 8
_LOOSE: Final = 0.03
"""Share of a set that may be off in different ways before the set's own tolerance is taken to be wider, and how wide at
most, of the middle: half as much again is always seen."""
_LOOSEST: Final = 0.4


@dataclass(frozen=True, slots=True)
class Break:
    """An icon leaves the norm: field, what it has, the rule, and how far out it is (1 is at the fence; only to put the
    worst first)."""

    field: str
    value: float | str
    rule: Rule
    far: float


@dataclass(frozen=True)
class Norm:
    """rules by field. n: icons it was learned from. divided: of the choices that most icons make and too many do not,
    the share of each word, the most frequent first."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    n: int = 0
    divided: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def looks(facts: Sequence[Facts], members: Sequence[int] | None = None) -> npt.NDArray[np.float32]:
    """How strange each icon looks among the others, float32 (n,): see the head of this file. members: positions of the
    icons that it is compared with, all where None; never with itself."""
    if len(facts) < 2:
        return np.zeros(len(facts), np.float32)
    style = np.stack([f.style for f in facts])
    among = np.arange(len(facts)) if members is None else np.asarray(members, np.intp)
    near = min(max(LEAST, len(among) // 10), max(1, len(among) - 1))
    out = np.empty(len(facts), np.float32)
    for start in range(0, len(facts), 1024):
        likeness = style[start : start + 1024] @ style[among].T
        own = among[None, :] == np.arange(start, start + len(likeness))[:, None]
        likeness[own] = -np.inf
        best = -np.partition(-likeness, near - 1, axis=1)[:, :near]
        out[start : start + 1024] = 1 - best.mean(axis=1)
    return out


def learn(facts: Sequence[Facts], strange: Sequence[float] | None = None) -> Norm:
    """The norm of a set. strange: ``looks(facts)`` where it is known. Fewer than ``LEAST`` icons have none."""
    seen = [f for f in facts if f.box is not None]
    if len(seen) < LEAST:
        return Norm({}, len(seen))
    rules: dict[str, Rule] = {}
    divided: dict[str, Mapping[str, float]] = {}
    known = [float(v) for v in (looks(facts) if strange is None else strange)]
    for each in FIELDS:
        rule = _learned(each, seen, known)
        if rule is not None:
            rules[each.id] = rule
        elif each.kind == "among" and each.id != "colours":
            shares = _shares(each, seen)
            if shares:
                divided[each.id] = shares
    return Norm(rules, len(seen), divided)


def _shares(each: Field, facts: Sequence[Facts]) -> dict[str, float]:
    """Of a choice in which the set is divided: empty where hardly anybody shows it, or no word has a majority."""
    counts = Counter(words[0] for f in facts if (words := each.words(f)))
    shown = sum(counts.values())
    if shown < max(LEAST, _SHOWN * len(facts)) or max(counts.values()) < _MAJORITY * shown:
        return {}
    return {word: n / shown for word, n in counts.most_common(3)}


def _learned(each: Field, facts: Sequence[Facts], strange: Sequence[float]) -> Rule | None:
    if each.kind == "among":
        return _among(each, facts)
    if each.id == "cut_off":
        cut = sum(f.cut > CUT for f in facts)
        return Between(None, CUT) if cut <= max(1.0, (1 - each.agree) * len(facts)) else None
    values = list(strange) if each.id == "look" else [v for f in facts if (v := each.number(f)) is not None]
    if len(values) < max(LEAST, (_SHOWN if each.kind == "between" else _MOST) * len(facts)):
        return None
    return (_near(each, values) if each.kind == "near" else None) or _between(each, values)


def _near(each: Field, values: Sequence[float]) -> Near | None:
    middle = float(np.median(values))
    off = np.abs(np.asarray(values) - middle)
    within = max(each.floor, SAME * middle, 4 * float(np.median(off)))
    odd = np.asarray(values)[off > within]
    if len(odd) > _LOOSE * len(off) and not _together(odd):
        within = max(within, min(float(np.quantile(off, 1 - _LOOSE)), _LOOSEST * middle))
        odd = odd[np.abs(odd - middle) > within]
    return Near(middle, within) if len(odd) <= max((1 - each.agree) * len(off), min(2, len(off) // 4)) else None


def _together(values: npt.NDArray[np.floating[Any]]) -> bool:
    """Whether most of them are about the same: icons of another hand. Else they are what this set allows itself."""
    near = np.abs(values[:, None] - values[None, :]) <= 0.06 * np.abs(values[:, None])
    return bool(near.mean(axis=1).max() >= 0.6)


def _between(each: Field, values: Sequence[float]) -> Between | None:
    if len(values) < _FENCED:
        return None
    kept = _without_the_far(each, np.asarray(values, np.float64))
    low, middle, high = (float(v) for v in np.quantile(kept, (1 - _BULK, 0.5, _BULK)))
    below, above = (max(each.floor, each.gap * half) for half in (middle - low, high - middle))
    fences = (low - below, high + above)
    down = None if each.sides == "high" or (low >= 0 > fences[0]) else fences[0]  # no length is below zero
    up = None if each.sides == "low" else fences[1]
    return Between(down, up, middle) if (down, up) != (None, None) else None


def _without_the_far(each: Field, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A set's numbers without those so far out that a handful of them would move the fences: at most a tenth. A small
    set shows too little of what is usual to tell."""
    if len(values) < _MANY:
        return values
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    below, above = max(each.floor, _FAR * (middle - low)), max(each.floor, _FAR * (high - middle))
    kept = values[(values >= low - below) & (values <= high + above)]
    return kept if len(kept) >= 0.9 * len(values) else values


def _among(each: Field, facts: Sequence[Facts]) -> Among | None:
    shown = [words for f in facts if (words := each.words(f))]
    if len(shown) < LEAST:
        return None
    counts = Counter(word for words in shown for word in set(words))
    common = tuple(
        word
        for word, n in counts.most_common(_MOST_COLOURS if each.id == "colours" else 1)
        if n >= max(_COMMON * len(shown), 2)
    )
    if common in (("filled",), ("duotone",)):
        common = (*common, "outline")  # the arrows of such a set are lines
    odd = sum(not set(words) <= set(common) for words in shown)
    return Among(common) if common and odd <= max((1 - each.agree) * len(shown), 1) else None


def breaks(facts: Facts, norm: Norm, strange: float | None = None) -> list[Break]:
    """Where one icon leaves the norm, in the order of ``FIELDS``. strange: its ``looks`` among the set. An icon that
    comes within a quarter of a fence and looks nearly as strange as any breaks both."""
    if facts.box is None:
        return []
    found = []
    for each in FIELDS:
        rule = norm.rules.get(each.id)
        if rule is not None:
            broken = _measured(each, facts, rule, strange)
            if broken is not None and broken.far >= _NEARLY:
                found.append(broken)
    odd = any(b.field == "look" for b in found)
    hinted = odd and any(b.field != "look" and isinstance(b.rule, Between) for b in found)
    return [b for b in found if b.far > 1 or (hinted and isinstance(b.rule, Between))]


def _measured(each: Field, facts: Facts, rule: Rule, strange: float | None) -> Break | None:
    """What the icon has, and how far out it is: 1 at the fence, below it inside."""
    if isinstance(rule, Among):
        odd = [word for word in each.words(facts) if word not in rule.allowed]
        return Break(each.id, odd[0], rule, 3.0) if odd else None
    value = strange if each.id == "look" else each.number(facts)
    if value is None or not math.isfinite(value):
        return None
    if isinstance(rule, Near):
        off = abs(value - rule.value)
        return Break(each.id, value, rule, off / max(rule.within, 1e-6)) if off > rule.within else None
    far = max(
        (_far(value, limit, rule.usual, side) for limit, side in ((rule.low, -1), (rule.high, 1)) if limit is not None),
        default=0.0,
    )
    return Break(each.id, value, rule, far)


def _far(value: float, limit: float, usual: float | None, side: int) -> float:
    if usual is None or (limit - usual) * side <= 1e-9:
        return 2.0 if (value - limit) * side > 1e-9 else 0.0
    return (value - usual) / (limit - usual)
