"""The critic's eye: the judge's view of candidates, and what the critic makes of it."""

from __future__ import annotations

import pytest

from agent.critic import ODD, critique
from agent.eye import Look, look
from svggen.errors import WeightsError
from svggen.icon import parse
from svggen.models import Draft

RING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2">'
    '<circle cx="12" cy="12" r="9"/></svg>'
)
CHECK = RING.replace('<circle cx="12" cy="12" r="9"/>', '<path d="M4 12l6 6L20 6"/>')


def test_it_tells_a_check_from_a_circle() -> None:
    ring, check = look([parse(RING), parse(CHECK)], "check")
    assert check.concept > ring.concept and check.style is None
    assert 0 <= ring.concept <= 1


def test_style_is_asked_only_where_a_set_is_known() -> None:
    from svggen.judge import default_judge

    mean = default_judge().see([parse(RING)]).style[0]
    (one,) = look([parse(RING)], "circle", tuple(float(x) for x in mean))
    assert one.style is not None and one.style > 0.9


def test_without_words_icons_or_weights_it_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look([], "circle") == [] and look([parse(RING)], "  ") == []

    def fails() -> None:
        raise WeightsError("judge file cannot be read")

    monkeypatch.setattr("svggen.judge.default_judge", fails)
    assert look([parse(RING)], "circle") == []


def test_doubt_lowers_the_score_and_refuses_nothing() -> None:
    icon = parse(RING)
    draft = Draft(icon, "library", "1", 0, confidence=1.0)
    blind = critique(icon, draft=draft)
    sure = critique(icon, draft=draft, looked=Look(0.6))
    unsure = critique(icon, draft=draft, looked=Look(0.0, 0.0))
    assert blind.score == sure.score > unsure.score
    assert unsure.passed == blind.passed
    assert {"judge.concept", "judge.style"} <= {f.rule for f in unsure.findings}
    assert all(f.limit == ODD for f in unsure.findings if f.rule.startswith("judge."))


def test_a_drawing_that_sits_in_the_set_goes_before_one_that_does_not() -> None:
    icon = parse(RING)
    draft = Draft(icon, "library", "1", 0, confidence=1.0)
    vector = tuple([0.0] * 32)
    inside = critique(icon, draft=draft, set_vector=vector, looked=Look(0.5, 0.6))
    outside = critique(icon, draft=draft, set_vector=vector, looked=Look(0.5, 0.05))
    assert inside.style > outside.style and inside.score > outside.score
