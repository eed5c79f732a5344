"""The configured language model: forms filled in, and every way in which that fails."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field
from scripted_llm import prompt, scripted, slowly

from agent.errors import LlmError
from agent.llm import FAILURES, REST, Llm, open_llm
from agent.parts import Parts
from agent.settings import Settings, SettingsError, load

RULES = "Fill in the form."
PNG = b"\x89PNG\r\n\x1a\n"


class Cup(BaseModel):
    """A cup."""

    size: int = Field(ge=1, le=9)
    colour: Literal["red", "blue"] = "red"
    parts: list[Literal["handle", "steam"]] = []


class HttpError(Exception):
    def __init__(self, status: int, text: str) -> None:
        self.status_code = status
        super().__init__(text)


def ask(llm: Llm, message: str = "a cup", pictures: tuple[bytes, ...] = ()) -> Cup:
    return llm.ask(Cup, RULES, {"message": message}, pictures)


def test_the_form_comes_back_filled_and_the_same_question_is_asked_once() -> None:
    llm, asked = scripted({"size": 2, "parts": ["steam"]}, {"size": 3})
    assert ask(llm) == ask(llm) == Cup(size=2, parts=["steam"])
    assert ask(llm, "another") == Cup(size=3)
    rules, data = prompt(asked[0])
    assert len(asked) == 2 and rules == RULES and json.loads(data) == {"message": "a cup"}


def test_what_does_not_fit_is_left_out_and_what_must_fit_is_asked_for() -> None:
    llm, _ = scripted(
        {"size": 2, "colour": "green", "parts": ["steam", 7, "lid", "handle", None], "more": {"a": 1}},
        {"size": 0},
        {"size": "large"},
    )
    assert ask(llm) == Cup(size=2, parts=["steam", "handle"])
    with pytest.raises(LlmError, match="does not hold to the form"):
        ask(llm, "b")
    with pytest.raises(LlmError, match="does not hold to the form"):
        ask(llm, "c")


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        ('```json\n{"size": 4}\n```', 4),
        ('Sure! {"size": 5} Anything else?', 5),
        ("I cannot help with that.", None),
        ("", None),
        ("{size: 4", None),
        ('{"size": 4', None),
        ("[1, 2]", None),
        ('"size"', None),
        ("}{", None),
    ],
)
def test_text_instead_of_a_form(answer: str, size: int | None) -> None:
    llm, _ = scripted(answer)
    if size is None:
        with pytest.raises(LlmError):
            ask(llm)
    else:
        assert ask(llm).size == size


def test_a_model_without_structured_output_is_given_the_schema() -> None:
    llm, asked = scripted('{"size": 4}', structured=False)
    assert ask(llm).size == 4
    rules = prompt(asked[0])[0]
    assert rules.startswith(RULES) and '"maximum": 9' in rules


def test_a_server_that_refuses_structured_output_is_asked_for_text_from_then_on() -> None:
    llm, asked = scripted(HttpError(400, "response_format is not supported"), '{"size": 4}', '{"size": 5}')
    assert (ask(llm).size, ask(llm, "b").size) == (4, 5)
    assert len(asked) == 3 and "JSON object" in prompt(asked[2])[0]


def test_a_model_that_is_slow_is_not_waited_for() -> None:
    llm, _ = scripted(slowly({"size": 2}, 1.5), seconds=0.1)
    started = time.perf_counter()
    with pytest.raises(LlmError, match=r"did not answer within 0\.1 s"):
        ask(llm)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError("read"), "did not answer within"),
        (ConnectionError("refused"), "cannot be reached"),
        (HttpError(401, "bad key sk-verysecret"), "key is refused"),
        (HttpError(429, "quota"), "too many requests"),
        (HttpError(503, "down"), "the server failed"),
        (ValueError("key sk-verysecret is odd"), "ValueError"),
        (RecursionError("deep"), "RecursionError"),
    ],
)
def test_an_error_is_one_line_without_the_key(error: Exception, said: str) -> None:
    llm, _ = scripted(error)
    with pytest.raises(LlmError, match=said) as caught:
        ask(llm)
    assert "verysecret" not in str(caught.value) and "\n" not in str(caught.value)


def test_after_failures_it_is_left_alone_for_a_while() -> None:
    now = [100.0]
    llm, asked = scripted(*[ConnectionError("x")] * FAILURES, {"size": 2}, clock=lambda: now[0])
    for i in range(FAILURES):
        with pytest.raises(LlmError, match="cannot be reached"):
            ask(llm, str(i))
    with pytest.raises(LlmError, match="left alone"):
        ask(llm)
    assert len(asked) == FAILURES
    now[0] += REST
    assert ask(llm).size == 2


def test_pictures_are_shown_to_models_that_see() -> None:
    llm, asked = scripted({"size": 2}, profile={"image_inputs": True})
    ask(llm, pictures=(PNG, PNG))
    kinds = [part["type"] for part in asked[0][1].content]
    assert kinds == ["text", "image", "image"] and asked[0][1].content[1]["mime_type"] == "image/png"
    blind, asked = scripted({"size": 2}, profile={"image_inputs": False})
    with pytest.raises(LlmError, match="takes no pictures"):
        ask(blind, pictures=(PNG,))
    assert not asked and not blind.sees


def test_what_a_language_model_does_not_stream_to_listeners_of_the_graph() -> None:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.runnables import RunnableLambda

    heard: list[Any] = []

    class Ear(BaseCallbackHandler):
        def on_chat_model_start(self, *given: Any, **more: Any) -> None:
            heard.append(given)

    llm, asked = scripted({"size": 2})
    RunnableLambda(lambda _: ask(llm)).invoke(None, {"callbacks": [Ear()]})
    assert asked and not heard


def test_nothing_is_opened_before_it_is_asked(tmp_path: Path) -> None:
    assert open_llm(None) is None and open_llm("  ") is None
    code = (
        "import sys\nfrom agent.llm import open_llm\nimport agent.understanding\n"
        "assert open_llm('openai:gpt-5')\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('langchain', 'langchain_core', 'openai', 'pydantic')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    none, some = Settings(home=tmp_path), Settings(home=tmp_path, llm="openai:gpt-5", llm_seconds=3.0, vision=True)
    assert Parts(none).llm() is None
    parts = Parts(some)
    llm = parts.llm()
    assert llm is not None and llm is parts.llm() and (llm.name, llm.seconds) == ("openai:gpt-5", 3.0)


@pytest.mark.parametrize(
    ("name", "said"),
    [("nosuchprovider:model", "no provider"), ("two words", "is not PROVIDER:MODEL"), ("ibm:x", "not installed")],
)
def test_a_model_that_cannot_be_opened_says_why_and_what_to_do(name: str, said: str) -> None:
    pytest.importorskip("langchain")
    if find_spec("langchain_ibm"):
        pytest.skip("installed after all")
    llm = Llm(name)
    for _ in range(FAILURES + 2):
        with pytest.raises(LlmError, match=said) as caught:
            ask(llm)
        assert not str(caught.value).startswith("chat:")


@pytest.mark.slow
def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(LlmError, match="set OPENAI_API_KEY"):
        ask(Llm("openai:gpt-5"))


class Server(BaseHTTPRequestHandler):
    """Speaks OpenAI's protocol, as far as one answer goes."""

    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        message = {"role": "assistant", "content": '{"size": 4, "parts": ["lid", "steam"]}'}
        answer = {
            "id": "1", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        }  # fmt: skip
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *given: Any) -> None:
        pass


