"""Reading a request: turns, slash, container, mark, companions and counts are taken out in turn; the rest is the
subject.

Contract. ``parse_words(text)`` never raises; its time is linear in the text (capped, see clean.MAX_CHARS). Each rule
takes its words out of the sentence by table and pattern, so what is left over is what no rule understood.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from svggen.words import nouns
from svggen.words import patterns as rx
from svggen.words import tables as t
from svggen.words.clean import ask, plain, protect, sentences
from svggen.words.reading import (
    Reading,
    count_of,
    drop_quality,
    mark_of,
    name_of,
    noun_words,
    side_of,
    singular,
    strip_fillers,
    tidy,
)
from svggen.words.scene import Relation, Scene, Thing, Turn, Where

MAX_WORDS = 60  # of the asking sentence; more is a story, not a subject


_PREPOSITION: dict[str, Relation] = {
    "next to": "beside", "beside": "beside", "by": "beside", "near": "beside", "around": "behind", "between": "beside",
    "before": "behind", "from": "beside", "in": "in", "inside": "in", "into": "in", "at": "beside", "against": "beside",
}  # fmt: skip


def parse_words(text: str) -> Scene:
    """The scene that a request describes. Never raises; an empty or wordless text gives an empty subject name."""
    parts = sentences(protect(plain(text)))
    if not parts:
        return Scene(Thing(""))
    head, before = ask(parts[0])
    words = head.split()
    # The arrow's own direction, not the drawing's: "cloud with an arrow pointing down".
    asked = rx.WITH_ARROW.sub(lambda m: f"{m[1]} arrow {t.SIDES[m[2]]}", " ".join(words[:MAX_WORDS]))
    r = Reading(asked)
    r.leftover += [*before.split(), *words[MAX_WORDS:]]
    r.text = strip_fillers(r.text)
    phrase = tidy(drop_quality(r.text.split()))
    _take_modifiers(r)
    for more in parts[1:]:  # "Draw a bell. It should be crossed out."
        rest = Reading(" ".join(more.split()[:MAX_WORDS]))
        _take_modifiers(rest)
        _merge_modifiers(r, rest)
        r.leftover += rest.text.split()
    _take_relative(r)
    _take_with(r)
    _take_slash_words(r)
    _take_and(r)
    subject = _take_subject(r)
    return _finish(r, subject, phrase)


def _take_modifiers(r: Reading) -> None:
    """Turn, slash phrases, container, place of the mark: wherever they stand in the sentence."""
    for pattern, turn in rx.TURNS:
        if (m := pattern.search(r.text)) and m.group(0).strip() != r.text.strip():
            r.turn = replace(r.turn, mirror=turn.mirror or r.turn.mirror, degrees=turn.degrees or r.turn.degrees)
            r.cut(m)
            break
    if m := rx.ROTATE.search(r.text):
        sign = -1.0 if m["way"] in {"counterclockwise", "left"} else 1.0
        r.turn = replace(r.turn, degrees=sign * min(float(m["deg"]), 360.0))
        r.cut(m)
    if m := rx.FACING.search(f"{r.text} "):
        r.turn = replace(r.turn, facing=side_of([m["a"] or m["b"] or m["c"], *(m["x"] or "").split()[-1:]]))
        r.cut(m)
    if (m := rx.CROSSED.search(r.text)) and m.group(0).strip() != r.text.strip():
        r.slash = True
        r.cut(m)
    for pattern in (rx.AROUND, rx.CONTAINER):
        m = pattern.search(r.text)
        if m and r.container is None and (m.start() > 0 or m.end() < len(r.text)):
            r.container = t.CONTAINER_OF[m["kind"]]
            r.cut(m)
    while r.container and (m := rx.CONTAINER.search(r.text)) and m.start() > 0:  # one container is drawn
        r.leftover += m.group(0).split()
        r.cut(m)
    _take_where(r)


def _take_where(r: Reading) -> None:
    m = rx.WHERE.search(r.text)
    if not m or not m.group(0).strip() or m.start() == 0:
        return
    if m["in"]:
        r.where = "inside"
    elif m["v"] or m["v2"] or m["h2"]:
        vertical = "top" if (m["v"] or m["v2"]) in {"top", "upper"} else "bottom"
        r.where = cast(Where, f"{vertical}-{m['h'] or m['h2'] or 'right'}")
    elif "corner" not in m.group(0):
        return
    r.cut(m)


def _merge_modifiers(r: Reading, more: Reading) -> None:
    r.slash = r.slash or more.slash
    r.container = r.container or more.container
    r.turn = r.turn if r.turn != Turn() else more.turn
    if m := rx.WITH.search(f" {more.text} "):
        rest = f" {more.text} "[m.end() :].strip()
        kind = t.MARK_OF.get(name_of(rest))
        if kind and r.mark is None:
            r.mark, more.text = mark_of(rest), ""


def _take_relative(r: Reading) -> None:
    """Cut what only explains: "... where users see their cart", "... for my shop", a list's commas stay with "and"."""
    words = r.text
    listy = re.match(r"^(?:[\w-]+\s){1,3}(?:,\s(?:[\w-]+\s){1,3})*(?:,\s)?and\s", words)
    for m in rx.RELATIVE.finditer(words):
        if m.group(0).strip() == "," and (listy or re.match(r"\s(?:with|and|in|on|but|without)\s", words[m.end() :])):
            continue
        if m.group(0).strip() in {"to", "as", "through"} and words[: m.start()].split()[-1:] in (
            ["add"],
            ["upload"],
            ["download"],
            ["save"],
        ):
            continue
        r.leftover += words[m.start() :].split()
        r.text = words[: m.start()].strip()
        return


