"""The rules that a set follows already, to be kept from now on."""

from __future__ import annotations

from glob import escape

from svggen.sets.audit import Audit
from svggen.sets.fields import FIELDS
from svggen.sets.rules import PLAIN, Rules

__all__ = ["learned"]


def learned(found: Audit, given: Rules | None = None, *, baseline: bool = False) -> Rules:
    """What an audit measured, as rules. A field that the set does not agree on is switched off, so that it does not
    become a rule when the set changes. given: whose ignored findings and word on look-alikes are taken over. baseline:
    what breaks the rules today is ignored, file by file, so that only what is new is told."""
    given = given or Rules()
    norms = {
        ("" if number == 0 else group.name or PLAIN): {each.id: group.norm.rules.get(each.id) for each in FIELDS}
        for number, group in enumerate(found.groups)
    }
    first = found.groups[0].kept if found.groups else ()
    today = tuple(
        (escape(icon.file), tuple(dict.fromkeys(f.rule for f in icon.findings)))
        for icon in found.icons
        if icon.findings
    )
    return Rules(norms, first, given.look_alikes, given.ignore + (today if baseline else ()))
