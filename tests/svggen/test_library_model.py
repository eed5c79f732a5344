"""LibraryModel: which exemplars it takes, what it composes, how sure it says it is, and how it edits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from svggen.compose.booleans import area_size, icon_area, intersection
from svggen.geometry import fit_canvas, ink_bounds
from svggen.icon import Icon, Shape, parse
from svggen.models import Draft, DrawRequest, Hint, Reference
from svggen.models.library import LibraryModel, naming
from svggen.models.library.edits import plain_form
from svggen.render import inks
from svggen.style import StyleSpec, measure
from svggen.words import parse_words

LINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
DRAWINGS = {
    "calendar": '<rect x="3" y="4" width="18" height="18" rx="2"/><path d="M3 10h18M8 2v4M16 2v4"/>',
    "calendar-check": '<rect x="3" y="4" width="18" height="18" rx="2"/><path d="M3 10h18M8 2v4M16 2v4M9 16l2 2 4-4"/>',
    "calendar-days": '<path d="M3 4h18v18H3zM3 10h18M8 2v4M16 2v4M8 14h.01M12 14h.01M16 14h.01"/>',
    "user": '<circle cx="12" cy="7" r="4"/><path d="M4 21v-2a4 4 0 0 1 4-4h8a4 4 0 0 1 4 4v2"/>',
    "user-round": '<circle cx="12" cy="8" r="5"/><path d="M20 21a8 8 0 0 0-16 0"/>',
    "users": '<circle cx="9" cy="7" r="4"/><path d="M2 21v-2a4 4 0 0 1 4-4h6a4 4 0 0 1 4 4v2"/>'
    '<path d="M16 3a4 4 0 0 1 0 8M22 21v-2a4 4 0 0 0-3-4"/>',
    "bell": '<path d="M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a2 2 0 0 0 3.4 0"/>',
    "bell-off": '<path d="M6 8a6 6 0 0 1 1-3"/>'
    '<path d="M10 2a6 6 0 0 1 8 6c0 4 1 6 2 7M17 17H3s3-2 3-9M10.3 21a2 2 0 0 0 3.4 0M2 2l20 20"/>',
    "arrow-right": '<path d="M5 12h14M12 5l7 7-7 7"/>',
    "arrow-left": '<path d="M19 12H5M12 19l-7-7 7-7"/>',
    "arrow-left-circle": '<circle cx="12" cy="12" r="10"/><path d="M16 12H8M12 8l-4 4 4 4"/>',
    "arrow-circle-left": '<circle cx="19" cy="12" r="2"/><path d="M17 12H4M8 8l-4 4 4 4"/>',
    "truck": '<path d="M14 18V6H2v12h2M14 9h4l4 5v4h-2M8 18h8"/>'
    '<circle cx="6" cy="18" r="2"/><circle cx="18" cy="18" r="2"/>',
    "shield": '<path d="M12 2s3 3 8 3v7c0 5-3 8-8 10-5-2-8-5-8-10V5c5 0 8-3 8-3z"/>',
    "lock": '<rect x="3" y="11" width="18" height="11" rx="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>',
    "cloud": '<path d="M17.5 19H9a7 7 0 1 1 6.7-9h1.8a4.5 4.5 0 1 1 0 9z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2"/>'
    '<path d="M5 5l1 1M18 18l1 1M5 19l1-1M18 6l1-1"/>',
    "plane": '<path d="M12 3l2 3v5l7 4v2l-7-2v4l2 2v1l-4-1-4 1v-1l2-2v-4l-7 2v-2l7-4V6z"/>',
    "rocket": '<path d="M20 4c-6 0-10 3-13 8l5 5c5-3 8-7 8-13zM7 12H3l3-4h3M12 17v4l4-3v-3"/>',
    "cat": '<path d="M4 4l4 3h8l4-3v11l-8 6-8-6z"/>',
    "crown": '<path d="M3 18h18L19 7l-4 4-3-6-3 6-4-4z"/>',
}  # fmt: skip
MODEL = LibraryModel()


def drawing(name: str) -> Icon:
    return parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {LINE}>{DRAWINGS[name]}</svg>')


def ref(name: str, concept: str | None = None, score: float = 1.0, style: float = 0.5, **more: Any) -> Reference:
    values: dict[str, Any] = {
        "id": f"test:{name}", "name": name, "concept": concept or name,
        "icon": drawing(name) if name in DRAWINGS else None,
        "origin": "library", "source": "test", "licence": "MIT", "concept_score": score, "style_score": style,
    }  # fmt: skip
    return Reference(**{**values, **more})


def draw(words: str, *references: Reference, **more: Any) -> list[Draft]:
    return MODEL.generate(DrawRequest(words, references=references, **more))


def first(words: str, *references: Reference, **more: Any) -> Draft:
    return draw(words, *references, **more)[0]


def icon_of(draft: Draft) -> Icon:
    assert draft.icon is not None, draft
    return draft.icon


def said(draft: Draft) -> str:
    return " | ".join((*draft.steps, *draft.notes))


def ink(icon: Icon, size: int = 48) -> Any:
    return np.asarray(inks([icon], size))[0]


# -- which exemplars


def test_the_exemplar_is_taken_on_its_canvas_with_source_and_licence() -> None:
    draft = first("user", ref("user"))
    assert draft.icon == fit_canvas(drawing("user"))
    assert draft.sources == (("test:user", "test", "MIT"),)
    assert draft.steps[0] == "took 'user' from test (MIT)"
    assert draft.confidence == 1.0


def test_own_icons_come_first_when_they_show_it_as_surely() -> None:
    own = ref("user-round", "user", 0.95, origin="own", source="accepted", licence="own")
    draft = first("user", ref("user", style=0.6), own)
    assert draft.sources[0][0] == "test:user-round"
    assert "your own" in draft.steps[0]
    weak = replace(own, concept_score=0.6)
    assert first("user", ref("user", style=0.6), weak).sources[0][0] == "test:user"


def test_of_equal_concepts_the_nearer_look_wins() -> None:
    a, b = ref("user", style=0.3), ref("user-round", "user", 0.95, style=0.9)
    assert first("user", a, b).sources[0][0] == "test:user-round"
    assert first("user", replace(a, style_score=0.9), replace(b, style_score=0.3)).sources[0][0] == "test:user"


def test_the_seed_reorders_near_ties_only() -> None:
    a, b = ref("user", style=0.5), ref("user-round", "user", style=0.5)
    firsts = {first("user", a, b, seed=s, n=1).sources[0][0] for s in range(12)}
    assert firsts == {"test:user", "test:user-round"}
    far = replace(b, style_score=0.9)
    assert {first("user", a, far, seed=s, n=1).sources[0][0] for s in range(12)} == {"test:user-round"}


def test_a_sign_that_was_not_asked_for_comes_last() -> None:
    check = ref("calendar-check", "calendar", 0.97)
    assert first("calendar", check, ref("calendar", score=0.95)).sources[0][0] == "test:calendar"


def test_a_finished_icon_of_both_ideas_beats_composing() -> None:
    whole = ref("calendar-check", "calendar check")
    drafts = draw("calendar with a check mark", whole, ref("calendar"))
    assert drafts[0].icon == drawing("calendar-check")
    assert drafts[0].confidence > drafts[1].confidence
    assert "check" in said(drafts[1])


def test_drafts_are_different_drawings() -> None:
    twin = replace(ref("user"), id="test:twin", source="other")
    drafts = draw("user", ref("user"), twin, ref("user-round", "user", 0.95))
    assert [d.sources[0][0] for d in drafts] in (
        ["test:user", "test:user-round"], ["test:twin", "test:user-round"], ["test:user-round", "test:user"],
        ["test:user-round", "test:twin"],
    )  # fmt: skip


# -- what is composed


def test_a_mark_goes_into_an_empty_body() -> None:
    draft = first("calendar with a check mark", ref("calendar"))
    assert "put a check inside" in said(draft)
    assert len(icon_of(draft).shapes) == len(drawing("calendar").shapes) + 1


def test_the_days_make_room_for_a_mark() -> None:
    draft = first("calendar with a check mark", ref("calendar-days", "calendar", 0.97))
    assert "left out its inner details" in draft.steps


def test_a_mark_that_has_no_room_gets_a_corner() -> None:
    draft = first("user with a plus", ref("user"))
    assert "bottom right" in said(draft) and "clear gap" in said(draft)
    assert "top left" in said(first("user with a plus in the top left corner", ref("user")))
    assert "top right" in said(first("bell with a notification badge", ref("bell")))


def test_a_mark_from_an_exemplar_is_named_in_the_sources() -> None:
    draft = first("user with a crown in the top right corner", ref("user"), ref("crown", "crown"))
    assert {s[0] for s in draft.sources} == {"test:user", "test:crown"}


def test_containers_slashes_and_copies() -> None:
    assert "put it in a circle" in said(first("bell in a circle", ref("bell")))
    crossed = first("bell crossed out", ref("bell"))
    assert "crossed it out" in said(crossed)
    two = first("two users", ref("user"))
    assert "drew it 2 times" in said(two)
    assert len(icon_of(two).shapes) >= 2 * len(drawing("user").shapes)


def test_what_the_name_shows_is_not_composed_again() -> None:
    assert "crossed" not in said(first("bell crossed out", ref("bell-off", "bell off")))
    assert "times" not in said(first("two users", ref("users", "users")))
    assert (
        "circle"
        not in said(first("arrow left in a circle", ref("arrow-left-circle", "arrow left circle"))).split("(MIT)")[1]
    )


def test_a_name_that_speaks_of_a_circle_is_looked_at() -> None:
    tail = ref("arrow-circle-left", "arrow left circle", 0.97)
    ring = ref("arrow-left-circle", "arrow left circle", 0.97)
    assert first("arrow left in a circle", tail, ring, n=1).sources[0][0] == "test:arrow-left-circle"


def test_arrows_are_turned_and_vehicles_are_mirrored() -> None:
    exact = first("arrow facing left", ref("arrow-right", "arrow", 0.9), ref("arrow-left", "arrow left"))
    assert exact.sources[0][0] == "test:arrow-left" and not any("turned" in s for s in exact.steps)
    turned = first("arrow facing left", ref("arrow-right", "arrow"))
    assert "turned it 180 degrees" in said(turned)
    assert np.abs(ink(icon_of(turned)) - ink(drawing("arrow-left"))).mean() < 0.02
    mirrored = first("truck facing left", ref("truck"))
    assert "mirrored" in said(mirrored) and "does not say where it faces" in said(mirrored)
    assert np.abs(ink(icon_of(mirrored))[:, ::-1] - ink(drawing("truck"))).mean() < 0.02
    assert "mirrored" not in said(first("truck facing right", ref("truck")))


def test_upside_down_and_tilted() -> None:
    down = icon_of(first("upside down bell", ref("bell")))
    assert np.abs(ink(down)[::-1, ::-1] - ink(drawing("bell"))).mean() < 0.02
    box = ink_bounds(icon_of(first("tilted lock", ref("lock"))))
    assert box and min(box) > 0.5 and max(box) < 23.5


def test_two_things_and_one_behind_the_other() -> None:
    draft = first("cloud with sun", ref("cloud"), ref("sun"))
    assert {s[0] for s in draft.sources} == {"test:cloud", "test:sun"}
    parts = icon_of(draft).shapes
    front = replace(icon_of(draft), shapes=parts[-1:])
    back = replace(icon_of(draft), shapes=parts[:-1])
    assert area_size(intersection(icon_area(front), icon_area(back))) < 1e-3


def test_nothing_is_drawn_over_the_edge() -> None:
    wide = replace(
        ref("lock"),
        icon=parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="3 2 18 20" {LINE}>{DRAWINGS["lock"]}</svg>'),
    )
    box = ink_bounds(icon_of(first("lock", wide)))
    assert box and min(box) >= 0.99 and max(box) <= 23.01


def test_the_style_is_obeyed_by_what_is_composed_too() -> None:
    style = StyleSpec(stroke_width=1.5, palette=("#0f766e",))
    icon = icon_of(first("user with a plus", ref("user"), style=style))
    assert {(s.look.stroke, s.look.stroke_width) for s in icon.shapes} == {("#0f766e", 1.5)}
    filled = icon_of(first("shield with a lock", ref("shield"), style=StyleSpec(mode="filled")))
    assert measure(filled).mode == "filled"


def test_a_single_colour_becomes_the_colour_of_the_text_around_it() -> None:
    green = tuple(Shape(s.geometry, replace(s.look, stroke="#00aa55")) for s in drawing("bell").shapes)
    exemplar = replace(ref("bell"), icon=Icon((0, 0, 24, 24), green))
    assert {s.look.stroke for s in icon_of(first("bell", exemplar)).shapes} == {"currentColor"}
    red = icon_of(first("bell", exemplar, style=StyleSpec(palette=("#ff0000",))))
    assert {s.look.stroke for s in red.shapes} == {"#ff0000"}


def test_what_is_already_filled_goes_first_where_filled_is_wanted() -> None:
    solid = tuple(
        Shape(s.geometry, replace(s.look, stroke="none", fill="currentColor")) for s in drawing("shield").shapes
    )
    exemplar = replace(ref("shield"), id="test:solid", icon=Icon((0, 0, 24, 24), solid))
    for style, best in ((StyleSpec(mode="filled"), "test:solid"), (StyleSpec(mode="outline"), "test:shield")):
        assert first("shield", ref("shield"), exemplar, style=style, n=1).sources[0][0] == best


# -- honesty


def test_a_part_that_no_exemplar_shows_is_said_and_lowers_the_confidence() -> None:
    draft = first("user with a crown in the top right", ref("user"), ref("bell", "crown", 0.3))
    assert draft.confidence <= 0.35
    assert "no exemplar shows 'crown'" in said(draft)
    assert {s[0] for s in draft.sources} == {"test:user"}


def test_an_unknown_subject_gives_the_nearest_ideas_with_little_confidence() -> None:
    drafts = draw("flux capacitor", ref("bell", "flux capacitor", 0.42), ref("sun", "flux capacitor", 0.3))
    assert drafts and all(d.confidence <= 0.35 for d in drafts)
    assert drafts[0].notes[0] == "no exemplar shows 'flux capacitor'; nearest: bell, sun"


def test_what_is_near_in_meaning_but_bears_only_some_of_the_words_is_no_answer() -> None:
    assert first("purple monkey bell", ref("bell", "monkey bell", 0.64)).confidence <= 0.35
    assert first("klaxon", ref("bell", "klaxon", 0.64)).confidence == 0.64


def test_nothing_at_all_is_a_failure() -> None:
    (draft,) = draw("flux capacitor")
    assert (draft.failure, draft.icon) == ("unknown_subject", None)
    assert "flux capacitor" in draft.notes[0]
    style_only = ref("bell", "", 0.0)
    assert draw("flux capacitor", style_only)[0].failure == "unknown_subject"


def test_composing_does_not_make_an_unrelated_icon_an_answer() -> None:
    draft = first("flux capacitor with a check mark in a circle", ref("bell", "flux capacitor", 0.4))
    assert draft.confidence <= 0.35


def test_empty_exemplars_are_a_blank() -> None:
    empty = replace(ref("bell"), icon=Icon((0, 0, 24, 24), ()))
    assert draw("bell", empty)[0].failure == "blank"


def test_details_and_pictures_that_were_not_used_are_said() -> None:
    draft = first("bell with a handle", ref("bell"), image=b"png")
    assert "'handle' is not known" in said(draft) and "reference picture was not used" in said(draft)


def test_a_plural_is_not_repeated() -> None:
    several = replace(ref("users", "bell", style=0.8), id="test:bells", name="bells")
    draft = first("five bells", several, ref("bell"))
    assert draft.sources[0][0] == "test:bell"


def test_a_group_is_not_nine() -> None:
    group = replace(ref("users", "user", style=0.9), id="test:group", name="user-group")
    assert first("two users", group, ref("user")).sources[0][0] == "test:group"
    assert "drew it 9 times, in rows" in first("nine users", ref("user"), replace(group, style_score=0.5)).steps


def test_a_numeral_is_not_a_number_of_things() -> None:
    def named(name: str) -> Reference:
        return replace(ref("users", "bell", style=0.9), id=f"test:{name}", name=name)

    assert first("four bells", named("bells-four"), ref("bell")).sources[0][0] == "test:bells-four"
    assert "drew it 4 times, in rows" in first("four bells", named("four-bell")).steps


def test_what_is_worn_and_not_shown_is_no_answer() -> None:
    draft = first("cat with a hat", ref("cat"))
    assert draft.confidence <= 0.35
    assert draft.notes[0] == "no exemplar shows 'cat with hat'; nearest: cat"
    worn = replace(ref("cat", "cat hat", style=0.1), id="test:worn", name="cat-hat")
    assert (
        first("cat with a hat", *(replace(ref("cat"), id=f"test:{i}") for i in range(9)), worn).sources[0][0] == worn.id
    )
    assert first("cat with a hat", ref("cat", tags=("hat",))).confidence == 1.0


def test_a_third_thing_that_is_not_shown_is_no_answer() -> None:
    draft = first("sun with a cloud and a crown", ref("sun"), ref("cloud"))
    assert draft.confidence <= 0.35 and "'crown' is not known" in said(draft)
    whole = replace(ref("sun", "sun cloud crown"), id="test:whole", name="sun-cloud-crown")
    assert first("sun with a cloud and a crown", whole).confidence > 0.9


def test_a_mark_that_cuts_the_container_leaves_it_one() -> None:
    cut = '<path d="M20 9a9 9 0 1 0-5 11M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0M16 18l2 2 4-5"/>'
    drawn = parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {LINE}>{cut}</svg>')
    done = replace(ref("user", "user"), id="test:done", name="user-circle-check", icon=drawn)
    steps = first("user with a check mark in a circle", done).steps
    assert not [s for s in steps if "circle" in s and "took" not in s]


@pytest.mark.parametrize(
    ("words", "name", "step"),
    [
        ("plane facing down", "plane", "turned it 180 degrees clockwise"),
        ("plane facing left", "plane", "turned it 90 degrees counterclockwise"),
        ("rocket facing right", "rocket", "turned it 45 degrees clockwise"),
        ("rocket pointing up", "rocket", "turned it 45 degrees counterclockwise"),
    ],
)
def test_what_flies_is_turned_from_where_its_symmetry_says_that_it_points(words: str, name: str, step: str) -> None:
    assert step in first(words, ref(name)).steps


def test_what_is_seen_from_the_front_does_not_face_left() -> None:
    draft = first("cat facing left", ref("cat"))
    assert draft.confidence < 0.6
    assert "seen from the front" in said(draft) and "it faces left" not in draft.steps


# -- hints


def test_a_concept_hint_brings_other_exemplars() -> None:
    references = (ref("user"), ref("user-round", "user", 0.97))
    before = first("user", *references, n=1)
    after = first("user", *references, n=1, hints=(Hint("concept", "does not look like it"),))
    assert before.sources != after.sources


def test_a_lint_hint_is_repaired() -> None:
    small = replace(
        ref("bell"),
        icon=Icon(
            (0, 0, 24, 24),
            tuple(Shape(s.geometry, replace(s.look, cap="butt")) for s in drawing("bell").shapes[:1])
            + drawing("bell").shapes[1:],
        ),
    )
    from svggen.lint import lint

    style = StyleSpec(cap="round")
    rule = next((f.rule for f in lint(fit_canvas(small.icon), style) if f.fixable), None)
    assert rule is not None
    mended = icon_of(first("bell", small, style=style, hints=(Hint(rule, "mend it"),)))
    assert not [f for f in lint(mended, style) if f.rule == rule and f.level == "must"]


# -- edits


def edited(icon: Icon, *edits: str, **more: Any) -> Draft:
    return MODEL.generate(DrawRequest("", edit=icon, edits=edits, **more))[0]


def strokes(icon: Icon) -> set[float]:
    return {round(s.look.stroke_width, 3) for s in icon.shapes if s.look.stroke != "none"}


@pytest.mark.parametrize(
    ("edit", "width"),
    [
        ("stroke 1.25", 2.5),
        ("thicker", 2.5),
        ("stroke 0.8", 1.6),
        ("thinner", 1.6),
        ("stroke 1.5px", 1.5),
        ("stroke 9", 6.0),
    ],
)
def test_line_width_edits(edit: str, width: float) -> None:
    icon = icon_of(edited(drawing("bell"), edit))
    assert strokes(icon) == {width}


def test_edits_of_form() -> None:
    bell = drawing("bell")
    assert (
        np.abs(ink(icon_of(edited(drawing("truck"), "flip horizontal")))[:, ::-1] - ink(drawing("truck"))).mean() < 0.02
    )
    assert np.abs(ink(icon_of(edited(bell, "flip vertical")))[::-1] - ink(bell)).mean() < 0.02
    assert np.abs(np.rot90(ink(icon_of(edited(bell, "rotate 90")))) - ink(bell)).mean() < 0.02
    assert measure(icon_of(edited(drawing("shield"), "mode filled"))).mode == "filled"
    assert {s.look.stroke for s in icon_of(edited(bell, "color #ff0000")).shapes} == {"#ff0000"}
    smaller, larger = ink_bounds(icon_of(edited(bell, "smaller"))), ink_bounds(bell)
    assert smaller and larger and smaller[3] - smaller[1] < larger[3] - larger[1] - 1


def test_edits_that_compose() -> None:
    assert "circle" in said(edited(drawing("bell"), "inside circle"))
    assert "circle" in said(edited(drawing("bell"), "in a circle"))
    assert "crossed it out" in said(edited(drawing("bell"), "add slash"))
    assert "put a plus" in said(edited(drawing("bell"), "add plus"))
    with_crown = edited(drawing("bell"), "add crown", references=(ref("crown"),))
    assert with_crown.sources == (("test:crown", "test", "MIT"),)


def test_removing_a_part() -> None:
    dotted = replace(
        drawing("bell"),
        shapes=(
            *drawing("bell").shapes,
            *parse(
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="19" cy="5" r="2.5"/></svg>'
            ).shapes,
        ),
    )
    done = edited(dotted, "remove dot")
    assert "removed the dot" in done.steps
    assert np.abs(ink(icon_of(done)) - ink(drawing("bell"))).mean() < 0.01


@pytest.mark.parametrize(
    "edit",
    ["remove unicorn", "stroke thick", "color nonsense", "mode baroque", "dance", "add unicorn", "inside unicorn"],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(edit: str) -> None:
    done = edited(drawing("bell"), edit)
    assert done.notes
    assert done.icon == fit_canvas(drawing("bell"))


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Thicker", ("stroke", "1.25")), ("crossed out", ("add", "slash")), ("without the dot", ("remove", "dot")),
     ("put it in a rounded square", ("inside", "rounded square")), ("flip", ("flip", "horizontal")), ("rotate -90",
     ("rotate", "-90"))],
)  # fmt: skip
def test_everyday_words_of_edits(text: str, plain: tuple[str, str]) -> None:
    assert plain_form(text) == plain


# -- names


@pytest.mark.parametrize(
    ("request_", "name", "features"),
    [
        ("calendar with a check mark", "calendar-check-bold", {"mark"}),
        ("calendar with a check mark", "calendar-bold", set()),
        ("bell crossed out", "bell-slash-fill", {"slash"}),
        ("user in a circle", "user-circle", {"container"}),
        ("two users", "users", {"count"}),
        ("two users", "users-group", {"count"}),
        ("two users", "user-2", set()),
        ("two stars", "stars", set()),
        ("three users", "users", set()),
        ("two users", "user", set()),
        ("arrow left", "arrow-left", {"facing"}),
        ("arrow left", "arrow-left-right", set()),
        ("arrow pointing up and right", "arrow-up-right", {"facing"}),
        ("cloud with sun", "cloud-sun-fill", {"companions"}),
    ],
)
def test_what_a_name_shows(request_: str, name: str, features: set[str]) -> None:
    assert naming.shown(parse_words(request_), name) == features


@pytest.mark.parametrize(
    ("have", "want", "degrees"),
    [("right", "left", 180), ("up", "right", 90), ("right", "up", -90), ("up-left", "up", 45)],
)
def test_turns(have: str, want: str, degrees: float) -> None:
    assert naming.turn_between(have, want) == degrees


def test_the_usual_drawing_is_the_one_that_most_agree_on() -> None:
    from svggen.models.library.usual import usual

    ring = '<circle cx="12" cy="12" r="{}" fill="none" stroke="black" stroke-width="{}"/>'
    bar = '<path d="M2 20 L22 4" stroke="black" stroke-width="2"/>'
    drawn = [ring.format(9, 1), ring.format(8, 2), bar, ring.format(9, 3), ring.format(7, 1)]
    icons = [parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{body}</svg>') for body in drawn]
    agreed = usual(icons)
    assert all(0.0 <= x <= 1.0 for x in agreed)
    assert min(range(5), key=agreed.__getitem__) == 2
    assert min(agreed[i] for i in (0, 1, 3, 4)) > agreed[2] + 0.2
    assert usual(icons[:3]) == [0.0, 0.0, 0.0]
