"""What restyling works on: an icon's shapes on the 24 px canvas, each with its tone, and a log in plain words.

Contract. A ``Part`` is one shape and the tone it has in the drawing: 0 the main one, 1 and up the lighter or
further ones. Paints are settled last (``paint.py``); until then only the tone matters. ``Job`` owns the state of
one restyling: the parts, the steps done and what was refused. Lengths are units of the 24 px canvas."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from svggen.geometry import Box, shape_bounds, union
from svggen.icon import Icon, Look, Path, Shape
from svggen.style import StyleSpec
from svggen.style.analysis import Analysis

__all__ = ["CANVAS", "Job", "Part", "has_fill", "has_stroke", "line", "number", "solid"]

CANVAS: Final = 24.0


@dataclass(frozen=True, slots=True)
class Part:
    shape: Shape
    tone: int = 0


@dataclass(slots=True)
class Job:
    """look: the measure of the icon as it came. box: the ink's extent now. width: the line width that the parts
    have now (None: no lines)."""

    parts: list[Part]
    look: Analysis
    spec: StyleSpec
    width: float | None
    box: Box
    steps: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def icon(self) -> Icon:
        return Icon((0.0, 0.0, CANVAS, CANVAS), tuple(p.shape for p in self.parts))

    def look_again(self) -> None:
        """Take the ink's extent from the parts as they are."""
        self.box = union(shape_bounds(p.shape) for p in self.parts) or self.box

    def tone(self, tone: int) -> list[Part]:
        return [p for p in self.parts if p.tone == tone]


def has_fill(shape: Shape) -> bool:
    look = shape.look
    return look.fill != "none" and look.fill_opacity > 0 and look.opacity > 0


def has_stroke(shape: Shape) -> bool:
    look = shape.look
    return look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0 and look.opacity > 0


def solid(path: Path, tone: int = 0) -> Part:
    """A filled area in a tone, in the text colour until it is painted."""
    return Part(Shape(path, Look(fill="currentColor", fill_rule="evenodd")), tone)


def line(shape: Shape, tone: int = 0) -> Part:
    """A shape's stroke alone, in the text colour until it is painted."""
    return Part(replace(shape, look=replace(shape.look, fill="none", stroke="currentColor", opacity=1.0)), tone)


def number(value: float) -> str:
    """A length for a step: ``1.5``, ``2``, ``0.75``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
