"""Words of names, tags and queries, brought to one form so that they meet.

Contract. ``tokens(text)`` lower-cases, strips accents, splits at everything that is not a letter or digit and at camel
case, turns British into American spelling and plurals into singulars ("Colour-Palettes" -> ("color", "palette")). The
same function prepares what is stored and what is asked. synonyms.txt is our own table of words that drawers of icons
use for the same picture; ``alternatives(phrase)`` looks a phrase up in it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

__all__ = ["CONTAINERS", "MINOR", "NEGATIVE", "STOP", "alternatives", "longest_synonym", "singular", "tokens", "weight"]

STOP = frozenset(
    "a an the of with and or in on for to at by from my our your its is as that this into over some one "
    "icon icons symbol glyph pictogram logo sign image-of".split()
)
"""Words of a query that name no picture; kept where nothing else is left."""

MINOR = frozenset(
    "alt alternate simple small large big medium variant basic default symbol general common shape o".split()
)
"""Words of an icon's name that hardly change what it shows."""

NEGATIVE = frozenset(
    "off slash disabled cancel cancelled x no not cross crossed remove removed delete error alert warning blocked ban "
    "broken crack missing unavailable denied".split()
)
"""Words of an icon's name that turn its meaning; an icon with one of them that was not asked for is a poor match."""

CONTAINERS = frozenset("circle circled square squared box rectangle hexagon octagon diamond pentagon triangle".split())

_AMERICAN = {
    "colour": "color", "centre": "center", "favourite": "favorite", "grey": "gray", "organisation": "organization",
    "theatre": "theater", "fibre": "fiber", "metre": "meter", "litre": "liter", "licence": "license",
    "catalogue": "catalog", "dialogue": "dialog", "programme": "program", "cheque": "check", "tyre": "tire",
    "jewellery": "jewelry", "aeroplane": "airplane", "aluminium": "aluminum", "moustache": "mustache",
    "pyjamas": "pajamas", "plough": "plow", "axe": "ax", "doughnut": "donut", "yoghurt": "yogurt",
    "neighbour": "neighbor", "harbour": "harbor", "armour": "armor", "behaviour": "behavior", "flavour": "flavor",
    "vapour": "vapor", "labour": "labor", "humour": "humor", "honour": "honor", "customise": "customize",
    "organise": "organize", "synchronise": "synchronize", "minimise": "minimize", "maximise": "maximize",
    "optimise": "optimize", "visualise": "visualize", "analyse": "analyze", "travelling": "traveling",
    "cancelled": "canceled", "labelled": "labeled", "grill": "grill", "storey": "story", "sceptre": "scepter",
    "sabre": "saber", "calibre": "caliber", "enrol": "enroll", "fulfil": "fulfill", "skilful": "skillful",
    "defence": "defense", "offence": "offense", "practise": "practice", "grammer": "grammar", "e-mail": "email",
}  # fmt: skip
_UNCOUNTED = frozenset(
    "glasses sunglasses eyeglasses news scissors series lens gps bus gas atlas pants stairs canvas christmas always "
    "wireless plus minus bonus focus status virus cactus octopus corpus campus radius campuses tennis chess dress "
    "analytics analysis basis axis iris oasis physics graphics politics athletics mathematics robotics economics "
    "species headquarters crossroads ios css sms vs sos dns rss cms os as is us this hippopotamus walrus genius "
    "census nexus lotus eucalyptus asparagus citrus rhinoceros tortoise pancreas asterisks binoculars shorts jeans "
    "leggings trousers pajamas swiss express compass press access process address business fitness wellness glass "
    "grass class mattress mistress princess waitress fortress abacus syllabus venus uranus mars odysseus paris".split()
)
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth",
    "mice": "mouse", "geese": "goose", "leaves": "leaf", "knives": "knife", "wolves": "wolf", "shelves": "shelf",
    "loaves": "loaf", "halves": "half", "lives": "life", "dice": "die", "axes": "ax", "movies": "movie",
    "cookies": "cookie", "selfies": "selfie", "ties": "tie", "pies": "pie", "calories": "calorie", "shoes": "shoe",
    "toes": "toe", "canoes": "canoe", "caches": "cache", "headaches": "headache", "asterisks": "asterisk",
    "scarves": "scarf", "wives": "wife", "thieves": "thief", "calves": "calf", "buses": "bus", "gases": "gas",
    "lenses": "lens", "viruses": "virus", "statuses": "status", "quizzes": "quiz", "indices": "index",
    "matrices": "matrix", "vertices": "vertex", "cacti": "cactus", "octopi": "octopus", "axis": "axis",
}  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in their one form; at most 64 of them."""
    text = _CAMEL.sub(" ", text[:1000].replace("'s", "").replace("'", ""))
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return tuple(singular(_AMERICAN.get(word, word)) for word in _WORD.findall(text)[:64])


@lru_cache(maxsize=16384)
def singular(word: str) -> str:
    """The singular of an English noun by rule; a word that is none comes back as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word in _UNCOUNTED or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes", "oes")):
        return word[:-2]
    base = word[:-1]
    return _AMERICAN.get(base, base)


def weight(token: str) -> float:
    """How much a word of an icon's name adds to what it shows, against a plain noun's 1."""
    if token in NEGATIVE:
        return 1.7
    if token in MINOR or token.isdigit():
        return 0.3
    return 0.8 if token in CONTAINERS else 1.0


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], dict[tuple[str, ...], float]]:
    """phrase -> its alternatives, each with a factor: 0.95 for another name, 0.85 for what usually stands for it."""
    table: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
    for line in (Path(__file__).parent / "synonyms.txt").read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        left, arrow, right = line.partition(">")
        sources = [tokens(part) for part in left.split(",")]
        targets = [tokens(part) for part in right.split(",")] if arrow else sources
        for source in sources:
            known = table.setdefault(source, {})
            for target in targets:
                if target != source:
                    known[target] = max(known.get(target, 0.0), 0.85 if arrow else 0.95)
    return table


def alternatives(phrase: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """Other phrases for the same picture with a factor below 1, from our own table."""
    return _table().get(phrase, {})


def longest_synonym(words: tuple[str, ...], start: int) -> int:
    """How many words from ``start`` on are one phrase of the table (1 where none is)."""
    table = _table()
    for end in range(min(len(words), start + 4), start + 1, -1):
        if words[start:end] in table:
            return end - start
    return 1
