"""A message in, a Brief out: by rules, one clause after the other.

Contract. ``understand`` never raises for any text and is linear in its length; what it did not understand it says in
``not_understood``. A wish for one drawing stays in ``style``; only standing clauses give ``statements``. Text that
reads like an order to the program ("ignore previous instructions") is words like any other: it sets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.brief import edits as edit_words
from agent.brief import intents, statements, styles
from agent.brief.text import clean, is_foreign, sentences, squeeze
from agent.brief.types import Brief, BriefContext, Edit, Kind
from memory.records import Statement
from svggen.errors import StyleError
from svggen.style import StyleSpec

MAX_SUBJECT_WORDS = 14
"""A picture of 24 px holds two or three ideas; a longer description is cut, and said to be."""

_POLITE = re.compile(
    r"\b(?:please|pls|plz|kindly|thanks(?: a lot| so much| in advance)?|thank you(?: very much| so much)?|if you (?:can|could|don't mind)|if possible|for me|for us|hey|hi there|hi|hello|ok so|okay so|"
    r"(?:could|can|would|will) you(?: (?:please|kindly|maybe|also|just))?|would you mind|i(?:'d| would) (?:like|love|want)(?: (?:to (?:have|see|get)|you to (?:draw|make|design|create)))?|i(?:'m| am) looking for|i(?:'ll| will)? (?:also |just |now |really )?(?:need|want|require)(?: to (?:have|see))?|we (?:also )?need|let'?s (?:have|see|try|draw|make|do)|let me (?:have|see)|how about|what about|maybe|actually|just|also|now|well|next)\b"
)
_DRAW = re.compile(
    r"\b(?:draw|make|create|design|generate|sketch|produce|give|show|render|do|paint|get|prepare|craft|build)(?: (?:me|us|up|my|our))?(?: (?:again|another|one more|some|a few))?(?=\s+(?:an?|the|some|two|three|four|another|one|my|our|me|icons?|(?!(?:it|this|that|them|sure|all|my|our|the)\b)[a-z#\d]))"
)
_DRAW_START = re.compile(rf"^(?:(?:and|then|but|so|now|also|ok|okay|yes|next)[\s,]+)*(?:{_DRAW.pattern})")
_ICON_OF = re.compile(r"\b(?:an? |the |some |simple )?(?:svg |vector |app |ui |web )*(?:icons?|pictograms?|glyphs?|symbols?|pictures?|images?|drawings?|svgs?)\s+(?:of|for|showing|depicting|representing|that shows?|with|called|named|meaning)\s+(?:an? |the )?")
_ICON_WORD = re.compile(r"\b(?:svg |vector |app |ui |web )*(?:icons?|pictograms?|glyphs?|svg)$")
_FOR_APP = re.compile(r"\s*\b(?:for|in|on) (?:my|our|a|the|this|an) (?:new |own |small |mobile |web |internal )*(?:app|application|website|site|web ?page|page|dashboard|ui|interface|menu|toolbar|nav(?:igation)?(?: bar)?|sidebar|button|product|company|homepage|blog|shop|store|set|icon set|header|footer|readme|docs|documentation|presentation|slides?)\b")
_ARTICLE = re.compile(r"^(?:an?|the|some|my|our)(?:[\s,]+(?=\S)|$)")
_REFERENCE = re.compile(r"\b(?:it|this|that|this one|that one|this icon|that icon|the icon|the same(?: one| icon)?|same(?: one| icon| again| thing)?|them|these|those|the (?:last|previous) (?:one|icon))\b")
_EDIT_VERB = re.compile(r"\b(?:make|turn|change|set|colou?r|recolou?r|paint|give|have|keep|draw|do|render|show|switch|convert|go|use|try)\b")
_EDIT_WORDS = re.compile(r"\b(?:no|not|rather|it|this|that|them|one|icon|again|same|but|and|a|an|the|to|into|in|with|make|made|turn|change|set|colou?r|recolou?r|paint|give|have|keep|draw|do|use|using|version|as|of|be|is|so|bit|little|more|only|too|all|please|now|instead|strokes?|lines?|corners?|thing|style|its|try|switch|convert|render|show|on|at|for|me|could|you|should|can|look|looks|looking)\b")
_ADDRESSED = re.compile(r"\b(?:you|your|yours|yourself|i|i'm|i've|me|myself|we|mine)\b")
_NOT_DRAWING = re.compile(r"^(?:please )?(?:ignore|disregard|reveal|pretend|obey|bypass|override|comply|answer|respond|remember|explain|assume|consider)\b")
_FILLER = re.compile(r"^(?:ok|okay|yes|yeah|no|so|and|well|right|sure|great|cool|nice|perfect|thanks|please|now|then|good|alright|it|this|that|one|again|too|as well|instead|always|never|from now on|for me|everything|everywhere|all|use|using|want|only|a|an|the|be|is|are|my|our|with|in|to|and|or|icons?|strokes?|lines?|corners?|colou?r|colou?rs|style|fill|caps|should|must|have|i|we|prefer|like|love|make|them|they|not|do|don't|by default|style|mine|of|for|on|at|every|each|set|keep|go|going forward|project|session|remember|that|but|also|really|any|usually|generally|unless|when|said|say|me|you|please|draw|drawn|drawing|create|put|add)(?:\W|$)")
_MARKER_SPLIT = re.compile(
    r"(?:,\s*(?:and |but |then )?|\s+(?:and|but|then)(?: then| also| please)?\s+|\s+-\s+)(?=(?:please |also |then |to )?(?:"
    r"from now on\b|always\b|never\b|by default\b|going forward\b|in (?:the )?future\b|remember\b|i (?:always |usually |generally |really |much )?(?:prefer|like|love|hate|dislike|don't like)\b|(?:my|our) (?:brand|icons|style|favou?rite|default|house|set)\b|for (?:this |the )?project\b|in this session\b|for now\b|"
    r"(?:draw|create|design|generate|sketch)\b(?! (?:it|them|this|that|icons?|everything)\b)|make (?:me|a|an)\b|give me\b|i need\b|i want (?:a|an)\b|show me\b|use an? [a-z ]+ for\b|this time\b|just this once\b|we (?:always|use)\b))"
)
_REMEMBER_LEAD = re.compile(r"^(?:please |can you |could you |and |also )*(?:remember|keep in mind|note|bear in mind)(?: that| this)?[:,]?\s+")


@dataclass
class _Reading:
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


def understand(text: object, *, context: BriefContext | None = None) -> Brief:
    """One message, understood; never raises. See ``Brief`` for what comes out."""
    context = context or BriefContext()
    cleaned = clean(text)
    shown = text if isinstance(text, str) else ""
    if cleaned.refused:
        return Brief(shown[:200], "refused", not_understood=(cleaned.refused,), notes=cleaned.notes)
    if not re.search(r"\w", cleaned.text):
        words = ("there are no words in it",) if cleaned.text else ()
        return Brief(shown[:200], "empty", not_understood=words, notes=cleaned.notes)
    lower = _lower(cleaned.text)
    named = context.drawing and len(lower.split()) <= 2 and not re.search(r"\b(?:it|this|that|them)\b|\?", lower)
    whole = None if named else _conversation(cleaned.text, lower, context)
    if whole is not None:
        return replace(whole, notes=(*cleaned.notes, *whole.notes))
    reading = _Reading(notes=list(cleaned.notes))
    for sentence in sentences(cleaned.text):
        for clause in _clauses(sentence):
            _read_clause(clause, reading, context)
    return _brief(cleaned.text, reading, context)


def understand_statements(text: object, *, brand_color: str | None = None) -> Brief:
    """Text that was given to be remembered as a whole: every style phrase in it is a statement."""
    cleaned = clean(text)
    if cleaned.refused:
        return Brief("", "refused", not_understood=(cleaned.refused,), notes=cleaned.notes)
    if not re.search(r"\w", cleaned.text):
        return Brief(cleaned.text, "empty", notes=cleaned.notes)
    reading = _Reading(notes=list(cleaned.notes))
    whole_scope = statements.scope_of(_lower(cleaned.text))
    for sentence in sentences(cleaned.text):
        lower = _lower(sentence)
        slots = intents.forget(lower)
        if slots:
            reading.forget.extend(slots)
            continue
        found, spans = statements.read(lower, sentence, brand_color=brand_color, default_scope=whole_scope)
        reading.statements.extend(found)
        _leftover(sentence, spans, reading, found=bool(found))
    kind: Kind = "forget" if reading.forget and not reading.statements else "remember"
    return Brief(
        cleaned.text, kind, statements=_last_wins(reading.statements), forget=tuple(reading.forget),
        project=statements.project_of(cleaned.text), not_understood=tuple(reading.left), notes=tuple(reading.notes),
    )


def _lower(text: str) -> str:
    """Lower case of the same length, so that places found in it hold in the text as written."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _conversation(text: str, lower: str, context: BriefContext) -> Brief | None:
    """Messages that are no description: questions, answers to what was shown, small talk."""
    bare = re.sub(r"\b(?:please|pls)\b", "", lower)
    bare = re.sub(r"\s+", " ", bare).strip(" .!,")
    ask = intents.question(bare)
    if ask:
        return Brief(text, "ask", question=ask[0], about=ask[1])
    if edit_words.is_undo(lower) and (context.has_icon or not re.match(r"^(?:undo|restore|revert)$", bare)):
        return Brief(text, "smalltalk" if bare.startswith("never mind") and not context.has_icon else "undo")
    picked = edit_words.pick(bare)
    marked = f"{bare[: picked[1]]}{{pick}}{bare[picked[2] :]}" if picked else bare
    if intents.is_smalltalk(bare) and not (context.has_icon and intents.is_accept(bare)):
        return Brief(text, "smalltalk")
    if intents.is_accept(re.sub(r"\b(?:pick|choose|take) \{pick\}", "take {pick}", marked)) and not (picked and marked == "{pick}"):
        return Brief(text, "accept", pick=picked[0] if picked else None)
    reason = intents.reject(bare)
    if reason and context.has_icon and not re.search(r"\b(?:too|not|isn't|doesn't)\b", reason) and (styles.find(reason) or edit_words.find(reason)):
        return None  # "no, use blue": not a verdict but a correction
    if reason is not None and (context.has_icon or not _looks_like_subject(reason)):
        changes = tuple(f.edit for f in edit_words.find(reason)) if context.has_icon else ()
        return Brief(text, "reject", reason=reason, edits=changes, pick=picked[0] if picked else None)
    return None


