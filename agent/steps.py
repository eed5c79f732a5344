"""The nodes of the graph. Each takes the state and the runtime and gives back what changes.

Contract. A node reads and writes JSON-able state only; icons and exemplars that the next node needs at once travel in
``IconContext.scratch`` and are made again from the state where the scratch is empty (after a resume). Errors of memory
and of the disk become notes; the drawing goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langgraph.runtime import Runtime
from langgraph.types import Send

from agent import talk
from agent.brief import Brief, BriefContext, understand
from agent.editor import APPLIED, REDRAWN, UNSURE, Editor
from agent.judging import judge
from agent.recalling import Recalled, recall_for
from agent.state import DrawTask, IconContext, IconState, Json
from svggen.errors import ModelError
from svggen.icon import icon_id, parse, serialise
from svggen.models.base import Budget, Draft, DrawRequest, Hint

if TYPE_CHECKING:
    import numpy as np

    from svggen.models.base import SvgModel

GAIN = 0.005
"""A round that adds less than this to the best score was the last one that paid."""
HINTS = 6
"""Findings that are turned to the model at a time."""
PICTURED = ("edit", "remember", "smalltalk", "empty")
"""Messages that draw where a picture comes with them."""
ATTEMPTS = 2
"""Tries of a model that reports an error of its own machinery."""


# -- understand --------------------------------------------------------------------------------------------------------


def _embed(texts: Sequence[str]) -> np.ndarray:
    """The shipped model, loaded when a clause first leaves the rules undecided."""
    from memory.embedding import default_embedder

    return default_embedder().embed(texts)


def understand_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    context = _context(runtime)
    with _stage(runtime, "understand", "reading the request") as seconds:
        last = talk.last_drawing(context, state.get("edit"))
        known = BriefContext(
            has_icon=last is not None and context.image is None,
            candidates=len(last["candidates"]) if last else 0,
            brand_color=talk.brand_color(context) if "brand" in str(state.get("prompt", "")).lower() else None,
            drawing=context.drawing,
            embed=_embed,
        )
        brief = understand(state.get("prompt", ""), context=known)
        if context.image is not None and brief.kind in PICTURED and not state.get("edit"):
            brief = replace(brief, kind="draw", notes=())  # "thicker" means the picture's lines, not the last icon's
    anew: Json = {
        "drafts": None,
        "notes": None,
        "candidates": [],
        "learned": [],
        "result": None,
        "message": "",
        "best": None,
        "subject": "",
        "base": None,
        "parent": None,
    }
    return {
        **anew,
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
    return "learn" if kind in ("remember", "forget", "accept", "reject", "undo", "pick") else "present"


# -- recall ------------------------------------------------------------------------------------------------------------


def recall_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    context = _context(runtime)
    brief = _brief(state)
    with _stage(runtime, "recall", "looking into memory") as seconds:
        learned, notes = talk.learn_statements(context, brief)
        base = talk.last_drawing(context, state.get("edit")) if brief.kind == "edit" or state.get("edit") else None
        if base is None and brief.kind == "edit":
            notes.append("there is no icon yet that could be changed")
        found = recall_for(context, brief, base, state.get("style"))
        context.scratch["recalled"] = found
    return {
        "recalled": found.to_dict(),
        "subject": found.words,
        "base": base["svg"] if base else None,
        "parent": base["id"] if base else None,
        "learned": learned,
        "notes": notes + list(found.notes),
        "seconds": seconds,
    }


def fan_out(state: IconState, runtime: Runtime[IconContext]) -> list[Send] | str:
    """One task for each model and each of its batches, all drawn in parallel; straight to present where there is
    nothing to draw or to change."""
    context = _context(runtime)
    if not state["subject"] and not state["base"] and context.image is None:
        return "present"
    tasks: list[Send] = []
    for index, model in enumerate(_models(state, context)):
        batch = max(1, int(getattr(model, "batch", context.n)))
        for group, start in enumerate(range(0, context.n, batch)):
            task: DrawTask = {
                "model": index,
                "n": min(batch, context.n - start),
                "seed": context.seed + 1000 * state["round"] + group,
                "round": state["round"],
                "state": {
                    k: state.get(k)
                    for k in ("brief", "subject", "base", "recalled", "candidates", "style", "edit", "prompt")
                },
            }
            tasks.append(Send("draw", task))
    return tasks


def _models(state: IconState, context: IconContext) -> list[SvgModel]:
    """Who draws: the editor alone for changes that it can make, the models for new drawings, both where it is not
    sure."""
    brief = _brief(state)
    if not state["base"]:
        return list(context.models)
    ops = {e.op for e in brief.edits}
    if ops & REDRAWN or brief.kind == "draw":
        return list(context.models)
    unsure = brief.style.mode is not None or bool(ops & UNSURE)
    return [Editor(), *context.models] if unsure and state["subject"] else [Editor()]


# -- draw --------------------------------------------------------------------------------------------------------------


def draw_step(state: DrawTask, runtime: Runtime[IconContext]) -> Json:
    context = _context(runtime)
    task: Any = state
    shared: Any = {**task["state"], "round": task["round"]}
    model = _models(shared, context)[task["model"]]
    with _stage(runtime, "draw", f"drawing with {model.name}", task["round"], context.rounds) as seconds:
        request = _request(shared, task, context, editing=isinstance(model, Editor))
        try:
            drafts = model.generate(request)
        except ModelError as error:
            info = runtime.execution_info
            if info is not None and info.node_attempt < ATTEMPTS:
                raise
            return {"notes": [f"{model.name}: {error}"], "seconds": seconds}
        icons = context.scratch.setdefault("icons", {})
        rows: list[Json] = []
        for draft in drafts:
            row = _row(draft, task["round"])
            if draft.icon is not None:
                icons[row["id"]] = draft.icon
            rows.append(row)
    return {"drafts": rows, "seconds": seconds}


def _request(state: IconState, task: DrawTask, context: IconContext, *, editing: bool) -> DrawRequest:
    found = _recalled(state, context)
    brief = _brief(state)
    base = parse(str(state["base"])) if state.get("base") and editing else None
    hints: tuple[Hint, ...] = ()
    if task["round"] and state.get("candidates"):
        hints = tuple(
            Hint(h["rule"], h["message"], h["value"], h["limit"]) for h in state["candidates"][0]["findings"][:HINTS]
        )
    return DrawRequest(
        words=state["subject"],
        style=found.asked if editing else found.wanted,
        references=found.references,
        set_vector=found.set_vector,
        set_style=found.set_style,
        image=context.image,
        edit=base,
        edits=tuple(str(e) for e in brief.edits if e.op in APPLIED) if editing else (),
        hints=hints,
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
    context = _context(runtime)
    found = _recalled(state, context)
    known = {c["drawn"] for c in state.get("candidates") or ()}
    fresh = {d["id"]: d for d in reversed(state.get("drafts") or ()) if d["id"] and d["id"] not in known}
    rows = list(reversed(fresh.values()))
    with _stage(
        runtime, "critique", f"looking at {len(rows)} candidates", state["round"] + 1, context.rounds
    ) as seconds:
        judged = judge(rows, found, context, edited=bool(state.get("base")))
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
    context = _context(runtime)
    candidates = state["candidates"]
    if not candidates or state.get("base"):
        return "present"
    spent = state["round"] >= context.rounds or time.time() - state["started"] >= context.seconds
    stalled = state["round"] > 1 and state["gain"] < GAIN
    flawless = candidates[0]["passed"] and not candidates[0]["findings"]
    return "present" if spent or stalled or flawless else "refine"


def refine_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    with _stage(
        runtime,
        "refine",
        f"round {state['round'] + 1}: {len(state['candidates'][0]['findings'])} findings to mend",
        state["round"],
        _context(runtime).rounds,
    ) as seconds:
        pass
    return {"seconds": seconds}


# -- present and learn -------------------------------------------------------------------------------------------------


def present_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """The answer of a run. (Issue 5 waits here for the user; one-shot use returns.)"""
    with _stage(runtime, "present", "choosing the best") as seconds:
        brief = _brief(state)
        if brief.kind in ("draw", "edit"):
            result, message = talk.drawn(state, _context(runtime))
        else:
            result, message = None, talk.answer(brief, _context(runtime))
    return {"result": result, "message": message, "seconds": seconds}


def after_present(state: IconState) -> str:
    return "learn" if state.get("result") else "end"


def learn_step(state: IconState, runtime: Runtime[IconContext]) -> Json:
    """Keep the drawing; pass on to memory what was said to it. Drawings enter memory only when they are accepted."""
    context = _context(runtime)
    brief = _brief(state)
    with _stage(runtime, "learn", "remembering") as seconds:
        if state.get("result"):
            notes = talk.keep(state, context)
            return {"notes": notes, "seconds": seconds}
        learned, notes = talk.learn_statements(context, brief)
        result, message = talk.settle(brief, context, state.get("edit"), learned)
    return {"learned": learned, "notes": notes, "result": result, "message": message, "seconds": seconds}


# -- shared ------------------------------------------------------------------------------------------------------------


def _context(runtime: Runtime[IconContext]) -> IconContext:
    """The run's context; where none was given (a LangGraph server), one with the parts of the settings."""
    context = runtime.context
    if context is None or not context.models:
        from agent.parts import open_parts

        context = context or IconContext()
        parts = open_parts()
        context.models = (parts.model(None, image=context.image is not None),)
        context.memory = context.memory or parts.memory()
        context.drawings = context.drawings or parts.drawings(context.user)
    return context


def _brief(state: IconState) -> Brief:
    return Brief.from_dict(state["brief"], str(state.get("prompt") or ""))


def _recalled(state: IconState, context: IconContext) -> Recalled:
    """From the run's scratch, or recalled again after a resume."""
    found = context.scratch.get("recalled")
    if isinstance(found, Recalled):
        return found
    with context.lock:
        brief = _brief(state)
        base = talk.last_drawing(context, state.get("edit")) if state.get("base") else None
        found = recall_for(context, brief, base, state.get("style"))
        context.scratch["recalled"] = found
    return found


@contextmanager
def _stage(
    runtime: Runtime[IconContext], stage: str, message: str, done: int = 0, total: int = 0
) -> Iterator[dict[str, float]]:
    """Tell that a stage begins, and measure it."""
    event = {"stage": stage, "message": message, "done": done, "total": total}
    runtime.stream_writer(event)
    progress = runtime.context.progress if runtime.context is not None else None
    if progress is not None:
        progress(event)
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    try:
        yield seconds
    finally:
        seconds[stage] = round(time.perf_counter() - start, 4)
