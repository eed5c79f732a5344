"""What is known of a user's taste, and which past icons help now. Knows no agent.

    memory = open_memory(home)
    memory.remember(Tenant("anna"), [Statement("style.stroke_width", 1.5, "", "always 1.5 px strokes")])
    memory.recall(Tenant("anna"), RecallQuery("a paper plane")).style.stroke_width        # 1.5

Importing this package loads no numpy, Mem0, Qdrant or onnxruntime; each is loaded by what needs it.
"""

from __future__ import annotations

from memory.errors import (
    EmbedderError,
    LibraryError,
    MemoryError_,
    MemoryUnavailable,
    NotFound,
    RecordError,
    TenantError,
)
from memory.memory import EmbeddedMemory, Memory, open_memory
from memory.paths import user_dir
from memory.records import (
    Decision,
    Exemplar,
    Preference,
    Provenance,
    Recalled,
    RecallQuery,
    Recollection,
    Statement,
    Tenant,
)

__all__ = [
    "Decision",
    "EmbeddedMemory",
    "EmbedderError",
    "Exemplar",
    "LibraryError",
    "Memory",
    "MemoryError_",
    "MemoryUnavailable",
    "NotFound",
    "Preference",
    "Provenance",
    "RecallQuery",
    "Recalled",
    "Recollection",
    "RecordError",
    "Statement",
    "Tenant",
    "TenantError",
    "open_memory",
    "user_dir",
]
