"""The critic's questions to a language model that sees: which are asked, what the answers weigh, what failures cost."""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from agent_helpers import circle, clock_face, draft
from PIL import Image
from scripted_llm import prompt, scripted, slowly

from agent.questions import ASKED, SIDE, Verdict, look_closely, questions, weight
from svggen.errors import RenderError
from svggen.models.fake import FakeSvgModel
from svggen.words import parse_words

Run = Callable[..., dict[str, Any]]


def answers(**given: str) -> dict[str, Any]:
    """q1="no", q2="yes" ..."""
    return {"answers": [{"number": int(key[1:]), "answer": value} for key, value in given.items()]}


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("bell", ["subject", "other", "whole", "small"]),
        ("calendar with a check mark", ["subject", "mark", "whole", "small"]),
        ("a bell crossed out in a circle", ["subject", "container", "slash", "whole", "small"]),
        ("cloud with rain", ["subject", "companion", "whole", "small"]),
        ("bird facing left without a tail", ["subject", "without", "facing", "whole", "small"]),
        ("", []),
    ],
)
def test_questions_are_drawn_from_what_was_asked_for(words: str, keys: list[str]) -> None:
    asked = questions(parse_words(words))
    assert [q.key for q in asked] == keys
    assert all(q.text.endswith("?") and q.fault and q.fix for q in asked)


def test_they_name_the_parts() -> None:
    asked = {q.key: q.text for q in questions(parse_words("calendar with a check mark"))}
    assert asked["subject"] == "Is there a calendar?" and asked["mark"] == "Is there a check mark?"
    assert asked["small"].endswith("read as a calendar?")
    assert questions(parse_words("two arrows"))[0].text == "Are there 2 arrows?"
    assert questions(parse_words("umbrella plus"))[1].text == "Is there a plus sign?"


def test_one_call_an_icon_with_two_pictures_and_the_words_as_data() -> None:
    llm, asked = scripted(answers(q1="yes", q2="no", q3="yes", q4="unsure"))
    verdicts = look_closely(llm, [circle(), clock_face()], parse_words("calendar with a check mark"))
    assert len(asked) == 2 and all([q.key for q in v.wrong] == ["mark"] and v.answered == 3 for v in verdicts)
    given = asked[0][1].content
    assert [part["type"] for part in given] == ["text", "image", "image"]
    assert set(json.loads(prompt(asked[0])[1])["questions"]) == {"1", "2", "3", "4"}
    pictures = [Image.open(io.BytesIO(base64.b64decode(part["base64"]))) for part in given[1:]]
    assert [p.size for p in pictures] == [(SIDE, SIDE)] * 2
    assert len({p.tobytes() for p in pictures}) == 2
    blocks = pictures[1].resize((16, 16), Image.Resampling.NEAREST).resize((SIDE, SIDE), Image.Resampling.NEAREST)
    assert blocks.tobytes() == pictures[1].tobytes()  # 16 px, enlarged and not smoothed


@pytest.mark.parametrize(
    ("answer", "answered", "wrong"),
    [
        (answers(q1="no", q9="no"), 1, 1),  # there are at most six: what fits of an answer is taken
        (answers(q1="no", q6="no"), 1, 1),  # number 6 was not asked
        ({"answers": [{"number": 1, "answer": "no"}, {"number": 1, "answer": "yes"}]}, 0, 0),
        ({"answers": [{"number": 1, "answer": "maybe"}, {"number": 2, "answer": "yes"}]}, 1, 0),
        ({"answers": []}, 0, 0),
    ],
)
def test_odd_answers_count_for_nothing(answer: Any, answered: int, wrong: int) -> None:
    llm, _ = scripted(answer)
    (verdict,) = look_closely(llm, [circle()], parse_words("calendar with a check mark"))
    assert (verdict.answered, len(verdict.wrong)) == (answered, wrong)


@pytest.mark.parametrize("answer", [ConnectionError("x"), "I see a lovely icon.", {"answers": "all yes"}, slowly({})])
def test_failures_are_an_empty_verdict_with_a_note(answer: Any) -> None:
    llm, _ = scripted(answer, seconds=0.2)
    started = time.perf_counter()
    verdicts = look_closely(llm, [circle(), circle(5)], parse_words("a ring"))
    assert all(v.answered == 0 and v.note.startswith("not looked at closely: ") for v in verdicts)
    assert all(weight(v) == 1 for v in verdicts) and time.perf_counter() - started < 3


