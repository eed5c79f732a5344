"""Ready-made configuration of MCP clients, as JSON to be pasted.

Contract. ``snippet`` gives the whole document of a client that has no other server; to an existing one only the entry
"mnemicon" is added. Formats as the clients' own documentation had them in autumn 2026; none of the clients was run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["CLIENTS", "Client", "remote", "snippet"]


@dataclass(frozen=True)
class Client:
    """where: the file. key: of its servers. local, distant: what else an entry says, of a program and of a URL. url:
    the field that holds the URL; "" where the file takes programs only."""

    where: str
    key: str = "mcpServers"
    local: Mapping[str, Any] | None = None
    distant: Mapping[str, Any] | None = None
    url: str = "url"


CLIENTS: dict[str, Client] = {
    "claude-code": Client(
        ".mcp.json in the project (or: claude mcp add-json mnemicon '<the entry>')",
        local={"type": "stdio"}, distant={"type": "http"},
    ),
    "claude-desktop": Client(
        "claude_desktop_config.json (Settings, Developer, Edit Config; macOS: ~/Library/Application Support/Claude, "
        "Windows: %APPDATA%\\Claude)",
        url="",
    ),
    "cursor": Client("~/.cursor/mcp.json, or .cursor/mcp.json in the project"),
    "vscode": Client(
        ".vscode/mcp.json, or MCP: Open User Configuration", key="servers",
        local={"type": "stdio"}, distant={"type": "http"},
    ),
    "windsurf": Client("~/.codeium/windsurf/mcp_config.json", url="serverUrl"),
    "zed": Client(
        "settings.json (zed: open settings)", key="context_servers", local={"source": "custom"},
        distant={"source": "custom"},
    ),
}  # fmt: skip


def snippet(client: Client, command: Sequence[str], env: Mapping[str, str]) -> dict[str, Any]:
    """The client starts ``command`` itself and speaks to it over its standard input and output."""
    entry = {**(client.local or {}), "command": command[0], "args": list(command[1:]), "env": dict(env)}
    return {client.key: {"mnemicon": entry}}


def remote(client: Client, url: str, token: str) -> dict[str, Any] | None:
    """The client speaks to a running server; None where its file cannot say so. token "": none is needed."""
    if not client.url:
        return None
    entry: dict[str, Any] = {**(client.distant or {}), client.url: url}
    if token:
        entry["headers"] = {"Authorization": f"Bearer {token}"}
    return {client.key: {"mnemicon": entry}}
