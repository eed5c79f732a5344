"""The HTTP of a server: FastAPI around a ``Service``.

Contract. ``build(service)`` gives the application; its lifespan begins to load the model and closes it. The order of a
request: who asks (401, 421), are we ready (503), is there a place (429), the body (415, 413, 408), what it says (422),
the drawing. Where the caller leaves, its request is taken out of the queue; what is being drawn already is drawn to
its end and thrown away.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from svggen.errors import ModelError, WireError
from svggen.models.base import Draft, DrawRequest
from svggen.serving.batcher import Job, WaitedTooLong
from svggen.serving.door import Door, request_id
from svggen.serving.metrics import Outcome
from svggen.serving.service import Refusal, Service, Ticket
from svggen.wire import AnswerBody, RequestBody, draft_to_dict, drafts_to_json, request_from_json

__all__ = ["build"]

EVENTS = "text/event-stream"


def build(service: Service) -> FastAPI:
    """See the head of this file."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.start()
        yield
        await service.close()

    made = FastAPI(title="mnemicon", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    made.state.service = service
    made.add_exception_handler(Refusal, _refused)
    made.add_exception_handler(HTTPException, _unknown)

    @made.post("/v1/generate", response_model=None, openapi_extra=_DESCRIBED)
    async def generate(request: Request) -> Response:
        """Draw icons."""
        return await _generate(service, request)

    @made.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Does the process live?"""
        return {"status": "ok"}

    @made.get("/readyz", response_model=None, responses={503: {"description": "loading, draining, or failed"}})
    async def readyz() -> Response:
        """Does it take requests?"""
        return JSONResponse({"status": service.state}, 200 if service.ready else 503)

    @made.get("/metrics", response_model=None)
    async def metrics() -> Response:
        """For Prometheus."""
        return Response(service.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    made.openapi = lambda: _described(made)  # type: ignore[method-assign]
    made.add_middleware(Door, options=service.options, metrics=service.metrics)
    return made


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    return JSONResponse(error.body(), error.status, headers)


async def _unknown(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": {"kind": "HTTPError", "message": error.detail}}, error.status_code, error.headers)


async def _generate(service: Service, request: Request) -> Response:
    """One drawing, from the ticket to the answer."""
    ticket = service.ticket(request_id(request.scope))
    try:
        asked = await _asked(service, request, ticket)
        assert ticket.place is not None
        job = ticket.job = service.batcher.submit(ticket.place, asked)
        if EVENTS in request.headers.get("accept", ""):
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            return StreamingResponse(_events(service, ticket, job), media_type=EVENTS, headers=headers)
        drafts = await _unless_gone(request, job)
        if drafts is None:
            ticket.close("gone", 499)
            return Response(status_code=499)
        text = drafts_to_json(drafts)
        ticket.close(_outcome(drafts), 200, drafts)
        return Response(text, media_type="application/json")
    except asyncio.CancelledError:
        ticket.close("gone", 499)
        raise
    except Exception as error:
        refusal = _refusal(error)
        ticket.close(refusal.outcome, refusal.status, error=None if refusal is error else error)
        raise refusal from None


async def _asked(service: Service, request: Request, ticket: Ticket) -> DrawRequest:
    """The body, read within the limits and checked; Refusal."""
    options = service.options
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":  # a web page cannot send this type elsewhere without being allowed to
        raise Refusal(415, "UnsupportedMediaType", "send a DrawRequest as application/json")
    too_large = Refusal(413, "TooLarge", f"the body has more than {options.max_body:,} bytes")
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > options.max_body:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(options.body_seconds) as ticket.reading:
            async for chunk in request.stream():
                body += chunk
                if len(body) > options.max_body:
                    raise too_large
    except TimeoutError:
        raise Refusal(408, "TooSlow", f"the body did not come within {options.body_seconds:g} s") from None
    ticket.reading = None
    try:
        return await asyncio.to_thread(_checked, bytes(body), options.check)
    except WireError as error:
        raise Refusal(422, "WireError", error.reason, field=error.field) from None


def _checked(body: bytes, check: Callable[[DrawRequest], None]) -> DrawRequest:
    """In a thread: hostile icons may take 100 ms each."""
    asked = request_from_json(body)
    check(asked)
    return asked


async def _unless_gone(request: Request, job: Job) -> list[Draft] | None:
    """The drafts, or None where the caller has left before."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    left = asyncio.create_task(gone())
    try:
        either: list[asyncio.Future[Any]] = [left, job.future]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return _drawn(job) if job.future.done() else None
    finally:
        left.cancel()


def _drawn(job: Job) -> list[Draft]:
    """What came of a job that has ended."""
    if job.future.cancelled():
        raise Refusal(503, "NotReady", "this server is going away", retry_after=5, outcome="unready")
    return job.future.result()


async def _events(service: Service, ticket: Ticket, job: Job) -> AsyncIterator[str]:
    """The progress of a job as Server-Sent Events, with a comment as a sign of life where nothing happens."""
    outcome: Outcome = "gone"
    status, drafts, broke = 499, list[Draft](), None
    beat = service.options.heartbeat
    try:
        yield _event("queued", {"id": ticket.id, "waiting": service.batcher.waiting})
        async for sign in _beats([job.started, job.future], beat):
            yield sign
        if job.batch:
            yield _event("started", {"batch": job.batch, "waited": round(job.waited, 3)})
        async for sign in _beats([job.future], beat):
            yield sign
        drafts = _drawn(job)
        outcome, status = _outcome(drafts), 200
        for index, draft in enumerate(drafts):
            yield _event("draft", {"index": index, "draft": draft_to_dict(draft)})
        yield _event("done", {"drafts": len(drafts)})
    except Exception as error:
        refusal = _refusal(error)
        outcome, status = refusal.outcome, refusal.status
        broke = None if refusal is error or outcome == "busy" else error
        yield _event("error", refusal.body())
    finally:
        ticket.close(outcome, status, drafts, broke)


async def _beats(ends: Collection[asyncio.Future[Any]], seconds: float) -> AsyncIterator[str]:
    """Comments until one of these is done."""
    while not any(end.done() for end in ends):
        done, _ = await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            yield ": still here\n\n"


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


def _outcome(drafts: list[Draft]) -> Outcome:
    return "drawn" if any(draft.icon is not None for draft in drafts) else "failed"


def _refusal(error: Exception) -> Refusal:
    """What the caller is told. Not the error's own words: they may tell of this machine, or of another's request."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, WaitedTooLong):
        said = "its budget was over before its turn came"
        return Refusal(503, "WaitedTooLong", said, retry_after=5, outcome="busy")
    if isinstance(error, ModelError):
        return Refusal(503, "ModelError", "the model cannot be used just now", retry_after=5, outcome="error")
    return Refusal(500, "InternalError", "the model failed", outcome="error")


# --------------------------------------------------------------------------------------------------------- description

_SCHEMA = "#/components/schemas/"
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["kind", "message"],
            "properties": {name: {"type": "string"} for name in ("kind", "message", "field")},
        }
    },
}
_REFUSALS = {
    401: "no valid bearer token", 408: "the body did not come", 413: "the body is too large", 415: "not JSON",
    422: "a field is wrong: error.field", 429: "the queue is full: Retry-After", 500: "the model failed",
    503: "not now: Retry-After",
}  # fmt: skip
_DESCRIBED: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": f"{_SCHEMA}RequestBody"}}}},
    "responses": {
        "200": {
            "description": "the drafts, best first; as text/event-stream the events queued, started, draft, done",
            "content": {
                "application/json": {"schema": {"$ref": f"{_SCHEMA}AnswerBody"}},
                EVENTS: {"schema": {"type": "string"}},
            },
        },
        **{
            str(status): {
                "description": text,
                "content": {"application/json": {"schema": {"$ref": f"{_SCHEMA}ErrorBody"}}},
            }
            for status, text in _REFUSALS.items()
        },
    },
}


def _described(made: FastAPI) -> dict[str, Any]:
    """OpenAPI, with the bodies that FastAPI does not read itself."""
    if made.openapi_schema is None:
        from fastapi.openapi.utils import get_openapi

        schema = get_openapi(title=made.title, version=made.version, routes=made.routes)
        parts = schema.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        for body in (RequestBody, AnswerBody):
            own = body.model_json_schema(ref_template=f"{_SCHEMA}{{model}}")
            schemas.update(own.pop("$defs", {}))
            schemas[body.__name__] = own
        schemas["ErrorBody"] = _ERROR
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        schema["paths"]["/v1/generate"]["post"]["security"] = [{"token": []}]
        made.openapi_schema = schema
    return made.openapi_schema
