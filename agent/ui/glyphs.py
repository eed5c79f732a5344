"""The icons of the page itself: from the library that ships, as a style sheet.

Contract. ``sheet`` gives CSS with one class for each name of ``GLYPHS`` (``.g-undo``): a mask in the colour of the text
around it. They are Lucide's (ISC), by their names in the library. Where the library cannot be opened the sheet is
empty, and the labels say it alone.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

__all__ = ["GLYPHS", "favicon", "sheet"]

SET = "lucide"
GLYPHS = {
    "accept": "check",
    "add": "plus",
    "alert": "triangle-alert",
    "again": "refresh-cw",
    "attach": "image-plus",
    "branch": "git-branch",
    "chat": "message-square",
    "chevron": "chevron-down",
    "close": "x",
    "compare": "columns-2",
    "download": "download",
    "edit": "pencil",
    "folder": "folder-open",
    "forget": "trash",
    "help": "circle-question-mark",
    "history": "rotate-ccw-clock",
    "icons": "shapes",
    "memory": "brain",
    "moon": "moon",
    "mark": "shapes",
    "redo": "redo-2",
    "reject": "thumbs-down",
    "send": "arrow-up",
    "sessions": "messages-square",
    "set": "layout-grid",
    "sun": "sun",
    "undo": "undo-2",
    "upload": "upload",
    "why": "circle-question-mark",
}
"""The page's name of an icon, and its name in the set."""
SPARE = {
    "circle-question-mark": "info",
    "refresh-cw": "rotate-cw",
    "image-plus": "image",
    "shapes": "component",
    "rotate-ccw-clock": "layers",
}
"""What stands in for a name that this library does not have."""


@cache
def _drawings() -> dict[str, str]:
    """SVG text by the name in the set."""
    from memory.errors import LibraryError
    from memory.library import open_library
    from svggen.icon import serialise

    wanted = {*GLYPHS.values(), *SPARE.values()}
    try:
        library = open_library()
        numbers = {
            library.name(i): i
            for i in range(len(library))
            if library.name(i) in wanted and library.set_of(i)["id"] == SET
        }
        return {name: serialise(library.icon(i)) for name, i in numbers.items()}
    except LibraryError:
        return {}


def _drawing(name: str) -> str | None:
    known = _drawings()
    return known.get(GLYPHS[name]) or known.get(SPARE.get(GLYPHS[name], ""))


@cache
def sheet() -> str:
    rules = []
    for name in GLYPHS:
        svg = _drawing(name)
        if svg is not None:
            address = f'url("data:image/svg+xml,{quote(svg, safe="/:=,")}")'
            rules.append(f".g-{name}{{-webkit-mask-image:{address};mask-image:{address}}}")
    return "\n".join(rules)


def favicon() -> str:
    """``data:`` address of the page's mark."""
    svg = (
        _drawing("mark")
        or '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg.replace("<svg ", '<svg color="#0f766e" ', 1), safe="/:=,")
