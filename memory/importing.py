"""What an import does with each record: validated, then through the gate with an import's authority.

Contract. An import never displaces what the user stated here. A record that is accepted keeps the id, times and
provenance that it was exported with (so that the user's own export comes back exactly); an id that is taken by
another record gets a new one. Nothing raises for a bad record: its Decision says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from memory import policy, transfer
from memory.errors import RecordError
from memory.exemplars import ExemplarBook
from memory.preferences import PreferenceBook, Row
from memory.records import Decision, Exemplar, Statement, Tenant
from memory.slots import clean

__all__ = ["Importer"]

BATCH = 64


class Importer:
    """One import into one user's books, inside a transaction that the caller holds."""

    def __init__(
        self,
        preferences: PreferenceBook,
        exemplars: ExemplarBook,
        tenant: Tenant,
        now: datetime,
        ids: Callable[[], str],
    ) -> None:
        self._preferences, self._exemplars = preferences, exemplars
        self._tenant, self._now, self._ids = tenant, now, ids
        self._rows = preferences.rows(history=True)[0]
        self._waiting: list[tuple[Exemplar, bool]] = []

    def run(self, records: Iterable[Mapping[str, Any]]) -> list[Decision]:
        out: list[Decision] = []
        for record in records:
            try:
                item = transfer.read(record)
            except RecordError as error:
                out.append(Decision("reject", str(error), _note("?", record)))
                continue
            if isinstance(item, Row):
                out.append(self._preference(item))
            elif isinstance(item, tuple):
                out.append(self._exemplar(*item))
            else:
                self._exemplars.put_fact(item)
                out.append(Decision("add", f"{item['kind']} kept", _note(item["kind"], record)))
        self._write_waiting()
        return out

    def _exemplar(self, exemplar: Exemplar, accepted: bool) -> Decision:
        if self._waiting and (self._waiting[0][1] != accepted or len(self._waiting) >= BATCH):
            self._write_waiting()
        self._waiting.append((exemplar, accepted))
        statement = Statement("exemplar", exemplar.id, exemplar.name, "", origin="imported", source="import")
        return Decision("add", f"icon {exemplar.name!r}", statement)

    def _write_waiting(self) -> None:
        if self._waiting:
            list(self._exemplars.put([e for e, _ in self._waiting], accepted=self._waiting[0][1]))
            self._waiting = []

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


def _note(slot: str, record: Any) -> Statement:
    shown = record.get("id") if isinstance(record, Mapping) else None
    return Statement(slot, clean(shown, 80), "", "", origin="imported", source="import")
