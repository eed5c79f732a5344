"""Who answers: a model in this process, or a server that speaks OpenAI's protocol.

Contract. ``Local`` and ``Served`` give ``answers`` to one question: text (what was begun for the model included), how
many tokens, and how each ended. Locally all candidates are one batch under one seed, at temperature 0 there is one;
on a server they are as many calls. The grammar holds in both where the profile asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from svggen.errors import ModelError, RemoteError
from svggen.models.generation import Sampling
from svggen.models.hf.asking import Asked
from svggen.models.hf.profile import Profile

if TYPE_CHECKING:
    from svggen.models.chat.client import Client
    from svggen.models.hf.loading import Loaded

__all__ = ["Answer", "Engine", "Local", "Served", "is_server", "shown_name"]

_CONTROL = re.compile(r"<\|(?=\w)")


@dataclass(frozen=True)
class Answer:
    """ended: closed, length, loop or timeout. served: the server's name of the model."""

    text: str
    tokens: int
    ended: str
    served: str = ""


class Engine(Protocol):
    """sees: can it be shown pictures? notes: of the last answers."""

    notes: tuple[str, ...]

    @property
    def sees(self) -> bool: ...

    def answers(self, what: Asked, *, n: int, seed: int, seconds: float, tokens: int) -> list[Answer]: ...


def is_server(argument: str | None) -> bool:
    return argument is not None and argument.startswith(("http://", "https://"))


def shown_name(name: str, argument: str | None) -> str:
    """The name with what it takes, without a password."""
    if argument is None:
        return name
    if not is_server(argument):
        return f"{name}:{argument}"
    parts = urlsplit(argument)
    return f"{name}:{parts._replace(netloc=parts.netloc.rpartition('@')[2], query='').geturl()}"


# ---------------------------------------------------------------------------------------------------------- in process


class Local:
    """A loaded model."""

    notes: tuple[str, ...] = ()

    def __init__(self, profile: Profile, loaded: Loaded) -> None:
        self._profile, self._loaded = profile, loaded
        words = [*loaded.tokenizer.all_special_tokens, *_added(loaded.tokenizer)]
        self._special = re.compile(
            "|".join(map(re.escape, sorted({w for w in words if len(w) > 2}, key=len)[::-1])) or "$^"
        )

    @property
    def sees(self) -> bool:
        return self._loaded.sight is not None

    def answers(self, what: Asked, *, n: int, seed: int, seconds: float, tokens: int) -> list[Answer]:
        from svggen.models.generation import sampled

        loaded, output = self._loaded, self._profile.output
        sampling = self._profile.sampled(what.mode).within(tokens)
        begin = output.begin if what.mode != "critic" else ""
        rows = sampled(
            loaded.model,
            self._inputs(what, begin),
            sampling,
            n=n,
            seed=seed,
            seconds=seconds,
            eos=loaded.eos,
            pad=loaded.pad,
            processors=self._processors(what, begin, sampling),
            stop=self._ends if what.mode != "critic" and output.stop else None,
        )
        return [Answer(begin + self._text(row.ids), len(row.ids), row.ended) for row in rows]

    def _inputs(self, what: Asked, begin: str) -> dict[str, Any]:
        """What generate takes, on the model's device."""
        import inspect

        loaded = self._loaded
        text = self._chat(what) + begin
        if loaded.sight is None:
            made = dict(loaded.tokenizer(text, return_tensors="pt", add_special_tokens=False).items())
        else:
            made = loaded.sight.see(text, [what.picture] if what.picture is not None else [])
        taken = inspect.signature(loaded.model.forward).parameters
        dtype = loaded.model.dtype
        return {
            key: value.to(loaded.device, dtype) if value.is_floating_point() else value.to(loaded.device)
            for key, value in made.items()
            if key in taken and hasattr(value, "is_floating_point")
        }

    def _chat(self, what: Asked) -> str:
        """The conversation in the model's own template; plain text where it has none."""
        loaded = self._loaded
        text = self._harmless(what.text)
        if loaded.template is None:
            return f"{what.system}\n{text}\n" if what.system else f"{text}\n"
        turns = [self._turns(what, text, system=True)]
        if what.system:  # some templates know no system turn
            turns.append(self._turns(what, text, system=False))
        for messages in turns:
            try:
                made = loaded.tokenizer.apply_chat_template(
                    messages, chat_template=loaded.template, tokenize=False, add_generation_prompt=True
                )
                return str(made)
            except Exception as error:  # jinja, and what templates raise on purpose
                why = f"the model's chat template cannot be used: {error!s:.200}"
        raise ModelError(why)

    def _turns(self, what: Asked, text: str, *, system: bool) -> list[dict[str, Any]]:
        if what.system and not system:
            text = f"{what.system}\n\n{text}"
        content: Any = text
        if what.picture is not None:
            content = [{"type": "text", "text": text}]
            content.insert(0 if self._profile.picture.place == "before" else 1, {"type": "image"})
        user = {"role": "user", "content": content}
        return [{"role": "system", "content": what.system}, user] if what.system and system else [user]

    def _harmless(self, text: str) -> str:
        """Words that the template is made of mean nothing where a user writes them."""
        if self._profile.output.form != "svg":  # its tokens may stand in exemplars and drafts
            return text
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)

    def _processors(self, what: Asked, begin: str, sampling: Sampling) -> list[Any]:
        if not self._profile.output.grammar or what.mode == "critic":
            return []
        from svggen.grammar import BEGINNING, logits_processor

        return [
            logits_processor(
                self._loaded.tokenizer, after=BEGINNING if begin == BEGINNING else "", budget=sampling.max_new_tokens,
                eos=self._loaded.eos,
            )
        ]  # fmt: skip

    def _ends(self, tail: Sequence[int]) -> bool:
        text = self._text(tail)
        return any(stop in text for stop in self._profile.output.stop)

    def _text(self, ids: Sequence[int]) -> str:
        plain = self._profile.output.form == "svg"
        return str(
            self._loaded.tokenizer.decode(list(ids), skip_special_tokens=plain, clean_up_tokenization_spaces=False)
        )


