"""``models list``, ``models check NAME``, ``models fetch NAME``: who can draw, what each needs, and whether it does.

Contract. ``list`` looks at installed packages and files only: nothing is loaded, nothing leaves the machine. ``check``
loads the model and draws one icon; exit code 0 where it drew one, 1 where it drew none, 2 where it cannot be loaded.
``fetch`` downloads weights into the Hugging Face cache: the one command of this program that does.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import BAD_INPUT, DONE, NO_ICON, InputError
from agent.cli.files import write_file
from agent.cli.options import MAX_PROMPT, Json
from agent.cli.output import Screen

if TYPE_CHECKING:
    from svggen.models.base import Draft, Reference, SvgModel
    from svggen.models.catalogue import ModelCard

app = typer.Typer(help="The models that draw: what each can do, what it needs, whether it works here.")

SECONDS = 600.0
"""Of a check at most: the first drawing of a large model on a processor takes minutes."""

Name = Annotated[str, typer.Argument(help="A model, as for draw --model.", metavar="NAME")]


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="models")


@app.command("list")
def list_models(as_json: Json = False) -> int:
    """What each model can do, the memory it needs, its licences, and what is missing for it here."""
    from svggen.models.catalogue import cards, missing

    screen = Screen(as_json=as_json)
    rows = [(card, missing(card.name)) for card in cards().values()]
    screen.data([_row(card, absent) for card, absent in rows])
    if not as_json:
        _table(screen, rows)
    return DONE


def _row(card: ModelCard, absent: list[str]) -> dict[str, Any]:
    return {
        "name": card.name, "takes": card.takes or None, "tasks": list(card.tasks), "ready": not absent,
        "missing": absent, "memory_gb": card.memory_gb, "licence": card.licence,
        "weights_licence": card.weights_licence, "checked": card.checked,
    }  # fmt: skip


def _table(screen: Screen, rows: list[tuple[ModelCard, list[str]]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("model", "draws from", "GB", "code / weights", "here"):
        table.add_column(column, justify="right" if column == "GB" else "left", overflow="fold")
    for card, absent in rows:
        table.add_row(
            card.name, ", ".join(card.tasks), f"{card.memory_gb:g}" if card.memory_gb else "",
            f"{card.licence} / {card.weights_licence}", "ready" if not absent else "; ".join(absent),
        )  # fmt: skip
    screen.out.print(table)
    screen.line("takes more after a colon:", "dim")
    for card, _ in rows:
        if card.takes:
            screen.line(f"  {card.name}:{card.takes}", "dim")


@app.command("check")
def check_model(
    name: Name,
    words: Annotated[str, typer.Option("--words", help="What to draw.")] = "a coffee cup",
    image: Annotated[
        Path | None, typer.Option("--image", help="A PNG or JPEG to draw from.", show_default="a ring, where needed")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the SVG there.", metavar="FILE.svg")] = None,
    as_json: Json = False,
) -> int:
    """Loads a model and has it draw one icon."""
    from svggen.icon import serialise
    from svggen.models import get_model, model_entry
    from svggen.models.base import Budget, DrawRequest
    from svggen.models.catalogue import cards

    if len(words) > MAX_PROMPT:
        raise InputError(f"--words has {len(words):,} characters", hint=f"at most {MAX_PROMPT:,}")
    screen = Screen(as_json=as_json)
    own, argument, _ = model_entry(name)
    card = cards().get(own)
    started = time.perf_counter()
    with screen.progress(f"loading {name}"):
        model = _alone(own, argument) if argument is not None and own == "remote" else get_model(name)
        request = DrawRequest(words, references=_references(own, words), n=1, budget=Budget(seconds=SECONDS))
        if image is not None or (card is not None and "words" not in card.tasks):
            request = replace(request, image=_picture(image))
        drafts = model.generate(request)
    drawn = next((d for d in drafts if d.icon is not None), None)
    told = drawn or (drafts[0] if drafts else None)
    svg = serialise(drawn.icon) if drawn is not None and drawn.icon is not None else None
    if out is not None and svg is not None:
        write_file(out, svg.encode())
    took = round(time.perf_counter() - started, 2)
    screen.data({"name": name, "drew": drawn is not None, "svg": svg, "seconds": took, **_facts(told)})
    if drawn is None:
        reason = "; ".join(told.notes) or str(told.failure) if told is not None else "it gave no drawing"
        screen.line(f"{name} was asked and drew nothing: {reason}", "red")
        return NO_ICON
    screen.line(f"{name} (revision {drawn.revision}) drew {words!r} in {took:.1f} s")
    for line in (*drawn.steps, *drawn.notes):
        screen.line(f"  {line}", "dim")
    screen.line(str(out) if out is not None else svg or "")
    return DONE


def _alone(own: str, url: str) -> SvgModel:
    """A server's client that nobody stands in for: it is the server that is checked."""
    from svggen.models.remote import RemoteModel

    return RemoteModel(url, fallback=None)


def _references(own: str, words: str) -> tuple[Reference, ...]:
    """What the models that draw from exemplars are given: those that the library has for the words."""
    if own not in ("auto", "library"):
        return ()
    from agent.brief import understand
    from agent.recalling import recall_for
    from agent.state import IconContext

    return recall_for(IconContext(), understand(words), None, None).references


def _facts(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"model": None, "revision": None, "failure": None, "tokens": 0, "steps": [], "notes": []}
    return {
        "model": draft.model, "revision": draft.revision, "failure": draft.failure, "tokens": draft.tokens,
        "steps": list(draft.steps), "notes": list(draft.notes),
    }  # fmt: skip


def _picture(path: Path | None) -> bytes:
    """The bytes of a picture; of a ring, as our own renderer draws it, where none is named."""
    if path is not None:
        from svggen.pictures import load_picture, picture_bytes

        data = picture_bytes(path)
        load_picture(data, name=str(path))
        return data
    from svggen.icon import parse
    from svggen.render import png

    ring = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000000" stroke-width="2">'
        '<circle cx="12" cy="12" r="8"/></svg>'
    )
    return png(parse(ring), 256)


@app.command("fetch")
def fetch_model(name: Name, as_json: Json = False) -> int:
    """Downloads the weights of a model into the Hugging Face cache (several GB; asks nothing)."""
    from svggen.models.catalogue import fetch, missing

    screen = Screen(as_json=as_json)
    with screen.progress(f"fetching {name}"):
        folders = fetch(name)
    absent = missing(name)
    screen.data({"name": name, "folders": [str(f) for f in folders], "ready": not absent, "missing": absent})
    for folder in folders:
        screen.line(str(folder))
    for line in absent:
        screen.line(f"still missing: {line}", "red")
    return DONE if not absent else BAD_INPUT
