"""Edits and references: "thicker", "without the dot", "make it blue", "the second one", "undo".

Contract. ``find(text)`` reads lower-case text and gives each edit with its place. A comparative is a factor on what is
there; the factors are of a size that is seen at 24 px: a quarter for plain, a tenth for "a bit", a half for "much".
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.brief import styles
from agent.brief.edit_table import (
    COMPARE,
    COMPARE_RE,
    NOT_PARTS,
    NOT_SO,
    PART,
    PART_HOW,
    PLAIN,
    PLAINLY,
    STEPS,
    WHOLE,
)
from agent.brief.types import Edit


@dataclass(frozen=True, slots=True)
class FoundEdit:
    edit: Edit
    start: int
    end: int


_ORDINALS = {
    "first": 0,
    "1st": 0,
    "one": 0,
    "second": 1,
    "2nd": 1,
    "two": 1,
    "third": 2,
    "3rd": 2,
    "three": 2,
    "fourth": 3,
    "4th": 3,
    "four": 3,
    "fifth": 4,
    "5th": 4,
    "five": 4,
    "sixth": 5,
    "6th": 5,
    "six": 5,
    "seventh": 6,
    "eighth": 7,
    "last": -1,
    "final": -1,
    "left": 0,
    "leftmost": 0,
    "right": -1,
    "rightmost": -1,
}
_ORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_PICK = re.compile(
    rf"\b(?:the )(?P<o>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|seventh|eighth|last|final|leftmost|rightmost)(?: (?:one|icon|option|candidate|version|drawing|image|picture|variant))?\b(?! (?:time|thing|aid|floor|class|place))|"
    rf"\b(?:number|option|candidate|no\.?|nr\.?|variant|version|pick|choose|take)\s+#?(?P<n>\d{{1,2}}|{_ORD})\b|^\s*#(?P<h>\d{{1,2}})(?![\da-f])|"
    r"\b(?:option|candidate|variant|version) (?P<l>[a-h])\b|^(?P<p>first|second|third|fourth|last|1st|2nd|3rd|4th)(?: (?:one|please))?$|^(?P<d>[1-9])$"
)
_UNDO = re.compile(
    r"^(?:please |no,? |oops,? |ok,? )*(?:undo(?: (?:that|this|it|the last (?:change|edit|step|one)|last))?|(?:go|step|take it|roll(?: it)?|change it|put it) back(?: (?:one step|a step|to (?:the )?(?:previous|last|old|original)(?: (?:one|version))?|to (?:how|what) it was))?|revert(?: (?:that|it|this|the last change))?|the previous (?:one|version)(?: was better)?|previous version|as it was(?: before)?|restore(?: it)?|never mind(?: that| the last change)?)[\s.!]*(?:please)?[\s.!]*$"
)


def is_whole(words: str) -> bool:
    """Are these words for the whole icon, or for no part of one?"""
    return bool(WHOLE.search(words))


def find(text: str) -> list[FoundEdit]:
    """Every edit of ``text`` (lower case), in order of place, none overlapping another."""
    found: list[FoundEdit] = []
    taken = bytearray(len(text))

    def take(edit: Edit, start: int, end: int) -> None:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(FoundEdit(edit, start, end))

    for m in PART.finditer(text):
        if not WHOLE.search(m["thing"]):
            op, sign = PART_HOW[m["how"]]
            take(Edit(op, m["thing"].strip(), _amount(m, sign), m.group()), m.start(), m.end())
    for m in NOT_SO.finditer(text):
        _, op, sign = _which(m, PLAINLY)
        take(Edit(op, amount=1.25 if sign > 0 else 0.8, text=m.group()), m.start(), m.end())
    for m in COMPARE_RE.finditer(text):
        _, op, sign = _which(m, COMPARE)
        flip = -sign if m.group().startswith("not ") and "too" not in m.group() else sign
        take(Edit(op, amount=_amount(m, flip), text=m.group()), m.start(), m.end())
    for pattern, op, argument, amount in PLAIN:
        for m in pattern.finditer(text):
            edit = _plain(m, op, argument, amount)
            if edit:
                take(edit, m.start(), m.end())
    return _without_denied(sorted(found, key=lambda f: f.start))


def _which(m: re.Match[str], table: tuple[tuple[str, str, int], ...]) -> tuple[str, str, int]:
    return next(row for i, row in enumerate(table) if m[f"c{i}"] is not None)


def _amount(m: re.Match[str], sign: int) -> float:
    more, little = m["more"] or m["more2"], m["little"] or m["little2"]
    step = STEPS["more" if more else "little" if little and "too " not in m.group() else ""]
    return round(step if sign > 0 else 1 / step, 3)


def _without_denied(found: list[FoundEdit]) -> list[FoundEdit]:
    """ "Not bigger, just bolder": beside a change that is wanted, one that is denied is none. Its place stays taken."""
    wanted = [f for f in found if f.edit.amount and not f.edit.text.startswith("not ")]
    if not wanted:
        return found
    return [
        FoundEdit(replace(f.edit, op=""), f.start, f.end) if f.edit.text.startswith("not ") and _is_denied(f) else f
        for f in found
    ]


def _is_denied(found: FoundEdit) -> bool:
    return bool(found.edit.amount) and not re.match(r"not (?:be |quite )*(?:so|that|as|this|too)\b", found.edit.text)


def _plain(m: re.Match[str], op: str, argument: str, amount: float) -> Edit | None:
    if op == "rotate":
        degrees = amount
        if m.re.groups >= 2:
            degrees = float(m[1]) * (-1.0 if m[2] and m[2] not in ("right", "clockwise") else 1.0)
        return Edit("rotate", amount=degrees, text=m.group())
    groups = [re.sub(r"^(?:an?|the|some) ", "", " ".join((g or "").split())) for g in m.groups()] + ["", "", ""]
    argument = argument.replace("\\1", groups[0]).replace("\\2", groups[1]).replace("\\3", groups[2])
    if op in ("remove", "add", "replace") and (
        not argument or any(NOT_PARTS.match(part.strip()) for part in argument.split("->"))
    ):
        return None
    return Edit(op, argument, text=m.group())


def pick(text: str, at: int = 0) -> tuple[int, int, int] | None:
    """(index, start, end) of the first candidate that is meant from ``at`` on; index is 0-based, -1 the last."""
    m = _PICK.search(text, at)
    if not m:
        return None
    word = next(g for g in (m["o"], m["n"], m["h"], m["l"], m["p"], m["d"]) if g)
    if m["l"]:
        return ord(word) - ord("a"), m.start(), m.end()
    index = _ORDINALS.get(word, int(word) - 1 if word.isdigit() else None)
    return None if index is None or index < -1 else (index, m.start(), m.end())


def is_undo(text: str) -> bool:
    return bool(_UNDO.match(text))


def before_style(text: str) -> list[FoundEdit]:
    """What goes before the style words of a message about an icon: the parts which shall go ("get rid of the shadow",
    "no handle"; elsewhere "no smoking" is a sign), and what it is put into ("in a rounded square")."""
    inside = [f for f in find(text) if f.edit.op == "inside" and " " in f.edit.argument]
    found = [f for f in find(text) if f.edit.op == "remove" and _DEFINITE.search(f.edit.text)]
    found = [f for f in found if not _is_look(f.edit.argument)]
    m = _NO_PART.match(text)
    if (
        m
        and not _SIGNS.match(m["part"])
        and not NOT_PARTS.match(m["part"])
        and not any(f.end == len(m["part"]) for f in styles.find(m["part"], things=True))
    ):
        found.append(FoundEdit(Edit("remove", m["part"], text=m.group()), m.start(), m.end()))
    return [*inside, *found]


def _is_look(words: str) -> bool:
    """ "The fill", "the round corners": a look, no part."""
    return any(f.fields or f.avoid in ("filled", "outline", "color") for f in styles.find(words, things=True))


_DEFINITE = re.compile(r"\b(?:the|that|this|its|those|these)\b")
_NO_PART = re.compile(
    r"^\s*(?:please |and |but |with |also |just )*no (?:more )?(?P<part>[a-z][a-z -]{1,30}?)(?: (?:please|though|either|anymore|at all|thanks|thank you|here|on it|needed|necessary))*(?:,? (?:just|only) [a-z ]{2,30})?[\s.!]*$"
)
_SIGNS = re.compile(
    r"(?:smoking|entry|parking|phones?|dogs?|pets?|food|drinks?|photos?|photography|cameras?|littering|swimming|trespassing|vaping|alcohol|cycling|bikes?|internet|wi-?fi|signal|sound|connection|results?|data|image|video|access|symbol|sign|thanks?|way|problem|idea|need|worries|one|more|good|longer|icon|that|this|it|wait|i|you)\b"
)
"""What "no" makes a sign of, or no order at all."""
