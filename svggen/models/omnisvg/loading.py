"""OmniSVG's checkpoint as a model: Qwen2.5-VL built from its configuration, and filled from one file.

Contract. ``places(name, argument)`` finds the folder of the weights and that of the base: ``FOLDER`` with
``pytorch_model.bin`` (or safetensors) and ``FOLDER/base`` (or ``FOLDER`` itself) with ``config.json``,
``tokenizer.json`` and ``preprocessor_config.json`` of the Qwen2.5-VL of the same size; without an argument both
repositories in the Hugging Face cache. Of the base nothing but these three files is needed. ``load`` gives the model in
bfloat16 on a GPU, in float32 on a CPU, in evaluation mode; the weights are in memory once.

Errors: ``ModelError`` (nothing there, a package missing), ``WeightsError`` (missing, cut short, another release).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import ModelError, WeightsError
from svggen.models.checkpoints import (
    empty,
    load_into,
    locate,
    missing_files,
    needs,
    read_json,
    read_tensors,
    same,
)
from svggen.models.generation import device_and_dtype
from svggen.models.omnisvg.inputs import Patching, prompt_tokenizer
from svggen.tokens.omnisvg import VARIANTS, layout

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

__all__ = ["BASE_FILES", "REPOSITORIES", "Loaded", "load", "missing", "module_name", "places"]

REPOSITORIES: Final = {
    "omnisvg-8b": ("OmniSVG/OmniSVG1.1_8B", "Qwen/Qwen2.5-VL-7B-Instruct"),
    "omnisvg-4b": ("OmniSVG/OmniSVG1.1_4B", "Qwen/Qwen2.5-VL-3B-Instruct"),
    "omnisvg-3b": ("OmniSVG/OmniSVG", "Qwen/Qwen2.5-VL-3B-Instruct"),
}
"""Name -> (repository of the weights, of the base)."""
BASE_FILES: Final = ("config.json", "tokenizer.json", "preprocessor_config.json")
"""What is needed of the base."""

_EMBEDDING: Final = "model.language_model.embed_tokens.weight"
_HEAD: Final = "lm_head.weight"


@dataclass(frozen=True)
class Loaded:
    """The model (transformers' Qwen2_5_VLForConditionalGeneration) and what its prompts are made with."""

    model: Any
    tokenizer: Tokenizer
    patching: Patching
    image_token: int
    device: str


def places(name: str, argument: str | None = None) -> tuple[Path, Path]:
    """(folder of the weights, folder of the base); raises ModelError."""
    weights, base = REPOSITORIES[name]
    folder = locate(name, weights, argument)
    for own in (folder / "base", folder):
        if (own / "tokenizer.json").is_file():
            return folder, own
    try:
        return folder, locate(name, base)
    except ModelError as error:
        raise ModelError(
            f"{name}: {', '.join(BASE_FILES)} of {base} are neither in {folder / 'base'} nor in the Hugging Face "
            f"cache: run `mnemicon models fetch {name}`"
        ) from error


def missing(name: str, argument: str | None = None) -> list[str]:
    """What is not there that the model needs, in words; nothing is loaded."""
    try:
        needs("gpu", "torch", "transformers")
        folder, base = places(name, argument)
    except ModelError as error:
        return [str(error)]
    absent = missing_files(folder, ()) + [f"base/{n}" for n in missing_files(base, BASE_FILES, weights=False)]
    return [f"{folder / n}" for n in absent]


def load(name: str, folder: Path, base: Path) -> Loaded:
    """The model with its weights; see the head of this file."""
    needs("gpu", "torch", "transformers", "safetensors")
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    facts = read_json(base, "config.json")
    if facts.get("model_type") != "qwen2_5_vl":
        raise WeightsError(f"{base / 'config.json'} is of {facts.get('model_type')!r:.40}, wanted 'qwen2_5_vl'")
    tokenizer = prompt_tokenizer(base)
    patching = Patching.of(read_json(base, "preprocessor_config.json"), base / "preprocessor_config.json")
    tensors = {module_name(key): value for key, value in read_tensors(folder).items()}
    _check_rows(name, tensors, folder)
    try:
        config: Any = Qwen2_5_VLConfig.from_dict(_configured(facts, layout(name).rows, _tied(facts, tensors)))
        config._attn_implementation = "sdpa"
        build: Any = Qwen2_5_VLForConditionalGeneration
        with empty():
            model = build(config)
    except Exception as error:  # transformers has many errors for a value of the wrong kind
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise WeightsError(f"{base / 'config.json'} describes no Qwen2.5-VL: {why:.200}") from error
    device, dtype = device_and_dtype()
    load_into(model, tensors, None, str(folder), device=device, dtype=dtype)
    return Loaded(model, tokenizer, patching, int(config.image_token_id), device)


def module_name(key: str) -> str:
    """The name in today's transformers of a key of the file, which may have that of 4.51 and before."""
    key = key.removeprefix("transformer.")
    if key.startswith("visual."):
        return f"model.{key}"
    if key.startswith("model.") and not key.startswith(("model.visual.", "model.language_model.")):
        return f"model.language_model.{key.removeprefix('model.')}"
    return key


def _check_rows(name: str, tensors: Mapping[str, Tensor], folder: Path) -> None:
    table = tensors.get(_EMBEDDING)
    if table is None:
        raise WeightsError(f"{folder} holds no weights of OmniSVG: they have no {_EMBEDDING}")
    rows, wanted = int(table.shape[0]), layout(name).rows
    if rows != wanted:
        like = [other for other, form in VARIANTS.items() if form.rows == rows]
        hint = f": that is {' or '.join(like)}" if like else ""
        raise WeightsError(f"{folder}: an embedding of {rows} rows, {name} has {wanted}{hint}; another revision")


def _tied(facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> bool:
    """Is the head the embedding? The file decides where it holds both: the first release (8.5 GB of a 4B) has a head of
    its own, which its base's configuration does not tell."""
    said = facts.get("tie_word_embeddings", (facts.get("text_config") or {}).get("tie_word_embeddings", False))
    head = tensors.get(_HEAD)
    return bool(said) and (head is None or same(head, tensors[_EMBEDDING]))


def _configured(facts: Mapping[str, Any], rows: int, tied: bool) -> dict[str, Any]:
    sized = {"vocab_size": rows, "tie_word_embeddings": tied}
    made = {**facts, **sized}
    if isinstance(made.get("text_config"), dict):
        made["text_config"] = {**made["text_config"], **sized}
    return made
