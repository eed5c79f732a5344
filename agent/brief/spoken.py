"""A Brief in plain English words, whatever language the message was in: to find it again by what it spoke of.

Contract. ``spoken(brief)`` holds the words that ``Brief.back`` and ``Brief.described`` may name ("filled", "blue",
"badge"); the order means nothing. Deterministic.
"""

from __future__ import annotations

from functools import lru_cache

from agent.brief.colours import NAMES
from agent.brief.types import Brief


def spoken(brief: Brief) -> str:
    """ "加一个徽章，换成蓝色" is "add badge blue"."""
    style = brief.style.to_dict()
    out = [brief.subject, brief.described]
    out += [f"{edit.op} {edit.argument.replace('->', ' ')}" for edit in brief.edits if edit.op != "combine"]
    out += [_colour(str(value)) for value in style.get("palette", ())]
    out += [str(style[name]) for name in ("mode", "cap", "join") if name in style]
    out += ["pixel art"] if style.get("pixel_art") else []
    out += [f"without {name}" for name in brief.avoid]
    return " ".join(" ".join(out).split())


def _colour(value: str) -> str:
    return _names().get(value, "") if value != "currentColor" else "monochrome"


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Value -> its names, the plain ones too where a shade of one is meant ("darkred" is found by "red")."""
    out: dict[str, list[str]] = {}
    for name, value in NAMES.items():
        plain = next((p for p in _PLAIN if name.endswith(p) and name != p), "")
        out.setdefault(value, []).extend(w for w in (name, plain) if w)
    return {value: " ".join(dict.fromkeys(names)) for value, names in out.items()}


_PLAIN = ("red", "blue", "green", "yellow", "orange", "pink", "purple", "gray", "grey", "brown", "violet", "cyan")
