"""``unify``: a mixed folder in one style, and what could not be changed, icon by icon.

Contract. Answers ``{"out", "style", "icons": [{"file", "status", "steps", "refused", "left"}], "before", "after",
"sheet_path"}``; exit 0 all icons are in one style, 1 some are not (each says why), 2 bad input. The style is that of
most icons, or a user's (``--like``), or given (``--style``), or named (``--to``). An icon that fits already is written
as it came, byte for byte; a file that cannot be read is left out and reported. The folder appears whole or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.audit import audited
from agent.cli.check import MAX_FILE, describe_style
from agent.cli.errors import DONE, NO_ICON, InputError, one_line
from agent.cli.files import folder, picture_name, reason, write_file, write_group
from agent.cli.icons import folder_of, read_folder
from agent.cli.options import Home, Json, Project, Style, parse_style
from agent.cli.output import Screen

if TYPE_CHECKING:
    from svggen.sets import Audit, Item
    from svggen.sets.unify import Unified
    from svggen.style import StyleSpec

WORDS = {"kept": "fits", "changed": "changed", "partly": "nearer", "left": "left", "broken": "broken"}
COLORS = {"kept": "dim", "changed": "green", "partly": "yellow", "left": "yellow", "broken": "red"}


def register(app: typer.Typer) -> None:
    app.command()(unify)


def unify(
    directory: Annotated[Path, typer.Argument(help="A folder of SVG files.", metavar="DIR")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.", metavar="OUT")],
    like: Annotated[
        str | None, typer.Option("--like", help="Whose style: a user's own icons and rules.", metavar="U")
    ] = None,
    style: Style = None,
    to: Annotated[
        str | None, typer.Option("--to", help='A named style: "lucide", "ph-duotone", or words: "1.5px round outline".')
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="PNG: before and after.", show_default="OUT-before-after.png")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Brings a mixed folder into one style; before and after side by side. Exit 1: something could not be changed."""
    screen = Screen(as_json=as_json)
    if sheet is not None:
        picture_name(sheet)
    folder_of(directory)
    _separate(directory, output, force)
    target = _target(like, style, to, project, home)
    with screen.progress("reading") as steps:
        items = read_folder(directory, steps)
    from svggen.sets import Rules
    from svggen.sets.unify import audited_again, wanted_of
    from svggen.sets.unify import unify as unified

    rules = Rules(look_alikes="off")
    found = audited(screen, items, rules)
    wanted = next(iter(wanted_of(found, target).values())).style
    tried = sum(icon.outlier for icon in found.icons) if target is None else len(items)
    with screen.progress("restyling", total=tried) as steps:

        def tell(doing: str, n: int) -> None:
            steps.step(doing)
            steps.advance(n)

        done = unified(items, found, target, tell)
        steps.step("looking at the result")
        after = audited_again(found, items, done, rules)
    _write(output, directory, done, force)
    picture = _sheet(output, sheet, items, done, force)
    screen.data(
        {
            "out": str(output),
            "style": wanted.to_dict(),
            "icons": [each.to_dict() for each in done],
            "before": _counts(found, sum(each.status != "kept" for each in done)),
            "after": _counts(after, sum(each.status not in ("kept", "changed") for each in done)),
            "sheet_path": picture,
        }
    )
    _print(screen, done, wanted, output, picture)
    return DONE if all(each.status in ("kept", "changed") for each in done) else NO_ICON


def _separate(directory: Path, output: Path, force: bool) -> None:
    """InputError where the result would lie among its own sources, or over what is there."""
    here, there = directory.resolve(), output.resolve()
    if there == here and force:
        return
    if there == here:
        raise InputError(f"{output} is the folder that is read", hint="choose another, or add --force to replace files")
    if here in there.parents:
        raise InputError(f"{output} lies within {directory}", hint="choose a folder beside it")
    if output.exists() and not output.is_dir():
        raise InputError(f"{output} is a file, not a folder", hint="choose another folder with -o")


def _target(
    like: str | None, style: str | None, to: str | None, project: str | None, home: Path | None
) -> StyleSpec | None:
    """The style that was asked for; None: that of most icons."""
    if sum(each is not None for each in (like, style, to)) > 1:
        raise InputError("--like, --style and --to are three styles", hint="give one of them")
    if style is not None:
        return parse_style(style)
    if to is not None:
        return _named(to)
    return _of_user(like, project, home) if like is not None else None


