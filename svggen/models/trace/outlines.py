"""Contours of a layer: VTracer finds and smooths them, then every point is moved onto the true edge.

Contract. ``outlines`` takes coverage (side, side) and gives closed contours in units of the 24 px canvas, each a
float64 (N, 2) array of evenly spaced points that does not repeat the first. VTracer sees the layer as black and white
at the working size; the level 0.5 of the coverage, which knows the edge to a small part of a pixel, has the last word.
Raises ModelError where VTracer cannot be loaded or fails, InvalidPictureError for a picture of countless contours.

VTracer runs in its polygon mode: its splines leave the edge by more than two pixels at places, too far for the coverage
to lead them back (a globe of fine lines at 512 px: the worst place 0.40 units off with splines, 0.04 with polygons).
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from svggen.errors import BudgetError, InvalidPictureError, ModelError, SvgGenError
from svggen.geometry import fit_canvas, flatten, to_path
from svggen.icon import Icon, parse
from svggen.lean import lean_ndimage
from svggen.models.trace.layers import Array

lean_ndimage()

from scipy import ndimage  # noqa: E402

__all__ = ["Points", "outlines", "resampled", "signed_area", "vtracer_svg"]

Points = npt.NDArray[np.float64]

STEP: Final = 0.1
"""Units between points of a contour."""
_MOST_POINTS: Final = 3000
_PATIENCE: Final = 3  # Newton steps towards the edge
_FURTHEST: Final = 1.6  # working pixels that a point may move


def vtracer_svg(png: bytes, **options: Any) -> str:
    """What VTracer makes of a PNG; options of ``vtracer.convert_raw_image_to_svg``."""
    try:
        import vtracer
    except ImportError as error:
        raise ModelError("tracing needs the package vtracer: pip install vtracer") from error
    try:
        return str(vtracer.convert_raw_image_to_svg(png, "png", **options))
    except BaseException as error:  # its panics are no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise ModelError(f"vtracer cannot trace this picture: {error}") from error


def outlines(cover: Array, least: float) -> list[Points]:
    """Contours that enclose at least ``least`` square units."""
    side = cover.shape[0]
    unit = side / 24.0
    icon = _traced(cover, max(2, round((least * unit * unit) ** 0.5)))
    smooth = ndimage.gaussian_filter(cover, 0.6)
    out = []
    for shape in icon.shapes:
        for points, closed in flatten(to_path(shape.geometry), 0.02):
            if closed and len(points) >= 3:
                even = resampled(points, STEP)
                exact = _on_edge(even, smooth, unit)
                if abs(signed_area(exact)) >= least:
                    out.append(resampled(exact, STEP))
    return out


def _traced(cover: Array, speck: int) -> Icon:
    from PIL import Image

    side = cover.shape[0]
    pad = 2  # ink that touches the border is a contour like any other
    mask = np.pad(np.where(cover > 0.5, 0, 255).astype(np.uint8), pad, constant_values=255)
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG", compress_level=1)
    svg = vtracer_svg(
        buffer.getvalue(), colormode="binary", mode="polygon", filter_speckle=min(speck, 128), corner_threshold=60,
        length_threshold=3.5, splice_threshold=45, max_iterations=10, path_precision=3,
    )  # fmt: skip
    try:
        icon = parse(svg.replace("<svg ", f'<svg viewBox="{pad} {pad} {side} {side}" ', 1))
    except SvgGenError as error:
        if "<path" not in svg:
            return Icon((0.0, 0.0, 24.0, 24.0), ())
        if isinstance(error, BudgetError):
            raise InvalidPictureError(
                "the picture is too detailed to be traced as an icon (noise, a texture?)"
            ) from error
        raise ModelError(f"vtracer wrote an SVG that is refused: {error}") from error
    return fit_canvas(icon)


def _on_edge(points: Points, cover: Array, unit: float) -> Points:
    """Moved along the gradient to where the coverage is one half."""
    start = points * unit - 0.5  # pixel centres at whole numbers
    at = start.copy()
    gy, gx = (np.asarray(g, np.float32) for g in np.gradient(cover))
    for _ in range(_PATIENCE):
        where = at[:, ::-1].T
        value = ndimage.map_coordinates(cover, where, order=1, mode="nearest") - 0.5
        sx = ndimage.map_coordinates(gx, where, order=1, mode="nearest")
        sy = ndimage.map_coordinates(gy, where, order=1, mode="nearest")
        steep = sx * sx + sy * sy
        step = np.where(steep > 1e-3, value / np.maximum(steep, 1e-3), 0.0)
        move = np.clip(np.stack([-step * sx, -step * sy], axis=1), -0.7, 0.7)
        at = at + move
    far = np.linalg.norm(at - start, axis=1) > _FURTHEST
    at[far] = start[far]
    out: Points = (at + 0.5) / unit
    return out


def resampled(points: Points, step: float) -> Points:
    """The closed polyline at even distances of about ``step``."""
    ring = np.concatenate([points, points[:1]])
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    count = int(np.clip(round(lengths[-1] / step), 12, _MOST_POINTS))
    at = np.arange(count) * lengths[-1] / count
    return np.stack([np.interp(at, lengths, ring[:, 0]), np.interp(at, lengths, ring[:, 1])], axis=1)


def signed_area(points: Points) -> float:
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)
