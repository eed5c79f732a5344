"""Which properties hold for an element: attributes, then style sheet, then style attribute; inherited ones from around
it."""

from __future__ import annotations

from lxml import etree

from svggen.safety.colour import parse_colour
from svggen.safety.css import declarations, url_id
from svggen.safety.document import Document, items, local_name

__all__ = ["INHERITED", "Cascade", "Props"]

Props = dict[str, str]

INHERITED = frozenset(
    "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset stroke-opacity color visibility clip-rule".split()
)
_OWN = frozenset(
    "opacity display transform clip-path mask vector-effect mask-type transform-origin stop-color stop-opacity".split()
)
_PAINTS = frozenset(("fill", "stroke", "color"))
_NO_OWN: Props = {}


class Cascade:
    """The styles of one document. The dictionaries that it returns are shared: they are never changed."""

    def __init__(self, document: Document) -> None:
        self._sheet = document.sheet
        self._colours = document.colours

    def style(
        self, name: str, element: etree._Element, attributes: list[tuple[str, str]], props: Props
    ) -> tuple[Props, Props]:
        """The inherited properties as they hold here (``props`` itself where nothing changes them), and the element's
        own others."""
        inherited, own = props, _NO_OWN
        inline = ""
        for key, value in attributes:
            if key in INHERITED:
                if inherited is props:
                    inherited = dict(props)
                _set(inherited, props, key, value)
            elif key in _OWN:
                own = {**own, key: value}
            elif key == "style":
                inline = value
        if self._sheet is None and not inline:
            return inherited, own
        found: list[tuple[str, str, bool]] = []
        if self._sheet is not None:
            found = self._sheet.match(name, element.get("class") or "", element.get("id") or "")
        winners = {key for key, _, important in found if important}
        found = [*found, *[d for d in declarations(inline) if d[2] or d[0] not in winners]]
        if not found:
            return inherited, own
        inherited, own = dict(inherited), dict(own)
        for key, value, _ in found:
            if key in INHERITED:
                _set(inherited, props, key, value)
            elif key in _OWN:
                own[key] = value
        return inherited, own

    def around(self, element: etree._Element) -> Props:
        """What an element that is drawn by reference inherits: from where it stands, not from where it is used."""
        props: Props = {}
        for ancestor in reversed(list(element.iterancestors())):
            props = self.style(local_name(ancestor.tag), ancestor, items(ancestor), props)[0]
        return props

    def stop(self, element: etree._Element) -> Props:
        """All properties of a gradient stop."""
        props = self.around(element) if self._colours or self._sheet is not None else {}
        inherited, own = self.style("stop", element, items(element), props)
        return {**inherited, **own}


def _set(props: Props, parent: Props, key: str, value: str) -> None:
    """One declaration; ``inherit`` takes the parent's, a paint that is none is as if it were not there."""
    value = value.strip()
    if value == "inherit":
        if key in parent:
            props[key] = parent[key]
        else:
            props.pop(key, None)
    elif key in _PAINTS and parse_colour(value) is None and url_id(value) is None:
        return
    elif value:
        props[key] = value