def _added(tokenizer: Any) -> list[str]:
    """Added words that are marks of the template, not of a drawing."""
    return [str(word) for word in tokenizer.get_added_vocab() if str(word).startswith(("<|", "<IMG", "<img", "</img"))]


# --------------------------------------------------------------------------------------------------------- on a server


class Served:
    """An OpenAI-compatible server: vLLM, SGLang, LMDeploy ... url may end in ``#NAME``."""

    sees = True

    def __init__(self, profile: Profile, url: str) -> None:
        self._profile = profile
        self._url, _, self._model = url.partition("#")
        self._clients: dict[str, Client] = {}
        self.notes: tuple[str, ...] = ()

    def answers(self, what: Asked, *, n: int, seed: int, seconds: float, tokens: int) -> list[Answer]:
        from svggen.models.chat.client import Ask

        sampling = self._profile.sampled(what.mode).within(tokens)
        begin = self._profile.output.begin
        text = _CONTROL.sub("< |", what.text) if self._profile.output.form == "svg" else what.text
        ask = Ask(what.system, text, what.picture, self._profile.picture.place == "before")
        client = self._client(what.mode, sampling)
        calls = n if sampling.temperature > 0 else 1
        replies = client.ask(lambda form, at: ask, calls, seconds=seconds, tokens=sampling.max_new_tokens, seed=seed)
        self.notes = client.notes
        out = []
        for reply in replies:
            if reply.error is not None:
                self.notes = (*self.notes, str(reply.error))
            whole = reply.text if reply.text.lstrip().startswith(begin) else begin + reply.text
            ended = "timeout" if reply.late or reply.error is not None else "closed"
            out.append(Answer(whole if reply.text else "", reply.written, ended, reply.served))
        return out

    def _client(self, mode: str, sampling: Sampling) -> Client:
        from svggen.grammar import grammar_text
        from svggen.models.chat.client import Client
        from svggen.models.chat.providers import Named

        if mode not in self._clients:
            body: dict[str, Any] = {"top_k": sampling.top_k or -1, "repetition_penalty": sampling.repetition_penalty}
            if self._profile.output.form != "svg":
                body |= {"skip_special_tokens": False, "spaces_between_special_tokens": False}
            grammar = grammar_text() if self._profile.output.grammar and mode != "critic" else ""
            self._clients[mode] = Client(
                Named("vllm", self._served_name(), self._url), structured=False, grammar=grammar,
                temperature=sampling.temperature, top_p=sampling.top_p, extra_body=body,
            )  # fmt: skip
        return self._clients[mode]

    def _served_name(self) -> str:
        """The name after #, else what the server says that it serves: the profile's repository, or all that it has."""
        if not self._model:
            names = _names(self._url)
            wanted = self._profile.repository
            self._model = wanted if wanted in names or not names else names[0]
        return self._model or self._profile.name


def _names(url: str) -> list[str]:
    import os

    import httpx

    key = os.environ.get("VLLM_API_KEY")
    try:
        answer = httpx.get(
            f"{url.rstrip('/')}/models", timeout=10.0, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
        if answer.status_code in (401, 403):
            raise RemoteError(f"{shown_name('the server', url)} refuses the key: set VLLM_API_KEY", answer.status_code)
        data = answer.json().get("data") or []
        return [str(one["id"]) for one in data if isinstance(one, dict) and "id" in one]
    except httpx.HTTPError as error:
        raise RemoteError(f"{shown_name('the server', url)} cannot be reached: {type(error).__name__}") from error
    except (ValueError, AttributeError, TypeError):
        return []
