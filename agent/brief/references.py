"""Which of the candidates: "the second", "1 and 3", "second from the left", "the one with the roof", "the blue one".

Contract. ``find(text, candidates)`` reads lower-case text and gives every reference with its place: numbers where words
count them, ``described`` (English words without articles) where somebody has to look. ``combine(text)`` reads what is
to be joined. Nothing here decides what is to be done with them.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.brief import edits, styles
from agent.brief.gathered import Reference

_NTH = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4,
    "sixth": 5, "6th": 5, "seventh": 6, "eighth": 7, "last": -1, "final": -1, "one": 0, "two": 1, "three": 2, "four": 3,
    "five": 4, "six": 5,
}  # fmt: skip
_WORD = "first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|seventh|eighth|last"
_ONE = r"(?: (?:one|ones|icon|option|candidate|version|drawing|variant))?"
_NUMBER = r"(?:number |no\.? ?|nr\.? ?|option |candidate |#)?"
_REF = rf"(?:(?:the )?(?:{_WORD}){_ONE}(?! (?:time|thing|step|line|row)s?\b)|(?:{_NUMBER}\d{{1,2}}|(?:number|option|candidate) (?:one|two|three|four))(?! ?(?:px|pixels?|%|degrees|x\b|\.\d)))"
_JOIN = r"(?:\s*,\s*(?:and )?|\s+(?:and|&|or)\s+|\s*[+&]\s*)"
_WITH = r"(?:\s*,\s*(?:and )?|\s+(?:and|&|with|plus|\+|into|onto)\s+|\s*[+&]\s*)"
_SEVERAL = re.compile(rf"\b(?:both )?(?:of )?(?P<all>{_REF}(?:{_JOIN}{_REF})+)(?![\w.])")
_COUNTED = rf"(?:{_REF}|(?:one|two|three|four|five|six)\b)"
_JOINED = re.compile(rf"\b(?P<all>{_COUNTED}(?:{_WITH}{_COUNTED})+)(?![\w.])")
"""Beside a word that combines, plain numbers are candidates."""
_DIGIT = re.compile(
    r"\b(?:go(?:ing)? with|use|keep|like|love|prefer|pick|choose|take|show me|let's do|not|just)\s+(?P<n>[1-9])(?![\w.%]| ?(?:px|pixels?|%|degrees|x\b))|^(?P<first>[1-9])(?=,| (?:is|looks?|works?|please|but|was|seems|it is)\b)"
)
_ALONE = re.compile(
    rf"^(?:then |and |ok |so |just )?(?:(?P<o>{_WORD})(?: (?:one|icon|option|candidate|version))?|(?P<side>leftmost|rightmost)(?: one)?)(?=$|\s*[,.;!?]|\s+(?:but|and|please|with|in|without|is|looks?|was)\b)"
)
_NOUN_AFTER = re.compile(
    r"\s+(?!(?:one|ones|icon|option|candidate|version|drawing|variant|but|and|in|is|was|are|looks?|seems?|with|without|please|as|from|to|too|again|then|than|now|more|over|or|it|works?|wins|only|just|makes?|needs?|has|had|thanks|for|on|best|better|instead|a|slightly|much|bit|if|because|of|at|not|i|you|filled|outlined?|duotone|thick|thin|round|rounded|bold|isn't|though|so|like|should|could|can|would|will|using|that|which|where|[a-z]+er)\b)[a-z]{3,}"
)
"""After an ordinal, a noun says what it counts: "the second line" is no candidate."""
_ENDS = re.compile(
    r"\bthe (?P<which>first|last) (?P<n>two|three|2|3)(?: ones| icons| options| candidates)?\b(?! (?:steps?|changes?|edits?|versions?|times|turns?)\b)"
)
_FROM_SIDE = re.compile(
    rf"\b(?:the )?(?:(?P<o>{_WORD}){_ONE} from (?:the )?(?P<side>left|right|end|back)|(?:second|2nd)(?: to| from)?(?: the)? last{_ONE}|next to last{_ONE}|penultimate{_ONE}|last but one)\b"
)
_SIDE = re.compile(
    r"(?<!\bto )(?<!\bon )(?<!\bat )(?<!\bfrom )(?<!\btowards )(?<!\bof )\bthe (?:(?P<left>(?:far |very )?left(?:most|hand)?|left-hand)|(?P<right>(?:far |very )?right(?:most|hand)?|right-hand)|(?P<middle>middle|center|centre))(?: (?:one|icon|option|candidate|version|drawing)\b|(?=$|\s*[,.;!?]))"
)
_ON_SIDE = re.compile(
    r"\b(?:the )?(?:one|icon|option|candidate|version|drawing) (?:on|at|to) the (?:far |very )?(?P<side>left|right|end)(?: side)?\b"
)
_BEFORE = r"(?<!draw )(?<!draw me )"
_ADJECTIVE = r"[a-z][a-z-]*(?: (?:and )?[a-z][a-z-]*)?"
_SUPERLATIVE = r"(?:(?:most|least) [a-z]+|[a-z]{3,}est|best|simplest|plainest|fanciest)"
_THAT = re.compile(
    rf"{_BEFORE}\b(?:the|that) (?:one|icon|version|option|candidate|drawing) (?P<how>(?:with|without|that|which|who|where|having|facing|pointing|looking|in|on top|w)\b .+?)(?P<stop>$|\s*[,;.!?]|\s+but\s|\s+(?:and|then) (?=(?:make|draw|fill|add|remove|drop|thicker|thinner|rounder|bigger|smaller|put|flip|rotate|change)\b)|\s+(?:please|instead|is (?:best|great|perfect|good|nice|the best|the one)|looks (?:best|good|great|nice))\b)"
)
_WHICH = re.compile(rf"{_BEFORE}\b(?:the) (?P<how>{_ADJECTIVE}) one(?:s)?\b(?! (?:with|without|that|which|where)\b)")
_MOST = re.compile(
    rf"{_BEFORE}\bthe (?P<how>{_SUPERLATIVE})(?: of (?:them|these|all|the \w+))?(?=$|\s*[,.;!?]| but | and | please)"
)
_SAID_OF = re.compile(r"(?<!which )\b(?:one|first|second|third|fourth|last|\d) (?:is|are|was|looks?) $")
_LOOKS = re.compile(r"^(?:that|which|who) (?:is|has|have|'s|are)\s+")
_PLAIN = frozenset("a an the quite really very".split())
_NOT_SAID = frozenset(
    "first second third fourth fifth sixth last final next other same new right left middle previous old original current whole only "
    "big one wrong red-app 1st 2nd 3rd 4th very another correct more".split()
)
_COMBINE = re.compile(
    r"\b(?:combine|combining|mix|merge|blend|fuse|cross(?= the| number| \d)|join|unite|mash(?: up)?|put together|marry|hybrid(?:i[sz]e)?|mixture of|combination of|mashup of|cross between|between(?= number| the| \d)|take (?:elements|parts|bits) (?:of|from))\b|\btogether\b"
)
_PART_OF = re.compile(
    rf"\b(?:the )?(?P<part>[a-z][a-z -]{{1,30}}?) (?:of|from|in) (?P<a>{_REF})(?:,? (?:and|but|with|on|onto|to|in)(?: (?:the )?(?P<body>[a-z][a-z -]{{1,30}}?) (?:of|from|in))?) (?P<b>{_REF})(?![\w.])"
)


def find(text: str, candidates: int) -> list[Reference]:
    """Every reference, in order of place, none overlapping another. Described ones only where there are candidates to
    choose from."""
    found: list[Reference] = []
    taken = bytearray(len(text))
    for one in _all(text, candidates):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            found.append(one)
    return sorted(found, key=lambda r: r.start)


def _all(text: str, candidates: int) -> Iterator[Reference]:
    """In the order of strength."""
    for m in _SEVERAL.finditer(text):
        if re.search(r"\bnot (?:with )?$", text[: m.start()]):
            continue  # "not the first, the second"
        if (candidates or not re.fullmatch(r"[\d, and&+]+", m["all"])) and not _NOUN_AFTER.match(text, m.end()):
            yield Reference(tuple(_index(r.group()) for r in re.finditer(_REF, m["all"])), m.start(), m.end())
    for m in _ENDS.finditer(text):
        n = {"two": 2, "2": 2}.get(m["n"], 3)
        yield Reference(tuple(range(n)) if m["which"] == "first" else tuple(range(-n, 0)), m.start(), m.end())
    for m in _FROM_SIDE.finditer(text):
        nth = _NTH[m["o"]] if m["o"] else 1
        yield Reference((nth if m["side"] == "left" else -nth - 1,), m.start(), m.end())
    if candidates > 1:
        yield from _sides(text, candidates)
        yield from _described(text, candidates)
        yield from _numbers(text, candidates)
    at = 0
    while (one := edits.pick(text, at)) is not None:
        if not _NOUN_AFTER.match(text, one[2]):
            yield Reference((one[0],), one[1], one[2])
        at = one[2]


def _sides(text: str, candidates: int) -> Iterator[Reference]:
    for m in _SIDE.finditer(text):
        if not m["middle"] or candidates % 2:
            yield Reference((0 if m["left"] else -1 if m["right"] else candidates // 2,), m.start(), m.end())
    for m in _ON_SIDE.finditer(text):
        yield Reference((0 if m["side"] == "left" else -1,), m.start(), m.end())


def _numbers(text: str, candidates: int) -> Iterator[Reference]:
    """ "Go with 2", "3, but in blue", "last one but rounder"."""
    for m in (*_DIGIT.finditer(text), *_ALONE.finditer(text)):
        groups = m.groupdict()
        word = groups.get("n") or groups.get("first") or groups.get("o")
        nth = _nth(word) if word else -1 if m["side"] == "rightmost" else 0
        if nth < candidates:
            yield Reference((nth,), m.start("n") if groups.get("n") else m.start(), m.end())


def _nth(word: str) -> int:
    return int(word) - 1 if word.isdigit() else _NTH[word]


def _described(text: str, candidates: int) -> Iterator[Reference]:
    for m in _THAT.finditer(text):
        how = _LOOKS.sub("with " if re.match(r"(?:that|which|who) ha(?:s|ve)\b", m["how"]) else "", m["how"])
        how = re.sub(r"^(?:that|which|who|where(?: it)?) ", "", how)
        if words := _bare(re.sub(r"^w ", "with ", how)):
            yield Reference((), m.start(), m.start("stop"), words)
    for m in _MOST.finditer(text):
        if _SAID_OF.search(text[: m.start()]):
            continue  # "the green one is the best" means the green one
        yield Reference((), m.start(), m.end(), m["how"])
    for m in _WHICH.finditer(text):
        said = m["how"].split()
        if m["how"] == "other" and candidates == 2:
            yield Reference((), m.start(), m.end(), "other")
        elif not _NOT_SAID & set(said) and _describes(m["how"]):
            yield Reference((), m.start(), m.end(), _bare(m["how"]))


def _describes(words: str) -> bool:
    """Does it tell candidates apart? Not "the house one was fun": a noun is left to who looks as well."""
    return bool(styles.find(f"in {words}")) or len(words.split()) <= 2


def _bare(words: str) -> str:
    return " ".join(w for w in words.split() if w not in _PLAIN)[:80]


def _index(words: str) -> int:
    word = re.sub(rf"^(?:the |{_NUMBER})|{_ONE}$", "", words.strip()).strip() or words.strip()
    word = word.removeprefix("the ").strip()
    return int(word) - 1 if word.isdigit() else _NTH.get(word.split()[0], 0)


def combine(text: str) -> tuple[int, ...]:
    """The candidates that are to be joined, () where none are: "combine 1 and 3", "the handle of the second on the
    first" (the first is then what it is put on)."""
    part = _PART_OF.search(text)
    if part and part["part"].split()[-1] not in ("one", "look", "style", "version"):
        a, b = _index(part["a"]), _index(part["b"])
        if a != b:
            return (b, a)
    if not _COMBINE.search(text):
        return ()
    ends = next((r.picks for r in find(text, 9) if len(r.picks) > 1), ())
    joined = _JOINED.search(text)
    several = tuple(_index(r.group()) for r in re.finditer(_COUNTED, joined["all"])) if joined else ends
    if len(set(several)) > 1:
        return several
    singles = [r.picks[0] for r in find(text, 9) if len(r.picks) == 1]
    return tuple(dict.fromkeys(singles)) if len(set(singles)) > 1 else ()
