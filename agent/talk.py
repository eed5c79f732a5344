"""What passes between the graph and its surroundings: memory, the kept drawings, and the words of the answer.

Contract. Errors of memory and of the disk become notes or a plain message; TenantError (the caller's) goes through.
Texts that came from memory are only ever shown, in quotes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.brief import Brief
from agent.recalling import Recalled, tenant_of
from agent.wishes import contradicts
from memory.errors import MemoryError_, NotFound, TenantError
from memory.records import Decision, Exemplar, Preference, Statement
from svggen.errors import SvgGenError
from svggen.icon import icon_id, parse, serialise

if TYPE_CHECKING:
    from agent.state import IconContext, IconState, Json

EXAMPLE = "say what the icon shows, for example: a coffee cup"
HELP = (
    "Describe an icon, change the last one (thicker, in teal, without the dot), accept it, or state what shall last "
    "(always 1.5px strokes)."
)
SHOWN_EXEMPLARS = 8
"""Exemplars listed with a drawing, after those that it was adapted from."""


# -- kept drawings -----------------------------------------------------------------------------------------------------


def last_drawing(context: IconContext, edit: str | None) -> Json | None:
    """The drawing that "it" means: the one that is handed over (SVG text, id, "last"), else the last that was kept."""
    if edit and edit.lstrip().startswith("<"):
        icon = parse(edit)
        return {"id": icon_id(icon), "svg": serialise(icon), "subject": "", "style": {}, "candidates": []}
    if context.drawings is None:
        return None
    if edit:
        return context.drawings.get(edit)
    try:
        return context.drawings.get("last")
    except KeyError:
        return None


def keep(state: IconState, context: IconContext) -> list[str]:
    """Write the drawing down for ``accept``, ``why`` and the next edit; a disk that refuses is a note."""
    result = state["result"]
    if context.drawings is None or result is None:
        return []
    record = {
        **result,
        "subject": state["subject"],
        "parent": state.get("parent"),
        "user": context.user,
        "project": context.project,
        "session": context.session,
        "at": context.clock().isoformat(timespec="seconds"),
        "sources": state["recalled"]["sources"],
        "asked": _asked(context),
        "fixes": _fixes(state, result["id"]),
        "candidates": [{**{k: c[k] for k in ("id", "svg", "score", "model")}, "from": _from(c, state),
                        "sources": _sources(c, state)} for c in result["candidates"]],
    }  # fmt: skip
    try:
        context.drawings.keep(record)
    except OSError as error:
        return [f"the drawing could not be kept: {error.strerror or error}"]
    return []


def _asked(context: IconContext) -> Json:
    """The options of the run, by which it can be drawn again (``agent.replay.effects``)."""
    given = {k: getattr(context, k) for k in ("n", "rounds", "seconds", "seed", "size")}
    model = context.models[0] if context.models else None
    return {
        **{k: v for k, v in given.items() if v is not None},
        "style": context.style.to_dict(),
        "model": getattr(model, "key", getattr(model, "name", None)),
        "drawing": context.drawing,
        "picture": hashlib.sha256(context.image).hexdigest() if context.image is not None else None,
    }


def _fixes(state: IconState, id: str) -> list[Json]:
    """What was found in an earlier drawing, and the drawing that it became: by repair, or by drawing anew."""
    rows = state.get("candidates") or []
    best = next((c for c in rows if c["id"] == id), None)
    if best is None:
        return []
    out: list[Json] = []
    earlier = [c for c in rows if c["round"] < best["round"]]
    if earlier and earlier[0]["findings"]:  # the best of the rounds before, whose findings were turned to the model
        out.append({"before": earlier[0]["svg"], "findings": earlier[0]["findings"], "after": best["svg"]})
    drawn = next((d for d in state.get("drafts") or () if d["id"] == best["drawn"] != best["id"]), None)
    if drawn is not None:
        out.append({"before": drawn["svg"], "steps": best["steps"], "after": best["svg"]})
    return out


def _sources(candidate: Json, state: IconState) -> list[list[str]]:
    """(id, set, licence) of what a candidate was drawn from."""
    row = next((c for c in state.get("candidates") or () if c["id"] == candidate["id"]), None)
    return [[str(part) for part in source] for source in (row or {}).get("sources", ())]


def used_sources(record: Json) -> list[list[str]]:
    """(id, set, licence) of what a kept drawing was drawn from: a change of it was drawn from the same."""
    used = [e for e in record.get("exemplars") or () if e.get("used")]
    return [[str(e[k]) for k in ("id", "source", "licence")] for e in used]


def _from(candidate: Json, state: IconState) -> list[str]:
    """Names of the exemplars that a candidate was drawn from, as their ids have them ("lucide:house-plus")."""
    names = [source[0].rpartition(":")[2] for source in _sources(candidate, state)]
    return [name[:80] for name in names if not name.isalnum() or len(name) < 40]


# -- memory ------------------------------------------------------------------------------------------------------------


def brand_color(context: IconContext) -> str | None:
    """The remembered brand colour, None where there is none or memory cannot say."""
    from memory.records import RecallQuery

    if context.memory is None:
        return None
    try:
        return context.memory.recall(tenant_of(context), RecallQuery(words="", per_concept=0, own=0)).brand_color
    except TenantError:
        raise
    except MemoryError_:
        return None


def learn_statements(context: IconContext, brief: Brief, said_in: str = "") -> tuple[list[Json], list[str]]:
    """Offer the message's statements to the gate, and drop what is to be forgotten. Gives the decisions and notes.
    said_in: names the message, so that reading it twice stores nothing twice."""
    if not brief.statements and not brief.forget:
        return [], []
    if context.memory is None:
        return [], ["there is no memory here: nothing was remembered"]
    tenant = tenant_of(context, brief)
    decisions: list[Json] = []
    notes: list[str] = []
    try:
        if brief.forget:
            decisions += _forget(context, brief, notes)
        if brief.statements:
            statements = [*brief.statements, *lifted(brief.statements, context.memory.preferences(tenant))]
            if said_in:
                statements = [replace(s, source=f"{s.source.partition(':')[0]}:{said_in}") for s in statements]
            for decision in context.memory.remember(tenant, statements):
                decisions.append(_decision(decision))
                if decision.action == "reject":
                    notes.append(f"not remembered: {decision.statement.text}: {decision.reason}")
    except TenantError:
        raise
    except MemoryError_ as error:
        notes.append(f"memory is not available, nothing was remembered: {error}")
    return decisions, notes


def lifted(statements: Sequence[Statement], held: Sequence[Preference]) -> list[Statement]:
    """The bans that new statements contradict, as statements that lift them: "always red" after "never red"."""
    out: list[Statement] = []
    bans = {(p.slot, p.scope): p for p in held if p.slot.startswith("avoid:") and p.value is True}
    for statement in statements:
        if not statement.slot.startswith("style."):
            continue
        for (slot, scope), ban in bans.items():
            if contradicts(ban.slot.partition(":")[2], statement.slot.removeprefix("style."), statement.value):
                text = f"{slot.partition(':')[2]} is allowed again"
                out.append(
                    Statement(
                        slot,
                        False,
                        text,
                        statement.quote,
                        scope=scope if scope != "session" else statement.scope,
                        source=statement.source,
                    )
                )
    return out


def _forget(context: IconContext, brief: Brief, notes: list[str]) -> list[Json]:
    memory = context.memory
    assert memory is not None
    if "*" in brief.forget:
        notes.append("to forget everything use: mnemicon memory forget --all")
        return []
    tenant = tenant_of(context, brief)
    gone: list[Json] = []
    held = memory.preferences(tenant)  # oldest first
    last = held[-1:] if "last" in brief.forget else []
    for preference in held:
        if preference.slot in brief.forget or preference in last:
            memory.forget(tenant, preference.id)
            gone.append(
                {"action": "forget", "id": preference.id, "text": preference.text, "reason": "you asked for it"}
            )
    if not gone:
        notes.append("nothing of that was remembered")
    return gone


def _decision(decision: Decision) -> Json:
    return {
        "action": decision.action,
        "reason": decision.reason,
        "slot": decision.statement.slot,
        "text": decision.preference.text if decision.preference else decision.statement.text,
        "id": decision.preference.id if decision.preference else None,
    }


def settle(brief: Brief, context: IconContext, edit: str | None, learned: list[Json]) -> tuple[Json | None, str]:
    """Messages that draw nothing new: accept, reject, pick, undo, remember, forget. Gives the drawing that is now the
    last one (None where that did not change) and the answer."""
    if brief.kind in ("remember", "forget"):
        said = [d["text"] for d in learned if d["action"] in ("add", "supersede", "reinforce")]
        gone = [d["text"] for d in learned if d["action"] == "forget"]
        parts = [f"Remembered: {', '.join(said)}." if said else "", f"Forgotten: {', '.join(gone)}." if gone else ""]
        return None, " ".join(p for p in parts if p) or "Nothing was changed in memory."
    try:
        record = last_drawing(context, edit)
    except (KeyError, SvgGenError) as error:
        return None, str(error.args[0] if error.args else error)
    if record is None:
        return None, "There is no drawing yet."
    if brief.kind == "undo":
        return _undo(context)
    if brief.pick is not None:
        chosen = picked(record, brief.pick, context)
        if chosen is None:
            return None, choose_from(len(record["candidates"]))
        record = chosen
        if brief.kind == "pick":
            return record, "This one is now the last drawing."
    return verdict(brief, record, context)


def choose_from(count: int) -> str:
    """That there is no such candidate."""
    return f"There are only {count} candidates to choose from." if count > 1 else "There is only one candidate."


def verdict(brief: Brief, record: Json, context: IconContext) -> tuple[Json | None, str]:
    """The user's word on a drawing: it is accepted, or rejected."""
    if brief.kind == "accept":
        decisions = accept(record, context)
        more = [d["text"] for d in decisions if d["action"] in ("add", "supersede")]
        return record, "It has joined your icons." + (f" Learned from them: {', '.join(more)}." if more else "")
    reject(record, brief.reason, context)
    return None, "Noted, it will not be taken as a model again." + (f" ({brief.reason})" if brief.reason else "")


