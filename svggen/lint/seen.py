"""What a linter sees of an icon in pixels: one picture of 96 px, and everything the rules share of it.

Contract. ``Seen(ink)`` takes the (96, 96) coverage of ``svggen.render.ink`` and answers in units of a 24 px canvas
(4 px a unit). Every answer is computed once, when first asked. Typical cost of all answers together: 1 ms.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from svggen.lean import lean_ndimage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.floating[Any]]
    Bools: TypeAlias = npt.NDArray[np.bool_]
    Labels: TypeAlias = npt.NDArray[np.signedinteger[Any]]

__all__ = ["PER_UNIT", "SIZE", "Seen"]

SIZE = 96
PER_UNIT = SIZE / 24
FAINT = 0.04
"""Coverage below this is not seen."""


class Seen:
    """Measures of one picture; ``ink`` is float (96, 96), 0..1."""

    def __init__(self, ink: Floats) -> None:
        lean_ndimage()
        self.ink = ink

    @cached_property
    def blank(self) -> bool:
        return float(self.ink.max()) < FAINT

    @cached_property
    def solid(self) -> Bools:
        """Where the full tone is: the light tone of a duotone icon counts as ground, unless there is nothing else."""
        top = float(self.ink.max())
        return self.ink > 0.5 * max(top, FAINT)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Ink bounds (x0, y0, x1, y1) in units, to about 0.05, every tone counted; (12, 12, 12, 12) if blank."""
        if self.blank:
            return (12.0, 12.0, 12.0, 12.0)
        columns, rows = self.ink.max(axis=0), self.ink.max(axis=1)
        x0, x1 = _extent(columns)
        y0, y1 = _extent(rows)
        return (x0, y0, x1, y1)

    @cached_property
    def margin(self) -> float:
        """Least distance from ink to the canvas edge, units."""
        x0, y0, x1, y1 = self.box
        return min(x0, y0, 24 - x1, 24 - y1)

    @cached_property
    def ratio(self) -> float:
        """Ink as a share of the canvas, 0..1."""
        return float(self.ink.mean())

    @cached_property
    def centroid(self) -> tuple[float, float]:
        """Centre of gravity of the ink (x, y), units."""
        import numpy as np

        total = float(self.ink.sum())
        if total <= 0:
            return (12.0, 12.0)
        at = (np.arange(SIZE) + 0.5) / PER_UNIT
        return float(self.ink.sum(axis=0) @ at) / total, float(self.ink.sum(axis=1) @ at) / total

    @cached_property
    def density(self) -> float:
        """Largest ink density after a blur of sigma 1.5 units, 0..1: where the eye sees the darkest spot."""
        from scipy import ndimage

        return float(ndimage.gaussian_filter(self.small(24), 1.5, mode="constant").max())

    def small(self, size: int) -> Floats:
        """The picture at ``size`` px (a divisor of 96), each pixel the mean of what it covers."""
        step = SIZE // size
        out: Floats = self.ink.reshape(size, step, size, step).mean(axis=(1, 3))
        return out

    @cached_property
    def legibility(self) -> float:
        """Overlap (sum of minima over sum of maxima) of the picture at 16 px with the picture itself, 0..1."""
        import numpy as np

        up = np.repeat(np.repeat(self.small(16), 6, axis=0), 6, axis=1)
        union = float(np.maximum(up, self.ink).sum())
        return float(np.minimum(up, self.ink).sum()) / union if union else 1.0

    @cached_property
    def parts(self) -> tuple[Labels, int]:
        """Ink components (touching corners join) as labels 1..n, and n."""
        return _label(self.solid, corners=True)

    @cached_property
    def _far(self) -> tuple[Floats, Labels]:
        from scipy import ndimage

        distance, nearest = ndimage.distance_transform_edt(~self.solid, return_indices=True)
        return distance, nearest

    @cached_property
    def gap(self) -> tuple[float, int, int] | None:
        """The narrowest clear gap between two ink components in units, with their labels; None with fewer than two.

        At each border between the cells of the components (nearest-ink regions) the two distances add up to the gap;
        right to about 0.15 units.
        """
        import numpy as np

        labels, count = self.parts
        if count < 2:
            return None
        distance, nearest = self._far
        cell = labels[nearest[0], nearest[1]]
        best: tuple[float, int, int] | None = None
        for a, b in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1, :], np.s_[1:, :])):
            border = cell[a] != cell[b]
            if not border.any():
                continue
            sums = np.where(border, distance[a] + distance[b], np.inf)
            at = np.unravel_index(int(np.argmin(sums)), sums.shape)
            width = float(sums[at]) / PER_UNIT
            if best is None or width < best[0]:
                best = (width, int(cell[a][at]), int(cell[b][at]))
        return best

    def thickened(self, units: float) -> tuple[int, int, int, int]:
        """(components, holes) as drawn, then the same after all ink has grown by ``units`` to every side."""
        grown = self._far[0] <= units * PER_UNIT
        return self.parts[1], _holes(self.solid), _label(grown, corners=True)[1], _holes(grown)

    def areas(self) -> Floats:
        """Area of each component in square units; index 0 is the first label."""
        import numpy as np

        labels, count = self.parts
        out: Floats = np.bincount(labels.ravel(), minlength=count + 1)[1:] / PER_UNIT**2
        return out


def _extent(profile: Floats) -> tuple[float, float]:
    """First and last edge of the ink in units; a partly covered edge pixel counts by its share of the next one."""
    import numpy as np

    inked = np.flatnonzero(profile > FAINT)
    first, last = int(inked[0]), int(inked[-1])
    head = profile[first] / max(profile[first], profile[min(first + 1, last)])
    tail = profile[last] / max(profile[last], profile[max(last - 1, first)])
    return (first + 1 - float(head)) / PER_UNIT, (last + float(tail)) / PER_UNIT


def _label(mask: Bools, *, corners: bool) -> tuple[Labels, int]:
    import numpy as np
    from scipy import ndimage

    labels, count = ndimage.label(mask, structure=np.ones((3, 3)) if corners else None)
    return labels, int(count)


def _holes(mask: Bools) -> int:
    """Ground regions that the ink encloses."""
    import numpy as np

    ground = np.pad(~mask, 1, constant_values=True)
    return _label(ground, corners=False)[1] - 1
