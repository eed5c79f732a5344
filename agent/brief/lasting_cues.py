"""The words that tell a rule that lasts from a wish, a question or talk: a table of patterns, and nothing else.

Contract. ``cues(clause)`` gives one 0 or 1 for each row of ``CUES``, in its order, for a lower-case clause. The
weights of the rows stand in ``lasting_table``: a changed row needs ``python -m agent.brief.lasting_train``.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re

_SET = r"icons|glyphs|symbols|pictograms|pictos|drawings|illustrations|assets|graphics|artwork|works?\b|stuff|set|sets|family|collection|product|products|app|site|website|brand|system|library"

_SETS = (
    r"(?:(?:single|other|last|new|of|my|our|your|the|one|future|possible|icon|svg|brand|product|design|style|ui|company|house|marketing|whole|entire|default|usual|same|best|way|only) ){0,3}"
    rf"(?:{_SET}|icon|glyph|symbol|pictogram|picto|drawing|asset|graphic|suite|kit|ui|interface|channels?|platforms?|releases?|deck|range|catalogue|team|company|firm|house|agency|client|customers?|designers?|boss|"
    r"things?|time|times|case|cases|day|projects?|lot|future|occasion|requests?|piece|pictures?|images?|items?|elements?|one|you|we|i|that|this|it|them|us|about|over|through|lines?|strokes?|corners?|caps|ends|outlines?|colou?rs?|palette|grid|canvas|look|"
    r"guide\w*|rules?|standard|default|norm|book|record|way|same|rest|board|people|in|with|on|have|should|must|are|is|be|must|and)\b"
)
CUES: tuple[tuple[str, str], ...] = (
    ("all", r"\b(?:everything|anything|all|every|each|any|whatever|whichever|whenever|wherever|everywhere|throughout|across|entire|whole|both|overall|no matter|in general|generally|without exception|across the board)\b"),
    ("the set", rf"\b(?:{_SET})\b"),
    ("our set", rf"\b(?:my|our|company'?s?|corporate|house|team'?s?) (?:[a-z]+ ){{0,2}}(?:{_SET}|style|look|aesthetic|identity|taste|guidelines?|rules?|standard|default|designs?|visuals?|lines?|strokes?|corners?|palette|colou?rs?|grid|canvas|clients?|customers?|users?|designers?)\b"),
    ("we", r"\b(?:we|us|ours|we're|we've|we'd)\b"),
    ("our", r"\b(?:my|our|mine)\b"),
    ("i", r"^(?:\W*(?:well|and|but|so|honestly|personally),? )?(?:i|i'm|i've|i'd|me)\b"),
    ("policy", r"\b(?:rules?|policy|standards?|guidelines?|conventions?|defaults?|spec|norm|style guide|principles?|baseline|requirements?|config|mandatory|compulsory|required|brand book|consistency|consistent|consistently)\b"),
    ("keep", r"\b(?:keep|stay|stays|stick|remain|remains|adopt|adhere|maintain|follow|settle|settled|standardi[sz]ed?|insist|insists|tend|rely|relies|agreed|decided)\b"),
    ("taste", r"\b(?:prefer|prefers|favou?r|like|likes|love|loves|adore|fond|fan|keen|partial to|into|rather)\b"),
    ("distaste", r"\b(?:hate|hates|dislike|dislikes|loathe|despise|detest|can't stand|cannot stand|can't bear|banned|ban|bans|forbidden|forbids?|prohibit\w*|off[- ]limits|avoid|avoids|steer clear|stay away|refrain|rule out|not allowed|allergic|annoy\w*|cringe|ugly|tacky|dated|fed up|sick of|tired of|not (?:a|our|my) \w+)\b"),
    ("must", r"\b(?:must|should|shall|ought|have to|has to|needs? to|are to|is to)\b"),
    ("lasting", r"\b(?:permanently|forever\w*|for good|henceforth|henceforward|onwards?|nowadays|these days|moving forward|long run|all the time|at all times|unless|otherwise|usual|usually|normally|as usual|ever|never)\b"),
    ("only", r"\b(?:only|nothing but|exclusively|solely|strictly|purely)\b"),
    ("no", r"\b(?:no|not|never|without|none|nothing|nobody|don't|do not|doesn't|isn't|aren't|shouldn't|won't|free of|out of)\b"),
    ("this", r"\b(?:this|that|it|it's|its|these|those|here|there|one)\b"),
    ("now", r"\b(?:now|today|tonight|tomorrow|once|next|again|another|this time|for a change|at the moment|experiment)\b"),
    ("more", r"\b(?:thicker|thinner|bolder|rounder|sharper|softer|darker|lighter|heavier|finer|bigger|smaller|more|less|too)\b"),
    ("asks", r"\?\s*$|^(?:\W*(?:and|so|but|hmm+|well),? )?(?:should|shall|do|does|did|is|are|was|were|which|who|when|why|what|how|have|has|might)\b"),
    ("asks me", r"\b(?:could|can|would|will) (?:you|i|we|it|the)\b|\b(?:try|let'?s see|how about|what about|show me|let me see)\b"),
    ("draw", r"\b(?:draw|create|sketch|give|make|need|needs|want|get|add|paint|turn|change|put|show) (?:me |us |it |up )*(?:an?|the|this|that|one|it|its)\b"),
    ("a thing", r"^(?:\W*(?:and|so|but|now|next|then|ok|okay|please),? )*(?:an?|the|one|two|three|another|same|draw|sketch)\b"),
    ("was", r"\b(?:was|were|had|did|used to|yesterday|ago|last (?:week|year|month|time|night)|once|previous|previously|old|before|bought|saw|said|told|mentioned|drew|painted|remember|noticed|read)\b"),
    ("if", r"\b(?:if|maybe|perhaps|might|may|wonder|could|would|possibly|some time|one day|not sure|depends)\b"),
    ("others", r"\b(?:he|she|they|his|her|their|theirs|them|other|others|another|somebody|someone|competitors?|competition|apple|google|microsoft|material design|colleague|sister|brother|mother|father|wife|husband|son|daughter|kids?|friend|dog|cat)\b"),
    ("place", r"\b(?:page|banner|button|header|footer|screen|card|poster|slide|slides|invitation|newsletter|homepage|handle|border|part)\b"),
    ("plural", r"\b(?:icons|lines|strokes|corners|caps|outlines|shapes|glyphs|symbols|colou?rs|ends|shadows|gradients|fills)\b"),
    ("all of a thing", rf"\b(?:all(?: of)?(?: the| these| those| three| two| four)?|every|each|both|the whole|the entire|the) (?!{_SETS})(?P<thing>[a-z]+)"),
    ("of a thing", r"\b(?:in this|in the (?:picture|image|icon|drawing)|on the (?:left|right|top|bottom)|on top)\b"),
    ("label", r"^[a-z][a-z ]{2,24}:\s"),
)  # fmt: skip
_TALK = frozenset(
    (
        "all",
        "the set",
        "our set",
        "we",
        "our",
        "i",
        "policy",
        "keep",
        "taste",
        "distaste",
        "must",
        "lasting",
        "only",
        "label",
    )
)
_COMPILED = tuple(re.compile(pattern) for _, pattern in CUES)


def cues(clause: str) -> list[float]:
    """1.0 for each row that ``clause`` (lower case) holds, else 0.0."""
    return [1.0 if pattern.search(clause) else 0.0 for pattern in _COMPILED]


def is_talk(clause: str) -> bool:
    """Does ``clause`` (lower case, style phrases blanked) hold a word that a plain description of an icon lacks?"""
    return bool(_VERB.search(clause)) or any(
        pattern.search(clause) for (name, _), pattern in zip(CUES, _COMPILED, strict=True) if name in _TALK
    )


def names_one_thing(clause: str) -> bool:
    """Is ``clause`` (lower case) the description of a thing to draw: "a filled heart for our mail", "we need a dot"?"""
    return bool(_ONE_THING.match(clause))


_VERB = re.compile(
    r"\b(?:is|are|isn't|aren't|has|have|gives?|makes?|looks?|feels?|runs?|belongs?|fits?|suits?|gets?|stays?|goes|go|says?|define|wide)\b"
)
_ONE_THING = re.compile(
    r"^(?:\W*(?:and|so|but|now|ok|okay|please),? )*(?:(?:i|we|my [a-z]+|our [a-z]+(?: [a-z]+)?) (?:just |only |really |also |still )*(?:needs?|wants?|requires?) )?(?:an?|one|two|three|some) "
    r"(?!.*\b(?:look|style|aesthetic|canvas|grid|palette|strokes?|lines?|corners?|radius|caps?|weight|width|colou?rs?|rule|is|are|must|should|stands|always|every|all|icons)\b)"
)
