"""A fine-tuning from beginning to end, on one process or on many.

Contract. ``finetune(plan)`` reads the data, trains the plan's stages and keeps the result; see the head of the package.
Every process of a distributed run calls it; one of them reads, writes and speaks, the others wait for it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from svggen.errors import TrainingError
from svggen.training.corpus.table import written
from svggen.training.finetune.bases import open_base
from svggen.training.finetune.descriptions import new_words
from svggen.training.finetune.growing import add_words
from svggen.training.finetune.keeping import keep
from svggen.training.finetune.plan import Plan, checked
from svggen.training.finetune.speaking import Speaker
from svggen.training.finetune.stages import Losses, Run, arguments, finished, train_stage
from svggen.training.finetune.store import Store, prepare

__all__ = ["STATE", "Result", "finetune"]

Log = Callable[[str], None]
STATE: Final = "finetune.json"
_FREE: Final = ("out", "stage", "save", "workers", "every", "device")
"""Of a plan: what may differ between the runs in one folder."""


@dataclass(frozen=True)
class Result:
    """model: the folder that was kept, None where data were only prepared; losses: of each stage that is done; about:
    what ``store`` says of the data; seconds: of this call."""

    model: Path | None
    losses: Mapping[str, Losses]
    about: Mapping[str, Any]
    seconds: float


def finetune(plan: Plan, *, prepare_only: bool = False, log: Log = print) -> Result:
    """See the head of the package. prepare_only: read and write the data, train nothing."""
    began = time.perf_counter()
    checked(plan)
    _look(plan)
    with _without_bars():
        return _finetune(plan, prepare_only, log, began)


@contextmanager
def _without_bars() -> Iterator[None]:
    """Loading and saving draw bars of their own on stderr, over whatever the caller shows there."""
    from transformers.utils import logging as transformers_logging

    logging: Any = transformers_logging
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _finetune(plan: Plan, prepare_only: bool, log: Log, began: float) -> Result:
    base = open_base(plan.base, side=plan.side)
    if not base.sees and not sum(share for task, share in plan.tasks.items() if task != "picture"):
        raise TrainingError(f"{plan.base} sees no pictures: give its tasks a share of generate or describe")
    words = [] if plan.form == "svg" else new_words(numbers=plan.numbers == "tokens", brackets=plan.brackets)
    ids = add_words(base.tokenizer, words, plan.base, keep=plan.initial == "keep") if words else []
    speaker = Speaker(base.tokenizer, base.sight)
    place = arguments(plan, plan.out, "rest", steps=1, held=False)
    say: Log = log if place.process_index == 0 else (lambda _: None)
    with place.main_process_first(local=False, desc="data"):
        if place.process_index == 0:
            _claim(plan)
        store = Store(prepare(plan, speaker, log=say), plan.held_out)
        if place.process_index == 0:
            _same_data(plan, store.about["stamp"])
    say(f"data: {len(store.trained):,} examples to train on, {len(store.held):,} held out")
    if prepare_only:
        return Result(None, {}, store.about, time.perf_counter() - began)
    run = Run(plan, base, store, speaker, words, ids)
    for stage in plan.stages:
        train_stage(run, stage, say)
    losses = {name: found for name in ("rows", "rest") if (found := finished(run.folder(name))) is not None}
    with place.main_process_first(local=False, desc="model"):
        path = plan.out / ("adapter" if plan.save == "adapter" else "model")
        if place.process_index == 0:
            path = keep(run, losses, store.about)
    say(f"kept: {path}")
    return Result(path, losses, store.about, time.perf_counter() - began)


def _look(plan: Plan) -> None:
    """Is the folder free, or does a run of the same plan lie there? TrainingError else; nothing is written."""
    out = plan.out
    if out.exists() and not out.is_dir():
        raise TrainingError(f"{out} is a file; name a folder to write to")
    state = out / STATE
    if not state.is_file():
        if out.is_dir() and any(out.iterdir()):
            raise TrainingError(f"{out} is not empty and holds no fine-tuning; name another folder")
        return
    try:
        before = json.loads(state.read_text(encoding="utf-8"))["plan"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{state} is damaged; name another folder") from error
    now = json.loads(json.dumps(plan.facts()))
    other = [name for name, value in now.items() if name not in _FREE and before.get(name) != value]
    if other:
        told = ", ".join(f"{name} {before.get(name)!r}" for name in other)[:200]
        raise TrainingError(f"the run in {out} was begun with {told}; give it the same options, or another folder")


def _claim(plan: Plan) -> None:
    """The folder is this plan's from here on."""
    state = {**_state(plan), "plan": plan.facts()}
    text = json.dumps(state, indent=1, ensure_ascii=False)
    written(plan.out / STATE, lambda part: part.write_text(text, encoding="utf-8"))


def _state(plan: Plan) -> dict[str, Any]:
    try:
        found = json.loads((plan.out / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _same_data(plan: Plan, stamp: str) -> None:
    """A run goes on with the data that it was begun with."""
    state = _state(plan)
    if state.get("data") not in (None, stamp) and any(plan.out.glob("stage-*")):
        raise TrainingError(f"the data files of the run in {plan.out} have changed; name another folder for a new run")
    text = json.dumps({**state, "data": stamp}, indent=1, ensure_ascii=False)
    written(plan.out / STATE, lambda part: part.write_text(text, encoding="utf-8"))
