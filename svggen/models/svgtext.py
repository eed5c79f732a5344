"""What a language model wrote -> an Icon: the SVG is found in the answer, mended where it breaks off, read, fitted.

Contract. ``read_answer`` takes the last whole ``<svg>`` document of an answer (fenced, bare, escaped as JSON or HTML;
what stands in ``<think>`` is no answer), else the last one that breaks off, which is cut back to its last whole
element. Everything passes ``svggen.icon.parse``: an answer can hold no more than a file could. It never raises for what
a model said; what is left out or mended is said in ``notes``. An embedded raster picture is refused also where it would
have been cut away. ``finished`` brings an icon to the canvas and the style that a request asks for.

Failures: ``parse_error`` no SVG in it, or one that cannot be read; ``not_closed`` it breaks off before anything is
drawn; ``unsafe`` refused by ``svggen.safety``; ``blank`` nothing of it is seen on its canvas.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svggen.errors import InvalidSvgError, SvgGenError, UnsafeSvgError

if TYPE_CHECKING:
    from svggen.icon import Icon
    from svggen.models.base import DrawRequest, Failure
    from svggen.style import StyleSpec

__all__ = ["Answer", "finished", "read_answer", "restyled"]

CANVAS: Final = 24
"""Side in px of what is delivered where the style names none."""
DOCUMENTS: Final = 8
"""SVG documents of one answer that are looked at, from its end."""
MARKS: Final = 64
"""Beginnings, ends and fences that are looked at, from the end of the answer: the search stays linear."""
VISIBLE: Final = 0.02
"""Share of the canvas that the ink must span, in one direction, to count as a drawing."""

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|(\Z))", re.DOTALL)
_MARK = re.compile(r"<svg(?=[\s/>])|</svg\s*>|```")
_RASTER = re.compile(r"<(?:\w+:)?(?:image|img|feImage)\b|data:\s*image/", re.IGNORECASE)
_ESCAPED = re.compile(r"<svg[^>]{0,400}\\[\"nt]|\\u003c\s*svg")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*?)(/?)>")
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)")
_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_UNDRAWN = re.compile(r"<(text|filter|marker|pattern)\b")
_LEAVES = frozenset("path circle ellipse rect line polyline polygon stop use".split())
"""Elements that hold nothing that is drawn: written without an end, they end where they begin."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``icon`` is None exactly when ``failure`` says why. cut: the drawing broke off, what is there is its beginning.
    notes: what was mended or left out, in plain words."""

    icon: Icon | None
    failure: Failure | None = None
    notes: tuple[str, ...] = ()
    cut: bool = False


def read_answer(text: str) -> Answer:
    """The drawing that a model's answer holds; see the head of this file."""
    said, unfinished = _said(text)
    found = list(_documents(said))[-DOCUMENTS:]
    if not found:
        if unfinished:
            return Answer(None, "not_closed", ("the answer ends in its reasoning, before any SVG",))
        return Answer(None, "parse_error", (f"the answer holds no <svg>: {_excerpt(said)}",))
    whole = [d for d, closed in reversed(found) if closed]
    broken = [d for d, closed in reversed(found) if not closed]
    first: Answer | None = None
    for document in whole + broken:
        answer = _read(document, closed=document in whole)
        if answer.icon is not None or answer.failure == "unsafe":
            return answer
        first = first or answer
    assert first is not None
    return first


def finished(icon: Icon, request: DrawRequest) -> tuple[Icon, tuple[str, ...], tuple[str, ...]]:
    """(icon, steps, notes): on the wanted canvas (``style.grid``, else 24 px), in the wanted style. Where the geometry
    does not allow it, the icon as it came, and a note."""
    from svggen.geometry import fit_canvas
    from svggen.icon import canonical

    size = float(request.style.grid or CANVAS)
    steps: tuple[str, ...] = ()
    try:
        fitted = canonical(fit_canvas(icon, size))
    except SvgGenError as error:
        return icon, (), (f"not brought to {size:g} x {size:g}: {error}",)
    if fitted.viewbox != icon.viewbox:
        steps = (f"fitted from {icon.viewbox[2]:g} x {icon.viewbox[3]:g} to {size:g} x {size:g}",)
    if not request.style.to_dict() or not fitted.shapes:
        return fitted, steps, ()
    done, more, notes = restyled(fitted, request.style)
    return done, steps + more, notes


def restyled(icon: Icon, style: StyleSpec) -> tuple[Icon, tuple[str, ...], tuple[str, ...]]:
    """(icon, steps, notes): in the wanted style; as it was, with a note, where the geometry does not allow that."""
    from svggen.restyle import restyle

    try:
        done = restyle(icon, style)
    except SvgGenError as error:
        return icon, (), (f"not restyled: {error}",)
    return done.icon, done.steps, done.refused


# ------------------------------------------------------------------------------------------------ finding the document


