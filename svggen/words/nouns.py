"""English nouns: singular and plural, by rule and by table. Enough for the names of things that are drawn."""

from __future__ import annotations

# Things that come as a pair by nature: "a pair of scissors" is one thing.
PAIR_NOUNS = {
    "scissors", "glasses", "sunglasses", "eyeglasses", "pants", "trousers", "jeans", "shorts", "binoculars", "pliers",
    "headphones", "earphones", "tweezers", "tongs", "leggings", "tights", "goggles", "compasses", "spectacles",
    "shears",
    "underpants", "pyjamas", "pajamas", "handcuffs", "earbuds",
}  # fmt: skip
_SINGULAR_KEEP = PAIR_NOUNS | {
    "settings", "news", "series", "species", "gas", "bus", "lens", "canvas", "compass", "chess", "cross", "address",
    "grass",
    "access", "process", "status", "virus", "analytics", "statistics", "physics", "mathematics", "maths", "stairs",
    "goods",
    "sports", "christmas", "texas", "paris", "atlas", "bass", "glass", "dress", "mattress", "press", "class", "boss",
    "moss",
    "business", "fitness", "wireless", "princess", "waitress", "cactus", "octopus", "campus", "bonus", "focus",
    "radius", "minus",
    "plus", "tennis", "oasis", "basis", "analysis", "iris", "genius", "venus", "mars", "uranus", "kubernetes",
    "javascript",
    "hippopotamus", "walrus", "crocus", "citrus", "abacus", "apparatus", "css", "dos", "ios", "aws", "https", "gps",
    "rss", "sms",
    "pos", "less", "express", "success", "wellness", "thermos", "asparagus", "hibiscus", "yes", "always", "perhaps",
    "us", "is",
    "its", "this", "has", "was", "as", "molasses", "swiss", "jesus", "santa claus", "claus", "eucalyptus", "cosmos",
    "chaos",
    "tetris", "pancreas", "pus", "thumbs", "lotus", "terminus", "syllabus", "toss", "kiss", "hiss", "loss", "mess",
    "stress",
    "congress", "progress", "dialysis", "diagnosis", "credits", "graphics", "electronics", "ceramics", "logistics",
    "pliers",
    "barracks", "headquarters", "savings", "gymnastics", "aerobics", "athletics", "politics", "economics", "genetics",
    "robotics",
}  # fmt: skip
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse", "geese": "goose",
    "feet": "foot",
    "teeth": "tooth", "leaves": "leaf", "knives": "knife", "wolves": "wolf", "shelves": "shelf", "halves": "half",
    "lives": "life",
    "dice": "die", "cacti": "cactus", "oxen": "ox", "loaves": "loaf", "scarves": "scarf", "thieves": "thief",
    "wives": "wife",
    "shoes": "shoe", "toes": "toe", "buses": "bus", "lenses": "lens", "cookies": "cookie", "movies": "movie",
    "pies": "pie",
    "ties": "tie", "caches": "cache", "axes": "axe", "canoes": "canoe", "selfies": "selfie", "calories": "calorie",
    "zombies": "zombie", "brownies": "brownie", "hoodies": "hoodie", "horses": "horse", "houses": "house",
    "roses": "rose",
    "noses": "nose", "purses": "purse", "nurses": "nurse", "vases": "vase", "cases": "case", "bases": "base",
    "hoses": "hose",
    "potatoes": "potato", "tomatoes": "tomato", "heroes": "hero", "mangoes": "mango", "volcanoes": "volcano",
    "echoes": "echo",
    "gases": "gas", "viruses": "virus", "cheeses": "cheese", "phases": "phase", "databases": "database",
    "mouses": "mouse",
    "suitcases": "suitcase", "briefcases": "briefcase", "headaches": "headache", "pickaxes": "pickaxe",
    "nooses": "noose",
}  # fmt: skip
_PLURAL = {singular: plural for plural, singular in _IRREGULAR.items() if plural not in {"buses", "mouses"}}


def singular_of(word: str) -> str:
    """The singular of an English noun, or the word itself: "cups" -> "cup", "settings" -> "settings"."""
    if word in _SINGULAR_KEEP or len(word) < 4:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    return word[:-1]


def plural_of(name: str) -> str:
    """The plural of a noun phrase's last word: "coffee cup" -> "coffee cups"."""
    head, _, last = name.rpartition(" ")
    if last in _PLURAL:
        last = _PLURAL[last]
    elif last in PAIR_NOUNS or (last.endswith("s") and singular_of(last) != last):
        pass
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return f"{head} {last}".strip()
