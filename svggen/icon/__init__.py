"""The Icon: types, the reader's front door, the canonical form and its text.

Contract. ``parse(serialise(icon)) == canonical(icon)`` and ``serialise(parse(serialise(icon))) == serialise(icon)``,
byte for byte. What ``parse`` returns is canonical already, so for it ``parse(serialise(icon)) == icon``.

    types.py      the dataclasses
    canonical.py  rounding and the one form for each look; the decisions that must not depend on how a file was written
    serialise.py  Icon -> SVG text, byte-stable
    (reading lives in svggen.safety: there is one way in)
"""

from __future__ import annotations

import hashlib

from svggen.icon.canonical import canonical, precision
from svggen.icon.serialise import serialise
from svggen.icon.types import (
    Cap,
    Circle,
    Clip,
    Ellipse,
    FillRule,
    Geometry,
    Icon,
    Join,
    Line,
    LinearGradient,
    Look,
    Paint,
    Path,
    Point,
    Polygon,
    Polyline,
    RadialGradient,
    Rect,
    Segment,
    Shape,
    Stop,
)

__all__ = [
    "Cap",
    "Circle",
    "Clip",
    "Ellipse",
    "FillRule",
    "Geometry",
    "Icon",
    "Join",
    "Line",
    "LinearGradient",
    "Look",
    "Paint",
    "Path",
    "Point",
    "Polygon",
    "Polyline",
    "RadialGradient",
    "Rect",
    "Segment",
    "Shape",
    "Stop",
    "canonical",
    "icon_id",
    "parse",
    "parse_iconify",
    "precision",
    "serialise",
]


def parse(data: str | bytes, *, current_color: str | None = None) -> Icon:
    """An SVG document, from any source, as a canonical Icon.

    ``current_color`` (any CSS colour) replaces ``currentColor``; without it ``currentColor`` is kept. Raises
    ``UnsafeSvgError`` (active or external content), ``BudgetError`` (too large) or ``InvalidSvgError`` (nothing to
    draw).
    """
    from svggen.safety import load  # lazy: lxml is not paid for by programs that only hold icons

    return load(data, current_color=current_color)


def parse_iconify(body: str, width: float, height: float, left: float = 0, top: float = 0) -> Icon:
    """One icon of an Iconify JSON set: ``body`` is SVG without its root, the numbers are the root's viewBox."""
    return parse(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}">{body}</svg>'
    )


def icon_id(icon: Icon) -> str:
    """sha256 (hex, 64 characters) of the canonical bytes: equal drawings have equal ids."""
    return hashlib.sha256(serialise(icon).encode()).hexdigest()
