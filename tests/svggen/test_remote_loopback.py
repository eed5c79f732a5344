"""The client against servers that hang, drip, lie and explode, over real sockets of this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from test_model_contract import REQUESTS, svg, timeless

from svggen.models import Budget, DrawRequest
from svggen.models import remote as module
from svggen.models.fake import FakeSvgModel
from svggen.models.remote import RemoteModel
from svggen.wire import drafts_to_json

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ASKED = DrawRequest("bell", n=2, seed=7, budget=Budget(0.2))
GRACE = 0.3
Talk = Callable[[socket.socket], None]


@pytest.fixture(autouse=True)
def closed_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    module._breakers.cache_clear()
    monkeypatch.delenv(module.TOKEN, raising=False)


@contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """(port, the first lines of what was asked) of a server that talks like this."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(plain: socket.socket) -> None:
            with plain, suppress(OSError):
                connection = plain if context is None else context.wrap_socket(plain, server_side=True)
                with connection:
                    data = b""
                    while b"\r\n\r\n" not in data or not data.endswith(b"}}"):  # the end of a request's JSON
                        got = connection.recv(65536)
                        if not got:
                            return
                        data += got
                    asked.append(data.split(b"\r\n")[0].decode())
                    talk(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)


def ask(port: int, request: DrawRequest = ASKED, scheme: str = "http") -> tuple[str, float]:
    """(the note of the fallback's drafts, seconds)"""
    model = RemoteModel(f"{scheme}://127.0.0.1:{port}", fallback=FakeSvgModel(), grace=GRACE, max_bytes=2_000_000)
    began = time.monotonic()
    drafts = model.generate(request)
    took = time.monotonic() - began
    assert [d.icon for d in drafts] == [d.icon for d in FakeSvgModel().generate(request)]
    (said,) = drafts[0].notes
    assert said.endswith(": drawn by fake")
    return said, took


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def hang(connection: socket.socket) -> None:
    connection.recv(1)


def drip(data: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        for i in range(len(data)):
            connection.sendall(data[i : i + 1])
            time.sleep(0.05)

    return talk


def flood(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"[" * 65536)


def say(data: bytes) -> Talk:
    return lambda connection: connection.sendall(data)


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (hang, "0.5 s went by"),
        (drip(HEAD * 20), "0.5 s went by"),
        (drip(HEAD + b"\r\n" + b" " * 200), "0.5 s went by"),
        (flood, "more than 2,000,000 bytes"),
        (say(os.urandom(4_000)), "did not answer"),
        (say(b""), "did not answer"),
        (say(HEAD + b"Content-Length: 5000\r\n\r\n{"), "did not answer"),  # and then it is gone
        (say(HEAD + b"X: " + b"y" * 200_000 + b"\r\n\r\n"), "did not answer"),
        (say(HEAD + b"Content-Length: 9\r\n\r\n<html>hi>"), "cannot be used"),
        (say(HEAD + b"Content-Length: 60000\r\n\r\n" + b"[" * 60_000), "cannot be used"),
        (say(b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno"), "(500)"),
    ],
    ids=["hangs", "drips a head", "drips a body", "floods", "noise", "closes", "cut", "long header", "html", "deep",
         "500"],
)  # fmt: skip
def test_whatever_a_server_does_the_fallback_draws_in_time(talk: Talk, said: str) -> None:
    with listening(talk) as (port, _):
        told, took = ask(port)
    assert said in told and f"127.0.0.1:{port}" in told
    assert took < ASKED.budget.seconds + GRACE + 1.5


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    told, _ = ask(port, replace(ASKED, budget=Budget(3.0)))
    assert "did not answer" in told


def test_a_bomb_is_not_let_in() -> None:
    parts = "".join(f"<g id='{c}'>" + f"<use href='#{b}'/>" * 10 + "</g>" for b, c in ("ab", "bc", "cd", "de"))
    bomb = svg(f"<g id='a'><path d='M0 0h9'/></g>{parts}<use href='#e'/>")
    answer = json.loads(drafts_to_json(FakeSvgModel().generate(ASKED)))
    for draft in answer["drafts"]:
        draft["svg"] = bomb
    body = json.dumps(answer).encode()
    with listening(say(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)) as (port, _):
        told, took = ask(port, replace(ASKED, budget=Budget(5.0)))
    assert "the icon was refused" in told and took < 3


def test_a_redirect_is_not_followed() -> None:
    with listening(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as (other, asked):
        head = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{other}/\r\nContent-Length: 0\r\n\r\n"
        with listening(say(head.encode())) as (port, first):
            told, _ = ask(port)
    assert "redirects elsewhere, 307" in told and len(first) == 1 and not asked


def test_what_is_lost_on_the_way_is_asked_for_again() -> None:
    """A server that dies before its answer begins: drawing changes nothing, so that asking again is safe."""
    calls = []

    def talk(connection: socket.socket) -> None:
        calls.append(1)
        if len(calls) > 1:
            body = drafts_to_json(FakeSvgModel().generate(ASKED)).encode()
            connection.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)

    with listening(talk) as (port, _):
        asked = replace(ASKED, budget=Budget(5.0))
        drafts = RemoteModel(f"http://127.0.0.1:{port}", fallback=None).generate(asked)
    assert len(calls) == 2 and drafts[0].steps[-1] == f"drawn by fake at http://127.0.0.1:{port}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with listening(say(b""), context) as (port, asked):
        told, _ = ask(port, replace(ASKED, budget=Budget(3.0)), "https")
    assert "certificate verify failed" in told and not asked


def test_the_real_server_draws_what_the_model_draws_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of the contract, there and back, as it would have been drawn in this process; and with a token that
    has expired, the fallback's drawing and a note that names it."""
    from test_serving_process import served

    (tmp_path / "tokens").write_text("the-token-of-today")
    with served("--model", "fake", "--token-file", str(tmp_path / "tokens")) as (_, said):
        monkeypatch.setenv(module.TOKEN, "the-token-of-yesterday")
        told, _ = ask(int(said["url"].rpartition(":")[2]), replace(ASKED, budget=Budget(3.0)))
        assert "refused the token (401" in told and module.TOKEN in told and "yesterday" not in told
        monkeypatch.setenv(module.TOKEN, "the-token-of-today")
        model = RemoteModel(said["url"], fallback=None)
        for name, request in REQUESTS.items():
            here, there = FakeSvgModel().generate(request), model.generate(request)
            assert timeless(there) == [
                replace(d, steps=(*d.steps, f"drawn by fake at {said['url']}")) for d in timeless(here)
            ], name
