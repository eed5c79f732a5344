"""A checked tree -> an Icon: groups, inheritance, style rules, transforms, ``<use>``, gradients, clips and masks
resolved.

Contract. The walk is as deep as the nesting limit and no deeper; all that it brings in, by reference or not, is counted
against the budgets before it is drawn. Where an Icon is narrower than SVG: group opacity is multiplied into the shapes;
a clip within a clip gives way to the inner one; filters, markers and patterns are dropped, the shape stays; text draws
nothing (an icon of nothing but text is an error). Strokes under uneven transforms take the geometric mean of the two
stretches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from lxml import etree

from svggen.errors import BudgetError, InvalidSvgError
from svggen.geometry.affine import IDENTITY, Affine, compose, determinant, invert, mean_scale, translation
from svggen.geometry.bounds import Box, bounds, union
from svggen.geometry.icons import transform_geometry
from svggen.icon.canonical import canonical, canonical_viewbox
from svggen.icon.types import Cap, Clip, FillRule, Geometry, Icon, Join, Line, Look, Paint, Shape
from svggen.safety.cascade import Cascade, Props
from svggen.safety.colour import parse_colour
from svggen.safety.css import url_id
from svggen.safety.document import Document, href, items, local_name
from svggen.safety.expansion import check_references
from svggen.safety.limits import Limits
from svggen.safety.masks import as_luminance, inside
from svggen.safety.pathdata import EXACT
from svggen.safety.servers import Servers
from svggen.safety.shapes import SHAPES, Frame
from svggen.safety.values import parse_length, parse_numbers, parse_transform

__all__ = ["read_icon"]

_CONTAINERS = frozenset(("g", "a", "svg", "symbol", "switch"))
_DRAWN = frozenset((*SHAPES, *_CONTAINERS, "use"))
# Canvas sizes to choose from when a file names none: the first that holds the drawing.
_CANVASES = (24.0, 32.0, 48.0, 64.0, 128.0, 256.0, 512.0, 1024.0)


def read_icon(document: Document, limits: Limits, current: str | None) -> tuple[Icon, str]:
    """The canonical icon, and a word on why it is empty if it is. Raises GeometryError for a viewBox without area."""
    if document.uses:
        check_references(document, limits)
    root = document.root
    viewbox = _viewbox(root)
    reader = _Reader(document, limits, viewbox or (0.0, 0.0, 24.0, 24.0), current)
    if viewbox is not None:
        reader.digits = canonical_viewbox(viewbox)[1]
    reader.node(root, {}, IDENTITY, 1.0, 0)
    if viewbox is None:
        box = union([bounds(s.geometry) for s in reader.out])
        reach = max(box) if box else 24.0
        side = next((c for c in _CANVASES if reach <= c), reach)
        viewbox = (0.0, 0.0, side, side)
    why = "only text, which must be converted to paths" if reader.saw_text else ""
    return canonical(Icon(viewbox, tuple(reader.out)), reader.rounded), why


def _viewbox(root: etree._Element) -> tuple[float, float, float, float] | None:
    text = root.get("viewBox")
    if text is not None:
        n = parse_numbers(text)
        if len(n) >= 4:
            if n[2] <= 0 or n[3] <= 0:
                raise InvalidSvgError(f"viewBox without area: {text[:60]!r}", f"line {root.sourceline}")
            return (n[0], n[1], n[2], n[3])
    width, height = root.get("width", ""), root.get("height", "")
    w, h = (0.0 if "%" in t else parse_length(t, 0.0) for t in (width, height))
    if w <= 0 and h <= 0:
        return None
    return (0.0, 0.0, w if w > 0 else h, h if h > 0 else w)


class _Reader:
    def __init__(
        self, document: Document, limits: Limits, viewbox: tuple[float, float, float, float], current: str | None
    ) -> None:
        self.out: list[Shape] = []
        self.saw_text = False
        self.digits: int | None = None  # of the canonical form, once the viewBox is known
        self.rounded: set[int] = set()  # ids of the path geometries that were read with just these
        self.hidden: list[Geometry] = []  # kept, so that no other geometry gets an id of theirs
        self._document, self._limits, self._current = document, limits, current or "currentColor"
        self._frame = Frame(viewbox[2], viewbox[3], limits.segments)
        self._cascade = Cascade(document)
        self._servers = Servers(document, limits, self._frame, self._current, self._cascade.stop)
        self._drawn = 0
        self._clipping: Literal["", "clip", "mask"] = ""
        self._clips: dict[tuple[str, Affine, Box | None], Clip] = {}
        self._clips_seen: set[str] = set()
        self._repeated = 0
        # look of a set of properties; the properties are kept, so that the key stays theirs
        self._looks: dict[tuple[int, float, float], tuple[Props, Look]] = {}

    # ------------------------------------------------------------------------------------------------------ the walk

    def node(self, element: etree._Element, props: Props, ctm: Affine, opacity: float, depth: int) -> None:
        name = local_name(element.tag)
        if name not in _DRAWN:
            self.saw_text = self.saw_text or name == "text"
            return
        if depth > self._limits.nesting:
            where = f"line {element.sourceline}"
            raise BudgetError("references nested too deeply", where, f"at most {self._limits.nesting} levels")
        attributes = items(element)
        props, own = self._cascade.style(name, element, attributes, props)
        if own:
            if own.get("display") == "none":
                return
            opacity *= _unit(own.get("opacity"))
            ctm = self._moved(own, ctm)
            if opacity <= 0 or determinant(ctm) == 0:
                return
        start = len(self.out)
        if name in SHAPES:
            self._shape(name, dict(attributes), props, own, ctm, opacity)
        elif name == "use":
            self._use(element, props, ctm, opacity, depth)
        else:
            self._children(name, element, props, ctm, opacity, depth)
        if own and not self._clipping and len(self.out) > start:
            for kind in ("clip-path", "mask"):
                if kind in own:
                    self._clip(own[kind], kind, ctm, start, depth)

    def _children(
        self, name: str, element: etree._Element, props: Props, ctm: Affine, opacity: float, depth: int
    ) -> None:
        if name == "symbol":
            return  # drawn by <use> only
        if name == "svg" and depth:
            ctm = self._viewport(
                element, element.get("x"), element.get("y"), element.get("width"), element.get("height"), ctm
            )
        for child in element:
            self.node(child, props, ctm, opacity, depth + 1)
            if name == "switch" and local_name(child.tag) in _DRAWN:
                break  # the first that can be drawn

    def _use(self, element: etree._Element, props: Props, ctm: Affine, opacity: float, depth: int) -> None:
        target = self._document.ids.get(href(element) or "")
        if target is None:
            return
        dx, dy = parse_length(element.get("x"), self._frame.width), parse_length(element.get("y"), self._frame.height)
        if dx or dy:
            ctm = compose(ctm, translation(dx, dy))
        name = local_name(target.tag)
        if name == "symbol":
            props, own = self._cascade.style(name, target, items(target), props)
            if own.get("display") == "none":
                return
            ctm = self._viewport(target, None, None, element.get("width"), element.get("height"), ctm)
            for child in target:
                self.node(child, props, ctm, opacity, depth + 2)
        elif name in SHAPES or name in _CONTAINERS or name == "use":
            self.node(target, props, ctm, opacity, depth + 1)

    def _viewport(
        self, element: etree._Element, x: str | None, y: str | None, width: str | None, height: str | None, ctm: Affine
    ) -> Affine:
        """Into the user space of a nested svg or a symbol: its viewBox fitted into its place, kept in proportion,
        centred."""
        frame = self._frame
        dx, dy = parse_length(x, frame.width), parse_length(y, frame.height)
        numbers = parse_numbers(element.get("viewBox") or "")
        if len(numbers) < 4 or numbers[2] <= 0 or numbers[3] <= 0:
            return compose(ctm, translation(dx, dy)) if dx or dy else ctm
        w, h = parse_length(width, frame.width, frame.width), parse_length(height, frame.height, frame.height)
        vx, vy, vw, vh = numbers[:4]
        sx, sy = w / vw, h / vh
        if (element.get("preserveAspectRatio") or "").strip().startswith("none"):
            return compose(ctm, (sx, 0.0, 0.0, sy, dx - vx * sx, dy - vy * sy))
        s = min(sx, sy)
        return compose(ctm, (s, 0.0, 0.0, s, dx + (w - vw * s) / 2 - vx * s, dy + (h - vh * s) / 2 - vy * s))

    def _moved(self, own: Props, ctm: Affine) -> Affine:
        if "transform" not in own:
            return ctm
        m = parse_transform(own["transform"])
        if m == IDENTITY:
            return ctm
        if "transform-origin" in own:
            at = parse_numbers(own["transform-origin"].replace("px", ""))
            if len(at) >= 2:
                m = compose(translation(at[0], at[1]), compose(m, translation(-at[0], -at[1])))
        ctm = compose(ctm, m)
        if not all(-1e9 <= v <= 1e9 for v in ctm):
            raise BudgetError("transform", limit="matrix entries within +-1e9")
        return ctm

    # --------------------------------------------------------------------------------------------------------- looks

    def _look(self, p: Props, own: Props, ctm: Affine, opacity: float, box: Callable[[], Box | None]) -> Look:
        scale = 1.0 if ctm is IDENTITY or own.get("vector-effect") == "non-scaling-stroke" else mean_scale(ctm)
        key = (id(p), scale, opacity)
        if key in self._looks:
            return self._looks[key][1]
        fill, fill_alpha, shared = self._paint(p, "fill", "#000000", ctm, box)
        stroke, stroke_alpha, shared_stroke = self._paint(p, "stroke", "none", ctm, box)
        diagonal = self._frame.diagonal
        cap, join = p.get("stroke-linecap", "butt").strip(), p.get("stroke-linejoin", "miter").strip()
        dash: tuple[float, ...] = ()
        if "stroke-dasharray" in p and stroke != "none":
            dash = tuple(
                [parse_length(t, diagonal) * scale for t in p["stroke-dasharray"].replace(",", " ").split()[:64]]
            )
        look = Look(
            fill=fill,
            fill_opacity=fill_alpha * _unit(p.get("fill-opacity")),
            fill_rule=_rule(p.get("fill-rule")),
            stroke=stroke,
            stroke_width=parse_length(p.get("stroke-width"), diagonal, 1.0) * scale,
            stroke_opacity=stroke_alpha * _unit(p.get("stroke-opacity")),
            cap=cast(Cap, cap if cap in ("round", "square") else "butt"),
            join=cast(Join, join if join in ("round", "bevel") else "miter"),
            miter_limit=parse_length(p.get("stroke-miterlimit"), 1.0, 4.0),
            dash=dash,
            dash_offset=parse_length(p.get("stroke-dashoffset"), diagonal) * scale if dash else 0.0,
            opacity=opacity,
        )
        if shared and shared_stroke:
            self._looks[key] = (p, look)
        return look

    def _paint(
        self, p: Props, which: str, initial: str, ctm: Affine, box: Callable[[], Box | None]
    ) -> tuple[Paint, float, bool]:
        """The paint, its own alpha, and whether another shape with these properties would get the same."""
        text = p.get(which)
        if text is None:
            return initial, 1.0, True
        colour = parse_colour(text)
        shared = True
        if colour is None:
            reference = url_id(text)
            if reference is None:
                return initial, 1.0, True
            shared = False
            paint = self._servers.paint(reference[0], ctm, box)
            if paint is not None:
                return paint, 1.0, False
            colour = parse_colour(reference[1]) or ("none", 1.0)
        name, alpha = colour
        if name == "currentColor":
            own = parse_colour(p["color"]) if "color" in p else None
            if own is not None and own[0].startswith("#"):
                name, alpha = own
            elif own is not None and own[0] == "none":
                name = "none"
            else:
                name = self._current
        return name, alpha, shared

    # -------------------------------------------------------------------------------------------------------- shapes

    def _shape(self, name: str, attributes: Props, props: Props, own: Props, ctm: Affine, opacity: float) -> None:
        final = ctm is IDENTITY and self.digits is not None and name == "path"
        self._frame.digits = self.digits if final and self.digits is not None else EXACT
        geometry = SHAPES[name](attributes, self._frame)
        if geometry is None:
            return
        if final:
            self.rounded.add(id(geometry))
        self._drawn += 1
        if self._drawn > self._limits.elements + self._limits.references:
            raise BudgetError("shapes", limit=f"at most {self._limits.elements + self._limits.references} drawn")
        if self._frame.segments_left < 0:
            raise BudgetError("path segments", limit=f"at most {self._frame.all_segments}")
        if props and props.get("visibility", "visible") in ("hidden", "collapse"):
            self.hidden.append(geometry)
            return
        placed = geometry if ctm is IDENTITY else transform_geometry(geometry, ctm)
        if self._clipping == "clip":
            if not isinstance(placed, Line):
                self.out.append(Shape(placed, Look(fill_rule=_rule(props.get("clip-rule")))))
            return
        look = self._look(props, own, ctm, opacity, lambda: bounds(geometry))
        self.out.append(Shape(placed, look))

    # ------------------------------------------------------------------------------------------------ clips and masks

    def _clip(self, text: str, attribute: str, ctm: Affine, start: int, depth: int) -> None:
        reference = url_id(text)
        element = self._document.ids.get(reference[0]) if reference else None
        kind: Literal["clip", "mask"] = "clip" if attribute == "clip-path" else "mask"
        if (
            reference is None
            or element is None
            or local_name(element.tag) != ("clipPath" if kind == "clip" else "mask")
        ):
            return
        units = element.get("clipPathUnits" if kind == "clip" else "maskContentUnits")
        box: Box | None = None
        if units == "objectBoundingBox":
            back = invert(ctm)
            box = union([bounds(transform_geometry(s.geometry, back)) for s in self.out[start:]])
            if box is None:
                return
        key = (reference[0], ctm, box)
        if key not in self._clips:
            self._clips[key] = self._read_clip(element, kind, ctm, box, depth)
            self._count_repeated(reference[0], len(self._clips[key].shapes))
        clip = self._clips[key]
        for i in range(start, len(self.out)):
            shape = self.out[i]
            if shape.clip is None or (kind == "mask" and inside(shape.clip, clip)):
                self.out[i] = Shape(shape.geometry, shape.look, clip)

    def _count_repeated(self, ident: str, shapes: int) -> None:
        """A clip that is read again, for another place, is a reference like a ``<use>``."""
        if ident in self._clips_seen:
            self._repeated += shapes
            if self._repeated > self._limits.references:
                raise BudgetError(
                    "shapes of clips and masks in other places", limit=f"at most {self._limits.references}"
                )
        self._clips_seen.add(ident)

    def _read_clip(
        self, element: etree._Element, kind: Literal["clip", "mask"], ctm: Affine, box: Box | None, depth: int
    ) -> Clip:
        props, own = self._cascade.style(
            "clipPath" if kind == "clip" else "mask", element, items(element), self._cascade.around(element)
        )
        if kind == "clip":
            ctm = self._moved(own, ctm)
        if box is not None:
            ctm = compose(ctm, (box[2] - box[0], 0.0, 0.0, box[3] - box[1], box[0], box[1]))
        if determinant(ctm) == 0:
            return Clip((), kind)
        drawing, self.out, self._clipping = self.out, [], kind
        try:
            for child in element:
                self.node(child, props, ctm, 1.0, depth + 1)
            shapes = tuple(self.out)
        finally:
            self.out, self._clipping = drawing, ""
        if kind == "mask" and own.get("mask-type", "").strip() == "alpha":
            shapes = tuple([as_luminance(s) for s in shapes])
        return Clip(shapes, kind)


def _rule(text: str | None) -> FillRule:
    return "evenodd" if text is not None and text.strip() == "evenodd" else "nonzero"


def _unit(text: str | None) -> float:
    return 1.0 if text is None else min(1.0, max(0.0, parse_length(text, 1.0, 1.0)))
