"""Contact sheets of a set: the outliers marked and first, look-alikes side by side, before beside after.

Contract. PNG bytes, one light ground, every icon at 16 and at 48 px. A label under each says what is wrong. At most
``MOST`` icons are drawn, outliers before others; the title says how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from svggen.icon import Icon

if TYPE_CHECKING:
    from svggen.sets.audit import Audit, Audited, Finding, Item

__all__ = ["MOST", "audit_sheet", "pairs_sheet"]

MOST: Final = 400
RED, AMBER, GREEN = "#dc2626", "#d97706", "#16a34a"
_LIGHT: Final = "#ffffff"
_SIZES: Final = (16, 48)
_COLUMNS: Final = 10


def audit_sheet(found: Audit, items: Sequence[Item], title: str) -> bytes | None:
    """The set: outliers framed red, look-alikes amber, the others as they are. None where no file could be read."""
    from svggen.render import contact_sheet

    alike: dict[str, str] = {}
    for pair in found.alike:
        alike.setdefault(pair.a, pair.b)
        alike.setdefault(pair.b, pair.a)
    rows: list[tuple[int, Icon, str, str | None]] = []
    for item, audited in zip(items, found.icons, strict=True):
        if item.icon is None:
            continue
        if audited.outlier:
            rows.append((0, item.icon, f"{_name(item.file)}: {_short(audited)}", RED))
        elif item.file in alike:
            rows.append((1, item.icon, f"{_name(item.file)}: like {_name(alike[item.file])}", AMBER))
        else:
            rows.append((2, item.icon, _name(item.file), None))
    if not rows:
        return None
    rows.sort(key=lambda row: row[0])
    shown = rows[:MOST]
    left = f", {len(rows) - len(shown)} more not drawn" if len(rows) > len(shown) else ""
    return contact_sheet(
        [(icon, label) for _, icon, label, _ in shown],
        sizes=_SIZES,
        columns=min(_COLUMNS, len(shown)),
        backgrounds=(_LIGHT,),
        title=title + left,
        marks=[mark for *_, mark in shown],
    )


def pairs_sheet(pairs: Sequence[tuple[Icon, str, Icon, str, str | None]], title: str) -> bytes | None:
    """Pairs side by side: (icon, label, icon, label, colour of the second one's frame); None for none."""
    from svggen.render import contact_sheet

    if not pairs:
        return None
    shown = pairs[: MOST // 2]
    left = f", {len(pairs) - len(shown)} more not drawn" if len(pairs) > len(shown) else ""
    items = [each for a, la, b, lb, _ in shown for each in ((a, la), (b, lb))]
    return contact_sheet(
        items,
        sizes=_SIZES,
        columns=min(8, len(items)),
        backgrounds=(_LIGHT,),
        title=title + left,
        marks=[mark for *_, last in shown for mark in (None, last)],
    )


def _name(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]


def _short(audited: Audited) -> str:
    return ", ".join(_what(finding) for finding in audited.findings[:2])


_BRIEF: Final = {
    "stroke_width": "width", "corner_radius": "radius", "secondary_opacity": "tone", "centre_x": "right by",
    "centre_y": "low by", "cut_off": "cut off", "on_grid": "on grid", "colours": "colour",
}  # fmt: skip


def _what(finding: Finding) -> str:
    word = _BRIEF.get(finding.rule, finding.rule)
    if isinstance(finding.value, float | int) and finding.kind == "outlier":
        return f"{word} {finding.value:.2g}"
    return f"{word} {finding.value}" if isinstance(finding.value, str) else word
