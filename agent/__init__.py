"""The conversation and the loop. Public names are loaded when they are first used.

brief/         what the user asked, as data
graph.py, steps.py, state.py    the LangGraph graph, its nodes, what they pass on
recalling.py, wishes.py         what is wanted, from request and memory
critic.py      lint, style and agreement with the request -> Critique
editor.py      changes to an icon that is there
drawings.py    kept drawings
talk.py        memory, kept drawings, and the words of the answer
tool.py        design_icon, and the functions around it
adapters/      design_icon as the tools of other frameworks
mcp.py, mcp_server/             the server for other agents
parts.py, settings.py           what is open, and how it is configured
seams.py, replay/               recordings and their exact replay
cli/           the command line
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.adapters.langchain_tool import as_langchain_tool
    from agent.adapters.langgraph_subgraph import icon_subgraph
    from agent.adapters.openai_agents import as_openai_agents_tool
    from agent.adapters.pydantic_ai_tool import as_pydantic_ai_tool
    from agent.adapters.smolagents_tool import as_smolagents_tool
    from agent.brief.types import Brief, BriefContext, Edit
    from agent.brief.understand import understand, understand_statements
    from agent.critic import Critique, critique
    from agent.errors import AgentError, BriefError
    from agent.graph import build_graph
    from agent.result import IconResult
    from agent.settings import Settings
    from agent.state import IconContext, IconInput, IconOutput, IconState
    from agent.tool import accept_icon, adesign_icon, design_icon, explain, reject_icon

_HOME = {
    "AgentError": "errors",
    "Brief": "brief",
    "BriefContext": "brief",
    "BriefError": "errors",
    "Critique": "critic",
    "Edit": "brief",
    "IconContext": "state",
    "IconInput": "state",
    "IconOutput": "state",
    "IconResult": "result",
    "IconState": "state",
    "Settings": "settings",
    "accept_icon": "tool",
    "adesign_icon": "tool",
    "as_langchain_tool": "adapters.langchain_tool",
    "as_openai_agents_tool": "adapters.openai_agents",
    "as_pydantic_ai_tool": "adapters.pydantic_ai_tool",
    "as_smolagents_tool": "adapters.smolagents_tool",
    "build_graph": "graph",
    "critique": "critic",
    "design_icon": "tool",
    "explain": "tool",
    "icon_subgraph": "adapters.langgraph_subgraph",
    "reject_icon": "tool",
    "understand": "brief",
    "understand_statements": "brief",
}

__all__ = [
    "AgentError",
    "Brief",
    "BriefContext",
    "BriefError",
    "Critique",
    "Edit",
    "IconContext",
    "IconInput",
    "IconOutput",
    "IconResult",
    "IconState",
    "Settings",
    "accept_icon",
    "adesign_icon",
    "as_langchain_tool",
    "as_openai_agents_tool",
    "as_pydantic_ai_tool",
    "as_smolagents_tool",
    "build_graph",
    "critique",
    "design_icon",
    "explain",
    "icon_subgraph",
    "reject_icon",
    "understand",
    "understand_statements",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"agent.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
