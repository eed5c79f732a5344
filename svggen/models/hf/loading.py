"""A folder of weights as a model of transformers: checked, loaded, never with code of its own.

Contract. ``load(profile, folder)`` gives the model in evaluation mode (bfloat16 on a GPU, float32 on a CPU), its
tokenizer, and its processor where it sees pictures. A folder with ``adapter_config.json`` (LoRA) is put onto its base,
which is looked for as any repository is. Everything is local; what lies there and does not fit is a ``WeightsError``
that names the file, the keys or the version: a missing shard, a file cut short, keys missing or unknown, fewer rows
than the tokenizer has words, an architecture that this transformers does not know or that is not the profile's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from svggen.errors import ModelError, WeightsError
from svggen.models.checkpoints import locate, missing_files, needs, read_json, read_tensors
from svggen.models.generation import device_and_dtype
from svggen.models.hf.profile import Profile
from svggen.models.hf.sight import Sight, sight

__all__ = ["Loaded", "absent", "load", "place"]

_ADAPTER: Final = "adapter_config.json"
_TOKENIZERS: Final = ("tokenizer.json", "tokenizer.model", "vocab.json")
_NAMED: Final = 4
_PROOF: Final = {"hivg": "<cmd_M>", "llm4svg": "<|START_OF_SVG|>"}
"""A word that the tokenizer of a form must have whole."""


@dataclass(frozen=True)
class Loaded:
    """sight: None where the model sees no pictures. template: of conversations, None for a model that knows none. eos:
    ids that end an answer."""

    model: Any
    tokenizer: Any
    sight: Sight | None
    template: str | None
    eos: tuple[int, ...]
    pad: int
    device: str


def place(name: str, argument: str | None, profile: Profile) -> Path:
    """The folder of the weights. argument: a folder; for ``hf`` the name of a repository as well. Raises ModelError."""
    if argument is not None and not Path(argument).expanduser().is_dir() and name == "hf":
        return locate(f"hf:{argument}", argument)
    return locate(name, profile.repository, argument, commit=profile.revision or None)


def absent(folder: Path) -> list[str]:
    """Files that the folder lacks, by name."""
    if (folder / _ADAPTER).is_file():
        return [] if (folder / "adapter_model.safetensors").is_file() else ["adapter_model.safetensors"]
    missing = missing_files(folder, ("config.json",))
    return missing + ([] if any((folder / n).is_file() for n in _TOKENIZERS) else [_TOKENIZERS[0]])


def load(profile: Profile, folder: Path) -> Loaded:
    """See the head of this file."""
    needs("gpu", "torch", "transformers", "safetensors")
    missing = absent(folder)
    if missing:
        raise WeightsError(
            f"{folder} lacks {', '.join(missing[:_NAMED])}: the checkpoint is not complete; fetch it again"
        )
    base = folder
    if (folder / _ADAPTER).is_file():
        base = _base(read_json(folder, _ADAPTER), folder)
    facts = read_json(base, "config.json")
    _check_architecture(profile, facts, base)
    tensors = read_tensors(base)  # mapped: names the file that is cut short, before anything is built
    model, sees = _model(base, facts)
    device, dtype = device_and_dtype()
    del tensors
    words = folder if any((folder / n).is_file() for n in _TOKENIZERS) else base
    tokenizer = _tokenizer(words)
    if base is not folder:
        model = _adapted(model, folder, len(tokenizer))
    _check_words(profile, model, tokenizer, folder)
    eye = sight(base, model.config, tokenizer) if sees else None
    model = model.to(device=device, dtype=dtype).eval()
    template = _template(words, tokenizer)
    return Loaded(model, tokenizer, eye, template, _ends(model, tokenizer, folder), _pad(tokenizer), device)


def _check_architecture(profile: Profile, facts: dict[str, Any], folder: Path) -> None:
    import transformers
    from transformers import CONFIG_MAPPING

    kind, by = facts.get("model_type"), facts.get("transformers_version", "an unnamed version")
    where = folder / "config.json"
    if profile.architecture and kind != profile.architecture:
        raise WeightsError(f"{where} is of a {kind!r:.40}, {profile.name} is a {profile.architecture!r}")
    if kind not in CONFIG_MAPPING:
        own = " It brings code of its own, which is never run." if facts.get("auto_map") else ""
        raise WeightsError(
            f"{where}: transformers {transformers.__version__} knows no model_type {kind!r:.40} (written by {by}): "
            f"install a newer transformers.{own}"
        )


def _base(adapter: dict[str, Any], folder: Path) -> Path:
    named = str(adapter.get("base_model_name_or_path") or "")
    if not named:
        raise WeightsError(f"{folder / _ADAPTER} names no base model")
    try:
        return locate("hf", named, named if Path(named).is_dir() else None)
    except ModelError as error:
        raise ModelError(f"the base of the adapter in {folder} is missing: {error}") from error


def _model(folder: Path, facts: dict[str, Any]) -> tuple[Any, bool]:
    """(the model, does it see pictures?)"""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText

    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        sees = type(config) in AutoModelForImageTextToText._model_mapping
        opener: Any = AutoModelForImageTextToText if sees else AutoModelForCausalLM
        with _quiet():
            model, found = opener.from_pretrained(
                folder, config=config, local_files_only=True, trust_remote_code=False, output_loading_info=True,
                ignore_mismatched_sizes=True, attn_implementation="sdpa", dtype=device_and_dtype()[1],
            )  # fmt: skip
    except torch.OutOfMemoryError as error:
        raise ModelError(f"{folder}: the memory is too small for this model") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError) as error:
        by = facts.get("transformers_version", "an unnamed version")
        raise WeightsError(f"{folder} cannot be loaded (written by transformers {by}): {_first(error)}") from error
    _check_keys(found, folder)
    return model, sees


@contextmanager
def _quiet() -> Iterator[None]:
    """Without transformers' progress bars, which would stand in the middle of what a command says."""
    from transformers.utils import logging as hf_logging

    logging: Any = hf_logging
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _check_keys(found: dict[str, Any], folder: Path) -> None:
    other = [key if isinstance(key, str) else key[0] for key in found.get("mismatched_keys") or ()]
    parts = []
    for keys, what in (
        (found.get("missing_keys") or (), "missing"),
        (found.get("unexpected_keys") or (), "unknown"),
        (other, "of another shape"),
    ):
        names = sorted(keys)
        if names:
            more = ", …" if len(names) > _NAMED else ""
            parts.append(f"{len(names)} keys are {what} ({', '.join(names[:_NAMED])}{more})")
    if parts:
        raise WeightsError(f"{folder}: {'; '.join(parts)}: weights of another model or revision")


