"""Carrying out a plan: restyle the exemplars, then compose what they do not show.

Contract. ``carry_out(plan, scene, style)`` gives a Drawing on a 24 px canvas, or None where nothing drawable came
out. Steps and
notes are plain words. Every exemplar that was used is in ``sources``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from svggen import compose
from svggen.errors import SvgGenError
from svggen.geometry import fit_canvas, ink_bounds
from svggen.icon import Icon
from svggen.models.base import Reference
from svggen.models.library import naming
from svggen.models.library.pick import Plan, manner
from svggen.style import StyleSpec
from svggen.words import Scene, tables

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LOOSE = 0.85
"""Two things put near each other say "in" and "on" only loosely."""
SYMMETRIC = 0.7
"""Overlap (intersection over union at 48 px) of a drawing and its mirror image from which it is symmetric."""
MIRRORED = 0.95
"""The same, from which the mirror image cannot be told from the drawing."""
FRONTAL = 0.6
"""A thing seen from the front shows what it is but not where it was asked to look."""


@dataclass
class Drawing:
    """A drawing in the making."""

    icon: Icon
    style: StyleSpec
    sure: float = 1.0
    prior: float = 0.0  # of its look, before it was measured
    composed: int = 0  # how many features it was put together from
    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lacks: tuple[str, ...] = ()  # what was asked for, is not there, and would be seen
    sources: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, done: compose.Composed) -> None:
        self.icon = done.icon
        self.steps += done.steps


@lru_cache(maxsize=256)
def restyled(icon: Icon, style: StyleSpec) -> tuple[Icon, tuple[str, ...], tuple[str, ...]]:
    """(icon on a 24 px canvas in the style, steps, refusals). Cached: the same exemplars come again in each round."""
    from svggen.restyle import restyle

    fitted = fit_canvas(icon)
    if not style.to_dict():
        return fitted, (), ()
    try:
        done = restyle(fitted, style)
    except SvgGenError as error:
        return fitted, (), (f"not restyled: {error}",)
    return done.icon, tuple(done.steps), tuple(done.refused)


def prepare(plans: list[Plan]) -> None:
    """Measure all exemplars in one batch of pictures: restyling asks for each measure, and finds it kept."""
    from svggen.style import analyse_many

    analyse_many([fit_canvas(r.icon) for p in plans for r in (p.base, *p.others.values())])


def carry_out(plan: Plan, scene: Scene, style: StyleSpec) -> Drawing | None:
    pixels = bool(style.pixel_art and plan.todo)  # put on the pixel grid as a whole, once it is put together
    drawing = take(plan.base, replace(style, pixel_art=None) if pixels else style)
    if ink_bounds(drawing.icon) is None:
        return None
    drawing.sure, drawing.prior, drawing.composed = plan.concept, plan.style, len(plan.todo)
    try:
        _compose(drawing, plan, scene)
        if pixels:
            drawing.icon, steps, refused = restyled(drawing.icon, style)
            drawing.steps += steps
            drawing.notes += refused
        if style.padding is None:
            drawing.add(compose.within_canvas(drawing.icon, compose.pen_for(drawing.icon, style)))
    except SvgGenError as error:
        drawing.notes.append(f"not composed: {error}")
        drawing.sure = min(drawing.sure, 0.3)
    for name in plan.missing:
        drawing.notes.append(f"no exemplar shows {name!r}; it is left out")
    for detail in naming.not_shown(scene, plan.base.name, plan.base.tags):
        drawing.notes.append(f"{detail!r} is not known to be in the exemplar")
        drawing.lacks += (detail,) if naming.apart(detail) else ()
    return drawing


def take(reference: Reference, style: StyleSpec) -> Drawing:
    """The exemplar, in the wanted style."""
    icon, steps, refused = restyled(reference.icon, _one_colour(reference.icon, style))
    whose = "your own" if reference.origin == "own" else reference.source
    drawing = Drawing(icon, style)
    drawing.steps = [f"took {reference.name!r} from {whose} ({reference.licence})", *steps]
    drawing.notes = list(refused)
    drawing.sources = [(reference.id, reference.source, reference.licence)]
    return drawing


def _one_colour(icon: Icon, style: StyleSpec) -> StyleSpec:
    """Where no colour is wanted, an exemplar's own single colour becomes the colour of the text around it. Pictures of
    several colours keep them unless the style asks for lines, areas or two tones."""
    paints = {str(p) for s in icon.shapes for p in (s.look.fill, s.look.stroke)} - {"none", "currentColor"}
    plain = style.mode not in {None, "color"} or (style.mode is None and manner(icon) != "color")
    if style.palette is None and paints and plain:
        return replace(style, palette=("currentColor",))
    return style


def _compose(d: Drawing, plan: Plan, scene: Scene) -> None:
    if "facing" in plan.todo or scene.turn.mirror or scene.turn.degrees:
        _turn(d, plan, scene)
    if "count" in plan.todo and not scene.mark:
        d.add(compose.repeat(d.icon, scene.subject.count, d.style))
    if "mark" in plan.todo:
        _mark(d, plan, scene)
    if "companions" in plan.todo and "companions" in plan.others:
        _companion(d, plan.others["companions"], scene)
    if "count" in plan.todo and scene.mark:
        d.add(compose.repeat(d.icon, scene.subject.count, d.style))
    if "slash" in plan.todo:
        d.add(compose.slash(d.icon, d.style))
    if "container" in plan.todo and scene.container:
        d.add(compose.container(d.icon, scene.container, d.style))


def _turn(d: Drawing, plan: Plan, scene: Scene) -> None:
    want = scene.turn.facing
    if want and "facing" in plan.todo:
        have = naming.facing_of(plan.base.name)
        pointing = scene.subject.name in tables.DIRECTIONAL
        if have is None:
            have = points_to(d.icon) if scene.subject.name.split()[-1] in tables.FLIES else "right"
            d.notes.append(f"{plan.base.name!r} does not say where it faces; taken as facing {have.replace('-', ' ')}")
            if scene.subject.name not in tables.FACES_RIGHT:
                d.sure *= 0.85
        if pointing or want not in {"left", "right"} or have not in {"left", "right"}:
            if have != want:
                d.add(compose.rotate(d.icon, naming.turn_between(have, want)))
        elif have != want:
            d.add(compose.mirror(d.icon))
        if "facing" not in naming.shown(scene, plan.base.name) and want in {"left", "right"} and frontal(d.icon):
            d.sure *= FRONTAL
            d.notes.append(f"{plan.base.name!r} is seen from the front: it faces neither left nor right")
        else:
            d.steps.append(f"it faces {want.replace('-', ' ')}")
    if scene.turn.mirror:
        d.add(compose.mirror(d.icon, scene.turn.mirror))
    if scene.turn.degrees:
        d.add(compose.rotate(d.icon, scene.turn.degrees))


def points_to(icon: Icon) -> str:
    """Where a thing drawn from above points, by the line that it is symmetric about: "up" about the upright,
    "up-right" about the rising diagonal, else "right". The nose is taken as up or right of the middle, as sets draw it.
    """
    import numpy as np

    from svggen.render import ink

    picture = ink(icon, 48) > 0.5
    flips = {"right": np.flipud(picture), "up": np.fliplr(picture), "up-right": np.flipud(np.fliplr(picture)).T}
    alike = {side: _overlap(picture, flip) for side, flip in flips.items()}
    best = max(alike, key=lambda side: alike[side])
    return best if alike[best] >= SYMMETRIC else "right"


def frontal(icon: Icon) -> bool:
    """Its mirror image is the drawing itself, so that it looks neither left nor right."""
    import numpy as np

    from svggen.render import ink

    picture = ink(icon, 48) > 0.5
    return _overlap(picture, np.fliplr(picture)) >= MIRRORED


def _overlap(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    return float((a & b).sum()) / max(float((a | b).sum()), 1.0)


def _mark(d: Drawing, plan: Plan, scene: Scene) -> None:
    mark = scene.mark
    if mark is None or ("mark" not in plan.others and mark.name in plan.missing):
        return
    sign: Icon | str = mark.kind
    if "mark" in plan.others:
        other = take(plan.others["mark"], d.style)
        sign = other.icon
        d.sources += other.sources
        d.steps.append(f"took {plan.others['mark'].name!r} from {plan.others['mark'].source} for {mark.name!r}")
    roomy = scene.subject.name in tables.ENCLOSING or scene.subject.name.split()[-1] in tables.ENCLOSING
    if mark.where == "inside" or (mark.where == "auto" and roomy and not plan.corner and mark.kind != "dot"):
        within = compose.inside(d.icon, sign, d.style)
        if within is not None:
            d.add(within)
            return
        d.sure *= 0.97
        if mark.where == "inside":
            d.notes.append(f"no room inside for {mark.name!r}; put in a corner")
    corner = (
        mark.where if mark.where not in {"auto", "inside"} else "top-right" if mark.kind == "dot" else "bottom-right"
    )
    d.add(compose.badge(d.icon, sign, corner, d.style))


def _companion(d: Drawing, reference: Reference, scene: Scene) -> None:
    other = take(reference, d.style)
    d.sources += other.sources
    d.steps += other.steps[:1]
    if scene.relation == "in":
        within = compose.inside(other.icon, d.icon, d.style)
        d.sure *= 1.0 if within else LOOSE
        d.add(within or compose.behind(d.icon, other.icon, d.style))
    elif scene.relation == "on":
        d.sure *= LOOSE
        d.add(compose.stack(d.icon, other.icon, d.style))
    elif scene.relation == "behind":
        d.add(compose.behind(d.icon, other.icon, d.style))
    else:
        d.add(compose.beside(d.icon, other.icon, d.style))
