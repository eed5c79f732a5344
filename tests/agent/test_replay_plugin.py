"""The pytest plugin, in projects of others: what passes, what fails, and what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import mnemicon_pytest
from agent.replay.orphans import unnamed
from agent.tool import design_icon
from memory.fake import FakeMemory
from svggen.models.fake import FakeSvgModel

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Path(__file__).parent / "bundles" / "family"
EXAMPLE = ROOT / "examples" / "replayed_icons"
QUIET = ("-p", "no:langsmith_plugin", "-p", "no:cacheprovider", "-q")

BODY = """
from mnemicon import accept_icon, design_icon

from agent.session import Session

def family():
    design_icon("always use 1.5px strokes, round caps, teal, never filled", user="x")
    bell = design_icon("bell", user="x", n=2)
    accept_icon(bell.id, user="x")
    design_icon("shopping cart", user="x", n=2)
    design_icon("a bit thicker, and mirror it", user="x", edit="last")
    for said in ("a suitcase", "I like the second one, somewhat friendlier"):
        Session("trip", user="x", n=2, rounds=1).send(said)
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own: what it imports and unloads is not ours to share."""
    words = [sys.executable, "-m", "pytest", *QUIET, "--disable-socket", "--allow-unix-socket", *options]
    environment = {**os.environ, "MNEMICON_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, capture_output=True, text=True, cwd=folder, env=environment)


@pytest.mark.slow
def test_what_passes_and_what_fails(tmp_path: Path) -> None:
    for name in ("family", "test_called-1"):
        shutil.copytree(BUNDLE, tmp_path / "bundles" / name)
    (tmp_path / "test_it.py").write_text(
        BODY
        + """
import pytest

@pytest.mark.replay("bundles/family")
def test_marked():
    family()

@pytest.mark.replay
@pytest.mark.parametrize("n", [1])
def test_called(n):
    family()

def test_part(replay):
    with replay("bundles/family"):
        design_icon("always use 1.5px strokes, round caps, teal, never filled", user="x")

def test_other(replay):
    with replay("bundles/family"):
        design_icon("bells", user="x", n=2)

def test_none(replay):
    with replay("bundles/nowhere"):
        pass
"""
    )
    done = run(tmp_path)
    assert done.returncode == 1 and "3 failed, 2 passed" in done.stdout, done.stdout
    for said in (
        "recorded, but not asked for: design_icon 'bell'",
        "design_icon 'bells' was not recorded; the nearest that was, design_icon 'bell', differs in:",
        "inputs.prompt: 'bell' was recorded, 'bells' is there",
        "nowhere: make it with pytest --mnemicon-record",
    ):
        assert said in done.stdout
    assert "bundles that no test names" not in done.stdout


@pytest.mark.slow
def test_a_bundle_that_no_test_names_fails_the_run_in_many_processes_too(tmp_path: Path) -> None:
    shutil.copytree(BUNDLE, tmp_path / "bundles" / "family")
    (tmp_path / "test_it.py").write_text("def test_nothing():\n    pass\n")
    done = run(tmp_path, "-n", "1")
    assert done.returncode == 1 and "1 passed" in done.stdout
    assert "bundles/family: replay it in a test, or remove it" in done.stdout


def test_a_bundle_is_named_by_its_path_its_name_or_its_test(tmp_path: Path) -> None:
    for name in ("one", "two", "test_three", "test_four-a", "five", "inner/six"):
        (tmp_path / "bundles" / name).mkdir(parents=True)
        for file in ("manifest.json", "session.jsonl"):
            (tmp_path / "bundles" / name / file).touch()
    (tmp_path / "bundles" / "of-somebody-else").mkdir()
    (tmp_path / "bundles" / "of-somebody-else" / "manifest.json").touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "test_it.py").write_text(
        "ONE = 'bundles/one'\nasync def test_three(): ...\ndef test_four(): ...\n# five\n"
    )
    (tmp_path / "below" / "test_more.py").write_text("def use(replay):\n    replay('two')\n")
    (tmp_path / "broken.py").write_text("def (")
    assert [p.name for p in unnamed(tmp_path, tmp_path / "bundles")] == ["five", "six"]


def test_loading_the_plugin_loads_nothing_of_ours() -> None:
    code = "import sys, mnemicon_pytest; print([m for m in sys.modules if m.partition('.')[0] in %r])"
    code %= (["agent", "memory", "svggen", "numpy", "langgraph"],)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_example_of_a_foreign_project(tmp_path: Path) -> None:
    project = Path(shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__")))
    done = run(project)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr


def test_recording_anew(tmp_path: Path, memory: FakeMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --mnemicon-record a block draws really and replaces its bundle, unless it fails; without, it is answered."""
    monkeypatch.setattr("agent.judging.look", lambda *given: [])
    anew = True
    config = SimpleNamespace(stash={mnemicon_pytest._used: set()}, getoption=lambda name: anew)
    item: Any = SimpleNamespace(path=tmp_path / "test_it.py", config=config)
    replay = mnemicon_pytest._replaying(item)
    model = FakeSvgModel()

    def draw() -> str:
        return design_icon("a bell", user="ada", memory=memory, model=model, n=1, rounds=1).svg

    with replay("bundles/bell"):
        drawn = draw()
    with pytest.raises(RuntimeError), replay("bundles/bell"):
        draw()
        raise RuntimeError
    anew = False
    with replay("bundles/bell"):
        assert draw() == drawn
    assert len(model.history) == 2 and config.stash[mnemicon_pytest._used] == {tmp_path / "bundles" / "bell"}
    with pytest.raises(pytest.fail.Exception, match="make it with pytest --mnemicon-record"), replay("bundles/cup"):
        pass
