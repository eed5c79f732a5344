"""Models that draw. ``get_model(name)`` gives one by name; nothing heavy is imported before it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from svggen.errors import ModelError
from svggen.models.base import Budget, Draft, DrawRequest, Failure, Hint, Reference, SvgModel

__all__ = [
    "MODELS",
    "Budget",
    "Draft",
    "DrawRequest",
    "Failure",
    "Hint",
    "Reference",
    "SvgModel",
    "get_model",
]

MODELS: dict[str, tuple[str, str]] = {
    "auto": ("svggen.models.auto", "AutoModel"),
    "fake": ("svggen.models.fake", "FakeSvgModel"),
    "iconlm": ("svggen.models.iconlm", "IconLM"),
    "library": ("svggen.models.library", "LibraryModel"),
    "trace": ("svggen.models.trace", "TraceModel"),
}


def get_model(name: str) -> SvgModel:
    """A new model by name; raises ModelError for a name that is not in ``MODELS`` or a model that cannot be loaded."""
    if name not in MODELS:
        raise ModelError(f"unknown model {name!r}; known: {', '.join(sorted(MODELS))}")
    module, cls = MODELS[name]
    try:
        return cast(SvgModel, getattr(import_module(module), cls)())
    except ImportError as error:
        raise ModelError(f"model {name!r} cannot be loaded: {error}") from error
