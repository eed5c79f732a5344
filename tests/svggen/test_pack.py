"""The packed corpus: what goes in comes out, nothing is packed twice, a damaged file is told so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from svggen.errors import CorpusError
from svggen.tokens.icon import decode, encode
from svggen.training import pack as packing
from svggen.training.corpus import load
from svggen.training.pack import Pack, pack, pictures, words_of
from svggen.training.run import packed_corpus
from tests.tiny_corpus import write_corpus


def quiet(_: str) -> None:
    """No log."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus") / "icons.parquet")


def test_what_is_packed_comes_out_again(corpus: Path, tmp_path: Path) -> None:
    packed = pack(load(corpus), tmp_path / "deep" / "pack.npz", log=quiet)
    again = Pack.load(tmp_path / "deep" / "pack.npz")
    assert len(again) == 6 and again.train.tolist() == [True, True, False, True, True, False]
    for name in ("tokens", "starts", "text_starts", "text_ids", "group", "family", "ids"):
        assert (getattr(again, name) == getattr(packed, name)).all()
    assert again.phrases == packed.phrases and again.groups == ("set0|", "set0|fill")
    said = [again.phrases[i] for i in again.text_ids[again.text_starts[1] : again.text_starts[2]]]
    assert said == ["clock", "old clock", "sign", "clock icon"]
    assert [packing.MODES[m] for m in again.mode] == ["outline"] * 3 + ["filled"] * 3
    for row in range(6):
        ids = again.drawing(row).tolist()
        assert encode(decode(ids)) == ids
    assert words_of(again.phrases) == ("bell", "clock", "home", "old", "play", "ring", "sign", "stop")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["pack.npz"]


def test_what_is_packed_is_not_drawn_again(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = packed_corpus(corpus, tmp_path, log=quiet)
    monkeypatch.setattr(packing, "_drawing", lambda svg: pytest.fail("drawn again"))
    assert (packed_corpus(corpus, tmp_path, log=quiet).tokens == first.tokens).all()
    assert (packed_corpus(tmp_path / "pack.npz", tmp_path / "elsewhere").tokens == first.tokens).all()


def test_pictures_are_those_of_the_drawings(corpus: Path, tmp_path: Path) -> None:
    packed = packed_corpus(corpus, tmp_path, log=quiet)
    seen = pictures(packed)
    assert seen.shape == (6, 64, 64, 3) and seen.dtype == np.uint8
    assert (seen[3, 32, 32] == 0).all() and (seen[3, 2, 2] == 255).all()  # the square
    assert (seen[5, 32, 32] == 255).all()  # the hole of the ring
    assert (pictures(packed, np.array([5])) == seen[5]).all()


def test_bad_files_are_told(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = packed_corpus(corpus, tmp_path, log=quiet)
    path = tmp_path / "pack.npz"
    whole = path.read_bytes()
    for data in (b"", b"no zip", whole[: len(whole) // 2], whole[:300] + b"\xff" * 40 + whole[340:]):
        path.write_bytes(data)
        with pytest.raises(CorpusError, match=r"pack\.npz is no packed corpus, or damaged(?!.*pickle)"):
            Pack.load(path)
    assert len(packed_corpus(corpus, tmp_path, log=quiet)) == 6  # a damaged pack is made anew
    with pytest.raises(CorpusError, match="damaged"):
        Pack.load(tmp_path / "missing.npz")
    monkeypatch.setattr(packing, "VERSION", 99)
    packed.save(tmp_path / "new.npz")
    monkeypatch.undo()
    with pytest.raises(CorpusError, match="version 99"):
        Pack.load(tmp_path / "new.npz")


def test_a_corpus_without_icons_is_told(corpus: Path, tmp_path: Path) -> None:
    table = load(corpus)
    with pytest.raises(CorpusError, match="no icon"):
        pack(table.slice(0, 0), tmp_path / "pack.npz", log=quiet)
    assert not list(tmp_path.iterdir())
