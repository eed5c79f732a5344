"""SVG files: one for each icon, as short as it gets without changing a digit."""

from __future__ import annotations

from svggen.export.items import Entry, Made, Options
from svggen.export.nodes import drawing, svg

__all__ = ["make"]


def make(entries: list[Entry], options: Options) -> Made:
    """``bell.svg`` for each icon, and one for each of its aliases."""
    files: dict[str, bytes] = {}
    of: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        text = (svg(drawing(entry.item.icon)) + "\n").encode()
        names = (options.stem,) if options.stem is not None else (entry.name, *entry.aliases)
        of[entry.name] = tuple(f"{name}.svg" for name in names)
        files.update(dict.fromkeys(of[entry.name], text))
    return Made(files, of)
