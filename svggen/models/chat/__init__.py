"""Any chat model that LangChain knows, as an SvgModel: the model writes the SVG itself.

Contract. ``open_model("chat", "openai:gpt-5")`` is cheap: nothing is imported, opened or asked before the first
``generate``. A request becomes n calls side by side, each with the rules, the request as JSON (exemplars, findings and
the icon to change included) and, where there is one, the picture. An answer comes as structured output where the model
offers it, under the grammar of safe icons from a vLLM server, as text else; whatever comes is read by
``svggen.models.svgtext``. The drafts are ranked by the judge; those that are none follow as failures.

    providers.py  names, opening, errors      prompts.py  rules, the request as JSON
    calls.py      side by side, within a time client.py   calls and answers      model.py  the SvgModel

A chat model is not a pure function of its request: with a seed, where the provider takes one, it is nearly.
"""

from __future__ import annotations

import os

from svggen.models.chat.model import ChatModel, open_model
from svggen.models.chat.providers import named

__all__ = ["ChatModel", "missing", "open_model"]


def missing(name: str, argument: str | None = None) -> list[str]:
    """What a chat model still needs here, in words: its key, where its provider takes one from the environment."""
    if argument is None:
        return []
    one = named(argument)
    if one.url or one.provider in ("", "ollama") or not one.key.isupper() or os.environ.get(one.key):
        return []
    return [f"a key of {one.provider}: set {one.key}"]
