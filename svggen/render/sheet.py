"""Contact sheets: many icons on one PNG, on a light and on a dark ground, with labels.

Contract. ``contact_sheet(items, ...) -> bytes`` (PNG, RGB). Every icon is drawn at its true size in px, never scaled
after rendering. Labels that are too long break once and then end in an ellipsis; nothing is clipped. ``currentColor``
is near-black on light grounds and near-white on dark ones. Deterministic for the same items and renderer.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from svggen.render.renderers import Renderer, WorkerRenderer, default_renderer, rgb

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

    from svggen.icon import Icon

__all__ = ["contact_sheet"]

LIGHT, DARK = "#ffffff", "#16181d"
PAGE, TITLE_INK = "#eef0f3", "#1b1f24"
SIDE_BY_SIDE = 1500
"""Panels stand side by side while the whole stays under this many px, else one below the other."""


class _Ground(NamedTuple):
    color: str
    ink: str
    label: str
    line: str


def _ground(color: str) -> _Ground:
    red, green, blue = rgb(color)
    dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128
    return _Ground(color, *(("#f2f4f7", "#98a1ad", "#2a2e36") if dark else ("#14171c", "#6b7480", "#e6e9ed")))


class _Tile(NamedTuple):
    """Measures of one tile in px: its box, the label's lines and the font."""

    width: int
    height: int
    picture: int
    lines: list[list[str]]
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    leading: int


