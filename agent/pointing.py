"""Which of the candidates is "the one with the roof", "the blue one", "the simplest"?

Contract. ``pointed(words, candidates)`` gives the places of the candidates that the words fit: one where it is sure,
several where it cannot tell these apart, none where none fits better than another. Superlatives and style words are
measured; other words are looked for in the names of the exemplars that a candidate was drawn from, then shown to the
judge, which is sure where its favourite is ``GAP`` ahead. Deterministic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agent.seams import taped
from svggen.icon import Icon, parse
from svggen.style import StyleSpec, measure

if TYPE_CHECKING:
    from agent.state import Json

__all__ = ["pointed"]

GAP = 0.04
"""Cosine by which the judge's favourite must lead. Of 15 phrases for candidates of five subjects ("the one with the
window", houses) the right ones led by .05 and more, the doubtful ones by less than .03."""

_FILLER = re.compile(r"\b(?:the|an?|one|ones|that|which|is|has|with|of|version|icon|candidate|drawing|looks?|like)\b")


def _ink(icon: Icon) -> float:
    from svggen.render import ink

    return float(ink(icon, 48).mean())


def _commands(icon: Icon) -> float:
    from svggen.geometry import to_path

    return float(sum(len(to_path(shape.geometry).segments) for shape in icon.shapes))


def _extent(icon: Icon) -> float:
    from svggen.geometry import ink_bounds

    box = ink_bounds(icon)
    return 0.0 if box is None else (box[2] - box[0]) * (box[3] - box[1])


def _corners(icon: Icon) -> float:
    return measure(icon).corner_radius or 0.0


_MOST: tuple[tuple[str, Callable[[Icon], float], int], ...] = (
    (r"simpl(?:est|er)|cleanest|plainest|least detail\w*|fewest \w+", _commands, -1),
    (r"most (?:detail\w*|complex|elaborate)|busiest|fanciest", _commands, 1),
    (r"thickest|boldest|heaviest|darkest|thicker|bolder", _ink, 1),
    (r"thinnest|lightest|finest|thinner|lighter", _ink, -1),
    (r"biggest|largest|bigger|larger", _extent, 1),
    (r"smallest|tiniest|smaller", _extent, -1),
    (r"roundest|softest|rounder|most rounded", _corners, 1),
    (r"sharpest|most angular|sharper", _corners, -1),
)
_MOST_RE = tuple((re.compile(rf"\b(?:{pattern})\b"), of, sign) for pattern, of, sign in _MOST)


def pointed(words: str, candidates: Sequence[Json]) -> list[int]:
    """candidates: {"svg", "from": names, optional}; see the head of this file."""
    if not candidates:
        return []
    icons = [parse(str(c["svg"])) for c in candidates]
    text = " ".join(words.lower().split())[:200]
    for pattern, of, sign in _MOST_RE:
        if pattern.search(text):
            values = [round(sign * of(icon), 6) for icon in icons]
            return [i for i, value in enumerate(values) if value == max(values)]
    styled = _of_style(text, icons)
    if styled:
        return styled
    bare = " ".join(_FILLER.sub(" ", text).split())
    if not bare:
        return []
    named = [i for i, c in enumerate(candidates) if _names(bare, c.get("from") or ())]
    if 0 < len(named) < len(candidates):
        return named
    return _seen(bare, icons)


def _of_style(text: str, icons: Sequence[Icon]) -> list[int]:
    """Those that have what the style words say, where not all or none of them have it."""
    from agent.brief import styles

    fields: dict[str, Any] = {}
    for found in styles.find(text):
        if not found.negated:
            fields |= found.fields
    if not fields:
        return []
    fits = [i for i, icon in enumerate(icons) if all(_has(measure(icon), k, v) for k, v in fields.items())]
    return fits if len(fits) < len(icons) else []


def _has(style: StyleSpec, name: str, value: Any) -> bool:
    held = getattr(style, name)
    if name == "palette":
        from svggen.render.renderers import rgb

        wanted = [rgb(str(c)) for c in value or () if str(c).startswith("#")]
        shown = [rgb(str(c)) for c in held or () if str(c).startswith("#")]
        return bool(wanted) and all(any(_near(w, s) for s in shown) for w in wanted)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return held is not None and abs(float(held) - float(value)) <= 0.25
    return bool(held == value)


def _near(a: tuple[int, int, int], b: tuple[int, int, int]) -> bool:
    """The same colour word: within a third of the range, channel by channel."""
    return all(abs(x - y) <= 85 for x, y in zip(a, b, strict=True))


def _names(bare: str, names: Sequence[str]) -> bool:
    from svggen.spelling import tokens

    wanted = set(tokens(bare))
    held = {word for name in names for word in tokens(str(name).replace("-", " "))}
    return bool(wanted) and wanted <= held


@taped("pointing")
def _seen(bare: str, icons: Sequence[Icon]) -> list[int]:
    from svggen.judge import default_judge

    judge = default_judge()
    likeness = judge.see(list(icons)).concept @ judge.text([bare])[0]
    best = float(likeness.max())
    near = [i for i, value in enumerate(likeness) if float(value) > best - GAP]
    return near if len(near) < max(2, len(icons)) else []
