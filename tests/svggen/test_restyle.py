"""Restyle: what is seen of the result is what was asked for, and nothing is lost in silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from svggen.geometry import ink_bounds
from svggen.icon import (
    Circle,
    Clip,
    Icon,
    Line,
    LinearGradient,
    Look,
    Path,
    Polyline,
    Rect,
    Shape,
    Stop,
    icon_id,
    serialise,
)
from svggen.render import inks
from svggen.restyle import Restyled, ops, restyle
from svggen.restyle.contour import tidy
from svggen.restyle.edges import reshape
from svggen.restyle.pixels import trace
from svggen.safety import load
from svggen.style import StyleSpec, analyse, measure

ROUND = Look(fill="none", stroke="currentColor", stroke_width=2, cap="round", join="round")
SIZE = 24.0


def canvas(*shapes: Shape) -> Icon:
    return Icon((0, 0, SIZE, SIZE), shapes)


def calendar(look: Look = ROUND) -> Icon:
    """Closed body with a bar across and a check inside; two rings on top."""
    return canvas(
        Shape(Rect(3, 4, 18, 18, 2, 2), look),
        Shape(Line(3, 10, 21, 10), look),
        Shape(Line(8, 2, 8, 6), look),
        Shape(Line(16, 2, 16, 6), look),
        Shape(Polyline(((9, 16), (11, 18), (15, 14))), look),
    )


def arrow(look: Look = ROUND) -> Icon:
    return canvas(Shape(Line(4, 12, 20, 12), look), Shape(Polyline(((14, 6), (20, 12), (14, 18))), look))


def cup(look: Look = ROUND) -> Icon:
    """A body with a handle, whose space is no part of the body."""
    body = Path((("M", (4.0, 8.0)), ("L", (16.0, 8.0)), ("L", (16.0, 20.0)), ("L", (4.0, 20.0)), ("Z", ())))
    handle = Path(
        (("M", (16.0, 10.0)), ("L", (18.0, 10.0)), ("A", (3.0, 3.0, 0.0, 0.0, 1.0, 18.0, 16.0)), ("L", (16.0, 16.0)))
    )
    return canvas(Shape(body, look), Shape(handle, look))


def expanded(icon: Icon) -> Icon:
    area = ops.union(ops.area_of(s) for s in icon.shapes)
    return canvas(Shape(ops.to_path(area), Look(fill_rule="evenodd")))


def solid_house() -> Icon:
    """A solid with a door cut out."""
    walls = (
        ("M", (12.0, 2.0)),
        ("L", (22.0, 11.0)),
        ("L", (22.0, 22.0)),
        ("L", (2.0, 22.0)),
        ("L", (2.0, 11.0)),
        ("Z", ()),
    )
    door = (("M", (9.5, 22.0)), ("L", (9.5, 15.0)), ("L", (14.5, 15.0)), ("L", (14.5, 22.0)), ("Z", ()))
    return canvas(Shape(Path((*walls, *door)), Look(fill_rule="evenodd")))


def flat_mail() -> Icon:
    return canvas(
        Shape(Rect(2, 5, 20, 14, 2, 2), Look(fill="#93c5fd")),
        Shape(Path((("M", (2.0, 6.0)), ("L", (12.0, 14.0)), ("L", (22.0, 6.0)), ("Z", ()))), Look(fill="#1e3a8a")),
        Shape(Circle(19, 6, 4), Look(fill="#ef4444")),
    )


def difference(a: Icon, b: Icon) -> float:
    """Mean difference of two pictures against the mean ink of the first."""
    first, second = inks([a, b], 96)
    return float(np.abs(first - second).sum() / first.sum())


ICONS = {"calendar": calendar(), "arrow": arrow(), "cup": cup(), "house": solid_house(), "mail": flat_mail()}
SPECS = {
    "thin": StyleSpec(stroke_width=1, mode="outline"),
    "square": StyleSpec(stroke_width=2, cap="butt", join="miter", corner_radius=0.0, mode="outline"),
    "filled": StyleSpec(mode="filled", palette=("#111827",)),
    "duotone": StyleSpec(mode="duotone", stroke_width=1.5, palette=("#0d9488",), secondary_opacity=0.3),
    "colour": StyleSpec(mode="color", palette=("#1e293b", "#60a5fa", "#fbbf24")),
    "pixels": StyleSpec(pixel_art=True, grid=24),
    "small": StyleSpec(padding=4, grid=32),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize("icon", [*ICONS.values(), expanded(calendar())], ids=[*ICONS, "expanded"])
def test_every_result_is_safe_visible_and_inside_the_canvas(icon: Icon, spec: StyleSpec) -> None:
    done = restyle(icon, spec)
    assert load(serialise(done.icon)).shapes  # passes the gate that foreign files pass
    look = analyse(done.icon)
    assert look.box is not None and look.ink.area > 5
    box = ink_bounds(done.icon)
    side = done.icon.viewbox[2]
    assert done.icon.viewbox == (0, 0, spec.grid or 24, spec.grid or 24)
    assert box is not None and min(box) > -0.35 * side / 24 and max(box) < side * (1 + 0.35 / 24)
    assert restyle(icon, spec) == done


@pytest.mark.parametrize("width", [0.75, 1.0, 1.5, 2.5, 3.0])
@pytest.mark.parametrize(
    "icon", [calendar(), expanded(calendar()), expanded(arrow())], ids=["strokes", "fill", "arrow"]
)
def test_width_is_seen_and_the_outer_size_stays(icon: Icon, width: float) -> None:
    done = restyle(icon, StyleSpec(stroke_width=width))
    spec = measure(done.icon)
    assert spec.stroke_width == pytest.approx(width, abs=0.08)
    assert spec.padding == pytest.approx(measure(icon).padding, abs=0.12)
    assert f"stroke 2 -> {width:g}" in done.steps


def test_padding_and_width_at_once() -> None:
    spec = measure(restyle(calendar(), StyleSpec(stroke_width=1.5, padding=4)).icon)
    assert spec.padding == pytest.approx(4, abs=0.1)
    assert spec.stroke_width == pytest.approx(1.5, abs=0.05)


def test_nothing_asked_nothing_changed() -> None:
    done = restyle(calendar(), StyleSpec())
    assert done.steps == () and done.refused == ()
    assert difference(calendar(), done.icon) < 0.005
    same = restyle(calendar(), measure(calendar()))
    assert difference(calendar(), same.icon) < 0.01


def test_true_strokes_stay_strokes() -> None:
    done = restyle(calendar(), StyleSpec(stroke_width=1.5, cap="butt", join="miter", corner_radius=0.0))
    assert all(s.look.stroke != "none" and s.look.cap == "butt" and s.look.join == "miter" for s in done.icon.shapes)
    assert [type(s.geometry) for s in done.icon.shapes] == [type(s.geometry) for s in calendar().shapes]
    assert isinstance(done.icon.shapes[0].geometry, Rect) and done.icon.shapes[0].geometry.rx == 0


def test_a_dot_survives_butt_caps() -> None:
    dot = canvas(Shape(Path((("M", (12.0, 17.0)), ("L", (12.01, 17.0)))), ROUND), Shape(Line(12, 5, 12, 13), ROUND))
    alpha = inks([restyle(dot, StyleSpec(cap="butt")).icon], 24)[0]
    assert alpha[16:18, 11:13].min() > 0.9


@pytest.mark.parametrize(("cap", "seen"), [("butt", "butt"), ("round", "round")])
def test_line_ends_of_filled_outlines(cap: str, seen: str) -> None:
    before = "round" if cap == "butt" else "butt"
    icon = expanded(arrow(replace(ROUND, cap=before)))  # type: ignore[arg-type]
    assert measure(icon).cap == before
    assert measure(restyle(icon, StyleSpec(cap=cap)).icon).cap == seen  # type: ignore[arg-type]


@pytest.mark.parametrize("radius", [0.0, 1.0, 3.5])
def test_corners_of_strokes_and_of_filled_outlines(radius: float) -> None:
    for icon in (calendar(), expanded(calendar())):
        spec = measure(restyle(icon, StyleSpec(corner_radius=radius)).icon)
        assert spec.corner_radius == pytest.approx(radius, abs=0.15)
        assert spec.stroke_width == pytest.approx(2, abs=0.08)


def test_filled_from_outline_fills_the_body_and_keeps_details_as_gaps() -> None:
    done = restyle(calendar(), StyleSpec(mode="filled"))
    alpha = inks([done.icon], 24)[0]
    assert measure(done.icon).mode == "filled"
    assert alpha[19, 6] == 1  # inside the body
    assert alpha[17, 10] < 0.2  # the check is a gap
    assert ink_bounds(done.icon) == pytest.approx(ink_bounds(calendar()), abs=0.05)


def test_a_handle_is_not_filled() -> None:
    alpha = inks([restyle(cup(), StyleSpec(mode="filled")).icon], 24)[0]
    assert alpha[14, 10] == 1 and alpha[12, 18] < 0.1


def test_open_lines_refuse_to_be_filled() -> None:
    done = restyle(arrow(), StyleSpec(mode="filled"))
    assert any("no line is closed" in r for r in done.refused)
    assert difference(arrow(), done.icon) < 0.01


def test_outline_from_filled_keeps_the_outer_edge() -> None:
    done = restyle(solid_house(), StyleSpec(mode="outline", stroke_width=1.5))
    spec = measure(done.icon)
    assert spec.mode == "outline" and spec.stroke_width == pytest.approx(1.5, abs=0.05)
    assert ink_bounds(done.icon) == pytest.approx(ink_bounds(solid_house()), abs=0.05)
    assert inks([done.icon], 24)[0][19, 6] < 0.05  # hollow


def test_what_is_too_thin_to_hollow_is_refused() -> None:
    bar = canvas(Shape(Rect(2, 10, 20, 4)), Shape(Rect(10, 3, 4, 5)))
    done = restyle(bar, StyleSpec(mode="outline", stroke_width=3))
    assert any("thinner than two lines" in r for r in done.refused) or measure(bar).mode == "outline"
    assert analyse(done.icon).ink.area > 0.5 * analyse(bar).ink.area


def test_duotone_puts_a_tone_under_the_lines() -> None:
    done = restyle(calendar(), StyleSpec(mode="duotone", palette=("#0d9488",), secondary_opacity=0.3))
    spec = measure(done.icon)
    assert spec.mode == "duotone" and spec.palette == ("#0d9488",)
    assert spec.secondary_opacity == pytest.approx(0.3, abs=0.02)
    assert spec.stroke_width == pytest.approx(2, abs=0.02)
    second = restyle(calendar(), StyleSpec(mode="duotone", palette=("#0d9488", "#99f6e4")))
    assert measure(second.icon).palette == ("#99f6e4", "#0d9488") or measure(second.icon).mode in ("duotone", "color")


def test_tones_by_opacity_and_by_mask_come_away_again() -> None:
    tinted = canvas(Shape(Rect(3, 4, 18, 18, 2, 2), Look(opacity=0.2)), *calendar().shapes)
    white = replace(ROUND, stroke="#ffffff")
    mask = Clip((Shape(Rect(3, 4, 18, 18, 2, 2), Look(fill="#555555")), Shape(Rect(3, 4, 18, 18, 2, 2), white)), "mask")
    masked = canvas(Shape(Rect(0, 0, 24, 24), Look(), mask))
    for icon in (tinted, masked):
        assert measure(icon).mode == "duotone"
        done = restyle(icon, StyleSpec(mode="outline", stroke_width=1.5))
        assert measure(done.icon).mode == "outline"
        assert measure(done.icon).stroke_width == pytest.approx(1.5, abs=0.03)


def test_recolouring_reaches_every_paint() -> None:
    gradient = LinearGradient(2, 2, 22, 22, (Stop(0, "#ef4444"), Stop(1, "#2563eb")))
    icon = canvas(*flat_mail().shapes, Shape(Rect(3, 20, 18, 2), Look(fill=gradient)))
    done = restyle(icon, StyleSpec(palette=("#111827", "#f59e0b")))
    assert set(measure(done.icon).palette or ()) <= {"#111827", "#f59e0b"}
    assert measure(restyle(calendar(), StyleSpec(palette=("#f97316",))).icon).palette == ("#f97316",)


def test_colour_to_one_tone_keeps_the_parts_apart() -> None:
    for mode in ("outline", "filled"):
        done = restyle(flat_mail(), StyleSpec(mode=mode, stroke_width=1.5))  # type: ignore[arg-type]
        spec = measure(done.icon)
        assert spec.palette == ("currentColor",) and spec.mode == mode
        assert analyse(done.icon).ink.holes + analyse(done.icon).ink.parts > 1


def test_a_second_strong_colour_draws_the_details() -> None:
    spec = StyleSpec(mode="duotone", stroke_width=1, palette=("#306cfe", "#344054"))
    done = restyle(calendar(), spec)
    strokes = {type(s.geometry).__name__: s.look.stroke for s in done.icon.shapes}
    assert strokes == {"Rect": "#306cfe", "Line": "#344054", "Polyline": "#344054"}
    assert all(s.look.fill == "none" for s in done.icon.shapes)


def test_a_measured_style_without_lines_is_drawn_in_areas() -> None:
    spec = StyleSpec(mode="duotone", palette=("currentColor",), secondary_opacity=0.3, detail=0.3)
    for icon in (calendar(), expanded(calendar())):
        done = restyle(icon, spec)
        alpha = inks([done.icon], 24)[0]
        assert alpha[19, 6] == pytest.approx(0.3, abs=0.02)  # the body is the light tone
        assert alpha[17, 10] > 0.7  # the check on it the dark one
    flat = restyle(calendar(), StyleSpec(mode="color", palette=("#f2f2f2", "#2f80ed", "#eb5757"), detail=0.3))
    assert set(measure(flat.icon).palette or ()) == {
        "#2f80ed",
        "#eb5757",
    }  # the first that shows on white, and its opposite


def test_colour_needs_a_palette() -> None:
    done = restyle(calendar(), StyleSpec(mode="color"))
    assert "several colours: the style names no palette" in done.refused
    assert measure(done.icon).mode == "outline"


def test_lines_among_areas_follow_the_wished_width() -> None:
    icon = canvas(Shape(Rect(3, 3, 18, 9)), Shape(Rect(3, 15, 18, 1.5)), Shape(Rect(3, 19, 18, 1.5)))
    done = restyle(icon, StyleSpec(mode="filled", stroke_width=2.0))
    column = inks([done.icon], 240)[0][:, 120]
    assert column[145:185].sum() / 10 == pytest.approx(2.0, abs=0.15)


def test_pixel_art_is_axis_parallel_on_its_grid() -> None:
    done = restyle(calendar(), StyleSpec(pixel_art=True, grid=24))
    assert measure(done.icon).pixel_art is True or analyse(done.icon).outline.axis == analyse(done.icon).outline.length
    values = [v for s in done.icon.shapes if isinstance(s.geometry, Path) for _, a in s.geometry.segments for v in a]
    assert values and all(v == round(v) for v in values)


def test_a_blank_icon_comes_back() -> None:
    blank = canvas()
    assert restyle(blank, StyleSpec(stroke_width=1)) == Restyled(blank, (), ("nothing to draw",))


def test_results_are_simple() -> None:
    done = restyle(expanded(calendar()), StyleSpec(stroke_width=1.5))
    commands = sum(len(s.geometry.segments) for s in done.icon.shapes if isinstance(s.geometry, Path))
    before = sum(len(s.geometry.segments) for s in expanded(calendar()).shapes if isinstance(s.geometry, Path))
    assert commands <= 1.3 * before
    assert icon_id(done.icon) == icon_id(restyle(expanded(calendar()), StyleSpec(stroke_width=1.5)).icon)


def test_contours_trace_cells_and_keep_diagonal_neighbours_apart() -> None:
    mask = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1]], bool)
    path = trace(mask, 2.0)
    assert sum(c == "M" for c, _ in path.segments) == 2
    assert ops.size(ops.simplify(ops.from_geometry(path))) == pytest.approx(4 * 4)
    ring = np.ones((3, 3), bool)
    ring[1, 1] = False
    assert ops.size(ops.simplify(ops.from_geometry(trace(ring, 1.0), "evenodd"))) == pytest.approx(8)


def test_reshape_reads_and_writes_fillets() -> None:
    path = ops.to_path(ops.from_geometry(Rect(2, 2, 20, 10, 3, 3)))
    seen: list[float] = []
    sharp, changed = reshape(path, lambda c: seen.append(c.radius) or 0.0)  # type: ignore[func-returns-value]
    assert seen == pytest.approx([3, 3, 3, 3]) and changed == 4
    assert {v for _, v in sharp.segments if v} == {(2, 2), (22, 2), (22, 12), (2, 12)}
    round_again, _ = reshape(sharp, lambda c: 30.0)  # cut back to half the short side
    assert max(v[0] for c, v in round_again.segments if c == "A") == pytest.approx(5, abs=0.05)


def test_tidy_writes_a_circle_as_arcs() -> None:
    area = ops.stroke(ops.from_geometry(Circle(12, 12, 8)), 2)
    path = ops.to_path(area)
    assert [c for c, _ in path.segments] == ["M", "A", "A", "Z"] * 2
    assert tidy(path.segments[:4])[1][0] == "A"
    assert ops.size(area) == pytest.approx(np.pi * (81 - 49), rel=0.01)


def test_islands_holes_and_solidity() -> None:
    shapes = calendar().shapes
    ink = ops.union(ops.area_of(s) for s in shapes)
    assert len(ops.islands(ink)) == 2  # the body with its rings, and the check
    assert len(ops.holes(ink)) == 2  # above and below the bar
    assert ops.solidity(ops.from_geometry(Rect(0, 0, 4, 4))) == pytest.approx(1)
