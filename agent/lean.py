"""What LangGraph imports and an offline program never uses, put off until something asks for it.

Contract. ``lean_langgraph()`` is to be called before the first import of langgraph; ``svggen.lean`` says what putting
off means. Nothing is taken away: a host that traces with LangSmith gets all of it as soon as it imports it or sets its
variables (``agent.graph`` turns them off where nobody has imported it yet).

Why: importing LangGraph and running a graph imports the client of a cloud service (``langsmith``, with httpx), the
generated types of its interface, and the client of a LangGraph server, only to hear that nobody traces. Together they
are half of its import time (``tests/bench/bench_loop.py`` prints it).
"""

from __future__ import annotations

import os
import sys
from typing import Any

from svggen.lean import deferred, lazy_module, lazy_package, loaded

__all__ = ["lean_langgraph"]

UNUSED = ("langgraph_sdk", "langsmith.types")
"""Packages that importing LangGraph touches and a run does not use."""
CONTEXT = (
    "parent", "project_name", "address", "tags", "metadata", "enabled", "client", "replicas", "distributed_parent_id",
)  # fmt: skip
SWITCHES = ("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING")


def lean_langgraph() -> None:
    """To be called before the first import of langgraph."""
    for name in UNUSED:
        lazy_package(name)
    given: dict[str, dict[str, Any]] = {
        "langsmith.utils": {"tracing_is_enabled": _tracing_is_enabled},
        "langsmith.run_helpers": {
            "get_tracing_context": _tracing_context,
            "_set_tracing_context": _set_tracing_context,
        },
        "langchain_core.tracers.schemas": {
            "Run": deferred("langchain_core.tracers.schemas", "Run", methods=("model_dump",))
        },
        "langchain_core.tracers.langchain": {
            "LangChainTracer": deferred("langchain_core.tracers.langchain", "LangChainTracer")
        },
    }
    for name, names in given.items():
        lazy_module(name, names)


def _untraced() -> bool:
    """Nobody has traced in this process: the modules that could have begun to are not imported."""
    return not {"langsmith._internal._context", "langsmith.run_trees", "langsmith.client"} & sys.modules.keys()


def _tracing_context(context: Any = None) -> dict[str, Any]:
    """``langsmith.run_helpers.get_tracing_context``: nothing is set where nobody has traced."""
    if context is None and _untraced():
        return dict.fromkeys(CONTEXT)
    answer: dict[str, Any] = loaded("langsmith.run_helpers").get_tracing_context(context)
    return answer


def _set_tracing_context(context: dict[str, Any]) -> None:
    """``langsmith.run_helpers._set_tracing_context``: to unset what nobody has set is nothing."""
    if not _untraced() or any(value is not None for value in context.values()):
        loaded("langsmith.run_helpers")._set_tracing_context(context)


def _tracing_is_enabled(context: Any = None) -> Any:
    """``langsmith.utils.tracing_is_enabled``: no, where nobody has traced and no variable says so."""
    if context is None and _untraced() and not any(os.environ.get(name) == "true" for name in SWITCHES):
        return False
    return loaded("langsmith.utils").tracing_is_enabled(context)
