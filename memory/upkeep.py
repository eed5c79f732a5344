"""What is computed from records is computed anew when the way of computing it has changed.

Contract. ``refresh`` compares the store's mark (embedder, its dims, version of the style vector, eye) with what runs
now; where they differ it embeds, measures and sees every record again, in one transaction (about 25 ms an icon).
Vectors of two models are never compared.
"""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from memory.exemplars import Found, checked
from memory.records import Exemplar
from memory.store import Point

if TYPE_CHECKING:
    from memory.facade import Books

__all__ = ["mark", "refresh"]

log = logging.getLogger(__name__)


def mark(books: Books) -> str:
    embedder = books.exemplars.embedder
    return f"{embedder.name}:{embedder.dims}/style:{_style_version()}/eye:{books.exemplars.eye.name}"


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


@lru_cache(maxsize=1)
def _style_version() -> str:
    """A hash of what a fixed look is as a style vector: another weight, another version."""
    from svggen.style.vector import DIMS, Seen, to_vector

    probe = to_vector(Seen(*([0.5] * DIMS)))
    return hashlib.sha256(probe.tobytes()).hexdigest()[:12]


def _recompute(books: Books) -> None:
    table, icons = books.preferences.collection, books.exemplars.collection
    rows, points = list(table.scroll()), list(icons.scroll())
    books.store.reset()
    for row in rows:
        text = str(row.payload.get("data", ""))
        table.upsert([Point(row.id, row.payload, {"text": books.preferences.embedder.embed([text])[0]})])
    for point in points:
        found = Found(point.id, point.payload, 0.0)
        item: Exemplar | str = "not an icon"
        if point.payload.get("kind") == "exemplar":
            _, item = next(checked([found]))
        if isinstance(item, str):  # a rejection, a tombstone, or an icon that no longer validates: kept as it is
            icons.upsert([point])
        else:
            list(books.exemplars.put([item], accepted=found.accepted))
