"""What passes the seams as JSON and back: the dataclasses of memory and svggen, by a list of types.

Contract. ``encode`` gives JSON-ready data, ``decode`` the equal object: a dataclass is ``{"$": its name, field: …}``,
only those of ``TYPES`` are made, and every field is held against its type. Icons stand once in a bundle, as canonical
SVG (``Icons``), and everywhere else by their id; they come back through ``svggen.safety``, and only where they are what
their id says. ``asked`` is the other way to write an object: what of it makes a request what it is, for people to read
and for the key. BundleError says where something is wrong.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from agent.errors import BundleError, LlmError
from memory import errors as memory_errors
from memory.records import (
    Decision,
    Exemplar,
    Preference,
    Provenance,
    Recalled,
    RecallQuery,
    Recollection,
    Statement,
    Tenant,
)
from svggen import errors as svg_errors
from svggen.errors import SvgGenError
from svggen.icon import Icon, icon_id, parse, serialise
from svggen.models.base import Budget, DrawRequest, Hint, Reference
from svggen.style import StyleSpec

__all__ = ["TYPES", "Icons", "asked", "decode", "encode", "error_from", "error_to"]

TYPES: dict[str, type] = {
    t.__name__: t
    for t in (
        Decision,
        Exemplar,
        Preference,
        Provenance,
        Recalled,
        RecallQuery,
        Recollection,
        Reference,
        Statement,
        Tenant,
    )
}
"""Dataclasses that may come back. StyleSpec and Icon have forms of their own."""
SHOWN: dict[type, tuple[str, ...]] = {
    Hint: ("rule", "message"),
    Reference: ("id", "name", "concept", "concept_score", "style_score", "recognised"),
}
"""Fields that make a request what it is, where that is not all of them (the drawing follows from the id)."""
DIGITS = 6
"""Of a number in a request: what differs less is the same request."""
ERRORS: dict[str, Callable[[str], Exception]] = {
    t.__name__: t
    for t in (
        LlmError, memory_errors.EmbedderError, memory_errors.ExtractionError, memory_errors.LibraryError,
        memory_errors.MemoryError_, memory_errors.MemoryUnavailable, memory_errors.NotFound, memory_errors.RecordError,
        memory_errors.TenantError, svg_errors.ModelError, svg_errors.RemoteError, svg_errors.WeightsError,
    )
}  # fmt: skip
"""Errors that are an answer of a seam."""


class Icons:
    """The icons of one bundle: id -> canonical SVG. new: is told of each icon that was not there before."""

    def __init__(self, known: Mapping[str, str] | None = None, new: Callable[[str, str], None] | None = None) -> None:
        self._text = dict(known or {})
        self._read: dict[str, Icon] = {}
        self._new = new

    def put(self, icon: Icon) -> str:
        id = icon_id(icon)
        if id not in self._text:
            self._text[id] = serialise(icon)
            if self._new is not None:
                self._new(id, self._text[id])
        return id

    def get(self, id: str) -> Icon:
        """BundleError for an icon that is missing, refused by ``svggen.safety``, or not the one of this id."""
        icon = self._read.get(id)
        if icon is None:
            text = self._text.get(id)
            if text is None:
                raise BundleError(f"the icon {id[:12]} is missing")
            try:
                icon = parse(text)
            except SvgGenError as error:
                raise BundleError(f"the icon {id[:12]} is refused: {error}") from error
            if icon_id(icon) != id:
                raise BundleError(f"the icon {id[:12]} is not the one that was recorded")
            self._read[id] = icon
        return icon


# ------------------------------------------------------------------------------------------------------ there and back


def encode(value: Any, icons: Icons) -> Any:
    """TypeError for what is none of ``TYPES``, plain data, an icon or a style."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Icon):
        return {"$": "Icon", "id": icons.put(value)}
    if isinstance(value, StyleSpec):
        return {"$": "StyleSpec", **value.to_dict()}
    if type(value).__name__ in TYPES and isinstance(value, TYPES[type(value).__name__]):
        return {
            "$": type(value).__name__,
            **{f.name: encode(getattr(value, f.name), icons) for f in fields(cast(Any, value))},
        }
    if isinstance(value, Mapping):
        return {str(k): encode(v, icons) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [encode(v, icons) for v in value]
    if hasattr(value, "item"):  # a number of numpy's
        return value.item()
    raise TypeError(f"a {type(value).__name__} cannot be recorded")


def decode(data: Any, icons: Icons, hint: Any = Any, where: str = "") -> Any:
    """hint: the type that is to come out; BundleError where it cannot."""
    if isinstance(data, dict) and "$" in data:
        return _object(data, icons, hint, where)
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        if isinstance(data, list):
            return [decode(v, icons, Any, f"{where}[{i}]") for i, v in enumerate(data)]
        return {k: decode(v, icons, Any, f"{where}.{k}") for k, v in data.items()} if isinstance(data, dict) else data
    if origin in (Union, types.UnionType):
        return _one_of(data, icons, inner, where)
    if origin is Literal:
        return _checked(data, data in inner, where, f"one of {', '.join(map(str, inner))}")
    if origin in (tuple, list):
        return _several(data, icons, hint, where)
    if origin is dict:
        _checked(data, isinstance(data, dict), where, "an object")
        return {k: decode(v, icons, inner[1], f"{where}.{k}") for k, v in data.items()}
    if hint is float:
        return _checked(data, isinstance(data, int | float) and not isinstance(data, bool), where, "a number")
    if hint in (str, int, bool, type(None)):
        right = isinstance(data, hint) and (hint is not int or not isinstance(data, bool))
        return _checked(data, right, where, getattr(hint, "__name__", "nothing"))
    raise BundleError(f"{where or 'the value'}: {getattr(hint, '__name__', hint)} is missing")


def _object(data: dict[str, Any], icons: Icons, hint: Any, where: str) -> Any:
    name = data["$"]
    if name == "Icon":
        return icons.get(str(data.get("id")))
    if name == "StyleSpec":
        try:
            return StyleSpec.from_dict({k: v for k, v in data.items() if k != "$"})
        except svg_errors.StyleError as error:
            raise BundleError(f"{where or 'style'}: {error}") from error
    made = TYPES.get(name) if isinstance(name, str) else None
    if made is None:
        raise BundleError(f"{where or 'the value'}: {str(name)[:40]!r} is no type that is read")
    _checked(data, hint is Any or made is hint or made in get_args(hint), where, getattr(hint, "__name__", str(hint)))
    hints = _hints(made)
    unknown = data.keys() - hints.keys() - {"$"}
    if unknown:
        raise BundleError(f"{where or name}: there is no field {min(unknown)!r}")
    given = {k: decode(v, icons, hints[k], f"{where}.{k}" if where else k) for k, v in data.items() if k != "$"}
    try:
        return made(**given)
    except TypeError as error:
        raise BundleError(f"{where or name}: {error}") from error


@cache
def _hints(made: type) -> dict[str, Any]:
    return get_type_hints(made)


def _one_of(data: Any, icons: Icons, choices: tuple[Any, ...], where: str) -> Any:
    for choice in choices:
        try:
            return decode(data, icons, choice, where)
        except BundleError as error:
            last = error
    raise last


def _several(data: Any, icons: Icons, hint: Any, where: str) -> Any:
    _checked(data, isinstance(data, list), where, "a list")
    inner = get_args(hint)
    if get_origin(hint) is list:
        return [decode(v, icons, inner[0], f"{where}[{i}]") for i, v in enumerate(data)]
    of = [inner[0]] * len(data) if inner[-1] is Ellipsis else list(inner)
    _checked(data, len(of) == len(data), where, f"a list of {len(of)}")
    return tuple(decode(v, icons, t, f"{where}[{i}]") for i, (v, t) in enumerate(zip(data, of, strict=True)))


def _checked(data: Any, right: bool, where: str, wanted: str) -> Any:
    if not right:
        raise BundleError(f"{where or 'the value'}: {wanted} is needed, not {data!r:.40}")
    return data


# ------------------------------------------------------------------------------------------------------------ requests


def asked(value: Any) -> Any:
    """A request as JSON: fields that have their default are left out, numbers rounded, icons and pictures by sha256."""
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float) or hasattr(value, "item"):
        return round(float(value), DIGITS)
    if isinstance(value, bytes):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Icon):
        return icon_id(value)
    if isinstance(value, StyleSpec):
        return asked(value.to_dict())
    if is_dataclass(value) and isinstance(value, (Budget, DrawRequest, Hint, *TYPES.values())):
        shown = SHOWN.get(type(value))
        chosen = [f for f in fields(cast(Any, value)) if shown is None or f.name in shown]
        return {f.name: asked(getattr(value, f.name)) for f in chosen if not _is_default(f, getattr(value, f.name))}
    if isinstance(value, Mapping):
        return {str(k): asked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [asked(v) for v in value]
    raise TypeError(f"a {type(value).__name__} cannot be recorded")


def _is_default(field: Any, value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and bool(value == field.default_factory())


# -------------------------------------------------------------------------------------------------------------- errors


def error_to(error: Exception) -> dict[str, Any] | None:
    """None for an error that is no answer of a seam."""
    name = type(error).__name__
    if name not in ERRORS:
        return None
    status = getattr(error, "status", 0)
    return {"type": name, "message": str(error), **({"status": status} if status else {})}


def error_from(data: Any) -> Exception:
    if not isinstance(data, Mapping) or data.get("type") not in ERRORS:
        raise BundleError(f"{data!r:.60} is no error that is read")
    error = ERRORS[data["type"]](str(data.get("message")))
    if isinstance(error, svg_errors.RemoteError):
        error.status = int(data.get("status", 0))
    return error
