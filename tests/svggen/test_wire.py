"""The wire format: nothing is lost, nothing unsafe comes in, every fault names its field."""

from __future__ import annotations

import json
import sys
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_model_contract import PICTURE, REQUESTS, SQUARE, svg

from svggen.errors import WireError
from svggen.icon import Circle, Icon, Shape, parse
from svggen.models import Budget, Draft, DrawRequest, Hint, Reference
from svggen.style import StyleSpec
from svggen.wire import drafts_from_json, drafts_to_json, request_from_json, request_to_json

GRADIENT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><linearGradient id="a" gradientUnits="userSpaceOnUse" '
    'x1="0" y1="0" x2="24" y2="24"><stop stop-color="#123456"/><stop offset=".5" stop-color="#fedcba" stop-opacity=".3"'
    '/></linearGradient><clipPath id="c"><circle cx="9" cy="9" r="7.125"/></clipPath>'
    '<path clip-path="url(#c)" fill="url(#a)" fill-rule="evenodd" d="M1 2A3 4 30 1 0 9 9C1 2 3 4 5.125 6Z"/></svg>'
)
ICONS = tuple(
    parse(text) for text in (svg(SQUARE), svg('<circle cx="7.5" cy="9" r="3.25"/>', 96, line=False), GRADIENT)
)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)
shares = st.floats(0, 1) | st.sampled_from([0, 1])
icons = st.sampled_from(ICONS)
styles = st.builds(
    StyleSpec,
    stroke_width=st.none() | st.floats(0.25, 6) | st.just(2),
    cap=st.sampled_from([None, "butt", "round", "square"]),
    mode=st.sampled_from([None, "outline", "duotone"]),
    palette=st.none() | st.just(("currentColor",)) | st.just(("#0f766e", "#ffffff")),
    grid=st.none() | st.integers(8, 512),
    pixel_art=st.none() | st.booleans(),
)
references = st.builds(
    Reference, id=text, name=text, concept=text, icon=icons, origin=st.sampled_from(["own", "library", "given"]),
    source=text, licence=text, concept_score=shares, style_score=shares, tags=st.lists(text, max_size=2).map(tuple),
    why=text, recognised=st.none() | shares,
)  # fmt: skip
vectors = st.none() | st.lists(numbers, min_size=3, max_size=3).map(lambda three: (*three, *(0.5,) * 29))
requests = st.builds(
    DrawRequest, words=text, style=styles, references=st.lists(references, max_size=2).map(tuple), set_vector=vectors,
    set_style=vectors, image=st.none() | st.binary(max_size=40), edit=st.none() | icons, draft=st.none() | icons,
    edits=st.lists(text, max_size=2).map(tuple), n=st.integers(0, 16), seed=st.integers(-(2**63), 2**63 - 1),
    hints=st.lists(st.builds(Hint, text, text, st.none() | numbers, st.none() | numbers), max_size=2).map(tuple),
    budget=st.builds(Budget, st.floats(0, 100) | st.integers(0, 100), st.integers(0, 9999)),
)  # fmt: skip
drafts = st.builds(
    Draft, icon=icons, model=text, revision=text, seed=st.integers(0, 2**40), confidence=shares,
    sources=st.lists(st.tuples(text, text, text), max_size=2).map(tuple), steps=st.lists(text, max_size=2).map(tuple),
    notes=st.lists(text, max_size=2).map(tuple), tokens=st.integers(0, 9999), seconds=st.floats(0, 1e4),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(requests)
def test_a_request_comes_back_as_it_went(request: DrawRequest) -> None:
    again = request_from_json(request_to_json(request).encode())
    assert again == request and again.id == request.id
    assert [type(x) for x in again.set_vector or ()] == [type(x) for x in request.set_vector or ()]


@settings(max_examples=40, deadline=None)
@given(st.lists(drafts | st.just(Draft(None, "m", "1", 7, 0.0, notes=("no",), failure="loop")), max_size=3))
def test_drafts_come_back_as_they_went(given_: list[Draft]) -> None:
    assert drafts_from_json(drafts_to_json(given_)) == given_


@pytest.mark.parametrize("name", REQUESTS)
def test_every_request_of_the_contract_travels(name: str) -> None:
    again = request_from_json(request_to_json(REQUESTS[name]))
    assert again == REQUESTS[name] and again.id == REQUESTS[name].id


@pytest.mark.parametrize("kind", [DrawRequest, Reference, Hint, Budget, Draft])
def test_no_field_is_forgotten(kind: Any) -> None:
    """A field that is new in the dataclass has to be in the schema too."""
    from svggen import wire

    body = {"DrawRequest": "RequestBody"}.get(kind.__name__, f"{kind.__name__}Body")
    known = set(getattr(wire, body).model_fields) - {"version"}
    assert known == {"svg" if f.name == "icon" else f.name for f in fields(kind)}


def test_words_are_enough() -> None:
    assert request_from_json('{"words": "bell"}') == DrawRequest("bell")


def test_icons_that_are_not_canonical_come_back_canonical_with_the_same_request_id() -> None:
    loose = Icon((0, 0, 24, 24), (Shape(Circle(12.00001, 12, 5)),))
    again = request_from_json(request_to_json(DrawRequest("dot", edit=loose)))
    assert again.edit == Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 5)),))
    assert again.id == DrawRequest("dot", edit=loose).id


def body(**changes: object) -> dict[str, Any]:
    full = json.loads(request_to_json(replace(REQUESTS["plain"], image=PICTURE, hints=(Hint("r", "m"),))))
    return {**full, **changes}


def with_reference(**changes: object) -> dict[str, Any]:
    full = body()
    full["references"][2].update(changes)
    return full


