"""``describe`` on files as they come: icons, pictures, folders, what is neither, labels of one's own."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from agent.cli import main
from svggen.judge import judge as judge_module
from svggen.judge import labels as labels_module
from svggen.judge.judge import Judge
from svggen.judge.labels import Labels
from svggen.judge.weights import SHA256
from svggen.render import png
from svggen.safety import load

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"'
BELL = "M10 21a2 2 0 0 0 4 0M3 15A1 1 0 0 0 4 17h16a1 1 0 0 0 1-2C19 14 18 12 18 8A6 6 0 0 0 6 8c0 4-1 6-3 7"
GOOD = f'{HEAD} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="{BELL}"/></svg>'
UNSAFE = HEAD + '><script>alert(1)</script><path d="M2 2h20v20z"/></svg>'


class FakeJudge(Judge):
    """Sees the shares of dark pixels in 256 fields of the picture; every phrase is one of the axes."""

    def __init__(self) -> None:
        self.facts = {"calibration": {"concept": [0.0, 1.0], "style": [0.0, 1.0]}}

    def see(self, things: Any) -> Any:
        from svggen.judge.pictures import pictures, seen_picture

        pixels = np.stack([seen_picture(p) for p in (things if isinstance(things, np.ndarray) else pictures(things))])
        dark = (255.0 - pixels.astype(np.float32).mean(3)).reshape(len(pixels), 16, 4, 16, 4).mean((2, 4))
        concept = dark.reshape(len(pixels), 256) + 1e-6
        concept /= np.linalg.norm(concept, axis=1, keepdims=True)
        return judge_module.Seen(concept, concept[:, :32], np.zeros((len(pixels), 64, 160), np.float32))

    def text(self, phrases: Any) -> Any:
        return np.eye(256, dtype=np.float32)[: len(phrases)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An icon, its picture, a script, a text and a broken picture; a judge that needs no weights."""
    judge = FakeJudge()
    words = tuple(f"word {i}" for i in range(256))
    monkeypatch.setattr(judge_module, "default_judge", lambda: judge)
    monkeypatch.setattr(labels_module, "shipped_labels", lambda: Labels(words, judge.text(words)))
    icons = tmp_path / "icons"
    (icons / "below").mkdir(parents=True)
    (icons / "bell.svg").write_text(GOOD)
    (icons / "below" / "bell.png").write_bytes(png(load(GOOD.encode()), 200))
    (icons / "notes.txt").write_text("no icon")
    monkeypatch.chdir(tmp_path)
    return icons


def output(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_an_icon_and_its_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "icons/bell.svg", "--json"]) == 0
    (icon,) = output(capsys)
    assert list(icon) == ["file", "labels", "style"] and icon["file"] == "icons/bell.svg"
    scores = [label["score"] for label in icon["labels"]]
    assert len(scores) == 20 and scores == sorted(scores, reverse=True) and all(0 <= s <= 1 for s in scores)
    assert icon["style"]["mode"] == "outline" and icon["style"]["stroke_width"] == pytest.approx(2, abs=0.1)
    assert main(["describe", "icons/below/bell.png", "--json"]) == 0
    (picture,) = output(capsys)
    shown = {label["label"] for label in icon["labels"]} & {label["label"] for label in picture["labels"]}
    assert len(shown) >= 12
    assert picture["style"]["mode"] == "outline"
    assert main(["describe", "icons/bell.svg"]) == 0
    assert icon["labels"][0]["label"] in capsys.readouterr().out


def test_labels_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("labels.txt").write_text("# mine\nbell\n\ncup\nbell\n", encoding="utf-8")
    assert main(["describe", "icons/bell.svg", "--labels", "labels.txt", "--json"]) == 0
    assert {label["label"] for label in output(capsys)[0]["labels"]} == {"bell", "cup"}
    for content in (b"", b"# nothing\n", b"\xff\xfe\xfa", b"a" * 300, b"\n".join(b"%d" % i for i in range(20_001))):
        Path("labels.txt").write_bytes(content)
        assert main(["describe", "icons/bell.svg", "--labels", "labels.txt", "--json"]) == 2
        assert "labels.txt" in output(capsys)["error"]["message"]
    assert main(["describe", "icons/bell.svg", "--labels", "nowhere.txt"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_is_a_list_and_what_is_wrong_in_it_is_an_entry(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["describe", "icons", "--json"]) == 0
    assert [Path(entry["file"]).name for entry in output(capsys)] == ["bell.svg", "bell.png"]
    (folder / "unsafe.svg").write_text(UNSAFE)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    assert main(["describe", "icons", "--json"]) == 2
    entries = {Path(entry["file"]).name: entry for entry in output(capsys)}
    assert len(entries) == 4 and "script" in entries["unsafe.svg"]["error"]
    assert entries["broken.jpg"]["labels"] == [] and entries["broken.jpg"]["style"] is None
    assert len(entries["bell.svg"]["labels"]) == 20
    (folder / "empty").mkdir()
    assert main(["describe", "icons/empty"]) == 2
    assert "no SVG and no picture" in capsys.readouterr().err


def _gif(size: int) -> bytes:
    frames = [Image.new("P", (size, size), colour) for colour in (0, 1)]
    frames[0].paste(1, (10, 10, 40, 40))
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def _cmyk() -> bytes:
    image = Image.new("CMYK", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (16, 16, 48, 48))
    file = BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def test_pictures_of_every_kind(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "moving.gif").write_bytes(_gif(64))
    (folder / "ink.jpg").write_bytes(_cmyk())
    (folder / "renamed.svg").write_bytes((folder / "below" / "bell.png").read_bytes())
    for name in ("moving.gif", "ink.jpg", "renamed.svg"):
        assert main(["describe", f"icons/{name}", "--json"]) == 0, name
        assert len(output(capsys)[0]["labels"]) == 20


def test_what_cannot_be_described_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    huge, tiny = BytesIO(), BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")
    Image.new("RGB", (1, 1)).save(tiny, "PNG")
    (folder / "huge.png").write_bytes(huge.getvalue())
    (folder / "tiny.png").write_bytes(tiny.getvalue())
    (folder / "unsafe.svg").write_text(UNSAFE)
    (folder / "none.svg").write_text("hello")
    for name in ("huge.png", "tiny.png", "unsafe.svg", "none.svg", "nowhere.svg", "nowhere.png"):
        assert main(["describe", f"icons/{name}"]) == 2, name
        told = capsys.readouterr()
        assert told.err.startswith("mnemicon: ") and told.err.count("\n") == 1 and told.out == ""


def test_missing_weights_are_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> Judge:
        return Judge(folder / "judge.safetensors", "0" * 64)

    monkeypatch.setattr(judge_module, "default_judge", missing)
    for target in ("icons", "icons/bell.svg"):
        assert main(["describe", target, "--json"]) == 2
        assert output(capsys)["error"]["kind"] == "WeightsError"


@pytest.mark.slow
@pytest.mark.skipif(not SHA256, reason="no judge ships yet")
def test_the_judge_that_ships_knows_a_bell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thing.svg").write_text(GOOD)
    (tmp_path / "thing.png").write_bytes(png(load(GOOD.encode()), 300))
    assert main(["describe", str(tmp_path), "--json"]) == 0
    for entry in output(capsys):
        assert "bell" in [label["label"] for label in entry["labels"][:5]]
