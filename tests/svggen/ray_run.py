"""Starts examples/deploy/ray_serve.yaml on this machine, kills a drawer while it draws, and says what came of it.

Run by test_deploy.py, in a process of its own:  python tests/svggen/ray_run.py PORT
Prints one line of JSON: {"answers": [[status, has an icon]], "same": equal requests had equal icons, "killed": pid,
"left": pids of the drawers at the end, "seconds": {...}}
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "examples" / "deploy"
sys.path[:0] = [str(ROOT), str(DEPLOY)]
os.environ.update(
    PYTHONPATH=f"{ROOT}{os.pathsep}{DEPLOY}", RAY_USAGE_STATS_ENABLED="0", RAY_AUTH_MODE="disabled", OMP_NUM_THREADS="1"
)

import httpx  # noqa: E402
import ray  # noqa: E402
import ray_serve  # noqa: E402
import yaml  # noqa: E402
from ray import serve  # noqa: E402
from ray.serve.schema import ServeDeploySchema  # noqa: E402

WORDS = ("bell", "key", "bell", "key", "bell", "key")


def main(port: int) -> None:
    began = time.monotonic()
    plan = ServeDeploySchema.model_validate(yaml.safe_load((DEPLOY / "ray_serve.yaml").read_text("utf-8")))
    (application,) = plan.applications
    args = {**application.args, "model": "iconlm", "gpus": 0, "cpus": 0.5, "max_batch": 1}
    ray.init(
        include_dashboard=False, num_cpus=2, object_store_memory=80_000_000, log_to_driver=False,
        _node_ip_address="127.0.0.1",
    )  # fmt: skip
    try:
        serve.start(http_options={"host": plan.http_options.host, "port": port}, proxy_location="HeadOnly")
        serve.run(ray_serve.build(ray_serve.Plan(**args)), name=application.name, route_prefix=application.route_prefix)
        started = time.monotonic()
        print(json.dumps({**load(f"http://127.0.0.1:{port}", application.name, args["replicas"]),
                          "seconds": {"start": started - began, "load": time.monotonic() - started}}))  # fmt: skip
    finally:
        ray.shutdown()


def load(url: str, application: str, replicas: int) -> dict[str, object]:
    """Six requests of as many callers on two drawers, one of which is killed while both draw."""
    drawers = serve.get_deployment_handle("Drawer", application)
    pids = known(drawers, replicas)
    answers: list[tuple[str, int, str]] = []

    def ask(words: str) -> None:
        body = {"words": words, "n": 1, "seed": 7, "budget": {"seconds": 60.0}}
        got = httpx.post(f"{url}/v1/generate", json=body, timeout=120)
        drafts = got.json().get("drafts", [{}])
        answers.append((words, got.status_code, (drafts[0].get("svg") or "") if drafts else ""))

    callers = [threading.Thread(target=ask, args=(words,)) for words in WORDS]
    for caller in callers:
        caller.start()
    while metric(url, "mnemicon_running") < replicas:
        time.sleep(0.01)
    victim = pids[0]
    os.kill(victim, signal.SIGKILL)
    for caller in callers:
        caller.join()
    drawn = {(words, hashlib.sha256(svg.encode()).hexdigest()) for words, _, svg in answers}
    return {
        "answers": [[status, svg.startswith("<svg")] for _, status, svg in answers],
        "same": len(drawn) == len(set(WORDS)),
        "killed": victim,
        "left": known(drawers, 1),
    }


def known(drawers: object, count: int) -> list[int]:
    """The pids of so many drawers, asked until that many have answered."""
    found: set[int] = set()
    while len(found) < count:
        found.add(drawers.facts.remote().result()["pid"])  # type: ignore[attr-defined]
    return sorted(found)


def metric(url: str, name: str) -> float:
    lines = [line for line in httpx.get(f"{url}/metrics").text.splitlines() if line.startswith(name)]
    return float(lines[0].rpartition(" ")[2])


if __name__ == "__main__":
    main(int(sys.argv[1]))
