"""The Memory that agents hold: every door of the seam, for any store.

Contract. ``StoredMemory`` joins the books (preferences, exemplars), the gate and the read path; a subclass says where
a user's store is. The tenant is checked at every door and picks the store: there is no way to name another user's
record, whose id is simply not found. Statements of one call are one transaction: all of them are remembered, or none
and an error. Safe under threads and with other processes on the same home.

Errors: TenantError, RecordError, NotFound (the caller's), MemoryUnavailable, EmbedderError (the operator's).
``recall`` raises TenantError only: whatever else fails becomes a note, and the drawing goes on without it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from memory import policy, transfer
from memory.errors import EmbedderError, MemoryUnavailable, NotFound, RecordError
from memory.exemplars import ExemplarBook
from memory.paths import check_tenant
from memory.preferences import PreferenceBook, Row
from memory.recall import OwnStyle, own_style_of, recall
from memory.records import Decision, Exemplar, Preference, RecallQuery, Recollection, Statement, Tenant
from memory.slots import STYLE
from memory.store import Store

if TYPE_CHECKING:
    from memory.embedding import Embedder
    from memory.eye import Eye

__all__ = ["Books", "StoredMemory"]

log = logging.getLogger(__name__)


@dataclass
class Books:
    """What is open of one user. styles: their own style by project, kept until something is written."""

    store: Store
    preferences: PreferenceBook
    exemplars: ExemplarBook
    styles: dict[str | None, tuple[int, OwnStyle]] = field(default_factory=dict)

    def close(self) -> None:
        self.preferences.close()
        self.store.close()


class StoredMemory:
    """Memory over stores. Subclasses give ``_open`` and ``_erase``."""

    def __init__(
        self,
        *,
        embedder: Embedder,
        eye: Eye | None = None,
        library: Callable[[], Any],
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
    ) -> None:
        self._embedder = embedder
        self._eye = eye
        self._library = library
        self._clock = clock or (lambda: datetime.now(UTC))
        self._ids = ids or _new_id
        self._open_books: dict[str, Books] = {}
        self._guard = threading.RLock()

    # -- where a user's store is ---------------------------------------------------------------------------------------

    def _open(self, user: str, create: bool) -> Books | None:
        """The user's books; None where there are none and ``create`` is False. Raises MemoryUnavailable."""
        raise NotImplementedError

    def _erase(self, user: str, books: Books | None) -> None:
        """Leaves nothing of the user's."""
        raise NotImplementedError

    def _stale(self, user: str, books: Books) -> bool:
        """Whether the user's store is gone since it was opened."""
        return False

    # -- reading -------------------------------------------------------------------------------------------------------

    def recall(self, tenant: Tenant, query: RecallQuery) -> Recollection:
        """What memory has to say about a request. Never raises but for a tenant that is not allowed."""
        check_tenant(tenant)
        books, problem = None, ""
        try:
            books = self._books(tenant)
        except (MemoryUnavailable, EmbedderError) as error:
            problem = f"memory is not available, drawing without it: {error}"
        found = recall(
            tenant,
            query,
            preferences=books.preferences if books else None,
            exemplars=books.exemplars if books else None,
            own=lambda: self._own_style(books, tenant.project) if books else OwnStyle(),
            library=self._library,
            now=self._clock(),
        )
        return replace(found, notes=(problem, *found.notes)) if problem else found

    def preferences(self, tenant: Tenant, *, history: bool = False) -> list[Preference]:
        """Oldest first. Where the tenant names a project or session, the others' are left out; history: with those
        that were superseded."""
        books = self._books(check_tenant(tenant))
        if books is None:
            return []
        rows, notes = books.preferences.rows(history=history)
        for note in notes:
            log.warning("%s", note)
        return [row.preference for row in rows if _belongs(row.preference, tenant)]

    def search_preferences(self, tenant: Tenant, text: str, limit: int = 5) -> list[Preference]:
        """Active preferences nearest in meaning to ``text`` (Mem0's semantic search), best first."""
        books = self._books(check_tenant(tenant))
        found = [] if books is None else books.preferences.search(text, limit)
        return [p for p in found if _belongs(p, tenant)]

    def exemplars(self, tenant: Tenant) -> Iterator[Exemplar]:
        """The user's own icons, oldest first; those of another project are left out where the tenant names one."""
        books = self._books(check_tenant(tenant))
        for found in books.exemplars.all() if books else ():
            try:
                exemplar = found.exemplar()
            except RecordError as error:
                log.warning("a stored icon was skipped: %s", error)
                continue
            if tenant.project is None or exemplar.project in (None, tenant.project):
                yield exemplar

    def export(self, tenant: Tenant) -> Iterator[dict[str, Any]]:
        """Everything kept of the user, as records for ``import_`` (see memory.transfer)."""
        books = self._books(check_tenant(tenant))
        return iter(()) if books is None else transfer.records(books.preferences, books.exemplars)

    def snapshot(self, tenant: Tenant) -> list[dict[str, Any]]:
        """The same with vectors, rounded to 6 digits, to be reviewed and compared."""
        books = self._books(check_tenant(tenant))
        return [] if books is None else list(transfer.records(books.preferences, books.exemplars, vectors=True))

    # -- writing -------------------------------------------------------------------------------------------------------

    def remember(self, tenant: Tenant, statements: Sequence[Statement]) -> list[Decision]:
        """One decision for each statement, in order; what the gate rejects is not stored."""
        check_tenant(tenant)
        if not statements:
            return []
        return self._remember(self._books_to_write(tenant), tenant, list(statements))

    def accept(self, tenant: Tenant, exemplar: Exemplar) -> list[Decision]:
        """The icon joins the user's own, and what at least three of the last accepted ones agree on is inferred. Raises
        RecordError for an icon that cannot be stored."""
        check_tenant(tenant)
        books = self._books_to_write(tenant)
        if exemplar.project is None and tenant.project is not None:
            exemplar = replace(exemplar, project=tenant.project)
        list(books.exemplars.put([exemplar], accepted=True))
        where: dict[str, Any] = {"accepted": True}
        if tenant.project is not None:
            where["project"] = tenant.project
        newest = books.exemplars.newest(policy.RECENT, where)
        learned = policy.agreement([(found.id, found.style) for found, _ in newest])
        return self._remember(books, tenant, learned)

    def reject(self, tenant: Tenant, exemplar_id: str, reason: str) -> list[Decision]:
        """The reason is kept as data; that icon, own or the library's, ranks lower from now on."""
        check_tenant(tenant)
        if not isinstance(exemplar_id, str) or not exemplar_id.strip():
            raise RecordError("the id of the rejected icon is missing")
        books = self._books_to_write(tenant)
        with books.store.transaction():
            books.exemplars.reject(exemplar_id, reason, self._now())
        return []

    def add_exemplars(self, tenant: Tenant, exemplars: Iterable[Exemplar]) -> int:
        """How many were written (in batches: those before an error stay)."""
        check_tenant(tenant)
        books = self._books_to_write(tenant)
        return sum(1 for _ in books.exemplars.put(exemplars))

    def forget(self, tenant: Tenant, record_id: str) -> None:
        """Deletes a preference, icon or rejection of this user for good: also from the history and the files. What was
        learned by inference may not be learned again. Raises NotFound for an id that is not this user's."""
        books = self._books(check_tenant(tenant))
        if books is None or not isinstance(record_id, str) or not record_id:
            raise NotFound(f"no record {record_id!r:.80} in the memory of {tenant.user}")
        if any(row.preference.id == record_id for row in books.preferences.rows(history=True)[0]):
            books.preferences.prepare()
        with books.store.transaction():
            keys = self._forget(books, tenant, record_id)
        books.preferences.purge(keys)
        books.store.purge()

    def forget_all(self, tenant: Tenant) -> None:
        """Erases the user whole: store, vectors, history, kept drawings and checkpoints. No error where there is
        nothing."""
        check_tenant(tenant)
        with self._guard:
            books = self._open_books.pop(tenant.user, None)
            self._erase(tenant.user, books)

    def import_(self, tenant: Tenant, records: Iterable[dict[str, Any]]) -> list[Decision]:
        """One decision for each record; a record that does not validate or that the gate refuses is rejected with its
        reason, and the others are kept. Preferences come in one transaction, icons in batches."""
        from memory.importing import Importer

        check_tenant(tenant)
        books = self._books_to_write(tenant)
        importer = Importer(books.store, books.preferences, books.exemplars, tenant, self._clock(), self._ids)
        return importer.run(records)

    def close(self) -> None:
        with self._guard:
            for books in self._open_books.values():
                books.close()
            self._open_books.clear()

    # -- inside --------------------------------------------------------------------------------------------------------

    def _remember(self, books: Books, tenant: Tenant, statements: Sequence[Statement]) -> list[Decision]:
        """Decides and writes in one transaction; the engine is loaded before it, if there is anything to write at
        all."""
        if not statements:
            return []
        rows, _ = books.preferences.rows()
        trial = self._decide(rows, tenant, statements, books.exemplars.buried())
        if not any(writes(decision, rows) for decision in trial):
            return trial
        books.preferences.prepare()
        out = []
        with books.store.transaction():
            buried: AbstractSet[str] = books.exemplars.buried()
            for statement in statements:
                rows, _ = books.preferences.rows()
                (decision,) = self._decide(rows, tenant, [statement], buried)
                if writes(decision, rows):
                    apply(books.preferences, rows, decision)
                    buried = self._unbury(books, decision, buried)
                out.append(decision)
        return out

    def _decide(
        self, rows: Sequence[Row], tenant: Tenant, statements: Sequence[Statement], buried: AbstractSet[str]
    ) -> list[Decision]:
        held = [row.preference for row in rows]
        now = self._clock()
        return [policy.decide(s, held, tenant, now, new_id=self._ids(), forgotten=buried) for s in statements]

    def _unbury(self, books: Books, decision: Decision, buried: AbstractSet[str]) -> AbstractSet[str]:
        """What the user says anew may be inferred again, too."""
        p = decision.preference
        mark = policy.fingerprint(p.slot, p.value) if p is not None and decision.statement.origin == "stated" else ""
        if mark in buried:
            books.exemplars.unbury(mark)
            return buried - {mark}
        return buried

    def _forget(self, books: Books, tenant: Tenant, record_id: str) -> list[str]:
        """Deletes the record from the collections; gives the keys of the preferences that went."""
        rows, _ = books.preferences.rows(history=True)
        chosen = [row for row in rows if row.preference.id == record_id]
        if chosen:
            p = chosen[0].preference
            if p.slot.startswith(STYLE):
                books.exemplars.bury(policy.fingerprint(p.slot, p.value), self._now())
            books.preferences.remove(chosen)
            return [row.key for row in chosen]
        found = books.exemplars.collection.get([record_id])
        if not found or found[0].payload.get("kind") not in ("exemplar", "rejection"):
            raise NotFound(f"no record {record_id!r:.80} in the memory of {tenant.user}")
        books.exemplars.remove(record_id)
        return []

    def _own_style(self, books: Books, project: str | None) -> OwnStyle:
        version = books.exemplars.collection.version()
        known = books.styles.get(project)
        if known is None or known[0] != version:
            known = books.styles[project] = (version, own_style_of(books.exemplars, project))
        return known[1]

    def _books(self, tenant: Tenant, create: bool = False) -> Books | None:
        with self._guard:
            books = self._open_books.get(tenant.user)
            if books is not None and self._stale(tenant.user, books):
                self._open_books.pop(tenant.user).close()
                books = None
            if books is None:
                books = self._open(tenant.user, create)
                if books is not None:
                    self._open_books[tenant.user] = books
            return books

    def _books_to_write(self, tenant: Tenant) -> Books:
        books = self._books(tenant, create=True)
        assert books is not None  # create=True gives books or raises
        return books

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")


