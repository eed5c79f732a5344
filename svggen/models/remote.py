"""RemoteModel: a model behind HTTP (``svggen.serving``), and the embedded one where it does not answer.

Contract. ``open_model("remote", "http://gpu:8017")``. ``generate`` gives the server's drafts, and else those of the
fallback ("auto"), each with a note that says why; a ``RemoteError`` only where no fallback is wanted (or it fails as
well). The token is MNEMICON_REMOTE_TOKEN's. Certificates are verified, redirects are refused.

Time. The whole exchange, retries included, ends ``GRACE`` seconds after the budget of the request, whatever the server
sends meanwhile. Equal requests have equal drafts and drawing changes nothing anywhere, so that asking again is safe;
it is done where it is cheap as well: the connection could not be made or was lost before an answer began, or the
server said when to come again (429, 502 or 503 with Retry-After). An answer that has begun is never asked for again.
Where ``FAILURES`` requests in a row failed, the server is left alone for ``REST`` seconds (shared by all models of one
URL in this process).

Trust. The answer is data: at most ``max_bytes`` of plain JSON, validated, its icons read by ``svggen.safety``, its
texts without control characters. An answer whose icons are all refused counts as none.

``agenerate`` runs on the caller's event loop and opens a connection of its own: beside a drawing that costs nothing,
and there is no pool that would bind the model to one loop.
"""

from __future__ import annotations

import asyncio
import json
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from svggen.errors import ModelError, RemoteError, WireError
from svggen.models.base import Draft, DrawRequest, SvgModel

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

__all__ = ["TOKEN", "RemoteModel", "open_model"]

TOKEN = "MNEMICON_REMOTE_TOKEN"
GRACE = 5.0
"""Seconds beyond the budget of a request: for the way and the server's queue."""
CONNECT = 3.0
"""Seconds for a connection to be made."""
ATTEMPTS = 3
FAILURES, REST = 3, 30.0
MAX_BYTES = 8_000_000
"""Of an answer: sixteen drafts with icons as large as ``svggen.safety`` reads, and more, are half of that."""


class _Failure(RemoteError):
    """again: seconds until it may be asked again, None: it may not. counts: is something wrong with the server?"""

    def __init__(self, message: str, status: int = 0, *, again: float | None = None, counts: bool = True) -> None:
        super().__init__(message, status)
        self.again, self.counts = again, counts


def open_model(name: str, argument: str | None) -> RemoteModel:
    """``argument``: the server's URL. Nothing is asked of it yet; ModelError where it is no URL."""
    if not argument:
        raise ModelError("remote needs a server's URL, such as remote:http://gpu:8017")
    return RemoteModel(argument)


