"""What the judge (``svggen.judge``) sees in the icons of the library: their style vectors, and how clearly each shows
what it is named after.

Contract. ``Judged`` reads ``judge.bin``, which lies beside the library's data file: made by scripts/build_library.py
--judge, tied to the library by the digest of its header and to the judge by that of its file. Style vectors come back
with a cosine of 0.99 to what the judge gave, nine bytes each: the sum of one row of each of nine tables (residual
quantisation). Nothing here loads the judge. ``LibraryError`` (the operator) where the file is missing, damaged, of
another version, or of another library.

Sections: style (codes, (icons, STAGES)) · style_tables ((STAGES, 256, 32) as int8) · style_steps (what 1 stands for in
each table) · recognised (of 255: the share of real icons that show what they are named after less surely).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from memory.errors import LibraryError
from memory.library.pack import Pack

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int64]

__all__ = ["FILE", "HEADER_SHA256", "STAGES", "Judged"]

FILE: Final = "judge.bin"
HEADER_SHA256: Final = "48f9cf4615cc18be5ebe88e7f74ab30dfe4484e499f6f1601fdd2909227321cd"
"""Set by scripts/build_library.py --judge; the header holds the sha256 of every section."""
STAGES: Final = 9


class Judged:
    """The open file. library: the digest of the library that it must be of. Thread-safe."""

    def __init__(self, path: Path, library: str, header_sha256: str | None = None) -> None:
        self._pack = Pack(path, header_sha256)
        self._pack.check()  # a millisecond: whoever has it open may rely on all of it
        if self._pack.meta.get("library") != library:
            raise LibraryError(f"{path} is not of the icon library beside it; reinstall mnemicon")
        self.judge: str = self._pack.meta["judge"]
        """sha256 of the judge's file."""
        self.eye = f"judge-{self.judge[:12]}"
        """The name that memory.eye gives this judge: only vectors of one eye may be compared."""

    def __len__(self) -> int:
        return int(self._pack.meta["icons"])

    def styles(self, indexes: Numbers) -> Floats:
        """The judge's style vectors of these icons, (n, 32), rows of length 1."""
        import numpy as np

        codes = self._codes[indexes]
        out = np.zeros((len(codes), self._tables.shape[2]), np.float32)
        for stage, table in enumerate(self._tables):
            out += table[codes[:, stage]]
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), np.float32(1e-9))
        return out

    def fit(self, indexes: Numbers, set_style: Floats) -> Floats:
        """0..1 for each icon: how well it would sit in the set whose mean style vector (of any length) is given. The
        mean of two shares: of real icons that sit less well in their own set, which tells good from perfect, and of
        those that sit less well in another's, which tells near from far. Raises LibraryError for other dims."""
        import numpy as np

        wanted = np.asarray(set_style, np.float32)
        if wanted.shape != (self._tables.shape[2],):
            raise LibraryError(f"a judge's style vector of shape {wanted.shape} does not fit this library's")
        cosines = self.styles(indexes) @ (wanted / max(float(np.linalg.norm(wanted)), 1e-9))
        shares = [np.interp(cosines, q, np.linspace(0, 1, len(q)), left=0, right=1) for q in self._calibration]
        fit: Floats = np.mean(shares, axis=0).astype(np.float32)
        return fit

    @cached_property
    def recognised(self) -> npt.NDArray[np.uint8]:
        """For each icon, of 255: the share of real icons that show what they are named after less surely."""
        return self._pack.array("recognised")  # type: ignore[return-value]

    @cached_property
    def _calibration(self) -> tuple[list[float], list[float]]:
        """Quantiles of the cosines of real icons to the mean of their own set's style, and of another's."""
        return self._pack.meta["style"], self._pack.meta["style_other"]

    @cached_property
    def _codes(self) -> npt.NDArray[np.uint8]:
        return self._pack.array("style")  # type: ignore[return-value]

    @cached_property
    def _tables(self) -> Floats:
        import numpy as np

        steps = self._pack.array("style_steps").astype(np.float32)
        tables: Floats = self._pack.array("style_tables").astype(np.float32) * steps[:, None, None]
        return tables
