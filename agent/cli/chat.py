"""``chat``: design icons in a conversation that can be left and taken up again.

Contract. ``chat`` reads a message a line until the end of input, shows what came of it and keeps the session; with
``--json`` it answers one JSON object a line: {"say", "candidates": [{"id", "svg"}], "current": {"id", "svg"} or null,
"memory": [what changed], "asks": a question back or null} and more; a message may then also be a JSON object {"say":
text, "image": path, "seen": turn}. What is wrong with a message is said on its line ({"error": {...}}) and the
conversation goes on. A turn that was cut off is finished first. Exit code 0 at the end of input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.draw import read_image, show_picture, start_renderers
from agent.cli.errors import DONE, InputError, explain, one_line
from agent.cli.options import MAX_PROMPT, Drafts, Home, Json, Model, Project, Rounds, User, session_name, settings
from agent.cli.output import Screen, print_error

if TYPE_CHECKING:
    from agent.session import Session

LEAVE = ("bye", "exit", "quit", "/quit", "/exit", ":q")
HELLO = "Say what the icon shows. Then: the second one, thicker, undo, accept, what do you remember. Ctrl-D leaves."
MAX_LINE = 200_000
"""Bytes of an input line: an SVG may stand in it."""


def register(app: typer.Typer) -> None:
    app.command()(chat)


def chat(
    user: User = None,
    session: Annotated[
        str, typer.Option("--session", "-s", callback=session_name, help="The conversation to begin or go on with.")
    ] = "default",
    sessions: Annotated[bool, typer.Option("--sessions", help="List the conversations of the user, and end.")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Delete this conversation (icons stay), and end.")] = False,
    project: Project = None,
    n: Drafts = None,
    rounds: Rounds = None,
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Design icons in a conversation: ask, pick, edit, undo, accept; tomorrow it goes on where you left it."""
    screen = Screen(as_json=as_json)
    chosen = settings(home, user=user, project=project, n=n, rounds=rounds)
    from agent.session import Session, session_names

    if sessions:
        return _list(screen, session_names(chosen.user, home=chosen.home))
    talking = Session(
        session, user=chosen.user, project=chosen.project, home=chosen.home, model=model, n=chosen.n,
        rounds=chosen.rounds, seconds=chosen.seconds,
    )  # fmt: skip
    if delete:
        if talking.now() is None:
            raise InputError(
                f"there is no session {one_line(session, 60)!r}", hint="mnemicon chat --sessions lists them"
            )
        talking.delete()
        screen.data({"deleted": session})
        screen.line(f"session {session!r} is deleted; its drawings and what memory learned stay", "green")
        return DONE
    start_renderers()
    from agent.parts import warm

    warm()
    _welcome(screen, talking)
    for line in _lines(screen):
        if not as_json and line.strip().lower() in LEAVE:
            break
        if line.strip():
            _turn(screen, talking, line)
    return DONE


def _list(screen: Screen, found: list[dict[str, Any]]) -> int:
    screen.data(found)
    if not found:
        screen.line("there is no conversation yet: mnemicon chat begins one", "yellow")
    else:
        rows = ((a["name"], a["turns"], a["updated"], one_line(a["began"], 60)) for a in found)
        screen.table(("session", "turns", "last used", "began with"), rows)
    return DONE


def _welcome(screen: Screen, talking: Session) -> None:
    cut_off = talking.finish()
    shown = cut_off or talking.now()
    if cut_off is not None:
        screen.note("the last message had been cut off; this is what came of it")
    if shown is None:
        screen.line(HELLO, "dim")
    elif not screen.as_json:
        screen.line(f"session {talking.name!r}, {shown['turn']} turns so far", "dim")
        _print(screen, shown)
    elif cut_off is not None:
        _say(shown)


def _lines(screen: Screen) -> Iterator[str]:
    """What is typed, or piped in; bytes that are no UTF-8 are the message's error, not ours."""
    if not screen.as_json and sys.stdin.isatty():
        import readline  # noqa: F401 - arrows and history at the prompt

        while True:
            try:
                yield input("> ")
            except EOFError:
                screen.line()
                return
    while True:
        raw = sys.stdin.buffer.readline(MAX_LINE)
        if not raw:
            return
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _turn(screen: Screen, talking: Session, line: str) -> None:
    try:
        message = _message(line, screen.as_json)
        with screen.progress("reading the request") as steps:
            shown = talking.send(**message, progress=lambda event: steps.step(event["message"]))
    except KeyboardInterrupt:
        raise
    except Exception as error:  # a message that cannot be answered does not end the conversation
        outcome = explain(error)
        if screen.as_json:
            print(json.dumps({"error": outcome.to_dict()}, ensure_ascii=False), flush=True)
        else:
            print_error(outcome, as_json=False)
        return
    if screen.as_json:
        _say(shown)
    else:
        _print(screen, shown)


def _message(line: str, as_json: bool) -> dict[str, Any]:
    """The arguments of ``Session.send``."""
    if not (as_json and line.lstrip().startswith("{")):
        return {"text": _short(line)}
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this line is no JSON: {one_line(str(error), 80)}", hint='write {"say": "a bell"}') from None
    unknown = sorted(set(given) - {"say", "image", "seen"})
    if unknown:
        raise InputError(f"unknown key {one_line(unknown[0], 40)!r}", hint="known: say, image, seen")
    text, image, seen = given.get("say", ""), given.get("image"), given.get("seen")
    for key, value, kind in (("say", text, str), ("image", image, str | None), ("seen", seen, int | None)):
        if not isinstance(value, kind):
            raise InputError(f"{key} must be {'a number' if key == 'seen' else 'text'}", hint='write {"say": "a bell"}')
    picture = read_image(Path(image)) if image is not None else None
    return {"text": _short(text), "image": picture, "seen": seen}


def _short(text: str) -> str:
    if text.startswith("@") and text.endswith(".svg"):
        raise InputError("an SVG is not drawn from", hint="mnemicon library add FOLDER takes icons into your set")
    if len(text) > 2 * MAX_PROMPT:
        raise InputError(f"the message has {len(text):,} characters", hint=f"say it in at most {2 * MAX_PROMPT:,}")
    return text


def _say(shown: dict[str, Any]) -> None:
    print(json.dumps(shown, ensure_ascii=False), flush=True)


def _print(screen: Screen, shown: dict[str, Any]) -> None:
    current = shown["current"]
    drew = shown["kind"] in ("draw", "edit", "pick", "undo", "redo", "back")
    if current is not None and drew:
        _pictures(screen, shown)
    screen.line(shown["say"] or shown["asks"] or "", "bold")
    if shown["say"] and shown["asks"]:
        screen.line(shown["asks"], "bold yellow")
    for decision in shown["memory"]:
        screen.line(f"  memory     {decision['text']} ({decision['reason']})", "green")
    for note in shown["notes"]:
        screen.line(f"  note       {note}", "yellow")


def _pictures(screen: Screen, shown: dict[str, Any]) -> None:
    """The current icon in the terminal, and what else there is to choose from."""
    show_picture(screen, shown["current"]["svg"])
    others = [c for c in shown["candidates"] if c["id"] != shown["current"]["id"]]
    if others and shown["kind"] == "draw":
        numbers = {c["id"]: i for i, c in enumerate(shown["candidates"], 1)}
        scores = ", ".join(f"{numbers[c['id']]} ({c['score']:.2f})" for c in others)
        screen.line(f"  others     {scores}: name one to see it", "dim")
