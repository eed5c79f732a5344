"""One plain function: words in, an icon of the user's own set out; and the functions around it.

    from mnemicon import design_icon
    icon = design_icon("a rounded coffee cup, 1.5px, teal", user="ada")
    icon.svg, icon.score, icon.memories

Contract. ``design_icon`` raises BriefError for a request that cannot be drawn as it is, TenantError for a user name
that is not allowed, StyleError for a style value, and the errors of ``svggen.safety`` for an SVG to edit. A memory
that is down raises nothing: it draws without, and says so in ``notes``. Same memory, same request and same seed give
the same bytes. It writes below the home only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import BriefError
from agent.parts import Parts, open_parts
from agent.result import IconResult
from agent.running import run
from agent.seams import taped
from agent.state import Progress
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from memory.memory import Memory
    from svggen.models.base import SvgModel

__all__ = ["accept_icon", "adesign_icon", "design_icon", "explain", "reject_icon"]

LIMITS = {"n": (1, 16), "rounds": (1, 8), "size": (8, 1024)}


@taped("design_icon")
def design_icon(
    prompt: str = "",
    *,
    user: str = "default",
    project: str | None = None,
    session: str | None = None,
    n: int = 4,
    rounds: int = 2,
    seconds: float = 20.0,
    seed: int = 0,
    size: int | None = None,
    style: StyleSpec | Mapping[str, Any] | None = None,
    home: Path | str | None = None,
    edit: str | None = None,
    image: bytes | Path | str | None = None,
    memory: Memory | None = None,
    model: SvgModel | str | None = None,
    progress: Progress | None = None,
    chat: bool = False,
) -> IconResult:
    """Draw an icon.

    prompt: the subject, with style wishes, statements to remember and edits in it. user, project, session: whose
    memory; a session also keeps checkpoints of the run. n: candidates of a round (1..16). rounds: rounds in all
    (1..8), fewer where it does not pay. seconds: no further round is begun after that. size: px of the delivered
    canvas (8..1024). style: goes before the words of the prompt. home: where memory and kept drawings lie
    (``MNEMICON_HOME`` otherwise). edit: SVG text, or the id (or a unique prefix) of a kept drawing, or "last". image:
    a PNG or JPEG (bytes or a path) to draw from: the icon is traced from it, the prompt may be empty and only steers
    style and memory; InvalidPictureError where it is none. model: "library", "trace" or "auto" or a model, instead of
    the settings' (with an image: "trace"). memory: instead of that of the settings. progress:
    called with {"stage", "message", "done", "total"}. chat: the prompt is a message of a conversation, so that "undo"
    undoes and does not draw an undo icon.
    """
    start = time.perf_counter()
    for name, value in (("n", n), ("rounds", rounds), ("size", size)):
        low, high = LIMITS[name]
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high):
            raise BriefError(f"{name} must be a whole number from {low} to {high}, not {value!r:.40}")
    wanted = style if isinstance(style, StyleSpec) else StyleSpec.from_dict(dict(style or {}))
    picture, prompt = _picture(image, prompt)
    parts = open_parts(home, memory=memory)
    drawer = parts.model(model, image=picture is not None)
    options: dict[str, Any] = {
        "style": wanted, "n": n, "rounds": rounds, "seconds": seconds, "seed": seed, "size": size,
    }  # fmt: skip
    try:
        if session is not None:
            from agent.session import Session

            talking = Session(session, user=user, project=project, model=drawer, parts=parts, **options)
            state = talking.run(prompt, image=picture, edit=edit, drawing=not chat, progress=progress)[1]
        else:
            context = parts.context(
                user, project=project, models=(drawer,), image=picture, progress=progress, drawing=not chat, **options
            )
            state = run(parts, {"prompt": prompt, "edit": edit}, context)
    except KeyError as error:  # an id that names no kept drawing
        raise BriefError(str(error.args[0])) from error
    result = _result(prompt, state, time.perf_counter() - start)
    if result.kind in ("empty", "refused"):
        raise BriefError(result.message)
    return result


def _picture(image: bytes | Path | str | None, prompt: str) -> tuple[bytes | None, str]:
    """The picture's bytes, looked at once so that a bad one is refused before anything is drawn, and the prompt."""
    if image is None:
        return None, prompt
    from svggen.pictures import load_picture, picture_bytes

    name = "the picture" if isinstance(image, bytes) else str(image)
    data = image if isinstance(image, bytes) else picture_bytes(Path(image))
    load_picture(data, name=name)
    stem = "picture" if isinstance(image, bytes) else Path(image).stem
    return data, prompt if isinstance(prompt, str) and prompt.strip() else f"icon from {stem}"


