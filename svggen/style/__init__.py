"""Style: how an icon looks, as data; measured from what is seen, not from how it is written.

Contract. ``StyleSpec`` is the typed style (``spec.py``); ``from svggen.style import StyleSpec`` loads neither numpy nor
scipy. The functions below load them on their first call. Lengths are units of a 24 px canvas throughout.

    spec.py        StyleSpec and its ranges
    raster.py      line width, solid areas and tones, from pixels
    outline.py     caps, joins, corner radii and directions, from the geometry
    colours.py     palette, hues, gradients, tones
    analysis.py    all of these put together: one cached look at an icon
    vector.py      the style vector and its learned weights
    difference.py  distance between two specs, field by field
    sets.py        the style of a set, with spread
    words.py       a spec in words
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from svggen.style.difference import Difference, differences, distance
from svggen.style.spec import CHOICES, RANGES, Cap, Join, Mode, StyleSpec
from svggen.style.words import describe

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.icon import Icon
    from svggen.style.analysis import Analysis
    from svggen.style.sets import SetStyle

    Vector = npt.NDArray[np.float32]

__all__ = [
    "CHOICES",
    "RANGES",
    "STYLE_DIMS",
    "Cap",
    "Difference",
    "Join",
    "Mode",
    "StyleSpec",
    "analyse",
    "analyse_many",
    "describe",
    "differences",
    "distance",
    "measure",
    "measure_many",
    "measure_set",
    "set_distance",
    "style_vector",
    "style_vectors",
    "vector_distance",
]

STYLE_DIMS: Final = 32
"""Length of a style vector."""


def analyse(icon: Icon) -> Analysis:
    """Everything measured of one icon (spec, style vector, raw numbers); kept for the last icons asked for.

    A blank icon gives an empty spec and a zero vector. Errors of the renderer are ``RenderError``.
    """
    from svggen.style import analysis

    return analysis.analyse(icon)


def analyse_many(icons: Sequence[Icon]) -> list[Analysis]:
    """``analyse`` for each; pictures are rendered in batches."""
    from svggen.style import analysis

    return analysis.analyse_many(icons)


def measure(icon: Icon) -> StyleSpec:
    """The style that is seen in an icon. Fields that it does not show (caps of a ring, corners of a circle) are
    None."""
    return analyse(icon).spec


def measure_many(icons: Sequence[Icon]) -> list[StyleSpec]:
    """``measure`` for each."""
    return [a.spec for a in analyse_many(icons)]


def style_vector(icon: Icon) -> Vector:
    """The look of an icon as a float32 vector of shape (STYLE_DIMS,); see ``vector_distance``."""
    return analyse(icon).vector


def style_vectors(icons: Sequence[Icon]) -> Vector:
    """Style vectors, shape (n, STYLE_DIMS)."""
    import numpy as np

    if not icons:
        return np.zeros((0, STYLE_DIMS), np.float32)
    return np.stack([a.vector for a in analyse_many(icons)])


def vector_distance(u: Vector, v: Vector) -> float:
    """Euclidean distance of two style vectors: about 1 between two icons of one set, 3 and more between unlike sets."""
    import numpy as np

    return float(np.linalg.norm(np.asarray(u, np.float32) - np.asarray(v, np.float32)))


def measure_set(icons: Sequence[Icon]) -> SetStyle:
    """The style that a set shares, robust against odd members, and how far its members spread. Needs at least one icon
    (ValueError otherwise)."""
    from svggen.style import sets

    return sets.measure_set(icons)


def set_distance(icon: Icon, style: SetStyle) -> float:
    """How far an icon is from a set, in units of the set's own spread: 1 is as far as a typical member."""
    from svggen.style import sets

    return sets.set_distance(icon, style)
