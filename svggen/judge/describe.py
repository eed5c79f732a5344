"""What does this SVG or picture show, and in what style? Labels best first, and a measured style.

Contract. ``describe`` takes an ``Icon`` or a picture uint8 (h, w, 3) and gives ``Description``: up to ``top`` labels,
best first, and the style. A label's score is the judge's (0..1: the share of real icons that show less surely what they
are named after). The style of an icon is ``svggen.style.measure``; of a picture only what pixels show is measured:
mode, palette, line width, two tones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from svggen.icon import Icon
from svggen.style import Mode, StyleSpec

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.judge.judge import Judge
    from svggen.judge.labels import Labels

    Pixels: TypeAlias = npt.NDArray[np.uint8]

__all__ = ["TOP", "Description", "Label", "describe", "picture_style"]

TOP = 20
"""Labels of one description."""
_CLEAR = 0.75
"""Cover from which a pixel shows its paint and not its edge."""
_BLACK = 60
"""Sum of the channels, of 765, below which an ink counts as currentColor."""


@dataclass(frozen=True)
class Label:
    """A concept and its score, 0..1."""

    label: str
    score: float


@dataclass(frozen=True)
class Description:
    """labels, best first; style: the fields that could be measured."""

    labels: tuple[Label, ...]
    style: StyleSpec

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: ``{"labels": [{"label", "score"}], "style": {...}}``."""
        return {
            "labels": [{"label": label.label, "score": round(label.score, 4)} for label in self.labels],
            "style": self.style.to_dict(),
        }


def describe(
    thing: Icon | Pixels, *, labels: Labels | None = None, judge: Judge | None = None, top: int = TOP
) -> Description:
    """labels, judge: what ships where None. Errors: ``WeightsError``, ``RenderError``."""
    import numpy as np

    from svggen.judge.judge import default_judge
    from svggen.judge.labels import shipped_labels
    from svggen.judge.pictures import seen_picture
    from svggen.style import measure

    judge = default_judge() if judge is None else judge
    labels = shipped_labels() if labels is None else labels
    if isinstance(thing, Icon):
        seen, style = judge.see([thing]), measure(thing)
    else:
        seen, style = judge.see(seen_picture(thing)[None]), picture_style(thing)
    cosines = labels.vectors @ seen.concept[0]
    best = np.argsort(-cosines, kind="stable")[:top]
    return Description(tuple(Label(labels.words[i], judge.score("concept", float(cosines[i]))) for i in best), style)


def picture_style(picture: Pixels) -> StyleSpec:
    """Mode, palette, line width (of a 24 px canvas that the ink fills as icons do) and second tone, from pixels."""
    import numpy as np

    from svggen.judge.pictures import seen_picture
    from svggen.style import colours, raster

    seen = seen_picture(picture, raster.SIZE)
    depth = 255.0 - seen.astype(np.float32).min(2)
    strongest = float(depth.max())
    if strongest < 8:
        return StyleSpec()
    ink = raster.look_at((depth / strongest).astype(np.float32))
    palette = _palette(seen, depth / strongest)
    small = np.dstack([seen, np.full(seen.shape[:2], 255, np.uint8)])[depth > _CLEAR * strongest]
    counted = colours.count(palette, 0.0, small if len(palette) > 1 else None)
    shown = tuple("currentColor" if _dark(colour) else colour for colour in counted.palette)
    second = ink.second_share > 0.03 and len(palette) == 1
    mode: Mode
    if counted.hues > 1 or len(counted.palette) > 2:
        mode = "color"
    elif second:
        mode = "duotone"
    else:
        mode = "outline" if ink.width is not None and ink.width < 3.4 and ink.solid_share < 0.5 else "filled"
    return StyleSpec(
        stroke_width=_width(ink.width) if mode == "outline" else None,
        mode=mode,
        palette=tuple(dict.fromkeys(shown)),
        secondary_opacity=round(float(ink.second_alpha), 3) if second else None,
    )


def _width(value: float | None) -> float | None:
    return None if value is None else round(min(max(value, 0.25), 6.0), 3)


def _dark(colour: str) -> bool:
    return colour.startswith("#") and sum(bytes.fromhex(colour[1:])) < _BLACK


def _palette(seen: Pixels, cover: Any) -> list[str]:
    """At most eight colours of what is clearly ink, by area."""
    import numpy as np
    from PIL import Image

    inside = seen[cover > _CLEAR]
    if not len(inside):
        inside = seen[cover > 0.3]
    flat = Image.fromarray(np.ascontiguousarray(inside[None])).quantize(8, method=Image.Quantize.MEDIANCUT)
    table = np.asarray(flat.getpalette(), np.uint8).reshape(-1, 3)
    counts = np.bincount(np.asarray(flat).ravel(), minlength=len(table))
    order = [i for i in np.argsort(-counts) if counts[i] >= 0.03 * counts.sum()]
    return list(dict.fromkeys("#" + bytes(table[i]).hex() for i in order))
