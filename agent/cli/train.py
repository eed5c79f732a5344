"""``train judge`` and ``train iconlm``: from the training corpus to weights of one's own.

Contract. Packs the corpus where it is not packed yet, makes pictures and text vectors (all kept under ``--out``, so
that the next run finds them), trains, and says where the weights lie. An interrupted run leaves a checkpoint, and the
same command goes on from it; exit code 130. What is missing (torch, pyarrow, a corpus, a GPU that was named) is one
line and exit code 2. The work is that of ``svggen.training.run``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from agent.cli.errors import DONE, InputError, one_line
from agent.cli.finetune import finetune
from agent.cli.options import Json
from agent.cli.output import Screen

if TYPE_CHECKING:
    from svggen.training.run import Made

app = typer.Typer(help="Train the models of this program on the corpus.", no_args_is_help=False)

INSTALL = "pip install 'mnemicon[train]'"
RECIPES = ("full", "cpu")

Log: TypeAlias = Callable[[str], None]


def register(parent: typer.Typer) -> None:
    app.command()(finetune)
    parent.add_typer(app, name="train")


def _recipe(name: str | None) -> str | None:
    if name is not None and name not in RECIPES:
        raise InputError(f"there is no recipe {one_line(name, 40)!r}", hint=f"use {' or '.join(RECIPES)}")
    return name


Recipe: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--recipe", callback=_recipe, help="full (one large GPU) or cpu (two cores).", show_default="cpu without a GPU"
    ),
]
Corpus: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--corpus", help="icons.parquet of corpus build, or a packed .npz.", metavar="FILE", show_default="the cache's"
    ),
]
Out: TypeAlias = Annotated[
    Path, typer.Option("--out", "-o", help="Folder for weights, log, and what is made on the way.", metavar="DIR")
]
Seconds: TypeAlias = Annotated[
    float | None, typer.Option("--seconds", min=1, help="Of training in all.", show_default="the recipe's")
]
Device: TypeAlias = Annotated[
    str | None, typer.Option("--device", help="cuda, cuda:1, cpu ...", show_default="cuda where there is one")
]


@app.command()
def judge(
    recipe: Recipe = None,
    corpus: Corpus = None,
    out: Out = Path("judge"),
    seconds: Seconds = None,
    device: Device = None,
    as_json: Json = False,
) -> int:
    """The eye that says what an icon shows and whose hand it could be."""
    from svggen.training.run import learn_judge

    where = _device(device)
    plan = recipe or ("cpu" if where == "cpu" else "full")
    return _train(
        "judge", Screen(as_json=as_json), corpus, out,
        lambda of, log: learn_judge(of, out, recipe=plan, seconds=seconds, device=where, log=log),
    )  # fmt: skip


@app.command()
def iconlm(
    recipe: Recipe = None,
    corpus: Corpus = None,
    out: Out = Path("iconlm"),
    seconds: Seconds = None,
    judge: Annotated[
        Path | None,
        typer.Option("--judge", help="A judge.safetensors, IconLM's eye.", metavar="FILE", show_default="the shipped"),
    ] = None,
    device: Device = None,
    as_json: Json = False,
) -> int:
    """The language model that draws icons token by token."""
    from svggen.judge.weights import FILE, SHA256, read
    from svggen.training.run import learn_iconlm

    read(judge or FILE, None if judge else SHA256)  # before minutes of preparing, not after
    where = _device(device)
    plan = recipe or ("cpu" if where == "cpu" else "full")
    return _train(
        "iconlm", Screen(as_json=as_json), corpus, out,
        lambda of, log: learn_iconlm(of, judge or FILE, out, recipe=plan, seconds=seconds, device=where, log=log),
    )  # fmt: skip


def _train(what: str, screen: Screen, corpus: Path | None, out: Path, learn: Callable[[Made, Log], Path]) -> int:
    from svggen.training.run import made, packed_corpus

    try:
        with screen.progress(f"training {what}") as steps:
            source = _corpus(corpus)
            of = made(packed_corpus(source, out, log=steps.step), out, log=steps.step)
            weights = learn(of, steps.step)
    except KeyboardInterrupt:
        if (out / f"{what}.checkpoint").exists():
            screen.note(
                f"what was learned is kept in {out / f'{what}.checkpoint'}; the same command goes on from there"
            )
        raise
    facts = _facts(weights)
    size = weights.stat().st_size
    log = out / f"{what}-log.jsonl"
    screen.data({"weights_path": weights, "log_path": log if log.exists() else None, "bytes": size, **facts})
    screen.line(
        f"{facts['steps']:,} steps, {facts['icons_seen']:,} icons seen, {facts['seconds']:.0f} s on {facts['device']}"
    )
    screen.line(f"{weights}: {size / 1e6:.1f} MB", "green")
    return DONE


def _corpus(given: Path | None) -> Path:
    from svggen.training.corpus import default_cache

    source = given or default_cache() / "icons.parquet"
    if not source.is_file():
        raise InputError(
            f"there is no corpus {source}", hint="build it with mnemicon corpus build, or name one: --corpus"
        )
    return source


def _device(name: str | None) -> str:
    """The device to train on; what is not installed or not there is said before anything is begun."""
    try:
        import torch
    except ImportError as error:
        raise InputError("training needs torch, which is not installed", hint=INSTALL) from error
    from svggen.training.run import best_device

    if name is None:
        return best_device()
    try:
        torch.zeros(1, device=name).item()  # "meta" makes tensors, but there is nothing in them
    except Exception as error:  # torch has another error for each kind of device
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"{one_line(name, 40)!r} is no device to train on: {reason}", hint="use cpu") from error
    return name


def _facts(weights: Path) -> dict[str, Any]:
    """What the file's header says of its training, but for tables."""
    with weights.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))["__metadata__"]
    said = json.loads(header["facts"] if "facts" in header else header["judge"])
    return {key: value for key, value in said.items() if key not in ("calibration", "recipe")}
