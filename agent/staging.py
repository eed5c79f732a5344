"""What every node of the graph begins with: the run's context, the brief and the recollection out of the state, and
the event that tells that a stage has begun.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from langgraph.runtime import Runtime

from agent import conversing
from agent.brief import Brief
from agent.recalling import Recalled, recall_for
from agent.state import IconContext, IconState

__all__ = ["brief_of", "context_of", "recalled_of", "stage"]


def context_of(runtime: Runtime[IconContext]) -> IconContext:
    """The run's context; where none was given (a LangGraph server), one with the parts of the settings."""
    context = runtime.context
    if context is None or not context.models:
        from agent.parts import open_parts

        context = context or IconContext()
        parts = open_parts()
        context.models = (parts.model(None, image=context.image is not None),)
        context.memory = context.memory or parts.memory()
        context.drawings = context.drawings or parts.drawings(context.user)
        context.llm = context.llm or parts.llm()
        context.vision = context.vision or parts.settings.vision
    return context


def brief_of(state: IconState) -> Brief:
    """The message as it was understood."""
    return Brief.from_dict(state["brief"], str(state.get("prompt") or ""))


def recalled_of(state: IconState, context: IconContext) -> Recalled:
    """From the run's scratch, or recalled again after a resume."""
    found = context.scratch.get("recalled")
    if isinstance(found, Recalled):
        return found
    with context.lock:
        brief = brief_of(state)
        base = conversing.it(state, context) if state.get("base") else None
        found = recall_for(context, brief, base, state.get("style"))
        context.scratch["recalled"] = found
    return found


@contextmanager
def stage(
    runtime: Runtime[IconContext], name: str, message: str, done: int = 0, total: int = 0
) -> Iterator[dict[str, float]]:
    """Tell that a stage begins, and measure it."""
    event = {"stage": name, "message": message, "done": done, "total": total}
    runtime.stream_writer(event)
    progress = runtime.context.progress if runtime.context is not None else None
    if progress is not None:
        progress(event)
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    try:
        yield seconds
    finally:
        seconds[name] = round(time.perf_counter() - start, 4)
