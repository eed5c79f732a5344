"""Lengths, plain numbers and transform lists, as SVG and CSS write them."""

from __future__ import annotations

import math
import re

from svggen.errors import BudgetError
from svggen.geometry.affine import IDENTITY, Affine, compose, rotation, skew, translation

__all__ = ["parse_length", "parse_numbers", "parse_transform"]

_LENGTH = re.compile(r"\s*+([-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+)\s*+([a-zA-Z%]*+)\s*+")
# a number, or one character that is none
_TOKEN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[^\s,]")
_FUNCTION = re.compile(r"(?<![a-zA-Z])([a-zA-Z]{1,12})\s*\(([^()]*)\)")
# CSS absolute units at 96 px per inch; em and ex at the initial font size of 16 px
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "q": 96 / 101.6,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
}
_LIMIT = 1e6
_MATRIX_LIMIT = 1e9
_MAX_FUNCTIONS = 256


def parse_length(text: str | None, whole: float, default: float = 0.0) -> float:
    """In user units; ``whole`` is what 100 % means. ``default`` for what is missing, ``auto`` or not a length. Raises
    BudgetError beyond +-1e6."""
    if text is None:
        return default
    match = _LENGTH.fullmatch(text)
    if match is None:
        return default
    unit = match[2].lower()
    if unit == "%":
        value = float(match[1]) / 100 * whole
    elif unit in _UNITS:
        value = float(match[1]) * _UNITS[unit]
    else:
        return default
    if not -_LIMIT <= value <= _LIMIT:
        raise BudgetError(f"number {text[:20]!r}", limit=f"numbers are finite and within +-{_LIMIT:g}")
    return value


def parse_numbers(text: str, most: int | None = None, limit: float = _LIMIT) -> list[float]:
    """All numbers of a list such as ``points`` or ``viewBox``, up to the first thing that is none. Raises BudgetError
    for more than ``most`` of them."""
    tokens = _TOKEN.findall(text)
    if most is not None and len(tokens) > most:
        raise BudgetError("numbers in a list", limit=f"at most {most}")
    try:
        out = list(map(float, tokens))
    except ValueError:
        out = []
        for token in tokens:
            if len(token) == 1 and not token.isdigit():
                break
            out.append(float(token))
    if out and not (max(out) <= limit and min(out) >= -limit):  # the grammar has no NaN, and inf is refused here
        raise BudgetError("number", limit=f"numbers are finite and within +-{limit:g}")
    return out


def parse_transform(text: str) -> Affine:
    """The product of a transform list; what cannot be read is skipped (a browser would drop the whole list). Raises
    BudgetError for a product beyond 1e9 and for more than 256 functions."""
    m = IDENTITY
    for count, (name, arguments) in enumerate(_FUNCTION.findall(text)):
        if count >= _MAX_FUNCTIONS:
            raise BudgetError("transform functions", limit=f"at most {_MAX_FUNCTIONS}")
        numbers = _arguments(arguments)
        step = _function(name.lower(), numbers) if numbers else None
        if step is not None:
            m = compose(m, step)
    if not all(-_MATRIX_LIMIT <= v <= _MATRIX_LIMIT for v in m):
        raise BudgetError("transform", limit=f"matrix entries within +-{_MATRIX_LIMIT:g}")
    return m


def _arguments(text: str) -> list[float]:
    """Numbers; CSS spellings (deg, rad, turn, px) are taken too."""
    if text.isascii() and not any(c.isalpha() and c not in "eE" for c in text):
        return parse_numbers(text, limit=_MATRIX_LIMIT)
    out = []
    for part in re.split(r"[\s,]+", text.strip()):
        match = _LENGTH.fullmatch(part)
        if match is None:
            return []
        unit = match[2].lower()
        factor = {"deg": 1.0, "rad": 180 / math.pi, "turn": 360.0, "grad": 0.9}.get(unit) or _UNITS.get(unit)
        if factor is None:
            return []
        out.append(parse_length(match[1], 1.0) * factor)
    return out


def _function(name: str, n: list[float]) -> Affine | None:
    count = len(n)
    if name == "matrix" and count == 6:
        return (n[0], n[1], n[2], n[3], n[4], n[5])
    if name.startswith("translate"):
        if name == "translatex":
            return translation(n[0], 0.0)
        if name == "translatey":
            return translation(0.0, n[0])
        return translation(n[0], n[1] if count > 1 else 0.0)
    if name.startswith("scale"):
        if name == "scalex":
            return (n[0], 0.0, 0.0, 1.0, 0.0, 0.0)
        if name == "scaley":
            return (1.0, 0.0, 0.0, n[0], 0.0, 0.0)
        return (n[0], 0.0, 0.0, n[1] if count > 1 else n[0], 0.0, 0.0)
    if name == "rotate":
        return rotation(n[0], n[1], n[2]) if count >= 3 else rotation(n[0])
    if name == "skewx":
        return skew(n[0])
    return skew(0.0, n[0]) if name == "skewy" else None