def _looks_like_subject(reason: str) -> bool:
    return bool(_DRAW_START.match(reason))


def _clauses(sentence: str) -> list[str]:
    lower = _lower(sentence)
    cuts = [(m.start(), m.end()) for m in _MARKER_SPLIT.finditer(lower)]
    out, start = [], 0
    for a, b in cuts:
        out.append(sentence[start:a])
        start = b
    out.append(sentence[start:])
    return [c.strip() for c in out if c.strip(" ,.")]


def _read_clause(clause: str, reading: _Reading, context: BriefContext) -> None:
    lower = _lower(clause)
    slots = intents.forget(lower)
    if slots:
        reading.forget.extend(slots)
        return
    if statements.is_standing(lower):
        _read_standing(clause, lower, reading, context)
        return
    _read_wish(clause, lower, reading, context)


def _read_standing(clause: str, lower: str, reading: _Reading, context: BriefContext) -> None:
    marker = statements.STANDING.search(lower)
    draw = _DRAW_START.match(_POLITE.sub(lambda m: " " * len(m.group()), lower).lstrip())
    if marker and draw and not lower.lstrip().startswith(("draw icons", "draw everything", "draw all", "make icons", "make all", "make everything")):
        subject_end = marker.start()
        styled = styles.find(lower, context.knows)
        said, _ = statements.read(lower, clause, brand_color=context.brand_color)
        if said and subject_end > 0 and not lower[:subject_end].strip(" ,") == "":
            reading.statements.extend(said)
            _read_subject(_blank(clause, [(f.start, f.end) for f in styled if f.end <= subject_end])[:subject_end], reading, context)
            return
    found, spans = statements.read(lower, clause, brand_color=context.brand_color)
    if not found and not statements.project_of(clause) and not re.search(r"\b(?:i|we|my|our|you|use|icons?)\b", lower):
        if re.search(r"\balways\b", lower) is None and not lower.startswith(("never", "remember", "from now")):
            _read_wish(clause, lower, reading, context)
            return
    reading.statements.extend(found)
    if any(f.brand and not f.negated for f in styles.find(lower)) and not context.brand_color and not any(s.slot == "brand_color" for s in found):
        reading.left.append("our brand colour (none is known yet)")
    _leftover(clause, spans, reading, found=bool(found))


