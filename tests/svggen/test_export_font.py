"""Icon fonts, read back by fontTools and shaped by HarfBuzz: glyphs, ligatures, characters that stay, what is lost."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from export_icons import BODIES, apart, item, items, named, svg, text

from svggen.errors import ExportError, GeometryError
from svggen.export import Item, Options, export
from svggen.export.codepoints import read
from svggen.export.outlines import silhouette
from svggen.geometry import fit_canvas
from svggen.icon import Icon, icon_id, parse


def glyph_icon(font: Any, point: int) -> Icon:
    """A glyph, drawn by fontTools, as an icon on the 24 px canvas: the inverse of what a text renderer does."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    scale, glyphs = 24 / font["head"].unitsPerEm, font.getGlyphSet()
    pen = SVGPathPen(glyphs)
    glyphs[font.getBestCmap()[point]].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, font["hhea"].ascent * scale)))
    return parse(svg(f'<path d="{pen.getCommands()}"/>'))


def test_the_glyphs_of_the_font_are_the_icons() -> None:
    from fontTools.ttLib import TTFont

    made = export(items(), "font")
    assert set(made.files) == {"icons.ttf", "icons.woff2", "icons.css", "codepoints.json", "ATTRIBUTION.txt"}
    points = {
        name: int(row["codepoint"], 16) for name, row in json.loads(made.files["codepoints.json"])["icons"].items()
    }
    assert list(points.values()) == list(range(0xE001, 0xE00A)) and list(points) == named(made)
    for file in ("icons.ttf", "icons.woff2"):
        font = TTFont(io.BytesIO(made.files[file]))
        assert {p for p in font.getBestCmap() if p >= 0xE000} == set(points.values())
    for icon, wanted in zip(made.icons, items(), strict=True):
        if wanted.words in ("badge", "duotone cup", "moon", "sunset"):
            continue
        assert apart(glyph_icon(font, points[icon.name]), fit_canvas(wanted.icon)) < 0.1, icon.name
        assert font["hmtx"][font.getBestCmap()[points[icon.name]]][0] == font["head"].unitsPerEm
    assert font["hhea"].ascent - font["hhea"].descent == font["head"].unitsPerEm == 2400
    css = text(made, "icons.css")
    assert (
        '.icons-bell::before { content: "\\e001"; }' in css
        and '.icons-ring-the-bell::before { content: "\\e001"; }' in css
    )


def test_what_one_ink_cannot_show_is_said() -> None:
    made = export(items(), "font")
    assert made.notes[:3] == (
        "a font has one colour: those of badge, sunset were dropped",
        "tints of less than half opacity were left out of duotone-cup",
        "gradients became plain areas in sunset",
    )


@pytest.mark.parametrize(
    ("words", "glyph", "lost"),
    [
        ("duotone cup", BODIES["duotone cup"].partition("/>")[2], ("tints",)),
        ("badge", '<mask id="m"><rect width="24" height="24" fill="#fff"/><path d="M7 12l4 4 6-8" fill="none" '
         'stroke="#000" stroke-width="2"/></mask><circle cx="12" cy="12" r="10" mask="url(#m)"/>', ("colours",)),
        ("moon", BODIES["moon"], ()),
    ],
)  # fmt: skip
def test_colours_become_ink_and_holes(words: str, glyph: str, lost: tuple[str, ...]) -> None:
    found = silhouette(item(words, BODIES[words]).icon)
    assert found.lost == lost and apart(_contours(found.contours), parse(svg(glyph))) < 0.1


def test_a_white_icon_is_ink_all_the_same() -> None:
    white = silhouette(
        item("x", '<circle cx="9" cy="12" r="5" fill="#fff"/><circle cx="18" cy="12" r="3" fill="#fefefe"/>').icon
    )
    assert len(white.contours) == 2 and white.lost == ("colours",)


def test_an_outline_that_comes_out_wrong_is_worked_out_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """skia drops pieces of this stroke when it is simplified at one go (heroicons, MIT)."""
    from svggen.export import outlines

    d = (
        "M6.429 9.75L2.25 12L6.429 14.25M6.429 9.75L12 12.75L17.571 9.75M6.429 9.75L2.25 7.5L12 2.25L21.75 7.5L17.571 "
        "9.75M17.571 9.75L21.75 12L17.571 14.25M17.571 14.25L21.75 16.5L12 21.75L2.25 16.5L6.429 14.25M17.571 14.25L12 "
        "17.25L6.429 14.25"
    )
    icon = parse(svg(f'<path d="{d}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" '
                     'stroke-linejoin="round"/>'))  # fmt: skip
    assert apart(_contours(silhouette(icon).contours), icon) < 0.1
    monkeypatch.setattr(outlines, "_WAYS", (outlines._whole,))
    with pytest.raises(GeometryError, match="cannot be worked out"):
        silhouette(icon)
    assert (
        "was left out: its outline"
        in export([item("ok", BODIES["bell"]), Item(icon_id(icon), "no", icon)], "font").notes[-1]
    )
    with pytest.raises(ExportError, match="none of the icons"):
        export([Item(icon_id(icon), "no", icon)], "font")


