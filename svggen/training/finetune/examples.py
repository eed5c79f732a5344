"""What a model is taught with: one Example, whatever data set it came from, and the tally of what was refused.

Contract. An ``Example`` holds a drawing as our canonical SVG text (it has been through ``svggen.safety``) and what is
said of it. ``drawing(text)`` finds the one drawing in a text (plain SVG or semantic tokens) and gives it canonical, or
raises ``Refused`` with the reason that is counted. Nothing here needs torch.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from svggen.errors import BudgetError, SvgGenError, TokenError, UnsafeSvgError

if TYPE_CHECKING:
    from svggen.icon import Icon

__all__ = [
    "TASKS",
    "WORDS",
    "Example",
    "Form",
    "Refused",
    "Tally",
    "Task",
    "drawing",
    "harmless",
    "has_drawing",
    "target",
    "tidy",
    "without_drawing",
]

Task: TypeAlias = Literal["any", "generate", "picture", "describe", "critique", "refine"]
TASKS: Final = ("any", "generate", "picture", "describe", "critique", "refine")
"""any: words and a drawing, learned in every direction. generate: words -> drawing. picture: picture -> drawing.
describe: drawing or picture -> words. critique: words and picture -> note. refine: words, draft, note -> drawing."""
Form: TypeAlias = Literal["llm4svg", "svg"]
"""How drawings are written: in semantic tokens, or as plain SVG text on a 24 px canvas."""
WORDS: Final = 500
"""Characters of a description at most: published recipes stop there, and long ones describe the drawing's code."""
_SVG = re.compile(r"<svg[\s>].*?</svg\s*>", re.DOTALL | re.IGNORECASE)
_TOKENS = re.compile(r"\[?<\|START_OF_SVG\|>.*?<\|END_OF_SVG\|>\]?", re.DOTALL)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Example:
    """words: what it shows ("" where nobody said it), ``more``: other ways to say it. svg: canonical text, "" where
    there is none. picture: the bytes of a file as the data hold them, not looked at. source: which data set or icon
    set; licence: SPDX id, or what is known. draft: what ``refine`` begins with, as svg; note: a critique. group: icons
    of one style, from which exemplars are taken; "" where nothing is known. split: as the data say, "" where they
    do not."""

    words: str
    svg: str
    picture: bytes | None = None
    task: Task = "any"
    source: str = ""
    licence: str = "not stated"
    more: tuple[str, ...] = ()
    draft: str = ""
    note: str = ""
    group: str = ""
    split: Literal["", "train", "validation"] = ""


class Refused(Exception):
    """A row that cannot be learned from; the message is the reason, in words that are counted."""


@dataclass
class Tally:
    """rows = used + sum(refused). sources: examples by (source, licence)."""

    rows: int = 0
    used: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)

    def refuse(self, reason: str) -> None:
        self.refused[reason] += 1

    def withdraw(self, example: Example, reason: str) -> None:
        """An example that was counted as used is refused after all."""
        self.used -= 1
        self.sources[example.source, example.licence] -= 1
        self.refuse(reason)

    def summary(self) -> str:
        """One line for people."""
        said = ", ".join(f"{count:,} {reason}" for reason, count in self.refused.most_common(6))
        return f"{self.rows:,} rows, {self.used:,} used" + (f"; refused: {said}" if said else "")


def has_drawing(text: str) -> bool:
    """Does a drawing stand in the text?"""
    return _SVG.search(text) is not None or _TOKENS.search(text) is not None


def without_drawing(text: str) -> str:
    """The text with its drawings cut out."""
    return tidy(_TOKENS.sub(" ", _SVG.sub(" ", text)))


def drawing(text: str) -> str:
    """The last drawing in the text as canonical SVG text; raises Refused."""
    from svggen.icon import serialise

    return serialise(_icon(text))


def _icon(text: str) -> Icon:
    found = _SVG.findall(text)
    coded = _TOKENS.findall(text)
    if not found and not coded:
        cut = "<svg" in text.lower() or "START_OF_SVG" in text
        raise Refused("drawing cut short" if cut else "no drawing")
    try:
        if coded:
            from svggen.tokens.semantic import read

            return read([coded[-1]])
        from svggen.icon import parse

        return parse(found[-1])
    except BudgetError:
        raise Refused("drawing too large") from None
    except UnsafeSvgError:
        raise Refused("unsafe drawing") from None
    except TokenError:
        raise Refused("tokens that are no drawing") from None
    except SvgGenError:
        raise Refused("SVG that cannot be drawn") from None


def target(svg: str, form: Form, *, whole: bool = False, brackets: bool = False) -> str:
    """A canonical SVG as the model is to write it; raises Refused where the form has no words for it. whole: numbers
    are words (semantic tokens only); brackets: words are spelled ``[<|name|>]``."""
    from svggen.geometry import fit_canvas
    from svggen.icon import canonical, parse, serialise
    from svggen.tokens import semantic

    try:
        icon = parse(svg)
        if form == "svg":
            return serialise(canonical(fit_canvas(icon, 24.0)))
        text = semantic.join(semantic.tokens(icon, whole=whole))
    except SvgGenError:
        raise Refused("drawing that has no form in tokens") from None
    return re.sub(r"(<\|[^|]*\|>)", r"[\1]", text) if brackets else text


def tidy(text: object) -> str:
    """A description on one line, without control characters, of ``WORDS`` characters at most."""
    if not isinstance(text, str):
        return ""
    flat = _SPACE.sub(" ", "".join(c if c.isprintable() else " " for c in harmless(text))).strip()
    return flat if len(flat) <= WORDS else flat[:WORDS].rsplit(" ", 1)[0]


def harmless(text: str) -> str:
    """Text of a data set in which nothing reads as a token of its own (``<|im_end|>``, a picture's place)."""
    return text.replace("<|", "< |").replace("<image>", " ")
