"""Published data sets and our own corpus as one stream of Examples.

Contract. ``read(paths, tally)`` gives the Examples of files and folders in order, each drawing through
``svggen.safety``. What cannot be learned from is counted in ``tally`` by reason and never ends the stream. CorpusError:
a path without data files, a file that is cut short, columns of no known layout (in a file that was named, or in all of
a folder's), nothing usable at all. A file of a folder whose columns are none of ours is passed over and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from svggen.errors import CorpusError
from svggen.training.finetune.examples import Example, Refused, Tally
from svggen.training.finetune.files import Record, columns_of, data_files, records
from svggen.training.finetune.layouts import LAYOUTS, Layout, layout_of

__all__ = ["card_licence", "read"]

Pictures: TypeAlias = Literal["all", "needed", "none"]
_LICENCE = re.compile(r"^licen[sc]e:\s*['\"]?([A-Za-z0-9.+_-]{2,40})['\"]?\s*$", re.MULTILINE | re.IGNORECASE)
_SPDX: Final = {"mit": "MIT", "isc": "ISC", "apache-2.0": "Apache-2.0", "cc-by-4.0": "CC-BY-4.0", "cc0-1.0": "CC0-1.0",
                "cc-by-nc-4.0": "CC-BY-NC-4.0", "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0"}  # fmt: skip


def read(paths: Sequence[Path], tally: Tally, *, pictures: Pictures = "all", limit: int = 0) -> Iterator[Example]:
    """Every Example. pictures: "needed" leaves out those that only show the record's own drawing (it can be drawn
    again), "none" all. limit: at most so many rows of each file, 0 for all."""
    known = 0
    strange: list[str] = []
    for path, named in data_files(paths):
        columns = columns_of(path)
        layout = layout_of(columns)
        if layout is not None:
            known += 1
            tally.layouts[layout.name] += 1
            yield from _file(path, layout, tally, pictures, limit)
        elif named and columns:
            raise CorpusError(_unknown(path, columns))
        else:
            strange.append(_unknown(path, columns))
            tally.layouts["(unknown: passed over)"] += 1
    if not known:
        raise CorpusError(strange[0])


def _unknown(path: Path, columns: Sequence[str]) -> str:
    if not columns:
        return f"{path} holds no records"
    found = ", ".join(columns[:12])[:200]
    return f"{path} has columns of no known layout ({found}); known: {'; '.join(lo.known() for lo in LAYOUTS)}"


def _file(path: Path, layout: Layout, tally: Tally, pictures: Pictures, limit: int) -> Iterator[Example]:
    left_out = layout.pictures if pictures == "none" or (pictures == "needed" and layout.shows) else ()
    columns = [*(name for name in layout.uses if name not in left_out), "licence", "license"]
    licence = card_licence(path.parent) or layout.licence
    source = layout.name if layout.name in ("mmsvg", "svgx", "svg-stack") else f"{layout.name}: {path.stem}"
    for number, record in enumerate(records(path, columns)):
        if limit and number >= limit:
            return
        tally.rows += 1
        try:
            example = _example(record, layout, path.parent, left_out)
        except Refused as reason:
            tally.refuse(str(reason))
            continue
        own = _stated(record)
        example = replace(
            example, source=example.source or source,
            licence=example.licence if layout.name == "corpus" else own or licence,
        )  # fmt: skip
        tally.used += 1
        tally.sources[example.source, example.licence] += 1
        yield example


def _example(record: Record | None, layout: Layout, folder: Path, left_out: Sequence[str]) -> Example:
    if record is None:
        raise Refused("record that is none")
    try:
        example = layout.read({k: v for k, v in record.items() if k not in left_out}, folder)
    except (TypeError, AttributeError, KeyError, ValueError, RecursionError):
        raise Refused("record of another form") from None
    if example.task in ("any", "generate", "describe") and not example.words:
        raise Refused("no words")
    if example.task in ("critique", "refine") and not example.note:
        raise Refused("no critique")
    if not example.svg and example.picture is None:
        raise Refused("no drawing and no picture")
    return example


def _stated(record: Record | None) -> str:
    value = (record or {}).get("licence") or (record or {}).get("license")
    return value[:60] if isinstance(value, str) else ""


def card_licence(folder: Path) -> str:
    """What the model or data card of a folder (README.md, of Hugging Face) says; of the folder above too, since data
    files often lie in one of their own. "" where nothing is said."""
    for place in (folder, folder.parent):
        try:
            with (place / "README.md").open(encoding="utf-8", errors="replace") as file:
                head = file.read(8192)
        except OSError:
            continue
        front = head.split("\n---", 1)[0] if head.startswith("---") else ""
        if match := _LICENCE.search(front):
            return _SPDX.get(match[1].lower(), match[1])
    return ""
