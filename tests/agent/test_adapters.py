"""design_icon as the tools of other frameworks, each called by that framework's own agent with a scripted model; what
is not installed is skipped (the examples are run by tests/test_examples.py)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any, TypedDict

import pytest

import agent
from memory.fake import FakeMemory
from svggen.models.fake import FakeSvgModel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def options(memory: FakeMemory) -> dict[str, Any]:
    return {"user": "ada", "memory": memory, "model": FakeSvgModel(), "n": 2, "rounds": 1}


def test_each_adapter_is_short_and_loads_no_framework() -> None:
    for path in (ROOT / "agent" / "adapters").glob("*_*.py"):
        if path.name != "__init__.py":
            code = [line for line in path.read_text().partition("\ndef ")[2].splitlines() if line.strip()]
            assert len(code) <= 30, path.name
    names = ("agents", "smolagents", "pydantic_ai", "langchain_core", "langgraph", "fastmcp", "mcp")
    say = "import sys, agent, mnemicon, agent.adapters, agent.mcp, agent.cli; "
    say += f"print([n for n in {names!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", say], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


# -- LangChain ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow  # importing langchain-core takes seconds
def test_langchain(options: dict[str, Any]) -> None:
    tool = agent.as_langchain_tool(**options)
    assert set(tool.args) == {"prompt", "edit", "seed"}
    message = tool.invoke({"type": "tool_call", "name": tool.name, "id": "1", "args": {"prompt": "a bell"}})
    assert [block["type"] for block in message.content] == ["text", "image"]
    assert message.artifact["svg"].startswith("<svg")
    for bad in ({"prompt": ""}, {"prompt": "thicker", "edit": "<svg><script/></svg>"}):
        refused = tool.invoke({"type": "tool_call", "name": tool.name, "id": "2", "args": bad})
        assert refused.status == "error"


# -- LangGraph ---------------------------------------------------------------------------------------------------------


class Host(TypedDict, total=False):
    title: str
    prompt: str
    icon: dict[str, Any]
    shown: str


def hosted(options: dict[str, Any], saver: Any) -> Any:
    """A host's graph: its own state, our subgraph as a node between two of its own."""
    from langgraph.graph import END, START, StateGraph

    mine = {k: v for k, v in options.items() if k not in ("memory",)}
    builder = StateGraph(Host)
    builder.add_node("brief", lambda state: {"prompt": f"a {state['title']}"})
    builder.add_node("icon", agent.icon_subgraph(**mine))
    builder.add_node("show", lambda state: {"shown": state["icon"]["svg"]})
    for here, there in ((START, "brief"), ("brief", "icon"), ("icon", "show"), ("show", END)):
        builder.add_edge(here, there)
    return builder.compile(checkpointer=saver, interrupt_before=["show"])


