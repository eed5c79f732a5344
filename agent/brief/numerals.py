"""Numbers in words: "one and a half pixels" is "1.5px", "twenty by twenty" is "20x20".

Contract. ``plain(text)`` gives lower-case text of the same length with each number word that stands before a unit in
digits, so that places found in it hold in the text as written; and tells which places were changed. Number words
without a unit ("two arrows") stay.
"""

from __future__ import annotations

import re

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_VALUES: dict[str, float] = {**{w: i for i, w in enumerate(_UNITS)}, **_TENS, "hundred": 100, "single": 1, "double": 2}
_PARTS: dict[str, float] = {"half": 0.5, "quarter": 0.25, "third": 0.333, "three quarters": 0.75, "two thirds": 0.667}
_ONE = "|".join(w for w in _UNITS[1:10])
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{_ONE}))?|{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
_PART = r"(?:three[ -]quarters?|two[ -]thirds|half|quarter|third)"
_UNIT = r"(?:px|pixels?|pt|percent)"
_MEASURE = re.compile(
    rf"\b(?:(?P<whole>{_WORD}|an?|\d{{1,2}})[ -](?:and[ -](?:an?[ -])?)(?P<part>{_PART})[ -](?P<unit>{_UNIT})\b"
    rf"|(?P<whole2>{_WORD}|an?)[ -](?P<unit2>{_UNIT})[ -]and[ -](?:an?[ -])?(?P<part2>{_PART})\b"
    rf"|(?P<whole3>{_WORD})[ -]point[ -](?P<digits>{_WORD}(?:[ -](?:{_ONE}|zero))?)[ -](?P<unit3>{_UNIT})\b"
    rf"|(?:an? |one )?(?P<part4>{_PART})(?: of)?(?: an?)?[ -](?P<unit4>{_UNIT})\b"
    rf"|(?P<whole5>{_WORD}|single|double)[ -](?P<unit5>{_UNIT})\b)"
)
_BY = re.compile(rf"\b({_WORD}|\d{{1,4}}) (?:by|x) ({_WORD}|\d{{1,4}})\b")


def plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """``text`` (lower case) with measures in digits, of the same length, and the places of the words that they were."""
    if not _HINT.search(text):
        return text, []
    spans: list[tuple[int, int]] = []
    for pattern, digits in ((_BY, _sides), (_MEASURE, _measure)):
        spans += [m.span() for m in pattern.finditer(text) if digits(m) != m.group()]
        text = pattern.sub(digits, text)
    return text, spans


_HINT = re.compile(rf"\b{_UNIT}\b|\bby\b")


def _value(word: str) -> float:
    if word.isdigit():
        return float(word)
    return float(sum(_VALUES[w] for w in re.split(r"[ -]", word))) if word not in ("a", "an") else 1.0


def _part(word: str) -> float:
    word = word.replace("-", " ")
    return _PARTS["three quarters" if word == "three quarter" else word]


def _measure(m: re.Match[str]) -> str:
    if m["part"]:
        number, unit = _value(m["whole"]) + _part(m["part"]), m["unit"]
    elif m["part2"]:
        number, unit = _value(m["whole2"]) + _part(m["part2"]), m["unit2"]
    elif m["digits"]:
        number, unit = _value(m["whole3"]) + _decimals(m["digits"]), m["unit3"]
    elif m["part4"]:
        number, unit = _part(m["part4"]), m["unit4"]
    else:
        number, unit = _value(m["whole5"]), m["unit5"]
    return f"{number:g}{'%' if unit == 'percent' else 'px'}".rjust(len(m.group()))


def _decimals(words: str) -> float:
    """ "five" is .5, "seventy five" and "seven five" are .75."""
    values = [int(_VALUES[w]) for w in re.split(r"[ -]", words)]
    joined = str(sum(values)) if values[0] >= 20 else "".join(map(str, values))
    return float(f"0.{joined}")


def _sides(m: re.Match[str]) -> str:
    a, b = _value(m[1]), _value(m[2])
    return f"{a:g}x{b:g}".rjust(len(m.group())) if a == b else m.group()
