"""Exports, each read back by a tool that reads its kind: parsers, renderers, fontTools, our own corpus reader."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import hypothesis
import numpy as np
import pytest
from export_icons import BODIES, HOSTILE, SOURCE, apart, hostile_items, item, items, svg, text
from hypothesis import strategies as st
from lxml import etree

from svggen.errors import ExportError
from svggen.export import FORMATS, ONE_FILE, Options, export
from svggen.export.components import component
from svggen.export.items import plain_title
from svggen.export.names import NAME, entries, kebab, pascal
from svggen.export.nodes import drawing
from svggen.export.nodes import svg as lean_svg
from svggen.export.pathdata import lean
from svggen.icon import Icon, Look, Path, Shape, parse, parse_iconify, serialise
from svggen.training.choose import candidates

# -------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("words", "name", "component"),
    [
        ("A rounded Coffee-cup!", "a-rounded-coffee-cup", "ARoundedCoffeeCupIcon"),
        ("Zoë's café & crème brûlée", "zoes-cafe-and-creme-brulee", "ZoesCafeAndCremeBruleeIcon"),
        ("BellRing", "bell-ring", "BellRingIcon"), ("24 hours", "24-hours", "Icon24Hours"),
        ("map icon", "map-icon", "MapIcon"), ("con", "con-icon", "ConIcon"), ("Index", "index-icon", "IndexIcon"),
        ("☕", "coffee-cup", "CoffeeCupIcon"), ("Straße", "strasse", "StrasseIcon"), ("../..\\x", "x", "XIcon"),
        ("a" * 60, "a" * 48, "A" + "a" * 47 + "Icon"), ("ab " * 30, "-".join(["ab"] * 16), "Ab" * 16 + "Icon"),
    ],
)  # fmt: skip
def test_names(words: str, name: str, component: str) -> None:
    assert kebab(words) == name and pascal(name) == component


def test_names_are_unique_whatever_the_words_are() -> None:
    found = entries(hostile_items())
    assert [e.item.words for e in found] == list(HOSTILE)
    assert len({e.name for e in found}) == len({e.component.casefold() for e in found}) == len(HOSTILE)
    assert all(NAME.fullmatch(e.name) and len(e.name) <= 50 for e in found)
    by = {e.item.words: e.name for e in found}
    assert by["../../etc/passwd"] == "etc-passwd" and (by["Bell"], by["bell!"]) == ("bell", "bell-2")
    assert by["лиса"] == f"icon-{found[7].item.id[:8]}" and by["constructor"] == "constructor-icon"


def test_names_that_differ_in_case_only_are_not_the_same_file() -> None:
    """a1-b and a-1b would be A1B and A1b: one file on a disk that does not tell them apart."""
    first, second = entries([item("a1 b", BODIES["bell"]), item("a 1b", BODIES["layers"])])
    assert (first.name, second.name) == ("a1-b", "a-1b-2") and first.component.casefold() != second.component.casefold()


def test_an_alias_that_is_taken_is_left_out() -> None:
    found = entries(items())
    assert found[0].aliases == ("ring-the-bell",)  # "Bell" is its own name


@hypothesis.given(st.text(max_size=60))
@hypothesis.settings(max_examples=60, deadline=None)
def test_any_words_make_a_safe_name_and_a_title_that_xml_may_hold(words: str) -> None:
    name = kebab(words)
    assert name == "" or NAME.fullmatch(name)
    assert plain_title(words) == etree.fromstring(f"<t>{_escaped(plain_title(words))}</t>").xpath("string()")


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ---------------------------------------------------------------------------------------------------------- all formats


@pytest.mark.parametrize(
    "format", [pytest.param(f, marks=[pytest.mark.slow] if f in ("png", "font") else []) for f in FORMATS]
)
def test_every_format_is_the_same_twice_and_holds_no_foreign_text(format: str) -> None:
    options, given = Options(sizes=(16,)), hostile_items()[: 5 if format in ("png", "font") else None]
    made = export(given, format, options)
    assert made == export(given, format, options)
    assert [i.id for i in made.icons] == [i.id for i in given]
    assert all(re.fullmatch(r"[A-Za-z0-9@.-]+", name) for name in made.files)
    written = b"".join(data for name, data in made.files.items() if not name.endswith((".png", ".ttf", ".woff2")))
    code = () if format == "sprite" else (b"import fs", b"{{ evil", b"process.exit", b"../../etc")  # titles, escaped
    for bad in (b"<script>", b"\x1b[31m", b"]]>", b"-->", *code):
        assert bad not in written


@pytest.mark.parametrize("format", ["svg", "iconify"])
def test_whose_work_it_was_goes_along(format: str) -> None:
    made = export(items(), format)
    credit = text(made, "ATTRIBUTION.txt")
    assert "bell\n    from 'bell' of Lucide (ISC)\n" in credit and "Permission to use, copy, modify" in credit
    assert "Lucide, by Lucide Contributors, ISC, https://lucide.dev" in credit and "NOTICE" not in credit
    assert any("1 of 9 icons were drawn from icons of others" in note for note in made.notes)
    assert "ATTRIBUTION.txt" not in export(items()[1:2], format).files


def test_errors_say_what_to_do() -> None:
    two = items()[:2]
    for wrong, options, said in (
        ("pdf", Options(), "there are svg, png"), ("svg", Options(stem="x"), "2 icons are no single SVG file"),
        ("react", Options(stem="x"), "name a folder"), ("png", Options(sizes=(0,)), "from 1 to 2048"),
        ("png", Options(sizes=()), "from 1 to 2048"), ("png", Options(theme="blue"), "light, dark, both"),
        ("png", Options(color="red"), "not a colour"),
    ):  # fmt: skip
        with pytest.raises(ExportError, match=said):
            export(two, wrong, options)
    with pytest.raises(ExportError, match="one size"):
        export(two[:1], "png", Options(stem="x", sizes=(16, 24)))
    with pytest.raises(ExportError, match="no icon"):
        export([], "svg")


@pytest.mark.parametrize(("format", "suffix"), sorted(ONE_FILE.items()))
def test_one_file_under_the_name_that_is_wanted(format: str, suffix: str) -> None:
    made = export(items()[:1], format, Options(stem="My File", sizes=(16,)))
    assert set(made.icons[0].files) == {f"My File{suffix}"} and "My File-ATTRIBUTION.txt" in made.files


# ---------------------------------------------------------------------------------------------------------------- svg


def test_svg_files_are_the_icon_in_fewer_bytes() -> None:
    made = export(items(), "svg")
    for icon, wanted in zip(made.icons, items(), strict=True):
        for file in icon.files:
            assert parse(made.files[file]) == wanted.icon
            assert len(made.files[file].strip()) <= len(serialise(wanted.icon))
    assert len(made.files["bell.svg"]) < len(serialise(items()[0].icon))
    assert made.icons[0].files == ("bell.svg", "ring-the-bell.svg")


@pytest.mark.parametrize(
    ("d", "wanted"),
    [
        ("M1 2L1 5L4 5L4 2Z", "m1 2v3h3V2z"), ("M0 0L10 10L10.5 10.5", "m0 0 10 10 .5.5"),
        ("M5 5C5 5 6 6 7 6C8 6 9 5 9 5", "m5 5s1 1 2 1 2-1 2-1"),
        ("M100 100L101 101", "m100 100 1 1"), ("M1 1L-1 -1", "m1 1-2-2"),
        ("M2 2A1 1 0 0 1 3 3A1 1 0 0 1 4 4", "m2 2a1 1 0 0 1 1 1 1 1 0 0 1 1 1"), ("M1 1L1 1", "m1 1h0"),
        ("M1 1L2 2ZM5 5L6 6", "m1 1 1 1zm4 4 1 1"),
    ],
)  # fmt: skip
def test_path_data_is_short(d: str, wanted: str) -> None:
    assert lean(d, 3) == wanted
    before = Path(parse(svg(f'<path d="{d}" stroke="#000"/>')).shapes[0].geometry.segments)  # type: ignore[union-attr]
    assert parse(svg(f'<path d="{wanted}" stroke="#000"/>')).shapes[0].geometry == before


NUMBERS = st.integers(-2000, 5000).map(lambda n: n / 100)
FLAGS = st.sampled_from((0.0, 1.0))
SEGMENTS = st.one_of(
    st.tuples(st.just("M"), st.tuples(NUMBERS, NUMBERS)), st.tuples(st.just("L"), st.tuples(NUMBERS, NUMBERS)),
    st.tuples(st.just("C"), st.tuples(*[NUMBERS] * 6)), st.tuples(st.just("Z"), st.just(())),
    st.tuples(
        st.just("A"),
        st.tuples(st.just(2.5), st.just(1.25), st.just(30.0), FLAGS, st.just(1.0), NUMBERS, NUMBERS),
    ),
)  # fmt: skip


@hypothesis.given(st.lists(SEGMENTS, min_size=1, max_size=12))
@hypothesis.settings(max_examples=40, deadline=None)
def test_short_path_data_reads_back_to_the_last_digit(segments: list[tuple[str, tuple[float, ...]]]) -> None:
    path = Path((("M", (1.0, 1.0)), ("L", (3.0, 2.0)), *segments))
    icon = parse(serialise(Icon((0, 0, 24, 24), (Shape(path, Look(fill="none", stroke="currentColor")),))))
    assert parse(lean_svg(drawing(icon))) == icon


# ---------------------------------------------------------------------------------------------------------------- png


def test_png_files_have_their_sizes_and_inks() -> None:
    from PIL import Image

    made = export(items()[:4], "png", Options(sizes=(16, 24), double=True, theme="both", color="#336699"))
    assert len(made.icons[1].files) == 8 and len(made.icons[0].files) == 16  # it has a second name
    for file, side, ink in (
        ("map-16.png", 16, (0x33, 0x66, 0x99)), ("map-24@2x.png", 48, (0x33, 0x66, 0x99)),
        ("map-24-dark.png", 24, (255, 255, 255)), ("map-16-dark@2x.png", 32, (255, 255, 255)),
    ):  # fmt: skip
        pixels = np.asarray(Image.open(io.BytesIO(made.files[file])))
        assert pixels.shape == (side, side, 4) and tuple(pixels[0, 0]) == (0, 0, 0, 0)
        assert tuple(np.median(pixels[pixels[..., 3] > 250][:, :3], axis=0)) == ink
    assert made.notes[0] == "the colours of badge are fixed: light and dark look the same"


# ------------------------------------------------------------------------------------------------------- React and Vue


def test_react_components_say_their_own_widths_and_nothing_twice() -> None:
    made = export(items(), "react")
    index = text(made, "index.ts")
    assert 'export { BellIcon } from "./BellIcon";\nexport { BellIcon as RingTheBellIcon } from "./BellIcon";' in index
    assert made.icons[1].files == ("MapIcon.tsx",) and made.icons[2].files == ("Icon24Hours.tsx",)
    code = text(made, "MapIcon.tsx")
    assert "strokeWidth = 2, title" in code and "strokeWidth={0.5 * Number(strokeWidth)}" in code
    assert "stroke-" not in code and "strokeWidth={strokeWidth}" in code and "strokeDasharray=" in code
    assert "strokeWidth" not in text(made, "Icon24Hours.tsx") and 'viewBox="-1 0 16 8"' in text(made, "FlagIcon.tsx")


@pytest.mark.parametrize("format", ["react", "vue"])
def test_components_hold_the_icons_own_elements(format: str) -> None:
    """The markup between the tags of the root, put back into plain SVG, is the icon."""
    made = export(items(), format)
    for icon, wanted in zip(made.icons, items(), strict=True):
        assert parse(_plain(text(made, icon.files[0]), format, component(entries([wanted])[0]).width)) == wanted.icon


def _plain(code: str, format: str, width: float | None) -> str:
    """A component's markup as the SVG that it gives when nothing is asked of it."""
    markup = code[code.index("<svg") : code.index("</svg>") + 6]
    if format == "react":
        markup = re.sub(r"\{title \?.*?null\}", "", markup)
        markup = re.sub(r"\{\.\.\.rest\}|\b(?:ref|width|height|color|role|aria-hidden)=\{[^}]*\}", "", markup)
        markup = re.sub(r"=\{(.*?)\}", r'="\1"', markup)
        for name in ("stroke", "fill", "clip", "stop"):
            markup = re.sub(rf"\b({name})([A-Z])(\w+)=", lambda m: f"{m[1]}-{m[2].lower()}{m[3]}=", markup)
    else:
        markup = re.sub(r'<title v-if.*?</title>|:(?:width|height|color|role|aria-hidden)="[^"]*"', "", markup)
        markup = markup.replace(" :", " ")
    markup = re.sub(r'"([\d.]+) \* Number\(strokeWidth\)"', lambda m: f'"{float(m[1]) * float(width or 0):g}"', markup)
    return markup.replace('"strokeWidth"', f'"{width}"')