def _take_with(r: Reading) -> None:
    while m := rx.WITHOUT.search(r.text):
        if m.start() == 0:
            break
        r.without.append(singular(name_of(m["what"])))
        r.cut(m)
    s = f" {r.text} "
    m2 = rx.WITH.search(s)
    if not m2:
        return
    head, tail = s[: m2.start()].strip(), s[m2.end() :].strip()
    if not name_of(head):  # "icon with a heart"
        r.text = tail
        return
    r.text = head
    for i, piece in enumerate(re.split(r"\s(?:and|with|,)\s", f" {tail} ")):
        _add_with(r, piece.strip(), first=i == 0)


def _add_with(r: Reading, piece: str, first: bool) -> None:
    """One thing that the subject is drawn "with": a mark, a part of it, or another thing."""
    place = rx.PLACE.search(f" {piece} ")
    if place:
        r.leftover += f" {piece} "[place.start() :].split()
        piece = f" {piece} "[: place.start()].strip()
    mark = mark_of(piece, r.where)
    name = name_of(piece) or mark.name
    if not name:
        return
    head = singular(name_of(r.text))
    if name == "three dots" and head.split()[-1:] and head.split()[-1] in t.TALK:  # somebody is typing: one picture
        name = "dots"
    if name in t.PARTS or (singular(name) in t.PARTS and mark.kind == "other"):
        r.details.append(name)
    elif head in t.CONTAINER_OF and head != "shield" and r.container is None and first:  # "circle with a plus"
        r.container, r.text = t.CONTAINER_OF[head], t.MARK_SUFFIX.get(mark.kind, mark.name)
    elif r.mark is None and mark.kind != "other":
        r.mark = mark
    elif mark.kind == "other" and not r.companions and not count_of(piece)[0] > 1:
        if head in t.ENCLOSING and first and r.where != "auto":
            r.mark = mark
        else:
            r.companions.append(Thing(singular(name)))
            r.relation = "behind"
    else:
        r.details.append(singular(name))


