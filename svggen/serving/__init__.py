"""Any SvgModel behind HTTP: ``app(model, options)`` is an ASGI application, ``serve(...)`` runs one until SIGTERM.

Contract. ``POST /v1/generate`` takes a DrawRequest in the wire format (``svggen.wire``) and answers ``{"drafts":
[...]}``, or, asked for ``text/event-stream``, the events ``queued``, ``started``, ``draft`` (one each) and ``done``.
``GET /healthz`` (the process lives), ``/readyz`` (it takes requests: 503 while the model is being loaded and while it
drains), ``/metrics`` (Prometheus), ``/openapi.json``. Every refusal is ``{"error": {"kind", "message", "field"?}}``:
401 no token, 408 a body that does not come, 413 too large, 415 not JSON, 422 the field that is wrong, 429 the queue is
full and 503 not now (both with Retry-After), 500 the model failed. Nothing of a request's content is ever logged.

Requests of all callers wait in one queue; a worker takes up to ``max_batch`` of them at once where its model can draw
several together (``generate_many(requests) -> list[list[Draft]]``), and waits at most ``max_wait`` seconds for
companions. A model whose weights take long may have ``load()`` or ``loaded()``: it is called before the server is
ready.

One worker for each GPU, each in a process of its own, behind the one queue of the server: threads would share one
interpreter lock (decoding a token is hundreds of short launches, and eight GPUs would wait for one another), servers
of their own behind one port would each have a queue, and one could idle while another refuses. A process sees its GPU
alone (CUDA_VISIBLE_DEVICES), so that no model has to know of others; where one dies, it is started again and its
requests are drawn again: equal requests give equal drafts.

    options.py    what is allowed        batcher.py   the queue         routes.py    HTTP
    replicas.py   who draws              child.py     in a process      metrics.py   Prometheus
    service.py    all of them together   door.py      tokens, request ids   server.py   sockets, signals, draining
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from svggen.errors import ModelError
from svggen.serving.options import Options

if TYPE_CHECKING:
    from fastapi import FastAPI

    from svggen.models.base import SvgModel
    from svggen.serving.replicas import Replica

__all__ = ["Options", "app"]


def app(model: SvgModel | Sequence[Replica], options: Options = Options()) -> FastAPI:  # noqa: B008  # frozen
    """The ASGI application of a model, or of replicas that draw alike (``svggen.serving.replicas``). The model is
    loaded when the application starts. ModelError where fastapi or prometheus-client is not installed."""
    from svggen.serving.replicas import LocalReplica
    from svggen.serving.service import Service

    try:
        from svggen.serving.routes import build
    except ImportError as error:
        raise ModelError("serving needs fastapi; pip install 'mnemicon[serve]'") from error
    replicas = list(model) if isinstance(model, Sequence) else [LocalReplica(model)]
    return build(Service(replicas, options))