def test_a_model_that_takes_no_pictures_and_a_renderer_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    blind, asked = scripted(answers(q1="no"), profile={"image_inputs": False})
    assert "takes no pictures" in look_closely(blind, [circle()], parse_words("a ring"))[0].note and not asked

    def fails(*given: Any) -> bytes:
        raise RenderError("no renderer")

    monkeypatch.setattr("svggen.render.png", fails)
    llm, asked = scripted(answers(q1="no"))
    assert "no renderer" in look_closely(llm, [circle()], parse_words("a ring"))[0].note and not asked


def test_the_weight_is_moderate() -> None:
    asked = questions(parse_words("a bell crossed out in a circle"))
    assert weight(Verdict()) == weight(Verdict((), 6)) == 1
    assert weight(Verdict(asked, len(asked))) == pytest.approx(0.75)
    assert 0.94 < weight(Verdict(asked[:1], len(asked))) < 1


# -- in the graph ------------------------------------------------------------------------------------------------------


def test_faults_are_findings_and_let_another_candidate_pass(run: Run, model: FakeSvgModel) -> None:
    def look(messages: Any) -> dict[str, Any]:
        first = not seen
        seen.append(messages)
        return answers(q1="no", q2="yes", q3="no", q4="no") if first else answers(q1="yes", q2="no", q3="yes")

    seen: list[Any] = []
    model.enqueue(draft(circle(9), 1.0), draft(circle(8), 0.99), draft(circle(7), 0.6))
    plain = run("a ring", rounds=1)["candidates"]
    assert [c["score"] for c in plain] == sorted((c["score"] for c in plain), reverse=True)

    llm, asked = scripted(look)
    model.enqueue(draft(circle(9), 1.0), draft(circle(8), 0.99), draft(circle(7), 0.6))
    state = run("a ring", rounds=1, llm=llm, vision=True)
    assert len(asked) == ASKED == 2
    worse = next(c for c in state["candidates"] if any(f["rule"].startswith("vision:") for f in c["findings"]))
    before = next(c for c in plain if c["id"] == worse["id"])
    assert worse["score"] == pytest.approx(before["score"] * 0.75, abs=1e-3)
    assert [f["rule"] for f in worse["findings"] if f["rule"].startswith("vision:")] == [
        "vision:subject", "vision:other", "vision:whole", "vision:small",
    ]  # fmt: skip
    assert all(f["level"] == "should" for f in worse["findings"] if f["rule"].startswith("vision:"))
    assert state["best"] != worse["id"] and worse["passed"]


def test_what_it_finds_is_turned_to_the_model_in_the_next_round(run: Run, model: FakeSvgModel) -> None:
    llm, _ = scripted(answers(q1="no", q2="yes", q3="no"))
    model.enqueue(draft(circle(9)))
    model.enqueue(draft(circle(9)))
    run("a ring", rounds=2, llm=llm, vision=True)
    assert any(h.rule == "vision:subject" and "a ring cannot be seen" in h.message for h in model.history[1].hints)


def test_a_failure_is_one_note_and_changes_nothing(run: Run, model: FakeSvgModel) -> None:
    model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
    plain = run("a ring", rounds=1)
    llm, _ = scripted(ConnectionError("x"))
    model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
    state = run("a ring", rounds=1, llm=llm, vision=True)
    assert [c["score"] for c in state["candidates"]] == [c["score"] for c in plain["candidates"]]
    notes = [note for note in state["result"]["draft_notes"] if note.startswith("not looked at closely")]
    assert len(notes) == 1


@pytest.mark.parametrize("options", [{"vision": False}, {"vision": True, "image": True}, {"vision": True, "llm": None}])
def test_nobody_is_asked_unless_it_is_wanted(run: Run, model: FakeSvgModel, options: dict[str, Any]) -> None:
    llm, asked = scripted(answers(q1="no"))
    if options.get("image"):
        data = io.BytesIO()
        Image.new("RGB", (32, 32)).save(data, "PNG")
        options = {**options, "image": data.getvalue()}
    model.enqueue(draft(circle(9)))
    state = run("a ring", rounds=1, **{"llm": llm, **options})
    assert not asked and state["result"] is not None


def test_an_icon_that_only_the_editor_changed_is_not_asked_about(run: Run, model: FakeSvgModel) -> None:
    model.enqueue(draft(circle(9)))
    run("a ring", rounds=1)
    llm, asked = scripted(answers(q1="no"))
    state = run("thicker", rounds=1, llm=llm, vision=True)
    assert state["result"] is not None and not asked