def _contours(contours: Any) -> Icon:
    d = " ".join(c + " ".join(f"{x:.4f}" for x in v) for contour in contours for c, v in (*contour, ("Z", ())))
    return parse(svg(f'<path d="{d}"/>'))


def test_a_name_is_a_ligature_and_letters_alone_are_nothing() -> None:
    """Shaped by HarfBuzz (Pillow's Raqm): the text "bell" is the glyph of the bell."""
    from PIL import Image, ImageDraw, ImageFont, features

    made = export(items(), "font")
    font = ImageFont.truetype(io.BytesIO(made.files["icons.ttf"]), 48)

    def picture(words: str) -> np.ndarray:
        image = Image.new("L", (160, 60))
        ImageDraw.Draw(image).text((4, 4), words, font=font, fill=255)
        return np.asarray(image)

    assert picture("be").max() == 0 and picture("\ue001").max() == 255
    if not features.check("raqm"):
        pytest.skip("Pillow has no Raqm here: ligatures cannot be shaped")
    for words, point in (("bell", "\ue001"), ("ring-the-bell", "\ue001"), ("24-hours", "\ue003"), ("map", "\ue002")):
        assert np.array_equal(picture(words), picture(point)), words
    assert np.array_equal(picture("bellmap"), picture("\ue001\ue002"))


def test_characters_stay_what_they_were() -> None:
    first = export(items(), "font")
    held = read(first.files["codepoints.json"])
    redrawn = item("badge", '<rect x="3" y="3" width="18" height="18" fill="#e11d48"/>')
    other_bell = item("bell", '<path d="M4 4h16v16z"/>')
    new = [
        other_bell,
        redrawn,
        *(i for i in items() if i.words not in ("badge", "Map")),
        item("new", BODIES["Map"] + "<path d='M1 1h3v3z'/>"),
    ]
    second = export(new, "font", Options(codepoints=first.files["codepoints.json"]))
    now = read(second.files["codepoints.json"])
    by_id = {i.id: i.name for i in second.icons}
    assert by_id[items()[0].id] == "bell" and by_id[other_bell.id] == "bell-2"  # whoever came first keeps the name
    for name in ("bell", "24-hours", "badge", "flag"):
        assert now.by_name[name][0] == held.by_name[name][0], name
    assert now.by_name["badge"][1] == redrawn.id and now.by_name["map"] == held.by_name["map"]  # not given away
    assert {now.by_name[n][0] for n in ("bell-2", "new")} == {0xE00A, 0xE00B}
    again = export(new, "font", Options(codepoints=second.files["codepoints.json"]))
    assert again.files == second.files


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("nothing", "no JSON"), ("[]", "no icons"), ('{"version": 2, "icons": {}}', "update mnemicon"),
        ('{"version": 1, "icons": {"../x": {"codepoint": "e001", "id": "' + "0" * 64 + '"}}}', "no name or id"),
        ('{"version": 1, "icons": {"x": {"codepoint": "0041", "id": "' + "0" * 64 + '"}}}', "private use"),
        ('{"version": 1, "icons": {"x": {"codepoint": 7, "id": "' + "0" * 64 + '"}}}', "no character"),
        ('{"version": 1, "icons": {"x": {"codepoint": "e001", "id": "' + "0" * 64 + '"}, "y": {"codepoint": "e001", '
         '"id": "' + "1" * 64 + '"}}}', "same character"),
        ("[" * 100_000, "no JSON"),
    ],
)  # fmt: skip
def test_a_damaged_list_of_characters_is_refused(data: str, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        export(items()[:1], "font", Options(codepoints=data.encode()))


def test_after_the_first_private_use_area_comes_the_second() -> None:
    full = {"version": 1, "icons": {"old": {"codepoint": "f8ff", "id": "0" * 64}}}
    made = export(items()[:2], "font", Options(codepoints=json.dumps(full).encode()))
    assert {read(made.files["codepoints.json"]).by_name[n][0] for n in ("bell", "map")} == {0xF0000, 0xF0001}
    assert '"\\f0000"' in text(made, "icons.css")


def test_without_fonttools_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from svggen.export import font

    monkeypatch.setattr(font, "find_spec", lambda name: None)
    with pytest.raises(ExportError, match=r"mnemicon\[export\]"):
        export(items()[:1], "font")
    monkeypatch.setattr(font, "find_spec", lambda name: None if name == "brotli" else object())
    made = export(items()[1:2], "font")
    assert "icons.woff" in made.files and "WOFF was written" in made.notes[-1]
