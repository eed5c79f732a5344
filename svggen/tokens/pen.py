"""A list that refuses to go in circles, and how a foreign value is shown in an error.

Contract. ``Pen.add(item, at)`` appends an item that begins at ``at`` (any value; None where place does not matter).
Where a run of items has just been repeated, beginning at the very point where it began before, the repetition is taken
off again: it draws over what is there. Runs of up to ``_LONGEST`` items are seen.
"""

from __future__ import annotations

from typing import Final, Generic, TypeVar

__all__ = ["Pen", "shown"]

_T = TypeVar("_T")
_LONGEST: Final = 12


class Pen(Generic[_T]):
    def __init__(self) -> None:
        self.items: list[_T] = []
        self._from: list[object] = []

    def add(self, item: _T, at: object) -> None:
        items, starts = self.items, self._from
        items.append(item)
        starts.append(at)
        for run in range(1, min(_LONGEST, len(items) // 2) + 1):
            # the last item is asked first: in a drawing that does not repeat itself nothing else is compared
            if items[-1] != items[-1 - run] or starts[-run] != starts[-2 * run]:
                continue
            if items[-run:] == items[-2 * run : -run]:
                del items[-run:], starts[-run:]
                return


def shown(value: object) -> str:
    """A value of unknown kind in a few characters."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**18:
        return "a number of more than 18 digits"  # which Python may refuse to print
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 40 else text[:39] + "…"
