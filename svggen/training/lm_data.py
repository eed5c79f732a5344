"""What IconLM is trained on: documents made from the packed corpus, several to a row.

Contract. A document is

    size, kind, mode, width and end words | style slot | text slots | from_... | 64 picture slots   (each may be absent)
    an exemplar: SAME_SET or SAME_IDEA | text slot | its drawing                                     (up to three)
    BOS | the drawing | EOS

``Maker`` makes documents of icons drawn at random (a family of sets counts as the square root of its size) at a point
of the curriculum (``Stage``); ``Mixed`` is the endless stream of rows that a DataLoader's workers share out. Text slots
name rows of a table: the phrases of the pack, then its single words (``words_of``); style slots name icons, then style
groups (a group's mean). Prompts are made by ``svggen.tokens.prompt.Asked``, with which the run-time model asks as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import IterableDataset, get_worker_info

from svggen.errors import CorpusError
from svggen.tokens import vocabulary as v
from svggen.tokens.prompt import Asked, PromptStyle, Task, size_word, spoken_words
from svggen.training.pack import KINDS, MODES, Pack, words_of
from svggen.training.vary import mirrored, shifted

__all__ = ["Document", "Maker", "Mixed", "Stage", "words_of"]

Ints: TypeAlias = npt.NDArray[np.int32]

TEXT_SLOTS, STYLE_SLOTS, PICTURES = 96, 24, 3
"""Of a row of 1,024 positions at most; more for longer rows."""
EXEMPLAR_WEIGHT: Final = 0.3
"""Of the loss on an exemplar's own tokens."""
PIECE: Final = 160
"""Tokens of an exemplar at most."""
VARIED: Final = 0.6
"""Share of the drawings from words that are moved or mirrored, in the first half of a training."""


@dataclass(frozen=True)
class Stage:
    """A point of the curriculum. longest: tokens of a drawing; context: share of documents with exemplars; varied: of
    those from words, the share in which the drawing is moved, mirrored, or both."""

    longest: int = 512
    context: float = 0.45
    picture: float = 0.2
    gap: float = 0.08
    varied: float = 0.0

    @staticmethod
    def at(share: float) -> Stage:
        """Short drawings first; exemplars after a quarter of the time."""
        longest = int(min(512, 40 * 2 ** (share * 8)))  # 40, 80 at an eighth, 512 before half of the time
        context = 0.0 if share < 0.25 else 0.45 * min(1.0, (share - 0.25) / 0.1)
        varied = VARIED * min(1.0, 2.0 * (1.0 - share))  # the end of the training sees more of what is drawn
        return Stage(longest, context, 0.0 if share < 0.05 else 0.2, 0.08 if share > 0.15 else 0.0, varied)


@dataclass
class Document:
    """ids and weights of L positions; (position, row) of the text and style slots; (first position, icon) of
    pictures."""

    ids: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    text: list[tuple[int, int]] = field(default_factory=list)
    style: list[tuple[int, int]] = field(default_factory=list)
    picture: list[tuple[int, int]] = field(default_factory=list)

    @staticmethod
    def of(asked: Asked[int], drawing: Sequence[int], *, style: int, picture: int) -> Document:
        """A prompt and its answer; style, picture: the rows for its slots, if it has any."""
        weights = [0.0] * len(asked.ids)
        for first, end in asked.shown:
            weights[first:end] = [EXEMPLAR_WEIGHT] * (end - first)
        return Document(
            [*asked.ids, *drawing],
            weights + [1.0] * len(drawing),
            asked.texts,
            [] if asked.style is None else [(asked.style, style)],
            [] if asked.picture is None else [(asked.picture, picture)],
        )


