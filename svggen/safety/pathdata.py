"""Path data text -> absolute M L C A Z segments.

Contract. The grammar of SVG 2, 9.3, compact arc flags included. A path with an error is drawn up to the error, as the
specification asks. H and V become L; S, Q and T become C, exactly; a repeated M's further points are L. The work is
linear in the length of the text: the arc pattern is possessive, it never goes back. Nothing is rounded.
"""

from __future__ import annotations

import re

from svggen.errors import BudgetError
from svggen.icon.types import Segment

__all__ = ["parse_path_data"]

_COMMAND = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
# a number, or one character that is none: float() refuses that, which ends the path where the error is
_TOKEN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[^\s,]")
_N = r"([-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+)"
_S = r"[\s,]*+"
_ARC = re.compile(_S + _S.join([_N, _N, _N, "([01])", "([01])", _N, _N]))
_REST = re.compile(r"[\s,]*+$")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}


def parse_path_data(text: str, max_segments: int = 20_000, limit: float = 1e6) -> list[Segment]:
    """Raises BudgetError for more than ``max_segments`` or a number beyond ``limit``; [] when nothing precedes an
    error."""
    out: list[Segment] = []
    pen = _Pen(out)
    first = True
    for command, rest in _COMMAND.findall(text):
        if first:
            if command not in "Mm" or text.lstrip()[:1] not in "Mm":
                return []
            first = False
        kind = command.upper()
        relative = command is not kind and command != kind
        if kind == "Z":
            pen.close()
            if rest and not rest.isspace():
                break
            continue
        if kind == "A":
            numbers, sound = _arc_numbers(rest)
            per = 7
        else:
            numbers, sound = _numbers(rest)
            per = _ARGUMENTS[kind]
        if not numbers:
            break
        if max(numbers) > limit or min(numbers) < -limit:
            raise BudgetError("path coordinate", limit=f"numbers are finite and within +-{limit:g}")
        extra = len(numbers) % per
        if extra:
            del numbers[-extra:]
            sound = False
        if len(out) + len(numbers) // per > max_segments:
            raise BudgetError("path segments", limit=f"at most {max_segments}")
        pen.draw(kind, numbers, relative)
        if not sound:
            break
    return out


def _numbers(text: str) -> tuple[list[float], bool]:
    tokens = _TOKEN.findall(text)
    try:
        return [float(t) for t in tokens], True
    except ValueError:
        numbers = []
        for token in tokens:
            if len(token) == 1 and not token.isdigit():
                break
            numbers.append(float(token))
        return numbers, False


def _arc_numbers(text: str) -> tuple[list[float], bool]:
    numbers: list[float] = []
    at = 0
    while match := _ARC.match(text, at):
        numbers.extend([float(t) for t in match.groups()])
        at = match.end()
    return numbers, _REST.match(text, at) is not None


class _Pen:
    """The current point, the start of the sub-path, and the last control point (for S and T)."""

    def __init__(self, out: list[Segment]) -> None:
        self.out = out
        self.x = self.y = self.sx = self.sy = self.kx = self.ky = 0.0
        self.last = ""  # "C" or "Q" while kx, ky may be mirrored
        self.closed = False

    def close(self) -> None:
        if not self.closed:
            self.out.append(("Z", ()))
        self.x, self.y = self.sx, self.sy
        self.last, self.closed = "", True

    def draw(self, kind: str, n: list[float], relative: bool) -> None:
        if kind == "M":
            x, y = n[0], n[1]
            if relative:
                x, y = x + self.x, y + self.y
            self.out.append(("M", (x, y)))
            self.x = self.sx = x
            self.y = self.sy = y
            self.last, self.closed = "", False
            n = n[2:]
            kind = "L"
        elif self.closed:
            self.out.append(("M", (self.sx, self.sy)))
            self.closed = False
        if kind == "L":
            self._lines(n, relative)
        elif kind == "C":
            self._cubics(n, relative)
        elif kind in "HV":
            self._straight(kind, n, relative)
        elif kind == "A":
            self._arcs(n, relative)
        elif kind == "S":
            self._smooth(n, relative)
        else:
            self._quadratics(kind, n, relative)

    def _lines(self, n: list[float], relative: bool) -> None:
        add, x, y = self.out.append, self.x, self.y
        for i in range(0, len(n), 2):
            if relative:
                x += n[i]
                y += n[i + 1]
            else:
                x, y = n[i], n[i + 1]
            add(("L", (x, y)))
        self.x, self.y, self.last = x, y, ""

    def _straight(self, kind: str, n: list[float], relative: bool) -> None:
        for v in n:
            if kind == "H":
                self.x = self.x + v if relative else v
            else:
                self.y = self.y + v if relative else v
            self.out.append(("L", (self.x, self.y)))
        self.last = ""

    def _cubics(self, n: list[float], relative: bool) -> None:
        add, x, y = self.out.append, self.x, self.y
        x2, y2 = x, y
        for i in range(0, len(n), 6):
            a, b, c, d, e, f = n[i : i + 6]
            if relative:
                a, b, x2, y2, x, y = x + a, y + b, x + c, y + d, x + e, y + f
            else:
                x2, y2, x, y = c, d, e, f
            add(("C", (a, b, x2, y2, x, y)))
        self.x, self.y, self.kx, self.ky, self.last = x, y, x2, y2, "C"

    def _smooth(self, n: list[float], relative: bool) -> None:
        for i in range(0, len(n), 4):
            x, y = self.x, self.y
            x1, y1 = (2 * x - self.kx, 2 * y - self.ky) if self.last == "C" else (x, y)
            ox, oy = (x, y) if relative else (0.0, 0.0)
            self.kx, self.ky, self.x, self.y = n[i] + ox, n[i + 1] + oy, n[i + 2] + ox, n[i + 3] + oy
            self.out.append(("C", (x1, y1, self.kx, self.ky, self.x, self.y)))
            self.last = "C"

    def _quadratics(self, kind: str, n: list[float], relative: bool) -> None:
        per = 4 if kind == "Q" else 2
        for i in range(0, len(n), per):
            x, y = self.x, self.y
            ox, oy = (x, y) if relative else (0.0, 0.0)
            if kind == "Q":
                self.kx, self.ky = n[i] + ox, n[i + 1] + oy
            elif self.last == "Q":
                self.kx, self.ky = 2 * x - self.kx, 2 * y - self.ky
            else:
                self.kx, self.ky = x, y
            self.x, self.y = n[i + per - 2] + ox, n[i + per - 1] + oy
            kx, ky = self.kx, self.ky
            first = (x + 2 / 3 * (kx - x), y + 2 / 3 * (ky - y))
            second = (self.x + 2 / 3 * (kx - self.x), self.y + 2 / 3 * (ky - self.y))
            self.out.append(("C", (*first, *second, self.x, self.y)))
            self.last = "Q"

    def _arcs(self, n: list[float], relative: bool) -> None:
        for i in range(0, len(n), 7):
            rx, ry, turn, large, sweep, x, y = n[i : i + 7]
            if relative:
                x, y = x + self.x, y + self.y
            self.out.append(("A", (abs(rx), abs(ry), turn, large, sweep, x, y)))
            self.x, self.y = x, y
        self.last = ""
