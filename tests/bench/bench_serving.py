"""A server under load: with batching and without, at 1, 8 and 32 callers.

A real ``mnemicon serve-model`` process on the loopback draws with IconLM (30 million parameters, on the CPU); callers
each send a request, wait for its answer and send the next. No request is sent twice at the same time, and every arm
draws the same ones: their icons must be equal, batched or not.

    requests/s    answered in all, over the whole run of that row
    p50, p95      seconds from sending to the whole answer
    batch         requests drawn together, on the average
    CPU s         of the server for one request, which other work on the machine hardly changes (Linux)

With one core a batch of eight gains what the shared reading of the weights gains; a GPU would gain far more. Where
there are two cores, two worker processes gain more than that: the third arm.

Run:  python tests/bench/bench_serving.py [--model iconlm] [--requests 6 24 64]
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
CALLERS = (1, 8, 32)
ARMS = {
    "one at a time": ("--batch", "1"),
    "batches of up to 8": ("--batch", "8"),
    "two processes, batches of up to 8": ("--batch", "8", "--workers", "2"),
}
WORDS = (
    "bell",
    "key",
    "coffee cup",
    "umbrella",
    "calendar",
    "rocket",
    "house",
    "camera",
    "heart",
    "lock",
    "mail",
    "sun",
)


@dataclass
class Row:
    """One arm at one number of callers."""

    arm: str
    callers: int
    seconds: float
    latencies: list[float]
    batch: float
    cpu: float
    icons: dict[int, str] = field(default_factory=dict)


@contextmanager
def server(model: str, *arguments: str) -> Iterator[tuple[str, int]]:
    """Its URL and process id."""
    code = "import sys; from agent.cli import main; sys.exit(main())"
    command = [
        sys.executable,
        "-c",
        code,
        "serve-model",
        "--model",
        model,
        "--port",
        "0",
        "--json",
        "--max-seconds",
        "600",
    ]
    process = subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise SystemExit(f"the server did not start: {' '.join(command)}")
        yield json.loads(said)["url"], process.pid
    finally:
        process.terminate()
        process.wait(60)


def cpu(pid: int) -> float:
    """Seconds that a process and its children have computed so far; 0 where that is not told."""
    total = 0.0
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            total += sum(cpu(int(child)) for child in path.read_text().split())
    except OSError:
        pass
    return total


async def load(url: str, pid: int, arm: str, callers: int, count: int) -> Row:
    """``count`` requests of ``callers`` callers."""
    numbers = iter(range(count))
    latencies: list[float] = []
    icons: dict[int, str] = {}
    async with httpx.AsyncClient(timeout=600, limits=httpx.Limits(max_connections=callers)) as client:
        before, computed = await sizes(client, url), cpu(pid)

        async def caller() -> None:
            for number in numbers:
                body = {"words": WORDS[number % len(WORDS)], "seed": number, "n": 4, "budget": {"seconds": 600.0}}
                began = time.perf_counter()
                answer = await client.post(f"{url}/v1/generate", json=body)
                latencies.append(time.perf_counter() - began)
                answer.raise_for_status()
                drawn = "".join(draft["svg"] for draft in answer.json()["drafts"])
                icons[number] = hashlib.sha256(drawn.encode()).hexdigest()

        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        seconds = time.perf_counter() - began
        after = await sizes(client, url)
    batch = (after[0] - before[0]) / max(1.0, after[1] - before[1])
    return Row(arm, callers, seconds, latencies, batch, (cpu(pid) - computed) / count, icons)


async def sizes(client: httpx.AsyncClient, url: str) -> tuple[float, float]:
    """(requests drawn, batches) so far."""
    lines = (await client.get(f"{url}/metrics")).text.splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if line and line[0] != "#")
    return float(values["mnemicon_batch_size_sum"]), float(values["mnemicon_batch_size_count"])


def table(rows: list[Row]) -> Table:
    out = Table(title="requests of four drafts each")
    for column in ("server", "callers", "requests", "requests/s", "p50 s", "p95 s", "batch", "CPU s"):
        out.add_column(column, justify="left" if column == "server" else "right")
    for row in rows:
        out.add_row(
            row.arm, str(row.callers), str(len(row.latencies)), f"{len(row.latencies) / row.seconds:.2f}",
            f"{np.percentile(row.latencies, 50):.2f}", f"{np.percentile(row.latencies, 95):.2f}", f"{row.batch:.1f}",
            f"{row.cpu:.2f}" if row.cpu else "-",
        )  # fmt: skip
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="iconlm")
    parser.add_argument("--requests", type=int, nargs=3, default=(6, 24, 64), help="at 1, 8 and 32 callers")
    options = parser.parse_args()
    console = Console(width=130)
    rows: list[Row] = []
    for arm, arguments in ARMS.items():
        with server(options.model, *arguments) as (url, pid):
            for callers, count in zip(CALLERS, options.requests, strict=True):
                rows.append(asyncio.run(load(url, pid, arm, callers, count)))
                print(f"{arm}, {callers} callers: {rows[-1].seconds:.1f} s", file=sys.stderr, flush=True)
    console.print(table(rows))
    same = all(row.icons[n] == icon for row in rows for n, icon in rows[0].icons.items())
    same &= all(len({row.icons[n] for row in rows if n in row.icons}) == 1 for n in rows[-1].icons)
    console.print(f"the icons of all arms are {'equal' if same else 'NOT equal'}")
    if not same:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
