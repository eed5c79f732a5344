"""Whose icon is this? Drawings that IconLM has by heart, told from those that it made up.

Contract. ``repeated(ids)`` gives (set, licence) where the tokens, EOS included, are exactly those of an icon that it
was trained on, else None: nearly half of what it draws of common subjects is (tests/bench/bench_iconlm.py), and who
drew it is to be named. The table ships beside the weights (``svggen/weights/iconlm/seen.safetensors``): a 64-bit hash
of each training drawing and the number of its set; ``write`` makes it. A near copy is not found. Errors:
``WeightsError`` where the file is missing or damaged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svggen.checked import checked_bytes
from svggen.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.training.pack import Pack

__all__ = ["FILE", "SHA256", "repeated", "write"]

FILE = Path(__file__).resolve().parents[2] / "weights" / "iconlm" / "seen.safetensors"
SHA256 = "ef32897413266b444c711af01d368957ddcda82fcb653c849b44b7c85352a750"  # set by scripts/ship_iconlm.py


@dataclass(frozen=True)
class _Table:
    """hashes uint64, sorted; sets uint8 into names; names: (set, licence)."""

    hashes: npt.NDArray[np.uint64]
    sets: npt.NDArray[np.uint8]
    names: tuple[tuple[str, str], ...]


def repeated(ids: Sequence[int]) -> tuple[str, str] | None:
    """(set, licence) of the training icon that these tokens draw; None where it is none."""
    import numpy as np

    table = _table()
    wanted = np.uint64(_hash(ids))
    at = int(np.searchsorted(table.hashes, wanted))
    if at < len(table.hashes) and table.hashes[at] == wanted:
        return table.names[int(table.sets[at])]
    return None


def _hash(ids: Sequence[int]) -> int:
    import numpy as np

    return int.from_bytes(hashlib.blake2b(np.asarray(ids, "<u2").tobytes(), digest_size=8).digest(), "little")


@lru_cache(maxsize=1)
def _table() -> _Table:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    data = checked_bytes(FILE, SHA256, "IconLM's list of training icons")
    try:
        arrays = load(data)
        about = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
        names = tuple((str(name), str(licence)) for name, licence in json.loads(about["sets"]))
        return _Table(arrays["hashes"].view("uint64"), arrays["sets"], names)
    except (SafetensorError, KeyError, ValueError) as error:
        raise WeightsError(f"{FILE} holds no list of training icons: {error}") from error


def write(packed: Pack, licences: Mapping[str, Any], path: Path = FILE) -> str:
    """Writes the table of a pack's training icons; returns its sha256. licences: set -> SPDX identifier. Of a drawing
    that several sets share the one that comes first is named."""
    import numpy as np
    from safetensors.numpy import save

    rows = np.flatnonzero(packed.train)
    sets = [packed.groups[group].partition("|")[0] for group in packed.group[rows]]
    names = sorted(set(sets))
    hashes = np.array([_hash(packed.drawing(int(row)).tolist()) for row in rows], np.uint64)
    numbers = np.array([names.index(name) for name in sets], np.uint8)
    kept, first = np.unique(hashes, return_index=True)
    data = save(
        {"hashes": kept.view(np.int64), "sets": numbers[first]},
        metadata={"sets": json.dumps([[name, licences[name]] for name in names])},
    )
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(data)
    beside.replace(path)
    return hashlib.sha256(data).hexdigest()
