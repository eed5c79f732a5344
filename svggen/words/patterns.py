"""The patterns of drawing words, built from the tables. Each works on plain text (see clean.py): words between single
spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from svggen.words import tables as t
from svggen.words.scene import Turn


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


ART = r"(?:(?:an?|the|its|one|some|another)\s)?"
ADJ = r"(?:(?:small|little|tiny|big|large|thin|thick|round|nice|red|green|blue|outlined|filled|solid|simple)\s)*"
SIDE = _any(t.SIDES)
DIAGONAL = rf"(?P<x>\s(?:and\s)?(?:to\s)?(?:the\s)?(?:{SIDE}))"
FACING = re.compile(
    rf"(?:^|\s)(?:that\sis\s|which\sis\s|that\s|is\s|and\s|,\s)?"
    rf"(?:(?:facing|pointing|looking|points|faces|pointed|directed|heading|aimed|looks|point|going|goes|moving|flying|"
    rf"driving|swimming|turned|oriented|aiming|headed)\s(?:to\sthe\s|towards?\s(?:the\s)?|to\s)?"
    rf"(?P<a>{SIDE}){DIAGONAL}?(?:\sside)?(?!\w)|(?P<b>{SIDE})\s(?:facing|pointing)(?=\s)|to\sthe\s(?P<c>left|right)(?=\s*$|\s[,.]|\sin\s))"
)
ROTATE = re.compile(
    r"(?:^|\s)(?:and\s|that\sis\s|,\s)?(?:rotated?|turned|rotation|spun|turn|tilted|tilt|rotate\sit)\s(?:by\s|of\s|at\s)?(?P<deg>\d{1,3}(?:\.\d+)?)"
    r"(?:\s?(?:degrees?|deg))?(?:\s(?:to\sthe\s)?(?P<way>clockwise|counterclockwise|left|right))?(?=\s|$)"
)
TURNS: tuple[tuple[re.Pattern[str], Turn], ...] = tuple(
    (
        re.compile(
            rf"(?:^|\s)(?:and\s|that\sis\s|is\s|which\sis\s|,\s|turned\s|flipped\s|put\s)?(?:{pattern})(?=\s|$)"
        ),
        turn,
    )
    for pattern, turn in (
        (r"upside\sdown|on\sits\shead|inverted\svertically", Turn(degrees=180)),
        (
            r"(?:flipped|mirrored|flip|mirror)\s(?:vertically|top\sto\sbottom)|vertically\s(?:flipped|mirrored)",
            Turn(mirror="vertical"),
        ),
        (
            r"(?:flipped|mirrored|flip|mirror)\s(?:horizontally|left\sto\sright|sideways)|horizontally\s(?:flipped|mirrored)",
            Turn(mirror="horizontal"),
        ),
        (r"tilted\s(?:to\sthe\s)?left|leaning\s(?:to\sthe\s)?left", Turn(degrees=-15)),
        (
            r"tilted(?:\s(?:to\sthe\s)?right)?|leaning\s(?:to\sthe\s)?right|slightly\srotated|at\san\sangle",
            Turn(degrees=15),
        ),
        (r"mirrored|flipped(?:\sover)?|mirror\simage", Turn(mirror="horizontal")),
        (r"(?:turned|lying|laid)\s(?:on\sits\sside|sideways)|on\sits\sside", Turn(degrees=90)),
    )
)
CROSSED = re.compile(
    rf"(?:^|\s)(?:that\sis\s|which\sis\s|is\s|are\s|be\s|and\s|,\s|but\s)?(?:{_any(t.SLASH_PHRASES)})(?=\s|$)"
)
CONTAINER = re.compile(
    rf"(?:^|\s)(?:(?:that\sis\s|is\s|and\s)?(?:enclosed|framed|wrapped|set|placed|contained|surrounded|centered|sitting|drawn|put)\s)?"
    rf"(?:in|inside|within|into|on|onto|by|over)\s{ART}{ADJ}(?P<kind>{_any(t.CONTAINER_OF)})"
    rf"(?:\s(?:shape|frame|outline|border|background|container|shaped\sframe|button|shaped\sborder))?(?=\s|$)"
)
AROUND = re.compile(
    rf"(?:^|\s)with\s{ART}{ADJ}(?P<kind>{_any(t.CONTAINER_OF)})\s(?:around(?:\sit)?|surrounding\sit|as\s(?:an?\s)?(?:frame|background)|behind\sit|background|border|frame)(?=\s|$)"
)
CIRCLED = re.compile(rf"^(?P<word>{_any(t.CIRCLED)})\s(?=\w)|\s(?P<tail>{_any(t.CIRCLED)})$")
WITHOUT = re.compile(
    rf"(?:^|\s)(?:without|with\sno|having\sno|minus\sthe|but\sno|no(?<!^no))\s(?:any\s)?{ART}(?P<what>[\w-]+(?:\s(?!in\s|on\s|with\s|and\s|or\s|facing\s)[\w-]+)?)(?=\s|$)"
)
WITH = re.compile(
    r"\s(?:(?:that\s|which\s)?(?:has|have)|with|including|having|containing|featuring|bearing|holding|carrying|wearing|showing|"
    r"displaying|decorated\swith|marked\swith)\s"
)
WHERE = re.compile(
    r"(?:^|\s)(?:in|at|on|to)\s(?:the|its)\s(?:(?P<v>top|upper|bottom|lower)\s(?P<h>left|right)(?:\shand)?|(?P<v2>top|bottom)|(?P<h2>left|right))?"
    r"\s?(?:corner|side)?(?=\s|$)|(?:^|\s)(?P<in>inside(?:\sit|\sof\sit)?|(?:in|at)\s(?:the|its)\s(?:middle|center)|on\sit|in\sit|in\sside)(?=\s|$)"
)
BADGE_ON = re.compile(
    rf"^{ART}(?P<mark>[\w\s-]+?)(?:\sbadge)?\s(?P<prep>on|over|in|inside|within|atop)\s{ART}(?P<base>[\w-]+(?:\s[\w-]+)?)$"
)
COUNT = re.compile(rf"^{ART}(?P<n>{_any(t.COUNT_PHRASES)}|{_any(t.NUMBERS)})\s(?P<rest>\w.*)$")
RELATIVE = re.compile(
    rf"\s(?:{t.RELATIVES}|for|,|around\sthe|during|through|made|to|as|of\s(?:my|our|your|their|an?\s(?:app|website|page))|in\smy|on\smy|in\sour|on\sour)(?=\s|$)"
)
PLACE = re.compile(
    r"\s(?P<prep>on|in|under|at|over|by|near|next\sto|beside|behind|before|above|below|against|from|into|onto|inside|around|between|through)\s"
)
VERB_TO = re.compile(
    rf"^({_any(t.LEADING_MARKS)})\s(?:an?\s\w+\s)?(?:to|from|into|in|on|onto)\s(?:(?:the|an?|my|your)\s)?(?=\w)"
)
ICON_NOUN = re.compile(t.ICON_NOUNS)
WITH_ARROW = re.compile(
    rf"(?<=\s)(with|and|has)\s(?:an?\s)?arrow\s(?:that\sis\s|is\s)?(?:pointing|facing|going)\s(?:to\sthe\s)?({SIDE})(?=\s|$)"
)
NO = re.compile(r"^(?:no|not|do\snot|don't|dont|never|stop)\s(?:an?\s|any\s|more\s)?(?=\w)")
OFF = re.compile(r"^(?P<rest>.*\w)\s(?:off|slash)$")
