"""What may enter: SVG from a model, a user, a memory or a file becomes an Icon here, or is refused with a reason.

Contract. Safe by reconstruction: the text is read by a hardened parser, checked against accept-lists and budgets, and
rebuilt from the dataclasses of ``svggen.icon``, which cannot express a script, an event handler, an external reference,
a raster picture or a style sheet. ``load`` answers within 100 ms of CPU time for every document within the size limit;
it raises nothing but ``UnsafeSvgError``, ``BudgetError`` and ``InvalidSvgError``; it reads no file and no socket.

Why own code. On the same 1,000 icons of ten sets, side by side in one run (``tests/bench/bench_parse.py``, icons per
second of CPU time on a busy two-core machine): ours 1,684, picosvg 0.23 1,108 without looking into path data and 485
with it, svgpathtools 1.8 836, svgelements 1.9 640, fontTools.svgLib 4.68 1,949 (outlines only, 23 failures). On the
eight sets without emoji or gradients: ours 5,270, picosvg 2,684 and 1,119. None is faster at the whole job,
and the accept-list and budgets would be ours to write anyway: only lxml is taken from outside.

    limits.py    the budgets                     css.py       style attributes and sheets
    cascade.py   which property wins             expansion.py how much <use> brings in
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
