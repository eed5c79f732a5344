"""What may enter memory (the write gate) and what comes out first (the read ranking): all of it here, each with a
reason.

Contract. Pure functions of their arguments: no store, no clock, no randomness. ``decide`` never raises for a bad
statement; it answers a Decision whose reason says why it was rejected. The rules of the gate, in order:

 1. Origin and source: a statement comes from the user's own words, from accepted icons, or from an import. What memory
    itself gave (recalled text, an exemplar's name, a model's answer) is never learned again.
 2. Slot and value must pass ``slots.check``. What the user said is kept only as a quote of at most 300 characters.
 3. Scope: session < project < user. Where none is named: the project at hand, or else user.
 4. Inferred: at least three agreeing accepted icons, confidence at most 0.6, never against a stated or imported
    preference that applies, never what the user has had forgotten.
 5. Imported: never against a stated preference of the same slot and scope.
 6. The same slot and scope with the same value is reinforced; with another value it is superseded (by slot, never by
    likeness of texts), and the older row is kept as history.

Reading: ``resolve`` picks one preference per slot: stated before inferred, then the narrowest scope, then the newest.
``rank`` orders exemplars by concept x style x acceptance x recency, halved for each time one was rejected.
"""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from memory.errors import RecordError
from memory.records import Decision, Preference, Provenance, Scope, Statement, Tenant
from memory.slots import STYLE, check, clean, describe
from svggen.style import StyleSpec

__all__ = [
    "AGREEING",
    "INFERRED_CONFIDENCE",
    "QUOTE",
    "Rank",
    "agreement",
    "applies",
    "decide",
    "fingerprint",
    "lexical",
    "rank",
    "resolve",
    "why",
]

QUOTE = 300  # characters of the user's own words that are kept
AGREEING = 3  # accepted icons that must agree before a style field is learned
INFERRED_CONFIDENCE = 0.6  # at most
RECENT = 5  # accepted icons that are looked at for agreement
HALF_LIFE_DAYS = 90.0

SOURCES = ("message", "command", "cli", "ui", "tool", "mcp", "http", "llm", "file", "library add", "import", "accepted")
"""What a statement may come from; a detail may follow a colon ("message:12")."""

_NARROW: dict[Scope, int] = {"session": 0, "project": 1, "user": 2}

TOLERANCE = {"stroke_width": 0.25, "corner_radius": 0.5, "padding": 0.75, "secondary_opacity": 0.12}
"""How far apart measured numbers may lie and still agree: lengths in px at 24 px (twice the measure's scatter)."""

LEARNED = (
    "stroke_width",
    "cap",
    "join",
    "corner_radius",
    "mode",
    "palette",
    "secondary_opacity",
    "padding",
    "pixel_art",
)
"""Style fields that accepted icons teach: not grid (given by the request) nor detail (given by the subject)."""


# -- the write gate --------------------------------------------------------------------------------------------------


def decide(
    statement: Statement,
    existing: Sequence[Preference],
    tenant: Tenant,
    now: datetime,
    *,
    new_id: str = "",
    forgotten: AbstractSet[str] = frozenset(),
) -> Decision:
    """What to do with ``statement``. existing: the user's active preferences, of all scopes. forgotten: fingerprints of
    what the user had deleted."""

    def reject(reason: str) -> Decision:
        return Decision("reject", reason, statement)

    reason = _bad_source(statement)
    if reason:
        return reject(reason)
    try:
        slot, value = check(statement.slot, statement.value)
    except RecordError as error:
        return reject(str(error))
    quote = clean(statement.quote or statement.text, QUOTE)
    if statement.origin == "stated" and not quote:
        return reject("no provenance: the user's own words are missing")
    scope, scope_id, problem = _scope(statement, tenant)
    if problem:
        return reject(problem)

    here = [p for p in existing if p.slot == slot and p.scope == scope and p.scope_id == scope_id]
    here.sort(key=lambda p: p.created_at, reverse=True)
    applying = [p for p in existing if p.slot == slot and applies(p, tenant)]
    reason = _weaker(statement, slot, value, here, applying, forgotten)
    if reason:
        return reject(reason)
    if slot.startswith("avoid:") and value is False and not any(p.value is True for p in applying):
        return reject(f"nothing to lift: {slot.partition(':')[2]} was never to be avoided")

    at = now.isoformat(timespec="seconds")
    confidence = _confidence(statement)
    same = next((p for p in here if _agrees(statement, slot, value, p.value)), None)
    named = statement.origin == "stated" and ":" in statement.source
    if same is not None and named and same.provenance.source == _source(statement):
        return Decision("add", same.text, statement, same)  # this very message, read again after a crash
    if same is not None:
        stronger = statement.origin == "stated" and same.provenance.origin == "inferred"
        provenance = (
            Provenance("stated", _source(statement), quote, at, tenant.session) if stronger else same.provenance
        )
        kept = replace(same, confidence=max(same.confidence, confidence), provenance=provenance)
        word = "seen again" if statement.origin == "inferred" else "said again"
        word = "now stated, before only inferred" if stronger else word
        return Decision("reinforce", f"{word}: {same.text}", statement, kept)

    made = Preference(
        id=new_id,
        slot=slot,
        value=value,
        text=describe(slot, value),
        scope=scope,
        scope_id=scope_id,
        confidence=confidence,
        provenance=Provenance(statement.origin, _source(statement), quote, at, tenant.session),
        created_at=at,
        supersedes=here[0].id if here else None,
    )
    if here:
        was = f"{here[0].text} (since {here[0].created_at[:10]})"
        return Decision("supersede", f"{made.text}; before: {was}", statement, made, tuple(p.id for p in here))
    return Decision("add", made.text, statement, made)


