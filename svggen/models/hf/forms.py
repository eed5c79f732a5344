"""What a model writes -> SVG text, in each form that a profile may name.

Contract. ``svg_of(text, profile)`` gives SVG text, which is still to be read as any foreign text is, and notes on what
was left out on the way. Never raises for what a model wrote: text without a drawing comes back as it is.
"""

from __future__ import annotations

import re

from svggen.errors import SvgGenError
from svggen.models.hf.profile import Profile

__all__ = ["svg_of"]

_CHAT = re.compile(r"<\|(?:im_start|im_end|endoftext|end)\|>")
_SEMANTIC = re.compile(r"\[?<\|START_OF_SVG\|>.*?(?:<\|END_OF_SVG\|>\]?|\Z)", re.DOTALL)


def svg_of(text: str, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """(SVG text, notes)"""
    form = profile.output.form
    if form == "svg":
        return text, ()
    text = _CHAT.sub("", text)
    return _hivg(text, profile.canvas) if form == "hivg" else _llm4svg(text)


def _hivg(text: str, canvas: int) -> tuple[str, tuple[str, ...]]:
    from svggen.tokens.hivg import svg_text

    try:
        found = svg_text(text, canvas)
    except SvgGenError:
        return text, ()
    notes = []
    if found.segments:
        notes.append(f"{found.segments} learned segments could not be read")
    if found.dropped:
        notes.append(f"{found.dropped} tokens in the wrong place were passed over")
    # what broke off stays open, so that its reader says so
    return (found.svg if found.closed else found.svg.removesuffix("</svg>")), tuple(notes)


def _llm4svg(text: str) -> tuple[str, tuple[str, ...]]:
    from svggen.icon import serialise
    from svggen.tokens import semantic

    found = _SEMANTIC.findall(text)
    if not found:
        return text, ()
    last = found[-1]
    whole = "END_OF_SVG" in last
    try:
        return serialise(semantic.read([last if whole else f"{last}<|END_OF_SVG|>"])), (
            () if whole else ("the drawing breaks off: what was there of it is drawn",)
        )
    except SvgGenError as error:
        return "", (f"its tokens are no drawing: {error}",)
