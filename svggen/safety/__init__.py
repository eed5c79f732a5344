"""What may enter: SVG from a model, a user, a memory or a file becomes an Icon here, or is refused with a reason.

Contract. Safe by reconstruction: the text is read by a hardened parser, checked against accept-lists and budgets, and
rebuilt from the dataclasses of ``svggen.icon``, which cannot express a script, an event handler, an external reference,
a raster picture or a style sheet. ``load`` answers within 100 ms of CPU time for every document within the size limit;
it raises nothing but ``UnsafeSvgError``, ``BudgetError`` and ``InvalidSvgError``; it reads no file and no socket.

Why own code. ``tests/bench/bench_parse.py`` compares: see its docstring for the numbers. picosvg keeps strokes,
gradients and groups but is several times slower and fails on some icons; svgpathtools and fontTools.svgLib know paths
but no styles; svgelements keeps styles, executes neither budgets nor accept-lists, and is slower. None refuses hostile
input.

    limits.py    the budgets                     css.py       style attributes and sheets
    document.py  bytes -> checked tree           colour.py    CSS colours
    reader.py    checked tree -> Icon            pathdata.py  the d attribute
    servers.py   gradients                       values.py    lengths, transforms
    shapes.py    elements -> geometry
"""

from __future__ import annotations

from svggen.errors import GeometryError, InvalidSvgError
from svggen.icon.types import Icon
from svggen.safety.colour import parse_colour
from svggen.safety.document import read_document
from svggen.safety.limits import LIMITS, Limits
from svggen.safety.reader import read_icon

__all__ = ["LIMITS", "Limits", "load", "parse_colour"]


def load(data: str | bytes, limits: Limits = LIMITS, *, current_color: str | None = None) -> Icon:
    """The canonical Icon of an untrusted SVG document.

    Raises UnsafeSvgError (active or external content: what, where, which rule), BudgetError (which limit),
    InvalidSvgError (not well formed, not an SVG, or nothing in it is drawn). ``current_color`` is any CSS colour.
    """
    colour = None
    if current_color is not None:
        parsed = parse_colour(current_color)
        if parsed is None or not parsed[0].startswith("#"):
            raise InvalidSvgError(f"current_color {current_color!r} is not a colour")
        colour = parsed[0]
    document = read_document(data, limits)
    try:
        icon, why_empty = read_icon(document, limits, colour)
    except GeometryError as error:
        raise InvalidSvgError(str(error)) from None
    if not icon.shapes:
        raise InvalidSvgError(why_empty or "nothing to draw")
    return icon
