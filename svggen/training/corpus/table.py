"""The corpus as a table: its columns, how it is written and read, and which icons go together.

Contract. ``write(table, path)`` writes one Parquet file (zstd), whole or not at all; ``load(path)`` reads it and
refuses, with one CorpusError, what is missing, cut short, altered in its columns or of another version.
``pairs(table)`` gives ``Pairs``: for any icon the rows that show the same idea in the hand of others, and the other
ideas of its own set. Needs pyarrow: ``pip install 'mnemicon[train]'``.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svggen.errors import CorpusError

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]

__all__ = ["KEY", "VERSION", "Pairs", "arrow", "load", "pairs", "ready", "schema", "write", "written"]

VERSION: Final = 1
"""Of the columns and of what they mean."""
KEY: Final = b"mnemicon.corpus"
"""Where the file's own metadata says version, source and counts, as JSON."""
_HOW: Final = {"compression": "zstd", "compression_level": 9, "row_group_size": 16384}


def arrow() -> Any:
    """pyarrow, with its Parquet part; CorpusError says how to get it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise CorpusError("the corpus needs pyarrow, which is not installed: pip install 'mnemicon[train]'") from None
    return pyarrow


def schema() -> Any:
    """The columns (pyarrow.Schema); what each holds:

    id           sha256 of the canonical text (icon_id)          svg        that text, on a 24 x 24 viewBox
    set, family  the Iconify set, and whose hand drew it         name       its name there
    concept      what it shows, normalised words                 variant    what its name says of its look, or ""
    group        "set|variant": icons of one style               mode       outline, filled, duotone or color
    tags         own words of its set    aliases  other names    categories of its set
    licence      SPDX id                 kind     ui, map, thematic, emoji       split  train or validation
    provenance   package@version/set     phash    63 low frequencies of its ink  flags  gradient, dash, clip, twin
    near_of      id of the icon of its family and concept that it nearly repeats, else ""; kept: near_of == ""
    source_grid  longer side of its own viewBox                  n_commands path segments, one for any other shape
    concept_id, group_id, family_id   whole numbers from 0, equal where the texts are equal
    """
    pa = arrow()
    text, words = pa.string(), pa.list_(pa.string())
    kinds = pa.dictionary(pa.int32(), pa.string())
    columns = {
        "id": text, "set": kinds, "family": kinds, "name": text, "concept": text, "variant": kinds, "group": kinds,
        "mode": kinds, "tags": words, "aliases": words, "categories": words, "licence": kinds, "kind": kinds,
        "split": kinds, "provenance": kinds, "phash": pa.uint64(), "near_of": text, "kept": pa.bool_(),
        "flags": words, "source_grid": pa.float32(), "n_commands": pa.int32(), "concept_id": pa.int32(),
        "group_id": pa.int32(), "family_id": pa.int32(), "svg": text,
    }  # fmt: skip
    return pa.schema(list(columns.items()))


def write(table: Any, path: Path, about: Mapping[str, Any]) -> None:
    """``table`` in the columns of ``schema`` as one file; ``about`` (JSON-ready) is kept in it beside the version."""
    pa = arrow()
    said = json.dumps({"version": VERSION, "rows": table.num_rows, **about}, sort_keys=True)
    table = table.cast(schema()).replace_schema_metadata({KEY: said.encode()})
    written(path, lambda part: pa.parquet.write_table(table, part, **_HOW))


def ready(path: Path) -> None:
    """Makes the folder of ``path``; CorpusError where no file can be written there, or where ``path`` is something
    else than a file (a rename over a device would take it away): said before minutes of work, not after."""
    if path.exists() and not path.is_file():
        raise CorpusError(f"{path} is {'a folder' if path.is_dir() else 'no regular file'}; name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CorpusError(f"cannot write {path}: {error.strerror or error}") from error


def written(path: Path, make: Callable[[Path], object]) -> None:
    """The file that ``make`` writes where it is told to, under its name only when it is whole; CorpusError where it
    cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make(part)
        part.replace(path)
    except OSError as error:
        raise CorpusError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> Any:
    """The corpus (pyarrow.Table), checked; its metadata under KEY says where it is from."""
    pa = arrow()
    file = Path(path)
    again = "build it again with: mnemicon corpus build"
    if not file.is_file():
        raise CorpusError(f"there is no corpus {file}; {again}")
    try:
        table = pa.parquet.read_table(file)
        said = json.loads((table.schema.metadata or {}).get(KEY, b"null"))
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
        raise CorpusError(f"{file} cannot be read: cut short or altered ({reason}); {again}") from error
    if not isinstance(said, dict):
        raise CorpusError(f"{file} is a Parquet file, but no icon corpus; {again}")
    if said.get("version") != VERSION:
        raise CorpusError(f"{file} is a corpus of version {said.get('version')}, this program reads {VERSION}; {again}")
    if not table.schema.equals(schema()):
        wrong = sorted(set(schema().names) ^ set(table.schema.names)) or ["types"]
        raise CorpusError(f"{file} has other columns than a corpus ({', '.join(wrong)[:120]}); {again}")
    if table.num_rows != said.get("rows"):
        raise CorpusError(f"{file} has {table.num_rows:,} icons and says {said.get('rows')}; {again}")
    return table


@dataclass(frozen=True)
class Pairs:
    """Which rows go together. All arrays are int64 row numbers of the table that ``pairs`` was given.

    concept, group, family: the ids of each row, -1 in the first where the row takes no part."""

    concept: Rows
    group: Rows
    family: Rows

    @cached_property
    def _by_concept(self) -> _Ranges:
        return _Ranges(self.concept)

    @cached_property
    def _by_group(self) -> _Ranges:
        return _Ranges(np.where(self.concept < 0, -1, self.group))

    def same_idea(self, row: int) -> Rows:
        """Rows of the same concept drawn by another family."""
        rows = self._by_concept.of(self.concept[row])
        return _where(rows, self.family[rows] != self.family[row])

    def same_set(self, row: int) -> Rows:
        """Rows of the same set and variant that show another concept."""
        rows = self._by_group.of(self.group[row])
        return _where(rows, self.concept[rows] != self.concept[row])

    def other_variants(self, row: int) -> Rows:
        """Rows of the same concept and family in another style."""
        rows = self._by_concept.of(self.concept[row])
        return _where(rows, (self.family[rows] == self.family[row]) & (self.group[rows] != self.group[row]))


def pairs(table: Any, *, split: str = "train") -> Pairs:
    """The pairs among the kept rows of one split."""
    import pyarrow.compute as pc

    use = np.asarray(pc.and_(table["kept"], pc.equal(table["split"].cast("string"), split)))
    concept, group, family = (np.asarray(table[f"{key}_id"], dtype=np.int64) for key in ("concept", "group", "family"))
    return Pairs(np.where(use, concept, -1), group, family)


def _where(rows: Rows, wanted: npt.NDArray[np.bool_]) -> Rows:
    found: Rows = rows[wanted]
    return found


class _Ranges:
    """Rows sorted by an id, so that those of one id are a slice."""

    def __init__(self, ids: Rows) -> None:
        self._order: Rows = np.argsort(ids, kind="stable")
        top = int(ids.max()) + 1 if len(ids) else 0
        self._starts = np.searchsorted(ids[self._order], np.arange(top + 1))

    def of(self, value: int) -> Rows:
        if not 0 <= value < len(self._starts) - 1:
            return self._order[:0]
        return self._order[self._starts[value] : self._starts[value + 1]]