def _take_slash_words(r: Reading) -> None:
    """ "no X", "X off", "X crossed", with the things excepted whose name these words are."""
    words = r.text.split()
    if m := rx.NO.match(r.text):
        rest = re.sub(r"\s(?:allowed|permitted|here|please)$", "", r.text[m.end() :])
        if not (m.group(0).startswith("stop") or not name_of(rest)):
            r.slash, r.text = True, rest
    elif (m2 := rx.OFF.match(r.text)) and name_of(m2["rest"]):
        r.slash, r.text = True, m2["rest"]
    elif words[-1:] == ["crossed"] and len(words) > 1 and words[-2] not in t.CROSSED_THINGS:
        r.slash, r.text = True, " ".join(words[:-1])
    elif words[:1] in (["muted"], ["disabled"], ["slashed"], ["blocked"], ["banned"], ["forbidden"]) and len(words) > 1:
        r.slash, r.text = True, " ".join(words[1:])
    elif (
        words[:1] == ["crossed"]
        and len(words) == 2
        and words[1] not in t.CROSSED_THINGS
        and nouns.singular_of(words[1]) == words[1]
    ):
        r.slash, r.text = True, words[1]


def _take_and(r: Reading) -> None:
    pieces = [
        p.strip(" ,")
        for p in re.split(r"\s(?:and|,|plus(?=\s(?:an?|the)\s)|next\sto|beside|alongside)\s", f" {r.text} ")
    ]
    pieces = [p for p in pieces if name_of(p)]
    if len(pieces) < 2:
        r.text = pieces[0] if pieces else r.text
        return
    r.text = pieces[0]
    for piece in pieces[1:]:
        mark = mark_of(piece, r.where)
        if (
            mark.kind in {"check", "plus", "minus", "x", "alert", "question", "dot"}
            and r.mark is None
            and mark.name != name_of(pieces[0])
        ):
            r.mark = mark
        elif len(r.companions) < 2:
            _, rest = count_of(piece)
            r.companions.append(Thing(singular(name_of(rest))))
        else:
            r.leftover += piece.split()


def _take_subject(r: Reading) -> Thing:
    """What is left is the subject: its place, its mark words, its container word and its number are taken off."""
    r.text = strip_fillers(" ".join(drop_quality(r.text.split())))
    if r.mark is None:
        r.text = rx.VERB_TO.sub(r"\1 ", r.text)
        _take_badge_on(r)
    place = rx.PLACE.search(f" {r.text} ")
    if place and place.start() > 0:
        head, tail = f" {r.text} "[: place.start()].strip(), f" {r.text} "[place.end() :].strip()
        prep = place["prep"]
        r.text = head
        other = singular(name_of(count_of(tail)[1]))
        if level := _level(head, tail):
            r.text, other = level, ""
        if other and not r.companions and tail.split()[0] not in {"my", "our", "their", "your"}:
            r.companions.append(Thing(other))
            r.relation = _PREPOSITION.get(prep, "on")
            if prep == "behind":
                r.relation = "behind"
                r.text, r.companions[-1] = other, Thing(singular(name_of(head)))
        elif not level:
            r.leftover += [prep, *tail.split()]
    if (m := rx.CIRCLED.search(r.text)) and r.container is None:
        r.container = t.CIRCLED[m["word"] or m["tail"]]
        r.cut(m)
    count, rest = count_of(r.text)
    words = noun_words(rest)
    words = _take_mark_words(r, words)
    words = _take_container_word(r, words)
    words = _take_side(r, words)
    words = _swap_of(words)
    name = " ".join(words).replace("_", " ")
    return Thing(singular(name) if count > 1 else name, count)


def _level(head: str, tail: str) -> str:
    """A battery and "50 percent" -> "battery 50": sets draw a battery's charge in steps of ten."""
    m = re.fullmatch(r"(\d{1,3}) percent(?: (?:charge[d]?|full|level))?", tail)
    if m is None or name_of(head).split()[-1:] != ["battery"]:
        return ""
    step = min(int(m[1]) + 5, 100) // 10 * 10
    return f"{head} {'empty' if step == 0 else 'full' if step == 100 else step}"


def _take_badge_on(r: Reading) -> None:
    """ "heart badge on a file", "question mark in a cloud": the second is what is drawn, the first is its mark."""
    m = rx.BADGE_ON.match(r.text)
    if not m:
        return
    base, mark = singular(name_of(m["base"])), mark_of(m["mark"], r.where)
    said = " badge " in m.group(0)
    if not base or not mark.name:
        return
    encloses = base in t.ENCLOSING and m["prep"] in {"in", "inside", "within", "on"}
    if (
        said
        or encloses
        or (base in t.BASES and mark.kind in {"check", "plus", "minus", "x", "alert", "question", "dot"})
    ):
        if m["prep"] in {"in", "inside", "within"} and mark.where == "auto":
            mark = replace(mark, where="inside")
        r.mark, r.text = mark, m["base"]


