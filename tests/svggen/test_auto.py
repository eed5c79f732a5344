"""AutoModel: the library where it knows the subject, IconLM where it does not, the tracer for pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_model_contract import CALENDAR, PICTURE, REFERENCES, REQUESTS, svg

from svggen.errors import WeightsError
from svggen.icon import parse
from svggen.models import Draft, DrawRequest
from svggen.models.auto import AutoModel
from svggen.models.fake import FakeSvgModel

ICON = parse(svg(CALENDAR))


def drawn(model: str, confidence: float) -> Draft:
    return Draft(ICON, model, "1", 7, confidence=confidence)


@pytest.fixture
def auto() -> tuple[AutoModel, FakeSvgModel]:
    model, other = AutoModel(), FakeSvgModel()
    model.__dict__["_iconlm"] = other
    return model, other


def test_the_library_alone_where_it_knows(auto: tuple[AutoModel, FakeSvgModel]) -> None:
    model, other = auto
    drafts = model.generate(REQUESTS["plain"])
    assert {d.model for d in drafts} == {"library"} and not other.history


def test_iconlm_where_the_library_knows_nothing(auto: tuple[AutoModel, FakeSvgModel]) -> None:
    model, other = auto
    request = replace(REQUESTS["plain"], words="umbrella", references=REFERENCES[2:])
    other.enqueue(drawn("iconlm", 0.9))
    drafts = model.generate(request)
    assert (drafts[0].model, drafts[0].confidence) == ("iconlm", 0.9)
    assert len(drafts) <= request.n and other.history == [request]
    other.enqueue(drawn("iconlm", 0.01))
    assert model.generate(request)[-1].model == "iconlm" or len(model.generate(request)) == request.n


def test_words_that_nobody_has_met_are_not_guessed_at(auto: tuple[AutoModel, FakeSvgModel]) -> None:
    model, other = auto
    model.generate(DrawRequest("zxqv wrtp", references=REFERENCES[2:]))
    assert not other.history


def test_missing_weights_leave_the_library_and_a_note(auto: tuple[AutoModel, FakeSvgModel]) -> None:
    model, other = auto

    def fails(request: DrawRequest) -> list[Draft]:
        raise WeightsError("iconlm file w cannot be read")

    other.generate = fails  # type: ignore[method-assign]
    drafts = model.generate(DrawRequest("umbrella", references=REFERENCES[2:]))
    assert drafts and any("iconlm could not be asked" in note for note in drafts[0].notes)


def test_pictures_are_traced_and_n_of_zero_is_nothing(auto: tuple[AutoModel, FakeSvgModel]) -> None:
    model, _ = auto
    assert model.generate(DrawRequest("ring", image=PICTURE, n=1))[0].model == "trace"
    assert model.generate(replace(REQUESTS["plain"], n=0)) == []
