"""The turns of a session, and which of them is current: undo, redo, going back, branching; as data.

Contract. A turn is one message and what came of it (``Turn``). Turns that gave a drawing form a tree: ``parent`` is the
turn whose drawing was current when the message came. Nothing is ever taken out: undo moves ``at`` to the parent, redo
back to where undo came from, a new drawing after an undo is a new branch beside the old one. Pure functions over lists
of dicts, which a checkpoint can hold; ``Lost`` (the user's to hear) says why there is nowhere to go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from typing_extensions import TypedDict

__all__ = ["Lost", "Turn", "ancestors", "back_to", "drawing_at", "find", "redo", "turn_at", "undo", "versions"]


class Lost(Exception):
    """There is nothing to undo, to redo, or no such turn; the message is for the user."""


class Turn(TypedDict):
    """n: 1, 2, ... said: the message. kind: what it was understood to be. say: the answer. drawing: the id of the icon
    that was current afterwards, None before the first. parent: the turn whose drawing was changed or left (None: the
    first). candidates: ids of the icons that were shown. at: ISO 8601 in UTC."""

    n: int
    said: str
    kind: str
    say: str
    drawing: str | None
    parent: int | None
    candidates: list[str]
    at: str


def turn_at(turns: Sequence[Turn], n: int | None) -> Turn | None:
    return next((t for t in turns if t["n"] == n), None)


def drawing_at(turns: Sequence[Turn], n: int | None) -> str | None:
    """The id of the drawing that is current at turn n."""
    turn = turn_at(turns, n)
    return turn["drawing"] if turn else None


def ancestors(turns: Sequence[Turn], n: int | None) -> list[Turn]:
    """The turn itself, its parent, and so on to the first."""
    out: list[Turn] = []
    turn = turn_at(turns, n)
    while turn is not None and turn not in out:
        out.append(turn)
        turn = turn_at(turns, turn["parent"])
    return out


def undo(turns: Sequence[Turn], at: int | None, steps: int = 1) -> int:
    """The turn before: the nearest ancestor that shows another drawing; so many times."""
    for _ in range(steps - 1):
        at = undo(turns, at)
    here = drawing_at(turns, at)
    for turn in ancestors(turns, at)[1:]:
        if turn["drawing"] is not None and turn["drawing"] != here:
            return turn["n"]
    raise Lost(
        "There is nothing to undo: this is the first drawing of the session." if here else "There is no drawing."
    )


def redo(undone: Sequence[int]) -> tuple[int, list[int]]:
    """(where to, what is left to be redone)."""
    if not undone:
        raise Lost("There is nothing to redo: nothing was undone since the last change.")
    return undone[-1], list(undone[:-1])


def versions(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that gave a drawing which none before them had, in order: version 1, 2, ..."""
    seen: set[str] = set()
    out: list[Turn] = []
    for turn in turns:
        if turn["drawing"] is not None and turn["drawing"] not in seen:
            seen.add(turn["drawing"])
            out.append(turn)
    return out


def back_to(turns: Sequence[Turn], version: int) -> int:
    """The turn of a version, counted from 1, or from the end (-1 the last)."""
    found = versions(turns)
    if version == 0 and found:
        raise Lost("At the start nothing was drawn; the first drawing is version 1.")
    if not 1 <= abs(version) <= len(found):
        raise Lost(
            f"There is no version {version}: there are {len(found)} so far." if found else "Nothing was drawn yet."
        )
    return found[version - 1 if version > 0 else version]["n"]


_LITTLE = frozenset("a an the to of in on with and it i you was were before after from version one that this".split())


def find(turns: Sequence[Turn], words: str, *, told: Callable[[Turn], str] = lambda turn: turn["said"]) -> int:
    """The last turn whose message shares the most words with ``words``; "before ..." means the turn that it came
    from. told: the words of a turn."""
    wanted = words.lower().strip()
    earlier = wanted.startswith(("before ", "the one before", "the version before", "from before"))
    asked = {w.strip(".,;!?'\"") for w in wanted.split()} - _LITTLE - {""}
    best, most = None, 0
    for turn in turns:
        shared = len(asked & {w.strip(".,;!?'\"") for w in told(turn).lower().split()})
        if shared >= max(1, most) and turn["drawing"] is not None:
            best, most = turn, shared
    if best is None:
        raise Lost(f"No earlier message speaks of {words[:60]!r}.")
    return undo(turns, best["n"]) if earlier else best["n"]
