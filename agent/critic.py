"""The critic: lint, style and agreement with the request, joined to one score with findings that say how to mend them.

Contract. ``critique`` is a pure function of its arguments; it renders (through lint and the style measure) but asks no
model.

The score is ``concept x (0.45 + 0.35 style + 0.20 craft)``, halved where a drawing rule of level must is broken:

    concept  0..1  the model's own word on whether the icon shows what was asked, times 0.8 for each demand of the
                   request that cannot be found in how it was made (its container, its mark, its slash); where the
                   judge has looked (``agent.eye``), times 0.85 .. 1, by how surely it recognises the subject
    style    0..1  1 - distance(wanted, measured) over the wanted fields; where the user's set is known, the mean of
                   that, of 1 / (1 + how far its style vector lies beyond a typical member's distance to the set),
                   and of how well the judge says that it sits in the set
    craft    0..1  0.96 for each should finding of the linter

The concept multiplies because an icon of something else is worth nothing, however well it is drawn; the other weights
are judgement: a stranger in a set is seen sooner than a point off the grid. ``passed``: no must finding, and concept at
least ``CONCEPT``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from svggen.models.base import Draft, Hint, Reference
from svggen.style import StyleSpec, differences, measure, style_vector, vector_distance

if TYPE_CHECKING:
    from agent.eye import Look
    from svggen.icon import Icon
    from svggen.words import Scene

CONCEPT = 0.5
"""Least concept score that counts as the thing asked for (svggen.models.base.Reference: 1 is an exact name or tag)."""
FAR = 0.02
"""Share of the style distance from which a field is worth a finding."""
FREE = StyleSpec()
"""A style that asks for nothing."""
ORDINARY = 0.5
"""The judge's score of an ordinary icon, from which on it finds no fault."""
ODD = 0.03
"""The judge's score below which it says so: of real icons three in a hundred score lower."""
_UNSEEN = 0.85
"""What a subject that the judge does not see at all costs: it knows 46 of 100 real icons among 5,213 names, so that its
doubt decides between candidates and refuses none."""
_MISSING = 0.8
_SHOULD = 0.96


@dataclass(frozen=True, slots=True)
class CriticFinding:
    """One thing that is wrong: the rule, what was measured and against which limit, and ``fix``: what to do about
    it."""

    rule: str
    level: Literal["must", "should"]
    message: str
    value: float | None = None
    limit: float | None = None
    fix: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "level": self.level,
            "message": self.message,
            "value": self.value,
            "limit": self.limit,
        }

    def hint(self) -> Hint:
        """The finding as a model sees it in the next round."""
        return Hint(self.rule, f"{self.message}; {self.fix}" if self.fix else self.message, self.value, self.limit)


@dataclass(frozen=True, slots=True)
class Critique:
    """score, concept, style and craft: 0..1, see the module. findings: must before should."""

    score: float
    passed: bool
    findings: tuple[CriticFinding, ...]
    concept: float
    style: float
    craft: float


def critique(
    icon: Icon,
    *,
    draft: Draft,
    wanted: StyleSpec = FREE,
    asked: StyleSpec = FREE,
    scene: Scene | None = None,
    set_vector: Sequence[float] | None = None,
    references: Sequence[Reference] = (),
    lint_findings: Sequence[Any] | None = None,
    looked: Look | None = None,
) -> Critique:
    """Judge one icon. wanted: the style of request and memory together; asked: that of the request alone (a colour
    that was asked for and is not there breaks a must rule). lint_findings: where the caller has linted already.
    looked: what the judge says of it."""
    if lint_findings is None:
        from svggen.lint import lint

        lint_findings = lint(icon, wanted)
    findings = [
        CriticFinding(f.rule, f.level, f.message, f.value, f.limit, "repair it" if f.fixable else "")
        for f in lint_findings
    ]
    musts = sum(1 for f in findings if f.level == "must")
    craft = _SHOULD ** sum(1 for f in findings if f.level == "should")
    agreement, style_findings = _style(icon, wanted, asked, set_vector, None if looked is None else looked.style)
    musts += sum(1 for f in style_findings if f.level == "must")
    demands = _demands(scene, draft, references) if scene is not None else []
    concept = max(0.0, min(1.0, draft.confidence)) * _MISSING ** len(demands)
    findings += [*style_findings, *demands]
    known = concept >= CONCEPT
    if looked is not None:
        concept *= _UNSEEN + (1 - _UNSEEN) * min(1.0, looked.concept / ORDINARY)
        findings += _doubts(looked, scene)
    if not known:
        findings.append(_unknown(draft, scene, references, concept))
    score = concept * (0.45 + 0.35 * agreement + 0.20 * craft) * (0.5 if musts else 1.0)
    findings.sort(key=lambda f: f.level != "must")
    passed = not any(f.level == "must" for f in findings)
    return Critique(round(score, 4), passed, tuple(findings), round(concept, 4), round(agreement, 4), round(craft, 4))


