"""``describe``: what an SVG or a picture shows, and in what style.

Contract. Answers ``[{"file", "labels": [{"label", "score"}], "style": {...}}]``, one entry a file, 20 labels best
first. In a folder a file that cannot be described is an entry with ``"error"`` and no labels, and the exit code is 2;
the others are described all the same.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.check import MAX_FILE, describe_style
from agent.cli.errors import BAD_INPUT, DONE, InputError, explain
from agent.cli.files import read_bytes
from agent.cli.options import Json
from agent.cli.output import Screen

if TYPE_CHECKING:
    from svggen.judge.labels import Labels

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
MAX_LABELS = 20_000
MAX_LABEL_FILE = 2_000_000  # bytes
MAX_LABEL = 200  # characters of one label


def register(app: typer.Typer) -> None:
    app.command()(describe)


def describe(
    path: Annotated[Path, typer.Argument(help="An SVG or a picture, or a folder of them.", metavar="FILE_OR_DIR")],
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="What may be said, one label a line.", show_default="all concepts known"),
    ] = None,
    as_json: Json = False,
) -> int:
    """What does it show, and in what style? 20 labels, best first."""
    screen = Screen(as_json=as_json)
    files = _files(path)
    from svggen.judge.judge import default_judge
    from svggen.judge.labels import labels_of, shipped_labels

    known = shipped_labels() if labels is None else labels_of(_read_labels(labels), default_judge())
    if not path.is_dir():
        entries = [describe_file(path, known)]
    else:
        entries = [_described(file, known) for file in screen.over(files, "describing")]
    screen.data(entries)
    for entry in entries:
        _print(screen, entry)
    return BAD_INPUT if any("error" in entry for entry in entries) else DONE


def describe_file(path: Path, labels: Labels) -> dict[str, Any]:
    """The entry of one file; what is wrong with it is raised."""
    from svggen.judge.describe import describe as described
    from svggen.pictures import load_picture
    from svggen.safety import load

    if path.suffix.lower() in PICTURES:
        return {"file": str(path), **described(load_picture(path), labels=labels).to_dict()}
    data = read_bytes(path, limit=MAX_FILE, what="file")
    thing = load_picture(data, name=str(path)) if _is_picture(data) else load(data)
    return {"file": str(path), **described(thing, labels=labels).to_dict()}


def _is_picture(data: bytes) -> bool:
    """By its first bytes: a picture under another name."""
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) or data[8:12] == b"WEBP"


def _described(path: Path, labels: Labels) -> dict[str, Any]:
    from svggen.errors import SvgGenError, WeightsError

    try:
        return describe_file(path, labels)
    except WeightsError:
        raise
    except (SvgGenError, InputError) as error:
        return {"file": str(path), "labels": [], "style": None, "error": explain(error).line}


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(parent) / name for name in names if name.lower().endswith((".svg", *PICTURES)) and name[0] != "."
        ]
    if not found:
        raise InputError(f"there is no SVG and no picture in {path}", hint="name a folder that holds some")
    return sorted(found)


def _read_labels(path: Path) -> list[str]:
    data = read_bytes(path, limit=MAX_LABEL_FILE, what="label file")
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8 text", hint="give a text file with one label a line") from None
    words = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not words:
        raise InputError(f"there is no label in {path}", hint="give a text file with one label a line")
    if len(words) > MAX_LABELS:
        raise InputError(f"{path} holds {len(words):,} labels", hint=f"at most {MAX_LABELS:,}")
    if (longest := max(words, key=len)) and len(longest) > MAX_LABEL:
        raise InputError(f"{path} holds a label of {len(longest):,} characters", hint=f"at most {MAX_LABEL}")
    return words


def _print(screen: Screen, entry: dict[str, Any]) -> None:
    if screen.as_json:
        return
    if "error" in entry:
        screen.line(f"{entry['file']}: {entry['error']}", "red")
        return
    screen.line(entry["file"], "bold")
    screen.line("    " + ", ".join(f"{label['label']} {label['score']:.2f}" for label in entry["labels"]))
    screen.line(f"    style  {describe_style(entry['style'])}", "dim")
