"""PNG files: each icon at several sizes, on a transparent ground, for light and for dark pages.

Contract. ``bell-24.png`` is 24 px wide and high; ``bell-24@2x.png`` has twice the pixels for dense screens;
``-dark`` marks the one with light ink, for dark grounds. Colours of the icon's own stay what they are. Errors:
``ExportError`` for sizes, themes or colours that there are not, ``RenderError`` where the renderer fails.
"""

from __future__ import annotations

from svggen.errors import ExportError
from svggen.export.items import Entry, Made, Options, listed

__all__ = ["LARGEST", "make"]

LARGEST = 2048  # px; twice that is what the renderer draws at most
DARK_INK = "#ffffff"
THEMES = {"light": (False,), "dark": (True,), "both": (False, True)}


def make(entries: list[Entry], options: Options) -> Made:
    """One file for each icon (and alias), size, theme and density."""
    from svggen.render import png

    _check(options)
    files: dict[str, bytes] = {}
    of: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        names: list[str] = []
        stems = (options.stem,) if options.stem is not None else (entry.name, *entry.aliases)
        for size, scale, dark, suffix in _kinds(options):
            ink = DARK_INK if dark else options.color
            data = png(entry.item.icon, size * scale, color=ink, background=None)
            for stem in stems:
                names.append(f"{stem}{suffix}.png")
                files[names[-1]] = data
        of[entry.name] = tuple(names)
    fixed = [e.name for e in entries if not _inked(e)] if options.theme != "light" else []
    notes = [f"the colours of {listed(fixed)} are fixed: light and dark look the same"] if fixed else []
    return Made(files, of, tuple(notes))


def _kinds(options: Options) -> list[tuple[int, int, bool, str]]:
    """(px, density, dark, what stands behind the name)."""
    if options.stem is not None:
        return [(options.sizes[0], 1, options.theme == "dark", "")]
    return [
        (size, scale, dark, f"-{size}{'-dark' if dark else ''}{'@2x' if scale == 2 else ''}")
        for size in dict.fromkeys(options.sizes)
        for dark in THEMES[options.theme]
        for scale in ((1, 2) if options.double else (1,))
    ]


def _inked(entry: Entry) -> bool:
    """Whether anything in it takes the colour of the text around."""
    from svggen.icon import serialise

    return "currentColor" in serialise(entry.item.icon)


def _check(options: Options) -> None:
    from svggen.render.renderers import rgb

    if options.theme not in THEMES:
        raise ExportError(f"no theme {options.theme!r}; there are {', '.join(THEMES)}")
    if not options.sizes or not all(1 <= size <= LARGEST for size in options.sizes):
        raise ExportError(f"sizes are whole numbers of px from 1 to {LARGEST}, such as 16,24,48")
    single = len(options.sizes) == 1 and not options.double and options.theme != "both"
    if options.stem is not None and not single:
        raise ExportError("one PNG file holds one size of one theme; name a folder for more")
    try:
        rgb(options.color)
    except ValueError as error:
        raise ExportError(str(error)) from None
