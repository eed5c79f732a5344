"""The editor: an SvgModel that changes the icon that is there, and draws nothing new.

Contract. ``Editor.generate`` answers one draft: ``request.edit`` with ``request.edits`` (plain forms of ``agent.brief.Edit``) and the
fields of ``request.style`` applied. Lengths are of a 24 px canvas. What it cannot do (a part that it cannot find) it says in
``notes``, and leaves alone. It is deterministic; the seed is not used.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace

from svggen import geometry
from svggen.errors import SvgGenError
from svggen.icon import Circle, Ellipse, Geometry, Icon, Line, Path, Rect, Shape
from svggen.models.base import Draft, DrawRequest
from svggen.style import StyleSpec, measure

REDRAWN = frozenset({"add", "inside", "replace", "again", "detail"})
"""Edits that need a new drawing of changed words; all others are the editor's."""

_TINY = 0.22
"""A dot is at most this share of the canvas across: 5 px of 24."""


class Editor:
    """See the module."""

    name = "editor"
    revision = "1"

    def generate(self, request: DrawRequest) -> list[Draft]:
        start = time.perf_counter()
        if request.edit is None:
            return [Draft(None, self.name, self.revision, request.seed, 0.0, failure="unknown_subject")]
        icon, steps, notes = request.edit, list[str](), list[str]()
        spec = _spec(icon, request)
        for text in request.edits:
            op, _, argument = text.partition(" ")
            try:
                icon = _apply(icon, op, argument, steps, notes)
            except SvgGenError as error:
                notes.append(f"{text}: {error}")
        if spec.to_dict():
            from svggen.restyle import restyle

            restyled = restyle(icon, spec)
            icon = restyled.icon
            steps += restyled.steps
            notes += restyled.refused
        done = Draft(icon, self.name, self.revision, request.seed, 1.0, (), tuple(steps), tuple(notes), seconds=time.perf_counter() - start)
        return [done]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return self.generate(request)


def _spec(icon: Icon, request: DrawRequest) -> StyleSpec:
    """The fields to change: those of the request, and factors on what is measured."""
    factors = {op: float(amount) for op, amount in (e.split(" ", 1) for e in request.edits if " " in e) if _number(amount)}
    relative = {op: f for op, f in factors.items() if op in ("stroke", "corners", "scale", "padding", "opacity")}
    return relative_style(measure(icon), relative).over(StyleSpec()) if not request.style.to_dict() else request.style.over(relative_style(measure(icon), relative))


def relative_style(seen: StyleSpec, factors: dict[str, float]) -> StyleSpec:
    """ "thicker", "rounder", "bigger" as fields, from what is seen. Corners that are sharp start at 1 px, so that "rounder" is
    seen; 24 px canvas."""
    out = StyleSpec()
    for op, factor in factors.items():
        if op == "stroke":
            width = (seen.stroke_width or 2.0) * factor
            out = replace(out, stroke_width=_clamp(round(width * 20) / 20, 0.25, 6.0))
        elif op == "corners":
            radius = seen.corner_radius or 0.0
            radius = max(radius * factor, radius + 1.0) if factor > 1 else max(0.0, min(radius * factor, radius - 0.5))
            ends = {"cap": "round", "join": "round"} if factor > 1 else ({"cap": "butt", "join": "miter"} if radius < 0.25 else {})
            out = replace(out, corner_radius=_clamp(radius, 0.0, 8.0), **ends)  # type: ignore[arg-type]
        elif op in ("scale", "padding"):
            padding = 2.0 if seen.padding is None else seen.padding
            wanted = (24 - (24 - 2 * padding) * factor) / 2 if op == "scale" else max(padding, 0.5) * factor
            out = replace(out, padding=_clamp(wanted, 0.0, 8.0))
        elif op == "opacity":
            out = replace(out, secondary_opacity=_clamp((seen.secondary_opacity or 0.4) * factor, 0.05, 1.0))
    return out


def _apply(icon: Icon, op: str, argument: str, steps: list[str], notes: list[str]) -> Icon:
    x0, y0, width, height = icon.viewbox
    cx, cy = x0 + width / 2, y0 + height / 2
    if op == "flip":
        steps.append(f"flipped {'left to right' if argument != 'vertical' else 'top to bottom'}")
        if argument == "vertical":
            return geometry.transform_icon(icon, (1, 0, 0, -1, 0, 2 * cy))
        return geometry.transform_icon(icon, (-1, 0, 0, 1, 2 * cx, 0))
    if op == "rotate":
        angle = math.radians(float(argument) if _number(argument) else 90.0)
        cos, sin = round(math.cos(angle), 12), round(math.sin(angle), 12)
        steps.append(f"turned by {math.degrees(angle):g} degrees")
        return geometry.transform_icon(icon, (cos, sin, -sin, cos, cx - cos * cx + sin * cy, cy - sin * cx - cos * cy))
    if op == "remove":
        rest = remove_part(icon, argument)
        if rest is None:
            notes.append(f"it is not clear which part is the {argument}; nothing was removed")
            return icon
        steps.append(f"removed the {argument}")
        return rest
    return icon


