"""The rows of one collection in a ``SqliteStore``, and the two ways to find the nearest of them.

Contract. See ``memory.store.Collection``. A row holds its payload as JSON and its named vectors as one float32 blob in
the order of the schema (a missing vector is NaN). A query takes candidates from the Qdrant Edge index, or, where the
collection is small or the index is another process's, all rows; either way it scores them exactly.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from memory.store import Filter, Hit, Point, Schema, check_filter, check_point, score

if TYPE_CHECKING:
    import numpy as np

    from memory.store_index import EdgeIndex
    from memory.store_sqlite import SqliteStore

__all__ = ["SqliteCollection"]


class SqliteCollection:
    """One named collection of a ``SqliteStore``."""

    def __init__(self, store: SqliteStore, schema: Schema) -> None:
        self.store, self.schema = store, schema
        self._width = sum(spec.dims for spec in schema.vectors.values())
        self._index: EdgeIndex | None = None
        self._scan: tuple[int, list[int], np.ndarray] | None = None
        self.prepare()

    def prepare(self) -> None:
        """Indexes for the facets, in the order of writing: without them a filter reads every payload."""
        have = {row[0] for row in self._fetch("SELECT name FROM sqlite_master WHERE type = 'index'", [])}
        wanted = {f"points_{facet}": facet for facet in self.schema.facets if not facet.endswith("_n")}
        if set(wanted) - have:
            with self.store.writing() as db:
                for name, facet in wanted.items():
                    field = f"json_extract(facets, '$.{facet}')"
                    db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON points (col, {field}, seq)")

    def upsert(self, points: Sequence[Point]) -> None:
        rows = [(p.id, self._facets(p.payload), _json(p.payload), self._pack(p)) for p in points]
        with self.store.writing() as db:
            seq = self._next_seq(db)
            db.executemany(
                "INSERT INTO points (col, id, seq, facets, payload, vectors) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (col, id) DO UPDATE SET seq = excluded.seq, facets = excluded.facets, "
                "payload = excluded.payload, vectors = excluded.vectors",
                [(self.schema.name, row[0], seq, *row[1:]) for row in rows],
            )

    def set_payload(self, id: str, payload: dict[str, Any]) -> None:
        with self.store.writing() as db:
            db.execute(
                "UPDATE points SET facets = ?, payload = ?, seq = ? WHERE col = ? AND id = ?",
                (self._facets(payload), _json(payload), self._next_seq(db), self.schema.name, id),
            )

    def delete(self, ids: Sequence[str]) -> int:
        removed = 0
        with self.store.writing() as db:
            seq = self._next_seq(db)
            for id in ids:
                row = db.execute("SELECT n FROM points WHERE col = ? AND id = ?", (self.schema.name, id)).fetchone()
                if row is not None:
                    db.execute("DELETE FROM points WHERE n = ?", row)
                    db.execute("INSERT INTO gone VALUES (?, ?, ?)", (seq, self.schema.name, row[0]))
                    removed += 1
        return removed

    def get(self, ids: Sequence[str], *, vectors: bool = False) -> list[Point]:
        found: list[Point] = []
        with self.store.reading() as db:
            for id in ids:
                row = db.execute(
                    "SELECT id, payload, vectors FROM points WHERE col = ? AND id = ?", (self.schema.name, id)
                ).fetchone()
                if row is not None:
                    found.append(self._point(row, vectors))
        return found

    def scroll(
        self, where: Filter | None = None, *, newest: int | None = None, vectors: bool = False
    ) -> Iterator[Point]:
        clause, values = self._where(where)
        order = "ORDER BY seq DESC, n DESC LIMIT ?" if newest is not None else "ORDER BY seq, n"
        sql = f"SELECT id, payload, {'vectors' if vectors else 'NULL'} FROM points WHERE {clause} {order}"
        with self.store.reading() as db:
            rows = db.execute(sql, [*values, newest] if newest is not None else values).fetchall()
        return (self._point(row, vectors) for row in rows)

    def count(self, where: Filter | None = None) -> int:
        clause, values = self._where(where)
        with self.store.reading() as db:
            return int(db.execute(f"SELECT count(*) FROM points WHERE {clause}", values).fetchone()[0])

    def version(self) -> int:
        with self.store.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'seq'").fetchone()
        return 0 if row is None else int(row[0])

    def query(self, vector: str, value: np.ndarray, *, where: Filter | None = None, limit: int = 10) -> list[Hit]:
        import numpy as np

        spec = self.schema.vectors[vector]
        wanted = np.asarray(value, dtype=np.float32).reshape(-1)
        if wanted.shape != (spec.dims,) or not np.isfinite(wanted).all():
            raise ValueError(f"query vector {vector!r} must be {spec.dims} finite numbers")
        conditions = check_filter(self.schema, where)
        if limit < 1:
            return []
        with self.store.reading():
            candidates = self._candidates(vector, wanted, conditions, limit)
            if candidates is not None:
                ns, matrix = self._rows(candidates)
            else:
                ns, matrix = self._all_rows()
                if where and ns:
                    allowed = self._allowed(where)
                    keep = [i for i, n in enumerate(ns) if n in allowed]
                    ns, matrix = [ns[i] for i in keep], matrix[keep]
            if not ns:
                return []
            scores = score(spec.metric, matrix[:, self._slice(vector)], wanted)
            best = np.argsort(-scores, kind="stable")[
                : limit + 8
            ]  # a few more, so that equal scores are cut by id below
            hits = self._hits([(ns[i], float(scores[i])) for i in best if np.isfinite(scores[i])])
        return sorted(hits, key=lambda h: (-round(h.score, 6), h.id))[:limit]

    def close_index(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def drop_index(self) -> None:
        """Forget what was derived: the scan's cache and, where this process may, the index on disk."""
        self._scan = None
        if self._index is None:
            from memory.store_index import EdgeIndex, index_folder

            if not index_folder(self).exists():
                return
            self._index = EdgeIndex(self)
        self._index.drop()
        self._index = None

    # -- the two ways to candidates ------------------------------------------------------------------------------------

    def _candidates(self, vector: str, value: np.ndarray, conditions: list[Any], limit: int) -> list[int] | None:
        """Row numbers from the index, more than asked for so that the exact re-scoring can reorder; None: scan."""
        if self.store.in_transaction:
            return None  # what is not committed yet must not reach the index
        least = max(0, self.store.index_from - 1)
        if not self._fetch("SELECT 1 FROM points WHERE col = ? LIMIT 1 OFFSET ?", [self.schema.name, least]):
            return None  # too few for an index to pay
        if self._index is None:
            from memory.store_index import EdgeIndex

            self._index = EdgeIndex(self)
        return self._index.search(vector, value, conditions, 2 * limit + 24)

    def _all_rows(self) -> tuple[list[int], np.ndarray]:
        """Every row that has vectors, cached in memory until somebody writes."""
        import numpy as np

        version = self.version()
        if self._scan is None or self._scan[0] != version:
            with self.store.reading() as db:
                rows = db.execute(
                    "SELECT n, vectors FROM points WHERE col = ? AND vectors IS NOT NULL ORDER BY n",
                    (self.schema.name,),
                ).fetchall()
            matrix = np.frombuffer(b"".join(r[1] for r in rows), dtype=np.float32).reshape(len(rows), self._width)
            if self.store.in_transaction:  # it may be rolled back
                return [r[0] for r in rows], matrix
            self._scan = (version, [r[0] for r in rows], matrix)
        return self._scan[1], self._scan[2]

    def _rows(self, ns: Sequence[int]) -> tuple[list[int], np.ndarray]:
        import numpy as np

        with self.store.reading() as db:
            marks = ",".join("?" * len(ns))
            rows = db.execute(
                f"SELECT n, vectors FROM points WHERE n IN ({marks}) AND vectors IS NOT NULL", list(ns)
            ).fetchall()
        blob = b"".join(r[1] for r in rows)
        return [r[0] for r in rows], np.frombuffer(blob, dtype=np.float32).reshape(len(rows), self._width)

    def _allowed(self, where: Filter) -> set[int]:
        clause, values = self._where(where)
        with self.store.reading() as db:
            return {row[0] for row in db.execute(f"SELECT n FROM points WHERE {clause}", values)}

    def _hits(self, scored: Sequence[tuple[int, float]]) -> list[Hit]:
        by_n = dict(scored)
        with self.store.reading() as db:
            marks = ",".join("?" * len(by_n))
            rows = db.execute(f"SELECT n, id, payload FROM points WHERE n IN ({marks})", list(by_n)).fetchall()
        return [Hit(row[1], by_n[row[0]], json.loads(row[2])) for row in rows]

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _slice(self, vector: str) -> slice:
        start = 0
        for name, spec in self.schema.vectors.items():
            if name == vector:
                return slice(start, start + spec.dims)
            start += spec.dims
        raise ValueError(f"{self.schema.name} has no vector {vector!r}")

    def unpack(self, blob: bytes | None) -> dict[str, np.ndarray]:
        """The named vectors of a row; those that it lacks are left out."""
        import numpy as np

        if blob is None:
            return {}
        row = np.frombuffer(blob, dtype=np.float32)
        parts = {name: row[self._slice(name)] for name in self.schema.vectors}
        return {name: part for name, part in parts.items() if not np.isnan(part[0])}

    def _pack(self, point: Point) -> bytes | None:
        """All named vectors in schema order, float32; a missing one is NaN. None when there is none at all."""
        import numpy as np

        vectors = check_point(self.schema, point)
        if not vectors:
            return None
        row = np.full(self._width, np.nan, dtype=np.float32)
        for name, array in vectors.items():
            row[self._slice(name)] = array
        return row.tobytes()

    def _facets(self, payload: dict[str, Any]) -> str:
        """The facets alone: a filter reads 80 bytes a row instead of a drawing."""
        return _json({key: payload[key] for key in self.schema.facets if payload.get(key) is not None})

    def _point(self, row: Sequence[Any], vectors: bool) -> Point:
        return Point(row[0], json.loads(row[1]), self.unpack(row[2]) if vectors else {})

    def _fetch(self, sql: str, values: Sequence[Any]) -> list[Any]:
        with self.store.reading() as db:
            return db.execute(sql, values).fetchall()

    def _where(self, where: Filter | None) -> tuple[str, list[Any]]:
        """The filter as SQL. Keys come from the schema's own list; values are bound, never written into the text."""
        clauses, values = ["col = ?"], [self.schema.name]
        for key, kind, value in check_filter(self.schema, where):
            field = f"json_extract(facets, '$.{key}')"
            if kind == "eq":
                clauses.append(f"{field} IS ?")
                values.append(value)
            elif kind == "any":
                clauses.append(f"{field} IN ({','.join('?' * len(value))})")
                values.extend(value)
            else:
                for op, bound in value.items():
                    clauses.append(f"{field} {'>' if op[0] == 'g' else '<'}{'=' if op.endswith('e') else ''} ?")
                    values.append(bound)
        return " AND ".join(clauses), values

    def _next_seq(self, db: sqlite3.Connection) -> int:
        row = db.execute(
            "INSERT INTO meta VALUES ('seq', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 "
            "RETURNING value"
        ).fetchone()
        return int(row[0])


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
