"""What each memory did to a kept drawing: it is drawn again without it.

Contract. ``effects_of`` makes a bundle of the drawing and of what memory held when it was drawn, and plays it without
each of the memories that shaped it (``agent.replay.counterfactuals``); the user's memory and drawings are only read.
``effects_picture`` is a PNG: the icon as it is, and without each. ReplayError where it cannot be drawn again (from a
picture that is not kept, by a model that is not here).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from agent.errors import ReplayError
from agent.replay.bundle import Bundle
from agent.replay.counterfactuals import EVERYTHING, as_of, counterfactual
from agent.replay.differences import same_icon
from agent.replay.recording import settings_of
from agent.replay.tape import Line, key_of
from memory.paths import user_dir
from memory.records import Tenant

if TYPE_CHECKING:
    from agent.parts import Parts

__all__ = ["Effect", "Effects", "bundle_of", "effects_of", "effects_picture"]

WHO: Final = "user"
MOST: Final = 8
"""Memories that a picture shows."""
OPTIONS: Final = ("n", "rounds", "seconds", "seed", "size", "style")
MOMENT: Final = timedelta(seconds=1)
"""Times of kept drawings have no fraction: what was said with the drawing counts as known."""


@dataclass(frozen=True)
class Effect:
    """id, text: of the memory ("all": without any). svg: the icon without it, "" where nothing is drawn then. changed:
    it is another one."""

    id: str
    text: str
    svg: str
    changed: bool


@dataclass(frozen=True)
class Effects:
    """svg: the icon as it is kept. again: it is drawn the same today, so that the differences are the memories' own."""

    svg: str
    again: bool
    effects: tuple[Effect, ...]


def effects_of(parts: Parts, user: str, record: Mapping[str, Any]) -> Effects:
    """record: of ``agent.drawings``."""
    bundle = bundle_of(parts, user, record)
    base = _drawn(counterfactual(bundle).icons)
    found = []
    for id, text in _memories(bundle, record)[:MOST]:
        svg = _drawn(counterfactual(bundle, without=id).icons)
        found.append(Effect(id, text, svg, not same_icon(base, svg)))
    if len(found) > 1:
        svg = _drawn(counterfactual(bundle, without=EVERYTHING).icons)
        found.append(Effect(EVERYTHING, "any memory", svg, not same_icon(base, svg)))
    kept = str(record["svg"])
    return Effects(kept, same_icon(kept, base), tuple(found))


def _drawn(icons: Sequence[Mapping[str, str]]) -> str:
    return icons[-1]["svg"] if icons else ""


def _memories(bundle: Bundle, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(id, text) of the preferences that applied, and of the user's own icons that were drawn from, as far as memory
    still holds them."""
    held = {str(r.get("id")) for r in bundle.memory}
    named = [(str(m["id"]), str(m["text"])) for m in record.get("memories") or ()]
    named += [(str(e["id"]), f"your icon {e.get('name') or ''}".strip()) for e in record.get("exemplars") or ()]
    return [(id, text) for id, text in dict(named).items() if id in held]


def bundle_of(parts: Parts, user: str, record: Mapping[str, Any]) -> Bundle:
    """The drawing as a recording of one call, without answers: all is asked anew."""
    at = _at(record)
    memory = parts.memory()
    records = [] if memory is None else memory.snapshot(Tenant(user))
    held = [{"user": WHO, **r} for r in as_of(records, at + MOMENT)]
    pictures: dict[str, bytes] = {}
    lines = [*_base(parts, user, record), _call(record, at, _picture(parts, user, record, pictures))]
    manifest = {"settings": settings_of(parts), "clock": at.isoformat(), "models": {}}
    return Bundle(parts.home / "drawings", manifest, lines, held, pictures)


def _at(record: Mapping[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(str(record.get("at")))
    except ValueError as error:
        raise ReplayError("the kept drawing does not say when it was drawn") from error
    if found.tzinfo is None:
        raise ReplayError("the kept drawing does not say when it was drawn")
    return found


def _base(parts: Parts, user: str, record: Mapping[str, Any]) -> list[Line]:
    """The drawing that it was made of, where it was an edit."""
    if not record.get("parent"):
        return []
    try:
        base = parts.drawings(user).get(str(record["parent"]))
    except KeyError as error:
        raise ReplayError(f"the drawing that it was made of is gone: {error.args[0]}") from error
    return [{"seam": "kept", "user": WHO, "id": base["id"], "place": 0, "record": base}]


def _picture(parts: Parts, user: str, record: Mapping[str, Any], pictures: dict[str, bytes]) -> str | None:
    digest = (record.get("asked") or {}).get("picture")
    if not digest:
        return None
    try:
        data = (user_dir(parts.home, user) / "pictures" / str(digest)).read_bytes()
    except OSError as error:
        raise ReplayError("it was drawn from a picture that is not kept: it cannot be drawn again") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise ReplayError("the picture that it was drawn from is damaged: it cannot be drawn again")
    pictures[str(digest)] = data
    return str(digest)


def _call(record: Mapping[str, Any], at: datetime, picture: str | None) -> Line:
    asked = dict(record.get("asked") or {})
    session, drawing = record.get("session"), bool(asked.get("drawing", True))
    inputs: dict[str, Any] = {"user": WHO, **{k: asked[k] for k in OPTIONS if asked.get(k) not in (None, {})}}
    inputs |= {k: record[k] for k in ("project",) if record.get(k)}
    inputs |= {"edit": record["parent"]} if record.get("parent") else {}
    inputs |= {"image": {"picture": picture}} if picture is not None else {}
    inputs |= {"model": asked["model"]} if asked.get("model") else {}
    words = str(record.get("prompt") or "")
    if session:
        name, inputs = "session", {"session": session, "text": words, "drawing": drawing, **inputs}
    else:
        name, inputs = "design_icon", {"prompt": words, "chat": not drawing, **inputs}
    request = {"name": name, "inputs": inputs}
    response = {"id": record["id"], "svg": record["svg"]}
    return {
        "seam": "call", "n": 1, "key": key_of("call", request), "request": request, "at": at.isoformat(),
        "response": {"current": response} if session else response,
    }  # fmt: skip


def effects_picture(effects: Effects, title: str) -> bytes:
    """PNG: the icon as it is, then without each of the memories; those that change nothing are said to."""
    from svggen.icon import parse
    from svggen.render import contact_sheet

    items = [(effects.svg, "as it is")]
    items += [(e.svg, f"without: {e.text}{'' if e.changed else ' (no change)'}") for e in effects.effects]
    drawn = [(parse(svg), label) for svg, label in items if svg]
    return contact_sheet(drawn, cell=128, title=title, backgrounds=("#ffffff",))
