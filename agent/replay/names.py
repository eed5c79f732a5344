"""What users are called in a bundle, and how their names and places are kept out of it.

Contract. ``Names`` calls the users of homes "user", "user-2", … in the order in which they come (``Users``: in this
process, or agreed on by several). ``hide`` takes homes and users' folders out of a text, and with ``words`` also users'
names that stand in it as words; ``hide_in`` does the former for JSON. A user name that is not allowed is no name of
anybody's, and stays.
"""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any, Final, Protocol

from memory.errors import TenantError
from memory.paths import check_user, tenant_key

__all__ = ["Names", "Users", "alias", "named_in_turn"]

HOME: Final = "HOME"
SHORT: Final = 3
"""Characters below which a name is not looked for in words ("a", "al")."""


class Users(Protocol):
    """What a user of a home is called."""

    def __call__(self, home: Path, user: str) -> str: ...


def alias(number: int) -> str:
    return "user" if number == 0 else f"user-{number + 1}"


def named_in_turn() -> Users:
    names: dict[tuple[str, str], str] = {}
    lock = threading.Lock()

    def name(home: Path, user: str) -> str:
        with lock:
            return names.setdefault((str(home), user), alias(len(names)))

    return name


class Names:
    """See the head of this file."""

    def __init__(self, users: Users | None = None) -> None:
        self._users = users or named_in_turn()
        self._places: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def __call__(self, home: Path | None, user: str) -> str:
        """home: that of the environment where None."""
        from agent.settings import default_home

        where = Path(default_home() if home is None else home).expanduser()
        try:
            check_user(user)
        except TenantError:
            return user
        name = self._users(where, user)
        self._places |= {str(where): HOME, tenant_key(user): name}
        if len(user) >= SHORT and user != "default":
            self._words[user] = name
        return name

    def hide(self, text: str, *, words: bool = False) -> str:
        for place, name in self._places.items():
            text = text.replace(place, name)
        for word, name in self._words.items() if words else ():
            text = re.sub(rf"(?<![\w.@-]){re.escape(word)}(?![\w@-])", name, text)
        return text

    def hide_in(self, data: Any) -> Any:
        text = json.dumps(data)
        return json.loads(self.hide(text)) if any(place in text for place in self._places) else data
