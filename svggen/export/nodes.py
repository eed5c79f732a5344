"""An icon as a small tree of SVG elements, in few bytes: what every text format writes in its own spelling.

Contract. ``drawing(icon)`` is our own serialisation taken apart, with path data, point lists and colours in their
shortest form; it shows the same, and reading it again gives the same canonical icon. Tags and attributes are those of
``svggen.icon.serialise`` and no other: there is no text and nothing foreign in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from svggen.export.pathdata import joined, lean
from svggen.icon import Icon, canonical, precision, serialise
from svggen.icon.serialise import number

__all__ = ["Drawing", "Node", "attribute_text", "drawing", "renamed", "svg", "walk", "xml"]

_LONG = re.compile(r"#(?:([0-9a-f])\1)(?:([0-9a-f])\2)(?:([0-9a-f])\3)")
_ROOT = frozenset({"width", "height", "viewBox"})
_LINK = re.compile(r"url\(#([0-9a-z]+)\)")


@dataclass(frozen=True)
class Node:
    """An element: its attributes in the order in which they are written."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """viewbox: (min x, min y, width, height) in user units. root: the presentation attributes on the root."""

    viewbox: tuple[float, float, float, float]
    root: Mapping[str, str]
    nodes: tuple[Node, ...]

    @property
    def box(self) -> str:
        """The viewBox attribute."""
        return " ".join([number(v) for v in self.viewbox])


def drawing(icon: Icon) -> Drawing:
    """The icon's elements. Raises what ``serialise`` raises for values that are no icon's."""
    from lxml import etree

    icon = canonical(icon)
    digits = precision(icon.viewbox)
    root = etree.fromstring(serialise(icon).encode())
    attributes = {str(k): _short(str(k), str(v), digits) for k, v in root.attrib.items() if k not in _ROOT}
    return Drawing(icon.viewbox, attributes, tuple(_node(child, digits) for child in root))


def _node(element: object, digits: int) -> Node:
    tag = str(element.tag).rpartition("}")[2]  # type: ignore[attr-defined]
    attributes = {str(k): _short(str(k), str(v), digits) for k, v in element.attrib.items()}  # type: ignore[attr-defined]
    return Node(tag, attributes, tuple(_node(child, digits) for child in element))  # type: ignore[attr-defined]


def _short(name: str, value: str, digits: int) -> str:
    if name == "d":
        return lean(value, digits)
    if name == "points":
        return joined(value.replace(",", " ").split())
    if name in ("fill", "stroke", "stop-color"):
        return _LONG.sub(r"#\1\2\3", value)
    return value


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All elements, depth first."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def renamed(nodes: tuple[Node, ...], prefix: str) -> tuple[Node, ...]:
    """The same elements with ``prefix`` before each id and each reference to one: for several icons in one document."""

    def value(name: str, text: str) -> str:
        return f"{prefix}{text}" if name == "id" else _LINK.sub(rf"url(#{prefix}\1)", text)

    return tuple(
        replace(n, attributes={k: value(k, v) for k, v in n.attributes.items()}, children=renamed(n.children, prefix))
        for n in nodes
    )


def attribute_text(attributes: Mapping[str, str]) -> str:
    """`` name="value"`` for each, escaped."""
    return "".join(f' {k}="{escape(v, {chr(34): "&quot;"})}"' for k, v in attributes.items())


def xml(nodes: tuple[Node, ...]) -> str:
    """The elements as XML, without spaces between them."""
    out = []
    for node in nodes:
        head = f"<{node.tag}{attribute_text(node.attributes)}"
        out.append(f"{head}>{xml(node.children)}</{node.tag}>" if node.children else f"{head}/>")
    return "".join(out)


def svg(drawn: Drawing) -> str:
    """A whole SVG document, as short as it gets."""
    width, height = drawn.viewbox[2:]
    size = {"width": number(width), "height": number(height), "viewBox": drawn.box}
    head = f'<svg xmlns="http://www.w3.org/2000/svg"{attribute_text({**size, **drawn.root})}'
    return f"{head}>{xml(drawn.nodes)}</svg>"
