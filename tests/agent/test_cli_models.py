"""``models list``, ``models check``, ``models fetch``, and models' names."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from agent.cli import main
from svggen.errors import ModelError
from svggen.models import MODELS, get_model, model_entry
from svggen.models.catalogue import cards, missing


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = told(capsys, "models", "list")
    assert code == 0 and {row["name"] for row in rows} == set(MODELS) - {"fake"}
    by_name = {row["name"]: row for row in rows}
    for row in rows:
        assert {"name", "tasks", "ready", "missing", "memory_gb", "licence", "weights_licence"} <= set(row)
        assert row["ready"] == (not row["missing"]) and set(row["tasks"]) <= {"words", "picture", "edit"}
    assert by_name["library"]["ready"] and not by_name["omnisvg-8b"]["ready"]
    assert "models fetch omnisvg-8b" in by_name["omnisvg-8b"]["missing"][0]
    main(["models", "list"])
    assert "starvector-1b" in capsys.readouterr().out


def test_every_published_model_says_with_what_it_was_checked() -> None:
    for card in cards().values():
        assert card.checked and card.licence and card.weights_licence
        if card.repositories:
            assert "real weights unchecked" in card.checked and card.memory_gb > 1


def test_a_check_draws(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = told(capsys, "models", "check", "trace")
    assert code == 0 and found["drew"] and found["svg"].startswith("<svg") and found["failure"] is None
    code, found = told(capsys, "models", "check", "library", "--words", "a bell")
    assert code == 0 and "bell" in found["steps"][0]
    code, found = told(capsys, "models", "check", "library", "--words", "!!")
    assert code == 1 and not found["drew"] and found["failure"] == "unknown_subject"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("omnisvg-8b", "mnemicon models fetch omnisvg-8b"),
        ("omnisvg-8b:/nowhere", "no folder '/nowhere'"),
        ("oracle", "unknown model 'oracle'"),
        ("chat", "PROVIDER:MODEL"),
        ("library:x", "takes nothing"),
        ("hf:", "needs a Hugging Face repository"),
    ],
)
def test_what_cannot_be_loaded_is_one_line(name: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = told(capsys, "models", "check", name)
    assert code == 2 and says in found["error"]["message"]


def test_nothing_is_fetched_for_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = told(capsys, "models", "fetch", "trace")
    assert code == 2 and "nothing to fetch" in found["error"]["message"]


def test_a_model_that_is_not_there_draws_with_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["draw", "a bell", "--model", "omnisvg-4b", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 0 and found["model"] == "library"
    assert any("drawn by auto instead" in note for note in found["understood"]["notes"])


def test_names() -> None:
    assert model_entry("chat:openai:gpt-5")[:2] == ("chat", "openai:gpt-5")
    assert model_entry("hf", bare=True)[1] is None
    for wrong in ("", "nobody", "omnisvg-8b:", "trace:x", "remote"):
        with pytest.raises(ModelError):
            get_model(wrong)
    assert missing("fake") == [] == missing("remote")


def test_the_list_loads_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    code = (
        "import sys; from agent.cli import main; main(['models', 'list', '--json']); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0
