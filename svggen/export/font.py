"""An icon font: TrueType and WOFF2 with a character and a ligature for each icon, and the style sheet that uses them.

Contract. Glyphs are outlines (``outlines.py``): a font has one ink, and what that loses is said in the notes. The
canvas is the em: an icon set in 24 px is 24 px wide and high, 3 of them below the base line. Characters are in the
private use area and stay what they are (``codepoints.py``); a text that is an icon's name becomes the icon, and
letters alone show nothing. WOFF2 where brotli is installed, else WOFF. Same icons, same bytes. Errors: ``ExportError``
where fontTools is missing, or none of the icons has an outline.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import ExportError, GeometryError
from svggen.export import codepoints
from svggen.export.items import Entry, Made, Options, listed
from svggen.export.outlines import CANVAS, Contour, silhouette

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

__all__ = ["EM", "Glyph", "build", "make"]

EM: Final = 2400
"""Units of an em: 100 to a pixel of the 24 px canvas, so that rounding to whole units moves nothing that is seen."""
DESCENT: Final = EM // 8
_ERROR: Final = 0.75  # units that a quadratic may be off its cubic
_WRITTEN: Final = 3_786_825_600
"""Seconds from 1904 to 2024: fonts carry a date, and ours must not depend on the day."""
_LOST = {
    "colours": "a font has one colour: those of {} were dropped",
    "tints": "tints of less than half opacity were left out of {}",
    "gradients": "gradients became plain areas in {}",
}
_CSS = """\
/* An icon is an empty element with two classes, "{family} {family}-{first}", or a text that is the icon's name in an
   element of the class "{family}". */

@font-face {{
  font-family: "{family}";
  src: url("{family}.{web}") format("{web}"), url("{family}.ttf") format("truetype");
  font-weight: normal;
  font-style: normal;
  font-display: block;
}}

.{family} {{
  font-family: "{family}";
  font-weight: normal;
  font-style: normal;
  font-variant: normal;
  font-feature-settings: "liga";
  line-height: 1;
  letter-spacing: 0;
  text-transform: none;
  white-space: nowrap;
  -webkit-font-smoothing: antialiased;
  -moz-osx-font-smoothing: grayscale;
}}

