"""The store on a Qdrant server: a pair of collections for each tenant, named by the tenant's key.

Contract. The same as ``store_sqlite`` above the seam. Payloads lie on the server, text included; erasing a tenant
deletes the collections. ``transaction`` keeps the threads of this process apart and nothing more: a server has no
transactions, so two processes that state the same slot at the same moment may both add a row, of which reading takes
the newest. Any client of qdrant-client's interface will do; the tests use ``QdrantClient(":memory:")`` for the wire.

Errors: MemoryUnavailable for whatever the client raises, naming the server's reason.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from memory.errors import MemoryUnavailable
from memory.store import Filter, Hit, Point, Schema, check_filter, check_point, unit

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ServerCollection", "ServerStore", "connect"]

PAGE = 256  # points fetched at once; a scroll goes on until there are no more
TIMEOUT = 10  # seconds for one request
_NAMESPACE = uuid.UUID("6b0c2a52-5a5e-4f0f-9d36-1f6e1d7a4c11")  # of our string ids: a server takes UUIDs only


def connect(url: str, api_key: str | None = None) -> Any:
    """A client of the server at ``url``; raises MemoryUnavailable where none answers."""
    from qdrant_client import QdrantClient

    client = QdrantClient(url=url, api_key=api_key, timeout=TIMEOUT, check_compatibility=False)
    with _guarded():
        client.get_collections()
    return client


class ServerStore:
    """The collections of one tenant; ``prefix`` is the tenant's key."""

    def __init__(self, client: Any, prefix: str) -> None:
        self.client, self.prefix = client, prefix
        self.changes = 0  # of this process, for caches
        self._lock = threading.RLock()
        self._collections: dict[str, ServerCollection] = {}

    def collection(self, schema: Schema) -> ServerCollection:
        with self._lock:
            if schema.name not in self._collections:
                self._collections[schema.name] = ServerCollection(self, schema)
            return self._collections[schema.name]

    def exists(self) -> bool:
        """Whether the tenant has anything on the server."""
        with _guarded():
            return any(name.startswith(f"{self.prefix}-") for name in self._names())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            yield

    @contextmanager
    def talking(self) -> Iterator[Any]:
        """The client, one request at a time (its embedded stand-in loses writes otherwise)."""
        with self._lock, _guarded():
            yield self.client

    def meta(self, key: str) -> str | None:
        found = self._meta().get([f"meta-{key}"])
        return str(found[0].payload.get("value")) if found else None

    def set_meta(self, key: str, value: str) -> None:
        self._meta().upsert([Point(f"meta-{key}", {"value": value})])

    def purge(self) -> None:
        """A server's files are its own: it drops deleted points when it next optimises the segment."""

    def reset(self) -> None:
        with self.talking() as client:
            for collection in self._collections.values():
                client.delete_collection(collection.name)
                collection.create()
                self.changes += 1

    def erase(self) -> None:
        with self.talking() as client:
            for name in self._names():
                if name.startswith(f"{self.prefix}-"):
                    client.delete_collection(name)
            self._collections.clear()

    def close(self) -> None:
        """The client belongs to whoever made it."""

    def _names(self) -> list[str]:
        return [c.name for c in self.client.get_collections().collections]

    def _meta(self) -> ServerCollection:
        return self.collection(Schema("meta", {}))


