"""The client of a server: recorded exchanges, and what it does where there is no good answer."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from test_model_contract import REQUESTS, svg, timeless

from svggen.errors import ModelError, RemoteError, WeightsError
from svggen.models import Budget, Draft, DrawRequest, SvgModel, get_model
from svggen.models import remote as module
from svggen.models.fake import FakeSvgModel
from svggen.models.remote import RemoteModel, open_model
from svggen.wire import drafts_to_json, request_from_json

EXCHANGES = sorted((Path(__file__).parent / "wire").glob("serving_*.json"))
URL = "http://gpu.example:8017"
ASKED = DrawRequest("bell", n=2, seed=7, budget=Budget(5.0))


@pytest.fixture(autouse=True)
def closed_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    module._breakers.cache_clear()
    monkeypatch.delenv(module.TOKEN, raising=False)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between attempts, and are not waited here."""
    found: list[float] = []
    sleep = asyncio.sleep

    async def asleep(seconds: float, *rest: Any) -> None:
        if seconds:
            found.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", asleep)
    return found


class Answer:
    """What a server sends: status, headers, and a body in two pieces."""

    def __init__(self, status: int, body: Any = b"", **headers: str) -> None:
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else _json(body)

    def __str__(self) -> str:
        return f"{self.status} {self.body[:16]!r} {self.headers}"

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self.body[:10]
        yield self.body[10:]

    def response(self) -> httpx.Response:
        return httpx.Response(self.status, headers=self.headers, content=self.pieces())


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


class Server:
    """Answers with what it is given, in order, the last again and again; ``asked`` are the requests that came."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer.response()

    def model(self, **more: Any) -> RemoteModel:
        return RemoteModel(URL, transport=httpx.MockTransport(self), **{"fallback": FakeSvgModel(), **more})


def drawn(request: DrawRequest = ASKED) -> Answer:
    drafts = [replace(d, model="far", confidence=0.5) for d in FakeSvgModel().generate(request)]
    return Answer(200, drafts_to_json(drafts))


def note(model: RemoteModel, request: DrawRequest = ASKED) -> str:
    """Of the fallback's drafts, all of which bear the same."""
    drafts = model.generate(request)
    assert [d.icon for d in drafts] == [d.icon for d in FakeSvgModel().generate(request)] and drafts
    assert {d.model for d in drafts} == {"fake"} and len({d.notes for d in drafts}) == 1
    (said,) = drafts[0].notes
    assert said.endswith(": drawn by fake") and URL in said and "\n" not in said
    return said


def test_the_drafts_of_the_server_are_the_drafts() -> None:
    server = Server(drawn())
    model = server.model()
    assert isinstance(model, SvgModel)
    drafts = model.generate(ASKED)
    assert [(d.icon, d.confidence) for d in drafts] == [(d.icon, 0.5) for d in FakeSvgModel().generate(ASKED)]
    assert {d.model for d in drafts} == {"far"} and drafts[0].steps[-1] == f"drawn by far at {URL}"
    (request,) = server.asked
    assert (request.method, str(request.url)) == ("POST", f"{URL}/v1/generate")
    assert request_from_json(request.content) == ASKED
    assert "authorization" not in request.headers and request.headers["x-request-id"] == ASKED.id[:32]


def test_it_may_be_called_within_a_loop_and_awaited() -> None:
    server = Server(drawn())

    async def test() -> None:
        threads = threading.active_count()
        assert server.model().generate(ASKED)[0].model == "far"
        many = await asyncio.gather(*(server.model().agenerate(ASKED) for _ in range(20)))
        assert all(drafts[0].model == "far" for drafts in many) and threading.active_count() < threads + 20

    asyncio.run(test())


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    server = Server(drawn())
    assert server.model().generate(replace(ASKED, n=0)) == [] and not server.asked


@pytest.mark.parametrize("path", [p for p in EXCHANGES if p.stem != "serving_events"], ids=lambda path: path.stem)
def test_a_recorded_exchange_is_understood(path: Path, waits: list[float]) -> None:
    """What is sent is, to the letter, what was recorded; what came back is read as it was then."""
    exchange = json.loads(path.read_text("utf-8"))
    recorded, answer, understood = exchange["request"], exchange["response"], exchange["understood"]
    token = recorded["headers"].get("authorization", "").removeprefix("Bearer ")
    server = Server(Answer(answer["status"], answer["body"], **answer["headers"]))
    drafts = server.model(token=token).generate(request_from_json(json.dumps(recorded["body"])))
    sent = server.asked[0]
    assert (sent.method, sent.url.path, json.loads(sent.content)) == (
        recorded["method"], recorded["path"], recorded["body"],
    )  # fmt: skip
    headers = {**recorded["headers"], "x-request-id": server.asked[0].headers["x-request-id"]}  # a digest of all fields
    assert headers.items() <= dict(sent.headers).items()
    assert [[d.model, d.failure, d.icon is not None] for d in drafts] == understood["drafts"]
    assert understood["note"] in " ".join(drafts[0].notes)


