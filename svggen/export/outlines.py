"""An icon as one black shape: strokes turned into outlines, colours into ink and holes. What a font's glyph is made of.

Contract. ``silhouette(icon)`` gives outlines in units of the 24 px canvas for the non-zero rule, free of overlaps and
cut at the canvas: the ink that is seen at full strength. The result is looked at before it is given: where its picture
is not that of the icon, it is worked out another way, and where none is right that is GeometryError, never a wrong
picture in silence (skia's operations drop pieces of some strokes that cross themselves). What a single ink cannot show
is said in ``lost``:

    "colours"    all are drawn in the one ink; what lies wholly on another colour becomes a hole, so that it is still
                 seen, and white is no ink where it lies beside others
    "tints"      parts of less than half opacity, left out where the icon has stronger ones
    "gradients"  drawn as areas
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from svggen.errors import GeometryError
from svggen.geometry import fit_canvas, rotation, subpaths, to_path, transform_shape
from svggen.icon import Icon, Look, Paint, Path, Shape
from svggen.restyle import ops
from svggen.tokens.flat import over_white

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ink: TypeAlias = npt.NDArray[np.float32]

__all__ = ["CANVAS", "Contour", "Silhouette", "silhouette"]

Contour: TypeAlias = tuple[tuple[str, tuple[float, ...]], ...]
"""("M", (x, y)), then ("L", (x, y)), ("Q", (cx, cy, x, y)) or ("C", (c1x, c1y, c2x, c2y, x, y)); closed."""

CANVAS: Final = 24.0
_STRONG: Final = 0.5  # opacity from which a part is ink
_PAPER: Final = 0.95  # luminance above which a colour is paper
_WITHIN: Final = 0.02  # of a part's area: what may stick out of the colour it lies on
_SPECK: Final = 0.002  # square units: a contour smaller than a hundredth of a thin dot
_SMALL_ARC: Final = 2.5  # units from end to end
_SIDE: Final = 192  # px of the pictures that are compared
_BLOCK: Final = 6  # px, 0.75 units: antialiasing evens out over it, a piece that is missing does not
_OFF: Final = 0.2
"""Ink by which a block may differ. 1,300 icons of 13 sets: 0.16 at most where the outline is right; where skia dropped
pieces of a stroke, 0.9."""


@dataclass(frozen=True)
class Silhouette:
    """contours: outer ones run clockwise on screen, holes the other way round; lost: what of the look is not shown."""

    contours: tuple[Contour, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """One paint of one shape, at full opacity. ink: drawn, else cut out of what is below."""

    shape: Shape
    colour: str
    ink: bool = True


def silhouette(icon: Icon) -> Silhouette:
    """The icon in one ink. Raises GeometryError where no way gives its picture, or there is no ink in it."""
    from svggen.render import default_renderer

    icon = fit_canvas(icon, CANVAS)
    if any(shape.clip is not None for shape in icon.shapes):
        from svggen.restyle.unclip import without_clips

        icon = without_clips(icon)
    strong, lost = _strong(icon)
    parts = list(_parts(strong))
    if any(not isinstance(paint, str) for shape in strong.shapes for paint in (shape.look.fill, shape.look.stroke)):
        lost.append("gradients")
    if {part.colour for part in parts} - {"currentColor"}:
        lost.insert(0, "colours")
    if len({part.colour for part in parts}) > 1:
        parts = _inked(parts)
    renderer = default_renderer()
    wanted = _composed(parts, renderer.ink_many([_alone(part.shape) for part in parts], _SIDE))
    for way in _WAYS:
        try:
            contours = _contours(_together(parts, way))
        except GeometryError:
            continue
        if contours and _apart(renderer.ink_many([_picture(contours)], _SIDE)[0], wanted) < _OFF:
            return Silhouette(contours, tuple(lost))
    raise GeometryError("its outline cannot be worked out")


# -------------------------------------------------------------------------------------------------------------- parts


def _strong(icon: Icon) -> tuple[Icon, list[str]]:
    """Without what is faint, where something is not; and whether anything was left out."""
    looks = [(shape, *_strengths(shape.look)) for shape in icon.shapes]
    strengths = [s for _, *pair in looks for s in pair if s > 0]
    if not strengths or max(strengths) < _STRONG or min(strengths) >= _STRONG:
        return icon, []
    kept = [_kept(shape, fill, stroke) for shape, fill, stroke in looks]
    return Icon(icon.viewbox, tuple(shape for shape in kept if shape is not None)), ["tints"]


def _strengths(look: Look) -> tuple[float, float]:
    """Opacity of the fill and of the line, 0 where there is none."""
    fill = 0.0 if look.fill == "none" else look.opacity * look.fill_opacity * _opacity(look.fill)
    stroke = 0.0 if look.stroke == "none" else look.opacity * look.stroke_opacity * _opacity(look.stroke)
    return fill, stroke


def _opacity(paint: Paint) -> float:
    return 1.0 if isinstance(paint, str) else max((stop.opacity for stop in paint.stops), default=0.0)


def _kept(shape: Shape, fill: float, stroke: float) -> Shape | None:
    if fill < _STRONG and stroke < _STRONG:
        return None
    look = shape.look
    if fill < _STRONG:
        look = replace(look, fill="none")
    if stroke < _STRONG:
        look = replace(look, stroke="none")
    return replace(shape, look=look)


def _parts(icon: Icon) -> Iterator[_Part]:
    """The fill and the line of each shape, in the order in which they are painted."""
    for shape in icon.shapes:
        look = shape.look
        opaque = replace(look, opacity=1.0, fill_opacity=1.0, stroke_opacity=1.0)
        if look.fill != "none" and look.fill_opacity > 0:
            colour = _colour(replace(look, stroke="none"))
            yield _Part(replace(shape, look=replace(opaque, fill="#000000", stroke="none")), colour)
        if look.stroke != "none" and look.stroke_opacity > 0 and look.stroke_width > 0:
            colour = _colour(replace(look, fill="none"))
            yield _Part(replace(shape, look=replace(opaque, fill="none", stroke="#000000")), colour)


def _colour(look: Look) -> str:
    """As seen on white paper; black is what a font's ink is anyway."""
    colour = over_white(look)
    return "currentColor" if colour == "#000000" else colour


