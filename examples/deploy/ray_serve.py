"""Mnemicon on Ray Serve: as many replicas of a model as a cluster has GPUs for, behind one HTTP front.

    pip install 'mnemicon[serve,ray]'
    serve run ray_serve.yaml                 # in this folder; or serve deploy, on a cluster

Two deployments. ``Drawer`` holds the model, one GPU each. ``Front`` is the server of ``mnemicon serve-model`` (same
wire format, limits, token, metrics), whose queue hands its batches to the drawers. Where a drawer dies, the front asks
another: equal requests give equal drafts, so that nothing is lost and nothing is drawn twice to anybody's harm. Ray
starts a new one meanwhile.

The token is MNEMICON_SERVE_TOKEN's, in the environment of the front; without it only the loopback is answered.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from ray import serve
from ray.exceptions import RayActorError
from ray.serve.exceptions import RayServeException

from svggen.errors import ModelError
from svggen.models.base import DrawRequest
from svggen.serving.replicas import Answer, ReplicaLost, draw_all, load_model
from svggen.wire import drafts_from_json, drafts_to_json, request_from_json, request_to_json

ATTEMPTS = 4
"""Drawers that are asked before a batch is given up."""
GRACE = 60.0
"""Seconds beyond the budgets of its requests after which a drawer is taken to hang."""


class Plan(BaseModel):
    """The ``args`` of ray_serve.yaml. model: as for ``mnemicon draw``; replicas: of it; gpus, cpus: of each replica."""

    model: str
    replicas: int = 1
    gpus: float = 1.0
    cpus: float = 1.0
    max_batch: int = 8
    max_queue: int = 256


@serve.deployment(max_ongoing_requests=1, health_check_period_s=5, graceful_shutdown_timeout_s=60)
class Drawer:
    """One replica of the model, for one batch at a time: more would only wait for its GPU where nobody counts them."""

    def __init__(self, model: str) -> None:
        from svggen.models import get_model

        self.model = get_model(model)
        load_model(self.model, warm=True)

    def facts(self) -> dict[str, Any]:
        batches = hasattr(self.model, "generate_many")
        return {"name": self.model.name, "revision": self.model.revision, "batches": batches, "pid": os.getpid()}

    def draw(self, requests: list[str]) -> list[str]:
        """JSON in and out, so that nothing but data passes: drafts, or {"error"}."""
        answers = draw_all(self.model, [request_from_json(text) for text in requests])
        return [
            json.dumps({"error": type(a).__name__}) if isinstance(a, Exception) else drafts_to_json(a) for a in answers
        ]


class Elsewhere:
    """A ``svggen.serving.replicas.Replica`` that asks whichever drawer Ray chooses."""

    def __init__(self, drawers: Any) -> None:
        self._drawers = drawers
        self.name, self.revision, self.batches, self.lively = "ray", "", True, True

    def load(self) -> None:
        facts = self._drawers.facts.remote().result()
        self.name, self.revision, self.batches = facts["name"], facts["revision"], facts["batches"]

    def draw(self, requests: Sequence[DrawRequest]) -> list[Answer]:
        texts = [request_to_json(request) for request in requests]
        limit = sum(request.budget.seconds for request in requests) + GRACE
        for attempt in range(ATTEMPTS):
            try:
                answers = self._drawers.draw.remote(texts).result(timeout_s=limit)
                return [_answer(text) for text in answers]
            except (RayActorError, RayServeException, TimeoutError) as error:
                lost = error
                time.sleep(0.2 * 2**attempt)
        raise ReplicaLost(f"{ATTEMPTS} drawers were lost: {type(lost).__name__}")

    def close(self) -> None:
        """Ray ends the drawers."""


def _answer(text: str) -> Answer:
    if text.startswith('{"error"'):
        return ModelError(json.loads(text)["error"])
    return drafts_from_json(text)


@serve.deployment(max_ongoing_requests=10_000, ray_actor_options={"num_cpus": 0})
@serve.ingress()
class Front:
    """The HTTP of ``mnemicon serve-model``."""

    def __init__(self, drawers: Any, plan: Plan) -> None:
        self.drawers, self.plan = drawers, plan

    def __serve_build_asgi_app__(self) -> Any:
        from svggen.serving import Options, app

        token = os.environ.get("MNEMICON_SERVE_TOKEN", "")
        options = Options(
            max_batch=self.plan.max_batch, max_queue=self.plan.max_queue, tokens=(token,) if token else ()
        )  # fmt: skip
        return app([Elsewhere(self.drawers) for _ in range(self.plan.replicas)], options)


def build(plan: Plan) -> Any:
    """The application that ray_serve.yaml names."""
    resources = {"num_gpus": plan.gpus, "num_cpus": plan.cpus}
    drawers = Drawer.options(num_replicas=plan.replicas, ray_actor_options=resources).bind(plan.model)
    return Front.bind(drawers, plan)
