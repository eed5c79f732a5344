"""What the clauses of one message gave, before it becomes a Brief (``finishing``); which candidates its words mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.brief.types import Edit, Question
from memory.records import Statement

if TYPE_CHECKING:
    from agent.brief.turns import Move


@dataclass(frozen=True, slots=True)
class Reference:
    """picks: 0-based, -1 the last; one of them, several, or none where ``described`` says it."""

    picks: tuple[int, ...]
    start: int
    end: int
    described: str = ""

    @property
    def pick(self) -> int | None:
        return self.picks[0] if len(self.picks) == 1 else None


@dataclass
class Reading:
    """What has been gathered from the clauses so far. verdict: "accept" or "". firm: so that it holds where more
    follows. lasting: "save that as my default". said: there was small talk. unclear: it speaks of the icon
    that is there, but not in words that are known. draws: a drawing was asked for in so many words."""

    style: dict[str, Any] = field(default_factory=dict)
    avoid: list[str] = field(default_factory=list)
    brand: bool = False
    statements: list[Statement] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    pick: int | None = None
    picks: tuple[int, ...] = ()
    described: str = ""
    move: Move | None = None
    verdict: str = ""
    firm: bool = False
    lasting: bool = False
    said: bool = False
    unclear: bool = False
    draws: bool = False
    question: Question | None = None
    about: str | None = None
    subjects: list[str] = field(default_factory=list)
    forget: list[str] = field(default_factory=list)
    referred: bool = False
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
