"""Changes in Chinese: "粗一点", "把杯子的把手去掉", "放到圆圈里", "把太阳换成月亮".

Contract. ``find(text, parts)`` reads one simplified clause and gives each edit with its place, in the plain form of
``agent.brief.Edit`` (things in English). A comparative needs a word that compares ("再", "太", "一点"); the factors are
those of English. Words for things that the dictionary lacks come back in ``unknown``, never as a guess.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.brief.chinese import style_words, words
from agent.brief.chinese.style_words import NUMBER, number
from agent.brief.edits import FoundEdit
from agent.brief.types import Edit


@dataclass(frozen=True)
class Changes:
    """unknown: words for things that are not known, in place of the edits that need them."""

    found: tuple[FoundEdit, ...] = ()
    unknown: tuple[str, ...] = ()


_ADJECTIVES: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("粗", "粗壮", "厚", "厚重", "重"), ("stroke", 1)),
    **dict.fromkeys(("细", "纤细", "瘦", "薄", "细腻"), ("stroke", -1)),
    **dict.fromkeys(("圆", "圆润", "圆滑", "柔和", "柔", "圆乎"), ("corners", 1)),
    **dict.fromkeys(("尖", "尖锐", "锐利", "锋利", "硬朗", "硬", "方", "方正"), ("corners", -1)),
    **dict.fromkeys(("大", "大只"), ("scale", 1)),
    **dict.fromkeys(("小", "迷你"), ("scale", -1)),
    **dict.fromkeys(("简单", "简洁", "简约", "干净", "清爽", "朴素", "精简", "简"), ("detail", -1)),
    **dict.fromkeys(("复杂", "丰富", "精细", "细致", "详细", "繁琐", "花哨", "乱", "杂乱", "繁杂", "花"), ("detail", 1)),
    **dict.fromkeys(("深", "暗"), ("shade", -1)),
    **dict.fromkeys(("浅", "亮", "明亮", "鲜艳"), ("shade", 1)),
    **dict.fromkeys(("宽松", "松"), ("padding", 1)),
    **dict.fromkeys(("紧凑", "紧"), ("padding", -1)),
}  # fmt: skip
_OBJECTS: tuple[tuple[str, dict[str, tuple[str, int]]], ...] = (
    (r"圆角|边角|拐角|转角|倒角|弧度|角度|角", {"大": ("corners", 1), "小": ("corners", -1)}),
    (r"留白|内边距|边距|空白|空间|间距|周围", {"多": ("padding", 1), "大": ("padding", 1), "少": ("padding", -1), "小": ("padding", -1)}),
    (r"细节|元素|线条数量", {"多": ("detail", 1), "少": ("detail", -1)}),
    (r"颜色|色彩|配色|色调|色", {"淡": ("shade", 1), "深": ("shade", -1), "浅": ("shade", 1)}),
    (r"线条|线宽|线|描边|笔画|轮廓|粗细|外框", {"大": ("stroke", 1), "小": ("stroke", -1), "轻": ("stroke", -1), "淡": ("stroke", -1)}),
    (r"透明度|不透明度", {"高": ("opacity", -1), "低": ("opacity", 1)}),
)  # fmt: skip
_OBJECT = "|".join(pattern for pattern, _ in _OBJECTS)
_ADJ = "|".join(sorted({*_ADJECTIVES, "多", "少", "淡", "轻", "高", "低"}, key=len, reverse=True))
_COMPARE = re.compile(
    rf"(?:(?P<obj>{_OBJECT})(?:的)?(?:地方)?)?"
    rf"(?P<deny>(?:不要|别|没必要|不用|不需要|没|不必)(?:再)?(?:那么|这么|太|这样|如此|搞得|弄得|画得)+)?"
    rf"(?P<pre>(?:不够|有一?点儿?|有些|稍微|稍稍|略微|微微|再|更加|更|还要|太|过于|过|偏|变得|变|弄得|弄|画得|画|调|改|加|放|缩|显得|稍|略|做得|做|整体|要|得|可以|应该|需要|最好|越|能|都|往|搞|看起来){{0,6}})"
    rf"(?P<adj>{_ADJ})(?![节致菌胞家脑人心])"
    rf"(?P<post>一点点|一丢丢|一丢|一点儿?|点儿|点|一些|些|很多|得多|多了|许多|不少|一倍|两倍|一圈|一下|一号)?(?P<over>了一?点|了些|了)?"
)
_COMPARES = re.compile(r"再|更|还要|稍|略|微|太|过|偏|不够|有一?点|有些|变|弄|调|加|放|缩|搞|越")
_LITTLE = re.compile(r"稍|略|微|一点点|一丢")
_MORE = re.compile(r"很多|得多|多了|许多|不少|一倍|两倍")
_TOO = re.compile(r"太|过(?!来)|偏|有一?点|有些")
_SHAPES = {
    "圆圈": "circle", "圆形": "circle", "圆": "circle", "圈": "circle", "圆框": "circle", "方框": "square", "方块": "square", "方形": "square",
    "正方形": "square", "圆角方块": "rounded square", "圆角方框": "rounded square", "圆角矩形": "rounded square", "框": "frame", "边框": "frame",
    "盾牌": "shield", "盾": "shield", "六边形": "hexagon", "徽章": "badge", "勋章": "badge", "菱形": "diamond", "盒子": "box", "圆环": "ring",
    "按钮": "button", "贴纸": "sticker", "气泡": "speech bubble",
}  # fmt: skip
_SHAPE = "|".join(sorted(_SHAPES, key=len, reverse=True))
_INSIDE = re.compile(
    rf"(?:把它|将它|给它)?(?:放到|放进|放在|放入|放|装进|装到|套进|嵌入|嵌到|移到|装在|加到)(?:一?个)?(?P<a>{_SHAPE})(?:里面|里头|里|中间|中|内|上面|上)?"
    rf"|(?:外面|外边|周围|外围|外|四周|背后|后面)(?:再)?(?:加上?|套上?|画上?|围上?|包上?|放上?)(?:一?个|一圈)?(?P<b>{_SHAPE})|(?:加|套|围|包)(?:上)?(?:一?个)?(?P<e>外框|外圈|圆圈|圆框|边框|框)(?=$|[,。])"
    rf"|(?:做成|变成|改成|换成|弄成|当成|作为)(?:一?个|一枚)?(?P<c>徽章|勋章|按钮|贴纸)(?:样式|风格|形式|的样子)?"
)
_REMOVE = "去掉|摘掉|摘下|脱掉|拆掉|删掉|删除|删去|拿掉|移除|去除|抹掉|擦掉|取消掉|取消|拿走|砍掉|去了|除掉|扔掉|清掉|删了|拿开"
_REMOVED = (
    re.compile(rf"(?:把|将)?(?P<what>[^,。;!?]{{1,14}}?)(?:都|全部|全|也|给|统统)*(?:{_REMOVE}|不要了|不需要了?|就不要了?|可以不要了?)(?:吧|了|掉|一下)*(?=$|[,。;!?])"),
    re.compile(rf"(?:{_REMOVE}|去)(?P<what>[^,。;!?]{{1,12}}?)(?:吧|了|好了|就行)*(?=$|[,。;!?])"),
    re.compile(r"(?:不要|别要|不需要|不用|别画|不要画|不要有|别有|没有|不带|别带|别加|不要加|我不要|不想要)(?P<what>[^,。;!?]{1,12}?)(?:吧|了|好了)*(?=$|[,。;!?])"),
)  # fmt: skip
_GONE = {
    "背景": "background", "底色": "background", "阴影": "shadow", "投影": "shadow", "影子": "shadow", "文字": "text", "纹理": "texture",
    "花纹": "texture", "光晕": "glow", "虚线": "dashes",
}  # fmt: skip
"""Looks that are parts of the drawing where they shall be taken out of it; "不要阴影" is a wish."""
_DETERMINER = re.compile(
    r"^(?:它的?|这个|那个|这些|那些|那条|这条|那根|这根|那只|那块|那片|那两个|所有的?|全部的?|整个|上面的?|下面的?|左边的?|右边的?|旁边的?|里面的?|中间的?|后面的?|多余的?|一些|一个)+"
)
_ADD = re.compile(
    r"(?:(?:给|帮|为)(?:它|这个)?|在?(?:上面|旁边|右上角|左上角|右下角|左下角|角落|顶上|顶部|下面|底部|里面|中间)(?:里)?)?(?:再)?(?:加上|添加|增加|画上|放上|添上|加入|添|加|带上|戴上|戴|穿上|配上)(?:一?[个只条把朵颗片双对点些顶根枚圈]|几个|几颗|一)?(?P<what>[^,。;!?]{1,12}?)(?:上去|吧|进去)*(?=$|[,。;!?])"
)
_REPLACE = (
    re.compile(r"(?:把|将)(?P<a>[^,。;!?]{1,10}?)(?:给)?(?:换成|改成|变成|替换成|替换为|换为|改为|换做)(?:一?[个只条把朵颗片])?(?P<b>[^,。;!?]{1,10}?)(?:吧)?(?=$|[,。;!?])"),
    re.compile(r"用(?P<b>[^,。;!?]{1,10}?)(?:来)?(?:代替|替换|替代|换掉|取代)(?P<a>[^,。;!?]{1,10}?)(?:吧)?(?=$|[,。;!?])"),
)  # fmt: skip
_FLIP_V = re.compile(r"(?:上下|垂直)(?:翻转|颠倒|镜像|反转)|颠倒(?:过来)?|倒过来|倒置|倒着")
_FLIP_H = re.compile(
    r"(?:左右|水平)(?:翻转|镜像|反转|颠倒|对调)|镜像|翻转(?:一下|过来)?|反过来|翻过来|反转|(?:朝|向)(?:另一边|另一个方向|反方向|相反方向|反面)|换个方向|转个方向"
)
_ROTATE = re.compile(
    rf"(?:(?P<way>顺时针|逆时针|向左|往左|向右|往右|朝左|朝右|左|右)(?:方向)?)?(?:旋转|转动|转|倾斜|斜)(?:了)?(?:(?P<way2>顺时针|逆时针|向左|往左|向右|往右))?{NUMBER} ?(?:度|°)"
    r"|(?P<way3>顺时针|逆时针|向左|往左|向右|往右)(?:旋转|转)(?:一下)?|旋转一下|转一下"
)
_SIMPLER = re.compile(
    r"简化(?:一下|一点|一些)?|去掉(?:一些|多余的|点)细节|少(?:点|一点|一些)细节|减少细节|细节(?:太多|过多)了?"
)
_BUSIER = re.compile(r"多(?:点|一点|一些|加点)细节|增加细节|加(?:点|些|一点|一些)细节|细节(?:太少|不够)了?")
_AIR = re.compile(r"(?:多(?:留)?(?:一?点|一?些)?|增加|加大|加点|留点|多留)(?:留白|空白|边距|空间)")
_LESS_AIR = re.compile(r"(?:少(?:留)?(?:一?点|一?些)?|减少|减小|缩小)(?:留白|空白|边距|空间)")
_AGAIN = re.compile(
    r"^(?:那|请|你|帮我|麻烦|能不能|可以|再|不行|嗯|要不|还是|给我|我想)*(?:换一个|换一张|换一批|换几个|换一种|换个(?:样子|方案|风格|版本|别的|思路|设计)?|来一个|再来一个|再来一张|再来几个|来几个|多来几个|给我看几个|看几个|再看几个|重画|重新画|重新做|重新来|重新生成|重新设计|重来|画一次|画一遍|画一张|试一次|试试|试一下|生成一次|做一版|出一版|来一版|别的|其他的?|其它的?|看看别的|看看其他的?|有没有别的|有别的吗|还有别的|还有其他的?)(?:一个|一张|一次|一遍|一版|方案|选项|款式|版本|的|吗|看看|吧|试试|一下|样子)*$"
)


def find(text: str, *, parts: bool) -> Changes:
    """parts: there is an icon, so that "去掉蒸汽" has an object."""
    found: list[FoundEdit] = []
    unknown: list[str] = []
    taken = bytearray(len(text))

    def take(edit: Edit, m: re.Match[str]) -> None:
        if not any(taken[m.start() : m.end()]):
            taken[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
            found.append(FoundEdit(edit, m.start(), m.end()))

    if _AGAIN.match(text) and parts:
        return Changes((FoundEdit(Edit("again", text=text), 0, len(text)),))
    for m in _INSIDE.finditer(text):
        word = m["a"] or m["b"] or m["c"] or m["e"]
        take(Edit("inside", "circle" if word == "外圈" else _SHAPES.get(word, "frame"), text=m.group()), m)
    for pattern, op, argument, amount in _PLAIN:
        for m in pattern.finditer(text):
            take(Edit(op, argument, amount, m.group()), m)
    for m in _ROTATE.finditer(text):
        take(Edit("rotate", amount=_degrees(m), text=m.group()), m)
    if parts:
        for edit, m in _Things(text, taken, unknown).read():
            take(edit, m)
    nouns = words.noun_spans(text)
    for m in _COMPARE.finditer(text):
        compared = _compared(m, text, parts, taken, nouns)
        if compared is not None:
            found.append(compared)
            taken[compared.start : compared.end] = b"\x01" * (compared.end - compared.start)
    return Changes(tuple(sorted(found, key=lambda f: f.start)), tuple(dict.fromkeys(unknown)))


_PLAIN: tuple[tuple[re.Pattern[str], str, str, float], ...] = (
    (_FLIP_V, "flip", "vertical", 0.0),
    (_FLIP_H, "flip", "horizontal", 0.0),
    (_SIMPLER, "detail", "", 0.8),
    (_BUSIER, "detail", "", 1.25),
    (_AIR, "padding", "", 1.25),
    (_LESS_AIR, "padding", "", 0.8),
)


def _degrees(m: re.Match[str]) -> float:
    way = m["way"] or m["way2"] or m["way3"] or ""
    sign = -1.0 if "左" in way or "逆" in way else 1.0
    return sign * (number(m["n"]) if m["n"] else 90.0)


class _Things:
    """What is replaced, taken away and added in one clause; the first pattern that reads a stretch of text has it."""

    def __init__(self, text: str, taken: bytearray, unknown: list[str]) -> None:
        self.text, self.taken, self.unknown = text, bytearray(taken), unknown
        self.found: list[tuple[Edit, re.Match[str]]] = []

    def read(self) -> list[tuple[Edit, re.Match[str]]]:
        for pattern in _REPLACE:
            for m in self._free(pattern):
                old, new = (self._name(m["a"]), self._name(m["b"])) if not _is_look(m["b"]) else (None, None)
                self._take("replace", f"{old} -> {new}" if old and new else None, m)
        for pattern in _REMOVED:
            for m in self._free(pattern):
                self._take("remove", self._name(m["what"], gone=pattern is not _REMOVED[-1]), m)
        for m in self._free(_ADD):
            if not re.match(f"(?:{_ADJ})", m["what"]):
                self._take("add", self._name(m["what"], gone=True), m)
        return self.found

    def _free(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return (m for m in pattern.finditer(self.text) if not any(self.taken[m.start() : m.end()]))

    def _take(self, op: str, argument: str | None, m: re.Match[str]) -> None:
        if argument:
            self.taken[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
            self.found.append((Edit(op, argument, text=m.group()), m))

    def _name(self, said: str, *, gone: bool = False) -> str | None:
        """The English name of a part; None where it is a look, or unknown (which is noted)."""
        bare = _DETERMINER.sub("", said).strip()
        if gone and bare in _GONE:
            return _GONE[bare]
        if not bare or _is_look(bare):
            return None
        phrase = words.translated(bare, last=True)
        self.unknown.extend(phrase.unknown)
        return phrase.english or None


_TALK = re.compile(
    r"^(?:它|这个?|那个?|我|你|改|换|动|紧|急|的|了|记|忘|保存|这样|那样|太|那么|这么|再|用|喜欢|这些|说|问|担心|着急|客气)"
)


def _is_look(text: str) -> bool:
    """A look ("填充", "蓝色", "渐变") or talk, no part."""
    if _TALK.match(text) and words.split(text)[0].kind != "N":
        return True
    found = style_words.find(text, things=True)
    return bool(found) and sum(f.end - f.start for f in found) * 2 > len(text)


def _compared(
    m: re.Match[str], text: str, parts: bool, taken: bytearray, nouns: list[tuple[int, int]]
) -> FoundEdit | None:
    start = m.start()
    pre, post, adjective = m["pre"], m["post"] or "", m["adj"]
    if any(taken[start : m.end()]) or not (_COMPARES.search(pre) or post or m["deny"]):
        return None
    table = next((t for pattern, t in _OBJECTS if m["obj"] and re.fullmatch(pattern, m["obj"])), {})
    change = table.get(adjective) or _ADJECTIVES.get(adjective)
    if change is None or any(a < m.end("adj") and m.start("adj") < b for a, b in nouns):
        return None
    op, sign = change
    if m["deny"] or (_TOO.search(pre) and "不够" not in pre) or (m["over"] not in (None, "了") and not post):
        sign = -sign
    little = _LITTLE.search(pre + post)
    step = 1.5 if _MORE.search(post) else 1.1 if little and not _TOO.search(pre) else 1.25
    part, length = _part_before(text[max(0, start - 12) : start]) if parts and not m["obj"] else ("", 0)
    return FoundEdit(Edit(op, part, round(step if sign > 0 else 1 / step, 3), m.group()), start - length, m.end())


def _part_before(text: str) -> tuple[str, int]:
    """ "把手大一点": the part that is meant and the length of its words; ("", 0) where none stands there."""
    m = re.search(r"(?:^|[,。 把让将])(?P<what>[^,。 把让将]{1,8}(?:把手)?|把手)(?:给)?$", text)
    if not m:
        return "", 0
    phrase = words.translated(m["what"], last=True)
    known = phrase.english and not phrase.unknown and not _is_look(m["what"])
    return (phrase.english, len(text) - m.start("what")) if known else ("", 0)
