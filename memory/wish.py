"""The look that is wanted, as a style vector: what the user's own icons show, moved to where the wish differs from it.

Contract. ``wanted_vector`` renders nothing: the components of the vector that a StyleSpec field decides (line width,
ends, joins, corner radius, mode, optical size, detail, steps) are set from the spec, the others stay as the own icons
have them, or at the mean over all icons where there are none. Palette and grid do not move it: recolouring and
scaling cost nothing.
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING

from memory.policy import TOLERANCE
from svggen.style import StyleSpec

if TYPE_CHECKING:
    import numpy as np

__all__ = ["wanted_vector"]

_MODES = ("outline", "filled", "duotone", "color")


def wanted_vector(wish: StyleSpec, own: StyleSpec, own_vector: np.ndarray | None) -> np.ndarray | None:
    """float32 (STYLE_DIMS,), or None where nothing is known of the look. own: the style of the icons behind
    ``own_vector``."""
    features: dict[str, float] = {}
    for name in (f.name for f in fields(StyleSpec)):
        value = getattr(wish, name)
        if value is not None and (own_vector is None or _differs(name, value, getattr(own, name))):
            features |= _features(name, value)
    if not features:
        return own_vector
    import numpy as np

    from svggen.style.vector import DIMS, Seen, to_vector

    order = [f.name for f in fields(Seen)]
    set_to = to_vector(Seen(**{name: features.get(name, 0.0) for name in order}))
    out = np.zeros(DIMS, np.float32) if own_vector is None else own_vector.astype(np.float32).copy()
    for name in features:
        out[order.index(name)] = set_to[order.index(name)]
    return out


def _differs(name: str, wished: object, shown: object) -> bool:
    if isinstance(wished, int | float) and isinstance(shown, int | float) and not isinstance(wished, bool):
        return abs(wished - shown) > TOLERANCE.get(name, 0.0)
    return wished != shown


def _features(name: str, value: object) -> dict[str, float]:
    """The raw features (see ``svggen.style.vector.Seen``) that a field of the spec decides."""
    if name == "mode":
        return {mode: float(mode == value) for mode in _MODES}
    if name in ("cap", "join"):
        return {f"{name}_round": 1.0 if value == "round" else -1.0}
    if name == "pixel_art":
        return {"steps": 1.0} if value else {"steps": 0.0}
    if not isinstance(value, int | float):
        return {}
    if name == "stroke_width":
        return {"line_width": math.log2(value / 1.75)}
    if name == "corner_radius":
        return {"radius": math.log2(1 + value)}
    if name == "padding":
        return {"size": (24 - 2 * value) / 24}
    return {"detail": float(value)} if name == "detail" else {}
