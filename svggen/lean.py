"""Parts of other packages that an import drags in and no icon ever uses, put off until something asks for them.

Contract. ``lazy_package(name)`` makes an installed package's ``__init__`` run at the first access to one of its
attributes, not when one of its submodules is imported, and in one thread only: others that ask meanwhile wait. Nothing
is taken away: whoever uses the package, in this program or in one that hosts it, gets all of it. A package that is
imported already, or not installed, is left as it is. ``lean_ndimage()`` is to be called before the first import of
``scipy.ndimage``.

Why: ``import scipy.ndimage`` star-imports numpy, which by that imports its Fortran compiler driver and its test
tools, and ``scipy.special`` for a shift by Fourier transform: a third of its import time.
"""

from __future__ import annotations

import sys
import threading
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

__all__ = ["lazy_package", "lean_ndimage"]

UNUSED = ("numpy.f2py", "numpy.ma", "numpy.polynomial", "numpy.testing", "scipy.special")
"""Packages that importing ``scipy.ndimage`` touches and that labels, distances and blurs do not use."""


def lean_ndimage() -> None:
    """To be called before the first import of ``scipy.ndimage``; without effect after it."""
    if "scipy.ndimage" not in sys.modules:
        for name in UNUSED:
            lazy_package(name)


def lazy_package(name: str) -> None:
    """Put off the ``__init__`` of an installed package that is not imported yet; its parent package is imported."""
    if name in sys.modules:
        return
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return
    if spec is None or spec.loader is None or spec.submodule_search_locations is None or name in sys.modules:
        return
    module = module_from_spec(spec)
    module.__dict__["__getattr__"] = _Loader(spec, module)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


class _Loader:
    """The ``__getattr__`` of a module that is not executed yet: executes it, then answers as it would."""

    def __init__(self, spec: ModuleSpec, module: ModuleType) -> None:
        self._spec, self._module = spec, module
        self._lock = threading.RLock()
        self._begun = False

    def __call__(self, attribute: str) -> Any:
        names = self._module.__dict__
        with self._lock:
            if not self._begun:
                self._execute()
        if attribute in names:
            return names[attribute]
        own = names.get("__getattr__")  # the package's, where it has one
        if own is not None and own is not self:
            return own(attribute)
        raise AttributeError(f"module {self._spec.name!r} has no attribute {attribute!r}")

    def _execute(self) -> None:
        """The package's own ``__init__``; what it asks of itself meanwhile is answered from what is there."""
        assert self._spec.loader is not None  # a spec without one is not made lazy
        self._begun = True
        try:
            self._spec.loader.exec_module(self._module)
        except BaseException:
            self._begun = False  # the next access says why again
            raise
        if self._module.__dict__.get("__getattr__") is self:
            del self._module.__dict__["__getattr__"]
