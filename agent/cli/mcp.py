"""``mcp``: Mnemicon as a tool for other agents, over stdio or HTTP; and the configuration of the clients.

Contract. Over stdio standard output belongs to the protocol, and the command ends when the client closes standard
input. Over HTTP one line is printed when the first call would be answered; with ``--json`` it is ``{"url", "user",
"pid"}``. ``--config CLIENT`` prints JSON for that client and serves nothing. The user is fixed here, or by the token of
a request. What cannot be set up (port taken, open to the network without a token) is one line and exit code 2.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import DONE, InputError
from agent.cli.files import read_bytes
from agent.cli.options import Home, Json, Project, User, settings
from agent.cli.output import Screen, print_json

if TYPE_CHECKING:
    from agent.settings import Settings

TOKEN = "MNEMICON_MCP_TOKEN"
PORT = 8018
MAX_TOKEN_FILE = 1_000_000  # bytes


def register(app: typer.Typer) -> None:
    app.command(name="mcp")(mcp)


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP under /mcp instead of stdio.")] = False,
    host: Annotated[
        str, typer.Option("--host", help="Address; others than those of this machine itself need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = PORT,
    token: Annotated[
        str | None, typer.Option("--token", help="Who has it is the user.", metavar="TOKEN", show_default=f"${TOKEN}")
    ] = None,
    tokens: Annotated[
        Path | None, typer.Option("--tokens", help="Several users: a name and a token a line.", metavar="FILE")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="A name that others reach this server by.", metavar="NAME")
    ] = None,
    allow_origin: Annotated[
        list[str] | None, typer.Option("--allow-origin", help="A web page that may call: https://host.", metavar="URL")
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", help="Print the configuration of a client instead.", metavar="CLIENT")
    ] = None,
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Serves the tools design_icon, edit_icon, accept_icon, search_icons, remember, recall, forget and check_svg to
    other agents (MCP)."""
    chosen = settings(home, user=user, project=project)
    screen = Screen(as_json=as_json)
    own = token or os.environ.get(TOKEN, "").strip()
    if config is not None:
        return _configure(screen, config, chosen, http=http, host=host, port=port, token=own, home=home)
    from agent import mcp as serving
    from agent.mcp_server.access import Access, listen, read_tokens

    if not http:
        if token or tokens or allow_host or allow_origin:
            raise InputError("--token, --tokens, --allow-host and --allow-origin are for --http", hint="add --http")
        serving.serve_stdio(serving.build_server(user=chosen.user, project=chosen.project, home=chosen.home))
        return DONE
    known: dict[str, str] = {own: chosen.user} if own else {}
    if tokens is not None:
        text = read_bytes(tokens, limit=MAX_TOKEN_FILE, what="token file").decode("utf-8", "replace")
        known |= read_tokens(text, str(tokens))
    access = Access.of(known)
    listening = listen(host, port, access)
    server = serving.build_server(user=chosen.user, project=chosen.project, home=chosen.home, access=access)
    whose = f"{len(set(known.values()))} users" if tokens is not None else f"user {chosen.user}"

    def ready(url: str) -> None:
        if as_json:
            print(json.dumps({"url": url, "user": chosen.user, "pid": os.getpid()}), flush=True)
        else:
            screen.line(f"mnemicon for {whose} at {url}{'' if known else ', without a token'}", "green")

    serving.serve_http(server, listening, hosts=allow_host or (), origins=allow_origin or (), on_ready=ready)
    return DONE


def _configure(
    screen: Screen, name: str, chosen: Settings, *, http: bool, host: str, port: int, token: str, home: Path | None
) -> int:
    """The client's own file, on standard output; where it belongs, on standard error."""
    from agent.mcp_server.clients import CLIENTS, remote, snippet

    client = CLIENTS.get(name)
    if client is None:
        raise InputError(f"--config {name!r:.40} is no client that is known", hint=f"known: {', '.join(CLIENTS)}")
    document: dict[str, Any] | None
    if http:
        document = remote(client, f"http://{f'[{host}]' if ':' in host else host}:{port}/mcp", token)
        if document is None:
            raise InputError(f"{name} starts programs only", hint="leave --http out")
    else:
        document = snippet(client, [*_program(), "mcp", *_whose(chosen)], _home(home))
    print_json(document)
    screen.note(f"belongs into {client.where}; beside other servers add the entry only")
    return DONE


def _program() -> list[str]:
    """This very program, by its full path: hosts start it with a PATH of their own."""
    found = shutil.which(
        "mnemicon", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    return [found] if found else [sys.executable, "-c", "from agent.cli import main; main()"]


def _whose(chosen: Settings) -> list[str]:
    return ["--user", chosen.user, *(["--project", chosen.project] if chosen.project else [])]


def _home(home: Path | None) -> dict[str, str]:
    """A home other than the platform's has to be said: hosts start us with an environment of their own."""
    given = home or os.environ.get("MNEMICON_HOME")
    return {"MNEMICON_HOME": str(Path(given).expanduser().resolve())} if given else {}
