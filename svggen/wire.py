"""The wire format: a DrawRequest and its Drafts as JSON, for a server and its clients.

Contract. ``request_from_json(request_to_json(r)) == r`` with an equal ``r.id``, and likewise for drafts, wherever the
icons are canonical, as all that ``svggen.icon.parse`` gives are (others come back canonical). Icons travel as their
canonical SVG text and pass ``svggen.safety`` again on the way in, on both sides; pictures travel as base64; numbers
keep their type. Reading is strict: a field that is unknown, missing, of the wrong type or too large is a ``WireError``
that names it. An icon of an answer that is refused is no error of the whole: its draft comes back failed, and says why.

A request by hand needs ``{"words": "bell"}`` only; all else has the defaults of ``DrawRequest``. ``version`` is that of
this format: a server that speaks another says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from svggen.errors import InvalidSvgError, StyleError, SvgGenError, UnsafeSvgError, WireError
from svggen.icon import Icon, parse, serialise
from svggen.models.base import Budget, Draft, DrawRequest, Failure, Hint, Reference
from svggen.style import StyleSpec

__all__ = [
    "REFUSED",
    "VERSION",
    "AnswerBody",
    "DraftBody",
    "RequestBody",
    "draft_to_dict",
    "drafts_from_json",
    "drafts_to_json",
    "request_from_json",
    "request_to_json",
]

VERSION = 1
REFUSED = "the icon was refused"
MAX_SVG = 256 * 1024
"""Characters; as many bytes as ``svggen.safety`` reads at most."""
MAX_REFERENCES = 64
MAX_IMAGE = 44_000_000
"""Characters of base64: the 32 MB that ``svggen.pictures`` reads at most."""

T = TypeVar("T")


def _plain_number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PydanticCustomError("number", "it is not a finite number")
    return value


STYLE = 32
"""Numbers of a style vector, of svggen.style as of the judge."""
# Not float: 10 would come back as 10.0, and the request with another id.
Number: TypeAlias = Annotated[Any, PlainValidator(_plain_number), WithJsonSchema({"type": "number"})]
Share: TypeAlias = Annotated[Number, Field(ge=0, le=1)]
Line: TypeAlias = Annotated[str, Field(max_length=1_000)]
Text: TypeAlias = Annotated[str, Field(max_length=10_000)]
Svg: TypeAlias = Annotated[str, Field(max_length=MAX_SVG, description="an SVG document")]
Vector: TypeAlias = Annotated[list[Number], Field(min_length=STYLE, max_length=STYLE)]
Whole: TypeAlias = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ReferenceBody(_Body):
    """An exemplar: an icon, what it shows, where it may be taken from."""

    id: Line
    name: Line
    concept: Line
    svg: Svg
    origin: Literal["own", "library", "given"]
    source: Line
    licence: Line
    concept_score: Number
    style_score: Number
    tags: list[Line] = Field(default=[], max_length=200)
    why: Text = ""
    recognised: Number | None = None


class HintBody(_Body):
    """One finding of a critique."""

    rule: Line
    message: Text
    value: Number | None = None
    limit: Number | None = None


class BudgetBody(_Body):
    """What a drawing may cost."""

    seconds: Annotated[Number, Field(ge=0, le=86_400)] = 10.0
    tokens: Annotated[int, Field(ge=0, le=10_000_000)] = 4096


class RequestBody(_Body):
    """What is asked of a model: svggen.models.DrawRequest."""

    version: int = VERSION
    words: Annotated[str, Field(max_length=100_000, description="what to draw")]
    style: dict[str, Any] = Field(default={}, description="the fields of svggen.style.StyleSpec")
    references: list[ReferenceBody] = Field(default=[], max_length=MAX_REFERENCES)
    set_vector: Vector | None = None
    set_style: Vector | None = None
    image: Annotated[str, Field(max_length=MAX_IMAGE, description="a PNG or JPEG in base64")] | None = None
    edit: Svg | None = None
    edits: list[Text] = Field(default=[], max_length=100)
    hints: list[HintBody] = Field(default=[], max_length=200)
    draft: Svg | None = None
    n: Annotated[int, Field(ge=0, le=1_024, description="drafts at most")] = 4
    seed: Whole = 0
    budget: BudgetBody = BudgetBody()


class DraftBody(_Body):
    """One drawing and how it came about; svg is null where nothing could be drawn, and failure says why."""

    svg: Svg | None
    model: Line
    revision: Line
    seed: Whole
    confidence: Share = 1.0
    sources: list[Annotated[list[Line], Field(min_length=3, max_length=3)]] = Field(default=[], max_length=1_000)
    steps: list[Text] = Field(default=[], max_length=1_000)
    notes: list[Text] = Field(default=[], max_length=1_000)
    tokens: Annotated[int, Field(ge=0, lt=2**63)] = 0
    seconds: Annotated[Number, Field(ge=0)] = 0.0
    failure: Failure | None = None


class AnswerBody(_Body):
    """The drafts, best first."""

    version: int = VERSION
    drafts: list[DraftBody] = Field(max_length=1_024)


# ------------------------------------------------------------------------------------------------------------ requests


def request_to_json(request: DrawRequest) -> str:
    """Compact JSON; WireError for a number that is not finite or an icon that cannot be written."""
    body = {
        "version": VERSION,
        "words": request.words,
        "style": request.style.to_dict(),
        "references": [_reference(r, f"references.{i}") for i, r in enumerate(request.references)],
        "set_vector": None if request.set_vector is None else [_number(x) for x in request.set_vector],
        "set_style": None if request.set_style is None else [_number(x) for x in request.set_style],
        "image": None if request.image is None else base64.b64encode(request.image).decode("ascii"),
        "edit": None if request.edit is None else _written(request.edit, "edit"),
        "edits": list(request.edits),
        "hints": [
            {"rule": h.rule, "message": h.message, "value": _number(h.value), "limit": _number(h.limit)}
            for h in request.hints
        ],
        "draft": None if request.draft is None else _written(request.draft, "draft"),
        "n": int(request.n),
        "seed": int(request.seed),
        "budget": {"seconds": _number(request.budget.seconds), "tokens": int(request.budget.tokens)},
    }
    return _dumped(body)


def request_from_json(data: str | bytes) -> DrawRequest:
    """The inverse of ``request_to_json``, of untrusted text; WireError says which field is wrong and how."""
    body = _validated(RequestBody, data)
    try:
        style = StyleSpec.from_dict(body.style)
    except StyleError as error:
        raise WireError(str(error), "style") from None
    vectors = [None if v is None else tuple(v) for v in (body.set_vector, body.set_style)]
    return DrawRequest(
        words=body.words,
        style=style,
        references=tuple(_read_reference(r, f"references.{i}") for i, r in enumerate(body.references)),
        set_vector=vectors[0],
        set_style=vectors[1],
        image=None if body.image is None else _picture(body.image),
        edit=None if body.edit is None else _icon(body.edit, "edit"),
        edits=tuple(body.edits),
        hints=tuple(Hint(h.rule, h.message, h.value, h.limit) for h in body.hints),
        draft=None if body.draft is None else _icon(body.draft, "draft"),
        n=body.n,
        seed=body.seed,
        budget=Budget(body.budget.seconds, body.budget.tokens),
    )


def _reference(reference: Reference, where: str) -> dict[str, Any]:
    return {
        "id": reference.id,
        "name": reference.name,
        "concept": reference.concept,
        "svg": _written(reference.icon, f"{where}.svg"),
        "origin": reference.origin,
        "source": reference.source,
        "licence": reference.licence,
        "concept_score": _number(reference.concept_score),
        "style_score": _number(reference.style_score),
        "tags": list(reference.tags),
        "why": reference.why,
        "recognised": _number(reference.recognised),
    }


def _read_reference(body: ReferenceBody, where: str) -> Reference:
    return Reference(
        body.id, body.name, body.concept, _icon(body.svg, f"{where}.svg"), body.origin, body.source, body.licence,
        body.concept_score, body.style_score, tuple(body.tags), body.why, body.recognised,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- drafts


def draft_to_dict(draft: Draft) -> dict[str, Any]:
    """JSON-ready; an icon that cannot be written makes it a failed draft, as it cannot be shown to anybody."""
    svg: str | None = None
    if draft.icon is not None:
        try:
            svg = _written(draft.icon, "svg")
        except WireError as error:
            draft = _refused(draft, "parse_error", str(error))
    return {
        "svg": svg,
        "model": draft.model,
        "revision": draft.revision,
        "seed": int(draft.seed),
        "confidence": _number(draft.confidence),
        "sources": [list(source) for source in draft.sources],
        "steps": list(draft.steps),
        "notes": list(draft.notes),
        "tokens": int(draft.tokens),
        "seconds": _number(draft.seconds),
        "failure": draft.failure,
    }


def drafts_to_json(drafts: Sequence[Draft]) -> str:
    """``{"version", "drafts"}`` as compact JSON."""
    return _dumped({"version": VERSION, "drafts": [draft_to_dict(draft) for draft in drafts]})


def drafts_from_json(data: str | bytes, most: int | None = None) -> list[Draft]:
    """The inverse of ``drafts_to_json``, of untrusted text; the first ``most`` of them. WireError where it is no answer
    at all; a draft whose icon is refused comes back without it, failed (``unsafe``, ``parse_error``), and its last note
    begins with ``REFUSED``."""
    body = _validated(AnswerBody, data)
    return [_read_draft(draft, f"drafts.{i}") for i, draft in enumerate(body.drafts[:most])]


def _read_draft(body: DraftBody, where: str) -> Draft:
    if body.svg is None and body.failure is None:
        raise WireError("there is neither an icon nor a failure", where)
    draft = Draft(
        None, body.model, body.revision, body.seed, body.confidence, tuple((a, b, c) for a, b, c in body.sources),
        tuple(body.steps), tuple(body.notes), body.tokens, body.seconds, body.failure,
    )  # fmt: skip
    if body.svg is None:
        return draft
    try:
        return replace(draft, icon=parse(body.svg))
    except UnsafeSvgError as error:
        return _refused(draft, "unsafe", f"{REFUSED}: {error}")
    except InvalidSvgError as error:
        return _refused(draft, "parse_error", f"{REFUSED}: {error}")


def _refused(draft: Draft, failure: Failure, note: str) -> Draft:
    return replace(draft, icon=None, confidence=0.0, failure=failure, notes=(*draft.notes, note))


# --------------------------------------------------------------------------------------------------------------- parts


def _dumped(body: dict[str, Any]) -> str:
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise WireError(f"it cannot be written as JSON: {error}") from error


def _number(value: T) -> T | int | float:
    """A plain number of what may be one of numpy's; None stays."""
    return value if value is None or isinstance(value, int) else float(value)  # type: ignore[arg-type]


