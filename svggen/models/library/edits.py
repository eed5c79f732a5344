"""Changing the icon that is there: "stroke 1.25", "corners 0.8", "mode filled", "flip vertical", "remove dot",
"inside circle".

Contract. ``edit(request) -> Drawing``. An edit is ``op`` or ``op argument`` in the plain form of
``agent.brief.Edit``; everyday words
("thicker", "in a circle", "mirror") are understood too. ``stroke``, ``corners``, ``scale`` and ``padding`` take a
factor, or px
where the number ends in "px". What cannot be done is said in ``notes`` and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from svggen import compose
from svggen.errors import StyleError, SvgGenError
from svggen.geometry import bounds, fit_canvas, ink_bounds, subpaths, to_path
from svggen.icon import Circle, Icon, Line, Path, Shape
from svggen.models.base import DrawRequest
from svggen.models.library.draw import Drawing, take
from svggen.style import StyleSpec, measure
from svggen.words import nouns, tables

_EVERYDAY: tuple[tuple[str, str], ...] = (
    (r"(?:thicker|bolder|heavier)", "stroke 1.25"), (r"(?:thinner|lighter|finer)", "stroke 0.8"),
    (r"(?:rounder|softer)", "corners 1.25"), (r"(?:sharper|harder)", "corners 0.8"),
    (r"(?:bigger|larger)", "scale 1.12"), (r"smaller", "scale 0.88"),
    (r"(?:filled|outline|duotone)", "mode {0}"), (r"outlined", "mode outline"),
    (r"(?:mirror|flip)(?: horizontally)?", "flip horizontal"),
    (r"(?:mirror|flip) vertically|upside down", "flip vertical"),
    (r"(?:cross(?:ed)? out|slash(?:ed)?|add (?:a )?slash|off)", "add slash"),
    (r"(?:put it )?(?:in|inside|within) (?:an? |the )?(.+)", "inside {1}"),
    (r"(?:without|drop|delete) (?:the )?(.+)", "remove {1}"),
    (r"(?:with|plus) (?:an? )?(.+)", "add {1}"), (r"(?:make it )?(#[0-9a-f]{6})", "color {1}"),
    (r"stroke[ _]width (\S+?)(?:px)?", "stroke {1}px"),
)  # fmt: skip
_RULES = tuple((re.compile(rf"^{pattern}$"), plain) for pattern, plain in _EVERYDAY)
_NUMBER = re.compile(r"^x?(-?\d+(?:\.\d+)?)\s*(px)?$")


def plain_form(text: str) -> tuple[str, str]:
    """(op, argument) of an edit in plain or everyday form."""
    words = " ".join(text.strip().lower().split())
    for pattern, plain in _RULES:
        if m := pattern.match(words):
            words = plain.format(m.group(0), *m.groups())
            break
    op, _, argument = words.partition(" ")
    return op, argument.strip()


def edit(request: DrawRequest) -> Drawing:
    """``request.edit`` with ``request.edits`` and the set fields of ``request.style`` applied."""
    from svggen.restyle import restyle

    assert request.edit is not None, "the caller checks"
    drawing = Drawing(fit_canvas(request.edit), request.style)
    wish = request.style
    for text in request.edits:
        op, argument = plain_form(text)
        if op in _STYLE:
            try:
                wish = _STYLE[op](measure(drawing.icon), wish, argument)
            except (StyleError, ValueError) as error:
                drawing.notes.append(f"{text!r} was not applied: {error}")
        elif op in _SHAPES:
            try:
                _SHAPES[op](drawing, argument, request)
            except SvgGenError as error:
                drawing.notes.append(f"{text!r} was not applied: {error}")
        else:
            drawing.notes.append(f"{text!r} is not an edit that this model knows")
    if wish.to_dict():
        done = restyle(drawing.icon, wish)
        drawing.icon = done.icon
        drawing.steps += done.steps
        drawing.notes += done.refused
    return drawing


def _amount(argument: str) -> tuple[float, bool]:
    m = _NUMBER.match(argument)
    if not m:
        raise ValueError(f"{argument!r} is not a number")
    return float(m[1]), m[2] == "px"


def _clamp(x: float, lo: float, hi: float) -> float:
    return min(max(x, lo), hi)


def _stroke(seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    x, px = _amount(argument)
    width = x if px else (seen.stroke_width or 2.0) * x
    return replace(wish, stroke_width=_clamp(round(width * 20) / 20, 0.25, 6.0))


def _corners(seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    x, px = _amount(argument)
    radius = seen.corner_radius or 0.0
    if px:
        return replace(wish, corner_radius=_clamp(x, 0.0, 8.0))
    if x > 1:
        return replace(wish, corner_radius=_clamp(max(radius * x, radius + 1), 0.0, 8.0), cap="round", join="round")
    smaller = max(0.0, min(radius * x, radius - 1))
    sharper = replace(wish, corner_radius=smaller)
    return replace(sharper, cap="butt", join="miter") if smaller < 0.25 else sharper


def _scale(seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    x, _ = _amount(argument)
    own = 2.0 if seen.padding is None else seen.padding
    return replace(wish, padding=_clamp((24 - (24 - 2 * own) * x) / 2, 0.0, 8.0))


def _padding(seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    x, px = _amount(argument)
    return replace(wish, padding=_clamp(x if px else max(seen.padding or 0.0, 0.5) * x, 0.0, 8.0))


def _mode(_seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    return StyleSpec.from_dict({**wish.to_dict(), "mode": argument})  # checks the word


def _color(_seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    colour = "currentColor" if argument in {"currentcolor", "none"} else argument
    return replace(wish, palette=(colour,))  # StyleSpec checks it


def _opacity(seen: StyleSpec, wish: StyleSpec, argument: str) -> StyleSpec:
    x, _ = _amount(argument)
    return replace(wish, secondary_opacity=_clamp((seen.secondary_opacity or 0.4) * x, 0.05, 1.0))


_STYLE: dict[str, Callable[[StyleSpec, StyleSpec, str], StyleSpec]] = {
    "stroke": _stroke, "corners": _corners, "scale": _scale, "padding": _padding, "mode": _mode, "color": _color,
    "opacity": _opacity,
}  # fmt: skip


def _flip(d: Drawing, argument: str, _request: DrawRequest) -> None:
    d.add(compose.mirror(d.icon, "vertical" if argument == "vertical" else "horizontal"))


def _rotate(d: Drawing, argument: str, _request: DrawRequest) -> None:
    m = re.search(r"-?\d+(?:\.\d+)?", argument)
    d.add(compose.rotate(d.icon, float(m[0]) if m else 90.0))


def _inside(d: Drawing, argument: str, _request: DrawRequest) -> None:
    kind = tables.CONTAINER_OF.get(argument)
    if kind is None:
        d.notes.append(f"{argument!r} is not a container that this model draws")
        return
    d.add(compose.container(d.icon, kind, d.style))


def _add(d: Drawing, argument: str, request: DrawRequest) -> None:
    name = re.sub(r"^(?:an?|the) ", "", argument)
    if name in {"slash", "line through it", "strike"}:
        d.add(compose.slash(d.icon, d.style))
        return
    kind = tables.MARK_OF.get(name)
    sign: Icon | str | None = kind if kind and compose.mark_icon(kind, compose.Pen(), 9.0) else None
    if sign is None:
        found = max((r for r in request.references if r.concept == name), key=lambda r: r.concept_score, default=None)
        if found is None:
            d.notes.append(f"no exemplar shows {name!r}; nothing was added")
            return
        other = take(found, d.style)
        sign = other.icon
        d.sources += other.sources
    d.add(compose.badge(d.icon, sign, "top-right" if kind == "dot" else "bottom-right", d.style))


def _remove(d: Drawing, argument: str, _request: DrawRequest) -> None:
    """Drop the smallest component that looks like what is named: a dot is small and as wide as high, a line is thin."""
    name = nouns.singular_of(re.sub(r"^(?:the|an?) ", "", argument).split(" ")[-1])
    parts = _components(d.icon)
    test = _LOOKS.get(name)
    matches = [p for p in parts if test and test(p)]
    if len(parts) < 2 or not matches or len(matches) == len(parts):
        d.notes.append(f"no {argument!r} was found to remove")
        return
    plural = argument.endswith("s") and not name.endswith("s")
    gone = matches if plural else [min(matches, key=_size)]
    d.icon = replace(d.icon, shapes=tuple(p for p in parts if not any(p is g for g in gone)))
    d.steps.append(f"removed the {argument}")


def _components(icon: Icon) -> list[Shape]:
    out: list[Shape] = []
    for shape in icon.shapes:
        subs = subpaths(to_path(shape.geometry)) if isinstance(shape.geometry, Path) else []
        apart = len(subs) > 1 and (shape.look.fill == "none" or not _nested(subs))
        out += [replace(shape, geometry=s) for s in subs] if apart else [shape]
    return out


def _nested(subs: list[Path]) -> bool:
    boxes = [b for b in (bounds(s) for s in subs) if b]
    return any(
        a is not b and a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3] for a in boxes for b in boxes
    )


def _box(shape: Shape) -> tuple[float, float]:
    box = ink_bounds(Icon((0, 0, 24, 24), (shape,))) or (0.0, 0.0, 0.0, 0.0)
    return box[2] - box[0], box[3] - box[1]


def _size(shape: Shape) -> float:
    return max(_box(shape))


def _straight(shape: Shape) -> bool:
    if isinstance(shape.geometry, Line):
        return True
    return isinstance(shape.geometry, Path) and [op for op, _ in shape.geometry.segments] == ["M", "L"]


def _roundish(shape: Shape) -> bool:
    w, h = _box(shape)
    return isinstance(shape.geometry, Circle) or abs(w - h) < 0.2 * max(w, h)


_LOOKS: dict[str, Callable[[Shape], bool]] = {
    "dot": lambda s: _size(s) <= 6.5 and _roundish(s),
    "circle": _roundish,
    "line": lambda s: _straight(s) and _size(s) > 2.5,
    "slash": lambda s: _straight(s) and min(_box(s)) > 9,
    "badge": lambda s: _size(s) <= 11,
    "container": lambda s: _size(s) >= 15,
    "frame": lambda s: _size(s) >= 15,
}

_SHAPES: dict[str, Callable[[Drawing, str, DrawRequest], None]] = {
    "flip": _flip, "rotate": _rotate, "inside": _inside, "add": _add, "remove": _remove,
}  # fmt: skip
