"""Colour words: from "teal", "dark red", "#0a7" and "rgb(0 128 128)" to ``#rrggbb``.

Contract. ``find(text)`` gives the colours that a text asks for, with their places; a colour word that is more likely
the thing itself ("an orange", "olive branch", "red cross") is not one of them. The names are those of CSS Color 4 and
some common ones.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_CSS = (
    "aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc "
    "bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a "
    "burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed "
    "cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b "
    "darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b darkmagenta:8b008b "
    "darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000 darksalmon:e9967a "
    "darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f darkslategrey:2f4f4f darkturquoise:00ced1 "
    "darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff dimgray:696969 dimgrey:696969 dodgerblue:1e90ff "
    "firebrick:b22222 floralwhite:fffaf0 forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff "
    "gold:ffd700 goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0 "
    "hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa "
    "lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 "
    "lightcyan:e0ffff lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 "
    "lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899 "
    "lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32 linen:faf0e6 "
    "magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa mediumblue:0000cd mediumorchid:ba55d3 "
    "mediumpurple:9370db mediumseagreen:3cb371 mediumslateblue:7b68ee mediumspringgreen:00fa9a "
    "mediumturquoise:48d1cc mediumvioletred:c71585 midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 "
    "moccasin:ffe4b5 navajowhite:ffdead navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 "
    "orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee "
    "palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd "
    "powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1 "
    "saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee sienna:a0522d "
    "silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa "
    "springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0 "
    "violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32 "
)
_COMMON = (
    "amber:ffbf00 apricot:fbceb1 aubergine:580f41 brick:b22222 bronze:cd7f32 burgundy:800020 charcoal:36454f cherry:d2042d "
    "cobalt:0047ab copper:b87333 cream:fffdd0 denim:1560bd emerald:50c878 graphite:383838 jade:00a86b lemon:fff44f lilac:c8a2c8 "
    "mauve:e0b0ff mint:3eb489 mustard:e1ad01 ochre:cc7722 peach:ffcba4 petrol:005f6a pumpkin:ff7518 rose:ff007f "
    "ruby:e0115f rust:b7410e sand:c2b280 sapphire:0f52ba scarlet:ff2400 terracotta:e2725b wine:722f37 cerulean:007ba7 "
    "ultramarine:3f00ff vermilion:e34234 sage:9caf88 taupe:8b7d6b oxblood:4a0000 claret:7f1734 mulberry:c54b8c "
    "periwinkle:ccccff saffron:f4c430 gunmetal:2a3439 puce:cc8899 russet:80461b umber:635147 sepia:704214 "
    "magnolia:f8f4ff eggshell:f0ead6 viridian:40826d celadon:ace1af ecru:c2b280 heliotrope:df73ff"
)
_HIDDEN = (
    "electricblue:0892d0 babyblue:89cff0 bottlegreen:006a4e racinggreen:004225 peagreen:8eab12 grassgreen:4d9a31 "
    "huntergreen:355e3b duckegg:c3d8d8 prussianblue:003153 inkblue:1b2a49 iceblue:d6ecef fireengine:ce2029 rosepink:ff66cc "
    "burntorange:cc5500 burntumber:8a3324 canary:ffef00 battleship:848482 offblack:1a1a1a royalpurple:7851a9 blush:de5d83"
)
NAMES: dict[str, str] = {k: f"#{v}" for k, v in (pair.split(":") for pair in f"{_CSS} {_COMMON} {_HIDDEN}".split())}
"""Name without spaces -> ``#rrggbb``."""
_SPACED = {
    "sky blue": "skyblue",
    "navy blue": "navy",
    "royal blue": "royalblue",
    "forest green": "forestgreen",
    "lime green": "limegreen",
    "sea green": "seagreen",
    "hot pink": "hotpink",
    "slate gray": "slategray",
    "slate grey": "slategrey",
    "steel blue": "steelblue",
    "midnight blue": "midnightblue",
    "olive green": "olive",
    "mint green": "mint",
    "blood red": "crimson",
    "brick red": "brick",
    "off white": "whitesmoke",
    "jet black": "black",
    "emerald green": "emerald",
    "blue green": "teal",
    "lemon yellow": "lemon",
    "cobalt blue": "cobalt",
    "electric blue": "electricblue",
    "baby blue": "babyblue",
    "bottle green": "bottlegreen",
    "racing green": "racinggreen",
    "british racing green": "racinggreen",
    "sage green": "sage",
    "pea green": "peagreen",
    "grass green": "grassgreen",
    "hunter green": "huntergreen",
    "duck egg blue": "duckegg",
    "prussian blue": "prussianblue",
    "petrol blue": "petrol",
    "ink blue": "inkblue",
    "ice blue": "iceblue",
    "fire engine red": "fireengine",
    "pillar box red": "fireengine",
    "cherry red": "cherry",
    "ruby red": "ruby",
    "wine red": "wine",
    "rust red": "rust",
    "salmon pink": "salmon",
    "rose pink": "rosepink",
    "burnt orange": "burntorange",
    "burnt umber": "burntumber",
    "mustard yellow": "mustard",
    "canary yellow": "canary",
    "battleship grey": "battleship",
    "off black": "offblack",
    "coral red": "coral",
    "turquoise blue": "turquoise",
    "royal purple": "royalpurple",
    "blush pink": "blush",
}
_SHADES: dict[str, float] = {
    "dark": -0.45,
    "deep": -0.35,
    "light": 0.45,
    "pale": 0.6,
    "pastel": 0.55,
    "bright": 0.0,
    "vivid": 0.0,
}
_COMPARED = {"darker": "dark", "deeper": "deep", "lighter": "light", "paler": "pale", "brighter": "bright"}
""" "A darker blue" is a dark one."""
"""Mixed with black (below 0) or with white (above 0) by this share."""

