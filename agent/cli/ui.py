"""``ui``: the web page, on this machine or, with a token, for others.

Contract. Runs until it is interrupted; exit code 0 then. ``--json`` prints {"url", "user", "home", "token"} once the
page can be opened. Beyond the loopback a token is needed: that of ``--token-file`` or ``MNEMICON_UI_TOKEN``, else a new
one is made and printed. What cannot be set up (port taken, NiceGUI missing) is one line and exit code 2.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.errors import DONE, InputError
from agent.cli.files import read_bytes
from agent.cli.options import Drafts, Home, Json, Model, Project, Rounds, User, settings
from agent.cli.output import Screen

TOKEN = "MNEMICON_UI_TOKEN"
MAX_TOKEN_FILE = 4_096  # bytes


def register(app: typer.Typer) -> None:
    app.command(name="ui")(ui)


def ui(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8080,
    host: Annotated[str, typer.Option("--host", help="Address; others than 127.0.0.1 need a token.")] = "127.0.0.1",
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file", help="A file with the token.", metavar="FILE", show_default=f"${TOKEN}, else a new one"
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    user: User = None,
    project: Project = None,
    n: Drafts = None,
    rounds: Rounds = None,
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """The web page: design icons in a conversation, see what is remembered, keep the set together."""
    screen = Screen(as_json=as_json)
    chosen = settings(home, user=user, project=project, n=n, rounds=rounds)
    from agent.parts import open_parts, warm
    from agent.ui.server import Access, serve
    from agent.ui.studio import Studio
    from svggen.serving.options import is_loopback

    token = _token(token_file)
    made = token is None and not is_loopback(host)
    access = Access(host, port, secrets.token_urlsafe(24) if made else token)
    studio = Studio(
        open_parts(chosen.home), user=chosen.user, project=chosen.project, model=model, n=chosen.n,
        rounds=chosen.rounds, seconds=chosen.seconds,
    )  # fmt: skip
    warm()

    def ready(url: str) -> None:
        address = f"{url}?token={access.token}" if made else url
        facts = {"url": url, "user": chosen.user, "home": str(chosen.home), "token": access.token if made else None}
        if as_json:
            print(json.dumps(facts), flush=True)
        else:
            screen.line(f"the page of {chosen.user}: {address}", "green")
            screen.line("Ctrl-C ends it; a drawing that is under way goes on next time", "dim")
        if show:
            import webbrowser

            webbrowser.open(address)

    serve(studio, access, on_ready=ready)
    return DONE


def _token(file: Path | None) -> str | None:
    """That of the file, else that of the environment, else none."""
    if file is None:
        return os.environ.get(TOKEN, "").strip() or None
    text = read_bytes(file, limit=MAX_TOKEN_FILE, what="token file").decode("utf-8", "replace").strip()
    if not text or "\n" in text:
        raise InputError(f"{file} does not hold one token", hint="write 16 or more characters on one line")
    return text