@pytest.mark.slow
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_real_client_and_a_server_that_speaks_its_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-unused")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        llm = Llm(f"openai:m@http://127.0.0.1:{server.server_port}/v1", seconds=20)
        assert ask(llm, pictures=(PNG,)) == Cup(size=4, parts=["steam"])
    finally:
        server.shutdown()
        server.server_close()
    (body,) = Server.asked
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["schema"]["properties"]["size"]["maximum"] == 9
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"][1]["image_url"]["url"].startswith("data:image/png;base64,")
    assert "temperature" not in body


def test_the_settings(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load().llm, load().llm_seconds, load().vision) == (None, 8.0, False)
    own_home.mkdir(parents=True)
    (own_home / "mnemicon.toml").write_text('llm = "ollama:qwen3:8b"\nllm_seconds = 3\nvision = true\n')
    assert (load().llm, load().llm_seconds, load().vision) == ("ollama:qwen3:8b", 3.0, True)
    monkeypatch.setenv("MNEMICON_LLM", "openai:gpt-5")
    monkeypatch.setenv("MNEMICON_VISION", "off")
    assert (load().llm, load().vision) == ("openai:gpt-5", False)
    monkeypatch.setenv("MNEMICON_VISION", "perhaps")
    with pytest.raises(SettingsError, match="MNEMICON_VISION: vision must be true or false"):
        load()
    monkeypatch.delenv("MNEMICON_VISION")
    with pytest.raises(SettingsError, match=r"from 0\.5 to 120"):
        load(llm_seconds=0)
    with pytest.raises(SettingsError, match="true or false"):
        load(vision=2)
