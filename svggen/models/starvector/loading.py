"""StarVector's checkpoint as a model, and how a picture is shown to it.

Contract. ``load(name, folder)`` reads ``config.json``, ``tokenizer.json`` and the safetensors of a published checkpoint
and nothing else: no code of the repository is run, no base model is fetched, attention is torch's own. bfloat16 on a
GPU, float32 on a CPU. ``pixels`` prepares a picture: transparency on white (``svggen.pictures``), padded to a square
with white, bicubic to the encoder's side, scaled as its encoder was trained. Errors: ``ModelError``, ``WeightsError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import ModelError, WeightsError
from svggen.models.checkpoints import empty, load_into, locate, missing_files, needs, read_json, read_tensors
from svggen.models.generation import device_and_dtype

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from tokenizers import Tokenizer

__all__ = ["BEGINNING", "REPOSITORIES", "Loaded", "load", "missing", "pixels"]

REPOSITORIES: Final = {
    "starvector-1b": "starvector/starvector-1b-im2svg",
    "starvector-8b": "starvector/starvector-8b-im2svg",
}
BEGINNING: Final = "<svg"
"""What is written already when the model begins."""
_FILES: Final = ("config.json", "tokenizer.json")
_CLIP: Final = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
_SIGLIP: Final = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
_FAMILY: Final = {"starvector-1b": "starcoderbase", "starvector-8b": "starcoder2"}


@dataclass(frozen=True)
class Loaded:
    """net: ``StarVectorNet``. first: ids of ``<svg``; ends: ids that end a text; places: tokens of text that the model
    has positions for, beside the picture."""

    net: Any
    tokenizer: Tokenizer
    first: list[int]
    ends: list[int]
    pad: int
    places: int
    device: str

    @cached_property
    def fast(self) -> Any:
        """The tokenizer as transformers has it, for a grammar."""
        from transformers import PreTrainedTokenizerFast

        made: Any = PreTrainedTokenizerFast
        return made(tokenizer_object=self.tokenizer, eos_token=self.tokenizer.id_to_token(self.ends[0]))


def missing(name: str, argument: str | None = None) -> list[str]:
    """What is not there that the model needs, in words; nothing is loaded."""
    try:
        needs("gpu", "torch", "transformers")
        folder = locate(name, REPOSITORIES[name], argument)
    except ModelError as error:
        return [str(error)]
    return [f"{folder / file}" for file in missing_files(folder, _FILES)]


def load(name: str, folder: Path) -> Loaded:
    """The model with its weights; see the head of this file."""
    needs("gpu", "torch", "transformers", "safetensors")
    from svggen.models.starvector.net import build, module_tensors

    config = read_json(folder, "config.json")
    base = str(config.get("starcoder_model_name", ""))
    if config.get("model_type") != "starvector" or _FAMILY[name] not in base:
        raise WeightsError(
            f"{folder / 'config.json'} is of {config.get('model_type')!r:.40} on {base!r:.60}, wanted {name}"
        )
    tokenizer = _tokenizer(folder)
    tensors = module_tensors(read_tensors(folder))
    with empty():
        net = build(config, tensors)
    device, dtype = device_and_dtype()
    load_into(net, tensors, None, str(folder), device=device, dtype=dtype)
    ids = [tokenizer.token_to_id(word) for word in ("<|endoftext|>", "<svg-end>", "[PAD]")]
    rows = net.language.get_input_embeddings().weight.shape[0]
    if ids[0] is None or max(tokenizer.get_vocab_size() - 1, *(n or 0 for n in ids)) >= rows:
        raise WeightsError(f"{folder}: tokenizer.json does not fit an embedding of {rows} rows; another revision")
    first = list(tokenizer.encode(BEGINNING, add_special_tokens=False).ids)
    places = int(net.language.config.max_position_embeddings) - net.vision.shape.tokens - len(first)
    ends = [n for n in ids[:2] if n is not None]
    return Loaded(net, tokenizer, first, ends, ids[0] if ids[2] is None else ids[2], places, device)


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.is_file():
        raise WeightsError(f"there is no tokenizer.json in {folder}: the checkpoint is not complete; fetch it again")
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exceptions
        raise WeightsError(f"{path} is damaged or cut short: {error!s:.120}; fetch it again") from error


def pixels(picture: npt.NDArray[np.uint8], side: int, clip: bool) -> npt.NDArray[np.float32]:
    """float32 (3, side, side) of uint8 (h, w, 3)."""
    import numpy as np
    from PIL import Image

    height, width = picture.shape[:2]
    longer = max(height, width)
    square = np.full((longer, longer, 3), 255, np.uint8)
    top, left = (longer - height) // 2, (longer - width) // 2
    square[top : top + height, left : left + width] = picture
    even = Image.fromarray(square).resize((side, side), Image.Resampling.BICUBIC)
    mean, std = (np.asarray(v, np.float32) for v in (_CLIP if clip else _SIGLIP))
    values = (np.asarray(even, np.float32) / 255 - mean) / std
    return np.ascontiguousarray(values.transpose(2, 0, 1))
