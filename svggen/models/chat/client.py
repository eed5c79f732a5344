"""Calls to one chat model, and its answers as plain data.

Contract. ``Client.ask(make, count, ...)`` makes calls side by side, each with the ``Ask`` that ``make(form, at)`` gives
for the form of answer that is to come, and gives a ``Reply`` each: text, or why there is none. Structured output is
tried where the model offers it, and given up for good when its server refuses it; likewise the grammar. One call that
failed is a note; where none was answered for a fault of the machinery, ``RemoteError`` says what to do.
"""

from __future__ import annotations

import asyncio
import base64
import json
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from svggen.errors import ModelError
from svggen.models.chat.calls import LATE, atogether, together
from svggen.models.chat.prompts import Form
from svggen.models.chat.providers import THOUGHT, Named, explained, is_timeout, opened, seeded, takes_pictures, thinks

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["AT_ONCE", "SCHEMA", "Ask", "Client", "Make", "Reply"]

SCHEMA: Final[dict[str, Any]] = {
    "title": "Drawing",
    "description": "An icon.",
    "type": "object",
    "properties": {
        "svg": {"type": "string", "description": "the whole SVG document"},
        "says": {"type": "string", "description": "one short sentence on what the icon shows"},
    },
    "required": ["svg", "says"],
    "additionalProperties": False,
}
"""Of a structured answer."""
AT_ONCE: Final = 8
"""Calls side by side."""
_REFUSALS: Final = {
    "structured": ("response_format", "json_schema", "tool", "function", "structured"),
    "grammar": ("structured_outputs", "grammar", "guided", "extra_body", "xgrammar"),
}
"""Words of a 400 that mean: not this form of answer."""


@dataclass(frozen=True)
class Ask:
    """One call: rules (system message, "" for none), text (and a PNG) of the user; picture_first: its place."""

    rules: str
    text: str
    picture: bytes | None = None
    picture_first: bool = False


Make: TypeAlias = Callable[[Form, int], Ask]


@dataclass(frozen=True)
class Reply:
    """text: what was answered; "" where ``late`` or ``error`` says why not. says: the model's own word on it. read,
    written: tokens. served: the exact model, as the server names it."""

    text: str = ""
    says: str = ""
    read: int = 0
    written: int = 0
    served: str = ""
    late: bool = False
    error: ModelError | None = None


class Client:
    """model: a name, or a LangChain chat model that is there already. options: more for opening it."""

    def __init__(
        self, model: Named | BaseChatModel, *, structured: bool = True, grammar: str = "", at_once: int = AT_ONCE,
        **options: Any,
    ) -> None:  # fmt: skip
        self.named = model if isinstance(model, Named) else Named("", _name_of(model))
        self._given = None if isinstance(model, Named) else model
        self._grammar = grammar if self.named.provider == "vllm" else ""
        self._structured = structured
        self._at_once, self._options = at_once, options
        self._open: dict[tuple[int, int], BaseChatModel] = {}
        self._lock = threading.Lock()
        self.notes: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """How the next answers will come, as far as it is known."""
        return "grammar" if self._grammar else "structured" if self._structured else "text"

    def ask(self, make: Make, count: int, *, seconds: float, tokens: int, seed: int | None) -> list[Reply]:
        """Raises RemoteError where no call brought an answer and the reason was no lack of time."""
        model = self._model(seconds, tokens)

        def call(at: int) -> Reply:
            return self._once(model, make, at, None if seed is None else seed + at)

        return self._checked(together(call, count, seconds=seconds, at_once=self._at_once))

    async def aask(self, make: Make, count: int, *, seconds: float, tokens: int, seed: int | None) -> list[Reply]:
        model = await asyncio.to_thread(self._model, seconds, tokens)

        async def call(at: int) -> Reply:
            return await self._aonce(model, make, at, None if seed is None else seed + at)

        return self._checked(await atogether(call, count, seconds=seconds, at_once=self._at_once))

    # ------------------------------------------------------------------------------------------------------- one call

    def _model(self, seconds: float, tokens: int) -> BaseChatModel:
        if self._given is not None:
            return self._given
        most = tokens * THOUGHT if thinks(self.named) else tokens
        key = (math.ceil(seconds), most)
        with self._lock:
            if key not in self._open:
                if len(self._open) >= 4:
                    self._open.clear()
                self._open[key] = opened(
                    self.named, seconds=float(key[0]), tokens=most, grammar=self._grammar, **self._options
                )
            return self._open[key]

    def _once(self, model: BaseChatModel, make: Make, at: int, seed: int | None) -> Reply:
        while True:
            runnable, form = self._runnable(model, seed)
            try:
                return _reply(runnable.invoke(_messages(model, make(form, at))))
            except Exception as error:
                answer = self._after(error, form)
                if answer is not None:
                    return answer

    async def _aonce(self, model: BaseChatModel, make: Make, at: int, seed: int | None) -> Reply:
        while True:
            runnable, form = self._runnable(model, seed)
            try:
                return _reply(await runnable.ainvoke(_messages(model, make(form, at))))
            except Exception as error:
                answer = self._after(error, form)
                if answer is not None:
                    return answer

    def _runnable(self, model: BaseChatModel, seed: int | None) -> tuple[Any, Form]:
        if seed is not None:
            model = seeded(model, seed)
        form = self.form
        if form == "structured":
            try:
                return model.with_structured_output(SCHEMA, include_raw=True), form
            except (NotImplementedError, ValueError, TypeError):
                self._structured = False
        elif form == "text" and self.named.provider == "vllm" and getattr(model, "extra_body", None):
            model = model.model_copy(update={"extra_body": self._options.get("extra_body")})  # without the grammar
        return model, self.form

    def _after(self, error: Exception, form: Form) -> Reply | None:
        """The reply that an error stands for; None where the call is to be made again in a plainer form."""
        cut = getattr(error, "completion", None)  # OpenAI's: the answer was longer than the tokens allow
        if cut is not None:
            return _of_completion(cut)
        if is_timeout(error):
            return Reply(late=True)
        trouble = explained(error, self.named)
        words = str(error).lower()
        refused = trouble.status in (400, 422, 501) and any(w in words for w in _REFUSALS.get(form, ()))
        if not refused:
            return Reply(error=trouble)
        if form == self.form:  # another call may have given it up meanwhile
            self._give_up(form)
        return None

    def _give_up(self, form: Form) -> None:
        if form == "grammar":
            self._grammar = ""
            self.notes = (
                "the server does not take the grammar: start vLLM with --structured-outputs-config.backend guidance",
            )
        self._structured = False

    def _checked(self, found: Sequence[Any]) -> list[Reply]:
        replies = []
        for one in found:
            if one is LATE:
                one = Reply(late=True)
            elif isinstance(one, BaseException):
                if not isinstance(one, Exception):
                    raise one
                one = Reply(error=one if isinstance(one, ModelError) else explained(one, self.named))
            replies.append(one)
        errors = [r.error for r in replies if r.error is not None]
        if errors and len(errors) == len(replies):
            raise errors[0]
        return replies


