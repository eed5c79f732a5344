"""The rules of a set as its owner writes them: the ``[audit]`` table of a configuration, read and written.

Contract. ``Rules.from_dict`` takes the table as TOML gives it and raises ``RulesError`` that names the key, what is
there and what is allowed. ``to_dict`` is its inverse, in plain values. What the table does not name is measured from
the set itself; ``false`` switches a field off.

    [audit]
    stroke_width = 2.0                      # or { value = 2.0, within = 0.1 }
    size = { low = 14.0, high = 22.1 }      # units of a 24 px canvas; one side may be left out
    cap = "round"                           # or a list of what is allowed
    corner_radius = false                   # no rule
    must = ["safe-zone", "gap"]             # the linter's must rules that count; [] for none
    look_alikes = "tell"                    # "fail": they count, "off": they are not looked for
    [audit.ignore]
    "logos/*" = "all"                       # patterns of files: everything, or a list of rules
    "dot.svg" = ["size", "look-alike"]
    [audit.variants.filled]                 # the icons named -filled: a norm of their own
    mode = "filled"
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final, Literal, TypeAlias, get_args

from svggen.errors import RulesError
from svggen.sets.fields import BY_ID, SAME, Among, Between, Field, Near, Rule

__all__ = ["ALIKE", "ALL", "PLAIN", "LookAlikes", "Norms", "Rules"]

LookAlikes: TypeAlias = Literal["fail", "tell", "off"]
Norms: TypeAlias = Mapping[str, Rule | None]
"""Rules by field; None: switched off."""

PLAIN: Final = "plain"
"""The variant of icons without a style word in their name, where another variant has more icons."""
ALIKE: Final = "look-alike"
ALL: Final = "all"
_OWN: Final = ("must", "look_alikes", "ignore", "variants")


@dataclass(frozen=True)
class Rules:
    """norms: "" is that of the variant with the most icons, the others are named (``PLAIN``: without a style word).
    must: ids of the linter's must rules that count; None: those that the set keeps. ignore: (pattern, ids or
    ``ALL``)."""

    norms: Mapping[str, Norms] = field(default_factory=dict)
    must: tuple[str, ...] | None = None
    look_alikes: LookAlikes = "tell"
    ignore: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def ignored(self, file: str, rule: str) -> bool:
        """Whether a finding of that rule is not to be told of that file. A pattern is held against the whole relative
        path and against the name alone."""
        name = file.rpartition("/")[2]
        return any(
            (ALL in ids or rule in ids) and (fnmatchcase(file, pattern) or fnmatchcase(name, pattern))
            for pattern, ids in self.ignore
        )

    def of(self, variant: str, *, main: bool) -> Norms | None:
        """The norms of a variant; main: whether it is the one with the most icons."""
        own = self.norms.get(variant or PLAIN)
        return self.norms.get("") if own is None and main else own

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], where: str = "audit") -> Rules:
        if not isinstance(table, Mapping):
            raise RulesError(f"{where} must be a table, not {table!r:.40}")
        norms = {"": _norms({k: v for k, v in table.items() if k not in _OWN}, where)}
        variants = _table(table.get("variants", {}), f"{where}.variants")
        norms.update(
            {
                name: _norms(_table(v, f"{where}.variants.{name}"), f"{where}.variants.{name}")
                for name, v in variants.items()
            }
        )
        alike = table.get("look_alikes", "tell")
        if alike not in get_args(LookAlikes):
            raise RulesError(f"{where}.look_alikes is {alike!r:.40}; allowed: {', '.join(get_args(LookAlikes))}")
        return cls(norms, _must(table.get("must"), where), alike, _ignore(table.get("ignore", {}), where))

    def to_dict(self) -> dict[str, Any]:
        """Ready for TOML."""
        out: dict[str, Any] = {name: _plain(rule) for name, rule in self.norms.get("", {}).items()}
        if self.must is not None:
            out["must"] = list(self.must)
        if self.look_alikes != "tell":
            out["look_alikes"] = self.look_alikes
        if self.ignore:
            out["ignore"] = {pattern: ALL if ids == (ALL,) else list(ids) for pattern, ids in self.ignore}
        variants = {
            variant: {name: _plain(rule) for name, rule in norms.items()}
            for variant, norms in self.norms.items()
            if variant
        }
        return {**out, "variants": variants} if variants else out


def _plain(rule: Rule | None) -> Any:
    if rule is None:
        return False
    if isinstance(rule, Among):
        return rule.allowed[0] if len(rule.allowed) == 1 else list(rule.allowed)
    if isinstance(rule, Near):
        return {"value": _short(rule.value), "within": _short(rule.within)}
    parts = {"low": rule.low, "high": rule.high, "usual": rule.usual}
    return {name: _short(value) for name, value in parts.items() if value is not None}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise RulesError(f"{where} must be a table, not {value!r:.40}")
    return value


def _norms(table: Mapping[str, Any], where: str) -> Norms:
    found: dict[str, Rule | None] = {}
    for name, value in table.items():
        each = BY_ID.get(name)
        if each is None:
            known = ", ".join([*BY_ID, *_OWN])
            raise RulesError(f"{where}: unknown rule {name!r:.60}; known: {known}")
        found[name] = None if value is False else _rule(each, value, f"{where}.{name}")
    return found


def _rule(each: Field, value: Any, where: str) -> Rule:
    if each.kind == "among":
        words = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
        if not words or not all(isinstance(word, str) and word for word in words):
            raise RulesError(f"{where} is {value!r:.60}; allowed: a word, a list of words, or false")
        if each.choices and not set(words) <= set(each.choices):
            raise RulesError(f"{where} is {value!r:.60}; allowed: {', '.join(each.choices)}")
        return Among(tuple(word.lower() if word.startswith("#") else word for word in words))
    if isinstance(value, Mapping) and "value" not in value:
        return _fences(value, where)
    parts = value if isinstance(value, Mapping) else {"value": value}
    if extra := sorted(set(parts) - {"value", "within"}):
        raise RulesError(f"{where}: unknown key {extra[0]!r:.40}; allowed: value and within, or low, high and usual")
    middle = _number(parts["value"], f"{where}.value" if isinstance(value, Mapping) else where)
    within = _number(parts.get("within", max(each.floor, SAME * abs(middle))), f"{where}.within")
    if within < 0:
        raise RulesError(f"{where}.within is {within:g}; allowed: 0 or more")
    return Near(middle, within)


def _fences(value: Mapping[str, Any], where: str) -> Between:
    if extra := sorted(set(value) - {"low", "high", "usual"}):
        raise RulesError(f"{where}: unknown key {extra[0]!r:.40}; allowed: value and within, or low, high and usual")
    low, high, usual = (
        None if value.get(key) is None else _number(value[key], f"{where}.{key}") for key in ("low", "high", "usual")
    )
    if low is None and high is None:
        raise RulesError(f"{where} names neither low nor high")
    if low is not None and high is not None and low > high:
        raise RulesError(f"{where}: low {low:g} is above high {high:g}")
    return Between(low, high, usual)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RulesError(f"{where} is {value!r:.40}; allowed: a number, a table of numbers, or false")
    return float(value)


def _must(value: Any, where: str) -> tuple[str, ...] | None:
    from svggen.lint import RULES

    if value is None:
        return None
    known = [rule.id for rule in RULES if rule.level == "must"]
    if not isinstance(value, list) or not set(value) <= set(known):
        raise RulesError(f"{where}.must is {value!r:.60}; allowed: a list of {', '.join(known)}")
    return tuple(value)


def _ignore(value: Any, where: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for pattern, ids in _table(value, f"{where}.ignore").items():
        words: Sequence[Any] = (ids,) if isinstance(ids, str) else ids
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise RulesError(f'{where}.ignore."{pattern}" is {ids!r:.60}; allowed: "all" or a list of rules')
        found.append((pattern, tuple(words)))
    return tuple(found)
