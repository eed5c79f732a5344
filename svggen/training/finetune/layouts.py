"""How one record of each published data set becomes an Example: told by its columns, not by its name.

Contract. ``layout_of(columns)`` gives the ``Layout`` whose columns they are, or None; ``Layout.read(record, folder)``
an Example, or raises ``Refused`` with the reason. Pictures and drawings that a record only names are files beside the
data file; a name that leads out of there is refused.

    corpus         our own Parquet corpus               svgx          SVGX-Core: name, blip_caption, svg_code, svg_path
    mmsvg          MMSVG-Icon, MMSVG-Illustration       svg-stack     SVG-Stack and its sisters: Filename, Svg, captions
    instructions   Alpaca records (SVGX-SFT)            conversations ShareGPT records (SVGX-SFT vision, IntroSVG-train)
    pairs          any drawing with any words of yours

What records of instructions ask is told by what stands in them: a drawing in the answer, in the question, pictures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from svggen.training.finetune.examples import Example, Refused, drawing, harmless, has_drawing, tidy, without_drawing

__all__ = ["LAYOUTS", "Layout", "layout_of", "spoken"]

_MAX_FILE: Final = 4_000_000  # bytes of a drawing or picture that a record names
_CAPTIONS: Final = ("Caption", "caption", "caption_llava", "caption_blip2", "caption_cogvlm", "blip_caption")
_WORDS: Final = ("words", "prompt", "caption", "text", "description", "title", "name")
_DRAWINGS: Final = ("svg", "Svg", "SVG", "svg_code", "code")


@dataclass(frozen=True)
class Layout:
    """columns: each of these groups must have one of its names among a file's columns. uses: what ``read`` looks at;
    pictures: those of them that hold pictures, ``shows``: which show nothing but the record's own drawing."""

    name: str
    columns: tuple[tuple[str, ...], ...]
    uses: tuple[str, ...]
    read: Callable[[Mapping[str, Any], Path], Example]
    pictures: tuple[str, ...] = ()
    shows: bool = False
    licence: str = "not stated"

    def fits(self, columns: Sequence[str]) -> bool:
        return all(any(name in columns for name in group) for group in self.columns)

    def known(self) -> str:
        """For a message: ``svgx (name, blip_caption, svg_code or svg_path)``."""
        return f"{self.name} ({', '.join(' or '.join(group) for group in self.columns)})"


def layout_of(columns: Sequence[str]) -> Layout | None:
    """The first layout that the columns fit."""
    return next((layout for layout in LAYOUTS if layout.fits(columns)), None)


# -------------------------------------------------------------------------------------------------- words and drawings


def _corpus(row: Mapping[str, Any], folder: Path) -> Example:
    if row.get("kept") is False:
        raise Refused("near copy of another icon")
    concept, mode = _said(row, "concept"), _said(row, "mode")
    aliases, tags = _list(row.get("aliases")), _list(row.get("tags"))
    more = [f"{concept}, {mode}" if mode else "", *aliases, f"{concept}: {', '.join(tags[:6])}" if tags else ""]
    return Example(
        concept, drawing(_text(row, "svg")), source=_said(row, "set"), licence=_said(row, "licence"),
        more=tuple(m for m in more if m), group=_said(row, "group"),
        split="validation" if row.get("split") == "validation" else "train",
    )  # fmt: skip


def _mmsvg(row: Mapping[str, Any], folder: Path) -> Example:
    words = [_said(row, "detail"), _said(row, "description"), ", ".join(_list(row.get("keywords")))]
    return _pair(words, _text(row, "svg"), _picture(row, "image", folder))


def _svgx(row: Mapping[str, Any], folder: Path) -> Example:
    svg = _text(row, "svg_code")
    if not has_drawing(svg) and _text(row, "svg_path"):
        svg = _beside(_text(row, "svg_path"), folder, "drawing").decode("utf-8", "replace")
    name, caption = _said(row, "name").replace("_", " ").replace("-", " "), _said(row, "blip_caption")
    words = [f"{name}: {caption}" if name and caption else "", caption, name]
    return _pair(words, svg, _picture(row, "image", folder), group=_said(row, "source"))


