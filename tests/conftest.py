"""What every test stands on: no telemetry, no network, a home of its own."""

from __future__ import annotations

import os

os.environ.update(
    MEM0_TELEMETRY="False",
    LANGSMITH_TRACING="false",
    LANGCHAIN_TRACING_V2="false",
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    OMP_NUM_THREADS="1",
)

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing that a test does reaches the developer's own home."""
    home = tmp_path / "home"
    monkeypatch.setenv("MNEMICON_HOME", str(home))
    monkeypatch.setenv("MEM0_DIR", str(home / "mem0"))
    return home
