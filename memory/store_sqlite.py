"""The embedded store: one SQLite file for each tenant is the truth; a Qdrant Edge shard beside it is a rebuildable index.

Contract. ``SqliteStore(folder)`` makes or opens ``folder/memory.db`` (0600, WAL, synchronous=FULL, secure_delete). Every write
is one short transaction, so processes on one folder take turns (up to ``BUSY_SECONDS``) instead of failing, and threads of
one process share a connection behind a lock: no write is lost. Queries go to the Qdrant Edge index (``store_index.py``)
when the collection is large enough for it to pay and no other process holds it, and are answered exactly by a numpy scan of
the same rows otherwise. Index candidates are always re-scored with the exact vectors from SQLite.

Errors: MemoryUnavailable (busy, full disk, damaged file, no permission), naming the file and what to do; whatever was
acknowledged before is still there.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory.errors import MemoryUnavailable
from memory.paths import make_private
from memory.store import Filter, Hit, Point, Schema, check_filter, check_point, score

if TYPE_CHECKING:
    import numpy as np

    from memory.store_index import EdgeIndex

__all__ = ["INDEX_FROM", "SqliteCollection", "SqliteStore"]

BUSY_SECONDS = 10.0  # how long a process waits for its turn; a write holds the file for about 5 ms
INDEX_FROM = 1000  # points; an exact scan of fewer takes less time than opening a shard (measured: 0.3 ms against 45 ms)
FORMAT = "1"

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS points (
    n INTEGER PRIMARY KEY AUTOINCREMENT, col TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    payload TEXT NOT NULL, vectors BLOB, UNIQUE (col, id));
CREATE INDEX IF NOT EXISTS points_seq ON points (col, seq);
CREATE TABLE IF NOT EXISTS gone (seq INTEGER NOT NULL, col TEXT NOT NULL, n INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS gone_seq ON gone (col, seq);
"""


