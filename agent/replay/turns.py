"""What was said in a conversation before a recording, and how a replay's conversation begins with it.

Contract. ``turns_before`` gives the turns of a session as JSON, None for one that has not begun; a turn that was cut
off is finished first. ``plant`` begins a session with them; one that has begun is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from agent.errors import BundleError

if TYPE_CHECKING:
    from agent.session import Session

__all__ = ["plant", "turns_before"]

KEPT: Final = ("turns", "at", "undone")
"""Of the state: what the next message builds on (all else begins anew with it)."""


def turns_before(session: Session) -> dict[str, Any] | None:
    with session.thread() as thread:
        thread.finish_or_leave(None)
        values = thread.values()
    return {k: values.get(k) for k in KEPT} if values.get("turns") else None


def plant(session: Session, state: Mapping[str, Any]) -> None:
    if not isinstance(state, Mapping) or not isinstance(state.get("turns"), list):
        raise BundleError(f"the earlier turns of session {session.name!r} cannot be read")
    with session.thread() as thread:
        if not thread.count():
            thread.plant({"kind": "draw", "message": "", **{k: state.get(k) for k in KEPT}})
