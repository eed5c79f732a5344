"""Findings in words: what an icon has, what the set has, and what would repair it.

Contract. ``said(broken) -> (message, set, limit, repair)``: one line of plain text, the set's own number or words, the
limits that were left (numbers only), and what to do, in words that name a command where one does it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from svggen.sets.fields import BY_ID, Among, Between, Near, Rule
from svggen.sets.norm import Break

__all__ = ["Said", "number", "said"]


class Said(NamedTuple):
    message: str
    set: float | str | None
    limit: tuple[float | None, float | None] | None
    repair: str


_MESSAGES: Final = {
    "mode": "drawn {value}, the set is {usual}",
    "colours": "the colour {value} is not the set's ({usual})",
    "corners": "its corners are {value}, the set's are {usual}",
    "cut_off": "{value} px of it lie beyond the canvas and are cut off",
    "look": "it looks like another hand's: {value} from its nearest neighbours, the set keeps to {high}",
    "solid": "{value} of its ink is solid areas, the set keeps to {high}",
    "centre_x": "it stands {value} px to the right of the middle, the set between {low} and {high}",
    "centre_y": "it stands {value} px below the middle, the set between {low} and {high}",
    "padding": "ink comes to {value} px from the edge, the set keeps {low} px and more",
    "on_grid": "{value} of its points lie on the grid, of the set's at least {low}",
}
_REPAIRS: Final = {
    "mode": "draw it {usual} (mnemicon unify)",
    "stroke_width": "make its lines {usual} px wide (mnemicon unify)",
    "cap": "set stroke-linecap {usual}",
    "join": "set stroke-linejoin {usual}",
    "corners": "make its corners {usual} (mnemicon unify)",
    "corner_radius": "use a radius of about {usual} px (mnemicon unify)",
    "colours": "paint it {usual}",
    "secondary_opacity": "give its second tone an opacity of {usual}",
    "canvas": "deliver it on a canvas of {usual}",
    "cut_off": "move or shrink it until it lies within the canvas",
    "size": "scale it to about {usual} px",
    "padding": "move it inwards or shrink it",
    "centre_x": "move it by {back} px",
    "centre_y": "move it by {back} px",
    "ink": "draw it {other}",
    "density": "{thin} where it is darkest",
    "solid": "draw its areas as outlines",
    "on_grid": "snap its points (mnemicon fix)",
    "look": "compare it with its neighbours; restyle or redraw it",
}


def number(value: float) -> str:
    """A length or share as people write it."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"


def said(broken: Break) -> Said:
    each, rule = BY_ID[broken.field], broken.rule
    low, high = _limits(rule)
    usual = _usual(rule)
    words = {
        "value": broken.value if isinstance(broken.value, str) else number(broken.value),
        "usual": usual if isinstance(usual, str) else "" if usual is None else number(usual),
        "low": "" if low is None else number(low),
        "high": "" if high is None else number(high),
        "back": ""
        if isinstance(broken.value, str)
        else f"{(usual if isinstance(usual, float) else 0.0) - broken.value:+.2f}",
        "other": "lighter" if _above(broken, high) else "heavier",
        "thin": "thin it out" if _above(broken, high) else "draw it heavier",
    }
    message = _MESSAGES.get(each.id) or _plain(each.what, each.unit, rule)
    limit = None if isinstance(rule, Among) else (low, high)
    text = message.format(**words)
    if broken.far <= 1:
        text = f"nearly out: {text}"
    return Said(text, usual, limit, _REPAIRS[each.id].format(**words))


def _plain(what: str, unit: str, rule: Rule) -> str:
    px = f" {unit}" if unit else ""
    if isinstance(rule, Between):
        sides = (
            "{low} to {high}"
            if rule.low is not None and rule.high is not None
            else ("at least {low}" if rule.high is None else "at most {high}")
        )
        return f"{what} {{value}}{px}, the set has {sides}{px}" + (
            ", usually {usual}" if rule.usual is not None else ""
        )
    return f"{what} {{value}}{px}, the set has {{usual}}{px}"


def _limits(rule: Rule) -> tuple[float | None, float | None]:
    if isinstance(rule, Near):
        return rule.value - rule.within, rule.value + rule.within
    return (rule.low, rule.high) if isinstance(rule, Between) else (None, None)


def _usual(rule: Rule) -> float | str | None:
    if isinstance(rule, Among):
        return " or ".join(rule.allowed) if len(rule.allowed) < 4 else ", ".join(rule.allowed)
    return rule.value if isinstance(rule, Near) else rule.usual


def _above(broken: Break, high: float | None) -> bool:
    return high is not None and not isinstance(broken.value, str) and broken.value > high
