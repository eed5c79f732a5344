"""The icon designer as a tool of smolagents. A model that is not one writes the code here, so that this runs offline:
put a model of yours in its place.

pip install smolagents; python examples/smolagents_tool.py
"""

from __future__ import annotations

from typing import Any

from smolagents import ChatMessage, CodeAgent, MessageRole, Model

from mnemicon import as_smolagents_tool

CODE = """I draw it.
<code>
icon = design_icon(prompt="calendar with a check mark")
print(icon["message"])
final_answer(icon["svg"])
</code>"""


class Scripted(Model):
    def generate(self, messages: list[Any], **options: Any) -> ChatMessage:
        return ChatMessage(role=MessageRole.ASSISTANT, content=CODE)


def main() -> None:
    agent = CodeAgent(tools=[as_smolagents_tool(user="ana", n=2)], model=Scripted(), verbosity_level=0)
    print(agent.run("a calendar icon, please"))


if __name__ == "__main__":
    main()