def _doubts(looked: Look, scene: Scene | None) -> list[CriticFinding]:
    """What the judge finds odd: a subject that it does not recognise, a look that is not the set's."""
    found = []
    if looked.concept < ODD:
        subject = repr(scene.phrase or scene.subject.name) if scene is not None else "the subject"
        found.append(
            CriticFinding(
                "judge.concept", "should", f"{subject} is recognised less surely than in 97 of 100 icons",
                looked.concept, ODD, "try another picture of it",
            )
        )  # fmt: skip
    if looked.style is not None and looked.style < ODD:
        found.append(
            CriticFinding(
                "judge.style", "should", "it sits worse among your own icons than 97 of 100 icons do in their sets",
                looked.style, ODD, "come nearer to the user's own icons",
            )
        )  # fmt: skip
    return found


def _style(
    icon: Icon,
    wanted: StyleSpec,
    asked: StyleSpec,
    set_vector: Sequence[float] | None,
    judged: float | None,
) -> tuple[float, list[CriticFinding]]:
    seen = measure(icon)
    apart = differences(wanted, seen)
    agreement = 1.0 - min(1.0, sum(d.weight for d in apart if d.field != "grid"))
    findings = [_apart(d.field, d.a, d.b, asked) for d in apart if d.weight >= FAR and not _within(d.field, d.a, d.b)]
    if set_vector is not None:
        import numpy as np

        far = vector_distance(style_vector(icon), np.asarray(set_vector, np.float32))
        near = [agreement, 1.0 / (1.0 + max(0.0, far - 1.0))]
        if judged is not None:
            near.append(min(1.0, judged / ORDINARY))
        agreement = sum(near) / len(near)
        if far > 2.5:
            findings.append(
                CriticFinding(
                    "set", "should", f"looks {far:.1f} from your own icons, 1 being usual among them", round(far, 3),
                    2.5, "come nearer to the user's own icons",
                )
            )  # fmt: skip
    return agreement, findings


def _within(field: str, want: Any, seen: Any) -> bool:
    """What is no fault of one icon: the canvas it is delivered on, and using only some of the set's colours."""
    return field == "grid" or (field == "palette" and set(seen) <= set(want))


def _apart(field: str, want: Any, seen: Any, asked: StyleSpec) -> CriticFinding:
    name = field.replace("_", " ")
    numbers = isinstance(want, (int, float)) and isinstance(seen, (int, float)) and not isinstance(want, bool)
    must = field == "palette" and asked.palette is not None and not set(want) & set(seen)
    said, shown = (
        ", ".join(v) if isinstance(v, tuple) else f"{v:g}" if isinstance(v, float) else str(v) for v in (want, seen)
    )
    return CriticFinding(
        f"style.{field}", "must" if must else "should", f"{name} is {shown}, wanted {said}",
        round(float(seen), 3) if numbers else None, round(float(want), 3) if numbers else None, f"make {name} {said}",
    )  # fmt: skip


def _demands(scene: Scene, draft: Draft, references: Sequence[Reference]) -> list[CriticFinding]:
    """What the request asked for and nothing in the drawing's making speaks of."""
    names = {r.id: f"{r.name} {' '.join(r.tags)}" for r in references}
    made = (
        " ".join([*draft.steps, *draft.notes, *(names.get(id, "") for id, _, _ in draft.sources)])
        .lower()
        .replace("-", " ")
    )
    if not made.strip():
        return []  # a model that says nothing of its making is taken at its own confidence
    missing: list[tuple[str, str]] = []
    if scene.container and not _says(made, scene.container.replace("-", " ")):
        missing.append(("container", scene.container))
    if scene.slash and not re.search(
        r"\b(?:slash\w*|off|no|crossed|strike|disabled?|ban|stop|forbidden|not|never)\b", made
    ):
        missing.append(("slash", "slash"))
    if scene.mark and not (_says(made, scene.mark.name) or _says(made, scene.mark.kind)):
        missing.append(("mark", scene.mark.name))
    return [
        CriticFinding(f"scene.{kind}", "should", f"the {what} that was asked for is missing", fix=f"add the {what}")
        for kind, what in missing
    ]


def _says(made: str, word: str) -> bool:
    return bool(word) and all(part[:5] in made for part in word.lower().split())


def _unknown(draft: Draft, scene: Scene | None, references: Sequence[Reference], concept: float) -> CriticFinding:
    subject = (scene.phrase or scene.subject.name) if scene is not None else ""
    near = list(dict.fromkeys(r.name.replace("-", " ") for r in sorted(references, key=lambda r: -r.concept_score)[:4]))
    known = f"; nearest ideas: {', '.join(near)}" if near else ""
    said = f"nothing known shows {subject!r}" if subject else "what to draw is not clear"
    return CriticFinding("concept", "must", f"{said}{known}", round(concept, 3), CONCEPT, "name it in other words")