def test_there_are_recorded_exchanges() -> None:
    names = {path.stem.removeprefix("serving_") for path in EXCHANGES}
    assert names == {"drawn", "failed", "limit", "busy", "token", "events"}


@pytest.mark.parametrize(
    ("answer", "said", "attempts"),
    [
        (httpx.ConnectError("refused"), "did not answer (refused)", 3),
        (httpx.ConnectTimeout("slow"), "did not answer (slow)", 3),
        (httpx.RemoteProtocolError("closed"), "did not answer (closed)", 3),
        (Answer(429, Retry_After="1"), "429", 3),
        (Answer(503, Retry_After="1", body={"error": {"message": "draining"}}), "draining", 3),
        (Answer(502, Retry_After="1"), "502", 3),
        (Answer(503), "503", 1),
        (Answer(503, Retry_After="Fri, 27 Nov 2026 02:07:57 GMT"), "503", 1),
        (Answer(503, Retry_After="60"), "503", 1),  # beyond the time that there is
        (Answer(500, Retry_After="1"), "500", 1),
        (Answer(500, "<h1>my stack</h1>"), "(500)", 1),
        (Answer(404, {"detail": "Not Found"}), "(404)", 1),
        (Answer(422, {"error": {"message": "it is 17", "field": "n"}}), "422: n: it is 17", 1),
        (Answer(301, Location="http://evil.example/"), "redirects elsewhere, 301", 1),
        (Answer(307, Location=URL), "redirects elsewhere, 307", 1),
        (Answer(200, "<h1>It works!</h1>"), "cannot be used", 1),
        (Answer(200, {"drafts": []}), "no draft", 1),
        (Answer(200, {"drafts": [{"svg": "x"}]}), "drafts.0.model: it is missing", 1),
        (Answer(200, {"version": 2, "drafts": []}), "version 1", 1),
        (Answer(200, b"\x1f\x8b" + b"\0" * 50, Content_Encoding="gzip"), "gzip", 1),
        (Answer(200, b" " * 30_000), "more than 20,000 bytes", 1),
        (Answer(500, b" " * 30_000), "more than 20,000 bytes", 1),
    ],
    ids=lambda value: str(value)[:40],
)
def test_without_a_good_answer_the_fallback_draws_and_says_why(
    answer: Answer | Exception, said: str, attempts: int, waits: list[float]
) -> None:
    server = Server(answer)
    told = note(server.model(max_bytes=20_000))
    assert said in told and "stack" not in told
    assert len(server.asked) == attempts and len(waits) == attempts - 1


