"""The LLM-backed reader: scripted answers, good, bad and hostile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from memory.errors import ExtractionError
from memory.extract import Extractor, LlmExtractor
from memory.fake import FakeMemory
from memory.records import Statement, Tenant

MESSAGE = "Always use 1.5px strokes; our brand colour is #0A8F8F. Make this one red."


def reader(answer: Any) -> LlmExtractor:
    return LlmExtractor(FakeListChatModel(responses=[answer if isinstance(answer, str) else json.dumps(answer)]))


STROKE = {"slot": "style.stroke_width", "value": 1.5, "quote": "Always use 1.5px strokes", "scope": "user"}
BRAND = {"slot": "brand_color", "value": "#0A8F8F", "quote": "our brand colour is #0A8F8F", "scope": "user"}


def test_statements_go_through_the_gate() -> None:
    extractor = reader([STROKE, BRAND])
    assert isinstance(extractor, Extractor)
    got = extractor.extract(MESSAGE)
    assert got.dropped == ()
    assert got.statements[0] == Statement("style.stroke_width", 1.5, "", "Always use 1.5px strokes", source="llm")
    memory, anna = FakeMemory(), Tenant("anna")
    assert [d.action for d in memory.remember(anna, got.statements)] == ["add", "add"]
    assert [p.value for p in memory.preferences(anna)] == [1.5, "#0a8f8f"]


@pytest.mark.parametrize("wrap", ["```json\n{}\n```", "Here you are: {} Anything else?", "{}"])
def test_an_array_in_other_text_is_found(wrap: str) -> None:
    assert len(reader(wrap.replace("{}", json.dumps([STROKE]))).extract(MESSAGE).statements) == 1


@pytest.mark.parametrize(
    ("item", "word"),
    [
        ({**STROKE, "quote": "words that nobody said"}, "quote"),
        ({**STROKE, "quote": ""}, "quote"),
        ({**STROKE, "value": 99}, "stroke_width"),
        ({**STROKE, "slot": "system.prompt"}, "slot"),
        ({**STROKE, "slot": None}, "slot"),
        ({**STROKE, "scope": "world"}, "scope"),
        ("style.cap", "object"),
    ],
)
def test_what_does_not_fit_is_dropped_with_a_reason_and_the_rest_is_kept(item: Any, word: str) -> None:
    got = reader([item, BRAND]).extract(MESSAGE)
    assert [s.slot for s in got.statements] == ["brand_color"]
    assert word in got.dropped[0]


@pytest.mark.parametrize("answer", ["", "no preferences", "[1, 2", "{}"])
def test_an_answer_without_an_array_is_an_error(answer: str) -> None:
    with pytest.raises(ExtractionError):
        reader(answer).extract(MESSAGE)


def test_nothing_to_remember_is_an_answer() -> None:
    assert reader([]).extract(MESSAGE).statements == ()
    assert reader("never asked").extract("  ").statements == ()


def test_at_most_twelve() -> None:
    got = reader([STROKE] * 20).extract(MESSAGE)
    assert len(got.statements) == 12
    assert got.dropped == ("8 more statements than 12",)


def test_a_failing_model_is_named() -> None:
    class Broken:
        def invoke(self, messages: Any) -> Any:
            raise ConnectionError("no route\nto host")

    with pytest.raises(ExtractionError, match="no route to host"):
        LlmExtractor(Broken()).extract(MESSAGE)  # type: ignore[arg-type]