class RemoteModel:
    """See the head of this file. fallback: a model, its name, or None: none. token: None takes the environment's.
    transport: of httpx, for tests."""

    name = "remote"
    revision = "wire 1"

    def __init__(
        self,
        url: str,
        *,
        fallback: SvgModel | str | None = "auto",
        token: str | None = None,
        grace: float = GRACE,
        max_bytes: int = MAX_BYTES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = _checked(url)
        self.grace, self.max_bytes = grace, max_bytes
        self._given, self._transport = fallback, transport
        self._token = os.environ.get(TOKEN, "").strip() if token is None else token
        if not (self._token.isascii() and self._token.isprintable()):
            raise ModelError(f"{TOKEN} is no token: it holds characters that no header may")

    def generate(self, request: DrawRequest) -> list[Draft]:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.agenerate(request))
        with ThreadPoolExecutor(1) as beside:  # called by synchronous code within a loop
            return beside.submit(lambda: asyncio.run(self.agenerate(request))).result()

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        if request.n < 1:
            return []
        try:
            return await self._asked(request)
        except RemoteError as error:
            if self._fallback is None:
                raise
            return await self._instead(self._fallback, request, error)

    # --------------------------------------------------------------------------------------------------- the fallback

    @cached_property
    def _fallback(self) -> SvgModel | None:
        if not isinstance(self._given, str):
            return self._given
        from svggen.models import get_model

        return get_model(self._given)

    async def _instead(self, model: SvgModel, request: DrawRequest, why: RemoteError) -> list[Draft]:
        try:
            drafts = await model.agenerate(request)
        except ModelError as error:
            raise RemoteError(f"{why}; nor could {model.name} be asked: {error}", why.status) from error
        note = f"{why}: drawn by {model.name}"
        return [replace(draft, notes=(note, *draft.notes)) for draft in drafts]

    # ----------------------------------------------------------------------------------------------------- the server

    async def _asked(self, request: DrawRequest) -> list[Draft]:
        """The server's drafts, or RemoteError."""
        from purgatory.domain.model import OpenedState

        from svggen.wire import request_to_json

        try:
            body = await asyncio.to_thread(request_to_json, request)
        except WireError as error:
            raise RemoteError(f"the server at {self.url} was not asked ({error})") from error
        limit = request.budget.seconds + self.grace
        excluded = [(_Failure, lambda failure: not failure.counts), asyncio.CancelledError]
        try:
            with _breakers().get_breaker(self.url, exclude=excluded):
                try:
                    async with asyncio.timeout(limit):
                        return await self._retried(request, body.encode(), limit)
                except TimeoutError:
                    raise self._failed(f"{limit:g} s went by") from None
        except OpenedState:
            said = f"it failed {FAILURES} times in a row, and is left alone for {REST:g} s"
            raise self._failed(said) from None

    async def _retried(self, request: DrawRequest, body: bytes, limit: float) -> list[Draft]:
        import httpx
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay

        timeout = httpx.Timeout(limit, connect=min(CONNECT, limit))
        async with httpx.AsyncClient(
            timeout=timeout, transport=self._transport, verify=_certificates(), follow_redirects=False
        ) as client:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception(lambda error: isinstance(error, _Failure) and error.again is not None),
                wait=_wait,
                stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(limit),
                reraise=True,
            ):
                with attempt:
                    return await self._once(client, request, body)
        raise AssertionError("tenacity always tries once")

    async def _once(self, client: httpx.AsyncClient, request: DrawRequest, body: bytes) -> list[Draft]:
        """One exchange."""
        import httpx

        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # a small answer could unpack to a huge one
            "X-Request-ID": request.id[:32],
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        begun = False
        try:
            async with client.stream("POST", f"{self.url}/v1/generate", content=body, headers=headers) as response:
                begun = True
                data = await self._read(response)
                if response.status_code != 200:
                    raise self._refusal(response, data)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise self._failed(_clean(reason, 200), again=None if begun else 0.0) from error
        return await asyncio.to_thread(self._drafts, request, data)

    async def _read(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity")
        if encoding != "identity":
            raise self._useless(f"it is packed with {_clean(encoding, 20)}, which was not asked for")
        data = bytearray()
        async for chunk in response.aiter_raw():
            data += chunk
            if len(data) > self.max_bytes:
                raise self._useless(f"it has more than {self.max_bytes:,} bytes")
        return bytes(data)

    def _refusal(self, response: httpx.Response, data: bytes) -> _Failure:
        """What an answer other than 200 means."""
        status = response.status_code
        if status in (401, 403):
            what = "refused the token" if self._token else "wants a token"
            said = f"the server at {self.url} {what} ({status}; set {TOKEN} to one that is valid)"
            return _Failure(said, status, counts=False)
        if 300 <= status < 400:
            return self._failed(f"it redirects elsewhere, {status}, which is refused", status)
        told = _told(data)
        again = _retry_after(response) if status in (429, 502, 503) else None
        said = f"{status}: {told}" if told else f"{status}"
        return self._failed(said, status, again=again, counts=status >= 500)

    def _drafts(self, request: DrawRequest, data: bytes) -> list[Draft]:
        """In a thread: hostile icons may take 100 ms each."""
        from svggen.wire import REFUSED, drafts_from_json

        try:
            drafts = drafts_from_json(data, request.n)
        except WireError as error:
            raise self._useless(str(error)) from error
        if not drafts:
            raise self._useless("there is no draft in it")
        refused = [d.notes[-1] for d in drafts if d.icon is None and d.notes and d.notes[-1].startswith(REFUSED)]
        if refused and all(draft.icon is None for draft in drafts):
            raise self._useless(_clean(refused[0], 300))
        return [_own(draft, request, self.url) for draft in drafts]

    def _failed(self, why: str, status: int = 0, **more: Any) -> _Failure:
        return _Failure(f"the server at {self.url} did not answer ({why})", status, **more)

    def _useless(self, why: str) -> _Failure:
        return _Failure(f"the answer of the server at {self.url} cannot be used ({why})", 200)


def _checked(url: str) -> str:
    """The URL without a slash at its end; ModelError says what is wrong with it."""
    shown = _clean(url, 80)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ModelError(f"{shown!r} is no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ModelError(f"{shown!r} is no URL of a server; write it like http://gpu:8017")
    if parts.username is not None or parts.password is not None:
        raise ModelError(f"a URL must not hold a password: put the token into {TOKEN}")
    if parts.query or parts.fragment or not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise ModelError(f"{shown!r} is no URL of a server: it holds more than scheme, host, port and path")
    return url.rstrip("/")


@lru_cache(maxsize=1)
def _breakers() -> Any:
    """One for the process: whoever asks a server that is down learns it from who asked before."""
    from purgatory import SyncCircuitBreakerFactory

    return SyncCircuitBreakerFactory(default_threshold=FAILURES, default_ttl=REST)


@lru_cache(maxsize=1)
def _certificates() -> Any:
    """Made once: reading the authorities of a system takes 30 ms."""
    import httpx

    return httpx.create_ssl_context()


def _wait(state: RetryCallState) -> float:
    """Seconds: what the server said, at least a fifth of one more with each attempt."""
    error = None if state.outcome is None else state.outcome.exception()
    again = error.again if isinstance(error, _Failure) and error.again is not None else 0.0
    return max(again, 0.2 * state.attempt_number)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds; None where it does not say, or says a date (which nobody here writes)."""
    said = response.headers.get("retry-after", "").strip()
    return float(said) if said.isdecimal() and len(said) < 6 else None


def _told(data: bytes) -> str:
    """The message of an error in our format, else nothing: a page of HTML tells nobody anything."""
    try:
        error = json.loads(data[:10_000])["error"]
        field = error.get("field")
        text = f"{field}: {error['message']}" if field else error["message"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return _clean(text, 200) if isinstance(text, str) else ""


def _own(draft: Draft, request: DrawRequest, url: str) -> Draft:
    """A draft of the server's as one of ours."""
    model = _clean(draft.model, 80)
    return replace(
        draft,
        model=model,
        revision=_clean(draft.revision, 80),
        seed=request.seed,
        sources=tuple((_clean(a, 200), _clean(b, 200), _clean(c, 200)) for a, b, c in draft.sources),
        steps=(*(_clean(step, 500) for step in draft.steps), f"drawn by {model} at {url}"),
        notes=tuple(_clean(note, 500) for note in draft.notes),
    )


def _clean(text: str, most: int) -> str:
    """Without characters that command a terminal or reorder what is read."""
    flat = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _HOSTILE else c for c in text[: most + 1])
    return flat if len(flat) <= most else flat[: most - 1] + "…"


_HOSTILE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
