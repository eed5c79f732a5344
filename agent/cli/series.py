"""``set``: a list of prompts as one consistent set.

Contract. One prompt a line; empty lines and lines that begin with # are left out. Every icon is drawn with the same
seed and in the style that was asked for; what nobody asked for is taken from the first icons drawn, so that the later
ones follow them. One that fails is reported and costs the others nothing; exit 1 when any failed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.draw import design_options, icon_of, save, start_renderers, subject
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
    settings,
)
from agent.cli.output import Screen

if TYPE_CHECKING:
    from agent.result import IconResult
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
    """The style of the set: what was asked for, and for what nobody asked what the first icons have."""

    def __init__(self, asked: StyleSpec | None) -> None:
        self._asked = asked
        self._icons: list[Icon] = []
        self._known: dict[str, Any] = {}
        self.style = asked

    def see(self, icon: Icon, wanted: dict[str, Any]) -> None:
        """One more icon of the set that was drawn well; ``wanted`` is the style it was drawn in (JSON form). What is in
        there is known without the anchor: it was asked for, or is remembered."""
        if len(self._icons) >= ANCHORS:
            return
        from svggen.style import StyleSpec, measure_set

        self._icons.append(icon)
        measured = measure_set(self._icons).spec.to_dict()
        asked = self._asked.to_dict() if self._asked else {}
        free = {k: v for k, v in measured.items() if k in ANCHORED and k not in asked}
        if len(self._icons) == 1:
            self._known = {k: v for k, v in wanted.items() if k not in asked}
        free = {k: v for k, v in free.items() if k not in self._known}
        if free.get("palette") == ["currentColor"]:
            del free["palette"]  # one ink is what every icon has anyway, and "a red heart" may still be red
        self.style = StyleSpec.from_dict({**asked, **free})

    def in_all(self) -> dict[str, Any]:
        """The style of the set with what was known without the anchor, JSON-ready."""
        return {**self._known, **(self.style.to_dict() if self.style else {})}


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
    user: User = None,
    project: Project = None,
    n: Drafts = None,
    rounds: Rounds = None,
    seed: Seed = 0,
    size: Canvas = None,
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
    start_renderers()
    chosen = settings(home, user=user, project=project, n=n, rounds=rounds)
    from agent.tool import design_icon

    results: list[tuple[int, IconResult]] = []
    failed: list[dict[str, Any]] = []
    started = time.perf_counter()
    with screen.progress("drawing", total=len(lines)) as steps:
        for number, text in lines:
            steps.step(f"drawing {one_line(text, 40)}")
            try:
                result = design_icon(text, **design_options(chosen, seed, size, anchor.style))
                result = save(result, directory, sheet=False)
            except Exception as error:  # one that fails must not cost the others; what it was is reported
                outcome = explain(error)
                if outcome.code not in (NO_ICON, BAD_INPUT):
                    raise
                failed.append(_failure(number, text, outcome))
                continue
            finally:
                steps.advance()
            results.append((number, result))
            if result.passed:
                anchor.see(icon_of(result.svg), result.style)
            else:
                failed.append(_failure(number, text, Outcome(NO_ICON, "NoIcon", _why_not(result))))
        steps.step("drawing the contact sheet")
        sheet = _sheet([result for _, result in results if result.svg], prompts, directory)
    screen.data(
        {
            "icons": [{"line": number, **result.to_dict()} for number, result in results],
            "failed": failed,
            "sheet_path": sheet,
            "style": anchor.in_all(),
            "seconds": {"total": round(time.perf_counter() - started, 3)},
        }
    )
    _print(screen, results, failed, len(lines), sheet)
    return NO_ICON if failed else DONE


def _why_not(result: IconResult) -> str:
    return f"no acceptable icon ({result.score:.2f}): {result.message}" if result.svg else result.message


def _sheet(drawn: list[IconResult], prompts: Path, directory: Path) -> str | None:
    """All icons of the set on one PNG; None where there is none."""
    if not drawn:
        return None
    from svggen.render import contact_sheet

    name = "set" if str(prompts) == "-" else stem(prompts.stem)
    data = contact_sheet([(icon_of(result.svg), subject(result)) for result in drawn])
    return str(write_group(directory, name, {"-sheet.png": data})["-sheet.png"])


def _failure(line: int, prompt: str, outcome: Outcome) -> dict[str, Any]:
    return {"line": line, "prompt": prompt, "error": outcome.to_dict()}


def _print(
    screen: Screen, results: list[tuple[int, IconResult]], failed: list[dict[str, Any]], asked: int, sheet: str | None
) -> None:
    for _, result in results:
        word, style = ("ok    ", "green") if result.passed else ("failed", "yellow")
        screen.line(f"{word} {result.score:.2f}  {result.svg_path or result.prompt}", style)
    for entry in failed:
        screen.note(f"line {entry['line']} ({one_line(entry['prompt'], 40)}): {entry['error']['message']}", "yellow")
    screen.line(f"{asked - len(failed)} of {asked} drawn" + (f"; contact sheet {sheet}" if sheet else ""), "bold")
