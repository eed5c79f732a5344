"""Standing preferences: what a message asks to be remembered, as typed statements for memory's gate.

Contract. A clause is standing when it says so ("always", "from now on", "I prefer", "our icons are ..."), or when the
whole text was handed to memory. Only slots that memory knows come out: ``style.<field>``, ``brand_color``,
``avoid:<thing>`` and ``vocabulary:<concept>``. A wish for one drawing never does.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from typing import Any

from agent.brief import colours, styles
from agent.brief.style_table import NEGATION
from memory.records import Scope, Statement

MAX_QUOTE = 300
"""Characters of the user's own words that a statement carries (memory.records.Provenance)."""

STANDING = re.compile(
    r"\b(?:always(?!-)|from now on|from here on(?: out)?|from today(?: on)?|going forward|in (?:the )?future|hence ?forth|never(?! ?mind| have (?:been|had)| had| was| were)|by default|"
    r"default to|as a rule|in general|every time|each time|every icon|each icon|all (?:of )?(?:my|our|the) icons|all icons|permanently|for good|"
    r"(?<!i )remember|keep in mind|note that|bear in mind|i (?:generally |usually |really |much |'d )?prefer|i (?:usually|generally|typically|mostly) (?:use|want|like)|we (?:always |usually |only )?(?:use|prefer|like|draw)|"
    r"(?:my|our) (?:preferred|favou?rite|default|usual|standard|house) \w+|(?:my|our) (?:style|icons?|icon set|set|strokes?|lines?|brand|palette|corners?|caps) (?:is|are|has|have|uses?|should|must|will|needs?)|"
    r"(?:icons?|strokes?|lines?|corners?|caps|they) (?:should|must) (?:always |never )?(?:be|have|use)|i (?:don't|do not|really don't) (?:like|use|want any|ever want)|i (?:hate|dislike|can't stand|detest)|"
    r"i (?:really |quite )?(?:like|love|adore)|i(?:'m| am) (?:really |very |quite |so )?into|(?:my|our|the) (?:look|looks|design|designs|visual language|visual style|design language|aesthetic|guidelines?|style ?guide|brand guidelines?|design system|company style) (?:is|are|says?|calls? for|requires?|demands?|wants?|uses?|should|must)|(?:for|across|throughout|in|on|with) (?:all|every|each|everything|the whole|the entire|my whole|our whole|my entire|our entire)(?: (?:of )?(?:my|our|the|these|icons?|sets?|drawings?|one))*|(?:my|our|the|a) (?:new )?(?:standard|norm|rule|default|convention)|as (?:my|our|a|the) (?:standard|default|rule|norm)|of choice|(?:we|i) (?:only|just|exclusively|solely|never|strictly) (?:do|use|draw|want|have|accept|like)|whatsoever|(?:no|not) [a-z0-9#(), ]{2,40}[ ,]ever\b|(?:don't|do not) ever\b|these days|nowadays|at all times|without exception|consistently|(?:whole|entire) (?:set|family|collection)|let'?s (?:stick|standardi[sz]e|settle)|standardi[sz]e on|settle on|make sure (?:that )?(?:all|every|my|our)|i'm (?:a fan of|not a fan of)|changed my mind|"
    r"stick (?:to|with)|make (?:it|this|that) (?:my|our|the) (?:default|standard|rule)|no longer|stop using|stop with|enough of|no more|"
    r"(?:for (?:this |the )?|in this |on this )project\b|for today\b|(?:for|in|on) (?:the|our|my) [\w-]+ project|(?:for|in|on) project [\w-]+|(?:in|for|during) this (?:session|conversation|chat)|for (?:the )?(?:rest of )?(?:this|the) session|for now|until further notice|(?:my|our) brand(?:'s)? colou?r (?:is|=)|"
    r"when i say|means? an? \w+)\b"
)
ONE_OFF = re.compile(
    r"\b(?:just |only )?(?:this once|for once|this time|for this one|for this icon|this one|the (?:first|second|third|fourth|last|next) one|next one|just (?:this|here)|only here|as an exception|exceptionally|one[- ]off|but not in general|(?:but )?only for this|just for now)\b"
)
_WEAK = re.compile(r"\b(?:usually|generally|typically|mostly|in general|i (?:quite )?like)\b")
_IT = re.compile(
    r"\b(?:prefer|liked?|loved?|hated?|disliked?|don't like|do not like|want(?:ed)?)\s+(?:it|this|that|them|these|those|(?:this|that|the) (?:[a-z]+ (?:[a-z]+ )?(?:one|version)|one|first|second|third|fourth|last|icon|latter|former|other|previous|new|old)\b|number \d|your|how|what you|to\b|a\b|an\b)"
)
_BRAND_IS = re.compile(
    r"\b(?:(?:my|our|the) (?:company'?s? |corporate |primary |main )?(?:brand(?:'s)?[ -]?)?colou?r(?: now)? (?:is|=|:|will be|should be|became|has changed to|changed to)|(?:set|change|update) (?:my|our|the) brand colou?r to|brand colou?r\s*[:=]?|(?:my|our|the) (?:brand|company|corporate) (?:guidelines?|guide|book|manual|style guide)? ?(?:says?|is|uses?|calls? for|demands?)|(?:as|for) (?:my|our|the) brand colou?r (?:use |take |is )?)\s*(?:now |actually )?"
)
_AS_BRAND = re.compile(
    r"\b(?:is|as) (?:my|our|the) (?:company |corporate )?brand colou?r\b|\bis (?:my|our|the) brand colou?r\b"
)
_OF_COMPANY = re.compile(
    r"\b(?:(?:my|our|the|your)(?! (?:favou?rite|preferred|usual|default|standard|icon|line|stroke|fill|outline|background|second|other|same)\b)(?: (?!colou?rs?\b)[a-z'-]+){0,2}|company|corporate|brand|house) "
    r"(?:(?:brand|company|corporate|house|official|identity|logo|main|primary|key|theme|accent|lead|hero|business|firm's|team|ci) )?colou?r(?! (?:scheme|palette|theme|of)\b)\b"
)
_COMPANY_IS = re.compile(
    r"\b(?:brand|company|corporate|house|official|identity|logo|business|firm'?s?|company's|firm's official)(?: (?:identity|brand|official|main|primary|accent))? colou?r(?: [a-z-]+){0,2}(?: (?:is|are|be|remains|stays)\b|\s*[:=])"
)
_ASKED = re.compile(
    r"^(?:\W*(?:and|so|but|hmm+),? )?(?:does|do (?:you|they|we|our|my|i)|did|is|are|should|wouldn't|why|who|which|how|remind me)\b(?!.*\b(?:always|from now on|by default)\b)"
)
"""A question, with or without its mark: "does our set have round caps"."""
_OF_OTHERS = re.compile(
    r"^(?:\W*(?:and|so|but|well),? )?(?:all |most of )?(?:his|her|their|everybody|everyone|people|somebody|competitors?)\b(?!.*\b(?:always use|from now on|i|we|you)\b)"
)
"""What others do is nobody's wish: "their icons are always filled"."""
_NOT_OURS = re.compile(r"\?\s*$|\b(?:their|his|her|your|competitor\w*|google|apple|if|what|which|was|should)\b")
MAX_BETWEEN = 24
"""Characters between "our company colour" and its value, at most ("has been since the beginning")."""
_NAME = r"(?:an? |the |our |my )?([a-z][a-z0-9-]*(?: (?!i\b|mean\b|means\b|use\b|draw\b|should\b|for\b|to\b|and\b|as\b|with\b|from\b|in\b|on\b|always\b|is\b|when\b|instead\b|please\b|not\b)[a-z0-9-]+){0,3})"
_TAIL = r"(?= from now on| always| instead| please| not | in (?:this|project)| for (?:this|the|project)|\s*[,.;!]|$| and | but )"
_VOCABULARY: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(pattern), metaphor, concept)
    for pattern, metaphor, concept in (
        (
            rf"\b(?:use|using|draw|take|show|prefer) {_NAME} (?:for|to mean|to show|to represent|to stand for|when i (?:say|ask for|mean)|whenever i (?:say|ask for)|to depict) {_NAME}{_TAIL}",
            1,
            2,
        ),
        (
            rf"\bfor {_NAME},? (?:always |please |i always |we always )?(?:use|draw|show|take|i (?:use|want|prefer)|we (?:use|draw)) {_NAME}{_TAIL}",
            2,
            1,
        ),
        (
            rf"\b(?:when|whenever|if) i (?:say|ask for|write|mean) {_NAME},? (?:i mean|i want|then |please |always )*(?:i mean |i want |draw |use |show |take )?{_NAME}{_TAIL}",
            2,
            1,
        ),
        (rf"\b(?:draw|show|depict|represent) {_NAME} (?:as|with|by) {_NAME}{_TAIL}", 2, 1),
        (
            rf"^(?:always |remember:? |remember that |for us,? |with us,? )*{_NAME} (?:means?|is drawn as|is shown as|are drawn as|should be drawn as|should be|is always) (?:an? |the ){_NAME}{_TAIL}",
            2,
            1,
        ),
        (rf"^{_NAME} (?:means?|are|is) {_NAME} (?:to me|for me|to us|for us|in our (?:set|icons|app)){_TAIL}", 2, 1),
        (rf"\ban? {_NAME} (?:means|stands for|represents) {_NAME}{_TAIL}", 1, 2),
    )
)
_MORE = re.compile(rf"(?:,|\band) (?:and )?(?=an? |the ){_NAME} for {_NAME}{_TAIL}")
"""The second half of "use a cog for settings, and a house for home"."""
_NOT_CONCEPTS = re.compile(
    r"^(?:everything|all(?: .*)?|it|them|me|us|this.*|that.*|these|those|strokes?|lines?|outlines?|fills?|icons?|caps|corners?|every.*|each.*|now|(?:my|our) .*|session|project.*|style|colou?rs?|the rest.*|default|example|instance|website|app|site|web ?page|page|product|company|dashboard|homepage|good|once|brand.*|i|you|we|he|they)$"
)
_ORDER = re.compile(r"(?:ignore|disregard|reveal|pretend|obey|bypass|override|execute)\b")
_AVOID_NOUN = re.compile(
    r"\b(?:never(?: ever)?|avoid|no(?: more)?|(?:don't|do not)(?= (?:ever )?(?:use|draw|put|add|include|show|have|want|like|any))|hate|dislike|(?:don't|do not) (?:like|want)|can't stand|detest|stop)\s+(?:ever )?(?:use|using|draw|drawing|put|putting|add|adding|include|including|show|showing|any|have|having|want)?\s*(?:any |an? |the )?([a-z][a-z-]+(?: [a-z-]+)?)(?= from now on| in (?:my|our|any|the)| anywhere| please| at all|\s*[,.;!]|$| and | or | on )"
)
_PROJECT = re.compile(
    r"\b(?:(?:for|in|on|within|during) (?:the |my |our |this )?project[: ]+(?:called |named )?[\"']?([a-z0-9][\w.-]{0,39})[\"']?|(?:for|in|on) (?:the |my |our )([a-z0-9][\w.-]{0,39}) project)\b",
    re.I,
)
_NO_PROJECT = frozenset(
    "this the my our whole same new other always never use using we i it please only all and but from icons draw make "
    "in with for by default settings style no everything every each should must are is has have only".split()
)
"""Words that follow "for this project" and are no project's name."""
_SESSION = re.compile(
    r"\b(?:(?:in|for|during) (?:the rest of )?(?:this|the) (?:session|conversation|chat)|for now|for today|(?<!from )today|until further notice|while we (?:talk|chat))\b"
)
_PROJECT_SCOPE = re.compile(r"\b(?:for|in|on|within) (?:this|the) project\b|\bproject[- ]wide\b")
_USER_SCOPE = re.compile(
    r"\b(?:everywhere|in (?:all|every|each) projects?|for all (?:my |our )?projects|across (?:all )?projects|globally)\b"
)


