"""The shipped library, open: search it, take icons out of it.

Contract. ``open_library()`` maps the data file (milliseconds, next to no memory) and is cached per process and path.
``Library.search`` ranks icons by concept score, by nearness of look to what is wanted, and by how clearly they show
what they are named after; ``Library.icon`` gives an icon on a 24 x 24 canvas. Every hit carries its set and licence.
Thread-safe. ``LibraryError`` (the operator) where the file is missing, damaged or of another version.
"""

from __future__ import annotations

import bisect
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from memory.errors import LibraryError
from memory.library.index import MODES, NAMES_BLOCK, Index, checked_slice
from memory.library.judged import FILE as JUDGED
from memory.library.judged import HEADER_SHA256 as JUDGED_SHA256
from memory.library.judged import Judged
from memory.library.pack import Pack

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from memory.embedding import Embedder
    from memory.library.codec import Packed
    from memory.library.search import Scores
    from svggen.icon import Icon, Look

__all__ = ["DATA", "HEADER_SHA256", "STYLE_WEIGHT", "Hit", "Library", "open_library"]

DATA: Final = Path(__file__).resolve().parent / "data" / "icons.bin"
HEADER_SHA256: Final = "4d57293510a7b03ce8b352b1cf3333b323b12c27d284c8b409d4c88e0b97dd65"
"""Set by scripts/build_library.py; the header holds the sha256 of every section."""
STYLE_WEIGHT: Final = 0.5
"""Share of the score that the look decides: an own tag (0.85) in the right look goes before a name in a wrong one."""
JUDGE_WEIGHT: Final = 0.3
"""Of the look, where both measures of it are wanted. tests/bench/bench_sets.py, the best match as it is: how well it
sits in the set rises from 0.09 to 0.14 (the set's own icons: 0.25), style distance falls from 0.140 to 0.130."""
RECOGNISED: Final = 0.1
"""Taken off the score of an icon that shows its name less surely than any real icon: most keep all but a hundredth."""
LEAST: Final = 0.2
"""Hits below this concept score are not shown, unless there are none above it."""
IDEAS: Final = 24
"""Drawings that are shown where none reaches LEAST: the nearest ideas, with the low scores that they have."""
_BLOCKS_KEPT: Final = 64
_POOL: Final = 1500
"""Drawings whose icons are compared by look: more than any one concept has."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One icon found. id: "set:name". concept_score, style_score, score: 0..1 (style_score 0 where no style was asked
    for). why: one line for the user. recognised: 0..1, the share of real icons that show what they are named after less
    surely; None where the judge has not seen the library."""

    index: int
    id: str
    name: str
    set: str
    licence: str
    tags: tuple[str, ...]
    concept_score: float
    style_score: float
    score: float
    why: str
    recognised: float | None = None


