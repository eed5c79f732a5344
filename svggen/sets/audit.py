"""Audit: does a set hold together? Every icon against what the set has in common, with numbers and what to do.

Contract. ``audit(items, rules) -> Audit`` takes files that were read (``Item``: an icon, or why there is none) and
gives for each what breaks the set's norm, what breaks a must rule of the linter that the set keeps, and that it could
not be read; and the pairs that look alike. It never raises for what is in a file. Icons whose names end in a style
word ("-filled") have a norm of their own where there are enough of them. The order of the items is kept.

    facts.py     what is kept of one icon        fields.py   what is measured, and how strictly
    norm.py      what a set has in common        rules.py    the owner's own rules
    variants.py  style words in names            said.py     findings in words

Errors: ``RenderError``, ``WeightsError``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np

from svggen.icon import Icon
from svggen.lint.case import Case
from svggen.lint.findings import Finding as Lint
from svggen.lint.rules import RULES
from svggen.render import inks
from svggen.sets.facts import BATCH, Facts, facts_of
from svggen.sets.fields import BY_ID
from svggen.sets.lookalikes import look_alikes
from svggen.sets.norm import Break, Norm, breaks, learn, looks
from svggen.sets.rules import ALIKE, PLAIN, Norms, Rules
from svggen.sets.said import said
from svggen.sets.variants import Named, variants
from svggen.style import StyleSpec
from svggen.style.sets import set_of

__all__ = ["Alike", "Audit", "Audited", "Finding", "Group", "Item", "audit"]

Tell = Callable[[str, int], None]
"""Progress: what is being done, and how many more icons are through."""

_MUSTS: Final = tuple(rule for rule in RULES if rule.level == "must")
_GROUP: Final = 12
"""Icons of a variant from which it has a norm of its own."""
_KEPT: Final = {"safe-zone": (1, 0.01), "gap": (1, 0.01)}
_KEPT_ELSE: Final = (2, 0.02)
"""Icons, and share of the icons, that may break a must rule which is still the set's own. The first two are measured
on pixels, and few sets keep them to the last icon."""


@dataclass(frozen=True, slots=True)
class Item:
    """file: relative path, with /. icon: None where it could not be read, and ``error`` says why."""

    file: str
    icon: Icon | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """rule: a field of ``svggen.sets.fields``, a must rule of the linter, or "broken-file". kind: "outlier" leaves the
    norm, "rule" breaks a must rule, "broken" could not be read. value: what the icon has. set: what the set has.
    limit: low and high, where it is a number. repair: what to do. far: how far out, 1 just outside."""

    rule: str
    kind: Literal["outlier", "rule", "broken"]
    message: str
    repair: str
    value: float | str | None = None
    set: float | str | None = None
    limit: tuple[float | None, float | None] | None = None
    far: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "kind": self.kind,
            "message": self.message,
            "value": _rounded(self.value),
            "set": _rounded(self.set),
            "limit": None if self.limit is None else [_rounded(v) for v in self.limit],
            "repair": self.repair,
        }


@dataclass(frozen=True, slots=True)
class Audited:
    """One file. outlier: whether there is a finding."""

    file: str
    group: str
    findings: tuple[Finding, ...]
    ignored: int = 0

    @property
    def outlier(self) -> bool:
        return bool(self.findings)


@dataclass(frozen=True, slots=True)
class Alike:
    """Two files that a user would take for one another at 16 px; see ``lookalikes.py``. same: no visible difference."""

    a: str
    b: str
    difference: float
    judge: float
    same: bool


@dataclass(frozen=True)
class Group:
    """Icons of one variant: "" are those whose names carry no style word. style: what they share, spread: see
    ``svggen.style.SetStyle``. n: icons of it that could be read. kept: the must rules that the group keeps, others:
    the share of icons that break each of the others."""

    name: str
    n: int
    style: StyleSpec
    spread: Mapping[str, float]
    norm: Norm
    kept: tuple[str, ...] = ()
    others: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """icons: in the order of the items. groups: the largest first; its style is the set's. facts: of each icon, None
    for a file that could not be read. strange: ``norm.looks`` of each within its group."""

    icons: tuple[Audited, ...]
    groups: tuple[Group, ...]
    alike: tuple[Alike, ...]
    facts: tuple[Facts | None, ...]
    strange: tuple[float, ...]
    strict_alike: bool = False

    @property
    def style(self) -> StyleSpec:
        return self.groups[0].style if self.groups else StyleSpec()

    @property
    def holds(self) -> bool:
        """Whether the set holds together."""
        return not any(icon.outlier for icon in self.icons) and not (self.strict_alike and self.alike)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "style": self.style.to_dict(),
            "icons": [
                {
                    "file": icon.file,
                    "outlier": icon.outlier,
                    "findings": [finding.to_dict() for finding in icon.findings],
                    "group": icon.group,
                }
                for icon in self.icons
            ],
            "look_alikes": [
                {"files": [p.a, p.b], "difference": p.difference, "judge": p.judge, "same": p.same} for p in self.alike
            ],
            "groups": [
                {
                    "name": g.name,
                    "icons": g.n,
                    "style": g.style.to_dict(),
                    "spread": {k: round(float(v), 4) for k, v in g.spread.items()},
                    "must": list(g.kept),
                    "not_kept": {k: round(v, 4) for k, v in g.others.items()},
                    "divided": {k: {w: round(v, 4) for w, v in s.items()} for k, s in g.norm.divided.items()},
                }
                for g in self.groups
            ],
            "holds_together": self.holds,
            "ignored": sum(icon.ignored for icon in self.icons),
        }


def _rounded(value: float | str | None) -> float | str | None:
    return round(float(value), 4) if isinstance(value, float | int) else value


def audit(
    items: Sequence[Item],
    rules: Rules | None = None,
    tell: Tell = lambda doing, n: None,
    *,
    facts: Sequence[Facts] | None = None,
) -> Audit:
    """Look at all of them; see the head of this file. facts: of the items that have an icon, in order, where they are
    known."""
    rules = rules or Rules()
    readable = [i for i, item in enumerate(items) if item.icon is not None]
    icons = [icon for item in items if (icon := item.icon) is not None]
    if facts is None:
        facts = facts_of(icons, lambda n: tell("measuring", n))
    named = variants([items[i].file for i in readable])
    looked = _Looked(items, readable, icons, facts, named, rules)
    groups, findings, strange = looked.judged(tell)
    pairs = [] if rules.look_alikes == "off" else look_alikes(facts)
    alike = tuple(
        Alike(items[readable[p.a]].file, items[readable[p.b]].file, p.difference, p.judge, p.same)
        for p in pairs
        if not _twins(named[p.a], named[p.b])
        and not any(rules.ignored(items[readable[i]].file, ALIKE) for i in (p.a, p.b))
    )
    return Audit(
        tuple(_audited(item, rules, *findings.get(i, ("", []))) for i, item in enumerate(items)),
        groups,
        alike,
        _spread_out(facts, readable, len(items), None),
        _spread_out(strange, readable, len(items), 0.0),
        rules.look_alikes == "fail",
    )


def _twins(a: Named, b: Named) -> bool:
    """The same thing in two styles is meant to look alike."""
    return a.stem == b.stem and a.variant != b.variant


def _spread_out(values: Sequence[Any], at: Sequence[int], n: int, empty: Any) -> tuple[Any, ...]:
    out = [empty] * n
    for i, value in zip(at, values, strict=True):
        out[i] = value
    return tuple(out)


def _audited(item: Item, rules: Rules, group: str, found: list[Finding]) -> Audited:
    if item.icon is None:
        found = [Finding("broken-file", "broken", item.error, "repair or remove the file")]
    told = [f for f in found if not rules.ignored(item.file, f.rule)]
    return Audited(item.file, group, tuple(sorted(told, key=lambda f: -f.far)), len(found) - len(told))


class _Looked:
    """The readable icons of one audit, on their way to findings."""

    def __init__(
        self,
        items: Sequence[Item],
        readable: Sequence[int],
        icons: Sequence[Icon],
        facts: Sequence[Facts],
        named: Sequence[Named],
        rules: Rules,
    ) -> None:
        self.items, self.readable, self.icons = items, readable, icons
        self.facts, self.named, self.rules = facts, named, rules
        self.findings: dict[int, tuple[str, list[Finding]]] = {}
        self.strange = np.zeros(len(facts), np.float32)

    def judged(self, tell: Tell) -> tuple[tuple[Group, ...], dict[int, tuple[str, list[Finding]]], list[float]]:
        """Groups; group and findings by position among the items; strangeness by position among the readable."""
        groups = [
            self._judge(name, members, own, self.rules.of(name, main=not number), tell)
            for number, (name, members, own) in enumerate(self._grouped())
        ]
        return tuple(groups), self.findings, [float(v) for v in self.strange]

    def _grouped(self) -> list[tuple[str, list[int], list[int]]]:
        """(variant, its icons, those of them that it was named for): the largest first; variants too small for a norm
        of their own are held against the largest."""
        by_name: dict[str, list[int]] = {}
        for i, name in enumerate(self.named):
            by_name.setdefault(name.variant, []).append(i)
        if not by_name:
            return []
        largest = max(by_name, key=lambda name: (len(by_name[name]), name == ""))
        own = {
            name: ids
            for name, ids in by_name.items()
            if name == largest or len(ids) >= _GROUP or (name or PLAIN) in self.rules.norms
        }
        rest = [i for name, ids in by_name.items() if name not in own for i in ids]
        ordered = sorted(own, key=lambda name: (name != largest, -len(own[name]), name))
        return [(name, sorted(own[name] + (rest if name == largest else [])), own[name]) for name in ordered]

    def _judge(self, name: str, members: list[int], own: list[int], given: Norms | None, tell: Tell) -> Group:
        measured = [self.facts[i] for i in own]
        mine = set(own)
        self.strange[own] = looks(measured)
        guests = [i for i in members if i not in mine]
        if guests:
            everyone = [*measured, *(self.facts[i] for i in guests)]
            self.strange[guests] = looks(everyone, range(len(measured)))[len(measured) :]
        norm = _with(learn(measured, [float(v) for v in self.strange[own]]), given)
        style, spread = _style(measured)
        linted = self._lint(members, style, norm, tell)
        kept, others = self._kept([linted[i] for i in own])
        for i in members:
            lenient = i not in mine
            broken = [
                b
                for b in breaks(self.facts[i], norm, float(self.strange[i]))
                if not (lenient and BY_ID[b.field].variant)
            ]
            found = [_finding(b) for b in broken]
            found += [_rule(f) for f in linted[i] if f.rule in kept and not _told(f.rule, broken)]
            self.findings[self.readable[i]] = (name, found)
        return Group(name, len(members), style, spread, norm, kept, others)

    def _lint(self, members: list[int], style: StyleSpec, norm: Norm, tell: Tell) -> dict[int, list[Lint]]:
        """The broken must rules of each. Lines, caps and joins are held against the norm: here only whether they agree
        within an icon."""
        wanted = StyleSpec(
            mode=style.mode, padding=style.padding, pixel_art=style.pixel_art,
            palette=style.palette if "colours" in norm.rules else None,
        )  # fmt: skip
        found: dict[int, list[Lint]] = {}
        for start in range(0, len(members), BATCH):
            batch = members[start : start + BATCH]
            icons = [self.icons[i] for i in batch]
            for i, icon, picture in zip(batch, icons, inks(icons, 96), strict=True):
                found[i] = _broken_musts(Case(icon, wanted, ink=picture))
            tell("checking the rules", len(batch))
        return found

    def _kept(self, linted: Sequence[Sequence[Lint]]) -> tuple[tuple[str, ...], dict[str, float]]:
        counts = Counter(f.rule for findings in linted for f in findings)
        ids = [rule.id for rule in _MUSTS]
        if self.rules.must is not None:
            kept = [id for id in ids if id in self.rules.must]
        else:
            kept = [id for id in ids if counts[id] <= _allowed(id, len(linted))]
        return tuple(kept), {id: counts[id] / len(linted) for id in ids if id not in kept and counts[id]}


def _broken_musts(case: Case) -> list[Lint]:
    """The must rules alone: the others, which cost most of a linter's time, say nothing of a set."""
    found = []
    for rule in _MUSTS:
        verdict = rule.check(case)
        if verdict is not None and (verdict.level or rule.level) == "must":
            fixable = rule.repair is not None
            found.append(Lint(rule.id, rule.number, "must", verdict.message, verdict.value, verdict.limit, fixable))
    return found


