"""The command line as a program: help, version, errors as one line or JSON, exit codes, Ctrl-C, a closed pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli import app, main
from agent.cli.errors import BAD_INPUT, INTERRUPTED, OUR_FAULT, InputError, explain, one_line
from agent.cli.output import Screen, plain

ROOT = Path(__file__).resolve().parents[2]


def run(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``mnemicon`` as a process of its own, run from the tests' environment."""
    code = "import sys; from agent.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *argv],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from agent.cli import main; main(['--help']);"
        "heavy = {'numpy', 'scipy', 'pydantic', 'torch', 'langgraph', 'mem0', 'lxml', 'PIL', 'onnxruntime'};"
        "sys.stderr.write(','.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0
    assert done.stderr == ""
    for name in ("draw", "set", "accept", "reject", "why", "memory", "check", "fix", "render", "library", "doctor"):
        assert name in done.stdout


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "Usage: mnemicon" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("mnemicon ")


BAD = [
    ["draw"],
    ["draw", ""],
    ["draw", "  \n "],
    ["draw", "word " * 10_000],
    ["draw", "\udcff\udcfe"],  # what a shell hands over for bytes that are no UTF-8
    ["draw", "cup", "--n", "1000"],
    ["draw", "cup", "--n", "0"],
    ["draw", "cup", "--n", "many"],
    ["draw", "cup", "--size", "0"],
    ["draw", "cup", "--rounds", "-1"],
    ["draw", "cup", "--seed", "-1"],
    ["draw", "cup", "--style", "{"],
    ["draw", "cup", "--style", "[" * 100_000],
    ["draw", "cup", "--style", "[1]"],
    ["draw", "cup", "--style", '{"stroke_width": 99}'],
    ["draw", "cup", "--style", '{"colour": "red"}'],
    ["draw", "cup", "--bogus"],
    ["draw", "cup", "--out", "FILE"],
    ["draw", "cup", "--out", "FILE/below"],
    ["draw", "cup", "--user", "*"],
    ["draw", "cup", "--user", "a b"],
    ["draw", "cup", "--user", ""],
    ["paint", "cup"],
    ["set", "MISSING"],
    ["set", "DIR"],
    ["set", "BINARY"],
    ["set", "EMPTY"],
    ["memory"],
    ["memory", "remember", ""],
    ["memory", "show", "--user", "*"],
    ["memory", "forget"],
    ["memory", "forget", "abc", "--all"],
    ["memory", "forget", "--all", "--yes", "--user", "%"],
    ["memory", "import", "MISSING"],
    ["memory", "import", "BINARY"],
    ["memory", "import", "EMPTY"],
    ["memory", "export", "-o", "DIR"],
    ["check", "MISSING"],
    ["check", "DIR"],  # no SVG file in it
    ["fix", "MISSING"],
    ["fix", "DIR"],
    ["render", "MISSING"],
    ["render", "FILE", "--size", "0"],
    ["render", "FILE", "--size", "1000000"],
    ["render", "FILE", "--color", "url(http://x)"],
    ["library", "search", ""],
    ["library", "add", "MISSING"],
    ["library", "add", "FILE"],
    ["library", "add", "DIR"],
    ["accept"],  # nothing has been drawn
    ["accept", "../../etc"],
    ["reject", "0123456789"],
    ["why"],
    ["why", "no such id"],
]


def prepared(argv: list[str], folder: Path) -> list[str]:
    """The words in capitals as paths below ``folder``."""
    (folder / "dir").mkdir()
    (folder / "file").write_bytes(b"text\n")
    (folder / "binary").write_bytes(bytes(range(256)))
    (folder / "empty").write_bytes(b"\n# nothing\n" if argv[0] == "set" else b"\n")
    names = {name.upper(): str(folder / name) for name in ("dir", "file", "binary", "empty", "missing")}
    return [names.get(word, word.replace("FILE/", names["FILE"] + "/")) for word in argv]


@pytest.mark.parametrize("argv", BAD, ids=lambda argv: " ".join(argv)[:50].encode("ascii", "replace").decode())
def test_bad_input_is_one_line_and_exit_code_2(
    argv: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = prepared(argv, tmp_path)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert main(words) == BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("mnemicon: ")
    assert told.err.count("\n") == 1 and len(told.err) < 500
    assert "fault in mnemicon" not in told.err
    assert list(here.iterdir()) == []

    confirmed = argv[:3] == ["memory", "forget", "--all"] and "--user" not in argv
    if confirmed:
        return  # with --json a program asks, and no question is asked back
    assert main([*words, "--json"]) == BAD_INPUT
    told = capsys.readouterr()
    error = json.loads(told.out)["error"]
    assert error["message"] and error["exit_code"] == BAD_INPUT
    assert list(here.iterdir()) == []


def test_a_fault_of_our_own_is_told_from_bad_input() -> None:
    outcome = explain(ZeroDivisionError("division by zero"))
    assert outcome.code == OUR_FAULT
    assert "ZeroDivisionError" in outcome.line and "MNEMICON_DEBUG" in outcome.line


def test_ctrl_c_is_one_line_and_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agent.cli.draw.check_prompt", interrupt)
    assert main(["draw", "cup"]) == INTERRUPTED
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "mnemicon: interrupted\n")


def test_a_closed_pipe_is_quiet() -> None:
    code = "import sys; from agent.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], stdout=writer, stderr=subprocess.PIPE, env=environment, timeout=60
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 141


def test_text_from_outside_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "\x1b]0;title\x07[red]bold[/red]\u202egpj"
    assert "\x1b" not in one_line(hostile) and "\u202e" not in one_line(hostile)
    assert plain("a\nb") == "a\nb"
    Screen().line(hostile)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "[red]bold[/red]" in shown  # markup is text here


def test_one_line_is_bounded() -> None:
    assert one_line("a \n b\t c") == "a b c"
    assert len(one_line("x" * 10_000)) == 400


def test_json_speaks_alone(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(as_json=True)
    screen.line("for people")
    screen.table(("a",), [("b",)])
    screen.data({"path": Path("x"), "names": {"b", "a"}, "word": "ç"})
    told = capsys.readouterr()
    assert json.loads(told.out) == {"path": "x", "names": ["a", "b"], "word": "ç"}
    with pytest.raises(TypeError):
        screen.data(object())


def test_errors_carry_what_to_do() -> None:
    assert explain(InputError("it is broken", hint="mend it")).line == "it is broken; mend it"
    assert explain(OSError(28, "No space left on device", "/x")).code == BAD_INPUT


def test_the_app_has_no_eager_group() -> None:
    assert app.info.name == "mnemicon"


def test_progress_without_a_terminal_is_a_few_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in the first second; then each stage once, and of many files one a second."""
    now = 0.0
    monkeypatch.setattr("agent.cli.output.time.perf_counter", lambda: now)
    with Screen().progress("reading", total=1000) as steps:
        for number in range(1000):
            now += 0.01
            steps.step(f"reading {number}")
            steps.advance()
        steps.step("measuring")
        steps.step("measuring")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10 and lines[0].split()[2] == "reading"
    assert [line for line in lines if "measuring" in line] == [lines[-1]]
