"""The caller's end of a render worker: start, ask, time out, restart, close.

Contract. ``Worker(engine).pictures(texts, size, want, background) -> list[bytes]``; raises RenderError, which says
which of the texts failed and how (error of the renderer, time, memory, crash). After a time-out or a crash the
next call starts a new process. Thread-safe (one request at a time for each worker); a forked child starts its own
process and leaves the parent's alone. ``start()`` returns at once: the process warms up meanwhile.
Measured (two cores, skia): first picture 0.1 to 0.2 s after ``start()``; one icon at 96 px there and back 0.35 ms.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from svggen.errors import RenderError
from svggen.render.worker import FRAME, HEADER

__all__ = ["Want", "Worker"]

Want: TypeAlias = Literal["rgba", "alpha", "png"]

SECONDS = 5.0
"""Wall clock for one picture; the slowest of 2,000 real icons takes under 0.1 s at 512 px."""
START_SECONDS = 20.0
"""For the process to come up and load its renderer; generous, since a cold disk or a full machine is no fault."""
MEGABYTES = 1536
BATCH = 32
"""SVG texts in one message."""

_BOOT = (
    "import sys; sys.path[:0] = {path!r}; from svggen.render.worker import serve; "
    "serve({engine!r}, {seconds!r}, {mb!r})"
)


def _boot(engine: str, seconds: float, megabytes: int) -> str:
    # The worker runs isolated (-I): neither PYTHONPATH nor the current folder reach it, so it is told where things are.
    home = str(Path(__file__).resolve().parents[2])
    path = [home, *(p for p in sys.path if p and p != home and os.path.isdir(p))]
    return _BOOT.format(path=path, engine=engine, seconds=seconds, mb=megabytes)


class Worker:
    """One renderer in one process. Construction is free; the process starts with the first use or ``start()``."""

    def __init__(self, engine: str, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.engine, self.seconds, self.megabytes = engine, seconds, megabytes
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        _workers.add(self)

    def start(self) -> None:
        """Start the process without waiting for it."""
        with self._lock:
            self._start()

    def pictures(
        self, texts: Sequence[bytes], size: int, want: Want, background: tuple[int, int, int] | None = None
    ) -> list[bytes]:
        """The pictures of ``texts`` at ``size`` px, in order; RenderError for the first that fails."""
        out: list[bytes] = []
        with self._lock:
            for first in range(0, len(texts), BATCH):
                out += self._exchange(texts[first : first + BATCH], size, want, background, first)
        return out

    def close(self) -> None:
        """End the process; the next use starts a new one."""
        with self._lock:
            self._stop()

    def __del__(self) -> None:
        if getattr(self, "_process", None) is not None:
            self._stop()

    # Everything below runs under the lock.

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _boot(self.engine, self.seconds, self.megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        _widen(self._process)
        return self._process

    def _exchange(
        self, texts: Sequence[bytes], size: int, want: Want, background: tuple[int, int, int] | None, first: int
    ) -> list[bytes]:
        process = self._start()
        header = json.dumps(
            {"size": size, "want": want, "background": background, "lengths": [len(t) for t in texts]}
        ).encode()
        out: list[bytes] = []
        failure: RenderError | None = None
        try:
            if not self._ready:
                status, payload = self._frame(process, START_SECONDS, "while starting")
                if status:
                    raise _Broken(f"{self.engine} cannot start: {payload.decode(errors='replace')}")
                self._ready = True
            self._write(process, b"".join((HEADER.pack(len(header)), header, *texts)))
            for index in range(len(texts)):
                status, payload = self._frame(process, self.seconds, f"on picture {first + index}")
                if status and failure is None:
                    reason = payload.decode(errors="replace")
                    failure = RenderError(f"{self.engine} failed on picture {first + index}: {reason}")
                out.append(payload)
        except _Broken as error:
            self._stop()
            raise RenderError(str(error)) from None
        except BaseException:  # an interrupt leaves half an answer in the pipe
            self._stop()
            raise
        if failure is not None:
            raise failure
        return out

    def _write(self, process: subprocess.Popen[bytes], data: bytes) -> None:
        assert process.stdin is not None
        view = memoryview(data)
        try:
            while view:
                view = view[process.stdin.write(view) or 0 :]
        except BrokenPipeError:
            raise _Broken(self._obituary(process, "before it read the request")) from None

    def _frame(self, process: subprocess.Popen[bytes], seconds: float, when: str) -> tuple[int, bytes]:
        deadline = time.monotonic() + seconds
        status, length = FRAME.unpack(self._read(process, FRAME.size, deadline, seconds, when))
        return status, self._read(process, length, deadline, seconds, when)

    def _read(self, process: subprocess.Popen[bytes], count: int, deadline: float, seconds: float, when: str) -> bytes:
        assert process.stdout is not None
        fd, data = process.stdout.fileno(), bytearray(count)
        rest = memoryview(data)
        while rest:
            wait = deadline - time.monotonic()
            if wait <= 0 or not _readable(fd, wait):
                raise _Broken(f"{self.engine} took more than {seconds:g} s {when} and was stopped")
            got = os.readv(fd, [rest])
            if not got:
                raise _Broken(self._obituary(process, when))
            rest = rest[got:]
        return bytes(data)

    def _obituary(self, process: subprocess.Popen[bytes], when: str) -> str:
        try:
            code = process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            return f"{self.engine} closed its pipe {when}"
        if code >= 0:
            return f"{self.engine} ended {when} (exit status {code})"
        name = signal.Signals(-code).name
        why = {
            "SIGXCPU": "out of CPU time",
            "SIGKILL": "killed, perhaps for memory",
            "SIGABRT": "aborted, perhaps for memory",
        }
        return f"{self.engine} crashed {when} ({name}: {why.get(name, 'its own fault')})"

    def _stop(self) -> None:
        process, self._process, self._ready = self._process, None, False
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        if process.poll() is None:
            process.kill()
        process.wait()

    def _abandon(self) -> None:
        """In a forked child: let go of the parent's process and make a lock that no vanished thread holds."""
        self._lock = threading.Lock()
        process, self._process, self._ready = self._process, None, False
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.returncode = 0  # not ours to wait for


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Give the answers' pipe room for a whole picture, so that the worker need not wait for the reader (Linux only)."""
    size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if size is not None and process.stdout is not None:
        with contextlib.suppress(OSError):  # the user's pipe quota is spent: it works all the same
            fcntl.fcntl(process.stdout.fileno(), size, 1 << 20)


def _readable(fd: int, seconds: float) -> bool:
    if hasattr(select, "poll"):  # select() cannot watch descriptors above 1023
        poll = select.poll()
        poll.register(fd, select.POLLIN | select.POLLHUP)
        return bool(poll.poll(seconds * 1000))
    return bool(select.select([fd], [], [], seconds)[0])


class _Broken(Exception):
    """The process cannot be used any more."""


_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


def _close_all() -> None:
    for worker in list(_workers):
        worker.close()


def _after_fork() -> None:
    for worker in list(_workers):
        worker._abandon()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
