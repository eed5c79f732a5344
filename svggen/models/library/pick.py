"""Choosing exemplars: which references can be the base of the drawing, what each already shows, what is left to
compose.

Contract. ``plans(request, scene)`` is deterministic: equal requests give equal plans, best first. A plan's
``concept`` (0..1)
says how surely its parts depict what was asked, the least sure of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache

from svggen.compose.marks import KINDS as DRAWN_MARKS
from svggen.compose.marks import pen_for
from svggen.errors import GeometryError
from svggen.geometry import fit_canvas, to_path
from svggen.icon import Icon
from svggen.models.base import KNOWN, DrawRequest, Reference
from svggen.models.library import naming
from svggen.style import StyleSpec
from svggen.words import Scene, nouns, tables

TIE = 0.1
"""Concept scores nearer than this are equal: then the look decides."""
PUT_TOGETHER = 0.2
"""Taken off the look for each thing that must be composed: a finished drawing of all of it beats one put together."""
SURER = 3.0
"""Within a tie, the look that a lower concept score must bring: 0.05 less (a synonym, not the name) needs 0.15 more."""
OWN = 0.6
"""What an icon of the user's own is worth beside others of the same concept, as look."""
GUESSED = 0.75
"""Below this score no name or tag says it (Reference.concept_score): an exemplar near in meaning to several words that
bears only some of them shows something else."""
UNSHOWN = 0.45
"""What is worn, and a further thing, is no part of the thing itself: an exemplar that does not name it does not show
it. Below KNOWN, so that the drawing is not passed off as what was asked for."""
SAME_MODE = 0.15
USUAL = 0.8
"""What full agreement of all exemplars on one picture is worth, as look. Chosen with tests/bench/bench_sets.py: 0, 0.4
and 0.8 bring the set's own icon into the five most similar for 52, 54 and 56 % of the drawings, at the same style."""
LOOKED_AT = 20
NEAR_TIE = 0.03
"""The seed may reorder style scores that are nearer than this, nothing else."""


@dataclass(frozen=True)
class Plan:
    """base: the exemplar that is adapted; todo: features that it does not show and that are composed; others:
    exemplars of the
    companions and of a mark that is not drawn by hand; corner: the mark goes to a corner even where there is room
    inside."""

    base: Reference
    todo: frozenset[str]
    concept: float
    style: float
    others: dict[str, Reference] = field(default_factory=dict)
    corner: bool = False
    missing: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[float, float]:
        return (self.concept, self.style)


def depicts(reference: Reference, scene: Scene) -> float:
    """0..1: how surely the reference shows the scene's subject."""
    if reference.concept_score <= 0:
        return 0.0
    wanted = {
        scene.subject.name,
        nouns.plural_of(scene.subject.name),
        *tables.RECALL_SYNONYMS.get(scene.subject.name, ()),
    }
    cover = naming.subject_cover(scene, reference.name, reference.tags)
    concept = reference.concept.strip().lower()
    if concept in wanted:
        score = reference.concept_score
        if score < GUESSED and cover < 1.0 and " " in scene.subject.name:
            score *= 0.75
    elif concept in scene.whole or concept == scene.phrase:
        score = reference.concept_score if reference.concept_score >= 0.95 else reference.concept_score * cover
    else:
        score = reference.concept_score * cover if cover >= 0.8 else 0.0
    score *= 0.72 ** naming.extras(scene, reference.name)
    if naming.more_than_one(scene, reference.name):
        score *= 0.85
    return score


def covers(reference: Reference, scene: Scene) -> frozenset[str]:
    """The features that the reference already shows, by its name, or by the phrase whose exact tag it bears."""
    out = naming.shown(scene, reference.name)
    concept = reference.concept.strip().lower()
    if reference.concept_score >= 0.95 and (concept in scene.whole or concept == scene.phrase):
        said = naming.shown(scene, concept)
        if concept in {scene.phrase, *scene.whole[-1:]} and concept != scene.subject.name:
            said |= naming.features(scene)
        out |= said - {"count"}  # "users" is often a tag of one user: only the name is believed
    # A mark in the corner cuts the container's silhouette: there the name alone is believed.
    if "container" in out and "mark" not in out and not _looks_contained(reference, scene):
        out -= {"container"}
    return out