def _allowed(rule: str, n: int) -> float:
    least, share = _KEPT.get(rule, _KEPT_ELSE)
    return max(least, share * n)


def _with(norm: Norm, given: Norms | None) -> Norm:
    """The norm with the owner's own rules in place of the measured ones."""
    rules = dict(norm.rules)
    for name, rule in (given or {}).items():
        if rule is None:
            rules.pop(name, None)
        else:
            rules[name] = rule
    return replace(norm, rules=rules)


def _style(facts: Sequence[Facts]) -> tuple[StyleSpec, dict[str, float]]:
    seen = [f for f in facts if f.box is not None]
    if not seen:
        return StyleSpec(), {}
    shared = set_of([f.member for f in seen], np.stack([f.vector for f in seen]))
    return shared.spec, shared.spread


def _finding(broken: Break) -> Finding:
    words = said(broken)
    return Finding(
        broken.field, "outlier", words.message, words.repair, broken.value, words.set, words.limit, broken.far
    )


def _rule(found: Lint) -> Finding:
    message, _, what = found.message.rpartition(": ")
    repair = "mnemicon fix does it" if found.fixable else what
    limit = (None, found.limit) if found.limit is not None else None
    return Finding(found.rule, "rule", message or found.message, repair, found.value, None, limit, 2.0)


_SAME: Final = {"safe-zone": ("padding", "cut_off"), "monochrome": ("colours",), "contrast": ("colours",)}


def _told(rule: str, broken: Sequence[Break]) -> bool:
    """Whether a broken field has said already what the rule would say again."""
    return any(b.field in _SAME.get(rule, ()) for b in broken)
