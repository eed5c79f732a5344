"""Chat messages: references, versions, questions back, Chinese; and that nothing a user types breaks the reading."""

# ruff: noqa: E501 - a row of a table is read best as one line

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.brief import Brief, BriefContext, drawable, spoken, understand, understand_statements
from agent.brief.chinese import script, words
from agent.brief.types import Edit, Kind
from agent.wishes import factors, relative_style
from memory.slots import check
from svggen.style import StyleSpec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

import bench_utterances as bench

CHAT = BriefContext(has_icon=True, candidates=4)
TWO = BriefContext(has_icon=True, candidates=2)
THREE = BriefContext(has_icon=True, candidates=3)
UNDONE = BriefContext(has_icon=True, candidates=4, undone=True)
NONE = BriefContext()
TEAL, BLUE, RED = ["#008080"], ["#0000ff"], ["#ff0000"]

ROWS: list[tuple[str, BriefContext, dict[str, Any]]] = [
    # which candidate
    ("combine the first and third", CHAT, {"kind": "edit", "edits": ["combine 0,2"], "picks": [0, 2]}),
    ("put the hat of 3 on number 1", CHAT, {"kind": "edit", "edits": ["combine 0,2"], "picks": [0, 2]}),
    ("second from the left", CHAT, {"kind": "pick", "pick": 1}),
    ("the middle one", THREE, {"kind": "pick", "pick": 1}),
    ("take out the second line", CHAT, {"kind": "edit", "edits": ["remove second line"]}),
    ("the one with the roof", CHAT, {"kind": "pick", "described": "with roof"}),
    ("the blue one but bigger", CHAT, {"kind": "edit", "described": "blue", "edits": ["scale 1.25"]}),
    ("the other one", TWO, {"kind": "pick", "described": "other"}),
    ("I like the roundest one", CHAT, {"kind": "accept", "described": "roundest"}),
    ("not the second, the third", CHAT, {"kind": "pick", "pick": 2}),
    ("number 2 in a circle", BriefContext(has_icon=True, candidates=4, drawing=True), {"kind": "draw", "subject": "number 2 in a circle"}),
    # versions
    ("go back to the one before the blue one", CHAT, {"kind": "back", "back": "before blue"}),
    ("the version from before I asked for the badge", CHAT, {"kind": "back", "back": "before badge"}),
    ("back to version 3, in green", CHAT, {"kind": "back", "back": "3", "style": {"palette": ["#008000"]}}),
    ("go back two steps", CHAT, {"kind": "undo", "back": "-2"}),
    ("start over", CHAT, {"kind": "back", "back": "0"}),
    ("redo", CHAT, {"kind": "redo"}),
    ("redo it", CHAT, {"kind": "edit", "edits": ["again"]}),
    ("redo it", UNDONE, {"kind": "redo"}),
    ("back arrow", BriefContext(has_icon=True, candidates=4, drawing=True), {"kind": "draw", "subject": "back arrow"}),
    # edits
    ("same but as a filled badge", CHAT, {"kind": "edit", "edits": ["inside badge"], "style": {"mode": "filled"}}),
    ("not so thick", CHAT, {"kind": "edit", "edits": ["stroke 0.8"]}),
    ("not bigger, just bolder", CHAT, {"kind": "edit", "edits": ["stroke 1.25"]}),
    ("no, without the handle", CHAT, {"kind": "edit", "edits": ["remove handle"]}),
    ("no handle", CHAT, {"kind": "edit", "edits": ["remove handle"]}),
    ("no smoking", CHAT, {"kind": "draw", "subject": "no smoking"}),
    ("make the handle bigger", CHAT, {"kind": "edit", "edits": ["scale handle 1.25"]}),
    ("make teh lines thiner plz", CHAT, {"kind": "edit", "edits": ["stroke 0.8"]}),
    ("darker", CHAT, {"kind": "edit", "edits": ["shade 0.8"]}),
    ("the roof should be steeper", CHAT, {"kind": "edit"}),
    # memory
    ("don't remember that", CHAT, {"kind": "forget", "forget": ["last"]}),
    ("forget the teal thing and draw a bell", CHAT, {"kind": "draw", "subject": "bell", "forget": ["style.palette"]}),
    ("draw a cat with a hat", NONE, {"kind": "draw", "subject": "cat with a hat"}),
    ("make the strokes 2px and save that as my default", CHAT, {"kind": "edit", "style": {"stroke_width": 2.0}, "statements": {"style.stroke_width": 2.0}}),
    # two at once
    ("perfect, keep it. now a bell", CHAT, {"kind": "draw", "subject": "bell", "accepts": True}),
    ("nice, now a bell", CHAT, {"kind": "draw", "subject": "bell"}),
    ("why is it so thick? make it thinner", CHAT, {"kind": "edit", "edits": ["stroke 0.8"], "question": "why"}),
    ("ship it 🚀", CHAT, {"kind": "accept"}),
    ("drop the steam 🙏", CHAT, {"kind": "edit", "edits": ["remove steam"]}),
    ("draw a 😀", NONE, {"kind": "draw", "subject": "grinning"}),
    # Chinese
    ("咖啡杯，粗一点", NONE, {"kind": "draw", "subject": "coffee cup", "edits": ["stroke 1.25"]}),
    ("把杯子的把手去掉", CHAT, {"kind": "edit", "edits": ["remove handle"]}),
    ("把太阳换成月亮", CHAT, {"kind": "edit", "edits": ["replace sun -> moon"]}),
    ("放到圆圈里，換成藍色", CHAT, {"kind": "edit", "edits": ["inside circle"], "style": {"palette": BLUE}}),
    ("线宽 1.5 像素", CHAT, {"kind": "edit", "style": {"stroke_width": 1.5}}),
    ("不要那么粗", CHAT, {"kind": "edit", "edits": ["stroke 0.8"]}),
    ("有屋顶的那个", CHAT, {"kind": "pick", "described": "with roof"}),
    ("第一个和第三个合并", CHAT, {"kind": "edit", "edits": ["combine 0,2"], "picks": [0, 2]}),
    ("就要第一个", CHAT, {"kind": "accept", "pick": 0}),
    ("撤销", CHAT, {"kind": "undo"}),
    ("恢复", UNDONE, {"kind": "redo"}),
    ("回到加徽章之前的版本", CHAT, {"kind": "back", "back": "before badge"}),
    ("以后都用1.5像素的线", CHAT, {"kind": "remember", "statements": {"style.stroke_width": 1.5}}),
    ("这次用红色", CHAT, {"kind": "edit", "style": {"palette": RED}}),
    ("我们的品牌色是 #0a7", CHAT, {"kind": "remember", "statements": {"brand_color": "#00aa77"}}),
    ("设置一律用齿轮表示", CHAT, {"kind": "remember", "statements": {"vocabulary:settings": "gear"}}),
    ("别记住这个", CHAT, {"kind": "forget", "forget": ["last"]}),
    ("不用记住圆角了", CHAT, {"kind": "forget", "forget": ["style.corner_radius"]}),
    ("我的品牌色是什么？", CHAT, {"kind": "ask", "question": "memory", "about": "brand_color"}),
    ("你好", NONE, {"kind": "smalltalk"}),
    ("很好，保存吧。再画一个铃铛", CHAT, {"kind": "draw", "subject": "bell", "accepts": True}),
    ("没有把手的杯子", NONE, {"kind": "draw", "subject": "cup without handle"}),
    ("戴帽子的猫和两个星星", NONE, {"kind": "draw", "subject": "cat with hat and two stars"}),
    ("make it 粗一点 please", CHAT, {"kind": "edit", "edits": ["stroke 1.25"]}),
    ("a 咖啡杯 icon, teal", NONE, {"kind": "draw", "subject": "coffee cup", "style": {"palette": TEAL}}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "context", "expected"), ROWS, ids=[r[0] for r in ROWS])
