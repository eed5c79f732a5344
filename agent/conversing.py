"""What a message of a session means for the drawings that are there: "it", undo, redo, "the second", "as before".

Contract. ``it`` gives the drawing that "it" means: the one that was handed over, else the session's current one, else
(outside of a session) the user's last. ``settle`` does what draws nothing new and says what came of it (``Settled``);
``record`` writes the turn down; ``shown`` is what the user is given to see, as JSON. Everything is data of the state or
of the kept drawings; a record that is gone or damaged is said, never raised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agent import history, talk
from agent.brief import Brief
from agent.history import Lost, Turn
from agent.recalling import tenant_of

if TYPE_CHECKING:
    from agent.state import IconContext, IconState, Json
    from svggen.models.base import Reference

__all__ = [
    "Settled",
    "accepted",
    "arrived",
    "as_reference",
    "choices",
    "it",
    "meant",
    "record",
    "seen_before",
    "settle",
    "shown",
]


@dataclass(frozen=True)
class Settled:
    """result: the drawing that is current now, None where that did not change. moved: the turn that undo, redo or a
    going back leads to; undone: what may be redone from there. asks: a question back."""

    result: Json | None
    message: str
    moved: int | None = None
    undone: list[int] | None = None
    asks: str = ""


def it(state: IconState, context: IconContext) -> Json | None:
    """The kept record; KeyError where the one that was handed over cannot be found."""
    given = state.get("edit")
    if given or not context.chat:
        return talk.last_drawing(context, given)
    return _kept(context, history.drawing_at(state.get("turns") or (), state.get("at")))


def choices(state: IconState, context: IconContext) -> Json | None:
    """The drawing whose candidates are meant by "the second": those that were shown last where there were several. A
    change leaves one, beside which the others still stand."""
    found = it(state, context)
    if not context.chat or (found is not None and len(found["candidates"]) > 1):
        return found
    for turn in reversed(state.get("turns") or ()):
        if len(turn["candidates"]) > 1:
            return _kept(context, turn["drawing"]) or found
    return found


def _kept(context: IconContext, id: str | None) -> Json | None:
    if id is None or context.drawings is None:
        return None
    try:
        return context.drawings.get(id)
    except KeyError:
        return None  # pruned or damaged: the session goes on without it


def meant(
    base: Json, brief: Brief, context: IconContext, notes: list[str], of: Json | None = None
) -> tuple[Json, Json | None]:
    """(the drawing that an edit changes, the candidate that it is to be combined with). "Make the third one
    thicker" and "the one with the roof, but filled" speak of a candidate."""
    of = of or base
    shown = of["candidates"]
    combine = next((e for e in brief.edits if e.op == "combine"), None)
    if combine is not None:
        places = [int(n) for n in combine.argument.split(",") if _number(n.strip())]
        chosen = [shown[n] for n in places if -len(shown) <= n < len(shown)]
        if len(chosen) < 2:
            notes.append(f"there are {len(shown)} candidates: two of them are needed to combine")
            return base, None
        return talk.picked(of, places[0], context) or base, chosen[1]
    index = brief.pick
    if index is None and brief.described and shown:
        found = _fitting(brief.described, of)
        if len(found) == 1:
            index = found[0]
        else:
            notes.append(f"it is not clear which one is {brief.described[:60]!r}: the current one was changed")
    return (base if index is None else talk.picked(of, index, context) or base), None


def _fitting(described: str, record: Json) -> list[int]:
    """The places of the candidates that the words fit; "other": of two the one that is not current."""
    from agent.pointing import pointed

    shown = record["candidates"]
    if described == "other" and len(shown) == 2:
        return [i for i, c in enumerate(shown) if c["id"] != record["id"]]
    return pointed(described, shown)


def seen_before(state: IconState) -> frozenset[str]:
    """Of a message that asks for others ("again"): the icons that the session has shown."""
    edits = (state.get("brief") or {}).get("edits", ())
    if not any(edit["op"] == "again" for edit in edits):
        return frozenset()
    return frozenset(id for turn in state.get("turns") or () for id in turn["candidates"])


def as_reference(svg: str) -> Reference:
    """A candidate as a model is shown it."""
    from svggen.icon import icon_id, parse
    from svggen.models.base import Reference

    icon = parse(svg)
    return Reference(icon_id(icon), "the other candidate", "", icon, "given", "given", "own", 1.0, 1.0)


