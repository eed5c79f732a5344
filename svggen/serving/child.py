"""A replica in a process of its own: the parent's end (``ChildReplica``) and the child's (``main``).

Contract. The child loads the model, says hello (name, revision, whether it batches, or why it cannot), then answers
message by message; a message is a count and as many blobs, each with a kind and its length. Requests and drafts travel
in the wire format, so that nothing but data can pass. The child ends when its standard input does, and leaves SIGINT
and SIGTERM to the parent, which drains. A child that dies or hangs is started again; what it was drawing is drawn
again, each request alone, and fails only where the child dies of it a second time.

Why not multiprocessing: it runs the parent's main module again in the child, and speaks pickle.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import IO, TypeAlias

from svggen.errors import ModelError, SvgGenError
from svggen.models.base import DrawRequest
from svggen.serving.replicas import Answer, ReplicaLost, draw_all, load_model
from svggen.wire import drafts_from_json, drafts_to_json, request_from_json, request_to_json

__all__ = ["ChildReplica", "main"]

Blob: TypeAlias = tuple[int, bytes]
_COUNT, _HEAD = struct.Struct("<I"), struct.Struct("<BI")
_DATA, _MODEL_ERROR, _ERROR = 0, 1, 2
START_SECONDS = 900.0
"""For the weights to be read; 16 GB from a slow disk take minutes."""
GRACE = 60.0
"""Seconds beyond the budgets of its requests after which a child is taken to hang."""


class ChildReplica:
    """``model``: a name for ``get_model``. device: the value of CUDA_VISIBLE_DEVICES for the child, None: the parent's.
    warm: as for ``LocalReplica``."""

    def __init__(self, model: str, *, device: str | None = None, warm: bool = True) -> None:
        self.model, self.device, self.warm = model, device, warm
        self.name, self.revision, self.batches, self.lively = model, "", False, True
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def load(self) -> None:
        """Start the process and wait until its model is loaded."""
        self.close()
        options = json.dumps({"model": self.model, "gpu": self.device is not None, "warm": self.warm})
        environment = dict(os.environ) if self.device is None else os.environ | {"CUDA_VISIBLE_DEVICES": self.device}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BOOT.format(path=[p for p in sys.path if p]), options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment,
        )  # fmt: skip
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)  # a child that hangs must not hang us
        self.lively = False
        try:
            ((kind, data),) = self._read(START_SECONDS)
        except ReplicaLost as error:
            raise ModelError(f"the worker of {self.model} cannot start: {error}") from error
        if kind != _DATA:
            self.close()
            raise ModelError(json.loads(data)["message"])
        hello = json.loads(data)
        self.name, self.revision, self.batches = hello["name"], hello["revision"], hello["batches"]
        self.lively = True

    def draw(self, requests: Sequence[DrawRequest]) -> list[Answer]:
        try:
            return self._draw(requests)
        except ReplicaLost:
            return [self._again(request) for request in requests]

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """At once, whatever it is doing; from any thread."""
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()

    def _again(self, request: DrawRequest) -> Answer:
        """Alone, in a child that lives."""
        try:
            return self._draw([request])[0]
        except ReplicaLost as error:
            self.lively = False
            return error
        except ModelError as error:  # it could not be started again
            return error

    def _draw(self, requests: Sequence[DrawRequest]) -> list[Answer]:
        if self._process is None or self._process.poll() is not None:
            self.load()
        blobs = [(_DATA, request_to_json(request).encode()) for request in requests]
        self._write(_packed(blobs))
        answers = self._read(sum(request.budget.seconds for request in requests) + GRACE)
        if len(answers) != len(requests):
            raise self._lost("answered for another number of requests")
        return [_answer(kind, data) for kind, data in answers]

    def _write(self, data: bytes) -> None:
        assert self._process is not None and self._process.stdin is not None
        target, until = self._process.stdin.fileno(), time.monotonic() + GRACE
        view = memoryview(data)
        while view:
            if not _possible(target, select.POLLOUT, until):
                raise self._lost(f"hangs: it took no request for {GRACE:.0f} s")
            try:
                view = view[os.write(target, view) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._lost("ended before it read the requests") from None

    def _read(self, seconds: float) -> list[Blob]:
        assert self._process is not None and self._process.stdout is not None
        source, until = self._process.stdout.fileno(), time.monotonic() + seconds

        def take(count: int) -> bytes:
            out = bytearray()
            while len(out) < count:
                if not _possible(source, select.POLLIN, until):
                    raise self._lost(f"hangs: there was no answer in {seconds:.0f} s")
                got = os.read(source, count - len(out))
                if not got:
                    raise self._lost("ended")
                out += got
            return bytes(out)

        return _unpacked(take)

    def _lost(self, how: str) -> ReplicaLost:
        process = self._process
        if process is not None:
            process.kill()
            code = process.wait()
            how += f" (exit status {code})" if code >= 0 else f" ({signal.Signals(-code).name})"
        self.close()
        return ReplicaLost(f"the worker process of {self.model} {how}")


def _possible(descriptor: int, what: int, until: float) -> bool:
    """Can it be read from or written to before then? (select would not take the descriptors of a busy server.)"""
    waiting = select.poll()
    waiting.register(descriptor, what)
    return bool(waiting.poll(max(0.0, until - time.monotonic()) * 1000))


def _answer(kind: int, data: bytes) -> Answer:
    if kind == _DATA:
        return drafts_from_json(data)
    said = json.loads(data)
    return ModelError(said["message"]) if kind == _MODEL_ERROR else RuntimeError(f"{said['kind']}: {said['message']}")


def _packed(blobs: Sequence[Blob]) -> bytes:
    parts = [_COUNT.pack(len(blobs))]
    for kind, data in blobs:
        parts += [_HEAD.pack(kind, len(data)), data]
    return b"".join(parts)


def _unpacked(take: Callable[[int], bytes]) -> list[Blob]:
    out = []
    for _ in range(_COUNT.unpack(take(_COUNT.size))[0]):
        kind, length = _HEAD.unpack(take(_HEAD.size))
        out.append((kind, take(length)))
    return out


# ----------------------------------------------------------------------------------------------------------- the child

# Its imports are those of the parent, wherever it was started from.
_BOOT = "import sys; sys.path[:] = {path!r}; from svggen.serving.child import main; main(sys.argv[1])"


def main(options: str) -> None:
    """Runs until standard input ends. What libraries print goes to standard error: the other one is the wire."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = sys.stdin.buffer
    said = json.loads(options)
    try:
        if said["gpu"]:
            _check_gpu()
        from svggen.models import get_model

        model = get_model(said["model"])
        load_model(model, warm=said["warm"])
    except Exception as error:  # the parent is told, whatever it is
        _send(out, [_failure(error)])
        return
    batches = hasattr(model, "generate_many")
    hello = {"name": model.name, "revision": model.revision, "batches": batches}
    _send(out, [(_DATA, json.dumps(hello).encode())])
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            requests = [request_from_json(data) for _, data in _unpacked(lambda count: _exactly(source, count))]
            _send(out, [_told(answer) for answer in draw_all(model, requests)])


def _check_gpu() -> None:
    import torch

    if not torch.cuda.is_available():
        name = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        raise ModelError(f"there is no GPU {name!r} here; see nvidia-smi -L, or leave --gpus out")


def _told(answer: Answer) -> Blob:
    return _failure(answer) if isinstance(answer, Exception) else (_DATA, drafts_to_json(answer).encode())


def _failure(error: Exception) -> Blob:
    kind = _MODEL_ERROR if isinstance(error, SvgGenError) else _ERROR
    return kind, json.dumps({"kind": type(error).__name__, "message": str(error)[:2_000]}).encode()


def _send(out: IO[bytes], blobs: Sequence[Blob]) -> None:
    out.write(_packed(blobs))
    out.flush()


def _exactly(source: IO[bytes], count: int) -> bytes:
    data = source.read(count)
    if len(data) < count:
        raise EOFError
    return data