_FULL = {"circle": (0.70, 0.84), "square": (0.88, 1.01), "rounded-square": (0.80, 1.01)}
"""Area of the silhouette over that of its box: pi / 4 for a circle, less for "an arrow with a circle at its end"."""


def _looks_contained(reference: Reference, scene: Scene) -> bool:
    """The silhouette is that of the container that the name speaks of."""
    from svggen.compose.booleans import area_size, icon_area, solid
    from svggen.geometry import ink_bounds

    if scene.container not in _FULL:
        return True
    icon = fit_canvas(reference.icon)
    box = ink_bounds(icon)
    if box is None:
        return False
    width, height = max(box[2] - box[0], 0.1), max(box[3] - box[1], 0.1)
    lo, hi = _FULL[scene.container]
    if not 0.85 < width / height < 1.18:
        return False
    try:
        return lo <= area_size(solid(icon_area(icon))) / (width * height) <= hi
    except GeometryError:
        return False


def plans(request: DrawRequest, scene: Scene) -> list[Plan]:
    """Every plan worth drawing, best first: concept (within TIE), then the look, own icons before others of the same
    kind."""
    needed = naming.features(scene)
    others, missing, least = _others(request, scene)
    found: dict[str, Plan] = {}
    for reference in request.references:
        concept = depicts(reference, scene)
        if concept <= 0:
            continue
        todo = needed - covers(reference, scene)
        used = {k: v for k, v in others.items() if k in todo}
        lacking = tuple(missing[k] for k in missing if k in todo)
        sure = min([concept, *(least[k] for k in todo if k in least)])
        sure *= 0.95 ** len(todo)
        for detail in naming.not_shown(scene, reference.name, reference.tags):
            sure *= UNSHOWN if naming.apart(detail) else 0.95
        style = _style(reference, request) - PUT_TOGETHER * len(todo)
        plan = Plan(reference, todo, sure, style, used, missing=lacking)
        if reference.id not in found or found[reference.id].concept < sure:
            found[reference.id] = plan
    return order(list(found.values()), request)


def order(candidates: list[Plan], request: DrawRequest) -> list[Plan]:
    if not candidates:
        return []
    tie = 0.25 if any(h.rule.startswith("style") for h in request.hints) else TIE
    best = max(p.concept for p in candidates)

    def key(p: Plan) -> tuple[int, float, str]:
        behind = best - p.concept
        return (int(behind / tie), SURER * behind - p.style, p.base.id)

    # Restyling cannot make every drawing filled or hollow, nor every picture plain: those that are so already go first.
    ranked = sorted(candidates, key=key)
    head = [replace(p, style=p.style + _suits(p.base, request)) for p in ranked[:LOOKED_AT]]
    return sorted(_by_agreement(head, best, tie), key=key) + ranked[LOOKED_AT:]


def _by_agreement(head: list[Plan], best: float, tie: float) -> list[Plan]:
    """The look of each equally sure plan, raised by how usual its exemplar is among them: of twenty left arrows, the
    one that most sets would recognise. The user's own icons need no one's agreement."""
    from svggen.models.library.usual import usual

    known = [i for i, p in enumerate(head) if best - p.concept < tie and p.base.origin == "library"]
    out = list(head)
    for i, agreed in zip(known, usual([head[i].base.icon for i in known]), strict=True):
        out[i] = replace(head[i], style=head[i].style + USUAL * agreed)
    return out


def _suits(reference: Reference, request: DrawRequest) -> float:
    """What the look gains or loses by the manner of drawing, before anything is measured."""
    kind = manner(reference.icon)
    if kind == "color" and request.style.mode != "color":
        return -SAME_MODE
    return SAME_MODE if kind == request.style.mode else 0.0