class ServerCollection:
    """One named collection of a ``ServerStore``, made on the server where it is missing."""

    def __init__(self, store: ServerStore, schema: Schema) -> None:
        self.store, self.schema = store, schema
        self.name = f"{store.prefix}-{schema.name}"
        self._last = 0.0
        with store.talking() as client:
            if not client.collection_exists(self.name):
                self.create()

    def create(self) -> None:
        from qdrant_client import models

        with self.store.talking() as client:
            # vectors are unit length already: the dot product is the cosine, and they stay as they were given
            client.create_collection(
                self.name,
                vectors_config={
                    name: models.VectorParams(
                        size=spec.dims,
                        distance=models.Distance.DOT if spec.metric == "cosine" else models.Distance.EUCLID,
                    )
                    for name, spec in self.schema.vectors.items()
                },
            )
            if not _is_local(client):
                for facet in (*self.schema.facets, "_seq"):
                    number = facet.endswith("_n") or facet == "_seq"
                    kind = models.PayloadSchemaType.FLOAT if number else models.PayloadSchemaType.KEYWORD
                    client.create_payload_index(self.name, facet, field_schema=kind)

    def upsert(self, points: Sequence[Point]) -> None:
        from qdrant_client import models

        if not points:
            return
        checked = [(p, check_point(self.schema, p)) for p in points]
        with self.store.talking() as client:
            seq = self._next_seq()
            structs = [
                models.PointStruct(
                    id=_wire_id(p.id),
                    vector={name: array.tolist() for name, array in vectors.items()},
                    payload={**p.payload, "_id": p.id, "_seq": seq + i / 1e6},
                )
                for i, (p, vectors) in enumerate(checked)
            ]
            for start in range(0, len(structs), PAGE):
                client.upsert(self.name, points=structs[start : start + PAGE], wait=True)
            self.store.changes += 1

    def set_payload(self, id: str, payload: dict[str, Any]) -> None:
        with self.store.talking() as client:
            found = client.retrieve(self.name, ids=[_wire_id(id)], with_payload=True)
            if found:
                body = {**payload, "_id": id, "_seq": self._next_seq()}
                client.overwrite_payload(self.name, payload=body, points=[_wire_id(id)], wait=True)
                self.store.changes += 1

    def delete(self, ids: Sequence[str]) -> int:
        from qdrant_client import models

        with self.store.talking() as client:
            there = client.retrieve(self.name, ids=[_wire_id(id) for id in ids], with_payload=False)
            if there:
                selector = models.PointIdsList(points=[record.id for record in there])
                client.delete(self.name, points_selector=selector, wait=True)
                self.store.changes += 1
            return len(there)

    def get(self, ids: Sequence[str], *, vectors: bool = False) -> list[Point]:
        if not ids:
            return []
        with self.store.talking() as client:
            wire = [_wire_id(id) for id in ids]
            records = client.retrieve(self.name, ids=wire, with_payload=True, with_vectors=vectors)
        by_id = {point.id: point for point in (self._point(record) for record in records)}
        return [by_id[id] for id in ids if id in by_id]

    def scroll(
        self, where: Filter | None = None, *, newest: int | None = None, vectors: bool = False
    ) -> Iterator[Point]:
        records: list[Any] = []
        offset: Any = None
        with self.store.talking() as client:
            while True:
                page, offset = client.scroll(
                    self.name,
                    scroll_filter=self._filter(where),
                    limit=PAGE,
                    offset=offset,
                    with_payload=True,
                    with_vectors=vectors,
                )
                records += page
                if offset is None:
                    break
        records.sort(key=lambda r: r.payload.get("_seq", 0), reverse=newest is not None)
        return (self._point(record) for record in (records if newest is None else records[:newest]))

    def query(self, vector: str, value: np.ndarray, *, where: Filter | None = None, limit: int = 10) -> list[Hit]:
        import numpy as np

        spec = self.schema.vectors[vector]
        wanted = np.asarray(value, dtype=np.float32).reshape(-1)
        if wanted.shape != (spec.dims,) or not np.isfinite(wanted).all():
            raise ValueError(f"query vector {vector!r} must be {spec.dims} finite numbers")
        condition = self._filter(where)
        if limit < 1:
            return []
        query = (unit(wanted) if spec.metric == "cosine" else wanted).tolist()
        with self.store.talking() as client:
            answer = client.query_points(
                self.name, query=query, using=vector, query_filter=condition, limit=limit + 8, with_payload=True
            )
        hits = []
        for found in answer.points:
            point = self._point(found)
            value_ = found.score if spec.metric == "cosine" else 1.0 / (1.0 + max(0.0, found.score))
            hits.append(Hit(point.id, float(value_), point.payload))
        return sorted(hits, key=lambda h: (-round(h.score, 6), h.id))[:limit]

    def count(self, where: Filter | None = None) -> int:
        condition = self._filter(where)
        with self.store.talking() as client:
            return int(client.count(self.name, count_filter=condition, exact=True).count)

    def version(self) -> int:
        return self.store.changes

    def _filter(self, where: Filter | None) -> Any:
        from qdrant_client import models

        must: list[Any] = []
        for key, kind, value in check_filter(self.schema, where):
            if kind == "range":
                must.append(models.FieldCondition(key=key, range=models.Range(**value)))
            elif kind == "any":
                must.append(models.FieldCondition(key=key, match=models.MatchAny(any=value)))
            elif value is None:
                must.append(models.IsEmptyCondition(is_empty=models.PayloadField(key=key)))
            elif isinstance(value, float):
                must.append(models.FieldCondition(key=key, range=models.Range(gte=value, lte=value)))
            else:
                must.append(models.FieldCondition(key=key, match=models.MatchValue(value=value)))
        return models.Filter(must=must) if must else None

    def _point(self, record: Any) -> Point:
        import numpy as np

        payload = {key: value for key, value in (record.payload or {}).items() if key not in ("_id", "_seq")}
        named = getattr(record, "vector", None) or {}
        vectors = {name: np.asarray(array, dtype=np.float32) for name, array in named.items()}
        return Point(str((record.payload or {}).get("_id", record.id)), payload, vectors)

    def _next_seq(self) -> float:
        """The order of writes: the time, never twice the same in this process."""
        self._last = max(self._last + 1e-3, time.time())
        return self._last


def _wire_id(id: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, id))


def _is_local(client: Any) -> bool:
    """Whether it is the embedded stand-in, which ignores payload indexes with a warning."""
    return type(getattr(client, "_client", None)).__name__ == "QdrantLocal"


@contextmanager
def _guarded() -> Iterator[None]:
    """Turns what the client raises into MemoryUnavailable. It raises its own errors, httpx's, grpc's and bare ones."""
    try:
        yield
    except (MemoryUnavailable, ValueError):
        raise
    except Exception as error:  # no common base: ApiException, httpx.HTTPError, RpcError, RuntimeError ...
        raise MemoryUnavailable(f"the Qdrant server failed: {' '.join(str(error).split())[:200]}") from error
