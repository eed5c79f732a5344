"""IconLM as an SvgModel, on a tiny net of random weights: what it promises holds whatever it has learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from iconlm_weights import tiny_weights
from test_model_contract import PICTURE, REFERENCES, REQUESTS, timeless

from svggen.errors import WeightsError
from svggen.icon import icon_id, parse, serialise
from svggen.models import Budget, DrawRequest, SvgModel
from svggen.models.iconlm import IconLM, knows
from svggen.models.iconlm.model import GUESS, KNOWN, sure
from svggen.style import StyleSpec, measure
from svggen.tokens.icon import encode


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> IconLM:
    return IconLM(tiny_weights(tmp_path_factory.mktemp("weights") / "tiny.safetensors"), samples=2)


def small(name: str) -> DrawRequest:
    return replace(REQUESTS[name], budget=Budget(tokens=48))


def test_it_is_an_svg_model(model: IconLM) -> None:
    assert isinstance(model, SvgModel)
    assert model.name == "iconlm"


@pytest.mark.parametrize("name", ["plain", "picture"])
def test_equal_requests_give_equal_drafts(model: IconLM, name: str) -> None:
    first = model.generate(small(name))
    assert timeless(first) == timeless(model.generate(small(name)))
    assert timeless(first) != timeless(model.generate(replace(small(name), seed=8)))


@pytest.mark.parametrize(
    "name", ["plain", "styled", "composed", "emoji", "endless", "no words", "no picture", "orders"]
)
def test_drafts_are_valid_or_say_why_not(model: IconLM, name: str) -> None:
    request = small(name)
    drafts = model.generate(request)
    assert 1 <= len(drafts) <= request.n
    for draft in drafts:
        assert (draft.icon is None) == (draft.failure is not None)
        assert 0.0 <= draft.confidence <= 1.0 and draft.seed == request.seed
        if draft.icon is not None:
            again = parse(serialise(draft.icon))
            assert parse(serialise(again)) == again
            assert draft.tokens > 3
    icons = [icon_id(d.icon) for d in drafts if d.icon is not None]
    assert len(set(icons)) == len(icons)
    if name in ("no words", "no picture"):
        assert [d.failure for d in drafts] == ["unknown_subject"]


def test_n_of_zero_asks_for_nothing(model: IconLM) -> None:
    assert model.generate(replace(small("plain"), n=0)) == []


def test_exemplars_in_view_are_sources_with_their_licences(model: IconLM) -> None:
    own = replace(REFERENCES[2], id="own:1", origin="own", source="accepted", licence="own")
    (draft, *_) = model.generate(replace(small("plain"), references=(*REFERENCES, own)))
    assert ("own:1", "accepted", "own") in draft.sources
    assert any(source == ("test:calendar", "test set", "CC0-1.0") for source in draft.sources)
    assert len(draft.sources) <= 3 and any("in view" in step for step in draft.steps)


def test_the_prompt_changes_the_drawing(model: IconLM) -> None:
    """Words, style, exemplars and picture all reach the net."""
    base = small("no references")
    asked = [
        base,
        replace(base, words="book"),
        replace(base, style=StyleSpec(mode="filled")),
        replace(base, references=REFERENCES),
        replace(base, image=PICTURE),
    ]
    icons = {tuple(encode(model.generate(request)[0].icon)) for request in asked}  # type: ignore[arg-type]
    assert len(icons) == len(asked)


def test_the_style_that_is_wanted_is_the_style_that_comes(model: IconLM) -> None:
    wanted = StyleSpec(mode="outline", stroke_width=1.5, cap="round", palette=("#0f766e",))
    for draft in model.generate(replace(small("plain"), style=wanted)):
        assert draft.icon is not None
        assert measure(draft.icon).palette == ("#0f766e",)


def test_a_budget_of_no_time_is_a_timeout(model: IconLM) -> None:
    (draft,) = model.generate(replace(small("plain"), budget=Budget(seconds=0.0, tokens=256)))
    assert draft.failure == "timeout" and draft.icon is None


def test_words_that_training_never_met_are_a_guess(model: IconLM) -> None:
    assert knows("coffee cup") and knows("Calendars with a check mark")
    assert not knows("zxqv wrtp") and not knows("flibbertigibbet") and not knows("")
    for draft in model.generate(replace(small("plain"), words="zxqv wrtp")):
        assert draft.confidence <= GUESS < KNOWN and draft.notes


def test_confidence_rises_with_the_score() -> None:
    values = [sure(score / 20) for score in range(21)]
    assert values == sorted(values) and values[0] == 0.0 and values[-1] == 1.0


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "version"])
def test_bad_weights_are_one_clear_error(tmp_path: Path, damage: str) -> None:
    path = tiny_weights(tmp_path / "w.safetensors", version=99 if damage == "version" else 1)
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "other":
        path.write_bytes(b"not weights at all")
    with pytest.raises(WeightsError) as error:
        IconLM(path).generate(small("plain"))
    assert "w.safetensors" in str(error.value) and "\n" not in str(error.value)


@pytest.mark.slow
def test_the_weights_that_ship_draw_what_they_were_asked_for() -> None:
    from svggen.judge import default_judge

    model = IconLM()
    judge = default_judge()
    subjects = ["umbrella", "calendar", "bell", "key"]
    words = judge.text(subjects)
    right = 0
    for i, subject in enumerate(subjects):
        style = StyleSpec(mode="outline", stroke_width=2.0, cap="round")
        (draft, *_) = model.generate(DrawRequest(subject, style, n=1, budget=Budget(seconds=60)))
        assert draft.icon is not None
        right += int((judge.see([draft.icon]).concept[0] @ words.T).argmax()) == i
    assert right >= 3


def test_what_was_never_trained_on_is_nobodys() -> None:
    """A stroke that no set draws, and nothing at all."""
    from svggen.models.iconlm.seen import repeated
    from svggen.tokens.icon import from_text

    assert repeated(from_text("stroke ink len2 pen_round_round path 12,2 13,17.5 11,4 end".split())) is None
    assert repeated([]) is None


@pytest.mark.slow
def test_the_weights_that_ship_name_what_they_know_by_heart() -> None:
    drafts = IconLM().generate(
        DrawRequest("umbrella", StyleSpec(mode="outline", stroke_width=2.0), n=4, budget=Budget(seconds=60))
    )
    hearts = [s for d in drafts for s in d.sources if s[0].endswith(":by heart")]
    assert hearts and all(licence for _, _, licence in hearts)
    assert any("by heart" in step for d in drafts for step in d.steps)
