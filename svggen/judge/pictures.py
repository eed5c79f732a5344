"""Icons as the judge sees them.

Contract. ``pictures`` renders icons at 64 px on white, ``currentColor`` black, through ``svggen.render``: uint8
(n, 64, 64, 3), RGB, rows top down. Training and every use go through here, so that what was learned is what is seen.
``seen_picture`` brings a picture from outside (``svggen.pictures.load_picture``) to the same form: the ground cut away
but for the margin that icons have, scaled to fit. Errors: ``RenderError``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon

    Pixels: TypeAlias = npt.NDArray[np.uint8]

__all__ = ["SIDE", "pictures", "seen_picture", "text_pictures"]

SIDE = 64
"""px: the side that the judge was trained on."""
MARGIN = 1 / 12
"""Of the canvas on each side of the ink: 2 px of 24, as most sets draw."""
_LONGEST = 1024
_AWAY = 24
"""Levels of 255 by which a pixel differs from the ground where there is ink."""
_DARK = 96
"""Mean level below which a ground is dark."""


def pictures(icons: Sequence[Icon], size: int = SIDE) -> Pixels:
    """uint8 (n, size, size, 3), RGB on white, currentColor black."""
    import numpy as np

    from svggen.render import default_renderer

    if not icons:
        return np.empty((0, size, size, 3), np.uint8)
    rgba = default_renderer().render_many(icons, size, color="#000000", background="#ffffff")
    return np.ascontiguousarray(rgba[..., :3])


def text_pictures(svgs: Sequence[str], size: int = SIDE) -> Pixels:
    """``pictures`` of what our own serialiser wrote (a corpus, a library), without parsing it again: 10,000 a second.
    Never for text from outside."""
    import numpy as np

    from svggen.render import default_renderer

    texts = [_sized(svg, size) for svg in svgs]
    raw = default_renderer().worker.pictures(texts, size, "rgba", (255, 255, 255))
    rgba = np.frombuffer(b"".join(raw), np.uint8).reshape(len(texts), size, size, 4)
    return np.ascontiguousarray(rgba[..., :3])


_ROOT_SIZE = re.compile(r'\s(?:width|height)="[^"]*"')


def _sized(svg: str, size: int) -> bytes:
    end = svg.index(">")
    root = _ROOT_SIZE.sub("", svg[4:end])
    return f'<svg width="{size}" height="{size}"{root}{svg[end:]}'.replace("currentColor", "#000").encode()


def seen_picture(picture: Pixels, size: int = SIDE) -> Pixels:
    """uint8 (size, size, 3) of uint8 (h, w, 3) from outside: what differs from the ground is cut out and laid in the
    middle with the margin that icons have. The ground is the commonest colour of the border; a dark one is turned to
    white with the rest, since the judge knows ink on white."""
    import numpy as np
    from PIL import Image

    picture = _shrunk(picture)
    ground = _ground(picture)
    away = np.abs(picture.astype(np.int16) - ground.astype(np.int16)).max(2) > _AWAY
    rows, columns = np.flatnonzero(away.any(1)), np.flatnonzero(away.any(0))
    if not len(rows):
        return np.full((size, size, 3), 255, np.uint8)
    picture = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if ground.mean() < _DARK:
        picture, ground = 255 - picture, 255 - ground
    lighter = picture.astype(np.int16) + (255 - ground.astype(np.int16))  # ink keeps its distance from the ground
    height, width = picture.shape[:2]
    side = max(height, width) / (1 - 2 * MARGIN)
    top, left = (int(np.ceil((side - length) / 2)) for length in (height, width))
    laid = np.full((height + 2 * top, width + 2 * left, 3), 255, np.uint8)
    laid[top : top + height, left : left + width] = np.clip(lighter, 0, 255)
    x, y = width / 2 + left - side / 2, height / 2 + top - side / 2
    how = Image.Resampling.BOX if side > size else Image.Resampling.BILINEAR
    box = (max(x, 0.0), max(y, 0.0), min(x + side, laid.shape[1]), min(y + side, laid.shape[0]))
    return np.array(Image.fromarray(laid).resize((size, size), how, box=box))


def _shrunk(picture: Pixels) -> Pixels:
    """At most ``_LONGEST`` px a side: enough for 64, and a photograph's ground is found in milliseconds."""
    import numpy as np
    from PIL import Image

    height, width = picture.shape[:2]
    scale = _LONGEST / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def _ground(picture: Pixels) -> Pixels:
    """uint8 (3,): the commonest colour of the border."""
    import numpy as np

    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    coarse = border >> 3
    kinds, counts = np.unique(coarse, axis=0, return_counts=True)
    ground: Pixels = np.rint(border[(coarse == kinds[counts.argmax()]).all(1)].mean(0)).astype(np.uint8)
    return ground
