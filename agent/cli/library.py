"""``library search | add | stats``: the icons that ship, and a folder of one's own icons made part of one's memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.check import MAX_FILE, describe_style, svg_files
from agent.cli.errors import DONE, NO_ICON, InputError, explain
from agent.cli.files import folder, read_bytes, stem, write_group
from agent.cli.memory import opened
from agent.cli.options import Home, Json, Project, User, check_prompt, settings
from agent.cli.output import Screen, Steps

if TYPE_CHECKING:
    from memory.records import Exemplar

OWN_LICENCE = "user's own"
KNOWN = 0.35  # concept score below which the library does not know the words (memory/library/search.py)
BATCH = 256  # icons given to memory at once: one durable write, and a bar that moves

app = typer.Typer(help="The icons that ship with mnemicon, and icons of your own.", no_args_is_help=False)


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="library")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='What to look for: "settings".')],
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="Icons at most.")] = 24,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the contact sheet.", show_default="the cache")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Shows what the library has for a word, as a table and as a contact sheet. Exit 1 when it has nothing
    but ideas that are near."""
    screen = Screen(as_json=as_json)
    words = check_prompt(query, "the query")
    from svggen.render import warm

    warm()
    from memory.library import open_library

    with screen.progress("searching") as steps:
        library = open_library()
        hits = library.search(words, limit=limit)
        sheet = ""
        if hits:
            steps.step("drawing the contact sheet")
            from svggen.render import contact_sheet

            items = [(library.icon(hit.index), f"{hit.name} · {hit.set}") for hit in hits]
            directory = folder(out if out is not None else settings(home).home / "cache" / "search")
            data = contact_sheet(items, title=f'"{words}" in the library')
            sheet = str(write_group(directory, f"{stem(words)}-library", {".png": data})[".png"])
    rows = [
        {
            "id": hit.id,
            "name": hit.name,
            "set": hit.set,
            "licence": hit.licence,
            "tags": list(hit.tags),
            "concept_score": round(float(hit.concept_score), 4),
            "style_score": None if hit.style_score is None else round(float(hit.style_score), 4),
            "score": round(float(hit.score), 4),
            "why": hit.why,
        }
        for hit in hits
    ]
    screen.data({"query": words, "sheet_path": sheet or None, "hits": rows})
    screen.table(
        ("name", "set", "licence", "score", "why"),
        ((r["name"], r["set"], r["licence"], f"{r['score']:.2f}", r["why"]) for r in rows),
    )
    known = any(hit.concept_score >= KNOWN for hit in hits)
    if not known:
        screen.line(f"the library has nothing for {words!r}" + ("; these are the nearest ideas" if hits else ""))
    if sheet:
        screen.line(f"contact sheet: {sheet}")
    return DONE if known else NO_ICON


@app.command()
def stats(as_json: Json = False) -> int:
    """How many icons, from which sets, under which licences."""
    screen = Screen(as_json=as_json)
    from memory.library import open_library

    numbers = open_library().stats()
    screen.data(numbers)
    screen.table(
        ("set", "name", "licence", "icons", "author"),
        ((s["id"], s["name"], s["licence"], f"{s['icons']:,}", s["author"]) for s in numbers["sets"]),
    )
    licences = ", ".join(f"{name} {count:,}" for name, count in sorted(numbers["licences"].items()))
    screen.line(
        f"{numbers['icons']:,} icons of {len(numbers['sets'])} sets in {numbers['bytes'] / 1e6:.1f} MB: {licences}"
    )
    return DONE


@app.command()
def add(
    directory: Annotated[Path, typer.Argument(help="A folder of SVG files.", metavar="DIR")],
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Makes a folder of SVG files your own set: each becomes an exemplar, their style your learned style."""
    screen = Screen(as_json=as_json)
    if not directory.is_dir():
        problem = "is a file, not a folder" if directory.exists() else "is not there"
        raise InputError(f"{directory} {problem}", hint="name a folder of SVG files")
    files, skipped = svg_files(directory)
    from svggen.style import measure_set

    broken: list[dict[str, str]] = []
    with screen.progress("reading", total=len(files)) as steps:
        exemplars = list(_exemplars(files, directory, project, broken, steps))
        if not exemplars:
            first = broken[0]
            raise InputError(f"none of the {len(files)} files can be used; {first['file']}: {first['error']}")
        steps.step("measuring the style")
        style = measure_set([exemplar.icon for exemplar in exemplars])
        added = 0
        with opened(home, user, project) as (memory, tenant):
            for start in range(0, len(exemplars), BATCH):
                steps.step(f"adding {start + 1} to {min(start + BATCH, len(exemplars))} of {len(exemplars)}")
                added += memory.add_exemplars(tenant, exemplars[start : start + BATCH])
    spec = style.spec.to_dict()
    screen.data(
        {
            "user": tenant.user,
            "project": tenant.project,
            "folder": str(directory),
            "added": added,
            "broken": broken,
            "skipped": skipped,
            "style": spec,
            "spread": {key: round(float(value), 4) for key, value in style.spread.items()},
        }
    )
    screen.line(f"icons added to the set of {tenant.user}: {added}", "green")
    screen.line(f"  style: {describe_style(spec)}")
    for entry in broken:
        screen.note(f"  skipped {entry['file']}: {entry['error']}", "yellow")
    if skipped:
        screen.note(f"  {skipped} files that are no .svg were left out")
    return DONE


def _exemplars(
    files: list[Path], directory: Path, project: str | None, broken: list[dict[str, str]], steps: Steps
) -> Iterator[Exemplar]:
    """The files as exemplars; those that cannot be used go to ``broken`` with the reason. Twice the same is one."""
    from datetime import UTC, datetime

    from memory.records import Exemplar
    from svggen.errors import SvgGenError
    from svggen.icon import icon_id
    from svggen.safety import load

    now = datetime.now(UTC).isoformat(timespec="seconds")
    seen: Counter[str] = Counter()
    for file in files:
        steps.step(f"reading {file.name}")
        steps.advance()
        try:
            icon = load(read_bytes(file, limit=MAX_FILE, what="SVG file"))
            identity = icon_id(icon)
        except (InputError, SvgGenError) as error:
            broken.append({"file": str(file), "error": explain(error).line})
            continue
        seen[identity] += 1
        if seen[identity] > 1:
            continue
        name = stem(file.stem)
        folders = [stem(part) for part in file.relative_to(directory).parts[:-1]]
        tags = tuple(dict.fromkeys([*name.split("-"), *folders]))[:16]
        yield Exemplar(identity, name, icon, tags, f"library add {directory.name}", OWN_LICENCE, now, project)
