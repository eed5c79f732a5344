"""The graph's state, its input and output, and the context that a run is given.

Contract. The state holds only what JSON can say: text, numbers, lists and dicts; icons as canonical SVG text. Pictures,
arrays and exemplars never enter it, so that a checkpoint stays small and can be read without our classes. What a run
needs but must not store (memory, models, clock) is in ``IconContext``, which reaches the nodes through ``Runtime``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from uuid import uuid4

from typing_extensions import TypedDict  # pydantic makes schemas of these, and takes typing's own from Python 3.12 only

from agent.history import Turn
from agent.seams import now
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from agent.drawings import Drawings
    from agent.llm import Llm
    from memory.memory import Memory
    from svggen.models.base import SvgModel

    Clock: TypeAlias = Callable[[], datetime]
    Ids: TypeAlias = Callable[[], str]
else:  # what no client can send: LangGraph asks for a JSON schema of the context, where these are left open
    Drawings = Llm = Memory = SvgModel = Clock = Ids = Any

Json: TypeAlias = dict[str, Any]
Progress: TypeAlias = Callable[[Json], None]
"""Called with {"stage", "message", "done", "total"}; ``total`` is 0 where the end is not known."""


def add_seconds(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    """Times of the same stage add up; a run begins anew with "understand"."""
    if "understand" in b:
        return dict(b)
    return {k: round(a.get(k, 0.0) + b.get(k, 0.0), 4) for k in {**a, **b}}


def collect(a: list[Any] | None, b: list[Any] | None) -> list[Any]:
    """Writes of parallel nodes one after the other; None begins anew (a thread keeps the state of the last message)."""
    return [] if b is None else [*(a or ()), *b]


class IconInput(TypedDict, total=False):
    """What starts a run. prompt: the message. edit: SVG text, or the id (or unique prefix) of a kept drawing, or
    "last". style: StyleSpec fields that go before the words of the prompt."""

    prompt: str
    edit: str | None
    style: Json | None


class ChatInput(IconInput, total=False):
    """A message of a session. picture: digest of the kept picture that came with it."""

    picture: str | None


class IconOutput(TypedDict, total=False):
    """What comes back. result: the drawing as ``mnemicon draw --json`` prints it, or None where nothing was drawn.
    message: one or two sentences for the user. kind: what the message was understood to be. asks: a question back,
    where the message could mean two things."""

    kind: str
    message: str
    result: Json | None
    asks: str


class IconState(ChatInput, IconOutput, total=False):
    """What the nodes share.

    brief: the understood message. recalled: what memory gave, in short (the exemplars themselves are recalled again, or
    taken from the run's scratch). drafts: every candidate of every round. best: id of the best candidate so far.
    tried: ids of the icons that have been looked at. round: rounds drawn. gain: what the last round added to the best
    score. seconds: time of each stage. notes: one line each. learned: what the gate decided about the message's
    statements.

    Of a session (``agent.history``): turns: what was said and shown so far. at: the turn whose drawing is current.
    undone: the turns that undo left. moved, left: what this message makes of the two.
    other: SVG of the candidate that the base is to be combined with.
    inherited: (id, set, licence) of what the base was drawn from.
    """

    brief: Json
    subject: str
    parent: str | None
    base: str | None
    recalled: Json
    drafts: Annotated[list[Json], collect]
    candidates: list[Json]
    best: str | None
    round: int
    gain: float
    started: float
    seconds: Annotated[dict[str, float], add_seconds]
    notes: Annotated[list[str], collect]
    learned: list[Json]
    turns: list[Turn]
    at: int | None
    undone: list[int]
    other: str | None
    inherited: list[list[str]]
    moved: int | None
    left: list[int] | None


class DrawTask(TypedDict):
    """One of the drawings that run in parallel: which model, how many drafts, from which seed."""

    model: int
    n: int
    seed: int
    round: int
    state: Json


def new_id() -> str:
    return uuid4().hex


@dataclass
class IconContext:
    """Everything that a run depends on and does not store.

    Where no models are given, models, memory and drawings are those of the settings. user, project, session: whose
    memory. memory: None draws without memory. models: each draws in parallel; the first is asked first. rounds: rounds
    of drawing in all (1 does not refine). seconds: no further round is begun after that. drawing: the prompt is known
    to ask for a drawing (not a message of a chat). chat: a session's conversation, where "it" is the session's own
    drawing. size: px of the delivered canvas, None leaves it to the style.
    clock and ids: injected for replay. progress: called
    from the drawing thread (see ``Progress``). llm: helps to understand (``agent.understanding``), and where vision is
    true says what it sees (``agent.questions``). scratch: of this run alone, never stored.
    """

    user: str = "default"
    project: str | None = None
    session: str | None = None
    memory: Memory | None = None
    models: tuple[SvgModel, ...] = ()
    drawings: Drawings | None = None
    style: StyleSpec = field(default_factory=StyleSpec)
    image: bytes | None = None
    n: int = 4
    rounds: int = 2
    seconds: float = 20.0
    seed: int = 0
    drawing: bool = False
    chat: bool = False
    size: int | None = None
    clock: Clock = field(default_factory=lambda: now)
    ids: Ids = field(default_factory=lambda: new_id)
    progress: Any = None
    llm: Llm | None = None
    vision: bool = False
    scratch: dict[str, Any] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.style, dict):  # as a client of a LangGraph server sends it
            self.style = StyleSpec.from_dict(self.style)
