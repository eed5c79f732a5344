"""When a repair is kept: the loop that repairs, lints again, and takes back what did not help.

Contract. ``repair(icon) -> Repaired``: a step is kept only if the icon then breaks no rule that it kept before, no
``must`` finding more, and the finding it was made for is gone or nearer its limit. The result is a fixed point:
repairing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svggen.lint import judge
from svggen.lint.case import Case
from svggen.lint.findings import Finding, Repair
from svggen.lint.repairs import drop_needless
from svggen.lint.rules import BY_ID

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.style import StyleSpec

__all__ = ["Repaired", "repair"]

ROUNDS = 4

_ORDER = (
    "square-canvas",
    "monochrome",
    "contrast",
    "one-stroke-width",
    "round-caps-and-joins",
    "corner-radius",
    "keylines",
    "safe-zone",
    "centred",
    "gap",
    "pixel-grid",
)
"""Looks first, since a stroke's width decides what fits; then size, place, gaps; the grid last: it moves least."""

_DONE = {
    "square-canvas": "made the canvas square",
    "monochrome": "recoloured to one colour",
    "contrast": "turned the fixed grey into currentColor",
    "one-stroke-width": "unified the stroke widths",
    "round-caps-and-joins": "unified line caps and joins",
    "corner-radius": "brought the corner radii to the style's",
    "keylines": "scaled to the keylines",
    "safe-zone": "fitted into the safe zone",
    "centred": "centred by its ink",
    "gap": "opened a gap between two parts",
    "pixel-grid": "snapped anchors to the pixel grid",
}


@dataclass(frozen=True, slots=True)
class Repaired:
    """``icon`` is the given one where nothing could be done. steps: what was done, in order. refused: what was not, and
    why."""

    icon: Icon
    steps: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def repair(icon: Icon, findings: Sequence[Finding] | None = None, style: StyleSpec | None = None) -> Repaired:
    """See the head of this file. ``findings`` limits the repairs to these rules (default: whatever ``lint`` finds);
    needless shapes (no ink, duplicates, specks) are dropped in any case."""
    wanted = None if findings is None else {f.rule for f in findings}
    steps: list[str] = []
    case = Case(icon, style)
    found = judge(case)
    refused: dict[str, str] = {}
    for _round in range(ROUNDS):
        before = case.icon
        cleaned = _attempt(case, found, drop_needless, None)  # a repair may have made two shapes equal
        if cleaned is not None:
            dropped = len(case.icon.shapes) - len(cleaned[0].icon.shapes)
            steps.append(f"dropped {dropped} needless shape{'s' if dropped > 1 else ''}")
            case, found = cleaned
        for rule in _ORDER:
            finding = next((f for f in found if f.rule == rule), None)
            method = BY_ID[rule].repair
            if finding is None or method is None or (wanted is not None and rule not in wanted):
                continue
            better = _attempt(case, found, method, finding)
            if better is None:
                refused[rule] = f"{rule}: no repair without breaking another rule ({finding.message})"
            else:
                case, found = better
                steps.append(_DONE[rule])
        if case.icon == before:
            break
    left = {f.rule for f in found}
    return Repaired(
        case.icon, tuple(dict.fromkeys(steps)), tuple(refused[r] for r in _ORDER if r in refused and r in left)
    )


def _attempt(
    case: Case, found: list[Finding], method: Repair, finding: Finding | None
) -> tuple[Case, list[Finding]] | None:
    icon = method(case)
    if icon is None or icon == case.icon:
        return None
    trial = Case(icon, case.style, case.set_stats, case.name)
    after = judge(trial)
    old, new = {f.rule: f for f in found}, {f.rule: f for f in after}
    worse = any(rule not in old or (f.level == "must" and old[rule].level != "must") for rule, f in new.items())
    if worse or (finding is not None and not _nearer(finding, new.get(finding.rule))):
        return None
    return trial, after


def _nearer(old: Finding, new: Finding | None) -> bool:
    """Gone, or nearer its limit by a tenth of the way, so that repairs end."""
    if new is None:
        return True
    if None in (old.value, old.limit, new.value, new.limit):
        return False
    assert old.value is not None and old.limit is not None and new.value is not None and new.limit is not None
    return abs(new.value - new.limit) < 0.9 * abs(old.value - old.limit)
