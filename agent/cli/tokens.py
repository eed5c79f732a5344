"""``tokens encode | decode``: icons as the ids of our own model and of published ones, and back.

Contract. ``encode --json`` answers ``[{"file", "count", "ids"}]`` (``tokens`` in place of ``ids`` for a text form); a
file of a folder that cannot be used has ``"error"`` and null for the rest. Without ``--json`` one file is a JSON list
on stdout, which ``decode`` reads. ``decode`` takes a list of ids or of words, or what ``encode --json`` printed, and
writes SVG, one a line. Exit 0 done, 1 one of several could not be used, or nothing is drawn, 2 bad input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from agent.cli.check import MAX_FILE, svg_files
from agent.cli.errors import DONE, NO_ICON, InputError, explain, one_line
from agent.cli.files import read_bytes
from agent.cli.options import Json
from agent.cli.output import Screen

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.tokens import Codec

MAX_IDS = 16_000_000  # bytes of JSON: about two million ids

app = typer.Typer(help="Icons as tokens of a model, and tokens as icons.", no_args_is_help=True)

As: TypeAlias = Annotated[
    str, typer.Option("--as", help="icon, omnisvg-8b, omnisvg-4b, omnisvg-3b or llm4svg.", metavar="REPRESENTATION")
]


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="tokens")


# ------------------------------------------------------------------------------------------------------------- encode


@app.command()
def encode(
    path: Annotated[Path, typer.Argument(help="An SVG file, or a folder of them.", metavar="FILE_OR_DIR")],
    form: As = "icon",
    as_json: Json = False,
) -> int:
    """SVG files as ids (or words): one file as a JSON list, a folder as a table, both as objects with --json."""
    screen = Screen(as_json=as_json)
    codec = _codec(form)
    if not path.is_dir():
        row = _row(path, codec)
        screen.data([row])
        if not as_json:
            sys.stdout.write(json.dumps(row[_key(codec)], ensure_ascii=False) + "\n")
        return DONE
    files, skipped = svg_files(path)
    rows = [_row_or_error(file, codec) for file in screen.over(files, "encoding")]
    screen.data(rows)
    screen.table(
        ("file", "tokens"), [(row["file"], row["count"] if "error" not in row else row["error"]) for row in rows]
    )
    broken = [row for row in rows if "error" in row]
    for row in broken if as_json else ():  # the table says it already
        screen.note(f"{row['file']}: {row['error']}", "red")
    if skipped:
        screen.note(f"{skipped} files that are no .svg were skipped")
    return NO_ICON if broken else DONE


def _codec(form: str) -> Codec:
    from svggen.tokens import CODECS, get_codec

    if form not in CODECS:
        raise InputError(f"--as: there is no representation {form!r}", hint=f"use one of {', '.join(CODECS)}")
    return get_codec(form)


def _key(codec: Codec) -> str:
    return "tokens" if codec.text_form else "ids"


def _row(file: Path, codec: Codec) -> dict[str, Any]:
    from svggen.safety import load

    ids = codec.encode(load(read_bytes(file, limit=MAX_FILE, what="SVG file")))
    told: list[Any] = codec.to_text(ids) if codec.text_form else ids
    return {"file": str(file), "count": len(told), _key(codec): told}


def _row_or_error(file: Path, codec: Codec) -> dict[str, Any]:
    """One file of a folder: one that cannot be used is a row, not the end of the others."""
    from svggen.errors import SvgGenError

    try:
        return _row(file, codec)
    except (InputError, SvgGenError) as error:
        return {"file": str(file), "count": None, _key(codec): None, "error": explain(error).line}


# ------------------------------------------------------------------------------------------------------------- decode


@app.command()
def decode(
    path: Annotated[
        Path | None, typer.Argument(help="A JSON file.", metavar="IDS.json", show_default="standard input")
    ] = None,
    form: As = "icon",
    as_json: Json = False,
) -> int:
    """Ids or words as SVG on stdout. Reads a JSON list, or what encode --json printed."""
    screen = Screen(as_json=as_json)
    codec = _codec(form)
    given = _read_json(path)
    if not _is_rows(given):
        svg = _svg(given, codec)
        screen.data({"svg": svg})
        screen.line(svg)
        return DONE
    answers = [_answer(row, at, codec, alone=len(given) == 1) for at, row in enumerate(given)]
    screen.data(answers)
    for answer in answers:
        if answer["svg"] is None:
            screen.note(f"{answer['file']}: {answer['error']}", "red")
        else:
            screen.line(answer["svg"])
    return NO_ICON if any(answer["svg"] is None for answer in answers) else DONE


def _answer(row: dict[str, Any], at: int, codec: Codec, *, alone: bool) -> dict[str, Any]:
    """One of several that cannot be decoded is an answer, not the end of the others."""
    from svggen.errors import SvgGenError

    name = one_line(str(row.get("file", f"item {at}")))
    try:
        return {"file": name, "svg": _of_row(row, codec)}
    except (InputError, SvgGenError) as error:
        if alone:
            raise
        return {"file": name, "svg": None, "error": explain(error).line}


def _read_json(path: Path | None) -> Any:
    if path is None or str(path) == "-":
        if sys.stdin.isatty():
            raise InputError("no ids were given", hint="mnemicon tokens encode FILE.svg | mnemicon tokens decode")
        data, name = sys.stdin.buffer.read(MAX_IDS + 1), "standard input"
        if len(data) > MAX_IDS:
            raise InputError(f"{name} holds more than {MAX_IDS:,} bytes", hint="give fewer ids at once")
    else:
        data, name = read_bytes(path, limit=MAX_IDS, what="file of ids"), str(path)
    try:
        return json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # ValueError: no JSON, no UTF-8, a number of thousands of digits
        why = "nested too deeply" if isinstance(error, RecursionError) else one_line(str(error), 120)
        raise InputError(f"{name} is not JSON: {why}", hint="give a list such as [152067, 156082]") from None


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _is_rows(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(row, dict) for row in given)


def _of_row(row: dict[str, Any], codec: Codec) -> str:
    if row.get("error"):
        raise InputError("there is nothing to decode: it could not be encoded")
    for key in ("ids", "tokens"):
        if isinstance(row.get(key), list):
            return _svg(row[key], codec)
    raise InputError('expected "ids" or "tokens" with a list', hint="give what encode --json printed")


def _svg(given: Any, codec: Codec) -> str:
    if isinstance(given, dict):
        return _of_row(given, codec)
    if not isinstance(given, list) or not given:
        found = "an empty list" if given == [] else _shown(given)
        raise InputError(f"expected a JSON list of ids, found {found}", hint="give a list such as [152067, 156082]")
    words = isinstance(given[0], str)
    for at, item in enumerate(given):
        if type(item) is not (str if words else int):
            kind = "a word, as the first one is" if words else "a whole number"
            raise InputError(f"item {at}: expected {kind}, found {_shown(item)}")
    icon = codec.read(given) if words else codec.decode(given)
    if not icon.shapes:
        what = f"nothing is drawn by these {len(given):,} ids as {codec.name}"
        raise InputError(what, hint="is it what --as names?", code=NO_ICON)
    return svg_text(icon)


def _shown(item: Any) -> str:
    if isinstance(item, list | dict):
        return "a list" if isinstance(item, list) else "an object"
    return one_line(json.dumps(item), 60)


def svg_text(icon: Icon) -> str:
    """The icon as SVG, with the paths that paint nothing (OmniSVG's colour "none"), which the canonical form lacks."""
    from svggen.icon import Path as Outline
    from svggen.icon import serialise
    from svggen.icon.serialise import path_data

    unseen = [
        f'<path d="{path_data(s.geometry)}" fill="none"/>'
        for s in icon.shapes
        if s.look.fill == "none" and s.look.stroke == "none" and isinstance(s.geometry, Outline)
    ]
    return serialise(icon).removesuffix("</svg>") + "".join(unseen) + "</svg>"
