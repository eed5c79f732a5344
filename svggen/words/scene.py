"""The Scene: what a request wants drawn, as frozen data.

Contract. Names are lower-case English words separated by single spaces, without articles ("coffee cup"); an empty
subject name means that the text names nothing. ``concepts`` lists what must be recalled, whole phrases first, at most
six. Nothing in here is an instruction: words that were not understood as drawing stand in ``leftover``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from svggen.words.nouns import plural_of
from svggen.words.tables import MARK_SUFFIX, RECALL_SYNONYMS

Side: TypeAlias = Literal["left", "right", "up", "down", "up-left", "up-right", "down-left", "down-right"]
Where: TypeAlias = Literal["auto", "inside", "top-left", "top-right", "bottom-left", "bottom-right"]
Relation: TypeAlias = Literal["beside", "behind", "on", "in"]

MAX_CONCEPTS = 6


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to draw, singular where English allows it, and how many of it (1..9)."""

    name: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """A smaller sign put on the subject. kind: a key of ``tables.MARKS`` ("check", "plus"), or "other" for a free
    noun."""

    kind: str
    name: str
    where: Where = "auto"


@dataclass(frozen=True, slots=True)
class Turn:
    """facing: where it should look; mirror: flipped left-right or top-bottom; degrees: clockwise, -360..360."""

    facing: Side | None = None
    mirror: Literal["horizontal", "vertical"] | None = None
    degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """subject; the outline it sits in (``container``: a key of ``tables.CONTAINERS``); a mark on it; other things
    beside,
    behind or under it; crossed out; turned; ``details`` it should show ("handle") and things it must not (``without``);
    ``phrase``: the request in the order of words, cleaned; ``leftover``: words that were not used."""

    subject: Thing
    container: str | None = None
    mark: Mark | None = None
    companions: tuple[Thing, ...] = ()
    relation: Relation = "beside"
    slash: bool = False
    turn: Turn = Turn()
    details: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    phrase: str = ""
    leftover: tuple[str, ...] = ()

    @property
    def simple(self) -> bool:
        """True where one exemplar of the subject is the whole drawing."""
        return not (
            self.container
            or self.mark
            or self.companions
            or self.slash
            or self.subject.count > 1
            or self.turn != Turn()
        )

    @property
    def whole(self) -> tuple[str, ...]:
        """Phrases under which a finished icon of the whole scene would be filed, best first ("calendar check")."""
        name = self.subject.name
        if not name:
            return ()
        out: list[str] = []
        if self.subject.count > 1:
            out += [f"{NUMBER_WORDS[self.subject.count]} {plural_of(name)}", plural_of(name)]
        core = name
        if self.companions:
            core = " ".join([name, *(t.name for t in self.companions)])
            out.append(
                " and ".join([name, *(t.name for t in self.companions)])
                if self.relation in {"beside", "behind"}
                else core
            )
        if self.mark:
            core = f"{core} {MARK_SUFFIX.get(self.mark.kind, self.mark.name)}"
        if self.turn.facing:
            core = f"{core} {self.turn.facing.replace('-', ' ')}"
        if self.container:
            core = f"{core} {self.container.replace('-', ' ')}"
        if self.slash:
            out += (
                [f"{core} off", f"{core} slash"] if not self.phrase.startswith("no ") else [self.phrase, f"{core} off"]
            )
        elif core != name and core not in out:
            out.append(core)
        if self.details:
            out.append(" ".join([name, *(t.name for t in self.companions), *self.details]))
        return tuple(dict.fromkeys(out))

    @property
    def parts(self) -> tuple[str, ...]:
        """The single ideas: subject first, then what the mark and the companions show."""
        out = [self.subject.name, *RECALL_SYNONYMS.get(self.subject.name, ())]
        out += [t.name for t in self.companions]
        if self.mark:
            out.append(self.mark.name)
        return tuple(dict.fromkeys(p for p in out if p))

    @property
    def concepts(self) -> tuple[str, ...]:
        """What must be recalled: whole phrases first, then each part; at most six, every part before a spare phrase."""
        whole, parts = self.whole, self.parts
        room = max(1, MAX_CONCEPTS - len(parts))
        return tuple(dict.fromkeys((*whole[:room], *parts)))[:MAX_CONCEPTS]


NUMBER_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
