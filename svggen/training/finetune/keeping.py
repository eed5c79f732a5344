"""What a fine-tuning leaves: a model folder with its tokenizer, its card and its profile.

Contract. ``keep(run, ...)`` writes ``OUT/model`` (merged weights in the base's own type, safetensors; ``hf:OUT/model``
opens it) or ``OUT/adapter`` (LoRA and the new rows) under a temporary name and renames it when it is whole. What was
trained stays in ``OUT/stage-*``, so that an adapter can be merged later. The model is built from those files, not from
what is in memory: what was written is what is kept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from svggen.training.finetune.card import card, profile
from svggen.training.finetune.stages import TRAINED, Losses, Run, restored

__all__ = ["PROFILE", "keep"]

PROFILE = "mnemicon-profile.toml"


def keep(run: Run, losses: Mapping[str, Losses], about: Mapping[str, Any]) -> Path:
    """The folder. losses: of each stage that is done; about: what ``store`` says of the data."""
    plan = run.plan
    adapter = plan.save == "adapter"
    path = plan.out / ("adapter" if adapter else "model")
    part = plan.out / f".{path.name}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        parameters = 0
        if adapter:
            shutil.copytree(run.folder("rest") / TRAINED, part)
        else:
            model = restored(run, "rest" if "rest" in losses else "rows", _own_type(run.base.config))
            model.config.use_cache = True
            model.save_pretrained(part)
            parameters = model.num_parameters()
        _beside(run, part)
        (part / "README.md").write_text(card(plan, run.base, losses, about), encoding="utf-8")
        said = profile(plan, run.base, run.store.counts(), parameters)
        (part / PROFILE).write_text(said, encoding="utf-8")
        for file in part.iterdir():  # weights are written for their owner alone
            shutil.copymode(part / PROFILE, file)
        _into_place(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return path


def _own_type(config: Any) -> Any:
    """The type that the base's weights are published in; float32 where its configuration says nothing."""
    found = getattr(config, "dtype", None) or getattr(getattr(config, "text_config", None), "dtype", None)
    named = getattr(torch, found, None) if isinstance(found, str) else found
    return named if isinstance(named, torch.dtype) else torch.float32


def _beside(run: Run, folder: Path) -> None:
    """Tokenizer and processor: those files of the base that describe pictures, as they are."""
    run.speaker.tokenizer.save_pretrained(folder)
    for path in run.base.beside:
        if not (folder / path.name).exists():  # a template that the tokenizer has written is the newer one
            shutil.copyfile(path, folder / path.name)


def _into_place(part: Path, path: Path) -> None:
    if not path.exists():
        part.rename(path)
        return
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    path.rename(old)
    part.rename(path)
    shutil.rmtree(old, ignore_errors=True)
