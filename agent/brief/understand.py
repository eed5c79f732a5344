"""A message in, a Brief out: by rules, one clause after the other.

Contract. ``understand`` never raises for any text and is linear in its length; what it did not understand it says in
``not_understood``. A wish for one drawing stays in ``style``; only standing clauses give ``statements``. Text that
reads like an order to the program ("ignore previous instructions") is words like any other: it sets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.brief import clauses, intents, statements, styles
from agent.brief import edits as edit_words
from agent.brief.clauses import Reading, leftover, lower_case
from agent.brief.text import clean, is_foreign, sentences
from agent.brief.types import Brief, BriefContext, Kind
from memory.records import Statement
from svggen.errors import StyleError
from svggen.style import StyleSpec

MAX_SUBJECT_WORDS = 14
"""A picture of 24 px holds two or three ideas; a longer description is cut, and said to be."""


def understand(text: object, *, context: BriefContext | None = None) -> Brief:
    """One message, understood; never raises. See ``Brief`` for what comes out."""
    context = context or BriefContext()
    cleaned = clean(text)
    shown = text if isinstance(text, str) else ""
    if cleaned.refused:
        return Brief(shown[:200], "refused", not_understood=(cleaned.refused,), notes=cleaned.notes)
    if not re.search(r"\w", cleaned.text):
        words = ("there are no words in it",) if cleaned.text else ()
        return Brief(shown[:200], "empty", not_understood=words, notes=cleaned.notes)
    lower = lower_case(cleaned.text)
    named = context.drawing and len(lower.split()) <= 2 and not re.search(r"\b(?:it|this|that|them)\b|\?", lower)
    whole = None if named else _conversation(cleaned.text, lower, context)
    if whole is not None:
        return replace(whole, notes=(*cleaned.notes, *whole.notes))
    reading = Reading(notes=list(cleaned.notes))
    for sentence in sentences(cleaned.text):
        for clause in clauses.split(sentence):
            clauses.read(clause, reading, context)
    return _brief(cleaned.text, reading, context)


def understand_statements(text: object, *, brand_color: str | None = None) -> Brief:
    """Text that was given to be remembered as a whole: every style phrase in it is a statement."""
    cleaned = clean(text)
    if cleaned.refused:
        return Brief("", "refused", not_understood=(cleaned.refused,), notes=cleaned.notes)
    if not re.search(r"\w", cleaned.text):
        return Brief(cleaned.text, "empty", notes=cleaned.notes)
    reading = Reading(notes=list(cleaned.notes))
    whole_scope = statements.scope_of(lower_case(cleaned.text))
    for sentence in sentences(cleaned.text):
        lower = lower_case(sentence)
        slots = intents.forget(lower)
        if slots:
            reading.forget.extend(slots)
            continue
        found, spans = statements.read(lower, sentence, brand_color=brand_color, default_scope=whole_scope)
        reading.statements.extend(found)
        leftover(sentence, spans, reading, found=bool(found))
    kind: Kind = "forget" if reading.forget and not reading.statements else "remember"
    return Brief(
        cleaned.text,
        kind,
        statements=_last_wins(reading.statements),
        forget=tuple(reading.forget),
        project=statements.project_of(cleaned.text),
        not_understood=tuple(reading.left),
        notes=tuple(reading.notes),
    )


def _conversation(text: str, lower: str, context: BriefContext) -> Brief | None:
    """Messages that are no description: questions, answers to what was shown, small talk."""
    bare = re.sub(r"\b(?:please|pls)\b", "", lower)
    bare = re.sub(r"\s+", " ", bare).strip(" .!,")
    ask = intents.question(bare)
    if ask:
        return Brief(text, "ask", question=ask[0], about=ask[1])
    if edit_words.is_undo(lower) and (context.has_icon or not re.match(r"^(?:undo|restore|revert)$", bare)):
        return Brief(text, "smalltalk" if bare.startswith("never mind") and not context.has_icon else "undo")
    picked = edit_words.pick(bare)
    marked = f"{bare[: picked[1]]}{{pick}}{bare[picked[2] :]}" if picked else bare
    if intents.is_smalltalk(bare) and not (context.has_icon and intents.is_accept(bare)):
        return Brief(text, "smalltalk")
    if intents.is_accept(re.sub(r"\b(?:pick|choose|take) \{pick\}", "take {pick}", marked)) and not (
        picked and marked == "{pick}"
    ):
        return Brief(text, "accept", pick=picked[0] if picked else None)
    reason = intents.reject(bare)
    verdict = re.match(r"(?:no|nope|nah|reject|discard|i |none|neither)\b", bare)
    if reason and context.has_icon and not verdict and edit_words.find(reason):
        return None  # "it's too small": an edit
    if (
        reason
        and context.has_icon
        and not re.search(r"\b(?:too|not|isn't|doesn't)\b", reason)
        and (styles.find(reason) or edit_words.find(reason))
    ):
        return None  # "no, use blue": not a verdict but a correction
    if reason is not None and (context.has_icon or not clauses.asks_to_draw(reason)):
        changes = tuple(f.edit for f in edit_words.find(reason)) if context.has_icon else ()
        return Brief(text, "reject", reason=reason, edits=changes, pick=picked[0] if picked else None)
    return None


def _last_wins(found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Within one message the later word on a slot (in one scope) stands."""
    return tuple({(s.slot, s.scope): s for s in found}.values())


def _brief(text: str, reading: Reading, context: BriefContext) -> Brief:
    subject = ", ".join(dict.fromkeys(reading.subjects))
    words = subject.split()
    if len(words) > MAX_SUBJECT_WORDS:
        reading.left.append(" ".join(words[MAX_SUBJECT_WORDS:])[:200])
        subject = " ".join(words[:MAX_SUBJECT_WORDS])
    if subject and is_foreign(subject):
        reading.notes.append("this does not read like English, the only language understood so far")
        reading.left.append(subject)
    try:
        style = StyleSpec.from_dict(reading.style)
    except StyleError as error:
        style = StyleSpec()
        reading.left.append(str(error))
    kind = _kind(subject, style, reading, context)
    if kind in ("edit", "pick") and not context.has_icon:
        reading.notes.append("there is no icon yet that could be changed")
    return Brief(
        text,
        kind,
        subject,
        style,
        tuple(dict.fromkeys(reading.avoid)),
        reading.brand,
        _last_wins(reading.statements),
        tuple(reading.edits),
        reading.pick,
        statements.project_of(text),
        tuple(dict.fromkeys(reading.forget)),
        not_understood=tuple(dict.fromkeys(reading.left)),
        notes=tuple(reading.notes),
    )


def _kind(subject: str, style: StyleSpec, reading: Reading, context: BriefContext) -> Kind:
    wished = bool(style.to_dict()) or bool(reading.avoid) or reading.brand
    if subject:
        return "draw"
    if reading.edits or (reading.referred and wished) or (wished and context.has_icon):
        return "edit"
    if reading.pick is not None:
        return "pick"
    if reading.statements:
        return "remember"
    if reading.forget:
        return "forget"
    return "empty" if wished or not reading.left else "draw"
