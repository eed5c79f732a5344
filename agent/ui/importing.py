"""SVG files that are dropped on the page, into the user's own icons.

Contract. An ``Import`` takes files as they come, in batches; each goes through ``svggen.safety`` and becomes an
exemplar, or an entry of ``broken`` with the reason. What was taken in stays, also when the browser goes away in the
middle. The same drawing twice is one icon. Names come from file names and are made safe; nothing is written but to
memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from memory.records import Exemplar
from svggen.errors import SvgGenError
from svggen.icon import icon_id
from svggen.safety import load

if TYPE_CHECKING:
    from memory.memory import Memory
    from memory.records import Tenant

__all__ = ["MAX_FILES", "Import", "read"]

MAX_FILES = 20_000
SHOWN_BROKEN = 500
"""Files whose reasons are kept; the others are counted."""
OWN_LICENCE = "user's own"


@dataclass
class Import:
    """total: files that were announced. done: those that came. added, twice: icons, and drawings that came again.
    broken: (file, reason). left_out: files that are no SVG."""

    total: int
    left_out: int = 0
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    done: int = 0
    added: int = 0
    twice: int = 0
    failed: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)
    ended: bool = False
    trouble: str = ""
    seen: set[str] = field(default_factory=set)

    def refused(self, name: str, reason: str) -> None:
        self.failed += 1
        if len(self.broken) < SHOWN_BROKEN:
            self.broken.append((name[-120:], reason))

    def take(self, files: Sequence[tuple[str, bytes]], memory: Memory, tenant: Tenant) -> None:
        """One batch (blocks). MemoryError_ where memory cannot be used."""
        icons: list[Exemplar] = []
        for name, data in files:
            self.done += 1
            made = read(name, data, tenant.project)
            if isinstance(made, str):
                self.refused(name, made)
            elif made.id in self.seen:
                self.twice += 1
            else:
                self.seen.add(made.id)
                icons.append(made)
        if icons:
            self.added += memory.add_exemplars(tenant, icons)


def read(path: str, data: bytes, project: str | None) -> Exemplar | str:
    """The icon of a file, or why it is none."""
    from agent.cli.files import stem

    try:
        icon = load(data)
        identity = icon_id(icon)
    except SvgGenError as error:
        return str(error)
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")] or ["icon"]
    name = stem(parts[-1][:-4] if parts[-1].lower().endswith(".svg") else parts[-1])
    tags = tuple(dict.fromkeys([*name.split("-"), *(stem(part) for part in parts[:-1])]))[:16]
    folder = parts[0][:60] if len(parts) > 1 else "page"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Exemplar(identity, name, icon, tags, f"library add {folder}", OWN_LICENCE, now, project)
