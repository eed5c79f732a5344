"""The HTTP of a server, in this process and without a socket: what is let in, what is refused, what is told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving_models import Gated, Slow, Together
from test_model_contract import PICTURE, REQUESTS, timeless

from svggen.errors import ServingError
from svggen.models import Budget, DrawRequest
from svggen.models.fake import FakeSvgModel
from svggen.serving import Options, app
from svggen.wire import drafts_from_json, request_to_json

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-the-tests"
Test = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def server(
    model: Any, *, ready: bool = True, base: str = "http://127.0.0.1:8017", **options: Any
) -> AsyncIterator[httpx.AsyncClient]:
    made = app(model, Options(**options))
    async with (
        made.router.lifespan_context(made),
        httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=base) as client,
    ):
        if ready:
            await made.state.service.settled.wait()
        client.service = made.state.service  # type: ignore[attr-defined]
        try:
            yield client
        finally:
            getattr(model, "gate", asyncio.Event()).set()


def run(test: Test) -> None:
    asyncio.run(asyncio.wait_for(test(), 20))


def post(client: httpx.AsyncClient, request: DrawRequest | str, **headers: str) -> Awaitable[httpx.Response]:
    data = request if isinstance(request, str) else request_to_json(request)
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/generate", content=data, headers={"Content-Type": "application/json", **more})


def error(response: httpx.Response, status: int) -> dict[str, str]:
    assert response.status_code == status, response.text
    said: dict[str, str] = response.json()["error"]
    assert said["kind"] and said["message"] and response.headers["x-request-id"]
    return said


async def count(client: httpx.AsyncClient, name: str) -> float:
    lines = [line for line in (await client.get("/metrics")).text.splitlines() if line.startswith(name)]
    return float(lines[0].rpartition(" ")[2])


def test_it_draws_what_the_model_draws() -> None:
    async def test() -> None:
        async with server(FakeSvgModel()) as client:
            for name, request in REQUESTS.items():
                response = await post(client, request)
                assert response.status_code == 200 and response.headers["content-type"] == "application/json", name
                assert timeless(drafts_from_json(response.content)) == timeless(FakeSvgModel().generate(request))

    run(test)


@pytest.mark.parametrize(
    ("name", "options"),
    [("drawn", {}), ("failed", {}), ("limit", {"max_n": 4}), ("token", {"tokens": (TOKEN,)}), ("events", {})],
)
def test_a_recorded_request_is_answered_as_it_was(name: str, options: dict[str, Any]) -> None:
    """What other programs rely on. Where this fails the wire format has changed: raise its version."""
    exchange = json.loads((Path(__file__).parent / "wire" / f"serving_{name}.json").read_text("utf-8"))
    asked, expected = exchange["request"], exchange["response"]

    async def test() -> None:
        async with server(FakeSvgModel(), **options) as client:
            answer = await client.request(
                asked["method"], asked["path"], content=json.dumps(asked["body"]), headers=asked["headers"]
            )
            assert answer.status_code == expected["status"]
            assert expected["headers"].items() <= dict(answer.headers).items()
            if name == "events":
                was = httpx.Response(200, headers=expected["headers"], text=expected["body"])
                told, then = events(answer), events(was)
                told[1][1].pop("waited"), then[1][1].pop("waited")
                assert told == then
            else:
                assert answer.json() == expected["body"]

    run(test)


def test_callers_at_the_same_time_share_a_batch_and_get_each_their_own() -> None:
    async def test() -> None:
        model = Together()
        async with server(model, max_wait=0.3) as client:
            model.asked.clear()
            asked = [DrawRequest(words, n=2, seed=7) for words in ("bell", "key", "cup")]
            answers = await asyncio.gather(*(post(client, request) for request in asked))
            assert len(model.asked) == 1 and sorted(model.asked[0]) == ["bell", "cup", "key"]
            alone = [Together().generate(request) for request in asked]
            assert [drafts_from_json(a.content) for a in answers] == alone
            assert await count(client, "mnemicon_batch_size_sum") == 3
            assert await count(client, "mnemicon_batch_size_count") == 1

    run(test)


@pytest.mark.parametrize(
    ("changes", "options", "field"),
    [
        ({"n": 5}, {"max_n": 4}, "n"),
        ({"budget": Budget(11.0)}, {"max_seconds": 10.0}, "budget.seconds"),
        ({"budget": Budget(tokens=11)}, {"max_tokens": 10}, "budget.tokens"),
        ({"image": PICTURE}, {"max_pixels": 1_000}, "image"),
    ],
)
def test_what_is_beyond_the_limits_is_422_and_names_the_field(
    changes: dict[str, Any], options: dict[str, Any], field: str
) -> None:
    async def test() -> None:
        model = Gated()
        async with server(model, **options) as client:
            request = DrawRequest("bell", n=1, budget=Budget(1.0, 1))
            said = error(await post(client, replace(request, **changes)), 422)
            assert said["field"] == field
            assert (await post(client, request)).status_code == 200

    run(test)


@pytest.mark.parametrize(("body", "field"), [('{"words": 7}', "words"), ("{", ""), ('{"words": "a", "x": 1}', "x")])
def test_what_is_no_request_is_422_and_names_the_field(body: str, field: str) -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            assert error(await post(client, body), 422).get("field", "") == field
            assert await count(client, 'mnemicon_requests_total{outcome="refused"}') == 1

    run(test)


def test_a_picture_of_the_wrong_type_is_for_the_model_to_tell() -> None:
    async def test() -> None:
        from svggen.models import get_model

        async with server(get_model("trace")) as client:
            response = await post(client, REQUESTS["no picture"])
            (draft,) = drafts_from_json(response.content)
            assert draft.failure == "parse_error" and "picture" in draft.notes[0]
            assert await count(client, 'mnemicon_requests_total{outcome="failed"}') == 1

    run(test)


@pytest.mark.parametrize("said", [True, False])
def test_a_body_that_is_too_large_is_413(said: bool) -> None:
    async def test() -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b" " * 100

        async with server(Gated(), max_body=1_000) as client:
            headers = {"Content-Type": "application/json"}
            body: Any = b" " * 10_000 if said else pieces()
            error(await client.post("/v1/generate", content=body, headers=headers), 413)
            assert (await post(client, DrawRequest("bell"))).status_code == 200
            assert client.service.batcher.waiting == 0  # type: ignore[attr-defined]

    run(test)


def test_a_body_that_does_not_come_is_408() -> None:
    async def test() -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(1.0)

        async with server(Gated(), body_seconds=0.1) as client:
            headers = {"Content-Type": "application/json"}
            error(await client.post("/v1/generate", content=pieces(), headers=headers), 408)

    run(test)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_a_web_page_is_415(kind: str) -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            body = request_to_json(DrawRequest("bell"))
            error(await client.post("/v1/generate", content=body, headers={"Content-Type": kind}), 415)

    run(test)


def test_a_full_queue_is_429_and_says_when_to_come_again() -> None:
    async def test() -> None:
        model = Gated(open_=False)
        async with server(model, max_queue=1, ready=False) as client:
            model.gate.set()
            await client.service.settled.wait()  # type: ignore[attr-defined]
            model.gate.clear()
            model.begun.clear()
            drawn = asyncio.ensure_future(post(client, DrawRequest("a", n=1)))
            assert await asyncio.to_thread(model.begun.wait, 10)
            waits = asyncio.ensure_future(post(client, DrawRequest("b", n=1)))
            while client.service.batcher.waiting < 1:  # type: ignore[attr-defined]
                await asyncio.sleep(0.01)
            response = await post(client, DrawRequest("c", n=1))
            error(response, 429)
            assert int(response.headers["retry-after"]) >= 1
            assert await count(client, "mnemicon_queue_depth") == 1 and await count(client, "mnemicon_running") == 1
            model.gate.set()
            assert (await drawn).status_code == (await waits).status_code == 200
            assert await count(client, 'mnemicon_requests_total{outcome="busy"}') == 1

    run(test)


def test_without_the_token_only_the_state_is_told() -> None:
    async def test() -> None:
        async with server(Gated(), base="http://gpu.example:8017", tokens=(TOKEN, "another-token-here")) as client:
            for given in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}):
                response = await post(client, DrawRequest("bell"), **given)
                error(response, 401)
                assert response.headers["www-authenticate"] == "Bearer"
                for path in ("/metrics", "/openapi.json", "/elsewhere"):
                    assert (await client.get(path, headers=given)).status_code == 401
            assert (await client.get("/healthz")).json() == {"status": "ok"}
            assert (await client.get("/readyz")).json() == {"status": "ready"}
            for token in (TOKEN, "another-token-here"):
                assert (await post(client, DrawRequest("bell"), Authorization=f"Bearer {token}")).status_code == 200

    run(test)


def test_without_tokens_only_the_loopback_is_answered() -> None:
    """A page whose name was made to point here may not read what is drawn."""

    async def test() -> None:
        for base, status in (("http://evil.example:8017", 421), ("http://localhost", 200), ("http://[::1]:8017", 200)):
            async with server(Gated(), base=base) as client:
                assert (await post(client, DrawRequest("bell"))).status_code == status, base

    run(test)


def test_it_is_ready_when_its_model_is_loaded() -> None:
    async def test() -> None:
        model = Slow()
        async with server(model, ready=False) as client:
            assert (await client.get("/healthz")).status_code == 200
            state = await client.get("/readyz")
            assert (state.status_code, state.json()) == (503, {"status": "loading"})
            response = await post(client, DrawRequest("bell"))
            assert "loaded" in error(response, 503)["message"] and int(response.headers["retry-after"]) >= 1
            assert await count(client, "mnemicon_ready") == 0
            model.gate.set()
            await client.service.settled.wait()  # type: ignore[attr-defined]
            assert (await client.get("/readyz")).status_code == 200
            assert (await post(client, DrawRequest("bell"))).status_code == 200
            assert await count(client, "mnemicon_ready") == 1

    run(test)


def test_a_model_that_cannot_be_loaded_is_never_ready() -> None:
    async def test() -> None:
        model = Slow(fails=True)
        model.gate.set()
        async with server(model) as client:
            state = await client.get("/readyz")
            assert (state.status_code, state.json()) == (503, {"status": "failed"})
            error(await post(client, DrawRequest("bell")), 503)

    run(test)


def test_draining_finishes_what_runs_and_takes_nothing_new() -> None:
    async def test() -> None:
        model = Slow()
        async with server(model, ready=False) as client:
            model.gate.set()
            await client.service.settled.wait()  # type: ignore[attr-defined]
            model.gate.clear()
            drawn = asyncio.ensure_future(post(client, DrawRequest("a", n=1)))
            assert await asyncio.to_thread(model.begun.wait, 10)
            drained = asyncio.ensure_future(client.service.drain())  # type: ignore[attr-defined]
            await asyncio.sleep(0.05)
            assert (await client.get("/readyz")).json() == {"status": "draining"}
            error(await post(client, DrawRequest("b", n=1)), 503)
            assert not drained.done()
            model.gate.set()
            assert (await drawn).status_code == 200 and await drained == 0

    run(test)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_where_the_time_to_drain_is_over_whoever_waits_is_told(accept: str) -> None:
    async def test() -> None:
        async def slowly() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(10)

        model = Slow()
        async with server(model, ready=False, drain_seconds=0.1) as client:
            model.gate.set()
            await client.service.settled.wait()  # type: ignore[attr-defined]
            model.gate.clear()
            asked = [asyncio.ensure_future(post(client, DrawRequest(w, n=1), Accept=accept)) for w in "ab"]
            headers = {"Content-Type": "application/json"}
            asked.append(asyncio.ensure_future(client.post("/v1/generate", content=slowly(), headers=headers)))
            assert await asyncio.to_thread(model.begun.wait, 10)
            await asyncio.sleep(0.05)
            assert await client.service.drain() == 3  # type: ignore[attr-defined]
            drawn, waiting, coming = await asyncio.gather(*asked)
            for answer in (drawn, waiting):
                assert "this server is going away" in answer.text
                assert answer.status_code == (503 if accept == "application/json" else 200)
            assert coming.status_code == 408
            await client.service.close()  # type: ignore[attr-defined]  # which does not wait for the model
            assert not model.gate.is_set()

    run(test)


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    assert response.headers["content-type"].startswith("text/event-stream")
    parts = [part.split("\n") for part in response.text.strip().split("\n\n") if not part.startswith(":")]
    return [(p[0].removeprefix("event: "), json.loads(p[1].removeprefix("data: "))) for p in parts]


def test_progress_comes_as_events() -> None:
    async def test() -> None:
        model = Gated(0.25)
        request = DrawRequest("bell", n=2, seed=7)
        async with server(model, heartbeat=0.1) as client:
            response = await post(client, request, Accept="text/event-stream", X_Request_ID="mine-1")
            told = events(response)
            assert [name for name, _ in told] == ["queued", "started", "draft", "draft", "done"]
            assert told[0][1]["id"] == "mine-1" and told[1][1]["batch"] == 1 and told[-1][1] == {"drafts": 2}
            drafts = drafts_from_json(json.dumps({"drafts": [data["draft"] for name, data in told if name == "draft"]}))
            assert drafts == FakeSvgModel().generate(request)
            assert ": still here" in response.text
            assert await count(client, 'mnemicon_requests_total{outcome="drawn"}') == 1
            assert await client.service.drain() == 0  # type: ignore[attr-defined]

    run(test)


def test_what_breaks_on_the_way_is_an_event_too() -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            told = events(await post(client, DrawRequest("break"), Accept="text/event-stream"))
            assert [name for name, _ in told] == ["queued", "started", "error"]
            assert told[-1][1]["error"]["kind"] == "InternalError"

    run(test)


@pytest.mark.parametrize(("words", "status"), [("break my secret", 500), ("unusable my secret", 503)])
def test_nothing_of_a_request_is_told_to_others(words: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the log, and an error's own words not to the caller: they may tell of this machine."""

    async def test() -> None:
        caplog.set_level(logging.DEBUG)
        async with server(Gated()) as client:
            said = error(await post(client, DrawRequest(words), X_Request_ID="rq-7"), status)
            await post(client, DrawRequest("my secret cup"))
            await post(client, '{"words": "my secret", "x": "my secret"}')
            assert "secret" not in str(said)

    run(test)
    ours = [record.getMessage() for record in caplog.records if record.name == "svggen.serving"]
    assert any(f"request=rq-7 status={status}" in line for line in ours)
    assert any("request=rq-7 broke:" in line and "serving_models.py" in line for line in ours)
    assert "secret" not in caplog.text


