"""From anything that a caller may hand over to clean, bounded text in clauses.

Contract. Every function is linear in the length of the text. At most ``MAX_CHARS`` characters and ``MAX_WORDS`` words
are read; the rest is dropped with a note. Nothing here knows about icons.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARS = 4000
"""Read at most; a brief of an icon has 5 to 60 words, a page of house rules about 2,000 characters."""
MAX_WORDS = 400
MAX_WORD = 60
"""Characters of one word; the longest words of English have 30."""


@dataclass(frozen=True, slots=True)
class Clean:
    """text: NFKC, one space between words, emoji as words. refused: why the text cannot be read at all, or ""."""

    text: str
    notes: tuple[str, ...] = ()
    refused: str = ""


_JOINERS = {"\u200d", "\u200b", "\ufeff", "\ufe0e", "\ufe0f"}
_EMOJI_NOISE = re.compile(
    r"\b(black|white|heavy|with|face|sign|symbol|emoji|variation|selector|squared|negative|modifier|fitzpatrick|type|\d+-\d+)\b"
)
_FOREIGN_WORDS = frozenset(
    "der die das ein eine einen und mit für ohne bitte zeichne mir nicht ich ist auf "
    "le la les un une des du avec pour sans dessine dans est et "
    "el los las una con para sin dibuja por favor y en "
    "il lo gli uno della con per disegna e "
    "um uma com para sem desenhe een het met voor zonder teken "
    "en ett och med utan rita".split()
)
_ENGLISH_WORDS = frozenset(
    "a an the and with for of in on it make draw use always never no not my i please icon to is from now at as this "
    "that".split()
)


def clean(data: object) -> Clean:
    """Make text readable, or say why it is not.

    Refused: not text, binary (NUL or more than one control or undecodable character in 20), nothing to read, or letters
    that are mostly of another script than Latin and Chinese (Japanese is told by its kana).
    """
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError:
            return Clean("", refused="this is binary data, not a description in words")
    if not isinstance(data, str):
        return Clean("", refused=f"a description in words is needed, not {type(data).__name__}")
    notes: list[str] = []
    cut = data[: MAX_CHARS * 2]
    controls = sum(
        1 for c in cut if c == "\ufffd" or (unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") and c not in "\n\r\t")
    )
    if "\x00" in cut or controls * 20 > len(cut) + 19:
        return Clean("", refused="this is binary data, not a description in words")
    text = _words_of_emoji(unicodedata.normalize("NFKC", cut), notes)
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    text = re.sub(r"[\u2013\u2014]", " - ", text).replace("\u00d7", "x")
    text = re.sub(r"[^\S\n]+", " ", "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C")).strip()
    text = _LONG_WORD.sub(lambda m: m.group()[:MAX_WORD], text)
    words = text.split(" ", MAX_WORDS)
    if len(data) > MAX_CHARS or len(text) > MAX_CHARS or len(words) > MAX_WORDS:
        text = " ".join(words[:MAX_WORDS])[:MAX_CHARS]
        what = f"{len(text)} characters" if _HAN.search(text) else f"{len(text.split())} words"
        notes.append(f"the text is long: only its first {what} were read")
    letters = [c for c in text if c.isalpha()]
    known = sum(1 for c in letters if ord(c) < 0x250 or _HAN.match(c))
    if letters and (known * 2 < len(letters) or (_KANA.search(text) and _HAN.search(text))):
        return Clean(
            "",
            tuple(notes),
            refused="only English and Chinese are understood so far; please describe the icon in one of them",
        )
    return Clean(text, tuple(notes))


def _words_of_emoji(text: str, notes: list[str]) -> str:
    """Emoji become the words of their Unicode name: a rocket stays a rocket."""
    out: list[str] = []
    seen = False
    for i, c in enumerate(text):
        if c in _JOINERS or 0x1F3FB <= ord(c) <= 0x1F3FF:
            continue
        if _GESTURE.match(c) and _is_tone(text, i):
            continue
        if ord(c) > 0x2190 and unicodedata.category(c) == "So":
            name = _EMOJI_NOISE.sub(" ", unicodedata.name(c, "").lower().replace("-", " "))
            out.append(f" {' '.join(name.split())} ")
            seen = True
        else:
            out.append(c)
    if seen:
        notes.append("emoji were read by their names")
    return "".join(out)


_GESTURE = re.compile("[\U0001f44a-\U0001f450\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a]")
"""Faces and hands."""
_NAMED_BEFORE = re.compile(r"(?:\b(?:a|an|the|of|draw|icon|emoji|like|with|and|for|me|one|in)|[:+])\s*$", re.I)


def _is_tone(text: str, at: int) -> bool:
    """A face or a hand at the end of words is a tone of voice ("drop the steam 🙏"), where the words do not lead up to
    it ("draw a 😀")."""
    before = text[max(0, at - 40) : at]
    ends = not any(c.isalnum() for c in text[at : at + 40])
    return ends and any(c.isalnum() for c in before) and not _NAMED_BEFORE.search(before)


def without_emoji(text: str) -> str:
    """``text`` without its emoji: what is said beside them."""
    return "".join(c for c in text if not (ord(c) > 0x2190 and unicodedata.category(c) == "So") and c not in _JOINERS)


def is_foreign(text: str) -> bool:
    """Does Latin text read like another language than English? Needs two function words of another, or one
    and a letter that English lacks, and none of English."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(1 for w in words if w in _ENGLISH_WORDS)
    other = sum(1 for w in words if w in _FOREIGN_WORDS and w not in _ENGLISH_WORDS)
    strange = any(ord(c) > 0x7F for w in words for c in w)
    return english == 0 and (other >= 2 or (other >= 1 and strange))


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LONG_WORD = re.compile(rf"[^\s\u2e80-\u9fff]{{{MAX_WORD + 1},}}")
"""Chinese has no spaces between its words."""
_SENTENCE = re.compile(r"(?<=[.!?])(?=\s|$)|[;\n]+|(?<=\s)-(?=\s)")


def sentences(text: str) -> list[str]:
    """Split at . ! ? followed by space, at semicolons, line breaks and spaced dashes; "1.5" and "e.g" stay whole."""
    return [part for part in (s.strip(" \t,") for s in _SENTENCE.split(text)) if part and part.strip(".!?-, ")]


_NO_LETTER = "".join(
    f"(?<!{word} )" for word in ("letter", "letters", "capital", "uppercase", "lowercase", "vitamin", "plan", "grade")
)
"""After these an "a" at the end is a letter, no article."""


def squeeze(text: str) -> str:
    """One space between words, no dangling punctuation or connectives at either end."""
    text = re.sub(r"\s*,(\s*,)*\s*", ", ", re.sub(r"\s+", " ", text)).strip(" ,.!?:;-\"'")
    previous = None
    while previous != text:
        previous = text
        text = re.sub(r"^(and|but|then|also|or|so|of|at|as)\b[\s,]*", "", text, flags=re.I)
        text = re.sub(
            rf"[\s,]*\b{_NO_LETTER}(and|but|then|also|or|so|with|in|of|as|at|to|for|a|an|the|using|use|very|is|are)$",
            "",
            text,
            flags=re.I,
        )
        text = text.strip(" ,.!?:;-\"'")
    return text