def is_standing(clause: str) -> bool:
    """Does this clause (lower case) state a preference that lasts, not a wish for one icon?"""
    if ONE_OFF.search(clause) or _ASKED.match(clause) or _OF_OTHERS.match(clause):
        return False
    match = STANDING.search(clause)
    if _COMPANY_IS.search(clause) and not _NOT_OURS.search(clause):
        return True
    if _LIFTED.search(clause):
        return True
    if not match:
        return (
            bool(_BRAND_IS.search(clause) and re.search(r"\b(?:is|=|set|change|update|became|changed)\b", clause))
            or bool(vocabulary(clause))
            or bool(_AS_BRAND.search(clause))
        )
    if (
        _IT.search(clause[match.start() :])
        and not vocabulary(clause)
        and not re.search(r"\b(?:always|from now on|by default|in general|going forward|to use|to have)\b", clause)
    ):
        return False
    return True


def project_of(text: str) -> str | None:
    """The project that is named ("for project apollo", "in the apollo project"), as it was written."""
    match = _PROJECT.search(text)
    name = match and (match[1] or match[2])
    return name.rstrip(".-") if name and name.lower() not in _NO_PROJECT else None


def scope_of(clause: str) -> Scope | None:
    """session, project or user where the clause says which; None leaves it to the gate."""
    if _SESSION.search(clause):
        return "session"
    if project_of(clause) or _PROJECT_SCOPE.search(clause):
        return "project"
    return "user" if _USER_SCOPE.search(clause) else None


