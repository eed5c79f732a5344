"""Parts of other packages that an import drags in and no icon ever uses, put off until something asks for them.

Contract. ``lazy_package(name)`` makes an installed package's ``__init__`` run at the first access to one of its
attributes, not when one of its submodules is imported, and in one thread only: others that ask meanwhile wait. Nothing
is taken away: whoever uses the package, in this program or in one that hosts it, gets all of it. A package that is
imported already, or not installed, is left as it is. ``lazy_module`` does the same for a module out of which others
import names that they do not use at once. ``lean_ndimage()`` is to be called before the first import of
``scipy.ndimage``.

Why: ``import scipy.ndimage`` star-imports numpy, which by that imports its Fortran compiler driver and its test
tools, and ``scipy.special`` for a shift by Fourier transform: a third of its import time.
"""

from __future__ import annotations

import sys
import threading
from abc import ABCMeta
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType, new_class
from typing import Any

__all__ = ["deferred", "lazy_module", "lazy_package", "lean_ndimage", "loaded"]

UNUSED = ("numpy.f2py", "numpy.ma", "numpy.polynomial", "numpy.testing", "scipy.special")
"""Packages that importing ``scipy.ndimage`` touches and that labels, distances and blurs do not use."""


def lean_ndimage() -> None:
    """To be called before the first import of ``scipy.ndimage``; without effect after it."""
    if "scipy.ndimage" not in sys.modules:
        for name in UNUSED:
            lazy_package(name)


def lazy_package(name: str) -> None:
    """Put off the ``__init__`` of an installed package that is not imported yet; its parent package is imported."""
    _put_off(name, {}, packages=True)


def lazy_module(name: str, given: Mapping[str, Any]) -> None:
    """Put off a module whose names ``given`` others import, but do not use, when they are imported themselves. No
    package: its submodules may need it executed first.

    Until the module runs these names have the values given: functions that know the answer without the module, and
    ``deferred`` classes. When it runs, the real ones take their place, also in the modules that have them by name.
    """
    _put_off(name, given, packages=False)


def loaded(name: str) -> ModuleType:
    """The module, executed: also where it was put off."""
    module = import_module(name)
    pending = module.__dict__.get("__getattr__")
    if isinstance(pending, _Loader):
        pending.load()
    return module


def deferred(module: str, name: str, *bases: type, methods: tuple[str, ...] = ()) -> type:
    """A class that stands for one of a module that is put off: to call it, to look into it or to derive from it runs
    the module. Nothing is an instance of it before. That it has ``methods`` is told without a look."""
    made: type = _Deferred(name, bases, {"__module__": module, **{method: _Method(method) for method in methods}})
    return made


class _Method:
    """A method of a class that is put off: calling it runs the module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        return lambda *arguments, **options: getattr(owner._real(), self._name)(*arguments, **options)


class _Deferred(ABCMeta):  # an ABCMeta, so that it can be a base beside abstract classes
    def __new__(mcs, name: str, bases: tuple[type, ...], names: dict[str, Any], **options: Any) -> Any:
        if not any(isinstance(base, _Deferred) for base in bases):
            return super().__new__(mcs, name, bases, names, **options)
        # Somebody derives from a class that is put off: from the real one, then.
        real = tuple(base._real() if isinstance(base, _Deferred) else base for base in bases)
        return new_class(name, real, options, lambda body: body.update(names))

    def _real(cls) -> Any:
        return getattr(loaded(cls.__module__), cls.__name__)

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        return cls._real()(*arguments, **options)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):  # what typing and inspect ask of any class
            raise AttributeError(name)
        return getattr(cls._real(), name)

    def __instancecheck__(cls, instance: Any) -> bool:
        return cls._has_run() and isinstance(instance, cls._real())

    def __subclasscheck__(cls, subclass: type) -> bool:
        return subclass is cls or (cls._has_run() and issubclass(subclass, cls._real()))

    def _has_run(cls) -> bool:
        module = sys.modules.get(cls.__module__)
        return module is not None and not isinstance(module.__dict__.get("__getattr__"), _Loader)


def _put_off(name: str, given: Mapping[str, Any], *, packages: bool) -> None:
    if name in sys.modules:
        return
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return
    if spec is None or spec.loader is None or name in sys.modules:
        return
    if packages != (spec.submodule_search_locations is not None):
        return
    module = module_from_spec(spec)
    module.__dict__.update(given, __getattr__=_Loader(spec, module, given))
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


class _Loader:
    """The ``__getattr__`` of a module that is not executed yet: executes it, then answers as it would."""

    def __init__(self, spec: ModuleSpec, module: ModuleType, given: Mapping[str, Any]) -> None:
        self._spec, self._module, self._given = spec, module, given
        self._lock = threading.RLock()
        self._begun = False

    def __call__(self, attribute: str) -> Any:
        names = self._module.__dict__
        if attribute != "__path__":  # which the import system asks of every module
            self.load()
            if attribute in names:
                return names[attribute]
            own = names.get("__getattr__")  # the package's, where it has one
            if own is not None and own is not self:
                return own(attribute)
        raise AttributeError(f"module {self._spec.name!r} has no attribute {attribute!r}")

    def load(self) -> None:
        """The module's own code, once; what it asks of itself meanwhile is answered from what is there."""
        with self._lock:
            if not self._begun:
                self._begun = True
                try:
                    self._execute()
                except BaseException:
                    self._begun = False  # the next access says why again
                    self._module.__dict__.update(self._given, __getattr__=self)
                    raise

    def _execute(self) -> None:
        assert self._spec.loader is not None  # a spec without one is not put off
        names = self._module.__dict__
        for name in self._given:
            del names[name]
        self._spec.loader.exec_module(self._module)
        if names.get("__getattr__") is self:
            del names["__getattr__"]
        if self._given:
            self._replace()

    def _replace(self) -> None:
        """The real names in place of those given, wherever a module has them."""
        real = {id(value): self._module.__dict__[name] for name, value in self._given.items()}
        for module in list(sys.modules.values()):
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if id(value) in real:
                    setattr(module, name, real[id(value)])
