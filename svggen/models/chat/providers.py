"""Chat models by name, and what their errors mean.

Contract. ``named`` reads what stands after ``chat:``; ``opened`` makes the LangChain model of it, without asking it
anything; ``explained`` turns whatever a provider's library raises into one ModelError that says what to do. No key and
no address with a password in it stands in any message.

    openai:gpt-5   anthropic:claude-sonnet-4-5   google_genai:gemini-2.5-pro   ollama:qwen3:8b
    vllm:Qwen/Qwen3-8B@http://gpu:8000/v1        openai:any-model@https://any.server/v1

``vllm`` is any server that speaks OpenAI's protocol and takes ``structured_outputs``; its key is ``VLLM_API_KEY``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from svggen.errors import ModelError, RemoteError
from svggen.models.checkpoints import needs

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Named", "explained", "is_timeout", "named", "opened", "seeded", "takes_pictures", "thinks"]

RETRIES: Final = 2
"""Tries again after a lost connection, 429 or 5xx: LangChain's own."""
THOUGHT: Final = 4
"""Times the budget of tokens for models that think before they answer."""
VLLM: Final = "http://127.0.0.1:8000/v1"
_NAME = re.compile(r"(?:(?P<provider>[a-z][a-z_]*):)?(?P<model>[^\s@]*[^\s@:])(?:@(?P<url>https?://\S+))?")
_ALIASES: Final = {"google": "google_genai", "gemini": "google_genai", "mistral": "mistralai", "azure": "azure_openai"}
_KEYS: Final = {
    "google_genai": "GOOGLE_API_KEY", "mistralai": "MISTRAL_API_KEY", "azure_openai": "AZURE_OPENAI_API_KEY",
    "huggingface": "HF_TOKEN", "bedrock": "the AWS credentials", "google_vertexai": "the Google Cloud credentials",
}  # fmt: skip
_SECRET = re.compile(r"\b(?:sk|key|tok|hf|gsk|xai|pk)[-_][\w*-]{4,}|Bearer\s+\S+|(?<=//)[^/\s@]+@", re.IGNORECASE)
_TIMEOUTS = frozenset(("APITimeoutError", "ReadTimeout", "ConnectTimeout", "PoolTimeout", "Timeout", "TimeoutError"))
_UNREACHED = frozenset(("APIConnectionError", "ConnectError", "ConnectionError", "RemoteProtocolError", "ReadError"))


@dataclass(frozen=True, slots=True)
class Named:
    """provider: as ``init_chat_model`` calls it, or "vllm"; "" where it is to be guessed from the model's name."""

    provider: str
    model: str
    url: str = ""

    @property
    def key(self) -> str:
        """The environment variable that holds the key."""
        return _KEYS.get(self.provider, f"{(self.provider or 'openai').upper()}_API_KEY")

    def __str__(self) -> str:
        where = f"@{_public(self.url)}" if self.url else ""
        return f"{self.provider}:{self.model}{where}" if self.provider else f"{self.model}{where}"


def named(argument: str) -> Named:
    """Of "PROVIDER:MODEL", "MODEL" or either with "@URL"; raises ModelError."""
    found = _NAME.fullmatch(argument.strip())
    if found is None:
        raise ModelError(f"chat:{argument!r:.80} is not PROVIDER:MODEL, such as chat:openai:gpt-5")
    provider = found["provider"] or ""
    one = Named(_ALIASES.get(provider, provider), found["model"], found["url"] or "")
    return replace(one, url=VLLM) if one.provider == "vllm" and not one.url else one


def opened(one: Named, *, seconds: float, tokens: int, grammar: str = "", **options: Any) -> BaseChatModel:
    """The model, of which nothing is asked yet. seconds, tokens: of one call. grammar: Lark text for a vLLM server.
    options: more for ``init_chat_model`` (temperature, api_key ...). Raises ModelError."""
    needs("chat", "langchain")
    import warnings

    from langchain.chat_models import init_chat_model

    # a server without structured output is asked for text then: no reason to warn of it in the middle of a drawing
    warnings.filterwarnings("ignore", "This model does not support OpenAI's structured output", UserWarning)
    provider = one.provider
    how: dict[str, Any] = {"timeout": seconds, "max_retries": RETRIES}
    if provider == "ollama":  # it has names of its own for both
        how |= {"num_predict": tokens, "client_kwargs": {"timeout": seconds}}
    else:
        how["max_tokens"] = tokens
    if one.url:
        how["base_url"] = one.url
    if provider == "vllm":
        import os

        provider = "openai"
        how |= {"api_key": os.environ.get("VLLM_API_KEY") or "none", "use_responses_api": False}
        body = options.pop("extra_body", {})
        if grammar:
            body = {**body, "structured_outputs": {"grammar": grammar}}
        if body:
            how["extra_body"] = body
    try:
        model: BaseChatModel = init_chat_model(one.model, model_provider=provider or None, **{**how, **options})
        return model
    except Exception as error:  # each provider's package has its own errors for a missing key
        raise _unopened(one, error) from error


