"""svggen.lint: every rule fires on an icon that breaks it and is silent on one that keeps it; repairs repair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from svggen.icon import Circle, Clip, Icon, Line, LinearGradient, Look, Path, Polyline, Rect, Shape, Stop
from svggen.icon import parse as parse_svg
from svggen.lint import RULES, Finding, SetStats, lint, lint_many, repair, set_stats
from svggen.lint.seen import Seen
from svggen.render import ink
from svggen.style import StyleSpec

PEN = Look(fill="none", stroke="currentColor", stroke_width=2, cap="round", join="round")
DOT = Look()


def pen(*geometry: object, **look: object) -> Icon:
    """Strokes of 2 px on a 24 px canvas."""
    return Icon((0, 0, 24, 24), tuple(Shape(g, replace(PEN, **look)) for g in geometry))  # type: ignore[arg-type]


def path(d: str) -> Path:
    icon = parse_svg(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{d}"/></svg>')
    geometry = icon.shapes[0].geometry
    assert isinstance(geometry, Path)
    return geometry


def add(icon: Icon, *shapes: Shape) -> Icon:
    return replace(icon, shapes=(*icon.shapes, *shapes))


CLOCK = pen(Circle(12, 12, 10), Polyline(((12, 6), (12, 12), (16, 14))))
BOX = pen(Rect(3, 3, 18, 18, 2, 2), Line(8, 12, 16, 12))
GRADIENT = LinearGradient(2, 2, 22, 22, (Stop(0, "#ff0000"), Stop(1, "#0000ff")))
STARS = tuple(Shape(Circle(4 + 4 * (i % 5), 5 + 6 * (i // 5), 1), PEN) for i in range(15))
WAVES = path("M2 12C4 10 6 10 8 12C9.5 13.2 12 13.4 14 12C16 10.4 18 10.6 20 12C20.6 12.7 21 13 22 13")
SLIM_GAP = pen(Line(4, 8.75, 20, 8.75), Line(4, 11.2, 20, 11.2), Line(4, 18, 20, 18))
THIN = SetStats(ink=0.1, stroke_width=1.0, cap="round", join="round", n=8)
OWN = SetStats(ink=0.24, stroke_width=2.0, cap="round", join="round", n=8)

Broken = dict[str, list[tuple[Icon, dict[str, object]]]]

BREAKS: Broken = {
    "square-canvas": [(Icon((0, 0, 24, 20), CLOCK.shapes), {})],
    "safe-zone": [(pen(Circle(12, 12, 10.6)), {}), (pen(Circle(11, 12, 10), Line(12, 12, 14, 14)), {})],
    "one-stroke-width": [
        (add(pen(Circle(12, 12, 10)), Shape(Line(12, 7, 12, 12), replace(PEN, stroke_width=1.5))), {}),
        (CLOCK, {"style": StyleSpec(stroke_width=1.5, mode="outline")}),
    ],
    "round-caps-and-joins": [
        (add(CLOCK, Shape(Line(8, 17, 16, 17), replace(PEN, cap="butt"))), {}),
        (pen(Line(4, 4, 20, 20), cap="butt"), {"style": StyleSpec(cap="round")}),
        (pen(Polyline(((4, 18), (12, 6), (20, 18))), join="miter"), {"style": StyleSpec(join="round")}),
    ],
    "corner-radius": [
        (pen(Rect(3, 3, 18, 18, 5, 5)), {}),
        (BOX, {"style": StyleSpec(corner_radius=0)}),
        (pen(Rect(3, 3, 18, 18)), {"style": StyleSpec(corner_radius=2)}),
        (pen(path("M3 3H15A6 6 0 0 1 21 9V21H3Z")), {}),
    ],
    "gap": [(SLIM_GAP, {})],
    "thicker-stroke": [(pen(Circle(12, 12, 10), Circle(12, 12, 1.25)), {})],
    "optical-volume": [
        (pen(Line(10, 12, 14, 12)), {}),
        (pen(Line(3, 12, 21, 12), stroke_width=16), {}),
        (Icon((0, 0, 24, 24), (Shape(Rect(1, 1, 22, 22)),)), {}),
    ],
    "centred": [(pen(Rect(3, 3, 8, 8, 1, 1), Line(3, 15, 8, 15)), {})],
    "keylines": [(pen(Circle(12, 12, 4)), {}), (pen(Circle(12, 12, 10.9)), {})],
    "pixel-grid": [(pen(Line(3.31, 4.17, 20.13, 4.17), Line(3.31, 19.79, 20.13, 19.79)), {})],
    "complexity": [
        (Icon((0, 0, 24, 24), STARS), {}),
        (Icon((0, 0, 24, 24), STARS), {"style": StyleSpec(mode="outline")}),
    ],
    "allowed-elements": [
        (Icon((0, 0, 24, 24), ()), {}),
        (Icon((0, 0, 24, 24), (Shape(Rect(2, 2, 20, 20), Look(fill=GRADIENT)),)), {}),
        (Icon((0, 0, 24, 24), (Shape(Rect(2, 2, 20, 20), DOT, Clip((Shape(Circle(12, 12, 9)),))),)), {}),
    ],
    "smooth-joins": [(pen(WAVES), {})],
    "contrast": [(pen(Circle(12, 12, 10), stroke="#ffff88"), {}), (pen(Circle(12, 12, 10), stroke="#101010"), {})],
    "legible-at-16": [(pen(*(Line(3, y / 2, 21, y / 2) for y in range(6, 44, 3)), stroke_width=0.5), {})],
    "monochrome": [
        (add(CLOCK, Shape(Circle(12, 12, 2), Look(fill="#ff0000"))), {}),
        (CLOCK, {"style": StyleSpec(mode="outline", palette=("#008080",))}),
    ],
    "touch-target": [(Icon((0, 0, 15, 15), (Shape(Circle(7.5, 7.5, 6), replace(PEN, stroke_width=1)),)), {})],
    "set-consistency": [
        (CLOCK, {"set_stats": THIN}),
        (CLOCK, {"set_stats": replace(OWN, stroke_width=1.5)}),
        (CLOCK, {"set_stats": replace(OWN, cap="butt")}),
    ],
    "naming": [(CLOCK, {"name": "ClockFace"}), (CLOCK, {"name": "clock face"}), (CLOCK, {"name": "clock--face"})],
}

KEEPS: Broken = {
    "round-caps-and-joins": [
        (add(CLOCK, Shape(Circle(12, 12, 4), replace(PEN, cap="butt", join="miter"))), {}),  # it has neither
        (pen(Line(4, 4, 20, 20), cap="butt"), {"style": StyleSpec(cap="butt", join="miter")}),
        (pen(Line(4, 4, 20, 20), cap="butt"), {"style": StyleSpec(cap="round", pixel_art=True)}),
    ],
    "one-stroke-width": [
        (CLOCK, {"style": StyleSpec(stroke_width=2.0, mode="outline")}),
        (add(CLOCK, Shape(Circle(12, 18, 1))), {}),
        (CLOCK, {"style": StyleSpec(stroke_width=1.5, mode="filled")}),
    ],
    "safe-zone": [(pen(Circle(12, 12, 11)), {"style": StyleSpec(padding=0)})],
    "gap": [
        (pen(Line(4, 9, 20, 9), Line(4, 10.5, 20, 10.5), Line(4, 18, 20, 18)), {}),  # they touch: joined
        (pen(Line(4, 8, 20, 8), Line(4, 11, 20, 11)), {}),
    ],
    "corner-radius": [(pen(Rect(3, 8, 18, 8, 4, 4)), {}), (BOX, {"style": StyleSpec(corner_radius=2)})],
    "complexity": [(Icon((0, 0, 24, 24), STARS), {"style": StyleSpec(mode="color")})],
    "allowed-elements": [
        (Icon((0, 0, 24, 24), (Shape(Rect(2, 2, 20, 20), Look(fill=GRADIENT)),)), {"style": StyleSpec(mode="color")})
    ],
    "contrast": [
        (pen(Circle(12, 12, 10), stroke="#008080"), {}),
        (add(CLOCK, Shape(Circle(12, 12, 2), Look(fill="#ffff88"))), {}),  # currentColor carries it
    ],
    "monochrome": [
        (add(CLOCK, Shape(Circle(12, 12, 10), Look(opacity=0.2))), {}),
        (pen(Circle(12, 12, 10), stroke="#008080"), {"style": StyleSpec(palette=("#008080",))}),
        (add(CLOCK, Shape(Circle(12, 12, 2), Look(fill="#ff0000"))), {"style": StyleSpec(mode="color")}),
    ],
    "touch-target": [(Icon((0, 0, 256, 256), (Shape(Circle(128, 128, 90), replace(PEN, stroke_width=16)),)), {})],
    "set-consistency": [(CLOCK, {"set_stats": OWN}), (CLOCK, {})],
    "naming": [(CLOCK, {"name": "clock-2"}), (CLOCK, {})],
    "optical-volume": [(Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 10)),)), {})],
    "smooth-joins": [(pen(path("M2 12C4 9 6 9 8 12S12 15 14 12S18 9 20 12")), {})],
}


def found(icon: Icon, options: dict[str, object]) -> dict[str, Finding]:
    return {f.rule: f for f in lint(icon, **options)}  # type: ignore[arg-type]


def test_the_table_is_whole() -> None:
    assert [r.number for r in RULES] == list(range(1, 21))
    assert {r.number for r in RULES if r.level == "must"} == {1, 2, 3, 4, 6, 13, 15, 17}
    assert all(r.source and r.threshold and r.id == r.id.lower().replace("_", "-") for r in RULES)
    assert set(BREAKS) == {r.id for r in RULES}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_found(rule: str) -> None:
    levels = {r.id: (r.number, r.level, r.repair is not None) for r in RULES}
    for icon, options in BREAKS[rule]:
        finding = found(icon, options).get(rule)
        assert finding is not None, (rule, options, lint(icon, **options))  # type: ignore[arg-type]
        assert (finding.number, finding.level, finding.fixable) == levels[rule]
        assert ":" in finding.message, "says how to fix it"
        if finding.value is not None:
            assert finding.limit is not None and finding.value != finding.limit


@pytest.mark.parametrize("icon", [CLOCK, BOX], ids=["clock", "box"])
def test_a_good_icon_keeps_them_all(icon: Icon) -> None:
    assert lint(icon, name="good-one") == []
    assert lint(icon, StyleSpec(stroke_width=2, cap="round", join="round", mode="outline", padding=1)) == []


@pytest.mark.parametrize("rule", KEEPS)
def test_what_the_rule_allows(rule: str) -> None:
    for icon, options in KEEPS[rule]:
        assert rule not in found(icon, options), (rule, options)


def test_scale_does_not_matter() -> None:
    from svggen.geometry import transform_icon

    for icon in (CLOCK, SLIM_GAP, pen(Circle(12, 12, 10.6)), pen(Rect(3, 3, 18, 18, 5, 5))):
        big = replace(transform_icon(icon, (10, 0, 0, 10, 0, 0)), viewbox=(0.0, 0.0, 240.0, 240.0))
        assert [(f.rule, f.value and round(f.value, 1)) for f in lint(big)] == [
            (f.rule, f.value and round(f.value, 1)) for f in lint(icon)
        ]


def test_the_numbers_are_right() -> None:
    margin = found(pen(Circle(12, 12, 10.6)), {})["safe-zone"]
    assert margin.value == pytest.approx(0.4, abs=0.06) and margin.limit == 1
    gap = found(SLIM_GAP, {})["gap"]
    assert gap.value == pytest.approx(0.45, abs=0.15)
    ratio = found(pen(Circle(12, 12, 10), stroke="#000000"), {})["contrast"]
    assert ratio.value == pytest.approx(1.18, abs=0.02)  # black on #16181d
    assert ratio.level == "should"  # a file that sets no colour reads as black: no wish, and easily recoloured
    assert found(pen(Circle(12, 12, 10), stroke="#101010"), {})["contrast"].level == "must"
    width = found(CLOCK, {"style": StyleSpec(stroke_width=1.5, mode="outline")})["one-stroke-width"]
    assert (width.value, width.limit) == (2.0, 1.5)


def test_a_colour_that_the_style_asks_for_is_advice_only() -> None:
    icon = pen(Circle(12, 12, 10), stroke="#0000ff")
    assert found(icon, {})["contrast"].level == "must"
    assert found(icon, {"style": StyleSpec(palette=("#0000ff",))})["contrast"].level == "should"


def test_lines_drawn_as_areas_have_a_width_too() -> None:
    ring = path("M12 2A10 10 0 1 0 12 22A10 10 0 1 0 12 2ZM12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3Z")
    icon = Icon((0, 0, 24, 24), (Shape(ring, Look(fill_rule="evenodd")),))
    finding = found(icon, {"style": StyleSpec(stroke_width=2, mode="outline")})["one-stroke-width"]
    assert finding.value == pytest.approx(1.0, abs=0.2)
    assert "one-stroke-width" not in found(icon, {"style": StyleSpec(stroke_width=1, mode="outline")})


def test_seen_counts_parts_and_holes() -> None:
    seen = Seen(ink(pen(Circle(8, 12, 5), Line(18, 4, 18, 20)), 96))
    assert seen.thickened(0.0) == (2, 1, 2, 1)
    assert seen.gap is not None and seen.gap[0] == pytest.approx(3.0, abs=0.15)
    assert seen.box == pytest.approx((2, 3, 19, 21), abs=0.06)
    assert Seen(ink(Icon((0, 0, 24, 24), ()), 96)).blank


def test_lint_many_is_lint() -> None:
    icons = [icon for rule in BREAKS.values() for icon, _options in rule]
    assert lint_many(icons) == [lint(icon) for icon in icons]
    assert lint_many([]) == []
    with pytest.raises(ValueError, match="1 names for 2 icons"):
        lint_many([CLOCK, BOX], names=["clock"])


def test_set_stats() -> None:
    stats = set_stats([CLOCK, BOX, pen(Circle(12, 12, 9))])
    assert (stats.stroke_width, stats.cap, stats.join, stats.n) == (2.0, "round", "round", 3)
    assert stats.ink == pytest.approx(0.24, abs=0.05)
    filled = set_stats([Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9)),))])
    assert filled.stroke_width is None and filled.cap is None
    with pytest.raises(ValueError, match="at least one"):
        set_stats([])


# -- repair --------------------------------------------------------------------

OUTLINE = StyleSpec(stroke_width=1.5, cap="round", join="round", mode="outline", palette=("#008080",))

REPAIRS: list[tuple[str, Icon, StyleSpec | None]] = [
    ("square-canvas", Icon((0, 0, 24, 22), pen(Circle(12, 11, 9)).shapes), None),
    ("safe-zone", pen(Circle(12, 12, 10.6)), None),
    ("safe-zone", pen(Circle(11, 12, 10), Line(11, 12, 14, 14)), None),
    ("one-stroke-width", BREAKS["one-stroke-width"][0][0], None),
    ("one-stroke-width", CLOCK, StyleSpec(stroke_width=1.5, mode="outline")),
    ("round-caps-and-joins", BREAKS["round-caps-and-joins"][0][0], None),
    ("corner-radius", pen(Rect(3, 3, 18, 18, 5, 5)), None),
    ("corner-radius", pen(Rect(3, 3, 18, 18)), StyleSpec(corner_radius=2)),
    ("gap", SLIM_GAP, None),
    ("centred", pen(Rect(3, 3, 9, 16, 1, 1)), None),
    ("keylines", pen(Circle(12, 12, 4)), None),
    ("pixel-grid", BREAKS["pixel-grid"][0][0], None),
    ("contrast", pen(Circle(12, 12, 10), stroke="#000000"), None),
    ("monochrome", CLOCK, OUTLINE),
]


@pytest.mark.parametrize(("rule", "icon", "style"), REPAIRS, ids=[f"{i}-{r[0]}" for i, r in enumerate(REPAIRS)])
def test_a_repair_repairs_and_is_idempotent(rule: str, icon: Icon, style: StyleSpec | None) -> None:
    before = lint(icon, style)
    assert rule in {f.rule for f in before}
    mended = repair(icon, before, style)
    after = lint(mended.icon, style)
    assert rule not in {f.rule for f in after}, after
    assert {f.rule for f in after} <= {f.rule for f in before}
    assert mended.steps
    again = repair(mended.icon, None, style)
    assert again.icon == mended.icon and again.steps == ()


def test_a_good_icon_is_left_alone() -> None:
    for icon in (CLOCK, BOX):
        assert repair(icon).icon is icon and repair(icon).steps == () and repair(icon).refused == ()


def test_specks_duplicates_and_the_unseen_are_dropped() -> None:
    speck = Shape(Rect(20, 3, 0.2, 0.2))
    dot = Shape(Line(12, 16, 12, 16), PEN)  # a round dot of 2 px, no speck
    icon = add(CLOCK, CLOCK.shapes[0], speck, Shape(Circle(90, 90, 4)), Shape(Circle(12, 12, 4), Look(opacity=0)), dot)
    mended = repair(icon)
    assert mended.icon.shapes == (*CLOCK.shapes, dot)
    assert mended.steps[0] == "dropped 4 needless shapes"
    veil = Shape(Circle(12, 12, 10), Look(opacity=0.2))
    assert repair(add(CLOCK, veil, veil)).icon.shapes == (*CLOCK.shapes, veil, veil)  # two veils are darker than one


def test_only_the_findings_given_are_repaired() -> None:
    icon = pen(Circle(11, 12, 10.6), stroke="#000000")
    findings = [f for f in lint(icon) if f.rule == "contrast"]
    mended = repair(icon, findings)
    assert mended.icon.shapes[0].geometry == icon.shapes[0].geometry
    assert mended.icon.shapes[0].look.stroke == "currentColor"


def test_snapping_breaks_no_join() -> None:
    legs = ((3.2, 19.9), (12.13, 4.1), (20.8, 19.9))
    icon = pen(Polyline(legs), Line(12.13, 4.1, 12.13, 19.9), Line(3.2, 19.9, 20.8, 19.9))
    mended = repair(icon).icon
    tent, pole, floor = (s.geometry for s in mended.shapes)
    assert isinstance(tent, Polyline) and isinstance(pole, Line) and isinstance(floor, Line)
    assert tent.points == ((3.0, 20.0), (12.0, 4.0), (21.0, 20.0))
    assert (pole.x1, pole.y1) == tent.points[1] and (floor.x1, floor.y1) == tent.points[0]


def test_snapping_leaves_alone_what_is_too_far_and_what_it_touches() -> None:
    from svggen.lint.case import Case
    from svggen.lint.snapping import snap

    far = Line(4.1, 4.1, 9.251, 9.251)  # 0.25 px off in both directions: 0.35 px in all
    icon = pen(far, Line(9.251, 9.251, 20.1, 9.251), Line(3.1, 20.1, 20.1, 20.1))
    snapped = snap(Case(icon))
    assert snapped is not None
    assert [s.geometry for s in snapped.shapes] == [far, icon.shapes[1].geometry, Line(3, 20, 20, 20)]


def test_fine_strokes_snap_to_quarters() -> None:
    from svggen.lint.case import Case
    from svggen.lint.snapping import snap

    snapped = snap(Case(pen(Line(3.7, 4.2, 20.3, 4.2), stroke_width=1.5)))
    assert snapped is not None and snapped.shapes[0].geometry == Line(3.75, 4.25, 20.25, 4.25)


def test_what_cannot_be_repaired_is_refused_with_its_reason() -> None:
    mended = repair(Icon((0, 0, 24, 24), (Shape(Rect(2, 2, 20, 20), Look(fill="#ffff88")),)))
    assert any(r.startswith("contrast: no repair") and "#ffff88" in r for r in mended.refused)
    assert mended.icon.shapes[0].look.fill == "#ffff88"


def test_no_repair_makes_things_worse() -> None:
    measure: Callable[[Icon], set[str]] = lambda icon: {f.rule for f in lint(icon)}  # noqa: E731
    for rule, cases in BREAKS.items():
        for icon, _options in cases:
            mended = repair(icon)
            assert measure(mended.icon) <= measure(icon), rule
            assert repair(mended.icon).icon == mended.icon, rule
