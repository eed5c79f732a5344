"""New candidates before the critic: repaired where that needs no model, looked at by the judge, scored; the best of
them are shown to the language model where the settings say so.

Contract. ``judge(rows, found, context, edited=...)`` gives each draft, as state, with score, findings and canonical
SVG; it writes nothing. The editor's icons come first and are held against the style that was asked for alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agent.critic import CriticFinding, critique
from agent.editor import Editor
from agent.eye import look
from svggen.errors import ModelError
from svggen.icon import Icon, icon_id, parse, serialise
from svggen.models.base import Draft

if TYPE_CHECKING:
    from agent.eye import Look
    from agent.recalling import Recalled
    from agent.state import IconContext, Json

__all__ = ["judge"]


def judge(rows: list[Json], found: Recalled, context: IconContext, *, edited: bool) -> list[Json]:
    """edited: an icon that is there is being changed, so that the set does not judge it."""
    linted = list(_linted(rows, found, context))
    looks: list[Look] = []
    if context.image is None:  # what a picture shows is not always what the words name
        drawn = [icon for row, icon, _ in linted if not _by_editor(row)]
        looks = look(drawn, found.words, None if edited else found.set_style)
    seen = iter(looks)
    judged = [
        _judged(row, icon, findings, found, edited, None if _by_editor(row) else next(seen, None))
        for row, icon, findings in linted
    ]
    judged = _criticised(judged, found, context)
    return _questioned(judged, found, context) if context.vision and context.image is None else judged


def _criticised(rows: list[Json], found: Recalled, context: IconContext) -> list[Json]:
    """The best of the new drawings, with what the model that draws says of it, where it is a critic too (IntroSVG): as
    findings, which the next round is shown. It has no say in the score: whether that would pay was never measured."""
    critic = next((getattr(m, "critic", None) for m in context.models if hasattr(m, "critic")), None)
    drawn = [r for r in rows if not _by_editor(r)]
    if critic is None or not drawn:
        return rows
    best = max(drawn, key=lambda r: r["score"])
    try:
        said = critic(parse(best["svg"]), found.words)
    except ModelError as error:
        return [{**r, "notes": [*r["notes"], f"the model's critic: {error}"]} if r is best else r for r in rows]
    faults = [CriticFinding(h.rule, "should", h.message, h.value, h.limit, fix=h.message) for h in said.hints()]
    more = [{**f.to_dict(), "fix": f.fix} for f in faults]
    return [{**r, "findings": [*r["findings"], *more]} if r is best else r for r in rows]


def _questioned(rows: list[Json], found: Recalled, context: IconContext) -> list[Json]:
    """The best of the new drawings, with what a language model that sees says of them."""
    from agent.llm import Llm

    if not isinstance(context.llm, Llm):
        return rows
    from agent.questions import ASKED, look_closely, weight

    drawn = sorted((r for r in rows if not _by_editor(r)), key=lambda r: -r["score"])
    best = list({r["id"]: r for r in drawn}.values())[:ASKED]
    icons = [parse(row["svg"]) for row in best]
    said = dict(zip((r["id"] for r in best), look_closely(context.llm, icons, found.scene), strict=True))
    notes = dict.fromkeys(verdict.note for verdict in said.values() if verdict.note)
    out = []
    for row in rows:
        verdict = said.get(row["id"])
        if verdict is not None:
            faults = [
                CriticFinding(f"vision:{q.key}", "should", f"the language model says: {q.fault}", fix=q.fix)
                for q in verdict.wrong
            ]
            row = {
                **row,
                "score": round(row["score"] * weight(verdict), 4),
                "findings": [*row["findings"], *({**f.to_dict(), "fix": f.fix} for f in faults)],
                "notes": [*row["notes"], *notes],
            }
        out.append(row)
    return out


def _by_editor(row: Json) -> bool:
    return bool(row["model"] == Editor.name)


def _linted(rows: list[Json], found: Recalled, context: IconContext) -> Iterator[tuple[Json, Icon, list[Any]]]:
    """Each row with its icon, repaired where that needs no model, and what the linter still finds. The editor's icons
    are held against the style that was asked for alone: the rest of them is as it was."""
    from svggen.lint import lint_many, repair

    for edited in (True, False):
        some = [row for row in rows if _by_editor(row) is edited]
        style = found.asked if edited else found.wanted
        icons = [_icon(row, context) for row in some]
        for row, icon, findings in zip(some, icons, lint_many(icons, style), strict=True):
            if not edited and any(f.fixable for f in findings):
                mended = repair(icon, findings, style)
                if mended.icon != icon:
                    row = {**row, "steps": [*row["steps"], *mended.steps]}
                    icon, findings = mended.icon, lint_many([mended.icon], style)[0]
            yield row, icon, findings


def _judged(row: Json, icon: Icon, findings: list[Any], found: Recalled, edited: bool, looked: Look | None) -> Json:
    draft = Draft(
        icon, row["model"], row["revision"], row["seed"], row["confidence"], tuple(tuple(s) for s in row["sources"]),
        tuple(row["steps"]), tuple(row["notes"]),
    )  # fmt: skip
    editor = _by_editor(row)
    verdict = critique(
        icon,
        draft=draft,
        wanted=found.asked if editor else found.wanted,
        asked=found.asked,
        scene=None if editor else found.scene,
        set_vector=None if editor or edited else found.set_vector,
        references=found.references,
        lint_findings=findings,
        looked=looked,
    )
    return {
        **{k: row[k] for k in ("model", "revision", "seed", "round", "sources", "steps", "notes")},
        "drawn": row["id"],
        "id": icon_id(icon),
        "svg": serialise(icon),
        "score": verdict.score,
        "passed": verdict.passed,
        "concept": verdict.concept,
        "findings": [{**f.to_dict(), "fix": f.fix} for f in verdict.findings],
    }


def _icon(row: Json, context: IconContext) -> Icon:
    icon = context.scratch.get("icons", {}).get(row["id"])
    return icon if isinstance(icon, Icon) else parse(row["svg"])
