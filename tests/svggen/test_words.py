"""parse_words: requests read as drawings. One row a request; only what the row names may differ from a plain
subject."""

from __future__ import annotations

import time
from typing import Any

import pytest

from svggen.words import Mark, Scene, Turn, parse_words
from svggen.words.clean import emoji_words
from svggen.words.nouns import plural_of, singular_of
from svggen.words.tables import MARKS


def mark(kind: str, name: str | None = None, where: str = "auto") -> Mark:
    return Mark(kind, name or kind, where)  # type: ignore[arg-type]


CHECK = mark("check", "check mark")
ALERT = mark("alert", "exclamation mark")
SEARCH = mark("search", "magnifying glass")
DOWN, UP = mark("arrow-down", "arrow down"), mark("arrow-up", "arrow up")
LEFT, RIGHT = Turn(facing="left"), Turn(facing="right")

ROWS: list[tuple[str, str, dict[str, Any]]] = [
    # subjects, politeness, "X icon"
    ("coffee cup", "coffee cup", {}),
    ("a rounded coffee cup", "coffee cup", {}),
    ("please draw me an icon of a coffee cup", "coffee cup", {}),
    ("Could you please make an icon for a shopping cart?", "shopping cart", {}),
    ("I'd like a rocket, please", "rocket", {}),
    ("settings icon", "settings", {}),
    ("settings icon for my app", "settings", {}),
    ("24px home icon", "home", {}),
    ("big red truck", "truck", {}),
    ("red cross", "red cross", {}),
    ("black hole", "black hole", {}),
    ("picture of a cat", "cat", {}),
    ("symbol of peace", "peace", {}),
    ("peace symbol", "peace symbol", {}),
    ("cup of coffee", "coffee cup", {}),
    ("slice of pizza", "pizza slice", {}),
    ("statue of liberty", "statue of liberty", {}),
    ("shopping_bag", "shopping bag", {}),
    ("paper-plane", "paper plane", {}),
    ("For my bakery app please draw a croissant", "croissant", {"leftover": ("bakery",)}),
    ("I run a bakery. Please draw a croissant.", "croissant", {"leftover": ("run", "bakery")}),
    (
        "I need an icon for the checkout page of our web shop where users can see their cart", "checkout page",
        {"leftover": ("web", "shop", "where", "users", "see", "cart")},
    ),
    ("no dogs allowed", "dogs", {"slash": True}),
    ("chat bubble with three dots", "chat bubble", {"details": ("dots",)}),
    # letters, and a level of charge
    ("letter A", "letter a", {}),
    ("the letter A in a circle", "letter a", {"container": "circle"}),
    ("letter I", "letter i", {}),
    ("a letter a friend wrote", "letter friend wrote", {}),
    ("battery at 50%", "battery 50", {}),
    ("battery at 3%", "battery empty", {}),
    ("battery at 97 percent in a circle", "battery full", {"container": "circle"}),
    # words that only look like drawing words
    ("notebook", "notebook", {}),
    ("new york skyline", "new york skyline", {}),
    ("crossed swords", "crossed swords", {}),
    ("fingers crossed", "fingers crossed", {}),
    ("plus sign", "plus sign", {}),
    ("plus", "plus", {}),
    ("circle", "circle", {}),
    ("a big circle", "circle", {}),
    ("badge", "badge", {}),
    ("police badge", "police badge", {}),
    ("id badge", "id badge", {}),
    ("lock", "lock", {}),
    ("x", "x", {}),
    ("X mark", "x mark", {}),
    ("check", "check", {}),
    ("help", "help", {}),
    ("add", "add", {}),
    ("mute", "mute", {}),
    ("alarm clock", "alarm clock", {}),
    ("search engine", "search engine", {}),
    ("spell check", "spell check", {}),
    ("checked bag", "checked bag", {}),
    ("traffic circle", "traffic circle", {}),
    ("do not disturb", "do not disturb", {}),
    ("no entry", "no entry", {}),
    ("power button", "power button", {}),
    ("like button", "like button", {}),
    ("warning triangle", "warning triangle", {}),
    ("thumbs up", "thumbs up", {}),
    ("turn left", "turn left", {}),
    ("sign in", "sign in", {}),
    ("log out", "log out", {}),
    ("two factor authentication", "two factor authentication", {}),
    ("four leaf clover", "four leaf clover", {}),
    ("three dots", "three dots", {}),
    ("3D cube", "3d cube", {}),
    ("drag and drop", "drag and drop", {}),
    ("rocket taking off", "rocket taking off", {}),
    ("person walking a dog", "person walking dog", {}),
    # spelling, unicode, emoji, other languages
    ("t-shirt", "t-shirt", {}),
    ("tshirt", "t-shirt", {}),
    ("x-ray", "x-ray", {}),
    ("wi-fi", "wifi", {}),
    ("café", "café", {}),
    ("ｃａｔ", "cat", {}),
    ("ca\u200bt", "cat", {}),
    ("ein Hund", "ein hund", {}),
    ("咖啡杯", "咖啡杯", {}),
    ("☕", "coffee cup", {}),
    ("❤️", "heart", {}),
    ("🇩🇪", "flag", {}),
    ("🐶 icon", "dog", {}),
    ("🚫", "no entry", {}),
    ("🔔 in a circle", "bell", {"container": "circle"}),
    # nothing to draw
    ("", "", {}),
    ("   \n\t", "", {}),
    ("...?!", "", {}),
    ("please draw me an icon", "", {}),
    # marks
    ("calendar with a check mark", "calendar", {"mark": CHECK}),
    ("calendar check", "calendar", {"mark": CHECK}),
    ("calendar-check", "calendar", {"mark": CHECK}),
    ("user with a plus", "user", {"mark": mark("plus")}),
    ("user plus", "user", {"mark": mark("plus")}),
    ("user + ", "user", {"mark": mark("plus")}),
    ("add user", "user", {"mark": mark("plus")}),
    ("add a user", "user", {"mark": mark("plus")}),
    ("new message", "message", {"mark": mark("plus")}),
    ("add to cart", "cart", {"mark": mark("plus")}),
    ("remove from cart", "cart", {"mark": mark("minus")}),
    ("delete file", "file", {"mark": mark("minus")}),
    ("search users", "user", {"mark": SEARCH}),
    ("document with a magnifying glass", "document", {"mark": SEARCH}),
    ("locked file", "file", {"mark": mark("lock")}),
    ("shield with a lock", "shield", {"mark": mark("lock")}),
    ("folder heart", "folder", {"mark": mark("heart")}),
    ("file with a heart", "file", {"mark": mark("heart")}),
    ("heart badge on a file", "file", {"mark": mark("heart")}),
    ("mail with warning", "mail", {"mark": ALERT}),
    ("wifi with exclamation mark", "wifi", {"mark": ALERT}),
    ("mail with number of unread", "mail", {"mark": mark("dot")}),
    ("mail with a notification badge", "mail", {"mark": mark("dot")}),
    ("unread mail", "mail", {"mark": mark("dot")}),
    ("verified user", "user", {"mark": CHECK}),
    ("cloud download", "cloud", {"mark": DOWN}),
    ("download from the cloud", "cloud", {"mark": DOWN}),
    ("upload to cloud", "cloud", {"mark": UP}),
    ("cloud with an arrow pointing down", "cloud", {"mark": DOWN}),
    ("folder with a pencil", "folder", {"mark": mark("edit", "pencil")}),
    ("wallet with a dollar sign", "wallet", {"mark": mark("dollar", "dollar sign")}),
    ("bell with a dot in the top right", "bell", {"mark": mark("dot", where="top-right")}),
    ("calendar with a heart in the bottom left corner", "calendar", {"mark": mark("heart", where="bottom-left")}),
    ("file with a plus inside", "file", {"mark": mark("plus", where="inside")}),
    ("question mark in a cloud", "cloud", {"mark": mark("question", "question mark", "inside")}),
    ("mail with a heart and a star", "mail", {"mark": mark("heart"), "details": ("star",)}),
    ("house with a chimney and a plus", "house", {"mark": mark("plus"), "details": ("chimney",)}),
    # containers
    ("cart in a circle", "cart", {"container": "circle"}),
    ("shopping cart inside a rounded square", "shopping cart", {"container": "rounded-square"}),
    ("star on a shield", "star", {"container": "shield"}),
    ("circled star", "star", {"container": "circle"}),
    ("user circle", "user", {"container": "circle"}),
    ("umbrella, in a hexagon", "umbrella", {"container": "hexagon"}),
    ("house with a circle around it", "house", {"container": "circle"}),
    ("bell surrounded by a circle", "bell", {"container": "circle"}),
    ("circle with a plus", "plus", {"container": "circle"}),
    ("badge check", "check", {"container": "badge"}),
    ("alert circle", "alert", {"container": "circle"}),
    ("star in a circle in a square", "star", {"container": "circle", "leftover": ("square",)}),
    ("user plus in a circle", "user", {"mark": mark("plus"), "container": "circle"}),
    # crossed out
    ("bell crossed out", "bell", {"slash": True}),
    ("bell, crossed out", "bell", {"slash": True}),
    ("crossed out microphone", "microphone", {"slash": True}),
    ("bell that is crossed out", "bell", {"slash": True}),
    ("bell slash", "bell", {"slash": True}),
    ("bell off", "bell", {"slash": True}),
    ("bell with a slash through it", "bell", {"slash": True}),
    ("Draw a bell. It should be crossed out.", "bell", {"slash": True}),
    ("No Smoking!", "smoking", {"slash": True}),
    ("no wifi", "wifi", {"slash": True}),
    ("muted microphone", "microphone", {"slash": True}),
    ("camera disabled", "camera", {"slash": True}),
    ("dog not allowed", "dog", {"slash": True}),
    ("don't touch", "touch", {"slash": True}),
    ("phone in a rounded square, crossed out", "phone", {"container": "rounded-square", "slash": True}),
    # number
    ("two users", "user", {"count": 2}),
    ("2 cups", "cup", {"count": 2}),
    ("pair of shoes", "shoe", {"count": 2}),
    ("a pair of scissors", "scissors", {}),
    ("a couple of cats", "cat", {"count": 2}),
    ("two buses", "bus", {"count": 2}),
    ("three users in a circle", "user", {"count": 3, "container": "circle"}),
    # direction
    ("arrow facing left in a circle", "arrow", {"turn": LEFT, "container": "circle"}),
    ("arrow in a circle pointing left", "arrow", {"turn": LEFT, "container": "circle"}),
    ("left arrow", "arrow", {"turn": LEFT}),
    ("arrow left", "arrow", {"turn": LEFT}),
    ("left pointing arrow", "arrow", {"turn": LEFT}),
    ("chevron down", "chevron", {"turn": Turn(facing="down")}),
    ("arrow-up-right", "arrow", {"turn": Turn(facing="up-right")}),
    ("arrow pointing up and to the right", "arrow", {"turn": Turn(facing="up-right")}),
    ("truck facing left", "truck", {"turn": LEFT}),
    ("fish facing to the right", "fish", {"turn": RIGHT}),
    ("upside down cup", "cup", {"turn": Turn(degrees=180)}),
    ("a cup which is upside down", "cup", {"turn": Turn(degrees=180)}),
    ("mirrored dog", "dog", {"turn": Turn(mirror="horizontal")}),
    ("flag flipped vertically", "flag", {"turn": Turn(mirror="vertical")}),
    ("arrow rotated 45 degrees", "arrow", {"turn": Turn(degrees=45)}),
    ("flag rotated by 90° counterclockwise", "flag", {"turn": Turn(degrees=-90)}),
    ("tilted bottle", "bottle", {"turn": Turn(degrees=15)}),
    # other things
    ("sun and cloud", "sun", {"companions": ("cloud",)}),
    ("knife, fork and spoon", "knife", {"companions": ("fork", "spoon")}),
    ("cloud with sun", "cloud", {"companions": ("sun",), "relation": "behind"}),
    ("sun behind a cloud", "cloud", {"companions": ("sun",), "relation": "behind"}),
    ("cat on a mat", "cat", {"companions": ("mat",), "relation": "on"}),
    ("person in wheelchair", "person", {"companions": ("wheelchair",), "relation": "in"}),
    ("cat and dog in a circle", "cat", {"companions": ("dog",), "container": "circle"}),
    ("cup with a handle", "cup", {"details": ("handle",)}),
    ("man with a hat", "man", {"details": ("hat",)}),
    ("cup without a handle", "cup", {"without": ("handle",)}),
    ("user with no head", "user", {"without": ("head",)}),
]  # fmt: skip


