"""``check``, ``fix`` and ``render`` on files as they come: good, unsafe, broken, not an icon at all."""

from __future__ import annotations

import json
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agent.cli import main

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"'
LINES = ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
CUP = "M16 8a1 1 0 0 1 1 1v8a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V9a1 1 0 0 1 1-1h14a4 4 0 1 1 0 8h-1"
GOOD = f'{HEAD}{LINES}<path d="M10 2v2"/><path d="M14 2v2"/><path d="M6 2v2"/><path d="{CUP}"/></svg>'
OFF = (
    HEAD
    + ' fill="none" stroke="#000" stroke-width="2"><path d="M0 0h20v3.3"/><path stroke-width="1" d="M3 9h8"/></svg>'
)
UNSAFE = HEAD + '><script>alert(1)</script><path d="M2 2h20v20z"/></svg>'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    icons = tmp_path / "icons"
    (icons / "below").mkdir(parents=True)
    (icons / "cup.svg").write_text(GOOD)
    (icons / "off.svg").write_text(OFF)
    (icons / "below" / "unsafe.SVG").write_text(UNSAFE)
    (icons / "notes.txt").write_text("no icon")
    monkeypatch.chdir(tmp_path)
    return icons


def output(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_good_icon(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "icons/cup.svg", "--json"]) == 0
    verdict = output(capsys)
    assert list(verdict) == ["file", "safe", "error", "findings", "style"]
    assert (verdict["safe"], verdict["error"]) == (True, None)
    assert verdict["style"]["stroke_width"] == pytest.approx(2, abs=0.1)
    assert not [finding for finding in verdict["findings"] if finding["level"] == "must"]


def test_findings_and_an_asked_for_style(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "icons/off.svg", "--json"]) == 1
    rules = {finding["rule"]: finding for finding in output(capsys)["findings"]}
    assert rules["one-stroke-width"]["level"] == "must"
    assert set(rules["one-stroke-width"]) == {"rule", "number", "level", "message", "value", "limit", "fixable"}
    assert main(["check", "icons/cup.svg", "--style", '{"stroke_width": 1}', "--json"]) == 1
    assert "one-stroke-width" in {finding["rule"] for finding in output(capsys)["findings"]}


def test_an_unsafe_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "icons/below/unsafe.SVG", "--json"]) == 2
    verdict = output(capsys)
    assert verdict["safe"] is False and "script" in verdict["error"]
    assert verdict["findings"] == [] and verdict["style"] is None
    assert main(["check", "icons/below/unsafe.SVG"]) == 2
    assert "refused" in capsys.readouterr().out


def test_a_folder_is_a_sorted_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "icons", "--json"]) == 2
    told = capsys.readouterr()
    verdicts = json.loads(told.out)
    assert [Path(verdict["file"]).name for verdict in verdicts] == ["unsafe.SVG", "cup.svg", "off.svg"]
    assert "1 files that are no .svg" in told.err
    (folder / "below" / "unsafe.SVG").unlink()
    assert main(["check", "icons"]) == 1
    assert "1 fine, 1 with findings, 0 refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        bytes(range(256)) * 40,
        b"<html></html>",
        b"<svg",
        b"x" * 9_000_000,
        GOOD.encode("utf-16")[:300],
    ],
    ids=["empty", "zeros", "binary", "html", "cut", "enormous", "half of utf-16"],
)
def test_what_is_no_icon_is_refused_in_one_line(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.svg"
    file.write_bytes(content)
    for command in (["check"], ["fix", "-o", str(tmp_path / "y.svg")], ["render", "-o", str(tmp_path / "y.png")]):
        assert main([command[0], str(file), *command[1:]]) == 2
        told = capsys.readouterr()
        assert (told.out + told.err).count("\n") == 1
        assert "fault in mnemicon" not in told.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.svg"]


def test_a_pipe_in_a_folder_holds_nobody_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(folder / "pipe.svg")
    assert main(["check", "icons", "--json"]) == 2
    told = {Path(verdict["file"]).name: verdict for verdict in output(capsys)}
    assert "not a regular file" in told["pipe.svg"]["error"]


def test_fix_repairs_and_says_how(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "icons/off.svg", "-o", "fixed.svg", "--json"]) == 0
    told = output(capsys)
    assert told["steps"] and told["svg_path"] == "fixed.svg"
    assert len([f for f in told["before"] if f["level"] == "must"]) > 0
    assert main(["check", "fixed.svg"]) == 0
    capsys.readouterr()
    before = Path("fixed.svg").read_bytes()
    assert main(["fix", "icons/off.svg", "-o", "fixed.svg"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert Path("fixed.svg").read_bytes() == before
    assert main(["fix", "icons/off.svg", "-o", "fixed.svg", "--force"]) == 0
    assert main(["fix", "icons/off.svg"]) == 0
    assert Path("off-fixed.svg").read_bytes() == before


def test_render_gives_pixels(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "icons/cup.svg", "--size", "64", "--color", "teal", "-o", "cup.png", "--json"]) == 0
    assert output(capsys) == {"file": "icons/cup.svg", "png_path": "cup.png", "size": 64}
    picture = Image.open(BytesIO(Path("cup.png").read_bytes()))
    assert picture.size == (64, 64) and picture.mode == "RGBA"
    assert picture.getpixel((0, 0))[3] == 0  # type: ignore[index]
    solid = {pixel[:3] for pixel in picture.get_flattened_data() if pixel[3] == 255}
    assert solid == {(0, 128, 128)}
    assert main(["render", "icons/cup.svg", "--background", "#ffffff"]) == 0
    with Image.open(BytesIO(Path("cup-2.png").read_bytes())) as white:
        assert white.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)
