"""Export, import and snapshot: a user's memory as JSON records, one a line.

Contract. ``records`` gives dicts with ``type`` (preference, exemplar, rejection, tombstone) and ``version``; nothing
is truncated. ``read`` turns one back into what it was or raises RecordError naming the field. Exporting what was
imported into an empty memory gives the same records again. A snapshot is the same with the vectors (rounded to 6
digits), to be looked at and compared; importing one ignores them, since vectors are computed from the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from memory.codec import exemplar_from_dict, preference_from_dict
from memory.errors import RecordError
from memory.exemplars import ExemplarBook
from memory.preferences import PreferenceBook, Row
from memory.records import Exemplar
from memory.slots import clean

__all__ = ["VERSION", "read", "records"]

VERSION = 1
_EXEMPLAR = ("id", "name", "tags", "svg", "source", "licence", "created_at", "project", "prompt", "accepted")
_REJECTION = ("id", "exemplar_id", "reason", "at", "times")
_TOMBSTONE = ("id", "fingerprint", "at")


def records(preferences: PreferenceBook, exemplars: ExemplarBook, *, vectors: bool = False) -> Iterator[dict[str, Any]]:
    """Preferences with their history, icons, rejections, tombstones: each kind oldest first."""
    rows, _ = preferences.rows(history=True)
    for row in rows:
        body = {**row.payload()["pref"], "seen": row.seen, "superseded_by": row.superseded_by}
        yield {"type": "preference", "version": VERSION, **body}
    for point in exemplars.collection.scroll({"kind": "exemplar"}, vectors=vectors):
        record = {"type": "exemplar", "version": VERSION, **_only(point.payload, _EXEMPLAR)}
        if vectors:
            record["measured"] = point.payload.get("measured")
            record["vectors"] = {k: [round(float(x), 6) for x in v] for k, v in sorted(point.vectors.items())}
        yield record
    for kind, keys in (("rejection", _REJECTION), ("tombstone", _TOMBSTONE)):
        for fact in exemplars.facts(kind):
            yield {"type": kind, "version": VERSION, **_only(fact, keys)}


def read(record: Mapping[str, Any]) -> Row | tuple[Exemplar, bool] | dict[str, Any]:
    """A preference's Row, an exemplar with whether it was accepted, or a fact ready for ``ExemplarBook.put_fact``."""
    if not isinstance(record, Mapping):
        raise RecordError(f"a record is an object, not {type(record).__name__}")
    if record.get("version") != VERSION:
        raise RecordError(f"version: {record.get('version')!r:.40} is not {VERSION}")
    kind = record.get("type")
    if kind == "preference":
        by = record.get("superseded_by")
        return Row("", preference_from_dict(record), _count(record, "seen"), by if isinstance(by, str) else None)
    if kind == "exemplar":
        return exemplar_from_dict(record), record.get("accepted") is True
    if kind == "rejection":
        return {
            "kind": "rejection",
            "id": _hex(record, "id", "rejected-"),
            "exemplar_id": clean(record.get("exemplar_id"), 200),
            "reason": clean(record.get("reason"), 300),
            "at": clean(record.get("at"), 40),
            "times": _count(record, "times"),
        }
    if kind == "tombstone":
        print_ = _hex(record, "fingerprint", "")
        return {
            "kind": "tombstone",
            "id": f"tombstone-{print_}",
            "fingerprint": print_,
            "at": clean(record.get("at"), 40),
        }
    raise RecordError(f"type: {kind!r:.40} is none of preference, exemplar, rejection, tombstone")


def _only(data: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: data.get(key) for key in keys}


def _count(record: Mapping[str, Any], field: str) -> int:
    value = record.get(field, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10**9:
        raise RecordError(f"{field}: {value!r:.40} is not a count")
    return value


def _hex(record: Mapping[str, Any], field: str, prefix: str) -> str:
    value = record.get(field)
    if not isinstance(value, str) or not value.startswith(prefix):
        raise RecordError(f"{field}: missing")
    digits = value.removeprefix(prefix)
    if len(digits) != 32 or set(digits) - set("0123456789abcdef"):
        raise RecordError(f"{field}: {value!r:.60} is not a fingerprint")
    return value