def _leftover(clause: str, spans: Sequence[tuple[int, int]], reading: _Reading, *, found: bool) -> None:
    """What is left of a standing clause, word by word against the words that carry no content."""
    rest = _blank(clause, list(spans))
    rest_low = _REMEMBER_LEAD.sub("", _lower(rest).strip())
    if not found:
        reading.left.append(squeeze(clause)[:200])
        return
    rest_low = statements._SESSION.sub(" ", statements._PROJECT.sub(" ", rest_low))  # noqa: SLF001 - one package, one vocabulary
    rest_low = statements._USER_SCOPE.sub(" ", statements.STANDING.sub(" ", rest_low))  # noqa: SLF001
    for part in re.split(r"[,;.!?]", rest_low):
        words = [w for w in part.split() if not _FILLER.match(w)]
        if len(words) >= 1 and any(len(w) > 2 for w in words):
            reading.left.append(" ".join(words)[:200])


def _read_wish(clause: str, lower: str, reading: _Reading, context: BriefContext) -> None:
    once = statements.ONE_OFF.search(lower)
    refers = bool(_REFERENCE.search(lower)) or bool(once and re.search(r"\bone\b", once.group()))
    picked = edit_words.pick(lower) if context.candidates or not _DRAW_START.match(lower) else None
    spans: list[tuple[int, int]] = []
    if picked and not _is_subject_number(lower, picked):
        reading.pick = picked[0]
        spans.append((picked[1], picked[2]))
    masked = _blank(lower, spans)
    compared = [f for f in edit_words.find(masked) if f.edit.amount and f.edit.op != "rotate"]
    found_styles = styles.find(_blank(masked, [(f.start, f.end) for f in compared]), context.knows)
    rest = _blank(masked, [(f.start, f.end) for f in found_styles])
    found_edits = edit_words.find(rest)
    editing = _is_edit(rest, found_edits, found_styles, reading, refers, context)
    if not editing:
        found_edits = [f for f in found_edits if f.edit.op in ("stroke", "corners", "scale", "padding", "detail", "opacity") and not f.edit.text.startswith("too")]
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


