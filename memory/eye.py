"""The eye: what an icon shows and how it looks, as vectors that are kept with the user's own icons.

Contract. An ``Eye`` sees icons; ``name`` tells vectors of different eyes apart in a store (they are never compared).
``JudgeEye`` is the judge that ships (``svggen.judge``), loaded when the first icon is seen or the first word is looked
for (60 ms, then about 7 ms an icon); ``FakeEye`` is for tests. Scores are calibrated: the share of real icons that
score lower. Errors: ``EmbedderError`` (the operator) where the judge's file is missing or damaged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeAlias

from memory.errors import EmbedderError
from svggen.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon

    Floats: TypeAlias = npt.NDArray[np.float32]

__all__ = ["CONCEPT_DIMS", "STYLE_DIMS", "Eye", "FakeEye", "JudgeEye", "cosine"]

CONCEPT_DIMS, STYLE_DIMS = 256, 32
"""Of the judge (svggen.judge.judge); the fake has the same, so that stores are alike."""


class Eye(Protocol):
    @property
    def name(self) -> str: ...

    def see(self, icons: Sequence[Icon]) -> tuple[Floats, Floats]:
        """(concept (n, 256), style (n, 32)), rows of length 1. Raises RenderError for an icon that cannot be drawn."""
        ...

    def text(self, phrases: Sequence[str]) -> Floats:
        """(n, 256), rows of length 1: a phrase is near the icons that show it."""
        ...

    def shows(self, cosine: float) -> float:
        """0..1 for the cosine of an icon's concept vector and a phrase's."""
        ...

    def fits(self, cosine: float) -> float:
        """0..1 for the cosine of an icon's style vector and the mean of a set's (see memory.library.judged)."""
        ...


class JudgeEye:
    """The judge that ships."""

    @property
    def name(self) -> str:
        from svggen.judge.weights import SHA256

        return f"judge-{SHA256[:12]}"

    def see(self, icons: Sequence[Icon]) -> tuple[Floats, Floats]:
        """One by one: in a batch the last digits depend on the neighbours, and a record that is exported and imported
        again keeps its very vectors."""
        import numpy as np

        from svggen.judge.judge import default_judge
        from svggen.judge.pictures import pictures

        concepts = np.empty((len(icons), CONCEPT_DIMS), np.float32)
        styles = np.empty((len(icons), STYLE_DIMS), np.float32)
        with _as_ours():
            for i, picture in enumerate(pictures(icons)):
                seen = default_judge().see(picture[None])
                concepts[i], styles[i] = seen.concept[0], seen.style[0]
        return concepts, styles

    def text(self, phrases: Sequence[str]) -> Floats:
        from svggen.judge import default_judge

        with _as_ours():
            return default_judge().text(phrases)

    def shows(self, cosine: float) -> float:
        from svggen.judge import default_judge

        with _as_ours():
            return default_judge().score("concept", cosine)

    def fits(self, cosine: float) -> float:
        from svggen.judge import default_judge

        with _as_ours():
            judge = default_judge()
            return (judge.score("style", cosine) + judge.score("style_other", cosine)) / 2


class FakeEye:
    """Style from what ``svggen.style`` measures, a concept that is like no other's: deterministic, nothing loaded."""

    name = "fake-eye"

    def see(self, icons: Sequence[Icon]) -> tuple[Floats, Floats]:
        import numpy as np

        from svggen.icon import icon_id
        from svggen.style import style_vectors

        styles = np.asarray(style_vectors(icons), np.float32).reshape(len(icons), -1)
        ones = np.ones((len(icons), STYLE_DIMS), np.float32)
        ones[:, : styles.shape[1]] += styles[:, :STYLE_DIMS]
        concepts = [_hashed(icon_id(icon)) for icon in icons]
        return np.asarray(concepts, np.float32).reshape(-1, CONCEPT_DIMS), _unit(ones)

    def text(self, phrases: Sequence[str]) -> Floats:
        import numpy as np

        return np.asarray([_hashed(phrase) for phrase in phrases], np.float32).reshape(-1, CONCEPT_DIMS)

    def shows(self, cosine: float) -> float:
        return min(max(cosine, 0.0), 1.0)

    def fits(self, cosine: float) -> float:
        return min(max(cosine, 0.0), 1.0)


def cosine(a: Floats, b: Floats) -> float:
    """Of two vectors of any length; 0 where one has none."""
    import numpy as np

    return float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9)


def _hashed(text: str) -> Floats:
    import numpy as np

    seed = int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")
    row: Floats = _unit(np.random.default_rng(seed).standard_normal((1, CONCEPT_DIMS)).astype(np.float32))[0]
    return row


def _unit(rows: Floats) -> Floats:
    import numpy as np

    out: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return out


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except WeightsError as error:
        raise EmbedderError(str(error)) from error
