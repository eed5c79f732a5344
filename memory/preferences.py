"""Preferences: typed rows in a collection, with Mem0 as the engine that writes, changes, deletes and searches them.

Contract. ``PreferenceBook`` is the table: reading it needs no Mem0 (a draw never pays for that import), and writing
it directly is what ``FakeMemory`` does. ``Mem0Preferences`` is the same table behind ``mem0.Memory`` (2.x,
``infer=False``): Mem0 embeds, writes, keeps the history of each memory and searches; our vector store and embedder
are plugged into it, so its rows are our rows and nothing is kept twice. Who may write what was decided before, in
``policy.py``. A row that does not validate on reading is skipped and reported, never raised.

Mem0's own history file (``history.db``) keeps deleted text; ``forget`` purges it. Errors: MemoryUnavailable.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory.codec import preference_from_dict, preference_to_dict
from memory.errors import MemoryUnavailable, RecordError
from memory.paths import make_private
from memory.records import Preference
from memory.store import Collection, Point, Schema, VectorSpec

if TYPE_CHECKING:
    from memory.embedding import Embedder

__all__ = ["Mem0Preferences", "PreferenceBook", "Row", "schema"]


def schema(dims: int) -> Schema:
    return Schema(
        "preferences", {"text": VectorSpec(dims)}, ("user_id", "slot", "scope", "scope_id", "status", "pref_id")
    )


@dataclass(frozen=True)
class Row:
    """A stored preference. key: the row's id in the collection (Mem0's). seen: how often it was said or shown."""

    key: str
    preference: Preference
    seen: int = 1
    superseded_by: str | None = None

    def payload(self) -> dict[str, Any]:
        p = self.preference
        return {
            "pref": preference_to_dict(p),
            "pref_id": p.id,
            "slot": p.slot,
            "scope": p.scope,
            "scope_id": p.scope_id,
            "status": p.status,
            "seen_n": self.seen,
            "superseded_by": self.superseded_by,
        }


class PreferenceBook:
    """The table of one user, written directly."""

    def __init__(self, collection: Collection, embedder: Embedder) -> None:
        self.collection, self.embedder = collection, embedder

    def rows(self, *, history: bool = False) -> tuple[list[Row], list[str]]:
        """(rows, oldest first; what was skipped, one line each). All of them: there is no 20-row limit."""
        rows: list[Row] = []
        notes: list[str] = []
        for point in self.collection.scroll(None if history else {"status": "active"}):
            try:
                rows.append(_row(point.id, point.payload))
            except RecordError as error:
                notes.append(f"a stored preference was skipped: {error}")
        rows.sort(key=lambda r: r.preference.created_at)  # stable: of one second, in the order of writing
        return rows, notes

    def prepare(self) -> None:
        """Loads what writing needs, before a transaction is begun: others must not wait for an import."""

    def add(self, row: Row) -> None:
        """``row.key`` is only a proposal: an engine may choose its own."""
        payload = {**row.payload(), "data": row.preference.text}
        vector = self.embedder.embed([row.preference.text])[0]
        self.collection.upsert([Point(row.key, payload, {"text": vector})])

    def change(self, row: Row) -> None:
        """Replaces what is stored under ``row.key``; the text of a preference never changes, so its vector stays."""
        kept = self.collection.get([row.key])
        if kept:
            self.collection.set_payload(row.key, {**kept[0].payload, **row.payload()})

    def remove(self, rows: Sequence[Row]) -> None:
        self.collection.delete([row.key for row in rows])

    def search(self, text: str, limit: int = 5) -> list[Preference]:
        """Active preferences nearest in meaning, best first."""
        vector = self.embedder.embed([text])[0]
        hits = self.collection.query("text", vector, where={"status": "active"}, limit=limit)
        return _valid([hit.payload for hit in hits])

    def purge(self, keys: Sequence[str] | None = None) -> None:
        """Deletes what the engine itself remembers of these rows (None: of all)."""

    def close(self) -> None: ...


class Mem0Preferences(PreferenceBook):
    """The same table behind Mem0. Mem0 is imported and built on the first write or search (about 1.2 s, once a
    process)."""

    def __init__(self, collection: Collection, embedder: Embedder, *, user: str, folder: Path, home: Path) -> None:
        super().__init__(collection, embedder)
        self._user, self._home = user, home
        self.history_path = folder / "history.db"
        self._engine: Any = None

    def prepare(self) -> None:
        self._mem0()

    def add(self, row: Row) -> None:
        p = row.preference
        self._mem0().add(
            p.text, user_id=self._user, infer=False, metadata={**row.payload(), "created_at": p.created_at}
        )

    def change(self, row: Row) -> None:
        self._mem0().update(row.key, metadata=row.payload())

    def remove(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._mem0().delete(row.key)

    def search(self, text: str, limit: int = 5) -> list[Preference]:
        if not text.strip():
            return []
        found = self._mem0().search(
            text[:1000], filters={"user_id": self._user, "status": "active"}, top_k=limit, threshold=0.0
        )["results"]
        return _valid([item.get("metadata") or {} for item in found])

    def history(self, row: Row) -> list[dict[str, Any]]:
        """Mem0's record of what happened to a row: event, old and new text, times; oldest first."""
        return list(self._mem0().history(row.key))

    def purge(self, keys: Sequence[str] | None = None) -> None:
        if not self.history_path.exists():
            return
        try:
            db = sqlite3.connect(self.history_path, timeout=10, isolation_level=None)
            try:
                db.execute("PRAGMA secure_delete = ON")
                db.execute("DELETE FROM messages")
                if keys is None:
                    db.execute("DELETE FROM history")
                else:
                    db.executemany("DELETE FROM history WHERE memory_id = ?", [(key,) for key in keys])
                db.execute("VACUUM")
            finally:
                db.close()
        except sqlite3.Error as error:
            raise MemoryUnavailable(f"the history at {self.history_path} could not be purged: {error}") from error

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _mem0(self) -> Any:
        if self._engine is None:
            os.environ["MEM0_DIR"] = str(make_private(self._home / "mem0"))  # read by Mem0 when it is imported
            from memory.mem0_bridge import build

            if not self.history_path.exists():
                os.close(os.open(self.history_path, os.O_CREAT | os.O_RDWR, 0o600))
            self._engine = build(self.collection, self.embedder, self._user, self.history_path)
        return self._engine


def _row(key: str, payload: Mapping[str, Any]) -> Row:
    data = payload.get("pref")
    if not isinstance(data, Mapping):
        raise RecordError("pref: missing")
    seen = payload.get("seen_n", 1)
    by = payload.get("superseded_by")
    return Row(
        key, preference_from_dict(data), seen if isinstance(seen, int) else 1, by if isinstance(by, str) else None
    )


def _valid(payloads: Sequence[Mapping[str, Any]]) -> list[Preference]:
    out: list[Preference] = []
    for payload in payloads:
        try:
            out.append(_row("", payload).preference)
        except RecordError:
            continue  # reported by rows(), which reads the same table
    return out