def _take_mark_words(r: Reading, words: list[str]) -> list[str]:
    if r.mark is not None or len(words) < 2:
        return words
    if words[0] in t.LEADING_MARKS and words[1] not in t.LEADING_STOPS:
        rest = [w for w in words[1:] if w not in {"to", "from", "for", "of"}]
        if rest:
            r.mark = mark_of(words[0], r.where)
            return [*rest[:-1], nouns.singular_of(rest[-1])]
    for n in (3, 2, 1):
        tail = " ".join(words[-n:]).replace("_", " ")
        rest = words[:-n]
        if not rest or tail not in t.MARK_OF or (n > 1 and t.MARK_OF[tail] in {"arrow-left", "arrow-right"}):
            continue
        base = " ".join(rest).replace("_", " ")
        known = singular(base) in t.BASES
        if n > 1 or tail in t.TRAILING_MARKS or (tail in t.WEAK_TRAILING_MARKS and known):
            if n > 1 and not known and t.MARK_OF[tail] not in {"check", "x", "plus", "minus", "alert", "question"}:
                continue
            r.mark = mark_of(tail, r.where)
            return rest
    return words


def _take_container_word(r: Reading, words: list[str]) -> list[str]:
    if r.container is None and len(words) >= 2 and words[-1] in {"circle", "square", "hexagon", "octagon"}:
        if words[-2] not in t.NOT_BEFORE_CONTAINER:
            r.container = t.CONTAINER_OF[words[-1]]
            return words[:-1]
    if r.container is None and words == ["badge"] and r.mark is not None:  # "badge check"
        r.container, name = "badge", t.MARK_SUFFIX.get(r.mark.kind, r.mark.name)
        r.mark = None
        return name.split()
    if r.container is None and len(words) == 1 and words[0] in {"circle", "square", "hexagon", "octagon"} and r.mark:
        r.container, name = t.CONTAINER_OF[words[0]], t.MARK_SUFFIX.get(r.mark.kind, r.mark.name)
        r.mark = None
        return name.split()
    return words


def _take_side(r: Reading, words: list[str]) -> list[str]:
    """ "left arrow", "arrow left": for things that point, the side is where they point."""
    if r.turn.facing is None and len(words) >= 2:
        for n in (2, 1):
            for said, rest in ((words[:n], words[n:]), (words[-n:], words[:-n])):
                side = side_of(said) if all(w in t.SIDES for w in said) else None
                if side and " ".join(rest) in t.DIRECTIONAL:
                    r.turn = replace(r.turn, facing=side)
                    return rest
    return words


def _swap_of(words: list[str]) -> list[str]:
    if "of" in words:
        i = words.index("of")
        head, tail = words[:i], words[i + 1 :]
        if head and tail and nouns.singular_of(head[-1]) in t.OF_HEADS and len(tail) <= 2:
            return [*tail, *head]
    return words


def _finish(r: Reading, subject: Thing, phrase: str) -> Scene:
    if r.turn.mirror is None and r.turn.degrees == 0 and r.turn.facing is None:
        r.turn = Turn()
    if subject.name and r.mark and r.mark.name == subject.name and r.mark.kind != "other":
        r.mark = None
    leftover = [w.replace("_", " ") for w in r.leftover if w not in t.STOP_WORDS | t.FILLERS | t.GREETINGS | t.QUALITY]
    leftover = [w for w in leftover if w not in ",." and not rx.ICON_NOUN.fullmatch(w)]
    return Scene(
        subject=subject, container=r.container, mark=r.mark, companions=tuple(c for c in r.companions if c.name),
        relation=r.relation, slash=r.slash, turn=r.turn, details=tuple(dict.fromkeys(r.details)),
        without=tuple(r.without), phrase=phrase[:200], leftover=tuple(dict.fromkeys(leftover))[:40],
    )  # fmt: skip
