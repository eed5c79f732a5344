"""The functions that a tape answers: what the judge, the embedder and the shipped library say, and whether time is up.

Contract. ``ask(tape, name, real, arguments)`` asks for what ``real(*arguments)`` gives, for the names that
``agent.seams.taped`` puts on them: ``eye`` (agent.eye.look), ``pointing`` (agent.pointing), ``drawable`` (agent.brief),
``embed`` (of agent.steps; each text for itself), ``library`` (agent.recalling.library_only), ``late`` and ``stand_in``
(agent.steps).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from agent.brief.lasting import CANARY
from agent.errors import BundleError
from agent.replay.codec import Icons, asked
from agent.replay.wraps import DRAFTS, Codec, plain, typed
from memory.records import Recollection

if TYPE_CHECKING:
    from agent.replay.wraps import Asker

__all__ = ["FUNCTIONS", "ask", "spare"]


def _looks_from(data: Any, _: Icons) -> Any:
    from agent.eye import Look

    try:
        return [Look(float(concept), None if style is None else float(style)) for concept, style in data]
    except (TypeError, ValueError) as error:
        raise BundleError(f"the judge's scores cannot be read: {data!r:.40}") from error


def _vector_from(data: Any, _: Icons) -> Any:
    import numpy as np

    try:
        return np.frombuffer(base64.b64decode(str(data), validate=True), "<f4").copy()
    except ValueError as error:
        raise BundleError("the vector of a text cannot be read") from error


def _vector_to(vector: Any, _: Icons) -> str:
    import numpy as np

    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")


LOOKS: Final = Codec(lambda looks, _: [[look.concept, look.style] for look in looks], _looks_from)
VECTOR: Final = Codec(_vector_to, _vector_from)


def _eye(tape: Asker, real: Callable[..., Any], icons: Any, words: str, set_style: Any = None) -> Any:
    given = list(icons)
    style = None if set_style is None else [round(float(x), 6) for x in set_style]
    request = {"icons": asked(given), "words": words, **({} if style is None else {"set_style": style})}
    return tape.ask("eye", request, lambda: real(given, words, set_style), LOOKS) if given else []


def _pointing(tape: Asker, real: Callable[..., Any], bare: str, icons: Any) -> Any:
    given = list(icons)
    return tape.ask("pointing", {"words": bare, "icons": asked(given)}, lambda: real(bare, given), plain)


def _embed(tape: Asker, real: Callable[..., Any], texts: Any) -> Any:
    import numpy as np

    given = [str(t) for t in texts]
    extra = [] if CANARY in given else [CANARY]  # a process that has not seen it yet will ask for it
    found = {t: tape.ask("embed", {"text": t}, partial(_first, real, t), VECTOR) for t in [*given, *extra]}
    return np.stack([found[t] for t in given])


def _drawable(tape: Asker, real: Callable[..., Any], phrase: str) -> Any:
    return tape.ask("drawable", {"text": phrase}, lambda: real(phrase), plain)


def _first(embed: Callable[..., Any], text: str) -> Any:
    return embed([text])[0]


def _library(tape: Asker, real: Callable[..., Any], query: Any, context: Any) -> Any:
    return tape.ask("library", {"query": asked(query)}, lambda: real(query, context), typed(Recollection))


def _late(tape: Asker, real: Callable[..., Any], state: Any, context: Any) -> Any:
    return tape.ask("late", {"round": state["round"]}, lambda: real(state, context), plain)


def _stand_in(tape: Asker, real: Callable[..., Any], request: Any) -> Any:
    return tape.ask("model", {"model": "auto", "stand_in": True, **asked(request)}, lambda: real(request), DRAFTS)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "drawable": _drawable,
    "embed": _embed, "eye": _eye, "late": _late, "library": _library, "pointing": _pointing,
    "stand_in": _stand_in,
}  # fmt: skip


def ask(tape: Asker, name: str, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return FUNCTIONS[name](tape, real, *arguments, **options)


def spare(line: dict[str, Any]) -> bool:
    """May this line stay unused in a replay?"""
    return bool(line.get("seam") == "embed" and line["request"].get("text") == CANARY)