def _unopened(one: Named, error: Exception) -> ModelError:
    text = str(error)
    if isinstance(error, ImportError):
        package = re.search(r"langchain[-_]\w+", text)
        name = package[0].replace("_", "-") if package else f"langchain-{one.provider}"
        return ModelError(f"chat:{one}: {name} is not installed: pip install {name}")
    if ("nsupported" in text and "provider" in text) or "infer model provider" in text:
        return ModelError(
            f"chat:{one}: {one.provider or one.model!r} is no provider that LangChain knows; known are openai, "
            "anthropic, google_genai, ollama, mistralai, vllm and more (`init_chat_model` of LangChain)"
        )
    if re.search(r"api[_ ]key|credential|token", text, re.IGNORECASE):
        return ModelError(f"chat:{one}: no key was given: set {one.key}")
    return ModelError(f"chat:{one} cannot be opened: {_plain(text)}")


def explained(error: BaseException, one: Named) -> RemoteError:
    """What a failed call means and what to do about it."""
    status = _status(error)
    who = f"chat:{one}"
    if status in (401, 403):
        return RemoteError(f"{who}: the key is refused or has expired ({status}): set {one.key} anew", status)
    if status == 404:
        return RemoteError(f"{who}: the server knows no model {one.model!r} (404)", status)
    if status == 429:
        return RemoteError(f"{who}: too many requests or no credit left (429): wait, or ask for fewer drafts", status)
    if status >= 500:
        return RemoteError(f"{who}: the server failed ({status}), also after {RETRIES} more tries", status)
    if status:
        return RemoteError(f"{who}: the request was refused ({status}): {_plain(str(error))}", status)
    if _is_a(error, _UNREACHED):
        return RemoteError(f"{who}: {_where(one)} cannot be reached: is it running, and the network up?")
    if re.search(r"api[_ ]key|credential", str(error), re.IGNORECASE):  # some ask for their key when they are called
        return RemoteError(f"{who}: no key was given: set {one.key}")
    return RemoteError(f"{who} failed: {type(error).__name__}: {_plain(str(error))}")


def is_timeout(error: BaseException) -> bool:
    return _is_a(error, _TIMEOUTS) or _status(error) in (408, 504)


def seeded(model: BaseChatModel, seed: int) -> BaseChatModel:
    """The same model with a seed, where its provider takes one."""
    for name in ("seed", "random_seed"):
        if name in type(model).model_fields:
            return model.model_copy(update={name: seed % 2**31})
    return model


def takes_pictures(model: BaseChatModel) -> bool:
    """False only where LangChain's profile of the model says so."""
    return bool((getattr(model, "profile", None) or {}).get("image_inputs", True))


def thinks(one: Named) -> bool:
    """Does the model think before it answers, by its name? Its thoughts count as tokens."""
    return bool(re.match(r"(?:.*/)?(?:gpt-[5-9]|o\d|.*think|.*reason|deepseek-r|gemini-[3-9]|gemini-2\.5)", one.model))


def _status(error: BaseException) -> int:
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "status", "code"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return 0


def _is_a(error: BaseException | None, names: frozenset[str]) -> bool:
    """Is it, or what it came from, of a class with one of the names?"""
    for _ in range(6):
        if error is None:
            return False
        if any(kind.__name__ in names for kind in type(error).__mro__):
            return True
        error = error.__cause__ or error.__context__
    return False


def _where(one: Named) -> str:
    return _public(one.url) if one.url else f"the server of {one.provider or 'its provider'}"


def _public(url: str) -> str:
    """The address without a name or password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _plain(text: str) -> str:
    return _SECRET.sub("…", " ".join(text.split()))[:200]