"""


@dataclass(frozen=True)
class Glyph:
    """contours: as ``outlines`` gives them. names: what the ligatures are called, the first gives
    the glyph its name."""

    names: tuple[str, ...]
    point: int
    contours: tuple[Contour, ...]


def make(entries: list[Entry], options: Options) -> Made:
    """``icons.ttf``, ``icons.woff2``, ``icons.css`` and ``codepoints.json``."""
    if find_spec("fontTools") is None:
        raise ExportError("a font is written by fontTools, which is missing: pip install 'mnemicon[export]'")
    drawn, lost, failed = _outlines(entries)
    if not drawn:
        raise ExportError(f"none of the icons has an outline: {'; '.join(failed.values())}")
    points = codepoints.read(options.codepoints).with_entries(entry for entry, _ in drawn)
    glyphs = [Glyph((e.name, *e.aliases), points.by_name[e.name][0], contours) for e, contours in drawn]
    font = build(glyphs, options.family)
    web = "woff2" if find_spec("brotli") is not None else "woff"
    family = options.family
    files = {
        f"{family}.ttf": _saved(font),
        f"{family}.{web}": _saved(font, web),
        f"{family}.css": _css(glyphs, family, web).encode(),
        codepoints.FILE: points.text().encode(),
    }
    notes = [_LOST[what].format(listed(names)) for what, names in lost.items() if names]
    notes += [f"{name} was left out: {why}" for name, why in failed.items()]
    if web == "woff":
        notes.append("brotli is missing, so that WOFF was written and not WOFF2: pip install 'mnemicon[export]'")
    of = {entry.name: tuple(n for n in files if n != codepoints.FILE) for entry, _ in drawn}
    return Made(files, of, tuple(notes))


def _outlines(
    entries: Iterable[Entry],
) -> tuple[list[tuple[Entry, tuple[Contour, ...]]], dict[str, list[str]], dict[str, str]]:
    """(icons with their outline, the names of those that lost something by what it was, why others have none)."""
    drawn: list[tuple[Entry, tuple[Contour, ...]]] = []
    lost: dict[str, list[str]] = {what: [] for what in _LOST}
    failed: dict[str, str] = {}
    for entry in entries:
        try:
            found = silhouette(entry.item.icon)
        except GeometryError as error:
            failed[entry.name] = str(error)
            continue
        drawn.append((entry, found.contours))
        for what in found.lost:
            lost[what].append(entry.name)
    return drawn, lost, failed


def build(glyphs: list[Glyph], family: str) -> TTFont:
    """The font. family: letters, digits and hyphens."""
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
    from fontTools.fontBuilder import FontBuilder

    used = sorted({" ", *(c for glyph in glyphs for name in glyph.names for c in name)})
    letters = {ord(c): f"uni{ord(c):04X}" for c in used}
    names = {g.point: _glyph_name(g) for g in glyphs}
    shapes = {".notdef": _box(), **{name: _drawn(()) for name in letters.values()}}
    shapes |= {_glyph_name(g): _drawn(g.contours) for g in glyphs}
    builder: Any = FontBuilder(EM, isTTF=True)
    builder.setupHead(unitsPerEm=EM, created=_WRITTEN, modified=_WRITTEN)
    builder.setupGlyphOrder(list(shapes))
    builder.setupCharacterMap({**letters, **names})
    builder.setupGlyf(shapes)
    silent = {name: (0, 0) for name in letters.values()}
    metrics = {name: (EM, glyph.xMin if glyph.numberOfContours else 0) for name, glyph in shapes.items()}
    builder.setupHorizontalMetrics({**metrics, **silent})
    ascent = EM - DESCENT
    builder.setupHorizontalHeader(ascent=ascent, descent=-DESCENT, lineGap=0)
    builder.setupNameTable({
        "familyName": family, "styleName": "Regular", "uniqueFontIdentifier": f"mnemicon: {family}",
        "fullName": family, "psName": f"{family}-Regular"[:63], "version": "Version 1.000",
    })  # fmt: skip
    builder.setupOS2(
        sTypoAscender=ascent, sTypoDescender=-DESCENT, sTypoLineGap=0, usWinAscent=ascent, usWinDescent=DESCENT,
        fsType=0, achVendID="NONE",
    )  # fmt: skip
    builder.setupPost()
    addOpenTypeFeaturesFromString(builder.font, _features(glyphs, letters))
    font: TTFont = builder.font
    return font


def _glyph_name(glyph: Glyph) -> str:
    return f"icon.{glyph.names[0].replace('-', '_')}"


def _features(glyphs: list[Glyph], letters: Mapping[int, str]) -> str:
    """Ligatures: the letters of a name become its icon. A name of one letter is no ligature but a plain exchange."""
    ligatures: list[str] = []
    singles: list[str] = []
    for glyph in glyphs:
        for name in glyph.names:
            spelled = " ".join(letters[ord(c)] for c in name)
            (ligatures if len(name) > 1 else singles).append(f"    sub {spelled} by {_glyph_name(glyph)};")
    # Lookups run in turn: the single letters that are left after the names have been found.
    lookups = "".join(
        f"  lookup {title} {{\n" + "\n".join(rows) + f"\n  }} {title};\n"
        for title, rows in (("names", ligatures), ("letters", singles))
        if rows
    )
    return f"languagesystem DFLT dflt;\nlanguagesystem latn dflt;\nfeature liga {{\n{lookups}}} liga;\n"


def _drawn(contours: Iterable[Contour]) -> Any:
    """A TrueType glyph: quadratics in whole units, y upwards."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.roundingPen import RoundingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    written: Any = TTGlyphPen(None)
    pen: Any = Cu2QuPen(RoundingPen(written), _ERROR)
    for contour in contours:
        for command, v in contour:
            points = [(v[i] * EM / CANVAS, EM - DESCENT - v[i + 1] * EM / CANVAS) for i in range(0, len(v), 2)]
            {"M": pen.moveTo, "L": pen.lineTo, "Q": pen.qCurveTo, "C": pen.curveTo}[command](*points)
        pen.closePath()
    return written.glyph()


def _box() -> Any:
    """What stands for characters that the font does not have: an empty square."""
    outer: Contour = (("M", (4, 4)), ("L", (20, 4)), ("L", (20, 20)), ("L", (4, 20)))
    inner: Contour = (("M", (6, 6)), ("L", (6, 18)), ("L", (18, 18)), ("L", (18, 6)))
    return _drawn((outer, inner))


def _css(glyphs: list[Glyph], family: str, web: str) -> str:
    rules = [
        f'.{family}-{name}::before {{ content: "\\{glyph.point:x}"; }}\n' for glyph in glyphs for name in glyph.names
    ]
    return _CSS.format(family=family, web=web, first=glyphs[0].names[0]) + "".join(rules)


def _saved(font: TTFont, flavor: str | None = None) -> bytes:
    out = io.BytesIO()
    font.flavor = flavor
    font.save(out)
    font.flavor = None
    return out.getvalue()
