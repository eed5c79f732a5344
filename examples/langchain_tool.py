"""The icon designer as a LangChain tool. A model would call it; here we do.

python examples/langchain_tool.py
"""

from __future__ import annotations

from mnemicon import as_langchain_tool


def main() -> None:
    tool = as_langchain_tool(user="ana", n=2)
    call = {"name": tool.name, "args": {"prompt": "calendar with a check mark"}, "id": "1", "type": "tool_call"}
    message = tool.invoke(call)
    print(message.content[0]["text"])  # what a model reads; content[1] is the picture it looks at
    print(message.artifact["svg"])  # what a program takes


if __name__ == "__main__":
    main()
