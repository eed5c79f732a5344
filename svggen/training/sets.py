"""The allow-list of training: which sets may be opened, for what, and under which licence (``sets.toml``)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["sets"]


@lru_cache(maxsize=1)
def sets() -> dict[str, dict[str, Any]]:
    """The rules by set, in the order of the file; its head says what each column means."""
    path = Path(__file__).with_name("sets.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
