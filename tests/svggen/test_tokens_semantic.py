"""LLM4SVG's semantic tokens: both spellings, both ways, and nothing unsafe out of anything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.errors import TokenError
from svggen.icon import Circle, Icon, Line, LinearGradient, Look, Path, Rect, Shape, Stop, canonical, parse, serialise
from svggen.tokens import get_codec
from svggen.tokens.semantic import (
    ATTRIBUTES,
    COMMANDS,
    NAMES,
    NUMBERS,
    VOCAB_SIZE,
    decode,
    encode,
    from_text,
    join,
    number_word,
    read,
    to_text,
    tokens,
    word,
)

BODIES = {
    "clock": '<g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><circle cx="12" cy="12" '
    'r="9"/><path d="M12 7v5l3 2"/></g>',
    "shapes": '<ellipse cx="12" cy="12" rx="9" ry="4" fill="#0d9488"/><rect x="1" y="2" width="9" height="8" rx="2" '
    'ry="3"/><rect width="9.37" height="3" rx="9"/><polygon points="1 1 9 9 1 9"/><polyline points="1 1 9 9 1 9" '
    'stroke="#f00"/><line x1="1" x2="9" y1="2" y2="2" stroke="#00f" opacity=".4"/>',
    "curves": '<path d="M2 2C4 2 6 4 6 6S8 10 10 10Q12 10 12 8T14 6A4 3 30 1 0 20 9zm9 9h3v3z"/>',
    "evenodd": '<path fill-rule="evenodd" d="M2 2H22V22H2ZM6 6H18V18H6Z"/>',
    "clipped": '<clipPath id="c"><path d="M0 0h12v24H0z"/></clipPath><path d="M3 3h20L9 21z" clip-path="url(#c)"/>',
    "dashed": '<path d="M2 12H22" stroke="#f80" stroke-width="3" stroke-dasharray="4 2"/>',
    "two alphas": '<path d="M2 2h9v9z" fill-opacity=".5" stroke="#123456" stroke-opacity=".25"/>',
    "dot": '<path d="M5 5h0M9 9z" stroke="#000" stroke-width="3" stroke-linecap="round"/>',
}
HEAD, TAIL = word("START_OF_SVG"), word("END_OF_SVG")


def icon(name: str) -> Icon:
    return parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{BODIES[name]}</svg>')


def told(text: str) -> str:
    """The path data and look that a drawing in short notation (``svg_path path_d moveto 1 1``) becomes."""
    pieces = [word(p) if p in NAMES else p for p in text.split()]
    return serialise(read([HEAD, *pieces, TAIL])).partition(">")[2].removesuffix("</svg>")


def test_there_are_58_words() -> None:
    assert len(NAMES) == len(set(NAMES)) == 58
    assert (len(COMMANDS), len(ATTRIBUTES)) == (10, 33)
    assert to_text(range(58)) == [word(name) for name in NAMES]
    assert from_text([f"[<|{name}|>]" for name in NAMES]) == from_text([word(name) for name in NAMES])
    assert from_text(["<|id|>"]) == from_text(["<|tag_id|>"])


def test_what_a_drawing_looks_like() -> None:
    assert join(tokens(icon("clock"))) == (
        "<|START_OF_SVG|><|svg_circle|><|cx|>64<|cy|>64<|r|>48<|fill|>none<|stroke|>currentColor<|stroke-width|>10.67"
        "<|stroke-linecap|>round<|svg_path|><|path_d|><|moveto|>64 37.33<|vertical_lineto|>26.67<|lineto|>16 10.67"
        "<|fill|>none<|stroke|>currentColor<|stroke-width|>10.67<|stroke-linecap|>round<|END_OF_SVG|>"
    )


@pytest.mark.parametrize("name", sorted(BODIES))
def test_both_ways(name: str) -> None:
    written = tokens(icon(name))
    again = read(written)
    assert again == canonical(again) and again.viewbox == (0, 0, 128, 128)
    assert tokens(again) == written
    assert to_text(encode(icon(name))) == written
    assert decode(encode(icon(name))) == again
    bracketed = join([f"[{t}]" if t.startswith("<|") else t for t in written])
    assert read([join(written)]) == read([bracketed]) == again
    codec = get_codec("llm4svg")
    assert codec.text_form and codec.read(codec.to_text(codec.encode(icon(name)))) == again


def test_pictures_stay_what_they_were() -> None:
    from svggen.render import inks

    names = sorted(BODIES)
    before, after = inks([icon(n) for n in names], 100), inks([read(tokens(icon(n))) for n in names], 100)
    errors = dict(zip(names, np.abs(before - after).mean(axis=(1, 2)), strict=True))
    assert max(errors.values()) < 0.002, errors


@pytest.mark.parametrize("name", sorted(BODIES))
def test_numbers_as_words(name: str) -> None:
    written = tokens(icon(name), whole=True)
    again = read(written)
    assert read([join(written)]) == again and tokens(again, whole=True) == written
    numbers = [t for t in written if t.startswith("<|") and t[2:-2].lstrip("-").isdigit()]
    assert numbers and all(number_word(int(t[2:-2])) == t for t in numbers)
    assert not any(t.lstrip("-").isdigit() for t in written)  # every length is a word
    text = [t[2:-2] if t in numbers else t for t in written]
    assert read(text) == again


def test_whole_units_stay_near_the_picture() -> None:
    from svggen.render import inks

    names = sorted(BODIES)
    errors = np.abs(
        inks([icon(n) for n in names], 128) - inks([read(tokens(icon(n), whole=True)) for n in names], 128)
    ).mean(axis=(1, 2))
    assert errors.max() < 0.02, dict(zip(names, errors, strict=True))


def test_only_numbers_across_the_canvas_are_words() -> None:
    far = Icon((0, 0, 128, 128), (Shape(Line(-90, 3, 60, 3), Look(fill="none", stroke="#000000")),))
    assert join(tokens(far, whole=True)).count("<|-90|>") == 1
    assert (NUMBERS[0], NUMBERS[-1], len(NUMBERS)) == (-128, 128, 257)
    with pytest.raises(TokenError, match=r"58 words, found '<\|129\|>'"):
        read([HEAD, word("svg_circle"), word("r"), "<|129|>", TAIL])


def test_a_gradient_is_its_first_stop() -> None:
    paint = LinearGradient(0, 0, 24, 0, (Stop(0, "#ff0000", 0.5), Stop(1, "#00ff00")))
    drawn = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9), Look(fill=paint)),))
    assert [(s.look.fill, s.look.opacity) for s in read(tokens(drawn)).shapes] == [("#ff0000", 0.5)]


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(TokenError, match="nothing of the icon"):
        encode(Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 0.0001)),)))


# ------------------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("svg_path path_d moveto 1 1 lineto 2 0 0 2 close_the_path", '<path d="M1 1L3 1L3 3Z"/>'),
        ("svg_path path_d M 1 1 [L] 3,1 lineto 0 2 Z fill red", '<path d="M1 1L3 1L3 3Z"/>'),
        ("svg_rect x 1 y 2 width 3 height 4 fill none stroke #0F0", '<rect x="1" y="2" width="3" height="4"/>'),
        ("start_of_g (_{'fill': 'none'}_) svg_circle r 4 end_of_g", '<circle cx="0" cy="0" r="4"/>'),
        ("start_of_g fill blue transform translate(1,2) svg_line x2 4 stroke red end_of_g",
         '<line x1="1" y1="2" x2="5" y2="2"/>'),
        ("svg_text x 1 text-content <b>&amp; svg_circle r 4", '<circle cx="0" cy="0" r="4"/>'),
        ("svg_linearGradient tag_id a svg_stop offset 0 fill red svg_stop offset 1 fill blue svg_circle r 4 fill "
         "url(#a)", '<circle cx="0" cy="0" r="4" fill="url(#g'),
        ("svg_circle r 50% font-family &\"'", '<circle cx="0" cy="0" r="64"/>'),
    ],
)  # fmt: skip
def test_what_is_read(text: str, expected: str) -> None:
    assert expected in told(text)


@pytest.mark.parametrize(
    ("pieces", "at", "expected"),
    [
        ([], 0, "expected <|START_OF_SVG|>, found the end"),
        (["svg_circle"], 0, "expected <|START_OF_SVG|>, found <|svg_circle|>"),
        (["START_OF_SVG", "svg_circle", "r", "4"], 4, "expected an element or <|END_OF_SVG|>, found the end"),
        (["START_OF_SVG", "svg_circle", "r", "fill"], 3, "expected a value for <|r|>, found <|fill|>"),
        (["START_OF_SVG", "svg_circle", "r", "four"], 3, "expected a number for <|r|>, found 'four'"),
        (["START_OF_SVG", "svg_circle", "r", "4", "5"], 4, "expected one value for <|r|>, found '5'"),
        (["START_OF_SVG", "svg_circle", "r", "4", "r", "5"], 4, "expected <|r|> once"),
        (["START_OF_SVG", "svg_circle", "path_d", "moveto"], 2, "expected an attribute of a circle"),
        (["START_OF_SVG", "svg_circle", "fill", "javascript:x"], 3, "expected a colour for <|fill|>"),
        (["START_OF_SVG", "svg_circle", "fill", "url(http://x)"], 3, "expected a colour"),
        (["START_OF_SVG", "svg_circle", "href", "http://x"], 3, "expected #name for <|href|>"),
        (["START_OF_SVG", "svg_circle", "transform", "scale(2) x"], 3, "expected transform functions"),
        (["START_OF_SVG", "svg_path", "path_d", "fill"], 3, "expected <|moveto|>, found <|fill|>"),
        (["START_OF_SVG", "svg_path", "path_d", "lineto", "1", "1"], 3, "expected <|moveto|>, found <|lineto|>"),
        (["START_OF_SVG", "svg_path", "path_d", "moveto", "1", "fill"], 5, "expected 2 numbers each for 'm'"),
        (["START_OF_SVG", "svg_path", "path_d", "moveto", "1", "1x"], 5, "expected a number, found '1x'"),
        (["START_OF_SVG", "svg_path", "path_d", "moveto", *"11", "elliptical_Arc", *"1112111"], 10, "flag, 0 or 1"),
        (["START_OF_SVG", "svg_path", "path_d", "moveto", *"11", "close_the_path", "4"], 7, "no number after"),
        (["START_OF_SVG", "svg_polygon", "points", *"123"], 5, "two or more points"),
        (["START_OF_SVG", "svg_stop", "offset", "0"], 1, "expected a gradient before its stops"),
        (["START_OF_SVG", "start_of_g", "END_OF_SVG"], 2, "an element or <|end_of_g|>, found <|END_OF_SVG|>"),
        (["START_OF_SVG", "end_of_g"], 1, "an element or <|END_OF_SVG|>"),
        (["START_OF_SVG", "svg_circle", "r", "4", "END_OF_SVG", "r"], 5, "nothing after <|END_OF_SVG|>"),
        (["START_OF_SVG", "<|svg_script|>"], 1, "expected one of the 58 words, found '<|svg_script|>'"),
        (["START_OF_SVG", "hello"], 1, "expected an element or <|END_OF_SVG|>, found 'hello'"),
    ],
)
def test_mistakes_are_named_with_their_place(pieces: list[str], at: int, expected: str) -> None:
    with pytest.raises(TokenError) as error:
        read([word(p) if p in NAMES else p for p in pieces])
    assert error.value.position == at
    assert expected in str(error.value)


def test_what_draws_nothing_or_too_much_is_an_error() -> None:
    with pytest.raises(TokenError, match="nothing to draw"):
        read([HEAD, TAIL])
    deep = [HEAD, *[word("start_of_g")] * 99, word("svg_circle"), word("r"), "4", *[word("end_of_g")] * 99, TAIL]
    with pytest.raises(TokenError, match="nested too deeply"):
        read(deep)
    with pytest.raises(TokenError, match="at most"):
        read([HEAD, word("svg_path"), word("path_d"), word("moveto"), *["1"] * 12_000, TAIL])


@pytest.mark.parametrize("bad", [None, 5, ["x"], b"x"])
def test_what_is_no_text_is_an_error(bad: object) -> None:
    with pytest.raises(TokenError, match="token 1: expected text"):
        read([HEAD, bad])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "bad", [-1, VOCAB_SIZE, True, 1.0, "x", 10**5000], ids=["below", "above", "bool", "float", "text", "huge"]
)
def test_what_is_no_id_is_an_error(bad: object) -> None:
    with pytest.raises(TokenError, match="token 1: expected an id") as error:
        decode([0, bad])  # type: ignore[list-item]
    assert error.value.position == 1
    with pytest.raises(TokenError, match="token 2: expected UTF-8"):
        to_text([0, 58 + 65, 58 + 255])


PIECES = st.one_of(
    st.sampled_from([word(name) for name in NAMES]),
    st.sampled_from(["0", "1", "12.5", "-3", "#ff0000", "none", "round", "M", "[L]", "url(#a)", "a", "<|", "|>"]),
    st.text(max_size=6),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_any_tokens_are_an_icon_or_one_error(pieces: list[str]) -> None:
    for drawing in (pieces, [HEAD, word("svg_path"), word("path_d"), word("moveto"), "1", "1", *pieces, TAIL]):
        try:
            found = read(drawing)
        except TokenError:
            continue
        assert parse(serialise(found)) == found


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, VOCAB_SIZE - 1), max_size=60))
def test_any_ids_are_words_or_one_error(ids: list[int]) -> None:
    try:
        words = to_text(ids)
    except TokenError:
        return
    assert to_text(from_text(words)) == words


@pytest.mark.parametrize(
    "geometry", [Path((("M", (1, 1)), ("L", (1, 1)))), Line(2, 2, 2, 2), Rect(0, 0, 24, 24, 12, 3)], ids=str
)
def test_small_and_odd_shapes_are_written_again(geometry: Path | Line | Rect) -> None:
    look = Look(fill="#000000", stroke="#00ff00", stroke_width=0.001 if isinstance(geometry, Rect) else 2, cap="round")
    written = tokens(Icon((0, 0, 24, 24), (Shape(geometry, look),)))
    assert tokens(read(written)) == written
