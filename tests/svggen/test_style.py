"""Style: measured values against drawings whose style is known by construction, and the maths of distances."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from svggen.errors import StyleError
from svggen.geometry import to_path
from svggen.icon import Circle, Icon, Line, LinearGradient, Look, Path, Polyline, Rect, Shape, Stop
from svggen.restyle import ops
from svggen.style import (
    STYLE_DIMS,
    StyleSpec,
    analyse,
    describe,
    differences,
    distance,
    measure,
    measure_set,
    set_distance,
    style_vector,
    style_vectors,
    vector_distance,
)


def pen(width: float = 2.0, cap: str = "round", join: str = "round", color: str = "currentColor") -> Look:
    return Look(fill="none", stroke=color, stroke_width=width, cap=cap, join=join)  # type: ignore[arg-type]


def lined(
    width: float = 2.0, cap: str = "round", join: str = "round", radius: float = 2.0, color: str = "currentColor"
) -> Icon:
    """A window with a cross bar and a check: closed corners, open ends, a chevron."""
    look = pen(width, cap, join, color)
    return Icon(
        (0, 0, 24, 24),
        (
            Shape(Rect(4, 4, 16, 16, radius, radius), look),
            Shape(Line(4, 9, 20, 9), look),
            Shape(Polyline(((9, 14), (11, 16), (15, 12))), look),
        ),
    )


def expanded(icon: Icon) -> Icon:
    """The same picture with every stroke written as a filled outline, as Material or Phosphor are drawn."""
    area = ops.union(ops.area_of(s) for s in icon.shapes)
    return Icon(icon.viewbox, (Shape(ops.to_path(area), Look(fill_rule="evenodd")),))


def disc() -> Icon:
    return Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9)),))


def solid_square(radius: float = 0.0) -> Icon:
    return Icon((0, 0, 24, 24), (Shape(Rect(3, 3, 18, 18, radius, radius)),))


@pytest.mark.parametrize("width", [0.75, 1.0, 1.125, 1.5, 2.0, 2.25, 3.0])
def test_width_of_a_stroke_is_the_same_drawn_as_a_fill(width: float) -> None:
    drawn = lined(width)
    assert measure(drawn).stroke_width == pytest.approx(width, abs=0.001)
    assert measure(expanded(drawn)).stroke_width == pytest.approx(width, abs=0.06)


def test_width_is_measured_at_any_angle_and_place() -> None:
    for shift in (0.0, 0.13, 0.37):
        line = Icon((0, 0, 24, 24), (Shape(Line(4 + shift, 3, 17, 20 + shift), pen(1.5, "butt")),))
        assert measure(expanded(line)).stroke_width == pytest.approx(1.5, abs=0.06)


@pytest.mark.parametrize("size", [16.0, 32.0, 48.0, 256.0])
def test_lengths_are_units_of_a_24_px_canvas(size: float) -> None:
    s = size / 24
    look = pen(2 * s)
    icon = Icon((0, 0, size, size), (Shape(Rect(4 * s, 4 * s, 16 * s, 16 * s, 2 * s, 2 * s), look),))
    spec = measure(icon)
    assert spec.stroke_width == pytest.approx(2, abs=0.01)
    assert spec.corner_radius == pytest.approx(2, abs=0.05)
    assert spec.padding == pytest.approx(3, abs=0.06)


@pytest.mark.parametrize(("cap", "seen"), [("round", "round"), ("butt", "butt"), ("square", "butt")])
def test_caps_are_seen_in_filled_outlines(cap: str, seen: str) -> None:
    assert measure(lined(2, cap)).cap == cap
    assert measure(expanded(lined(2, cap))).cap == seen


@pytest.mark.parametrize("radius", [0.0, 1.0, 2.0, 3.5])
def test_corner_radius_is_that_of_the_centre_line(radius: float) -> None:
    join = "round" if radius else "miter"
    assert measure(lined(2, radius=radius, join=join)).corner_radius == pytest.approx(radius, abs=0.05)
    assert measure(expanded(lined(2, radius=radius, join=join))).corner_radius == pytest.approx(radius, abs=0.12)


def test_join_of_a_filled_outline() -> None:
    assert measure(expanded(lined(2, "butt", "miter", 0))).join == "miter"
    assert measure(expanded(lined(2, "round", "round", 0))).join == "round"


def test_corner_radius_of_a_solid() -> None:
    assert measure(solid_square(4)).corner_radius == pytest.approx(4, abs=0.05)
    assert measure(solid_square(0)).corner_radius == 0


def test_modes() -> None:
    tinted = Icon((0, 0, 24, 24), (Shape(Rect(4, 4, 16, 16, 2, 2), Look(opacity=0.2)), *lined().shapes))
    colourful = Icon(
        (0, 0, 24, 24),
        (Shape(Rect(3, 3, 18, 9), Look(fill="#ef4444")), Shape(Rect(3, 12, 18, 9), Look(fill="#2563eb"))),
    )
    gradient = LinearGradient(3, 3, 21, 21, (Stop(0, "#ef4444"), Stop(1, "#2563eb")))
    shaded = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9), Look(fill=gradient)),))
    assert measure(lined()).mode == "outline"
    assert measure(expanded(lined())).mode == "outline"
    assert measure(disc()).mode == "filled"
    assert measure(tinted).mode == "duotone"
    assert measure(tinted).secondary_opacity == pytest.approx(0.2, abs=0.02)
    assert measure(tinted).stroke_width == pytest.approx(2, abs=0.01)
    assert measure(colourful).mode == "color"
    assert set(measure(colourful).palette or ()) == {"#ef4444", "#2563eb"}
    assert measure(shaded).mode == "color"


def test_two_shades_of_one_hue_are_duotone() -> None:
    icon = Icon(
        (0, 0, 24, 24),
        (Shape(Rect(3, 3, 18, 18), Look(fill="#99f6e4")), Shape(Circle(12, 12, 5), Look(fill="#0d9488"))),
    )
    spec = measure(icon)
    assert spec.mode == "duotone"
    assert spec.palette == ("#99f6e4", "#0d9488")


def test_hidden_colours_do_not_count() -> None:
    icon = Icon(
        (0, 0, 24, 24),
        (Shape(Circle(12, 12, 5), Look(fill="#ef4444")), Shape(Rect(2, 2, 20, 20), Look(fill="#2563eb"))),
    )
    assert measure(icon).palette == ("#2563eb",)


def test_pixel_art_is_told_from_square_icons() -> None:
    steps = ["M4 8", "L8 8", "L8 6", "L10 6", "L10 4", "L14 4", "L14 6", "L16 6", "L16 8", "L20 8", "L20 20", "L4 20"]
    segments = (*((s[0], tuple(float(v) for v in s[1:].split())) for s in steps), ("Z", ()))
    art = Icon((0, 0, 24, 24), (Shape(Path(segments)),))
    assert measure(art).pixel_art is True
    assert measure(solid_square()).pixel_art is False
    assert measure(lined(2, "butt", "miter", 0)).pixel_art is False


def test_detail_grows_with_what_is_drawn() -> None:
    plain, busy = measure(disc()).detail, measure(lined()).detail
    assert plain is not None and busy is not None
    assert 0 < plain < busy < 1


def test_a_blank_icon_has_no_style() -> None:
    blank = Icon((0, 0, 24, 24), ())
    assert measure(blank) == StyleSpec()
    assert np.isfinite(style_vector(blank)).all()
    with pytest.raises(ValueError, match="blank"):
        measure_set([blank])


def test_vectors_have_their_shape_and_are_repeatable() -> None:
    icons = [lined(), disc(), expanded(lined(1))]
    vectors = style_vectors(icons)
    assert vectors.shape == (3, STYLE_DIMS) and vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert (vectors[1] == style_vector(disc())).all()
    assert style_vectors([]).shape == (0, STYLE_DIMS)


def test_how_it_is_written_hardly_matters_and_how_it_looks_does() -> None:
    drawn = style_vector(lined(2))
    same = vector_distance(drawn, style_vector(expanded(lined(2))))
    assert same < 0.35
    for other in (lined(1), lined(2, "butt", "miter", 0), solid_square(2), lined(2, color="#ef4444")):
        assert vector_distance(drawn, style_vector(other)) > 2 * same


def test_set_style_is_robust_and_its_unit_is_the_sets_own_spread() -> None:
    members = [lined(1.5, radius=r) for r in (2, 2, 2, 2.5, 2)] + [disc()]
    style = measure_set(members)
    assert style.n == 6
    assert style.spec.stroke_width == pytest.approx(1.5, abs=0.01)
    assert style.spec.mode == "outline" and style.spec.cap == "round"
    assert style.spec.corner_radius == pytest.approx(2, abs=0.1)
    assert style.spread["mode"] == pytest.approx(1 / 6, abs=0.01)
    assert set_distance(lined(1.5), style) < set_distance(solid_square(), style)
    with pytest.raises(ValueError, match="at least one"):
        measure_set([])


def test_set_palette_is_the_sets() -> None:
    members = [lined(color="#0d9488")] * 3 + [lined(color="#ef4444", width=1.9)]
    assert measure_set(members).spec.palette == ("#0d9488",)


def test_distance_is_a_weighted_mean_over_the_shared_fields() -> None:
    a = StyleSpec(stroke_width=2, cap="round", mode="outline", palette=("currentColor",))
    assert distance(a, a) == 0
    assert distance(a, StyleSpec()) == 0
    b = StyleSpec(stroke_width=1, cap="round", mode="filled", palette=("#ffffff",))
    assert 0.5 < distance(a, b) <= 1
    found = differences(a, b)
    assert [d.field for d in found] == ["mode", "stroke_width", "palette"]
    assert sum(d.weight for d in found) == pytest.approx(distance(a, b))
    assert distance(a, b) == pytest.approx(distance(b, a))


def test_near_colours_are_near() -> None:
    teal = StyleSpec(palette=("#0d9488",))
    assert distance(teal, StyleSpec(palette=("#0f9a8e",))) < 0.05
    assert distance(teal, StyleSpec(palette=("#ef4444",))) > 0.5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stroke_width": 0.1}, "stroke_width is 0.1; allowed: a number from 0.25 to 6"),
        ({"stroke_width": "2"}, "stroke_width is '2'"),
        ({"stroke_width": float("nan")}, "stroke_width is nan"),
        ({"stroke_width": True}, "stroke_width is True"),
        ({"grid": 24.0}, "grid is 24.0; allowed: a whole number"),
        ({"cap": "pointed"}, "cap is 'pointed'; allowed: butt, round, square"),
        ({"palette": []}, "palette is"),
        ({"palette": "teal"}, "allowed: a list of colours"),
        ({"palette": ["teal"]}, "palette holds 'teal'"),
        ({"pixel_art": 1}, "pixel_art is 1"),
        ({"colour": "red"}, "unknown style field 'colour'"),
    ],
)
def test_values_out_of_range_are_refused_by_name(fields: dict[str, object], words: str) -> None:
    with pytest.raises(StyleError) as error:
        StyleSpec.from_dict(fields)
    assert words in str(error.value)


def test_a_spec_survives_its_dictionary() -> None:
    spec = StyleSpec(1.5, "round", "round", 2.0, "duotone", ("#0d9488", "currentColor"), 0.2, 24, 1.0, 0.4, False)
    assert StyleSpec.from_dict(spec.to_dict()) == spec
    assert StyleSpec.from_dict({"palette": ["#ABCDEF"]}).palette == ("#abcdef",)
    assert StyleSpec(stroke_width=1).over(StyleSpec(stroke_width=2, cap="butt")) == StyleSpec(
        stroke_width=1, cap="butt"
    )


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (StyleSpec(1.5, "round", None, 2.0, "outline", ("#0d9488",)), "1.5 px round outline, teal, 2 px corners"),
        (StyleSpec(mode="filled", palette=("currentColor",), corner_radius=0.0), "filled, sharp corners"),
        (StyleSpec(), "any style"),
        (StyleSpec(mode="duotone", stroke_width=2, secondary_opacity=0.2), "2 px duotone (second tone 20 %)"),
    ],
)
def test_describe(spec: StyleSpec, words: str) -> None:
    assert describe(spec) == words


def test_the_spec_is_cheap_to_import() -> None:
    code = (
        "import sys; from svggen.style import StyleSpec, describe, distance;"
        "print({'numpy', 'scipy', 'skia'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_analysis_is_kept() -> None:
    assert analyse(lined()) is analyse(lined())
    assert to_path(lined().shapes[0].geometry).segments
