"""Words of names, tags and queries in one spelling, so that they meet.

Contract. ``tokens(text)`` lower-cases, strips accents, splits at everything that is not a letter or digit and at camel
case, turns British into American spelling and plurals into singulars ("Colour-Palettes" -> ("color", "palette")). The
same function prepares what is stored, what is learned from and what is asked. Imports nothing heavy.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["singular", "tokens"]

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
