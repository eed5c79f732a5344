"""One clause of a message at a time: what it states, what it wishes, what it changes, what it names to be drawn.

Contract. ``split(sentence)`` gives the clauses; ``read(clause, reading, context)`` adds to a ``Reading`` what one
holds. A clause is standing (statements), an edit, or a description; words that are none of these stand in
``Reading.left``.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.brief import edits as edit_words
from agent.brief import intents, lasting, parts, statements, styles
from agent.brief.clause_words import (
    ADDRESSED,
    ARTICLE,
    DETERMINED,
    DRAW_START,
    EDIT_WORDS,
    FILLER,
    FOR_APP,
    ICON_OF,
    ICON_WORD,
    LEAD_IN,
    LETTER,
    MARKER_SPLIT,
    NEW,
    NOT_DRAWING,
    PART_LOOK,
    POLITE,
    REFERENCE,
    REMEMBER_LEAD,
    SAME_STYLE,
    THEN,
)
from agent.brief.gathered import Reading
from agent.brief.lasting_cues import is_talk, names_one_thing
from agent.brief.text import squeeze
from agent.brief.types import BriefContext, Edit


def lower_case(text: str) -> str:
    """Lower case of the same length, so that places found in it hold in the text as written."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def asks_to_draw(text: str) -> bool:
    """Does it begin like "draw me a ..."?"""
    return bool(DRAW_START.match(text))


def split(sentence: str) -> list[str]:
    lower = lower_case(sentence)
    whole = [(start, end) for _, _, start, end in statements.vocabulary(lower)]
    cuts = [m.span() for m in MARKER_SPLIT.finditer(lower) if not any(a < m.end() and m.start() < b for a, b in whole)]
    out, start = [], 0
    for a, b in cuts:
        out.append(sentence[start:a])
        start = b
    out.append(sentence[start:])
    return [c.strip() for c in out if c.strip(" ,.")]


def read(clause: str, reading: Reading, context: BriefContext) -> None:
    lower = lower_case(clause)
    if _forgets(clause, lower, reading, context):
        return
    if statements.is_standing(lower):
        _read_standing(clause, lower, reading, context)
        return
    if not _read_judged(clause, lower, reading, context):
        _read_wish(clause, lower, reading, context)


def _forgets(clause: str, lower: str, reading: Reading, context: BriefContext) -> bool:
    """ "Forget my brand colour", and what follows: "... and make it black"."""
    then = THEN.match(lower)
    head = intents.forget(then["head"]) if then else ()
    slots = head or intents.forget(lower)
    reading.forget.extend(slots)
    if head and then:
        read(clause[then.end() :], reading, context)
    return bool(slots)


def _read_judged(clause: str, lower: str, reading: Reading, context: BriefContext) -> bool:
    """A clause with style words that no rule takes for standing: the classifier may, and where it is not sure the
    user is told. A plain description ("a teal umbrella") is not even asked about."""
    if statements.ONE_OFF.search(lower):
        return False
    named = styles.find(lower, context.knows, things=True)
    bare = FOR_APP.sub(" ", POLITE.sub(" ", _blank(lower, [(f.start, f.end) for f in named])))
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
    draw = DRAW_START.match(POLITE.sub(lambda m: " " * len(m.group()), lower).lstrip())
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
    rest_low = REMEMBER_LEAD.sub("", lower_case(rest).strip())
    if not found:
        reading.left.append(squeeze(clause)[:200])
        return
    rest_low = statements._SESSION.sub(" ", statements._PROJECT.sub(" ", rest_low))
    rest_low = statements._USER_SCOPE.sub(" ", statements.STANDING.sub(" ", rest_low))
    for part in re.split(r"[,;.!?]", rest_low):
        words = [w for w in part.split() if not FILLER.match(w)]
        if len(words) >= 1 and any(len(w) > 2 for w in words):
            reading.left.append(" ".join(words)[:200])


