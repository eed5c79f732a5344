"""The icon designer as a tool of the OpenAI Agents SDK. The SDK's scripted model calls it here, so that this runs
offline: put a model of yours in its place.

pip install openai-agents; python examples/openai_agents_tool.py
"""

from __future__ import annotations

from agents import Agent, RunConfig, Runner
from agents.testing import ScriptedModel, assistant_message, function_call

from mnemicon import as_openai_agents_tool


def main() -> None:
    asked = function_call("design_icon", {"prompt": "calendar with a check mark", "edit": None, "seed": 0}, call_id="1")
    model = ScriptedModel([[asked], [assistant_message("Here is your icon.")]])
    agent = Agent(name="designer", model=model, tools=[as_openai_agents_tool(user="ana", n=2)])
    result = Runner.run_sync(agent, "a calendar icon, please", run_config=RunConfig(tracing_disabled=True))
    words, svg, picture = next(item.output for item in result.new_items if item.type == "tool_call_output_item")
    print(words.text)  # what the model read; it looked at the picture
    print(svg.text)
    print(picture.image_url[:40], "...")
    print(result.final_output)


if __name__ == "__main__":
    main()
