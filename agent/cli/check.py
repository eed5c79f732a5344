"""``check``, ``fix`` and ``render``: what is in an SVG file, made right, made pixels.

Contract. A file is read at most up to the limit of ``svggen.safety`` and drawn only after it has been rebuilt there.
``check`` answers ``{"file", "safe", "error", "findings", "style"}`` for a file and a list of it for a folder; exit 0
safe and no ``must`` finding, 1 findings, 2 refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import BAD_INPUT, DONE, NO_ICON, InputError, explain
from agent.cli.files import read_bytes, write_file, write_group
from agent.cli.options import Json, Style, parse_style
from agent.cli.output import Screen

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.lint import Finding
    from svggen.style import StyleSpec

MAX_FILE = 8_000_000  # bytes read at all; svggen.safety has a far smaller limit of its own and says which
MAX_SIDE = 4096  # px of a rendered side


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(fix)
    app.command()(render)


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "number": finding.number,
        "level": finding.level,
        "message": finding.message,
        "value": _rounded(finding.value),
        "limit": _rounded(finding.limit),
        "fixable": finding.fixable,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(float(number), 4)


def check_bytes(name: str, data: bytes, style: StyleSpec | None) -> dict[str, Any]:
    """The verdict on one SVG as JSON-ready data; never raises for what is in ``data``."""
    from svggen.errors import SvgGenError
    from svggen.lint import lint
    from svggen.safety import load
    from svggen.style import measure

    try:
        icon = load(data)
        findings = lint(icon, style, name=Path(name).stem)
        measured = measure(icon).to_dict()
    except SvgGenError as error:
        return {"file": name, "safe": False, "error": explain(error).line, "findings": [], "style": None}
    return {
        "file": name,
        "safe": True,
        "error": None,
        "findings": [finding_json(finding) for finding in findings],
        "style": measured,
    }


def verdict_code(verdict: dict[str, Any]) -> int:
    if not verdict["safe"]:
        return BAD_INPUT
    return NO_ICON if any(f["level"] == "must" for f in verdict["findings"]) else DONE


def svg_files(folder: Path) -> tuple[list[Path], int]:
    """The SVG files below a folder, sorted, and the number of other files; InputError where there is none. Links to
    folders are not followed."""
    found: list[Path] = []
    skipped = 0
    for parent, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.lower().endswith(".svg") and not name.startswith("."):
                found.append(Path(parent) / name)
            else:
                skipped += 1
    if not found:
        raise InputError(f"there is no SVG file in {folder}", hint="name a folder that holds files ending in .svg")
    return sorted(found), skipped


def _raise(error: OSError) -> None:
    raise error


def check(
    path: Annotated[Path, typer.Argument(help="An SVG file, or a folder of them.", metavar="FILE_OR_DIR")],
    style: Style = None,
    as_json: Json = False,
) -> int:
    """Is it safe, does it keep the design rules, and what style has it? Exit 0 fine, 1 findings, 2 refused."""
    screen = Screen(as_json=as_json)
    wanted = parse_style(style)
    if not path.is_dir():
        verdict = check_bytes(str(path), read_bytes(path, limit=MAX_FILE, what="SVG file"), wanted)
        screen.data(verdict)
        _print_verdicts(screen, [verdict])
        return verdict_code(verdict)
    files, skipped = svg_files(path)
    verdicts = [_check_file(file, wanted) for file in screen.over(files, "checking")]
    screen.data(verdicts)
    _print_verdicts(screen, verdicts)
    if skipped:
        screen.note(f"{skipped} files that are no .svg were skipped")
    return max(verdict_code(verdict) for verdict in verdicts)


def _check_file(file: Path, style: StyleSpec | None) -> dict[str, Any]:
    """One file of a folder: one that cannot be read is a verdict, not the end of the others."""
    try:
        data = read_bytes(file, limit=MAX_FILE, what="SVG file")
    except InputError as error:
        return {"file": str(file), "safe": False, "error": explain(error).line, "findings": [], "style": None}
    return check_bytes(str(file), data, style)


def _print_verdicts(screen: Screen, verdicts: Iterable[dict[str, Any]]) -> None:
    if screen.as_json:
        return
    counts = {DONE: 0, NO_ICON: 0, BAD_INPUT: 0}
    for verdict in verdicts:
        code = verdict_code(verdict)
        counts[code] += 1
        if code == BAD_INPUT:
            screen.line(f"refused  {verdict['file']}: {verdict['error']}", "red")
            continue
        screen.line(
            f"{'ok      ' if code == DONE else 'findings'} {verdict['file']}", "green" if code == DONE else "yellow"
        )
        for finding in verdict["findings"]:
            screen.line(f"    {finding['level']:6} {finding['number']:>2} {finding['rule']}: {finding['message']}")
        screen.line(f"    style  {describe_style(verdict['style'])}", "dim")
    if sum(counts.values()) > 1:
        screen.line(f"{counts[DONE]} fine, {counts[NO_ICON]} with findings, {counts[BAD_INPUT]} refused", "bold")


def describe_style(style: dict[str, Any] | None) -> str:
    """One line of words for a style in JSON form."""
    from svggen.style import StyleSpec, describe

    return describe(StyleSpec.from_dict(style)) if style else "nothing known"


def _load(path: Path) -> Icon:
    from svggen.safety import load

    return load(read_bytes(path, limit=MAX_FILE, what="SVG file"))


def fix(
    path: Annotated[Path, typer.Argument(help="An SVG file.", metavar="FILE.svg")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write.", show_default="FILE-fixed.svg here")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    style: Style = None,
    as_json: Json = False,
) -> int:
    """Repairs what needs no new drawing: grid, centre, safe zone, strokes, specks. Exit 1: a must finding is left."""
    screen = Screen(as_json=as_json)
    wanted = parse_style(style)
    icon = _load(path)
    from svggen.icon import serialise
    from svggen.lint import lint, repair

    before = lint(icon, wanted)
    repaired = repair(icon, before, wanted)
    left = lint(repaired.icon, wanted)
    data = (serialise(repaired.icon) + "\n").encode()
    if output is not None:
        written = write_file(output, data, force=force)
    else:
        written = write_group(Path(), f"{path.stem}-fixed", {".svg": data})[".svg"]
    open_must = [finding for finding in left if finding.level == "must"]
    screen.data(
        {
            "file": str(path),
            "svg_path": str(written),
            "steps": list(repaired.steps),
            "refused": list(repaired.refused),
            "before": [finding_json(finding) for finding in before],
            "findings": [finding_json(finding) for finding in left],
        }
    )
    for step in repaired.steps:
        screen.line(f"  {step}")
    if not repaired.steps:
        screen.line("nothing to repair" if not before else "nothing that could be repaired without a new drawing")
    for finding in left:
        screen.line(f"  left: {finding.level} {finding.rule}: {finding.message}", "yellow")
    screen.line(f"wrote {written}", "green")
    return NO_ICON if open_must else DONE


def render(
    path: Annotated[Path, typer.Argument(help="An SVG file.", metavar="FILE.svg")],
    size: Annotated[int, typer.Option("--size", min=1, max=MAX_SIDE, help="Side in px.")] = 256,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write.", show_default="FILE.png here")
    ] = None,
    color: Annotated[str, typer.Option("--color", help="What currentColor is: #rrggbb or a CSS name.")] = "#000000",
    background: Annotated[
        str | None, typer.Option("--background", help="#rrggbb or a CSS name.", show_default="transparent")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: Json = False,
) -> int:
    """An SVG file as a PNG."""
    screen = Screen(as_json=as_json)
    ink, paper = _colour(color, "--color"), None if background is None else _colour(background, "--background")
    icon = _load(path)
    from svggen.render import png

    data = png(icon, size, color=ink, background=paper)
    if output is not None:
        written = write_file(output, data, force=force)
    else:
        written = write_group(Path(), path.stem, {".png": data})[".png"]
    screen.data({"file": str(path), "png_path": str(written), "size": size})
    screen.line(f"wrote {written} ({size} px)", "green")
    return DONE


def _colour(text: str, option: str) -> str:
    """``#rrggbb`` of a hex colour or CSS name; ``InputError`` for anything else."""
    from PIL import ImageColor

    try:
        channels = ImageColor.getrgb(text.strip())
    except ValueError:
        raise InputError(
            f"{option}: {text!r} is no colour", hint='use "#0d9488" or a CSS name such as "teal"'
        ) from None
    return "#" + "".join(f"{channel:02x}" for channel in channels[:3])
