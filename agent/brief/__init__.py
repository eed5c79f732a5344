"""The brief: what the user asked, as data; by rules (an LLM comes behind the same function).

types.py        Brief, Edit, BriefContext
text.py         any input to clean, bounded text in sentences
spelling.py     the spelling of a chat in plain words
colours.py      colour words
styles.py       style words; style_table.py their patterns
statements.py   standing preferences
numerals.py     numbers in words
lasting*.py     the classifier of freely worded clauses: judge, cues, numbers, how they are made; examples_*.py its bank
edits.py        changes to the icon that is there; edit_table.py their patterns
references.py   which of the candidates is meant
turns.py        undo, redo, going back
intents.py      questions, accept, reject, forget, small talk
asking.py       what is asked back
parts.py        what a part of a message does beside describing
clauses.py      one clause; clause_words.py its patterns; gathered.py what the clauses gave
finishing.py    from that to the Brief
chinese/        all of it for Chinese
understand.py   one message in, a Brief out
drawable.py     does the library know a thing? (for BriefContext.knows)
spoken.py       a Brief in plain English words
llm.py          the same by a language model: what is asked, what of the answer is believed; forms.py, grounds.py
"""

from __future__ import annotations

from agent.brief.drawable import drawable
from agent.brief.spoken import spoken
from agent.brief.types import Brief, BriefContext, Edit
from agent.brief.understand import understand, understand_statements

__all__ = ["Brief", "BriefContext", "Edit", "drawable", "spoken", "understand", "understand_statements"]
