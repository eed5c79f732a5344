"""Path data text -> absolute M L C A Z segments, rounded as the canonical form asks.

Contract. The grammar of SVG 2, 9.3, compact arc flags included. A path with an error is drawn up to the error, as the
specification asks. H and V become L; S, Q and T become C, exactly; a repeated M's further points are L; an M that
nothing follows is dropped. The work is linear in the length of the text: the arc pattern is possessive, it never goes
back.

The reading is one loop without calls of our own in it, since it is where the time of ``parse`` goes: two thirds of the
text of an icon is path data.
"""

from __future__ import annotations

import re
from itertools import chain

from svggen.errors import BudgetError
from svggen.icon.canonical import NUMBER_LIMIT, add_arc
from svggen.icon.types import Segment

__all__ = ["EXACT", "parse_path_data"]

EXACT = 12
"""Decimals to ask for where the path is still to be transformed: finer than any canonical form."""

_COMMAND = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
# a number, or one character that is none: float() refuses that, which ends the path where the error is
_TOKEN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[^\s,]")
_N = r"([-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+)"
_S = r"[\s,]*+"
_ARC = re.compile(_S + _S.join([_N, _N, _N, "([01])", "([01])", _N, _N]))
_REST = re.compile(r"[\s,]*+$")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
_KINDS = {
    c: (c.upper(), c.islower(), _ARGUMENTS.get(c.upper(), 0)) for c in "MmZzLlHhVvCcSsQqTtAa"
}  # command -> (absolute form, is it relative, arguments of one)
_ROUNDER = 1.5 * 2.0**52
"""Added to a double below 2**51 and taken away again, it leaves the nearest whole number; half the time of ``round``.
A decimal that was rounded so is the same when it is rounded so, or by ``round``, once more."""
_FLAGS = ("0", "1")