def test_vue_components_take_the_same_properties() -> None:
    made = export(items(), "vue")
    code = text(made, "MapIcon.vue")
    assert "defineOptions" not in code and "{ size: 24, strokeWidth: 2 }" in code
    assert ':stroke-width="0.5 * Number(strokeWidth)"' in code and "{ size: 16 }" in text(made, "FlagIcon.vue")
    assert 'export { default as RingTheBellIcon } from "./BellIcon.vue";' in text(made, "index.ts")


# ------------------------------------------------------------------------------------------------------------- sprite


def test_each_symbol_of_the_sprite_is_its_icon() -> None:
    made = export(items(), "sprite")
    root = etree.fromstring(made.files["icons.svg"])
    symbols = {s.get("id"): s for s in root}
    assert list(symbols)[:4] == ["bell", "ring-the-bell", "map", "_24-hours"] and len(symbols) == 10
    ids = [e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids))
    for icon, wanted in zip(made.icons, items(), strict=True):
        symbol = symbols[icon.name if not icon.name[0].isdigit() else f"_{icon.name}"]
        box = symbol.get("viewBox")
        x, y, w, h = map(float, box.split())
        used = f'<use href="#{symbol.get("id")}" x="{x}" y="{y}" width="{w}" height="{h}"/>'
        seen = parse(svg(etree.tostring(symbol).decode() + used, box))  # as a browser would: through <use>
        assert apart(seen, wanted.icon) < 0.02, icon.name
    assert "icons.svg#bell" in text(made, "icons.txt") and "<" not in text(made, "icons.txt")


