"""ChatModel: a request becomes questions, answers become drafts.

Contract. See the package. Never raises for what a model said. Errors: ``ModelError`` (a package or a key is missing, an
unknown provider), ``RemoteError`` (no server, a refused key, 429, 5xx: where no call was answered).

Cost. Tokens are what the provider reports. Prices are never guessed: where ``prices`` (or ``MNEMICON_CHAT_PRICE``,
"IN/OUT" in US dollars for a million tokens) names them, each draft says what it cost.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from svggen.errors import InvalidPictureError, ModelError
from svggen.models.base import Draft, DrawRequest, failed
from svggen.models.chat.client import AT_ONCE, Ask, Client, Make, Reply
from svggen.models.chat.prompts import EXEMPLAR_TOKENS, Question, question
from svggen.models.chat.providers import Named, named
from svggen.models.written import Written, drafts_of, read, sources_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["ChatModel", "open_model"]

PRICE = "MNEMICON_CHAT_PRICE"
_PRICE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*")


def open_model(name: str, argument: str | None) -> ChatModel:
    """``name``: "chat"; ``argument``: PROVIDER:MODEL, see ``svggen.models.chat.providers``."""
    if not argument:
        raise ModelError(f"model {name!r} needs PROVIDER:MODEL after a colon, such as {name}:openai:gpt-5")
    return ChatModel(named(argument))


class ChatModel:
    """model: what ``named`` gives, or any LangChain chat model that is set up already (its own timeout and length then
    count as well). exemplar_tokens: that all exemplars in the prompt may take. structured: ask for structured output
    where it is offered. grammar: have a vLLM server hold to the grammar. prices: US dollars for a million tokens (read,
    written). at_once: calls side by side. options: more for ``init_chat_model``, such as temperature."""

    def __init__(
        self, model: Named | BaseChatModel, *, exemplar_tokens: int = EXEMPLAR_TOKENS, structured: bool = True,
        grammar: bool = True, prices: tuple[float, float] | None = None, at_once: int = AT_ONCE, **options: Any,
    ) -> None:  # fmt: skip
        from svggen.grammar import grammar_text

        self._client = Client(
            model, structured=structured, grammar=grammar_text() if grammar else "", at_once=at_once, **options
        )
        self.name = f"chat:{self._client.named}"
        self.revision = self._client.named.model
        self._exemplar_tokens = exemplar_tokens
        self._prices = prices if prices is not None else _configured()

    def generate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        asked = self._question(request, started)
        if not isinstance(asked, Question):
            return asked
        replies = self._client.ask(_asks(asked, request), request.n, **_limits(request))
        return self._drafts(request, asked, replies, started)

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        started = time.perf_counter()
        asked = await asyncio.to_thread(self._question, request, started)
        if not isinstance(asked, Question):
            return asked
        replies = await self._client.aask(_asks(asked, request), request.n, **_limits(request))
        return await asyncio.to_thread(self._drafts, request, asked, replies, started)

    def _question(self, request: DrawRequest, started: float) -> Question | list[Draft]:
        """What is asked, or the drafts that a request without a question has."""
        if request.n < 1:
            return []
        if not any(c.isalnum() for c in request.words) and request.image is None and request.edit is None:
            return [failed(self, request, "unknown_subject", "the words name nothing to draw", started)]
        try:
            return question(request, exemplar_tokens=self._exemplar_tokens)
        except InvalidPictureError as error:
            return [failed(self, request, "unknown_subject", f"the picture cannot be read: {error}", started)]

    def _drafts(
        self, request: DrawRequest, asked: Question, replies: Sequence[Reply], started: float
    ) -> list[Draft]:  # fmt: skip
        written = [self._written(reply, request) for reply in replies]
        sources = sources_of(asked.shown)
        return drafts_of(self, request, written, started, sources=sources, notes=self._client.notes)

    def _written(self, reply: Reply, request: DrawRequest) -> Written:
        if reply.error is not None:
            return Written(None, "timeout", (), (str(reply.error),))
        if reply.late:
            note = f"no answer within {request.budget.seconds:g} s"
            return Written(None, "timeout", (), (note,))
        steps = [f"{self._client.named} wrote it ({reply.read:,} tokens read, {reply.written:,} written)"]
        if self._prices is not None:
            cost = (reply.read * self._prices[0] + reply.written * self._prices[1]) / 1e6
            steps.append(f"it cost {cost:.4f} US dollars")
        says = " ".join(reply.says.split())[:120]
        notes = (f"the model says of it: {says!r}",) if says else ()
        return read(reply.text, request, tuple(steps), notes, tokens=reply.written, served=reply.served)


def _asks(asked: Question, request: DrawRequest) -> Make:
    return lambda form, at: Ask(asked.rules(form), asked.text(at, request.n), asked.picture)


def _limits(request: DrawRequest) -> dict[str, Any]:
    return {"seconds": request.budget.seconds, "tokens": request.budget.tokens, "seed": request.seed}


def _configured() -> tuple[float, float] | None:
    text = os.environ.get(PRICE, "")
    if not text.strip():
        return None
    found = _PRICE.fullmatch(text)
    if found is None:
        raise ModelError(
            f'{PRICE} is {text!r:.60}; give "IN/OUT" in US dollars for a million tokens, such as "1.25/10"'
        )
    return float(found[1]), float(found[2])
