"""The door of a server: who may come in, and by what name a request is called.

Contract. An ASGI middleware. Every answer bears ``X-Request-ID``: the caller's own where that is 1 to 64 letters,
digits, ``-``, ``_`` or ``.``, a new one else. Without a valid token the answer is 401, but for ``/healthz`` and
``/readyz``, which say nothing that is secret and which orchestrators ask without one. A server without tokens stands on
the loopback and answers only to the names of the loopback (421): else any web page could give its own name this
machine's address and read the answers in a browser that runs here.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from svggen.serving.metrics import Metrics
from svggen.serving.options import Options, is_loopback

__all__ = ["Door", "request_id"]

_OPEN = frozenset({"/healthz", "/readyz"})
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def request_id(scope: Any) -> str:
    """By what the request of this ASGI scope is called."""
    found: str = scope["mnemicon.request_id"]
    return found


class Door:
    """See the head of this file."""

    def __init__(self, app: Any, *, options: Options, metrics: Metrics) -> None:
        self.app, self.options, self.metrics = app, options, metrics

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        name = given.decode("ascii") if _ID.fullmatch(given) else uuid.uuid4().hex
        scope["mnemicon.request_id"] = name

        async def named(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = [(b"x-request-id", name.encode()), (b"x-content-type-options", b"nosniff")]
                message = {**message, "headers": [*message.get("headers", []), *own]}
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is None:
            await self.app(scope, receive, named)
            return
        self.metrics.answered("refused", 0.0)
        status, kind, said = refusal
        body = json.dumps({"error": {"kind": kind, "message": said}}).encode()
        answer = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == 401:
            answer.append((b"www-authenticate", b"Bearer"))
        await named({"type": "http.response.start", "status": status, "headers": answer})
        await named({"type": "http.response.body", "body": body})

    def _refusal(self, scope: Any, headers: dict[bytes, bytes]) -> tuple[int, str, str] | None:
        if scope["path"] in _OPEN:
            return None
        if self.options.tokens:
            said = headers.get(b"authorization")
            if self.options.lets_in(None if said is None else said.decode("latin-1")):
                return None
            return 401, "Unauthorized", "the token is missing, unknown or has expired"
        host = headers.get(b"host", b"").decode("latin-1")
        name = host if host.startswith("[") and host.endswith("]") else host.rpartition(":")[0] or host
        if host and not is_loopback(name):
            return 421, "WrongHost", "this server has no tokens, and answers only to localhost and 127.0.0.1"
        return None
