"""Understanding of Chinese, by rules, into the same Brief.

script.py       characters: traditional to simplified
nouns.txt       things: English name and Chinese words
words.py        phrases for things, in English
style_words.py  style words
changes.py      edits
standing.py     standing preferences
talk.py         verdicts, undo, references, questions, small talk
reading.py      one message in, a Brief out
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.chinese.script import is_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.types import Brief, BriefContext
    from memory.records import Statement

__all__ = ["in_english", "is_chinese", "statements", "understand"]

# The patterns take a tenth of a second to compile: they are loaded with the first Chinese message.


def understand(text: str, context: BriefContext, notes: Sequence[str] = ()) -> Brief:
    from agent.brief.chinese import reading

    return reading.understand(text, context, notes)


def statements(text: str, *, brand_color: str | None = None) -> tuple[list[Statement], list[str], list[str]]:
    from agent.brief.chinese import reading

    return reading.statements(text, brand_color=brand_color)


def in_english(text: str) -> str | None:
    from agent.brief.chinese import reading

    return reading.in_english(text)
