"""The nodes of the graph. Each takes the state and the runtime and gives back what changes.

Contract. A node reads and writes JSON-able state only; icons and exemplars that the next node needs at once travel in
``IconContext.scratch`` and are made again from the state where the scratch is empty (after a resume). Errors of memory
and of the disk become notes; the drawing goes on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langgraph.runtime import Runtime
from langgraph.types import Send, interrupt

from agent import conversing, talk
from agent.brief import BriefContext, drawable
from agent.combining import Combiner
from agent.editor import APPLIED, REDRAWN, UNSURE, Editor
from agent.judging import judge
from agent.recalling import recall_for
from agent.seams import taped
from agent.staging import brief_of, context_of, recalled_of, stage
from agent.state import DrawTask, IconContext, IconState, Json
from agent.understanding import understood
from svggen.errors import ModelError, WeightsError
from svggen.icon import icon_id, parse, serialise
from svggen.models.base import Budget, Draft, DrawRequest, Hint

if TYPE_CHECKING:
    import numpy as np

    from svggen.models.base import SvgModel

GAIN = 0.005
"""A round that adds less than this to the best score was the last one that paid."""
MOST = 16
"""Drafts of a round at most."""
HINTS = 6
"""Findings that are turned to the model at a time."""
PICTURED = ("edit", "remember", "smalltalk", "empty")
"""Messages that draw where a picture comes with them."""
SETTLED = ("remember", "forget", "accept", "reject", "undo", "redo", "back", "pick")
"""Messages that draw nothing."""
EMBEDDED = ("auto", "library", "editor")
"""Who has nobody to stand in for it."""
ATTEMPTS = 2
"""Tries of a model that reports an error of its own machinery."""


# -- understand --------------------------------------------------------------------------------------------------------


@taped("embed")
def _embed(texts: Sequence[str]) -> np.ndarray:
    """The shipped model, loaded when a clause first leaves the rules undecided."""
    from memory.embedding import default_embedder

    return default_embedder().embed(texts)


def understand_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    context = context_of(runtime)
    with stage(runtime, "understand", "reading the request") as seconds:
        last, shown = conversing.it(state, context), conversing.choices(state, context)
        known = BriefContext(
            has_icon=(last is not None or (context.chat and state.get("at") is not None)) and context.image is None,
            candidates=len(shown["candidates"]) if shown else 0,
            undone=bool(state.get("undone")) if context.chat else None,
            brand_color=talk.brand_color(context) if "brand" in str(state.get("prompt", "")).lower() else None,
            drawing=context.drawing,
            knows=drawable if context.chat else None,
            embed=_embed,
        )
        said = [turn["said"] for turn in state.get("turns") or ()]
        brief = understood(state.get("prompt", ""), known, context, turns=said)
        if context.image is not None and brief.kind in PICTURED and not state.get("edit"):
            brief = replace(brief, kind="draw", notes=())  # "thicker" means the picture's lines, not the last icon's
    anew: Json = {
        "drafts": None,
        "notes": None,
        "candidates": [],
        "learned": [],
        "result": None,
        "message": "",
        "asks": "",
        "moved": None,
        "left": None,
        "other": None,
        "best": None,
        "subject": "",
        "base": None,
        "parent": None,
    }
    moved: Json = {}
    if context.chat:
        brief, moved = conversing.arrived(state, brief, context)
    return {
        **anew,
        **moved,
        "brief": brief.to_dict(),
        "kind": brief.kind,
        "round": 0,
        "gain": 0.0,
        "started": time.time(),
        "seconds": seconds,
    }


def after_understand(state: IconState) -> str:
    """Drawing, edits and picks go on to recall; what is said to memory is learned; the rest is answered."""
    kind = state["kind"]
    if kind in ("draw", "edit"):
        return "recall"
    return "learn" if kind in SETTLED else "present"


# -- recall ------------------------------------------------------------------------------------------------------------


def recall_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    context = context_of(runtime)
    brief = brief_of(state)
    with stage(runtime, "recall", "looking into memory") as seconds:
        kept = conversing.accepted(state, brief, context)
        learned, notes = talk.learn_statements(context, brief, _said_in(state, context))
        base = conversing.it(state, context) if brief.kind == "edit" or state.get("edit") else None
        other = None
        if base is not None and brief.kind == "edit":
            base, other = conversing.meant(base, brief, context, notes, conversing.choices(state, context))
        if base is None and brief.kind == "edit":
            notes.append("there is no icon yet that could be changed")
        found = recall_for(context, brief, base, state.get("style"))
        context.scratch["recalled"] = found
    return {
        "recalled": found.to_dict(),
        "subject": found.words,
        "base": base["svg"] if base else None,
        "parent": base["id"] if base else None,
        "other": other["svg"] if other else None,
        "inherited": [*talk.used_sources(base), *(other or {}).get("sources", ())] if base else [],
        "learned": kept + learned,
        "notes": notes + list(found.notes),
        "seconds": seconds,
    }


def fan_out(state: IconState, runtime: Runtime[IconContext]) -> list[Send] | str:
    """One task for each model and each of its batches, all drawn in parallel; straight to present where there is
    nothing to draw or to change."""
    context = context_of(runtime)
    if not state["subject"] and not state["base"] and context.image is None:
        return "present"
    tasks: list[Send] = []
    count = min(MOST, context.n + len(conversing.seen_before(state)))  # "again": others than those that were shown
    for index, model in enumerate(_models(state, context)):
        batch = max(1, int(getattr(model, "batch", count)))
        for group, start in enumerate(range(0, count, batch)):
            task: DrawTask = {
                "model": index,
                "n": min(batch, count - start),
                "seed": context.seed + 1000 * state["round"] + group,
                "round": state["round"],
                "state": {
                    k: state.get(k)
                    for k in (
                        "brief",
                        "subject",
                        "base",
                        "other",
                        "inherited",
                        "recalled",
                        "candidates",
                        "style",
                        "edit",
                        "prompt",
                    )
                },
            }
            tasks.append(Send("draw", task))
    return tasks


def _models(state: IconState, context: IconContext) -> list[SvgModel]:
    """Who draws: the editor alone for changes that it can make, the models for new drawings, both where it is not
    sure."""
    brief = brief_of(state)
    if not state["base"]:
        return list(context.models)
    ops = {e.op for e in brief.edits}
    if state.get("other"):
        return [Combiner()]
    if ops & REDRAWN or brief.kind == "draw":
        return list(context.models)
    unsure = brief.style.mode is not None or bool(ops & UNSURE)
    return [Editor(), *context.models] if unsure and state["subject"] else [Editor()]


# -- draw --------------------------------------------------------------------------------------------------------------


def draw_step(state: DrawTask, runtime: Runtime[IconContext]) -> Json:
    context = context_of(runtime)
    task: Any = state
    shared: Any = {**task["state"], "round": task["round"]}
    models = _models(shared, context)
    model = models[task["model"]]
    with stage(runtime, "draw", f"drawing with {model.name}", task["round"], context.rounds) as seconds:
        request = _request(shared, task, context, editing=isinstance(model, Editor | Combiner))
        notes: list[str] = []
        try:
            drafts = model.generate(request)
        except ModelError as error:
            info = runtime.execution_info
            if info is not None and info.node_attempt < ATTEMPTS and not isinstance(error, WeightsError):
                raise
            drafts, note = _embedded(request, model.name) if len(models) == 1 else ([], "")
            told = str(error) if str(error).startswith(model.name) else f"{model.name}: {error}"
            notes.append(f"{told}{note}")
        icons = context.scratch.setdefault("icons", {})
        rows: list[Json] = []
        for draft in drafts:
            row = _row(draft, task["round"])
            if isinstance(model, Editor | Combiner):  # a changed drawing was drawn from what it was drawn from before
                row["sources"] = [
                    *row["sources"],
                    *(s for s in shared.get("inherited") or () if s not in row["sources"]),
                ]
            if draft.icon is not None:
                icons[row["id"]] = draft.icon
            rows.append(row)
    return {"drafts": rows, "notes": notes, "seconds": seconds}


@taped("stand_in")
def _stand_in(request: DrawRequest) -> list[Draft]:
    from svggen.models import get_model

    return get_model("auto").generate(request)


def _embedded(request: DrawRequest, absent: str) -> tuple[list[Draft], str]:
    """Drawn by what ships, because the model that was to draw cannot; and the words for it."""
    if absent in EMBEDDED:
        return [], ""
    return _stand_in(request), "; drawn by auto instead"


def _request(state: IconState, task: DrawTask, context: IconContext, *, editing: bool) -> DrawRequest:
    found = recalled_of(state, context)
    brief = brief_of(state)
    base = parse(str(state["base"])) if state.get("base") and editing else None
    hints: tuple[Hint, ...] = ()
    draft = None
    if task["round"] and state.get("candidates"):
        best = state["candidates"][0]
        hints = tuple(Hint(h["rule"], h["message"], h["value"], h["limit"]) for h in best["findings"][:HINTS])
        draft = parse(best["svg"])
    return DrawRequest(
        words=state["subject"],
        style=found.asked if editing else found.wanted,
        references=found.references if not state.get("other") else (conversing.as_reference(str(state["other"])),),
        set_vector=found.set_vector,
        set_style=found.set_style,
        image=context.image,
        edit=base,
        edits=tuple(str(e) for e in brief.edits if e.op in APPLIED) if editing else (),
        hints=hints,
        draft=draft,
        n=task["n"],
        seed=task["seed"],
        budget=Budget(seconds=context.seconds),
    )


def _row(draft: Draft, round: int) -> Json:
    """A draft as state: its icon as canonical SVG text."""
    svg = serialise(draft.icon) if draft.icon is not None else ""
    return {
        "id": icon_id(draft.icon) if draft.icon is not None else "",
        "svg": svg,
        "model": draft.model,
        "revision": draft.revision,
        "seed": draft.seed,
        "round": round,
        "confidence": draft.confidence,
        "sources": [list(s) for s in draft.sources],
        "steps": list(draft.steps),
        "notes": list(draft.notes),
        "failure": draft.failure,
    }


# -- critique and refine -----------------------------------------------------------------------------------------------


def critique_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """Look at the new candidates, repair what needs no model, keep the best so far."""
    context = context_of(runtime)
    found = recalled_of(state, context)
    known = {c["drawn"] for c in state.get("candidates") or ()}
    fresh = {d["id"]: d for d in reversed(state.get("drafts") or ()) if d["id"] and d["id"] not in known}
    rows = list(reversed(fresh.values()))
    with stage(
        runtime, "critique", f"looking at {len(rows)} candidates", state["round"] + 1, context.rounds
    ) as seconds:
        judged = judge(rows, found, context, edited=bool(state.get("base")))
        seen = conversing.seen_before(state)
        if seen:
            judged = sorted((r for r in judged if r["id"] not in seen), key=lambda r: -r["score"])[: context.n]
        before = list(state.get("candidates") or ())
        merged = _merge(before, judged)
        best = merged[0]["score"] if merged else 0.0
        gain = best - (before[0]["score"] if before else 0.0)
    return {
        "candidates": merged,
        "best": merged[0]["id"] if merged else None,
        "round": state["round"] + 1,
        "gain": gain,
        "seconds": seconds,
    }


def _merge(before: list[Json], judged: list[Json]) -> list[Json]:
    """Best first, each icon once; of equal scores the earlier stands, so that a later round must beat it."""
    seen: dict[str, Json] = {}
    for row in [*before, *judged]:
        seen.setdefault(row["id"], row)
    return sorted(seen.values(), key=lambda r: -r["score"])


def after_critique(state: IconState, runtime: Runtime[IconContext]) -> str:
    """Refine while it pays: findings are left, the last round gained, and rounds and seconds remain."""
    context = context_of(runtime)
    candidates = state["candidates"]
    if not candidates or state.get("base"):
        return "present"
    spent = state["round"] >= context.rounds or _late(state, context)
    stalled = state["round"] > 1 and state["gain"] < GAIN
    flawless = candidates[0]["passed"] and not candidates[0]["findings"]
    return "present" if spent or stalled or flawless else "refine"


@taped("late")
def _late(state: IconState, context: IconContext) -> bool:
    """Is the time over that the drawing may take?"""
    return time.time() - state["started"] >= context.seconds


def refine_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    with stage(
        runtime,
        "refine",
        f"round {state['round'] + 1}: {len(state['candidates'][0]['findings'])} findings to mend",
        state["round"],
        context_of(runtime).rounds,
    ) as seconds:
        pass
    return {"seconds": seconds}


# -- present and learn -------------------------------------------------------------------------------------------------


def present_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """The answer of a run; a session shows it and waits ("listen")."""
    context, brief = context_of(runtime), brief_of(state)
    with stage(runtime, "present", "choosing the best") as seconds:
        result: Json | None = None
        if brief.kind in ("draw", "edit"):
            result, message = talk.drawn(state, context)
        elif brief.kind == "ask_back":
            message = ""
        else:
            message = talk.answer(brief, context, conversing.it(state, context) if context.chat else None)
    return {"result": result, "message": message, "asks": brief.asks, "seconds": seconds}


def after_present(state: IconState) -> str:
    return "learn" if state.get("result") else "end"


def learn_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """Keep the drawing; pass on to memory what was said to it. Drawings enter memory only when they are accepted."""
    context = context_of(runtime)
    brief = brief_of(state)
    with stage(runtime, "learn", "remembering") as seconds:
        if state.get("result"):
            notes = talk.keep(state, context)
            return {"notes": notes, "seconds": seconds}
        learned, notes = talk.learn_statements(context, brief, _said_in(state, context))
        done = conversing.settle(state, brief, context, learned)
    return {
        "learned": learned,
        "notes": notes,
        "result": done.result,
        "message": done.message,
        "asks": done.asks,
        "moved": done.moved,
        "left": done.undone,
        "seconds": seconds,
    }


# -- sessions ----------------------------------------------------------------------------------------------------------


def record_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """Write the turn down."""
    return conversing.record(state, context_of(runtime))


def listen_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """Show the answer and wait, for as long as it takes, for the next message. Nothing is done before the interrupt: a
    resumed node begins anew."""
    said = interrupt(conversing.shown(state, context_of(runtime)))
    message: Json = dict(said) if isinstance(said, dict) else {"prompt": str(said)}
    return {k: message.get(k) for k in ("prompt", "edit", "style", "picture")}


def _said_in(state: IconState, context: IconContext) -> str:
    """Names this very message, so that memory knows it again where a turn is repeated after a crash."""
    if not context.chat:
        return ""
    return f"{context.session}#{len(state.get('turns') or ()) + 1}"