def fingerprint(slot: str, value: Any) -> str:
    """Of a slot and value that were forgotten: enough to know them again, without their text."""
    data = json.dumps([slot, value], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(data.encode()).hexdigest()[:32]


def _agrees(statement: Statement, slot: str, value: Any, held: Any) -> bool:
    """The same value; for what is inferred, a number within the tolerance of the measure is the same."""
    tolerance = TOLERANCE.get(slot.removeprefix(STYLE))
    if statement.origin == "inferred" and tolerance is not None and isinstance(held, int | float):
        return abs(float(value) - float(held)) <= tolerance
    return bool(value == held)


def _bad_source(statement: Statement) -> str:
    if statement.origin not in ("stated", "inferred", "imported"):
        return f"unknown origin {statement.origin!r}"
    source = statement.source.partition(":")[0].strip() if isinstance(statement.source, str) else ""
    if source not in SOURCES:
        return f"source {source!r:.40} is not the user's own words: recalled or generated text is not learned"
    if statement.origin == "inferred":
        icons = {i for i in statement.source.partition(":")[2].replace(",", " ").split() if i}
        if source not in ("accepted", "library add") or (source == "accepted" and len(icons) < AGREEING):
            return f"inferred from too little: {AGREEING} accepted icons that agree are needed"
    elif source == "accepted":
        return "what accepted icons show is inferred, not stated"
    return ""


def _scope(statement: Statement, tenant: Tenant) -> tuple[Scope, str | None, str]:
    scope: Scope = statement.scope or ("project" if tenant.project else "user")
    if scope not in _NARROW:
        return "user", None, f"unknown scope {scope!r}"
    scope_id = {"user": None, "project": tenant.project, "session": tenant.session}[scope]
    if scope != "user" and scope_id is None:
        return scope, None, f"scope {scope}, but no {scope} is named"
    return scope, scope_id, ""


def _weaker(
    statement: Statement,
    slot: str,
    value: Any,
    here: Sequence[Preference],
    applying: Sequence[Preference],
    forgotten: AbstractSet[str],
) -> str:
    """Why a weaker origin must give way, or ""."""
    if statement.origin == "inferred":
        if fingerprint(slot, value) in forgotten:
            return "the user had this forgotten: only a new statement brings it back"
        stated = next((p for p in applying if p.provenance.origin != "inferred"), None)
        if stated is not None:
            return f"stated before ({stated.text}): what icons show does not displace it"
    if statement.origin == "imported":
        stated = next((p for p in here if p.provenance.origin == "stated" and p.value != value), None)
        if stated is not None:
            return f"stated here ({stated.text}): an import does not displace it"
    return ""


def _confidence(statement: Statement) -> float:
    given = statement.confidence if isinstance(statement.confidence, int | float) else 0.0
    top = INFERRED_CONFIDENCE if statement.origin == "inferred" else 1.0
    return round(min(max(float(given), 0.0), top), 3) if given == given else 0.0


def _source(statement: Statement) -> str:
    return clean(statement.source, 1024)


# -- what accepted icons teach ---------------------------------------------------------------------------------------


def agreement(accepted: Sequence[tuple[str, StyleSpec]]) -> list[Statement]:
    """Statements for the style fields on which at least three, and more than half, of the last five accepted icons
    agree.

    accepted: (icon id, measured style), newest first. Numbers agree within ``TOLERANCE``; their median is learned.
    Confidence: 0.3 and 0.06 for each agreeing icon, so 0.6 when all five agree.
    """
    recent = accepted[:RECENT]
    out: list[Statement] = []
    for name in LEARNED:
        seen = [(id, getattr(style, name)) for id, style in recent if getattr(style, name) is not None]
        group = _largest_group(name, seen)
        if len(group) < AGREEING or 2 * len(group) <= len(seen):
            continue
        value = _middle([v for _, v in group])
        if value is False or value == ("currentColor",):
            continue  # what every icon shows by default is no preference
        slot = STYLE + name
        count = len(group)
        out.append(
            Statement(
                slot=slot,
                value=list(value) if isinstance(value, tuple) else value,
                text=f"{count} of the last {len(recent)} accepted icons: {name.replace('_', ' ')}",
                quote="",
                origin="inferred",
                confidence=0.3 + 0.06 * count,
                source="accepted:" + ",".join(id[:16] for id, _ in group),
            )
        )
    return out


def _largest_group(name: str, seen: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The most that lie together: within the tolerance of one another for numbers, equal for the rest."""
    best: list[tuple[str, Any]] = []
    tolerance = TOLERANCE.get(name)
    for _, value in seen:
        if tolerance is None:
            group = [pair for pair in seen if pair[1] == value]
        else:
            group = [pair for pair in seen if value <= pair[1] <= value + tolerance]
        best = max(best, group, key=len)
    return best


def _middle(values: Sequence[Any]) -> Any:
    first = values[0]
    if isinstance(first, int | float) and not isinstance(first, bool):
        return round(float(statistics.median(values)) * 20) / 20  # steps of 0.05 px: finer is noise of the measure
    return first


# -- reading ---------------------------------------------------------------------------------------------------------


def applies(preference: Preference, tenant: Tenant) -> bool:
    """Whether a preference's scope covers what this tenant does now."""
    if preference.scope == "project":
        return preference.scope_id is not None and preference.scope_id == tenant.project
    if preference.scope == "session":
        return preference.scope_id is not None and preference.scope_id == tenant.session
    return True


def resolve(preferences: Iterable[Preference], tenant: Tenant) -> dict[str, Preference]:
    """The one preference of each slot that holds now: stated or imported before inferred, then narrow before wide,
    then the newest."""
    held: dict[str, Preference] = {}

    def strength(p: Preference) -> tuple[bool, int, str, str]:
        return p.provenance.origin != "inferred", -_NARROW[p.scope], p.created_at, p.id

    for p in preferences:
        if p.status == "active" and applies(p, tenant) and (p.slot not in held or strength(p) > strength(held[p.slot])):
            held[p.slot] = p
    return held


def why(preference: Preference) -> str:
    """Where a preference comes from, in one line."""
    p, day = preference.provenance, preference.provenance.at[:10]
    where = {"user": "", "project": f" for project {preference.scope_id}", "session": " in this session"}[
        preference.scope
    ]
    if p.origin == "inferred":
        icons = len(p.source.partition(":")[2].split(","))
        return f"seen in {icons} icons that you accepted{where}, learned on {day}"
    said = f"you said on {day}{where}" if p.origin == "stated" else f"imported on {day}{where}"
    return f"{said}: '{p.quote}'" if p.quote else said


@dataclass(frozen=True)
class Rank:
    """Why an exemplar stands where it stands; each factor 0..1, ``value`` their product."""

    value: float
    concept: float
    style: float
    acceptance: float
    recency: float
    rejected: int


def rank(
    concept: float, style: float, *, accepted: bool = False, own: bool = False, age_days: float = 0.0, rejected: int = 0
) -> Rank:
    """concept, style: scores 0..1. The look decides half of the score, as in the library's own search; recency
    (half-life 90 days) at most a tenth, so that a new icon does not push out a better one."""
    acceptance = 1.0 if accepted else 0.9 if own else 0.8
    recency = 0.5 ** (max(age_days, 0.0) / HALF_LIFE_DAYS)
    value = concept * (0.5 + 0.5 * style) * acceptance * (0.9 + 0.1 * recency) * 0.5 ** min(rejected, 10)
    return Rank(value, concept, style, acceptance, recency, rejected)


def lexical(concept: str, name: str, tags: Iterable[str]) -> float:
    """How surely an icon of this name and these tags shows the concept, by its words (in their singular): 1 the same
    name, 0.92 a tag, 0.8 to 0.92 a synonym of the name, 0.75 the name's last word ("cart" in "shopping cart") or all
    words of the concept among the name's, else half the share of the concept's words that name and tags hold."""
    from memory.library.text import alternatives, tokens

    wanted, have = tokens(concept), tokens(name)
    if not wanted:
        return 0.0
    if wanted == have:
        return 1.0
    labels = [tokens(tag) for tag in tags]
    if wanted in labels:
        return 0.92
    other = alternatives(wanted)
    if have in other:
        return 0.97 * other[have]
    if have and (wanted == have[-len(wanted) :] or set(wanted) <= set(have)):
        return 0.75
    pool = set(have).union(*labels)
    return 0.5 * len(pool & set(wanted)) / len(set(wanted))
