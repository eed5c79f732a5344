"""``trace``: a picture to an icon on disk, or as JSON.

Contract. Answers ``{"svg", "svg_path", "commands", "ssim", "seconds"}``. The icon has a 24 px canvas that holds the
whole picture. Without ``--output`` it is written here, named after the picture, and never over a file that is there.
Exit 1 where the icon is hardly like the picture (similarity below ``LEAST``): it is written all the same.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.draw import show_picture, start_renderers
from agent.cli.errors import DONE, NO_ICON
from agent.cli.files import read_bytes, stem, write_file, write_group
from agent.cli.options import Json
from agent.cli.output import Screen

LEAST = 0.5
"""SSIM at 256 px below which nobody would take the icon for the picture (a photograph, noise)."""


def register(app: typer.Typer) -> None:
    app.command()(trace)


def trace(
    picture: Annotated[Path, typer.Argument(help="A PNG, JPEG, WebP, GIF or BMP.", metavar="PICTURE")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write.", show_default="PICTURE.svg here")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: Json = False,
) -> int:
    """A picture as a clean SVG icon: circles, rectangles, strokes and few curves. Exit 1: hardly like the picture."""
    started = time.perf_counter()
    screen = Screen(as_json=as_json)
    with screen.progress("reading") as steps:
        from svggen.pictures import MAX_BYTES, load_picture

        data = read_bytes(picture, limit=MAX_BYTES, what="picture")
        start_renderers()
        pixels = load_picture(data, name=str(picture))
        steps.step("tracing")
        from svggen.icon import serialise
        from svggen.models.trace.tracing import trace as traced

        found = traced(pixels)
    svg = serialise(found.icon)
    content = (svg + "\n").encode()
    if output is not None:
        written = write_file(output, content, force=force)
    else:
        written = write_group(Path(), stem(picture.stem), {".svg": content})[".svg"]
    screen.data(
        {
            "svg": svg,
            "svg_path": str(written),
            "commands": found.commands,
            "ssim": found.ssim,
            "seconds": round(time.perf_counter() - started, 3),
        }
    )
    show_picture(screen, svg)
    screen.line(f"{found.commands} commands, similarity {found.ssim:.3f}, {len(content):,} bytes")
    screen.line(f"wrote {written}", "green")
    if found.ssim < LEAST:
        screen.note("hardly like the picture: tracing is for icons and logos of few flat colours", "yellow")
        return NO_ICON
    return DONE