def _said(text: str) -> tuple[str, bool]:
    """The answer without its reasoning and without one layer of escapes; does it end within its reasoning?"""
    unfinished = any(found[2] is not None for found in _THOUGHT.finditer(text))
    text = _THOUGHT.sub(" ", text)
    closing = text.rfind("</think>")  # some servers send the end of the reasoning alone
    if closing >= 0:
        text = text[closing + len("</think>") :]
    if _ESCAPED.search(text):
        for written, meant in (("\\u003c", "<"), ("\\u003e", ">"), ("\\n", "\n"), ("\\t", " "), ('\\"', '"')):
            text = text.replace(written, meant)
    if "<svg" not in text and "&lt;svg" in text:
        text = html.unescape(text)
    return text, unfinished


def _documents(text: str) -> Iterator[tuple[str, bool]]:
    """(document, does it end?) in the order of the text; of one that does not end, what lies within it as well."""
    start, depth, again = -1, 0, 0
    marks = [(m.start(), m.end(), m[0]) for m in _MARK.finditer(text)][-MARKS:]
    at = 0
    while at < len(marks):
        begin, end, mark = marks[at]
        at += 1
        if mark == "<svg":
            if not depth:
                start, again = begin, at
            gt = text.find(">", end)
            depth += not (gt > 0 and text[gt - 1] == "/")
        elif mark.startswith("</") and depth:
            depth -= 1
        if start < 0:
            continue
        if not depth and mark != "```":
            gt = text.find(">", end - 1)
            yield text[start : gt + 1], True
            start = -1
        elif mark == "```" or at == len(marks):
            yield text[start : begin if mark == "```" else len(text)], False
            at, start, depth = again, -1, 0  # an <svg> that was only spoken of hides the one that follows


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return repr(words[:80] + ("…" if len(words) > 80 else "")) if words else "it is empty"


# ------------------------------------------------------------------------------------------------- reading the document


def _read(document: str, closed: bool) -> Answer:
    if _RASTER.search(document):
        return Answer(None, "unsafe", ("refused: it embeds a raster picture",))
    from svggen.icon import parse

    notes = [f"not drawn: <{name}>" for name in sorted(set(_UNDRAWN.findall(document)))]
    cut = False
    try:
        try:
            icon = parse(document)
        except InvalidSvgError as error:
            if not error.reason.startswith("not well-formed"):
                raise
            text, closed_by_hand = _mended(document)
            cut = not closed or closed_by_hand
            notes.append("the drawing breaks off: cut back to its last whole element" if cut else f"mended: {error}")
            icon = parse(text)
    except UnsafeSvgError as error:
        return Answer(None, "unsafe", (f"refused: {error}",))
    except InvalidSvgError as error:
        return Answer(None, _why(error, cut), (*notes, str(error)), cut)
    if not _seen(icon):
        return Answer(None, "blank", (*notes, "nothing of the drawing lies on its canvas"), cut)
    return Answer(icon, None, tuple(notes), cut)


def _why(error: InvalidSvgError, cut: bool) -> Failure:
    if cut:
        return "not_closed"
    return "blank" if error.reason.startswith(("nothing to draw", "only text")) else "parse_error"


def _mended(document: str) -> tuple[str, bool]:
    """The tags of a document that is not well formed, in balance; did anything stay open at its end?"""
    document = _COMMENT.sub("", document).replace("<![CDATA[", "").replace("]]>", "")
    out: list[str] = []
    open_: list[str] = []
    last = 0
    for tag in _TAG.finditer(document):
        closing, name, attributes, empty = tag.groups()
        if open_ and open_[-1] == "style":
            out.append(html.escape(document[last : tag.start()], quote=False))
        last = tag.end()
        if closing:
            if name in open_:
                while (inner := open_.pop()) != name:
                    out.append(f"</{inner}>")
                out.append(f"</{name}>")
                if not open_:
                    break
            continue
        if last and not open_ and out:
            break  # beside the root
        ends = bool(empty) or name in _LEAVES
        out.append(f"<{name}{_attributes(attributes)}{'/' if ends else ''}>")
        if not ends:
            open_.append(name)
    left_open = bool(open_)
    out += [f"</{name}>" for name in reversed(open_)]
    return "".join(out), left_open


def _attributes(text: str) -> str:
    """Quoted, each name once, ampersands written out."""
    kept: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        kept.setdefault(name, _AMPERSAND.sub("&amp;", value if value[0] in "\"'" else f'"{value}"'))
    return "".join(f" {name}={value}" for name, value in kept.items())


def _seen(icon: Icon) -> bool:
    """Does some ink lie on the canvas?"""
    from svggen.geometry import ink_bounds

    box = ink_bounds(icon)
    if box is None:
        return False
    x, y, w, h = icon.viewbox
    width = min(box[2], x + w) - max(box[0], x)
    height = min(box[3], y + h) - max(box[1], y)
    return min(width, height) > 0 and max(width, height) >= VISIBLE * max(w, h)
