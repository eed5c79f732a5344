"""Who draws: a model in this process, or in a child process of its own.

Contract. A ``Replica`` is used by one thread at a time. ``load()`` makes it ready (ModelError where it cannot be);
``draw(requests)`` answers for each request its drafts or the exception that it ended in, and raises nothing but
``ReplicaLost``: the process that drew is gone, and nothing is known of any of the requests. A request that fails in
company is drawn once more alone, so that it takes no other down with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from svggen.errors import ModelError
from svggen.models.base import Budget, Draft, DrawRequest, SvgModel

__all__ = ["Answer", "LocalReplica", "Replica", "ReplicaLost", "draw_all", "load_model"]

Answer: TypeAlias = list[Draft] | Exception


class ReplicaLost(ModelError):
    """The process that drew has ended or hangs; the message says how."""


class Replica(Protocol):
    """See the head of this file. batches: can it draw several requests in one go? lively: may it be asked at all?"""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def batches(self) -> bool: ...

    @property
    def lively(self) -> bool: ...

    def load(self) -> None: ...

    def draw(self, requests: Sequence[DrawRequest]) -> list[Answer]: ...

    def close(self) -> None: ...


class LocalReplica:
    """A model in this process. warm: it draws something small before the first request comes, so that what is loaded
    late is there; for a model that costs money a drawing, say no."""

    def __init__(self, model: SvgModel, *, warm: bool = True) -> None:
        self.model, self.warm = model, warm
        self.batches = hasattr(model, "generate_many")
        self.lively = True

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def revision(self) -> str:
        return self.model.revision

    def load(self) -> None:
        load_model(self.model, warm=self.warm)

    def draw(self, requests: Sequence[DrawRequest]) -> list[Answer]:
        return draw_all(self.model, requests)

    def close(self) -> None:
        close = getattr(self.model, "close", None)
        if close is not None:
            close()


def load_model(model: SvgModel, *, warm: bool) -> None:
    """``model.load()`` or ``model.loaded()`` where there is one, and one small drawing if wanted: the first is slower
    than others, whatever was loaded. ModelError."""
    load = getattr(model, "load", None) or getattr(model, "loaded", None)
    if load is not None:
        load()
    if warm:
        model.generate(DrawRequest("circle", n=1, budget=Budget(seconds=30.0, tokens=64)))


def draw_all(model: SvgModel, requests: Sequence[DrawRequest]) -> list[Answer]:
    """The answer to each request, in order."""
    many: Any = getattr(model, "generate_many", None)
    if many is not None and len(requests) > 1:
        try:
            answers = [list(drafts) for drafts in many(list(requests))]
        except Exception:  # one of them is at fault: alone it will be seen which
            answers = []
        if len(answers) == len(requests):
            return [answer[: request.n] for answer, request in zip(answers, requests, strict=True)]
    return [_alone(model, request) for request in requests]


def _alone(model: SvgModel, request: DrawRequest) -> Answer:
    try:
        return model.generate(request)[: request.n]
    except Exception as error:  # whatever a model breaks with is the answer to this request only
        return error