def _undo(context: IconContext) -> tuple[Json | None, str]:
    if context.drawings is None:
        return None, "There is nothing to undo."
    try:
        return context.drawings.back(), "Back to the drawing before."
    except KeyError:
        return None, "There is nothing to undo."
    except OSError as error:
        return None, f"That could not be undone: {error.strerror or error}"


def picked(record: Json, index: int, context: IconContext) -> Json | None:
    """One of the candidates as a record of its own, kept; None where there is no such one."""
    candidates = record["candidates"]
    if not candidates or not -len(candidates) <= index < len(candidates):
        return None
    chosen = candidates[index]
    made = {
        **record,
        "id": chosen["id"],
        "svg": chosen["svg"],
        "score": chosen["score"],
        "model": chosen["model"],
        "parent": record["id"],
        "findings": [],
        "exemplars": _exemplars_of_candidate(record, chosen),
    }
    if context.drawings is not None and chosen["id"] != record["id"]:
        context.drawings.keep(made)
    return made


def _exemplars_of_candidate(record: Json, chosen: Json) -> list[Json]:
    """What that candidate was drawn from, not what the best of them was; then the icons that showed the style."""
    if "sources" not in chosen:
        return list(record.get("exemplars") or ())
    others = [e for e in record.get("exemplars") or () if not e.get("used")]
    known = {e["id"]: e for e in record.get("exemplars") or ()}
    why = "the drawing was adapted from it"
    made = [
        {"name": known.get(id, {}).get("name") or id.rpartition(":")[2], "id": id, "source": source,
         "licence": licence, "why": known.get(id, {}).get("why") or why, "used": True}
        for id, source, licence in chosen["sources"]
    ]  # fmt: skip
    return [*made, *(e for e in others if e["id"] not in {m["id"] for m in made})]


