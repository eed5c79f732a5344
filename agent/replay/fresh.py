"""A memory that begins with what a bundle holds, and what is compared where it is asked again.

Contract. ``Fresh`` opens a memory in a replay's own home and fills it for each user before it is first asked: with the
recorded snapshot (or other ``records``), then with ``statements`` that are to be remembered beside. Records pass
memory's gate like any import; one that it refuses is said (BundleError). ``Compared`` holds what memory finds now
against what it found then: ids and ranks, styles and where they come from, never scores; ids that memory made up
meanwhile are matched by what they stand for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agent.errors import BundleError
from agent.replay.bundle import Bundle
from agent.replay.differences import differences
from memory.records import Decision, Exemplar, Preference, Recollection, Statement, Tenant
from svggen.errors import SvgGenError
from svggen.icon import icon_id, parse, serialise

if TYPE_CHECKING:
    from agent.replay.codec import Icons
    from agent.settings import Settings
    from memory.memory import Memory

__all__ = ["EVERYTHING", "Compared", "Fresh", "kept_of", "settings_from"]


EVERYTHING: Final = "all"
"""Stands for the ids of all records."""


def settings_from(bundle: Bundle, home: Path) -> Settings:
    """The settings of the recording over another home; BundleError for one that is out of range."""
    from agent.settings import Settings as Made
    from agent.settings import SettingsError, load

    given = {k: v for k, v in bundle.settings.items() if k != "home"}
    try:
        checked = load(home=home, **given)
    except (SettingsError, TypeError) as error:
        raise BundleError(f"{bundle.path}: the settings of the recording cannot be used: {error}") from error
    return Made(home=home, **{k: getattr(checked, k) for k in given})


def kept_of(bundle: Bundle, who: str) -> list[dict[str, Any]]:
    """The kept drawings that the recording read, the last one last; their SVG read by ``svggen.safety``."""
    lines = [line for line in bundle.of("kept") if line["user"] == who]
    lines.sort(key=lambda line: -1 if line.get("place") is None else int(line["place"]))
    return [_checked(line["record"]) for line in lines]


def _checked(record: Any) -> dict[str, Any]:
    if not isinstance(record, Mapping):
        raise BundleError("a kept drawing is no object")
    out = {**record, "svg": _safe(record), "candidates": [dict(c) for c in record.get("candidates") or ()]}
    for candidate in out["candidates"]:
        candidate["svg"] = _safe(candidate)
    return out


def _safe(record: Mapping[str, Any]) -> str:
    try:
        icon = parse(str(record.get("svg")))
    except SvgGenError as error:
        raise BundleError(f"the kept drawing {str(record.get('id'))[:12]} is refused: {error}") from error
    if icon_id(icon) != record.get("id"):
        raise BundleError(f"the kept drawing {str(record.get('id'))[:12]} is not the one that was recorded")
    return serialise(icon)


# -------------------------------------------------------------------------------------------------------------- memory


class Fresh:
    """records: of ``memory.transfer``, each with its "user"; the bundle's snapshot where None. open: gives a memory
    that is empty; that of the program where None."""

    def __init__(
        self, bundle: Bundle, home: Path, *, records: Sequence[Mapping[str, Any]] | None = None,
        statements: Sequence[Statement] = (), without: str | None = None, open: Callable[[Path], Memory] | None = None,
    ) -> None:  # fmt: skip
        """without: the id of a record that is not made in the replay either; "all": nothing is remembered."""
        self._bundle, self._home = bundle, home
        self._records = bundle.memory if records is None else list(records)
        self._statements, self._without, self._open = list(statements), without, open
        self._filled: set[str] = set()
        self._lock = threading.RLock()
        self._memory: Memory | None = None

    def memory(self, clock: Callable[[], datetime], ids: Mapping[str, str] | None) -> Any:
        """ids: id of the recording -> id that it has here, for what was remembered meanwhile."""
        with self._lock:
            if self._memory is None:
                self._memory = self._opened(clock) if self._open is None else self._open(self._home)
            if self._without == EVERYTHING:
                return _Forgetful(self._memory)
            skipped = () if self._without is None else tuple(_made(self._bundle, self._without))
            return _Renamed(self._memory, ids or {}, skipped)

    def _opened(self, clock: Callable[[], datetime]) -> Memory:
        from memory.embedding import embedder
        from memory.memory import open_memory

        named = self._bundle.settings.get("embedder")
        return open_memory(self._home, embedder=embedder(str(named)) if named else None, clock=clock)

    def fill(self, tenant: Tenant) -> None:
        """Before this user's memory is first asked."""
        with self._lock:
            if tenant.user in self._filled or self._memory is None:
                return
            self._filled.add(tenant.user)
            mine = [{k: v for k, v in r.items() if k != "user"} for r in self._records if r["user"] == tenant.user]
            whose = Tenant(tenant.user)
            refused = [d for d in (self._memory.import_(whose, mine) if mine else ()) if d.action == "reject"]
            if refused:
                raise BundleError(f"memory refuses a record of the bundle: {refused[0].reason}")
            if self._statements:
                self._memory.remember(whose, self._statements)

    def close(self) -> None:
        with self._lock:
            if self._memory is not None:
                self._memory.close()


