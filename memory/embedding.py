"""Text vectors: what makes "loupe" near "magnifying glass" when no name or tag says so.

Contract. ``Embedder.embed`` turns n texts into float32 (n, dims) of unit length, so that a dot product is the cosine.
A text is cut at 256 tokens; its vector does not depend on the texts beside it. The default, "minilm", is
all-MiniLM-L6-v2 (384 dimensions, English) in int8 from ``memory/weights`` through onnxruntime: no torch, no network,
one thread, checked by digest before use. Any other name is a sentence-transformers model (a folder, or a name in the
local hub cache; ``HF_HUB_OFFLINE`` is obeyed), which needs that package installed. ``FakeEmbedder`` is for tests.

Errors: ``EmbedderError`` (the operator) where weights are missing, damaged or of another version, or where the package
for a named model is not installed.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from memory.errors import EmbedderError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors: TypeAlias = npt.NDArray[np.float32]

__all__ = ["DEFAULT", "Embedder", "FakeEmbedder", "MiniLM", "SentenceModel", "default_embedder", "embedder"]

DEFAULT = "minilm"
WEIGHTS = Path(__file__).resolve().parent / "weights"
MODEL_SHA256 = "99ebaf0b3b15bb17e334d3a62245e76ca2e16f66ab902dc1e7a2d3735edc57e0"  # set by scripts/build_embedder.py
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256  # as sentence-transformers cuts it; icon texts hold 3 to 20
MAX_CHARACTERS = 4096  # 256 word pieces are about 1200 characters; spares the tokeniser an enormous input
BATCH = 32  # texts at once, and fewer where they are long:
BATCH_TOKENS = 1024  # keeps the working memory of the largest batch near 30 MB
CACHED_TEXTS = 2048  # 384 floats each: 3 MB


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


class MiniLM:
    """all-MiniLM-L6-v2 in int8 through onnxruntime. Loads on construction (about 0.1 s); safe under threads."""

    name = DEFAULT
    dims = 384

    def __init__(self, folder: Path = WEIGHTS) -> None:
        model = _checked(folder / "minilm-int8.onnx", MODEL_SHA256)
        vocabulary = _checked(folder / "tokenizer.json", TOKENIZER_SHA256)
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it writes a device id below ~/.cache and reports to its maker
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(vocabulary.decode("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._cache = _Cache(CACHED_TEXTS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), 384), each row of length 1; texts seen lately come from a cache."""
        return self._cache.through(texts, self._embed, self.dims)

    def pieces(self, word: str) -> int:
        """Into how many pieces of the vocabulary a word falls: 1 or 2 for usual English, many for gibberish."""
        return len(self._tokenizer.encode(word[:MAX_CHARACTERS], add_special_tokens=False).ids)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        encoded = self._tokenizer.encode_batch([text[:MAX_CHARACTERS] for text in texts])
        out = np.empty((len(texts), self.dims), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))  # equal lengths together: little padding
        start = 0
        while start < len(order):
            rows = order[start : start + BATCH]
            width = max(len(encoded[i].ids) for i in rows)
            rows = rows[: max(1, BATCH_TOKENS // width)]
            width = len(encoded[rows[-1]].ids)
            start += len(rows)
            ids = np.zeros((len(rows), width), np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for row, i in enumerate(rows):
                ids[row, : len(encoded[i].ids)] = encoded[i].ids
                mask[row, : len(encoded[i].ids)] = 1
            out[rows] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return out


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
        self._cache = _Cache(CACHED_TEXTS)

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


def default_embedder() -> Embedder:
    """MiniLM from the shipped weights, loaded once per process (also when two threads ask at the same time)."""
    with _LOADING:
        return _default()


_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def _default() -> MiniLM:
    return MiniLM()


class _Cache:
    """Keeps the vectors of the texts used last; ``through`` computes only what it lacks, in one batch."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def through(self, texts: Sequence[str], compute: Callable[[Sequence[str]], Vectors], dims: int) -> Vectors:
        import numpy as np

        out = np.empty((len(texts), dims), np.float32)
        missing: dict[str, list[int]] = {}
        with self._lock:
            for row, text in enumerate(texts):
                if text in self._rows:
                    self._rows.move_to_end(text)
                    out[row] = self._rows[text]
                else:
                    missing.setdefault(text, []).append(row)
        if not missing:
            return out
        fresh = compute(list(missing))
        with self._lock:
            for vector, (text, rows) in zip(fresh, missing.items(), strict=True):
                out[rows] = vector
                if len(text) <= MAX_CHARACTERS:
                    self._rows[text] = vector.copy()
            while len(self._rows) > self._size:
                self._rows.popitem(last=False)
        return out


def _checked(path: Path, sha256: str) -> bytes:
    """The bytes of the file, if they are the ones that this version was built with."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EmbedderError(f"embedder file {path} cannot be read: {error.strerror}; reinstall mnemicon") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EmbedderError(f"embedder file {path} is damaged or of another version; reinstall mnemicon")
    return data
