"""What an icon model is asked with, before its drawing: words, style, picture, exemplars, as tokens with open slots.

Contract. ``prompt(...)`` gives a ``Prompt``: ids, and which text, style vector and picture fill which positions. Training
and asking use the same function's parts, so that a model meets what it has learned. Pure lists; no numpy.

    size, kind, mode, width, ends | STYLE_SLOT | TEXT_SLOT ... | from_... | IMAGE_SLOT x 64 | exemplars | BOS
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from svggen.tokens import vocabulary as v

__all__ = ["Exemplar", "Prompt", "PromptStyle", "prompt", "size_word", "spoken_words"]

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
class Prompt:
    """ids, BOS last; texts: (position, phrase); style, picture: the position that the vector fills (the first of 64)."""

    ids: list[int] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    style: int | None = None
    picture: int | None = None


def prompt(
    phrases: Sequence[str],
    style: PromptStyle,
    *,
    size: int | None = None,
    style_vector: bool = False,
    task: Literal["words", "picture", "gap"] = "words",
    exemplars: Sequence[Exemplar] = (),
    gap: Sequence[int] = (),
) -> Prompt:
    """The prompt for one drawing. size: tokens that it should take at most; gap: a drawing with GAP in it to be
    completed."""
    out = Prompt()
    words = [*([size_word(size)] if size is not None else []), *style.words()]
    out.ids += [v.WORD_IDS[w] for w in words]
    if style_vector:
        out.style = len(out.ids)
        out.ids.append(v.STYLE_SLOT)
    spoken = [*phrases, *(spoken_words(phrases[0]) if phrases else ())]
    for text in spoken:
        out.texts.append((len(out.ids), text))
        out.ids.append(v.TEXT_SLOT)
    out.ids.append(v.WORD_IDS[f"from_{task}"])
    if task == "picture":
        out.picture = len(out.ids)
        out.ids += [v.IMAGE_SLOT] * PATCHES
    for one in exemplars:
        out.ids.append(v.SAME_IDEA if one.same_idea else v.SAME_SET)
        out.texts.append((len(out.ids), one.text))
        out.ids += [v.TEXT_SLOT, *one.drawing]
    if task == "gap":
        out.ids += [v.GAP, *gap]
    out.ids.append(v.BOS)
    return out