# ------------------------------------------------------------------------------------------------------ ink and holes


def _inked(parts: list[_Part]) -> list[_Part]:
    """Several colours as ink and holes. Where all is paper (a white icon), all is ink."""
    done: list[tuple[_Part, ops.Area]] = []
    for part in parts:
        area = _whole(part.shape, 0)
        below = next((layer for layer, other in reversed(done) if _within(area, other)), None)
        if below is None:
            ink = not _is_paper(part.colour)
        else:
            ink = below.ink == (below.colour == part.colour)
        done.append((replace(part, ink=ink), area))
    found = [part for part, _ in done]
    return found if any(part.ink for part in found) else parts


def _within(area: ops.Area, other: ops.Area) -> bool:
    return ops.size(ops.difference(area, other)) <= _WITHIN * ops.size(area) + 1e-3


def _is_paper(colour: str) -> bool:
    """Nearly white: Rec. 709 luminance of the plain sRGB values."""
    if not colour.startswith("#"):
        return False
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > _PAPER


def _composed(parts: list[_Part], pictures: Ink) -> Any:
    """The picture that the parts make in one ink."""
    total: Any = 0.0 * pictures[0] if len(pictures) else 0.0
    for part, picture in zip(parts, pictures, strict=True):
        total = total + picture * (1 - total) if part.ink else total * (1 - picture)
    return total


def _apart(one: Ink, other: Ink) -> float:
    """The largest difference of ink in any block, 0..1."""
    blocks = _SIDE // _BLOCK
    return float(abs((one - other).reshape(blocks, _BLOCK, blocks, _BLOCK).mean(axis=(1, 3))).max())


def _alone(shape: Shape) -> Icon:
    return Icon((0.0, 0.0, CANVAS, CANVAS), (shape,))


# -------------------------------------------------------------------------------------------------------------- areas


def _whole(shape: Shape, number: int) -> ops.Area:
    """The ink of a shape at one go."""
    return ops.area_of(shape)


def _by_subpaths(shape: Shape, number: int) -> ops.Area:
    """Each line by itself."""
    return ops.union(ops.area_of(replace(shape, geometry=path)) for path in _lines(shape))


def _by_segments(shape: Shape, number: int) -> ops.Area:
    """Each segment of a line by itself, where round joins make up for what is between them."""
    look = shape.look
    if look.stroke == "none" or look.join != "round" or look.dash:
        return _by_subpaths(shape, number)
    look = replace(look, cap="round")
    return ops.union(ops.area_of(Shape(piece, look)) for path in _lines(shape) for piece in _segments(path))


def _turned(shape: Shape, number: int) -> ops.Area:
    """Each shape turned by another hair, less than is seen, so that no edges fall together."""
    return ops.area_of(transform_shape(shape, rotation(0.004 * (number % 7 + 1), CANVAS / 2, CANVAS / 2)))


_WAYS: tuple[Callable[[Shape, int], ops.Area], ...] = (_whole, _by_subpaths, _turned, _by_segments)


def _lines(shape: Shape) -> list[Path]:
    return [to_path(shape.geometry)] if shape.look.stroke == "none" else subpaths(to_path(shape.geometry))


def _segments(path: Path) -> Iterator[Path]:
    start = at = path.segments[0][1]
    for command, v in path.segments[1:]:
        end = start if command == "Z" else v[-2:]
        yield Path((("M", at), ("L", end) if command == "Z" else (command, v)))
        at = end


def _together(parts: list[_Part], way: Callable[[Shape, int], ops.Area]) -> ops.Area:
    """All parts as one area within the canvas."""
    ink = ops.empty()
    for number, part in enumerate(parts):
        area = way(part.shape, number)
        ink = ops.union([ink, area]) if part.ink else ops.difference(ink, area)
    box = ink.computeTightBounds()
    if box.left() < -1e-3 or box.top() < -1e-3 or box.right() > CANVAS + 1e-3 or box.bottom() > CANVAS + 1e-3:
        side = CANVAS
        window = Path((("M", (0, 0)), ("L", (side, 0)), ("L", (side, side)), ("L", (0, side)), ("Z", ())))
        ink = ops.intersection(ink, ops.from_geometry(window))
    return ops.simplify(ink)


