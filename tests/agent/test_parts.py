"""Settings and kept drawings: read, written, refused."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import circle

from agent.drawings import KEEP, Drawings
from agent.settings import Settings, SettingsError, load
from svggen.icon import icon_id


def record(n: int) -> dict[str, Any]:
    return {"id": icon_id(circle(1 + n / 100)), "svg": f"<svg>{n}</svg>", "n": n}


def test_settings_by_strength(tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load() == Settings(home=own_home)
    own_home.mkdir(parents=True)
    (own_home / "mnemicon.toml").write_text('n = 2\nrounds = 3\nuser = "home"\n')
    assert (load().n, load().rounds, load().user) == (2, 3, "home")
    (tmp_path / "mnemicon.toml").write_text('rounds = 4\nuser = "project"\n')
    assert (load().n, load().rounds, load().user) == (2, 4, "project")
    monkeypatch.setenv("MNEMICON_USER", "environment")
    assert (
        load().user == "environment"
        and load(user="argument").user == "argument"
        and load(user=None).user == "environment"
    )
    assert load(home=tmp_path / "other").n == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("n = 'x'", "whole number"),
        ("n = 0", "from 1 to 16"),
        ("n = 2.5", "whole number"),
        ("bogus = 1", "unknown setting"),
        ("n =", "Invalid value"),
        ("n = true", "whole number"),
        ("seconds = 'soon'", "a number"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(text: str, said: str, own_home: Path) -> None:
    own_home.mkdir(parents=True)
    (own_home / "mnemicon.toml").write_text(text)
    with pytest.raises(SettingsError, match=said) as caught:
        load()
    assert "mnemicon.toml" in str(caught.value) and "\n" not in str(caught.value)


def test_drawings_are_found_by_id_prefix_and_last(tmp_path: Path) -> None:
    kept = Drawings(tmp_path, "ada")
    with pytest.raises(KeyError, match="nothing has been drawn yet"):
        kept.get()
    a, b = record(1), record(2)
    kept.keep(a)
    kept.keep(b)
    assert kept.get()["n"] == 2 and kept.get(a["id"])["n"] == 1 and kept.get(a["id"][:8])["n"] == 1
    assert [r["n"] for r in kept.all()] == [2, 1]
    assert kept.back()["n"] == 1 and kept.current() == a["id"]
    with pytest.raises(KeyError, match="nothing to undo"):
        kept.back()
    for bad in ("abc", "../x", "zz" * 10, "0" * 64):
        with pytest.raises(KeyError):
            kept.get(bad)


def test_users_are_apart_and_files_are_private(tmp_path: Path) -> None:
    Drawings(tmp_path, "ada").keep(record(1))
    assert Drawings(tmp_path, "bob").current() is None
    assert all(p.stat().st_mode & 0o077 == 0 for p in tmp_path.rglob("drawings/*"))


def test_a_damaged_record_is_said_and_left_out(tmp_path: Path) -> None:
    kept = Drawings(tmp_path, "ada")
    a, b = record(1), record(2)
    kept.keep(a)
    kept.keep(b)
    (kept.folder / f"{b['id']}.json").write_text("{")
    with pytest.raises(KeyError, match="cannot be read"):
        kept.get("last")
    assert [r["n"] for r in kept.all()] == [1]
    (kept.folder / "history").write_bytes(b"\xff\xfe")
    assert kept.current() is None


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.drawings.KEEP", 3)
    kept = Drawings(tmp_path, "ada")
    for n in range(6):
        kept.keep(record(n))
    assert [r["n"] for r in kept.all()] == [5, 4, 3] and len(list(kept.folder.glob("*.svg"))) == 3
    assert KEEP == 500


def test_threads_that_keep_at_once_lose_nothing(tmp_path: Path) -> None:
    kept = Drawings(tmp_path, "ada")
    threads = [threading.Thread(target=kept.keep, args=(record(n),)) for n in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(list(kept.all())) == 16 and not list(kept.folder.glob("*.tmp"))
