"""What a model wrote, read: where the SVG stands in an answer, what is mended, what is refused, what is delivered."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.icon import Circle, Icon, Line, Path, Shape, parse, serialise
from svggen.models.base import DrawRequest
from svggen.models.svgtext import finished, read_answer
from svggen.style import StyleSpec

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000000" stroke-width="2">'
RING = '<circle cx="12" cy="12" r="9"/>'
PIECES = ["<svg", ">", "</svg>", "```", '"', "<g>", "</g>", "<", "&", "é", "<!--", "-->", "<style>", "]]>", "\0"]
BELL = '<path d="M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10 21h4"/>'
PIECES += [HEAD, RING, BELL]
SVG = f"{HEAD}{RING}{BELL}</svg>"


def kinds(icon: Icon | None) -> list[str]:
    return [] if icon is None else [type(s.geometry).__name__ for s in icon.shapes]


@pytest.mark.parametrize(
    "text",
    [
        SVG,
        f"Here it is:\n```svg\n{SVG}\n```\nIt shows a bell.",
        f"An `<svg>` with two shapes.\n{SVG}\nThe `<svg>` above scales.",
        f"<think>{HEAD}<rect width='4' height='4'/></svg> no</think>\n{SVG}",
        f"so be it</think>{SVG}",
        f"{HEAD}<rect width='4' height='4'/></svg> better: {SVG}",
        json.dumps({"svg": SVG, "says": "a bell"}),
        json.dumps({"svg": SVG}).replace("<", "\\u003c"),
        SVG.replace("<", "&lt;").replace(">", "&gt;"),
        f'<?xml version="1.0"?>\n<!-- a bell -->\n{SVG}',
        f"```\n{HEAD}{RING}\n```\nno, rather\n```\n{SVG}\n```",
    ],
)  # fmt: skip
def test_the_document_is_found_in_the_answer(text: str) -> None:
    answer = read_answer(text)
    assert (answer.icon, answer.failure, answer.cut) == (parse(SVG), None, False)
    assert answer.notes == ()


def test_what_breaks_off_is_cut_back_to_its_last_whole_element() -> None:
    whole = parse(f"{HEAD}{RING}</svg>")
    for end in range(len(HEAD + RING), len(SVG) - len("</svg>") - 2):
        answer = read_answer(SVG[:end])
        assert answer.icon == whole and answer.cut and "breaks off" in answer.notes[0], SVG[:end]
    for end in range(len(HEAD) + 4, len(HEAD + RING) - 2):
        answer = read_answer(SVG[:end])
        assert (answer.icon, answer.failure) == (None, "not_closed"), SVG[:end]
    assert read_answer(SVG[:-1]).icon == parse(SVG)


@pytest.mark.parametrize(
    ("inner", "shapes"),
    [
        ('<circle cx="12" cy="12" r="9"><path d="M3 3h9">', ["Circle", "Path"]),  # as HTML ends nothing
        ('<g><circle cx="12" cy="12" r="9"></circle>', ["Circle"]),
        ('<circle cx="12" cy="12" r="9" r="8"/>', ["Circle"]),
        ('<circle cx=12 cy=12 r=9 /><line x1="1" y1="1" x2="9" y2="9"/>', ["Circle", "Line"]),
        ('</g><circle cx="12" cy="12" r="9"/>', ["Circle"]),
        ('<title>salt & pepper</title><circle cx="12" cy="12" r="9"/>', ["Circle"]),
        ('<style>.a{fill:red}</style><circle class="a" cx="12" cy="12" r="9"/></q>', ["Circle"]),
    ],
)
def test_what_is_not_well_formed_is_mended_and_said(inner: str, shapes: list[str]) -> None:
    answer = read_answer(f"{HEAD}{inner}</svg>")
    assert kinds(answer.icon) == shapes
    assert any("mended" in n or "breaks off" in n for n in answer.notes)


def test_a_style_sheet_survives_the_mending() -> None:
    sheet = '<style>.a{fill:#00ff00}</style><circle class="a" cx="12" cy="12" r="9"/></q>'
    answer = read_answer(f"{HEAD}{sheet}</svg>")
    assert answer.icon is not None and answer.icon.shapes[0].look.fill == "#00ff00"


@pytest.mark.parametrize(
    ("inner", "word"),
    [
        ('<image href="data:image/png;base64,AAAA"/>', "raster"),
        ('<image xlink:href="data:image/png;base64,AAAA', "raster"),
        ("<script>alert(1)</script>", "script"),
        ('<circle cx="12" cy="12" r="9" onload="x()"/>', "onload"),
        ('<circle cx="12" cy="12" r="9" onload="x()"/><path d="M1', "onload"),
        ('<use href="http://evil/x#y"/>', "http://evil"),
        ("<foreignObject><p>x</p></foreignObject>", "foreignObject"),
        ("<g>" * 2000 + RING, "1000"),
    ],
)
def test_what_is_unsafe_is_refused_wherever_it_stands(inner: str, word: str) -> None:
    for text in (f"{HEAD}{inner}{RING}</svg>", f"{HEAD}{RING}{inner}"):
        answer = read_answer(text)
        assert (answer.icon, answer.failure) == (None, "unsafe") or "breaks off" in answer.notes[0], answer
        if word != "1000":
            assert answer.failure == "unsafe" and word in answer.notes[0]


def test_a_doctype_is_refused_before_anything_is_mended() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "b">]>'
    assert read_answer(f"<svg {bomb}>{RING}</svg>").failure == "unsafe"
    assert read_answer(f"{bomb}{SVG}").icon == parse(SVG)  # it stands outside of what is read


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("", "parse_error"),
        ("I cannot draw that.", "parse_error"),
        ("<think>first a circle", "not_closed"),
        ("<svg", "parse_error"),
        ("<svg viewBox", "not_closed"),
        (f"{HEAD}</svg>", "blank"),
        (f"{HEAD}<text>hello</text></svg>", "blank"),
        (f'{HEAD}<circle cx="90" cy="90" r="9"/></svg>', "blank"),
        ('<svg viewBox="0 0 0 0"><path d="M0 0h9"/></svg>', "parse_error"),
    ],
)
def test_what_is_no_drawing_is_a_failure_with_a_reason(text: str, failure: str) -> None:
    answer = read_answer(text)
    assert (answer.icon, answer.failure) == (None, failure) and answer.notes


def test_what_is_left_out_is_said() -> None:
    answer = read_answer(f"{HEAD}{RING}<text>hello</text></svg>")
    assert kinds(answer.icon) == ["Circle"] and answer.notes == ("not drawn: <text>",)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_no_text_raises(pieces: list[str]) -> None:
    answer = read_answer("".join(pieces))
    assert (answer.icon is None) == (answer.failure is not None)
    if answer.icon is not None:
        assert parse(serialise(answer.icon)) == answer.icon


def test_finished_brings_it_to_canvas_and_style() -> None:
    drawn = parse('<svg viewBox="0 0 200 200"><path d="M20 100h160" stroke="#ff0000" stroke-width="10"/></svg>')
    icon, steps, notes = finished(drawn, DrawRequest("line"))
    assert icon.viewbox == (0, 0, 24, 24) and notes == ()
    assert steps == ("fitted from 200 x 200 to 24 x 24",) and icon.shapes[0].look.stroke_width == 1.2
    icon, steps, notes = finished(drawn, DrawRequest("line", StyleSpec(stroke_width=2.0, grid=48)))
    assert icon.viewbox == (0, 0, 48, 48) and icon.shapes[0].look.stroke_width == 4.0


def test_finished_never_raises() -> None:
    far = Icon((0, 0, 0.001, 0.001), (Shape(Circle(9e5, 9e5, 1.0)), Shape(Line(0, 0, 1, 1)), Shape(Path(()))))
    icon, steps, notes = finished(far, DrawRequest("x"))
    assert icon == far and steps == () and "24 x 24" in notes[0]


LONG = ["<svg " * 50_000, f"{HEAD}<a {'b' * 200_000}", "<think>" * 40_000, f"{HEAD}{'<a x=' * 40_000}", HEAD * 2_000]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_long_nonsense_is_answered_at_once(text: str) -> None:
    started = time.process_time()
    assert read_answer(text).icon is None
    assert time.process_time() - started < 1.0
