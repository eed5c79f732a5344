"""One stage of a fine-tuning on transformers' Trainer: what is trained, how, and what it leaves.

Contract. ``train_stage`` trains one stage in a folder of its own and leaves there what was trained (``trained/``: an
adapter, or a whole model) and ``losses.json``; a stage that has both is not trained again, and one that was cut off
goes on from its last whole checkpoint. peft trains the rows of new tokens alone (every other row, frozen, is not even
in the optimiser) and LoRA; Trainer and accelerate do the rest: several processes, FSDP, mixed precision, checkpoints.

Precision. One process on a GPU holds a frozen base in bfloat16 and what is trained in float32. Full training, and every
parameter under FSDP (which wants one type), is float32 with computation in bfloat16. On a CPU all is float32.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any, Final, Literal

import torch
import transformers
from torch import nn

from svggen.errors import TrainingError
from svggen.training.corpus.table import written
from svggen.training.finetune.bases import Base, load_model
from svggen.training.finetune.descriptions import NewWord
from svggen.training.finetune.growing import grow, tied
from svggen.training.finetune.lessons import Lessons, Order
from svggen.training.finetune.plan import Plan
from svggen.training.finetune.speaking import Collator, Speaker
from svggen.training.finetune.store import Store

__all__ = ["Losses", "Run", "arguments", "finished", "layer_class", "lora_targets", "restored", "train_stage"]

Log = Callable[[str], None]
StageName = Literal["rows", "rest"]
TRAINED: Final = "trained"
LOSSES: Final = "losses.json"


@dataclass(frozen=True)
class Losses:
    """Nats a token of what is answered. first, last: of training, over the first and the last tenth of the log; before,
    after: the mean over the samples that are held out (None where nothing is). parameters: how many were trained."""

    steps: int
    first: float
    last: float
    before: float | None
    after: float | None
    parameters: int


@dataclass(frozen=True)
class Run:
    """What every stage of a run shares. ids: of the new tokens, [] where there are none."""

    plan: Plan
    base: Base
    store: Store
    speaker: Speaker
    words: Sequence[NewWord]
    ids: Sequence[int]

    def folder(self, stage: StageName) -> Path:
        return self.plan.out / f"stage-{stage}"


def finished(folder: Path) -> Losses | None:
    """What a stage left, or None where it is not done."""
    try:
        found = json.loads((folder / LOSSES).read_text(encoding="utf-8"))
        return Losses(**found) if (folder / TRAINED).is_dir() else None
    except (OSError, ValueError, TypeError):
        return None


# ----------------------------------------------------------------------------------------------------- what is trained


def restored(run: Run, upto: StageName | None, dtype: Any) -> Any:
    """The base with room for the new tokens, and with what was learned before ``rest`` (None) or up to and with a
    stage. The stage ``rows`` counts where it is finished, in this run or in an earlier one in the same folder."""
    plan = run.plan
    if upto == "rest" and plan.method == "full":
        return load_model(run.folder("rest") / TRAINED, sees=run.base.sees, dtype=dtype)
    model = load_model(run.base.folder, sees=run.base.sees, dtype=dtype, name=run.base.name)
    if run.ids and plan.initial != "keep":
        grow(model, run.ids, run.words, run.speaker.tokenizer, plan.initial, seed=plan.seed)
    stages: tuple[StageName, ...] = ("rows", "rest") if upto == "rest" else ("rows",)
    for name in stages:
        if finished(run.folder(name)) is not None:
            model = _merged(model, run.folder(name) / TRAINED)
    return model


def _merged(model: Any, adapter: Path) -> Any:
    from peft import PeftModel

    with _quiet():
        return PeftModel.from_pretrained(model, adapter, is_trainable=False).merge_and_unload()


def _to_train(run: Run, stage: StageName, model: Any) -> Any:
    """The model with its trainable part: rows, LoRA and rows, or everything but the eyes."""
    from peft import LoraConfig, TrainableTokensConfig, get_peft_model

    plan, tables = run.plan, _tables(model)
    if stage == "rest" and plan.method == "full":
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(not _in_eyes(name))
        return model
    if run.ids and any(getattr(layer, "bias", None) is not None for layer in tables.values()):
        raise TrainingError(f"the output head of {run.base.name} has a bias, which peft does not train by rows: "
                            f"use --method full --stage rest")  # fmt: skip
    config: Any
    if stage == "rows":
        config = TrainableTokensConfig(target_modules=list(tables), token_indices=list(run.ids))
    else:
        rows = {name: list(run.ids) for name in tables} if run.ids else None
        config = LoraConfig(
            r=plan.rank, lora_alpha=2 * plan.rank, lora_dropout=0.05, target_modules=lora_targets(model),
            trainable_token_indices=rows, task_type="CAUSAL_LM",
        )  # fmt: skip
    with _quiet():
        made = get_peft_model(model, config)
    for parameter in made.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return made


def _tables(model: Any) -> dict[str, nn.Module]:
    """Full name -> the embedding table, and the output head where its rows are its own."""
    wanted = [model.get_input_embeddings()] + ([] if tied(model) else [model.get_output_embeddings()])
    names = {id(module): name for name, module in model.named_modules()}
    return {names[id(module)]: module for module in wanted}


def lora_targets(model: Any) -> list[str]:
    """Full names of every linear layer of the language model; not of its eyes, and not of the output head."""
    from transformers.pytorch_utils import Conv1D

    decoder, head = model.get_decoder(), model.get_output_embeddings()
    prefix = next(name for name, module in model.named_modules() if module is decoder)
    return [
        f"{prefix}.{name}" if prefix else name
        for name, module in decoder.named_modules()
        if isinstance(module, nn.Linear | Conv1D) and module is not head and not _in_eyes(name)
    ]


def _in_eyes(name: str) -> bool:
    return any(part in ("visual", "vision_tower", "vision_model") for part in name.split("."))


def layer_class(model: Any) -> str:
    """The class of one layer of the language model, which FSDP is to shard as a unit. The eyes are not: a batch without
    pictures does not run them, and a unit that one process runs and another does not would never end."""
    decoder = model.get_decoder()
    for module in decoder.modules():
        if isinstance(module, nn.ModuleList) and len(module) == _layers(model):
            return type(module[0]).__name__
    raise TrainingError("the base's layers are not found: FSDP_TRANSFORMER_CLS_TO_WRAP names their class")


def _layers(model: Any) -> int:
    config = getattr(model.config, "text_config", model.config)
    return int(config.num_hidden_layers)


# ------------------------------------------------------------------------------------------------------------ training


def arguments(plan: Plan, folder: Path, stage: StageName, *, steps: int, held: bool) -> Any:
    """TrainingArguments of a stage of so many optimiser steps."""
    cpu = plan.device == "cpu"
    gpu = torch.cuda.is_available() and not cpu
    known = {f.name for f in fields_of(transformers.TrainingArguments)}
    checkpointing = "activation_checkpointing" if "activation_checkpointing" in known else "gradient_checkpointing"
    given: dict[str, Any] = {
        "output_dir": str(folder), "max_steps": steps, "per_device_train_batch_size": plan.batch,
        "per_device_eval_batch_size": 1,  # a mean over samples, whatever the batches and processes
        "gradient_accumulation_steps": plan.gather,
        "learning_rate": plan.row_rate if stage == "rows" else plan.top_rate, "lr_scheduler_type": "cosine",
        "warmup_steps": max(1, steps // 30), "weight_decay": 0.0 if stage == "rows" else 0.01, "adam_beta2": 0.95,
        "max_grad_norm": 1.0, "bf16": gpu, "use_cpu": cpu, "seed": plan.seed, "data_seed": plan.seed,
        checkpointing: gpu and plan.checkpointing, f"{checkpointing}_kwargs": {"use_reentrant": False},
        "logging_steps": max(1, min(20, steps // 50)), "logging_first_step": True, "save_strategy": "steps",
        "save_steps": plan.every, "save_total_limit": 2, "eval_strategy": "steps" if held else "no",
        "eval_steps": plan.every, "eval_on_start": held, "prediction_loss_only": True, "report_to": [],
        "remove_unused_columns": False, "label_names": ["labels"], "dataloader_num_workers": plan.workers,
        "dataloader_pin_memory": gpu, "disable_tqdm": True, "ddp_find_unused_parameters": False,
    }  # fmt: skip
    return transformers.TrainingArguments(**given)


def train_stage(run: Run, stage: StageName, log: Log) -> Losses:
    """Trains it, or takes what it left; see the head of this file."""
    folder = run.folder(stage)
    done = finished(folder)
    if done is not None:
        log(f"stage {stage}: done already, held-out loss {_shown(done.after)}")
        return done
    plan = run.plan
    lessons, held = (Lessons(run.store, run.speaker, plan, train=train) for train in (True, False))
    fsdp = os.environ.get("ACCELERATE_USE_FSDP", "false").lower() == "true"
    narrow = torch.cuda.is_available() and plan.device != "cpu" and not fsdp and _frozen(plan, stage)
    model = restored(run, None, torch.bfloat16 if narrow else torch.float32)
    if fsdp and stage == "rest" and plan.method == "lora" and run.ids and tied(model):
        raise TrainingError("LoRA on a model whose output head shares the embedding table cannot be sharded by FSDP: "
                            "start it with torchrun instead, or use --method full")  # fmt: skip
    model = _to_train(run, stage, model)
    model.config.use_cache = False
    if fsdp:
        os.environ.setdefault("FSDP_TRANSFORMER_CLS_TO_WRAP", layer_class(model))
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    steps = _steps(plan, stage, len(lessons))
    log(f"stage {stage}: {trained:,} parameters trained, {len(lessons):,} examples, {steps:,} steps")
    args = arguments(plan, folder, stage, steps=steps, held=len(held) > 0)
    resumed = _last(folder, clean=args.should_save)
    args.eval_on_start = len(held) > 0 and resumed is None
    trainer = _Trainer(
        model, args, train_dataset=lessons, eval_dataset=held if len(held) else None,
        data_collator=Collator(run.speaker.tokenizer.pad_token_id, run.base.sight),
        callbacks=[_Progress(stage, steps, plan.out / "finetune-log.jsonl", log)],
    )  # fmt: skip
    trainer.remove_callback(transformers.trainer_callback.PrinterCallback)
    trainer.order = Order(lessons, seed=plan.seed, by_length=plan.by_length and stage == "rest")
    if resumed is not None:
        log(f"stage {stage}: goes on from {resumed.name}")
    _run(trainer, resumed)
    losses = _losses(trainer, trained, held=len(held) > 0)
    trainer.save_model(str(folder / TRAINED))
    if args.should_save:
        (folder / TRAINED / "training_args.bin").unlink(missing_ok=True)  # a pickle, which nothing here reads
        text = json.dumps(losses.__dict__)
        written(folder / LOSSES, lambda part: part.write_text(text, encoding="utf-8"))
        for path in folder.glob("checkpoint-*"):
            shutil.rmtree(path, ignore_errors=True)
    trainer.accelerator.wait_for_everyone()
    log(f"stage {stage}: loss {losses.first:.3f} -> {losses.last:.3f}, held out {_shown(losses.before)} -> "
        f"{_shown(losses.after)}")  # fmt: skip
    return losses


def _frozen(plan: Plan, stage: StageName) -> bool:
    return stage == "rows" or plan.method == "lora"


def _steps(plan: Plan, stage: StageName, examples: int) -> int:
    world = int(os.environ.get("WORLD_SIZE", "1"))
    epochs = plan.row_epochs if stage == "rows" else plan.epochs
    whole = math.ceil(examples / (plan.batch * plan.gather * world) * epochs)
    return max(1, min(whole, plan.steps) if plan.steps else whole)


class _Trainer(transformers.Trainer):
    order: Order

    def _get_train_sampler(self, train_dataset: Any = None) -> Order:
        return self.order

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """An adapter without the whole embedding table, which peft would add because there are more rows than in the
        base's file: those that are new are trained, and are in it."""
        from peft import PeftModel

        model = self.accelerator.unwrap_model(self.model, keep_torch_compile=False)
        if isinstance(model, PeftModel):
            if not self.args.should_save:  # of a sharded model only the first process has the gathered state
                return
            folder = str(output_dir or self.args.output_dir)
            model.save_pretrained(folder, state_dict=state_dict, save_embedding_layers=False)
        else:
            super()._save(output_dir, state_dict)