def _named(name: str) -> StyleSpec:
    from agent.brief import understand
    from svggen.sets.named import named_styles
    from svggen.style import StyleSpec

    known = named_styles()
    found = known.get(name.strip().lower().replace(" ", "-"))
    if found is not None:
        return found
    asked = understand(f"{name} icon").style
    if asked is None or asked == StyleSpec():
        near = [each for each in known if name.strip().lower().split(" ")[0] in each][:5] or list(known)[:5]
        raise InputError(
            f"--to: there is no style {one_line(name, 40)!r}",
            hint=f'name a set ({", ".join(near)} ...) or say it: "1.5px round outline"',
        )
    return asked


def _of_user(user: str, project: str | None, home: Path | None) -> StyleSpec:
    from agent.cli.memory import opened
    from memory.records import RecallQuery
    from svggen.style import StyleSpec

    with opened(home, user, project) as (memory, tenant):
        known = memory.recall(tenant, RecallQuery("icon"))
    wanted = replace(known.style, padding=None, detail=None)
    if wanted == StyleSpec():
        raise InputError(
            f"nothing is known of the style of {user}", hint="mnemicon library add DIR, or memory remember"
        )
    return wanted


def _counts(found: Audit, off: int) -> dict[str, Any]:
    """off: icons that are not in the wanted style; outliers, findings: of the set's own audit."""
    return {
        "off_style": off,
        "outliers": sum(icon.outlier for icon in found.icons),
        "findings": sum(len(icon.findings) for icon in found.icons),
    }


def _write(output: Path, directory: Path, done: list[Unified], force: bool) -> None:
    """Every icon under its own name; a folder that is not there yet appears with all of them at once."""
    from svggen.icon import serialise

    new = not os.path.lexists(output)
    place = output.with_name(f".{output.name}.{os.urandom(4).hex()}.tmp") if new else output
    try:
        if not new and not force:
            taken = next((each for each in done if os.path.lexists(output / each.file)), None)
            if taken is not None:
                raise InputError(f"{output / taken.file} is there already", hint="choose another folder or add --force")
        folder(place)
        for each in done:
            if each.icon is None:
                continue
            target = place / each.file
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = each.status in ("kept", "left")
            data = _source(directory / each.file) if kept else f"{serialise(each.icon)}\n".encode()
            if not (kept and target.exists() and target.samefile(directory / each.file)):
                write_file(target, data, force=force)
        if new:
            os.rename(place, output)
    except OSError as error:
        raise InputError(f"cannot write {output}: {reason(error)}", hint="choose another folder with -o") from error
    finally:
        if new:
            shutil.rmtree(place, ignore_errors=True)


def _source(path: Path) -> bytes:
    from agent.cli.files import read_bytes

    return read_bytes(path, limit=MAX_FILE, what="SVG file")


def _sheet(output: Path, sheet: Path | None, items: list[Item], done: list[Unified], force: bool) -> str | None:
    from svggen.sets.sheets import AMBER, GREEN, RED, pairs_sheet

    frames = {"changed": GREEN, "partly": AMBER, "left": RED}
    pairs = [
        (item.icon, Path(item.file).stem, each.icon, WORDS[each.status], frames[each.status])
        for item, each in zip(items, done, strict=True)
        if item.icon is not None and each.icon is not None and each.status in frames
    ]
    data = pairs_sheet(pairs, f"{output.name}: before, after")
    if data is None:
        return None
    if sheet is not None:
        return str(write_file(sheet, data, force=force))
    return str(write_group(output.parent, f"{output.name}-before-after", {".png": data})[".png"])


def _print(screen: Screen, done: list[Unified], wanted: StyleSpec, output: Path, picture: str | None) -> None:
    if screen.as_json:
        return
    screen.line(f"wanted: {describe_style(wanted.to_dict())}", "bold")
    for each in done:
        if each.status == "kept":
            continue
        screen.line(f"{WORDS[each.status]:8} {each.file}", COLORS[each.status])
        for kind, lines in (("", each.steps), ("not: ", each.refused), ("left: ", each.left)):
            for line in lines:
                screen.line(f"    {kind}{line}")
    counts: Counter[str] = Counter(each.status for each in done)
    told = ", ".join(f"{counts[status]} {word}" for status, word in WORDS.items() if counts[status])
    screen.line(f"{told}: {output}", "green" if not counts["left"] + counts["partly"] + counts["broken"] else "bold")
    if picture:
        screen.line(f"before and after: {picture}")
