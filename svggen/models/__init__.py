"""Models that draw. ``get_model(name)`` gives one by name; nothing heavy is imported before it is asked for.

A name is a model's, or a model's and what it takes after a colon: ``omnisvg-8b:/models/omnisvg``, ``hf:REPO``,
``chat:openai:gpt-5``, ``remote:http://gpu:8017``. What each can do and needs: ``svggen.models.catalogue``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from svggen.errors import ModelError
from svggen.models.base import Budget, Draft, DrawRequest, Failure, Hint, Reference, SvgModel

__all__ = [
    "MODELS",
    "Budget",
    "Draft",
    "DrawRequest",
    "Entry",
    "Failure",
    "Hint",
    "Reference",
    "SvgModel",
    "get_model",
    "model_entry",
]


@dataclass(frozen=True)
class Entry:
    """Where a model is. takes: what may stand after the colon, in words for a message ("" nothing may); needed: it
    must.

    ``opener`` is called without arguments where ``takes`` is empty, else with the name before the colon and what stands
    after it (None where nothing does)."""

    module: str
    opener: str
    takes: str = ""
    needed: bool = False


_FOLDER = "a folder of weights"
_OMNI = Entry("svggen.models.omnisvg", "open_model", _FOLDER)
_STAR = Entry("svggen.models.starvector", "open_model", _FOLDER)
_PROFILE = Entry("svggen.models.hf", "open_model", "a folder of weights, or the URL of an OpenAI-compatible server")

MODELS: dict[str, Entry] = {
    "auto": Entry("svggen.models.auto", "AutoModel"),
    "chat": Entry("svggen.models.chat", "open_model", "PROVIDER:MODEL, such as openai:gpt-5", needed=True),
    "fake": Entry("svggen.models.fake", "FakeSvgModel"),
    "hf": Entry("svggen.models.hf", "open_model", "a Hugging Face repository or a folder", needed=True),
    "hivg-3b": _PROFILE,
    "iconlm": Entry("svggen.models.iconlm", "IconLM"),
    "internsvg-8b": _PROFILE,
    "introsvg-7b": _PROFILE,
    "library": Entry("svggen.models.library", "LibraryModel"),
    "omnisvg-3b": _OMNI,
    "omnisvg-4b": _OMNI,
    "omnisvg-8b": _OMNI,
    "remote": Entry("svggen.models.remote", "open_model", "a server's URL, such as http://gpu:8017", needed=True),
    "starvector-1b": _STAR,
    "starvector-8b": _STAR,
    "svgen-7b": _PROFILE,
    "trace": Entry("svggen.models.trace", "TraceModel"),
}


def model_entry(name: str, *, bare: bool = False) -> tuple[str, str | None, Entry]:
    """(the model's own name, what it takes or None, where it is); ModelError says what is wrong with a name. bare: what
    it needs after the colon may be left out."""
    own, colon, argument = name.partition(":")
    entry = MODELS.get(own)
    if entry is None:
        raise ModelError(f"unknown model {name!r:.80}; known: {', '.join(sorted(MODELS.keys() - {'fake'}))}")
    if argument and not entry.takes:
        raise ModelError(f"model {own!r} takes nothing after a colon, {argument!r:.60} was given")
    if entry.needed and not argument and not bare:
        raise ModelError(f"model {own!r} needs {entry.takes} after a colon")
    if colon and not argument:
        raise ModelError(f"nothing stands after the colon of {name!r:.60}")
    return own, argument or None, entry


def get_model(name: str) -> SvgModel:
    """A new model by name; raises ModelError for a name that is none, or a model that cannot be loaded."""
    own, argument, entry = model_entry(name)
    try:
        opener = getattr(import_module(entry.module), entry.opener)
        return cast(SvgModel, opener(own, argument) if entry.takes else opener())
    except ImportError as error:
        raise ModelError(f"model {own!r} cannot be loaded: {error}") from error
