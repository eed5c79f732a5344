"""Training of IconLM: one loop for one large GPU (recipe "full") and for two cores ("cpu").

Contract. ``train_iconlm(data, ...)`` trains for a number of seconds and ends with a decayed learning rate. It writes to
``out``: ``iconlm.safetensors`` (int8, see ``lm_net.export``); ``iconlm-best.safetensors``, the net of the moment at
which the validation losses were lowest (the first full run over-fitted from a third of its time on);
``iconlm-log.jsonl`` (one line every few seconds: loss, validation losses, documents seen); and while it runs, or when
it is interrupted, ``iconlm.checkpoint`` (everything, renamed into place), from which a run that was cut off goes on.
``start`` names an exported file to go on from on another machine (its optimiser begins anew). ``make_data`` joins what
it needs: the packed corpus, text vectors, pictures, and what the judge sees in them.

Optimisers: Muon for the matrices inside the layers, AdamW for embeddings, head, slots and norms. Rates rise over 2 % of
the time, stay, and fall in a line to nought over the last half.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from svggen.training.checkpoint import kept as kept_state
from svggen.training.lm_data import Maker, Mixed, Stage, collate_row
from svggen.training.lm_net import IconNet, LmConfig, Rows, document_mask, export, load_net
from svggen.training.muon import Muon
from svggen.training.pack import Pack

__all__ = ["RECIPES", "LmData", "LmRecipe", "make_data", "patch_inputs", "train_iconlm"]

Log = Callable[[str], None]
PULSE = 5.0
"""Seconds between two lines of progress."""


@dataclass(frozen=True)
class LmRecipe:
    """rows x length: positions a step. seconds: when the caller names none. workers: processes that make documents."""

    net: LmConfig
    rows: int
    length: int
    seconds: float
    muon: float = 5e-3
    adam: float = 2e-3
    decay: float = 0.05
    workers: int = 10
    compiled: bool = True
    attention: str = "flex"


RECIPES = {
    "full": LmRecipe(LmConfig(dropout=0.2), rows=128, length=1024, seconds=4 * 60, decay=0.1),
    "cpu": LmRecipe(
        LmConfig(width=256, layers=6, heads=4, key_heads=2, inner=768, dropout=0.0),
        rows=8, length=512, seconds=150 * 60, muon=8e-3, adam=3e-3, workers=1, compiled=False, attention="dense",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class LmData:
    """texts float16 (phrases + words, 384); pictures uint8 (N, 64, 64, 3); styles float32 (N + groups, 32): the judge's
    style vector of each icon, then each group's mean."""

    pack: Pack
    words: tuple[str, ...]
    texts: Tensor
    pictures: Tensor
    styles: Tensor


@torch.no_grad()
def style_table(packed: Pack, seen: Tensor, judge: nn.Module, device: torch.device) -> Tensor:
    """float32 (N + groups, 32) on the device."""
    found = []
    for start in range(0, len(seen), 1024):
        part = seen[start : start + 1024].to(device).permute(0, 3, 1, 2).float() / 255
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            found.append(judge(part).style.float())
    own = torch.cat(found)
    group = torch.from_numpy(packed.group.astype(np.int64)).to(device)
    means = torch.zeros(int(group.max()) + 1, own.shape[1], device=device).index_add(0, group, own)
    return torch.cat([own, nn.functional.normalize(means, dim=-1)])


def patch_inputs(seen: Tensor, patches: Tensor) -> Tensor:
    """(n, 64, 224) of pictures uint8 (n, 64, 64, 3) and the judge's patches (n, 64, 160)."""
    dark = 1.0 - seen.float().mean(-1) / 255
    n = len(seen)
    pixels = dark.view(n, 8, 8, 8, 8).permute(0, 1, 3, 2, 4).reshape(n, 64, 64)
    return torch.cat([patches.float(), pixels], -1)