def accept(record: Json, context: IconContext) -> list[Json]:
    """A kept drawing joins the user's icons; raises MemoryError_ where it cannot."""
    if context.memory is None:
        return []
    icon = parse(record["svg"])
    words = record.get("subject") or record.get("prompt") or "icon"
    tags = (w for w in words.lower().split() if len(w) > 2)
    licences = sorted({e["licence"] for e in record.get("exemplars", ()) if e.get("used")})
    exemplar = Exemplar(
        id=icon_id(icon), name=words[:80], icon=icon, tags=tuple(dict.fromkeys(tags))[:8], source="accepted",
        licence=", ".join(licences) or "own", created_at=context.clock().isoformat(timespec="seconds"),
        project=record.get("project"), prompt=str(record.get("prompt", ""))[:300],
    )  # fmt: skip
    tenant = tenant_of(context)
    return [_decision(d) for d in context.memory.accept(tenant, exemplar)]


def reject(record: Json, reason: str, context: IconContext) -> list[Json]:
    """Remember that this drawing (and what it was adapted from) did not please."""
    if context.memory is None:
        return []
    decisions = []
    for id in dict.fromkeys([record["id"], *(e["id"] for e in record.get("exemplars", ()) if e.get("used"))]):
        try:
            decisions += [_decision(d) for d in context.memory.reject(tenant_of(context), id, reason)]
        except NotFound:
            continue
    return decisions


# -- answers -----------------------------------------------------------------------------------------------------------