def _read_wish(clause: str, lower: str, reading: Reading, context: BriefContext) -> None:
    once = statements.ONE_OFF.search(lower)
    refers = bool(REFERENCE.search(lower)) or bool(once and re.search(r"\bone\b", once.group()))
    if parts.chatting(context) and _combine(clause, lower, reading, context):
        return
    if parts.chatting(context):
        lower, clause = _of_one_part(lower, clause, reading)
    spans = _refer(lower, reading, context)
    masked = _blank(lower, spans)
    compared = [f for f in edit_words.find(masked) if f.edit.amount and f.edit.op != "rotate"]
    if parts.chatting(context):
        compared += edit_words.before_style(masked)
    found_styles = styles.find(_blank(masked, [(f.start, f.end) for f in compared]), context.knows)
    known = [(c.start, c.end) for c in compared if not c.edit.amount]
    rest = _blank(masked, [*((f.start, f.end) for f in found_styles), *known])
    found_edits = _whole(compared, edit_words.find(rest))
    part = _part_of(lower, rest, found_edits, context)
    editing = bool(part) or _is_edit(rest, found_edits, found_styles, reading, refers, context)
    if not editing:
        found_edits = [
            f
            for f in found_edits
            if f.edit.op in ("stroke", "corners", "scale", "padding", "detail", "opacity", "shade")
            and not f.edit.text.startswith("too")
        ]
    _gather_styles(found_styles, lower, reading, context)
    spans += [(f.start, f.end) for f in found_styles] + [(f.start, f.end) for f in found_edits]
    edits = [replace(f.edit, argument=part) if part and f.edit.amount else f.edit for f in found_edits]
    changed = {(e.op, e.argument) for e in edits if e.amount and e.op != "rotate"}
    reading.edits = [e for e in reading.edits if (e.op, e.argument) not in changed]
    reading.edits.extend({(e.op, e.argument): e for e in edits if e.op}.values())
    if once:
        spans.append(once.span())
    if editing:
        reading.referred = True
        _edit_rest("" if part else _blank(clause, spans), reading)
    else:
        _read_subject(_blank(clause, spans), reading, context)


def _of_one_part(lower: str, clause: str, reading: Reading) -> tuple[str, str]:
    """ "Make the roof red": the look is that of the whole icon, for a part alone cannot have one; which is said."""
    m = PART_LOOK.match(lower)
    if not m or edit_words.is_whole(m["part"]) or not styles.find(lower[m.end("part") :]):
        return lower, clause
    reading.left.append(f"the {m['part']} alone")
    reading.referred = True
    span = [m.span("part")]
    return _blank(lower, span), _blank(clause, span)


def _part_of(lower: str, rest: str, found: list[edit_words.FoundEdit], context: BriefContext) -> str:
    """ "Bigger handle please": the part that a comparative is said of; "" where there is none. "A bigger house" may be
    something new."""
    compared = [f for f in found if f.edit.amount and f.edit.op != "rotate" and not f.edit.argument]
    if not parts.chatting(context) or len(compared) != 1 or len(found) != 1 or NEW.match(lower):
        return ""
    bare = POLITE.sub(" ", _blank(rest, [(f.start, f.end) for f in found]))
    words = re.sub(r"[^a-z0-9]+", " ", EDIT_WORDS.sub(" ", bare)).split()
    part, one = " ".join(words), compared[0]
    beside = lower[one.end :].lstrip().startswith(part) or re.sub(
        r"(?:\s+(?:is|are|was|be|looks?|feels?|seems?|still|way|a bit))*\s*$", "", lower[: one.start]
    ).endswith(part)
    return part if 0 < len(words) <= 2 and beside and not edit_words.is_whole(part) else ""


def _whole(compared: list[edit_words.FoundEdit], found: list[edit_words.FoundEdit]) -> list[edit_words.FoundEdit]:
    """The parts that go, which were found first, and the edits of the rest; in order of place."""
    gone = [f for f in compared if not f.edit.amount]
    return sorted([*gone, *found], key=lambda f: f.start)


