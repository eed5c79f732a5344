"""The vocabulary of style: tables of patterns and the StyleSpec fields that they set, and nothing else.

Contract. Data, and the few functions that turn a matched number into fields. All patterns are for lower-case text.
Numbers of words without a number are for a 24 px canvas (``WEIGHTS``).
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

WEIGHTS: dict[str, float] = {
    "hairline": 0.75,
    "very thin": 0.75,
    "ultra thin": 0.75,
    "extra thin": 0.75,
    "super thin": 0.75,
    "razor thin": 0.75,
    "wafer thin": 0.75,
    "thin": 1.25,
    "light": 1.25,
    "delicate": 1.25,
    "fine": 1.25,
    "slim": 1.25,
    "slender": 1.25,
    "skinny": 1.25,
    "narrow": 1.25,
    "regular": 2.0,
    "normal": 2.0,
    "medium": 2.0,
    "thick": 2.75,
    "bold": 2.75,
    "heavy": 2.75,
    "fat": 2.75,
    "hefty": 2.75,
    "beefy": 3.0,
    "chunky": 3.0,
    "very thick": 3.5,
    "extra thick": 3.5,
    "super thick": 3.5,
    "extra bold": 3.5,
    "very bold": 3.5,
    "ultra bold": 3.5,
    "black": 3.5,
}
"""Stroke width in px at 24 px. Phosphor draws thin, light, regular, bold at 0.75, 1.1, 1.5 and 2.25 px; Lucide's and
Tabler's own regular is 2 px, which "thick" must exceed and "thin" must stay clear of."""
ROUND_RADIUS = 2.0
"""px at 24 px: the radius that Lucide's guide asks for on elements of 8 px and more."""


def _f(m: re.Match[str], low: float, high: float, scale: float = 1.0) -> float:
    return min(high, max(low, round(float(m[1].replace(",", ".")) * scale, 3)))


def _line(m: re.Match[str], width: float | None = None) -> dict[str, Any]:
    out: dict[str, Any] = {"stroke_width": width if width is not None else _f(m, 0.25, 6)}
    if re.search(r"outlines?$", m.group()):
        out["mode"] = "outline"
    return out


def _grid(m: re.Match[str]) -> dict[str, Any] | None:
    size = float(m[1].replace(",", "."))
    return {"grid": int(size)} if size == int(size) and 8 <= size <= 1024 else None


def _bare(m: re.Match[str]) -> dict[str, Any] | None:
    """A bare "2px" is a line, a bare "24px" is a canvas; 6 to 8 px is neither for sure."""
    size = float(m[1].replace(",", "."))
    return {"stroke_width": max(0.25, size)} if size <= 6 else _grid(m)


_NUM = r"(\d{1,3}(?:[.,]\d{1,3})?)"
_PX = r"\s*-?\s*(?:px|pixels?|pt|points?|units?)?"
_LINE = r"(?:(?:line|stroke)[ -]?(?:weight|width|thickness)|strokes?|lines?|outlines?|line[ -]?work|weight)"
_AIR = r"(?:breathing[ -](?:room|space)|(?:clear|white|empty|free)[ -]?space|air|space(?= around)|room(?= around))"
"""Padding in other words, where a measure with its unit goes before it."""
_WORDS = "|".join(sorted((w.replace(" ", "[ -]") for w in WEIGHTS if w != "black"), key=len, reverse=True))
_BE = r"(?:(?:are|is|be|being|stay|stays|staying|remain|look|kept|should|must|have to|need to|ought to|to|always|all|nice|nicely|really|quite|rather|and|fairly) ){0,4}"
"""Between a noun and its adjective: "corners should always be ..."."""
_SOFT = r"(?:rounded|round|soft|softened|soft-edged|smooth|smoothed|gentle|gently rounded|curved|curvy|pillowy)"
_HARD = r"(?:sharp|hard|square|squared|pointed|pointy|crisp|straight|boxy|angular|harsh|spiky|squared-off|squared off|90[ -]degree|unrounded)"
_ENDS = r"(?:line ?caps?|caps?|line ends?|stroke ends?|ends|endings|line endings|terminals|tips)"
_ICON = r"(?:style|icons?|look|version|variant|glyphs?|one|art|drawing|design|set)"

_ROUND = {"corner_radius": ROUND_RADIUS, "cap": "round", "join": "round"}
_SHARP = {"corner_radius": 0.0, "cap": "butt", "join": "miter"}