def drawn(state: IconState, context: IconContext) -> tuple[Json | None, str]:
    """The best candidate as the result of a run, and what to say of it."""
    candidates = state.get("candidates") or []
    if not candidates:
        if not state.get("subject"):
            return None, "There is nothing to draw or to change in this."
        drafts = state.get("drafts") or ()
        why = dict.fromkeys(n for d in drafts for n in d["notes"]) or dict.fromkeys(d["failure"] for d in drafts)
        return None, f"Nothing could be drawn{': ' + '; '.join(map(str, why)) if why else ''}."
    best = candidates[0]
    if state.get("base") and best["id"] == state.get("parent"):
        return None, f"Nothing was changed: {'; '.join(best['notes']) or 'it is like that already'}."
    found = context.scratch.get("recalled")
    recalled = state["recalled"]
    result = {
        "id": best["id"],
        "prompt": str(state.get("prompt", ""))[:2000],
        "svg": best["svg"],
        "score": best["score"],
        "passed": best["passed"],
        "rounds": state["round"],
        "model": best["model"],
        "findings": [{k: f[k] for k in ("rule", "level", "message", "value", "limit")} for f in best["findings"]],
        "style": recalled["wanted"],
        "memories": recalled["memories"],
        "exemplars": exemplars_of(best, found if isinstance(found, Recalled) else None),
        "candidates": [{k: c[k] for k in ("id", "svg", "score", "model")} for c in candidates],
        "understood": state["brief"],
        "steps": best["steps"],
        "draft_notes": best["notes"],
    }
    concept = next((f["message"] for f in best["findings"] if f["rule"] == "concept"), None)
    return result, concept or "Done."


BY_HEART = ":by heart"
"""Ends the id of a source that no exemplar is: a training icon that a model repeats (svggen.models.iconlm.seen)."""


def exemplars_of(best: Json, found: Recalled | None) -> list[Json]:
    """Those that the drawing was adapted from, first; then the user's own icons that showed the style."""
    used = [str(s[0]) for s in best["sources"]]
    rows: dict[str, Json] = {}
    for id, source, licence in best["sources"]:
        by_heart = str(id).endswith(BY_HEART)
        rows[str(id)] = {
            "id": str(id),
            "name": "an icon known by heart" if by_heart else "",
            "source": source,
            "licence": licence,
            "why": "the drawing repeats an icon of this set" if by_heart else "the drawing was adapted from it",
            "used": True,
        }
    for reference in found.references if found is not None else ():
        mine = reference.origin == "own" and len(rows) < SHOWN_EXEMPLARS
        if reference.id in used or mine:
            why = f"the drawing was adapted from it; {reference.why}" if reference.id in used else reference.why
            rows[reference.id] = {
                "id": reference.id, "name": reference.name, "source": reference.source, "licence": reference.licence,
                "why": why, "used": reference.id in used,
            }  # fmt: skip
    return list(rows.values())


def answer(brief: Brief, context: IconContext, last: Json | None = None) -> str:
    """What to say where nothing is drawn and nothing is changed. last: the drawing that is meant, of a session."""
    if brief.kind in ("refused", "empty"):
        return f"Nothing to draw: {'; '.join(brief.not_understood) or EXAMPLE}."
    if brief.kind == "smalltalk":
        return f"{EXAMPLE.capitalize()}."
    if brief.question == "why":
        record = last if context.chat else last_drawing(context, None)
        return why(record) if record else "There is no drawing yet."
    if brief.question == "help":
        return HELP
    return remembered(brief, context)


def remembered(brief: Brief, context: IconContext) -> str:
    """What memory holds for this tenant, one line each."""
    if context.memory is None:
        return "There is no memory here."
    try:
        held = context.memory.preferences(tenant_of(context))
    except TenantError:
        raise
    except MemoryError_ as error:
        return f"Memory is not available: {error}."
    if brief.about:
        held = [p for p in held if p.slot == brief.about]
    if not held:
        return "Nothing is remembered yet." if not brief.about else "Nothing is remembered about that."
    return "\n".join(
        f"{p.text} ({p.scope}{f' {p.scope_id}' if p.scope_id else ''}, {p.provenance.origin})" for p in held
    )


def why(record: Json) -> str:
    """Which memories and exemplars shaped a kept drawing, and how."""
    lines = [f"{record.get('prompt', '')!r}, score {record['score']:.2f}, drawn by {record['model']}."]
    texts = {m["id"]: m["text"] for m in record.get("memories", ())}
    for field, source in sorted(record.get("sources", {}).items()):
        value = record.get("style", {}).get(field)
        origin = f"remembered: {texts[source]}" if source in texts else source
        lines.append(f"{field.replace('_', ' ')} {_plain(value)}: {origin}")
    lines += [
        f"memory: {m['text']} ({m['scope']}): {m['why']}"
        for m in record.get("memories", ())
        if m["id"] not in record.get("sources", {}).values()
    ]
    lines += [
        f"exemplar {e['name'] or e['id'][:12]} ({e['source']}, {e['licence']}): {e['why']}"
        for e in record.get("exemplars", ())
    ]
    lines += [f"step: {s}" for s in record.get("steps", ())]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    return (
        ", ".join(map(str, value))
        if isinstance(value, list | tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