def _adapted(model: Any, folder: Path, words: int) -> Any:
    """words: of the tokenizer. An adapter that holds rows of new words needs room for them in the base's table."""
    needs("finetune", "peft")
    from peft import PeftModel

    facts = read_json(folder, _ADAPTER)
    rows = facts.get("trainable_token_indices") or facts.get("token_indices")
    try:
        if rows and int(model.get_input_embeddings().weight.shape[0]) < words:
            model.resize_token_embeddings(words, mean_resizing=False)
        return PeftModel.from_pretrained(model, str(folder), is_trainable=False).merge_and_unload()
    except (OSError, ValueError, KeyError, IndexError, RuntimeError) as error:
        raise WeightsError(f"the adapter in {folder} does not fit its base: {_first(error)}") from error


def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    opener: Any = AutoTokenizer
    try:
        return opener.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise WeightsError(f"the tokenizer files in {folder} cannot be read: {_first(error)}") from error


def _template(folder: Path, tokenizer: Any) -> str | None:
    """That of the processor comes before the tokenizer's, which may know no pictures."""
    path = folder / "chat_template.json"
    if path.is_file():
        found = read_json(folder, path.name).get("chat_template")
        if isinstance(found, str):
            return found
    own = tokenizer.chat_template
    return own if isinstance(own, str) else None


def _check_words(profile: Profile, model: Any, tokenizer: Any, folder: Path) -> None:
    rows, words = int(model.get_input_embeddings().weight.shape[0]), len(tokenizer)
    if words > rows:
        raise WeightsError(
            f"{folder}: the tokenizer has {words:,} words, the embedding {rows:,} rows: one is of another revision"
        )
    proof = _PROOF.get(profile.output.form, "")
    proof = f"[{proof}]" if profile.output.brackets else proof
    if proof and tokenizer.convert_tokens_to_ids(proof) in (None, tokenizer.unk_token_id):
        raise WeightsError(f"{folder}: the tokenizer has no word {proof}: it is not that of {profile.name}")


def _ends(model: Any, tokenizer: Any, folder: Path) -> tuple[int, ...]:
    named = getattr(model.generation_config, "eos_token_id", None)
    found = [named] if isinstance(named, int) else list(named or ())
    if tokenizer.eos_token_id is not None:
        found.append(tokenizer.eos_token_id)
    if not found:
        raise WeightsError(
            f"{folder}: neither generation_config.json nor the tokenizer names an id that ends an answer"
        )
    return tuple(dict.fromkeys(int(i) for i in found))


def _pad(tokenizer: Any) -> int:
    return int(tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id)


def _first(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{lines[0].strip() if lines else type(error).__name__:.200}"
