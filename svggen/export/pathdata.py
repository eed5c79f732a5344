"""Path data in few bytes: the same numbers, written relative or absolute, whichever is shorter.

Contract. ``lean(d, digits)`` takes what our serialiser writes (absolute M L C A Z) with at most ``digits`` decimals and
gives the same path to the last digit: it reckons in whole multiples of the last decimal, so that relative steps cannot
add up to an error. It uses M L H V C S A Z and their small letters; flags of arcs keep their spaces, because old
readers stumble without.
"""

from __future__ import annotations

import re

from svggen.icon.serialise import number

__all__ = ["joined", "lean"]

_SEGMENT = re.compile(r"([MLCAZ])([^MLCAZ]*)")
_AFTER = {"M": "L", "m": "l"}
"""What a letter that is left out means."""


def joined(numbers: list[str], before: str = "") -> str:
    """Numbers with only the separators that they need; before: the text of the number that stands before them."""
    out = []
    for text in numbers:
        glued = not before or text[0] == "-" or (text[0] == "." and "." in before)
        out.append(text if glued else f" {text}")
        before = text
    return "".join(out)


class _Pen:
    """Path data written so far, with the letter in force and the last number."""

    def __init__(self, unit: int) -> None:
        self._unit = unit
        self._parts: list[str] = []
        self._letter = self._tail = ""

    def text(self, value: int) -> str:
        return number(value / self._unit)

    def _spelled(self, letter: str, numbers: list[str]) -> str:
        if letter == self._letter and numbers:
            return joined(numbers, self._tail)
        return letter + joined(numbers)

    def shortest(self, *ways: tuple[str, list[str]]) -> None:
        """Write the way that adds the fewest characters; of equals the first."""
        letter, numbers = min(ways, key=lambda way: len(self._spelled(*way)))
        self._parts.append(self._spelled(letter, numbers))
        self._letter = _AFTER.get(letter, letter) if numbers else ""
        self._tail = numbers[-1] if numbers else ""

    def path(self) -> str:
        return "".join(self._parts)


def lean(d: str, digits: int) -> str:
    """The same path in fewer characters. digits: decimals of the coordinates, 0..9."""
    unit = 10**digits
    pen = _Pen(unit)
    x = y = start_x = start_y = 0
    reflected: tuple[int, int] | None = None  # the control point that S would take, where the last segment was a cubic
    for letter, text in _SEGMENT.findall(d):
        words = text.split()
        if letter == "Z":
            pen.shortest(("z", []))
            x, y, reflected = start_x, start_y, None
            continue
        points = words[5:] if letter == "A" else words
        v = [round(float(w) * unit) for w in points]
        steps = [c - (x, y)[i % 2] for i, c in enumerate(v)]
        there, by = [pen.text(c) for c in v], [pen.text(c) for c in steps]
        ways = [(letter.lower(), by), (letter, there)]
        if letter == "L":
            ways = _straight(ways, steps)
        elif letter == "C" and (v[0], v[1]) == (reflected or (x, y)):
            ways = [("s", by[2:]), ("S", there[2:])]
        elif letter == "A":
            ways = [(name, [*words[:5], *end]) for name, end in ways]
        pen.shortest(*ways)
        reflected = (2 * v[4] - v[2], 2 * v[5] - v[3]) if letter == "C" else None
        x, y = v[-2], v[-1]
        if letter == "M":
            start_x, start_y = x, y
    return pen.path()


def _straight(ways: list[tuple[str, list[str]]], steps: list[int]) -> list[tuple[str, list[str]]]:
    """A line; where it is level or upright, H or V as well."""
    (_, by), (_, there) = ways
    if steps[1] == 0:
        return [("h", by[:1]), ("H", there[:1]), *ways]
    if steps[0] == 0:
        return [("v", by[1:]), ("V", there[1:]), *ways]
    return ways
