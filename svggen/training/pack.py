"""The corpus packed for training: icons as tokens, their phrases, concepts, style groups; small enough to travel.

Contract. ``pack(table, out)`` turns the rows of a corpus (``svggen.training.corpus``) that are kept into one ``.npz``
file: tokens of the drawings in one order (``order.ordered``), at most ``LONGEST`` each, and the distinct phrases that
name them. ``Pack.load(path)`` reads it. What is left out is what can be made again: text vectors (``text_vectors``) and
pictures (``pictures``: rendered from the tokens, on as many processes as there are cores). Reading and rendering need
numpy and resvg alone. Errors: CorpusError for a file that is damaged or of another version.
"""

from __future__ import annotations

import os
import signal
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from svggen.errors import CorpusError, SvgGenError
from svggen.tokens.prompt import spoken_words
from svggen.tokens.vocabulary import BOS, VERSION, VOCAB_SIZE

__all__ = ["KINDS", "LONGEST", "MODES", "Pack", "pack", "pictures", "text_vectors", "words_of"]

T = TypeVar("T")
R = TypeVar("R")
LONGEST: Final = 768
"""Tokens of the longest drawing that is packed; 1 of 400 icons is longer, most of them emoji."""
MODES: Final = ("outline", "filled", "duotone", "color")
KINDS: Final = ("ui", "map", "thematic", "emoji")
_PHRASES: Final = 12  # of an icon at most: its name, then aliases and tags


@dataclass(frozen=True)
class Pack:
    """N icons. tokens uint16, without BOS and with EOS, of icon i at starts[i]:starts[i + 1]; text_ids of icon i at
    text_starts[i]:text_starts[i + 1] are rows of ``phrases``, the name first; concept, group, family int32 (N,); kind,
    mode uint8 (N,) into KINDS and MODES; train bool (N,); ids uint64 (N,): the first 16 hex digits of the icon ids."""

    tokens: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.int64]
    text_starts: npt.NDArray[np.int64]
    text_ids: npt.NDArray[np.int32]
    concept: npt.NDArray[np.int32]
    group: npt.NDArray[np.int32]
    family: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    mode: npt.NDArray[np.uint8]
    train: npt.NDArray[np.bool_]
    ids: npt.NDArray[np.uint64]
    phrases: tuple[str, ...]
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.concept)

    def drawing(self, row: int) -> npt.NDArray[np.uint16]:
        """The tokens of one icon."""
        drawn: npt.NDArray[np.uint16] = self.tokens[self.starts[row] : self.starts[row + 1]]
        return drawn

    def save(self, path: Path) -> None:
        arrays: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                value = np.frombuffer("\n".join(value).encode(), np.uint8)
            arrays[field.name] = value
        arrays["version"] = np.array([VERSION])
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.npz")
        np.savez_compressed(beside, **arrays)
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Pack:
        try:
            if path.is_file() and not zipfile.is_zipfile(path):  # numpy would say how to load pickled data unsafely
                raise ValueError("it is no .npz file, or cut short")
            with path.open("rb") as file, np.load(file) as arrays:
                version = int(arrays["version"][0])
                if version != VERSION:
                    raise CorpusError(f"{path} holds tokens of version {version}, this is {VERSION}: pack it again")
                values = {f.name: arrays[f.name] for f in fields(cls)}
            for name in ("phrases", "groups"):
                values[name] = tuple(bytes(values[name]).decode().split("\n"))
            packed = cls(**values)
            packed._check()
        except (
            OSError,
            EOFError,
            ValueError,
            KeyError,
            TypeError,
            IndexError,
            zlib.error,
            zipfile.BadZipFile,
        ) as error:
            raise CorpusError(f"{path} is no packed corpus, or damaged: {error}; pack it again") from error
        return packed

    def _check(self) -> None:
        """ValueError where the arrays do not fit each other."""
        for starts, content in ((self.starts, self.tokens), (self.text_starts, self.text_ids)):
            if len(starts) != len(self) + 1 or starts[-1] != len(content) or (np.diff(starts) < 1).any():
                raise ValueError("the places of its drawings or phrases are not those of its icons")
        if any(len(getattr(self, name)) != len(self) for name in ("group", "family", "kind", "mode", "train", "ids")):
            raise ValueError("its columns are not equally long")
        if self.text_ids.max() >= len(self.phrases) or self.tokens.max() >= VOCAB_SIZE:
            raise ValueError("it names phrases or tokens that are none")


