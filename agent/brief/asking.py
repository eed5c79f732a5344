"""What a message leaves open, asked back: "lighter" (lines or colour?), "that one" (which?), "change the colour" (to?).

Contract. ``english(text, context)`` reads a whole message (lower case, politeness gone); ``Question.options`` are
messages that answer it, each of which the rules understand. Asked is only what nothing in the message decides; a guess
that is easily undone ("thicker": by how much?) is not asked about.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.brief.types import BriefContext


@dataclass(frozen=True, slots=True)
class Question:
    """asks: one sentence. options: two or more messages, where they can be listed."""

    asks: str
    options: tuple[str, ...]


_LEAD = r"^(?:(?:please|hmm+|ok|okay|and|so|well|now|actually|maybe|just|can you|could you|i(?:'d)? (?:want|like)(?: to)?|let'?s|take|pick|choose|use|i like|i love|i prefer|go with|i'?ll take|keep)[\s,.!]+)*"
_TAIL = r"(?: (?:please|instead|now|then|better|more|again|too|i think|i guess))*[\s.!?]*$"
_LIGHTER = re.compile(
    rf"{_LEAD}(?:make|can|could|should|it|this|that|be|is|a bit|a little|much|bit|way|slightly|somewhat|turn|go|\s)*\b(?:lighter|too light|not (?:so|that) light){_TAIL}"
)
_WHICH = re.compile(
    rf"{_LEAD}(?:that|this|those|the other|another of them|one of (?:them|these|those)|the others|the nice|the good|the right) ?(?:one|ones|icon)?{_TAIL}"
)
_BOTH = re.compile(
    rf"^(?:.{{0,24}}\b)?(?:both|all (?:of them|four|three|the same)|them all)\b(?: of (?:them|these|those))?(?: (?:are|look|is|were|work|good|nice|great|fine|lovely|cool|perfect|really|very|so|pretty))*(?:,? (?:i )?(?:can't|cannot|could not|couldn't) (?:decide|choose))?{_TAIL}"
)
_EITHER = re.compile(
    rf"^(?:.{{0,12}}\b)?(?:either|any)(?: one)? (?:of (?:them|these|those) )?(?:is|works?|will|would|are)?(?: (?:do|work|fine|ok|okay|good|be fine))?{_TAIL}|^(?:this|that)(?: one)? or (?:that|this|the other)(?: one)?{_TAIL}|^(?:the|that) other(?: one)? (?:is|was|looks?) (?:(?:much|way) )?(?:better|nicer|best|good|great){_TAIL}"
)
_THEM = re.compile(
    rf"{_LEAD}(?:combine|mix|merge|blend|join) (?:them|these|those|it|both|the two)(?: (?:together|up))?{_TAIL}"
)
_CANNOT = re.compile(
    r"\b(?:(?:can't|cannot|couldn't) (?:decide|choose|pick)|torn between|undecided|not sure (?:which|between)|hard to choose)\b|^either .+ or "
)
_LIKE = re.compile(
    rf"{_LEAD}(?:make|draw|do|turn|change|have|give) (?:it|this|that|this one|that one)(?: look)?(?: more)? (?:like|as|similar to|match) (?:the |that |this |those )?(?:other|others|another)(?: one| ones)?{_TAIL}|{_LEAD}(?:more )?like the other(?: one)?{_TAIL}"
)
_COLOUR = re.compile(
    rf"{_LEAD}(?:change|switch|swap|try|use|give it|have|want|in|make it)? ?(?:the |its |an?other |a different |a new |different |some |in )*(?:colou?rs?|tint|palette){_TAIL}"
)
_COLOUR_VERB = re.compile(r"\b(?:change|switch|swap|try|another|different|new|in|give|use)\b")
_SIZE = re.compile(
    rf"{_LEAD}(?:change|adjust|fix|tweak) (?:the |its )?(?P<what>size|stroke(?: width| weight)?|line (?:width|weight)|lines?|strokes?|thickness|corners?|radius|style){_TAIL}"
)
_FORGET = re.compile(
    rf"^(?:please |ok |just |you can |no,? )*(?:forget|drop|scratch|delete|erase) (?:that|this|it|about (?:it|that)){_TAIL}"
)
_REMOVE = re.compile(
    rf"^(?:please |ok |just |can you |could you )*(?:remove|take away|get rid of|lose) (?:that|this|it|them|one|something|a bit){_TAIL}"
)
_OR = re.compile(
    rf"^(?:maybe |perhaps |hmm+,? )*(?:the )?(?:first|second|third|fourth|\d) or (?:the )?(?:first|second|third|fourth|last|\d)(?: one)?{_TAIL}"
)
_NTH = ("the first", "the second", "the third", "the fourth", "number 5", "number 6", "number 7", "number 8")
_OFTEN = ("in black", "in blue", "in red", "in green")
_OF_SIZE: dict[str, tuple[str, tuple[str, ...]]] = {
    "size": ("Bigger or smaller?", ("bigger", "smaller")),
    "corner": ("Rounder or sharper corners?", ("rounder corners", "sharper corners")),
    "radius": ("Rounder or sharper corners?", ("rounder corners", "sharper corners")),
    "style": ("Into which style?", ("outline", "filled", "duotone")),
    "": ("Thicker or thinner lines?", ("thicker lines", "thinner lines")),
}


def english(text: str, context: BriefContext) -> Question | None:
    """The question that the whole message leaves open, None where it leaves none."""
    if not context.has_icon or context.drawing or len(text) > 100:
        return None
    if _LIGHTER.match(text):
        return Question("Lighter lines, or a lighter colour?", ("thinner lines", "a lighter colour"))
    if _FORGET.match(text):
        what = "Shall the last thing that was remembered be forgotten, or the last change be undone?"
        return Question(what, ("don't remember that", "undo"))
    if _REMOVE.match(text):
        return Question(
            "What shall be taken away? Name the part, or undo the last change.", ("undo", "no, I don't like it")
        )
    if (_COLOUR.match(text) and _COLOUR_VERB.search(text)) and not text.startswith("in colo"):
        own = ("in our brand colour",) if context.brand_color else ()
        return Question("Which colour?", (*own, *_OFTEN))
    size = _SIZE.match(text)
    if size:
        asks, options = next(v for k, v in _OF_SIZE.items() if size["what"].startswith(k))
        return Question(asks, options)
    several = context.candidates > 1
    if several and (
        _LIKE.match(text)
        or _which_is_open(text, context)
        or _OR.match(text)
        or _EITHER.match(text)
        or _THEM.match(text)
        or _CANNOT.search(text)
    ):
        return which(context)
    return None


def _which_is_open(text: str, context: BriefContext) -> bool:
    if _BOTH.match(text):
        return not (context.candidates == 2 and "both" in text)
    m = _WHICH.match(text)
    return (
        bool(m)
        and re.search(r"\b(?:other|one|ones|icon|others)\b", text) is not None
        and not (context.candidates == 2 and "other" in text)
        and not re.match(
            r"^(?:.*\b)?(?:take|use|keep|like|love|prefer|go with|choose|pick)\b.* (?:this|that)(?: one)?\b", text
        )
    )


def which(context: BriefContext) -> Question:
    """Which of the candidates is meant?"""
    return Question("Which one do you mean?", _NTH[: context.candidates])
