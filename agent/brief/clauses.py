"""One clause of a message at a time: what it states, what it wishes, what it changes, what it names to be drawn.

Contract. ``split(sentence)`` gives the clauses; ``read(clause, reading, context)`` adds to a ``Reading`` what one
holds. A clause is standing (statements), an edit, or a description; words that are none of these stand in
``Reading.left``.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.brief import edits as edit_words
from agent.brief import intents, lasting, statements, styles
from agent.brief.lasting_cues import is_talk, names_one_thing
from agent.brief.text import squeeze
from agent.brief.types import BriefContext, Edit
from memory.records import Statement

_POLITE = re.compile(
    r"\b(?:please|pls|plz|kindly|thanks(?: a lot| so much| in advance)?|thank you(?: very much| so much)?|if you (?:can|could|don't mind)|if possible|for me|for us|hey|hi there|hi|hello|ok so|okay so|"
    r"(?:could|can|would|will) you(?: (?:please|kindly|maybe|also|just))?|would you mind|i(?:'d| would) (?:like|love|want)(?: (?:to (?:have|see|get)|you to (?:draw|make|design|create)))?|i(?:'m| am) looking for|i(?:'ll| will)? (?:also |just |now |really )?(?:need|want|require)(?: to (?:have|see))?|we (?:also )?need|let'?s (?:have|see|try|draw|make|do)|let me (?:have|see)|how about|what about|maybe|actually|just|also|now|well|next)\b"
)
_DRAW = re.compile(
    r"\b(?:(?:draw|create|generate)(?: (?:me|us|up|my|our))?(?: (?:again|another|one more))?(?=\s+(?:an?|the|some|two|three|four|another|one|my|our|me|icons?|(?!(?:it|this|that|them|sure|all|my|our|the)\b)[a-z#\d]))|"
    r"(?:make|design|sketch|produce|give|show|render|do|paint|get|prepare|craft|build)(?: (?:me|us|up))?(?=\s+(?:an?|the|some|two|three|four|another|one|my|our)\s)|(?:make|design|sketch|produce|give|show|render|do|paint|get|prepare|craft|build) (?:me|us)(?=\s))"
)
_DRAW_START = re.compile(rf"^(?:(?:and|then|but|so|now|also|ok|okay|yes|next)[\s,]+)*(?:{_DRAW.pattern})")
_ICON_OF = re.compile(
    r"\b(?:an? |the |some |simple )?(?:svg |vector |app |ui |web )*(?:icons?|pictograms?|glyphs?|symbols?|pictures?|images?|drawings?|svgs?)\s+(?:of|for|showing|depicting|representing|that shows?|with|called|named|meaning)\s+(?:an? |the )?"
)
_ICON_WORD = re.compile(r"\b(?:svg |vector |app |ui |web )*(?:icons?|pictograms?|glyphs?|svg)$")
_FOR_APP = re.compile(
    r"\s*\b(?:for|in|on) (?:my|our|a|the|this|an) (?:new |own |small |mobile |web |internal )*(?:app|application|website|site|web ?page|page|dashboard|ui|interface|menu|toolbar|nav(?:igation)?(?: bar)?|sidebar|button|product|company|homepage|blog|shop|store|set|icon set|header|footer|readme|docs|documentation|presentation|slides?)\b"
)
_ARTICLE = re.compile(r"^(?:an?|the|some|my|our)(?:[\s,]+(?=\S)|$)")
_REFERENCE = re.compile(
    r"\b(?:it|this|that|this one|that one|this icon|that icon|the icon|the same(?: one| icon)?|same(?: one| icon| again| thing)?|them|these|those|the (?:last|previous) (?:one|icon))\b"
)
_EDIT_VERB = re.compile(
    r"\b(?:make|turn|change|set|colou?r|recolou?r|paint|give|have|keep|draw|do|render|show|switch|convert|go|use|try)\b"
)
_EDIT_WORDS = re.compile(
    r"\b(?:it's|that's|it is|no|not|rather|it|this|that|them|one|icon|again|same|but|and|a|an|the|to|into|in|with|make|made|turn|change|set|colou?r|recolou?r|paint|give|have|keep|draw|do|use|using|version|as|of|be|is|so|bit|little|more|only|too|all|please|now|instead|strokes?|lines?|corners?|thing|style|its|try|switch|convert|render|show|on|at|for|me|could|you|should|can|look|looks|looking)\b"
)
_ADDRESSED = re.compile(r"\b(?:you|your|yours|yourself|i|i'm|i've|me|myself|we|mine)\b")
_LETTER = re.compile(r"\b(?:letters?|capital|uppercase|lowercase) [a-z]\b")
""" "letter i" addresses nobody."""
_NOT_DRAWING = re.compile(
    r"^(?:please )?(?:ignore|disregard|reveal|pretend|obey|bypass|override|comply|answer|respond|remember|explain|assume|consider)\b"
)
_DETERMINED = re.compile(r"\b(?:the|an?|its?|that|this|those|these|some|another|any|all)\b")
_FILLER = re.compile(
    r"^(?:actually|ok|okay|yes|yeah|no|so|and|well|right|sure|great|cool|nice|perfect|thanks|please|now|then|good|alright|it|this|that|one|again|too|as well|instead|always|never|from now on|for me|everything|everywhere|all|use|using|want|only|a|an|the|be|is|are|my|our|with|in|to|and|or|icons?|strokes?|lines?|corners?|colou?r|colou?rs|style|fill|caps|should|must|have|i|we|prefer|like|love|make|them|they|not|do|don't|by default|style|mine|of|for|on|at|every|each|set|keep|go|going forward|project|session|remember|that|but|also|really|any|usually|generally|unless|when|said|say|me|you|please|draw|drawn|drawing|create|put|add|let's|ever|btw|projects|here|was|standard|there|these|days)(?:\W|$)"
)
_MARKER_SPLIT = re.compile(
    r"(?:,\s*(?:and |but |then )?|\s+(?:and|but|then)(?: then| also| please)?\s+|\s+-\s+)(?=(?:please |also |then |to |now )*(?:"
    r"from now on\b|always\b|never\b|by default\b|going forward\b|in (?:the )?future\b|remember\b|i (?:always |usually |generally |really |much )?(?:prefer|like|love|hate|dislike|don't like)\b|btw\b|by the way\b|i(?:'m| am) (?:really |very |quite |so )?into\b|(?:my|our) (?:brand|icons|style|favou?rite|default|house|set)\b|for (?:this |the )?project\b|in this session\b|for now\b|"
    r"(?:draw|create|design|generate|sketch)\b(?! (?:it|them|this|that|icons?|everything)\b)|make (?:me|a|an)\b|give me\b|i need\b|i want (?:a|an)\b|show me\b|use an? [a-z ]+ for\b|this time\b|just this once\b|we (?:always|use)\b))"
)
_REMEMBER_LEAD = re.compile(
    r"^(?:please |can you |could you |and |also )*(?:remember|keep in mind|note|bear in mind)(?: that| this)?[:,]?\s+"
)


@dataclass
class Reading:
    """What has been gathered from the clauses so far."""

    style: dict[str, Any] = field(default_factory=dict)
    avoid: list[str] = field(default_factory=list)
    brand: bool = False
    statements: list[Statement] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    pick: int | None = None
    subjects: list[str] = field(default_factory=list)
    forget: list[str] = field(default_factory=list)
    referred: bool = False
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def lower_case(text: str) -> str:
    """Lower case of the same length, so that places found in it hold in the text as written."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def asks_to_draw(text: str) -> bool:
    """Does it begin like "draw me a ..."?"""
    return bool(_DRAW_START.match(text))


