"""The linter's words: Finding, Rule, SetStats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.lint.case import Case

__all__ = ["Check", "Finding", "Level", "Repair", "Rule", "SetStats", "Verdict", "set_stats"]

Level: TypeAlias = Literal["must", "should"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. ``value`` is what was measured and ``limit`` what it was held against, both in the unit that the
    message names (None where the rule has no number). ``fixable``: ``repair`` has an automatic repair for the rule."""

    rule: str
    number: int
    level: Level
    message: str
    value: float | None = None
    limit: float | None = None
    fixable: bool = False


class Verdict(NamedTuple):
    """What a check says of a broken rule. ``level`` overrides the rule's own, where the style asked for the breach."""

    message: str
    value: float | None = None
    limit: float | None = None
    level: Level | None = None


Check: TypeAlias = "Callable[[Case], Verdict | None]"
Repair: TypeAlias = "Callable[[Case], Icon | None]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. ``threshold`` says the number in words; ``check`` gives a Verdict where the rule is broken;
    ``repair`` gives a better icon, or None where it has none to offer (its result is always linted again)."""

    number: int
    id: str
    level: Level
    source: str
    threshold: str
    check: Check
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class SetStats:
    """What rule 19 holds an icon against: medians over a set, lengths in units of a 24 px canvas.

    ink: share of the canvas, 0..1. stroke_width: of the icons that have strokes, None where fewer than half have.
    cap, join: what at least 80 % of those share, else None. n: icons counted.
    """

    ink: float
    stroke_width: float | None
    cap: str | None
    join: str | None
    n: int


def set_stats(icons: Sequence[Icon]) -> SetStats:
    """The SetStats of a user's accepted icons; ValueError for none."""
    import numpy as np

    from svggen.lint.case import Case
    from svggen.render import inks

    if not icons:
        raise ValueError("set_stats needs at least one icon")
    pictures = inks(icons, 96)
    cases = [Case(icon, ink=picture) for icon, picture in zip(icons, pictures, strict=True)]
    stroked = [case for case in cases if case.strokes]
    width = float(np.median([np.median(c.widths) for c in stroked])) if len(stroked) * 2 > len(cases) else None
    return SetStats(
        ink=float(np.median(pictures.mean(axis=(1, 2)))),
        stroke_width=width,
        cap=_shared([s.look.cap for c in stroked for s in c.strokes]),
        join=_shared([s.look.join for c in stroked for s in c.strokes]),
        n=len(cases),
    )


def _shared(words: Sequence[str]) -> str | None:
    if not words:
        return None
    best = max(sorted(set(words)), key=words.count)
    return best if words.count(best) >= 0.8 * len(words) else None
