"""What the judge is trained on, and how a batch of it is drawn and varied.

Contract. ``JudgeData`` is arrays alone; who makes it (the corpus) and who reads it (the training) need not know each
other. ``Sampler`` keeps it on the device and draws icons so that a family of sets counts as the square root of its
size. ``vary`` shifts, scales and tints pictures on the device. Needs numpy and torch only.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Batch", "JudgeData", "Sampler", "as_tensor", "hold_out", "names_of", "vary"]

Array: TypeAlias = Any
"""A numpy array or a torch tensor."""
NAME = 0.55
"""Share of the texts drawn that are an icon's name; the rest are its tags and aliases."""


@dataclass(frozen=True)
class JudgeData:
    """pictures: uint8 (N, 64, 64, 3), RGB on white, currentColor black. texts: float16 (T, 384), frozen vectors of
    distinct phrases. text_of: (starts int64 (N + 1), ids int32): the phrases of each icon, its name first. concept,
    group (of style), family: int32 (N,). train: bool (N,); the others are for validation and are never learned from."""

    pictures: Array
    texts: Array
    text_of: tuple[Array, Array]
    concept: Array
    group: Array
    family: Array
    train: Array

    def __len__(self) -> int:
        return len(self.concept)


class Batch(NamedTuple):
    """rows (n,) of the data; pictures uint8 (n, 64, 64, 3); text ids (n,), concept (n,), group (n,) dense."""

    rows: Tensor
    pictures: Tensor
    text: Tensor
    concept: Tensor
    group: Tensor


def as_tensor(array: Array) -> Tensor:
    """Without copying where that can be (also a read-only memory map, which is not written to here)."""
    if isinstance(array, Tensor):
        return array
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of arrays that it could, but does not, write to
        return torch.from_numpy(np.asarray(array))


def names_of(data: JudgeData) -> npt.NDArray[np.int64]:
    """int64 (N,): the text id of each icon's name."""
    starts, ids = (as_tensor(part).cpu().numpy() for part in data.text_of)
    return np.asarray(ids[starts[:-1]], np.int64)


def hold_out(data: JudgeData, seed: int = 0, share: float = 0.04) -> tuple[JudgeData, npt.NDArray[np.int64]]:
    """(data without, rows of) whole families kept from training for calibration: at least ``share`` of the rows, from
    families of middling size, so that scores speak of sets never seen. One row in twenty where families are few."""
    train = as_tensor(data.train).cpu().numpy().astype(bool)
    family = as_tensor(data.family).cpu().numpy()
    known, sizes = np.unique(family[train], return_counts=True)
    generator = np.random.default_rng(seed)
    held = np.zeros(len(train), bool)
    if len(known) >= 12:
        for one in generator.permutation(known[(sizes > 100) & (sizes <= np.quantile(sizes, 0.85))]):
            if held.sum() >= share * train.sum():
                break
            held |= train & (family == one)
    if not held.any():
        rows = np.flatnonzero(train)
        held[generator.choice(rows, max(1, len(rows) // 20), replace=False)] = True
    return replace(data, train=train & ~held), np.flatnonzero(held)


class Sampler:
    """Draws batches of training rows with replacement; everything lies on ``device``."""

    def __init__(self, data: JudgeData, device: torch.device, seed: int = 0) -> None:
        train = as_tensor(data.train).to(device).bool()
        self.rows = train.nonzero().squeeze(1)
        self.device = device
        self.pictures = as_tensor(data.pictures).to(device)
        self.starts = as_tensor(data.text_of[0]).to(device).long()
        self.ids = as_tensor(data.text_of[1]).to(device).long()
        self.concept = as_tensor(data.concept).to(device).long()
        self.generator = torch.Generator(device=device).manual_seed(seed)
        groups, dense = torch.unique(as_tensor(data.group).to(device).long()[self.rows], return_inverse=True)
        self.groups = len(groups)
        self.group = torch.full((len(train),), -1, dtype=torch.long, device=device)
        self.group[self.rows] = dense
        _, kin, sizes = torch.unique(
            as_tensor(data.family).to(device).long()[self.rows], return_inverse=True, return_counts=True
        )
        weights = sizes.double()[kin].rsqrt()
        self.heights = weights.cumsum(0) / weights.sum()

    def draw(self, n: int) -> Batch:
        """n icons, each with one of its phrases."""
        chance = torch.rand(n, 3, generator=self.generator, device=self.device, dtype=torch.float64)
        place = torch.searchsorted(self.heights, chance[:, 0].contiguous()).clamp_(max=len(self.rows) - 1)
        rows = self.rows[place]
        first, others = self.starts[rows], self.starts[rows + 1] - self.starts[rows] - 1
        other = 1 + (chance[:, 1] * others).long()
        takes_other = (chance[:, 2] >= NAME) & (others > 0)
        text = self.ids[torch.where(takes_other, first + other, first)]
        return Batch(rows, self.pictures[rows], text, self.concept[rows], self.group[rows])


def vary(pictures: Tensor, true: int, generator: torch.Generator) -> Tensor:
    """float32 (n, 3, 64, 64), RGB 0..1, of uint8 (n, 64, 64, 3). The first ``true`` are only shifted by up to two whole
    px, so that their style stays what it is; the others are also scaled by up to a tenth and sometimes given another
    ink or ground (where they are of one ink), blurred or made noisy: what pictures from outside look like."""
    n, device = len(pictures), pictures.device
    ink = 1.0 - pictures.permute(0, 3, 1, 2).float() / 255.0
    chance = torch.rand(n, 16, generator=generator, device=device)
    kept = torch.arange(n, device=device) < true
    shift = chance[:, :2] * 4 - 2
    shift = torch.where(kept[:, None], shift.round(), shift) / 32.0
    scale = torch.where(kept, 1.0, 1.0 / (0.9 + 0.2 * chance[:, 2]))
    turn = torch.zeros(n, 2, 3, device=device)
    turn[:, 0, 0] = turn[:, 1, 1] = scale
    turn[:, :, 2] = shift
    grid = F.affine_grid(turn, [n, 3, *ink.shape[2:]], align_corners=False)
    ink = F.grid_sample(ink, grid, align_corners=False)
    if true >= n:
        return (1.0 - ink).clamp_(0, 1)
    rest, luck = ink[true:], chance[true:]
    mono = ((rest.amax(1) - rest.amin(1)).flatten(1).amax(1) < 0.02) & (luck[:, 3] < 0.6)
    front, ground = 0.6 * luck[:, 4:7], 1.0 - 0.4 * luck[:, 7:10] * (luck[:, 10:11] < 0.3)
    swap = luck[:, 11:12] < 0.15
    front, ground = torch.where(swap, ground, front), torch.where(swap, front, ground)
    tinted = ground[:, :, None, None] * (1 - rest) + front[:, :, None, None] * rest
    rgb = torch.where(mono[:, None, None, None], tinted, 1.0 - rest)
    blur = (luck[:, 12] * (luck[:, 13] < 0.3))[:, None, None, None]
    rgb = torch.lerp(rgb, F.avg_pool2d(rgb, 3, 1, 1, count_include_pad=False), blur)
    noise = (0.05 * luck[:, 14] * (luck[:, 15] < 0.3))[:, None, None, None]
    rgb = rgb + noise * torch.randn(rgb.shape, generator=generator, device=device)
    return torch.cat([1.0 - ink[:true], rgb]).clamp_(0, 1)
