"""A process that dies in any node of the graph: the next one finishes its turn, and nothing is stored twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from killed import DIED, NODES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_a_death_in_any_node_leaves_what_an_undisturbed_session_leaves(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run([sys.executable, str(script), str(tmp_path)], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    whole = {line["texts"]: line["found"] for line in lines if not line["node"]}
    assert [len(found["turns"]) for found in whole.values()] == [1, 2]
    assert whole[1]["preferences"] == [["style.stroke_width", 1.5, "active"]] and len(whole[1]["drawings"]) == 1
    deaths = [line for line in lines if line["node"]]
    assert {line["node"] for line in deaths if line["texts"] == 1} == set(NODES)
    for line in deaths:
        assert line["died"] == DIED, line["node"]
        assert line["found"] == whole[line["texts"]], line["node"]
