"""The budgets of what may enter."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Each is an upper bound that is still allowed; together they keep every verdict within 100 ms.

    Of 160,779 openly licensed icons the largest has 280 elements, and all but one have fewer than 2,500 segments (that
    one, noto's lizard, has 8,200 and is refused).

    size: bytes of the document. elements: in the document, and again of everything drawn. segments: of all paths
    together, each use of a path counted. nesting: elements within elements, references included. references: elements
    that ``<use>`` brings in, counted before any is drawn. attributes: of one element. selectors: of all style sheets.
    rules: selectors that name more than one class, id or element. stops: of one gradient (and at most ``elements`` of
    all that is drawn).
    """

    size: int = 256 * 1024
    elements: int = 1_000
    segments: int = 5_000
    nesting: int = 32
    references: int = 1_000
    attributes: int = 256
    selectors: int = 2_000
    rules: int = 64
    stops: int = 64


LIMITS = Limits()
