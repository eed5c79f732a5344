"""One message, understood: by the rules where they are sure, by the language model where one is configured and they
are not.

    understood(text, BriefContext(...), icon_context) -> Brief

Contract. Never raises. Markup in the message (an SVG that was pasted) is no word of the user's and is read by nobody.
Without a language model it is ``agent.brief.understand`` and nothing else. With one, the rules read first (a
millisecond), and ``sure`` says whether they are to be believed: what they read by anchored patterns ("undo", "the
second one", "I'll take it"), edits and statements that leave no rest, and plain names of things. For all else the model
is asked; what the rules hold for stated stays stated, for they do not guess. Where it fails, is slow or answers
nonsense, the rules' brief stands, with one note that says so.

Why the rules first: they answer at once, cost nothing and are right where they are sure. Of the 244 English messages of
``tests/bench/utterances.jsonl``, read by rules that were written before them, 106 were read rightly and 138 not; the
model would have been asked about 3 of the former and 114 of the latter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.brief import Brief, BriefContext, understand
from agent.brief.chinese import is_chinese
from agent.brief.grounds import without_markup
from agent.errors import LlmError
from agent.llm import Llm

if TYPE_CHECKING:
    from agent.state import IconContext

__all__ = ["sure", "understood"]

THING = 5
"""Words of a subject that still reads like the name of a thing ("calendar with a check mark")."""
_TALK = re.compile(
    r"\b(?:i|i'm|i'd|we|you|your|my|our|me|us|it|it's|its|they|them|their|he|she|this|that|these|those|is|are|was|were|be|"
    r"been|am|isn't|aren't|do|does|did|don't|doesn't|can|could|can't|will|would|won't|should|shouldn't|must|may|might|"
    r"has|have|had|get|gets|feel|feels|felt|look|looks|looking|seem|seems|want|wants|need|needs|like|likes|love|prefer|"
    r"make|makes|keep|keeps|let|lets|let's|use|try|give|put|go|goes|change|more|less|most|least|too|very|so|bit|rather|"
    r"quite|much|but|because|since|if|when|then|than|not|never|always|instead|again|same|other|another|what|which|why|how|"
    r"who|where|just|only|also|maybe|please|ok|okay|yes|no|hmm|well|everything|anything|something|nothing|one|ones|gimme|"
    r"lemme|pls|plz)\b"
)
_NAMING = r"\b(?:an?|the|some|two|three|four|draw|create|generate|design|sketch|icon(?: of)?)\s+(?:[\w-]+\s+)?"
"""What stands before a thing that is named: "draw a bell", "maybe a small bell"."""
VERDICT = 2
"""Words of a reason that say no more than "no" ("terrible", "just wrong")."""


def understood(
    text: object, context: BriefContext, run: IconContext | None = None, *, turns: Sequence[str] = ()
) -> Brief:
    """run: its ``llm`` is asked. turns: the user's earlier messages, oldest first."""
    if isinstance(text, str) and without_markup(text) != text:
        brief = understood(without_markup(text), context, run, turns=turns)
        return replace(brief, notes=(*brief.notes, "the markup in the message was not read"))
    by_rules = understand(text, context=context)
    llm = run.llm if run is not None else None
    if not isinstance(llm, Llm) or not isinstance(text, str) or sure(by_rules, context):
        return by_rules
    from agent.brief.llm import read

    try:
        brief = read(text, llm, context, turns=turns)
    except LlmError as error:
        return replace(by_rules, notes=(*by_rules.notes, f"understood by rules alone: {error}"))
    known = {(s.slot, s.scope) for s in by_rules.statements}
    more = tuple(s for s in brief.statements if (s.slot, s.scope) not in known)
    return replace(brief, statements=(*by_rules.statements, *more))


def sure(brief: Brief, context: BriefContext) -> bool:
    """Did the rules understand the whole message? brief: theirs."""
    if brief.kind == "empty":
        return not re.search(r"\w", brief.text)
    if brief.kind == "refused":
        return not any("English" in why for why in brief.not_understood)
    if brief.not_understood or any(note.startswith(("not sure", "this does not read like")) for note in brief.notes):
        return False
    if brief.kind == "reject":
        return len(brief.reason.split()) <= VERDICT or bool(brief.edits)
    return brief.kind != "draw" or _is_thing(brief, context)


def _is_thing(brief: Brief, context: BriefContext) -> bool:
    """Is the subject the name of something, not talk that the rules took for one? In a chat over an icon a word or
    two may be an edit in other words ("friendlier"), unless it is introduced like a thing."""
    words = brief.subject.split()
    if len(words) > THING or _TALK.search(brief.subject) or not brief.subject.isascii():
        return False
    if context.drawing or not context.has_icon or is_chinese(brief.text):
        return True  # Chinese words for things are looked up, never guessed
    return bool(re.search(_NAMING + re.escape(words[0]), brief.text.lower()))
