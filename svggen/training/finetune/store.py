"""The Examples of a run, checked and written in the form that is trained on, in one Arrow file.

Contract. ``prepare(plan, speaker, ...)`` makes ``data.arrow`` in the run's folder, with ``data.json`` (what was read
and refused) beside it, or finds both there, made of the same files in the same way; whole or not at all. ``Store``
opens it: rows by number, mapped, not read, so that millions cost no memory and every process of a run shares them.
CorpusError where nothing can be learned from.

What is longer than the plan's length is refused here, and what needs a picture where the base sees none. A drawing is
either trained on or held out, in whatever words and sets it comes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svggen.errors import CorpusError
from svggen.training.corpus.table import written
from svggen.training.finetune.examples import Example, Refused, Tally, target
from svggen.training.finetune.files import data_files
from svggen.training.finetune.plan import Plan
from svggen.training.finetune.readers import read

if TYPE_CHECKING:
    import numpy.typing as npt

    from svggen.training.finetune.speaking import Speaker

__all__ = ["FILE", "Store", "prepare"]

FILE: Final = "data.arrow"
MOST_HELD: Final = 256
"""Samples that the held-out loss is measured on."""
_BATCH: Final = 1024
_PICTURE_TOKENS: Final = 28 * 28
"""px of a Qwen-VL picture that take one token."""

Log = Callable[[str], None]


def _schema() -> Any:
    import pyarrow as pa

    text = pa.string()
    return pa.schema([
        ("task", text), ("words", text), ("more", pa.list_(text)), ("target", text), ("draft", text), ("note", text),
        ("svg", text), ("picture", pa.binary()), ("group", text), ("split", text), ("key", pa.uint64()),
        ("length", pa.int32()),
    ])  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- making


def prepare(plan: Plan, speaker: Speaker, *, log: Log = print) -> Path:
    """The file. speaker: of the tokenizer that has the new tokens already, to measure lengths."""
    path = plan.out / FILE
    stamp = _stamp(plan, speaker)
    if _said(path).get("stamp") == stamp:
        return path
    plan.out.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    written(path, lambda part: _write(plan, speaker, part, tally, log))
    log(f"data: {tally.summary()}")
    if not tally.used:
        path.unlink()
        raise CorpusError(f"nothing can be learned from {', '.join(str(p) for p in plan.data)}: {tally.summary()}")
    about = {"stamp": stamp, "bytes": path.stat().st_size, "rows": tally.rows, "used": tally.used,
             "refused": dict(tally.refused.most_common()), "layouts": dict(tally.layouts),
             "sources": [[*key, count] for key, count in tally.sources.most_common() if count]}  # fmt: skip
    text = json.dumps(about, indent=1, ensure_ascii=False)
    written(path.with_suffix(".json"), lambda part: part.write_text(text, encoding="utf-8"))
    return path


def _write(plan: Plan, speaker: Speaker, part: Path, tally: Tally, log: Log) -> None:
    import pyarrow as pa

    with pa.OSFile(str(part), "wb") as sink, pa.ipc.new_file(sink, _schema()) as writer:
        for batch in _batches(_rows(plan, speaker, tally)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=_schema()))
            log(f"reading data: {tally.rows:,} rows, {tally.used:,} used")


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(plan: Plan, speaker: Speaker, tally: Tally) -> Iterator[dict[str, Any]]:
    sees = speaker.sight is not None
    for example in read(plan.data, tally, pictures="needed" if sees else "none", limit=plan.limit):
        try:
            yield _row(example, plan, speaker)
        except Refused as reason:
            tally.withdraw(example, str(reason))


def _row(example: Example, plan: Plan, speaker: Speaker) -> dict[str, Any]:
    sees = speaker.sight is not None
    pictured = example.task in ("picture", "critique") or (example.task == "describe" and not example.svg)
    if pictured and not sees:
        raise Refused("needs a picture, and the base sees none")
    if pictured and example.picture is not None:
        _looked_at(example.picture)
    how = {"whole": plan.numbers == "tokens", "brackets": plan.brackets}
    written = target(example.svg, plan.form, **how) if example.svg else ""
    draft = target(example.draft, plan.form, **how) if example.draft else ""
    said = max((example.words, *example.more), key=len)
    length = len(speaker.ids(f"{written} {draft} {example.note} {said}")) + _ROOM
    if pictured or (example.task == "any" and sees):
        length += plan.side**2 // _PICTURE_TOKENS
    if length > plan.length:
        raise Refused(f"longer than {plan.length:,} tokens")
    drawn = example.svg or example.note or example.words
    return {
        "task": example.task, "words": example.words, "more": list(example.more), "target": written, "draft": draft,
        "note": example.note, "svg": example.svg if sees else "", "picture": example.picture if pictured else None,
        "group": example.group, "split": example.split, "length": length,
        "key": int.from_bytes(hashlib.sha256(drawn.encode()).digest()[:8], "big"),
    }  # fmt: skip


_ROOM: Final = 48
"""Tokens for how a question is asked, and for the template about it."""


def _looked_at(picture: bytes) -> None:
    from svggen.errors import InvalidPictureError
    from svggen.pictures import load_picture

    try:
        load_picture(picture)
    except InvalidPictureError:
        raise Refused("picture broken") from None


def _stamp(plan: Plan, speaker: Speaker) -> str:
    files = [[str(p.resolve()), p.stat().st_size, p.stat().st_mtime_ns] for p, _ in data_files(plan.data)]
    told = [files, plan.form, plan.numbers, plan.brackets, plan.length, plan.limit, plan.side,
            speaker.sight is not None, len(speaker.tokenizer), speaker.tokenizer.name_or_path, 1]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _said(path: Path) -> dict[str, Any]:
    """What is written beside the file; {} where the two do not belong together, so that both are made again."""
    try:
        found = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        return found if found["bytes"] == path.stat().st_size else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


# ------------------------------------------------------------------------------------------------------------ reading


class Store:
    """An open file. ``trained`` and ``held``: the numbers of the rows that are trained on, and of those that the
    held-out loss is measured on (disjoint in their drawings)."""

    def __init__(self, path: Path, held_out: float) -> None:
        self.path = path
        self.about = _said(path)
        if not self.about:
            raise CorpusError(f"{path} is damaged: remove it, and it is made again")
        self._reader: Any = None
        table = self._column_table()
        self.groups: list[str] = table["group"].to_pylist()
        self.tasks: list[str] = table["task"].to_pylist()
        self.keys: npt.NDArray[np.uint64] = table["key"].to_numpy()
        self.lengths: npt.NDArray[np.int32] = table["length"].to_numpy()
        held = self._held(np.asarray(table["split"].to_pylist()), held_out)
        self.trained: npt.NDArray[np.int64] = np.flatnonzero(~held)
        if not len(self.trained):
            raise CorpusError(f"{path}: all {len(held):,} examples are held out, there is nothing to train on")
        rows = np.flatnonzero(held)
        self.held: npt.NDArray[np.int64] = rows[np.argsort(self.keys[rows], kind="stable")][:MOST_HELD]

    def _held(self, split: npt.NDArray[np.str_], share: float) -> npt.NDArray[np.bool_]:
        """By the data's own word where some rows are said to be for validation, else by the drawing's key; at least
        one drawing of several."""
        held = np.asarray(split == "validation")
        if share > 0:
            free = (split == "") | ~held.any()
            held |= free & (self.keys < np.uint64(min(share, 0.5) * 2.0**64))
            if not held.any() and len(set(self.keys.tolist())) > 1:
                held |= self.keys == self.keys.min()
        held_keys = set(self.keys[held].tolist())
        found: npt.NDArray[np.bool_] = np.asarray([key in held_keys for key in self.keys.tolist()])
        return found

    def __len__(self) -> int:
        return len(self.tasks)

    def row(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self._opened().get_batch(number // _BATCH).slice(number % _BATCH, 1).to_pylist()[0]
        return found

    def counts(self) -> dict[str, int]:
        """Examples that are trained on, by task."""
        return dict(Counter(self.tasks[int(i)] for i in self.trained))

    def _opened(self) -> Any:
        import pyarrow as pa

        if self._reader is None:
            self._reader = pa.ipc.open_file(pa.memory_map(str(self.path)))
        return self._reader

    def _column_table(self) -> Any:
        return self._opened().read_all().select(["group", "task", "key", "length", "split"])

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_reader": None}  # each process maps the file itself