def pack(table: Any, out: Path, *, log: Callable[[str], None] = print, processes: int | None = None) -> Pack:
    """Packs the kept rows of a corpus table (pyarrow) and writes ``out``; drawings that are in ``out`` already are
    taken from there. CorpusError where nothing is left to pack."""
    columns = "kept svg concept name aliases tags group concept_id group_id family_id kind mode split id".split()
    rows = table.select(columns).filter(table["kept"]).to_pylist()
    log(f"{len(rows):,} icons to tokens")
    drawn = _drawn_before(out)
    missing = [row for row in rows if int(row["id"][:16], 16) not in drawn]
    for n, ids in enumerate(_spread(_drawing, [row["svg"] for row in missing], 200, processes)):
        drawn[int(missing[n]["id"][:16], 16)] = ids
        if (n + 1) % 5_000 == 0:
            log(f"icons to tokens: {n + 1:,} of {len(missing):,}")
    drawings = [drawn[int(row["id"][:16], 16)] for row in rows]
    kept = [i for i, ids in enumerate(drawings) if 0 < len(ids) <= LONGEST]
    log(f"{len(rows) - len(kept):,} left out: longer than {LONGEST} tokens, or nothing left on the grid")
    if not kept:
        raise CorpusError("the corpus holds no icon that can be packed")
    rows, drawings = [rows[i] for i in kept], [drawings[i] for i in kept]
    phrases: dict[str, int] = {}
    texts = [[phrases.setdefault(p, len(phrases)) for p in _phrases(row)] for row in rows]
    groups = {row["group_id"]: row["group"] for row in rows}
    packed = Pack(
        tokens=np.array([t for ids in drawings for t in ids], np.uint16),
        starts=_starts(drawings),
        text_starts=_starts(texts),
        text_ids=np.array([t for ids in texts for t in ids], np.int32),
        concept=np.array([row["concept_id"] for row in rows], np.int32),
        group=np.array([row["group_id"] for row in rows], np.int32),
        family=np.array([row["family_id"] for row in rows], np.int32),
        kind=np.array([KINDS.index(row["kind"]) for row in rows], np.uint8),
        mode=np.array([MODES.index(row["mode"] or "outline") for row in rows], np.uint8),
        train=np.array([row["split"] == "train" for row in rows], np.bool_),
        ids=np.array([int(row["id"][:16], 16) for row in rows], np.uint64),
        phrases=tuple(phrases),
        groups=tuple(groups.get(i, "") for i in range(max(groups) + 1)),
    )
    packed.save(out)
    log(f"{out}: {len(packed):,} icons, {len(packed.tokens):,} tokens, {len(phrases):,} phrases, "
        f"{out.stat().st_size / 1e6:.1f} MB")  # fmt: skip
    return packed


def _drawn_before(path: Path) -> dict[int, list[int]]:
    """The drawings of an earlier pack, by id."""
    if not path.exists():
        return {}
    try:
        before = Pack.load(path)
    except CorpusError:
        return {}
    return {int(i): before.drawing(n).tolist() for n, i in enumerate(before.ids)}


def _starts(items: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
    starts = np.zeros(len(items) + 1, np.int64)
    np.cumsum([len(item) for item in items], out=starts[1:])
    return starts


def _phrases(row: dict[str, Any]) -> list[str]:
    """The name as words, then what else the icon is called; newlines and repetitions out."""
    found: dict[str, None] = {}
    for text in (row["concept"] or row["name"], *row["aliases"], *row["tags"]):
        words = " ".join(str(text).lower().replace("-", " ").replace("_", " ").split())
        if words and len(words) <= 60:
            found[words] = None
    return list(found)[:_PHRASES] or ["icon"]


def _drawing(svg: str) -> list[int]:
    """The tokens of one corpus row; [] where nothing is left of it."""
    from svggen.icon import parse
    from svggen.tokens.icon import decode, encode
    from svggen.training.order import ordered

    try:
        return encode(ordered(decode(encode(parse(svg)))))
    except SvgGenError:
        return []


def words_of(phrases: Sequence[str]) -> tuple[str, ...]:
    """The single words of the phrases, sorted: what the word slots of IconLM are filled from."""
    return tuple(sorted({word for phrase in phrases for word in spoken_words(phrase)}))


def text_vectors(phrases: Sequence[str], *, threads: int | None = None) -> npt.NDArray[np.float16]:
    """float16 (n, 384): the frozen text encoder's vectors, on all cores."""
    parts = [list(phrases[i : i + 2048]) for i in range(0, len(phrases), 2048)]
    found = list(_spread(_vectors, parts, 1, threads))
    return np.concatenate(found) if found else np.zeros((0, 384), np.float16)


def _vectors(phrases: list[str]) -> npt.NDArray[np.float16]:
    from svggen.text import default_text_encoder

    return default_text_encoder().embed(phrases).astype(np.float16)


def pictures(packed: Pack, rows: npt.NDArray[np.int64] | None = None, *, size: int = 64) -> npt.NDArray[np.uint8]:
    """uint8 (n, size, size, 3): the icons rendered from their tokens, RGB on white, currentColor black."""
    chosen = np.arange(len(packed)) if rows is None else rows
    parts = [[packed.drawing(int(row)).tobytes() for row in chosen[i : i + 256]] for i in range(0, len(chosen), 256)]
    out = np.empty((len(chosen), size, size, 3), np.uint8)
    for n, part in enumerate(_spread(_Render(size), parts, 1, None)):
        out[n * 256 : n * 256 + len(part)] = part
    return out


def _spread(work: Callable[[T], R], items: Sequence[T], chunk: int, processes: int | None) -> Iterator[R]:
    """``map`` over as many processes as there are cores; here, where there is next to nothing to do."""
    processes = min(processes or os.cpu_count() or 1, len(items) // chunk)
    if processes < 2:
        yield from map(work, items)
        return
    with get_context("spawn").Pool(processes, _deaf) as pool:
        yield from pool.imap(work, items, chunksize=chunk)


def _deaf() -> None:
    """An interruption is for the process that waits for this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@dataclass(frozen=True)
class _Render:
    """Tokens as bytes -> pictures, in a process of its own."""

    size: int

    def __call__(self, drawings: list[bytes]) -> npt.NDArray[np.uint8]:
        import io

        import resvg
        from PIL import Image

        from svggen.icon import serialise
        from svggen.tokens.icon import decode

        options = resvg.usvg.Options.default()
        out = np.empty((len(drawings), self.size, self.size, 3), np.uint8)
        for i, data in enumerate(drawings):
            icon = decode([BOS, *np.frombuffer(data, np.uint16).tolist()])
            svg = serialise(icon).replace("currentColor", "#000000")
            svg = svg.replace('width="24" height="24"', f'width="{self.size}" height="{self.size}"', 1)
            tree = resvg.usvg.Tree.from_str(svg, options)
            png = bytes(resvg.render(tree, (1, 0, 0, 0, 1, 0), bg_color=(255, 255, 255, 255)))
            out[i] = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        return out
