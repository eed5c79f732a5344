"""The page's own addresses: style sheets, what is dropped on it, what is fetched from it.

Contract. Whatever changes something needs the header ``X-Mnemicon`` (a page of another site cannot send it without
being asked first) and is bounded in bytes. Answers to our script are JSON, ``{"error": …}`` with 4xx where something is
wrong. Downloads are attachments, whatever they hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.ui.glyphs import sheet
from agent.ui.importing import MAX_FILES, Import

if TYPE_CHECKING:
    from agent.ui.studio import Studio

__all__ = ["head", "routes"]

STATIC = Path(__file__).parent / "static"
SHEETS = ("base.css", "parts.css")
MAX_PICTURE = 20_000_000
MAX_BATCH = 24_000_000
MAX_FILE = 300_000
"""Bytes of one SVG that are read; svggen.safety has a smaller limit of its own and says which."""
MAX_IMPORTS = 32
_YEAR = "public, max-age=31536000, immutable"

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


@cache
def _css(name: str) -> bytes:
    if name == "glyphs":
        return sheet().encode()
    return b"\n".join((STATIC / part).read_bytes() for part in SHEETS)


def head() -> str:
    """What the page's head needs; the digests make a new version a new address."""
    parts = (f"/ui/{name}.css?{hashlib.sha256(_css(name)).hexdigest()[:12]}" for name in ("style", "glyphs"))
    return "".join(f'<link rel="stylesheet" href="{address}">' for address in parts)


class _Bad(Exception):
    """To be said to our script, with this status."""

    def __init__(self, said: str, status: int = 400) -> None:
        self.said, self.status = said, status
        super().__init__(said)


def _ours(handler: Handler) -> Handler:
    """Only for our own script; what goes wrong becomes JSON."""

    @wraps(handler)
    async def wrapped(request: Request) -> Response:
        from agent.cli.errors import explain

        try:
            if "x-mnemicon" not in request.headers:
                raise _Bad("this is for the page's own script", 403)
            return await handler(request)
        except _Bad as bad:
            return JSONResponse({"error": bad.said}, bad.status)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:
            return JSONResponse({"error": explain(error).line}, 400)

    return wrapped


def routes(studio: Studio) -> list[Route]:
    async def css(request: Request) -> Response:
        name = "glyphs" if request.url.path.endswith("glyphs.css") else "style"
        cached = {"cache-control": _YEAR if request.url.query else "no-cache"}
        return Response(await studio.work(lambda: _css(name)), media_type="text/css", headers=cached)

    @_ours
    async def picture(request: Request) -> Response:
        from svggen.pictures import load_picture

        data = await _bytes(request, MAX_PICTURE)
        await studio.work(lambda: load_picture(data, name="the picture"))
        return JSONResponse({"key": studio.put_down(data)})

    @_ours
    async def begin(request: Request) -> Response:
        asked = await request.json()
        total, left_out = (_count(asked, name) for name in ("total", "left_out"))
        if not 0 < total <= MAX_FILES:
            raise _Bad(f"{total:,} SVG files: 1 to {MAX_FILES:,} can be taken in at once")
        made = Import(total, left_out)
        while len(studio.imports) >= MAX_IMPORTS:
            studio.imports.pop(next(iter(studio.imports)))
        studio.imports[made.key] = made
        studio.tell("import")
        return JSONResponse({"key": made.key})

    @_ours
    async def batch(request: Request) -> Response:
        job = _job(studio, request)
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_BATCH:
            raise _Bad(f"a batch must say its length, at most {MAX_BATCH / 1e6:g} MB", 413)
        files = await _files(request)
        memory = await studio.work(studio.memory)
        await studio.work(lambda: job.take(files[: max(0, job.total - job.done)], memory, studio.tenant))
        studio.tell("import")
        return JSONResponse({"done": job.done, "added": job.added, "failed": job.failed})

    @_ours
    async def end(request: Request) -> Response:
        job = _job(studio, request)
        said = str((await request.json()).get("trouble", ""))[:300]
        job.ended, job.trouble = True, said
        studio.tell("import")
        studio.tell("memory")
        return JSONResponse({"done": job.done, "added": job.added, "failed": job.failed})

    async def get(request: Request) -> Response:
        found = studio.fetch(request.path_params["key"])
        if found is None:
            return Response("this file is no longer kept: export it again", 404, media_type="text/plain")
        named = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
            "cache-control": "no-store",
        }
        return Response(found.data, media_type=found.media, headers=named)

    return [
        Route("/ui/style.css", css), Route("/ui/glyphs.css", css), Route("/ui/get/{key}", get),
        Route("/ui/picture", picture, methods=["POST"]), Route("/ui/import", begin, methods=["POST"]),
        Route("/ui/import/{key}", batch, methods=["POST"]), Route("/ui/import/{key}/end", end, methods=["POST"]),
    ]  # fmt: skip


def _job(studio: Studio, request: Request) -> Import:
    job = studio.imports.get(request.path_params["key"])
    if job is None or job.ended:
        raise _Bad("this import is over", 404)
    return job


def _count(asked: Any, name: str) -> int:
    value = asked.get(name, 0) if isinstance(asked, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Bad(f"{name} must be a number")
    return value


async def _bytes(request: Request, limit: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise _Bad(f"it has more than {limit / 1e6:g} MB", 413)
    return bytes(data)


async def _files(request: Request) -> list[tuple[str, bytes]]:
    """(name, content) of the parts of a form."""
    found: list[tuple[str, bytes]] = []
    async with request.form(max_files=500, max_fields=8) as form:
        for _, part in form.multi_items():
            if not isinstance(part, str):
                found.append((part.filename or "icon.svg", await part.read(MAX_FILE)))
    return found
