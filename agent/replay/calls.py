"""The calls that a recording can make again: what they were given and what they gave, as JSON.

Contract. ``inputs_of`` writes down the arguments of a call that differ from their defaults; where it was made (home,
memory, progress) is no part of it, the user goes by an alias, a picture by its sha256 (``pictures``). ``result_of`` is
what of the result a replay must give again. ``again`` makes the call. Names: ``design_icon``, ``accept_icon``,
``reject_icon``, ``session`` (one message of a conversation), ``memory.…`` (a write that no other call made).
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agent.errors import BundleError
from agent.replay.codec import Icons, decode
from agent.replay.wraps import public
from memory.records import Exemplar, Statement, Tenant
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from agent.parts import Parts
    from agent.session import Session

__all__ = ["CALLS", "again", "inputs_of", "result_of", "svg_of"]

CALLS: Final = ("design_icon", "accept_icon", "reject_icon", "session")
_PLACE: Final = ("home", "memory", "progress")
_RESULT: Final = (
    "id", "svg", "kind", "message", "score", "passed", "rounds", "model", "style", "memories", "learned", "notes",
)  # fmt: skip
_SHOWN: Final = ("turn", "kind", "say", "asks", "current", "memory", "notes", "score", "passed")


def inputs_of(
    name: str, function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any], alias: Any,
    pictures: dict[str, bytes],
) -> dict[str, Any]:  # fmt: skip
    """alias: (home, user) -> what the user is called. pictures: takes the bytes of those that were given."""
    signature = inspect.signature(function)
    bound = signature.bind(*arguments, **options)
    given = {
        k: v for k, v in bound.arguments.items()
        if k not in _PLACE and v is not signature.parameters[k].default and v != signature.parameters[k].default
    }  # fmt: skip
    if name == "session":
        session: Session = given.pop("self")
        given = {**_of_session(session), **given}
        home: Path | None = session.parts.home
    else:
        where = bound.arguments.get("home")
        home = None if where is None else Path(where)
        given["user"] = bound.arguments.get("user", signature.parameters["user"].default)
    if isinstance(given.get("image"), str | Path) and not str(given.get("prompt", "")).strip():
        given["prompt"] = f"icon from {Path(given['image']).stem}"  # as agent.tool calls it
    return {**_plain(given, pictures), "user": alias(home, given["user"])}


def _of_session(session: Session) -> dict[str, Any]:
    defaults = inspect.signature(type(session)).parameters
    given = {"session": session.name, "user": session.user, "project": session.project, **session.given}
    return {k: v for k, v in given.items() if k not in defaults or v != defaults[k].default}


def _plain(given: Mapping[str, Any], pictures: dict[str, bytes]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in given.items():
        if key == "style":
            style = value if isinstance(value, StyleSpec) else StyleSpec.from_dict(dict(value or {}))
            if style != StyleSpec():
                out[key] = style.to_dict()
        elif key == "model":
            out[key] = public(value if isinstance(value, str) else getattr(value, "key", value.name))
        elif key == "image":
            out[key] = _picture(value, pictures)
        elif value is None or isinstance(value, str | int | float):
            out[key] = value
        else:
            raise TypeError(f"{key}: a {type(value).__name__} cannot be recorded")
    return out


def _picture(value: Any, pictures: dict[str, bytes]) -> dict[str, str]:
    from svggen.pictures import picture_bytes

    data = value if isinstance(value, bytes) else picture_bytes(Path(value))
    digest = hashlib.sha256(data).hexdigest()
    pictures[digest] = data
    return {"picture": digest}


def result_of(name: str, value: Any) -> dict[str, Any]:
    """JSON-ready."""
    if name == "design_icon":
        out = {k: _listed(getattr(value, k)) for k in _RESULT}
        memories = [{k: m[k] for k in ("id", "text")} for m in value.memories]
        return {**out, "memories": memories, "candidates": [c["id"] for c in value.candidates]}
    if name == "session":
        shown = value[0]
        return {**{k: shown.get(k) for k in _SHOWN}, "candidates": [c["id"] for c in shown["candidates"]]}
    return dict(value) if isinstance(value, dict) else {}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def svg_of(result: Mapping[str, Any] | None) -> tuple[str, str]:
    """(id, SVG) of the icon of a result; two empty texts where there is none."""
    if not result:
        return "", ""
    icon = result.get("current") if "current" in result else result
    return (str(icon.get("id") or ""), str(icon.get("svg") or "")) if isinstance(icon, dict) else ("", "")


# --------------------------------------------------------------------------------------------------------------- again


def again(name: str, inputs: Mapping[str, Any], parts: Parts, picture: Callable[[str], bytes], icons: Icons) -> Any:
    """Makes the call with these parts; under the tape that is active. BundleError for one that is not known."""
    if not isinstance(inputs, Mapping) or set(inputs) & set(_PLACE) or isinstance(inputs.get("image"), str):
        raise BundleError(f"the arguments of the call {name[:40]!r} are none that were recorded")
    given = dict(inputs)
    if name.startswith("memory."):
        return _to_memory(name.partition(".")[2], given, parts, icons)
    if isinstance(given.get("image"), dict):
        shown = given["image"]
        given["image"] = picture(str(shown.get("picture")))
    from agent import tool
    from agent.session import Session

    try:
        if name == "session":
            said = {k: given.pop(k) for k in ("text", "image", "edit", "seen", "drawing") if k in given}
            return Session(given.pop("session"), parts=parts, **given).run(said.pop("text", ""), **said)
        if name in CALLS:
            return getattr(tool, name)(**given)
    except TypeError as error:
        raise BundleError(f"the call {name} cannot be made with {', '.join(given)}: {error}") from error
    raise BundleError(f"{name[:40]!r} is no call that is known")


def _to_memory(method: str, given: dict[str, Any], parts: Parts, icons: Icons) -> Any:
    memory = parts.memory()
    tenant = Tenant(str(given.pop("user")), given.pop("project", None), given.pop("session", None))
    if memory is None:
        return None
    if method == "remember":
        return memory.remember(tenant, decode(given["statements"], icons, list[Statement]))
    if method == "accept":
        return memory.accept(tenant, decode(given["exemplar"], icons, Exemplar))
    if method == "add_exemplars":
        return memory.add_exemplars(tenant, decode(given["exemplars"], icons, list[Exemplar]))
    if method in ("reject", "forget", "forget_all"):
        return getattr(memory, method)(tenant, **given)
    if method == "import_":
        return memory.import_(tenant, given["records"])
    raise BundleError(f"memory.{method[:40]} is no call that is known")
