"""The budgets of what may enter."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Each is an upper bound that is still allowed. The largest icon of 200 openly licensed sets needs less than half
    of each.

    size: bytes of the document. elements: in the document, and again of everything drawn. segments: of all paths
    together, each use of a path counted. nesting: elements within elements, references included. references: elements
    that ``<use>`` brings in, counted before any is drawn. rules: style rules that name more than one class, id or
    element. stops: of one gradient. number: absolute value of any coordinate or length.
    """

    size: int = 256 * 1024
    elements: int = 5_000
    segments: int = 20_000
    nesting: int = 32
    references: int = 1_000
    rules: int = 64
    stops: int = 64
    number: float = 1e6


LIMITS = Limits()
