"""The lines of a recording: what was asked at a seam and what came, under the sha256 of the request.

Contract. A line is JSON: ``{"seam", "in": number of the call, "key", "request", "response" or "error", "seconds"}``
for what was asked; calls, icons, kept drawings and earlier turns have lines of their own (``agent.replay.bundle``).
``key_of`` is the key of a request; it does not depend on how a picture was rendered. ``Shelf`` gives the recorded
answers out: for a seam with memory in the order of their recording, each once; for a pure function as often as it is
asked. Safe under threads.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from agent.errors import BundleError

__all__ = [
    "ASKED",
    "PURE",
    "Line",
    "Shelf",
    "alike",
    "canonical",
    "key_of",
    "look_of",
    "read_lines",
    "said",
    "write_line",
]

Line: TypeAlias = dict[str, Any]

PURE: Final = ("eye", "embed", "pointing", "drawable", "library")
"""Functions of their request alone: the judge, the text embedder, the shipped library."""
ASKED: Final = ("memory", "model", "llm", "late", *PURE)
"""Seams that answer requests. late: whether the time of a drawing was over."""
SIDE: Final = 16
ALIKE: Final = (12, 110)
"""Mean and greatest difference of two looks, of 255, up to which pictures are the same. Three renderers' pictures of 60
Tabler icons at 64 and 16 px differ by at most 6.5 and 96; a line that is missing makes a difference of 150 and more."""
MAX_LINE: Final = 64_000_000
"""Bytes."""


def canonical(data: Any) -> str:
    """One text for equal data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def key_of(seam: str, request: Mapping[str, Any]) -> str:
    """sha256. Pictures count by their number alone: ``alike`` tells them apart."""
    counted = {k: len(v) if k == "pictures" else v for k, v in request.items()}
    return hashlib.sha256(f"{seam}\n{canonical(counted)}".encode("utf-8", "surrogatepass")).hexdigest()


def look_of(png: bytes) -> str:
    """A picture as 16 x 16 greys, in hexadecimal: what is left of it whatever has drawn it."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    return small.tobytes().hex()


def alike(a: Iterable[str], b: Iterable[str]) -> bool:
    """Do two lists of looks show the same?"""
    try:
        pairs = [(bytes.fromhex(x), bytes.fromhex(y)) for x, y in zip(a, b, strict=True)]
    except (ValueError, TypeError):
        return False
    return all(len(x) == len(y) and _same(x, y) for x, y in pairs)


def _same(a: bytes, b: bytes) -> bool:
    apart = [abs(p - q) for p, q in zip(a, b, strict=True)]
    return not apart or (sum(apart) / len(apart) <= ALIKE[0] and max(apart) <= ALIKE[1])


def said(line: Mapping[str, Any]) -> str:
    """A request in a few words: "memory.recall 'paper plane'"."""
    request = line.get("request") or {}
    name = request.get("name") or ".".join(x for x in (line["seam"], request.get("method"), request.get("model")) if x)
    query, inputs = (x if isinstance(x, dict) else {} for x in (request.get("query"), request.get("inputs")))
    words = (
        request.get("words") or query.get("words") or inputs.get("prompt") or inputs.get("text") or request.get("text")
    )
    return f"{name} {str(words)[:60]!r}" if words else str(name)


# --------------------------------------------------------------------------------------------------------------- files


def write_line(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(", ", ": "), allow_nan=False) + "\n"


def read_lines(data: bytes, name: str) -> Iterator[Line]:
    """BundleError names the line that is none."""
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            if len(raw) > MAX_LINE:
                raise ValueError("it is too long")
            line = json.loads(raw.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise BundleError(f"{name} line {number} is not JSON: {str(error)[:80]}") from error
        if not isinstance(line, dict):
            raise BundleError(f"{name} line {number} is not a JSON object")
        yield line


# ------------------------------------------------------------------------------------------------------------- answers


class Shelf:
    """The lines of a recording that answer requests (also the calls, whose seam is "call")."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = [line for line in lines if line.get("seam") in (*ASKED, "call")]
        self._by_key: dict[str, list[Line]] = defaultdict(list)
        for line in self._lines:
            self._by_key[line["key"]].append(line)
        self._used: set[int] = set()
        self._lock = threading.Lock()

    def take(self, seam: str, request: Mapping[str, Any]) -> Line | None:
        """The next answer to this request; None where none is left, or none was recorded."""
        looks = [p.get("look") for p in request.get("pictures") or ()]
        with self._lock:
            for line in self._by_key.get(key_of(seam, request), ()):
                if id(line) in self._used and seam not in PURE:
                    continue
                if looks and not alike(looks, [p.get("look") for p in line["request"]["pictures"]]):
                    continue
                same = self._by_key[line["key"]] if seam in PURE else [line]
                self._used.update(map(id, same))
                return line
        return None

    def recorded(self, seam: str, request: Mapping[str, Any]) -> list[Line]:
        """All answers to this very request, used or not."""
        return list(self._by_key.get(key_of(seam, request), ()))

    def of(self, seam: str) -> list[Line]:
        return [line for line in self._lines if line["seam"] == seam]

    def unused(self) -> list[Line]:
        return [line for line in self._lines if id(line) not in self._used and not line.get("spare")]