def split(sentence: str) -> list[str]:
    lower = lower_case(sentence)
    whole = [(start, end) for _, _, start, end in statements.vocabulary(lower)]
    cuts = [m.span() for m in _MARKER_SPLIT.finditer(lower) if not any(a < m.end() and m.start() < b for a, b in whole)]
    out, start = [], 0
    for a, b in cuts:
        out.append(sentence[start:a])
        start = b
    out.append(sentence[start:])
    return [c.strip() for c in out if c.strip(" ,.")]


def read(clause: str, reading: Reading, context: BriefContext) -> None:
    lower = lower_case(clause)
    slots = intents.forget(lower)
    if slots:
        reading.forget.extend(slots)
        return
    if statements.is_standing(lower):
        _read_standing(clause, lower, reading, context)
        return
    if not _read_judged(clause, lower, reading, context):
        _read_wish(clause, lower, reading, context)


def _read_judged(clause: str, lower: str, reading: Reading, context: BriefContext) -> bool:
    """A clause with style words that no rule takes for standing: the classifier may, and where it is not sure the
    user is told. A plain description ("a teal umbrella") is not even asked about."""
    if statements.ONE_OFF.search(lower):
        return False
    named = styles.find(lower, context.knows, things=True)
    bare = _FOR_APP.sub(" ", _POLITE.sub(" ", _blank(lower, [(f.start, f.end) for f in named])))
    if not named or asks_to_draw(lower) or names_one_thing(lower) or not is_talk(squeeze(bare)):
        return False
    verdict = lasting.judge(lower, context.embed)
    by_rule = any(f.negated for f in named)
    if verdict.stands and (by_rule or verdict.polarity is not None):
        ban = not by_rule and verdict.polarity is True
        found, _ = statements.read(lower, clause, brand_color=context.brand_color, ban=ban, nouns=False)
        reading.statements.extend(found)
        return bool(found)
    if verdict.stands or verdict.undecided:
        reading.notes.append(
            f'not sure whether "{squeeze(clause)[:80]}" shall last, so it is not remembered: say "always ..." if it shall'
        )
    return False


