"""``train finetune``: any Hugging Face language model, or Qwen-VL-class model, learns to write and to read icons.

Contract. The options are a ``Plan`` of ``svggen.training.finetune``, which does the work. An interrupted run goes on
from its last checkpoint when the same command is given again; exit code 130. What is wrong with the base, the data or
the folder is one line and exit code 2. Of a distributed run (``accelerate launch``, ``torchrun``) the first process
alone speaks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from agent.cli.errors import DONE, InputError, one_line
from agent.cli.options import Json
from agent.cli.output import Screen

__all__ = ["finetune"]


def _tasks(text: str) -> dict[str, float]:
    """``generate=0.6,describe=0.4``."""
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, share = part.partition("=")
        try:
            found[name.strip()] = float(share)
        except ValueError:
            hint = "--tasks generate=0.6,describe=0.4"
            raise InputError(f"--tasks: {one_line(part, 40)!r} is no share", hint=hint) from None
    return found


def finetune(
    base: Annotated[
        str, typer.Option("--base", help="Folder, or repository in the Hugging Face cache.", metavar="FOLDER_OR_REPO")
    ],
    data: Annotated[
        list[Path], typer.Option("--data", help="Parquet, JSON, JSON lines; a folder of them; again.", metavar="PATH")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the model, its log and checkpoints.", metavar="DIR")
    ],
    method: Annotated[str, typer.Option("--method", help="lora or full.")] = "lora",
    form: Annotated[str, typer.Option("--as", help="llm4svg (semantic tokens) or svg (plain text).")] = "llm4svg",
    initial: Annotated[
        str, typer.Option("--init", help="How new rows begin: ordered, description, mean, mean+noise; keep.")
    ] = "ordered",
    numbers: Annotated[str, typer.Option("--numbers", help="text, or tokens (whole numbers, one each).")] = "text",
    brackets: Annotated[bool, typer.Option("--brackets", help="Spell tokens [<|name|>].")] = False,
    stage: Annotated[str, typer.Option("--stage", help="rows (of new tokens), rest, or both.")] = "both",
    epochs: Annotated[float, typer.Option("--epochs", help="Of the stage rest.")] = 3.0,
    row_epochs: Annotated[float, typer.Option("--row-epochs", help="Of the stage rows.")] = 1.0,
    rate: Annotated[
        float | None, typer.Option("--rate", help="Of the stage rest.", show_default="2e-4 LoRA, 1e-5 full")
    ] = None,
    row_rate: Annotated[float, typer.Option("--row-rate", help="Of the stage rows.")] = 1e-3,
    steps: Annotated[int, typer.Option("--steps", help="Of each stage at most, 0 for no limit.")] = 0,
    batch: Annotated[int, typer.Option("--batch", help="Samples a device at once.")] = 4,
    gather: Annotated[int, typer.Option("--gather", help="Batches a step.")] = 8,
    length: Annotated[int, typer.Option("--length", help="Tokens of a sample at most.")] = 2048,
    rank: Annotated[int, typer.Option("--rank", help="Of LoRA.")] = 64,
    tasks: Annotated[
        str, typer.Option("--tasks", help="Shares of what pairs of words and drawing are used for.", metavar="SHARES")
    ] = "generate=0.6,picture=0.2,describe=0.2",
    exemplars: Annotated[int, typer.Option("--exemplars", help="Icons of the same set in a prompt at most.")] = 3,
    exemplar_share: Annotated[float, typer.Option("--exemplar-share", help="Of prompts that have some.")] = 0.3,
    by_length: Annotated[bool, typer.Option("--by-length", help="The first epoch from short to long.")] = False,
    held_out: Annotated[float, typer.Option("--held-out", help="Share of drawings never trained on.")] = 0.02,
    limit: Annotated[int, typer.Option("--limit", help="Rows of each file at most, 0 for all.")] = 0,
    side: Annotated[int, typer.Option("--side", help="px of pictures.")] = 448,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same run.")] = 0,
    device: Annotated[str, typer.Option("--device", help="auto or cpu.")] = "auto",
    save: Annotated[str, typer.Option("--save", help="merged or adapter.")] = "merged",
    every: Annotated[int, typer.Option("--every", help="Steps between checkpoints.")] = 200,
    workers: Annotated[int, typer.Option("--workers", help="Processes that make samples.")] = 0,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Read and convert the data, train nothing.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Any Hugging Face language model (or Qwen-VL-class model) on data sets of icons."""
    from svggen.training.finetune import Plan
    from svggen.training.finetune import finetune as run

    if device not in ("auto", "cpu"):
        raise InputError(
            f"--device: {one_line(device, 40)!r} is neither auto nor cpu", hint="GPUs are found by themselves"
        )
    given: dict[str, Any] = {
        "base": base, "data": tuple(data), "out": out, "method": method, "form": form, "initial": initial,
        "numbers": numbers, "brackets": brackets, "stage": stage, "epochs": epochs, "row_epochs": row_epochs,
        "rate": rate, "row_rate": row_rate, "steps": steps, "batch": batch, "gather": gather, "length": length,
        "rank": rank, "tasks": _tasks(tasks), "exemplars": exemplars, "exemplar_share": exemplar_share,
        "by_length": by_length, "held_out": held_out, "limit": limit, "side": side, "seed": seed, "device": device,
        "save": save, "every": every, "workers": workers,
    }  # fmt: skip
    first = os.environ.get("RANK", "0") == "0"
    screen = Screen(as_json=as_json)
    try:
        with screen.progress("fine-tuning") as shown:
            result = run(Plan(**given), prepare_only=prepare_only, log=shown.step)
    except KeyboardInterrupt:
        if any(out.glob("stage-*")):
            screen.note(
                f"what was learned up to the last checkpoint is kept in {out}; the same command goes on from there"
            )
        raise
    if first:
        losses = {name: asdict(loss) for name, loss in result.losses.items()}
        screen.data({"model_path": result.model, "losses": losses, "data": result.about, "seconds": result.seconds})
        _say(screen, result.about, losses, result.model)
    return DONE


def _say(screen: Screen, about: Mapping[str, Any], losses: Mapping[str, Mapping[str, Any]], model: Path | None) -> None:
    refused = ", ".join(f"{count:,} {reason}" for reason, count in about.get("refused", {}).items())
    screen.line(f"{about['rows']:,} rows, {about['used']:,} used" + (f"; refused: {refused}" if refused else ""))
    for name, loss in losses.items():
        held = "" if loss["after"] is None else f", held out {loss['before']:.3f} -> {loss['after']:.3f}"
        screen.line(f"stage {name}: {loss['steps']:,} steps, loss {loss['first']:.3f} -> {loss['last']:.3f}{held}")
    if model is not None:
        screen.line(f"{model}", "green")
        if (model / "config.json").exists():
            screen.line(f"draw with it: mnemicon draw PROMPT --model hf:{model}")
