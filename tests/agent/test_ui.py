"""The page by NiceGUI's simulated user: from first message to accepted icon, tomorrow, and all that goes wrong."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from agent_helpers import circle, clock_face, draft
from ui_helpers import ADA, Gated, run, studio_of, until

from agent.session import Session
from agent.ui.studio import Studio
from memory.errors import MemoryUnavailable
from memory.fake import FakeMemory
from svggen.icon import serialise
from svggen.models.base import Draft, DrawRequest
from svggen.models.fake import FakeSvgModel

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("nicegui") is None, reason="the page needs NiceGUI: pip install 'mnemicon[ui]'"),
]

User: TypeAlias = Any
"""nicegui.testing.user.User: imported when a page is opened, since it takes a second that the quick tests need not."""


@pytest.fixture
def model() -> Gated:
    return Gated()


@pytest.fixture
def studio(memory: FakeMemory, model: Gated, tmp_path: Path) -> Studio:
    return studio_of(memory, model, tmp_path / "home")


@asynccontextmanager
async def page_of(studio: Studio, path: str = "/") -> AsyncIterator[User]:
    from nicegui.testing.user_simulation import user_simulation

    from agent.ui.visits import root_of

    async with user_simulation(root=root_of(studio)) as user:
        await user.open(path)
        await studio.live("icons").settled()
        yield user


def text_of(user: User, marker: str) -> str:
    """Every text below what is marked."""
    words: list[str] = []
    for element in user.find(marker=marker).elements:
        for below in element.descendants(include_self=True):
            words += [str(w) for w in (getattr(below, "words", ""), below.props.get("aria-label", "")) if w]
    return "\n".join(words)


def say(user: User, text: str) -> None:
    user.find(marker="composer").trigger("send", {"text": text})


def key(user: User, name: str) -> None:
    user.find(marker="frame").trigger("key", {"key": name})


def click(user: User, marker: str) -> None:
    user.find(marker=marker).click()


async def seen(user: User, words: str, marker: str = "frame") -> None:
    await until(lambda: words in text_of(user, marker), f"{words!r} in {marker}")


def test_from_the_first_message_to_the_accepted_icon_and_tomorrow(
    studio: Studio, model: Gated, memory: FakeMemory
) -> None:
    async def story() -> None:
        async with page_of(studio) as user:
            live = studio.live("icons")
            await user.should_see("What shall the icon show?")
            model.enqueue(draft(circle(9)), draft(clock_face(), 0.9), draft(circle(7), 0.8))
            say(user, "a clock, and from now on always use 1.5px strokes")
            await live.settled()
            await seen(user, "Remembered: stroke width 1.5 px at 24 px", "tail")
            assert "Candidate 3" in text_of(user, "card-3")
            assert live.shown is not None
            first, second, _ = (c["id"] for c in live.shown["candidates"])
            key(user, "2")
            await live.settled()
            assert live.shown["current"]["id"] == second
            assert "current" in text_of(user, "card-2")
            click(user, "edit-thicker")
            await live.settled()
            key(user, "undo")
            await live.settled()
            assert live.shown["current"]["id"] == second
            key(user, "redo")
            await live.settled()
            click(user, "accept")
            await live.settled()
            assert [e.name for e in memory.exemplars(ADA)] == ["clock"]
            click(user, "why")
            await seen(user, "drawn by", "why-text")
            click(user, "tabs-history")
            await seen(user, "% of the ink differs")
            click(user, "branch-1")
            await live.settled()
            assert live.shown["current"]["id"] == first
            click(user, "tabs-set")
            await seen(user, "clock", "set-grid")
            await seen(user, "stroke width", "set-style")
        tomorrow = studio_of(memory, model, studio.parts.home)
        async with page_of(tomorrow) as user:
            await tomorrow.live("icons").settled()
            await seen(user, "It has joined your icons.")
            assert tomorrow.live("icons").shown == live.shown

    run(story)


def test_a_reload_in_the_middle_shows_where_it_stands(studio: Studio, model: Gated) -> None:
    async def story() -> None:
        async with page_of(studio) as user:
            model.gate.clear()
            model.enqueue(draft(circle(9)), draft(circle(8), 0.9))
            say(user, "a ring")
            await until(model.inside.is_set)
            await seen(user, "Drawing", "tail")
            assert "being drawn" in text_of(user, "card-1") or "drawing with" in text_of(user, "card-1")
            await user.open("/")
            assert "Drawing" in text_of(user, "tail") and "a ring" in text_of(user, "tail")
            say(user, "thicker")
            await until(lambda: user.notify.contains("Another message is being answered"))
            model.gate.set()
            await studio.live("icons").settled()
            await seen(user, "Done.")
            assert "score" in text_of(user, "card-2") and len(studio.live("icons").turns) == 1

    run(story)


def test_what_fails_says_why_keeps_the_text_and_is_tried_again(memory: FakeMemory, tmp_path: Path) -> None:
    class Moody(FakeSvgModel):
        fails = True

        def generate(self, request: DrawRequest) -> list[Draft]:
            if self.fails:
                raise OSError(28, "No space left on device", "a file")
            return super().generate(request)

    model = Moody()
    studio = studio_of(memory, model, tmp_path / "home")

    async def story() -> None:
        async with page_of(studio) as user:
            live = studio.live("icons")
            say(user, "a ring")
            await live.settled()
            await seen(user, "No space left on device", "failed")
            assert "a ring" in text_of(user, "failed")
            click(user, "take-back")
            [composer] = user.find(marker="composer").elements
            assert composer.props["given"]["text"] == "a ring"
            say(user, "a ring")
            await live.settled()
            model.fails = False
            click(user, "try-again")
            await live.settled()
            assert live.failed is None and live.shown is not None and live.shown["current"]
            with pytest.raises(AssertionError):
                user.find(marker="failed")

    run(story)


def test_two_windows_and_another_program(studio: Studio, model: Gated, memory: FakeMemory) -> None:
    async def story() -> None:
        from agent.ui.page import ELSEWHERE

        async with page_of(studio) as one:
            live = studio.live("icons")
            other = type(one)(one.http_client)
            await other.open("/")
            say(one, "a ring")
            await live.settled()
            assert "Done." in text_of(other, "frame") and ELSEWHERE not in text_of(
                other, "frame"
            )  # it had said nothing yet
            say(one, "thicker")
            await live.settled()
            assert ELSEWHERE in text_of(other, "tail") and ELSEWHERE not in text_of(one, "tail")
            elsewhere = Session("icons", user="ada", parts=studio.parts, model=model, rounds=1)
            await studio.work(lambda: elsewhere.send("thinner"))
            say(one, "rounder")
            await live.settled()
            assert "rounder" in text_of(one, "failed") and "another window" in text_of(one, "failed")
            assert [t["said"] for t in live.turns] == ["a ring", "thicker", "thinner"]

    run(story)


def test_the_drawer_shows_changes_forgets_and_takes_back(studio: Studio, memory: FakeMemory, model: Gated) -> None:
    async def story() -> None:
        async with page_of(studio) as user:
            live = studio.live("icons")
            for message in ("a ring, always use 1.5px strokes", "accept", "reject: too plain"):
                say(user, message)
                await live.settled()
            click(user, "memory")
            await seen(user, "stroke width 1.5 px", "memories")
            shown = text_of(user, "memories")
            assert "you said on" in shown and "everywhere, 100% sure, stated by a message (icons#1)" in shown
            assert "you accepted it" in shown and "'too plain'" in shown
            [held] = memory.preferences(ADA)
            click(user, f"change-{held.id}")
            user.find(marker=f"value-{held.id}").trigger("change", "fat")
            await until(lambda: "is not a number" in str(user.find(marker=f"value-{held.id}").elements.pop().props))
            user.find(marker=f"value-{held.id}").trigger("change", "2")
            await seen(user, "stroke width 2 px", "memories")
            [held] = memory.preferences(ADA)
            assert held.value == 2.0
            click(user, f"forget-{held.id}")
            await seen(user, "Forgotten: stroke width 2 px", "undo-list")
            assert memory.preferences(ADA) == []
            click(user, "restore-0")
            await until(lambda: memory.preferences(ADA) == [held])
            await seen(user, "stroke width 2 px", "memories")
            click(user, "memory-close")
            assert "Forgotten" not in text_of(user, "undo-list")

    run(story)


def test_memory_that_is_down_is_said_and_drawing_goes_on(
    studio: Studio, memory: FakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: Any, **options: Any) -> Any:
        raise MemoryUnavailable("the disk is full")

    monkeypatch.setattr(FakeMemory, "_books", down)

    async def story() -> None:
        async with page_of(studio) as user:
            say(user, "a ring, always use 1.5px strokes")
            await studio.live("icons").settled()
            assert "the disk is full" in text_of(user, "tail") and "score" in text_of(user, "card-1")
            click(user, "memory")
            await seen(user, "Memory cannot be read: the disk is full", "memories")
            click(user, "memory-close")
            click(user, "tabs-set")
            await seen(user, "The set cannot be read")

    run(story)


def test_conversations_are_listed_made_and_deleted_with_a_question(studio: Studio) -> None:
    async def story() -> None:
        async with page_of(studio) as user:
            live = studio.live("icons")
            say(user, "a ring")
            await live.settled()
            click(user, "sessions")
            await seen(user, "1 turn, began with 'a ring'", "sessions")
            user.find(marker="new-session").trigger("change", "a*b")
            await user.should_see("is not allowed")
            user.find(marker="new-session").trigger("change", "travel & more/2")
            await user.should_see("is not allowed")
            user.find(marker="new-session").trigger("change", "travel icons")
            await until(lambda: user.back_history[-1] == "/?session=travel%20icons")
            await until(lambda: "What shall the icon show?" in text_of(user, "frame"))
            click(user, "sessions")
            await seen(user, "Open icons", "sessions")
            click(user, "delete-icons")
            await seen(user, "Delete it for good?", "sessions")
            click(user, "keep-icons")
            await until(lambda: "for good" not in text_of(user, "sessions"))
            click(user, "delete-icons")
            await seen(user, "Really delete icons", "sessions")
            click(user, "really-icons")
            await until(lambda: studio.sessions() == [])
            assert await studio.work(studio.session("icons").now) is None
            await user.open("/?session=<script>")
            await user.should_see("is not allowed")

    run(story)


ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>${alert(3)}`</script>"


def test_nothing_that_is_said_or_named_becomes_html_or_code(studio: Studio, memory: FakeMemory, model: Gated) -> None:
    async def story() -> None:
        async with page_of(studio) as user:
            live = studio.live("icons")
            say(user, f"a ring {ATTACK}")
            await live.settled()
            user.find(marker="frame").trigger("svg", {"name": f"{ATTACK}.svg", "text": serialise(circle(9))})
            await seen(user, "img src=x")
            user.find(marker="frame").trigger("svg", {"name": "bad.svg", "text": f"<svg>{ATTACK}</svg>"})
            await seen(user, "It cannot be used")
            for odd in (None, [], 7, {"key": 1}, {"key": "9"}, {"key": "x" * 9999}):
                user.find(marker="frame").trigger("key", odd).trigger("picture", odd).trigger("theme", odd)
                user.find(marker="composer").trigger("send", odd)
            response = await user.http_client.get("/")
            assert "<img src=x" not in response.text and "<script>alert" not in response.text
            assert response.text.count("</script>") == response.text.count("<script")
            user.find(marker="memory").click()
            click(user, "tabs-set")
            click(user, "tabs-history")
            await live.settled()
            assert user.client is not None
            for element in user.client.elements.values():
                if element.component is None:
                    assert element.tag.startswith("q-") or element.tag in PLAIN, element.tag
                else:
                    assert element.component.tag.startswith("nicegui-mn_"), element.component.tag
                assert not [name for name in element.props if name.startswith(":") or name == "innerHTML"]
                assert all(slot.template is None for slot in element.slots.values())
                assert all(listener.js_handler is None for listener in element._event_listeners.values())
                source = element.props.get("src")
                assert source is None or source.startswith(("data:image/svg+xml,", "data:image/png;base64,", "blob:"))

    run(story)


PLAIN = frozenset(
    "a article button code dd details div dl dt figcaption figure h1 h2 h3 header img kbd li main nav ol p progress "
    "section span summary ul".split()
)
"""Elements that hold text and cannot run or load anything (an <img> only what the policy lets it)."""


def test_what_is_dropped_and_exported(studio: Studio, memory: FakeMemory, model: Gated) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(out, "PNG")
    ours = {"X-Mnemicon": "1"}

    async def story() -> None:
        async with page_of(studio) as user, _own(studio) as http:
            live = studio.live("icons")
            assert (await http.post("/ui/picture", content=out.getvalue())).status_code == 403
            refused = await http.post("/ui/picture", content=b"no picture", headers=ours)
            assert refused.status_code == 400 and "the picture" in refused.json()["error"]
            kept = (await http.post("/ui/picture", content=out.getvalue(), headers=ours)).json()["key"]
            given = {"key": kept, "name": "sketch.png", "address": "javascript:alert(1)"}
            user.find(marker="frame").trigger("picture", given)
            [composer] = user.find(marker="composer").elements
            assert composer.props["attached"] == "Draws from sketch.png" and not composer.props.get("address")
            say(user, "")
            await live.settled()
            assert model.history[-1].image == out.getvalue() and "attached" not in composer.props

            for total in (0, -1, 10**9, "3", True):
                assert (await http.post("/ui/import", json={"total": total}, headers=ours)).status_code == 400
            begun = (await http.post("/ui/import", json={"total": 3, "left_out": 2}, headers=ours)).json()["key"]
            files = [("f", (name, svg)) for name, svg in (("a/bell.svg", serialise(circle(6))), ("b.svg", "<svg/>"))]
            answer = await http.post(f"/ui/import/{begun}", files=files, headers=ours)
            assert answer.json() == {"done": 2, "added": 1, "failed": 1}
            await seen(user, "2 of 3 files: 1 icon, 1 could not be used.", "import-words")
            over = {"trouble": "the connection was lost"}
            assert (await http.post(f"/ui/import/{begun}/end", json=over, headers=ours)).status_code == 200
            assert (await http.post(f"/ui/import/{begun}", files=files, headers=ours)).status_code == 404
            await seen(user, "b.svg", "import-broken")
            await seen(user, "the connection was lost 2 files are no SVG")
            assert [e.name for e in memory.exemplars(ADA)] == ["bell"]

            click(user, "export-set")
            user.find(marker="export-sprite").click()
            await until(lambda: studio._downloads)
            [(token, _)] = studio._downloads.items()
            got = await http.get(f"/ui/get/{token}")
            assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
            assert (await http.get("/ui/get/other")).status_code == 404
            assert "mask-image" in (await http.get("/ui/glyphs.css")).text
            assert "--accent" in (await http.get("/ui/style.css?1")).text

            user.find(marker="frame").trigger("svg", {"name": "clock.svg", "text": serialise(clock_face())})
            await until(lambda: user.find(marker="dropped-change").elements)
            click(user, "dropped-change")
            assert composer.props["attached"] == "Changes clock"
            say(user, "thicker")
            await live.settled()
            assert live.shown is not None and len(live.shown["current"]["svg"]) > 100
            click(user, "memory")
            click(user, "memory-export")
            await until(lambda: len(studio._downloads) == 2)
            lines = list(studio._downloads.values())[-1].data.decode().splitlines()
            assert [json.loads(line)["name"] for line in lines if '"exemplar"' in line] == ["bell"]

    run(story)


@asynccontextmanager
async def _own(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    from starlette.applications import Starlette

    from agent.ui.routes import routes

    app = Starlette(routes=routes(studio))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client
