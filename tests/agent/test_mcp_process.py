"""``mnemicon mcp`` as a process of its own, on the real parts, spoken to by the official SDK's client over stdio and
over loopback HTTP; and what it prints for clients."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastmcp")

import httpx2
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from agent.cli import main
from agent.mcp_server.access import Access, AccessError, listen, read_tokens
from agent.mcp_server.clients import CLIENTS

ADA, BOB = "ada-token-1234567890", "bob-token-1234567890"
PROGRAM = [sys.executable, "-c", "from agent.cli import main; main()"]
JSON = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


def settings(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "MNEMICON_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2]), **more}


def drawings(home: Path, user: str) -> list[str]:
    return sorted(path.name for path in home.glob(f"users/{user}-*/drawings/*.json"))


# -- stdio -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_over_stdio_with_the_configuration_that_is_printed(
    own_home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["mcp", "--config", "claude-code", "--user", "ada", "--home", str(own_home)]) == 0
    told = capfd.readouterr()
    entry = json.loads(told.out)["mcpServers"]["mnemicon"]
    assert entry["env"] == {"MNEMICON_HOME": str(own_home)} and ".mcp.json" in told.err
    surroundings = {**settings(own_home), **entry["env"]}
    program = StdioServerParameters(command=entry["command"], args=entry["args"], env=surroundings, cwd=tmp_path)
    stages: list[str] = []

    async def told_of(progress: float, total: float | None, message: str | None) -> None:
        stages.append(str(message).partition(":")[0])

    async def run() -> Any:
        async with Client(program) as client:
            drawn = await client.call_tool("design_icon", {"prompt": "a bell, teal"}, progress_callback=told_of)
            data = drawn.structured_content
            assert data is not None
            svg = await client.read_resource(data["uri"])
            return drawn, data, svg.contents[0].text  # type: ignore[union-attr]

    drawn, data, svg = asyncio.run(run())
    assert not drawn.is_error
    assert data["passed"] and "#008080" in data["svg"] and data["svg"] == svg
    assert [c.type for c in drawn.content] == ["text", "image", "text", "resource_link"]
    assert stages[:4] == ["understand", "recall", "draw", "critique"]
    assert drawings(own_home, "ada") == [f"{data['id']}.json"]
    assert list((own_home / "users").glob("default-*")) == [], "nothing of another user was touched"
    assert list(tmp_path.glob("*.svg")) == [], "nothing is written where a host happens to start it"


@pytest.mark.slow
def test_over_stdio_in_the_older_era_and_it_ends_with_its_client(own_home: Path) -> None:
    talk = subprocess.Popen([*PROGRAM, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=settings(own_home))
    assert talk.stdin is not None and talk.stdout is not None
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    for message in (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        "this is no JSON",
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "recall", "arguments": {}}},
    ):
        talk.stdin.write((message if isinstance(message, str) else json.dumps(message)).encode() + b"\n")
    talk.stdin.flush()
    answers = []
    while not any(a.get("id") == 2 for a in answers):
        answers.append(json.loads(talk.stdout.readline()))  # every line of it is the protocol's
    talk.stdin.close()
    assert talk.wait(15) == 0
    assert answers[0]["result"]["serverInfo"]["name"] == "mnemicon"
    assert answers[-1]["result"]["structuredContent"]["preferences"] == []
    talk.stdout.close()


# -- HTTP --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def served(own_home: Path, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server for two users, told apart by their tokens; IconLM draws, for it takes its time."""
    (tmp_path / "tokens").write_text(f"# who\nada {ADA}\nbob {BOB}  # the other one\n")
    command = [*PROGRAM, "mcp", "--http", "--port", "0", "--tokens", str(tmp_path / "tokens"), "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=settings(own_home, MNEMICON_MODEL="iconlm", MNEMICON_N="1", MNEMICON_ROUNDS="1"),
    )  # fmt: skip
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())["url"], process
    process.kill()
    process.wait()
    process.stdout.close()


