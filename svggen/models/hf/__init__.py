"""Models of Hugging Face that write SVG: any vision-language or causal model, by a small profile.

    hf:/folder  hf:org/repository       any model, with ``mnemicon-profile.toml`` in its folder or as a chat model
    internsvg-8b  introsvg-7b  hivg-3b  svgen-7b      profiles that ship, each with :FOLDER or :URL of a server

    profile.py  what must be known of a model      loading.py  folders of weights, checked
    asking.py   a request in a profile's words     engine.py   in process, or on an OpenAI-compatible server
    forms.py    what comes back, as SVG text       critic.py   a model's word on a drawing      model.py  the SvgModel

Nothing here runs code that comes with weights, and nothing is downloaded.
"""

from __future__ import annotations

from svggen.errors import ModelError
from svggen.models.hf.critic import Criticism
from svggen.models.hf.model import HfModel
from svggen.models.hf.profile import Profile, profile

__all__ = ["Criticism", "HfModel", "Profile", "missing", "open_model", "profile"]


def open_model(name: str, argument: str | None = None) -> HfModel:
    """The model by name: "hf" (argument: a folder, a repository or a URL) or that of a profile (a folder, a URL, or
    None for its repository). Nothing is loaded or asked before the first drawing; ModelError for a folder that is not
    there or a profile that is wrong."""
    from svggen.models.checkpoints import locate
    from svggen.models.hf.engine import is_server

    if name == "hf" and not argument:
        raise ModelError("model 'hf' needs a Hugging Face repository or a folder after a colon")
    if argument is not None and not is_server(argument) and (name != "hf" or _is_path(argument)):
        locate(name, "", argument)
    return HfModel(name, argument)


def missing(name: str, argument: str | None = None) -> list[str]:
    """What the model still needs on this machine, in words; nothing is loaded."""
    from svggen.models.checkpoints import needs
    from svggen.models.hf.engine import is_server
    from svggen.models.hf.loading import absent, place

    try:
        needs(
            "chat" if is_server(argument) else "gpu",
            *(["langchain"] if is_server(argument) else ["torch", "transformers"]),
        )
        if is_server(argument):
            return []
        folder = place(name, argument, profile(name))
    except ModelError as error:
        return [str(error)]
    return [f"{folder / file}" for file in absent(folder)]


def _is_path(argument: str) -> bool:
    """A folder rather than the name of a repository?"""
    from pathlib import Path

    return argument.startswith(("/", ".", "~")) or argument.count("/") != 1 or Path(argument).is_dir()
