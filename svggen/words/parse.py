"""Reading a request: turns, slash, container, mark, companions and counts are taken out in turn; the rest is the
subject.

Contract. ``parse_words(text)`` never raises; its time is linear in the text (capped, see clean.MAX_CHARS). Each rule
takes its words out of the sentence by table and pattern, so what is left over is what no rule understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import cast

from svggen.words import nouns
from svggen.words import patterns as rx
from svggen.words import tables as t
from svggen.words.clean import ask, plain, protect, sentences
from svggen.words.scene import Mark, Relation, Scene, Side, Thing, Turn, Where

MAX_WORDS = 60  # of the asking sentence; more is a story, not a subject


_PREPOSITION: dict[str, Relation] = {
    "next to": "beside", "beside": "beside", "by": "beside", "near": "beside", "around": "behind", "between": "beside",
    "before": "behind", "from": "beside", "in": "in", "inside": "in", "into": "in", "at": "beside", "against": "beside",
}  # fmt: skip


@dataclass
class _Reading:
    """What has been understood so far; ``text`` is what has not."""

    text: str
    container: str | None = None
    mark: Mark | None = None
    where: Where = "auto"
    companions: list[Thing] = field(default_factory=list)
    relation: Relation = "beside"
    slash: bool = False
    turn: Turn = field(default_factory=Turn)
    details: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)

    def cut(self, m: re.Match[str]) -> None:
        self.text = " ".join(f"{self.text[: m.start()]} {self.text[m.end() :]}".split())


def parse_words(text: str) -> Scene:
    """The scene that a request describes. Never raises; an empty or wordless text gives an empty subject name."""
    parts = sentences(protect(plain(text)))
    if not parts:
        return Scene(Thing(""))
    head, before = ask(parts[0])
    words = head.split()
    # The arrow's own direction, not the drawing's: "cloud with an arrow pointing down".
    asked = rx.WITH_ARROW.sub(lambda m: f"{m[1]} arrow {t.SIDES[m[2]]}", " ".join(words[:MAX_WORDS]))
    r = _Reading(asked)
    r.leftover += [*before.split(), *words[MAX_WORDS:]]
    r.text = _strip_fillers(r.text)
    phrase = _tidy(_drop_quality(r.text.split()))
    _take_modifiers(r)
    for more in parts[1:]:  # "Draw a bell. It should be crossed out."
        rest = _Reading(" ".join(more.split()[:MAX_WORDS]))
        _take_modifiers(rest)
        _merge_modifiers(r, rest)
        r.leftover += rest.text.split()
    _take_relative(r)
    _take_with(r)
    _take_slash_words(r)
    _take_and(r)
    subject = _take_subject(r)
    return _finish(r, subject, phrase)


def _strip_fillers(s: str) -> str:
    words = s.split()
    start = 0
    while start < len(words) and (words[start] in t.FILLERS or words[start] in t.GREETINGS or words[start] in ",."):
        start += 1
    if start == len(words):  # only fillers: the last one that can be a subject is ("help", "like", "app")
        alone = [w for w in words if w in t.FILLER_NOUNS]
        return alone[-1] if len(alone) == 1 and len(words) <= 3 else ""
    if (
        start and words[start - 1] in t.FILLER_NOUNS and words[start] in t.AFTER_FILLER_NOUN
    ):  # "help center", "like button"
        start -= 1
    kept = [w for w in words[start:] if w not in t.NOISE] or words[start:]
    return " ".join(kept)


def _drop_quality(words: list[str]) -> list[str]:
    kept = [w for w in words if w not in t.QUALITY and not re.fullmatch(r"\d{1,4}(?:px|x\d{1,4})", w)]
    return kept or words


def _tidy(words: list[str]) -> str:
    words = [w for w in words if w not in ",." and w not in {"a", "an", "the", "its"}]
    return " ".join(words).replace("_", " ").strip()


def _take_modifiers(r: _Reading) -> None:
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
        r.turn = replace(r.turn, facing=_side([m["a"] or m["b"] or m["c"], *(m["x"] or "").split()[-1:]]))
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


def _take_where(r: _Reading) -> None:
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


def _merge_modifiers(r: _Reading, more: _Reading) -> None:
    r.slash = r.slash or more.slash
    r.container = r.container or more.container
    r.turn = r.turn if r.turn != Turn() else more.turn
    if m := rx.WITH.search(f" {more.text} "):
        rest = f" {more.text} "[m.end() :].strip()
        kind = t.MARK_OF.get(_name(rest))
        if kind and r.mark is None:
            r.mark, more.text = _mark(rest), ""


def _take_relative(r: _Reading) -> None:
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


def _name(words: str) -> str:
    """A noun phrase without articles, quality words and loose prepositions."""
    return " ".join(_noun_words(words)).replace("_", " ")


def _noun_words(words: str) -> list[str]:
    kept = [w for w in words.split() if w not in t.STOP_WORDS or w in {"of", "x", "add", "not"}]
    kept = _drop_quality(kept)
    while kept and kept[0] == "of":
        kept.pop(0)
    while kept and kept[-1] in {"of", "and", "with"}:
        kept.pop()
    if len(kept) > 1 and kept[0] in t.COLOURS and " ".join(kept[:2]) not in t.COLOUR_THINGS:
        kept.pop(0)
    return kept


def _singular(name: str) -> str:
    head, _, last = name.rpartition(" ")
    return f"{head} {nouns.singular_of(last)}".strip()


def _mark(words: str, where: Where = "auto") -> Mark:
    bare = re.sub(r"^(?:an?|the|its|one|some)\s", "", words.strip())
    name = _name(words) or bare
    kind = t.MARK_OF.get(bare) or t.MARK_OF.get(name) or t.MARK_OF.get(_singular(name))
    if kind is None and name.startswith("number of "):
        kind = "dot"
    if kind is None and name.split()[-1:] in (["badge"], ["sign"], ["mark"], ["symbol"]):
        kind = t.MARK_OF.get(" ".join(name.split()[:-1]))
        name = name if kind else " ".join(name.split()[:-1]) if name.endswith(" badge") else name
    if kind is None:
        return Mark("other", _singular(name), where)
    return Mark(kind, t.MARK_CONCEPT.get(kind, kind), where)


def _take_with(r: _Reading) -> None:
    while m := rx.WITHOUT.search(r.text):
        if m.start() == 0:
            break
        r.without.append(_singular(_name(m["what"])))
        r.cut(m)
    s = f" {r.text} "
    m2 = rx.WITH.search(s)
    if not m2:
        return
    head, tail = s[: m2.start()].strip(), s[m2.end() :].strip()
    if not _name(head):  # "icon with a heart"
        r.text = tail
        return
    r.text = head
    for i, piece in enumerate(re.split(r"\s(?:and|with|,)\s", f" {tail} ")):
        _add_with(r, piece.strip(), first=i == 0)


def _add_with(r: _Reading, piece: str, first: bool) -> None:
    """One thing that the subject is drawn "with": a mark, a part of it, or another thing."""
    place = rx.PLACE.search(f" {piece} ")
    if place:
        r.leftover += f" {piece} "[place.start() :].split()
        piece = f" {piece} "[: place.start()].strip()
    mark = _mark(piece, r.where)
    name = _name(piece) or mark.name
    if not name:
        return
    head = _singular(_name(r.text))
    if name in t.PARTS or (_singular(name) in t.PARTS and mark.kind == "other"):
        r.details.append(name)
    elif head in t.CONTAINER_OF and head != "shield" and r.container is None and first:  # "circle with a plus"
        r.container, r.text = t.CONTAINER_OF[head], t.MARK_SUFFIX.get(mark.kind, mark.name)
    elif r.mark is None and mark.kind != "other":
        r.mark = mark
    elif mark.kind == "other" and not r.companions and not _count_of(piece)[0] > 1:
        if head in t.ENCLOSING and first and r.where != "auto":
            r.mark = mark
        else:
            r.companions.append(Thing(_singular(name)))
            r.relation = "behind"
    else:
        r.details.append(_singular(name))


def _take_slash_words(r: _Reading) -> None:
    """ "no X", "X off", "X crossed", with the things excepted whose name these words are."""
    words = r.text.split()
    if m := rx.NO.match(r.text):
        rest = r.text[m.end() :]
        if not (m.group(0).startswith("stop") or not _name(rest)):
            r.slash, r.text = True, rest
    elif (m2 := rx.OFF.match(r.text)) and _name(m2["rest"]):
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


def _take_and(r: _Reading) -> None:
    pieces = [
        p.strip(" ,")
        for p in re.split(r"\s(?:and|,|plus(?=\s(?:an?|the)\s)|next\sto|beside|alongside)\s", f" {r.text} ")
    ]
    pieces = [p for p in pieces if _name(p)]
    if len(pieces) < 2:
        r.text = pieces[0] if pieces else r.text
        return
    r.text = pieces[0]
    for piece in pieces[1:]:
        mark = _mark(piece, r.where)
        if (
            mark.kind in {"check", "plus", "minus", "x", "alert", "question", "dot"}
            and r.mark is None
            and mark.name != _name(pieces[0])
        ):
            r.mark = mark
        elif len(r.companions) < 2:
            _, rest = _count_of(piece)
            r.companions.append(Thing(_singular(_name(rest))))
        else:
            r.leftover += piece.split()


def _count_of(s: str) -> tuple[int, str]:
    m = rx.COUNT.match(s)
    if not m:
        return 1, s
    rest = m["rest"]
    first = rest.split()[0]
    if first in t.NOT_AFTER_NUMBER or (
        m["n"] in {"double", "twin", "triple", "several", "many"} and nouns.singular_of(first) == first
    ):
        return 1, s
    if first in nouns.PAIR_NOUNS and "pair" in m["n"]:
        return 1, rest
    return t.NUMBERS.get(m["n"]) or t.COUNT_PHRASES[m["n"]], rest


def _take_subject(r: _Reading) -> Thing:
    """What is left is the subject: its place, its mark words, its container word and its number are taken off."""
    r.text = _strip_fillers(" ".join(_drop_quality(r.text.split())))
    if r.mark is None:
        r.text = rx.VERB_TO.sub(r"\1 ", r.text)
        _take_badge_on(r)
    place = rx.PLACE.search(f" {r.text} ")
    if place and place.start() > 0:
        head, tail = f" {r.text} "[: place.start()].strip(), f" {r.text} "[place.end() :].strip()
        prep = place["prep"]
        r.text = head
        other = _singular(_name(_count_of(tail)[1]))
        if other and not r.companions and tail.split()[0] not in {"my", "our", "their", "your"}:
            r.companions.append(Thing(other))
            r.relation = _PREPOSITION.get(prep, "on")
            if prep == "behind":
                r.relation = "behind"
                r.text, r.companions[-1] = other, Thing(_singular(_name(head)))
        else:
            r.leftover += [prep, *tail.split()]
    if (m := rx.CIRCLED.search(r.text)) and r.container is None:
        r.container = t.CIRCLED[m["word"] or m["tail"]]
        r.cut(m)
    count, rest = _count_of(r.text)
    words = _noun_words(rest)
    words = _take_mark_words(r, words)
    words = _take_container_word(r, words)
    words = _take_side(r, words)
    words = _swap_of(words)
    name = " ".join(words).replace("_", " ")
    return Thing(_singular(name) if count > 1 else name, count)


def _take_badge_on(r: _Reading) -> None:
    """ "heart badge on a file", "question mark in a cloud": the second is what is drawn, the first is its mark."""
    m = rx.BADGE_ON.match(r.text)
    if not m:
        return
    base, mark = _singular(_name(m["base"])), _mark(m["mark"], r.where)
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


def _take_mark_words(r: _Reading, words: list[str]) -> list[str]:
    if r.mark is not None or len(words) < 2:
        return words
    if words[0] in t.LEADING_MARKS and words[1] not in t.LEADING_STOPS:
        rest = [w for w in words[1:] if w not in {"to", "from", "for", "of"}]
        if rest:
            r.mark = _mark(words[0], r.where)
            return [*rest[:-1], nouns.singular_of(rest[-1])]
    for n in (3, 2, 1):
        tail = " ".join(words[-n:]).replace("_", " ")
        rest = words[:-n]
        if not rest or tail not in t.MARK_OF or (n > 1 and t.MARK_OF[tail] in {"arrow-left", "arrow-right"}):
            continue
        base = " ".join(rest).replace("_", " ")
        known = _singular(base) in t.BASES
        if n > 1 or tail in t.TRAILING_MARKS or (tail in t.WEAK_TRAILING_MARKS and known):
            if n > 1 and not known and t.MARK_OF[tail] not in {"check", "x", "plus", "minus", "alert", "question"}:
                continue
            r.mark = _mark(tail, r.where)
            return rest
    return words


def _take_container_word(r: _Reading, words: list[str]) -> list[str]:
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


def _take_side(r: _Reading, words: list[str]) -> list[str]:
    """ "left arrow", "arrow left": for things that point, the side is where they point."""
    if r.turn.facing is None and len(words) >= 2:
        for n in (2, 1):
            for said, rest in ((words[:n], words[n:]), (words[-n:], words[:-n])):
                side = _side(said) if all(w in t.SIDES for w in said) else None
                if side and " ".join(rest) in t.DIRECTIONAL:
                    r.turn = replace(r.turn, facing=side)
                    return rest
    return words


def _side(words: list[str]) -> Side | None:
    """One of the eight directions: ["up"], ["top", "right"]; None for ["left", "right"]."""
    sides = [t.SIDES[w] for w in words]
    if len(sides) == 1:
        return cast(Side, sides[0])
    upright = next((x for x in sides if x in {"up", "down"}), None)
    level = next((x for x in sides if x in {"left", "right"}), None)
    return cast(Side, f"{upright}-{level}") if upright and level else None


def _swap_of(words: list[str]) -> list[str]:
    if "of" in words:
        i = words.index("of")
        head, tail = words[:i], words[i + 1 :]
        if head and tail and nouns.singular_of(head[-1]) in t.OF_HEADS and len(tail) <= 2:
            return [*tail, *head]
    return words


def _finish(r: _Reading, subject: Thing, phrase: str) -> Scene:
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
