"""The model that is fine-tuned: found, looked at before anything is loaded, and loaded without remote code.

Contract. ``open_base(name)`` gives the ``Base`` of a folder or of a repository in the Hugging Face cache: what kind it
is, its tokenizer, and the picture processor of a model that sees. ``load_model(base, ...)`` loads its weights. Nothing
is fetched and no code of a repository is run. ModelError says what is wrong: no such folder, no causal language model,
a vision-language model that is not of Qwen-VL's class, no chat template, weights that are missing or damaged.

torchvision is not needed: of a Qwen-VL processor only the picture part is used, which has a Pillow form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import ModelError
from svggen.training.finetune.readers import card_licence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Base", "Sight", "load_model", "open_base"]

_HEADS: Final = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_BESIDE: Final = ("preprocessor_config.json", "video_preprocessor_config.json", "processor_config.json",
                  "chat_template.json", "chat_template.jinja")  # fmt: skip


class Sight:
    """The picture part of a Qwen-VL processor: a picture as patches, each group of ``merge`` x ``merge`` one token."""

    def __init__(self, processor: Any, token: int, side: int) -> None:
        self.processor, self.token, self.side = processor, token, side
        self._merged = processor.merge_size**2

    def see(self, picture: npt.NDArray[np.uint8]) -> tuple[int, dict[str, Any]]:
        """(tokens that the picture takes, what the model is given of it). picture: uint8 (side, side, 3)."""
        from PIL import Image

        given = self.processor(images=[Image.fromarray(picture)], return_tensors="pt")
        grid = given["image_grid_thw"]
        count = int(grid.prod(-1).sum()) // self._merged
        return count, {"pixel_values": given["pixel_values"], "image_grid_thw": grid}


@dataclass(frozen=True)
class Base:
    """name: as it was asked for. sight: None for a model that sees nothing. licence: of its card, "" where it says
    nothing. beside: files that belong to a processor, to be kept with the result."""

    name: str
    folder: Path
    config: Any
    tokenizer: Any
    sight: Sight | None
    licence: str
    beside: tuple[Path, ...] = ()

    @property
    def sees(self) -> bool:
        return self.sight is not None


def open_base(name: str, *, side: int = 448) -> Base:
    """side: px of the square that pictures are brought to."""
    from svggen.models.checkpoints import needs

    needs("finetune", "torch", "transformers", "peft", "accelerate", "pyarrow")
    folder = _folder(name)
    config = _config(name, folder)
    sees = _kind(name, config) == "vision"
    tokenizer = _tokenizer(name, folder)
    sight = _sight(name, folder, config, side) if sees else None
    beside = tuple(folder / file for file in _BESIDE if (folder / file).is_file())
    return Base(name, folder, config, tokenizer, sight, _licence(folder), beside)


def _folder(name: str) -> Path:
    from svggen.models.checkpoints import locate

    if Path(name).expanduser().is_dir():
        return Path(name).expanduser()
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise ModelError(f"there is no folder {name!r:.200}, and it is not the name of a repository (OWNER/NAME)")
    try:
        return locate(name, name)
    except ModelError as error:
        raise ModelError(
            f"{name} is not on this machine: fetch it (hf download {name} --local-dir DIR) and name the folder"
        ) from error


def _config(name: str, folder: Path) -> Any:
    from transformers import AutoConfig

    if not (folder / "config.json").is_file():
        raise ModelError(f"{name} has no config.json: it is not the folder of a Hugging Face model")
    try:
        return AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # OSError, ValueError, KeyError, and what each configuration class raises
        raise ModelError(f"{name}: its config.json cannot be used: {_first(error)}") from error


def _kind(name: str, config: Any) -> str:
    """text or vision; ModelError for what does neither."""
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
    )

    heads = config.architectures or []
    speaks = not heads or any(head.endswith(_HEADS) for head in heads)
    if speaks and not config.is_encoder_decoder:
        if config.model_type in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES and hasattr(config, "vision_config"):
            return "vision"
        if config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
            return "text"
    what = ", ".join(heads) or config.model_type
    raise ModelError(f"{name} ({what}) is neither a causal language model nor a vision-language model that writes")


def _tokenizer(name: str, folder: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # a damaged file raises what its reader raises
        raise ModelError(f"{name}: its tokenizer cannot be read: {_first(error)}") from error
    if tokenizer.chat_template is None:
        tokenizer.chat_template = _template(folder)
    if not isinstance(tokenizer.chat_template, str):
        raise ModelError(
            f"{name} has no chat template: take the release that was tuned to instructions, "
            f"or put a chat_template.jinja beside its tokenizer"
        )
    if tokenizer.eos_token_id is None:
        raise ModelError(f"{name}: its tokenizer names no token for the end of an answer (eos_token)")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return tokenizer


def _template(folder: Path) -> str | None:
    """Older processors keep the template in a file of their own."""
    try:
        found = json.loads((folder / "chat_template.json").read_text(encoding="utf-8"))["chat_template"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _sight(name: str, folder: Path, config: Any, side: int) -> Sight:
    from transformers import AutoImageProcessor

    try:
        processor = AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:
        raise ModelError(f"{name}: its picture processor cannot be read: {_first(error)}") from error
    token = getattr(config, "image_token_id", None)
    if token is None or not hasattr(processor, "merge_size"):
        raise ModelError(
            f"{name} ({config.model_type}) is a vision-language model of another class; those that can be fine-tuned "
            f"see as Qwen-VL does (Qwen2-VL, Qwen2.5-VL, Qwen3-VL)"
        )
    return Sight(processor, token, side)


def load_model(folder: Path, *, sees: bool, dtype: Any, name: str = "") -> Any:
    """The weights of a folder (a base, or what a stage left) in this type; ModelError names what is wrong."""
    import transformers

    auto: Any = transformers.AutoModelForImageTextToText if sees else transformers.AutoModelForCausalLM
    try:
        model, told = auto.from_pretrained(
            folder, dtype=dtype, local_files_only=True, trust_remote_code=False, output_loading_info=True
        )
    except Exception as error:  # safetensors, zip and shape errors, each with a class of its own
        raise ModelError(f"the weights of {name or folder} cannot be loaded: {_first(error)}") from error
    missing = sorted(told.get("missing_keys", ()))
    if missing:
        raise ModelError(
            f"the weights of {name or folder} lack {len(missing):,} tensors ({', '.join(missing[:3])}): "
            f"a shard is missing, or they belong to another model"
        )
    return model


def _licence(folder: Path) -> str:
    return card_licence(folder) if (folder / "README.md").is_file() else ""


def _first(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:200] if lines else type(error).__name__
