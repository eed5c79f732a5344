"""Which icon has which character of a font, kept from one export to the next.

Contract. ``codepoints.json`` holds the name, the character and the drawing's id of every icon that ever was in the
font. An icon keeps its name and its character as long as its drawing is the same, and a new drawing under an old name
takes that name's character, so that what refers to it goes on showing it. Characters of icons that left the set are not
given away. New ones come after the last, from U+E001 in the private use area, after U+F8FF from U+F0000.
Errors: ``ExportError`` for a file that is damaged or from a newer version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from svggen.errors import ExportError
from svggen.export.items import Entry, Item
from svggen.export.names import NAME

__all__ = ["FILE", "Codepoints", "read"]

FILE = "codepoints.json"
VERSION = 1
FIRST, LAST = 0xE001, 0xF8FF
SECOND, END = 0xF0000, 0xFFFFD
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Codepoints:
    """by_name: (character, id of the drawing) of each name."""

    by_name: dict[str, tuple[int, str]]

    def names(self, items: Iterable[Item]) -> dict[str, str]:
        """The names that these items had, by id."""
        ids = {item.id for item in items}
        return {id: name for name, (_, id) in self.by_name.items() if id in ids}

    def with_entries(self, entries: Iterable[Entry]) -> Codepoints:
        """With a character for each of them. ExportError where there is none left."""
        out = dict(self.by_name)
        following = max((point for point, _ in out.values()), default=FIRST - 1) + 1
        for entry in entries:
            known = out.get(entry.name)
            if known is not None:
                out[entry.name] = (known[0], entry.item.id)
                continue
            if LAST < following < SECOND:
                following = SECOND
            if following > END:
                raise ExportError("the private use areas of Unicode hold no more icons")
            out[entry.name] = (following, entry.item.id)
            following += 1
        return Codepoints(out)

    def text(self) -> str:
        """The file, in the order of the characters."""
        rows = sorted(self.by_name.items(), key=lambda row: row[1])
        icons = {name: {"codepoint": f"{point:04x}", "id": id} for name, (point, id) in rows}
        return json.dumps({"version": VERSION, "icons": icons}, indent=1) + "\n"


def read(data: bytes | None) -> Codepoints:
    """What an earlier export wrote; none for None."""
    if data is None:
        return Codepoints({})
    try:
        held = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged("it is no JSON") from error
    if not isinstance(held, dict) or not isinstance(held.get("icons"), dict):
        raise _damaged("it has no icons")
    version = held.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ExportError(f"{FILE} is of version {version!r:.20}, this program knows {VERSION}: update mnemicon")
    found: dict[str, tuple[int, str]] = {}
    for name, row in held["icons"].items():
        found[name] = _row(name, row)
    if len({point for point, _ in found.values()}) < len(found):
        raise _damaged("two icons have the same character")
    return Codepoints(found)


def _row(name: str, row: Any) -> tuple[int, str]:
    point, id = (row.get("codepoint"), row.get("id")) if isinstance(row, dict) else (None, None)
    if not NAME.fullmatch(name) or not isinstance(id, str) or not _ID.fullmatch(id):
        raise _damaged(f"the entry {name[:40]!r} has no name or id that was written here")
    if not isinstance(point, str) or not re.fullmatch(r"[0-9a-f]{4,6}", point):
        raise _damaged(f"{name} has no character")
    value = int(point, 16)
    if not (FIRST <= value <= LAST or SECOND <= value <= END):
        raise _damaged(f"the character of {name} is not in a private use area")
    return value, id


def _damaged(why: str) -> ExportError:
    return ExportError(f"{FILE} cannot be used: {why}; without the file every icon is given a new character")
