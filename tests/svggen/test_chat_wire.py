"""The wire format of OpenAI-compatible servers, played on this machine: the exchanges of ``wire/openai/*.json``,
written down after the published format (no provider was asked for them)."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svggen.errors import RemoteError
from svggen.grammar import grammar_text
from svggen.icon import parse
from svggen.models import DrawRequest, get_model
from svggen.models.base import Budget

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

WIRE = sorted((Path(__file__).parent / "wire" / "openai").glob("*.json"))
RING = parse(
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="9"/></svg>'
)


class Player:
    """Answers each request with the next exchange; keeps what it was asked. None: never answers."""

    def __init__(self, exchanges: list[dict[str, Any]] | None) -> None:
        self.asked: list[tuple[dict[str, Any], dict[str, str]]] = []
        player, self._go = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                player.asked.append((body, dict(self.headers)))
                if exchanges is None:
                    player._go.wait(10)
                    return
                one = exchanges[min(len(player.asked), len(exchanges)) - 1]
                data = (one["raw"] if "raw" in one else json.dumps(one["body"])).encode()
                self.send_response(one["status"])
                kind = {"content-type": "application/json", "content-length": str(len(data))}
                for name, value in {**kind, **one.get("headers", {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._go.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    monkeypatch.delenv("VLLM_API_KEY", raising=False)
    yield


def within(wanted: Any, found: Any) -> bool:
    """Is everything that is wanted in what was found?"""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(k in found and within(v, found[k]) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(within, wanted, found))
    return bool(wanted == found)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("path", WIRE, ids=lambda p: p.stem)
def test_exchange(path: Path, keys: None) -> None:
    case = json.loads(path.read_text("utf-8"))
    player = Player(case["exchanges"])
    try:
        model = get_model(f"chat:{case['model']}@{player.url}")
        request = DrawRequest("ring", n=1, seed=5, image=picture() if case.get("picture") else None)
        if "error" in case:
            with pytest.raises(RemoteError, match=case["error"]) as caught:
                model.generate(request)
            assert "sk-" not in str(caught.value)
        else:
            (draft,) = model.generate(request)
            if "failure" in case:
                assert (draft.failure, draft.icon) == (case["failure"], None) and draft.notes
            else:
                assert draft.icon == RING and draft.failure is None and draft.tokens == 96
            assert case.get("note", "") in " ".join(draft.notes)
    finally:
        player.close()
    assert len(player.asked) == len(case["exchanges"])
    for (body, headers), one in zip(player.asked, case["exchanges"], strict=True):
        assert within(one["request"], body)
        assert not set(one.get("absent", ())) & set(body)
        key = {k.lower(): v for k, v in headers.items()}["authorization"]
        assert key == ("Bearer none" if case["model"].startswith("vllm") else "Bearer sk-test-0123456789")
    if case.get("grammar"):
        assert player.asked[0][0]["structured_outputs"] == {"grammar": grammar_text()}
    if case.get("picture"):
        url = player.asked[0][0]["messages"][1]["content"][1]["image_url"]["url"]
        assert url.startswith("data:image/png;base64,")


def test_a_server_that_hangs_costs_the_budget_and_no_more(keys: None) -> None:
    player = Player(None)
    try:
        model = get_model(f"chat:openai:gpt-4o@{player.url}")
        model.generate(DrawRequest("", n=1))
        from langchain.chat_models import init_chat_model  # noqa: F401 - its import is not the server's time

        started = time.monotonic()
        (draft, _) = model.generate(DrawRequest("ring", n=2, budget=Budget(seconds=1.0)))
        assert draft.failure == "timeout" and time.monotonic() - started < 6
    finally:
        player.close()


def test_no_server_is_said(keys: None) -> None:
    player = Player([])
    player.close()
    model = get_model(f"chat:vllm:m@{player.url}")
    with pytest.raises(RemoteError, match=r"http://127.0.0.1:\d+/v1 cannot be reached"):
        model.generate(DrawRequest("ring", n=1, budget=Budget(seconds=20.0)))


def test_no_key_and_no_provider_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from svggen.errors import ModelError

    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="chat:openai:gpt-4o: no key was given: set OPENAI_API_KEY"):
        get_model("chat:openai:gpt-4o").generate(DrawRequest("ring"))
    with pytest.raises(ModelError, match="'oracle' is no provider"):
        get_model("chat:oracle:x").generate(DrawRequest("ring"))
    with pytest.raises(ModelError, match="langchain-mistralai is not installed: pip install langchain-mistralai"):
        get_model("chat:mistral:x").generate(DrawRequest("ring"))