class Library:
    """An open data file. Parts load on first use; ``search`` loads the embedder where words do not settle a query."""

    def __init__(
        self, path: Path = DATA, *, header_sha256: str | None = None, embedder: Embedder | None = None
    ) -> None:
        self._pack = Pack(path, header_sha256)
        self._index = Index(self._pack)
        self._embedder = embedder
        self._lock = threading.RLock()
        self._blocks: OrderedDict[int, list[Packed]] = OrderedDict()
        self._sets: list[Mapping[str, Any]] = self._pack.meta["sets"]
        self._set_first = [entry["first"] for entry in self._sets]
        self._queries: OrderedDict[str, Scores] = OrderedDict()

    def __len__(self) -> int:
        return int(self._pack.meta["icons"])

    @property
    def digest(self) -> str:
        """sha256 of the data file's header: names this library, whatever was computed from it."""
        return self._pack.digest

    # ------------------------------------------------------------------------------------------------------- icons

    def icon(self, index: int) -> Icon:
        """The icon of that number on a 24 x 24 canvas; IndexError where there is none."""
        from memory.library.codec import BLOCK, decode

        if not 0 <= index < len(self):
            raise IndexError(f"no icon {index} among {len(self)}")
        return decode(self._block(index // BLOCK)[index % BLOCK], self._looks)

    def _block(self, number: int) -> list[Packed]:
        from memory.library.codec import decode_block

        with self._lock:
            if number in self._blocks:
                self._blocks.move_to_end(number)
                return self._blocks[number]
            block = decode_block(checked_slice(self._pack, "bodies", self._body_starts, number))
            self._blocks[number] = block
            if len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
            return block

    @cached_property
    def _body_starts(self) -> npt.NDArray[np.uint32]:
        return self._pack.array("body_starts")  # type: ignore[return-value]

    @cached_property
    def _looks(self) -> list[Look]:
        from memory.library.codec import read_looks

        return read_looks(self._pack.data("looks"))

    def name(self, index: int) -> str:
        """The icon's name in its set."""
        return self._names(index // NAMES_BLOCK)[index % NAMES_BLOCK]

    @lru_cache(maxsize=256)  # noqa: B019 - a library lives as long as its process
    def _names(self, block: int) -> list[str]:
        return self._index.names(block)

    def set_of(self, index: int) -> Mapping[str, Any]:
        """The set's entry: id, name, author, licence, url, kind, family, icons, drawings."""
        return self._sets[bisect.bisect_right(self._set_first, index) - 1]

    def concepts(self) -> list[str]:
        """Every concept that an icon shows, sorted."""
        return self._index.concepts

    def concept_numbers(self) -> npt.NDArray[np.int64]:
        """For each icon the number of its concept among ``concepts``, shape (icons,)."""
        import numpy as np

        return np.repeat(self._index.drawing_concept, np.diff(self._index.first_icon))

    def style_vectors(self, indexes: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The stored style vectors of these icons, shape (n, STYLE_DIMS); within 1 % of their range."""
        import numpy as np

        return self._style[indexes].astype(np.float32) * self._index.style_step

    @cached_property
    def _style(self) -> npt.NDArray[np.int8]:
        return self._pack.array("style")  # type: ignore[return-value]

    @cached_property
    def _modes(self) -> npt.NDArray[np.uint8]:
        return self._pack.array("modes")  # type: ignore[return-value]

    @property
    def judged(self) -> Judged | None:
        """What the judge sees in these icons; None for a library of one's own without that file, and where the file
        cannot be used (``judged_fault``): then icons are ranked without it."""
        return self._judged[0]

    @property
    def judged_fault(self) -> str:
        """Why ``judged`` cannot be used: missing from the library that ships, damaged, or of another library."""
        return self._judged[1]

    @cached_property
    def _judged(self) -> tuple[Judged | None, str]:
        path = self._pack.path.with_name(JUDGED)
        ships = self._pack.path == DATA
        if not ships and not path.exists():
            return None, ""
        try:
            return Judged(path, self.digest, JUDGED_SHA256 if ships else None), ""
        except LibraryError as error:
            return None, str(error)

    # ------------------------------------------------------------------------------------------------------- search

    def search(
        self,
        query: str,
        *,
        limit: int = 24,
        style: npt.NDArray[np.float32] | None = None,
        judge_style: npt.NDArray[np.float32] | None = None,
        style_weight: float = STYLE_WEIGHT,
        judge_weight: float = JUDGE_WEIGHT,
        sets: Collection[str] | None = None,
        modes: Collection[str] | None = None,
    ) -> list[Hit]:
        """The best icons for the words, best first; none for a query without a word. Words that the library does not
        know give the nearest ideas, whose concept score says so (below 0.35; tests/memory/test_library.py).

        style: a style vector (svggen.style): among icons of about equal concept score the one that looks nearest comes
        first; ``style_weight`` 0..1 is the share of the score that the look decides. judge_style: the mean of the
        judge's style vectors of a set (32 numbers, of any length): ``judge_weight`` 0..1 of the look is then how well
        the icon would sit in that set. sets: only of these. modes: only
        "outline", "filled", "duotone", "color". No drawing comes with more than two of its icons, and without a style
        the sets take turns.
        """
        import numpy as np

        scores = self._scores(query)
        candidates = self._pool(scores.score, sets)
        icons, drawings = self._icons_of(candidates)
        if modes is not None:
            keep = np.isin(self._modes[icons], [MODES.index(mode) for mode in modes if mode in MODES])
            icons, drawings = icons[keep], drawings[keep]
        concept = scores.score[drawings]
        if style is None:
            look = np.zeros(len(icons), np.float32)
            total = concept
        else:
            look = nearness(self.style_vectors(icons), np.asarray(style, np.float32))
            if judge_style is not None and self.judged is not None:
                look = (1 - judge_weight) * look + judge_weight * self.judged.fit(icons, judge_style)
            total = concept * (1 - style_weight + style_weight * look)
        if self.judged is not None:
            total = total * (1 - RECOGNISED + RECOGNISED / 255 * self.judged.recognised[icons])
        order = self._taken(icons, drawings, concept, total, style is not None, limit)
        return [self._hit(int(icons[i]), int(drawings[i]), scores, float(look[i]), float(total[i])) for i in order]

    def concept_score(self, query: str) -> float:
        """The best concept score that any icon of the library reaches for the words, 0..1."""
        return float(self._scores(query).score.max())

    def _scores(self, query: str) -> Scores:
        """The scores of a query; the last 32 are kept."""
        from memory.library.search import Searcher

        with self._lock:
            if query not in self._queries:
                self._queries[query] = Searcher(self._index, self._embedder).scores(query)
                if len(self._queries) > 32:
                    self._queries.popitem(last=False)
            self._queries.move_to_end(query)
            return self._queries[query]

    def _pool(self, score: npt.NDArray[np.float32], sets: Collection[str] | None) -> npt.NDArray[np.int64]:
        """The drawings worth a look, at most _POOL, of the sets asked for; at most IDEAS where none is sure enough."""
        import numpy as np

        sure = bool((score >= LEAST).any())
        most = _POOL if sure else IDEAS
        allowed = score >= LEAST if sure else score > 0
        if sets is not None:
            inside = np.zeros(len(score), bool)
            at = 0
            for entry in self._sets:
                inside[at : at + entry["drawings"]] = entry["id"] in sets
                at += entry["drawings"]
            allowed &= inside
        rows = np.flatnonzero(allowed)
        if len(rows) > most:
            rows = rows[np.argsort(-score[rows], kind="stable")[:most]]
        return rows

    def _icons_of(self, drawings: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """(icon numbers, drawing of each)."""
        import numpy as np

        first = self._index.first_icon
        counts = first[drawings + 1] - first[drawings]
        of = np.repeat(drawings, counts)
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(first[drawings], counts) + within, of

    def _taken(
        self,
        icons: npt.NDArray[np.int64],
        drawings: npt.NDArray[np.int64],
        concept: npt.NDArray[np.float32],
        total: npt.NDArray[np.float32],
        styled: bool,
        limit: int,
    ) -> list[int]:
        """The rows to show, in order."""
        import numpy as np

        of_drawing: dict[int, int] = {}
        of_set: dict[tuple[int, float], int] = {}
        rows: list[tuple[float, int, int]] = []
        ranked = np.argsort(-total, kind="stable")[: max(limit * 20, 400)]
        for row in ranked.tolist():
            drawing = int(drawings[row])
            seen = of_drawing.get(drawing, 0)
            if seen >= 2:
                continue
            of_drawing[drawing] = seen + 1
            if styled:
                rows.append((-float(total[row]), 0, row))
            else:  # scores within 0.02 count as equal; in there each set's first icon goes before any set's second
                level = round(float(concept[row]) / 0.02)
                key = (bisect.bisect_right(self._set_first, int(icons[row])), level)
                turn = of_set[key] = of_set.get(key, 0) + 1
                rows.append((-float(level), turn, row))
        return [row for _, _, row in sorted(rows)[:limit]]

    def _hit(self, icon: int, drawing: int, scores: Scores, look: float, total: float) -> Hit:
        from memory.library.search import REASONS

        entry = self.set_of(icon)
        name = self.name(icon)
        score = float(scores.score[drawing])
        concept = self._index.concepts[int(self._index.drawing_concept[drawing])]
        why = f"{REASONS[int(scores.reason[drawing])]}: {concept} ({score:.2f})"
        if scores.read_as:
            why += "; read " + ", ".join(f"{word!r} as {known!r}" for word, known in scores.read_as)
        if look:
            why += f"; look {look:.2f}"
        tags = self._index.tags(drawing)
        seen = None if self.judged is None else round(int(self.judged.recognised[icon]) / 255, 3)
        return Hit(
            icon, f"{entry['id']}:{name}", name, entry["id"], entry["licence"], tags, score, look, total, why, seen
        )

    # -------------------------------------------------------------------------------------------------------- facts

    def stats(self) -> dict[str, Any]:
        """icons, drawings, concepts, sets (each with id, name, author, licence, icons ...), licences {id: icons},
        bytes, and sections {name: bytes}."""
        licences: dict[str, int] = {}
        for entry in self._sets:
            licences[entry["licence"]] = licences.get(entry["licence"], 0) + entry["icons"]
        return {
            "icons": len(self),
            "drawings": self._pack.meta["drawings"],
            "concepts": self._pack.meta["concepts"],
            "sets": [dict(entry) for entry in self._sets],
            "licences": licences,
            "bytes": self._pack.size,
            "sections": self._pack.sizes(),
        }


def nearness(vectors: npt.NDArray[np.float32], wanted: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """1 for the same look, 0.87 at distance 1 (a typical member from the mean of its set), 0.5 at 1.6, 0.3 at 2.

    Measured over 13 sets: the members of a set lie 0.8 to 1.35 from its mean, those of other sets 0.9 to 2.7.
    """
    import numpy as np

    if vectors.shape[1:] != wanted.shape:
        raise LibraryError(f"a style vector of shape {wanted.shape} does not fit a library of {vectors.shape[1:]}")
    squared = ((vectors - wanted) ** 2).sum(axis=1)
    near: npt.NDArray[np.float32] = (1 / (1 + (squared / 1.6**2) ** 2)).astype(np.float32)
    return near


def open_library(path: Path | None = None) -> Library:
    """The shipped library (checked by digest), or another data file; cached per process and path."""
    with _OPENING:
        return _open(None if path is None else Path(path).resolve())


_OPENING = threading.Lock()


@lru_cache(maxsize=4)
def _open(path: Path | None) -> Library:
    return Library(DATA, header_sha256=HEADER_SHA256 or None) if path is None else Library(path)
