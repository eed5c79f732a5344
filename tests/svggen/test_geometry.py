"""Geometry against closed forms, and against itself where two ways must agree."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from svggen.errors import GeometryError
from svggen.geometry import (
    IDENTITY,
    Affine,
    apply,
    arc_to_cubics,
    bounds,
    compose,
    corner_angles,
    drop_degenerate,
    fit_canvas,
    flatten,
    ink_bounds,
    invert,
    is_similarity,
    mean_scale,
    path_length,
    quantise,
    reverse,
    rotation,
    round_corners,
    scaling,
    shape_bounds,
    signed_area,
    simplify,
    skew,
    split_arc,
    split_segment,
    subpaths,
    to_path,
    transform_geometry,
    transform_icon,
    transform_paint,
    transform_path,
    transform_shape,
    translation,
)
from svggen.icon import (
    Circle,
    Clip,
    Ellipse,
    Geometry,
    Icon,
    Line,
    LinearGradient,
    Look,
    Path,
    Polygon,
    Polyline,
    RadialGradient,
    Rect,
    Shape,
    Stop,
    canonical,
)
from svggen.safety.pathdata import parse_path_data

MAPS: dict[str, Affine] = {
    "move": translation(3, -2),
    "turn": rotation(33, 5, 6),
    "quarter": rotation(90),
    "mirror": scaling(-1, 1),
    "grow": scaling(2.5),
    "uneven": scaling(2, 0.5),
    "skew": skew(25),
    "all": compose(rotation(20), compose(scaling(-2, 0.7), skew(10, -15))),
}
GEOMETRIES: dict[str, Geometry] = {
    "circle": Circle(5, 6, 3),
    "ellipse": Ellipse(5, 6, 4, 2),
    "rect": Rect(1, 2, 6, 4),
    "round rect": Rect(1, 2, 6, 4, 1, 1.5),
    "pill": Rect(1, 2, 6, 4, 3, 2),
    "line": Line(1, 2, 7, 5),
    "polyline": Polyline(((1, 1), (5, 2), (3, 7))),
    "polygon": Polygon(((1, 1), (5, 2), (3, 7))),
}


def path(text: str) -> Path:
    return Path(tuple(parse_path_data(text)))


GEOMETRIES["arcs"] = path("M2 2a3 2 30 0 1 6 0a3 2 30 1 0 -1 5z")
GEOMETRIES["cubics"] = path("M2 2c3-4 9 4 1 6s-5-9 2-3zM10 10l3 3")


def points(geometry: Geometry, tolerance: float = 1e-4) -> np.ndarray:
    return np.concatenate([p for p, _ in flatten(to_path(geometry), tolerance)])


def same_outline(a: Geometry, b: Geometry, tolerance: float) -> bool:
    """Is each point of either outline near the other outline? (Between points: distance to segments.)"""
    return outline_distance(a, b) < tolerance and outline_distance(b, a) < tolerance


def outline_distance(a: Geometry, b: Geometry) -> float:
    """The largest distance of a point on a's outline from b's outline."""
    segments = []
    for polyline, closed in flatten(to_path(b), 1e-4):
        ends = np.roll(polyline, -1, axis=0) if closed else polyline[1:]
        segments.append(np.stack([polyline[: len(ends)], ends], axis=1))
    edge = np.concatenate(segments)
    start, along = edge[:, 0], edge[:, 1] - edge[:, 0]
    p = points(a, 1e-3)[:, None, :]
    size = np.maximum((along**2).sum(axis=1), 1e-18)
    t = np.clip(((p - start) * along).sum(axis=2) / size, 0, 1)
    near = start + t[:, :, None] * along
    return float(np.sqrt(((p - near) ** 2).sum(axis=2)).min(axis=1).max())


def area(p: np.ndarray) -> float:
    x, y = p[:, 0], p[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


# -------------------------------------------------------------------------------------------------------- affine maps


@pytest.mark.parametrize("name", MAPS)
def test_inverse_and_composition(name: str) -> None:
    m = MAPS[name]
    for x, y in ((0, 0), (3, -4), (0.5, 9)):
        back = apply(compose(invert(m), m), x, y)
        assert back == pytest.approx((x, y))


def test_quarter_turns_are_exact() -> None:
    assert rotation(90) == (0, 1, -1, 0, 0, 0)
    assert apply(rotation(180, 12, 12), 3, 4) == (21, 20)
    assert rotation(-90) == rotation(270)


def test_similarity() -> None:
    assert [n for n, m in MAPS.items() if is_similarity(m)] == ["move", "turn", "quarter", "mirror", "grow"]
    assert mean_scale(MAPS["uneven"]) == 1
    assert mean_scale(MAPS["grow"]) == 2.5


@pytest.mark.parametrize("shape", GEOMETRIES)
@pytest.mark.parametrize("name", MAPS)
def test_the_image_of_a_shape_is_the_image_of_its_points(name: str, shape: str) -> None:
    m, g = MAPS[name], GEOMETRIES[shape]
    image = transform_geometry(g, m)
    mapped = points(g) @ np.array([[m[0], m[1]], [m[2], m[3]]]) + np.array([m[4], m[5]])
    polyline = Path(tuple(("M" if i == 0 else "L", (float(x), float(y))) for i, (x, y) in enumerate(mapped)))
    if not isinstance(g, Path):
        assert outline_distance(polyline if not isinstance(g, Polygon) else image, image) < 2e-3
        assert type(image) in (type(g), Ellipse, Path, Circle)
    for x, y in mapped[:: max(1, len(mapped) // 40)]:
        dot = Path((("M", (float(x), float(y))), ("L", (float(x), float(y)))))
        assert outline_distance(dot, image) < 2e-3
    back = transform_geometry(image, invert(m))
    assert same_outline(back, g, 2e-3)


def test_what_stays_what_it_is() -> None:
    kinds = {n: type(transform_geometry(GEOMETRIES["round rect"], m)).__name__ for n, m in MAPS.items()}
    assert [n for n, k in kinds.items() if k == "Rect"] == ["move", "quarter", "mirror", "grow", "uneven"]
    circles = {n: type(transform_geometry(GEOMETRIES["circle"], m)).__name__ for n, m in MAPS.items()}
    assert (
        circles["turn"] == circles["mirror"] == "Circle"
        and circles["uneven"] == "Ellipse"
        and circles["skew"] == "Path"
    )


def test_strokes_clips_and_dashes_follow() -> None:
    look = Look("none", stroke="#000000", stroke_width=2, dash=(1, 2), dash_offset=1)
    shape = transform_shape(Shape(Circle(1, 1, 1), look, Clip((Shape(Rect(0, 0, 2, 2)),))), scaling(3))
    assert (shape.look.stroke_width, shape.look.dash, shape.look.dash_offset) == (6, (3, 6), 3)
    assert shape.clip is not None and shape.clip.shapes[0].geometry == Rect(0, 0, 6, 6)
    with pytest.raises(GeometryError, match="flattens"):
        transform_shape(shape, (1, 0, 0, 0, 0, 0))


@pytest.mark.parametrize("name", MAPS)
def test_a_linear_gradient_needs_no_matrix(name: str) -> None:
    """The offset of a mapped point on the mapped gradient is the offset of the point."""
    m = MAPS[name]
    g = LinearGradient(1, 2, 5, 3, (Stop(0, "#000000"), Stop(1, "#ffffff")))
    image = transform_paint(g, m)
    assert isinstance(image, LinearGradient) and image.transform is None

    def offset(h: LinearGradient, x: float, y: float) -> float:
        dx, dy = h.x2 - h.x1, h.y2 - h.y1
        return ((x - h.x1) * dx + (y - h.y1) * dy) / (dx * dx + dy * dy)

    for x, y in ((0, 0), (4, 1), (-3, 7)):
        assert offset(image, *apply(m, x, y)) == pytest.approx(offset(g, x, y))


def test_a_radial_gradient_keeps_its_circle_where_it_can() -> None:
    g = RadialGradient(1, 2, 3, 1, 2, (Stop(0, "#000000"), Stop(1, "#ffffff")))
    grown = transform_paint(g, scaling(2))
    assert isinstance(grown, RadialGradient) and (grown.cx, grown.r, grown.transform) == (2, 6, None)
    uneven = transform_paint(g, scaling(2, 1))
    assert isinstance(uneven, RadialGradient) and (uneven.cx, uneven.transform) == (1, scaling(2, 1))
    assert transform_paint(uneven, scaling(0.5, 1)) == g


# -------------------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize("shape", GEOMETRIES)
def test_bounds_are_those_of_the_points(shape: str) -> None:
    p = points(GEOMETRIES[shape], 1e-6)
    expected = (*p.min(axis=0), *p.max(axis=0))
    assert bounds(GEOMETRIES[shape]) == pytest.approx(expected, abs=1e-3)
    assert bounds(to_path(GEOMETRIES[shape])) == pytest.approx(expected, abs=1e-3)


def test_bounds_of_single_curves() -> None:
    assert bounds(path("M0 0C0 4 4 4 4 0")) == (0, 0, 4, 3)
    assert bounds(path("M0 0A2 2 0 0 1 4 0")) == pytest.approx((0, -2, 4, 0))
    assert bounds(path("M0 0A2 2 0 1 0 2 2")) == pytest.approx((-2 + 2, 0, 4, 4), abs=3)
    assert bounds(Path(())) is None


def test_bounds_with_strokes_and_clips() -> None:
    look = Look("none", stroke="#000000", stroke_width=2)
    assert shape_bounds(Shape(Line(2, 2, 8, 2), look)) == (1, 1, 9, 3)
    assert shape_bounds(Shape(Rect(2, 2, 6, 6))) == (2, 2, 8, 8)
    window = Clip((Shape(Rect(0, 0, 5, 24)),))
    icon = Icon((0, 0, 24, 24), (Shape(Rect(2, 2, 6, 6), Look(), window), Shape(Line(3, 9, 3, 9), look)))
    assert ink_bounds(icon) == (
        2, 2, 5, 10,
    )  # fmt: skip
    assert ink_bounds(Icon((0, 0, 24, 24), ())) is None


@pytest.mark.parametrize(
    ("geometry", "length", "size"),
    [
        (Circle(5, 5, 2), 4 * math.pi, 4 * math.pi),
        (Rect(0, 0, 3, 4), 14, 12),
        (Rect(0, 0, 10, 4, 2, 2), 12 + 4 * math.pi, 24 + 4 * math.pi),
        (Ellipse(0, 0, 3, 1), 13.364893220555, 3 * math.pi),
        (path("M0 0C0 4 4 4 4 0"), 7.999999, 9.6),
        (path("M0 0L3 4"), 5, 0),
        (path("M0 0H2V2H0ZM5 5H6V6H5Z"), 12, 5),
    ],
)
def test_length_and_area(geometry: Geometry, length: float, size: float) -> None:
    p = to_path(geometry)
    assert path_length(p) == pytest.approx(length, rel=2e-3 if "C" in {s[0] for s in p.segments} else 1e-5)
    assert abs(signed_area(p)) == pytest.approx(size, abs=1e-9)
    flat = flatten(p, 1e-4)
    assert sum(abs(area(q)) for q, _ in flat) == pytest.approx(size, abs=5e-3)


@pytest.mark.parametrize("shape", GEOMETRIES)
def test_reversal_turns_the_area_round_and_nothing_else(shape: str) -> None:
    p = to_path(GEOMETRIES[shape])
    q = reverse(p)
    assert signed_area(q) == pytest.approx(-signed_area(p))
    assert path_length(q) == pytest.approx(path_length(p))
    assert same_outline(p, q, 1e-3)
    assert same_outline(reverse(q), p, 1e-3)


def test_subpaths_begin_with_their_own_move() -> None:
    parts = subpaths(path("M1 1L2 2ZL3 3M5 5L6 6"))
    assert [p.segments[0] for p in parts] == [("M", (1.0, 1.0)), ("M", (1.0, 1.0)), ("M", (5.0, 5.0))]
    assert [len(p.segments) for p in parts] == [3, 2, 2]


def test_arcs_as_cubics_and_in_pieces() -> None:
    start, args = (1.0, 2.0), (3.0, 2.0, 30.0, 1.0, 0.0, 4.0, 3.0)
    whole = Path((("M", start), ("A", args)))
    assert same_outline(whole, Path((("M", start), *arc_to_cubics(start, args))), 3e-3)
    assert same_outline(whole, Path((("M", start), *split_arc(start, args, 3))), 1e-3)
    first, second = split_segment(start, ("A", args), 0.3)
    assert same_outline(whole, Path((("M", start), first, second)), 1e-3)
    too_small = Path((("M", (0.0, 0.0)), ("A", (1.0, 1.0, 0.0, 0.0, 1.0, 4.0, 0.0))))
    assert bounds(too_small) == pytest.approx((0, -2, 4, 0))  # grown to reach (SVG 2, B.2.5)


def test_flatten_says_what_is_closed_and_keeps_its_tolerance() -> None:
    flat = flatten(path("M0 0H4V4H0ZM9 9L10 10"), 0.1)
    assert [(len(p), c) for p, c in flat] == [(4, True), (2, False)]
    for tolerance in (0.5, 0.05, 0.005):
        ((p, closed),) = flatten(to_path(Circle(0, 0, 10)), tolerance)
        middle = (p + np.roll(p, -1, axis=0)) / 2
        assert closed and 10 - np.hypot(*middle.T).min() <= tolerance * 1.001
    assert flatten(path("M0 0L1 1"))[0][0].dtype == np.float64


def test_degenerate_subpaths() -> None:
    text = "M0 0H4V4ZM9 9h0zM1 1h5zM3 3h.0000001M6 0L8 2L8 0L6 2Z"
    assert [len(p.segments) for p in subpaths(drop_degenerate(path(text)))] == [4, 5]  # the triangle, and the bow tie
    assert (
        len(subpaths(drop_degenerate(path("M0 0L4 4M9 9h.01M7 7zM1 1"), stroked=True))) == 3
    )  # dots stay, a move does not
    assert drop_degenerate(path("M0 0h4v0h0v4z")) == path("M0 0h4v4z")


# ------------------------------------------------------------------------------------------------- corners, simplifying


def test_rounding_a_square_makes_a_rounded_rect() -> None:
    assert same_outline(round_corners(to_path(Rect(2, 2, 20, 10)), 3), Rect(2, 2, 20, 10, 3, 3), 1e-3)
    assert same_outline(round_corners(reverse(to_path(Rect(2, 2, 20, 10))), 3), Rect(2, 2, 20, 10, 3, 3), 1e-3)


def test_a_fillet_takes_at_most_half_of_the_shorter_edge() -> None:
    assert same_outline(round_corners(to_path(Rect(0, 0, 20, 4)), 9), Rect(0, 0, 20, 4, 2, 2), 1e-3)


def test_open_ends_stay_and_closed_ones_are_rounded() -> None:
    opened = round_corners(path("M0 0H10V10"), 2).segments
    assert opened[0] == ("M", (0.0, 0.0)) and opened[-1] == ("L", (10.0, 10.0))
    assert [s[0] for s in opened] == ["M", "L", "A", "L"]
    assert [s[0] for s in round_corners(path("M0 0H10V10Z"), 1).segments] == ["M", "L", "A", "L", "A", "L", "A", "Z"]


@pytest.mark.parametrize("text", ["M0 0C4 0 8 2 8 6L2 9Z", "M2 2A5 5 0 0 1 12 2L7 12Z", "M0 9L5 0C6 5 9 5 12 0"])
def test_corners_with_curves_lose_their_break(text: str) -> None:
    sharp = path(text)
    smooth = round_corners(sharp, 1)
    assert len(corner_angles(sharp)) >= 1
    assert corner_angles(smooth) == []
    assert outline_distance(smooth, sharp) < 1.0


def test_smooth_joints_are_no_corners() -> None:
    for g in (Circle(5, 5, 3), Rect(0, 0, 9, 9, 2, 2), path("M0 0C0 5 5 5 5 0S10-5 10 0")):
        assert round_corners(to_path(g), 2) == to_path(g)
    assert round_corners(path("M0 0H9H0"), 1) == path("M0 0H9H0")  # turns back: no fillet fits
    assert round_corners(path("M0 0H9"), 0) == path("M0 0H9")
    with pytest.raises(GeometryError):
        round_corners(path("M0 0H9V9"), -1)


@pytest.mark.parametrize("seed", range(40))
def test_rounding_any_polygon_stays_inside_its_reach(seed: int) -> None:
    rng = random.Random(seed)
    n = rng.randrange(3, 9)
    text = (
        "M" + "L".join(f"{rng.uniform(0, 24):.2f} {rng.uniform(0, 24):.2f}" for _ in range(n)) + rng.choice(("", "Z"))
    )
    sharp, radius = path(text), rng.uniform(0.1, 4)
    smooth = round_corners(sharp, radius)
    box, before = bounds(smooth), bounds(sharp)
    assert box is not None and before is not None
    assert all(b >= a - 1e-6 for a, b in zip(before[:2], box[:2], strict=True))
    assert all(b <= a + 1e-6 for a, b in zip(before[2:], box[2:], strict=True))
    assert path_length(smooth) <= path_length(sharp) + 1e-6
    assert all(math.isfinite(v) for _, args in smooth.segments for v in args)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M0 0H2H4V4", "M0 0H4V4"),
        ("M0 0L2 .001L4 0V4", "M0 0H4V4"),
        ("M0 0H4H2", "M0 0H4H2"),  # there and back is not straight
        ("M0 0C1 0 2 0 4 0V4", "M0 0H4V4"),
        ("M0 0H4V4L0 0Z", "M0 0H4V4Z"),
        ("M0 0A900 900 0 0 1 4 0", "M0 0H4"),
        ("M3 3h0", "M3 3h0"),  # a dot
        ("M0 0H4h0V4", "M0 0H4V4"),
    ],
)
def test_simplify(text: str, expected: str) -> None:
    assert simplify(path(text)) == path(expected)


def test_simplify_finds_circular_arcs_on_request() -> None:
    cubics = Path((("M", (4.0, 0.0)), *arc_to_cubics((4.0, 0.0), (4.0, 4.0, 0.0, 0.0, 1.0, -4.0, 0.0))))
    assert {s[0] for s in simplify(cubics).segments} == {"M", "C"}
    found = simplify(cubics, arcs=True)
    assert {s[0] for s in found.segments} == {"M", "A"}
    assert same_outline(found, cubics, 5e-3)
    assert simplify(path("M0 0C0 4 1 9 9 9"), arcs=True) == path("M0 0C0 4 1 9 9 9")


# ------------------------------------------------------------------------------------------------------------- canvases


@pytest.mark.parametrize("viewbox", [(0, 0, 24, 24), (0, 0, 48, 48), (-8, 4, 16, 16), (0, 0, 512, 256), (0, 0, 10, 20)])
def test_fit_canvas(viewbox: tuple[float, float, float, float]) -> None:
    x, y, w, h = viewbox
    look = Look("none", stroke="#000000", stroke_width=max(w, h) / 12)
    icon = fit_canvas(Icon(viewbox, (Shape(Rect(x, y, w, h), look),)), 24)
    assert icon.viewbox == (0, 0, 24, 24)
    box = bounds(icon.shapes[0].geometry)
    assert box is not None and max(box[2] - box[0], box[3] - box[1]) == pytest.approx(24)
    assert (box[0] + box[2], box[1] + box[3]) == pytest.approx((24, 24))
    assert icon.shapes[0].look.stroke_width == pytest.approx(2)


def test_quantise() -> None:
    icon = Icon((0, 0, 24, 24), (
        Shape(Circle(3.1, 3.9, 0.1)),
        Shape(Rect(1.2, 1.3, 4.1, 0.1)),
        Shape(path("M0.2 0.2L3.8 3.9A1.1 1.1 0 0 1 5.1 5.2Z")),
        Shape(Line(1.1, 1.1, 1.2, 1.2), Look("none", stroke="#000000")),
        Shape(Polyline(((0, 0), (0.1, 0.1), (2.2, 2.2)))),
    ))  # fmt: skip
    geometries = [s.geometry for s in quantise(icon, 0.5).shapes]
    assert geometries[:2] == [Circle(3, 4, 0.5), Rect(1, 1.5, 4, 0.5)]
    assert geometries[2] == path("M0 0L4 4A1 1 0 0 1 5 5Z")
    assert geometries[3] == Line(1.1, 1.1, 1.2, 1.2)  # would be nothing
    assert geometries[4] == Polyline(((0, 0), (2, 2)))
    assert canonical(quantise(icon, 0.5)) == canonical(quantise(quantise(icon, 0.5), 0.5))
    with pytest.raises(GeometryError):
        quantise(icon, 0)


def test_identity_changes_nothing() -> None:
    icon = Icon((0, 0, 24, 24), (Shape(Circle(3, 3, 1)), Shape(path("M0 0L1 1"))))
    assert transform_icon(icon, IDENTITY) == icon
    assert transform_path(path("M0 0A3 2 30 0 1 5 5"), IDENTITY) == path("M0 0A3 2 30 0 1 5 5")
