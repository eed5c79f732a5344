"""``langgraph dev`` serves the graph of langgraph.json. Opt-in: langgraph-cli[inmem] pins another grpcio than we do,
and so lives in an environment of its own:

    python -m venv ENV && ENV/bin/pip install . 'langgraph-cli[inmem]'
    MNEMICON_LANGGRAPH=ENV/bin/langgraph pytest tests/agent/test_langgraph_dev.py
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MNEMICON_LANGGRAPH") or shutil.which("langgraph", path=str(Path(sys.executable).parent))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(PROGRAM is None, reason="langgraph-cli[inmem] is not installed: set MNEMICON_LANGGRAPH"),
]


@pytest.fixture
def url(tmp_path: Path, own_home: Path) -> Iterator[str]:
    """The server, started where its own files do no harm: it reads and writes in the current folder."""
    assert PROGRAM is not None
    for name in ("agent", "memory", "svggen", "mnemicon.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "langgraph.json", tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    surroundings = {**os.environ, "PYTHONPATH": str(tmp_path), "LANGGRAPH_CLI_NO_ANALYTICS": "1"}
    command = [PROGRAM, "dev", "--no-browser", "--no-reload", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=surroundings, stdout=log, stderr=log, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/ok", process, tmp_path / "log")
            yield address
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(400):
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace")[-2000:])


def test_langgraph_dev_serves_the_graph(url: str) -> None:
    def post(path: str, body: dict[str, Any]) -> Any:
        headers = {"Accept": "application/json, text/event-stream"}
        answer = httpx.post(f"{url}{path}", json=body, headers=headers, timeout=40)
        assert answer.status_code == 200, answer.text
        return answer.json()

    context = {"user": "ada", "drawing": True}
    thread = post("/threads", {})["thread_id"]
    run = {"assistant_id": "icon", "input": {"prompt": "a bell, teal"}, "context": context}
    drawn = post(f"/threads/{thread}/runs/wait", run)
    assert drawn["kind"] == "draw" and "#008080" in drawn["result"]["svg"]
    run["input"] = {"prompt": "thicker lines", "edit": drawn["result"]["id"]}
    assert post(f"/threads/{thread}/runs/wait", run)["result"]["svg"] != drawn["result"]["svg"]
    kept = httpx.get(f"{url}/threads/{thread}/state").json()["values"]
    assert kept["prompt"] == "thicker lines", "the server's own checkpointer holds the thread"

    listed = post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})["result"]["tools"]
    assert [tool["name"] for tool in listed] == ["icon"] and "SVG icon" in listed[0]["description"]
    assert set(listed[0]["inputSchema"]["properties"]) == {"prompt", "edit", "style"}
    assert "ada" not in json.dumps(listed)
