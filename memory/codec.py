"""Records as JSON and back, validated both ways.

Contract. ``*_to_dict`` gives JSON-ready data; ``*_from_dict`` gives the equal record or raises RecordError naming the
field. A drawing goes out as canonical SVG text and comes back only through ``svggen.safety``. Nothing is read from a
record that is not named here, and every text is capped: name 80, tag 40 (at most 24), prompt, quote and reason 300
characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args

from memory.errors import RecordError
from memory.records import Exemplar, Origin, Preference, Provenance, Scope, Status
from memory.slots import check, clean, describe

if TYPE_CHECKING:
    from svggen.icon import Icon

__all__ = [
    "exemplar_from_dict",
    "exemplar_to_dict",
    "icon_from_svg",
    "preference_from_dict",
    "preference_to_dict",
    "tidy",
]

QUOTE, NAME, TAG, TAGS = 300, 80, 40, 24


def preference_to_dict(p: Preference) -> dict[str, Any]:
    return {
        "id": p.id,
        "slot": p.slot,
        "value": p.value,
        "text": p.text,
        "scope": p.scope,
        "scope_id": p.scope_id,
        "confidence": p.confidence,
        "provenance": {
            "origin": p.provenance.origin,
            "source": p.provenance.source,
            "quote": p.provenance.quote,
            "at": p.provenance.at,
            "session": p.provenance.session,
        },
        "created_at": p.created_at,
        "supersedes": p.supersedes,
        "status": p.status,
    }


def preference_from_dict(data: Mapping[str, Any]) -> Preference:
    """The text is made anew from slot and value: a record cannot smuggle words into it. Raises RecordError."""
    slot, value = check(_text(data, "slot", 200), data.get("value"))
    scope = _choice(data, "scope", Scope)
    scope_id = _optional(data, "scope_id", 128)
    if (scope == "user") != (scope_id is None):
        raise RecordError(f"scope_id: {scope_id!r} does not fit scope {scope}")
    source = data.get("provenance")
    if not isinstance(source, Mapping):
        raise RecordError("provenance: missing")
    provenance = Provenance(
        origin=_choice(source, "origin", Origin),
        source=_text(source, "source", 1024),
        quote=clean(source.get("quote", ""), QUOTE),
        at=_time(source, "at"),
        session=_optional(source, "session", 128),
    )
    confidence = data.get("confidence")
    if not isinstance(confidence, int | float) or isinstance(confidence, bool) or not 0 <= confidence <= 1:
        raise RecordError(f"confidence: {confidence!r} is not a number in 0..1")
    return Preference(
        id=_text(data, "id", 64),
        slot=slot,
        value=value,
        text=describe(slot, value),
        scope=scope,
        scope_id=scope_id,
        confidence=float(confidence),
        provenance=provenance,
        created_at=_time(data, "created_at"),
        supersedes=_optional(data, "supersedes", 64),
        status=_choice(data, "status", Status) if "status" in data else "active",
    )


def exemplar_to_dict(exemplar: Exemplar) -> dict[str, Any]:
    from svggen.icon import serialise

    return {
        "id": exemplar.id,
        "name": exemplar.name,
        "tags": list(exemplar.tags),
        "svg": serialise(exemplar.icon),
        "source": exemplar.source,
        "licence": exemplar.licence,
        "created_at": exemplar.created_at,
        "project": exemplar.project,
        "prompt": exemplar.prompt,
    }


def exemplar_from_dict(data: Mapping[str, Any]) -> Exemplar:
    """The drawing is rebuilt by ``svggen.safety`` and its id computed from it; raises RecordError where either
    fails."""
    icon, id = icon_from_svg(data.get("svg"))
    tags = data.get("tags", [])
    if not isinstance(tags, list | tuple):
        raise RecordError(f"tags: a list of words is needed, not {type(tags).__name__}")
    return Exemplar(
        id=id,
        name=clean(data.get("name", ""), NAME) or "icon",
        icon=icon,
        tags=tuple(t for t in (clean(tag, TAG) for tag in tags[:TAGS]) if t),
        source=clean(data.get("source", ""), NAME) or "imported",
        licence=clean(data.get("licence", ""), NAME) or "unknown",
        created_at=_time(data, "created_at"),
        project=_optional(data, "project", 128),
        prompt=clean(data.get("prompt", ""), QUOTE),
    )


def tidy(exemplar: Exemplar) -> Exemplar:
    """The exemplar as it would come back from the store: texts capped, drawing rebuilt, id from the drawing."""
    return exemplar_from_dict(exemplar_to_dict(exemplar))


def icon_from_svg(svg: Any) -> tuple[Icon, str]:
    """(icon, id). Stored text is as untrusted as any other; raises RecordError."""
    from svggen.errors import SvgGenError

    if not isinstance(svg, str):
        raise RecordError("svg: text is needed")
    try:
        return _rebuilt(svg)
    except SvgGenError as error:
        raise RecordError(f"svg: {error}") from error


@lru_cache(maxsize=2048)  # a pure function of the text: the same 40 icons come back with every recall
def _rebuilt(svg: str) -> tuple[Icon, str]:
    from svggen import safety
    from svggen.icon import icon_id

    icon = safety.load(svg)
    return icon, icon_id(icon)


def _text(data: Mapping[str, Any], field: str, limit: int) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value or len(value) > limit:
        raise RecordError(f"{field}: text of 1 to {limit} characters is needed, not {value!r:.60}")
    return value


def _optional(data: Mapping[str, Any], field: str, limit: int) -> str | None:
    return None if data.get(field) is None else _text(data, field, limit)


def _choice(data: Mapping[str, Any], field: str, choices: Any) -> Any:
    value = data.get(field)
    if value not in get_args(choices):
        raise RecordError(f"{field}: {value!r:.60} is none of {', '.join(get_args(choices))}")
    return value


def _time(data: Mapping[str, Any], field: str) -> str:
    value = _text(data, field, 40)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise RecordError(f"{field}: {value!r} is not a time in ISO 8601") from None
    return value
