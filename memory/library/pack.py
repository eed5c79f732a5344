"""The data file: named sections behind one header, read through a memory map.

Contract. Layout: 8 bytes magic and version, 4 bytes length of the header (little endian), the header as JSON, then the
sections, each at a multiple of 64 bytes. The header holds for each section its place, length, kind and sha256, and what
``meta`` the builder put there. Opening reads the header only; a section is checked against its sha256 when it is first
used, so that damage anywhere is one ``LibraryError`` that names the file, and never a wrong icon.

Section kinds: "raw" bytes; "lzma" bytes, compressed whole; "i1 u1 u2 u4 f4" arrays (with shape), of which those whose
kind ends with "z" are compressed whole and read into memory, and the others stay in the map.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from memory.errors import LibraryError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

__all__ = ["MAGIC", "Pack", "write_pack"]

MAGIC: Final = b"MNICON\x00\x01"
_ALIGN: Final = 64
_HEADER_LIMIT: Final = 1 << 20
_PRESET: Final = 9 | lzma.PRESET_EXTREME
_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": _PRESET, "dict_size": 1 << 22, "lc": 3, "lp": 0, "pb": 0}]


class Pack:
    """A data file, open. Thread-safe for reading; ``close`` when done (or leave it to the process)."""

    def __init__(self, path: Path, header_sha256: str | None = None) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                start = file.read(12)
                size = int.from_bytes(start[8:12], "little")
                header = file.read(size) if start[:8] == MAGIC and size <= _HEADER_LIMIT else b""
                if not header:
                    raise self._bad("is not an icon library of this version")
                self.digest = hashlib.sha256(header).hexdigest()
                if header_sha256 is not None and self.digest != header_sha256:
                    raise self._bad("is damaged or of another version")
                try:
                    parsed = json.loads(header)
                except ValueError as error:
                    raise self._bad("is damaged or of another version") from error
                self.meta: Mapping[str, Any] = parsed["meta"]
                self._sections: Mapping[str, Any] = parsed["sections"]
                expected = parsed["size"]
                self.size = file.seek(0, 2)
                if self.size != expected:
                    raise self._bad(f"has {self.size} bytes instead of {expected}")
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise self._bad(f"cannot be read ({error.strerror})") from error
        self._checked: set[str] = set()

    def _bad(self, why: str) -> LibraryError:
        return LibraryError(f"the icon library {self.path} {why}; reinstall mnemicon")

    def _bytes(self, name: str) -> tuple[memoryview, Mapping[str, Any]]:
        section = self._sections[name]
        start = section["at"]
        data = memoryview(self._map)[start : start + section["length"]]
        if name not in self._checked:
            if hashlib.sha256(data).hexdigest() != section["sha256"]:
                raise self._bad(f"is damaged (section {name})")
            self._checked.add(name)
        return data, section

    def check(self) -> None:
        """Every section against its sha256: LibraryError where one is damaged."""
        for name in self._sections:
            self._bytes(name)

    def slice(self, name: str, start: int, end: int) -> bytes:
        """Part of a raw section, not checked as a whole: its own checksum is the reader's business."""
        at = self._sections[name]["at"]
        return self._map[at + start : at + end]

    def data(self, name: str) -> bytes:
        """A raw or lzma section as bytes."""
        data, section = self._bytes(name)
        if section["kind"] == "lzma":
            return lzma.decompress(data, format=lzma.FORMAT_RAW, filters=_FILTERS)
        return bytes(data)

    def array(self, name: str) -> Array:
        """An array section, read-only; from the map without a copy unless it is compressed."""
        import numpy as np

        data, section = self._bytes(name)
        kind = section["kind"]
        if kind.endswith("z"):
            raw = lzma.decompress(data, format=lzma.FORMAT_RAW, filters=_FILTERS)
            return np.frombuffer(raw, f"<{kind[:-1]}").reshape(section["shape"])
        return np.frombuffer(data, f"<{kind}").reshape(section["shape"])

    def sizes(self) -> dict[str, int]:
        """Bytes of each section in the file."""
        return {name: section["length"] for name, section in self._sections.items()}


def write_pack(path: Path, meta: Mapping[str, Any], sections: Mapping[str, tuple[str, Any]]) -> str:
    """Write the file; sections are name -> (kind, bytes or array). Returns the sha256 of the header."""
    table: dict[str, Any] = {}
    bodies: list[bytes] = []
    for name, (kind, value) in sections.items():
        entry: dict[str, Any] = {"kind": kind}
        data = value
        if kind not in ("raw", "lzma"):
            entry["shape"] = list(value.shape)
            data = value.astype(f"<{kind.rstrip('z')}").tobytes()
        if kind == "lzma" or kind.endswith("z"):
            data = lzma.compress(data, format=lzma.FORMAT_RAW, filters=_FILTERS)
        entry |= {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        table[name] = entry
        bodies.append(data)
    header = _laid_out(meta, table)
    with path.open("wb") as file:
        file.write(MAGIC + len(header).to_bytes(4, "little") + header)
        for entry, data in zip(table.values(), bodies, strict=True):
            file.write(bytes(entry["at"] - file.tell()))
            file.write(data)
    return hashlib.sha256(header).hexdigest()


def _laid_out(meta: Mapping[str, Any], table: dict[str, Any]) -> bytes:
    """The header with every place filled in; repeated until its own length no longer moves them."""
    header = b""
    while True:
        at = 12 + len(header)
        for entry in table.values():
            at = -(-at // _ALIGN) * _ALIGN
            entry["at"] = at
            at += entry["length"]
        text = json.dumps({"size": at, "meta": meta, "sections": table}, separators=(",", ":"), sort_keys=True)
        data = text.encode()
        if len(data) == len(header):
            return data
        header = data
