"""What an exemplar's name says that it shows: which parts of a scene it covers, and what it shows besides.

Contract. Pure functions on words. A feature is one of "mark", "container", "slash", "count", "companions", "facing".
Names are
those of icon sets ("user-plus", "arrow-circle-left", "bell-off"); words of style in them ("fill", "outline") say
nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from svggen.words import Scene, nouns, tables
from svggen.words.scene import NUMBER_WORDS

STYLE_WORDS = frozenset(
    "fill filled outline outlined line linear bold light thin regular solid duotone rounded round sharp twotone tone "
    "alt icon o broken bulk curved sm md lg xl stroke stroked simple mini micro flat color colored colour baseline "
    "ui".split()
)
SLASH_WORDS = frozenset(
    "off slash slashed no disabled disable mute muted crossed not none without block blocked cancel".split()
)
COUNT_WORDS = {
    2: frozenset("double pair group multiple couple duo multi".split()),
    3: frozenset("triple trio group multiple multi several".split()),
}
"""The words of a name that say that it shows so many; "group" is nobody's word for nine. A number says it of a plural:
"squares-four" is four squares, "four-square" a 4 in a square."""
_SHOWN_IN_PAIRS = {
    "user",
    "person",
    "account",
    "friend",
    "member",
    "customer",
    "profile",
    "contact",
    "man",
    "woman",
    "arrow",
}
"""A plural of these is drawn as two of them; "stars" may be one star, or five."""
DIRECTIONS = ("left", "right", "up", "down")
_ANGLE = {
    "right": 0,
    "down-right": 45,
    "down": 90,
    "down-left": 135,
    "left": 180,
    "up-left": 225,
    "up": 270,
    "up-right": 315,
}
_MARK_WORDS: dict[str, frozenset[str]] = {
    kind: frozenset(a for a in (*aliases, tables.MARK_SUFFIX.get(kind, kind)) if " " not in a)
    for kind, aliases in tables.MARKS.items()
}
_SIGNS = ("check plus minus x alert question lock search heart star arrow-down arrow-up clock edit settings share "
          "refresh").split()  # fmt: skip
_MODIFIERS = frozenset(
    {"circle", "square", "hexagon", "octagon", "badge", "arrow", "left", "right", "dollar", "percent"}
    | SLASH_WORDS
    | {word for kind in _SIGNS for word in _MARK_WORDS[kind]}
)


@lru_cache(maxsize=8192)
def raw_words(name: str) -> tuple[str, ...]:
    return tuple(w for w in re.split(r"[^a-z0-9]+", name.lower()) if w)


@lru_cache(maxsize=8192)
def words_of(name: str) -> frozenset[str]:
    """The words of a name in the singular, those of style left out."""
    return frozenset(nouns.singular_of(w) for w in raw_words(name) if w not in STYLE_WORDS and not w.isdigit())


def features(scene: Scene) -> frozenset[str]:
    """What a drawing of the scene must show besides its subject."""
    return frozenset(
        name
        for name, there in (
            ("mark", scene.mark), ("container", scene.container), ("slash", scene.slash), ("count",
            scene.subject.count > 1),
            ("companions", scene.companions), ("facing", scene.turn.facing),
        )
        if there
    )  # fmt: skip


def shown(scene: Scene, name: str) -> frozenset[str]:
    """The features of the scene that an icon of that name shows."""
    raw, words = set(raw_words(name)), words_of(name)
    out = set()
    if scene.mark and (_mark_words(scene) & words or _mark_words(scene) & raw):
        out.add("mark")
    if scene.container and words & {*scene.container.split("-"), *_container_words(scene.container)}:
        out.add("container")
    if scene.slash and raw & SLASH_WORDS:
        out.add("slash")
    if scene.subject.count > 1:
        last = nouns.plural_of(scene.subject.name).split()[-1]
        number = NUMBER_WORDS.get(scene.subject.count, "")
        plural = scene.subject.count == 2 and scene.subject.name.split()[-1] in _SHOWN_IN_PAIRS
        plural = plural and (last != "arrows" or len(raw & set(DIRECTIONS)) > 1)  # "arrows" alone is one with two heads
        if (last in raw and (plural or number in raw)) or raw & COUNT_WORDS.get(scene.subject.count, frozenset()):
            out.add("count")
    if scene.companions and all(words_of(c.name) <= words for c in scene.companions):
        out.add("companions")
    if scene.turn.facing and facing_of(name) == scene.turn.facing:
        out.add("facing")
    return frozenset(out)


def extras(scene: Scene, name: str) -> int:
    """How many words of the name say that it shows a sign, a container or a direction that was not asked for."""
    asked = words_of(scene.subject.name) | set(raw_words(scene.subject.name))
    asked |= {w for c in scene.companions for w in words_of(c.name)}
    if scene.mark:
        asked |= _mark_words(scene)
    if scene.container:
        asked |= {*scene.container.split("-"), *_container_words(scene.container)}
    if scene.slash:
        asked |= SLASH_WORDS
    if scene.turn.facing:
        asked |= set(DIRECTIONS)
    found = set(raw_words(name)) & _MODIFIERS - asked
    return len(found)


def more_than_one(scene: Scene, name: str) -> bool:
    """The name is a plural where one was asked for ("users" for "user"), or where it does not show the number that was
    ("stars" for five: repeated, it would be ten)."""
    last = scene.subject.name.split()[-1] if scene.subject.name else ""
    raw = raw_words(name)
    one = scene.subject.count == 1 or "count" not in shown(scene, name)
    return one and last not in raw and nouns.plural_of(last) in raw


def not_shown(scene: Scene, name: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """The details of the scene that neither name nor tags speak of."""
    known = {*words_of(name), *(w for t in tags for w in words_of(t))}
    return tuple(d for d in scene.details if not words_of(d) <= known)


def apart(detail: str) -> bool:
    """True for what is worn and for further things; False for parts that a drawing has without saying so ("handle")."""
    return detail in tables.WORN or detail not in tables.PARTS


def facing_of(name: str) -> str | None:
    """The direction in a name: "arrow-up-right" -> "up-right"; None where it names none or opposite ones."""
    said = [w for w in raw_words(name) if w in DIRECTIONS]
    if len(said) == 1:
        return said[0]
    if len(said) == 2:
        upright = next((w for w in said if w in {"up", "down"}), None)
        level = next((w for w in said if w in {"left", "right"}), None)
        return f"{upright}-{level}" if upright and level else None
    return None


def turn_between(have: str, want: str) -> float:
    """Degrees clockwise, -135..180, from one direction to another."""
    turn = (_ANGLE[want] - _ANGLE[have]) % 360
    return float(turn if turn <= 180 else turn - 360)


def subject_cover(scene: Scene, name: str, tags: tuple[str, ...]) -> float:
    """0..1: how much of the subject the name (or else the tags) says; its last word is the thing and counts most."""
    wanted = [nouns.singular_of(w) for w in scene.subject.name.split()]
    if not wanted:
        return 0.0
    have = words_of(name) | set(raw_words(name))
    if len(wanted) == 1 or not have:
        tagged = any(scene.subject.name == t or wanted[-1] in words_of(t) for t in tags)
        return 1.0 if wanted[-1] in have else 0.8 if tagged else 0.0
    have = have | {w for t in tags for w in words_of(t)}
    rest = wanted[:-1]
    return 0.6 * (wanted[-1] in have) + 0.4 * sum(w in have for w in rest) / len(rest)


def _mark_words(scene: Scene) -> frozenset[str]:
    if scene.mark is None:
        return frozenset()
    if scene.mark.kind == "other":
        return words_of(scene.mark.name)
    return _MARK_WORDS[scene.mark.kind]


def _container_words(kind: str) -> set[str]:
    return {w for alias in tables.CONTAINERS[kind] for w in [alias] if " " not in w} | {f"{kind}d"}
