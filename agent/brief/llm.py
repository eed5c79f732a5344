"""A message in, a Brief out, by a language model: asked once, believed as far as the message bears it out.

Contract. ``read(text, llm, context)`` gives a Brief or raises ``LlmError`` (no answer, nonsense, nothing that can be
used), so that the rules can take over. The model is given the user's own words (markup, and what files hold, left
out), the last few messages, how many candidates there are and whether there is an icon: nothing that memory, icons or
uploads say ever reaches it. Its answer is judged like a stranger's:

    kind, edits, questions    from closed lists; numbers in range; what they need (an icon, a pick) must be there
    subject, arguments        a few plain words; they are drawn, and nothing else
    statements, forget        the quote must stand word for word in the message, and bear the slot and value out
                              (``agent.brief.grounds``); wishes for one icon are none. Memory's gate still follows
    project, reason           must stand in the message

What the model takes for stated and the words do not bear out (they are of another language than the rules read, or the
model made it up) is asked back in our own words, and is remembered when the user says them. A model that obeys a text
instead of reading it can so draw the wrong icon or ask an odd question, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.brief import statements
from agent.brief.colours import parse as parse_colour
from agent.brief.finishing import MAX_SUBJECT_WORDS
from agent.brief.forms import RULES, BriefForm, EditForm
from agent.brief.grounds import borne_out, colours_said, one_off, own_words, says_forget, stands_in
from agent.brief.types import Brief, BriefContext, Edit, Kind
from agent.brief.understand import understand_statements
from agent.errors import LlmError
from memory.errors import RecordError
from memory.records import Statement
from memory.slots import check, describe
from svggen.errors import StyleError
from svggen.style import CHOICES, StyleSpec

if TYPE_CHECKING:
    from agent.llm import Llm

__all__ = ["read"]

TURNS = 3
"""Earlier messages that are shown, the last ones."""
TURN = 160
"""Characters of each."""
FACTORS = {"stroke", "corners", "scale", "padding", "detail", "opacity", "shade"}
"""Edits whose amount is a factor."""
NAMED = {"remove", "add", "inside", "replace"}
"""Edits whose argument names things."""
_ICONED: tuple[Kind, ...] = ("edit", "pick", "undo", "redo", "back")
"""Kinds that need an icon to be there."""
_PLAIN = re.compile(r"[^\w '&+/.,#-]+")
_PROJECT = re.compile(r"[A-Za-z0-9][\w.-]{0,39}")


def read(text: str, llm: Llm, context: BriefContext, *, turns: Sequence[str] = ()) -> Brief:
    """turns: the user's earlier messages, oldest first."""
    words = own_words(text)
    if not re.search(r"\w", words):
        raise LlmError("there are no words in the message")
    data = {
        "message": words,
        "icon_there": context.has_icon,
        "candidates_shown": context.candidates,
        "must_be_drawing": context.drawing,
        "earlier_messages": [own_words(t)[:TURN] for t in turns[-TURNS:]],
    }
    return _brief(text, words, llm.ask(BriefForm, RULES, data), context)


def _brief(text: str, words: str, form: BriefForm, context: BriefContext) -> Brief:
    picks = tuple(i for i in map(_index, form.picks) if i is not None)
    style, edits = _style(form, words), _edits(form.edits, picks)
    for edit in form.edits:  # "fill it", "make it red": a wish for the look, as the rules have it
        style = _as_style(edit, words).over(style)
    stated, doubted = _statements(form, words)
    brief = Brief(
        text,
        form.kind,
        _plain(form.subject, MAX_SUBJECT_WORDS),
        style,
        avoid=tuple(dict.fromkeys(a for a in (_plain(a, 5)[:40] for a in form.avoid) if a)),
        brand=form.brand,
        statements=stated,
        edits=edits,
        pick=_index(form.pick),
        picks=picks,
        described=_plain(form.described, 8) if form.pick is None else "",
        back=_back(form.back, words) if form.kind in ("back", "undo") else "",
        accepts=form.accepts and context.has_icon and form.kind in ("draw", "edit"),
        asks=own_words(form.asks)[:160] if form.kind == "ask_back" else "",
        project=_project(form.project, words),
        forget=tuple(f.slot for f in form.forget if stands_in(f.quote, words) and says_forget(f.quote, f.slot)),
        question=form.question if form.kind == "ask" else None,
        about=_about(form.about) if form.kind == "ask" else None,
        reason=own_words(form.reason) if form.kind == "reject" and stands_in(form.reason, words) else "",
        not_understood=tuple(own_words(p) for p in form.not_understood if stands_in(p, words)),
        notes=tuple(
            f'not remembered, for it is not plain in your words: say "{said}" if it shall last' for said in doubted
        ),
    )
    if doubted and form.kind == "remember" and not stated:
        asks = f"Shall I remember this: {', '.join(doubted)}?"
        return Brief(text, "ask_back", asks=asks, options=tuple(doubted))
    return _sound(brief, context)


