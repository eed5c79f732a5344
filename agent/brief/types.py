"""What a brief is: the user's message as data.

Contract. Everything here is frozen and JSON-ready through ``to_dict``. A brief holds what was *asked*; what is
remembered joins it later (``memory.recall``). ``style``, ``avoid`` and ``edits`` are wishes for this one request and
are never stored; only ``statements`` are offered to memory, and memory's own gate has the last word on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from memory.records import Statement
from svggen.style import StyleSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    EmbedFunction: TypeAlias = Callable[[Sequence[str]], NDArray[np.float32]]

Kind: TypeAlias = Literal[
    "draw", "edit", "pick", "undo", "redo", "back", "remember", "forget", "ask", "ask_back", "accept", "reject",
    "smalltalk", "empty", "refused",
]  # fmt: skip
Question: TypeAlias = Literal["memory", "why", "help"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to an icon that is there.

    op: ``stroke``, ``corners``, ``scale``, ``padding``, ``detail``, ``opacity``, ``shade`` (amount is a factor: 1.25 a
    quarter more, 0.8 a fifth less; of ``shade``, how light the colours are; argument, where there is one, is the part
    that is meant), ``mode``, ``color`` (argument is the value), ``flip`` (``horizontal`` or ``vertical``), ``rotate``
    (amount is degrees, clockwise), ``remove``, ``add``, ``inside``, ``replace`` (argument is the thing, in words),
    ``combine`` (argument is the candidates, "0,2"), ``again``.
    """

    op: str
    argument: str = ""
    amount: float = 0.0
    text: str = ""

    def __str__(self) -> str:
        """The plain form that a DrawRequest carries: ``op``, ``op argument``, ``op 1.25`` or ``op argument 1.25``."""
        words = f"{self.op} {self.argument}" if self.argument else self.op
        return f"{words} {self.amount:g}" if self.amount else words


@dataclass(frozen=True, slots=True)
class BriefContext:
    """What the conversation already holds, as far as it decides what words mean.

    has_icon: there is a last icon, so that "thicker" has an object. candidates: how many were shown. undone: is there
    something that redo would bring back (None: not known)? brand_color: ``#rrggbb`` where it is known. drawing: the
    caller asks for a drawing, so that a word or two ("done", "undo", "help") name an icon and are no answer to what was
    shown. knows: does a phrase name something that can be drawn ("olive branch"; ``drawable`` asks the library)? In a
    chat, what it does not know is asked about unless a drawing is asked for in so many words. embed: texts to unit
    vectors (n, dims); used for clauses with style words that no rule decides (does this last?), and never required:
    without it words decide alone, and store less.
    """

    has_icon: bool = False
    candidates: int = 0
    undone: bool | None = None
    brand_color: str | None = None
    drawing: bool = False
    knows: Callable[[str], bool] | None = None
    embed: EmbedFunction | None = None


@dataclass(frozen=True)
class Brief:
    """One message, understood.

    kind: what is to be done; ``back`` goes to an earlier drawing (see back); ``ask_back`` is a message that could mean
    two things or lacks one: it changes nothing, ``asks`` is the question for the user, ``options`` are messages that
    answer it. subject: the words to be drawn, style words, statements and politeness taken out. style: the wishes of
    this request. avoid: what this request must not have ("gradients", "red"). brand: "in our brand colour" was asked
    for and is not known here.

    pick: index of the candidate that is meant, 0-based, -1 the last; picks: of several ("the first and third");
    described: the candidate that is meant, in English words without articles ("with roof", "blue", "roundest"), for
    somebody who can look. back: of kind ``back`` the number of the version, counted from 1 ("3"; "0" is the start, with
    nothing drawn) or English words of an earlier message ("filled", "before badge"); of kind ``undo`` "-2" for two
    steps. Style and edits of a ``back`` or an ``undo`` are for the drawing that it leads to. accepts: what is shown (or
    picked) is accepted before the rest is done ("keep it. now a bell").

    project: the project that the statements were made for. forget: slots that memory shall drop ("style.palette";
    "last": what was remembered last; "*": everything). question and about: what is asked about memory, beside an edit
    too ("why so thick? thinner please"). reason: why an icon was rejected. not_understood: phrases left over. notes:
    one line each, for the user.
    """

    text: str
    kind: Kind
    subject: str = ""
    style: StyleSpec = field(default_factory=StyleSpec)
    avoid: tuple[str, ...] = ()
    brand: bool = False
    statements: tuple[Statement, ...] = ()
    edits: tuple[Edit, ...] = ()
    pick: int | None = None
    project: str | None = None
    forget: tuple[str, ...] = ()
    question: Question | None = None
    about: str | None = None
    reason: str = ""
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    picks: tuple[int, ...] = ()
    described: str = ""
    back: str = ""
    accepts: bool = False
    asks: str = ""
    options: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without what is empty; ``text`` is left out (it is the prompt)."""
        out: dict[str, Any] = {"kind": self.kind, "subject": self.subject, "style": self.style.to_dict()}
        out["statements"] = [asdict(s) for s in self.statements]
        out["edits"] = [asdict(e) for e in self.edits]
        for name in _LISTS:
            out[name] = list(getattr(self, name))
        for name in _PLAIN:
            out[name] = getattr(self, name)
        return {k: v for k, v in out.items() if k in ("kind", "subject") or not _empty(v)}

    @classmethod
    def from_dict(cls, data: dict[str, Any], text: str = "") -> Brief:
        """The inverse of ``to_dict``."""
        given: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _LISTS}
        given.update({name: data[name] for name in _PLAIN if name in data})
        given["statements"] = tuple(Statement(**s) for s in data.get("statements", ()))
        given["edits"] = tuple(Edit(**e) for e in data.get("edits", ()))
        return cls(text, data["kind"], data.get("subject", ""), StyleSpec.from_dict(data.get("style", {})), **given)


def _empty(value: Any) -> bool:
    """Nothing is said by it; a pick of 0 is the first."""
    return value is None or value is False or value in ("", [], {})


_LISTS = ("avoid", "picks", "forget", "options", "not_understood", "notes")
_PLAIN = ("brand", "pick", "described", "back", "accepts", "project", "question", "about", "reason", "asks")
