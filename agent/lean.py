"""What LangGraph imports and an offline program never uses, put off until something asks for it.

Contract. ``lean_langgraph()`` is to be called before the first import of langgraph; ``svggen.lean`` says what putting
off means. Nothing is taken away.

Why: ``import langgraph.graph`` takes two modules out of packages whose ``__init__`` imports some hundred others
(``langsmith.types``: generated types of a cloud service; ``langgraph_sdk``: the client of a LangGraph server, with
httpx and websockets). Together they are half of its import time (``tests/bench/bench_loop.py`` prints it).
"""

from __future__ import annotations

from svggen.lean import lazy_package

__all__ = ["lazy_package", "lean_langgraph"]

UNUSED = ("langgraph_sdk", "langsmith.types")
"""Packages that importing LangGraph touches and a run does not use."""


def lean_langgraph() -> None:
    """To be called before the first import of langgraph."""
    for name in UNUSED:
        lazy_package(name)