def _read_standing(clause: str, lower: str, reading: Reading, context: BriefContext) -> None:
    marker = statements.STANDING.search(lower)
    draw = _DRAW_START.match(_POLITE.sub(lambda m: " " * len(m.group()), lower).lstrip())
    if (
        marker
        and draw
        and not lower.lstrip().startswith(
            ("draw icons", "draw everything", "draw all", "make icons", "make all", "make everything")
        )
    ):
        subject_end = marker.start()
        styled = styles.find(lower, context.knows)
        said, _ = statements.read(lower, clause, brand_color=context.brand_color)
        if said and subject_end > 0 and not lower[:subject_end].strip(" ,") == "":
            reading.statements.extend(said)
            _read_subject(
                _blank(clause, [(f.start, f.end) for f in styled if f.end <= subject_end])[:subject_end],
                reading,
                context,
            )
            return
    found, spans = statements.read(lower, clause, brand_color=context.brand_color)
    described = re.match(r"(?:an?|some|two|three|four|draw|create|make me|give me|show me)\b", lower.lstrip())
    if not found and described and not statements.project_of(clause):
        _read_wish(clause, lower, reading, context)
        return
    if not found and not statements.project_of(clause) and not re.search(r"\b(?:i|we|my|our|you|use|icons?)\b", lower):
        if re.search(r"\balways\b", lower) is None and not lower.startswith(("never", "remember", "from now")):
            _read_wish(clause, lower, reading, context)
            return
    reading.statements.extend(found)
    if (
        any(f.brand and not f.negated for f in styles.find(lower))
        and not context.brand_color
        and not any(s.slot == "brand_color" for s in found)
    ):
        reading.left.append("our brand colour (none is known yet)")
        leftover(re.sub(r"(?i)(?:our|my) brand colou?r", "", clause), spans, reading, found=True)
        return
    leftover(clause, spans, reading, found=bool(found))


def leftover(clause: str, spans: Sequence[tuple[int, int]], reading: Reading, *, found: bool) -> None:
    """What is left of a standing clause, word by word against the words that carry no content."""
    rest = _blank(clause, list(spans))
    rest_low = _REMEMBER_LEAD.sub("", lower_case(rest).strip())
    if not found:
        reading.left.append(squeeze(clause)[:200])
        return
    rest_low = statements._SESSION.sub(" ", statements._PROJECT.sub(" ", rest_low))
    rest_low = statements._USER_SCOPE.sub(" ", statements.STANDING.sub(" ", rest_low))
    for part in re.split(r"[,;.!?]", rest_low):
        words = [w for w in part.split() if not _FILLER.match(w)]
        if len(words) >= 1 and any(len(w) > 2 for w in words):
            reading.left.append(" ".join(words)[:200])


def _read_wish(clause: str, lower: str, reading: Reading, context: BriefContext) -> None:
    once = statements.ONE_OFF.search(lower)
    refers = bool(_REFERENCE.search(lower)) or bool(once and re.search(r"\bone\b", once.group()))
    picked = edit_words.pick(lower) if context.candidates or not _DRAW_START.match(lower) else None
    spans: list[tuple[int, int]] = []
    if picked and not _is_subject_number(lower, picked, context):
        reading.pick = picked[0]
        spans.append((picked[1], picked[2]))
    masked = _blank(lower, spans)
    compared = [f for f in edit_words.find(masked) if f.edit.amount and f.edit.op != "rotate"]
    found_styles = styles.find(_blank(masked, [(f.start, f.end) for f in compared]), context.knows)
    rest = _blank(masked, [(f.start, f.end) for f in found_styles])
    found_edits = edit_words.find(rest)
    editing = _is_edit(rest, found_edits, found_styles, reading, refers, context)
    if not editing:
        found_edits = [
            f
            for f in found_edits
            if f.edit.op in ("stroke", "corners", "scale", "padding", "detail", "opacity")
            and not f.edit.text.startswith("too")
        ]
    _gather_styles(found_styles, lower, reading, context)
    spans += [(f.start, f.end) for f in found_styles] + [(f.start, f.end) for f in found_edits]
    changed = {f.edit.op for f in found_edits if f.edit.amount and f.edit.op != "rotate"}
    reading.edits = [e for e in reading.edits if e.op not in changed]
    reading.edits.extend({(f.edit.op, f.edit.argument): f.edit for f in found_edits}.values())
    if once:
        spans.append(once.span())
    if editing:
        reading.referred = True
        _edit_rest(_blank(clause, spans), reading)
    else:
        _read_subject(_blank(clause, spans), reading, context)


