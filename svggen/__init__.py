"""Words, a picture or an SVG in; a safe, normalised, in-style SVG out. Knows no user and no history.

    icon = svggen.parse(open("bell.svg", "rb").read())          # refused with a typed error if it is not safe
    thin = svggen.restyle.restyle(icon, svggen.StyleSpec(stroke_width=1.5, cap="round")).icon
    svggen.serialise(thin)

The rooms that hold several functions (``lint``, ``restyle``, ``compose``, ``geometry``, ``render``, ``style``) are
imported by their names.

Public names are loaded when they are first used; importing the package loads no numpy, scipy or skia.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svggen.errors import (
        BudgetError,
        GeometryError,
        InvalidPictureError,
        InvalidSvgError,
        ModelError,
        RenderError,
        StyleError,
        SvgGenError,
        UnsafeSvgError,
        WeightsError,
    )
    from svggen.icon import Icon, Shape, icon_id, parse, serialise
    from svggen.models import get_model
    from svggen.models.base import Draft, DrawRequest, Reference, SvgModel
    from svggen.render import contact_sheet, png
    from svggen.style import StyleSpec, distance, measure, measure_set
    from svggen.words import parse_words

_HOME = {
    "BudgetError": "errors",
    "Draft": "models.base",
    "DrawRequest": "models.base",
    "GeometryError": "errors",
    "Icon": "icon",
    "InvalidPictureError": "errors",
    "InvalidSvgError": "errors",
    "ModelError": "errors",
    "Reference": "models.base",
    "RenderError": "errors",
    "Shape": "icon",
    "StyleError": "errors",
    "StyleSpec": "style",
    "SvgGenError": "errors",
    "SvgModel": "models.base",
    "UnsafeSvgError": "errors",
    "WeightsError": "errors",
    "contact_sheet": "render",
    "distance": "style",
    "get_model": "models",
    "icon_id": "icon",
    "measure": "style",
    "measure_set": "style",
    "parse": "icon",
    "parse_words": "words",
    "png": "render",
    "serialise": "icon",
}

__all__ = [
    "BudgetError",
    "Draft",
    "DrawRequest",
    "GeometryError",
    "Icon",
    "InvalidPictureError",
    "InvalidSvgError",
    "ModelError",
    "Reference",
    "RenderError",
    "Shape",
    "StyleError",
    "StyleSpec",
    "SvgGenError",
    "SvgModel",
    "UnsafeSvgError",
    "WeightsError",
    "contact_sheet",
    "distance",
    "get_model",
    "icon_id",
    "measure",
    "measure_set",
    "parse",
    "parse_words",
    "png",
    "serialise",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
