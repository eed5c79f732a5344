"""Records serving_*.json of this folder anew, between a real client and real servers on this machine.

Run:  python tests/svggen/wire/record_serving.py      (and look at the difference: it is a change of the wire format)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from test_model_contract import BOOK, PICTURE, REFERENCES, svg

from svggen.icon import parse
from svggen.models import Budget, DrawRequest, Hint
from svggen.models.remote import RemoteModel
from svggen.style import StyleSpec

HERE = Path(__file__).resolve().parent
FULL = DrawRequest(
    words="calendar with a “check” mark",
    style=StyleSpec(stroke_width=1.5, cap="round", mode="outline", palette=("#0f766e",), grid=24),
    references=(
        REFERENCES[0],
        replace(REFERENCES[2], origin="own", tags=("book", "read"), why="of yours", recognised=0.5),
    ),
    set_vector=(0.125, -1, 2.5, *(0.0,) * 29),
    set_style=(0.5, *(0.0,) * 31),
    image=PICTURE,
    edit=parse(svg(BOOK)),
    edits=("rounder",),
    hints=(Hint("padding", "leave 2 px", 0.5, 2),),
    draft=REFERENCES[1].icon,
    n=2,
    seed=7,
    budget=Budget(8.0, 512),
)
KEPT = ("content-type", "accept", "accept-encoding", "authorization", "x-request-id")
TOLD = ("content-type", "retry-after", "www-authenticate", "x-request-id", "x-content-type-options")


class Recorder(httpx.AsyncBaseTransport):
    """Passes on what is asked and answered, and keeps the first of it."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with httpx.AsyncClient() as client:
            got = await client.request(request.method, request.url, content=request.content, headers=request.headers)
        text = got.headers["content-type"].startswith("text/event-stream")
        sent = {name: request.headers[name] for name in KEPT if name in request.headers}
        told = {name: got.headers[name] for name in TOLD if name in got.headers}
        self.kept = self.kept or {
            "request": {"method": request.method, "path": request.url.path, "headers": sent,
                        "body": json.loads(request.content)},
            "response": {"status": got.status_code, "headers": told, "body": got.text if text else got.json()},
        }  # fmt: skip
        return httpx.Response(got.status_code, headers=told, stream=httpx.ByteStream(got.content))


@contextmanager
def server(*arguments: str) -> Iterator[str]:
    code = "import sys; from agent.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "serve-model", "--port", "0", "--json", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HERE.parents[2]
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.communicate()


def record(name: str, url: str, request: DrawRequest, note: str, drafts: list[list[Any]], token: str = "") -> None:
    recorder = Recorder()
    asyncio.run(RemoteModel(url, token=token, transport=recorder, fallback="auto").agenerate(request))
    recorder.kept["understood"] = {"drafts": drafts, "note": note}
    write(name, recorder.kept)


def write(name: str, exchange: dict[str, Any]) -> None:
    path = HERE / f"serving_{name}.json"
    path.write_text(json.dumps(exchange, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(path.name, exchange["response"]["status"])


def events(url: str) -> None:
    """What a browser or a shell gets that asks for the progress."""
    headers = {"content-type": "application/json", "accept": "text/event-stream", "x-request-id": "recorded"}
    body = {"words": "bell", "n": 2, "seed": 7}
    recorder = Recorder()

    async def ask() -> None:
        async with httpx.AsyncClient(transport=recorder) as client:
            await client.post(f"{url}/v1/generate", json=body, headers=headers)

    asyncio.run(ask())
    write("events", recorder.kept)


def keep_busy(url: str) -> None:
    with contextlib.suppress(httpx.HTTPError):  # its server is ended when all is recorded
        httpx.post(f"{url}/v1/generate", json={"words": "coffee cup", "n": 16}, timeout=60)


def main() -> None:
    here = [["fake", None, True], ["fake", None, True]]
    fallen = [["fake", None, True]] * 2  # of the tests' own fallback
    with server("--model", "fake", "--max-n", "4") as url:
        record("drawn", url, FULL, "", here)
        record("failed", url, replace(FULL, words="", image=None), "", [["fake", "unknown_subject", False]])
        record("limit", url, replace(FULL, n=5), "422: n: it is 5", [["fake", None, True]] * 5)
        events(url)
    tokens = HERE / "tokens.tmp"
    tokens.write_text("the-only-token-that-is-valid")
    try:
        with server("--model", "fake", "--token-file", str(tokens)) as url:
            record("token", url, FULL, "refused the token", fallen, token="an-expired-token-of-ours")
    finally:
        tokens.unlink()
    with server("--model", "iconlm", "--queue", "1", "--batch", "1") as url:
        for _ in range(2):  # one is drawn, one waits
            threading.Thread(target=keep_busy, args=(url,), daemon=True).start()
            time.sleep(0.5)
        record("busy", url, FULL, "429", fallen)


if __name__ == "__main__":
    main()
