"""``tokens encode`` and ``decode``: files and folders, every representation, and input that is none."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.cli import main
from svggen.icon import parse

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"'
LINES = 'fill="none" stroke="currentColor" stroke-width="2"'
CLOCK = f'{HEAD} {LINES}><circle cx="12" cy="12" r="9"/><path d="M12 7v5h4"/></svg>'
HEART = f'{HEAD}><path fill="#ff0000" d="M12 21L3 12A5 5 0 0 1 12 6A5 5 0 0 1 21 12Z"/></svg>'
FORMS = ("icon", "omnisvg-8b", "omnisvg-4b", "omnisvg-3b", "llm4svg")
NONE = [152067, 172122, 172122, 152070, 162122, 196565, 196566, 196565, 172222, 152071, 172122, 192075]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    icons = tmp_path / "icons"
    icons.mkdir()
    (icons / "clock.svg").write_text(CLOCK)
    (icons / "heart.svg").write_text(HEART)
    (icons / "notes.txt").write_text("no icon")
    monkeypatch.chdir(tmp_path)
    return icons


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts text on standard input."""

    def put(text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: False))

    return put


@pytest.mark.parametrize("form", FORMS)
def test_there_and_back(form: str, folder: Path, give: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", "encode", "--as", form, "icons/clock.svg"]) == 0
    plain = capsys.readouterr().out
    listed = json.loads(plain)
    assert plain.count("\n") == 1
    assert main(["tokens", "encode", "--as", form, "icons/clock.svg", "--json"]) == 0
    rows = capsys.readouterr().out
    key = "tokens" if form == "llm4svg" else "ids"
    assert json.loads(rows) == [{"file": "icons/clock.svg", "count": len(listed), key: listed}]
    assert type(listed[0]) is (str if form == "llm4svg" else int)
    give(plain)
    assert main(["tokens", "decode", "--as", form]) == 0
    svg = capsys.readouterr().out
    assert len(parse(svg).shapes) == 2 and svg.count("\n") == 1
    give(plain)
    assert main(["tokens", "decode", "--as", form, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"svg": svg.strip()}
    give(rows)
    assert main(["tokens", "decode", "--as", form, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"file": "icons/clock.svg", "svg": svg.strip()}]


def test_words_are_read_where_ids_are(folder: Path, give: Any, capsys: pytest.CaptureFixture[str]) -> None:
    give(json.dumps("M (0,0) (0,0) L (90,0) L (90,90) fill:#ff8800".split()))
    assert main(["tokens", "decode", "--as", "omnisvg-4b"]) == 0
    assert 'fill="#ff8800"><path d="M0 0L90 0L90 90"/></svg>' in capsys.readouterr().out


def test_a_folder(folder: Path, give: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", "encode", "--as", "omnisvg-8b", "icons", "--json"]) == 0
    told = capsys.readouterr()
    assert [Path(row["file"]).name for row in json.loads(told.out)] == ["clock.svg", "heart.svg"]
    assert "1 files that are no .svg" in told.err
    give(told.out)
    assert main(["tokens", "decode", "--as", "omnisvg-8b"]) == 0
    assert capsys.readouterr().out.count("<svg") == 2
    assert main(["tokens", "encode", "icons"]) == 0
    assert "icons/heart.svg" in capsys.readouterr().out


def test_one_broken_file_of_a_folder(folder: Path, give: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.svg").write_text("<svg")
    (folder / "evil.svg").write_text(f"{HEAD}><script>1</script></svg>")
    assert main(["tokens", "encode", "--as", "llm4svg", "icons", "--json"]) == 1
    told = capsys.readouterr()
    rows = json.loads(told.out)
    assert [row["count"] is None for row in rows] == [True, False, True, False]
    assert "script" in rows[2]["error"] and rows[2]["tokens"] is None
    assert "broken.svg" in told.err and "evil.svg" in told.err
    give(told.out)
    assert main(["tokens", "decode", "--as", "llm4svg", "--json"]) == 1
    answers = json.loads(capsys.readouterr().out)
    assert [answer["svg"] is None for answer in answers] == [True, False, True, False]
    assert main(["tokens", "encode", "icons"]) == 1
    assert "script" in capsys.readouterr().out


def test_paths_that_paint_nothing_are_there(folder: Path, give: Any, capsys: pytest.CaptureFixture[str]) -> None:
    give(json.dumps(NONE))
    assert main(["tokens", "decode", "--as", "omnisvg-8b"]) == 0
    assert '<path d="M50 100A50 50 0 1 0 150 100L50 100Z" fill="none"/></svg>' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "form", "code", "expected"),
    [
        ("", "icon", 2, "not JSON"),
        ("hello", "icon", 2, "not JSON"),
        (b"\xff\xfe\x00", "icon", 2, "not JSON"),
        ("[" * 100_000, "icon", 2, "not JSON"),
        ("[NaN]", "icon", 2, "NaN is no number"),
        (f"[{'9' * 5000}]", "icon", 2, "not JSON"),
        (f"[{'9' * 4000}]", "icon", 2, "token 0"),
        (f"[{'9' * 4000}]", "llm4svg", 2, "token 0"),
        ("[]", "icon", 2, "an empty list"),
        ("5", "icon", 2, "expected a JSON list of ids, found 5"),
        ('"M"', "icon", 2, 'found "M"'),
        ("null", "icon", 2, "found null"),
        ("{}", "icon", 2, 'expected "ids" or "tokens"'),
        ("[1, true]", "omnisvg-8b", 2, "item 1: expected a whole number, found true"),
        ("[1, 1.5]", "omnisvg-8b", 2, "item 1: expected a whole number, found 1.5"),
        ('[1, "M"]', "omnisvg-8b", 2, 'item 1: expected a whole number, found "M"'),
        ("[1, [2, {}]]", "omnisvg-8b", 2, "item 1: expected a whole number, found a list"),
        ('["M", 2]', "omnisvg-8b", 2, "item 1: expected a word"),
        ('["Q"]', "omnisvg-8b", 2, "token 0: expected a word such as M"),
        ("[-1, 5]", "omnisvg-8b", 1, "nothing is drawn by these 2 ids"),
        ("[-1, 5]", "icon", 2, "token 0"),
        ("[0, 1]", "llm4svg", 2, "nothing to draw"),
        ("[58]", "llm4svg", 2, "token 0: expected <|START_OF_SVG|>"),
        ('[{"ids": [0]}]', "icon", 2, "token 0"),
        ('[{"ids": 1}]', "icon", 2, 'expected "ids" or "tokens"'),
        ('[{"ids": [1]}, 5]', "icon", 2, "item 0: expected a whole number, found an object"),
        ("[1]", "gpt", 2, "no representation 'gpt'"),
    ],
)
def test_what_is_no_drawing_is_one_line(
    text: str | bytes, form: str, code: int, expected: str, give: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    give(text)
    assert main(["tokens", "decode", "--as", form]) == code
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and expected in told.err
    assert "fault in mnemicon" not in told.err and len(told.err) < 600
    give(text)
    assert main(["tokens", "decode", "--as", form, "--json"]) == code
    assert expected in json.loads(capsys.readouterr().out)["error"]["message"]


def test_huge_lists(give: Any, capsys: pytest.CaptureFixture[str]) -> None:
    give(json.dumps(NONE[:-1] * 2000))
    assert main(["tokens", "decode", "--as", "omnisvg-8b"]) == 0
    assert len(capsys.readouterr().out) < 1000  # a loop is drawn once
    give("[5" + ",5" * 8_000_000 + "]")
    assert main(["tokens", "decode", "--as", "omnisvg-8b"]) == 2
    assert "more than 16,000,000 bytes" in capsys.readouterr().err


def test_what_is_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    for path, expected in (
        ("icons/none.svg", "there is no SVG file"),
        ("icons/empty", "there is no SVG file in"),
        ("icons/notes.txt", "does not begin with"),
    ):
        assert main(["tokens", "encode", path]) == 2
        assert expected in capsys.readouterr().err
    assert main(["tokens", "decode", "icons/none.json"]) == 2
    assert "there is no file of ids" in capsys.readouterr().err
    assert main(["tokens", "encode", "icons/clock.svg", "--as", "x"]) == 2
    assert "use one of icon, omnisvg-8b" in capsys.readouterr().err
