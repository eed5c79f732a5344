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
    "draw", "edit", "pick", "undo", "remember", "forget", "ask", "accept", "reject", "smalltalk", "empty", "refused"
]
Question: TypeAlias = Literal["memory", "why", "help"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to an icon that is there.

    op: ``stroke``, ``corners``, ``scale``, ``padding``, ``detail``, ``opacity`` (amount is a factor: 1.25 a quarter
    more, 0.8 a fifth less), ``mode``, ``color`` (argument is the value), ``flip`` (``horizontal`` or ``vertical``),
    ``rotate`` (amount is degrees, clockwise), ``remove``, ``add``, ``inside``, ``replace`` (argument is the thing, in
    words), ``again``.
    """

    op: str
    argument: str = ""
    amount: float = 0.0
    text: str = ""

    def __str__(self) -> str:
        """The plain form that a DrawRequest carries: ``op``, ``op argument`` or ``op x1.25``."""
        if self.argument:
            return f"{self.op} {self.argument}"
        return f"{self.op} {self.amount:g}" if self.amount else self.op


@dataclass(frozen=True, slots=True)
class BriefContext:
    """What the conversation already holds, as far as it decides what words mean.

    has_icon: there is a last icon, so that "thicker" has an object. candidates: how many were shown. brand_color:
    ``#rrggbb`` where it is known. drawing: the caller asks for a drawing, so that a word or two ("done", "undo",
    "help") name an icon and are no answer to what was shown. knows: does a phrase name something that can be drawn
    ("olive branch")? embed: texts to unit vectors (n, dims); used for clauses with style words that
    no rule decides (does this last?), and never required: without it words decide alone, and store less.
    """

    has_icon: bool = False
    candidates: int = 0
    brand_color: str | None = None
    drawing: bool = False
    knows: Callable[[str], bool] | None = None
    embed: EmbedFunction | None = None


@dataclass(frozen=True)
class Brief:
    """One message, understood.

    kind: what is to be done. subject: the words to be drawn, style words, statements and politeness taken out.
    style: the wishes of this request. avoid: what this request must not have ("gradients", "red"). brand: "in our brand
    colour" was asked for and is not known here. pick: index of the candidate that is meant, 0-based, -1 the last.
    project: the project that the statements were made for. forget: slots that memory shall drop ("style.palette").
    question and about: what is asked about memory. reason: why an icon was rejected. not_understood: phrases left over.
    notes: one line each, for the user.
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

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without what is empty; ``text`` is left out (it is the prompt)."""
        out: dict[str, Any] = {"kind": self.kind, "subject": self.subject, "style": self.style.to_dict()}
        out["statements"] = [asdict(s) for s in self.statements]
        out["edits"] = [asdict(e) for e in self.edits]
        for name in _LISTS:
            out[name] = list(getattr(self, name))
        for name in _PLAIN:
            out[name] = getattr(self, name)
        return {k: v for k, v in out.items() if k in ("kind", "subject") or v not in (None, "", [], {}, False)}

    @classmethod
    def from_dict(cls, data: dict[str, Any], text: str = "") -> Brief:
        """The inverse of ``to_dict``."""
        given: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _LISTS}
        given.update({name: data[name] for name in _PLAIN if name in data})
        given["statements"] = tuple(Statement(**s) for s in data.get("statements", ()))
        given["edits"] = tuple(Edit(**e) for e in data.get("edits", ()))
        return cls(text, data["kind"], data.get("subject", ""), StyleSpec.from_dict(data.get("style", {})), **given)


_LISTS = ("avoid", "forget", "not_understood", "notes")
_PLAIN = ("brand", "pick", "project", "question", "about", "reason")
