"""The errors of memory, split by who must act.

MemoryError_
├── TenantError          the caller: a user, project or session name that is not allowed
├── RecordError          the caller: a record that the gate cannot read (import, add)
├── NotFound             the caller: no such id in this tenant's memory
├── MemoryUnavailable    the operator: store locked, disk full, server down; the agent goes on without memory
├── EmbedderError        the operator: embedder weights missing or damaged, or the package of a named model missing
├── LibraryError         the operator: the icon library's data file missing, damaged or of another version
└── ExtractionError      the operator: a language model that reads preferences failed or answered no JSON
"""

from __future__ import annotations

__all__ = [
    "EmbedderError",
    "ExtractionError",
    "LibraryError",
    "MemoryError_",
    "MemoryUnavailable",
    "NotFound",
    "RecordError",
    "TenantError",
]


class MemoryError_(Exception):
    """Base of every error that memory raises on purpose."""


class TenantError(MemoryError_, ValueError):
    """A user, project or session name that is not allowed."""


class RecordError(MemoryError_, ValueError):
    """A record that the gate cannot read; the message names the field."""


class NotFound(MemoryError_, KeyError):
    """No such id in this tenant's memory."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else "not found"


class MemoryUnavailable(MemoryError_):
    """The store cannot be used now: locked, full, or its server down."""


class EmbedderError(MemoryError_):
    """Embedder weights missing or damaged, or the package of a named model not installed."""


class LibraryError(MemoryError_):
    """The icon library's data file is missing, damaged or of another version."""


class ExtractionError(MemoryError_):
    """A language model that was to read preferences failed, or answered no JSON."""