def vocabulary(clause: str) -> list[tuple[str, str, int, int]]:
    """(concept, metaphor, start, end) of each "use a cog for settings" in the clause."""
    out: list[tuple[str, str, int, int]] = []
    for pattern, metaphor, concept in _VOCABULARY:
        for m in pattern.finditer(clause):
            what, thing = m[concept].strip(), m[metaphor].strip()
            if re.match(r"(?:draw|show|depict|represent)\b.* with\b", m.group()) and not STANDING.search(clause):
                continue  # "draw a cat with a hat": a description
            if (
                _ORDER.match(thing)
                or _NOT_CONCEPTS.match(what)
                or _NOT_CONCEPTS.match(thing)
                or what == thing
                or _is_style(thing)
                or _is_style(what)
            ):
                continue
            if not any(m.start() < end and start < m.end() for _, _, start, end in out):
                out.append((what, thing, m.start(), m.end()))
    for m in _MORE.finditer(clause) if out else ():
        what, thing = m[2].strip(), m[1].strip()
        if (
            not any(m.start() < end and start < m.end() for _, _, start, end in out)
            and not _NOT_CONCEPTS.match(what)
            and not _is_style(thing)
        ):
            out.append((what, thing, m.start(), m.end()))
    return out


def _is_style(words: str) -> bool:
    found = styles.find(words, things=True)
    return bool(found) and sum(f.end - f.start for f in found) * 2 > len(words)