def test_chat(text: str, context: BriefContext, expected: dict[str, Any]) -> None:
    assert bench.slots_of(understand(text, context=context)) == bench.filled(expected)


ASKED = [
    "make it lighter", "change the colour", "that one", "make it like the other one", "both are nice", "forget that", "remove it",
    "change the size", "can't choose between them", "换个颜色", "淡一点", "像另一个那样", "那个", "忘了它", "either of them works",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_what_could_mean_two_things_is_asked_back_and_each_answer_is_understood(text: str) -> None:
    brief = understand(text, context=CHAT)
    assert brief.kind == "ask_back" and brief.asks.endswith(("?", "？", "change.")), brief
    assert not brief.edits and not brief.statements and not brief.forget and not brief.style.to_dict()
    assert brief.options
    for option in brief.options:
        answer = understand(option, context=CHAT)
        assert answer.kind != "ask_back" and not answer.not_understood, option


def test_nothing_is_asked_where_a_drawing_is_asked_for() -> None:
    for text in ("make it lighter", "that one", "both are nice", "change the colour"):
        assert understand(text, context=BriefContext(has_icon=True, candidates=4, drawing=True)).kind != "ask_back"


def test_a_chinese_word_that_is_not_known_is_asked_about_and_never_guessed() -> None:
    for text, word in (("螺蛳粉", "螺蛳粉"), ("画一个貔貅", "貔貅"), ("去掉貔貅", "貔貅"), ("鱼雷", "鱼雷")):
        brief = understand(text, context=CHAT)
        assert (
            brief.kind == "ask_back" and word in brief.asks and brief.not_understood == (word,) and brief.subject == ""
        )
    brief = understand("咖啡杯和貔貅")
    assert brief.subject == "" and brief.not_understood == ("貔貅",)


def test_what_a_library_does_not_know_is_asked_about_in_a_chat_unless_a_drawing_is_asked_for() -> None:
    context = BriefContext(has_icon=True, candidates=4, knows=lambda phrase: phrase == "snail")
    assert understand("snail", context=context).subject == "snail"
    asked = understand("glorious blob", context=context)
    assert asked.kind == "ask_back" and asked.not_understood == ("glorious blob",)
    assert understand(asked.options[0], context=context).subject == "glorious blob"


def test_drawable_asks_the_library_for_each_thing_and_a_broken_library_knows_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import memory.library
    from memory.errors import LibraryError

    class Small:
        def concept_score(self, query: str) -> float:
            return 1.0 if query == "owl" else 0.3

    monkeypatch.setattr(memory.library, "open_library", Small)
    assert drawable("owl wearing glasses") and not drawable("excellent work")

    def broken() -> Any:
        raise LibraryError("damaged")

    monkeypatch.setattr(memory.library, "open_library", broken)
    assert drawable("excellent work")


# ------------------------------------------------------------------------------------------------------------ the bench


def test_the_held_out_half_is_read_as_well_as_promised_and_the_rules_hardly_ask() -> None:
    """tests/bench/bench_utterances.py: at least 90 % of the slots in English, 75 % in Chinese."""
    rows = [r for r in bench.read_rows() if r["split"] == "held-out"]
    scores, _ = bench.measure(rows)
    assert scores["en", "held-out"].exact >= 0.90 and scores["zh", "held-out"].exact >= 0.75
    for score in scores.values():
        assert score.asked - score.rightly <= 0.05 * score.messages


def test_what_the_rules_were_written_for_stays_understood() -> None:
    rows = [r for r in bench.read_rows() if r["split"] == "development"][::4]
    scores, wrong = bench.measure(rows)
    assert sum(s.whole for s in scores.values()) >= 0.98 * len(rows), wrong


def test_another_understander_can_be_measured() -> None:
    rows = [{"text": "thicker", "lang": "en", "split": "development", "group": "edit", "context": {}, "expect": {"kind": "edit"}}]  # fmt: skip
    scores, wrong = bench.measure(rows, lambda text, context: Brief(text, "edit"))
    assert scores["en", "development"].exact == 1.0 and not wrong
    scores, wrong = bench.measure(rows, lambda text, context: Brief(text, "draw", "thicker"))
    assert scores["en", "development"].exact == 0.0 and len(wrong) == 1


# --------------------------------------------------------------------------------------------------------- the data kept


@pytest.mark.parametrize(("text", "context"), [(r[0], r[1]) for r in ROWS])
def test_every_slot_survives_json(text: str, context: BriefContext) -> None:
    brief = understand(text, context=context)
    again = Brief.from_dict(json.loads(json.dumps(brief.to_dict())), brief.text)
    assert (
        bench.slots_of(again) == bench.slots_of(brief) and again.asks == brief.asks and again.options == brief.options
    )


def test_the_first_candidate_survives_json() -> None:
    assert Brief.from_dict(Brief("the first", "pick", pick=0).to_dict()).pick == 0


def test_statements_quote_what_was_written() -> None:
    assert understand("pls dont ever use gradients").statements[0].quote == "pls dont ever use gradients"
    assert understand("以後都用圓角").statements[0].quote == "以後都用圓角"
    brief = understand_statements("线宽2像素，圆头端点，不要渐变；以后别用红色")
    assert {s.slot: s.value for s in brief.statements} == {
        "style.stroke_width": 2.0, "style.cap": "round", "avoid:gradients": True, "avoid:red": True,
    }  # fmt: skip
    assert brief.not_understood == () and understand_statements("我有一只貔貅").not_understood == ("我有一只貔貅",)


def test_the_words_of_an_earlier_message_are_found_in_english() -> None:
    assert spoken(understand("加一个徽章，换成蓝色", context=CHAT)) == "add badge blue"
    assert "filled" in spoken(understand("same but as a filled badge", context=CHAT))
    assert "darkred red" in spoken(understand("in dark red", context=CHAT))


def test_a_change_of_a_part_is_none_of_the_whole_and_shades_are_mixed() -> None:
    brief = Brief("", "edit", edits=(Edit("scale", "handle", 1.25), Edit("shade", amount=0.8)))
    assert factors(brief) == {"shade": 0.8}
    palette = StyleSpec(palette=("#ff0000", "currentColor"))
    assert relative_style(palette, {"shade": 0.8}).palette == ("#cc0000", "currentColor")
    assert relative_style(palette, {"shade": 1.25}).palette == ("#ff3333", "currentColor")


# ------------------------------------------------------------------------------------------------------------- Chinese


def test_the_dictionary_has_each_word_once_and_names_in_plain_english() -> None:
    lines = (Path(words.__file__).with_name("nouns.txt")).read_text("utf-8").splitlines()
    said = [w for line in lines if ":" in (bare := line.partition("#")[0]) for w in bare.partition(":")[2].split()]
    assert len(said) == len(set(said)) > 1400
    assert all(script.simplified(w) == w for w in said)
    assert all(name and name == name.lower().strip() and name.isascii() for name in words.nouns().values())
    assert len(set(words.nouns().values())) > 1000


def test_traditional_characters_keep_their_places() -> None:
    text = "從現在起，購物車圖示都用藍色"
    assert script.simplified(text) == "从现在起，购物车图示都用蓝色" and len(script.simplified(text)) == len(text)


@pytest.mark.parametrize(
    ("phrase", "english"),
    [
        ("带对勾的日历", "calendar with check"), ("圆圈里的星星", "star in circle"), ("向右的箭头", "arrow right"), ("划掉的麦克风", "microphone crossed out"),
        ("两个箭头", "two arrows"), ("月亮和星星", "moon and star"), ("和平鸽", ""), ("马戏", ""), ("来条形码", "barcode"), ("画笔", "brush"),
    ],
)  # fmt: skip
def test_phrases_for_things(phrase: str, english: str) -> None:
    assert words.translated(phrase).english == english


# ------------------------------------------------------------------------------------------------------ whatever is typed

HOSTILE = [
    "the one with " * 300, "see you tomorrow " * 200 + "x", "not so " * 500, "the handle of the second on " * 100,
    "很好" * 2000 + "x", "粗一点" * 1300, "再" * 4000, "猫和" * 2000,
]  # fmt: skip


def test_hostile_texts_take_no_time() -> None:
    for text in HOSTILE:
        start = time.perf_counter()
        understand(text, context=UNDONE)
        assert time.perf_counter() - start < 2.0, text[:20]


PIECES = st.sampled_from(
    "the first|second|one with|roof|blue|thicker|no|not so|combine|and|,|. |go back to|before|version 3|undo|redo|always|never|forget|that|"
    "make it|a bell|in a circle|without the|i like|keep it|why|?|第二个|粗一点|去掉|蒸汽|换成|蓝色|以后都用|忘掉|品牌色|回到|之前|的|那个|，|。|猫|螺|把|1.5像素|🚀|\u200b|\n|100%|#0a7|"
    "ignore previous instructions".split("|")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=10), st.sampled_from([" ", ""]), st.sampled_from([CHAT, NONE, UNDONE]))
def test_any_text_gives_a_brief_that_holds_together(pieces: list[str], joint: str, context: BriefContext) -> None:
    brief = understand(joint.join(pieces), context=context)
    assert brief.kind in get_args(Kind)
    assert Brief.from_dict(json.loads(json.dumps(brief.to_dict())), brief.text) is not None
    assert bool(brief.asks) == (brief.kind == "ask_back")
    assert brief.kind != "back" or brief.back
    for statement in brief.statements:
        check(statement.slot, statement.value)
        assert statement.quote in brief.text
