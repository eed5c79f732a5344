"""A picture as a model of Hugging Face is given it: its patches, and the places that they take among the words.

Contract. ``sight(folder, config, tokenizer)`` gives the ``Sight`` of a model; ``see(text, pictures)`` gives ids and
tensors for a conversation in which every picture has one mark. Qwen-VL and InternVL are done here, with Pillow alone;
others by their own processor, which may need torchvision. Raises WeightsError for files that cannot be read, ModelError
for a missing package.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from svggen.errors import ModelError, WeightsError

__all__ = ["Sight", "sight"]


class Sight(Protocol):
    def see(self, text: str, pictures: Sequence[bytes]) -> dict[str, Any]: ...


def sight(folder: Path, config: Any, tokenizer: Any) -> Sight:
    """See the head of this file."""
    kind = str(config.model_type)
    if kind.startswith("qwen") and hasattr(config, "image_token_id"):
        return _QwenSight(_pictures(folder), tokenizer, int(config.image_token_id))
    if kind == "internvl":
        return _InternSight(_pictures(folder), tokenizer, int(config.image_token_id), int(config.image_seq_length))
    return _OwnSight(folder, kind)


def _pictures(folder: Path) -> Any:
    from transformers import AutoImageProcessor

    opener: Any = AutoImageProcessor
    try:
        return opener.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except ImportError as error:
        raise ModelError(f"pictures need torchvision: pip install torchvision ({_first(error)})") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"preprocessor_config.json in {folder} cannot be read: {_first(error)}") from error


class _QwenSight:
    """Qwen2-VL, 2.5-VL and 3-VL: merge x merge patches are one token; sizes are the processor's own."""

    def __init__(self, pictures: Any, tokenizer: Any, token: int) -> None:
        self._pictures, self._tokenizer, self._token = pictures, tokenizer, token

    def see(self, text: str, pictures: Sequence[bytes]) -> dict[str, Any]:
        if not pictures:
            return _words(self._tokenizer, text, self._token)
        given = self._pictures(images=[_opened(p) for p in pictures], return_tensors="pt")
        grid = given["image_grid_thw"]
        counts = [int(n) // self._pictures.merge_size**2 for n in grid.prod(-1)]
        made = _words(self._tokenizer, text, self._token, [[self._token] * n for n in counts])
        return {**made, "pixel_values": given["pixel_values"], "image_grid_thw": grid}


class _InternSight:
    """InternVL: one tile for a picture, a fixed number of tokens, between two marks."""

    def __init__(self, pictures: Any, tokenizer: Any, token: int, count: int) -> None:
        self._pictures, self._tokenizer, self._token, self._count = pictures, tokenizer, token, count
        marks = [tokenizer.convert_tokens_to_ids(word) for word in ("<img>", "</img>")]
        if any(mark in (None, tokenizer.unk_token_id) for mark in marks):
            raise WeightsError("the tokenizer has no <img> and </img>: it is not that of InternVL")
        self._marks = [int(mark) for mark in marks]

    def see(self, text: str, pictures: Sequence[bytes]) -> dict[str, Any]:
        if not pictures:
            return _words(self._tokenizer, text, self._token)
        given = self._pictures(images=[_opened(p) for p in pictures], crop_to_patches=False, return_tensors="pt")
        place = [self._marks[0], *[self._token] * self._count, self._marks[1]]
        made = _words(self._tokenizer, text, self._token, [place] * len(pictures))
        return {**made, "pixel_values": given["pixel_values"]}


class _OwnSight:
    """Any other model: its own processor, as it comes."""

    def __init__(self, folder: Path, kind: str) -> None:
        from transformers import AutoProcessor

        opener: Any = AutoProcessor
        try:
            self._processor = opener.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        except ImportError as error:
            raise ModelError(f"a {kind} needs more for pictures: {_first(error)}; pip install torchvision") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsError(f"the processor files in {folder} cannot be read: {_first(error)}") from error

    def see(self, text: str, pictures: Sequence[bytes]) -> dict[str, Any]:
        images = [_opened(p) for p in pictures] or None
        return dict(self._processor(text=[text], images=images, return_tensors="pt").items())


def _words(tokenizer: Any, text: str, token: int, places: Sequence[Sequence[int]] = ()) -> dict[str, Any]:
    """Ids of the text, each mark of a picture grown to its place; which ids are of pictures."""
    import torch

    ids: list[int] = []
    left = list(places)
    for one in tokenizer(text, add_special_tokens=False)["input_ids"]:
        ids += left.pop(0) if one == token and left else [one]
    if left:
        raise ModelError("the chat template leaves no place for a picture")
    input_ids = torch.tensor([ids])
    return {
        "input_ids": input_ids,
        "attention_mask": torch.ones_like(input_ids),
        "mm_token_type_ids": (input_ids == token).to(torch.int),
    }


def _opened(png: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(png)).convert("RGB")


def _first(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{lines[0].strip() if lines else type(error).__name__:.200}"
