"""What a user's sessions teach: accepted drawings, rejected ones, and what mended a drawing, as JSON for fine-tuning.

Contract. ``examples`` gives one object for each: ``{"kind", "words", "style", "messages", "licence", "provenance", …}``
with, by kind,

    accepted   "accepted": SVG; "instead_of": the other candidates that were shown
    rejected   "rejected": SVG; "reason": the user's words
    fix        "before": SVG, "critique": what was wrong with it, "after": SVG; "by": "critic" or "user"

``messages`` is the same as a conversation whose last turn is what is to be learned (none for what was rejected), so
that ``mnemicon train finetune --data`` reads the file as it is. Only drawings that were made for this user, none of the
library's; where one was adapted from icons of others, their sets and licences stand in ``provenance`` and in
``licence``. Names of users are left out. Nobody's drawings are given without their word: ``consent`` must be true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agent.errors import ReplayError
from memory.records import Tenant
from svggen.errors import SvgGenError
from svggen.icon import parse, serialise
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from agent.drawings import Drawings
    from memory.memory import Memory
    from svggen.icon import Icon

__all__ = ["examples"]

ASK = "Draw an SVG icon of {words}"
MEND = 'Design prompt: "{words}"\n{before}\nThe critique: "{critique}".'
"""As the readers of ``svggen.training.finetune.layouts`` know them."""


def examples(memory: Memory, tenant: Tenant, drawings: Drawings, *, consent: bool) -> Iterator[dict[str, Any]]:
    """memory and drawings: of the tenant's user. ReplayError without consent; MemoryError_ where memory is down."""
    if not consent:
        raise ReplayError("drawings and words are given for training with the user's consent only")
    kept = {str(r["id"]): r for r in drawings.all() if tenant.project in (None, r.get("project"))}
    rejections = {str(r["exemplar_id"]): r for r in memory.export(Tenant(tenant.user)) if r.get("type") == "rejection"}
    when = datetime.now(UTC).isoformat(timespec="seconds")
    for exemplar in memory.exemplars(tenant):
        if exemplar.source != "accepted":
            continue  # added from a folder: no session's
        record = kept.get(exemplar.id) or _from_memory(exemplar)
        yield _example("accepted", record, when, serialise(exemplar.icon), instead_of=_others(record, exemplar.id))
    for id, rejection in rejections.items():
        if id in kept:
            yield _rejected(kept[id], str(rejection.get("reason") or ""), when)
    for id, record in kept.items():
        if id not in rejections:
            yield from _fixes(record, kept, when)


def _from_memory(exemplar: Any) -> dict[str, Any]:
    """An accepted drawing whose record is gone: what memory knows of it."""
    licences = [x.strip() for x in exemplar.licence.split(",") if x.strip() not in ("", "own")]
    lost = [{"used": True, "name": "", "source": "not recorded", "licence": licence} for licence in licences]
    return {"id": exemplar.id, "prompt": exemplar.prompt or exemplar.name, "at": exemplar.created_at, "exemplars": lost}


def _others(record: Mapping[str, Any], id: str) -> list[str]:
    found = [_svg(c) for c in record.get("candidates") or () if c.get("id") != id]
    return [svg for svg in found if svg]


def _rejected(record: Mapping[str, Any], reason: str, when: str) -> dict[str, Any]:
    made = _example("rejected", record, when, _svg(record), reason=reason)
    return {**made, "messages": made["messages"][:1]}  # nothing that should be answered


def _fixes(record: Mapping[str, Any], kept: Mapping[str, Mapping[str, Any]], when: str) -> Iterator[dict[str, Any]]:
    """Of one drawing: what the critic had it mended for, and the edit that the user asked for."""
    for fix in record.get("fixes") or ():
        before, after = _svg({"svg": fix.get("before")}), _svg({"svg": fix.get("after")})
        found = [str(f["message"]) for f in fix.get("findings") or ()] or _found(before, after, record)
        if before and after and found:
            yield _fix(record, "critic", before, "; ".join(found), after, when)
    parent = kept.get(str(record.get("parent")))
    said = (record.get("understood") or {}).get("kind") == "edit" and str(record.get("prompt") or "")
    before, after = (_svg(parent) if parent else ""), _svg(record)
    if said and before and after and before != after:
        words = str((parent or {}).get("subject") or record.get("subject") or "")
        yield _fix({**record, "subject": words}, "user", before, str(said), after, when)


def _fix(record: Mapping[str, Any], by: str, before: str, critique: str, after: str, when: str) -> dict[str, Any]:
    made = _example("fix", record, when, after, by=by, before=before, critique=critique)
    asked = MEND.format(words=_plain(made["words"]), before=before, critique=_plain(critique))
    return {**made, "after": made.pop("fix"), "messages": _turns(asked, after)}


def _found(before: str, after: str, record: Mapping[str, Any]) -> list[str]:
    """What the linter finds in the first that it does not find in the second."""
    from svggen.lint import lint_many

    icons = [_icon(before), _icon(after)]
    if None in icons:
        return []
    one, other = lint_many([i for i in icons if i is not None], StyleSpec.from_dict(dict(record.get("style") or {})))
    left = {f.rule for f in other}
    return [f.message for f in one if f.rule not in left]


def _example(kind: str, record: Mapping[str, Any], when: str, svg: str, **more: Any) -> dict[str, Any]:
    words = str(record.get("subject") or record.get("prompt") or "icon")
    drawn_from = [
        {k: str(e.get(k) or "") for k in ("name", "source", "licence")}
        for e in record.get("exemplars") or ()
        if e.get("used")
    ]
    licences = dict.fromkeys(e["licence"] for e in drawn_from if e["licence"] not in ("", "own"))
    return {
        "kind": kind,
        "words": words,
        kind: svg,
        **more,
        "style": dict(record.get("style") or {}),
        "messages": _turns(ASK.format(words=_plain(words)), svg),
        "licence": ", ".join(licences) or "own",
        "provenance": {
            "drawn_by": str(record.get("model") or ""),
            "at": str(record.get("at") or ""),
            "drawn_from": drawn_from,
            "program": _program(),
            "consent": when,
        },
    }


def _turns(asked: str, answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]


def _plain(text: str) -> str:
    """Words that stand between quotation marks."""
    return " ".join(re.sub(r"[\"“”<>]", "'", text).split())


def _icon(svg: str) -> Icon | None:
    try:
        return parse(svg)
    except SvgGenError:
        return None


def _svg(record: Mapping[str, Any]) -> str:
    """Canonical, "" for what cannot be read."""
    icon = _icon(str(record.get("svg") or ""))
    return "" if icon is None else serialise(icon)


def _program() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"mnemicon {version('mnemicon')}"
    except PackageNotFoundError:
        return "mnemicon"
