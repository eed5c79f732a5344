"""Unify: a mixed set in one style, and what could not be changed, icon by icon.

Contract. ``unify(items, found, target) -> list[Unified]``, one for each item, in order. found: the audit of the same
items. target: the style that is wanted; None: what most icons of the set have (each variant of a name its own). An icon
that fits already is kept as it is. The others are restyled in what breaks the style alone, and where that is not
enough, as a whole; a result is taken only when it breaks less than before, breaks nothing new that anybody sees at
once, and the judge still sees the same thing in it. Nothing is ever lost: what cannot be changed is left as it was,
with the reason. Errors: ``RenderError``, ``WeightsError``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from svggen.geometry import fit_canvas, transform_icon
from svggen.icon import Icon
from svggen.lint.case import Case
from svggen.lint.snapping import snap
from svggen.restyle import restyle
from svggen.sets.audit import Audit, Item, audit
from svggen.sets.facts import Facts, facts_of
from svggen.sets.fields import CUT, SAME, Among, Between, Near, Rule
from svggen.sets.norm import Break, Norm, breaks, looks
from svggen.sets.rules import Rules
from svggen.sets.said import said
from svggen.style import StyleSpec

__all__ = ["SAME_THING", "Status", "Unified", "audited_again", "norm_of", "unify", "wanted_of"]

Status = Literal["kept", "changed", "partly", "left", "broken"]

SAME_THING: Final = 0.72
"""Cosine of what the judge sees before and after, from which it is the same thing. Of 169 icons of five sets that were
made outlines or solid, the median had .91 and one in twenty less than this; those that had less could not be read."""
SAME_LINES: Final = 0.45
"""The same where only lines, corners, colours or size changed: lines of 1.5 times the width have .74 in the middle."""
_AT_ONCE: Final = frozenset(
    {"mode", "stroke_width", "cap", "join", "colours", "secondary_opacity", "canvas", "cut_off"}
)
"""Fields that are seen at once: none of them may come to be broken."""
_FIELD_OF: Final = {
    "stroke_width": "stroke_width",
    "cap": "cap",
    "join": "join",
    "corners": "corner_radius",
    "corner_radius": "corner_radius",
    "colours": "palette",
    "secondary_opacity": "secondary_opacity",
    "size": "padding",
    "padding": "padding",
}
"""What of a StyleSpec mends a broken field; other fields need the whole style."""
_SHAPED: Final = ("mode", "stroke_width", "cap", "join", "corner_radius", "palette", "secondary_opacity", "pixel_art")
_PLACED: Final = frozenset({"centre_x", "centre_y", "cut_off"})


@dataclass(frozen=True, slots=True)
class Unified:
    """One file. status: "kept" fits already, "changed" fits now, "partly" is nearer, "left" could not be changed,
    "broken" could not be read. icon: the result, None where it is broken. steps, refused: what was done and what could
    not be. left: what still breaks the style."""

    file: str
    status: Status
    icon: Icon | None
    steps: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "status": self.status,
            "steps": list(self.steps),
            "refused": list(self.refused),
            "left": list(self.left),
        }


@dataclass(frozen=True)
class Wanted:
    """What an icon is to have. style: to restyle with; None where a field is free. norm: to judge by. side: of the
    canvas, own units."""

    style: StyleSpec
    norm: Norm
    side: float | None


def norm_of(style: StyleSpec) -> Norm:
    """A style as a norm: what it names is wanted of every icon."""
    rules: dict[str, Rule] = {"cut_off": Between(None, CUT)}
    if style.mode is not None:
        rules["mode"] = _modes(style.mode)
    if style.stroke_width is not None and style.mode != "filled":
        rules["stroke_width"] = Near(style.stroke_width, max(0.12, SAME * style.stroke_width))
    if style.cap is not None:
        rules["cap"] = Among((style.cap,))
    if style.join is not None:
        rules["join"] = Among((style.join,))
    if style.corner_radius is not None:
        rules["corners"] = Among(("sharp",) if style.corner_radius < 0.2 else ("rounded",))
    if style.palette is not None:
        rules["colours"] = Among(style.palette)
    if style.secondary_opacity is not None and style.mode == "duotone":
        rules["secondary_opacity"] = Near(style.secondary_opacity, 0.1)
    if style.grid is not None:
        rules["canvas"] = Among((f"{style.grid}x{style.grid}",))
    if style.padding is not None:
        size = 24 - 2 * style.padding
        rules["size"] = Between(size - 3.0, size + 1.5, size)
    return Norm(rules)


def _modes(mode: str) -> Among:
    """The arrows of a set of areas are lines."""
    return Among((mode, "outline") if mode in ("filled", "duotone") else (mode,))


def wanted_of(found: Audit, target: StyleSpec | None) -> dict[str, Wanted]:
    """By the name of the group: what its icons are to have."""
    if target is not None:
        return {group.name: _given(target, group.norm) for group in found.groups}
    return {group.name: _majority(group.norm, group.style) for group in found.groups}


def _given(target: StyleSpec, norm: Norm) -> Wanted:
    """A style that was asked for; the canvas stays the set's own where it names none."""
    wanted = norm_of(target)
    canvas = wanted.rules.get("canvas") or norm.rules.get("canvas")
    side = _side(canvas.allowed[0]) if isinstance(canvas, Among) else None
    return Wanted(target, replace(wanted, rules={**wanted.rules, **({"canvas": canvas} if canvas else {})}), side)


