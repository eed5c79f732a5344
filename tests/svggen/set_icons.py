"""A small set drawn by code, in any line width, cap, colour: enough icons for a set to have a style of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from svggen.geometry import transform_icon
from svggen.icon import Circle, Geometry, Icon, Line, Look, Path, Polyline, Rect, Shape, icon_id
from svggen.sets.facts import Facts, facts_of

DRAWINGS: dict[str, tuple[Geometry, ...]] = {
    "window": (Rect(3, 4, 18, 16, 2, 2), Line(3, 9, 21, 9)),
    "arrow-up": (Line(12, 21, 12, 3), Polyline(((5, 10), (12, 3), (19, 10)))),
    "arrow-down": (Line(12, 3, 12, 21), Polyline(((5, 14), (12, 21), (19, 14)))),
    "plus": (Line(12, 4, 12, 20), Line(4, 12, 20, 12)),
    "check": (Polyline(((3, 12), (9, 18), (21, 6))),),
    "circle-plus": (Circle(12, 12, 9), Line(12, 8, 12, 16), Line(8, 12, 16, 12)),
    "circle-minus": (Circle(12, 12, 9), Line(8, 12, 16, 12)),
    "circle-check": (Circle(12, 12, 9), Polyline(((8, 12), (11, 15), (16, 9)))),
    "square-plus": (Rect(3, 3, 18, 18, 2, 2), Line(12, 8, 12, 16), Line(8, 12, 16, 12)),
    "home": (Polyline(((3, 11), (12, 3), (21, 11))), Polyline(((6, 9), (6, 20), (18, 20), (18, 9)))),
    "mail": (Rect(3, 5, 18, 14, 2, 2), Polyline(((4, 7), (12, 13), (20, 7)))),
    "clock": (Circle(12, 12, 9), Polyline(((12, 7), (12, 12), (16, 14)))),
    "search": (Circle(11, 11, 7), Line(16, 16, 21, 21)),
    "battery": (Rect(2, 7, 16, 10, 2, 2), Line(22, 11, 22, 13)),
    "chart": (Polyline(((3, 3), (3, 21), (21, 21))), Line(8, 17, 8, 12), Line(13, 17, 13, 7), Line(18, 17, 18, 14)),
    "menu": (Line(4, 6, 20, 6), Line(4, 12, 20, 12), Line(4, 18, 20, 18)),
    "grid": (Rect(3, 3, 7, 7, 1, 1), Rect(14, 3, 7, 7, 1, 1), Rect(3, 14, 7, 7, 1, 1), Rect(14, 14, 7, 7, 1, 1)),
    "image": (Rect(3, 3, 18, 18, 2, 2), Circle(9, 9, 2), Polyline(((4, 20), (15, 10), (21, 16)))),
    "lock": (
        Rect(4, 11, 16, 10, 2, 2),
        Path((("M", (8, 11)), ("L", (8, 7)), ("A", (4, 4, 0, 0, 1, 16, 7)), ("L", (16, 11)))),
    ),
    "calendar": (Rect(3, 4, 18, 17, 2, 2), Line(3, 10, 21, 10), Line(8, 2, 8, 6), Line(16, 2, 16, 6)),
    "user": (Circle(12, 8, 4), Path((("M", (4, 21)), ("A", (8, 7, 0, 0, 1, 20, 21))))),
    "play": (Path((("M", (6, 3)), ("L", (20, 12)), ("L", (6, 21)), ("Z", ()))),),
    "monitor": (Rect(2, 3, 20, 14, 2, 2), Line(8, 21, 16, 21), Line(12, 17, 12, 21)),
    "phone": (Rect(6, 2, 12, 20, 2, 2), Line(11, 18, 13, 18)),
    "server": (Rect(3, 3, 18, 8, 2, 2), Rect(3, 13, 18, 8, 2, 2), Line(7, 7, 8, 7), Line(7, 17, 8, 17)),
    "sliders": (Line(4, 7, 20, 7), Circle(9, 7, 2), Line(4, 17, 20, 17), Circle(15, 17, 2)),
    "download": (
        Line(12, 3, 12, 15),
        Polyline(((7, 10), (12, 15), (17, 10))),
        Polyline(((3, 15), (3, 21), (21, 21), (21, 15))),
    ),
    "columns": (Rect(3, 3, 18, 18, 2, 2), Line(12, 3, 12, 21)),
}  # fmt: skip


def drawn(name: str, width: float = 2.0, cap: str = "round", join: str = "round", color: str = "currentColor") -> Icon:
    look = Look(fill="none", stroke=color, stroke_width=width, cap=cap, join=join)  # type: ignore[arg-type]
    return Icon((0.0, 0.0, 24.0, 24.0), tuple(Shape(geometry, look) for geometry in DRAWINGS[name]))


def small_set(width: float = 2.0) -> dict[str, Icon]:
    return {name: drawn(name, width) for name in DRAWINGS}


def moved(icon: Icon, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> Icon:
    """About the middle of its 24 px canvas, which stays."""
    shift = 12 - scale * 12
    return Icon(icon.viewbox, transform_icon(icon, (scale, 0.0, 0.0, scale, shift + dx, shift + dy)).shapes)


_measured: dict[str, Facts] = {}


def remembered(icons: Sequence[Icon], tell: Callable[[int], None] = lambda done: None) -> list[Facts]:
    """``facts_of``, which measures each icon once in a test run."""
    ids = [icon_id(icon) for icon in icons]
    fresh = {i: icon for i, icon in zip(ids, icons, strict=True) if i not in _measured}
    _measured.update(zip(fresh, facts_of(list(fresh.values())), strict=True))
    tell(len(icons))
    return [_measured[i] for i in ids]
