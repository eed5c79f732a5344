"""Small icons, a clock and an empty library for the tests of memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from memory.records import Exemplar
from svggen.icon import icon_id, parse

SHAPES = {
    "house": '<path d="M3 11 L12 3 L21 11 V21 H3 Z"/>',
    "cup": '<path d="M5 6 H16 V15 A4 4 0 0 1 12 19 H9 A4 4 0 0 1 5 15 Z"/><path d="M16 8 H19 V13 H16"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="2"/><path d="M3 10 H21 M8 3 V7 M16 3 V7"/>',
    "bell": '<path d="M6 16 V11 A6 6 0 0 1 18 11 V16 L20 18 H4 Z"/><path d="M10 21 H14"/>',
    "arrow": '<path d="M4 12 H20 M14 6 L20 12 L14 18"/>',
    "circle": '<circle cx="12" cy="12" r="8"/>',
}


class Clock:
    """A minute for each question."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


def make_icon(
    name: str, *, width: float = 1.5, cap: str = "round", tags: tuple[str, ...] = (), **other: Any
) -> Exemplar:
    """An outline icon of the given subject."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="{width}" stroke-linecap="{cap}" stroke-linejoin="{cap if cap != "butt" else "miter"}">'
        f"{SHAPES[name]}</svg>"
    )
    icon = parse(svg)
    fields: dict[str, Any] = {
        "source": "library",
        "licence": "own",
        "created_at": "2026-11-23T12:00:00+00:00",
        "prompt": f"draw a {name}",
        **other,
    }
    return Exemplar(icon_id(icon), name, icon, tags, **fields)


class NoLibrary:
    """A library without icons."""

    def search(self, query: str, **options: Any) -> list[Any]:
        return []
