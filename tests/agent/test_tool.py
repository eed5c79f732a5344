"""design_icon and the functions around it, on the real parts (shipped library, embedder, embedded memory) in a home of
their own."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import agent
from agent import BriefError, design_icon
from agent.parts import close_parts
from agent.result import KEYS
from memory.errors import MemoryUnavailable, TenantError
from svggen.errors import StyleError, UnsafeSvgError
from svggen.icon import parse
from svggen.models.fake import FakeSvgModel

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    close_parts()


@pytest.mark.slow
def test_the_first_session_of_a_new_user() -> None:
    """The commands that open the README, as calls."""
    cup = design_icon("a rounded coffee cup")
    assert cup.passed and cup.score > 0.8 and cup.style["cap"] == "round"
    said = design_icon("from now on 1.5px strokes, round caps, teal, never filled")
    assert said.kind == "remember" and {d["action"] for d in said.learned} == {"add"} and not said.svg
    plane = design_icon("paper plane")
    assert plane.style["stroke_width"] == 1.5 and plane.style["mode"] == "outline" and "#008080" in plane.svg
    calendar = design_icon("calendar with a check mark")
    assert calendar.passed
    assert agent.accept_icon()["id"] == calendar.id
    cart = design_icon("shopping cart")
    assert cart.passed and "#008080" in cart.svg and any(e["source"] == "accepted" for e in cart.exemplars)
    why = agent.explain()
    assert why["id"] == cart.id and "remembered: stroke width 1.5 px" in why["text"]
    assert {m["text"] for m in cart.memories} >= {"avoid filled"}
    assert agent.reject_icon(reason="too busy")["id"] == cart.id


@pytest.mark.slow
def test_the_same_memory_request_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        home = tmp_path / name
        design_icon("always use 1.5px strokes", home=home)
        made.append(
            [design_icon(p, home=home, seed=7).svg for p in ("a bell in a circle", "shopping cart", "user off")]
        )
        close_parts()
    assert made[0] == made[1]


@pytest.mark.slow
def test_an_unknown_subject_gets_an_honest_low_score() -> None:
    for prompt in ("flibbertigibbet", "zxqv wrtp", "eine Kaffeetasse mit Löffel"):
        result = design_icon(prompt)
        assert not result.passed and result.score < 0.5
        if result.svg:  # the nearest ideas
            assert result.findings[0]["rule"] == "concept" and "nothing known shows" in result.message
        else:
            assert "no exemplar shows" in result.message


@pytest.mark.slow
def test_a_session_keeps_checkpoints_in_the_users_folder(tmp_path: Path) -> None:
    design_icon("a bell", user="ada", session="s1", home=tmp_path)
    design_icon("thicker", user="ada", session="s1", home=tmp_path, chat=True)
    [store] = (tmp_path / "users").glob("ada-*/checkpoints.sqlite")
    assert store.stat().st_size > 0 and store.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_locked_or_broken_store_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> Any:
        raise MemoryUnavailable("locked by another program")

    monkeypatch.setattr("memory.memory.open_memory", broken)
    result = design_icon("a bell", home=tmp_path)
    assert result.svg and any("locked by another program" in n for n in result.notes)


@pytest.mark.slow
def test_the_langchain_tool() -> None:
    tool = agent.as_langchain_tool(user="ada")
    message = tool.invoke({"type": "tool_call", "name": "design_icon", "id": "1", "args": {"prompt": "a bell"}})
    text, image = message.content
    assert text["type"] == "text" and "score" in text["text"]
    assert image["type"] == "image" and base64.b64decode(image["base64"]).startswith(b"\x89PNG")
    assert message.artifact["svg"].startswith("<svg") and set(message.artifact) == set(KEYS)
    assert "user" not in tool.args
    refused = tool.invoke({"type": "tool_call", "name": "design_icon", "id": "2", "args": {"prompt": ""}})
    assert refused.status == "error" and "Nothing to draw" in str(refused.content)


def test_the_json_has_exactly_the_keys_that_programs_rely_on(memory: Any) -> None:
    result = design_icon("a bell, and from now on always teal", memory=memory, model=FakeSvgModel())
    data = result.to_dict()
    assert tuple(data) == KEYS and json.loads(json.dumps(data)) == data
    assert data["understood"]["subject"] == "bell" and data["understood"]["learned"][0]["action"] == "add"
    assert set(data["candidates"][0]) == {"id", "svg", "score", "model"}
    assert all(set(f) == {"rule", "level", "message", "value", "limit"} for f in data["findings"])
    assert set(data["memories"][0]) == {"id", "text", "scope", "why"}
    assert data["seconds"]["total"] > 0 and data["svg_path"] is None
    parse(data["svg"])


def test_async(memory: Any) -> None:
    async def two() -> list[Any]:
        return await asyncio.gather(
            *(agent.adesign_icon(p, memory=memory, model=FakeSvgModel()) for p in ("a bell", "a cup"))
        )

    assert [r.prompt for r in asyncio.run(two())] == ["a bell", "a cup"]


BAD: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"prompt": ""}, BriefError),
    ({"prompt": "   "}, BriefError),
    ({"prompt": "\x00\x01\x02"}, BriefError),
    ({"prompt": "чашка кофе"}, BriefError),
    ({"prompt": "?"}, BriefError),
    ({"prompt": "a bell", "n": 0}, BriefError),
    ({"prompt": "a bell", "n": "4"}, BriefError),
    ({"prompt": "a bell", "n": True}, BriefError),
    ({"prompt": "a bell", "rounds": 99}, BriefError),
    ({"prompt": "a bell", "size": 3}, BriefError),
    ({"prompt": "a bell", "user": "*"}, TenantError),
    ({"prompt": "a bell", "user": "../root"}, TenantError),
    ({"prompt": "a bell", "user": ""}, TenantError),
    ({"prompt": "a bell", "style": {"stroke_width": -1}}, StyleError),
    ({"prompt": "a bell", "style": {"nonsense": 1}}, StyleError),
    ({"prompt": "thicker", "edit": "feed"}, BriefError),
    ({"prompt": "thicker", "edit": "../../etc/passwd"}, BriefError),
    ({"prompt": "thicker", "edit": "<!DOCTYPE x><svg/>"}, UnsafeSvgError),
]


@pytest.mark.parametrize(("options", "error"), BAD, ids=[f"{k}" for k, _ in BAD])
def test_bad_input_is_one_typed_error_with_one_line(
    options: dict[str, Any], error: type[Exception], memory: Any
) -> None:
    with pytest.raises(error) as caught:
        design_icon(**options, memory=memory, model=FakeSvgModel())
    assert str(caught.value) and "\n" not in str(caught.value)


def test_a_full_disk_loses_nothing_but_the_kept_drawing(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.drawings.make_private", full)
    result = design_icon("a bell", memory=memory, model=FakeSvgModel())
    assert result.svg and "the drawing could not be kept: No space left on device" in result.notes


def test_an_svg_can_be_handed_over_for_an_edit(memory: Any) -> None:
    line = '<path fill="none" stroke="red" stroke-width="2" d="M4 12h16"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{line}</svg>'
    result = design_icon("make it blue", edit=svg, memory=memory, model=FakeSvgModel())
    assert "#0000ff" in result.svg and "red" not in result.svg and result.kind == "edit"


def test_unknown_ids_and_nothing_drawn_yet() -> None:
    for call in (agent.accept_icon, agent.reject_icon, agent.explain):
        with pytest.raises(BriefError, match="nothing has been drawn yet"):
            call()
        with pytest.raises(BriefError):
            call("zzzz")


def test_importing_the_packages_loads_nothing_heavy() -> None:
    code = (
        "import sys, agent, memory, svggen, mnemicon; "
        "heavy = {'torch', 'transformers', 'langgraph', 'langchain_core', 'numpy', 'scipy', 'mem0', 'qdrant_client', "
        "'pydantic', 'onnxruntime'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["agent", "mnemicon"])
def test_public_names_are_sorted_and_there(module: str) -> None:
    from importlib import import_module

    package = import_module(module)
    assert package.__all__ == sorted(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None


def test_a_shadowed_package_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "__init__.py").write_text("")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(REPOSITORY)!r}]; from mnemicon import design_icon"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: mnemicon needs its own package 'agent'") and "MCP or HTTP" in last
