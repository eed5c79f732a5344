"""From raw text to plain lower-case words: unicode, emoji, hyphens, punctuation, and the sentence that asks.

Contract. ``plain(text)`` gives words separated by single spaces, with "," and "." kept as words of their own; time is
linear in the text and only its first ``MAX_CHARS`` characters count. ``sentences(text)`` splits it, the asking one
first.
"""

from __future__ import annotations

import re
import unicodedata

from svggen.words.tables import FILLERS, GREETINGS, ICON_NOUNS, LEXEMES, SPELLINGS

MAX_CHARS = 4000  # of the raw text; a request for one icon says what it wants well before that

# Unicode names say more than the picture does; these words of them are dropped or replaced.
_EMOJI_DROP = {
    "heavy", "black", "white", "sign", "symbol", "with", "face", "medium", "presentation", "emoji", "modifier",
    "fitzpatrick",
    "type-1-2", "type-3", "type-4", "type-5", "type-6", "selector", "variation", "sixteenth", "of", "large", "small",
    "red",
    "blue", "green", "yellow", "orange", "purple", "beverage", "shape", "button", "left-pointing", "right-pointing",
    "indicator",
}  # fmt: skip
_EMOJI_NAMES = {
    "HOT BEVERAGE": "coffee cup", "SLICE OF PIZZA": "pizza slice", "WHITE HEAVY CHECK MARK": "check mark",
    "HEAVY CHECK MARK": "check mark", "BALLOT BOX WITH CHECK": "check box", "CROSS MARK": "x mark",
    "LEFT-POINTING MAGNIFYING GLASS": "magnifying glass", "RIGHT-POINTING MAGNIFYING GLASS": "magnifying glass",
    "BLACK SUN WITH RAYS": "sun", "SUN BEHIND CLOUD": "sun and cloud", "FACE WITH TEARS OF JOY": "laughing face",
    "SMILING FACE WITH SUNGLASSES": "face with sunglasses", "NO ENTRY SIGN": "no entry",
    "BELL WITH CANCELLATION STROKE":
    "bell crossed out", "WASTEBASKET": "trash", "HEAVY BLACK HEART": "heart", "PERSONAL COMPUTER": "laptop",
    "NO SMOKING SYMBOL": "no smoking", "PILE OF POO": "poo", "EXTRATERRESTRIAL ALIEN": "alien",
    "HOUSE BUILDING": "house",
    "PARTY POPPER": "party popper", "GRINNING FACE": "smile face", "THINKING FACE": "thinking face",
    "SMILING FACE": "smile face",
    "SPEAKER WITH CANCELLATION STROKE": "speaker crossed out", "CLOSED LOCK WITH KEY": "lock with key",
    "SPEECH BALLOON":
    "speech bubble", "SPOUTING WHALE": "whale", "COMPUTER": "computer", "AIRPLANE": "airplane",
    "PAPERCLIP": "paperclip",
    "WHITE MEDIUM STAR": "star", "LEFTWARDS BLACK ARROW": "arrow left", "BLACK RIGHTWARDS ARROW": "arrow right",
    "UPWARDS BLACK ARROW": "arrow up", "DOWNWARDS BLACK ARROW": "arrow down", "LEFTWARDS ARROW": "arrow left",
    "RIGHTWARDS ARROW": "arrow right", "UPWARDS ARROW": "arrow up", "DOWNWARDS ARROW": "arrow down",
    "WARNING SIGN": "warning",
}  # fmt: skip
_CUE = re.compile(
    r"(?:^|\s)(?:draw|sketch|design|create|make|generate|produce|render|need|want|would like|give me|show me)\s"
    r"(?=(?:me|us|an?|the|some|my|our|one|two|three|up)\s)"
)
_ICON_OF = re.compile(
    rf"(?:^|\s)(?:{ICON_NOUNS})\s(?:of|for|showing|that shows?|which shows?|depicting|that depicts|representing|"
    r"to represent|"
    r"that represents|that looks like|looking like|that says|to show|like)\s"
)
_JOIN = {ord(c): " " for c in "_-/\\|‐‑‒–—―·•"} | {ord(c): None for c in "'’`\"“”«»()[]{}<>*^~"}
_SHORT = re.compile(r"\b(i|we|you|let|it|that)['’](?:d|m|ll|ve|re|s)\b")
_LEXEME = re.compile(
    r"(?<=\s)(" + "|".join(re.escape(x) for x in sorted(LEXEMES, key=len, reverse=True)) + r")(?=s?\s)"
)
_LETTER = re.compile(r"(?<=\s)letter ([b-z]|a(?=\s(?:$|[,.]|in\s|inside\s|within\s|on\s|with\s|and\s)))(?=\s)")
"""The letter of an alphabet: "letter b", and "letter a" where no noun follows the article."""
_SPELLING = re.compile(
    r"(?<=\s)(" + "|".join(re.escape(x) for x in sorted(SPELLINGS, key=len, reverse=True)) + r")(?=\s)"
)


