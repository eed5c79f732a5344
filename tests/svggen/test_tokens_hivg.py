"""HiVG's token text: read as it is written, however it is broken, and written back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.errors import SvgGenError, TokenError
from svggen.geometry import fit_canvas
from svggen.icon import Icon, canonical, parse
from svggen.tokens.hivg import CANVASES, decode, encode, svg_text

PIECES = (
    "<svg> </svg> <path> </path> <cmd_M> <P_5> <d_-3> <cmd_l> <cmd_a> 3_4_5 <large_1> fill=#fff <g> </g> <SEG_1> "
    "<cmd_z> < ' = <circle> r=2"
).split()
DATA = Path(__file__).parents[1] / "svg" / "real"
TEXT = (
    "<svg>viewBox=0 0 224 224 width=224<path>fill=#ff8800 stroke=#000000 stroke-dasharray=4 2<cmd_M><P_100><P_20>"
    "<cmd_l><d_5><d_-3><cmd_h><d_-10><cmd_v><d_7><cmd_c><d_1><d_2><d_3><d_4><d_5><d_6><cmd_z></path>"
    "<circle>cx=50 cy=60 r=7 fill=none stroke=#000000</circle></svg>"
)


def test_it_reads_what_the_model_writes() -> None:
    assert svg_text(f"Sure: {TEXT}<|im_end|>").svg == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 224" width="224">'
        '<path d="M100 20 l5 -3 h-10 v7 c1 2 3 4 5 6 z" fill="#ff8800" stroke="#000000" stroke-dasharray="4 2"/>'
        '<circle cx="50" cy="60" r="7" fill="none" stroke="#000000"/></svg>'
    )
    icon = decode(TEXT)
    assert icon.viewbox == (0, 0, 224, 224) and len(icon.shapes) == 2
    assert icon.shapes[0].look.dash == (4.0, 2.0)


@pytest.mark.parametrize(
    ("inner", "path", "dropped"),
    [
        ("<cmd_M><P_9><P_8><cmd_a>12 5 30<large_1><sweep_0><d_3><d_-4>", "M9 8 a12 5 30 1 0 3 -4", 0),
        ("<cmd_M><P_9><P_8><cmd_s><d_1><d_2><d_3><d_4><cmd_t><d_1><d_1>", "M9 8 s1 2 3 4 t1 1", 0),
        ("<cmd_M><P_9><P_8><cmd_L><P_3><P_4>", "M9 8 L3 4", 0),
        ("<cmd_M><P_9><d_8><cmd_M><P_1><P_2><cmd_h><d_3>", "M1 2 h3", 3),  # wrong class: the M, and what is left of it
        ("<cmd_M><P_9><P_8><cmd_l><d_5><cmd_h><d_3>", "M9 8 h3", 2),
        ("<cmd_M><P_9><P_8><cmd_l><P_5><P_5><cmd_h><d_3>", "M9 8 h3", 3),
        ("<cmd_M><P_9><P_8><cmd_a>12 5<large_1><sweep_0><d_3><d_-4><cmd_h><d_3>", "M9 8 h3", 5),
        ("<cmd_M><P_9><P_8><cmd_x><d_1><cmd_h><d_99999><cmd_v><d_2>", "M9 8 v2", 4),
        ("<cmd_M><P_9><P_8>fill=red<cmd_h><d_3>", "M9 8 h3", 0),
        ("<cmd_M><P_9><P_8><cmd_c><d_1><d_2><d_3", "M9 8", 3),
    ],
)
def test_each_argument_is_checked_for_its_class(inner: str, path: str, dropped: int) -> None:
    found = svg_text(f"<svg><path>{inner}</path></svg>")
    assert f'<path d="{path}"' in found.svg
    assert (found.dropped, found.closed) == (dropped, True)


def test_polygons_groups_gradients_and_clips() -> None:
    icon = decode(
        "<svg><defs><linearGradient>id=a x1=0 x2=1<stop>offset=0 stop-color=#ff0000</stop><stop>offset=1"
        " stop-color=#00ff00</stop></linearGradient></defs><g>transform=translate(10 0)<polygon>fill=url(#a)<cmd_M>"
        "<P_1><P_2><cmd_l><d_9><d_0><cmd_l><d_0><d_9><cmd_z></polygon></g><polyline>fill=none stroke=#000000<cmd_M>"
        "<P_1><P_2><cmd_l><d_5><d_5></polyline></svg>"
    )
    assert [type(s.geometry).__name__ for s in icon.shapes] == ["Polygon", "Polyline"]
    assert not isinstance(icon.shapes[0].look.fill, str)
    assert icon.shapes[0].geometry.points[0] == (11.0, 2.0)  # type: ignore[union-attr]


def test_the_canvas_is_named_or_told_by_the_coordinates() -> None:
    small, large = (f"<svg><path><cmd_M><P_{x}><P_8><cmd_h><d_3></path></svg>" for x in (234, 300))
    assert 'viewBox="0 0 224 224"' in svg_text(small).svg and 'viewBox="0 0 784 784"' in svg_text(large).svg
    assert 'viewBox="0 0 784 784"' in svg_text(small, 784).svg


def test_what_breaks_off_is_closed_and_segments_are_counted() -> None:
    for end in range(len("<svg>"), len(TEXT)):
        found = svg_text(TEXT[:end])
        assert not found.closed and found.svg.endswith("</svg>")
    found = svg_text("<svg><path><cmd_M><P_9><P_8><SEG_17><SEG_3><cmd_h><d_1></path></svg>")
    assert (found.segments, found.dropped) == (2, 0) and 'd="M9 8 h1"' in found.svg


def test_nothing_unsafe_gets_through() -> None:
    with pytest.raises(TokenError, match="no <svg>"):
        svg_text("a bell")
    text = 'fill="><script>alert(1)</script>'
    found = svg_text(
        f"<svg><path>{text}<cmd_M><P_9><P_8><cmd_h><d_1></path><script>x=1</script><style>css=a</style></svg>"
    )
    assert "<script" not in found.svg and "css" not in found.svg
    with pytest.raises(SvgGenError):
        decode("<svg><image>href=http://x/y.png width=9 height=9</image></svg>")


@pytest.mark.parametrize("canvas", CANVASES)
def test_round_trip_of_real_icons(canvas: int) -> None:
    tried = 0
    for path in sorted(DATA.glob("*.svg")):
        icon = parse(path.read_bytes())
        try:
            text = encode(icon, canvas)
        except TokenError:
            continue
        tried += 1
        again, wanted = decode(text, canvas), canonical(fit_canvas(icon, float(canvas)))
        assert len(again.shapes) == len(wanted.shapes)
        assert encode(again, canvas) == encode(again, canvas)
        for one, other in zip(again.shapes, wanted.shapes, strict=True):
            assert one.look.fill == other.look.fill and one.look.stroke == other.look.stroke
        assert near(again, wanted) < 1.5
    assert tried > 30


def near(a: Icon, b: Icon) -> float:
    """The greatest distance of the boxes of the shapes, in units."""
    from svggen.geometry import shape_bounds

    pairs = [(shape_bounds(x), shape_bounds(y)) for x, y in zip(a.shapes, b.shapes, strict=True)]
    return max((abs(p - q) for x, y in pairs if x and y for p, q in zip(x, y, strict=True)), default=0.0)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_text_raises_anything_else(pieces: list[str]) -> None:
    try:
        decode("".join(pieces).replace("3_4_5", "3 4 5"))
    except SvgGenError:
        pass


def test_errors_of_writing() -> None:
    with pytest.raises(TokenError, match="a canvas of 100; known: 224, 784"):
        encode(decode(TEXT), 100)