def contact_sheet(
    items: Sequence[Icon] | Sequence[tuple[Icon, str]],
    *,
    labels: Sequence[str] | None = None,
    cell: int = 64,
    sizes: Sequence[int] | None = None,
    columns: int | None = None,
    backgrounds: Sequence[str] = (LIGHT, DARK),
    title: str | None = None,
    marks: Sequence[str | None] | None = None,
    renderer: Renderer | None = None,
) -> bytes:
    """PNG bytes of ``items`` (icons, or pairs of icon and label) in a grid, once for each of ``backgrounds``.

    cell: px of each icon. sizes: instead of one picture, each tile shows the icon at all of these px, side by side.
    columns: tiles in a row; by default about as wide as high. labels: one for each item, under it. title: one line on
    top. marks: for each item the colour of a frame around its picture, or None. ValueError for no items, no grounds, or
    labels or marks of another count.
    """
    from PIL import Image, ImageDraw

    icons, words = _split(items, labels)
    if not backgrounds:
        raise ValueError("a contact sheet needs a background")
    if marks is not None and len(marks) != len(icons):
        raise ValueError(f"{len(marks)} marks for {len(icons)} icons")
    px = tuple(sizes) if sizes else (cell,)
    columns = min(len(icons), columns or _columns(len(icons), len(px)))
    if columns < 1:
        raise ValueError("a contact sheet needs at least one column")
    tile = _tile(px, words)
    rows = -(-len(icons) // columns)
    pad, gap = 28, 20
    width, height = columns * tile.width + 2 * pad, rows * tile.height + 2 * pad
    beside = len(backgrounds) * (width + gap) <= SIDE_BY_SIDE
    across, down = (len(backgrounds), 1) if beside else (1, len(backgrounds))
    page_width = across * width + (across + 1) * gap
    heading = _lines(title, page_width - 2 * gap - 8, _font(22)) if title else []
    top = gap + 32 * len(heading)
    page = Image.new("RGB", (page_width, top + down * (height + gap)), PAGE)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(heading):
        draw.text((gap + 4, gap - 4 + 32 * number), line, font=_font(22), fill=TITLE_INK)
    for number, color in enumerate(backgrounds):
        left = gap + (number % across) * (width + gap)
        upper = top + (number // across) * (height + gap)
        ground = _ground(color)
        _rounded(page, (left, upper), (width, height), ground.color)
        places = [
            (left + pad + (i % columns) * tile.width, upper + pad + (i // columns) * tile.height)
            for i in range(len(icons))
        ]
        _frames(draw, places, marks or [], inner=sum(px) + 18 * (len(px) - 1), tile=tile)
        _panel(page, draw, icons, px, places, tile, ground, renderer or default_renderer())
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _split(items: Sequence[Any], labels: Sequence[str] | None) -> tuple[list[Icon], list[str]]:
    if not items:
        raise ValueError("a contact sheet needs at least one icon")
    pairs = [item if isinstance(item, tuple) else (item, "") for item in items]
    words = [label for _icon, label in pairs] if labels is None else list(labels)
    if len(words) != len(pairs):
        raise ValueError(f"{len(words)} labels for {len(pairs)} icons")
    return [icon for icon, _label in pairs], words


def _columns(count: int, pictures: int) -> int:
    if count <= 6 and pictures == 1:
        return count
    return max(1, round(math.sqrt(count * 1.6) / (1.0 if pictures == 1 else 1.8)))


def _tile(px: tuple[int, ...], words: Sequence[str]) -> _Tile:
    picture = max(px)
    inner = sum(px) + 18 * (len(px) - 1)
    label_size = 12 if picture < 96 else 14
    font = _font(label_size)
    width = max(inner + 32, 92) if any(words) else inner + 28
    lines = [_lines(word, width - 14, font)[:2] for word in words]
    most = max(len(line) for line in lines)
    leading = label_size + 4
    return _Tile(width, picture + 28 + (most * leading + 8 if most else 0), picture, lines, font, leading)


def _panel(
    page: Image.Image,
    draw: ImageDraw.ImageDraw,
    icons: list[Icon],
    px: tuple[int, ...],
    places: Sequence[tuple[int, int]],
    tile: _Tile,
    ground: _Ground,
    renderer: Renderer,
) -> None:
    from PIL import Image

    inner = sum(px) + 18 * (len(px) - 1)
    offset = (tile.width - inner) // 2
    for size in px:
        for (x, y), pixels in zip(places, _pictures(renderer, icons, size, ground), strict=True):
            picture = Image.fromarray(pixels, "RGBA")
            page.paste(picture, (x + offset, y + 14 + (tile.picture - size) // 2), picture)
        offset += size + 18
    for (x, y), lines in zip(places, tile.lines, strict=True):
        for number, line in enumerate(lines):
            at = (x + tile.width / 2, y + tile.picture + 28 + number * tile.leading)
            draw.text(at, line, font=tile.font, fill=ground.label, anchor="ma")


def _frames(
    draw: ImageDraw.ImageDraw,
    places: Sequence[tuple[int, int]],
    marks: Sequence[str | None],
    *,
    inner: int,
    tile: _Tile,
) -> None:
    """A frame around the pictures of each marked item, 6 px away from them."""
    left = (tile.width - inner) // 2 - 6
    for (x, y), mark in zip(places, marks, strict=False):
        if mark is not None:
            box = (x + left, y + 8, x + left + inner + 12, y + 20 + tile.picture)
            draw.rounded_rectangle(box, radius=6, outline=mark, width=2)


def _pictures(renderer: Renderer, icons: list[Icon], size: int, ground: _Ground) -> list[Any]:
    if isinstance(renderer, WorkerRenderer):
        return list(renderer.render_many(icons, size, color=ground.ink, background=None))
    return [renderer.render(icon, size, color=ground.ink, background=None) for icon in icons]


def _rounded(page: Image.Image, at: tuple[int, int], size: tuple[int, int], color: str) -> None:
    """A panel with smooth round corners: the four corners are drawn four times as large and scaled down."""
    from PIL import Image, ImageDraw

    radius = 14
    page.paste(color, (*at, at[0] + size[0], at[1] + size[1]))
    mask = Image.new("L", (8 * radius, 8 * radius), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 8 * radius - 1, 8 * radius - 1), fill=255)
    mask = mask.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)
    for right in (0, 1):
        for low in (0, 1):
            box = (right * radius, low * radius, (right + 1) * radius, (low + 1) * radius)
            corner = Image.composite(
                Image.new("RGB", (radius, radius), color), Image.new("RGB", (radius, radius), PAGE), mask.crop(box)
            )
            page.paste(corner, (at[0] + right * (size[0] - radius), at[1] + low * (size[1] - radius)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _lines(text: str, width: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> list[str]:
    """``text`` in at most two lines of ``width`` px, broken at spaces, hyphens or colons; an ellipsis for the rest."""
    text = " ".join(text.split())
    if not text:
        return []
    if font.getlength(text) <= width:
        return [text]
    cut = _fit(text, width, font)
    breaks = [i + 1 for i, c in enumerate(text[:cut]) if c in " -_:/"]
    cut = breaks[-1] if breaks else cut
    rest = text[cut:].strip()
    if font.getlength(rest) > width:
        rest = rest[: _fit(rest, width - font.getlength("…"), font)].rstrip(" -_:/") + "…"
    return [text[:cut].strip(), rest]


def _fit(text: str, width: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> int:
    """How many leading characters fit into ``width`` px; at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    return low