def emoji_words(char: str) -> str:
    """The words of a pictograph ("☕" -> "coffee cup"); "" where it says nothing (variation selectors, skin tones)."""
    name = unicodedata.name(char, "")
    if name in _EMOJI_NAMES:
        return _EMOJI_NAMES[name]
    if name.startswith(("VARIATION SELECTOR", "EMOJI MODIFIER", "ZERO WIDTH", "COMBINING")) or not name:
        return ""
    if name.startswith("REGIONAL INDICATOR"):
        return "flag"
    words = name.lower().replace("-", " ").split()
    kept = [w for w in words if w not in _EMOJI_DROP]
    return " ".join(kept or words)


def _is_pictograph(char: str) -> bool:
    return (ord(char) > 0x2000 and unicodedata.category(char) in {"So", "Sk", "Cn"}) or "\u2190" <= char <= "\u21ff"


def plain(text: str) -> str:
    """Lower-case words, "," and "." between single spaces; hyphens and underscores become spaces, emoji become
    words."""
    out: list[str] = []
    for char in text[:MAX_CHARS]:
        if _is_pictograph(char):
            words = emoji_words(char)
            if words != "flag" or not out or out[-1] != " flag ":
                out.append(f" {words} ")
        elif unicodedata.category(char) not in {"Cf", "Mn", "Cs", "Co", "Cc"} or char in "\n\t":
            out.append(char)
        elif unicodedata.category(char) == "Mn":
            out.append(char)
    s = _SHORT.sub(r"\1", unicodedata.normalize("NFKC", "".join(out)).lower()).translate(_JOIN)
    s = s.replace("&", " and ").replace("°", " degrees ").replace("%", " percent ")
    s = re.sub(r"(?<=[a-z]) ?\+ ?(?=[a-z])", " plus ", s).replace("+", " plus ")
    s = re.sub(r"[.!?;:\n\r]+(?=\s|$)|[!?;:\n\r]", " . ", s)
    s = re.sub(r"[,،、，]", " , ", s)
    s = re.sub(r"[^\w\s,.#]|(?<!\d)\.(?=\d)|(?<=\w)\.(?=\w)(?!\d)", " ", s)
    s = " " + " ".join(s.split()) + " "
    s = _SPELLING.sub(lambda m: SPELLINGS[m.group(1)], s)
    return s.strip()


def protect(s: str) -> str:
    """Join the words of each lexeme by underscores, so that no rule takes them apart; so, too, "letter a"."""
    joined = _LEXEME.sub(lambda m: m.group(1).replace(" ", "_"), f" {s} ")
    return _LETTER.sub(r"letter_\1", joined).strip()


def _content(words: list[str]) -> bool:
    return any(w not in FILLERS and w not in GREETINGS and w not in ",." for w in words)


def sentences(s: str) -> list[str]:
    """The sentences of plain text, the one that asks for a drawing first (else the first that says anything)."""
    parts = [p for p in (q.strip(" ,") for q in re.split(r"(?:^|\s)\.(?=\s|$)", s)) if p]
    asking = next((p for p in parts if (_CUE.search(p) or _ICON_OF.search(p)) and _content(p.split())), None)
    head = asking or next((p for p in parts if _content(p.split())), parts[0] if parts else "")
    return [head, *(p for p in parts if p is not head)] if head else []


def ask(sentence: str) -> tuple[str, str]:
    """(what is asked for, what stood before it): "for my bakery please draw a croissant" -> ("a croissant", "for my
    ...")."""
    end = 0
    for pattern in (_CUE, _ICON_OF):
        m = pattern.search(sentence, max(end - 1, 0))
        if m and _content(sentence[m.end() :].split()):
            end = m.end()
    return sentence[end:].strip(), sentence[:end].strip()
