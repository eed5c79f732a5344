"""Standing preferences in Chinese: "以后都用 1.5 像素的线", "我们的品牌色是 #0a7", "设置一律用齿轮表示".

Contract. As ``agent.brief.statements``: a clause is standing when it says so; only slots that memory knows come out, in
English; the quote is the clause as it was written. A wish for one drawing ("这次用红色") never is.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agent.brief import colours
from agent.brief.chinese import style_words, words
from agent.brief.chinese.changes import find as changes
from agent.brief.statements import MAX_QUOTE, say
from agent.brief.style_table import ROUND_RADIUS, WEIGHTS
from memory.records import Scope, Statement

STANDING = re.compile(
    r"别忘了|不要忘记?|以后|从现在(?:起|开始)|从今(?:天|往后|以后)?(?:起|开始|以后)|今后|往后|今天起|一直(?!线)|永远|总是|始终|一律|默认|统一(?:用|都|采用|为|成)?|所有的?(?:图标|图|地方|东西)|每个(?:图标|图)|全部(?:图标|都)|图标(?:都|全部|一律)|记住|请记|记一下|记得(?:要|用|我)|帮我记|"
    r"我(?:一般|通常|平时|总是|一直|都|比较|更|最|很|非常|就|真的|特别|还是)*(?:喜欢|爱|偏好|偏爱|习惯|讨厌|不喜欢|不爱|恨|受不了|不想要|偏向|倾向)|我(?:一般|通常|平时|总是|一直|都|从来)+(?:都|只)?(?:用|画|选|做|使用)|我们(?:的图标|公司|团队)?(?:一般|通常|都|一直|只|从来|从不|统一|总是)*(?:用|喜欢|采用|不用|使用|习惯)|(?:我|我们)的(?:图标|风格|图标集|线条|设计)(?:都|要|是|应该|一律|必须|全|用|一直)|"
    r"再也不|不再(?:用|要|使用)|别再(?:用|画|加)|规定|规则是|标准是|都(?:要|用|得|必须|应该)(?!了)|必须(?:都)?(?:用|是)|(?:这个|本|该|当前)项目|项目[：: ]?[a-z0-9]|(?:这次|本次|这个)(?:会话|对话|聊天)|今天都|暂时(?:都|先)?用|目前(?:都|先)用|从来(?:不|都)|只用|向来"
)
ONE_OFF = re.compile(
    r"(?:就|只有|只|仅|仅仅|仅限|只限|单独)?(?:这一?次(?!会话|对话|聊天)|这一?回|这一?个(?!项目|会话|图标集)|这一?张|本次(?!会话|对话|聊天)|此次|下一个|第[一二三四五六七八九十\d]+[个张款]|那[个张])"
)
_SESSION = re.compile(r"(?:这次|本次|这个)(?:会话|对话|聊天)(?:里|中|内)?|今天|暂时|目前|眼下|先都")
_PROJECT = re.compile(r"(?:这个|本|该|当前|此)项目(?:里|中|内)?")
_PROJECT_NAME = re.compile(
    r"(?:在)?(?:项目[:：]? ?(?P<a>[a-z0-9][\w.-]{0,39})|(?P<b>[a-z0-9][\w.-]{0,39}) ?(?:这个)?项目)", re.I
)
_USER = re.compile(r"所有项目|任何项目|全局|到处|每个项目")
_WEAK = re.compile(r"一般|通常|平时|比较|偏")
_BRAND_IS = re.compile(
    r"(?:我们的?|我的?|公司的?|企业的?)*(?:品牌|企业|公司|主题)(?:主)?(?:颜色|色)(?:现在|已经|应该)?(?:是|为|改成|改为|换成|变成|设为|定为|:|=|用|叫)+ ?"
)
_AS_BRAND = re.compile(r"(?:是|作为|当作|做)(?:我们的?|我的?|公司的?)?(?:品牌|企业|公司)(?:颜色|色)")
_NOUN = r"[^,。;!?的了 ]{1,8}"
_VOCABULARY = (
    re.compile(rf"^(?P<lead>.*?)(?P<what>{_NOUN}?)(?:图标)?(?:一律|都|总是|永远|一直|以后|统一|要|就|默认)*(?:用|拿|以|画成|画作)(?P<thing>{_NOUN}?)(?:来)?(?:表示|代表|画|表现|做图标|当图标|的图标)"),
    re.compile(rf"(?:用|拿|以)(?P<thing>{_NOUN}?)(?:来)?(?:表示|代表|表现|指代)(?P<what>{_NOUN})"),
    re.compile(rf"(?:我)?说(?:到)?(?P<what>{_NOUN}?)(?:的时候|时)?(?:,)?(?:就是|指的是|是指|意思是|就画|都画|画)(?P<thing>{_NOUN})"),
    re.compile(rf"(?P<what>{_NOUN}?)(?:图标)?(?:一律|都|总是|永远|以后)+(?:画成|画|做成)(?P<thing>{_NOUN})"),
)  # fmt: skip
_LIFTED = re.compile(
    r"(?P<a>[^,。;!?]{1,8}?)(?:现在|又|也|重新)*(?:可以|能|允许|没问题)(?:再)?(?:用|使用|有|要|出现)?(?:了|啦)|(?:又|重新|再次)(?:可以|能|允许)(?:用|使用|有)?(?P<b>[^,。;!?]{1,8}?)(?:了|啦)|(?:允许|恢复使用)(?:用|使用)?(?P<c>[^,。;!?]{1,8})"
)
_LIKES_ONE = re.compile(r"(?:喜欢|爱|偏好|讨厌|不喜欢)(?:这|那|第|它|最|左|右|上|下)")
_ASKED = re.compile(r"(?:吗|什么|哪些|为什么|怎么|\?|？)\s*$")
_PLAINLY: dict[tuple[str, bool], dict[str, Any]] = {
    ("stroke", True): {"stroke_width": WEIGHTS["thick"]},
    ("stroke", False): {"stroke_width": WEIGHTS["thin"]},
    ("corners", True): {"corner_radius": ROUND_RADIUS, "join": "round"},
    ("corners", False): {"corner_radius": 0.0, "join": "miter"},
    ("detail", False): {"detail": 0.2},
    ("detail", True): {"detail": 0.8},
}
"""A standing "线条粗一点" has nothing to compare with: it is read as thick lines."""
_FILL = re.compile(
    r"以后|从现在(?:起|开始)|从今天?(?:起|开始|以后)|今后|往后|今天起|一直|永远|总是|始终|一律|默认|统一|所有|每个|全部|图标|图|都|要|用|是|记住|请|记一下|记得|帮我|记|我们|我|的|喜欢|偏好|爱|习惯|讨厌|不喜欢|使用|采用|必须|应该|得|这个|本|项目|里|中|内|这次|会话|对话|今天|暂时|先|了|吧|呢|啊|呀|哦|也|就|还|再|很|更|比较|非常|一般|通常|平时|保持|画|做|成|为|线条|风格|颜色|色|样式|不|别|在|那种|这种|一下|和|跟|并且|而且|但是|谢谢|麻烦|地方|东西|设|改|换|公司|团队|只|规则|标准|:|特别|真的|最|统统|东|西|时候|说|对了|觉得|认为|其实|来|去|把|设置|弄|搞"
)


@dataclass
class Stated:
    """statements; left: words of the clause that were not understood."""

    statements: list[Statement] = field(default_factory=list)
    left: str = ""


def is_standing(text: str) -> bool:
    """Does the clause state what lasts?"""
    if _ASKED.search(text) or _LIKES_ONE.search(text):
        return False
    once = ONE_OFF.search(text)
    if once and not re.search(r"以后|从现在|永远|总是", text):
        return False
    return bool(
        STANDING.search(text)
        or _BRAND_IS.search(text)
        or _AS_BRAND.search(text)
        or _vocabulary(text)
        or _is_lifted(text)
    )


def scope_of(text: str) -> Scope | None:
    if _SESSION.search(text):
        return "session"
    if _PROJECT.search(text) or project_of(text):
        return "project"
    return "user" if _USER.search(text) else None


def project_of(text: str) -> str | None:
    m = _PROJECT_NAME.search(text)
    return (m["a"] or m["b"]).rstrip(".-") if m else None


def read(text: str, quote: str, *, brand_color: str | None = None, scope: Scope | None = None) -> Stated:
    """The statements of one standing clause. scope: where the clause itself does not say."""
    slots: dict[str, Any] = {}
    rest = _vocabulary_slots(text, slots)
    rest = _brand(rest, slots)
    rest = _lift(rest, slots)
    palette: list[str] = []
    for item in style_words.find(rest, things=True):
        hated = re.search(r"(?:讨厌|不喜欢|恨|受不了|不爱)[^,。]{0,6}$", rest[: item.start])
        if item.negated or hated:
            slots[f"avoid:{item.avoid}"] = True
        elif item.brand:
            slots.update({"style.palette": [brand_color]} if brand_color else {})
        else:
            palette += item.fields.get("palette", [])
            slots.update({f"style.{k}": v for k, v in item.fields.items()})
        rest = _blank(rest, item.start, item.end)
    if len(set(palette)) > 1:
        slots["style.palette"] = list(dict.fromkeys(palette))
    for change in changes(rest, parts=False).found:
        plain = _PLAINLY.get((change.edit.op, change.edit.amount > 1))
        if plain:
            slots.update({f"style.{k}": v for k, v in plain.items()})
            rest = _blank(rest, change.start, change.end)
    rest = _banned_things(rest, slots)
    scope = scope_of(text) or scope
    confidence = 0.8 if _WEAK.search(text) else 1.0
    said = " ".join(quote.split())[:MAX_QUOTE]
    made = [
        Statement(slot, value, say(slot, value), said, origin="stated", scope=scope, confidence=confidence)
        for slot, value in slots.items()
    ]
    return Stated(made, _left(rest))


def _left(rest: str) -> str:
    left = re.sub(r"[\s,。;!?、]+", "", _FILL.sub("", _PROJECT_NAME.sub("", rest)))
    return left if len(left) > 1 else ""


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _vocabulary(text: str) -> tuple[str, str, tuple[int, int]] | None:
    """(concept, metaphor, place): both known things, neither a look."""
    for pattern in _VOCABULARY:
        m = pattern.search(text)
        if not m:
            continue
        what, thing = words.translated(m["what"]), words.translated(m["thing"])
        looks = style_words.find(m["thing"]) or style_words.find(m["what"])
        if what.english and thing.english and not looks and what.english != thing.english:
            return what.english, thing.english, (m.start("what"), m.end())
    return None


def _vocabulary_slots(text: str, slots: dict[str, Any]) -> str:
    found = _vocabulary(text)
    if not found:
        return text
    slots[f"vocabulary:{found[0]}"] = found[1]
    return _blank(text, *found[2])


def _brand(text: str, slots: dict[str, Any]) -> str:
    m = _BRAND_IS.search(text)
    if m:
        value, length = _colour(text[m.end() :])
        if value:
            slots["brand_color"] = value
            return _blank(text, m.start(), m.end() + length)
    m = _AS_BRAND.search(text)
    before = [f for f in style_words.find(text[: m.start()]) if "palette" in f.fields] if m else []
    if m and before:
        slots["brand_color"] = before[-1].fields["palette"][0]
        return _blank(text, before[-1].start, m.end())
    return text


def _colour(text: str) -> tuple[str | None, int]:
    """(value, length) of the colour that the text begins with."""
    found = next((f for f in style_words.find(text) if "palette" in f.fields and f.start <= 1), None)
    if found:
        return found.fields["palette"][0], found.end
    english = next((c for c in colours.find(f"in {text}") if c.start <= 4), None)
    return (english.value, english.end - 3) if english else (None, 0)


def _is_lifted(text: str) -> bool:
    return any(_lifted_name(m) for m in _LIFTED.finditer(text))


def _lifted_name(m: re.Match[str]) -> str:
    name = re.sub(r"^(?:现在|以后|那|用|又)+", "", m["a"] or m["b"] or m["c"] or "")
    found = style_words.find(name, things=True) if len(name) < 12 else []
    return (
        found[0].avoid
        if len(found) == 1 and not found[0].negated and found[0].end - found[0].start >= len(name) - 1
        else ""
    )


def _lift(text: str, slots: dict[str, Any]) -> str:
    """ "渐变可以用了": the ban on them is lifted."""
    for m in _LIFTED.finditer(text):
        name = _lifted_name(m)
        if name:
            slots[f"avoid:{name}"] = False
            text = _blank(text, *m.span())
    return text


_BAN = re.compile(
    r"(?:不要再|不要|别再|别|不许|禁止|永远不|从不|不再|绝不|不)(?:要|能|可以)?(?:画|出现|用|有|加)(?P<what>[^,。;!? ]{1,8})"
)


def _banned_things(rest: str, slots: dict[str, Any]) -> str:
    """ "永远不要画骷髅": a thing may be banned by its noun."""
    for m in _BAN.finditer(rest):
        phrase = words.translated(m["what"])
        if phrase.english:
            slots[f"avoid:{phrase.english}"] = True
            rest = _blank(rest, *m.span())
    return rest
