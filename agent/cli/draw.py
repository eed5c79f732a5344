"""``draw``: a sentence to an icon on disk, on the screen, or as JSON.

Contract. An icon is written as SVG, PNG (256 px) and a contact sheet of its candidates that share one name made of the
subject. An icon that does not pass is written all the same (it is the best there is), is said to be no acceptable icon,
and the exit code is 1. A message that draws nothing by its nature ("always use 2px strokes") is answered, exit code 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import DONE, NO_ICON, one_line
from agent.cli.files import folder, read_bytes, stem, write_group
from agent.cli.options import (
    Canvas,
    Drafts,
    Home,
    Image,
    Json,
    Model,
    Out,
    Project,
    Rounds,
    Seed,
    Session,
    Style,
    Timings,
    User,
    check_prompt,
    parse_style,
    settings,
)
from agent.cli.output import Screen, Stopwatch

if TYPE_CHECKING:
    from agent.result import IconResult
    from agent.settings import Settings
    from svggen.icon import Icon
    from svggen.style import StyleSpec

PNG_SIDE = 256  # px
DRAWN = ("draw", "edit", "pick")
PICTURE_COLUMNS = 32  # of the picture in the terminal


def register(app: typer.Typer) -> None:
    app.command()(draw)


def draw(
    prompt: Annotated[
        str, typer.Argument(help='What to draw: "paper plane, thicker lines". May be left out with --image.')
    ] = "",
    user: User = None,
    project: Project = None,
    session: Session = None,
    n: Drafts = None,
    rounds: Rounds = None,
    seed: Seed = 0,
    size: Canvas = None,
    style: Style = None,
    image: Image = None,
    model: Model = None,
    out: Out = None,
    home: Home = None,
    timings: Timings = False,
    as_json: Json = False,
) -> int:
    """Draws one icon in your style: SVG, PNG and a contact sheet of the candidates. Exit 1: no acceptable icon."""
    screen, watch = Screen(as_json=as_json), Stopwatch()
    picture = read_image(image)
    text = check_prompt(prompt) if prompt or image is None else f"icon from {one_line(image.stem, 60)}"
    wanted = parse_style(style)
    directory = folder(out)
    with screen.progress("starting") as steps:
        with watch.time("start of the renderers"):
            start_renderers()
        with watch.time("settings"):
            chosen = settings(home, user=user, project=project, n=n, rounds=rounds)
        with watch.time("import agent.tool"):
            from agent.parts import warm
            from agent.tool import design_icon

            warm()  # embedder and library, in a thread
        with watch.time("import agent.graph"):
            from agent.graph import compiled

            compiled()
        with watch.time("design"):
            result = design_icon(
                text,
                **design_options(chosen, seed, size, wanted),
                image=picture,
                model=model,
                session=session,
                chat=session is not None,
                progress=lambda event: steps.step(event["message"]),
            )
        with watch.time("pictures and files"):
            if result.kind not in DRAWN:  # a message of a session that draws nothing: accepted, undone, remembered
                result = replace(result, svg="")
            if result.svg:
                steps.step("writing")
            result = save(result, directory, sheet=True)
    screen.data({**result.to_dict(), **({"timings": watch.seconds} if timings else {})})
    print_result(screen, result)
    if timings:
        print_timings(screen, watch, result)
    return exit_code(result)


def read_image(path: Path | None) -> bytes | None:
    """The bytes of the reference picture, once it has been seen that it is one; InvalidPictureError where it is not."""
    if path is None:
        return None
    from svggen.pictures import MAX_BYTES, load_picture

    data = read_bytes(path, limit=MAX_BYTES, what="picture")
    load_picture(data, name=str(path))
    return data


def start_renderers() -> None:
    """The processes that render begin to start while we go on; both will be needed."""
    from svggen.render import delivery_renderer, warm

    warm()
    delivery_renderer().start()


def design_options(chosen: Settings, seed: int, size: int | None, style: StyleSpec | None) -> dict[str, Any]:
    """The options of ``design_icon`` that ``draw`` and ``set`` share."""
    return {
        "user": chosen.user,
        "project": chosen.project,
        "n": chosen.n,
        "rounds": chosen.rounds,
        "seconds": chosen.seconds,
        "seed": seed,
        "size": size,
        "style": style,
        "home": chosen.home,
    }


def exit_code(result: IconResult) -> int:
    """1 where an icon was asked for and none is acceptable."""
    return DONE if result.passed or (result.kind not in ("draw", "edit", "pick") and not result.svg) else NO_ICON


def icon_of(svg: str) -> Icon:
    """SVG text as an Icon, through ``svggen.safety`` like any other."""
    from svggen.safety import load

    return load(svg)


def save(result: IconResult, directory: Path, *, sheet: bool) -> IconResult:
    """SVG, PNG and, where asked for, the candidates' sheet under one name; the result with their paths. Without an icon
    nothing is written."""
    if not result.svg:
        return result
    from svggen.render import png

    parts = {
        ".svg": (result.svg.rstrip("\n") + "\n").encode(),
        ".png": png(icon_of(result.svg), PNG_SIDE, background=None),
    }
    if sheet:
        parts["-sheet.png"] = candidates_sheet(result)
    paths = write_group(directory, stem(subject(result)), parts)
    return replace(
        result,
        svg_path=str(paths[".svg"]),
        png_path=str(paths[".png"]),
        sheet_path=str(paths["-sheet.png"]) if sheet else None,
    )


def subject(result: IconResult) -> str:
    """What the file is named after: the subject of the brief, else the prompt."""
    return str(result.understood.get("subject") or result.prompt)


def candidates_sheet(result: IconResult) -> bytes:
    """PNG of the candidates side by side at 64, 24 and 16 px, best first."""
    from svggen.render import contact_sheet

    candidates = result.candidates or ({"svg": result.svg, "score": result.score},)
    items = [(icon_of(c["svg"]), f"{number}. score {c['score']:.2f}") for number, c in enumerate(candidates, 1)]
    return contact_sheet(items, sizes=(64, 24, 16), title=one_line(result.prompt, 80))


def show_picture(screen: Screen, svg: str) -> None:
    """The icon in the terminal, where there is one."""
    if screen.pictures and svg:
        from svggen.render import terminal

        screen.ansi(terminal(icon_of(svg), PICTURE_COLUMNS, ansi=screen.out.color_system is not None))


def print_result(screen: Screen, result: IconResult) -> None:
    """The picture and a short summary: verdict, style, memories, exemplars, files, what next."""
    if screen.as_json:
        return
    if not result.svg:
        screen.line(result.message or "nothing was drawn", "yellow")
        print_notes(screen, replace(result, learned=()))  # the message has named them
        return
    show_picture(screen, result.svg)
    verdict = "passed" if result.passed else "no acceptable icon, this is the nearest"
    screen.line(
        f"{subject(result)}: score {result.score:.2f}, {verdict}", "bold green" if result.passed else "bold yellow"
    )
    for finding in result.findings:
        screen.line(f"  {finding['level']:10} {finding['rule']}: {finding['message']}", "yellow")
    print_style(screen, result.style, result.memories)
    print_exemplars(screen, result.exemplars)
    print_notes(screen, result)
    for name, path in (("SVG", result.svg_path), ("PNG", result.png_path), ("candidates", result.sheet_path)):
        if path:
            screen.line(f"  {name:10} {path}")
    screen.line("  next       mnemicon accept, mnemicon why, mnemicon reject", "dim")


def print_notes(screen: Screen, result: IconResult) -> None:
    for decision in result.learned:
        if decision["action"] != "reject":
            screen.line(f"  remembered {decision['text']}", "green")
    for note in result.notes:
        screen.line(f"  note       {note}", "yellow")
    if result.not_understood:
        screen.line(f"  unclear    {', '.join(result.not_understood)}", "yellow")


def print_style(screen: Screen, style: Mapping[str, Any], memories: tuple[dict[str, Any], ...]) -> None:
    """The style that was wanted, and what of it was remembered."""
    from agent.cli.check import describe_style

    screen.line(f"  style      {describe_style(dict(style))}")
    for memory in memories:
        screen.line(f"  memory     {memory['text']} ({memory['scope']})")


def print_exemplars(screen: Screen, exemplars: tuple[dict[str, Any], ...]) -> None:
    """What the icon was drawn from, with licences; the icons that only showed the style are counted."""
    used = [exemplar for exemplar in exemplars if exemplar.get("used")]
    for exemplar in used:
        name = exemplar["name"] or exemplar["id"][:12]
        screen.line(f"  drawn from {name} ({exemplar['source']}, {exemplar['licence']})")
    if len(exemplars) > len(used):
        screen.line(f"  looked at  {len(exemplars) - len(used)} more for the style (mnemicon why names them)")


def print_timings(screen: Screen, watch: Stopwatch, result: IconResult) -> None:
    for name, seconds in watch.seconds.items():
        screen.note(f"{seconds:7.3f} s  {name}")
        if name == "design":
            for stage, took in result.seconds.items():
                screen.note(f"{took:7.3f} s    {stage}")
    screen.note(f"{sum(watch.seconds.values()):7.3f} s  in all, without the interpreter's start")