@asynccontextmanager
async def as_user(url: str, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield client


@pytest.mark.slow
@pytest.mark.enable_socket
def test_over_http_the_token_is_the_user_and_strangers_are_refused(
    served: tuple[str, subprocess.Popen[str]], own_home: Path
) -> None:
    url, process = served

    async def run() -> None:
        async with as_user(url, ADA) as ada, as_user(url, BOB, "legacy") as bob:
            await ada.call_tool("remember", {"text": "always teal"})
            drawn = await ada.call_tool("design_icon", {"prompt": "a bell"})
            assert drawn.structured_content is not None
            id = drawn.structured_content["id"]
            shown = await bob.call_tool("recall", {})
            assert shown.structured_content is not None and shown.structured_content["preferences"] == []
            assert (await bob.call_tool("accept_icon", {"icon": id})).is_error
            with pytest.raises(MCPError, match="no kept drawing"):
                await bob.read_resource(f"icon://{id}.svg")
        await strangers(url)
        await someone_elses_session(url)
        await goes_away(url, own_home)

    asyncio.run(run())
    assert len(drawings(own_home, "ada")) == 1 and drawings(own_home, "bob") == []
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0


async def strangers(url: str) -> None:
    """No token, a wrong one, a name that leads here by DNS rebinding, a web page elsewhere, a huge body."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})
    known = {"Authorization": f"Bearer {ADA}"}
    cases: list[tuple[dict[str, str], str, int]] = [
        ({}, body, 401),
        ({"Authorization": "Bearer something-else-12345"}, body, 401),
        ({"Authorization": f"Basic {ADA}"}, body, 401),
        ({**known, "Host": "evil.example"}, body, 421),
        ({**known, "Origin": "https://evil.example"}, body, 403),
        ({**known, "Origin": "null"}, body, 403),
        (known, "x" * 5_000_000, 413),
    ]
    async with httpx2.AsyncClient() as http:
        for headers, content, status in cases:
            answer = await http.post(url, headers={**JSON, **headers}, content=content)
            assert answer.status_code == status, (headers, answer.status_code)


async def someone_elses_session(url: str) -> None:
    """Whoever has got hold of a session's id still is who the own token says."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    begin = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
    recall = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "recall", "arguments": {}}}
    async with httpx2.AsyncClient(timeout=30) as http:
        ada = {**JSON, "Authorization": f"Bearer {ADA}"}
        first = await http.post(url, headers=ada, json=begin)
        session = {"Mcp-Session-Id": first.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-06-18"}
        await http.post(url, headers={**ada, **session}, json={"jsonrpc": "2.0", "method": "notifications/initialized"})
        mine = await http.post(url, headers={**ada, **session}, json=recall)
        assert "palette" in mine.text
        stolen = await http.post(url, headers={**ada, **session, "Authorization": f"Bearer {BOB}"}, json=recall)
        assert "palette" not in stolen.text


async def goes_away(url: str, home: Path) -> None:
    """A client whose connection breaks while the icon is being drawn."""
    drawing = asyncio.Event()

    async def told(progress: float, total: float | None, message: str | None) -> None:
        if str(message).startswith("draw"):
            drawing.set()

    async with as_user(url, BOB) as bob:
        call = asyncio.create_task(bob.call_tool("design_icon", {"prompt": "a rocket"}, progress_callback=told))
        await asyncio.wait_for(drawing.wait(), 30)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    async with as_user(url, BOB) as bob:
        began = time.monotonic()
        assert not (await bob.call_tool("recall", {})).is_error
        assert time.monotonic() - began < 5
        await asyncio.sleep(1.5)
    assert drawings(home, "bob") == []


# -- small parts -------------------------------------------------------------------------------------------------------


def test_tokens_name_users() -> None:
    access = Access.of(read_tokens(f"\n# who\nada {ADA}\nbob {BOB} # him\n", "tokens"))
    assert [access.user_of(t) for t in (ADA, BOB, "", ADA + "x", "\ud800")] == ["ada", "bob", None, None, None]
    assert ADA not in repr(access) and not any(ADA in digest for digest in access.users)


@pytest.mark.parametrize(
    "text, part",
    [
        ("", "0 tokens"),
        ("ada", "line 1"),
        ("ada a b", "line 1"),
        (f"ada {ADA}\nbob {ADA}", "line 2"),
        ("ada short", "16 or more"),
        (f"../root {ADA}", "user"),
        ("ada žluťoučký-kůň-token-12", "ASCII"),
    ],
)
def test_a_file_of_tokens_that_cannot_be_used(text: str, part: str) -> None:
    with pytest.raises(Exception, match=part) as raised:
        Access.of(read_tokens(text, "tokens"))
    assert type(raised.value).__name__ in ("AccessError", "TenantError") and ADA not in str(raised.value)


def test_an_open_address_needs_a_token() -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        with pytest.raises(AccessError, match="open to the network"):
            listen(host, 0, Access())


@pytest.mark.enable_socket
def test_a_port_that_is_taken() -> None:
    with listen("127.0.0.1", 0, Access()) as taken, pytest.raises(AccessError, match="choose another --port"):
        listen("127.0.0.1", taken.getsockname()[1], Access())


BAD = [
    (["--http", "--host", "0.0.0.0"], "open to the network"),
    (["--token", ADA], "add --http"),
    (["--http", "--token", "short"], "16 or more"),
    (["--http", "--tokens", "/nowhere/tokens"], "/nowhere/tokens"),
    (["--config", "emacs"], "claude-code"),
    (["--config", "claude-desktop", "--http"], "leave --http out"),
    (["--user", "*"], "user"),
    (["--http", "--port", "99999"], "65535"),
]


@pytest.mark.parametrize("words, part", BAD, ids=lambda value: " ".join(value) if isinstance(value, list) else value)
def test_what_cannot_be_served_is_one_line(words: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", *words]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("mnemicon: ") and part in told.err and told.err.count("\n") == 1


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_a_configuration_for_each_client(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MNEMICON_HOME")
    assert main(["mcp", "--config", name, "--user", "ada", "--project", "app"]) == 0
    told = capsys.readouterr()
    [(key, servers)] = json.loads(told.out).items()
    assert key == {"vscode": "servers", "zed": "context_servers"}.get(name, "mcpServers")
    entry = servers["mnemicon"]
    assert Path(entry["command"]).is_absolute() and entry["env"] == {}
    assert entry["args"][-5:] == ["mcp", "--user", "ada", "--project", "app"]
    if CLIENTS[name].url:
        assert main(["mcp", "--config", name, "--http", "--port", "9000", "--token", ADA]) == 0
        entry = next(iter(json.loads(capsys.readouterr().out).values()))["mnemicon"]
        assert entry[CLIENTS[name].url] == "http://127.0.0.1:9000/mcp"
        assert entry["headers"] == {"Authorization": f"Bearer {ADA}"}
