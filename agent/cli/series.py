"""``set``: a list of prompts as one consistent set.

Contract. One prompt a line; empty lines and lines that begin with # are left out. Every icon is drawn with the same
seed and in the style that was asked for; what nobody asked for is taken from the first icons drawn, so that the later
ones follow them. One that fails is reported and costs the others nothing; exit 1 when any failed.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.draw import PNG_SIDE, result_json, subject
from agent.cli.errors import BAD_INPUT, DONE, NO_ICON, InputError, Outcome, explain, one_line
from agent.cli.files import folder, read_bytes, stem, write_group
from agent.cli.options import (
    Canvas,
    Drafts,
    Home,
    Json,
    Out,
    Project,
    Rounds,
    Seed,
    Style,
    User,
    check_prompt,
    parse_style,
    resolve_home,
)
from agent.cli.output import Screen

if TYPE_CHECKING:
    from agent.tool import IconResult
    from svggen.icon import Icon
    from svggen.style import StyleSpec

MAX_LIST = 1_000_000  # bytes of a file of prompts
MAX_PROMPTS = 500
ANCHORS = 3  # icons whose measured style the later ones follow: with one a quirk of it would rule the set
ANCHORED = ("stroke_width", "cap", "join", "corner_radius", "mode", "palette", "secondary_opacity", "pixel_art")
"""What makes a family. Padding and detail depend on the subject and stay free."""


def register(app: typer.Typer) -> None:
    app.command("set")(set_)


class Anchor:
    """The style of the set: what was asked for, and for the rest what the first icons have."""

    def __init__(self, wanted: StyleSpec | None) -> None:
        self._wanted = wanted
        self._icons: list[Icon] = []
        self.style = wanted

    def see(self, icon: Icon) -> None:
        """One more icon of the set that was drawn well."""
        if len(self._icons) >= ANCHORS:
            return
        from svggen.style import StyleSpec, measure_set

        self._icons.append(icon)
        measured = measure_set(self._icons).spec
        wanted = self._wanted or StyleSpec()
        free = {name: getattr(measured, name) for name in ANCHORED if getattr(wanted, name) is None}
        self.style = replace(wanted, **free)


def read_prompts(path: Path) -> list[tuple[int, str]]:
    """(line number, prompt) of a file, or of stdin for "-"; InputError where there is none, too many, or no text."""
    name = "stdin" if str(path) == "-" else str(path)
    data = (
        sys.stdin.buffer.read(MAX_LIST + 1)
        if name == "stdin"
        else read_bytes(path, limit=MAX_LIST, what="list of prompts")
    )
    if len(data) > MAX_LIST:
        raise InputError(f"{name} is larger than {MAX_LIST:,} bytes", hint="give one prompt a line")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not text in UTF-8", hint="give one prompt a line") from None
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    prompts = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not prompts:
        raise InputError(f"{name} holds no prompt", hint="give one prompt a line")
    if len(prompts) > MAX_PROMPTS:
        raise InputError(f"{name} holds {len(prompts):,} prompts", hint=f"give at most {MAX_PROMPTS}")
    for number, prompt in prompts:
        check_prompt(prompt, f"{name} line {number}")
    return prompts


def set_(
    prompts: Annotated[
        Path, typer.Argument(help="A file with one prompt a line (# comments), or - for stdin.", metavar="PROMPTS.txt")
    ],
    user: User = "default",
    project: Project = None,
    n: Drafts = 4,
    rounds: Rounds = 2,
    seed: Seed = 0,
    size: Canvas = 24,
    style: Style = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Draws a list of prompts as one consistent set, with a contact sheet of all. Exit 1 when one of them failed."""
    screen = Screen(as_json=as_json)
    lines = read_prompts(prompts)
    anchor = Anchor(parse_style(style))
    directory = folder(out)
    from svggen.render import delivery_renderer, warm

    warm()
    delivery_renderer().start()
    from agent.tool import design_icon
    from svggen.safety import load

    drawn: list[tuple[Icon, str]] = []
    icons: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    started = time.perf_counter()
    with screen.progress("drawing", total=len(lines)) as steps:
        for number, text in lines:
            steps.step(f"drawing {one_line(text, 40)}")
            try:
                result = design_icon(
                    text,
                    user=user,
                    project=project,
                    n=n,
                    rounds=rounds,
                    seed=seed,
                    size=size,
                    style=anchor.style,
                    home=resolve_home(home),
                )
                paths = save_pair(result, directory)
            except Exception as error:  # one that fails must not cost the others; what it was is reported
                outcome = explain(error)
                if outcome.code not in (NO_ICON, BAD_INPUT):
                    raise
                failed.append(_failure(number, text, outcome))
                continue
            finally:
                steps.advance()
            icons.append({"line": number, **result_json(result, paths)})
            if result.svg:
                drawn.append((load(result.svg), subject(result)))
            if result.passed:
                anchor.see(drawn[-1][0])
            else:
                failed.append(
                    _failure(number, text, Outcome(NO_ICON, "NoIcon", f"no acceptable icon ({result.score:.2f})"))
                )
    sheet = _sheet(drawn, prompts, directory)
    screen.data(
        {
            "icons": icons,
            "failed": failed,
            "sheet_path": str(sheet) if sheet else None,
            "style": anchor.style.to_dict() if anchor.style else {},
            "seconds": {"total": round(time.perf_counter() - started, 3)},
        }
    )
    _print(screen, icons, failed, len(lines), sheet)
    return NO_ICON if failed else DONE


def save_pair(result: IconResult, directory: Path) -> dict[str, Path]:
    """SVG and PNG under one name; nothing where there is no icon."""
    if not result.svg:
        return {}
    from svggen.render import png
    from svggen.safety import load

    parts = {
        ".svg": (result.svg.rstrip("\n") + "\n").encode(),
        ".png": png(load(result.svg), PNG_SIDE, background=None),
    }
    return write_group(directory, stem(subject(result)), parts)


def _sheet(drawn: list[tuple[Icon, str]], prompts: Path, directory: Path) -> Path | None:
    if not drawn:
        return None
    from svggen.render import contact_sheet

    name = "set" if str(prompts) == "-" else stem(prompts.stem)
    return write_group(directory, name, {"-sheet.png": contact_sheet(drawn)})["-sheet.png"]


def _failure(line: int, prompt: str, outcome: Outcome) -> dict[str, Any]:
    return {"line": line, "prompt": prompt, "error": outcome.to_dict()}


def _print(
    screen: Screen, icons: list[dict[str, Any]], failed: list[dict[str, Any]], asked: int, sheet: Path | None
) -> None:
    for entry in icons:
        passed = entry["passed"]
        screen.line(
            f"{'ok    ' if passed else 'failed'} {entry['score']:.2f}  {entry['svg_path'] or entry['prompt']}",
            "green" if passed else "yellow",
        )
    for entry in failed:
        screen.note(f"line {entry['line']} ({one_line(entry['prompt'], 40)}): {entry['error']['message']}", "yellow")
    screen.line(f"{asked - len(failed)} of {asked} drawn" + (f"; contact sheet {sheet}" if sheet else ""), "bold")
