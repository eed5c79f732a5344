"""Text vectors: what makes "loupe" near "magnifying glass" when no name or tag says so.

Contract. ``Embedder.embed`` turns n texts into float32 (n, dims) of unit length, so that a dot product is the cosine.
A text is cut at 256 tokens; its vector does not depend on the texts beside it. The default, "minilm", is
``svggen.text.MiniLM`` (384 dimensions, English; no torch, no network), the very object that svggen itself uses, so that
a process loads it once. Any other name is a sentence-transformers model (a folder, or a name in the local hub cache;
``HF_HUB_OFFLINE`` is obeyed), which needs that package installed. ``FakeEmbedder`` is for tests.

Errors: ``EmbedderError`` (the operator) where weights are missing, damaged or of another version, or where the package
for a named model is not installed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from memory.errors import EmbedderError
from svggen import text as frozen
from svggen.errors import WeightsError
from svggen.text import MODEL_SHA256, WEIGHTS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors: TypeAlias = npt.NDArray[np.float32]

__all__ = [
    "DEFAULT",
    "MODEL_SHA256",
    "WEIGHTS",
    "Embedder",
    "FakeEmbedder",
    "MiniLM",
    "SentenceModel",
    "default_embedder",
    "embedder",
]

DEFAULT = "minilm"
BATCH = 32  # texts at once


@runtime_checkable
class Embedder(Protocol):
    """Texts to vectors of unit length. ``name`` tells vectors of different models apart in a store."""

    @property
    def name(self) -> str: ...

    @property
    def dims(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dims), each row of length 1."""
        ...


class MiniLM(frozen.MiniLM):
    """``svggen.text.MiniLM`` with memory's error: ``EmbedderError`` where its files are not what they should be."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        try:
            super().__init__(folder)
        except WeightsError as error:
            raise EmbedderError(str(error)) from error


class SentenceModel:
    """Any sentence-transformers model, by folder or by a name in the local hub cache. Imports torch on construction."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbedderError(
                f"the embedder {name!r} needs sentence-transformers: pip install 'mnemicon[embedders]'"
            ) from error
        offline = os.environ.get("HF_HUB_OFFLINE", "0").lower() in {"1", "true", "yes", "on"}
        try:
            self._model: Any = SentenceTransformer(name, device="cpu", local_files_only=offline)
        except (OSError, ValueError) as error:
            where = " (HF_HUB_OFFLINE is set)" if offline else ""
            raise EmbedderError(f"no embedder {name!r} here{where}: {str(error).splitlines()[0]}") from error
        self.name = name
        self.dims = len(self._encode(["icon"])[0])
        self._cache = frozen.TextCache()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dims), each row of length 1; texts seen lately come from a cache."""
        return self._cache.through(texts, self._encode, self.dims)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)


class FakeEmbedder:
    """Deterministic vectors from hashed words and letter trigrams: like texts are near, nothing is loaded."""

    def __init__(self, dims: int = 64) -> None:
        self.name = f"fake-{dims}"
        self.dims = dims

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dims), each row of length 1."""
        import numpy as np

        out = np.zeros((len(texts), self.dims), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                grams = [f"w:{word}"] * 2 + [f" {word} "[i : i + 3] for i in range(len(word))]
                for gram in grams:
                    digest = hashlib.blake2b(gram.encode("utf-8"), digest_size=8).digest()
                    out[row, int.from_bytes(digest[:4], "little") % self.dims] += 1.0 if digest[4] & 1 else -1.0
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        out[norms[:, 0] == 0, 0] = 1.0
        return (out / np.where(norms == 0, 1, norms)).astype(np.float32)


def embedder(name: str = DEFAULT) -> Embedder:
    """The embedder of that name: "minilm" (cached per process), or any sentence-transformers folder or name."""
    return default_embedder() if name == DEFAULT else SentenceModel(name)


def default_embedder() -> frozen.MiniLM:
    """MiniLM from the shipped weights: the one of ``svggen.text.default_text_encoder``, loaded once per process."""
    try:
        return frozen.default_text_encoder()
    except WeightsError as error:
        raise EmbedderError(str(error)) from error
