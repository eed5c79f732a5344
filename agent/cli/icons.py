"""Folders of icons, read for the commands that look at a set as a whole: audit, unify, gaps.

Contract. ``read_folder`` reads every SVG file below a folder with progress; one that is broken, unsafe or cannot be
read stays in the list with the reason. InputError where the folder is none, or holds no SVG file at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.check import MAX_FILE, svg_files
from agent.cli.errors import InputError, explain
from agent.cli.files import read_bytes

if TYPE_CHECKING:
    from agent.cli.output import Steps
    from memory import Memory, Tenant
    from svggen.sets import Item

__all__ = ["folder_of", "read_folder", "read_own"]


def folder_of(directory: Path) -> Path:
    if not directory.is_dir():
        problem = "is a file, not a folder" if directory.exists() else "is not there"
        raise InputError(f"{directory} {problem}", hint="name a folder of SVG files")
    return directory


def read_folder(directory: Path, steps: Steps) -> list[Item]:
    """Items by relative path; InputError where not one of them can be read."""
    from svggen.errors import SvgGenError
    from svggen.safety import load
    from svggen.sets import Item

    files, _ = svg_files(folder_of(directory))
    items = []
    for number, file in enumerate(files, 1):
        if number % 100 == 1:
            steps.step(f"reading {number} of {len(files)}")
        name = file.relative_to(directory).as_posix()
        try:
            items.append(Item(name, load(read_bytes(file, limit=MAX_FILE, what="SVG file"))))
        except (InputError, SvgGenError) as error:
            items.append(Item(name, None, explain(error).line))
    if all(item.icon is None for item in items):
        raise InputError(f"none of the {len(items)} files can be read; {items[0].file}: {items[0].error}")
    return items


def read_own(memory: Memory, tenant: Tenant) -> list[Item]:
    """The user's own icons, named after what they are; InputError where there are none."""
    from svggen.sets import Item

    items: list[Item] = []
    seen: set[str] = set()
    for exemplar in memory.exemplars(tenant):
        name = exemplar.name if exemplar.name not in seen else f"{exemplar.name}-{exemplar.id[:8]}"
        seen.add(name)
        items.append(Item(f"{name}.svg", exemplar.icon))
    if not items:
        of = f"{tenant.user} has no icons" + (f" in {tenant.project}" if tenant.project else "")
        raise InputError(of, hint="mnemicon library add DIR, or mnemicon accept")
    return items
