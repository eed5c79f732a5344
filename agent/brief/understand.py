"""A message in, a Brief out: by rules, one clause after the other.

Contract. ``understand`` never raises for any text and is linear in its length; what it did not understand it says in
``not_understood``. A wish for one drawing stays in ``style``; only standing clauses give ``statements``. Text that
reads like an order to the program ("ignore previous instructions") is words like any other: it sets nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.brief import chinese, clauses, intents, parts, spelling, statements, styles
from agent.brief import edits as edit_words
from agent.brief.chinese import is_chinese
from agent.brief.clauses import leftover, lower_case
from agent.brief.finishing import MAX_SUBJECT_WORDS, finished, last_wins
from agent.brief.gathered import Reading
from agent.brief.text import clean, sentences, without_emoji
from agent.brief.types import Brief, BriefContext, Edit, Kind

if TYPE_CHECKING:
    from agent.brief.asking import Question

__all__ = ["MAX_SUBJECT_WORDS", "understand", "understand_statements"]


def understand(text: object, *, context: BriefContext | None = None) -> Brief:
    """One message, understood; never raises. See ``Brief`` for what comes out."""
    context = context or BriefContext()
    cleaned = clean(text)
    shown = text if isinstance(text, str) else ""
    if cleaned.refused:
        return Brief(shown[:200], "refused", not_understood=(cleaned.refused,), notes=cleaned.notes)
    if not re.search(r"\w", cleaned.text):
        missing = ("there are no words in it",) if cleaned.text else ()
        return Brief(shown[:200], "empty", not_understood=missing, notes=cleaned.notes)
    written = cleaned.text
    if is_chinese(written):
        written = chinese.in_english(written) or ""
        if not written:
            return chinese.understand(cleaned.text, context, cleaned.notes)
    words = spelling.plain(written)
    if parts.chatting(context):
        words = spelling.slips(words)
    lower = lower_case(words)
    named = context.drawing and len(lower.split()) <= 2 and not re.search(r"\b(?:it|this|that|them)\b|\?", lower)
    whole = None if named else _whole(cleaned.text, lower, shown, context)
    if whole is not None:
        return replace(whole, notes=(*cleaned.notes, *whole.notes))
    reading = Reading(notes=list(cleaned.notes))
    for sentence in sentences(words):
        for clause in clauses.split(sentence):
            rest = clause if named else parts.take(clause, reading, context)
            if rest.strip(" .,!?"):
                clauses.read(rest, reading, context)
    return _in_own_words(finished(cleaned.text, reading, context))


def _whole(text: str, lower: str, shown: str, context: BriefContext) -> Brief | None:
    """The message as one answer to what was shown, with its emoji or without."""
    bare = lower.strip(" .!?,")
    asked = _asked_back(bare, context)
    if asked:
        return Brief(text, "ask_back", asks=asked.asks, options=asked.options)
    whole = _conversation(text, lower, context)
    plain = without_emoji(shown)
    if whole is None and plain != shown and re.search(r"\w", plain) and parts.chatting(context):
        whole = _conversation(text, lower_case(spelling.plain(clean(plain).text)), context)
    return whole


def _asked_back(bare: str, context: BriefContext) -> Question | None:
    if not parts.chatting(context):
        return None
    from agent.brief import asking  # compiled with the first message of a chat

    return asking.english(bare, context)


def _in_own_words(brief: Brief) -> Brief:
    """Statements quote what was written, not how it was read."""
    said = brief.text[: statements.MAX_QUOTE]
    kept = tuple(s if s.quote in brief.text else replace(s, quote=said) for s in brief.statements)
    return brief if kept == brief.statements else replace(brief, statements=kept)


def understand_statements(text: object, *, brand_color: str | None = None) -> Brief:
    """Text that was given to be remembered as a whole: every style phrase in it is a statement."""
    cleaned = clean(text)
    if cleaned.refused:
        return Brief("", "refused", not_understood=(cleaned.refused,), notes=cleaned.notes)
    if not re.search(r"\w", cleaned.text):
        return Brief(cleaned.text, "empty", notes=cleaned.notes)
    if is_chinese(cleaned.text):
        return _chinese_statements(cleaned.text, brand_color, cleaned.notes)
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
        statements=last_wins(reading.statements),
        forget=tuple(reading.forget),
        project=statements.project_of(cleaned.text),
        not_understood=tuple(reading.left),
        notes=tuple(reading.notes),
    )


def _chinese_statements(text: str, brand_color: str | None, notes: tuple[str, ...]) -> Brief:
    found, slots, left = chinese.statements(text, brand_color=brand_color)
    kind: Kind = "forget" if slots and not found else "remember"
    return Brief(
        text,
        kind,
        statements=last_wins(found),
        forget=tuple(dict.fromkeys(slots)),
        project=statements.project_of(text),
        not_understood=tuple(left),
        notes=notes,
    )


def _conversation(text: str, lower: str, context: BriefContext) -> Brief | None:
    """Messages that are no description: questions, answers to what was shown, small talk."""
    bare = re.sub(r"\b(?:please|pls)\b", "", lower)
    bare = re.sub(r"\s+", " ", bare).strip(" .!,")
    ask = intents.question(bare)
    if ask and len(sentences(bare)) == 1:
        return Brief(text, "ask", question=ask[0], about=ask[1])
    if edit_words.is_undo(lower) and (context.has_icon or not re.match(r"^(?:undo|restore|revert)$", bare)):
        return Brief(text, "smalltalk" if bare.startswith("never mind") and not context.has_icon else "undo")
    if parts.chatting(context):
        from agent.brief import turns

        move = turns.find(bare, context.undone)
        if move is not None and not move.again and not bare[move.end :].strip(" .!?"):
            return Brief(text, move.kind, back=move.back)
    bare = re.sub(r"^(accept|keep|take|use) #?(\d{1,2})$", r"\1 number \2", bare)
    if context.has_icon and re.fullmatch(r"again", bare):
        return Brief(text, "edit", edits=(Edit("again", text=bare),))
    if intents.is_smalltalk(bare) and not (context.has_icon and intents.is_accept(bare)):
        return Brief(text, "smalltalk")
    return _verdict(text, bare, context)


_NAMES_TOO = frozenset(
    ("thumbs up", "thumbs down", "sold", "deal", "works", "winner", "the one", "meh", "do", "save", "use", "go with")
)
"""Answers that name an icon where nothing was shown."""


def _verdict(text: str, bare: str, context: BriefContext) -> Brief | None:
    if not context.has_icon and bare in _NAMES_TOO:
        return None
    bare = re.sub(r"^(?:(?:hm+|uh+|um+|oh|well|sorry|honestly|actually|ugh)[\s,]+)+(?=\w)", "", bare)
    marked, found = parts.marked(bare, context)
    meant = Reading()
    for one in found:
        parts.refer(meant, one)
    which: dict[str, Any] = {"pick": meant.pick, "picks": meant.picks, "described": meant.described}
    if marked != "{pick}" and intents.is_accept(re.sub(r"\b(?:pick|choose|take) \{pick\}", "take {pick}", marked)):
        return Brief(text, "accept", **which)
    reason = intents.reject(marked)
    if reason and re.fullmatch(r"(?:but |use |take |rather |i want |i meant |give me )*\{pick\}", reason):
        return Brief(text, "pick", **which)  # "not that one, the last"
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
        changes = tuple(f.edit for f in edit_words.find(reason) if f.edit.op) if context.has_icon else ()
        return Brief(text, "reject", reason=reason.replace("{pick}", "it"), edits=changes, **which)
    return None
