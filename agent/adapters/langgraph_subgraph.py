"""The icon designer as a part of somebody else's LangGraph graph: a state of its own, the host's checkpointer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict  # LangGraph makes a schema of it

from agent.graph import build_graph
from agent.parts import open_parts

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

Json = dict[str, Any]


class IconTask(TypedDict, total=False):
    """prompt and edit go in; icon (the drawing as ``mnemicon draw --json`` prints it, or None), message and asks (a
    question back, where the prompt could mean two things) come out."""

    prompt: str
    edit: str | None
    icon: Json | None
    message: str
    asks: str


def icon_subgraph(
    *,
    user: str = "default",
    project: str | None = None,
    home: Path | str | None = None,
    model: Any = None,
    **options: Any,
) -> CompiledStateGraph[IconTask, None, IconTask, IconTask]:
    """A node for a host's graph, or called in one. options: n, rounds, seconds, seed, size of ``agent.IconContext``."""
    inner = build_graph().compile(name="icon")

    def design_icon(state: IconTask) -> IconTask:
        parts = open_parts(home)
        models = (parts.model(model),)
        context = parts.context(user, project=project, models=models, drawing=True, **options)
        out = inner.invoke({"prompt": state.get("prompt", ""), "edit": state.get("edit")}, context=context)
        return {"icon": out.get("result"), "message": out.get("message", ""), "asks": out.get("asks", "")}

    builder = StateGraph(IconTask)
    builder.add_node("design_icon", design_icon)
    builder.add_edge(START, "design_icon")
    builder.add_edge("design_icon", END)
    return builder.compile(name="mnemicon")
