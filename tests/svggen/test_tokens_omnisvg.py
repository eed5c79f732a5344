"""OmniSVG's ids: drawings that the released decoder was run on, a second reader for valid ones, and hostile ones."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.errors import TokenError
from svggen.icon import Icon, parse, serialise
from svggen.icon.serialise import path_data
from svggen.tokens import get_codec
from svggen.tokens.omnisvg import VARIANTS, decode, encode, from_text, layout, read, to_text

LINES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
BODIES = {
    "clock": f'<g {LINES}><circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/></g>',
    "cup": f'<path {LINES} d="M10 2v2M6 2v2M16 8a1 1 0 0 1 1 1v8a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V9a1 1 0 0 1 1-1z"/>',
    "edge": '<circle cx="12" cy="12" r="12"/>',
    "most of a circle": '<path d="M12 3A9 9 0 1 1 3 12H12Z"/>',
    "ring": '<path fill-rule="evenodd" d="M2 2H22V22H2ZM6 6H18V18H6Z"/>',
    "tilted": '<ellipse cx="12" cy="12" rx="9" ry="4" transform="rotate(-35 12 12)" fill="#0d9488"/>',
    "clipped": '<clipPath id="c"><path d="M0 0h12v24H0z"/></clipPath><path d="M3 3h20L9 21z" clip-path="url(#c)"/>',
    "both": '<rect x="4" y="4" width="16" height="16" rx="3" fill="#fff" stroke="#000" stroke-width="2"/>',
    "dashed": '<path d="M2 12H22" stroke="#f80" stroke-width="3" stroke-dasharray="4 2"/>',
    "far out": '<path d="M-90 -90H30V12Z"/>',
    "faint": '<path opacity=".2" fill="currentColor" d="M3 3h9v9z"/><path fill="#f00" opacity=".5" d="M3 13h9v9z"/>',
}
VECTORS = [
    (
        "152067 156082 156082 152068 156262 152069 188262 191972 188082 152071 156082 196045",
        [("M10 20L190 20C190 180 100 199 10 180L10 20Z", "#ff8800")],
    ),
    (
        "152067 172122 172122 152070 162122 196565 196566 196565 172222 152071 172122 192075",
        [("M50 100A50 50 0 1 0 150 100L50 100Z", "none")],
    ),
    (
        "152067 152072 152072 152068 152271 192076 152067 153077 153077 152068 153881 196172 152067 152273 152273 "
        "152068 152474",
        [("M0 0L199 0", "currentColor"), ("M5 5L9 9", "#ffffff"), ("M1 1L2 2", "#000000")],
    ),
]


def icon(name: str) -> Icon:
    return parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{BODIES[name]}</svg>')


def drawn(words: str, variant: str = "omnisvg-8b") -> list[tuple[str, str]]:
    return [(path_data(path), colour) for path, colour in read(from_text(words.split(), variant), variant)]


# ------------------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize(("text", "expected"), VECTORS)
def test_what_the_released_decoder_reads(text: str, expected: list[tuple[str, str]]) -> None:
    ids = [int(word) for word in text.split()]
    form = layout("8B")
    for wrapped in (ids, [form.bos, *ids, form.eos, form.pad, form.pad]):
        assert [(path_data(path), colour) for path, colour in read(wrapped)] == expected
    assert [(path_data(path), colour) for path, colour in read([n - 128 for n in ids], "omnisvg-4b")] == expected
    shapes = decode(ids).shapes
    assert [s.look.fill for s in shapes] == [colour for _, colour in expected]
    assert all((s.look.stroke, s.look.fill_rule) == ("none", "nonzero") for s in shapes)


@pytest.mark.parametrize(("variant", "base"), [("omnisvg-8b", 152064), ("omnisvg-4b", 151936)])
def test_every_id_has_one_word(variant: str, base: int) -> None:
    numbered = {
        base + 3: "M", base + 7: "Z", base + 8: "(0,0)", base + 8 + 199: "(199,0)", base + 40007: "(199,199)",
        base + 40010: f"id:{base + 40010}", base + 40011: "fill:none", base + 40012: "fill:currentColor",
        base + 40013: "fill:#000000", base + 40013 + 0xF80: "fill:#ff8800", base + 44108: "fill:#ffffff",
        base + 44109: f"id:{base + 44109}", base + 44500: f"id:{base + 44500}", base + 44501: "arc:0",
        base + 44600: "arc:99", base + 44601: f"id:{base + 44601}", 196998: "BOS", 196999: "EOS", 151643: "PAD",
        base + 1: "MASK", base + 2: "EOM",
    }  # fmt: skip
    assert to_text(numbered, variant) == list(numbered.values())
    ids = [*range(151640, 152300), *range(191800, 192400), *range(196000, 197002)]
    words = to_text(ids, variant)
    assert len(set(words)) == len(words)
    assert from_text(words, variant) == ids


def test_the_colours_of_the_released_decoder() -> None:
    base = VARIANTS["omnisvg-8b"].base
    triangle = from_text("M (0,0) (0,0) L (9,0) L (9,9)".split())
    for offset, colour in ((44108, "#ffffff"), (44109, "#000000"), (44110, "#000011"), (44111, "#808080"),
                           (44499, "#808080")):  # fmt: skip
        assert read([*triangle, base + offset])[0][1] == colour
    assert read([*triangle, base + 44500])[0][1] == "#000000"  # no colour: the path was cut off


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("L (1,1) M (2,2) (3,3) L (4,4) L (3,9) fill:none", "M3 3L4 4L3 9"),  # before the first move
        ("M (0,0) (0,0) L (9,0) Z (0,0) L (5,5) C (1,1) (2,2) (3,3) fill:none", "M0 0L9 0L0 0Z"),  # after a close
        ("M (0,0) (0,0) L (9,0) L (9,9) Z (3,3) fill:none", "M0 0L9 0L9 9L3 3Z"),
        ("M (0,0) (0,0) M (0,0) (5,5) L (9,9) fill:none", "M5 5L9 9"),
        ("M (0,0) (0,0) C (1,1) fill:none L (9,9) fill:none", ""),  # a colour where a point is due ends the path
        ("M (0,0) (0,0) L (9,0) C (1,1) arc:3 (2,2) (8,8) L (9,9) fill:none", "M0 0L9 0L9 9"),
        ("M (0,0) (0,0) L (9,0) arc:3 arc:5 (7,7) L (9,9) fill:none", "M0 0L9 0L9 9"),  # not an M, not a C
        ("M (0,0) (0,0) A (5,5) (0,0) arc:0 arc:1 (9,9) L (9,0) fill:none", "M0 0L9 0"),
        ("M (0,0) (0,0) A (0,5) arc:0 arc:0 arc:1 (9,9) L (9,0) fill:none", "M0 0L9 9L9 0"),  # no radius: a line
        ("M (0,0) (0,0) A (5,5) arc:7 arc:9 arc:1 (9,9) L (9,0) fill:none", "M0 0A5 5 7 1 1 9 9L9 0"),
        ("M (0,0) EOS (0,0) L id:5 (9,0) PAD C (1,1) EOM (2,2) MASK (3,3) fill:none", "M0 0L9 0C1 1 2 2 3 3"),
        ("M (0,0) (0,0) L (9,0) L fill:none", "M0 0L9 0"),
    ],
)
def test_what_does_not_fit_is_passed_over(words: str, expected: str) -> None:
    found = drawn(words)
    assert found == ([(expected, "none")] if expected else [])


def test_a_cut_drawing_is_closed() -> None:
    assert drawn("M (0,0) (0,0) L (9,0) L (9,9) C (1,1) (2,2)") == [("M0 0L9 0L9 9Z", "#000000")]
    assert drawn("M (0,0) (0,0) C (9,0) (9,9) (0,9)") == [("M0 0C9 0 9 9 0 9Z", "#000000")]
    assert drawn("fill:none fill:#ffffff") == []


def test_loops_are_cut() -> None:
    head = "M (0,0) (0,0) L (9,0) L (9,9) "
    assert drawn(head + "L (9,9) " * 500 + "fill:none") == [("M0 0L9 0L9 9L9 9", "none")]
    assert drawn(head + "C (9,9) (9,9) (9,9) " * 500) == [("M0 0L9 0L9 9C9 9 9 9 9 9Z", "#000000")]
    assert drawn(head + "L (0,0) L (9,0) L (9,9) " * 99 + "fill:none") == [("M0 0L9 0L9 9L0 0L9 0L9 9", "none")]
    triangle = "M (0,0) (0,0) L (9,0) L (9,9) Z (0,0) "
    assert drawn(triangle * 50 + "fill:none") == [("M0 0L9 0L9 9L0 0Z", "none")]
    assert len(drawn((triangle + "fill:none " + head + "fill:#ffffff ") * 40)) == 2
    assert len(drawn(triangle + "fill:none " + triangle + "fill:#ffffff " + triangle + "fill:none")) == 3


SOME_ID = st.one_of(
    st.integers(152060, 152075), st.integers(152072, 196600), st.integers(196990, 197010), st.integers(-9, 300000)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SOME_ID, max_size=120), st.sampled_from(sorted(VARIANTS)))
def test_any_ids_are_read_and_never_raise(ids: list[int], variant: str) -> None:
    found = decode(ids, variant)
    for shape in found.shapes:
        values = [c for _, v in shape.geometry.segments for c in v]  # type: ignore[union-attr]
        assert all(0 <= c < 200 and c == int(c) for c in values)
    text = serialise(found)
    if any(s.look.fill != "none" for s in found.shapes) and "<path" in text:
        assert serialise(parse(text)) == text
    assert from_text(to_text(ids, variant), variant) == ids


def plain_reader(ids: list[int]) -> list[tuple[str, str]]:
    """A valid drawing of 1.1 (8B), read by the rules and nothing else."""
    out, d, at, pen = [], "", 0, (-1, -1)

    def point(n: int) -> tuple[int, int]:
        return ((n - 152072) % 200, (n - 152072) // 200)

    while at < len(ids):
        kind = ids[at] - 152067
        if kind == 0:
            pen = point(ids[at + 2])
            d += f"M{pen[0]} {pen[1]}"
            at += 3
        elif kind in (1, 2, 4):
            points = [point(n) for n in ids[at + 1 : at + (4 if kind == 2 else 2)]]
            if kind != 4 or pen != points[-1]:
                d += ("C" if kind == 2 else "L") + " ".join(f"{x} {y}" for x, y in points)
            d += "Z" if kind == 4 else ""
            pen = points[-1]
            at += 4 if kind == 2 else 2
        elif kind == 3:
            (rx, ry), pen = point(ids[at + 1]), point(ids[at + 5])
            turn, large, sweep = (n - 196565 for n in ids[at + 2 : at + 5])
            d += f"A{rx} {ry} {turn} {large} {sweep} {pen[0]} {pen[1]}"
            at += 6
        else:
            n = ids[at] - 192077
            out.append((d, "#" + "".join(f"{17 * (n >> shift & 15):02x}" for shift in (8, 4, 0))))
            d, at = "", at + 1
    return out


@pytest.mark.parametrize("seed", range(30))
def test_valid_drawings_are_read_by_the_rules(seed: int) -> None:
    rng = random.Random(seed)

    def point() -> int:
        return 152072 + rng.randrange(40000)

    ids: list[int] = []
    for _ in range(rng.randrange(1, 5)):
        for _ in range(rng.randrange(1, 4)):
            ids += [152067, point(), point()]
            for _ in range(rng.randrange(1, 6)):
                kind = rng.choice("LCA")
                radii = 152072 + 200 * rng.randrange(1, 200) + rng.randrange(1, 200)
                ids += {
                    "L": [152068, point()],
                    "C": [152069, point(), point(), point()],
                    "A": [
                        152070,
                        radii,
                        196565 + rng.randrange(90),
                        *(196565 + rng.randrange(2) for _ in "12"),
                        point(),
                    ],
                }[kind]
            ids += [152071, point()]
        ids.append(192077 + rng.randrange(4096))
    assert [(path_data(path), colour) for path, colour in read(ids)] == plain_reader(ids)


@pytest.mark.parametrize("bad", [True, None, "M", 1.0, [1], float("nan")])
def test_what_is_no_number_is_named_with_its_place(bad: object) -> None:
    with pytest.raises(TokenError, match="token 1: expected a whole number") as told:
        decode([152067, bad])  # type: ignore[list-item]
    assert told.value.position == 1
    assert decode(np.array([152067, 5])).shapes == ()
    for word in (bad, "(200,0)", "arc:100", "fill:#12345", "X", "id:x"):
        with pytest.raises(TokenError) if word != "M" else pytest.raises(AssertionError):
            assert not from_text([word])  # type: ignore[list-item]
    with pytest.raises(TokenError, match="omnisvg-8b, omnisvg-4b, omnisvg-3b"):
        decode([], "omnisvg-9b")


# ------------------------------------------------------------------------------------------------------------ writing


@pytest.mark.parametrize("variant", sorted(VARIANTS))
@pytest.mark.parametrize("name", sorted(BODIES))
def test_what_was_written_is_written_again(name: str, variant: str) -> None:
    ids = encode(icon(name), variant)
    again = decode(ids, variant)
    assert encode(again, variant) == ids
    assert "id:" not in " ".join(to_text(ids, variant))
    assert get_codec(variant).decode(get_codec(variant).encode(icon(name))) == again


def test_pictures_stay_what_they_were() -> None:
    from svggen.render import inks

    names = sorted(set(BODIES) - {"faint"})
    before, after = inks([icon(n) for n in names], 100), inks([decode(encode(icon(n))) for n in names], 100)
    errors = dict(zip(names, np.abs(before - after).mean(axis=(1, 2)), strict=True))
    assert max(errors.values()) < 0.014, errors  # a step is half a pixel here, and its rounding lies along every edge


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        ("clock", ["currentColor"] * 2),
        ("both", ["#ffffff", "#000000"]),
        ("faint", ["#cccccc", "#ff8888"]),
        ("tilted", ["#009988"]),  # the upper four bits of each channel
    ],
)
def test_colours(name: str, colours: list[str]) -> None:
    assert [s.look.fill for s in decode(encode(icon(name))).shapes] == colours


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ff8800", "currentColor"])
@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_white_and_black_are_exact(colour: str, variant: str) -> None:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="{colour}"><path d="M2 2h9v9z"/></svg>'
    for framed in (False, True):
        ids = encode(parse(text), variant, framed=framed)
        assert [s.look.fill for s in decode(ids, variant).shapes] == [colour]


def test_curves_cost_what_they_need() -> None:
    circle = encode(icon("edge"))
    assert [w for w in to_text(circle) if w in "MLCAZ"] == ["M", "A", "A", "Z"]
    assert [w for w in to_text(encode(icon("most of a circle"))) if w in "MLCAZ"] == ["M", "A", "L", "Z"]
    assert [w for w in to_text(encode(icon("ring"))) if w in "MLCAZ"] == list("MLLLZMLLLZ")


def test_what_is_too_small_is_nothing() -> None:
    speck = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h.02v.02z"/></svg>'
    with pytest.raises(TokenError, match="nothing of the icon"):
        encode(parse(speck))


# ---------------------------------------------------------------------------------------------------- the first release


def test_first_release_counts_colours_apart() -> None:
    two = "M (0,0) (0,0) L (9,0) L (9,9) M (1,1) (1,1) L (5,5) L (5,9) "
    assert drawn(two + "fill:none fill:#ff0000", "3b") == [("M0 0L9 0L9 9", "none"), ("M1 1L5 5L5 9", "#ff0000")]
    assert drawn(two.replace("(1,1) (1,1)", "(9,9) (1,1)") + "fill:none", "3b") == [
        ("M0 0L9 0L9 9M1 1L5 5L5 9", "none")
    ]
    assert drawn(two + "fill:none", "3b")[1][1] == "#000000"


def test_first_release_has_one_id_for_white_and_the_end() -> None:
    form = layout("3b")
    assert form.eos == form.colour("#ffffff") == 196041
    triangle = from_text("M (0,0) (0,0) L (9,0) L (9,9) Z (0,0)".split(), "3b")
    assert [c for _, c in read([*triangle, form.eos], "3b")] == ["#ffffff"]
    assert [c for _, c in read([*triangle, form.colour("none"), form.eos], "3b")] == ["none"]
    assert [c for _, c in read([*triangle, form.eos, *triangle[:-2], form.eos, form.eos], "3b")] == ["#ffffff"] * 2


def test_first_release_says_flags_as_points_and_never_begins_a_path_by_accident() -> None:
    words = to_text(encode(icon("edge"), "3b"), "3b")
    assert words[3:9] == ["A", "(99,99)", "(0,0)", "(0,0)", "(1,1)", "(0,100)"]
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><path d="M50 50h40v40zM50 50h-40v-40z"/></svg>'
    )
    ids = encode(parse(text), "3b")
    moves = [words for words in pairwise(to_text(ids, "3b")) if words[0] == "M"]
    assert [second for _, second in moves] == ["(50,50)", "(49,50)"]
    assert len(read(ids, "3b")) == len(read(encode(parse(text)))) == 1
