"""What is exported, how, and what comes of it: the types that all formats share.

Contract. Plain data, nothing of the disk. ``Item.words`` and ``Item.aliases`` are untrusted text (a prompt, a file
name): no format writes them but as escaped text; identifiers and file names come from ``names.py``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from svggen.icon import Icon

__all__ = ["Entry", "Exported", "ExportedIcon", "Item", "Made", "Options", "Source", "listed", "plain_title"]

MAX_TITLE = 200  # characters
SHOWN = 6  # names listed in a note


@dataclass(frozen=True)
class Source:
    """Whose work an icon was drawn from. name: of their icon, "" where it is not known; set: the icon set's name;
    licence: an SPDX identifier or words; url: where the set lives."""

    set: str
    licence: str
    name: str = ""
    author: str = ""
    url: str = ""


@dataclass(frozen=True)
class Item:
    """An icon to export. id: sha256 of the canonical SVG. words: what it shows. aliases: other words for the same
    drawing. category: a group it belongs to ("" for none). sources: whose work it was drawn from."""

    id: str
    words: str
    icon: Icon
    aliases: tuple[str, ...] = ()
    category: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An item with its safe names. name: kebab-case, unique; component: PascalCase, unique without regard to case;
    aliases: further kebab-case names, unique among all; title: what it shows, as one clean line."""

    item: Item
    name: str
    component: str
    aliases: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Options:
    """family: what the set is called (font family, class and file names, Iconify prefix). author: for the manifest.
    sizes: px of PNG files; double: with a second file of twice the pixels; theme: "light" (dark ink for light grounds),
    "dark" or "both"; color: the ink of theme "light". codepoints: a ``codepoints.json`` of an earlier export whose
    numbers are kept. stem: the name of the one file that is wanted, without its suffix; None for names of our own."""

    family: str = "icons"
    author: str = ""
    sizes: tuple[int, ...] = (16, 24, 32, 48, 256)
    double: bool = False
    theme: str = "light"
    color: str = "#000000"
    codepoints: bytes | None = None
    stem: str | None = None


@dataclass(frozen=True)
class Made:
    """What a format gives. files: content by file name (no folders). of: the files of each icon, by its name; an icon
    that could not be made is not in it, and a note says why. notes: what a user should know, one line each."""

    files: dict[str, bytes]
    of: dict[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportedIcon:
    """An icon of an export: its id, the name that it was given, and the files that it is in."""

    id: str
    name: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Exported:
    """files: content by file name (no folders). icons: in the order of the items. notes: one line each."""

    files: dict[str, bytes]
    icons: tuple[ExportedIcon, ...]
    notes: tuple[str, ...]


_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")


def plain_title(words: str) -> str:
    """Words as one line that any XML may hold: no control, surrogate, private or reordering characters, at most 200
    characters. Not escaped: whoever writes it does that."""
    kept = "".join(
        c if c not in _BIDI and unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") else " " for c in words[:2000]
    )
    flat = re.sub(r"\s+", " ", kept).strip()
    return flat if len(flat) <= MAX_TITLE else flat[: MAX_TITLE - 1].rstrip() + "…"


def listed(names: list[str]) -> str:
    """The names for a note: the first few, and how many more."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
