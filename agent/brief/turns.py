"""Undo, redo and going back: "go two steps back", "the version from before I asked for the badge", "start over".

Contract. ``find(text, undone)`` reads lower-case text that begins with such words and says what is meant, and where the
words end; what follows ("... and make it green") is for the drawing that it leads to. Which version the words of
``Move.back`` mean is found by somebody who knows the conversation.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Move:
    """kind and back: as in Brief; end: where the words of it end. again: "redo it" that means "draw it once more"."""

    kind: Literal["undo", "redo", "back"]
    back: str = ""
    end: int = 0
    again: bool = False


ORDINALS: dict[str, int] = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "9th": 9, "tenth": 10, "10th": 10,
}  # fmt: skip
_COUNTS = {"one": 1, "a": 1, "two": 2, "a couple of": 2, "couple of": 2, "three": 3, "four": 4, "five": 5, "twice": 2}
_COUNT = r"(?P<count>\d{1,2}|one|a couple of|couple of|two|three|four|five|a)"
_STEP = r"(?:steps?|versions?|changes?|edits?|times|turns?|moves?)"
_LEAD = r"^(?:(?:please|no|nope|oops|don't|ok|okay|hmm+|wait|actually|sorry|and|then|now|so|can (?:we|you|i)|could (?:we|you|i)|let'?s|let us|i (?:want|would like|'d like) to|just|maybe|argh|ugh)[\s,.!]+)*"
_VERSION = r"(?:versions?|one|icon|drawing|design|variant|attempt|try|draft|state|look|iteration)"
_SAID = r"(?:(?:i|you|we) (?:just )?(?:asked (?:for|to)|said|wanted|added|put(?: in| on)?|made(?: it)?|changed(?: it)?(?: to)?|got|had|did|removed|turned it|applied|introduced)|there was|it (?:was|became|got|turned|had))"
_BACK = r"(?:(?:go|get|come|jump|switch|move|roll|step|take (?:it|me|us)|bring (?:it|me|us)|change it|put it|turn it)(?: all the way)? back|back|return|revert(?: it)?|rewind|restore|bring back)"
_FROM = r"(?:(?:continue|go on|carry on|branch(?: off)?|fork|resume|start(?: again)?|work|proceed|take it)(?: again)? from|pick up (?:from|at)|build on|restore|bring back|give me back|i want back)"

_REDO = re.compile(
    rf"{_LEAD}(?:(?P<plain>redo|re-do)(?: (?P<it>it|that|this|(?:the|that) (?:last )?(?:change|step|edit)))?|(?:undo|revert) (?:the|that|my|this|last)(?: last)? undo|un-?undo|(?:bring back|restore|get back|redo|put back) (?:what|the (?:thing|change|one)(?: that)?) (?:i|we|you) (?:have )?(?:just )?(?:undid|undone|took back|reverted)|(?:go |step |move )?forwards?(?: again| one step| a step)?|ctrl[ +-]*(?:y|shift[ +-]*z)|cmd[ +-]*shift[ +-]*z|take back the undo)(?=$|[\s,.!;?]*(?:please|again)?[\s.!?]*$|[,.;]| and | but | then )"
)
_UNDO_N = re.compile(
    rf"{_LEAD}(?:(?:undo|revert|take back|roll back)(?: the)?(?: last| previous)? {_COUNT} {_STEP}|(?:undo|revert)(?: it| that| this)? (?P<twice>twice)|(?:go |step |move |roll )?(?:back {_COUNT.replace('count', 'count2')} {_STEP}|{_COUNT.replace('count', 'count3')} {_STEP} back)|undo the last two|undo(?P<undos>(?: undo)+))(?=$|\W)"
)
_UNDO = re.compile(
    rf"{_LEAD}(?:(?:undo|revert|reverse|cancel|take back) (?:the|that|my|this|your)(?: very)? (?:last|previous|recent) (?:change|edit|step|one|thing|move)|undo(?: (?:that|this|it|the last (?:change|edit|step|one|thing)|last|again|what you (?:just )?did))?|ctrl[ +-]*z|cmd[ +-]*z|take (?:that|it) back|revert(?: that| it| this| the last change)?|{_BACK}(?: (?:one|a) step| please| to (?:the )?(?:previous|last|old|one before|version before|step before)(?: (?:{_VERSION}|step))?| to (?:how|what|the way) it was(?: before)?)?|(?:the )?(?:previous|last|old|earlier) {_VERSION} (?:was|looked|is) (?:better|nicer|best)|(?:i |we )?(?:liked|preferred) (?:it (?:better|more)|(?:it|the (?:previous|last|old|earlier) {_VERSION}|the previous)(?: better| more)?(?: before)?)|forget (?:that|the last|this) (?:change|edit|step)|it (?:was|looked) (?:better|nicer|fine|good) (?:before|earlier)|(?:i want|give me|i need|bring back|get me) the (?:old|previous|last|earlier) {_VERSION}(?: back| again)?|(?:it was )?better before|(?:the one )?before (?:was|looked) (?:better|nicer)|(?:never ?mind,? )?(?:keep|leave) (?:it|everything) (?:as|the way|how|like) it was(?: before)?|as it was(?: before)?|(?:the )?previous (?:version|one)|one step back)(?=$|\W)(?!\s+(?:to|from|arrow|icon|button|when)\b)"
)
_START = re.compile(
    rf"{_LEAD}(?:start(?:ing)? (?:all )?over(?: again)?|(?:start|begin)(?: again)?(?: from)? (?:scratch|zero|new|afresh|fresh)(?: (?:on|with) (?:this|that|it)(?: one)?)?|start fresh(?: (?:on|with) (?:this|that|it)(?: one)?)?|(?:start|begin) again(?! from)|from scratch(?: please)?|(?:back|return|go back) to (?:square one|scratch|zero)|scrap everything|undo (?:everything|all)(?: of (?:it|that))?(?: changes)?|clean slate|reset(?: everything| it all)?)(?=$|\W)"
)
_TO = re.compile(rf"{_LEAD}(?:{_BACK}(?: again)? (?:to|at)|{_FROM}|use)\s+(?P<to>.+)$")
_BEFORE = re.compile(
    rf"{_LEAD}(?:show me |i want |i liked |give me |take )?(?:the |that )?{_VERSION}(?: we had| you had| from| i had| just| right| it was)*\s+(?P<to>before .+)$"
)
_STOP = re.compile(
    r"\s*(?:[,;.!?]|\s-\s|\b(?:and|but|then) (?=(?:make|draw|fill|colou?r|in |with|without|add|remove|drop|then|now|please|thicker|thinner|rounder|bigger|smaller|sharper|keep|change|turn|put|use|as )\b)|\bplease\b|\bagain\b|\binstead\b)"
)
_NUMBER = re.compile(
    rf"^(?:the |my |our )?(?:very )?(?:(?:{_VERSION}|turn|step|number|no\.?|nr\.?|#)\s*#?(?P<n>\d{{1,3}}|one|two|three|four|five|six)|#(?P<h>\d{{1,3}})|(?P<o>{'|'.join(ORDINALS)})(?: {_VERSION}| turn| step)?(?: (?:you|we) (?:made|drew|had))?)$"
)
_ORIGINAL = re.compile(
    rf"^(?:the |my |our |its )?(?:very )?(?:original|initial|beginning|start|oldest|starting point)(?: {_VERSION})?$"
)
_BACK_STEPS = re.compile(rf"^(?:the )?{_COUNT} {_STEP} ago$")
_BEFORE_LEAD = re.compile(
    rf"^(?:(?:how|what|the way) (?:it|that|this) (?:was|looked|were)|when|(?:the|that) {_VERSION}(?: (?:from|we had|you had|that we had|just|right))*|(?:the )?time|just|right|where (?:it|we) (?:was|were))\s+"
)
_OF = re.compile(rf"^(?:the |that |its |our )?(?P<what>.+?) {_VERSION}$")
_WITH = re.compile(rf"^(?:the |that )?{_VERSION} (?P<how>(?:with|without|in|where|that|which|when|of|had)\b.*)$")
_HAD = re.compile(r"^(?:when |where |that |which )?(?:it )?(?:still |yet )?(?:had|has) (?:still )?")
_WAS = re.compile(r"^(?:when |where |that |which )?(?:it )?(?:still )?(?:was|were|is) (?:still )?")
_SMALL = frozenset("the a an its it still just".split())


def find(text: str, undone: bool | None = None) -> Move | None:
    """undone: is there something to redo (None: not known)?"""
    redo = _REDO.match(text)
    if redo:
        again = bool(redo["plain"]) and (undone is False or (bool(redo["it"]) and not undone))
        return Move("redo", "", redo.end(), again)
    start = _START.match(text)
    if start:
        return Move("back", "0", start.end())
    several = _UNDO_N.match(text)
    if several:
        return Move("undo", _steps(several), several.end())
    to = _TO.match(text) or _BEFORE.match(text)
    if to:
        stop = _STOP.search(to["to"], 1)
        end = to.start("to") + (stop.start() if stop else len(to["to"]))
        verb = text[: to.start("to")].strip().rsplit(" ", 1)[-1]
        back = _target(text[to.start("to") : end].strip(), by_use=verb == "use")
        if back:
            return Move("undo", back if back != "-1" else "", end) if back[0] == "-" else Move("back", back, end)
    undo = _UNDO.match(text)
    return Move("undo", "", undo.end()) if undo else None


def _steps(m: re.Match[str]) -> str:
    if m["undos"]:
        return f"-{1 + m['undos'].count('undo')}"
    word = m["count"] or m["count2"] or m["count3"] or m["twice"] or "two"
    n = int(word) if word.isdigit() else _COUNTS[word]
    return f"-{n}" if n > 1 else ""


def _target(words: str, *, by_use: bool) -> str:
    """The version that is meant: its number, "-1" for the one before, words of it, or "" where nothing is."""
    number = _NUMBER.match(words)
    if number and by_use:
        return ""  # "use the second": a candidate
    if number:
        word = number["n"] or number["h"] or str(ORDINALS[number["o"]])
        return str(_COUNTS.get(word) or {"six": 6}.get(word) or int(word))
    if _ORIGINAL.match(words):
        return "1"
    if re.fullmatch(rf"(?:the )?(?:previous|last|old|earlier|one before)(?: (?:{_VERSION}|step))?", words):
        return "-1"
    ago = _BACK_STEPS.match(words)
    if ago:
        n = int(ago["count"]) if ago["count"].isdigit() else _COUNTS[ago["count"]]
        return f"-{n}"
    bare = _BEFORE_LEAD.sub("", words)
    if bare.startswith("before"):
        rest = _bare(re.sub(rf"^{_SAID}\s+", "", bare.removeprefix("before").strip()))
        return f"before {rest}" if rest and rest not in ("that", "this", "it", "now") else "-1"
    if by_use:
        return ""
    had = _HAD.match(words)
    if had:
        return _said("with", words[had.end() :])
    was = _WAS.match(words)
    if was and was.end():
        return _bare(words[was.end() :])
    of = _WITH.match(words)
    if of:
        inner = _HAD.match(of["how"])
        return _said("with", of["how"][inner.end() :]) if inner else _bare(_WAS.sub("", of["how"]))
    named = _OF.match(words)
    return _bare(named["what"]) if named else ""


def _said(how: str, words: str) -> str:
    bare = _bare(words)
    return f"{how} {bare}" if bare else ""


def _bare(words: str) -> str:
    """Without articles and the words that stand for the icon; "the blue one" is "blue"."""
    words = re.sub(rf"\b{_VERSION}$", "", words.strip(" ,.!?"))
    return " ".join(w for w in words.split() if w not in _SMALL)[:80]
