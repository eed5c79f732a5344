"""An SVG sprite: one file with a ``<symbol>`` for each icon, and a note in plain text that says how it is used.

Contract. A symbol's id is the icon's name, with ``_`` before it where the name begins with a digit; its title is what
the icon shows. Ids of gradients, clips and masks begin with the symbol's, so that icons cannot disturb each other.
The sprite takes up no room where it is put into a page.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from svggen.export.items import Entry, Made, Options
from svggen.export.nodes import attribute_text, drawing, renamed, xml

__all__ = ["make", "symbol_id"]

_USAGE = """\
{file} holds {count} icons, each as a symbol.

An icon is an svg element with a use element in it, whose href is the file, # and the icon's id:
  {file}#{first}
Give the svg element a width and a height. Icons take the colour of the text around them (CSS color) where they have
no colours of their own. Where pages and files come from different hosts, put the text of the file into the page and
leave the file out of the href.

For screen readers: aria-hidden="true" on an svg element that only decorates, role="img" and an aria-label on one that
says something.

Ids:
{ids}
"""


def symbol_id(name: str) -> str:
    """The id of an icon in the sprite: an XML name."""
    return f"_{name}" if name[0].isdigit() else name


def make(entries: list[Entry], options: Options) -> Made:
    """The sprite, and how to use it."""
    stem = options.stem if options.stem is not None else options.family
    file, usage = f"{stem}.svg", f"{stem}.txt"
    symbols: list[str] = []
    ids: list[str] = []
    for entry in entries:
        for name in (entry.name, *entry.aliases):
            ids.append(symbol_id(name))
            symbols.append(_symbol(entry, ids[-1]))
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0">'
    text = "\n".join([head, *symbols, "</svg>", ""])
    note = _USAGE.format(file=file, count=len(entries), first=ids[0], ids="\n".join(f"  {i}" for i in ids))
    return Made({file: text.encode(), usage: note.encode()}, {e.name: (file,) for e in entries})


def _symbol(entry: Entry, ident: str) -> str:
    drawn = drawing(entry.item.icon)
    head = attribute_text({"id": ident, "viewBox": drawn.box, **drawn.root})
    return f"<symbol{head}><title>{escape(entry.title)}</title>{xml(renamed(drawn.nodes, f'{ident}-'))}</symbol>"
