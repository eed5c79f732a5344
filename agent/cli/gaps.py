"""``gaps``: which companions a folder of icons lacks, as a list that ``mnemicon set`` draws.

Contract. Answers ``{"icons", "missing": [{"name", "of", "kind", "pair", "sets", "share", "prompt"}], "list_path"}``,
the likeliest first; exit 0 whether or not anything is missing (a gap is an offer, no fault), 2 bad input. Only names
are read, no file is opened. ``-o FILE`` writes one prompt a line, each under a comment that says why.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.check import svg_files
from agent.cli.errors import DONE, InputError, one_line
from agent.cli.files import write_file
from agent.cli.icons import folder_of
from agent.cli.options import Json
from agent.cli.output import Screen
from agent.cli.series import MAX_PROMPTS


def register(app: typer.Typer) -> None:
    app.command()(gaps)


def gaps(
    directory: Annotated[Path, typer.Argument(help="A folder of SVG files.", metavar="DIR")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A list for mnemicon set.", show_default="none")
    ] = None,
    least: Annotated[
        float, typer.Option("--least", min=0.0, max=1.0, help="How likely a companion must be, 0 to 1.")
    ] = 0.5,
    force: Annotated[bool, typer.Option("--force", help="Replace a list that is there.")] = False,
    as_json: Json = False,
) -> int:
    """Which companions are missing: plus without minus, up without down, an icon without its filled twin."""
    screen = Screen(as_json=as_json)
    files, _ = svg_files(folder_of(directory))
    from svggen.sets.gaps import gaps as missing_of

    names = [file.relative_to(directory).as_posix() for file in files]
    missing = [gap for gap in missing_of(names) if gap.share >= least]
    path = None
    if output is not None:
        lines = [f"# missing from {one_line(str(directory))}: mnemicon set draws this list"]
        for gap in missing[:MAX_PROMPTS]:
            why = f"{gap.sets} sets have both" if gap.sets else f"{gap.share:.0%} of this set has one"
            lines += [f"# {gap.name}: {gap.of} is there; {why}", one_line(gap.prompt, 200)]
        if len(missing) > MAX_PROMPTS:
            lines.append(f"# {len(missing) - MAX_PROMPTS} more: mnemicon gaps --json has all of them")
        if output.suffix.lower() in (".svg", ".png"):
            raise InputError(f"{output} is the name of a picture", hint="name a list, such as missing.txt")
        path = str(write_file(output, ("\n".join(lines) + "\n").encode(), force=force))
    screen.data({"icons": len(files), "missing": [gap.to_dict() for gap in missing], "list_path": path})
    screen.table(
        ("missing", "beside", "likely", "sets"),
        ((gap.name, gap.of, f"{gap.share:.0%}", str(gap.sets or "this")) for gap in missing),
    )
    screen.line(f"{len(missing)} companions are missing beside {len(files)} icons" if missing else "nothing is missing")
    if path:
        screen.line(f"wrote {path}; mnemicon set {path} draws them", "green")
    return DONE
