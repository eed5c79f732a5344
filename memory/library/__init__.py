"""The icon library that ships: openly licensed icons of many styles, their words, licences and looks; and its builder.

library.py     open it, search it, take icons out (start here)
search.py      words -> how surely each drawing shows them
index.py       the words of the library, loaded part by part; what each section of the data file holds
text.py        one form for words; our synonyms (synonyms.txt)
codec.py       icons as bytes
pack.py        the data file: sections, memory map, checks
judged.py      what the judge sees in the icons: style vectors, how clearly each shows its name
sets.toml      the allow-list: which sets, under which licence, how much of each
builder/       from npm packages to the data file (scripts/build_library.py)
data/          the data files: icons.bin, judge.bin
"""

from __future__ import annotations

from memory.library.library import Hit, Library, open_library

__all__ = ["Hit", "Library", "open_library"]
