"""A JSON manifest in Iconify's format (the type IconifyJSON), for its tools, plugins and design programs.

Contract. Bodies are SVG without a root, as the format wants them; the size that most icons have stands at the top, and
icons of another size carry their own. ``info`` says who made the set and under which licences its models stand;
``aliases`` are further names of a drawing, ``categories`` the groups. Names keep Iconify's own rule.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from svggen.export.items import Entry, Made, Options, listed, plain_title
from svggen.export.nodes import Node, drawing, xml
from svggen.icon import serialise

__all__ = ["body", "make"]

SAMPLES = 6
_SIDES = ("left", "top", "width", "height")
_DEFAULT = {"left": 0.0, "top": 0.0, "width": 16.0, "height": 16.0}
"""What the format takes for a side that is not given."""


def make(entries: list[Entry], options: Options) -> Made:
    """``icons.json``."""
    stem = options.stem if options.stem is not None else options.family
    boxes = {e.name: dict(zip(_SIDES, drawing(e.item.icon).viewbox, strict=True)) for e in entries}
    usual = {
        side: Counter(box[side] for box in boxes.values()).most_common(1)[0][0] for side in ("width", "height")
    }  # left and top are 0 nearly always, and a default of 0 is what every reader knows
    shown = {**_DEFAULT, **usual}
    icons = {
        e.name: {
            "body": body(e),
            **{side: _plain(value) for side, value in boxes[e.name].items() if value != shown[side]},
        }
        for e in entries
    }
    fixed = [e.name for e in entries if "currentColor" not in serialise(e.item.icon)]
    data: dict[str, Any] = {"prefix": options.family, "info": _info(entries, boxes, fixed, options), "icons": icons}
    aliases = {alias: {"parent": e.name} for e in entries for alias in e.aliases}
    if aliases:
        data["aliases"] = aliases
    categories: dict[str, list[str]] = {}
    for entry in entries:
        title = plain_title(entry.item.category)
        if title:
            categories.setdefault(title, []).append(entry.name)
    if categories:
        data["categories"] = categories
    data.update({side: _plain(value) for side, value in usual.items()})
    mixed = f"{listed(fixed)} have colours of their own, the others take the text's: Iconify wants one or the other"
    notes = (mixed,) if fixed and len(fixed) < len(entries) else ()
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return Made({f"{stem}.json": text.encode()}, {e.name: (f"{stem}.json",) for e in entries}, notes)


def body(entry: Entry) -> str:
    """The icon without its root; what the root said stands on the one element, or on a group around all."""
    drawn = drawing(entry.item.icon)
    root = dict(drawn.root)
    if not root:
        return xml(drawn.nodes)
    defs = tuple(n for n in drawn.nodes if n.tag == "defs")
    shapes = tuple(n for n in drawn.nodes if n.tag != "defs")
    if len(shapes) == 1 and not defs:
        return xml((Node(shapes[0].tag, {**root, **shapes[0].attributes}),))
    return xml((Node("g", root, drawn.nodes),))  # defs too: what stands in them inherits from here


def _info(
    entries: list[Entry], boxes: dict[str, dict[str, float]], fixed: list[str], options: Options
) -> dict[str, Any]:
    heights = sorted({_plain(box["height"]) for box in boxes.values()})
    info: dict[str, Any] = {
        "name": options.family.replace("-", " ").capitalize(),
        "total": len(entries),
        "author": {"name": plain_title(options.author) or "unknown"},
        "license": _licence(entries),
        "samples": [e.name for e in entries[:SAMPLES]],
        "height": heights[0] if len(heights) == 1 else heights,
        "palette": len(fixed) == len(entries),
    }
    return info


def _licence(entries: list[Entry]) -> dict[str, str]:
    """One licence where all icons come from the same; else what it is made of, in words."""
    of = [{s.licence for s in e.item.sources} for e in entries]
    known = sorted({plain_title(licence) for licences in of for licence in licences} - {""})
    if not known:
        return {"title": "Own work"}
    if len(known) == 1 and all(of):
        return {"title": known[0], "spdx": known[0]} if " " not in known[0] else {"title": known[0]}
    own = "" if all(of) else "Own work; "
    return {"title": f"{own}drawn from icons under {', '.join(known)} (see the attribution file)"}


def _plain(value: float) -> int | float:
    """24 rather than 24.0."""
    return int(value) if math.isclose(value, round(value), abs_tol=1e-9) else value
