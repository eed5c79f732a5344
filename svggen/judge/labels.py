"""What the judge may say: the concepts that icon sets draw, with their vectors.

Contract. ``shipped_labels()`` is the vocabulary that ships (``svggen/weights/judge``: labels.txt, one concept a line,
those that most sets draw first; labels.safetensors, its vectors as int8 with one scale a row), read once per process;
``labels_of(words, judge)`` makes one of any words. ``WeightsError`` where a file is missing, altered, or belongs to
another judge.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from svggen.errors import WeightsError
from svggen.judge.weights import FILE, SHA256

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.judge.judge import Judge

    Floats: TypeAlias = npt.NDArray[np.float32]

__all__ = ["Labels", "labels_of", "shipped_labels", "write_labels"]

FOLDER = FILE.parent


@dataclass(frozen=True)
class Labels:
    """words, and vectors float32 (n, 256) of unit length in the judge's concept space."""

    words: tuple[str, ...]
    vectors: Floats

    def __len__(self) -> int:
        return len(self.words)


def labels_of(words: Sequence[str], judge: Judge) -> Labels:
    """Any words as labels; a millisecond each, once."""
    kept = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    return Labels(kept, judge.text(kept))


@lru_cache(maxsize=1)
def shipped_labels() -> Labels:
    """The vocabulary that ships, for the judge that ships."""
    return read_labels(FOLDER, SHA256)


def read_labels(folder: Path, judge_sha256: str) -> Labels:
    import numpy as np

    words_path, vectors_path = folder / "labels.txt", folder / "labels.safetensors"
    try:
        text, data = words_path.read_bytes(), vectors_path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"label file {error.filename} cannot be read: {error.strerror}; reinstall mnemicon"
        ) from error
    try:
        from safetensors.numpy import load

        size = int.from_bytes(data[:8], "little")
        origin = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["labels"])
        tensors = load(data)
        words = tuple(text.decode("utf-8").splitlines())
        vectors = tensors["vectors"].astype(np.float32) * tensors["scales"].astype(np.float32)[:, None]
    except Exception as error:  # safetensors, json, numpy and utf-8 each have an error of their own
        raise WeightsError(f"label file {vectors_path} is damaged; reinstall mnemicon") from error
    if origin.get("words") != hashlib.sha256(text).hexdigest() or vectors.shape != (len(words), 256):
        raise WeightsError(
            f"label files {words_path} and {vectors_path.name} do not belong together; reinstall mnemicon"
        )
    if origin.get("judge") != judge_sha256:
        raise WeightsError(f"label file {vectors_path} is of another judge; reinstall mnemicon")
    return Labels(words, vectors)


def write_labels(folder: Path, words: Sequence[str], vectors: Floats, judge_sha256: str) -> None:
    """Both files of a vocabulary, each written beside and renamed."""
    import os

    import numpy as np
    from safetensors.numpy import save

    text = "".join(f"{word}\n" for word in words).encode()
    scales = (np.abs(vectors).max(1) / 127.0).astype(np.float16)
    whole = np.rint(vectors / np.maximum(scales.astype(np.float32), 1e-9)[:, None])
    origin = {"words": hashlib.sha256(text).hexdigest(), "judge": judge_sha256}
    tensors = {"vectors": np.clip(whole, -127, 127).astype(np.int8), "scales": scales}
    data = save(tensors, {"labels": json.dumps(origin, sort_keys=True)})
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("labels.txt", text), ("labels.safetensors", data)):
        beside = folder / f".{name}.{os.getpid()}"
        beside.write_bytes(content)
        beside.replace(folder / name)