def test_langgraph_the_hosts_checkpointer_holds_our_steps(
    options: dict[str, Any], memory: FakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langgraph.checkpoint.memory import InMemorySaver

    monkeypatch.setattr("agent.parts.Parts.memory", lambda self: memory)
    saver = InMemorySaver()
    graph = hosted(options, saver)
    config = {"configurable": {"thread_id": "1"}}
    seen = [
        (len(place), name)
        for place, update in graph.stream({"title": "bell"}, config, stream_mode="updates", subgraphs=True)
        for name in update
    ]
    assert (0, "brief") in seen and (1, "design_icon") in seen and (2, "critique") in seen and (0, "show") not in seen
    held = graph.get_state(config)
    assert held.next == ("show",) and set(held.values) == {"title", "prompt", "icon"}, "our state stays ours"
    spaces = set(saver.storage["1"])
    assert "" in spaces and any(space.startswith("icon:") for space in spaces)
    done = graph.invoke(None, config)
    assert done["shown"].startswith("<svg") and done["shown"] == done["icon"]["svg"]


def test_langgraph_called_in_a_node_and_without_a_checkpointer(
    options: dict[str, Any], memory: FakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.parts.Parts.memory", lambda self: memory)
    icons = agent.icon_subgraph(**{k: v for k, v in options.items() if k != "memory"})
    out = icons.invoke({"prompt": "a bell"})
    assert out["icon"]["svg"].startswith("<svg") and out["message"]
    thicker = icons.invoke({"prompt": "thicker lines", "edit": out["icon"]["id"]})
    assert thicker["icon"]["svg"] != out["icon"]["svg"]
    nothing = icons.invoke({"prompt": ""})
    assert nothing["icon"] is None and "Nothing to draw" in nothing["message"]


# -- the others --------------------------------------------------------------------------------------------------------


def test_openai_agents(options: dict[str, Any]) -> None:
    pytest.importorskip("agents.testing", reason="openai-agents is not installed: see mnemicon[adapters]")
    from agents import Agent, RunConfig, Runner
    from agents.testing import ScriptedModel, assistant_message, function_call

    tool = agent.as_openai_agents_tool(**options)
    assert set(tool.params_json_schema["properties"]) == {"prompt", "edit", "seed"}
    calls = [
        function_call("design_icon", {"prompt": prompt, "edit": None, "seed": 0}, call_id=str(i))
        for i, prompt in enumerate(("", "a bell"))
    ]
    model = ScriptedModel([[calls[0]], [calls[1]], [assistant_message("done")]])
    designer = Agent(name="designer", model=model, tools=[tool])

    async def run() -> Any:
        return await Runner.run(designer, "a bell, please", run_config=RunConfig(tracing_disabled=True))

    result = asyncio.run(run())
    refused, drawn = (item.output for item in result.new_items if item.type == "tool_call_output_item")
    assert refused[0].text.startswith("refused: Nothing to draw")
    assert [part.type for part in drawn] == ["text", "text", "image"] and drawn[1].text.startswith("<svg")
    assert drawn[2].image_url.startswith("data:image/png;base64,iVBOR") and result.final_output == "done"


def test_smolagents(options: dict[str, Any]) -> None:
    pytest.importorskip("smolagents", reason="smolagents is not installed: see mnemicon[adapters]")
    from smolagents import ChatMessage, CodeAgent, MessageRole, Model

    class Scripted(Model):
        def generate(self, messages: list[Any], **given: Any) -> Any:
            code = "bad = design_icon(prompt='')\nicon = design_icon(prompt='a bell')\n"
            code += "final_answer([bad['message'], icon['message'], icon['svg']])"
            return ChatMessage(role=MessageRole.ASSISTANT, content=f"I draw.\n<code>\n{code}\n</code>")

    tool = agent.as_smolagents_tool(**options)
    assert set(tool.inputs) == {"prompt", "edit", "seed"}
    refused, words, svg = CodeAgent(tools=[tool], model=Scripted(), verbosity_level=0, max_steps=2).run("a bell")
    assert refused.startswith("refused: ") and "score" in words and svg.startswith("<svg")


def test_pydantic_ai(options: dict[str, Any]) -> None:
    pytest.importorskip("pydantic_ai", reason="pydantic-ai is not installed: see mnemicon[adapters]")
    from pydantic_ai import Agent, BinaryContent
    from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.function import FunctionModel

    heard: list[list[Any]] = []

    def model(messages: list[Any], info: Any) -> Any:
        heard.append(list(messages[-1].parts))
        if len(heard) < 3:
            return ModelResponse([ToolCallPart("design_icon", {"prompt": "" if len(heard) == 1 else "a bell"})])
        return ModelResponse([TextPart("done")])

    tool = agent.as_pydantic_ai_tool(**options)
    assert set(tool.tool_def.parameters_json_schema["properties"]) == {"prompt", "edit", "seed"}
    assert Agent(FunctionModel(model), tools=[tool]).run_sync("a bell").output == "done"
    assert "Nothing to draw" in str(heard[1][0].content)
    answer, seen = heard[2]
    assert answer.content["svg"].startswith("<svg") and answer.metadata["id"]
    picture = next(part for part in seen.content if isinstance(part, BinaryContent))
    assert picture.media_type == "image/png" and picture.data.startswith(b"\x89PNG")