async def adesign_icon(prompt: str = "", **options: Any) -> IconResult:
    """``design_icon`` beside a running event loop; the same options. The work is done in a thread."""
    return await asyncio.to_thread(design_icon, prompt, **options)


def _result(prompt: str, state: Mapping[str, Any], total: float) -> IconResult:
    drawn: dict[str, Any] = state.get("result") or {}
    brief: dict[str, Any] = dict(state.get("brief") or {})
    notes = [*brief.pop("notes", ()), *state.get("notes", ()), *drawn.get("draft_notes", ())]
    missed = brief.pop("not_understood", ())
    return IconResult(
        id=drawn.get("id", ""),
        prompt=prompt if isinstance(prompt, str) else "",
        svg=drawn.get("svg", ""),
        score=drawn.get("score", 0.0),
        passed=drawn.get("passed", False),
        rounds=drawn.get("rounds", 0),
        model=drawn.get("model", ""),
        findings=tuple(drawn.get("findings", ())),
        style=drawn.get("style", {}),
        memories=tuple(drawn.get("memories", ())),
        exemplars=tuple(drawn.get("exemplars", ())),
        candidates=tuple(drawn.get("candidates", ())),
        understood=brief,
        not_understood=tuple(missed),
        seconds={"total": round(total, 4), **state.get("seconds", {})},
        kind=state.get("kind", "draw"),
        message=state.get("message") or state.get("asks") or "",
        notes=tuple(dict.fromkeys(notes)),
        learned=tuple(state.get("learned", ())),
        steps=tuple(drawn.get("steps", ())),
    )


@taped("accept_icon")
def accept_icon(
    id: str = "last", *, user: str = "default", project: str | None = None, session: str | None = None,
    home: Path | str | None = None, memory: Memory | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A kept drawing joins the user's icons. Gives {"id", "message", "learned"}; BriefError for an unknown id,
    MemoryError_ where memory cannot take it."""
    from agent import talk

    parts = open_parts(home, memory=memory)
    context = parts.context(user, project=project, session=session)
    record = _record(parts, user, id)
    learned = talk.accept(record, context)
    return {"id": record["id"], "prompt": record["prompt"], "message": "It has joined your icons.", "learned": learned}


@taped("reject_icon")
def reject_icon(
    id: str = "last", reason: str = "", *, user: str = "default", project: str | None = None,
    session: str | None = None, home: Path | str | None = None, memory: Memory | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A kept drawing did not please: it and what it was adapted from rank lower from now on. Gives {"id", "message",
    "learned"}."""
    from agent import talk

    parts = open_parts(home, memory=memory)
    context = parts.context(user, project=project, session=session)
    record = _record(parts, user, id)
    learned = talk.reject(record, reason, context)
    return {
        "id": record["id"],
        "prompt": record["prompt"],
        "message": "It will not be taken as a model again.",
        "learned": learned,
    }


def explain(id: str = "last", *, user: str = "default", home: Path | str | None = None) -> dict[str, Any]:
    """Which memories and exemplars shaped a kept drawing, and how: {"id", "prompt", "text", "style", "sources",
    "memories", "exemplars", "steps"}. sources: for each style field, "request", a memory's id, or "own icons (n)".
    BriefError for an unknown id."""
    from agent import talk

    record = _record(open_parts(home), user, id)
    kept = {k: record.get(k) for k in ("id", "prompt", "style", "sources", "memories", "exemplars", "steps")}
    return {**kept, "text": talk.why(record)}


def _record(parts: Parts, user: str, id: str) -> dict[str, Any]:
    try:
        return parts.drawings(user).get(id)
    except KeyError as error:
        raise BriefError(str(error.args[0])) from error
