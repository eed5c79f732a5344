"""What the parts give, as what a tool answers: a drawing, library hits, contact sheets, in words and in data.

Contract. Texts that came from memory or from names of icons stand in JSON quotes, on one line each. Every icon is
serialised anew from its parsed form: comments, titles and descriptions of an SVG never get here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agent.mcp_server.answers import Answer, Drawing, Finding, Hit, Source
from memory.errors import LibraryError

if TYPE_CHECKING:
    from agent.result import IconResult
    from svggen.icon import Icon

__all__ = ["drawing", "drawn", "hit", "in_library", "preview", "quoted", "sheet", "source", "svg_text", "uri_of"]

PREVIEW = 256
"""px of the picture that a language model is shown: 5 to 10 kB."""
SHEET = 60
"""Icons of a contact sheet."""


def uri_of(id: str) -> str:
    return f"icon://{id}.svg" if id else ""


def quoted(texts: Iterable[str]) -> str:
    return ", ".join(json.dumps(t, ensure_ascii=False) for t in texts)


def drawing(**fields: Any) -> Drawing:
    empty: Drawing = {
        "id": "", "svg": "", "uri": "", "score": 0.0, "passed": False, "message": "", "model": "", "findings": [],
        "style": {}, "memories": [], "exemplars": [], "candidates": [], "learned": [], "not_understood": [], "asks": "",
        "options": [], "notes": [],
    }  # fmt: skip
    made: Drawing = {**empty, **fields}  # type: ignore[typeddict-item]  # the fields are those of the class
    return made


def drawn(result: IconResult) -> Answer:
    """A result of ``design_icon`` for a model to read, to look at and to pass on."""
    from svggen.icon import parse

    told = result.to_dict()
    findings: list[Finding] = [
        {k: f[k] for k in ("rule", "level", "message", "value", "limit") if k in f}  # type: ignore[misc]
        for f in result.findings
    ]
    data = drawing(
        id=result.id, svg=result.svg, uri=uri_of(result.id), score=round(result.score, 4), passed=result.passed,
        message=result.message, model=result.model, findings=findings, style=result.style,
        memories=list(result.memories), exemplars=told["exemplars"],
        candidates=[{"id": c["id"], "score": round(c["score"], 4)} for c in result.candidates],
        learned=list(result.learned), not_understood=list(result.not_understood), notes=list(result.notes),
        asks=str(result.understood.get("asks", "")), options=list(result.understood.get("options", ())),
    )  # fmt: skip
    lines = [result.message]
    if result.svg:
        verdict = "passed" if result.passed else "not passed"
        lines.append(f"Icon {result.id}: score {result.score:.2f}, {verdict}, {len(result.candidates)} candidates.")
        lines += [f"{f['level']} {f['rule']}: {f['message']}" for f in findings[:8]]
    if result.memories:
        lines.append(f"From memory: {quoted(m['text'] for m in result.memories)}.")
    if result.not_understood:
        lines.append(f"Not understood: {quoted(result.not_understood)}.")
    lines += [f"Note: {note}" for note in result.notes]
    picture = preview(parse(result.svg)) if result.svg else None
    return Answer("\n".join(x for x in lines if x), dict(data), png=picture, svg=result.svg, uri=data["uri"])


def hit(id: str, name: str, origin: str, source: str, licence: str, score: float, why: str) -> Hit:
    return {
        "id": id, "name": name, "origin": origin, "source": source, "licence": licence,
        "score": round(float(score), 4), "why": why, "svg": "",
    }  # fmt: skip


def in_library(words: str, limit: int, notes: list[str]) -> list[tuple[Icon, Hit]]:
    from memory.library import open_library

    try:
        library = open_library()
        hits = library.search(words, limit=limit)
    except LibraryError as error:
        notes.append(f"the library cannot be searched: {error}")
        return []
    return [
        (library.icon(h.index), hit(h.id, h.name, "library", h.set, h.licence, h.concept_score, h.why)) for h in hits
    ]


def source(reference: Any) -> Source:
    names = ("id", "name", "source", "licence", "why")
    return {name: getattr(reference, name) for name in names}  # type: ignore[return-value]  # these are its fields


def svg_text(icon: Icon) -> str:
    from svggen.icon import serialise

    return serialise(icon)


def preview(icon: Icon) -> bytes:
    from svggen.render import png

    return png(icon, PREVIEW)


def sheet(items: Iterable[tuple[Icon, Mapping[str, Any]]]) -> bytes | None:
    from svggen.render import contact_sheet

    labelled = [(icon, f"{row['name']} {row['source']}".strip()[:60]) for icon, row in items]
    return contact_sheet(labelled[:SHEET], cell=48, backgrounds=("#ffffff",)) if labelled else None