def settle(state: IconState, brief: Brief, context: IconContext, learned: list[Json]) -> Settled:
    """accept, reject, pick, undo, redo, back, remember, forget."""
    if not context.chat or brief.kind in ("remember", "forget"):
        return Settled(*talk.settle(brief, context, state.get("edit"), learned))
    try:
        if brief.kind in MOVES:
            n, undone = went(state, brief)
            return _moved(state.get("turns") or [], n, context, "Forward" if brief.kind == "redo" else "Back", undone)
    except Lost as lost:
        return Settled(None, str(lost))
    return _about(state, brief, context, learned)


MOVES = ("undo", "redo", "back")
"""Messages that go to a drawing that was there."""


def went(state: IconState, brief: Brief) -> tuple[int, list[int]]:
    """(the turn that undo, redo or a going back leads to, what may be redone from there); raises Lost."""
    turns: list[Turn] = state.get("turns") or []
    at, undone = state.get("at"), list(state.get("undone") or ())
    if brief.kind == "redo":
        return history.redo(undone)
    if brief.kind == "undo":
        steps = min(abs(int(brief.back)), 99) if _number(brief.back) else 1
        return history.undo(turns, at, max(1, steps)), [*undone, *([at] if at is not None else [])]
    if _number(brief.back):
        return history.back_to(turns, int(brief.back)), []
    return history.find(turns, brief.back, told=_in_english), []


def _in_english(turn: Turn) -> str:
    """The message, and what was understood of it in plain English words: a Chinese one is found by them."""
    from agent.brief.spoken import spoken
    from agent.brief.understand import understand

    said = turn["said"]
    return said if said.isascii() else f"{said} {spoken(understand(said))}"


def _named(brief: Brief, context: IconContext) -> Brief:
    """ "Forget that": the slot that was said last, named before anything is forgotten, so that a step that is repeated
    after a crash forgets the same."""
    held = context.memory.preferences(tenant_of(context)) if context.memory is not None else []
    return replace(brief, forget=tuple(p.slot for p in held[-1:]))


def arrived(state: IconState, brief: Brief, context: IconContext) -> tuple[Brief, Json]:
    """A message that goes back and changes what is there ("back to the first one, but thicker") as an edit of that
    drawing, and where the session stands then."""
    if "last" in brief.forget:
        brief = _named(brief, context)
    if brief.kind not in MOVES or not (brief.edits or brief.style.to_dict()):
        return brief, {}
    try:
        n, _ = went(state, brief)
    except Lost:
        return brief, {}
    return replace(brief, kind="edit"), {"at": n, "undone": []}


