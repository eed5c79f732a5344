"""What is remembered, for the drawer: read, changed, forgotten, taken back, exported.

Contract. Everything blocks and is for a thread; errors of memory pass through. A change goes through memory's gate as a
statement of the user's, with the page as its source: the gate decides, and its reason is what the page says. Forgetting
deletes for good; the record is handed out so that it can be taken back by an import while the page still holds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from memory import policy
from memory.errors import MemoryError_, RecordError
from memory.memory import Memory
from memory.records import Decision, Exemplar, Preference, Statement, Tenant
from memory.slots import STYLE, check, describe
from svggen.safety import parse_colour
from svggen.style import CHOICES, RANGES

__all__ = ["Remembered", "change", "choices", "forget", "lines", "remembered", "restore", "spoken", "value_of", "why"]

YES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
NEVER = {"never": True, "avoid": True, "allowed": False, "allow": False}


@dataclass(frozen=True)
class Remembered:
    """preferences: active ones, newest first; past: superseded ones. icons: the user's own, newest first. rejections:
    {"id", "exemplar_id", "reason", "at", "times"}. trouble: why memory could not be read, "" where it could."""

    preferences: list[Preference] = field(default_factory=list)
    past: list[Preference] = field(default_factory=list)
    icons: list[Exemplar] = field(default_factory=list)
    rejections: list[dict[str, Any]] = field(default_factory=list)
    trouble: str = ""


def remembered(memory: Memory, tenant: Tenant, own: Callable[[], list[Exemplar]] | None = None) -> Remembered:
    """own: gives the icons, newest first, where somebody holds them already."""
    try:
        held = memory.preferences(tenant, history=True)[::-1]
        icons = own() if own is not None else list(memory.exemplars(tenant))[::-1]
        rejections = [r for r in memory.export(tenant) if r["type"] == "rejection"]
    except MemoryError_ as error:
        return Remembered(trouble=str(error))
    active = [p for p in held if p.status == "active"]
    return Remembered(active, [p for p in held if p.status != "active"], icons, rejections)


def why(preference: Preference) -> str:
    """Where it comes from, in one line."""
    return policy.why(preference)


# ------------------------------------------------------------------------------------------------------------- changes


def spoken(slot: str, value: Any) -> str:
    """A value as a field of the page shows it; ``value_of`` reads it again."""
    if slot.startswith("avoid:"):
        return "never" if value else "allowed"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def choices(slot: str) -> tuple[str, ...]:
    """The values to choose from; none where the value is free."""
    if slot.startswith("avoid:"):
        return ("never", "allowed")
    name = slot.removeprefix(STYLE)
    return ("yes", "no") if name == "pixel_art" else CHOICES.get(name, ())


def value_of(slot: str, text: str) -> Any:
    """What was typed, as the slot's value; RecordError says what is wrong with it."""
    words = text.strip()
    lower = words.lower()
    name = slot.removeprefix(STYLE)
    if slot.startswith("avoid:"):
        if lower not in NEVER:
            raise RecordError(f"{words[:40]!r} is neither never nor allowed")
        return NEVER[lower]
    if name == "pixel_art":
        return YES.get(lower, words)
    if name == "palette":
        return [_colour(part) for part in words.split(",") if part.strip()]
    if slot == "brand_color":
        return _colour(words)
    if name in RANGES:
        number = re.fullmatch(r"([-+]?\d*[.,]?\d+)\s*(px|%)?", lower)
        if number is None:
            raise RecordError(f"{words[:40]!r} is not a number")
        value = float(number[1].replace(",", ".")) / (100 if number[2] == "%" else 1)
        return int(value) if name == "grid" and value.is_integer() else value
    return lower if name in CHOICES else words


def _colour(text: str) -> str:
    word = text.strip()
    if word.lower() == "currentcolor":
        return "currentColor"
    found = parse_colour(word)
    if found is None or not found[0].startswith("#"):
        raise RecordError(f"{word[:40]!r} is not a colour: write teal or #008080")
    return found[0]


def change(memory: Memory, tenant: Tenant, preference: Preference, text: str) -> Decision:
    """The gate's decision; RecordError for what is no value of this slot."""
    slot, value = check(preference.slot, value_of(preference.slot, text))
    words = describe(slot, value)
    here = Tenant(
        tenant.user,
        preference.scope_id if preference.scope == "project" else tenant.project,
        preference.scope_id if preference.scope == "session" else None,
    )
    quote = f"changed on the page to: {text.strip()[:200]}"
    statement = Statement(slot, value, words, quote, scope=preference.scope, source="ui")
    return memory.remember(here, [statement])[0]


def forget(memory: Memory, tenant: Tenant, id: str) -> list[dict[str, Any]]:
    """Deletes it for good; gives what ``restore`` takes, none where it cannot be taken back. NotFound for an id that is
    not there."""
    records = [r for r in memory.export(tenant) if r.get("id") == id]
    memory.forget(tenant, id)
    return records


def restore(memory: Memory, tenant: Tenant, records: list[dict[str, Any]]) -> list[Decision]:
    """What was forgotten is taken back, with its id, its words and its time; a decision each."""
    return memory.import_(tenant, records)


def lines(memory: Memory, tenant: Tenant) -> Iterator[bytes]:
    """Everything kept of the user, as ``mnemicon memory export`` writes it."""
    for record in memory.export(tenant):
        yield (json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n").encode()
