"""The frozen text encoder: words to vectors, for the judge, for IconLM and for memory.

Contract. ``MiniLM.embed`` turns n texts into float32 (n, 384) of unit length, so that a dot product is the cosine. A
text is cut at 256 tokens; its vector does not depend on the texts beside it. It is all-MiniLM-L6-v2 (English) in int8
from ``svggen/weights/minilm`` through onnxruntime: no torch, no network, one thread, checked by digest before use.
``default_text_encoder`` loads it once per process.

Errors: ``WeightsError`` (the operator) where a file is missing, cut short, altered or of another version.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from svggen.checked import checked_bytes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors: TypeAlias = npt.NDArray[np.float32]

__all__ = ["DIMS", "MODEL_SHA256", "WEIGHTS", "MiniLM", "TextCache", "default_text_encoder"]

WEIGHTS = Path(__file__).resolve().parent / "weights" / "minilm"
MODEL_SHA256 = "99ebaf0b3b15bb17e334d3a62245e76ca2e16f66ab902dc1e7a2d3735edc57e0"  # set by scripts/build_embedder.py
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
DIMS = 384
MAX_TOKENS = 256  # as sentence-transformers cuts it; icon texts hold 3 to 20
MAX_CHARACTERS = 4096  # 256 word pieces are about 1200 characters; spares the tokeniser an enormous input
BATCH = 32  # texts at once, and fewer where they are long:
BATCH_TOKENS = 1024  # keeps the working memory of the largest batch near 30 MB
CACHED_TEXTS = 2048  # 384 floats each: 3 MB


class MiniLM:
    """all-MiniLM-L6-v2 in int8 through onnxruntime. Loads on construction (about 0.1 s); safe under threads."""

    name = "minilm"
    dims = DIMS

    def __init__(self, folder: Path = WEIGHTS) -> None:
        model = checked_bytes(folder / "minilm-int8.onnx", MODEL_SHA256, "text encoder")
        vocabulary = checked_bytes(folder / "tokenizer.json", TOKENIZER_SHA256, "text encoder")
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
        self._cache = TextCache(CACHED_TEXTS)

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


def default_text_encoder() -> MiniLM:
    """MiniLM from the shipped weights, loaded once per process (also when two threads ask at the same time)."""
    with _LOADING:
        return _default()


_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def _default() -> MiniLM:
    return MiniLM()


class TextCache:
    """Keeps the vectors of the texts used last; ``through`` computes only what it lacks, in one batch."""

    def __init__(self, size: int = CACHED_TEXTS) -> None:
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