def _is_subject_number(lower: str, picked: tuple[int, int, int]) -> bool:
    """"number 2 in a circle" is a thing to draw; so is "take two aspirins"."""
    return bool(re.match(r"\s+(?:in|inside|with) an? ", lower[picked[2] :])) and lower[picked[1] :].startswith("number")


def _is_edit(rest: str, found: list[edit_words.FoundEdit], styled: list[styles.Found], reading: _Reading, refers: bool, context: BriefContext) -> bool:
    """Does this clause change what is there, rather than describe something new?"""
    bare = _POLITE.sub(" ", _blank(rest, [(f.start, f.end) for f in found]))
    content = re.sub(r"[^a-z0-9]+", " ", _EDIT_WORDS.sub(" ", statements.ONE_OFF.sub(" ", bare))).strip()
    if content:
        return False
    if found and not reading.subjects:
        return context.has_icon or refers or all(f.edit.op not in ("add", "inside") for f in found)
    if reading.pick is not None:
        return True
    if reading.subjects:
        return False
    return bool(styled) and (refers or context.has_icon) or (refers and context.has_icon)


def _gather_styles(found: list[styles.Found], lower: str, reading: _Reading, context: BriefContext) -> None:
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


def _edit_rest(rest: str, reading: _Reading) -> None:
    words = re.sub(r"[^\w' -]+", " ", _EDIT_WORDS.sub(" ", _POLITE.sub(" ", _lower(rest))))
    left = squeeze(words)
    if len(left) > 2:
        reading.left.append(left)


