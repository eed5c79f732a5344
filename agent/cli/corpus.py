"""``corpus build``: the icons that the models are trained on, from the registry into one file."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.errors import DONE
from agent.cli.options import Json
from agent.cli.output import Screen, Steps

app = typer.Typer(help="The openly licensed icons that the models are trained on.", no_args_is_help=False)


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="corpus")


class Bars:
    """A bar for each stage of a build, told by ``svggen.training.corpus.building.Report``."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._open = contextlib.ExitStack()
        self._steps: Steps | None = None
        self._stage: tuple[str, int] | None = None
        self._done = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        stage = (what.split()[0], total)
        if self._steps is None or stage != self._stage:
            self.close()
            self._steps = self._open.enter_context(self._screen.progress(what, total=total if total > 1 else None))
            self._stage, self._done = stage, 0
        self._steps.step(what)
        self._steps.advance(done - self._done)
        self._done = done

    def close(self) -> None:
        self._open.close()


@app.command()
def build(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="File to write.", metavar="FILE", show_default="icons.parquet in the cache"),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache", help="Folder for what is fetched and converted.", metavar="DIR", show_default="the user's cache"
        ),
    ] = None,
    iconify: Annotated[
        Path | None,
        typer.Option("--iconify", help="Folder with unpacked set files, instead of fetching them.", metavar="DIR"),
    ] = None,
    sets: Annotated[
        list[str] | None, typer.Option("--sets", help="Only these sets: --sets lucide,tabler.", metavar="NAMES")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many icons of each set, 0 for all.")] = 0,
    as_json: Json = False,
) -> int:
    """Fetches the pinned packages and makes the training corpus: one Parquet file and a datasheet. A run that was cut
    off goes on where it stopped."""
    screen = Screen(as_json=as_json)
    only = [name for part in sets or () for name in part.replace(",", " ").split()]
    from svggen.training.corpus import build as build_corpus

    bars = Bars(screen)
    try:
        built = build_corpus(out, cache=cache, iconify=iconify, only=only, limit=limit, report=bars)
    finally:
        bars.close()
    size = built.path.stat().st_size
    screen.data(
        {
            "path": built.path,
            "datasheet_path": built.datasheet,
            "bytes": size,
            "sets": built.sets,
            "icons": built.rows,
            "near_copies": built.near,
            "dropped": built.dropped,
            "converted": built.converted,
        }
    )
    for split, count in built.rows.items():
        screen.line(f"{split:12} {count:>9,} icons, {built.near.get(split, 0):,} near copies")
    if built.dropped:
        screen.line(f"left out     {sum(built.dropped.values()):>9,}: see {built.datasheet}")
    screen.line(f"{built.path}: {size / 1e6:.1f} MB from {built.sets} sets", "green")
    return DONE
