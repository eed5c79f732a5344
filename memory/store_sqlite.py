"""The embedded store: one SQLite file for each tenant is the truth, a Qdrant Edge shard beside it an index.

Contract. ``SqliteStore(folder)`` makes or opens ``folder/memory.db`` (0600, WAL, synchronous=FULL, secure_delete).
Every write is one short transaction, so processes on one folder take turns (up to ``BUSY_SECONDS``) instead of
failing, and threads of one process share a connection behind a lock: no write is lost. Queries go to the Qdrant Edge
index (``store_index.py``) when the collection is large enough for it to pay and no other process holds it, and are
answered exactly by a numpy scan of the same rows otherwise. Index candidates are always re-scored with the exact
vectors from SQLite.

Errors: MemoryUnavailable (busy, full disk, damaged file, no permission), naming the file and what to do; whatever was
acknowledged before is still there.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from memory.errors import MemoryUnavailable
from memory.paths import make_private
from memory.store import Schema
from memory.store_rows import SqliteCollection

log = logging.getLogger(__name__)

__all__ = ["INDEX_FROM", "SqliteStore"]

BUSY_SECONDS = 10.0  # how long a process waits for its turn; a write holds the file for about 5 ms
INDEX_FROM = 1000  # points: scanning 999 takes 0.6 ms (the first time 16), opening a shard alone takes 45
FORMAT = "1"

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS points (
    n INTEGER PRIMARY KEY AUTOINCREMENT, col TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    facets TEXT NOT NULL, payload TEXT NOT NULL, vectors BLOB, UNIQUE (col, id));
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
                    with suppress(sqlite3.Error):  # a full disk may have rolled back already: the first error counts
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

    def reset(self) -> None:
        with self.writing() as db:
            db.execute("DELETE FROM points")
            db.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (uuid.uuid4().hex,))

    def erase(self) -> None:
        """Empties the file (so that a process which has it open finds nothing either), then removes the whole
        folder."""
        with self._lock:
            try:
                with self.writing() as db:
                    for table in ("points", "gone", "meta"):
                        db.execute(f"DELETE FROM {table}")
                with self.guarded():
                    db = self._connect()
                    db.execute("VACUUM")
                    self._truncate_log(db)
            except MemoryUnavailable as error:  # a full disk: removing the folder needs no room
                log.warning("emptying before removing failed, removing all the same: %s", error)
            with self.guarded():
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
                    f"deleted, but {self.path}-wal may still hold the text: another process reads; close it and repeat"
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
            raise MemoryUnavailable(
                f"{self.path} is of format {found[0]}, this program reads {FORMAT}: update mnemicon"
            )


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
        return (
            f"memory at {path} could not be written ({text}): free some disk space; what was remembered before is kept"
        )
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return f"memory at {path} is damaged ({text}): move the file away or restore a copy; nothing was overwritten"
    if "readonly" in text or "unable to open" in text:
        return f"memory at {path} cannot be opened for writing ({text}): check the folder's permissions"
    return f"memory at {path} failed: {text}"
