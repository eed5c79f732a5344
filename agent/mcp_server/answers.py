"""What a tool answers: words, data of a stated shape, a picture, and never too much of it.

Contract. An ``Answer`` is plain data; ``fitted`` gives one whose whole size stays below ``LIMIT``: hosts refuse results
of 1 MiB or more (Claude Desktop 1,048,576 characters), and some end the session over them. What is left out is said in
``notes``, and can be read as a resource. The TypedDicts are the output schemas that clients see and check against.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import (
    Any,
    NotRequired,  # pydantic takes typing's own from Python 3.12 only
)

from typing_extensions import TypedDict

__all__ = [
    "LIMIT",
    "Accepted",
    "Answer",
    "Checked",
    "Drawing",
    "Finding",
    "Forgotten",
    "Found",
    "Hit",
    "IconSet",
    "Recollected",
    "Remembered",
    "fitted",
    "size_of",
]

LIMIT = 900_000
"""Bytes of one result, picture in base64 included: 1 MB less room for the protocol's own words."""
MAX_TEXT = 20_000
"""Characters of an answer's words."""


class Finding(TypedDict):
    """A design rule that the icon breaks, with what was measured."""

    rule: str
    level: str
    message: str
    number: NotRequired[int]
    value: NotRequired[float | None]
    limit: NotRequired[float | None]
    fixable: NotRequired[bool]


class Candidate(TypedDict):
    """One of the drawings that were made; its SVG is the resource icon://ID.svg."""

    id: str
    score: float


class Memory(TypedDict):
    """Something remembered that shaped the drawing."""

    id: str
    text: str
    scope: str
    why: str


class Source(TypedDict):
    """An icon that the drawing was made from or that showed the style."""

    id: str
    name: str
    source: str
    licence: str
    why: str


class Decision(TypedDict):
    """What memory decided about something that was said: add, supersede, reinforce, reject or forget."""

    action: str
    reason: str
    slot: NotRequired[str]
    text: str
    id: str | None


class Drawing(TypedDict):
    """An icon. id is empty and svg too where nothing was drawn (the request was unclear: asks and options; or it only
    told memory something: learned). score is 0..1; passed: no must-rule is broken."""

    id: str
    svg: str
    uri: str
    score: float
    passed: bool
    message: str
    model: str
    findings: list[Finding]
    style: dict[str, Any]
    memories: list[Memory]
    exemplars: list[Source]
    candidates: list[Candidate]
    learned: list[Decision]
    not_understood: list[str]
    asks: str
    options: list[str]
    notes: list[str]


class Accepted(TypedDict):
    """An icon that is now one of the user's own, and what memory inferred from the last accepted ones."""

    id: str
    uri: str
    message: str
    learned: list[Decision]


class Hit(TypedDict):
    """An icon that was found. origin: own or library."""

    id: str
    name: str
    origin: str
    source: str
    licence: str
    score: float
    why: str
    svg: str


class Found(TypedDict):
    """Icons, the user's own first, then the library's, best first. known: an icon shows just this."""

    query: str
    known: bool
    hits: list[Hit]
    notes: list[str]


class Remembered(TypedDict):
    """What was kept, and what was not and why."""

    learned: list[Decision]
    not_understood: list[str]
    notes: list[str]


class Preference(TypedDict):
    """One remembered rule. origin: stated, inferred or imported."""

    id: str
    slot: str
    value: Any
    text: str
    scope: str
    origin: str
    confidence: float
    since: str


class Recollected(TypedDict):
    """What is remembered: rules, the number of own icons, and those of them that show what was asked about."""

    preferences: list[Preference]
    icons: int
    nearest: list[Source]
    notes: list[str]


class Forgotten(TypedDict):
    """The record that is gone for good."""

    forgotten: str


class Checked(TypedDict):
    """Whether an SVG is safe (else error says what was refused, where, and by which rule), the design rules that it
    breaks, its style, and the canonical SVG that is left of it."""

    safe: bool
    error: str | None
    passed: bool
    findings: list[Finding]
    style: dict[str, Any] | None
    svg: str
    notes: list[str]


class SetIcon(TypedDict):
    """One of the user's own icons."""

    id: str
    name: str
    project: str | None
    uri: str


class IconSet(TypedDict):
    """The user's own icons, newest first. count is of all; icons may hold the newest only."""

    count: int
    style: dict[str, Any]
    icons: list[SetIcon]
    notes: list[str]


@dataclass(frozen=True)
class Answer:
    """text: for a language model to read. data: of one of the shapes above. png: a picture to look at. svg: the icon as
    text. uri: of the resource that holds the icon, "" where there is none."""

    text: str
    data: dict[str, Any]
    png: bytes | None = None
    svg: str = ""
    uri: str = ""


def size_of(answer: Answer) -> int:
    """Bytes that the answer takes in JSON (base64 makes four of three)."""
    words = len(json.dumps([answer.text, answer.svg, answer.data], ensure_ascii=False).encode("utf-8", "replace"))
    return words + len(answer.png or b"") * 4 // 3


def fitted(answer: Answer, limit: int = LIMIT) -> Answer:
    """The answer, below ``limit`` bytes: what is least missed is left out first."""
    if len(answer.text) > MAX_TEXT:
        answer = replace(answer, text=answer.text[: MAX_TEXT - 1] + "…")
    for shorten in (_no_listed_svg, _svg_once, _short_lists, _no_picture, _no_svg, _shortest):
        if size_of(answer) <= limit:
            return answer
        answer = shorten(answer)
    return answer


def _no_listed_svg(answer: Answer) -> Answer:
    """The icons of a list without their SVG."""
    data = dict(answer.data)
    for key, value in data.items():
        if isinstance(value, list) and any(isinstance(row, dict) and row.get("svg") for row in value):
            data[key] = [{**row, "svg": ""} for row in value]
    return _noted(replace(answer, data=data), "the SVG of the icons in the list was left out: the answer is too large")


def _svg_once(answer: Answer) -> Answer:
    """The SVG in the data only."""
    return replace(answer, svg="") if answer.svg and answer.data.get("svg") else answer


def _short_lists(answer: Answer) -> Answer:
    """Of each list the first twenty."""
    cut = {k: v[:20] if isinstance(v, list) else v for k, v in answer.data.items()}
    return _noted(replace(answer, data=cut), "lists were cut to 20 entries: the answer is too large")


def _no_picture(answer: Answer) -> Answer:
    return _noted(replace(answer, png=None), "the picture was left out: the answer is too large")


def _no_svg(answer: Answer) -> Answer:
    data = {**answer.data, "svg": ""} if "svg" in answer.data else answer.data
    where = f": read {answer.uri}" if answer.uri else ""
    return _noted(replace(answer, svg="", data=data), f"the SVG was left out, it is too large{where}")


def _shortest(answer: Answer) -> Answer:
    """Nothing but the first letters of everything: a record that holds a novel."""
    data: dict[str, Any] = {}
    for key, value in answer.data.items():
        data[key] = (
            type(value)() if isinstance(value, list | dict) else value[:200] if isinstance(value, str) else value
        )
    return _noted(replace(answer, data=data), "nearly everything was left out: the answer is too large")


def _noted(answer: Answer, note: str) -> Answer:
    notes = answer.data.get("notes")
    return replace(answer, data={**answer.data, "notes": [*notes, note]}) if isinstance(notes, list) else answer
