"""Conversations that are open on the server, without a page: turns outlive whoever looks on, failures are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from agent_helpers import circle, draft
from filelock import FileLock
from ui_helpers import Gated, run, studio_of, until

from agent.errors import SessionBusy
from agent.session import STALE, Session
from agent.ui.studio import Studio
from memory.errors import MemoryUnavailable, TenantError
from memory.fake import FakeMemory
from svggen.errors import ModelError
from svggen.icon import serialise
from svggen.models.base import Draft, DrawRequest
from svggen.models.fake import FakeSvgModel


@pytest.fixture
def model() -> Gated:
    return Gated()


@pytest.fixture
def studio(memory: FakeMemory, model: Gated, tmp_path: Path) -> Studio:
    return studio_of(memory, model, tmp_path / "home")


def test_a_turn_goes_on_when_nobody_looks_and_is_there_afterwards(studio: Studio, model: Gated) -> None:
    async def story() -> None:
        live = studio.live("icons")
        heard: list[str] = []
        stop = live.listen(heard.append)
        live.open()
        await live.settled()
        model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
        model.gate.clear()
        assert live.send("a ring") == ""
        await until(model.inside.is_set)
        await until(lambda: any(stage == "draw" for stage, _ in live.pending.stages))  # type: ignore[union-attr]
        stop()  # the browser is closed
        told = len(heard)
        assert "another message" in live.send("thicker").lower()
        with pytest.raises(SessionBusy):
            await studio.delete("icons")
        model.gate.set()
        await live.settled()
        assert len(heard) == told and live.pending is None and live.failed is None
        assert live.shown is not None and len(live.shown["candidates"]) == 2
        assert [t["said"] for t in live.turns] == ["a ring"]
        later = studio_of(studio.memory(), model, studio.parts.home).live("icons")  # type: ignore[arg-type]
        later.open()
        await later.settled()
        assert later.shown is not None and later.shown["current"] == live.shown["current"]

    run(story)


def test_drafts_are_shown_before_the_critic_has_looked(studio: Studio, model: Gated) -> None:
    async def story() -> None:
        live = studio.live("icons")
        live.open()
        seen: list[list[str]] = []
        live.listen(lambda what: seen.append(list(live.pending.drafts)) if live.pending else None)
        model.enqueue(draft(circle(9)), draft(None, failure="blank"), draft(circle(9)))
        live.send("a ring")  # while the conversation is still being read
        await live.settled()
        assert [serialise(circle(9))] in seen

    run(story)


def test_what_fails_keeps_its_text_and_says_why(memory: FakeMemory, tmp_path: Path) -> None:
    class Broken(FakeSvgModel):
        def generate(self, request: DrawRequest) -> list[Draft]:
            raise OSError(28, "No space left on device", "drawings")

    async def story() -> None:
        studio = studio_of(memory, Broken(), tmp_path / "home")
        live = studio.live("icons")
        live.send("a ring")
        await live.settled()
        assert live.failed is not None and live.failed.text == "a ring" and "No space left" in live.failed.reason
        live.dismiss()
        assert live.failed is None
        bad = studio_of(memory, "no-such-model", tmp_path / "home").live("other")
        bad.send("a ring")
        await bad.settled()
        assert bad.failed is not None and "no-such-model" in bad.failed.reason

    run(story)


@pytest.mark.slow
def test_another_program_holds_the_conversation_or_went_on_with_it(studio: Studio, model: Gated) -> None:
    async def story() -> None:
        live = studio.live("icons")
        live.send("a ring")
        await live.settled()
        elsewhere = Session("icons", user="ada", parts=studio.parts, model=model, rounds=1)
        await asyncio.to_thread(elsewhere.send, "thicker")
        live.send("the second one", seen=1, by=live)
        await live.settled()
        assert live.failed is not None and live.failed.reason == STALE and live.failed.text == "the second one"
        assert [t["said"] for t in live.turns] == ["a ring", "thicker"] and live.shown is not None
        assert live.shown["asks"] is None
        with FileLock(elsewhere._file(".lock")):
            live.send("thinner", seen=2)
            await live.settled()
        assert live.failed is not None and "busy" in live.failed.reason and live.failed.text == "thinner"
        live.refresh()
        await live.settled()
        assert live.failed is None and len(live.turns) == 2

    run(story)


@pytest.mark.slow
def test_a_turn_that_was_cut_off_goes_on_when_it_is_opened(studio: Studio, model: Gated) -> None:
    class Dies(FakeSvgModel):
        def generate(self, request: DrawRequest) -> list[Draft]:
            raise KeyboardInterrupt

    session = Session("icons", user="ada", parts=studio.parts, model=Dies(), rounds=1)
    with pytest.raises(KeyboardInterrupt):
        session.send("a ring")

    async def story() -> None:
        live = studio.live("icons")
        model.gate.clear()
        live.open()
        await until(lambda: live.pending is not None and any(s == "draw" for s, _ in live.pending.stages))
        model.gate.set()
        await live.settled()
        assert [t["said"] for t in live.turns] == ["a ring"] and live.shown is not None and live.shown["current"]

    run(story)


def test_a_picture_is_drawn_from_and_a_bad_one_is_said(studio: Studio, model: Gated) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(out, "PNG")

    async def story() -> None:
        live = studio.live("icons")
        live.send("", picture=b"no picture")
        await live.settled()
        assert live.failed is not None and live.failed.picture == b"no picture"
        live.send("a ring", picture=out.getvalue())
        await live.settled()
        assert live.failed is None and model.history[-1].image == out.getvalue()

    run(story)


def test_names_memory_and_what_is_kept_for_a_while(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TenantError):
        studio.live("a*b")
    studio.parts.given_memory = None
    monkeypatch.setattr(type(studio.parts), "memory", lambda self: None)
    studio.parts.trouble = "the disk is full"
    with pytest.raises(MemoryUnavailable, match="the disk is full"):
        studio.memory()
    address = studio.offer("a.svg", "image/svg+xml", b"<svg/>")
    key = address.rpartition("/")[2]
    found = studio.fetch(key)
    assert found is not None and (found.name, found.data) == ("a.svg", b"<svg/>")
    picture = studio.put_down(b"picture")
    assert studio.pick_up(picture) == b"picture" and studio.pick_up("other") is None
    monkeypatch.setattr("agent.ui.studio.KEPT", -1.0)
    assert studio.fetch(key) is None and studio.pick_up(picture) is None


def test_models_that_are_watched_are_the_models_themselves() -> None:
    from agent.ui.live import Watched

    class Batches(FakeSvgModel):
        batch = 2

        def generate(self, request: DrawRequest) -> list[Draft]:
            raise ModelError("no weights")

    told: list[list[str]] = []
    watched = Watched(Batches(), told.append)
    assert (watched.name, watched.batch) == ("fake", 2)
    with pytest.raises(ModelError):
        watched.generate(DrawRequest("a ring"))
    with pytest.raises(AttributeError):
        _ = watched.no_such
    assert told == []