class SqliteStore:
    """The collections of one tenant, in ``folder``."""

    def __init__(self, folder: Path, *, index_from: int = INDEX_FROM) -> None:
        self.folder = Path(folder)
        self.path = self.folder / "memory.db"
        self.index_from = index_from
        self._lock = threading.RLock()
        self._depth = 0
        self._db: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None
        self._collections: dict[str, SqliteCollection] = {}
        with self.guarded():
            self._connect()

    def collection(self, schema: Schema) -> SqliteCollection:
        with self._lock:
            if schema.name not in self._collections:
                self._collections[schema.name] = SqliteCollection(self, schema)
            return self._collections[schema.name]

    @property
    def in_transaction(self) -> bool:
        return self._depth > 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.writing():
            yield

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a write transaction; joins the one that this thread is already in."""
        with self._lock, self.guarded():
            if self._depth:
                self._depth += 1
                try:
                    yield self._connect()
                finally:
                    self._depth -= 1
                return
            db = self._connect(check_erased=True)
            db.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that are consumed inside the block."""
        with self._lock, self.guarded():
            yield self._connect(check_erased=not self._depth)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turns what SQLite and the file system report into MemoryUnavailable with the path and the way out."""
        try:
            yield
        except sqlite3.Error as error:
            raise MemoryUnavailable(_sqlite_reason(error, self.path)) from error
        except OSError as error:
            raise MemoryUnavailable(f"memory at {self.folder} cannot be used: {error.strerror or error}") from error

    def meta(self, key: str) -> str | None:
        with self.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self) -> str:
        """Changes when deletions were purged: an index of an older generation holds vectors that must go."""
        return self.meta("generation") or ""

    def purge(self) -> None:
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (uuid.uuid4().hex,))
            db.execute("DELETE FROM gone")  # the indexes are rebuilt, they need no list of what to drop
        with self._lock:
            for collection in self._collections.values():
                collection.drop_index()
        with self.guarded(), self._lock:
            db = self._connect()
            db.execute("VACUUM")
            self._truncate_log(db)

    def erase(self) -> None:
        """Empties the file (so that a process which has it open finds nothing either), then removes the whole folder."""
        with self._lock:
            with self.writing() as db:
                for table in ("points", "gone", "meta"):
                    db.execute(f"DELETE FROM {table}")
            with self.guarded():
                db = self._connect()
                db.execute("VACUUM")
                self._truncate_log(db)
                self.close()
                doomed = self.folder.with_name(f".erased-{uuid.uuid4().hex[:12]}")
                os.rename(self.folder, doomed)  # at once gone for every process that opens it from here on
                shutil.rmtree(doomed)

    def close(self) -> None:
        with self._lock:
            for collection in self._collections.values():
                collection.close_index()
            if self._db is not None:
                self._db.close()
                self._db = None

    def _truncate_log(self, db: sqlite3.Connection) -> None:
        """The write-ahead log keeps old pages until it is reset, which a reader in another process can hold up."""
        until = time.monotonic() + BUSY_SECONDS
        while db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                raise MemoryUnavailable(
                    f"deleted, but {self.path}-wal may still hold the text: another process is reading; close it and repeat"
                )
            time.sleep(0.05)

    def _connect(self, *, check_erased: bool = False) -> sqlite3.Connection:
        """The open connection; a new one where there is none or another process has erased the file beneath it."""
        if self._db is not None and check_erased and self._inode != _inode(self.path):
            for collection in self._collections.values():
                collection.close_index()
            self._db.close()
            self._db = None
        if self._db is None:
            make_private(self.folder)
            if not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(db)
            except BaseException:
                db.close()
                raise
            self._db, self._inode = db, _inode(self.path)
        return self._db

    def _prepare(self, db: sqlite3.Connection) -> None:
        db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        db.execute("PRAGMA secure_delete = ON")
        if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA temp_store = MEMORY")  # no text in temporary files
        if db.execute("SELECT name FROM sqlite_master WHERE name = 'gone'").fetchone() is None:
            db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            db.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
        found = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        if found is not None and found[0] != FORMAT:
            raise MemoryUnavailable(f"{self.path} is of format {found[0]}, this program reads {FORMAT}: update mnemicon")


class SqliteCollection:
    """One named collection of a ``SqliteStore``."""

    def __init__(self, store: SqliteStore, schema: Schema) -> None:
        self.store, self.schema = store, schema
        self._width = sum(spec.dims for spec in schema.vectors.values())
        self._index: EdgeIndex | None = None
        self._scan: tuple[int, list[int], np.ndarray] | None = None

    def upsert(self, points: Sequence[Point]) -> None:
        rows = [(p.id, json.dumps(p.payload, ensure_ascii=False), self._pack(p)) for p in points]
        with self.store.writing() as db:
            seq = self._next_seq(db)
            db.executemany(
                "INSERT INTO points (col, id, seq, payload, vectors) VALUES (?, ?, ?, ?, ?) ON CONFLICT (col, id) DO UPDATE "
                "SET seq = excluded.seq, payload = excluded.payload, vectors = excluded.vectors",
                [(self.schema.name, id, seq, payload, vectors) for id, payload, vectors in rows],
            )

    def set_payload(self, id: str, payload: dict[str, Any]) -> None:
        with self.store.writing() as db:
            db.execute(
                "UPDATE points SET payload = ?, seq = ? WHERE col = ? AND id = ?",
                (json.dumps(payload, ensure_ascii=False), self._next_seq(db), self.schema.name, id),
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
            best = np.argsort(-scores, kind="stable")[: limit + 8]  # a few more, so that equal scores are cut by id below
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
        if self.store.in_transaction or self.count() < self.store.index_from:
            return None  # what is not committed yet must not reach the index
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
                    "SELECT n, vectors FROM points WHERE col = ? AND vectors IS NOT NULL ORDER BY n", (self.schema.name,)
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

    def _point(self, row: Sequence[Any], vectors: bool) -> Point:
        return Point(row[0], json.loads(row[1]), self.unpack(row[2]) if vectors else {})

    def _where(self, where: Filter | None) -> tuple[str, list[Any]]:
        """The filter as SQL. Keys come from the schema's own list; values are bound, never written into the text."""
        clauses, values = ["col = ?"], [self.schema.name]
        for key, kind, value in check_filter(self.schema, where):
            field = f"json_extract(payload, '$.{key}')"
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


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino


def _sqlite_reason(error: sqlite3.Error, path: Path) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return f"memory at {path} is busy: another process has been writing for {BUSY_SECONDS:.0f} s; try again"
    if "full" in text or "disk I/O" in text:
        return f"memory at {path} could not be written ({text}): free some disk space; what was remembered before is kept"
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return f"memory at {path} is damaged ({text}): move the file away or restore a copy; nothing was overwritten"
    if "readonly" in text or "unable to open" in text:
        return f"memory at {path} cannot be opened for writing ({text}): check the folder's permissions"
    return f"memory at {path} failed: {text}"
