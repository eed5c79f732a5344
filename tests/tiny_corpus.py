"""A corpus of a few icons as ``mnemicon corpus build`` would write it, for tests of training."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

LINES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
BODIES = {
    "bell": f'<path {LINES} d="M6 8a6 6 0 0 1 12 0v8H6zM10 20h4"/>',
    "clock": f'<circle {LINES} cx="12" cy="12" r="9"/><path {LINES} d="M12 7v5l3 2"/>',
    "home": f'<path {LINES} d="M4 11l8-7 8 7v9H4z"/>',
    "stop": '<rect fill="currentColor" x="4" y="4" width="16" height="16" rx="2"/>',
    "play": '<path fill="currentColor" d="M6 4l14 8-14 8z"/>',
    "ring": '<path fill="currentColor" fill-rule="evenodd" d="M2 2h20v20H2zM6 6h12v12H6z"/>',
}


def rows(copies: int = 1) -> list[dict[str, Any]]:
    """Six concepts, three as outlines and three filled, by ``copies`` families; the last of each three is for
    validation."""
    from svggen.icon import parse, serialise

    found = []
    concepts = list(BODIES)
    for family in range(copies):
        for number, name in enumerate(concepts):
            text = serialise(parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{BODIES[name]}</svg>'))
            filled = number > 2
            found.append({
                "id": hashlib.sha256(f"{family}{text}".encode()).hexdigest(), "set": f"set{family}",
                "family": f"hand{family}", "name": name, "concept": name, "variant": "fill" if filled else "",
                "group": f"set{family}|{'fill' if filled else ''}", "mode": "filled" if filled else "outline",
                "tags": ["sign", f"{name} icon"], "aliases": [f"old {name}"], "categories": [], "licence": "MIT",
                "kind": "ui", "split": "validation" if number in (2, 5) else "train", "provenance": "made@1",
                "phash": number, "near_of": "", "kept": True, "flags": [], "source_grid": 24.0, "n_commands": 3,
                "concept_id": number, "group_id": 2 * family + filled, "family_id": family, "svg": text,
            })  # fmt: skip
    return found


def write_corpus(path: Path, copies: int = 1) -> Path:
    """The Parquet file."""
    import pyarrow as pa

    from svggen.training.corpus.table import schema, write

    write(pa.Table.from_pylist(rows(copies)).select(schema().names), path, {"source": "a test"})
    return path
