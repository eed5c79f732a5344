"""What the judge sees in every icon of the library -> data/judge.bin.

Contract. ``look`` shows the judge every icon, chunk by chunk, and keeps each chunk in a folder under the digests of
library and judge: a run that was cut off goes on, and several may share the work. ``judged_sections`` joins them to
what ``memory.library.judged`` reads. The same library, judge and machine: the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from memory.library.judged import STAGES
from memory.library.library import Library
from svggen.judge.judge import STYLE_DIMS, Judge

__all__ = ["CHUNK", "Floats", "chunk_paths", "judged_sections", "look", "quantised"]

CHUNK = 512
"""Icons looked at together: four seconds of a core, what a run that is cut off loses."""
PASSES = 12
"""Of k-means for each table; the last three change the error by less than one part in a hundred."""
Floats: TypeAlias = npt.NDArray[np.float32]
Track: TypeAlias = Callable[[Sequence[int]], Iterable[int]]


def chunk_paths(library: Library, judge_sha256: str, folder: Path) -> list[Path]:
    """Where each chunk's vectors lie, in the order of the icons."""
    stamp = f"{library.digest[:12]}-{judge_sha256[:12]}"
    return [folder / f"judge-{stamp}-{start // CHUNK:04d}.npz" for start in range(0, len(library), CHUNK)]


def look(library: Library, judge: Judge, paths: Sequence[Path], part: str = "1/1", track: Track = iter) -> None:
    """Write the chunks that are missing. part "2/3": every third chunk, from the second on. track: shows progress."""
    first, step = (int(n) for n in part.split("/"))
    missing = [i for i in range(first - 1, len(paths), step) if not paths[i].exists()]
    for i in track(missing):
        numbers = range(i * CHUNK, min((i + 1) * CHUNK, len(library)))
        seen = judge.see([library.icon(n) for n in numbers])
        beside = paths[i].with_suffix(f".{first}.part.npz")
        np.savez(beside, concept=seen.concept.astype(np.float16), style=seen.style)
        beside.replace(paths[i])


def judged_sections(
    library: Library, judge: Judge, judge_sha256: str, paths: Sequence[Path], names: Floats
) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """(meta, sections) of the file. names: frozen text vectors of library.concepts(), (n, 384)."""
    concepts, styles = [], []
    for path in paths:
        with np.load(path) as held:
            concepts.append(held["concept"].astype(np.float32))
            styles.append(held["style"])
    concept, style = np.concatenate(concepts), np.concatenate(styles)
    if concept.shape[0] != len(library) or style.shape != (len(library), STYLE_DIMS):
        raise SystemExit(f"{paths[0].parent}: the judge's chunks hold {len(style)} icons, the library {len(library)}")
    own = judge.project(names)[library.concept_numbers()]
    cosines = np.einsum("ij,ij->i", concept, own)
    quantiles = judge.facts["calibration"]["concept"]
    shares = np.interp(cosines, quantiles, np.linspace(0, 1, len(quantiles)), left=0.0, right=1.0)
    codes, tables, steps = quantised(style, STAGES)
    meta: dict[str, Any] = {"library": library.digest, "judge": judge_sha256, "icons": len(library)}
    for kind in ("style", "style_other"):
        meta[kind] = [round(float(v), 6) for v in judge.facts["calibration"][kind]]
    return meta, {
        "style": ("u1", codes),
        "style_tables": ("i1z", tables),
        "style_steps": ("f4", steps),
        "recognised": ("u1z", np.rint(shares * 255)),
    }


def quantised(vectors: Floats, stages: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8], Floats]:
    """(codes (n, stages), tables (stages, 256, dims) as whole numbers, what 1 stands for in each): a vector is about
    the sum of one row of each table. Each table is fitted by k-means to what those before it leave, and rounded before
    the next is fitted."""
    rng = np.random.default_rng(0)
    left = vectors.astype(np.float32).copy()
    codes = np.zeros((len(left), stages), np.uint8)
    tables = np.zeros((stages, 256, left.shape[1]), np.int8)
    steps = np.zeros(stages, np.float32)
    for stage in range(stages):
        centres = _centres(left, rng)
        steps[stage] = max(float(np.abs(centres).max()), 1e-6) / 127
        tables[stage] = np.rint(centres / steps[stage])
        rounded = tables[stage].astype(np.float32) * steps[stage]
        nearest = _nearest(left, rounded)
        codes[:, stage] = nearest
        left -= rounded[nearest]
    return codes, tables, steps


def _centres(rows: Floats, rng: np.random.Generator) -> Floats:
    """256 of them, by k-means; a centre that no row is nearest to stays where it is."""
    chosen = rng.choice(len(rows), 256, replace=len(rows) < 256)
    centres = rows[chosen].copy()
    for _ in range(PASSES):
        nearest = _nearest(rows, centres)
        counts = np.bincount(nearest, minlength=256).astype(np.float32)
        sums = np.stack([np.bincount(nearest, rows[:, d], 256) for d in range(rows.shape[1])], 1).astype(np.float32)
        centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)
    return centres


def _nearest(rows: Floats, centres: Floats) -> npt.NDArray[np.int64]:
    halves = np.float32(0.5) * np.square(centres).sum(1)
    parts = [np.argmin(halves - rows[i : i + 8192] @ centres.T, axis=1) for i in range(0, len(rows), 8192)]
    return np.concatenate(parts)
