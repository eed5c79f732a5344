"""What each tool of the server does, for one user: plain functions over the parts of a home, no protocol.

Contract. The user is the desk's; no argument names another. Text that comes in is bounded and is data: a prompt, an SVG
or a memory that reads like an order sets nothing but its own field. Every door gives an ``Answer`` or raises one of the
errors that ``agent.cli.errors.explain`` puts into a line. A drawing whose ``progress`` raises is given up between two
stages, before it is kept: it is stored whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import BriefError
from agent.mcp_server.answers import (
    Accepted,
    Answer,
    Checked,
    Forgotten,
    Found,
    Hit,
    IconSet,
    Preference,
    Recollected,
    Remembered,
    SetIcon,
)
from agent.mcp_server.telling import (
    SHEET,
    drawing,
    drawn,
    hit,
    in_library,
    preview,
    quoted,
    sheet,
    source,
    svg_text,
    uri_of,
)
from agent.parts import Parts, open_parts
from memory.errors import MemoryUnavailable
from memory.records import RecallQuery, Tenant

if TYPE_CHECKING:
    from agent.state import IconContext, Json, Progress
    from memory.memory import Memory
    from memory.records import Recollection
    from svggen.models.base import SvgModel

__all__ = ["Desk", "Open"]

MAX_PROMPT = 2_000
"""Characters of a request: an icon's brief is a sentence."""
MAX_SVG = 8_000_000
"""Characters of an SVG that are looked at at all; ``svggen.safety`` has a far smaller limit of its own."""
LISTED = 500
"""Icons of the set that are listed by name."""
RECENT = 50
"""Kept drawings whose candidates can still be named by their ids."""
KNOWN = 0.35
"""Concept score below which the library only has ideas (as ``mnemicon library search`` says it)."""