# ------------------------------------------------------------------------------------------------------------- messages


def _messages(model: BaseChatModel, ask: Ask) -> list[BaseMessage]:
    from langchain_core.messages import HumanMessage, SystemMessage

    content: Any = ask.text
    if ask.picture is not None and takes_pictures(model):
        image = {"type": "image", "base64": base64.b64encode(ask.picture).decode(), "mime_type": "image/png"}
        text = {"type": "text", "text": ask.text}
        content = [image, text] if ask.picture_first else [text, image]
    return [*([SystemMessage(ask.rules)] if ask.rules else []), HumanMessage(content)]


def _reply(answer: Any) -> Reply:
    """Of a message, or of {"raw", "parsed", "parsing_error"}."""
    message, parsed = (answer.get("raw"), answer.get("parsed")) if isinstance(answer, dict) else (answer, None)
    usage = getattr(message, "usage_metadata", None) or {}
    served = (getattr(message, "response_metadata", None) or {}).get("model_name") or ""
    text, says = _text(message), ""
    if isinstance(parsed, dict) and isinstance(parsed.get("svg"), str):
        text, says = parsed["svg"], str(parsed.get("says") or "")
    return Reply(text, says, int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0), str(served))


def _text(message: Any) -> str:
    text = str(getattr(message, "text", "") or "")
    if not text:  # a call of a tool that could not be parsed holds the answer in its arguments
        calls = [*(getattr(message, "tool_calls", None) or ()), *(getattr(message, "invalid_tool_calls", None) or ())]
        text = next((a if isinstance(a, str) else json.dumps(a) for c in calls if (a := c.get("args"))), "")
    return text


def _of_completion(completion: Any) -> Reply:
    usage = getattr(completion, "usage", None)
    choices = getattr(completion, "choices", None) or []
    text = str(getattr(getattr(choices[0], "message", None), "content", "") or "") if choices else ""
    read, written = getattr(usage, "prompt_tokens", 0) or 0, getattr(usage, "completion_tokens", 0) or 0
    return Reply(text, "", int(read), int(written), str(getattr(completion, "model", "") or ""))


def _name_of(model: Any) -> str:
    """What a ready model calls itself."""
    for name in ("model_name", "model", "model_id"):
        value = getattr(model, name, None)
        if isinstance(value, str) and value:
            return value
    return type(model).__name__
