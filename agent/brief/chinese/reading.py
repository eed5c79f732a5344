"""A Chinese message in, a Brief out: the same slots as in English, things and colours by their English names.

Contract. ``understand`` never raises for any text and is linear in its length. Things that the dictionary lacks are
asked about (kind ``ask_back``) or stand in ``not_understood``; they are never guessed. A message that is mostly English
with Chinese words in it is read as English, these words in English (``in_english``).
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.brief import edits as english_edits
from agent.brief import styles
from agent.brief.chinese import changes, standing, style_words, talk, words
from agent.brief.chinese.script import HAN, simplified
from agent.brief.finishing import finished
from agent.brief.gathered import Reading, Reference
from agent.brief.parts import chatting, refer
from agent.brief.types import Brief, BriefContext, Edit
from memory.records import Statement

_HAN = re.compile(f"[{HAN}]")
_CLAUSE = re.compile(r"[。!?;\n…~]+|(?<=\s)-(?=\s)|(?<!\d)[,]|[,](?!\d)|(?<![记规则住下色号])[:](?!\d)")
_THEN = re.compile(
    r"(?<=[^,。])(?=(?:然后|并且|而且|但是|不过|可是|同时|另外|顺便|以后都|从现在起|(?<![不别])(?<!不用)(?<!不要)(?<!不必)(?<!帮我)记住))"
)
_JOINS = re.compile(
    r"^(?:然后|并且|而且|但是|但要?|不过|可是|同时|另外|顺便|再|还有|接着|最后(?![一个张])|对了|还是|那|嗯+|哦|呃|哎|啊|只是|就是|请|麻烦)+(?![个张])[, ]*"
)
_PARTICLES = re.compile(r"(?:吧|呢|啊|呀|哦|啦|嘛|哈|噢|喔|咯|哟|呗)+$")
_FIRM = re.compile(r"保存|就这个|就它|就这样|就是|收下|存|采用|通过|完美|确定|搞定|加到|加入|保留|留下|要|用|定|成")
_DRAWS = re.compile(r"画|绘制|设计|生成|制作|来(?:一?个|一?只|一?张)|做(?:一?个|一?只)|想要|需要|我要|图标$")
_ABOUT_IT = re.compile(
    r"更|一点|一些|点$|应该|看起来|做得|弄得|画得|有点|太|不够|再|要(?!画|一)|把|将|给它|让它|改|调|换|变"
)
"""Of the icon that is there, whatever else is not understood."""
_BY_DEGREE = re.compile(f"[{HAN}]{{2,}}(?:一点|一些|点|些)(?:儿)?(?:吧|呢|啊)?$")
_ONCE = re.compile(r"(?:就|只有|只|仅|仅仅|仅限|单独)?(?:这一?次|这一?回|本次|此次)")
_SAME = re.compile(
    r"(?:用|按|跟|和)?(?:同样的?|一样的?|相同的?|同款|刚才的?)(?:风格|样式)?(?:的)?|其他(?:的)?不变|保持(?:不变|原样)|配套的?|(?:这|那)个?(?:图标)?|给(?:我|它)|把它|将它"
)


MAX_CLAUSE = 160
"""Characters between two marks of punctuation, at most; more are read piece by piece."""


@dataclass(frozen=True)
class _Clause:
    """text: simplified, lower case. said: as it was written."""

    text: str
    said: str


def understand(text: str, context: BriefContext, notes: Sequence[str] = ()) -> Brief:
    """``text``: cleaned. See ``agent.brief.understand``."""
    parts = _clauses(text)
    reading = Reading(notes=list(notes))
    if not context.drawing or len(_HAN.findall(text)) > 3:
        whole = _conversation(text, parts, context)
        if whole is not None:
            return whole
    unknown: list[str] = []
    for clause in parts:
        _read(clause, reading, unknown, context)
    if unknown and not (reading.subjects or reading.edits or reading.statements):
        asked = talk.unknown(tuple(unknown))
        return Brief(
            text,
            "ask_back",
            asks=asked.asks,
            options=asked.options,
            not_understood=tuple(unknown),
            notes=tuple(reading.notes),
        )
    reading.left.extend(unknown)
    return finished(text, reading, context, project=standing.project_of(simplified(text.lower())))


def statements(text: str, *, brand_color: str | None = None) -> tuple[list[Statement], list[str], list[str]]:
    """(statements, slots to forget, what was not understood) of text that was given to be remembered as a whole."""
    said: list[Statement] = []
    slots: list[str] = []
    left: list[str] = []
    scope = standing.scope_of(simplified(text.lower()))
    for clause in _clauses(text):
        gone = talk.forget(clause.text)
        if gone:
            slots.extend(gone)
            continue
        found = standing.read(clause.text, clause.said, brand_color=brand_color, scope=scope)
        said.extend(found.statements)
        if found.left or not found.statements:
            left.append(found.left if found.statements else clause.said[:200])
    return said, slots, left


def in_english(text: str) -> str | None:
    """A mostly English message with its Chinese words in English; None where it is mostly Chinese or a word is not
    known. Words that change the icon ("make it 粗一点") become their English ones."""
    han = len(_HAN.findall(text))
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    if not latin or han > 2 * latin:
        return None
    out: list[str] = []
    at = 0
    for m in re.finditer(f"[{HAN}]+", text):
        english = _in_english(simplified(m.group()))
        if not english:
            return None
        out += [text[at : m.start()], f" {english} "]
        at = m.end()
    return re.sub(r"\s+", " ", "".join([*out, text[at:]])).strip()


_COMPARED = {
    ("stroke", True): "thicker", ("stroke", False): "thinner", ("corners", True): "rounder", ("corners", False): "sharper",
    ("scale", True): "bigger", ("scale", False): "smaller", ("detail", True): "more detail", ("detail", False): "simpler",
    ("padding", True): "more padding", ("padding", False): "less padding", ("shade", True): "lighter colour", ("shade", False): "darker colour",
}  # fmt: skip
_DEGREES = {1.1: "a bit ", 1.5: "much "}


def _in_english(run: str) -> str:
    phrase = words.translated(run)
    if phrase.english:
        return phrase.english
    found = changes.find(run, parts=True).found
    if len(found) == 1 and found[0].end - found[0].start >= len(run) - 1:
        edit = found[0].edit
        compared = _COMPARED.get((edit.op, edit.amount > 1))
        size = edit.amount if edit.amount > 1 else round(1 / edit.amount, 2) if edit.amount else 0.0
        if compared and not edit.argument:
            return f"{_DEGREES.get(round(size, 1), '')}{compared}"
        return (
            {"remove": "remove the ", "add": "add a "}.get(edit.op, "") + edit.argument
            if edit.op in ("remove", "add")
            else ""
        )
    styled = style_words.find(run)
    if len(styled) == 1 and not styled[0].negated and styled[0].end - styled[0].start >= len(run) - 1:
        return "pixel art" if styled[0].avoid == "pixel art" else styled[0].avoid
    return ""


def _clauses(text: str) -> list[_Clause]:
    out: list[_Clause] = []
    lower = simplified("".join(low if len(low := c.lower()) == 1 else c for c in text))
    at = 0
    for cut in [*(m.span() for m in _CLAUSE.finditer(lower)), (len(lower), len(lower))]:
        piece = (at, cut[0])
        at = cut[1]
        start = piece[0]
        for m in [*_THEN.finditer(lower, *piece), None]:
            end = m.start() if m else piece[1]
            part = lower[start:end].strip(" ,、")
            if re.search(r"\w", part):
                said = text[start:end].strip(" ,、")
                out += [
                    _Clause(part[i : i + MAX_CLAUSE], said[i : i + MAX_CLAUSE]) for i in range(0, len(part), MAX_CLAUSE)
                ]
            start = end
    return out


def _bare(text: str) -> str:
    """A clause without what joins it to another and its closing particles."""
    return _PARTICLES.sub("", _JOINS.sub("", text).strip()).strip(" ,!.?")


def _conversation(text: str, parts: list[_Clause], context: BriefContext) -> Brief | None:
    """Messages that are no description, read as a whole."""
    bare = ",".join(c.text for c in parts)
    if len(bare) > 60 or not bare:
        return None
    one = _bare(bare)
    asked = talk.asked_back(one, context) or talk.asked_back(bare, context)
    if asked:
        return Brief(text, "ask_back", asks=asked.asks, options=asked.options)
    if len(parts) == 1:
        question = talk.question(bare)
        if question:
            return Brief(text, "ask", question=question[0], about=question[1])
    if chatting(context):
        move = talk.move(bare, context.undone)
        if move is not None and not move.again and not bare[move.end :].strip(" ,"):
            return Brief(text, move.kind, back=move.back)
    return _verdict(text, bare, parts, context)


def _verdict(text: str, bare: str, parts: list[_Clause], context: BriefContext) -> Brief | None:
    marked, found = _marked(bare, context)
    if talk.smalltalk(bare) and not (context.has_icon and talk.accept(marked)):
        return Brief(text, "smalltalk")
    if not context.has_icon:
        return None
    meant = Reading()
    for reference in found:
        refer(meant, reference)
    which: dict[str, Any] = {"pick": meant.pick, "picks": meant.picks, "described": meant.described}
    if talk.accept(marked):
        return Brief(text, "accept", **which)
    reason = talk.reject(marked)
    if reason is not None and len(parts) == 1 and not _changes(bare):
        return Brief(text, "reject", reason=reason.replace("{}", ""), **which)
    if (
        reason is not None
        and len(parts) > 1
        and all(talk.reject(_marked(c.text, context)[0]) is not None for c in parts)
    ):
        return Brief(text, "reject", reason=parts[-1].said, **which)
    return None


def _changes(text: str) -> bool:
    return bool(changes.find(text, parts=True).found or style_words.find(text))


def _marked(text: str, context: BriefContext) -> tuple[str, list[Reference]]:
    found = talk.references(text, context.candidates) if context.candidates else []
    out, at = [], 0
    for one in found:
        out += [text[at : one.start], "{}"]
        at = one.end
    return "".join([*out, text[at:]]), found


def _read(clause: _Clause, reading: Reading, unknown: list[str], context: BriefContext) -> None:
    text = clause.text
    slots = talk.forget(text)
    if slots:
        reading.forget.extend(slots)
        return
    if standing.is_standing(text):
        stated = standing.read(text, clause.said, brand_color=context.brand_color)
        if stated.statements:
            reading.statements.extend(stated.statements)
            reading.left.extend([stated.left] if stated.left else [])
            return
    if len(text) <= 40 and _talks(text, reading, context):
        return
    rest = text
    if chatting(context) and not reading.subjects:
        move = talk.move(_JOINS.sub("", text), context.undone)
        if move is not None:
            rest = _JOINS.sub("", text)[move.end :]
            if move.again:
                reading.edits.append(Edit("again", text=text))
            else:
                reading.move = move
    if rest.strip(" ,"):
        _wish(_Clause(rest, clause.said), reading, unknown, context)


def _talks(text: str, reading: Reading, context: BriefContext) -> bool:
    """Questions, verdicts and small talk among other clauses."""
    bare = _bare(text)
    question = talk.question(bare)
    if question:
        reading.question, reading.about = question
        return True
    if talk.smalltalk(text) or not bare:
        reading.said = True
        return True
    if not context.has_icon:
        return False
    marked, found = _marked(bare, context)
    if talk.accept(marked):
        for reference in found:
            refer(reading, reference)
        reading.verdict = "accept"
        reading.firm |= bool(_FIRM.search(marked))
        return True
    if talk.reject(marked) is not None and not found and not _changes(text):
        reading.said = True
        return True
    return False


def _wish(clause: _Clause, reading: Reading, unknown: list[str], context: BriefContext) -> None:
    """References, edits, style and the subject of one clause."""
    text = _ONCE.sub(lambda m: " " * len(m.group()), clause.text)
    chat = chatting(context)
    picks = talk.combine(text, context.candidates) if chat and context.candidates > 1 else ()
    if picks:
        reading.picks = picks
        reading.edits.append(Edit("combine", ",".join(map(str, picks)), text=clause.said))
        reading.referred = True
        return
    if chat and context.candidates:
        for one in talk.references(text, context.candidates):
            if not re.search(r"(?:不要|不是|别)$", text[: one.start]):
                refer(reading, one)
            text = f"{text[: one.start]}{' ' * (one.end - one.start)}{text[one.end :]}"
    found = changes.find(text, parts=chat)
    for change in found.found:
        text = f"{text[: change.start]}{' ' * (change.end - change.start)}{text[change.end :]}"
        if (change.edit.op, change.edit.argument) not in {(e.op, e.argument) for e in reading.edits}:
            reading.edits.append(change.edit)
    text = _styles(text, reading, context)
    for change in english_edits.find(re.sub(f"[{HAN}]", " ", text)) if chat else ():
        reading.edits.append(change.edit)
        text = f"{text[: change.start]}{' ' * (change.end - change.start)}{text[change.end :]}"
    if found.unknown:
        unknown.extend(found.unknown)
        return
    _subject(text, clause, reading, unknown, context)


def _styles(text: str, reading: Reading, context: BriefContext) -> str:
    found = style_words.find(text)
    said = [f.fields["palette"][0] for f in found if "palette" in f.fields and not f.negated]
    for item in found:
        if item.negated:
            reading.avoid.append(item.avoid)
            reading.style.update(styles.OPPOSITES.get(item.avoid, {}))
        elif item.brand:
            reading.brand = True
            reading.style.update({"palette": [context.brand_color]} if context.brand_color else {})
        else:
            reading.style.update(item.fields)
            if "palette" in item.fields and len(set(said)) > 1:
                reading.style["palette"] = list(dict.fromkeys(said))
    for item in found:
        text = f"{text[: item.start]}{' ' * (item.end - item.start)}{text[item.end :]}"
    return text


def _subject(text: str, clause: _Clause, reading: Reading, unknown: list[str], context: BriefContext) -> None:
    """What is left of the clause is the subject, if it is words for a thing."""
    rest = _SAME.sub("", re.sub(f"(?<=[{HAN}]) +(?=[{HAN}])", "", text.strip(" ,")))
    changed = bool(
        reading.edits
        or reading.avoid
        or reading.style
        or reading.move
        or reading.pick is not None
        or reading.picks
        or reading.described
    )
    if chatting(context) and _BY_DEGREE.search(rest) and not _DRAWS.search(clause.text):
        reading.left.append(rest)  # "尾巴短一点": of a part, in a way that is not known
        reading.unclear = True
        return
    phrase = words.translated(_PARTICLES.sub("", rest))
    if phrase.english and not re.fullmatch(r"(?:line|color|icon|stroke|number|style)", phrase.english):
        reading.subjects.append(phrase.english)
        reading.draws = True
    elif phrase.unknown:
        if chatting(context) and (changed or _ABOUT_IT.search(text)) and not _DRAWS.search(clause.text):
            reading.left.extend(phrase.unknown)
            reading.referred = True
            reading.unclear |= not changed
        else:
            unknown.extend(phrase.unknown)
    if chatting(context) and not phrase.english:
        reading.referred = True