class _Feeder:
    """Batches of rows from worker processes, with their vectors filled in on the device."""

    def __init__(self, data: LmData, judge: nn.Module, recipe: LmRecipe, device: torch.device, seed: int) -> None:
        self.data, self.judge, self.device = data, judge, device
        self.share = multiprocessing.get_context("spawn").Value("f", 0.0)
        mixed = Mixed(data.pack, data.words, length=recipe.length, share=self.share, train=True, seed=seed)
        self.loader = torch.utils.data.DataLoader(
            mixed, batch_size=recipe.rows, num_workers=recipe.workers, pin_memory=device.type == "cuda",
            multiprocessing_context="spawn" if recipe.workers else None, prefetch_factor=4 if recipe.workers else None,
            persistent_workers=recipe.workers > 0,
        )  # fmt: skip

    def __iter__(self) -> Iterator[Rows]:
        for batch in self.loader:
            yield self.rows({name: value.to(self.device, non_blocking=True) for name, value in batch.items()})

    @torch.no_grad()
    def rows(self, b: dict[str, Tensor]) -> Rows:
        d = self.data
        text, style, picture = (b[name] for name in ("text", "style", "picture"))
        shown = picture[..., 1].clamp(min=0)
        seen = d.pictures[shown.flatten().to(d.pictures.device)].to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            looked = self.judge(seen.permute(0, 3, 1, 2).float() / 255).patches
        patches = patch_inputs(seen, looked).view(*shown.shape, 64, -1)
        styles = d.styles[style[..., 1].clamp(min=0)]
        if self.share.value > 0:  # in training a style is known about, not exactly
            styles = styles + 0.05 * torch.randn_like(styles)
        return Rows(
            b["ids"], b["positions"], b["documents"], b["weights"],
            text[..., 0], d.texts[text[..., 1].clamp(min=0)].float(), style[..., 0], styles, picture[..., 0], patches,
        )  # fmt: skip


def train_iconlm(
    data: LmData,
    judge: nn.Module,
    *,
    recipe: str | LmRecipe = "full",
    seconds: float | None = None,
    device: str | torch.device = "cuda",
    out: Path,
    start: Path | None = None,
    log: Log = print,
    seed: int = 0,
) -> IconNet:
    """The trained net on ``device``, in evaluation mode; see the head of this file."""
    plan = RECIPES[recipe] if isinstance(recipe, str) else recipe
    device = torch.device(device)
    out.mkdir(parents=True, exist_ok=True)
    run = _Run(data, judge.to(device).eval(), plan, device, out, start, seed)
    log(f"iconlm: {sum(p.numel() for p in run.net.parameters()):,} parameters, {int(data.pack.train.sum()):,} icons, "
        f"{plan.rows} x {plan.length} positions a step, {device}")  # fmt: skip
    run.resume(log)
    try:
        run.train(plan.seconds if seconds is None else seconds, log)
    except KeyboardInterrupt:
        run.save()
        raise
    found = run.validation()
    run.keep_best(found)
    facts = run.facts(found)
    net = run.net.eval()
    export(net, out / "iconlm.safetensors", facts)
    (out / "iconlm.checkpoint").unlink(missing_ok=True)
    log(f"iconlm: {json.dumps(facts)}")
    return net


