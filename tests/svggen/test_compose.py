"""compose: gaps are really clear, lines keep their width, nothing leaves the canvas, results are plain geometry."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from svggen.compose import (
    Composed,
    badge,
    behind,
    beside,
    container,
    emptied,
    inside,
    mark_icon,
    mirror,
    pen_for,
    repeat,
    rotate,
    slash,
    stack,
    within_canvas,
)
from svggen.compose.booleans import area_size, icon_area, intersection, polygons, solid
from svggen.compose.containers import KINDS as CONTAINERS
from svggen.compose.cutting import Zone, cut, hull_zone, split
from svggen.compose.marks import KINDS as MARKS
from svggen.geometry import ink_bounds, path_length, to_path
from svggen.icon import Circle, Icon, Line, Look, Path, Rect, Shape, parse, serialise
from svggen.style import StyleSpec
from svggen.words import tables

LINE = Look(fill="none", stroke="currentColor", stroke_width=2, cap="round", join="round")
THIN = Look(fill="none", stroke="currentColor", stroke_width=1.5, cap="round", join="round")
SOLID = Look(fill="currentColor")
LIGHT = Look(fill="currentColor", fill_opacity=0.2)


def icon(*shapes: Shape) -> Icon:
    return Icon((0, 0, 24, 24), shapes)


def path(d: str, look: Look = LINE) -> Shape:
    drawn = parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{d}"/></svg>')
    return Shape(to_path(drawn.shapes[0].geometry), look)


CALENDAR = icon(Shape(Rect(3, 4, 18, 18, 2, 2), LINE), path("M3 10H21"), path("M8 2V6"), path("M16 2V6"))
DATED = icon(*CALENDAR.shapes, path("M8 14H8.01"), path("M12 14H12.01"), path("M16 18H16.01"))
USER = icon(Shape(Circle(12, 7, 4), LINE), path("M4 21V19A4 4 0 0 1 8 15H16A4 4 0 0 1 20 19V21"))
BELL = icon(path("M6 8A6 6 0 0 1 18 8C18 15 21 17 21 17H3C3 17 6 15 6 8"), path("M10.3 21A2 2 0 0 0 13.7 21"))
BLOCK = icon(Shape(Rect(3, 3, 18, 18, 2, 2), SOLID))
HOUSE = icon(path("M3 11L12 3L21 11V21H3Z", SOLID))
DUO = icon(Shape(Rect(4, 4, 16, 16, 2, 2), LIGHT), Shape(Rect(4, 4, 16, 16, 2, 2), THIN))
ALL = {"calendar": CALENDAR, "user": USER, "bell": BELL, "block": BLOCK, "house": HOUSE, "duotone": DUO}
SHARP = StyleSpec(stroke_width=1.5, cap="butt", join="miter", corner_radius=0)


def closest(a: Icon, b: Icon) -> float:
    """The least distance between the ink of two icons, by dense points on the outlines; 0 where they overlap."""
    if area_size(intersection(icon_area(a), icon_area(b))) > 1e-3:
        return 0.0
    ones = np.concatenate(polygons(icon_area(a)))
    return float(np.abs(Zone(tuple(polygons(icon_area(b)))).distance(ones)).min())


def rest(whole: Icon, part: Icon) -> Icon:
    return icon(*(s for s in whole.shapes if s not in part.shapes))


def widths(i: Icon) -> set[float]:
    return {s.look.stroke_width for s in i.shapes if s.look.stroke != "none"}


OPERATIONS: dict[str, Callable[[Icon], Composed]] = {
    "container": lambda i: container(i, "circle"),
    "badge": lambda i: badge(i, "plus"),
    "slash": slash,
    "two": lambda i: repeat(i, 2),
    "three": lambda i: repeat(i, 3),
    "four": lambda i: repeat(i, 4),
    "beside": lambda i: beside(i, BELL),
    "behind": lambda i: behind(i, BELL),
    "stack": lambda i: stack(i, BELL),
    "mirror": mirror,
    "rotate": lambda i: rotate(i, 45),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", ALL)
def test_results_are_plain_icons_on_the_canvas(operation: str, name: str) -> None:
    done = OPERATIONS[operation](ALL[name])
    box = ink_bounds(done.icon)
    assert box is not None and min(box) >= 0.9 and max(box) <= 23.1, box
    assert all(s.clip is None for s in done.icon.shapes)
    assert parse(serialise(done.icon)).shapes
    assert done.steps and all(step == step.strip() and step for step in done.steps)
    numbers = [n for s in done.icon.shapes if isinstance(s.geometry, Path) for _, v in s.geometry.segments for n in v]
    assert all(math.isfinite(n) for n in numbers)
    assert OPERATIONS[operation](ALL[name]) == done


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o != "beside"])
@pytest.mark.parametrize("name", ["calendar", "user"])
def test_line_width_is_kept_while_geometry_scales(operation: str, name: str) -> None:
    assert widths(OPERATIONS[operation](ALL[name]).icon) == {2.0}


@pytest.mark.parametrize("kind", CONTAINERS)
@pytest.mark.parametrize("glyph", [BELL, USER, icon(path("M5 12H19"), path("M12 5V19"))], ids=["bell", "user", "plus"])
def test_container_keeps_a_gap_around_the_glyph(kind: str, glyph: Icon) -> None:
    done = container(glyph, kind).icon
    frame, inner = icon(done.shapes[0]), icon(*done.shapes[1:])
    assert closest(frame, inner) >= 0.9 * 2 - 0.1
    outer, within = ink_bounds(frame), ink_bounds(inner)
    assert (
        outer
        and within
        and outer[0] < within[0]
        and outer[1] < within[1]
        and outer[2] > within[2]
        and outer[3] > within[3]
    )


def test_containers_of_the_words_can_all_be_drawn() -> None:
    assert set(tables.CONTAINERS) == set(CONTAINERS)


def test_a_filled_container_has_the_glyph_cut_out() -> None:
    done = container(HOUSE, "circle", StyleSpec(mode="filled")).icon
    assert len(done.shapes) == 1 and done.shapes[0].look.stroke == "none"
    area = icon_area(done)
    assert area_size(area) < 0.9 * area_size(solid(area))


def test_a_duotone_container_is_light_behind_the_glyph() -> None:
    done = container(DUO, "circle", StyleSpec(mode="duotone", secondary_opacity=0.2)).icon
    assert done.shapes[0].look.fill_opacity == 0.2
    assert done.shapes[1].look.stroke != "none"


@pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", ["check", "plus", "heart", "alert", "dot"])
def test_badge_keeps_a_clear_gap(corner: str, name: str, kind: str) -> None:
    done = badge(ALL[name], kind, corner).icon
    drawn = mark_icon(kind, pen_for(ALL[name], StyleSpec()), 9)
    assert drawn is not None
    mark = icon(*done.shapes[-len(drawn.shapes) :])
    body = icon(*done.shapes[: -len(drawn.shapes)])
    assert body.shapes, "the base is still there"
    # 1.5 px, less what the polygons of this test differ from the curves
    assert closest(body, mark) >= 1.5 - 0.06
    box = ink_bounds(mark)
    assert box is not None
    assert ((box[0] + box[2]) / 2 > 12) == corner.endswith("right")
    assert ((box[1] + box[3]) / 2 > 12) == corner.startswith("bottom")


def test_badge_of_an_exemplar_and_of_an_unknown_sign() -> None:
    done = badge(CALENDAR, BELL)
    assert len(done.icon.shapes) > len(CALENDAR.shapes)
    with pytest.raises(KeyError, match="zeppelin"):
        badge(CALENDAR, "zeppelin")


@pytest.mark.parametrize("style", [StyleSpec(), StyleSpec(stroke_width=1.5), SHARP, StyleSpec(mode="filled")])
@pytest.mark.parametrize("kind", sorted(MARKS))
def test_marks_fill_their_box_and_use_the_pen(kind: str, style: StyleSpec) -> None:
    pen = pen_for(icon(), style)
    drawn = mark_icon(kind, pen, 10)
    assert drawn is not None
    box = ink_bounds(drawn)
    assert box is not None
    across = max(box[2] - box[0], box[3] - box[1])
    assert 5.4 <= across <= 11.5
    assert abs(box[0] + box[2]) < 2.5 and abs(box[1] + box[3]) < 2.5
    strokes = [s.look for s in drawn.shapes if s.look.fill == "none"]
    assert all(k.stroke_width == pen.width and k.cap == pen.cap and k.join == pen.join for k in strokes)


def test_inside_uses_the_empty_body_and_keeps_its_gap() -> None:
    done = inside(CALENDAR, "check")
    assert done is not None
    mark = icon(done.icon.shapes[-1])
    box = ink_bounds(mark)
    assert box is not None and 10 < box[1] and box[3] < 21 and 10 < (box[0] + box[2]) / 2 < 14
    assert closest(CALENDAR, mark) >= 1.4
    assert max(box[2] - box[0], box[3] - box[1]) >= 6


def test_inside_is_refused_where_there_is_no_room() -> None:
    assert inside(icon(path("M3 12H21")), "check") is None
    assert inside(icon(Shape(Circle(12, 12, 3), LINE)), "check") is None


def test_inside_a_solid_is_cut_out_of_it() -> None:
    done = inside(BLOCK, "check", StyleSpec(mode="filled"))
    assert done is not None and len(done.icon.shapes) == 1
    assert area_size(icon_area(done.icon)) < area_size(icon_area(BLOCK)) - 5


def test_a_solid_frame_has_no_room_in_its_hole() -> None:
    hollow = icon(path("M3 3H21V21H3Z M5 5V19H19V5Z", SOLID))
    done = inside(hollow, "check", StyleSpec(mode="filled"))
    assert done is None


def test_emptied_drops_the_days_but_not_the_frame() -> None:
    assert emptied(DATED) == CALENDAR
    assert emptied(CALENDAR) is CALENDAR
    done = inside(DATED, "check")
    assert done is not None and done.steps[0] == "left out its inner details"


@pytest.mark.parametrize("name", ALL)
def test_slash_runs_from_corner_to_corner_with_a_gap_on_one_side(name: str) -> None:
    done = slash(ALL[name])
    line = done.icon.shapes[-1]
    assert isinstance(line.geometry, Line)
    falling = (line.geometry.x1 - line.geometry.x2) * (line.geometry.y1 - line.geometry.y2) > 0
    body = Icon((0, 0, 24, 24), done.icon.shapes[:-1])
    half = line.look.stroke_width / 2
    ts = np.linspace(0.15, 0.85, 40)
    x = line.geometry.x1 + ts * (line.geometry.x2 - line.geometry.x1)
    y = line.geometry.y1 + ts * (line.geometry.y2 - line.geometry.y1)
    away = half + 0.75  # in the middle of the gap, up from the line
    gap = np.stack([x + (away if falling else -away) * math.sqrt(0.5), y - away * math.sqrt(0.5)], axis=1)
    ink = Zone(tuple(polygons(icon_area(body))))
    assert float(ink.distance(gap).min()) > 0.4
    assert area_size(icon_area(body)) > 0.5 * area_size(icon_area(ALL[name]))


def test_slash_takes_the_other_diagonal_where_the_icon_lies_along_the_first() -> None:
    pencil = icon(path("M4 4L20 20"), path("M5 3L21 19"))
    line = slash(pencil).icon.shapes[-1].geometry
    assert isinstance(line, Line) and line.y1 > line.y2


@pytest.mark.parametrize(
    ("d", "kind"),
    [("M2 12H22", "L"), ("M2 4C8 20 16 20 22 4", "C"), ("M2 12A10 10 0 0 1 22 12", "A")],
    ids=["line", "cubic", "arc"],
)
def test_cuts_split_segments_exactly_where_the_zone_begins(d: str, kind: str) -> None:
    whole = path(d).geometry
    assert isinstance(whole, Path)
    square = Zone((np.array([(9.0, 0.0), (15.0, 0.0), (15.0, 24.0), (9.0, 24.0)]),), reach=1.0)
    pieces = split(whole, square)
    assert pieces is not None and len(pieces) == 2
    assert {op for p in pieces for op, _ in p.segments} == {"M", kind}
    ends = [pieces[0].segments[-1][1][-2], pieces[1].segments[0][1][0]]
    assert ends == pytest.approx([8.0, 16.0], abs=2e-3)
    across = split(whole, Zone((np.array([(9.0, -9.0), (9.0001, -9.0), (9.0, -9.0001)]),)))
    assert across is None
    lost = path_length(whole) - sum(path_length(p) for p in pieces)
    assert lost > 7.9


def test_the_seam_of_a_closed_path_is_not_an_end() -> None:
    ring = path("M12 2A10 10 0 0 1 12 22A10 10 0 0 1 12 2Z").geometry
    assert isinstance(ring, Path)
    corner = Zone((np.array([(18.0, 8.0), (24.0, 8.0), (24.0, 16.0), (18.0, 16.0)]),))
    pieces = split(ring, corner)
    assert pieces is not None and len(pieces) == 1
    assert sum(op == "M" for op, _ in pieces[0].segments) == 1


def test_cut_leaves_what_is_far_away_as_it_is() -> None:
    far = Zone((np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]),))
    assert cut(USER, far, 1.5) == USER
    assert cut(USER, Zone(()), 1.5) is USER


def test_fill_and_stroke_of_one_shape_are_both_cut() -> None:
    both = icon(Shape(Rect(4, 4, 16, 16), Look(fill="#ff0000", stroke="#0000ff", stroke_width=2)))
    corner = icon(Shape(Circle(20, 20, 3), SOLID))
    left = cut(both, hull_zone(corner), 1.5)
    assert [s.look.fill for s in left.shapes] == ["#ff0000", "none"]
    assert closest(left, corner) >= 1.4


def test_two_copies_overlap_with_a_gap_and_narrow_things_stand_in_a_row() -> None:
    two = repeat(USER, 2).icon
    half = len(two.shapes) // 2
    assert closest(icon(*two.shapes[:half]), icon(*two.shapes[half:])) >= 1.4
    bar = icon(Shape(Rect(10, 2, 4, 20, 1, 1), SOLID))
    row = repeat(bar, 2).icon
    boxes = [ink_bounds(icon(s)) for s in row.shapes]
    assert boxes[0] and boxes[1] and boxes[0][2] < boxes[1][0]
    assert [len(repeat(bar, n).icon.shapes) for n in (1, 4, 9)] == [1, 4, 9]


def test_behind_is_cut_by_the_front() -> None:
    done = behind(BLOCK, USER).icon
    assert done.shapes[-1].look.fill == "currentColor"
    assert closest(icon(*done.shapes[:-1]), icon(done.shapes[-1])) >= 1.4


def test_mirror_and_rotate_are_what_they_say() -> None:
    arrow = icon(path("M4 12H20L14 6"))
    flipped = mirror(arrow).icon.shapes[0].geometry
    assert isinstance(flipped, Path) and flipped.segments[0][1] == (20.0, 12.0)
    assert mirror(mirror(arrow).icon).icon == arrow
    up = rotate(arrow, -90).icon.shapes[0].geometry
    assert isinstance(up, Path) and up.segments[1][1] == pytest.approx((12, 4))
    assert rotate(arrow, -90).steps == ("turned it 90 degrees counterclockwise",)
    with pytest.raises(ValueError, match="diagonal"):
        mirror(arrow, "diagonal")


def test_within_canvas_moves_only_what_is_over_the_edge() -> None:
    pen = pen_for(USER, StyleSpec())
    assert within_canvas(USER, pen) == Composed(USER, ())
    wide = icon(Shape(Rect(0, 0, 24, 24), LINE))
    box = ink_bounds(within_canvas(wide, pen).icon)
    assert box == pytest.approx((1, 1, 23, 23))


def test_the_pen_of_lines_drawn_as_fills_is_measured() -> None:
    ring = icon(
        path("M12 2A10 10 0 0 1 12 22A10 10 0 0 1 12 2Z M12 3.5A8.5 8.5 0 0 0 12 20.5A8.5 8.5 0 0 0 12 3.5Z", SOLID)
    )
    pen = pen_for(ring, StyleSpec())
    assert pen.mode == "outline" and pen.width == pytest.approx(1.5, abs=0.05)
    assert pen_for(BLOCK, StyleSpec()).mode == "filled"
    assert pen_for(DUO, StyleSpec()).mode == "duotone"


def test_many_copies_stay_open_and_are_not_lines_of_the_usual_width() -> None:
    ring = icon(Shape(Circle(12, 12, 9), LINE))
    done = repeat(ring, 6, StyleSpec()).icon
    assert len(done.shapes) == 6 and all(s.look.stroke == "none" for s in done.shapes)
    area, outer = area_size(icon_area(done)), area_size(solid(icon_area(done)))
    assert area < 0.75 * outer  # with lines of 2 px the ring of 5.7 px is a blot: 0.91
    assert all(s.look.stroke_width == 2 for s in repeat(ring, 4, StyleSpec()).icon.shapes)
