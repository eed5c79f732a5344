"""The words of the library, ready to be searched; and what each section of the data file holds.

Terms. An icon is one picture. A drawing is what one set draws for one concept, in one or more styles: its icons are
neighbours. A concept is a name without style words, shared by the sets ("calendar check").

Sections: bodies, body_starts (start, crc32: codec blocks of icons) · looks · names, name_starts (blocks of
NAMES_BLOCK icon names, zlib) · counts (icons of each drawing) · drawing_concept · name_weight (of each concept, in
tenths) · modes (of each icon) · vocabulary, concepts, phrases (lines, sorted; phrases are tags and other names) ·
in_names (token -> concepts) · in_phrases (token -> phrases of several words) · lent (phrase -> concepts that any set
gives it to) · own, named (phrase -> drawings whose own set gives it as a tag or as another name); each of these with
_count, values sorted and written as differences · text_mean, text_basis, text (concept vectors) · style, style_limit
(icon style vectors as int8, and what 127 stands for).
"""

from __future__ import annotations

import threading
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Final

from memory.errors import LibraryError
from memory.library.pack import Pack
from memory.library.text import NEGATIVE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint32]

__all__ = ["MODES", "NAMES_BLOCK", "TEXT_DIMS", "TEXT_SCALE", "Index", "Postings", "checked_slice"]

MODES: Final = ("outline", "filled", "duotone", "color")
NAMES_BLOCK: Final = 128
TEXT_DIMS: Final = 96
TEXT_SCALE: Final = 254.0
"""A text vector's components times this, as int8: a component of 96 at unit length stays below one half."""


class Postings:
    """Rows of sorted numbers, kept as one array."""

    def __init__(self, pack: Pack, name: str) -> None:
        import numpy as np

        counts = pack.array(f"{name}_count").astype(np.int64)
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        deltas = pack.array(name).astype(np.int64)
        total = np.cumsum(deltas)
        # Each row was written as its first value and then differences: take off what the rows before it add up to.
        before = np.concatenate([[0], total])[self.starts[:-1]]
        self.values = (total - np.repeat(before, counts)).astype(np.uint32)
        self.counts = counts

    def __getitem__(self, row: int) -> Numbers:
        row_values: Numbers = self.values[self.starts[row] : self.starts[row + 1]]
        return row_values

    def inverted(self, rows: int) -> tuple[npt.NDArray[np.int64], Numbers]:
        """(starts, values) of the same relation read from the other side."""
        import numpy as np

        of = np.repeat(np.arange(len(self.counts), dtype=np.uint32), self.counts)
        order = np.argsort(self.values, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.values, minlength=rows))])
        return starts, of[order]


class Index:
    """Loads each part when it is first used, once."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.lock = threading.RLock()

    @cached_property
    def concepts(self) -> list[str]:
        return self.pack.data("concepts").decode().split("\n")

    @cached_property
    def tokens(self) -> dict[str, int]:
        return {token: i for i, token in enumerate(self.pack.data("vocabulary").decode().split("\n"))}

    @cached_property
    def phrases(self) -> list[str]:
        return self.pack.data("phrases").decode().split("\n")

    @cached_property
    def phrase_numbers(self) -> dict[str, int]:
        return {phrase: i for i, phrase in enumerate(self.phrases)}

    @cached_property
    def in_names(self) -> Postings:
        return Postings(self.pack, "in_names")

    @cached_property
    def in_phrases(self) -> Postings:
        return Postings(self.pack, "in_phrases")

    @cached_property
    def lent(self) -> Postings:
        return Postings(self.pack, "lent")

    @cached_property
    def own(self) -> Postings:
        return Postings(self.pack, "own")

    @cached_property
    def named(self) -> Postings:
        return Postings(self.pack, "named")

    @cached_property
    def drawing_concept(self) -> npt.NDArray[np.int64]:
        import numpy as np

        return self.pack.array("drawing_concept").astype(np.int64)

    @cached_property
    def first_icon(self) -> npt.NDArray[np.int64]:
        """For each drawing the number of its first icon, and the number of all icons at the end."""
        import numpy as np

        return np.concatenate([[0], np.cumsum(self.pack.array("counts").astype(np.int64))])

    @cached_property
    def name_weight(self) -> npt.NDArray[np.float32]:
        """For each concept the weights of its words added up."""
        import numpy as np

        return self.pack.array("name_weight").astype(np.float32) / np.float32(10)

    @cached_property
    def negative(self) -> npt.NDArray[np.int64]:
        """The concepts whose name turns its meaning ("piano off")."""
        import numpy as np

        rows = [self.in_names[self.tokens[word]] for word in sorted(NEGATIVE) if word in self.tokens]
        return np.unique(np.concatenate(rows)).astype(np.int64)

    @cached_property
    def text(self) -> npt.NDArray[np.float32]:
        """Concept vectors (n, TEXT_DIMS) as float32: 12 MB, held after the first search that needs meaning."""
        import numpy as np

        return self.pack.array("text").astype(np.float32) / np.float32(TEXT_SCALE)

    @cached_property
    def projection(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(mean, basis): (v - mean) @ basis puts a sentence vector among the concepts."""
        import numpy as np

        return self.pack.array("text_mean").astype(np.float32), self.pack.array("text_basis").astype(np.float32)

    @cached_property
    def style_step(self) -> npt.NDArray[np.float32]:
        import numpy as np

        return self.pack.array("style_limit").astype(np.float32) / np.float32(127)

    @cached_property
    def words_of(self) -> tuple[tuple[npt.NDArray[np.int64], Numbers], ...]:
        """drawing -> own tags, drawing -> other names, concept -> lent phrases; each as (starts, phrase numbers)."""
        drawings, concepts = len(self.drawing_concept), len(self.concepts)
        return self.named.inverted(drawings), self.own.inverted(drawings), self.lent.inverted(concepts)

    def tags(self, drawing: int, limit: int = 16) -> tuple[str, ...]:
        """Other names, own tags, then tags of the same concept in other sets."""
        found: dict[str, None] = {}
        rows = (drawing, drawing, int(self.drawing_concept[drawing]))
        for row, (starts, values) in zip(rows, self.words_of, strict=True):
            for phrase in values[starts[row] : starts[row + 1]]:
                found[self.phrases[phrase]] = None
        return tuple(found)[:limit]

    @cached_property
    def _name_starts(self) -> npt.NDArray[np.uint32]:
        return self.pack.array("name_starts")  # type: ignore[return-value]

    def names(self, block: int) -> list[str]:
        """The names of the icons of a block."""
        return zlib.decompress(checked_slice(self.pack, "names", self._name_starts, block)).decode().split("\n")


def checked_slice(pack: Pack, section: str, starts: Numbers, row: int) -> bytes:
    """One block of a section of blocks; raises LibraryError where its checksum does not agree."""
    data = pack.slice(section, int(starts[row, 0]), int(starts[row + 1, 0]))
    if zlib.crc32(data) != int(starts[row, 1]):
        raise LibraryError(f"the icon library {pack.path} is damaged (section {section}); reinstall mnemicon")
    return data