def _read_subject(rest: str, reading: _Reading, context: BriefContext) -> None:
    """What is left of a clause once styles and politeness are out is the subject, if it reads like one."""
    text = _POLITE.sub(" ", _lower(rest))
    text = squeeze(re.sub(r"[\"`“”]", " ", text))
    text = _DRAW_START.sub(" ", text, count=1)
    text = _FOR_APP.sub(" ", text)
    text = _ICON_OF.sub(" ", squeeze(text))
    text = re.sub(r"^(?:an? |the )?(?:svg |vector )?(?:icons?|pictogram|symbol|drawing)\s*:\s*", "", squeeze(text))
    text = re.sub(r"\b(?:from now on|always|this time|as well|too|again|another)\b", " ", text)
    text = re.sub(r"\b(?:style|in style|strokes?|lines?|outlines?|corners?|look|version)$", " ", squeeze(text)) if context is not None else text
    text = squeeze(_ICON_WORD.sub(" ", squeeze(text)))
    text = squeeze(_ARTICLE.sub("", text))
    if not re.search(r"\w", text) or _FILLER.fullmatch(text + " ") or re.fullmatch(r"(?:it|this|that|one|icon|something|anything|thing|stuff|an?|the|me|them|some|draw|make|create|use|give|show)", text):
        return
    if _NOT_DRAWING.match(text) or (_ADDRESSED.search(text) and not _names_a_thing(text, context)):
        reading.left.append(text[:200])
        return
    reading.subjects.append(text)


def _names_a_thing(text: str, context: BriefContext) -> bool:
    """"thank you card" and "you are here" are things; a caller that knows the library may say so."""
    return context.knows is not None and context.knows(text)


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    out = list(text)
    for start, end in spans:
        out[start:end] = " " * (end - start)
    return "".join(out)


def _last_wins(found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Within one message the later word on a slot (in one scope) stands."""
    return tuple({(s.slot, s.scope): s for s in found}.values())


def _brief(text: str, reading: _Reading, context: BriefContext) -> Brief:
    subject = ", ".join(dict.fromkeys(reading.subjects))
    words = subject.split()
    if len(words) > MAX_SUBJECT_WORDS:
        reading.left.append(" ".join(words[MAX_SUBJECT_WORDS:])[:200])
        subject = " ".join(words[:MAX_SUBJECT_WORDS])
    if subject and is_foreign(subject):
        reading.notes.append("this does not read like English, the only language understood so far")
        reading.left.append(subject)
    try:
        style = StyleSpec.from_dict(reading.style)
    except StyleError as error:
        style = StyleSpec()
        reading.left.append(str(error))
    kind = _kind(subject, style, reading, context)
    if kind in ("edit", "pick") and not context.has_icon:
        reading.notes.append("there is no icon yet that could be changed")
    return Brief(
        text, kind, subject, style, tuple(dict.fromkeys(reading.avoid)), reading.brand, _last_wins(reading.statements),
        tuple(reading.edits), reading.pick, statements.project_of(text), tuple(dict.fromkeys(reading.forget)),
        not_understood=tuple(dict.fromkeys(reading.left)), notes=tuple(reading.notes),
    )


def _kind(subject: str, style: StyleSpec, reading: _Reading, context: BriefContext) -> Kind:
    wished = bool(style.to_dict()) or bool(reading.avoid) or reading.brand
    if subject:
        return "draw"
    if reading.edits or (reading.referred and wished) or (wished and context.has_icon):
        return "edit"
    if reading.pick is not None:
        return "pick"
    if reading.statements:
        return "remember"
    if reading.forget:
        return "forget"
    return "empty" if wished or not reading.left else "draw"