class _Renamed:
    """A memory that knows the ids of the recording. skipped: statements that are not remembered this time."""

    def __init__(self, memory: Memory, ids: Mapping[str, str], skipped: Sequence[tuple[str, Any]]) -> None:
        self._memory, self._renamed, self._skipped = memory, ids, skipped

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def forget(self, tenant: Tenant, record_id: str) -> None:
        self._memory.forget(tenant, self._renamed.get(record_id, record_id))

    def remember(self, tenant: Tenant, statements: Sequence[Statement]) -> list[Decision]:
        return self._memory.remember(tenant, [s for s in statements if (s.slot, s.value) not in self._skipped])

    def accept(self, tenant: Tenant, exemplar: Exemplar) -> list[Decision]:
        if ("exemplar", exemplar.id) in self._skipped:
            return []
        return self._memory.accept(tenant, exemplar)


class _Forgetful:
    """A memory that takes nothing in."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def remember(self, tenant: Tenant, statements: Sequence[Statement]) -> list[Decision]:
        return []

    def accept(self, tenant: Tenant, exemplar: Exemplar) -> list[Decision]:
        return []

    def forget(self, tenant: Tenant, record_id: str) -> None:
        """There is nothing to forget."""


def _made(bundle: Bundle, id: str) -> Iterator[tuple[str, Any]]:
    """What the session itself said that gave the record with this id: (slot, value), or ("exemplar", id)."""
    for line in bundle.of("memory"):
        for decision in line.get("response") or () if line["request"].get("method") in ("remember", "accept") else ():
            preference = decision.get("preference") or {}
            if preference.get("id") == id:
                yield decision["statement"]["slot"], decision["statement"]["value"]
        if line["request"].get("method") == "accept" and line["request"]["exemplar"].get("id") == id:
            yield "exemplar", id


def made_in(bundle: Bundle, id: str) -> bool:
    """Was the record with this id made in the recorded session itself?"""
    return any(True for _ in _made(bundle, id))


# ---------------------------------------------------------------------------------------------------------- comparison


class Compared:
    """ids: id in the recording -> id now, of what memory was told meanwhile."""

    def __init__(self, icons: Icons) -> None:
        self.ids: dict[str, str] = {}
        self._icons = icons

    def differences(self, method: str, was: Any, now: Any) -> list[str]:
        """One line for each place; none where memory found the same."""
        if method in ("export", "snapshot"):
            return differences(len(was), len(now))
        if isinstance(was, list) and isinstance(now, list):
            for a, b in zip(was, now, strict=False):
                self._match(a, b)
        return differences(_summary(was), self.renamed(_summary(now)))

    def _match(self, was: Any, now: Any) -> None:
        if not isinstance(was, Decision) or not isinstance(now, Decision):
            return
        a, b = was.preference, now.preference
        if a is not None and b is not None and a.id != b.id and (a.slot, a.value) == (b.slot, b.value):
            self.ids[a.id] = b.id

    def renamed(self, data: Any) -> Any:
        """JSON with the recording's ids in place of those of now."""
        back = {now: was for was, now in self.ids.items()}
        if isinstance(data, Mapping):
            return {k: self.renamed(v) for k, v in data.items()}
        if isinstance(data, list | tuple):
            return [self.renamed(v) for v in data]
        return back.get(data, data) if isinstance(data, str) else data


def _summary(value: Any) -> Any:
    """What of an answer must be the same."""
    if isinstance(value, Recollection):
        return {
            "references": [r.id for r in value.references],
            "preferences": [r.preference.id for r in value.preferences],
            "style": value.style.to_dict(),
            "style_sources": dict(value.style_sources),
            "brand_color": value.brand_color,
            "vocabulary": dict(value.vocabulary),
            "avoid": list(value.avoid),
            "own_count": value.own_count,
            "notes": list(value.notes),
        }
    if isinstance(value, Decision):
        preference = value.preference
        about = {"action": value.action, "slot": value.statement.slot, "superseded": list(value.superseded)}
        return {**about, "preference": None if preference is None else preference.id}
    if isinstance(value, Preference | Exemplar):
        return value.id
    return [_summary(v) for v in value] if isinstance(value, Iterable) and not isinstance(value, str) else value
