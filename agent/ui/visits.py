"""A visit: which conversation is asked for, and the page of it.

Contract. ``root_of`` gives what NiceGUI calls for each visit. ``?session=NAME`` names the conversation; without it, it
is the one that was used last. A name that is not allowed gets a page that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from agent.ui.elements import Tag
from agent.ui.page import Page
from agent.ui.routes import head
from memory.errors import TenantError

if TYPE_CHECKING:
    from agent.ui.studio import Studio

__all__ = ["root_of"]

FIRST = "icons"
"""The name of the first conversation."""


def root_of(studio: Studio) -> Callable[[Request], None]:
    def root(request: Request) -> None:
        name = request.query_params.get("session", "")
        if not name:
            kept = studio.sessions()
            name = str(kept[0]["name"]) if kept else FIRST
        try:
            studio.live(name)
        except TenantError as error:
            ui.add_head_html(head())
            with Tag("main", "lost"):
                Tag("p", "bad", str(error), role="alert")
                Tag("a", "", "Back to the conversations", href="/")
            return
        Page(studio, name)

    return root
