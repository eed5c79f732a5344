"""The read path: from a request to what memory has to say about it.

Contract. ``recall`` reads, never writes. It measures nothing and imports no Mem0. What it gives is data: typed
values, icons rebuilt by ``svggen.safety``, and quotes. The slots that hold one value (``style.*``, ``brand_color``)
and what is to be avoided are always injected; semantic likeness decides only among icons. Every item says why it
came. What cannot be read is left out with a note: a store that is down leaves the shipped library's references.

Style, field by field: the request, else the stated preference, else the inferred one, else what the user's own icons
show; while there are none, the request's fallback. References, for each concept: the user's own icons and the
library's, by ``policy.rank``, spread over drawings and sets; then up to ``query.own`` own icons of other subjects as
references of style alone (concept_score 0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from memory import policy
from memory.errors import EmbedderError, LibraryError, MemoryUnavailable
from memory.exemplars import ExemplarBook, Found, checked
from memory.looks import JUDGE_WEIGHT, OwnStyle, Wanted, own_style_of, style_score
from memory.preferences import PreferenceBook
from memory.records import Preference, Recalled, RecallQuery, Recollection, Tenant
from memory.slots import STYLE
from memory.wish import wanted_vector
from svggen.models.base import Reference
from svggen.style import StyleSpec

__all__ = ["BYTES", "CONCEPTS", "OwnStyle", "own_style_of", "recall"]

CONCEPTS = 8  # of one request that are recalled for
BYTES = 256 * 1024  # of drawings in one recollection, as canonical SVG text
PREFERENCES = 48  # shown in one recollection beyond the exclusive slots
SAME = 2  # icons of one name from one source before the others get their turn
LEAST = 0.15  # concept score below which an own icon is no answer to the concept
SEMANTIC = 0.45  # cosine of MiniLM below which two names have nothing to do with one another


def recall(
    tenant: Tenant,
    query: RecallQuery,
    *,
    preferences: PreferenceBook | None,
    exemplars: ExemplarBook | None,
    own: Callable[[], OwnStyle],
    library: Callable[[], Any],
    now: datetime,
) -> Recollection:
    """preferences, exemplars: None where the user has no memory yet. own: the style of their icons (may be cached).
    library: opens the shipped library, or gives None."""
    notes: list[str] = []
    held: dict[str, Preference] = {}
    mine = OwnStyle()
    rejected: dict[str, int] = {}
    try:
        if preferences is not None:
            rows, notes = preferences.rows()
            held = policy.resolve((row.preference for row in rows), tenant)
        if exemplars is not None:
            mine = own()
            rejected = exemplars.rejections()
    except MemoryUnavailable as error:
        notes.append(f"memory is not available, drawing without it: {error}")
        exemplars = None

    brand = next((p.value for slot, p in held.items() if slot == "brand_color"), None)
    style, sources = _style(query, held, mine)
    vocabulary = {slot.partition(":")[2]: str(p.value) for slot, p in held.items() if slot.startswith("vocabulary:")}
    avoid = tuple(sorted(s.partition(":")[2] for s, p in held.items() if s.startswith("avoid:") and p.value is True))

    look = wanted_vector(style, mine.spec, mine.vector)
    wanted = Wanted(look, mine.judge_style if look is mine.vector else None)
    seeker = _Seeker(exemplars, library, mine, wanted, rejected, now, notes)
    references: list[Reference] = []
    concepts = list(dict.fromkeys(query.concepts or (query.words,)))[:CONCEPTS]
    used: list[str] = []
    for concept in concepts:
        word = _vocabulary_for(concept, vocabulary)
        if word is not None:
            used.append(f"vocabulary:{word}")
        references += seeker.concept(concept, None if word is None else vocabulary[word], query.per_concept)
    references += seeker.style_only({r.id for r in references}, query.own)

    return Recollection(
        style=style,
        style_sources=sources,
        preferences=_shown(held, used),
        references=_within_budget(references),
        set_vector=None if mine.vector is None else tuple(float(x) for x in mine.vector),
        judge_style=None if wanted.judge_style is None else tuple(float(x) for x in wanted.judge_style),
        brand_color=brand,
        vocabulary=vocabulary,
        avoid=avoid,
        own_count=mine.count,
        notes=tuple(dict.fromkeys(notes)),
    )


def _style(query: RecallQuery, held: dict[str, Preference], mine: OwnStyle) -> tuple[StyleSpec, dict[str, str]]:
    """The wanted style and where each field comes from."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    brand = held.get("brand_color")
    for name in (f.name for f in fields(StyleSpec)):
        preference = held.get(STYLE + name)
        stated = preference if preference is not None and preference.provenance.origin != "inferred" else None
        if getattr(query.style, name) is not None:
            values[name], sources[name] = getattr(query.style, name), "request"
        elif stated is not None:
            values[name], sources[name] = stated.value, stated.id
        elif name == "palette" and brand is not None:
            values[name], sources[name] = [brand.value], brand.id
        elif preference is not None:
            values[name], sources[name] = preference.value, preference.id
        elif getattr(mine.spec, name) is not None:
            values[name], sources[name] = getattr(mine.spec, name), f"own icons ({mine.n})"
    if mine.n == 0:
        for name, value in _open_fields(query.fallback, values):
            values[name], sources[name] = value, "fallback"
    return StyleSpec.from_dict(values), sources


