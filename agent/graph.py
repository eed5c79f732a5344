"""The graph: understand the brief, recall preferences and exemplars, draw candidates, critique them, refine while it
pays, present the best, learn from the answer.

    from agent.graph import build_graph
    graph = build_graph().compile(checkpointer=...)          # any checkpointer, or none
    graph.invoke({"prompt": "a coffee cup"}, context=IconContext(...))

``graph`` is the same, compiled without a checkpointer; it is made when it is first asked for (``langgraph.json`` names
``compiled``, for a LangGraph server looks into a module and does not ask it). Node names are part of the interface:
streams are keyed by them. ``custom`` stream events are {"stage", "message", "done", "total"}.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

os.environ["LANGSMITH_TRACING"] = "false"  # nothing leaves the machine, whatever the surroundings say
os.environ["LANGCHAIN_TRACING_V2"] = "false"
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # a checkpoint may hold plain data only

from agent.lean import lean_langgraph

lean_langgraph()

from langgraph.graph import END, START, StateGraph  # noqa: E402
from langgraph.types import RetryPolicy  # noqa: E402

from agent import steps  # noqa: E402
from agent.state import ChatInput, DrawTask, IconContext, IconInput, IconOutput, IconState  # noqa: E402
from svggen.errors import ModelError  # noqa: E402

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

__all__ = ["build_graph", "compiled", "graph"]  # noqa: F822 - graph is made on demand below


def build_graph(*, chat: bool = False) -> StateGraph[IconState, IconContext, IconInput, IconOutput]:
    """The graph, not compiled. chat: a session, which does not end: every turn is written down ("record"), shown and
    followed by the next message ("listen": an interrupt)."""
    given = ChatInput if chat else IconInput
    builder = StateGraph(IconState, context_schema=IconContext, input_schema=given, output_schema=IconOutput)

    builder.add_node("understand", steps.understand_step)
    builder.add_node("recall", steps.recall_step)
    again = RetryPolicy(initial_interval=0.2, max_attempts=steps.ATTEMPTS, retry_on=ModelError)
    builder.add_node("draw", steps.draw_step, input_schema=DrawTask, retry_policy=again)
    builder.add_node("critique", steps.critique_step)
    builder.add_node("refine", steps.refine_step)
    builder.add_node("present", steps.present_step)
    builder.add_node("learn", steps.learn_step)

    builder.add_edge(START, "understand")
    builder.add_conditional_edges("understand", steps.after_understand, ["recall", "learn", "present"])
    builder.add_conditional_edges("recall", steps.fan_out, ["draw", "present"])
    builder.add_edge("draw", "critique")
    builder.add_conditional_edges("critique", steps.after_critique, ["refine", "present"])
    builder.add_conditional_edges("refine", steps.fan_out, ["draw", "present"])
    end = END
    if chat:
        end = "record"
        builder.add_node("record", steps.record_step)
        builder.add_node("listen", steps.listen_step)
        builder.add_edge("record", "listen")
        builder.add_edge("listen", "understand")
    builder.add_conditional_edges("present", steps.after_present, {"learn": "learn", "end": end})
    builder.add_edge("learn", end)
    return builder


_compiled: CompiledStateGraph[Any, Any, Any, Any] | None = None


def compiled() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The graph, compiled without a checkpointer; made once."""
    global _compiled
    if _compiled is None:
        _compiled = build_graph().compile(name="icon")
    return _compiled


def __getattr__(name: str) -> Any:
    """``graph`` is compiled when it is first asked for, so that importing this module stays cheap."""
    if name != "graph":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return compiled()