class Maker:
    """Documents of one side of the corpus. Not shared between processes: each has its own generator."""

    def __init__(self, packed: Pack, words: Sequence[str], *, train: bool, seed: int) -> None:
        self.pack, self.random = packed, np.random.default_rng(seed)
        row_of = {word: len(packed.phrases) + i for i, word in enumerate(words)}
        self.word_rows = [[row_of[w] for w in spoken_words(p) if w in row_of][:5] for p in packed.phrases]
        self.lengths = np.diff(packed.starts)
        self.rows = np.flatnonzero(packed.train == train)
        if not len(self.rows):
            raise CorpusError(f"the packed corpus holds no icon {'to train on' if train else 'of the validation sets'}")
        family = packed.family[self.rows]
        sizes = np.bincount(family, minlength=int(family.max()) + 1)
        weight = 1.0 / np.sqrt(sizes[family])
        weight = weight * np.where(packed.kind[self.rows] == KINDS.index("emoji"), 0.5, 1.0)
        order = np.argsort(self.lengths[self.rows], kind="stable")
        self.by_length = self.rows[order]
        self.heights = np.cumsum(weight[order])
        self.sorted_lengths = self.lengths[self.by_length]
        self.kin = _members(packed.group, self.rows)
        self.ideas = _members(packed.concept, self.rows)

    def draw(self, longest: int) -> int:
        """A random icon of at most so many tokens."""
        end = int(np.searchsorted(self.sorted_lengths, longest, side="right"))
        at = int(np.searchsorted(self.heights, self.random.random() * self.heights[end - 1]))
        return int(self.by_length[min(at, end - 1)])

    def document(self, row: int, stage: Stage, task: Task | None = None, shots: int | None = None) -> Document:
        """One document that ends in the drawing of icon ``row``."""
        r = self.random
        luck = r.random(12)
        if task is None:
            task = "picture" if luck[0] < stage.picture else "gap" if luck[0] < stage.picture + stage.gap else "words"
        if shots is None:
            shots = int(r.integers(1, 4)) if luck[1] < stage.context else 0
        drawing = self.pack.drawing(row).tolist()
        asked = Asked[int]()
        if task == "words" and luck[5] < stage.varied:
            drawing, moves = varied(drawing, r)
            asked.add_words(moves)
        said = style_words(drawing, MODES[self.pack.mode[row]], KINDS[self.pack.kind[row]])
        asked.add_words([w for w in said if r.random() < 0.6])
        style = -1
        if luck[2] < 0.6:
            style = self._style_row(row, luck[3])
            asked.add_style()
        if task == "words" or luck[4] < 0.5:
            asked.add_texts(self._said(row))
        asked.add_task(task)
        for other, same_idea in self._exemplars(row, shots):
            name = int(self.pack.text_ids[self.pack.text_starts[other]])
            asked.add_exemplar(self.pack.drawing(other).tolist(), name, same_idea=same_idea)
        if task == "gap":
            asked.add_gap(with_gap(drawing, r))
        asked.begin()
        return Document.of(asked, drawing, style=style, picture=row)

    def _style_row(self, row: int, chance: float) -> int:
        """The icon itself, another of its group, or the group's mean (rows from len(pack) on)."""
        if chance < 0.2:
            return row
        group = int(self.pack.group[row])
        kin = self.kin.get(group)
        if chance < 0.5 and kin is not None:
            return int(kin[self.random.integers(len(kin))])
        return len(self.pack) + group

    def _said(self, row: int) -> list[int]:
        """A name or another phrase, sometimes a second one, then their words one by one."""
        first, last = int(self.pack.text_starts[row]), int(self.pack.text_starts[row + 1])
        chosen = [int(self.pack.text_ids[first])]
        if last - first > 1:
            other = int(self.pack.text_ids[self.random.integers(first + 1, last)])
            chance = self.random.random()
            chosen = chosen if chance < 0.65 else [other] if chance < 0.8 else [*chosen, other]
        return [*chosen, *(self.word_rows[chosen[0]] if self.random.random() < 0.9 else ())]

    def _exemplars(self, row: int, shots: int) -> list[tuple[int, bool]]:
        """(icon, whether it shows the same idea): mostly other ideas of the same set, now and then the same idea of
        another."""
        found: list[tuple[int, bool]] = []
        kin = self.kin.get(int(self.pack.group[row]), _NONE)
        ideas = self.ideas.get(int(self.pack.concept[row]), _NONE)
        for _ in range(shots):
            same_idea = self.random.random() < 0.3
            pool = ideas if same_idea else kin
            if len(pool) < 2:
                continue
            other = int(pool[self.random.integers(len(pool))])
            fits = self.lengths[other] <= PIECE and other != row and all(other != o for o, _ in found)
            if fits and (self.pack.concept[other] == self.pack.concept[row]) == same_idea:
                found.append((other, same_idea))
        return found


_NONE: Final = np.zeros(0, np.int64)


def _members(labels: npt.NDArray[Any], rows: npt.NDArray[Any]) -> dict[int, npt.NDArray[Any]]:
    order = rows[np.argsort(labels[rows], kind="stable")]
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return {int(labels[part[0]]): part for part in np.split(order, cuts) if len(part)}


