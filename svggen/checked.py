"""Files that ship with the program, read only where they are the very ones it was built with.

Contract. ``checked_bytes`` gives the bytes of a file whose sha256 is the one expected; ``WeightsError`` else: missing
or unreadable, cut short, altered, of another version. One read, one pass over the bytes (24 MB: 15 ms).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from svggen.errors import WeightsError

__all__ = ["checked_bytes"]


def checked_bytes(path: Path, sha256: str, what: str = "weights") -> bytes:
    """The bytes of ``path``, if they are the ones with this digest (hex). what: for the message, "judge" say."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{what} file {path} cannot be read: {error.strerror}; reinstall mnemicon") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise WeightsError(f"{what} file {path} is damaged or of another version; reinstall mnemicon")
    return data
