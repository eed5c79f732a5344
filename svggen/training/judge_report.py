"""How good a judge is on sets it has never seen, and the quantiles that turn its cosines into scores.

Contract. ``evaluate`` reads the rows of ``JudgeData`` that are not for training and gives shares 0..1; ``calibrate``
gives quantiles of what real icons reach, from rows that the net has not learned from. Needs numpy and torch only.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from svggen.training.judge_data import JudgeData, as_tensor, names_of
from svggen.training.judge_net import JudgeNet

__all__ = ["calibrate", "evaluate", "look"]

Floats: TypeAlias = npt.NDArray[np.float32]
NAMES = 217
"""Names of the small task, for comparing with earlier trials."""
QUANTILES = 101
LEAST = 8
"""Icons that a group needs for its mean style to count."""


@torch.no_grad()
def look(net: JudgeNet, pictures: Any, rows: npt.NDArray[np.int64], batch: int = 512) -> tuple[Floats, Floats]:
    """(concept (n, 256), style (n, 32)) of the rows of uint8 (N, 64, 64, 3)."""
    device = next(net.parameters()).device
    all_pictures, concepts, styles = as_tensor(pictures), [], []
    for start in range(0, len(rows), batch):
        part = all_pictures[torch.from_numpy(rows[start : start + batch]).to(all_pictures.device)].to(device)
        seen = net(part.permute(0, 3, 1, 2).float() / 255.0)
        concepts.append(seen.concept.float().cpu().numpy())
        styles.append(seen.style.float().cpu().numpy())
    return np.concatenate(concepts), np.concatenate(styles)


@torch.no_grad()
def words(net: JudgeNet, data: JudgeData, ids: npt.NDArray[np.int64]) -> Floats:
    """(n, 256): the projected vectors of these text ids."""
    device = next(net.parameters()).device
    frozen = as_tensor(data.texts)
    out: Floats = net.project(frozen[torch.from_numpy(ids).to(frozen.device)].to(device).float()).cpu().numpy()
    return out


def evaluate(net: JudgeNet, data: JudgeData, *, limit: int = 12_000, seed: int = 0) -> dict[str, float]:
    """On the validation rows (at most ``limit`` of them, all their names): concept_top1, _top5, _top20 among all
    distinct names; the same among 217 of the names; style_at1, style_at10: share of the nearest by style that are of
    the same group. Empty where there is nothing to validate on."""
    rows = np.flatnonzero(~as_tensor(data.train).cpu().numpy().astype(bool))
    if len(rows) < 2:
        return {}
    names = names_of(data)
    labels = np.unique(names[rows])
    generator = np.random.default_rng(seed)
    if len(rows) > limit:
        rows = np.sort(generator.choice(rows, limit, replace=False))
    was = net.training
    net.eval()
    concept, style = look(net, data.pictures, rows)
    out = {"icons": float(len(rows)), "names": float(len(labels))}
    own = np.searchsorted(labels, names[rows])
    places = ranks(concept, words(net, data, labels), own)
    out |= {f"concept_top{k}": _share(places < k) for k in (1, 5, 20)}
    few = np.sort(generator.choice(len(labels), min(NAMES, len(labels)), replace=False))
    inside = np.flatnonzero(np.isin(own, few))
    places = ranks(concept[inside], words(net, data, labels[few]), np.searchsorted(few, own[inside]))
    out |= {f"concept217_top{k}": _share(places < k) for k in (1, 5, 20)}
    group = as_tensor(data.group).cpu().numpy()[rows]
    out |= {f"style_at{k}": _near(style, group, k) for k in (1, 10)}
    net.train(was)
    return out


def ranks(pictures: Floats, names: Floats, own: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many other names are nearer to each picture than its own, from 0."""
    out = np.zeros(len(pictures), np.int64)
    for start in range(0, len(pictures), 1024):
        cosines = pictures[start : start + 1024] @ names.T
        mine = cosines[np.arange(len(cosines)), own[start : start + 1024]]
        out[start : start + 1024] = (cosines > mine[:, None]).sum(1)
    return out


def _near(style: Floats, group: npt.NDArray[np.int32], k: int) -> float:
    """Mean share of the k nearest others that are of the same group, over groups that have so many."""
    sizes = dict(zip(*np.unique(group, return_counts=True), strict=True))
    able = np.array([sizes[g] > k for g in group])
    if not able.any():
        return 0.0
    hits = []
    for start in range(0, len(style), 1024):
        cosines = style[start : start + 1024] @ style.T
        cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -2
        nearest = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        hits.append((group[nearest] == group[start : start + 1024, None]).mean(1))
    return _share(np.concatenate(hits)[able])


def calibrate(net: JudgeNet, data: JudgeData, rows: npt.NDArray[np.int64], seed: int = 0) -> dict[str, list[float]]:
    """101 quantiles each, of cosines: ``concept`` of a real icon and its own name, ``concept_other`` and somebody
    else's; ``style`` of a real icon and the mean of the others of its group, ``style_other`` and of another group."""
    was = net.training
    net.eval()
    generator = np.random.default_rng(seed)
    if len(rows) > 8000:
        rows = np.sort(generator.choice(rows, 8000, replace=False))
    concept, style = look(net, data.pictures, rows)
    named = words(net, data, names_of(data)[rows])
    own = (concept * named).sum(1)
    other = (concept * named[generator.permutation(len(rows))]).sum(1)
    kin, stranger = _style_cosines(style, as_tensor(data.group).cpu().numpy()[rows], generator)
    net.train(was)
    out = {"concept": own, "concept_other": other, "style": kin, "style_other": stranger}
    return {name: [round(float(v), 5) for v in np.quantile(values, np.linspace(0, 1, QUANTILES))]
            for name, values in out.items()}  # fmt: skip


def _style_cosines(
    style: Floats, group: npt.NDArray[np.int32], generator: np.random.Generator
) -> tuple[Floats, Floats]:
    means: dict[int, Floats] = {}
    kin: list[Floats] = []
    for one in np.unique(group):
        mine = style[group == one]
        if len(mine) < min(LEAST, len(style)):
            continue
        others = mine.sum(0) - mine
        kin.append((mine * others).sum(1) / np.maximum(np.linalg.norm(others, axis=1), 1e-9))
        means[int(one)] = mine.mean(0) / max(float(np.linalg.norm(mine.mean(0))), 1e-9)
    if not kin:
        return style[:, 0] * 0 + 1, style[:, 0] * 0
    stranger = []
    for one in means:
        foreign = [mean for other, mean in means.items() if other != one] or [means[one]]
        stranger.append(style[group == one] @ foreign[int(generator.integers(len(foreign)))])
    return np.concatenate(kin), np.concatenate(stranger)


def _share(values: npt.NDArray[Any]) -> float:
    return round(float(np.mean(values)), 4) if len(values) else 0.0
