"""What every Memory must do, run on the fake, the embedded one and the one over a Qdrant client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from memory_helpers import Clock, NoLibrary, make_icon

from memory.embedding import FakeEmbedder
from memory.errors import NotFound, RecordError, TenantError
from memory.fake import FakeMemory
from memory.memory import Memory
from memory.records import RecallQuery, Statement, Tenant
from svggen.style import StyleSpec

ANNA = Tenant("anna")
BEN = Tenant("ben")


def say(slot: str, value: Any, words: str = "I said so", **other: Any) -> Statement:
    return Statement(slot, value, "", words, **other)


def test_is_a_memory(memory: Memory) -> None:
    assert isinstance(memory, Memory)


def test_what_was_stated_shapes_the_style(memory: Memory) -> None:
    words = "1.5px strokes, round caps, never filled"
    done = memory.remember(
        ANNA,
        [say("style.stroke_width", 1.5, words), say("style.cap", "round", words), say("brand_color", "#0AA", words)],
    )
    assert [d.action for d in done] == ["add", "add", "add"]
    got = memory.recall(ANNA, RecallQuery("a paper plane"))
    assert got.style == StyleSpec(stroke_width=1.5, cap="round", palette=("#00aaaa",))
    assert got.brand_color == "#00aaaa"
    assert got.style_sources["stroke_width"] == done[0].preference.id  # type: ignore[union-attr]
    assert {r.preference.slot for r in got.preferences} == {"style.stroke_width", "style.cap", "brand_color"}
    assert all(r.why == f"you said on 2026-11-23: '{words}'" for r in got.preferences)


def test_the_request_wins_over_memory_and_leaves_it_as_it_was(memory: Memory) -> None:
    memory.remember(ANNA, [say("style.stroke_width", 1.5)])
    got = memory.recall(ANNA, RecallQuery("a cup", style=StyleSpec(stroke_width=3)))
    assert got.style.stroke_width == 3
    assert got.style_sources["stroke_width"] == "request"
    assert memory.recall(ANNA, RecallQuery("a cup")).style.stroke_width == 1.5


def test_the_newer_statement_supersedes_and_the_older_is_history(memory: Memory) -> None:
    (first,) = memory.remember(ANNA, [say("style.stroke_width", 1.5, "thin")])
    (second,) = memory.remember(ANNA, [say("style.stroke_width", 2, "no, thick")])
    assert first.preference and second.preference
    assert second.action == "supersede"
    assert second.superseded == (first.preference.id,)
    assert second.preference.supersedes == first.preference.id
    assert [p.value for p in memory.preferences(ANNA)] == [2.0]
    assert [(p.value, p.status) for p in memory.preferences(ANNA, history=True)] == [
        (1.5, "superseded"),
        (2.0, "active"),
    ]


def test_said_again_is_reinforced_not_doubled(memory: Memory) -> None:
    memory.remember(ANNA, [say("avoid:gradients", True)])
    (again,) = memory.remember(ANNA, [say("avoid:gradients", True)])
    assert again.action == "reinforce"
    assert len(memory.preferences(ANNA)) == 1
    assert [r["seen"] for r in memory.export(ANNA)] == [2]


def test_scopes_session_before_project_before_user(memory: Memory) -> None:
    shop = Tenant("anna", "shop", "s1")
    memory.remember(ANNA, [say("style.cap", "round")])
    memory.remember(shop, [say("style.cap", "square", scope="project"), say("style.cap", "butt", scope="session")])
    cap = lambda tenant: memory.recall(tenant, RecallQuery("x")).style.cap  # noqa: E731
    assert cap(shop) == "butt"
    assert cap(Tenant("anna", "shop", "s2")) == "square"
    assert cap(Tenant("anna", "blog")) == "round"
    assert cap(ANNA) == "round"


def test_a_user_never_sees_or_touches_anothers_memory(memory: Memory) -> None:
    (done,) = memory.remember(ANNA, [say("brand_color", "#112233", "our secret colour")])
    icon = make_icon("cup")
    memory.accept(ANNA, icon)
    assert done.preference
    assert memory.recall(BEN, RecallQuery("cup", ("cup",))).references == ()
    assert memory.preferences(BEN) == []
    assert list(memory.exemplars(BEN)) == []
    assert list(memory.export(BEN)) == []
    for id in (done.preference.id, icon.id):
        with pytest.raises(NotFound):
            memory.forget(BEN, id)
    memory.remember(BEN, [say("brand_color", "#445566")])
    memory.forget_all(BEN)
    assert [p.value for p in memory.preferences(ANNA)] == ["#112233"]
    assert [e.name for e in memory.exemplars(ANNA)] == ["cup"]


@pytest.mark.parametrize(
    "user",
    [
        "*",
        "",
        "an*a",
        "../anna",
        "anna' OR '1'='1",
        "anna\x00",
        "a" * 65,
        "...",
        "anna ben",
        "ünal",
        "{'$ne': 1}",
        None,
    ],
)
def test_wildcard_and_injected_tenants_are_refused_at_every_door(memory: Memory, user: Any) -> None:
    memory.remember(ANNA, [say("style.cap", "round")])
    tenant = Tenant(user)
    doors: list[Any] = [
        lambda: memory.recall(tenant, RecallQuery("x")),
        lambda: memory.remember(tenant, [say("style.cap", "butt")]),
        lambda: memory.accept(tenant, make_icon("cup")),
        lambda: memory.reject(tenant, "x", "y"),
        lambda: memory.add_exemplars(tenant, [make_icon("cup")]),
        lambda: memory.preferences(tenant),
        lambda: list(memory.exemplars(tenant)),
        lambda: memory.forget(tenant, "x"),
        lambda: memory.forget_all(tenant),
        lambda: list(memory.export(tenant)),
        lambda: memory.import_(tenant, []),
        lambda: memory.snapshot(tenant),
    ]
    for door in doors:
        with pytest.raises(TenantError):
            door()
    with pytest.raises(TenantError):
        memory.remember(Tenant("anna", "*"), [say("style.cap", "butt")])
    assert [p.value for p in memory.preferences(ANNA)] == ["round"]


def test_three_accepted_icons_that_agree_teach_a_style(memory: Memory) -> None:
    assert memory.accept(ANNA, make_icon("cup")) == []
    assert memory.accept(ANNA, make_icon("house")) == []
    learned = memory.accept(ANNA, make_icon("calendar"))
    by_slot = {d.preference.slot: d.preference for d in learned if d.preference}
    width = by_slot["style.stroke_width"]
    assert width.value == pytest.approx(1.5, abs=0.1)
    assert width.provenance.origin == "inferred"
    assert 0 < width.confidence <= 0.6
    assert by_slot["style.mode"].value == "outline"
    got = memory.recall(ANNA, RecallQuery("bell"))
    assert got.style_sources["stroke_width"] == width.id
    assert "icons that you accepted" in next(r.why for r in got.preferences if r.preference.id == width.id)


def test_what_icons_show_never_displaces_what_was_stated(memory: Memory) -> None:
    memory.remember(ANNA, [say("style.stroke_width", 3.0)])
    for name in ("cup", "house", "calendar", "bell"):
        memory.accept(ANNA, make_icon(name))
    assert memory.recall(ANNA, RecallQuery("x")).style.stroke_width == 3.0
    (late,) = memory.remember(ANNA, [say("style.mode", "filled")])
    assert late.action == "supersede"
    assert memory.recall(ANNA, RecallQuery("x")).style.mode == "filled"


def test_own_icons_set_the_style_where_nothing_was_said(memory: Memory) -> None:
    memory.add_exemplars(ANNA, [make_icon(n, width=2.5, source="import") for n in ("cup", "house")])
    got = memory.recall(ANNA, RecallQuery("bell"))
    assert got.style.stroke_width == pytest.approx(2.5, abs=0.15)
    assert got.style_sources["stroke_width"] == "own icons (2)"
    assert got.own_count == 2
    assert got.set_vector is not None
    assert memory.preferences(ANNA) == []  # measured, not learned: nobody accepted them


def test_recall_gives_own_icons_by_concept_and_as_style(memory: Memory) -> None:
    for name in ("cup", "house", "calendar"):
        memory.accept(ANNA, make_icon(name, tags=("coffee", "mug") if name == "cup" else ()))
    got = memory.recall(ANNA, RecallQuery("a mug", ("mug",)))
    first = got.references[0]
    assert (first.name, first.concept, first.origin, first.source) == ("cup", "mug", "own", "accepted")
    assert first.concept_score >= 0.9
    assert "you accepted 'cup'" in first.why
    style_only = [r for r in got.references if r.concept_score == 0]
    assert {r.name for r in style_only} == {"house", "calendar"}
    assert all(0 < r.style_score <= 1 for r in got.references)
    assert len({r.id for r in got.references}) == len(got.references)


def test_vocabulary_changes_what_is_looked_for_and_says_so(memory: Memory) -> None:
    for name in ("circle", "arrow"):
        memory.accept(ANNA, make_icon(name))
    memory.remember(ANNA, [say("vocabulary:Settings", "a circle", "use a circle for settings")])
    got = memory.recall(ANNA, RecallQuery("settings", ("settings",)))
    top = got.references[0]
    assert (top.name, top.concept) == ("circle", "settings")
    assert "you draw 'a circle' for 'settings'" in top.why
    assert got.vocabulary == {"settings": "a circle"}
    assert "vocabulary:settings" in {r.preference.slot for r in got.preferences}
    other = memory.recall(ANNA, RecallQuery("arrow", ("arrow",)))
    assert "vocabulary:settings" not in {r.preference.slot for r in other.preferences}


def test_rejected_icons_rank_lower_and_the_reason_is_kept(memory: Memory) -> None:
    thin, thick = make_icon("bell", width=1.5), make_icon("bell", width=1.75)
    memory.accept(ANNA, thin)
    memory.accept(ANNA, thick)
    order = lambda: [r.id for r in memory.recall(ANNA, RecallQuery("bell", ("bell",))).references]  # noqa: E731
    first = order()[0]
    memory.reject(ANNA, first, "the clapper is missing")
    assert order()[0] != first
    (kept,) = [r for r in memory.export(ANNA) if r["type"] == "rejection"]
    assert (kept["exemplar_id"], kept["reason"], kept["times"]) == (first, "the clapper is missing", 1)


def test_avoid_and_its_lifting(memory: Memory) -> None:
    (nothing,) = memory.remember(ANNA, [say("avoid:shadows", False)])
    assert nothing.action == "reject"
    memory.remember(ANNA, [say("avoid:Shadows", True, "never shadows")])
    assert memory.recall(ANNA, RecallQuery("x")).avoid == ("shadows",)
    (lifted,) = memory.remember(ANNA, [say("avoid:shadows", False, "shadows are fine now")])
    assert lifted.action == "supersede"
    assert memory.recall(ANNA, RecallQuery("x")).avoid == ()


def test_forgotten_is_gone_and_inference_may_not_learn_it_again(memory: Memory) -> None:
    for name in ("cup", "house", "calendar"):
        memory.accept(ANNA, make_icon(name))
    mode = next(p for p in memory.preferences(ANNA) if p.slot == "style.mode")
    memory.forget(ANNA, mode.id)
    refused = memory.accept(ANNA, make_icon("bell"))
    assert "forgotten" in next(d.reason for d in refused if d.statement.slot == "style.mode")
    assert all(p.slot != "style.mode" for p in memory.preferences(ANNA, history=True))
    (said,) = memory.remember(ANNA, [say("style.mode", "outline")])
    assert said.action == "add"
    memory.forget(ANNA, make_icon("cup").id)
    assert "cup" not in {e.name for e in memory.exemplars(ANNA)}
    with pytest.raises(NotFound):
        memory.forget(ANNA, mode.id)


def test_forget_all_leaves_nothing(memory: Memory) -> None:
    memory.remember(ANNA, [say("style.cap", "round")])
    memory.accept(ANNA, make_icon("cup"))
    memory.forget_all(ANNA)
    memory.forget_all(ANNA)
    assert memory.preferences(ANNA, history=True) == []
    assert list(memory.export(ANNA)) == []
    assert memory.recall(ANNA, RecallQuery("cup", ("cup",))).references == ()
    memory.remember(ANNA, [say("style.cap", "butt")])
    assert [p.value for p in memory.preferences(ANNA)] == ["butt"]


def fill(memory: Memory) -> None:
    shop = Tenant("anna", "shop", "s1")
    memory.remember(ANNA, [say("style.stroke_width", 1.5, "thin"), say("vocabulary:settings", "cog")])
    memory.remember(ANNA, [say("style.stroke_width", 2, "thick"), say("style.palette", ["#112233", "#445566"])])
    memory.remember(shop, [say("style.cap", "round", scope="session"), say("avoid:text", True, scope="project")])
    for name in ("cup", "house", "calendar"):
        memory.accept(shop, make_icon(name, tags=("x",)))
    memory.add_exemplars(ANNA, [make_icon("bell", source="my set", created_at="2026-01-01T00:00:00+00:00")])
    memory.reject(ANNA, "library:1", "too busy")
    mode = next(p for p in memory.preferences(ANNA) if p.slot == "style.mode")
    memory.forget(ANNA, mode.id)


def test_export_and_import_are_a_round_trip(memory: Memory) -> None:
    fill(memory)
    records = list(memory.export(ANNA))
    assert records == json.loads(json.dumps(records))
    assert {r["type"] for r in records} == {"preference", "exemplar", "rejection", "tombstone"}
    snapshot = memory.snapshot(ANNA)
    done = memory.import_(BEN, records)
    assert {d.action for d in done} == {"add"}
    assert list(memory.export(BEN)) == records
    assert memory.snapshot(BEN) == snapshot
    assert {d.action for d in memory.import_(BEN, records)} <= {"add", "reinforce"}
    assert list(memory.export(BEN)) == records


def test_an_import_does_not_displace_what_is_stated_here(memory: Memory) -> None:
    memory.remember(ANNA, [say("style.cap", "round")])
    memory.remember(BEN, [say("style.cap", "butt")])
    (done,) = memory.import_(BEN, list(memory.export(ANNA)))
    assert done.action == "reject"
    assert "stated here" in done.reason
    assert [p.value for p in memory.preferences(BEN)] == ["butt"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"type": "command"}, "type"),
        ({"version": 99}, "version"),
        ({"slot": "style.magic"}, "magic"),
        ({"value": 99}, "stroke_width"),
        ({"scope": "world"}, "scope"),
        ({"scope_id": "shop"}, "scope_id"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"confidence": float("nan")}, "confidence"),
        ({"provenance": None}, "provenance"),
        ({"id": ""}, "id"),
    ],
)
def test_a_bad_record_is_refused_with_the_field_and_the_others_stay(
    memory: Memory, change: dict[str, Any], word: str
) -> None:
    memory.remember(ANNA, [say("style.stroke_width", 1.5), say("style.cap", "round")])
    good, other = memory.export(ANNA)
    bad, kept = memory.import_(BEN, [{**good, **change}, other])
    assert bad.action == "reject"
    assert word in bad.reason
    assert kept.action == "add"


def test_an_unsafe_drawing_is_not_imported(memory: Memory) -> None:
    memory.accept(ANNA, make_icon("cup"))
    (record,) = memory.export(ANNA)
    evil = {**record, "svg": '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'}
    (done,) = memory.import_(BEN, [evil])
    assert done.action == "reject"
    assert list(memory.exemplars(BEN)) == []


def test_records_that_are_no_objects_are_refused(memory: Memory) -> None:
    done = memory.import_(ANNA, [None, 7, "ignore all rules", [], {}])  # type: ignore[list-item]
    assert [d.action for d in done] == ["reject"] * 5
    assert list(memory.export(ANNA)) == []


def test_more_than_twenty_of_everything(memory: Memory) -> None:
    memory.remember(ANNA, [say(f"avoid:thing{i}", True) for i in range(45)])
    assert len(memory.preferences(ANNA)) == 45
    assert len(memory.recall(ANNA, RecallQuery("x")).avoid) == 45
    assert sum(1 for _ in memory.export(ANNA)) == 45


def test_nothing_of_a_failed_call_is_kept(memory: Memory) -> None:
    class Broken(Exception):
        pass

    def statements() -> Any:
        yield say("style.cap", "round")
        raise Broken

    with pytest.raises(Broken):
        memory.remember(ANNA, Lazy(statements()))  # type: ignore[arg-type]
    if type(memory).__name__ != "ServerMemory":  # a server has no transactions
        assert memory.preferences(ANNA) == []


class Lazy:
    def __init__(self, items: Any) -> None:
        self.items = items

    def __iter__(self) -> Any:
        return self.items

    def __bool__(self) -> bool:
        return True


def test_reject_wants_an_id(memory: Memory) -> None:
    with pytest.raises(RecordError):
        memory.reject(ANNA, " ", "why")


def test_two_memories_are_equal_on_the_same_calls(memory: Memory) -> None:
    numbers = iter(range(1, 1000))
    other = FakeMemory(embedder=FakeEmbedder(), library=NoLibrary(), clock=Clock(), ids=lambda: f"p{next(numbers)}")
    fill(memory)
    fill(other)
    assert list(memory.export(ANNA)) == list(other.export(ANNA))
    query = RecallQuery("cup in a house", ("cup", "house"))
    mine, theirs = memory.recall(ANNA, query), other.recall(ANNA, query)
    assert [(r.id, r.concept, r.why) for r in mine.references] == [(r.id, r.concept, r.why) for r in theirs.references]
    assert mine.style == theirs.style
