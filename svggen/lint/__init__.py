"""The design rules, and the repairs that need no model.

Contract. ``lint(icon, style) -> list[Finding]``, in the order of the rules, empty for an icon that keeps them all.
``lint_many`` does the same for many icons with one batch of pictures. ``repair(icon) -> Repaired`` never makes the
findings worse and is idempotent. A style field that is None asks for nothing: then only inner consistency is checked
(one stroke width, one cap, one colour). Errors of the renderer are ``RenderError``.

Of unmodified Lucide 99.9 % and of Tabler 97.2 % keep every ``must`` rule; ``rules.py`` has the numbers rule by rule.
One icon takes about 2 ms, its picture included (tests/bench/bench_lint.py).

    rules.py          the table of the 20 rules: level, source, threshold
    drawing_rules.py  checks by geometry and look     picture_rules.py  checks by pixels
    case.py, seen.py  what the checks share           repairs.py, snapping.py, fix.py  repairs, and when one is kept
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from svggen.lint.findings import Finding, Rule, SetStats, set_stats

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.lint.case import Case
    from svggen.lint.fix import Repaired
    from svggen.lint.rules import RULES
    from svggen.style import StyleSpec

__all__ = ["RULES", "Finding", "Repaired", "Rule", "SetStats", "lint", "lint_many", "repair", "set_stats"]


def lint(
    icon: Icon, style: StyleSpec | None = None, set_stats: SetStats | None = None, *, name: str | None = None
) -> list[Finding]:
    """What is wrong with ``icon``: one Finding for each broken rule, in the order of the rules.

    style: the wanted style. set_stats: what rule 19 compares with (``set_stats(icons)``). name: for rule 20.
    """
    return lint_many([icon], style, set_stats, names=None if name is None else [name])[0]


def lint_many(
    icons: Sequence[Icon],
    style: StyleSpec | None = None,
    set_stats: SetStats | None = None,
    *,
    names: Sequence[str] | None = None,
) -> list[list[Finding]]:
    """``lint`` for each icon, with one batch of pictures. ValueError for names of another count."""
    from svggen.lint.case import Case
    from svggen.render import inks

    if not icons:
        return []
    if names is not None and len(names) != len(icons):
        raise ValueError(f"{len(names)} names for {len(icons)} icons")
    words: Sequence[str | None] = names if names is not None else [None] * len(icons)
    pictures = inks(icons, 96)
    cases = (
        Case(icon, style, set_stats, name, picture) for icon, name, picture in zip(icons, words, pictures, strict=True)
    )
    return [judge(case) for case in cases]


def judge(case: Case) -> list[Finding]:
    """All rules on one case."""
    from svggen.lint.rules import RULES

    findings = []
    for rule in RULES:
        verdict = rule.check(case)
        if verdict is not None:
            level = verdict.level or rule.level
            fixable = rule.repair is not None
            findings.append(
                Finding(rule.id, rule.number, level, verdict.message, verdict.value, verdict.limit, fixable)
            )
    return findings


def repair(icon: Icon, findings: Sequence[Finding] | None = None, style: StyleSpec | None = None) -> Repaired:
    """``icon`` with every finding repaired that can be, and what was done and refused (see ``fix.py``)."""
    from svggen.lint.fix import repair

    return repair(icon, findings, style)


def __getattr__(name: str) -> object:
    if name == "RULES":
        from svggen.lint.rules import RULES

        return RULES
    if name == "Repaired":
        from svggen.lint.fix import Repaired

        return Repaired
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
