"""Style words in Chinese: from "细线条", "线宽 1.5 像素" and "不要填充" to fields of a StyleSpec.

Contract. ``find(text)`` reads simplified, lower-case text and gives what ``agent.brief.styles.find`` gives for English:
each style phrase with its place, its fields, and whether it is negated. The names of what is avoided are the English
ones, so that memory knows one ban by one name. English words in the text are read too.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from agent.brief import colours, styles
from agent.brief.chinese import words
from agent.brief.chinese.script import HAN
from agent.brief.style_table import ROUND_RADIUS, WEIGHTS
from agent.brief.styles import Found

_CORNERS: dict[str, Any] = {"corner_radius": ROUND_RADIUS, "join": "round"}
_ROUND: dict[str, Any] = {"corner_radius": ROUND_RADIUS, "cap": "round", "join": "round"}
_STRAIGHT: dict[str, Any] = {"corner_radius": 0.0, "join": "miter"}
_SHARP: dict[str, Any] = {"corner_radius": 0.0, "cap": "butt", "join": "miter"}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
NUMBER = r"(?P<n>\d{1,4}(?:\.\d{1,3})?|[一二两三四五六七八九十]{1,3}(?:点[零一二三四五六七八九]{1,2}(?=个?像素| ?px))?)"
_PX = r" ?(?:个?像素|px|pt|个单位)?"
_UNIT = r" ?(?:个?像素|px|pt)"
_BE = r"(?:的?宽度|宽度|大小|粗细)?(?:都|一律|统一|固定|应该|要|得)*(?:为|是|用|改成|改为|改到|换成|设为|设成|设置为|设定为|调成|调到|调为|控制在|保持|做成|:|=| )* ?"
_LINES = r"(?:线条|线|描边|笔画|笔触|轮廓线|轮廓|边线)"
_MUCH = r"(?P<much>很|非常|特别|超级|超|极|极其|最)?"
_KEEP = r"(?:要|得|都|应该|尽量|保持|一律|用|是|统一|全部|偏|总是|永远|比较|必须|更|稍微)*"


def number(text: str) -> float:
    """ "1.5", "一点五", "十六", "二十四" as a number."""
    if re.fullmatch(r"[\d.]+", text):
        return float(text)
    whole, _, part = text.partition("点")
    tens, ten, ones = whole.rpartition("十")
    value = (_DIGITS.get(tens, 1) * 10 if ten else 0) + sum(
        _DIGITS[c] * 10**i for i, c in enumerate(reversed(ones)) if c in _DIGITS
    )
    return float(f"{value}.{''.join(str(_DIGITS[c]) for c in part)}") if part else float(value)


def _field(name: str, low: float, high: float) -> Callable[[re.Match[str]], dict[str, Any] | None]:
    return lambda m: {name: min(high, max(low, number(m["n"])))}


def _grid(m: re.Match[str]) -> dict[str, Any] | None:
    size = number(m["n"])
    return {"grid": int(size)} if size == int(size) and 8 <= size <= 1024 else None


def _bare(m: re.Match[str]) -> dict[str, Any] | None:
    size = number(m["n"])
    return {"stroke_width": max(0.25, size)} if size <= 6 else _grid(m)


def _weight(m: re.Match[str]) -> dict[str, Any]:
    name = "thick" if m["w"] == "粗" else "thin"
    return {"stroke_width": WEIGHTS[f"very {name}" if m["much"] else name]}


_STYLE = r"(?:风格|样式|风|图标|版本|效果|状|型|式|款)?(?:的)?"
_RULES: tuple[tuple[re.Pattern[str], dict[str, Any] | Callable[[re.Match[str]], dict[str, Any] | None], str], ...] = tuple(
    (re.compile(pattern), fields, name)
    for pattern, fields, name in (
        (rf"(?:圆角半径|圆角|倒角|半径|radius){_BE}{NUMBER}{_PX}(?![\d.])", _field("corner_radius", 0, 8), "radius"),
        (rf"{NUMBER}{_UNIT}的?(?:圆角|倒角)", _field("corner_radius", 0, 8), "radius"),
        (rf"(?:留白|内边距|边距|padding|间距|空白){_BE}{NUMBER}{_PX}(?![\d.])", _field("padding", 0, 8), "padding"),
        (rf"{NUMBER}{_UNIT}的?(?:留白|内边距|边距|间距|空白)", _field("padding", 0, 8), "padding"),
        (rf"(?:线宽|描边宽度|线条粗细|线条宽度|描边粗细|笔画粗细|粗细|stroke|{_LINES}){_BE}{NUMBER}{_PX}(?![\d.])(?:宽|粗)?(?:的)?", _field("stroke_width", 0.25, 6), "thickness"),
        (rf"{NUMBER}{_UNIT}(?:的|宽的?|粗的?)*(?:{_LINES}|线宽|线粗)", _field("stroke_width", 0.25, 6), "thickness"),
        (rf"{NUMBER}{_UNIT}(?:宽|粗)(?:的)?", _field("stroke_width", 0.25, 6), "thickness"),
        (rf"(?:网格|画布|尺寸|大小|栅格){_BE}{NUMBER}{_PX}(?![\d.])", _grid, "size"),
        (rf"{NUMBER}{_PX} ?[x×*乘] ?(?P=n){_PX}(?:的)?(?:网格|画布|尺寸|大小|栅格)?(?:的)?", _grid, "size"),
        (rf"{NUMBER}{_PX}(?:的)?(?:网格|画布|尺寸|栅格)(?:的)?", _grid, "size"),
        (rf"{NUMBER}{_UNIT}(?:大小)?(?:的)?", _bare, "size"),
        (r"(?:圆形|圆头|圆的|圆)(?:的)?(?:端点|线帽|线头|线端|末端|端帽|笔帽|端头)|(?:端点|线帽|线头|线端|末端|端头)(?:要|用|是|都|必须|做成|改成|一律)*(?:圆形|圆头|圆润|圆)(?:的)?|圆头(?:线条|描边|线|的)?", {"cap": "round"}, "round caps"),
        (r"(?:方形|方头|方的|方)(?:的)?(?:端点|线帽|线头|线端|末端|端头)|(?:端点|线帽|线头|线端|末端)(?:要|用|是|都|必须|做成|改成)*(?:方形|方头|方)(?:的)?|方头(?:线条|描边|线)?", {"cap": "square"}, "square caps"),
        (r"(?:平头|平的?)(?:的)?(?:端点|线帽|线头|线端|末端|端头)|(?:端点|线帽)(?:要|用|是|都)*平(?:的|头)?", {"cap": "butt"}, "butt caps"),
        (r"(?:圆角|圆形|圆)(?:的)?(?:连接|拐角连接|接头|接合)", {"join": "round"}, "round joins"),
        (r"(?:尖角|斜接|尖)(?:的)?(?:连接|接头|接合)", {"join": "miter"}, "miter joins"),
        (r"(?:斜角|斜切)(?:的)?(?:连接|接头|接合)", {"join": "bevel"}, "bevel joins"),
        (r"(?:大|小)?圆角(?:的|化|风格|边|处理)*|(?:边角|边缘|转角|拐角|角)(?:要|都|是|得|做成|处理成|一律|必须)*(?:圆润|圆滑|圆的|圆)(?:的)?|(?:圆润|圆滑|柔和)(?:的)?(?:边角|边缘|转角|拐角|角)", _CORNERS, "round corners"),
        (r"(?:直角|尖角|方角|锐角|硬角)(?:的|风格)*|(?:边角|转角|拐角|角)(?:要|都|是|得)*(?:尖锐|锐利|锋利|方正|尖的|方的|直的)(?:的)?|棱角分明(?:的)?", _STRAIGHT, "sharp corners"),
        (rf"像素(?:风格|风|画|艺术|化|图|感){_STYLE}|8 ?位(?:风格|像素)?(?:的)?", {"pixel_art": True}, "pixel art"),
        (rf"双色(?:调)?{_STYLE}|双调{_STYLE}|两种颜色(?:的)?|双色调{_STYLE}", {"mode": "duotone"}, "duotone"),
        (rf"(?:扁平化|扁平|平面)(?:彩色|色)?{_STYLE}|(?:彩色|多彩|全彩|多色|五颜六色|带颜色){_STYLE}", {"mode": "color"}, "color"),
        (rf"(?:线性|线框|线稿|空心|镂空|轮廓线|轮廓|线描|勾线|单线){_STYLE}|描边{_STYLE}|线条(?:风格|图标|风|样式|版){_STYLE}|不填充", {"mode": "outline"}, "outline"),
        (rf"(?:实心|面性|实色|纯色填充|剪影|全填充|填充|填满|填实){_STYLE}", {"mode": "filled"}, "filled"),
        (r"outlined?(?: ?(?:风格|样式|版本|版|图标|的))+|(?<![a-z])outline(?![a-z])", {"mode": "outline"}, "outline"),
        (r"(?<![a-z])(?:filled|fill|solid)(?![a-z])(?: ?(?:风格|样式|版本|版|图标|的))*", {"mode": "filled"}, "filled"),
        (rf"(?:单色|黑白|单一颜色|纯色){_STYLE}", {"palette": ["currentColor"]}, "monochrome"),
        (rf"{_MUCH}(?P<w>粗|细)(?:的)?{_LINES}(?:的)?", _weight, "line weight"),
        (rf"{_LINES}{_KEEP}{_MUCH}(?P<w>粗|细)(?:的)?(?=$|[,。 ;!]|吧|就)", _weight, "line weight"),
        (r"发丝线|极细线?(?:的)?", {"stroke_width": WEIGHTS["hairline"]}, "hairline"),
        (rf"(?:^|(?<=[一个只条把张,。 画来]))(?P<much>)(?P<w>粗|细)的(?=[{HAN}])", _weight, "line weight"),
        (r"(?:极简|简约|极简主义|简洁|简单|朴素)(?:主义|风格|风|的|点的|一点的)*(?!一|点|些|化)", {"detail": 0.2}, "simple"),
        (r"(?:精细|细节丰富|复杂|精致|繁复)(?:风格|的)*(?!一|点|些|了)", {"detail": 0.8}, "detailed"),
        (r"(?:圆润|圆乎乎|圆滚滚|柔和|软萌|圆滑)(?:风格|风|的)*(?!一|点|些|了)", _ROUND, "round corners"),
        (r"(?:硬朗|锐利|锋利|几何)(?:风格|风|的)*(?!一|点|些|了)", _SHARP, "sharp corners"),
    )
)  # fmt: skip
_THINGS: dict[str, str] = {
    "gradients": "渐变色?|渐变效果", "shadows": "阴影|投影|影子", "text": "文字|文本|字母", "background": "背景|底色|底板",
    "perspective": "透视|立体感?|3d|等距", "faces": "人脸|脸", "people": "人物|小人", "emoji": "表情符号?|emoji", "dashes": "虚线|点线",
    "transparency": "透明度?|半透明", "glow": "发光|光晕|辉光", "color": "颜色|色彩", "texture": "纹理|花纹|图案填充", "small details": "小细节|细节",
}  # fmt: skip
_THING = re.compile("|".join(f"(?P<t{i}>{p})" for i, p in enumerate(_THINGS.values())))
_COLOURS: dict[str, str] = {
    "红": "red", "蓝": "blue", "绿": "green", "黄": "yellow", "橙": "orange", "橘": "orange", "紫": "purple", "粉": "pink",
    "黑": "black", "白": "white", "灰": "gray", "棕": "brown", "褐": "brown", "青": "cyan", "金": "gold", "银": "silver",
    "米": "beige",
}  # fmt: skip
_NAMED: dict[str, str] = {
    "蓝绿": "teal", "青绿": "teal", "水鸭": "teal", "孔雀绿": "teal", "天蓝": "skyblue", "海军蓝": "navy", "藏青": "navy", "藏蓝": "navy",
    "深海蓝": "navy", "宝蓝": "royalblue", "皇家蓝": "royalblue", "湖蓝": "darkturquoise", "靛蓝": "indigo", "靛青": "indigo", "钢蓝": "steelblue",
    "粉红": "pink", "桃红": "deeppink", "玫红": "deeppink", "玫瑰红": "deeppink", "品红": "magenta", "洋红": "magenta", "酒红": "wine", "砖红": "brick",
    "珊瑚": "coral", "珊瑚红": "coral", "橙红": "orangered", "墨绿": "darkgreen", "草绿": "grassgreen", "橄榄绿": "olive", "橄榄": "olive",
    "薄荷绿": "mint", "薄荷": "mint", "翠绿": "emerald", "祖母绿": "emerald", "青柠": "lime", "嫩绿": "yellowgreen", "柠檬黄": "lemon", "琥珀": "amber",
    "橘红": "orangered", "咖啡": "#6f4e37", "卡其": "khaki", "紫罗兰": "violet", "薰衣草": "lavender", "淡紫": "lavender", "炭灰": "charcoal",
    "青铜": "bronze", "古铜": "bronze", "象牙": "ivory", "绿松石": "turquoise", "松石绿": "turquoise", "巧克力": "chocolate", "三文鱼": "salmon",
}  # fmt: skip
_SHADES = {"深": "dark", "暗": "dark", "浅": "light", "淡": "light", "亮": "bright", "鲜": "vivid"}
_NAME = "|".join(sorted((*_NAMED, *_COLOURS), key=len, reverse=True))
_COLOUR = re.compile(
    rf"(?:(?P<shade>深|暗|浅|淡|亮|鲜)(?P<darker>一点的|点的|一些的|些的)?)?(?P<name>{_NAME})(?P<suffix>颜色|色)?(?P<of>系)?(?P<de>的)?"
)
_BRAND = re.compile(
    r"(?:我们的?|公司的?|我的?|企业)?(?:品牌|企业|公司|主题)(?:主)?(?:颜色|色)(?:的)?|(?:我们|公司)的主色(?:调)?"
)
NEGATION = re.compile(
    r"(?:不要再|不要|不用|不能|不可以|不准|不许|禁止|禁用|没有|不带|不是|不想要|不需要|不喜欢|不爱|拒绝|避免|讨厌|别再|别|不再|不加|不|无需|无|去掉|去除|去|没|杜绝|忌|非)"
    r"(?:有|用|使用|加|带|做|弄|搞|画|出现|任何|一切|所有|再|这么|那种|这种|那些|的|上|成|改成|换成|做成|填|是|要)*\s*$"
)
_AFTER = re.compile(r"\s*(?:都)?(?:不要了?|不行|禁止|不许|不准|不能用|不可以用?|不用|别用|免了|不允许|去掉|删掉|拿掉)")


def find(text: str, *, things: bool = False) -> list[Found]:
    """Every style phrase, in order of place, none overlapping another. things: as in ``styles.find``."""
    nouns = words.noun_spans(text)
    taken = bytearray(len(text))
    found: list[Found] = []
    for item in _candidates(text):
        if any(taken[item.start : item.end]) or not _covers(text, item, nouns):
            continue
        item = _negate(item, text)
        taken[item.start : item.end] = b"\x01" * (item.end - item.start)
        if item.fields or item.brand or item.negated or things:
            found.append(item)
    return _both(sorted(found, key=lambda f: f.start), text)


def _candidates(text: str) -> Iterator[Found]:
    for pattern, fields, name in _RULES:
        for m in pattern.finditer(text):
            values = fields(m) if callable(fields) else dict(fields)
            if values:
                weight = name == "line weight"
                yield Found(m.start(), m.end(), values, ("thick" if m["w"] == "粗" else "thin") if weight else name)
    for m in _BRAND.finditer(text):
        yield Found(m.start(), m.end(), brand=True, avoid="brand colour")
    for m in _COLOUR.finditer(text):
        item = _colour(m, text)
        if item:
            yield item
    for item in styles.find(re.sub(f"[{HAN}、。]", " ", text), things=True):
        if item.fields or item.brand:
            yield item
    for m in _THING.finditer(text):
        yield Found(m.start(), m.end(), {}, next(name for i, name in enumerate(_THINGS) if m[f"t{i}"]))


def _covers(text: str, item: Found, nouns: list[tuple[int, int]]) -> bool:
    """Are the nouns that the phrase touches whole inside of it ("圆角半径", but not "圆角" of "圆角方块")?"""
    touched = [(a, b) for a, b in nouns if a < item.end and item.start < b]
    if touched and re.fullmatch("脸|小人|人物|表情|影子", text[item.start : item.end]):
        return False
    return all(item.start <= a and b <= item.end for a, b in touched)


_SAYS = re.compile(r"(?:^|[ ,。!?;、成为用要是改换选试个偏纯和或与涂染的])$")
"""Before a colour of one character that nothing follows ("换成红"); "螺蛳粉" ends in no pink."""


def _colour(m: re.Match[str], text: str) -> Found | None:
    """Single characters ("红", "金") are colours only where something says so."""
    plain = m["name"] in _COLOURS
    ends = m.end() == len(text) or text[m.end()] in " ,。!?;、和与或"
    if plain and not (m["suffix"] or m["de"] or m["shade"]) and not (ends and _SAYS.search(text[: m.start()])):
        return None
    if (
        not plain
        and not (m["suffix"] or m["de"])
        and m["name"]
        in (
            "珊瑚",
            "橄榄",
            "薄荷",
            "琥珀",
            "咖啡",
            "卡其",
            "巧克力",
            "三文鱼",
            "象牙",
            "薰衣草",
            "紫罗兰",
            "绿松石",
            "青柠",
            "青铜",
            "水鸭",
        )
    ):
        return None
    if plain and not m["suffix"] and m["name"] in ("金", "银", "米", "白") and not m["de"]:
        return None
    english = _COLOURS.get(m["name"]) or _NAMED[m["name"]]
    how = _SHADES.get(m["shade"] or "", "")
    value = colours.parse(f"{how} {english}".strip())
    if value is None:
        return None
    return Found(m.start(), m.end(), {"palette": [value]}, f"{how} {english}".strip() if how else english)


def _negate(item: Found, text: str) -> Found:
    m = NEGATION.search(text[max(0, item.start - 16) : item.start])
    if m:
        return Found(item.start - len(m.group()), item.end, item.fields, item.avoid, True, item.brand)
    after = _AFTER.match(text, item.end)
    if after and (not item.fields or "不" in after.group() or "别" in after.group() or "禁" in after.group()):
        return Found(item.start, after.end(), item.fields, item.avoid, True, item.brand)
    return item


_JOINED = re.compile(r"\s*(?:和|与|或者?|、|跟|及)\s*")


def _both(found: list[Found], text: str) -> list[Found]:
    """ "不要渐变和阴影": a ban on the first is one on the second."""
    out: list[Found] = []
    for item in found:
        before = out[-1] if out else None
        if (
            before is not None
            and before.negated
            and not item.negated
            and _JOINED.fullmatch(text[before.end : item.start])
        ):
            item = Found(before.end, item.end, item.fields, item.avoid, True, item.brand)
        out.append(item)
    return out
