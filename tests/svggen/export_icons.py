"""Icons for the tests of the exports: every kind of element that there is, and names that nobody should trust."""

from __future__ import annotations

from typing import Any

import numpy as np

from svggen.export import Item, Source
from svggen.icon import Icon, icon_id, parse
from svggen.render import default_renderer

SIDE, BLOCK = 192, 6  # px

LINES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
BODIES = {
    "bell": f'<path {LINES} d="M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a1.94 1.94 0 0 0 3.4 0"/>',
    "Map": f'<g {LINES}><circle cx="12" cy="10" r="3"/><path stroke-width="1" d="M4 20h16" stroke-dasharray="2 2"/>'
    '<path d="M12 21.5c-4-4-7-7.6-7-11.500a7 7 0 0 1 14 0c0 3.900-3 7.500-7 11.500z"/></g>',
    "24 hours": '<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 3a7 7 0 1 1 0 14 7 7 0 0 1 '
    '0-14z"/><rect x="11" y="8" width="2" height="5" rx="1" fill="currentColor"/>',
    "badge": '<circle cx="12" cy="12" r="10" fill="#e11d48"/><path d="M7 12l4 4 6-8" fill="none" stroke="#ffffff" '
    'stroke-width="2"/>',
    "duotone cup": f'<rect x="4" y="8" width="12" height="10" fill="currentColor" opacity=".2"/>'
    f'<path {LINES} d="M4 8h12v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM16 9h2a3 3 0 0 1 0 6h-2"/>',
    "sunset": '<defs><linearGradient id="a" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#f59e0b"/><stop offset="1" '
    'stop-color="#7c3aed"/></linearGradient><clipPath id="b"><rect x="2" y="2" width="20" height="12"/></clipPath>'
    '</defs><circle cx="12" cy="12" r="9" fill="url(#a)" clip-path="url(#b)"/>'
    '<polygon points="3 20 12 16 21 20" fill="none" stroke="#7c3aed" stroke-width="1.5"/>',
    "moon": '<mask id="m"><rect width="24" height="24" fill="#fff"/><circle cx="16" cy="9" r="7"/></mask>'
    '<circle cx="12" cy="12" r="9" fill="currentColor" mask="url(#m)"/>',
    "layers": f'<path {LINES} d="M2 12l10 5 10-5M2 17l10 5 10-5M12 2L2 7l10 5 10-5z"/>',
}  # fmt: skip
HOSTILE = (
    "../../etc/passwd", "<script>alert(1)</script>", "*/ import fs from 'fs' /*", "con", "constructor", "{{ evil }}",
    "``${process.exit()}``", "лиса", "☕", "e" * 300, "\x1b[31mred\x07\u202e", "Bell", "bell!", "", "]]>&\"'", "-->",
    "index", "Zoë's café", "a\nb", "\ud800", "__proto__",
)  # fmt: skip
"""What an icon may be called by who asks for it, or by a file name."""
SOURCE = Source("Lucide", "ISC", "bell", "Lucide Contributors", "https://lucide.dev")


def svg(body: str, box: str = "0 0 24 24") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>'


def item(words: str, body: str, box: str = "0 0 24 24", **fields: object) -> Item:
    icon = parse(svg(body, box))
    return Item(icon_id(icon), words, icon, **fields)  # type: ignore[arg-type]


def items() -> list[Item]:
    """One of each kind; one on a canvas of another size and form, one with a second name and one with a source."""
    found = [item(words, body) for words, body in BODIES.items()]
    wide = item("flag", '<path d="M2 1h12v6H2z" fill="currentColor"/>', "-1 0 16 8", category="Signs")
    found[0] = item("bell", BODIES["bell"], sources=(SOURCE,), aliases=("ring the bell", "Bell"), category="Signs")
    return [*found, wide]


def hostile_items() -> list[Item]:
    """A different drawing under each hostile name."""
    return [item(words, f'<circle cx="12" cy="12" r="{2 + number / 4}"/>') for number, words in enumerate(HOSTILE)]


def named(made: Any) -> list[str]:
    return [icon.name for icon in made.icons]


def text(made: Any, name: str) -> str:
    return str(made.files[name].decode())


def apart(one: Icon, other: Icon) -> float:
    """The largest difference of ink in any block of 0.75 units of a 24 px canvas, 0..1."""
    a, b = default_renderer().ink_many([one, other], SIDE)
    return float(np.abs((a - b).reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK).mean(axis=(1, 3))).max())
