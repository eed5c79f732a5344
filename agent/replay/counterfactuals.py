"""The same session with another memory: what did this memory do to the icon?

    counterfactual("bundles/bell", without="p12ab34cd56")       # what if I had not said that
    counterfactual("bundles/bell", with_="2px strokes, filled") # … had said this too
    counterfactual("bundles/bell", as_of="2026-11-01")          # … had known only what I knew then

Contract. The recorded calls are made again over a memory that begins with the changed snapshot. Where a model is asked
what it was asked then, the tape answers; where not, the models that the manifest names really draw. ``Report.same``
says whether every icon is the one of the recording; ``report_picture`` shows both. A statement that another one had
replaced holds again where the other is taken away. ReplayError for a record, a date or words that are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from agent.errors import ReplayError
from agent.replay.around import opened
from agent.replay.bundle import Bundle, read_bundle
from agent.replay.differences import picture
from agent.replay.fresh import EVERYTHING, Fresh, made_in
from agent.replay.playing import Report, play_all, report_of
from memory.records import Statement

__all__ = ["EVERYTHING", "as_of", "counterfactual", "report_picture", "said", "without_record"]

LISTED = 6
"""Records that a message names."""


def counterfactual(
    path: Path | str | Bundle, *, without: str | None = None, with_: str | None = None, as_of: str | None = None
) -> Report:
    """without: the id of a preference, an icon (or the unique beginning of it) or a rejection, or "all". with_: a
    statement in words, said before all that the session says itself. as_of: a date or time in ISO 8601; a date is meant
    to its end, in UTC. All three may be given."""
    bundle = path if isinstance(path, Bundle) else read_bundle(path)
    records: list[dict[str, Any]] = bundle.memory
    if as_of is not None:
        records = _as_of(records, moment(as_of))
    made = None
    if without == EVERYTHING:
        records, made = [], EVERYTHING
    elif without is not None:
        made = without if made_in(bundle, without) else None
        records = without_record(records, without) if made is None else records
    statements = said(with_) if with_ is not None else ()

    def fresh(home: Path) -> Fresh:
        return Fresh(bundle, home, records=records, statements=statements, without=made)

    with opened(bundle, "other", exact=True, names=True, fresh=fresh) as player:
        play_all(player)
        return report_of(player, player.problems())


def report_picture(report: Report, *, columns: tuple[str, str] = ("before", "after")) -> bytes | None:
    """PNG: each icon of the recording, of this replay, and the difference; None where nothing was drawn."""
    rows = [
        (label, was["svg"], now["svg"])
        for label, was, now in zip(report.labels, report.before, report.icons, strict=True)
    ]
    return picture(rows, columns=columns) if rows else None


# -------------------------------------------------------------------------------------------------------------- changes


def without_record(records: Sequence[Mapping[str, Any]], id: str) -> list[dict[str, Any]]:
    """The snapshot without one record; ReplayError where it is not in there, or the beginning of several."""
    known = [str(r.get("id")) for r in records]
    found = [k for k in known if k == id] or [k for k in dict.fromkeys(known) if len(id) >= 4 and k.startswith(id)]
    if len(found) != 1:
        some = ", ".join(_named(r) for r in records[:LISTED])
        more = f" and {len(records) - LISTED} more" if len(records) > LISTED else ""
        what = f"{len(found)} records begin with {id[:40]!r}" if found else f"memory holds no record {id[:40]!r}"
        raise ReplayError(f"{what} in this recording; it holds {some + more if records else 'nothing'}")
    return _dropped(records, {found[0]})


def _named(record: Mapping[str, Any]) -> str:
    text = record.get("text") or record.get("name") or record.get("type")
    return f"{str(record.get('id'))[:16]} ({str(text)[:40]})"


def as_of(records: Sequence[Mapping[str, Any]], when: datetime) -> list[dict[str, Any]]:
    """The snapshot as it was then."""
    late = {str(r.get("id")) for r in records if _time(r) > when}
    return _dropped(records, late)


_as_of = as_of


def _time(record: Mapping[str, Any]) -> datetime:
    value = record.get("created_at") or record.get("at")
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ReplayError(f"the record {_named(record)} has no time: {str(value)[:40]!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _dropped(records: Iterable[Mapping[str, Any]], gone: set[str]) -> list[dict[str, Any]]:
    """Without these; what they had replaced holds again."""
    out = []
    for record in records:
        if str(record.get("id")) in gone:
            continue
        again = record.get("status") == "superseded" and record.get("superseded_by") in gone
        out.append({**record, "status": "active", "superseded_by": None} if again else dict(record))
    return out


def moment(text: str) -> datetime:
    """A date (to its end) or a time; UTC where no zone is named."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ReplayError(f"{text[:40]!r} is no date: write it like 2026-11-23") from None
    if len(text.strip()) <= len("2026-11-23"):
        found = datetime.combine(found.date(), time.max)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def said(text: str) -> tuple[Statement, ...]:
    """What the words state about style; ReplayError where that is nothing."""
    from agent.brief import understand_statements

    statements = tuple(understand_statements(text).statements)
    if not statements:
        raise ReplayError(f"there is nothing about style in {text[:60]!r}: say it like 1.5px strokes, round caps, teal")
    return statements
