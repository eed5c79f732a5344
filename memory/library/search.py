"""Words -> how surely each drawing of the library shows what they say.

Contract. ``Searcher.scores(query)`` gives for every drawing a concept score in 0..1 and a reason. What the scores mean:

    1.00  its name              0.85  a tag of its own set          0.5 and less  part of the query only
    0.97  its other name        0.75  a tag of the same name in     0.7 and less  near in meaning only (embedding)
    0.95  a synonym of ours           another set                   below 0.35    nothing the library knows

A name with further words that were not asked for loses by their weight ("calendar off" for "calendar" more than
"calendar 2"). A query of several words is split into units ("shopping cart" is one); each unit may be met by the name
or by tags; the last unit, the head noun, weighs most. An unknown word is taken apart ("paperplane") or read as the
known word one slip away ("calender"). Only where words do not settle it are query and concepts compared by meaning.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from memory.library.index import Index
from memory.library.text import NEGATIVE, STOP, alternatives, longest_synonym, tokens, weight

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from memory.embedding import Embedder

    Floats = npt.NDArray[np.float32]
    _Own = tuple[npt.NDArray[np.uint32], float, int]  # drawings, level, reason

__all__ = ["REASONS", "Scores", "Searcher"]

NAMED, OWN, LENT, PARTIAL = 0.97, 0.85, 0.75, 0.45
SETTLED: Final = 0.84
"""Meaning is not asked where the words alone reach this."""
REASONS: Final = ("nothing", "name", "other name", "tag", "tag of other sets", "part of the words", "meaning")
_NAME, _OTHER, _TAG, _LENT, _PART, _MEANING = range(1, 7)
_MAX_WORDS: Final = 12
_MAX_PHRASES: Final = 200

Phrase = tuple[str, ...]


class Scores(NamedTuple):
    """For each drawing: score 0..1, and the number of its reason in REASONS. read_as: unknown words and what they were
    taken for."""

    score: Floats
    reason: npt.NDArray[np.uint8]
    read_as: tuple[tuple[str, str], ...]


class _Unit(NamedTuple):
    """A part of the query: the ways to say it, each with a factor; weight among the units."""

    ways: dict[Phrase, float]
    weight: float


class Searcher:
    """Scores drawings of one index; holds no state of its own but small caches."""

    def __init__(self, index: Index, embedder: Embedder | None = None) -> None:
        self.index = index
        self._embedder = embedder

    def scores(self, query: str) -> Scores:
        """The concept score of every drawing for the query; all zero for a query without a word."""
        import numpy as np

        words = tokens(query)
        words = tuple(w for i, w in enumerate(words) if w not in STOP or _is_letter(words, i)) or words
        drawings = len(self.index.drawing_concept)
        if not words:
            return Scores(np.zeros(drawings, np.float32), np.zeros(drawings, np.uint8), ())
        words, read_as, trust = self._known(words[:_MAX_WORDS])
        score, reason = self._by_words(words)
        score *= trust
        if float(score.max()) < SETTLED:
            meaning = self._by_meaning(query, words)[self.index.drawing_concept]
            better = meaning > score
            score[better] = meaning[better]
            reason[better] = _MEANING
        return Scores(score, reason, read_as)

    # -------------------------------------------------------------------------------------------------------- words

    def _known(self, words: Phrase) -> tuple[Phrase, tuple[tuple[str, str], ...], float]:
        """(the words with unknown ones taken apart or corrected, what was read as what, trust in that 0..1)."""
        out: list[str] = []
        read: list[tuple[str, str]] = []
        trust = 1.0
        for word in words:
            row = self.index.tokens.get(word)
            if alternatives((word,)) or (row is not None and self.index.in_names.counts[row]):
                out.append(word)
                continue
            if row is not None:  # a word of tags alone: a rare word, or somebody's slip that was tagged for
                corrected = self._corrected(word, 20)
                out.append(corrected or word)
                read += [(word, corrected)] if corrected else []
                trust *= 0.95 if corrected else 1.0
                continue
            parts = self._apart(word)
            if parts:
                out += parts
            elif corrected := self._corrected(word, 3):
                out.append(corrected)
                read.append((word, corrected))
                trust *= 0.95
            else:
                out.append(word)
        return tuple(out), tuple(read), trust

    def _apart(self, word: str) -> list[str]:
        """Two known words written as one, the second as long as possible."""
        for cut in range(3, len(word) - 2):
            left, right = tokens(word[:cut])[0], tokens(word[cut:])[0]
            if self._in_a_name(left) and self._in_a_name(right):
                return [left, right]
        return []

    def _in_a_name(self, word: str) -> bool:
        row = self.index.tokens.get(word)
        return row is not None and int(self.index.in_names.counts[row]) >= 2

    def _corrected(self, word: str, least: int) -> str | None:
        """The most used name word (of at least so many concepts) that one slip of the keyboard turns into this one."""
        if len(word) < 5 or not word.isalpha():
            return None
        counts = self.index.in_names.counts
        found = [
            (int(counts[row]), other)
            for other, row in self.index.tokens.items()
            if abs(len(other) - len(word)) <= 1
            and other[0] == word[0]
            and counts[row] >= least
            and _one_slip(word, other)
        ]
        return max(found)[1] if found else None

    def _units(self, words: Phrase) -> list[_Unit]:
        spans: list[dict[Phrase, float]] = []
        i = 0
        while i < len(words):
            n = longest_synonym(words, i)
            phrase = words[i : i + n]
            ways = {phrase: 1.0, **alternatives(phrase)}
            if n == 1 and i + 1 < len(words) and self._in_a_name(words[i] + words[i + 1]):
                n, phrase = 2, words[i : i + 2]
                ways = {phrase: 1.0, ("".join(phrase),): 1.0}
            elif n > 1:
                ways.setdefault(("".join(phrase),), 1.0)
            spans.append(ways)
            i += n
        # The head noun decides what is drawn; in "x of y" and "x with y" the stop word is gone and both weigh alike.
        return [_Unit(ways, 1.25 if i == len(spans) - 1 else 1.0) for i, ways in enumerate(spans)]

    def _by_words(self, words: Phrase) -> tuple[Floats, npt.NDArray[np.uint8]]:
        import numpy as np

        index = self.index
        units = self._units(words)
        drawings, concepts = len(index.drawing_concept), len(index.concepts)
        total = np.zeros(drawings, np.float32)
        met = np.zeros(drawings, np.uint8)
        by_name = np.zeros(drawings, np.uint8)
        covered = np.zeros(concepts, np.float32)
        best_other = np.zeros(drawings, np.uint8)
        all_weight = sum(unit.weight for unit in units)
        for unit in units:
            concept_level, cover, reason, own = self._evidence(unit)
            level = concept_level[index.drawing_concept]
            why = reason[index.drawing_concept]
            for rows, value, code in own:
                higher = level[rows] < value
                level[rows[higher]] = value
                why[rows[higher]] = code
            total += level * np.float32(unit.weight / all_weight)
            met += level > 0
            by_name += why == _NAME
            covered += cover
            best_other = np.maximum(best_other, why)
        excess = np.maximum(index.name_weight - covered, 0)[index.drawing_concept]
        missing = len(units) - met
        full = by_name == len(units)
        factor = np.where(full, 1 / (1 + 0.22 * excess), 1 / (1 + 0.05 * np.minimum(excess, 3)))
        score = total * factor * np.power(np.float32(0.8), missing.astype(np.float32))
        if len(units) > 1 or len(words) > 1:
            self._whole_phrase(words, score, best_other)
        reason_of = np.where(missing > 0, _PART, best_other).astype(np.uint8)
        reason_of[score <= 0] = 0
        return score.astype(np.float32), reason_of

    def _evidence(self, unit: _Unit) -> tuple[Floats, Floats, npt.NDArray[np.uint8], list[_Own]]:
        """For one unit: level and covered name weight of each concept, the reason, and what single drawings add."""
        import numpy as np

        index = self.index
        level = np.zeros(len(index.concepts), np.float32)
        cover = np.zeros(len(index.concepts), np.float32)
        reason = np.zeros(len(index.concepts), np.uint8)
        own: list[_Own] = []

        def raise_to(rows: npt.NDArray[np.uint32], value: float, code: int) -> npt.NDArray[np.uint32]:
            higher: npt.NDArray[np.uint32] = rows[level[rows] < value]
            level[higher] = value
            reason[higher] = code
            return higher

        for phrase, factor in unit.ways.items():
            rows = self._names_with(phrase)
            if rows is not None:
                higher = raise_to(rows, factor, _NAME)
                cover[higher] = sum(weight(t) for t in phrase)
            number = index.phrase_numbers.get(" ".join(phrase))
            if number is not None:
                raise_to(index.lent[number], LENT * factor, _LENT)
                own.append((index.own[number], OWN * factor, _TAG))
                own.append((index.named[number], NAMED * factor, _OTHER))
            row = index.tokens.get(phrase[0]) if len(phrase) == 1 and factor == 1.0 else None
            if row is not None:
                for other in index.in_phrases[row][:_MAX_PHRASES]:
                    raise_to(index.lent[int(other)], PARTIAL, _PART)
        return level, cover, reason, own

    def _names_with(self, phrase: Phrase) -> npt.NDArray[np.uint32] | None:
        """Concepts whose names hold every word of the phrase; None where a word is in no name."""
        import numpy as np

        found: npt.NDArray[np.uint32] | None = None
        for token in phrase:
            row = self.index.tokens.get(token)
            if row is None or not self.index.in_names.counts[row]:
                return None
            here = self.index.in_names[row]
            found = here if found is None else np.intersect1d(found, here, assume_unique=True)
        return found

    def _whole_phrase(self, words: Phrase, score: Floats, reason: npt.NDArray[np.uint8]) -> None:
        """The whole query as one tag or other name."""
        number = self.index.phrase_numbers.get(" ".join(words))
        if number is None:
            return
        lent = self.index.lent[number]
        import numpy as np

        same = np.isin(self.index.drawing_concept, lent)
        for rows, value, code in (
            (np.flatnonzero(same), LENT + 0.03, _LENT),
            (self.index.own[number], OWN + 0.03, _TAG),
            (self.index.named[number], NAMED, _OTHER),
        ):
            higher = rows[score[rows] < value]
            score[higher] = value
            reason[higher] = code

    # ------------------------------------------------------------------------------------------------------ meaning

    def _by_meaning(self, query: str, words: Phrase) -> Floats:
        """A score at most 0.7 for each concept from the cosine of its vector and the query's."""
        import numpy as np

        if self._embedder is None:
            from memory.embedding import default_embedder

            self._embedder = default_embedder()
        mean, basis = self.index.projection
        vector = (self._embedder.embed([" ".join(words)])[0] - mean) @ basis
        vector /= max(float(np.linalg.norm(vector)), 1e-9)
        score = calibrated(self.index.text @ vector.astype(np.float32))
        asked = NEGATIVE.intersection(words)
        turned = self.index.negative if not asked else np.zeros(0, np.int64)
        score[turned] *= np.float32(0.85)
        return score * np.float32(self._sense(words))

    def _sense(self, words: Phrase) -> float:
        """1 where the embedder can know every word; less for gibberish, numbers and scripts that it does not read."""
        pieces = getattr(self._embedder, "pieces", None)
        odd = 0
        for word in words:
            if word in self.index.tokens or alternatives((word,)):
                continue
            gibberish = pieces is not None and pieces(word) >= max(3, len(word) / 4)
            odd += gibberish or word.isdigit() or not word.isascii()
        return 1 - 0.55 * odd / len(words)


def _is_letter(words: Phrase, i: int) -> bool:
    """The "a" of "letter a" is a letter, not the article."""
    return words[i] == "a" and i > 0 and words[i - 1] == "letter"


def calibrated(cosine: Floats) -> Floats:
    """Cosine of centred, projected vectors -> score. Gibberish reaches cosines of 0.45 to 0.6, an unknown word that has
    a near concept ("democracy": government) 0.6 to 0.7, a paraphrase of a name 0.8 and more."""
    import numpy as np

    return np.interp(cosine, [0.0, 0.35, 0.5, 0.65, 0.8, 1.0], [0.0, 0.1, 0.3, 0.5, 0.63, 0.7]).astype(np.float32)


@lru_cache(maxsize=4096)
def _one_slip(a: str, b: str) -> bool:
    """One letter added, dropped, changed, or two neighbours swapped."""
    if a == b:
        return True
    if len(a) > len(b):
        a, b = b, a
    i = 0
    while i < len(a) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        swapped = a[i + 1 : i + 2] == b[i] and a[i] == b[i + 1 : i + 2] and a[i + 2 :] == b[i + 2 :]
        return swapped or a[i + 1 :] == b[i + 1 :]
    return a[i:] == b[i + 1 :]
