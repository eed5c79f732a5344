"""Icons as what programs take: SVG, PNG, React, Vue, a sprite, a font, Iconify's JSON.

Contract. ``export(items, format, options)`` is pure: icons in, files by name out, each under a name that is safe
whatever the icon is called. Same items and options: same bytes. Whoever writes the files does it whole or not at all.
Errors: ``ExportError`` (nothing to export, no such format, an option out of range, a package that is missing),
``RenderError`` (PNG).

    items.py   the types            names.py       safe names        attribution.py  whose work it was
    nodes.py   elements             pathdata.py    shorter paths     components.py   line widths as a property
    svg.py  png.py  react.py  vue.py  sprite.py  iconify.py          the formats
    font.py    the font             outlines.py    icons in one ink  codepoints.py   which character is whose
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from svggen.errors import ExportError
from svggen.export.attribution import FILE, attribution
from svggen.export.items import Exported, ExportedIcon, Item, Made, Options, Source
from svggen.export.names import entries, kebab

__all__ = ["FORMATS", "ONE_FILE", "Exported", "ExportedIcon", "Item", "Options", "Source", "export"]

FORMATS = ("svg", "png", "react", "vue", "sprite", "font", "iconify")
ONE_FILE = {"svg": ".svg", "png": ".png", "sprite": ".svg", "iconify": ".json"}
"""Formats that can be written as the one file that ``Options.stem`` names (svg and png: of one icon)."""


def export(items: Sequence[Item], format: str, options: Options | None = None) -> Exported:
    """The files of one format."""
    options = _checked(items, format, options or Options())
    known: dict[str, str] = {}
    if format == "font":
        from svggen.export import codepoints

        known = codepoints.read(options.codepoints).names(items)
    named = entries(items, known)
    made: Made = import_module(f"svggen.export.{format}").make(named, options)
    held = [entry for entry in named if entry.name in made.of]
    icons = tuple(ExportedIcon(e.item.id, e.name, made.of[e.name]) for e in held)
    credit = attribution(held)
    if credit is None:
        return Exported(made.files, icons, made.notes)
    name = FILE if options.stem is None else f"{options.stem}-{FILE}"
    count = sum(1 for entry in held if entry.item.sources)
    note = f"{count} of {len(held)} icons were drawn from icons of others: keep {name} with them"
    return Exported({**made.files, name: credit.encode()}, icons, (*made.notes, note))


def _checked(items: Sequence[Item], format: str, options: Options) -> Options:
    """The options with a family that is a safe name; ExportError where they and the format do not go together."""
    if format not in FORMATS:
        raise ExportError(f"no format {format!r:.40}; there are {', '.join(FORMATS)}")
    if not items:
        raise ExportError("there is no icon to export")
    if options.stem is not None:
        if format not in ONE_FILE:
            raise ExportError(f"{format} writes several files: name a folder")
        if format in ("svg", "png") and len(items) > 1:
            raise ExportError(f"{len(items)} icons are no single {format.upper()} file: name a folder")
    family = kebab(options.family) or "icons"
    return replace(options, family=f"icons-{family}" if family[0].isdigit() else family)
