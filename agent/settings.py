"""The settings, in one typed object: from arguments, then ``MNEMICON_*`` in the environment, then ``mnemicon.toml`` in
the current folder, then ``mnemicon.toml`` in the home.

Contract. ``load()`` reads them anew; a value of the wrong type or out of range raises ``SettingsError`` with one line
that names it and where it stands. Nothing here opens a store or a model. A dataclass and 60 lines, not
pydantic-settings: importing that costs 0.2 s of every command, a tenth of a cold drawing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

FILE = "mnemicon.toml"
PREFIX = "MNEMICON_"

RANGES: dict[str, tuple[float, float]] = {
    "n": (1, 16),
    "rounds": (1, 8),
    "seconds": (0.1, 600.0),
    "size": (8, 1024),
    "llm_seconds": (0.5, 120.0),
}
"""Least and greatest value of each number."""


class SettingsError(ValueError):
    """A setting that cannot be read; for whoever wrote it."""


def default_home() -> Path:
    """``MNEMICON_HOME``, or the platform's user data directory."""
    given = os.environ.get(f"{PREFIX}HOME")
    if given:
        return Path(given).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("mnemicon", appauthor=False))


@dataclass(frozen=True)
class Settings:
    """home: where everything is kept. checkpoints: the URL of a Postgres database for sessions, None for SQLite in the
    user's folder. qdrant_url: a Qdrant server, None for the embedded store. embedder: None for the
    one that ships, or the name of a sentence-transformers model. n, rounds, seconds: of one drawing (seconds: no
    further round is begun after that). size: px of the delivered canvas. llm: the language model that helps to
    understand ("openai:gpt-5", "anthropic:...", "ollama:...", see ``agent.llm``), None for the rules alone.
    llm_seconds: how long its answer is waited for. vision: it is also asked what it sees in the drawings
    (``agent.questions``)."""

    home: Path
    user: str = "default"
    project: str | None = None
    qdrant_url: str | None = None
    qdrant_api_key: str | None = None
    checkpoints: str | None = None
    embedder: str | None = None
    model: str = "auto"
    n: int = 4
    rounds: int = 2
    seconds: float = 20.0
    size: int = 24
    llm: str | None = None
    llm_seconds: float = 8.0
    vision: bool = False


_TYPES: dict[str, type] = {
    "home": Path, "n": int, "rounds": int, "size": int, "seconds": float, "llm_seconds": float, "vision": bool,
}  # fmt: skip
_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_TABLES = frozenset({"audit"})
"""What else may stand in the file, and is read elsewhere (``agent.set_rules``)."""
_NAMES = frozenset(f.name for f in fields(Settings))


def load(**given: Any) -> Settings:
    """The settings now in force; ``given`` goes before all else (None counts as not given)."""
    values: dict[str, Any] = {}
    home = Path(given["home"]).expanduser() if given.get("home") is not None else default_home()
    for path in (home / FILE, Path(FILE)):
        values.update({k: _typed(k, v, str(path)) for k, v in _file(path).items() if k not in _TABLES})
    for name in _NAMES:
        text = os.environ.get(PREFIX + name.upper())
        if text:
            values[name] = _typed(name, text, f"environment variable {PREFIX}{name.upper()}")
    values.update({k: _typed(k, v, "argument") for k, v in given.items() if v is not None})
    return Settings(**{**values, "home": home})


def _file(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:  # ValueError: not TOML, or not UTF-8
        raise SettingsError(f"{path}: {error}") from error


def _typed(name: str, value: Any, where: str) -> Any:
    """``value`` as the setting's type; text becomes a number where one is wanted."""
    if name not in _NAMES:
        raise SettingsError(f"{where}: unknown setting {name!r}; known: {', '.join(sorted(_NAMES))}")
    wanted = _TYPES.get(name, str)
    if wanted is bool:
        return _switch(name, value, where)
    try:
        made = wanted(value) if isinstance(value, str | int | float | Path) and not isinstance(value, bool) else None
        whole = wanted is not int or made == float(value)
    except ValueError:
        made, whole = None, False
    if made is None or not whole:
        kind = {int: "a whole number", float: "a number", Path: "a path"}.get(wanted, "text")
        raise SettingsError(f"{where}: {name} must be {kind}, not {value!r:.60}")
    low, high = RANGES.get(name, (None, None))
    if low is not None and high is not None and not low <= made <= high:
        raise SettingsError(f"{where}: {name} must be from {low:g} to {high:g}, not {made:g}")
    return made


def _switch(name: str, value: Any, where: str) -> bool:
    made = value if isinstance(value, bool) else _SWITCH.get(value.strip().lower()) if isinstance(value, str) else None
    if made is None:
        raise SettingsError(f"{where}: {name} must be true or false, not {value!r:.60}")
    return made
