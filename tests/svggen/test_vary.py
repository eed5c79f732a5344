"""Drawings moved and mirrored in their tokens: they are the moved and mirrored drawings."""

from __future__ import annotations

import numpy as np

from svggen.geometry import transform_icon
from svggen.icon import Icon, icon_id, parse
from svggen.tokens import vocabulary as v
from svggen.tokens.icon import decode, encode
from svggen.training.vary import mirrored, shifted

BELL = (
    '<path d="M10.27 21a2 2 0 0 0 3.46 0M3.26 15.33A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.67C19.41 13.96 18 12.5 18 8'
    'A6 6 0 0 0 6 8c0 4.5-1.41 5.96-2.74 7.33"/>'
)
HOUSE = '<path d="M4 21V9.6l8-6.3 8 6.3V21h-5v-7H9v7z"/><circle cx="9.2" cy="7" r="1.3"/>'
WINDOW = '<rect x="3" y="4" width="14" height="15" rx="2"/><path d="M3 10h14"/>'


def drawing(inner: str) -> list[int]:
    return encode(
        parse(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inner}</svg>'
        )
    )


def far(one: Icon, other: Icon) -> float:
    """Mean difference of the pixels, 0..1."""
    from svggen.judge.pictures import pictures

    a, b = pictures([one, other]).astype(np.float32)
    return float(np.abs(a - b).mean()) / 255


def test_a_shifted_drawing_is_the_drawing_elsewhere() -> None:
    for inner in (BELL, HOUSE, WINDOW):
        ids = drawing(inner)
        moved = shifted(ids, 1, -1)
        assert moved is not None and len(moved) == len(ids) and moved[-1] == v.EOS
        assert far(decode(moved), transform_icon(decode(ids), (1, 0, 0, 1, 1, -1))) < 1e-6
        assert shifted(moved, -1, 1) == ids


def test_a_mirrored_drawing_is_the_mirror_image() -> None:
    ids = [n for n in drawing(HOUSE)]
    turned = mirrored(ids)
    assert turned is not None and turned != ids and mirrored(turned) == ids
    assert far(decode(turned), transform_icon(decode(ids), (-1, 0, 0, 1, 24, 0))) < 0.004


def test_what_cannot_be_moved_is_left() -> None:
    assert shifted(drawing(HOUSE), 5, 0) is None and shifted(drawing(HOUSE), 0, -4) is None
    assert mirrored(drawing(WINDOW)) is None
    assert icon_id(decode(drawing(HOUSE))) == icon_id(decode(shifted(drawing(HOUSE), 0, 0) or []))
