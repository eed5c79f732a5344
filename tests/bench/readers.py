"""Understanders for ``bench_utterances.py`` that ask a language model where the rules are not sure.

    python tests/bench/bench_utterances.py --with readers:oracle       # a scripted model that fills in every form right
    MNEMICON_LLM=openai:gpt-5-mini python tests/bench/bench_utterances.py --with readers:configured

``oracle`` knows what is expected of each message and quotes the whole message for what it states: what is still wrong
then was the rules' being sure and wrong, or was not believed of the model (``agent.brief.llm``). It tells what the path
can reach at most, not what a model reaches. Both print at the end how many messages the model was asked about.
"""

from __future__ import annotations

import atexit
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from agent.brief import Brief, BriefContext
from agent.brief.grounds import own_words
from agent.llm import Llm, open_llm
from agent.settings import load
from agent.state import IconContext
from agent.understanding import understood

FILE = Path(__file__).with_name("utterances.jsonl")
_COUNT = {"messages": 0, "asked": 0}
_EDIT = re.compile(r"(?P<op>[a-z]+)(?: (?P<argument>.*?))??(?: (?P<amount>-?\d+(?:\.\d+)?))?")


def oracle(text: str, context: BriefContext) -> Brief:
    return _read(text, context, _scripted())


def configured(text: str, context: BriefContext) -> Brief:
    return _read(text, context, _configured())


def _read(text: str, context: BriefContext, run: IconContext) -> Brief:
    _COUNT["messages"] += 1
    return understood(text, context, run)


@cache
def _configured() -> IconContext:
    settings = load()
    llm = open_llm(settings.llm, seconds=settings.llm_seconds)
    if llm is None:
        raise SystemExit("no language model is configured: set MNEMICON_LLM, such as openai:gpt-5-mini")
    real = llm.ask

    def ask(*given: Any) -> Any:
        _COUNT["asked"] += 1
        return real(*given)

    vars(llm)["ask"] = ask
    atexit.register(_say)
    return IconContext(llm=llm)


@cache
def _scripted() -> IconContext:
    rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    atexit.register(_say)
    return IconContext(llm=Llm(Oracle(expected={own_words(r["text"]): r for r in rows}), seconds=30))


def _say() -> None:
    print(f"the model was asked about {_COUNT['asked']} of {_COUNT['messages']} messages")


class Oracle(BaseChatModel):
    """Answers with the form that is expected."""

    expected: dict[str, Any]

    @property
    def _llm_type(self) -> str:
        return "oracle"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **more: Any
    ) -> ChatResult:
        _COUNT["asked"] += 1
        message = json.loads(messages[-1].text)["message"]
        row = self.expected.get(message)
        answer = form_of(row) if row else {"kind": "empty"}
        return ChatResult(generations=[ChatGeneration(message=AIMessage(json.dumps(answer)))])


def form_of(row: dict[str, Any]) -> dict[str, Any]:
    """What a model would have to fill in, from what a line of utterances.jsonl expects."""
    wanted, text = dict(row["expect"]), row["text"]
    form: dict[str, Any] = {k: v for k, v in wanted.items() if k not in ("edits", "statements", "forget", "scope")}
    form["edits"] = [_edit(words) for words in wanted.get("edits", ())]
    form["statements"] = [
        {"slot": slot, "value": value, "quote": text, "scope": wanted.get("scope")}
        for slot, value in wanted.get("statements", {}).items()
    ]
    form["forget"] = [{"slot": slot, "quote": text} for slot in wanted.get("forget", ())]
    if "pick" in form:
        form["pick"] += form["pick"] >= 0
    form["picks"] = [i + (i >= 0) for i in wanted.get("picks", ())]
    if form["kind"] == "ask_back":
        form["asks"] = "What do you mean?"
    return form


def _edit(words: str) -> dict[str, Any]:
    found = _EDIT.fullmatch(words)
    if found is None:
        raise ValueError(f"{words!r} is no edit")
    op, argument, amount = found["op"], found["argument"] or "", found["amount"]
    return {"op": op, "argument": argument, **({"amount": float(amount)} if amount else {})}
