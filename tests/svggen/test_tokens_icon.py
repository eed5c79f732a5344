"""Our own icon tokens: exact on their grid, near off it, and a grammar under which nothing can go wrong."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.errors import GeometryError, InvalidSvgError, TokenError, UnsafeSvgError
from svggen.geometry import fit_canvas, signed_area, subpaths, to_path
from svggen.icon import Icon, parse, serialise
from svggen.icon.types import Circle, Line, Rect, Shape
from svggen.icon.types import Path as Outline
from svggen.render import default_renderer, inks
from svggen.tokens import get_codec
from svggen.tokens import vocabulary as v
from svggen.tokens.asks import answers, ask_mask, sub_mask
from svggen.tokens.grammar import Grammar
from svggen.tokens.icon import decode, encode, from_text, to_text

SVG = Path(__file__).resolve().parents[1] / "svg"
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
LINES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def icon(body: str) -> Icon:
    return parse(f"{HEAD}{body}</svg>")


def words(body: str) -> str:
    return " ".join(to_text(encode(icon(body))))


def error(a: list[Icon], b: list[Icon]) -> np.ndarray:
    """% of full scale at 100 px on white, where a light tone and the grey that stands for it are the same."""
    seen = [default_renderer().render_many(x, 100, color="#000000", background="#ffffff")[..., :3] for x in (a, b)]
    return 100 * np.abs(seen[0].astype(np.float32) - seen[1]).mean((1, 2, 3)) / 255


# -------------------------------------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("path", sorted([*SVG.glob("*.svg"), *(SVG / "real").glob("*.svg")]), ids=lambda p: p.stem)
def test_the_fixtures_come_back_exactly(path: Path) -> None:
    try:
        given_icon = parse(path.read_bytes())
        ids = encode(given_icon)
    except (InvalidSvgError, UnsafeSvgError, GeometryError):
        pytest.skip("no icon that this program takes in")
    assert encode(decode(ids)) == ids
    assert from_text(to_text(ids)) == ids
    if all(plain(shape) for shape in given_icon.shapes):
        assert error([fit_canvas(given_icon, 24.0)], [decode(ids)])[0] < 1.5


def plain(shape: Shape) -> bool:
    """No gradient, no mask, and no colour that another shines through: those are brought near only."""
    look = shape.look
    opaque = look.opacity * look.fill_opacity * look.stroke_opacity == 1
    return opaque and shape.clip is None and isinstance(look.fill, str) and isinstance(look.stroke, str)


def test_library_icons_come_back_exactly_and_look_the_same() -> None:
    from memory.library import open_library

    library = open_library()
    rows = range(0, len(library), len(library) // 150)
    icons = [fit_canvas(library.icon(row), 24.0) for row in rows]
    ids = [encode(one) for one in icons]
    drawn = [decode(one) for one in ids]
    assert [encode(one) for one in drawn] == ids
    found = error(icons, drawn)
    assert found.mean() < 0.3 and np.median([len(one) for one in ids]) < 80


def test_what_is_on_the_grid_does_not_move() -> None:
    body = f'<path {LINES} d="M4 7.125L10.5 3.25C12 1 15 4.125 20 6A3 3 0 0 1 20 12"/>'
    (shape,) = decode(encode(icon(body))).shapes
    assert isinstance(shape.geometry, Outline)
    assert shape.geometry.segments[:3] == (
        ("M", (4, 7.125)), ("L", (10.5, 3.25)), ("C", (12, 1, 15, 4.125, 20, 6)),
    )  # fmt: skip
    assert shape.geometry.segments[3][1] == (3, 3, 0, 0, 1, 20, 12)


# ------------------------------------------------------------------------------------------------------------ figures


def test_figures_are_said_as_what_they_are() -> None:
    assert words(f'<circle {LINES} cx="12" cy="12" r="9"/>') == "stroke ink len2 pen_round_round circle 12,12 len9 end"
    assert (
        words('<ellipse fill="currentColor" cx="12" cy="12" rx="9" ry="4"/>') == "fill ink ellipse 12,12 len9 len4 end"
    )
    assert (
        words('<rect fill="currentColor" x="3" y="4" width="18" height="16" rx="2"/>')
        == "fill ink round_rect 3,4 21,20 len2 end"
    )
    assert words(f'<path {LINES} d="M4 12h16"/>') == "stroke ink len2 pen_round_round line 4,12 20,12 end"
    assert words('<path fill="currentColor" d="M3 3h18v18H3z"/>') == "fill ink rect 3,3 21,21 end"
    assert (
        words('<path fill="currentColor" d="M3 12a9 9 0 1 1 18 0a9 9 0 1 1-18 0z"/>')
        == "fill ink circle 12,12 len9 end"
    )
    assert words(f'<path {LINES} d="M12 17h.01"/>') == "stroke ink len2 pen_round_round dot 12,17 end"


def test_dots_are_dots_again() -> None:
    ids = encode(icon(f'<path {LINES} d="M12 17h.01M8 8v0"/>'))
    assert to_text(ids).count("dot") == 2 and encode(decode(ids)) == ids
    assert float(inks([decode(ids)], 96).sum()) > 50


def test_a_shape_that_is_filled_and_stroked_says_both() -> None:
    body = '<path d="M4 4h16L12 20z" fill="{}" stroke="{}" stroke-width="1.5"/>'
    ids = encode(icon(body.format("#ff0000", "currentColor")))
    assert to_text(ids)[:4] == ["palette", "hexf", "hex0", "hex0"] and "both" in to_text(ids)
    (shape,) = decode(ids).shapes
    assert (shape.look.fill, shape.look.stroke, shape.look.stroke_width) == ("#ff0000", "currentColor", 1.5)
    rings = '<path fill-rule="evenodd" stroke="#000" fill="#fff" d="M2 2H22V22H2ZM6 6H18V18H6Z"/>'
    assert decode(encode(icon(rings))).shapes[0].look.fill_rule == "evenodd" and "both_evenodd" in words(rings)


def test_holes_keep_their_direction() -> None:
    ring = "M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20zM12 6a6 6 0 1 0 0 12a6 6 0 1 0 0-12z"
    (shape,) = decode(encode(icon(f'<path d="{ring}"/>'))).shapes
    assert shape.look.fill_rule == "nonzero"
    first, second = (signed_area(sub) for sub in subpaths(to_path(shape.geometry)))
    assert first * second < 0
    assert error([icon(f'<path d="{ring}"/>')], [decode(encode(icon(f'<path d="{ring}"/>')))])[0] < 0.3


@pytest.mark.parametrize("degrees", [181, 200, 270, 330, 350, 358])
@pytest.mark.parametrize("sweep", [0, 1])
def test_near_full_arcs_do_not_flip(degrees: int, sweep: int) -> None:
    turn = math.radians(degrees) * (1 if sweep else -1)
    x, y = 12 + 9 * math.cos(turn), 12 + 9 * math.sin(turn)
    drawn = icon(f'<path {LINES} d="M21 12A9 9 0 1 {sweep} {x:.4f} {y:.4f}"/>')
    assert error([drawn], [decode(encode(drawn))])[0] < 0.8


def test_what_tokens_cannot_say_is_brought_near() -> None:
    gradient = (
        '<linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset=".5" stop-color="#0f0"/>'
        '<stop offset="1" stop-color="#00f"/></linearGradient><path fill="url(#g)" d="M2 2h20v9z"/>'
    )
    assert decode(encode(icon(gradient))).shapes[0].look.fill == "#00ff00"
    soft = decode(encode(icon('<path fill="currentColor" opacity=".32" d="M2 2h20v9z"/>'))).shapes[0].look
    assert (soft.fill, soft.fill_opacity) == ("currentColor", 0.3)
    mixed = decode(encode(icon('<path fill="#ff0000" opacity=".5" d="M2 2h20v9z"/>'))).shapes[0].look
    assert (mixed.fill, mixed.fill_opacity) == ("#ff8888", 1.0)
    clip = '<clipPath id="c"><path d="M0 0h12v24H0z"/></clipPath><path d="M3 3h20L9 21z" clip-path="url(#c)"/>'
    flat = decode(encode(icon(clip)))
    assert all(shape.clip is None for shape in flat.shapes)
    assert error([icon(clip)], [flat])[0] < 0.3


def test_a_palette_keeps_its_eight_commonest_colours() -> None:
    colors = [f"#{n:x}{n:x}0" for n in range(1, 13)]
    body = "".join(f'<path fill="{c}" d="M{n} 2h1v9h-1z"/>' * (2 if n > 3 else 1) for n, c in enumerate(colors))
    ids = encode(icon(body))
    assert to_text(ids).count("palette") == v.COLORS and encode(decode(ids)) == ids
    used = {shape.look.fill for shape in decode(ids).shapes}
    assert used <= {f"#{2 * f'{n:x}'}{2 * f'{n:x}'}00" for n in range(5, 13)}  # the first four stand once


def test_what_lies_off_the_canvas_is_brought_onto_it() -> None:
    body = f'<path d="M-9 -9L40 -3L30 60L-5 30z"/><path {LINES} d="M-4 12C-9 40 40 40 30 12"/>'
    ids = encode(icon(body))
    assert encode(decode(ids)) == ids
    for shape in decode(ids).shapes:
        values = [c for _, numbers in to_path(shape.geometry).segments for c in numbers]
        assert min(values) >= 0 and max(values) <= 24


def test_an_icon_that_draws_nothing_is_told_so() -> None:
    with pytest.raises(TokenError, match="draws nothing"):
        encode(icon('<path opacity=".01" d="M2 2h20v9z"/>'))


# ------------------------------------------------------------------------------------------------------------ refused


def test_illegal_ids_are_named_with_their_place() -> None:
    ids = encode(icon(f'<path {LINES} d="M4 7.125L10.5 3.25C12 1 15 4.125 20 6"/><circle cx="12" cy="12" r="3.125"/>'))
    for at in range(len(ids)):
        for wrong in (v.PAD, v.BOS, v.TEXT_SLOT, v.WORD_IDS["kind_ui"], v.VOCAB_SIZE, -1):
            with pytest.raises(TokenError) as caught:
                decode([*ids[:at], wrong, *ids[at + 1 :]])
            if not (at == 0 and wrong == v.BOS):  # a BOS in front is passed over
                assert caught.value.position == at, (at, wrong)
    assert decode([v.BOS, *ids, v.PAD, v.PAD]) == decode(ids)
    with pytest.raises(TokenError, match="token 3"):
        decode([v.BOS, *ids[:2], v.PAD, *ids[3:]])
    with pytest.raises(TokenError, match="follows the end"):
        decode([*ids, ids[0]])
    with pytest.raises(TokenError, match="does not end"):
        decode(ids[:-1])
    for strange in (True, 3.0, "fill"):
        with pytest.raises(TokenError, match="no whole number"):
            decode([strange])  # type: ignore[list-item]
    with pytest.raises(TokenError, match="no icon token"):
        from_text(["fill", "inky"])
    with pytest.raises(TokenError, match="token 1"):
        to_text([5, v.VOCAB_SIZE])


def test_the_codec_reads_words() -> None:
    codec = get_codec("icon")
    drawn = codec.read(["fill", "ink", "rect", "3,3", "21,21", "end"])
    assert drawn.shapes[0].geometry == Rect(3, 3, 18, 18, 0, 0)


# ------------------------------------------------------------------------------------------------------- random walks


def walk(seed: int, limit: int) -> list[int]:
    """A drawing of tokens by lot, commands before numbers, as a bad model would draw it."""
    random = np.random.default_rng(seed)
    grammar, ids = Grammar(limit=limit), []
    while not grammar.ended:
        allowed = np.flatnonzero(grammar.allowed())
        assert len(allowed), ids
        commands = allowed[allowed < v.POINT0]
        pool = commands if len(commands) and random.random() < 0.3 else allowed
        ids.append(int(pool[random.integers(len(pool))]))
        grammar.push(ids[-1])
    return ids


@given(st.integers(0, 2**32 - 1), st.sampled_from([64, 90, 160, 256]))
@settings(max_examples=25, deadline=None)
def test_whatever_the_mask_allows_ends_and_is_an_icon(seed: int, limit: int) -> None:
    ids = walk(seed, limit)
    assert len(ids) <= limit and ids[-1] == v.EOS
    drawn = decode(ids)
    again = parse(serialise(drawn))
    assert len(again.shapes) == len(drawn.shapes)
    for shape in drawn.shapes:
        if not isinstance(shape.geometry, Outline):
            continue
        values = [c for _, numbers in shape.geometry.segments for c in numbers]
        assert np.isfinite(values).all()
        for sub in subpaths(shape.geometry):
            stops = [segment[1][-2:] for segment in sub.segments if segment[0] != "Z"]
            made = list(pairwise(stops))
            assert all(a != b for a, b in made)  # no segment without length
            assert len(set(made)) == len(made)  # no step a second time
    settled = encode(drawn)  # what was drawn by lot may have a shorter way to be said
    assert encode(decode(settled)) == settled


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_the_mask_says_what_the_quick_check_says(seed: int) -> None:
    random = np.random.default_rng(seed)
    grammar = Grammar(limit=120)
    for token in walk(seed, 120):
        allowed, ask, cell = grammar.allowed(), grammar._ask, grammar._cell
        if cell is None:
            assert (allowed == ask_mask(ask)).all()
            some = {token, *random.integers(0, v.VOCAB_SIZE, 40).tolist(), *range(v.EOS, v.HEX0)}
            some |= set(range(v.CELL0, v.SUB0)) if "cell" in ask.classes and random.random() < 0.1 else set()
            for one in some:
                assert answers(ask, int(one)) == bool(allowed[one]), (v.NAMES[one], ask)
        else:
            assert (allowed == sub_mask(ask, cell)).all()
            places = [v.SUB0 + y * 8 + x for y in range(8) for x in range(8)
                      if (x % 4 or y % 4) and not ask.forbids((cell[0] * 8 + x, cell[1] * 8 + y))]  # fmt: skip
            assert np.flatnonzero(allowed).tolist() == places
        grammar.push(token)


def test_an_ended_drawing_allows_nothing() -> None:
    grammar = Grammar()
    for token in encode(icon('<path fill="currentColor" d="M3 3h18v18H3z"/>')):
        grammar.push(token)
    assert grammar.ended and not grammar.allowed().any() and grammar.count == 6
    assert isinstance(grammar.shapes()[0].geometry, Rect)
    with pytest.raises(TokenError, match="has ended"):
        grammar.push(v.EOS)


def test_lines_and_circles_of_the_file_stay_themselves() -> None:
    body = f'<line {LINES} x1="3" y1="4" x2="9" y2="20"/><circle cx="12" cy="12" r="2"/>'
    kinds = [type(shape.geometry) for shape in decode(encode(icon(body))).shapes]
    assert kinds == [Line, Circle]