def _is_subject_number(lower: str, picked: tuple[int, int, int], context: BriefContext) -> bool:
    """ "number 2 in a circle" is a thing to draw; so is "take two aspirins", and "number 7" where nothing is shown to
    pick from or a drawing is asked for."""
    if (context.drawing or not context.candidates) and re.match(r"number\b|\d+$", lower[picked[1] : picked[2]]):
        return True
    return bool(re.match(r"\s+(?:in|inside|with) an? ", lower[picked[2] :])) and lower[picked[1] :].startswith("number")


def _is_edit(
    rest: str,
    found: list[edit_words.FoundEdit],
    styled: list[styles.Found],
    reading: Reading,
    refers: bool,
    context: BriefContext,
) -> bool:
    """Does this clause change what is there, rather than describe something new?"""
    bare = _POLITE.sub(" ", _blank(rest, [(f.start, f.end) for f in found]))
    content = re.sub(r"[^a-z0-9]+", " ", _EDIT_WORDS.sub(" ", statements.ONE_OFF.sub(" ", bare))).strip()
    if content:
        return False
    if found and not reading.subjects:
        if (
            not (context.has_icon and not context.drawing)
            and not refers
            and all(f.edit.op in ("add", "remove", "replace") and not _DETERMINED.search(f.edit.text) for f in found)
        ):
            return False  # "add user", "remove file" name an icon
        return context.has_icon or refers or all(f.edit.op not in ("add", "inside") for f in found)
    if reading.pick is not None:
        return True
    if reading.subjects:
        return False
    return (bool(styled) and (refers or context.has_icon)) or (refers and context.has_icon)


def _gather_styles(found: list[styles.Found], lower: str, reading: Reading, context: BriefContext) -> None:
    said = [f.fields["palette"][0] for f in found if "palette" in f.fields and not f.negated]
    for item in found:
        if item.negated:
            reading.avoid.append(item.avoid)
            reading.style.update(styles.OPPOSITES.get(item.avoid, {}))
        elif item.brand:
            if context.brand_color:
                reading.style["palette"] = [context.brand_color]
            reading.brand = True
        else:
            reading.style.update(item.fields)
            if "palette" in item.fields and len(set(said)) > 1:
                reading.style["palette"] = list(dict.fromkeys(said))


def _edit_rest(rest: str, reading: Reading) -> None:
    words = re.sub(r"[^\w' -]+", " ", _EDIT_WORDS.sub(" ", _POLITE.sub(" ", lower_case(rest))))
    left = squeeze(words)
    if len(left) > 2:
        reading.left.append(left)


def _read_subject(rest: str, reading: Reading, context: BriefContext) -> None:
    """What is left of a clause once styles and politeness are out is the subject, if it reads like one."""
    text = _POLITE.sub(" ", lower_case(rest))
    text = squeeze(re.sub(r"[\"`“”]", " ", text))
    text = re.sub(r"^(?:draw|create|generate|make|design|icon)\s*:\s*", "", text)
    text = _DRAW_START.sub(" ", text, count=1)
    text = _FOR_APP.sub(" ", text)
    text = _ICON_OF.sub(" ", squeeze(text))
    text = re.sub(r"^(?:an? |the )?(?:svg |vector )?(?:icons?|pictogram|symbol|drawing)\s*:\s*", "", squeeze(text))
    text = re.sub(r"\b(?:from now on|always(?!-)|this time|as well|too|again|another)\b", " ", text)
    text = (
        re.sub(r"\b(?:style|in style|strokes?|lines?|outlines?|corners?|look|version)$", " ", squeeze(text))
        if context is not None
        else text
    )
    text = squeeze(_ICON_WORD.sub(" ", squeeze(text)))
    text = squeeze(_ARTICLE.sub("", text))
    if (
        not re.search(r"\w", text)
        or _FILLER.fullmatch(text + " ")
        or re.fullmatch(
            r"(?:it|this|that|one|icon|something|anything|thing|stuff|an?|the|me|them|some|draw|make|create|use|give|show)",
            text,
        )
    ):
        return
    if _NOT_DRAWING.match(text) or (_ADDRESSED.search(_LETTER.sub(" ", text)) and not _names_a_thing(text, context)):
        reading.left.append(text[:200])
        return
    reading.subjects.append(text)


def _names_a_thing(text: str, context: BriefContext) -> bool:
    """ "thank you card" and "you are here" are things; a caller that knows the library may say so."""
    return context.knows is not None and context.knows(text)


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    out = list(text)
    for start, end in spans:
        out[start:end] = " " * (end - start)
    return "".join(out)
