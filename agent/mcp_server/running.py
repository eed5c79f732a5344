"""A web app on a socket until SIGTERM or Ctrl-C: uvicorn, without its own ideas of signals."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from typing import Any

__all__ = ["run"]

GRACE = 3
"""Seconds that open answers have when the server ends."""


def run(app: Any, listening: socket.socket, on_ready: Callable[[str], None] = lambda _: None) -> None:
    """Serves an ASGI app; ``on_ready`` is called with the server's URL when the first request would be answered."""
    import uvicorn

    config = uvicorn.Config(
        app, lifespan="on", access_log=False, log_level="warning", server_header=False, ws="none",
        timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    server: Any = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # its own would raise them anew when all is done

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        for kind in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not ours to catch here
                loop.add_signal_handler(kind, server.handle_exit, kind, None)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            host, port = listening.getsockname()[:2]
            on_ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        await serving

    try:
        asyncio.run(serve())
    finally:
        listening.close()