def remove_part(icon: Icon, name: str) -> Icon | None:
    """The icon without the part that ``name`` means by its shape (dot, circle, line, slash, square, frame ...), or None where that is
    not clear or nothing would be left."""
    parts = split(icon)
    if len(parts) < 2:
        return None
    words = name.lower().split()
    kind = next((k for k in (_KINDS.get(w.rstrip("s")) or _KINDS.get(w) for w in reversed(words)) if k), None)
    if kind is None:
        return None
    boxes = [geometry.bounds(p.geometry) for p in parts]
    across = max(icon.viewbox[2], icon.viewbox[3])
    chosen = _choose(kind, parts, boxes, across)
    if words[-1].endswith("s") and words[-1].rstrip("s") in _KINDS and kind == "dot":
        chosen = [i for i, b in enumerate(boxes) if _size(b) <= _TINY * across]
    elif chosen:
        chosen = chosen[:1]
    if not chosen or len(chosen) == len(parts):
        return None
    return replace(icon, shapes=tuple(p for i, p in enumerate(parts) if i not in set(chosen)))


_KINDS = {
    **dict.fromkeys(("dot", "point", "speck", "pip", "bullet", "spot", "hole", "button", "eye", "period"), "dot"),
    **dict.fromkeys(("circle", "ring", "disc", "disk", "round", "wheel"), "circle"),
    **dict.fromkeys(("line", "stroke", "bar", "dash", "stick", "stem"), "line"),
    **dict.fromkeys(("slash", "cross-out", "strike", "strikethrough"), "slash"),
    **dict.fromkeys(("square", "box", "frame", "border", "rectangle", "background", "container", "outline", "shield"), "frame"),
    **dict.fromkeys(("badge", "mark", "small"), "badge"),
}


def _choose(kind: str, parts: list[Shape], boxes: list[tuple[float, float, float, float]], across: float) -> list[int]:
    """Indices of the parts of that kind, the likeliest first."""
    order = range(len(parts))
    if kind == "dot":
        tiny = [i for i in order if _size(boxes[i]) <= _TINY * across]
        return sorted(tiny, key=lambda i: (not _round(parts[i].geometry, boxes[i]), _size(boxes[i])))
    if kind == "circle":
        return sorted((i for i in order if _round(parts[i].geometry, boxes[i])), key=lambda i: -_size(boxes[i]))
    if kind in ("line", "slash"):
        lines = [i for i in order if _straight(parts[i].geometry)]
        if kind == "slash":
            lines = [i for i in lines if min(_sides(boxes[i])) > 0.4 * across]
        return sorted(lines, key=lambda i: -_size(boxes[i])) if kind == "slash" or len(lines) == 1 else []
    if kind == "frame":
        outer = max(order, key=lambda i: math.prod(_sides(boxes[i])))
        inside = all(_within(boxes[i], boxes[outer]) for i in order)
        return [outer] if inside else []
    small = [i for i in order if _size(boxes[i]) <= 0.45 * across]
    return sorted(small, key=lambda i: -(boxes[i][0] + boxes[i][2] - boxes[i][1] - boxes[i][3])) if len(small) == 1 else []


def split(icon: Icon) -> list[Shape]:
    """The parts of an icon: its shapes, stroked paths cut into their sub-paths, filled ones into areas with their holes."""
    parts: list[Shape] = []
    for shape in icon.shapes:
        if not isinstance(shape.geometry, Path):
            parts.append(shape)
            continue
        pieces = list(geometry.subpaths(shape.geometry))
        groups: list[list[Path]] = [[p] for p in pieces] if shape.look.fill == "none" else _areas(pieces)
        for group in groups:
            parts.append(replace(shape, geometry=Path(tuple(s for piece in group for s in piece.segments))))
    return parts


def _areas(pieces: list[Path]) -> list[list[Path]]:
    """Each outer contour with the contours that lie in its box."""
    boxes = [geometry.bounds(p) for p in pieces]
    outer = [i for i, b in enumerate(boxes) if not any(j != i and _within(b, c) and c != b for j, c in enumerate(boxes))]
    groups: dict[int, list[Path]] = {i: [pieces[i]] for i in outer}
    for i, piece in enumerate(pieces):
        if i not in groups:
            home = next((o for o in outer if _within(boxes[i], boxes[o])), outer[0])
            groups[home].append(piece)
    return list(groups.values())


def _round(shape: Geometry, box: tuple[float, float, float, float]) -> bool:
    if isinstance(shape, Circle | Ellipse):
        return True
    width, height = _sides(box)
    if isinstance(shape, Rect):
        return shape.rx * 2 >= 0.9 * min(shape.width, shape.height)
    if not isinstance(shape, Path) or max(width, height) == 0 or min(width, height) < 0.85 * max(width, height):
        return False
    return all(op in "MCAZ" for op, _ in shape.segments)


def _straight(shape: Geometry) -> bool:
    if isinstance(shape, Line):
        return True
    return isinstance(shape, Path) and [op for op, _ in shape.segments] == ["M", "L"]


def _within(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] >= b[0] - 1e-6 and a[1] >= b[1] - 1e-6 and a[2] <= b[2] + 1e-6 and a[3] <= b[3] + 1e-6


def _sides(box: tuple[float, float, float, float]) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _size(box: tuple[float, float, float, float]) -> float:
    return max(_sides(box))


def _clamp(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def _number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(?:\.\d+)?", text))
