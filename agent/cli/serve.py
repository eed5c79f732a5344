"""``serve-model``: any model behind HTTP, for this machine or, with a token, for others.

Contract. Prints one line when the first request would be answered; with ``--json`` it is ``{"url", "model", "revision",
"workers", "batch", "pid"}`` on one line of stdout. Runs until SIGTERM or Ctrl-C, finishes what is being drawn, and ends
with exit code 0. What cannot be set up (port taken, no such GPU, weights missing, open to the network without a token)
is one line and exit code 2. One log line a request on stderr, without its content. The server is ``svggen.serving``.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.errors import DONE, InputError
from agent.cli.files import read_bytes
from agent.cli.options import Json
from agent.cli.output import Screen

TOKEN = "MNEMICON_SERVE_TOKEN"
MAX_TOKENS = 64
MAX_TOKEN_FILE = 64_000  # bytes


def register(app: typer.Typer) -> None:
    app.command(name="serve-model")(serve_model)


def serve_model(
    model: Annotated[str, typer.Option("--model", help="Who draws, as for draw: omnisvg-8b:/models/omni, iconlm ...")],
    host: Annotated[str, typer.Option("--host", help="Address; others than 127.0.0.1 need a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8017,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", help="Bearer tokens, one a line.", metavar="FILE", show_default=f"${TOKEN}"),
    ] = None,
    gpus: Annotated[
        str | None, typer.Option("--gpus", help="One worker for each: 0,1,3 or all.", show_default="no choice")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="Processes; 0: in this one.")] = 0,
    batch: Annotated[int, typer.Option("--batch", min=1, max=256, help="Requests drawn together at most.")] = 8,
    wait: Annotated[float, typer.Option("--wait", min=0, max=10_000, help="ms to wait for companions.")] = 10.0,
    queue: Annotated[int, typer.Option("--queue", min=1, max=100_000, help="Requests that may wait.")] = 64,
    max_n: Annotated[int, typer.Option("--max-n", min=1, max=256, help="Drafts of one request.")] = 16,
    max_seconds: Annotated[
        float, typer.Option("--max-seconds", min=1, help="Seconds that one request may ask for.")
    ] = 120.0,
    max_tokens: Annotated[
        int, typer.Option("--max-tokens", min=1, help="Tokens that one request may ask for.")
    ] = 16_384,
    max_pixels: Annotated[int, typer.Option("--max-pixels", min=1, help="Width x height of a picture.")] = 16_000_000,
    max_mb: Annotated[float, typer.Option("--max-mb", min=0.001, max=1000, help="Size of one request.")] = 16.0,
    drain: Annotated[float, typer.Option("--drain", min=0, help="Seconds to finish in after SIGTERM.")] = 60.0,
    warm: Annotated[bool, typer.Option(help="Draw something small first, so that the weights are loaded.")] = True,
    as_json: Json = False,
) -> int:
    """A model behind HTTP: POST /v1/generate, /healthz, /readyz, /metrics."""
    from svggen.serving import Options
    from svggen.serving.server import all_gpus, replicas_of, serve

    if gpus is not None and workers:
        raise InputError("--gpus and --workers exclude each other", hint="with --gpus there is one worker for each GPU")
    options = Options(
        max_batch=batch, max_wait=wait / 1000, max_queue=queue, max_n=max_n, max_seconds=max_seconds,
        max_tokens=max_tokens, max_pixels=max_pixels, max_body=int(max_mb * 1e6), drain_seconds=drain,
        tokens=_tokens(token_file),
    )  # fmt: skip
    devices = [] if gpus is None else all_gpus() if gpus == "all" else _devices(gpus)
    replicas = replicas_of(model, workers=workers, gpus=devices, warm=warm)
    screen = Screen(as_json=as_json)
    _log()

    def ready(url: str) -> None:
        first = replicas[0]
        facts = {"url": url, "model": first.name, "revision": first.revision, "workers": len(replicas)}
        if as_json:
            print(json.dumps({**facts, "batch": batch if first.batches else 1, "pid": os.getpid()}), flush=True)
        else:
            many = f"batches of {batch}" if first.batches else "one request at a time"
            screen.line(f"{first.name} at {url}: {len(replicas)} worker{'s'[: len(replicas) > 1]}, {many}", "green")

    cut = serve(replicas, options, host=host, port=port, on_ready=ready)
    if cut:
        screen.note(f"{cut} unfinished requests were refused; --drain gives them more than {drain:g} s", "red")
    return DONE


def _tokens(file: Path | None) -> tuple[str, ...]:
    """Those of the file, else that of the environment; none is none."""
    if file is None:
        token = os.environ.get(TOKEN, "").strip()
        return (token,) if token else ()
    text = read_bytes(file, limit=MAX_TOKEN_FILE, what="token file").decode("utf-8", "replace")
    found = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not found or len(found) > MAX_TOKENS:
        raise InputError(f"there are {len(found)} tokens in {file}", hint=f"write 1 to {MAX_TOKENS}, one a line")
    return found


def _devices(text: str) -> list[str]:
    """What CUDA_VISIBLE_DEVICES takes, one for each worker: an index, or a GPU-... or MIG-... id."""
    found = [part.strip() for part in text.split(",")]
    wrong = [part for part in found if not (part.isdecimal() or part.startswith(("GPU-", "MIG-")))]
    if wrong or len(set(found)) != len(found):
        raise InputError(f"--gpus {text!r:.60} is no list of different GPUs", hint="write 0,1,3 or all")
    return found


def _log() -> None:
    """Our lines on standard error; those of others only where they warn."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    own = logging.getLogger("svggen.serving")
    own.addHandler(handler)
    own.setLevel(logging.INFO)
    own.propagate = False
