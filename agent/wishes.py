"""What is wanted in the end: the request's wishes, what memory knows, and what must be avoided, joined to one StyleSpec.

Contract. Pure functions. The order of strength: the caller's explicit style, the words of this request, stated preferences,
what the user's icons show. A ban ("never filled") yields only to an explicit wish for the thing in this request.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from agent.brief import Brief
from agent.brief.colours import parse as parse_colour
from agent.editor import REDRAWN, relative_style
from svggen.style import StyleSpec

_HUE_NEAR = 20 / 360
"""Two hues at most this far apart (of 1) bear the same plain name: CSS red and crimson are 12 degrees apart, red and orange 39."""


def asked_style(brief: Brief, explicit: StyleSpec, brand_color: str | None) -> StyleSpec:
    """What this request itself asks for."""
    style = brief.style
    if brief.brand and brand_color and style.palette is None:
        style = replace(style, palette=(brand_color,))
    return explicit.over(style)


def factors(brief: Brief) -> dict[str, float]:
    """ "thicker", "rounder" as factors by what they change."""
    return {e.op: e.amount for e in brief.edits if e.amount and e.op not in ("rotate",) and e.op not in REDRAWN}


def wanted_style(asked: StyleSpec, recalled: StyleSpec, avoid: Iterable[str], compared: Mapping[str, float]) -> StyleSpec:
    """The style to draw in. avoid: names as ``agent.brief.styles`` gives them, or plain nouns (those change no style)."""
    style = asked.over(recalled)
    if compared:
        style = asked.over(relative_style(style, dict(compared)).over(style))
    for name in avoid:
        style = _without(style, asked, name.lower().strip())
    return style


def _without(style: StyleSpec, asked: StyleSpec, name: str) -> StyleSpec:
    changes: dict[str, Any] = {}
    if name in ("filled", "fill", "fills", "solid") and asked.mode is None and style.mode in (None, "filled"):
        changes["mode"] = "outline"
    elif name in ("outline", "outlines", "outlined") and asked.mode is None and style.mode in (None, "outline"):
        changes["mode"] = "filled"
    elif name == "duotone" and asked.mode is None and style.mode == "duotone":
        changes["mode"] = None
    elif name in ("color", "colour", "colors", "colours"):
        if asked.mode is None and style.mode == "color":
            changes["mode"] = None
        if asked.palette is None:
            changes["palette"] = ("currentColor",)
    elif name in ("round corners", "rounded corners") and asked.corner_radius is None:
        changes.update(corner_radius=0.0, join="miter")
    elif name in ("sharp corners", "square corners") and asked.corner_radius is None and not style.corner_radius:
        changes.update(corner_radius=2.0, join="round")
    elif name in ("pixel art", "pixels") and asked.pixel_art is None:
        changes["pixel_art"] = False
    elif re.fullmatch(r"(round|rounded|square|butt|flat) caps", name) and asked.cap is None:
        banned = {"rounded": "round", "flat": "butt"}.get(name.split()[0], name.split()[0])
        if style.cap in (None, banned):
            changes["cap"] = "butt" if banned == "round" else "round"
    elif (color := parse_colour(name)) and asked.palette is None and style.palette:
        kept = tuple(c for c in style.palette if not same_colour(c, color))
        changes["palette"] = kept or ("currentColor",)
    return replace(style, **changes) if changes else style


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


def with_vocabulary(words: str, vocabulary: Mapping[str, str]) -> tuple[str, list[str]]:
    """The subject with the user's own metaphors in it ("settings" -> "cog"), and the concepts that were replaced. Each place
    is replaced once, so that "a house for home" and "a home for house" do not chase one another."""
    used: list[str] = []

    def put(m: re.Match[str]) -> str:
        used.append(m[0])
        return vocabulary[m[0].lower() if m[0].lower() in vocabulary else m[0].lower().rstrip("s")]

    names = [re.escape(n) for n in sorted(vocabulary, key=len, reverse=True) if n]
    if not names:
        return words, used
    out = re.sub(rf"\b(?:{'|'.join(names)})(?![\w-])", put, words.lower())
    return (out, used) if used else (words, used)


def redrawn_words(subject: str, brief: Brief) -> str:
    """The subject of a new drawing after edits such as "add a plus", "put it in a circle", "replace the sun with a moon"."""
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
