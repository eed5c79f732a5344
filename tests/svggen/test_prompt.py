"""What a model is asked with: where the words, the vectors and the exemplars stand."""

from __future__ import annotations

import pytest

from svggen.icon import parse
from svggen.tokens import vocabulary as v
from svggen.tokens.icon import encode
from svggen.tokens.prompt import Exemplar, PromptStyle, prompt, size_word, spoken_words

DRAWING = tuple(
    encode(parse('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 3h18v18H3z"/></svg>'))
)


def names(ids: list[int]) -> list[str]:
    return [v.NAMES[i] for i in ids]


def test_words_style_and_task_stand_in_order() -> None:
    style = PromptStyle(mode="outline", stroke_width=1.5, round_ends=True, kind="ui")
    asked = prompt(["arrow to the left"], style, size=60, style_vector=True)
    assert names(asked.ids) == [
        "<size_64>", "<kind_ui>", "<mode_outline>", "<width_6>", "<ends_round>", "style", "text", "text", "text",
        "<from_words>", "begin",
    ]  # fmt: skip
    assert asked.style == 5 and asked.picture is None and asked.shown == []
    assert asked.texts == [(6, "arrow to the left"), (7, "arrow"), (8, "left")]


def test_nothing_said_is_nothing_in_it() -> None:
    asked = prompt([], PromptStyle())
    assert names(asked.ids) == ["<from_words>", "begin"] and asked.texts == []
    assert names(prompt([], PromptStyle(round_ends=False)).ids)[0] == "<ends_sharp>"


def test_a_picture_has_a_slot_for_each_patch() -> None:
    asked = prompt(["cup"], PromptStyle(), task="picture")
    assert asked.picture is not None
    assert asked.ids[asked.picture : asked.picture + 64] == [v.IMAGE_SLOT] * 64
    assert asked.ids.count(v.IMAGE_SLOT) == 64 and asked.ids[-1] == v.BOS


def test_exemplars_stand_before_the_drawing() -> None:
    shown = (Exemplar(DRAWING, "square"), Exemplar(DRAWING, "stop", same_idea=True))
    asked = prompt(["stop"], PromptStyle(), exemplars=shown)
    for (first, end), mark, text in zip(asked.shown, (v.SAME_SET, v.SAME_IDEA), ("square", "stop"), strict=True):
        assert tuple(asked.ids[first:end]) == DRAWING
        assert asked.ids[first - 2 : first] == [mark, v.TEXT_SLOT] and (first - 1, text) in asked.texts
    assert asked.ids[-2:] == [v.EOS, v.BOS]


def test_a_gap_is_shown_with_what_stands_around_it() -> None:
    asked = prompt(["stop"], PromptStyle(), task="gap", gap=(*DRAWING[:2], v.GAP, v.EOS))
    assert names(asked.ids)[-6:] == ["gap", *names(list(DRAWING[:2])), "gap", "end", "begin"]


@pytest.mark.parametrize(("tokens", "word"), [(1, "size_16"), (16, "size_16"), (17, "size_24"), (9999, "size_512")])
def test_sizes_are_rounded_up(tokens: int, word: str) -> None:
    assert size_word(tokens) == word


def test_words_that_say_nothing_are_not_spoken() -> None:
    assert spoken_words("The bell of an alarm-clock, the BELL") == ["bell", "alarm", "clock"]
    assert len(spoken_words("one two three four five six seven")) == 5
    assert PromptStyle(stroke_width=99).words() == ["width_16"] and PromptStyle(stroke_width=0.01).words() == [
        "width_1"
    ]
