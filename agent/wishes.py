"""What is wanted in the end: the request's wishes, what memory knows, and what must be avoided, joined to one
StyleSpec.

Contract. Pure functions. The order of strength: the caller's explicit style, the words of this request, stated
preferences, what the user's icons show. A ban ("never filled") yields only to an explicit wish for the thing in this
request.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from agent.brief import Brief
from agent.brief.colours import parse as parse_colour
from agent.brief.colours import shade
from agent.editor import APPLIED, REDRAWN
from svggen.style import Mode, StyleSpec

_HUE_NEAR = 20 / 360
"""Two hues at most this far apart (of 1) bear the same plain name: CSS red and crimson are 12 degrees apart, red and
orange 39."""

_MODES: dict[str, tuple[str, ...]] = {
    "filled": ("filled", "fill", "fills", "solid", "filled icons"),
    "outline": ("outline", "outlines", "outlined", "outline icons"),
    "duotone": ("duotone",),
    "color": ("color", "colour", "colors", "colours"),
}
"""Mode -> what a ban on it is called."""
_OTHER: dict[str, Mode] = {"filled": "outline", "outline": "filled"}
"""The plain choice that a ban on the other leaves."""
_ROUND_CORNERS = ("round corners", "rounded corners")
_SHARP_CORNERS = ("sharp corners", "square corners")
_PIXELS = ("pixel art", "pixels")
_CAPS = {
    "round caps": "round",
    "rounded caps": "round",
    "square caps": "square",
    "butt caps": "butt",
    "flat caps": "butt",
}


def asked_style(brief: Brief, explicit: StyleSpec, brand_color: str | None) -> StyleSpec:
    """What this request itself asks for."""
    style = brief.style
    if brief.brand and brand_color and style.palette is None:
        style = replace(style, palette=(brand_color,))
    return explicit.over(style)


def factors(brief: Brief) -> dict[str, float]:
    """ "thicker", "rounder" as factors by what they change. What is said of a part ("the handle bigger") is none of the
    whole icon."""
    whole = (e for e in brief.edits if e.amount and not e.argument)
    return {e.op: e.amount for e in whole if e.op not in APPLIED and e.op not in REDRAWN}


def wanted_style(
    asked: StyleSpec, recalled: StyleSpec, avoid: Iterable[str], compared: Mapping[str, float]
) -> StyleSpec:
    """The style to draw in. avoid: names as ``agent.brief.styles`` gives them, or plain nouns (those change no
    style)."""
    style = asked.over(recalled)
    if compared:
        style = asked.over(relative_style(style, dict(compared)).over(style))
    for name in avoid:
        style = _without(style, asked, name.lower().strip())
    return style


def relative_style(seen: StyleSpec, factors: dict[str, float]) -> StyleSpec:
    """ "thicker", "rounder", "bigger" as fields, from what is seen. Corners that are sharp start at 1 px, so that
    "rounder" is seen; 24 px canvas."""
    out = StyleSpec()
    for op, factor in factors.items():
        if op == "stroke":
            width = (seen.stroke_width or 2.0) * factor
            out = replace(out, stroke_width=_clamp(round(width * 20) / 20, 0.25, 6.0))
        elif op == "corners":
            radius = seen.corner_radius or 0.0
            radius = max(radius * factor, radius + 1.0) if factor > 1 else max(0.0, min(radius * factor, radius - 0.5))
            ends = (
                {"cap": "round", "join": "round"}
                if factor > 1
                else ({"cap": "butt", "join": "miter"} if radius < 0.25 else {})
            )
            out = replace(out, corner_radius=_clamp(radius, 0.0, 8.0), **ends)  # type: ignore[arg-type]
        elif op in ("scale", "padding"):
            padding = 2.0 if seen.padding is None else seen.padding
            wanted = (24 - (24 - 2 * padding) * factor) / 2 if op == "scale" else max(padding, 0.5) * factor
            out = replace(out, padding=_clamp(wanted, 0.0, 8.0))
        elif op == "opacity":
            out = replace(out, secondary_opacity=_clamp((seen.secondary_opacity or 0.4) * factor, 0.05, 1.0))
        elif op == "shade" and seen.palette:
            step = 1 - 1 / factor if factor > 1 else factor - 1
            out = replace(out, palette=tuple(c if c[0] != "#" else shade(c, step) for c in seen.palette))
    return out


def _clamp(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def _without(style: StyleSpec, asked: StyleSpec, name: str) -> StyleSpec:
    """``style`` with the ban on ``name``, where this request does not ask for it."""
    changes: dict[str, Any] = {}
    mode = next((m for m, words in _MODES.items() if name in words), None)
    if mode is not None and asked.mode is None and style.mode in (None, mode):
        if mode in _OTHER:
            changes["mode"] = _OTHER[mode]
        elif style.mode == mode:
            changes["mode"] = None
    if mode == "color" and asked.palette is None:
        changes["palette"] = ("currentColor",)
    if name in _ROUND_CORNERS and asked.corner_radius is None:
        changes.update(corner_radius=0.0, join="miter")
    if name in _SHARP_CORNERS and asked.corner_radius is None and not style.corner_radius:
        changes.update(corner_radius=2.0, join="round")
    if name in _PIXELS and asked.pixel_art is None:
        changes["pixel_art"] = False
    cap = _CAPS.get(name)
    if cap and asked.cap is None and style.cap in (None, cap):
        changes["cap"] = "butt" if cap == "round" else "round"
    color = parse_colour(name)
    if color and asked.palette is None and style.palette:
        changes["palette"] = tuple(c for c in style.palette if not same_colour(c, color)) or ("currentColor",)
    return replace(style, **changes) if changes else style


def contradicts(banned: str, field: str, value: Any) -> bool:
    """Does wishing ``field`` to be ``value`` contradict the ban on ``banned``?"""
    name = banned.lower().strip()
    if field == "mode":
        return name in _MODES.get(str(value), ())
    if field == "palette" and isinstance(value, list | tuple):
        color = parse_colour(name)
        return color is not None and any(same_colour(str(v), color) for v in value)
    if field == "corner_radius":
        return name in (_ROUND_CORNERS if value else _SHARP_CORNERS)
    if field == "cap":
        return _CAPS.get(name) == str(value)
    return field == "pixel_art" and bool(value) and name in _PIXELS


def same_colour(a: str, b: str) -> bool:
    """Would both be called by the same plain name? Near in hue, or both grey and near in lightness."""
    if a == b:
        return True
    if "currentColor" in (a, b):
        return False
    (ha, la, sa), (hb, lb, sb) = (_hls(x) for x in (a, b))
    if min(sa, sb) < 0.12 or min(la, lb) < 0.06 or max(la, lb) > 0.94:
        return max(sa, sb) < 0.25 and abs(la - lb) < 0.2
    return min(abs(ha - hb), 1 - abs(ha - hb)) <= _HUE_NEAR and abs(la - lb) < 0.35


def _hls(color: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)))


def redrawn_words(subject: str, brief: Brief) -> str:
    """The subject of a new drawing after edits such as "add a plus", "put it in a circle", "replace the sun with a
    moon"."""
    words = subject
    for edit in brief.edits:
        if edit.op == "add":
            words = f"{words} crossed out" if edit.argument == "slash" else f"{words} with a {edit.argument}"
        elif edit.op == "inside":
            words = f"{words} in a {edit.argument}"
        elif edit.op == "replace":
            old, _, new = (part.strip() for part in edit.argument.partition("->"))
            words = re.sub(rf"\b{re.escape(old)}\b", new, words) if re.search(rf"\b{re.escape(old)}\b", words) else new
    return words
