"""The brief: what the user asked, as data; by rules (an LLM comes behind the same function).

types.py       Brief, Edit, BriefContext
text.py        any input to clean, bounded text in clauses
colours.py     colour words
styles.py      style words
statements.py  standing preferences
numerals.py    numbers in words
lasting*.py    the classifier of freely worded clauses: judge, cues, numbers, how they are made; examples_*.py its bank
edits.py       edits and references to candidates
intents.py     questions, accept, reject, forget, small talk
understand.py  one message in, a Brief out
"""

from __future__ import annotations

from agent.brief.types import Brief, BriefContext, Edit
from agent.brief.understand import understand, understand_statements

__all__ = ["Brief", "BriefContext", "Edit", "understand", "understand_statements"]
