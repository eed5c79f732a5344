"""Which icons are exported, what they are called, and whose work they were drawn from.

Contract. ``kept`` is one kept drawing, ``own`` the icons of a user's memory, ``found`` those of a folder; each gives
items for ``svggen.export``. SVG text goes through ``svggen.safety`` whatever its origin. Credits follow the drawings:
an icon that was drawn from an accepted one names what that one was drawn from. Errors: KeyError for an unknown id,
SvgGenError for a drawing that cannot be read, MemoryError_ where memory cannot be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.drawings import Drawings
from svggen.export import Item, Source
from svggen.icon import Icon, icon_id
from svggen.safety import load

if TYPE_CHECKING:
    from memory.memory import Memory
    from memory.records import Tenant

__all__ = ["found", "kept", "own"]

OWN = frozenset({"", "own", "user's own"})
"""What stands for the licence of an icon that is the user's own work."""
UNRECORDED = "an icon set that is no longer recorded"


def kept(drawings: Drawings, id: str) -> Item:
    """One kept drawing, by its id, a unique beginning of it, or "last"."""
    record = drawings.get(id)
    icon = load(record["svg"])
    words = str(record.get("subject") or record.get("prompt") or "")
    sources = tuple(dict.fromkeys(_credits(record, drawings, set())))
    return Item(icon_id(icon), words, icon, category=str(record.get("project") or ""), sources=sources)


def own(memory: Memory, tenant: Tenant, drawings: Drawings) -> Iterator[Item]:
    """All icons of the user, oldest first; those of one project where the tenant names one."""
    for exemplar in memory.exemplars(tenant):
        try:
            sources = tuple(dict.fromkeys(_credits(drawings.get(exemplar.id), drawings, set())))
        except KeyError:  # not drawn here, or so long ago that the drawing is gone
            sources = tuple(_unrecorded(exemplar.licence, exemplar.source))
        yield Item(exemplar.id, exemplar.name, exemplar.icon, category=exemplar.project or "", sources=sources)


def found(icons: Iterable[tuple[Path, Icon]]) -> list[Item]:
    """Icons from files, with their paths in the folder that was named: called after the files, grouped by the folders
    in it. A drawing that is there twice is one item with two names."""
    items: dict[str, Item] = {}
    for path, icon in icons:
        identity = icon_id(icon)
        known = items.get(identity)
        if known is not None:
            items[identity] = replace(known, aliases=(*known.aliases, path.stem))
        else:
            items[identity] = Item(identity, path.stem, icon, category=" / ".join(path.parts[:-1]))
    return list(items.values())


# ------------------------------------------------------------------------------------------------------------ credits


def _credits(record: Mapping[str, Any], drawings: Drawings, seen: set[str]) -> Iterator[Source]:
    """The icons of others that a drawing was made from, through the user's own icons between."""
    seen.add(str(record.get("id")))
    for exemplar in _used(record.get("exemplars")):
        id, source, licence = (str(exemplar.get(k) or "") for k in ("id", "source", "licence"))
        known = _sets().get(source)
        if known is not None:
            name = "" if id.endswith(":by heart") else str(exemplar.get("name") or "")
            yield Source(known["name"], licence, name, known.get("author", ""), known.get("url", ""))
        elif id in seen:
            continue
        else:
            try:
                yield from _credits(drawings.get(id), drawings, seen)
            except KeyError:
                yield from _unrecorded(licence, source)


def _used(exemplars: Any) -> Iterable[Mapping[str, Any]]:
    return [e for e in exemplars if isinstance(e, dict) and e.get("used")] if isinstance(exemplars, list) else []


def _unrecorded(licence: str, source: str) -> Iterator[Source]:
    """What is left to say where only the licences were kept ("ISC, MIT")."""
    if licence.strip().lower() in OWN:
        return
    origin = source if source and source != "accepted" and not source.startswith("library add") else UNRECORDED
    for name in licence.split(","):
        if name.strip().lower() not in OWN:
            yield Source(origin, name.strip())


@cache
def _sets() -> dict[str, dict[str, Any]]:
    """The library's sets by id; none where the library cannot be opened."""
    from memory.errors import LibraryError
    from memory.library import open_library

    try:
        return {entry["id"]: entry for entry in open_library().stats()["sets"]}
    except LibraryError:
        return {}
