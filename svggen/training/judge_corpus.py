"""The icon corpus as what the judge is trained on: pictures, phrases, groups.

Contract. ``judge_data`` reads the corpus's Parquet file, renders every kept icon (two minutes on two cores, kept beside
it as a memory map for the next run) and embeds every distinct phrase with the frozen text encoder. An icon's first
phrase is its concept; its tags and aliases follow. Needs the whole program, pyarrow and torch. ``CorpusError`` where
the file is not what it should be.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from svggen.judge.pictures import SIDE, text_pictures
from svggen.training.judge_data import JudgeData

__all__ = ["judge_data", "phrases", "rendered"]

Ids: TypeAlias = npt.NDArray[np.int32]
COLUMNS = ("svg", "concept", "tags", "aliases", "concept_id", "group_id", "family_id", "split", "kept")
PHRASES = 14
"""Of one icon at most: the first tags say most."""
CHUNK = 2048
"""Icons rendered between two lines of progress."""


def judge_data(corpus: Path, *, log: Callable[[str], None] = print) -> JudgeData:
    """Everything the judge learns from and is validated on. corpus: the Parquet file; caches lie beside it."""
    from svggen.text import default_text_encoder
    from svggen.training.corpus import load

    table = load(corpus).select(list(COLUMNS))
    table = table.filter(table["kept"])
    rows: dict[str, list[Any]] = {name: table[name].to_pylist() for name in COLUMNS}
    texts, starts, ids = phrases(rows["concept"], rows["tags"], rows["aliases"])
    vectors = _cached(
        corpus, "judge-texts", "\n".join(texts), lambda: _embedded(default_text_encoder().embed, texts, log)
    )
    pictures = _cached(corpus, "judge-pictures", "\n".join(rows["svg"]), lambda: rendered(rows["svg"], log=log))
    return JudgeData(
        pictures=pictures,
        texts=vectors,
        text_of=(starts, ids),
        concept=np.asarray(rows["concept_id"], np.int32),
        group=np.asarray(rows["group_id"], np.int32),
        family=np.asarray(rows["family_id"], np.int32),
        train=np.asarray(rows["split"]) == "train",
    )


def phrases(
    concepts: Sequence[str], tags: Sequence[Sequence[str] | None], aliases: Sequence[Sequence[str] | None]
) -> tuple[list[str], npt.NDArray[np.int64], Ids]:
    """(distinct phrases, starts (N + 1), ids): for each icon its concept, then its tags and aliases, none twice. A tag
    that one icon alone has and that is no icon's concept is left out: half of all phrases, and mostly misspelt."""
    said = [
        list(dict.fromkeys(text.strip().lower() for text in (concept, *(own or ()), *(other or ())) if text.strip()))
        for concept, own, other in zip(concepts, tags, aliases, strict=True)
    ]
    uses = Counter(text for mine in said for text in mine)
    main = {mine[0] for mine in said if mine}
    known: dict[str, int] = {}
    starts, ids = [0], []
    for mine in said:
        kept = [text for text in mine if text in main or uses[text] > 1][:PHRASES]
        ids += [known.setdefault(text, len(known)) for text in kept]
        starts.append(len(ids))
    return list(known), np.asarray(starts, np.int64), np.asarray(ids, np.int32)


def rendered(svgs: Sequence[str], *, log: Callable[[str], None] = print) -> npt.NDArray[np.uint8]:
    """uint8 (N, 64, 64, 3) of what our own serialiser wrote."""
    out = np.empty((len(svgs), SIDE, SIDE, 3), np.uint8)
    for start in range(0, len(svgs), CHUNK):
        out[start : start + CHUNK] = text_pictures(svgs[start : start + CHUNK])
        if start % (16 * CHUNK) == 0:
            log(f"rendering {start:,} of {len(svgs):,}")
    return out


def _embedded(embed: Callable[[Sequence[str]], Any], texts: Sequence[str], log: Callable[[str], None]) -> Any:
    out = np.empty((len(texts), 384), np.float16)
    for start in range(0, len(texts), CHUNK):
        out[start : start + CHUNK] = embed(texts[start : start + CHUNK])
        if start % (8 * CHUNK) == 0:
            log(f"reading {start:,} of {len(texts):,} phrases")
    return out


def _cached(corpus: Path, name: str, content: str, make: Callable[[], Any]) -> Any:
    """An array kept beside the corpus, under a name that changes with what it was made of."""
    path = corpus.with_name(f"{name}-{hashlib.sha256(content.encode()).hexdigest()[:12]}.npy")
    if not path.exists():
        beside = path.with_name(f".{path.name}.{os.getpid()}.npy")
        np.save(beside, make())
        beside.replace(path)
    return np.load(path, mmap_mode="r")
