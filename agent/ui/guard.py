"""Who may come in, and what a page may do: an ASGI middleware around everything.

Contract. In this order, for HTTP and for WebSockets:

 1. Name. A server on the loopback answers only to the names of the loopback (421), so that no web page can give its own
    name this machine's address and read the answers in a browser that runs here.
 2. Origin. What another site sends is refused (403): by ``Sec-Fetch-Site``, and by ``Origin`` where it is not the host
    that was asked. The pages that a browser opens at the top may come from anywhere.
 3. Token. Where one is set, everything but the login page and its style sheet needs the cookie that the token gave:
    HttpOnly, SameSite=Strict, a random value of this start. Tokens and cookies are compared in constant time.
 4. Paths. Only those in ``PATHS``; NiceGUI would answer any other with the page.

And every answer bears the headers of ``_HEADERS``, every page the policy of ``policy``:

    script-src 'self' 'nonce-…'  NiceGUI's page starts with an import map and a module in the page itself; they get a
                                 nonce. Neither 'unsafe-inline' nor 'unsafe-eval': our components render by functions,
                                 no element with a template and no JavaScript in attributes is used, so that nothing
                                 is compiled in the browser.
    style-src 'self' 'nonce-…'   the page's own <style>, which names the layers; Vue and Quasar set styles through the
                                 DOM, which needs nothing.
    img-src 'self' data: blob:   icons are data URIs; a picture that is attached is shown before it is sent.
    connect-src 'self'           uploads, and the WebSocket of the page.
    trusted types                text can become HTML nowhere but in Vue and DOMPurify, whatever is written here.
    default-src 'none'           no fonts, frames, workers, objects, forms elsewhere, nor any other origin.

NiceGUI's import of its icon fonts and the one style attribute of its page are taken out, since neither is used.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from typing import Any
from urllib.parse import parse_qs

from svggen.serving.options import is_loopback

__all__ = ["COOKIE", "Guard", "policy"]

COOKIE = "mnemicon"
MIN_TOKEN = 16
PATHS = re.compile(r"/|/ui/.*|/_nicegui/.*|/_nicegui_ws/.*|/favicon\.ico")
OPEN = frozenset({"/ui/login", "/ui/style.css"})
MAX_FORM = 4_096
SLOW = 0.4
"""Seconds that a wrong token waits for its answer."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_CLOSED = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_FONTS = re.compile(rb'@import url\("[^"]*/fonts\.css"\) layer\(base\);')
_TAGS = re.compile(rb"<(script|style)\b")