def read(scene: Scene) -> dict[str, Any]:
    plain = Scene(scene.subject)
    said: dict[str, Any] = {}
    if scene.subject.count > 1:
        said["count"] = scene.subject.count
    for name in ("container", "mark", "slash", "turn", "details", "without", "relation", "leftover"):
        if getattr(scene, name) != getattr(plain, name):
            said[name] = getattr(scene, name)
    if scene.companions:
        said["companions"] = tuple(c.name for c in scene.companions)
    return said


def test_the_table_is_long_enough_and_has_no_row_twice() -> None:
    assert len(ROWS) >= 120
    assert len({text for text, _, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("text", "subject", "expected"), ROWS, ids=[text[:40] or "empty" for text, _, _ in ROWS])
def test_scene(text: str, subject: str, expected: dict[str, Any]) -> None:
    scene = parse_words(text)
    assert (scene.subject.name, read(scene)) == (subject, expected)


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("coffee cup", ("coffee cup",)),
        ("calendar with a check mark", ("calendar check", "calendar", "check mark")),
        ("bell crossed out", ("bell off", "bell slash", "bell")),
        ("no smoking", ("no smoking", "smoking off", "smoking", "cigarette")),
        ("two users", ("two users", "users", "user")),
        ("arrow facing left in a circle", ("arrow left circle", "arrow")),
        ("shield with a lock", ("shield lock", "shield", "lock")),
        ("cloud with sun", ("cloud and sun", "cloud sun", "cloud", "sun")),
        ("cup with a handle", ("cup handle", "cup")),
        ("", ()),
    ],
)
def test_what_must_be_recalled(text: str, concepts: tuple[str, ...]) -> None:
    assert parse_words(text).concepts == concepts


