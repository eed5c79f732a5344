"""``accept``, ``reject`` and ``why``: the user's word on an icon that was drawn, and how that icon came about.

Contract. The id is that of ``draw``; without one the user's last drawing is meant. All three work in a fresh process,
from the drawing that is kept under the home.
"""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.errors import DONE
from agent.cli.options import MAX_PROMPT, Home, Json, Project, User, resolve_home
from agent.cli.output import Screen


def register(app: typer.Typer) -> None:
    app.command()(accept)
    app.command()(reject)
    app.command()(why)


def accept(
    icon: Annotated[str | None, typer.Argument(help="Id of the icon.", metavar="[ID]", show_default="the last")] = None,
    user: User = "default",
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """The icon joins your set: later icons are drawn after it, and your style is learned from it."""
    screen = Screen(as_json=as_json)
    from agent.tool import accept_icon

    answer = accept_icon(icon, user=user, project=project, home=resolve_home(home))
    _report(screen, answer, "joined your set")
    return DONE


def reject(
    icon: Annotated[str | None, typer.Argument(help="Id of the icon.", metavar="[ID]", show_default="the last")] = None,
    reason: Annotated[str, typer.Argument(help='Why: "too thick".', metavar="[REASON]")] = "",
    user: User = "default",
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """The icon stays out of your set; a reason may be remembered for the next ones."""
    screen = Screen(as_json=as_json)
    from agent.tool import reject_icon

    if icon is not None and not reason and not _looks_like_id(icon):
        icon, reason = None, icon  # mnemicon reject "too thick" means the last icon
    answer = reject_icon(icon, reason[:MAX_PROMPT], user=user, project=project, home=resolve_home(home))
    _report(screen, answer, "was rejected")
    return DONE


def _looks_like_id(text: str) -> bool:
    """Ids are hexadecimal (the sha256 of the icon, or its beginning); a reason has other letters."""
    return len(text) >= 6 and all(c in "0123456789abcdef" for c in text.lower())


def why(
    icon: Annotated[str | None, typer.Argument(help="Id of the icon.", metavar="[ID]", show_default="the last")] = None,
    user: User = "default",
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Which memories and exemplars shaped an icon, and how."""
    return DONE