SCRIPT = svg("<script>alert(1)</script><path d='M1 1h9'/>")
BOMB = svg(
    "<g id='a'><path d='M0 0h9'/></g>"
    + "".join(f"<g id='{c}'>" + f"<use href='#{b}'/>" * 10 + "</g>" for b, c in ("ab", "bc", "cd", "de"))
    + "<use href='#e'/>"
)
WRONG = {
    "no JSON": ('{"words": ', "", "not JSON"),
    "no object": ("[1]", "", "object"),
    "nothing": (b"", "", "not JSON"),
    "no UTF-8": (b'{"words": "\xff\xfe"}', "", "not JSON"),
    "half a character": ('{"words": "\\ud800"}', "", "JSON"),
    "no words": ({}, "words", "missing"),
    "words of another type": (body(words=7), "words", "string"),
    "endless words": (body(words="a" * 100_001), "words", "100,000"),
    "an unknown field": (body(colour="red"), "colour", "no such field"),
    "another version": (body(version=2), "version", "version 1"),
    "n as text": (body(n="4"), "n", "integer"),
    "n as a fraction": (body(n=4.0), "n", "integer"),
    "n true": (body(n=True), "n", "integer"),
    "n negative": (body(n=-1), "n", "less than 0"),
    "a seed beyond 64 bits": (body(seed=2**64), "seed", ""),
    "a budget that is not finite": ('{"words": "a", "budget": {"seconds": NaN}}', "budget.seconds", "finite"),
    "a vector with a hole": (body(set_vector=[1.0, None] + [0] * 30), "set_vector.1", "number"),
    "a vector of another length": (body(set_style=[1, 2]), "set_style", "32"),
    "an unknown style": (body(style={"colour": 1}), "style", "unknown style field"),
    "a style out of range": (body(style={"stroke_width": 99}), "style", "stroke_width"),
    "no base64": (body(image="*not base64*"), "image", "base64"),
    "an exemplar with a script": (with_reference(svg=SCRIPT), "references.2.svg", "script"),
    "an exemplar that explodes": (with_reference(svg=BOMB), "references.2.svg", "refused"),
    "an exemplar that is empty": (with_reference(svg=svg("")), "references.2.svg", "refused"),
    "an exemplar of nowhere": (with_reference(origin="stolen"), "references.2.origin", "own"),
    "too many exemplars": (body(references=body()["references"] * 20), "references", "64 entries"),
    "an edit that is no SVG": (body(edit="draw me a bell"), "edit", "refused"),
    "a hint with more": (body(hints=[{"rule": "r", "message": "m", "x": 1}]), "hints.0.x", "no such field"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_request_that_is_wrong_is_told_where_and_how(name: str) -> None:
    given_, field, said = WRONG[name]
    data = given_ if isinstance(given_, str | bytes) else json.dumps(given_)
    with pytest.raises(WireError) as error:
        request_from_json(data)
    assert error.value.field == field and said in error.value.reason
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


def test_what_was_sent_is_not_in_the_error() -> None:
    with pytest.raises(WireError) as error:
        request_from_json(json.dumps({"words": 7, "image": "secret"}))
    assert "secret" not in str(error.value)


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    deep = "[" * (sys.getrecursionlimit() * 20)
    with pytest.raises(WireError):
        request_from_json('{"words": "a", "style": {"palette": ' + deep)


@pytest.mark.parametrize(
    ("text_", "failure"),
    [(SCRIPT, "unsafe"), (BOMB, "unsafe"), ("<svg", "parse_error"), (svg(""), "parse_error"), ("", "parse_error")],
)
def test_an_icon_that_is_refused_is_a_failed_draft_among_the_others(text_: str, failure: str) -> None:
    answer = json.loads(drafts_to_json([Draft(ICONS[0], "m", "1", 7, sources=(("a", "b", "c"),))] * 2))
    answer["drafts"][0]["svg"] = text_
    bad, good = drafts_from_json(json.dumps(answer))
    assert (bad.icon, bad.failure, bad.confidence) == (None, failure, 0.0) and "refused" in bad.notes[0]
    assert good.icon == ICONS[0] and good.sources == (("a", "b", "c"),)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ("<html>502 Bad Gateway</html>", ""),
        ('{"drafts": {}}', "drafts"),
        ('{"drafts": [{"svg": null, "model": "m", "revision": "1", "seed": 0}]}', "drafts.0"),
        ('{"drafts": [{"svg": null, "model": "m", "revision": "1", "seed": 0, "failure": "bored"}]}', "drafts.0.fail"),
        ('{"drafts": [{"svg": "", "model": "m", "revision": "1", "seed": 0, "confidence": 2}]}', "drafts.0.confidence"),
        ('{"drafts": [], "version": 9}', "version"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_an_error(answer: str, field: str) -> None:
    with pytest.raises(WireError) as error:
        drafts_from_json(answer)
    assert error.value.field.startswith(field)


def test_a_draft_that_cannot_be_written_fails_and_takes_no_other_along() -> None:
    broken = Draft(Icon((0, 0, 24, 24), (Shape(Circle(1, 1, float("nan"))),)), "m", "1", 7)
    bad, good = drafts_from_json(drafts_to_json([broken, replace(broken, icon=ICONS[0])]))
    assert bad.failure == "parse_error" and good.icon == ICONS[0]


def test_a_number_that_is_not_finite_is_not_sent() -> None:
    with pytest.raises(WireError):
        request_to_json(replace(REQUESTS["plain"], set_vector=(float("inf"),)))


def test_numbers_of_numpy_travel() -> None:
    import numpy as np

    vector = (np.float32(0.25), np.float64(1.5), *(np.float32(0),) * 30)
    assert request_from_json(request_to_json(DrawRequest("a", set_vector=vector))).set_vector == (
        0.25, 1.5, *(0.0,) * 30,
    )  # fmt: skip
