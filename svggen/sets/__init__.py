"""Sets: icons as one thing. Does it hold together, what would make it hold together, what is missing from it?

    from svggen.sets.audit import audit        # what the icons have in common, and which of them leave it
    from svggen.sets.unify import unify        # a mixed set in one style, and what could not be changed
    from svggen.sets.gaps import gaps          # companions that other sets have: minus beside plus, unlock beside lock

Contract. Nothing here reads or writes files: ``Item`` is a file that was read by who calls. Lengths are units of a
24 px canvas. Importing the package loads neither numpy nor the judge.

    audit.py   the whole look     norm.py  what a set has in common    lookalikes.py  who is taken for whom
    unify.py   one style for all  gaps.py  missing companions          rules.py       the owner's own rules
    sheets.py  contact sheets     fields.py, facts.py, said.py, variants.py  what the others share
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svggen.sets.audit import Audit, Item
    from svggen.sets.rules import Rules

__all__ = ["Audit", "Item", "Rules"]

_HOME = {"Audit": "audit", "Item": "audit", "Rules": "rules"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