def _majority(norm: Norm, style: StyleSpec) -> Wanted:
    """What most icons have: the norm, and the most frequent word where the set is divided."""
    rules = dict(norm.rules)
    for name, shares in norm.divided.items():
        word = next(iter(shares))
        rules[name] = _modes(word) if name == "mode" else Among((word,))
    values: dict[str, Any] = {"corner_radius": style.corner_radius, "pixel_art": style.pixel_art}
    for name in ("mode", "cap", "join"):
        rule = rules.get(name)
        values[name] = rule.allowed[0] if isinstance(rule, Among) else None
    for name in ("stroke_width", "secondary_opacity"):
        rule = rules.get(name)
        values[name] = round(rule.value, 3) if isinstance(rule, Near) else None
    colours, size, canvas = rules.get("colours"), rules.get("size"), rules.get("canvas")
    values["palette"] = colours.allowed if isinstance(colours, Among) else None
    if isinstance(size, Between) and size.usual is not None:
        values["padding"] = round(min(max((24 - size.usual) / 2, 0.0), 8.0), 3)
    side = _side(canvas.allowed[0]) if isinstance(canvas, Among) else None
    return Wanted(StyleSpec(**values), replace(norm, rules=rules), side)


def _side(canvas: str) -> float | None:
    """Of a square canvas in words ("24x24")."""
    width, _, height = canvas.partition("x")
    return float(width) if width == height else None


def unify(
    items: Sequence[Item],
    found: Audit,
    target: StyleSpec | None = None,
    tell: Callable[[str, int], None] = lambda doing, n: None,
) -> list[Unified]:
    """See the head of this file."""
    wanted = wanted_of(found, target)
    members = {group.name: _members(found, group.name) for group in found.groups} if target is None else {}
    out: list[Unified] = []
    tried: list[_Try] = []
    for i, item in enumerate(items):
        facts = found.facts[i]
        if item.icon is None or facts is None:
            out.append(Unified(item.file, "broken", None, refused=(item.error,)))
            continue
        wish = wanted[found.icons[i].group]
        broken = breaks(facts, wish.norm, found.strange[i] if target is None else None)
        out.append(Unified(item.file, "kept", item.icon))
        if broken:
            tried.append(_Try(i, item.icon, facts, wish, broken, members.get(found.icons[i].group)))
    for each in tried:
        out[each.at] = each.unified(items[each.at].file)
        tell("restyling", 1)
    return out


def audited_again(found: Audit, items: Sequence[Item], done: Sequence[Unified], rules: Rules) -> Audit:
    """The audit of the result; what was kept is not measured again."""
    changed = [i for i, each in enumerate(done) if each.icon is not None and each.icon is not items[i].icon]
    fresh = dict(zip(changed, facts_of([icon for i in changed if (icon := done[i].icon) is not None]), strict=True))
    facts = [known for i, old in enumerate(found.facts) if (known := fresh.get(i, old)) is not None]
    results = [Item(each.file, each.icon, item.error) for each, item in zip(done, items, strict=True)]
    return audit(results, rules, facts=facts)


def _members(found: Audit, name: str) -> list[Facts]:
    """Who vouches for the look of a group: its icons that fit."""
    return [
        facts
        for icon, facts in zip(found.icons, found.facts, strict=True)
        if icon.group == name and facts is not None and not icon.outlier
    ]