def _number(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _moved(turns: list[Turn], n: int, context: IconContext, way: str, undone: list[int]) -> Settled:
    turn = history.turn_at(turns, n)
    if context.drawings is not None and turn is not None and _kept(context, turn["drawing"]) is not None:
        context.drawings.set_current(str(turn["drawing"]))  # what is shown is what "the last icon" means elsewhere
    if turn is None or _kept(context, turn["drawing"]) is None:
        return Settled(None, "That drawing is no longer kept.")
    return Settled(None, f"{way} to the drawing of {turn['said'][:60]!r} (turn {n}).", n, undone)


def _about(state: IconState, brief: Brief, context: IconContext, learned: list[Json]) -> Settled:
    """Picks, and verdicts on what is shown."""
    points = brief.pick is not None or bool(brief.described)
    record = choices(state, context) if points else it(state, context)
    if record is None:
        return Settled(None, "There is no drawing yet.")
    index = brief.pick
    if index is None and brief.described:
        found = _fitting(brief.described, record)
        if len(found) != 1:
            return Settled(None, "", asks=_which(brief.described, found, len(record["candidates"])))
        index = found[0]
    if index is not None and record["candidates"]:
        chosen = talk.picked(record, index, context)
        if chosen is None:
            return Settled(None, talk.choose_from(len(record["candidates"])))
        record = chosen
    if brief.kind == "pick":
        place = next((i for i, c in enumerate(record["candidates"]) if c["id"] == record["id"]), None)
        return Settled(record, f"Number {place + 1} it is." if place is not None else "This one it is.")
    result, message = talk.verdict(brief, record, context)
    return Settled(result, message)


def _which(words: str, found: list[int], count: int) -> str:
    among = " or ".join(str(i + 1) for i in (found or range(count)))
    return f"Which one is {words[:60]!r}: {among}?"


def accepted(state: IconState, brief: Brief, context: IconContext) -> list[Json]:
    """ "Keep it. Now a bell": what is shown joins the icons before the rest is done; what was learned from that."""
    record = it(state, context) if brief.accepts else None
    if record is None:
        return []
    if brief.kind == "draw" and (brief.pick is not None or brief.described):
        record, _ = meant(record, brief, context, [], choices(state, context))
    said = {"action": "accept", "id": record["id"], "text": "it has joined your icons", "reason": "you kept it"}
    return [said, *talk.accept(record, context)]


# ---------------------------------------------------------------------------------------------------- the turn, kept


def record(state: IconState, context: IconContext) -> Json:
    """turns, at and undone after this message."""
    turns: list[Turn] = list(state.get("turns") or ())
    at, undone = state.get("at"), list(state.get("undone") or ())
    n = len(turns) + 1
    result, moved = state.get("result"), state.get("moved")
    drawing = history.drawing_at(turns, at)
    parent = at
    candidates: list[str] = []
    now = at
    if moved is not None:
        now, drawing = moved, history.drawing_at(turns, moved)
        turn = history.turn_at(turns, moved)
        parent = turn["parent"] if turn else None
        undone = list(state.get("left") or ())
    elif result is not None:
        candidates = [c["id"] for c in result["candidates"]]
        if result["id"] != drawing:
            now, drawing, undone = n, result["id"], []
    turns.append(
        {
            "n": n, "said": str(state.get("prompt") or "")[:500], "kind": state["kind"],
            "say": (state.get("asks") or state.get("message") or "")[:500], "drawing": drawing, "parent": parent,
            "candidates": candidates, "at": context.clock().isoformat(timespec="seconds"),
        }
    )  # fmt: skip
    return {"turns": turns, "at": now, "undone": undone}


def shown(state: IconState, context: IconContext) -> dict[str, Any]:
    """{"turn", "kind", "say", "asks", "options" that answer the question, "candidates": [{"id", "svg", "score"}],
    "current": {"id", "svg"} or None, "memory": what changed, "notes", "score", "passed", "findings", "undo" and "redo":
    is there something to undo, to redo?}."""
    turns: list[Turn] = state.get("turns") or []
    now = _kept(context, history.drawing_at(turns, state.get("at"))) if context.chat else state.get("result")
    brief = state.get("brief") or {}
    notes = [*brief.get("notes", ()), *(state.get("notes") or ())]
    if brief.get("not_understood"):
        notes.append(f"not understood: {', '.join(map(repr, brief['not_understood']))}")
    return {
        "turn": len(turns),
        "kind": state.get("kind", ""),
        "say": _said(state, now),
        "asks": state.get("asks") or None,
        "options": list(brief.get("options", ())) if state.get("asks") else [],
        "candidates": [{k: c.get(k) for k in ("id", "svg", "score")} for c in (now or {}).get("candidates", ())],
        "current": None if now is None else {"id": now["id"], "svg": now["svg"]},
        "undo": context.chat and _can_undo(turns, state.get("at")),
        "redo": bool(state.get("undone")),
        "memory": [d for d in state.get("learned") or () if d["action"] != "reject"],
        "notes": list(dict.fromkeys(notes)),
        "score": (now or {}).get("score"),
        "passed": (now or {}).get("passed"),
        "findings": (now or {}).get("findings", []),
    }


def _can_undo(turns: list[Turn], at: int | None) -> bool:
    try:
        history.undo(turns, at)
    except Lost:
        return False
    return True


def _said(state: IconState, now: Json | None) -> str:
    """The answer in a sentence: how many there are to choose from, or what was changed."""
    message, result = state.get("message", ""), state.get("result")
    if message != "Done." or result is None or now is None:
        return message
    if state.get("kind") == "edit":
        steps = "; ".join(result.get("steps", ())[:3])
        return f"Done: {steps}." if steps else message
    count = len(result["candidates"])
    what = str(state.get("subject") or "").strip()
    shown = f"{count} candidates for {what!r}" if count > 1 else f"One candidate for {what!r}"
    verdict = "" if result["passed"] else "; it does not pass every rule yet"
    return f"{shown}; {'the first' if count > 1 else 'it'} scores {result['score']:.2f}{verdict}."
