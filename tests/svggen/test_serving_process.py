"""Servers as processes: the command line, signals, callers who leave, workers that die. Loopback only."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from svggen.models import Budget, DrawRequest
from svggen.models.fake import FakeSvgModel
from svggen.serving import child as child_module
from svggen.serving.child import ChildReplica
from svggen.wire import drafts_from_json, request_to_json

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

TOKEN = "a-token-of-the-tests"
JSON = {"Content-Type": "application/json"}


def command(*arguments: str) -> list[str]:
    code = "import sys; from agent.cli import main; sys.exit(main())"
    return [sys.executable, "-c", code, "serve-model", "--port", "0", "--json", *arguments]


@contextmanager
def served(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """(the process, what it said when it was ready)"""
    process = subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        said = process.stdout.readline()
        assert said, process.stderr.read()
        yield process, json.loads(said)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """(exit code, the log)"""
    _, log = process.communicate(timeout=20)
    return process.returncode, log


def post(url: str, request: DrawRequest, **headers: str) -> httpx.Response:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    body = request_to_json(request)
    return httpx.post(f"{url}/v1/generate", content=body, headers=JSON | more, timeout=30)


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)


def metric(url: str, name: str) -> float:
    lines = [line for line in httpx.get(f"{url}/metrics").text.splitlines() if line.startswith(name)]
    return float(lines[0].rpartition(" ")[2])


LONG = DrawRequest("coffee cup with a heart", n=6, seed=7, budget=Budget(60, 128))


def test_what_runs_is_finished_after_sigterm_and_nothing_new_is_taken() -> None:
    with served("--model", "iconlm") as (process, said):
        url, got = said["url"], []
        assert said["model"] == "iconlm" and said["batch"] == 8 and said["pid"] == process.pid
        caller = threading.Thread(target=lambda: got.append(post(url, LONG, X_Request_ID="last")))
        caller.start()
        until(lambda: metric(url, "mnemicon_running") == 1)
        process.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{url}/readyz").status_code == 503)
        assert httpx.get(f"{url}/readyz").json() == {"status": "draining"}
        refused = post(url, DrawRequest("bell"))
        assert refused.status_code == 503 and refused.headers["retry-after"]
        caller.join(20)
        assert got and got[0].status_code == 200 and drafts_from_json(got[0].content)[0].icon is not None
        code, log = ended(process)
        assert code == 0 and "request=last status=200 outcome=drawn" in log
        assert "cup" not in log and "bell" not in log


def test_who_leaves_is_taken_out_of_the_queue() -> None:
    with served("--model", "iconlm", "--batch", "1") as (process, said):
        url = said["url"]
        port = httpx.URL(url).port
        first = threading.Thread(target=post, args=(url, LONG))
        first.start()
        until(lambda: metric(url, "mnemicon_running") == 1)
        for accept in ("application/json", "text/event-stream"):
            leaving = socket.create_connection(("127.0.0.1", port))
            body = request_to_json(DrawRequest("bell")).encode()
            head = (
                f"POST /v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: {accept}"
            )
            leaving.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            until(lambda: metric(url, "mnemicon_queue_depth") == 1)
            leaving.close()
            until(lambda: metric(url, "mnemicon_queue_depth") == 0)
        first.join(20)
        assert metric(url, 'mnemicon_requests_total{outcome="gone"}') == 2
        assert metric(url, 'mnemicon_requests_total{outcome="drawn"}') == 1
        assert metric(url, "mnemicon_batch_size_sum") == 1
        process.send_signal(signal.SIGINT)
        assert ended(process)[0] == 0


def test_a_worker_that_dies_is_replaced_and_its_request_drawn_again() -> None:
    with served("--model", "iconlm", "--workers", "1") as (process, said):
        url, got = said["url"], []
        assert said["workers"] == 1
        caller = threading.Thread(target=lambda: got.append(post(url, LONG)))
        caller.start()
        until(lambda: metric(url, "mnemicon_running") == 1)
        (child,) = [int(p) for p in _children(process.pid)]
        os.kill(child, signal.SIGKILL)
        caller.join(30)
        assert got[0].status_code == 200 and drafts_from_json(got[0].content)[0].icon is not None
        assert [int(p) for p in _children(process.pid)] != [child]
        process.send_signal(signal.SIGTERM)
        assert ended(process)[0] == 0
        assert not _children(process.pid)


def _children(pid: int) -> list[str]:
    """The children of all threads of a process."""
    found: list[str] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += path.read_text().split()
    return found


def test_callers_with_different_tokens_are_let_in_and_others_are_not(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"{TOKEN}\n\nthe-token-of-another\n")
    with served("--model", "fake", "--token-file", str(file), "--max-n", "2") as (process, said):
        url = said["url"]
        request = DrawRequest("bell", n=2)
        for token in (TOKEN, "the-token-of-another"):
            answer = post(url, request, Authorization=f"Bearer {token}")
            assert drafts_from_json(answer.content) == FakeSvgModel().generate(request)
        assert post(url, request, Authorization="Bearer an-expired-token-here").status_code == 401
        answer = post(url, DrawRequest("bell", n=3), Authorization=f"Bearer {TOKEN}")
        assert answer.status_code == 422 and answer.json()["error"]["field"] == "n"
        process.send_signal(signal.SIGTERM)
        code, log = ended(process)
        assert code == 0 and TOKEN not in log


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "oracle"], "oracle"),
        (["--model", "fake", "--host", "0.0.0.0"], "MNEMICON_SERVE_TOKEN"),
        (["--model", "fake", "--host", "192.0.2.7", "--token-file", "TOKENS"], "192.0.2.7"),
        (["--model", "fake", "--token-file", "/nowhere"], "/nowhere"),
        (["--model", "fake", "--gpus", "0,x"], "0,1,3 or all"),
        (["--model", "fake", "--gpus", "0", "--workers", "2"], "exclude"),
    ],
)
def test_what_cannot_be_served_is_one_line_and_exit_code_2(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.cli import main

    (tmp_path / "tokens").write_text(TOKEN)
    arguments = [str(tmp_path / "tokens") if a == "TOKENS" else a for a in arguments]
    assert main(["serve-model", "--port", "0", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1 and error.startswith("mnemicon: ")


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    from agent.cli import main

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve-model", "--model", "fake", "--port", str(port)]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


def test_a_model_that_cannot_be_loaded_ends_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    from agent.cli import main

    assert main(["serve-model", "--model", "fake", "--port", "0", "--gpus", "7"]) == 2
    assert "no GPU '7'" in capsys.readouterr().err


def test_a_child_that_dies_or_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    child = ChildReplica("fake", warm=False)
    child.load()
    try:
        assert (child.name, child.revision, child.batches, child.lively) == ("fake", "1", False, True)
        asked = [DrawRequest("bell", n=2), DrawRequest("key", n=1)]
        assert child.draw(asked) == [FakeSvgModel().generate(request) for request in asked]
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        before = child.pid
        assert child.draw(asked[:1]) == [FakeSvgModel().generate(asked[0])] and child.pid != before
        monkeypatch.setattr(child_module, "GRACE", 2.0)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGSTOP)  # it hangs: it is taken to be dead after a while
        before = child.pid
        big = DrawRequest("bell", n=1, image=b"x" * 300_000, budget=Budget(0.0))  # more than a pipe holds
        assert child.draw([big]) == [FakeSvgModel().generate(big)] and child.pid != before
    finally:
        child.close()
    assert child.pid is None
