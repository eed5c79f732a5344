"""What a Chinese message does beside describing: verdicts, undo and going back, references, questions, small talk.

Contract. Functions of one simplified clause, without its closing particles; what they give is what their English
counterparts (``intents``, ``turns``, ``references``, ``asking``) give. Patterns are whole, so that a message that goes
on to describe an icon is never taken for talk.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re

from agent.brief import types
from agent.brief.asking import Question
from agent.brief.chinese import style_words, words
from agent.brief.chinese.style_words import number
from agent.brief.gathered import Reference
from agent.brief.turns import Move
from agent.brief.types import BriefContext

_END = r"(?:吧|呢|啊|呀|哦|啦|嘛|哈|了|的|谢谢|多谢|一下|就好|就行|就可以|看看)*$"
_N = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})"
_THING = r"(?:个|张|款|幅|号|种|枚|只|版|项)"
_LEAD = r"^(?:那|就|我想|我要|我|请|麻烦|帮我|给我|可以|能不能|嗯|好|好的|还是|要不|不如|你|,| )*"

_REFERENCE = re.compile(
    rf"第{_N}{_THING}(?:图标|图|方案)?|(?<![大小])(?P<m>\d{{1,2}}|[一二三四五六七八]) ?号(?:图标|方案)?|倒数第(?P<back>\d|[一二两三四五])(?:个|张|款)|最后(?:一|那)?(?:个|张|款)|(?P<side>最左边|最右边|左边|右边|左侧|右侧|左起|右起|中间|正中间)(?:的)?(?:(?:第(?P<nth>\d|[一二三四五六]))(?:个|张|款)|(?:那|这)?(?:个|张|款|一个|一张)|的(?=$|[,。]))|(?:选|选择|要|用|看|挑|方案|选项|图)(?:择)? ?(?P<d>\d|[一二三四](?=$|[,。 ])|[abcd])(?![\d.]| ?(?:个|px|像素|度|条|只|种|张))"
)
_SEVERAL = re.compile(
    rf"(?:第?{_N.replace('<n>', '<a>')}(?:{_THING})?)(?: ?(?:和|与|跟|、|及|\+|&|还有|加) ?)(?:第?{_N.replace('<n>', '<b>')}(?:{_THING})?)(?! ?(?:px|像素|度))|(?P<ends>前|后|最后|头)(?P<k>[两二三])(?:{_THING})"
)
_COMBINE = re.compile(r"合并|结合|融合|混合|组合|合在一起|合起来|拼在一起|拼起来|合成|合二为一|揉在一起|综合")
_ONTO = re.compile(
    rf"(?:把|将)第{_N.replace('<n>', '<b>')}{_THING}的[^,。]{{1,8}}(?:放到|加到|用到|移到|换到|给|安到)第{_N.replace('<n>', '<a>')}{_THING}(?:上面|上|里)?"
)
_DESCRIBED = re.compile(
    r"(?!(?:我|就|选|要|用|喜欢|看)+[那这])(?P<how>[^,。;!?]{1,14}?)(?:的)?(?:那|这)(?:一)?(?:个|张|款|只)|那(?:个|张|款)(?P<after>[^,。;!?]{1,10}?)的(?=$|[,。])|(?P<most>最[^,。;!?的]{1,4}?)的(?:那|这)?(?:一)?(?:个|张|款)?(?=$|[,。])"
)
_MOST = {
    "圆": "roundest", "圆润": "roundest", "粗": "thickest", "细": "thinnest", "简单": "simplest", "简洁": "simplest", "复杂": "most detailed", "精细": "most detailed",
    "大": "biggest", "小": "smallest", "可爱": "cutest", "尖": "sharpest", "好看": "best", "好": "best", "漂亮": "best", "清楚": "clearest", "像": "most alike",
}  # fmt: skip
_PLAIN = {
    "粗": "thick", "细": "thin", "大": "big", "小": "small", "圆": "round", "方": "square", "简单": "simple", "复杂": "detailed", "填充": "filled",
    "实心": "filled", "空心": "outline", "描边": "outline", "线性": "outline", "双色": "duotone", "彩色": "colourful", "圆润": "round", "尖": "sharp", "极简": "minimal",
}  # fmt: skip
_OTHER = re.compile(r"另外?一?(?:个|张|款)|其他那?个|别的那个|另一个")

_ACCEPT = re.compile(
    r"^(?:嗯|好|好的|对|是的|哇|哈哈|谢谢|非常|很|真|太|,| |。|!|都|我|这个|这张|看起来|就|也|觉得|还|挺|那|现在|这样|它|这)*"
    r"(?:好|好看|漂亮|不错|可以|行|完美|棒|赞|满意|喜欢(?:这个|这张|它|\{\})?|爱了|就这个|就它|就这样|要这个|用这个|选这个|要它|用它|保存(?:这个|它|下来)?|存下来|存了|存|收下|收了|采用|通过|确定|确认|没问题|对|是这个|是它|就是这个|就是它|正是我想要的|是我想要的|到位|ok|okay|nice|good|perfect|赞成|同意|合适|够了|搞定|成|妥|妙|"
    r"(?:把)?(?:它|这个)?(?:加到|加入|放到|放进|收进|存到|存进|添加到)(?:我的|我们的)?(?:图标集|图标库|合集|收藏|图标|集合|库)(?:里面|里|中)?|保留(?:这个|它|\{\})?|留下(?:这个|它|\{\})?|"
    r"(?:要|用|选|选用|采用|喜欢|保留|留|定|决定用|确定用|更喜欢|最喜欢|选定)\{\}|\{\}(?:不错|很好|好|最好|最好看|好一点|好一些|好点|更好看|可以|好看|就行|就好|挺好|很不错|很棒|棒|完美|更好|比较好|是最好的|喜欢|满意|ok))"
    r"(?:好|了|的|吧|啊|呀|啦|呢|哦|极了|死了|保存|就这样|就这个|就它|就用这个|,|。|!| |谢谢|多谢|可以|不错|喜欢|很好|完美|这个|通过|定了|收下)*$"
)
_BARE_PICK = re.compile(r"^(?:选|看|看看|挑|我看)?\{\}$")
_REJECT = re.compile(
    r"^(?:嗯|啊|呃|都|我|这个|这张|这些|,| |真|看起来|也|觉得|它|还是|有点|一点都|一点也|全|感觉|\{\}|哎|唉|很|非常|这|并)*"
    r"(?P<no>不行|不好看|不好|不喜欢|不满意|不对|不是我(?:想要|要|说)的?(?:样子)?|不是这个|不是这样|不要这个|不要了|不要|不太(?:好|行|对|喜欢|满意)|感觉不对|不合适|不像|太丑|太[^,。了丑好棒]{1,4}|难看|丑|一般般?|差|糟糕|错了|错|算了|不怎么样|不是我的风格|不可以|不|恶心|失望|没有喜欢的|没有一个(?:好|行|喜欢)的?|讨厌(?:这个|它)?)"
    r"(?P<rest>(?:了|的|啊|吧|死了|,|!|。| |看|这个|这样|我想要的|不是我想要的).*)?$"
)
_SMALL = re.compile(
    r"^(?:(?>你好|您好|哈喽|嗨|嘿|hello|hi|hey|早上好|早安|早|中午好|下午好|晚上好|晚安|大家好|谢谢你?|多谢|感谢|谢啦|谢了|辛苦了?|再见|拜拜?|明天见|明天再来|回头见|回见|下次见|下次再聊|哈+|嘿嘿|呵呵|嘻嘻|嗯+|哦+|噢|喔|哇|啊|呀|吧|了|呢|啦|哈|在吗|在不在|你在吗|你是谁|你叫什么(?:名字)?|等一下|等等|稍等|等会儿?|我想想|让我想想|想一下|我看看|让我看看|没事|没关系|不客气|抱歉|不好意思|对不起|厉害|太厉害|真厉害|你真(?:棒|好|厉害|聪明)|你太(?:棒|好|厉害)|今天就到这|就到这(?:里|儿)|先这样|我回来了|吃了吗|最近怎么样|怎么样|好久不见|好的|好|ok|收到|明白|知道|测试|无聊|辛苦你)[,。!?~ ]*+)++$"
)
_WHY = re.compile(
    r"^(?:那|但|可是|请问|,| )*(?:为什么|为啥|为何|怎么会?(?:是|这么|那么|变|成)|干嘛|凭什么)[^,。]*$|^.*(?:哪来的|哪里来的|怎么来的|从哪(?:里|儿)?来|根据什么|参考了?(?:什么|谁|哪)|依据是什么|怎么想的|怎么画出来的|理由是什么|解释一下).*$|^.*(?:是不是|是)(?:抄|照|参考|取自|来自).*(?:吗|的)$"
)
_HELP = re.compile(
    r"^(?:请问|这个|那个|它|,| )*(?:你(?:都)?(?:能|会|可以)(?:做|干|画)?(?:些)?(?:什么|啥|哪些).*|帮助|使用说明|说明|有什么功能|怎么(?:用|保存|导出|撤销|操作|改|下载|退出|修改|删除|使用|开始|换|画|弄|选|分享)[^,。]*|如何[^,。]*|我(?:能|可以)(?:说|做|问)(?:些)?什么|(?:可以|能|能不能|可不可以)(?:导出|保存|下载|分享|打印|撤销|修改)(?:吗|么|不)?|有(?:哪些|什么)(?:命令|功能|选项|操作))$"
)
_MEMORY = re.compile(
    r"^(?:请问|那|,| |现在|你|都|还|告诉我|说说|列出|列一下|看看|看一下|显示|查看)*(?:记得|记住了?|知道|记了|了解|学到|学会|存了|保存了|记着)(?:我|我们|的|了|些|过|关于)*[^,。]*?(?:什么|哪些|啥|多少|吗|几)[^,。]*$|^(?:告诉我|说说|列出|列一下|看看|看一下|显示|查看|给我看)(?:你)?(?:都|还)?(?:记得|记住了?|知道|记了|学到|存了)[^,。]*$|"
    r"^.*(?:我|我们)的?.{0,8}(?:品牌色|偏好|规则|设置|风格|线宽|线条|颜色|习惯|端点|圆角)(?:现在)?(?:是|有|都有|用的是)?(?:什么|哪些|多少|哪个|啥|几|怎么样)[^,。]*$|^.*(?:有|存了|定了)(?:哪些|什么)(?:规则|偏好|记忆|设定)[^,。]*$|^(?:看看|显示|列出|查看|给我看看?|打开)?(?:我的|我们的|所有的?)(?:偏好|规则|记忆|设置)$|^.*我(?:之前|上次|以前|上周|昨天)?(?:说过|告诉过你|讲过|提过|要求过)(?:什么|哪些|啥).*$"
)
_UNDO_N = re.compile(
    rf"{_LEAD}(?:(?:撤销|撤回|退回|后退|退|回退|返回|倒退|往回退|往回)(?:最近|最后|上)?(?:的)?{_N} ?(?:步|次|个|版)(?:操作|修改|改动)?|连续撤销(?P<twice>两次))(?:吧|了|操作|修改)*(?=$|[,。;!])"
)
_UNDO = re.compile(
    rf"{_LEAD}(?:撤销|撤消|撤回|取消(?:刚才的?|上一步|上次的?|这次的?)(?:修改|操作|改动)?|退回(?:去|上一步|上一版|上一个)?|后退|回退|(?:回到|退回到?|返回到?|恢复到?|回|返回)(?:上一步|上一个(?:版本)?|上一版|上个版本|前一个|前一步|之前(?:的(?:样子|版本|状态)?)?|刚才(?:的(?:样子|版本|状态)?|那个|那样)?|原来的样子|修改前)|还是(?:上一个|之前的?|刚才(?:那个|的)?|前一个|原来的?|上一版|刚刚那个)(?:更)?(?:好看|好|吧)|(?:上一个|之前的|刚才的|前一个|原来的|上一版)(?:更|比较)?好看?|还原|复原|上一步|上一个版本|上一版|不要刚才的(?:修改|改动)|刚才的(?:修改)?(?:不要了?|不算))(?:(?:刚才|上)的?(?:一步|修改|操作|改动|那步)?)?(?:吧|了|一下|操作|,谢谢)*(?=$|[,。;!])"
)
_REDO = re.compile(
    rf"{_LEAD}(?:重做|恢复(?:刚才|刚刚)?(?:撤销|撤回|取消)的?(?:那步|操作|修改|那个)?|恢复(?:一下|刚才的(?:修改|改动|操作))?|(?:取消|撤销)(?:刚才的?)?撤销|反撤销|前进(?:一步)?|再前进|把(?:刚才)?撤销的(?:恢复|还原|找)(?:回来)?|刚才撤销的(?:恢复|还原)(?:一下|回来)?)(?:吧|了|一下)*(?=$|[,。;!])"
)
_START = re.compile(
    rf"{_LEAD}(?:从头(?:再)?(?:开始|来过|来)|重新开始|全部重来|推倒重来|清空(?:重来)?|从零开始|一切重来|重头(?:开始|来过|再来))(?:吧|了)*(?=$|[,。;!])"
)
_BACK = re.compile(
    rf"{_LEAD}(?:(?:把它)?(?:回到|退回到?|返回到?|恢复到?|退到|切回|换回|改回|切换到|还原到?|回|变回|跳回)|从(?=[^,。]{{1,16}}(?:继续|开始|接着|重新|再改)))(?P<to>[^,。;!]{{1,20}}?)(?:继续|(?<![最一])开始|接着改?|重新开始|再改)?(?:去|吧|了|一下)*(?=$|[,。;!])"
)
_VERSION = r"(?:那一?版|那个版本|版本|版|那个|的样子|那张|那一个|那步|时候|状态|样子|的时候|个)"
_BACK_NUMBER = re.compile(
    rf"^(?:第{_N}(?:个版本|版|步|个|张|次|稿)(?:的?版本)?|版本 ?(?P<v>\d{{1,2}})|v(?P<w>\d{{1,2}}))$"
)
_BACK_FIRST = re.compile(
    r"^(?:最初|最开始|最早|一开始|原始|原来|最原始|初始|开头|开始|最先|原先)(?:的|那)*(?:版本|样子|那个|那版|状态|一版|个|设计|图标)?$"
)
_BACK_BEFORE = re.compile(rf"^(?P<what>.{{1,14}}?)(?:之前|以前|前)(?:的)?{_VERSION}*$")
_BACK_OF = re.compile(rf"^(?P<what>.{{1,14}}?)(?:的)?{_VERSION}+$")
_DONE = re.compile(
    r"^(?:我)?(?:说|让你|要求|要|加上?|添加|改成|变成|换成|改|换|画|放|做成|去掉|删掉|弄成|变)(?:一?个)?"
)

_FORGET = re.compile(
    r"^(?:请|麻烦|你|可以|那|现在|把|帮我|就|好|,)*(?P<a>.*?)(?:都|全部|全|也|统统)*(?<![别不])(?<!不要)(?<!不会)(?:忘掉|忘记|忘了|别记得|别再记|不用记得|不必记|清除|清空|删除|删掉|移除)(?P<b>.*)$"
)
_FORGET_LAST = re.compile(
    r"^(?:请|这个|那个|刚才的|刚才那个|这条|那条|刚才说的|这个就|你|就|,)*(?:别|不要|不用|不必|不需要|无需|先别|请勿)(?:记住|记下来|记下|记录|记着|记|保存下来|存下来|存)(?:这个|那个|它|这条|刚才(?:说)?的|了|这些|下来)*$|^(?:忘掉|忘记|忘了|删掉)(?:刚才说的|刚才那条|上一条|最后一条|刚才记的|刚刚说的)(?:话|规则|偏好|吧)*$"
)
_FORGET_IT = re.compile(r"^(?:请|那|就|你|把它|把这个)?(?:忘掉|忘记|忘了)(?:它|这个|那个|吧|这件事)*$")
_SLOTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), slot)
    for pattern, slot in (
        (r"品牌(?:颜色|色)|企业色|公司色", "brand_color"), (r"线宽|粗细|线条(?!颜色)|描边宽度|笔画", "style.stroke_width"), (r"端点|线帽|线头", "style.cap"),
        (r"连接|接头", "style.join"), (r"圆角|边角|拐角|倒角", "style.corner_radius"), (r"颜色|配色|调色", "style.palette"), (r"填充|描边|双色|模式|线性", "style.mode"),
        (r"网格|尺寸|大小|画布", "style.grid"), (r"留白|边距|间距", "style.padding"), (r"细节|复杂度", "style.detail"), (r"像素", "style.pixel_art"),
        (r"所有|全部|一切|都|全|之前记|偏好|规则|记忆|关于我", "*"),
    )
)  # fmt: skip
_KEPT = re.compile(r"记|偏好|规则|习惯|品牌色|记忆|设定|我的|我们的|之前说|喜欢|要求|关于")


def accept(text: str) -> bool:
    """``text`` has its references replaced by "{}"."""
    return bool(_ACCEPT.match(text)) and not _BARE_PICK.match(text) and text != "{}"


def reject(text: str) -> str | None:
    """The reason, "" where none is given; None where nothing is rejected."""
    m = _REJECT.match(text)
    if not m:
        return None
    if m["no"] == "不要" and (m["rest"] or "").strip(",。! ") not in ("", "了", "吧", "这个"):
        return None
    rest = (m["rest"] or "").strip(",。! 了的啊吧")
    return rest if m["no"] in ("不", "不行", "不要", "不喜欢", "不对", "算了") else f"{m['no']}"


def smalltalk(text: str) -> bool:
    return bool(_SMALL.match(text))


def question(text: str) -> tuple[types.Question, str | None] | None:
    asked: types.Question
    for pattern, asked in ((_MEMORY, "memory"), (_WHY, "why"), (_HELP, "help")):
        if pattern.match(text):
            about = next((s for p, s in _SLOTS if p.search(text)), None) if asked == "memory" else None
            return asked, about if about != "*" else None
    return None


def move(text: str, undone: bool | None) -> Move | None:
    redo = _REDO.match(text)
    if redo:
        return Move("redo", "", redo.end(), undone is False and "重做" in redo.group())
    start = _START.match(text)
    if start:
        return Move("back", "0", start.end())
    several = _UNDO_N.match(text)
    if several:
        n = int(number(several["n"])) if several["n"] else 2
        return Move("undo", f"-{n}" if n > 1 else "", several.end())
    undo = _UNDO.match(text)
    if undo:
        return Move("undo", "", undo.end())
    back = _BACK.match(text)
    target = _target(back["to"]) if back else ""
    return Move("back", target, back.end()) if back and target else None


def _target(text: str) -> str:
    m = _BACK_NUMBER.match(text)
    if m:
        return str(int(m["v"] or m["w"] or number(m["n"])))
    if _BACK_FIRST.match(text):
        return "1"
    before = _BACK_BEFORE.match(text)
    if before:
        words_ = described(_DONE.sub("", before["what"]))
        return f"before {words_}" if words_ else ""
    of = _BACK_OF.match(text)
    return described(of["what"]) if of else ""


def described(text: str) -> str:
    """A description in Chinese as English words, "" where a word is not known: "有屋顶" is "with roof"."""
    text = text.strip("的 ")
    most = re.match(r"最(?P<how>.+)$", text)
    if most:
        return _MOST.get(most["how"], "")
    if text in _PLAIN:
        return _PLAIN[text]
    compared = re.fullmatch(r"(?:更|比较|稍微)?(?P<how>粗|细|大|小|圆|尖|简单|复杂)(?:一点|一些|点|些)?", text)
    if compared:
        return {"粗": "thicker", "细": "thinner", "大": "bigger", "小": "smaller", "圆": "rounder", "尖": "sharper", "简单": "simpler", "复杂": "more detailed"}[compared["how"]]  # fmt: skip
    for pattern, form in _LIKE:
        m = pattern.match(text)
        if m:
            phrase = words.translated(m["what"])
            return f"{form} {phrase.english}" if phrase.english else ""
    found = style_words.find(text)
    if len(found) == 1 and found[0].end - found[0].start >= len(text) - 1 and not found[0].negated:
        return found[0].avoid
    return words.translated(text).english


_LIKE = (
    (re.compile(r"^(?:没有|不带|没带|没|无)(?P<what>.+)$"), "without"),
    (re.compile(r"^(?:带有|带着|带|有|戴着|拿着)(?P<what>.+)$"), "with"),
    (re.compile(r"^(?:看起来)?像(?P<what>.+?)(?:一样)?$"), "looks like"),
    (re.compile(r"^在(?P<what>.+?)(?:里面|里|中|内)$"), "in"),
)


def references(text: str, candidates: int) -> list[Reference]:
    """Every reference to a candidate, in order of place."""
    found: list[Reference] = []
    for m in _SEVERAL.finditer(text):
        if m["ends"]:
            k = int(number(m["k"]))
            found.append(Reference(tuple(range(k)) if m["ends"] in "前头" else tuple(range(-k, 0)), m.start(), m.end()))
        elif (
            "第" in m.group()
            or re.search(r"个|张|款|号", m.group())
            or _COMBINE.search(text)
            or re.fullmatch(r"[\d和与、+& ]+", m.group())
        ):
            found.append(Reference((int(number(m["a"])) - 1, int(number(m["b"])) - 1), m.start(), m.end()))
    for m in _REFERENCE.finditer(text):
        index = _index(m, candidates)
        if index is not None and _free(found, m):
            found.append(Reference((index,), m.start(), m.end()))
    if candidates > 1:
        for m in _OTHER.finditer(text) if candidates == 2 else ():
            if _free(found, m):
                found.append(Reference((), m.start(), m.end(), "other"))
        for m in _DESCRIBED.finditer(text):
            group = "most" if m["most"] else "after" if m["after"] else "how"
            lead = re.match(
                r"(?:我|就|选|要|用|喜欢|更喜欢|最喜欢|想要|看看|看|给我|换成|那个?|保留|留下|请|把|还是)+", m[group]
            )
            start = m.start(group) + (lead.end() if lead else 0)
            how = described(text[start : m.end(group)])
            start = m.start() if m["after"] else start
            if how and _free(found, m):
                found.append(Reference((), start, m.end(), how))
    return sorted(found, key=lambda r: r.start)


def _free(found: list[Reference], m: re.Match[str]) -> bool:
    return not any(r.start < m.end() and m.start() < r.end for r in found)


def _index(m: re.Match[str], candidates: int) -> int | None:
    side = m["side"] or ""
    if m["back"]:
        return -int(number(m["back"]))
    if m["n"] or m["m"] or m["d"]:
        word = m["n"] or m["m"] or m["d"]
        return ord(word) - ord("a") if word in "abcd" else int(number(word)) - 1
    nth = int(number(m["nth"])) if m["nth"] else 1
    if "左" in side:
        return nth - 1
    if "右" in side:
        return -nth
    if "中" in side:
        return candidates // 2 if candidates % 2 else None
    return -1


def combine(text: str, candidates: int) -> tuple[int, ...]:
    """The candidates that are to be joined, () where none are."""
    onto = _ONTO.search(text)
    if onto:
        return int(number(onto["a"])) - 1, int(number(onto["b"])) - 1
    if not _COMBINE.search(text):
        return ()
    found = [p for r in references(text, candidates) for p in r.picks]
    return tuple(dict.fromkeys(found)) if len(set(found)) > 1 else ()


def forget(text: str) -> tuple[str, ...]:
    """The slots that memory shall drop."""
    if _FORGET_LAST.match(text):
        return ("last",)
    m = _FORGET.match(text)
    if not m:
        denied = re.match(r"^(?:请|你)*(?:别|不要|不用|不必)(?:再)?(?:记|记住|记得)(?P<b>.+)$", text)
        what = denied["b"] if denied else ""
    else:
        what = m["a"] + m["b"]
        if not re.search("忘|记", text) and not _KEPT.search(what):
            return ()
    if not what:
        return ()
    slots = [slot for pattern, slot in _SLOTS if pattern.search(what)]
    if "brand_color" in slots:
        slots = ["brand_color"]
    if not slots or slots == ["*"]:
        named = [f"style.{name}" for f in style_words.find(what) for name in f.fields]
        slots = named or slots
    return ("*",) if slots == ["*"] else tuple(dict.fromkeys(s for s in slots if s != "*"))


_OPEN_COLOUR = re.compile(
    rf"{_LEAD}(?:把)?(?:换|改|调)(?:一?个|一下|一?种|别的|下)?(?:颜色|配色|色)(?:换一?个|改一下|换一下|换了|改了|换|改)?{_END}|^(?:颜色|配色)(?:换|改)(?:一下|一?个|掉)?{_END}|^(?:换|改)(?:别的|其他)?颜色{_END}"
)
_OPEN_LIGHT = re.compile(rf"{_LEAD}(?:再|更|稍微|把它|弄|变|调|太|有点)*(?:淡|轻)(?:一点点?|一些|点|些|了)*{_END}")
_OPEN_WHICH = re.compile(
    rf"{_LEAD}(?:选|要|用|喜欢|看看|更喜欢)?(?:那个|那张|另外?一个|另一张|其中一个|另外的?)(?:好|更好|不错|吧)*{_END}"
)
_OPEN_LIKE = re.compile(
    rf"{_LEAD}(?:改成|做成|弄成|画成|变成|换成)?(?:跟|和|像|按)?(?:另外?一?个|那个|别的|其他的?)(?:那样|一样|的样子|那种|类似)*(?:的)?{_END}"
)
_OPEN_BOTH = re.compile(
    rf"{_LEAD}(?:两个|都|这两个|几个|每个)(?:都)?(?:好看?|不错|可以|喜欢|行|挺好|好)(?:,?(?:选不出来?|纠结|难选))?{_END}"
)
_OPEN_SIZE = re.compile(
    rf"{_LEAD}(?:改|调|调整|换)(?:一下|下)?(?:它的)?(?P<what>大小|尺寸|粗细|线条|线宽|圆角|风格|样式){_END}"
)
_NTH = ("第一个", "第二个", "第三个", "第四个", "第五个", "第六个", "第七个", "第八个")
_SIZES: dict[str, tuple[str, tuple[str, ...]]] = {
    "大小": ("要大一点还是小一点？", ("大一点", "小一点")), "尺寸": ("要大一点还是小一点？", ("大一点", "小一点")),
    "圆角": ("圆角要大一点还是小一点？", ("圆角大一点", "圆角小一点")), "风格": ("改成哪种风格？", ("描边", "填充", "双色")),
    "样式": ("改成哪种风格？", ("描边", "填充", "双色")),
}  # fmt: skip


def asked_back(text: str, context: BriefContext) -> Question | None:
    """As ``asking.english``."""
    if not context.has_icon or context.drawing or len(text) > 40:
        return None
    if _OPEN_LIGHT.match(text):
        return Question("线条细一些，还是颜色浅一些？", ("线条细一点", "颜色浅一点"))
    if _FORGET_IT.match(text):
        return Question("是忘掉刚才记住的，还是撤销刚才的修改？", ("别记住这个", "撤销"))
    if _OPEN_COLOUR.match(text):
        own = ("换成品牌色",) if context.brand_color else ()
        return Question("换成什么颜色？", (*own, "换成黑色", "换成蓝色", "换成红色", "换成绿色"))
    size = _OPEN_SIZE.match(text)
    if size:
        asks, options = _SIZES.get(size["what"], ("线条粗一点还是细一点？", ("线条粗一点", "线条细一点")))
        return Question(asks, options)
    several = context.candidates > 1 and not (context.candidates == 2 and _OTHER.search(text))
    if several and (_OPEN_WHICH.match(text) or _OPEN_LIKE.match(text) or _OPEN_BOTH.match(text)):
        return Question("您指的是哪一个？", _NTH[: context.candidates])
    return None


def unknown(words_: tuple[str, ...]) -> Question:
    """A word for a thing that the dictionary lacks."""
    said = "、".join(f"“{w[:12]}”" for w in words_[:3])
    return Question(f"我还不认识{said}：请换一个词，或用英文说。", ())