_THINGS = frozenset(
    "orange rose olive plum lime peach chocolate salmon coral violet lavender tomato wheat gold silver bronze snow linen "
    "orchid thistle seashell honeydew ivory lemon cherry apricot pumpkin mint aubergine brick copper wine sand rust ruby jade "
    "sage periwinkle saffron magnolia eggshell puce canary blush battleship amber cream mustard denim emerald sapphire charcoal peru chartreuse aqua azure maroon khaki cobalt petrol graphite".split()
)
"""Colour words that are also things to draw."""
_NOT_COLOURS = frozenset(
    {"tan", "peru", "linen", "snow", "aqua", "seashell", "honeydew", "thistle", "moccasin", "rust", "sand"}
)
"""Of these, the ones that mean the thing unless a colour word stands by ("in tan", "sand coloured")."""
_SUBJECTS = frozenset(
    "sage leaf|red cross|red crescent|red carpet|red panda|red wine|white wine|green tea|black hole|black box|white flag|red flag|"
    "gold medal|silver medal|bronze medal|gold bar|gold coin|gold star|orange juice|chocolate bar|olive branch|olive oil|"
    "coral reef|rose garden|cherry blossom|cherry tree|lemon juice|lemon slice|orange slice|lime slice|wine glass|wine bottle|"
    "brick wall|sand castle|sand clock|snow flake|brown bear|polar bear|blue whale|blue tooth|black board|white board|"
    "green house|yellow card|red card|tomato soup|salmon fillet|olive tree|orange tree|mint leaf|violin|black belt|"
    "white paper|blue print|red light|green light|white balance|black friday|pumpkin pie|ice cream|rose window|copper wire|"
    "silver bullet|golden gate|silver lining|green energy|gold ingot|ruby gem|amber alert|white noise|green roof|peach tree|"
    "plum tree|lavender field|wheat field|red blood cell|white blood cell|gold ring|silver ring|cream cheese|black cat".split(
        "|"
    )
)
"""Compounds whose colour word belongs to the name of the thing."""


@dataclass(frozen=True, slots=True)
class Colour:
    """value is ``#rrggbb`` or ``currentColor``; start and end delimit the words in the text; name is how it was
    said."""

    value: str
    name: str
    start: int
    end: int


