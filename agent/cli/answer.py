"""``accept``, ``reject`` and ``why``: the user's word on an icon that was drawn, and how that icon came about.

Contract. The id is that of ``draw``; without one the user's last drawing is meant, with ``--session`` that session's.
All three work in a fresh process, from the drawing that is kept under the home.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from agent.cli.errors import DONE, InputError, one_line
from agent.cli.options import MAX_PROMPT, Home, Json, Out, Project, Session, User, settings
from agent.cli.output import Screen

if TYPE_CHECKING:
    from agent.settings import Settings


def register(app: typer.Typer) -> None:
    app.command()(accept)
    app.command()(reject)
    app.command()(why)


Icon: TypeAlias = Annotated[str, typer.Argument(help="Id of the icon, or its beginning.", metavar="[ID]")]
_ID = re.compile(r"[0-9a-fA-F]{4,64}|last")


def accept(
    icon: Icon = "last",
    user: User = None,
    project: Project = None,
    session: Session = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """The icon joins your set: later icons are drawn after it, and your style is learned from it."""
    screen = Screen(as_json=as_json)
    chosen = settings(home, user=user, project=project)
    from agent.tool import accept_icon

    meant = _meant(icon, session, chosen)
    answer = accept_icon(meant, user=chosen.user, project=chosen.project, session=session, home=chosen.home)
    _report(screen, answer)
    return DONE


def reject(
    icon: Icon = "last",
    reason: Annotated[str, typer.Argument(help='Why: "too thick".', metavar="[REASON]", show_default=False)] = "",
    user: User = None,
    project: Project = None,
    session: Session = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """The icon will not be taken as a model again; the reason is kept with it."""
    screen = Screen(as_json=as_json)
    if not reason and not _ID.fullmatch(icon) and " " in icon.strip():
        icon, reason = "last", icon  # mnemicon reject "too thick" speaks of the last icon
    if len(reason) > MAX_PROMPT:
        raise InputError(f"the reason has {len(reason):,} characters", hint=f"say it in at most {MAX_PROMPT:,}")
    chosen = settings(home, user=user, project=project)
    from agent.tool import reject_icon

    meant = _meant(icon, session, chosen)
    answer = reject_icon(meant, reason, user=chosen.user, project=chosen.project, session=session, home=chosen.home)
    _report(screen, answer)
    return DONE


def _meant(icon: str, session: str | None, chosen: Settings) -> str:
    """The id that was named; of a session the icon that is current there, where none was."""
    if session is None or icon.lower() != "last":
        return icon.lower()
    from agent.session import Session as Conversation

    shown = Conversation(session, user=chosen.user, home=chosen.home).now()
    if shown is None or shown["current"] is None:
        raise InputError(
            f"nothing has been drawn in session {one_line(session, 60)!r}", hint="mnemicon chat --sessions lists them"
        )
    return str(shown["current"]["id"])


def _report(screen: Screen, answer: dict[str, Any]) -> None:
    screen.data(answer)
    screen.line(f"{one_line(answer['prompt'], 60)} ({answer['id'][:12]}): {answer['message']}", "green")
    for decision in answer["learned"]:
        if decision["action"] != "reject":
            screen.line(f"  learned    {decision['text']} ({decision['reason']})")


def why(
    icon: Icon = "last",
    show: Annotated[bool, typer.Option("--show", help="Draw it without each memory: what did it do?")] = False,
    out: Out = None,
    user: User = None,
    session: Session = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Which memories and exemplars shaped an icon, and how."""
    screen = Screen(as_json=as_json)
    chosen = settings(home, user=user)
    from agent.tool import explain

    told = explain(_meant(icon, session, chosen), user=chosen.user, home=chosen.home)
    if show:
        from agent.cli.replay import show_effects

        told |= show_effects(screen, told, chosen, out)
    screen.data(told)
    if as_json:
        return DONE
    screen.line(f"{one_line(told['prompt'], 80)} ({told['id'][:12]})", "bold")
    memories = told["memories"] or []
    texts = {memory["id"]: memory["text"] for memory in memories}
    sources, style = told["sources"] or {}, told["style"] or {}
    rows = [(name.replace("_", " "), _value(value), _origin(sources.get(name), texts)) for name, value in style.items()]
    screen.table(("style", "value", "from"), rows)
    if memories:
        screen.table(("memory", "scope", "why"), ((m["text"], m["scope"], m["why"]) for m in memories))
    exemplars = told["exemplars"] or []
    if exemplars:
        screen.table(
            ("exemplar", "set", "licence", "how"),
            ((e["name"] or e["id"][:12], e["source"], e["licence"], e["why"]) for e in exemplars),
        )
    for number, step in enumerate(told["steps"] or [], 1):
        screen.line(f"  {number}. {step}")
    return DONE


def _origin(source: str | None, texts: dict[str, str]) -> str:
    if source is None:
        return "the exemplar"
    if source == "fallback":
        return "nothing known yet: the look every first set gets"
    return f"remembered: {texts[source]}" if source in texts else source


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