def read(
    clause: str,
    quote: str,
    *,
    brand_color: str | None = None,
    default_scope: Scope | None = None,
    ban: bool = False,
    nouns: bool = True,
) -> tuple[list[Statement], list[tuple[int, int]]]:
    """The statements of one standing clause (lower case) and the places that they were read from. ban: the clause says
    in words of its own that it does not want what it names; a negation that a rule knows goes before it. nouns: read bans on things that no style word names."""
    scope = scope_of(clause) or default_scope
    confidence = 0.8 if _WEAK.search(clause) else 1.0
    spans: list[tuple[int, int]] = []
    slots: dict[str, Any] = {}
    for what, thing, start, end in vocabulary(clause):
        slots[f"vocabulary:{what}"] = thing
        spans.append((start, end))
    rest = styles.plain(_blank(clause, [*spans, *_of_this_thing(clause)]))
    rest = _brand(rest, slots, spans)
    rest = _lifted(rest, slots, spans)
    found = styles.find(rest, things=ban)
    banned = ban and not any(f.negated for f in found)
    if banned and len(found) > 1:  # "our people find filled icons ugly": who speaks is not what is banned
        found = [f for f in found if f.avoid not in ("people", "faces", "text", "color") or f.fields]
    for item in found:
        spans.append((item.start, item.end))
        if item.negated or (banned and not item.brand):
            slots[f"avoid:{item.avoid}"] = True
        elif item.brand:
            if brand_color:
                slots["style.palette"] = [brand_color]
            else:
                spans.pop()
        else:
            _palette_joins(item.fields, slots, found)
            slots.update({f"style.{k}": v for k, v in item.fields.items()})
    if nouns:
        _avoided_nouns(_blank(rest, spans), slots, spans)
    quote = " ".join(quote.split())[:MAX_QUOTE]
    statements = [
        Statement(
            slot=slot,
            value=value,
            text=say(slot, value),
            quote=quote,
            origin="stated",
            scope=scope,
            confidence=confidence,
        )
        for slot, value in slots.items()
    ]
    return statements, spans


_THIS_THING = re.compile(
    r"(?:^|[,;:] ?|\b(?:but|and|so|only|for|in|on|with|make|draw|paint|colou?r|just) )(?P<of>(?:this|that(?! [a-z]+[^s]s\b)) "
    r"(?!(?:projects?|session|conversation|chat|sets?|family|collection|app|application|site|website|products?|brand|style|"
    r"look|company|team|firm|house|whole|entire|years?|month|week|season|day|time|point|way|means?|is|was|will|can|may|should|"
    r"must|has|i|we|you|he|she|they|my|our|your|the|an?|all|every|each|no|icons|it|design|kit|library|user|client)\b)"
    r"[a-z-]+ [^,.;:]{0,80}?)(?=[,.;:]|$| but | (?:and|while|whereas) (?:everything|every|all|the rest|the others?|always|never|from now)\b)"
)
""" "This arrow can be red, but everything else stays black": what is said of one thing."""


