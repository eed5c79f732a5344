"""From what the clauses gave (a ``Reading``) to the Brief: subject, kind, and what lasts.

Contract. The same for every language; nothing here reads words of the message but to tell whether the subject speaks of
the icon that is there.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brief import parts, statements
from agent.brief.gathered import Reading
from agent.brief.text import is_foreign
from agent.brief.types import Brief, BriefContext, Kind
from memory.records import Statement
from svggen.errors import StyleError
from svggen.style import StyleSpec

MAX_SUBJECT_WORDS = 14
"""A picture of 24 px holds two or three ideas; a longer description is cut, and said to be."""


def finished(text: str, reading: Reading, context: BriefContext, *, project: str | None = None) -> Brief:
    """project: the one that the statements were made for, where English words do not name it."""
    subject = _subject(reading, context)
    try:
        style = StyleSpec.from_dict(reading.style)
    except StyleError as error:
        style = StyleSpec()
        reading.left.append(str(error))
    if reading.lasting:
        _make_lasting(text, reading, style)
    kind = _kind(subject, style, reading, context)
    if kind == "draw" and not subject and reading.left and parts.chatting(context):
        return _not_understood(text, reading)
    if kind in ("edit", "pick") and not context.has_icon:
        reading.notes.append("there is no icon yet that could be changed")
    return Brief(
        text,
        kind,
        subject,
        style,
        tuple(dict.fromkeys(reading.avoid)),
        reading.brand,
        last_wins(reading.statements),
        tuple(reading.edits),
        reading.pick,
        project or statements.project_of(text),
        tuple(dict.fromkeys(reading.forget)),
        reading.question,
        reading.about,
        not_understood=tuple(dict.fromkeys(reading.left)),
        notes=tuple(reading.notes),
        picks=reading.picks,
        described=reading.described,
        back=reading.move.back if reading.move else "",
        accepts=bool(subject) and reading.verdict == "accept" and reading.firm,
    )


def _subject(reading: Reading, context: BriefContext) -> str:
    """What is to be drawn, cut to what a picture holds; in a chat, not what speaks of the icon that is there."""
    subject = ", ".join(dict.fromkeys(reading.subjects))
    words = subject.split()
    if subject and parts.chatting(context) and not reading.draws and _OF_WHAT_IS_THERE.search(subject):
        reading.left.append(subject[:200])
        reading.referred = reading.unclear = True
        return ""
    if subject and parts.chatting(context) and not reading.draws and (_TALK.match(subject) or _odd(subject)):
        reading.left.append(subject[:200])
        return ""
    if subject and parts.chatting(context) and not reading.draws and context.knows and not context.knows(subject):
        reading.left.append(subject[:200])
        return ""
    if len(words) > MAX_SUBJECT_WORDS:
        reading.left.append(" ".join(words[MAX_SUBJECT_WORDS:])[:200])
        subject = " ".join(words[:MAX_SUBJECT_WORDS])
    if subject and is_foreign(subject):
        reading.notes.append("this does not read like English or Chinese, the only languages understood so far")
        reading.left.append(subject)
    return subject


_TALK = re.compile(
    r"(?:these|those|they|them|is|are|was|were|do(?! not (?:disturb|enter|touch)\b)|does|did|can|could|would|should|will|what|which|who|how|why|when|where|because|if|either|neither|don't|doesn't|didn't|isn't|aren't|maybe|perhaps|not|never|but|or|then|there|here|my|your|our|his|her)\b"
)
"""No name of a thing begins like that; "shall I draw that?" is asked rather than drawn."""


_ODD = frozenset(
    "is are was were be been being should would will may might must does did goes going gets got keeps kept makes made less "
    "still even yet ever never quite rather really very too much enough than then soon later almost just only also instead "
    "maybe perhaps sure closer closest better worse worst same different something anything nothing someone ones it its them "
    "that these those here there i you we they your convert soften blow remember forget please thanks hate prefer want think "
    "mean looks seems feels how what why".split()
)
"""Words that hardly stand in the name of an icon: with one of them, and no word that asks for a drawing, a message is
asked about."""


def _odd(subject: str) -> bool:
    words = subject.replace(",", " ").split()
    return len(words) > 1 and bool(_ODD & set(words))


_ADDRESSED = re.compile(r"\b(?:you|your|yours|yourself|i|i'm|i've|me|myself|we|mine)\b")
""" "Draw what I said" would be no better understood."""


def _not_understood(text: str, reading: Reading) -> Brief:
    said = reading.left[0].strip()[:80]
    return Brief(
        text,
        "ask_back",
        statements=last_wins(reading.statements),
        forget=tuple(dict.fromkeys(reading.forget)),
        not_understood=tuple(dict.fromkeys(reading.left)),
        notes=tuple(reading.notes),
        asks=f"I did not understand {said!r}: shall it be drawn, or shall the icon be changed, and how?",
        options=(f"draw {said}",) if not _ADDRESSED.search(said) else (),
    )


_OF_WHAT_IS_THERE = re.compile(
    r"^(?:make|turn|keep|change|move|have|let|give|set|put|try|get|push|pull|bring|shift|align|center|centre|stretch|bend|adjust|tweak|fix|use|show|convert|add|drop) "
    r"(?:it|the|its|this|that|them|those|these|both|all|more|less|up|down)\b|^(?:it|this|that)(?:'s| is| was)\b|^(?:a (?:bit|little|lot) |much |slightly )?(?:more|less) [a-z]+$|"
    r"^(?!.*\b(?:that|who|which) (?:is|are|was|looks?|has)\b)(?:[a-z]+ ){1,4}(?:should|could|must|needs?|has to|have to|ought to|doesn't|isn't|aren't|is|are|was|were|looks?|feels?|seems?)\b"
)


def _make_lasting(text: str, reading: Reading, style: StyleSpec) -> None:
    """ "Make the strokes 2px and save that as my default": the wish is a statement too."""
    fields = style.to_dict()
    for name, value in fields.items():
        slot = f"style.{name}"
        reading.statements.append(Statement(slot, value, statements.say(slot, value), text[: statements.MAX_QUOTE]))
    if not fields:
        reading.left.append("what shall last")


def _kind(subject: str, style: StyleSpec, reading: Reading, context: BriefContext) -> Kind:
    wished = bool(style.to_dict()) or bool(reading.avoid) or reading.brand
    if subject:
        return "draw"
    if reading.move is not None:
        return reading.move.kind
    if reading.edits or reading.unclear or (reading.referred and wished) or (wished and context.has_icon):
        return "edit"
    if reading.verdict == "accept" or (reading.verdict == "reject" and not reading.statements and not reading.forget):
        return "accept" if reading.verdict == "accept" else "reject"
    if reading.pick is not None or reading.picks or reading.described:
        return "pick"
    if reading.statements:
        return "remember"
    if reading.forget:
        return "forget"
    if reading.question is not None:
        return "ask"
    if reading.said and not reading.left:
        return "smalltalk"
    return "empty" if wished or not reading.left else "draw"


def last_wins(found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Within one message the later word on a slot (in one scope) stands."""
    return tuple({(s.slot, s.scope): s for s in found}.values())
