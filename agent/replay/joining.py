"""Recording whole processes: ``MNEMICON_RECORD=PATH`` in the environment, also of several at once.

    MNEMICON_RECORD=bundles/cups mnemicon draw "a cup"          # or: mnemicon record bundles/cups -- COMMAND…

Contract. Each process appends what it asks to a file of its own in ``PATH.parts``, a line at a time: one that is killed
loses no more than the call that was under way. When a process ends, all parts that are there are joined into the bundle
``PATH``: in the order in which the processes began, memory as the first of them found it, users by one name each.
``mnemicon record`` joins them once, when its command has ended, and removes the folder. BundleError where another
bundle is at ``PATH`` already.
"""

from __future__ import annotations

import atexit
import base64
import hashlib
import json
import os
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from agent.errors import BundleError
from agent.replay.bundle import check_place, write_bundle
from agent.replay.names import Users, alias
from agent.replay.recording import Recorder, about_of, in_order
from agent.replay.tape import Line, read_lines, write_line

__all__ = ["begun", "join", "parts_of", "recorder_of_process"]

PARENT: Final = "parent"
"""A file in the folder of parts: somebody waits for the processes and joins their parts."""
USERS: Final = "users.json"
LOCK: Final = "lock"
BUSY: Final = 30.0
"""Seconds that a process waits for the others."""


def parts_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.parts")


@contextmanager
def begun(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """The folder for the parts of processes that are started in the block; they do not join them themselves."""
    path = path.absolute()
    check_place(path, replace=replace)
    folder = parts_of(path)
    if folder.exists():
        raise BundleError(
            f"{folder} is there: another recording of {path.name} is under way, or was cut off: remove it"
        )
    folder.mkdir(parents=True)
    (folder / PARENT).touch()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --------------------------------------------------------------------------------------------------------- one process

_recorders: dict[tuple[str, int], Recorder] = {}
_lock = threading.Lock()


def recorder_of_process(path: str) -> Recorder:
    """The recorder that ``MNEMICON_RECORD`` asks for, the same for the whole process (a forked one has its own)."""
    key = (path, os.getpid())
    with _lock:
        if key not in _recorders:
            _recorders[key] = _begin(Path(path).absolute())
        return _recorders[key]


def _begin(path: Path) -> Recorder:
    folder = parts_of(path)
    if not folder.exists():
        check_place(path, replace=False)
        folder.mkdir(parents=True, exist_ok=True)
    sink = _PartFile(folder / f"{time.time_ns()}-{os.getpid()}.jsonl")
    if not (folder / PARENT).exists():
        atexit.register(_end, path, os.getpid())
    return Recorder(sink, _shared_names(folder))


def _end(path: Path, pid: int) -> None:
    if pid == os.getpid():
        try:
            join(path)
        except (OSError, BundleError) as error:
            sys.stderr.write(
                f"mnemicon: the recording could not be written: {error}; its parts are in {parts_of(path)}\n"
            )


class _PartFile:
    """A Sink that is on disk with every line. The file appears with the first of them."""

    def __init__(self, path: Path) -> None:
        self._path, self._pid = path, os.getpid()
        self._lock = threading.Lock()

    def line(self, line: Line) -> None:
        self._append({"line": line})

    def memory(self, record: Mapping[str, Any]) -> None:
        self._append({"memory": dict(record)})

    def picture(self, digest: str, data: bytes) -> None:
        self._append({"picture": digest, "data": base64.b64encode(data).decode("ascii")})

    def about(self, facts: Mapping[str, Any]) -> None:
        self._append({"about": dict(facts)})

    def _append(self, entry: Mapping[str, Any]) -> None:
        data = write_line(entry).encode("utf-8", "surrogatepass")
        with self._lock:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, data)
            finally:
                os.close(handle)


