"""What memory holds and gives, typed: preferences, exemplars, where they came from, and a recollection.

Contract. Everything here is data, never an instruction. A record is validated when it is written and again when it is
read (``memory.policy`` holds the gate); text fields are length-capped and are only ever shown as quoted data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from svggen.icon import Icon
from svggen.models.base import Reference
from svggen.style import StyleSpec

Scope: TypeAlias = Literal["session", "project", "user"]
Origin: TypeAlias = Literal["stated", "inferred", "imported"]
Status: TypeAlias = Literal["active", "superseded"]


@dataclass(frozen=True)
class Provenance:
    """Where a record came from. source: "message", "accepted:<icon ids>", "import", "library add". quote: the user's
    own words (at most 300 characters). at: ISO 8601 in UTC."""

    origin: Origin
    source: str
    quote: str
    at: str
    session: str | None = None


@dataclass(frozen=True)
class Preference:
    """One slot, one value. Slots: ``style.<StyleSpec field>``, ``brand_color``, ``avoid:<thing>`` (value True), and
    ``vocabulary:<concept>`` (value: the metaphor to draw). scope_id: the project or session that a narrow scope is
    bound to."""

    id: str
    slot: str
    value: Any
    text: str
    scope: Scope
    scope_id: str | None
    confidence: float
    provenance: Provenance
    created_at: str
    supersedes: str | None = None
    status: Status = "active"


@dataclass(frozen=True)
class Statement:
    """A preference that somebody wants to be remembered, before the gate. scope None: the gate's default (user, or
    project where one is named)."""

    slot: str
    value: Any
    text: str
    quote: str
    origin: Origin = "stated"
    scope: Scope | None = None
    confidence: float = 1.0
    source: str = "message"


@dataclass(frozen=True)
class Decision:
    """What the gate did with a statement, and why. ``preference`` is set for add, supersede and reinforce."""

    action: Literal["add", "supersede", "reinforce", "reject"]
    reason: str
    statement: Statement
    preference: Preference | None = None
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exemplar:
    """An icon of the user's own: accepted, added from a folder, or imported. id: sha256 of the canonical SVG."""

    id: str
    name: str
    icon: Icon
    tags: tuple[str, ...]
    source: str
    licence: str
    created_at: str
    project: str | None = None
    prompt: str = ""


@dataclass(frozen=True)
class Tenant:
    """Whose memory. user: 1..64 characters of [A-Za-z0-9_.@-], never a wildcard."""

    user: str
    project: str | None = None
    session: str | None = None


@dataclass(frozen=True)
class RecallQuery:
    """What is wanted: the subject in words, the single ideas that it consists of (each is recalled for), and the style
    that the request itself asks for (it overrides what is remembered). fallback: the style of the fields that nobody
    has said anything of, while the user has no icons of their own."""

    words: str
    concepts: tuple[str, ...] = ()
    style: StyleSpec = field(default_factory=StyleSpec)
    fallback: StyleSpec = field(default_factory=StyleSpec)
    per_concept: int = 24
    own: int = 8


@dataclass(frozen=True)
class Recalled:
    """A preference that applies now, and why it came."""

    preference: Preference
    why: str


@dataclass(frozen=True)
class Recollection:
    """What memory gives for one request.

    style: the wanted style: request over stated preferences over the measured style of the user's own icons (fields
    nobody knows stay None). style_sources: for each field that is set, "request", a preference id, "own icons (n)", or
    "fallback".
    set_vector: mean style vector of the user's own icons; judge_style: mean of the judge's style vectors of them (32
    numbers, of any length), None where the wish departs from their look. references: exemplars, best first for each
    concept, each with its why. notes: what went wrong (memory down, an invalid record skipped), one line each.
    """

    style: StyleSpec = field(default_factory=StyleSpec)
    style_sources: dict[str, str] = field(default_factory=dict)
    preferences: tuple[Recalled, ...] = ()
    references: tuple[Reference, ...] = ()
    set_vector: tuple[float, ...] | None = None
    judge_style: tuple[float, ...] | None = None
    brand_color: str | None = None
    vocabulary: dict[str, str] = field(default_factory=dict)
    avoid: tuple[str, ...] = ()
    own_count: int = 0
    notes: tuple[str, ...] = ()