def _of_this_thing(clause: str) -> list[tuple[int, int]]:
    """Where the clause speaks of one thing with style words: no preference, whatever else the clause states."""
    return [m.span("of") for m in _THIS_THING.finditer(clause) if styles.find(m["of"])]


def _palette_joins(fields: dict[str, Any], slots: dict[str, Any], found: list[styles.Found]) -> None:
    """Two colours said together ("teal and coral") are one palette, in their order."""
    colours_said = [f.fields["palette"][0] for f in found if "palette" in f.fields and not f.negated]
    if "palette" in fields and len(set(colours_said)) > 1:
        fields["palette"] = list(dict.fromkeys(colours_said))


def _brand(clause: str, slots: dict[str, Any], spans: list[tuple[int, int]]) -> str:
    match = _BRAND_IS.search(clause)
    if match:
        colour = next((c for c in colours.find(f"in {clause[match.end() :]}") if c.start <= 4), None)
        if colour:
            slots["brand_color"] = colour.value
            spans.append((match.start(), match.end() + colour.end - 3))
            return _blank(clause, spans)
    match = _OF_COMPANY.search(clause)
    if match and not NEGATION.search(clause[: match.start()][-60:]):
        near = colours.find(f"in {clause[match.end() :]}")
        if (
            near
            and near[0].start <= MAX_BETWEEN
            and not (near[0].start <= 4 and re.fullmatch(r"the colou?r", match.group()))  # "the colour green"
            and not re.search(r"[,.;:]", clause[match.end() :][: near[0].start - 3])
        ):
            slots["brand_color"] = near[0].value
            spans.append((match.start(), match.end() + near[0].end - 3))
            return _blank(clause, spans)
    match = _AS_BRAND.search(clause)
    if match:
        before = colours.find(f"in {clause[: match.start()].rstrip()}")
        if before:
            slots["brand_color"] = before[-1].value
            spans.append((max(0, before[-1].start - 3), match.end()))
            return _blank(clause, spans)
    return clause


_LIFTED = re.compile(
    r"\b([a-z][a-z -]{1,30}?) (?:is|are) (?:now )?(?:fine|ok|okay|allowed|permitted|welcome|all right|alright|possible)(?: again| now| after all)+|\byou (?:may|can) use ([a-z][a-z -]{1,30}?) again\b|\b(?:allow|permit) ([a-z][a-z -]{1,30}?) again\b"
)


def _lifted(clause: str, slots: dict[str, Any], spans: list[tuple[int, int]]) -> str:
    """ "Gradients are fine again": the ban on them is lifted."""
    for m in _LIFTED.finditer(clause):
        name = re.sub(
            r"^(?:from now on|now|always|so|and|but|the|any|using) ", "", next(g for g in m.groups() if g).strip()
        )
        known = styles.find(f"no {name}")
        slots[f"avoid:{known[0].avoid if known else name}"] = False
        spans.append(m.span())
    return _blank(clause, spans)


def _avoided_nouns(rest: str, slots: dict[str, Any], spans: list[tuple[int, int]]) -> None:
    """ "Never draw faces": a thing that no style word names may be avoided too, by its noun."""
    for m in _AVOID_NOUN.finditer(rest):
        noun = m[1].strip()
        if not _NOT_CONCEPTS.match(noun) and not re.match(
            r"(?:mind|like|love|want|need|use|again|more|longer|less|be|go|do|forget|ask|tell|ignore|reveal|one|body|idea|matter|need|problem|worries|way|doubt|exceptions?)\b",
            noun,
        ):
            slots[f"avoid:{noun}"] = True
            spans.append(m.span())


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    out = list(text)
    for start, end in spans:
        out[start:end] = " " * (end - start)
    return "".join(out)


def say(slot: str, value: Any) -> str:
    """A slot in words, as ``mnemicon memory show`` prints it: "stroke width 1.5 px", "never gradients"."""
    if slot.startswith("avoid:"):
        return f"never {slot[6:]}"
    if slot.startswith("vocabulary:"):
        return f"{slot[11:]} is drawn as {value}"
    if slot == "brand_color":
        return f"brand colour {value}"
    name = slot.removeprefix("style.").replace("_", " ")
    if isinstance(value, bool):
        return name if value else f"no {name}"
    if isinstance(value, (list, tuple)):
        return f"{name} {', '.join(str(v) for v in value)}"
    unit = " px" if slot in ("style.stroke_width", "style.corner_radius", "style.padding", "style.grid") else ""
    return f"{name} {value:g}{unit}" if isinstance(value, (int, float)) else f"{name} {value}"
