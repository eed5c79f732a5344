"""What React and Vue components share: the icon's elements with their line widths bound to one property.

Contract. ``component(entry)`` gives the elements and the root's attributes; a line width is written by ``Width``: the
icon's own width times a factor, so that ``strokeWidth`` sets the width that most lines have and the others follow in
proportion. Icons without lines have no width at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from svggen.export.items import Entry
from svggen.export.names import pascal
from svggen.export.nodes import Drawing, Node, drawing
from svggen.icon.serialise import number

__all__ = ["Component", "component", "exported", "factor", "js"]

WIDTH = "stroke-width"
_SHAPES = frozenset({"path", "circle", "ellipse", "rect", "line", "polyline", "polygon"})


@dataclass(frozen=True)
class Component:
    """width: the line width of most lines, in units of the viewBox; None where the icon has no lines."""

    entry: Entry
    drawn: Drawing
    width: float | None

    @property
    def root(self) -> dict[str, str]:
        """The presentation attributes of the root but the line width."""
        return {k: v for k, v in self.drawn.root.items() if k != WIDTH}


def component(entry: Entry) -> Component:
    """An icon ready to be written as a component."""
    drawn = drawing(entry.item.icon)
    inherited = {"stroke": "none", WIDTH: "1", **drawn.root}
    count = Counter(_widths(drawn.nodes, inherited))
    if not count:
        return Component(entry, drawn, None)
    base = count.most_common(1)[0][0]
    nodes = tuple(_bound(node, inherited, base) for node in drawn.nodes)
    return Component(entry, Drawing(drawn.viewbox, drawn.root, nodes), float(base))


def _width(node: Node, inherited: Mapping[str, str]) -> str | None:
    """The width of the line that an element draws, None where it draws none."""
    seen = {**inherited, **node.attributes}
    return seen[WIDTH] if node.tag in _SHAPES and seen["stroke"] != "none" else None


def _widths(nodes: tuple[Node, ...], inherited: Mapping[str, str]) -> Iterator[str]:
    """The line width of each element that draws a line; what clips draws none."""
    for node in nodes:
        width = _width(node, inherited)
        if width is not None:
            yield width
        if node.tag != "clipPath":
            yield from _widths(node.children, inherited)


def _bound(node: Node, inherited: Mapping[str, str], base: str) -> Node:
    """The element with its own width written as a factor of ``base`` ("*1.5"), or left out where it is ``base``."""
    if node.tag == "clipPath":
        return node
    own = _width(node, inherited)
    attributes = {k: v for k, v in node.attributes.items() if k != WIDTH}
    if own is not None and own != base:
        attributes[WIDTH] = f"*{number(round(float(own) / float(base), 6))}"
    return Node(node.tag, attributes, tuple(_bound(child, inherited, base) for child in node.children))


def factor(value: str) -> str | None:
    """The factor in a width that ``component`` wrote, None in any other attribute value."""
    return value[1:] if value.startswith("*") else None


def js(value: float) -> str:
    """A number as JavaScript and people write it: 0.5, not .5."""
    text = number(value)
    return f"0{text}" if text.startswith(".") else text


def exported(entry: Entry, own: str, other: str) -> list[str]:
    """What an index exports of an icon: ``own`` with its component, ``other`` with it and each further name."""
    return [own.format(entry.component), *(other.format(entry.component, pascal(a)) for a in entry.aliases)]