# ----------------------------------------------------------------------------------------------------------- contours


def _contours(area: ops.Area) -> tuple[Contour, ...]:
    """The contours of a simplified area, wound by how deep each lies within the others."""
    found = [c for c in _split(area) if len(c) > 2]
    polygons = [_polygon(c) for c in found]
    out: list[Contour] = []
    for place, (contour, polygon) in enumerate(zip(found, polygons, strict=True)):
        turn = _shoelace(polygon)
        if abs(turn) < _SPECK:
            continue
        depth = sum(_mostly_inside(polygon, other) for i, other in enumerate(polygons) if i != place)
        out.append(contour if (turn > 0) == (depth % 2 == 0) else _reversed(contour))
    return tuple(out)


def _split(area: ops.Area) -> list[Contour]:
    """skia's contours; a conic of a quarter turn as four quadratics (0.0002 of the radius off), a small one as two
    (0.003)."""
    import skia

    iterator = skia.Path.Iter(area, True)
    verb = skia.Path.Verb
    found: list[list[tuple[str, tuple[float, ...]]]] = []
    while True:
        kind, points = iterator.next()
        p = [(q.x(), q.y()) for q in points]
        if kind == verb.kDone_Verb:
            return [tuple(contour) for contour in found]
        if kind == verb.kMove_Verb:
            found.append([("M", p[0])])
        elif kind == verb.kLine_Verb:
            if math.dist(p[0], p[1]) > 1e-5:
                found[-1].append(("L", p[1]))
        elif kind == verb.kQuad_Verb:
            found[-1].append(("Q", (*p[1], *p[2])))
        elif kind == verb.kConic_Verb:
            halvings = 2 if math.dist(p[0], p[2]) > _SMALL_ARC else 1
            quads = skia.Path.ConvertConicToQuads(*points[:3], iterator.conicWeight(), halvings)
            flat = [(q.x(), q.y()) for q in quads]
            found[-1] += [("Q", (*flat[i], *flat[i + 1])) for i in range(1, len(flat) - 1, 2)]
        elif kind == verb.kCubic_Verb:
            found[-1].append(("C", (*p[1], *p[2], *p[3])))


def _reversed(contour: Contour) -> Contour:
    """The same contour the other way round."""
    ends = [v[-2:] for _, v in contour]
    out: list[tuple[str, tuple[float, ...]]] = [("M", ends[-1])]
    for place in range(len(contour) - 1, 0, -1):
        command, v = contour[place]
        inner = [v[i : i + 2] for i in range(0, len(v) - 2, 2)]
        out.append((command, tuple(c for point in (*inner[::-1], ends[place - 1]) for c in point)))
    return tuple(out)


def _polygon(contour: Contour) -> list[tuple[float, float]]:
    """Its end points, and three points within each curve."""
    points: list[tuple[float, float]] = []
    at = (0.0, 0.0)
    for command, v in contour:
        if command in ("Q", "C"):
            bones = [at, *((v[i], v[i + 1]) for i in range(0, len(v), 2))]
            points += [_bezier(bones, t) for t in (0.25, 0.5, 0.75)]
        at = (v[-2], v[-1])
        points.append(at)
    return points


def _bezier(bones: list[tuple[float, float]], t: float) -> tuple[float, float]:
    while len(bones) > 1:
        bones = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(bones)]
    return bones[0]


def _shoelace(points: list[tuple[float, float]]) -> float:
    shifted = [*points[1:], *points[:1]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, shifted, strict=True)) / 2


def _mostly_inside(polygon: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    """Contours of one area do not cross, but they may touch: the word of most of a few points counts."""
    step = max(1, len(polygon) // 7)
    tried = polygon[::step]
    return 2 * sum(_inside(x, y, other) for x, y in tried) > len(tried)


def _inside(x: float, y: float, polygon: list[tuple[float, float]]) -> bool:
    found = False
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            found = not found
    return found


def _picture(contours: tuple[Contour, ...]) -> Icon:
    """The contours as an icon, to be looked at."""
    segments: list[tuple[str, tuple[float, ...]]] = []
    for contour in contours:
        at: tuple[float, ...] = (0.0, 0.0)
        for command, v in contour:
            if command == "Q":
                near = tuple(at[i] + 2 / 3 * (v[i] - at[i]) for i in (0, 1))
                far = tuple(v[i + 2] + 2 / 3 * (v[i] - v[i + 2]) for i in (0, 1))
                segments.append(("C", (*near, *far, *v[2:])))
            else:
                segments.append((command, v))
            at = v[-2:]
        segments.append(("Z", ()))
    return Icon((0.0, 0.0, CANVAS, CANVAS), (Shape(Path(tuple(segments)), Look(fill="#000000")),) if segments else ())
