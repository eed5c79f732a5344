"""Edits and references: "thicker", "without the dot", "make it blue", "the second one", "undo".

Contract. ``find(text)`` reads lower-case text and gives each edit with its place. A comparative is a factor on what is
there; the factors are of a size that is seen at 24 px: a quarter for plain, a tenth for "a bit", a half for "much".
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.brief.types import Edit


@dataclass(frozen=True, slots=True)
class FoundEdit:
    edit: Edit
    start: int
    end: int


_DEGREE = r"(?:(?P<more>much|a lot|far|way|considerably|even)\s+|(?P<little>a (?:little )?bit|a little|slightly|a touch|a tad|somewhat)\s+)?"
_STEPS = {"more": 1.5, "little": 1.1, "": 1.25}

_COMPARE: tuple[tuple[str, str, int], ...] = (
    (r"(?:thicker|bolder|heavier|fatter|chunkier|more bold|stronger)(?: (?:strokes?|lines?|outlines?))?", "stroke", 1),
    (
        r"(?:thinner|lighter|finer|slimmer|less bold|less thick|more delicate|less heavy)(?: (?:strokes?|lines?|outlines?))?",
        "stroke",
        -1,
    ),
    (r"(?:increase|raise) the (?:stroke|line)(?: width| weight| thickness)?", "stroke", 1),
    (r"(?:decrease|reduce|lower) the (?:stroke|line)(?: width| weight| thickness)?", "stroke", -1),
    (r"(?:rounder|softer|more round(?:ed)?|less sharp|less angular)(?: corners?| edges?)?", "corners", 1),
    (
        r"(?:sharper|less round(?:ed)?|more angular|harder|edgier|less soft|crisper)(?: corners?| edges?)?",
        "corners",
        -1,
    ),
    (r"(?:bigger|larger|scale (?:it )?up|enlarge(?: it)?|zoom in)", "scale", 1),
    (r"(?:smaller|tinier|scale (?:it )?down|shrink(?: it)?|zoom out)", "scale", -1),
    (r"(?:more (?:padding|margin|space around(?: it)?|room|air|breathing room))", "padding", 1),
    (r"(?:less (?:padding|margin|space around(?: it)?|room|air)|tighter)", "padding", -1),
    (r"(?:more detail(?:s|ed)?|more complex|more elaborate)", "detail", 1),
    (
        r"(?:simpler|simplify(?: it)?|less detail(?:s|ed)?|fewer details|less busy|less complex|cleaner|less clutter(?:ed)?|more minimal|too busy|too detailed|too complex|too cluttered)",
        "detail",
        -1,
    ),
    (r"too (?:thin|light|fine)", "stroke", 1),
    (r"too (?:thick|bold|heavy|fat)", "stroke", -1),
    (r"too (?:sharp|angular|hard|pointy)", "corners", 1),
    (r"too (?:round|rounded|soft)", "corners", -1),
    (r"too (?:small|tiny)", "scale", 1),
    (r"too (?:big|large)", "scale", -1),
    (r"(?:more transparent|fainter second tone|lighter second tone)", "opacity", -1),
)
_COMPARE_RE = tuple((re.compile(rf"(?:\bnot\s+)?\b{_DEGREE}(?:{p})\b"), op, sign) for p, op, sign in _COMPARE)

_THING = r"(?:the |its |that |this |any |all (?:the )?|those |these |both )?([a-z0-9][a-z0-9 -]{0,40}?)"
_END = r"(?=\s*(?:[,.;!?]|$| and | but | please| then | from | instead| with | to the | in the (?:top|bottom|corner|cent)))"
_PLAIN: tuple[tuple[re.Pattern[str], str, str, float], ...] = tuple(
    (re.compile(p), op, arg, amount)
    for p, op, arg, amount in (
        (
            r"\b(?:flip|mirror|reverse)(?: (?:it|this|that|this one|that one|the icon))?(?: (?:vertically|upside down|top to bottom))\b|\b(?:make it |turn it )?upside down\b",
            "flip",
            "vertical",
            0.0,
        ),
        (
            r"\b(?:flip|mirror|reverse)(?: (?:it|this|that|this one|that one|the icon))?(?: (?:horizontally|left to right|sideways|around))?\b(?! ?(?:chart|phone))|\b(?:facing|face|look|looking|point|pointing) the other way\b",
            "flip",
            "horizontal",
            0.0,
        ),
        (
            r"\b(?:rotate|turn|tilt)(?: (?:it|this|that|the icon))? (?:by )?(\d{1,3})\s*(?:degrees?|deg|°)?(?: (?:to the )?(left|right|clockwise|counter-?clockwise|anti-?clockwise))?",
            "rotate",
            "",
            1.0,
        ),
        (
            r"\b(?:rotate|turn)(?: (?:it|this|that|the icon))? (?:to the )?(?:left|counter-?clockwise|anti-?clockwise)\b",
            "rotate",
            "",
            -90.0,
        ),
        (
            r"\b(?:rotate|turn)(?: (?:it|this|that|the icon))?(?: (?:to the )?(?:right|clockwise))\b|\brotate it\b",
            "rotate",
            "",
            90.0,
        ),
        (r"\b(?:fill (?:it|this|that)(?: in)?)\b", "mode", "filled", 0.0),
        (
            rf"\b(?:without|remove|delete|drop|take (?:away|out|off)|lose|get rid of|erase|minus|leave out|omit|skip) {_THING}{_END}",
            "remove",
            "\\1",
            0.0,
        ),
        (
            r"\b(?:put|place|set|wrap|enclose) (?:it|this|that|the icon) (?:in|inside|into|within|on) (?:an? |the )?([a-z ]{3,20}?)(?=\s*(?:[,.;!?]|$| and | but | please))|\b(?:in|inside|into|within) (?:an? )(circle|square|rounded square|shield|hexagon|badge|box|diamond|ring|frame)\b",
            "inside",
            "\\1\\2",
            0.0,
        ),
        (
            r"\b(?:cross|strike) (?:it |this )?out\b|\b(?:with a slash|add a slash|slash(?:ed)?(?: it)?)\b",
            "add",
            "slash",
            0.0,
        ),
        (
            r"\b(?:add|give it|put|include) (?:an? |the |some |another )?([a-z0-9][a-z0-9 -]{0,40}?)(?: (?:to it|on it|on top|in the (?:top|bottom|upper|lower) (?:left |right )?corner|in the corner))?(?=\s*(?:[,.;!?]|$| and | but | please| to the | from | instead))",
            "add",
            "\\1",
            0.0,
        ),
        (
            r"\b(?:replace|swap|change) (?:the |its )?([a-z0-9][a-z0-9 -]{0,30}?) (?:with|for|by|to|into) (?:an? |the )?([a-z0-9][a-z0-9 -]{0,30}?)(?=\s*(?:[,.;!?]|$| and | but | please))",
            "replace",
            "\\1 -> \\2",
            0.0,
        ),
        (
            r"^(?:please )?(?:try (?:it |that )?again|again|once more|redo(?: it)?|redraw(?: it)?|re-?do|another (?:one|try|version|go|variant|variation|attempt)|(?:something|a) different(?: one)?|different(?: one)?|other options|more options|show (?:me )?(?:more|others|another|other (?:ones|options))|more like (?:this|that)|regenerate)\b",
            "again",
            "",
            0.0,
        ),
    )
)
_NOT_PARTS = re.compile(
    r"^(?:it|me|you|any|all|fill|fills|colou?r|colou?rs|a|an|the|.*\b(?:style|weight|width|radius|caps)|size|more .*|less .*)$"
)

_ORDINALS = {
    "first": 0,
    "1st": 0,
    "one": 0,
    "second": 1,
    "2nd": 1,
    "two": 1,
    "third": 2,
    "3rd": 2,
    "three": 2,
    "fourth": 3,
    "4th": 3,
    "four": 3,
    "fifth": 4,
    "5th": 4,
    "five": 4,
    "sixth": 5,
    "6th": 5,
    "six": 5,
    "seventh": 6,
    "eighth": 7,
    "last": -1,
    "final": -1,
    "left": 0,
    "leftmost": 0,
    "right": -1,
    "rightmost": -1,
}
_ORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_PICK = re.compile(
    rf"\b(?:the )(?P<o>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|seventh|eighth|last|final|leftmost|rightmost)(?: (?:one|icon|option|candidate|version|drawing|image|picture|variant))?\b(?! (?:time|thing|aid|floor|class|place))|"
    rf"\b(?:number|option|candidate|no\.?|nr\.?|variant|version|pick|choose|take)\s+#?(?P<n>\d{{1,2}}|{_ORD})\b|^\s*#(?P<h>\d{{1,2}})(?![\da-f])|"
    r"\b(?:option|candidate|variant|version) (?P<l>[a-h])\b|^(?P<p>first|second|third|fourth|last|1st|2nd|3rd|4th)(?: (?:one|please))?$|^(?P<d>[1-9])$"
)
_UNDO = re.compile(
    r"^(?:please |no,? |oops,? |ok,? )*(?:undo(?: (?:that|this|it|the last (?:change|edit|step|one)|last))?|(?:go|step|take it|roll(?: it)?|change it|put it) back(?: (?:one step|a step|to (?:the )?(?:previous|last|old|original)(?: (?:one|version))?|to (?:how|what) it was))?|revert(?: (?:that|it|this|the last change))?|the previous (?:one|version)(?: was better)?|previous version|as it was(?: before)?|restore(?: it)?|never mind(?: that| the last change)?)[\s.!]*(?:please)?[\s.!]*$"
)


def find(text: str) -> list[FoundEdit]:
    """Every edit of ``text`` (lower case), in order of place, none overlapping another."""
    found: list[FoundEdit] = []
    taken = bytearray(len(text))

    def take(edit: Edit, start: int, end: int) -> None:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(FoundEdit(edit, start, end))

    for pattern, op, sign in _COMPARE_RE:
        for m in pattern.finditer(text):
            step = _STEPS["more" if m["more"] else "little" if m["little"] else ""]
            flip = -sign if m.group().startswith("not ") and "too" not in m.group() else sign
            take(Edit(op, amount=round(step if flip > 0 else 1 / step, 3), text=m.group()), m.start(), m.end())
    for pattern, op, argument, amount in _PLAIN:
        for m in pattern.finditer(text):
            edit = _plain(m, op, argument, amount)
            if edit:
                take(edit, m.start(), m.end())
    return sorted(found, key=lambda f: f.start)


def _plain(m: re.Match[str], op: str, argument: str, amount: float) -> Edit | None:
    if op == "rotate":
        degrees = amount
        if m.re.groups >= 2:
            degrees = float(m[1]) * (-1.0 if m[2] and m[2] not in ("right", "clockwise") else 1.0)
        return Edit("rotate", amount=degrees, text=m.group())
    groups = [(g or "").strip() for g in m.groups()] + ["", ""]
    argument = argument.replace("\\1", groups[0]).replace("\\2", groups[1])
    if op in ("remove", "add", "replace") and (
        not argument or any(_NOT_PARTS.match(part.strip()) for part in argument.split("->"))
    ):
        return None
    return Edit(op, argument, text=m.group())


def pick(text: str) -> tuple[int, int, int] | None:
    """(index, start, end) of the candidate that is meant; index is 0-based, -1 the last."""
    m = _PICK.search(text)
    if not m:
        return None
    word = next(g for g in (m["o"], m["n"], m["h"], m["l"], m["p"], m["d"]) if g)
    if m["l"]:
        return ord(word) - ord("a"), m.start(), m.end()
    index = _ORDINALS.get(word, int(word) - 1 if word.isdigit() else None)
    return None if index is None or index < -1 else (index, m.start(), m.end())


def is_undo(text: str) -> bool:
    return bool(_UNDO.match(text))
