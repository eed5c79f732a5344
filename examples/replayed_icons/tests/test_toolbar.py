"""The program's tests: they replay what was recorded once, in a second, without a model and without a network.

pytest                       replays tests/bundles/toolbar
pytest --mnemicon-record     draws really, and records it anew
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from toolbar import toolbar


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of use when the bundle is recorded anew: it begins with an empty memory."""
    monkeypatch.setenv("MNEMICON_HOME", str(tmp_path))


def test_the_toolbar_is_of_one_family(replay: Callable[..., Any]) -> None:
    with replay("bundles/toolbar"):
        icons = toolbar()
    assert list(icons) == ["cart", "bell"] and all("#008080" in svg for svg in icons.values())
