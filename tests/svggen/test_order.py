"""One order of drawing: another way to tell the same picture, and the same way for the same picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.icon import Icon, parse
from svggen.icon.types import Path
from svggen.render import inks
from svggen.tokens.icon import decode, encode
from svggen.training.order import ordered

LINES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
BODIES = (
    f'<path {LINES} d="M10 20h4M6 8a6 6 0 0 1 12 0v8H6z"/>',
    f'<path {LINES} d="M12 12V7M20 20L4 4"/><circle {LINES} cx="12" cy="12" r="9"/>',
    '<path fill="currentColor" d="M12 6a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z"/>',
    '<path fill="#f00" d="M2 2h12v12H2z"/><path fill="#00f" d="M8 8h14v14H8z"/>',
    f'<path {LINES} opacity=".5" d="M4 4h16M12 2v20"/><path fill="currentColor" d="M3 20l4-6 5 3z"/>',
)


def icon(body: str) -> Icon:
    return parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{body}</svg>')


@pytest.mark.parametrize("body", BODIES)
def test_the_picture_stays_the_same(body: str) -> None:
    given_icon = icon(body)
    told = ordered(given_icon)
    before, after = inks([given_icon, told], 96)
    assert np.abs(before - after).mean() < 0.002
    assert ordered(told) == ordered(ordered(told))


@pytest.mark.parametrize("body", BODIES)
def test_tokens_of_what_is_ordered_are_ordered(body: str) -> None:
    ids = encode(ordered(decode(encode(icon(body)))))
    assert encode(ordered(decode(ids))) == ids


def test_library_icons_stay_the_same() -> None:
    from memory.library import open_library

    library = open_library()
    icons = [library.icon(row) for row in range(11, len(library), len(library) // 60)]
    before, after = inks(icons, 64), inks([ordered(one) for one in icons], 64)
    assert np.abs(before - after).mean() < 0.002


@given(st.permutations(range(3)), st.permutations(range(4)))
@settings(max_examples=10, deadline=None)
def test_whatever_comes_first_the_order_is_one(shapes: list[int], corners: list[int]) -> None:
    square = [(4, 4), (20, 4), (20, 20), (4, 20)]
    turned = square[corners[0] :] + square[: corners[0]]
    parts = ["M" + "L".join(f"{x} {y}" for x, y in turned) + "z", "M8 8h4", "M9 17v-5"]
    body = "".join(f'<path {LINES} d="{parts[i]}"/>' for i in shapes)
    told = ordered(icon(body))
    assert [s.geometry for s in told.shapes] == [
        s.geometry for s in ordered(icon("".join(f'<path {LINES} d="{p}"/>' for p in parts))).shapes
    ]
    first = told.shapes[0].geometry
    assert isinstance(first, Path) and first.segments[0] == ("M", (4, 4))
    second = told.shapes[1].geometry
    assert isinstance(second, Path) and second.segments[0] == ("M", (9, 12))  # an open stroke begins at its upper end


def test_what_covers_something_else_stays_above_it() -> None:
    told = ordered(icon(BODIES[3]))
    assert [shape.look.fill for shape in told.shapes] == ["#ff0000", "#0000ff"]