_CAPS: dict[str, str] = {
    "round": "round",
    "rounded": "round",
    "square": "square",
    "squared": "square",
    "butt": "butt",
    "flat": "butt",
    "blunt": "butt",
    "soft": "round",
}
_JOINS: dict[str, str] = {
    "round": "round",
    "rounded": "round",
    "miter": "miter",
    "mitre": "miter",
    "mitered": "miter",
    "mitred": "miter",
    "sharp": "miter",
    "pointed": "miter",
    "bevel": "bevel",
    "bevelled": "bevel",
    "beveled": "bevel",
}

# (pattern, fields, name when avoided). A callable makes the fields from the match. Earlier rules win a stretch of text.
RULES: tuple[tuple[str, dict[str, Any] | Callable[[re.Match[str]], dict[str, Any] | None], str], ...] = (
    # numbers with a unit or a noun
    (
        rf"\b{_NUM}\s*(?:%|percent)\s*(?:secondary |second tone )?(?:opacity|opaque|tint)\b",
        lambda m: {"secondary_opacity": _f(m, 0, 1, 0.01)},
        "tint",
    ),
    (
        rf"\b(?:secondary |second tone )?opacity\s*(?:of |is |=|:)?\s*{_NUM}\s*(?:%|percent)",
        lambda m: {"secondary_opacity": _f(m, 0, 1, 0.01)},
        "tint",
    ),
    (
        rf"\b(?:corner |corners? )?radi(?:us|i)(?: of the corners)?\s*(?:of |is |at |=|:|to )?\s*{_NUM}{_PX}",
        lambda m: {"corner_radius": _f(m, 0, 8)},
        "radius",
    ),
    (
        rf"\b{_NUM}{_PX}[ -](?:corner |border )?(?:radius|rounded corners?|round corners?|rounding|corners?)\b",
        lambda m: {"corner_radius": _f(m, 0, 8)},
        "radius",
    ),
    (
        rf"\b(?:(?:rounded|round|soft) )?(?:corners?|rounding) (?:of |at |with |by |= ?|: ?){_NUM}{_PX}(?![\w.])",
        lambda m: {"corner_radius": _f(m, 0, 8)},
        "radius",
    ),
    (rf"\b(?:with )?{_NUM}{_PX}[ -](?:of )?(?:padding|margins?)\b", lambda m: {"padding": _f(m, 0, 8)}, "padding"),
    (
        rf"\b(?:with )?{_NUM}\s*-?\s*(?:px|pixels?|pt|points?|units?)[ -](?:of )?{_AIR}\b(?: around(?: it| them| the icon)?\b)?",
        lambda m: {"padding": _f(m, 0, 8)},
        "padding",
    ),
    (rf"\b{_AIR}\s*(?:of |is |=|:)\s*{_NUM}{_PX}", lambda m: {"padding": _f(m, 0, 8)}, "padding"),
    (
        rf"\b(?:padding|margins?)\s*(?:of |is |at |=|:|to )?\s*{_NUM}{_PX}",
        lambda m: {"padding": _f(m, 0, 8)},
        "padding",
    ),
    (
        rf"\b{_LINE}\s*(?:of|is|are|at|=|:|to|with|should be|must be)?\s*{_NUM}{_PX}(?:\s*(?:wide|thick))?(?![\w.])",
        lambda m: {"stroke_width": _f(m, 0.25, 6)},
        "thickness",
    ),
    (rf"\b{_NUM}{_PX}[ -](?:wide |thick |thin )?{_LINE}\b(?!\s*(?:chart|graph))", lambda m: _line(m), "thickness"),
    (rf"\b{_NUM}\s*-?\s*(?:px|pixels?|pt)\s*(?:wide|thick)\b", lambda m: {"stroke_width": _f(m, 0.25, 6)}, "thickness"),
    (
        rf"\b(?:at |in |on |for |size |sized )?(?:an? )?{_NUM}\s*x\s*\1\s*(?:px|pixels?)?(?:\s*(?:grid|canvas|icons?|size))?\b",
        lambda m: _grid(m),
        "size",
    ),
    (
        rf"\b(?:at |in |on |for )?(?:an? )?(?:size|grid|canvas)\s*(?:of |is |=|:|to )?\s*{_NUM}\s*(?:px|pixels?)?(?![\w.])",
        lambda m: _grid(m),
        "size",
    ),
    (rf"\b(?:at |in |on |for )?(?:an? )?{_NUM}\s*-?\s*(?:px|pixels?)?\s*(?:grid|canvas)\b", lambda m: _grid(m), "size"),
    (
        rf"\b(?:at |in |on |for )?(?:an? )?{_NUM}\s*-?\s*(?:px|pixels?|pt)\b(?!\s*(?:wide|thick))",
        lambda m: _bare(m),
        "size",
    ),
    # line weight in words
    (
        rf"\b({_WORDS})[ -]+(?:{_LINE}|weights?)\b(?!\s*(?:chart|graph))",
        lambda m: _line(m, WEIGHTS[m[1].replace("-", " ")]),
        "\\1",
    ),
    (
        rf"\b(?:strokes?|lines?|outlines?|line ?work) {_BE}({_WORDS})\b(?! [a-z]+s\b)",
        lambda m: {"stroke_width": WEIGHTS[m[1].replace("-", " ")]},
        "\\1",
    ),
    (r"\bhairlines\b", {"stroke_width": WEIGHTS["hairline"]}, "hairline"),
    # caps, joins, corners
    (
        rf"\b(rounded[ -]off|squared[ -]off|round|rounded|square|squared|butt|flat|blunt|soft)(?:[ -](?:line|stroke))?[ -]*{_ENDS}\b",
        lambda m: {"cap": _CAPS[m[1].partition("-")[0].partition(" ")[0]]},
        "\\1 caps",
    ),
    (
        rf"\b(?:stroke[ -]?)?{_ENDS}(?:\s*[=:])? *{_BE}(rounded|round|squared|square|butt|flat|blunt)\b",
        lambda m: {"cap": _CAPS[m[1]]},
        "\\1 caps",
    ),
    (
        r"\b(?:stroke[ -]?)?line[ -]?join(?:s)?(?:\s*[=:])? *(?:is |are )?(rounded|round|mitered|mitred|miter|mitre|bevelled|beveled|bevel)\b",
        lambda m: {"join": _JOINS[m[1]]},
        "\\1 joins",
    ),
    (
        r"\b(round|rounded|miter|mitre|mitered|mitred|bevel|bevelled|beveled|sharp|pointed)[ -](?:line ?joins?|joins?|joints?)\b",
        lambda m: {"join": _JOINS[m[1]]},
        "\\1 joins",
    ),
    (
        rf"\b(?:(?:fully|very|nicely|softly|nice|big|slightly) )?(?:{_SOFT}(?:,? (?:and )?|-))+(?:corners?|edges?)\b",
        {"corner_radius": ROUND_RADIUS, "join": "round"},
        "round corners",
    ),
    (
        rf"\b(?:corners?|edges?) {_BE}{_SOFT}\b(?! (?:line|cap|join|end))",
        {"corner_radius": ROUND_RADIUS, "join": "round"},
        "round corners",
    ),
    (
        rf"\b(?:(?:very|nice|hard) )?(?:{_HARD}(?:,? (?:and )?|-))+(?:corners?|edges?|angles)\b",
        {"corner_radius": 0.0, "join": "miter"},
        "sharp corners",
    ),
    (
        rf"\b(?:corners?|edges?) {_BE}{_HARD}\b(?! (?:line|cap|join|end))",
        {"corner_radius": 0.0, "join": "miter"},
        "sharp corners",
    ),
    # modes
    (
        r"\b(?:pixel[ -]?art|pixel style|pixelated|pixelled|8[ -]?bit|retro pixels?)(?: style| look| icons?)?\b",
        {"pixel_art": True},
        "pixel art",
    ),
    (
        r"\b(?:duo[ -]?tones?|two[ -]?tones?|bi[ -]?tone|dual[ -]?tone|two[ -]shades?|in two shades|two shades of (?:the )?one colou?r)(?: (?:style|icons?))?\b",
        {"mode": "duotone"},
        "duotone",
    ),
    (
        r"\b(?:flat|full|in full)[ -]?colou?rs?(?:ed|ful)?(?: (?:style|icons?))?\b|\b(?:colou?rful|multi[ -]?colou?r(?:ed)?|multiple colou?rs|many colou?rs|in colou?r)\b|\bflat (?:style|design|icons?|look)\b",
        {"mode": "color"},
        "color",
    ),
    (
        rf"\b(?:outlined|outlines?[ -]only|lines?[ -]only|contours?[ -]only|wire[ -]?frame|line drawings?|linear {_ICON}|stroke[ -]based|outline[ -]based|outline {_ICON}|line {_ICON}|line[ -]art|stroked?[ -]only|unfilled|hollow|monoline|lined {_ICON}|in outline|as (?:an )?outline|(?:just|only|do|use|prefer|like|always|plain|simple|pure|bare|mere) (?:the )?outlines?(?! (?:view|tool)))\b",
        {"mode": "outline"},
        "outline",
    ),
    (
        rf"\b(?:filled[ -]in|fully filled|filled (?:shapes?|icons?|glyphs?|symbols?|areas?)|(?<!half[ -])filled(?! with)|solid {_ICON}|solid (?:fills?|shapes?|colou?r|blocks?|glyphs?|areas?|masses)|solid|in solid|glyph style|silhouettes?|with (?:a )?fills?|fill {_ICON})\b",
        {"mode": "filled"},
        "filled",
    ),
    (
        r"\b(?:mono[ -]?chrome|monochromatic|(?:single|one)[ -](?:colou?r(?:ed)?|hue|tint))\b",
        {"palette": ["currentColor"]},
        "monochrome",
    ),
    # single adjectives, only before a noun or where nothing else is left (see _adjective)
)
ADJECTIVES: dict[str, tuple[dict[str, Any], str]] = {
    **{
        w: ({"stroke_width": WEIGHTS[w]}, w)
        for w in (
            "hairline",
            "very thin",
            "ultra thin",
            "thin",
            "delicate",
            "thick",
            "bold",
            "heavy",
            "chunky",
            "very thick",
            "extra bold",
            "very bold",
            "ultra bold",
        )
    },
    **{
        w: (_ROUND, "round corners")
        for w in (
            "rounded",
            "roundish",
            "very rounded",
            "well rounded",
            "soft",
            "softly rounded",
            "bubbly",
            "friendly",
            "round",
        )
    },
    **{
        w: (_SHARP, "sharp corners")
        for w in ("sharp", "angular", "edgy", "geometric", "crisp", "square-cornered", "pointy")
    },
    **{
        w: ({"detail": 0.2}, w)
        for w in ("simple", "very simple", "minimal", "minimalist", "minimalistic", "plain", "clean")
    },
    **{w: ({"detail": 0.8}, w) for w in ("detailed", "very detailed", "elaborate", "intricate", "ornate", "complex")},
    "outline": ({"mode": "outline"}, "outline"),
    "fill": ({"mode": "filled"}, "filled"),
    "hollow": ({"mode": "outline"}, "outline"),
}
ADJECTIVE = re.compile(r"\b(" + "|".join(sorted(ADJECTIVES, key=len, reverse=True)) + r")\b")
ADJECTIVE_COMPOUNDS = re.compile(
    r"\b(?:(?:way|other|turn(?:ed)?|look|all) round|round (?:table|trip|robin|bracket|number|house)|bold (?:text|type|font|button|letter|b|format\w*)|(?:text|font|type|format) bold|"
    r"heavy (?:rain|snow|metal|machine\w*|truck|duty)|sharp (?:note|sign|tool)|(?:music|c|f) sharp|plain text|soft (?:drink|ware|ball|skill\w*)|"
    r"crisp (?:packet|bag)|clean (?:up|ing)|simple moving|complex number|outline (?:view|list|tool)|fill (?:tool|bucket|form|color|colour)|"
    r"(?:paint|color|colour|text|document|form|bucket|gas|petrol) (?:fill|outline)|soft (?:toy|serve)|thin client|geometric shapes?|thick fog)\b"
)
NEGATION = re.compile(
    r"(?:\b(?:not|no|never|without|non|avoid|avoids|avoiding|zero|neither|nor|stop using|stop with|enough of|no more|hates?|dislikes?|rather than|instead of|anything but|"
    r"(?:can't|cannot|can not|couldn't|could not) (?:stand|bear|abide|stomach)|not? (?:an? )?(?:big |huge |great )?(?:fan|fans|friend|lover) of|(?:not|never|n't|hardly) (?:been )?(?:very |too |so |that )?(?:keen on|fond of|into|in favou?r of|for)|steer(?:ing)? clear of|keep(?:ing)? clear of|"
    r"(?:stay|keep|shy)(?:ing)? away from|(?:don't|do not|doesn't|never)(?: \w+)? cared? for|(?:get|got|getting) rid of|never (?:give|send|show|bring|hand) me|(?:has|have) no (?:love|use|time|patience) for|goodbye to|(?:loathe|despise|detest|abhor|ban|forbid|prohibit|refuse|reject)s?|banned:?|forbidden:?|prohibited:?|allergic to|refrain from|"
    r"free (?:of|from)|do(?:ing)? (?:away with|without)|had (?:it|enough) (?:with|of)|(?:fed up|done|finished|through) with|(?:tired|sick) of|spare me|rules? out|forbids|prohibits|bans|nothing|none of (?:my|our|the) icons (?:is|are|should be)|"
    r"(?:do|does|should|must|can|could|would|is|are|was|will)(?:n't| not)|won't|cannot|don't (?:use|like|want|make|draw)|(?:do|does|should|must) not (?:use|like|want|have|be))(?!\w)"
    r"(?:\s+(?:ever|any|be|have|use|using|like|want|make it|made|a|an|the|too|draw|so|them|it|in|with|anything|icons?|my|our|even|all|seeing|see|having|drawing|those|these|kind of|sort of|that|looks?|when|how|if))*)[\s-]*$"
)
FORBIDDEN = re.compile(
    r"^(?:-free\b|\s+(?:icons? |shapes? |glyphs? )?(?:(?:(?:is|are|was|were|get|be|remain|stay) (?:\w+ly |all |now |always |also )?(?:banned|forbidden|prohibited|not allowed|disallowed|not permitted|not welcome|unwelcome|off limits|off-limits|out of the question|ruled out|taboo|verboten)|(?:aren't|isn't) (?:needed|necessary|allowed|permitted|welcome|ok|okay|acceptable)|(?:are|is) (?:not|never) (?:ok|okay|acceptable|an option))\b|(?:must|should|shall|have to|has to|need to) (?:be (?:avoided|banned|left out)|go(?: away)?(?=\s*(?:[,.;!]|$|in |from )))|(?:have|has) (?:never|not) been (?:our|my) \w+))"
)
"""After a style phrase: what forbids it ("gradients are off limits", "shadow-free")."""
THINGS: dict[str, str] = {
    "gradients": r"(?:colou?r )?(?:gradients?|colou?r fades?|colou?r ramps?|blends?)",
    "shadows": r"(?:drop|cast|soft|hard|inner|box)?[ -]?(?:shadows?|shading)",
    "text": r"(?:text|letters|lettering|words)",
    "background": r"backgrounds?",
    "perspective": r"(?:perspective|3d|isometric)",
    "faces": r"faces",
    "people": r"(?:people|humans?)",
    "emoji": r"emojis?",
    "dashes": r"(?:dashes|(?:dashed|dotted|broken) (?:lines?|strokes?|outlines?))",
    "transparency": r"(?:transparency|opacity)",
    "glow": r"(?:(?:neon |outer |inner )?glows?|glow effects?)",
    "color": r"colou?rs?",
    "filled": r"(?:fills?|filling|filled (?:shapes|icons))",
    "outline": r"(?:outlines?|strokes)",
    "texture": r"(?:textures?|patterns?|hatching)",
    "small details": r"(?:(?:small|tiny|fine) details?|clutter)",
}
"""What may be avoided by name, beside the style words: canonical name -> pattern. Only looked for after a negation."""
THING_WORD = re.compile(
    r"\b(?:" + "|".join(f"(?P<t{i}>{pattern})" for i, pattern in enumerate(THINGS.values())) + r")(?![\w])"
)
BRAND = re.compile(
    r"\b(?:in )?(?:our|my|the|their|your)?\s*(?:company'?s? |corporate )?brand(?:'s)?[ -](?:colou?rs?|hue)\b|\b(?:our|my) (?:primary |main |corporate |company |house )colou?r\b"
)

COMPARED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), word)
    for pattern, word in (
        ("thicker|bolder|heavier|fatter", "thick"),
        ("thinner|finer|slimmer", "thin"),
        ("rounder|softer", "round"),
        ("sharper", "sharp"),
        ("simpler", "simple"),
    )
)
"""A standing "thicker strokes" has nothing to compare with: it is read as "thick strokes"."""
OPPOSITES: dict[str, dict[str, Any]] = {
    "filled": {"mode": "outline"},
    "outline": {"mode": "filled"},
    "round corners": dict(_SHARP),
    "sharp corners": dict(_ROUND),
    "round caps": {"cap": "butt"},
    "rounded caps": {"cap": "butt"},
    "square caps": {"cap": "round"},
    "color": {"palette": ["currentColor"]},
    "pixel art": {"pixel_art": False},
    "thick": {"stroke_width": 1.5},
    "bold": {"stroke_width": 1.5},
    "thin": {"stroke_width": 2.5},
}
"""What not having a thing means where it leaves one choice: "not filled" is outline. Used for one-off wishes only."""