def _refer(lower: str, reading: Reading, context: BriefContext) -> list[tuple[int, int]]:
    """Notes which candidates the clause means; gives the places of the words."""
    if not context.candidates and DRAW_START.match(lower):
        return []
    if not parts.chatting(context):
        picked = edit_words.pick(lower)
        if not picked or _is_subject_number(lower, picked, context):
            return []
        reading.pick = picked[0]
        return [(picked[1], picked[2])]
    from agent.brief import references

    spans: list[tuple[int, int]] = []
    for one in references.find(lower, context.candidates):
        if one.pick is not None and _is_subject_number(lower, (one.pick, one.start, one.end), context):
            continue
        denied = re.search(r"\bnot (?:with )?$", lower[: one.start])
        if not denied:
            parts.refer(reading, one)
        spans.append((denied.start() if denied else one.start, one.end))
    return spans


def _combine(clause: str, lower: str, reading: Reading, context: BriefContext) -> bool:
    """ "Combine the first and third": the whole clause, beside its style words."""
    from agent.brief import references

    picks = references.combine(lower) if context.candidates > 1 else ()
    if len(picks) < 2:
        return False
    reading.picks, reading.pick, reading.described = picks, None, ""
    reading.edits.append(Edit("combine", ",".join(map(str, picks)), text=clause))
    reading.referred = True
    _gather_styles(styles.find(lower, context.knows), lower, reading, context)
    return True


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
    bare = POLITE.sub(" ", _blank(rest, [(f.start, f.end) for f in found]))
    content = re.sub(r"[^a-z0-9]+", " ", EDIT_WORDS.sub(" ", statements.ONE_OFF.sub(" ", bare))).strip()
    if content:
        return False
    if found and not reading.subjects:
        if (
            not (context.has_icon and not context.drawing)
            and not refers
            and all(f.edit.op in ("add", "remove", "replace") and not DETERMINED.search(f.edit.text) for f in found)
        ):
            return False  # "add user", "remove file" name an icon
        return context.has_icon or refers or all(f.edit.op not in ("add", "inside") for f in found)
    if reading.pick is not None or reading.picks or reading.described or reading.move is not None:
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
    words = re.sub(r"[^\w' -]+", " ", EDIT_WORDS.sub(" ", POLITE.sub(" ", lower_case(rest))))
    left = squeeze(words)
    if len(left) > 2:
        reading.left.append(left)


def _read_subject(rest: str, reading: Reading, context: BriefContext) -> None:
    """What is left of a clause once styles and politeness are out is the subject, if it reads like one."""
    text = POLITE.sub(" ", lower_case(rest))
    reading.draws |= bool(
        re.match(
            r"\W*(?:(?:draw|create|generate|design|sketch|make me|give me|need|next|new)\b|(?:an?|some|two|three|four|another) |.*\b(?:icon|symbol|pictogram)\b)",
            text,
        )
    )
    text = squeeze(re.sub(r"[\"`“”]", " ", text))
    text = re.sub(r"^(?:new )?(?:draw|create|generate|make|design|icon|drawing)\s*:\s*", "", text)
    text = DRAW_START.sub(" ", text, count=1)
    text = FOR_APP.sub(" ", text)
    text = SAME_STYLE.sub(" ", squeeze(text))
    text = LEAD_IN.sub("", squeeze(text))
    text = ICON_OF.sub(" ", squeeze(text))
    text = re.sub(r"^(?:an? |the )?(?:svg |vector )?(?:icons?|pictogram|symbol|drawing)\s*:\s*", "", squeeze(text))
    text = re.sub(r"\b(?:from now on|always(?!-)|this time|as well|too|again|another)\b|\binstead$", " ", squeeze(text))
    text = (
        re.sub(r"\b(?:style|in style|strokes?|lines?|outlines?|corners?|look|version)$", " ", squeeze(text))
        if context is not None
        else text
    )
    text = squeeze(ICON_WORD.sub(" ", squeeze(text)))
    text = squeeze(ARTICLE.sub("", text))
    if (
        not re.search(r"\w", text)
        or FILLER.fullmatch(text + " ")
        or re.fullmatch(
            r"(?:it|this|that|one|icon|something|anything|thing|stuff|an?|the|me|them|some|draw|make|create|use|give|show)",
            text,
        )
    ):
        return
    if NOT_DRAWING.match(text) or (ADDRESSED.search(LETTER.sub(" ", text)) and not _names_a_thing(text, context)):
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
