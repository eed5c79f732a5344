"""What each drawing is called: its own name, its other names and its own tags.

Contract. ``describe(candidates, tags)`` gives one ``Drawing`` for each (set, concept): all its styles share the words.
Words are normalised phrases ("shopping cart"). Tags are lent across sets by concept later, when the index is made, and
count for less there, since the same name is not always the same picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from svggen.spelling import tokens
from svggen.training.choose import Candidate

__all__ = ["Drawing", "describe", "part_words", "split_words"]

TAGS = 16
"""At most so many of a drawing."""
_NOISE = frozenset(
    "icon icons new updated ui ux web design symbol object objects shape shapes line outline filled fill solid thin "
    "bold light regular duotone system misc other general brand logo emoji unsorted version basic interface".split()
)


@dataclass
class Drawing:
    """What one set draws for one concept. aliases, tags: its other names and its own tags, as normalised phrases."""

    set_name: str
    concept: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    icons: list[Candidate] = field(default_factory=list)


def _phrases(texts: Iterable[str], concept: tuple[str, ...]) -> list[str]:
    """Normalised, without noise, repetitions and the concept's own name; in the order given."""
    own = " ".join(concept)
    found: dict[str, None] = {}
    for text in texts:
        words = tokens(text)
        phrase = " ".join(words)
        if phrase and len(words) <= 4 and len(phrase) <= 32 and phrase != own and phrase not in _NOISE:
            if all(word.isascii() for word in words) and not phrase.replace(" ", "").isdigit():
                found[phrase] = None
    return list(found)


def describe(chosen: Iterable[Candidate], tags: Mapping[str, Mapping[str, tuple[str, ...]]]) -> list[Drawing]:
    """One Drawing for each (set, concept), in the order of first appearance."""
    drawings: dict[tuple[str, tuple[str, ...]], Drawing] = {}
    for candidate in chosen:
        key = (candidate.set_name, candidate.concept)
        drawings.setdefault(key, Drawing(*key)).icons.append(candidate)
    by_name = {
        set_name: {" ".join(tokens(name)): words for name, words in table.items()} for set_name, table in tags.items()
    }
    for drawing in drawings.values():
        own = tags.get(drawing.set_name, {})
        spelled = by_name.get(drawing.set_name, {})
        words: list[str] = []
        for icon in drawing.icons:
            words += own.get(icon.name, ())
        words += spelled.get(" ".join(drawing.concept), ())
        aliases = sorted({alias for icon in drawing.icons for alias in icon.aliases})
        drawing.aliases = tuple(_phrases(aliases, drawing.concept)[:8])
        listed = [p for p in _phrases(words, drawing.concept) if p not in drawing.aliases]
        drawing.tags = tuple(listed[:TAGS])
    return list(drawings.values())


def split_words(run: str, vocabulary: Mapping[str, int]) -> tuple[str, ...]:
    """Words run together, taken apart by the fewest, most used words ("brokenheart"); as it is where that fails."""
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ()), *([None] * len(run))]
    total = sum(vocabulary.values()) or 1
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 16), end):
            word, before = run[start:end], best[start]
            if before is None or (count := vocabulary.get(word, 0)) == 0 or (len(word) < 3 and count < total / 2000):
                continue
            score = before[0] - 1.0 - 0.02 * (total / count) ** 0.25
            held = best[end]
            if held is None or score > held[0]:
                best[end] = (score, (*before[1], word))
    found = best[-1]
    return found[1] if found else (run,)


def part_words(items: Sequence[Candidate], known: Sequence[Candidate] | None = None) -> None:
    """Take apart, in place, what is written together: every name of fxemoji ("brokenheart"), elsewhere pairs
    ("chatbubble"). The words are those that ``known`` uses (default: the items themselves)."""
    counts = Counter(word for c in (items if known is None else known) for word in c.concept)
    every = {word: n for word, n in counts.items() if n >= 3}
    usual = {word: n for word, n in counts.items() if n >= 12 and len(word) >= 3}
    for c in items:
        if c.set_name == "fxemoji":
            c.concept = tuple(part for word in c.concept for part in split_words(word, every))
            continue
        parted: list[str] = []
        for word in c.concept:
            parts = split_words(word, usual) if len(word) >= 8 and counts[word] < 6 else (word,)
            parted += parts if len(parts) == 2 else (word,)
        c.concept = tuple(parted)
