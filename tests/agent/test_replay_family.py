"""Real drawings, recorded once: the whole agent but its models, exactly; our own tests use what we ship."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.replay import play, read_bundle
from agent.session import Session
from agent.tool import accept_icon, design_icon

BUNDLE = Path(__file__).parent / "bundles" / "family"


def family(user: str) -> list[Any]:
    """A style is stated, an icon accepted, the next two are of its family; then a conversation."""
    design_icon("always use 1.5px strokes, round caps, teal, never filled", user=user)
    bell = design_icon("bell", user=user, n=2)
    accept_icon(bell.id, user=user)
    cart = design_icon("shopping cart", user=user, n=2)
    edited = design_icon("a bit thicker, and mirror it", user=user, edit="last")
    talk = Session("trip", user=user, n=2, rounds=1)
    assert talk.send("a suitcase")["kind"] == "draw"
    assert talk.send("I like the second one, somewhat friendlier")["kind"] in ("edit", "pick", "accept")
    return [bell, cart, edited]


def test_icons_of_one_family(replay: Callable[..., Any]) -> None:
    with replay("bundles/family"):
        bell, cart, edited = family("ana")
    assert bell.passed and cart.passed
    assert bell.style["palette"] == cart.style["palette"] == ["#008080"] and cart.style["stroke_width"] == 1.5
    assert edited.style["stroke_width"] > 1.5 and edited.kind == "edit"


@pytest.mark.replay("bundles/family")
def test_icons_of_one_family_whoever_asks() -> None:
    assert all(icon.svg for icon in family("somebody.else"))


@pytest.mark.slow
def test_memory_finds_the_same_for_them_today() -> None:
    """Live: the embedder, the library, the store and the ranking, over the recorded snapshot."""
    report = play(BUNDLE, "live")
    assert report.same, "\n".join(report.differences)


def test_a_bundle_can_be_read() -> None:
    found = read_bundle(BUNDLE)
    assert [c["request"]["name"] for c in found.calls].count("design_icon") == 4
    assert {"memory", "model", "eye", "call", "icon"} <= {line["seam"] for line in found.lines}
    assert sum(f.stat().st_size for f in BUNDLE.iterdir()) < 400_000


@pytest.mark.slow
def test_a_cold_process_takes_seconds_and_loads_no_model(tmp_path: Path) -> None:
    """ "svggen.judge.judge" is the judge's code, "onnxruntime" and "tokenizers" the embedder's, the rest of the two
    models'; memory's engines are not opened either."""
    unwanted = ["svggen.judge.judge", "onnxruntime", "tokenizers", "svggen.models.iconlm.decoder", "torch",
                "memory.library.library", "mem0", "qdrant_edge"]  # fmt: skip
    code = (
        "import sys; from agent.cli import main; code = main(['replay', sys.argv[1], '--json']);"
        f"print([m for m in {unwanted!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(BUNDLE)], capture_output=True, text=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "MNEMICON_HOME": str(tmp_path)},
    )  # fmt: skip
    took = time.perf_counter() - started
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["same"] is True
    assert done.stderr.strip() == "[]" and list(tmp_path.iterdir()) == []
    assert took < 20  # 2 s on a quiet machine
