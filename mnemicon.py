"""The front door for other programs: the public names of Mnemicon, loaded when they are first used.

    from mnemicon import design_icon
    print(design_icon("a rounded coffee cup").svg)

Contract. Importing this module loads nothing heavy. Where a host program has an ``agent``, ``memory`` or ``svggen`` of
its own that hides ours, the first use raises one ImportError that says so and names the way round.
"""

from __future__ import annotations

from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent import (
        BriefError,
        IconResult,
        accept_icon,
        adesign_icon,
        as_langchain_tool,
        as_openai_agents_tool,
        as_pydantic_ai_tool,
        as_smolagents_tool,
        design_icon,
        explain,
        icon_subgraph,
        reject_icon,
    )
    from agent.replay import counterfactual, play, record, replaying
    from memory.memory import open_memory
    from memory.records import Statement, Tenant
    from svggen.icon import Icon, parse, serialise
    from svggen.style import StyleSpec

_HOME = {
    "BriefError": "agent.errors",
    "Icon": "svggen.icon",
    "IconResult": "agent.result",
    "Statement": "memory.records",
    "StyleSpec": "svggen.style",
    "Tenant": "memory.records",
    "accept_icon": "agent.tool",
    "adesign_icon": "agent.tool",
    "as_langchain_tool": "agent.adapters.langchain_tool",
    "as_openai_agents_tool": "agent.adapters.openai_agents",
    "as_pydantic_ai_tool": "agent.adapters.pydantic_ai_tool",
    "as_smolagents_tool": "agent.adapters.smolagents_tool",
    "counterfactual": "agent.replay.counterfactuals",
    "design_icon": "agent.tool",
    "explain": "agent.tool",
    "icon_subgraph": "agent.adapters.langgraph_subgraph",
    "open_memory": "memory.memory",
    "parse": "svggen.icon",
    "play": "agent.replay.playing",
    "record": "agent.replay.recording",
    "reject_icon": "agent.tool",
    "replaying": "agent.replay.around",
    "serialise": "svggen.icon",
}

__all__ = [
    "BriefError",
    "Icon",
    "IconResult",
    "Statement",
    "StyleSpec",
    "Tenant",
    "accept_icon",
    "adesign_icon",
    "as_langchain_tool",
    "as_openai_agents_tool",
    "as_pydantic_ai_tool",
    "as_smolagents_tool",
    "counterfactual",
    "design_icon",
    "explain",
    "icon_subgraph",
    "open_memory",
    "parse",
    "play",
    "record",
    "reject_icon",
    "replaying",
    "serialise",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _unshadowed()
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__


def _unshadowed() -> None:
    """Are ``agent``, ``memory`` and ``svggen`` the ones that stand beside this file?"""
    here = Path(__file__).resolve().parent
    for package in ("agent", "memory", "svggen"):
        spec = util.find_spec(package)
        places = (
            [] if spec is None else [Path(p).resolve() for p in spec.submodule_search_locations or [spec.origin or ""]]
        )
        if here / package not in places:
            found = places[0] if places else "nowhere"
            raise ImportError(
                f"mnemicon needs its own package {package!r}, but this program's {package!r} is found first ({found}): "
                "run mnemicon as its own process and speak to it over MCP or HTTP, which share no import names"
            )