def test_never_more_than_six_concepts_and_every_part_among_them() -> None:
    scene = parse_words("two cats and a dog with a heart in a circle, crossed out")
    assert len(scene.concepts) <= 6
    assert set(scene.parts) <= set(scene.concepts)


@pytest.mark.parametrize(
    "text",
    ["cat " * 10_000, "with a " * 9_000, "in a circle " * 5_000, "no " * 9_000, ", " * 20_000, "a" * 200_000,
     "🐶" * 20_000,     "two two two " * 5_000, "and " * 10_000, "without " * 9_000, "\x00\ud800" * 5_000,
     "((((" * 9_000],
    ids=["cat", "with", "circle", "no", "commas", "one word", "dogs", "numbers", "and", "without", "binary",
         "brackets"],
)  # fmt: skip
def test_endless_text_is_read_at_once(text: str) -> None:
    start = time.perf_counter()
    scene = parse_words(text)
    assert time.perf_counter() - start < 0.5
    assert len(scene.phrase) <= 200
    assert len(scene.concepts) <= 6


def test_every_mark_is_understood_in_every_way_of_saying_it() -> None:
    for kind, aliases in MARKS.items():
        for alias in aliases:
            scene = parse_words(f"zeppelin with a {alias}")
            assert (scene.subject.name, scene.mark and scene.mark.kind) == ("zeppelin", kind), alias


