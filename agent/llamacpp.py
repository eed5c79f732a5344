"""A language model in a file on this machine (GGUF), through llama-cpp-python: no server, no key, no network.

    MNEMICON_LLM=llamacpp:/models/qwen3-4b-q4_k_m.gguf

Contract. ``open_llamacpp`` raises ModelError where the package or the file is missing; weights are loaded by the first
question. Structured output is held to by a grammar while it is written, so that it always parses (what it says is
another matter: below about 3 billion parameters expect little). One question at a time; answers are greedy, the same
question gets the same answer. ``seconds`` bounds the writing; the prompt's own reading cannot be broken off, and its
unchanged beginning (the rules) is read once. This module imports LangChain and is imported when a model is opened.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import PrivateAttr

from svggen.errors import ModelError

__all__ = ["LlamaCpp", "open_llamacpp"]

CONTEXT = 4096
"""Tokens of question and answer together: the rules and a form take about 1,600."""
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


def open_llamacpp(path: str, *, tokens: int, seconds: float) -> LlamaCpp:
    """tokens: of an answer, at most."""
    try:
        import llama_cpp  # noqa: F401 - is it there?
    except ImportError as error:
        raise ModelError("llamacpp: llama-cpp-python is not installed: pip install llama-cpp-python") from error
    file = Path(path).expanduser()
    if not file.is_file():
        raise ModelError(f"llamacpp: there is no file {file}; give the path of a GGUF file after llamacpp:")
    return LlamaCpp(path=str(file), tokens=tokens, seconds=seconds, profile={"image_inputs": False})


class LlamaCpp(BaseChatModel):
    """See the head of this file."""

    path: str
    tokens: int
    seconds: float
    _llama: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "llamacpp"

    def with_structured_output(self, schema: Any, *, include_raw: bool = False, **more: Any) -> Runnable[Any, Any]:
        """schema: JSON schema as a dict."""

        def ask(messages: Sequence[BaseMessage]) -> Any:
            text = self._written(messages, {"type": "json_object", "schema": schema})
            raw = AIMessage(text)
            try:
                parsed, fault = json.loads(text), None
            except ValueError as error:  # cut off: tokens or seconds were used up
                parsed, fault = None, error
            return {"raw": raw, "parsed": parsed, "parsing_error": fault} if include_raw else parsed

        return RunnableLambda(ask)

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **more: Any
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._written(messages, None)))])

    def _written(self, messages: Sequence[BaseMessage], form: dict[str, Any] | None) -> str:
        until = time.monotonic() + self.seconds
        out: list[str] = []
        with self._lock:
            said = [{"role": _ROLES.get(m.type, "user"), "content": str(m.text)} for m in messages]
            for part in self._loaded().create_chat_completion(
                messages=said, response_format=form, max_tokens=self.tokens, temperature=0.0, stream=True
            ):
                out.append(part["choices"][0]["delta"].get("content") or "")
                if time.monotonic() > until:
                    break
        return "".join(out)

    def _loaded(self) -> Any:
        if self._llama is None:
            import llama_cpp

            try:
                self._llama = llama_cpp.Llama(model_path=self.path, n_ctx=CONTEXT, verbose=False)
            except (ValueError, RuntimeError) as error:
                raise ModelError(f"llamacpp: {self.path} cannot be loaded: {error}") from error
        return self._llama
