"""Facts: what is kept of one icon when a set is looked at as a whole.

Contract. ``facts_of`` takes icons that are safe already and gives one ``Facts`` each, in order: what ``svggen.style``
measures, what its picture weighs, and what the judge sees. Small (3 kB) and without the pictures they rest on, so that
10,000 icons fit in memory. Lengths are units of a 24 px canvas. About 8 ms an icon on two quiet cores, the judge half
of it, beside the measuring on a thread of its own. Errors: ``RenderError``, ``WeightsError``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from svggen.geometry import ink_bounds
from svggen.icon import Icon
from svggen.judge.judge import default_judge
from svggen.judge.pictures import pictures
from svggen.style.analysis import Analysis, analyse_many
from svggen.style.sets import Member, member_of

if TYPE_CHECKING:
    from svggen.judge.judge import Seen

__all__ = ["SMALL", "Facts", "facts_of"]

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

SMALL: Final = 16
"""px at which icons are compared for being taken for one another."""
BATCH: Final = 64
_BLUR: Final = 1.5
"""Units: the eye's blur in which density is measured, as in the linter's rule 8."""
_INK: Final = 24
"""Levels of 255 by which a pixel differs from white where there is ink."""
_ON_GRID: Final = 0.02
"""Own units by which a point may miss the half-pixel grid."""


@dataclass(frozen=True, slots=True)
class Facts:
    """member: what the icon contributes to the style of its set (``member.spec`` is its measured style). canvas: sides
    of the viewBox, own units. box: x0, y0, x1, y1 of the ink, None for a blank icon. ink: share of the canvas, 0..1.
    density: of the darkest spot, blurred, 0..1. solid: share of the ink that is deeper than a line, 0..1. on_grid:
    share of the coordinates on half units of its own canvas, None without any. caps: weight of butt, round and square
    line ends that show. joins: weight of mitre, round and bevel. sharp, rounded: weight of the sharp and of the rounded
    corners. radius: of the corners, None where there are too few to tell. palette: colours by area. vector: style
    vector. style, concept: the judge's. small: uint8 (16, 16, 3), RGB on
    white, the ink moved to the middle. cut: units by which the drawing goes beyond its canvas, 0 or less where it does
    not."""

    member: Member
    canvas: tuple[float, float]
    box: tuple[float, float, float, float] | None
    ink: float
    density: float
    solid: float
    on_grid: float | None
    caps: tuple[float, float, float]
    joins: tuple[float, float, float]
    sharp: float
    rounded: float
    radius: float | None
    palette: tuple[str, ...]
    vector: Floats
    style: Floats
    concept: Floats
    small: Pixels
    cut: float


def facts_of(icons: Sequence[Icon], tell: Callable[[int], None] = lambda done: None) -> list[Facts]:
    """tell: called with the number of icons done after each batch."""
    found: list[Facts] = []
    with ThreadPoolExecutor(max_workers=1) as judging:
        for start in range(0, len(icons), BATCH):
            batch = icons[start : start + BATCH]
            pixels = pictures(batch)
            seeing = judging.submit(default_judge().see, pixels)
            looks = analyse_many(batch)
            seen = seeing.result()
            found += [
                _facts(icon, look, pixels[i], seen, i) for i, (icon, look) in enumerate(zip(batch, looks, strict=True))
            ]
            tell(len(batch))
    return found


def _facts(icon: Icon, look: Analysis, pixels: Pixels, seen: Seen, at: int) -> Facts:
    drawn = look.outline
    corners = [(radius, weight) for radius, weight in drawn.corners if weight > 0]
    sharp = sum(weight for radius, weight in corners if radius < 0.2)
    step = pixels.shape[0] // SMALL
    return Facts(
        member=member_of(look),
        canvas=(icon.viewbox[2], icon.viewbox[3]),
        box=look.box,
        ink=look.ink.area / 576.0,
        density=_density(look),
        solid=look.ink.solid_share,
        on_grid=_on_grid(icon, look),
        caps=(drawn.caps["butt"], drawn.caps["round"], drawn.caps["square"]),
        joins=(drawn.joins["miter"], drawn.joins["round"], drawn.joins["bevel"]),
        sharp=sharp,
        rounded=sum(weight for _, weight in corners) - sharp,
        radius=look.spec.corner_radius,
        palette=look.colours.palette,
        vector=look.vector,
        style=seen.style[at],
        concept=seen.concept[at],
        small=_centred(pixels).reshape(SMALL, step, SMALL, step, 3).mean(axis=(1, 3)).round().astype(np.uint8),
        cut=_cut(icon),
    )


def _centred(pixels: Pixels) -> Pixels:
    """The picture with its ink in the middle, to a pixel: where an icon stands does not tell what it is."""
    ink = (255 - pixels).max(axis=2) > _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return pixels
    side = len(pixels)
    top, left = (side - (rows[-1] - rows[0] + 1)) // 2, (side - (columns[-1] - columns[0] + 1)) // 2
    cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    out = np.full_like(pixels, 255)
    out[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return out


def _cut(icon: Icon) -> float:
    box = ink_bounds(icon)
    if box is None:
        return 0.0
    x, y, width, height = icon.viewbox
    return max(x - box[0], y - box[1], box[2] - x - width, box[3] - y - height) * 24.0 / max(width, height)


def _density(look: Analysis) -> float:
    from scipy import ndimage

    side = look.ink.full.shape[0] // 24
    small = look.ink.full.reshape(24, side, 24, side).mean(axis=(1, 3))
    return float(ndimage.gaussian_filter(small, _BLUR, mode="constant").max())


def _on_grid(icon: Icon, look: Analysis) -> float | None:
    if not look.outline.vertices:
        return None
    at = np.asarray(look.outline.vertices) * (max(icon.viewbox[2:]) / 24.0 * 2)
    return float((np.abs(at - np.rint(at)) < 2 * _ON_GRID).mean())
