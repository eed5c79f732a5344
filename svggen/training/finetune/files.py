"""Records of data files: Parquet, JSON (a list) and JSON lines, one at a time, however large the file.

Contract. ``data_files(paths)`` finds the files; ``records(path, columns)`` gives each record as a dict, or None for one
that is none (a broken line). CorpusError where a file cannot be read, is cut short or is no data file: it names the
file and the last whole record. Parquet needs pyarrow: ``pip install 'mnemicon[finetune]'``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from svggen.errors import CorpusError

__all__ = ["SUFFIXES", "Record", "columns_of", "data_files", "records"]

Record: TypeAlias = dict[str, Any]
SUFFIXES: Final = (".parquet", ".json", ".jsonl", ".ndjson")
_CHUNK: Final = 1 << 20
_LONGEST: Final = 64 << 20
"""Characters of one record: what is longer is not a record, but a file that is broken near its beginning."""
_ROWS: Final = 64


def data_files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """(file, was it named itself?), those of a folder sorted; CorpusError for a path that holds none."""
    found: list[tuple[Path, bool]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file() and not _hidden(p, path)
            )
            if not inside:
                raise CorpusError(f"there are no data files in {path} ({', '.join(SUFFIXES)})")
            found += [(p, False) for p in inside]
        elif not path.is_file():
            raise CorpusError(f"there is no data file {path}")
        elif path.suffix.lower() not in SUFFIXES:
            raise CorpusError(f"{path} is no data file: its name ends in none of {', '.join(SUFFIXES)}")
        else:
            found.append((path, True))
    return found


def _hidden(path: Path, folder: Path) -> bool:
    """Download caches keep records of their own in folders such as .cache."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def columns_of(path: Path) -> list[str]:
    """The names of the columns: of the schema, or of the first record; [] where there is no record. CorpusError as
    ``records``."""
    if path.suffix.lower() == ".parquet":
        return list(_opened(path).schema_arrow.names)
    first = next((record for record in records(path) if record is not None), None)
    return list(first or ())


def records(path: Path, columns: Sequence[str] | None = None) -> Iterator[Record | None]:
    """Every record. columns: of Parquet files only these are read (names that a file does not have are passed over)."""
    if path.suffix.lower() == ".parquet":
        yield from _parquet(path, columns)
        return
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            head = file.read(_CHUNK).lstrip()
            found: Iterator[Any]
            if head.startswith("["):
                found = _listed(path, head, lambda: file.read(_CHUNK))
            else:
                file.seek(0)
                found = _lines(path, file)
            for value in found:
                yield value if isinstance(value, dict) else None
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror or error}") from error


# ------------------------------------------------------------------------------------------------------------ Parquet


def _opened(path: Path) -> Any:
    from svggen.models.checkpoints import needs

    needs("finetune", "pyarrow")
    import pyarrow
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise _damaged(path, error) from error


def _parquet(path: Path, columns: Sequence[str] | None) -> Iterator[Record]:
    import pyarrow

    file = _opened(path)
    wanted = None if columns is None else [name for name in file.schema_arrow.names if name in columns]
    done = 0
    try:
        for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
            yield from batch.to_pylist()
            done += batch.num_rows
    except (OSError, pyarrow.ArrowException) as error:
        raise _damaged(path, error, done) from error


def _damaged(path: Path, error: Exception, done: int = 0) -> CorpusError:
    reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
    where = f" after {done:,} records" if done else ""
    return CorpusError(f"{path} is cut short or damaged{where} ({reason}); fetch it again")


# --------------------------------------------------------------------------------------------------------------- JSON


def _lines(path: Path, lines: Iterable[str]) -> Iterator[Any]:
    done = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            if not line.endswith("\n"):
                raise CorpusError(f"{path} is cut short after {done:,} records; fetch it again") from None
            value = None
        except RecursionError:
            value = None
        done += 1
        yield value


def _listed(path: Path, text: str, more: Callable[[], str]) -> Iterator[Any]:
    """The elements of one JSON list, of which ``text`` is the beginning; ``more`` reads on."""
    decoder = json.JSONDecoder()
    at, done = 1, 0
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except RecursionError:
            raise CorpusError(f"{path} is nested too deep after {done:,} records") from None
        except ValueError:  # not whole yet, or broken: which of the two only the end of the file tells
            grown = more() if len(text) - at < _LONGEST else ""
            if not grown:
                raise CorpusError(f"{path} is cut short or damaged after {done:,} records; fetch it again") from None
            text, at = text[at:] + grown, 0
            continue
        done += 1
        yield value


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at