def writes(decision: Decision, rows: Sequence[Row]) -> bool:
    """Whether a decision changes what is stored: a rejection does not, nor does what was inferred before."""
    if decision.action == "reject" or decision.preference is None:
        return False
    return decision.statement.origin != "inferred" or decision.preference not in [row.preference for row in rows]


def apply(book: PreferenceBook, rows: Sequence[Row], decision: Decision) -> None:
    """Writes what the gate decided."""
    preference = decision.preference
    if preference is None or any(row.preference == preference for row in rows if decision.action == "add"):
        return
    if decision.action == "reinforce":
        row = next(row for row in rows if row.preference.id == preference.id)
        book.change(replace(row, preference=preference, seen=row.seen + 1))
        return
    for row in rows:
        if row.preference.id in decision.superseded:
            closed = replace(row.preference, status="superseded")
            book.change(replace(row, preference=closed, superseded_by=preference.id))
    book.add(Row(preference.id, preference))


def _belongs(preference: Preference, tenant: Tenant) -> bool:
    """Whether to list it: where the tenant names no project or session, those of all of them."""
    if preference.scope == "project":
        return tenant.project is None or preference.scope_id == tenant.project
    if preference.scope == "session":
        return tenant.session is None or preference.scope_id == tenant.session
    return True


def _new_id() -> str:
    import secrets

    return "p" + secrets.token_hex(5)
