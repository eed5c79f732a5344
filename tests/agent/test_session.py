"""Sessions: one conversation that is kept, gone on with, undone, branched; two windows; what is damaged."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import circle, clock_face, draft

from agent import session as sessions
from agent.errors import BriefError, SessionBusy, SessionError
from agent.parts import Parts
from agent.session import STALE, Session
from agent.settings import Settings
from memory.errors import TenantError
from memory.fake import FakeMemory
from memory.records import Tenant
from svggen.errors import InvalidPictureError
from svggen.icon import Look, icon_id, parse
from svggen.models.fake import FakeSvgModel

Make = Callable[..., Session]
SOLID = Look(fill="currentColor")


@pytest.fixture
def make(memory: FakeMemory, model: FakeSvgModel, tmp_path: Path) -> Make:
    def session(name: str = "icons", **options: Any) -> Session:
        parts = Parts(Settings(tmp_path / "home"), memory)
        return Session(name, user="ada", parts=parts, **{"model": model, "rounds": 1, **options})

    return session


def test_a_drawing_and_what_is_shown(make: Make, model: FakeSvgModel) -> None:
    model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
    shown = make().send("a ring")
    assert shown["current"] == {"id": icon_id(circle(9)), "svg": shown["candidates"][0]["svg"]}
    assert [parse(c["svg"]) for c in shown["candidates"]] == [circle(9), circle(8)]
    assert (shown["turn"], shown["kind"], shown["asks"], shown["memory"]) == (1, "draw", None, [])


def test_it_goes_on_in_another_process(make: Make, model: FakeSvgModel) -> None:
    model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
    make().send("a ring")
    later = make()
    assert later.now()["turn"] == 1
    assert later.send("the second one")["current"]["id"] == icon_id(circle(8))
    thicker = later.send("thicker")
    assert thicker["kind"] == "edit" and parse(thicker["current"]["svg"]).shapes[0].look.stroke_width > 2.0
    assert [t["said"] for t in make().turns()] == ["a ring", "the second one", "thicker"]


def test_undo_redo_and_a_branch(make: Make, model: FakeSvgModel) -> None:
    session = make()
    model.enqueue(draft(circle(9)))
    first = session.send("a ring")["current"]["id"]
    second = session.send("thicker")["current"]["id"]
    third = session.send("make it smaller")["current"]["id"]
    assert len({first, second, third}) == 3
    assert session.send("undo")["current"]["id"] == second
    assert session.send("undo")["current"]["id"] == first
    assert "nothing to undo" in session.send("undo")["say"]
    assert session.send("redo")["current"]["id"] == second
    assert session.send("redo")["current"]["id"] == third
    session.send("undo")
    branch = session.send("fill it")["current"]["id"]
    assert branch not in (first, second, third)
    assert session.send("undo")["current"]["id"] == second
    assert session.send("back to the first version")["current"]["id"] == first
    changed = session.send("back to the third version, but fill it")
    assert changed["kind"] == "edit" and session.turns()[-1]["parent"] == 3


def test_what_could_mean_two_things_is_asked(make: Make, model: FakeSvgModel) -> None:
    session = make()
    model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
    session.send("a ring")
    shown = session.send("make it like the other")
    assert shown["kind"] == "ask_back" and shown["asks"] and "the second" in shown["options"]
    assert session.send("the second")["current"]["id"] == icon_id(circle(8))


def test_what_is_kept_before_the_next_is_drawn(make: Make, model: FakeSvgModel, memory: FakeMemory) -> None:
    session = make()
    model.enqueue(draft(circle(9)))
    session.send("a ring")
    shown = session.send("keep it. now a bell")
    assert [m["action"] for m in shown["memory"]] == ["accept"] and shown["kind"] == "draw"
    assert [r["id"] for r in memory.export(Tenant("ada")) if "svg" in r] == [icon_id(circle(9))]


def test_an_edit_of_a_candidate(make: Make, model: FakeSvgModel) -> None:
    session = make()
    model.enqueue(draft(circle(9)), draft(clock_face(), 0.9))
    session.send("a clock")
    shown = session.send("make the second one thicker")
    assert len(parse(shown["current"]["svg"]).shapes) == 4


def test_two_candidates_are_combined(make: Make, model: FakeSvgModel) -> None:
    session = make()
    model.enqueue(draft(circle(9)), draft(circle(8, SOLID), 0.9))
    session.send("a ring")
    shown = session.send("combine the first and the second")
    assert shown["kind"] == "edit" and shown["candidates"]
    assert shown["current"]["id"] not in (icon_id(circle(9)), icon_id(circle(8, SOLID)))


def test_one_that_is_described(make: Make, model: FakeSvgModel) -> None:
    session = make()
    model.enqueue(draft(circle(9)), draft(circle(8, SOLID), 0.9))
    session.send("a ring")
    assert session.send("the filled one")["current"]["id"] == icon_id(circle(8, SOLID))


def test_what_is_accepted_and_said_is_remembered_once(make: Make, model: FakeSvgModel, memory: FakeMemory) -> None:
    session = make()
    model.enqueue(draft(circle(9)))
    shown = session.send("a ring, and from now on always use 1.5px strokes")
    assert [d["text"] for d in shown["memory"]] == ["stroke width 1.5 px at 24 px"]
    session.send("accept")
    assert [p.value for p in memory.preferences(Tenant("ada"))] == [1.5]
    assert "1.5" in session.send("what do you remember?")["say"]


def test_users_and_sessions_are_apart(make: Make, model: FakeSvgModel) -> None:
    model.enqueue(draft(circle(9)))
    make().send("a ring")
    other = make("another")
    assert other.now() is None and other.send("thicker")["current"] is None
    assert {a["name"] for a in sessions.session_names("ada", home=make().parts.home)} == {"icons", "another"}
    make().delete()
    assert make().now() is None


def test_a_window_that_has_not_seen_the_last_turn_is_told(make: Make, model: FakeSvgModel) -> None:
    model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
    one, other = make(), make()
    one.send("a ring")
    one.send("thicker", seen=1)
    stale = other.send("the second one", seen=1)
    assert stale["asks"] == STALE and stale["turn"] == 2 and len(one.turns()) == 2


def test_a_second_message_waits_and_one_that_cannot_is_told(make: Make, model: FakeSvgModel) -> None:
    inside, go_on = threading.Event(), threading.Event()

    class Slow(FakeSvgModel):
        def generate(self, request: Any) -> Any:
            inside.set()
            assert go_on.wait(20)
            return super().generate(request)

    worker = threading.Thread(target=lambda: make(model=Slow()).send("a ring"))
    worker.start()
    assert inside.wait(20)
    with pytest.raises(SessionBusy, match="busy"):
        make(wait=0.05).send("thicker")
    go_on.set()
    worker.join(20)
    assert make().send("thicker")["turn"] == 2


def test_bad_messages(make: Make) -> None:
    session = make()
    for text in ("", "   ", "x" * 4001):
        with pytest.raises(BriefError):
            session.send(text)
    with pytest.raises(InvalidPictureError):
        session.send("a ring", image=b"no picture")
    with pytest.raises(TenantError):
        make("name*")
    assert session.now() is None


def test_a_damaged_thread_is_told(make: Make, model: FakeSvgModel) -> None:
    make().send("a ring")
    [store] = make().parts.home.glob("users/*/checkpoints.sqlite")
    store.write_bytes(b"no database" * 1000)
    with pytest.raises(SessionError, match="cannot be read"):
        make().send("thicker")


def test_a_drawing_that_is_gone_is_said(make: Make, model: FakeSvgModel) -> None:
    session = make()
    model.enqueue(draft(circle(9)))
    session.send("a ring")
    session.send("thicker")
    for path in session.parts.home.glob("users/*/drawings/*.json"):
        path.unlink()
    assert session.send("undo")["say"] == "That drawing is no longer kept."


def test_finished_turns_leave_one_checkpoint(make: Make, model: FakeSvgModel) -> None:
    session = make()
    for message in ("a ring", "thicker", "thinner"):
        session.send(message)
    [store] = session.parts.home.glob("users/*/checkpoints.sqlite")
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)
    assert session.send("undo")["kind"] == "undo"