def _written(icon: Icon, where: str) -> str:
    try:
        return serialise(icon)
    except SvgGenError as error:
        raise WireError(f"the icon cannot be written: {error}", where) from error


def _icon(text: str, where: str) -> Icon:
    try:
        return parse(text)
    except SvgGenError as error:
        raise WireError(f"the icon is refused: {error}", where) from None


def _picture(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError(f"it is not base64: {error}", "image") from None


B = TypeVar("B", RequestBody, AnswerBody)


def _validated(kind: type[B], data: str | bytes) -> B:
    """The body, checked against its schema; the first error of each kind in plain words."""
    try:
        body = kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=True, include_input=False)[0]
        raise WireError(_plain(first), ".".join(str(part) for part in first["loc"])) from None
    if body.version != VERSION:
        raise WireError(f"it is {body.version}, and this program speaks version {VERSION}", "version")
    return body


_SAID: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "it is missing",
    "extra_forbidden": lambda _: "there is no such field",
    "json_invalid": lambda c: f"it is not JSON: {c.get('error', '')}",
    "string_too_long": lambda c: f"it has more than {c['max_length']:,} characters",
    "too_long": lambda c: f"it has more than {c['max_length']:,} entries",
    "number": lambda _: "it is not a finite number",
    "greater_than_equal": lambda c: f"it is less than {c['ge']}",
    "less_than_equal": lambda c: f"it is more than {c['le']}",
}


def _plain(error: Any) -> str:
    """What pydantic found, without the input itself: that may be long, and secret."""
    said = _SAID.get(error["type"])
    if said is not None:
        return said(error.get("ctx", {}))
    message: str = error["msg"]
    return message[:1].lower() + message[1:200]
