"""The server of the page: what is put together, the socket, the end.

Contract. ``application`` is the ASGI application of a studio; there is one for each process, since NiceGUI keeps its
state in its modules. ``serve`` runs until it is interrupted. UiError: the address cannot be had, a token is missing,
NiceGUI is not installed.

NiceGUI's own storage is not used: no secret, no cookie, no file of it. Its components and style sheets come from the
package; Tailwind and UnoCSS, which compile styles in the browser, are off.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.errors import UiError
from agent.ui.guard import MIN_TOKEN, Guard
from svggen.serving.options import is_loopback

if TYPE_CHECKING:
    from agent.ui.studio import Studio

__all__ = ["Access", "application", "serve"]


@dataclass(frozen=True)
class Access:
    """host: the address that is listened on. token: what a browser must show once; needed beyond the loopback."""

    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.token is None and not is_loopback(self.host):
            raise UiError(f"{self.host} is open to other machines: a token is needed")
        if self.token is not None and (
            len(self.token) < MIN_TOKEN or not self.token.isascii() or not self.token.isprintable()
        ):
            raise UiError(f"the token must be {MIN_TOKEN} or more printable ASCII characters")


def application(studio: Studio, access: Access) -> Any:
    """The ASGI application."""
    try:
        from fastapi import FastAPI
        from nicegui import core, ui
        from starlette.middleware.gzip import GZipMiddleware
    except ImportError as error:
        raise UiError(f"the page needs a package that is not here ({error}): pip install 'mnemicon[ui]'") from error
    from agent.ui.glyphs import favicon
    from agent.ui.routes import routes
    from agent.ui.visits import root_of

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        studio.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes.extend(routes(studio))
    ui.run_with(
        app, root=root_of(studio), title="Mnemicon", favicon=favicon(), dark=None, language="en-US", tailwind=False,
        gzip_middleware_factory=None, show_welcome_message=False, reconnect_timeout=8.0,
    )  # fmt: skip
    core.sio.eio.cors_allowed_origins = []  # no CORS headers at all; the guard judges origins
    return GZipMiddleware(Guard(app, local=is_loopback(access.host), token=access.token), minimum_size=1_000)


def serve(studio: Studio, access: Access, *, on_ready: Callable[[str], None]) -> None:
    """Until it is interrupted. on_ready: is told the page's address when it can be opened."""
    listening = _listening(access)
    try:
        app = application(studio, access)
        import uvicorn

        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)

        async def run() -> None:
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            while not server.started and not serving.done():
                await asyncio.sleep(0.02)
            if server.started:
                on_ready(_url(listening, access))
            await serving

        import asyncio

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(run())
    finally:
        listening.close()


def _listening(access: Access) -> socket.socket:
    try:
        found = socket.getaddrinfo(access.host, access.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UiError(
            f"{access.host}:{access.port} cannot be served: {reason}; choose another --port or --host"
        ) from error


def _url(listening: socket.socket, access: Access) -> str:
    port = listening.getsockname()[1]
    host = f"[{access.host}]" if ":" in access.host else access.host
    return f"http://{host}:{port}/"
