"""A picture of an icon for the terminal: half blocks, two pixels to a character.

Contract. ``terminal(icon, columns) -> str``: ``columns`` characters wide, half as many lines, no newline at the end.
With ``ansi`` (24-bit colour) the icon stands on a card of its own ``background``, so that it reads on light and dark
terminals alike; without, plain `` ▀▄█`` by coverage, for pipes and NO_COLOR. For rich: ``Text.from_ansi(...)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svggen.render.renderers import Renderer, default_renderer

if TYPE_CHECKING:
    from svggen.icon import Icon

__all__ = ["terminal"]


def terminal(
    icon: Icon,
    columns: int = 28,
    *,
    color: str = "#14171c",
    background: str = "#ffffff",
    ansi: bool = True,
    renderer: Renderer | None = None,
) -> str:
    """The icon as lines of text; ValueError for fewer than 4 or more than 400 columns."""
    if not 4 <= columns <= 400:
        raise ValueError(f"{columns} columns: wanted 4..400")
    size = columns + columns % 2  # an even number of pixel rows
    draw = renderer or default_renderer()
    if not ansi:
        alpha = draw.render(icon, size, color="#000000", background=None)[:, :columns, 3] >= 90
        blocks = " ▄▀█"
        rows = zip(alpha[::2].tolist(), alpha[1::2].tolist(), strict=True)
        return "\n".join("".join(blocks[2 * a + b] for a, b in zip(up, low, strict=True)).rstrip() for up, low in rows)
    pixels = draw.render(icon, size, color=color, background=background)[:, :columns, :3].tolist()
    lines = []
    for upper, lower in zip(pixels[::2], pixels[1::2], strict=True):
        parts, last = [], None
        for up, low in zip(upper, lower, strict=True):
            if (up, low) != last:
                parts.append("\x1b[38;2;{};{};{};48;2;{};{};{}m".format(*up, *low))
                last = (up, low)
            parts.append("▀")
        lines.append("".join(parts) + "\x1b[0m")
    return "\n".join(lines)
