"""Mnemicon as a tool for other agents, over the Model Context Protocol: ``mnemicon mcp``.

    from agent.mcp import build_server, serve_stdio
    serve_stdio(build_server(user="ada"))

Contract. The front door of ``agent.mcp_server``, and the only one: a package that is missing ends in a ModelError that
says how to install it. ``build_server`` gives a fastmcp server, which an in-process client can be connected to as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.mcp_server.server import build_server, serve_http, serve_stdio

__all__ = ["build_server", "serve_http", "serve_stdio"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from svggen.errors import ModelError

    try:
        from agent.mcp_server import server
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("fastmcp", "mcp", "mcp_types", "uvicorn", "starlette"):
            raise
        raise ModelError(f"serving MCP needs fastmcp 4 ({error}): pip install 'mnemicon[mcp]'") from error
    return getattr(server, name)
