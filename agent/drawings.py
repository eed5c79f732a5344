"""Kept drawings: what ``accept``, ``why``, ``undo`` and edits speak of.

Contract. Everything lies in ``<user's folder>/drawings``: one JSON record and one SVG for each id, and ``history``,
the ids in the order in which they were the last one. Ids are sha256 of the canonical SVG, so that a drawing made twice
is kept once. Every file is written whole or not at all. At most ``KEEP`` are kept, the oldest go first. Raises OSError
where the disk refuses, KeyError for an unknown id. What is read back is data: SVG text is parsed by ``svggen.safety``
again before it is used.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from memory.paths import make_private, user_dir

KEEP = 500
_ID = re.compile(r"[0-9a-f]{64}")


class Drawings:
    """The kept drawings of one user below one home."""

    def __init__(self, home: Path, user: str) -> None:
        self.folder = user_dir(home, user) / "drawings"

    def keep(self, record: dict[str, Any]) -> None:
        """Write a record with "id" and "svg" and make it the current one."""
        make_private(self.folder)
        name = _checked(record["id"])
        _write(self.folder / f"{name}.svg", record["svg"])
        _write(self.folder / f"{name}.json", json.dumps(record, ensure_ascii=False, sort_keys=True))
        self.set_current(name)
        self._prune()

    def get(self, id: str = "last") -> dict[str, Any]:
        """By full id, by a prefix that only one has, or "last". KeyError says which of these failed."""
        name = self._resolve(id)
        try:
            data = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise KeyError(f"the kept drawing {name[:12]} cannot be read: {error}") from error
        if not isinstance(data, dict) or data.get("id") != name:
            raise KeyError(f"the kept drawing {name[:12]} is damaged")
        return data

    def current(self) -> str | None:
        """The id of the last drawing, None where there is none."""
        return next((name for name in reversed(self._history()) if (self.folder / f"{name}.json").exists()), None)

    def set_current(self, id: str) -> None:
        """Make a kept drawing the last one."""
        before = self._history()
        if not before or before[-1] != id:
            self._write_history([*before, _checked(id)])

    def back(self) -> dict[str, Any]:
        """The drawing that was the last one before, now the last again. KeyError where there is none."""
        before = [name for name in self._history() if (self.folder / f"{name}.json").exists()]
        if len(before) < 2:
            raise KeyError("there is nothing to undo")
        self._write_history(before[:-1])
        return self.get(before[-2])

    def all(self) -> Iterator[dict[str, Any]]:
        """Newest first; damaged records are left out."""
        for path in self._by_age():
            try:
                yield self.get(path.stem)
            except KeyError:
                continue

    def _resolve(self, id: str) -> str:
        if id in ("last", ""):
            name = self.current()
            if name is None:
                raise KeyError("nothing has been drawn yet")
            return name
        if not re.fullmatch(r"[0-9a-f]{4,64}", id):
            raise KeyError(f"{id[:40]!r} is not the id of a drawing (4 to 64 hexadecimal digits, or last)")
        found = sorted(p.stem for p in self.folder.glob(f"{id}*.json") if _ID.fullmatch(p.stem))
        if len(found) != 1:
            raise KeyError(f"{len(found) or 'no'} kept drawing{'s' if len(found) > 1 else ''} with the id {id}")
        return found[0]

    def _history(self) -> list[str]:
        try:
            lines = (self.folder / "history").read_text("ascii").split()
        except (OSError, UnicodeDecodeError):
            return []
        return [name for name in lines if _ID.fullmatch(name)]

    def _write_history(self, names: list[str]) -> None:
        _write(self.folder / "history", "\n".join(names[-KEEP:]) + "\n")

    def _by_age(self) -> list[Path]:
        return sorted(
            (p for p in self.folder.glob("*.json") if _ID.fullmatch(p.stem)),
            key=lambda p: (-p.stat().st_mtime_ns, p.name),
        )

    def _prune(self) -> None:
        for path in self._by_age()[KEEP:]:
            path.unlink(missing_ok=True)
            path.with_suffix(".svg").unlink(missing_ok=True)


def _checked(id: str) -> str:
    if not _ID.fullmatch(id):
        raise KeyError(f"{id[:40]!r} is not the id of a drawing")
    return id


def _write(path: Path, text: str) -> None:
    """Whole or not at all, also when the disk is full or another process writes the same file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
