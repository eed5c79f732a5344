"""The process that renders, apart from the caller: ``serve(engine)`` reads requests on stdin and answers on stdout.

Protocol (all integers little-endian). Request: ``<I`` header length, header as JSON
``{"size": px, "want": "rgba"|"alpha"|"png", "background": [r, g, b]|null, "lengths": [bytes of each SVG]}``, then the
SVG texts one after the other. Answer, one frame for each SVG in order: ``<BI`` status (0 done, 1 failed) and length,
then the picture's bytes or the error as UTF-8 text. Before the first request the worker sends one frame: status 0 and
the engine's name, or status 1 and why it cannot start. End of input ends the worker.

Limits: RLIMIT_AS bounds memory for the whole life; RLIMIT_CPU is set anew before each SVG, so that a drawing that loops
dies by SIGXCPU even where the parent is gone and cannot kill it. The parent's own clock is the first line
(``client.py``).
Nothing here imports numpy: the worker must be up in a tenth of a second.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from typing import BinaryIO

from svggen.render.engines import ENGINES

__all__ = ["FRAME", "HEADER", "serve"]

HEADER = struct.Struct("<I")
FRAME = struct.Struct("<BI")


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system: the parent's clock alone guards
        return
    size = megabytes * 1024 * 1024
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


def _limit_cpu(seconds: float) -> None:
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # Whole seconds only; one more than the parent's clock, which is exact and says better what happened.
    wanted = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _read(stream: BinaryIO, count: int) -> bytes | None:
    data = stream.read(count)
    return data if len(data) == count else None


def _send(stream: BinaryIO, status: int, payload: bytes) -> None:
    stream.write(FRAME.pack(status, len(payload)) + payload)
    stream.flush()


def serve(engine: str, seconds: float, megabytes: int) -> None:
    """Answer requests until end of input. ``seconds`` of CPU a picture, ``megabytes`` of address space in all."""
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller; it closes our input
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not enter the protocol
    _limit_memory(megabytes)
    draw = ENGINES[engine]
    try:
        warm = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8" viewBox="0 0 8 8"><path d="M1 1h6v6z"/></svg>'
        )
        draw(warm.encode(), 8, None).rgba()
    except BaseException as error:  # resvg's panics are no Exceptions
        _send(sink, 1, f"{type(error).__name__}: {error}".encode())
        return
    _send(sink, 0, engine.encode())
    while (head := _read(source, HEADER.size)) is not None:
        raw = _read(source, HEADER.unpack(head)[0])
        if raw is None:
            return
        header = json.loads(raw)
        texts = [_read(source, length) for length in header["lengths"]]
        size, want, ground = header["size"], header["want"], header["background"]
        background = None if ground is None else (ground[0], ground[1], ground[2])
        for text in texts:
            if text is None:
                return
            _limit_cpu(seconds)
            try:
                status, payload = 0, getattr(draw(text, size, background), want)()
            except BaseException as error:
                status, payload = 1, f"{type(error).__name__}: {error}"[:500].encode()
            _send(sink, status, payload)
