"""The house: imports run one way, importing a package is light, public names are listed, sorted and there."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {"svggen": {"svggen"}, "memory": {"memory", "svggen"}, "agent": {"agent", "memory", "svggen"}}
HEAVY = ("torch", "transformers", "langgraph", "mem0", "qdrant_client", "numpy", "scipy", "skia", "onnxruntime")


def imported(path: Path) -> set[str]:
    """Top-level packages of every import statement in a file, those inside functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_run_one_way(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert len(files) > 5
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in files
        if (found := (imported(path) & set(MAY_IMPORT)) - MAY_IMPORT[package])
    }
    assert not wrong


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_public_names_are_sorted_and_there(package: str) -> None:
    module = importlib.import_module(package)
    assert list(module.__all__) == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None, name


def test_importing_the_packages_is_light() -> None:
    code = f"import sys, agent, memory, svggen, mnemicon; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
