"""Shape elements -> geometry, with SVG's own rules for what is missing, automatic or out of range."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from svggen.icon.types import Circle, Ellipse, Geometry, Line, Path, Point, Polygon, Polyline, Rect
from svggen.safety.pathdata import EXACT, parse_path_data
from svggen.safety.values import parse_length, parse_numbers

__all__ = ["SHAPES", "Frame"]


class Frame:
    """What percentages mean (the viewport), how many path segments may still come, and the decimals that a path keeps
    (``EXACT`` where it is still to be transformed)."""

    def __init__(self, width: float, height: float, segments: int) -> None:
        self.digits = EXACT
        self.width, self.height = width, height
        self.diagonal = math.hypot(width, height) / math.sqrt(2)
        self.segments_left = self.all_segments = segments


Attributes = Mapping[str, str]


def _path(a: Attributes, frame: Frame) -> Geometry | None:
    segments = parse_path_data(a.get("d", ""), frame.digits, frame.segments_left)
    frame.segments_left -= len(segments)
    return Path(tuple(segments)) if segments else None


def _circle(a: Attributes, frame: Frame) -> Geometry | None:
    r = parse_length(a.get("r"), frame.diagonal)
    if r <= 0:
        return None
    return Circle(parse_length(a.get("cx"), frame.width), parse_length(a.get("cy"), frame.height), r)


def _ellipse(a: Attributes, frame: Frame) -> Geometry | None:
    rx = parse_length(a.get("rx"), frame.width, -1.0)
    ry = parse_length(a.get("ry"), frame.height, -1.0)
    rx, ry = (ry if rx < 0 else rx), (rx if ry < 0 else ry)  # auto: as the other
    if rx <= 0 or ry <= 0:
        return None
    return Ellipse(parse_length(a.get("cx"), frame.width), parse_length(a.get("cy"), frame.height), rx, ry)


def _rect(a: Attributes, frame: Frame) -> Geometry | None:
    width, height = parse_length(a.get("width"), frame.width), parse_length(a.get("height"), frame.height)
    if width <= 0 or height <= 0:
        return None
    rx = parse_length(a.get("rx"), frame.width, -1.0)
    ry = parse_length(a.get("ry"), frame.height, -1.0)
    rx, ry = (ry if rx < 0 else rx), (rx if ry < 0 else ry)
    x, y = parse_length(a.get("x"), frame.width), parse_length(a.get("y"), frame.height)
    if rx <= 0 or ry <= 0:
        return Rect(x, y, width, height)
    return Rect(x, y, width, height, min(rx, width / 2), min(ry, height / 2))


def _line(a: Attributes, frame: Frame) -> Geometry | None:
    w, h = frame.width, frame.height
    return Line(
        parse_length(a.get("x1"), w),
        parse_length(a.get("y1"), h),
        parse_length(a.get("x2"), w),
        parse_length(a.get("y2"), h),
    )


def _points(a: Attributes, frame: Frame) -> tuple[Point, ...]:
    numbers = parse_numbers(a.get("points", ""), 2 * max(0, frame.segments_left))
    points = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    frame.segments_left -= len(points)
    return points


def _polyline(a: Attributes, frame: Frame) -> Geometry | None:
    points = _points(a, frame)
    return Polyline(points) if len(points) >= 2 else None


def _polygon(a: Attributes, frame: Frame) -> Geometry | None:
    points = _points(a, frame)
    return Polygon(points) if len(points) >= 2 else None


SHAPES: dict[str, Callable[[Attributes, Frame], Geometry | None]] = {
    "path": _path,
    "circle": _circle,
    "ellipse": _ellipse,
    "rect": _rect,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
}
