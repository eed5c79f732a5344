"""Geometry of icons: affine maps, path algebra on M L C A Z, bounds, flattening, corners, simplification.

Contract. Pure functions on the dataclasses of ``svggen.icon``; user units in, user units out; nothing is rounded. numpy
is imported only when ``flatten`` is called.

    affine.py   the six numbers            bounds.py   exact boxes        icons.py    shapes and icons under maps
    arcs.py     elliptical arcs            flatten.py  polylines          corners.py  round_corners
    paths.py    sub-paths, length, area    paints.py   gradients          tidy.py     simplify
"""

from __future__ import annotations

from svggen.geometry.affine import (
    IDENTITY,
    Affine,
    apply,
    compose,
    determinant,
    invert,
    is_similarity,
    mean_scale,
    rotation,
    scaling,
    skew,
    translation,
)
from svggen.geometry.arcs import arc_to_cubics, split_arc
from svggen.geometry.bounds import Box, bounds, ink_bounds, shape_bounds, union
from svggen.geometry.corners import corner_angles, round_corners, split_segment, tangents
from svggen.geometry.flatten import flatten, flatten_points
from svggen.geometry.icons import (
    fit_canvas,
    quantise,
    transform_geometry,
    transform_icon,
    transform_look,
    transform_shape,
)
from svggen.geometry.paints import transform_paint
from svggen.geometry.paths import (
    drop_degenerate,
    path_length,
    reverse,
    signed_area,
    subpaths,
    to_path,
    transform_path,
)
from svggen.geometry.tidy import simplify

__all__ = [
    "IDENTITY",
    "Affine",
    "Box",
    "apply",
    "arc_to_cubics",
    "bounds",
    "compose",
    "corner_angles",
    "determinant",
    "drop_degenerate",
    "fit_canvas",
    "flatten",
    "flatten_points",
    "ink_bounds",
    "invert",
    "is_similarity",
    "mean_scale",
    "path_length",
    "quantise",
    "reverse",
    "rotation",
    "round_corners",
    "scaling",
    "shape_bounds",
    "signed_area",
    "simplify",
    "skew",
    "split_arc",
    "split_segment",
    "subpaths",
    "tangents",
    "to_path",
    "transform_geometry",
    "transform_icon",
    "transform_look",
    "transform_paint",
    "transform_path",
    "transform_shape",
    "translation",
    "union",
]