@lru_cache(maxsize=1024)
def manner(icon: Icon) -> str:
    """outline, filled, duotone or color, from the paints and the width of what is filled: a guess, but a cheap one."""
    fills = [s.look for s in icon.shapes if s.look.fill != "none"]
    colours = {str(k.fill) for k in fills} | {str(s.look.stroke) for s in icon.shapes if s.look.stroke != "none"}
    if len(colours) > 1:
        return "color"
    try:
        return pen_for(fit_canvas(icon), StyleSpec()).mode
    except GeometryError:
        return "outline"


def _style(reference: Reference, request: DrawRequest) -> float:
    """The look's score with a bonus for the user's own icons and a seeded nudge smaller than a near tie."""
    nudge = hashlib.sha256(f"{request.seed}:{reference.id}".encode()).digest()[0] / 255 * NEAR_TIE
    own = OWN if reference.origin in {"own", "given"} else 0.0
    return reference.style_score + own + nudge


def _others(request: DrawRequest, scene: Scene) -> tuple[dict[str, Reference], dict[str, str], dict[str, float]]:
    """(exemplar for each further part, words for those that none shows, how sure each is). Marks drawn by hand need
    none."""
    found: dict[str, Reference] = {}
    missing: dict[str, str] = {}
    sure: dict[str, float] = {}
    wanted: list[tuple[str, str]] = []
    if scene.companions:
        wanted += [("companions", c.name) for c in scene.companions[:1]]
    if scene.mark and scene.mark.kind not in DRAWN_MARKS:
        wanted.append(("mark", scene.mark.name))
    for feature, name in wanted:
        ranked = sorted(
            (r for r in request.references if r.concept.strip().lower() == name and r.concept_score > 0),
            key=lambda r: (-int(r.concept_score * (0.72 ** _foreign(name, r.name)) / TIE), -_style(r, request), r.id),
        )
        head = sorted(ranked[:LOOKED_AT], key=lambda r: (-_side_part(name, r, request), r.id))
        ranked = head + ranked[LOOKED_AT:]
        if ranked and ranked[0].concept_score >= KNOWN:
            found[feature] = ranked[0]
            sure[feature] = ranked[0].concept_score
        else:
            missing[feature] = name
            sure[feature] = 0.3
    return found, missing, sure


def _side_part(name: str, reference: Reference, request: DrawRequest) -> float:
    """How well an exemplar serves as the smaller part of a drawing: sure, alike, simple enough to be drawn small."""
    concept = reference.concept_score * 0.72 ** _foreign(name, reference.name)
    segments = sum(len(to_path(s.geometry).segments) for s in reference.icon.shapes)
    look = _style(reference, request) + _suits(reference, request) - 0.3 * min(segments / 60, 1.0)
    return SURER * concept + look


def _foreign(wanted: str, name: str) -> int:
    """Words of the name that were not asked for; a plural counts as one."""
    raw, asked = set(naming.raw_words(name)), set(naming.raw_words(wanted))
    plural = nouns.plural_of(wanted).split()[-1]
    return len(naming.words_of(name) - naming.words_of(wanted)) + (plural in raw and plural not in asked)


def nearest_names(request: DrawRequest, count: int = 3) -> str:
    """The names of the nearest ideas, for an honest note."""
    ranked = sorted((r for r in request.references if r.concept_score > 0), key=lambda r: (-r.concept_score, r.id))
    return ", ".join(list(dict.fromkeys(r.name for r in ranked))[:count]) or "none"


def families(chosen: list[Plan], most: int) -> list[Plan]:
    """The first ``most``, one of each glyph before a second of any: "bell-thin" and "bell-bold" of one set are one
    glyph."""
    seen: set[tuple[str, frozenset[str]]] = set()
    first: list[Plan] = []
    rest: list[Plan] = []
    for plan in chosen:
        family = (plan.base.source, naming.words_of(plan.base.name))
        (rest if family in seen else first).append(plan)
        seen.add(family)
    return (first + rest)[:most]
