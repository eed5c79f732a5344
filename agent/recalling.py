"""One look into memory for one request: what is to be drawn, in which style, from which exemplars, and why.

Contract. ``recall_for`` never raises for a memory that is down or damaged: it gives what the shipped library alone
has, with a note. It writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agent.brief import Brief
from agent.seams import taped
from agent.wishes import asked_style, factors, redrawn_words, relative_style, wanted_style
from memory.errors import MemoryError_, TenantError
from memory.records import RecallQuery, Recollection, Tenant
from svggen.errors import StyleError
from svggen.icon import parse
from svggen.models.base import Reference
from svggen.style import StyleSpec, measure

if TYPE_CHECKING:
    from agent.state import IconContext, Json
    from svggen.words import Scene


HOUSE = StyleSpec(stroke_width=2.0, cap="round", join="round", mode="outline", pixel_art=False)
"""What is drawn while nothing is known of the user: one look, so that a first set already holds together. It is
that of Lucide and Tabler, whose strokes stay editable."""


@dataclass(frozen=True)
class Recalled:
    """words: the subject to draw. scene: the same, read as drawing. asked: the request's own style ("thicker" measured
    on the icon that it means); wanted: joined with memory. sources: for each field of ``wanted``, where it comes
    from."""

    words: str
    scene: Scene
    asked: StyleSpec
    wanted: StyleSpec
    references: tuple[Reference, ...]
    recollection: Recollection
    notes: tuple[str, ...] = ()

    @property
    def set_vector(self) -> tuple[float, ...] | None:
        return self.recollection.set_vector

    @property
    def set_style(self) -> tuple[float, ...] | None:
        """The mean of the judge's style vectors of the user's own icons."""
        return self.recollection.judge_style

    def to_dict(self) -> Json:
        """JSON-ready; references by id, name and why, without their icons."""
        return {
            "words": self.words,
            "asked": self.asked.to_dict(),
            "wanted": self.wanted.to_dict(),
            "sources": dict(self.recollection.style_sources),
            "memories": [
                {"id": r.preference.id, "text": r.preference.text, "scope": r.preference.scope, "why": r.why}
                for r in self.recollection.preferences
            ],
            "avoid": list(self.recollection.avoid),
            "own_count": self.recollection.own_count,
            "concepts": list(self.scene.concepts),
        }


def tenant_of(context: IconContext, brief: Brief | None = None) -> Tenant:
    """Whose memory; a project that the message names goes before that of the run."""
    return Tenant(context.user, (brief.project if brief else None) or context.project, context.session)


def recall_for(context: IconContext, brief: Brief, base: Json | None, explicit: Json | None) -> Recalled:
    """base: the kept drawing that is to be changed. explicit: StyleSpec fields given by the caller."""
    from svggen.words import parse_words

    words = brief.subject or (redrawn_words(base.get("subject", ""), brief) if base else "")
    scene = parse_words(words)
    fixed = context.style if not explicit else StyleSpec.from_dict(explicit).over(context.style)
    compared = factors(brief)
    seen = relative_style(measure(parse(str(base["svg"]))), compared) if base and compared else StyleSpec()
    asked = asked_style(brief, fixed, None).over(seen)
    notes: list[str] = []
    found = _recollect(context, brief, words, scene, _inherited(base, asked), notes)
    if brief.brand and asked.palette is None:
        if found.recollection.brand_color is None:
            notes.append("no brand colour is known; say for example: our brand colour is #0a7")
        asked = asked_style(brief, fixed, found.recollection.brand_color).over(seen)
    recalled = asked.over(found.recollection.style)
    avoid = (*found.recollection.avoid, *brief.avoid)
    wanted = wanted_style(asked, recalled, avoid, {} if base else compared)
    if context.size is not None and wanted.grid is None:
        wanted = replace(wanted, grid=context.size)
    return replace(found, asked=asked, wanted=wanted, notes=tuple(dict.fromkeys([*found.notes, *notes])))


def _inherited(base: Json | None, asked: StyleSpec) -> StyleSpec:
    """A new drawing after an edit keeps the style that the last one was drawn in."""
    if not base:
        return asked
    try:
        return asked.over(StyleSpec.from_dict(base.get("style") or {}))
    except StyleError:
        return asked


def _recollect(
    context: IconContext, brief: Brief, words: str, scene: Any, style: StyleSpec, notes: list[str]
) -> Recalled:
    query = RecallQuery(
        words=words,
        concepts=scene.concepts or ((words,) if words else ()),
        style=style,
        fallback=HOUSE if context.image is None else StyleSpec(),  # the look of a picture is its own
    )
    tenant = tenant_of(context, brief)
    recollection: Recollection
    try:
        recollection = (
            context.memory.recall(tenant, query) if context.memory is not None else library_only(query, context)
        )
    except TenantError:
        raise
    except MemoryError_ as error:
        notes.append(f"memory is not available, drawing without it: {error}")
        recollection = library_only(query, context)
    return Recalled(words, scene, style, recollection.style, recollection.references, recollection, recollection.notes)


@taped("library")
def library_only(query: RecallQuery, context: IconContext) -> Recollection:
    """What the shipped library alone has: no user, no history."""
    from memory.library import open_library
    from memory.recall import OwnStyle, recall

    return recall(
        Tenant("nobody"),
        query,
        preferences=None,
        exemplars=None,
        own=OwnStyle,
        library=open_library,
        now=context.clock(),
    )
