"""What an import does with each record: validated, then through the gate with an import's authority.

Contract. An import never displaces what the user stated here. A record that is accepted keeps the id, times and
provenance that it was exported with (so that the user's own export comes back exactly); an id that is taken by
another record gets a new one. Nothing raises for a bad record: its Decision says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from memory import policy, transfer
from memory.errors import RecordError
from memory.exemplars import ExemplarBook
from memory.preferences import PreferenceBook, Row
from memory.records import Decision, Exemplar, Statement, Tenant
from memory.slots import clean
from memory.store import Store

__all__ = ["Importer"]


class Importer:
    """One import into one user's books."""

    def __init__(
        self,
        store: Store,
        preferences: PreferenceBook,
        exemplars: ExemplarBook,
        tenant: Tenant,
        now: datetime,
        ids: Callable[[], str],
    ) -> None:
        self._store, self._preferences, self._exemplars = store, preferences, exemplars
        self._tenant, self._now, self._ids = tenant, now, ids
        self._rows: list[Row] = []

    def run(self, records: Iterable[Mapping[str, Any]]) -> list[Decision]:
        """Icons first, in batches, since measuring them takes time that no other writer should wait; then the rest at
        once."""
        given = list(records)
        items = [_read(record) for record in given]
        icons = [item for item in items if isinstance(item, tuple)]
        for accepted, batch in groupby(icons, key=lambda item: item[1]):
            list(self._exemplars.put((exemplar for exemplar, _ in batch), accepted=accepted))
        if any(isinstance(item, Row) for item in items):
            self._preferences.prepare()
        with self._store.transaction():
            self._rows = self._preferences.rows(history=True)[0]
            return [self._decide(item, record) for item, record in zip(items, given, strict=True)]

    def _decide(self, item: Any, record: Any) -> Decision:
        if isinstance(item, RecordError):
            return Decision("reject", str(item), _note("?", record))
        if isinstance(item, Row):
            return self._preference(item)
        if isinstance(item, tuple):
            exemplar: Exemplar = item[0]
            statement = Statement("exemplar", exemplar.id, exemplar.name, "", origin="imported", source="import")
            return Decision("add", f"icon {exemplar.name!r}", statement)
        self._exemplars.put_fact(item)
        return Decision("add", f"{item['kind']} kept", _note(item["kind"], record))

    def _preference(self, row: Row) -> Decision:
        p = row.preference
        statement = Statement(p.slot, p.value, p.text, p.provenance.quote, "imported", p.scope, p.confidence, "import")
        taken = next((r for r in self._rows if r.preference.id == p.id), None)
        if taken is not None and taken.preference == p:
            return Decision("reinforce", f"already here: {p.text}", statement, p)
        if taken is not None:
            p = replace(p, id=self._ids())
        if p.status == "superseded":  # history: it holds no slot
            self._add(replace(row, preference=p))
            return Decision("add", f"history: {p.text}", statement, p)
        active = [r.preference for r in self._rows if r.preference.status == "active"]
        decision = policy.decide(statement, active, self._place(row), self._now, new_id=p.id)
        if decision.action == "reject" or decision.preference is None:
            return decision
        if decision.action == "reinforce":
            return replace(decision, reason=f"already here: {p.text}")
        for i, old in enumerate(self._rows):
            if old.preference.id in decision.superseded:
                closed = replace(old, preference=replace(old.preference, status="superseded"), superseded_by=p.id)
                self._preferences.change(closed)
                self._rows[i] = closed
        self._add(replace(row, preference=p))
        return replace(decision, preference=p)

    def _add(self, row: Row) -> None:
        self._preferences.add(replace(row, key=row.preference.id))
        self._rows = self._preferences.rows(history=True)[0]  # an engine gives its own keys

    def _place(self, row: Row) -> Tenant:
        """The tenant as it was when the record was made."""
        p = row.preference
        project = p.scope_id if p.scope == "project" else self._tenant.project
        session = p.scope_id if p.scope == "session" else self._tenant.session
        return Tenant(self._tenant.user, project, session)


def _read(record: Mapping[str, Any]) -> Row | tuple[Exemplar, bool] | dict[str, Any] | RecordError:
    try:
        return transfer.read(record)
    except RecordError as error:
        return error


def _note(slot: str, record: Any) -> Statement:
    shown = record.get("id") if isinstance(record, Mapping) else None
    return Statement(slot, clean(shown, 80), "", "", origin="imported", source="import")