def test_what_passes_on_the_second_attempt_is_the_servers(waits: list[float]) -> None:
    server = Server(httpx.ConnectError("no"), Answer(429, Retry_After="2"), drawn())
    assert server.model().generate(ASKED)[0].model == "far"
    assert waits == [0.2, 2.0]
    assert len({request.headers["x-request-id"] for request in server.asked}) == 1
    assert len({request.content for request in server.asked}) == 1


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("token", ["", "a-token-that-expired"])
def test_a_token_that_is_refused_is_named_and_never_shown(
    status: int, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(module.TOKEN, token)
    server = Server(Answer(status, {"error": {"message": f"I know {token} of yours"}}))
    model = server.model()
    said = note(model)
    assert module.TOKEN in said and str(status) in said and (not token or token not in said)
    assert server.asked[0].headers.get("authorization") == (f"Bearer {token}" if token else None)
    with pytest.raises(RemoteError, match=module.TOKEN) as error:
        server.model(fallback=None).generate(ASKED)
    assert error.value.status == status and (not token or token not in repr(vars(error.value)))


BOMB = svg("<g id='a'><path d='M0 0h9'/></g>" + "".join(
    f"<g id='{c}'>" + f"<use href='#{b}'/>" * 10 + "</g>" for b, c in ("ab", "bc", "cd", "de")
) + "<use href='#e'/>")  # fmt: skip
SCRIPT = svg("<script>alert(1)</script><path d='M1 1h9'/>")


@pytest.mark.parametrize("bad", [BOMB, SCRIPT, "<svg", ""])
def test_an_icon_that_is_refused_never_comes_in(bad: str) -> None:
    body = json.loads(drawn().body)
    body["drafts"][0]["svg"] = bad
    failed, good = Server(Answer(200, body)).model().generate(ASKED)
    assert failed.icon is None and failed.failure in ("unsafe", "parse_error") and good.icon is not None
    body["drafts"][1]["svg"] = bad
    assert "the icon was refused" in note(Server(Answer(200, body)).model())


def test_what_the_server_says_cannot_command_a_terminal_nor_pass_for_another_request() -> None:
    body = json.loads(drawn().body)
    body["drafts"][0] |= {"model": "\x1b[2Jfar" + "x" * 500, "seed": 99, "notes": ["\u202eno"], "steps": ["a\nb"],
                          "sources": [["\x07", "s", "l"]]}  # fmt: skip
    draft = Server(Answer(200, body)).model().generate(ASKED)[0]
    text = "".join((draft.model, *draft.notes, *draft.steps, *draft.sources[0]))
    assert draft.seed == ASKED.seed and len(draft.model) <= 80
    assert not set("\x1b\x07\u202e\n") & set(text)


def test_more_drafts_than_were_asked_for_are_cut() -> None:
    assert len(Server(drawn(replace(ASKED, n=9))).model().generate(ASKED)) == 2


def test_a_failed_draft_of_the_server_is_an_answer() -> None:
    """It has looked, and cannot draw that: nobody else is asked."""
    failed = Draft(None, "far", "1", 7, 0.0, failure="unknown_subject", notes=("who is that?",))
    (draft,) = Server(Answer(200, drafts_to_json([failed]))).model().generate(ASKED)
    assert (draft.model, draft.failure, draft.notes) == ("far", "unknown_subject", ("who is that?",))


def test_a_server_that_fails_again_and_again_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(Answer(500))
    model = server.model()
    for _ in range(module.FAILURES):
        assert "500" in note(model)
    assert "left alone" in note(model) and "left alone" in note(server.model())  # of another object too
    assert len(server.asked) == module.FAILURES
    other = RemoteModel("http://other.example", transport=httpx.MockTransport(Server(drawn())), fallback=FakeSvgModel())
    assert other.generate(ASKED)[0].model == "far"
    clock = module.__dict__["_breakers"]().get_breaker(URL).context._state
    clock.opened_at -= module.REST + 1
    server.answers[:] = [drawn()]
    assert model.generate(ASKED)[0].model == "far" and model.generate(ASKED)[0].model == "far"


@pytest.mark.parametrize("status", [401, 422, 429])
def test_a_server_that_refuses_is_not_taken_to_be_ill(status: int) -> None:
    server = Server(Answer(status))
    for _ in range(module.FAILURES + 2):
        note(server.model())
    assert len(server.asked) == module.FAILURES + 2


def test_without_a_fallback_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RemoteError, match=r"gpu\.example:8017 did not answer \(500\)") as error:
        Server(Answer(500)).model(fallback=None).generate(ASKED)
    assert isinstance(error.value, ModelError) and error.value.status == 500


def test_where_the_fallback_fails_too_both_are_told() -> None:
    class Broken(FakeSvgModel):
        async def agenerate(self, request: DrawRequest) -> list[Draft]:
            raise WeightsError("its weights are cut short")

    with pytest.raises(RemoteError, match=r"500.*cut short"):
        Server(Answer(500)).model(fallback=Broken()).generate(ASKED)


def test_the_embedded_model_is_the_fallback() -> None:
    model = RemoteModel(URL, transport=httpx.MockTransport(Server(Answer(500))))
    drafts = model.generate(REQUESTS["plain"])
    expected = get_model("auto").generate(REQUESTS["plain"])
    assert timeless([replace(d, notes=d.notes[1:]) for d in drafts]) == timeless(expected)
    assert drafts[0].notes[0].endswith("drawn by auto")


def test_a_request_that_cannot_be_written_is_drawn_here() -> None:
    server = Server(drawn())
    asked = replace(ASKED, set_vector=(float("nan"),))
    (first, _) = server.model().generate(asked)
    assert "was not asked" in first.notes[0] and not server.asked


@pytest.mark.parametrize(
    "url",
    ["", "gpu:8017", "ftp://gpu", "http://", "http://gpu:0", "http://gpu:99999", "http://a:b@gpu", "http://gpu?x=1",
     "http://gpu#x", "http://g pu", "http://gpu\r\nHost: evil", "http://gpü", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_url_of_a_server_is_told_at_once(url: str) -> None:
    with pytest.raises(ModelError) as error:
        open_model("remote", url)
    assert "\n" not in str(error.value) and "\r" not in str(error.value)


def test_it_is_opened_by_its_name() -> None:
    model = get_model("remote:https://gpu.example/icons/")
    assert isinstance(model, RemoteModel) and model.url == "https://gpu.example/icons"
    with pytest.raises(ModelError, match="needs a server's URL"):
        get_model("remote")


def test_a_token_that_no_header_takes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.TOKEN, "a\nb")
    with pytest.raises(ModelError, match=module.TOKEN):
        open_model("remote", URL)


def test_certificates_are_verified() -> None:
    import ssl

    context = module._certificates()
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
