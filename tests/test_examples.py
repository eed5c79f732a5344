"""Every program in examples/ runs, offline, in a home of its own."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
WORDS = {"draw_one.py": ["paper plane", "plane.svg"], "check_folder.py": ["."]}
NEEDS = {
    "openai_agents_tool.py": "agents.testing",
    "pydantic_ai_tool.py": "pydantic_ai",
    "smolagents_tool.py": "smolagents",
}
"""Frameworks that our tests do not install: see "adapters" in pyproject.toml."""


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if path.name in NEEDS:
        pytest.importorskip(NEEDS[path.name], reason=f"{NEEDS[path.name]} is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(path), *WORDS.get(path.name, [])])
    try:
        runpy.run_path(str(path), run_name="__main__")
    except SystemExit as ended:
        assert ended.code in (0, None)
    shown = capsys.readouterr().out
    assert shown.strip()
    if path.name == "draw_one.py":
        assert (tmp_path / "plane.svg").read_text().startswith("<svg")
        assert "drawn from" in shown
    if path.name == "remember_and_draw.py":
        assert "stroke_width" in shown and "1.5" in shown
    if path.stem.endswith(("_tool", "_subgraph")):
        assert "<svg" in shown


def test_there_are_examples() -> None:
    assert len(list(EXAMPLES.glob("*.py"))) >= 4
