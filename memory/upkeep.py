"""What is computed from records is computed anew when the way of computing it has changed.

Contract. ``refresh`` compares the store's mark (embedder, its dims, style vector's dims and version) with what runs now; where
they differ it embeds and measures every record again, in one transaction (about 15 ms an icon). Vectors of two models are
never compared.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import svggen.style
from memory.errors import RecordError
from memory.exemplars import checked
from memory.store import Point

if TYPE_CHECKING:
    from memory.facade import Books

__all__ = ["mark", "refresh"]

log = logging.getLogger(__name__)


def mark(books: Books) -> str:
    embedder = books.exemplars.embedder
    version = getattr(svggen.style, "STYLE_VERSION", 1)
    return f"{embedder.name}:{embedder.dims}/style:{svggen.style.STYLE_DIMS}.{version}"


def refresh(books: Books) -> None:
    """Does nothing where the mark fits; raises MemoryUnavailable, and leaves all as it was, where it cannot be done."""
    wanted = mark(books)
    if books.store.meta("vectors") == wanted:
        return
    with books.store.transaction():
        found = books.store.meta("vectors")
        if found not in (None, wanted):
            log.warning("vectors are of %s, not %s: computing them again", found, wanted)
            _recompute(books)
        books.store.set_meta("vectors", wanted)


def _recompute(books: Books) -> None:
    table, icons = books.preferences.collection, books.exemplars.collection
    rows = list(table.scroll())
    points = list(icons.scroll())
    drawn = [p.id for p in points if p.payload.get("kind") == "exemplar"]
    kept = {True: [], False: []}  # type: dict[bool, list[str]]
    books.store.reset()
    for row in rows:
        text = str(row.payload.get("data", ""))
        table.upsert([Point(row.id, row.payload, {"text": books.preferences.embedder.embed([text])[0]})])
    icons.upsert([p for p in points if p.id not in set(drawn)])
    from memory.exemplars import Found

    for found, exemplar in checked(Found(p.id, p.payload, 0.0) for p in points if p.payload.get("kind") == "exemplar"):
        if isinstance(exemplar, str):
            raise RecordError(exemplar)
        list(books.exemplars.put([exemplar], accepted=found.accepted))
        kept[found.accepted].append(found.id)
