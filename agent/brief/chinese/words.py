"""Chinese words for things, as names that the library can find: by a dictionary, longest word first.

Contract. ``translated(text)`` reads a phrase (simplified, lower case) into English words ("带对勾的日历" is "calendar
with check") or says which words it does not know; it never guesses: a run of characters with an unknown one in it is unknown
as a whole, and short words side by side are only taken for a name where the dictionary has it. Linear in the length.
"""

# ruff: noqa: E501 - Chinese characters count as two columns

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from agent.brief.chinese.script import HAN

_LONGEST = 8
MAX_WORDS = 16
"""Of one phrase; a picture of 24 px holds two or three ideas."""
MAX_UNKNOWN = 40
"""Characters of a phrase that is said not to be understood."""

_ADJECTIVES: dict[str, str] = {
    "开心": "happy", "快乐": "happy", "高兴": "happy", "难过": "sad", "伤心": "sad", "生气": "angry", "愤怒": "angry",
    "睡觉": "sleeping", "睡着": "sleeping", "打开": "open", "开着": "open", "关闭": "closed", "关着": "closed",
    "空": "empty", "满": "full", "破碎": "broken", "破": "broken", "裂开": "broken", "燃烧": "burning", "着火": "burning",
    "飞行": "flying", "飞翔": "flying", "奔跑": "running", "跑步": "running", "微笑": "smiling", "可爱": "cute", "古老": "old",
    "老": "old", "新": "new", "长": "long", "短": "short", "高": "tall", "大": "big", "小": "small", "冒烟": "smoking",
    "冒热气": "steaming", "半": "half", "旋转": "spinning", "卡通": "cartoon", "飘动": "waving",
}  # fmt: skip
_LINKS: dict[str, str] = {
    **dict.fromkeys(("没有", "不带", "没带", "不含", "无"), "O"),
    **dict.fromkeys(("带有", "带着", "带", "有", "戴着", "戴", "拿着", "抱着", "背着", "插着", "装着", "上面有", "加上", "配上", "里有"), "W"),
    **dict.fromkeys(("里面", "里", "中", "里头", "内", "当中", "之中"), "I"),
    **dict.fromkeys(("上面", "上", "顶上"), "S"),
    "在": "Z", "的": "D",
    **dict.fromkeys(("和", "与", "跟", "及", "、", "加", "以及"), "J"),
    **dict.fromkeys(("被划掉", "划掉", "打叉", "划去", "禁用"), "X"),
}  # fmt: skip
_SIDES = {
    "左上": "up left",
    "右上": "up right",
    "左下": "down left",
    "右下": "down right",
    "左": "left",
    "右": "right",
    "上": "up",
    "下": "down",
}
_LINKS |= {
    f"{to}{side}{tail}": "F"
    for to in ("朝", "向", "往", "指向", "面向", "面朝")
    for side in _SIDES
    for tail in ("", "边")
}
_COUNTS = {
    "两": "two",
    "二": "two",
    "三": "three",
    "四": "four",
    "五": "five",
    "六": "six",
    "七": "seven",
    "八": "eight",
    "九": "nine",
}
_COUNTERS = "个只条把朵颗台辆张本座架艘双对副根片块件匹头栋间款种些份杯瓶盘碗束枚支位幅组串顶盏"
_FILLERS = (
    "接着 紧接着 请 麻烦 帮我 帮忙 帮 给我 给 我想要 我想 我要 我需要 我们需要 想要 需要 能不能 可不可以 可以 能 你能 来 画 绘制 画出 做 设计 生成 创建 制作 弄 搞 整 "
    "换 改 改成 换成 做成 一下 看看 试试 吧 呢 啊 呀 嘛 哦 哈 啦 了 吗 也 再 又 还 那 这 那个 这个 要 是 现在 接下来 下一个 下一张 然后 另外 先 就 继续 图标 "
    "图示 图案 标志 标识 符号 图形 小图标 风格 样式 同样 一样 相同 同款 配套 表示 代表 关于 用来 用于 我 我们 你 您 个 一 某 帮我们 个人 画个 来个 做个 同风格 "
    "网站 的图标 想 把 将 用 出 都 很 非常 一点 其中 最好 随便 新 icon"
).split()
_LATIN_FILLERS = frozenset(
    "draw make icon icons please pls a an the me need create an of for style ok hi hello hey".split()
)
_HEADS = frozenset("杯瓶盒箱袋桌椅灯车树花叶店屋塔桥门锁卡球帽包纸笔刀")
"""Single characters that may end a name of several words ("电脑桌")."""


