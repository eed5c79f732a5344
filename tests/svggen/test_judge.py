"""The judge at run time: its file, its scores, its labels; the net against sums written out the long way."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judge_helpers import FACTS, tensors, write

from svggen.errors import WeightsError
from svggen.icon import Circle, Icon, Look, Rect, Shape
from svggen.judge import net, weights
from svggen.judge.describe import describe, picture_style
from svggen.judge.judge import Judge
from svggen.judge.labels import labels_of, read_labels, write_labels
from svggen.judge.pictures import pictures, seen_picture, text_pictures
from svggen.text import default_text_encoder

ROOT = Path(__file__).resolve().parents[2]
DOT = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 6), Look()),))
RED = Icon((0, 0, 24, 24), (Shape(Rect(4, 4, 16, 16), Look(fill="#ff0000")),))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(write(tmp_path_factory.mktemp("judge") / "judge.safetensors"), None)


def test_a_convolution_is_the_sum_over_its_windows() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=(2, 6, 6, 4)).astype(np.float32)
    kernel, bias = generator.normal(size=(5, 4, 3, 3)).astype(np.float32), generator.normal(size=5).astype(np.float32)
    w: Any = {"c.weight": kernel.transpose(2, 3, 1, 0).reshape(36, 5), "c.bias": bias}
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for stride in (1, 2):
        got = net._conv(w, "c", x, stride)
        for row, column in ((0, 0), (1, 2), (2, 2)):
            window = padded[:, row * stride : row * stride + 3, column * stride : column * stride + 3]
            assert np.allclose(got[:, row, column], np.einsum("nyxi,oiyx->no", window, kernel) + bias, atol=1e-5)


def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(judge: Judge) -> None:
    one, many = judge.see([DOT]), judge.see([RED] * 9 + [DOT])
    assert (many.concept.shape, many.style.shape, many.patches.shape) == ((10, 256), (10, 32), (10, 64, 160))
    for apart, together in ((one.concept, many.concept), (one.style, many.style)):
        assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
        assert np.allclose(apart[0], together[-1], atol=1e-5)
        assert not np.allclose(together[0], together[-1], atol=1e-3)
    assert len(judge.see([])) == 0 and judge.see([]).patches.shape == (0, 64, 160)
    words = judge.text(["coffee cup", "gear"])
    assert words.shape == (2, 256) and np.allclose(np.linalg.norm(words, axis=1), 1, atol=1e-5)
    with pytest.raises(ValueError, match="uint8"):
        judge.see(np.zeros((1, 32, 32, 3), np.uint8))


def test_a_score_is_the_share_that_scores_lower(judge: Judge) -> None:
    assert judge.score("concept", 0.3) == pytest.approx(0.5)
    assert judge.score("style", 0.5) == 0.0 and judge.score("style", 2.0) == 1.0
    values = [judge.score("concept", v) for v in np.linspace(-1, 1, 41)]
    assert values == sorted(values) and values[0] == 0.0 and values[-1] == 1.0
    cosine = float(judge.see([DOT]).concept[0] @ judge.text(["dot"])[0])
    assert judge.concept_score(DOT, "dot") == pytest.approx(judge.score("concept", cosine), abs=1e-6)
    assert judge.style_score(DOT, 3 * judge.see([DOT]).style[0]) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered"])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, damage: str) -> None:
    path = write(tmp_path / "judge.safetensors")
    data = bytearray(path.read_bytes())
    digest = hashlib.sha256(data).hexdigest()
    assert Judge(path, digest).facts["version"] == weights.VERSION
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[-1] ^= 1
        path.write_bytes(data)
    with pytest.raises(WeightsError, match=r"judge\.safetensors"):
        Judge(path, digest)


def test_a_file_of_ones_own_is_checked_by_its_layout(tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    for content in (b"", b"not a net", b"\xff" * 100, write(path).read_bytes()[:100_000]):
        path.write_bytes(content)
        with pytest.raises(WeightsError, match="own"):
            Judge(path, None)
    with pytest.raises(WeightsError, match=r"stem2\.bias"):
        Judge(write(path, drop="stem2.bias"), None)
    with pytest.raises(WeightsError, match="version 99"):
        Judge(write(path, version=99), None)
    with pytest.raises(WeightsError, match="no judge"):
        Judge(write(path, facts={}), None)
    with pytest.raises(WeightsError, match="calibration"):
        Judge(write(path, calibration={"concept": [], "style": []}), None)
    with pytest.raises(WeightsError, match="cannot be read"):
        Judge(tmp_path / "nowhere", None)


def test_the_shapes_are_those_of_four_million_parameters(tmp_path: Path) -> None:
    assert sum(value.size for value in tensors().values()) <= 4_000_000
    assert write(tmp_path / "j").stat().st_size < 10_000_000


def test_icons_are_seen_on_white_and_serialised_text_alike() -> None:
    from svggen.icon import serialise

    both = pictures([DOT, RED])
    assert both.shape == (2, 64, 64, 3) and both.dtype == np.uint8
    assert tuple(both[0, 0, 0]) == (255, 255, 255) and tuple(both[0, 32, 32]) == (0, 0, 0)
    assert tuple(both[1, 32, 32]) == (255, 0, 0)
    assert np.array_equal(both, text_pictures([serialise(DOT), serialise(RED, pretty=True)]))
    assert pictures([]).shape == (0, 64, 64, 3)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255), st.integers(0, 255), st.integers(0, 2**31))
def test_any_picture_becomes_one_that_the_judge_sees(height: int, width: int, low: int, high: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(min(low, high), max(low, high) + 1, (height, width, 3))
    seen = seen_picture(values.astype(np.uint8))
    assert seen.shape == (64, 64, 3) and seen.dtype == np.uint8
    if max(height, width) >= 40:  # a smaller one is enlarged softly, and its edge runs into the margin
        assert (seen[:4] == 255).all() and (seen[:, -4:] == 255).all()


def test_a_picture_of_an_icon_is_seen_like_the_icon() -> None:
    square = Icon((0, 0, 24, 24), (Shape(Rect(2, 2, 20, 20), Look()), Shape(Circle(12, 12, 5), Look(fill="#ffffff"))))
    near = pictures([square])[0].astype(int)
    large = pictures([square], 300)
    for shown in (large[0], np.pad(large[0], ((40, 200), (0, 0), (0, 0)), constant_values=255), 255 - large[0]):
        assert np.abs(seen_picture(shown).astype(int) - near).mean() < 6
    grey = np.full((30, 40, 3), 200, np.uint8)
    assert (seen_picture(grey) == 255).all()


def test_labels_come_best_first_with_a_style(judge: Judge) -> None:
    words = ["coffee cup", "gear", "gear", "", "envelope", *(f"thing {i}" for i in range(30))]
    labels = labels_of(words, judge)
    assert len(labels) == 33
    told = describe(DOT, labels=labels, judge=judge)
    scores = [label.score for label in told.labels]
    assert len(scores) == 20 and scores == sorted(scores, reverse=True)
    best = labels.words[int((labels.vectors @ judge.see([DOT]).concept[0]).argmax())]
    assert told.labels[0].label == best
    assert told.to_dict()["style"]["mode"] == "filled"
    assert set(told.to_dict()["labels"][0]) == {"label", "score"}


def test_the_style_of_a_picture_is_what_pixels_show() -> None:
    ring = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9), Look(fill="none", stroke="currentColor", stroke_width=2)),))
    two = Icon((0, 0, 24, 24), (*RED.shapes, Shape(Circle(12, 12, 5), Look(fill="#0000ff"))))
    drawn = picture_style(pictures([ring], 256)[0])
    assert (drawn.mode, drawn.palette) == ("outline", ("currentColor",))
    assert drawn.stroke_width == pytest.approx(2, abs=0.25)
    assert picture_style(pictures([DOT], 256)[0]).mode == "filled"
    colours = picture_style(pictures([two], 256)[0])
    assert colours.mode == "color" and colours.palette is not None and set(colours.palette) == {"#ff0000", "#0000ff"}
    assert picture_style(np.full((9, 9, 3), 255, np.uint8)).to_dict() == {}


def test_a_vocabulary_comes_back_as_it_was_written(tmp_path: Path, judge: Judge) -> None:
    words = ["coffee cup", "gear", "house"]
    write_labels(tmp_path, words, judge.text(words), "abc")
    back = read_labels(tmp_path, "abc")
    assert list(back.words) == words and np.abs(back.vectors - judge.text(words)).max() < 2e-3
    with pytest.raises(WeightsError, match="another judge"):
        read_labels(tmp_path, "def")
    (tmp_path / "labels.txt").write_text("one\ntwo\nthree\n")
    with pytest.raises(WeightsError, match="belong"):
        read_labels(tmp_path, "abc")
    (tmp_path / "labels.safetensors").write_bytes(b"x" * 50)
    with pytest.raises(WeightsError, match="damaged"):
        read_labels(tmp_path, "abc")
    (tmp_path / "labels.txt").unlink()
    with pytest.raises(WeightsError, match=r"labels\.txt"):
        read_labels(tmp_path, "abc")


def test_the_text_encoder_is_one_for_the_whole_process() -> None:
    from memory.embedding import default_embedder

    assert default_embedder() is default_text_encoder()


def test_training_needs_numpy_torch_and_safetensors_alone() -> None:
    files = ("checkpoint", "judge", "judge_data", "judge_net", "judge_report", "muon")
    allowed = {*sys.stdlib_module_names, "numpy", "torch", "safetensors"}
    own = {"svggen.training." + name for name in files} | {"svggen.errors"}
    for name in files:
        tree = ast.parse((ROOT / "svggen" / "training" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [n for n in names if n not in own and n.split(".")[0] not in allowed], name


def test_seeing_loads_no_torch(tmp_path: Path) -> None:
    path = write(tmp_path / "judge.safetensors")
    code = (
        f"import sys; from pathlib import Path; from svggen.judge import Judge; assert 'numpy' not in sys.modules;"
        f"import numpy; Judge(Path({str(path)!r}), None).see(numpy.zeros((1, 64, 64, 3), 'uint8'));"
        "print([m for m in ('torch', 'transformers', 'scipy', 'skia') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_facts_of_the_header_are_kept(judge: Judge) -> None:
    assert judge.facts["calibration"]["style"] == pytest.approx(FACTS["calibration"]["style"])
