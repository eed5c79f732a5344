"""The Memory seam, and the memory that is used by default.

Contract. ``Memory`` is the protocol (recall, learn, forget, export, import, snapshot); ``open_memory(home)`` gives
one on disk, or, with ``qdrant_url``, one whose collections lie on a Qdrant server (Mem0's history stays in ``home``).
Opening reads nothing and loads nothing; a user's store is made on the first write, so that reading about a stranger
leaves no trace. ``FakeMemory`` (memory/fake.py) is the same in dicts. All are held to
tests/memory/test_memory_contract.py.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from memory.errors import MemoryUnavailable
from memory.facade import Books, StoredMemory
from memory.paths import erasure_log, make_private, tenant_key, user_dir
from memory.records import Decision, Exemplar, Preference, RecallQuery, Recollection, Statement, Tenant

if TYPE_CHECKING:
    import numpy as np

    from memory.embedding import Embedder
    from memory.eye import Eye
    from memory.store import Store

__all__ = ["EmbeddedMemory", "Memory", "ServerMemory", "open_memory"]


@runtime_checkable
class Memory(Protocol):
    """What is known of a user's taste, and which past icons help now. The tenant filter lives in here, not with the
    caller."""

    def recall(self, tenant: Tenant, query: RecallQuery) -> Recollection: ...

    def remember(self, tenant: Tenant, statements: Sequence[Statement]) -> list[Decision]: ...

    def accept(self, tenant: Tenant, exemplar: Exemplar) -> list[Decision]: ...

    def reject(self, tenant: Tenant, exemplar_id: str, reason: str) -> list[Decision]: ...

    def add_exemplars(self, tenant: Tenant, exemplars: Iterable[Exemplar]) -> int: ...

    def preferences(self, tenant: Tenant, *, history: bool = False) -> list[Preference]: ...

    def exemplars(self, tenant: Tenant) -> Iterator[Exemplar]: ...

    def forget(self, tenant: Tenant, record_id: str) -> None: ...

    def forget_all(self, tenant: Tenant) -> None: ...

    def export(self, tenant: Tenant) -> Iterator[dict[str, Any]]: ...

    def import_(self, tenant: Tenant, records: Iterable[dict[str, Any]]) -> list[Decision]: ...

    def snapshot(self, tenant: Tenant) -> list[dict[str, Any]]: ...

    def close(self) -> None: ...


class EmbeddedMemory(StoredMemory):
    """On disk, one folder for each user: SQLite holds the truth, Mem0 writes the preferences, Qdrant Edge finds the
    icons."""

    def __init__(
        self,
        home: Path,
        *,
        embedder: Embedder | None = None,
        eye: Eye | None = None,
        library: Any | None = None,
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(
            embedder=embedder or DefaultEmbedder(),
            eye=eye,
            library=(lambda: library) if library is not None else _shipped_library,
            clock=clock,
            ids=ids,
        )
        self.home = Path(home)

    def _open(self, user: str, create: bool) -> Books | None:
        folder = user_dir(self.home, user)
        if not create and not (folder / "memory.db").exists():
            return None
        return self._books_over(self._store(user), user)

    def _store(self, user: str) -> Store:
        from memory.store_sqlite import SqliteStore

        return SqliteStore(user_dir(self.home, user))

    def _books_over(self, store: Store, user: str) -> Books:
        from memory import exemplars, preferences
        from memory.upkeep import refresh

        icons = store.collection(exemplars.schema(self._embedder.dims))
        table = store.collection(preferences.schema(self._embedder.dims))
        folder = user_dir(self.home, user)
        books = Books(
            store,
            preferences.Mem0Preferences(table, self._embedder, user=user, folder=folder, home=self.home),
            exemplars.ExemplarBook(icons, self._embedder, self._eye),
        )
        refresh(books)
        return books

    def _stale(self, user: str, books: Books) -> bool:
        return not (user_dir(self.home, user) / "memory.db").exists()

    def _erase(self, user: str, books: Books | None) -> None:
        folder = user_dir(self.home, user)
        if books is not None:
            books.close()
        if (folder / "memory.db").exists():
            try:
                self._store(user).erase()  # so that a process which has it open finds nothing either
            except MemoryUnavailable as error:
                if not _damaged(error):
                    raise
        self._remove(folder)
        self._log_erasure(user)

    def _remove(self, folder: Path) -> None:
        """What else lies in the user's folder: kept drawings, checkpoints."""
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise MemoryUnavailable(f"{folder} could not be removed: {error.strerror or error}") from error

    def _log_erasure(self, user: str) -> None:
        """When, and the hash of a name: nothing that could be read."""
        try:
            make_private(self.home)
            path = erasure_log(self.home)
            with open(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as log:
                log.write(f"{self._now()} erased {tenant_key(user)[-12:]}\n")
        except OSError as error:
            raise MemoryUnavailable(f"erased, but {self.home} cannot be written: {error.strerror or error}") from error


class ServerMemory(EmbeddedMemory):
    """The same with a pair of collections for each user on a Qdrant server."""

    def __init__(self, home: Path, client: Any, **options: Any) -> None:
        super().__init__(home, **options)
        self._client = client

    def _open(self, user: str, create: bool) -> Books | None:
        store = self._store(user)
        if not create and not store.exists():
            return None
        make_private(user_dir(self.home, user))
        return self._books_over(store, user)

    def _store(self, user: str) -> Any:
        from memory.store_server import ServerStore

        return ServerStore(self._client, tenant_key(user))

    def _stale(self, user: str, books: Books) -> bool:
        return not user_dir(self.home, user).exists()

    def _erase(self, user: str, books: Books | None) -> None:
        if books is not None:
            books.preferences.close()
        self._store(user).erase()
        self._remove(user_dir(self.home, user))
        self._log_erasure(user)


def open_memory(
    home: Path,
    *,
    qdrant_url: str | None = None,
    qdrant_api_key: str | None = None,
    embedder: Embedder | None = None,
    library: Any | None = None,
    clock: Callable[[], datetime] | None = None,
    ids: Callable[[], str] | None = None,
) -> EmbeddedMemory:
    """The memory under ``home``. embedder, library: those that ship, where None is given. clock: gives the time in
    UTC. ids: gives a new id for a preference. Raises MemoryUnavailable for a server that cannot be reached."""
    if qdrant_url is None:
        return EmbeddedMemory(home, embedder=embedder, library=library, clock=clock, ids=ids)
    from memory.store_server import connect

    client = connect(qdrant_url, qdrant_api_key)
    return ServerMemory(home, client, embedder=embedder, library=library, clock=clock, ids=ids)


class DefaultEmbedder:
    """The embedder that ships, loaded when the first text is embedded."""

    name = "minilm"
    dims = 384

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        from memory.embedding import default_embedder

        return default_embedder().embed(texts)


def _damaged(error: MemoryUnavailable) -> bool:
    """Whether the file cannot be read at all (as against: is busy, or on a full disk)."""
    import sqlite3

    cause = error.__cause__
    return isinstance(cause, sqlite3.DatabaseError) and not isinstance(cause, sqlite3.OperationalError)


def _shipped_library() -> Any:
    from memory.library import open_library

    return open_library()
