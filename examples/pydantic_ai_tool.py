"""The icon designer as a tool of pydantic-ai. A function stands in for the model here, so that this runs offline: put a
model of yours in its place.

pip install pydantic-ai-slim; python examples/pydantic_ai_tool.py
"""

from __future__ import annotations

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from mnemicon import as_pydantic_ai_tool


def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    for part in messages[-1].parts:
        if isinstance(part, ToolReturnPart):
            return ModelResponse([TextPart(f"{part.content['message']}\n{part.content['svg']}")])
    return ModelResponse([ToolCallPart("design_icon", {"prompt": "calendar with a check mark"})])


def main() -> None:
    agent = Agent(FunctionModel(model), tools=[as_pydantic_ai_tool(user="ana", n=2)])
    print(agent.run_sync("a calendar icon, please").output)


if __name__ == "__main__":
    main()
