"""Gradients: from elements to paints in the icon's own user units.

``href`` chains lend what is missing; a cycle or a chain beyond the nesting limit ends there. A pattern cannot be
expressed in an Icon: it becomes the first plain colour inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from lxml import etree

from svggen.errors import BudgetError
from svggen.geometry.affine import IDENTITY, Affine, compose, determinant
from svggen.geometry.bounds import Box
from svggen.geometry.paints import bake
from svggen.icon.types import LinearGradient, Paint, RadialGradient, Stop
from svggen.safety.colour import parse_colour
from svggen.safety.document import Document, href, items, local_name
from svggen.safety.limits import Limits
from svggen.safety.shapes import Frame
from svggen.safety.values import parse_length, parse_transform

__all__ = ["Servers"]

Styles = Callable[[etree._Element], dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Gradient:
    kind: str
    attributes: dict[str, str]
    stops: tuple[Stop, ...]
    matrix: Affine


class Servers:
    """The paint servers of one document, each read once."""

    def __init__(self, document: Document, limits: Limits, frame: Frame, current: str, styles: Styles) -> None:
        self._ids, self._limits, self._frame, self._current, self._styles = document.ids, limits, frame, current, styles
        self._stops_drawn = 0
        self._read: dict[str, _Gradient | str | None] = {}

    def paint(self, ident: str, ctm: Affine, box: Callable[[], Box | None]) -> Paint | None:
        """The paint with this id for a shape whose user space is mapped by ``ctm`` and whose own box is ``box()``; None
        when there is no such thing to paint with."""
        if ident not in self._read:
            self._read[ident] = self._gradient(ident)
        found = self._read[ident]
        if found is None or isinstance(found, str):
            return found
        self._stops_drawn += len(found.stops)
        if self._stops_drawn > self._limits.elements:
            raise BudgetError("gradient stops of all shapes", limit=f"at most {self._limits.elements}")
        a = found.attributes
        matrix = found.matrix
        relative = a.get("gradientUnits", "objectBoundingBox") != "userSpaceOnUse"
        if relative:
            around = box()
            if around is None or around[2] <= around[0] or around[3] <= around[1]:
                return None
            matrix = compose((around[2] - around[0], 0.0, 0.0, around[3] - around[1], around[0], around[1]), matrix)
        matrix = compose(ctm, matrix)
        width, height, diagonal = (
            (1.0, 1.0, 1.0) if relative else (self._frame.width, self._frame.height, self._frame.diagonal)
        )
        spread = a.get("spreadMethod", "pad")
        if spread not in ("reflect", "repeat"):
            spread = "pad"
        mode = cast(Literal["pad", "reflect", "repeat"], spread)
        if found.kind == "linearGradient":
            return bake(
                LinearGradient(
                    parse_length(a.get("x1"), width),
                    parse_length(a.get("y1"), height),
                    parse_length(a.get("x2"), width, width),
                    parse_length(a.get("y2"), height),
                    found.stops,
                    mode,
                ),
                matrix,
            )
        cx = parse_length(a.get("cx"), width, width / 2)
        cy = parse_length(a.get("cy"), height, height / 2)
        r = parse_length(a.get("r"), diagonal, diagonal / 2)
        fx, fy = parse_length(a.get("fx"), width, cx), parse_length(a.get("fy"), height, cy)
        if determinant(matrix) == 0:
            r, matrix = 0.0, IDENTITY  # painted with its last colour
        return bake(RadialGradient(cx, cy, r, fx, fy, found.stops, mode), matrix)

    def _gradient(self, ident: str) -> _Gradient | str | None:
        attributes: dict[str, str] = {}
        stops: tuple[Stop, ...] = ()
        kind = ""
        seen: set[str] = set()
        name: str | None = ident
        while name is not None and name not in seen and len(seen) < self._limits.nesting:
            seen.add(name)
            element = self._ids.get(name)
            if element is None:
                break
            here = local_name(element.tag)
            if here == "pattern" and not kind:
                return self._first_colour(element)
            if here not in ("linearGradient", "radialGradient"):
                break
            kind = kind or here
            for key, value in items(element):
                attributes.setdefault(key, value)
            stops = stops or self._stops(element)
            name = href(element)
        if not kind:
            return None
        return _Gradient(kind, attributes, stops, parse_transform(attributes.get("gradientTransform", "")))

    def _stops(self, element: etree._Element) -> tuple[Stop, ...]:
        out = []
        for child in element:
            if local_name(child.tag) != "stop":
                continue
            style = self._styles(child)
            colour, alpha = parse_colour(style.get("stop-color", "#000000")) or ("#000000", 1.0)
            if colour == "none":
                colour, alpha = "#000000", 0.0
            elif colour == "currentColor":
                own = parse_colour(style.get("color", "")) or ("currentColor", 1.0)
                colour = own[0] if own[0].startswith("#") else self._current
            opacity = alpha * min(1.0, max(0.0, parse_length(style.get("stop-opacity"), 1.0, 1.0)))
            out.append(Stop(min(1.0, max(0.0, parse_length(child.get("offset"), 1.0))), colour, opacity))
            if len(out) > self._limits.stops:
                raise BudgetError("gradient stops", f"line {child.sourceline}", f"at most {self._limits.stops}")
        return tuple(out)

    def _first_colour(self, pattern: etree._Element) -> str | None:
        for child in pattern.iter():
            colour = parse_colour(child.get("fill", ""))
            if colour is not None and colour[0] != "none":
                return colour[0] if colour[0].startswith("#") else self._current
        return None