def test_no_drafts_are_an_answer() -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            response = await post(client, DrawRequest("nothing"))
            assert response.status_code == 200 and drafts_from_json(response.content) == []

    run(test)


@pytest.mark.parametrize(("given", "kept"), [("abc.DEF-1_2", True), ("a" * 65, False), ("a b", False), ("é", False)])
def test_a_request_id_is_kept_where_it_is_one(given: str, kept: bool) -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            headers: Any = {"X-Request-ID": given.encode()}
            back = (await client.get("/healthz", headers=headers)).headers["x-request-id"]
            assert (back == given) == kept and back.isascii()

    run(test)


def test_what_is_not_there_is_told_like_everything_else() -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            error(await client.get("/elsewhere"), 404)
            error(await client.get("/v1/generate"), 405)
            assert (await client.get("/docs")).status_code == 404  # it would load scripts from elsewhere

    run(test)


def test_the_description_is_whole() -> None:
    async def test() -> None:
        async with server(Gated()) as client:
            described = (await client.get("/openapi.json")).json()
            text = json.dumps(described)
            used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
            assert used <= set(described["components"]["schemas"])
            assert {"RequestBody", "AnswerBody", "ReferenceBody", "DraftBody", "ErrorBody"} <= used
            assert set(described["paths"]) == {"/v1/generate", "/healthz", "/readyz", "/metrics"}
            assert {"200", "401", "413", "422", "429", "503"} <= set(
                described["paths"]["/v1/generate"]["post"]["responses"]
            )

    run(test)


def test_a_server_open_to_the_network_needs_a_token() -> None:
    from svggen.serving.replicas import LocalReplica
    from svggen.serving.server import serve

    for host in ("0.0.0.0", "::", "gpu.example"):
        with pytest.raises(ServingError, match="MNEMICON_SERVE_TOKEN"):
            serve([LocalReplica(Gated())], host=host, port=0)
