"""The Icon: a viewBox and a flat list of shapes, as frozen dataclasses.

Contract. Every value in here is resolved: no groups, no transforms, no classes, no inheritance, no references between
shapes. Coordinates are user units of the icon's own viewBox; angles are degrees; opacities lie in 0..1. Paths hold only
absolute M L C A Z segments. Colours are ``"none"``, ``"currentColor"`` or lower-case ``"#rrggbb"``. The dataclasses
cannot express a script, an event handler, an external reference or a raster picture, so that what is serialised from
them is safe by construction (``safety.py`` decides what may be turned into them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Segment: TypeAlias = tuple[str, tuple[float, ...]]
"""("M", (x, y)) | ("L", (x, y)) | ("C", (x1, y1, x2, y2, x, y)) | ("A", (rx, ry, rotation, large, sweep, x, y)) | ("Z",
())"""

Point: TypeAlias = tuple[float, float]
Cap: TypeAlias = Literal["butt", "round", "square"]
Join: TypeAlias = Literal["miter", "round", "bevel"]
FillRule: TypeAlias = Literal["nonzero", "evenodd"]


@dataclass(frozen=True, slots=True)
class Path:
    """A path of absolute M L C A Z segments; each sub-path begins with M."""

    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    cx: float
    cy: float
    r: float


@dataclass(frozen=True, slots=True)
class Ellipse:
    cx: float
    cy: float
    rx: float
    ry: float


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    rx: float = 0.0
    ry: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Polyline:
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Polygon:
    points: tuple[Point, ...]


Geometry: TypeAlias = Path | Circle | Ellipse | Rect | Line | Polyline | Polygon


@dataclass(frozen=True, slots=True)
class Stop:
    """A gradient stop: offset 0..1, ``#rrggbb`` or ``currentColor``, opacity 0..1."""

    offset: float
    color: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class LinearGradient:
    """In user units of the icon (gradientUnits="userSpaceOnUse"); transform is an affine (a, b, c, d, e, f) or None."""

    x1: float
    y1: float
    x2: float
    y2: float
    stops: tuple[Stop, ...]
    spread: Literal["pad", "reflect", "repeat"] = "pad"
    transform: tuple[float, float, float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class RadialGradient:
    """In user units of the icon; an ellipse is a circle with a transform."""

    cx: float
    cy: float
    r: float
    fx: float
    fy: float
    stops: tuple[Stop, ...]
    spread: Literal["pad", "reflect", "repeat"] = "pad"
    transform: tuple[float, float, float, float, float, float] | None = None


Paint: TypeAlias = str | LinearGradient | RadialGradient


@dataclass(frozen=True, slots=True)
class Look:
    """The resolved presentation of one shape. ``stroke_width`` and dashes are user units of the icon."""

    fill: Paint = "currentColor"
    fill_opacity: float = 1.0
    fill_rule: FillRule = "nonzero"
    stroke: Paint = "none"
    stroke_width: float = 1.0
    stroke_opacity: float = 1.0
    cap: Cap = "butt"
    join: Join = "miter"
    miter_limit: float = 4.0
    dash: tuple[float, ...] = ()
    dash_offset: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Clip:
    """What a shape is seen through: ``clip`` cuts by geometry, ``mask`` by luminance. Its shapes carry no clip of their
    own."""

    shapes: tuple[Shape, ...]
    kind: Literal["clip", "mask"] = "clip"


@dataclass(frozen=True, slots=True)
class Shape:
    geometry: Geometry
    look: Look = Look()
    clip: Clip | None = None


@dataclass(frozen=True, slots=True)
class Icon:
    """viewbox is (min x, min y, width, height)."""

    viewbox: tuple[float, float, float, float]
    shapes: tuple[Shape, ...]
