"""``record`` and ``replay``: a drawing session written down, and made again: exactly, over live memory, or over another
memory.

Contract. ``record BUNDLE -- COMMAND`` runs the command and passes its exit code on; what any mnemicon process under it
draws is in the bundle, however it ended. ``replay BUNDLE`` exits 0 where all is the same, 1 where something differs, 2
where the bundle cannot be read. With ``--json`` the command's own output goes to stderr.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import DONE, InputError, one_line
from agent.cli.files import folder, stem, write_file, write_group
from agent.cli.options import Json
from agent.cli.output import Screen

if TYPE_CHECKING:
    from agent.replay.playing import Report
    from agent.settings import Settings

DIFFERENT = 1
STDERR = 2
"""The descriptor."""


def register(app: typer.Typer) -> None:
    app.command()(record)
    app.command()(replay)


def record(
    bundle: Annotated[Path, typer.Argument(help="The folder to make.", metavar="BUNDLE")],
    command: Annotated[list[str], typer.Argument(help="What to run, after --.", metavar="-- COMMAND…")],
    force: Annotated[bool, typer.Option("--force", help="Replace a bundle that is there.")] = False,
    as_json: Json = False,
) -> int:
    """Runs a command and records what it draws. Its exit code is passed on."""
    screen = Screen(as_json=as_json)
    from agent.replay.bundle import read_bundle
    from agent.replay.joining import begun, join
    from agent.seams import RECORD

    with begun(bundle, replace=force):
        environment = {**os.environ, RECORD: str(bundle.absolute())}
        code = _run(command, environment, quiet=as_json)
        made = join(bundle, replace=force)
    if made is None:
        note = f"nothing was drawn by {one_line(command[0], 60)}: no bundle was made"
        if code == DONE:
            raise InputError(note, hint="record a command that draws")
        screen.note(note, "yellow")
        return code
    found = read_bundle(made)
    screen.data({"bundle": str(bundle), "exit_code": code, "calls": len(found.calls), "lines": len(found.lines)})
    screen.note(f"recorded {len(found.calls)} calls in {bundle}; play them again: mnemicon replay {bundle}")
    return code


def _run(words: list[str], environment: Mapping[str, str], *, quiet: bool) -> int:
    """The exit code of the command; that of a shell where a signal ended it, or where it cannot be run."""
    program = shutil.which(words[0]) or shutil.which(words[0], path=str(Path(sys.executable).parent))
    if program is None:
        raise InputError(f"there is no command {one_line(words[0], 80)!r}", hint="check its name")
    try:
        process = subprocess.Popen([program, *words[1:]], env=dict(environment), stdout=STDERR if quiet else None)
    except OSError as error:
        raise InputError(f"{program} cannot be run: {error.strerror or error}") from error
    while True:
        try:
            code = process.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:  # the command has got it, too: it ends in its own way
            continue


def replay(
    bundle: Annotated[Path, typer.Argument(help="A folder that record made.", metavar="BUNDLE")],
    live: Annotated[bool, typer.Option("--live", help="Really ask memory; compare what it finds.")] = False,
    without: Annotated[
        str | None,
        typer.Option("--without", help="As if this was not remembered (all: nothing was).", metavar="ID"),
    ] = None,
    with_: Annotated[
        str | None, typer.Option("--with", help='As if this had been said: "2px strokes, filled".', metavar="TEXT")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="With what was remembered at that time.", metavar="DATE")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write a picture: before, after, difference.", metavar="PNG")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a picture that is there.")] = False,
    as_json: Json = False,
) -> int:
    """Makes the recorded calls again and compares: exit 0 the same, 1 different, 2 a bundle that cannot be read."""
    screen = Screen(as_json=as_json)
    changed = any(x is not None for x in (without, with_, as_of))
    if live and changed:
        raise InputError("--live compares with the recording; the others change it", hint="leave one of them out")
    from agent.replay.counterfactuals import counterfactual, report_picture
    from agent.replay.playing import play

    with screen.progress("replaying"):
        if changed:
            report = counterfactual(bundle, without=without, with_=with_, as_of=as_of)
        else:
            report = play(bundle, "live" if live else "pinned")
        data = report_picture(report) if out is not None else None
    path = write_file(out, data, force=force) if out is not None and data is not None else None
    shown = report.to_dict()
    if changed:
        shown |= {"before": list(report.before)}
    screen.data(shown if path is None else {**shown, "picture": str(path)})
    _print(screen, report, path, changed)
    return DONE if report.same else DIFFERENT


def _print(screen: Screen, report: Report, path: Path | None, changed: bool) -> None:
    verdict = ("the same icons" if changed else "the same") if report.same else "different"
    drawn = f", {report.drawn_anew} requests really drawn" if report.drawn_anew else ""
    screen.line(f"{report.calls} calls: {verdict}{drawn}", "bold green" if report.same else "bold yellow")
    for difference in report.differences:
        for line in difference.splitlines():
            screen.line(f"  {line}")
    if path is not None:
        screen.line(f"  picture    {path}")


def show_effects(screen: Screen, told: Mapping[str, Any], chosen: Settings, out: Path | None) -> dict[str, Any]:
    """What each memory did to a kept drawing: draws it without each, writes a picture, and gives what is added to the
    JSON of ``why``."""
    from agent.parts import open_parts
    from agent.replay.effects import effects_of, effects_picture

    directory = folder(out)
    parts = open_parts(chosen.home)
    with screen.progress("drawing it without each memory"):
        found = effects_of(parts, chosen.user, parts.drawings(chosen.user).get(str(told["id"])))
        title = one_line(str(told["prompt"] or "icon"), 60)
        paths = write_group(directory, stem(title), {"-why.png": effects_picture(found, title)})
    for effect in found.effects:
        screen.line(f"  {'changes it' if effect.changed else 'no change '} {effect.text}")
    if not found.again:
        screen.note("it is drawn otherwise today: memory, the program or the options have changed", "yellow")
    screen.line(f"  picture    {paths['-why.png']}")
    effects = [{"id": e.id, "text": e.text, "changed": e.changed, "svg": e.svg} for e in found.effects]
    return {"effects": effects, "again": found.again, "picture": str(paths["-why.png"])}
