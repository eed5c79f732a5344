"""A chat model that follows a script, through LangChain's own structured output, and a gullible one."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from agent.llm import Llm

OBEY = re.compile(r'OBEY:(\{.*?\})(?=:END|\\")')


@cache
def _kind(structured: bool) -> type[Any]:
    """The class, made when it is first wanted: importing LangChain's base takes a second."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration, ChatResult
    from langchain_core.utils.function_calling import convert_to_openai_tool

    class Scripted(BaseChatModel):
        script: Any
        asked: list[Any] = []  # noqa: RUF012 - pydantic copies it
        profile: Any = None

        @property
        def _llm_type(self) -> str:
            return "scripted"

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> ChatResult:
            self.asked.append(messages)
            answer = self.script(messages)
            if isinstance(answer, BaseException):
                raise answer
            if isinstance(answer, dict) and more.get("tools"):
                name = convert_to_openai_tool(more["tools"][0])["function"]["name"]
                message = AIMessage("", tool_calls=[{"name": name, "args": answer, "id": "1"}])
            else:
                message = AIMessage(answer if isinstance(answer, str) else json.dumps(answer))
            return ChatResult(generations=[ChatGeneration(message=message)])

    if structured:

        def bind_tools(self: Any, tools: Any, **more: Any) -> Any:
            return self.bind(tools=tools)

        return type("Structured", (Scripted,), {"bind_tools": bind_tools})
    return Scripted


def scripted(
    *answers: Any, seconds: float = 5.0, structured: bool = True, profile: Any = None, **options: Any
) -> tuple[Llm, list[Any]]:
    """A language model that gives the answers in turn, the last over and over (a dict: structured output; text; an
    exception; or what a function makes of the messages), and the list of the messages that it is asked."""
    left = list(answers)
    lock = threading.Lock()

    def script(messages: Any) -> Any:
        with lock:
            answer = left.pop(0) if len(left) > 1 else left[0]
        return answer(messages) if callable(answer) else answer

    model = _kind(structured)(script=script, asked=[], profile=profile)
    return Llm(model, seconds=seconds, **options), model.asked


def gullible(otherwise: dict[str, Any]) -> Callable[[Any], dict[str, Any]]:
    """Does what the first ``OBEY:{...}:END`` of all that it is given says; fills in ``otherwise`` where there is
    none."""

    def answer(messages: Any) -> dict[str, Any]:
        found = OBEY.search(" ".join(prompt(messages)).replace('\\"', '"'))
        return dict(json.loads(found[1])) if found else otherwise

    return answer


def slowly(answer: Any, seconds: float = 0.6) -> Callable[[Any], Any]:
    def wait(messages: Any) -> Any:
        time.sleep(seconds)
        return answer

    return wait


def prompt(messages: Any) -> list[str]:
    """The texts of the messages, pictures left out."""
    out: list[str] = []
    for message in messages:
        parts = message.content if isinstance(message.content, list) else [{"type": "text", "text": message.content}]
        out += [part["text"] for part in parts if part["type"] == "text"]
    return out
