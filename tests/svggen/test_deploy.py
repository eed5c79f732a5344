"""The files of examples/deploy: Ray Serve is really started here, the others are read as far as that goes."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "examples" / "deploy"

VLLM = {
    "served-model-name": r"[a-z0-9.-]+", "host": r"[0-9.]+", "port": r"\d+", "max-model-len": r"\d+",
    "gpu-memory-utilization": r"0\.\d+", "limit-mm-per-prompt.image": r"\d+", "enable-prefix-caching": "",
    "structured-outputs-config.backend": "auto|xgrammar|guidance|outlines|lm-format-enforcer", "seed": r"\d+",
}  # fmt: skip
"""Options of ``vllm serve`` and what they take: its engine arguments and, for the backend, the choices of its
StructuredOutputsConfig (vLLM 0.12 and later; the dotted form sets one field of an option that takes JSON)."""


def test_the_vllm_file_asks_for_nothing_that_vllm_does_not_know() -> None:
    service = yaml.safe_load((DEPLOY / "vllm.yaml").read_text("utf-8"))["services"]["vllm"]
    model, *options = service["command"]
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model)
    given = dict(option.removeprefix("--").partition("=")[::2] for option in options)
    assert len(given) == len(options) and given["structured-outputs-config.backend"] == "guidance"
    for name, value in given.items():
        assert re.fullmatch(VLLM[name], value), name
    assert re.fullmatch(r"vllm/vllm-openai:v\d+\.\d+\.\d+", service["image"])
    assert service["ports"] == [f"127.0.0.1:{given['port']}:{given['port']}"]
    assert service["environment"]["VLLM_API_KEY"].startswith("${VLLM_API_KEY:?")  # it does not start without one


def test_the_vllm_file_serves_a_model_that_we_have_a_profile_for() -> None:
    from svggen.models import MODELS

    service = yaml.safe_load((DEPLOY / "vllm.yaml").read_text("utf-8"))["services"]["vllm"]
    name = next(option.partition("=")[2] for option in service["command"] if "served-model-name" in option)
    assert name in MODELS


def words(text: str, name: str) -> Any:
    """The JSON list of an instruction of a Dockerfile."""
    return json.loads(re.findall(rf"^{name} (\[.*\])$", text, re.M)[0])


def test_the_image_runs_a_command_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from agent.cli import app

    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    program, *arguments = words(text, "ENTRYPOINT") + words(text, "CMD")
    assert program == "mnemicon"
    group = typer.main.get_command(app)
    with group.make_context("mnemicon", arguments) as context:
        name, command, rest = group.resolve_command(context, arguments)  # type: ignore[attr-defined]
        asked = command.make_context(name, rest).params
    assert (name, asked["host"], asked["port"], asked["model"]) == ("serve-model", "0.0.0.0", 8017, "iconlm")
    for extra in re.findall(r"EXTRAS=([\w,]+)", text):
        known = (ROOT / "pyproject.toml").read_text("utf-8")
        assert all(f"\n{one} = [" in known for one in extra.split(","))


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_ray_loses_no_request_when_a_replica_is_killed_under_load(tmp_path: Path) -> None:
    """Two replicas of IconLM from the file that is shipped, one of them killed while both draw."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "svggen" / "ray_run.py"), str(port)],
        capture_output=True, text=True, cwd=tmp_path, timeout=230, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    print(result["seconds"])
    assert result["answers"] == [[200, True]] * 6 and result["same"]
    assert result["killed"] not in result["left"] and result["left"]
