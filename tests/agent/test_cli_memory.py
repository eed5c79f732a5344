"""``memory remember | show | forget | export | import``, each command as a fresh start on the same home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main


def told(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> Any:
    """The JSON that a command prints."""
    assert main([*argv, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_remember_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "memory", "show") == []
    answer = told(capsys, "memory", "remember", "1.5px strokes, round caps, teal, never filled")
    assert {entry["slot"] for entry in answer["remembered"]} >= {"style.stroke_width", "style.cap", "style.palette"}
    shown = {entry["slot"]: entry for entry in told(capsys, "memory", "show")}
    assert shown["style.stroke_width"]["value"] == 1.5
    wanted = {"id", "slot", "value", "text", "scope", "confidence", "source", "created_at", "supersedes"}
    assert all(wanted <= set(entry) for entry in shown.values())
    assert main(["memory", "show"]) == 0
    table = capsys.readouterr().out
    assert "style.stroke_width" in table and "1.5" in table


def test_a_newer_word_replaces_and_stays_in_the_history(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "memory", "remember", "2px strokes")
    answer = told(capsys, "memory", "remember", "1px strokes")
    assert [entry["action"] for entry in answer["remembered"]] == ["supersede"]
    now = told(capsys, "memory", "show")
    assert [(entry["value"], entry["status"]) for entry in now] == [(1.0, "active")]
    history = told(capsys, "memory", "show", "--history")
    assert sorted((entry["value"], entry["status"]) for entry in history) == [(1.0, "active"), (2.0, "superseded")]
    assert now[0]["supersedes"] in {entry["id"] for entry in history}


def test_what_is_no_style_is_not_remembered(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "memory", "remember", "the weather is nice", code=2)
    assert "nothing about style" in answer["error"]["message"]
    assert told(capsys, "memory", "show") == []


def test_users_and_projects_stay_apart(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "memory", "remember", "2px strokes", "--user", "ana")
    told(capsys, "memory", "remember", "3px strokes", "--user", "ana", "--project", "apollo")
    assert told(capsys, "memory", "show", "--user", "ben") == []
    scopes = {
        entry["scope"]: entry["value"] for entry in told(capsys, "memory", "show", "--user", "ana", "-p", "apollo")
    }
    assert scopes == {"user": 2.0, "project": 3.0}


def test_forget_one(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "memory", "remember", "2px strokes, round caps")
    record = next(e for e in told(capsys, "memory", "show") if e["slot"] == "style.cap")
    assert "error" in told(capsys, "memory", "forget", record["id"], "--user", "ben", code=2)
    assert told(capsys, "memory", "forget", record["id"])["forgotten"] == record["id"]
    assert "style.cap" not in {entry["slot"] for entry in told(capsys, "memory", "show")}
    assert "error" in told(capsys, "memory", "forget", record["id"], code=2)


def test_forget_all_leaves_no_text_on_disk(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "memory", "remember", "always use a xylophonist for settings, 2px strokes", "--user", "ana")
    held = [path for path in own_home.rglob("*") if path.is_file() and b"xylophonist" in path.read_bytes()]
    assert held
    assert told(capsys, "memory", "forget", "--all", "--user", "ana") == {"user": "ana", "forgotten": "all"}
    held = [path for path in own_home.rglob("*") if path.is_file() and b"xylophonist" in path.read_bytes()]
    assert held == []
    assert told(capsys, "memory", "show", "--user", "ana") == []


def test_export_and_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "memory", "remember", "1.5px strokes, teal", "--user", "ana")
    target = tmp_path / "ana.jsonl"
    answer = told(capsys, "memory", "export", "-o", str(target), "--user", "ana")
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(lines) == answer["records"] >= 2
    assert main(["memory", "export", "-o", str(target), "--user", "ana"]) == 2  # never over a file that is there
    capsys.readouterr()
    assert main(["memory", "export", "--user", "ana"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == lines
    taken = told(capsys, "memory", "import", str(target), "--user", "ben")
    assert taken["refused"] == []
    values = [{e["slot"]: e["value"] for e in told(capsys, "memory", "show", "--user", u)} for u in ("ana", "ben")]
    assert values[0] == values[1] != {}


def test_an_import_refuses_what_the_gate_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"kind": "preference", "slot": "style.stroke_width", "value": 99}\n{"anything": 1}\n')
    answer = told(capsys, "memory", "import", str(file), code=2)
    assert len(answer["refused"]) == 2 and all(entry["reason"] for entry in answer["refused"])
    file.write_text("{}\nnot json\n")
    assert "line 2 is not JSON" in told(capsys, "memory", "import", str(file), code=2)["error"]["message"]
    assert told(capsys, "memory", "show") == []


def test_a_home_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    answer = told(capsys, "memory", "remember", "2px strokes", "--home", str(tmp_path / "file"), code=2)
    assert answer["error"]["message"]


@pytest.mark.slow
def test_processes_share_one_home(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four processes remember at once: each ends well or says in one line that the store is busy, and nothing that was
    confirmed is lost."""
    words = {
        "2px strokes": "style.stroke_width",
        "round caps": "style.cap",
        "teal": "style.palette",
        "use a cog for settings": "vocabulary:settings",
    }
    code = "import sys; from agent.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, "memory", "remember", word],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        )
        for word in words
    ]
    kept = set()
    for process, slot in zip(running, words.values(), strict=True):
        said = process.communicate(timeout=50)[1].decode()
        if process.returncode == 0:
            kept.add(slot)
        else:
            assert (process.returncode, said.count("\n")) == (2, 1) and "busy" in said, said
    assert kept
    assert {entry["slot"] for entry in told(capsys, "memory", "show")} == kept
