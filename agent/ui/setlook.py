"""A user's set as a whole, for the grid: the style that it shares, in numbers, what of it each icon breaks, and which
icons are taken for one another.

Contract. ``look`` asks ``svggen.sets.audit`` and puts its answer in words. It blocks for about 8 ms an icon on two
quiet cores and is for a thread; ``tell`` hears how many are done. Errors: RenderError, WeightsError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from memory.records import Exemplar

__all__ = ["Look", "look"]


@dataclass(frozen=True)
class Look:
    """words: the shared style. fields: (name, value, spread) of each number or choice. broken: by icon id, what leaves
    the set's style and what to do, one line each. alike: pairs of ids that look the same at 16 px, and whether there is
    no difference at all."""

    words: str
    fields: tuple[tuple[str, str, str], ...]
    broken: dict[str, tuple[str, ...]]
    alike: tuple[tuple[str, str, bool], ...] = ()


def look(icons: Sequence[Exemplar], tell: Callable[[int], None] = lambda done: None) -> Look | None:
    """None for no icons."""
    from svggen.sets.audit import Item, audit
    from svggen.style import describe

    if not icons:
        return None
    items = [Item(f"{number}/{e.name}.svg", e.icon) for number, e in enumerate(icons)]
    ids = {item.file: e.id for item, e in zip(items, icons, strict=True)}
    through = 0

    def told(doing: str, more: int) -> None:
        nonlocal through
        through += more
        tell(min(through // 2, len(icons)))  # each is measured, and then held against the rules

    found = audit(items, tell=told)
    spread = found.groups[0].spread if found.groups else {}
    fields = tuple(
        (name.replace("_", " "), _plain(value), _spread(value, spread.get(name)))
        for name, value in found.style.to_dict().items()
    )
    broken = {
        ids[icon.file]: tuple(f"{f.message}: {f.repair}" if f.repair else f.message for f in icon.findings)
        for icon in found.icons
        if icon.outlier
    }
    alike = tuple((ids[pair.a], ids[pair.b], pair.same) for pair in found.alike)
    return Look(describe(found.style), fields, broken, alike)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _spread(value: Any, spread: float | None) -> str:
    """How far the members are from it: as a length for numbers, as a share for choices."""
    if spread is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"± {spread:.2g}"
    return f"{spread:.0%} differ" if spread >= 0.005 else "all alike"
