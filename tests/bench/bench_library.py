"""The icon library: how fast it opens, answers and gives icons, and what it finds.

    python tests/bench/bench_library.py

Times are CPU-bound on one core; "asked before" is not measured: every query is new, its embedding included.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from memory.library import Library  # noqa: E402
from memory.library.library import DATA  # noqa: E402
from memory.library.text import tokens  # noqa: E402

QUERIES = (ROOT / "tests/memory/library_queries.txt").read_text(encoding="utf-8").splitlines()
OPEN = (
    "import time; t = time.perf_counter(); from memory.library import open_library; u = time.perf_counter();"
    "open_library(); print((u - t) * 1000, (time.perf_counter() - u) * 1000)"
)


def main() -> None:
    rows: list[tuple[str, str]] = []
    command = [sys.executable, "-c", OPEN]
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(5)]
    imported, opened = np.median([[float(v) for v in run.split()] for run in runs], axis=0)
    rows.append(("import, open (cold process)", f"{imported:.1f} ms, {opened:.1f} ms"))
    before = _resident()
    library = Library()
    library.search("warm")
    library.search("qwzx plorb")  # loads the embedder
    stats = library.stats()
    rows.append(("memory with everything loaded, embedder included", f"{_resident() - before:.0f} MB"))
    pairs = [line.split("\t") for line in QUERIES if line and not line.startswith("#")]
    style = library.style_vectors(np.array([0]))[0]
    for label, wanted in (("search", None), ("search with a style", style)):
        times = []
        for query, _ in pairs:
            start = time.perf_counter()
            library.search(f"{query} " if wanted is None else f" {query}", style=wanted)
            times.append((time.perf_counter() - start) * 1000)
        p50, p95 = np.percentile(times, [50, 95])
        rows.append((f"{label}: p50, p95 of {len(pairs)}", f"{p50:.1f} ms, {p95:.1f} ms"))
    hits = [_found(library, query, words, 5) for query, words in pairs]
    rows.append(("queries with the concept among the first five", f"{100 * np.mean(hits):.1f} %"))
    rows.append(("... as the first", f"{100 * np.mean([_found(library, q, w, 1) for q, w in pairs]):.1f} %"))
    picks = np.random.default_rng(0).integers(0, len(library), 500)
    start = time.perf_counter()
    for i in picks.tolist():
        library.icon(i)
    rows.append(("one icon, anywhere", f"{(time.perf_counter() - start) * 1000 / len(picks):.2f} ms"))
    rows.append(("icons, drawings, concepts", f"{stats['icons']:,}, {stats['drawings']:,}, {stats['concepts']:,}"))
    rows.append(("sets, licences", f"{sum(1 for s in stats['sets'] if s['icons'])}, {stats['licences']}"))
    rows.append(("file", f"{DATA.stat().st_size / 1e6:.2f} MB"))
    table = Table("what", "measured", title="icon library")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _found(library: Library, query: str, words: str, limit: int) -> bool:
    names = [set(tokens(hit.name)) for hit in library.search(query, limit=limit)]
    return any(set(tokens(phrase)) <= name for phrase in words.split("|") for name in names)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
