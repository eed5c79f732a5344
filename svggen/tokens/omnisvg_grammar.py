"""The grammar of OmniSVG's ids as a table: what may follow what, so that a model under it can draw nothing invalid.

Contract. ``TABLE`` says for each state which kinds of ids may come and what state they lead to; ``kinds(layout)`` which
ids each kind has in a release; ``cost()`` how many ids a state is from the end at the least, EOS included. What
the table lets through, ``svggen.tokens.omnisvg.decode`` reads without passing anything over.

It is narrower than what can be read, where only slips lie outside: the first move of a path says its point twice, a
later one begins where the pen is, a close names the point where the sub-path began; a sub-path is closed or painted
once it can have an area; nothing of no length is drawn; radii are not zero, flags are 0 or 1.

    drawing := [BOS] path+ EOS        path := sub-path+ colour        sub-path := M (L | C | A)+ [Z]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from svggen.tokens.omnisvg import SIDE, Layout

__all__ = ["AWAY", "FORCED", "MOVES", "SHORTEST", "STATES", "STAYS", "TABLE", "cost", "kinds"]

TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    "begin": {"BOS": "begun", "M": "first"},
    "begun": {"M": "first"},
    "first": {"point": "again"},
    "again": {"point": "moved"},
    "moved": {"L": "line", "C": "control 1", "A": "radii"},
    "line": {"point": "one line"},
    "one line": {"L": "next line", "C": "control 1", "A": "radii"},
    "next line": {"point": "area"},
    "area": {"L": "next line", "C": "control 1", "A": "radii", "Z": "close", "M": "from", "colour": "painted"},
    "control 1": {"point": "control 2"},
    "control 2": {"point": "bend"},
    "bend": {"point": "area"},
    "radii": {"radii": "turn"},
    "turn": {"turn": "large"},
    "large": {"flag": "sweep"},
    "sweep": {"flag": "arc"},
    "arc": {"point": "area"},
    "close": {"point": "closed"},
    "closed": {"M": "from", "colour": "painted"},
    "from": {"point": "to"},
    "to": {"point": "moved"},
    "painted": {"M": "first", "EOS": "done"},
    "done": {"PAD": "done"},
}
"""State -> kind of id -> state."""

STATES: Final = tuple(TABLE)

FORCED: Final = {"again": "last", "from": "pen", "close": "start"}
"""States in which one point alone may come: the one said last, the one where the pen is, where the sub-path began."""

AWAY: Final = ("line", "next line", "arc")
"""States in which any point but the pen's may come. In "bend" so where both controls are the pen's. In the first
release also in "to": two equal points would begin a new path."""

MOVES: Final = ("again", "to")
"""States whose point begins a sub-path."""
STAYS: Final = ("first", "control 1", "control 2", "from", "radii", "turn", "large", "sweep")
"""States whose point does not move the pen."""


def kinds(form: Layout) -> dict[str, list[range]]:
    """The ids of each kind."""
    first = form.point(0, 0)
    points = range(first, first + SIDE * SIDE)
    found = {op: [range(form.command(op), form.command(op) + 1)] for op in "MLCAZ"}
    found |= {"point": [points], "colour": [range(form.paint, form.paint + 4098)]}
    found["radii"] = [range(form.point(1, y), form.point(1, y) + SIDE - 1) for y in range(1, SIDE)]
    if form.scalars is None:  # the first release says rotation and flags as the x of a point
        found["turn"] = [points]
        found["flag"] = [range(form.point(0, y), form.point(0, y) + 2) for y in range(SIDE)]
    else:
        found["turn"] = [range(form.scalars, form.scalars + 100)]
        found["flag"] = [range(form.scalars, form.scalars + 2)]
    found |= {name: [range(n, n + 1)] for name, n in (("BOS", form.bos), ("EOS", form.eos), ("PAD", form.pad))}
    return found


def cost() -> dict[str, int]:
    """State -> the fewest ids to the end, EOS included; a sub-path that may be closed is counted as being closed."""
    far = 10**6
    found = dict.fromkeys(TABLE, far)
    found["done"] = 0
    for _ in TABLE:
        for state, follows in TABLE.items():
            if state != "done":
                ways = [after for kind, after in follows.items() if (state, kind) != ("area", "colour")]
                found[state] = 1 + min(found[after] for after in ways)
    return found


SHORTEST: Final = 1 + cost()["begun"]
"""Ids of the shortest drawing, BOS and EOS included: with fewer there is none."""