def test_titles_of_the_sprite_are_escaped() -> None:
    made = export(hostile_items(), "sprite")
    titles = [t.text for t in etree.fromstring(made.files["icons.svg"]).iter("{*}title")]
    assert titles[1] == "<script>alert(1)</script>" and titles[14] == "]]>&\"'" and len(titles) == len(HOSTILE)


# ------------------------------------------------------------------------------------------------------------ Iconify


def test_the_manifest_keeps_iconifys_format_and_our_own_reader_reads_it() -> None:
    made = export(items(), "iconify", Options(family="Ana's icons", author="ana"))
    data = json.loads(made.files["anas-icons.json"])
    check_iconify(data)
    assert data["aliases"] == {"ring-the-bell": {"parent": "bell"}} and data["categories"] == {
        "Signs": ["bell", "flag"]
    }
    assert data["info"] == {
        "name": "Anas icons", "total": 9, "author": {"name": "ana"},
        "license": {"title": "Own work; drawn from icons under ISC (see the attribution file)"},
        "samples": ["bell", "map", "24-hours", "badge", "duotone-cup", "sunset"], "height": [8, 24], "palette": False,
    }  # fmt: skip
    read = {c.name: c for c in candidates("anas-icons", {"kind": "ui"}, data, takes=None)}
    assert set(read) == {i.name for i in made.icons}
    for icon, wanted in zip(made.icons, items(), strict=True):
        left, top, width, height = read[icon.name].box
        assert parse_iconify(read[icon.name].body, width, height, left, top) == wanted.icon
    assert made.notes[0].startswith("badge, sunset have colours of their own")