def style_words(drawing: Sequence[int], mode: str, kind: str) -> list[str]:
    """The words that are true of a drawing: size, kind, mode; width and ends where it has strokes."""
    widths = [
        drawing[i + 2] - v.LENGTH0 + 1
        for i, t in enumerate(drawing)
        if t == v.STROKE and v.LENGTH0 <= drawing[i + 2] < v.LENGTH0 + v.LENGTHS
    ]
    pens = [t for t in drawing if v.PEN0 <= t < v.PEN0 + 9]
    style = PromptStyle(
        mode=mode,
        stroke_width=max(widths) / 8 if widths else None,
        round_ends=None if not pens else v.PEN0 + 3 <= pens[0] < v.PEN0 + 6,
        kind=kind,
    )
    return [size_word(len(drawing)), *style.words()]


def varied(drawing: list[int], random: np.random.Generator) -> tuple[list[int], list[str]]:
    """(the drawing, elsewhere or mirrored where that can be done; the words that say so)."""
    words = []
    if random.random() < 0.4:
        turned = mirrored(drawing)
        if turned is not None:
            drawing = turned
            words.append("mirrored")
    if not words or random.random() < 0.6:
        dx, dy = (int(n) for n in random.integers(-2, 3, 2))
        moved = shifted(drawing, dx, dy) if dx or dy else None
        if moved is not None:
            drawing = moved
            words.append("shifted")
    return drawing, words


def with_gap(drawing: Sequence[int], random: np.random.Generator) -> list[int]:
    """The drawing without one stretch of a quarter to a half of it, GAP in its place."""
    length = len(drawing) - 1
    cut = max(1, int(length * random.uniform(0.25, 0.5)))
    start = int(random.integers(0, max(1, length - cut)))
    return [*drawing[:start], v.GAP, *drawing[start + cut :]]


class Mixed(IterableDataset[dict[str, torch.Tensor]]):
    """Rows of ``length`` positions. ``share`` (a shared float, 0..1) tells how far the training is."""

    def __init__(self, packed: Pack, words: Sequence[str], *, length: int, share: Any, train: bool, seed: int) -> None:
        self.args = (packed, words)
        self.length, self.share, self.train, self.seed = length, share, train, seed

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        info = get_worker_info()
        maker = Maker(*self.args, train=self.train, seed=self.seed * 1000 + (info.id if info else 0))
        waiting: list[Document] = []
        while True:
            stage = Stage.at(float(self.share.value))
            while len(waiting) < 48:
                doc = maker.document(maker.draw(stage.longest), stage)
                if len(doc.ids) <= self.length:
                    waiting.append(doc)
            yield collate_row(_fill(waiting, self.length), self.length)


def _fill(waiting: list[Document], length: int) -> list[Document]:
    """Takes documents out of ``waiting`` that fill a row: the oldest, then always the longest that still fits."""
    scale = max(1, length // 1024)
    row, left = [], length
    texts, styles, pictures = TEXT_SLOTS * scale, STYLE_SLOTS * scale, PICTURES * scale
    first = waiting[0]
    for doc in [first, *sorted(waiting[1:], key=lambda d: -len(d.ids))]:
        fits = len(doc.ids) <= left and len(doc.text) <= texts and len(doc.picture) <= pictures
        if fits and len(doc.style) <= styles:
            row.append(doc)
            left -= len(doc.ids)
            texts, styles, pictures = texts - len(doc.text), styles - len(doc.style), pictures - len(doc.picture)
    taken = {id(doc) for doc in row}
    waiting[:] = [doc for doc in waiting if id(doc) not in taken]
    return row


def collate_row(docs: Sequence[Document], length: int) -> dict[str, torch.Tensor]:
    """One row as arrays: see ``lm_net.Rows``, with rows of tables instead of vectors."""
    scale = max(1, length // 1024)
    ids, positions = np.zeros(length, np.int64), np.zeros(length, np.int64)
    documents, weights = np.full(length, -1, np.int64), np.zeros(length, np.float32)
    slots = {
        "text": np.full((TEXT_SLOTS * scale, 2), -1, np.int64),
        "style": np.full((STYLE_SLOTS * scale, 2), -1, np.int64),
        "picture": np.full((PICTURES * scale, 2), -1, np.int64),
    }
    used = dict.fromkeys(slots, 0)
    at = 0
    for number, doc in enumerate(docs):
        n = len(doc.ids)
        ids[at : at + n], positions[at : at + n] = doc.ids, np.arange(n)
        documents[at : at + n], weights[at : at + n] = number, doc.weights
        for name, array in slots.items():
            for position, row in getattr(doc, name):
                array[used[name]] = at + position, row
                used[name] += 1
        at += n
    out = {"ids": ids, "positions": positions, "documents": documents, "weights": weights, **slots}
    return {name: torch.from_numpy(array) for name, array in out.items()}