class _Progress(transformers.TrainerCallback):
    """One line for each of the trainer's, to people and to a file of JSON lines."""

    def __init__(self, stage: str, steps: int, path: Path, log: Log) -> None:
        self._stage, self._steps, self._path, self._log = stage, steps, path, log

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        said = {k: v for k, v in (logs or {}).items() if k in ("loss", "eval_loss", "learning_rate", "grad_norm")}
        if not said or not state.is_world_process_zero:
            return
        for name in ("loss", "eval_loss"):
            if name in said and not math.isfinite(said[name]):
                raise TrainingError(f"stage {self._stage}: the loss is no number at step {state.global_step}; "
                                    f"use a lower rate")  # fmt: skip
        line = {"stage": self._stage, "step": state.global_step, **said}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        values = " ".join(f"{k} {v:.3g}" for k, v in said.items() if k != "grad_norm")
        self._log(f"stage {self._stage}: step {state.global_step:,} of {self._steps:,} {values}")


def _run(trainer: Any, resumed: Path | None) -> None:
    try:
        with _quiet():
            trainer.train(resume_from_checkpoint=str(resumed) if resumed is not None else None)
    except torch.OutOfMemoryError as error:
        raise TrainingError(
            "the GPU's memory is not enough: use a smaller --batch or --length, LoRA, or more GPUs with FSDP"
        ) from error
    except (RuntimeError, ValueError, KeyError, OSError, EOFError) as error:
        if resumed is None or isinstance(error, TrainingError):
            raise
        raise TrainingError(f"{resumed} cannot be gone on with ({error}); remove it to go on from the one before")\
            from error  # fmt: skip