@dataclass(frozen=True, slots=True)
class Word:
    """kind: N noun, A adjective, U unknown, K filler, L Latin letters, C count, or one of the links."""

    kind: str
    text: str
    english: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """english: "" where nothing is named or something is unknown."""

    english: str
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def nouns() -> dict[str, str]:
    """Chinese word -> English name."""
    out: dict[str, str] = {}
    for line in Path(__file__).with_name("nouns.txt").read_text("utf-8").splitlines():
        name, colon, words = line.partition("#")[0].partition(":")
        if colon:
            out.update(dict.fromkeys(words.split(), name.strip()))
    return out


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Word]:
    out = {w: Word("K", w) for w in _FILLERS}
    out |= {w: Word("A", w, english) for w, english in _ADJECTIVES.items()}
    out |= {w: Word(kind, w) for w, kind in _LINKS.items()}
    for n, english in _COUNTS.items():
        out |= {f"{n}{c}": Word("C", f"{n}{c}", english) for c in _COUNTERS}
    out |= {f"{verb}{c}": Word("K", f"{verb}{c}") for verb in "画来做要" for c in _COUNTERS}
    for n in ("一", "这", "那", "某", "每", "几", "1"):
        out |= {f"{n}{c}": Word("K", f"{n}{c}") for c in _COUNTERS}
    out |= {w: Word("N", w, english) for w, english in nouns().items()}
    return out


_LATIN = re.compile(r"[a-z0-9][a-z0-9+.#'-]*(?: [a-z0-9][a-z0-9+.#'-]*)*")


def split(text: str) -> list[Word]:
    """Longest word first; what no word fits is unknown, character by character, joined to one."""
    known = _lexicon()
    out: list[Word] = []
    at = 0
    while at < len(text):
        latin = _LATIN.match(text, at)
        word = next(
            (known[text[at:end]] for end in range(min(len(text), at + _LONGEST), at, -1) if text[at:end] in known), None
        )
        if word is not None and word.kind == "K" and len(word.text) == 2 and _noun_at(text, at + 1):
            word = known.get(text[at], Word("K", text[at]))  # "来条形码": 条 belongs to what follows
        if word is not None and (latin is None or len(word.text) > 1):
            out.append(word)
            at += len(word.text)
        elif latin:
            english = " ".join(w for w in latin.group().split() if w not in _LATIN_FILLERS)
            out.append(Word("L" if english else "K", latin.group(), english))
            at = latin.end()
        else:
            if re.match(f"[{HAN}]", text[at]):
                if out and out[-1].kind == "U":
                    out[-1] = Word("U", out[-1].text + text[at])
                else:
                    out.append(Word("U", text[at]))
            elif out and out[-1].kind != "|":
                out.append(Word("|", text[at]))
            at += 1
    return out


def _noun_at(text: str, at: int) -> bool:
    """Does a noun of two characters or more begin here?"""
    return any(text[at:end] in nouns() for end in range(at + 2, min(len(text), at + _LONGEST) + 1))


def noun_spans(text: str) -> list[tuple[int, int]]:
    """The places of nouns of two characters and more: style words inside of them are parts of a name."""
    spans, at = [], 0
    for word in split(text):
        found = text.find(word.text, at)
        if word.kind == "N" and len(word.text) > 1:
            spans.append((found, found + len(word.text)))
        at = found + len(word.text) if found >= 0 else at
    return spans


