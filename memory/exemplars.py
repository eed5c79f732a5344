"""Exemplars: the user's own icons, with what was measured of them, behind the store's collections.

Contract. ``ExemplarBook`` keeps icons (kind "exemplar"), what was rejected and why (kind "rejection"), and
fingerprints of what was forgotten (kind "tombstone"). An icon is measured once, when it is written: its StyleSpec,
its style vector, what the eye sees in it (memory/eye.py: vectors "look" and "image") and the vector of its name and
tags are stored with it, so that recall measures nothing. On reading, the drawing passes ``svggen.safety`` again; a row
that does not validate is skipped and reported.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from memory.codec import exemplar_from_dict, exemplar_to_dict, tidy
from memory.errors import RecordError
from memory.eye import CONCEPT_DIMS, Eye, JudgeEye
from memory.eye import STYLE_DIMS as LOOK_DIMS
from memory.records import Exemplar
from memory.slots import clean
from memory.store import Collection, Filter, Point, Schema, VectorSpec
from svggen.errors import RenderError, StyleError
from svggen.style import STYLE_DIMS, StyleSpec

if TYPE_CHECKING:
    import numpy as np

    from memory.embedding import Embedder
    from svggen.style.sets import Member

__all__ = ["ExemplarBook", "Found", "schema"]

log = logging.getLogger(__name__)

REASON = 300
BATCH = 64  # icons measured and written together


def schema(dims: int) -> Schema:
    vectors = {
        "text": VectorSpec(dims),
        "style": VectorSpec(STYLE_DIMS, "euclid"),
        "look": VectorSpec(LOOK_DIMS),
        "image": VectorSpec(CONCEPT_DIMS),
    }
    return Schema("exemplars", vectors, ("kind", "project", "mode", "accepted", "stroke_n"))


@dataclass(frozen=True)
class Found:
    """A stored icon before its drawing is read. score: of the query that found it (see memory.store)."""

    id: str
    data: dict[str, Any]
    score: float

    @property
    def name(self) -> str:
        return str(self.data.get("name", ""))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(str(t) for t in self.data.get("tags", ()))

    @property
    def accepted(self) -> bool:
        return self.data.get("accepted") is True

    @property
    def member(self) -> Member | None:
        """What it contributes to the style of its set; None where it was not measured or does not validate."""
        from svggen.style.sets import Member

        try:
            return Member.from_dict(self.data.get("measured") or {})
        except StyleError:
            return None

    @property
    def style(self) -> StyleSpec:
        """As measured; empty where it was not."""
        member = self.member
        return StyleSpec() if member is None else member.spec

    def exemplar(self) -> Exemplar:
        """Raises RecordError where the row or its drawing does not validate."""
        return exemplar_from_dict(self.data)


class ExemplarBook:
    """The icons of one user."""

    def __init__(self, collection: Collection, embedder: Embedder, eye: Eye | None = None) -> None:
        """eye: the judge that ships, where None is given."""
        self.collection, self.embedder = collection, embedder
        self.eye: Eye = JudgeEye() if eye is None else eye

    def put(self, exemplars: Iterable[Exemplar], *, accepted: bool = False) -> Iterator[Exemplar]:
        """Writes them in batches and yields each as stored (texts capped, id from the drawing). Raises RecordError
        for one that cannot be stored; those yielded before are kept."""
        batch: list[Exemplar] = []
        for exemplar in exemplars:
            batch.append(tidy(exemplar))
            if len(batch) == BATCH:
                yield from self._put(batch, accepted)
                batch = []
        yield from self._put(batch, accepted)

    def get(self, id: str) -> Found | None:
        points = self.collection.get([id])
        return Found(id, points[0].payload, 0.0) if points and points[0].payload.get("kind") == "exemplar" else None

    def all(self) -> Iterator[Found]:
        return (Found(p.id, p.payload, 0.0) for p in self.collection.scroll({"kind": "exemplar"}))

    def count(self, where: Filter | None = None) -> int:
        return self.collection.count({"kind": "exemplar", **(where or {})})

    def newest(self, n: int, where: Filter | None = None) -> list[tuple[Found, Mapping[str, np.ndarray]]]:
        """The last n written, newest first, each with its vectors by name ("text", "style", "look", "image")."""
        points = self.collection.scroll({"kind": "exemplar", **(where or {})}, newest=n, vectors=True)
        return [(Found(p.id, p.payload, 0.0), p.vectors) for p in points]

    def by_text(self, text: str, limit: int, where: Filter | None = None) -> list[Found]:
        vector = self.embedder.embed([text])[0]
        return self._query("text", vector, limit, where)

    def by_style(self, vector: np.ndarray, limit: int, where: Filter | None = None) -> list[Found]:
        return self._query("style", vector, limit, where)

    def by_image(self, text: str, limit: int, where: Filter | None = None) -> list[Found]:
        """Those that show what the text says, whatever they are named. score: cosine in the eye's space."""
        return self._query("image", self.eye.text([text])[0], limit, where)

    def vectors(self, ids: Sequence[str]) -> dict[str, Mapping[str, np.ndarray]]:
        """The vectors of each by name."""
        return {p.id: p.vectors for p in self.collection.get(ids, vectors=True)}

    def remove(self, id: str) -> None:
        self.collection.delete([id])

    # -- rejections and tombstones -------------------------------------------------------------------------------------

    def reject(self, exemplar_id: str, reason: str, at: str) -> dict[str, Any]:
        """Remembers the reason as data; the same icon rejected again counts again."""
        id = "rejected-" + hashlib.sha256(exemplar_id.encode()).hexdigest()[:32]
        before = self.collection.get([id])
        times = before[0].payload.get("times", 0) if before else 0
        data = {
            "kind": "rejection",
            "id": id,
            "exemplar_id": clean(exemplar_id, 200),
            "reason": clean(reason, REASON),
            "at": at,
            "times": times + 1,
        }
        self.collection.upsert([Point(id, data)])
        return data

    def rejections(self) -> dict[str, int]:
        """How often each icon was rejected, by its id."""
        return {str(d.get("exemplar_id")): int(d.get("times", 1)) for d in self.facts("rejection")}

    def facts(self, kind: str) -> Iterator[dict[str, Any]]:
        return (p.payload for p in self.collection.scroll({"kind": kind}))

    def put_fact(self, data: Mapping[str, Any]) -> None:
        """A rejection or tombstone as ``facts`` gave it."""
        self.collection.upsert([Point(str(data["id"]), dict(data))])

    def bury(self, fingerprint: str, at: str) -> None:
        """Inference may not learn what has this fingerprint (it holds no text)."""
        id = f"tombstone-{fingerprint}"
        self.put_fact({"kind": "tombstone", "id": id, "fingerprint": fingerprint, "at": at})

    def unbury(self, fingerprint: str) -> None:
        self.collection.delete([f"tombstone-{fingerprint}"])

    def buried(self) -> frozenset[str]:
        return frozenset(str(d.get("fingerprint")) for d in self.facts("tombstone"))

    # -- writing -------------------------------------------------------------------------------------------------------

    def _query(self, vector: str, value: np.ndarray, limit: int, where: Filter | None) -> list[Found]:
        hits = self.collection.query(
            vector, value, where=where, limit=limit
        )  # only icons have vectors: no filter on kind
        return [Found(h.id, h.payload, h.score) for h in hits]

    def _put(self, batch: Sequence[Exemplar], accepted: bool) -> list[Exemplar]:
        if not batch:
            return []
        texts = self.embedder.embed([search_text(e.name, e.tags) for e in batch])
        points: list[Point] = []
        for exemplar, text, measured in zip(batch, texts, _measured(batch, self.eye), strict=True):
            member, vectors = (None, {}) if measured is None else measured
            vectors = {"text": text, **vectors}
            points.append(Point(exemplar.id, _payload(exemplar, member, accepted), vectors))
        self.collection.upsert(points)
        return list(batch)


