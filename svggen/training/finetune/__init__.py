"""Fine-tuning: any Hugging Face causal language model, or vision-language model that sees as Qwen-VL does, learns to
write icons in LLM4SVG's semantic tokens (or as plain SVG text), and to say what they show.

Contract. ``finetune(Plan(base=..., data=..., out=...))`` reads data of the published layouts, adds the tokens, trains
in two stages (the rows of the new tokens; then LoRA or everything) on transformers, peft and accelerate, and leaves a
model folder that ``hf:OUT/model`` opens. The same plan in the same folder goes on where a run was cut off. Nothing is
fetched, and no code of a base's repository is run. Needs ``pip install 'mnemicon[finetune]'``; importing this package
needs nothing. Errors: TrainingError (the plan, the folder, the run), CorpusError (the data), ModelError (the base).

    plan.py      what is asked for                       running.py   from beginning to end
    readers.py, layouts.py, files.py, examples.py        data sets -> Examples -> store.py, one Arrow file
    asking.py, speaking.py, lessons.py                   Examples -> questions, answers, ids, batches
    bases.py, growing.py, descriptions.py, initial.py    the base and its new tokens
    stages.py, fsdp.yaml                                 training             keeping.py, card.py   what is left
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svggen.training.finetune.plan import Plan

if TYPE_CHECKING:
    from svggen.training.finetune.running import Result

__all__ = ["Plan", "finetune", "fsdp_config"]


def finetune(plan: Plan, **options: Any) -> Result:
    """``svggen.training.finetune.running.finetune``, imported (with torch and transformers) when it is called."""
    from svggen.models.checkpoints import needs

    needs("finetune", "torch", "transformers", "peft", "accelerate", "pyarrow")
    from svggen.training.finetune.running import finetune as run

    return run(plan, **options)


def fsdp_config() -> str:
    """The path of the accelerate configuration for eight GPUs that ships with this package."""
    from pathlib import Path

    return str(Path(__file__).with_name("fsdp.yaml"))