def _sound(brief: Brief, context: BriefContext) -> Brief:
    """The kind, where the rest bears it out, or the one that the rest is."""
    wished = bool(brief.style.to_dict() or brief.avoid or brief.brand or brief.edits)
    kind = brief.kind
    if kind in ("refused", "empty"):
        raise LlmError("the language model could make nothing of the message")
    if kind == "edit" and not context.has_icon and brief.subject:
        kind = "draw"
    if kind == "draw" and not brief.subject:
        kind = "edit" if wished and context.has_icon else "remember"
    pointed = brief.pick is not None or bool(brief.described or brief.picks)
    if kind == "edit" and not wished:
        kind = "pick" if pointed else "remember"
    if kind == "pick" and not pointed:
        raise LlmError("the language model did not say which candidate is meant")
    if kind in ("remember", "forget"):
        kind = "remember" if brief.statements else "forget"
        if not (brief.statements or brief.forget):
            raise LlmError("nothing in the message bears out what the language model read in it")
    for lacking, there in (("back", brief.back), ("ask", brief.question), ("ask_back", brief.asks)):
        if kind == lacking and not there:
            raise LlmError(f"the language model read {kind!r} and did not say what")
    notes = brief.notes
    if kind in _ICONED and not context.has_icon:
        notes = (*notes, "there is no icon yet that could be changed")
    return replace(brief, kind=kind, subject=brief.subject if kind == "draw" else "", notes=notes)


def _plain(text: str, words: int) -> str:
    """Lower case, at most so many words of letters, digits and ' & + / . , # -."""
    return " ".join(_PLAIN.sub(" ", own_words(text).lower()).split()[:words]).strip(" ,.-")


def _style(form: BriefForm, words: str) -> StyleSpec:
    """Field by field; a colour as the message names it."""
    out = StyleSpec()
    for name, value in form.style.model_dump(exclude_none=True).items():
        if name == "palette":
            known = [c for c in map(_colour, value) if c]
            value = colours_said(known, words.lower()) or known
        if value != []:
            out = _with(out, {name: value})
    return out


def _with(style: StyleSpec, fields: dict[str, Any]) -> StyleSpec:
    try:
        return StyleSpec.from_dict(fields).over(style)
    except StyleError:
        return style


def _colour(text: str) -> str | None:
    return "currentColor" if text.lower() == "currentcolor" else parse_colour(text)


def _as_style(edit: EditForm, words: str) -> StyleSpec:
    if edit.op == "mode" and edit.argument in CHOICES["mode"]:
        return _with(StyleSpec(), {"mode": edit.argument})
    color = _colour(edit.argument) if edit.op == "color" else None
    return _with(StyleSpec(), {"palette": colours_said([color], words.lower()) or [color]} if color else {})


def _edits(forms: Sequence[EditForm], picks: Sequence[int]) -> tuple[Edit, ...]:
    made = [_edit(f) for f in forms]
    if len(picks) > 1 and any(f.op == "combine" for f in forms):
        made.append(Edit("combine", ",".join(map(str, picks))))
    return tuple({(e.op, e.argument): e for e in made if e is not None}.values())


def _edit(form: EditForm) -> Edit | None:
    """As the rules write it, None where it cannot be."""
    op, argument = form.op, _plain(form.argument, 6)
    if op in FACTORS:
        fits = 0.25 <= form.amount <= 4 and form.amount != 1
        return Edit(op, argument[:40], round(form.amount, 3)) if fits else None
    if op == "rotate":
        return Edit(op, amount=form.amount) if form.amount else None
    if op == "flip":
        return Edit(op, argument) if argument in ("horizontal", "vertical") else None
    if op == "again":
        return Edit(op)
    if op == "replace":
        old, _, new = (_plain(part, 4) for part in form.argument.partition("->"))
        return Edit(op, f"{old} -> {new}") if old and new else None
    return Edit(op, argument[:40]) if op in NAMED and argument else None


def _index(pick: int | None) -> int | None:
    """1 is the first for the model and 0 for us; -1 the last for both."""
    return None if pick in (None, 0) else pick if pick is None or pick < 0 else pick - 1


def _back(where: str, words: str) -> str:
    """A turn's number, or words of the message."""
    where = own_words(where)
    return where if re.fullmatch(r"-?\d{1,4}", where) or stands_in(where, words) else ""


def _project(name: str | None, words: str) -> str | None:
    return name if name and _PROJECT.fullmatch(name) and name.casefold() in words.casefold().split() else None


def _about(slot: str | None) -> str | None:
    known = {"brand_color", *(f"style.{name}" for name in StyleSpec.__dataclass_fields__)}
    return slot if slot in known else None


def _statements(form: BriefForm, words: str) -> tuple[tuple[Statement, ...], list[str]]:
    """Those that the words bear out; and the others, as the user would have to say them."""
    found: dict[tuple[str, str | None], Statement] = {}
    doubted: list[str] = []
    for item in form.statements:
        try:
            slot, value = check(item.slot, _whole(item.slot, item.value))
            quote = own_words(item.quote)
            there = stands_in(quote, words) and not one_off(quote)
            borne = borne_out(quote, slot, value) if there else None
            if borne is not None:
                slot, value = check(slot, borne)
        except RecordError:
            continue  # no slot of ours: there is nothing to remember it in
        if borne is not None:
            said = describe(slot, value)
            found[slot, item.scope] = Statement(slot, value, said, quote, "stated", item.scope, source="llm")
        elif there:
            doubted += [said for said in [_as_said(slot, value)] if said]
    return tuple(found.values()), list(dict.fromkeys(doubted))


def _as_said(slot: str, value: Any) -> str:
    """A sentence that states it, as the rules read it; "" where none does."""
    kind, _, name = slot.partition(":")
    sentences = {
        "avoid": f"never {name}" if value else f"{name} are fine again",
        "vocabulary": f"use {value} for {name}",
        "brand_color": f"our brand colour is {value}",
    }
    said = sentences.get(kind, f"always {statements.say(slot, value)}")
    read_back = {s.slot: s.value for s in understand_statements(said).statements}
    return said if read_back == {slot: value} else ""


def _whole(slot: str, value: Any) -> Any:
    """24.0 is a whole number for the grid."""
    return int(value) if slot == "style.grid" and isinstance(value, float) and value.is_integer() else value