def _stack(row: Mapping[str, Any], folder: Path) -> Example:
    return _pair([_said(row, name) for name in _CAPTIONS], _text(row, "Svg"), None)


def _pairs(row: Mapping[str, Any], folder: Path) -> Example:
    svg = next((_text(row, name) for name in _DRAWINGS if _text(row, name)), "")
    words = [_said(row, name) for name in _WORDS]
    return _pair(words, svg, _picture(row, "image", folder), group=_said(row, "group"))


def _pair(words: Sequence[str], svg: str, picture: bytes | None, *, group: str = "") -> Example:
    said = list(dict.fromkeys(w for w in words if w))
    # without words there still is a picture of the drawing to draw it from
    return Example(
        said[0] if said else "", drawing(svg), picture, "any" if said else "picture", more=tuple(said[1:]), group=group
    )


# ----------------------------------------------------------------------------------------- questions and their answers


def _instructions(row: Mapping[str, Any], folder: Path) -> Example:
    asked, given = _text(row, "instruction"), _text(row, "input")
    return _exchange(asked, given, _text(row, "output"), _pictures(row, folder))


def _conversations(row: Mapping[str, Any], folder: Path) -> Example:
    turns = row.get("messages") or row.get("conversations")
    if not isinstance(turns, Sequence) or isinstance(turns, str):
        raise Refused("no conversation")
    asked, answer = "", ""
    for turn in turns:
        role, text = _turn(turn)
        if role in ("user", "human") and not asked:
            asked = text
        elif role in ("assistant", "gpt") and asked:
            answer = text
            break
    if not answer and row.get("chosen"):  # a record of preferences: the better one
        answer = _turn(row["chosen"])[1]
    return _exchange("", asked, answer, _pictures(row, folder))


def _turn(turn: object) -> tuple[str, str]:
    if not isinstance(turn, Mapping):
        return "", ""
    said = turn.get("content", turn.get("value"))
    if isinstance(said, Sequence) and not isinstance(said, str):
        said = "\n".join(str(part["text"]) for part in said if isinstance(part, Mapping) and part.get("text"))
    return str(turn.get("role", turn.get("from", ""))), said if isinstance(said, str) else ""


def _exchange(asked: str, given: str, answer: str, pictures: Sequence[bytes]) -> Example:
    """asked, given: the two parts of a question (of a conversation there is one)."""
    question = f"{asked}\n{given}"
    picture = pictures[0] if pictures else None
    shown, drawn = has_drawing(question), has_drawing(answer)
    if not answer.strip():
        raise Refused("no answer")
    if drawn and shown:
        goal, note = _goal(question), _note(question)
        return Example(goal, drawing(answer), None, "refine", draft=drawing(question), note=note)
    if drawn:
        svg = drawing(answer)
        if picture is not None or "<image>" in question:
            return Example("", svg, picture, "picture")
        return Example(spoken(given if given.strip() else asked), svg, None, "generate")
    if "<svg" in answer.lower() or "START_OF_SVG" in answer:
        raise Refused("drawing cut short")
    if shown:
        return Example(tidy(answer), drawing(question), None, "describe")
    if picture is None:
        raise Refused("no drawing")
    if _judged(answer):
        return Example(_goal(question), "", picture, "critique", note=harmless(answer.strip()))
    return Example(tidy(answer), "", picture, "describe")


def _judged(answer: str) -> bool:
    """Is the answer a critique, as JSON with a score?"""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, Mapping) and "score" in found