def translated(text: str, *, last: bool = False) -> Phrase:
    """``text`` as English words. last: of "杯子的把手" (the cup's handle) only the handle."""
    words = [w for w in split(text) if w.kind not in "K|"]
    words = [w for i, w in enumerate(words) if not (w.kind == "Z" and i + 1 < len(words) and words[i + 1].kind == "A")]
    while words and words[0].kind in "DJ":
        words.pop(0)
    while words and words[-1].kind in "DJ":
        words.pop()
    if not words:
        return Phrase("")
    unknown = _unknown(words)
    if unknown:
        return Phrase("", unknown)
    if last:
        cut = max((i for i, w in enumerate(words) if w.kind == "D" and words[i - 1].kind == "N"), default=-1)
        words = words[cut + 1 :]
    english = _phrase(words) if len(words) <= MAX_WORDS else ""
    return Phrase(english) if english else Phrase("", ("".join(w.text for w in words)[:MAX_UNKNOWN],))


def _unknown(words: list[Word]) -> tuple[str, ...]:
    """Unknown words, with the short ones that touch them."""
    out: list[str] = []
    for i, word in enumerate(words):
        if word.kind != "U":
            continue
        run = word.text
        j = i + 1
        while j < len(words) and words[j].kind in "NA" and len(words[j].text) == 1:
            run += words[j].text
            j += 1
        j = i - 1
        while j >= 0 and words[j].kind in "NA" and len(words[j].text) == 1:
            run = words[j].text + run
            j -= 1
        out.append(run)
    return tuple(dict.fromkeys(out))


def _phrase(words: list[Word]) -> str:
    """Heads and what belongs to them; "" where the words make no phrase that is known."""
    kinds = "".join(w.kind for w in words)
    for pattern, form in _FORMS:
        m = pattern.fullmatch(kinds)
        if m:
            parts = [_phrase(words[m.start(n) : m.end(n)]) for n in ("a", "b")]
            if all(parts):
                return form.format(*parts)
    if kinds[0] == "F":
        side = next(s for s in _SIDES if s in words[0].text)
        head = _phrase([w for w in words[1:] if w.kind != "D"])
        how = _SIDES[side] if head.endswith("arrow") else f"facing {_SIDES[side]}"
        return f"{head} {how}" if head else ""
    if kinds[0] == "X" or kinds[-1] == "X":
        head = _phrase([w for w in words if w.kind not in "XD"])
        return f"{head} crossed out" if head else ""
    return _name(words)


_P = "[NALCD]"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"O(?P<b>{_P}+?)D(?P<a>[NALC]+)", "{0} without {1}"),
        (rf"W(?P<b>{_P}+?)D(?P<a>[NALC]+)", "{0} with {1}"),
        (rf"Z?(?P<b>{_P}+?)ID(?P<a>[NALC]+)", "{0} in {1}"),
        (rf"Z?(?P<b>{_P}+?)SD(?P<a>[NALC]+)", "{0} on {1}"),
        (rf"(?P<a>{_P}+)Z(?P<b>{_P}+)I", "{0} in {1}"),
        (rf"(?P<a>{_P}+)Z(?P<b>{_P}+)S", "{0} on {1}"),
        (rf"(?P<a>{_P}+)[IS]?W(?P<b>{_P}+)", "{0} with {1}"),
        (rf"(?P<a>{_P}+)O(?P<b>{_P}+)", "{0} without {1}"),
        (r"(?P<a>.+?)J(?P<b>.+)", "{0} and {1}"),
    )
)


def _name(words: list[Word]) -> str:
    """A name of one or several words, with its count and its adjectives."""
    if any(w.kind not in "NALCD" for w in words) or not any(w.kind in "NL" for w in words):
        return ""
    count = next((w.english for w in words if w.kind == "C"), "")
    rest = [w for w in words if w.kind not in "CD"]
    named = [w for w in rest if w.kind == "N"]
    if (
        len(named) > 1
        and any(len(w.text) == 1 and not (i == len(named) - 1 and w.text in _HEADS) for i, w in enumerate(named))
        and not any(w.kind == "D" for w in words)
    ):
        return ""
    english = " ".join(dict.fromkeys(w.english for w in rest))
    if count:
        from svggen.words.nouns import plural_of

        return f"{count} {plural_of(english)}"
    return english
