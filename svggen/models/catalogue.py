"""What each model can do, needs and may be used for, and whether it is ready on this machine.

Contract. ``cards()`` reads ``catalogue.toml``; ``missing(name)`` says, cheaply (no import of torch, no weights read, no
network), what a model still needs here, each with what to do about it: nothing where it is ready. ``fetch`` is the one
place of the program that downloads a model, and only when it is called.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from svggen.errors import ModelError, SvgGenError
from svggen.models import model_entry

__all__ = ["ModelCard", "cards", "fetch", "missing"]


@dataclass(frozen=True)
class ModelCard:
    """tasks: of words, picture, edit. memory_gb: of a GPU in bf16, or of main memory for what needs none; 0: that of
    another machine, or of whatever is named after the colon. packages: that the default install does not bring;
    ``extra`` brings them. repositories: of Hugging Face, the weights first. checked: with what our part was tried."""

    name: str
    tasks: tuple[str, ...]
    memory_gb: float
    licence: str
    weights_licence: str
    checked: str
    packages: tuple[str, ...] = ()
    extra: str = ""
    repositories: tuple[str, ...] = ()
    takes: str = ""


@lru_cache(maxsize=1)
def cards() -> dict[str, ModelCard]:
    """By name, in the order of the file."""
    data = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))
    out = {}
    for name, values in data.items():
        lists: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        out[name] = ModelCard(name=name, takes=model_entry(name, bare=True)[2].takes, **lists)
    return out


def missing(name: str) -> list[str]:
    """What ``name`` (with what it takes, or without) needs that is not here, one line each; ModelError for a name that
    is none."""
    own, argument, entry = model_entry(name, bare=True)
    card = cards().get(own)
    if card is None:
        return []  # "fake", which is for tests
    absent = [package for package in card.packages if not _installed(package)]
    if absent:
        return [f"the package {package}: pip install 'mnemicon[{card.extra}]'" for package in absent]
    if entry.needed and argument is None:
        return []
    look = getattr(import_module(entry.module), "missing", None)
    try:
        return [] if look is None else [str(line) for line in look(own, argument)]
    except SvgGenError as error:
        return [str(error)]


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def fetch(name: str) -> list[Path]:
    """Downloads the repositories of a model into the Hugging Face cache, and gives their folders: of the base model of
    an OmniSVG the small files only. ModelError where there is nothing to fetch, or it cannot be fetched."""
    own, argument, _ = model_entry(name)
    card = cards().get(own)
    repositories = (argument or "",) if own == "hf" else card.repositories if card is not None else ()
    if not repositories:
        raise ModelError(f"there is nothing to fetch for {own}: it ships, or runs elsewhere")
    if not _installed("huggingface_hub"):
        raise ModelError("huggingface_hub is not installed: pip install 'mnemicon[gpu]'")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled

    found = []
    for at, repository in enumerate(repositories):
        small = ["*.json", "*.txt", "*.model"] if at else None
        try:
            found.append(Path(snapshot_download(repository, allow_patterns=small, etag_timeout=10)))
        except HFValidationError as error:
            raise ModelError(f"{repository!r:.100} is not the name of a Hugging Face repository") from error
        except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError) as error:
            reason = str(error).split("\n")[0]
            raise ModelError(f"{repository} cannot be fetched: {reason:.200}") from error
    return found