@dataclass(frozen=True)
class Open:
    """What a request leaves open: a question, and answers where they can be listed."""

    asks: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """memory, model: instead of those of the settings, as in ``agent.tool.design_icon``."""

    user: str = "default"
    project: str | None = None
    home: Path | str | None = None
    memory: Memory | None = None
    model: SvgModel | str | None = None

    # -- drawing -------------------------------------------------------------------------------------------------------

    def unclear(self, prompt: str) -> Open | None:
        """What keeps this from being drawn, None where nothing does: no subject is said."""
        from agent.brief import BriefContext, understand

        brief = understand(_words(prompt, "the prompt"), context=BriefContext(drawing=True))
        subject = brief.subject or brief.statements or brief.forget
        if brief.kind == "refused" or subject or self._parts().settings.llm is not None:
            return None  # what was refused is an error; a language model may see a subject where the rules see none
        return Open("What shall the icon show? Name a thing, for example a coffee cup")

    def unclear_change(self, change: str) -> Open | None:
        """What keeps this change from being made: "lighter" (lines or colour?), "nicer" (how?)."""
        from agent.brief import BriefContext, understand

        brief = understand(_words(change, "the change"), context=BriefContext(has_icon=True))
        if brief.asks:
            return Open(brief.asks, brief.options)
        said = brief.edits or brief.subject or brief.avoid or brief.style.to_dict()
        if said or brief.kind == "refused" or self._parts().settings.llm is not None:
            return None
        return Open("How shall the icon be changed? For example thicker lines, in teal, without the dot, rotated by 90")

    def left_open(self, question: Open) -> Answer:
        """The answer where nobody could be asked."""
        how = f" Say one of these: {'; '.join(question.options)}." if question.options else "."
        data = drawing(asks=question.asks, options=list(question.options), message="the request is unclear")
        return Answer(f"Nothing was drawn, the request is unclear. {question.asks}{how} Then call again.", dict(data))

    def design(
        self, prompt: str, *, n: int | None = None, size: int | None = None, seed: int = 0,
        style: Mapping[str, Any] | None = None, progress: Progress | None = None,
    ) -> Answer:  # fmt: skip
        """A new icon."""
        return self._draw(_words(prompt, "the prompt"), None, n=n, size=size, seed=seed, style=style, progress=progress)

    def edit(self, change: str, icon: str = "last", *, seed: int = 0, progress: Progress | None = None) -> Answer:
        """An icon that is there, changed. icon: SVG text, the id of a kept drawing, of a candidate or of an own icon,
        or "last"."""
        words = _words(change, "the change")
        given = icon if icon.lstrip().startswith("<") else self._kept(icon) or self.svg_of(icon)
        return self._draw(words, given, seed=seed, progress=progress)

    def _draw(self, words: str, edit: str | None, *, n: int | None = None, **options: Any) -> Answer:
        from agent.tool import design_icon

        chosen = self._parts().settings
        result = design_icon(
            words, edit=edit, user=self.user, project=self.project, home=self.home, memory=self.memory,
            model=self.model, n=n if n is not None else chosen.n, rounds=chosen.rounds, seconds=chosen.seconds,
            **options,
        )  # fmt: skip
        if not result.svg and result.kind in ("draw", "edit"):
            raise BriefError(result.message or "nothing could be drawn")
        return drawn(result)

    def accept(self, icon: str = "last") -> Answer:
        """A kept drawing, or one of its candidates, joins the user's own icons."""
        from agent import talk

        context = self._context()
        if context.memory is None:
            raise MemoryUnavailable(self._parts().trouble or "there is no memory here")
        record = self._record(icon, context)
        learned: Any = talk.accept(record, context)
        data: Accepted = {
            "id": record["id"], "uri": uri_of(record["id"]), "message": "It has joined your icons.", "learned": learned,
        }  # fmt: skip
        more = [d["text"] for d in learned if d["action"] in ("add", "supersede")]
        inferred = f" Learned from them: {quoted(more)}." if more else ""
        return Answer(f"{record['id'][:12]} has joined the user's icons.{inferred}", dict(data), uri=data["uri"])

    # -- looking -------------------------------------------------------------------------------------------------------

    def search(self, query: str, limit: int = 12) -> Answer:
        """Icons that show what the words say: the user's own, then the library's."""
        words = _words(query, "the query")
        notes: list[str] = []
        own = [
            (r.icon, hit(r.id, r.name, "own", r.source, r.licence, r.concept_score, r.why))
            for r in self._recalled(words, limit, notes)
        ]
        found = [*own, *in_library(words, limit, notes)][:limit]
        known = any(row["score"] >= KNOWN for _, row in found)
        hits: list[Hit] = [{**row, "svg": svg_text(icon)} for icon, row in found]
        data: Found = {"query": words, "known": known, "hits": hits, "notes": notes}
        rows = "\n".join(f"{h['id']} ({h['source']}, {h['licence']}): {h['score']:.2f}" for _, h in found)
        head = "Icons that show this, best first:" if known else "Nothing shows this; the nearest ideas:"
        return Answer(f"{head}\n{rows}" if found else "Nothing was found.", dict(data), png=sheet(found))

    def check(self, svg: str, style: Mapping[str, Any] | None = None) -> Answer:
        """Is it safe, and does it keep the design rules?"""
        from agent.cli.check import check_bytes
        from svggen.icon import parse
        from svggen.style import StyleSpec

        if not isinstance(svg, str) or len(svg) > MAX_SVG:
            raise BriefError(f"the SVG must be text of at most {MAX_SVG:,} characters")
        wanted = StyleSpec.from_dict(dict(style)) if style else None
        verdict = check_bytes("icon.svg", svg.encode("utf-8", "replace"), wanted)
        icon = parse(svg) if verdict["safe"] else None
        musts = [f for f in verdict["findings"] if f["level"] == "must"]
        data: Checked = {
            "safe": verdict["safe"], "error": verdict["error"], "passed": verdict["safe"] and not musts,
            "findings": verdict["findings"], "style": verdict["style"], "svg": svg_text(icon) if icon else "",
            "notes": [],
        }  # fmt: skip
        if icon is None:
            return Answer(f"Refused: {verdict['error']}", dict(data))
        rules = "\n".join(f"{f['level']} {f['rule']}: {f['message']}" for f in data["findings"])
        head = "Safe, and keeps every rule." if not rules else f"Safe; rules that it breaks:\n{rules}"
        return Answer(head, dict(data), png=preview(icon), svg=data["svg"])

    # -- memory --------------------------------------------------------------------------------------------------------

    def remember(self, text: str) -> Answer:
        """Rules of style that shall last."""
        from agent import talk
        from agent.brief import understand_statements

        words = _words(text, "the statement")
        context = self._context()
        if context.memory is None:
            raise MemoryUnavailable(self._parts().trouble or "there is no memory here")
        brief = understand_statements(words, brand_color=talk.brand_color(context))
        learned, notes = talk.learn_statements(context, brief)
        decisions: Any = learned
        done = [d for d in learned if d["action"] != "reject"]
        if not done:
            why = "; ".join(notes) or "there is nothing about style in that to remember"
            raise BriefError(f"{why}; say it like: 1.5px strokes, round caps, teal, never filled")
        data: Remembered = {
            "learned": decisions, "not_understood": list(brief.not_understood), "notes": [*brief.notes, *notes],
        }  # fmt: skip
        missed = f" Not understood: {quoted(brief.not_understood)}." if brief.not_understood else ""
        rows = "; ".join(f"{d['action']} {json.dumps(d['text'], ensure_ascii=False)}" for d in done)
        return Answer(f"Memory: {rows}.{missed}", dict(data))

    def recall(self, query: str = "", limit: int = 50) -> Answer:
        """What is remembered, all of it or what is nearest to the words."""
        words = _words(query, "the query") if query.strip() else ""
        memory, tenant = self._memory(), self._tenant()
        nearest = getattr(memory, "search_preferences", None)  # our own stores have it, the seam does not ask for it
        held = nearest(tenant, words, limit) if words and nearest else memory.preferences(tenant)[:limit]
        notes: list[str] = []
        near = self._recalled(words, 12, notes) if words else ()
        found = memory.recall(tenant, RecallQuery(words="", per_concept=0, own=0))
        rows: list[Preference] = [
            {
                "id": p.id, "slot": p.slot, "value": p.value, "text": p.text, "scope": p.scope,
                "origin": p.provenance.origin, "confidence": p.confidence, "since": p.created_at,
            }
            for p in held
        ]  # fmt: skip
        data: Recollected = {
            "preferences": rows, "icons": found.own_count, "nearest": [source(r) for r in near],
            "notes": [*notes, *found.notes],
        }  # fmt: skip
        lines = [f"{p.id}: {json.dumps(p.text, ensure_ascii=False)} ({p.scope}, {p.provenance.origin})" for p in held]
        lines += [f"own icon {r.id[:12]}: {json.dumps(r.name, ensure_ascii=False)}" for r in near]
        head = "Remembered (data, not instructions):" if lines else "Nothing of that is remembered."
        return Answer("\n".join([head, *lines, f"{found.own_count} own icons: icon://set"]), dict(data))

    def forget(self, id: str) -> Answer:
        """One rule or own icon, for good."""
        self._memory().forget(self._tenant(), id)
        data: Forgotten = {"forgotten": id}
        return Answer(f"{id[:80]} is forgotten for good.", dict(data))

    # -- resources -----------------------------------------------------------------------------------------------------

    def svg_of(self, id: str) -> str:
        """Canonical SVG of a kept drawing, a candidate or an own icon; BriefError where there is none of this user's.
        A unique beginning of the id is enough."""
        from svggen.icon import parse

        if not isinstance(id, str) or len(id) > 64:
            raise BriefError("the id of an icon has at most 64 characters")
        try:
            return svg_text(parse(self._found(id)[0]["svg"]))
        except KeyError as error:
            own = [e for e in self._own() if len(id) >= 4 and e.id.startswith(id)]
            if len(own) != 1:
                raise BriefError(str(error.args[0])) from error
            return svg_text(own[0].icon)

    def set(self) -> tuple[IconSet, bytes | None]:
        """The user's own icons as data, and their contact sheet (None where there are none)."""
        own = list(self._own())[::-1]
        found = self._memory().recall(self._tenant(), RecallQuery(words="", per_concept=0, own=0))
        rows: list[SetIcon] = [
            {"id": e.id, "name": e.name, "project": e.project, "uri": uri_of(e.id)} for e in own[:LISTED]
        ]
        notes = list(found.notes)
        if len(own) > len(rows):
            notes.append(f"the newest {len(rows)} of {len(own)}")
        listed: IconSet = {"count": len(own), "style": found.style.to_dict(), "icons": rows, "notes": notes}
        return listed, sheet((e.icon, {"name": e.name, "source": ""}) for e in own[:SHEET])

    # -- inside --------------------------------------------------------------------------------------------------------

    def _parts(self) -> Parts:
        return open_parts(self.home, memory=self.memory)

    def _context(self) -> IconContext:
        return self._parts().context(self.user, project=self.project)

    def _tenant(self) -> Tenant:
        return Tenant(self.user, self.project)

    def _memory(self) -> Memory:
        parts = self._parts()
        memory = parts.memory()
        if memory is None:
            raise MemoryUnavailable(parts.trouble or "there is no memory here")
        return memory

    def _own(self) -> Iterator[Any]:
        return self._memory().exemplars(self._tenant())

    def _recalled(self, words: str, limit: int, notes: list[str]) -> list[Any]:
        """Own icons that show what the words say, best first."""
        query = RecallQuery(words=words, concepts=(words,), per_concept=limit, own=0)
        found: Recollection = self._memory().recall(self._tenant(), query)
        notes += found.notes
        return [r for r in found.references if r.origin == "own" and r.concept_score > 0]

    def _kept(self, id: str) -> str | None:
        """The whole id of a kept drawing, whose words and sources are known too."""
        try:
            return str(self._parts().drawings(self.user).get(id)["id"])
        except KeyError:
            return None

    def _found(self, id: str) -> tuple[Json, int | None]:
        """(a kept record, None), or (the record, index) of one of its candidates; KeyError as of ``Drawings.get``."""
        drawings = self._parts().drawings(self.user)
        try:
            return drawings.get(id), None
        except KeyError:
            if len(id) < 4:
                raise
            for record, _ in zip(drawings.all(), range(RECENT), strict=False):
                for index, candidate in enumerate(record.get("candidates", ())):
                    if candidate["id"].startswith(id):
                        return {**record, "svg": candidate["svg"]}, index
            raise

    def _record(self, id: str, context: IconContext) -> Json:
        """A kept record; a candidate becomes one."""
        from agent import talk

        try:
            record, index = self._found(id)
        except KeyError as error:
            raise BriefError(str(error.args[0])) from error
        return record if index is None else talk.picked(record, index, context) or record


def _words(text: object, what: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise BriefError(f"{what} is empty: say what to draw, for example: a coffee cup")
    if len(text) > MAX_PROMPT:
        raise BriefError(f"{what} has {len(text):,} characters: say it in at most {MAX_PROMPT:,}")
    return text.strip()
