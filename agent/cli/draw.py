"""``draw``: a sentence to an icon on disk, on the screen, or as JSON.

Contract. An icon is written as SVG, PNG (256 px) and a contact sheet of its candidates that share one name made of the
subject. An icon that does not pass is written all the same (it is the best there is), is said to be no acceptable icon,
and the exit code is 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import DONE, NO_ICON, one_line
from agent.cli.files import folder, stem, write_group
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
    Timings,
    User,
    check_prompt,
    parse_style,
    resolve_home,
)
from agent.cli.output import Screen, Stopwatch

if TYPE_CHECKING:
    from agent.tool import IconResult

PNG_SIDE = 256  # px
PICTURE_COLUMNS = 32  # of the picture in the terminal


def register(app: typer.Typer) -> None:
    app.command()(draw)


def draw(
    prompt: Annotated[str, typer.Argument(help='What to draw: "paper plane, thicker lines".')],
    user: User = "default",
    project: Project = None,
    n: Drafts = 4,
    rounds: Rounds = 2,
    seed: Seed = 0,
    size: Canvas = 24,
    style: Style = None,
    out: Out = None,
    home: Home = None,
    timings: Timings = False,
    as_json: Json = False,
) -> int:
    """Draws one icon in your style: SVG, PNG and a contact sheet of the candidates. Exit 1: no acceptable icon."""
    screen, watch = Screen(as_json=as_json), Stopwatch()
    text = check_prompt(prompt)
    wanted = parse_style(style)
    directory = folder(out)
    with screen.progress("starting") as steps:
        with watch.time("import svggen.render"):
            from svggen.render import delivery_renderer, warm

            warm()  # the renderers' processes start while we go on
            delivery_renderer().start()
        with watch.time("import agent.tool"):
            from agent.tool import design_icon
        with watch.time("design"):
            result = design_icon(
                text,
                user=user,
                project=project,
                n=n,
                rounds=rounds,
                seed=seed,
                size=size,
                style=wanted,
                home=resolve_home(home),
                progress=steps.step,
            )
        steps.step("writing")
        with watch.time("pictures and files"):
            paths = save(result, directory)
    screen.data({**result_json(result, paths), **({"timings": watch.seconds} if timings else {})})
    print_result(screen, result, paths)
    if timings:
        print_timings(screen, watch, result)
    return DONE if result.passed else NO_ICON


def result_json(result: IconResult, paths: dict[str, Path]) -> dict[str, Any]:
    """The JSON of ``draw``, in the order that the documentation gives."""
    data = result.to_dict()
    places = {
        "svg_path": str(paths[".svg"]) if ".svg" in paths else None,
        "png_path": str(paths[".png"]) if ".png" in paths else None,
        "sheet_path": str(paths["-sheet.png"]) if "-sheet.png" in paths else None,
    }
    first = ("id", "prompt", "svg")
    return {**{key: data[key] for key in first}, **places, **{k: v for k, v in data.items() if k not in first}}


def save(result: IconResult, directory: Path) -> dict[str, Path]:
    """SVG, PNG and the candidates' sheet under one name; nothing where there is no icon."""
    if not result.svg:
        return {}
    from svggen.render import png
    from svggen.safety import load

    icon = load(result.svg)
    parts = {".svg": (result.svg.rstrip("\n") + "\n").encode(), ".png": png(icon, PNG_SIDE, background=None)}
    sheet = candidates_sheet(result)
    if sheet:
        parts["-sheet.png"] = sheet
    return write_group(directory, stem(subject(result)), parts)


def subject(result: IconResult) -> str:
    """What the file is named after: the subject of the brief, else the prompt."""
    return str(result.understood.get("subject") or result.prompt)


def candidates_sheet(result: IconResult) -> bytes:
    """The candidates side by side at 64, 24 and 16 px, best first; empty where there are none."""
    from svggen.render import contact_sheet
    from svggen.safety import load

    items = [
        (load(candidate["svg"]), f"{number}. score {candidate['score']:.2f}")
        for number, candidate in enumerate(result.to_dict()["candidates"], 1)
        if candidate["svg"]
    ]
    return contact_sheet(items, sizes=(64, 24, 16), title=one_line(result.prompt, 80)) if items else b""


def picture(screen: Screen, svg: str) -> None:
    """The icon in the terminal, where there is one."""
    if screen.pictures and svg:
        from svggen.render import terminal
        from svggen.safety import load

        screen.ansi(terminal(load(svg), PICTURE_COLUMNS, ansi=screen.out.color_system is not None))


def print_result(screen: Screen, result: IconResult, paths: dict[str, Path]) -> None:
    """The picture and a short summary: verdict, style and where it is from, memories, exemplars, files, what next."""
    if screen.as_json:
        return
    data = result.to_dict()
    picture(screen, result.svg)
    verdict = "passed" if result.passed else "no acceptable icon; this is the nearest"
    if not result.svg:
        verdict = "no icon"
    screen.line(
        f"{subject(result)}: score {result.score:.2f}, {verdict}", "bold green" if result.passed else "bold yellow"
    )
    for finding in data["findings"]:
        screen.line(f"  {finding['level']} {finding['rule']}: {finding['message']}", "yellow")
    print_shaped_by(screen, data)
    if data["not_understood"]:
        screen.line(f"  not understood: {', '.join(data['not_understood'])}", "yellow")
    for name, suffix in (("SVG", ".svg"), ("PNG", ".png"), ("candidates", "-sheet.png")):
        if suffix in paths:
            screen.line(f"  {name:10} {paths[suffix]}")
    if result.svg:
        screen.line("  next: mnemicon accept · mnemicon why · mnemicon reject", "dim")


def print_shaped_by(screen: Screen, data: dict[str, Any]) -> None:
    from agent.cli.check import describe_style

    screen.line(f"  style      {describe_style(data['style'])}")
    for memory in data["memories"]:
        screen.line(f"  remembered {memory['text']} ({memory['scope']}; {memory['why']})")
    for exemplar in data["exemplars"]:
        screen.line(f"  drawn from {exemplar['name']}, {exemplar['source']}, {exemplar['licence']}")


def print_timings(screen: Screen, watch: Stopwatch, result: IconResult) -> None:
    for name, seconds in watch.seconds.items():
        screen.note(f"{seconds:7.3f} s  {name}")
        if name == "design":
            for stage, took in result.seconds.items():
                screen.note(f"{took:7.3f} s    {stage}")