def test_the_licence_of_a_set_that_is_all_of_one() -> None:
    data = json.loads(export(items()[:1], "iconify").files["icons.json"])
    assert data["info"]["license"] == {"title": "ISC", "spdx": "ISC"} and SOURCE.licence == "ISC"
    own = json.loads(export(items()[3:4], "iconify").files["icons.json"])["info"]
    assert own["license"] == {"title": "Own work"} and own["palette"] is True


def check_iconify(data: dict[str, Any]) -> None:
    """What the documentation of the types IconifyJSON, IconifyInfo, IconifyAlias and IconifyCategories asks for."""
    allowed = {"prefix", "icons", "aliases", "categories", "info", "width", "height", "left", "top"}
    assert set(data) <= allowed and NAME.fullmatch(data["prefix"]) and data["icons"]
    names = set(data["icons"]) | set(data.get("aliases", {}))
    assert all(NAME.fullmatch(name) for name in names)
    for icon in data["icons"].values():
        assert isinstance(icon["body"], str) and icon["body"].startswith("<") and "<svg" not in icon["body"]
        assert set(icon) <= {"body", "left", "top", "width", "height"}
        assert all(isinstance(v, int | float) for k, v in icon.items() if k != "body")
    assert all(set(a) == {"parent"} and a["parent"] in data["icons"] for a in data.get("aliases", {}).values())
    assert all(set(members) <= names for members in data.get("categories", {}).values())
    info = data["info"]
    assert isinstance(info["name"], str) and isinstance(info["author"]["name"], str) and info["license"]["title"]
    assert info["total"] == len(data["icons"]) and set(info["samples"]) <= names and isinstance(info["palette"], bool)
