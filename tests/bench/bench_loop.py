"""How long a drawing takes: warm in one process, and cold as a process of its own.

    python tests/bench/bench_loop.py [--repeats 3] [--no-cold]

Warm: ``design_icon`` with n=4 and 2 rounds over 24 prompts, with a style that memory knows and three accepted icons;
each prompt is new to the process's caches the first time (shown apart) and known afterwards. Cold: ``mnemicon draw``
as a process with a fresh home, with the time of each import and stage as the program itself reports it, and the twelve
heaviest packages of ``python -X importtime``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

PROMPTS = tuple(
    "a coffee cup|paper plane|calendar with a check mark|shopping cart|bell crossed out|user in a circle|house|trash|"
    "settings|email|two arrows|cloud with rain|a heart|camera|lock|bicycle|map pin|rocket|folder plus|microphone off|"
    "battery|light bulb|umbrella|key".split("|")
)
COMMAND = (
    "import sys; from agent.cli import main; "
    "sys.argv = ['mnemicon', 'draw', 'a rounded coffee cup', '--timings', '--json', '--out', sys.argv[1]]; main()"
)
WARM_LIMIT, COLD_LIMIT = 0.5, 3.0
"""Seconds that issue 2 allows on two idle cores."""


def warm(console: Console, repeats: int) -> float:
    """Median seconds of a warm call."""
    from agent import accept_icon, design_icon

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        design_icon("from now on 1.5px strokes, round caps, teal", home=home)
        for prompt in ("a star", "a flag", "a book"):
            design_icon(prompt, home=home)
            accept_icon(home=home)
        first: list[float] = []
        times: list[float] = []
        rounds: Counter[int] = Counter()
        stages: dict[str, list[float]] = defaultdict(list)
        for repeat in range(repeats + 1):
            for prompt in PROMPTS:
                result = design_icon(prompt, home=home, n=4, rounds=2, seed=repeat)
                (times if repeat else first).append(result.seconds["total"])
                if repeat:
                    rounds[result.rounds] += 1
                    for stage, seconds in result.seconds.items():
                        stages[stage].append(seconds)
    table = Table(title=f"warm design_icon, n=4, rounds=2, {len(PROMPTS)} prompts x {repeats}, seconds")
    for column in ("stage", "p50", "p95", "max"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for stage, values in stages.items():
        table.add_row(stage, *(f"{v:.3f}" for v in (statistics.median(values), percentile(values, 0.95), max(values))))
    table.add_row(
        "total, prompt new", *(f"{v:.3f}" for v in (statistics.median(first), percentile(first, 0.95), max(first)))
    )
    console.print(table)
    console.print(f"rounds drawn: {dict(sorted(rounds.items()))}")
    return statistics.median(times)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def cold(console: Console, repeats: int) -> float:
    """Median seconds of the process."""
    times: list[float] = []
    stages: dict[str, list[float]] = defaultdict(list)
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            done = run([], folder)
            times.append(time.perf_counter() - start)
            data = json.loads(done.stdout)
            for name, seconds in {
                **data.get("timings", {}),
                **{f"  {k}": v for k, v in data["seconds"].items()},
            }.items():
                stages[name].append(seconds)
    table = Table(title=f"cold mnemicon draw, {repeats} processes with fresh homes, median seconds")
    table.add_column("stage")
    table.add_column("seconds", justify="right")
    for name, values in stages.items():
        table.add_row(name, f"{statistics.median(values):.3f}")
    table.add_row("the whole process", f"{statistics.median(times):.3f}", style="bold")
    console.print(table)
    imports(console)
    return statistics.median(times)


def run(options: list[str], folder: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MNEMICON_HOME": f"{folder}/home"}
    command = [sys.executable, *options, "-c", COMMAND, f"{folder}/out"]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)


def imports(console: Console) -> None:
    """Own time of each package's modules, from ``-X importtime`` (which itself slows the imports by about a third)."""
    with tempfile.TemporaryDirectory() as folder:
        report = run(["-X", "importtime"], folder).stderr
    own: Counter[str] = Counter()
    for line in report.splitlines():
        fields = line.removeprefix("import time:").split("|")
        if len(fields) == 3 and fields[0].strip().isdigit():
            own[fields[2].strip().split(".")[0]] += int(fields[0])
    table = Table(title=f"imports of a cold draw: {sum(own.values()) / 1e6:.2f} s in all (traced)")
    table.add_column("package")
    table.add_column("ms", justify="right")
    for package, microseconds in own.most_common(12):
        table.add_row(package, f"{microseconds / 1000:.0f}")
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-cold", action="store_true")
    options = parser.parse_args()
    console = Console()
    load = os.getloadavg()[0]
    console.print(f"load average at the start: {load:.1f} on {os.cpu_count()} cores")
    took = [("warm median", warm(console, options.repeats), WARM_LIMIT)]
    if not options.no_cold:
        took.append(("cold process", cold(console, options.repeats), COLD_LIMIT))
    for name, seconds, limit in took:
        console.print(f"{name}: {seconds:.3f} s, limit {limit:g} s: {'held' if seconds < limit else 'NOT held'}")


if __name__ == "__main__":
    main()
