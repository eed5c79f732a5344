"""What LangGraph imports and an offline program never uses, put off until something asks for it.

Contract. ``lazy_package(name)`` makes an installed package's ``__init__`` run at the first access to one of its
attributes, not when one of its submodules is imported. Nothing is taken away: whoever uses the package, in this
program or in one that hosts it, gets all of it. A package that is imported already, or not installed, is left as it is.

Why: ``import langgraph.graph`` takes two modules out of packages whose ``__init__`` imports some hundred others
(``langsmith.types``: generated types of a cloud service; ``langgraph_sdk``: the client of a LangGraph server, with
httpx and websockets). Together they are half of its import time (``tests/bench/bench_loop.py`` prints it).
"""

from __future__ import annotations

import sys
import threading
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

UNUSED = ("langgraph_sdk", "langsmith.types")
"""Packages that importing LangGraph touches and a run does not use."""


def lean_langgraph() -> None:
    """To be called before the first import of langgraph."""
    for name in UNUSED:
        lazy_package(name)


def lazy_package(name: str) -> None:
    if name in sys.modules:
        return
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return
    if spec is None or spec.loader is None or spec.submodule_search_locations is None:
        return
    module = module_from_spec(spec)
    lock = threading.RLock()

    def load(attribute: str) -> Any:
        """The package's own ``__init__``, now; then the attribute."""
        with lock:
            if module.__dict__.get("__getattr__") is load:
                del module.__dict__["__getattr__"]
                _execute(spec, module)
        return getattr(module, attribute)

    module.__dict__["__getattr__"] = load
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


def _execute(spec: ModuleSpec, module: ModuleType) -> None:
    assert spec.loader is not None  # a spec without one is not made lazy
    spec.loader.exec_module(module)
