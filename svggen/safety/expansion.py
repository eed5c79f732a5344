"""How much ``<use>`` would bring in, counted before any of it is drawn."""

from __future__ import annotations

from svggen.errors import BudgetError, InvalidSvgError
from svggen.safety.document import Document, href, local_name
from svggen.safety.limits import Limits

__all__ = ["check_references"]


def check_references(document: Document, limits: Limits) -> None:
    """Raises BudgetError when all uses together bring in more elements than ``limits.references``, InvalidSvgError for
    a use that leads back to itself. Each target is counted once, however often it is used; the work is bounded by
    elements times nesting."""
    sizes: dict[str, int] = {}
    total = 0
    for use in document.root.iter():
        if local_name(use.tag) == "use":
            total += _size(href(use), document, limits, sizes, [])
            if total > limits.references:
                line = f"line {use.sourceline}"
                raise BudgetError("elements brought in by <use>", line, f"at most {limits.references}")


def _size(name: str | None, document: Document, limits: Limits, sizes: dict[str, int], path: list[str]) -> int:
    """Elements drawn for one use of ``name``; the recursion is as deep as the nesting limit."""
    element = document.ids.get(name) if name else None
    if name is None or element is None:
        return 0
    if name in path:
        raise InvalidSvgError(f"<use> leads back to itself through #{name[:40]}", f"line {element.sourceline}")
    if name in sizes:
        return sizes[name]
    if len(path) >= limits.nesting:
        raise BudgetError(
            "references nested too deeply", f"line {element.sourceline}", f"at most {limits.nesting} levels"
        )
    path.append(name)
    size = 0
    for part in element.iter():
        size += 1
        if local_name(part.tag) == "use":
            size += _size(href(part), document, limits, sizes, path)
        if size > limits.references:
            break
    path.pop()
    sizes[name] = size
    return size
