"""``export``: a kept icon, a user's whole set, or a folder of SVG files as what programs take.

Contract. Answers ``{"format", "out", "icons": [{"id", "name", "files"}], "notes"}``. OUT is a folder; for svg and png
of one icon, sprite and iconify it may be the name of the one file. All files appear or none, and none over one that is
there without ``--force``. Names of files are made of the icons' words, and are safe whatever those are. A font that is
written where one was before keeps its characters (codepoints.json).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.check import MAX_FILE, svg_files
from agent.cli.errors import DONE, InputError, explain
from agent.cli.files import read_bytes, write_folder
from agent.cli.options import Home, Json, Project, User, settings
from agent.cli.output import Screen

if TYPE_CHECKING:
    from agent.cli.output import Steps
    from agent.settings import Settings
    from svggen.export import Item
    from svggen.icon import Icon

MAX_CODEPOINTS = 16_000_000  # bytes of a codepoints.json: far more than all private characters of Unicode
ONE_SIZE = 256  # px of a PNG where OUT names the file and nobody says a size
SIZES = "16,24,32,48,256"
FILES = frozenset({".svg", ".png", ".json", ".ts", ".tsx", ".vue", ".ttf", ".woff", ".woff2", ".css"})


class Format(StrEnum):
    """What ``--format`` takes."""

    svg = "svg"
    png = "png"
    react = "react"
    vue = "vue"
    sprite = "sprite"
    font = "font"
    iconify = "iconify"


class Theme(StrEnum):
    """What ``--theme`` takes."""

    light = "light"
    dark = "dark"
    both = "both"


def register(app: typer.Typer) -> None:
    app.command()(export)


def export(
    icon: Annotated[
        str, typer.Argument(help="Id of a kept icon, or its beginning.", metavar="[ID]", show_default="the last")
    ] = "",
    format: Annotated[Format, typer.Option("--format", "-f", help="What to write.")] = Format.svg,
    whole: Annotated[bool, typer.Option("--set", help="All icons of your set.")] = False,
    source: Annotated[
        Path | None, typer.Option("--from", help="A folder of SVG files instead.", metavar="DIR", show_default="none")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A folder, or the one file that there will be.", show_default="here"),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What the set is called: font, classes, prefix.")] = "icons",
    sizes: Annotated[str | None, typer.Option("--sizes", help="px of PNG files.", show_default=SIZES)] = None,
    double: Annotated[bool, typer.Option("--2x", help="PNG: a second file of twice the pixels.")] = False,
    theme: Annotated[Theme, typer.Option("--theme", help="PNG: ink for light or dark grounds.")] = Theme.light,
    color: Annotated[str, typer.Option("--color", help="PNG: the ink for light grounds.")] = "#000000",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Writes icons as SVG, PNG, React, Vue, a sprite, a font or Iconify's JSON."""
    screen = Screen(as_json=as_json)
    if (bool(icon) + whole + (source is not None)) > 1:
        raise InputError("an ID, --set and --from are three things", hint="give one of them")
    target = out if out is not None else Path()
    directory, stem = _place(target, format.value)
    pixels = _sizes(sizes, stem)
    chosen = settings(home, user=user, project=project)
    notes: list[str] = []
    with screen.progress("reading") as steps:
        items = _items(icon, whole, source, chosen, notes, steps)
        from svggen.export import Options
        from svggen.export import export as exported

        options = Options(
            family=name,
            author=chosen.user,
            sizes=pixels,
            double=double,
            theme=theme.value,
            color=color,
            codepoints=_codepoints(directory) if format is Format.font else None,
            stem=stem,
        )
        steps.step(f"writing {format.value}")
        made = exported(items, format.value, options)
        paths = write_folder(directory, made.files, force=force)
    notes += made.notes
    rows = [{"id": i.id, "name": i.name, "files": [str(paths[f]) for f in i.files]} for i in made.icons]
    screen.data({"format": format.value, "out": str(target), "icons": rows, "notes": notes})
    icons = "1 icon" if len(rows) == 1 else f"{len(rows)} icons"
    files = str(next(iter(paths.values()))) if len(paths) == 1 else f"{len(paths)} files in {directory}"
    screen.line(f"{icons} as {format.value}: {files}", "green")
    for note in notes:
        screen.note(f"  {note}", "yellow")
    return DONE


def _place(out: Path, format: str) -> tuple[Path, str | None]:
    """(folder, name of the one file without its suffix; None where it is the folder that was named)."""
    from svggen.export import ONE_FILE

    if out.is_dir() or out.suffix not in FILES:
        return out, None
    if out.suffix == ONE_FILE.get(format):
        return out.parent, out.stem
    raise InputError(f"{out} is the name of a file, and {format} is written into a folder", hint="name a folder")


def _items(icon: str, whole: bool, source: Path | None, chosen: Settings, notes: list[str], steps: Steps) -> list[Item]:
    """What is to be exported; InputError where there is nothing."""
    if source is not None:
        return _from_folder(source, notes, steps)
    from agent.drawings import Drawings
    from agent.exporting import kept, own

    drawings = Drawings(chosen.home, chosen.user)
    if not whole:
        try:
            return [kept(drawings, icon.lower() or "last")]
        except KeyError as error:
            hint = "draw one, or use --set for your set" if not icon else "see mnemicon why, or use --set"
            raise InputError(str(error.args[0]), hint=hint) from None
    from agent.cli.memory import opened

    with opened(chosen.home, chosen.user, chosen.project) as (memory, tenant):
        items = list(own(memory, tenant, drawings))
    if not items:
        of = f"{chosen.user} has no icons" + (f" in {chosen.project}" if chosen.project else "")
        raise InputError(of, hint="mnemicon accept makes the last icon one of the set")
    return items


def _from_folder(directory: Path, notes: list[str], steps: Steps) -> list[Item]:
    """The SVG files below a folder; what cannot be used is left out and noted."""
    from agent.exporting import found

    if not directory.is_dir():
        problem = "is a file, not a folder" if directory.exists() else "is not there"
        raise InputError(f"{directory} {problem}", hint="name a folder of SVG files")
    files, _ = svg_files(directory)
    items = found(_read(files, directory, notes, steps))
    if not items:
        raise InputError(f"none of the {len(files)} files can be used; {notes[0]}")
    return items


def _read(files: list[Path], directory: Path, notes: list[str], steps: Steps) -> Iterator[tuple[Path, Icon]]:
    """(path in the folder, icon) of each file that can be used."""
    from svggen.errors import SvgGenError
    from svggen.safety import load

    for file in files:
        steps.step(f"reading {file.name}")
        try:
            yield file.relative_to(directory), load(read_bytes(file, limit=MAX_FILE, what="SVG file"))
        except (InputError, SvgGenError) as error:
            notes.append(f"{file} was left out: {explain(error).line}")


def _sizes(text: str | None, stem: str | None) -> tuple[int, ...]:
    if text is None and stem is not None:
        return (ONE_SIZE,)
    words = [word.strip() for word in (text if text is not None else SIZES).split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        raise InputError(f"--sizes {text!r:.60} are no whole numbers", hint=f"write them like {SIZES}")
    return tuple(int(word) for word in words)


def _codepoints(directory: Path) -> bytes | None:
    """The characters of the font that was written here before."""
    from svggen.export.codepoints import FILE

    path = directory / FILE
    return read_bytes(path, limit=MAX_CODEPOINTS, what="list of characters") if path.exists() else None
