"""The configured language model: a form with data in, the form filled in out, within seconds or not at all.

    llm = open_llm("openai:gpt-5-mini")        # or MNEMICON_LLM, or llm = "..." in mnemicon.toml
    llm.ask(BriefForm, RULES, {"message": "friendlier, and lose the steam"})

Names are those of LangChain's ``init_chat_model`` (``svggen.models.chat.providers``: ``openai:gpt-5``,
``anthropic:claude-sonnet-4-5``, ``ollama:qwen3:8b``, ``vllm:name@http://host:8000/v1``), and
``llamacpp:/folder/model.gguf`` for a file on this machine (``agent.llamacpp``).

Contract. ``open_llm`` is cheap: nothing is imported, opened or asked before the first ``ask``. ``ask`` gives the
filled form or raises ``LlmError``, and nothing else, after ``seconds`` at the latest: a call that hangs is left alone
in a thread that keeps no program from ending. The rules are the system message; all data goes as one JSON object in the
user's message, so that no text in it can stand beside the rules. Of an answer that holds to the form in part, what fits
is taken. One retry (the provider's own) after a lost connection; after ``FAILURES`` failures in a row it is not asked
for ``REST`` seconds. The last ``KEPT`` answers are kept in memory, by sha256 of the whole question. LangSmith's tracing
is switched off; no key stands in any message.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from agent.errors import LlmError
from svggen.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import BaseModel

    from svggen.models.chat.providers import Named

    F = TypeVar("F", bound=BaseModel)
else:
    F = TypeVar("F")

__all__ = ["FAILURES", "KEPT", "REST", "SECONDS", "Llm", "open_llm"]

SECONDS: Final = 8.0
"""An answer is waited for: a filled form has about 150 tokens, which hosted models write in 1 to 4 s."""
TOKENS: Final = 1000
"""Of an answer, at most (models that think get more: ``providers.THOUGHT``)."""
RETRIES: Final = 1
FAILURES: Final = 2
REST: Final = 60.0
"""Seconds; a chat over a model that is down is then as quick as one without."""
KEPT: Final = 256
_LOCAL: Final = ("ollama", "llamacpp")
"""Providers that take a temperature with every model; some hosted ones refuse it."""


def open_llm(name: str | None, *, seconds: float = SECONDS) -> Llm | None:
    """None where none is configured. A name that is none is said when it is first asked."""
    return Llm(name, seconds=seconds) if name and name.strip() else None


class Llm:
    """model: a name, or a LangChain chat model that is there already. clock: seconds, for the rest after failures."""

    def __init__(
        self, model: str | BaseChatModel, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = model.strip() if isinstance(model, str) else type(model).__name__
        self.seconds = seconds
        self._chat = None if isinstance(model, str) else model
        self._named: Named | None = None
        self._fault = ""
        self._structured = True
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._failures, self._until = 0, 0.0
        self._clock, self._lock = clock, threading.RLock()

    def ask(self, form: type[F], rules: str, data: Mapping[str, Any], pictures: Sequence[bytes] = ()) -> F:
        """form: a pydantic model whose fields say what they want. data: JSON-ready. pictures: PNG."""
        key = _key(self.name, form, rules, data, pictures)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: F = self._kept[key]
                return kept
            if self._clock() < self._until:
                raise LlmError(f"{self.name} failed {self._failures} times and is left alone for a while")
        chat = self._opened()
        if pictures and not self.sees:
            raise LlmError(f"{self.name} takes no pictures")
        try:
            filled = _fitting(form, self._answer(chat, form, rules, data, pictures))
        except LlmError:
            with self._lock:
                self._failures += 1
                if self._failures >= FAILURES:
                    self._until = self._clock() + REST
            raise
        with self._lock:
            self._failures = 0
            self._kept[key] = filled
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return filled

    @property
    def sees(self) -> bool:
        """False where LangChain's profile of the model says that it takes no pictures; opens the model."""
        from svggen.models.chat.providers import takes_pictures

        return takes_pictures(self._opened())

    def _opened(self) -> BaseChatModel:
        """The chat model; why it cannot be had is found out once."""
        with self._lock:
            if self._fault:
                raise LlmError(self._fault)
            if self._chat is None:
                os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
                try:
                    self._chat = self._open()
                except ModelError as error:
                    self._fault = str(error).removeprefix("chat:")
                    raise LlmError(self._fault) from error
            return self._chat

    def _open(self) -> BaseChatModel:
        from svggen.models.chat.providers import THOUGHT, named, opened, thinks

        one = self._named = named(self.name)
        self.name = str(one)  # without a password in its address
        tokens = TOKENS * THOUGHT if thinks(one) else TOKENS
        if one.provider == "llamacpp":
            from agent.llamacpp import open_llamacpp

            return open_llamacpp(one.model, tokens=tokens, seconds=self.seconds)
        options: dict[str, Any] = {"temperature": 0.0} if one.provider in _LOCAL else {}
        return opened(one, seconds=self.seconds, tokens=tokens, max_retries=RETRIES, **options)

    def _answer(
        self, chat: BaseChatModel, form: type[BaseModel], rules: str, data: Mapping[str, Any], pictures: Sequence[bytes]
    ) -> Any:
        """What came, as data. Structured output where the model has it; a server that refuses it is asked for JSON as
        text instead, within the same seconds."""
        from svggen.models.chat.calls import LATE, together

        def call(_: int) -> Any:
            try:
                return self._invoke(chat, form, rules, data, pictures)
            except Exception as error:
                if not self._structured or not (isinstance(error, NotImplementedError) or self._refused(error)):
                    raise
                self._structured = False
                return self._invoke(chat, form, rules, data, pictures)

        (found,) = together(call, 1, seconds=self.seconds, at_once=1)
        if found is LATE:
            raise LlmError(f"{self.name} did not answer within {self.seconds:g} s")
        if isinstance(found, BaseException):
            if not isinstance(found, Exception):
                raise found
            raise LlmError(self._explained(found)) from found
        return found

    def _invoke(
        self, chat: BaseChatModel, form: type[BaseModel], rules: str, data: Mapping[str, Any], pictures: Sequence[bytes]
    ) -> Any:
        from langchain_core.messages import HumanMessage, SystemMessage

        schema = _schema(form)
        text = json.dumps(data, ensure_ascii=False)
        content: Any = text
        if pictures:
            content = [{"type": "text", "text": text}, *map(_image, pictures)]
        if not self._structured:
            rules = f"{rules}\n\nAnswer with one JSON object and nothing else. Its schema:\n{json.dumps(schema)}"
        runnable: Any = chat.with_structured_output(schema, include_raw=True) if self._structured else chat
        # No callbacks: the answer is the program's own, not a message to be streamed to whoever listens to the graph.
        return _data(runnable.invoke([SystemMessage(rules), HumanMessage(content)], {"callbacks": []}))

    def _refused(self, error: Exception) -> bool:
        """Is it a 400 or 422, as servers give that do not know structured output?"""
        from svggen.models.chat.providers import Named, explained

        return explained(error, self._named or Named("", self.name)).status in (400, 422)

    def _explained(self, error: Exception) -> str:
        from svggen.models.chat.providers import Named, explained, is_timeout

        if isinstance(error, LlmError):
            return str(error)
        if is_timeout(error):
            return f"{self.name} did not answer within {self.seconds:g} s"
        return str(explained(error, self._named or Named("", self.name))).removeprefix("chat:")