def parse_path_data(text: str, digits: int = EXACT, max_segments: int = 5_000) -> list[Segment]:  # noqa: C901
    """``digits``: decimals kept. Raises BudgetError for more than ``max_segments`` or a number that is not finite or
    beyond +-1e6; [] when nothing is drawn before an error."""
    out: list[Segment] = []
    add, find, d = out.append, _TOKEN.findall, digits
    p, B = 10.0**digits, _ROUNDER  # (v * p + B - B) / p is v rounded: see _ROUNDER
    x = y = kx = ky = 0.0  # the pen, and the last control point (for S and T)
    sx = sy = 0.0  # where the sub-path began
    drawn = False  # is the M of this sub-path in ``out``?
    moved = False  # was there an M since the last Z?
    curve = ""  # the kind of curve that kx, ky belong to
    commands = _COMMAND.findall(text)
    if not commands or commands[0][0] not in "Mm" or text.lstrip()[:1] not in ("M", "m"):
        return []
    if len(commands) > 2 * max_segments:
        raise BudgetError("path segments", limit=f"at most {max_segments}")
    for command, rest in commands:
        kind, relative, per = _KINDS[command]
        if kind == "Z":
            if drawn or moved:
                if not drawn:
                    add(("M", ((sx * p + B - B) / p, (sy * p + B - B) / p)))
                add(("Z", ()))
            x, y, curve, drawn, moved = sx, sy, "", False, False
            if rest and not rest.isspace():
                break
            continue
        tokens = find(rest)
        if kind == "A" and not (len(tokens) == 7 and tokens[3] in _FLAGS and tokens[4] in _FLAGS):
            n, sound = _arc_numbers(rest)
        else:
            try:
                n, sound = list(map(float, tokens)), True
            except ValueError:
                n, sound = _sound_part(tokens), False
        count = len(n)
        if count == 0:
            break
        if len(out) > max_segments:
            break  # reported below
        if count != per:
            if count % per:
                sound = False
            if count < per:
                break
            if len(out) + count // per > max_segments:
                raise BudgetError("path segments", limit=f"at most {max_segments}")
        if kind == "M":
            sx, sy = (n[0] + x, n[1] + y) if relative else (n[0], n[1])
            x, y, curve, drawn, moved = sx, sy, "", False, True
            if count < 4:
                if not sound:
                    break
                continue
            n = n[2:]
            kind = "L"
        if not drawn:
            if out and out[-1][0] == "M":
                out.pop()  # all that followed it was an arc that goes nowhere
            add(("M", ((x * p + B - B) / p, (y * p + B - B) / p)))
            drawn = True
        ox = oy = 0.0
        if kind == "L":
            it = iter(n)
            if relative:
                for a, b in zip(it, it, strict=False):
                    x += a
                    y += b
                    add(("L", ((x * p + B - B) / p, (y * p + B - B) / p)))
            else:
                for x, y in zip(it, it, strict=False):
                    add(("L", ((x * p + B - B) / p, (y * p + B - B) / p)))
            curve = ""
        elif kind == "C":
            it = iter(n)
            for a, b, c, e, f, g in zip(it, it, it, it, it, it, strict=False):
                if relative:
                    ox, oy = x, y
                kx, ky, x, y = c + ox, e + oy, f + ox, g + oy
                add(
                    (
                        "C",
                        (
                            ((a + ox) * p + B - B) / p,
                            ((b + oy) * p + B - B) / p,
                            (kx * p + B - B) / p,
                            (ky * p + B - B) / p,
                            (x * p + B - B) / p,
                            (y * p + B - B) / p,
                        ),
                    )
                )
            curve = "C"
        elif kind == "H":
            for a in n:
                x = x + a if relative else a
                add(("L", ((x * p + B - B) / p, (y * p + B - B) / p)))
            curve = ""
        elif kind == "V":
            for b in n:
                y = y + b if relative else b
                add(("L", ((x * p + B - B) / p, (y * p + B - B) / p)))
            curve = ""
        elif kind == "A":
            for i in range(0, count - 6, 7):
                px, py = x, y
                x, y = (n[i + 5] + x, n[i + 6] + y) if relative else (n[i + 5], n[i + 6])
                add_arc(out, (px, py), (n[i], n[i + 1], n[i + 2], n[i + 3], n[i + 4], x, y), d)
            curve = ""
        elif kind == "S":
            it = iter(n)
            for c, e, f, g in zip(it, it, it, it, strict=False):
                if relative:
                    ox, oy = x, y
                a, b = (2 * x - kx, 2 * y - ky) if curve == "C" else (x, y)
                kx, ky, x, y = c + ox, e + oy, f + ox, g + oy
                add(
                    (
                        "C",
                        (
                            (a * p + B - B) / p,
                            (b * p + B - B) / p,
                            (kx * p + B - B) / p,
                            (ky * p + B - B) / p,
                            (x * p + B - B) / p,
                            (y * p + B - B) / p,
                        ),
                    )
                )
                curve = "C"
        else:
            for i in range(0, count - per + 1, per):
                px, py = x, y
                if relative:
                    ox, oy = x, y
                if kind == "Q":
                    kx, ky = n[i] + ox, n[i + 1] + oy
                elif curve == "Q":
                    kx, ky = 2 * x - kx, 2 * y - ky
                else:
                    kx, ky = x, y
                x, y = n[i + per - 2] + ox, n[i + per - 1] + oy
                # degree elevation: the cubic's control points lie two thirds of the way to the quadratic's
                first = (round(px + 2 / 3 * (kx - px), d), round(py + 2 / 3 * (ky - py), d))
                second = (round(x + 2 / 3 * (kx - x), d), round(y + 2 / 3 * (ky - y), d))
                add(("C", (*first, *second, (x * p + B - B) / p, (y * p + B - B) / p)))
                curve = "Q"
        if not sound:
            break
    if len(out) > max_segments:
        raise BudgetError("path segments", limit=f"at most {max_segments}")
    if out and out[-1][0] == "M":
        out.pop()
    _check_range(out)
    return out


def _check_range(segments: list[Segment]) -> None:
    values = list(chain.from_iterable([s[1] for s in segments]))
    total = sum(values)  # NaN hides from max and min, not from a sum
    if values and not (max(values) <= NUMBER_LIMIT and min(values) >= -NUMBER_LIMIT and total == total):
        raise BudgetError("path coordinate", limit=f"numbers are finite and within +-{NUMBER_LIMIT:g}")


def _sound_part(tokens: list[str]) -> list[float]:
    """The numbers before the first token that is none."""
    numbers = []
    for token in tokens:
        try:
            numbers.append(float(token))
        except ValueError:
            break
    return numbers


def _arc_numbers(text: str) -> tuple[list[float], bool]:
    numbers: list[float] = []
    at = 0
    while match := _ARC.match(text, at):
        numbers.extend(map(float, match.groups()))
        at = match.end()
    return numbers, _REST.match(text, at) is not None
