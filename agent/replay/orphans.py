"""Recorded bundles that no test names.

Contract. ``unnamed(folder, bundles)`` gives the bundles below ``bundles`` whose name stands in no text of a Python file
of ``folder`` (or of one below it), and is not that of a test there (whose bundle is called after it). It reads the
sources: which tests were run does not matter.
"""

from __future__ import annotations

import ast
from pathlib import Path

from agent.replay.bundle import MANIFEST, SESSION

__all__ = ["unnamed"]


def unnamed(folder: Path, bundles: Path) -> list[Path]:
    found = sorted(path.parent for path in bundles.rglob(MANIFEST) if (path.parent / SESSION).exists())
    if not found:
        return []
    texts: set[str] = set()
    tests: set[str] = set()
    for file in folder.rglob("*.py"):
        try:
            tree = ast.parse(file.read_text("utf-8"))
        except (OSError, ValueError, SyntaxError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts |= {node.value, node.value.rstrip("/").rpartition("/")[2]}
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
                tests.add(node.name)
    return [p for p in found if p.name not in texts and not any(_of(p.name, test) for test in tests)]


def _of(bundle: str, test: str) -> bool:
    return bundle == test or bundle.startswith(f"{test}-")
