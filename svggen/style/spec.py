"""StyleSpec: how an icon looks, as data.

Contract. Lengths are units of a 24 px canvas. A field that is None is free (in a wish) or not measurable (in a
measure). Every value is checked when a StyleSpec is made: a wrong type or a value out of range raises StyleError,
which names the field, the value and what is allowed. This module imports nothing heavy."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, TypeAlias

from svggen.errors import StyleError

__all__ = ["CHOICES", "RANGES", "Cap", "Join", "Mode", "StyleSpec"]

Mode: TypeAlias = Literal["outline", "filled", "duotone", "color"]
Cap: TypeAlias = Literal["butt", "round", "square"]
Join: TypeAlias = Literal["miter", "round", "bevel"]

RANGES: Final[dict[str, tuple[float, float]]] = {
    "stroke_width": (0.25, 6.0),
    "corner_radius": (0.0, 8.0),
    "secondary_opacity": (0.0, 1.0),
    "grid": (8, 512),
    "padding": (0.0, 8.0),
    "detail": (0.0, 1.0),
}
"""Allowed range of each number, both ends included."""

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "cap": ("butt", "round", "square"),
    "join": ("miter", "round", "bevel"),
    "mode": ("outline", "filled", "duotone", "color"),
}
"""Allowed words of each choice."""

_MAX_COLOURS: Final = 32
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class StyleSpec:
    """The typed style.

    stroke_width: seen line width, 0.25..6. cap, join: of line ends and corners. corner_radius: 0..8 (0 is sharp),
    of the centre line of strokes and of the edge of solid areas. mode: outline (lines), filled (solid areas),
    duotone (a second, lighter tone), color (two or more hues). palette: colours by weight of use,
    ``("currentColor",)`` or ``#rrggbb``. secondary_opacity: of the second tone, 0..1. grid: canvas in px that it is
    delivered on (16, 20, 24, 32, 48 ...). padding: canvas edge to ink along the longer side of the ink, 0..8.
    detail: length of all edges, 0 (a dot) .. 1 (a map). pixel_art: drawn from axis-parallel steps."""

    stroke_width: float | None = None
    cap: Cap | None = None
    join: Join | None = None
    corner_radius: float | None = None
    mode: Mode | None = None
    palette: tuple[str, ...] | None = None
    secondary_opacity: float | None = None
    grid: int | None = None
    padding: float | None = None
    detail: float | None = None
    pixel_art: bool | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            _check_number(name, getattr(self, name), low, high)
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            if value is not None and value not in allowed:
                raise StyleError(f"{name} is {value!r}; allowed: {', '.join(allowed)}")
        _check_palette(self.palette)
        if self.pixel_art is not None and not isinstance(self.pixel_art, bool):
            raise StyleError(f"pixel_art is {self.pixel_art!r}; allowed: true or false")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the fields that are None; palette as a list."""
        out = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        if "palette" in out:
            out["palette"] = list(out["palette"])
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> StyleSpec:
        """The inverse of ``to_dict``; raises StyleError for an unknown field or a value out of range."""
        if not isinstance(data, Mapping):
            raise StyleError(f"a style is an object of fields, not {type(data).__name__}")
        known = {f.name for f in fields(cls)}
        unknown = sorted(str(k) for k in set(data) - known)
        if unknown:
            raise StyleError(f"unknown style field {unknown[0]!r}; known: {', '.join(sorted(known))}")
        values = dict(data)
        palette = values.get("palette")
        if palette is not None:
            if isinstance(palette, str) or not isinstance(palette, (list, tuple)):
                raise StyleError(f"palette is {palette!r}; allowed: a list of colours")
            values["palette"] = tuple(c.lower() if isinstance(c, str) and c.startswith("#") else c for c in palette)
        return cls(**values)

    def over(self, base: StyleSpec) -> StyleSpec:
        """This style's own fields where set, those of ``base`` elsewhere."""
        mine = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return replace(base, **mine)


def _check_number(name: str, value: Any, low: float, high: float) -> None:
    if value is None:
        return
    whole = name == "grid"
    kind_ok = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not kind_ok or not math.isfinite(value) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise StyleError(f"{name} is {value!r}; allowed: {kind} from {low:g} to {high:g}")


def _check_palette(palette: Any) -> None:
    if palette is None:
        return
    if not isinstance(palette, tuple) or not 1 <= len(palette) <= _MAX_COLOURS:
        raise StyleError(f"palette is {palette!r}; allowed: a tuple of 1 to {_MAX_COLOURS} colours")
    for colour in palette:
        if not isinstance(colour, str) or (colour != "currentColor" and not _COLOUR.fullmatch(colour)):
            raise StyleError(f"palette holds {colour!r}; allowed: currentColor or lower-case #rrggbb")
