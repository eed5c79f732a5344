"""A Memory in dicts, for tests and trials: nothing on disk, nothing loaded, the same gate and the same answers.

Contract. ``FakeMemory()`` passes the same contract suite as the real ones. Its store is ``FakeStore``: dicts, and
exact scores.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from memory import exemplars, preferences
from memory.eye import Eye, FakeEye
from memory.facade import Books, StoredMemory
from memory.store import Filter, Hit, Point, Schema, check_filter, check_point, score

if TYPE_CHECKING:
    import numpy as np

    from memory.embedding import Embedder

__all__ = ["FakeMemory", "FakeStore"]


class FakeMemory(StoredMemory):
    """Forgets everything when the process ends."""

    def __init__(
        self,
        *,
        embedder: Embedder | None = None,
        eye: Eye | None = None,
        library: Any | None = None,
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
    ) -> None:
        if embedder is None:
            from memory.embedding import FakeEmbedder

            embedder = FakeEmbedder()
        super().__init__(embedder=embedder, eye=eye or FakeEye(), library=lambda: library, clock=clock, ids=ids)

    def _open(self, user: str, create: bool) -> Books | None:
        if not create:
            return None
        store = FakeStore()
        dims = self._embedder.dims
        return Books(
            store,
            preferences.PreferenceBook(store.collection(preferences.schema(dims)), self._embedder),
            exemplars.ExemplarBook(store.collection(exemplars.schema(dims)), self._embedder, self._eye),
        )

    def _erase(self, user: str, books: Books | None) -> None:
        """Popped by the caller: nothing else holds it."""

    def close(self) -> None:
        """Keeps what it knows: a test may open it again."""


class FakeStore:
    """The Store protocol in dicts."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._collections: dict[str, FakeCollection] = {}
        self._meta: dict[str, str] = {}
        self.changes = 0

    def collection(self, schema: Schema) -> FakeCollection:
        return self._collections.setdefault(schema.name, FakeCollection(self, schema))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            before = {name: dict(c.points) for name, c in self._collections.items()}
            try:
                yield
            except BaseException:
                for name, points in before.items():
                    self._collections[name].points = points
                raise

    def meta(self, key: str) -> str | None:
        return self._meta.get(key)

    def set_meta(self, key: str, value: str) -> None:
        self._meta[key] = value

    def purge(self) -> None: ...

    def reset(self) -> None:
        for collection in self._collections.values():
            collection.points.clear()

    def erase(self) -> None:
        self.reset()

    def close(self) -> None: ...


class FakeCollection:
    """id -> (payload, vectors), in the order of writing."""

    def __init__(self, store: FakeStore, schema: Schema) -> None:
        self.store, self.schema = store, schema
        self.points: dict[str, Point] = {}

    def upsert(self, points: Sequence[Point]) -> None:
        with self.store._lock:
            for p in points:
                self.points.pop(p.id, None)
                self.points[p.id] = Point(p.id, copy.deepcopy(p.payload), check_point(self.schema, p))
            self.store.changes += 1

    def set_payload(self, id: str, payload: dict[str, Any]) -> None:
        if id in self.points:
            self.upsert([Point(id, payload, self.points[id].vectors)])

    def delete(self, ids: Sequence[str]) -> int:
        with self.store._lock:
            self.store.changes += 1
            return sum(self.points.pop(id, None) is not None for id in ids)

    def get(self, ids: Sequence[str], *, vectors: bool = False) -> list[Point]:
        return [_copy(self.points[id], vectors) for id in ids if id in self.points]

    def scroll(
        self, where: Filter | None = None, *, newest: int | None = None, vectors: bool = False
    ) -> Iterator[Point]:
        with self.store._lock:
            found = [p for p in self.points.values() if self._matches(p, where)]
        return (_copy(p, vectors) for p in (found if newest is None else found[::-1][:newest]))

    def query(self, vector: str, value: np.ndarray, *, where: Filter | None = None, limit: int = 10) -> list[Hit]:
        import numpy as np

        spec = self.schema.vectors[vector]
        wanted = np.asarray(value, dtype=np.float32).reshape(-1)
        if wanted.shape != (spec.dims,) or not np.isfinite(wanted).all():
            raise ValueError(f"query vector {vector!r} must be {spec.dims} finite numbers")
        found = [p for p in self.scroll(where, vectors=True) if vector in p.vectors]
        if not found or limit < 1:
            return []
        scores = score(spec.metric, np.stack([p.vectors[vector] for p in found]), wanted)
        hits = [Hit(p.id, float(s), p.payload) for p, s in zip(found, scores, strict=True)]
        return sorted(hits, key=lambda h: (-round(h.score, 6), h.id))[:limit]

    def count(self, where: Filter | None = None) -> int:
        return sum(1 for _ in self.scroll(where))

    def version(self) -> int:
        return self.store.changes

    def _matches(self, point: Point, where: Filter | None) -> bool:
        for key, kind, value in check_filter(self.schema, where):
            have = point.payload.get(key)
            if kind == "range":
                tests = {"gte": "__ge__", "lte": "__le__", "gt": "__gt__", "lt": "__lt__"}
                if not isinstance(have, int | float):
                    return False
                if not all(getattr(float(have), tests[op])(float(bound)) for op, bound in value.items()):
                    return False
            elif (kind == "any" and have not in value) or (kind == "eq" and have != value):
                return False
        return True


def _copy(point: Point, vectors: bool) -> Point:
    return Point(point.id, copy.deepcopy(point.payload), dict(point.vectors) if vectors else {})
