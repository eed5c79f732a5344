"""What an icon model is asked with, before its drawing: words, style, picture, exemplars, as tokens with open slots.

Contract. ``prompt(...)`` gives a ``Prompt``: ids, and which text, style vector and picture fill which positions.
Training makes its documents of the same ``Asked`` (``svggen.training.lm_data``), so that a model meets what it has
learned. Pure lists; no numpy.

    size, kind, mode, width, ends | STYLE_SLOT | TEXT_SLOT ... | from_... | IMAGE_SLOT x 64 | exemplars | BOS
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from svggen.tokens import vocabulary as v

__all__ = ["Asked", "Exemplar", "Prompt", "PromptStyle", "Task", "prompt", "size_word", "spoken_words"]

Text = TypeVar("Text")
Task: TypeAlias = Literal["words", "picture", "gap"]

SIZES: Final = (16, 24, 32, 48, 64, 96, 128, 192, 256, 512)
PATCHES: Final = 64
WORDS: Final = 5
"""Single words of a phrase that get a slot of their own."""
_SILENT: Final = frozenset("a an the of with and or in on for to at by from into over under icon".split())


def spoken_words(phrase: str) -> list[str]:
    """The single words of a phrase that say something, in order, each once, ``WORDS`` at most."""
    found = dict.fromkeys(w for w in re.findall(r"[^\W_]+", phrase.lower()) if w not in _SILENT)
    return list(found)[:WORDS]


def size_word(tokens: int) -> str:
    """The word for a drawing of so many tokens."""
    return f"size_{next((n for n in SIZES if tokens <= n), SIZES[-1])}"


@dataclass(frozen=True)
class PromptStyle:
    """mode: outline, filled, duotone, color; stroke_width: px; round_ends: of strokes; kind: ui, map, thematic, emoji.
    None says nothing."""

    mode: str | None = None
    stroke_width: float | None = None
    round_ends: bool | None = None
    kind: str | None = None

    def words(self) -> list[str]:
        """The style words, in the order in which a prompt says them."""
        said = []
        if self.kind is not None:
            said.append(f"kind_{self.kind}")
        if self.mode is not None:
            said.append(f"mode_{self.mode}")
        if self.stroke_width is not None:
            said.append(f"width_{max(1, min(16, round(self.stroke_width * 4)))}")
        if self.round_ends is not None:
            said.append("ends_round" if self.round_ends else "ends_sharp")
        return said


@dataclass(frozen=True)
class Exemplar:
    """An icon shown in context. drawing: its tokens, EOS last; text: what it shows; same_idea: shown for its subject,
    else for its style."""

    drawing: tuple[int, ...]
    text: str
    same_idea: bool = False


@dataclass
class Asked(Generic[Text]):
    """A prompt that grows from left to right. ids; texts: (position, what fills it: a phrase, or a row of a table of
    them); style, picture: the position that the vector fills, or the first of the 64 patches; shown: first and last + 1
    position of each exemplar's drawing."""

    ids: list[int] = field(default_factory=list)
    texts: list[tuple[int, Text]] = field(default_factory=list)
    style: int | None = None
    picture: int | None = None
    shown: list[tuple[int, int]] = field(default_factory=list)

    def add_words(self, words: Iterable[str]) -> None:
        """Size, kind, mode, width and ends, as ``v.WORDS`` has them."""
        self.ids += [v.WORD_IDS[w] for w in words]

    def add_style(self) -> None:
        self.style = len(self.ids)
        self.ids.append(v.STYLE_SLOT)

    def add_texts(self, texts: Iterable[Text]) -> None:
        for text in texts:
            self.texts.append((len(self.ids), text))
            self.ids.append(v.TEXT_SLOT)

    def add_task(self, task: Task) -> None:
        """What is to be done; with the slots of the picture where it is that."""
        self.ids.append(v.WORD_IDS[f"from_{task}"])
        if task == "picture":
            self.picture = len(self.ids)
            self.ids += [v.IMAGE_SLOT] * PATCHES

    def add_exemplar(self, drawing: Sequence[int], text: Text, *, same_idea: bool) -> None:
        self.ids.append(v.SAME_IDEA if same_idea else v.SAME_SET)
        self.add_texts([text])
        self.shown.append((len(self.ids), len(self.ids) + len(drawing)))
        self.ids += drawing

    def add_gap(self, drawing: Sequence[int]) -> None:
        """A drawing with GAP in it, to be completed."""
        self.ids += [v.GAP, *drawing]

    def begin(self) -> None:
        """The drawing comes next."""
        self.ids.append(v.BOS)


class Prompt(Asked[str]):
    """What the run-time model is asked with; BOS last."""


def prompt(
    phrases: Sequence[str],
    style: PromptStyle,
    *,
    size: int | None = None,
    style_vector: bool = False,
    task: Task = "words",
    exemplars: Sequence[Exemplar] = (),
    gap: Sequence[int] = (),
) -> Prompt:
    """The prompt for one drawing. size: tokens that it should take at most; gap: a drawing with GAP in it to be
    completed."""
    out = Prompt()
    out.add_words([*([size_word(size)] if size is not None else []), *style.words()])
    if style_vector:
        out.add_style()
    out.add_texts([*phrases, *(spoken_words(phrases[0]) if phrases else ())])
    out.add_task(task)
    for one in exemplars:
        out.add_exemplar(one.drawing, one.text, same_idea=one.same_idea)
    if task == "gap":
        out.add_gap(gap)
    out.begin()
    return out