def test_common_pictographs_have_plain_words() -> None:
    chars = [chr(c) for c in (*range(0x1F300, 0x1F650), *range(0x1F680, 0x1F6C0))]
    named = [emoji_words(c) for c in chars]
    assert sum(bool(n) for n in named) > 800
    assert all(n == n.lower() and "  " not in n for n in named)
    assert emoji_words("\ufe0f") == ""


@pytest.mark.parametrize(
    ("one", "many"),
    [("cup", "cups"), ("bus", "buses"), ("person", "people"), ("leaf", "leaves"), ("box", "boxes"), ("city", "cities"),
     ("key", "keys"), ("coffee cup", "coffee cups"), ("scissors", "scissors"), ("glass", "glasses")],
)  # fmt: skip
def test_plural(one: str, many: str) -> None:
    assert plural_of(one) == many


@pytest.mark.parametrize(
    ("many", "one"),
    [("cups", "cup"), ("buses", "bus"), ("settings", "settings"), ("news", "news"), ("boxes", "box"), ("lens", "lens"),
     ("cities", "city"), ("canvas", "canvas"), ("mice", "mouse"), ("gas", "gas"), ("virus", "virus"),
     ("tennis", "tennis")],
)  # fmt: skip
def test_singular(many: str, one: str) -> None:
    assert singular_of(many) == one