def policy(nonce: str) -> str:
    """The Content-Security-Policy of a page."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types vue dompurify"
    )


class Guard:
    """See the head of this file. local: the server stands on the loopback. token: None where none is needed."""

    def __init__(self, app: Any, *, local: bool, token: str | None) -> None:
        if token is not None and (len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable()):
            raise ValueError(f"a token must be {MIN_TOKEN} or more printable ASCII characters")
        self.app, self.local, self.token = app, local, token
        self._pass = secrets.token_urlsafe(32)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
        elif self.token is not None and not self._known(headers):
            await self._at_the_door(scope, receive, send)
        elif not PATHS.fullmatch(scope["path"]):
            await _refuse(scope, receive, send, 404, "there is nothing here")
        else:
            await self.app(scope, receive, _Headers(send).send if scope["type"] == "http" else send)

    def _refusal(self, scope: Any, headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = headers.get(b"host", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if self.local and not is_loopback(name):
            return 421, "this page answers only to localhost and 127.0.0.1"
        get = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        opened = get and headers.get(b"sec-fetch-mode") == "navigate" and headers.get(b"sec-fetch-dest") == "document"
        if headers.get(b"sec-fetch-site") in ("cross-site", "same-site") and not opened:
            return 403, "this came from another site"
        origin = headers.get(b"origin")
        if origin is not None and origin.partition("://")[2] != host:
            return 403, "this came from another site"
        if origin is None and scope["type"] == "websocket":
            return 403, "a WebSocket needs an Origin"
        return None

    # ------------------------------------------------------------------------------------------------------- the token

    def _known(self, headers: dict[bytes, str]) -> bool:
        crumbs = [c.strip().partition("=") for c in headers.get(b"cookie", "").split(";")]
        return any(
            [
                hmac.compare_digest(value.encode("latin-1"), self._pass.encode())
                for name, _, value in crumbs
                if name == COOKIE
            ]
        )

    def _fits(self, given: str) -> bool:
        return self.token is not None and hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    async def _at_the_door(self, scope: Any, receive: Any, send: Any) -> None:
        """The login page; with the right token the cookie. The page that follows is asked for by our own page, not by a
        redirect: a browser that came here from elsewhere would not send the strict cookie with that."""
        if scope["type"] == "websocket":
            await _refuse(scope, receive, send, 401, "the token is missing")
            return
        if scope["path"] in OPEN and scope["path"] != "/ui/login":
            await self.app(scope, receive, _Headers(send).send)
            return
        if scope["path"] not in ("/", "/ui/login"):
            await _refuse(scope, receive, send, 401, "the token is missing: open the page and give it")
            return
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if scope["method"] == "POST":
            given = parse_qs((await _body(receive)).decode("latin-1")).get("token", [""])[0]
        if given and self._fits(given):
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            cookie = f"{COOKIE}={self._pass}; Path=/; HttpOnly; SameSite=Strict{secure}"
            await _page(send, 200, _WELCOME, [(b"set-cookie", cookie.encode())])
            return
        if given:
            await asyncio.sleep(SLOW)
        await _page(send, 401, _LOGIN.replace("{said}", "That is not the token." if given else ""))


_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mnemicon</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="stylesheet" href="/ui/style.css">'
)
_WELCOME = _HEAD + (
    '<meta http-equiv="refresh" content="0;url=/"></head><body class="door"><main>'
    '<p>Welcome. <a href="/">Go on</a></p></main></body></html>'
)
_LOGIN = _HEAD + (
    '</head><body class="door"><main><h1>Mnemicon</h1><form method="post" action="/ui/login">'
    '<label for="token">Token</label>'
    '<input id="token" name="token" type="password" autocomplete="off" autofocus required>'
    '<p role="alert">{said}</p><button class="primary" type="submit">Come in</button>'
    "<p>It was printed where the page was started.</p></form></main></body></html>"
)


class _Headers:
    """Sends on, with our headers; a page gets its nonce."""

    def __init__(self, send: Any) -> None:
        self._send, self._start, self._body = send, None, b""

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            kept = [
                (k.lower(), v) for k, v in message.get("headers", []) if not k.lower().startswith(b"access-control-")
            ]
            message = {**message, "headers": [*kept, *_HEADERS]}
            if dict(kept).get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
            message["headers"].append((b"content-security-policy", _CLOSED.encode()))
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._whole()
            return
        await self._send(message)

    async def _whole(self) -> None:
        assert self._start is not None
        nonce = secrets.token_urlsafe(16)
        body = _FONTS.sub(b"", self._body)
        body = _TAGS.sub(rb'<\1 nonce="' + nonce.encode() + b'"', body)
        body = body.replace(b' style="display: none"', b" hidden")
        headers = [(k, v) for k, v in self._start["headers"] if k != b"content-length"]
        headers += [(b"content-length", str(len(body)).encode()), (b"content-security-policy", policy(nonce).encode())]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


async def _body(receive: Any) -> bytes:
    body = b""
    while len(body) <= MAX_FORM:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    return body[:MAX_FORM]


async def _page(send: Any, status: int, text: str, more: list[tuple[bytes, bytes]] | None = None) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"), (b"content-security-policy", _CLOSED.encode()), *_HEADERS, *(more or ()),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _refuse(scope: Any, receive: Any, send: Any, status: int, said: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": said})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})