def _shared_names(folder: Path) -> Users:
    """Names of users that all processes of a recording agree on; on disk are salted hashes alone."""
    from filelock import FileLock

    known: dict[tuple[str, str], str] = {}

    def name(home: Path, user: str) -> str:
        key = (str(home), user)
        if key not in known:
            with FileLock(folder / LOCK, timeout=BUSY):
                file = folder / USERS
                new: dict[str, Any] = {"salt": secrets.token_hex(16), "users": []}
                data = json.loads(file.read_text()) if file.exists() else new
                digest = hashlib.sha256(f"{data['salt']}\0{home}\0{user}".encode()).hexdigest()
                if digest not in data["users"]:
                    data["users"].append(digest)
                    beside = file.with_suffix(".new")
                    beside.write_text(json.dumps(data))
                    beside.replace(file)
                known[key] = alias(data["users"].index(digest))
        return known[key]

    return name


# ------------------------------------------------------------------------------------------------------------- joining


def join(path: Path, *, replace: bool = True) -> Path | None:
    """Makes the bundle of all parts that are there; None where nothing was recorded."""
    from filelock import FileLock

    path = path.absolute()
    folder = parts_of(path)
    with FileLock(folder / LOCK, timeout=BUSY):
        parts = [_Part(file) for file in sorted(folder.glob("*.jsonl"), key=lambda f: int(f.name.partition("-")[0]))]
        lines = _joined(parts)
        if not lines:
            return None
        facts: dict[str, Any] = {}
        for part in parts:
            facts = {**_more(facts, part.facts)}
        memory, seen = [], set[str]()
        for part in parts:
            memory += [r for r in part.memory if r["user"] not in seen]
            seen |= {r["user"] for r in part.memory} | part.asked
        pictures = {k: v for part in parts for k, v in part.pictures.items()}
        return write_bundle(path, in_order(lines), memory, pictures, about_of(facts, lines), replace=replace)


class _Part:
    """What one process has written; a line that was cut off is left out."""

    def __init__(self, file: Path) -> None:
        data = file.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        self.lines: list[Line] = []
        self.memory: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}
        self.facts: dict[str, Any] = {}
        for entry in read_lines(whole, file.name):
            if "line" in entry:
                self.lines.append(entry["line"])
            elif "memory" in entry:
                self.memory.append(entry["memory"])
            elif "picture" in entry:
                self.pictures[str(entry["picture"])] = base64.b64decode(entry["data"])
            elif "about" in entry:
                self.facts = entry["about"]
        self.asked = {str(line["request"].get("user")) for line in self.lines if line["seam"] == "memory"}


def _joined(parts: Sequence[_Part]) -> list[Line]:
    """The lines of all, calls numbered through; what an earlier process had made is not what was there before."""
    out: list[Line] = []
    made: set[tuple[Any, ...]] = set()
    count = 0
    for part in parts:
        calls = {line["n"] for line in part.lines if line["seam"] == "call"}
        later: set[tuple[Any, ...]] = set()
        for line in part.lines:
            what = _what(line)
            if what in made or (line.get("in") is not None and line["in"] not in calls):
                continue  # known already, or of a call that was cut off
            later |= {what} if what else set()
            later |= _talked(line)
            out.append({**line, **{k: line[k] + count for k in ("n", "in") if line.get(k) is not None}})
        made |= later
        count += max(calls, default=0)
    return out


def _what(line: Line) -> tuple[Any, ...] | None:
    """What must stand once: an icon, a kept drawing (also one that was made), the turns of a conversation."""
    if line["seam"] in ("kept", "made"):
        return "drawing", line["user"], line["id"]
    if line["seam"] == "icon":
        return "icon", line["id"]
    return ("turns", line["user"], line["session"]) if line["seam"] == "turns" else None


def _talked(line: Line) -> set[tuple[Any, ...]]:
    inputs = line["request"].get("inputs") or {} if line["seam"] == "call" else {}
    return {("turns", inputs.get("user"), inputs["session"])} if inputs.get("session") else set()


def _more(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of two processes: models and seeds of both, all else of the first."""
    models = {**(new.get("models") or {}), **(known.get("models") or {})}
    seeds = list(dict.fromkeys([*(known.get("seeds") or ()), *(new.get("seeds") or ())]))
    settings = known.get("settings") or new.get("settings") or {}
    return {**new, **known, "models": models, "seeds": seeds, "settings": settings}
