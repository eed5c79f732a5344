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
import base64
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import BriefError
from agent.parts import Parts, open_parts
from agent.result import IconResult
from agent.running import run
from agent.state import Progress
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

    from memory.memory import Memory
    from svggen.models.base import SvgModel

__all__ = ["accept_icon", "adesign_icon", "as_langchain_tool", "design_icon", "explain", "reject_icon"]

LIMITS = {"n": (1, 16), "rounds": (1, 8), "size": (8, 1024)}
PREVIEW = 256
"""px of the picture that a language model is shown: hosts accept PNG, not SVG; 256 px are 5 to 10 kB."""


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
    context = parts.context(
        user, project=project, session=session, models=(drawer,), style=wanted, image=picture, n=n,
        rounds=rounds, seconds=seconds, seed=seed, size=size, progress=progress, drawing=not chat,
    )  # fmt: skip
    try:
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
        message=state.get("message", ""),
        notes=tuple(dict.fromkeys(notes)),
        learned=tuple(state.get("learned", ())),
        steps=tuple(drawn.get("steps", ())),
    )


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


def as_langchain_tool(*, name: str = "design_icon", **options: Any) -> StructuredTool:
    """``design_icon`` as a LangChain tool: content is a short text and a PNG of 256 px, the artifact the whole result
    as a dict. options: of ``design_icon``, fixed for the tool (user, home ...); a model cannot change them."""
    from langchain_core.tools import StructuredTool, ToolException
    from pydantic import BaseModel, Field

    class IconArgs(BaseModel):
        prompt: str = Field(
            description="What the icon shows, with style wishes, e.g. 'a rounded coffee cup, thin lines, teal'"
        )
        edit: str | None = Field(None, description="Id of an earlier icon, or 'last', if that one is to be changed")
        seed: int = Field(0, description="Another seed gives other candidates")

    def run(prompt: str, edit: str | None = None, seed: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        try:
            result = design_icon(prompt, edit=edit, seed=seed, **options)
        except ValueError as error:  # BriefError, TenantError, StyleError: the model may mend its request
            raise ToolException(str(error)) from error
        return _blocks(result), result.to_dict()

    async def arun(prompt: str, edit: str | None = None, seed: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        return await asyncio.to_thread(run, prompt, edit, seed)

    return StructuredTool.from_function(
        run, arun, name, "Draw an SVG icon in the user's own remembered style; returns a preview and the SVG.",
        args_schema=IconArgs, response_format="content_and_artifact", handle_tool_error=True,
    )  # fmt: skip


def _blocks(result: IconResult) -> list[dict[str, Any]]:
    from svggen.icon import parse
    from svggen.render import png

    found = "; ".join(f["message"] for f in result.findings[:3])
    verdict = "passed" if result.passed else "not passed"
    text = f"{result.message} id {result.id[:12]}, score {result.score:.2f}, {verdict}. {found}".strip()
    blocks: list[dict[str, Any]] = [{"type": "text", "text": text}]
    if result.svg:
        data = base64.b64encode(png(parse(result.svg), PREVIEW)).decode()
        blocks.append({"type": "image", "base64": data, "mime_type": "image/png"})
    return blocks
