"""Training the judge: what an icon shows and which set it could belong to, learned from icons alone.

    net = train_judge(data, recipe="full", seconds=110, device="cuda", out=Path("out"), log=print)
    print(evaluate(net, data))

Contract. ``train_judge`` learns from the rows of ``JudgeData`` marked train, less a few families kept for calibration,
within ``seconds`` of wall clock (the learning rate always ends at nought), and writes into ``out``:
``judge.safetensors`` (what ships; calibration and numbers in its header), ``judge-log.jsonl`` (the curve) and, while it
runs or when it is interrupted, ``judge.checkpoint`` from which a run that was cut off goes on. Runs on CPU and CUDA;
needs numpy, torch and safetensors only. Losses:

    concept  symmetric InfoNCE between a picture and one phrase of the icon, its projected frozen text vector; pairs in
             a batch that are of one concept, one text or nearly one text are no negatives
    style    cosine classifier over the style groups, and a contrast of pairs in the batch, both on untouched pictures
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from svggen.training.checkpoint import kept as kept_state
from svggen.training.judge_data import Batch, JudgeData, Sampler, as_tensor, hold_out, vary
from svggen.training.judge_net import JudgeNet, Looked, count_parameters, export, unit
from svggen.training.judge_report import calibrate, evaluate
from svggen.training.muon import Muon

__all__ = ["RECIPES", "JudgeData", "JudgeNet", "Recipe", "evaluate", "train_judge"]

SAME_TEXT = 0.945
"""Cosine of frozen vectors from which two phrases say the same: "arrow left" and "left arrow" .949; "align left" and
"align right" .925."""
STYLE_SCALE = 16.0
"""Of the style cosines as logits; 32 dimensions hold a few hundred groups apart at that."""
PULSE = 3.0
"""Seconds between two lines of progress."""
SAVE = 60.0
"""Seconds between two checkpoints."""


@dataclass(frozen=True)
class Recipe:
    """batch: icons a step. seconds: wall clock in all, when the caller names none. muon, adam: highest learning rates;
    warmup: share of the time in which they rise. style: weight of its loss. compiled: try torch.compile. steps: stop
    after so many, if the time is not gone before (0: time alone)."""

    batch: int
    seconds: float
    muon: float = 0.01
    adam: float = 3e-3
    decay: float = 0.02
    warmup: float = 0.04
    style: float = 0.5
    compiled: bool = False
    steps: int = 0


RECIPES = {"cpu": Recipe(batch=384, seconds=85 * 60, muon=8e-3, adam=2e-3), "full": Recipe(batch=4096, seconds=110)}


def train_judge(
    data: JudgeData,
    *,
    recipe: str | Recipe = "full",
    seconds: float | None = None,
    device: str | torch.device = "cuda",
    out: Path,
    log: Callable[[str], None] = print,
    seed: int = 0,
) -> JudgeNet:
    """The trained net, in evaluation mode on ``device``. See the head of this file for what is written to ``out``."""
    began = time.perf_counter()
    plan = RECIPES[recipe] if isinstance(recipe, str) else recipe
    budget = plan.seconds if seconds is None else seconds
    device = torch.device(device)
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    learned, held = hold_out(data, seed)
    run = _Run(learned, plan, device, seed, out)
    log(f"judge: {count_parameters(run.net):,} parameters, {len(run.sampler.rows):,} icons to learn, {len(held):,} "
        f"kept for calibration, {run.sampler.groups} style groups, {device}, {budget:.0f} s")  # fmt: skip
    run.resume(log)
    try:
        run.train(budget, began, log)
    except KeyboardInterrupt:
        run.save()
        raise
    settle(run.net, run.sampler, batch=min(plan.batch, 1024))
    net = run.net.eval()
    report = evaluate(net, data)
    facts = {"calibration": calibrate(net, data, held), "report": report, "recipe": asdict(plan),
             "steps": run.step, "icons_seen": run.step * run.batch, "seconds": round(run.spent, 1),
             "train_icons": len(run.sampler.rows), "device": str(device)}  # fmt: skip
    export(net, out / "judge.safetensors", facts)
    (out / "judge.checkpoint").unlink(missing_ok=True)
    log(f"judge: {run.step} steps, {run.step * run.batch:,} icons seen, {json.dumps(report)}")
    return net


class _Run:
    """Net, optimisers and counters of one training; goes on from its checkpoint."""

    def __init__(self, data: JudgeData, plan: Recipe, device: torch.device, seed: int, out: Path) -> None:
        self.plan, self.device, self.out = plan, device, out
        if device.type == "cuda":
            torch.backends.cudnn.benchmark = True
            torch.set_float32_matmul_precision("high")
        self.sampler = Sampler(data, device, seed)
        self.texts = as_tensor(data.texts).to(device)
        self.batch = min(plan.batch, max(8, len(self.sampler.rows)))
        self.net: JudgeNet = JudgeNet().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.proxies = nn.Parameter(torch.randn(self.sampler.groups, 32, device=device))
        matrices = [p for name, p in self.net.named_parameters() if _inner(name, p)]
        chosen = {id(p) for p in matrices}
        others = [p for p in self.net.parameters() if id(p) not in chosen]
        wide = [p for p in others if p.ndim > 1]
        narrow = [p for p in others if p.ndim <= 1]
        self.optimisers: tuple[torch.optim.Optimizer, ...] = (
            Muon(matrices, lr=plan.muon, weight_decay=plan.decay),
            torch.optim.AdamW(
                [
                    {"params": wide, "weight_decay": plan.decay},
                    {"params": [*narrow, self.proxies], "weight_decay": 0.0},
                ],
                lr=plan.adam,
                betas=(0.9, 0.98),
                fused=device.type == "cuda",
            ),
        )
        self.step, self.spent = 0, 0.0
        self.sums: Tensor = torch.zeros(4, device=device)
        self.look: Callable[[Tensor], Looked] = self.net
        if plan.compiled:
            self.look = torch.compile(self.net)

    def train(self, budget: float, began: float, log: Callable[[str], None]) -> None:
        """Steps until ``budget`` seconds are gone (those of earlier parts of this run included)."""
        self.net.train()
        before, started = self.spent, time.perf_counter()
        setup = started - began if before == 0 else 0.0
        total = max(1e-6, budget - before - setup)
        said, said_step, saved = started, self.step, started
        while True:
            now = time.perf_counter()
            share = (before + now - started) / (before + total)
            if self.plan.steps:
                share = max(share, self.step / self.plan.steps)
            if share >= 1.0:
                break
            self._rates(share)
            self._step()
            self.step += 1
            self.spent = before + time.perf_counter() - started
            if now - said >= PULSE:
                self._say(share, (self.step - said_step) * self.batch / (now - said), self.step - said_step, log)
                said, said_step = now, self.step
            if now - saved >= SAVE:
                self.save()
                saved = now

    def _rates(self, share: float) -> None:
        """Rise, stay, and fall in a line to nought over the last two thirds."""
        factor = min(1.0, share / self.plan.warmup + 1e-3, 1.5 * (1.0 - share))
        for optimiser, top in zip(self.optimisers, (self.plan.muon, self.plan.adam), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = top * factor

    def _step(self) -> None:
        batch = self.sampler.draw(self.batch)
        true = self.batch // 2
        pictures = vary(batch.pictures, true, self.sampler.generator).contiguous(memory_format=torch.channels_last)
        with _autocast(self.device):
            try:
                seen = self.look(pictures)
            except Exception:
                if self.look is self.net:
                    raise
                self.look = self.net  # a compiler that is not there or fails costs time, not the run
                seen = self.look(pictures)
        concept, right = concept_loss(self.net, seen.concept, self.texts[batch.text].float(), batch)
        style = style_loss(seen.style[:true], self.proxies, batch.group[:true])
        loss = concept + self.plan.style * style
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        for optimiser in self.optimisers:
            optimiser.step()
        with torch.no_grad():
            self.net.scale.clamp_(max=4.6)  # 100, as CLIP
            self.sums += torch.stack([loss.detach(), concept.detach(), style.detach(), right])

    def _say(self, share: float, speed: float, steps: int, log: Callable[[str], None]) -> None:
        loss, concept, style, right = (self.sums / max(1, steps)).tolist()
        self.sums.zero_()
        log(f"judge: {share:4.0%} step {self.step} loss {loss:.3f} concept {concept:.3f} style {style:.3f} "
            f"in-batch top-1 {right:.3f} {speed:,.0f} icons/s")  # fmt: skip
        line = {"step": self.step, "seconds": round(self.spent, 1), "loss": round(loss, 4),
                "concept": round(concept, 4), "style": round(style, 4), "top1": round(right, 4),
                "icons_per_second": round(speed)}  # fmt: skip
        with (self.out / "judge-log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def save(self) -> None:
        """Everything that ``resume`` needs, written beside and renamed."""
        state = {"net": self.net.state_dict(), "proxies": self.proxies.data, "step": self.step, "spent": self.spent,
                 "optimisers": [o.state_dict() for o in self.optimisers], "plan": asdict(self.plan)}  # fmt: skip
        beside = self.out / f".judge.checkpoint.{os.getpid()}"
        torch.save(state, beside)
        beside.replace(self.out / "judge.checkpoint")

    def resume(self, log: Callable[[str], None]) -> None:
        path = self.out / "judge.checkpoint"
        if not path.exists():
            (self.out / "judge-log.jsonl").unlink(missing_ok=True)
            return
        state = kept_state(path, self.device)
        if state["plan"] != asdict(self.plan) or state["proxies"].shape != self.proxies.shape:
            log(f"judge: {path} is of another recipe or other data and is not used")
            return
        self.net.load_state_dict(state["net"])
        self.proxies.data.copy_(state["proxies"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step, self.spent = state["step"], state["spent"]
        self.sampler.generator.manual_seed(1 + self.step)
        log(f"judge: goes on at step {self.step} after {self.spent:.0f} s")


def _inner(name: str, p: nn.Parameter) -> bool:
    """Is this weight for Muon? Matrices and convolutions between the first layer and the heads."""
    return p.ndim >= 2 and name.endswith("weight") and not name.startswith(("stem1", "concept", "style2"))


def _autocast(device: torch.device) -> AbstractContextManager[Any]:
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def concept_loss(net: JudgeNet, pictures: Tensor, frozen: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """(loss, share of pictures whose own phrase is nearest). pictures (n, 256), frozen (n, 384)."""
    words = net.project(frozen)
    logits = net.scale.exp() * pictures @ words.T
    same = (batch.concept[:, None] == batch.concept) | (batch.text[:, None] == batch.text)
    same |= unit(frozen) @ unit(frozen).T > SAME_TEXT
    same.fill_diagonal_(False)
    logits = logits.masked_fill(same, -1e4)
    target = torch.arange(len(logits), device=logits.device)
    loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
    return loss, (logits.detach().argmax(1) == target).float().mean()


def style_loss(style: Tensor, proxies: Tensor, group: Tensor) -> Tensor:
    """Cosine classifier and half as much of the contrast of pairs. style (n, 32) of unit length, group (n,)."""
    loss = F.cross_entropy(STYLE_SCALE * style @ unit(proxies).T, group, label_smoothing=0.05)
    logits = STYLE_SCALE * style @ style.T
    alone = torch.eye(len(style), dtype=torch.bool, device=style.device)
    kin = ((group[:, None] == group) & ~alone).float()
    likely = F.log_softmax(logits.masked_fill(alone, -1e4), 1)
    paired = kin.sum(1) > 0
    pairs = -(kin * likely).sum(1) / kin.sum(1).clamp(min=1)
    return loss + 0.5 * (pairs * paired).sum() / paired.sum().clamp(min=1)


@torch.no_grad()
def settle(net: JudgeNet, sampler: Sampler, *, batch: int, rounds: int = 12) -> None:
    """Set the batch norms' means and variances to those of untouched pictures, which is what the judge will see."""
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over the rounds
    net.train()
    for _ in range(rounds):
        pictures = vary(sampler.draw(batch).pictures, batch, sampler.generator)
        with _autocast(sampler.device):
            net(pictures.contiguous(memory_format=torch.channels_last))
    for norm in norms:
        norm.momentum = 0.1
    net.eval()