def _losses(trainer: Any, trained: int, *, held: bool) -> Losses:
    told, step = trainer.state.log_history, int(trainer.state.global_step)
    losses = [float(line["loss"]) for line in told if "loss" in line]
    some = max(1, len(losses) // 10)
    seen = [(line["step"], float(line["eval_loss"])) for line in told if "eval_loss" in line]
    if held and (not seen or seen[-1][0] != step):
        seen.append((step, float(trainer.evaluate()["eval_loss"])))
    before, after = (seen[0][1], seen[-1][1]) if seen else (None, None)
    return Losses(step, sum(losses[:some]) / some, sum(losses[-some:]) / some, before, after, trained)


def _last(folder: Path, *, clean: bool) -> Path | None:
    """The newest whole checkpoint (the trainer writes its state last); what a killed run left half-written is
    removed."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda p: int(p.name.rpartition("-")[2] or 0))
    whole = []
    for path in found:
        try:
            json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
            whole.append(path)
        except (OSError, ValueError):
            if clean:
                shutil.rmtree(path, ignore_errors=True)
    return whole[-1] if whole else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the libraries' warnings to programmers: of tied heads (their rows are trained as one here, and merging is
    tested) and of names that are to change."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _shown(loss: float | None) -> str:
    return "-" if loss is None else f"{loss:.3f}"
