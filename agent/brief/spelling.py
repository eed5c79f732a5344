"""Chat spelling: "can u make teh lines thiner plz" in plain words, before any rule reads it.

Contract. ``plain(text)`` changes whole words only, from a short table, and leaves all others alone; ``slips`` corrects
a word of our own vocabulary that lacks a letter, doubles one or swaps two, and nothing that is a word itself. Both are
linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: dict[str, str] = dict(
    pair.split(":")
    for pair in (
        "pls:please plz:please plss:please thx:thanks tx:thanks ty:thanks teh:the dont:don't doesnt:doesn't "
        "didnt:didn't isnt:isn't wasnt:wasn't arent:aren't wont:won't cant:can't couldnt:couldn't wouldnt:wouldn't "
        "shouldnt:shouldn't havent:haven't im:I'm ive:I've thats:that's whats:what's wheres:where's hows:how's "
        "theres:there's lets:let's youre:you're theyre:they're abit:a_bit alot:a_lot gimme:give_me lemme:let_me "
        "wanna:want_to gonna:going_to gotta:got_to kinda:kind_of sorta:sort_of cuz:because coz:because bc:because "
        "tho:though w/o:without w/:with & and:and ur:your u:you r:are yea:yes ya:yes yup:yes cud:could shud:should "
        "wud:would rly:really prolly:probably def:definitely nvm:never_mind"
    )
    .replace("& and:and ", "")
    .split()
)
_SHORT = {"u", "r", "ur", "ya", "def", "ty", "tx", "bc"}
"""These are words of the chat only beside other words; alone, or after "letter", they name themselves."""
_TOKEN = re.compile(r"(?<![\w/'.-])(?:w/o|w/(?=\s)|[A-Za-z]+)(?![\w'-])")
_LETTERS = re.compile(r"\b(?:letters?|capital|uppercase|lowercase|key|vitamin)\s+$", re.I)
_STRETCHED = re.compile(r"\b(\w*?([a-z])\2{2,}\w*)\b", re.I)
_STRETCHABLE = frozenset(
    "way so too much very really please love loved nice no yes yeah cool wow perfect good super more bigger smaller "
    "thanks hey hi ugly looks thick thin round great".split()
)


def plain(text: str) -> str:
    """``text`` with the words of the chat written out."""
    text = _STRETCHED.sub(_unstretched, text)
    alone = len(text.split()) <= 1

    def written(m: re.Match[str]) -> str:
        word = m.group().lower()
        if word not in _WORDS or (
            word in _SHORT and (alone or _LETTERS.search(text[max(0, m.start() - 12) : m.start()]))
        ):
            return m.group()
        return _WORDS[word].replace("_", " ")

    return _TOKEN.sub(written, text)


def _unstretched(m: re.Match[str]) -> str:
    """ "waaay" is "way"; "www" and "aaa batteries" stay."""
    for times in (1, 2):
        word = re.sub(r"([a-z])\1{2,}", "\\1" * times, m.group(), flags=re.I)
        if word.lower() in _STRETCHABLE:
            return word
    return m.group()


_OURS = (
    "thicker thinner bolder heavier rounder sharper softer bigger larger smaller simpler corners outline filled circle "
    "padding stroke strokes rotate mirror remove without second third fourth duotone colour color purple yellow orange "
    "rounded shadow gradient another different little previous version handle detail"
).split()
_WORDS_TOO = frozenset(
    "filed ticker tinner harper circe outlie stoke stokes rotte coulor handel hande fourty tied detai remote"
    " tinker trunk round rounde collar colou oulined ported reword corers".split()
)
"""Slips of ours that are words too."""


@lru_cache(maxsize=1)
def _slips() -> dict[str, str]:
    """Each word of ours with one letter left out, one doubled, or two swapped -> the word."""
    out: dict[str, str] = {}
    for word in _OURS:
        for i in range(1, len(word)):
            for slip in (
                word[:i] + word[i + 1 :] if i < len(word) - 1 else "",
                word[:i] + word[i] + word[i:],
                word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :],
            ):
                out.setdefault(slip, word)
    return {slip: word for slip, word in out.items() if slip not in _OURS and slip not in _WORDS_TOO and len(slip) > 4}


def slips(text: str) -> str:
    """``text`` with the slips of the keyboard in our vocabulary put right. For messages about an icon that is there."""
    return re.sub(r"(?<![\w'-])[a-z]{5,12}(?![\w'-])", lambda m: _slips().get(m.group(), m.group()), text)
