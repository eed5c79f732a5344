"""The store under memory: named collections of points, one set of them for each tenant.

Contract. A ``Point`` has a string id, a JSON payload and named vectors; a ``Schema`` says which vectors (dims,
metric) and which payload keys may be filtered by. A filter is a plain dict of equality, any-of or range conditions on
those keys, all of which must hold: there is no OR, no NOT, no wildcard and no way to leave the collection, which
belongs to one tenant. Scores are higher-is-better in every implementation: cosine similarity (-1..1), or ``1 / (1 +
distance)`` for euclid.

Implementations, all held to tests/memory/test_store.py:
    store_sqlite.SqliteStore   truth in one SQLite file, Qdrant Edge as a rebuildable index (the default)
    store_server.ServerStore   a Qdrant server by URL
    fake.FakeStore             dicts

Errors: ValueError for a filter or vector that the schema does not know (a bug of the caller inside this package),
MemoryUnavailable for everything that the operator must mend. No write is acknowledged before it is durable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "Collection",
    "Filter",
    "Hit",
    "Point",
    "Schema",
    "Store",
    "VectorSpec",
    "check_filter",
    "check_point",
    "score",
]

Metric: TypeAlias = Literal["cosine", "euclid"]
Scalar: TypeAlias = str | int | float | bool | None
Condition: TypeAlias = Scalar | Sequence[Scalar] | Mapping[str, float]
Filter: TypeAlias = Mapping[str, Condition]
"""{"kind": "exemplar"}: equal (None: absent). {"mode": ["outline", "color"]}: any of. {"w_n": {"gte": 1}}: range."""


@dataclass(frozen=True)
class VectorSpec:
    """A named vector: ``dims`` float32 numbers, compared by ``metric`` (cosine vectors are made unit length on
    write)."""

    dims: int
    metric: Metric = "cosine"


@dataclass(frozen=True)
class Schema:
    """name: of the collection, [a-z]+. facets: payload keys that a filter may name (top level; names that end in ``_n``
    hold numbers, the others strings or booleans)."""

    name: str
    vectors: Mapping[str, VectorSpec]
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    """A vector that is missing from ``vectors`` is absent: the point is then never found by that vector."""

    id: str
    payload: dict[str, Any]
    vectors: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    id: str
    score: float
    payload: dict[str, Any]


class Collection(Protocol):
    """Points of one kind, of one tenant."""

    schema: Schema

    def upsert(self, points: Sequence[Point]) -> None: ...

    def set_payload(self, id: str, payload: dict[str, Any]) -> None:
        """Replaces the payload and leaves the vectors; an unknown id changes nothing."""
        ...

    def delete(self, ids: Sequence[str]) -> int:
        """How many of them were there."""
        ...

    def get(self, ids: Sequence[str], *, vectors: bool = False) -> list[Point]:
        """Those that exist, in the order asked for."""
        ...

    def scroll(
        self, where: Filter | None = None, *, newest: int | None = None, vectors: bool = False
    ) -> Iterator[Point]:
        """All that match, oldest write first; with ``newest``, only the last n written, newest first. Never
        truncated."""
        ...

    def query(self, vector: str, value: np.ndarray, *, where: Filter | None = None, limit: int = 10) -> list[Hit]:
        """The nearest by the named vector, best first; ties by id."""
        ...

    def count(self, where: Filter | None = None) -> int: ...

    def version(self) -> int:
        """Changes whenever anything in the store was written, by any process (a server counts this process alone)."""
        ...


class Store(Protocol):
    """The collections of one tenant."""

    def collection(self, schema: Schema) -> Collection: ...

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside become durable together or not at all, and no other writer comes between (a server: no
        other thread of this process). Nestable."""
        ...

    def meta(self, key: str) -> str | None: ...

    def set_meta(self, key: str, value: str) -> None: ...

    def purge(self) -> None:
        """After deletions: leaves none of the deleted bytes in the store's files."""
        ...

    def reset(self) -> None:
        """Deletes all points of all collections, so that they can be written anew with vectors of other dims."""
        ...

    def erase(self) -> None:
        """Deletes the tenant's collections whole. The store is closed afterwards."""
        ...

    def close(self) -> None: ...


def check_filter(schema: Schema, where: Filter | None) -> list[tuple[str, str, Any]]:
    """``where`` as a list of (key, "eq" | "any" | "range", value), checked; raises ValueError for anything else."""
    out: list[tuple[str, str, Any]] = []
    for key, condition in (where or {}).items():
        if key not in schema.facets:
            raise ValueError(f"{schema.name} has no facet {key!r}")
        if isinstance(condition, Mapping):
            bad = set(condition) - {"gte", "lte", "gt", "lt"}
            if bad or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in condition.values()):
                raise ValueError(f"range on {key!r} takes gte, lte, gt, lt and numbers, not {condition!r}")
            out.append((key, "range", dict(condition)))
        elif isinstance(condition, str | int | float | bool) or condition is None:
            out.append((key, "eq", condition))
        elif isinstance(condition, Sequence) and all(isinstance(v, str | int | float | bool) for v in condition):
            out.append((key, "any", list(condition)))
        else:
            raise ValueError(f"condition on {key!r} must be a scalar, a list of scalars or a range")
    return out


def check_point(schema: Schema, point: Point) -> dict[str, np.ndarray]:
    """The point's vectors as float32, finite, of the right length, cosine ones unit length; raises ValueError."""
    import numpy as np

    out: dict[str, np.ndarray] = {}
    for name, value in point.vectors.items():
        spec = schema.vectors.get(name)
        if spec is None:
            raise ValueError(f"{schema.name} has no vector {name!r}")
        array = np.asarray(value, dtype=np.float32).reshape(-1)
        if array.shape != (spec.dims,) or not np.isfinite(array).all():
            raise ValueError(f"vector {name!r} must be {spec.dims} finite numbers, got shape {array.shape}")
        out[name] = unit(array) if spec.metric == "cosine" else array
    return out


def unit(array: np.ndarray) -> np.ndarray:
    """At unit length; a zero vector stays zero. One that is unit length already is not touched (so that a record that
    is exported and imported again keeps its very bytes)."""
    import numpy as np

    norm = float(np.linalg.norm(array))
    return array if norm == 0 or abs(norm - 1) < 1e-5 else (array / norm).astype(np.float32)


def score(metric: Metric, matrix: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Scores of the rows of ``matrix`` (n, dims) against ``value`` (dims,); rows of NaN (no such vector) score -inf."""
    import numpy as np

    if metric == "cosine":
        out: np.ndarray = matrix @ unit(value)
    else:
        out = 1.0 / (1.0 + np.linalg.norm(matrix - value, axis=1))
    out[np.isnan(out)] = -np.inf
    return out
