"""The vocabulary of edits: tables of patterns, and nothing else.

Contract. Data. All patterns are for lower-case English text. The factors are of a size that is seen at 24 px: a quarter
for plain, a tenth for "a bit", a half for "much".
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re

_LITTLE = r"(?:just )?(?:a )?(?:(?:little |tiny |wee )?bit|little|touch|tad|smidge|hair|notch)|slightly|somewhat"
_DEGREE = (
    rf"(?:(?P<more>much|a (?:whole )?lot|lots|far|way|considerably|significantly|even)\s+|(?P<little>{_LITTLE})\s+)?"
)
_AFTER = rf"(?:\s+(?:by )?(?:(?P<more2>a (?:whole )?lot|loads|quite a bit)|(?P<little2>{_LITTLE}))\b)?"
STEPS = {"more": 1.5, "little": 1.1, "": 1.25}
_COLOURS = r"(?:[a-z]+ )?(?:blue|red|green|gr[ae]y|orange|yellow|purple|pink|brown|teal|violet|turquoise|cyan|magenta|gold|beige|olive|mint|lime|colou?rs?|shades?|tones?|tints?)\b"
_TONE = r"(?:colou?rs?|shades?|tones?|tints?)"

COMPARE: tuple[tuple[str, str, int], ...] = (
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
COMPARE_RE = re.compile(
    rf"(?:\bnot\s+)?\b{_DEGREE}(?:{'|'.join(f'(?P<c{i}>{p})' for i, (p, _, _) in enumerate(COMPARE))})\b{_AFTER}"
)
"""One pattern for all: they differ in their middle alone, and each costs milliseconds to compile."""
_IS = r"(?:it'?s|they'?re|(?:lines?|strokes?|corners?|edges?|it|this|that|they|icon) (?:is|are|looks?|feels?|seems?))"
_BIT = (
    r"(?:a (?:little )?bit|a little|a tad|a touch|kind of|sort of|slightly|somewhat|rather|pretty|quite|really|very|so)"
)
PLAINLY: tuple[tuple[str, str, int], ...] = (
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
NOT_SO = re.compile(
    rf"\b(?:(?:not|n't|(?:don't|do not|didn't|never) (?:make|draw|have) (?:it|them|this|the [a-z]+)(?: look)?)(?: be)? (?:quite )?"
    rf"(?:so|that|as|this|too)(?: very)?|(?:the )?{_IS} {_BIT}(?: too)?) "
    rf"(?:{'|'.join(f'(?P<c{i}>{p})' for i, (p, _, _) in enumerate(PLAINLY))})(?: (?:lines?|strokes?|corners?|edges?))?\b"
)
""" "Not so thick", and "the lines look a bit heavy", which asks for the same."""
PART_HOW: dict[str, tuple[str, int]] = {
    "bigger": ("scale", 1), "larger": ("scale", 1), "smaller": ("scale", -1), "tinier": ("scale", -1),
    "thicker": ("stroke", 1), "bolder": ("stroke", 1), "heavier": ("stroke", 1), "thinner": ("stroke", -1),
    "finer": ("stroke", -1), "rounder": ("corners", 1), "softer": ("corners", 1), "sharper": ("corners", -1),
    "simpler": ("detail", -1), "darker": ("shade", -1), "brighter": ("shade", 1), "paler": ("shade", 1),
}  # fmt: skip
PART = re.compile(
    rf"\b(?:the|its|both|those|these) (?P<thing>[a-z][a-z -]{{1,28}}?) (?:(?:should|could|must|can|needs? to|has to|have to|ought to) be |is |are |to be |be |look )?{_DEGREE}(?P<how>{'|'.join(PART_HOW)})\b{_AFTER}"
)
WHOLE = re.compile(
    r"\b(?:icons?|lines?|strokes?|corners?|edges?|outlines?|thing|drawing|picture|whole|image|one|ones|it|size|colou?rs?|first|second|third|fourth|fifth|last|other|left|right|version|candidates?|padding|everything|all|style|weight|ends?|caps?|joins?|tips|leave|everything|put|here|there|take|out|up|my|our|some|any|go|less|more|try|keep|get|come|want|need|super|extra|be|is|are|make|with|and|but|in|without)\b"
)
"""What is the whole icon, or no part of one."""

_THING = r"(?:the |its |an? |some |that |this |any |all (?:the )?|those |these |both )?([a-z0-9][a-z0-9 -]{0,40}?)(?: (?:around|on|from|of|in|behind|under) it| anymore| any more| at all| completely| altogether| there)?"
_NO_NEED = r"(?:(?:it|we|you) )?(?:really )?(?:doesn't|does not|shouldn't|should not|don't|do not) (?:really )?(?:need|have)(?: to have)?|i (?:don't|do not) (?:want|need)(?: to see)?"
_END = r"(?=\s*(?:[,.;!?]|$| and | but | please| then | from | instead| with | to the | in the (?:top|bottom|corner|cent)))"
PLAIN: tuple[tuple[re.Pattern[str], str, str, float], ...] = tuple(
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
NOT_PARTS = re.compile(
    r"^(?:it|me|you|any|all|fill|fills|colou?r|colou?rs|a|an|the|.*\b(?:style|weight|width|radius|caps)|size|(?:[a-z]+ )?(?:tone|look|feel|touch|vibe|shade|twist|go|try|shot|break|rest)|more .*|less .*)$"
)
