"""The text of an icon -> a canonical Icon on a 24 px canvas, packed; or the reason why it does not enter.

Contract. ``convert(candidate)`` returns a ``Converted`` whose ``reason`` is "" and whose ``icon`` is canonical, with
coordinates on a grid of 1/100 unit, or one with a reason and no icon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from memory.library.codec import Looks, NotExact, encode
from svggen.icon import Icon, serialise
from svggen.training.choose import Candidate
from svggen.training.convert import fitted

__all__ = ["Converted", "convert"]

LIMIT_BYTES: Final = {"emoji": 4000}
LIMIT_BYTES_ELSE: Final = 3000
"""Canonical text longer than this is a drawing, not an icon: costly to keep and to show."""


@dataclass(frozen=True)
class Converted:
    icon: Icon | None
    reason: str = ""


def convert(candidate: Candidate, kind: str) -> Converted:
    icon, reason = fitted(candidate.body, candidate.box)
    if icon is None:
        return Converted(None, reason)
    if len(serialise(icon)) > LIMIT_BYTES.get(kind, LIMIT_BYTES_ELSE):
        return Converted(None, "too long")
    try:
        encode(icon, Looks())
    except NotExact:
        return Converted(None, "not exact")
    return Converted(icon)
