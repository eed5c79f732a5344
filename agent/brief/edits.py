"""Edits and references: "thicker", "without the dot", "make it blue", "the second one", "undo".

Contract. ``find(text)`` reads lower-case text and gives each edit with its place. A comparative is a factor on what is
there; the factors are of a size that is seen at 24 px: a quarter for plain, a tenth for "a bit", a half for "much".
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.brief import styles
from agent.brief.types import Edit


@dataclass(frozen=True, slots=True)
class FoundEdit:
    edit: Edit
    start: int
    end: int


_LITTLE = r"(?:just )?(?:a )?(?:(?:little |tiny |wee )?bit|little|touch|tad|smidge|hair|notch)|slightly|somewhat"
_DEGREE = (
    rf"(?:(?P<more>much|a (?:whole )?lot|lots|far|way|considerably|significantly|even)\s+|(?P<little>{_LITTLE})\s+)?"
)
_AFTER = rf"(?:\s+(?:by )?(?:(?P<more2>a (?:whole )?lot|loads|quite a bit)|(?P<little2>{_LITTLE}))\b)?"
_STEPS = {"more": 1.5, "little": 1.1, "": 1.25}
_COLOURS = r"(?:[a-z]+ )?(?:blue|red|green|gr[ae]y|orange|yellow|purple|pink|brown|teal|violet|turquoise|cyan|magenta|gold|beige|olive|mint|lime|colou?rs?|shades?|tones?|tints?)\b"
_TONE = r"(?:colou?rs?|shades?|tones?|tints?)"

_COMPARE: tuple[tuple[str, str, int], ...] = (
    (
        r"(?:thicker|bolder|heavier|fatter|chunkier|more (?:bold|fat|thick|heavy|chunky)|stronger)(?: (?:strokes?|lines?|outlines?))?",
        "stroke",
        1,
    ),
    (
        rf"(?:(?:strokes?|lines?|outlines?|line weight|weight|line width) lighter|thinner|lighter(?! {_COLOURS})|finer|slimmer|less bold|less thick|more (?:delicate|thin|fine|light)|less heavy)(?: (?:strokes?|lines?|outlines?))?",
        "stroke",
        -1,
    ),
    (r"(?:thicken|beef up|fatten)(?: (?:it|the (?:strokes?|lines?|outlines?)))?(?: up)?", "stroke", 1),
    (r"(?:thin|slim) (?:it|the (?:strokes?|lines?|outlines?))(?: out| down)?", "stroke", -1),
    (r"(?:soften|round(?: off)?) (?:it|the (?:corners?|edges?)|(?:corners|edges))", "corners", 1),
    (r"sharpen(?: (?:it|the (?:corners?|edges?)|corners|edges))?", "corners", -1),
    (r"darken(?: (?:it|the colou?rs?))?", "shade", -1),
    (r"(?:brighten(?: (?:it|the colou?rs?))?(?: up)?|lighten (?:up )?the colou?rs?)", "shade", 1),
    (
        r"(?:increase|raise|bump(?: up)?|crank(?: up)?|up) the (?:strokes?|lines?)(?: width| weight| thickness)?(?: up)?",
        "stroke",
        1,
    ),
    (
        r"(?:decrease|reduce|lower|tone down|bring down) the (?:strokes?|lines?)(?: width| weight| thickness)?(?: down)?",
        "stroke",
        -1,
    ),
    (
        r"(?:rounder|softer|more (?:round(?:ed)?|soft|curvy)|less sharp|less angular)(?: corners?| edges?)?",
        "corners",
        1,
    ),
    (
        r"(?:sharper|less round(?:ed)?|more (?:angular|sharp|pointy|square)|harder|edgier|squarer|less soft|crisper)(?: corners?| edges?)?",
        "corners",
        -1,
    ),
    (r"(?:bigger|larger|more (?:big|large)|(?:scale|blow|size) (?:it |this )?up|enlarge(?: it)?|zoom in)", "scale", 1),
    (r"(?:smaller|tinier|more (?:small|tiny)|(?:scale|size) (?:it |this )?down|shrink(?: it)?|zoom out)", "scale", -1),
    (
        r"(?:\d+(?:\.\d+)?\s?px )?(?:(?:more|extra|additional) (?:padding|margin|space around(?: it)?|room|air|breathing room))",
        "padding",
        1,
    ),
    (r"(?:less (?:padding|margin|space around(?: it)?|room|air)|tighter)", "padding", -1),
    (r"(?:more detail(?:s|ed)?|more complex|more elaborate)", "detail", 1),
    (
        r"(?:simpler|simplify(?: it)?|less detail(?:s|ed)?|fewer details|less busy|less complex|cleaner|less clutter(?:ed)?|more (?:minimal|simple|plain|clean)|too busy|too detailed|too complex|too cluttered)",
        "detail",
        -1,
    ),
    (
        r"too (?:much|many|busy) (?:detail(?:s)?|lines?|clutter|things|stuff|parts)|(?:clean|tidy) (?:it |this |that )?up|declutter(?: it)?",
        "detail",
        -1,
    ),
    (r"too (?:thin|light|fine|weak|flimsy|faint)", "stroke", 1),
    (r"too (?:thick|bold|heavy|fat|chunky)", "stroke", -1),
    (r"too (?:sharp|angular|hard|pointy|boxy|square|edgy|harsh|rigid|stiff)", "corners", 1),
    (r"too (?:round|rounded|soft|bubbly|blobby|curvy)", "corners", -1),
    (r"too (?:plain|simple|empty|bare|basic)", "detail", 1),
    (r"too (?:complicated|fancy|noisy|fussy|intricate)", "detail", -1),
    (r"add (?:some |more |a bit of |a little )?details?", "detail", 1),
    (r"too (?:small|tiny)", "scale", 1),
    (r"too (?:big|large)", "scale", -1),
    (
        rf"(?:darker(?! {_COLOURS})|darker (?:the )?{_TONE}|deeper {_TONE}|too (?:bright|pale)|too light an? {_TONE})",
        "shade",
        -1,
    ),
    (rf"(?:(?:lighter|paler|softer|brighter) {_TONE}|(?:brighter|paler)(?! {_COLOURS})|too dark)", "shade", 1),
    (r"(?:more transparent|fainter second tone|lighter second tone)", "opacity", -1),
)
_COMPARE_RE = re.compile(
    rf"(?:\bnot\s+)?\b{_DEGREE}(?:{'|'.join(f'(?P<c{i}>{p})' for i, (p, _, _) in enumerate(_COMPARE))})\b{_AFTER}"
)
"""One pattern for all: they differ in their middle alone, and each costs milliseconds to compile."""
_IS = r"(?:it'?s|they'?re|(?:lines?|strokes?|corners?|edges?|it|this|that|they|icon) (?:is|are|looks?|feels?|seems?))"
_BIT = (
    r"(?:a (?:little )?bit|a little|a tad|a touch|kind of|sort of|slightly|somewhat|rather|pretty|quite|really|very|so)"
)
_PLAINLY: tuple[tuple[str, str, int], ...] = (
    (r"thick|bold|heavy|fat|chunky|wide|strong", "stroke", -1),
    (r"thin|fine|weak", "stroke", 1),
    (r"round|rounded|soft|curvy", "corners", -1),
    (r"sharp|angular|pointy|pointed|edgy|hard", "corners", 1),
    (r"big|large|huge", "scale", -1),
    (r"small|tiny|little", "scale", 1),
    (r"busy|complex|complicated|detailed|cluttered|fancy|fussy", "detail", -1),
    (r"simple|plain|empty|basic", "detail", 1),
    (r"dark", "shade", 1),
    (r"bright|pale", "shade", -1),
)
_NOT_SO = re.compile(
    rf"\b(?:(?:not|n't|(?:don't|do not|didn't|never) (?:make|draw|have) (?:it|them|this|the [a-z]+)(?: look)?)(?: be)? (?:quite )?"
    rf"(?:so|that|as|this|too)(?: very)?|(?:the )?{_IS} {_BIT}(?: too)?) "
    rf"(?:{'|'.join(f'(?P<c{i}>{p})' for i, (p, _, _) in enumerate(_PLAINLY))})(?: (?:lines?|strokes?|corners?|edges?))?\b"
)
""" "Not so thick", and "the lines look a bit heavy", which asks for the same."""
_PART_HOW: dict[str, tuple[str, int]] = {
    "bigger": ("scale", 1), "larger": ("scale", 1), "smaller": ("scale", -1), "tinier": ("scale", -1),
    "thicker": ("stroke", 1), "bolder": ("stroke", 1), "heavier": ("stroke", 1), "thinner": ("stroke", -1),
    "finer": ("stroke", -1), "rounder": ("corners", 1), "softer": ("corners", 1), "sharper": ("corners", -1),
    "simpler": ("detail", -1), "darker": ("shade", -1), "brighter": ("shade", 1), "paler": ("shade", 1),
}  # fmt: skip
_PART = re.compile(
    rf"\b(?:the|its|both|those|these) (?P<thing>[a-z][a-z -]{{1,28}}?) (?:(?:should|could|must|can|needs? to|has to|have to|ought to) be |is |are |to be |be |look )?{_DEGREE}(?P<how>{'|'.join(_PART_HOW)})\b{_AFTER}"
)
_WHOLE = re.compile(
    r"\b(?:icons?|lines?|strokes?|corners?|edges?|outlines?|thing|drawing|picture|whole|image|one|ones|it|size|colou?rs?|first|second|third|fourth|fifth|last|other|left|right|version|candidates?|padding|everything|all|style|weight|ends?|caps?|joins?|tips|leave|everything|put|here|there|take|out|up|my|our|some|any|go|less|more|try|keep|get|come|want|need|super|extra|be|is|are|make|with|and|but|in|without)\b"
)
"""What is the whole icon, or no part of one."""


def is_whole(words: str) -> bool:
    """Are these words for the whole icon, or for no part of one?"""
    return bool(_WHOLE.search(words))


_THING = r"(?:the |its |an? |some |that |this |any |all (?:the )?|those |these |both )?([a-z0-9][a-z0-9 -]{0,40}?)(?: (?:around|on|from|of|in|behind|under) it| anymore| any more| at all| completely| altogether| there)?"
_NO_NEED = r"(?:(?:it|we|you) )?(?:really )?(?:doesn't|does not|shouldn't|should not|don't|do not) (?:really )?(?:need|have)(?: to have)?|i (?:don't|do not) (?:want|need)(?: to see)?"
_END = r"(?=\s*(?:[,.;!?]|$| and | but | please| then | from | instead| with | to the | in the (?:top|bottom|corner|cent)))"
_PLAIN: tuple[tuple[re.Pattern[str], str, str, float], ...] = tuple(
    (re.compile(p), op, arg, amount)
    for p, op, arg, amount in (
        (
            r"\b(?:rotate|turn|spin)(?: (?:it|this|that|the icon))?(?: by)?(?: an?)? quarter(?: turn)?\b",
            "rotate",
            "",
            90.0,
        ),
        (
            r"\b(?:rotate|turn|spin)(?: (?:it|this|that|the icon))?(?: by)?(?: an?)? half(?: turn)?\b",
            "rotate",
            "",
            180.0,
        ),
        (
            r"\b(?:flip|mirror|reverse)(?: (?:it|this|that|this one|that one|the icon))?(?: (?:vertically|upside down|top to bottom))\b|\b(?:make it |turn it )?upside down\b",
            "flip",
            "vertical",
            0.0,
        ),
        (
            r"\b(?:flip|mirror|reverse)(?: (?:it|this|that|this one|that one|the icon))?(?: (?:horizontally|left to right|sideways|around))?(?: so (?:that )?it (?:points?|faces?|looks?) (?:to the )?(?:left|right|other way))?\b(?! ?(?:chart|phone))|\b(?:facing|face|look|looking|point|pointing) the other way\b|\b(?:the )?other way a?round\b|\bturn (?:it|this|that) (?:around|over)\b|^\s*(?:mirrored|flipped)(?=$|[ ,.!?])(?! [a-z]+ [a-z])|\bmake it (?:point|face|look) (?:to the )?(?:left|right)\b",
            "flip",
            "horizontal",
            0.0,
        ),
        (
            r"\b(?:rotate|turn|tilt|spin)(?: (?:it|this|that|the icon))? (?:by )?(\d{1,3})\s*(?:degrees?|deg|°)?(?: (?:to the )?(left|right|clockwise|counter-?clockwise|anti-?clockwise))?",
            "rotate",
            "",
            1.0,
        ),
        (
            r"\b(?:rotate|turn|spin)(?: (?:it|this|that|the icon))? (?:to the )?(?:left|counter-?clockwise|anti-?clockwise)\b",
            "rotate",
            "",
            -90.0,
        ),
        (
            r"\b(?:rotate|turn|spin)(?: (?:it|this|that|the icon))?(?: (?:to the )?(?:right|clockwise))\b|\brotate it\b",
            "rotate",
            "",
            90.0,
        ),
        (r"(?<!n't )(?<!not )(?<!never )\b(?:fill (?:it|this|that)(?: in)?)\b", "mode", "filled", 0.0),
        (
            rf"\b(?:without|remove|delete|drop|take (?:away|out|off)|lose|get rid of|erase|minus|leave out|omit|skip|ditch|kill|strip(?: (?:out|off|away))?|rm|del|nuke|scrap|no more|{_NO_NEED}) {_THING}(?: (?:from|off) (?:the|its|that) [a-z]{{2,14}})?{_END}",
            "remove",
            "\\1",
            0.0,
        ),
        (rf"\b(?:take|throw|get|leave) {_THING} (?:away|out|off)\b", "remove", "\\1", 0.0),
        (
            r"\b(?:put|place|set|wrap|enclose|frame|stick|drop|fit) (?:it|this|that|the icon) (?:in|inside|into|within|on) (?:an? |the )?([a-z ]{3,20}?)(?=\s*(?:[,.;!?]|$| and | but | please))|\b(?:in|inside|into|within|on) (?:an? )(circle|rounded square|square|shield|hexagon|badge|box|diamond|ring|frame)\b|\bas\s+(?:an? )?\s*(badge|button|sticker|stamp|medallion)\b",
            "inside",
            "\\1\\2\\3",
            0.0,
        ),
        (
            r"\b(?:the|that|this|those|these) ([a-z][a-z -]{0,24}?) (?:can|could|should|must|has to|have to|needs to|may) (?:go|go away|be (?:removed|deleted|gone|dropped))\b",
            "remove",
            "\\1",
            0.0,
        ),
        (
            r"^[\s,]*(?:and |but |now |maybe |just )*with (?:an? |some |another )([a-z0-9][a-z0-9 -]{0,30}?)(?: (?:on|over|above) (?:it|top)| too| as well)?(?=\s*(?:[,.;!?]|$| and | but | please))",
            "add",
            "\\1",
            0.0,
        ),
        (
            r"\binstead of (?:the|its|that) ([a-z][a-z -]{1,24}?),? (?:use|put|draw|make|take|do|try|have) (?:an? |the )?([a-z][a-z -]{1,24}?)(?=\s*(?:[,.;!?]|$| and | but | please))",
            "replace",
            "\\1 -> \\2",
            0.0,
        ),
        (
            r"\b(?:put|add|draw|with|have) (?:an? |the )?(circle|rounded square|square|shield|hexagon|badge|box|diamond|ring|frame) (?:around|behind|under) (?:it|this|that|the icon)\b",
            "inside",
            "\\1",
            0.0,
        ),
        (
            r"\b(?:cross|strike) (?:it |this )?out\b|\b(?:with a slash|add a slash|slash(?:ed)?(?: it)?)\b",
            "add",
            "slash",
            0.0,
        ),
        (
            r"\b(?:add|give it|put|include) (?:an? |the |some |another )?([a-z0-9][a-z0-9 -]{0,40}?)(?: (?:to it|on it|on top|(?:in|on|at|above|below|under|behind|next to|near|inside) (?:the|its|that) [a-z]{2,12}(?: [a-z]{2,12}){0,2}))?(?=\s*(?:[,.;!?]|$| and | but | please| to the | from | instead))",
            "add",
            "\\1",
            0.0,
        ),
        (
            r"\b(?:(?:replace|swap(?: out)?|change|exchange|trade) (?:the |its )?|(?:turn|transform|convert|make) (?:the |its ))([a-z0-9][a-z0-9 -]{0,30}?) (?:with|for|by|to|into) (?:an? |the )?([a-z0-9][a-z0-9 -]{0,30}?)(?=\s*(?:[,.;!?]|$| and | but | please| instead))",
            "replace",
            "\\1 -> \\2",
            0.0,
        ),
        (
            r"\bmake (?:the|its) ([a-z]+) an? (?!bit\b|little\b|lot\b|touch\b|tad\b|notch\b|hair\b)([a-z]+)\b",
            "replace",
            "\\1 -> \\2",
            0.0,
        ),
        (
            r"\b(?:an? |the )?([a-z][a-z -]{1,24}?) (?:instead of|rather than|in place of) (?:the|its|that) ([a-z][a-z -]{1,24}?)(?=\s*(?:[,.;!?]|$| and | but | please))",
            "replace",
            "\\2 -> \\1",
            0.0,
        ),
        (
            r"^(?:please )?(?:try (?:it |that )?again|again|once more|redo(?: it)?|redraw(?: it)?|re-?do|another (?:one|try|version|go|variant|variation|attempt|option|idea|design|drawing|take|round|shot)|(?:try |do |draw )?something else|(?:try|do|show|give|want|see)(?: me)? (?:an)?other(?: ones?)?(?=$|\s*[.,!?]|\s+please)|(?:some )?(?:new|more|fresh|other|different) (?:ideas|options|versions|variants|designs)|one more(?: time| try| go)?(?=$| please)|surprise me|(?:roll|go|run|do)(?: it| that)? again|(?:i(?:'d| would) (?:like|love) to see|(?:can|could|may) i see|let me see|i want to see) (?:the |some )?(?:others?|more|other ones|other options|another one|something else)|(?:something|a) different(?: one)?|different(?: one)?|other options|more options|(?:show|give) (?:me )?(?:(?:some )?other (?:ones|options|versions|ideas)|(?:some )?others?|(?:some|a few|two|three|four|five|\d)? ?more|another(?: one)?|something (?:else|different|new)|(?:a few )?(?:more|different) (?:options|ideas|versions|ones))|next(?: ones?)?(?= please|$)|any other (?:ideas|options)|what else (?:do|can) you (?:have|got|do)|more like (?:this|that)|regenerate)\b",
            "again",
            "",
            0.0,
        ),
    )
)
_NOT_PARTS = re.compile(
    r"^(?:it|me|you|any|all|fill|fills|colou?r|colou?rs|a|an|the|.*\b(?:style|weight|width|radius|caps)|size|(?:[a-z]+ )?(?:tone|look|feel|touch|vibe|shade|twist|go|try|shot|break|rest)|more .*|less .*)$"
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

    for m in _PART.finditer(text):
        if not _WHOLE.search(m["thing"]):
            op, sign = _PART_HOW[m["how"]]
            take(Edit(op, m["thing"].strip(), _amount(m, sign), m.group()), m.start(), m.end())
    for m in _NOT_SO.finditer(text):
        _, op, sign = _which(m, _PLAINLY)
        take(Edit(op, amount=1.25 if sign > 0 else 0.8, text=m.group()), m.start(), m.end())
    for m in _COMPARE_RE.finditer(text):
        _, op, sign = _which(m, _COMPARE)
        flip = -sign if m.group().startswith("not ") and "too" not in m.group() else sign
        take(Edit(op, amount=_amount(m, flip), text=m.group()), m.start(), m.end())
    for pattern, op, argument, amount in _PLAIN:
        for m in pattern.finditer(text):
            edit = _plain(m, op, argument, amount)
            if edit:
                take(edit, m.start(), m.end())
    return _without_denied(sorted(found, key=lambda f: f.start))


def _which(m: re.Match[str], table: tuple[tuple[str, str, int], ...]) -> tuple[str, str, int]:
    return next(row for i, row in enumerate(table) if m[f"c{i}"] is not None)


def _amount(m: re.Match[str], sign: int) -> float:
    more, little = m["more"] or m["more2"], m["little"] or m["little2"]
    step = _STEPS["more" if more else "little" if little and "too " not in m.group() else ""]
    return round(step if sign > 0 else 1 / step, 3)


def _without_denied(found: list[FoundEdit]) -> list[FoundEdit]:
    """ "Not bigger, just bolder": beside a change that is wanted, one that is denied is none. Its place stays taken."""
    wanted = [f for f in found if f.edit.amount and not f.edit.text.startswith("not ")]
    if not wanted:
        return found
    return [
        FoundEdit(replace(f.edit, op=""), f.start, f.end) if f.edit.text.startswith("not ") and _is_denied(f) else f
        for f in found
    ]


def _is_denied(found: FoundEdit) -> bool:
    return bool(found.edit.amount) and not re.match(r"not (?:be |quite )*(?:so|that|as|this|too)\b", found.edit.text)


def _plain(m: re.Match[str], op: str, argument: str, amount: float) -> Edit | None:
    if op == "rotate":
        degrees = amount
        if m.re.groups >= 2:
            degrees = float(m[1]) * (-1.0 if m[2] and m[2] not in ("right", "clockwise") else 1.0)
        return Edit("rotate", amount=degrees, text=m.group())
    groups = [re.sub(r"^(?:an?|the|some) ", "", " ".join((g or "").split())) for g in m.groups()] + ["", "", ""]
    argument = argument.replace("\\1", groups[0]).replace("\\2", groups[1]).replace("\\3", groups[2])
    if op in ("remove", "add", "replace") and (
        not argument or any(_NOT_PARTS.match(part.strip()) for part in argument.split("->"))
    ):
        return None
    return Edit(op, argument, text=m.group())


def pick(text: str, at: int = 0) -> tuple[int, int, int] | None:
    """(index, start, end) of the first candidate that is meant from ``at`` on; index is 0-based, -1 the last."""
    m = _PICK.search(text, at)
    if not m:
        return None
    word = next(g for g in (m["o"], m["n"], m["h"], m["l"], m["p"], m["d"]) if g)
    if m["l"]:
        return ord(word) - ord("a"), m.start(), m.end()
    index = _ORDINALS.get(word, int(word) - 1 if word.isdigit() else None)
    return None if index is None or index < -1 else (index, m.start(), m.end())


def is_undo(text: str) -> bool:
    return bool(_UNDO.match(text))


def before_style(text: str) -> list[FoundEdit]:
    """What goes before the style words of a message about an icon: the parts which shall go ("get rid of the shadow",
    "no handle"; elsewhere "no smoking" is a sign), and what it is put into ("in a rounded square")."""
    inside = [f for f in find(text) if f.edit.op == "inside" and " " in f.edit.argument]
    found = [f for f in find(text) if f.edit.op == "remove" and _DEFINITE.search(f.edit.text)]
    found = [f for f in found if not _is_look(f.edit.argument)]
    m = _NO_PART.match(text)
    if (
        m
        and not _SIGNS.match(m["part"])
        and not _NOT_PARTS.match(m["part"])
        and not any(f.end == len(m["part"]) for f in styles.find(m["part"], things=True))
    ):
        found.append(FoundEdit(Edit("remove", m["part"], text=m.group()), m.start(), m.end()))
    return [*inside, *found]


def _is_look(words: str) -> bool:
    """ "The fill", "the round corners": a look, no part."""
    return any(f.fields or f.avoid in ("filled", "outline", "color") for f in styles.find(words, things=True))


_DEFINITE = re.compile(r"\b(?:the|that|this|its|those|these)\b")
_NO_PART = re.compile(
    r"^\s*(?:please |and |but |with |also |just )*no (?:more )?(?P<part>[a-z][a-z -]{1,30}?)(?: (?:please|though|either|anymore|at all|thanks|thank you|here|on it|needed|necessary))*(?:,? (?:just|only) [a-z ]{2,30})?[\s.!]*$"
)
_SIGNS = re.compile(
    r"(?:smoking|entry|parking|phones?|dogs?|pets?|food|drinks?|photos?|photography|cameras?|littering|swimming|trespassing|vaping|alcohol|cycling|bikes?|internet|wi-?fi|signal|sound|connection|results?|data|image|video|access|symbol|sign|thanks?|way|problem|idea|need|worries|one|more|good|longer|icon|that|this|it|wait|i|you)\b"
)
"""What "no" makes a sign of, or no order at all."""