def _open_fields(fallback: StyleSpec, known: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields of the fallback that nobody has decided; none of lines for a look that is not drawn with lines."""
    mode = known.get("mode", fallback.mode)
    closed = {"stroke_width", "cap"} if mode in ("filled", "color") else set()
    if known.get("pixel_art"):
        closed |= {"cap", "join", "corner_radius"}
    for f in fields(StyleSpec):
        value = getattr(fallback, f.name)
        if value is not None and f.name not in known and f.name not in closed:
            yield f.name, value


def _shown(held: dict[str, Preference], used: Sequence[str]) -> tuple[Recalled, ...]:
    """Exclusive slots and bans always; of the vocabulary what this request uses."""
    order = {"brand_color": 0, "style": 1, "avoid": 2, "vocabulary": 3}
    chosen = [p for slot, p in held.items() if not slot.startswith("vocabulary:") or slot in used]
    chosen = [p for p in chosen if not (p.slot.startswith("avoid:") and p.value is not True)]
    chosen.sort(key=lambda p: (order.get(p.slot.partition(":")[0].partition(".")[0], 9), p.slot))
    exclusive = [p for p in chosen if not p.slot.startswith("avoid:") and not p.slot.startswith("vocabulary:")]
    others = [p for p in chosen if p not in exclusive][:PREFERENCES]
    return tuple(Recalled(p, policy.why(p)) for p in [*exclusive, *others])


def _vocabulary_for(concept: str, vocabulary: dict[str, str]) -> str | None:
    """The remembered word that means this concept."""
    from memory.library.text import tokens

    wanted = tokens(concept)
    return next((word for word in vocabulary if tokens(word) == wanted), None) if wanted else None


def _within_budget(references: Iterable[Reference]) -> tuple[Reference, ...]:
    kept: list[Reference] = []
    left = BYTES
    for reference in references:
        left -= _size(reference)
        if left < 0 and kept:
            break
        kept.append(reference)
    return tuple(kept)


def _size(reference: Reference) -> int:
    """About how many bytes the drawing takes as text: 24 for each path segment, 80 for each shape."""
    return sum(80 + 24 * len(getattr(s.geometry, "segments", ())) for s in reference.icon.shapes)


@dataclass
class _Seeker:
    """Finds references for one recollection."""

    exemplars: ExemplarBook | None
    library: Callable[[], Any]
    mine: OwnStyle
    wanted: Wanted
    rejected: dict[str, int]
    now: datetime
    notes: list[str]

    def concept(self, concept: str, metaphor: str | None, limit: int) -> list[Reference]:
        """The best of own and library icons for one idea, drawn as ``metaphor`` where the user's vocabulary says so."""
        words = metaphor or concept
        because = f"; you draw {metaphor!r} for {concept!r}" if metaphor else ""
        found = [*self._own(words, concept, because, limit), *self._library(words, concept, because, limit)]
        return _spread(found, limit)

    def style_only(self, taken: set[str], limit: int) -> list[Reference]:
        """Own icons of other subjects, nearest to the own style first."""
        if self.exemplars is None or self.mine.vector is None or limit < 1:
            return []
        try:
            near = self.exemplars.by_style(self.mine.vector, limit + len(taken))
        except MemoryUnavailable as error:
            self.notes.append(f"memory is not available, drawing without it: {error}")
            return []
        out: list[Reference] = []
        for found, exemplar in checked(f for f in near if f.id not in taken and not self.rejected.get(f.id)):
            if isinstance(exemplar, str):
                self.notes.append(exemplar)
                continue
            style = style_score(1.0 / max(found.score, 1e-6) - 1.0)
            reason = f"your own icon {found.name!r}: shows your style"
            out.append(_own_reference(found, exemplar, "", 0.0, style, reason))
            if len(out) == limit:
                break
        return out

    def _own(self, words: str, concept: str, because: str, limit: int) -> list[tuple[float, Reference]]:
        if self.exemplars is None or self.mine.count == 0:
            return []
        try:
            near, seen = self._near(words, max(limit, 16))
            vectors = self.exemplars.vectors([f.id for f in near])
        except MemoryUnavailable as error:
            self.notes.append(f"memory is not available, drawing without it: {error}")
            return []
        except EmbedderError as error:
            self.notes.append(f"own icons were not searched: {error}")
            return []
        ranked: list[tuple[float, float, float, str, Found]] = []
        for found in near:
            score, reason = _concept_score(words, found, seen.get(found.id, 0.0))
            if score < LEAST:
                continue
            style = self.wanted.of(vectors.get(found.id, {}), self.exemplars.eye)
            times = self.rejected.get(found.id, 0)
            r = policy.rank(score, style, own=True, accepted=found.accepted, age_days=self._age(found), rejected=times)
            note = f", rejected {times} times" if times else ""
            how = "you accepted" if found.accepted else "your own icon"
            ranked.append((r.value, score, style, f"{how} {found.name!r}: {reason}{note}{because}", found))
        ranked.sort(key=lambda row: (-row[0], row[4].id))
        out: list[tuple[float, Reference]] = []
        reasons = {row[4].id: row for row in ranked[:limit]}
        for found, exemplar in checked(row[4] for row in ranked[:limit]):
            if isinstance(exemplar, str):
                self.notes.append(exemplar)
                continue
            value, score, style, reason, _ = reasons[found.id]
            out.append((value, _own_reference(found, exemplar, concept, score, style, reason)))
        return out

    def _near(self, words: str, limit: int) -> tuple[list[Found], dict[str, float]]:
        """(own icons near by their words, then those that only look like it; how surely the eye sees it in each)."""
        assert self.exemplars is not None
        near = self.exemplars.by_text(words, limit)
        try:
            seen = {f.id: f for f in self.exemplars.by_image(words, limit)}
            shows = {id: self.exemplars.eye.shows(f.score) for id, f in seen.items()}
        except EmbedderError as error:
            self.notes.append(f"own icons were searched by their words alone: {error}")
            self.wanted = Wanted(self.wanted.vector)  # the eye's scores are not to be had
            return near, {}
        known = {f.id for f in near}
        return [*near, *(replace(f, score=0.0) for id, f in seen.items() if id not in known)], shows

    def _library(self, words: str, concept: str, because: str, limit: int) -> list[tuple[float, Reference]]:
        if limit < 1:
            return []
        try:
            library = self.library()
            fault = getattr(library, "judged_fault", "")
            if fault:
                self.notes.append(f"the library's icons were ranked without the judge: {fault}")
            hits = [] if library is None else library.search(words, limit=limit, **self._looks(library))
            out = []
            for hit in hits:
                times = self.rejected.get(hit.id, 0)
                style = 1.0 if self.wanted.vector is None else hit.style_score
                value = policy.rank(hit.concept_score, style, rejected=times).value
                out.append((value, _library_reference(library, hit, concept, because, times)))
            return out
        except (LibraryError, EmbedderError) as error:
            self.notes.append(f"the icon library is not available: {error}")
            return []

    def _looks(self, library: Any) -> dict[str, Any]:
        """The wanted look as the library's search takes it: with the eye's mean where both are of the same eye."""
        judged = None if self.wanted.judge_style is None else getattr(library, "judged", None)
        if judged is None or judged.eye != self.mine.eye:
            return {"style": self.wanted.vector}
        judge: dict[str, Any] = {"judge_style": self.wanted.judge_style, "judge_weight": JUDGE_WEIGHT}
        return {"style": self.wanted.vector, **judge}

    def _age(self, found: Found) -> float:
        try:
            return (self.now - datetime.fromisoformat(str(found.data.get("created_at")))).total_seconds() / 86400
        except (ValueError, TypeError):  # not a time, or one without a zone
            return 0.0


def _concept_score(words: str, found: Found, shows: float) -> tuple[float, str]:
    """(0..1, in words why): by the words of name and tags, or, at most 0.6, by the cosine of the text vectors or by
    what the eye sees (shows: of real icons, how many show their own name less surely; half of them are no proof)."""
    lexical = policy.lexical(words, found.name, found.tags)
    semantic = 0.6 * min(1.0, max(0.0, (found.score - SEMANTIC) / (1.0 - SEMANTIC)))
    seen = 0.6 * max(0.0, 2.0 * shows - 1.0)
    if seen > max(lexical, semantic):
        return seen, f"it looks like {words!r} ({seen:.2f})"
    if lexical >= semantic:
        return lexical, "its name" if lexical == 1.0 else f"its name or tags fit {words!r} ({lexical:.2f})"
    return semantic, f"near in meaning to {words!r} ({semantic:.2f})"


def _spread(found: list[tuple[float, Reference]], limit: int) -> list[Reference]:
    """Best first, no drawing twice; icons of one name in one look beyond the second come last: variety of drawing."""
    out: list[Reference] = []
    late: list[Reference] = []
    seen: set[str] = set()
    names: Counter[tuple[str, str]] = Counter()
    for _, reference in sorted(found, key=lambda pair: (-pair[0], pair[1].id)):
        if reference.id in seen:
            continue
        seen.add(reference.id)
        names[reference.source, reference.name] += 1
        (out if names[reference.source, reference.name] <= SAME else late).append(reference)
    return [*out, *late][:limit]


def _own_reference(found: Found, exemplar: Any, concept: str, score: float, style: float, why: str) -> Reference:
    return Reference(
        id=exemplar.id,
        name=exemplar.name,
        concept=concept,
        icon=exemplar.icon,
        origin="own",
        source="accepted" if found.accepted else exemplar.source,
        licence=exemplar.licence,
        concept_score=round(score, 6),
        style_score=style,
        tags=exemplar.tags,
        why=why,
    )


def _library_reference(library: Any, hit: Any, concept: str, because: str, rejected: int) -> Reference:
    reference = Reference(
        id=hit.id,
        name=hit.name,
        concept=concept,
        icon=library.icon(hit.index),
        origin="library",
        source=hit.set,
        licence=hit.licence,
        concept_score=float(hit.concept_score),
        style_score=float(hit.style_score),
        tags=tuple(hit.tags),
        why=str(hit.why) + because,
        recognised=getattr(hit, "recognised", None),
    )
    return replace(reference, why=f"{reference.why}, rejected {rejected} times") if rejected else reference