_GOAL = re.compile(r"design (?:goal|prompt)\b[^\"“]{0,40}[\"“](.+?)[\"”]", re.DOTALL | re.IGNORECASE)
_CRITIQUE = re.compile(r"critique\b[^\"“]{0,40}[\"“](.+?)[\"”]\s*(?:;|\.|$)", re.DOTALL | re.IGNORECASE)
_ADVICE = re.compile(r"suggestions are:\s*(.+?)(?:\.\.|\. Please|$)", re.DOTALL | re.IGNORECASE)
_LEADS = (
    re.compile(r"(?:description|caption)\s*:\s*(.+)$", re.DOTALL | re.IGNORECASE),
    re.compile(r"^(?:an? )?svg (?:illustration|icon|image|drawing|graphic)s? (?:of|for|showing)\s+(.+)$",
               re.DOTALL | re.IGNORECASE),
    re.compile(r"^(?:please )?(?:generate|draw|create|make|design)\b.{0,60}?\b(?:of|for|showing|depicting)\s+(.+)$",
               re.DOTALL | re.IGNORECASE),
)  # fmt: skip


def spoken(question: str) -> str:
    """What a question asks to be drawn, without how it asks: ``SVG illustration of a red cup`` -> ``a red cup``."""
    text = tidy(question.replace("<image>", " "))
    found = next((match[1] for lead in _LEADS if (match := lead.search(text))), text)
    return found.strip().rstrip(".").strip("\"'“” ")


def _goal(question: str) -> str:
    match = _GOAL.search(question)
    return tidy(match[1]) if match else spoken(without_drawing(question))


def _note(question: str) -> str:
    text = without_drawing(question)
    found = [match[1] for pattern in (_CRITIQUE, _ADVICE) if (match := pattern.search(question))]
    return tidy(" ".join(found)) or text


# --------------------------------------------------------------------------------------------------- cells of a record


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _said(row: Mapping[str, Any], name: str) -> str:
    return tidy(row.get(name))


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Sequence):
        return []
    return [said for said in (tidy(v) for v in value) if said]


def _pictures(row: Mapping[str, Any], folder: Path) -> list[bytes]:
    value = row.get("images", row.get("image"))
    listed = value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]
    return [data for data in (_data(one, folder) for one in listed) if data is not None]


def _picture(row: Mapping[str, Any], name: str, folder: Path) -> bytes | None:
    return _data(row.get(name), folder)


def _data(value: object, folder: Path) -> bytes | None:
    """The bytes of a picture: given, in a struct of bytes and path as Hugging Face writes it, or in a file."""
    if isinstance(value, Mapping):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, bytes):
        return value or None
    return _beside(value, folder, "picture") if isinstance(value, str) and value else None


def _beside(name: str, folder: Path, what: str) -> bytes:
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise Refused(f"{what} outside the data's folder")
    for place in (folder, folder.parent):
        try:
            with (place / path).open("rb") as file:
                data = file.read(_MAX_FILE + 1)
        except (OSError, ValueError):  # ValueError: a NUL in the name
            continue
        if len(data) > _MAX_FILE:
            raise Refused(f"{what} too large")
        return data
    raise Refused(f"{what} missing")


_CORPUS_COLUMNS = ("svg", "set", "concept", "kept", "split", "group")
LAYOUTS: Final = (
    Layout("corpus", tuple((name,) for name in _CORPUS_COLUMNS),
           (*_CORPUS_COLUMNS, "mode", "aliases", "tags", "licence"), _corpus),
    Layout("mmsvg", (("svg",), ("description",), ("keywords", "detail")),
           ("svg", "description", "keywords", "detail", "image"), _mmsvg, ("image",), True, "CC-BY-NC-SA-4.0"),
    Layout("svgx", (("name",), ("blip_caption",), ("svg_code", "svg_path")),
           ("name", "blip_caption", "svg_code", "svg_path", "image", "source"), _svgx, ("image",), True),
    Layout("svg-stack", (("Svg",),), ("Svg", *_CAPTIONS), _stack, licence="mixed (GitHub)"),
    Layout("instructions", (("instruction",), ("output",)), ("instruction", "input", "output", "images", "image"),
           _instructions, ("images", "image")),
    Layout("conversations", (("messages", "conversations"),),
           ("messages", "conversations", "chosen", "images", "image"), _conversations, ("images", "image")),
    Layout("pairs", (_DRAWINGS, _WORDS), (*_DRAWINGS, *_WORDS, "image", "group"), _pairs, ("image",), True),
)  # fmt: skip
"""In the order in which they are tried."""