@dataclass(frozen=True)
class _Try:
    """One icon that does not fit. members: whom its look is compared with; None where nobody asks for it."""

    at: int
    icon: Icon
    facts: Facts
    wish: Wanted
    broken: list[Break]
    members: list[Facts] | None

    def unified(self, file: str) -> Unified:
        best: _Result | None = None
        refused: list[str] = []
        for result in self._results(refused):
            no = self._worse(result)
            if no:
                refused += [no] if no not in refused else []
            elif best is None or len(result.left) < len(best.left):
                best = result
            if best is not None and not best.left:
                break
        if best is None:
            why = tuple(refused) or ("nothing that restyling changes",)
            return Unified(file, "left", self.icon, (), why, _words(self.broken))
        status: Status = "partly" if best.left else "changed"
        return Unified(file, status, best.icon, best.steps, best.refused, _words(best.left))

    def _results(self, refused: list[str]) -> Iterator[_Result]:
        """One after the other, measured; where a result lost the pixel grid, on the grid again."""
        for spec in self._specs():
            icon, steps, said_no = self._restyled(spec)
            refused += [r for r in said_no if r not in refused]
            if not steps or icon == self.icon:
                continue
            result = self._measured(icon, steps, said_no)
            yield result
            if any(b.field == "on_grid" for b in result.left):
                snapped = snap(Case(icon))
                if snapped is not None:
                    yield self._measured(snapped, (*steps, "snapped to the grid"), said_no)

    def _measured(self, icon: Icon, steps: tuple[str, ...], refused: tuple[str, ...]) -> _Result:
        facts = facts_of([icon])[0]
        return _Result(icon, steps, refused, facts, breaks(facts, self.wish.norm, self._strange(facts)))

    def _specs(self) -> list[StyleSpec]:
        """What to try: only another place or canvas, then the fields that are broken, then the whole style."""
        style = replace(self.wish.style, padding=self._padding())
        fields_broken = {b.field for b in self.broken}
        names = {_FIELD_OF.get(field) for field in fields_broken - _PLACED - {"canvas"}}
        if "cut_off" in fields_broken:
            names.add("padding")
        whole = StyleSpec(**{name: getattr(style, name) for name in _SHAPED})
        if "padding" in names:
            whole = replace(whole, padding=style.padding)
        specs = [StyleSpec()] if fields_broken & {*_PLACED, "canvas"} else []
        if None not in names:
            specs.append(StyleSpec(**{n: getattr(style, n) for n in names if n is not None}))
        return list(dict.fromkeys([*specs, whole]))

    def _padding(self) -> float | None:
        """Of an icon that was scaled, lines and all: the set's usual one. A drawing that is only small may be meant so:
        half of the way to it."""
        usual, rule = self.wish.style.padding, self.wish.norm.rules.get("size")
        size = next((b.value for b in self.broken if b.field == "size"), None)
        scaled = any(b.field == "stroke_width" for b in self.broken)
        if usual is None or not isinstance(size, float) or not isinstance(rule, Between) or scaled:
            return usual
        limit = rule.low if rule.low is not None and size < rule.low else rule.high
        return usual if limit is None else min(max((usual + (24 - limit) / 2) / 2, 0.0), 8.0)

    def _restyled(self, spec: StyleSpec) -> tuple[Icon, tuple[str, ...], tuple[str, ...]]:
        own = self.icon.viewbox
        square = own[2] == own[3]
        side = self.wish.side or (own[2] if square else max(own[2], own[3]))
        steps: list[str] = []
        refused: tuple[str, ...] = ()
        icon = self.icon
        if any(getattr(spec, f.name) is not None for f in fields(spec)):
            done = restyle(icon, spec)
            icon, refused = done.icon, done.refused
            steps += done.steps
        if any(b.field in _PLACED for b in self.broken):
            icon = _centred(icon)
            steps.append("moved to the middle")
        if (side, side) != (icon.viewbox[2], icon.viewbox[3]) or icon.viewbox[:2] != (0.0, 0.0):
            icon = fit_canvas(icon, side)
        if (own[2], own[3]) != (side, side):
            steps.append(f"delivered on {side:g} x {side:g}")
        return icon, tuple(steps), refused

    def _strange(self, facts: Facts) -> float | None:
        if not self.members:
            return None
        return float(looks([*self.members, facts], range(len(self.members)))[-1])

    def _worse(self, result: _Result) -> str:
        """Why a result is not taken; "" where it is."""
        before, left = {b.field for b in self.broken}, result.left
        new = [b for b in left if b.field not in before and b.field in _AT_ONCE]
        if new:
            return f"restyled, {said(new[0]).message}: left as it was"
        if len(left) >= len(self.broken) and sum(b.far for b in left) > 0.8 * sum(b.far for b in self.broken):
            return "restyling would not bring it nearer: left as it was"
        least = SAME_THING if "mode" in before else SAME_LINES
        if float(result.facts.concept @ self.facts.concept) < least:
            return "restyled, it would no longer show the same: left as it was"
        return ""


@dataclass(frozen=True)
class _Result:
    """What one try came to. left: what still breaks the style."""

    icon: Icon
    steps: tuple[str, ...]
    refused: tuple[str, ...]
    facts: Facts
    left: list[Break]


def _words(broken: Sequence[Break]) -> tuple[str, ...]:
    return tuple(f"{b.field}: {said(b).message}" for b in broken)


def _centred(icon: Icon) -> Icon:
    from svggen.geometry import ink_bounds

    box = ink_bounds(icon)
    if box is None:
        return icon
    x, y, width, height = icon.viewbox
    half = max(width, height) / 48  # half a unit of a 24 px canvas: what was on the grid stays there
    shift = [
        round((middle - (low + high) / 2) / half) * half
        for middle, low, high in ((x + width / 2, box[0], box[2]), (y + height / 2, box[1], box[3]))
    ]
    moved = transform_icon(icon, (1.0, 0.0, 0.0, 1.0, shift[0], shift[1]))
    return Icon(icon.viewbox, moved.shapes)