class _Run:
    """Net, optimisers, feeder and counters of one training."""

    def __init__(
        self, data: LmData, judge: nn.Module, plan: LmRecipe, device: torch.device, out: Path, start: Path | None,
        seed: int,
    ) -> None:  # fmt: skip
        torch.manual_seed(seed)
        self.plan, self.device, self.out, self.data = plan, device, out, data
        self.net = (load_net(start) if start is not None else IconNet(plan.net)).to(device)
        self.attention = plan.attention if device.type == "cuda" else "dense"
        inner = [p for name, p in self.net.named_parameters() if name.startswith("layers.") and p.ndim == 2]
        chosen = {id(p) for p in inner}
        others = [p for p in self.net.parameters() if id(p) not in chosen]
        self.optimisers: tuple[torch.optim.Optimizer, ...] = (
            Muon(inner, lr=plan.muon, weight_decay=plan.decay),
            torch.optim.AdamW(
                [
                    {"params": [p for p in others if p.ndim == 2], "weight_decay": plan.decay},
                    {"params": [p for p in others if p.ndim < 2], "weight_decay": 0.0},
                ],
                lr=plan.adam, betas=(0.9, 0.95), fused=device.type == "cuda",
            ),
        )  # fmt: skip
        self.step, self.spent, self.icons, self.tokens = 0, 0.0, 0, 0
        self.lowest = float("inf")
        self.feeder = _Feeder(data, judge, plan, device, seed)
        self.forward: Callable[[Rows, Any], Tensor] = self.net
        if plan.compiled and device.type == "cuda":
            self.forward = torch.compile(self.net, dynamic=False)
        self.checks = {name: self._fixed(seed, *how) for name, how in _CHECKS.items()}

    def train(self, budget: float, log: Log) -> None:
        """Steps until ``budget`` seconds are gone, those of earlier parts of the run included. The first step, in which
        the net is compiled, does not count."""
        self.net.train()
        loss_sum = torch.zeros((), device=self.device)
        said = 0.0
        said_tokens = said_steps = 0
        before, began, checked = self.spent, 0.0, 0.0
        for rows in self.feeder:
            if began:
                share = self.spent / budget
                if share >= 1.0:
                    break
                self.feeder.share.value = max(1e-6, share)
                self._rates(share)
            else:
                self._rates(before / budget)
            loss_sum += self._step(rows, log)
            self.step += 1
            self.tokens += rows.ids.numel()
            self.icons += int(rows.documents.amax(1).add(1).sum()) if self.step % 8 == 0 else 0
            now = time.perf_counter()
            if not began:
                if self.device.type == "cuda":
                    torch.cuda.synchronize()
                began = said = checked = time.perf_counter()
                loss_sum.zero_()  # its time does not count, nor does its loss
                continue
            self.spent = before + now - began
            said_steps += 1
            if now - said >= PULSE:
                loss = float(loss_sum) / said_steps
                speed = (self.tokens - said_tokens) / (now - said)
                line = {"step": self.step, "seconds": round(self.spent, 1), "loss": round(loss, 4),
                        "icons": self.icons * 8, "positions_per_second": round(speed)}  # fmt: skip
                if now - checked >= max(10 * PULSE, budget / 20):
                    found = self.validation()
                    line |= {f"val_{name}": value for name, value in found.items()}
                    self.keep_best(found)
                    checked = time.perf_counter()
                    self.save()
                self._note(line, log)
                loss_sum.zero_()
                said, said_tokens, said_steps = time.perf_counter(), self.tokens, 0
        self.icons *= 8

    def facts(self, validation: dict[str, float]) -> dict[str, Any]:
        """What the header of an exported file says of its training."""
        return {
            "recipe": asdict(self.plan), "steps": self.step, "icons_seen": self.icons, "tokens_seen": self.tokens,
            "seconds": round(self.spent, 1), "validation": validation, "device": str(self.device),
            "train_icons": int(self.data.pack.train.sum()), "parameters": sum(p.numel() for p in self.net.parameters()),
        }  # fmt: skip

    def keep_best(self, validation: dict[str, float]) -> None:
        """Exports the net where its mean validation loss is the lowest so far."""
        mean = sum(validation.values()) / len(validation)
        if mean < self.lowest:
            self.lowest = mean
            export(self.net, self.out / "iconlm-best.safetensors", self.facts(validation))

    def _note(self, line: dict[str, Any], log: Log) -> None:
        log("iconlm: " + " ".join(f"{k} {v:,}" if isinstance(v, int) else f"{k} {v}" for k, v in line.items()))
        with (self.out / "iconlm-log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _rates(self, share: float) -> None:
        factor = max(1e-3, min(1.0, share / 0.02, 2.0 * (1.0 - share)))
        for optimiser, top in zip(self.optimisers, (self.plan.muon, self.plan.adam), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = top * factor

    def _step(self, rows: Rows, log: Log) -> Tensor:
        while True:
            try:
                loss = self._loss(rows)
                break
            except Exception as error:
                if self.forward is self.net and self.attention == "dense":
                    raise
                log(f"iconlm: {type(error).__name__} with {self.attention} attention: {str(error)[:400]}")
                if self.attention == "dense":
                    self.forward = self.net  # a compiler that fails costs time, not the run
                self.attention = "dense"
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        return loss.detach()

    def _loss(self, rows: Rows) -> Tensor:
        mask = document_mask(rows.documents, self.attention)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            return self.forward(rows, mask)

    def _fixed(self, seed: int, task: str, shots: int, count: int) -> list[dict[str, Tensor]]:
        """The same validation documents every time, one a row."""
        maker = Maker(self.data.pack, self.data.words, train=False, seed=seed)
        found: list[dict[str, Tensor]] = []
        count = min(count, 8 * len(maker.rows))
        while len(found) < count:
            doc = maker.document(maker.draw(256), Stage(), task, shots)  # type: ignore[arg-type]
            if len(doc.ids) <= 1024:
                doc.weights = [float(w == 1.0) for w in doc.weights]
                found.append(collate_row([doc], 1024))
        return found

    @torch.no_grad()
    def validation(self) -> dict[str, float]:
        """Nats a token on fixed documents of the validation sets: from words, with exemplars, from pictures."""
        self.net.eval()
        share, self.feeder.share.value = self.feeder.share.value, 0.0
        found = {}
        for name, fixed in self.checks.items():
            total = weight = 0.0
            for start in range(0, len(fixed), 16):
                some = fixed[start : start + 16]
                batch = {k: torch.stack([row[k] for row in some]).to(self.device) for k in some[0]}
                used = int(((batch["documents"] >= 0).any(0)).sum())
                for k in ("ids", "positions", "documents", "weights"):
                    batch[k] = batch[k][:, :used]
                rows = self.feeder.rows(batch)
                mask = document_mask(rows.documents, "dense")
                with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
                    w = float(rows.weights.sum())
                    total += float(self.net(rows, mask)) * w
                weight += w
            found[name] = round(total / weight, 4)
        self.feeder.share.value = share
        self.net.train()
        return found

    def save(self) -> None:
        """Everything that ``resume`` needs, written beside and renamed."""
        state = {"net": self.net.state_dict(), "step": self.step, "spent": self.spent, "icons": self.icons,
                 "tokens": self.tokens, "lowest": self.lowest, "plan": json.dumps(asdict(self.plan)),
                 "optimisers": [o.state_dict() for o in self.optimisers]}  # fmt: skip
        beside = self.out / f".iconlm.checkpoint.{os.getpid()}"
        torch.save(state, beside)
        beside.replace(self.out / "iconlm.checkpoint")

    def resume(self, log: Log) -> None:
        path = self.out / "iconlm.checkpoint"
        if not path.exists():
            (self.out / "iconlm-log.jsonl").unlink(missing_ok=True)
            return
        state = kept_state(path, self.device)
        if state["plan"] != json.dumps(asdict(self.plan)):
            log(f"iconlm: {path} is of another recipe and is not used")
            return
        self.net.load_state_dict(state["net"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step, self.spent = state["step"], state["spent"]
        self.icons, self.tokens, self.lowest = state["icons"], state["tokens"], state["lowest"]
        log(f"iconlm: goes on at step {self.step} after {self.spent:.0f} s")


_CHECKS: dict[str, tuple[str, int, int]] = {
    "words": ("words", 0, 192),
    "exemplars": ("words", 3, 192),
    "picture": ("picture", 0, 96),
}
"""name -> (task, exemplars, documents)."""


def make_data(packed: Pack, seen: Any, texts: Any, words: Sequence[str], judge: nn.Module, device: Any) -> LmData:
    """Everything on the device."""
    device = torch.device(device)
    pictures_ = torch.from_numpy(np.asarray(seen)) if not isinstance(seen, Tensor) else seen
    if device.type == "cuda":
        pictures_ = pictures_.to(device)
    judge = judge.to(device).eval()
    return LmData(
        packed, tuple(words), torch.from_numpy(np.asarray(texts)).to(device), pictures_,
        style_table(packed, pictures_, judge, device),
    )  # fmt: skip
