"""Conversion in two processes, kept by set, so that a run that was cut off goes on.

Contract. ``convert(chosen, folder)`` gives what became of every icon (``rows.made``), by set and in order. A set that
is done is kept in the folder under a stamp of its icons and of our code; it is written whole or not at all, and what
cannot be read there is made again. ``alone(cache)`` keeps a second run out of the same cache.
"""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from svggen.errors import CorpusError
from svggen.training.choose import Candidate
from svggen.training.corpus.rows import Made, made
from svggen.training.corpus.table import arrow, written

__all__ = ["CHUNK", "alone", "convert", "read_made", "write_made"]

CHUNK: Final = 400
"""Icons that a worker is given at once: half a second of work."""
WORKERS: Final = 2
_CONVERTS: Final = ("icon", "safety", "geometry", "render")
"""The rooms of svggen that a conversion passes through."""


def convert(
    chosen: Mapping[str, list[Candidate]], folder: Path, say: Callable[[str, int, int], None]
) -> tuple[dict[str, list[Made]], int]:
    """(what became of every icon, how many were converted now and not found in the folder)."""
    total = sum(len(items) for items in chosen.values())
    paths = {name: folder / f"{name}-{_stamp(items)}.parquet" for name, items in chosen.items()}
    results: dict[str, list[Made]] = {}
    for name, items in chosen.items():
        held = read_made(paths[name])
        if held is not None and [m.name for m in held] == [c.name for c in items]:
            results[name] = held
    missing = {name: items for name, items in chosen.items() if name not in results}
    converted = sum(len(items) for items in missing.values())
    done = total - converted
    say("converting", done, total)
    parts: dict[str, dict[int, list[Made]]] = defaultdict(dict)
    for name, start, some in _worked(_chunks(missing)):
        parts[name][start] = some
        done += len(some)
        say(f"converting {name}", done, total)
        if sum(len(part) for part in parts[name].values()) == len(missing[name]):
            results[name] = [m for _, part in sorted(parts.pop(name).items()) for m in part]
            write_made(paths[name], results[name])
    for name in missing:
        results.setdefault(name, [])  # a set of which nothing may enter
        for other in folder.glob(f"{name}-{'?' * 16}.parquet"):
            if other != paths[name]:
                other.unlink(missing_ok=True)  # of older icons or older code
    return results, converted


def _chunks(missing: Mapping[str, list[Candidate]]) -> list[tuple[str, int, list[Candidate]]]:
    """Small sets first: they are done soonest, and what is done is not lost."""
    ordered = sorted(missing.items(), key=lambda item: len(item[1]))
    return [(name, at, items[at : at + CHUNK]) for name, items in ordered for at in range(0, len(items), CHUNK)]


def _worked(chunks: Sequence[tuple[str, int, list[Candidate]]]) -> Iterator[tuple[str, int, list[Made]]]:
    """Every chunk converted, in the order in which they are done; few are worth no second process."""
    if sum(len(items) for _, _, items in chunks) <= CHUNK:
        for name, start, items in chunks:
            yield name, start, made(items)
        return
    workers = max(1, min(WORKERS, os.cpu_count() or 1))
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start)
    waiting = {pool.submit(made, items): (name, start) for name, start, items in chunks}
    try:
        for future in as_completed(waiting):
            name, start = waiting.pop(future)
            yield name, start, future.result()
    except BrokenProcessPool:
        raise CorpusError(
            "a worker process ended in the middle (out of memory?); what was converted is kept: run again to go on"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start() -> None:
    """In a worker: Ctrl-C is the parent's to answer, and when the parent is gone nobody waits for the result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


@lru_cache(maxsize=1)
def _code() -> bytes:
    """Digest of the code that turns the text of an icon into a row."""
    root = Path(__file__).parents[2]
    files = [root / "training" / "convert.py", Path(__file__).with_name("rows.py")]
    for room in _CONVERTS:
        files += sorted((root / room).glob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.digest()


def _stamp(items: Iterable[Candidate]) -> str:
    digest = hashlib.sha256(_code())
    for c in items:
        digest.update(f"{c.name}\0{c.variant}\0{c.body}\0{c.box}\n".encode())
    return digest.hexdigest()[:16]


def write_made(path: Path, listed: Sequence[Made]) -> None:
    pa = arrow()
    types = {"phash": pa.uint64(), "n_commands": pa.int32(), "flags": pa.list_(pa.string()), "ink": pa.binary()}
    names = [f.name for f in fields(Made)]
    table = pa.table({n: pa.array([getattr(m, n) for m in listed], types.get(n, pa.string())) for n in names})
    written(path, lambda part: pa.parquet.write_table(table, part, compression="zstd"))


def read_made(path: Path) -> list[Made] | None:
    """What ``write_made`` kept; None where there is nothing that can be read."""
    pa = arrow()
    if not path.exists():
        return None
    try:
        columns = pa.parquet.read_table(path).to_pydict()
        columns["flags"] = [tuple(flags) for flags in columns["flags"]]
        return [Made(*values) for values in zip(*(columns[f.name] for f in fields(Made)), strict=True)]
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Holds the cache for one run; what runs that were killed left half-written there is removed."""
    from filelock import FileLock, Timeout

    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise CorpusError(
            f"another run is building a corpus with {cache}; wait for it or give another --cache"
        ) from None
    except OSError as error:
        raise CorpusError(f"cannot write in {cache}: {error.strerror or error}; give another --cache") from error
    try:
        for part in (*cache.glob("made/.*.part"), *cache.glob("npm/iconify/*.part")):
            part.unlink(missing_ok=True)
        yield
    finally:
        lock.release()
