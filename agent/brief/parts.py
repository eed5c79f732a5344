"""The parts of a chat message that describe nothing: verdicts, moves among versions, questions, leads, small talk.

Contract. ``take(clause, reading, context)`` notes in ``reading`` what a clause does beside describing, and gives what is
left of it to be read as an edit or a description ("nice, but thicker" leaves "thicker"). ``marked`` is a text with its
references to candidates replaced, which the verdicts are read from.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief import edits, intents
from agent.brief.gathered import Reading, Reference
from agent.brief.types import BriefContext, Edit

if TYPE_CHECKING:
    from agent.brief.turns import Move

_HEAD = re.compile(
    r"^(?P<head>[^,;:.!?]{1,60}?)(?:\s*[,;:.!?]+\s*(?:(?:but|and|so|then)\s+)?|\s+-\s+|\s+(?:but|and|so|then)\s+)(?=\S)"
)
_HESITATION = re.compile(
    r"^(?:(?:ok(?:ay)?|o+h+|aw+|mm+|omg|wow|ha(?:ha)+h?|lol|hey|hi|for (?:the|my) next (?:one|icon)|hm+|uh+|um+|er+|nah|nope|wait|yes|yeah|yep|alright|so|and|then|argh|ugh|erm|actually|sorry|please|honestly|definitely|probably|i guess|i'd say|no wait|don't(?=,)|i mean|i meant|i said|i think|(?:last|first|another) (?:one|thing)(?=:)|next (?:up|one)(?: is| would be| should be)?|(?:moving )?on to (?:the )?next(?: one)?|first (?:up|one)(?=,? an? )|p\.?s\.?|btw|by the way)[\s,.!:]+)+(?=\S)"
)
_WRONG = re.compile(
    r"^(?:that|this|it)(?:'s| is| was) (?:(?:even |much )?worse|no better|not better|too much|wrong|a mistake|not right|incorrect|not true|not what i (?:said|meant))$|^(?:the )?wrong (?:way(?: round| around)?|direction)$|^i (?:don't|do not) (?:really )?like(?: (?:it|this|that))?$|^(?:correction|my mistake|my bad|mistake|changed my mind|i changed my mind)$"
)
_FIRM = re.compile(
    r"\b(?:keep|keeping|save|saving|take|taking|accept\w*|ship|use|perfect|love|the one|done|i'll|approved?|add|lock it in|going with|go with|it is|sold)\b|that'?s it"
)
"""Words that accept where more follows; "nice, and now a bell" does not."""
_MILD = re.compile(
    r"(?:(?:ok|hmm+|oh|well) )?(?:not (?:too |so )?bad|pretty good|getting (?:there|closer|better)|almost(?: there)?|close|much better|better|good start|closer|keep going(?: (?:with|like) (?:that|this))?|like that|same|i like (?:it|this|that|where this is going))"
)
"""Half a praise: nothing is accepted by it where more follows."""
_MODIFIES = re.compile(
    r"for now|a lot|very much|so much|again|there|later|tomorrow|friend|everyone|test|stop|cancel|well"
)
"""Small talk after other words; at the head of a clause it belongs to what follows."""
_TAIL = re.compile(r"^[\s,.;:!?-]*(?:(?:and|but|then|only|just|also|so)\b[\s,]*)*")


def chatting(context: BriefContext) -> bool:
    """Is there an icon that is spoken about?"""
    return context.has_icon and not context.drawing


def marked(lower: str, context: BriefContext) -> tuple[str, list[Reference]]:
    """``lower`` with each reference replaced by "{pick}", and the references."""
    found = _references(lower, context)
    out, at = [], 0
    for one in found:
        out += [lower[at : one.start], "{pick}"]
        at = one.end
    return "".join([*out, lower[at:]]), found


def _references(lower: str, context: BriefContext) -> list[Reference]:
    if not chatting(context):
        picked = edits.pick(lower)
        return [Reference((picked[0],), picked[1], picked[2])] if picked else []
    from agent.brief import references  # compiled with the first message of a chat

    return references.find(lower, context.candidates)


def refer(reading: Reading, found: Reference) -> None:
    """Note which candidate is meant; the last one said stands."""
    reading.pick, reading.picks, reading.described = None, (), ""
    if found.described:
        reading.described = found.described
    elif len(found.picks) > 1:
        reading.picks = found.picks
    else:
        reading.pick = found.picks[0]


def take(clause: str, reading: Reading, context: BriefContext) -> str:
    """See the head of this file."""
    rest = _without_leads(clause, reading, context)
    lower = _lower(rest)
    bare = lower.strip(" .!,")
    if not bare:
        return ""
    asked = intents.question(bare)
    if asked:
        reading.question, reading.about = asked
        return ""
    if chatting(context):
        from agent.brief import turns

        move = turns.find(lower, context.undone) if not reading.subjects else None
        if move is not None:
            return _moved(move, rest, reading)
        if intents.remember_lead(bare):
            reading.lasting = True
            return ""
        if _accepts(bare, reading, context):
            return ""
    if chatting(context) and (bare in ("no", "nope", "nah") or _MILD.fullmatch(bare)):
        reading.said, reading.verdict = True, reading.verdict or ("reject" if bare in ("no", "nope", "nah") else "")
        return ""
    if intents.is_smalltalk(bare) or _WRONG.match(bare):
        reading.said = True
        return ""
    return rest


def _moved(move: Move, rest: str, reading: Reading) -> str:
    if move.again:
        reading.edits.append(Edit("again", text=rest[: move.end]))
    else:
        reading.move = move
    return _TAIL.sub("", rest[move.end :])


def _accepts(bare: str, reading: Reading, context: BriefContext) -> bool:
    text, found = marked(bare, context)
    if text == "{pick}" or not intents.is_accept(re.sub(r"\b(?:pick|choose|take) \{pick\}", "take {pick}", text)):
        return False
    for one in found:
        refer(reading, one)
    reading.verdict = "accept"
    reading.firm |= bool(_FIRM.search(text))
    return True


def _without_leads(clause: str, reading: Reading, context: BriefContext) -> str:
    """Without what goes before the matter: "hi!", "no,", "hmm", "thanks, that's perfect, also"."""
    rest = clause.strip()
    for _ in range(4):
        before = rest
        lead = _HESITATION.match(_lower(rest)) if chatting(context) else None
        rest = rest[lead.end() :] if lead else rest
        head = _HEAD.match(rest)
        said = _lower(head["head"]).strip() if head else ""
        if head and (_is_lead(said) or (chatting(context) and _accepts(said, reading, context))):
            reading.said = True
            rest = rest[head.end() :].strip()
        if rest == before:
            break
    return rest


def _is_lead(said: str) -> bool:
    if said in ("no", "nope", "nah") or _WRONG.match(said) or _MILD.fullmatch(said):
        return True
    return intents.is_smalltalk(said) and not _MODIFIES.fullmatch(said)


def _lower(text: str) -> str:
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)
