"""``train``: from a corpus to weights in one command, and one line for everything that is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("pyarrow")

from agent.cli import main
from tests.tiny_corpus import write_corpus


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small corpus and recipes that end after some steps."""
    from svggen.training import iconlm, judge

    monkeypatch.chdir(tmp_path)
    net = iconlm.LmConfig(width=64, layers=1, heads=2, key_heads=1, inner=64, dropout=0.0)
    plan = iconlm.LmRecipe(net, rows=1, length=512, seconds=1, workers=0, compiled=False, attention="dense")
    monkeypatch.setitem(iconlm.RECIPES, "cpu", plan)
    monkeypatch.setitem(judge.RECIPES, "cpu", judge.Recipe(batch=8, seconds=30, steps=2))
    return write_corpus(tmp_path / "icons.parquet")


def error(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    assert main(["train", *words]) == code
    out, err = capsys.readouterr()
    assert not out and err.startswith("mnemicon: ") and err.count("\n") == 1
    return err


@pytest.mark.slow
def test_a_judge_and_then_an_iconlm(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from svggen.judge.judge import Judge
    from svggen.models.iconlm.weights import load

    assert main(["train", "judge", "--recipe", "cpu", "--corpus", str(here), "--out", "made", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["weights_path"] == "made/judge.safetensors" and said["steps"] == 2 and said["device"] == "cpu"
    assert Judge(Path("made/judge.safetensors"), None).facts["steps"] == 2
    made = {path.name for path in Path("made").iterdir()}
    assert "pack.npz" in made and sum(name.startswith(("pictures-", "texts-")) for name in made) == 2
    words = ["train", "iconlm", "--recipe", "cpu", "--corpus", "made/pack.npz", "--out", "made", "--seconds", "1"]
    assert main([*words, "--judge", "made/judge.safetensors", "--device", "cpu"]) == 0
    out, err = capsys.readouterr()
    assert "made/iconlm.safetensors: " in out and "icons seen" in out and "pictures made" not in err
    assert load(Path("made/iconlm.safetensors")).facts["steps"] > 0


@pytest.mark.slow
def test_an_interrupted_run_says_what_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from svggen.training import judge

    def cut(self: Any, *_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(judge._Run, "_step", cut)
    assert main(["train", "judge", "--recipe", "cpu", "--corpus", str(here), "--out", "made"]) == 130
    assert "made/judge.checkpoint; the same command goes on from there" in capsys.readouterr().err
    assert Path("made/judge.checkpoint").exists() and not Path("made/judge.safetensors").exists()


def test_a_checkpoint_that_is_cut_short_is_one_line(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from svggen.errors import WeightsError
    from svggen.training.checkpoint import kept

    path = tmp_path / "judge.checkpoint"
    torch.save({"plan": "p", "net": {"w": torch.ones(9)}}, path)
    whole = path.read_bytes()
    assert kept(path, "cpu")["plan"] == "p"
    for data in (b"", b"junk", b"no checkpoint at all", whole[: len(whole) // 2]):
        path.write_bytes(data)
        with pytest.raises(WeightsError, match=r"^checkpoint .*judge\.checkpoint is damaged: remove it to begin anew$"):
            kept(path, "cpu")
    torch.save([1, 2], path)
    with pytest.raises(WeightsError, match="no checkpoint"):
        kept(path, "cpu")


def test_what_is_missing_is_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no recipe 'huge'; use full or cpu" in error(capsys, "judge", "--recipe", "huge")
    assert "no corpus nowhere.parquet" in error(capsys, "judge", "--corpus", "nowhere.parquet")
    assert "'moon' is no device to train on" in error(capsys, "judge", "--device", "moon")
    assert "'meta' is no device to train on" in error(capsys, "judge", "--device", "meta")
    assert "--seconds" in error(capsys, "judge", "--seconds", "0")
    Path("bad.npz").write_bytes(b"PK\x03\x04 cut short")
    assert "bad.npz is no packed corpus, or damaged" in error(capsys, "judge", "--corpus", "bad.npz")
    Path("bad.parquet").write_bytes(here.read_bytes()[:-900])
    assert "bad.parquet cannot be read" in error(capsys, "iconlm", "--corpus", "bad.parquet")
    Path("bad.safetensors").write_bytes(b"no judge")
    assert "bad.safetensors" in error(capsys, "iconlm", "--corpus", str(here), "--judge", "bad.safetensors")
    assert "missing.safetensors" in error(capsys, "iconlm", "--corpus", str(here), "--judge", "missing.safetensors")
    assert main(["train", "judge", "--corpus", "bad.npz", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "CorpusError"
    for module in ("pyarrow", "torch"):
        monkeypatch.setitem(sys.modules, module, None)
        line = error(capsys, "judge", "--corpus", str(here))
        assert module in line and "pip install 'mnemicon[train]'" in line
    assert sorted(path.suffix for path in Path().iterdir()) == [".npz", ".parquet", ".parquet", ".safetensors"]
