"""Icon -> SVG text: canonical, byte-stable, and unable to say anything unsafe.

Contract. The text holds only the elements and attributes written below, each from a number, an enumerated word or a
colour that was checked; an Icon has no field that could carry a script, a link or a raster picture into it. Attributes
stand in one fixed order, numbers in their shortest form (``.5``, ``-0`` never). A look that every shape shares stands
on the root, as icon sets write it. Ids of gradients and clips are digests of what they define, so that several icons in
one HTML page cannot disturb each other.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from svggen.errors import GeometryError
from svggen.icon.canonical import canonical
from svggen.icon.types import (
    Circle,
    Clip,
    Ellipse,
    Geometry,
    Icon,
    Line,
    LinearGradient,
    Look,
    Paint,
    Path,
    Polygon,
    Rect,
    Shape,
    Stop,
)

__all__ = ["number", "path_data", "serialise"]

_COLOUR = re.compile(r"#[0-9a-f]{6}|none|currentColor")
_CAPS = frozenset({"butt", "round", "square"})
_JOINS = frozenset({"miter", "round", "bevel"})

# Inherited presentation attributes in the order they are written, with the initial values of SVG.
_INITIAL = {
    "fill": "#000000",
    "fill-opacity": "1",
    "fill-rule": "nonzero",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "stroke-opacity": "1",
}


def serialise(icon: Icon, *, pretty: bool = False, size: float | None = None) -> str:
    """The whole ``<svg>`` element. ``size`` is the longer side in px (default: the viewBox's own size); ``pretty`` puts
    each shape on its own line and ends with a newline. Without either the text is canonical: ``icon_id`` hashes it."""
    icon = canonical(icon)
    defs = _Defs()
    bodies = [
        (_geometry(s.geometry), _attributes(s.look, defs), _reference(s, defs), s.look.opacity) for s in icon.shapes
    ]
    root = _shared([b[1] for b in bodies])
    lines = defs.lines(root, icon.viewbox)
    lines += [geometry + _written(look, root) + _opacity(o) + ref + "/>" for geometry, look, ref, o in bodies]
    head = _root(icon.viewbox, size) + "".join(f' {k}="{v}"' for k, v in root.items()) + ">"
    if pretty:
        return head + "".join(f"\n  {line}" for line in lines) + "\n</svg>\n"
    return head + "".join(lines) + "</svg>"


@lru_cache(maxsize=65536)
def number(value: float) -> str:
    """The shortest text that reads back as ``value``: ``1``, ``.5``, ``-12.75``; never an exponent."""
    text = repr(float(value))
    if "n" in text:  # nan, inf
        raise GeometryError(f"not a finite number: {value}")
    if "e" in text:
        text = f"{value:.20f}".rstrip("0") if "e-" in text else f"{value:.0f}"
    if text.endswith(".0"):
        text = text[:-2]
    if text.startswith("0."):
        return text[1:]
    if text.startswith("-0"):
        return "-" + text[2:] if len(text) > 2 else "0"
    return text.rstrip(".")


def path_data(path: Path) -> str:
    """The ``d`` attribute: absolute M L C A Z, arguments separated by one space."""
    return "".join([op + " ".join([number(v) for v in args]) for op, args in path.segments])


def _root(viewbox: tuple[float, float, float, float], size: float | None) -> str:
    width, height = viewbox[2], viewbox[3]
    if size is not None:
        scale = size / max(width, height)
        width, height = round(width * scale, 3), round(height * scale, 3)
    box = " ".join([number(v) for v in viewbox])
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" viewBox="{box}"'


def _geometry(g: Geometry) -> str:
    """The element, open: its name and its geometry."""
    n = number
    if isinstance(g, Path):
        return f'<path d="{path_data(g)}"'
    if isinstance(g, Circle):
        return f'<circle cx="{n(g.cx)}" cy="{n(g.cy)}" r="{n(g.r)}"'
    if isinstance(g, Rect):
        text = f'<rect x="{n(g.x)}" y="{n(g.y)}" width="{n(g.width)}" height="{n(g.height)}"'
        if g.rx > 0:
            text += f' rx="{n(g.rx)}"' if g.rx == g.ry else f' rx="{n(g.rx)}" ry="{n(g.ry)}"'
        return text
    if isinstance(g, Line):
        return f'<line x1="{n(g.x1)}" y1="{n(g.y1)}" x2="{n(g.x2)}" y2="{n(g.y2)}"'
    if isinstance(g, Ellipse):
        return f'<ellipse cx="{n(g.cx)}" cy="{n(g.cy)}" rx="{n(g.rx)}" ry="{n(g.ry)}"'
    name = "polygon" if isinstance(g, Polygon) else "polyline"
    return f'<{name} points="{" ".join([f"{n(x)},{n(y)}" for x, y in g.points])}"'


def _attributes(look: Look, defs: _Defs) -> dict[str, str]:
    """The inherited attributes that matter for this look: those of a stroke only where there is one."""
    out = {"fill": defs.paint(look.fill)}
    if look.fill != "none":
        out["fill-opacity"] = number(look.fill_opacity)
        out["fill-rule"] = "evenodd" if look.fill_rule == "evenodd" else "nonzero"
    out["stroke"] = defs.paint(look.stroke)
    if look.stroke != "none":
        if look.cap not in _CAPS or look.join not in _JOINS:
            raise GeometryError(f"unknown cap or join: {look.cap!r}, {look.join!r}")
        out["stroke-width"] = number(look.stroke_width)
        out["stroke-linecap"] = look.cap
        out["stroke-linejoin"] = look.join
        if look.join == "miter":
            out["stroke-miterlimit"] = number(look.miter_limit)
        out["stroke-dasharray"] = " ".join([number(v) for v in look.dash]) or "none"
        out["stroke-dashoffset"] = number(look.dash_offset)
        out["stroke-opacity"] = number(look.stroke_opacity)
    return out


def _shared(looks: list[dict[str, str]]) -> dict[str, str]:
    """What stands on the root: every attribute on which all looks that need it agree, and that is not SVG's own
    default."""
    root = {}
    for name, initial in _INITIAL.items():
        values = {look[name] for look in looks if name in look}
        if len(values) == 1:
            value = values.pop()
            if value != initial and not value.startswith("url("):
                root[name] = value
    return root


def _written(look: dict[str, str], root: dict[str, str]) -> str:
    return "".join([f' {k}="{v}"' for k, v in look.items() if v != (root[k] if k in root else _INITIAL[k])])


def _opacity(value: float) -> str:
    return "" if value == 1 else f' opacity="{number(value)}"'


def _reference(shape: Shape, defs: _Defs) -> str:
    if shape.clip is None:
        return ""
    return f' {"clip-path" if shape.clip.kind == "clip" else "mask"}="url(#{defs.clip(shape.clip)})"'


class _Defs:
    """Gradients, clips and masks, each written once, in the order of first use."""

    def __init__(self) -> None:
        self._gradients: dict[Paint, tuple[str, str]] = {}
        self._clips: dict[Clip, str] = {}
        self._clip_bodies: list[tuple[str, str, list[tuple[str, dict[str, str], float]]]] = []

    def paint(self, paint: Paint) -> str:
        if isinstance(paint, str):
            if not _COLOUR.fullmatch(paint):
                raise GeometryError(f"not a paint of an Icon: {paint!r} (none, currentColor or #rrggbb)")
            return paint
        if paint not in self._gradients:
            head, inside = _gradient(paint)
            ident = "g" + _digest(head + inside)
            name = head.split(" ", 1)[0]
            text = f'<{name} id="{ident}"{head[len(name) :]}>{inside}</{name}>'
            self._gradients[paint] = (ident, text)
        return f"url(#{self._gradients[paint][0]})"

    def clip(self, clip: Clip) -> str:
        if clip not in self._clips:
            bodies = []
            for s in clip.shapes:
                rule: dict[str, str] = {"clip-rule": s.look.fill_rule}
                look = _attributes(s.look, self) if clip.kind == "mask" else rule
                bodies.append((_geometry(s.geometry), look, s.look.opacity))
            ident = ("c" if clip.kind == "clip" else "m") + _digest(clip.kind + repr(bodies))
            self._clips[clip] = ident
            self._clip_bodies.append((clip.kind, ident, bodies))
        return self._clips[clip]

    def lines(self, root: dict[str, str], viewbox: tuple[float, float, float, float]) -> list[str]:
        """The ``<defs>`` element as one line, or nothing. What stands on the root is inherited in here too."""
        inside = [text for _, text in self._gradients.values()]
        region = "".join([f' {k}="{number(v)}"' for k, v in zip(("x", "y", "width", "height"), viewbox, strict=True)])
        for kind, ident, bodies in self._clip_bodies:
            if kind == "clip":
                shapes = [g + (' clip-rule="evenodd"/>' if a["clip-rule"] == "evenodd" else "/>") for g, a, _ in bodies]
                inside.append(f'<clipPath id="{ident}">{"".join(shapes)}</clipPath>')
            else:
                shapes = [g + _written(a, root) + _opacity(o) + "/>" for g, a, o in bodies]
                # the region is the whole canvas: SVG's own default (the shape's box plus 10 %) would cut strokes
                inside.append(f'<mask id="{ident}" maskUnits="userSpaceOnUse"{region}>{"".join(shapes)}</mask>')
        return [f"<defs>{''.join(inside)}</defs>"] if inside else []


def _gradient(paint: Paint) -> tuple[str, str]:
    n = number
    assert not isinstance(paint, str)
    if isinstance(paint, LinearGradient):
        head = f'linearGradient gradientUnits="userSpaceOnUse" x1="{n(paint.x1)}" y1="{n(paint.y1)}"'
        head += f' x2="{n(paint.x2)}" y2="{n(paint.y2)}"'
    else:
        head = f'radialGradient gradientUnits="userSpaceOnUse" cx="{n(paint.cx)}" cy="{n(paint.cy)}" r="{n(paint.r)}"'
        if (paint.fx, paint.fy) != (paint.cx, paint.cy):
            head += f' fx="{n(paint.fx)}" fy="{n(paint.fy)}"'
    if paint.spread in ("reflect", "repeat"):
        head += f' spreadMethod="{paint.spread}"'
    if paint.transform is not None:
        head += f' gradientTransform="matrix({" ".join([n(v) for v in paint.transform])})"'
    return head, "".join([_stop(s) for s in paint.stops])


def _stop(stop: Stop) -> str:
    if not _COLOUR.fullmatch(stop.color) or stop.color == "none":
        raise GeometryError(f"not a stop colour of an Icon: {stop.color!r}")
    alpha = "" if stop.opacity == 1 else f' stop-opacity="{number(stop.opacity)}"'
    return f'<stop offset="{number(stop.offset)}" stop-color="{stop.color}"{alpha}/>'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