# ------------------------------------------------------------------------------------------------------------ questions


def _key(name: str, form: type[BaseModel], rules: str, data: Mapping[str, Any], pictures: Sequence[bytes]) -> str:
    asked = {
        "model": name,
        "form": _schema(form),
        "rules": rules,
        "data": data,
        "pictures": [hashlib.sha256(p).hexdigest() for p in pictures],
    }
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _schema(form: type[BaseModel]) -> dict[str, Any]:
    """The form as JSON schema without references, which not every provider follows. Not to be changed: it is kept."""
    from langchain_core.utils.json_schema import dereference_refs

    schema: dict[str, Any] = dereference_refs(form.model_json_schema())
    schema.pop("$defs", None)
    return schema


def _image(png: bytes) -> dict[str, str]:
    return {"type": "image", "base64": base64.b64encode(png).decode(), "mime_type": "image/png"}


# -------------------------------------------------------------------------------------------------------------- answers


def _data(answer: Any) -> Any:
    """Of a message, or of {"raw", "parsed", "parsing_error"}: the JSON object in it."""
    message, parsed = (answer.get("raw"), answer.get("parsed")) if isinstance(answer, dict) else (answer, None)
    if isinstance(parsed, dict):
        return parsed
    text = str(getattr(message, "text", "") or "")
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise LlmError("the language model did not fill in the form")
    try:
        return json.loads(text[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise LlmError(f"the language model answered broken JSON: {str(error)[:80]}") from error


def _fitting(form: type[F], data: Any, tries: int = 4) -> F:
    """What of ``data`` holds to the form: an item of a list, or a field, that does not is left out. LlmError where
    what must be there is not."""
    from pydantic import ValidationError

    try:
        filled: F = form.model_validate(data)
        return filled
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = faults[0]["msg"]
        if tries and isinstance(data, dict):
            copy = json.loads(json.dumps(data))
            # from the last to the first, so that the places of those before stay as they are
            for place in sorted({_place(f["loc"]) for f in faults}, key=_order, reverse=True):
                _leave_out(copy, place)
            if copy != data:
                return _fitting(form, copy, tries - 1)
    raise LlmError(f"the language model's answer does not hold to the form: {wrong[:100]}")


def _place(where: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Of the fault: up to the innermost item of a list, or the field itself."""
    last = max((i for i, part in enumerate(where) if isinstance(part, int)), default=len(where) - 1)
    return where[: last + 1]


def _order(place: tuple[int | str, ...]) -> list[str]:
    return [f"{part:09d}" if isinstance(part, int) else part for part in place]


def _leave_out(data: Any, place: tuple[int | str, ...]) -> None:
    for part in place[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, dict):
        data.pop(place[-1], None)
    elif isinstance(data, list) and isinstance(place[-1], int) and place[-1] < len(data):
        data.pop(place[-1])
