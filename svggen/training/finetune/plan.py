"""Everything that shapes a fine-tuning, checked before anything is read.

Contract. A ``Plan`` is what was asked for; ``checked(plan)`` returns it or raises TrainingError with the first thing
that is wrong. ``Plan.facts()`` is JSON-ready: it stands in the model card, and a run that was cut off goes on only
where it is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from svggen.errors import TrainingError
from svggen.training.finetune.examples import Form
from svggen.training.finetune.initial import HOW, How

__all__ = ["DEVICES", "Method", "Numbers", "Plan", "Save", "Stage", "checked"]

Method: TypeAlias = Literal["lora", "full"]
Numbers: TypeAlias = Literal["text", "tokens"]
Stage: TypeAlias = Literal["both", "rows", "rest"]
Save: TypeAlias = Literal["merged", "adapter"]
DEVICES: Final = ("auto", "cpu")
TASKS: Final = ("generate", "picture", "describe")


@dataclass(frozen=True)
class Plan:
    """form: semantic tokens ("llm4svg") or plain SVG text ("svg"). initial: how new rows begin; "keep": the base has
    the tokens, and they stay as they are. numbers: coordinates as text in hundredths, or whole ones as tokens. stage:
    rows (only the rows of new tokens), rest (the model; rows go on with LoRA), or both, in this order.

    epochs, rate: of the second stage, row_epochs, row_rate: of the first; steps: optimiser steps of each stage at most,
    0 for no limit. batch: samples a device at once, gather: batches an optimiser step. length: tokens of a sample at
    most. rank: of LoRA, whose alpha is twice that. tasks: shares of pairs of words and drawing that are learned as
    each; exemplars: at most so many icons of the same set in the prompt of a share of what is generated from words.
    by_length: the first epoch goes from short to long. held_out: share of the drawings that is never trained on. limit:
    rows of each data file at most, 0 for all. side: px of pictures. every: optimiser steps between checkpoints.
    workers: processes that make samples."""

    base: str
    data: tuple[Path, ...]
    out: Path
    method: Method = "lora"
    form: Form = "llm4svg"
    initial: How | Literal["keep"] = "ordered"
    numbers: Numbers = "text"
    brackets: bool = False
    stage: Stage = "both"
    epochs: float = 3.0
    row_epochs: float = 1.0
    rate: float | None = None
    row_rate: float = 1e-3
    steps: int = 0
    batch: int = 4
    gather: int = 8
    length: int = 2048
    rank: int = 64
    tasks: Mapping[str, float] = field(default_factory=lambda: {"generate": 0.6, "picture": 0.2, "describe": 0.2})
    exemplars: int = 3
    exemplar_share: float = 0.3
    by_length: bool = False
    seed: int = 0
    held_out: float = 0.02
    limit: int = 0
    side: int = 448
    save: Save = "merged"
    device: str = "auto"
    checkpointing: bool = True
    every: int = 200
    workers: int = 0

    @property
    def top_rate(self) -> float:
        """Of the second stage: what was given, else what published recipes of the method use."""
        return self.rate if self.rate is not None else (2e-4 if self.method == "lora" else 1e-5)

    @property
    def stages(self) -> tuple[Literal["rows", "rest"], ...]:
        """Plain SVG has no new tokens, nor has a base that keeps its own: there the first stage has nothing to do."""
        if self.stage != "both":
            return (self.stage,)
        return ("rest",) if self.form == "svg" or self.initial == "keep" else ("rows", "rest")

    def facts(self) -> dict[str, Any]:
        """JSON-ready, in the order of the fields."""
        out = asdict(self)
        return {**out, "data": [str(p) for p in self.data], "out": str(self.out), "tasks": dict(self.tasks)}


def checked(plan: Plan) -> Plan:
    """The plan; TrainingError where it cannot be carried out."""
    for wrong, message in (
        (not plan.data, "no data: name a file or a folder"),
        (plan.method not in ("lora", "full"), f"method {plan.method!r} is neither lora nor full"),
        (plan.form not in ("llm4svg", "svg"), f"form {plan.form!r} is neither llm4svg nor svg"),
        (plan.initial not in (*HOW, "keep"), f"there is no initialisation {plan.initial!r}: {', '.join(HOW)}, keep"),
        (plan.numbers not in ("text", "tokens"), f"numbers {plan.numbers!r} are neither text nor tokens"),
        (plan.stage not in ("both", "rows", "rest"), f"stage {plan.stage!r} is none of both, rows, rest"),
        (plan.form == "svg" and plan.stage == "rows", "plain SVG needs no new tokens, so that it has no stage rows"),
        (plan.form == "svg" and plan.numbers == "tokens", "numbers are tokens only where drawings are (llm4svg)"),
        (plan.save not in ("merged", "adapter"), f"{plan.save!r} is neither merged nor adapter"),
        (plan.save == "adapter" and plan.method == "full", "only LoRA leaves an adapter"),
        (plan.save == "adapter" and plan.stage == "rows", "the stage rows leaves a model, not an adapter"),
        (set(plan.tasks) - set(TASKS), f"there is no task {', '.join(sorted(set(plan.tasks) - set(TASKS)))}"),
        (sum(plan.tasks.values()) <= 0 or min(plan.tasks.values()) < 0, "the shares of tasks are not a mixture"),
    ):
        if wrong:
            raise TrainingError(message)
    for name, least, most in _RANGES:
        value = getattr(plan, name)
        if value is not None and not least <= value <= most:
            raise TrainingError(f"{name} {value:g} lies outside {least:g}..{most:g}")
    return plan


_RANGES: Final = (
    ("epochs", 0.001, 10_000), ("row_epochs", 0.001, 10_000), ("rate", 1e-8, 1.0), ("row_rate", 1e-8, 1.0),
    ("steps", 0, 10**9), ("batch", 1, 4096), ("gather", 1, 4096), ("length", 64, 131_072), ("rank", 1, 1024),
    ("exemplars", 0, 16), ("exemplar_share", 0.0, 1.0), ("held_out", 0.0, 0.5), ("side", 28, 2048), ("every", 1, 10**9),
    ("workers", 0, 256), ("seed", 0, 2**32 - 1), ("limit", 0, 10**12),
)  # fmt: skip
