"""Samples for the trainer, made of the stored Examples as they are asked for, and the order in which they come.

Contract. ``Lessons`` is a dataset of ``epoch * len + row`` numbers: a sample depends on that number and the seed alone,
so that every process and every resumed run makes the same ones. ``Order`` is the sampler: a new shuffle each epoch, or
in the first epoch from short to long (three thirds, each shuffled) where the plan wants it.

A pair of words and a drawing is drawn from words, redrawn from its picture (by a base that sees) or described, in the
plan's shares; for a share of the first, exemplars of the same set stand in the prompt, as many as fit.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import torch

from svggen.training.finetune.asking import Lesson, asked
from svggen.training.finetune.examples import Task
from svggen.training.finetune.plan import Plan
from svggen.training.finetune.speaking import Speaker
from svggen.training.finetune.store import Store

if TYPE_CHECKING:
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

__all__ = ["Lessons", "Order"]

FIRST_WORDS: Final = 0.6
"""Of the samples use an example's first description (the longer one, where data have two), as OmniSVG's recipe does."""


class Lessons(torch.utils.data.Dataset[dict[str, Any]]):
    """train: rows that are trained on, else those that are held out, always asked in the same way."""

    def __init__(self, store: Store, speaker: Speaker, plan: Plan, *, train: bool) -> None:
        self.store, self.speaker, self.plan = store, speaker, plan
        self.rows = store.trained if train else store.held
        self.groups: dict[str, list[int]] = defaultdict(list)
        for row in store.trained.tolist():  # what is held out is never shown either
            if store.groups[row] and store.tasks[row] == "any":
                self.groups[store.groups[row]].append(row)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: int) -> dict[str, Any]:
        row = int(self.rows[number % len(self.rows)])
        lesson, picture = self.lesson(row, self._random(number))
        return self._fitting(lesson, picture)

    def lesson(self, row: int, chance: random.Random) -> tuple[Lesson, Pixels | None]:
        """What one sample is made of, and its picture."""
        stored = self.store.row(row)
        task = self._task(stored["task"], chance)
        words = stored["words"]
        if stored["more"] and chance.random() >= FIRST_WORDS:
            words = chance.choice(stored["more"])
        shown: list[tuple[str, str]] = []
        if task == "generate" and stored["task"] == "any" and chance.random() < self.plan.exemplar_share:
            shown = self._exemplars(row, stored, chance)
        lesson = Lesson(task, words, stored["target"], stored["draft"], stored["note"], shown)
        looks = task in ("picture", "critique") or (task == "describe" and not stored["target"])
        return lesson, self._picture(stored) if looks else None

    def _random(self, number: int) -> random.Random:
        """The same for the same number and seed, whatever came before."""
        text = f"{self.plan.seed}:{number}:{len(self.rows)}"
        return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))

    def _task(self, task: str, chance: random.Random) -> Task:
        if task != "any":
            return cast(Task, task)
        shares = [(k, v) for k, v in self.plan.tasks.items() if v > 0 and (k != "picture" or self.speaker.sight)]
        names = [k for k, _ in shares] or ["generate"]
        return cast(Task, chance.choices(names, [v for _, v in shares] or [1.0])[0])

    def _exemplars(self, row: int, stored: dict[str, Any], chance: random.Random) -> list[tuple[str, str]]:
        """Other icons of its set, of other words and drawings, one to the plan's number of them."""
        group = self.groups.get(stored["group"], [])
        if not group or not self.plan.exemplars:
            return []
        wanted = chance.randint(1, self.plan.exemplars)
        found: list[tuple[str, str]] = []
        for other in chance.sample(group, min(len(group), 3 * wanted + 3)):
            if len(found) == wanted:
                break
            if self.store.keys[other] != self.store.keys[row]:
                one = self.store.row(other)
                if one["words"] != stored["words"] and (one["words"], one["target"]) not in found:
                    found.append((one["words"], one["target"]))
        return found

    def _picture(self, stored: dict[str, Any]) -> Pixels:
        """uint8 (side, side, 3): the data's own picture, else the drawing rendered."""
        side = self.plan.side
        if stored["picture"]:
            return _square(stored["picture"], side)
        from svggen.judge.pictures import text_pictures

        pixels: Pixels = text_pictures([stored["svg"]], side)[0]
        return pixels

    def _fitting(self, lesson: Lesson, picture: Pixels | None) -> dict[str, Any]:
        """The sample, with as many exemplars as its length allows."""
        while True:
            sample = self.speaker.sample(*asked(lesson), picture)
            if len(sample["input_ids"]) <= self.plan.length or not lesson.exemplars:
                break
            lesson = replace(lesson, exemplars=lesson.exemplars[:-1])
        if len(sample["input_ids"]) > self.plan.length:  # a template that is longer than was allowed for
            for name in ("input_ids", "labels"):
                sample[name] = sample[name][: self.plan.length]
        return sample


def _square(data: bytes, side: int) -> Pixels:
    """The picture, fitted into a white square."""
    from PIL import Image

    from svggen.pictures import load_picture

    picture = Image.fromarray(load_picture(data))
    scale = side / max(picture.size)
    small = picture.resize([max(1, round(n * scale)) for n in picture.size], Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (side, side), "#ffffff")
    canvas.paste(small, ((side - small.width) // 2, (side - small.height) // 2))
    pixels: Pixels = np.asarray(canvas)
    return pixels


class Order(torch.utils.data.Sampler[int]):
    """Numbers of an epoch; ``set_epoch`` is called by the trainer."""

    def __init__(self, lessons: Lessons, *, seed: int, by_length: bool) -> None:
        self._count = len(lessons)
        self._seed, self._by_length = seed, by_length
        self._lengths = lessons.store.lengths[lessons.rows]
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        chance = np.random.default_rng([self._seed, self.epoch])
        order = chance.permutation(self._count)
        if self._by_length and self.epoch == 0:
            thirds = np.array_split(np.argsort(self._lengths, kind="stable"), 3)
            order = np.concatenate([chance.permutation(third) for third in thirds])
        yield from (order + self.epoch * self._count).tolist()