_NAME = "|".join(sorted((*NAMES, *_SPACED), key=len, reverse=True))
_HEX = r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b"
_RGB = r"rgba?\(\s*\d{1,3}%?\s*[,\s]\s*\d{1,3}%?\s*[,\s]\s*\d{1,3}%?[^)]{0,12}\)"
_CURRENT = r"current\s?colou?r"
PATTERN = re.compile(
    rf"(?P<hex>{_HEX})|(?P<rgb>{_RGB})|(?P<current>{_CURRENT})|"
    rf"\b(?:(?P<shade>{'|'.join((*_COMPARED, *_SHADES))})[ -])?(?P<name>{_NAME})(?P<suffix>[ -]?colou?red|ish)?\b(?P<after>[ -]colou?r\b)?"
)
_MARK = re.compile(
    r"(?:\b(?:in|into|to|it|them|one|colou?r|colou?rs|colou?red|be|is|are|use|using|prefer|like|love|hate|never|not|no|avoid|always|always use|go for|go with|try|,|with)|^|:|,|/|and)\s*(?:(?:all|only|plain|pure)\s+)?$"
)
_STYLE_NOUN = re.compile(
    r"\s*(?:strokes?|outlines?|lines?|fills?|icons?|colou?rs?|accents?|version|tones?|on|please|only|instead|too|now|always|,|\.|!|;|and|but|with|$)"
)


def parse(text: str) -> str | None:
    """One colour and nothing else ("#0a7", "dark red"); None where it is not a colour."""
    match = PATTERN.fullmatch(text.strip().lower())
    return _value(match) if match else None


def find(text: str, knows: Callable[[str], bool] | None = None) -> list[Colour]:
    """The colours that ``text`` (lower case) asks for, in order. ``knows`` tells whether a compound names a thing."""
    found: list[Colour] = []
    for match in PATTERN.finditer(text):
        value = _value(match)
        if value is None or (match["name"] and not _is_wish(match, text, knows)):
            continue
        found.append(Colour(value, " ".join(match.group().split()), match.start(), match.end()))
    return found


def _is_wish(match: re.Match[str], text: str, knows: Callable[[str], bool] | None) -> bool:
    """Is this name a colour here, not the thing of that name?"""
    if match["suffix"] or match["after"] or match["shade"]:
        return True
    name, before, after = match["name"], text[: match.start()], text[match.end() :]
    following = re.match(r"[ -]([a-z]+)", after)
    if following and f"{name} {following[1]}" in _SUBJECTS:
        return False
    if not following and after[:1] == "-":
        return False
    marked = bool(_MARK.search(before[-24:]))
    if name not in _THINGS and name not in _NOT_COLOURS:
        return True
    if _STYLE_NOUN.match(after):
        # "an orange", "a lemon and a knife": the thing; "in orange", "orange strokes", "teal, orange": the colour
        styled = re.match(r"\s*(?:strokes?|outlines?|lines?|fills?|icons?|colou?rs?|accents?|tones?)\b", after)
        alone = not before.strip() and not after.strip(" .!")
        return bool(styled) or (marked and not alone and not before.rstrip().endswith(" with") and bool(before.strip()))
    if name in _NOT_COLOURS:
        return False
    if knows is not None and following and knows(f"{name} {following[1]}"):
        return False
    return following is not None


def _value(match: re.Match[str]) -> str | None:
    if match["current"]:
        return "currentColor"
    if match["hex"]:
        digits = match["hex"][1:]
        if len(digits) in (3, 4):
            digits = "".join(c * 2 for c in digits)
        return f"#{digits[:6]}"
    if match["rgb"]:
        parts = re.findall(r"(\d{1,3})(%?)", match["rgb"])[:3]
        numbers = [round(int(n) * 2.55) if percent else int(n) for n, percent in parts]
        return "#{:02x}{:02x}{:02x}".format(*(min(255, n) for n in numbers)) if len(numbers) == 3 else None
    how = _COMPARED.get(match["shade"], match["shade"])
    merged = f"{how}{match['name']}" if how else ""
    if merged in NAMES:
        return NAMES[merged]
    value = NAMES[_SPACED.get(match["name"], match["name"])]
    return shade(value, _SHADES[how]) if how else value


def shade(value: str, amount: float) -> str:
    """Mix ``#rrggbb`` with white (amount 0..1) or with black (amount -1..0)."""
    target, share = (255, amount) if amount >= 0 else (0, -amount)
    channels = [int(value[i : i + 2], 16) for i in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*(round(c + (target - c) * share) for c in channels))