def search_text(name: str, tags: Iterable[str]) -> str:
    """What is embedded of an icon."""
    return " ".join([name.replace("-", " ").replace("_", " "), *tags])[:300]


def _payload(exemplar: Exemplar, member: Member | None, accepted: bool) -> dict[str, Any]:
    spec = StyleSpec() if member is None else member.spec
    return {
        **exemplar_to_dict(exemplar),
        "kind": "exemplar",
        "measured": None if member is None else member.to_dict(),
        "mode": spec.mode,
        "stroke_n": spec.stroke_width,
        "accepted": accepted,
    }


def _measured(batch: Sequence[Exemplar], eye: Eye) -> list[tuple[Member, dict[str, np.ndarray]] | None]:
    """Measure of each, and its vectors "style", "look" and "image"; None for an icon that is blank or cannot be
    rendered: it is kept without."""
    from svggen.style import analyse_many
    from svggen.style.sets import member_of

    try:
        measured = analyse_many([e.icon for e in batch])
        images, looks = eye.see([e.icon for e in batch])
        return [
            None if a.box is None else (member_of(a), {"style": a.vector, "look": look, "image": image})
            for a, look, image in zip(measured, looks, images, strict=True)
        ]
    except RenderError as error:
        if len(batch) == 1:
            log.warning("icon %s could not be measured: %s", batch[0].id[:12], error)
            return [None]
        return [_measured([e], eye)[0] for e in batch]


def checked(found: Iterable[Found]) -> Iterator[tuple[Found, Exemplar | str]]:
    """Each with its exemplar, or with the reason why it cannot be used."""
    for item in found:
        try:
            yield item, item.exemplar()
        except RecordError as error:
            yield item, f"a stored icon was skipped: {error}"
